"""Under which names agencies go: those of a list, of the units, or one for all spellings of one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations

import pandas as pd

from cchc_stats.forms import Examined, PrintedTables
from cchc_stats.reading.report import Named, Report, text_array
from cchc_stats.reading.units import Units
from cchc_stats.words import Match, ReadError, match_agency, name_parts, successor, word

AGENCIES = ("agency", "matched", "how", "score", "candidates")
_SURE = ("same", "case", "spelling", "parts")


def names_of(reports: Iterable[Report]) -> dict[str, None]:
    """Return who reports, and whom rows of tables name, each once."""
    names: dict[str, None] = {}
    for report in reports:
        names[report.agency] = None
        tables = report.tables
        for code in tables:
            one = tables.examined(code) if isinstance(tables, PrintedTables) else None
            cells = tables[code]["agency"].tolist() if one is None else one.cells("agency")
            names |= dict.fromkeys(cells)
    return names


def renamed(report: Report, names: Mapping[str, str]) -> Report:
    """Return a report with other names in the place of the printed ones; "" leaves a name."""
    stated = {old: names.get(old) or old for old in names_of([report])}
    if all(old == new for old, new in stated.items()):
        return report
    held = report.tables
    tables = PrintedTables({code: _table(held, code, stated) for code in held}, ())
    if isinstance(held, PrintedTables):
        tables.places = tuple(
            (stated.get(one, one), with_names(places, stated)) for one, places in held.places
        )
        tables.unplaced = tuple(
            one._replace(agency=stated.get(one.agency, one.agency)) for one in held.unplaced
        )
    return replace(
        report,
        agency=stated[report.agency],
        # No longer what reading with the options alone would give.
        read_with=report.read_with + "".join(f" {old} = {new}" for old, new in stated.items()),
        tables=tables if isinstance(held, PrintedTables) else {**tables},
        totals=with_names(report.totals, stated),
        places=with_names(report.places, stated),
    )


def _table(
    tables: Mapping[str, pd.DataFrame], code: str, names: Mapping[str, str]
) -> pd.DataFrame | Examined:
    """Return a form under other names; of one that nobody has looked at no frame is built."""
    one = tables.examined(code) if isinstance(tables, PrintedTables) else None
    if one is None or one.given is not None:
        return with_names(tables[code], names)
    agency = text_array([names.get(old, old) for old in one.cells("agency")])
    return replace(one, columns={**one.columns, "agency": agency})


def with_names(table: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Return a table whose column of agencies has other names; rows of others are left alone."""
    if "agency" not in table or not any(old != names.get(old, old) for old in set(table["agency"])):
        return table
    return table.assign(agency=table["agency"].map(lambda old: names.get(old, old)))


def as_unit(report: Report, units: Units) -> Report:
    """Return a report under the name of its unit, and so the rows that name units.

    Raises
    ------
    ReadError
        Who reports is no unit of the list, or name and symbol are of two.
    """
    sender = units.look_up(report.agency, report.number or None)
    if report.agency and units.look_up(report.agency).how == "unknown":
        now = successor(report.agency, report.window.end)
        of_now = units.look_up(now, report.number or None) if now != report.agency else sender
        code, sender = ("former", of_now) if of_now.how != "symbol" else ("symbol", sender)
        if sender.name:
            report = _with_warning(report, code, unit=sender.name)
    if not sender.name:
        raise ReadError(
            _unlisted(report, sender),
            where=f"{report.source}; {units.source}",
            mend="add a [[unit]] with this name to the list of units, or the name to the `names` "
            "of the unit that is meant",
        )
    names = names_of([report])
    found = {old: sender if old == report.agency else units.look_up(old) for old in names}
    matched = tuple(_named(old, match) for old, match in found.items())
    under = renamed(report, {old: match.name for old, match in found.items()})
    return replace(under, matched=matched)


def tables_as_units(tables: Mapping[str, pd.DataFrame], units: Units) -> dict[str, pd.DataFrame]:
    """Return tables whose rows go under the names of their units; others stay."""
    names = {name for table in tables.values() if "agency" in table for name in table["agency"]}
    found = {name: units.match(name) or name for name in names if isinstance(name, str)}
    return {code: with_names(table, found) for code, table in tables.items()}


def _with_warning(report: Report, code: str, **words: str) -> Report:
    said = word("letterhead", code).format(name=report.agency, number=report.number, **words)
    return replace(report, warnings=(*report.warnings, said))


def _unlisted(report: Report, match: Match) -> str:
    if match.how == "ambiguous":
        return f"{report.agency!r} ({report.number}) may be any of {', '.join(match.candidates)}"
    near = f"; like it: {', '.join(match.candidates)}" if match.candidates else ""
    return f"{report.agency!r} is in no list of units{near}"


def _named(printed: str, match: Match) -> Named:
    return Named(printed, match.name, match.how, match.score, "; ".join(match.candidates))


def of_list(printed: Iterable[str], agencies: Sequence[str]) -> list[Named]:
    """Return each printed name and that of a list which it is taken for."""
    return [_named(name, match_agency(name, agencies)) for name in printed]


def alike(printed: Iterable[str]) -> list[Named]:
    """Return each printed name and the fullest that is surely the same body's.

    Of names that may be two bodies' each stays: "Sở Nội vụ" beside those of two provinces.

    Examples
    --------
    >>> [one.matched for one in alike(["Sở Nội vụ", "Sở Nội vụ tỉnh Gia Lai"])]
    ['Sở Nội vụ tỉnh Gia Lai', 'Sở Nội vụ tỉnh Gia Lai']
    """
    names = [*dict.fromkeys(printed)]
    blocks: dict[str, list[str]] = {}
    for name in names:
        proper = name_parts(name).proper.replace(" ", "")
        blocks.setdefault("" if proper.endswith("tinh") else proper, []).append(name)
    # "Thanh tra tỉnh" and "Thanh tra tỉnh Gia Lai": which province tells the other name alone.
    of_provinces = blocks.pop("", [])
    same: dict[str, set[str]] = {name: {name} for name in names}
    pairs = [pair for block in blocks.values() for pair in combinations(block, 2)]
    pairs += [(one, other) for one in of_provinces for other in names if one != other]
    for one, other in pairs:
        if match_agency(one, [other]).how in _SURE:
            same[one].add(other)
            same[other].add(one)
    return [_fullest(name, same, names) for name in names]


def _fullest(name: str, same: Mapping[str, set[str]], names: Sequence[str]) -> Named:
    group = same[name]
    if any(same[other] != group for other in group):
        return Named(name, name, "same", 1.0, "")
    # With its province, in the usual letters, first seen.
    ordered = sorted(
        group, key=lambda one: (not name_parts(one).province, one.isupper(), names.index(one))
    )
    match = match_agency(name, ordered[:1])
    return Named(name, ordered[0], match.how, match.score, "")
