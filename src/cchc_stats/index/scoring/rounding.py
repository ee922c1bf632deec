"""Points rounded half up on the exact fraction, in bulk: only near a tie is the fraction built."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from cchc_stats.words import half_up

# Wider than the error of a few floating-point operations, far narrower than what decides a point.
NEAR = 1e-7


def round_half_up(
    numbers: np.ndarray, decimals: int, *, exactly: Callable[[np.ndarray], np.ndarray]
) -> np.ndarray:
    """Return numbers from 0 up, rounded half up to some decimals.

    Parameters
    ----------
    numbers : floats, none missing.
    exactly : places of some of them -> those as exact fractions; asked only for those so close to
        a half that floats cannot tell on which side they are.

    Examples
    --------
    >>> from fractions import Fraction
    >>> thirds = np.array([1.005, 0.333])
    >>> round_half_up(thirds, 2, exactly=lambda at: np.array([Fraction(201, 200)], object)).tolist()
    [1.01, 0.33]
    """
    scale = 10.0**decimals
    scaled = numbers * scale
    rounded = np.floor(scaled + 0.5) / scale
    close = np.flatnonzero(np.abs(scaled - np.floor(scaled) - 0.5) <= NEAR * np.maximum(1, scaled))
    if len(close):
        fractions = exactly(close)
        rounded[close] = [float(half_up(one, decimals=decimals)) for one in fractions]
    return rounded
