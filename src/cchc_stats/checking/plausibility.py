"""What is odd without being impossible: a reason to look, or to explain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from cchc_stats.forms import (
    FORMS,
    Examined,
    Expectation,
    Form,
    cell_text,
    named_by,
    row_places,
    series_of,
)
from cchc_stats.reading import Report
from cchc_stats.words import (
    findings_frame,
    label_period,
    no_findings,
    several_spellings,
    vocabulary,
    word,
)

Tables = Mapping[str, Examined]


def unexpected(tables: Tables, lang: str) -> list[pd.DataFrame]:
    """Return a warning for each row in which what a form expects (`Form.expected`) fails."""
    return [
        _more(tables[form.code], form, expectation, lang)
        for form in FORMS
        for expectation in (form.expected if form.code in tables else ())
    ]


def _more(one: Examined, form: Form, expectation: Expectation, lang: str) -> pd.DataFrame:
    """Return a warning for each row in which some columns exceed the one that bounds them."""
    named = form.row or "agency"
    if not {*expectation.more, expectation.most, named} <= set(one.columns):
        return no_findings()
    high = np.sum([_figures(one.columns[name]) for name in expectation.more], axis=0)
    low = _figures(one.columns[expectation.most])
    rows = np.flatnonzero(high > low)
    if not len(rows):
        return no_findings()
    # The columns alone: the frame of a table is built for no more than a warning or two.
    part = {name: cells.take(rows) for name, cells in one.columns.items()}
    of_its_own = expectation.rule in vocabulary()["check"]
    sentence = word("check", expectation.rule if of_its_own else "unexpected", lang=lang)
    names = [form.row_label(cell_text(code), lang=lang) for code in part[named]]
    columns = [
        form.labels[name].in_language(lang) for name in (*expectation.more, expectation.most)
    ]
    found, expected = ([cell_text(cell) for cell in cells[rows].tolist()] for cells in (high, low))
    described = {
        "severity": "warning",
        "rule": expectation.rule,
        "where": row_places(part, form, rows, lang=lang),
        "found": found,
        "expected": [f"≤ {cell}" for cell in expected],
        "difference": (high - low)[rows],
        "message": [
            sentence.format(
                row=name, found=one, expected=other, more=" + ".join(columns[:-1]), most=columns[-1]
            )
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
