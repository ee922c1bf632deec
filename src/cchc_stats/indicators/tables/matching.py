"""Figures of one form set beside the rows of another, matched by agency, period and group."""

from __future__ import annotations

from itertools import chain

import numpy as np
import pandas as pd

from cchc_stats.forms import find_form
from cchc_stats.indicators.indicator import Indicator, Tables
from cchc_stats.indicators.tables.applying import apply, form_missing, require_tables
from cchc_stats.indicators.tables.blocks import joined_notes

FOUND = dict.fromkeys(("agency", "group", "status", "source", "note"), "str")
FOUND |= {"period": "int64", "value": "float64"}


def tables_of(**tables: pd.DataFrame) -> Tables:
    """Return the frames a caller gave by the code of their form, or refuse them.

    `basis`, `not_applicable` and `source` are filled in as `validate` does, where they are absent.

    Raises
    ------
    ValuesError
        A frame that is not typed as its form.
    """
    filled = {}
    for code, frame in tables.items():
        if isinstance(frame, pd.DataFrame):
            given = {"basis": find_form(code).basis, "not_applicable": "", "source": ""}
            absent = {name: text for name, text in given.items() if name not in frame}
            frame = frame.assign(**absent).astype(dict.fromkeys(absent, "str"))
        filled[code] = frame
    require_tables(filled)
    return filled


def set_beside(
    frame: pd.DataFrame,
    stock: Indicator,
    tables: Tables,
    *,
    name: str,
    group: str | pd.Series,
    lang: str = "vi",
) -> pd.DataFrame:
    """Return the frame with a stock of the same agency and period as one more column.

    Parameters
    ----------
    frame : rows with `agency, period, not_applicable, source`.
    stock : an indicator of kind "stock" without denominator, measured on `tables`.
    name : the new column.
    group : which of the stock's groups, one for all rows or one per row.
    lang : the language of notes.

    Returns
    -------
    New frame, index as before; the column is Float64 and <NA> where the stock has no figure, named
    in `not_applicable` where that is because "-" was printed, told in `note` where it is because
    nothing is known; what is to be said of the stock is told there too. `source` names both places.
    """
    wanted = pd.DataFrame(
        {"agency": frame["agency"], "period": pd.PeriodIndex(frame["period"]).asi8, "group": group}
    )
    blocks = apply(stock, tables, {}, lang=lang)
    cells = {part: [*chain(*(getattr(block, part) for block in blocks))] for part in FOUND}
    # Typed, since it may be that nothing was found.
    found = pd.DataFrame(cells).astype(FOUND)
    joined = wanted.merge(found, on=["agency", "period", "group"], how="left", validate="m:1")
    value = joined["value"].to_numpy("float64", na_value=np.nan)
    dash = (joined["status"] == "not_applicable").to_numpy(bool)
    here, there = frame["source"].to_numpy(object), joined["source"].to_numpy(object)
    unknown = np.isnan(value) & ~dash
    both = [
        f"{one}; {other}" if isinstance(other, str) and other and other != one else one
        for one, other in zip(here, there, strict=True)
    ]
    note = add_note(frame, unknown, form_missing(find_form(stock.form), lang=lang))
    told = joined["note"].fillna("").to_numpy(object)
    columns = {
        name: pd.Series(pd.arrays.FloatingArray(value, np.isnan(value)), index=frame.index),
        "note": add_note(frame.assign(note=note), told != "", told[told != ""]),
        "source": pd.Series(both, index=frame.index, dtype="str"),
        "not_applicable": name_dash(frame["not_applicable"], name, dash),
    }
    return frame.assign(**columns)


def as_flow(frame: pd.DataFrame, basis: str, *, row: str) -> pd.DataFrame:
    """Return a form's rows with what is said at the end of a period told as of `basis`.

    For items that are counted over time in a form that states are told in. Where a report tells
    the same item of that basis too, that row is the one that stays.
    """
    told = frame["basis"].to_numpy(object)
    turned = frame.assign(basis=pd.Series(told, index=frame.index).replace("as_of", basis))
    same = turned.duplicated(["agency", "period", "basis", row], keep=False).to_numpy()
    stays: pd.DataFrame = turned.astype({"basis": "str"})[~(same & (told == "as_of"))]
    return stays


def add_note(frame: pd.DataFrame, rows: np.ndarray, note: str | np.ndarray) -> pd.Series:
    """Return the column `note` of a prepared frame, empty where it has none, with one more note.

    The note is one for all rows of the mask, or one for each of them.

    Examples
    --------
    >>> add_note(pd.DataFrame({"note": ["", "a"]}), np.array([True, True]), "b").tolist()
    ['b', 'a; b']
    """
    before = np.full(len(frame), "", dtype=object)
    if "note" in frame:
        before = frame["note"].to_numpy(dtype=object)
    return pd.Series(joined_notes(before, rows, note), index=frame.index, dtype="str")


def name_dash(not_applicable: pd.Series, name: str, rows: np.ndarray) -> pd.Series:
    """Return `not_applicable` with one more column named in the rows of a mask.

    Examples
    --------
    >>> name_dash(pd.Series(["", "a", "a"]), "b", np.array([True, True, False])).tolist()
    ['b', 'a b', 'a']
    """
    return not_applicable.mask(rows, (not_applicable + f" {name}").str.strip())
