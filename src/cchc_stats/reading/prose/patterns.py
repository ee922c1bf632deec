"""What prose is searched for, as `prose_patterns.toml` states it, ready to be matched."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from cchc_stats.words import Label


@dataclass(frozen=True)
class Rule:
    """What is so where all that is given holds of a figure and the words around it.

    Attributes
    ----------
    name, group, basis : what is so: a unit or an indicator, its group and basis.
    units : units the figure may have; empty is any.
    percent, fraction : the figure must be printed so.
    before, after : patterns of the words before and after, None for any.
    unless : pattern that must be found on neither side.
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
    """What a digit is where it is found by a pattern.

    `spelled` holds the words, with their diacritics, of which the print must have one.
    """

    role: str
    pattern: re.Pattern[str]
    spelled: tuple[str, ...] = ()

    def is_printed(self, text: str) -> bool:
        """Return whether what was found is spelled so; without diacritics nothing tells."""
        folded = unicodedata.normalize("NFC", text).casefold()
        return not self.spelled or text.isascii() or any(word in folded for word in self.spelled)


@dataclass(frozen=True)
class TimeRule:
    """Words that tell when a figure holds: a basis, and a year or a period where they name one."""

    pattern: re.Pattern[str]
    basis: str = ""


@dataclass(frozen=True)
class WordsRule:
    """Words about an indicator that tell no figure.

    `pattern` has them as its group `quote`; a paragraph without any of `has` tells none.
    """

    indicator: str
    has: tuple[str, ...]
    pattern: re.Pattern[str]


@dataclass(frozen=True)
class Patterns:
    """All of `prose_patterns.toml`."""

    number: str
    roles: tuple[RoleRule, ...]
    units: tuple[Rule, ...]
    indicators: tuple[Rule, ...]
    never: Rule
    goals: tuple[re.Pattern[str], ...]
    striven: re.Pattern[str]
    share: re.Pattern[str]
    beside: re.Pattern[str]
    words: tuple[WordsRule, ...]
    times: tuple[TimeRule, ...]
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

    def rule(name: str, given: Mapping[str, Any]) -> Rule:
        sides = ("before", "after", "unless")
        return Rule(
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
        striven=compiled(stated["goal"]["striven"]),
        share=compiled(stated["share"]["between"]),
        beside=compiled(stated["share"]["beside"]),
        words=tuple(
            WordsRule(one["indicator"], (*one["has"],), compiled(one["pattern"]))
            for one in stated["words"]
        ),
        times=tuple(
            TimeRule(compiled(one["pattern"]), one.get("basis", "")) for one in stated["time"]
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
    file = resources.files("cchc_stats.reading.prose").joinpath("prose_patterns.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))
