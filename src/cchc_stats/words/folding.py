"""One spelling for the many ways a text is typed: case, diacritics, spaces, dashes, full width.

`fold` leaves no diacritics, `same_spelling` keeps all but where and how they are set, and
`vietnamese_order` sorts as dictionaries do.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

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


class _Folded(dict[int, str]):
    """What each letter of a decomposed text becomes, made when it is first met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        plain = "" if unicodedata.category(char) in ("Mn", "Cf") else char
        if "\uff01" <= char <= "\uff5e" or "\u2160" <= char <= "\u217f":
            plain = unicodedata.normalize("NFKD", char)
        self[code] = plain
        return plain


# Decomposing leaves Đ alone: its stroke is no accent to Unicode.
_FOLDED = _Folded({ord("đ"): "d"} | {ord(dash): "-" for dash in "‐‑‒–—−﹣"})


def _fold(text: str) -> str:
    if text.isascii():
        return " ".join(text.lower().split())
    plain = unicodedata.normalize("NFD", text.casefold())
    return " ".join(plain.translate(_FOLDED).split())


# Tones in the order of dictionaries: none, grave, hook, tilde, acute, dot below.
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
_ACUTE = 4
_ALPHABET = {letter: at for at, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz", 1)}
_PARTS = re.compile(r"\d+|[^\W\d_]+")
_LETTERS = re.compile(r"[^\W\d_]+")
_STOPPED = re.compile("(?:c|ch|p|t)$")
# A last y that is spelled i as well: Mỹ and Mĩ, Quy and Qui; not that of Thúy, which is no Thúi.
_LAST_Y = re.compile("(?:^|(?<=[bcdđghklmnprstvx])|(?<=qu))y$")


def same_spelling(text: str) -> str:
    """Return a text in which two spellings of one Vietnamese word are the same, and no others.

    The mark of a tone may stand on either vowel (Hòa, Hoà), i and y end a word alike (Mĩ, Mỹ), and
    so do c and k (Đắc, Đắk, Đăk, Đak). Thủy and Thúy stay two.

    Examples
    --------
    >>> key = same_spelling
    >>> key("Hòa") == key("HOÀ"), key("Đắk Lắk") == key("Đắc Lắc"), key("Thủy") == key("Thuỷ")
    (True, True, True)
    >>> key("Thủy") == key("Thúy"), key("Mỹ") == key("Mĩ")
    (False, True)
    """
    return _same_spelling(text)


@lru_cache(maxsize=20_000)
def _same_spelling(text: str) -> str:
    words = unicodedata.normalize("NFC", _DASHES.sub("-", text))
    return " ".join(_LETTERS.sub(lambda letters: _same_word(letters[0]), words).split())


def _same_word(word: str) -> str:
    letters, tones = _taken_apart(word)
    plain = re.sub("k$", "c", _LAST_Y.sub("i", letters))
    plain = "đăc" if plain == "đac" else plain  # Đak Đoa is Đắk Đoa: no other word is spelled so
    tone = max(tones)
    if not tone and _STOPPED.search(plain):
        tone = _ACUTE  # no other word without a mark ends so
    return plain + (str(tone) if tone else "")


def _taken_apart(word: str) -> tuple[str, tuple[int, ...]]:
    """Return a word's letters in small, composed but for tones, and the tone of each."""
    letters: list[str] = []
    tones: list[int] = []
    for char in unicodedata.normalize("NFD", word.casefold()):
        if char in _TONES and letters:
            tones[-1] = _TONES[char]
        elif unicodedata.category(char) == "Mn" and letters:
            letters[-1] = unicodedata.normalize("NFC", letters[-1] + char)
        else:
            letters.append(char)
            tones.append(0)
    return "".join(letters), tuple(tones) or (0,)


def dictionary_order(column: pd.Series) -> pd.Series:
    """Return what a column is sorted by: texts as Vietnamese dictionaries have them, else itself.

    For `key=` of `sort_values`; missing texts stay missing.

    Examples
    --------
    >>> import pandas as pd
    >>> names = pd.DataFrame({"agency": ["Sở Đ", "Sở E", "Sở D"], "n": [1, 2, 3]})
    >>> names.sort_values("agency", key=dictionary_order)["n"].tolist()
    [3, 1, 2]
    """
    present = column.dropna().unique()
    if not all(isinstance(text, str) for text in present):
        return column
    # Spellings that a dictionary takes for one have an order too: that of the rows never shows.
    inorder = sorted(sorted(present), key=vietnamese_order)
    return column.map({text: place for place, text in enumerate(inorder)}).astype("Float64")


@lru_cache(maxsize=20_000)
def vietnamese_order(text: str) -> tuple[object, ...]:
    """Return what to sort texts by as Vietnamese dictionaries do: letters first, tones last.

    Ă and Â stand after A, Đ after D, Ê after E, Ô and Ơ after O, Ư after U; of words of the same
    letters the one without a tone is first, then grave, hook, tilde, acute and dot below. Figures
    go by their size.

    Examples
    --------
    >>> sorted(["Đà Nẵng", "Ân", "An", "Ấn", "Ba", "Dung", "Án"], key=vietnamese_order)
    ['An', 'Án', 'Ân', 'Ấn', 'Ba', 'Dung', 'Đà Nẵng']
    >>> sorted(["Quận 10", "Quận 2"], key=vietnamese_order)
    ['Quận 2', 'Quận 10']
    """
    parts = [_place_of(part) for part in _PARTS.findall(unicodedata.normalize("NFC", text))]
    return tuple(word for word, _ in parts), tuple(tone for _, tone in parts), text


@lru_cache(maxsize=20_000)
def _place_of(part: str) -> tuple[tuple[int, ...], int]:
    """Return where a word or a number stands by its letters, and its tone."""
    # Names share their words, so that few are taken apart.
    if part[0].isdecimal():
        return (0, int(part)), 0
    letters, tones = _taken_apart(part)
    return (1, *(_ALPHABET.get(letter, 100 + ord(letter)) for letter in letters)), max(tones)
