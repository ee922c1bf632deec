"""Limits of the difference and the ratio of two proportions."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from cchc_stats.statistics.rates.levels import normal_quantile
from cchc_stats.statistics.rates.proportion_limits import Limits, proportion_limits

Counts = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]
_HALVINGS = 60  # of an interval no wider than 2: below what a float can tell


def newcombe(
    x1: np.ndarray, n1: np.ndarray, x2: np.ndarray, n2: np.ndarray, level: float
) -> Limits:
    """Return the limits of x1/n1 - x2/n2 made from both Wilson intervals, in percentage points.

    Counts that are not possible give NaN. No continuity correction.

    Source
    ------
    Newcombe, R. G. (1998), Statistics in Medicine 17, 873-890: method 10.

    Examples
    --------
    >>> counts = (np.array([cell]) for cell in (56.0, 70.0, 48.0, 80.0))
    >>> low, high = newcombe(*counts, 95)
    >>> low.round(2).tolist(), high.round(2).tolist()
    ([5.24], [33.39])
    """
    [(low1, high1)], good1 = proportion_limits(x1, n1, levels=[level])
    [(low2, high2)], good2 = proportion_limits(x2, n2, levels=[level])
    good = good1 & good2
    rate1, rate2 = _rate(x1, n1, good), _rate(x2, n2, good)
    down = np.hypot(rate1 - low1, high2 - rate2)
    up = np.hypot(high1 - rate1, rate2 - low2)
    # Of 0/n and m/m the difference itself is one limit; rounding must not pass it.
    difference = rate1 - rate2
    return np.maximum(difference - down, -100.0), np.minimum(difference + up, 100.0)


def _rate(x: np.ndarray, n: np.ndarray, good: np.ndarray) -> np.ndarray:
    return 100 * x / np.where(good, n, np.nan)


def miettinen_nurminen(
    x1: np.ndarray, n1: np.ndarray, x2: np.ndarray, n2: np.ndarray, level: float
) -> Limits:
    """Return the differences that the score test just does not reject, in percentage points.

    The variance under each difference is that of its most likely pair of rates, times n/(n - 1).
    Counts must be possible.

    Source
    ------
    Miettinen, O. & Nurminen, M. (1985), Statistics in Medicine 4, 213-226.

    Examples
    --------
    >>> counts = (np.array([cell]) for cell in (7.0, 34.0, 1.0, 34.0))
    >>> low, high = miettinen_nurminen(*counts, 95)
    >>> low.round(2).tolist(), high.round(2).tolist()
    ([2.7], [34.53])
    """
    n = n1 + n2
    seen = x1 / n1 - x2 / n2
    weight = normal_quantile(level) ** 2 * n / (n - 1)

    def rejected(difference: np.ndarray) -> np.ndarray:
        rate1, rate2 = _rates_at_difference(x1, n1, x2, n2, difference)
        variance = rate1 * (1 - rate1) / n1 + rate2 * (1 - rate2) / n2
        outside: np.ndarray = (seen - difference) ** 2 > weight * variance
        return outside

    low = _edge(rejected, inside=seen, outside=np.full_like(seen, -1.0))
    high = _edge(rejected, inside=seen, outside=np.full_like(seen, 1.0))
    return 100 * low, 100 * high


def _rates_at_difference(
    x1: np.ndarray, n1: np.ndarray, x2: np.ndarray, n2: np.ndarray, difference: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the most likely rates among those with a difference: a root of a cubic."""
    n, x = n1 + n2, x1 + x2
    l2 = (n1 + 2 * n2) * difference - n - x
    l1 = (n2 * difference - n - 2 * x2) * difference + x
    l0 = x2 * difference * (1 - difference)
    q = (l2 / (3 * n)) ** 3 - l1 * l2 / (6 * n * n) + l0 / (2 * n)
    square = np.maximum((l2 / (3 * n)) ** 2 - l1 / (3 * n), 0.0)
    p = np.copysign(np.sqrt(square), q)
    cosine = np.divide(q, p**3, out=np.zeros_like(q), where=p**3 != 0)
    angle = (np.pi + np.arccos(np.clip(cosine, -1.0, 1.0))) / 3
    rate2 = 2 * p * np.cos(angle) - l2 / (3 * n)
    # Rounding may leave what is possible: both rates are from 0 to 1.
    rate2 = np.clip(rate2, np.maximum(0.0, -difference), np.minimum(1.0, 1 - difference))
    return np.clip(rate2 + difference, 0.0, 1.0), rate2


def ratio_limits(
    x1: np.ndarray,
    n1: np.ndarray,
    x2: np.ndarray,
    n2: np.ndarray,
    level: float,
    *,
    corrected: bool = False,
) -> Limits:
    """Return the ratios of x1/n1 to x2/n2 that the score test just does not reject.

    0 is the lower limit where x1 is 0; NaN the upper one where x2 is 0, as no ratio is too large;
    both are NaN where both are 0. Counts must be possible.

    Parameters
    ----------
    corrected : whether the variance is taken times n/(n - 1), as Miettinen and Nurminen do.

    Source
    ------
    Koopman, P. A. R. (1984), Biometrics 40, 513-517; Miettinen & Nurminen (1985).

    Examples
    --------
    >>> low, high = ratio_limits(*(np.array([cell]) for cell in (7.0, 34.0, 1.0, 34.0)), 95)
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([1.221], [42.576])
    """
    n = n1 + n2
    weight = normal_quantile(level) ** 2 * (n / (n - 1) if corrected else 1.0)
    rate1, rate2 = x1 / n1, x2 / n2

    def rejected(turn: np.ndarray) -> np.ndarray:
        # A ratio is the tangent of an angle, so that 0 and the infinite are ordinary ends.
        sine, cosine = np.sin(turn), np.cos(turn)
        other1, other2 = _rates_at_ratio(x1, n1, x2, n2, sine, cosine)
        variance = cosine**2 * other1 * (1 - other1) / n1 + sine**2 * other2 * (1 - other2) / n2
        outside: np.ndarray = (cosine * rate1 - sine * rate2) ** 2 > weight * variance
        return outside

    seen = np.arctan2(rate1, rate2)
    low = np.tan(_edge(rejected, inside=seen, outside=np.zeros_like(seen)))
    high = np.tan(_edge(rejected, inside=seen, outside=np.full_like(seen, np.pi / 2)))
    low = np.where(x1 == 0, 0.0, low)
    nothing = (x1 == 0) & (x2 == 0)
    return np.where(nothing, np.nan, low), np.where(x2 == 0, np.nan, high)


def _rates_at_ratio(
    x1: np.ndarray,
    n1: np.ndarray,
    x2: np.ndarray,
    n2: np.ndarray,
    sine: np.ndarray,
    cosine: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the most likely rates p1 and p2 with p1 · cosine = p2 · sine: a root of a square."""
    # Of p1 = scale · sine, p2 = scale · cosine the likelihood's slope is a square in the scale.
    a = (n1 + n2) * sine * cosine
    b = n1 * sine + x1 * cosine + n2 * cosine + x2 * sine
    c = x1 + x2
    root = np.sqrt(np.maximum(b * b - 4 * a * c, 0.0))
    # b is above 0: the smaller root without cancellation.
    scale = 2 * c / (b + root)
    return np.clip(scale * sine, 0.0, 1.0), np.clip(scale * cosine, 0.0, 1.0)


def _edge(
    rejected: Callable[[np.ndarray], np.ndarray], *, inside: np.ndarray, outside: np.ndarray
) -> np.ndarray:
    """Return where a test begins to reject between what it accepts and the far end, row by row."""
    near, far = inside.copy(), outside.copy()
    for _ in range(_HALVINGS):
        middle = (near + far) / 2
        out = rejected(middle)
        near, far = np.where(out, near, middle), np.where(out, middle, far)
    return near
