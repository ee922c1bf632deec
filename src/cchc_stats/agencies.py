"""Names of agencies: the same name under several spellings."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources

from cchc_stats.folding import fold

_WORD = re.compile(r"[^\W_]+")
_JOINT = re.compile(r"\s+và\s+|[\s&-]+", re.IGNORECASE)


def fold_agency(name: str) -> str:
    """Return an agency's name for comparing: folded, abbreviations written out, no punctuation.

    Examples
    --------
    >>> fold_agency("Sở KH&CN Bình Định") == fold_agency("sở khoa học và công nghệ Bình Định")
    True
    """
    words, shorthand = abbreviations(), _shorthand()
    composed = unicodedata.normalize("NFC", name)
    written = shorthand.sub(lambda found: words[_letters(found[0])], composed)
    return " ".join(_WORD.findall(fold(written.replace("&", " và "))))


def several_spellings(names: Iterable[str]) -> list[tuple[str, ...]]:
    """Return the groups of names that may be one agency under several spellings.

    Names that differ in diacritics alone are among them, though two communes may be named so:
    a reason to look, not a verdict.

    Examples
    --------
    >>> several_spellings(["Sở Nội vụ", "SỞ NỘI VỤ", "Sở Tài chính"])
    [('Sở Nội vụ', 'SỞ NỘI VỤ')]
    """
    groups: dict[str, list[str]] = {}
    for name in dict.fromkeys(names):
        groups.setdefault(fold_agency(name), []).append(name)
    return [tuple(group) for group in groups.values() if len(group) > 1]


@cache
def abbreviations() -> Mapping[str, str]:
    """Return the abbreviations of `agencies.toml` by their letters, and what they stand for."""
    return {_letters(short): full for short, full in _stated().items()}


@cache
def _stated() -> Mapping[str, str]:
    text = resources.files("cchc_stats").joinpath("agencies.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def _shorthand() -> re.Pattern[str]:
    """Return the pattern of all abbreviations, the longest first: TTPVHCC is not PVHCC."""
    joints = {"&": r"(?:\s?&\s?|\s+và\s+)?", "-": r"(?:\s?-\s?)?"}
    longest_first = sorted(_stated(), key=len, reverse=True)
    each = ("".join(joints.get(char, re.escape(char)) for char in word) for word in longest_first)
    return re.compile(rf"(?<![\w&])(?:{'|'.join(each)})(?![\w&])", re.IGNORECASE)


def _letters(short: str) -> str:
    return _JOINT.sub("", short).upper()
