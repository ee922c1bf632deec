"""A text without diacritics whose every character still knows where it stands in the print."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import NamedTuple

from cchc_stats.words import fold

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
    >>> said = plain_text("Đạt  97,5%")
    >>> said.plain, said.printed(0, 3)
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
        for letter in _plain(char):
            if letter == " " and (not letters or letters[-1] == " "):
                continue
            letters.append(letter)
            positions.append(place)
    return PlainText(text, "".join(letters), tuple(positions))


@cache
def _plain(char: str) -> str:
    if char.isspace():
        return " "
    folded = fold(char)
    return folded.upper() if char.isupper() else folded
