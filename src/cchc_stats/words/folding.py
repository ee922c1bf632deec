"""One spelling for the many ways a text is typed: case, diacritics, spaces, dashes, full width."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_SHORT = 200  # characters: what is longer is prose, and does not come again
_DASHES = re.compile("[‐‑‒–—−﹣]")


def fold(text: str) -> str:
    """Return a text in lower case without diacritics, with single spaces and plain dashes.

    Composed and decomposed letters, non-breaking and thin spaces, full-width characters, Roman
    numerals of one character and invisible characters give the same result. Superscripts and
    vulgar fractions are left alone: unfolded they would turn 10² into 102.

    Examples
    --------
    >>> fold("  QUÝ Ⅲ – Đúng hạn ")
    'quy iii - dung han'
    """
    return _fold_short(text) if len(text) <= _SHORT else _fold(text)


@lru_cache(maxsize=20_000)
def _fold_short(text: str) -> str:
    # Headings and labels are the same in report after report.
    return _fold(text)


def _fold(text: str) -> str:
    # Decomposing leaves Đ alone: its stroke is no accent to Unicode.
    plain = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    kept = (_plain(char) for char in plain if unicodedata.category(char) not in ("Mn", "Cf"))
    return " ".join(_DASHES.sub("-", "".join(kept)).split())


def _plain(char: str) -> str:
    if "\uff01" <= char <= "\uff5e" or "\u2160" <= char <= "\u217f":
        return unicodedata.normalize("NFKD", char)
    return char
