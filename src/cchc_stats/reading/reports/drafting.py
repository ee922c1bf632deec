"""`draft_units`: the text of a `units.toml` from the reports that units have sent."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

from cchc_stats.forms import FORMS
from cchc_stats.reading.report import Report
from cchc_stats.reading.reports.report_set import ReportSet
from cchc_stats.reading.units import LEVELS, body_of
from cchc_stats.words import (
    administrative_level,
    fold,
    fold_agency,
    match_agency,
    name_parts,
    successor,
    vietnamese_order,
    word,
)

_PROVINCE = re.compile(r"\b(?:tỉnh|thành phố)\s+\S.*$", re.IGNORECASE)
_LEVEL_WORD = re.compile(r"\s+(?:tỉnh|thành phố)$", re.IGNORECASE)
# Bodies that bear no level in their name once the province is told: Sở Nội vụ, UBND xã Hòa An.
_NAMED_WITHOUT_LEVEL = {"so", "ban", "chi cuc", "trung tam", "xa", "phuong", "dac khu", "thi tran"}
_WORD = re.compile(r"[^\W\d_]+")


@dataclass
class _Unit:
    """What the reports of one unit tell of it."""

    reports: list[Report] = field(default_factory=list)
    printed: dict[str, None] = field(default_factory=dict)
    files: list[frozenset[str]] = field(default_factory=list)


def draft_units(reports: ReportSet, *, lang: str = "vi") -> str:
    """Return the text of a list of units, drafted from the reports that they have sent.

    It is to be looked through: who has never sent anything is not in it.

    Parameters
    ----------
    reports : as `read_reports` returns them.
    lang : of its comments and groups.

    Returns
    -------
    Text of a `units.toml` that `read_units` takes: the province where all names agree on one; a
    unit for each body that reports, under its name without the province, in Vietnamese order; every
    other spelling; symbols of numbers ("BC-SNV") and of file names ("… - SYT.xlsx"), those of two
    units left out; level and group, where the name tells them; the forms that half of its reports
    hold or more. People are not named.

    Examples
    --------
    >>> from cchc_stats import read_reports
    >>> reports = read_reports("data/binh-dinh-skhcn-2020q3.docx", progress=False)
    >>> draft_units(reports).splitlines()[-5:-3]
    ['symbols = ["BC-SKHCCN"]', 'names = ["Sở Khoa học và Công nghệ tỉnh Bình Định"]']
    """
    units = _units(reports)
    moved = _under_other_names(units)
    province = _province(units)
    symbols = _symbols(units)
    named = {_own_name(name, province): name for name in units}
    blocks = [
        _block(own, printed, units[printed], symbols[printed], lang)
        for own, printed in sorted(named.items(), key=lambda pair: vietnamese_order(pair[0]))
    ]
    head = word("units_draft", "head", lang=lang).format(
        files=len(reports.reports), units=len(units)
    )
    stated = (
        f"province = {_text(province)}"
        if province
        else word("units_draft", "no_province", lang=lang)
    )
    for name, owner in moved.items():
        said = word("units_draft", "moved", lang=lang)
        stated += "\n" + said.format(name=name, unit=_own_name(owner, province))
    shared = _shared(units)
    if shared:
        stated += "\n\n" + word("units_draft", "shared", lang=lang).format(
            symbols=", ".join(shared)
        )
    return "\n\n".join((head, stated, word("units_draft", "targets", lang=lang), *blocks)) + "\n"


def _units(reports: ReportSet) -> dict[str, _Unit]:
    units: dict[str, _Unit] = {}
    for report, path in zip(reports.reports, reports.paths, strict=True):
        unit = units.setdefault(report.agency, _Unit())
        unit.reports.append(report)
        unit.files.append(frozenset(_WORD.findall(PurePath(path).stem)))
    for one in reports.agencies.to_dict("records"):
        if (unit_of := one["matched"] or one["agency"]) in units:
            units[unit_of].printed[one["agency"]] = None
    return units


def _under_other_names(units: dict[str, _Unit]) -> dict[str, str]:
    """Take out what is no unit of its own, and return whose reports those are.

    A name whose reports all bear the symbol that is another's by its initials, or a name that
    another unit had before. It stays out of `names`: who reads with the list is told of it.
    """
    moved: dict[str, str] = {}
    for name, unit in units.items():
        owner = _of_symbol(name, units) or _successor(name, unit, units)
        moved |= {name: owner} if owner else {}
    moved = {name: owner for name, owner in moved.items() if owner not in moved}
    for name, owner in moved.items():
        units[owner].reports += units.pop(name).reports
    return moved


def _of_symbol(name: str, units: Mapping[str, _Unit]) -> str:
    """Return the one other unit by whose initials all reports of a name are signed, else ""."""
    bodies = {body_of(one.number) for one in units[name].reports if one.number}
    if len(bodies) != 1:
        return ""
    owners = [one for one in units if {name_parts(one).initials} == bodies]
    return owners[0] if len(owners) == 1 and owners[0] != name else ""


def _successor(name: str, unit: _Unit, units: Iterable[str]) -> str:
    now = successor(name, unit.reports[-1].window.end)
    return "" if now == name else match_agency(now, [one for one in units if one != name]).name


def _province(units: Iterable[str]) -> str:
    """Return the province that names end in, "" where there is none or several."""
    provinces: dict[str, str] = {}
    for name in units:
        of_one = name_parts(name).province or administrative_level(name) == "provincial"
        if of_one and (match := _PROVINCE.search(name)):
            provinces.setdefault(fold_agency(match[0]), match[0])
    return next(iter(provinces.values())) if len(provinces) == 1 else ""


def _own_name(name: str, province: str) -> str:
    """Return a unit's name without its province, and without a level that then tells nothing.

    Examples
    --------
    >>> of = "tỉnh Gia Lai"
    >>> _own_name("Sở Y tế tỉnh Gia Lai", of), _own_name("Thanh tra tỉnh Gia Lai", of)
    ('Sở Y tế', 'Thanh tra tỉnh')
    >>> _own_name("Ủy ban nhân dân tỉnh Gia Lai", of)
    'Ủy ban nhân dân tỉnh Gia Lai'
    """
    place = province.partition(" ")[2] if fold(province).startswith("tinh") else province[10:]
    if not place or not fold_agency(name).endswith(f" {fold_agency(place)}"):
        return name
    bare = " ".join(name.split()[: -len(place.split())])
    kinds = name_parts(name).kinds
    if _NAMED_WITHOUT_LEVEL & {*kinds}:
        return _LEVEL_WORD.sub("", bare)
    return name if fold(bare).startswith("uy ban nhan dan") else bare


def _bodies(units: Mapping[str, _Unit]) -> Counter[str]:
    """Return of how many units each symbol's body is."""
    return Counter(
        body
        for unit in units.values()
        for body in {body_of(one.number) for one in unit.reports if one.number}
    )


def _shared(units: Mapping[str, _Unit]) -> list[str]:
    return sorted(body.upper() for body, times in _bodies(units).items() if times > 1)


def _symbols(units: Mapping[str, _Unit]) -> dict[str, list[str]]:
    """Return each unit's symbols: of its numbers, and without one of its file names."""
    times = _bodies(units)
    symbols: dict[str, list[str]] = {}
    for name, unit in units.items():
        numbers = [one.number.rpartition("/")[2] for one in unit.reports if one.number]
        own = {body_of(one): one for one in reversed(numbers) if times[body_of(one)] == 1}
        symbols[name] = [*reversed(own.values())] or _of_files(name, units, times)
    return symbols


def _of_files(name: str, units: Mapping[str, _Unit], taken: Mapping[str, int]) -> list[str]:
    """Return the word of capitals that a unit's files bear, and no other's: its symbol.

    It is that of its initials, or stands in all of several files.
    """
    unit = units[name]
    others = {word for key in units if key != name for file in units[key].files for word in file}
    everywhere = frozenset.intersection(*unit.files) if len(unit.files) > 1 else frozenset()
    initials = {name_parts(one).initials for one in unit.printed}
    found = [
        one
        for one in sorted(frozenset().union(*unit.files) - others)
        if _is_symbol(one) and (fold(one) in initials or one in everywhere)
    ]
    return found if len(found) == 1 and not taken.get(fold(found[0])) else []


def _is_symbol(text: str) -> bool:
    return text.isupper() and len(text) > 1


def _block(own: str, printed: str, unit: _Unit, symbols: Sequence[str], lang: str) -> str:
    level = administrative_level(printed, unit.reports[-1].period)
    if not level and name_parts(printed).province:
        level = "provincial"
    counts = Counter(code for one in unit.reports for code in one.tables if len(one.tables[code]))
    forms = [form.code for form in FORMS if 2 * counts[form.code] >= len(unit.reports)]
    lines = ["[[unit]]", f"name = {_text(own)}"]
    lists = {
        "symbols": symbols,
        "names": [one for one in unit.printed if one != own],
        "forms": [form for form in forms if counts[form]],
    }
    lines += [f"{key} = [{', '.join(map(_text, some))}]" for key, some in lists.items() if some]
    if level in LEVELS:
        lines += [f"group = {_text(word('unit_group', level))}", f'level = "{level}"']
    return "\n".join(lines)


def _text(text: str) -> str:
    """Return a text as TOML writes it, which is as JSON does."""
    return json.dumps(text, ensure_ascii=False)
