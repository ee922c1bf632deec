"""Which rows of a values frame are rates of events, so that their counts have limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
import pandas as pd

from cchc_stats.indicators import find_indicator, with_units
from cchc_stats.statistics.rates.proportion_limits import blocks

OWN = "own"  # the kind of an indicator that a user brought
KINDS: Mapping[str, int] = MappingProxyType(
    {kind: number for number, kind in enumerate(("events", OWN, "count", "stock", "ratio", "mean"))}
)
_ROUNDING = 0.5  # percent, as in `complete_values`


def kinds_of(indicators: np.ndarray) -> np.ndarray:
    """Return the number of the kind of each row's indicator, see `KINDS`."""
    # Rows of an indicator mostly stand together: only where one begins is looked at.
    begins = np.append(True, indicators[1:] != indicators[:-1])
    codes, distinct = pd.factorize(indicators[begins])
    records = [find_indicator(code) for code in distinct]
    numbers = [KINDS[record.kind if record else OWN] for record in records]
    kinds = np.array(numbers, dtype="int8")[codes]
    return np.repeat(kinds, np.diff(np.append(np.flatnonzero(begins), len(indicators))))


def of_kinds(kinds: np.ndarray, names: Sequence[str]) -> np.ndarray:
    """Return the mask of the rows of some kinds."""
    chosen = np.zeros(len(KINDS), dtype=bool)
    chosen[[KINDS[name] for name in names]] = True
    mask: np.ndarray = chosen[kinds]
    return mask


def not_percent(table: pd.DataFrame, kinds: np.ndarray) -> np.ndarray:
    """Return the rows of a user's own indicators that are no percentages: nobody knows what."""
    own = kinds == KINDS[OWN]
    refused = np.zeros(len(table), dtype=bool)
    if own.any():
        refused[own] = (with_units(table[own])["unit"] != "percent").to_numpy()
    return refused


def other_figure(x: np.ndarray, n: np.ndarray, value: np.ndarray) -> np.ndarray:
    """Return where a value is not the percentage of x in n; only claims may be so."""
    differs = np.empty(len(x), dtype=bool)
    for rows in blocks(len(x)):
        gap = value[rows] * n[rows] - 100 * x[rows]
        differs[rows] = np.abs(gap) > _ROUNDING * n[rows]
    return differs
