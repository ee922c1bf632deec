"""Whose, when and of what a figure of a table is: by the words around it, the nearest first.

A document's head speaks of all; a section, a sheet or a caption of what stands in it; a group row
or a group of columns of what stands under it; a row and a column of their own figures.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

import pandas as pd

from cchc_stats.forms import DOSSIERS, Form
from cchc_stats.reading.files import Document, Grid, Paragraph, plain_text
from cchc_stats.reading.head import names_both
from cchc_stats.reading.prose import is_own_office, leads_on, names_all, names_unit
from cchc_stats.reading.tables.layouts import kept, stated, words
from cchc_stats.words import (
    AS_OF,
    IN_PERIOD,
    YEAR_TO_DATE,
    PeriodError,
    Window,
    departments,
    fold,
    fold_agency,
    name_in_small_letters,
    parse_basis,
    parse_period,
    read_date,
)

LEVELS = ("provincial", "district", "commune")
_LEVEL_WORDS = {
    "provincial": r"cap (?:tinh|so|thanh pho)|(?:cac )?so, ?(?:ban, ?)?nganh(?: tinh)?|cac so",
    "district": (
        r"cap (?:huyen|quan)|cac (?:huyen|quan)\b[^;]*"
        r"|huyen, (?:thi xa|thanh pho|quan)(?:, (?:thi xa|thanh pho|quan))*|quan, huyen"
    ),
    "commune": (
        r"cap (?:xa|phuong)|cac (?:xa|phuong)\b[^;]*|xa, phuong(?:, (?:thi tran|dac khu))?"
        r"|phuong, xa|xa, thi tran"
    ),
}
_LEVELS = {code: re.compile(rf"\b(?:{words})\b") for code, words in _LEVEL_WORDS.items()}
# Words that add nothing to the name of a level.
_FILLER = re.compile(
    r"\b(?:tthc|thu tuc(?: hanh chinh)?|ho so|thuoc|pham vi|tham quyen|giai quyet|tiep nhan|cua|cac"
    r"|ubnd|uy ban nhan dan|don vi(?: hanh chinh)?|co quan|chuyen mon|tai|o|nhom|khoi|linh vuc|tong"
    r"|tong so|cong|so luong|trung tam|bo phan mot cua|hanh chinh|va|theo|phan|muc|cap)\b"
)
_BODY = re.compile(
    r"(?:các\b)?(?:sở(?! hữu)|ủy ban nhân dân|uỷ ban nhân dân|ubnd|văn phòng|thanh tra|chi nhánh"
    r"|chi cục|cục|trung tâm|công an|ban quản lý|ban dân tộc|phường|thị trấn|thị xã|huyện|quận"
    r"|đặc khu|bệnh viện|kho bạc|tp\.?|thành phố|xã(?! hội)|phòng(?! cháy| chống| bệnh| ngừa)"
    r"|trường(?! hợp))\s+(?P<name>[^\W\d_].*)"
)
_PLURAL = re.compile(r"(?:sở|huyện|xã|phường|phòng|quận)\s*,", re.IGNORECASE)


@dataclass(frozen=True)
class Scope:
    """Whose, when and of what a figure is; what is "" or None is set by what stands around.

    Attributes
    ----------
    agency : of whom; "" for who sends the report.
    period, basis, window : of when.
    level : of which level or block of the table, "" for all.
    row : sector or other key of the row.
    part : False of a total, True of a part of one, None where it is open.
    """

    agency: str = ""
    period: pd.Period | None = None
    basis: str = ""
    window: Window | None = None
    level: str = ""
    row: str = ""
    part: bool | None = None

    def within(self, outer: Scope) -> Scope:
        """Return the scope with what it leaves out taken from around it.

        Another period than that around it brings its own days, or none.

        Examples
        --------
        >>> head = Scope("Sở A", pd.Period("2024Q3"), "in_period")
        >>> column = Scope(period=pd.Period("2023Q3")).within(head)
        >>> column.agency, str(column.period), column.basis
        ('Sở A', '2023Q3', 'in_period')
        """
        if outer is NOTHING:
            return self
        if self is NOTHING:
            return outer
        other = self.period is not None and self.period != outer.period
        return Scope(
            self.agency or outer.agency,
            outer.period if self.period is None else self.period,
            self.basis or outer.basis,
            self.window or (None if other else outer.window),
            self.level or outer.level,
            self.row or outer.row,
            outer.part if self.part is None else self.part,
        )


NOTHING = Scope()


@lru_cache(maxsize=10_000)
def level_of(text: str) -> str:
    """Return the one administrative level that a text names, "" where none or several.

    Examples
    --------
    >>> level_of("TTHC thuộc thẩm quyền giải quyết của UBND cấp xã"), level_of("Các số liệu")
    ('commune', '')
    """
    wording = plain_text(text)
    plain = _OF_ELSE.sub("", wording.plain.lower())
    named = [
        code
        for code, pattern in _LEVELS.items()
        if any(names_unit(wording.printed(*one.span())) for one in pattern.finditer(plain))
    ]
    return named[0] if len(named) == 1 else ""


@lru_cache(maxsize=10_000)
def is_level(text: str) -> bool:
    """Return whether a text names a level and nothing else.

    Examples
    --------
    >>> is_level("A. Cấp tỉnh"), is_level("Số cơ quan cấp tỉnh áp dụng ISO")
    (True, False)
    """
    code = level_of(text)
    if not code:
        return False
    rest = _FILLER.sub(" ", _LEVELS[code].sub(" ", fold(text)))
    return not re.sub(r"^\W*(?:[a-z]|[ivx]+|\d+)[.)]|[\W_]", "", rest.strip())


@lru_cache(maxsize=10_000)
def is_body(text: str) -> bool:
    """Return whether a text is the name of one agency: a department, a committee, a commune.

    Examples
    --------
    >>> [is_body(name) for name in ("Sở Tư pháp", "UBND xã An Phong", "Xã hội", "Sở, ngành")]
    [True, True, False, False]
    """
    written = " ".join(unicodedata.normalize("NFC", text).split()).casefold()
    body = _BODY.fullmatch(written)
    return body is not None and not _PLURAL.match(written) and not is_level(text)


Slot = tuple[pd.Period, str]
LONGEST = 250  # characters of a caption
LONGEST_OF_DAYS = 300  # characters of a title that states days
_LINES = 3  # of a caption: "Biểu 2", its title, "(Kèm theo Báo cáo …)"
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_QUARTER = re.compile(r"quy (iv|i{1,3}|[1-4])(?: ?(?:/|nam) ?(\d{4}))?")
_YEAR = re.compile(r"(?:nam )?((?:19|20)\d\d)")
_SUM = re.compile(r"(?:tong|tong so|tong cong|cong|ca nam)")
_LAST_YEAR = re.compile(r"nam (?:truoc|ngoai)(?: lien ke)?|nam truoc (?!.*\b(?:chuyen|ton)\b).*")
_FULL_YEAR = re.compile(r"ca nam(?: ((?:19|20)\d\d))?")
_THIS_YEAR = re.compile(r"nam (?:nay|bao cao|hien tai)")
_THIS = re.compile(r"(?:ca |trong )?(?:quy|ky)(?: bao cao)?(?: nay)?")
_SAME = re.compile(r"(?:so |voi )*cung ky(?: nam (?:truoc|ngoai))?")
_BEFORE = re.compile(r"(?:quy|ky)(?: bao cao)? truoc(?: lien ke)?")
_PARENTHESES = re.compile(r"\([^()]*\)")
_DAYS = re.compile(r"(?:tu )(?:ngay )?\d[\d/. ]*?\d? (?:den|toi) (?:het )?(?:ngay )?[\d/. ]+\d")
_TITLE = re.compile(
    r"\W*(?:(?:bang|bieu|phu luc|mau)\b[^:.]{0,20}[:. ]+)?(?:so |bao cao )?"
    r"(?:tinh hinh|ket qua|tong hop|thong ke|danh muc|bang|bieu)\b"
)
_LIKE = re.compile(r"\b(cung ky(?: nam (?:truoc|ngoai)| (?:nam )?\d{4})?)")
_UNTIL_DAY = re.compile(r"\bden (?:het )?(?:ngay )?(\d{1,2} ?[/.-] ?\d{1,2} ?[/.-] ?\d{4})\b")
_CAPTION = re.compile(r"\W*(?:bang|bieu|phu luc|mau)\b")
_UNTIL = re.compile(r"so lieu.*?\bden (?:het )?((?:thang|quy|ngay|nam|cuoi) .*)")
_PART = re.compile(r"\bquy (?:[1-4]|i{1,3}|iv)\b|\b(?:[369]|0[369]|ba|sau|chin) thang\b")
_CUMULATED = re.compile(r"\bluy ke\b|\btu dau nam\b|\bcong don\b")
_ANY_YEAR = re.compile(r"\b(?:19|20)[0-9]{2}\b")
# What a table is compared with, and what it is attached to, is not what it is of.
_OF_ELSE = re.compile(
    r"\b(?:so (?:voi|sanh)|kem theo|ban hanh|theo (?:quyet dinh|thong tu|nghi|ke hoach|cong van))"
    r"\b[^)]*"
)
_SHEET = re.compile(r"trang tính '(?P<name>.*)',")


# --- Captions, sheets, appendices -----------------------------------------------------------------


@dataclass(frozen=True)
class Unread:
    """Words that name a time which no quarter is: a month, a plan, a span of years.

    `reason` is the code of why: the time of a quarter to come is one of its own.
    """

    words: str
    reason: str = "no_quarter"


Time = Slot | Unread
_NEAR = dt.timedelta(days=20)  # by which the days of a report are early or late
_STATED = re.compile(r"\W*(?:ky (?:bao cao|so lieu)|so lieu ky)\b")
_ALL_YEAR = re.compile(r"(?:so lieu |tong hop |bieu |bao cao |ket qua )?(?:ca )?nam|ca nam.*")
_IN_SHORT = {"bc": "bao cao", "kq": "ket qua", "lk": "luy ke", "th": "tong hop"}
# "Q1.2024", "Q.II": how sheets are named.
_SHORT_QUARTER = re.compile(r"\bq(?:u[yi])?[ ._-]*(iv|i{1,3}|[1-4])(?![0-9a-z])")
_CLEAR_QUARTER = re.compile(
    r"\b(?:qui ?|q ?\.? ?(?=i|[1-4][ /.-]*(?:nam )?20\d\d))(iv|i{1,3}|[1-4])(?![0-9a-z])"
)
_HAPPENED = re.compile(r"\b(?:bao cao|ket qua|tinh hinh|tong hop|thong ke|so lieu)\b")
_TO_COME = re.compile(r"\b(?:ke hoach|nhiem vu|phuong huong|muc tieu|chi tieu|du kien|uoc)\b")
_ALONE = re.compile(
    r"\W*(?:quy (?:[1-4]|i{1,3}|iv)|(?:[369]|0[369]) thang(?: dau nam)?|nam)"
    r"[ ./-]*(?:nam )?\d{4}\W*"
)
_PLANNED = re.compile(r"\b(?:ke hoach|muc tieu)(?: \w+){0,2} (?:quy|nam|thang)\b")
_NO_QUARTER = re.compile(
    r"(?<!den )(?<!den het )(?<!\d )\bthang (?:0?[1-9]|1[0-2])(?:/| nam|\b(?! dau))"
    r"|\b(?:[124578]|0[124578]|1[01]|hai|bon|nam|bay|tam|muoi|muoi mot) thang\b(?! \d)"
    r"|\b[36] thang cuoi nam\b|\bgiai doan (?:19|20)\d\d|\bdu kien\b|\buoc thuc hien\b"
    r"|^\W*(?:bieu[^:.]*[:.] ?)?ke hoach (?:quy|nam|thang|thuc hien)"
)


SEVERAL = "several_times"
_AHEAD = re.compile(r"(?:nhiem vu|phuong huong|ke hoach|muc tieu|du kien)\b")
_OUTLOOK = re.compile(rf"(?:,|;|-|\bva) +{_AHEAD.pattern}.*")
# Dossiers of one time that are settled in another: "hồ sơ năm 2023 chuyển sang", "tồn năm 2023".
_LEFT_OVER = re.compile(
    r"\bnam (?:19|20)\d\d\b[^,;.]*\bchuyen (?:sang|qua|tiep)|\bton (?:dong |cua |tu )*nam (?:19|20)"
)
# "Kết quả quý trước", but not "Hồ sơ kỳ trước chuyển sang".
_TIME_BEFORE = re.compile(
    r"(?!.*\b(?:ton|chuyen|tu|den|cung)\b).*\b(?P<of>quy|ky|nam) (?:truoc|ngoai)(?: lien ke)?\W*"
)
# A day, and the year of a law, are no times of figures.
_NO_TIME = re.compile(
    r"\b\d{1,2} thang \d{1,2} nam \d{4}"
    r"|\b(?:luat|nghi dinh|nghi quyet|quyet dinh|thong tu|chi thi|de an)\b[^,;]*?\bnam \d{4}"
    r"|\b(?:chuong trinh|chien luoc|de an|ke hoach)\b[^,;]*?\bgiai doan \d{4} ?- ?\d{4}"
)
_AND = r" ?(?:,|;|-|–|va|den(?: het)?|toi) ?"
_SOME_QUARTERS = re.compile(
    rf"\bquy (?:(?:iv|i{{1,3}})\b(?:{_AND}(?:quy )?(?:iv|i{{1,3}})\b)*"
    rf"|[1-4]\b(?:{_AND}(?:quy )?[1-4]\b(?! ?(?:thang|[./]\d)))*)"
)
_SOME_YEARS = re.compile(
    rf"(?:\bnam |\b(?:quy (?:iv|i{{1,3}}|[1-4])|[369] thang) ?[./-] ?)"
    rf"((?:19|20)\d\d\b(?:{_AND}(?:nam )?(?:19|20)\d\d\b)*)"
)
_SOME_MONTHS = re.compile(r"\b(?:0?[369]|ba|sau|chin)(?= thang\b)")
_WITH_OTHER = re.compile(
    r"\bquy\b.*(?:,|;|\bva) (?:so )?(?:luy ke|tu dau nam|(?:ca )?nam\b)"
    r"|(?:,|;|\bva) (?:cung ky|quy truoc|ky truoc)\b"
)


# Other words for a year and its parts.
_SAID_OTHERWISE = [
    (re.compile(pattern), plain)
    for pattern, plain in (
        (r"\b(quy (?:iv|i{1,3}|[1-4])),? \(?(?=nam (?:19|20)\d\d)", r"\1 "),
        (r"\b(?:12|muoi hai) thang(?: dau)?(?: cua)?(?: nam)?\b[ /.-]*", "ca nam "),
        (r"\b(?:4|bon) quy(?: cua)?(?: nam)?\b(?! [ivx\d]+\b)[ /.-]*", "ca nam "),
        (
            r"\b(?:nua dau(?: cua)? nam|ban nien|(?:2|hai) quy dau(?: cua)?(?: nam)?)\b",
            "6 thang dau nam",
        ),
        (r"\b(?:3|ba) quy dau(?: cua)?(?: nam)?\b", "9 thang dau nam"),
    )
]
_OWN_YEAR = re.compile(r"\bnam (?:nay|bao cao)\b|(?<=trong )nam\b(?! (?:19|20)\d\d| truoc| ngoai)")


def names_several(folded: str) -> bool:
    """Return whether a caption names several times, so that a figure may be of any of them.

    Examples
    --------
    >>> [names_several(text) for text in ("cac quy ii, iii nam 2024", "quy iii va 9 thang")]
    [True, True]
    >>> [names_several(text) for text in ("luy ke den quy iii/2024", "quy iii nam 2024")]
    [False, False]
    """
    folded = _NO_TIME.sub(" ", _OUTLOOK.sub("", folded))
    if names_both(folded) or _WITH_OTHER.search(folded):
        return True
    lists = " ".join(some[0] for some in _SOME_QUARTERS.finditer(folded))
    quarters = {_ROMAN.get(one) or int(one) for one in re.findall(r"\b(?:i{1,3}|iv|\d)\b", lists)}
    years = {*_ANY_YEAR.findall(" ".join(_SOME_YEARS.findall(folded)))}
    return max(map(len, (quarters, years, {*_SOME_MONTHS.findall(folded)}))) > 1


def _time_in(text: str, period: pd.Period, *, sheet: bool) -> Time | None:
    """Return the time that a text names; where its words name none, that of the days it states.

    Examples
    --------
    >>> days = "(Từ ngày 01/01/2024 đến ngày 30/9/2024)"
    >>> _time_in(days, pd.Period("2024Q3"), sheet=False)
    (Period('2024Q3', 'Q-DEC'), 'year_to_date')
    """
    time = _time_in_words(text, period, sheet=sheet)
    if time is None and (days := _days_of(text)) is not None:
        return _time_of_days(days, period)
    return time


@lru_cache(maxsize=10_000)
def _time_in_words(text: str, period: pd.Period, *, sheet: bool) -> Time | None:
    if len(text) > LONGEST:
        return None
    short = _SHORT_QUARTER if sheet else _CLEAR_QUARTER
    folded = _OF_ELSE.sub("", _NO_TIME.sub(" ", _OUTLOOK.sub("", fold(text))))
    folded = short.sub(r"quy \1", folded)
    for said, plain in _SAID_OTHERWISE:
        folded = said.sub(plain, folded)
    folded = _OWN_YEAR.sub(f"nam {period.year}", folded)
    if names_several(folded) or _LEFT_OVER.search(folded):
        return Unread(text, SEVERAL if names_several(folded) else "no_quarter")
    until = None if _DAYS.search(folded) else _UNTIL_DAY.search(folded)
    if until is not None and not _ends_near(until[1], period):
        return Unread(text)
    if not _PART.search(folded) and (like := _LIKE.search(folded)):
        # Of another year what the report is of this one: its basis is the report's.
        return _year_before(like[1], period), ""
    if before := _TIME_BEFORE.fullmatch(folded):
        of_year = pd.Period(f"{period.year - 1}Q4", "Q-DEC"), YEAR_TO_DATE
        return of_year if before["of"] == "nam" else (period - 1, "")
    return _named_time(folded, text, period, sheet=sheet)


def _named_time(folded: str, text: str, period: pd.Period, *, sheet: bool) -> Time | None:
    planned = _PLANNED.search(folded) and not _HAPPENED.search(folded)
    years = _ANY_YEAR.findall(folded)
    if _PART.search(folded) or any(year != str(period.year) for year in years):
        slot = _dated(folded if years else f"{folded} nam {period.year}")
        if slot is not None and (slot[0] <= period or sheet or _is_of_results(folded)):
            return Unread(text, "planned") if planned else slot
        if slot is not None:
            return Unread(text, "later")
        return Unread(text) if _NO_QUARTER.search(folded) else None
    if planned:
        return Unread(text, "planned")
    return Unread(text) if _NO_QUARTER.search(folded) else _undated(folded, period)


def _is_of_results(folded: str) -> bool:
    """Return whether what stands over a table is of what was, of whatever quarter.

    "Kỳ báo cáo: Quý IV" is no plan, even where the report begins with another quarter.
    """
    happened = _HAPPENED.search(folded) and not _TO_COME.search(folded)
    return bool(happened) or _STATED.match(folded) is not None


# A caption that is of the report's own year, and of no part of it: "Năm 2024"; of the last quarter
# also "Bảng 1. Kết quả năm 2024", which in others only says of which year they are.
_YEAR_ALONE = re.compile(
    r".*\bca nam\b(?: (?:19|20)\d\d)?\W*"
    r"|(?!bao cao\b)\W*(?:(?:bang|bieu)(?: so)? [\w.]+[.:]?(?: ?-)? )?"
    r"(?:(?P<of>.*\b(?:so lieu|ket qua|tinh hinh|tong hop|thong ke)\b(?:.*[a-z)])? )(?:- ?)?"
    r"|(?=.*\bnam\b))\(?(?:(?:trong|cua) )?(?:nam )?(?:19|20)\d\d(?: (?:cua|tai) .*)?\W*"
)


def _undated(folded: str, period: pd.Period) -> Slot | None:
    year = _YEAR_ALONE.fullmatch(folded)
    if _CUMULATED.search(folded) or year and (period.quarter == 4 or not year["of"]):
        return period, YEAR_TO_DATE
    return (period, IN_PERIOD) if re.search(r"\btrong quy\b", folded) else None


def _dated(text: str) -> Slot | None:
    text = re.sub(r"(quy \w+)[.-](?=\d{4})", r"\1 nam ", text)  # "Quý 1.2023"
    try:
        named, basis = parse_period(text), parse_basis(text)
    except PeriodError:
        return None
    return (named, basis) if named.freqstr == "Q-DEC" and basis != AS_OF else None


class SourcedTime(NamedTuple):
    """A time, its words, and which piece of the document they are."""

    time: Time
    words: str
    piece: str = "above"


def first_time(texts: Iterable[str], period: pd.Period) -> SourcedTime | None:
    """Return what the first of some texts that names a time tells.

    Of several times in the title of the report its head tells which one it is; a caption of its
    own, "Bảng 2. …", is no part of that title.
    """
    lines = [*texts]
    times = [(_time_in(text, period, sheet=False), text) for text in lines]
    if any(fold(text).startswith("bao cao") for text in lines):
        times = [
            (one, text)
            for one, text in times
            if one != Unread(text, SEVERAL) or _CAPTION.match(fold(text))
        ]
    return next((SourcedTime(one, text) for one, text in times if one is not None), None)


# A title that is broken between the words of its time: "… quý IV", "năm 2024".
_BROKEN = re.compile(r"\b(?:quy(?: (?:iv|i{1,3}|[1-4]))?|thang(?: dau)?|dau|cua|trong|nam|va|,)$")
_GOES_ON = re.compile(
    r"(?:va |cua )?(?:(?:dau |cuoi )?nam\b|\d{4}\b|thang\b|(?:iv|i{1,3}|[1-4])\b(?![.)]))"
)


def own_slots(document: Document, period: pd.Period) -> dict[int, SourcedTime]:
    """Return the period and basis that each table's caption, sheet or appendix names.

    The lines right above a table come first, the nearest before the others; then a line above it
    that states the period and nothing else; then the name of its sheet, then the title of the
    appendix that it stands in.

    Returns
    -------
    Grid number -> period and basis, or words that name no quarter, and what tells them; without
    those that have none.
    """
    slots: dict[int, SourcedTime] = {}
    above: list[str] = []
    stated: list[str] = []
    last: Grid | None = None  # right above, with no line between
    sheet = ""
    repeated = _titles_of_sheets(document)
    for block in document.blocks:
        here = _SHEET.match(block.place)
        if (here["name"] if here else "") != sheet:
            sheet, above, stated = here["name"] if here else "", [], []
        if isinstance(block, Paragraph):
            last = None
            # A sentence is no caption, and parts what stands above it from the table.
            line = f"{above.pop()} {block.text}" if _is_broken(above, block.text) else block.text
            above = [] if block.text.endswith((".", ";")) else [*above, line]
            folded = fold(line)
            if _STATED.match(folded) or _ALONE.fullmatch(folded):
                stated.insert(0, line)
            continue
        near = [*above[: -_LINES - 1 : -1], *(stated if sheet or above else ())]
        time = nearer(first_time(near, period), _around(sheet, block, period), repeated)
        time = time or slots.get(_goes_on(last, block))
        if time is not None:
            slots[block.number] = time
        above, last = [], None if sheet else block
    return slots


def _is_broken(above: Sequence[str], text: str) -> bool:
    """Return whether a line goes on with the one above it."""
    last, folded = fold(above[-1]) if above else "", fold(text)
    if last == "bao cao":
        return _CAPTION.match(folded) is None
    goes_on = folded.startswith("va ") or last.endswith((",", "-")) or not _ANY_YEAR.search(last)
    if last.startswith("bao cao") and goes_on and _AHEAD.match(folded.removeprefix("va ")):
        return True
    return _GOES_ON.match(folded) is not None and _BROKEN.search(last) is not None


def _goes_on(last: Grid | None, grid: Grid) -> int:
    """Return the number of the grid right above that goes on after a page break; -1 if none."""
    if last is None or last.columns != grid.columns:
        return -1
    same = all(grid.text_at(0, at) == last.text_at(0, at) for at in range(grid.columns))
    return last.number if same else -1


def _titles_of_sheets(document: Document) -> frozenset[str]:
    """Return the titles of a report that stand alike on several sheets: their names tell which."""
    titles = {
        (block.text, sheet["name"])
        for block in document.blocks
        if isinstance(block, Paragraph)
        and fold(block.text).startswith("bao cao")
        and (sheet := _SHEET.match(block.place))
    }
    count = Counter(text for text, _ in titles)
    return frozenset(text for text, sheets in count.items() if sheets > 1)


def nearer(
    near: SourcedTime | None,
    around: SourcedTime | None,
    repeated: Collection[str] = (),
) -> SourcedTime | None:
    """Return the nearest time; of several times that which the sheet is named by.

    So it is below a title that is `repeated` on other sheets.
    """
    several = near is not None and (
        near.time == Unread(near.words, SEVERAL) or near.words in repeated
    )
    of_sheet = around is not None and around.piece == "sheet"
    return around if near is None or several and of_sheet else near


def _around(sheet: str, grid: Grid, period: pd.Period) -> SourcedTime | None:
    """Return the time that the name of a table's sheet tells, or else the title of its appendix."""
    if of_sheet := _of_sheet(sheet, period):
        return SourcedTime(of_sheet, sheet, "sheet")
    for heading in reversed(grid.section.split(" > ")):
        if _TO_COME.search(fold(heading)) or heading.endswith((".", ";", ",", "…")):
            break  # what follows on plans are the tables of the report as well
        if (time := _time_in(heading, period, sheet=False)) is not None:
            return SourcedTime(time, heading, "heading")
    of_appendix = first_time(_appendix(grid), period)
    return of_appendix and of_appendix._replace(piece="appendix")


def _of_sheet(name: str, period: pd.Period) -> Time | None:
    """Return what the name of a sheet tells: "Q1.2024", "Cả năm"."""
    plain = " ".join(_IN_SHORT.get(one, one) for one in fold(name).replace("_", " ").split())
    if _ALL_YEAR.fullmatch(plain):
        return period, YEAR_TO_DATE
    months = re.sub(r"\b(\d{1,2}) ?t(?=(?:hg)?\b|[./-]?(?:19|20)\d\d)[./-]?", r"\1 thang ", plain)
    time = _time_in(months, period, sheet=True)
    return replace(time, words=name) if isinstance(time, Unread) else time


def _appendix(grid: Grid) -> list[str]:
    top = grid.section.partition(" > ")[0]
    return [top] if fold(top).startswith(("phu luc", "bieu", "bang")) else []


def own_windows(
    document: Document, windows: Iterable[tuple[Window, str]] = ()
) -> dict[int, Window]:
    """Return the days that the title of each table's appendix, or its caption, states.

    Parameters
    ----------
    document : it.
    windows : days that are read already, with the place of the paragraph that states them.

    Returns
    -------
    Grid number -> window; without those that have none.
    """
    read = {place: window for window, place in windows}
    own: dict[int, Window] = {}
    part, current, caption = "", None, None
    for block in document.blocks:
        sheet = _SHEET.match(block.place)
        top = f"trang tính {sheet['name']}" if sheet else block.section.partition(" > ")[0]
        if top != part:
            part, current, caption = top, None, None
        if isinstance(block, Paragraph):
            caption = _days_of(block.text)
            # The days of a sentence are those of the table that it introduces.
            if caption is None and not block.text.endswith((".", ";")):
                caption = read.get(block.place)
            if caption is not None and (sheet or fold(top).startswith("phu luc")):
                current = caption
        elif (window := caption or current) is not None:
            own[block.number] = window
    return own


_LED = re.compile(
    r"\W*(?:bao cao|bieu|bang|phu luc|tong hop|ket qua|tinh hinh|thong ke|[ivx\d]+[.)])\b"
)
_ITS_NAME = re.compile(r"(?:tên )?(?:đơn vị|cơ quan)(?: báo cáo)?\s*:\s*", re.IGNORECASE)
_OF_WHOM = re.compile(
    r".*\bcủa\s+(?P<who>.*?)(?:,? (?:(?:trong )?(?:quý|kỳ|năm|tháng)|\d+ tháng|từ ngày|đến)\b.*"
    r"|\s*[(;:].*|\W*)",
    re.IGNORECASE,
)
_NO_NAME = re.compile(r"\b(?:bao cao|thuc hien|ket qua|da|duoc|giai quyet|tiep nhan|chua|co)\b")
# What goes on after a name: "Số liệu của Sở Nội vụ cung cấp".
_VERB = re.compile(
    r"\b(?:cung cấp|tổng hợp|gửi|lập|báo cáo|nộp|chuyển|trình|đề nghị|phụ trách|chủ trì|ban hành"
    r"|thẩm định|theo dõi|rà soát|thống kê|công bố|tham mưu|phê duyệt|quản lý(?=$))\b"
)
_OF_OTHERS = re.compile(r"\b(?:theo|kem|ban hanh|gui|cong van|quyet dinh|phuc vu|chi dao)\b")
_FEW = 4  # words of a name after that of its kind
_LONGEST_NAME = 60  # characters of the name of an agency


class SourcedScope(NamedTuple):
    """Whose and of which level a table is, the words of it, and which piece of the document."""

    scope: Scope
    words: str
    piece: str


def titled_scope(titles: Iterable[str], agency: str) -> SourcedScope | None:
    """Return whose and of which level the titles inside a table say it is, None if they do not."""
    return _first_scope([(title, "above") for title in titles], agency)


def own_scopes(document: Document, agency: str) -> dict[int, SourcedScope]:
    """Return whose and of which level the line above each table, its sheet or its section says.

    Parameters
    ----------
    document : it; the lines of its head, above its title, name its sender and no table.
    agency : who sends it: a table that is called the sender's is that of nobody else.

    Returns
    -------
    Grid number -> scope, without those of which nothing is said.
    """
    scopes: dict[int, SourcedScope] = {}
    around = _Around()
    for block in document.blocks:
        around.enter(block)
        if isinstance(block, Paragraph):
            around.take(block.text)
        elif own := _first_scope(around.leave(), agency):
            scopes[block.number] = own
    return scopes


DOUBT = "doubt"  # the piece of a name of which it is not clear whether a table is that agency's
_SUMMARY = re.compile(r"\b(?:tổng hợp|chung)\b", re.IGNORECASE)


class _Around:
    """The lines around the next table, while a document is read from its top."""

    def __init__(self) -> None:
        self._sheet = self._section = ""
        self._near: list[str] = []
        self._named: list[str] = []  # the last agency's name, which holds for the tables below it
        self._doubt = False  # whether words since then leave open what it holds for
        self._before = ""  # the last line that is no name
        self._used = False  # whether a table stands below it already
        self._led = False  # past the head of the document

    def enter(self, block: Paragraph | Grid) -> None:
        """Begin anew on another sheet or under another heading."""
        place = _SHEET.match(block.place)
        where = place["name"] if place else "", block.section
        if where != (self._sheet, self._section):
            self._sheet, self._section = where
            self._near, self._named = [], []

    def take(self, text: str) -> None:
        """Take a paragraph; a sentence is no caption, and parts a name above it from the tables.

        Of the first of these it is not clear whose it is.
        """
        self._led = self._led or _LED.match(fold(text)) is not None
        is_name = _is_name_alone(text)
        if is_name and leads_on(self._before):
            return  # whom a letter is to
        self._before = "" if is_name else text
        ends = text.endswith((".", ";"))
        if not self._led or names_all(text):
            self._near, self._named = [], []
        elif ends:
            self._near, self._named = [], [] if self._used else self._named
        self._doubt = not is_name and (self._doubt or ends or _SUMMARY.search(text) is not None)
        if self._led and not ends:
            self._near.append(text)
            if is_name:
                self._named, self._used = [text], False

    def leave(self) -> list[tuple[str, str]]:
        """Return the lines around a table, the nearest first, and which piece each is."""
        above = [(line, "above") for line in self._near[: -_LINES - 1 : -1]]
        above += [(line, DOUBT if self._doubt else "above") for line in self._named]
        headings = [(line, "heading") for line in reversed(self._section.split(" > "))]
        self._led, self._used, self._near = True, True, []
        return [*above, *([(self._sheet, "sheet")] if self._sheet else []), *headings]


def _first_scope(lines: Sequence[tuple[str, str]], agency: str) -> SourcedScope | None:
    """Return the first agency, else the first level, that lines name; None of the sender's own."""
    for line, piece in lines:
        if who := _agency_in(line):
            own, its = fold_agency(who), fold_agency(agency)
            if own not in its and its not in own and not is_own_office(who, agency):
                return SourcedScope(Scope(agency=who), line, piece)
            if _OF_WHOM.fullmatch(line):
                return None
    for line, piece in lines:
        if level := level_of(line) if piece == "above" or is_level(line) else "":
            return SourcedScope(Scope(level=level), line, piece)
    return None


@lru_cache(maxsize=2_000)
def _agency_in(line: str) -> str:
    """Return the agency that a line above a table names, "" where it names none.

    Examples
    --------
    >>> _agency_in("Đơn vị: UBND xã An Mẫu"), _agency_in("2. Kết quả của Sở Tư pháp quý III/2024")
    ('UBND xã An Mẫu', 'Sở Tư pháp')
    """
    plain = _ITS_NAME.sub("", re.sub(r"^\W*(?:\d+|[IVX]+|[a-zđ])[.)]\s+", "", line))
    of = None if _OF_OTHERS.search(fold(line)) else _OF_WHOM.fullmatch(plain)
    names = (plain.strip(" .:"), of["who"].strip() if of else "")
    name = next(filter(_is_name, names), "")
    return name_in_small_letters(name) if name.isupper() else name


def _is_name_alone(line: str) -> bool:
    return _agency_in(line) != "" and not _OF_WHOM.fullmatch(line)


def _is_name(text: str) -> bool:
    """Return whether a text is an agency's name as it is written, and no sentence about it.

    Examples
    --------
    >>> [_is_name(text) for text in ("Sở Y tế", "UBND xã An Mẫu", "Văn phòng Sở lập kế hoạch quý")]
    [True, True, False]
    """
    if len(text) > _LONGEST_NAME or not is_body(text) or _NO_NAME.search(fold(text)):
        return False
    written = " ".join(unicodedata.normalize("NFC", text).split())
    body = _BODY.fullmatch(written.casefold())
    own = written[-len(body["name"]) :] if body else ""
    first, *_, last = (*own.split(), *own.split())
    begins = first[:1].isupper() or first in ("tỉnh", "huyện", "xã", "phường", "quận", "đặc")
    ends = last[:1].isupper() or len(own.split()) <= _FEW or fold(text) in departments()
    return begins and ends and not _VERB.search(written)


def _time_of_days(days: Window, period: pd.Period) -> Time:
    """Return the time that the days of a table are, as near as reports keep to them."""
    quarter = pd.Period(days.end, freq="Q-DEC")
    times = [(one, basis) for one in (period, quarter) for basis in (IN_PERIOD, YEAR_TO_DATE)]
    near = (time for time in times if any(_is_near(days, span) for span in _spans(*time)))
    time = next(near, None)
    if time is None or time[0] > period:
        return Unread(str(days), "later" if time else "no_quarter")
    return time


def _spans(quarter: pd.Period, basis: str) -> tuple[Window, Window]:
    """Return the days of a quarter, or of the year up to its end: the decree's, the calendar's."""
    start = quarter.start_time.date()
    start = dt.date(quarter.year, 1, 1) if basis == YEAR_TO_DATE else start
    return Window.of(quarter, basis), Window(start, quarter.end_time.date())


def _ends_near(day: str, period: pd.Period) -> bool:
    """Return whether a day is about the end of a quarter, as the decree or the calendar has it."""
    read = read_date(day)
    if read is None or read.date is None:
        return False
    ends = (span.end for span in _spans(period, IN_PERIOD))
    return any(end is not None and abs(read.date - end) <= _NEAR for end in ends)


def _is_near(days: Window, span: Window) -> bool:
    pairs = ((days.start, span.start), (days.end, span.end))
    return all(one and other and abs(one - other) <= _NEAR for one, other in pairs)


def _days_of(text: str) -> Window | None:
    if len(text) > LONGEST_OF_DAYS or "/" not in text:
        return None
    folded = fold(text)
    days = _DAYS.search(folded)
    # What ends in a colon introduces the table below it.
    stated = "so lieu" in folded or folded.startswith("(tu") or folded.endswith(":")
    # The title of a table ends in its days; in a sentence more follows.
    stated = stated or bool(days and _TITLE.match(folded) and not folded[days.end() :].strip(" )."))
    if not stated:
        return None
    read = read_date(days[0]) if days else None
    if read is None or read.date is None or read.date_to is None:
        return None
    return Window(read.date, read.date_to)


# --- Headings and notes ---------------------------------------------------------------------------


def default_slot(form: Form, period: pd.Period, basis: str, own: str = "") -> Slot:
    """Return the period and basis of a figure whose heading tells none.

    Parameters
    ----------
    form : tells its usual basis.
    period, basis : those of the report.
    own : the basis of the row, where it is not that of the form.
    """
    usual = own or form.basis
    return period, basis if usual == IN_PERIOD else usual


@kept(10_000)
def slot_of(
    path: tuple[str, ...], form: Form, period: pd.Period, basis: str, alone: bool
) -> Slot | None:
    """Return the period and basis that a column's headings name, None where they name none.

    Parameters
    ----------
    path : the headings, top first.
    form : tells the basis where a heading does not.
    period, basis : those of the report.
    alone : whether the column is the only one of figures, so that "Tổng số" sums no quarters.
    """
    if not path:
        return None
    leaf = " ".join(_PARENTHESES.sub(" ", fold(path[-1])).split()).strip(" :.")
    last = any(_LAST_YEAR.fullmatch(fold(level)) for level in path[:-1])
    year = period.year - last
    flow = AS_OF if form.basis == AS_OF else YEAR_TO_DATE
    usual = default_slot(form, period, basis)
    if leaf.startswith(("luy ke", "cong don")):
        return _cumulated(leaf, form, period, flow)
    if _SUM.fullmatch(leaf) and not alone:
        return pd.Period(f"{year}Q4", "Q-DEC") if last else period, flow
    if leaf in _plain_values() or not words(path[-1]) or alone and _SUM.fullmatch(leaf):
        return usual
    slot = _relative(leaf, period, usual, flow)
    named = slot is None and not (is_other(leaf) or is_share((leaf,)))
    return _named(leaf, form, period, year, flow) if named else slot


def _relative(leaf: str, period: pd.Period, usual: Slot, flow: str) -> Slot | None:
    """Return what a heading names beside the report's quarter: "Năm trước", "Cùng kỳ năm 2023"."""
    if (same := _same_period(leaf, period)) is not None:
        return same, usual[1]
    last_year = pd.Period(f"{period.year - 1}Q4", "Q-DEC")
    relative = (
        (_LAST_YEAR, (last_year, flow)),
        (_THIS_YEAR, (period, flow)),
        (_THIS, usual),
        (_SAME, (period - 4, usual[1])),
        (_BEFORE, (period - 1, usual[1])),
    )
    return next((slot for pattern, slot in relative if pattern.fullmatch(leaf)), None)


@kept(1)
def _plain_values() -> frozenset[str]:
    return frozenset(fold(text) for text in stated()["anatomy"]["value"])


def _named(leaf: str, form: Form, period: pd.Period, year: int, flow: str) -> Slot | None:
    """Return what a heading names: "Quý II/2020", "Năm 2020", "6 tháng đầu năm"."""
    if quarter := _QUARTER.fullmatch(leaf):
        number = _ROMAN.get(quarter[1]) or int(quarter[1])
        name = f"{quarter[2] or year}Q{number}"
        return pd.Period(name, "Q-DEC"), AS_OF if form.basis == AS_OF else IN_PERIOD
    if named := _YEAR.fullmatch(leaf):
        if int(named[1]) > period.year:
            return None
        here = int(named[1]) == period.year
        return (period if here else pd.Period(f"{named[1]}Q4", "Q-DEC")), flow
    if re.search(r"\d", _A_PERIOD.sub("", leaf)):
        return None  # "Tuần 1", "Đợt 2"
    text = leaf if _ANY_YEAR.search(leaf) else f"{leaf} nam {year}"
    try:
        until, basis = parse_period(text), parse_basis(text)
    except PeriodError:
        return None
    if until.freqstr != "Q-DEC" or text.startswith(leaf) and not re.search(r"\d|quy", leaf):
        return None
    return until, AS_OF if form.basis == AS_OF else basis


def is_sum(leaf: str) -> bool:
    """Return whether a heading is that of the sum of its neighbours: "Cộng", but not "Cả năm"."""
    folded = fold(leaf).strip(" :.")
    return _SUM.fullmatch(folded) is not None and folded != "ca nam"


def same_of(slots: Mapping[int, Slot], paths: Sequence[tuple[str, ...]]) -> dict[int, Slot]:
    """Return the slots with "cùng kỳ năm trước" a year before the column to its left."""
    same = dict(slots)
    for column in sorted(slots):
        leaf = fold(paths[column][-1]) if paths[column] else ""
        left = max((other for other in slots if other < column), default=None)
        if left is not None and _SAME.fullmatch(leaf):
            period, basis = same[left]
            same[column] = period - 4, basis
    return same


_PERIOD = re.compile(
    r"(?:ket qua |thuc hien )?(?:(?:quy (?:iv|i{1,3}|[1-4])|(?:[369]|0[369]) thang(?: dau nam)?)"
    r"(?:[ /.-]*(?:nam )?\d{4})?|(?:nam )?(?:19|20)\d\d)"
)
_A_PERIOD = re.compile(
    r"\b(?:quy [1-4]\b|(?:[369]|0[369]) thang\b|[1-4]/(?=(?:19|20)\d\d\b)|(?:19|20)\d\d\b)"
)
_WHEN = (
    r"(?:trong |cua )?(?P<time>quy (?:iv|i{1,3}|[1-4])(?:[ /.-]*(?:nam )?\d{4})?"
    r"|(?:[369]|0[369]) thang(?: dau nam)?(?:[ /.-]*(?:nam )?\d{4})?|(?:nam )?(?:19|20)\d\d"
    r"|cung ky(?: nam (?:truoc|ngoai)| (?:nam )?\d{4})?)"
)
_TIME_LAST = re.compile(rf"(?P<rest>.*?\w)[ ,;:(-]+{_WHEN}\)?")
_TIME_FIRST = re.compile(rf"{_WHEN}[ ,;:)-]+(?P<rest>\D*)")
# "Tồn quý trước", "Từ quý II", "Quý II chuyển sang" name what was carried over, not when; the year
# of a decree is none of the figures.
_MOVED = re.compile(
    r"(?:.*\b)?(?:ton|tu|den|het)(?: cua)?|(?:chuyen|ton)\b.*"
    r"|.*\b(?:nghi dinh|nd|nghi quyet|nq|thong tu|tt|quyet dinh|qd|luat|iso|tcvn)\b.*"
)
_SAME_PERIOD = re.compile(r"cung ky(?: nam (?:truoc|ngoai)| (?:nam )?\d{4})?")
_CUMULATED_PART = (
    r"(?P<time>(?:luy ke|cong don)(?: tu dau nam)?"
    r"(?: (?:den|toi)(?: het)? quy (?:iv|i{1,3}|[1-4]))?(?: (?:[369]|0[369]) thang(?: dau nam)?)?)"
)
_QUARTER_PART = r"(?P<time>(?:trong )?quy (?:nay|bao cao)|trong quy)"
_APART = [
    re.compile(pattern)
    for time in (_CUMULATED_PART, _QUARTER_PART)
    for pattern in (rf"{time}[ ,;:(-]+(?P<rest>\w.*)", rf"(?P<rest>.*?\w)[ ,;:(-]+{time}\)?")
]
_UP_TO = re.compile(r"(?:luy ke|cong don)(?: tu dau nam)?(?: (?:den|toi)(?: het)?)? ?")
_IN_THIS = re.compile(r"trong (?:quy|ky)(?: bao cao)?(?: nay)?")
_OTHER = re.compile(
    r"\bke hoach\b|\bdu kien\b|\buoc\b|\bmuc tieu\b|\bphan dau\b|\bso sanh\b|\bso voi\b"
    r"|\bchenh lech\b|\btang\b|\bgiam\b|\bso cung ky\b|\bthang (?:0?[1-9]|1[0-2])\b"
    r"|\b[36] thang cuoi nam\b|\bgiai doan\b|\b(?:[124578]|1[01]) thang\b"
    # A quarter or a district.
    r"|\bq ?\.? ?[1-4]\W*$"
)
_SHARE = re.compile(r"\bty (?:le|trong|suat)\b|%|\bphan tram\b|\bmuc do hai long\b")


def _same_period(folded: str, period: pd.Period) -> pd.Period | None:
    """Return the same quarter of another year that a heading names: "Cùng kỳ năm 2023"."""
    return _year_before(folded, period) if _SAME_PERIOD.fullmatch(folded) else None


def _year_before(folded: str, period: pd.Period) -> pd.Period:
    """Return the same quarter of the year that a text names, of the one before if it names none."""
    year = _ANY_YEAR.search(folded)
    return period - 4 * (period.year - int(year[0]) if year else 1)


def is_share(path: Sequence[str]) -> bool:
    """Return whether a column holds shares by its headings, which are counted anew."""
    return any(map(_names_share, map(fold, path[-2:])))


@lru_cache(maxsize=2_000)
def _names_share(folded: str) -> bool:
    return _SHARE.search(folded) is not None


def is_this_period(text: str) -> bool:
    """Return whether a heading above others is that of the report's own period."""
    return _IN_THIS.fullmatch(fold(text).strip(" :.")) is not None


@lru_cache(maxsize=5_000)
def is_other(text: str) -> bool:
    """Return whether no figures of a period stand below a heading: a plan, a change."""
    return _OTHER.search(fold(text)) is not None


@lru_cache(maxsize=10_000)
def heading_slot(
    text: str, form: Form, period: pd.Period, basis: str, *, leaf: bool, year: int = 0
) -> Slot | None:
    """Return the period and basis that one heading above figures names, and nothing else.

    Parameters
    ----------
    text : the heading.
    form, period, basis : of the report.
    leaf : whether it is the last one above a column, where "Kỳ trước" may be what was carried over.
    year : of a quarter that tells none, where a heading above it does; else that of the report.
    """
    # "Q3" alone may be a district.
    folded = _CLEAR_QUARTER.sub(r"quy \1", fold(text))
    folded = " ".join(_PARENTHESES.sub(" ", folded).split()).strip(" :.")
    usual = default_slot(form, period, basis)
    flow = AS_OF if form.basis == AS_OF else YEAR_TO_DATE
    if (same := _same_period(folded, period)) is not None:
        return same, usual[1]
    if (of_year := _year_of(folded, period)) is not None:
        return of_year, flow
    if folded.startswith(("luy ke", "cong don")):
        return _cumulated(folded, form, period, flow)
    if folded in ("quy nay", "quy bao cao") or not leaf and _THIS.fullmatch(folded):
        return usual
    if _BEFORE.fullmatch(folded) and (not leaf or folded.startswith("quy")):
        return period - 1, usual[1]
    if not _PERIOD.fullmatch(folded):
        return None
    plain = folded.removeprefix("ket qua ").removeprefix("thuc hien ")
    return _named(plain, form, period, year or period.year, flow)


def _year_of(folded: str, period: pd.Period) -> pd.Period | None:
    """Return the last quarter of a year that a heading names in full: "Cả năm 2023"."""
    if _LAST_YEAR.fullmatch(folded):
        return pd.Period(f"{period.year - 1}Q4", "Q-DEC")
    named = _FULL_YEAR.fullmatch(folded)
    year = int(named[1] or period.year) if named else period.year
    if year > period.year or not (named or _THIS_YEAR.fullmatch(folded)):
        return None
    return period if year == period.year else pd.Period(f"{year}Q4", "Q-DEC")


def parted(text: str) -> tuple[str, str]:
    """Return a heading that ends or begins with a time as what it counts and when, folded.

    Examples
    --------
    >>> parted("Tiếp nhận quý II/2024"), parted("Quý II chuyển sang")
    (('tiep nhan', 'quy ii/2024'), ('', ''))
    """
    folded = _CLEAR_QUARTER.sub(r"quy \1", fold(text))
    parts = _TIME_LAST.fullmatch(folded) or _TIME_FIRST.fullmatch(folded)
    if parts is None or _MOVED.fullmatch(parts["rest"]) or is_other(folded):
        return "", ""
    return parts["rest"], parts["time"]


def with_times_above(paths: Mapping[int, tuple[str, ...]]) -> dict[int, tuple[str, ...]]:
    """Return headings of the quarter beside those of the year to date with these times above them.

    "Tiếp nhận trong quý" alone is what came in anew; beside "Lũy kế tiếp nhận" it is of the quarter
    what that one is of the year.

    Examples
    --------
    >>> with_times_above({2: ("Tiếp nhận trong quý",), 3: ("Lũy kế tiếp nhận",)})
    {2: ('trong quy', 'tiep nhan'), 3: ('luy ke', 'tiep nhan')}
    """
    parts = {
        column: part
        for column, path in paths.items()
        if path
        and (part := next(filter(None, (one.fullmatch(fold(path[-1])) for one in _APART)), None))
    }
    if len({part["time"].startswith(("luy ke", "cong don")) for part in parts.values()}) < 2:
        return {**paths}
    return {
        column: (parts[column]["time"], *path[:-1], parts[column]["rest"])
        if column in parts
        else path
        for column, path in paths.items()
    }


def _cumulated(folded: str, form: Form, period: pd.Period, flow: str) -> Slot | None:
    """Return until when a heading sums up: "Lũy kế", "Lũy kế 6 tháng", "Lũy kế đến hết quý II"."""
    until = _UP_TO.sub("", folded)
    if not _PERIOD.fullmatch(until):
        month = re.match(r"thang 0?(\d{1,2})\b", until)
        return None if month and int(month[1]) != 3 * period.quarter else (period, flow)
    named = _named(until, form, period, period.year, flow)
    return None if named is None else (named[0], flow)


def note_quarter(note: str) -> pd.Period | None:
    """Return the quarter up to which the figure of a note counts.

    Examples
    --------
    >>> note_quarter("Số liệu tính đến tháng 6/2020")
    Period('2020Q2', 'Q-DEC')
    """
    until = _UNTIL.search(fold(note))
    if not until:
        return None
    day = read_date(until[1].strip(" .)"))
    if day is not None and day.date is not None:
        return pd.Period(day.date, "Q-DEC")
    try:
        return parse_period(until[1]).asfreq("Q-DEC")
    except PeriodError:
        return None


# --- Labels of rows -------------------------------------------------------------------------------

_TIMELY = re.compile(r"\b(?:quy|thang|nam|cung ky|luy ke|cong don|giai doan|tuan)\b")
_SUMMED = re.compile(r"(?:tong(?: so| cong)?|cong)[ :]+(?=\S)")
_ROW_OF_NO_QUARTER = re.compile(
    r"(?:trong |tu |den |luy ke )*(?:thang|tuan) ?\d{1,2}\b(?:[ ./,&-]|\d|va |den |nam |thang )*"
    r"|(?:trong )?\d{1,2} thang(?: (?:dau|cuoi) nam)?[\d ./-]*(?:nam \d{4})?"
    r"|giai doan [\d -]+|(?:ke hoach|du kien|uoc(?: thuc hien)?|muc tieu) (?:quy|nam|thang)\b.*"
)
_COMPARED = re.compile(r"\W*(?:muc )?(?:so sanh|so voi|chenh lech|tang ?[/,(]|tang giam)")
_BARE = {"quy", "thang", "nam"}  # headings that their cells go on with: "Quý" above "III"
LONGEST_TIME = 60  # characters of a label that names a time


@lru_cache(maxsize=20_000)
def row_time(text: str, form: Form, period: pd.Period, basis: str) -> Time | None:
    """Return the time that the label of a row names, None where it names another thing.

    A quarter after that of the report is a plan's.
    """
    folded = fold(text).strip(" :.")
    if len(folded) > LONGEST_TIME or not _TIMELY.search(folded):
        return None
    folded = _SUMMED.sub("", folded, count=1) if names_sum(folded) else folded
    slot = heading_slot(folded, form, period, basis, leaf=True)
    if slot is not None:
        return slot if slot[0] <= period else Unread(text, "row_later")
    return Unread(text, "row_time") if _ROW_OF_NO_QUARTER.fullmatch(folded) else None


@lru_cache(maxsize=5_000)
def names_no_counts(text: str) -> bool:
    """Return whether the label of a row is that of shares or of a comparison, of no counts.

    Examples
    --------
    >>> [names_no_counts(text) for text in ("Tỷ lệ (%)", "Tăng/giảm (%)", "Giảm nghèo")]
    [True, True, False]
    """
    return is_share((text,)) or _COMPARED.match(fold(text)) is not None


def names_sum(text: str) -> bool:
    """Return whether a label begins as that of a sum does: "Cộng quý III"."""
    return _SUMMED.match(fold(text)) is not None


@lru_cache(maxsize=20_000)
def is_time(text: str) -> bool:
    """Return whether a text names a time and nothing else.

    Examples
    --------
    >>> [is_time(text) for text in ("Quý I/2025", "Tháng 7", "Hộ tịch", "Năm trước chuyển sang")]
    [True, True, False, False]
    """
    return row_time(text, DOSSIERS, pd.Period("2026Q4", "Q-DEC"), IN_PERIOD) is not None


def with_heading(heading: str, text: str) -> str:
    """Return a cell below "Quý", "Tháng" or "Năm" as it is read: "Quý III".

    Examples
    --------
    >>> with_heading("Quý", "III"), with_heading("Lĩnh vực", "Hộ tịch")
    ('Quý III', 'Hộ tịch')
    """
    first = fold(heading).strip(" .:")
    return f"{heading} {text}" if text and first in _BARE and not is_time(text) else text
