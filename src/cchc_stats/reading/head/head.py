"""The head of a report: who reports, under which number, when signed, on which period and days."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from cchc_stats.reading.files import Document, Paragraph, plain_text, tidy
from cchc_stats.reading.prose import message
from cchc_stats.words import (
    IN_PERIOD,
    YEAR_TO_DATE,
    PeriodError,
    PrintedDate,
    Window,
    abbreviations,
    departments,
    fold,
    fold_agency,
    label_period,
    match_agency,
    name_in_small_letters,
    parse_basis,
    parse_period,
    read_date,
    require_language,
)

# Patterns read text without diacritics; capitals stand, for the first letters of names.
ATTACHED = re.compile(r"kem theo bao cao", re.IGNORECASE)
CLOSING = re.compile(r"tren day la (?:toan bo )?(?:noi dung )?bao cao", re.IGNORECASE)
_KINDS = (
    r"(?:So|Ban|Chi cuc|Cuc|Phong|Van phong|Thanh tra|UBND|Uy ban nhan dan|Trung tam|Truong"
    r"|Chi nhanh|Dac khu|Hoi dong nhan dan|HDND|Doan|Doi|To)"
)
_LETTERHEAD = re.compile(
    rf"(?:{_KINDS}|Bo|Tong cuc|Cong an|Bao hiem xa hoi|Kho bac|Benh vien|Vien|Chi nhanh|Hoi|Kho)"
    r"\b(?! *[:.])[^.:;0-9/]*(?:(?:phuong|quan|khu vuc|khu|so) [0-9]{1,2})?",
    re.IGNORECASE,
)
_LEVEL = r"(?:tinh|thanh pho|tp\.?|huyen|quan|thi xa|xa|phuong|thi tran|dac khu)"
# Names that go on in the line below, and the lines that go on with a name.
_OPEN = re.compile(
    r"(?:UBND|uy ban nhan dan|so|ban|ban quan ly|chi cuc|cuc|trung tam(?: phuc vu)?|truong"
    rf"|(?:UBND|uy ban nhan dan) {_LEVEL}"
    r"|van phong dang ky|chi nhanh(?: van phong(?: dang ky(?: dat dai)?)?)?)|.* (?:va|cua)|.*[,-]",
    re.IGNORECASE,
)
_ON = re.compile(rf"va .*|{_LEVEL} .*", re.IGNORECASE)
_COMMITTEE = re.compile(
    rf"(?:ubnd|uy ban nhan dan|hdnd|hoi dong nhan dan) (?P<place>{_LEVEL} .+)", re.IGNORECASE
)
_PLACED = re.compile(rf"\b{_LEVEL} (?!hoi\b)\S", re.IGNORECASE)
_BARE_LEVEL = re.compile(r".* (?P<level>tinh|huyen|quan|thi xa|xa|phuong)", re.IGNORECASE)
_PART_OF = re.compile(r"(?:van phong|phong|trung tam|ban)\b")
# Two lines of a letterhead that came as one.
_TWO_BODIES = re.compile(
    r"((?:UBND|[ỦU][YỶ] BAN NHÂN DÂN) (?:TỈNH|THÀNH PHỐ|TP|HUYỆN|QUẬN|XÃ|PHƯỜNG) .+?)\s+"
    r"((?:SỞ|BAN QUẢN LÝ|VĂN PHÒNG|TRUNG TÂM|CHI CỤC|PHÒNG)\s.+)"
)
_OFFICE = re.compile(r"van phong", re.IGNORECASE)
_LINES = 15  # of a letterhead above which no title stands
_REPORTER = re.compile(
    r"[-+* ]*(?:ten )?don vi(?: bao cao| thuc hien| lap bao cao)? ?: ?"
    rf"(?P<agency>{_KINDS}\b[^.:;()0-9]*)",
    re.IGNORECASE,
)
_MOTTO = re.compile(r" *(?:CONG HOA XA HOI|DOC LAP).*", re.IGNORECASE)
_OF = re.compile(rf"\bcua (?P<agency>{_KINDS}\b(?:(?! kinh | gui | xin )[^.,;:()/0-9])*)")
_NO_NAME = re.compile(
    r"(?:tong hop|bieu|bang|danh sach|thong ke|ket qua|tinh hinh|phu luc|bao cao|so lieu|mau|dang"
    r"|quy|cong tac|ve viec|v/v|ban sao|ban hanh|hoa toc|khan|mat)\b"
    r"|.*\b(?:dau|trong|cuoi|ca) nam\b",
    re.IGNORECASE,
)


def agencies(
    paragraphs: Sequence[Paragraph], start: int, city: str, symbol: str = ""
) -> Iterator[tuple[str, str]]:
    """Yield who reports as the letterhead, the appendices and the last sentence name it.

    `symbol` is that of the report's own number: where the letterhead names a people's committee
    alone and the symbol is of one of its bodies, that body reports.
    """
    # Without a title only capitals mark the letterhead.
    above = paragraphs[:start] or [one for one in paragraphs[:_LINES] if one.text.isupper()]
    if heads := _letterhead(above):
        name, place = _sender(heads, symbol)
        if name:
            yield _written(name, city, paragraphs), place
    for one in paragraphs:
        wording = plain_text(one.text)
        if line := _REPORTER.fullmatch(wording.plain):
            yield _written(wording.printed(*line.span("agency")), city, paragraphs), one.place
    for wanted in (ATTACHED, CLOSING):
        for one in paragraphs:
            wording = plain_text(one.text)
            begins = wanted.search(wording.plain)
            # The last "của": "báo cáo kết quả của năm 2020 của Sở Nội vụ".
            named = [*_OF.finditer(wording.plain, begins.end())] if begins else []
            if named:
                first, last = named[-1].span("agency")
                last = first + _with_commas(wording.plain[first:], last - first)
                yield _written(wording.printed(first, last), city, paragraphs), one.place


def _with_commas(plain: str, end: int) -> int:
    """Return where a name ends of which decrees spell one with commas: that of a department."""
    low = fold(plain)
    longest = max((len(one) for one in departments() if low.startswith(one)), default=0)
    if longest <= end:
        return end
    rest = re.match(r"[^.,;:()/0-9]*", plain[longest:])
    return longest + (rest.end() if rest else 0)


def _sender(heads: Sequence[tuple[str, str]], symbol: str) -> tuple[str, str]:
    """Return who of a letterhead reports: its last line, with the place of the body above it."""
    name, place = heads[-1]
    plain = fold(name).strip()
    above = next(filter(None, (_committee(one) for one, _ in reversed(heads[:-1]))), "")
    if _OFFICE.fullmatch(plain) and len(heads) > 1:
        return f"Văn phòng {heads[-2][0]}", place
    if (its := _committee(name)) and (own := _of_symbol(symbol, its)) is not None:
        return own, place
    level = _BARE_LEVEL.fullmatch(plain)
    if level and above and fold(above).startswith(level["level"]):
        return f"{name.strip()} {above[len(level['level']) :].strip()}", place
    within = above and not fold(above).startswith(("tinh", "thanh pho", "tp"))
    if within and _PART_OF.match(plain) and not _PLACED.search(plain):
        # The centre of a commune is one of thousands of that name.
        return f"{name.strip()} {above.strip()}", place
    return name, place


def _committee(name: str) -> str:
    """Return level and place of a people's committee as printed, "" of another body."""
    wording = plain_text(name.strip())
    match = _COMMITTEE.fullmatch(wording.plain)
    return wording.printed(*match.span("place")) if match else ""


_OF_A_BODY = re.compile(r"s[a-z]{2,}|bql[a-z]*|tt[a-z]*|cc[a-z]{2,}|p[a-z]{2,}|cn[a-z]{2,}")


def _of_symbol(symbol: str, place: str = "") -> str | None:
    """Return the department that a symbol such as "BC-STP" is of.

    None where it names none, or the committee's own `place`: "BC-PHUDIEN" of phường Phú Diễn; ""
    where it is of another body than a committee that no list has: then the letterhead's line is
    the superior's.
    """
    parts = [part for part in re.split("[-/.]", symbol) if part]
    if len(parts) < 2 or parts[0] != "BC":
        return None
    body = fold(parts[1]).replace("&", "")
    for words in (fold(place), re.sub(rf"{_LEVEL} ", "", fold(place), count=1)):
        # Each word may be whole or its first letter: "PPD", "PHUDIEN", "PDIEN".
        short = (f"{word[0]}(?:{word[1:]})?" for word in re.findall(r"\w+", words))
        if place and re.fullmatch("".join(short), body):
            return None
    named = [spelled for spelled in departments().values() if _initials(spelled) == body]
    if len(named) == 1:
        return named[0]
    return "" if _OF_A_BODY.fullmatch(body) else None


def _initials(name: str) -> str:
    return "".join(word[0] for word in re.findall(r"\w+", fold(name)) if word != "va")


def _letterhead(above: Sequence[Paragraph]) -> list[tuple[str, str]]:
    """Return the agencies that a letterhead names, the highest first, with their places.

    A name may go on in the line below: "ỦY BAN NHÂN DÂN" above "HUYỆN TUY PHƯỚC". A line in
    capitals below a complete name is the next body, of whatever kind.
    """
    lines = [(*_without_motto(part), one.place) for one in above for part in _bodies(one.text)]
    lines = [line for line in lines if any(map(str.isalpha, line[0]))]
    bodies: list[tuple[str, str]] = []
    at = 0
    while at < len(lines):
        plain, name, place = lines[at]
        at += 1
        if not _is_name(plain, name, under=bool(bodies)):
            continue
        while at < len(lines) and _goes_on(name, lines[at]):
            name += f" {lines[at][1].strip()}"
            at += 1
        bodies.append((name, place))
    return bodies


def _bodies(line: str) -> Sequence[str]:
    """Return the bodies of a line: of one, or of two that came as one."""
    match = _TWO_BODIES.fullmatch(line.strip())
    return match.groups() if match else (line,)


def _is_name(plain: str, printed: str, *, under: bool) -> bool:
    """Return whether a line names a body; under another one capitals are enough."""
    if "," in plain and not printed.isupper() and fold(plain).strip() not in departments():
        return False
    if _LETTERHEAD.fullmatch(plain):
        return not _NO_NAME.match(plain)
    words = plain.replace(" ", "").replace("-", "").replace(",", "")
    return under and printed.isupper() and words.isalpha() and not _NO_NAME.match(plain)


def _goes_on(name: str, below: tuple[str, str, str]) -> bool:
    plain, printed, _ = below
    words = plain.replace(" ", "").replace("-", "").replace(",", "")
    if not printed.isupper() or not words.isalpha() or _NO_NAME.match(plain):
        return False
    so_far = fold(name).strip()
    if _ON.fullmatch(plain):
        # "UBND TỈNH A" and below it "XÃ B" are two bodies, "SỞ Y TẾ" and "TỈNH A" one.
        return plain.lower().startswith("va ") or not _PLACED.search(so_far)
    if _OPEN.fullmatch(so_far):
        return not _LETTERHEAD.fullmatch(plain)
    # A department's name that is not complete yet.
    names = {_words_alone(one) for one in departments()}
    return _words_alone(so_far) not in names and _words_alone(f"{so_far} {fold(plain)}") in names


def _words_alone(name: str) -> str:
    return " ".join(re.findall(r"\w+", name))


def _without_motto(text: str) -> tuple[str, str]:
    """Return a line of the letterhead, plain and as printed, without the motto beside it."""
    wording = plain_text(text)
    motto = _MOTTO.search(wording.plain)
    end = motto.start() if motto else len(wording.plain)
    return wording.plain[:end].rstrip(), wording.printed(0, end)


def _written(name: str, city: str, paragraphs: Sequence[Paragraph]) -> str:
    """Return an agency's name written out, a department's with its province where it is named."""
    words = abbreviations()
    capitals = name.isupper()
    name = re.sub(
        r"\b[A-ZĐ][A-ZĐ&-]*[A-ZĐ]\b",
        lambda short: words.get(re.sub("[&-]", "", short[0]), short[0]),
        " ".join(name.replace(" & ", " và ").split()).strip(" -–,"),
    )
    if capitals or any(len(word) > 2 and word.isupper() for word in name.split()):
        # Capitals hide which words are names: as it is spelled elsewhere, if it is.
        spelled = (one for one in _spelled(re.escape(fold(name)), paragraphs) if not _shouts(one))
        name = next(spelled, departments().get(fold(name), name_in_small_letters(name)))
    if city and fold(name).startswith("so ") and fold(city) not in fold(name):
        for level, printed in (("tinh", "tỉnh"), ("thanh pho", "thành phố")):
            # The letterhead above may be the only one to name it, in capitals.
            if next(_spelled(rf"{level} {re.escape(fold(city))}\b", paragraphs), ""):
                return f"{name} {printed} {city}"
    return name


def _shouts(name: str) -> bool:
    return any(len(word) > 1 and word.isupper() for word in name.split())


def _spelled(pattern: str, paragraphs: Sequence[Paragraph]) -> Iterator[str]:
    for one in paragraphs:
        wording = plain_text(one.text)
        if match := re.search(rf"\b{pattern}", wording.plain, re.IGNORECASE):
            yield wording.printed(*match.span())


AddFault = Callable[..., None]

_CITY = r"(?:(?i:thanh pho|tp\.?) ?)?[A-Z][A-Za-z]*(?: (?:- )?[A-Z][A-Za-z]*){0,3}(?: [0-9]{1,2})?"
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
    r"so lieu|ky bao cao|thoi gian bao cao|tinh tu|^\(?tu (?:ngay )?[0-9]|ky nay", re.IGNORECASE
)
_APPENDIX = re.compile(r"phu luc\b", re.IGNORECASE)
_LONGEST_LINE = 250  # characters


def date_line(paragraphs: Sequence[Paragraph]) -> tuple[int, re.Match[str]] | None:
    """Return which paragraph is the line "Huế, ngày … tháng 9 năm 2020", and its match."""
    for at, one in enumerate(paragraphs):
        match = _DATE_LINE.search(plain_text(one.text).plain)
        if match and len(one.text) <= _LONGEST_LINE and match.end() >= len(match.string) - 2:
            return at, match
    return None


def signed_on(
    paragraphs: Sequence[Paragraph], line: tuple[int, re.Match[str]] | None, fault: AddFault
) -> tuple[dt.date | None, str]:
    """Return the day of signature and its place: the date line's, else the appendix's."""
    days: list[tuple[dt.date, str]] = []
    printed = plain_text(paragraphs[line[0]].text).printed(*line[1].span("date")) if line else ""
    if line and line[1]["day"] and line[1]["month"]:
        _read_day(printed, paragraphs[line[0]].place, days, fault)
    for one in paragraphs:
        wording = plain_text(one.text)
        attached = ATTACHED.search(wording.plain)
        for match in _ATTACHED_DAY.finditer(wording.plain, attached.end()) if attached else ():
            _read_day(wording.printed(*match.span()), one.place, days, fault)
    if not days:
        fault("no_date")
        return None, ""
    first, place = days[0]
    if line and not line[1]["day"]:
        _blank_day_faults(line[1], printed, first, fault)
    if other := next((day for day, _ in days if day != first), None):
        fault("dates", first=f"{first:%d/%m/%Y}", second=f"{other:%d/%m/%Y}")
    return first, place


def _blank_day_faults(line: re.Match[str], printed: str, day: dt.date, fault: AddFault) -> None:
    fault("blank_day", printed=printed, date=f"{day:%d/%m/%Y}")
    if (day.year, day.month) != (int(line["year"]), int(line["month"] or day.month)):
        fault("other_month", date=f"{day:%d/%m/%Y}", printed=printed)


def _read_day(text: str, place: str, days: list[tuple[dt.date, str]], fault: AddFault) -> None:
    # "ngày12 tháng 9" is typed as well.
    read = read_date(fold(re.sub("^ngay", "ngay ", fold(text))))
    if read is None or read.date is None:
        fault("no_such_day", printed=text)
    else:
        days.append((read.date, place))


def stated_windows(
    paragraphs: Sequence[Paragraph], fault: AddFault
) -> Iterator[tuple[Window, str, bool]]:
    """Yield the stated days of figures, their place, and whether they are the letter's own."""
    own = True
    for one in paragraphs:
        wording = plain_text(one.text)
        own &= not _APPENDIX.match(wording.plain)
        for match in _RANGE.finditer(wording.plain) if _OF_FIGURES.search(wording.plain) else ():
            last = read_date(fold(match["last"]))
            first = _completed(match["first"], last.date if last else None)
            if last and first and last.date and first.date and first.date <= last.date:
                yield Window(first.date, last.date), one.place, own
            else:
                fault("windows", printed=wording.printed(*match.span()))


def _completed(first: str, last: dt.date | None) -> PrintedDate | None:
    """Return the first day of a range, which may leave month and year to the last."""
    if last is not None and not re.search("[0-9]{4}$", first):
        if "thang" in fold(first):
            first += f" nam {last.year}"
        else:
            first += f"/{last.year}" if re.search("[/.-]", first) else f"/{last.month}/{last.year}"
    return read_date(fold(first))


_HEADING = re.compile(
    r"(?:[IVX]+|[0-9]+|[a-z])[.)] ?|kinh gui|phu luc|thuc hien|can cu|\(", re.IGNORECASE
)
# The text itself: it begins with words of time, or counts.
_LEAD_IN = re.compile(
    r"(?:trong|tinh|ke tu|tu|den|thuc hien|cung ky|qua|sau|nham|nam|quy|[0-9]+ thang)\b[^,]*, ?"
    r"(?!phuong huong|nhiem vu|ke hoach|va\b)",
    re.IGNORECASE,
)
_COUNT = re.compile(r"\b[0-9][0-9.]* (?:ho so|TTHC|thu tuc|don vi|van ban|nguoi)\b|[0-9] ?%")
_LONGEST_TITLE = 250  # of a title; what is longer is the text itself
_FIRST_LINES = 40  # where a title is looked for
# What a report speaks of after the period it is of.
_OUTLOOK = re.compile(r",?(?: va)? (?:phuong huong|nhiem vu)\b|(?:,| va) ke hoach\b", re.IGNORECASE)
# A form that is handed in without a letter has a title of its own, and a line for its period; a
# letter (công văn) states its subject.
_FORM_TITLE = re.compile(
    r"(?:v/v|ve viec|phu luc|bieu|bang|thong ke|tong hop|tinh hinh|ket qua|so lieu|cong tac)\b",
    re.IGNORECASE,
)
_QUARTER = re.compile(
    r"(?<!den )(?<!het )(?<!toi )(?<!cuoi )(?<!luy ke )\bquy (?:[1-4]|i{1,3}|iv)\b"
)
_FROM_START = re.compile(
    r"\b(?:[369]|0[369]|ba|sau|chin) thang\b|\bluy ke\b|\btu dau nam\b|\bca nam\b|\bva nam \d"
)
_MONTHS = r"(?:[0-9]+|mot|hai|ba|bon|nam|sau|bay|tam|chin|muoi(?: mot| hai)?)"
_PERIOD_LINE = re.compile(
    rf"[-+*( ]*(?:ky bao cao ?:? ?|bao cao |trong |thoi gian ?:? ?)?"
    rf"(?:quy|thang|{_MONTHS} thang|{_MONTHS} quy|nam|luy ke|tu dau nam)\b[^.;:]*"
    r"\b(?:19|20)[0-9]{2}[) ]*",
    re.IGNORECASE,
)
_SOME_MONTHS = re.compile(rf"\b{_MONTHS} (?:thang|quy)\b")
# Spans that are no quarter, though a year stands beside them.
_OTHER_SPAN = re.compile(r"\b(?:tuan (?:thu )?[0-9ivx]+|dot [0-9ivx]+|hoc ky|giai doan)\b")
_LONGEST_PERIOD = 80  # characters of a line that names a period alone
_BELOW = 8  # lines from the title on, where its period is looked for
_STATED = re.compile(r"[-+(* ]*ky bao cao ?: ?(?P<period>[^()]*)", re.IGNORECASE)


def is_title(paragraph: Paragraph) -> bool:
    """Return whether a report's title begins here."""
    return fold(paragraph.text).startswith("bao cao")


def find_title(
    paragraphs: Sequence[Paragraph], captions: Collection[str] = ()
) -> tuple[int, str, str]:
    """Return which paragraph the title starts with, its text, and its place; 0, "", "" if none.

    Where no line begins with "Báo cáo", the title is that of a form: in capitals or beginning as
    forms do ("Thống kê …"), and with a quarter in it. A title that names its period does not go on
    with the caption of a table.
    """
    first_lines = paragraphs[:_FIRST_LINES]
    start = next((at for at, one in enumerate(first_lines) if is_title(one)), None)
    if start is None:
        return _form_title(first_lines)
    end = start + 1
    while end < min(len(paragraphs), start + 4) and _titles_on(
        paragraphs[start:end], paragraphs[end].text, captions
    ):
        end += 1
    title = " ".join(" ".join(one.text.split()) for one in paragraphs[start:end])
    first, rest = title[:7], title[7:].strip()
    if first.isupper() and rest and not rest.isupper():
        # The line stands in capitals; what follows begins one, and no name.
        line = " ".join(paragraphs[start].text.split())
        line = line if line.isupper() else first
        rest = title[len(line) :].strip()
        title = f"{line.capitalize()} {rest[0].lower()}{rest[1:]}"
    return start, title, paragraphs[end - 1].place


def _form_title(lines: Sequence[Paragraph]) -> tuple[int, str, str]:
    """Return the title of a form, whose period may stand on a line of its own below it."""
    for at, one in enumerate(lines):
        if _is_form_title(one.text):
            return at, one.text, one.place
        if not _FORM_TITLE.match(plain_text(one.text).plain) or one.text.endswith((".", ";", ":")):
            continue
        for below in lines[at + 1 : at + 4]:
            if _is_period_line(below.text):
                return at, f"{one.text} {below.text}", below.place
    return 0, "", ""


def _is_period_line(text: str) -> bool:
    """Return whether a line names a period and nothing else."""
    return len(text) <= _LONGEST_PERIOD and bool(_PERIOD_LINE.fullmatch(plain_text(text).plain))


def _titles_on(so_far: Sequence[Paragraph], text: str, captions: Collection[str]) -> bool:
    """Return whether a title goes on with the next line."""
    wording = plain_text(text)
    is_apart = text in captions or _LEAD_IN.match(wording.plain) is not None
    if is_apart and _names_period(" ".join(one.text for one in so_far)):
        return False
    first = len(so_far) == 1 and fold(so_far[0].text) == "bao cao"
    ends = text.endswith((".", ":")) or text.endswith(";") and not first
    sentence = ends or len(text) > _LONGEST_TITLE
    return not sentence and not _HEADING.match(wording.plain) and not _COUNT.search(wording.plain)


def _is_form_title(text: str) -> bool:
    if len(text) > _LONGEST_TITLE or text.endswith((".", ";", ":")):
        return False
    if not text.isupper() and not _FORM_TITLE.match(plain_text(text).plain):
        return False
    try:
        return _parsed(text)[0].freqstr == "Q-DEC"
    except PeriodError:
        return False


def named_period(
    title: tuple[str, str, int],
    paragraphs: Sequence[Paragraph],
    windows: Sequence[tuple[Window, str, bool]],
    fault: AddFault,
    lang: str,
) -> tuple[tuple[pd.Period, ...], str, str, str]:
    """Return the quarters that are named, the basis and the place of the first, and another span.

    The quarters are those of the title, else of a line below it, of a line "Kỳ báo cáo: …" or of
    the last sentence, else the quarter that the stated days are. A title of other months has none.
    """
    quarters, why, span = _stated_periods(title, paragraphs, lang)
    if not quarters and not span:
        quarters = _of_windows(windows)
        why = [str(window) for window, _, own in windows if own] or why
    if not quarters:
        fault("no_period", why=f": {why[0]}" if why else "")
        return (), "", "", span
    period, basis, place, both = quarters[0]
    first = label_period(period, lang=lang)
    if differs := next((one[0] for one in quarters if one[0] != period), None):
        fault("periods", first=first, second=label_period(differs, lang=lang))
    if both:
        fault("both_bases", period=first)
    return tuple(dict.fromkeys(one[0] for one in quarters)), basis, place, ""


def _stated_periods(
    title: tuple[str, str, int], paragraphs: Sequence[Paragraph], lang: str
) -> tuple[list[tuple[pd.Period, str, str, bool]], list[str], str]:
    """Return the quarters that are named, why others are none, and what names another span."""
    quarters: list[tuple[pd.Period, str, str, bool]] = []
    why: list[str] = []
    span = ""
    for text, place, is_title in _naming_period(title, paragraphs):
        try:
            period, basis, both = _parsed(text)
        except PeriodError as error:
            several = re.findall(r"[0-9]{4}(?:Q[1-4]|-[0-9]{2})", error.what)
            code = "several_periods" if several else "no_period_named"
            periods = ", ".join(label_period(_period_of(one), lang=lang) for one in several)
            why.append(message(code, lang=lang, periods=periods, printed=error.where))
            span = text if _SOME_MONTHS.search(fold(text)) else span
        else:
            if refused := _no_quarter(text, period, lang):
                why.insert(0, f"{refused} ({text})")
                span = text
            else:
                quarters.append((period, basis, place, both))
        if is_title and span:
            break  # a closing sentence makes no quarter of ten months
    return quarters, why, span


def _period_of(code: str) -> pd.Period:
    return pd.Period(code, freq="Q-DEC" if "Q" in code else "M")


def _no_quarter(text: str, period: pd.Period, lang: str) -> str:
    """Return the span that a text names in place of a quarter, "" where it names one."""
    if period.freqstr == "M":
        return label_period(period, lang=lang)
    wording = plain_text(text)
    other = None if _QUARTER.search(fold(text)) else _OTHER_SPAN.search(wording.plain.lower())
    return wording.printed(*other.span()) if other else ""


def _naming_period(
    title: tuple[str, str, int], paragraphs: Sequence[Paragraph]
) -> Iterator[tuple[str, str, bool]]:
    """Yield what names the period, its place, and whether it is the title.

    The title, lines of their own below it, lines "Kỳ báo cáo: …", the last sentence.
    """
    text, place, start = title
    if text:
        yield text, place, True
    below = paragraphs[start : start + _BELOW] if text else paragraphs[:_FIRST_LINES]
    for one in below:
        if _is_period_line(one.text) and fold(one.text) not in fold(text):
            yield one.text, one.place, not text
    wordings = [(plain_text(one.text), one) for one in paragraphs]
    for plain, one in wordings:
        if line := _STATED.match(plain.plain):
            yield plain.printed(*line.span("period")), one.place, False
    for plain, one in wordings:
        if CLOSING.search(plain.plain):
            yield one.text, one.place, False


def _of_windows(
    windows: Sequence[tuple[Window, str, bool]],
) -> list[tuple[pd.Period, str, str, bool]]:
    """Return the quarter that the letter's own days are: the decree's, or the calendar's."""
    quarters = []
    for window, place, own in windows:
        quarter = pd.Period(window.end, freq="Q-DEC")
        first, last = quarter.start_time.date(), quarter.end_time.date()
        spans = {
            IN_PERIOD: (Window.of(quarter), Window(first, last)),
            YEAR_TO_DATE: (
                Window.of(quarter, YEAR_TO_DATE),
                Window(dt.date(quarter.year, 1, 1), last),
            ),
        }
        basis = next((basis for basis, same in spans.items() if window in same), None)
        if own and basis:
            quarters.append((quarter, basis, place, False))
    return quarters


def names_both(text: str) -> bool:
    """Return whether a text names a quarter and what was counted from the year's start.

    Examples
    --------
    >>> names_both("Quý III và 9 tháng đầu năm 2020"), names_both("Lũy kế đến quý III/2020")
    (True, False)
    >>> names_both("Quý IV và năm 2020"), names_both("Quý IV năm 2020")
    (True, False)
    """
    folded = fold(text)
    return bool(_QUARTER.search(folded) and _FROM_START.search(folded))


def _names_period(text: str) -> bool:
    try:
        _parsed(text)
    except PeriodError:
        return False
    return True


@lru_cache(maxsize=1_000)
def _parsed(text: str) -> tuple[pd.Period, str, bool]:
    """Return the period, the basis, and whether a text names the quarter and the year to date.

    Without what it states of the time to come. Of one that names both the quarter stands.
    """
    wording = plain_text(text)
    outlook = _OUTLOOK.search(wording.plain)
    if outlook:
        part = wording.printed(0, outlook.start())
        years = set(re.findall(r"\b(?:19|20)[0-9]{2}\b", wording.plain))
        if len(years) == 1 and not re.search(r"\b(?:19|20)[0-9]{2}\b", part):
            part += f" năm {years.pop()}"
        try:
            return _with_basis(part)
        except PeriodError:
            pass  # the outlook is part of the name after all
    return _with_basis(text)


def _with_basis(text: str) -> tuple[pd.Period, str, bool]:
    period = parse_period(text)
    if names_both(text):
        return period, IN_PERIOD, True
    return period, parse_basis(text), False


_NUMBER = re.compile(
    r"\b[Ss][oO] ?:? ?(?P<number>[0-9]*)[ .…_]*(?P<symbol>/ ?BC(?:[-/.&][A-Za-z0-9&]+)+)"
)
# Of a letter (công văn), which has the body first and no kind: "Số: 1234/SYT-VP".
_LETTER = re.compile(
    r"[Ss][oO] ?: ?(?P<number>[0-9]*)[ .…_]*(?P<symbol>/ ?[A-Z][A-Z&]+(?:[-/.&][A-Za-z0-9&]+)*)"
    r"(?= *$| {2,}|\t| *[A-Z][a-z])"
)
_LETTERHEAD_LINES = 15
_LONGEST_HEADLINE = 60  # characters: a letter's head has no longer line above its title


@dataclass(frozen=True)
class Head:
    """What the head of a report states; "" and None where it does not.

    Attributes
    ----------
    agency : who reports, abbreviations of `agencies.toml` written out; a department (sở) with its
        province where the text names "tỉnh …" or "thành phố …" of the place of issue.
    number : as printed; "/BC-SNV" where the number itself is blank; that of a letter
        ("1234/SYT-VP") where it has no report's.
    signed_on : day of signature.
    place_of_issue : "Bình Định" of "Bình Định, ngày … tháng 9 năm 2020".
    period : the quarter; six and nine months and a year are named by their last.
    quarters : that, and the others that lines of the head and the last sentence name.
    other_span : what names a month or other months in place of a quarter, "" where nothing does.
    basis : `in_period` or `year_to_date`, as the title states; `in_period` and a fault where both
        are named.
    window : the days of the figures, where the letter itself states them.
    windows : all stated days with their place: those under an appendix's title are its own.
    title : as printed, in one line.
    symbols : the report's symbol as spelled each time, with its place.
    places : where agency, number, signed_on and period stand.
    faults : what is missing or contradicts itself, in words.
    """

    agency: str
    number: str
    signed_on: dt.date | None
    place_of_issue: str
    period: pd.Period | None
    quarters: tuple[pd.Period, ...]
    other_span: str
    basis: str
    window: Window | None
    windows: tuple[tuple[Window, str], ...]
    title: str
    symbols: tuple[tuple[str, str], ...]
    places: tuple[tuple[str, str], ...]
    faults: tuple[str, ...]


def read_head(document: Document | Iterable[Paragraph], *, lang: str = "vi") -> Head:
    """Return what the head of a report, its last sentence and its appendices' titles state of it.

    Parameters
    ----------
    document : it, or its paragraphs in their order. Of a document, a table above everything else is
        read as letterhead.
    lang : "vi" or "en", of the faults.

    Returns
    -------
    Head. No report is refused: what it leaves open is "" or None, and `faults` lists it. Where two
    sources differ the first stands (letterhead, appendix, last sentence) and a fault names both.
    A letter dated without a day takes that of its appendix ("Kèm theo Báo cáo … ngày 09/9/2020").

    Raises
    ------
    CchcError : another language.

    Examples
    --------
    >>> texts = (
    ...     "Số: 12/BC-SNV", "Huế, ngày 12 tháng 9 năm 2024", "BÁO CÁO",
    ...     "Công tác cải cách hành chính quý III năm 2024",
    ...     "Trên đây là báo cáo của Sở Nội vụ thành phố Huế./.",
    ... )
    >>> head = read_head([Paragraph(1, text, "", "đoạn 1") for text in texts])
    >>> head.agency, head.number, str(head.signed_on), str(head.period), head.faults
    ('Sở Nội vụ thành phố Huế', '12/BC-SNV', '2024-09-12', '2024Q3', ())
    """
    require_language(lang)
    paragraphs = _texts(document)
    faults: list[str] = []

    def fault(code: str, **words: object) -> None:
        faults.append(message(code, lang=lang, **words))

    grids = document.grids if isinstance(document, Document) else ()
    start, title, titled = find_title(paragraphs, {grid.caption for grid in grids})
    line = date_line(paragraphs)
    city = plain_text(paragraphs[line[0]].text).printed(*line[1].span("city")) if line else ""
    numbers = [*_numbers(paragraphs)] or [
        *_letter_numbers(paragraphs[: start if title else _LETTERHEAD_LINES])
    ]
    symbol = numbers[0][0].partition("/")[2] if numbers else ""
    agency = _first(agencies(paragraphs, start, city, symbol), ("agencies", "no_agency"), fault)
    # Where the letter has the number and the appendix its symbol alone, they agree.
    number = _first(
        sorted(numbers, key=lambda one: one[0].startswith("/")), ("numbers", "no_number"), fault
    )
    if number[0].startswith("/"):
        fault("blank_number", number=number[0])
    signed = signed_on(paragraphs, line, fault)
    backwards: list[dict[str, object]] = []
    windows = [*stated_windows(paragraphs, lambda _, **words: backwards.append(words))]
    quarters, basis, named, span = named_period(
        (title, titled, start), paragraphs, windows, fault, lang
    )
    for words in backwards:
        fault("windows", **words)
    places = {
        "agency": agency[1],
        "number": number[1],
        "signed_on": signed[1],
        "period": named,
    }
    return Head(
        agency=agency[0],
        number=number[0],
        signed_on=signed[0],
        place_of_issue=city,
        period=next(iter(quarters), None),
        quarters=quarters,
        other_span=span,
        basis=basis,
        window=next((window for window, _, own in windows if own), None),
        windows=tuple((window, place) for window, place, _ in windows),
        title=title,
        symbols=tuple((text.partition("/")[2], place) for text, place in numbers),
        places=tuple((what, place) for what, place in places.items() if place),
        faults=tuple(faults),
    )


def _texts(document: Document | Iterable[Paragraph]) -> list[Paragraph]:
    """Return the paragraphs, with the lines of a letterhead that is laid out as a table."""
    if not isinstance(document, Document):
        return list(document)
    paragraphs: list[Paragraph] = []
    in_letterhead = True
    for block in document.blocks:
        if isinstance(block, Paragraph):
            paragraphs.append(block)
            in_letterhead &= not is_title(block) and len(block.text) <= _LONGEST_HEADLINE
        elif in_letterhead:
            lines = (line for cell in block.cells for line in cell.raw.splitlines())
            paragraphs += [
                Paragraph(0, tidy(line), "", block.place) for line in lines if tidy(line)
            ]
    return paragraphs


def _numbers(paragraphs: Sequence[Paragraph]) -> Iterator[tuple[str, str]]:
    """Yield the report's own number: on a line of its own, or where an appendix names it."""
    for one in paragraphs:
        wording = plain_text(one.text)
        attached = ATTACHED.search(wording.plain)
        match = (
            _NUMBER.search(wording.plain, attached.start())
            if attached
            else _NUMBER.match(wording.plain)
        )
        if match:
            number = wording.printed(*match.span("number")) if match["number"] else ""
            yield number + wording.printed(*match.span("symbol")).replace(" ", ""), one.place


def _letter_numbers(above: Sequence[Paragraph]) -> Iterator[tuple[str, str]]:
    """Yield the number of a report that is sent as a letter, from the lines above its title."""
    for one in above:
        wording = plain_text(one.text)
        if match := _LETTER.match(wording.plain):
            number = wording.printed(*match.span("number")) if match["number"] else ""
            yield number + wording.printed(*match.span("symbol")).replace(" ", ""), one.place
            return


def _first(
    candidates: Iterable[tuple[str, str]], codes: tuple[str, str], fault: AddFault
) -> tuple[str, str]:
    """Return the first candidate with its place, with a fault where another differs."""
    several = list(candidates)
    if not several:
        fault(codes[1])
        return "", ""
    first = several[0][0]
    for other, _ in several[1:]:
        short, long = sorted((fold_agency(first), fold_agency(other)), key=len)
        # A name without its province, a number left blank: shorter, not another.
        if not (long.startswith(short) or (other.startswith("/") and first.endswith(other))):
            fault(codes[0], first=first, second=other)
            break
    return several[0]


def other_quarter(
    quarter: pd.Period, stated: Sequence[pd.Period], span: str = ""
) -> tuple[str, ...]:
    """Return a warning where a report is read as of a quarter that is none of those it states.

    `span` is what names a month or other months in place of a quarter: then it is of none.
    """
    if not stated and span:
        return (message("no_quarter", lang="vi", printed=span, quarter=label_period(quarter)),)
    if not stated or quarter in stated:
        return ()
    named = " và ".join(dict.fromkeys(map(label_period, stated)))
    return (message("other_quarter", lang="vi", stated=named, quarter=label_period(quarter)),)


def other_agency(agency: str, stated: str) -> tuple[str, ...]:
    """Return a warning where a report is read as another agency's than it states."""
    if not stated or agency == stated or match_agency(agency, [stated]).name:
        return ()
    return (message("other_agency", lang="vi", stated=stated, agency=agency),)
