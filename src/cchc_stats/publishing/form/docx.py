"""The appendix as a Word document in the form of Decree 30/2020/NĐ-CP, on its side if need be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from cchc_stats.publishing.form.tables import FormHead, FormTable, HeadingSpan, heading_spans
from cchc_stats.publishing.form.widths import column_widths, least_widths
from cchc_stats.publishing.letterhead import (
    LEFT,
    LONG_SIDE,
    RIGHT,
    SHORT_SIDE,
    TWIPS,
    W,
    append,
    letter_head,
    official_page,
    paragraph,
    signatures,
)
from cchc_stats.words import undated

if TYPE_CHECKING:
    from docx.document import Document

SIZES = (13, 12, 11, 10, 9, 8, 7)  # points: the largest in which no word is broken
SLACK = 1.1  # for a font that is wider than the one asked for
WIDE = 7  # columns from which a table lies on its side


def draw_docx(head: FormHead, tables: Sequence[FormTable]) -> bytes:
    """Return the document: letterhead, title, each form under its title, who signs.

    All pages lie on their sides where one table has to.
    """
    wide = any(_is_wide(table) for table in tables)
    document = official_page(wide=wide)
    room = (LONG_SIDE if wide else SHORT_SIDE) - LEFT - RIGHT
    append(document, letter_head(head.agency, superior=head.superior, width=room))
    name, title, attached, *remarks = head.lines
    append(document, paragraph(name, size=14, bold=True, align="center", above=14, keep=True))
    append(document, paragraph(title, size=14, bold=True, align="center", keep=True))
    append(document, paragraph(attached, italic=True, align="center", below=4, keep=True))
    for line in remarks:
        append(document, paragraph(line, align="center", below=4, keep=True))
    for number, table in enumerate(tables, 1):
        title = f"{number}. {table.title}"
        append(document, paragraph(title, bold=True, align="left", above=8, below=4, keep=True))
        _add_table(document, table, room)
    append(document, paragraph("", size=6, keep=True))
    append(document, signatures(width=room))
    append(document, paragraph("", size=2))
    target = BytesIO()
    document.save(target)
    return undated(target.getvalue())


def _is_wide(table: FormTable) -> bool:
    upright = SHORT_SIDE - LEFT - RIGHT
    return len(table.headings) > WIDE or sum(least_widths(table, SIZES[0])) > upright


def _add_table(document: Document, table: FormTable, room: float) -> None:
    # Written as one piece of XML: by the library's cells a row takes as long as the table is wide.
    element = append(document, "".join(_table_xml(table, room)))
    if any(cell.source for row in table.rows for cell in row):
        _comment(document, element, table)


def _table_xml(table: FormTable, room: float) -> Iterator[str]:
    # A table with many columns is read line by line: it does not have to be as large as prose.
    sizes = SIZES[2:] if len(table.headings) > WIDE else SIZES
    needed = room / SLACK
    size = next((one for one in sizes if sum(least_widths(table, one)) <= needed), SIZES[-1])
    widths = [round(TWIPS * width) for width in column_widths(table, size, room)]
    lines = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    yield (
        f'<w:tbl {W}><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{lines}</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar>'
        '<w:left w:w="57" w:type="dxa"/><w:right w:w="57" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        "<w:tblGrid>"
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
