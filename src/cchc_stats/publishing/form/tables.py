"""The appendix described: for each form the headings, rows and cells of its table, drawn elsewhere.

A form is printed in one of two ways: a column for each figure and a row for each sector, category
or report; or a row for each figure or item and a column for each period.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, NamedTuple, TypeAlias

import pandas as pd

from cchc_stats.forms import (
    BY_COLUMN,
    BY_COURSE,
    BY_FIGURE,
    BY_ITEM,
    FORMS,
    SHARED,
    Form,
    Identity,
    PrintedTables,
    Quotes,
    dashed_columns,
)
from cchc_stats.publishing.frames import ledger_section, text
from cchc_stats.publishing.letterhead import official
from cchc_stats.words import (
    ALL,
    AS_OF,
    IN_PERIOD,
    YEAR_TO_DATE,
    Window,
    format_number,
    label_period,
    vietnamese_order,
)

SERIAL, AGENCY, NOTE, TOTAL = "TT", "Cơ quan, đơn vị", "Ghi chú", "Tổng cộng"
LABEL, OUT_OF, COUNT = "Nội dung", "Trên tổng số", "Số lượng"
YEAR_BEFORE, THIS_YEAR, TO_DATE, SUM = "Năm trước", "Năm báo cáo", "Lũy kế", "Tổng"
BLANK_ROWS = 10  # of a form whose rows have free names
Record = Mapping[Any, Any]
Slot: TypeAlias = tuple[pd.Period, str]  # what a column of a period is of: period and basis


class At(NamedTuple):
    """A cell of the table's body, both numbers from 0."""

    row: int
    column: int


class FormCell(NamedTuple):
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


EMPTY = FormCell()
OPEN = FormCell(digits=0)  # no sum, for one of its figures is not there; nothing is printed


@dataclass
class FormTable:
    """One table of the appendix: a heading path for each column, and the rows.

    Attributes
    ----------
    title : of the form.
    headings : for each column its headings, top first.
    kinds : for each column "serial", "label", "figure" or "note".
    rows : the body; rows of totals are the last.
    totals : how many they are.
    """

    title: str
    headings: list[tuple[str, ...]] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    rows: list[list[FormCell]] = field(default_factory=list)
    totals: int = 0

    @property
    def depth(self) -> int:
        """Return how many rows the headings take."""
        return max(map(len, self.headings))

    def add(self, heading: tuple[str, ...], kind: str) -> None:
        """Add a column."""
        self.headings.append(heading)
        self.kinds.append(kind)

    def is_total(self, row: int) -> bool:
        """Return whether a row is one of totals."""
        return row >= len(self.rows) - self.totals

    @property
    def has_gap(self) -> bool:
        """Return whether a total is open because somebody's figure is not there."""
        return any(
            cell == OPEN for row in self.rows[len(self.rows) - self.totals :] for cell in row
        )


@dataclass(frozen=True)
class Style:
    """How figures are printed.

    Attributes
    ----------
    period, basis : the quarter of the form and how its figures count.
    as_reports : "06" and "02/3" in one cell, as reports print them; else 6, and 2 beside 3.
    sources : whether cells have the source of their figure.
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

    @property
    def days(self) -> tuple[dt.date, dt.date]:
        """Return the days that the form is of; one that is handed out asks what they ask."""
        window = Window.of(self.period, self.basis)
        return window.end, window.end

    @property
    def year_before(self) -> pd.Period:
        """Return the quarter at whose end the year before was over."""
        return pd.Period(f"{self.period.year - 1}Q4", "Q-DEC")

    def usual_slot(self, form: Form) -> Slot:
        """Return the period and basis of a form's figures in this appendix."""
        return self.period, self.basis if form.basis == IN_PERIOD else form.basis


@dataclass(frozen=True)
class FormHead:
    """What stands above the tables.

    Attributes
    ----------
    agency, superior : who hands the appendix in, and the body above it; "" where there is none.
    title : of the appendix, with its period.
    attached : the line that names the report it belongs to.
    remarks : further lines: of how many agencies it is, what has been left out.
    """

    agency: str
    superior: str
    title: str
    attached: str
    remarks: tuple[str, ...] = ()

    @property
    def lines(self) -> tuple[str, ...]:
        """Return what stands between the letterhead and the tables."""
        return official("annex", "name"), self.title, self.attached, *self.remarks


class FormLine(NamedTuple):
    """A line of the form: its number and words, the row's code and the figure it prints."""

    serial: str
    label: str | None
    code: str
    name: str = ""


def form_tables(
    tables: Mapping[str, pd.DataFrame], style: Style, *, agencies: Sequence[str]
) -> list[FormTable]:
    """Return the tables of the appendix in official order.

    Parameters
    ----------
    tables : form code -> validated frame of the rows to print.
    style : how figures are printed.
    agencies : whose rows they are; of several, each row names its own.
    """
    described = []
    for form in FORMS:
        if form.code in tables or (style.blank and form.span.meets(*style.days)):
            rows = FormRows(form, tables, style, named=len(agencies) > 1)
            in_lines = form.printed_as != BY_COLUMN
            described.append(table_of_lines(rows) if in_lines else table_of_columns(rows))
    return described


class FormRows:
    """The rows of one form, and how its figures become cells."""

    def __init__(
        self, form: Form, tables: Mapping[str, pd.DataFrame], style: Style, *, named: bool
    ) -> None:
        """Take the rows of a form; `named` where each is to name its agency."""
        self.form, self.style, self.named = form, style, named
        frame = tables.get(form.code, pd.DataFrame())
        # Column by column: `to_dict` looks at each cell once more.
        names = [*frame]
        cells = zip(*(_cells_of(frame[name]) for name in names), strict=True)
        self.records: Sequence[Record] = [dict(zip(names, row, strict=True)) for row in cells]
        self._quotes = None
        if form.code in tables and style.sources and isinstance(tables, PrintedTables):
            self._quotes = Quotes(frame, form, tables)
        self._number = {id(record): number for number, record in enumerate(self.records)}
        if named:
            self.records = sorted(self.records, key=self._place_of(self.records))

    def _place_of(self, records: Sequence[Record]) -> Callable[[Record], tuple[object, ...]]:
        """Return by what rows of several agencies are put in order; a report keeps its own.

        By agency, then by level as they come, then by the form's row or the sector's name.
        """
        levels = [*dict.fromkeys(record.get("level", "") for record in records)]
        codes = [*self.form.rows]

        def place(record: Record) -> tuple[object, ...]:
            code = self.code(record)
            row = (codes.index(code),) if code in codes else vietnamese_order(code)
            level = levels.index(record.get("level", ""))
            return vietnamese_order(record["agency"]), level, row

        return place

    @staticmethod
    def dashes(record: Record) -> tuple[str, ...]:
        """Return the columns that a row prints "-" in."""
        return dashed_columns(record["not_applicable"]) if record["not_applicable"] else ()

    @cached_property
    def paired(self) -> frozenset[str]:
        """The totals that are printed in the cell of their part, "02/3".

        A total that is reported without its part, or not applicable by itself, has its own cell.
        """
        return frozenset(
            total
            for part, total in self.form.fractions.items()
            if self.style.as_reports
            and all(pd.notna(one[part]) or pd.isna(one[total]) for one in self.records)
            and not any(total in self.dashes(one) for one in self.records)
        )

    @cached_property
    def sums(self) -> Mapping[str, Sequence[Identity]]:
        """The columns that are sums of others, with what says so."""
        sums: dict[str, list[Identity]] = {}
        for identity in self.form.identities:
            if identity.op == "=":
                sums.setdefault(identity.total, []).append(identity)
        return sums

    def start(self) -> FormTable:
        """Return a table with the columns before the label: serial number, agency."""
        table = FormTable(self.form.title, [(SERIAL,)], ["serial"])
        if self.named:
            table.add((AGENCY,), "label")
        return table

    def lead(self, serial: str, agency: str, label: str | None) -> list[FormCell]:
        """Return the cells before the figures."""
        named = [FormCell(agency)] if self.named else []
        return [FormCell(serial), *named, *([] if label is None else [FormCell(label)])]

    def code(self, record: Record) -> str:
        """Return which row of the form a record is, "" where it has one row."""
        return str(record[self.form.row]) if self.form.row else ""

    def by_agency(self) -> dict[str, dict[tuple[pd.Period, str, str], Record]]:
        """Return each agency's records by period, basis and row of the form."""
        by_slot: dict[str, dict[tuple[pd.Period, str, str], Record]] = {}
        for one in self.records:
            own = by_slot.setdefault(one["agency"], {})
            own[one["period"], one["basis"], self.code(one)] = one
        return by_slot

    def cell(self, record: Record, name: str) -> FormCell:
        """Return a figure, text or day as it is printed."""
        source = self._source(record, name) if self.style.sources else ""
        if name in self.dashes(record):
            return FormCell("-", source=source)
        figure = record.get(name)
        if _is_missing(figure):
            return EMPTY
        kind = self.form.kinds[name]
        if kind == "text":
            label = (self.form.stated[name].codes or {}).get(str(figure))
            return FormCell(label.vi if label else str(figure), source=source)
        if kind == "time":
            return FormCell(f"{figure:%d/%m/%Y}", source=source)
        digits = self.style.digits if kind == "count" else 1
        text = plain(figure, digits)
        total = self.form.fractions.get(name, "")
        if total in self.paired and pd.notna(record[total]):
            return FormCell(f"{text}/{plain(record[total])}", source=source)
        return FormCell(text, figure, digits, source=source)

    def _source(self, record: Record, name: str) -> str:
        cell = self._quotes.column(name)[self._number[id(record)]] if self._quotes else None
        return f"{cell.place}, {cell.quoted}" if cell else str(record["source"])


def _cells_of(column: pd.Series) -> list[Any]:
    """Return a column as a list; a quarter, of which there are few, is made once."""
    if not isinstance(column.dtype, pd.PeriodDtype):
        return list(column.to_numpy(object).tolist())
    codes, quarters = pd.factorize(column)
    made = [*quarters]
    return [made[code] for code in codes]


def _is_missing(figure: Any) -> bool:
    # Most cells are counts, which pandas need not look at.
    return type(figure) is not int and bool(pd.isna(figure))


@lru_cache(maxsize=10_000)
def plain(number: Any, digits: int = 1) -> str:
    """Return a figure as the page prints it, with points between its thousands.

    Nothing is printed 0, however many digits figures have.

    Examples
    --------
    >>> plain(1380), plain(6, 2), plain(0, 2), plain(13.5)
    ('1.380', '06', '0', '13,5')
    """
    return format_number(number).zfill(digits if number else 1)


# --- a column for each figure ---------------------------------------------------------------------


def table_of_columns(rows: FormRows) -> FormTable:
    """Return the table whose columns are the form's own."""
    form, table = rows.form, rows.start()
    if form.row:
        table.add(form.headings[form.row], "label")
    names = [name for name in form.columns if _is_printed(rows, name)]
    for name in names:
        table.add(form.headings[name], "figure" if name in form.figures else "note")
    is_late = any(record["period"] != rows.style.period for record in rows.records)
    if is_late:
        table.add((NOTE,), "note")
    if rows.style.blank:
        table.rows = [[*lead, *[EMPTY] * len(names)] for lead in _blank_leads(rows)]
    else:
        _fill(table, rows, names, is_late=is_late)
    return table


def _fill(table: FormTable, rows: FormRows, names: Sequence[str], *, is_late: bool) -> None:
    """Add a row for each record, and the row of totals."""
    form = rows.form
    # Where rows are fixed, the total is one of them; elsewhere it is the row of totals.
    is_free = bool(form.row) and not form.rows
    wholes = [one for one in rows.records if is_free and one[form.row] == ALL]
    for record in rows.records:
        if not (is_free and record[form.row] == ALL):
            label = form.row_label(record[form.row]) if form.row else None
            lead = rows.lead(str(len(table.rows) + 1), record["agency"], label)
            note = [FormCell(_until(rows, record))] * is_late
            table.rows.append([*lead, *_figures(rows, record, names, table, len(lead)), *note])
    if form.wholes.get(form.row):
        _add_totals(table, rows, wholes, names, [EMPTY] * is_late)
    elif not is_free:
        codes = [rows.code(record) for record in rows.records]
        lines = [FormLine("", form.row_label(code) if form.row else None, code) for code in codes]
        counted = [form.kinds[name] == "count" for name in names]
        _add_totals_of_agencies(table, rows, lines, [*counted, *[False] * is_late])


def _add_totals(
    table: FormTable,
    rows: FormRows,
    wholes: Sequence[Record],
    names: Sequence[str],
    note: Sequence[FormCell],
) -> None:
    """Add the row of totals: as stated, else the sums of two rows or more."""
    above = len(table.rows)
    for record in wholes:
        lead = rows.lead("", record["agency"], TOTAL)
        table.rows.append([*lead, *_figures(rows, record, names, table, len(lead)), *note])
    if not wholes and above > 1:
        lead = rows.lead("", "", TOTAL)
        columns = range(len(lead), len(lead) + len(names))
        sums = [_sum(table.rows, range(above), column, rows.style.digits) for column in columns]
        table.rows.append([*lead, *sums, *note])
    table.totals = len(table.rows) - above


def _add_totals_of_agencies(
    table: FormTable, rows: FormRows, lines: Sequence[FormLine], counted: Sequence[bool]
) -> None:
    """Add the totals of several agencies, one for each line that a form has.

    Parameters
    ----------
    lines : for each row of the table the line of the form that it is.
    counted : for each column of figures whether it holds counts; other figures have no sum.
    """
    form = rows.form
    if not rows.named or rows.style.blank or form.listed or form.of_others:
        return
    numbers: dict[FormLine, list[int]] = {}
    for number, line in enumerate(lines):
        numbers.setdefault(line, []).append(number)
    for line, of_it in numbers.items():
        lead = rows.lead(line.serial, TOTAL, line.label)
        sums = [
            _sum(table.rows, of_it, len(lead) + at, rows.style.digits) if is_count else EMPTY
            for at, is_count in enumerate(counted)
        ]
        table.rows.append([*lead, *sums])
    table.totals = len(numbers)


def _is_printed(rows: FormRows, name: str) -> bool:
    """Return whether a column is there: one that not every layout has, only where it says."""
    form = rows.form
    if name in SHARED or name == form.row or name in rows.paired:
        return False
    if name in form.key:
        return any(one[name] != form.stated[name].default for one in rows.records)
    if rows.style.blank:
        return form.asks(name, *rows.style.days)
    return name not in form.optional or any(
        pd.notna(one.get(name)) or name in rows.dashes(one) for one in rows.records
    )


def _blank_leads(rows: FormRows) -> Iterator[list[FormCell]]:
    form = rows.form
    labels = [label.vi for label in form.rows_between(*rows.style.days).values()] or [""] * (
        BLANK_ROWS if form.row else 1
    )
    for number, label in enumerate(labels, 1):
        yield rows.lead(str(number), "", label if form.row else None)


def _figures(
    rows: FormRows, record: Record, names: Sequence[str], table: FormTable, first: int
) -> list[FormCell]:
    """Return the cells of the table's next row; a total has the cells that it is the sum of."""
    cells = []
    sums = rows.sums
    for name in names:
        cell = rows.cell(record, name)
        if (
            name in sums
            and cell.number is not None
            and (parts := _parts(sums[name], record, name, names))
        ):
            adds = tuple(At(len(table.rows), first + names.index(part)) for part in parts)
            cell = cell._replace(adds=adds)
        cells.append(cell)
    return cells


def _parts(
    sums: Sequence[Identity], record: Record, name: str, names: Sequence[str]
) -> Sequence[str]:
    """Return the columns whose sum a figure is, by the first identity that holds in the row.

    A total that its parts do not make up is printed as it is: nothing is repaired.
    """
    for identity in sums:
        parts = [*identity.parts, *(one for one in identity.where_given if one in names)]
        figures = [record[part] if part in names else pd.NA for part in parts]
        if not any(map(_is_missing, figures)) and sum(figures) == record[name]:
            return parts
    return ()


def _sum(
    rows: Sequence[Sequence[FormCell]], summed: Sequence[int], column: int, digits: int
) -> FormCell:
    """Return the sum of a column in some rows; nothing where one of them has not been reported."""
    given = [rows[row][column] for row in summed if rows[row][column].text != "-"]
    figures = [one.number for one in given if one.number is not None]
    if not figures or len(figures) < len(given):
        return OPEN if figures else EMPTY
    number = sum(figures)
    adds = tuple(At(row, column) for row in summed)
    return FormCell(plain(number, digits), number, digits, adds)


def _until(rows: FormRows, record: Record) -> str:
    """Return the note of a stock that is reported of an earlier quarter only."""
    quarter = record["period"]
    if quarter == rows.style.period:
        return ""
    return f"Số liệu tính đến tháng {3 * quarter.quarter}/{quarter.year}"


# --- a column for each period ---------------------------------------------------------------------


def table_of_lines(rows: FormRows) -> FormTable:
    """Return the table whose columns are periods."""
    form, table = rows.form, rows.start()
    slots = slots_of(form, rows.records, rows.style)
    # A total beside its part, where the two are not printed in one cell.
    beside = form.printed_as == BY_ITEM and bool(form.fractions) and not rows.paired
    table.add((LABEL,), "label")
    for slot in slots:
        table.add(column_of(slot, form, rows.style, alone=len(slots) == 1), "figure")
        if beside:
            table.add((OUT_OF,), "figure")
    lines = []
    for agency, by_slot in (rows.by_agency() or {"": {}}).items():
        for line in _lines(rows, {code for *_, code in by_slot}):
            names = [line.name, *([form.fractions[line.name]] if beside else [])]
            keys = [(*_slot_of(slot, form, line.code), line.code) for slot in slots]
            cells = _cells_at(rows, map(by_slot.get, keys), names)
            table.rows.append([*rows.lead(line.serial, agency, line.label), *cells])
            lines.append(line._replace(serial=line.serial if line.serial == "-" else ""))
    counted = [True] * table.kinds.count("figure")
    if all(form.kinds[line.name] == "count" for line in lines):
        _add_totals_of_agencies(table, rows, lines, counted)
    return table


def _cells_at(
    rows: FormRows, records: Iterable[Record | None], names: Sequence[str]
) -> list[FormCell]:
    return [rows.cell(one, name) if one else EMPTY for one in records for name in names]


def _slot_of(slot: Slot, form: Form, code: str) -> Slot:
    own = form.row_basis.get(code)
    return (slot[0], own) if own and slot[1] == form.basis else slot


def _lines(rows: FormRows, there: set[str]) -> Iterator[FormLine]:
    """Yield the lines of one agency: those whose row is there, all of a blank form."""
    form = rows.form
    if form.printed_as == BY_FIGURE:
        for number, name in enumerate(form.figures, 1):
            yield FormLine(str(number), form.headings[name][-1], "", name)
        return
    total, *courses = form.figures
    asked = form.rows_between(*rows.style.days) if rows.style.blank else there
    codes = [code for code in form.rows if code in asked]
    for number, code in enumerate(codes, 1):
        yield FormLine(str(number), form.rows[code].vi, code, total)
        if form.printed_as == BY_COURSE:
            yield from (FormLine("-", form.headings[name][-1], code, name) for name in courses)


def slots_of(form: Form, records: Iterable[Record], style: Style) -> list[Slot]:
    """Return the periods and bases that a table has columns for, in their printed order."""
    year, usual = style.period.year, style.usual_slot(form)
    if style.blank and form.by_quarter:
        quarters = [(pd.Period(f"{year}Q{number}", "Q-DEC"), IN_PERIOD) for number in range(1, 5)]
        return [(style.year_before, YEAR_TO_DATE), *quarters, (style.period, YEAR_TO_DATE)]
    if form.row_basis:  # one column holds figures of several bases
        return [usual]
    slots = {(record["period"], record["basis"]) for record in records}

    def place(slot: Slot) -> tuple[bool, bool, pd.Period]:
        return slot[0].year == year, slot[1] == YEAR_TO_DATE, slot[0]

    return sorted(slots or {usual}, key=place)


def column_of(slot: Slot, form: Form, style: Style, *, alone: bool) -> tuple[str, ...]:
    """Return the headings of the column of a period.

    Examples
    --------
    >>> from cchc_stats.forms import find_form
    >>> style = Style(pd.Period("2020Q3", "Q-DEC"), "in_period")
    >>> before = (pd.Period("2019Q4", "Q-DEC"), "year_to_date")
    >>> column_of(before, find_form("training"), style, alone=False)
    ('Năm trước',)
    """
    quarter, basis = slot
    if alone and slot == style.usual_slot(form):
        return (COUNT,)
    whole_year = AS_OF if form.basis == AS_OF else YEAR_TO_DATE
    if slot == (style.year_before, whole_year):
        return (YEAR_BEFORE,)
    if basis == YEAR_TO_DATE:
        if quarter != style.period:
            return (label_period(quarter, basis),)
        return (TO_DATE,) if alone else (THIS_YEAR, SUM)
    name = label_period(quarter)
    if quarter.year != style.period.year:
        return (name,)
    return (THIS_YEAR, name.partition("/")[0])


# --- what is to be known of the ledger ------------------------------------------------------------


def quality_tables(quality: pd.DataFrame | None) -> list[FormTable]:
    """Return what `ledger_quality` found as a table: what, how many, an example; [] of None.

    Examples
    --------
    >>> found = pd.DataFrame({"check": ["lost"], "count": [3], "share": [1.5], "example": [""]})
    >>> [cell.text for cell in quality_tables(found)[0].rows[0]]
    ['1', 'hồ sơ đang mở không còn trong bản xuất sau', '3', '1,5', '']
    """
    if quality is None:
        return []
    table = FormTable(text("section", "ledger", lang="vi"), [(SERIAL,)], ["serial"])
    for heading, kind in (("Điều cần biết", "label"), ("Số dòng", "figure"), ("%", "figure")):
        table.add((heading,), kind)
    table.add(("Ví dụ",), "note")
    for number, row in enumerate(ledger_section(quality, lang="vi").rows, 1):
        cells = (str(number), row["what"], row["count"], row["share"], row["example"])
        table.rows.append([*map(FormCell, cells)])
    return [table]


# --- headings as merged cells ---------------------------------------------------------------------


class HeadingSpan(NamedTuple):
    """A heading and the cells that it covers, all numbers from 0."""

    top: int
    left: int
    bottom: int
    right: int
    text: str

    @property
    def is_merged(self) -> bool:
        """Return whether it covers more than one cell."""
        return (self.top, self.left) != (self.bottom, self.right)


def heading_spans(headings: Sequence[tuple[str, ...]]) -> Iterator[HeadingSpan]:
    """Yield the headings from the top down and from the left to the right.

    What stands side by side under one word is one cell.

    Parameters
    ----------
    headings : for each column its headings, top first; a shorter path reaches down to the figures.

    Examples
    --------
    >>> paths = [("TT",), ("Tiếp nhận", "Tổng"), ("Tiếp nhận", "Mới")]
    >>> [tuple(span) for span in heading_spans(paths)]
    [(0, 0, 1, 0, 'TT'), (0, 1, 0, 2, 'Tiếp nhận'), (1, 1, 1, 1, 'Tổng'), (1, 2, 1, 2, 'Mới')]
    """
    depth = max(map(len, headings))
    for level in range(depth):
        left = 0
        while left < len(headings):
            path = headings[left]
            right = left
            if len(path) > level:
                top = path[: level + 1]
                while right + 1 < len(headings) and headings[right + 1][: level + 1] == top:
                    right += 1
                is_last = len(path) == level + 1
                yield HeadingSpan(level, left, depth - 1 if is_last else level, right, path[level])
            left = right + 1
