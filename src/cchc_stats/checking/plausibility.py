"""What is odd without being impossible: a reason to look, or to explain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from cchc_stats.agencies import several_spellings
from cchc_stats.findings import findings_frame
from cchc_stats.forms import find_form
from cchc_stats.forms.faults import cell_text, named_by, row_places
from cchc_stats.labels import word
from cchc_stats.periods import label_period
from cchc_stats.reading import Report

Tables = Mapping[str, pd.DataFrame]


def over_quota(tables: Tables, lang: str) -> pd.DataFrame:
    """Return a warning for each category with more people present than posts assigned."""
    return _more(tables, "staffing", "present", "assigned", lang)


def days_added(tables: Tables, lang: str) -> pd.DataFrame:
    """Return a warning for each procedure that takes longer after its time was cut."""
    return _more(tables, "simplifications", "days_after", "days_before", lang)


def inspected_twice(tables: Tables, lang: str) -> pd.DataFrame:
    """Return a warning where more units were inspected, directly or not, than there are."""
    table = tables.get("inspections")
    ways = ["inspected_directly", "inspected_indirectly"]
    if table is None or not set(ways) <= set(table.columns):
        return findings_frame()
    figures = [pd.to_numeric(table[name], errors="coerce") for name in ways]
    added = {"inspections": table.assign(inspected=figures[0] + figures[1])}
    return _more(added, "inspections", "inspected", "subordinate_units", lang)


def _more(tables: Tables, code: str, more: str, less: str, lang: str) -> pd.DataFrame:
    """Return a warning for each row in which the one column exceeds the other."""
    table, form = tables.get(code), find_form(code)
    named = form.row or "agency"
    if table is None or not {more, less, named} <= set(table.columns):
        return findings_frame()
    high, low = (pd.to_numeric(table[name], errors="coerce") for name in (more, less))
    rows = np.flatnonzero((high > low).fillna(False))
    if not len(rows):
        return findings_frame()
    part = table.iloc[rows]
    sentence = word("check", f"{more}_above_{less}", lang=lang)
    names = [form.row_label(cell_text(code), lang=lang) for code in part[named]]
    found, expected = ([cell_text(cell) for cell in part[name]] for name in (more, less))
    described = {
        "severity": "warning",
        "rule": f"{more}_above_{less}",
        "where": row_places(part, form, rows, lang=lang),
        "found": found,
        "expected": [f"≤ {cell}" for cell in expected],
        "difference": (high - low).iloc[rows].array,
        "message": [
            sentence.format(row=name, found=one, expected=other)
            for name, one, other in zip(names, found, expected, strict=True)
        ],
    }
    return findings_frame(pd.DataFrame(described | named_by(part)))


def spellings(tables: Iterable[pd.DataFrame], lang: str) -> pd.DataFrame:
    """Return a warning for names of agencies that may be one under several spellings."""
    names = [
        name if isinstance(name, str) else str(name)
        for table in tables
        if "agency" in table
        for name in _present(table["agency"])
    ]
    sentence = word("check", "several_spellings", lang=lang)
    return findings_frame(
        {
            "severity": "warning",
            "rule": "several_spellings",
            "agency": group[0],
            "found": "; ".join(group),
            "message": sentence.format(names="; ".join(f"'{name}'" for name in group)),
        }
        for group in several_spellings(names)
    )


def _present(cells: pd.Series) -> list[object]:
    if cells.dtype == "str":  # to drop what is missing takes longer than to look at each
        return [cell for cell in cells.tolist() if isinstance(cell, str)]
    present: list[object] = cells.dropna().tolist()
    return present


def no_row_of_period(report: Report, tables: Tables, lang: str) -> pd.DataFrame:
    """Return a warning where no row is of the quarter that the report says it is of."""
    if any(_has(table["period"], report.period) for table in tables.values() if "period" in table):
        return findings_frame()
    sentence = word("check", "no_row_of_period", lang=lang)
    one = {
        "severity": "warning",
        "rule": "no_row_of_period",
        "agency": report.agency,
        "period": report.period,
        "message": sentence.format(period=label_period(report.period, lang=lang)),
    }
    return findings_frame([one])


def _has(periods: pd.Series, period: pd.Period) -> bool:
    if periods.dtype == pd.PeriodDtype(period.freqstr):
        return bool((periods.array.asi8 == period.ordinal).any())
    return bool((periods == period).any())


def unplaced_rows(report: Report, lang: str) -> pd.DataFrame:
    """Return a note for each text of the report that no table could hold."""
    if report.unplaced.empty:
        return findings_frame()
    sentence = word("check", "unplaced", lang=lang)
    return findings_frame(
        {
            "severity": "note",
            "rule": "unplaced",
            "agency": report.agency,
            "period": report.period,
            "where": row.place,
            "found": row.text,
            "message": sentence.format(text=row.text, reason=row.reason),
        }
        for row in report.unplaced.itertuples()
    )
