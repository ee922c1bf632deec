"""The calendar of Vietnam: public holidays, compensation days, swapped days, one's own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import metadata
from typing import Any

import numpy as np

from cchc_stats.calendars.day_numbers import Day, day_of
from cchc_stats.calendars.working_calendar import WorkingCalendar
from cchc_stats.words import CchcError, facts_of

PROVISIONAL_YEARS = 10  # beyond the last decided one
OWN = "own addition"
MADE_UP = "Ngày làm bù"
UNDECIDED = "chưa có quyết định của năm (tạm tính)"
Days = Iterable[Day] | Mapping[Any, str]


def vietnam_calendar(
    *, days_off: Days = (), working_days: Days = (), provisional: bool = False
) -> WorkingCalendar:
    """Return the working days of Vietnam's public administration from 2000 on.

    Saturdays, Sundays, public holidays, their compensation days and the days exchanged by decision
    are off; the Saturdays worked in exchange are working days.

    Parameters
    ----------
    days_off, working_days : more days that were not worked, or were, such as those a province
        decided for itself: days, or a mapping of days to the decision that says so. They go before
        everything else.
    provisional : also the ten years after the last decided one, by the holidays of the Labour Code
        alone. What will be exchanged in them is not known, and the version says so.

    Returns
    -------
    A `WorkingCalendar` that ends with the last decided year (2027).

    Raises
    ------
    CchcError
        What is given is no day, is outside the calendar, or is both off and worked; all at once.

    Source
    ------
    Labour Codes of 1994, 2012 and 2019 and the yearly decisions on exchanged days, as the package
    `holidays` has them until 2025; 9441/TB-BNV and 12729/VPCP-KGVX for 2026, 10065/VPCP-KGVX for
    2027, Resolution 28/2026/QH16 for 24/11; Decision 188/1999/QĐ-TTg for the week.

    Examples
    --------
    >>> calendar = vietnam_calendar()
    >>> calendar.is_working("2024-04-29"), calendar.is_working("2024-05-04")
    (False, True)
    >>> calendar.count("2020-01-22", "2020-01-30")
    1
    >>> calendar.add("2026-01-01", 1)
    Timestamp('2026-01-05 00:00:00')
    >>> vietnam_calendar(days_off={"2026-08-03": "12/QĐ-UBND"}).add("2026-07-31", 1)
    Timestamp('2026-08-04 00:00:00')
    """
    decided = _facts()["decided"]
    first, last = dt.date(decided["first"], 1, 1), dt.date(decided["last"], 12, 31)
    if provisional:
        last = dt.date(last.year + PROVISIONAL_YEARS, 12, 31)
    own = [*_own(days_off, "days_off=", working=False), *_own(working_days, "working_days=", True)]
    _refuse_bad(own, first, last, provisional=provisional)
    named = [*_decided_days(first.year, last.year)]
    named += [(day, working, OWN, source) for day, working, source, _ in own]
    return WorkingCalendar(
        first=first,
        last=last,
        working=_worked(first, last, named),
        version=_version(own, first, last, decided["last"]),
        provisional_from=dt.date(decided["last"] + 1, 1, 1) if provisional else None,
        named=tuple(named),
    )


def _own(days: Days, where: str, working: bool) -> list[tuple[Any, bool, str, str]]:
    """Return the day (as given where it is none), whether it is worked, its source, its place."""
    if isinstance(days, str | dt.date):
        days = (days,)
    stated = days.items() if isinstance(days, Mapping) else ((day, OWN) for day in days)
    return [(day_of(day) or day, working, source, where) for day, source in stated]


def _refuse_bad(
    own: list[tuple[Any, bool, str, str]], first: dt.date, last: dt.date, *, provisional: bool
) -> None:
    """Refuse, all at once, what is no day, is outside the calendar, or is both off and worked."""
    faults = []
    said: dict[dt.date, bool] = {}
    outside = False
    for day, working, _, where in own:
        if not isinstance(day, dt.date):
            faults.append(f"{where} {day!r} is no day")
        elif not first <= day <= last:
            outside = True
            faults.append(f"{where} {day:%d/%m/%Y} is outside {first:%d/%m/%Y}-{last:%d/%m/%Y}")
        elif said.setdefault(day, working) != working:
            faults.append(f"{day:%d/%m/%Y} is both off and worked")
    if not faults:
        return
    later = outside and not provisional
    raise CchcError(
        f"{len(faults)} of one's own days cannot be used",
        where="; ".join(faults),
        mend="give dates, or texts like 2026-02-13, each in one of the two"
        + ("; provisional=True adds the years that are not yet decided" if later else ""),
    )


Named = tuple[dt.date, bool, str, str]  # day, whether worked, name, source


@cache
def _decided_days(first: int, last: int) -> tuple[Named, ...]:
    """Return the weekdays off and the weekends worked."""
    stated = {year["year"] for year in _facts()["year"]}
    days = [day for day in _package_days(first, last) if day[0].year not in stated]
    days += _stated_days()
    return tuple(sorted(day for day in days if first <= day[0].year <= last))


def _package_days(first: int, last: int) -> Iterator[Named]:
    """Yield the days that the package `holidays` has; those of undecided years say so."""
    import holidays

    # The language is stated: else the names would follow the machine's own. One year more on
    # each side, for the working Saturday of a swap may lie in the year before or after its day.
    public = holidays.country_holidays(
        "VN", years=range(first - 1, last + 2), language="vi", categories=("public",)
    )
    source, decided = f"holidays {metadata.version('holidays')}", _facts()["decided"]["last"]
    days = [(day, False, name) for day, name in public.items() if day.weekday() < 5]
    for day, working, name in [*days, *((day, True, MADE_UP) for day in public.weekend_workdays)]:
        yield day, working, name, source if day.year <= decided else f"{source}; {UNDECIDED}"


def _stated_days() -> Iterator[Named]:
    """Yield the days of the years that are stated here in full."""
    for one in (day for year in _facts()["year"] for day in year["day"]):
        for day in one["off"] if isinstance(one["off"], list) else [one["off"]]:
            yield day, False, one["name"], one["source"]
        if "worked" in one:
            yield one["worked"], True, MADE_UP, one["source"]


def _worked(
    first: dt.date, last: dt.date, named: Iterable[tuple[dt.date, bool, str, str]]
) -> np.ndarray:
    """Return whether each day is worked; of what is said of a day, the last counts."""
    days = np.arange(np.datetime64(first), np.datetime64(last) + 1)
    working = np.is_busday(days)
    for day, worked, _, _ in named:
        working[(day - first).days] = worked
    return working


def _version(
    own: list[tuple[Any, bool, str, str]], first: dt.date, last: dt.date, decided: int
) -> str:
    """Return all that made the calendar, in one line."""
    parts = [
        f"vietnam {first.year}-{last.year}",
        f"holidays {metadata.version('holidays')}",
        *(
            f"{year['year']} by {', '.join(sorted({day['source'] for day in year['day']}))}"
            for year in _facts()["year"]
            if year["year"] <= last.year
        ),
    ]
    for what, kind in (("off", False), ("worked", True)):
        days = sorted((day, source) for day, working, source, _ in own if working == kind)
        parts += [f"{what} {day.isoformat()} ({source})" for day, source in days]
    if last.year > decided:
        parts.append(f"provisional from {decided + 1}")
    return "; ".join(parts)


@cache
def _facts() -> Mapping[str, Any]:
    return facts_of("cchc_stats.calendars", "vietnam.toml")
