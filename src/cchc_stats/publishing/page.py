"""The page of a quarter: everything said of a report, as one HTML file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import jinja2
import pandas as pd

from cchc_stats.findings import SEVERITIES
from cchc_stats.labels import word
from cchc_stats.periods import label_period
from cchc_stats.plots.words import change_words, name_of, parts_words, value_words
from cchc_stats.publishing.quarter import Quarter
from cchc_stats.publishing.rows import (
    blocks,
    claim_words,
    form_blocks,
    with_changes,
)
from cchc_stats.publishing.texts import text, texts

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
SECTIONS = (
    "key",
    "pictures",
    "index",
    "values",
    "year",
    "findings",
    "claims",
    "unplaced",
    "reading",
    "files",
)
FINDING = ("message", "found", "expected", "where")


@dataclass(frozen=True)
class Picture:
    """A picture on the page: its file, beside the page, and what it shows."""

    file: str
    caption: str


def render_page(
    quarter: Quarter,
    *,
    pictures: Sequence[Picture] = (),
    files: Sequence[str] = (),
    index: str = "",
) -> str:
    """Return the page as HTML; every text of the report is escaped.

    Parameters
    ----------
    quarter : what `look_at` returns; its language is the page's.
    pictures : shown in this order, by file names relative to the page.
    files : names of tables that lie beside the page.
    index : the result of the index in a sentence, "" where the report was not scored.

    Examples
    --------
    >>> from cchc_stats.publishing.quarter import look_at
    >>> from cchc_stats.reading import read_report
    >>> page = render_page(look_at(read_report("data/binh-dinh-skhcn-2020q3")))
    >>> "<h1>Cải cách hành chính, quý III/2020</h1>" in page
    True
    """
    lang = quarter.lang

    def say(subject: str, code: str, **filled: object) -> str:
        return text(subject, code, lang=lang).format(**filled)

    return (
        environment()
        .get_template("page.html.jinja")
        .render(
            lang=lang,
            say=say,
            sections=[code for code in SECTIONS if index or code != "index"],
            index=index,
            title=say(
                "head",
                "title",
                period=in_sentence(label_period(quarter.report.period, lang=lang), lang=lang),
            ),
            head=head_rows(quarter),
            sentences=key_sentences(quarter),
            pictures=pictures,
            forms=form_blocks(quarter),
            year=_against_year_before(quarter),
            findings=finding_groups(quarter.findings, lang=lang),
            claims=claim_words(quarter.report.claims, lang=lang),
            unplaced=quarter.report.unplaced.to_dict("records"),
            files=[(name, say("file", name.replace(".", "_"))) for name in files],
            reading=[words.in_language(lang) for words in texts()["reading"].values()],
        )
    )


def environment() -> jinja2.Environment:
    """Return where the templates of pages are found; what they print is escaped."""
    return jinja2.Environment(
        loader=jinja2.PackageLoader("cchc_stats.publishing", ""),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )


def head_rows(quarter: Quarter) -> list[tuple[str, str]]:
    """Return what the head of the page says of the report: names and words."""
    report, lang = quarter.report, quarter.lang
    window = str(report.window)
    if quarter.window_is_decreed:
        window = f"{window} ({text('head', 'decreed', lang=lang)})"
    rows = {
        "agency": report.agency,
        "number": report.number or text("head", "blank", lang=lang),
        "signed_on": report.signed_on.strftime("%d/%m/%Y") if report.signed_on else "",
        "period": label_period(report.period, lang=lang),
        "window": window,
        "source": report.source,
    }
    blank = text("head", "blank", lang=lang)
    return [(text("head", name, lang=lang), words or blank) for name, words in rows.items()]


def key_sentences(quarter: Quarter) -> list[dict[str, str]]:
    """Return the main figures of the report's quarter, a sentence each, and what checks found."""
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
            parts = parts_words(record, lang=lang)
            sentences.append(
                {
                    "label": label,
                    "value": value_words(record, lang=lang),
                    "parts": f"({parts})" if parts else "",
                    "change": _change_clause(record, before, lang=lang),
                }
            )
    checked = text("sentence", "findings", lang=lang).format(**quarter.counts)
    label, _, words = checked.partition(": ")
    return [*sentences, {"label": label, "value": words, "parts": "", "change": ""}]


def _change_clause(record: dict[Any, Any], previous: str, *, lang: str) -> str:
    """Return ", up 2 pp from Q2 2020", "" where there is nothing to compare with."""
    change = record["change"]
    if pd.isna(change):
        return ""
    if change == 0:
        return ", " + text("sentence", "same", lang=lang).format(previous=previous)
    by = change_words(record | {"change": abs(change)}, lang=lang).replace("+", "", 1)
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


def finding_groups(findings: pd.DataFrame, *, lang: str) -> list[dict[str, Any]]:
    """Return the findings by severity, the most severe first: its word and the rows as texts."""
    groups = []
    for severity in SEVERITIES:
        rows = findings[findings["severity"] == severity]
        # What a note has found stands in its message; errors and warnings set two figures apart.
        columns = ["message", "where"] if severity == "note" else list(FINDING)
        groups.append(
            {
                "severity": severity,
                "label": word("severity", severity, lang=lang),
                "columns": [(name, name) for name in columns],
                "rows": rows[columns].fillna("").to_dict("records"),
            }
        )
    return groups


def _against_year_before(quarter: Quarter) -> tuple[Any, ...]:
    """Return the figures of the report's quarter that have one of a year before."""
    values = with_changes(quarter, "year_over_year")
    now = values["period"] == quarter.report.period
    return blocks(values[now & values["previous"].notna()], lang=quarter.lang)
