"""Assurance: whether a process as it runs will meet its target, miss it, or meet it by chance."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal
from numbers import Real

import numpy as np
import pandas as pd

from cchc_stats.words import ValuesError


def read_targets(target: object, indicators: np.ndarray) -> np.ndarray:
    """Return the target of each row, NaN where there is none.

    Parameters
    ----------
    target : None, one number, or a mapping of indicator -> number.

    Raises
    ------
    ValuesError
        A target that is no finite number, or of an indicator that no row has.
    """
    if target is None:
        return np.full(len(indicators), np.nan)
    codes, distinct = pd.factorize(indicators)
    stated = target if isinstance(target, Mapping) else dict.fromkeys(distinct, target)
    if unknown := [code for code in stated if code not in set(distinct)]:
        raise ValuesError(
            f"there are no values of {unknown[0]!r}, which has a target",
            where="target=",
            mend=f"the values are of {', '.join(map(str, distinct[:5]))}",
        )
    levels = {code: _level(level) for code, level in stated.items()}
    told: np.ndarray = np.array([levels.get(code, np.nan) for code in distinct])[codes]
    return told


def judged(low: np.ndarray, high: np.ndarray, target: np.ndarray, better: np.ndarray) -> np.ndarray:
    """Return "met", "missed", "by_chance", or "" where limits, target or direction are missing."""
    rising, falling = better == "higher", better == "lower"
    known = ~np.isnan(low) & ~np.isnan(high) & ~np.isnan(target) & (rising | falling)
    met = np.where(rising, low >= target, high <= target)
    missed = np.where(rising, high < target, low > target)
    return np.select([~known, met, missed], ["", "met", "missed"], "by_chance")


def _level(level: object) -> float:
    number = isinstance(level, Real | Decimal) and not isinstance(level, bool)
    if not number or not math.isfinite(level):  # type: ignore[arg-type]
        raise ValuesError(
            f"the target {level!r} is no level",
            where="target=",
            mend="give a number in the unit of the values, 95 for 95 %",
        )
    return float(level)  # type: ignore[arg-type]
