"""The cells of an official form: a figure as it is printed, the sum it is, where it comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import pandas as pd

from cchc_stats.forms import Form, PrintedTables, Quotes
from cchc_stats.words import format_number

SERIAL, AGENCY = "TT", "Cơ quan, đơn vị"
Record = Mapping[Any, Any]


class At(NamedTuple):
    """A cell of the table's body, both numbers from 0."""

    row: int
    column: int


class Cell(NamedTuple):
    """What is printed in one cell.

    Attributes
    ----------
    text : as a document prints it; "" for nothing reported, "-" for not applicable.
    number : the figure, where a workbook can hold it as one.
    digits : the least digits that the figure is printed with.
    adds : the cells that it is the sum of, where they are printed in the same table.
    source : where the figure comes from.
    """

    text: str = ""
    number: float | int | None = None
    digits: int = 1
    adds: tuple[At, ...] = ()
    source: str = ""


EMPTY = Cell()


@dataclass(frozen=True)
class FormTable:
    """One table of the appendix: a heading path for each column, and the rows.

    Attributes
    ----------
    code, title : of the form.
    headings : for each column its headings, top first.
    kinds : for each column "serial", "label", "figure" or "note".
    rows : the body; a row of totals is the last.
    has_total : whether it is.
    """

    code: str
    title: str
    headings: tuple[tuple[str, ...], ...]
    kinds: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    has_total: bool = False

    @property
    def depth(self) -> int:
        """Return how many rows the headings take."""
        return max(map(len, self.headings))


@dataclass(frozen=True)
class Style:
    """How figures are printed.

    Attributes
    ----------
    period, basis : the quarter of the form and how its figures count.
    as_reports : "06" and "02/3" in one cell, as reports print them; else 6, and 2 beside 3.
    sources : whether cells know where their figure comes from.
    blank : whether the form is handed out empty.
    """

    period: pd.Period
    basis: str
    as_reports: bool = False
    sources: bool = False
    blank: bool = False

    @property
    def digits(self) -> int:
        """Return the least digits of a count."""
        return 2 if self.as_reports else 1


@dataclass
class Draft:
    """A table in the making."""

    headings: list[tuple[str, ...]]
    kinds: list[str]
    rows: list[list[Cell]] = field(default_factory=list)
    has_total: bool = False

    def add(self, heading: tuple[str, ...], kind: str) -> None:
        """Add a column."""
        self.headings.append(heading)
        self.kinds.append(kind)

    def finish(self, form: Form) -> FormTable:
        """Return the table."""
        rows = tuple(map(tuple, self.rows))
        headings, kinds = tuple(self.headings), tuple(self.kinds)
        return FormTable(form.code, form.title, headings, kinds, rows, self.has_total)


class FormRows:
    """The rows of one form, and how its figures become cells."""

    def __init__(
        self, form: Form, tables: Mapping[str, pd.DataFrame], style: Style, *, named: bool
    ) -> None:
        """Take the rows of a form; `named` where each is to name its agency."""
        self.form, self.style, self.named = form, style, named
        frame = tables.get(form.code)
        self.records: Sequence[Record] = []
        self._quotes = None
        if frame is not None:
            self.records = frame.to_dict("records")
            if style.sources and isinstance(tables, PrintedTables):
                self._quotes = Quotes(frame, form, tables)
        self._number = {id(record): number for number, record in enumerate(self.records)}

    @staticmethod
    def dashes(record: Record) -> set[str]:
        """Return the columns that a row prints "-" in."""
        return set(record["not_applicable"].replace(",", " ").split())

    @cached_property
    def paired(self) -> frozenset[str]:
        """The wholes that are printed in the cell of their part, "02/3".

        A whole that is known without its part, or not applicable by itself, has its own cell.
        """
        return frozenset(
            whole
            for part, whole in self.form.fractions.items()
            if self.style.as_reports
            and all(pd.notna(one[part]) or pd.isna(one[whole]) for one in self.records)
            and not any(whole in self.dashes(one) for one in self.records)
        )

    def start(self) -> Draft:
        """Return a table with the columns before the label: serial number, agency."""
        draft = Draft([(SERIAL,)], ["serial"])
        if self.named:
            draft.add((AGENCY,), "label")
        return draft

    def lead(self, serial: str, agency: str, label: str | None) -> list[Cell]:
        """Return the cells before the figures."""
        named = [Cell(agency)] if self.named else []
        return [Cell(serial), *named, *([] if label is None else [Cell(label)])]

    def cell(self, record: Record, name: str) -> Cell:
        """Return a figure, text or day as it is printed."""
        source = self._source(record, name)
        if name in self.dashes(record):
            return Cell("-", source=source)
        figure = record.get(name)
        if figure is None or pd.isna(figure):
            return EMPTY
        kind = self.form.kinds[name]
        if kind == "text":
            return Cell(str(figure), source=source)
        if kind == "time":
            return Cell(f"{figure:%d/%m/%Y}", source=source)
        digits = self.style.digits if kind == "count" else 1
        text = plain(figure, digits)
        whole = self.form.fractions.get(name, "")
        if whole in self.paired and pd.notna(record[whole]):
            return Cell(f"{text}/{plain(record[whole])}", source=source)
        return Cell(text, figure, digits, source=source)

    def _source(self, record: Record, name: str) -> str:
        if not self.style.sources:
            return ""
        cell = self._quotes.column(name)[self._number[id(record)]] if self._quotes else None
        return f"{cell.place}, {cell.quoted}" if cell else str(record["source"])


def plain(number: Any, digits: int = 1) -> str:
    """Return a figure without signs between its thousands, which a reader could take for others.

    Nothing is printed 0, however many digits figures have.

    Examples
    --------
    >>> plain(1380), plain(6, 2), plain(0, 2), plain(13.5)
    ('1380', '06', '0', '13,5')
    """
    if float(number).is_integer():
        return str(int(number)).zfill(digits if number else 1)
    return format_number(number)
