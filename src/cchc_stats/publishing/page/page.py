"""The page of a quarter: everything said of a report, as one HTML file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import jinja2
import pandas as pd

from cchc_stats.publishing.page.index_section import index_section
from cchc_stats.publishing.page.inline_svg import Picture
from cchc_stats.publishing.page.key_figures import in_sentence, key_sentences
from cchc_stats.publishing.page.quarter import Quarter
from cchc_stats.publishing.page.rows import LEVEL, blocks, claim_words, form_blocks, with_changes
from cchc_stats.publishing.page.scored import Scored
from cchc_stats.publishing.page.texts import text, texts
from cchc_stats.publishing.page.trend_section import Trends
from cchc_stats.words import SEVERITIES, label_period, word

SECTIONS = (
    "key",
    "pictures",
    "trends",
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
class Beside:
    """A file that lies beside the page: its name, what it holds or why it is not there."""

    name: str
    words: str
    written: bool = True


@dataclass(frozen=True)
class Pictures:
    """The pictures of a page, by the section that shows them."""

    quarter: Sequence[Picture] = ()
    trends: Sequence[Picture] = ()
    index: Sequence[Picture] = ()


def render_page(
    quarter: Quarter,
    *,
    scored: Scored | None = None,
    trends: Trends | None = None,
    pictures: Pictures | None = None,
    files: Sequence[Beside] = (),
) -> str:
    """Return the page as HTML that needs no other file; every text of the report is escaped.

    Parameters
    ----------
    quarter : what `look_at` returns; its language is the page's.
    scored : the report scored; no section on the index without.
    trends : earlier quarters, see `trends_of`; no section without.
    pictures : drawings of the sections.
    files : what lies beside the page.

    Examples
    --------
    >>> from cchc_stats.publishing.page.quarter import look_at
    >>> from cchc_stats.reading import read_report
    >>> page = render_page(look_at(read_report("data/binh-dinh-skhcn-2020q3")))
    >>> "<h1>Cải cách hành chính, quý III/2020</h1>" in page
    True
    """
    lang = quarter.lang

    def say(subject: str, code: str, **filled: object) -> str:
        return text(subject, code, lang=lang).format(**filled)

    shown = pictures or Pictures()
    there = {
        "pictures": bool(shown.quarter),
        "trends": trends is not None,
        "index": scored is not None,
        "files": bool(files),
    }
    period = in_sentence(label_period(quarter.report.period, lang=lang), lang=lang)
    return (
        environment()
        .get_template("page.html.jinja")
        .render(
            lang=lang,
            level=LEVEL,
            say=say,
            sections=[code for code in SECTIONS if there.get(code, True)],
            index=None if scored is None else index_section(scored, lang=lang),
            title=say("head", "title", period=period),
            head=head_rows(quarter),
            sentences=key_sentences(quarter),
            pictures=shown,
            forms=form_blocks(quarter),
            year=_against_year_before(quarter),
            trends=trends,
            findings=finding_groups(quarter.findings, lang=lang),
            claims=claim_words(quarter.report.claims, lang=lang),
            unplaced=quarter.report.unplaced.to_dict("records"),
            files=files,
            reading=[words.in_language(lang) for words in texts()["reading"].values()],
        )
    )


def environment() -> jinja2.Environment:
    """Return where the templates of pages are found; what they print is escaped."""
    return jinja2.Environment(
        loader=jinja2.PackageLoader("cchc_stats.publishing.page", ""),
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
