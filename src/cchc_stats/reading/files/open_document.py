"""`read_document`: one door for every kind of file, and one kind of refusal."""

from __future__ import annotations

from pathlib import Path

from cchc_stats.reading.files.blocks import Blocks
from cchc_stats.reading.files.document import Document
from cchc_stats.reading.files.sniffing import kind_of
from cchc_stats.words import CchcError, ReadError

LARGEST_FILE = 100_000_000  # bytes


def read_document(path: str | Path) -> Document:
    """Return a document's paragraphs and tables in their order; nothing of them is lost.

    The kind of a file is told by its content, not by its suffix.

    Parameters
    ----------
    path : a .docx (.docm), .xlsx (.xlsm), .txt, .html, .xls, .ods or text .pdf file. Macros are
        never run, nothing outside the file is loaded.

    Returns
    -------
    Document. Empty cells are cells with text "". Footnotes, headers, footers and text boxes are
    paragraphs whose place says so. `notes` says what was noticed: deleted text left out, hidden
    sheets, a wrong suffix.

    Raises
    ------
    ReadError
        There is no such file, it is empty, damaged, locked, beyond the bounds of a report, of a
        kind that is not read, or written in an encoding before Unicode (TCVN3, VNI).

    Examples
    --------
    >>> document = read_document("data/binh-dinh-skhcn-2020q3/report.toml")
    >>> document.kind, document.notes
    ('text', ('đuôi tệp .toml không đúng: nội dung là text',))
    """
    path = Path(path)
    data = _bytes(path)
    file = str(path)
    kind = kind_of(data, file, path.suffix)
    blocks = Blocks(file)
    for note in kind.notes:
        blocks.note(note)
    try:
        _read(kind.name, data, blocks)
        if not blocks.any():
            blocks.note("tệp không có chữ nào")
        return blocks.finish(path.name, kind.name)
    except CchcError:
        raise
    # The libraries below raise whatever their parsing of a damaged file runs into (IndexError,
    # struct.error, RecursionError …): a caller of many files must meet one kind of refusal.
    except Exception as error:
        raise ReadError(
            f"the file cannot be read: {type(error).__name__}: {error}",
            where=file,
            mend="open it in its program and save it again",
        ) from error


def _read(kind: str, data: bytes, blocks: Blocks) -> None:
    # Imported here: a reader of text needs no lxml, one of workbooks nothing of Word.
    if kind == "docx":
        from cchc_stats.reading.files.docx_document import read_docx as read
    elif kind == "xlsx":
        from cchc_stats.reading.files.xlsx_document import read_xlsx as read
    elif kind == "html":
        from cchc_stats.reading.files.html_document import read_html as read
    elif kind == "xls":
        from cchc_stats.reading.files.xls_document import read_xls as read
    elif kind == "ods":
        from cchc_stats.reading.files.ods_document import read_ods as read
    elif kind == "pdf":
        from cchc_stats.reading.files.pdf_document import read_pdf as read
    else:
        from cchc_stats.reading.files.text_document import read_text as read
    read(data, blocks)


def _bytes(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise ReadError(
                "this is a folder, not a document",
                where=str(path),
                mend="give the file, or the folder of a report to read_report",
            )
        if not path.is_file():
            raise ReadError("there is no such file", where=str(path), mend="check the path")
        with path.open("rb") as stream:
            data = stream.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        if isinstance(error, CchcError):
            raise
        raise ReadError(
            f"the file cannot be opened: {error}",
            where=str(path),
            mend="check that it is still there and that you may read it",
        ) from error
    if len(data) > LARGEST_FILE:
        raise ReadError(
            f"the file is larger than {LARGEST_FILE // 1_000_000} MB",
            where=str(path),
            mend="remove its pictures, or split it",
        )
    if not data.strip(b"\x00\t\n\r "):
        raise ReadError(
            "the file is empty", where=str(path), mend="get it anew: its copy was broken off"
        )
    return data
