"""`check`: the findings of one report, the most severe first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import pandas as pd

from cchc_stats.checking.across import across_forms
from cchc_stats.checking.balances import (
    another_time,
    exceeding,
    incomplete,
    printed_sums,
    printed_total,
    unexpected,
    with_all_columns,
)
from cchc_stats.checking.claims import claims_against_values, held_with, told_twice
from cchc_stats.checking.editions import two_editions
from cchc_stats.checking.finding import Rows, placed, tables_of
from cchc_stats.checking.over_time import (
    carried_over,
    documents_named,
    repeated,
    window_and_signature,
    year_to_date,
)
from cchc_stats.checking.rates import (
    late_and_on_time,
    percent_of_time,
    points_as_percent,
    printed_alike,
    rates_of_any_whole,
    rates_outside_parts,
    shares_not_whole,
    shares_of_counts,
    with_printed_totals,
)
from cchc_stats.forms import (
    FORMS,
    Examined,
    PrintedTables,
    Sources,
    Tabled,
    exact_places,
    examine,
    examine_frame,
    fault_findings,
    find_form,
    series_of,
    set_in,
)
from cchc_stats.indicators import INDICATORS, Indicator, Tables, measure
from cchc_stats.reading import (
    Report,
    ReportSet,
    UnitList,
    Units,
    as_unit,
    tables_as_units,
    units_of,
)
from cchc_stats.values import COLUMNS, KEY, TYPES
from cchc_stats.words import (
    CchcError,
    ValuesError,
    join_findings,
    label_period,
    match_agency,
    require_language,
    several_spellings,
    word,
)

_RATES = ("on_time_rate", "late_rate", "pending_overdue_share")
_CHECKED = "a report or its tables are checked"


def check(
    report: Tabled,
    *,
    previous: Report | Tables | None = None,
    units: UnitList | None = None,
    lang: str = "vi",
) -> pd.DataFrame:
    """Return what in a report cannot be true, may need a word, or is incomplete.

    Parameters
    ----------
    report : a report, or its tables alone (form code -> frame); or a set of reports or a store: of
        each of its reports, held against that of the quarter before where it is there.
    previous : the report of the quarter before (or its tables), to hold what was carried over
        against what was pending then; not beside a set, which has its own.
    units : the units, or their file: reports are checked under their units' names, so that one
        finds the other (see `read_units`).
    lang : language of the messages, "vi" or "en".

    Returns
    -------
    Findings frame (`cchc_stats.words.findings`), the most severe first; empty is clean.
    `error`: a fault that `validate` would refuse, among them an identity that does not hold; parts
    that are more than their total, whatever else is missing; dossiers carried over that are not
    those pending before; a printed total that is not the sum of the rows; a year to date that its
    quarters contradict; of a report also a figure in its prose that is not that of the tables.
    `warning`: dossiers carried over that are in all not those pending before, more people present
    than assigned, a time that a cut made longer, more units inspected than there are, one agency
    under two spellings, a report of a quarter that none of its rows is of, a form in which nothing
    was filled in, a level, a vocabulary or a form that was not in use in a row's days,
    text that print does not show or shows struck out, a number that its format
    scales or hides, tables that came as one cell a line; of a report also a percentage over another
    denominator, shares that do not add up to 100 %, words that a share contradicts, one fact stated
    differently by two forms or in two places, a day of signature before the window ends, a document
    with two days, symbols spelled several ways, a percentage with a unit of time, a total's rate
    outside the range of all its parts, none late of so many where fewer were on time.
    `note`: an identity that cannot be judged because a figure is missing (unknown is not broken), a
    text without a place, a percentage cut instead of rounded, a rate on time over the received that
    does not say so, percentages printed in several ways, a window that is not the decree's, a
    figure that was corrected on reading.

    Raises
    ------
    CchcError
        What is given is neither a report nor its tables, a table is under a code that is no form,
        or `previous` is not the quarter before.
    ReadError
        Who reports is none of the units.

    Source
    ------
    The identities are those of the forms (`Form.identities`); carried over of a period = pending of
    the one before: form II.06a of Circular 01/2020/TT-VPCP.

    Examples
    --------
    >>> dossiers = pd.DataFrame(
    ...     {"agency": ["Sở A"], "period": ["2020Q3"], "sector": ["all"], "received_total": [61],
    ...      "carried_over": [2], "newly_received": [58], "settled_total": [60],
    ...      "settled_on_time": [60], "settled_late": [0], "pending_total": [1],
    ...      "pending_not_due": [1], "pending_overdue": [0]})
    >>> check({"dossiers": dossiers})[["severity", "rule", "found", "expected"]].values.tolist()
    [['error', 'identity', '61', '2 + 58 = 60']]
    """
    require_language(lang)
    given = set_in(report)
    if isinstance(given, ReportSet):
        if previous is not None:
            raise CchcError(
                "a set of reports has the quarters before itself",
                where="previous=",
                mend="leave it out, or check one report",
            )
        return join_findings(findings_of_each(given.reports, units=units, lang=lang))
    if units is not None:
        known = units_of(units)
        given = _as_units(given, known)
        previous = None if previous is None else _as_units(previous, known)
    return _of_one(given, previous, lang)


def _as_units(one: Report | Tables, units: Units) -> Report | Tables:
    return as_unit(one, units) if isinstance(one, Report) else tables_as_units(one, units)


def findings_of_each(
    reports: Sequence[Report], *, units: UnitList | None = None, lang: str = "vi"
) -> list[pd.DataFrame]:
    """Return the findings of each report, held against that of the quarter before among them.

    Two editions of one report are told with the later.
    """
    if units is not None:
        known = units_of(units)
        reports = [as_unit(one, known) for one in reports]
    again = two_editions(reports, lang=lang)
    return [
        join_findings(
            [_of_one(one, report_before(one, reports), lang), again[again["file"] == one.source]]
        )
        for one in reports
    ]


def report_before(report: Report, reports: Iterable[Report]) -> Report | None:
    """Return the agency's report of the quarter before, where exactly one is there."""
    before = [other for other in reports if other.period == report.period - 1]
    # A workbook and a letter spell one body in two ways: "Sở Công Thương (tỉnh Sông Lam)".
    name = match_agency(report.agency, [other.agency for other in before]).name
    alike = [other for other in before if other.agency == name]
    return alike[0] if len(alike) == 1 else None


def _of_one(report: Report | Tables, previous: Report | Tables | None, lang: str) -> pd.DataFrame:
    """Return the findings of one report, or of tables."""
    tables = _examined(report)
    typed = {code: one for code, one in tables.items() if one.is_typed}
    before = _before(report, previous)
    beside = report.unplaced if isinstance(report, Report) else None
    sources = exact_places(tables_of(report, what=_CHECKED, where="report="))
    findings: list[pd.DataFrame | Rows] = [*_of_forms(tables, lang, beside, sources)]
    if before:
        now = {code: one.table for code, one in tables.items()}
        if isinstance(report, Report) and isinstance(previous, Report):
            before = _as_named_in(now, before)
        over = carried_over(now, before, lang)
        if _lacking(report):  # whose sums are not of all rows
            over = [one for one in over if one["rule"] != "carried_over_in_all"]
        findings += [over, [*repeated(now, before, lang)]]
    findings += [unexpected(one, find_form(code), lang) for code, one in tables.items()]
    findings += [_spellings([*tables.values()], before.values(), lang), year_to_date(typed, lang)]
    if not isinstance(report, Report):
        return join_findings(findings)
    findings += [_no_row_of_period(report, tables, lang), _unplaced(report, lang)]
    findings.append(_of_reading(report, lang))
    findings += [
        *_of_claims(report, typed, lang),
        across_forms(report, typed, lang),
        printed_sums(report, typed, lang),
        *_of_print(report, lang),
        window_and_signature(report, lang),
        documents_named(report, lang),
    ]
    return join_findings(_in_file(part, report.source, sources) for part in findings)


def _in_file(part: pd.DataFrame | Rows, source: str, sources: Sources) -> pd.DataFrame | Rows:
    if isinstance(part, pd.DataFrame):
        return part.fillna({"file": source})
    return [{"file": source, **placed(row, sources)} for row in part]


def _of_forms(
    tables: Mapping[str, Examined], lang: str, unplaced: pd.DataFrame | None, sources: Sources
) -> Iterator[pd.DataFrame | Rows]:
    """Yield the faults of each form, and what does not balance in it."""
    for code, one in tables.items():
        form = find_form(code)
        faults = one.faults
        if faults and unplaced is not None and len(unplaced):
            faults = with_all_columns(faults, one.table, unplaced)
        if faults:
            yield fault_findings(one.table, form, faults, lang=lang, sources=sources)
        yield incomplete(one, form, lang)
        yield exceeding(one, form, lang)
        yield printed_total(one, form, lang)
        yield another_time(one, form, lang)


def _of_claims(report: Report, typed: Mapping[str, Examined], lang: str) -> Iterator[Rows]:
    """Yield what a report's prose states otherwise than its typed tables, or than itself."""
    if not len(report.claims):  # measuring takes longer than all other checks of a report together
        return
    claims = report.claims
    # Of claims put together by hand nothing may be said.
    scope = claims["scope"].fillna("") if "scope" in claims else ""
    report = replace(report, claims=claims.assign(scope=scope))
    tables = {code: one.table for code, one in typed.items()}
    tables = with_printed_totals(report, tables)
    agencies = {name for table in tables.values() for name in table["agency"]}
    asked = _asked_for(report.claims)
    # Of a table that lacks a row the whole is its printed total, not the sum of the others.
    rows = {code: find_form(code).row for code in _lacking(report) & tables.keys()}
    wholes = {code: tables[code][tables[code][row] == "all"] for code, row in rows.items() if row}
    values = _values(tables, asked, lang)
    if wholes:
        every = pd.concat([_values(wholes, asked, lang), values], ignore_index=True)
        values = every.drop_duplicates([*KEY])
    yield claims_against_values(report, values, lang, alone=len(agencies) == 1)
    yield rates_of_any_whole(report, tables, lang)
    yield shares_of_counts(report, lang)
    yield shares_not_whole(report, values, lang)
    yield told_twice(report, values, lang)
    yield rates_outside_parts(report, lang)
    yield late_and_on_time(report, lang)


def _lacking(report: Report | Tables) -> set[str]:
    """Return the forms that lack a row of their table."""
    tables = report.tables if isinstance(report, Report) else report
    return {one.form for one in tables.unplaced} if isinstance(tables, PrintedTables) else set()


def _of_print(report: Report, lang: str) -> Iterator[Rows]:
    """Yield what is odd in the way that percentages are printed."""
    if len(report.claims):
        for judge in (percent_of_time, points_as_percent, printed_alike):
            yield judge(report, lang)


def _examined(report: Report | Tables) -> dict[str, Examined]:
    """Return the tables examined; of those that nobody has looked at yet no frame is built."""
    tables = tables_of(report, what=_CHECKED, where="report=")
    examined: dict[str, Examined] = {}
    for code in tables:
        form = find_form(code)
        # The reader has examined them, and nobody can have changed what nobody has asked for.
        at_reading = tables.examined(code) if isinstance(tables, PrintedTables) else None
        examined[code] = at_reading or examine_frame(tables[code], form)
    return examined


def _as_named_in(tables: Tables, previous: Tables) -> Tables:
    """Return the tables of the report before under the agency's name of now, if each has one."""
    names, before = (
        {name for one in side.values() if "agency" in one for name in one["agency"].dropna()}
        for side in (tables, previous)
    )
    if len(names) != 1 or len(before) != 1 or names == before:
        return previous
    (now,), (then,) = names, before
    if not isinstance(then, str) or match_agency(then, [now]).name != now:
        return previous
    return {code: one.assign(agency=now) for code, one in previous.items() if "agency" in one}


def _before(report: Report | Tables, previous: Report | Tables | None) -> Tables:
    """Return the tables of the report before, typed; none where there is no such report."""
    if previous is None:
        return {}
    if isinstance(report, Report) and isinstance(previous, Report):
        wanted = report.period - 1
        if previous.period != wanted:
            raise CchcError(
                f"the report before {report.period} is that of {wanted}, not of {previous.period}",
                where="previous=",
                mend="give the report of the quarter before, or leave it out",
            )
    tables = tables_of(previous, what=_CHECKED, where="previous=")
    return {code: examine(frame, find_form(code))[0] for code, frame in tables.items()}


def _asked_for(claims: pd.DataFrame) -> list[Indicator]:
    """Return the indicators that claims are held against.

    Those that they name, the same events over another total, and the rates on time and late that a
    percentage may be.
    """
    named = held_with({code for code in claims["indicator"] if isinstance(code, str)})
    rates = _RATES if (claims["unit"] == "percent").any() else ()
    return [one for one in INDICATORS if one.code in named or one.code.startswith(rates)]


def _values(
    tables: dict[str, pd.DataFrame], indicators: list[Indicator], lang: str
) -> pd.DataFrame:
    try:
        return measure(tables, indicators=indicators, lang=lang)
    except ValuesError:
        # Nothing that an indicator is measured on: then no claim is held against anything.
        empty = pd.DataFrame({name: [] for name in COLUMNS})
        return empty.astype(TYPES)


def _spellings(tables: Iterable[Examined], before: Iterable[pd.DataFrame], lang: str) -> Rows:
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
    return [
        {
            "severity": "warning",
            "rule": "several_spellings",
            "agency": group[0],
            "found": "; ".join(group),
            "message": sentence.format(names="; ".join(f"'{name}'" for name in group)),
        }
        for group in several_spellings(names)
    ]


def _present(cells: Any) -> list[object]:
    if cells.dtype == "str":  # to drop what is missing takes longer than to look at each
        return [cell for cell in cells.tolist() if isinstance(cell, str)]
    return [cell for cell in cells.tolist() if not (pd.api.types.is_scalar(cell) and pd.isna(cell))]


def _no_row_of_period(report: Report, tables: Mapping[str, Examined], lang: str) -> Rows:
    """Return a warning where no row is of the quarter that the report says it is of."""
    stated = (one.columns["period"] for one in tables.values() if "period" in one.columns)
    if any(_has(cells, report.period) for cells in stated):
        return []
    sentence = word("check", "no_row_of_period", lang=lang)
    one = {
        "severity": "warning",
        "rule": "no_row_of_period",
        "agency": report.agency,
        "period": report.period,
        "message": sentence.format(period=label_period(report.period, lang=lang)),
    }
    return [one]


def _has(periods: Any, period: pd.Period) -> bool:
    if periods.dtype == pd.PeriodDtype(period.freqstr):
        return bool((periods.asi8 == period.ordinal).any())
    return bool((series_of(periods) == period).any())


def _of_reading(report: Report, lang: str) -> Rows:
    """Return what reading the file noticed of its figures, and what it corrected."""
    common = {"agency": report.agency, "period": report.period}
    rows: Rows = []
    if report.blank:
        sentence = word("check", "blank_form", lang=lang)
        message = sentence.format(period=label_period(report.period, lang=lang))
        rows.append({"severity": "warning", "rule": "blank_form", "message": message})
    sentence = word("check", "as_printed", lang=lang)
    for note in report.warnings:
        where = note.partition(": ")[0]
        message = sentence.format(note=note)
        # A sum that a programme never worked out is seldom more than that.
        severity = "note" if "công thức" in note else "warning"
        rule = "as_printed"
        if note.startswith("đầu báo cáo"):
            rule, where, message = "letterhead", "đầu báo cáo", note if lang == "vi" else message
        rows.append({"severity": severity, "rule": rule, "where": where, "message": message})
    sentence = word("check", "corrected", lang=lang)
    for line in report.corrections.to_dict("records") if len(report.corrections) else ():
        one = {"severity": "note", "rule": "corrected", "where": line["place"]}
        rows.append(
            one
            | {"found": line["read"], "expected": line["right"]}
            | {"message": sentence.format_map({str(name): word for name, word in line.items()})}
        )
    return [common | row for row in rows]


def _unplaced(report: Report, lang: str) -> Rows:
    """Return a note for each text that no table could hold, a warning for a figure among them.

    A figure is one in a column of counts, and what looks like a count mistyped: "l315", "O"; or a
    row of figures whose name another row of its table has.
    """
    if report.unplaced.empty:
        return []
    rows = []
    for row in report.unplaced.itertuples():
        is_figure = _is_a_count(str(row.text), str(row.place))
        is_again = str(row.reason).startswith("bảng có hai dòng cùng tên")
        rule = "row_twice" if is_again else "unreadable" if is_figure else "unplaced"
        sentence = word("check", rule, lang=lang)
        rows.append(
            {
                "severity": "note" if rule == "unplaced" else "warning",
                "rule": rule,
                "agency": report.agency,
                "period": report.period,
                "where": row.place,
                "found": row.text,
                "message": sentence.format(text=row.text, reason=row.reason),
            }
        )
    return rows


# A count with letters for digits, or grouped as in English.
_MISTYPED = re.compile(r"[OoIl|SB0-9]{1,4}(?:[.,' ]?[OoIlSB0-9]{1,4}){0,3}")


def _is_a_count(text: str, place: str) -> bool:
    """Return whether a text without a place stands in a column of counts, or looks mistyped."""
    text = text.strip()
    in_column = place.rpartition("; cột '")[2].removesuffix("'") in _count_headings()
    if in_column and re.search("[0-9]", text):
        return True
    letters = re.search("[OoIl|SB]", text)
    return bool(_MISTYPED.fullmatch(text)) and bool(letters) and (in_column or len(text) < 8)


@cache
def _count_headings() -> frozenset[str]:
    return frozenset(
        form.heading(name) for form in FORMS for name in form.figures if form.kinds[name] == "count"
    )
