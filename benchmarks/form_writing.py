"""`write_form` beside python-docx and openpyxl that only put the same cells into a file."""

from __future__ import annotations

import random
import tempfile
import time
from pathlib import Path

import docx
import openpyxl
import pandas as pd
from reading import rows_of
from timing import Comparison, side_by_side

from cchc_stats.forms import FORMS, validate
from cchc_stats.publishing import write_form
from cchc_stats.publishing.form.tables import FormTable, Style, form_tables

AGENCIES = 30
PERIOD = pd.Period("2020Q3", "Q-DEC")
FILLED = ("basis", "not_applicable", "source")  # by `validate`


def comparisons() -> list[Comparison]:
    tables = synthetic_tables()
    agencies = [f"Sở Giả Định {number}" for number in range(AGENCIES)]
    described = form_tables(tables, Style(PERIOD, "in_period"), agencies=agencies)
    cells = sum(len(table.rows) * len(table.headings) for table in described)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        return [
            side_by_side(
                f"write_form {suffix}, {AGENCIES} agencies × {len(FORMS)} forms, {cells:,} cells ÷ "
                f"{library} putting the same cells",
                lambda suffix=suffix: write_form(tables, folder / f"a.{suffix}", period=PERIOD),
                lambda by_hand=by_hand: by_hand(folder / "b", described),
                rounds=5,
                target=target,
                clock=time.process_time,  # waiting for the disk is another matter
            )
            for suffix, library, by_hand, target in (
                ("docx", "python-docx", docx_by_hand, 1.2),
                ("xlsx", "openpyxl", xlsx_by_hand, 1.4),
            )
        ]


def synthetic_tables() -> dict[str, pd.DataFrame]:
    tables = {}
    for form in FORMS:
        rows = [
            {"agency": f"Sở Giả Định {number}", "period": PERIOD} | row
            for number in range(AGENCIES)
            for row in rows_of(form, random.Random(number))
        ]
        frame = pd.DataFrame(rows)
        for column in form.columns:
            kind = form.kinds[column]
            if column not in (*frame, *FILLED) and kind in ("text", "time"):
                frame[column] = pd.NaT if kind == "time" else pd.NA
        if form.code == "positions":
            frame["basis"] = "as_of"
            frame.loc[frame["item"] == "people_trained", "basis"] = "in_period"
        tables[form.code] = validate(frame, form)
    return tables


def docx_by_hand(path: Path, described: list[FormTable]) -> None:
    document = docx.Document()
    for table in described:
        document.add_paragraph(table.title)
        grid = document.add_table(len(table.rows) + 1, len(table.headings), style="Table Grid")
        rows = [row.cells for row in grid.rows]
        for cell, path_of in zip(rows[0], table.headings, strict=True):
            cell.text = path_of[-1]
        for cells, printed in zip(rows[1:], table.rows, strict=True):
            for cell, one in zip(cells, printed, strict=True):
                cell.text = one.text
    document.save(str(path))


def xlsx_by_hand(path: Path, described: list[FormTable]) -> None:
    book = openpyxl.Workbook()
    for number, table in enumerate(described):
        sheet = book.create_sheet(f"{number}")
        sheet.append([table.title])
        sheet.append([path_of[-1] for path_of in table.headings])
        for printed in table.rows:
            sheet.append([one.text if one.number is None else one.number for one in printed])
    book.save(path)
