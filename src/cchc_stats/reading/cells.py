"""The cells of a form as printed become figures; what is no figure is kept apart, not guessed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from cchc_stats.forms import Form
from cchc_stats.forms.form import LARGEST
from cchc_stats.labels import word
from cchc_stats.number import Number
from cchc_stats.numerals import read_column
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
Figures = list[float | None]
_NOTHING = pd.DataFrame(columns=list(UNPLACED), dtype="str")


class Lost(NamedTuple):
    """Rows of a column in which no figure of it stands, and why not."""

    column: str
    rows: list[int]
    reason: str


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
    # Lists, not frames: forms have many columns of few rows, where each step in pandas costs more
    # than reading the column.
    lost: list[Lost] = []
    figures: dict[str, Figures] = {}
    wholes: dict[str, Figures] = {}
    dashed: dict[str, list[int]] = {}
    for name in (name for name in form.figures if name in cells):
        read = read_column(cells[name])
        kind = form.kinds[name]
        printed = [_is_figure(number, kind) for number in read]
        # Half a dossier is a figure read wrongly, as "1,380" for 1.380.
        figure = [
            known and (kind != "count" or _is_whole(number))
            for known, number in zip(printed, read, strict=True)
        ]
        both = [*zip(read, figure, strict=True)]
        figures[name] = [number.value if known else None for number, known in both]
        wholes[name] = [number.denominator if known else None for number, known in both]
        dashed[name] = _at(number.status == "not_applicable" for number in read)
        strange = [
            not known and number.status not in ABSENT
            for known, number in zip(printed, read, strict=True)
        ]
        uneven = [known and not whole for known, whole in zip(printed, figure, strict=True)]
        lost += [Lost(name, _at(strange), "no_figure"), Lost(name, _at(uneven), "not_whole")]
    for name, whole in wholes.items():
        target = form.fractions.get(name)
        given = [part is not None for part in whole]
        if target is None:
            figures[name] = [
                None if gone else one for one, gone in zip(figures[name], given, strict=True)
            ]
            lost.append(Lost(name, _at(given), "no_whole"))
            continue
        own = figures.get(target, whole)
        pairs = [*zip(own, whole, strict=True)]
        figures[target] = [part if one is None else one for one, part in pairs]
        other = _at(one is not None and part is not None and one != part for one, part in pairs)
        lost.append(Lost(name, other, "other_whole"))
    # Arrays, because a small frame is built from them in a fifth of the time; copied below.
    columns: dict[str, object] = {str(name): column.array for name, column in cells.items()}
    columns |= {
        name: _array(values, whole=form.kinds[name] == "count") for name, values in figures.items()
    }
    times = (name for name, kind in form.kinds.items() if kind == "time")
    for name in (*times, *WINDOW):
        if name in cells:
            read = read_column(cells[name])
            day = [number.status == "date" and number.date_to is None for number in read]
            days = [number.date if known else None for number, known in zip(read, day, strict=True)]
            columns[name] = pd.Series(days, dtype="datetime64[us]").array
            strange = [
                not known and number.status not in ABSENT
                for number, known in zip(read, day, strict=True)
            ]
            lost.append(Lost(name, _at(strange), "no_day"))
    for name, kind in form.kinds.items():
        if kind == "text" and name in cells and form.schema.columns[name].nullable:
            columns[name] = _without_blanks(cells[name]).array
    columns["not_applicable"] = _names(dashed, figures, len(cells))
    return pd.DataFrame(columns, index=cells.index), _lost_frame(cells, form, lost)


def _is_figure(number: Number, kind: str) -> bool:
    return number.status == "reported" and number.unit in UNITS[kind] and not number.approximate


def _is_whole(number: Number) -> bool:
    """Return whether the number, and what it is out of, are whole."""
    parts = (part for part in (number.value, number.denominator) if part is not None)
    return all(isinstance(part, int) or part.is_integer() for part in parts)


def _at(chosen: Iterable[bool]) -> list[int]:
    return [row for row, is_chosen in enumerate(chosen) if is_chosen]


def _array(values: Figures, *, whole: bool) -> pd.arrays.IntegerArray | pd.arrays.FloatingArray:
    """Return figures as the form has them: counts Int64, unless one is far too large for it."""
    missing = np.array([value is None for value in values], dtype=bool)
    known = [0 if value is None else value for value in values]
    if whole and all(abs(value) <= LARGEST for value in known):
        return pd.arrays.IntegerArray(np.array(known, dtype="int64"), missing)
    return pd.arrays.FloatingArray(np.array(known, dtype="float64"), missing)


def _without_blanks(cells: pd.Series) -> pd.Series:
    if all(isinstance(text, str) and text and not text.isspace() for text in cells.tolist()):
        return cells
    return cells.mask(cells.str.strip() == "")


def _lost_frame(cells: pd.DataFrame, form: Form, lost: Sequence[Lost]) -> pd.DataFrame:
    """Return the cells of columns that are no figure of them, with their place."""
    if not any(one.rows for one in lost):
        return _NOTHING.copy(deep=False)
    rows = [
        (text, place, word("lost", one.reason))
        for one in lost
        if one.rows
        for text, place in zip(
            cells[one.column].iloc[one.rows],
            cells["source"].iloc[one.rows] + f"; cột '{form.heading(one.column)}'",
            strict=True,
        )
    ]
    return pd.DataFrame(rows, columns=list(UNPLACED), dtype="str")


def _names(dashed: dict[str, list[int]], figures: dict[str, Figures], length: int) -> list[str]:
    """Return for each row the columns printed "-" that nothing else filled."""
    names: list[list[str]] = [[] for _ in range(length)]
    for name, rows in dashed.items():
        for row in rows:
            if figures[name][row] is None:
                names[row].append(name)
    return [", ".join(some) for some in names]
