"""The columns that tables about a contest share: who, as scored, the scheme's status, the notes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from pandas.arrays import IntegerArray

from cchc_stats.index.scheme import Scheme
from cchc_stats.index.uncertainty.contests import CASE, Entries
from cchc_stats.index.uncertainty.variation import WORDS


def scored_columns(entries: Entries) -> dict[str, Any]:
    """Return who it is about, and their points, percent and rank as scored."""
    columns: dict[str, Any] = {name: entries.cases[name].reset_index(drop=True) for name in CASE}
    for name in ("points", "percent", "rank"):
        figures = np.full(len(entries.cases), np.nan)
        for contest in entries.contests:
            figures[contest.rows] = getattr(contest, name)
        columns[name] = pd.array(figures, dtype="Float64")
        if name == "rank":
            columns[name] = whole_numbers(figures)
    return columns


def whole_numbers(figures: np.ndarray) -> IntegerArray:
    """Return floats that are whole as Int64, NaN as <NA>."""
    missing = np.isnan(figures)
    return IntegerArray(np.where(missing, 0, figures).astype("int64"), missing)


def closing_columns(
    entries: Entries, schemes: tuple[Scheme, ...], process: np.ndarray, *, lang: str
) -> dict[str, Any]:
    """Return the schemes' status and the notes; `process` tells where rates are drawn again."""
    words = WORDS[lang]
    examples = [one.name for one in schemes if one.status == "example"]
    ranked = np.zeros(len(process), dtype=bool)
    for contest in entries.contests:
        ranked[contest.rows] = contest.ranked
    notes = []
    for known, codes, drawn in zip(ranked, entries.unknown, process, strict=True):
        told = [words["example"].format(scheme=name) for name in examples]
        if not known:
            told.append(
                words["excluded"].format(codes=", ".join(codes)) if codes else words["no_points"]
            )
        elif drawn:
            told.append(words["process"])
        notes.append("; ".join(told))
    status = "example" if examples else schemes[0].status
    return {
        "scheme_status": pd.array([status] * len(notes), dtype="str"),
        "note": pd.array(notes, dtype="str"),
    }
