"""Forms that print a row for each figure or item, and a column for each period."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cchc_stats.publishing.form.cells import EMPTY, FormRows, FormTable, Record
from cchc_stats.publishing.form.slots import Slot, column_of, slots_of
from cchc_stats.words import AS_OF, IN_PERIOD

# One row an item, one row a course below its group of staff, or one row a figure.
ITEMS, COURSES, FIGURES = "items", "courses", "figures"
PRINTED_AS = {
    "appointments": ITEMS,
    "positions": ITEMS,
    "autonomy": ITEMS,
    "training": COURSES,
    "organisation": FIGURES,
    "inspections": FIGURES,
    "infrastructure": FIGURES,
}
LABEL, OUT_OF = "Nội dung", "Trên tổng số"


class Line(NamedTuple):
    """A line of the table: its number and words, the row's code and the figure it prints."""

    serial: str
    label: str
    code: str
    name: str


def table_of_lines(rows: FormRows) -> FormTable:
    """Return the table whose columns are periods."""
    form, style = rows.form, rows.style
    slots = slots_of(form, rows.records, style.period, style.basis, blank=style.blank)
    # A whole beside its part, where the two are not printed in one cell.
    is_itemised = PRINTED_AS[form.code] == ITEMS
    beside = is_itemised and bool(form.fractions) and not rows.paired
    draft = rows.start()
    draft.add((LABEL,), "label")
    for slot in slots:
        path = column_of(slot, form, style.period, style.basis, alone=len(slots) == 1)
        draft.add(path, "figure")
        if beside:
            draft.add((OUT_OF,), "figure")
    for agency in dict.fromkeys(record["agency"] for record in rows.records) or [""]:
        own = [record for record in rows.records if record["agency"] == agency]
        known = {(record["period"], record["basis"], _code(rows, record)): record for record in own}
        for line in _lines(rows, {_code(rows, record) for record in own}):
            cells = rows.lead(line.serial, agency, line.label)
            for slot in slots:
                record = known.get((*_slot_of(slot, line.code), line.code))
                names = [line.name, *([form.fractions[line.name]] if beside else [])]
                cells += [rows.cell(record, name) if record else EMPTY for name in names]
            draft.rows.append(cells)
    return draft.finish(form)


def _code(rows: FormRows, record: Record) -> str:
    return str(record[rows.form.row]) if rows.form.row else ""


def _slot_of(slot: Slot, code: str) -> Slot:
    # Units stand as of a day; among them, people are trained in a period.
    is_flow = code == "people_trained" and slot[1] == AS_OF
    return (slot[0], IN_PERIOD) if is_flow else slot


def _lines(rows: FormRows, there: set[str]) -> Sequence[Line]:
    """Return the lines of one agency: those whose row is there, all of a blank form."""
    form, printed = rows.form, PRINTED_AS[rows.form.code]
    if printed == FIGURES:
        names = enumerate(form.figures, 1)
        return [Line(str(at), form.headings[name][-1], "", name) for at, name in names]
    codes = [code for code in form.rows if code in there or rows.style.blank]
    lines = []
    total, *courses = form.figures
    for number, code in enumerate(codes, 1):
        lines.append(Line(str(number), form.rows[code].vi, code, total))
        if printed == COURSES:
            lines += [Line("-", form.headings[name][-1], code, name) for name in courses]
    return lines
