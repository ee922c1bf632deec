"""A scheme's leaves marked in many cases, as arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cchc_stats.index.scheme import Scheme


@dataclass(frozen=True, eq=False)
class Sheet:
    """A scheme's leaves marked: cases down, leaves across.

    Attributes
    ----------
    scheme : the scheme.
    cases : frame agency, period, assessor.
    leaves : the leaves' rows of the nodes frame, index 0…n-1.
    points : NaN where unknown; 0 where excluded.
    applicable : the leaf's maximum, 0 where it is excluded.
    value, numerator, denominator : what it was scored on, NaN where there is none.
    branch, answer, source : texts.
    """

    scheme: Scheme
    cases: pd.DataFrame
    leaves: pd.DataFrame
    points: np.ndarray
    applicable: np.ndarray
    value: np.ndarray
    numerator: np.ndarray
    denominator: np.ndarray
    branch: np.ndarray
    answer: np.ndarray
    source: np.ndarray
