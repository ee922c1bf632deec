"""How wide the columns of a printed table are: as wide as its longest word, which is not broken."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from cchc_stats.publishing.form.tables import FormTable, heading_spans

POINT = 2.54 / 72  # centimetres
# Letters of Times New Roman as parts of its size: of bold ones, and rather too much.
NARROW, WIDE, CAPITAL, OTHER = 0.36, 0.85, 0.76, 0.54
_NARROW, _WIDE = frozenset("iljtfrI.,:;()'|![]-/ "), frozenset("mwMW%…")
PADDING = 0.24  # centimetres beside a word, left and right together, with the line
LONGEST = 6.0  # centimetres of one word: what is longer is no word, and is broken
FULL = {"label": 9.0, "note": 6.0}  # centimetres from which words go on in the line below
BY_HAND = 4.0  # centimetres of a column in which words are still to be written
LINES = 3  # of a heading, beyond which its column is too narrow
OTHER_FONT = 1.3  # how much wider letters are where there is no Times New Roman
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
        if kind in WORDS:
            words = {word for text in texts for word in text.split()}
        else:  # figures hold no blanks, and their digits are as wide as one another
            words = {max(texts, key=len, default="")}
        least[column] = max(least[column], _longest(words, size))
    for span in heading_spans(table.headings):
        columns = range(span.left, span.right + 1)
        short = _longest(span.text.split(), size) - sum(least[column] for column in columns)
        for column in columns:
            least[column] += max(0.0, short) / len(columns)
    return least


def column_widths(table: FormTable, size: float, room: float) -> list[float]:
    """Return the widths of columns that fill `room`, in centimetres; what is too narrow is shared.

    What the longest words leave goes to all columns for another font, then to those whose words or
    headings take many lines, then to all but serial numbers.
    """
    widths = least_widths(table, size)
    wider = [(OTHER_FONT - 1) * width for width in widths]
    for wanted in (wider, _wanted(table, widths, size)):
        spare = room - sum(widths)
        part = min(1.0, spare / sum(wanted)) if spare > 0 and any(wanted) else 0.0
        widths = [width + part * more for width, more in zip(widths, wanted, strict=True)]
    if (spare := room - sum(widths)) <= 0:
        return [width * room / sum(widths) for width in widths]
    free = [kind != "serial" for kind in table.kinds]
    rest = spare / max(sum(free), 1)
    return [width + rest * goes_on for width, goes_on in zip(widths, free, strict=True)]


def _wanted(table: FormTable, least: Sequence[float], size: float) -> list[float]:
    """Return how much more each column would take for few lines."""
    wanted = []
    for column, kind in enumerate(table.kinds):
        wide = text_width(table.headings[column][-1], size) / LINES
        if kind in WORDS:
            longest = max((text_width(row[column].text, size) for row in table.rows), default=0.0)
            wide = max(wide, min(longest or BY_HAND, FULL[kind]))
        wanted.append(max(0.0, wide + PADDING - least[column]))
    return wanted


def _longest(words: Iterable[str], size: float) -> float:
    widest = max((text_width(word, size) for word in words), default=0.0)
    return min(widest, LONGEST) + PADDING
