"""Vietnamese in the encodings before Unicode (TCVN3, VNI): recognised, never converted.

A text in TCVN3 (fonts ".VnTime" …) or VNI (fonts "VNI-Times" …) is a text of other letters that
only its font shows as Vietnamese. Its figures look right, its words match nothing.
"""

from __future__ import annotations

import re
from collections import Counter

from cchc_stats.words import ReadError

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
    found: Counter[str] = Counter()
    if _MODERN.search(text):
        return found
    for name, pattern in ((TCVN3, _TCVN3), (VNI, _VNI)):
        if hits := len(pattern.findall(text)):
            found[name] = hits
    return found


class LegacyWatch:
    """Counts what looks like a legacy encoding, and refuses at the end."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._hits: Counter[str] = Counter()
        self._first: dict[str, str] = {}
        self._parts: list[bytes] = []

    def look(self, text: str, place: str) -> None:
        """Take a text into account."""
        if text.isascii():
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
