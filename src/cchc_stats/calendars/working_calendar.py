"""A calendar of working days: one table with a number for each day answers every question."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from cchc_stats.calendars.day_numbers import DayNumbers, Days, day_numbers, paired
from cchc_stats.words import CchcError

_EPOCH = dt.date(1970, 1, 1)


@dataclass(frozen=True, eq=False)
class WorkingCalendar:
    """Which days are worked, from `first` to `last`; outside them it refuses instead of guessing.

    Parameters
    ----------
    first, last : the days it knows, both inclusive.
    working : bool for each of them, in order.
    version : what made it, in one line; a result that rests on the calendar tells it.
    provisional_from : the first day whose year is not yet decided, None where all are.
    named : day, whether it is worked, name, source, of each day that the week alone does not tell.

    Attributes
    ----------
    ordinal : int64 for each day, read-only: the working days from `first` up to and including it.
        Between two days there are `ordinal[end] - ordinal[start]` working days, with
        `start` and `end` counted in days from `first`.

    Examples
    --------
    >>> week = WorkingCalendar(
    ...     first=dt.date(2020, 6, 15), last=dt.date(2020, 6, 21),
    ...     working=np.array([True, True, True, True, True, False, False]), version="a week",
    ... )
    >>> week.ordinal.tolist()
    [1, 2, 3, 4, 5, 5, 5]
    >>> week.count("2020-06-15", "2020-06-21"), week.add("2020-06-15", 2)
    (4, Timestamp('2020-06-17 00:00:00'))
    """

    first: dt.date
    last: dt.date
    working: np.ndarray = field(repr=False)
    version: str
    provisional_from: dt.date | None = None
    named: tuple[tuple[dt.date, bool, str, str], ...] = field(default=(), repr=False)
    ordinal: np.ndarray = field(init=False, repr=False)
    _worked: np.ndarray = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Give the days their numbers, and let nobody change them."""
        working = np.array(self.working, dtype=bool)
        if len(working) != (self.last - self.first).days + 1:
            raise CchcError(
                f"{len(working)} days stand for {(self.last - self.first).days + 1}",
                where=f"working=, {self.first:%d/%m/%Y}-{self.last:%d/%m/%Y}",
                mend="give one for each day from first to last",
            )
        ordinal = np.cumsum(working, dtype="int64")
        worked = np.flatnonzero(working)
        for name, array in (("working", working), ("ordinal", ordinal), ("_worked", worked)):
            array.flags.writeable = False
            object.__setattr__(self, name, array)

    def is_working(self, day: Days) -> Any:
        """Return whether a day is worked.

        Parameters
        ----------
        day : a date, a time stamp, a text like 2020-06-15; or a list, an array, a Series of them.

        Returns
        -------
        bool; of many days a boolean array, of a Series a Series. A missing day gives <NA>.

        Raises
        ------
        CchcError
            No day, a time zone, or a day that the calendar does not know.
        """
        days = day_numbers(day, "day")
        return days.like(self.working[self._places(days, "day")], "boolean")

    def count(self, start: Days, end: Days, *, cutoff_hour: float | None = None) -> Any:
        """Return the working days from the day after `start` up to and including `end`.

        Parameters
        ----------
        start, end : days, as in `is_working`: the day of receipt, which does not count, and the
            last day. One day may stand against many.
        cutoff_hour : what is received from this hour on (17; 16.5 for half past four) counts as
            received the next working day.

        Returns
        -------
        int; of many days an Int64 array, of a Series a Series. Below 0 where `end` is before
        `start`. <NA> where either day is missing.

        Raises
        ------
        CchcError
            As in `is_working`; also days that cannot be paired, or an hour outside 0-24.

        Source
        ------
        Counting from the day after receipt: the appointment slips of one-stop shops. The hour
        differs by province.

        Examples
        --------
        >>> from cchc_stats import vietnam_calendar
        >>> calendar = vietnam_calendar()
        >>> calendar.count("2020-06-12", "2020-06-15")
        1
        >>> calendar.count("2020-06-12 17:30", "2020-06-16", cutoff_hour=17)
        1
        """
        begun, ended = paired(day_numbers(start, "start"), day_numbers(end, "end"), "start, end")
        at_start, at_end = self._places(begun, "start"), self._places(ended, "end")
        counted = self.ordinal.take(at_end) - self.ordinal.take(at_start)
        if cutoff_hour is not None:
            late = _after_hour(begun, cutoff_hour)
            # Received late on the last day there is nothing yet to count, and never less.
            counted = np.where(late & (counted > 0), counted - 1, counted)
        shape = begun if begun.index is not None else ended
        return _with_missing(shape, begun, ended).like(counted, "Int64")

    def add(self, day: Days, n: Any, *, cutoff_hour: float | None = None) -> Any:
        """Return the n-th working day after a day: the day on which n days of work are over.

        Parameters
        ----------
        day : days, as in `is_working`.
        n : whole number of working days, 0 or more; or one for each day. 0 gives the day itself.
        cutoff_hour : as in `count`; the day itself is then the next working day.

        Returns
        -------
        Time stamp at midnight; of many days an array of them, of a Series a Series. NaT where the
        day or the number is missing. `count(day, add(day, n))` is n.

        Raises
        ------
        CchcError
            As in `count`; also a number below 0, and a result beyond the last day.
        """
        days, steps = day_numbers(day, "day"), _steps(n)
        if (
            days.scalar
            and steps.size > 1
            or not days.scalar
            and steps.size not in (1, len(days.numbers))
        ):
            raise CchcError(
                f"{steps.size} numbers cannot be paired with {len(days.numbers)} days",
                where="day, n",
                mend="give a number for each day, or a single number",
            )
        missing = np.isnan(steps) | (False if days.missing is None else days.missing)
        places = self._places(days, "day")
        if cutoff_hour is not None:
            steps = steps + _after_hour(days, cutoff_hour)
        steps = np.where(missing, 0, steps).astype("int64")
        targets = self.ordinal.take(places) + steps
        if (beyond := targets > len(self._worked)).any():
            raise self._outside(
                f"{int(beyond.sum())} of the days asked for come after it", "day + n"
            )
        reached = np.where(steps > 0, self._worked.take(np.maximum(targets, 1) - 1), places)
        stamps = (
            (reached + (self.first - _EPOCH).days).astype("datetime64[D]").astype("datetime64[us]")
        )
        stamps[np.broadcast_to(missing, stamps.shape)] = np.datetime64("NaT")
        if days.scalar:
            return pd.Timestamp(stamps[0])
        return stamps if days.index is None else pd.Series(stamps, index=days.index)

    def named_days(self) -> pd.DataFrame:
        """Return the days that the week alone does not tell: weekdays off, weekends worked.

        Returns
        -------
        Frame `day, working, name, source`, a row per day; of what is said of a day the last.
        """
        frame = pd.DataFrame(list(self.named), columns=["day", "working", "name", "source"])
        frame = frame.drop_duplicates("day", keep="last").sort_values("day", ignore_index=True)
        kinds = {"day": "datetime64[us]", "working": "boolean", "name": "str", "source": "str"}
        return frame.astype(kinds)

    def _places(self, days: DayNumbers, where: str) -> np.ndarray:
        """Return where days stand in the table; a missing one stands at 0, and is masked later."""
        places = days.numbers - (self.first - _EPOCH).days
        if days.missing is not None:
            places[days.missing] = 0
        # Seen as unsigned, a day before the first is a very late one: one comparison for both.
        if len(places) and places.view("uint64").max() >= len(self.ordinal):
            strange = (places < 0) | (places >= len(self.ordinal))
            example = days.numbers[np.argmax(strange)]
            raise self._outside(
                f"{int(strange.sum())} outside it, such as {_printed(int(example))}", where
            )
        return places

    def _outside(self, what: str, where: str) -> CchcError:
        decided = self.provisional_from is None
        return CchcError(
            f"the calendar knows {self.first:%d/%m/%Y} to {self.last:%d/%m/%Y}: {what}",
            where=where,
            mend="correct the day"
            + (
                ", or take vietnam_calendar(provisional=True) for years not yet decided"
                if decided
                else ""
            ),
        )


def _with_missing(shape: DayNumbers, one: DayNumbers, other: DayNumbers) -> DayNumbers:
    """Return the shape of a result that is missing where either of two days is."""
    masks = [days.missing for days in (one, other) if days.missing is not None]
    missing = np.logical_or.reduce(masks) if masks else None
    return DayNumbers(shape.numbers, missing, shape.instants, shape.index, shape.scalar)


def _after_hour(days: DayNumbers, hour: float) -> np.ndarray:
    """Return which instants are at an hour of the day or later."""
    if not 0 <= hour <= 24:
        raise CchcError(
            f"there is no hour {hour:g}", where="cutoff_hour=", mend="give hours, 0 to 24: 17, 16.5"
        )
    midnight = days.instants.astype("datetime64[D]")
    late: np.ndarray = days.instants - midnight >= np.timedelta64(round(hour * 3_600_000_000), "us")
    return late


def _steps(n: Any) -> np.ndarray:
    """Return numbers of days as floats, NaN where missing; refuse what is no whole number."""
    try:
        steps = pd.array(n if np.ndim(n) else [n], dtype="Int64").to_numpy(
            "float64", na_value=np.nan
        )
    except (TypeError, ValueError) as error:
        raise CchcError(
            "days are added in whole numbers", where=f"n={n!r}", mend="give 0, 1, 2 …"
        ) from error
    if (steps < 0).any():
        raise CchcError(
            "working days are added, never taken away",
            where=f"n, such as {int(steps[steps < 0][0])}",
            mend="give 0 or more; count(start, end) tells how many lie between two days",
        )
    return steps


def _printed(number: int) -> str:
    try:
        return f"{_EPOCH + dt.timedelta(days=number):%d/%m/%Y}"
    except OverflowError:
        return str(np.datetime64(number, "D"))
