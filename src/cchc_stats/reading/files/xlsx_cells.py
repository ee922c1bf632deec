"""The cells of one sheet of a workbook, streamed: only what holds something is kept."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from lxml import etree

from cchc_stats.reading.files.blocks import MOST_CELLS
from cchc_stats.reading.files.docx_text import LOWERED, RAISED
from cchc_stats.reading.files.sheet_tables import Range, SheetCell
from cchc_stats.reading.files.xlsx_formats import printed
from cchc_stats.reading.files.zip_guard import MARKS, Package
from cchc_stats.words import ReadError

X = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_CELL, _ROW, _VALUE, _FORMULA, _INLINE = X + "c", X + "row", X + "v", X + "f", X + "is"
_TEXT = X + "t"
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
# The tags a sheet is made of: any others in such numbers are no sheet.
_USUAL = (b"</", b"<c", b"<v", b"<row", b"<f", b"<is", b"<t")


@dataclass(frozen=True)
class Book:
    """What the sheets of a workbook share."""

    strings: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()  # by style number
    date1904: bool = False


@dataclass
class Sheet:
    """One sheet as stored: what is empty is not there."""

    cells: dict[tuple[int, int], SheetCell] = field(default_factory=dict)
    merged: list[Range] = field(default_factory=list)
    hidden_rows: int = 0
    hidden_columns: int = 0


def read_sheet(package: Package, part: str, book: Book) -> Sheet:
    """Return a sheet's cells that hold something, and its merged ranges."""
    data = package.xml_bytes(part)
    where = f"{package.file}, part {part}"
    if data.count(b"<") - sum(data.count(tag) for tag in _USUAL) > MARKS:
        raise ReadError("the sheet is larger than any report", where=where, mend="split it")
    sheet = Sheet()
    hidden: list[tuple[int, int]] = []
    row, column, used = 0, -1, 0  # of the next cell that does not name its place
    for element in streamed(package, part, data, [_CELL, _ROW, X + "mergeCell", X + "col"]):
        tag = element.tag
        if tag == _CELL:
            row, column = _position(element, row, column + 1)
            if len(element) and (cell := _cell(element, book)) is not None:
                sheet.cells[row, column] = cell
                if len(sheet.cells) > MOST_CELLS:
                    raise ReadError(
                        f"the sheet has more than {MOST_CELLS:,} cells",
                        where=where,
                        mend="an export of dossiers is no report",
                    )
        elif tag == _ROW:
            sheet.hidden_rows += _is_hidden(element) and len(sheet.cells) > used
            row, column = _number(element.get("r"), row + 1), -1
            used = len(sheet.cells)
        elif tag == X + "col":
            if _is_hidden(element):
                hidden.append((_number(element.get("min"), 1), _number(element.get("max"), 1)))
        elif (merged := _range(element.get("ref", ""))) is not None:
            sheet.merged.append(merged)
    used_columns = {column for _, column in sheet.cells}
    sheet.hidden_columns = sum(
        any(first <= column + 1 <= last for first, last in hidden) for column in used_columns
    )
    return sheet


def streamed(
    package: Package, part: str, data: bytes, tags: Sequence[str]
) -> Iterator[etree._Element]:
    """Yield the elements of some tags from a part's bytes, each forgotten after its turn."""
    events = etree.iterparse(
        io.BytesIO(data),
        tag=tags,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        for _, element in events:
            yield element
            element.clear()
            parent = element.getparent()
            while parent is not None and element.getprevious() is not None:
                del parent[0]
    except etree.XMLSyntaxError as error:
        raise package.corrupt(part, error) from error


def _cell(element: etree._Element, book: Book) -> SheetCell | None:
    """Return a cell as its format prints it, None where it holds nothing."""
    value: str | None = None
    formula = False
    kind = element.get("t", "n")
    for child in element:
        if child.tag == _VALUE:
            value = child.text
        elif child.tag == _FORMULA:
            formula = True
        elif child.tag == _INLINE:
            value = string_text(child)
    if value is None:
        if formula and kind != "str":
            return SheetCell("", "công thức không có giá trị lưu")
        return None
    if kind == "n":
        style = _number(element.get("s"), 0)
        code = book.formats[style] if style < len(book.formats) else "General"
        return SheetCell(*printed(value, code, date1904=book.date1904))
    if kind == "s":
        value = book.strings[_shared(value, book.strings)]
    elif kind == "b":
        value = "TRUE" if value.strip() == "1" else "FALSE"
    elif kind == "e":
        return SheetCell(value, "công thức báo lỗi")
    elif kind == "d":
        day, _, clock = value.partition("T")
        value = "/".join(reversed(day.split("-")))
        value += f" {clock[:5]}" if clock and clock[:5] != "00:00" else ""
    else:
        value = unescape(value)
    return SheetCell(value) if value.strip() else None


def _shared(index: str, strings: Sequence[str]) -> int:
    if not index.strip().isdecimal() or int(index) >= len(strings):
        raise ValueError(f"a cell asks for text {index!r} of {len(strings)}")
    return int(index)


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 9 else otherwise


def _is_hidden(element: etree._Element) -> bool:
    return element.get("hidden") in ("1", "true")


def _position(element: etree._Element, row: int, column: int) -> tuple[int, int]:
    """Return the place a cell names; without one, the place after the last."""
    found = _REFERENCE.fullmatch(element.get("r", ""))
    return (int(found[2]) - 1, _column(found[1])) if found else (row, column)


@lru_cache(maxsize=1024)
def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _range(reference: str) -> Range | None:
    first, _, last = reference.partition(":")
    begin, end = _REFERENCE.fullmatch(first), _REFERENCE.fullmatch(last or first)
    if begin is None or end is None:
        return None
    rows = sorted((int(begin[2]) - 1, int(end[2]) - 1))
    columns = sorted((_column(begin[1]), _column(end[1])))
    return Range(rows[0], columns[0], rows[1], columns[1])


def string_text(item: etree._Element) -> str:
    """Return a string's text over its runs; raised and lowered figures stay apart from others."""
    if len(item) == 1 and item[0].tag == _TEXT:
        return unescape(item[0].text or "")
    pieces = [item.findtext(_TEXT) or ""]
    for run in item.iterfind(f"{X}r"):
        text = run.findtext(_TEXT) or ""
        vertical = run.find(f"{X}rPr/{X}vertAlign")
        kind = "" if vertical is None else vertical.get("val", "")
        table = {"superscript": RAISED, "subscript": LOWERED}.get(kind)
        pieces.append(text.translate(table) if table else text)
    return unescape("".join(pieces))


def unescape(text: str) -> str:
    """Return a text without the carriage returns that Excel writes as _x000D_."""
    return text.replace("_x000D_", "") if "_x" in text else text
