"""Which windows a ledger covers, and from when on it can tell of nothing as overdue."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cchc_stats.calendars import vietnam_calendar
from cchc_stats.ledger.counting.cube import KNOWN, in_pandas, instants
from cchc_stats.ledger.counting.doors import Names, Opened, named
from cchc_stats.words import CchcError

if TYPE_CHECKING:
    import narwhals as nw

    from cchc_stats.ledger.counting.windows import AskedWindow

FULL, PARTIAL, NONE = "full", "partial", "none"
ENOUGH = 4  # days with events from which a silence tells something
FEW_DAYS = 5  # working days of silence that are told where it does not
_EVENTS = ("received_at", "settled_at")


@dataclass(frozen=True)
class Coverage:
    """The days of which a ledger knows.

    Attributes
    ----------
    first, last : days of its first and last event, None without any.
    longest : working days of the longest silence between two days with events.
    days : how many days have events.
    as_of : the day up to which the caller counts, None for the ledger's end.
    """

    first: dt.date | None
    last: dt.date | None
    longest: int
    days: int
    as_of: dt.date | None

    def of(self, window: AskedWindow) -> str:
        """Return whether the ledger covers a window: full, partial or none of it."""
        start, end = window.window.start, window.window.end
        if self.first is None or self.last is None:
            return NONE
        last = self.last if self.as_of is None else self.as_of
        if end < self.first or start > last:
            return NONE
        begins = self.first <= start or not self._silent(
            start - dt.timedelta(days=1), self.first - dt.timedelta(days=1)
        )
        ends = last >= end or (self.as_of is None and not self._silent(last, end))
        return FULL if begins and ends else PARTIAL

    def cut(self, window: AskedWindow) -> dt.date | None:
        """Return the day from which on nothing is called overdue, None where it is all known.

        A day that is given is over; on that of the last event what is due may still be settled.
        """
        end = window.window.end
        if self.as_of is not None:
            return self.as_of + dt.timedelta(days=1) if self.as_of < end else None
        if self.last is None or self.last >= end or self.days < ENOUGH:
            return None
        return self.last if self._silent(self.last, end) else None

    def _silent(self, after: dt.date, until: dt.date) -> bool:
        """Return whether more working days passed without an event than ever before."""
        longest = self.longest if self.days >= ENOUGH else FEW_DAYS
        return working_days(after, until) > longest


def day_given(as_of: object) -> dt.date | None:
    """Return the day up to which a caller counts.

    Raises
    ------
    CchcError
        It is no day.
    """
    if as_of is None:
        return None
    try:
        day: Any = pd.Timestamp(as_of)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        day = pd.NaT
    if pd.isna(day):
        raise CchcError(f"{as_of!r} is no day", where="as_of=", mend='give "2020-08-31"')
    given: dt.date = day.date()
    return given


def coverages_of(
    ledger: Opened, keys: Sequence[str], asked: Sequence[AskedWindow], as_of: object
) -> dict[str, Coverage]:
    """Return which days a ledger knows of, for each agency where agencies are counted by.

    Days with events are looked at where some window is not within the first and the last event.

    Returns
    -------
    Agency -> coverage, "" where it is missing; under "" that of the whole ledger where agencies are
    not counted by.
    """
    given = day_given(as_of)
    by = [name for name in keys if name == "agency"]
    names = {name: ledger.names[name] for name in by if name in ledger.names}
    ends = _by_agency(_ends(ledger.frame, by), by, names)
    start = min(one.window.start for one in asked)
    end = max(one.window.end for one in asked)
    found = {
        agency: Coverage(first.date(), last.date(), 0, ENOUGH, given)
        for agency, first, last in zip(ends["agency"], ends["low"], ends["high"], strict=True)
    }
    if not found:
        return {"": no_coverage(as_of)}
    if (ends["low"].dt.date <= start).all() and (ends["high"].dt.date >= end).all():
        return found
    days = _by_agency(_days(ledger.frame, by), by, names)
    for agency, known in days.groupby("agency")["low"]:
        each = sorted(day.date() for day in known)
        silences = [
            working_days(before, day - dt.timedelta(days=1))
            for before, day in zip(each[:-1], each[1:], strict=True)
        ]
        longest = max(silences, default=0)
        found[str(agency)] = Coverage(each[0], each[-1], longest, len(each), given)
    return found


def no_coverage(as_of: object) -> Coverage:
    """Return the coverage of an agency without any event."""
    return Coverage(None, None, 0, 0, day_given(as_of))


def working_days(after: dt.date, until: dt.date) -> int:
    """Return the working days after a day up to and with another.

    Examples
    --------
    >>> working_days(dt.date(2020, 9, 11), dt.date(2020, 9, 14))
    1
    """
    if until <= after:
        return 0
    calendar = vietnam_calendar()
    if calendar.first <= after and until <= calendar.last:
        return int(calendar.count(after, until))
    one = dt.timedelta(days=1)
    return int(np.busday_count(after + one, until + one))


def _by_agency(parts: list[pd.DataFrame], by: Sequence[str], names: Names) -> pd.DataFrame:
    """Return the first and the last of what was found, by agency ("" where missing) and day."""
    each = pd.concat([named(part, names) if by else part for part in parts], ignore_index=True)
    each = each.dropna(subset=["low", "high"])
    agency = each["agency"].astype("str").fillna("") if by else ""
    each = each.assign(agency=agency, low=pd.to_datetime(each["low"]))
    each["high"] = pd.to_datetime(each["high"])
    if "day" in each:
        return each.drop_duplicates(["agency", "low"])
    return each.groupby("agency", as_index=False).agg(low=("low", "min"), high=("high", "max"))


def _ends(frame: nw.LazyFrame[Any], by: Sequence[str]) -> list[pd.DataFrame]:
    """Return the days of the first and the last event of each kind, `low` and `high`."""
    import narwhals as nw

    first, after = instants(KNOWN, frame)
    found = []
    for name in _EVENTS:
        time = nw.col(name)
        known = frame.filter((time >= first) & (time < after)).select(*by, day=_day(time, frame))
        ends = {"low": nw.col("day").min(), "high": nw.col("day").max()}
        some = known.group_by(*by).agg(**ends) if by else known.select(**ends)
        found.append(in_pandas(some.to_native()))
    return found


def _days(frame: nw.LazyFrame[Any], by: Sequence[str]) -> list[pd.DataFrame]:
    """Return the days with events of each kind, as `low` and `high` both."""
    import narwhals as nw

    first, after = instants(KNOWN, frame)
    found = []
    for name in _EVENTS:
        time = nw.col(name)
        known = frame.filter((time >= first) & (time < after))
        each = known.select(*by, day=_day(time, frame)).group_by("day", *by).agg(n=nw.len())
        part = in_pandas(each.to_native())
        found.append(part.assign(low=part["day"], high=part["day"]))
    return found


def _day(time: nw.Expr, frame: nw.LazyFrame[Any]) -> nw.Expr:
    """Return the day of a time.

    Spark hands its times over in the zone of this machine, not in that of its session; its dates
    have no zone.
    """
    import narwhals as nw

    return time.cast(nw.Date) if frame.implementation.is_spark_like() else time.dt.truncate("1d")
