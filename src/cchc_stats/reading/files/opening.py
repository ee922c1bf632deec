"""One door for every kind of file: its content decides which, and one kind of refusal."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from cchc_stats.reading.files.document import Blocks, Document
from cchc_stats.words import CchcError, ReadError

SUFFIXES = {
    "docx": (".docx", ".docm", ".dotx", ".dotm"),
    "xlsx": (".xlsx", ".xlsm", ".xltx", ".xltm"),
    "text": (".txt", ".text", ".md", ".tsv", ".tab", ".csv", ""),
    "html": (".html", ".htm", ".xhtml"),
    "xls": (".xls", ".xlt"),
    "ods": (".ods", ".ots"),
    "pdf": (".pdf",),
}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHER = (
    (b"{\\rtf", "an RTF document"),
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"II*\x00", "a picture (TIFF)"),
    (b"MM\x00*", "a picture (TIFF)"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"PAR1", "a Parquet file"),
)
_HTML = re.compile(
    rb"^\s*(?:<!--.*?-->\s*|<\?xml[^>]*>\s*)*<(?:!doctype\s+html|html|head|body|meta"
    rb"|table|div|style|p|h\d)\b",
    re.I | re.S,
)


def kind_of(data: bytes, file: str, suffix: str) -> tuple[str, tuple[str, ...]]:
    """Return what a file is by its content, and notes; a wrong suffix is one.

    Raises
    ------
    ReadError
        It is of a kind that is not read; the error says which, and what to do.
    """
    name, notes = _kind(data, file)
    if suffix.lower() not in SUFFIXES[name]:
        notes = (*notes, f"đuôi tệp {suffix or '(không có)'} không đúng: nội dung là {name}")
    return name, notes


def _kind(data: bytes, file: str) -> tuple[str, tuple[str, ...]]:
    if data.startswith(b"PK"):
        return _zipped(data, file)
    if data.startswith(_OLE):
        return _ole(data, file), ()
    if b"%PDF-" in data[:1024]:
        return "pdf", ()
    if what := next((what for mark, what in _OTHER if data.startswith(mark)), ""):
        raise _refusal(what, file, _mend(what))
    start = data[:4096].removeprefix(b"\xef\xbb\xbf")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        start = data[:8192].decode("utf-16", "ignore").encode()
    if _HTML.match(start):
        return "html", ()
    if start.lstrip().startswith(b"<?xml"):
        raise _refusal(
            "an XML file", file, "open it in Word or Excel and save it as .docx or .xlsx"
        )
    return "text", ()


def _mend(what: str) -> str:
    if "picture" in what:
        return "a scan holds no text: use the document it was printed from"
    if "archive" in what:
        return "unpack it and read what is inside"
    if "RTF" in what:
        return "open it in Word and save it as .docx"
    return "give a .docx, .xlsx, .txt, .html, .xls, .ods or .pdf file"


def _zipped(data: bytes, file: str) -> tuple[str, tuple[str, ...]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            mime = archive.read("mimetype")[:80] if "mimetype" in names else b""
    # A damaged directory raises almost anything (ValueError, struct.error, NotImplementedError …);
    # whatever it is, this file cannot be read, and the refusal has the cause.
    except Exception as error:
        raise ReadError(
            f"the file is cut short or damaged: {error}",
            where=file,
            mend="copy or download it again, or open it in its program and save it again",
        ) from error
    macros = ("tệp có macro: không chạy, không đọc",) if _with_macros(names) else ()
    for kind, parts in (("docx", "word/"), ("xlsx", "xl/")):
        if any(name.startswith(parts) for name in names) or f"{kind[:-1]}.xml" in names:
            if "xl/workbook.bin" in names:
                raise _refusal("a binary workbook (.xlsb)", file, "save it as .xlsx in Excel")
            return kind, macros
    if b"opendocument.spreadsheet" in mime:
        return "ods", ()
    if b"opendocument.text" in mime:
        raise _refusal("an OpenDocument text (.odt)", file, "save it as .docx")
    if any(name.startswith("ppt/") for name in names):
        raise _refusal("a presentation", file, "give the report as .docx or .xlsx")
    inside = ", ".join(sorted(names)[:3]) or "nothing"
    raise _refusal(f"a zip archive that holds {inside}", file, "unpack it and read what is inside")


def _with_macros(names: set[str]) -> bool:
    return any(name.rpartition("/")[2].lower() == "vbaproject.bin" for name in names)


def _ole(data: bytes, file: str) -> str:
    """Return the kind of an old Office file, by the names of its streams (UTF-16)."""

    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in data

    if holds("EncryptedPackage"):
        raise ReadError(
            "the file is locked with a password",
            where=file,
            mend="open it, remove the password and save it again",
        )
    if holds("WordDocument"):
        raise _refusal("an old Word document (.doc)", file, "open it in Word and save it as .docx")
    if holds("Workbook") or holds("Book"):
        return "xls"
    raise _refusal("an old Office file", file, "save it as .docx or .xlsx")


def _refusal(what: str, file: str, mend: str) -> ReadError:
    return ReadError(f"this is {what}, which is not read", where=file, mend=mend)


LARGEST_FILE = 100_000_000  # bytes


def read_document(path: str | Path) -> Document:
    """Return a document's paragraphs and tables in their order; nothing of them is lost.

    The content of a file decides its kind, not its suffix.

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
    kind, notes = kind_of(data, file, path.suffix)
    blocks = Blocks(file)
    for note in notes:
        blocks.note(note)
    try:
        reader_of(kind)(data, blocks)
        if not blocks.any():
            blocks.note("tệp không có chữ nào")
        return blocks.finish(path.name, kind)
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


def reader_of(kind: str) -> Callable[[bytes, Blocks], None]:
    """Return what reads a kind of file, imported here: a text needs no lxml, a workbook no Word."""
    module = import_module(f"cchc_stats.reading.files.{kind}")
    reader: Callable[[bytes, Blocks], None] = getattr(module, f"read_{kind}")
    return reader


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
