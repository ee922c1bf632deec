"""The title of a report and the quarter that it names, or that a form's head names in its stead."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import lru_cache

import pandas as pd

from cchc_stats.reading.files import Paragraph, plain_text
from cchc_stats.reading.head.dates import Fault
from cchc_stats.reading.head.names import CLOSING
from cchc_stats.words import IN_PERIOD, PeriodError, fold, parse_basis, parse_period

_HEADING = re.compile(r"(?:[IVX]+|[0-9]+|[a-z])[.)] ?|kinh gui|thuc hien|can cu|\(", re.IGNORECASE)
_LONGEST_LINE = 250  # of a title; what is longer is the text itself
_FIRST_LINES = 40  # where a title is looked for
# What a report speaks of after the period it is of.
_OUTLOOK = re.compile(r",?(?: va)? (?:phuong huong|nhiem vu)\b|(?:,| va) ke hoach\b", re.IGNORECASE)
# A form that is handed in without a letter has a title of its own, and a line for its period; a
# letter (công văn) says what it is about.
_FORM_TITLE = re.compile(
    r"(?:v/v|ve viec|phu luc|bieu|bang|thong ke|tong hop|tinh hinh|ket qua|so lieu|cong tac)\b",
    re.IGNORECASE,
)
_QUARTER = re.compile(
    r"(?<!den )(?<!het )(?<!toi )(?<!cuoi )(?<!luy ke )\bquy (?:[1-4]|i{1,3}|iv)\b"
)
_FROM_START = re.compile(r"\b(?:[369]|0[369]|ba|sau|chin) thang\b|\bluy ke\b|\btu dau nam\b")
_STATED = re.compile(r"[-+(* ]*ky bao cao ?: ?(?P<period>[^()]*)", re.IGNORECASE)


def is_title(paragraph: Paragraph) -> bool:
    """Return whether a report's title begins here."""
    return fold(paragraph.text).startswith("bao cao")


def find_title(told: Sequence[Paragraph], captions: Collection[str] = ()) -> tuple[int, str, str]:
    """Return which paragraph the title starts with, its text, and its place; 0, "", "" if none.

    Where no line begins with "Báo cáo", the title is that of a form: in capitals or beginning as
    forms do ("Thống kê …"), and with a quarter in it. A title that names its period does not go on
    with the caption of a table.
    """
    first_lines = told[:_FIRST_LINES]
    start = next((at for at, one in enumerate(first_lines) if is_title(one)), None)
    if start is None:
        named = (at for at, one in enumerate(first_lines) if _is_form_title(one.text))
        at = next(named, None)
        return (0, "", "") if at is None else (at, told[at].text, told[at].place)
    end = start + 1
    while end < min(len(told), start + 4):
        text = told[end].text
        sentence = text.endswith((".", ";", ":"))
        if text in captions and _names_period(" ".join(one.text for one in told[start:end])):
            break
        if sentence or len(text) > _LONGEST_LINE or _HEADING.match(plain_text(text).plain):
            break
        end += 1
    title = " ".join(" ".join(one.text.split()) for one in told[start:end])
    first, rest = title[:7], title[7:].strip()
    if first.isupper() and rest and not rest.isupper():
        # The word stands alone in capitals; what follows begins a line, not a name.
        title = f"Báo cáo {rest[0].lower()}{rest[1:]}"
    return start, title, told[end - 1].place


def _is_form_title(text: str) -> bool:
    if len(text) > _LONGEST_LINE or text.endswith((".", ";", ":")):
        return False
    if not text.isupper() and not _FORM_TITLE.match(plain_text(text).plain):
        return False
    try:
        return _parsed(text)[0].freqstr == "Q-DEC"
    except PeriodError:
        return False


def named_period(
    title: tuple[str, str], told: Sequence[Paragraph], fault: Fault
) -> tuple[pd.Period | None, str, str]:
    """Return the quarter, the basis and their place.

    They are those of the title, else of a line "Kỳ báo cáo: …", else of the last sentence.
    """
    stated, closing = [], []
    for one in told:
        said = plain_text(one.text)
        if line := _STATED.match(said.plain):
            stated.append((said.printed(*line.span("period")), one.place))
        if CLOSING.search(said.plain):
            closing.append((one.text, one.place))
    found: list[tuple[pd.Period, str, str, bool]] = []
    why: list[str] = []
    for text, place in (title, *stated, *closing):
        if not text:
            continue
        try:
            period, basis, both = _parsed(text)
        except PeriodError as error:
            why.append(f"{error.what} ({error.where})")
            continue
        if period.freqstr == "M":
            why.append(f"{period} ({text})")
        else:
            found.append((period, basis, place, both))
    if not found:
        fault("no_period", why=why[0] if why else "-")
        return None, "", ""
    if other := next((one[0] for one in found if one[0] != found[0][0]), None):
        fault("periods", first=found[0][0], second=other)
    period, basis, place, both = found[0]
    if both:
        fault("both_bases", period=period)
    return period, basis, place


def names_both(text: str) -> bool:
    """Return whether a text names a quarter and what was counted from the year's start.

    Examples
    --------
    >>> names_both("Quý III và 9 tháng đầu năm 2020"), names_both("Lũy kế đến quý III/2020")
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

    Without what it says of the time to come. Of one that names both the quarter stands.
    """
    said = plain_text(text)
    outlook = _OUTLOOK.search(said.plain)
    if outlook:
        part = said.printed(0, outlook.start())
        years = set(re.findall(r"\b(?:19|20)[0-9]{2}\b", said.plain))
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
