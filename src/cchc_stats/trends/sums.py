"""Sums from the start of the year, quarter by quarter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from cchc_stats.trends.years import QUARTERS, Stated


@dataclass(frozen=True, eq=False)
class Sums:
    """Sums from the start of the year up to each quarter: years × 4 quarters.

    Parameters
    ----------
    top, bottom : numerators and denominators; NaN where a quarter is missing.
    missing : the first quarter that is missing, -1 where none is.
    since : the quarter of the reported year to date that the sum goes on from, -1 where there is
        none before.
    """

    top: np.ndarray
    bottom: np.ndarray
    missing: np.ndarray
    since: np.ndarray

    @classmethod
    def of(cls, top: np.ndarray, bottom: np.ndarray, *, lacks: np.ndarray, stated: Stated) -> Self:
        """Return the sums of quarters.

        Parameters
        ----------
        top, bottom : figures of the quarters alone.
        lacks : where the quarter is missing.
        stated : reported years to date; the quarters after one are added to it.
        """
        size = len(top)
        above, below = np.zeros(size), np.zeros(size)
        missing, since = np.full(size, -1), np.full(size, -1)
        columns = []
        for at in range(QUARTERS):
            above, below = above + top[:, at], below + bottom[:, at]
            missing = np.where((missing < 0) & lacks[:, at], at, missing)
            columns.append((above, below, missing, since))
            known = stated.known[:, at]
            above = np.where(known, stated.top[:, at], above)
            below = np.where(known, stated.bottom[:, at], below)
            missing, since = np.where(known, -1, missing), np.where(known, at, since)
        return cls(*(np.column_stack(quarters) for quarters in zip(*columns, strict=True)))
