"""Confidence levels in percent: which are allowed, what their columns are called, their z."""

from __future__ import annotations

import math
from collections.abc import Iterable
from decimal import Decimal
from numbers import Real
from statistics import NormalDist

import numpy as np

from cchc_stats.words import ValuesError


def one_level(level: object) -> float:
    """Return a confidence level as a float, in percent.

    Raises
    ------
    ValuesError
        No number, or not from 1 to below 100: a share such as 0.95 is meant as 95.

    Examples
    --------
    >>> one_level(99.8)
    99.8
    """
    number = isinstance(level, Real | Decimal) and not isinstance(level, bool)
    figure = float(level) if number else math.nan  # type: ignore[arg-type]
    if 1 <= figure < 100:
        return figure
    share = 0 < figure < 1
    raise ValuesError(
        f"the level {level!r} is no confidence level",
        where="level=",
        mend=f"levels are percent: give {100 * figure:g}"
        if share
        else "give a percentage from 1 to below 100, such as 95",
    )


def levels_of(level: object) -> tuple[float, ...]:
    """Return one level, or several, as floats in the order given.

    Raises
    ------
    ValuesError
        As `one_level` does; no level at all, or one of them twice.

    Examples
    --------
    >>> levels_of(95), levels_of([95, 99.8])
    ((95.0,), (95.0, 99.8))
    """
    if isinstance(level, str) or not isinstance(level, Iterable) or np.ndim(level) == 0:  # type: ignore[arg-type]
        return (one_level(level),)
    levels = tuple(one_level(one) for one in level)
    if not levels or len({level_suffix(one) for one in levels}) < len(levels):
        raise ValuesError(
            "one of the levels stands twice" if levels else "there is no level",
            where="level=",
            mend="give each level once, such as [95, 99.8]",
        )
    return levels


def level_suffix(level: float) -> str:
    """Return a level as column names have it.

    Examples
    --------
    >>> level_suffix(95.0), level_suffix(99.8)
    ('95', '99_8')
    """
    return f"{level:.12g}".replace(".", "_")


def tail(level: float) -> float:
    """Return the probability that a two-sided interval of the level leaves out on each side."""
    return (100 - level) / 200


def normal_quantile(level: float) -> float:
    """Return the z of a two-sided level.

    Examples
    --------
    >>> round(normal_quantile(95), 6)
    1.959964
    """
    # Of the standard library: a comparison of quarters needs no more of scipy than that.
    return -NormalDist().inv_cdf(tail(level))
