"""What is to be known of a ledger that figures were counted from, in words."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from cchc_stats.publishing.frames import text
from cchc_stats.words import CchcError, format_number, vocabulary, word


def refuse_small_numbers_beside(quality: pd.DataFrame | None, below: int | None) -> None:
    """Refuse to tell of a ledger beside figures from which small numbers are left out."""
    if below is not None and quality is not None:
        raise CchcError(
            "what is to be known of the ledger tells small numbers",
            where="below=, quality=",
            mend="leave out one of the two",
        )


class LedgerSection(NamedTuple):
    """What is to be known of the ledger: in a sentence, and row by row."""

    sentence: str
    rows: list[dict[str, str]]


def ledger_section(quality: pd.DataFrame, *, lang: str) -> LedgerSection:
    """Return what `ledger_quality` found, in words.

    Examples
    --------
    >>> found = pd.DataFrame({"check": ["lost"], "count": [3], "share": [1.5], "example": [""]})
    >>> ledger_section(found, lang="vi").sentence
    'Số liệu đếm từ sổ hồ sơ, … đến …; cần biết: hồ sơ đang mở không còn trong bản xuất sau 3.'
    """
    known, rows, days = vocabulary(), [], {}
    told = []
    for row in quality.to_dict("records"):
        check = str(row["check"])
        reason = check.removeprefix("rejected_")
        if check in known["quality"]:
            what = word("quality", check, lang=lang)
        elif reason != check:
            what = word("reject", reason, lang=lang)
        else:
            what = text("ledger", check, lang=lang)
        count = format_number(row["count"], lang=lang)
        if check in ("first_event", "last_event"):
            days[check] = str(row["example"])
        elif not check.startswith("due_"):
            told.append(f"{what} {count}")
        share = "" if pd.isna(row["share"]) else format_number(row["share"], decimals=1, lang=lang)
        cells = {"what": what, "count": count, "share": share, "example": str(row["example"])}
        rows.append(cells)
    first, last = (days.get(name, "…") for name in ("first_event", "last_event"))
    nothing = text("word", "none", lang=lang)
    sentence = text("ledger", "sentence", lang=lang)
    said = "; ".join(told) or nothing
    return LedgerSection(sentence.format(first=first, last=last, told=said), rows)
