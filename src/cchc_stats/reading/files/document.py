"""A document: paragraphs and tables in their order, each cell with its spans and place."""

from __future__ import annotations

import re
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from itertools import count
from typing import NamedTuple

from cchc_stats.words import ReadError, fold

_LONGEST_KEPT = 2_000  # characters: paragraphs are shorter


class PlainText(NamedTuple):
    """A printed text, and the same without diacritics: what patterns are searched in.

    `plain` is folded (see `fold`) but for the capitals, which tell the symbol of
    a document from a word. `positions` holds for each of its characters the place in `text`.
    """

    text: str
    plain: str
    positions: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where in `text` a part of `plain` stands."""
        if start >= end:
            return 0, 0
        # Up to the next character, so that the marks of a decomposed letter stay with it.
        last = end if end < len(self.positions) else len(self.positions) - 1
        stop = self.positions[last] if end < len(self.positions) else len(self.text)
        first = self.positions[start]
        return first, first + len(self.text[first : max(stop, first + 1)].rstrip())

    def printed(self, start: int, end: int) -> str:
        """Return a part of `plain` as it is printed."""
        first, last = self.span(start, end)
        return self.text[first:last]


def plain_text(text: str) -> PlainText:
    """Return a text ready for patterns.

    Examples
    --------
    >>> share = plain_text("Đạt  97,5%")
    >>> share.plain, share.printed(0, 3)
    ('Dat 97,5%', 'Đạt')
    """
    return _kept(text) if len(text) <= _LONGEST_KEPT else _plain_text(text)


@lru_cache(maxsize=1_000)
def _kept(text: str) -> PlainText:
    # Head, windows, claims and document numbers are each looked for in the same paragraphs.
    return _plain_text(text)


def _plain_text(text: str) -> PlainText:
    letters: list[str] = []
    positions: list[int] = []
    for place, char in enumerate(text):
        for letter in _plain_char(char):
            if letter == " " and (not letters or letters[-1] == " "):
                continue
            letters.append(letter)
            positions.append(place)
    # "Quí" and "quy" are one word.
    plain = _QUI.sub(r"\1y", "".join(letters))
    return PlainText(text, plain, tuple(positions))


_QUI = re.compile(r"\b([Qq][Uu])i\b", re.IGNORECASE)


@cache
def _plain_char(char: str) -> str:
    if char.isspace():
        return " "
    folded = fold(char)
    return folded.upper() if char.isupper() else folded


TCVN3, VNI = "TCVN3 (ABC)", "VNI"
ENOUGH = 3  # words: one odd word is an accident
# Signs that no Vietnamese word holds: in TCVN3 they are letters. Not among them: ², ³, ¹, º, ·, «
# and », which stand after words in good texts.
_TCVN3 = re.compile(r"[^\W\d_][µ¸¶¨¾¼½©®ª¬¦§¤¥]|[µ¸¶¨¾¼½©®ª¬¦§¤¥](?=[a-zà-ÿ])")
# A vowel followed by the letter that carries its tone; "oà", "uá", "oé" are good Vietnamese.
_VNI = re.compile("[aeouyöôAEOUYÖÔ][ùøûõïåäëüÙØÛÕÏÅÄËÜ]|[ñÑ][aeouyöôAEOUYÖÔ]|öô|ÖÔ")
_FONT = re.compile(rb'"(?:\.Vn|VNI-)[\w .-]*"', re.IGNORECASE)
_MODERN = re.compile("[ăđơưĂĐƠƯ\u1ea0-\u1ef9]")


def legacy_words(text: str) -> Counter[str]:
    """Return how many places of a text look like each legacy encoding.

    Examples
    --------
    >>> dict(legacy_words("Céng hoµ x· héi chñ nghÜa ViÖt Nam, §éc lËp"))
    {'TCVN3 (ABC)': 2}
    >>> dict(legacy_words("Coäng hoøa xaõ hoäi")), dict(legacy_words("Cộng hoà xã hội, 5 m²"))
    ({'VNI': 4}, {})
    """
    signs: Counter[str] = Counter()
    if _MODERN.search(text):
        return signs
    for name, pattern in ((TCVN3, _TCVN3), (VNI, _VNI)):
        if hits := len(pattern.findall(text)):
            signs[name] = hits
    return signs


class LegacyWatch:
    """Counts what looks like a legacy encoding, and refuses at the end."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._hits: Counter[str] = Counter()
        self._first: dict[str, str] = {}
        self._parts: list[bytes] = []

    def look(self, text: str, place: str) -> None:
        """Take a text into account."""
        if text.isascii() or _MODERN.search(text):
            return
        for name, hits in legacy_words(text).items():
            self._hits[name] += hits
            self._first.setdefault(name, f"{place}: {text[:60]!r}")

    def look_at_fonts(self, part: bytes) -> None:
        """Take the font names of an XML part into account: with one of them, one word is enough.

        A font alone proves nothing: it stays behind where a text was converted. So the parts are
        searched at the end, where there is a word.
        """
        self._parts.append(part)

    def judge(self) -> None:
        """Refuse where enough words look like one of the encodings."""
        for name, hits in self._hits.most_common(1):
            if hits >= ENOUGH or any(_FONT.search(part) for part in self._parts):
                raise legacy_error(name, f"{self._file}, {self._first[name]}")


def legacy_error(name: str, where: str) -> ReadError:
    """Return the refusal of a legacy encoding."""
    return ReadError(
        f"the text is written in {name}, not in Unicode",
        where=where,
        mend="convert it to Unicode first (for instance with UniKey's converter) and save it again",
    )


LONGEST_TITLE = 200
_ROMAN = r"(?:X{0,2}(?:IX|IV|V?I{0,3}))"
_APPENDIX = re.compile(
    r"phụ lục(?:\s+(?:số\s+)?(\d{1,2}|[ivx]{1,5}|[a-hđ]))?\s*(?:[.:(–-].*|$)", re.I
)
_SHOUTED_APPENDIX = re.compile(r"PHỤ LỤC(?:\s+(?:SỐ\s+)?(\d{1,2}[A-Za-z]?|[IVX]{1,5}))?\s")
_PART = re.compile(r"phần\s+(?:thứ\s+)?([ivx]{1,5}|\d|nhất|hai|ba|tư|năm)\b\W*", re.I)
_ROMAN_HEADING = re.compile(rf"(?=[IVX])({_ROMAN})\s*[./)]\s*(?=\D)")
_CAPITAL = re.compile(r"([A-HĐ])\s*[./)]\s+(?=\w)")
_DECIMAL = re.compile(r"(\d{1,2}(?:\.\d{1,2}){1,3})([.)]?)\s+(?=\S)")
_UNIT = re.compile(r"\W*(?:don vi tinh|dvt)\b")
_NUMBERED = re.compile(r"(\d{1,2})\s*[.)/]\s+(?=[^\W\d])")
_LETTERED = re.compile(r"[-–+•*]?\s*([a-zđ])\s*[)]\s*(?=\S)|([a-hđ])\.\s+(?=[^\W\d])")
# Rank of each kind of heading: one closes all of its own rank and below.
APPENDIX, PART, CAPITAL, ROMAN, NUMBER, LETTER = 0, 1, 2, 3, 4, 9


@dataclass(frozen=True)
class Heading:
    """One open heading: its rank, its code in a place ("II", "6", "a"), its title."""

    rank: int
    code: str
    title: str


@dataclass(frozen=True)
class Standing:
    """Where a paragraph stands."""

    section: str
    place: str


class Outline:
    """The open headings of a document, paragraph after paragraph.

    Examples
    --------
    >>> outline = Outline()
    >>> outline.take("II. KẾT QUẢ").place
    'Mục II, tiêu đề'
    >>> outline.take("4. Đội ngũ công chức").section
    'II. KẾT QUẢ > 4. Đội ngũ công chức'
    >>> outline.take("a) Biên chế: được giao 40.").place, outline.take("Hiện có 37.").place
    ('Mục II.4.a, đoạn 1', 'Mục II.4.a, đoạn 2')
    """

    def __init__(self) -> None:
        self._open: list[Heading] = []
        self._appendices = count(1)
        self._inside = 0  # paragraphs under the innermost heading
        self._all = 0
        self._titling = False  # the title of an appendix goes on in capitals below it

    @property
    def section(self) -> str:
        """Return the open headings as a path."""
        return " > ".join(heading.title for heading in self._open)

    def take(self, text: str) -> Standing:
        """Return where the next paragraph stands; a numbered heading opens its section."""
        self._all += 1
        heading = self._heading(text)
        if heading is not None:
            self._open = [*(one for one in self._open if one.rank < heading.rank), heading]
            self._inside = 0
            self._titling = heading.rank == APPENDIX
            if not _runs_on(text):
                return Standing(self.section, self._place("tiêu đề"))
        elif self._titling and text.isupper():
            last = self._open[-1]
            self._open[-1] = replace(last, title=f"{last.title} {text}"[:LONGEST_TITLE])
            return Standing(self.section, self._place("tiêu đề"))
        elif text.casefold().startswith("nơi nhận"):
            self._open = []  # the letter is over: who gets it belongs to no section
        self._titling = False
        self._inside += 1
        inside = f"đoạn {self._inside if self._open else self._all}"
        return Standing(self.section, self._place(inside))

    def _place(self, inside: str) -> str:
        if not self._open:
            return inside
        first, rest = self._open[0], self._open
        words = "Mục "
        if first.rank == APPENDIX:
            words, rest = f"Phụ lục {first.code}, mục ", self._open[1:]
            if not rest:
                return f"Phụ lục {first.code}, {inside}"
        return f"{words}{'.'.join(heading.code for heading in rest)}, {inside}"

    def _heading(self, text: str) -> Heading | None:
        if match := _APPENDIX.fullmatch(text) or (
            _SHOUTED_APPENDIX.match(text) if text.isupper() else None
        ):
            # Unnumbered appendices are named by their order, as a reader would.
            return Heading(APPENDIX, match[1] or str(next(self._appendices)), _title(text))
        if len(text) <= LONGEST_TITLE and (match := _PART.match(text)):
            return Heading(PART, f"Phần {match[1]}", _title(text))
        if match := _ROMAN_HEADING.match(text):
            return Heading(ROMAN, match[1], _title(text))
        if match := _CAPITAL.match(text):
            return Heading(CAPITAL, match[1], _title(text))
        if match := _DECIMAL.match(text):
            return self._decimal(match[1], bool(match[2]), text)
        if match := _NUMBERED.match(text):
            return Heading(NUMBER, match[1], _title(text))
        if match := _LETTERED.match(text):
            return Heading(LETTER, match[1] or match[2], _title(text.lstrip("-–+•* ")))
        return None

    def _decimal(self, numbers: str, dotted: bool, text: str) -> Heading | None:
        """Return the heading "2.1": under its "2" or with a closing dot; else it is a figure."""
        parts = numbers.split(".")
        above = [one.code for one in self._open if NUMBER <= one.rank < NUMBER + len(parts) - 1]
        if above == parts[:-1]:
            return Heading(NUMBER + len(parts) - 1, parts[-1], _title(text))
        return Heading(NUMBER, numbers, _title(text)) if dotted else None


def _runs_on(text: str) -> bool:
    """Return whether a heading goes on as running text."""
    return len(text) > LONGEST_TITLE or text.endswith((".", ";", ",")) or ": " in text


def _title(text: str) -> str:
    title = text if len(text) <= LONGEST_TITLE and ": " not in text else text.partition(": ")[0]
    return title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1].rstrip() + "…"


_BREAKS = re.compile("[ \t]*[\n\r\x0b\x0c\x85\u2028\u2029]+[ \t]*")
# They are not seen in print, and a word that holds one is another word.
_UNSEEN = str.maketrans("", "", "\u00ad\u200b\u200c\u200d\u2060\ufeff")


# "105" and a raised reference "1" must never read as 1051.
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def tidy(raw: str) -> str:
    r"""Return a text composed (NFC), without ends of space, unseen characters or line breaks.

    Examples
    --------
    >>> tidy(" Quy\u0301\nIII ")
    'Quý III'
    """
    if raw.isascii() and raw.isprintable():
        return raw.strip()
    composed = unicodedata.normalize("NFC", raw.translate(_UNSEEN))
    text = _BREAKS.sub(" ", composed.strip())
    return raw if text == raw else text  # kept once where it is the same


_MARK = re.compile(r"[-+*•–]|(?:[a-zđ]{1,2}|[0-9]+(?:\.[0-9]+)*)[.)]")
_IN_A_TIME = re.compile(r"(?:,|\b(?:năm|tháng|quý|ngày))$", re.IGNORECASE)


def goes_on(before: str, line: str) -> bool:
    """Return whether a line goes on with the sentence of the one before: it begins in lower case.

    Examples
    --------
    >>> goes_on("Trong quý III", "năm 2024 tiếp nhận 9 hồ sơ"), goes_on("Gồm:", "a) Hộ tịch")
    (True, False)
    """
    before, line = tidy(before), tidy(line)
    if not before or before[-1] in ".:;!?" or _MARK.match(line):
        return False
    return line[:1].islower() or bool(line) and _IN_A_TIME.search(before) is not None


def _sentences(raw: str) -> list[str]:
    """Return the lines of a text, those that go on with the one before together with it."""
    lines: list[list[str]] = []
    for line in raw.splitlines():
        if lines and goes_on(lines[-1][-1], line):
            lines[-1].append(line)
        else:
            lines.append([line])
    return [" ".join(parts) for parts in lines]


def column_letters(column: int) -> str:
    """Return a sheet's column by its letters, counted from 0.

    Examples
    --------
    >>> column_letters(0), column_letters(26)
    ('A', 'AA')
    """
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


class Cell(NamedTuple):
    """One cell as printed; a merged one is one cell with spans.

    Attributes
    ----------
    row, column : its upper left corner, counted from 0.
    row_span, column_span : how many rows and columns it covers, 1 or more.
    text : `raw` composed (NFC), ends stripped, line breaks as spaces; "" where it is empty.
    raw : as in the file; a stored number as its format shows it, in Vietnamese printing.
    note : what the reader noticed about it, else "".
    """

    row: int
    column: int
    row_span: int
    column_span: int
    text: str
    raw: str
    note: str = ""


@dataclass(frozen=True, eq=False)
class Grid:
    """One table of a document: its cells cover every place exactly once.

    Attributes
    ----------
    number : 1, 2, … among the document's tables.
    place : "bảng 4", or "trang tính 'Biểu 1', A5:K9".
    section : the headings above it, "II. … > 4. … > a) …"; "" where there are none.
    caption : the last paragraph before it that says more than its unit of measure.
    cells : row by row.
    rows, columns : its size.
    known_spans : False where the source does not say which cells are merged: there a merged
        heading leaves empty cells behind.
    origin : row and column of its upper left cell in a sheet, counted from 0; None elsewhere.
    """

    number: int
    place: str
    section: str
    caption: str
    cells: tuple[Cell, ...]
    rows: int
    columns: int
    known_spans: bool
    origin: tuple[int, int] | None = None

    def row_name(self, row: int) -> str:
        """Return how a row is called by who has the file open: "hàng 8", of a sheet its own row.

        Examples
        --------
        >>> Grid(1, "B5:C9", "", "", (), 5, 2, known_spans=True, origin=(4, 1)).row_name(3)
        'hàng 8'
        """
        return f"hàng {(self.origin[0] if self.origin else 0) + row + 1}"

    def cell_name(self, row: int, column: int) -> str:
        """Return how a cell is called: "ô C8" in a sheet, "hàng 4, cột 2" elsewhere."""
        if self.origin is None:
            return f"hàng {row + 1}, cột {column + 1}"
        return f"ô {column_letters(self.origin[1] + column)}{self.origin[0] + row + 1}"

    @cached_property
    def _places(self) -> dict[tuple[int, int], Cell]:
        merged = {
            (row, column): cell
            for cell in self.cells
            if cell.row_span > 1 or cell.column_span > 1
            for row in range(cell.row, cell.row + cell.row_span)
            for column in range(cell.column, cell.column + cell.column_span)
        }
        return merged | {(cell.row, cell.column): cell for cell in self.cells}

    @cached_property
    def corner_texts(self) -> list[list[str]]:
        """The texts where their cells begin, "" elsewhere."""
        texts = [[""] * self.columns for _ in range(self.rows)]
        for cell in self.cells:
            texts[cell.row][cell.column] = cell.text
        return texts

    def covering(self, row: int, column: int) -> Cell | None:
        """Return the cell that covers a place (counted from 0), None outside the table."""
        return self._places.get((row, column))

    def text_at(self, row: int, column: int) -> str:
        """Return the text of the cell that covers a place, "" outside the table.

        Examples
        --------
        >>> wide = Cell(0, 0, 1, 2, "Tổng", "Tổng")
        >>> grid = Grid(1, "bảng 1", "", "", (wide,), 1, 2, known_spans=True)
        >>> grid.text_at(0, 1), grid.text_at(9, 9)
        ('Tổng', '')
        """
        cell = self._places.get((row, column))
        return cell.text if cell else ""

    def __repr__(self) -> str:
        """Return what the table is in one line."""
        return f"Grid({self.place!r}, {self.rows} × {self.columns}, {self.caption[:40]!r})"


@dataclass(frozen=True)
class Paragraph:
    """One paragraph outside the tables.

    Attributes
    ----------
    number : 1, 2, … among the document's paragraphs.
    text : composed (NFC), ends stripped; never empty.
    section : the headings it stands under, and itself where it is one.
    place : "Mục II.6.a, đoạn 3" where it stands under numbered headings, else "đoạn 17",
        "chú thích 1", "đầu trang", "trang tính 'Biểu 1', ô A1"; of a PDF after its page.
    """

    number: int
    text: str
    section: str
    place: str


@dataclass(frozen=True, eq=False)
class Document:
    """A document as read (see `read_document`).

    Attributes
    ----------
    name : the file's name, without its folder.
    kind : docx, xlsx, text, html, xls, ods or pdf, by content.
    blocks : paragraphs and tables in their order; then what stands beside the text (footnotes,
        headers, footers).
    notes : what the reader noticed: tracked changes, hidden sheets, text boxes, a wrong suffix.
    warnings : those of them that bear on figures: text struck out or hidden, scaled numbers,
        formulas without a value, tables that came as one cell a line.
    """

    name: str
    kind: str
    blocks: tuple[Paragraph | Grid, ...]
    notes: tuple[str, ...]
    warnings: tuple[str, ...] = ()

    @property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """Return the paragraphs alone."""
        return tuple(block for block in self.blocks if isinstance(block, Paragraph))

    @property
    def grids(self) -> tuple[Grid, ...]:
        """Return the tables alone."""
        return tuple(block for block in self.blocks if isinstance(block, Grid))

    def __repr__(self) -> str:
        """Return what the document is in one line; its blocks are too long for that."""
        return (
            f"Document({self.name!r}, {self.kind}, {len(self.paragraphs)} paragraphs, "
            f"{len(self.grids)} tables, {len(self.notes)} notes)"
        )


# A report of a province holds some 100,000 letters, 1,500 paragraphs and 10,000 cells.
LETTERS = 500_000  # of running text
LONGEST = 20_000  # letters of one paragraph or cell
PARAGRAPHS = 20_000
CELLS = 150_000
ROWS = 30_000  # of all tables; also lines of a text
SECONDS = 6.0  # of processor time: a busy machine refuses nothing that an idle one reads
_IN_TABLES = 4  # times as many letters


class Budget:
    """What one document may take, and what it has taken.

    Examples
    --------
    >>> Budget("báo cáo.txt").cells, Budget("báo cáo.txt", times=3).cells
    (150000, 450000)
    """

    def __init__(self, file: str, *, times: float = 1) -> None:
        if not 0 < times <= 1_000:
            raise ReadError(
                f"a budget of {times!r} is none",
                where="budget=",
                mend="give a number above 0, at most 1000: 2 is twice the bounds of a report",
            )
        self.file, self.times = file, times
        self.longest, self.letters = round(LONGEST * times), round(LETTERS * times)
        self.in_tables = _IN_TABLES * self.letters
        self.paragraphs = round(PARAGRAPHS * times)
        self.cells, self.rows = round(CELLS * times), round(ROWS * times)
        self.lines = self.rows
        self.seconds = SECONDS * times
        self._end = time.thread_time() + self.seconds

    def require(self, name: str, count: int, place: str = "") -> None:
        """Refuse a document that has, or will have, more of something than it may.

        Parameters
        ----------
        name : letters, longest, in_tables, paragraphs, lines, cells or rows.
        count : how many there are.
        place : where in the file.
        """
        if count > (most := getattr(self, name)):
            what = _WHAT[name].format(most=f"{most:,}")
            raise self._refusal(f"{what}: more than a report holds", place)

    def look(self, place: str) -> None:
        """Refuse a document at which reading has been for too long."""
        if time.thread_time() > self._end:
            raise self._refusal(f"reading it takes longer than {self.seconds:g} seconds", place)

    def spend(self, seconds: float) -> None:
        """Count what another process has worked for this document."""
        self._end -= seconds

    def _refusal(self, what: str, place: str) -> ReadError:
        return ReadError(
            what,
            where=f"{self.file}, {place}" if place else self.file,
            mend="split it, and take out lists of dossiers and stray cells; "
            "or let it take more: read_report(…, budget=…)",
        )


_WHAT = {
    "letters": "the text has more than {most} characters",
    "lines": "the text has more than {most} lines",
    "in_tables": "the document has more than {most} characters",
    "longest": "a paragraph or cell has more than {most} characters",
    "paragraphs": "the document has more than {most} paragraphs",
    "cells": "the tables have more than {most} cells",
    "rows": "the tables have more than {most} rows",
}
# By context, so that the loops of each room can look at it, and each thread has its own.
_current: ContextVar[Budget | None] = ContextVar("budget", default=None)


@contextmanager
def within(file: str, times: float) -> Iterator[Budget]:
    """Read a document within a budget."""
    budget = Budget(file, times=times)
    token = _current.set(budget)
    try:
        yield budget
    finally:
        _current.reset(token)


def budget_of(file: str) -> Budget:
    """Return the budget that a document is read within, a usual one where there is none."""
    return _current.get() or Budget(file)


def look(place: str) -> None:
    """Refuse the document that is read here, where that has been going on for too long."""
    if (budget := _current.get()) is not None:
        budget.look(place)


MOST_COLUMNS = 16_384
MOST_TOLD = 10  # cells that a warning names


class Unseen(NamedTuple):
    """A text that a file holds and print does not show, or shows struck out."""

    why: str
    text: str


# What a text that knows no fonts strikes out letters with.
_STROKE = re.compile("[\u0335-\u0338]")
_STROKED = re.compile("(?:\\S[\u0335-\u0338]+)+")
_MARKS = frozenset("⁰¹²³⁴⁵⁶⁷⁸⁹*)")
_MARKED = re.compile(r"(\d[\d.,]*%?) ?((?:\(?[⁰¹²³⁴⁵⁶⁷⁸⁹]+\)?)|\*{1,3}|\(\*{1,3}\))")
STRUCK, HIDDEN, PROMPT, BOXED = "gạch bỏ", "ẩn", "gợi ý chưa điền", "khung chữ"
FOOTNOTED = "dấu chú thích"  # how the note begins of a figure beside which such a mark stands
ROUNDED = "giá trị lưu"  # how the note of a cell begins that shows fewer digits than it stores


def kept_text(text: str, unseen: Sequence[Unseen]) -> tuple[str, str]:
    """Return what a cell says beside what is not seen of it, and a note on what was left out.

    Where nothing else stands in it, what is not seen stays in brackets: no figure, and not lost.
    The prompt of a field that nobody filled in is no text at all.

    Examples
    --------
    >>> kept_text("47", [Unseen(STRUCK, "45")])
    ('47', "không đọc chữ gạch bỏ '45'")
    >>> kept_text("", [Unseen(STRUCK, "45")])[0], kept_text("", [Unseen(PROMPT, "0")])[0]
    ('[gạch bỏ: 45]', '')
    """
    lost = [one for one in unseen if one.text.strip()]
    if not lost:
        return text, ""
    note = "không đọc chữ " + ", ".join(f"{why} {words.strip()!r}" for why, words in lost)
    if not text.strip():
        marked = (f"[{why}: {words.strip()}]" for why, words in lost if why != PROMPT)
        text = " ".join(marked)
    return text, note


class Draft(NamedTuple):
    """A cell before its text is tidied."""

    row: int
    column: int
    row_span: int
    column_span: int
    raw: str
    note: str = ""


class Blocks:
    """What is read so far; it refuses legacy encodings and tables beyond any report."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.notes: dict[str, None] = {}
        self.warnings: dict[str, None] = {}
        self.page = ""  # of a PDF, before each place
        self._blocks: list[Paragraph | Grid] = []
        self._outline = Outline()
        self._caption = ""
        self._paragraphs = self._grids = self._cells = self._rows = 0
        self._letters = self._in_tables = 0
        self.budget = budget_of(file)
        self.legacy = LegacyWatch(file)

    def note(self, text: str) -> None:
        """Keep a note, once."""
        self.notes[text] = None

    def warn(self, text: str) -> None:
        """Keep a note that bears on figures."""
        self.note(text)
        self.warnings[text] = None

    def any(self) -> bool:
        """Return whether there is a paragraph or a table so far."""
        return bool(self._blocks)

    def new_outline(self) -> None:
        """Start anew, as on another sheet: no heading and no caption is carried over."""
        self._outline = Outline()
        self._caption = ""

    def paragraph(self, raw: str, *, place: str = "", beside: bool = False) -> None:
        """Add the lines of a text as paragraphs; those beside the text are under no heading."""
        self._letters += len(raw)
        self.budget.require("letters", self._letters, place)
        if not raw.isascii():
            raw, lost = without_strokes(raw)
            if note := kept_text("", lost)[1]:
                self.warn(f"{place or self.here}: {note}")
        for line in _sentences(raw):
            if not (text := tidy(line)):
                continue
            self._paragraphs += 1
            self.budget.require("paragraphs", self._paragraphs, place)
            self.budget.require("longest", len(text), place or self.here)
            section, here = "", place
            if not beside:
                standing = self._outline.take(text)
                section, here = standing.section, place or self.page + standing.place
                if not _UNIT.match(fold(text)):
                    self._caption = text
            self.legacy.look(text, here)
            self._blocks.append(Paragraph(self._paragraphs, text, section, here))

    @property
    def here(self) -> str:
        """Return what the last paragraph says, as the place of what follows it."""
        return f"sau '{self._caption[:60]}'" if self._caption else "đầu văn bản"

    @property
    def next_grid(self) -> str:
        """Return how the next table is called."""
        return f"bảng {self._grids + 1}"

    def grid(
        self,
        drafts: Sequence[Draft],
        rows: int,
        columns: int,
        *,
        known_spans: bool,
        place: str = "",
        origin: tuple[int, int] | None = None,
    ) -> None:
        """Add a table; places that no cell covers become empty cells."""
        place = place or self.next_grid
        self.require_room(rows, columns, place)
        self._cells, self._rows = self._cells + rows * columns, self._rows + rows
        if not rows or not columns:
            return
        # A workbook stores a long text once and shows it in as many cells as it likes.
        letters = [len(draft.raw) for draft in drafts]
        self._in_tables += sum(letters)
        self.budget.require("in_tables", self._in_tables, place)
        self.budget.require("longest", max(letters, default=0), place)
        self.budget.look(place)
        cells = [_cell(draft) for draft in drafts]
        cells += _gaps(cells, rows, columns)
        cells.sort(key=lambda cell: (cell.row, cell.column))
        self._grids += 1
        for cell in cells:
            if cell.text and not cell.text.isascii():
                self.legacy.look(cell.text, f"{place}, hàng {cell.row + 1}")
        section, caption = self._outline.section, self._caption
        grid = Grid(
            self._grids, place, section, caption, tuple(cells), rows, columns, known_spans, origin
        )
        self._blocks.append(grid)
        self._tell(grid)

    def _tell(self, grid: Grid) -> None:
        """Warn of what was noticed of cells; that one shows fewer digits stays with the cell.

        What sheets noticed they tell themselves, with the cells above and below their tables.
        """
        noticed: dict[str, list[str]] = {}
        for cell in grid.cells:
            marked = cell.note.startswith(FOOTNOTED)
            if cell.note and (marked or grid.origin is None) and not cell.note.startswith(ROUNDED):
                noticed.setdefault(cell.note, []).append(grid.cell_name(cell.row, cell.column))
        for note, cells in noticed.items():
            more = f" và {len(cells) - MOST_TOLD} ô khác" if len(cells) > MOST_TOLD else ""
            tell = self.note if note.startswith(FOOTNOTED) else self.warn
            tell(f"{grid.place}, {'; '.join(cells[:MOST_TOLD])}{more}: {note}")

    def require_room(self, rows: int, columns: int, place: str) -> None:
        """Refuse a table that is beyond what any report holds, together with those before it."""
        here = f"{place}: {rows:,} × {columns:,}"
        self.budget.require("cells", self._cells + rows * columns, here)
        self.budget.require("rows", self._rows + rows, here)
        if columns > MOST_COLUMNS:
            raise ReadError(
                f"a table has more than {MOST_COLUMNS:,} columns",
                where=f"{self.file}, {here}",
                mend="delete stray cells far outside the tables",
            )

    def finish(self, name: str, kind: str) -> Document:
        """Return the document."""
        self.legacy.judge()
        notes, warnings = tuple(self.notes), tuple(self.warnings)
        return Document(name, kind, tuple(self._blocks), notes, warnings)


def without_strokes(text: str) -> tuple[str, list[Unseen]]:
    """Return a text without the letters that are struck out by signs over them, and these.

    Examples
    --------
    >>> without_strokes("4\u03365\u033647")
    ('47', [Unseen(why='gạch bỏ', text='45')])
    """
    if not _STROKE.search(text):
        return text, []
    lost = [Unseen(STRUCK, _STROKE.sub("", one[0])) for one in _STROKED.finditer(text)]
    return _STROKED.sub("", text), lost


def _cell(draft: Draft) -> Cell:
    read = _read_short if len(draft.raw) <= SHORT else _read
    text, note = read(draft.raw)
    return Cell(*draft[:4], text, draft.raw, draft.note or note)


def _read(raw: str) -> tuple[str, str]:
    """Return a cell's text and a note; the mark of a footnote beside a figure is no part of it."""
    seen, lost = without_strokes(raw) if not raw.isascii() else (raw, [])
    kept, note = kept_text(seen, lost) if lost else (seen, "")
    text = tidy(kept)
    if text and text[-1] in _MARKS and (marked := _MARKED.fullmatch(text)):
        return marked[1], note or f"{FOOTNOTED} {marked[2]!r}, đọc là {marked[1]}"
    return text, note


SHORT = 200  # letters of a cell that is remembered: reports of one template repeat them
_read_short = lru_cache(maxsize=20_000)(_read)


def _gaps(cells: Sequence[Cell], rows: int, columns: int) -> list[Cell]:
    area = sum(cell.row_span * cell.column_span for cell in cells)
    if area == rows * columns:
        return []
    covered = bytearray(rows * columns)
    for cell in cells:
        for row in range(cell.row, cell.row + cell.row_span):
            start = row * columns + cell.column
            covered[start : start + cell.column_span] = b"\1" * cell.column_span
    return [
        Cell(place // columns, place % columns, 1, 1, "", "")
        for place, filled in enumerate(covered)
        if not filled
    ]
