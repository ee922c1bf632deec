"""Runs alone, as a program: the cells of an old workbook as JSON.

See `bounded_process`. The compiled reader never comes to an end on some damaged
files, and takes what memory there is on others.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import sys
from typing import Any


def main() -> None:
    """Write {"told": sheets}, or {"error": …}."""
    bytes_, most = int(sys.argv[1]), int(sys.argv[2])
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (bytes_, bytes_))
    except (ImportError, ValueError, OSError):
        pass  # not on this system: the time limit remains
    try:
        answer: dict[str, Any] = {"told": _sheets(sys.stdin.buffer.read(), most)}
    # A panic of the compiled reader is no Exception.
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


if __name__ == "__main__":
    main()
