"""A report over time: the quarter before it, its year to date, its window and its days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from cchc_stats.checking.balances import keys_are_typed
from cchc_stats.checking.finding import Rows, column_name, finding, number, row_findings
from cchc_stats.forms import STOCK, SUM, Examined, Form, find_form, row_places, row_subjects
from cchc_stats.indicators import Tables
from cchc_stats.reading import Report, number_findings
from cchc_stats.words import (
    IN_PERIOD,
    YEAR_TO_DATE,
    Window,
    findings_frame,
    label_period,
    word,
)

_ENOUGH = 6  # figures above 0 that two quarters do not share by chance
_LATE = 60  # days after the window's end
_SOON = dt.timedelta(days=30)  # in which a report is signed after its window


def carried_over(tables: Tables, previous: Tables, lang: str) -> Rows:
    """Return where what is carried over is not what was pending a quarter before.

    Of the columns that take over another (`Column.carries`). `carried_over`, row by row: an error.
    `carried_over_in_all`, where every row agrees and the sums do not: a warning, since a sector has
    appeared, or is gone with its dossiers.
    """
    findings: Rows = []
    for code in tables.keys() & previous.keys():
        form = find_form(code)
        for name, stated in form.stated.items():
            if stated.carries:
                columns = (name, stated.carries)
                findings += _carried(tables[code], previous[code], form, columns, lang)
    return findings


def _carried(
    table: pd.DataFrame, previous: pd.DataFrame, form: Form, pair: tuple[str, str], lang: str
) -> Iterator[dict[str, Any]]:
    opening, closing = pair
    now, before = (_quarters(one, form, pair) for one in (table, previous))
    if now is None or before is None or now.empty or before.empty:
        return
    before = before.assign(period=before["period"] + 1)
    rows = _gaps(now, before, list(form.key), pair)
    report = form.one_row(form.row)
    sums = _gaps(_in_all(now, form, opening), _in_all(before, form, closing), report, pair)
    named = set(rows[report].itertuples(index=False, name=None))
    keys = sums[report].itertuples(index=False, name=None)
    sums = sums[np.array([key not in named for key in keys], dtype=bool)]
    # A sum of rows stands in none of them.
    title = form.title if lang == "vi" else form.title_en
    for severity, rule, wrong, where in (
        ("error", "carried_over", rows, None),
        ("warning", "carried_over_in_all", sums, [title] * len(sums)),
    ):
        yield from row_findings(
            wrong,
            form,
            wrong["row"].tolist(),
            severity,
            rule,
            lang=lang,
            found=wrong[opening].tolist(),
            expected=wrong[f"{closing}_before"].tolist(),
            difference=wrong["gap"].array,
            where=where,
            columns=[opening] if where is None else (),
            subject=row_subjects(wrong, form, len(wrong)),
            previous=[_within(label_period(period - 1, lang=lang)) for period in wrong["period"]],
            gap=[number(abs(gap), lang) for gap in wrong["gap"]],
        )


def repeated(tables: Tables, previous: Tables, lang: str) -> Iterator[dict[str, Any]]:
    """Yield a warning for each form of dossiers that has the figures of the quarter before."""
    for code in tables.keys() & previous.keys():
        form = find_form(code)
        pairs = [(name, one.carries) for name, one in form.stated.items() if one.carries]
        now, before = (
            _quarters(one[code], form, pairs[0]) if pairs else None for one in (tables, previous)
        )
        if now is None or before is None:
            continue
        figures = [name for name in form.figures if name in tables[code] and name in previous[code]]
        stated, then = (
            one[code].loc[rows.index, [*form.key, *figures]]
            for one, rows in ((tables, now), (previous, before))
        )
        stated = stated.set_index([*form.key]).sort_index()
        then = then.assign(period=then["period"] + 1).set_index([*form.key]).sort_index()
        if (stated > 0).fillna(False).to_numpy().sum() >= _ENOUGH and stated.equals(then):
            first = tables[code].loc[now.index[0]]
            period = _within(label_period(first["period"] - 1, lang=lang))
            yield {
                "severity": "warning",
                "rule": "repeated",
                "agency": first["agency"],
                "period": first["period"],
                "where": form.title if lang == "vi" else form.title_en,
                "message": word("check", "repeated", lang=lang).format(previous=period),
            }


def _within(period: str) -> str:
    """Return a period's name within a sentence: "quý II/2026"."""
    return period[:1].lower() + period[1:] if period[1:2].islower() else period


def _quarters(table: pd.DataFrame, form: Form, pair: tuple[str, str]) -> pd.DataFrame | None:
    """Return the rows of quarters with their number; None where the figures cannot be compared."""
    if not keys_are_typed(table, form):
        return None
    if any(name not in table or table[name].dtype != "Int64" for name in pair):
        return None
    kept = table[[*form.key, *pair, "source"]].assign(row=range(len(table)))
    kept["single"] = ~kept.duplicated(list(form.key), keep=False)
    return kept[kept["basis"] == IN_PERIOD]


def _gaps(
    now: pd.DataFrame, before: pd.DataFrame, key: list[str], pair: tuple[str, str]
) -> pd.DataFrame:
    """Return what both have and do not agree on, with its `gap`; a key stated twice is left out."""
    now, before = (one[one["single"]] for one in (now, before))
    both = now.merge(before, on=key, suffixes=("", "_before"), validate="one_to_one")
    gap = both[pair[0]] - both[f"{pair[1]}_before"]
    return both.assign(gap=gap)[(gap != 0).fillna(False)]


def _in_all(table: pd.DataFrame, form: Form, name: str) -> pd.DataFrame:
    """Return a column of each report: its row `all`, or the sum of rows that all report it."""
    is_all = table[form.row] == "all" if form.row else pd.Series(True, index=table.index)
    report = form.one_row(form.row)
    table = table[is_all | ~is_all.groupby([table[key] for key in report]).transform("any")]
    groups = table.groupby(report, sort=False)
    reported = table[name].notna().groupby([table[key] for key in report], sort=False).all()
    figures = [other for other in table if table[other].dtype == "Int64"]
    total = (
        groups[figures]
        .sum()
        .assign(**groups[["source", "row"]].first(), single=groups["single"].all())
    )
    total[name] = total[name].where(reported)
    return total.assign(**({form.row: "all"} if form.row else {})).reset_index()


def year_to_date(tables: Mapping[str, Examined], lang: str) -> Rows:
    """Return the figures of a year to date that its quarters contradict: errors.

    Not the sum of the quarters, where all are stated; or less than one of them. Of every count of
    every form that quarters add up to (`Form.over_quarters`): what may be counted in two quarters
    is held against the largest alone. What stands at a day is that of the first quarter where it is
    carried over into the year, else that of the last.
    """
    return [
        row
        for code, one in tables.items()
        if YEAR_TO_DATE in one.cells("basis")
        for row in _contradictions(one, find_form(code), lang)
    ]


def _contradictions(one: Examined, form: Form, lang: str) -> Iterator[dict[str, Any]]:
    codes = one.cells(form.row) if form.row else [""] * one.length
    quarters = one.columns["period"].asi8.tolist()
    counts = {name: one.reported(name) for name in form.figures if form.kinds[name] == "count"}
    for at, within in _to_date(one, form, quarters):
        for name, reported in counts.items():
            over = form.over_quarters(name, str(codes[at]))
            figures = [(quarters[row], reported[row]) for row in within]
            printed = [(quarter, figure) for quarter, figure in figures if figure is not None]
            total = reported[at]
            if total is None or not printed:
                continue
            if over == STOCK:
                opens = bool(form.stated[name].carries)
                said = _other_stock(int(total), quarters[at], dict(printed), opens=opens)
            else:
                said = _contradiction(int(total), quarters[at], printed, add_up=over == SUM)
            if said:
                part = {column: cells.take([at]) for column, cells in one.columns.items()}
                yield {
                    "agency": one.cells("agency")[at],
                    "period": _period(quarters[at]),
                    "where": row_places(part, form, [at], lang=lang)[0],
                } | _in_words(int(total), *said, column=column_name(form, name, lang), lang=lang)


def _to_date(one: Examined, form: Form, quarters: list[int]) -> Iterator[tuple[int, list[int]]]:
    """Yield each row of a year to date with the rows of its quarters, where there are some."""
    apart = [name for name in form.key if name not in ("period", "basis")]
    keys = [*zip(*(one.cells(name) for name in apart), strict=True)]
    bases = one.cells("basis")
    in_period: dict[tuple[Any, ...], list[int]] = {}
    for row, basis in enumerate(bases):
        if basis == IN_PERIOD:
            in_period.setdefault(keys[row], []).append(row)
    for at, basis in enumerate(bases):
        same = in_period.get(keys[at], []) if basis == YEAR_TO_DATE else []
        # Quarters are counted, so that four of them make a year.
        first = quarters[at] // 4 * 4
        if within := [row for row in same if first <= quarters[row] <= quarters[at]]:
            yield at, within


def _period(ordinal: int) -> pd.Period:
    return pd.Period(ordinal=ordinal, freq="Q-DEC")


def _contradiction(
    total: int, quarter: int, printed: list[tuple[int, float]], *, add_up: bool
) -> tuple[str, int, int] | None:
    """Return the rule, the figure and the quarter that contradict a year to date, if any."""
    summed = int(sum(figure for _, figure in printed))
    # The last one, where several quarters are equally large.
    largest_of, largest = max(reversed(printed), key=lambda one: one[1])
    if add_up and len(printed) == quarter % 4 + 1 and summed != total:
        return "year_to_date", summed, largest_of
    return ("below_a_quarter", int(largest), largest_of) if largest > total else None


def _other_stock(
    total: int, quarter: int, printed: Mapping[int, float], *, opens: bool
) -> tuple[str, int, int] | None:
    """Return the rule, the figure and the quarter that a year's stock differs from, if any.

    What is carried over into the year is that of its first quarter, what is pending at its end that
    of the last one.
    """
    quarter = quarter // 4 * 4 if opens else quarter
    figure = printed.get(quarter)
    rule = "opening_to_date" if opens else "closing_to_date"
    return None if figure is None or figure == total else (rule, int(figure), quarter)


def _in_words(
    total: int, rule: str, expected: int, quarter: int, *, column: str, lang: str
) -> dict[str, object]:
    words = {"found": number(total, lang), "expected": number(expected, lang)}
    message = word("check", rule, lang=lang).format(
        column=column, quarter_name=label_period(_period(quarter), lang=lang), **words
    )
    line = {"severity": "error", "rule": rule, **words}
    return line | {"difference": total - expected, "message": message}


def window_and_signature(report: Report, lang: str) -> Rows:
    """Return what is odd about a report's window and the day of its signature.

    `other_window` (note): not that of Decree 09/2019/NĐ-CP, article 12; `signed_early` (warning):
    before the window ends; `signed_late` (note): more than 60 days after it; `signed_next`
    (warning): after the next quarter has ended too, so that the report may be of that one.
    """
    rows = []
    decreed = [Window.of(report.period, basis) for basis in (IN_PERIOD, YEAR_TO_DATE)]
    if report.window not in decreed:
        words = {"found": str(report.window), "expected": str(decreed[0])}
        rows.append(finding(report, "note", "other_window", lang=lang, **words))
    days = (report.signed_on - report.window.end).days if report.signed_on is not None else 0
    # The decree's window ends two weeks before the quarter of the calendar does.
    following = Window.of(report.period + 1).end
    if report.signed_on is not None and following < report.signed_on <= following + _SOON:
        words = {
            "found": f"{report.signed_on:%d/%m/%Y}",
            "expected": label_period(report.period, lang=lang),
            "next_quarter": label_period(report.period + 1, lang=lang),
        }
        rows.append(finding(report, "warning", "signed_next", lang=lang, difference=days, **words))
    elif days < 0 or days > _LATE:
        severity, rule = ("warning", "signed_early") if days < 0 else ("note", "signed_late")
        words = {
            "found": f"{report.signed_on:%d/%m/%Y}",
            "expected": f"{report.window.end:%d/%m/%Y}",
        }
        rows.append(finding(report, severity, rule, lang=lang, difference=days, days=days, **words))
    return rows


def documents_named(report: Report, lang: str) -> pd.DataFrame:
    """Return what is odd about the documents a report names (see `number_findings`)."""
    if report.numbers.empty:
        return findings_frame()
    symbol = report.number.rpartition("/")[2].strip()
    documents = report.numbers
    if documents["date"].dtype.kind != "M":  # of a report that was put together by hand
        documents = documents.assign(date=pd.to_datetime(documents["date"], errors="coerce"))
    return number_findings(
        documents, own_symbol=symbol, agency=report.agency, period=report.period, lang=lang
    )
