"""Of whom and of when a figure of prose is: the whole or a part of it, a period and a basis."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from cchc_stats.reading.files import PlainText
from cchc_stats.reading.prose.figures import Figure, patterns
from cchc_stats.words import YEAR_TO_DATE, PeriodError, fold, parse_basis, parse_period

_OUTLOOK = re.compile(r"\bphuong huong\b|\b(?:thoi gian|ky) toi\b")
WHOLE = "all"
LEVELS = {"tinh": "Cấp tỉnh", "huyen": "Cấp huyện", "xa": "Cấp xã"}
_LEVEL = re.compile(
    r"\bcap (?P<level>tinh|huyen|xa)\b|(?P<units>\b(?:[0-9⓪①②③④⑤⑥⑦⑧⑨]+|cac)(?: UBND)? "
    r"(?:so|huyen|quan|thi xa|xa|phuong)\b(?=,| |:))",
    re.IGNORECASE,
)
_UNIT = {"so": "tinh", "huyen": "huyen", "quan": "huyen", "thi xa": "huyen"}
_ALL = re.compile(
    r"\b(?:toan (?:tinh|thanh pho|huyen|nganh|so)|tren dia ban (?:tinh|thanh pho|huyen)|ca tinh"
    r"|(?:ca )?(?:[23②③]|hai|ba) cap)\b",
    re.IGNORECASE,
)
# "Các sở, ngành và địa phương" are all of them.
_PLACES = re.compile(r"\b(?:cac|va|,) ?(?:cac )?dia phuong\b", re.IGNORECASE)
_SENTENCE = re.compile(r"[.!?] ")
_BEGINS = 30  # characters in which a sentence says whom it is about
_PART = re.compile(r"\b(?:linh vuc|nhom thu tuc|nhom TTHC)\b[^,;:.()0-9]{0,40}", re.IGNORECASE)
# Where the words after a figure stop to speak of it.
_UP_TO = re.compile(r"[,;:()\[\]=+.!?]| - | va | trong do\b| (?:bao )?gom\b", re.IGNORECASE)


def rows_named(masked: str, said: PlainText, figures: Sequence[Figure]) -> list[str]:
    """Return for each figure the row of the form that its words are about (see `Said.row`)."""
    rows, base, row, part, begin, end = [], WHOLE, WHOLE, "", 0, 0
    for at, figure in enumerate(figures):
        last = figures[at + 1].start if at + 1 < len(figures) else len(masked)
        # With the digit before, for "12 huyện".
        start = max(0, end - 1)
        stops = [*_SENTENCE.finditer(masked, start, figure.start)]
        if stops:
            # What a sentence names in its midst is done with it; what it begins with stays.
            row, start = base, stops[-1].end()
            begin = start
        gap = masked[start : figure.start]
        if stops or ";" in gap:
            part = ""
        row, part = _row_in(gap, row, part, said, start)
        first = masked[begin : min(begin + _BEGINS, figure.start)]
        base = _row_in(first, "", "", said, begin)[0] or base
        own = row, part
        if not part and (cut := _UP_TO.search(masked + ".", figure.end)):
            own = _row_in(masked[figure.end : min(cut.start(), last)], row, part, said, figure.end)
        rows.append(own[1] or own[0])
        row, part, end = own[0], own[1], figure.end
    return rows


def _row_in(words: str, row: str, part: str, said: PlainText, start: int) -> tuple[str, str]:
    """Return the level and the part that some words name, those before where they name none."""
    levels = [] if _PLACES.search(words) else [*_LEVEL.finditer(words)]
    if named := _PART.search(words):
        part = said.printed(start + named.start(), start + named.end()).strip()
    if levels:
        kinds = {_level_of(one) for one in levels}
        # Two levels in one breath are neither.
        row, part = (LEVELS[kinds.pop()], "") if len(kinds) == 1 else (row, levels[0][0])
    elif _ALL.search(words) or _PLACES.search(words):
        row, part = WHOLE, ""
    return row, part


def _level_of(found: re.Match[str]) -> str:
    if found["level"]:
        return found["level"].casefold()
    unit = found["units"].casefold().rpartition(" ")[2]
    return _UNIT.get("thi xa" if found["units"].casefold().endswith("thi xa") else unit, "xa")


def of_outlook(section: str, period: pd.Period) -> pd.Period:
    """Return the period after the report's under "Phương hướng, nhiệm vụ …": that is to come."""
    return period + 1 if _OUTLOOK.search(fold(section)) else period


def time_of(sentence: str, period: pd.Period) -> tuple[pd.Period, str]:
    """Return the period and the basis ("" where none) told before a figure in its sentence."""
    told: list[tuple[int, pd.Period, str]] = []
    for rule in patterns().times:
        for match in rule.pattern.finditer(sentence):
            groups = match.groupdict()
            if year := groups.get("told"):
                same = int(year) == period.year
                named = period if same else pd.Period(year=int(year), quarter=4, freq="Q-DEC")
                told.append((match.end(), named, YEAR_TO_DATE))
            elif name := groups.get("name"):
                told += [(match.end(), *known) for known in _parsed(name, period)]
            else:
                told.append((match.end(), period, rule.basis))
    if not told:
        return period, ""
    _, named, basis = max(told, key=lambda one: one[0])
    return named, basis


def _parsed(name: str, period: pd.Period) -> list[tuple[pd.Period, str]]:
    """Return the quarter and the basis of "quý III" or "6 tháng đầu năm", of the report's year."""
    try:
        dated = name if re.search("[0-9]{4}$", name) else f"{name} năm {period.year}"
        return [(parse_period(dated), parse_basis(dated))]
    except PeriodError:
        return []  # "8 tháng đầu năm" ends no quarter: the report's own period stands
