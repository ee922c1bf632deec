"""Word documents (.docx): the body in its order, from its XML, and what stands beside it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from cchc_stats.reading.files.document import (
    BOXED,
    HIDDEN,
    LOWERED,
    PROMPT,
    RAISED,
    STRUCK,
    Blocks,
    Draft,
    Unseen,
    kept_text,
)
from cchc_stats.reading.files.package import SAVE_AGAIN, Package
from cchc_stats.words import ReadError

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PARAGRAPH, TABLE, ROW, CELL, RUN = W + "p", W + "tbl", W + "tr", W + "tc", W + "r"
RUN_PROPERTIES, PARAGRAPH_PROPERTIES = W + "rPr", W + "pPr"
ROW_PROPERTIES, CELL_PROPERTIES = W + "trPr", W + "tcPr"
TEXT, VALUE = W + "t", W + "val"
ALTERNATIVES = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
TEXT_BOX = W + "txbxContent"
# What wraps paragraphs, rows, cells or runs without being seen itself.
WRAPPERS = frozenset(
    {W + name for name in ("sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo")}
    | {W + name for name in ("hyperlink", "fldSimple", "dir", "bdo", "ruby", "rubyBase")}
)
DELETED = frozenset({W + "del", W + "moveFrom"})


_SYMBOL_FONTS = ("symbol", "wingdings", "webdings")


def is_on(flag: object) -> bool:
    """Return whether a switch (an element, or None) is there and not turned off."""
    get = getattr(flag, "get", None)
    return get is not None and get(VALUE) not in ("0", "false", "off")


_NUMBERED = W + "numPr"
_ID, _LIST_LEVEL = W + "numId", W + "ilvl"


@dataclass(frozen=True)
class Level:
    """One level of a list: where it starts, in what figures, and the text around them."""

    start: int
    format: str
    text: str


@dataclass
class Numbering:
    """The lists of a document and where each stands, paragraph after paragraph.

    `unknown` collects figures that are not reconstructed.
    """

    levels: Mapping[str, Mapping[int, Level]]  # by list id
    series: Mapping[str, str]  # list id -> what it counts on with (lists share an abstract one)
    styles: Mapping[str, tuple[str, int]]  # paragraph style -> list id, level
    unknown: set[str] = field(default_factory=set)
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)

    def label(self, properties: etree._Element) -> str:
        """Return the number printed before a paragraph, "" where there is none."""
        number, level = self._list_of(properties)
        levels = self.levels.get(number, {})
        if level not in levels:
            return ""
        counts = self._counts.setdefault(self.series[number], {})
        counts[level] = counts.get(level, levels[level].start - 1) + 1
        for deeper in [one for one in counts if one > level]:
            del counts[deeper]
        text = levels[level].text
        if levels[level].format == "bullet":
            return "-"
        for one in range(level + 1):
            if f"%{one + 1}" in text and one in levels:
                count = counts.setdefault(one, levels[one].start)
                text = text.replace(f"%{one + 1}", self._figures(count, levels[one].format))
        return text.strip()

    def _list_of(self, properties: etree._Element) -> tuple[str, int]:
        style = properties.find(W + "pStyle")
        number, level = "", 0
        if style is not None:
            number, level = self.styles.get(style.get(VALUE, ""), (number, level))
        if (own := properties.find(_NUMBERED)) is not None:
            if (id_ := own.find(_ID)) is not None:
                number = id_.get(VALUE, "")
            if (depth := own.find(_LIST_LEVEL)) is not None:
                level = _count_or(depth.get(VALUE), 0)
        return number, level

    def _figures(self, count: int, format_: str) -> str:
        if format_ not in _FIGURES or not 0 < count < 4000:
            self.unknown.add(format_)
            return str(count)
        return _FIGURES[format_](count)


def read_numbering(numbering: etree._Element | None, styles: etree._Element | None) -> Numbering:
    """Return the lists of a document from its parts `numbering` and `styles`, None if missing."""
    abstract: dict[str, dict[int, Level]] = {}
    levels: dict[str, dict[int, Level]] = {}
    series: dict[str, str] = {}
    if numbering is not None:
        for one in numbering.iterfind(W + "abstractNum"):
            abstract[one.get(W + "abstractNumId", "")] = _levels(one)
        for one in numbering.iterfind(W + "num"):
            number = one.get(_ID, "")
            target = _value(one.find(W + "abstractNumId"))
            levels[number], series[number] = dict(abstract.get(target, {})), f"abstract {target}"
            for override in one.iterfind(W + "lvlOverride"):
                level = _count_or(override.get(_LIST_LEVEL), 0)
                series[number] = f"list {number}"
                levels[number].update(_levels(override))
                start = override.find(W + "startOverride")
                if start is not None and level in levels[number]:
                    old = levels[number][level]
                    begin = _count_or(start.get(VALUE), old.start)
                    levels[number][level] = Level(begin, old.format, old.text)
    return Numbering(levels, series, _by_style(styles))


def _by_style(styles: etree._Element | None) -> dict[str, tuple[str, int]]:
    """Return list id and level of each paragraph style, its own or that of the one it stands on."""
    own: dict[str, tuple[str | None, int | None]] = {}
    based_on: dict[str, str] = {}
    for style in styles.iterfind(W + "style") if styles is not None else ():
        name = style.get(W + "styleId", "")
        based_on[name] = _value(style.find(W + "basedOn"))
        listed = style.find(f"{PARAGRAPH_PROPERTIES}/{_NUMBERED}")
        if listed is not None:
            id_, level = listed.find(_ID), listed.find(_LIST_LEVEL)
            own[name] = (
                None if id_ is None else _value(id_),
                None if level is None else _count_or(_value(level), 0),
            )
    result = {}
    for name in based_on:
        number: str | None = None
        level_: int | None = None
        one, steps = name, 0
        while one in based_on and steps < 20:  # a damaged file may stand on itself
            more = own.get(one, (None, None))
            number = more[0] if number is None else number
            level_ = more[1] if level_ is None else level_
            one, steps = based_on[one], steps + 1
        if number:
            result[name] = (number, level_ or 0)
    return result


def _levels(parent: etree._Element) -> dict[int, Level]:
    return {
        _count_or(one.get(_LIST_LEVEL), 0): Level(
            _count_or(_value(one.find(W + "start")), 1),
            _value(one.find(W + "numFmt")) or "decimal",
            _value(one.find(W + "lvlText")),
        )
        for one in parent.iterfind(W + "lvl")
    }


def _value(element: etree._Element | None) -> str:
    return "" if element is None else element.get(VALUE, "")


def _count_or(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 6 else otherwise


def roman(count: int) -> str:
    """Return a number in Roman figures.

    Examples
    --------
    >>> roman(4), roman(19)
    ('IV', 'XIX')
    """
    figures = ""
    for value, sign in _ROMAN:
        figures += sign * (count // value)
        count %= value
    return figures


_ROMAN = (
    *((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L")),
    *((40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")),
)


def _letter(count: int) -> str:
    # Word goes a … z, then aa, bb, cc.
    return chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1)


_FIGURES: Mapping[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda count: f"{count:02}",
    "upperRoman": roman,
    "lowerRoman": lambda count: roman(count).lower(),
    "lowerLetter": _letter,
    "upperLetter": lambda count: _letter(count).upper(),
    "none": lambda count: "",
}


_PLAIN = {W + "tab": "\t", W + "br": "\n", W + "cr": "\n", W + "noBreakHyphen": "-"}
_PICTURES = frozenset({"blip", "imagedata"})
_DRAWN = frozenset({W + "drawing", W + "pict", W + "object"})
_REFERENCES = {W + "footnoteReference": "footnotes", W + "endnoteReference": "endnotes"}
_VERTICAL, _RUN_STYLE, _PARAGRAPH_STYLE = W + "vertAlign", W + "rStyle", W + "pStyle"
_UNSEEN = {W + "strike": STRUCK, W + "dstrike": STRUCK, W + "vanish": HIDDEN}
_WHITE = "white"  # set on runs that are white on white
_PROMPTING = "prompt"  # set on runs of a content control in which nothing was entered
_PLAIN_SYMBOLS = frozenset("0123456789 %()+,./:;<=>[]{|}?!&_#")  # the same in the font Symbol
_BULLET = re.compile(r"^(?:□\s+)+")  # a symbol before a paragraph is its mark


@dataclass
class Gathered:
    """What a walk through paragraphs comes upon beside their text."""

    boxes: list[etree._Element] = field(default_factory=list)
    references: dict[str, list[str]] = field(default_factory=dict)  # kind -> ids in their order
    notes: list[str] = field(default_factory=list)
    images: int = 0
    pictures: int = 0  # images that may hold words: not lines and arrows
    inserted: int = 0
    deleted: int = 0
    unseen: list[Unseen] = field(default_factory=list)  # of the cell or paragraph at hand
    styles: Mapping[str, Mapping[str, bool]] = field(default_factory=dict)  # id -> its looks
    looks: Mapping[str, bool] = field(default_factory=dict)  # of the paragraph's style

    def note(self, text: str) -> None:
        """Keep a note, once."""
        if text not in self.notes:
            self.notes.append(text)


def paragraph_text(
    paragraph: etree._Element, gathered: Gathered, numbering: Numbering | None
) -> str:
    """Return a paragraph's text with its automatic number, its line breaks as new lines."""
    pieces: list[str] = []
    properties = paragraph.find(PARAGRAPH_PROPERTIES)
    if gathered.styles:
        style = None if properties is None else properties.find(_PARAGRAPH_STYLE)
        gathered.looks = gathered.styles.get("" if style is None else style.get(VALUE, ""), {})
    if numbering is not None and properties is not None and (label := numbering.label(properties)):
        pieces.append(f"{label} ")
    _gather(paragraph, pieces, gathered)
    # A number before nothing is still printed: the serial numbers of a table's first column.
    return _BULLET.sub("", "".join(pieces))


def _gather(parent: etree._Element, pieces: list[str], gathered: Gathered) -> None:
    for child in parent:
        tag = child.tag
        if tag == RUN:
            _run(child, pieces, gathered)
        elif tag in WRAPPERS:
            gathered.inserted += tag == W + "ins" or tag == W + "moveTo"
            _gather(child, pieces, gathered)
        elif tag in DELETED:
            gathered.deleted += 1
        elif tag == ALTERNATIVES:
            _gather(chosen(child), pieces, gathered)
        elif tag in _DRAWN:
            _drawn(child, gathered)
        elif isinstance(tag, str) and "/math}" in tag:
            pieces += [one.text for one in child.iter("{*}t") if one.text]


def _run(run: etree._Element, pieces: list[str], gathered: Gathered) -> None:
    table, start = None, len(pieces)
    forced = PROMPT if run.get(_PROMPTING) else HIDDEN if run.get(_WHITE) else ""
    why = forced or _why_unseen(gathered.looks)
    for child in run:
        tag = child.tag
        if tag == TEXT:
            text = child.text or ""
            pieces.append(text.translate(table) if table else text)
        elif tag == RUN_PROPERTIES:
            table, looks = _looks(child, gathered)
            why = forced or _why_unseen(looks)
        elif tag in _PLAIN:
            pieces.append(_PLAIN[tag])
        elif tag == ALTERNATIVES:
            _run(chosen(child), pieces, gathered)
        else:
            _other(child, pieces, gathered)
    if why:
        gathered.unseen.append(Unseen(why, "".join(pieces[start:])))
        del pieces[start:]


def _looks(
    properties: etree._Element, gathered: Gathered
) -> tuple[dict[int, int] | None, Mapping[str, bool]]:
    """Return how a run is raised or lowered, and which of `_UNSEEN` it is."""
    table = None
    looks = dict(gathered.looks)
    for one in properties:
        tag = one.tag
        if tag in _UNSEEN:
            looks[tag] = is_on(one)
        elif tag == _VERTICAL:
            table = {"superscript": RAISED, "subscript": LOWERED}.get(one.get(VALUE, ""))
        elif tag == _RUN_STYLE:
            looks |= gathered.styles.get(one.get(VALUE, ""), {})  # it stands first
    return table, looks


def _why_unseen(looks: Mapping[str, bool]) -> str:
    return next((_UNSEEN[tag] for tag, is_so in looks.items() if is_so), "")


def _symbol(symbol: etree._Element, gathered: Gathered) -> str:
    """Return the character of a symbol where its font has it as others do, else "□"."""
    code, font = symbol.get(W + "char", ""), symbol.get(W + "font", "").lower()
    try:
        number = int(code, 16)
    except ValueError:
        number = 0
    letter = chr(number & 0xFF)
    if 0xF000 <= number <= 0xF0FF and font == "symbol" and letter in _PLAIN_SYMBOLS:
        return letter
    if 0x20 <= number < 0xE000 and not font.startswith(_SYMBOL_FONTS):
        return chr(number)
    gathered.note("có ký hiệu của phông chữ riêng; không có chữ để đọc")
    return "□"


def _other(child: etree._Element, pieces: list[str], gathered: Gathered) -> None:
    """Take what stands in a run and is no text: references, drawings, symbols, notes of sound."""
    tag = child.tag
    if tag in _REFERENCES:
        seen = gathered.references.setdefault(_REFERENCES[tag], [])
        seen.append(child.get(W + "id", ""))
        pieces.append(str(len(seen)).translate(RAISED))
    elif tag in _DRAWN:
        _drawn(child, gathered)
    elif tag == W + "sym":
        pieces.append(_symbol(child, gathered))
    elif tag == W + "ruby":
        _gather(child, pieces, gathered)


def chosen(alternatives: etree._Element) -> etree._Element:
    """Return the one of several drawings of the same thing that holds its text."""
    options = list(alternatives)
    for option in options:
        if option.find(f".//{TEXT_BOX}") is not None:
            return option
    return options[0] if options else alternatives


def _drawn(drawing: etree._Element, gathered: Gathered) -> None:
    boxes = list(_outer_boxes(drawing))
    seen = set()
    for box in boxes:
        # The same box may be drawn twice, for new and for old programs.
        words = "".join(one.text or "" for one in box.iter(TEXT))
        if words not in seen:
            gathered.boxes.append(box)
        seen.add(words)
    gathered.images += not boxes
    kinds = (etree.QName(one).localname for one in drawing.iter(etree.Element))
    gathered.pictures += any(kind in _PICTURES for kind in kinds)


def _outer_boxes(parent: etree._Element) -> Iterator[etree._Element]:
    # A box within a box is met when the outer one is read.
    for child in parent:
        if child.tag == TEXT_BOX:
            yield child
        else:
            yield from _outer_boxes(child)


_SPAN, _VMERGE, _HMERGE = W + "gridSpan", W + "vMerge", W + "hMerge"
_BEFORE = W + "gridBefore"
_WIDEST = 100_000  # what a damaged span may claim; the bound on cells refuses it


@dataclass
class _Open:
    """A cell that may go on in the rows below."""

    index: int
    last_row: int
    width: int


@dataclass
class TableCells:
    """What a table holds so far: a merged cell is one cell, short rows are left as they are."""

    drafts: list[Draft] = field(default_factory=list)
    rows: int = 0
    columns: int = 0
    nested: list[tuple[int, int, etree._Element]] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)  # texts under a merged cell, not printed
    deleted_rows: int = 0
    hidden_rows: int = 0
    _going_on: dict[int, _Open] = field(default_factory=dict)  # by column
    _left: int | None = None  # the cell to the left, for merges of the old kind

    def start_row(self) -> None:
        """Begin a row."""
        self._left = None

    def add(self, cell: etree._Element, column: int, text: str, note: str) -> int:
        """Add a cell of the row, or let the one it is merged with grow; return its width."""
        width, down, along = _merges(cell)
        above = self._going_on.get(column)
        if along == "continue" and self._left is not None:
            old = self.drafts[self._left]
            self.drafts[self._left] = old._replace(column_span=old.column_span + width)
            if old.column in self._going_on:
                self._going_on[old.column].width += width
        elif (
            down == "continue"
            and above is not None
            and (above.last_row, above.width) == (self.rows - 1, width)
        ):
            old = self.drafts[above.index]
            self.drafts[above.index] = old._replace(row_span=old.row_span + 1)
            above.last_row, self._left = self.rows, None
        else:
            self._left = len(self.drafts)
            self.drafts.append(Draft(self.rows, column, 1, width, text, note))
            self._going_on.pop(column, None)
            if down:
                self._going_on[column] = _Open(self._left, self.rows, width)
            return width
        if text.strip():
            self.hidden.append(text.strip())
        return width


def table_cells(
    table: etree._Element,
    text_of: Callable[[etree._Element], tuple[str, str, list[etree._Element]]],
    require_room: Callable[[int, int], None],
) -> TableCells:
    """Return a table's cells; `text_of` gives a cell's text, a note and the tables inside it.

    `require_room` refuses rows × columns beyond any report before they are all in memory.
    """
    held = TableCells()
    for row in _inside(table, ROW):
        properties = row.find(ROW_PROPERTIES)
        if properties is not None and properties.find(W + "del") is not None:
            held.deleted_rows += 1
            continue
        if properties is not None and is_on(properties.find(W + "hidden")):
            held.hidden_rows += 1
            continue
        column = 0 if properties is None else _count(properties.find(_BEFORE), 0)
        held.start_row()
        for cell in _inside(row, CELL):
            text, note, nested = text_of(cell)
            held.nested += [(held.rows, column, one) for one in nested]
            column += held.add(cell, column, text, note)
            if not column % 512:
                require_room(held.rows + 1, column)
        held.rows += 1
        held.columns = max(held.columns, column)
        require_room(held.rows, held.columns)
    return held


def _merges(cell: etree._Element) -> tuple[int, str, str]:
    """Return a cell's width, and how it takes part in a merge downwards and along the row."""
    properties = cell.find(CELL_PROPERTIES)
    if properties is None:
        return 1, "", ""
    width, down, along = 1, "", ""
    for one in properties:
        tag = one.tag
        if tag == _SPAN:
            width = max(_count(one, 1), 1)
        elif tag == _VMERGE:
            down = one.get(VALUE, "continue")
        elif tag == _HMERGE:
            along = one.get(VALUE, "continue")
    return width, down, along


def _inside(parent: etree._Element, tag: str) -> Iterator[etree._Element]:
    """Return the rows of a table or the cells of a row, also those in content controls."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in WRAPPERS:
            yield from _inside(child, tag)


def _count(element: etree._Element | None, otherwise: int) -> int:
    text = "" if element is None else element.get(VALUE, "")
    return min(int(text), _WIDEST) if text.isascii() and text.isdecimal() else otherwise


_NOTES = {"footnotes": ("footnote", "chú thích"), "endnotes": ("endnote", "chú thích cuối")}
_EDGES = {"header": "đầu trang", "footer": "chân trang"}


def read_docx(data: bytes, blocks: Blocks) -> None:
    """Add a Word document's paragraphs and tables.

    The body is walked in its order. A nested table follows the one that holds it; footnotes,
    endnotes, headers and footers follow the body. Tracked insertions are read, deletions are not.
    """
    package = Package(data, blocks.file)
    main = package.main_part("word/document.xml")
    related = package.related(main)
    data = package.xml_bytes(main)
    blocks.legacy.look_at_fonts(data)
    for name, mark in (("cells", b"<w:tc"), ("rows", b"<w:tr")):
        blocks.budget.require(name, data.count(mark + b">") + data.count(mark + b" "))
    body = package.parsed(main, data).find(W + "body")
    if body is None:
        raise ReadError(
            "the document has no body", where=f"{blocks.file}, part {main}", mend=SAVE_AGAIN
        )
    story = _Story(blocks, _numbering(package, related, data, blocks))
    story.gathered.styles = _unseen_styles(package, related)
    if b"showingPlcHdr" in data:
        _mark_prompts(body)
    if b'"FFFFFF"' in data and b"<w:background" not in data:
        _mark_white(body)
    story.walk(body)
    read = blocks.any()
    for kind, (tag, name) in _NOTES.items():
        if targets := related.get(kind):
            _footnotes(package.xml(targets[0][1]), tag, name, story)
    _edges(package, related, story)
    _tell(story, package, blocks)
    if not read and story.gathered.images:
        blocks.note("văn bản không có chữ, chỉ có ảnh: bản quét không đọc được")


def _numbering(
    package: Package, related: Mapping[str, list[tuple[str, str]]], body: bytes, blocks: Blocks
) -> Numbering:
    """Return the lists of a document: of its own parts, as far as its body asks for them."""
    data = {
        kind: package.xml_bytes(targets[0][1])
        for kind in ("numbering", "styles")
        if (targets := related.get(kind))
    }
    if "styles" in data:
        blocks.legacy.look_at_fonts(data["styles"])
    # Styles are often larger than the text: parsed only where one of them can number something.
    beside = any(kind in related for kind in (*_NOTES, *_EDGES))
    styled = beside or b"pStyle" in body
    wanted = {
        "numbering": styled or b"numPr" in body,
        "styles": styled and b"numPr" in data.get("styles", b""),
    }
    parts = {
        kind: package.parsed(related[kind][0][1], part)
        for kind, part in data.items()
        if wanted[kind]
    }
    return read_numbering(parts.get("numbering"), parts.get("styles"))


def _unseen_styles(
    package: Package, related: Mapping[str, list[tuple[str, str]]]
) -> Mapping[str, Mapping[str, bool]]:
    """Return the styles that strike text out or hide it, with those they stand on, by their id."""
    own: dict[str, dict[str, bool]] = {}
    based_on: dict[str, str] = {}
    for _, part in related.get("styles", ())[:1]:
        data = package.xml_bytes(part)
        if b"strike" not in data and b"vanish" not in data:
            continue
        for style in package.parsed(part, data).iterfind(W + "style"):
            name = style.get(W + "styleId", "")
            based_on[name] = _value(style.find(W + "basedOn"))
            looks = style.find(RUN_PROPERTIES)
            unseen = [] if looks is None else [one for one in looks if one.tag in _UNSEEN]
            own[name] = {str(one.tag): is_on(one) for one in unseen}
    resolved = {}
    for name in own:
        line = [name]
        while (one := based_on.get(line[-1], "")) in own and len(line) < 20:
            line.append(one)
        looks_of: dict[str, bool] = {}
        for one in reversed(line):
            looks_of |= own[one]
        if looks_of:
            resolved[name] = looks_of
    return resolved


def _mark_prompts(body: etree._Element) -> None:
    """Mark the runs of content controls that show their prompt: nothing was entered there."""
    for shown in body.iter(W + "showingPlcHdr"):
        control = next(shown.iterancestors(W + "sdt"), None)
        for run in control.iter(RUN) if control is not None and is_on(shown) else ():
            run.set(_PROMPTING, "1")


def _mark_white(body: etree._Element) -> None:
    """Mark the runs in white where nothing is painted behind them."""
    for color in body.iter(W + "color"):
        run = next(color.iterancestors(RUN), None)
        if run is None or color.get(VALUE, "").upper() != "FFFFFF":
            continue
        around = [run, *run.iterancestors(PARAGRAPH, CELL, TABLE, TEXT_BOX)]
        if not any(one.tag == TEXT_BOX or _is_painted(one) for one in around):
            run.set(_WHITE, "1")


def _is_painted(element: etree._Element) -> bool:
    """Return whether a run, paragraph, cell or table has, or may have, a ground of its own."""
    properties = element.find(f"{element.tag}Pr")
    if properties is None:
        return False
    shading, light = properties.find(W + "shd"), properties.find(W + "highlight")
    if shading is not None and shading.get(W + "fill", "auto").upper() not in ("AUTO", "FFFFFF"):
        return True
    if light is not None and light.get(VALUE) not in ("none", "white"):
        return True
    style = _value(properties.find(W + "tblStyle"))
    return bool(style) and style not in ("TableGrid", "TableNormal")


class _Story:
    """Walks one text of the document after the other, and keeps what it comes upon."""

    def __init__(self, blocks: Blocks, numbering: Numbering) -> None:
        self.blocks, self.numbering = blocks, numbering
        self.gathered = Gathered()
        self.boxes = 0

    def walk(self, parent: etree._Element, *, place: str = "") -> None:
        """Add the paragraphs and tables of a text; with a place they stand beside the body."""
        for child in parent:
            tag = child.tag
            if tag == PARAGRAPH:
                text = paragraph_text(child, self.gathered, self.numbering)
                self.blocks.paragraph(text, place=place, beside=bool(place))
                self._tell_unseen(place or self.blocks.here)
                self._pictures(place or self.blocks.here)
                self._flush()
            elif tag == TABLE:
                self._table(child, f"{place}, {self.blocks.next_grid}" if place else "")
                self._flush()
            elif tag in WRAPPERS:
                self.walk(child, place=place)
            elif tag in DELETED:
                self.gathered.deleted += 1
            elif tag == ALTERNATIVES:
                self.walk(chosen(child), place=place)
            elif tag == W + "altChunk":
                self.blocks.note("có phần chèn từ tệp khác: không đọc")

    def _flush(self) -> None:
        boxes, self.gathered.boxes = self.gathered.boxes, []
        for box in boxes:
            self.boxes += 1
            self.walk(box, place=f"khung chữ {self.boxes}")

    def _tell_unseen(self, place: str) -> None:
        """Warn of what is not read of a paragraph."""
        unseen, self.gathered.unseen = self.gathered.unseen, []
        if note := kept_text("", unseen)[1]:
            self.blocks.warn(f"{place}: {note}")

    def _pictures(self, place: str) -> None:
        if self.gathered.pictures:
            self.blocks.note(f"{place}: có ảnh; chữ và số trong ảnh không đọc được")
        self.gathered.pictures = 0

    def _table(self, table: etree._Element, place: str) -> None:
        place = place or self.blocks.next_grid
        held = table_cells(
            table, self._cell, lambda rows, columns: self.blocks.require_room(rows, columns, place)
        )
        self.blocks.grid(held.drafts, held.rows, held.columns, known_spans=True, place=place)
        self._pictures(place)
        for text in held.hidden:
            self.blocks.note(f"{place}: chữ nằm dưới ô gộp, không in ra: {text!r}")
        if held.deleted_rows:
            self.blocks.note(f"{place}: bỏ {held.deleted_rows} hàng đã xóa (theo dõi thay đổi)")
        if held.hidden_rows:
            self.blocks.warn(f"{place}: {held.hidden_rows} hàng bị ẩn; không đọc")
        for row, column, nested in held.nested:
            self._table(nested, f"{place}, ô hàng {row + 1} cột {column + 1}: bảng lồng")

    def _cell(self, cell: etree._Element) -> tuple[str, str, list[etree._Element]]:
        texts: list[str] = []
        nested: list[etree._Element] = []
        boxes = len(self.gathered.boxes)
        self._cell_parts(cell, texts, nested)
        text = "\n".join(texts)
        if len(self.gathered.boxes) > boxes and not text.strip():
            # What stands in a box alone may belong to the cell, or lie over another.
            within = (_words(box) for box in self.gathered.boxes[boxes:])
            self.gathered.unseen += [Unseen(BOXED, words) for words in within]
            del self.gathered.boxes[boxes:]
        unseen, self.gathered.unseen = self.gathered.unseen, []
        return *kept_text(text, unseen), nested

    def _cell_parts(
        self, parent: etree._Element, texts: list[str], nested: list[etree._Element]
    ) -> None:
        for child in parent:
            tag = child.tag
            if tag == PARAGRAPH:
                texts.append(paragraph_text(child, self.gathered, self.numbering))
            elif tag == TABLE:
                nested.append(child)
            elif tag in WRAPPERS:
                self._cell_parts(child, texts, nested)
            elif tag == ALTERNATIVES:
                self._cell_parts(chosen(child), texts, nested)
            elif tag in DELETED:
                self.gathered.deleted += 1


def _words(box: etree._Element) -> str:
    lines = ("".join(one.text or "" for one in line.iter(TEXT)) for line in box.iter(PARAGRAPH))
    return " ".join(line.strip() for line in lines if line.strip())


def _footnotes(part: etree._Element, tag: str, name: str, story: _Story) -> None:
    """Add the footnotes in the order of their references; the rules above them are no notes."""
    by_id = {
        one.get(W + "id", ""): one
        for one in part.iterfind(W + tag)
        if one.get(W + "type", "normal") == "normal"
    }
    order = story.gathered.references.get(f"{tag}s", [])
    for number, id_ in enumerate(order, start=1):
        if id_ in by_id:
            story.walk(by_id.pop(id_), place=f"{name} {number}")
    for one in by_id.values():
        story.walk(one, place=f"{name} không có chỗ dẫn")


def _edges(package: Package, related: Mapping[str, list[tuple[str, str]]], story: _Story) -> None:
    """Add headers and footers; first, even and odd pages mostly carry the same words."""
    seen: set[str] = set()
    for kind, name in _EDGES.items():
        for _, part in related.get(kind, ()):
            edge = package.xml(part)
            if (words := "".join(map(str, edge.itertext()))) not in seen:
                story.walk(edge, place=name)
            seen.add(words)


def _tell(story: _Story, package: Package, blocks: Blocks) -> None:
    """Note what was come upon."""
    gathered = story.gathered
    for note in gathered.notes:
        blocks.note(note)
    if unknown := sorted(story.numbering.unknown):
        blocks.note(f"kiểu đánh số tự động không dựng lại được: {', '.join(unknown)}")
    if gathered.inserted:
        blocks.note(f"có {gathered.inserted} chỗ thêm đang theo dõi thay đổi: đọc như đã chấp nhận")
    if gathered.deleted:
        blocks.note(f"có {gathered.deleted} chỗ xóa đang theo dõi thay đổi: không đọc")
    if any("/embeddings/" in name for name in package.names):
        blocks.note("có tệp nhúng (bảng tính, đối tượng): không mở")
    if any(name.endswith("/comments.xml") for name in package.names):
        blocks.note("có lời nhận xét: không đọc")
