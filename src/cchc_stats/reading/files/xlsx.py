"""Workbooks (.xlsx): each sheet's cells as their formats print them, straight from the XML."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from lxml import etree

from cchc_stats.reading.files.document import (
    BOXED,
    HIDDEN,
    LOWERED,
    RAISED,
    STRUCK,
    Blocks,
    Budget,
    Unseen,
    kept_text,
)
from cchc_stats.reading.files.package import MARKS, Package
from cchc_stats.reading.files.sheets import (
    BUILT_IN,
    FAILED,
    NO_VALUE,
    Range,
    SheetCell,
    add_sheet,
    cell_of,
    printed,
    tell_hidden,
)
from cchc_stats.words import ReadError

X = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_CELL, _ROW, _VALUE, _FORMULA, _INLINE = X + "c", X + "row", X + "v", X + "f", X + "is"
_TEXT = X + "t"
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
# The tags a sheet is made of: any others in such numbers are no sheet.
_USUAL = (b"</", b"<c", b"<v", b"<row", b"<f", b"<is", b"<t")


_PAINTED = (b"<conditionalFormatting", b"<tablePart")


@dataclass(frozen=True)
class Book:
    """What the sheets of a workbook share."""

    strings: tuple[tuple[str, str], ...] = ()  # text and note
    formats: tuple[str, ...] = ()  # by style number
    unseen: tuple[str, ...] = ()  # likewise: whether its font is struck out, or white on white
    plain: tuple[bool, ...] = ()  # likewise: whether nothing is painted behind, white shown nowhere
    date1904: bool = False

    def painted(self, sheet: bytes) -> Book:
        """Return what holds for a sheet: one that paints its cells anew shows what is white."""
        if not (self.unseen or self.plain) or not any(mark in sheet for mark in _PAINTED):
            return self
        unseen = tuple("" if why == HIDDEN else why for why in self.unseen)
        return replace(self, unseen=unseen, plain=())


@dataclass
class Sheet:
    """One sheet as stored: what is empty is not there."""

    cells: dict[tuple[int, int], SheetCell] = field(default_factory=dict)
    merged: list[Range] = field(default_factory=list)
    hidden_rows: int = 0
    hidden_columns: int = 0


def read_sheet(package: Package, part: str, book: Book, budget: Budget) -> Sheet:
    """Return a sheet's cells that hold something, and its merged ranges."""
    data = package.xml_bytes(part)
    where = f"{package.file}, part {part}"
    if data.count(b"<") - sum(data.count(tag) for tag in _USUAL) > MARKS:
        raise ReadError("the sheet is larger than any report", where=where, mend="split it")
    # Before anything is built: cells of a format alone hold nothing.
    budget.require("cells", data.count(b"<v>") + data.count(b"<is>"), f"part {part}")
    sheet, book = Sheet(), book.painted(data)
    hidden: list[tuple[int, int]] = []
    row, column, used = 0, -1, 0  # of the next cell that does not name its place
    for element in streamed(package, part, data, [_CELL, _ROW, X + "mergeCell", X + "col"]):
        tag = element.tag
        if tag == _CELL:
            row, column = _position(element, row, column + 1)
            if (cell := _cell(element, book)) is not None:
                sheet.cells[row, column] = cell
                budget.require("cells", len(sheet.cells), f"part {part}")
        elif tag == _ROW:
            sheet.hidden_rows += _is_hidden(element) and len(sheet.cells) > used
            row, column = _number(element.get("r"), row + 1), -1
            used = len(sheet.cells)
        elif tag == X + "col" and _is_hidden(element):
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
            if element.tag == _CELL:
                continue  # forgotten with its row
            element.clear()
            parent = element.getparent()
            while parent is not None and element.getprevious() is not None:
                del parent[0]
    except etree.XMLSyntaxError as error:
        raise package.corrupt(part, error) from error


def _cell(element: etree._Element, book: Book) -> SheetCell | None:
    """Return a cell as its format prints it, None where it holds nothing."""
    kind = element.get("t", "n")
    value, note, formula = _stored(element)
    if value is None:
        return SheetCell("", NO_VALUE) if formula and kind != "str" else None
    style = _number(element.get("s"), 0)
    if kind == "n":
        code = book.formats[style] if style < len(book.formats) else "General"
        text, note = printed(value, code, date1904=book.date1904)
    elif kind == "e":
        text, note = value, FAILED
    elif kind == "s":
        text, note = book.strings[_shared(value, book.strings)]
    else:
        text = _text(value, kind)
    if _IN_WHITE[0] in text:
        text, note = _seen(text, note, plain=style < len(book.plain) and book.plain[style])
    return cell_of(text, note, unseen=book.unseen[style] if style < len(book.unseen) else "")


def _seen(text: str, note: str, *, plain: bool) -> tuple[str, str]:
    """Return a text whose parts in white are not seen on a plain ground, and a note on them."""
    if not plain:
        return text.translate(_UNMARKED), note
    white = [Unseen(HIDDEN, part) for part in _WHITE_PARTS.findall(text)]
    seen, lost = kept_text(_WHITE_PARTS.sub("", text), white)
    return seen, "; ".join(filter(None, (note, lost)))


def _stored(element: etree._Element) -> tuple[str | None, str, bool]:
    """Return what is stored in a cell (None for nothing), a note, and whether a formula made it."""
    value: str | None = None
    note, formula = "", False
    for child in element:
        if child.tag == _VALUE:
            value = child.text
        elif child.tag == _FORMULA:
            formula = True
        elif child.tag == _INLINE:
            value, note = string_text(child)
    return value, note, formula


def _text(value: str, kind: str) -> str:
    """Return what a cell prints that is neither a number nor a shared text."""
    if kind == "b":
        return "TRUE" if value.strip() == "1" else "FALSE"
    if kind == "d":
        day, _, clock = value.partition("T")
        clock = f" {clock[:5]}" if clock and clock[:5] != "00:00" else ""
        return "/".join(reversed(day.split("-"))) + clock
    return unescape(value)


def _shared(index: str, strings: Sequence[tuple[str, str]]) -> int:
    if not index.strip().isdecimal() or int(index) >= len(strings):
        raise ValueError(f"a cell asks for text {index!r} of {len(strings)}")
    return int(index)


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 9 else otherwise


def _is_hidden(element: etree._Element) -> bool:
    size = element.get("ht" if element.tag == _ROW else "width", "")
    return element.get("hidden") in ("1", "true") or (bool(size) and not size.strip("0."))


def _position(element: etree._Element, row: int, column: int) -> tuple[int, int]:
    """Return the place a cell names; without one, the place after the last."""
    named = _REFERENCE.fullmatch(element.get("r", ""))
    return (int(named[2]) - 1, _column(named[1])) if named else (row, column)


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


# Around what is in white; no text of a workbook has such characters.
_IN_WHITE = ("\x1e", "\x1f")
_WHITE_PARTS = re.compile("\x1e([^\x1f]*)\x1f")
_UNMARKED = dict.fromkeys(map(ord, _IN_WHITE))


def string_text(item: etree._Element) -> tuple[str, str]:
    """Return a string's text over its runs, and a note on those that are struck out.

    Raised and lowered figures stay apart from others, and what is in white is marked: whether it is
    seen the cell's own ground tells.
    """
    if len(item) == 1 and item[0].tag == _TEXT:
        return unescape(item[0].text or ""), ""
    pieces = [item.findtext(_TEXT) or ""]
    struck: list[Unseen] = []
    for run in item.iterfind(f"{X}r"):
        text = run.findtext(_TEXT) or ""
        vertical = run.find(f"{X}rPr/{X}vertAlign")
        kind = "" if vertical is None else vertical.get("val", "")
        table = {"superscript": RAISED, "subscript": LOWERED}.get(kind)
        if _is_on(run.find(f"{X}rPr/{X}strike")):
            struck.append(Unseen(STRUCK, unescape(text)))
            continue
        shown = text.translate(table) if table else text
        white = _is_white(run.find(f"{X}rPr/{X}color"))
        pieces.append(shown.join(_IN_WHITE) if white else shown)
    return kept_text(unescape("".join(pieces)), struck)


def _is_on(flag: etree._Element | None) -> bool:
    return flag is not None and flag.get("val", "1") in ("1", "true")


def unescape(text: str) -> str:
    """Return a text without the carriage returns that Excel writes as _x000D_."""
    return text.replace("_x000D_", "") if "_x" in text else text


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
        sheet = read_sheet(package, part, book, blocks.budget)
        if entry.get("state", "visible") != "visible":
            blocks.warn(f"trang tính '{name}' bị ẩn; vẫn được đọc")
        tell_hidden(name, sheet.hidden_rows, sheet.hidden_columns, blocks)
        add_sheet(name, sheet.cells, sheet.merged, blocks)
        _boxes(package, part, name, blocks)
    if any("/media/" in name or "/charts/" in name for name in package.names):
        blocks.note("có hình vẽ, biểu đồ: không đọc")
    if any("/comments" in name for name in package.names):
        blocks.note("có lời nhận xét: không đọc")


def _boxes(package: Package, part: str, name: str, blocks: Blocks) -> None:
    """Add the words of a sheet's text boxes; a figure that stands there alone is of no cell."""
    for _, drawing in package.related(part).get("drawing", ()):
        for number, shape in enumerate(package.xml(drawing).iter("{*}txBody"), 1):
            lines = ["".join(map(str, one.itertext("{*}t"))) for one in shape.iter("{*}p")]
            text = "\n".join(line for line in lines if line.strip())
            if re.fullmatch(r"[\d\s.,/%+-]+", text):
                blocks.warn(f"trang tính '{name}': {kept_text('', [Unseen(BOXED, text)])[1]}")
            elif text:
                blocks.paragraph(
                    text, place=f"trang tính '{name}', khung chữ {number}", beside=True
                )


def _book(
    package: Package,
    workbook: etree._Element,
    related: Mapping[str, list[tuple[str, str]]],
    blocks: Blocks,
) -> Book:
    strings: tuple[tuple[str, str], ...] = ()
    formats: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()
    plain: tuple[bool, ...] = ()
    if targets := related.get("sharedStrings"):
        part = targets[0][1]
        items = streamed(package, part, package.xml_bytes(part), [f"{X}si"])
        strings = tuple(string_text(one) for one in items)
    if targets := related.get("styles"):
        part = targets[0][1]
        data = package.xml_bytes(part)
        blocks.legacy.look_at_fonts(data)
        styles = package.parsed(part, data)
        formats = _formats(styles)
        plain = _plain(styles)
        if b"strike" in data or _WHITE.search(data):
            unseen = _unseen(styles)
    properties = workbook.find(f"{X}workbookPr")
    old = properties is not None and properties.get("date1904") in ("1", "true")
    return Book(strings, formats, unseen, plain, old)


# A font in white; which of the fills behind it is none, the styles tell.
_WHITE = re.compile(rb"<(?:\w+:)?color [^>]*(?:\"FFFFFFFF\"|\"00FFFFFF\"|theme=\"0\")")


def _unseen(styles: etree._Element) -> tuple[str, ...]:
    """Return for each style why its figures are not seen: struck out, or white on white."""
    fonts = [*styles.iterfind(f"{X}fonts/{X}font")]
    struck = [_is_on(one.find(f"{X}strike")) for one in fonts]
    white = [_is_white(one.find(f"{X}color")) for one in fonts]

    def why(style: etree._Element, plain: bool) -> str:
        font = _number(style.get("fontId"), 0)
        if font < len(fonts) and struck[font]:
            return STRUCK
        return HIDDEN if font < len(fonts) and white[font] and plain else ""

    return tuple(map(why, styles.iterfind(f"{X}cellXfs/{X}xf"), _plain(styles)))


def _plain(styles: etree._Element) -> tuple[bool, ...]:
    """Return for each style whether nothing is painted behind its figures."""
    fills = [
        one.get("patternType", "none") == "none" or _is_white(one.find(f"{X}fgColor"))
        for one in styles.iterfind(f"{X}fills/{X}fill/{X}patternFill")
    ]
    numbers = (_number(one.get("fillId"), 0) for one in styles.iterfind(f"{X}cellXfs/{X}xf"))
    return tuple(at >= len(fills) or fills[at] for at in numbers)


def _is_white(color: etree._Element | None) -> bool:
    if color is None or color.get("tint", "0") != "0":
        return False
    return color.get("rgb", "")[-6:].upper() == "FFFFFF" or color.get("theme") == "0"


def _formats(styles: etree._Element) -> tuple[str, ...]:
    own = {
        one.get("numFmtId", ""): one.get("formatCode", "General")
        for one in styles.iterfind(f"{X}numFmts/{X}numFmt")
    }
    ids = [one.get("numFmtId", "0") for one in styles.iterfind(f"{X}cellXfs/{X}xf")]
    return tuple(
        own.get(id_) or BUILT_IN.get(int(id_) if id_.isdecimal() else 0, "General") for id_ in ids
    )
