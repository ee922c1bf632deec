"""Which number of dossiers a count in prose is the value of, where the words make that clear."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from cchc_stats.reading.files import PlainText
from cchc_stats.reading.prose.dossiers import dossiers_said
from cchc_stats.reading.prose.figures import Figure
from cchc_stats.reading.prose.patterns import Rule

# Column of the form -> the indicator that it is, or that counts it, and the basis of a stock.
_INDICATORS = {
    "received_total": Rule("dossiers_received"),
    "newly_received": Rule("dossiers_newly_received"),
    "received_online": Rule("dossiers_online_share_newly_received"),
    "settled_total": Rule("dossiers_settled"),
    "settled_on_time": Rule("on_time_rate_settled"),
    "settled_early": Rule("early_share_settled"),
    "settled_late": Rule("dossiers_settled_late"),
    "pending_total": Rule("dossiers_pending", basis="as_of"),
    "pending_overdue": Rule("dossiers_pending_overdue", basis="as_of"),
}
_LEAST = 2  # figures of the form in a paragraph that tells of nothing else
_PROCEDURES = re.compile(
    r"\b(?:TTHC|thu tuc hanh chinh|mot cua|bo phan tiep nhan)\b", re.IGNORECASE
)
# A part of the dossiers, or of the time: one office, one procedure, one way to apply, one month.
_OF_A_PART = re.compile(
    r"\b(?:chi cuc|trung tam|phong(?!,? ban)|xa|phuong|thi tran|don vi|linh vuc|doi voi|mot so"
    r"|thu tuc(?! hanh chinh)|muc (?:do )?[34③④]|toan trinh|mot phan|dich vu cong|DVC|lien thong"
    r"|thanh toan|so hoa|phan anh|kien nghi|khieu nai|vi pham|cung ky"
    r"|kiem tra|ra soat|ngau nhien|khao sat|phat hien"
    r"|thang(?! dau nam)|tuan|tu ngay|(?:quy|nam) (?:truoc|ngoai))\b",
    re.IGNORECASE,
)
# What goes on after the noun: no other kind of dossier ("15 hồ sơ thi đua").
_GOES_ON = re.compile(
    r" ?(?:(?:bo )?ho so(?: TTHC| thu tuc hanh chinh)?)?"
    r"(?: *$| ?[,;:.()%=+]| (?:va|trong do|gom|bao gom|chiem|dat|con|da|duoc|dang|chua|moi|co)\b"
    r"| (?:truoc|dung|som|qua|tre|cham|trong|den) | (?:giai quyet|xu ly|tra|tiep nhan|chuyen|ton)\b"
    r"| (?:truc tuyen|truc tiep|qua mang|ky truoc|nop|can|phai|cac|tren|bi|la)\b)",
    re.IGNORECASE,
)
_BY_ONE_WAY = re.compile(r"\b(?:truc tuyen|qua mang|buu chinh)\b", re.IGNORECASE)
_QUARTER = re.compile(
    r"\bquy (iv|i{1,3}|[1-4⓪①②③④])\b(?:[ /,]*(?:nam )?([0-9⓪①②③④⑤⑥⑦⑧⑨]{4}))?", re.IGNORECASE
)
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4} | {d: n for n, d in enumerate("⓪①②③④")}


def counts_told(
    masked: str, said: PlainText, figures: Sequence[Figure], period: pd.Period
) -> list[Rule | None]:
    """Return for each figure of a paragraph the indicator that it is a count of, None for most.

    It is clear where the paragraph tells two figures of the form `dossiers`, speaks of procedures
    or of a total, and names before the figure no part, no month and no other quarter.
    """
    if "ho so" not in masked.casefold():
        return [None] * len(figures)
    told = [*dossiers_said(masked, said, figures)]
    known = len({one.column for one in told} - {""})
    sure = known >= _LEAST or _PROCEDURES.search(masked)
    apart = min(_first_part(masked), _first_other_quarter(masked, period))
    rules: list[Rule | None] = []
    for figure, one in zip(figures, told, strict=True):
        rule = _INDICATORS.get(one.column)
        other = apart < figure.start
        way = one.column != "received_online" and _by_one_way(figure)
        vague = figure.is_fraction or other or way or not _GOES_ON.match(figure.after)
        rules.append(rule if (sure or one.total) and not vague else None)
    return rules


def _by_one_way(figure: Figure) -> bool:
    """Return whether a count is of what was applied for in one way alone.

    "Hồ sơ trực tuyến: tiếp nhận 53 hồ sơ, đã giải quyết 50 hồ sơ": what its sentence begins with,
    or what stands just before it.
    """
    words = re.split("[0-9]+", figure.before)
    return any(_BY_ONE_WAY.search(part) for part in (words[0], words[-1]))


def _first_part(masked: str) -> int:
    """Return where a part is named first, the end of the text where none is."""
    found = _OF_A_PART.search(masked)
    return found.start() if found else len(masked)


def _first_other_quarter(masked: str, period: pd.Period) -> int:
    """Return where a quarter that is not this one is named first, else the end of the text."""
    this = (period.quarter, str(period.quarter))
    named = _QUARTER.finditer(masked)
    others = (one.start() for one in named if _ROMAN.get(one[1].casefold(), one[1]) not in this)
    return next(others, len(masked))
