"""Which percentages in prose are rates on time, early or late, by the words beside them."""

from __future__ import annotations

import re

import pandas as pd

from cchc_stats.checking.printed_shares import approximately
from cchc_stats.reading import Report
from cchc_stats.words import fold

ON_TIME, EARLY, LATE, WITHIN = "on_time", "early", "late", "within"
_KINDS = (
    (LATE, re.compile(r"\b(?:qua|tre|cham)(?: thoi)? h[ae]n\b")),
    (WITHIN, re.compile(r"\btrong han\b|\bchua den han\b")),
    (ON_TIME, re.compile(r"\bdung(?: thoi)? h[ae]n\b|\bdung (?:va|,|hoac) (?:truoc|som)\b")),
    (EARLY, re.compile(r"\b(?:truoc|som)(?: thoi)? h[ae]n\b")),
)
# "Từ 95% trở lên" is a floor, and "tăng từ 95% lên 97%" tells first what was before.
_FROM = re.compile(r"\btu [0-9][0-9.,]* ?(?:%|phan tram)")
# What a percentage beside "trễ hạn" is of instead: "hồ sơ trễ hạn có văn bản xin lỗi 100%".
_OF_ELSE = re.compile(
    r"\b(?:xin loi|hai long|cong khai|so hoa|thanh toan|khao sat|danh gia|ke hoach|muc tieu"
    r"|phan dau|chi tieu|yeu cau)\b"
)
# The words that a comma or a bracket may part from what the percentage is of.
_BETWEEN = re.compile(
    r"(?:[0-9.,/()%:]|hoso|dat|chiem|tyle|la|tuong(?:ung|duong)|voi|bang|so|luong|tren|tong|trong|ca"
    r"|da|duoc|giaiquyet|tiepnhan|tra|ketqua|gan|hon|khoang|xapxi|duoi|va|truoc|dung|som|qua|tre|han"
    r"|thoi)*"
)
_PERCENT = re.compile(r"[0-9][0-9.,]* ?(?:%|phan tram)")


def rate_kind(quote: str) -> str:
    """Return which rate the words of a percentage tell, "" where they tell none.

    Examples
    --------
    >>> rate_kind("trước và đúng hạn đạt 96.8%"), rate_kind("quá hạn 1,19%"), rate_kind("đạt 97%")
    ('on_time', 'late', '')
    >>> rate_kind("trễ hạn (90 hồ sơ), Sở đã có văn bản xin lỗi 100%")
    ''
    """
    said = fold(quote)
    if _OF_ELSE.search(said):
        return ""
    for kind, pattern in _KINDS:
        if term := pattern.search(said):
            _, parted, rest = re.sub("[,;(]", "\0", said[term.end() :]).partition("\0")
            rest = "".join(rest.replace("\0", "").split())
            return "" if parted and not _BETWEEN.fullmatch(rest) else kind
    return ""


def rates(report: Report) -> pd.DataFrame:
    """Return the claims that are rates on time, early or late, with their `kind`.

    Those with an indicator are of that; others are what the words beside them say. `group` is `all`
    where they name no part.
    """
    claims = report.claims
    shares = claims[(claims["unit"] == "percent") & claims["value"].notna()]
    codes = shares["indicator"].fillna("")
    kinds = [
        (
            ON_TIME
            if code.startswith("on_time_rate")
            else LATE
            if code.startswith("late_rate")
            else ""
        )
        if code
        else rate_kind(quote)
        for code, quote in zip(codes, shares["quote"], strict=True)
    ]
    groups = shares["group"].where(shares["group"] != "", "all")
    found = shares.assign(kind=pd.Series(kinds, index=shares.index, dtype="str"), group=groups)
    return found[(found["kind"] != "") & ~found["quote"].map(is_from).astype("bool")]


def is_from(quote: str) -> bool:
    """Return whether a percentage is where something begins, and not what the period reached.

    Examples
    --------
    >>> is_from("đúng hạn đạt từ 95% trở lên"), is_from("đúng hạn đạt 95%")
    (True, False)
    """
    return bool(_FROM.search(fold(quote)))


def is_approximate(quote: str) -> bool:
    """Return whether the percentage of a quote is told as about so much: "đạt gần 98%"."""
    said = fold(quote)
    found = [*_PERCENT.finditer(said)]
    return bool(approximately(said[max(0, found[-1].start() - 12) :])) if found else False
