"""Forms that print a column for each figure, a row for each sector, category or report."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from cchc_stats.forms import FormModel
from cchc_stats.publishing.form.cells import (
    EMPTY,
    At,
    Cell,
    Draft,
    FormRows,
    FormTable,
    Record,
    plain,
)

WHOLE = "all"
BLANK_ROWS = 10  # of a form whose rows have free names
NOTE, TOTAL = "Ghi chú", "Tổng cộng"


def table_of_columns(rows: FormRows) -> FormTable:
    """Return the table whose columns are the form's own."""
    form = rows.form
    draft = rows.start()
    if form.row:
        draft.add(form.headings[form.row], "label")
    names = [name for name in form.columns if _is_printed(rows, name)]
    for name in names:
        draft.add(form.headings[name], "figure" if name in form.figures else "note")
    first = len(draft.kinds) - len(names)
    is_late = any(record["period"] != rows.style.period for record in rows.records)
    if is_late:
        draft.add((NOTE,), "note")
    # Where rows are fixed, the whole is one of them; elsewhere it is the row of totals.
    free = bool(form.row) and not form.rows
    whole = [one for one in rows.records if free and one[form.row] == WHOLE]
    parts = [one for one in rows.records if not (free and one[form.row] == WHOLE)]
    for number, record in enumerate(parts, 1):
        label = form.row_label(record[form.row]) if form.row else None
        lead = rows.lead(str(number), record["agency"], label)
        note = [Cell(_until(rows, record))] if is_late else []
        draft.rows.append(
            [*lead, *_figures(rows, record, names, At(len(draft.rows), first)), *note]
        )
    if rows.style.blank:
        _empty_rows(rows, draft, len(names))
    elif form.wholes.get(form.row):
        _totals(rows, draft, whole, names, first, is_late=is_late)
    return draft.finish(form)


def _is_printed(rows: FormRows, name: str) -> bool:
    """Return whether a column is there: one that not every layout has, only where it says."""
    form = rows.form
    if name in FormModel.__annotations__ or name == form.row or name in rows.paired:
        return False
    return name not in form.optional or any(
        pd.notna(one.get(name)) or name in rows.dashes(one) for one in rows.records
    )


def _figures(rows: FormRows, record: Record, names: Sequence[str], start: At) -> list[Cell]:
    """Return the cells of a row; a total knows the cells that it is the sum of."""
    cells = []
    for name in names:
        cell = rows.cell(record, name)
        if cell.number is not None and (parts := _parts(rows, record, name, names)):
            adds = tuple(At(start.row, start.column + names.index(part)) for part in parts)
            cell = cell._replace(adds=adds)
        cells.append(cell)
    return cells


def _parts(rows: FormRows, record: Record, name: str, names: Sequence[str]) -> tuple[str, ...]:
    """Return the columns whose sum a figure is, by the first identity that holds in the row.

    A total that its parts do not make up is printed as it is: nothing is repaired.
    """
    for identity in rows.form.identities:
        if identity.total != name or identity.op != "=":
            continue
        parts = [*identity.parts, *(one for one in identity.where_given if one in names)]
        if any(part not in names for part in parts):
            continue
        figures = [record[part] for part in parts]
        if not any(map(pd.isna, figures)) and sum(figures) == record[name]:
            return tuple(parts)
    return ()


def _totals(
    rows: FormRows,
    draft: Draft,
    whole: Sequence[Record],
    names: Sequence[str],
    first: int,
    *,
    is_late: bool,
) -> None:
    """Add the row of totals: as stated, else the sums of two rows or more."""
    after = [EMPTY] * is_late
    several = len(draft.rows) > 1
    for record in whole:
        lead = rows.lead("", record["agency"], TOTAL)
        cells = _figures(rows, record, names, At(len(draft.rows), first))
        draft.rows.append([*lead, *cells, *after])
        draft.has_total = True
    if whole or not several:
        return
    sums = [
        _sum(draft.rows, column, rows.style.digits) for column in range(first, first + len(names))
    ]
    draft.rows.append([*rows.lead("", "", TOTAL), *sums, *after])
    draft.has_total = True


def _sum(above: Sequence[Sequence[Cell]], column: int, digits: int) -> Cell:
    """Return the sum of the cells above; nothing where one has not been reported."""
    known = [row[column] for row in above if row[column].text != "-"]
    figures = [one.number for one in known if one.number is not None]
    if not known or len(figures) < len(known):
        return EMPTY
    number = sum(figures)
    adds = tuple(At(row, column) for row in range(len(above)))
    return Cell(plain(number, digits), number, digits, adds)


def _until(rows: FormRows, record: Record) -> str:
    """Return the note of a stock that is known of an earlier quarter only."""
    quarter = record["period"]
    if quarter == rows.style.period:
        return ""
    return f"Số liệu tính đến tháng {3 * quarter.quarter}/{quarter.year}"


def _empty_rows(rows: FormRows, draft: Draft, width: int) -> None:
    form = rows.form
    labels = [label.vi for label in form.rows.values()] or [""] * (BLANK_ROWS if form.row else 1)
    for number, label in enumerate(labels, 1):
        lead = rows.lead(str(number), "", label if form.row else None)
        draft.rows.append([*lead, *[EMPTY] * width])
