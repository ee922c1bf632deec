"""How wide the columns of a printed table are: as wide as its longest word, which is not broken."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from cchc_stats.publishing.form.tables import FormTable, heading_spans

POINT = 2.54 / 72  # centimetres
# Letters of Times New Roman as parts of its size: of bold ones, and rather too much.
NARROW, WIDE, CAPITAL, OTHER = 0.36, 0.85, 0.76, 0.54
_NARROW, _WIDE = frozenset("iljtfrI.,:;()'|![]-/ "), frozenset("mwMW%…")
PADDING = 0.3  # centimetres beside a word, left and right together, with the line
LONGEST = 6.0  # centimetres of one word: what is longer is no word, and is broken
FULL = {"label": 9.0, "note": 6.0}  # centimetres from which words go on in the line below
WORDS = ("label", "note")  # kinds of columns


@lru_cache(maxsize=4096)
def text_width(text: str, size: float) -> float:
    """Return how wide a text is in one line, in centimetres, `size` being of its letters in points.

    Examples
    --------
    >>> 1.2 < text_width("nghiệp", 13) < text_width("NGHIỆP", 13) < 2.2
    True
    """
    parts = (
        NARROW if one in _NARROW else WIDE if one in _WIDE else CAPITAL if one.isupper() else OTHER
        for one in text
    )
    return sum(parts) * size * POINT


def least_widths(table: FormTable, size: float) -> list[float]:
    """Return how wide each column has to be, in centimetres, for no word of it to be broken."""
    least = [_longest([f"({column + 1})"], size) for column in range(len(table.headings))]
    for column, kind in enumerate(table.kinds):
        texts = {row[column].text for row in table.rows}
        # Figures hold no blanks: the longest text is the longest word.
        words = _words(texts) if kind in WORDS else texts
        least[column] = max(least[column], _longest(words, size))
    for span in heading_spans(table.headings):
        columns = range(span.left, span.right + 1)
        short = _longest(span.text.split(), size) - sum(least[column] for column in columns)
        for column in columns:
            least[column] += max(0.0, short) / len(columns)
    return least


def column_widths(table: FormTable, size: float, room: float) -> list[float]:
    """Return the widths of columns that fill `room`, in centimetres; what is too narrow is shared.

    What the longest words leave goes to the columns of words, as far as they use it, then to all
    but serial numbers.
    """
    least = least_widths(table, size)
    spare = room - sum(least)
    if spare <= 0:
        return [width * room / sum(least) for width in least]
    texts = [
        max((text_width(row[column].text, size) for row in table.rows), default=0.0) + PADDING
        for column in range(len(least))
    ]
    wanted = [
        max(0.0, min(text, FULL[kind]) - width) if kind in WORDS else 0.0
        for text, width, kind in zip(texts, least, table.kinds, strict=True)
    ]
    given = min(1.0, spare / sum(wanted)) if any(wanted) else 0.0
    free = [kind != "serial" for kind in table.kinds]
    rest = (spare - given * sum(wanted)) / max(sum(free), 1)
    return [
        width + given * more + rest * goes_on
        for width, more, goes_on in zip(least, wanted, free, strict=True)
    ]


def _longest(words: Iterable[str], size: float) -> float:
    widest = max((text_width(word, size) for word in words), default=0.0)
    return min(widest, LONGEST) + PADDING


def _words(texts: Iterable[str]) -> Sequence[str]:
    return [word for text in texts for word in text.split()]
