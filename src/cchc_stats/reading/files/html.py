"""Web pages, among them those that one-stop systems hand out as .xls or .doc."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lxml import etree, html

from cchc_stats.reading.files.document import (
    HIDDEN,
    LOWERED,
    RAISED,
    STRUCK,
    Blocks,
    Draft,
    Unseen,
    kept_text,
)
from cchc_stats.reading.files.text import decode
from cchc_stats.words import ReadError

_UNREAD = frozenset(("script", "style", "template", "head", "title", "noscript", "svg", "object"))
_INLINE = frozenset(
    (
        *("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "em"),
        *(
            "font",
            "i",
            "img",
            "ins",
            "kbd",
            "label",
            "mark",
            "nobr",
            "q",
            "s",
            "samp",
            "small",
            "span",
        ),
        *("strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr"),
    )
)
_GROUPS = frozenset(("thead", "tbody", "tfoot"))
_STRUCK_TAGS = frozenset(("s", "strike", "del"))
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all"
    r"|(?:font-size|opacity)\s*:\s*0(?:\.0+)?\s*(?:px|pt|em|%)?\s*(?:;|$)"
    r"|(?<![-\w])color\s*:\s*transparent"
)
_STRIKING = re.compile(r"text-decoration(?:-line)?\s*:[^;]*line-through")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SELECTOR = re.compile(r"([a-z0-9]*)(?:([.#])([\w-]+))?", re.IGNORECASE)
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
    for name, tags in (("cells", "t[dh]"), ("rows", "tr")):
        blocks.budget.require(name, len(re.findall(rf"(?i)<{tags}[\s/>]", text)))
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
    page = _Page(blocks, _rules(root))
    page.walk(root)
    page.flush()


def _rules(root: etree._Element) -> dict[str, str]:
    """Return what the page's own style sheets strike out or hide: simple selector -> why."""
    rules: dict[str, str] = {}
    for sheet in root.iter("style"):
        text = re.sub(r"/\*.*?\*/", "", sheet.text or "", flags=re.DOTALL)
        for selectors, declared in _RULE.findall(text):
            if why := _declared(declared):
                simple = (one.strip() for one in selectors.split(","))
                rules |= {one.lower(): why for one in simple if _SELECTOR.fullmatch(one)}
    return rules


def _declared(style: str) -> str:
    low = style.lower()
    return HIDDEN if _HIDING.search(low) else STRUCK if _STRIKING.search(low) else ""


class _Page:
    """Gathers inline text until a block ends it; what is not seen is kept apart."""

    def __init__(self, blocks: Blocks, rules: dict[str, str]) -> None:
        self._blocks, self._rules = blocks, rules
        self._pieces: list[str] = []
        self._unseen: list[Unseen] = []

    def flush(self) -> None:
        """End the paragraph."""
        text, self._pieces = "".join(self._pieces), []
        self._blocks.paragraph(text)
        unseen, self._unseen = self._unseen, []
        if note := kept_text("", unseen)[1]:
            self._blocks.warn(f"{self._blocks.here}: {note}")

    def walk(self, parent: etree._Element) -> None:
        """Add what an element holds."""
        self._pieces.append(_SPACE.sub(" ", parent.text or ""))
        for child in parent:
            tag = child.tag
            if why := self._why(child):
                self._unseen.append(Unseen(why, _all_text(child)))
            elif tag == "table":
                self.flush()
                self._table(child, "")
            elif not self._inline(child, self._pieces):
                if tag in _INLINE:
                    self.walk(child)
                elif isinstance(tag, str) and tag not in _UNREAD:
                    self.flush()
                    self.walk(child)
                    self.flush()
            self._pieces.append(_SPACE.sub(" ", child.tail or ""))

    def _inline(self, child: etree._Element, pieces: list[str]) -> bool:
        """Take an element that is a piece of text; return whether it was one."""
        if child.tag == "br":
            pieces.append("\n")
        elif child.tag in ("sup", "sub"):
            pieces.append(_all_text(child).translate(RAISED if child.tag == "sup" else LOWERED))
        else:
            return False
        return True

    def _why(self, element: etree._Element) -> str:
        """Return why an element is not seen, or only struck out; "" where it is seen."""
        tag = element.tag
        if not isinstance(tag, str):
            return ""
        if tag in _STRUCK_TAGS:
            return STRUCK
        if element.get("hidden") is not None:
            return HIDDEN
        if why := _declared(element.get("style", "")):
            return why
        if not self._rules:
            return ""
        marks = [f".{one}" for one in element.get("class", "").split()]
        marks += [f"#{element.get('id')}"] if element.get("id") else []
        names = (tag, *marks, *(tag + mark for mark in marks))
        return next((self._rules[one.lower()] for one in names if one.lower() in self._rules), "")

    def _table(self, table: etree._Element, place: str) -> None:
        place = place or self._blocks.next_grid
        drafts: list[Draft] = []
        nested: list[tuple[int, int, etree._Element]] = []
        columns, first = 0, 0
        for group in self._groups(table, place):
            for draft, inner in self._cells(group, first, place):
                drafts.append(draft)
                nested += [(draft.row, draft.column, one) for one in inner]
                columns = max(columns, draft.column + draft.column_span)
            first += len(group)
        if (caption := table.find("caption")) is not None:
            self.walk(caption)
            self.flush()
        self._blocks.grid(drafts, first, columns, known_spans=True, place=place)
        for row, column, one in nested:
            self._table(one, f"{place}, ô hàng {row + 1} cột {column + 1}: bảng lồng")

    def _groups(self, table: etree._Element, place: str) -> list[list[etree._Element]]:
        """Return the rows of each row group, those without one being one, but for hidden ones."""
        groups: list[list[etree._Element]] = []
        hidden = 0
        bare = False  # whether the last group is of rows without an element of their own
        for child in table:
            rows = [child] if child.tag == "tr" else []
            if child.tag in _GROUPS:
                rows = [one for one in child if one.tag == "tr"]
            if self._why(child) == HIDDEN:
                hidden, rows = hidden + len(rows), []
            shown = [one for one in rows if self._why(one) != HIDDEN]
            hidden += len(rows) - len(shown)
            if child.tag == "tr" and bare:
                groups[-1] += shown
            elif child.tag == "tr" or child.tag in _GROUPS:
                groups.append(shown)
                bare = child.tag == "tr"
        if hidden:
            self._blocks.warn(f"{place}: {hidden} hàng bị ẩn; không đọc")
        return groups

    def _cells(
        self, rows: Sequence[etree._Element], first: int, place: str
    ) -> Iterator[tuple[Draft, list[etree._Element]]]:
        """Yield the cells of a row group, in which every span ends, and the tables in each."""
        taken: set[tuple[int, int]] = set()  # by cells that reach down from rows above
        for row, element in enumerate(rows):
            column = 0
            gone = self._why(element)
            for cell in element:
                at = f"{place}, hàng {first + row + 1}"
                if cell.tag not in ("td", "th") or self._hides(cell, at):
                    continue
                while (row, column) in taken:
                    column += 1
                down, along = _span(cell, "rowspan"), max(_span(cell, "colspan"), 1)
                down = len(rows) - row if down == 0 else min(down, len(rows) - row)
                # A span over a place that is taken is cut short there, as the place is another's.
                while any((row, one) in taken for one in range(column, column + along)):
                    along -= 1
                inner: list[etree._Element] = []
                lost: list[Unseen] = []
                text = self._cell_text(cell, inner, lost)
                if why := gone or self._why(cell):
                    text, lost = "", [*lost, Unseen(why, text)]
                yield Draft(first + row, column, down, along, *kept_text(text, lost)), inner
                self._blocks.require_room(first + len(rows), column + along, place)
                taken.update(
                    (below, one)
                    for below in range(row + 1, row + down)
                    for one in range(column, column + along)
                )
                column += along

    def _hides(self, cell: etree._Element, place: str) -> bool:
        """Return whether a cell is hidden, and warn of what it holds."""
        if self._why(cell) != HIDDEN:
            return False
        if note := kept_text("", [Unseen(HIDDEN, _all_text(cell))])[1]:
            self._blocks.warn(f"{place}: {note}")
        return True

    def _cell_text(
        self, parent: etree._Element, nested: list[etree._Element], lost: list[Unseen]
    ) -> str:
        pieces = [_SPACE.sub(" ", parent.text or "")]
        for child in parent:
            tag = child.tag
            if why := self._why(child):
                lost.append(Unseen(why, _all_text(child)))
            elif tag == "table":
                nested.append(child)
            elif not self._inline(child, pieces) and isinstance(tag, str) and tag not in _UNREAD:
                apart = "" if tag in _INLINE else "\n"
                pieces += [apart, self._cell_text(child, nested, lost), apart]
            pieces.append(_SPACE.sub(" ", child.tail or ""))
        return "".join(pieces)


def _span(cell: etree._Element, name: str) -> int:
    text = (cell.get(name) or "1").strip()
    return min(int(text), _MOST_SPAN) if text.isascii() and text.isdecimal() else 1


def _all_text(element: etree._Element) -> str:
    return _SPACE.sub(" ", "".join(map(str, element.itertext())))
