"""Workbooks: each sheet's cells as their formats print them, straight from the XML.

Read once: formulas and the values saved with them stand side by side in the file, and empty cells
that only carry a format cost nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from cchc_stats.reading.files.blocks import Blocks
from cchc_stats.reading.files.sheet_tables import add_sheet
from cchc_stats.reading.files.xlsx_cells import Book, X, read_sheet, streamed, string_text
from cchc_stats.reading.files.xlsx_formats import BUILT_IN
from cchc_stats.reading.files.zip_guard import Package

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def read_xlsx(data: bytes, blocks: Blocks) -> None:
    """Add a workbook's tables and the lines between them, sheet after sheet."""
    package = Package(data, blocks.file)
    main = package.main_part("xl/workbook.xml")
    related = package.related(main)
    workbook = package.xml(main)
    sheets = {id_: part for id_, part in related.get("worksheet", ())}
    book = _book(package, workbook, related, blocks)
    for entry in workbook.iterfind(f"{X}sheets/{X}sheet"):
        name, part = entry.get("name", ""), sheets.get(entry.get(_RELATION, ""))
        if part is None:
            blocks.note(f"trang tính '{name}' không có ô (biểu đồ hoặc bị thiếu): không đọc")
            continue
        sheet = read_sheet(package, part, book)
        if entry.get("state", "visible") != "visible":
            blocks.note(f"trang tính '{name}' bị ẩn; vẫn được đọc")
        if sheet.hidden_rows or sheet.hidden_columns:
            blocks.note(
                f"trang tính '{name}' có {sheet.hidden_rows} hàng và {sheet.hidden_columns} cột "
                "bị ẩn; vẫn được đọc"
            )
        add_sheet(name, sheet.cells, sheet.merged, blocks)
    if any("/drawings/" in name or "/charts/" in name for name in package.names):
        blocks.note("có hình vẽ, biểu đồ: không đọc")
    if any("/comments" in name for name in package.names):
        blocks.note("có lời nhận xét (comment): không đọc")


def _book(
    package: Package,
    workbook: etree._Element,
    related: Mapping[str, list[tuple[str, str]]],
    blocks: Blocks,
) -> Book:
    strings: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    if targets := related.get("sharedStrings"):
        part = targets[0][1]
        items = streamed(package, part, package.xml_bytes(part), [f"{X}si"])
        strings = tuple(string_text(one) for one in items)
    if targets := related.get("styles"):
        part = targets[0][1]
        data = package.xml_bytes(part)
        blocks.legacy.look_at_fonts(data)
        formats = _formats(package.parsed(part, data))
    properties = workbook.find(f"{X}workbookPr")
    old = properties is not None and properties.get("date1904") in ("1", "true")
    return Book(strings, formats, old)


def _formats(styles: etree._Element) -> tuple[str, ...]:
    own = {
        one.get("numFmtId", ""): one.get("formatCode", "General")
        for one in styles.iterfind(f"{X}numFmts/{X}numFmt")
    }
    ids = [one.get("numFmtId", "0") for one in styles.iterfind(f"{X}cellXfs/{X}xf")]
    return tuple(
        own.get(id_) or BUILT_IN.get(int(id_) if id_.isdecimal() else 0, "General") for id_ in ids
    )
