"""Which agencies and levels ceased, when, and what took their place: a dated table."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from cchc_stats.words.agencies.matching import (
    cities,
    fold_agency,
    homonyms,
    name_parts,
    provinces,
    written_out,
)
from cchc_stats.words.errors import CchcError
from cchc_stats.words.facts import facts_of, read_toml

COLUMNS = ("old", "new", "level", "on", "status", "source", "note", "kind")
LEVELS = ("province", "zone", "department", "agency")  # what a change is of
KINDS = ("", "tỉnh", "thành phố")  # of a province, from the change on
STATUSES = ("confirmed", "derived", "typical", "unconfirmed")
APPLIED = STATUSES[:2]
ADMINISTRATIVE = ("provincial", "district", "commune")
LAST_OF_OLD = dt.date(2024, 12, 31)  # the day that a name without one is meant on
_DISTRICT = ("huyen", "quan", "thi xa")
_COMMUNE = ("xa", "phuong", "thi tran", "dac khu")
_OF_DISTRICT = re.compile(r"\b(?:huyen|thi xa|quan(?! l[iy]\b)) \S")
_OF_TOWN = re.compile(r"\bthanh pho (?P<place>\S.*)")
_OWN_NAME = re.compile(r"(?:truong|dai hoc|cao dang|hoc vien|benh vien|cong ti)\b")
_OF_COMMUNE = re.compile(r"\b(?:xã(?! hội)|phường|thị trấn|đặc khu)\s+\w", re.IGNORECASE)
_LEVEL_WORD = re.compile(r"(?i)\b(?:tỉnh|tinh|thành phố|thanh pho|tp\.?)$")

Day = dt.date | pd.Timestamp | pd.Period | str


def agency_changes(
    path: str | Path | None = None, extra: Iterable[Mapping[str, Any]] = ()
) -> pd.DataFrame:
    """Return the changes of agencies by date: the library's own, then those of a file, then more.

    Parameters
    ----------
    path : a TOML file of own changes: [[change]] with `old` (a name or several), `new` ("" where
        nothing took its place), `on` (the first day on which the old one is no more), and, if they
        are stated, `level`, `status`, `source`, `note`, `kind`. Without a level a change is of one
        agency, and without a status it is confirmed: who states it vouches for it. A province that
        becomes a city is a change of level `province`, of `kind` "thành phố", that keeps its name.
    extra : more changes, as mappings of the same fields.

    Returns
    -------
    Frame `old, new, level, on, status, source, note, kind`, a row per old name, texts but for `on`
    (day). `level` is `province` (old and new are provinces, and each agency in the province goes
    with it), `zone` (a unit that became a special zone), `department` (of any province) or
    `agency`; `kind` what a province is from then on, "" where that stays. Only rows with status
    `confirmed`, or `derived` from what is confirmed, are applied; `typical` ones are true of most
    provinces, but the day differs by province: they are applied to departments of a province that
    became part of another.

    Raises
    ------
    ReadError
        The file cannot be read.
    CchcError
        Changes that lack a field or state a wrong one; all at once.

    Source
    ------
    Resolutions 202/2025/QH15 (provinces) and 175/2024/QH15 (Huế); 176/2025/QH15 is of ministries.

    Examples
    --------
    >>> changes = agency_changes()
    >>> changes.loc[changes["new"] == "Lâm Đồng", "old"].tolist()
    ['Đắk Nông', 'Bình Thuận']
    >>> own = {"old": "Chi cục Biển", "new": "Chi cục Biển và Kiểm ngư", "on": dt.date(2025, 3, 1)}
    >>> agency_changes(extra=[own]).iloc[-1][["old", "level", "status"]].tolist()
    ['Chi cục Biển', 'agency', 'confirmed']
    """
    stated: list[tuple[str, Mapping[str, Any]]] = [
        ("agency_changes.toml", change) for change in _shipped().get("change", ())
    ]
    if path is not None:
        stated += [(str(path), change) for change in _read(Path(path)).get("change", ())]
    stated += [("extra=", change) for change in extra]
    rows: list[dict[str, Any]] = []
    faults: list[str] = []
    for number, (where, change) in enumerate(stated, 1):
        read, wrong = _change(change)
        rows += read
        faults += [f"{where}, change {number}: {fault}" for fault in wrong]
    if faults:
        raise CchcError(
            f"{len(faults)} faults in changes of agencies",
            where="; ".join(faults),
            mend='state old = "…" (or several), new = "…", on = 2025-07-01; '
            f"level is one of {', '.join(LEVELS)}, status one of {', '.join(STATUSES)}",
        )
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(
        dict.fromkeys(COLUMNS, "str") | {"on": "datetime64[us]"}
    )


def successor(agency: str, on: Day, changes: pd.DataFrame | None = None) -> str:
    """Return what an agency is on a day: itself, what took its place, or "" for nothing.

    Changes are followed one after the other, the latest stated of one day first. An agency of a
    province goes with its province, but for schools, hospitals and companies, whose names are their
    own; a district's agencies have no successor, for their tasks went to communes and to the
    province alike. A special zone or a city that is to come is nothing yet.

    Parameters
    ----------
    agency : a name in any spelling.
    on : a day, or its text "2025-07-01"; of a quarter the last day by calendar.
    changes : see `agency_changes`; its own table where None. Rows that are `confirmed` or `derived`
        are applied.

    Returns
    -------
    Text: the name as given where nothing changed.

    Examples
    --------
    >>> day = dt.date(2025, 7, 1)
    >>> successor("Sở Nội vụ tỉnh Bình Định", day), successor("UBND tỉnh Bình Định", day)
    ('Sở Nội vụ tỉnh Gia Lai', 'UBND tỉnh Gia Lai')
    >>> successor("UBND huyện Tây Sơn", day), successor("UBND huyện Tây Sơn", dt.date(2025, 6, 30))
    ('', 'UBND huyện Tây Sơn')
    """
    day = _day(on)
    table = _own_changes() if changes is None else changes
    due = table[table["status"].isin(APPLIED) & (table["on"] <= pd.Timestamp(day))]
    due = due.iloc[::-1].sort_values("on", kind="stable")
    name = agency
    changed: list[dict[str, Any]] = due.to_dict("records")  # type: ignore[assignment]
    typical: list[dict[str, Any]] = table[
        (table["status"] == "typical") & (table["level"] == "department")
    ].to_dict("records")  # type: ignore[assignment]
    for change in changed:
        # The day before tells the level: on the day itself the old name may stand for another.
        before = change["on"].date() - dt.timedelta(days=1)
        renamed = _after(name, change, before, changes)
        if change["level"] == "province" and change["old"] != change["new"] and renamed != name:
            # What the new province never had is the department that took its place.
            for merged in (one for one in typical if one["on"] <= change["on"]):
                renamed = _after(renamed, merged, before, changes)
        name = renamed
        if not name:
            return ""
    level = administrative_level(name, day, changes)
    if _zone_to_come(name, day, table) or _city_to_come(name, day, changes):
        return ""
    return name if not level or level_exists(level, day) else ""


def _zone_to_come(name: str, day: dt.date, changes: pd.DataFrame) -> bool:
    if name_parts(name).kinds[-1:] != ("dac khu",):
        return False
    coming = changes[(changes["level"] == "zone") & (changes["on"] > pd.Timestamp(day))]
    return name_parts(name).proper in {name_parts(new).proper for new in coming["new"]}


def _city_to_come(name: str, day: dt.date, changes: pd.DataFrame | None) -> bool:
    """Return whether a name is of a city that was, or is, a province on that day."""
    city = _OF_TOWN.search(fold_agency(name))
    if not city or _kind_of(city["place"], day, changes) != "tỉnh":
        return False
    # A town bore some of these names; no town has departments.
    return city["place"] not in homonyms() or "so" in name_parts(name).kinds


def level_exists(level: str, on: Day) -> bool:
    """Return whether a level of administration exists on a day.

    Parameters
    ----------
    level : provincial, district or commune.
    on : a day; of a quarter the last day by calendar.

    Raises
    ------
    CchcError
        Another level.

    Source
    ------
    Resolution 203/2025/QH15: districts ceased on 01/7/2025.

    Examples
    --------
    >>> [level_exists("district", pd.Period(quarter)) for quarter in ("2025Q2", "2025Q3")]
    [True, False]
    """
    if level not in ADMINISTRATIVE:
        raise CchcError(
            f"there is no level {level!r}",
            where="level=",
            mend=f"use one of {', '.join(ADMINISTRATIVE)}",
        )
    day = _day(on)
    return all(
        day <= ended["until"] for ended in _shipped().get("level", ()) if ended["level"] == level
    )


def administrative_level(
    agency: str, on: Day | None = None, changes: pd.DataFrame | None = None
) -> str:
    """Return the level of administration that an agency's name tells, "" where it tells none.

    Parameters
    ----------
    agency : a name in any spelling.
    on : the day it is meant on; None for before 2025. "Thành phố Huế" is a district's until the
        end of 2024 and a province's since, "thành phố Đồng Nai" a province's since 30/4/2026.
    changes : see `agency_changes`; its own table where None.

    Examples
    --------
    >>> names = ("UBND TX An Nhơn", "UBND TP. Hà Nội", "UBND phường 1", "Sở Nội vụ", "Ban Dân tộc")
    >>> [administrative_level(name) for name in names]
    ['district', 'provincial', 'commune', 'provincial', '']
    """
    parts = name_parts(agency)
    last = parts.kinds[-1] if parts.kinds else ""
    if last in _DISTRICT:
        return "district"
    if last in _COMMUNE:
        return "commune"
    if last == "tinh" or "so" in parts.kinds:
        return "provincial"
    if last == "thanh pho":
        city = (
            _kind_of(parts.proper, LAST_OF_OLD if on is None else _day(on), changes) == "thành phố"
        )
        return "provincial" if city else "district"
    if last == "phong" and _of_district(fold_agency(agency), on, changes):
        return "district"
    return "commune" if last and _OF_COMMUNE.search(unicodedata.normalize("NFC", agency)) else ""


def _of_district(name: str, on: Day | None, changes: pd.DataFrame | None) -> bool:
    """Return whether a room is one of a district: a centrally run city has departments."""
    town = _OF_TOWN.search(name)
    day = LAST_OF_OLD if on is None else _day(on)
    if town and _kind_of(town["place"], day, changes) != "thành phố":
        return True
    return bool(_OF_DISTRICT.search(name))


def _kind_of(province: str, day: dt.date, changes: pd.DataFrame | None) -> str:
    """Return what a province, by its folded name, is on a day; "" where there is none so called."""
    if province not in provinces():
        return ""
    stated = _kinds() if changes is None else _kinds_in(changes)
    kind = "thành phố" if province in cities() else "tỉnh"
    for on, name, new in stated:
        if name == province and on <= day:
            kind = new
    return kind


@cache
def _own_changes() -> pd.DataFrame:
    """Return the library's own changes, to be left as they are."""
    return agency_changes()


@cache
def _kinds() -> tuple[tuple[dt.date, str, str], ...]:
    return _kinds_in(_own_changes())


def _kinds_in(changes: pd.DataFrame) -> tuple[tuple[dt.date, str, str], ...]:
    """Return when which province became what, in the order of the days."""
    if "kind" not in changes:
        return ()
    rows = changes[(changes["kind"] != "") & changes["status"].isin(APPLIED)].sort_values("on")
    days = (day.date() for day in rows["on"])
    names = (fold_agency(name) for name in rows["new"])
    return tuple(zip(days, names, rows["kind"], strict=True))


def _after(
    name: str, change: Mapping[str, Any], before: dt.date, changes: pd.DataFrame | None
) -> str:
    """Return what a name is after a change: itself where the change is of another."""
    old, new = change["old"], change["new"]
    if change["level"] == "agency":
        return new if fold_agency(name) == fold_agency(old) else name
    if change["level"] == "department":
        return _department_after(name, old, new)
    if change["level"] == "zone":
        return _zone_after(name, old, new)
    if not _goes_with(name, fold_agency(old), before, changes):
        return name
    gone = fold_agency(old)
    kind = change.get("kind") or _kind_of(fold_agency(new), change["on"].date(), changes) or "tỉnh"
    kept = name[: _start_of(name, gone)].rstrip()
    level = _LEVEL_WORD.search(kept)
    # A name without the word "tỉnh" stays without it.
    return f"{kept[: level.start()]}{kind} {new}" if level else f"{kept} {new}".strip()


def _goes_with(name: str, gone: str, before: dt.date, changes: pd.DataFrame | None) -> bool:
    """Return whether a name is of a province, or of an agency in it."""
    parts = name_parts(name)
    if _OWN_NAME.match(fold_agency(name)):
        return False
    bare = not parts.kinds and parts.proper == gone  # as tables of provinces print it
    level = "provincial" if bare else administrative_level(name, before, changes)
    town = _OF_TOWN.search(fold_agency(name)) if level == "district" else None
    if parts.proper == gone and level == "provincial":
        return True
    # The town of that name is no part of the province's own.
    return parts.province == gone and not (town and town["place"] == gone)


def _department_after(name: str, old: str, new: str) -> str:
    parts, same = name_parts(name), name_parts(old)
    if (parts.kinds, parts.proper) != (same.kinds, same.proper):
        return name
    if same.province or name_parts(new).province:  # a change in one province alone
        return new if parts.province in ("", same.province) else name
    return f"{new} {_province_in_words(name, parts.province)}".strip() if new else ""


def _zone_after(name: str, old: str, new: str) -> str:
    """Return the special zone that took the place of a unit: of it and its committee alone."""
    parts, same = name_parts(name), name_parts(old)
    if parts.proper != same.proper or parts.kinds[-1:] != same.kinds[-1:]:
        return name
    if parts.kinds[:-1] not in ((), ("uy ban nhan dan",), ("hoi dong nhan dan",)):
        return name
    if not any(fold_agency(name[at:]).startswith(fold_agency(old)) for at in _starts(name)):
        name = written_out(name)  # "UBND H. X" is one abbreviation
    at = _start_of(name, fold_agency(old) + (f" {parts.province}" if parts.province else ""))
    if at == len(name):  # the province is called one: "huyện Lý Sơn, tỉnh Quảng Ngãi"
        at = min(
            (at for at in _starts(name) if fold_agency(name[at:]).startswith(fold_agency(old))),
            default=0,
        )
    province = _province_in_words(name, parts.province)
    return f"{name[:at]}{new} {province}".strip()


def _starts(name: str) -> list[int]:
    return [start.start() for start in re.finditer(r"\b\w", name)]


def _start_of(name: str, province: str) -> int:
    """Return where the province that ends a name begins in it."""
    ends = (at for at in _starts(name) if fold_agency(name[at:]) == province)
    return max(ends, default=len(name))


def _province_in_words(name: str, province: str) -> str:
    if not province:
        return ""
    level = _LEVEL_WORD.search(name[: _start_of(name, province)].rstrip())
    # One that is not on the list is spelled as it is here.
    spelled = provinces().get(province, name[_start_of(name, province) :])
    return f"{level[0] if level else ''} {spelled}".strip()


def _change(stated: Mapping[str, Any]) -> tuple[list[dict[str, Any]], list[str]]:
    """Return the rows of a change, one per old name, and what is wrong with it."""
    if not isinstance(stated, Mapping):
        return [], [f"no mapping of fields: {stated!r}"]
    old = stated.get("old", ())
    names = [old] if isinstance(old, str) else [*old]
    on = _iso(stated.get("on"))
    usual = {"level": "agency", "status": "confirmed"}
    row = {name: stated.get(name) or usual.get(name, "") for name in COLUMNS} | {"on": on}
    wrong = [f"unknown field {name}" for name in stated if name not in COLUMNS]
    named = [isinstance(name, str) and name.strip() for name in names]
    faults = {
        "no old name": not all(named) or not named,
        "no new name": not isinstance(stated.get("new"), str),
        f"on is no day: {on!r}": not isinstance(on, dt.date),
        f"level is {row['level']!r}": row["level"] not in LEVELS,
        f"status is {row['status']!r}": row["status"] not in STATUSES,
        f"kind is {row['kind']!r}": row["kind"] not in KINDS,
    }
    wrong += [fault for fault, is_one in faults.items() if is_one]
    return ([] if wrong else [row | {"old": name} for name in names]), wrong


@cache
def _shipped() -> Mapping[str, Any]:
    return facts_of("cchc_stats.words.agencies", "agency_changes.toml")


def _read(path: Path) -> Mapping[str, Any]:
    return read_toml(
        path,
        what="the changes of agencies cannot be read",
        mend="give a TOML file with [[change]] tables",
    )


def _day(on: Day) -> dt.date:
    if isinstance(on, pd.Period):
        return on.end_time.date()
    day = _iso(on)
    if not isinstance(day, dt.date):
        raise CchcError(
            f"{on!r} is no day",
            where="on=",
            mend='give a date, a quarter (pd.Period), or a text such as "2025-07-01"',
        )
    return day.date() if isinstance(day, dt.datetime) else day


def _iso(day: object) -> object:
    """Return the day that a text such as "2025-07-01" names; anything else as it is."""
    try:
        return dt.date.fromisoformat(day) if isinstance(day, str) else day
    except ValueError:
        return day
