"""Old workbooks (.xls), read by xlrd in a process with bounds of its own."""

from __future__ import annotations

from typing import Any

from cchc_stats.reading.files.bounded_process import read_by_program
from cchc_stats.reading.files.document import (
    CELLS,
    HIDDEN,
    LOWERED,
    RAISED,
    STRUCK,
    Blocks,
    Unseen,
    kept_text,
)
from cchc_stats.reading.files.sheets import (
    FAILED,
    NO_VALUE,
    Range,
    SheetCell,
    add_sheet,
    cell_of,
    printed,
    tell_hidden,
)

_UNSEEN = ("", STRUCK, HIDDEN)  # as the process with the workbook numbers them
_SHIFTED = {1: RAISED, 2: LOWERED}


def read_xls(data: bytes, blocks: Blocks) -> None:
    """Add an old workbook's tables, each cell as its format prints it."""
    sheets = read_by_program(
        "xls",
        data,
        blocks.budget,
        what="the old workbook",
        most=CELLS,
    )
    for sheet in sheets:
        name = sheet["name"]
        if not sheet["visible"]:
            blocks.warn(f"trang tính '{name}' bị ẩn; vẫn được đọc")
        rows, columns = sheet["hidden"]
        tell_hidden(name, rows, columns, blocks)
        read = (
            ((row, column), _cell(*stored, date1904=sheet["date1904"]))
            for row, column, *stored in sheet["cells"]
        )
        cells = {place: cell for place, cell in read if cell is not None}
        add_sheet(name, cells, [Range(*one) for one in sheet["merged"]], blocks)


def _cell(
    kind: str, value: str, code: str, look: int, runs: list[Any], *, date1904: bool
) -> SheetCell | None:
    unseen = _UNSEEN[look]
    if kind == "number":
        return cell_of(*printed(value, code, date1904=date1904), unseen=unseen)
    if kind == "error":
        return SheetCell(value, FAILED)
    if runs and not value:
        return SheetCell("", NO_VALUE)  # an empty text is stored by formulas alone
    pieces = [text.translate(_SHIFTED.get(shift, {})) for text, gone, shift in runs if not gone]
    lost = [Unseen(_UNSEEN[gone], text) for text, gone, _ in runs if gone]
    return cell_of(*kept_text("".join(pieces) if runs else value, lost), unseen=unseen)
