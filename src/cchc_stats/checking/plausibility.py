"""What is odd without being impossible: a reason to look, or to explain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from cchc_stats.forms import Examined, cell_text, find_form, named_by, row_places, series_of
from cchc_stats.reading import Report
from cchc_stats.words import findings_frame, label_period, no_findings, several_spellings, word

Tables = Mapping[str, Examined]


def over_quota(tables: Tables, lang: str) -> pd.DataFrame:
    """Return a warning for each category with more people present than posts assigned."""
    return _more(tables, "staffing", "present", "assigned", lang)


def days_added(tables: Tables, lang: str) -> pd.DataFrame:
    """Return a warning for each procedure that takes longer after its time was cut."""
    return _more(tables, "simplifications", "days_after", "days_before", lang)


def inspected_twice(tables: Tables, lang: str) -> pd.DataFrame:
    """Return a warning where more units were inspected, directly or not, than there are."""
    one = tables.get("inspections")
    ways = ["inspected_directly", "inspected_indirectly"]
    if one is None or not set(ways) <= set(one.columns):
        return no_findings()
    columns = {**one.columns, "inspected": sum(_figures(one.columns[name]) for name in ways)}
    added = replace(one, columns=columns, given=None)
    return _more({"inspections": added}, "inspections", "inspected", "subordinate_units", lang)


def _more(tables: Tables, code: str, more: str, less: str, lang: str) -> pd.DataFrame:
    """Return a warning for each row in which the one column exceeds the other."""
    one, form = tables.get(code), find_form(code)
    named = form.row or "agency"
    if one is None or not {more, less, named} <= set(one.columns):
        return no_findings()
    high, low = (_figures(one.columns[name]) for name in (more, less))
    rows = np.flatnonzero(high > low)
    if not len(rows):
        return no_findings()
    # The columns alone: the frame of a table is built for no more than a warning or two.
    part = {name: cells.take(rows) for name, cells in one.columns.items()}
    sentence = word("check", f"{more}_above_{less}", lang=lang)
    names = [form.row_label(cell_text(code), lang=lang) for code in part[named]]
    found, expected = ([cell_text(cell) for cell in part[name]] for name in (more, less))
    described = {
        "severity": "warning",
        "rule": f"{more}_above_{less}",
        "where": row_places(part, form, rows, lang=lang),
        "found": found,
        "expected": [f"≤ {cell}" for cell in expected],
        "difference": (high - low)[rows],
        "message": [
            sentence.format(row=name, found=one, expected=other)
            for name, one, other in zip(names, found, expected, strict=True)
        ],
    }
    return findings_frame(described | named_by(part))


def _figures(cells: Any) -> np.ndarray:
    """Return figures as floats, NaN where there is none."""
    if cells.dtype in ("Int64", "Float64"):
        return np.asarray(cells.to_numpy("float64", na_value=np.nan))
    known = pd.to_numeric(series_of(cells), errors="coerce")
    return np.asarray(known.to_numpy("float64", na_value=np.nan))


def spellings(
    tables: Iterable[Examined], before: Iterable[pd.DataFrame], lang: str
) -> pd.DataFrame:
    """Return a warning for names of agencies that may be one under several spellings."""
    names = [
        name if isinstance(name, str) else str(name)
        for cells in (
            *(one.columns["agency"] for one in tables if "agency" in one.columns),
            *(table["agency"].array for table in before if "agency" in table),
        )
        for name in _present(cells)
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


def _present(cells: Any) -> list[object]:
    if cells.dtype == "str":  # to drop what is missing takes longer than to look at each
        return [cell for cell in cells.tolist() if isinstance(cell, str)]
    return [cell for cell in cells.tolist() if not (pd.api.types.is_scalar(cell) and pd.isna(cell))]


def no_row_of_period(report: Report, tables: Tables, lang: str) -> pd.DataFrame:
    """Return a warning where no row is of the quarter that the report says it is of."""
    stated = (one.columns["period"] for one in tables.values() if "period" in one.columns)
    if any(_has(cells, report.period) for cells in stated):
        return no_findings()
    sentence = word("check", "no_row_of_period", lang=lang)
    one = {
        "severity": "warning",
        "rule": "no_row_of_period",
        "agency": report.agency,
        "period": report.period,
        "message": sentence.format(period=label_period(report.period, lang=lang)),
    }
    return findings_frame([one])


def _has(periods: Any, period: pd.Period) -> bool:
    if periods.dtype == pd.PeriodDtype(period.freqstr):
        return bool((periods.asi8 == period.ordinal).any())
    return bool((series_of(periods) == period).any())


def unplaced_rows(report: Report, lang: str) -> pd.DataFrame:
    """Return a note for each text of the report that no table could hold."""
    if report.unplaced.empty:
        return no_findings()
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
