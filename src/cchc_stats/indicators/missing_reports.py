"""`missing_reports`: which agency has not sent which report or form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING

import pandas as pd

from cchc_stats.forms import FORMS, Form, find_form
from cchc_stats.words import (
    QUARTERS,
    CchcError,
    Window,
    agency_changes,
    fold_agency,
    label_period,
    match_agency,
    name_parts,
    require_language,
    require_quarters,
    say,
    successor,
    word,
)

if TYPE_CHECKING:
    from cchc_stats.reading import Report, ReportSet, Units

COLUMNS = ("agency", "period", "form", "reason")


def missing_reports(
    reports: ReportSet,
    agencies: Units | Iterable[str],
    periods: Iterable[pd.Period | str],
    *,
    forms: Iterable[Form | str] | None = None,
    changes: pd.DataFrame | None = None,
    lang: str = "vi",
) -> pd.DataFrame:
    """Return which reports and forms are not there, of the agencies that there were.

    Parameters
    ----------
    reports : what was read; its agencies are matched with those asked (see `match_agency`).
    agencies : who should report: names, or the units (see `read_units`), each of which owes the
        forms that its list states.
    periods : the quarters, or texts that name them.
    forms : the forms that a report should have; None for those of the units' list, and without
        one for those that any report of the quarter has.
    changes : changes of agencies (see `agency_changes`). An agency that ceased, or became another,
        before the end of a quarter's days is not asked for it, nor one that is to come.
    lang : language of the reasons, "vi" or "en".

    Returns
    -------
    Frame `agency, period, form, reason`, in the order asked; empty is complete. `form` is "" for
    a report: "chưa gửi báo cáo", or "đọc không được: …" where a file that could not be read
    bears the agency's name. Such a file does not tell its quarter, so it is named for each quarter
    that lacks; so is a report of the quarter before that was signed after the end of this one. Else
    `form` is a code, "thiếu biểu": the report has no table of it, or an empty one.

    Raises
    ------
    CchcError
        Something else than a set, no agency, or no quarter.

    Source
    ------
    Last day of a quarter: Decree 09/2019/NĐ-CP, article 12. Districts: Resolution 203/2025/QH15.

    Examples
    --------
    >>> from cchc_stats.reading.reports.many import read_reports
    >>> reports = read_reports("data/binh-dinh-skhcn-2020q3")
    >>> asked = ["Sở Khoa học và Công nghệ", "Sở Nội vụ"]
    >>> missing_reports(reports, asked, ["2020Q3"])[["agency", "form", "reason"]].values.tolist()
    [['Sở Nội vụ', '', 'chưa gửi báo cáo']]
    """
    require_language(lang)
    units, asked = _asked(reports, agencies)
    quarters = _quarters(periods)
    expected = None if forms is None else [find_form(form) for form in forms]
    of_quarter = {
        quarter: _of_quarter(reports, quarter) if expected is None else expected
        for quarter in quarters
    }
    due = _due(units) if units is not None and expected is None else {}
    sent, unread = _sent(reports, units, asked), _unread(reports, units, asked, lang)
    table = agency_changes() if changes is None else changes
    rows = [
        (agency, quarter, form, reason)
        for agency in asked
        for quarter in quarters
        if successor(agency, Window.of(quarter).end, table) == agency
        for form, reason in _missing(
            sent.get((agency, quarter), []),
            due.get(agency) or of_quarter[quarter],
            [*unread.get(agency, []), *_named_before(sent.get((agency, quarter - 1), []), lang)],
            lang,
        )
    ]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return frame.astype(dict.fromkeys(COLUMNS, "str") | {"period": QUARTERS})


def _asked(reports: object, agencies: Units | Iterable[str]) -> tuple[Units | None, Sequence[str]]:
    """Return the units, where they are given, and the names of who should report."""
    # All of reading is loaded with it, which who measures frames does not need.
    from cchc_stats.reading import ReportSet, Units

    if not isinstance(reports, ReportSet):
        raise CchcError(
            f"a set of reports is asked, not {type(reports).__name__}",
            where="reports=",
            mend="give what read_reports returns",
        )
    if isinstance(agencies, Units):
        return agencies, agencies.names
    asked = [agencies] if isinstance(agencies, str) else [*dict.fromkeys(agencies)]
    if not asked:
        raise CchcError(
            "there is no agency to ask for", where="agencies=", mend="name at least one"
        )
    return None, asked


def _quarters(periods: Iterable[pd.Period | str]) -> list[pd.Period]:
    named = [periods] if isinstance(periods, str | pd.Period) else [*periods]
    if not named:
        raise CchcError(
            "there is no quarter to ask for", where="periods=", mend="name at least one"
        )
    return [*dict.fromkeys(require_quarters(pd.Series(named, dtype=object), where="periods="))]


def _due(units: Units) -> dict[str, list[Form]]:
    """Return the forms that each unit owes, as its list states them."""
    owed = zip(units.frame["unit"], units.frame["forms"], strict=True)
    return {unit: [find_form(code) for code in codes] for unit, codes in owed}


def _missing(
    editions: Sequence[Report], wanted: Sequence[Form], unread: Sequence[str], lang: str
) -> list[tuple[str, str]]:
    """Return the forms that no edition of a report has, or why there is no report."""
    if not editions:
        return [("", "; ".join(unread) or word("missing", "not_sent", lang=lang))]
    return [
        (form.code, word("missing", "no_form", lang=lang))
        for form in wanted
        if not any(_has(report, form) for report in editions)
    ]


def _named_before(editions: Sequence[Report], lang: str) -> list[str]:
    """Return which reports of the quarter before were signed when that of the quarter was due."""
    said = "; ".join(word("missing", one, lang=lang) for one in ("not_sent", "of_before"))
    return [
        said.format(
            file=PurePath(report.source).name,
            quarter=label_period(report.period, lang=lang),
            day=f"{report.signed_on:%d/%m/%Y}",
        )
        for report in editions
        if report.signed_on is not None and report.signed_on > Window.of(report.period + 1).end
    ]


def _sent(
    reports: ReportSet, units: Units | None, asked: Sequence[str]
) -> dict[tuple[str, pd.Period], list[Report]]:
    sent: dict[tuple[str, pd.Period], list[Report]] = {}
    for report in reports.reports:
        name = report.agency
        if units is None:
            name = match_agency(name, asked).name
        elif name not in asked:
            name = units.match(name, report.number or None) or ""
        sent.setdefault((name, report.period), []).append(report)
    return sent


def _unread(
    reports: ReportSet, units: Units | None, asked: Sequence[str], lang: str
) -> dict[str, list[str]]:
    """Return the failures by the one agency whose name the file's name bears."""
    unread: dict[str, list[str]] = {}
    for failure in reports.failures.to_dict("records"):
        path = PurePath(failure["path"])
        file = f" {fold_agency(path.stem.replace('_', ' '))} "
        bears = [
            agency for agency in asked if any(f" {name} " in file for name in _spellings(agency))
        ]
        if units is not None and (unit := units.of_file(str(path))):
            bears = [unit]
        if len(bears) == 1:
            said, what = word("missing", "unread", lang=lang), say(failure["what"], lang=lang)
            unread.setdefault(bears[0], []).append(said.format(path=path.name, what=what))
    return unread


def _spellings(agency: str) -> list[str]:
    """Return how a file's name may spell an agency: without its province, or by its initials."""
    parts = name_parts(agency)
    words = fold_agency(agency)
    if parts.province:
        words = words.removesuffix(f" {parts.province}")
        words = words.removesuffix(" tinh").removesuffix(" thanh pho")
    return [words, parts.initials] if len(parts.initials) > 2 else [words]


def _of_quarter(reports: ReportSet, quarter: pd.Period) -> list[Form]:
    """Return the forms that any report of a quarter has."""
    of_quarter = [report for report in reports.reports if report.period == quarter]
    return [form for form in FORMS if any(_has(report, form) for report in of_quarter)]


def _has(report: Report, form: Form) -> bool:
    return len(report.tables.get(form.code, ())) > 0
