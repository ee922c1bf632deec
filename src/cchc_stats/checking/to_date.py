"""The year to date against its quarters, and the totals that a report prints against its rows."""

from __future__ import annotations

import pandas as pd

from cchc_stats.checking.told import number, rows_of, told
from cchc_stats.forms import STOCK, SUM, Examined, Form, cell_text, find_form, row_places
from cchc_stats.reading import Report
from cchc_stats.words import (
    IN_PERIOD,
    YEAR_TO_DATE,
    findings_frame,
    label_period,
    no_findings,
    word,
)

Tables = dict[str, Examined]


def year_to_date(tables: Tables, lang: str) -> pd.DataFrame:
    """Return the figures of a year to date that its quarters contradict: errors.

    Not the sum of the quarters, where all are known and add up; or less than one of them. What
    stands at a day is not judged (`Form.over_quarters`).
    """
    rows = []
    for code, one in tables.items():
        if YEAR_TO_DATE not in one.cells("basis"):
            continue
        form = find_form(code)
        same = ["agency", "basis", *([form.row] if form.row else [])]
        keys = [*zip(*(one.cells(name) for name in same), strict=True)]
        quarters = one.columns["period"].asi8.tolist()
        counts = [name for name in form.figures if form.kinds[name] == "count"]
        figures = {name: one.reported(name) for name in counts}
        for at, (agency, basis, *names) in enumerate(keys):
            if basis != YEAR_TO_DATE:
                continue
            # Quarters are counted, so that four of them make a year.
            within = [
                row
                for row, (key, quarter) in enumerate(zip(keys, quarters, strict=True))
                if key == (agency, IN_PERIOD, *names)
                and quarter // 4 == quarters[at] // 4
                and quarter <= quarters[at]
            ]
            row_code = names[0] if names else ""
            for name, reported in figures.items():
                if form.over_quarters(name, row_code) == STOCK:
                    continue
                known = [
                    (quarters[row], figure)
                    for row in within
                    if (figure := reported[row]) is not None
                ]
                told_of = _contradiction(
                    reported[at], quarters[at], known, form, name, row_code, lang
                )
                if told_of:
                    part = {column: cells.take([at]) for column, cells in one.columns.items()}
                    place = row_places(part, form, [at], lang=lang)[0]
                    named = {"agency": agency, "period": _period(quarters[at]), "where": place}
                    rows.append({"severity": "error"} | named | told_of)
    return findings_frame(rows) if rows else no_findings()


def _period(ordinal: int) -> pd.Period:
    return pd.Period(ordinal=ordinal, freq="Q-DEC")


def _contradiction(
    told_total: float | None,
    quarter: int,
    known: list[tuple[int, float]],
    form: Form,
    name: str,
    row_code: str,
    lang: str,
) -> dict[str, object]:
    """Return what a year to date is contradicted by, {} where by nothing."""
    if told_total is None or not known:
        return {}
    total = int(told_total)
    words = {"column": form.heading(name) if lang == "vi" else name, "found": number(total, lang)}
    summed = int(sum(figure for _, figure in known))
    # The last one, where several quarters are equally large.
    largest_of, largest = max(reversed(known), key=lambda one: one[1])
    adds_up = form.over_quarters(name, row_code) == SUM
    if adds_up and len(known) == quarter % 4 + 1 and summed != total:
        rule, expected = "year_to_date", summed
    elif largest > total:
        rule, expected = "below_a_quarter", int(largest)
        words["quarter_name"] = label_period(_period(largest_of), lang=lang)
    else:
        return {}
    words["expected"] = number(expected, lang)
    message = word("check", rule, lang=lang).format(**words)
    found = {"rule": rule, "found": words["found"], "expected": words["expected"]}
    return found | {"difference": total - expected, "message": message}


def printed_sums(report: Report, tables: Tables, lang: str) -> pd.DataFrame:
    """Return the printed totals (`Report.totals`) that are not the sums of the rows: errors.

    A column that some row does not report is not judged; a "-" adds nothing.
    """
    rows = []
    for total in rows_of(report.totals):
        one = tables.get(total.form)
        if one is None or not find_form(total.form).rows_add_up or total.column not in one.columns:
            continue
        table = one.table
        form = find_form(total.form)
        part = table[
            (table["period"] == pd.Period(total.period, freq="Q-DEC"))
            & (table["basis"] == total.basis)
            & (table[form.row] != "all")
        ]
        dash = (
            part["not_applicable"].str.split().map(lambda names, name=total.column: name in names)
        )
        cells = part.loc[~dash.astype(bool), total.column]
        if cells.empty or cells.isna().any() or pd.isna(total.value):
            continue
        summed = cells.sum()
        if float(summed) != float(total.value):
            words = {
                "where": cell_text(total.source),
                "found": number(total.value, lang),
                "expected": number(summed, lang),
                "column": form.heading(total.column) if lang == "vi" else total.column,
                "quarter": pd.Period(total.period, freq="Q-DEC"),
                "difference": float(total.value) - float(summed),
            }
            rows.append(told(report, "error", "printed_sum", lang=lang, **words))
    return findings_frame(rows) if rows else no_findings()
