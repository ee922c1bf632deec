"""Periods by the names people give them: reading "quý III năm 2020", "9T2020", "Q3 2020"."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

from cchc_stats.words.errors import PeriodError
from cchc_stats.words.folding import fold
from cchc_stats.words.periods.windows import (
    AS_OF,
    BASES,
    IN_PERIOD,
    YEAR_TO_DATE,
    require_quarter_or_month,
    require_year,
)

ENGLISH_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
HOW_TO_NAME = 'write for instance "quý III năm 2020", "9 tháng đầu năm 2020" or "năm 2020"'

_LONGEST = 1000  # characters; a heading is shorter, and a whole document names many periods

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
_NOISE = re.compile(
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
    ("quarter", rf"\bquy ?[./-]? ?{_WHICH_QUARTER}\b{_OF_YEAR}?"),
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
_FUND = re.compile(r"\bquỹ\b", re.IGNORECASE)
_PATTERNS = tuple((kind, re.compile(pattern)) for kind, pattern in _PARTS_OF_YEAR)
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
    found = {_period_of(named, text): named.printed for named in _named(folded, text)}
    if not found:
        raise PeriodError(
            "no quarter, month or year is named", where=_quoted(text), mend=HOW_TO_NAME
        )
    if len(found) > 1:
        raise PeriodError(
            f"two different periods are named: {' and '.join(str(period) for period in found)}",
            where=_quoted(text),
            mend="give the text of one period",
        )
    return next(iter(found))


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
        told = (
            "no basis is told" if not words else f"two bases are told: {', '.join(sorted(words))}"
        )
        raise PeriodError(
            told,
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
    return fold(_FUND.sub("fund", unicodedata.normalize("NFC", text)))


def _named(folded: str, text: str) -> Iterator[_Named]:
    """Yield every period the text names; a year alone only where it is not the year of another."""
    found = _matches(folded)
    alone = [named for named in found if named.kind in ("year", "start of year")]
    districts = [named for named in found if named.kind == "district"]
    parts = [named for named in found if named not in alone + districts]
    if not parts:
        _refuse_districts(districts, text)
    years = {named.year for named in found if named.year is not None}
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
    rest = _NOISE.sub(" ; ", folded)
    found: list[_Named] = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(rest):
            groups = match.groupdict()
            year = int(groups["year"]) if groups.get("year") else None
            found.append(_Named(kind, _number(groups), year, match.group()))
        # What is read is struck out, so that the year of a quarter is not read as a year as well.
        rest = pattern.sub(" ; ", rest)
    return found


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
