"""OpenDocument sheets (.ods)."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from cchc_stats.reading.files.document import MOST_CELLS, Blocks
from cchc_stats.reading.files.package import SAVE_AGAIN, Package
from cchc_stats.reading.files.sheets import Range, SheetCell, add_sheet
from cchc_stats.words import ReadError

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_PRINTED = frozenset({_TEXT + name for name in ("p", "h")})


def read_ods(data: bytes, blocks: Blocks) -> None:
    """Add an OpenDocument sheet's tables: each cell keeps the text that is printed."""
    package = Package(data, blocks.file)
    _require_open(package)
    for table in package.xml("content.xml").iter(_TABLE + "table"):
        cells: dict[tuple[int, int], SheetCell] = {}
        merged: list[Range] = []
        row = 0
        for element in table.iter(_TABLE + "table-row"):
            repeated = _count(element, "number-rows-repeated")
            found = list(_ods_cells(element))
            if len(cells) + repeated * len(found) > MOST_CELLS:
                blocks.require_room(repeated, MOST_CELLS, f"hàng {row + 1}")
            for one in range(row, row + repeated if found else row):
                for column, down, along, text in found:
                    cells[one, column] = SheetCell(text)
                    if down > 1 or along > 1:
                        merged.append(Range(one, column, one + down - 1, column + along - 1))
            row += repeated
        add_sheet(table.get(_TABLE + "name", ""), cells, merged, blocks)


def _require_open(package: Package) -> None:
    """Refuse a file that is locked, or lacks its content."""
    manifest = "META-INF/manifest.xml"
    if manifest in package.names and b"encryption-data" in package.read(manifest):
        raise ReadError(
            "the file is locked with a password",
            where=package.file,
            mend="open it, remove the password and save it again",
        )
    if "content.xml" not in package.names:
        raise ReadError("the file lacks its content", where=package.file, mend=SAVE_AGAIN)


def _ods_cells(row: etree._Element) -> Iterator[tuple[int, int, int, str]]:
    """Return column, spans and text of the cells of a row that hold something."""
    column = 0
    for cell in row:
        if cell.tag not in (_TABLE + "table-cell", _TABLE + "covered-table-cell"):
            continue
        repeated = _count(cell, "number-columns-repeated")
        lines = ["".join(_ods_text(one)) for one in cell if one.tag in _PRINTED]
        if text := "\n".join(lines).strip():
            spans = _count(cell, "number-rows-spanned"), _count(cell, "number-columns-spanned")
            # Beyond what a sheet can hold, the bound on cells refuses it.
            for one in range(column, column + min(repeated, 20_000)):
                yield one, *spans, text
        column += repeated


def _ods_text(parent: etree._Element) -> Iterator[str]:
    yield parent.text or ""
    for child in parent:
        if child.tag == _TEXT + "s":
            yield " " * min(int(child.get(_TEXT + "c") or 1), 100)
        elif child.tag == _TEXT + "line-break":
            yield "\n"
        elif child.tag == _TEXT + "tab":
            yield "\t"
        elif not str(child.tag).startswith(_OFFICE):  # an annotation is no text of the cell
            yield from _ods_text(child)
        yield child.tail or ""


def _count(element: etree._Element, name: str) -> int:
    text = element.get(_TABLE + name, "1")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 1
