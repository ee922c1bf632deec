"""What is odd without being impossible: a reason to look, or to explain."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from cchc_stats.agencies import several_spellings
from cchc_stats.findings import findings_frame
from cchc_stats.forms import Form, find_form
from cchc_stats.forms.faults import cell_text, named_by, row_places
from cchc_stats.labels import word
from cchc_stats.reading import Report

Tables = Mapping[str, pd.DataFrame]


def over_quota(tables: Tables, lang: str) -> pd.DataFrame:
    """Return a warning for each category with more people present than posts assigned."""
    return _more(tables, "staffing", "present", "assigned", lang)


def days_added(tables: Tables, lang: str) -> pd.DataFrame:
    """Return a warning for each procedure that takes longer after its time was cut."""
    return _more(tables, "simplifications", "days_after", "days_before", lang)


def _more(tables: Tables, code: str, more: str, less: str, lang: str) -> pd.DataFrame:
    """Return a warning for each row in which the one column exceeds the other."""
    frame, form = tables.get(code), find_form(code)
    if frame is None or not {more, less} <= set(frame.columns):
        return findings_frame()
    figures = [pd.to_numeric(frame[name], errors="coerce") for name in (more, less)]
    rows = np.flatnonzero((figures[0] > figures[1]).fillna(False))
    part = frame.iloc[rows]
    sentence = word("check", f"{more}_above_{less}", lang=lang)
    found, expected = ([cell_text(cell) for cell in part[name]] for name in (more, less))
    described = pd.DataFrame(
        {
            "severity": "warning",
            "rule": f"{more}_above_{less}",
            "where": row_places(part, form, rows),
            "found": found,
            "expected": [f"≤ {cell}" for cell in expected],
            "difference": (figures[0] - figures[1]).iloc[rows].to_numpy("float64"),
            "message": [
                sentence.format(row=_row(form, cell, lang), found=one, expected=other)
                for cell, one, other in zip(part[form.row], found, expected, strict=True)
            ],
        }
    )
    return findings_frame(described.assign(**named_by(part)))


def _row(form: Form, code: object, lang: str) -> str:
    return form.row_label(code, lang=lang)


def spellings(tables: Tables, lang: str) -> pd.DataFrame:
    """Return a warning for names of agencies that may be one under several spellings."""
    names = [
        name
        for frame in tables.values()
        if "agency" in frame
        for name in frame["agency"].dropna().astype("str").unique()
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


def unplaced_rows(report: Report, lang: str) -> pd.DataFrame:
    """Return a note for each text of the report that no table could hold."""
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
