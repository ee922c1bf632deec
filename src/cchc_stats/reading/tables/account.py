"""The account of a document's cells: what each was taken for, and the figures that came of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from cchc_stats.forms import FORMS, LARGEST, Form
from cchc_stats.reading.files import (
    DAY,
    INTEGER,
    QUARTER,
    TEXT,
    Document,
    Grid,
    text_array,
    typed_rows,
)
from cchc_stats.reading.report import PLACES, UNPLACED
from cchc_stats.words import ALL, Number, Window, read_column, word

ROLES = (
    "heading",
    "row_label",
    "serial",
    "formula_row",
    "figure",
    "note",
    "total",
    "unplaced",
)
ACCOUNT = ("grid", "row", "column", "text", "role", "form", "form_row", "form_column")
TOTALS = (
    "form",
    "period",
    "basis",
    "column",
    "printed",
    "source",
    "level",
    "agency",
    "row",
    "table",
)
_PLAIN = 10  # digits alone, fewer than these, are a figure in whatever column
_OUT_OF = re.compile(r"\s*(\d+) ?/ ?(\d+)\s*")
_SHEET_CELL = re.compile(r", (ô [A-Z]+[0-9]+),")
At = tuple[int, int, int]  # grid, row, column


class Key(NamedTuple):
    """One row of a form; `agency` is "" for who sends the report, `level` "all" for all."""

    row: str
    period: pd.Period
    basis: str
    agency: str = ""
    level: str = ALL


class PrintedText(NamedTuple):
    """A text that goes into one column of one row of a form."""

    text: str
    place: str
    cell: At


class Total(NamedTuple):
    """A printed total of a column of a form.

    `level`, `agency` and `row` are those of the rows it sums, "" for all; `table` is where they
    stand.
    """

    form: str
    period: pd.Period
    basis: str
    column: str
    printed: str
    source: str
    level: str
    agency: str
    row: str
    table: str
    cell: At


class Share(NamedTuple):
    """A printed share of the report's own counts, as prose would state it.

    `group` is the level and the sector that it is of, "" for all; `period`, `basis` its time.
    """

    text: str
    place: str
    period: pd.Period
    basis: str
    group: str = ""


@dataclass(eq=False)
class Entry:
    """A row of a form in the making."""

    cells: dict[str, PrintedText] = field(default_factory=dict)
    sources: list[str] = field(default_factory=list)
    window: Window | None = None
    set_by: str = ""

    def cell_name(self, column: str) -> str:
        """Return the cell of a sheet that a column was read from, as "; ô H8", else ""."""
        cell = _SHEET_CELL.search(self.cells[column].place) if column in self.cells else None
        return f"; {cell[1]}" if cell else ""

    def text(self, column: str) -> str:
        """Return the text of a column, "" where nothing was put there."""
        return self.cells[column].text if column in self.cells else ""


class Account:
    """The role of every cell so far."""

    def __init__(self, document: Document) -> None:
        self._texts: dict[At, str] = {
            (grid.number, cell.row, cell.column): cell.text
            for grid in document.grids
            for cell in grid.cells
            if cell.text
        }
        self._roles: dict[At, tuple[str, str, Key | None, str]] = {}
        self.entries: dict[str, dict[Key, Entry]] = {}
        self._unplaced: list[tuple[str, str, str]] = []
        self._totals: list[Total] = []
        self.warnings: dict[str, None] = {}  # of figures that are others' than their words
        self.shares: list[Share] = []
        # Of rows without a place: form, agency ("" of the report), period, basis, row.
        self.left_out: dict[tuple[str, str, int, str, str], None] = {}

    def mark(self, at: At, role: str, form: str = "", key: Key | None = None, to: str = "") -> None:
        """Give a cell its role; an empty one has none, and the first role stays."""
        if at in self._texts and at not in self._roles:
            self._roles[at] = role, form, key, to

    def unplaced(self, text: str, place: str, reason: str) -> None:
        """Keep a text that no form has a place for."""
        self._unplaced.append((text, place, reason))

    def total(self, total: Total) -> None:
        """Keep a printed total: a claim to check against the sum."""
        self._totals.append(total)
        self.mark(total.cell, "total")

    def totals_of(self, grids: Collection[int]) -> Iterator[dict[str, int]]:
        """Yield for each row of totals in some grids where its columns' totals are kept."""
        rows: dict[tuple[int, int], dict[str, int]] = {}
        for number, total in enumerate(self._totals):
            if total.cell[0] in grids:
                rows.setdefault(total.cell[:2], {})[total.column] = number
        yield from rows.values()

    def total_at(self, number: int) -> Total:
        """Return a total that is kept."""
        return self._totals[number]

    def change_total(self, number: int, printed: str, source: str) -> None:
        """Replace what a row of totals states."""
        self._totals[number] = self._totals[number]._replace(printed=printed, source=source)

    def withdraw(self, form: str, key: Key, column: str, why: str) -> None:
        """Take a figure back out of its row: it has no place."""
        given = self.entries[form][key].cells.pop(column)
        self._roles[given.cell] = "unplaced", "", None, ""
        self.unplaced(given.text, given.place, why)

    def open(
        self, form: str, key: Key, source: str, window: Window | None, set_by: str = ""
    ) -> Entry:
        """Return the row of a form, new if there is none; `set_by` names what set its scope."""
        entry = self.entries.setdefault(form, {}).setdefault(key, Entry())
        if source not in entry.sources:
            entry.sources.append(source)
        entry.window = entry.window or window
        entry.set_by = entry.set_by or set_by
        return entry

    def put(self, form: str, key: Key, column: str, given: PrintedText) -> PrintedText | None:
        """Put a text into a row; return what is there already, if that came from another cell."""
        cells = self.entries[form][key].cells
        before = cells.get(column)
        if before is not None and before.cell != given.cell and before.text:
            return before if given.text else None
        cells[column] = given
        self.mark(given.cell, "figure", form, key, column)
        return None

    def role(self, grid: Grid, row: int, column: int) -> str:
        """Return the role of a cell, "" where it has none yet."""
        entry = self._roles.get((grid.number, row, column))
        return entry[0] if entry else ""

    def rows_left(self, grid: Grid) -> list[int]:
        """Return the rows of a table in which some cell has no role yet."""
        roles = self._roles
        left = (cell for cell in grid.cells if cell.text)
        rows = {one.row for one in left if (grid.number, one.row, one.column) not in roles}
        return sorted(rows)

    def columns(self, agency: str) -> dict[str, dict[str, list[str]]]:
        """Return the forms' columns of texts, in the order of the forms."""
        return {
            form.code: _columns(form, self.entries[form.code], agency)
            for form in FORMS
            if form.code in self.entries
        }

    def places(self) -> pd.DataFrame:
        """Return where each figure was printed, and how."""
        rows = [
            (
                *(code, number, column, given.place, given.text, _heading(given.place)),
                *(key.row, key.period.ordinal, key.basis, key.agency, key.level, entry.set_by),
            )
            for code in (form.code for form in FORMS)
            for number, (key, entry) in enumerate(self.entries.get(code, {}).items())
            for column, given in entry.cells.items()
            if given.text
        ]
        columns = zip(*rows, strict=True) if rows else ([] for _ in PLACES)
        arrays = {name: _array(name, cells) for name, cells in zip(PLACES, columns, strict=True)}
        return pd.DataFrame(arrays, copy=False)

    def account(self) -> pd.DataFrame:
        """Return every cell that is not empty, and its one role."""
        number = {
            (code, key): row
            for code, entries in self.entries.items()
            for row, key in enumerate(entries)
        }
        rows = []
        for at, text in self._texts.items():
            role, form, key, column = self._roles.get(at, ("unplaced", "", None, ""))
            row = number.get((form, key), -1) if key is not None else -1
            rows.append((*at, text, role, form, row, column))
        counts = dict.fromkeys(("grid", "row", "column", "form_row"), INTEGER)
        return typed_rows(rows, dict.fromkeys(ACCOUNT, TEXT) | counts)

    def unplaced_frame(self) -> pd.DataFrame:
        """Return what has no place, as `Report.unplaced` has it."""
        return typed_rows(self._unplaced, dict.fromkeys(UNPLACED, TEXT))

    def totals(self) -> pd.DataFrame:
        """Return the printed totals."""
        rows = [total[: len(TOTALS)] for total in self._totals]
        return typed_rows(rows, dict.fromkeys(TOTALS, TEXT) | {"period": QUARTER})


def _array(name: str, cells: Sequence[Any]) -> Any:
    if name == "row":
        return np.array(cells, dtype=INTEGER)
    if name == "period":
        return pd.arrays.PeriodArray(np.array(cells, dtype=INTEGER), dtype=QUARTER)
    return text_array(cells)


def _row_names(form: Form, keys: Iterable[Key]) -> dict[str, list[str]]:
    names = {form.row: [key.row for key in keys]} if form.row else {}
    return names | ({"level": [key.level for key in keys]} if holds_level(form) else {})


def _windows(windows: Sequence[Window | None]) -> dict[str, list[str]]:
    """Return the columns of the days that rows state, none where none of them does."""
    if not any(windows):
        return {}
    days = [(str(one.start), str(one.end)) if one else ("", "") for one in windows]
    starts, ends = zip(*days, strict=True)
    return {"window_start": [*starts], "window_end": [*ends]}


def holds_level(form: Form) -> bool:
    """Return whether the rows of a form are kept apart by their level too."""
    return "level" in form.key and form.row != "level"


def _heading(place: str) -> str:
    """Return the headings above a cell, which its place ends with."""
    _, marked, heading = place.rpartition(", cột '")
    return heading.removesuffix("'") if marked else ""


def _columns(form: Form, entries: dict[Key, Entry], agency: str) -> dict[str, list[str]]:
    absent = form.optional.difference(*(entry.cells for entry in entries.values()))
    columns: dict[str, list[str]] = {
        "agency": [key.agency or agency for key in entries],
        "period": [str(key.period) for key in entries],
        "basis": [key.basis for key in entries],
    }
    columns |= _row_names(form, entries)
    for name in form.own_columns:
        if name not in absent:
            columns[name] = [entry.text(name) for entry in entries.values()]
    columns |= _windows([entry.window for entry in entries.values()])
    columns["source"] = ["; ".join(entry.sources) for entry in entries.values()]
    return columns


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
    """A column of figures: values, denominators, and the rows of a dash or of no such figure."""

    values: Figures
    denominators: Figures
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
    the denominator. And the frame `text, place, reason` of cells that are no figure of theirs.
    """
    columns, _, lost = read_columns({str(name): cells[name].tolist() for name in cells}, form)
    return pd.DataFrame(columns, index=cells.index, copy=False), unplaced_cells(lost)


def read_columns(
    cells: Mapping[str, Texts], form: Form, cell_at: Callable[[int, str], str] = lambda *_: ""
) -> tuple[dict[str, Any], Typed, list[tuple[str, str, str]]]:
    """Return the columns of `read_cells` as arrays, figures, `text, place, reason` of what is lost.

    Of figures that nothing is wrong with also the values, and which are there. `cell_at` names the
    cell of a row and column as its place goes on: "; ô H8", "" where it has no name.

    Lists and arrays, not frames: forms have many columns of few rows, where each step in pandas
    costs more than reading the column.
    """
    read = {
        name: _read_figures(cells[name], form.kinds[name], of=name in form.fractions)
        for name in form.figures
        if name in cells
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
        if any(denominator is not None for denominator in column.denominators):
            lost.append(
                _take_denominators(figures, name, column.denominators, form.fractions.get(name))
            )
    columns: dict[str, Any] = {
        name: None if name in figures else text_array(texts) for name, texts in cells.items()
    }
    typed: Typed = {}
    for name, values in figures.items():
        columns[name] = _figure_array(values, form.kinds[name] == "count", name, typed)
    lost += _read_texts(columns, cells, form)
    dashes = {name: column.dashes for name, column in read.items()}
    columns["not_applicable"] = text_array(_names(dashes, figures, len(cells["source"])))
    return columns, typed, _lost_cells(cells, form, lost, cell_at)


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


def _take_denominators(
    figures: dict[str, Figures], name: str, denominators: Figures, target: str | None
) -> Lost:
    """Put the denominators of a column "2/3" into the column that the form has for them."""
    if target is None:
        given = [denominator is not None for denominator in denominators]
        figures[name] = [
            None if gone else one for one, gone in zip(figures[name], given, strict=True)
        ]
        return Lost(name, _at(given), "no_whole")
    pairs = [*zip(figures.get(target, denominators), denominators, strict=True)]
    figures[target] = [denominator if own is None else own for own, denominator in pairs]
    other = _at(
        own is not None and denominator is not None and own != denominator
        for own, denominator in pairs
    )
    return Lost(name, other, "other_whole")


def _read_figures(texts: Texts, kind: str, *, of: bool) -> Read:
    """Return a column of figures; `of`: of one in which "5/2022" is five of 2022, and no month."""
    if all(map(_is_plain, texts)):
        return Read([*map(int, texts)], [None] * len(texts), [], [], [])
    read = Read([], [], [], [], [])
    for row, number in enumerate(read_column(texts)):
        value: int | float | None = None
        denominator: int | float | None = None
        parts = _OUT_OF.fullmatch(texts[row]) if of and number.status != "reported" else None
        if parts is not None:
            value, denominator = int(parts[1]), int(parts[2])
        elif _is_figure(number, kind):
            # Half a dossier is a figure read wrongly, as "1,380" for 1.380.
            if kind != "count" or _is_integral(number):
                value, denominator = number.value, number.denominator
            else:
                read.uneven.append(row)
        elif number.status == "not_applicable":
            read.dashes.append(row)
        elif number.status not in ABSENT:
            read.strange.append(row)
        read.values.append(value)
        read.denominators.append(denominator)
    return read


def _is_plain(text: Any) -> bool:
    return isinstance(text, str) and text.isdecimal() and text.isascii() and len(text) < _PLAIN


def _read_days(texts: Texts) -> tuple[Any, list[int]]:
    read = read_column(texts)
    day = [number.status == "date" and number.date_to is None for number in read]
    days = [number.date if is_day else None for number, is_day in zip(read, day, strict=True)]
    strange = _at(
        not is_day and number.status not in ABSENT for number, is_day in zip(read, day, strict=True)
    )
    return pd.Series(days, dtype=DAY).array, strange


def _is_figure(number: Number, kind: str) -> bool:
    return number.status == "reported" and number.unit in UNITS[kind] and not number.approximate


def _is_integral(number: Number) -> bool:
    """Return whether the number, and what it is out of, have no fractions."""
    parts = (part for part in (number.value, number.denominator) if part is not None)
    return all(isinstance(part, int) or part.is_integer() for part in parts)


def _at(chosen: Iterable[bool]) -> list[int]:
    return [row for row, is_chosen in enumerate(chosen) if is_chosen]


def _figure_array(values: Figures, counts: bool, name: str, typed: Typed) -> Any:
    """Return figures as the form has them: counts Int64, unless one is far too large for it.

    `typed` keeps those that no rule of a form refuses.
    """
    missing = np.array([value is None for value in values], dtype=bool)
    filled = [0 if value is None else value for value in values]
    within = not filled or (min(filled) >= 0 and max(filled) <= LARGEST)
    if counts and not within and any(abs(value) > LARGEST for value in filled):
        return pd.arrays.FloatingArray(np.array(filled, dtype="float64"), missing)
    held = np.array(filled, dtype="int64" if counts else "float64")
    if within:
        typed[name] = held, ~missing
    return (pd.arrays.IntegerArray if counts else pd.arrays.FloatingArray)(held, missing)


def _without_blanks(texts: Texts) -> Texts:
    return [
        text if isinstance(text, str) and text and not text.isspace() else None for text in texts
    ]


def _lost_cells(
    cells: Mapping[str, Texts],
    form: Form,
    lost: Sequence[Lost],
    cell_at: Callable[[int, str], str],
) -> list[tuple[str, str, str]]:
    """Return the cells of columns that are no figure of them, with their place and the reason."""
    return [
        (
            str(cells[one.column][row]),
            f"{cells['source'][row]}{cell_at(row, one.column)}; cột '{form.heading(one.column)}'",
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
