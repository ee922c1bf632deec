"""A message is in one language: no English in Vietnamese sentences, no Vietnamese in English ones.

What is quoted, and what fills a placeholder, is data.
"""

import re
import tomllib
import unicodedata
from pathlib import Path

SRC = Path(__file__).parents[2] / "src" / "cchc_stats"
ENGLISH = re.compile(
    r"\b(?:the|of|is|are|not|with|column|columns|row|rows|table|tables|value|values|report|figure"
    r"|figures|sheet|file|key|frame|scope|group|level|period|basis|missing|unknown|sum|total|claim"
    r"|indicator|agency|sector|received|settled|pending|DataFrame|None|NaN|dtype)\b"
)
CODE = re.compile(r"\b[a-z]+_[a-z_]+\b")
QUOTED = re.compile(r"“[^”]*”|'[^']*'|\"[^\"]*\"|`[^`]*`|\{[^{}]*\}|\([^()]*/[^()]*\)")
# Numbers of laws, and names that are no words of a sentence.
NAMES = re.compile(r"\S*/(?:NĐ|QĐ|TT|NQ)\S*|\bCCHC\b|\bĐắk Lắk\b|\bVNĐ?\b")
VIETNAMESE = re.compile("[đĐ]|[̛̣̀́̃̉]|(?<=[aeouAEOU])[̂̆]")


def plain(text: str) -> str:
    """Return a message without what is data in it."""
    return NAMES.sub(" ", QUOTED.sub(" ", text))


def sentences(stated, path=()):
    """Yield every pair of sentences of a file, with the name it stands under."""
    if isinstance(stated, dict) and {"vi", "en"} <= set(stated):
        yield ".".join(path), stated["vi"], stated["en"]
    elif isinstance(stated, dict):
        for name, part in stated.items():
            yield from sentences(part, (*path, name))


FILES = ["words/codes.toml", "words/labels.toml", "reading/prose/prose_patterns.toml"]
PAIRS = [
    (f"{file}: {name}", vi, en)
    for file in FILES
    for name, vi, en in sentences(tomllib.loads((SRC / file).read_text(encoding="utf-8")))
]


def english_in(text: str) -> list[str]:
    return [one[0] for pattern in (ENGLISH, CODE) for one in pattern.finditer(plain(text))]


def vietnamese_in(text: str) -> list[str]:
    words = unicodedata.normalize("NFD", plain(text)).split()
    return [unicodedata.normalize("NFC", one) for one in words if VIETNAMESE.search(one)]


def test_no_english_stands_in_a_vietnamese_sentence():
    assert len(PAIRS) > 400
    assert {name: found for name, vi, _ in PAIRS if (found := english_in(vi))} == {}


def test_no_vietnamese_stands_in_an_english_sentence():
    assert {name: found for name, _, en in PAIRS if (found := vietnamese_in(en))} == {}


def test_reasons_are_vietnamese():
    stated = tomllib.loads((SRC / "reading/tables/layouts.toml").read_text(encoding="utf-8"))
    reasons = {**stated["reasons"], **stated["lessons"]}
    found = {name: english_in(re.sub(r"\w+\.\w+ = .*", "", text)) for name, text in reasons.items()}
    assert {name: words for name, words in found.items() if words} == {}
