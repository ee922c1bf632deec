"""The three bases of a figure and the days a figure covers: windows from date to date."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from cchc_stats.words.errors import PeriodError

IN_PERIOD, YEAR_TO_DATE, AS_OF = "in_period", "year_to_date", "as_of"
BASES = (IN_PERIOD, YEAR_TO_DATE, AS_OF)
YEARS = range(1990, 2101)

_LAST_DAY = 14  # Decree 09/2019/NĐ-CP, article 12: figures are closed on the 14th
_NEVER_LATER_THAN = 28  # the last day that every month has
_ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Window:
    """The days from `start` to `end`, both inclusive, that a figure covers.

    Parameters
    ----------
    start, end : dates; time stamps (their day is taken) and ISO texts are accepted too.

    Raises
    ------
    PeriodError : `end` before `start`, no date, or a year outside 1900-2200.

    Examples
    --------
    >>> Window("2020-01-01", "2020-09-01").days
    245
    """

    start: dt.date
    end: dt.date

    def __post_init__(self) -> None:
        """Turn time stamps and ISO texts into dates, and refuse what is no window."""
        object.__setattr__(self, "start", _day(self.start, "start"))
        object.__setattr__(self, "end", _day(self.end, "end"))
        if self.end < self.start:
            raise PeriodError(
                "a window must not end before it starts",
                where=f"start {self.start.isoformat()}, end {self.end.isoformat()}",
                mend="exchange the two dates",
            )

    @classmethod
    def of(cls, period: pd.Period, basis: str = IN_PERIOD) -> Window:
        """Return the window that Decree 09/2019 gives a quarter or a month.

        Parameters
        ----------
        period : quarter (Q-DEC) or month (M).
        basis : `in_period`: from the 15th of the month before to the 14th of its last month;
            `year_to_date`: from 15 December of the year before to that 14th; `as_of`: that 14th.

        Raises
        ------
        PeriodError : another kind of period, an unknown basis, or a year outside 1990-2100.

        Source
        ------
        Decree 09/2019/NĐ-CP, article 12 (months, quarters, half-years and years). The windows of
        nine months, and of any other year to date, are derived here from the decree's yearly one.

        Examples
        --------
        >>> print(Window.of(pd.Period("2020Q3")))
        15/06/2020-14/09/2020
        >>> print(Window.of(pd.Period("2020Q3"), "year_to_date"))
        15/12/2019-14/09/2020
        """
        require_quarter_or_month(period)
        require_basis_name(basis)
        first, last = period.asfreq("M", "start"), period.asfreq("M", "end")
        end = dt.date(last.year, last.month, _LAST_DAY)
        if basis == AS_OF:
            return cls(end, end)
        opening = (
            first - 1 if basis == IN_PERIOD else pd.Period(year=first.year - 1, month=12, freq="M")
        )
        return cls(dt.date(opening.year, opening.month, _LAST_DAY + 1), end)

    @classmethod
    def of_calendar(cls, period: pd.Period, basis: str = IN_PERIOD) -> Window:
        """Return the days of a quarter or a month by the calendar, as the national portal counts.

        Parameters
        ----------
        period, basis : as for `Window.of`; the year to date starts on 1 January.

        Examples
        --------
        >>> print(Window.of_calendar(pd.Period("2020Q3")))
        01/07/2020-30/09/2020
        """
        require_quarter_or_month(period)
        require_basis_name(basis)
        end = period.end_time.date()
        if basis == AS_OF:
            return cls(end, end)
        return cls(period.start_time.date() if basis == IN_PERIOD else dt.date(end.year, 1, 1), end)

    @property
    def after(self) -> dt.date:
        """Return the day after the window: whatever happens from then on is outside."""
        return self.end + _ONE_DAY

    @property
    def days(self) -> int:
        """Return the number of days, the first and the last included."""
        return (self.after - self.start).days

    @property
    def months(self) -> int:
        """Return the number of whole months the window is made of, 0 if it is not whole months."""
        after = self.after
        whole = (after.year - self.start.year) * 12 + after.month - self.start.month
        return whole if self.start.day <= _NEVER_LATER_THAN and after.day == self.start.day else 0

    def next(self) -> Window:
        """Return the window of the same length that starts the day after this one ends.

        Windows of whole months move by months, and `w.next().previous() == w`. Others move by days;
        the way back is the same unless the neighbour happens to be made of whole months.

        Examples
        --------
        >>> print(Window.of(pd.Period("2020Q3")).next())
        15/09/2020-14/12/2020
        """
        if self.months:
            return Window(self.after, _plus_months(self.after, self.months) - _ONE_DAY)
        return Window(self.after, self.end + dt.timedelta(days=self.days))

    def previous(self) -> Window:
        """Return the window of the same length that ends the day before this one starts."""
        if self.months:
            return Window(_plus_months(self.start, -self.months), self.start - _ONE_DAY)
        return Window(self.start - dt.timedelta(days=self.days), self.start - _ONE_DAY)

    def overlaps(self, other: Window) -> bool:
        """Return whether the two windows have a day in common."""
        return self.start <= other.end and other.start <= self.end

    def __str__(self) -> str:
        """Return the two days as Vietnamese reports print them."""
        return f"{self.start:%d/%m/%Y}-{self.end:%d/%m/%Y}"


def require_basis_name(basis: object) -> None:
    """Refuse by PeriodError a basis that is none of `BASES`."""
    if basis not in BASES:
        raise PeriodError(
            f"there is no basis {basis!r}", where="basis=", mend=f"choose one of {', '.join(BASES)}"
        )


def require_quarter_or_month(period: object) -> None:
    """Refuse by PeriodError anything but a quarter (Q-DEC) or a month (M) of 1990 to 2100."""
    if not isinstance(period, pd.Period) or period.freqstr not in ("Q-DEC", "M"):
        kind = f" ({period.freqstr})" if isinstance(period, pd.Period) else ""
        raise PeriodError(
            f"{period!r}{kind} is neither a quarter nor a month",
            where="period=",
            mend='give pd.Period("2020Q3"), or parse_period("quý III năm 2020")',
        )
    require_year(period.year, where=str(period))


def require_year(year: int, *, where: str) -> None:
    """Refuse by PeriodError a year outside 1990-2100: it is a slip of the pen."""
    if year not in YEARS:
        raise PeriodError(
            f"the year {year} is outside {YEARS[0]}-{YEARS[-1]}",
            where=where,
            mend="correct the year",
        )


def _day(value: object, name: str) -> dt.date:
    day: dt.date | None = None
    if isinstance(value, str):
        try:
            day = dt.date.fromisoformat(value.strip())
        except ValueError:
            day = None
    elif isinstance(value, dt.date) and not pd.isna(value):  # pd.NaT is a date to isinstance
        day = value.date() if isinstance(value, dt.datetime) else value
    if day is None:
        raise PeriodError(
            f"{value!r} is not a date",
            where=f"{name} of the window",
            mend="give a date, a time stamp or a text like 2020-06-15",
        )
    if not 1900 <= day.year <= 2200:
        raise PeriodError(
            f"the year {day.year} is outside 1900-2200",
            where=f"{name} of the window",
            mend="correct the year",
        )
    return day


def _plus_months(day: dt.date, months: int) -> dt.date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return day.replace(year=year, month=month + 1)
