"""The appendix as a Word document: A4, Times New Roman 13, on its side where a table is wide."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from cchc_stats.publishing.form.tables import FormTable, HeadingSpan, heading_spans
from cchc_stats.words import undated

if TYPE_CHECKING:
    from docx.document import Document
    from docx.section import Section

FONT, SIZE = "Times New Roman", 13
SMALL = 11  # points, in tables that lie on their side
WIDE = 7  # columns from which a table lies on its side
SHORT_SIDE, LONG_SIDE, MARGIN = 21.0, 29.7, 2.0  # centimetres: A4
SHARES = {"serial": 0.75, "label": 3.0, "figure": 1.0, "note": 1.6}
TWIPS = 567  # a centimetre in twentieths of a point
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def draw_docx(head: Sequence[str], tables: Sequence[FormTable]) -> bytes:
    """Return the document: the head of the report, then each form under its title."""
    import docx
    from docx.enum.section import WD_SECTION

    document = docx.Document()
    _plain_style(document)
    wide = bool(tables) and len(tables[0].headings) > WIDE
    _page(document.sections[0], wide=wide)
    for number, line in enumerate(head):
        _line(document, line, bold=number != len(head) - 1, centred=True)
    for number, table in enumerate(tables, 1):
        is_wide = len(table.headings) > WIDE
        if is_wide != wide:
            _page(document.add_section(WD_SECTION.NEW_PAGE), wide=is_wide)
            wide = is_wide
        _line(document, f"{number}. {table.title}", bold=True)
        _add_table(document, table, wide=wide)
        document.add_paragraph()
    target = BytesIO()
    document.save(target)
    return undated(target.getvalue())


def _plain_style(document: Document) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt

    style: Any = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(SIZE)
    # Word takes the letters beyond ASCII from a font of their own.
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    style.element.rPr.rFonts.set(qn("w:cs"), FONT)
    style.paragraph_format.space_after = Pt(4)
    style.element.rPr.append(style.element.rPr.makeelement(qn("w:lang"), {qn("w:val"): "vi-VN"}))


def _page(section: Section, *, wide: bool) -> None:
    from docx.enum.section import WD_ORIENT
    from docx.shared import Cm

    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    width, height = (LONG_SIDE, SHORT_SIDE) if wide else (SHORT_SIDE, LONG_SIDE)
    section.page_width, section.page_height = Cm(width), Cm(height)
    section.left_margin = section.right_margin = Cm(MARGIN)
    section.top_margin = section.bottom_margin = Cm(MARGIN)


def _line(document: Document, text: str, *, bold: bool, centred: bool = False) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    paragraph = document.add_paragraph()
    paragraph.add_run(text).bold = bold
    paragraph.paragraph_format.keep_with_next = True
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _add_table(document: Document, table: FormTable, *, wide: bool) -> None:
    # Written as one piece of XML: by the library's cells a row takes as long as the table is wide.
    from docx.oxml import parse_xml

    element = parse_xml("".join(_table_xml(table, wide=wide)))
    body = document.element.body
    body.insert(len(body) - 1, element)  # the last child tells the page
    if any(cell.source for row in table.rows for cell in row):
        _comment(document, element, table)


def _table_xml(table: FormTable, *, wide: bool) -> Iterator[str]:
    size = SMALL if wide else SIZE
    room = (LONG_SIDE if wide else SHORT_SIDE) - 2 * MARGIN
    shares = [SHARES[kind] for kind in table.kinds]
    widths = [round(TWIPS * room * share / sum(shares)) for share in shares]
    lines = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    yield (
        f'<w:tbl {_W}><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{lines}</w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>'
    )
    yield "".join(f'<w:gridCol w:w="{width}"/>' for width in widths) + "</w:tblGrid>"
    yield from _heading_rows(table, widths, size)
    cells = zip([f"({column})" for column in range(1, len(widths) + 1)], widths, strict=True)
    yield _row("".join(_cell(text, width, size, "italic") for text, width in cells), repeat=True)
    lefts = [kind in ("label", "note") for kind in table.kinds]
    for row, cells_of_row in enumerate(table.rows):
        look = "bold" if table.is_total(row) else ""
        placed = zip(cells_of_row, widths, lefts, strict=True)
        yield _row(
            "".join(_cell(one.text, width, size, look, left=left) for one, width, left in placed)
        )
    yield "</w:tbl>"


def _heading_rows(table: FormTable, widths: Sequence[int], size: int) -> Iterator[str]:
    spans = list(heading_spans(table.headings))
    for level in range(table.depth):
        cells, column = [], 0
        while column < len(widths):
            span = _covering(spans, level, column)
            width = sum(widths[column : span.right + 1])
            merged = f'<w:gridSpan w:val="{span.right - column + 1}"/>'
            if span.bottom > span.top:
                merged += f'<w:vMerge w:val="{"restart" if level == span.top else "continue"}"/>'
            text = span.text if level == span.top else ""
            cells.append(_cell(text, width, size, "bold", more=merged))
            column = span.right + 1
        yield _row("".join(cells), repeat=True)


def _covering(spans: Sequence[HeadingSpan], row: int, column: int) -> HeadingSpan:
    return next(
        span
        for span in spans
        if span.top <= row <= span.bottom and span.left <= column <= span.right
    )


def _row(cells: str, *, repeat: bool = False) -> str:
    header = "<w:tblHeader/>" if repeat else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{header}</w:trPr>{cells}</w:tr>"


def _cell(
    text: str, width: int, size: int, look: str = "", *, left: bool = False, more: str = ""
) -> str:
    marks = {"bold": "<w:b/>", "italic": "<w:i/>", "": ""}[look]
    run = (
        f'<w:r><w:rPr>{marks}<w:sz w:val="{2 * size}"/></w:rPr>'
        f'<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
        if text
        else ""
    )
    side = "left" if left else "center"
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{more}'
        '<w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr><w:spacing w:after="0"/><w:jc w:val="{side}"/></w:pPr>{run}</w:p></w:tc>'
    )


def _comment(document: Document, element: Any, table: FormTable) -> None:
    """Say in a comment on each figure where it comes from."""
    from docx.oxml.ns import qn
    from docx.table import Table

    rows = Table(element, document).rows
    for row, cells in zip(list(rows)[table.depth + 1 :], table.rows, strict=True):
        for printed, cell in zip(row.cells, cells, strict=True):
            if cell.source and printed.paragraphs[0].runs:
                comment = document.add_comment(
                    printed.paragraphs[0].runs, text=cell.source, author="cchc_stats", initials=""
                )
                # Without the time at which it was made: the same figures are the same file.
                comment._comment_elm.attrib.pop(qn("w:date"), "")
