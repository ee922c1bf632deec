"""Whether the figures of a row, and of a report and the one before it, balance."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from cchc_stats.findings import findings_frame
from cchc_stats.forms import DOSSIERS, Form, Identity, examine
from cchc_stats.forms.faults import cell_text, fault_findings, named_by, row_places
from cchc_stats.labels import word
from cchc_stats.periods import IN_PERIOD, label_period

Tables = Mapping[str, pd.DataFrame]


def broken(frame: pd.DataFrame, form: Form, lang: str) -> pd.DataFrame:
    """Return as findings the faults that `validate` would refuse, identities among them."""
    table, faults = examine(frame, form)
    return fault_findings(table, form, faults, lang=lang)


def incomplete(frame: pd.DataFrame, form: Form, lang: str) -> pd.DataFrame:
    """Return a note for each identity that cannot be judged in a row because a figure is missing.

    A row that reports none of an identity's figures says nothing about it; nor does a figure that
    was printed "-", nor a breakdown that the layout does not have.
    """
    if frame.empty or not set(form.key) <= set(frame.columns):
        return findings_frame()
    parts = []
    for identity in form.identities:
        rows = np.flatnonzero(_unknown(identity, frame, form))
        if not len(rows):
            continue
        part = frame.iloc[rows]
        needed = (identity.total, *identity.parts)
        absent = part.reindex(columns=list(needed)).isna().to_numpy()
        missing = [[n for n, gone in zip(needed, row, strict=True) if gone] for row in absent]
        statement = identity.in_words(form.heading) if lang == "vi" else str(identity)
        sentence = word("check", "incomplete", lang=lang)
        named = [
            ", ".join(f"'{form.heading(n)}'" if lang == "vi" else n for n in names)
            for names in missing
        ]
        parts.append(
            pd.DataFrame(
                {
                    "severity": "note",
                    "rule": "incomplete",
                    "where": row_places(part, form, rows),
                    "expected": str(identity),
                    "message": [sentence.format(identity=statement, missing=n) for n in named],
                }
            ).assign(**named_by(part))
        )
    return findings_frame(pd.concat(parts, ignore_index=True)) if parts else findings_frame()


def _unknown(identity: Identity, frame: pd.DataFrame, form: Form) -> np.ndarray:
    """Return the rows that report some terms of an identity and lack others they should have."""
    some = np.zeros(len(frame), dtype=bool)
    lacking = np.zeros(len(frame), dtype=bool)
    some_optional = np.zeros(len(frame), dtype=bool)
    lacking_optional = np.zeros(len(frame), dtype=bool)
    dashes = frame.get("not_applicable", pd.Series("", index=frame.index)).fillna("")
    for name in (identity.total, *identity.parts):
        there = name in frame
        known = frame[name].notna().to_numpy() if there else np.zeros(len(frame), dtype=bool)
        dashed = dashes.str.contains(rf"\b{name}\b").to_numpy(dtype=bool)
        some |= known
        if name in form.optional:
            some_optional |= known
            lacking_optional |= ~known & ~dashed
        else:
            lacking |= ~known & ~dashed
    # Of a breakdown that not every layout has, only a part that was begun is incomplete.
    begun = some_optional | ~np.array(identity.total in form.optional)
    return some & ((lacking & begun) | (some_optional & lacking_optional))


def carried_over(tables: Tables, previous: Tables, lang: str) -> pd.DataFrame:
    """Return the sectors whose dossiers carried over are not those pending a quarter before."""
    if DOSSIERS.code not in tables or DOSSIERS.code not in previous:
        return findings_frame()
    key = ["agency", "period", "basis", "sector"]
    now = tables[DOSSIERS.code]
    before = previous[DOSSIERS.code][[*key, "pending_total"]]
    before = before.assign(period=before["period"] + 1)
    both = now.reset_index(names="at").merge(
        before, on=key, how="inner", suffixes=("", "_before"), validate="one_to_one"
    )
    gap = both["carried_over"] - both["pending_total_before"]
    wrong = both[(gap != 0).fillna(False) & (both["basis"] == IN_PERIOD)]
    if wrong.empty:
        return findings_frame()
    sentence = word("check", "carried_over", lang=lang)
    described = pd.DataFrame(
        {
            "severity": "error",
            "rule": "carried_over",
            "where": row_places(wrong, DOSSIERS, wrong["at"].tolist()),
            "found": [cell_text(cell) for cell in wrong["carried_over"]],
            "expected": [cell_text(cell) for cell in wrong["pending_total_before"]],
            "difference": gap[wrong.index].to_numpy(),
            "message": [
                sentence.format(
                    found=row.carried_over,
                    expected=row.pending_total_before,
                    previous=label_period(row.period - 1, lang=lang),
                )
                for row in wrong.itertuples()
            ],
        }
    )
    return findings_frame(described.assign(**named_by(wrong)))
