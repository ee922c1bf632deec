"""The columns that name a row of a result: group and window."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from cchc_stats.ledger.counting.asked_windows import AskedWindow
from cchc_stats.ledger.counting.doors import KEYS
from cchc_stats.words import word

MADE_UP = "(giả lập)"


def window_columns(asked: Sequence[AskedWindow], groups: int) -> dict[str, Any]:
    """Return the columns that name a window, each window's rows one after the other."""

    def repeated(values: Sequence[Any], dtype: str) -> pd.Series:
        return pd.Series(list(values), dtype=dtype).repeat(groups).reset_index(drop=True)

    def days(name: str) -> pd.Series:
        found = np.array([getattr(one.window, name) for one in asked], dtype="datetime64[us]")
        return pd.Series(np.repeat(found, groups))

    return {
        "period": repeated([one.period for one in asked], "period[Q-DEC]"),
        "basis": repeated([one.basis for one in asked], "str"),
        "window_start": days("start"),
        "window_end": days("end"),
    }


def text_column(value: str, index: pd.Index) -> pd.Series:
    """Return one text as a column."""
    return pd.Series(value, index=index, dtype="str")


def name_columns(groups: pd.DataFrame, windows: int) -> dict[str, pd.Series]:
    """Return the columns that name a group, "all" for what was not counted by, for each window."""
    unnamed = word("ledger", "not_stated")
    columns = {}
    for name in KEYS:
        if name in groups:
            columns[name] = groups[name].fillna(unnamed).astype("str")
        elif name != "procedure":
            columns[name] = text_column("all", groups.index)
    return {
        name: pd.concat([column] * windows, ignore_index=True) for name, column in columns.items()
    }


def source(groups: pd.DataFrame) -> str:
    """Return what was counted: dossiers, or made-up ones, which say so in every name they have."""
    first = " ".join(map(str, groups.iloc[0])) if len(groups) else ""
    return word("ledger", "synthetic_source" if MADE_UP in first else "source")
