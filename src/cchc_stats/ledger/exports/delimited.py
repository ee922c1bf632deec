"""Comma-separated exports: encoding, separator, heading, and what the engine would stumble over."""

from __future__ import annotations

import codecs
import csv
import mmap
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from cchc_stats.ledger.exports.aliases import (
    NEEDED,
    Aliases,
    ExportLayout,
    has_data,
    is_numbering,
    match_headings,
    two_rows,
)
from cchc_stats.words import ReadError

SEPARATORS = (",", ";", "\t", "|")
HEAD = 1 << 18  # bytes looked at for encoding, separator and heading
CHUNK = 1 << 24
TITLE_LINES = 30  # lines of title above the heading, at most
VIETNAMESE = "cp1258"
LETTERS = frozenset(
    unicodedata.normalize("NFC", base + tone)
    for vowel in ("a", "ă", "â", "e", "ê", "i", "o", "ô", "ơ", "u", "ư", "y", "A", "Ă", "Â", "E",
                  "Ê", "I", "O", "Ô", "Ơ", "U", "Ư", "Y", "đ", "Đ")
    for base in (vowel,)
    for tone in ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
)  # fmt: skip
SIGNS = frozenset("–—‘’“”…•·\u00a0°²³§«»×÷±½€₫\ufeff")
LONGEST_CELL = 50  # lines that one quoted cell may span before it is taken for a lost quote


@dataclass(frozen=True)
class Delimited:
    """How a text export is laid out: what the engine needs to read it."""

    path: Path
    separator: str
    quote: str
    skip: int  # lines before the heading
    layout: ExportLayout
    encoding: str = "utf-8"
    title: str = ""  # the lines above the heading
    broken: tuple[int, ...] = ()  # lines left out, because a quote in them is never closed


def look_at(path: Path, aliases: Aliases) -> Delimited:
    """Return how a text export is laid out, from its first lines.

    Raises
    ------
    ReadError
        It is empty, or no text in UTF-8 or UTF-16.
    """
    with path.open("rb") as file:
        start = file.read(HEAD)
    encoding = _encoding(start, path)
    text = codecs.getincrementaldecoder(encoding)("replace").decode(start).lstrip("\ufeff")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")[:TITLE_LINES]
    if not any(line.strip() for line in lines):
        raise ReadError("the file is empty", where=str(path), mend="export it again")
    best: tuple[tuple[int, int, int, int], int, str, ExportLayout] | None = None
    for number, line in enumerate(lines):
        for separator in SEPARATORS if line.strip() else ():
            cells = next(csv.reader([line], delimiter=separator), [])
            layout = match_headings([cell.strip() for cell in cells], aliases)
            matches = len(layout.fields)
            # Where no name matches, the first line stands for the heading.
            rank = (matches, 0 if matches else -number, len(cells), -number)
            if best is None or rank > best[0]:
                best = (rank, number, separator, layout)
    assert best is not None
    rank, skip, separator, layout = best
    title = " ".join(lines[:skip])
    if rank[0]:
        skip, layout = _below(lines, skip, separator, layout, aliases)
    if not rank[0] and not has_data([lines[skip + 1 :]]):
        layout = replace(layout, may_be_told=False)
    return Delimited(path, separator, '"', skip, layout, encoding, title)


def _below(
    lines: list[str], skip: int, separator: str, layout: ExportLayout, aliases: Aliases
) -> tuple[int, ExportLayout]:
    """Return the last line of the heading and its names: of two lines, and numbers below them."""

    def cells(number: int) -> list[str]:
        cells_read = next(csv.reader([lines[number]], delimiter=separator), [])
        return [cell.strip() for cell in cells_read]

    for upper in (skip - 1, skip):
        if not 0 <= upper < len(lines) - 1 or len(cells(upper)) != len(cells(upper + 1)):
            continue
        joined = match_headings(two_rows(cells(upper), cells(upper + 1), aliases), aliases)
        if len(joined.fields) > len(layout.fields):
            skip, layout = upper + 1, joined
    while skip + 1 < len(lines) and is_numbering(cells(skip + 1)):
        skip += 1
    return skip, layout


def require_one_heading(export: Delimited, aliases: Aliases) -> None:
    """Refuse a file in which an export of other columns stands below the first.

    The heading again is a row that is reported; below one of other columns rows would be misread.

    Raises
    ------
    ReadError
        A line with a ledger's names, in other places than those of the heading.
    """
    layout = export.layout
    # Looking for the longest of the names is the cheapest way to find another heading.
    headings = [layout.headings[layout.fields[one]] for one in NEEDED if one in layout.fields]
    name, end = (
        text.encode(export.encoding, "replace")
        for text in (max(headings, key=len, default=""), "\n")
    )
    if not name:
        return
    with (
        export.path.open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data,
    ):
        at = data.find(name)
        while (at := data.find(name, at + 1)) > 0:
            first, last = data.rfind(end, 0, at) + len(end), data.find(end, at)
            line = data[max(first, 0) : last if last > 0 else len(data)]
            text = line.decode(export.encoding, "replace").strip()
            cells = next(csv.reader([text], delimiter=export.separator), [])
            own = match_headings([cell.strip() for cell in cells], aliases)
            complete = {*NEEDED} - aliases.left_out <= {*own.fields}
            other = complete and own.fields != layout.fields
            if other and (number := data[:at].count(end)) > export.skip:
                raise ReadError(
                    "another export, of other columns, stands below the first in this file",
                    where=f"{export.path}, line {number + 1}",
                    mend="cut the file in two above that line",
                )


def made_readable(export: Delimited, folder: Path) -> Delimited:
    """Return the export as the engine can read it: itself, or a copy in a folder.

    The engine takes UTF-8 with one kind of line end; after a quote that is never closed it would
    leave out, without a word, what follows. Such files are copied line by line. A quote that is
    never closed is taken for a letter where the line has as many cells as the heading; the other
    lines of that kind are reported.
    """
    if export.encoding == "utf-8":
        quotes, mixed, lost = _look_through(export.path, export.separator)
        if not quotes and not mixed:
            return replace(export, quote="")
        if not lost and not mixed:
            return export
    copy = folder / f"{len(list(folder.iterdir()))}.csv"
    broken: list[int] = []
    errors = _errors(export.encoding)
    with copy.open("w", encoding="utf-8", errors=errors, newline="") as out:
        for number, record in _records(export):
            if record is None:
                broken.append(number)
            # An empty line instead, so that the engine numbers the lines as the file does.
            out.write(f"{record or ''}\n")
    return replace(export, path=copy, encoding="utf-8", broken=tuple(broken))


def _encoding(start: bytes, path: Path) -> str:
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if start.startswith(mark):
            return name
    # Without a mark: every other byte of UTF-16 is 0 in a heading of plain letters.
    for first, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        if len(start) > 3 and start[first:200:2].count(0) > len(start[first:200:2]) // 2:
            return name
    if _is_utf8(start):
        return "utf-8"
    text = unicodedata.normalize("NFC", start.decode(VIETNAMESE, "replace"))
    strange = {letter for letter in text if not letter.isascii()} - LETTERS - SIGNS
    if strange:
        raise ReadError(
            "the file is no text in UTF-8, UTF-16 or Windows-1258",
            where=f"{path}: {len(strange)} letters that Vietnamese does not have",
            mend="save it as 'CSV UTF-8', or as .xlsx; of TCVN3 or VNI letters convert it first",
        )
    return VIETNAMESE


def _is_utf8(start: bytes) -> bool:
    """Return whether text is UTF-8, but for lines that are broken among many that are not.

    A file in another code page has no line with a letter of Vietnamese that is UTF-8.
    """
    good = bad = 0
    lines = start.splitlines()
    # Of a longer file the last line may be cut within a letter.
    for line in lines if len(start) < HEAD else lines[:-1]:
        if not line.isascii():
            try:
                line.decode("utf-8")
                good += 1
            except UnicodeDecodeError:
                bad += 1
    return not bad or 4 * good > bad


def _look_through(path: Path, separator: str) -> tuple[bool, bool, bool]:
    """Return whether a file has quotes, mixed line ends, and quotes that are not about a cell.

    Quotes are counted, not parsed: between an odd one and the next a cell is open. The first must
    follow the end of a cell, the second stand before one, unless it is doubled.
    """
    around = np.frombuffer(f'{separator}\n\r"'.encode(), dtype=np.uint8)
    quotes = lost = False
    seen = [False, False, False]  # line ends outside cells: \n alone, \r\n, \r alone
    odd, since, before = False, 0, b""
    with path.open("rb") as file:
        while block := file.read(CHUNK):
            data = np.frombuffer(block, dtype=np.uint8)
            ends = np.flatnonzero(data == 10)
            marks = np.flatnonzero(data == 34) if b'"' in block else ends[:0]
            returned = np.concatenate(([before[-1:] == b"\r"], data[:-1] == 13))[ends]
            between = np.searchsorted(marks, ends)  # quotes before each line end
            outside = (between + odd) % 2 == 0
            seen[0] |= bool((~returned & outside).any())
            seen[1] |= bool((returned & outside).any())
            if b"\r" in block:
                alone = np.flatnonzero((data[:-1] == 13) & (data[1:] != 10))
                seen[2] |= bool(((np.searchsorted(marks, alone) + odd) % 2 == 0).any())
            if len(marks):
                quotes = True
                opening = (np.arange(len(marks)) + odd) % 2 == 0
                # At the ends of a block there is nothing to compare with.
                first, last = marks[opening], marks[~opening]
                before_first = data[first[first > 0] - 1]
                after_last = data[last[last < len(data) - 1] + 1]
                lost |= not np.isin(np.concatenate((before_first, after_last)), around).all()
                # Line ends within each open cell: from an opening quote to the one that closes it.
                at = np.concatenate(([0], np.searchsorted(ends, marks), [len(ends)]))
                spans = np.diff(at)[0 if odd else 1 :: 2]
                if odd:
                    spans[0] += since
                lost |= bool((spans > LONGEST_CELL).any())
                odd ^= len(marks) % 2 == 1
                since = int(len(ends) - at[-2]) if odd else 0
            elif odd:
                since += len(ends)
                lost |= since > LONGEST_CELL
            before = block[-1:]
    return quotes, sum(seen) > 1, lost or odd


def _errors(encoding: str) -> str:
    """Return how bytes that are no text are copied: as they are, so that the engine tells them."""
    return "surrogateescape" if encoding == "utf-8" else "replace"


def _records(export: Delimited) -> Iterator[tuple[int, str | None]]:
    """Yield the number of the first line and the text of each record; None where it never ends."""
    errors = _errors(export.encoding)
    with export.path.open("rb") as file:
        # Where lines end otherwise, a carriage return within one is a stray letter.
        newline = "\n" if b"\n" in file.read(HEAD) else None
    with export.path.open(encoding=export.encoding, errors=errors, newline=newline) as file:
        waiting: list[str] = []
        number = 0
        lines: list[str] = []  # of the open record
        while True:
            line = waiting.pop(0) if waiting else file.readline()
            if not line:
                if lines:
                    yield number - len(lines) + 1, _literal(lines[0], export)
                    number -= len(lines) - 1
                    waiting, lines = [f"{one}\n" for one in lines[1:]], []
                    continue
                return
            number += 1
            if number == 1:
                line = line.removeprefix("\ufeff")
            lines.append(line.removesuffix("\n").removesuffix("\r").replace("\r", " "))
            closed = sum(one.count('"') for one in lines) % 2 == 0
            if closed and (len(lines) == 1 or _is_record(lines, export)):
                yield number - len(lines) + 1, "\n".join(lines)
                lines = []
            elif closed or len(lines) > LONGEST_CELL:
                # The cell never ends: begin anew with the line below.
                yield number - len(lines) + 1, _literal(lines[0], export)
                number -= len(lines) - 1
                waiting, lines = [f"{one}\n" for one in lines[1:]] + waiting, []


def _is_record(lines: list[str], export: Delimited) -> bool:
    """Return whether lines are one row, with cells that span them."""
    ended = (f"{line}\n" for line in lines)
    try:
        rows = list(csv.reader(ended, delimiter=export.separator, strict=True))
    except csv.Error:
        return False
    return len(rows) == 1 and len(rows[0]) == len(export.layout.headings)


def _literal(line: str, export: Delimited) -> str | None:
    """Return a line whose quotes are letters, None where it is not as long as the heading."""
    cells = line.split(export.separator)
    if len(cells) != len(export.layout.headings):
        return None
    return export.separator.join('"' + cell.replace('"', '""') + '"' for cell in cells)
