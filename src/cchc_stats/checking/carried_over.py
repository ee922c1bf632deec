"""The dossiers carried over against those pending in the report before."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from cchc_stats.checking.balances import Tables, keys_are_typed
from cchc_stats.forms import FORMS, Form, cell_text, named_by, row_places
from cchc_stats.words import IN_PERIOD, findings_frame, join_findings, label_period, word

_REPORT = ["agency", "period", "basis"]


class _Carried(NamedTuple):
    """A column of a form, and the one whose figure it takes over from the quarter before."""

    form: Form
    opening: str
    closing: str


def carried_over(tables: Tables, previous: Tables, lang: str) -> pd.DataFrame:
    """Return where the dossiers carried over are not those pending a quarter before.

    Of every form that states such a column (`Column.carries`). `carried_over`, row by row: an
    error. `carried_over_in_all`, where every row agrees and the sums do not: a warning, since a
    sector has appeared, or is gone with its dossiers.
    """
    found = [
        _of_column(tables[form.code], previous[form.code], _Carried(form, name, one.carries), lang)
        for form in FORMS
        if form.code in tables and form.code in previous
        for name, one in form.stated.items()
        if one.carries
    ]
    return join_findings(found)


def _of_column(
    table: pd.DataFrame, previous: pd.DataFrame, carried: _Carried, lang: str
) -> pd.DataFrame:
    now, before = (_balance(one, carried) for one in (table, previous))
    if now is None or before is None or now.empty or before.empty:
        return findings_frame()
    before = before.assign(period=before["period"] + 1)
    rows = _gaps(now, before, list(carried.form.key), carried)
    all_now, all_before = (
        _in_all(now, carried.opening, carried),
        _in_all(before, carried.closing, carried),
    )
    sums = _gaps(all_now, all_before, _REPORT, carried)
    told = set(rows[_REPORT].itertuples(index=False, name=None))
    keys = sums[_REPORT].itertuples(index=False, name=None)
    apart = np.array([key not in told for key in keys], dtype=bool)
    found = [_told(rows, carried, "error", "carried_over", lang)]
    found.append(_told(sums[apart], carried, "warning", "carried_over_in_all", lang))
    return findings_frame(pd.concat(found, ignore_index=True))


def _balance(table: pd.DataFrame, carried: _Carried) -> pd.DataFrame | None:
    """Return the rows of quarters with their number; None where the figures cannot be compared."""
    form, figures = carried.form, [carried.opening, carried.closing]
    if not keys_are_typed(table, form):
        return None
    if any(name not in table or table[name].dtype != "Int64" for name in figures):
        return None
    kept = table[[*form.key, *figures, "source"]].assign(row=range(len(table)))
    kept["single"] = ~kept.duplicated(list(form.key), keep=False)
    return kept[kept["basis"] == IN_PERIOD]


def _gaps(
    now: pd.DataFrame, before: pd.DataFrame, key: list[str], carried: _Carried
) -> pd.DataFrame:
    """Return what both have and do not agree on, with its `gap`; a key told twice is left out."""
    now, before = (one[one["single"]] for one in (now, before))
    both = now.merge(before, on=key, suffixes=("", "_before"), validate="one_to_one")
    both = both.assign(now=both[carried.opening], before=both[f"{carried.closing}_before"])
    gap = both["now"] - both["before"]
    return both.assign(gap=gap)[(gap != 0).fillna(False)]


def _in_all(table: pd.DataFrame, name: str, carried: _Carried) -> pd.DataFrame:
    """Return the whole of each report: its row `all`, or the sum of rows that all report it."""
    row, other = carried.form.row, {carried.opening, carried.closing} - {name}
    if row:
        is_all = table[row] == "all"
        by = [table[key] for key in _REPORT]
        table = table[is_all | ~is_all.groupby(by).transform("any")]
    groups = table.groupby(_REPORT, sort=False)
    known = table[name].notna().groupby([table[key] for key in _REPORT], sort=False).all()
    first = groups[["source", "row"]].first()
    return first.assign(
        **{column: groups[column].sum() for column in other},
        **{name: groups[name].sum().where(known)},
        single=groups["single"].all(),
        **({row: "all"} if row else {}),
    ).reset_index()


def _told(
    wrong: pd.DataFrame, carried: _Carried, severity: str, rule: str, lang: str
) -> pd.DataFrame:
    sentence, form = word("check", rule, lang=lang), carried.form
    sides = [wrong["now"].tolist(), wrong["before"].tolist()]
    found, expected = ([cell_text(cell) for cell in cells] for cells in sides)
    words = [[cell_text(cell, lang=lang) for cell in cells] for cells in sides]
    quarters = [label_period(period - 1, lang=lang) for period in wrong["period"]]
    if rule == "carried_over":
        where = row_places(wrong, form, wrong["row"].tolist(), lang=lang)
    else:  # a sum of rows stands in none of them
        where = [form.title if lang == "vi" else form.title_en] * len(wrong)
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
