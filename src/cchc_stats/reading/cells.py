"""The cells of a form as printed become figures; what is no figure is kept apart, not guessed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cchc_stats.forms import Form
from cchc_stats.labels import word
from cchc_stats.numerals import parse_number
from cchc_stats.reading.report import UNPLACED

WINDOW = ("window_start", "window_end")
ABSENT = ("not_applicable", "not_reported")
# "gần 97%" or "13,3%" in a column of counts is no count, and "2 tháng" is not 2 days.
UNITS = {
    "count": (
        "",
        "dossiers",
        "procedures",
        "documents",
        "agencies",
        "people",
        "turns",
        "posts",
        "cases",
        "signatures",
    ),
    "amount": ("", "days", "working_days"),
}


def read_cells(cells: pd.DataFrame, form: Form) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return a form's cells with figures and days read, and the cells that are none.

    Parameters
    ----------
    cells : texts as printed, and `source`, each row's place in the report.
    form : the form they belong to.

    Returns
    -------
    The frame: figures <NA> where a cell is empty, "-" or unreadable; `not_applicable` names the
    figures printed "-"; a printed "2/3" gives the count and, where the form has a column for it,
    the whole. And the frame `text, place, reason` of the cells that are no figure of their column.
    """
    columns: dict[str, pd.Series] = dict(cells.items())  # type: ignore[arg-type]
    lost: list[pd.DataFrame] = []
    wholes: dict[str, pd.Series] = {}
    dashed: dict[str, np.ndarray] = {}
    for name in (name for name in form.figures if name in cells):
        read = parse_number(cells[name])
        usual = read["unit"].isin(UNITS[form.kinds[name]]) & (read["approximate"] == "")
        printed = (read["status"] == "reported") & usual
        # Half a dossier is a figure read wrongly, as "1,380" for 1.380.
        figure = printed & (_is_whole(read) | (form.kinds[name] != "count"))
        columns[name] = read["value"].where(figure)
        wholes[name] = read["denominator"].where(figure)
        dashed[name] = (read["status"] == "not_applicable").to_numpy()
        lost.append(_lost(cells, form, name, ~printed & ~read["status"].isin(ABSENT), "no_figure"))
        lost.append(_lost(cells, form, name, printed & ~figure, "not_whole"))
    for name, whole in wholes.items():
        target = form.fractions.get(name)
        if target is None:
            columns[name] = columns[name].mask(whole.notna())
            lost.append(_lost(cells, form, name, whole.notna(), "no_whole"))
            continue
        own = columns.get(target, whole)
        columns[target] = own.fillna(whole)
        lost.append(_lost(cells, form, name, (own != whole).fillna(False), "other_whole"))
    days = [name for name, kind in form.kinds.items() if kind == "time"]
    for name in (name for name in (*days, *WINDOW) if name in cells):
        read = parse_number(cells[name])
        day = (read["status"] == "date") & read["date_to"].isna()
        columns[name] = read["date"].where(day)
        lost.append(_lost(cells, form, name, ~day & ~read["status"].isin(ABSENT), "no_day"))
    for name, kind in form.kinds.items():
        if kind == "text" and name in cells and form.schema.columns[name].nullable:
            columns[name] = cells[name].mask(cells[name].str.strip() == "")
    table = pd.DataFrame(columns, index=cells.index)
    return (
        table.assign(not_applicable=_names(dashed, table)),
        pd.concat([pd.DataFrame(columns=list(UNPLACED), dtype="str"), *lost], ignore_index=True),
    )


def _is_whole(read: pd.DataFrame) -> pd.Series:
    """Return whether the number, and what it is out of, are whole."""
    parts = (read[name].fillna(0) for name in ("value", "denominator"))
    value, whole = (part == part.round() for part in parts)
    return value & whole


def _lost(cells: pd.DataFrame, form: Form, name: str, rows: pd.Series, reason: str) -> pd.DataFrame:
    """Return the cells of a column that are no figure of it, with their place."""
    part = cells[rows.astype(bool)]
    places = part["source"] + f"; cột '{form.heading(name)}'"
    return pd.DataFrame(
        {"text": part[name], "place": places, "reason": word("lost", reason)}, dtype="str"
    )


def _names(dashed: dict[str, np.ndarray], table: pd.DataFrame) -> list[str]:
    """Return for each row the columns printed "-" that nothing else filled."""
    names: list[list[str]] = [[] for _ in range(len(table))]
    for name, rows in dashed.items():
        for row in np.flatnonzero(rows & table[name].isna().to_numpy()):
            names[row].append(name)
    return [", ".join(some) for some in names]
