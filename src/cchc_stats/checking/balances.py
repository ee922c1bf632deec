"""Whether the figures of a row, and of a report and the one before it, balance."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from cchc_stats.findings import QUARTERS, findings_frame
from cchc_stats.forms import DOSSIERS, Form, Identity
from cchc_stats.forms.dashes import dashed
from cchc_stats.forms.faults import cell_text, named_by, row_places
from cchc_stats.labels import word
from cchc_stats.periods import IN_PERIOD, label_period

Tables = Mapping[str, pd.DataFrame]


def incomplete(table: pd.DataFrame, form: Form, lang: str) -> pd.DataFrame:
    """Return a note for each identity that cannot be judged in a row because a figure is missing.

    A row that reports none of an identity's figures says nothing about it; nor does a figure that
    was printed "-", nor a breakdown that the layout does not have.
    """
    if not set(form.key) <= set(table.columns):
        return findings_frame()
    sentence = word("check", "incomplete", lang=lang)
    parts = []
    for identity in form.identities:
        rows = np.flatnonzero(_undecided(identity, table, form))
        if not len(rows):
            continue
        part = table.iloc[rows]
        terms = [identity.total, *identity.parts]
        names = [f"'{form.heading(name)}'" if lang == "vi" else name for name in terms]
        absent = part.reindex(columns=terms).isna().to_numpy()
        missing = [", ".join(np.array(names, dtype=object)[gone]) for gone in absent]
        statement = identity.in_words(form.heading) if lang == "vi" else str(identity)
        found = {
            "severity": "note",
            "rule": "incomplete",
            "where": row_places(part, form, rows, lang=lang),
            "expected": str(identity),
            "message": [sentence.format(identity=statement, missing=text) for text in missing],
        }
        parts.append(findings_frame(pd.DataFrame(found | named_by(part))))
    return pd.concat(parts, ignore_index=True) if parts else findings_frame()


def _undecided(identity: Identity, table: pd.DataFrame, form: Form) -> np.ndarray:
    """Return the rows that report some terms of an identity and lack others they should have."""
    terms = (identity.total, *identity.parts)
    optional = [name for name in terms if name in form.optional]
    nowhere = np.zeros(len(table), dtype=bool)
    known = {name: table[name].notna().to_numpy() if name in table else nowhere for name in terms}
    lacking = np.logical_or.reduce([~known[name] & ~dashed(table, name) for name in terms])
    # Of a breakdown that not every layout has, only one that was begun is incomplete.
    begun = np.logical_or.reduce([known[name] for name in optional or terms])
    return np.asarray(begun & lacking)


def exceeding(table: pd.DataFrame, form: Form, lang: str) -> pd.DataFrame:
    """Return the rows whose reported parts are more than the total, whatever is missing.

    An incomplete row neither passes nor fails an identity, but no part is negative: 15539 settled
    on time and 379 pending cannot be of 15868 received, even where the settled are not printed.
    """
    if not _keys_are_typed(table, form):
        return findings_frame()
    sentence = word("check", "exceeding", lang=lang)
    parts = []
    for identity in form.identities:
        judged = identity.op == "=" and all(
            name not in table or table[name].dtype == "Int64" for name in identity.columns
        )
        if not judged or identity.total not in table:
            continue
        total = table[identity.total].to_numpy("float64", na_value=np.nan)
        terms = (*identity.parts, *identity.where_given)
        least = np.sum([_at_least(name, table, form) for name in terms], axis=0)
        whole = identity.broken(table).to_numpy()  # told as what it is
        rows = np.flatnonzero((np.nan_to_num(total, nan=np.inf) < least) & ~whole)
        if not len(rows):
            continue
        part = table.iloc[rows]
        names = [identity.total, *identity.parts]
        total_name, *part_names = [
            f"'{form.heading(name)}'" if lang == "vi" else name for name in names
        ]
        found, expected = ([cell_text(cell) for cell in cells[rows]] for cells in (total, least))
        described = {
            "severity": "error",
            "rule": "exceeding",
            "where": row_places(part, form, rows, lang=lang),
            "found": found,
            "expected": [f"≥ {cell}" for cell in expected],
            "difference": (total - least)[rows],
            "message": [
                sentence.format(
                    total=total_name, parts=" + ".join(part_names), found=one, expected=other
                )
                for one, other in zip(found, expected, strict=True)
            ],
        }
        parts.append(findings_frame(pd.DataFrame(described | named_by(part))))
    return pd.concat(parts, ignore_index=True) if parts else findings_frame()


def _at_least(name: str, table: pd.DataFrame, form: Form) -> np.ndarray:
    """Return the least a column can be in each row: its figure, else the sum of its parts."""
    nothing = np.zeros(len(table))
    if name in table and table[name].dtype != "Int64":
        return nothing
    known = table[name].to_numpy("float64", na_value=np.nan) if name in table else nothing * np.nan
    from_parts = [
        np.sum([_at_least(part, table, form) for part in identity.parts], axis=0)
        for identity in form.identities
        if identity.op == "=" and identity.total == name
    ]
    return np.where(np.isnan(known), np.max([nothing, *from_parts], axis=0), known)


def printed_total(table: pd.DataFrame, form: Form, lang: str) -> pd.DataFrame:
    """Return the printed totals (row `all`) that are not the sum of the report's rows.

    Only of the form of dossiers: its rows part the whole, and its figures are all counts. A column
    that some row does not report, or that has a fault, is not judged.
    """
    if form is not DOSSIERS or not _keys_are_typed(table, form):
        return findings_frame()
    key, whole = ["agency", "period", "basis"], (table["sector"] == "all").to_numpy()
    figures = [name for name in form.figures if name in table and table[name].dtype == "Int64"]
    rows = table[~whole]
    by = [rows[name] for name in key]
    # A "-" adds nothing; an empty cell leaves the sum unknown.
    known = rows[figures].notna() | pd.DataFrame(
        {name: dashed(rows, name) for name in figures}, index=rows.index
    )
    sums = rows[figures].groupby(by).sum().where(known.groupby(by).all())
    sums["rows"] = rows.groupby(by).size()
    at = np.flatnonzero(whole)
    printed = table.iloc[at].set_index(key)
    expected = sums.reindex(printed.index)
    sentence = word("check", "printed_total", lang=lang)
    parts = []
    for name in figures:
        gap = (printed[name] - expected[name]).to_numpy("float64", na_value=np.nan)
        wrong = np.flatnonzero(np.nan_to_num(gap) != 0)
        if not len(wrong):
            continue
        part = table.iloc[at[wrong]]
        found = [cell_text(cell) for cell in part[name]]
        summed = [cell_text(cell) for cell in expected[name].iloc[wrong]]
        numbers = expected["rows"].iloc[wrong]
        column = form.heading(name) if lang == "vi" else name
        described = {
            "severity": "error",
            "rule": "printed_total",
            "where": row_places(part, form, at[wrong], lang=lang),
            "found": found,
            "expected": summed,
            "difference": gap[wrong],
            "message": [
                sentence.format(column=column, found=one, expected=other, rows=number)
                for one, other, number in zip(found, summed, numbers, strict=True)
            ],
        }
        parts.append(findings_frame(pd.DataFrame(described | named_by(part))))
    return pd.concat(parts, ignore_index=True) if parts else findings_frame()


def carried_over(tables: Tables, previous: Tables, lang: str) -> pd.DataFrame:
    """Return the sectors whose dossiers carried over are not those pending a quarter before."""
    now, before = (_balance(one.get(DOSSIERS.code)) for one in (tables, previous))
    if now is None or before is None:
        return findings_frame()
    before = before.assign(period=before["period"] + 1)
    both = now.merge(before, on=list(DOSSIERS.key), suffixes=("", "_before"), validate="one_to_one")
    gap = both["carried_over"] - both["pending_total_before"]
    wrong = both[(gap != 0).fillna(False)]
    sentence = word("check", "carried_over", lang=lang)
    found = [cell_text(cell) for cell in wrong["carried_over"]]
    expected = [cell_text(cell) for cell in wrong["pending_total_before"]]
    quarters = [label_period(period - 1, lang=lang) for period in wrong["period"]]
    described = {
        "severity": "error",
        "rule": "carried_over",
        "where": row_places(wrong, DOSSIERS, wrong["row"].tolist(), lang=lang),
        "found": found,
        "expected": expected,
        "difference": gap[wrong.index].array,
        "message": [
            sentence.format(found=one, expected=other, previous=quarter)
            for one, other, quarter in zip(found, expected, quarters, strict=True)
        ],
    }
    return findings_frame(pd.DataFrame(described | named_by(wrong)))


def _balance(table: pd.DataFrame | None) -> pd.DataFrame | None:
    """Return the rows of quarters with their number; None where the figures cannot be compared."""
    figures = ["carried_over", "pending_total"]
    if table is None or not _keys_are_typed(table, DOSSIERS):
        return None
    if any(name not in table or table[name].dtype != "Int64" for name in figures):
        return None
    kept = table[[*DOSSIERS.key, *figures, "source"]].assign(row=range(len(table)))
    single = ~kept.duplicated(list(DOSSIERS.key), keep=False)
    return kept[single & (kept["basis"] == IN_PERIOD)]


def _keys_are_typed(table: pd.DataFrame, form: Form) -> bool:
    """Return whether the key columns are there and without fault of type.

    A column with a fault stays as it came; `check` has told it.
    """
    if not set(form.key) <= set(table.columns):
        return False
    wanted = {name: QUARTERS if name == "period" else "str" for name in form.key}
    return all(str(table[name].dtype) == kind for name, kind in wanted.items())
