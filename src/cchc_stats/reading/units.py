"""The units of a province as `units.toml` states them: names, symbols, groups, forms due."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path, PurePath
from typing import Any, TypeAlias

import pandas as pd

from cchc_stats.forms import FORMS
from cchc_stats.reading.prose import LEVEL_CODES
from cchc_stats.words import (
    SCORES,
    Match,
    ReadError,
    fold,
    fold_agency,
    listed,
    match_agency,
    name_parts,
    read_toml,
    same_spelling,
)

COLUMNS = ("unit", "symbols", "names", "group", "level", "forms")
LEVELS = tuple(LEVEL_CODES.values())
_LISTS = ("symbols", "names", "forms")
_KEYS = ("name", *COLUMNS[1:])
_KINDS_OF_DOCUMENT = ("bc", "cv", "kh", "tb", "ttr")  # what a symbol begins with: 45/BC-STP
MOST_FAULTS = 50  # that a refusal lists
_MEND = "correct the file and read it again; `cchc-stats units FOLDER` drafts one from reports"


@dataclass(frozen=True, eq=False)
class Units:
    """The units that owe reports, each under one name (see `read_units`).

    Attributes
    ----------
    province : as the file names it, "tỉnh Sông Lam"; None where it names none.
    frame : frame `unit, symbols, names, group, level, forms`, a row per unit in the file's order;
        `symbols`, `names` (other spellings) and `forms` (codes of the forms due) are tuples, group
        and level "" where the file states none.
    targets : code of an indicator -> its target.
    source : the file.

    Examples
    --------
    >>> units = read_units("data/synthetic_units.toml")
    >>> units.frame.loc[1, ["unit", "symbols", "level"]].tolist()
    ['Sở Tư pháp', ('BC-STP',), 'provincial']
    """

    province: str | None
    frame: pd.DataFrame
    targets: Mapping[str, float]
    source: str = ""

    def __repr__(self) -> str:
        """Return what the list is in one line."""
        return f"Units({len(self.frame)} units, province={self.province!r})"

    @property
    def names(self) -> tuple[str, ...]:
        """The units in the order of the file."""
        return tuple(self.frame["unit"])

    def match(self, text: str, symbol: str | None = None) -> str | None:
        """Return the one unit that a printed name, or the symbol of its report, is of; else None.

        Parameters
        ----------
        text : a name in any spelling, with or without the province; "" for none.
        symbol : of the report's number, such as "45/BC-SVHTTDL". Where name and symbol are of
            two units the answer is None.

        Examples
        --------
        >>> units = read_units("data/synthetic_units.toml")
        >>> units.match("SỞ NN&MT"), units.match("", "45/BC-SVHTTDL"), units.match("Sở Ngoại vụ")
        ('Sở Nông nghiệp và Môi trường', 'Sở Văn hóa, Thể thao và Du lịch', None)
        """
        return self.look_up(text, symbol).name or None

    def look_up(self, text: str, symbol: str | None = None) -> Match:
        """Return the unit of a name or symbol, how it was found, or which it may be.

        `how` is one of `match_agency`, or "symbol".
        """
        named = self._named(text) if text.strip() else Match("", "unknown", 0.0)
        of_symbol = self._symbols.get(body_of(symbol)) if symbol else None
        if of_symbol is None or of_symbol == named.name:
            return named
        if named.name:
            return Match("", "ambiguous", 0.0, (named.name, of_symbol))
        return Match(of_symbol, "symbol", 1.0)

    def of_file(self, path: str | Path) -> str | None:
        """Return the one unit whose symbol is a word of a file's name, else None."""
        words = {fold(word) for word in re.findall(r"[^\W_]+", PurePath(path).stem)}
        units = {unit for symbol, unit in self._symbols.items() if symbol in words}
        return units.pop() if len(units) == 1 else None

    def _named(self, text: str) -> Match:
        if (unit := self._spellings.get(same_spelling(text))) is not None:
            how = "same" if text in self._units else "case"
            return Match(unit, how, SCORES[how])
        if text not in self._found:
            self._found[text] = self._search(text)
        return self._found[text]

    def _search(self, text: str) -> Match:
        """Return the unit of a name that stands in no list as it is printed."""
        first: Match | None = None
        for name in self._without_province(text):
            match = match_agency(name, self._units)
            units = {self._units[one] for one in (match.name, *match.candidates) if one}
            found = match.name or match.how == "ambiguous"
            if found and len(units) == 1:
                how = match.how if match.name else "parts"
                return Match(units.pop(), how, SCORES[how])
            candidates = tuple(dict.fromkeys(self._units[one] for one in match.candidates))
            first = first or Match("", match.how, 0.0, candidates)
        return first or Match("", "unknown", 0.0)

    def _without_province(self, text: str) -> Iterator[str]:
        """Yield a name, then without the province; none where it names another province."""
        own = _place(self.province)
        its = name_parts(text).province
        if own and its and its != own:
            return
        yield text
        words = text.split()
        length = len(own.split())
        if own and fold_agency(" ".join(words[-length:])) == own:
            yield " ".join(words[:-length])
            yield " ".join(words[: -length - 1])

    @cached_property
    def _units(self) -> Mapping[str, str]:
        """Every spelling of a name, and its unit."""
        rows = self.frame[["unit", "names"]].itertuples(index=False)
        return {name: unit for unit, names in rows for name in (unit, *names)}

    @cached_property
    def _spellings(self) -> Mapping[str, str]:
        return {same_spelling(name): unit for name, unit in self._units.items()}

    @cached_property
    def _symbols(self) -> Mapping[str, str]:
        rows = self.frame[["unit", "symbols"]].itertuples(index=False)
        return {body_of(symbol): unit for unit, symbols in rows for symbol in symbols}

    @cached_property
    def _found(self) -> dict[str, Match]:
        return {}


def body_of(symbol: str) -> str:
    """Return the letters of the body in a report's number or symbol, folded.

    Examples
    --------
    >>> body_of("45/BC-SGDĐT"), body_of("SVHTTDL"), body_of("12/BC-STP-VP")
    ('sgddt', 'svhttdl', 'stp')
    """
    letters = re.sub("[ &]", "", fold(symbol).rpartition("/")[2])
    parts = [part for part in letters.split("-") if part]
    if len(parts) > 1 and parts[0] in _KINDS_OF_DOCUMENT:
        return parts[1]
    return parts[0] if parts else ""


def _place(province: str | None) -> str:
    """Return the folded name of a province without its kind."""
    return re.sub("^(?:tinh|thanh pho) ", "", fold_agency(province or ""))


UnitList: TypeAlias = Units | str | Path


def units_of(units: UnitList) -> Units:
    """Return what an option `units=` gives: the list, or that of a file."""
    return units if isinstance(units, Units) else read_units(units)


def read_units(path: str | Path) -> Units:
    """Return the units of a province from a file: their names, symbols, groups, forms due, targets.

    Parameters
    ----------
    path : a TOML file: `province = "tỉnh …"`, a table [targets] of indicators' codes and figures,
        and a [[unit]] for each with `name` and, where they are known, `symbols` (["BC-SNV"]),
        `names` (other spellings), `group` (a text: units are compared within it), `level`
        (provincial, district, commune) and `forms` (codes of the forms it owes). `draft_units`
        writes it from reports.

    Returns
    -------
    Units: a unit without `forms` owes those that any report of the quarter has.

    Raises
    ------
    ReadError
        The file cannot be read or is no TOML; it has no unit, a name or symbol twice, a form, a
        level or a key that is not known, a target that is no number: all at once.

    Examples
    --------
    >>> units = read_units("data/synthetic_units.toml")
    >>> units, units.names[:2]
    (Units(5 units, province='tỉnh Sông Lam'), ('Sở Nội vụ', 'Sở Tư pháp'))
    """
    stated = read_toml(
        Path(path),
        what="the list of units cannot be read",
        mend="give a TOML file with a [[unit]] for each; `cchc-stats units FOLDER` drafts one",
    )
    records = stated.get("unit", [])
    faults = [*_faults_of_file(stated)]
    if isinstance(records, list):
        faults += [f for at, one in enumerate(records, 1) for f in _faults_of_unit(at, one)]
    if not faults:
        faults += [*_twice(records)]
    if faults:
        raise ReadError(listed(faults, most=MOST_FAULTS), where=str(path), mend=_MEND)
    rows = [[one["name"].strip(), *(_cell(one, key) for key in COLUMNS[1:])] for one in records]
    return Units(
        stated.get("province") or None,
        pd.DataFrame(rows, columns=list(COLUMNS)),
        {code: float(one) for code, one in stated.get("targets", {}).items()},
        str(path),
    )


def _cell(record: Mapping[str, Any], key: str) -> object:
    return tuple(record.get(key, ())) if key in _LISTS else record.get(key, "")


def _faults_of_file(stated: Mapping[str, Any]) -> Iterator[str]:
    yield from _strange(stated, ("province", "targets", "unit"), "the file")
    if not isinstance(stated.get("province", ""), str):
        yield "province is no text"
    if not isinstance(stated.get("unit", []), list):
        yield "units are written [[unit]], not [unit]"
    elif not stated.get("unit"):
        yield "there is no unit in it"
    targets = stated.get("targets", {})
    if not isinstance(targets, dict):
        yield "targets are a table: [targets]"
        return
    for code, target in targets.items():
        is_number = isinstance(target, int | float) and not isinstance(target, bool)
        if not is_number or not math.isfinite(target):
            yield f"the target of {code} is no number: {target!r}"


def _strange(record: Mapping[str, Any], known: tuple[str, ...], where: str) -> Iterator[str]:
    """Yield the keys that are not known; never what they hold, which may be personal."""
    for key in (key for key in record if key not in known):
        near = get_close_matches(key, known, n=1)
        meant = f"{near[0]} is meant?" if near else f"there are {', '.join(known)}"
        yield f"{where} has {key!r}: {meant}"


def _faults_of_unit(at: int, record: object) -> Iterator[str]:
    if not isinstance(record, dict):
        yield f"unit {at} is no table: write [[unit]]"
        return
    name = record.get("name")
    if not isinstance(name, str) or not name.strip():
        yield f"unit {at} has no name"
    where = f"unit {at}" + (f" '{name}'" if isinstance(name, str) and name.strip() else "")
    yield from _strange(record, _KEYS, where)
    for key in _LISTS:
        some = record.get(key, [])
        if not isinstance(some, list) or not all(isinstance(one, str) and one for one in some):
            yield f'{where}: {key} is no list of texts: write {key} = ["…"]'
        elif key == "forms":
            yield from _no_forms(some, where)
    if not isinstance(record.get("group", ""), str):
        yield f"{where}: group is no text"
    if (level := record.get("level", "")) not in ("", *LEVELS):
        yield f"{where}: there is no level {level!r}; there are {', '.join(LEVELS)}"


def _no_forms(codes: list[str], where: str) -> Iterator[str]:
    known = [form.code for form in FORMS]
    for code in (code for code in codes if code not in known):
        near = get_close_matches(code, known, n=1)
        yield f"{where}: there is no form {code!r}; " + (
            f"{near[0]} is meant?" if near else f"there are {', '.join(known)}"
        )


def _twice(records: list[dict[str, Any]]) -> Iterator[str]:
    """Yield the names and symbols that two units bear, or one unit twice as its own name."""
    for what, key, same in (("name", "names", same_spelling), ("symbol", "symbols", body_of)):
        bearers: dict[str, list[tuple[int, str]]] = {}
        for at, one in enumerate(records, 1):
            own = [one["name"]] if key == "names" else []
            for text in dict.fromkeys((*own, *one.get(key, ()))):
                bearers.setdefault(same(text), []).append((at, text))
        for texts in bearers.values():
            if len(units := {at: records[at - 1]["name"] for at, _ in texts}) > 1:
                named = " and ".join(f"unit {at} '{name}'" for at, name in units.items())
                yield f"the {what} {texts[0][1]!r} is of {named}"
