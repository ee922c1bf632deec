"""Quarters, windows and days: what they are, and how people print them ("quý III năm 2020")."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from numbers import Real
from typing import NamedTuple

import numpy as np
import pandas as pd

from cchc_stats.words.errors import PeriodError
from cchc_stats.words.folding import fold
from cchc_stats.words.labels import require_language

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
        return _decreed(period, basis)

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
        return _of_calendar(period, basis)

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
        """Return the number of full months the window is made of, 0 where days are left over."""
        after = self.after
        between = (after.year - self.start.year) * 12 + after.month - self.start.month
        return between if self.start.day <= _NEVER_LATER_THAN and after.day == self.start.day else 0

    def next(self) -> Window:
        """Return the window of the same length that starts the day after this one ends.

        Windows of full months move by months, and `w.next().previous() == w`. Others move by days;
        the way back is the same unless the neighbour happens to be made of full months.

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


# Kept: a report asks for the days of each of its rows, all of one quarter or two.
@lru_cache(maxsize=1_000)
def _decreed(period: pd.Period, basis: str) -> Window:
    first, last = period.asfreq("M", "start"), period.asfreq("M", "end")
    end = dt.date(last.year, last.month, _LAST_DAY)
    if basis == AS_OF:
        return Window(end, end)
    december = pd.Period(year=first.year - 1, month=12, freq="M")
    opening = first - 1 if basis == IN_PERIOD else december
    return Window(dt.date(opening.year, opening.month, _LAST_DAY + 1), end)


@lru_cache(maxsize=1_000)
def _of_calendar(period: pd.Period, basis: str) -> Window:
    end = period.end_time.date()
    if basis == AS_OF:
        return Window(end, end)
    first = period.start_time.date() if basis == IN_PERIOD else dt.date(end.year, 1, 1)
    return Window(first, end)


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


_FULL = (
    r"(?:ngay )?(?P<d>[0-9]{1,2}) ?(?P<s>[/.-]) ?(?P<m>[0-9]{1,2}) ?(?P=s) ?(?P<y>[0-9]{4})"
)  # fmt: skip
_TIME = r"(?P<hh>[0-9]{1,2})[:h](?P<mi>[0-9]{2})(?::(?P<ss>[0-9]{2})(?:\.[0-9]+)?)?"
_ONE_PRINTED_DAY = (
    rf"{_FULL}(?:[ ,t]+{_TIME})?",
    rf"{_TIME},? {_FULL}",
    rf"(?P<y>[0-9]{{4}})-(?P<m>[0-9]{{2}})-(?P<d>[0-9]{{2}})(?:[ t]{_TIME})?",
    r"(?:ngay )?(?P<d>[0-9]{1,2}) thang (?P<m>[0-9]{1,2}) nam (?P<y>[0-9]{4})",
)
_RANGE = (
    r"(?:tu )?(?:ngay )?(?P<d>[0-9]{1,2})(?: ?[/.] ?(?P<m>[0-9]{1,2})(?: ?[/.] ?(?P<y>[0-9]{4}))?)?"
    r" ?(?:den|toi|-) ?(?:het )?(?P<last>(?:ngay )?[0-9]{1,2} ?[/.] ?[0-9]{1,2} ?[/.] ?[0-9]{4})"
)
_PRINTED_YEARS = range(1900, 2201)


# Compiled at the first text: importing the library reads none.
@cache
def _days() -> tuple[re.Pattern[str], ...]:
    return tuple(map(re.compile, _ONE_PRINTED_DAY))


class PrintedDate(NamedTuple):
    """The day or days a text names; `fault` says why there is none though it looks like one."""

    date: dt.date | None = None
    date_to: dt.date | None = None
    fault: str = ""


def read_date(folded: str) -> PrintedDate | None:
    """Return the date or range of dates a folded text is, None if it is neither.

    Parameters
    ----------
    folded : the text, see `cchc_stats.words.folding.fold`.

    Returns
    -------
    PrintedDate with a date (a datetime where a time is printed) and, for a range, `date_to`; the
    first day takes the month and the year it leaves out from the last. A day that no calendar has,
    or a range that runs backwards, has a `fault` instead.

    Examples
    --------
    >>> read_date("2.1.2018").date
    datetime.date(2018, 1, 2)
    >>> read_date("21/4 den 20/5/2019").date
    datetime.date(2019, 4, 21)
    >>> read_date("31/02/2020").fault
    'no such day'
    """
    for pattern in _days():
        if match := pattern.fullmatch(folded):
            day = _printed_day(match.groupdict())
            return PrintedDate(day) if day else PrintedDate(fault="no such day")
    match = re.fullmatch(_RANGE, folded)
    last = read_date(match["last"]) if match else None
    if not match or last is None:
        return None
    if last.date is None:
        return last
    first = _printed_day(
        {
            "d": match["d"],
            "m": match["m"] or str(last.date.month),
            "y": match["y"] or str(last.date.year),
        }
    )
    if first is None:
        return PrintedDate(fault="no such day")
    if first > last.date:
        return PrintedDate(fault="the range of dates runs backwards")
    return PrintedDate(first, last.date)


def _printed_day(groups: dict[str, str | None]) -> dt.date | None:
    year, month, day = (int(groups[key] or 0) for key in ("y", "m", "d"))
    if year not in _PRINTED_YEARS:
        return None
    try:
        if groups.get("hh") is None:
            return dt.date(year, month, day)
        hour, minute, second = (int(groups[key] or 0) for key in ("hh", "mi", "ss"))
        return dt.datetime(year, month, day, hour, minute, second)
    except ValueError:
        return None


ENGLISH_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
HOW_TO_NAME = 'write for instance "quý III năm 2020", "9 tháng đầu năm 2020" or "năm 2020"'

_LONGEST = 1000  # characters; a heading is shorter, and a document names many periods

# Patterns read folded text: lower case without diacritics, so "năm" (year; five) is "nam".
_NUMBERS = {
    "i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6,
    "mot": 1, "nhat": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5, "sau": 6, "bay": 7,
    "tam": 8, "chin": 9, "muoi": 10, "muoi mot": 11, "muoi hai": 12,
    "first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4,
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
}  # fmt: skip
_COUNT_VI = (
    r"(?P<n>[0-9]{1,2}|muoi (?:mot|hai)|mot|hai|ba|bon|tu|sau|bay|tam|chin|muoi|nam(?= thang dau))"
)
_COUNT_EN = r"(?P<n>[0-9]{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_SPELLED_QUARTER = r"i{1,3}|iv|vi?|mot|nhat|hai|ba|bon|tu"
_WHICH_QUARTER = rf"(?P<n>[0-9]{{1,2}}|{_SPELLED_QUARTER})"
_YEAR = r"(?P<year>[0-9]{4})"
_OF_YEAR = rf"(?:[ ./,-]*(?:cua )?(?:nam )?{_YEAR}(?![0-9]))"
_OF_YEAR_EN = rf"(?:[ ,./-]*(?:of )?(?:the )?(?:year )?{_YEAR}(?![0-9]))"

# Not periods: days, runs of years, numbers of documents, and what only looks like a quarter.
_NOISE = (
    r"ngay [0-9]{1,2} thang [0-9]{1,2} nam [0-9]{4}"
    r"|\b[0-9]{1,2} ?[/.-] ?[0-9]{1,2} ?[/.-] ?[0-9]{4}\b"
    r"|\b[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}\b|\b[0-9]{4} ?- ?[0-9]{4}\b|\b[0-9]+/[0-9]{4}/[a-z][\w-]*"
    # Districts (quận) and funds (quỹ).
    r"|\bubnd q ?\.? ?[0-9]{1,2}\b|\bquan [0-9]{1,2}\b(?! ?thang)"
    r"|\bfund ?[./-]? ?(?:[0-9]{1,2}|[ivx]+)\b(?:[/.][0-9]{4}\b)?"
)
_PARTS_OF_YEAR = (
    ("second half", rf"(?:[0-9]|ba|sau|chin) ?thang (?:con lai|cuoi)(?: cua)?(?: nam)?{_OF_YEAR}?"),
    ("second half", rf"nua (?:cuoi|sau)(?: cua)? nam{_OF_YEAR}?"),
    ("second half", rf"(?:\bh2|second half|last (?:three|six|nine|[0-9]) months){_OF_YEAR_EN}?"),
    ("months", rf"\b{_COUNT_VI} ?thang(?: dau)?(?:(?: cua)? nam)?{_OF_YEAR}"),
    ("months", rf"\b{_COUNT_VI} thang dau nam\b"),
    ("months", rf"\b{_COUNT_VI} ?t ?[./]? ?{_YEAR}(?![0-9])"),
    ("months", rf"\b(?:first )?{_COUNT_EN} months{_OF_YEAR_EN}?"),
    ("half", rf"nua dau(?: cua)? nam{_OF_YEAR}?"),
    ("half", rf"(?:\bh1|first half){_OF_YEAR_EN}"),
    ("quarter", rf"\b{_YEAR} ?[-/.]? ?(?:quy|q) ?{_WHICH_QUARTER}\b"),
    ("quarter", rf"\bqu[yi] ?[./-]? ?{_WHICH_QUARTER}\b{_OF_YEAR}?"),
    ("quarter", rf"\bq ?[./-]? ?(?P<n>{_SPELLED_QUARTER})\b{_OF_YEAR}?"),
    # "Q.3" is district 3 as well, unless the year follows at once.
    ("quarter", rf"\bq ?\. ?(?P<n>[0-9]{{1,2}})[/.-]{_YEAR}(?![0-9])"),
    ("district", r"\bq ?\. ?[0-9]{1,2}\b"),
    ("quarter", rf"\bq ?[/-]? ?(?P<n>[0-9]{{1,2}})\b{_OF_YEAR}?"),
    ("quarter", rf"\b(?P<n>first|second|third|fourth|1st|2nd|3rd|4th) quarter{_OF_YEAR_EN}?"),
    ("quarter", rf"\bquarter {_WHICH_QUARTER}\b{_OF_YEAR_EN}?"),
    ("quarter", rf"\b(?P<n>iv|i{{1,3}})[/.]{_YEAR}(?![0-9])"),
    ("month", rf"\b(?:thang|t) ?(?P<n>[0-9]{{1,2}})(?![0-9]){_OF_YEAR}"),
    ("month", rf"^{_YEAR}-(?P<n>[0-9][0-9])$"),
    ("month", rf"\b(?P<name>{'|'.join(ENGLISH_MONTHS).lower()}){_OF_YEAR_EN}"),
    ("start of year", rf"(?:\bdau nam|\bstart of(?: the year)?) {_YEAR}(?![0-9])"),
    ("year", rf"\b(?:nam|year) {_YEAR}(?![0-9])"),
    ("year", rf"^{_YEAR}$"),
)


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((kind, re.compile(pattern)) for kind, pattern in _PARTS_OF_YEAR)


_BASIS_WORDS = (
    (
        YEAR_TO_DATE,
        r"luy ke|cong don|tu dau nam|year[ -]to[ -]date|year_to_date|\bytd\b|cumulative",
    ),
    (AS_OF, r"thoi diem|cuoi (?:quy|nam|thang|ky|q)|end of|\bas[ -]o[ft]\b|\bas_of\b|\bas at\b"),
    (IN_PERIOD, r"trong (?:ky|quy|thang)|in[ -]period|in_period|quarter alone"),
)


class _Named(NamedTuple):
    """A period as a text names it; `year` is None where the text gives it elsewhere."""

    kind: str
    number: int
    year: int | None
    printed: str


def parse_period(text: str | pd.Period) -> pd.Period:
    """Return the quarter (Q-DEC) or month (M) that a text names.

    Six months, nine months and a year are named by their last quarter; `parse_basis` says that
    they count from the year's start.

    Parameters
    ----------
    text : a name such as "quý III năm 2020", "9T2020", "Q3 2020", "tháng 9/2020", also inside a
        longer heading, in any case, with or without diacritics. Quarters and months pass through.

    Raises
    ------
    PeriodError : no period, no year, a quarter above 4 or a month above 12, two different periods,
        part of a year that is no quarter, or a year outside 1990-2100.

    Examples
    --------
    >>> parse_period("Quý III năm 2020"), parse_period("6 tháng đầu năm 2021")
    (Period('2020Q3', 'Q-DEC'), Period('2021Q2', 'Q-DEC'))
    """
    if isinstance(text, pd.Period):
        require_quarter_or_month(text)
        return text
    folded = _fold(text)
    periods = {_period_of(named, text): named.printed for named in _named(folded, text)}
    if not periods:
        raise PeriodError(
            "no quarter, month or year is named", where=_quoted(text), mend=HOW_TO_NAME
        )
    if len(periods) > 1:
        raise PeriodError(
            f"two different periods are named: {' and '.join(str(period) for period in periods)}",
            where=_quoted(text),
            mend="give the text of one period",
        )
    return next(iter(periods))


def parse_basis(text: str) -> str:
    """Return whether a text speaks of the period alone, the year to date, or a point in time.

    Returns
    -------
    `in_period`, `year_to_date` or `as_of`. Without a word for it, a quarter or a month stands for
    itself; months from the year's start and a year are `year_to_date`.

    Raises
    ------
    PeriodError : the text tells none, or two that exclude one another.

    Examples
    --------
    >>> parse_basis("9 tháng đầu năm 2020"), parse_basis("Cuối quý III/2020")
    ('year_to_date', 'as_of')
    >>> parse_basis("Quý III/2020")
    'in_period'
    """
    folded = _fold(text)
    if re.search(r"\bden het\b|\bdau (?:quy|thang|ky)\b", folded) and "luy ke" not in folded:
        raise PeriodError(
            '"đến hết" or "đầu quý" can mean a sum or a stock',
            where=_quoted(text),
            mend='write "lũy kế đến …" for a sum from the year\'s start, "thời điểm …" for a stock',
        )
    words = {basis for basis, pattern in _BASIS_WORDS if re.search(pattern, folded)}
    if words == {YEAR_TO_DATE, AS_OF}:
        # "Lũy kế đến cuối quý": summed up to that end, so the end is no stock.
        words = {YEAR_TO_DATE}
    if not words:
        counted = {"quarter": IN_PERIOD, "month": IN_PERIOD}
        words = {counted.get(named.kind, YEAR_TO_DATE) for named in _named(folded, text)}
    if len(words) != 1:
        fault = (
            "no basis is told" if not words else f"two bases are told: {', '.join(sorted(words))}"
        )
        raise PeriodError(
            fault,
            where=_quoted(text),
            mend='write "trong kỳ", "lũy kế" or "thời điểm", or one of ' + ", ".join(BASES),
        )
    return words.pop()


def _fold(text: object) -> str:
    if not isinstance(text, str):
        raise PeriodError(
            f"a text is needed, not a {type(text).__name__}: {_quoted(text)}",
            where="text",
            mend=HOW_TO_NAME,
        )
    if len(text) > _LONGEST:
        raise PeriodError(
            f"a name of a period has at most {_LONGEST} characters, this text has {len(text)}",
            where=_quoted(text),
            mend="give the heading alone",
        )
    # Before folding, which makes one word of quý (quarter) and quỹ (fund).
    return fold(re.sub(r"(?i)\bquỹ\b", "fund", unicodedata.normalize("NFC", text)))


def _named(folded: str, text: str) -> Iterator[_Named]:
    """Yield every period the text names; a year alone only where it is not the year of another."""
    every = _matches(folded)
    alone = [named for named in every if named.kind in ("year", "start of year")]
    districts = [named for named in every if named.kind == "district"]
    parts = [named for named in every if named not in alone + districts]
    if not parts:
        _refuse_districts(districts, text)
    years = {named.year for named in every if named.year is not None}
    if len(years) == 1:
        # "Quý III và 9 tháng đầu năm 2020": the year is written once for both.
        parts = [named._replace(year=next(iter(years))) for named in parts]
    yield from parts
    of_parts = {named.year for named in parts}
    yield from (named for named in alone if named.year not in of_parts)


def _refuse_districts(districts: list[_Named], text: str) -> None:
    if districts:
        raise PeriodError(
            f'"{districts[0].printed}" can be a quarter or a district',
            where=_quoted(text),
            mend='write "quý III" for the quarter, "quận 3" for the district',
        )


def _matches(folded: str) -> list[_Named]:
    rest = re.sub(_NOISE, " ; ", folded)
    named: list[_Named] = []
    for kind, pattern in _patterns():
        for match in pattern.finditer(rest):
            groups = match.groupdict()
            year = int(groups["year"]) if groups.get("year") else None
            named.append(_Named(kind, _number(groups), year, match.group()))
        # What is read is struck out, so that the year of a quarter is not read as a year as well.
        rest = pattern.sub(" ; ", rest)
    return named


def _number(groups: dict[str, str | None]) -> int:
    name, printed = groups.get("name"), groups.get("n")
    if name:
        return [month.lower() for month in ENGLISH_MONTHS].index(name) + 1
    if not printed:
        return 0
    return int(printed) if printed.isdigit() else _NUMBERS[printed]


def _period_of(named: _Named, text: str) -> pd.Period:
    where = _quoted(text)
    if named.kind in ("second half", "start of year"):
        raise PeriodError(
            f'"{named.printed}" is neither a quarter nor counted from the year\'s start',
            where=where,
            mend="name the quarters it holds, for instance quý III and quý IV",
        )
    if named.year is None:
        raise PeriodError("the year is not told", where=where, mend=HOW_TO_NAME)
    require_year(named.year, where=where)
    year, number = named.year, named.number
    if named.kind == "month":
        if not 1 <= number <= 12:
            raise PeriodError(f"there is no month {number}", where=where, mend="correct the month")
        return pd.Period(year=year, month=number, freq="M")
    if named.kind == "months":
        if number not in (3, 6, 9, 12):
            raise PeriodError(
                f"the first {number} months of a year do not end a quarter",
                where=where,
                mend="use the first 3, 6, 9 or 12 months",
            )
        quarter = number // 3
    else:
        quarter = {"quarter": number, "half": 2, "year": 4}[named.kind]
    if not 1 <= quarter <= 4:
        raise PeriodError(
            f"there is no quarter {quarter}", where=where, mend="correct the quarter, 1 to 4"
        )
    return pd.Period(year=year, quarter=quarter, freq="Q-DEC")


def _quoted(text: object) -> str:
    shown = text if isinstance(text, str) else repr(text)
    return f'"{shown}"' if len(shown) <= 80 else f'"{shown[:79]}…"'


__all__ = [
    "AS_OF",
    "BASES",
    "IN_PERIOD",
    "YEAR_TO_DATE",
    "Window",
    "label_period",
    "parse_basis",
    "parse_period",
    "require_quarters",
]

QUARTERS = "period[Q-DEC]"

_ROMAN = ("I", "II", "III", "IV")


def label_period(period: pd.Period, basis: str | None = None, lang: str = "vi") -> str:
    """Return the name of a quarter or month as reports print it.

    `parse_period` and `parse_basis` read every label back.

    Parameters
    ----------
    period : quarter (Q-DEC) or month (M).
    basis : one of `BASES`; None is `in_period`.
    lang : "vi" or "en".

    Raises
    ------
    PeriodError : another kind of period, or an unknown basis.
    CchcError : another language.

    Examples
    --------
    >>> label_period(pd.Period("2020Q3")), label_period(pd.Period("2020Q3"), "year_to_date")
    ('Quý III/2020', '9 tháng đầu năm 2020')
    >>> label_period(pd.Period("2019Q4"), "as_of", lang="en")
    'end of Q4 2019'
    """
    require_quarter_or_month(period)
    require_basis_name(IN_PERIOD if basis is None else basis)
    vietnamese, year = require_language(lang) == "vi", period.year
    if period.freqstr == "M":
        name = (
            f"Tháng {period.month}/{year}"
            if vietnamese
            else f"{ENGLISH_MONTHS[period.month - 1]} {year}"
        )
    else:
        name = (
            f"Quý {_ROMAN[period.quarter - 1]}/{year}"
            if vietnamese
            else f"Q{period.quarter} {year}"
        )
    if basis == AS_OF:
        return f"Cuối {name[0].lower()}{name[1:]}" if vietnamese else f"end of {name}"
    if basis != YEAR_TO_DATE:
        return name
    if period.freqstr == "M":
        # Not "8 tháng đầu năm": read back, that would have to be a quarter.
        return f"Lũy kế đến {name[0].lower()}{name[1:]}" if vietnamese else f"year to date, {name}"
    if period.quarter == 4:
        return f"Năm {year}" if vietnamese else f"Year {year}"
    months = 3 * period.quarter
    return f"{months} tháng đầu năm {year}" if vietnamese else f"first {months} months of {year}"


def require_quarters(periods: pd.Series, *, where: str) -> pd.Series:
    """Return a column of periods as quarters.

    Parameters
    ----------
    periods : quarters (period[Q-DEC]) or their names as text; each distinct text is read once.
    where : file, table and column, for the message.

    Returns
    -------
    Series period[Q-DEC] with the index and name of `periods`; missing stays missing. The basis a
    text may tell ("9 tháng đầu năm") is not kept here: read it with `parse_basis`.

    Raises
    ------
    PeriodError : months, other frequencies, dates, numbers, or a text that names no quarter.

    Examples
    --------
    >>> require_quarters(pd.Series(["quý III/2020", None]), where="values, column period").tolist()
    [Period('2020Q3', 'Q-DEC'), NaT]
    """
    if str(periods.dtype) == QUARTERS:
        return periods
    if isinstance(periods.dtype, pd.PeriodDtype) and len(periods.dropna()):
        _refuse_other(periods.dropna().iloc[0], where)
    codes, distinct = pd.factorize(periods)
    quarters = [_quarter(value, where) for value in distinct]
    numbered = pd.PeriodIndex([*quarters, pd.NaT], dtype=QUARTERS)
    # Code -1, a missing cell, takes the last entry: NaT.
    return pd.Series(numbered.take(codes), index=periods.index, name=periods.name)


def basis_of_texts(periods: pd.Series, *, otherwise: str) -> pd.Series:
    """Return the basis that each period's text tells, `otherwise` where it tells a quarter alone.

    Examples
    --------
    >>> basis_of_texts(pd.Series(["2020Q3", "9 tháng đầu năm 2020"]), otherwise=AS_OF).tolist()
    ['as_of', 'year_to_date']
    """
    codes, distinct = pd.factorize(periods)
    stated = [parse_basis(text) if isinstance(text, str) else IN_PERIOD for text in distinct]
    bases = [otherwise if basis == IN_PERIOD else basis for basis in stated]
    return pd.Series(np.array([*bases, otherwise], dtype=object)[codes], periods.index, dtype="str")


def _quarter(value: object, where: str) -> pd.Period:
    if not isinstance(value, str | pd.Period):
        number = isinstance(value, Real) and not isinstance(value, bool)
        kind = "a number" if number else f"a {type(value).__name__}"
        raise PeriodError(
            f"a quarter is needed, not {kind}: {value!r}",
            where=where,
            mend="name the quarter: the days it covers differ by report, so dates do not tell it; "
            + HOW_TO_NAME,
        )
    if isinstance(value, pd.Period):
        if value.freqstr != "Q-DEC":
            _refuse_other(value, where)
        return value
    try:
        period = parse_period(value)
    except PeriodError as error:
        raise PeriodError(error.what, where=f"{where}: {error.where}", mend=error.mend) from None
    if period.freqstr != "Q-DEC":
        _refuse_other(period, where)
    return period


def _refuse_other(period: pd.Period, where: str) -> None:
    if period.freqstr == "M":
        raise PeriodError(
            f"a quarter is needed, not a month: {period}",
            where=where,
            mend="sum the counts (never the rates) of the three months, which by Decree 09/2019 "
            "make the quarter (15/6-14/7, 15/7-14/8 and 15/8-14/9 are quarter III), and set "
            'period = month.asfreq("Q-DEC")',
        )
    raise PeriodError(
        f"a calendar quarter (Q-DEC) is needed, not the frequency {period.freqstr}: {period}",
        where=where,
        mend='convert it where that is meant, or name the quarter as "quý III năm 2020"',
    )
