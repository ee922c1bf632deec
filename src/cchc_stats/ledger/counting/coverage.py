"""Which windows a ledger covers, and from when on it can tell of nothing as overdue."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cchc_stats.calendars import vietnam_calendar
from cchc_stats.ledger.counting.codes import POSSIBLE, instants
from cchc_stats.ledger.counting.cube import day_number, day_of, in_pandas
from cchc_stats.ledger.counting.series import DAYS, POSSIBLE_DAYS, Keyed, note
from cchc_stats.words import CchcError

if TYPE_CHECKING:
    import narwhals as nw

    from cchc_stats.ledger.counting.windows import AskedWindow

FULL, PARTIAL, NONE = "full", "partial", "none"
COVERAGES = np.array([NONE, PARTIAL, FULL], dtype=object)
NOT_STATED = "\0"  # an agency without a name, or all where none is counted by
ENOUGH = 4  # days with events from which a silence tells something
FEW_DAYS = 5  # working days of silence that count where it does not
RARE = 4  # times as rare days of receipt are before a ledger begins
FAR = 366  # days without any event, after which a few are slips of the pen
_EVENTS = ("received_at", "settled_at")
_FLAGGED = 1 << 24  # flags of agencies by days; of more agencies the days that occur
_SPAN = (dt.date(1899, 1, 1), dt.date(2202, 1, 1))  # beyond every window that there can be


class Events:
    """The days on which something was received, and on which it ended, of each of some agencies.

    Parameters
    ----------
    agency : of each group its agency.
    """

    def __init__(self, agencies: int, agency: np.ndarray) -> None:
        few = len(_EVENTS) * agencies * DAYS <= _FLAGGED
        self._flags = [np.zeros(agencies * DAYS, dtype=bool) for _ in _EVENTS] if few else None
        self._days = [Keyed(agencies * DAYS) for _ in _EVENTS]
        self._first = agency * DAYS

    def add(self, group: np.ndarray, *days: np.ndarray) -> None:
        """Note the days of dossiers of some groups; those outside the possible years are none."""
        first = self._first.take(group, mode="clip")
        for place, day in enumerate(days):
            number = first + day
            if self._flags is None:
                self._days[place].add(pd.unique(number))
            else:
                note(self._flags[place], number)

    def days(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the days of receipt and those of ends: each the number of agency and day."""
        received, ended = (
            each.pairs()[0] if self._flags is None else np.flatnonzero(self._flags[place])
            for place, each in enumerate(self._days)
        )
        return _within_years(received), _within_years(ended)


def _within_years(number: np.ndarray) -> np.ndarray:
    day = number % DAYS
    return number[(day >= POSSIBLE_DAYS.start) & (day < POSSIBLE_DAYS.stop)]


@dataclass(frozen=True, eq=False)
class Coverage:
    """The days of which a ledger knows, of each agency; the last row is that of one without any.

    Attributes
    ----------
    first, last : numbers of the days of its first and last event, 0 without any.
    longest : working days of the longest silence between two days with events, and
    days : how many days have events: both since its last silence of more than a year.
    first_end, longest_of_ends : the day of the first end, and the longest silence between two days
        with ends; 0 of fewer than four such days.
    as_of : the day up to which the caller counts, None for the ledger's end.
    """

    first: np.ndarray
    last: np.ndarray
    longest: np.ndarray
    days: np.ndarray
    first_end: np.ndarray
    longest_of_ends: np.ndarray
    as_of: dt.date | None

    @classmethod
    def of_events(
        cls,
        events: Events,
        agencies: int,
        as_of: dt.date | None,
        made: dt.date | None,
    ) -> Coverage:
        """Return the coverage of agencies of which these are all the events.

        Parameters
        ----------
        made : the day on which the last export was made, None where nothing tells it.
        """
        received, ended = events.days()
        both = np.union1d(received, ended)
        day = both % DAYS
        earliest, latest = first_day(day), last_day(day, made)
        received, ended, both = (
            days[(days % DAYS >= earliest) & (days % DAYS <= latest)]
            for days in (received, ended, both)
        )
        begins = _begins(received, ended, agencies)
        both = both[both % DAYS >= begins[both // DAYS]]
        first, last, longest, days = _rhythm(both, agencies)
        first_end, _, longest_of_ends, end_days = _rhythm(ended, agencies)
        first_end[end_days < ENOUGH] = 0
        return cls(first, last, longest, days, first_end, longest_of_ends, as_of)

    def of(self, window: AskedWindow) -> np.ndarray:
        """Return how much of a window each covers: places in COVERAGES."""
        start, end = (day_number(day) for day in (window.window.start, window.window.end))
        last = self.last if self.as_of is None else np.full_like(self.last, day_number(self.as_of))
        begins = (self.first <= start) | ~self._silent(start - 1, self.first - 1)
        # Of dossiers that were there before it, some would have ended soon: they are not in it.
        lacking = (self.first < start) & (self.first_end > start)
        begins &= ~lacking | (
            working_days(start - 1, self.first_end - 1)
            <= np.maximum(self.longest_of_ends, FEW_DAYS)
        )
        ends = last >= end
        if self.as_of is None:
            ends |= ~self._silent(last, end)
        outside = (self.first == 0) | (end < self.first) | (start > last)
        return np.where(outside, 0, 1 + (begins & ends))

    def cut(self, window: AskedWindow) -> np.ndarray:
        """Return the number of the day from which on nothing is overdue, 0 for none.

        That of the last event: what is due on it may still be settled.
        """
        end = day_number(window.window.end)
        if self.as_of is not None:
            return np.zeros_like(self.last)
        open_ended = (self.last > 0) & (self.last < end) & (self.days >= ENOUGH)
        return np.where(open_ended & self._silent(self.last, end), self.last, 0)

    def _silent(self, after: Any, until: Any) -> np.ndarray:
        """Return where more working days passed without an event than ever before."""
        longest = np.where(self.days >= ENOUGH, self.longest, FEW_DAYS)
        silent: np.ndarray = working_days(after, until) > longest
        return silent


def _rhythm(number: np.ndarray, agencies: int) -> tuple[np.ndarray, ...]:
    """Return of each agency its first and last day, its longest silence and its days with events.

    The last row is that of an agency without any. What was usual before a silence of years tells
    nothing of what is since.

    Parameters
    ----------
    number : numbers of agencies and days, in order.
    """
    agency, day = np.divmod(number, DAYS)
    first, last, longest = (np.zeros(agencies + 1, "int64") for _ in range(3))
    first[agency[::-1]], last[agency] = day[::-1], day
    same = agency[1:] == agency[:-1]
    stretch = np.cumsum(np.append(0, same & (np.diff(day) > FAR)))[: len(day)]
    newest = np.zeros(agencies + 1, "int64")
    newest[agency] = stretch
    recent = stretch == newest[agency]
    within = same & recent[:-1]
    silence = working_days(day[:-1][within], day[1:][within] - 1)
    np.maximum.at(longest, agency[1:][within], silence)
    return first, last, longest, np.bincount(agency[recent], minlength=agencies + 1)


def _begins(received: np.ndarray, ended: np.ndarray, agencies: int) -> np.ndarray:
    """Return of each agency the day from which on its dossiers are all there, 0 where none tells.

    An export of what ended or is open since a day holds of the earlier dossiers those that lasted:
    days of receipt before the first end that are several times as rare as those after it.

    Parameters
    ----------
    received, ended : numbers of agencies and days, in order.
    """
    first_end, last, _, end_days = _rhythm(ended, agencies)
    agency, day = np.divmod(received, DAYS)
    before = (day < first_end[agency]) & (end_days[agency] >= ENOUGH)
    after = np.bincount(agency[day >= first_end[agency]], minlength=agencies + 1)
    last = np.maximum(last, _rhythm(received, agencies)[1])
    often = after / np.maximum(working_days(first_end - 1, last), 1)  # days of receipt a day
    agency, day = agency[before], day[before]
    number = np.bincount(agency, minlength=agencies + 1)
    # How many days of receipt there are from each up to the first end.
    left = (np.cumsum(number)[agency] - np.arange(len(day))).astype("float64")
    enough = left * RARE >= often[agency] * working_days(day - 1, first_end[agency] - 1)
    begins = np.where(number > 0, first_end, 0)
    np.minimum.at(begins, agency[enough], day[enough])
    return begins


def last_day(day: np.ndarray, made: dt.date | None = None) -> int:
    """Return the number of the last day of which a ledger tells, 0 where nothing happened.

    A few events after the day of the export cannot be: that day was mistyped, and it does not make
    the ledger tell of it. Where nobody knows that day, a few after more than a year in which
    nothing happened anywhere are taken for such.

    Parameters
    ----------
    day : numbers of days with events, one for each agency.

    Examples
    --------
    >>> last_day(np.append(np.arange(18420, 18430), 20250))
    18429
    """
    count = np.bincount(day)
    days = np.flatnonzero(count)
    if len(days) < ENOUGH:
        return int(days.max(initial=0))
    before = np.cumsum(count[days])[:-1]
    if made is None:
        late = np.diff(days) > FAR
    else:
        late = (days[:-1] <= day_number(made)) & (days[1:] > day_number(made))
    after = len(day) - before
    few = (after <= max(ENOUGH - 1, len(day) // 100)) & (10 * after <= before)
    slips = np.flatnonzero(late & few)
    return int(days[slips[0]] if len(slips) else days[-1])


def first_day(day: np.ndarray) -> int:
    """Return the number of the first day of which a ledger tells, 0 where nothing happened.

    A few events more than a year before all others do not make it tell of the time between.

    Examples
    --------
    >>> first_day(np.append(np.arange(18420, 18430), 14770))
    18420
    """
    newest = int(day.max(initial=0))
    return newest - last_day(newest - day)


def first_and_last(received: np.ndarray, ended: np.ndarray, made: dt.date | None) -> np.ndarray:
    """Return the first and last day of which a ledger tells as a whole, as a tally by nothing does.

    Parameters
    ----------
    received, ended : days on which something was received, and on which it ended.
    made : the day on which the last export was made, None where nothing tells it.
    """
    days = [each.astype("datetime64[D]").astype("int64") for each in (received, ended)]
    padded = [np.full(sum(map(len, days)), DAYS - 1) for _ in days]
    padded[0][: len(received)], padded[1][len(received) :] = days
    events = Events(1, np.arange(1))
    events.add(np.zeros(len(padded[0]), "int64"), *padded)
    coverage = Coverage.of_events(events, 1, None, made)
    return day_of(np.array([coverage.first[0], coverage.last[0]]))


def day_made(ledger: Any) -> dt.date | None:
    """Return the day of the last export as names, columns or the caller tell it, None otherwise."""
    days = [day for _, _, day in getattr(getattr(ledger, "overlaps", None), "days", ())]
    return dt.date.fromisoformat(max(days)) if days and all(days) else None


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


def given_cut(as_of: dt.date | None, window: AskedWindow) -> dt.date | None:
    """Return the day after the one that is given, None where that covers a window: it is over."""
    if as_of is None or as_of >= window.window.end:
        return None
    return as_of + dt.timedelta(days=1)


def as_exported(ledger: Any, as_of: object) -> tuple[Any, Any]:
    """Return a history as its exports up to a day tell it, and the last day that they know of.

    Any other ledger is returned as it is.
    """
    known_on = getattr(ledger, "known_on", None)
    if as_of is None or known_on is None:
        return ledger, as_of
    day: Any = day_given(as_of)
    history = known_on(day)
    if history is ledger:
        return ledger, as_of
    exported = history.exported_on
    days = (exported() if callable(exported) else exported).values()
    return history, min(day, max(days, default=day))


def agency_names(groups: pd.DataFrame) -> pd.Series:
    """Return the agency of each group."""
    if "agency" not in groups:
        return pd.Series([NOT_STATED] * len(groups), dtype="str")
    return groups["agency"].astype("str").fillna(NOT_STATED)


def agency_places(groups: pd.DataFrame, agencies: Sequence[str]) -> np.ndarray:
    """Return of each group its agency's row in a coverage, the last where it has no event."""
    names = pd.Index(agency_names(groups))
    places: np.ndarray = pd.Index(list(agencies), dtype="str").get_indexer(names)
    return places


def coverage_columns(
    coverage: Coverage, agency: np.ndarray, asked: Sequence[AskedWindow]
) -> dict[str, Any]:
    """Return the columns that tell the coverage of each group's agency, for each window."""
    covered = [COVERAGES[coverage.of(one)[agency]] for one in asked]
    first, last = (
        np.tile(day_of(days[agency]), len(asked)) for days in (coverage.first, coverage.last)
    )
    words = pd.Series(np.concatenate(covered), dtype="str")
    return {"coverage": words, "first_event": first, "last_event": last}


def working_days(after: Any, until: Any) -> np.ndarray:
    """Return the working days after a day up to and with another, 0 where that is not later.

    Examples
    --------
    >>> friday, monday = day_number(dt.date(2020, 9, 11)), day_number(dt.date(2020, 9, 14))
    >>> working_days(friday, monday).tolist()
    1
    """
    worked, first = _worked()
    high, low = (worked.take(np.asarray(day) - first, mode="clip") for day in (until, after))
    number: np.ndarray = np.maximum(high - low, 0)
    return number


@cache
def _worked() -> tuple[np.ndarray, int]:
    """Return the working days up to each day, and the number of the first of them.

    Where the calendar knows nothing every weekday is worked.
    """
    calendar = vietnam_calendar()
    first = day_number(_SPAN[0])
    days = np.arange(np.datetime64(_SPAN[0]), np.datetime64(_SPAN[1]))
    worked = np.is_busday(days)
    begin = day_number(calendar.first) - first
    worked[begin : begin + len(calendar.working)] = calendar.working
    return np.cumsum(worked, dtype="int64"), first


def events_of(frame: nw.LazyFrame[Any], keys: Sequence[str]) -> tuple[list[str], Events]:
    """Return the agencies of a ledger, and their events.

    Asked of an engine that is not counted along days.
    """
    by = [name for name in keys if name == "agency"]
    each = [_days(frame, name, by).assign(event=name) for name in _EVENTS]
    events_by_day = pd.concat(each, ignore_index=True)
    names = (
        events_by_day["agency"].astype("str")
        if by
        else pd.Series(pd.NA, events_by_day.index, dtype="str")
    )
    agency, agencies = pd.factorize(names.fillna(NOT_STATED), sort=True)
    events = Events(len(agencies), np.arange(len(agencies)))
    days = pd.to_datetime(events_by_day["day"]).to_numpy("datetime64[D]").astype("int64")
    none = np.full(len(days), DAYS - 1)
    events.add(agency, *(np.where(events_by_day["event"] == name, days, none) for name in _EVENTS))
    return [str(name) for name in agencies], events


def _days(frame: nw.LazyFrame[Any], name: str, by: Sequence[str]) -> pd.DataFrame:
    """Return the days with events of a kind, by agency."""
    import narwhals as nw

    first, after = instants(POSSIBLE, frame)
    time = nw.col(name)
    possible = frame.filter((time >= first) & (time < after))
    each = possible.select(*by, day=_day(time, frame)).group_by("day", *by).agg(n=nw.len())
    return in_pandas(each.to_native())


def _day(time: nw.Expr, frame: nw.LazyFrame[Any]) -> nw.Expr:
    """Return the day of a time.

    Spark hands its times over in the zone of this machine, not in that of its session; its dates
    have no zone.
    """
    import narwhals as nw

    return time.cast(nw.Date) if frame.implementation.is_spark_like() else time.dt.truncate("1d")
