"""Text PDFs, read by pdfplumber in a process with bounds of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from typing import Any

from cchc_stats.reading.files.bounded_process import INVISIBLE, STRUCK_OUT, read_by_program
from cchc_stats.reading.files.document import HIDDEN, STRUCK, Blocks, Draft, Unseen, kept_text
from cchc_stats.words import ReadError

MOST_PAGES = 500
NEEDS = "pdfplumber"
_BROKEN = re.compile(r"(?<=[^\W\d_])-\n(?=[^\W\d_])")
_UNSEEN = tuple(
    (sign, why, re.compile(rf"{sign}[^{sign}](?:\s*{sign}[^{sign}])*"))
    for sign, why in ((INVISIBLE, HIDDEN), (STRUCK_OUT, STRUCK))
)


def read_pdf(data: bytes, blocks: Blocks) -> None:
    """Add a text PDF's lines and ruled tables, page after page.

    Needs pdfplumber, the optional extra `pdf`. Which cells are merged is not in the file.
    """
    if find_spec(NEEDS) is None:
        raise ReadError(
            "a PDF is read with pdfplumber, which is not installed",
            where=blocks.file,
            mend="pip install 'cchc_stats[pdf]', or save the document as .docx",
        )
    pages = read_by_program(
        "pdf",
        data,
        blocks.budget,
        what="the PDF",
        most=MOST_PAGES,
    )
    for number, parts in enumerate(pages, start=1):
        blocks.page = f"trang {number}, "
        for part in _joined_lines(parts):
            if isinstance(part, str):
                text, note = _kept(part)
                blocks.paragraph(text)
                if note:
                    blocks.warn(f"{blocks.page}{blocks.here}: {note}")
            else:
                _table(part, number, blocks)
    if not blocks.any():
        raise ReadError(
            "the PDF holds no text: it is a scan",
            where=blocks.file,
            mend="use the document it was printed from",
        )
    blocks.note("PDF: mỗi dòng là một đoạn, ô gộp không được ghi trong tệp")


def _joined_lines(parts: Iterable[Any]) -> Iterator[Any]:
    """Yield lines and tables; a line that ends within a word goes on with the next."""
    line = ""
    for part in parts:
        if line and isinstance(part, str) and part[:1].islower():
            part = _joined(f"{line}\n{part}")
        elif line:
            yield line
        line = ""
        if isinstance(part, str) and _BROKEN.search(f"{part}\nx"):
            line = part
        else:
            yield part
    if line:
        yield line


def _joined(text: str) -> str:
    """Return a text with its broken words joined; one that breaks after its hyphen keeps it."""
    return _BROKEN.sub("-", text.replace("\u00ad\n", ""))


def _kept(text: str) -> tuple[str, str]:
    """Return a text without what is struck out of it, and a note on that."""
    lost = []
    for sign, why, pattern in _UNSEEN:
        if sign in text:
            lost += [Unseen(why, one.replace(sign, "")) for one in pattern.findall(text)]
            text = pattern.sub("", text)
    return kept_text(_joined(text), lost)


def _table(rows: list[list[str]], page: int, blocks: Blocks) -> None:
    drafts = [
        Draft(row, column, 1, 1, *_kept(text))
        for row, values in enumerate(rows)
        for column, text in enumerate(values)
    ]
    wide = max((len(values) for values in rows), default=0)
    place = f"trang {page}, {blocks.next_grid}"
    blocks.grid(drafts, len(rows), wide, known_spans=False, place=place)
