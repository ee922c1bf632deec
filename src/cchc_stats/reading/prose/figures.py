"""The figures of a prose text, and what prose is searched for (`prose_patterns.toml`)."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from cchc_stats.reading.files import PlainText, look, plain_text
from cchc_stats.words import Label, Number, facts_of, parse_number


@dataclass(frozen=True)
class FigureRule:
    """What is so where all that is given holds of a figure and the words around it.

    Attributes
    ----------
    name, group, basis : what is so: a unit or an indicator, its group and basis.
    units : units the figure may have; empty is any.
    percent, fraction : the figure must be printed so.
    before, after : patterns of the words before and after, None for any.
    unless : pattern that must match on neither side.
    """

    name: str
    group: str = "all"
    basis: str = ""
    units: tuple[str, ...] = ()
    percent: bool = False
    fraction: bool = False
    before: re.Pattern[str] | None = None
    after: re.Pattern[str] | None = None
    unless: re.Pattern[str] | None = None

    def holds(self, before: str, after: str) -> bool:
        """Return whether the words around a figure are the rule's."""
        return (
            (self.before is None or self.before.search(before) is not None)
            and (self.after is None or self.after.search(after) is not None)
            and not (self.unless and (self.unless.search(before) or self.unless.search(after)))
        )


@dataclass(frozen=True)
class RoleRule:
    """What a digit is where a pattern matches it.

    `spelled` holds the words, with their diacritics, of which the print must have one.
    """

    role: str
    pattern: re.Pattern[str]
    spelled: tuple[str, ...] = ()

    def is_printed(self, text: str) -> bool:
        """Return whether a match is spelled so; one without diacritics may be."""
        folded = unicodedata.normalize("NFC", text).casefold()
        return not self.spelled or text.isascii() or any(word in folded for word in self.spelled)


@dataclass(frozen=True)
class WordsRule:
    """Words about an indicator without a figure.

    `pattern` has them as its group `quote`; a paragraph without any of `has` has none.
    """

    indicator: str
    has: tuple[str, ...]
    pattern: re.Pattern[str]


@dataclass(frozen=True)
class Patterns:
    """All of `prose_patterns.toml`."""

    number: str
    roles: tuple[RoleRule, ...]
    units: tuple[FigureRule, ...]
    indicators: tuple[FigureRule, ...]
    never: FigureRule
    goals: tuple[re.Pattern[str], ...]
    given: re.Pattern[str]
    striven: re.Pattern[str]
    share: re.Pattern[str]
    beside: re.Pattern[str]
    words: tuple[WordsRule, ...]
    lead: re.Pattern[str]
    tail: re.Pattern[str]
    procedure: re.Pattern[str]
    date: re.Pattern[str]
    kinds: frozenset[str]


@cache
def patterns() -> Patterns:
    """Return the compiled patterns.

    Examples
    --------
    >>> patterns().roles[0].role
    'url'
    """
    stated, words = _stated(), _stated()["placeholders"]

    def compiled(pattern: str, *, case: bool = False) -> re.Pattern[str]:
        for name in ("part", "date", "num", "year", "noun"):
            pattern = pattern.replace(f"<{name}>", words[name])
        return re.compile(pattern, 0 if case else re.IGNORECASE)

    def rule(name: str, given: Mapping[str, Any]) -> FigureRule:
        sides = ("before", "after", "unless")
        return FigureRule(
            name,
            group=given.get("group", "all"),
            basis=given.get("basis", ""),
            units=tuple(given.get("units", ())),
            percent=given.get("percent", False),
            fraction=given.get("fraction", False),
            **{side: compiled(given[side]) for side in sides if side in given},
        )

    return Patterns(
        number=words["num"],
        roles=tuple(
            RoleRule(
                one["role"],
                compiled(one["pattern"], case=one.get("case", False)),
                tuple(one.get("spelled", ())),
            )
            for one in stated["role"]
        ),
        units=tuple(rule(one["unit"], one) for one in stated["unit"]),
        indicators=tuple(rule(one["indicator"], one) for one in stated["indicator"]),
        never=rule("", stated["never"]),
        goals=tuple(compiled(one) for one in stated["goal"]["before"]),
        given=compiled(stated["goal"]["after"]),
        striven=compiled(stated["goal"]["striven"]),
        share=compiled(stated["share"]["between"]),
        beside=compiled(stated["share"]["beside"]),
        words=tuple(
            WordsRule(one["indicator"], (*one["has"],), compiled(one["pattern"]))
            for one in stated["words"]
        ),
        lead=compiled(f"(?:(?:{stated['quote']['lead']}) ){{0,2}}$"),
        tail=compiled(rf"(?: ?(?!{stated['quote']['end']})[^\W0-9_]+(?:&[^\W0-9_]+)*){{0,4}}"),
        procedure=compiled(stated["procedure"]["pattern"]),
        date=compiled(stated["document"]["date"]),
        kinds=frozenset(stated["document"]["kinds"]),
    )


@cache
def messages() -> Mapping[str, Label]:
    """Return the sentences of faults and findings by code.

    Examples
    --------
    >>> messages()["no_date"].in_language("en")
    'no date of signature is found'
    """
    return {code: Label(**words) for code, words in _stated()["message"].items()}


def message(code: str, *, lang: str, **words: object) -> str:
    """Return one sentence with its words filled in.

    Examples
    --------
    >>> message("blank_number", lang="en", number="/BC-SNV")
    "the report's number is left blank: /BC-SNV"
    """
    return messages()[code].in_language(lang).format(**words)


@cache
def _stated() -> Mapping[str, Any]:
    return facts_of("cchc_stats.reading.prose", "prose_patterns.toml")


_TAKEN = str.maketrans("0123456789", "⓪①②③④⑤⑥⑦⑧⑨")
_PERCENT = r"(?: ?(?:%|phan tram\b)| ?diem (?:%|phan tram\b))"
_TIMES = r" ?(?:ngan|nghin|trieu|ty(?! le\b|nh\b))\b"
# A full stop ends a sentence where a capital follows, and not after "TP." and the like.
SENTENCE_END = re.compile(r"(?<!\bTP)(?<!\bTX)(?<!\bTS)(?<!\bThS)[.!?](?= +[^a-z0-9 ]| *$)")
_FAR = 600  # characters: words further away do not speak of a figure
_COUNTED = ("count", "rank")


@dataclass(frozen=True)
class Figure:
    """A figure in the prose: its place in the plain text, and its value."""

    start: int
    end: int
    number: Number
    unit: str
    before: str
    after: str

    @property
    def is_fraction(self) -> bool:
        """Return whether it is printed as part of a total: 3/4."""
        return self.number.denominator is not None


def roles_of(wording: PlainText) -> tuple[list[tuple[int, int, str]], str]:
    """Return the spans that are no figures, and the text with their digits circled."""
    if not re.search("[0-9]", wording.plain):
        return [], wording.plain
    taken, masked = _roles_of(wording.text)
    return [*taken], masked


@lru_cache(maxsize=500)
def _roles_of(text: str) -> tuple[list[tuple[int, int, str]], str]:
    # Claims and rows are each looked for in the same paragraphs.
    wording = plain_text(text)
    taken: list[tuple[int, int, str]] = []
    masked = wording.plain
    for rule in patterns().roles:
        for match in rule.pattern.finditer(masked):
            name = next((name for name in ("n", "m") if match.groupdict().get(name)), None)
            start, end = match.span(name) if name else match.span()
            has_digit = re.search("[0-9]", masked[start:end]) is not None
            if not has_digit or not rule.is_printed(wording.printed(*match.span())):
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


# "Trễ hạn: không có", "không có hồ sơ quá hạn": a figure without a digit.
_TERM = r"(?:qua|tre|cham) (?:thoi )?h[ae]n"
_NONE = re.compile(
    rf"\b{_TERM}:? (?:la |thi )?(?P<a>khong(?: co| phat sinh)?)(?= ?(?:ho so"
    rf"|truong hop)? ?(?:nao)? ?[,;.)]|$)"
    rf"|\b(?P<b>khong(?: co| de| phat sinh)?)(?= (?:ho so|truong hop)(?: TTHC)?(?: nao)?"
    rf"(?: (?:bi|giai quyet|xu ly|tra|duoc))* {_TERM}\b)",
    re.IGNORECASE,
)


def figures_of(masked: str) -> tuple[list[Figure], list[tuple[int, int]]]:
    """Return the figures of a text whose other digits are circled, and what cannot be read.

    "Không có" of what is overdue is a figure too: 0.
    """
    figures: list[Figure] = []
    unread: list[tuple[int, int]] = []
    stops = [0, *(match.end() for match in SENTENCE_END.finditer(masked)), len(masked) + 1]
    for match in _printed_figure().finditer(masked):
        look("lời văn")
        start, end = match.span()
        before, after = _beside(masked, stops, start, end)
        unit, number = _read(match, before, after)
        if number.status == "reported":
            figures.append(Figure(start, end, number, unit, before, after))
        else:
            unread.append((start, end))
    for match in _NONE.finditer(masked):
        start, end = match.span("a" if match["a"] else "b")
        before, after = _beside(masked, stops, start, end)
        figures.append(Figure(start, end, _nothing(), "count", before, after))
    return sorted(figures, key=lambda one: one.start), unread


@cache
def _nothing() -> Number:
    return parse_number("0")


def _beside(masked: str, stops: list[int], start: int, end: int) -> tuple[str, str]:
    """Return the words of a sentence before and after a figure."""
    sentence = bisect_right(stops, start)
    before = masked[max(stops[sentence - 1], start - _FAR) : start]
    return before, masked[end : min(stops[sentence], end + _FAR)]


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
    integral = all(isinstance(part, int | None) for part in (number.value, number.denominator))
    if unit in _COUNTED and not integral:
        other = parse_number(match[0], decimal=".")
        if isinstance(other.value, int) and isinstance(other.denominator, int | None):
            return unit, other
    return unit, number
