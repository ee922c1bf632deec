"""Old workbooks (.xls), read by calamine in a process with bounds of its own."""

from __future__ import annotations

from cchc_stats.reading.files.bounded_process import told_by
from cchc_stats.reading.files.document import MOST_CELLS, Blocks
from cchc_stats.reading.files.sheets import Range, SheetCell, add_sheet, plain

SECONDS = 8


def read_xls(data: bytes, blocks: Blocks) -> None:
    """Add an old workbook's tables; its number formats are not told by the file's reader."""
    sheets = told_by(
        "xls", data, blocks.file, what="the old workbook", seconds=SECONDS, most=MOST_CELLS
    )
    for sheet in sheets:
        name = sheet["name"]
        if sheet["cells"] is None:
            blocks.note(f"trang tính '{name}' không có ô: không đọc")
            continue
        if not sheet["visible"]:
            blocks.note(f"trang tính '{name}' bị ẩn; vẫn được đọc")
        cells = {
            (row, column): SheetCell(plain(text) if kind == "number" else text)
            for row, column, kind, text in sheet["cells"]
            if text.strip()
        }
        add_sheet(name, cells, [Range(*one) for one in sheet["merged"]], blocks)
    blocks.note("tệp .xls: đọc giá trị lưu, không theo định dạng số (13,3% đọc là 0,133)")
