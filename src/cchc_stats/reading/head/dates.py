"""The days in the head of a report: when it was signed, and which days its figures cover."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence

from cchc_stats.reading.files import Paragraph, plain_text
from cchc_stats.reading.head.names import ATTACHED
from cchc_stats.words import PrintedDate, Window, fold, read_date

Fault = Callable[..., None]

_CITY = r"(?:(?i:thanh pho|tp\.?) ?)?[A-Z][A-Za-z]*(?: (?:- )?[A-Z][A-Za-z]*){0,3}"
_DATE_LINE = re.compile(
    rf"(?P<city>{_CITY}), ?(?P<date>ngay ?(?P<day>[0-9]{{0,2}})[ .…_]*"
    r"thang ?(?P<month>[0-9]{0,2})[ .…_]*nam ?(?P<year>[0-9]{4}))"
)
_MONTH = r"(?: ?[/.-] ?[0-9]{1,2}| thang [0-9]{1,2})"
_DAY = rf"[0-9]{{1,2}}{_MONTH}(?: ?[/.-] ?[0-9]{{4}}| nam [0-9]{{4}})"
_ATTACHED_DAY = re.compile(rf"\bngay {_DAY}", re.IGNORECASE)
_FIRST = rf"(?:{_DAY}|[0-9]{{1,2}}{_MONTH}?)"
_RANGE = re.compile(
    rf"\btu (?:ngay )?(?P<first>{_FIRST}) ?(?:den|toi|-) ?(?:het )?(?P<last>(?:ngay )?{_DAY})",
    re.IGNORECASE,
)
_OF_FIGURES = re.compile(
    r"so lieu|ky bao cao|thoi gian bao cao|tinh tu|^\(?tu ngay|ky nay", re.IGNORECASE
)
_APPENDIX = re.compile(r"phu luc\b", re.IGNORECASE)
_LONGEST_LINE = 250  # characters


def date_line(told: Sequence[Paragraph]) -> tuple[int, re.Match[str]] | None:
    """Return which paragraph is the line "Huế, ngày … tháng 9 năm 2020", and its match."""
    for at, one in enumerate(told):
        found = _DATE_LINE.search(plain_text(one.text).plain)
        if found and len(one.text) <= _LONGEST_LINE and found.end() >= len(found.string) - 2:
            return at, found
    return None


def signed_on(
    told: Sequence[Paragraph], line: tuple[int, re.Match[str]] | None, fault: Fault
) -> tuple[dt.date | None, str]:
    """Return the day of signature and its place: the date line's, else the appendix's."""
    days: list[tuple[dt.date, str]] = []
    printed = ""
    if line is not None:
        printed = plain_text(told[line[0]].text).printed(*line[1].span("date"))
        if line[1]["day"] and line[1]["month"]:
            _read_day(printed, told[line[0]].place, days, fault)
    for one in told:
        said = plain_text(one.text)
        if attached := ATTACHED.search(said.plain):
            for found in _ATTACHED_DAY.finditer(said.plain, attached.end()):
                _read_day(said.printed(*found.span()), one.place, days, fault)
    if not days:
        fault("no_date")
        return None, ""
    first, place = days[0]
    if line is not None and not line[1]["day"]:
        fault("blank_day", printed=printed, date=f"{first:%d/%m/%Y}")
        month = (int(line[1]["year"]), int(line[1]["month"] or first.month))
        if (first.year, first.month) != month:
            fault("other_month", date=f"{first:%d/%m/%Y}", printed=printed)
    if other := next((day for day, _ in days if day != first), None):
        fault("dates", first=f"{first:%d/%m/%Y}", second=f"{other:%d/%m/%Y}")
    return first, place


def _read_day(text: str, place: str, days: list[tuple[dt.date, str]], fault: Fault) -> None:
    # "ngày12 tháng 9" is typed as well.
    read = read_date(fold(re.sub("^ngay", "ngay ", fold(text))))
    if read is None or read.date is None:
        fault("no_such_day", printed=text)
    else:
        days.append((read.date, place))


def stated_windows(told: Sequence[Paragraph], fault: Fault) -> Iterator[tuple[Window, str, bool]]:
    """Yield the stated days of figures, their place, and whether they are the letter's own."""
    own = True
    for one in told:
        said = plain_text(one.text)
        own &= not _APPENDIX.match(said.plain)
        for found in _RANGE.finditer(said.plain) if _OF_FIGURES.search(said.plain) else ():
            last = read_date(fold(found["last"]))
            first = _completed(found["first"], last.date if last else None)
            if last and first and last.date and first.date and first.date <= last.date:
                yield Window(first.date, last.date), one.place, own
            else:
                fault("windows", printed=said.printed(*found.span()))


def _completed(first: str, last: dt.date | None) -> PrintedDate | None:
    """Return the first day of a range, which may leave month and year to the last."""
    if last is not None and not re.search("[0-9]{4}$", first):
        if "thang" in fold(first):
            first += f" nam {last.year}"
        else:
            first += f"/{last.year}" if re.search("[/.-]", first) else f"/{last.month}/{last.year}"
    return read_date(fold(first))
