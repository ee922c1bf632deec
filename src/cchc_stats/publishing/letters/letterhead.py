"""The frame of an official document by Decree 30/2020/NĐ-CP: page, head, signature.

Annex I: A4, margins of 20 mm above and below, 30 mm on the left and 20 mm on the right; Times New
Roman 13; lines begin 1 cm in and stand 6 points apart; pages are numbered above from the second on.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from docx.document import Document

FONT, SIZE = "Times New Roman", 13
TWIPS = 567  # a centimetre in twentieths of a point
LEFT, RIGHT, ABOVE = 3.0, 2.0, 2.0  # centimetres
WIDTH = 21.0 - LEFT - RIGHT
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def official_page() -> Document:
    """Return an empty document of the size, margins, font and page numbers of the decree."""
    import docx
    from docx.oxml import parse_xml
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt

    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin = Cm(LEFT), Cm(RIGHT)
    section.top_margin = section.bottom_margin = Cm(ABOVE)
    section.header_distance = Cm(1)
    section.different_first_page_header_footer = True
    header: Any = section.header.paragraphs[0]
    header._p.addnext(
        parse_xml(
            f'<w:p {_W}><w:pPr><w:jc w:val="center"/></w:pPr><w:fldSimple w:instr="PAGE">'
            "<w:r><w:t>2</w:t></w:r></w:fldSimple></w:p>"
        )
    )
    header._p.getparent().remove(header._p)
    style: Any = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(SIZE)
    # Word takes the letters beyond ASCII from a font of their own.
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    style.element.rPr.rFonts.set(qn("w:cs"), FONT)
    style.element.rPr.append(style.element.rPr.makeelement(qn("w:lang"), {qn("w:val"): "vi-VN"}))
    style.paragraph_format.space_after = Pt(0)
    return document


def append(document: Document, xml: str) -> None:
    """Put a piece of XML at the end of a document."""
    from docx.oxml import parse_xml

    body = document.element.body
    body.insert(len(body) - 1, parse_xml(xml))  # the last child tells the page


def paragraph(
    text: str,
    *,
    size: float = SIZE,
    bold: bool = False,
    italic: bool = False,
    align: str = "both",
    indent: float = 0.0,
    above: int = 0,
    below: int = 0,
    keep: bool = False,
    underline_of: tuple[float, float] | None = None,
) -> str:
    """Return a paragraph as XML.

    Parameters
    ----------
    indent : of the first line, in centimetres.
    above, below : room, in points.
    keep : whether it stays on the page of the next one.
    underline_of : a line below instead of text, as far from the sides as given, in centimetres.
    """
    looks = f"{'<w:b/>' * bold}{'<w:i/>' * italic}<w:sz w:val='{round(2 * size)}'/>"
    kept = "<w:keepNext/>" * keep
    first = f'<w:ind w:firstLine="{round(TWIPS * indent)}"/>' if indent else ""
    line = ""
    if underline_of is not None:
        left, right = (round(TWIPS * side) for side in underline_of)
        first = f'<w:ind w:left="{left}" w:right="{right}"/>'
        line = '<w:pBdr><w:top w:val="single" w:sz="6" w:space="1" w:color="auto"/></w:pBdr>'
        looks = '<w:sz w:val="8"/>'
    runs = "<w:br/>".join(
        f'<w:t xml:space="preserve">{escape(part)}</w:t>' for part in text.split("\n")
    )
    return (
        f'<w:p {_W}><w:pPr>{kept}{line}<w:spacing w:before="{20 * above}" w:after="{20 * below}"/>'
        f'{first}<w:jc w:val="{align}"/><w:rPr>{looks}</w:rPr></w:pPr>'
        f"<w:r><w:rPr>{looks}</w:rPr>{runs}</w:r></w:p>"
    )


def table(rows: Sequence[Sequence[str]], widths: Sequence[float], *, lines: bool = True) -> str:
    """Return a table as XML; cells are paragraphs as XML, the first row repeats on each page."""
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    style = 'w:val="single" w:sz="4"' if lines else 'w:val="nil"'
    borders = "".join(f'<w:{side} {style} w:space="0" w:color="auto"/>' for side in sides)
    twips = [round(TWIPS * width) for width in widths]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in twips)
    made = []
    for number, row in enumerate(rows):
        head = "<w:tblHeader/>" if lines and not number else ""
        cells = "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{cell}</w:tc>'
            for cell, width in zip(row, twips, strict=True)
        )
        made.append(f"<w:tr><w:trPr><w:cantSplit/>{head}</w:trPr>{cells}</w:tr>")
    return (
        f'<w:tbl {_W}><w:tblPr><w:tblW w:w="{sum(twips)}" w:type="dxa"/>'
        f'<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="70" w:type="dxa"/><w:right w:w="70" w:type="dxa"/>'
        f"</w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(made)}</w:tbl>"
    )


def letter_head(
    *, superior: str, body: str, number: str, subject: str, nation: str, motto: str, day: str
) -> str:
    """Return the head as XML: who writes, the number and what about; the nation, place and day."""
    left_width, right_width = 7.0, WIDTH - 7.0
    left = (
        paragraph(superior.upper(), align="center")
        + paragraph(body.upper(), bold=True, align="center")
        + paragraph("", underline_of=(2.3, 2.3))
        + paragraph(number, align="center", above=4)
        + paragraph(subject, size=12, align="center", above=4)
    )
    right = (
        paragraph(nation, size=12, bold=True, align="center")
        + paragraph(motto, bold=True, align="center")
        + paragraph("", underline_of=(1.75, 1.75))
        + paragraph(day, italic=True, align="center", above=4)
    )
    return table([[left, right]], [left_width, right_width], lines=False)


def signature(*, copies: Sequence[str], signer: str, note: str) -> str:
    """Return the foot as XML: who gets it on the left, who signs on the right."""
    first, *others = copies
    left = paragraph(first, size=12, bold=True, italic=True, align="left", keep=True)
    left += "".join(paragraph(line, size=11, align="left", keep=True) for line in others)
    right = paragraph(signer, bold=True, align="center", keep=True)
    right += paragraph(note, italic=True, align="center", below=60)
    return table([[left, right]], [WIDTH / 2, WIDTH / 2], lines=False)
