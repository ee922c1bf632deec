"""The limits of a change: how far two rates of events lie apart, within what chance allows."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cchc_stats.statistics import OWN, kinds_of, newcombe, of_kinds, other_figure
from cchc_stats.trends.paired_windows import windows_overlap
from cchc_stats.trends.wording import Remark
from cchc_stats.words import AS_OF, word

LEVEL = 95.0
_REMARKS = ("", "limits_overlapping", "limits_parts", "limits_stock", "limits_ratio")


def change_limits(
    values: pd.DataFrame, at: np.ndarray, told: np.ndarray, *, lang: str
) -> tuple[np.ndarray, np.ndarray, Remark]:
    """Return lower and upper limit of each change in percentage points, and why there are none.

    Parameters
    ----------
    values : completed values with their units.
    at : for each row the position of the earlier one.
    told : rows with a change in percentage points; no others get limits or a remark.
    """
    x, n, value = (
        values[name].to_numpy("float64", na_value=np.nan)
        for name in ("numerator", "denominator", "value")
    )
    low, high = np.full(len(values), np.nan), np.full(len(values), np.nan)
    remark = np.zeros(len(values), dtype="int64")
    kinds = kinds_of(values["indicator"].to_numpy(object))
    stock = (values["basis"] == AS_OF).to_numpy() | of_kinds(kinds, ["stock"])
    events = told & of_kinds(kinds, ["events", OWN]) & ~stock
    # What is pending at the end of one quarter may be pending still at the end of the next.
    common = events & windows_overlap(values, at)
    rows = np.flatnonzero(events & ~common)
    other = other_figure(x, n, value)
    rows = rows[~(other[rows] | other[at[rows]])]
    low[rows], high[rows] = newcombe(x[rows], n[rows], x[at[rows]], n[at[rows]], LEVEL)
    lost = told & np.isnan(low)
    remark[lost] = _REMARKS.index("limits_ratio")
    remark[lost & stock] = _REMARKS.index("limits_stock")
    remark[lost & events] = _REMARKS.index("limits_parts")
    remark[lost & common] = _REMARKS.index("limits_overlapping")
    texts = [code and word("comparison", code, lang=lang) for code in _REMARKS]
    return low, high, Remark(remark, texts)
