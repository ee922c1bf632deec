"""Text PDFs, read by pdfplumber in a process with bounds of its own."""

from __future__ import annotations

from importlib.util import find_spec

from cchc_stats.reading.files.bounded_process import told_by
from cchc_stats.reading.files.document import Blocks, Draft
from cchc_stats.words import ReadError

MOST_PAGES = 500
SECONDS = 600  # for all pages; a page has 5
NEEDS = "pdfplumber"


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
    pages = told_by("pdf", data, blocks.file, what="the PDF", seconds=SECONDS, most=MOST_PAGES)
    for number, parts in enumerate(pages, start=1):
        for part in parts:
            if isinstance(part, str):
                blocks.paragraph(part)
            else:
                _table(part, number, blocks)
    if not blocks.any():
        raise ReadError(
            "the PDF holds no text: it is a scan",
            where=blocks.file,
            mend="use the document it was printed from",
        )
    blocks.note("PDF: mỗi dòng là một đoạn, ô gộp không được ghi trong tệp")


def _table(rows: list[list[str]], page: int, blocks: Blocks) -> None:
    drafts = [
        Draft(row, column, 1, 1, text)
        for row, values in enumerate(rows)
        for column, text in enumerate(values)
    ]
    wide = max((len(values) for values in rows), default=0)
    place = f"trang {page}, {blocks.next_grid}"
    blocks.grid(drafts, len(rows), wide, known_spans=False, place=place)
