"""The dossiers carried over against those pending in the report before."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cchc_stats.checking.balances import Tables, keys_are_typed
from cchc_stats.forms import DOSSIERS, cell_text, named_by, row_places
from cchc_stats.words import IN_PERIOD, findings_frame, label_period, word

_REPORT = ["agency", "period", "basis"]
_FIGURES = ["carried_over", "pending_total"]


def carried_over(tables: Tables, previous: Tables, lang: str) -> pd.DataFrame:
    """Return where the dossiers carried over are not those pending a quarter before.

    `carried_over`, row by row: an error. `carried_over_in_all`, where every row agrees and the sums
    do not: a warning, since a sector has appeared, or is gone with its dossiers.
    """
    if DOSSIERS.code not in previous:
        return findings_frame()
    now, before = (_balance(one.get(DOSSIERS.code)) for one in (tables, previous))
    if now is None or before is None or now.empty or before.empty:
        return findings_frame()
    before = before.assign(period=before["period"] + 1)
    rows = _gaps(now, before, list(DOSSIERS.key))
    sums = _gaps(_in_all(now, "carried_over"), _in_all(before, "pending_total"), _REPORT)
    told = set(rows[_REPORT].itertuples(index=False, name=None))
    keys = sums[_REPORT].itertuples(index=False, name=None)
    apart = np.array([key not in told for key in keys], dtype=bool)
    found = [_told(rows, "error", "carried_over", lang)]
    found.append(_told(sums[apart], "warning", "carried_over_in_all", lang))
    return findings_frame(pd.concat(found, ignore_index=True))


def _balance(table: pd.DataFrame | None) -> pd.DataFrame | None:
    """Return the rows of quarters with their number; None where the figures cannot be compared."""
    if table is None or not keys_are_typed(table, DOSSIERS):
        return None
    if any(name not in table or table[name].dtype != "Int64" for name in _FIGURES):
        return None
    kept = table[[*DOSSIERS.key, *_FIGURES, "source"]].assign(row=range(len(table)))
    kept["single"] = ~kept.duplicated(list(DOSSIERS.key), keep=False)
    return kept[kept["basis"] == IN_PERIOD]


def _gaps(now: pd.DataFrame, before: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """Return what both have and do not agree on, with its `gap`; a key told twice is left out."""
    now, before = (one[one["single"]] for one in (now, before))
    both = now.merge(before, on=key, suffixes=("", "_before"), validate="one_to_one")
    gap = both["carried_over"] - both["pending_total_before"]
    return both.assign(gap=gap)[(gap != 0).fillna(False)]


def _in_all(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return the whole of each report: its row `all`, or the sum of rows that all report it."""
    is_all = table["sector"] == "all"
    by = [table[key] for key in _REPORT]
    table = table[is_all | ~is_all.groupby(by).transform("any")]
    groups = table.groupby(_REPORT, sort=False)
    known = table[name].notna().groupby([table[key] for key in _REPORT], sort=False).all()
    first = groups[["source", "row"]].first()
    return first.assign(
        **{other: groups[other].sum() for other in _FIGURES if other != name},
        **{name: groups[name].sum().where(known)},
        single=groups["single"].all(),
        sector="all",
    ).reset_index()


def _told(wrong: pd.DataFrame, severity: str, rule: str, lang: str) -> pd.DataFrame:
    sentence = word("check", rule, lang=lang)
    sides = [wrong["carried_over"].tolist(), wrong["pending_total_before"].tolist()]
    found, expected = ([cell_text(cell) for cell in cells] for cells in sides)
    words = [[cell_text(cell, lang=lang) for cell in cells] for cells in sides]
    quarters = [label_period(period - 1, lang=lang) for period in wrong["period"]]
    if rule == "carried_over":
        where = row_places(wrong, DOSSIERS, wrong["row"].tolist(), lang=lang)
    else:  # a sum of rows stands in none of them
        where = [DOSSIERS.title if lang == "vi" else DOSSIERS.title_en] * len(wrong)
    described = {
        "severity": severity,
        "rule": rule,
        "where": where,
        "found": found,
        "expected": expected,
        "difference": wrong["gap"].array,
        "message": [
            sentence.format(found=one, expected=other, previous=quarter)
            for one, other, quarter in zip(*words, quarters, strict=True)
        ],
    }
    return findings_frame(described | named_by(wrong))
