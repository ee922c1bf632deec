"""What each unit is told: its findings as sentences with a place, and what became of the former."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import PurePath
from typing import Any

import pandas as pd

from cchc_stats.forms import FORMS, find_form
from cchc_stats.words import (
    CchcError,
    findings_frame,
    label_period,
    match_agency,
    vocabulary,
    word,
)

_NUMBER = re.compile(r"\d[\d.,]*")
_COLUMN = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b")
_QUOTED = re.compile("“[^”]*”|'[^']*'")


@dataclass(frozen=True)
class Item:
    """One point of a letter.

    Attributes
    ----------
    severity, rule : as in findings.
    sentence : what was found.
    place : where in the report.
    question : what is asked of a warning, else "".
    key : what two editions tell the point by: its rule, words and place without figures.
    """

    severity: str
    rule: str
    sentence: str
    place: str
    question: str
    key: tuple[str, str, str]


@dataclass(frozen=True)
class Letter:
    """What a unit is told.

    Attributes
    ----------
    unit : its name.
    period : the quarter, in words.
    items : what is wrong or asked in the report as it is now, notes among them.
    mended, open : of what was told before, what is gone, and the items of now that were told.
    is_again : whether it is held against an edition before.
    forms : titles of the forms that the report lacks.
    reason : why there is no report of the quarter, "" where there is one.
    files : the files that were looked at.
    """

    unit: str
    period: str
    items: tuple[Item, ...] = ()
    mended: tuple[Item, ...] = ()
    open: tuple[Item, ...] = ()
    is_again: bool = False
    forms: tuple[str, ...] = ()
    reason: str = ""
    files: tuple[str, ...] = ()

    @property
    def asked(self) -> tuple[Item, ...]:
        """The items that want an answer."""
        return tuple(item for item in self.items if item.severity != "note")

    @property
    def kind(self) -> str:
        """What the letter is: findings, again, reminder or clean."""
        if self.is_again and (self.asked or self.mended):
            return "again"
        if self.asked or self.forms:
            return "findings"
        return "reminder" if self.reason else "clean"


def text(subject: str, code: str, *, lang: str, **words: object) -> str:
    """Return one text of a letter, filled in."""
    words_of = vocabulary("cchc_stats.publishing.letters", "letters.toml")
    return words_of[subject][code].in_language(lang).format(**words)


def capital(sentence: str) -> str:
    """Return a sentence with a capital at its beginning."""
    return sentence[:1].upper() + sentence[1:]


def period_text(period: pd.Period, *, lang: str) -> str:
    """Return a quarter as it stands within a sentence: "quý III/2026"."""
    named = label_period(period, lang=lang)
    return named[:1].lower() + named[1:] if lang == "vi" else named


def letters_of(
    findings: pd.DataFrame,
    *,
    name_of: Callable[[str], str],
    units: Iterable[str],
    period: pd.Period,
    earlier: pd.DataFrame | None,
    missing: pd.DataFrame | None,
    lang: str,
) -> list[Letter]:
    """Return a letter for each unit that is listed, has findings now or before, or lacks something.

    Parameters
    ----------
    name_of : the name of the unit that a finding's agency is.
    units : names of units, in their order; further ones follow in theirs.
    """
    now, before = (_by_unit(one, name_of) for one in (findings, earlier))
    lacking = {} if missing is None else _lacking(missing, name_of)
    names = dict.fromkeys([*units, *now, *before, *lacking])
    named = period_text(period, lang=lang)
    letters = []
    for unit in names:
        rows = now.get(unit, [])
        items = [_item(row, period, lang=lang) for row in rows]
        reason, forms = lacking.get(unit, ("", ()))
        letter = Letter(
            unit,
            named,
            tuple(items),
            forms=forms,
            reason=reason,
            files=_files(rows),
        )
        if unit in before:
            former = [_item(row, period, lang=lang) for row in before[unit]]
            letter = _held_against(letter, former, lang=lang)
        letters.append(letter)
    return letters


def _files(rows: Iterable[Mapping[Any, Any]]) -> tuple[str, ...]:
    """Return the files in which there is something to mend or to explain."""
    asked = (row["file"] for row in rows if row["severity"] != "note")
    return tuple(dict.fromkeys(PurePath(file).name for file in asked if _is_text(file)))


def _is_text(cell: object) -> bool:
    return isinstance(cell, str) and bool(cell)


def _by_unit(
    findings: pd.DataFrame | None, name_of: Callable[[str], str]
) -> dict[str, list[Mapping[Any, Any]]]:
    if findings is None:
        return {}
    records = findings_frame(findings).to_dict("records")
    # What is of a file as a whole may name no agency: then it is the one of the file's others.
    of_file = {row["file"]: row["agency"] for row in records if _is_text(row["agency"])}
    found: dict[str, list[Mapping[Any, Any]]] = {}
    nameless = []
    for row in records:
        agency = row["agency"] if _is_text(row["agency"]) else of_file.get(row["file"])
        if not _is_text(agency):
            nameless.append(str(row["message"]))
            continue
        found.setdefault(name_of(str(agency)), []).append(row)
    if nameless:
        raise CchcError(
            f"{len(nameless)} of the findings name no agency, so nobody can be told",
            where="; ".join(nameless[:5]),
            mend="fill in the column `agency`, or leave these rows out",
        )
    return found


def _lacking(
    missing: pd.DataFrame, name_of: Callable[[str], str]
) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Return by unit why there is no report, and the titles of the forms that it lacks."""
    lacking: dict[str, tuple[str, tuple[str, ...]]] = {}
    for row in missing.to_dict("records"):
        unit = name_of(str(row["agency"]))
        reason, forms = lacking.get(unit, ("", ()))
        if row["form"]:
            forms = (*forms, find_form(str(row["form"])).title)
        else:
            reason = str(row["reason"])
        lacking[unit] = (reason, forms)
    return lacking


def reasons_known(reason: str, *, lang: str) -> str:
    """Return what is known of a report that is not there, beside that: "" where nothing is."""
    return reason.removeprefix(word("missing", "not_sent", lang=lang)).removeprefix("; ")


@cache
def _columns() -> Mapping[str, str]:
    """Return what the columns of forms are called in English."""
    return {name: form.labels[name].en for form in FORMS for name in form.figures}


def _item(row: Mapping[Any, Any], period: pd.Period, *, lang: str) -> Item:
    message, rule = str(row["message"]), str(row["rule"])
    if lang == "en":
        message = _COLUMN.sub(lambda name: _columns().get(name[0], name[0]), message)
    where = row["where"] if _is_text(row["where"]) else ""
    place = place_in_report(where, row["file"], lang=lang)
    if isinstance(row["period"], pd.Period) and row["period"] != period:
        place += f" ({period_text(row['period'], lang=lang)})"
    questions = vocabulary("cchc_stats.publishing.letters", "letters.toml")["question"]
    asked = questions.get(rule, questions["any"]).in_language(lang)
    is_asked = row["severity"] == "warning"
    key = (rule, _skeleton(message), _skeleton(place, quotes=False))
    return Item(row["severity"], rule, message, place, asked if is_asked else "", key)


def _skeleton(sentence: str, *, quotes: bool = True) -> str:
    """Return a sentence without its figures (and what it quotes): the same in both editions."""
    return _NUMBER.sub("#", _QUOTED.sub("", sentence) if quotes else sentence)


def place_in_report(where: str, file: object, *, lang: str) -> str:
    """Return where in its report a unit finds something, without the name of the file.

    Examples
    --------
    >>> place_in_report("Form, row 2 'Notaries' (Report: Part I.1; Notaries)", "Report.docx",
    ...                 lang="en")
    'Part I.1; Notaries'
    """
    stem = PurePath(file).stem if isinstance(file, str) else ""
    if stem:
        # "Settlement of dossiers, row 2 'Notaries' (Report: Part I.1; …)": the form, the source.
        _, is_row, source = where.partition(f" ({stem}: ")
        where = source.removesuffix(")") if is_row else where
        where = where.replace(f"{stem}: ", "")
    return text("item", "whole", lang=lang) if where in ("", file, stem) else where


def _held_against(letter: Letter, former: Sequence[Item], *, lang: str) -> Letter:
    """Return the letter with what became of what was told before."""
    left = [item for item in former if item.severity != "note"]
    then: dict[int, Item] = {}
    # The same words in the same place first; then the same words, wherever they moved to.
    for parts in (3, 2):
        keys = Counter(item.key[:parts] for item in left)
        for at, item in enumerate(letter.items):
            if at in then or item.severity == "note" or not keys[item.key[:parts]]:
                continue
            found = next(one for one in left if one.key[:parts] == item.key[:parts])
            left.remove(found)
            keys[item.key[:parts]] -= 1
            then[at] = found
    items = [
        replace(item, sentence=_since(item, then[at], lang=lang)) if at in then else item
        for at, item in enumerate(letter.items)
    ]
    told = tuple(items[at] for at in sorted(then))
    return replace(letter, items=tuple(items), mended=tuple(left), open=told, is_again=True)


def _since(item: Item, then: Item, *, lang: str) -> str:
    """Return the sentence of now, with that of before where figures have changed since."""
    if item.sentence == then.sentence:
        return item.sentence
    return item.sentence + text("item", "before", lang=lang, sentence=then.sentence)


def one_spelling(names: Iterable[str]) -> Callable[[str], str]:
    """Return what gives agencies that are spelled several ways their longest name.

    Examples
    --------
    >>> named = one_spelling(["Sở Y tế", "Sở Y tế tỉnh Sông Lam"])
    >>> named("Sở Y tế")
    'Sở Y tế tỉnh Sông Lam'
    """
    longest = sorted(dict.fromkeys(names), key=lambda name: (-len(name), name))
    chosen: list[str] = []
    named: dict[str, str] = {}
    for name in longest:
        named[name] = match_agency(name, chosen).name or name
        if named[name] == name:
            chosen.append(name)
    return lambda name: named.get(name) or match_agency(name, chosen).name or name
