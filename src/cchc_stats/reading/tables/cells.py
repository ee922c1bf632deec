"""The cells of a form as printed become figures; what is no figure is kept apart, not guessed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from cchc_stats.forms import LARGEST, Form
from cchc_stats.reading.files import DAY, TEXT, text_array, typed_rows
from cchc_stats.reading.report import UNPLACED
from cchc_stats.words import Number, read_column, word

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
Texts = list[Any]
Typed = dict[str, tuple[np.ndarray, np.ndarray]]


class Lost(NamedTuple):
    """Rows of a column in which no figure of it stands, and why not."""

    column: str
    rows: list[int]
    reason: str


class Read(NamedTuple):
    """A column of figures: values and wholes, and the rows that hold a dash or no such figure."""

    values: Figures
    wholes: Figures
    dashes: list[int]
    strange: list[int]
    uneven: list[int]


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
    columns, _, lost = read_columns({str(name): cells[name].tolist() for name in cells}, form)
    return pd.DataFrame(columns, index=cells.index, copy=False), unplaced_cells(lost)


def read_columns(
    cells: Mapping[str, Texts], form: Form
) -> tuple[dict[str, Any], Typed, list[tuple[str, str, str]]]:
    """Return the columns of `read_cells` as arrays, figures, `text, place, reason` of what is lost.

    Of figures that have their type also the values, and which are there.

    Lists and arrays, not frames: forms have many columns of few rows, where each step in pandas
    costs more than reading the column.
    """
    read = {
        name: _read_figures(cells[name], form.kinds[name]) for name in form.figures if name in cells
    }
    lost = [
        one
        for name, column in read.items()
        for one in (
            Lost(name, column.strange, "no_figure"),
            Lost(name, column.uneven, "not_whole"),
        )
    ]
    figures = {name: column.values for name, column in read.items()}
    for name, column in read.items():
        if any(whole is not None for whole in column.wholes):
            lost.append(_take_wholes(figures, name, column.wholes, form.fractions.get(name)))
    columns: dict[str, Any] = {
        name: None if name in figures else text_array(texts) for name, texts in cells.items()
    }
    typed: Typed = {}
    for name, values in figures.items():
        columns[name] = _array(values, form.kinds[name] == "count", name, typed)
    lost += _read_texts(columns, cells, form)
    dashes = {name: column.dashes for name, column in read.items()}
    columns["not_applicable"] = text_array(_names(dashes, figures, len(cells["source"])))
    return columns, typed, _lost_cells(cells, form, lost)


def _read_texts(columns: dict[str, Any], cells: Mapping[str, Texts], form: Form) -> list[Lost]:
    """Put days and texts into the columns; return the cells that are no days."""
    lost = []
    times = [name for name, kind in form.kinds.items() if kind == "time"]
    for name in (*times, *WINDOW):
        if name in cells:
            columns[name], strange = _read_days(cells[name])
            lost.append(Lost(name, strange, "no_day"))
    for name, kind in form.kinds.items():
        if kind == "text" and name in cells and form.stated[name].nullable:
            columns[name] = text_array(_without_blanks(cells[name]))
    return lost


def _take_wholes(
    figures: dict[str, Figures], name: str, wholes: Figures, target: str | None
) -> Lost:
    """Put the wholes of a column "2/3" into the column that the form has for them."""
    if target is None:
        given = [whole is not None for whole in wholes]
        figures[name] = [
            None if gone else one for one, gone in zip(figures[name], given, strict=True)
        ]
        return Lost(name, _at(given), "no_whole")
    pairs = [*zip(figures.get(target, wholes), wholes, strict=True)]
    figures[target] = [whole if own is None else own for own, whole in pairs]
    other = _at(own is not None and whole is not None and own != whole for own, whole in pairs)
    return Lost(name, other, "other_whole")


def _read_figures(texts: Texts, kind: str) -> Read:
    read = Read([], [], [], [], [])
    for row, number in enumerate(read_column(texts)):
        value = whole = None
        if _is_figure(number, kind):
            # Half a dossier is a figure read wrongly, as "1,380" for 1.380.
            if kind != "count" or _is_whole(number):
                value, whole = number.value, number.denominator
            else:
                read.uneven.append(row)
        elif number.status == "not_applicable":
            read.dashes.append(row)
        elif number.status not in ABSENT:
            read.strange.append(row)
        read.values.append(value)
        read.wholes.append(whole)
    return read


def _read_days(texts: Texts) -> tuple[Any, list[int]]:
    read = read_column(texts)
    day = [number.status == "date" and number.date_to is None for number in read]
    days = [number.date if known else None for number, known in zip(read, day, strict=True)]
    strange = _at(
        not known and number.status not in ABSENT for number, known in zip(read, day, strict=True)
    )
    return pd.Series(days, dtype=DAY).array, strange


def _is_figure(number: Number, kind: str) -> bool:
    return number.status == "reported" and number.unit in UNITS[kind] and not number.approximate


def _is_whole(number: Number) -> bool:
    """Return whether the number, and what it is out of, are whole."""
    parts = (part for part in (number.value, number.denominator) if part is not None)
    return all(isinstance(part, int) or part.is_integer() for part in parts)


def _at(chosen: Iterable[bool]) -> list[int]:
    return [row for row, is_chosen in enumerate(chosen) if is_chosen]


def _array(values: Figures, whole: bool, name: str, typed: Typed) -> Any:
    """Return figures as the form has them: counts Int64, unless one is far too large for it."""
    missing = np.array([value is None for value in values], dtype=bool)
    known = [0 if value is None else value for value in values]
    if whole and any(abs(value) > LARGEST for value in known):
        return pd.arrays.FloatingArray(np.array(known, dtype="float64"), missing)
    held = np.array(known, dtype="int64" if whole else "float64")
    typed[name] = held, ~missing
    return (pd.arrays.IntegerArray if whole else pd.arrays.FloatingArray)(held, missing)


def _without_blanks(texts: Texts) -> Texts:
    return [
        text if isinstance(text, str) and text and not text.isspace() else None for text in texts
    ]


def _lost_cells(
    cells: Mapping[str, Texts], form: Form, lost: Sequence[Lost]
) -> list[tuple[str, str, str]]:
    """Return the cells of columns that are no figure of them, with their place and the reason."""
    return [
        (
            str(cells[one.column][row]),
            f"{cells['source'][row]}; cột '{form.heading(one.column)}'",
            word("lost", one.reason),
        )
        for one in lost
        for row in one.rows
    ]


def unplaced_cells(rows: Sequence[tuple[str, str, str]]) -> pd.DataFrame:
    """Return the frame `text, place, reason` of lost cells."""
    return typed_rows(rows, dict.fromkeys(UNPLACED, TEXT))


def _names(dashed: dict[str, list[int]], figures: dict[str, Figures], length: int) -> list[str]:
    """Return for each row the columns printed "-" that nothing else filled."""
    names: list[list[str]] = [[] for _ in range(length)]
    for name, rows in dashed.items():
        for row in rows:
            if figures[name][row] is None:
                names[row].append(name)
    return [", ".join(some) for some in names]
