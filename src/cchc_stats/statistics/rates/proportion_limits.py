"""Limits of a proportion: Wilson, Clopper-Pearson and Jeffreys, in percent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType

import numpy as np

from cchc_stats.statistics.rates.levels import normal_quantile, tail

# So many rows at a time that all their arrays stay in the processor's cache.
BLOCK = 16_384

Limits = tuple[np.ndarray, np.ndarray]
Method = Callable[[np.ndarray, np.ndarray, float], Limits]


def wilson(x: np.ndarray, n: np.ndarray, level: float) -> Limits:
    """Return the limits of the score interval without continuity correction.

    They are the proportions that the score test just does not reject.

    Source
    ------
    Wilson, E. B. (1927), Journal of the American Statistical Association 22, 209-212.
    """
    z = normal_quantile(level)
    rest = n - x
    half = x * rest
    half /= n
    half += z * z / 4
    np.sqrt(half, out=half)
    half *= z
    scale = n + z * z
    np.divide(100.0, scale, out=scale)
    # The upper limit is 100 less the lower one of the rest. So 0/n ends at 0 and n/n at 100 to the
    # last digit: the root of z²/4 is z/2 without rounding.
    low = x + z * z / 2
    low -= half
    low *= scale
    rest += z * z / 2
    rest -= half
    rest *= scale
    return low, np.subtract(100.0, rest, out=rest)


def clopper_pearson(x: np.ndarray, n: np.ndarray, level: float) -> Limits:
    """Return the exact limits, found from the binomial tails; they never cover less than told.

    Source
    ------
    Clopper, C. J. & Pearson, E. S. (1934), Biometrika 26, 404-413.
    """
    from scipy.special import betaincinv  # type: ignore[import-untyped]

    side = tail(level)
    # A parameter of 0 has no distribution; those rows get their limit by definition.
    low = 100 * betaincinv(np.maximum(x, 0.5), n - x + 1, side)
    above = betaincinv(np.maximum(n - x, 0.5), x + 1, side)
    return np.where(x == 0, 0.0, low), np.where(x == n, 100.0, 100 * (1 - above))


def jeffreys(x: np.ndarray, n: np.ndarray, level: float) -> Limits:
    """Return the equal-tailed limits of the posterior under Jeffreys' prior, Beta(1/2, 1/2).

    The lower limit is 0 at 0/n and the upper one 100 at n/n. This is the interval that Brown, Cai
    and DasGupta recommend, not their "modified Jeffreys", which moves limits at 1/n as well. At
    very low levels it is stretched as far as to hold the proportion itself.

    Source
    ------
    Brown, L. D., Cai, T. T. & DasGupta, A. (2001), Statistical Science 16, 101-133.
    """
    from scipy.special import betaincinv

    side, share = tail(level), 100 * x / n
    low = 100 * betaincinv(x + 0.5, n - x + 0.5, side)
    high = 100 * (1 - betaincinv(n - x + 0.5, x + 0.5, side))
    low = np.where(x == 0, 0.0, np.minimum(low, share))
    return low, np.where(x == n, 100.0, np.maximum(high, share))


METHODS: Mapping[str, Method] = MappingProxyType(
    {"wilson": wilson, "clopper_pearson": clopper_pearson, "jeffreys": jeffreys}
)


def possible(x: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Return where x of n are events among events: whole numbers, 0 ≤ x ≤ n, n above 0."""
    good: np.ndarray = (x >= 0) & (x <= n) & (n > 0) & np.isfinite(n)
    good &= (np.floor(x) == x) & (np.floor(n) == n)
    return good


def _all_possible(x: np.ndarray, n: np.ndarray) -> bool:
    """Return whether all x of n are possible, as they mostly are, without a look at each."""
    rest = n - x
    # With a NaN among them no least figure is above anything.
    ends = bool(x.min() >= 0 and rest.min() >= 0 and n.min() > 0 and n.max() < np.inf)
    return ends and bool((np.floor(x) == x).all() and (np.floor(rest) == rest).all())


def proportion_limits(
    x: np.ndarray, n: np.ndarray, *, levels: Sequence[float], method: str = "wilson"
) -> tuple[list[Limits], np.ndarray]:
    """Return lower and upper limits in percent for each level, and the rows that have them.

    Parameters
    ----------
    x, n : floats, numerator and denominator of each row.
    levels : in percent.
    method : a name of `METHODS`.

    Returns
    -------
    A pair of arrays for each level, NaN in rows that are not `possible`; exactly 0 is the lower
    limit at 0/n, exactly 100 the upper one at n/n. And the mask of rows that are possible.

    Examples
    --------
    >>> [(low, high)], good = proportion_limits(np.array([60.0, 0.0]), np.array([60.0, 0.0]),
    ...                                         levels=[95])
    >>> low.round(2).tolist(), high.tolist(), good.tolist()
    ([93.98, nan], [100.0, nan], [True, False])
    """
    computed, size = METHODS[method], len(x)
    limits = [(np.empty(size), np.empty(size)) for _ in levels]
    good = np.empty(size, dtype=bool)
    for rows in blocks(size):
        top, bottom = x[rows], n[rows]
        every = _all_possible(top, bottom)
        good[rows] = every or possible(top, bottom)
        if not every:
            known = good[rows]
            top, bottom = np.where(known, top, 0.0), np.where(known, bottom, 1.0)
        for level, (low, high) in zip(levels, limits, strict=True):
            low[rows], high[rows] = computed(top, bottom, level)
            if not every:
                low[rows][~known] = high[rows][~known] = np.nan
    return limits, good


def blocks(size: int) -> Iterator[slice]:
    """Yield the rows block by block.

    Examples
    --------
    >>> list(blocks(20_000))
    [slice(0, 16384, None), slice(16384, 32768, None)]
    """
    for start in range(0, size, BLOCK):
        yield slice(start, start + BLOCK)
