"""Exact limits of a count of events that come one by one."""

from __future__ import annotations

import numpy as np

from cchc_stats.statistics.rates.levels import tail


def garwood(count: np.ndarray, *, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the exact Poisson limits of counts: the expected numbers that either tail allows.

    Parameters
    ----------
    count : floats; NaN comes back where one is no whole number from 0 up.
    level : in percent.

    Source
    ------
    Garwood, F. (1936), Biometrika 28, 437-442.

    Examples
    --------
    >>> low, high = garwood(np.array([0.0, 10.0, 2.5]), level=95)
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.0, 4.795, nan], [3.689, 18.39, nan])
    """
    from scipy.special import gammainccinv, gammaincinv  # type: ignore[import-untyped]

    good = (count >= 0) & np.isfinite(count) & (np.floor(count) == count)
    known = np.where(good, count, 0.0)
    side = tail(level)
    low = np.where(known == 0, 0.0, gammaincinv(np.maximum(known, 0.5), side))
    high = gammainccinv(known + 1, side)
    return np.where(good, low, np.nan), np.where(good, high, np.nan)
