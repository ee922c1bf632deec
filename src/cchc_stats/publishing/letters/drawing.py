"""A letter as a Word document, and its points as a workbook to answer in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from io import BytesIO
from typing import Any

from cchc_stats.publishing.letterhead import (
    FONT,
    SIZE,
    append,
    letter_head,
    official,
    official_page,
    paragraph,
    signature,
    table,
)
from cchc_stats.publishing.letters.contents import Item, Letter, capital, reasons_known, text
from cchc_stats.words import NO_DATE, word

WIDTHS = (1.1, 6.6, 4.0, 4.3)  # centimetres: number, what, where, answer
SHEET_WIDTHS = (6, 16, 70, 46, 46)
_COLUMNS = ("number", "what", "place", "answer")
_line = partial(paragraph, indent=1.0, below=6)


def draw_docx(letter: Letter, *, sender: str, province: str, notes: bool, lang: str) -> bytes:
    """Return a letter as a document."""
    say = partial(text, lang=lang)
    document = official_page()
    unknown = official("head", "province", lang=lang)
    append(
        document,
        letter_head(
            sender.upper(),
            superior=official("head", "superior", lang=lang, province=province or unknown).upper(),
            subject=say("subject", letter.kind, period=letter.period),
            lang=lang,
        ),
    )
    to = say("head", "to", unit=letter.unit)
    append(document, paragraph(to, size=14, align="center", above=14, below=12))
    for piece in _body(letter, sender=sender, notes=notes, lang=lang):
        append(document, piece)
    copies = [say("head", code) for code in ("copies", "as_above", "filed")]
    append(document, paragraph("", size=6, keep=True))
    foot = signature(copies=copies, signer=say("head", "signer"), note=say("head", "signature"))
    append(document, foot)
    made = BytesIO()
    document.save(made)
    return made.getvalue()


def _body(letter: Letter, *, sender: str, notes: bool, lang: str) -> Iterator[str]:
    """Yield what stands between the head and the signature."""
    say = partial(text, lang=lang)
    names: dict[str, Any] = {"unit": letter.unit, "sender": sender}
    files = say("body", "files", files=", ".join(letter.files)) if letter.files else ""
    words = names | {"period": letter.period, "files": files}
    kind = letter.kind
    if letter.reason:
        yield _line(say("body", "reminder", **words))
        if known := reasons_known(letter.reason, lang=lang):
            yield _line(say("body", "known", reason=known))
    if kind != "reminder":
        asked, told = len(letter.asked), len(letter.open)
        counts: dict[str, Any] = {"mended": len(letter.mended), "open": told, "new": asked - told}
        count = asked + bool(letter.forms)
        yield _line(capital(say("body", kind, **words, **counts, count=count)))
    number = 0
    for title, items in sections(letter, notes=notes):
        number += 1
        yield _section(f"{number}. {say('section', title)}")
        if title in ("mended", "note"):
            yield from (_line(f"- {capital(item.sentence)}") for item in items)
        else:
            yield _table_of(items, lang=lang)
    if letter.forms:
        yield _section(f"{number + 1}. {say('section', 'forms')}")
        yield _line(say("body", "forms", forms="; ".join(letter.forms)))
    ending = "ask_report" if letter.reason else "ask_again"
    ending = ending if letter.asked or letter.forms or letter.reason else "thanks"
    yield paragraph(say("body", ending, **names), indent=1.0, above=8, below=6, keep=True)


def sections(letter: Letter, *, notes: bool) -> list[tuple[str, Sequence[Item]]]:
    """Return the parts of a letter that have anything, each with its points."""
    asked = letter.asked
    if letter.kind == "again":
        new = [item for item in asked if item not in letter.open]
        parts = [("mended", letter.mended), ("open", letter.open), ("new", new)]
    else:
        parts = [
            (severity, [item for item in asked if item.severity == severity])
            for severity in ("error", "warning")
        ]
    if notes:
        parts.append(("note", [item for item in letter.items if item.severity == "note"]))
    return [(title, items) for title, items in parts if items]


def _section(title: str) -> str:
    return paragraph(title, bold=True, indent=1.0, above=6, below=6, keep=True)


def _table_of(items: Sequence[Item], *, lang: str) -> str:
    heads = [text("column", name, lang=lang) for name in _COLUMNS]
    rows = [[paragraph(name, size=12, bold=True, align="center", keep=True) for name in heads]]
    for number, item in enumerate(items, 1):
        sentence = capital(item.sentence)
        what = paragraph(
            sentence + "." * (not sentence.endswith((".", ")"))), size=12, align="left"
        )
        if item.question:
            what += paragraph(item.question, size=12, italic=True, align="left")
        rows.append(
            [
                paragraph(str(number), size=12, align="center"),
                what,
                paragraph(item.place, size=12, align="left"),
                paragraph("", size=12, align="left"),
            ]
        )
    return table(rows, WIDTHS)


def draw_xlsx(letter: Letter, *, notes: bool, lang: str) -> bytes:
    """Return the points of a letter as a workbook of one sheet, with a column for the answers."""
    from xlsxwriter.workbook import Workbook

    say = partial(text, lang=lang)
    made = BytesIO()
    book = Workbook(made, {"in_memory": True, "strings_to_formulas": False})
    font: dict[str, Any] = {"font_name": FONT, "font_size": SIZE, "text_wrap": True}
    cell = book.add_format(font | {"border": 1, "valign": "top"})
    bold = book.add_format(font | {"border": 1, "bold": True, "align": "center"})
    title = book.add_format(font | {"bold": True, "text_wrap": False})
    sheet = book.add_worksheet(say("column", "sheet"))
    sheet.write_string(0, 0, letter.unit, title)
    sheet.write_string(1, 0, say("subject", letter.kind, period=letter.period), title)
    names = ("number", "kind", "what", "place", "answer")
    for column, (name, width) in enumerate(zip(names, SHEET_WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(3, column, say("column", name), bold)
    items = [
        (item, say("section", part) if part == "mended" else word("severity", item.severity))
        for part, its in sections(letter, notes=notes)
        for item in its
    ]
    for row, (item, kind) in enumerate(items, 4):
        sheet.write_number(row, 0, row - 3, cell)
        sentence = f"{capital(item.sentence)}. {item.question}".strip()
        for column, content in enumerate((kind, sentence, item.place, ""), 1):
            sheet.write_string(row, column, content, cell) if content else sheet.write_blank(
                row, column, None, cell
            )
    sheet.freeze_panes(4, 0)
    sheet.autofilter(3, 0, max(3 + len(items), 4), len(names) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(3)
    book.set_properties({"created": NO_DATE})
    book.close()
    return made.getvalue()
