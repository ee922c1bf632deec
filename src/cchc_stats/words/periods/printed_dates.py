"""Dates as Vietnamese documents print them: day first, alone, with the time, or from … to …."""

from __future__ import annotations

import datetime as dt
import re
from typing import NamedTuple

_FULL = (
    r"(?:ngay )?(?P<d>[0-9]{1,2}) ?(?P<s>[/.-]) ?(?P<m>[0-9]{1,2}) ?(?P=s) ?(?P<y>[0-9]{4})"
)  # fmt: skip
_TIME = r"(?P<hh>[0-9]{1,2})[:h](?P<mi>[0-9]{2})(?::(?P<ss>[0-9]{2})(?:\.[0-9]+)?)?"
_ONE_DAY = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_FULL}(?:[ ,t]+{_TIME})?",
        rf"{_TIME},? {_FULL}",
        rf"(?P<y>[0-9]{{4}})-(?P<m>[0-9]{{2}})-(?P<d>[0-9]{{2}})(?:[ t]{_TIME})?",
        r"(?:ngay )?(?P<d>[0-9]{1,2}) thang (?P<m>[0-9]{1,2}) nam (?P<y>[0-9]{4})",
    )
)
_RANGE = re.compile(
    r"(?:tu )?(?:ngay )?(?P<d>[0-9]{1,2})(?: ?[/.] ?(?P<m>[0-9]{1,2})(?: ?[/.] ?(?P<y>[0-9]{4}))?)?"
    r" ?(?:den|toi|-) ?(?:het )?(?P<last>(?:ngay )?[0-9]{1,2} ?[/.] ?[0-9]{1,2} ?[/.] ?[0-9]{4})"
)
_YEARS = range(1900, 2201)


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
    for pattern in _ONE_DAY:
        if match := pattern.fullmatch(folded):
            day = _day(match.groupdict())
            return PrintedDate(day) if day else PrintedDate(fault="no such day")
    match = _RANGE.fullmatch(folded)
    last = read_date(match["last"]) if match else None
    if not match or last is None:
        return None
    if last.date is None:
        return last
    first = _day(
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


def _day(groups: dict[str, str | None]) -> dt.date | None:
    year, month, day = (int(groups[key] or 0) for key in ("y", "m", "d"))
    if year not in _YEARS:
        return None
    try:
        if groups.get("hh") is None:
            return dt.date(year, month, day)
        hour, minute, second = (int(groups[key] or 0) for key in ("hh", "mi", "ss"))
        return dt.datetime(year, month, day, hour, minute, second)
    except ValueError:
        return None
