"""The windows of two figures that are compared: of another length, or with days in common."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cchc_stats.trends.wording import Remark, distinct
from cchc_stats.values import combined_codes
from cchc_stats.words import AS_OF, word

_SAME_LENGTH = 5  # days; the decree's quarters have 90 to 92
_DAY = np.timedelta64(1, "D")


def windows_overlap(values: pd.DataFrame, at: np.ndarray) -> np.ndarray:
    """Return the rows whose window has days in common with that of the row they stand against.

    Parameters
    ----------
    at : for each row the position of the earlier one, -1 where there is none.
    """
    start, end = (
        values[name].to_numpy("datetime64[us]") for name in ("window_start", "window_end")
    )
    # Nothing is before or after a day that is not known.
    common: np.ndarray = (at >= 0) & (start <= end[at]) & (start[at] <= end)
    return common


def window_remark(values: pd.DataFrame, at: np.ndarray, told: np.ndarray, *, lang: str) -> Remark:
    """Return what is wrong with the windows of rows and of the earlier ones they stand against.

    Parameters
    ----------
    values : completed values; stocks are of a day and have no length.
    at : for each row the position of the earlier one.
    told : rows that are compared. Those with a window unknown on either side get no remark.
    """
    start, end = (
        values[name].to_numpy("datetime64[us]") for name in ("window_start", "window_end")
    )
    # NaN, where a day is not known, is neither above nor below.
    days = (end - start) / _DAY + 1
    days[days < 1] = np.nan
    known = told & ~np.isnan(days) & ~np.isnan(days[at])
    longer = np.abs(days - days[at]) > _SAME_LENGTH
    common = windows_overlap(values, at)
    rows = np.flatnonzero(known & (longer | common))
    rows = rows[(values["basis"].iloc[rows] != AS_OF).to_numpy()]
    codes = np.zeros(len(values), dtype="int64")
    if not len(rows):
        return Remark(codes, [""])
    earlier, own, longer, common = days[at[rows]], days[rows], longer[rows], common[rows]
    lengths = [pd.factorize(np.where(longer, cells, 0))[0] for cells in (earlier, own)]
    first, codes_of_rows = distinct(combined_codes([common.astype("int64"), *lengths]))
    codes[rows] = 1 + codes_of_rows
    length = word("comparison", "other_length", lang=lang)
    overlapping = word("comparison", "overlapping", lang=lang)
    texts = [""]
    for row in first:
        told_length = length.format(previous=f"{earlier[row]:.0f}", days=f"{own[row]:.0f}")
        sentences = [told_length] * bool(longer[row]) + [overlapping] * bool(common[row])
        texts.append("; ".join(sentences))
    return Remark(codes, texts)
