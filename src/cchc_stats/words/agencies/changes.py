"""Which agencies and levels ceased, when, and what took their place: a dated table."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import pandas as pd

from cchc_stats.words.agencies.matching import fold_agency, name_parts, provinces
from cchc_stats.words.errors import CchcError, ReadError

COLUMNS = ("old", "new", "level", "on", "status", "source", "note")
LEVELS = ("province", "department", "agency")  # what a change is of
STATUSES = ("confirmed", "typical", "unconfirmed")
ADMINISTRATIVE = ("provincial", "district", "commune")
CENTRAL = ("ha noi", "ho chi minh", "hai phong", "da nang", "can tho")
HUE_CENTRAL = dt.date(2025, 1, 1)
_DISTRICT = ("huyen", "quan", "thi xa")
_COMMUNE = ("xa", "phuong", "thi tran")
_OF_DISTRICT = re.compile(r"\b(?:huyen|thi xa|quan(?! ly\b)) \S")

Day = dt.date | pd.Timestamp | pd.Period | str


def agency_changes(
    path: str | Path | None = None, extra: Iterable[Mapping[str, Any]] = ()
) -> pd.DataFrame:
    """Return the changes of agencies by date: the library's own, then those of a file, then more.

    Parameters
    ----------
    path : a TOML file of own changes: [[change]] with `old` (a name or several), `new` ("" where
        nothing took its place), `on` (the first day on which the old one is no more), and, if they
        are told, `level`, `status`, `source`, `note`. Without a level a change is of one agency,
        and without a status it is confirmed: who states it vouches for it.
    extra : more changes, as mappings of the same fields.

    Returns
    -------
    Frame `old, new, level, on, status, source, note`, a row per old name, texts but for `on`
    (day). `level` is `province` (old and new are provinces, and each agency in the province goes
    with it), `department` (of any province) or `agency`. Only rows with status `confirmed` are
    applied; `typical` ones are true of most provinces, but the day differs by province.

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
    province goes with its province; a district's agencies have no successor, for their tasks went
    to communes and to the province alike.

    Parameters
    ----------
    agency : a name in any spelling.
    on : a day, or its text "2025-07-01"; of a quarter the last day by calendar.
    changes : see `agency_changes`; its own table where None. Only `confirmed` rows are applied.

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
    table = agency_changes() if changes is None else changes
    due = table[(table["status"] == "confirmed") & (table["on"] <= pd.Timestamp(day))]
    due = due.iloc[::-1].sort_values("on", kind="stable")
    name = agency
    changed: list[dict[str, Any]] = due.to_dict("records")  # type: ignore[assignment]
    for change in changed:
        # The day before tells the level: on the day itself the old name may stand for another.
        before = change["on"].date() - dt.timedelta(days=1)
        name = _after(name, change, before)
        if not name:
            return ""
    level = administrative_level(name, day)
    return name if not level or level_exists(level, day) else ""


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


def administrative_level(agency: str, on: Day | None = None) -> str:
    """Return the level of administration that an agency's name tells, "" where it tells none.

    Parameters
    ----------
    agency : a name in any spelling.
    on : the day it is meant on; None for before 2025. "Thành phố Huế" is a district's until the
        end of 2024 and a province's since.

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
        hue = parts.proper == "hue" and on is not None and _day(on) >= HUE_CENTRAL
        return "provincial" if parts.proper in CENTRAL or hue else "district"
    return "district" if last == "phong" and _OF_DISTRICT.search(parts.proper) else ""


def _after(name: str, change: Mapping[str, Any], before: dt.date) -> str:
    """Return what a name is after a change: itself where the change is of another."""
    old, new = change["old"], change["new"]
    parts = name_parts(name)
    if change["level"] == "agency":
        return new if fold_agency(name) == fold_agency(old) else name
    if change["level"] == "department":
        same = name_parts(old)
        if (parts.kinds, parts.proper) != (same.kinds, same.proper):
            return name
        if same.province or name_parts(new).province:  # a change in one province alone
            return new if parts.province in ("", same.province) else name
        return f"{new} {_told_province(name, parts.province)}".strip() if new else ""
    gone = fold_agency(old)
    whole = parts.proper == gone and administrative_level(name, before) == "provincial"
    if not whole and parts.province != gone:
        return name
    kind = "thành phố" if fold_agency(new) in (*CENTRAL, "hue") else "tỉnh"
    kept = name[: _start_of(name, gone)].rstrip()
    told = re.search(r"(?i)\b(?:tỉnh|tinh|thành phố|thanh pho|tp\.?)$", kept)
    # A name without the word "tỉnh" stays without it.
    return f"{kept[: told.start()]}{kind} {new}" if told else f"{kept} {new}"


def _start_of(name: str, province: str) -> int:
    """Return where the province that ends a name begins in it."""
    starts = [found.start() for found in re.finditer(r"\b\w", name)]
    return max((at for at in starts if fold_agency(name[at:]) == province), default=len(name))


def _told_province(name: str, province: str) -> str:
    if not province:
        return ""
    kept = name[: _start_of(name, province)].rstrip()
    told = re.search(r"(?i)\b(?:tỉnh|tinh|thành phố|thanh pho|tp\.?)$", kept)
    # One that is not on the list is spelled as it is here.
    spelled = provinces().get(province, name[_start_of(name, province) :])
    return f"{told[0] if told else ''} {spelled}".strip()


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
    }
    wrong += [fault for fault, is_one in faults.items() if is_one]
    return ([] if wrong else [row | {"old": name} for name in names]), wrong


@cache
def _shipped() -> Mapping[str, Any]:
    text = (
        resources.files("cchc_stats.words.agencies")
        .joinpath("agency_changes.toml")
        .read_text("utf-8")
    )
    return tomllib.loads(text)


def _read(path: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ReadError(
            f"the changes of agencies cannot be read: {error}",
            where=str(path),
            mend="give a TOML file with [[change]] tables",
        ) from error


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
