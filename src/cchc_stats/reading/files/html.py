"""Web pages, among them those that one-stop systems hand out as .xls or .doc."""

from __future__ import annotations

import re

from lxml import etree, html

from cchc_stats.reading.files.document import LOWERED, RAISED, Blocks, Draft
from cchc_stats.reading.files.text import decode
from cchc_stats.words import ReadError

_UNREAD = frozenset(("script", "style", "template", "head", "title", "noscript", "svg", "object"))
_INLINE = frozenset(
    (
        *("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "em", "font"),
        *("i", "img", "ins", "kbd", "label", "mark", "nobr", "q", "s", "samp", "small", "span"),
        *("strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr"),
    )
)
_ROWS = frozenset(("tr", "thead", "tbody", "tfoot"))
_SPACE = re.compile(r"[ \t\r\n\f]+")
MARKS = 1_000_000  # tags: what libxml2 holds of a page takes twice the room of other XML
_MOST_SPAN = 1_000  # rows or columns: as browsers bound it


def read_html(data: bytes, blocks: Blocks) -> None:
    """Add a page's paragraphs and tables; a nested table follows the one that holds it."""
    text = decode(data, blocks.file)
    if text.count("<") > MARKS:
        raise ReadError(
            "the page is larger than any report", where=blocks.file, mend="split the document"
        )
    parser = html.HTMLParser(
        no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    # A declared encoding would contradict the text that is decoded already.
    text = re.sub(r"^\s*<\?xml[^>]*>", "", text)
    root = html.document_fromstring(text, parser=parser)
    # Of what stands deeper than it goes, the parser keeps nothing.
    if too_deep := [one for one in parser.error_log if "depth" in one.message.lower()]:
        raise ReadError(
            "the elements of the page stand too deep in one another",
            where=f"{blocks.file}, line {too_deep[0].line}",
            mend="open it in a browser or in Word and save it again",
        )
    page = _Page(blocks)
    page.walk(root)
    page.flush()


class _Page:
    """Gathers inline text until a block ends it."""

    def __init__(self, blocks: Blocks) -> None:
        self._blocks = blocks
        self._pieces: list[str] = []

    def flush(self) -> None:
        """End the paragraph."""
        text, self._pieces = "".join(self._pieces), []
        self._blocks.paragraph(text)

    def walk(self, parent: etree._Element) -> None:
        """Add what an element holds."""
        self._pieces.append(_SPACE.sub(" ", parent.text or ""))
        for child in parent:
            tag = child.tag
            if tag == "table":
                self.flush()
                self._table(child, "")
            elif tag == "br":
                self._pieces.append("\n")
            elif tag in ("sup", "sub"):
                self._pieces.append(_shifted(child))
            elif tag in _INLINE:
                self.walk(child)
            elif isinstance(tag, str) and tag not in _UNREAD:
                self.flush()
                self.walk(child)
                self.flush()
            self._pieces.append(_SPACE.sub(" ", child.tail or ""))

    def _table(self, table: etree._Element, place: str) -> None:
        place = place or self._blocks.next_grid
        drafts: list[Draft] = []
        nested: list[tuple[int, int, etree._Element]] = []
        taken: set[tuple[int, int]] = set()  # by cells that reach down from rows above
        rows = _rows(table)
        columns = 0
        for row, element in enumerate(rows):
            column = 0
            for cell in element:
                if cell.tag not in ("td", "th"):
                    continue
                while (row, column) in taken:
                    column += 1
                down, along = _span(cell, "rowspan"), _span(cell, "colspan")
                down = len(rows) - row if down == 0 else min(down, len(rows) - row)
                along = max(along, 1)
                # A span over a place that is taken is cut short there, as the place is another's.
                while any((row, one) in taken for one in range(column, column + along)):
                    along -= 1
                inner: list[etree._Element] = []
                drafts.append(Draft(row, column, down, along, _cell_text(cell, inner)))
                nested += [(row, column, one) for one in inner]
                columns = max(columns, column + along)
                self._blocks.require_room(len(rows), columns, place)
                taken.update(
                    (below, one)
                    for below in range(row + 1, row + down)
                    for one in range(column, column + along)
                )
                column += along
        caption = table.find("caption")
        if caption is not None:
            self.walk(caption)
            self.flush()
        self._blocks.grid(drafts, len(rows), columns, known_spans=True, place=place)
        for row, column, one in nested:
            self._table(one, f"{place}, ô hàng {row + 1} cột {column + 1}: bảng lồng")


def _rows(table: etree._Element) -> list[etree._Element]:
    found = []
    for child in table:
        if child.tag == "tr":
            found.append(child)
        elif child.tag in _ROWS:
            found += [one for one in child if one.tag == "tr"]
    return found


def _span(cell: etree._Element, name: str) -> int:
    text = (cell.get(name) or "1").strip()
    return min(int(text), _MOST_SPAN) if text.isascii() and text.isdecimal() else 1


def _cell_text(parent: etree._Element, nested: list[etree._Element]) -> str:
    pieces = [_SPACE.sub(" ", parent.text or "")]
    for child in parent:
        tag = child.tag
        if tag == "table":
            nested.append(child)
        elif tag == "br":
            pieces.append("\n")
        elif tag in ("sup", "sub"):
            pieces.append(_shifted(child))
        elif tag in _INLINE:
            pieces.append(_cell_text(child, nested))
        elif isinstance(tag, str) and tag not in _UNREAD:
            pieces += ["\n", _cell_text(child, nested), "\n"]
        pieces.append(_SPACE.sub(" ", child.tail or ""))
    return "".join(pieces)


def _shifted(element: etree._Element) -> str:
    text = "".join(map(str, element.itertext()))
    return text.translate(RAISED if element.tag == "sup" else LOWERED)
