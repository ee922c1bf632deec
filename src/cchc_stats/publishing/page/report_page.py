"""`write_report`: a report's quarter as one page that needs nothing beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd

from cchc_stats.index import Scheme, load_scheme, read_answers
from cchc_stats.publishing.atomic import require_file_target, write_whole
from cchc_stats.publishing.page.index_pictures import index_pictures
from cchc_stats.publishing.page.inline_svg import drawing
from cchc_stats.publishing.page.page import Beside, Pictures, render_page
from cchc_stats.publishing.page.pictures import quarter_pictures
from cchc_stats.publishing.page.quarter import Quarter, look_at
from cchc_stats.publishing.page.scored import Scored, look_at_index
from cchc_stats.publishing.page.trend_section import trend_pictures, trends_of
from cchc_stats.reading import Report
from cchc_stats.words import require_language


def write_report(
    report: Report,
    path: str | Path,
    *,
    history: pd.DataFrame | None = None,
    scheme: Scheme | str | Path | None = None,
    answers: pd.DataFrame | str | Path | None = None,
    previous: Report | None = None,
    lang: str = "vi",
) -> Path:
    """Write a report's quarter as one self-contained HTML page (trang báo cáo).

    Parameters
    ----------
    report : as `read_report` gives it.
    path : the page's file. Written whole or not at all: what fails leaves the old file.
    history : values of the agency's earlier quarters (see `measure`): for changes against the
        quarter and the year before, trends, and from 12 quarters on control charts. What the report
        itself states of an earlier quarter stands before it; rows of other agencies, of the
        report's quarter and of later ones are left out.
    scheme : what the index is scored by, or its name or file; no section on the index without one.
    answers : frame or CSV file of answers to the scheme (see `read_answers`).
    previous : the agency's report of the quarter before: what it had pending opens this one, and
        its figures are part of the history.
    lang : language of the page, "vi" or "en"; names and texts of the report stay Vietnamese.

    Returns
    -------
    Path of the page. It holds the main figures in sentences; plots as SVG with their sentences as
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
        `previous` is not the agency's quarter before; the target is a folder, write-protected, or
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
    chosen = scheme if scheme is None or isinstance(scheme, Scheme) else load_scheme(scheme)
    said = read_answers(Path(answers)) if isinstance(answers, str | Path) else answers
    quarter = look_at(report, history=history, previous=previous, lang=lang)
    scored = None
    if chosen is not None:
        values = quarter.values
        agency, period = report.agency, report.period
        scored = look_at_index(
            values, chosen, agency=agency, period=period, answers=said, lang=lang
        )
    return write_whole(target, page_of(quarter, scored=scored).encode("utf-8"))


def page_of(
    quarter: Quarter,
    *,
    scored: Scored | None = None,
    files: Sequence[Beside] = (),
    tell: Callable[[str], None] = lambda step: None,
) -> str:
    """Return the page of a quarter with its pictures drawn.

    Parameters
    ----------
    scored : the report scored; no section on the index without.
    files : what lies beside the page.
    tell : called with "picture" or "page" before each of them.
    """
    lang = quarter.lang
    trends = trends_of(quarter)
    with drawing():
        pictures = Pictures(
            quarter=quarter_pictures(quarter, tell=tell),
            trends=[] if trends is None else trend_pictures(trends, lang=lang, tell=tell),
            index=[] if scored is None else index_pictures(scored, lang=lang, tell=tell),
        )
    tell("page")
    return render_page(quarter, scored=scored, trends=trends, pictures=pictures, files=files)
