"""The frame of an official document by Decree 30/2020/NĐ-CP: page, head, signature.

Annex I: A4, margins of 20 mm above and below, 30 mm on the left and 20 mm on the right; Times New
Roman 13; lines begin 1 cm in and stand 6 points apart; pages are numbered above from the second on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from cchc_stats.words import fold, vocabulary

if TYPE_CHECKING:
    from docx.document import Document

FONT, SIZE = "Times New Roman", 13
TWIPS = 567  # a centimetre in twentieths of a point
SHORT_SIDE, LONG_SIDE = 21.0, 29.7  # centimetres: A4
LEFT, RIGHT, ABOVE = 3.0, 2.0, 2.0
WIDTH = SHORT_SIDE - LEFT - RIGHT
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_COMMITTEE = ("uy ban nhan dan", "ubnd", "hoi dong nhan dan", "hdnd")
_PROVINCE = re.compile(r"(?:tỉnh|thành phố) [^\W\d_].*$", re.IGNORECASE)


def official(subject: str, code: str, *, lang: str = "vi", **words: object) -> str:
    """Return one text of an official document's frame, filled in."""
    words_of = vocabulary("cchc_stats.publishing", "letterhead.toml")
    return words_of[subject][code].in_language(lang).format(**words)


def province_in(name: str) -> str:
    """Return the province that an agency's name ends with, "" where it names none.

    Examples
    --------
    >>> province_in("Sở Khoa học và Công nghệ tỉnh Bình Định"), province_in("Sở Y tế")
    ('tỉnh Bình Định', '')
    """
    found = _PROVINCE.search(name)
    return found[0] if found else ""


def superior_of(agency: str, *, lang: str = "vi") -> str:
    """Return the body above an agency as the head of its documents names it.

    Above a department stands its province's people's committee, above a committee nobody is named;
    of others it is left open.

    Examples
    --------
    >>> superior_of("Sở Khoa học và Công nghệ tỉnh Bình Định")
    'Ủy ban nhân dân tỉnh Bình Định'
    >>> superior_of("Sở Y tế"), superior_of("Ủy ban nhân dân xã Tuy Phước")
    ('Ủy ban nhân dân tỉnh …………', '')
    """
    plain = fold(agency)
    if plain.startswith(_COMMITTEE):
        return ""
    if not plain.startswith("so "):
        return official("head", "unknown", lang=lang)
    province = province_in(agency) or official("head", "province", lang=lang)
    return official("head", "superior", lang=lang, province=province)


def official_page(*, wide: bool = False) -> Document:
    """Return an empty document of the size, margins, font and page numbers of the decree."""
    import docx
    from docx.enum.section import WD_ORIENT
    from docx.oxml import parse_xml
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt

    document = docx.Document()
    section = document.sections[0]
    width, height = (LONG_SIDE, SHORT_SIDE) if wide else (SHORT_SIDE, LONG_SIDE)
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Cm(width), Cm(height)
    section.left_margin, section.right_margin = Cm(LEFT), Cm(RIGHT)
    section.top_margin = section.bottom_margin = Cm(ABOVE)
    section.header_distance = Cm(1)
    section.different_first_page_header_footer = True
    header: Any = section.header.paragraphs[0]
    # Without a number kept from the last look at it, which would be read as a figure.
    page = '<w:fldSimple w:instr="PAGE"/>'
    header._p.addnext(parse_xml(f'<w:p {W}><w:pPr><w:jc w:val="center"/></w:pPr>{page}</w:p>'))
    header._p.getparent().remove(header._p)
    style: Any = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(SIZE)
    # Word takes the letters beyond ASCII from a font of their own.
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    style.element.rPr.rFonts.set(qn("w:cs"), FONT)
    style.element.rPr.append(style.element.rPr.makeelement(qn("w:lang"), {qn("w:val"): "vi-VN"}))
    style.paragraph_format.space_after = Pt(0)
    return document


def append(document: Document, xml: str) -> Any:
    """Put a piece of XML at the end of a document and return its element."""
    from docx.oxml import parse_xml

    body, element = document.element.body, parse_xml(xml)
    body.insert(len(body) - 1, element)  # the last child tells the page
    return element


def paragraph(
    text: str,
    *,
    size: float = SIZE,
    bold: bool = False,
    italic: bool = False,
    caps: bool = False,
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
    caps : whether it is shown in capitals; the text keeps its letters.
    indent : of the first line, in centimetres.
    above, below : room, in points.
    keep : whether it stays on the page of the next one.
    underline_of : a line below instead of text, as far from the sides as given, in centimetres.
    """
    looks = (
        f"{'<w:b/>' * bold}{'<w:i/>' * italic}{'<w:caps/>' * caps}<w:sz w:val='{round(2 * size)}'/>"
    )
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
        f'<w:p {W}><w:pPr>{kept}{line}<w:spacing w:before="{20 * above}" w:after="{20 * below}"/>'
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
        f'<w:tbl {W}><w:tblPr><w:tblW w:w="{sum(twips)}" w:type="dxa"/>'
        f'<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="70" w:type="dxa"/><w:right w:w="70" w:type="dxa"/>'
        f"</w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(made)}</w:tbl>"
    )


def letter_head(
    agency: str, *, superior: str, subject: str = "", width: float = WIDTH, lang: str = "vi"
) -> str:
    """Return the head as XML: who writes, the number and what about; the nation, place and day."""
    say = partial(official, "head", lang=lang)
    left_width = 7.0 * width / WIDTH
    right_width = width - left_width
    left = paragraph(superior, align="center", caps=True) if superior else ""
    left += (
        paragraph(agency, bold=True, align="center", caps=True)
        + paragraph("", underline_of=(left_width / 3, left_width / 3))
        + paragraph(say("number"), align="center", above=4)
    )
    left += paragraph(subject, size=12, align="center", above=4) if subject else ""
    side = (right_width - 5.5) / 2  # the line is as long as the motto
    right = (
        paragraph(say("nation"), size=12, bold=True, align="center")
        + paragraph(say("motto"), bold=True, align="center")
        + paragraph("", underline_of=(side, side))
        + paragraph(say("day"), italic=True, align="center", above=4)
    )
    return table([[left, right]], [left_width, right_width], lines=False)


def foot(left: Sequence[str], right: Sequence[str], *, width: float = WIDTH) -> str:
    """Return the foot as XML: two columns of paragraphs, each as XML, who signs on the right."""
    return table([["".join(left), "".join(right)]], [width / 2, width / 2], lines=False)


def signature(*, copies: Sequence[str], signer: str, note: str) -> str:
    """Return the foot of a letter as XML: who gets it on the left, who signs on the right."""
    first, *others = copies
    left = [paragraph(first, size=12, bold=True, italic=True, align="left", keep=True)]
    left += [paragraph(line, size=11, align="left", keep=True) for line in others]
    right = paragraph(signer, bold=True, align="center", keep=True)
    right += paragraph(note, italic=True, align="center", below=60)
    return foot(left, [right])


def signatures(*, width: float) -> str:
    """Return the foot of an annex as XML: who drew it up, who is at the head of the unit."""
    columns = [
        [
            paragraph(official("foot", who), bold=True, align="center", keep=True),
            paragraph(official("foot", how), italic=True, align="center", below=60),
        ]
        for who, how in (("drawn_up", "signed"), ("head", "sealed"))
    ]
    return foot(*columns, width=width)
