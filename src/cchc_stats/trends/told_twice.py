"""One figure told twice: which row stays, and what it says of the other."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cchc_stats.values import key_codes
from cchc_stats.words import format_number, word

ONE_FIGURE = ("agency", "period", "basis", "indicator", "group")
_PRINTED = 0.05  # percent are printed with one decimal: half of its last digit is rounding


def told_once(
    joined: pd.DataFrame, turned: np.ndarray, *, sentence: str, lang: str
) -> pd.DataFrame:
    """Return the rows without those that give way, where a turned row and another are one figure.

    The one that was there stays if it has a value, and notes a turned one that differs; without a
    value it makes room for a turned row that has. A claim and a report are two figures.

    Parameters
    ----------
    turned : mask of the rows that were made from those of the other basis.
    sentence : code of the note on a figure that differs.
    """
    claim = (joined["origin"] == "claimed").to_numpy()
    figure = 2 * key_codes(joined, ONE_FIGURE) + claim
    value = joined["value"].to_numpy("float64", na_value=np.nan)
    valued = ~np.isnan(value)
    size = int(figure.max()) + 1

    def any_of(mask: np.ndarray) -> np.ndarray:
        among: np.ndarray = np.bincount(figure[mask], minlength=size)[figure] > 0
        return among

    from_turned = any_of(turned & valued)
    turned_gives_way = any_of(~turned & valued) | (any_of(~turned) & ~from_turned)
    gives_way = np.where(turned, turned_gives_way, ~valued & from_turned)
    other = np.full(size, np.nan)
    rows = np.flatnonzero(turned & valued)[::-1]
    other[figure[rows]] = value[rows]
    other = np.where(turned, np.nan, other[figure])
    tolerance = np.where(joined["unit"] == "percent", _PRINTED, 0.0) + 1e-9 * np.abs(value)
    differs = np.flatnonzero(np.abs(value - other) > tolerance)
    if len(differs):
        told = word("accumulation", sentence, lang=lang)
        note = joined["note"].to_numpy(object).copy()
        for at in differs:
            said = told.format(figure=format_number(other[at], decimals=2, lang=lang))
            note[at] = f"{note[at]}; {said}" if note[at] else said
        joined = joined.assign(note=pd.array(note, dtype="str"))
    left: pd.DataFrame = joined[~gives_way].reset_index(drop=True)
    return left
