"""The index on the page: points by field, the reason for each, and where points were lost."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cchc_stats.index import ROOT, best_values, leaf_reason
from cchc_stats.publishing.page.scored import Scored
from cchc_stats.publishing.page.texts import text
from cchc_stats.publishing.tracing import trace_record
from cchc_stats.words import format_number

# Points are printed to as many decimals as any scheme rounds to.
DECIMALS = 2


def index_section(scored: Scored, *, lang: str) -> dict[str, Any]:
    """Return what the page says of the index: head, result, fields, leaves, losses, notes."""
    return {
        "head": _head(scored, lang=lang),
        "total": total_sentence(scored, lang=lang),
        "example": scored.is_example,
        "fields": _fields(scored, lang=lang),
        "leaves": _leaves(scored, lang=lang),
        "lost": _lost(scored, lang=lang),
        "notes": [note.in_language(lang) for note in scored.scheme.notes],
    }


def total_sentence(scored: Scored, *, lang: str) -> str:
    """Return the result in a sentence; of half a score only what is known.

    Examples
    --------
    >>> from cchc_stats.index import load_scheme
    >>> from cchc_stats.publishing.page.scored import look_at_index
    >>> said = pd.DataFrame({"agency": "Bình Định", "period": "2019Q4", "number": [7, 5],
    ...                      "code": ["F1", "F2"]})
    >>> scheme = load_scheme("par-index-2019-province-self")
    >>> scored = look_at_index(None, scheme, agency="Bình Định", period=pd.Period("2019Q4"),
    ...                        answers=said)
    >>> total_sentence(scored, lang="en")
    '12 points are known; 53 of 65 points are not known yet, so there is no result.'
    """
    root = scored.root
    slots = {
        name: _points(root[column], lang=lang)
        for name, column in (
            ("points", "points"),
            ("most", "applicable_max"),
            ("known", "points_known"),
            ("unknown", "unknown_max"),
        )
    }
    if not root["complete"]:
        return text("sentence", "score_open", lang=lang).format(**slots)
    percent = format_number(root["percent"], decimals=DECIMALS, unit="percent", lang=lang)
    told = text("sentence", "score", lang=lang).format(percent=percent, **slots)
    if scored.verdict is None:
        return told
    verdict = text("sentence", "score_class", lang=lang)
    return f"{told} {verdict.format(label=scored.verdict.in_language(lang))}"


def _points(number: Any, *, lang: str) -> str:
    return format_number(number, decimals=DECIMALS, lang=lang)


def _head(scored: Scored, *, lang: str) -> list[tuple[str, str]]:
    scheme = scored.scheme
    rows = {
        "scheme": f"{scheme.title.in_language(lang)} ({scheme.name})",
        "scheme_status": text("status", scheme.status, lang=lang),
        "scheme_source": scheme.source,
    }
    return [(text("head", name, lang=lang), words) for name, words in rows.items()]


def _label(row: Any, *, lang: str) -> str:
    label = row["label"] if lang == "vi" else row["label_en"] or row["label"]
    return f"{row['code']} {label}" if row["code"][:1].isdigit() else label


# How points of these kinds enter the sum; those of scoring nodes need no sign.
SIGNS = {"bonus": "+", "deduction": "−"}


def _signed(row: Any, name: str, *, lang: str) -> str:
    return SIGNS.get(row["kind"], "") + _points(row[name], lang=lang)


def _fields(scored: Scored, *, lang: str) -> list[dict[str, str]]:
    """Return the nodes below the root: points of maximum, and what is not known."""
    scores = scored.scores
    rows = scores[(scores["parent"] == ROOT) & scored.own].to_dict("records")
    return [
        {
            "label": _label(row, lang=lang),
            "points": text("word", "unknown_points", lang=lang).format(
                known=_points(row["points_known"], lang=lang),
                unknown=_points(row["unknown_max"], lang=lang),
            )
            if not row["complete"]
            else _signed(row, "points", lang=lang),
            "most": _signed(row, "applicable_max", lang=lang),
            "percent": format_number(row["percent"], decimals=1, unit="percent", lang=lang),
        }
        for row in rows
    ]


def _leaves(scored: Scored, *, lang: str) -> list[dict[str, Any]]:
    """Return the leaves, each with the sentence that says why it has its points."""
    scores = scored.scores
    inner = scores["code"].isin(scores["parent"])
    best = best_values(scores)
    return [
        {
            "label": _label(row, lang=lang),
            "state": "value" if row["complete"] else "not_reported",
            "points": _signed(row, "points", lang=lang) if row["complete"] else "–",
            "most": _signed(row, "applicable_max", lang=lang),
            "reason": leaf_reason(row, best=best.get(_case(row)), lang=lang),
            "trace": trace_record(row, lang=lang),
        }
        for row in scores[~inner & scored.own].to_dict("records")
    ]


def _case(row: Any) -> tuple[pd.Period, str, str]:
    return row["period"], row["assessor"], row["code"]


def _lost(scored: Scored, *, lang: str) -> list[dict[str, str]]:
    lost = scored.lost[scored.lost["assessor"] == scored.root["assessor"]]
    return [
        {
            "about": row["label"],
            "lost": "" if pd.isna(row["lost"]) else _points(row["lost"], lang=lang),
            "how": row["how"],
        }
        for row in lost.to_dict("records")
    ]
