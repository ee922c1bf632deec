"""Where a paragraph stands: the numbered headings above it, and how a reader would name it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import count

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
_NUMBER = re.compile(r"(\d{1,2})\s*[.)/]\s+(?=[^\W\d])")
_LETTER = re.compile(r"[-–+•*]?\s*([a-zđ])\s*[)]\s*(?=\S)|([a-hđ])\.\s+(?=[^\W\d])")
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
        if found := _APPENDIX.fullmatch(text) or (
            _SHOUTED_APPENDIX.match(text) if text.isupper() else None
        ):
            # Unnumbered appendices are named by their order, as a reader would.
            return Heading(APPENDIX, found[1] or str(next(self._appendices)), _title(text))
        if len(text) <= LONGEST_TITLE and (found := _PART.match(text)):
            return Heading(PART, f"Phần {found[1]}", _title(text))
        if found := _ROMAN_HEADING.match(text):
            return Heading(ROMAN, found[1], _title(text))
        if found := _CAPITAL.match(text):
            return Heading(CAPITAL, found[1], _title(text))
        if found := _DECIMAL.match(text):
            return self._decimal(found[1], bool(found[2]), text)
        if found := _NUMBER.match(text):
            return Heading(NUMBER, found[1], _title(text))
        if found := _LETTER.match(text):
            return Heading(LETTER, found[1] or found[2], _title(text.lstrip("-–+•* ")))
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
