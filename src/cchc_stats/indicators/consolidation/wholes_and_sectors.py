"""Rows by sector and rows `all`: which of the two the units can be summed by."""

from __future__ import annotations

import unicodedata

import numpy as np
import pandas as pd

from cchc_stats.forms import KEY, Form, dashed

WHOLE = "all"


def either_rows_or_whole(table: pd.DataFrame, form: Form) -> pd.DataFrame:
    """Return the rows that can be summed over the units without counting anything twice.

    By period and basis: sectors where every unit has them, `all` where every unit has it. Where a
    unit has `all` alone, each unit's whole: its `all`, or else the sum of its sectors. A sector
    spelled with other capitals or spaces is the same one.
    """
    row = form.row
    table = table.assign(**{row: _one_spelling(table[row])})
    is_whole = table[row] == WHOLE
    reports = [table[name] for name in KEY]
    has_whole = is_whole.groupby(reports).transform("any")
    has_rows = (~is_whole).groupby(reports).transform("any")
    quarters = [table["period"], table["basis"]]
    all_whole = has_whole.groupby(quarters).transform("all")
    all_rows = has_rows.groupby(quarters).transform("all")
    kept = (is_whole & (all_whole | ~all_rows)) | (~is_whole & all_rows)
    alone = table[~all_rows & ~has_whole]
    frames = [table[kept]]
    if len(alone):
        frames.append(_wholes(alone, form))
    # Two spellings of one sector in one report are two rows of one key: their sum is the sector.
    return pd.concat(frames, ignore_index=True)


def _wholes(rows: pd.DataFrame, form: Form) -> pd.DataFrame:
    """Return the sum of each report's sectors as its row `all`."""
    groups = rows.groupby(list(KEY), sort=False)
    number = groups.ngroup()
    result = rows[~number.duplicated()].reset_index(drop=True)
    dashes: list[list[str]] = [[] for _ in range(len(result))]
    for name in form.figures:
        dash = pd.Series(dashed(rows, name), index=rows.index)
        every = dash.groupby(number).all().to_numpy()
        unknown = (rows[name].isna() & ~dash).groupby(number).any().to_numpy() | every
        total = rows[name].fillna(0).groupby(number).sum().astype(rows[name].dtype)
        result[name] = total.mask(unknown).array
        for at in np.flatnonzero(every):
            dashes[at].append(name)
    told = pd.Series([", ".join(names) for names in dashes], dtype="str")
    return result.assign(**{form.row: WHOLE}, not_applicable=told)


def _one_spelling(names: pd.Series) -> pd.Series:
    """Return names in one spelling each, the one that comes first by letters."""
    keys = names.map(lambda name: " ".join(unicodedata.normalize("NFC", name).casefold().split()))
    return names.groupby(keys).transform("min").mask(names == WHOLE, WHOLE)
