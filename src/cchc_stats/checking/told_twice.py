"""One figure that the prose gives twice, differently."""

from __future__ import annotations

from typing import Any, cast

import pandas as pd

from cchc_stats.checking.printed_shares import approximately, printed_decimals
from cchc_stats.checking.told import told
from cchc_stats.indicators import find_indicator
from cchc_stats.reading import Report
from cchc_stats.words import findings_frame, half_up

_KEY = ["indicator", "group", "period", "basis", "unit"]


def told_twice(report: Report, values: pd.DataFrame, lang: str) -> pd.DataFrame:
    """Return a warning for each figure of the prose that is given differently in two places.

    Percentages of different decimals agree where the longer one rounds to the shorter. What the
    tables state is held against them, not here.
    """
    claims = report.claims
    known = claims[(claims["indicator"] != "") & claims["value"].notna()]
    known = known[~known["quote"].map(approximately).astype("bool")]
    measured = values[values["value"].notna()]
    in_tables = set(zip(measured["indicator"], measured["group"], measured["period"], strict=True))
    rows = []
    for key, same in known.groupby(_KEY, sort=False):
        code, group, period, _, unit = (*cast("tuple[Any, ...]", key),)
        if same["value"].nunique() < 2 or (code, group or "all", period) in in_tables:
            continue
        if unit == "percent" and _round_alike(same):
            continue
        each = same.drop_duplicates("value")
        found = "; ".join(
            f"“{quote}” ({place})"
            for quote, place in zip(each["quote"], each["place"], strict=True)
        )
        indicator = find_indicator(code)
        words = {
            "label": indicator.label.in_language(lang) if indicator else code,
            "where": "; ".join(dict.fromkeys(each["place"])),
            "found": found,
        }
        rows.append(told(report, "warning", "told_twice", lang=lang, **words))
    return findings_frame(rows)


def _round_alike(same: pd.DataFrame) -> bool:
    places = [
        printed_decimals(quote, float(value))[0]
        for quote, value in zip(same["quote"], same["value"], strict=True)
    ]
    fewest = min(places)
    return len({half_up(float(value), decimals=fewest) for value in same["value"]}) == 1
