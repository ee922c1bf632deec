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


def coverage_of(frame: nw.LazyFrame[Any], asked: Sequence[AskedWindow], as_of: object) -> Coverage:
    """Return which days a ledger knows of; its days with events are looked at where some lack."""
    given = day_given(as_of)
    first, last = _ends(frame)
    if first is None or last is None:
        return Coverage(None, None, 0, 0, given)
    starts = [one.window.start for one in asked]
    ends = [one.window.end for one in asked]
    if first <= min(starts) and last >= max(ends):
        return Coverage(first, last, 0, ENOUGH, given)
    days = _days(frame)
    silences = [
        working_days(before, day - dt.timedelta(days=1))
        for before, day in zip(days[:-1], days[1:], strict=True)
    ]
    return Coverage(first, last, max(silences, default=0), len(days), given)


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


def _ends(frame: nw.LazyFrame[Any]) -> tuple[dt.date | None, dt.date | None]:
    """Return the days of the first and the last event."""
    import narwhals as nw

    first, after = instants(KNOWN, frame)
    found: list[pd.Timestamp] = []
    for name in _EVENTS:
        time = nw.col(name)
        known = frame.filter((time >= first) & (time < after))
        ends = in_pandas(known.select(low=time.min(), high=time.max()).to_native())
        found += [pd.Timestamp(cell) for cell in ends.iloc[0] if not pd.isna(cell)]
    if not found:
        return None, None
    return min(found).date(), max(found).date()


def _days(frame: nw.LazyFrame[Any]) -> list[dt.date]:
    """Return the days with events, in order."""
    import narwhals as nw

    first, after = instants(KNOWN, frame)
    days: set[dt.date] = set()
    for name in _EVENTS:
        time = nw.col(name)
        known = frame.filter((time >= first) & (time < after))
        each = known.select(day=time.dt.truncate("1d")).group_by("day").agg(n=nw.len())
        days |= {pd.Timestamp(day).date() for day in in_pandas(each.to_native())["day"]}
    return sorted(days)
