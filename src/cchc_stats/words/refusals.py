"""Refusals as the command line says them: in the language asked, by its own options.

The library refuses in English, where it finds the fault. What a command line user reads is found
by those sentences in `refusals.toml`: `{}` stands for what is filled in, which is said in turn. A
catalogue that is asked when something has been refused costs nothing before, and no refusal has to
know that it will be translated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from string import Formatter
from typing import Any

from cchc_stats.words.errors import CchcError, FormError
from cchc_stats.words.facts import facts_of
from cchc_stats.words.labels import word

SHOWN = 20  # faults of a form that are spelled out
APART = ("\n", "; ", ": ")  # what stands between sentences, and before them
# Words in both languages of other rooms, of which refusals are made.
LABELLED = (
    ("cchc_stats.words", "labels.toml", "mend"),
    ("cchc_stats.words", "labels.toml", "fault"),
    ("cchc_stats.reading.prose", "prose_patterns.toml", "message"),
)
QUOTES = "'\"`“"


@dataclass(frozen=True)
class _Sentence:
    """One sentence of a refusal: what stands around that which is filled in, and how it is said."""

    told: tuple[str, ...]
    names: tuple[str, ...]
    said: Mapping[str, str]

    def fillings(self, text: str) -> list[str] | None:
        """Return what is filled in where a text is this sentence, None where it is another."""
        first, last = self.told[0], self.told[-1]
        if len(self.told) == 1:
            return [] if text == first else None
        at, end = len(first), len(text) - len(last)
        if at > end or not (text.startswith(first) and text.endswith(last)):
            return None
        found = []
        for part in self.told[1:-1]:
            there = text.find(part, at, end)
            if there < 0:
                return None
            found.append(text[at:there])
            at = there + len(part)
        return [*found, text[at:end]]

    @property
    def says_enough(self) -> bool:
        """Return whether it cannot be met by chance, as "{} is {}" in the words of a library."""
        return bool(self.told[0]) or sum(map(len, self.told)) > 12

    def filled(self, fillings: Sequence[str], lang: str) -> str:
        """Return the sentence in a language, filled in by order or by name."""
        named = {name: one for name, one in zip(self.names, fillings, strict=True) if name}
        return self.said[lang].format(*fillings, **named)


@cache
def _sentences() -> Sequence[_Sentence]:
    """Return all sentences, those that say most first."""
    said: dict[str, Any] = {}
    for sentences in facts_of("cchc_stats.words", "refusals.toml").values():
        said |= sentences
    for package, name, subject in LABELLED:
        for label in facts_of(package, name)[subject].values():
            # In English a column of a form has its code before the heading.
            said[label["en"].replace("{column}", "{code} '{column}'")] = label["vi"]
    found = [_sentence(english, words) for english, words in said.items()]
    return sorted(found, key=lambda one: -sum(map(len, one.told)))


def _sentence(english: str, words: str | Mapping[str, str]) -> _Sentence:
    told, names = [""], []
    for literal, name, _, _ in Formatter().parse(english):
        told[-1] += literal
        if name is not None:
            told.append("")
            names.append(name)
    said = {"en": english} | ({"vi": words} if isinstance(words, str) else dict(words))
    return _Sentence(tuple(told), tuple(names), said)


def say(text: str, *, lang: str) -> str:
    """Return a sentence of a refusal as the command line says it; as it is where none is known.

    Examples
    --------
    >>> say("no labels in language 'fr'; check the path", lang="vi")
    "không có nhãn bằng ngôn ngữ 'fr'; hãy kiểm tra đường dẫn"
    """
    bare = text.strip()
    if bare != text:
        return text.replace(bare, say(bare, lang=lang)) if bare else text
    if not text or (text[0] in QUOTES and text.find(text[0], 1) == len(text) - 1):
        return text
    if (said := _said(text, lang, enough=True)) is not None:
        return said
    for mark in APART:
        if mark in text:
            return _in_parts(text.partition(mark), lang)
    if (said := _said(text, lang, enough=False)) is not None:
        return said
    # The last part first: the title of a form may have commas of its own.
    return _in_parts(text.rpartition(", "), lang) if ", " in text else text


def _in_parts(parts: tuple[str, str, str], lang: str) -> str:
    first, mark, rest = parts
    return f"{say(first, lang=lang)}{mark}{say(rest, lang=lang)}"


def _said(text: str, lang: str, *, enough: bool) -> str | None:
    """Return a text that is one sentence, of those that say much or of the others; None if none."""
    for sentence in _sentences():
        if sentence.says_enough is not enough or (found := sentence.fillings(text)) is None:
            continue
        # Of several sentences each is one: none is a filling, and a place stands before them.
        if any(mark in one for mark in APART[:2] for one in found):
            continue
        if not sentence.told[0] and APART[2] in found[0]:
            continue
        said = [say(one, lang=lang) for one in found]
        if enough or not any(map(_of_others, found, said)):
            return sentence.filled(said, lang)
    return None


def _of_others(filling: str, said: str) -> bool:
    """Return whether a filling is English words that the catalogue does not know."""
    return said == filling and filling.isascii() and " " in filling and filling[0] not in QUOTES


def say_refusal(error: CchcError, *, lang: str) -> str:
    """Return a refusal as the command line says it: what is wrong, where, and how to mend it.

    Examples
    --------
    >>> print(say_refusal(CchcError("there is nothing to read", where="PATH a.docx"), lang="vi"))
    không có gì để đọc
      ở:        PATH a.docx
    """
    where = say(error.where, lang=lang)
    if isinstance(error, FormError) and lang == "vi":
        shown = error.faults.head(SHOWN)
        places = zip(shown["where"], shown["message"], strict=True)
        where = "\n".join(f"{place}: {message}" for place, message in places)
    parts = {
        word("refusal", part, lang=lang): said
        for part, said in (("where", where), ("mend", say(error.mend, lang=lang)))
        if said
    }
    wide = max(len(word("refusal", part, lang=lang)) for part in ("where", "mend"))
    lines = [say(error.what, lang=lang)]
    for name, said in parts.items():
        below = "\n".join(" " * (wide + 3) + line.lstrip() for line in said.splitlines())
        lines.append(f"  {name:{wide}} {below.lstrip()}")
    return "\n".join(lines)
