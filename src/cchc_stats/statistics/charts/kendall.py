"""Kendall's S: how often a later figure is above an earlier one, and what chance makes of it."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

LARGEST_EXACT = 50  # figures up to which the distribution is counted out
SMALL = 20  # 20! still fits 64 bits


def kendall_s(figures: np.ndarray) -> int:
    """Return the pairs that rise in time less those that fall.

    Examples
    --------
    >>> kendall_s(np.array([1.0, 3.0, 2.0, 3.0]))
    3
    """
    return int(np.sign(figures[None, :] - figures[:, None])[np.triu_indices(len(figures), 1)].sum())


def tied_groups(figures: np.ndarray) -> tuple[int, ...]:
    """Return how many figures are of each value, the largest group first."""
    return tuple(sorted(np.unique(figures, return_counts=True)[1].tolist(), reverse=True))


@lru_cache(maxsize=4096)
def exact_distribution(groups: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Return every S that an order of the figures can have, rising, and its probability.

    Parameters
    ----------
    groups : how many figures are of each value; ones for figures without ties.

    Notes
    -----
    Orders of figures with so many falling pairs are counted by the coefficients of the Gaussian
    multinomial, built factor by factor: with ties too, without listing the orders.

    Examples
    --------
    >>> s, p = exact_distribution((1, 1, 1))
    >>> s.tolist(), (6 * p).round().tolist()
    ([-3, -1, 1, 3], [1.0, 2.0, 2.0, 1.0])
    """
    kind = np.int64 if sum(groups) <= SMALL else object
    ways = np.ones(1, dtype=kind)
    placed = 0
    for size in groups:
        for at in range(1, size + 1):
            ways = _times(ways, placed + at, at)
        placed += size
    pairs = len(ways) - 1
    total = ways.sum()
    share = np.array([float(number / total) for number in ways])
    # As many falling pairs as a place says: S is what is left of all pairs that are not tied.
    return np.arange(-pairs, pairs + 1, 2), share[::-1].copy()


def _times(ways: np.ndarray, above: int, below: int) -> np.ndarray:
    """Return a polynomial times (1 − q^above) / (1 − q^below), which leaves no rest."""
    longer = np.concatenate([ways, np.zeros(above, dtype=ways.dtype)])
    longer[above:] = longer[above:] - ways
    for start in range(below):
        longer[start::below] = np.add.accumulate(longer[start::below])
    return longer[: len(longer) - below]


def exact_p(s: int, groups: tuple[int, ...]) -> float:
    """Return the two-sided probability of an S as far from 0 as this one.

    Examples
    --------
    >>> exact_p(10, (1,) * 5) == 2 / 120
    True
    """
    values, share = exact_distribution(groups)
    return min(1.0, float(share[np.abs(values) >= abs(s)].sum()))


def variance(groups: tuple[int, ...]) -> float:
    """Return the variance of S under chance, ties taken off."""
    whole = sum(groups)
    of = [size * (size - 1) * (2 * size + 5) for size in (whole, *groups)]
    return (of[0] - sum(of[1:])) / 18


def normal_p(s: int, groups: tuple[int, ...]) -> float:
    """Return the two-sided probability by the normal distribution, corrected for continuity."""
    from scipy.special import ndtr  # type: ignore[import-untyped]

    spread = variance(groups)
    if s == 0 or spread == 0:
        return 1.0
    return float(min(1.0, 2 * ndtr(-(abs(s) - 1) / np.sqrt(spread))))


def two_sided_p(s: int, groups: tuple[int, ...]) -> tuple[float, str]:
    """Return the probability and its method: "exact" up to 50 figures, "normal" beyond."""
    if sum(groups) <= LARGEST_EXACT:
        return exact_p(s, groups), "exact"
    return normal_p(s, groups), "normal"


@lru_cache(maxsize=256)
def outermost(figures: int, level: float) -> int:
    """Return which slopes, counted from either end, limit Sen's slope; 0 where none does.

    Parameters
    ----------
    figures : how many figures there are.
    level : of the limits, as a fraction; what is outside has (1 − level)/2 on either side at most.
    """
    pairs, tail = figures * (figures - 1) // 2, (1 - level) / 2
    if figures <= LARGEST_EXACT:
        values, share = exact_distribution((1,) * figures)
        above = np.cumsum(share[::-1])[::-1]  # probability of an S of so much or more
        rejected = values[above <= tail * (1 + 1e-12)]
        return int(pairs - rejected[0]) // 2 + 1 if len(rejected) else 0
    from scipy.special import ndtri

    off = float(ndtri(1 - tail)) * np.sqrt(variance((1,) * figures))
    return max(int((pairs - off) // 2), 0)
