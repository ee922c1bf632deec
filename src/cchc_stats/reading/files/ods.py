"""OpenDocument sheets (.ods)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from lxml import etree

from cchc_stats.reading.files.document import (
    HIDDEN,
    LOWERED,
    RAISED,
    STRUCK,
    Blocks,
    Unseen,
    kept_text,
)
from cchc_stats.reading.files.package import SAVE_AGAIN, Package
from cchc_stats.reading.files.sheets import (
    FAILED,
    NO_VALUE,
    Range,
    SheetCell,
    add_sheet,
    cell_of,
    printed_beside,
    tell_hidden,
)
from cchc_stats.words import ReadError

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_FORMAT = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
_NUMBERS = ("float", "percentage", "currency")
_RAISED, _LOWERED = "raised", "lowered"
_SHIFTED = {_RAISED: RAISED, _LOWERED: LOWERED}
_PRINTED = frozenset({_TEXT + name for name in ("p", "h")})


def read_ods(data: bytes, blocks: Blocks) -> None:
    """Add an OpenDocument sheet's tables: each cell as it is printed."""
    package = Package(data, blocks.file)
    _require_open(package)
    data = package.xml_bytes("content.xml")
    blocks.budget.require("cells", data.count(b"<text:p>"))
    blocks.budget.require("rows", data.count(b"<table:table-row"))
    content = package.parsed("content.xml", data)
    roots = [content]
    if "styles.xml" in package.names:
        roots.append(package.xml("styles.xml"))
    looks = _looks(roots)
    for table in content.iter(_TABLE + "table"):
        _Sheet(table.get(_TABLE + "name", ""), looks, blocks).read(table)


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


def _looks(roots: Sequence[etree._Element]) -> dict[str, str]:
    """Return the styles whose text is struck out, hidden, raised or lowered: name -> which."""
    own: dict[str, str] = {}
    parents: dict[str, str] = {}
    for style in (one for root in roots for one in root.iter(_STYLE + "style")):
        name = style.get(_STYLE + "name", "")
        parents[name] = style.get(_STYLE + "parent-style-name", "")
        properties = style.find(_STYLE + "text-properties")
        if properties is not None and (look := _look(properties)) is not None:
            own[name] = look
        if not own.get(name) and _is_white(style, properties):
            own[name] = HIDDEN
    looks = {}
    for name in parents:
        one, steps = name, 0
        while one not in own and one in parents and steps < 20:  # a damaged file goes in circles
            one, steps = parents[one], steps + 1
        if look := own.get(one):
            looks[name] = look
    return looks


def _is_white(style: etree._Element, properties: etree._Element | None) -> bool:
    """Return whether a cell's text is white where nothing is painted behind it."""
    if properties is None or properties.get(_FORMAT + "color", "").lower() != "#ffffff":
        return False
    painted = style.find(_STYLE + "table-cell-properties")
    behind = "" if painted is None else painted.get(_FORMAT + "background-color", "")
    is_cell = style.get(_STYLE + "family") == "table-cell"
    return is_cell and behind in ("", "transparent", "#ffffff")


def _look(properties: etree._Element) -> str | None:
    """Return what a style makes of a text, "" for nothing and None where it does not say."""
    if properties.get(_TEXT + "display") == "none":
        return HIDDEN
    lines = [properties.get(f"{_STYLE}text-line-through-{name}") for name in ("style", "type")]
    if any(line not in (None, "none") for line in lines):
        return STRUCK
    position = properties.get(_STYLE + "text-position", "")
    if position.startswith(("sub", "-")):
        return _LOWERED
    if position and not position.startswith("0%"):
        return _RAISED
    return "" if position or any(lines) else None


class _Sheet:
    """Gathers the cells of one table that hold something."""

    def __init__(self, name: str, looks: Mapping[str, str], blocks: Blocks) -> None:
        self._name, self._looks, self._blocks = name, looks, blocks
        self._cells: dict[tuple[int, int], SheetCell] = {}
        self._merged: list[Range] = []
        self._hidden_rows = 0
        self._hidden_columns: set[int] = set()

    def read(self, table: etree._Element) -> None:
        """Add the tables of a sheet."""
        column = 0
        for one in table.iter(_TABLE + "table-column"):
            repeated = _count(one, "number-columns-repeated")
            if one.get(_TABLE + "visibility", "visible") != "visible":
                self._hidden_columns.update(range(column, column + min(repeated, 20_000)))
            column += repeated
        row = 0
        for element in table.iter(_TABLE + "table-row"):
            row += self._row(element, row)
        used = {column for _, column in self._cells}
        hidden = len(used & self._hidden_columns)
        tell_hidden(self._name, self._hidden_rows, hidden, self._blocks)
        add_sheet(self._name, self._cells, self._merged, self._blocks)

    def _row(self, element: etree._Element, row: int) -> int:
        """Take a row that may stand for several; return for how many."""
        repeated = _count(element, "number-rows-repeated")
        held = list(self._of_row(element))
        cells = len(self._cells) + repeated * len(held)
        self._blocks.budget.require("cells", cells, f"hàng {row + 1}")
        if not held:
            return repeated
        if element.get(_TABLE + "visibility", "visible") != "visible":
            self._hidden_rows += repeated
        for one in range(row, row + repeated):
            for column, down, along, cell in held:
                self._cells[one, column] = cell
                if down > 1 or along > 1:
                    self._merged.append(Range(one, column, one + down - 1, column + along - 1))
        return repeated

    def _of_row(self, row: etree._Element) -> Iterator[tuple[int, int, int, SheetCell]]:
        """Yield column, spans and text of the cells of a row that hold something."""
        column = 0
        for cell in row:
            if cell.tag not in (_TABLE + "table-cell", _TABLE + "covered-table-cell"):
                continue
            repeated = _count(cell, "number-columns-repeated")
            if (read := self._cell(cell)) is not None:
                spans = _count(cell, "number-rows-spanned"), _count(cell, "number-columns-spanned")
                # Beyond what a sheet can hold, the bound on cells refuses it.
                for one in range(column, column + min(repeated, 20_000)):
                    yield one, *spans, read
            column += repeated

    def _cell(self, cell: etree._Element) -> SheetCell | None:
        lost: list[Unseen] = []
        lines = ["".join(self._text(one, lost)) for one in cell if one.tag in _PRINTED]
        text, note = kept_text("\n".join(lines).strip(), lost)
        kind = cell.get(_OFFICE + "value-type", "")
        stored = cell.get(_OFFICE + "value")
        if stored is not None and kind in _NUMBERS and not lost:
            text, note = printed_beside(text, stored, percent=kind == "percentage")
        elif not text and not lost:
            text = _without_text(cell, kind)
            made = cell.get(_TABLE + "formula") is not None
            if not text and made and (not kind or kind in _NUMBERS):
                note = NO_VALUE
        if text.startswith(("#", "Err:")) and cell.get(_TABLE + "formula") is not None:
            note = FAILED
        why = self._looks.get(cell.get(_TABLE + "style-name", ""), "")
        return cell_of(text, note, unseen=why if why in (STRUCK, HIDDEN) else "")

    def _text(self, parent: etree._Element, lost: list[Unseen]) -> Iterator[str]:
        yield parent.text or ""
        for child in parent:
            if child.tag == _TEXT + "s":
                yield " " * min(int(child.get(_TEXT + "c") or 1), 100)
            elif child.tag == _TEXT + "line-break":
                yield "\n"
            elif child.tag == _TEXT + "tab":
                yield "\t"
            elif not str(child.tag).startswith(_OFFICE):  # an annotation is no text of the cell
                text = "".join(self._text(child, lost))
                why = self._looks.get(child.get(_TEXT + "style-name", ""), "")
                if why in _SHIFTED:
                    yield text.translate(_SHIFTED[why])
                elif why:
                    lost.append(Unseen(why, text))
                else:
                    yield text
            yield child.tail or ""


def _without_text(cell: etree._Element, kind: str) -> str:
    """Return the value of a cell that no text stands for, as some programs write them."""
    if kind == "string":
        return cell.get(_OFFICE + "string-value", "")
    if kind == "boolean":
        return "TRUE" if cell.get(_OFFICE + "boolean-value") == "true" else "FALSE"
    if kind == "date":
        day, _, clock = cell.get(_OFFICE + "date-value", "").partition("T")
        clock = f" {clock[:5]}" if clock and clock[:5] != "00:00" else ""
        return "/".join(reversed(day.split("-"))) + clock
    return ""


def _count(element: etree._Element, name: str) -> int:
    text = element.get(_TABLE + name, "1")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 1
