"""Tests that two rates are equal, and what many tests at once do to their p-values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

SMALL = 5  # dossiers: an expected count below it makes the exact test take over
_TIE = 1 + 1e-7  # tables as likely as the one seen, but for rounding
_NOTHING = 1e-20  # of the table seen: what comes after weighs less still


def smallest_expected(x1: np.ndarray, n1: np.ndarray, x2: np.ndarray, n2: np.ndarray) -> np.ndarray:
    """Return the smallest of the four counts expected were both rates the same."""
    events = x1 + x2
    expected: np.ndarray = np.minimum(n1, n2) * np.minimum(events, n1 + n2 - events) / (n1 + n2)
    return expected


def score_test(x1: np.ndarray, n1: np.ndarray, x2: np.ndarray, n2: np.ndarray) -> np.ndarray:
    """Return the two-sided p-value of the "N - 1" chi-squared test; 1 where the rates are equal.

    Source
    ------
    Campbell, I. (2007), Statistics in Medicine 26, 3661-3675; it is the test that the limits of
    Miettinen & Nurminen invert.
    """
    from scipy.special import ndtr  # type: ignore[import-untyped]

    n = n1 + n2
    pooled = (x1 + x2) / n
    variance = pooled * (1 - pooled) * (1 / n1 + 1 / n2) * n / (n - 1)
    difference = np.abs(x1 / n1 - x2 / n2)
    z = np.divide(difference, np.sqrt(variance), out=np.zeros_like(difference), where=variance > 0)
    p: np.ndarray = 2 * ndtr(-z)
    return p


def fisher_test(x1: np.ndarray, n1: np.ndarray, x2: np.ndarray, n2: np.ndarray) -> np.ndarray:
    """Return the two-sided exact p-value: the share of all tables no likelier than the one seen.

    Source
    ------
    Fisher, R. A. (1935), The Design of Experiments; two-sided by Irwin's rule, as R and scipy do.
    """
    # Tables are weighed against the one seen, whose own weight is 1.
    more, more_of_all = _weights(x1, n1, x2, n2)
    less, less_of_all = _weights(x2, n2, x1, n1)
    p: np.ndarray = np.minimum((1 + more + less) / (1 + more_of_all + less_of_all), 1.0)
    return p


def _weights(
    x1: np.ndarray, n1: np.ndarray, x2: np.ndarray, n2: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return what the tables with more of the events in the first row weigh.

    The first array has those no likelier than the table seen, the second all of them.
    """
    unlikely, everything = np.zeros(len(x1)), np.zeros(len(x1))
    rows, step, weight = np.arange(len(x1)), 0.0, np.ones(len(x1))
    while len(rows):
        first, second = x1[rows] + step, x2[rows] - step
        turn = (n1[rows] - first) * second / ((first + 1) * (n2[rows] - second + 1))
        # One may become too large for a float, where the p-value is too small for one.
        with np.errstate(over="ignore"):
            weight = weight * turn
            everything[rows] += weight
        unlikely[rows] += np.where(weight <= _TIE, weight, 0.0)
        step += 1
        going = (weight > _NOTHING) | (turn > 1)
        going &= (turn > 0) & (weight < np.inf)
        rows, weight = rows[going], weight[going]
    return unlikely, everything


def holm(p: np.ndarray) -> np.ndarray:
    """Return the p-values so that the chance of any false alarm among them stays as told.

    Source
    ------
    Holm, S. (1979), Scandinavian Journal of Statistics 6, 65-70.

    Examples
    --------
    >>> holm(np.array([0.01, 0.04, 0.03])).round(4).tolist()
    [0.03, 0.06, 0.06]
    """
    order = np.argsort(p, kind="stable")
    stepped = p[order] * np.arange(len(p), 0, -1)
    adjusted = np.empty(len(p))
    adjusted[order] = np.minimum(np.maximum.accumulate(stepped), 1.0)
    return adjusted


def benjamini_hochberg(p: np.ndarray) -> np.ndarray:
    """Return the p-values so that of the alarms no more than the share told is false, on average.

    Source
    ------
    Benjamini, Y. & Hochberg, Y. (1995), Journal of the Royal Statistical Society B 57, 289-300.

    Examples
    --------
    >>> benjamini_hochberg(np.array([0.01, 0.04, 0.03])).round(4).tolist()
    [0.03, 0.04, 0.04]
    """
    order = np.argsort(p, kind="stable")[::-1]
    size = len(p)
    stepped = p[order] * size / np.arange(size, 0, -1)
    adjusted = np.empty(size)
    adjusted[order] = np.minimum(np.minimum.accumulate(stepped), 1.0)
    return adjusted


ADJUSTMENTS: Mapping[str, Callable[[np.ndarray], np.ndarray]] = MappingProxyType(
    {"holm": holm, "benjamini_hochberg": benjamini_hochberg}
)
