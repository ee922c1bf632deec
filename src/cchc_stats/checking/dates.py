"""The days of a report: its window, the day it was signed, the documents it names."""

from __future__ import annotations

import pandas as pd

from cchc_stats.checking.told import told
from cchc_stats.reading import Report, number_findings
from cchc_stats.words import IN_PERIOD, YEAR_TO_DATE, Window, findings_frame, no_findings

LATE = 60  # days after the window's end


def window_and_signature(report: Report, lang: str) -> pd.DataFrame:
    """Return what is odd about a report's window and the day of its signature.

    `other_window` (note): not that of Decree 09/2019/NĐ-CP, article 12; `signed_early` (warning):
    before the window ends; `signed_late` (note): more than 60 days after it.
    """
    rows = []
    decreed = [Window.of(report.period, basis) for basis in (IN_PERIOD, YEAR_TO_DATE)]
    if report.window not in decreed:
        words = {"found": str(report.window), "expected": str(decreed[0])}
        rows.append(told(report, "note", "other_window", lang=lang, **words))
    if report.signed_on is not None:
        days = (report.signed_on - report.window.end).days
        words = {
            "found": f"{report.signed_on:%d/%m/%Y}",
            "expected": f"{report.window.end:%d/%m/%Y}",
        }
        if days < 0:
            rows.append(
                told(report, "warning", "signed_early", lang=lang, difference=days, **words)
            )
        elif days > LATE:
            rows.append(
                told(report, "note", "signed_late", lang=lang, difference=days, days=days, **words)
            )
    return findings_frame(rows) if rows else no_findings()


def documents_named(report: Report, lang: str) -> pd.DataFrame:
    """Return what is odd about the documents a report names (see `number_findings`)."""
    if report.numbers.empty:
        return no_findings()
    symbol = report.number.rpartition("/")[2].strip()
    documents = report.numbers
    if documents["date"].dtype.kind != "M":  # of a report that was put together by hand
        documents = documents.assign(date=pd.to_datetime(documents["date"], errors="coerce"))
    return number_findings(
        documents, own_symbol=symbol, agency=report.agency, period=report.period, lang=lang
    )
