"""Word documents: the body in its order, straight from the XML, and what stands beside it."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from cchc_stats.reading.files.blocks import Blocks
from cchc_stats.reading.files.docx_names import ALTERNATIVES, DELETED, PARAGRAPH, TABLE, WRAPPERS, W
from cchc_stats.reading.files.docx_numbering import Numbering, read_numbering
from cchc_stats.reading.files.docx_tables import table_cells
from cchc_stats.reading.files.docx_text import Gathered, chosen, paragraph_text
from cchc_stats.reading.files.zip_guard import SAVE_AGAIN, Package
from cchc_stats.words import ReadError

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
    body = package.parsed(main, data).find(W + "body")
    if body is None:
        raise ReadError(
            "the document has no body", where=f"{blocks.file}, part {main}", mend=SAVE_AGAIN
        )
    story = _Story(blocks, _numbering(package, related, data, blocks))
    story.walk(body)
    read = blocks.any()
    for kind, (tag, name) in _NOTES.items():
        if targets := related.get(kind):
            _footnotes(package.xml(targets[0][1]), tag, name, story)
    seen: set[bytes] = set()
    for kind, name in _EDGES.items():
        for _, part in related.get(kind, ()):
            edge = package.xml(part)
            # First, even and odd pages mostly carry the same words.
            if (words := "".join(map(str, edge.itertext())).encode()) not in seen:
                story.walk(edge, place=name)
            seen.add(words)
    _tell(story.gathered, package, blocks)
    if unknown := sorted(story.numbering.unknown):
        blocks.note(f"kiểu đánh số tự động không dựng lại được: {', '.join(unknown)}")
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
                self.blocks.note("có phần chèn từ tệp khác (altChunk): không đọc")

    def _flush(self) -> None:
        boxes, self.gathered.boxes = self.gathered.boxes, []
        for box in boxes:
            self.boxes += 1
            self.walk(box, place=f"khung chữ {self.boxes}")

    def _pictures(self, place: str) -> None:
        if self.gathered.pictures:
            self.blocks.note(f"{place}: có ảnh; chữ và số trong ảnh không đọc được")
        self.gathered.pictures = 0

    def _table(self, table: etree._Element, place: str) -> None:
        place = place or self.blocks.next_grid
        found = table_cells(
            table, self._cell, lambda rows, columns: self.blocks.require_room(rows, columns, place)
        )
        self.blocks.grid(found.drafts, found.rows, found.columns, known_spans=True, place=place)
        self._pictures(place)
        for text in found.hidden:
            self.blocks.note(f"{place}: chữ nằm dưới ô gộp, không in ra: {text!r}")
        if found.deleted_rows:
            self.blocks.note(f"{place}: bỏ {found.deleted_rows} hàng đã xóa (theo dõi thay đổi)")
        for row, column, nested in found.nested:
            self._table(nested, f"{place}, ô hàng {row + 1} cột {column + 1}: bảng lồng")

    def _cell(self, cell: etree._Element) -> tuple[str, list[etree._Element]]:
        texts: list[str] = []
        nested: list[etree._Element] = []
        self._cell_parts(cell, texts, nested)
        return "\n".join(texts), nested

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


def _tell(gathered: Gathered, package: Package, blocks: Blocks) -> None:
    """Note what was come upon."""
    for note in gathered.notes:
        blocks.note(note)
    if gathered.inserted:
        blocks.note(f"có {gathered.inserted} chỗ thêm đang theo dõi thay đổi: đọc như đã nhận")
    if gathered.deleted:
        blocks.note(f"có {gathered.deleted} chỗ xóa đang theo dõi thay đổi: không đọc")
    if any("/embeddings/" in name for name in package.names):
        blocks.note("có tệp nhúng (bảng tính, đối tượng): không mở")
    if any(name.endswith("/comments.xml") for name in package.names):
        blocks.note("có lời nhận xét (comment): không đọc")
