"""Readers that may not end, or take all memory, run in a process with bounds of its own.

This module is both its caller and, run alone by its path, the program: it gets a file on standard
input and writes {"told": …} or {"error": …} as JSON to standard output. Damaged old workbooks bring
their compiled reader to no end; what is lost with the process is one file.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import signal
import subprocess
import sys
from typing import Any

MEMORY = 400_000_000  # bytes
SECONDS_PER_PAGE = 5


def told_by(kind: str, data: bytes, file: str, *, what: str, seconds: int, most: int) -> Any:
    """Return what the program tells of a file.

    Parameters
    ----------
    kind : xls or pdf.
    what : how a refusal calls the file: "the old workbook".
    seconds : how long it may take.
    most : cells or pages.

    Raises
    ------
    ReadError
        It does not end, takes more memory, or cannot read the file.
    """
    from cchc_stats.words import ReadError  # the program has nothing of the package

    # -P: the modules beside the program are none of its own.
    command = [sys.executable, "-P", __file__, kind, str(most)]
    mend = "open it in its program and save it as .xlsx or .docx"
    try:
        done = subprocess.run(
            command, input=data, capture_output=True, timeout=seconds, check=False
        )
        answer = json.loads(done.stdout)
    except subprocess.TimeoutExpired as error:
        raise ReadError(
            f"{what} is damaged: reading it does not come to an end", where=file, mend=mend
        ) from error
    except ValueError as error:
        raise ReadError(
            f"{what} is damaged, or takes more time or memory than any report",
            where=file,
            mend=f"{mend}; delete stray cells far outside the tables",
        ) from error
    if "error" in answer:
        raise ReadError(f"{what} cannot be read: {answer['error']}", where=file, mend=mend)
    return answer["told"]


def main() -> None:
    """Write what the file holds, {"told": …}, or {"error": …}."""
    read = {"xls": _sheets, "pdf": _pages}[sys.argv[1]]
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    except (ImportError, ValueError, OSError):
        pass  # not on this system: the time limit remains
    try:
        answer: dict[str, Any] = {"told": read(sys.stdin.buffer.read(), int(sys.argv[2]))}
    # Whatever parsing a damaged file runs into; a panic of a compiled reader is no Exception.
    except BaseException as error:
        answer = {"error": str(error) or type(error).__name__}
    json.dump(answer, sys.stdout)


def _sheets(data: bytes, most: int) -> list[dict[str, Any]]:
    import python_calamine

    book = python_calamine.CalamineWorkbook.from_object(io.BytesIO(data))
    sheets = []
    for meta in book.sheets_metadata:
        told: dict[str, Any] = {
            "name": meta.name,
            "cells": None,
            "visible": "Visible" in str(meta.visible),
        }
        sheets.append(told)
        if "WorkSheet" not in str(meta.typ):
            continue
        sheet = book.get_sheet_by_name(meta.name)
        first = (sheet.start or (0, 0))[0]
        told["cells"] = cells = [
            (row, column, *_tagged(value))
            for row, values in enumerate(sheet.iter_rows(), start=first)
            for column, value in enumerate(values)
            if value != ""
        ]
        told["merged"] = [(*begin, *end) for begin, end in sheet.merged_cell_ranges or ()]
        most -= len(cells)
        if most < 0:
            raise ValueError("it has more cells than any report")
    return sheets


def _tagged(value: Any) -> tuple[str, str]:
    if isinstance(value, bool):
        return "text", "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return "number", repr(value)
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time()
        return "text", value.strftime("%d/%m/%Y" if midnight else "%d/%m/%Y %H:%M")
    if isinstance(value, dt.date):
        return "text", value.strftime("%d/%m/%Y")
    return "text", str(value)


def _pages(data: bytes, most: int) -> list[list[Any]]:
    _be_quick()
    import pdfplumber

    with pdfplumber.open(io.BytesIO(data)) as pdf:
        if len(pdf.pages) > most:
            raise ValueError(f"it has {len(pdf.pages):,} pages, more than {most}; split it")
        pages = []
        for page in pdf.pages:
            _be_quick()
            pages.append(_parts(page))
            page.close()
        return pages


def _be_quick() -> None:
    # The signal ends the process: nothing here can catch it.
    if hasattr(signal, "alarm"):
        signal.alarm(SECONDS_PER_PAGE)


def _parts(page: Any) -> list[Any]:
    """Return a page's tables and the lines outside them, from top to bottom."""
    found = page.find_tables()
    outside = page
    for table in found:
        outside = outside.outside_bbox(table.bbox, strict=False)
    parts = [
        (table.bbox[1], [[text or "" for text in row] for row in table.extract()])
        for table in found
    ]
    parts += [(line["top"], line["text"]) for line in outside.extract_text_lines()]
    return [part for _, part in sorted(parts, key=lambda one: one[0])]


if __name__ == "__main__":
    main()
