"""Number formats of workbooks: a stored 0.133 under the format 0.0% is printed "13,3%"."""

from __future__ import annotations

import datetime as dt
import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import NamedTuple

BUILT_IN = {
    **{0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%"},
    **{14: "dd/mm/yyyy", 15: "dd-mmm-yy", 16: "dd-mmm", 17: "mmm-yy", 18: "h:mm AM/PM"},
    **{19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "dd/mm/yyyy h:mm", 37: "#,##0"},
    **{38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 41: "#,##0", 42: "#,##0", 43: "#,##0.00"},
    **{44: "#,##0.00", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 49: "@"},
}
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[[^\]]*\]')
_DATE = re.compile(r"[dmyhs]", re.I)
_NUMBER = re.compile(r"[#0?,]*[#0?](?:\.[#0?]*)?")


class Printed(NamedTuple):
    """What a stored number prints, and what is lost by it ("" where nothing is)."""

    text: str
    note: str


class _Format(NamedTuple):
    kind: str  # general, date, number
    before: str = ""
    after: str = ""
    digits: int = 1
    decimals: int = 0
    optional: int = 0  # of the decimals, those printed only where they are not zero
    grouped: bool = False
    percent: bool = False
    day: bool = False
    month: bool = False
    time: bool = False


def plain(stored: str) -> str:
    """Return a stored number as a plain decimal text with a comma, to the 15 digits Excel keeps.

    Examples
    --------
    >>> plain("1380.0"), plain("0.30000000000000004"), plain("1E+3")
    ('1380', '0,3', '1000')
    """
    number = _decimal(stored)
    if number is None or abs(number.adjusted()) > 30:
        return stored
    return _rounded_to_15(number).replace(".", ",")


@lru_cache(maxsize=8192)
def printed(stored: str, code: str, *, date1904: bool = False) -> Printed:
    """Return a stored number as its format shows it, in Vietnamese printing.

    A format that this does not follow prints the plain number. A figure that the format rounds, or
    hides, is noted: the figure stored is the one that was counted.

    Examples
    --------
    >>> printed("0.133", "0.0%"), printed("6", "00"), printed("44083", "d/m/yyyy").text
    (Printed(text='13,3%', note=''), Printed(text='06', note=''), '09/09/2020')
    >>> printed("12.7", "#,##0")
    Printed(text='13', note='giá trị lưu 12,7')
    """
    number = _decimal(stored)
    if number is None or abs(number.adjusted()) > 30:
        return Printed(stored, "")
    form = _parsed(code)
    if form.kind == "general":
        return Printed(plain(stored), "")
    if form.kind == "date":
        day = _date(number, form, date1904=date1904)
        return Printed(day or plain(stored), "" if day else "ngày không có trong lịch")
    value = number * 100 if form.percent else number
    shown = _shown(value, form)
    exact = Decimal(_rounded_to_15(value))
    lost = _rounded(exact, form.decimals) != exact
    return Printed(shown, f"giá trị lưu {plain(stored)}" if lost else "")


def _decimal(stored: str) -> Decimal | None:
    try:
        number = Decimal(stored)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _rounded_to_15(number: Decimal) -> str:
    """Return a number in at most 15 digits: the binary tail of 0.1 + 0.2 is no figure."""
    places = 14 - number.adjusted()
    text = f"{_rounded(number, places) if places < 60 else number:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def _rounded(number: Decimal, places: int) -> Decimal:
    if number.is_zero():
        return Decimal(0)
    try:
        return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    except InvalidOperation:  # more digits than decimals carry: nothing to round there
        return number


def _shown(value: Decimal, form: _Format) -> str:
    rounded = _rounded(Decimal(_rounded_to_15(value)), form.decimals)
    whole, _, places = f"{abs(rounded):f}".partition(".")
    places = places.ljust(form.decimals, "0")[: form.decimals]
    for _ in range(form.optional):
        places = places.removesuffix("0")
    whole = whole.zfill(form.digits)
    if form.grouped:
        whole = f"{int(whole):,}".replace(",", ".").zfill(form.digits)
    sign = "-" if rounded < 0 else ""
    percent = "%" if form.percent else ""
    return f"{sign}{form.before}{whole}{',' if places else ''}{places}{percent}{form.after}".strip()


@lru_cache(maxsize=512)
def _parsed(code: str) -> _Format:
    """Return what the first section of a format asks for.

    Sections for negative numbers and zeros only differ in dress: a minus stays a minus, and a zero
    printed as "-" is a zero that was stored, not a figure that does not apply.
    """
    section = _first_section(code)
    bare = _LITERAL.sub(lambda found: "[h]" if found[0].lower() == "[h]" else "", section)
    if bare.strip().lower() in ("", "general", "@", "standard"):
        return _Format("general")
    if _DATE.search(bare.replace("General", "")) and not re.search("[#0?]", bare.partition(".")[0]):
        low = bare.lower()
        clock = bool(re.search("[hs]", low))
        # "mm" beside hours or seconds is minutes.
        months = bool(re.search("m", re.sub(r"h+[\W]*m+|m+[\W]*s+", "", low)))
        return _Format("date", day="d" in low, month=months or "y" in low, time=clock)
    body = _LITERAL.sub("\0", section)
    found = _NUMBER.search(body)
    if not found or re.search(r"[eE][+-]|/", body) or re.search(r",+(?![#0?])", found[0]):
        return _Format("general")  # scaled by thousands, fractions, powers of ten
    whole, _, places = found[0].partition(".")
    before, after = _around(section)
    return _Format(
        "number",
        before,
        after,
        digits=max(whole.count("0"), 1),
        decimals=len(places),
        optional=len(places) - places.count("0"),
        grouped="," in whole,
        percent="%" in body,
    )


def _first_section(code: str) -> str:
    section, quoted = "", False
    for sign in code:
        quoted ^= sign == '"'
        if sign == ";" and not quoted:
            break
        section += sign
    return section


def _around(section: str) -> tuple[str, str]:
    """Return the words in quotes before and after the figures."""
    words = ["", ""]
    seen = 0
    for found in re.finditer(_LITERAL.pattern + r"|([#0?])|(%)|(\s)", section):
        if found[3]:
            seen = 1
        elif not found[4]:
            words[seen] += found[1] or found[2] or found[5] or ""
    return words[0].replace("-", ""), words[1]


def _date(number: Decimal, form: _Format, *, date1904: bool) -> str:
    start = dt.datetime(1904, 1, 1) if date1904 else dt.datetime(1899, 12, 30)
    if not date1904 and number < 60:
        start = dt.datetime(1899, 12, 31)  # Excel counts a 29/2/1900 that never was
    try:
        # To the second: a minute is no whole number of Excel's days.
        moment = start + dt.timedelta(seconds=int(_rounded(number * 86_400, 0)))
    except OverflowError:
        return ""
    if form.time and not form.day and not form.month:
        hours = int(number * 24) if number >= 1 else moment.hour
        return f"{hours:02}:{moment:%M:%S}".removesuffix(":00")
    if number < 0 or moment.year < 1900:
        return ""
    day = (
        f"{moment:%d/%m/}{moment.year:04}"
        if form.day or not form.month
        else (f"{moment:%m/}{moment.year:04}")
    )
    return f"{day} {moment:%H:%M}" if form.time else day
