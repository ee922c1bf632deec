"""The main figures of a quarter, a sentence each."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cchc_stats.plots import change_words, name_of, parts_words, value_words
from cchc_stats.publishing.page.quarter import Quarter
from cchc_stats.publishing.page.rows import LEVEL, interval_words, limits_words, with_changes
from cchc_stats.publishing.page.texts import text
from cchc_stats.publishing.tracing import trace_record
from cchc_stats.words import label_period

# In the order in which the page names them.
KEY_FIGURES = (
    "procedures_in_force",
    "on_time_rate_settled",
    "on_time_rate_received",
    "settlement_rate",
    "pending_overdue_share",
    "time_reduction",
    "staffing_rate",
    "training_turns",
    "electronic_documents_share",
    "online_share",
    "iso_procedures_share",
    "inspected_share_direct",
)


def key_sentences(quarter: Quarter) -> list[dict[str, str]]:
    """Return the main figures of the report's quarter, a sentence each, and what checks found.

    Each is label, value, parts in brackets, the clause of its change, and where it comes from.
    """
    lang = quarter.lang
    values = with_changes(quarter, "quarter_over_quarter")
    values = values[(values["period"] == quarter.report.period) & (values["group"] == "all")]
    before = in_sentence(label_period(quarter.report.period - 1, lang=lang), lang=lang)
    sentences = []
    for code in KEY_FIGURES:
        for record in values[values["indicator"] == code].to_dict("records"):
            label = name_of("indicator", code, lang=lang)
            if record["basis"] == "year_to_date":
                period = label_period(record["period"], record["basis"], lang)
                label = f"{label}, {in_sentence(period, lang=lang)}"
            sentences.append(
                {
                    "label": label,
                    "value": value_words(record, lang=lang),
                    "parts": _brackets(record, lang=lang),
                    "change": _change_clause(record, before, lang=lang),
                    "trace": trace_record(record, lang=lang),
                }
            )
    checked = text("sentence", "findings", lang=lang).format(**quarter.counts)
    label, _, words = checked.partition(": ")
    return [*sentences, {"label": label, "value": words, "parts": "", "change": "", "trace": ""}]


def _brackets(record: dict[Any, Any], *, lang: str) -> str:
    """Return "(62/62; 95%: 94–100%)", as much of it as there is."""
    interval = interval_words(record, lang=lang)
    told = [parts_words(record, lang=lang), f"{LEVEL}%: {interval}" if interval else ""]
    told = [part for part in told if part]
    return f" ({'; '.join(told)})" if told else ""


def _change_clause(record: dict[Any, Any], previous: str, *, lang: str) -> str:
    """Return ", up 2 pp from Q2 2020", "" where there is nothing to compare with."""
    change = record["change"]
    if pd.isna(change):
        return ""
    if change == 0:
        return ", " + text("sentence", "same", lang=lang).format(previous=previous)
    by = change_words(record | {"change": abs(change)}, lang=lang).replace("+", "", 1)
    limits = limits_words(record, lang=lang)
    by = f"{by} ({LEVEL}%: {limits})" if limits else by
    way = "up" if change > 0 else "down"
    return ", " + text("sentence", way, lang=lang).format(by=by, previous=previous)


def in_sentence(label: str, *, lang: str) -> str:
    """Return a period's label as it stands within a sentence.

    Examples
    --------
    >>> in_sentence("Quý III/2020", lang="vi"), in_sentence("Q3 2020", lang="en")
    ('quý III/2020', 'Q3 2020')
    """
    return label[0].lower() + label[1:] if lang == "vi" else label
