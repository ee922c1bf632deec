"""Exports one after another: the day of each, as its name, its title or a caller says."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from cchc_stats.ledger.exports.aliases import EXPORTED
from cchc_stats.ledger.exports.rows import Overlaps
from cchc_stats.ledger.exports.sources import Source
from cchc_stats.words import CchcError, PeriodError, Window, fold, parse_period

KEYS = ("dossier_id", "agency", "sector", "procedure")
OVERLAPS = ("newest", "refuse")
LAST_STEP = "last_step"
Days = Mapping[str, object] | Iterable[object] | str | dt.date | None
_ISO_DAY = re.compile(r"(?<!\d)(20\d\d)[-_. ]?(0[1-9]|1[0-2])[-_. ]?(0[1-9]|[12]\d|3[01])(?!\d)")
_DAY = re.compile(r"(?<!\d)(0?[1-9]|[12]\d|3[01])[-_./ ]?(0?[1-9]|1[0-2])[-_./ ]?(20\d\d)(?!\d)")
_QUARTER = re.compile(r"(?:quy|q)[-_. ]?(iv|i{1,3}|[1-4])[-_. ]*(?:nam[-_. ]*)?(20\d\d)")
_QUARTER_AFTER = re.compile(r"(20\d\d)[-_. ]*(?:quy|q)[-_. ]?(iv|i{1,3}|[1-4])(?![a-z0-9])")
_MONTH = re.compile(r"(?:thang|t)[-_. ]?(1[0-2]|0?[1-9])[-_. /]*(?:nam[-_. ]*)?(20\d\d)")
_YEAR_MONTH = re.compile(r"(?<!\d)(20\d\d)[-_. ]?(0[1-9]|1[0-2])(?!\d)")
_TO = re.compile(r"\b(?:den|toi)\b[^0-9]{0,12}(\d{1,2}[-./]\d{1,2}[-./]20\d\d)")


def overlaps_of(
    sources: Iterable[Source],
    *,
    overlaps: str,
    key: str | Iterable[str],
    exported_on: Days,
    paths: Iterable[Path],
) -> Overlaps:
    """Return what becomes of dossiers that come more than once, as a caller asks.

    Raises
    ------
    CchcError
        Another word for `overlaps`, another column in `key`, a day that is none, or days that do
        not go with the files.
    """
    if overlaps not in OVERLAPS:
        raise CchcError(
            f"there is no way {overlaps!r} to put exports together",
            where="overlaps=",
            mend=f"use one of {', '.join(OVERLAPS)}",
        )
    asked = _key_of(key)
    exports = list(sources)
    days = _given_days(exported_on, list(paths))
    stated = []
    for source in exports:
        for file in source.files:
            export = source.path_of(file)
            day = days.get(export) or source.days.get(file)
            day = day or _day_of(Path(export).stem, source.titles.get(file, ""))
            stated.append((file, export, day.isoformat() if day else ""))
    fields = {name for source in exports for name in source.fields if "__" not in name}
    common = set.intersection(*({*source.fields} for source in exports))
    of_rows = {"refused_at", "limit_unit", "received_by", "paid_code", EXPORTED}
    lacking = sorted(fields - common - {*asked, *of_rows})
    return Overlaps(asked, overlaps == "newest", key == LAST_STEP, tuple(stated), tuple(lacking))


def _key_of(key: str | Iterable[str]) -> tuple[str, ...]:
    """Return the columns that identify a dossier."""
    if key == LAST_STEP:
        return ("dossier_id",)
    asked = (key,) if isinstance(key, str) else tuple(key)
    if "dossier_id" not in asked or not {*asked} <= {*KEYS} or len({*asked}) < len(asked):
        raise CchcError(
            f"dossiers are not told apart by {', '.join(map(repr, asked)) or 'nothing'}",
            where="key=",
            mend='give "dossier_id", ["dossier_id", "agency"], or "last_step"',
        )
    return asked


def _given_days(given: Days, paths: list[Path]) -> dict[str, dt.date]:
    """Return the day of each export as a caller gives it."""
    if given is None:
        return {}
    if isinstance(given, Mapping):
        named = {str(name): day for name, day in given.items()}
        days_given = {
            str(path): _as_day(named.pop(name))
            for path in paths
            for name in (str(path), path.name)
            if name in named
        }
        if named:
            raise CchcError(
                f"there is no export {next(iter(named))!r}",
                where="exported_on=",
                mend=f"name the files, such as {paths[0].name!r}",
            )
        return days_given
    days = [given] if isinstance(given, str | dt.date) else list(given)
    if len(days) != len(paths):
        raise CchcError(
            f"{len(days)} days are given for {len(paths)} exports",
            where="exported_on=",
            mend="give a day for each file, in their order, or a mapping of file to day",
        )
    return {str(path): _as_day(day) for path, day in zip(paths, days, strict=True)}


def _as_day(given: object) -> dt.date:
    if isinstance(given, dt.datetime):
        return given.date()
    if isinstance(given, dt.date):
        return given
    if isinstance(given, str):
        try:
            return dt.date.fromisoformat(given)
        except ValueError:
            if match := _DAY.fullmatch(given.strip()):
                return dt.date(int(match[3]), int(match[2]), int(match[1]))
    raise CchcError(f"{given!r} is no day", where="exported_on=", mend='give "2020-09-15"')


def _day_of(name: str, title: str) -> dt.date | None:
    """Return the day that a file's name or title tells of an export, None where neither does.

    A quarter or a month stands for its last day.

    Examples
    --------
    >>> _day_of("so-ho-so_20200630", ""), _day_of("2020-q2", "")
    (datetime.date(2020, 6, 30), datetime.date(2020, 6, 14))
    >>> _day_of("export", "Từ ngày 15/06/2020 đến ngày 14/09/2020")
    datetime.date(2020, 9, 14)
    """
    return _day_in_name(fold(name)) or _day_in_title(fold(title))


def _day_in_name(name: str) -> dt.date | None:
    for pattern, year, month, date in ((_ISO_DAY, 1, 2, 3), (_DAY, 3, 2, 1)):
        if (match := pattern.search(name)) and (
            day := _date(match[year], match[month], match[date])
        ):
            return day
    for pattern, year, part in ((_QUARTER_AFTER, 1, 2), (_QUARTER, 2, 1)):
        if match := pattern.search(name):
            return _quarter_end(match[year], match[part])
    for pattern, year, part in ((_MONTH, 2, 1), (_YEAR_MONTH, 1, 2)):
        if match := pattern.search(name):
            first = dt.date(int(match[year]), int(match[part]), 1)
            return (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
    return None


def _day_in_title(title: str) -> dt.date | None:
    """Return the last day that a title names, that after "đến" before others."""
    last = _TO.search(title)
    matches = [*_DAY.finditer(last[1] if last else title)]
    return _date(matches[-1][3], matches[-1][2], matches[-1][1]) if matches else None


def _date(year: str, month: str, day: str) -> dt.date | None:
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return None


def _quarter_end(year: str, quarter: str) -> dt.date | None:
    number = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}.get(quarter, quarter)
    try:
        return Window.of(parse_period(f"{year}Q{number}")).end
    except PeriodError:
        return None
