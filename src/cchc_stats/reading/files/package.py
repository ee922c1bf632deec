"""Opening a zipped office document with bounds: size, ratio, count, damage, XML declarations.

Word, Excel and OpenDocument files are zip archives of XML parts that come from anywhere. Nothing
of a part is parsed before it is proved small enough and free of declarations.
"""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Mapping

from lxml import etree

from cchc_stats.words import ReadError

MEMBER = 150_000_000  # bytes unpacked
XML = 60_000_000  # bytes of one part that is parsed
TOTAL = 300_000_000
MEMBERS = 10_000
RATIO = 400  # text of many equal cells packs to a fiftieth at most; a bomb to a thousandth
SMALL = 20_000_000  # bytes: no ratio matters below
MARKS = 2_500_000  # tags and attributes of one part: each takes some 200 bytes once parsed
SAVE_AGAIN = "open it in its program and save it again, or get it anew"
# The strict dialect of the standard differs in its names alone.
_STRICT = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", "wordprocessingml/2006/main"),
    (b"http://purl.oclc.org/ooxml/spreadsheetml/main", "spreadsheetml/2006/main"),
    (b"http://purl.oclc.org/ooxml/officeDocument/", "officeDocument/2006/"),
)
_DOCTYPES = tuple("<!DOCTYPE".encode(name) for name in ("utf-8", "utf-16-le", "utf-16-be"))
# What zipfile and zlib raise on damaged archives; a password is a RuntimeError, an unknown way of
# packing a NotImplementedError (which is one too).
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    struct.error,
    ValueError,
    RuntimeError,
    KeyError,
    OverflowError,
    MemoryError,
)


class Package:
    """The parts of a zipped office document, each read at most once and within bounds."""

    def __init__(self, data: bytes, file: str) -> None:
        self.file = file
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            listed = self._zip.infolist()
        except _DAMAGE as error:
            raise ReadError(
                f"the file is cut short or damaged: {error}", where=file, mend=SAVE_AGAIN
            ) from error
        self.names = frozenset(info.filename for info in listed)
        if len(listed) > MEMBERS or len(self.names) < len(listed):
            what = "has parts of the same name" if len(listed) <= MEMBERS else "has too many parts"
            raise ReadError(f"the file {what}", where=file, mend=SAVE_AGAIN)
        total = sum(info.file_size for info in listed)
        for info in listed:
            if info.file_size > MEMBER:
                self._too_large(f"{file}, part {info.filename}", info.file_size)
        if total > TOTAL or (total > SMALL and total > RATIO * len(data)):
            self._too_large(file, total)
        self._left = TOTAL

    def _too_large(self, where: str, size: int) -> None:
        raise ReadError(
            f"unpacked it would take {size // 1_000_000:,} MB: more than a report holds",
            where=where,
            mend="check where the file comes from; remove pictures and empty formatted cells",
        )

    def read(self, part: str) -> bytes:
        """Return a part's bytes, counted while it is unpacked."""
        where = f"{self.file}, part {part}"
        try:
            with self._zip.open(part) as member:
                data = member.read(min(XML, self._left) + 1)
        except _DAMAGE as error:
            locked = isinstance(error, RuntimeError) and "password" in str(error)
            raise ReadError(
                "the file is locked with a password"
                if locked
                else f"the file is cut short or damaged: {error}",
                where=where,
                mend="open it, remove the password and save it again" if locked else SAVE_AGAIN,
            ) from error
        if len(data) > min(XML, self._left):
            self._too_large(where, len(data))
        self._left -= len(data)
        return data

    def xml_bytes(self, part: str) -> bytes:
        """Return a part's bytes as far as they may be parsed: without any DOCTYPE."""
        data = self.read(part)
        if any(mark in data for mark in _DOCTYPES):
            raise self._declared(part)
        for strict, usual in _STRICT:
            if strict in data:
                data = data.replace(strict, f"http://schemas.openxmlformats.org/{usual}".encode())
        return data

    def _declared(self, part: str) -> ReadError:
        return ReadError(
            "a part declares a DOCTYPE, which office programs never write",
            where=f"{self.file}, part {part}",
            mend="do not trust the file; ask for it anew",
        )

    def xml(self, part: str) -> etree._Element:
        """Return the root of an XML part."""
        return self.parsed(part, self.xml_bytes(part))

    def parsed(self, part: str, data: bytes) -> etree._Element:
        """Return the root of an XML part from its bytes, as `xml_bytes` gives them."""
        if data.count(b"<") - data.count(b"</") + data.count(b'="') > MARKS:
            raise ReadError(
                "the text is larger than any report",
                where=f"{self.file}, part {part}",
                mend="split the document",
            )
        try:
            root = etree.fromstring(data, xml_parser())
        except (etree.XMLSyntaxError, ValueError) as error:
            raise self.corrupt(part, error) from error
        # Declarations in encodings that were not searched above.
        if root.getroottree().docinfo.internalDTD is not None:
            raise self._declared(part)
        return root

    def corrupt(self, part: str, error: Exception) -> ReadError:
        """Return the refusal of a part that is no XML."""
        return ReadError(
            f"the XML is damaged: {error}", where=f"{self.file}, part {part}", mend=SAVE_AGAIN
        )

    def related(self, part: str) -> Mapping[str, list[tuple[str, str]]]:
        """Return what a part refers to and the package holds: kind -> (id, part).

        `part` "" stands for the package itself.
        """
        folder, _, name = part.rpartition("/")
        listing = posixpath.join(folder, "_rels", f"{name}.rels")
        targets: dict[str, list[tuple[str, str]]] = {}
        if listing not in self.names:
            return targets
        for one in self.xml(listing).iterfind("{*}Relationship"):
            target = one.get("Target", "")
            target = target[1:] if target.startswith("/") else posixpath.join(folder, target)
            target = posixpath.normpath(target)
            if one.get("TargetMode") != "External" and target in self.names:
                kind = one.get("Type", "").rpartition("/")[2]
                targets.setdefault(kind, []).append((one.get("Id", ""), target))
        return targets

    def main_part(self, expected: str) -> str:
        """Return the name of the part that holds the document."""
        parts = self.related("").get("officeDocument", [])
        part = parts[0][1] if parts else expected
        if part not in self.names:
            raise ReadError(
                f"the file lacks its main part, {expected}", where=self.file, mend=SAVE_AGAIN
            )
        return part


def xml_parser() -> etree.XMLParser:
    """Return a parser that resolves, loads and expands nothing, and keeps libxml2's own bounds."""
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
