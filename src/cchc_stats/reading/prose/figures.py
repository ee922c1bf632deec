"""The figures of a prose text: which digits are none, and what the others say."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache

from cchc_stats.reading.files import PlainText
from cchc_stats.reading.prose.patterns import patterns
from cchc_stats.words import Number, parse_number

_TAKEN = str.maketrans("0123456789", "⓪①②③④⑤⑥⑦⑧⑨")
_PERCENT = r"(?: ?(?:%|phan tram\b)| ?diem (?:%|phan tram\b))"
_TIMES = r" ?(?:ngan|nghin|trieu|ty(?! le\b|nh\b))\b"
# A full stop ends a sentence where a capital follows, and not after "TP." and the like.
_STOP = re.compile(r"(?<!\bTP)(?<!\bTX)(?<!\bTS)(?<!\bThS)[.!?](?= +[^a-z0-9 ]| *$)")
_FAR = 600  # characters: words further away do not speak of a figure
_WHOLE_UNITS = ("count", "rank")


@dataclass(frozen=True)
class Figure:
    """A figure in the prose: where it stands in the plain text, and what it says."""

    start: int
    end: int
    number: Number
    unit: str
    before: str
    after: str

    @property
    def is_fraction(self) -> bool:
        """Return whether it is printed as part of a whole: 3/4."""
        return self.number.denominator is not None


def roles_of(said: PlainText) -> tuple[list[tuple[int, int, str]], str]:
    """Return the spans that are no figures, and the text with their digits circled."""
    taken: list[tuple[int, int, str]] = []
    masked = said.plain
    for rule in patterns().roles:
        for match in rule.pattern.finditer(masked):
            name = next((name for name in ("n", "m") if match.groupdict().get(name)), None)
            start, end = match.span(name) if name else match.span()
            has_digit = re.search("[0-9]", masked[start:end]) is not None
            if not has_digit or not rule.is_printed(said.printed(*match.span())):
                continue
            # What an earlier role took is not taken twice.
            for part in re.finditer("[^⓪①②③④⑤⑥⑦⑧⑨]+", masked[start:end]):
                if re.search("[0-9]", part[0]):
                    blanks = len(part[0]) - len(part[0].lstrip())
                    first = start + part.start() + blanks
                    taken.append((first, start + part.end(), rule.role))
            masked = masked[:start] + masked[start:end].translate(_TAKEN) + masked[end:]
    return taken, masked


@cache
def _printed_figure() -> re.Pattern[str]:
    number = patterns().number
    return re.compile(
        rf"(?:(?<=[ (])[+-])?(?P<above>{number})(?P<below> ?/ ?{number})?"
        rf"(?P<percent>{_PERCENT})?(?:{_TIMES})?",
        re.IGNORECASE,
    )


def figures_of(masked: str) -> tuple[list[Figure], list[tuple[int, int]]]:
    """Return the figures of a text whose other digits are circled, and what cannot be read."""
    figures: list[Figure] = []
    unread: list[tuple[int, int]] = []
    stops = [0, *(match.end() for match in _STOP.finditer(masked)), len(masked) + 1]
    for match in _printed_figure().finditer(masked):
        start, end = match.span()
        sentence = bisect_right(stops, start)
        before = masked[max(stops[sentence - 1], start - _FAR) : start]
        after = masked[end : min(stops[sentence], end + _FAR)]
        unit, number = _read(match, before, after)
        if number.status == "reported":
            figures.append(Figure(start, end, number, unit, before, after))
        else:
            unread.append((start, end))
    return figures, unread


def _read(match: re.Match[str], before: str, after: str) -> tuple[str, Number]:
    number = parse_number(match[0])
    fraction = match["below"] is not None
    percent = match["percent"] is not None
    if number.unit == "percentage_points":
        return number.unit, number
    unit = next(
        (
            rule.name
            for rule in patterns().units
            if rule.percent == percent
            and (fraction or not rule.fraction)
            and rule.holds(before, after)
        ),
        "count",
    )
    whole = all(isinstance(part, int | None) for part in (number.value, number.denominator))
    if unit in _WHOLE_UNITS and not whole:
        other = parse_number(match[0], decimal=".")
        if isinstance(other.value, int) and isinstance(other.denominator, int | None):
            return unit, other
    return unit, number
