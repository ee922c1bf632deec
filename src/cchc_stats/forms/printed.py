"""Tables of figures that know the cell, as printed, from which each figure was read."""

from __future__ import annotations

import pickle
import re
from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence
from functools import cached_property
from itertools import takewhile
from os.path import commonprefix
from typing import Any, NamedTuple, Protocol, Self, TypeAlias

import numpy as np
import pandas as pd

from cchc_stats.forms.faults import Sources
from cchc_stats.forms.form import Form
from cchc_stats.forms.validation import Examined
from cchc_stats.words import parse_number

IN_PROSE = ", lời văn "  # what parts the place of a sentence from its figures, in a row's source
MOST = 12  # rows of a sum that are quoted one by one
# Form, agency, number of the period, basis, row's code, level.
At = tuple[str, str, int, str, str, str]


class PrintedCell(NamedTuple):
    """A cell as a document prints it.

    Attributes
    ----------
    place : file, section, table and row.
    heading : the headings above it, top first, as "Số hồ sơ đã giải quyết > Tổng số".
    text : what is printed there.
    value, out_of : the figure that it is read as, and what it is out of; NaN where there is none.
    """

    place: str
    heading: str
    text: str
    value: float
    out_of: float

    @property
    def quoted(self) -> str:
        """The column and the text, as a source names them."""
        return f"cột '{self.heading}' “{self.text}”" if self.heading else f"“{self.text}”"


class LeftOut(NamedTuple):
    """A row of a form's table that has no place in the form.

    `agency` is who sends the report, `period` the number of the table's quarter.
    """

    form: str
    agency: str
    period: int
    basis: str
    row: str


class PrintedTables(MutableMapping[str, pd.DataFrame]):
    """Form code -> frame, as a dict of them, that also knows how the figures were printed.

    The frames have the columns of their forms and nothing beside them. A plain dict of them
    measures the same, with sources that name the row alone.
    """

    def __init__(
        self,
        tables: Mapping[str, pd.DataFrame] | Mapping[str, pd.DataFrame | Examined],
        places: Iterable[tuple[str, pd.DataFrame]],
        unplaced: Iterable[LeftOut] = (),
    ) -> None:
        """Keep frames by form code, and for each agency the cells of its report.

        Parameters
        ----------
        tables : form code -> frame, or its columns as the reader examined them; then the frame is
            built when first asked for.
        places : agency and frame `place, text, heading, form, code, period, basis, column` of each
            report, with `agency` and `level` of rows that have their own (see `Report.places`).
        unplaced : rows of the forms' tables that have no place in them: sums lack them.
        """
        self.__dict__["_tables"] = dict(tables)
        self.places = tuple(places)
        self.unplaced = tuple(unplaced)

    @cached_property
    def _tables(self) -> dict[str, pd.DataFrame | Examined]:
        """The forms, unpacked when first asked for where they come from another process."""
        return pickle.loads(self.__dict__.pop("_packed"))  # type: ignore[no-any-return]

    def __getstate__(self) -> dict[str, object]:
        """Return what another process is sent: the tables as one, since few are looked at there."""
        packed = self.__dict__.get("_packed") or pickle.dumps(self._tables)
        return {"places": self.places, "unplaced": self.unplaced, "_packed": packed}

    def __getitem__(self, code: str) -> pd.DataFrame:
        """Return the frame of a form."""
        held = self._tables[code]
        if not isinstance(held, pd.DataFrame):
            # From now on the frame is what counts: who has it may change it.
            held = self._tables[code] = held.table
        return held

    def __setitem__(self, code: str, frame: pd.DataFrame) -> None:
        """Put a frame in the place of a form's."""
        self._tables[code] = frame

    def __delitem__(self, code: str) -> None:
        """Leave a form out."""
        del self._tables[code]

    def __iter__(self) -> Iterator[str]:
        """Return the codes of the forms."""
        return iter(self._tables)

    def __len__(self) -> int:
        """Return the number of forms."""
        return len(self._tables)

    def __or__(self, other: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
        """Return the frames with others beside them or in their place, as a plain dict."""
        return {**self, **other}

    def __copy__(self) -> Self:
        """Return the same frames, to put others in their place."""
        return self.of(self._tables)

    def __repr__(self) -> str:
        """Return the frames as those of a plain dict."""
        return repr({**self})

    def examined(self, code: str) -> Examined | None:
        """Return a form as the reader examined it, None once somebody has asked for its frame."""
        held = self._tables[code]
        return None if isinstance(held, pd.DataFrame) else held

    def of(
        self, tables: Mapping[str, pd.DataFrame] | Mapping[str, pd.DataFrame | Examined]
    ) -> Self:
        """Return other frames with the same cells behind them."""
        other = type(self)(tables, self.places, self.unplaced)
        if "cells" in self.__dict__:
            other.__dict__["cells"] = self.cells
        return other

    @cached_property
    def cells(self) -> Mapping[At, tuple[Mapping[str, PrintedCell], ...]]:
        """Each row's cells by column: of every report that states the row.

        They are looked up when first asked for: who only reads and checks does not pay for them.
        """
        several_rows: dict[At, list[Mapping[str, PrintedCell]]] = {}
        for agency, places in self.places:
            rows: dict[At, dict[str, PrintedCell]] = {}
            read = parse_number(places["text"])
            parts = places["place"].str.rsplit(", cột '", n=1).str[0]
            # Rows by unit are of the unit; the others of who sends the report.
            units = [unit or agency for unit in places.get("agency", [""] * len(places))]
            records = zip(
                *(places[name] for name in ("form", "code", "basis", "column")),
                units,
                places.get("level", ["all"] * len(places)),
                pd.PeriodIndex(places["period"]).asi8.tolist(),
                parts,
                places["heading"],
                places["text"],
                *(read[name].to_numpy("float64", na_value=np.nan) for name in _READ),
                strict=True,
            )
            for form, code, basis, column, unit, level, period, *cell in records:
                row = rows.setdefault((form, unit, period, basis, code, level), {})
                row[column] = PrintedCell(*cell)
            for at, row in rows.items():
                several_rows.setdefault(at, []).append(row)
        return {at: tuple(several) for at, several in several_rows.items()}

    def row(self, at: At, source: str) -> Mapping[str, PrintedCell]:
        """Return a row's cells; of several reports those of the one that the row's source names.

        Where the source could be either's, none are.
        """
        several = self.cells.get(at, ())
        if len(several) < 2:
            return several[0] if several else {}
        near = [_alike(next(iter(row.values())).place, source) for row in several]
        best = [row for row, length in zip(several, near, strict=True) if length == max(near)]
        return best[0] if len(best) == 1 else {}


_READ = ("value", "denominator")


def _alike(one: str, other: str) -> int:
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


_OF_SHEET = re.compile(
    r"(?s)(?P<file>.*?): .*(?P<sheet>trang tính '.*'), [A-Z]+\d+:[A-Z]+\d+, hàng \d+, "
    r"ô (?P<cell>[A-Z]+\d+)(?P<row>.*), cột '.*'"
)


def exact_places(tables: Mapping[str, pd.DataFrame]) -> Sources:
    """Return what tells where the cells of rows stand: sheet and cells, or table, row and columns.

    Of a row none of whose cells can be named, its source.

    Examples
    --------
    >>> cells = [PrintedCell(f"bc: trang tính 'A', B2:C9; trang tính 'A', B2:C9, hàng 3, ô {at}, "
    ...                      "dòng 'x'", "Tổng", "1", 1, 0) for at in ("B3", "C3")]
    >>> _spots(cells), _spots([PrintedCell("bc: I; bảng 2, hàng 3, dòng 'x'", "Tổng", "1", 1, 0)])
    ("bc: trang tính 'A', ô B3, C3, dòng 'x'", "bc: I; bảng 2, hàng 3, dòng 'x', cột 'Tổng'")
    """

    def sources(part: pd.DataFrame, form: Form, columns: Sequence[str]) -> list[str]:
        given: list[str] = part["source"].tolist()
        if not isinstance(tables, PrintedTables) or not {*form.key} <= {*part.columns}:
            return given
        quotes = Quotes(part, form, tables)
        cells = [quotes.column(name) for name in columns if name in part]
        rows = zip(given, zip(*cells, strict=True), strict=True) if cells else ()
        return [_spots([one for one in row if one]) or text for text, row in rows] or given

    return sources


def _spots(cells: Iterable[PrintedCell]) -> str:
    """Return where cells stand, those of a row together."""
    spots: dict[tuple[str, str], list[str]] = {}
    for cell in cells:
        # A figure added up of several cells has the places of all.
        for place in re.split(r"(?<=') \+ ", f"{cell.place}, cột '{cell.heading}'"):
            if found := _OF_SHEET.fullmatch(place):
                at, own = (f"{found['file']}: {found['sheet']}, ô ", found["row"]), found["cell"]
            else:
                row, _, heading = place.rpartition(", cột '")
                at, own = (f"{row}, cột ", ""), f"'{heading}"
            spots.setdefault(at, []).append(own)
    return "; ".join(
        f"{before}{', '.join(dict.fromkeys(own))}{after}" for (before, after), own in spots.items()
    )


class Quotes:
    """The cells of one frame's rows, and what of them can still be quoted.

    A figure that was changed since it was read is no longer what the document prints there.
    """

    def __init__(self, frame: pd.DataFrame, form: Form, tables: PrintedTables) -> None:
        """Look up the cells of each row of a form's frame."""
        self.frame = frame
        # Of a cell "2/3" the form makes two figures.
        self._part_of = {total: part for part, total in form.fractions.items()}
        codes = frame[form.row] if form.row else [""] * len(frame)
        apart = "level" in form.key and form.row != "level" and "level" in frame
        levels = frame["level"] if apart else ["all"] * len(frame)
        keys = zip(
            frame["agency"],
            pd.PeriodIndex(frame["period"]).asi8.tolist(),
            frame["basis"],
            codes,
            levels,
            frame["source"],
            strict=True,
        )
        self._rows = [
            tables.row((form.code, agency, period, basis, code, level), source)
            for agency, period, basis, code, level, source in keys
        ]
        self._cells: dict[str, list[PrintedCell | None]] = {}
        self._figures: dict[str, list[float]] = {}

    def column(self, name: str) -> list[PrintedCell | None]:
        """Return for each row the cell that a figure was read from, None where none can be named.

        None too where the figure is not, or is no longer, what the cell is read as.
        """
        if name not in self._cells:
            figures = self.frame[name].to_numpy("float64", na_value=np.nan).tolist()
            self._figures[name] = figures
            self._cells[name] = [
                self._cell(row, name, figure)
                for row, figure in zip(self._rows, figures, strict=True)
            ]
        return self._cells[name]

    def _has(self, name: str, row: int) -> bool:
        figure = self._figures[name][row]
        return figure == figure

    def _cell(self, row: Mapping[str, PrintedCell], name: str, figure: float) -> PrintedCell | None:
        if cell := row.get(name):
            return cell if _same(cell.value, figure) else None
        if cell := row.get(self._part_of.get(name, "")):
            return cell if _same(cell.out_of, figure) else None
        return None

    def sources(self, columns: Iterable[str]) -> np.ndarray:
        """Return each row's source with the cells of some columns; as it is where there are none.

        Examples
        --------
        >>> from cchc_stats.forms import find_form, validate
        >>> form = find_form("staffing")
        >>> row = {"agency": "Sở A", "period": "2020Q3", "basis": "as_of", "assigned": 40,
        ...        "category": "administrative", "present": 37, "source": "bc: Biên chế; dòng 1"}
        >>> table = validate(pd.DataFrame([row]), form)
        >>> cell = {"form": "staffing", "column": "present", "code": "administrative",
        ...         "period": table["period"][0], "basis": "as_of", "heading": "Hiện có",
        ...         "place": "bc: Biên chế; bảng 2, hàng 4, cột 'Hiện có'", "text": "37"}
        >>> tables = PrintedTables({"staffing": table}, [("Sở A", pd.DataFrame([cell]))])
        >>> Quotes(table, form, tables).sources(["present"]).tolist()
        ["bc: Biên chế; bảng 2, hàng 4, cột 'Hiện có' “37”"]
        """
        given: np.ndarray = self.frame["source"].to_numpy(object).copy()
        cells = [self.column(name) for name in columns if name in self.frame]
        for row, used in enumerate(zip(*cells, strict=True)):
            if some := list(dict.fromkeys(cell for cell in used if cell)):
                given[row] = _in_one_place(some)
        return given

    def added(self, columns: Iterable[str], rows: Sequence[int]) -> tuple[str, str]:
        """Return where the rows of a sum stand, and how they are printed, column by column.

        A column is left out where one of its figures cannot be quoted: the rest would be no sum.
        Both are "" where none can be named.
        """
        sums, places = [], []
        for name in columns:
            cells = self.column(name)
            some = [cell for row in rows if (cell := cells[row])]
            if not some or any(cells[row] is None and self._has(name, row) for row in rows):
                continue
            texts = [f"“{cell.text}”" for cell in some[:MOST]] + ["…"] * (len(some) > MOST)
            above = _common([cell.heading.split(" > ") for cell in some])
            sums.append((f"cột '{above}' " if above else "") + " + ".join(texts))
            places += [cell.place for cell in some]
        return _shared(places), ", ".join(dict.fromkeys(sums))


def _common(paths: list[list[str]]) -> str:
    """Return the headings that several columns have in common, from the top or else from below.

    Examples
    --------
    >>> _common([["Hiện có", "Biên chế"], ["Hiện có", "Hợp đồng"]])
    'Hiện có'
    >>> _common([["Mức độ 3", "Hồ sơ", "Tổng số"], ["Mức độ 4", "Hồ sơ", "Tổng số"]])
    'Hồ sơ > Tổng số'
    """
    top = commonprefix(paths)
    return " > ".join(top or commonprefix([path[::-1] for path in paths])[::-1])


def _shared(places: list[str]) -> str:
    """Return what all places begin with, up to the end of a part of them.

    Examples
    --------
    >>> _shared(["bc: Biên chế; bảng 2, hàng 4, dòng 'A'", "bc: Biên chế; bảng 2, hàng 5"])
    'bc: Biên chế; bảng 2'
    """
    if len(set(places)) < 2:
        return places[0] if places else ""
    start = commonprefix(places)
    ends = (start.rfind(sign) for sign in ("; ", ", ", ": "))
    return start[: max(0, *ends)]


def _same(one: float, other: float) -> bool:
    return one == other or (one != one and other != other)  # both are missing, as NaN


def _in_one_place(cells: list[PrintedCell]) -> str:
    """Return cells as one place: what they share once, then each one's column and text."""
    quotes, before = "", ""
    for cell in cells:
        place = cell.place
        if place == before:
            quotes += f", {cell.quoted}"
            continue
        shared = before[: before.rfind("; ") + 2]
        rest = place[len(shared) :] if shared and place.startswith(shared) else place
        quotes += f"{'; ' if quotes else ''}{rest}, {cell.quoted}"
        before = place
    return quotes


# What has tables is known by what it has: rooms above this one make reports, sets and stores.
class HasTables(Protocol):
    """A report or a set of reports."""

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """The frames by the code of their form."""


class HasReports(Protocol):
    """A store of reports, which hands out the set of them."""

    def reports(self) -> Any:
        """Return the set."""


Tabled: TypeAlias = Mapping[str, pd.DataFrame] | HasTables | HasReports


def set_in(given: object) -> Any:
    """Return the set of reports that a store hands out; else what is given."""
    reports = getattr(given, "reports", None)
    return reports() if callable(reports) else given


def tables_in(given: Tabled) -> Mapping[str, pd.DataFrame]:
    """Return the tables of a report, a set or a store; tables as they are.

    Examples
    --------
    >>> from cchc_stats import read_report
    >>> report = read_report("data/binh-dinh-skhcn-2020q3")
    >>> tables_in(report) is report.tables, tables_in({})
    (True, {})
    """
    held = set_in(given)
    tables: Mapping[str, pd.DataFrame] = getattr(held, "tables", held)
    return tables
