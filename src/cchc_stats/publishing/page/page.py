"""`write_report`: everything said of a report's quarter as one HTML page, nothing beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from typing import NamedTuple

import jinja2
import pandas as pd
from markupsafe import Markup

from cchc_stats.checking import report_before
from cchc_stats.forms import HasReports, set_in
from cchc_stats.index import Scheme, load_scheme, read_answers
from cchc_stats.indicators import measure
from cchc_stats.publishing.frames import ledger_section, refuse_small_numbers_beside, text, texts
from cchc_stats.publishing.page.chairman import quarter_sheet, require_targets
from cchc_stats.publishing.page.pictures import (
    INDEX_PICTURES,
    PICTURES,
    Picture,
    Tell,
    drawing,
    pictures_of,
    silent,
    trend_pictures,
)
from cchc_stats.publishing.page.quarter import (
    LEVEL,
    Quarter,
    Scored,
    Trends,
    look_at,
    look_at_index,
    trends_of,
    with_changes,
)
from cchc_stats.publishing.page.sections import (
    blocks,
    claim_words,
    finding_groups,
    form_blocks,
    head_rows,
    in_sentence,
    index_section,
    key_sentences,
    mark_of,
)
from cchc_stats.reading import Report, ReportSet
from cchc_stats.words import (
    CchcError,
    label_period,
    require_file_target,
    require_language,
    write_whole,
)

SECTIONS = (
    "key",
    "pictures",
    "trends",
    "index",
    "values",
    "year",
    "findings",
    "ledger",
    "claims",
    "unplaced",
    "reading",
    "files",
)


class FileBeside(NamedTuple):
    """A file that lies beside the page: its name, what it holds or why it is not there."""

    name: str
    words: str
    written: bool = True


@dataclass
class Pictures:
    """The pictures of a page, by the section that shows them."""

    quarter: Sequence[Picture] = ()
    trends: Sequence[Picture] = ()
    index: Sequence[Picture] = ()


def write_report(
    report: Report | ReportSet | HasReports,
    path: str | Path,
    *,
    history: pd.DataFrame | None = None,
    scheme: Scheme | str | Path | None = None,
    answers: pd.DataFrame | str | Path | None = None,
    previous: Report | None = None,
    below: int | None = None,
    quality: pd.DataFrame | None = None,
    targets: Mapping[str, float] | None = None,
    annexes: bool = False,
    lang: str = "vi",
) -> Path:
    """Write a report's quarter as one self-contained HTML page (trang báo cáo).

    Parameters
    ----------
    report : as `read_report` gives it; or a set of an agency's reports or a store of them: the
        newest, whose history the others are.
    path : the page's file. Written in full or not at all: what fails leaves the old file.
    history : values of the agency's earlier quarters (see `measure`): for changes against the
        quarter and the year before, trends, and from 12 quarters on control charts. What the report
        itself states of an earlier quarter stands before it; rows of other agencies, of the
        report's quarter and of later ones are left out.
    scheme : what the index is scored by, or its name or file; no section on the index without one.
    answers : frame or CSV file of answers to the scheme (see `read_answers`).
    previous : the agency's report of the quarter before: what it had pending opens this one, and
        its figures are part of the history.
    below : publish no figure from which a number below this one, and above 0, would follow (see
        `suppress_small`): not in sentences, plots, changes, trends, scores, notes or findings, and
        no quotation of the prose. The page alone is safe so; with the official form beside it write
        both by `cchc-stats report --below`.
    quality : what to know of the ledger that the figures were counted from (see `ledger_quality`):
        a sentence and a table of it; no section without.
    targets : indicator code -> target in the indicator's unit, percent for rates.
    annexes : whether what is folded (all figures, criteria, findings, texts) is open, and printed.
    lang : language of the page, "vi" or "en"; names and texts of the report stay Vietnamese.

    Returns
    -------
    Path of the page. First one sheet: what changed beyond chance, what is wrong, what is late, the
    targets. Then the main figures in sentences; plots as SVG with their sentences as
    alt text; every indicator with its interval at 95 %, the change and the change's limits; the
    index with reasons and points lost; findings, figures of the prose, what has no place. Each
    figure tells on hover, tap or focus where it comes from (see `trace`). The page loads nothing
    and runs no script; it is made for wide and narrow screens, light and dark, and A4. Absences are
    words: not reported, not applicable, undefined for a denominator of 0.

    Raises
    ------
    ValuesError
        Nothing can be measured, or scored; a history of others only, or that is no values frame.
    SchemeError, ReadError
        The scheme or the answers cannot be read.
    CchcError
        `quality` beside `below`, whose small numbers it tells.
        `previous` is not the agency's quarter before; `below` is no integer of 2 or more, or
        nothing that can be left out is enough; the target is a folder, write-protected, or
        its folder is not there, cannot be written or has no room left.

    Source
    ------
    Web Content Accessibility Guidelines 2.2, for alt text, focus and contrast.

    Examples
    --------
    >>> import tempfile
    >>> from cchc_stats.reading import read_report
    >>> report = read_report("data/binh-dinh-skhcn-2020q3")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     page = write_report(report, f"{folder}/quarter.html").read_text(encoding="utf-8")
    >>> "<strong>" in page, "<script" in page, "http://" in page
    (True, False, False)
    """
    require_language(lang)
    target = Path(path)
    require_file_target(target)
    refuse_small_numbers_beside(quality, below)
    require_targets(targets)
    chosen = scheme if scheme is None or isinstance(scheme, Scheme) else load_scheme(scheme)
    said = read_answers(Path(answers)) if isinstance(answers, str | Path) else answers
    if not isinstance(report, Report):
        report, history, previous = _newest(set_in(report), history, previous)
    quarter = look_at(report, history=history, previous=previous, below=below, lang=lang)
    scored = None
    if chosen is not None:
        values = quarter.values
        agency, period = report.agency, report.period
        scored = look_at_index(
            values, chosen, agency=agency, period=period, answers=said, lang=lang
        )
    html = page_of(quarter, scored=scored, quality=quality, targets=targets, annexes=annexes)
    return write_whole(target, html.encode("utf-8"))


def _newest(
    reports: ReportSet, history: pd.DataFrame | None, previous: Report | None
) -> tuple[Report, pd.DataFrame | None, Report | None]:
    """Return the newest report of an agency, and of its others the values and the one before."""
    agencies = {one.agency for one in reports.reports} if isinstance(reports, ReportSet) else ()
    if len(agencies) != 1:
        raise CchcError(
            f"a page is of one agency's reports, not of {len(agencies)}",
            where="report=",
            mend="give one report, or a set or a store of one agency's",
        )
    chosen = [(reports.reports[at], reports.paths[at]) for at in reports.chosen]
    newest, _ = max(chosen, key=lambda pair: pair[0].period)
    earlier = [pair for pair in chosen if pair[0].period < newest.period]
    if earlier:
        their, paths = zip(*earlier, strict=True)
        previous = previous or report_before(newest, their)
        history = (
            measure(replace(reports, reports=their, paths=paths)) if history is None else history
        )
    return newest, history, previous


def page_of(
    quarter: Quarter,
    *,
    scored: Scored | None = None,
    files: Sequence[FileBeside] = (),
    quality: pd.DataFrame | None = None,
    targets: Mapping[str, float] | None = None,
    annexes: bool = False,
    tell: Tell = silent,
) -> str:
    """Return the page of a quarter with its pictures drawn.

    Parameters
    ----------
    scored : the report scored; no section on the index without.
    files : what lies beside the page.
    quality : what to know of the ledger; no section without.
    targets : of indicators, in their units.
    annexes : whether what is folded is open.
    tell : called with "picture" or "page" before each of them.
    """
    lang, trends = quarter.lang, trends_of(quarter)
    with drawing():
        pictures = Pictures(quarter=pictures_of(PICTURES, quarter, lang=lang, tell=tell))
        if trends is not None:
            pictures.trends = trend_pictures(trends, lang=lang, tell=tell)
        if scored is not None:
            pictures.index = pictures_of(INDEX_PICTURES, scored, lang=lang, tell=tell)
    tell("page")
    return render_page(
        quarter,
        scored=scored,
        trends=trends,
        pictures=pictures,
        files=files,
        quality=quality,
        targets=targets,
        annexes=annexes,
    )


def render_page(
    quarter: Quarter,
    *,
    scored: Scored | None = None,
    trends: Trends | None = None,
    pictures: Pictures | None = None,
    files: Sequence[FileBeside] = (),
    quality: pd.DataFrame | None = None,
    targets: Mapping[str, float] | None = None,
    annexes: bool = False,
) -> str:
    """Return the page as HTML that needs no other file; every text of the report is escaped.

    Parameters
    ----------
    quarter : what `look_at` returns; its language is the page's.
    scored : the report scored; no section on the index without.
    trends : earlier quarters, see `trends_of`; no section without.
    pictures : drawings of the sections.
    files : what lies beside the page.
    quality : what to know of the ledger; no section without.
    targets : of indicators, in their units.
    annexes : whether what is folded is open.

    Examples
    --------
    >>> from cchc_stats.reading import read_report
    >>> page = render_page(look_at(read_report("data/binh-dinh-skhcn-2020q3")))
    >>> "<h1>Cải cách hành chính, quý III/2020</h1>" in page
    True
    """
    lang = quarter.lang

    def say(subject: str, code: str, **filled: object) -> str:
        return text(subject, code, lang=lang).format(**filled)

    shown = pictures or Pictures()
    year = with_changes(quarter, "year_over_year")
    year = year[(year["period"] == quarter.report.period) & year["previous"].notna()]
    there = {
        "pictures": bool(shown.quarter),
        "trends": trends is not None,
        "index": scored is not None,
        "files": bool(files),
        "ledger": quality is not None,
    }
    period = in_sentence(label_period(quarter.report.period, lang=lang), lang=lang)
    return (
        environment()
        .get_template("page.html.jinja")
        .render(
            lang=lang,
            style=Markup((resources.files(__package__) / "style.css").read_text("utf-8")),
            doubted=any(map(mark_of, quarter.values.to_dict("records"))),
            level=LEVEL,
            say=say,
            sections=[code for code in SECTIONS if there.get(code, True)],
            index=None if scored is None else index_section(scored, lang=lang),
            title=say("head", "title", period=period),
            head=head_rows(quarter),
            sheet=quarter_sheet(quarter, targets),
            annexes=annexes,
            sentences=key_sentences(quarter),
            pictures=shown,
            forms=form_blocks(quarter),
            year=blocks(year, lang=lang),
            trends=None if trends is None else blocks(trends.values, lang=lang),
            findings=finding_groups(quarter.findings, lang=lang),
            claims=claim_words(quarter.report.claims, lang=lang),
            unplaced=quarter.report.unplaced.to_dict("records"),
            files=files,
            ledger=None if quality is None else ledger_section(quality, lang=lang),
            reading=[
                *_left_out(quarter),
                *(words.in_language(lang) for words in texts()["reading"].values()),
            ],
        )
    )


def _left_out(quarter: Quarter) -> list[str]:
    """Return what is to be said of figures that are not published."""
    if not quarter.left_out:
        return []
    sentence = f"{quarter.left_out[:1].upper()}{quarter.left_out[1:]}."
    return [sentence, text("word", "left_out_beside", lang=quarter.lang)]


def environment() -> jinja2.Environment:
    """Return where the templates of pages are; what they print is escaped."""
    return jinja2.Environment(
        loader=jinja2.PackageLoader("cchc_stats.publishing.page", ""),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
