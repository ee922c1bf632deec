"""What a file is, told by its content: suffixes lie, one-stop systems name HTML pages .xls."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass

from cchc_stats.words import ReadError

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


@dataclass(frozen=True)
class Kind:
    """What a file is, and what was noticed while looking."""

    name: str
    notes: tuple[str, ...] = ()


def kind_of(data: bytes, file: str, suffix: str) -> Kind:
    """Return what a file is by its content; a wrong suffix is a note.

    Raises
    ------
    ReadError
        It is of a kind that is not read; the error says which, and what to do.
    """
    name, notes = _kind(data, file)
    if suffix.lower() not in SUFFIXES[name]:
        notes = (*notes, f"đuôi tệp {suffix or '(không có)'} không đúng: nội dung là {name}")
    return Kind(name, notes)


def _kind(data: bytes, file: str) -> tuple[str, tuple[str, ...]]:
    if data.startswith(b"PK"):
        return _zipped(data, file)
    if data.startswith(_OLE):
        return _ole(data, file), ()
    if b"%PDF-" in data[:1024]:
        return "pdf", ()
    for mark, what in _OTHER:
        if data.startswith(mark):
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
    # whatever it is, this file cannot be read, and the cause is told.
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
