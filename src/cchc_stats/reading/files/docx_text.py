"""The text of one Word paragraph as it is printed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from cchc_stats.reading.files.docx_names import (
    ALTERNATIVES,
    DELETED,
    PARAGRAPH_PROPERTIES,
    RUN,
    RUN_PROPERTIES,
    TEXT,
    TEXT_BOX,
    VALUE,
    WRAPPERS,
    W,
    is_on,
)
from cchc_stats.reading.files.docx_numbering import Numbering

# "105" and a raised reference "1" must never read as 1051.
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_PLAIN = {W + "tab": "\t", W + "br": "\n", W + "cr": "\n", W + "noBreakHyphen": "-"}
_PICTURES = frozenset({"blip", "imagedata"})
_DRAWN = frozenset({W + "drawing", W + "pict", W + "object"})
_REFERENCES = {W + "footnoteReference": "footnotes", W + "endnoteReference": "endnotes"}
_VERTICAL, _VANISH = W + "vertAlign", W + "vanish"


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
    if numbering is not None and properties is not None and (label := numbering.label(properties)):
        pieces.append(f"{label} ")
    _gather(paragraph, pieces, gathered)
    # A number before nothing is still printed: the serial numbers of a table's first column.
    return "".join(pieces)


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
    table = None
    for child in run:
        tag = child.tag
        if tag == TEXT:
            text = child.text or ""
            pieces.append(text.translate(table) if table else text)
        elif tag == RUN_PROPERTIES:
            if (vertical := child.find(_VERTICAL)) is not None:
                table = {"superscript": RAISED, "subscript": LOWERED}.get(vertical.get(VALUE, ""))
            if (hidden := child.find(_VANISH)) is not None and is_on(hidden):
                gathered.note("có chữ bị ẩn trong Word; vẫn được đọc")
        elif tag in _PLAIN:
            pieces.append(_PLAIN[tag])
        elif tag in _REFERENCES:
            seen = gathered.references.setdefault(_REFERENCES[tag], [])
            seen.append(child.get(W + "id", ""))
            pieces.append(str(len(seen)).translate(RAISED))
        elif tag in _DRAWN:
            _drawn(child, gathered)
        elif tag == ALTERNATIVES:
            _run(chosen(child), pieces, gathered)
        elif tag == W + "sym":
            gathered.note("có ký hiệu của phông chữ riêng (w:sym); không có chữ để đọc")
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
