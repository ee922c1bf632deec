"""The real quarter's tables, read from its folder with as little code as can be.

Only plain cells occur there ("06", "2/3", "-", empty), so that what is tested with these tables
does not hang on how documents are read.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pandas as pd

from cchc_stats.forms import FORMS, Form, validate

FOLDER = Path(__file__).parents[1] / "data" / "binh-dinh-skhcn-2020q3"
DOCUMENT = FOLDER.with_suffix(".docx")
AGENCY = "Sở Khoa học và Công nghệ tỉnh Bình Định"
WHOLE_OF = {"count": "of", "procedures": "procedures_of"}


@cache
def seed_document():
    """Return the report as a document: the printed tables, and prose that states its figures."""
    from cchc_stats.reading.files import read_document

    return read_document(DOCUMENT)


def seed_paragraphs() -> list:
    """Return the paragraphs of that document."""
    return list(seed_document().paragraphs)


def seed_tables() -> dict[str, pd.DataFrame]:
    """Return every form of the report, validated, each row with its place as source."""
    return {code: frame.copy() for code, frame in _read().items()}


@cache
def _read() -> dict[str, pd.DataFrame]:
    # Forms of later years are in no report of 2020.
    there = [form for form in FORMS if (FOLDER / f"{form.code}.csv").is_file()]
    return {form.code: validate(_table(form), form) for form in there}


def _table(form: Form) -> pd.DataFrame:
    cells = pd.read_csv(FOLDER / f"{form.code}.csv", dtype="str", keep_default_na=False)
    rows = [_row(record, form) for record in cells.to_dict("records")]
    table = pd.DataFrame(rows)
    for name in form.figures:
        if name in table:
            table[name] = table[name].astype("Float64" if form.kinds[name] == "amount" else "Int64")
    return table


def _row(cells: Mapping[str, str], form: Form) -> dict[str, object]:
    row: dict[str, object] = {"agency": AGENCY, "period": cells["period"], "basis": cells["basis"]}
    row["source"] = f"{cells['section']}; {cells['table']}; {cells['row']}"
    dashes = []
    for name, cell in cells.items():
        if name in form.figures:
            number, _, whole = cell.partition("/")
            if cell == "-":
                dashes.append(name)
            row.setdefault(name, int(number) if number.isdigit() else pd.NA)
            if whole:
                row[WHOLE_OF[name]] = int(whole)
        elif name == form.row or name == "decision":
            row[name] = cell
        elif name in ("decided_on", "window_start", "window_end"):
            row[name] = pd.to_datetime(cell, dayfirst=name == "decided_on") if cell else pd.NaT
    return row | {"not_applicable": " ".join(dashes)}
