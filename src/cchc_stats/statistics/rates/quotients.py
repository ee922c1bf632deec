"""Quotients of arrays where the lower number may be 0: told as missing, or as nothing."""

from __future__ import annotations

import numpy as np


def divided(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """Return a quotient, NaN where the lower number is not above 0.

    Examples
    --------
    >>> divided(np.array([1.0, 0.0]), np.array([2.0, 0.0])).tolist()
    [0.5, nan]
    """
    quotient: np.ndarray = np.full(np.broadcast(above, below).shape, np.nan)
    np.divide(above, below, out=quotient, where=below > 0)
    return quotient


def divided_or_0(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """Return a quotient, 0 where there is nothing to divide by: what is not there adds nothing.

    Examples
    --------
    >>> divided_or_0(np.array([1.0, 0.0]), np.array([2.0, 0.0])).tolist()
    [0.5, 0.0]
    """
    quotient: np.ndarray = np.zeros(np.broadcast(above, below).shape)
    np.divide(above, below, out=quotient, where=below != 0)
    return quotient
