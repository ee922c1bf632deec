"""Whether the figures of a row, and a printed total and its rows, balance."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from cchc_stats.checking.finding import (
    Rows,
    column_name,
    each_of,
    finding,
    number,
    row_findings,
    rows_of,
)
from cchc_stats.checking.rates import levels_of
from cchc_stats.forms import (
    ALWAYS,
    IN_PROSE,
    LEVELS,
    SIGNS,
    Examined,
    Expectation,
    Fault,
    Form,
    Identity,
    Span,
    cell_text,
    dashed,
    find_form,
    in_sentence,
    named_by,
    row_places,
    row_subjects,
    series_of,
)
from cchc_stats.reading import UNPLACED, Report
from cchc_stats.words import (
    BASES,
    QUARTERS,
    Window,
    label_period,
    parse_number,
    vocabulary,
    word,
)

_TABLE = re.compile(r"; (?=(?:bảng \d+|trang tính '[^']*', [A-Z]+\d+:[A-Z]+\d+), hàng \d+$)")
MOST_BESIDE = 12  # figures without a place that are added up beside a row
Counts: TypeAlias = Callable[[str], np.ndarray | None]


def with_all_columns(
    faults: Sequence[Fault], table: pd.DataFrame, unplaced: pd.DataFrame
) -> list[Fault]:
    """Return the faults without balances that figures without a place beside the row make up.

    Of 1000 received, 960 settled and 35 pending, the 3 and 2 of columns that the form does not
    have ("Chờ bổ sung", "Trả lại/Rút HS") are the rest.
    """
    counts = _counts_beside(unplaced) if any(fault.rule == "identity" for fault in faults) else {}
    if not counts:
        return [*faults]
    judged = []
    for fault in faults:
        if fault.rule != "identity" or fault.rows is None or fault.difference is None:
            judged.append(fault)
            continue
        gaps = zip(fault.rows, fault.difference, strict=True)
        left = [not _made_up(gap, counts.get(_stands(table, row), ())) for row, gap in gaps]
        if any(left):
            rows, gap = fault.rows[left], fault.difference[left]
            judged.append(replace(fault, rows=rows, difference=gap))
    return judged


def _stands(table: pd.DataFrame, row: int) -> tuple[str, str]:
    """Return the table in which a row stands, and its label."""
    source, _, label = str(table["source"].iloc[row]).rpartition("; ")
    return source, label


def _counts_beside(unplaced: pd.DataFrame) -> dict[tuple[str, str], list[int]]:
    """Return by table and label of a row its counts that have no place."""
    counts: dict[tuple[str, str], list[int]] = {}
    for text, place, reason in zip(*(unplaced[name] for name in UNPLACED), strict=True):
        where, _, label = str(place).rpartition(", dòng '")
        source, label = _TABLE.split(where)[0], label.removesuffix("'")
        value = parse_number(str(text)).value
        if where and "tỷ lệ" not in str(reason) and isinstance(value, int):
            counts.setdefault((source, label), []).append(value)
    return counts


def _made_up(gap: float, counts: Sequence[int]) -> bool:
    """Return whether some of the counts add up to what a balance lacks."""
    sums = {0}
    for count in counts[:MOST_BESIDE]:
        sums |= {one + count for one in sums}
    return gap in sums - {0}


def incomplete(examined: Examined, form: Form, lang: str) -> Rows:
    """Return a note for each identity that cannot be judged in a row because a figure is missing.

    A row that reports none of an identity's figures says nothing about it; nor does a figure that
    was printed "-", nor a breakdown that the layout does not have.
    """
    if not examined.is_typed and not set(form.key) <= set(examined.columns):
        return []
    sentence = word("check", "incomplete", lang=lang)
    findings: Rows = []
    reported = _reported_of(examined)
    for identity in form.identities:
        rows = np.flatnonzero(_undecided(identity, examined, form, reported))
        if len(rows):
            # A sentence need not tell all that a form asks for.
            in_prose = [IN_PROSE in str(one) for one in examined.table["source"].iloc[rows]]
            rows = rows[~np.array(in_prose, dtype=bool)]
        if not len(rows):
            continue
        part = examined.table.iloc[rows]
        terms = [identity.total, *identity.parts]
        names = terms
        if lang == "vi":
            names = [in_sentence(form, name, of_whole=name != terms[0]) for name in terms]
        absent = part.reindex(columns=terms).isna().to_numpy()
        quoted = np.array([f"'{name}'" if lang == "vi" else name for name in names], dtype=object)
        missing = [", ".join(quoted[gone]) for gone in absent]
        # What a layout may count apart is nothing that is missing.
        statement = f"{names[0]} {SIGNS[identity.op]} {' + '.join(names[1:])}"
        common = {"severity": "note", "rule": "incomplete", "expected": str(identity)}
        cells = {
            "where": row_places(part, form, rows, lang=lang),
            "message": [
                sentence.format(subject=one, identity=statement, missing=text)
                for one, text in zip(row_subjects(part, form, len(part)), missing, strict=True)
            ],
        }
        findings += each_of(common, cells | named_by(part))
    return findings


def _reported_of(examined: Examined) -> Callable[[str], np.ndarray]:
    """Return a reader of the masks of the rows that report a column, each looked at once."""
    figures, columns = examined.figures, examined.columns
    nowhere = np.zeros(examined.length, dtype=bool)

    @cache
    def reported(name: str) -> np.ndarray:
        if examined.is_typed:
            return figures[name][1] if name in figures else nowhere
        return ~np.asarray(pd.isna(columns[name])) if name in columns else nowhere

    return reported


def _undecided(
    identity: Identity, examined: Examined, form: Form, reported: Callable[[str], np.ndarray]
) -> np.ndarray:
    """Return the rows that report some terms of an identity and lack others they should have."""
    terms = (identity.total, *identity.parts)
    gaps = [name for name in terms if not reported(name).all()]
    if not gaps:
        return np.zeros(examined.length, dtype=bool)
    optional = [name for name in terms if name in form.optional]
    # Of a breakdown that not every layout has, only one that was begun is incomplete.
    begun = np.logical_or.reduce([reported(name) for name in optional or terms])
    if not begun.any():
        return np.zeros(examined.length, dtype=bool)
    lacking = np.logical_or.reduce(
        [~reported(name) & ~dashed(examined.table, name) for name in gaps]
    )
    return np.asarray(begun & lacking)


def exceeding(examined: Examined, form: Form, lang: str) -> Rows:
    """Return the rows whose reported parts are more than the total, whatever is missing.

    An incomplete row neither passes nor fails an identity, but no part is negative: 15539 settled
    on time and 379 pending cannot be of 15868 received, even where the settled are not printed.
    """
    if not examined.is_typed and not keys_are_typed(examined.table, form):
        return []
    counts = _counts_of(examined, form)
    least_of = _least_of(examined.length, form, counts)
    findings: Rows = []
    for identity in form.identities:
        if not _may_be_exceeded(identity, examined, counts):
            continue
        terms = (*identity.parts, *identity.where_given)
        total, least = counts(identity.total), np.sum([least_of(name) for name in terms], axis=0)
        less = total < least  # never where it is missing
        if less.any():
            # A broken identity is a fault of its own.
            less &= ~identity.broken(examined.table).to_numpy()
        if len(rows := np.flatnonzero(less)):
            findings += _exceeded(identity, examined, form, rows, total, least, lang)
    return findings


def _may_be_exceeded(identity: Identity, examined: Examined, counts: Counts) -> bool:
    """Return whether an identity is a sum of counts without fault, some of them missing."""
    if identity.op == "<=":
        return False
    # Where nothing is missing, more than the total is a broken identity.
    figures, names = examined.figures, identity.columns
    if examined.is_typed and all(name in figures and figures[name][1].all() for name in names):
        return False
    return all(counts(name) is not None for name in names)


def _exceeded(
    identity: Identity,
    examined: Examined,
    form: Form,
    rows: np.ndarray,
    total: Any,
    least: np.ndarray,
    lang: str,
) -> Rows:
    names = [identity.total, *identity.parts]
    first, *others = names
    if lang == "vi":
        first, *others = [in_sentence(form, name, of_whole=name != names[0]) for name in names]
    part = examined.table.iloc[rows]
    return row_findings(
        part,
        form,
        rows,
        "error",
        "exceeding",
        lang=lang,
        found=total[rows],
        expected=least[rows],
        bound="≥ ",
        difference=(total - least)[rows],
        columns=names,
        subject=row_subjects(part, form, len(rows)),
        total=[first] * len(rows),
        parts=[" + ".join(others)] * len(rows),
    )


def _counts_of(examined: Examined, form: Form) -> Counts:
    """Return a reader of columns of counts, NaN where missing; None where one has a fault."""
    figures, columns = examined.figures, examined.columns

    @cache
    def counts(name: str) -> np.ndarray | None:
        if not examined.is_typed:
            if name not in columns:
                return np.full(examined.length, np.nan)
            cells = columns[name]
            is_typed = cells.dtype == "Int64"
            return cells.to_numpy("float64", na_value=np.nan) if is_typed else None
        if form.kinds[name] != "count":
            return None
        if name not in figures:
            return np.full(examined.length, np.nan)
        values, kept = figures[name]
        return np.where(kept, values, np.nan)

    return counts


def _least_of(length: int, form: Form, counts: Counts) -> Callable[[str], np.ndarray]:
    """Return a reader of the least a column can be: its figure, else the sum of its parts."""

    @cache
    def least(name: str) -> np.ndarray:
        given = counts(name)
        if given is None:
            return np.zeros(length)
        if not (missing := np.isnan(given)).any():
            return given
        from_parts = [
            np.sum([least(part) for part in identity.parts], axis=0)
            for identity in form.identities
            if identity.op == "=" and identity.total == name
        ]
        return np.where(missing, np.max([np.zeros(length), *from_parts], axis=0), given)

    return least


def unexpected(examined: Examined, form: Form, lang: str) -> Rows:
    """Return a warning for each row in which what a form expects does not hold (`Form.expected`).

    More people than posts, a time that a cut made longer, more units inspected than there are: odd
    without being impossible.
    """
    return [
        one
        for expectation in form.expected
        if {*expectation.more, expectation.most, form.row or "agency"} <= set(examined.columns)
        for one in _above(expectation, examined, form, lang)
    ]


def _above(expectation: Expectation, examined: Examined, form: Form, lang: str) -> Rows:
    columns = examined.columns
    high = np.sum([_figures(columns[name]) for name in expectation.more], axis=0)
    low = _figures(columns[expectation.most])
    rows = np.flatnonzero(high > low)
    if not len(rows):
        return []
    # The columns alone: the frame of a table is built for no more than a warning or two.
    part = {name: cells.take(rows) for name, cells in columns.items()}
    names = [form.labels[name].in_language(lang) for name in (*expectation.more, expectation.most)]
    has_sentence = expectation.rule in vocabulary()["check"]
    return row_findings(
        part,
        form,
        rows,
        "warning",
        expectation.rule,
        lang=lang,
        found=high[rows],
        expected=low[rows],
        bound="≤ ",
        difference=(high - low)[rows],
        columns=(*expectation.more, expectation.most),
        sentence="" if has_sentence else "unexpected",
        row=[form.row_label(cell_text(code), lang=lang) for code in part[form.row or "agency"]],
        more=[" + ".join(names[:-1])] * len(rows),
        most=names[-1:] * len(rows),
    )


def another_time(examined: Examined, form: Form, lang: str) -> Rows:
    """Return a warning for each row whose level, words or form were not in use in its days.

    Days are those of the decree's window and of the calendar's together: the earlier start and the
    later end.
    """
    spans = {name: form.spans_of(name) for name in dict.fromkeys((form.row, "level")) if name}
    spans = {name: own for name, own in spans.items() if own and name in examined.columns}
    if not {"period", "basis"} <= set(examined.columns) or not (spans or form.span != ALWAYS):
        return []
    cases: list[tuple[int, str, str]] = []
    for row, days in _days_of_rows(examined):
        if not form.span.meets(*days):
            cases.append((row, form.title if lang == "vi" else form.title_en, _between(form.span)))
        for name, own in spans.items():
            code = examined.columns[name][row]
            if code in own and not own[code].meets(*days):
                cases.append((row, _coded(form, name, code, lang), _between(own[code])))
    return _of_another_time(examined, form, cases, lang)


def _days_of_rows(examined: Examined) -> Iterator[tuple[int, tuple[dt.date, dt.date]]]:
    """Yield each row whose quarter and basis are stated, with its first and last day."""
    columns = examined.columns
    cells = zip(columns["period"].tolist(), columns["basis"].tolist(), strict=True)
    for row, (period, basis) in enumerate(cells):
        if isinstance(period, pd.Period) and basis in BASES:
            yield row, _days_of(period, basis)


def _coded(form: Form, column: str, code: str, lang: str) -> str:
    """Return a code of a column in words, after those of the column."""
    label = form.rows.get(code) if column == form.row else LEVELS.get(code)
    words = label.in_language(lang) if label else code
    return f"{form.labels[column].in_language(lang)} {words}"


def _of_another_time(
    examined: Examined, form: Form, cases: Sequence[tuple[int, str, str]], lang: str
) -> Rows:
    if not cases:
        return []
    rows = np.array([row for row, _, _ in cases])
    part = {name: cells.take(rows) for name, cells in examined.columns.items()}
    periods = part["period"].tolist()
    return row_findings(
        part,
        form,
        rows,
        "warning",
        "another_time",
        lang=lang,
        found=[what for _, what, _ in cases],
        expected=[days for _, _, days in cases],
        difference=np.full(len(rows), np.nan),
        quarter=[label_period(period, lang=lang) for period in periods],
    )


@lru_cache(maxsize=1_000)
def _days_of(period: pd.Period, basis: str) -> tuple[dt.date, dt.date]:
    windows = [Window.of(period, basis), Window.of_calendar(period, basis)]
    return min(one.start for one in windows), max(one.end for one in windows)


def _between(span: Span) -> str:
    """Return the days of a span as text, an open end left out: "… 30/06/2025"."""
    since = "" if span.since == dt.date.min else f"{span.since:%d/%m/%Y}"
    until = "" if span.until == dt.date.max else f"{span.until:%d/%m/%Y}"
    return f"{since} … {until}".strip()


def _figures(cells: Any) -> np.ndarray:
    """Return figures as floats, NaN where there is none."""
    if cells.dtype in ("Int64", "Float64"):
        return np.asarray(cells.to_numpy("float64", na_value=np.nan))
    numbers = pd.to_numeric(series_of(cells), errors="coerce")
    return np.asarray(numbers.to_numpy("float64", na_value=np.nan))


def printed_total(examined: Examined, form: Form, lang: str) -> Rows:
    """Return the printed totals (row `all`) that are not the sum of the report's rows.

    Only of forms whose free rows part a total. A column that some row does not report, or that has
    a fault, is not judged.
    """
    if not any(form.wholes.values()) or "all" not in examined.cells(form.row):
        return []
    table = examined.table
    if not keys_are_typed(table, form):
        return []
    figures = [name for name in form.figures if name in table and table[name].dtype == "Int64"]
    is_total = (table[form.row] == "all").to_numpy()
    findings = _not_sums(table, figures, is_total, ~is_total, form.one_row(form.row), form, lang)
    if "level" in form.key and form.row != "level" and "level" in table:
        # Of all levels the printed total is the sum too.
        in_level = (table["level"] != "all").to_numpy() & _of_every_level(table, is_total)
        of_all = (table["level"] == "all").to_numpy() & is_total
        key = [name for name in form.one_row(form.row) if name != "level"]
        findings += _not_sums(table, figures, of_all, in_level & is_total, key, form, lang)
    return findings


def _of_every_level(table: pd.DataFrame, is_total: np.ndarray) -> np.ndarray:
    """Return the rows of reports that state the total of each level."""
    keys = table[_REPORT].astype("object").apply(tuple, axis=1)
    levels = table["level"][is_total].groupby(keys[is_total]).agg(set)
    names = keys.map(levels)
    return np.array(
        [
            isinstance(one, set) and levels_of(period) <= one
            for one, period in zip(names, table["period"], strict=True)
        ],
        dtype=bool,
    )


def _not_sums(
    table: pd.DataFrame,
    figures: list[str],
    is_total: np.ndarray,
    is_part: np.ndarray,
    key: list[str],
    form: Form,
    lang: str,
) -> Rows:
    """Return the totals that are not the sums of their parts, matched by a key."""
    at = np.flatnonzero(is_total)
    if not len(at) or not is_part.any():
        return []
    printed = table.iloc[at].set_index(key)
    expected = _sums_of(table[is_part], figures, key).reindex(printed.index)
    findings: Rows = []
    for name in figures:
        gap = (printed[name] - expected[name]).to_numpy("float64", na_value=np.nan)
        wrong = np.flatnonzero(np.nan_to_num(gap) != 0)
        if len(wrong):
            part = table.iloc[at[wrong]]
            findings += row_findings(
                part,
                form,
                at[wrong],
                "error",
                "printed_total",
                lang=lang,
                found=part[name].tolist(),
                expected=expected[name].iloc[wrong].tolist(),
                difference=gap[wrong],
                columns=[name],
                column=[column_name(form, name, lang)] * len(wrong),
                rows=expected["rows"].iloc[wrong].tolist(),
            )
    return findings


_REPORT = ["agency", "period", "basis"]


def _sums_of(rows: pd.DataFrame, figures: list[str], key: list[str]) -> pd.DataFrame:
    """Return the sums of each report's rows, <NA> where one is not stated, and their number."""
    by = [rows[name] for name in key]
    # A "-" adds nothing; an empty cell leaves the sum unknown.
    is_stated = rows[figures].notna() | pd.DataFrame(
        {name: dashed(rows, name) for name in figures}, index=rows.index
    )
    sums = rows[figures].groupby(by).sum().where(is_stated.groupby(by).all())
    return sums.assign(rows=rows.groupby(by).size())


def printed_sums(report: Report, tables: Mapping[str, Examined], lang: str) -> Rows:
    """Return the printed totals (`Report.totals`) that are not the sums of the rows: errors.

    A column that some row does not report is not judged; a "-" adds nothing. Nor is the total of a
    table of which a row has no place: it may be in the total.
    """
    lacking = {one[:1] + one[2:4] for one in getattr(report.tables, "unplaced", ())}
    below: dict[tuple[object, ...], pd.DataFrame] = {}  # the columns of a row of totals share rows
    return [
        finding(
            report,
            "error",
            "printed_sum",
            lang=lang,
            where=str(total.source),
            found=number(total.value, lang),
            expected=number(summed, lang),
            column=column_name(find_form(total.form), total.column, lang),
            quarter=pd.Period(total.period, freq="Q-DEC"),
            difference=float(total.value) - summed,
            gap=number(abs(float(total.value) - summed), lang),
        )
        for total in rows_of(report.totals)
        if (summed := _sum_below(total, tables, below)) is not None
        and summed != float(total.value)
        and (total.form, pd.Period(total.period, freq="Q-DEC").ordinal, total.basis) not in lacking
    ]


def _sum_below(
    total: Any, tables: Mapping[str, Examined], below: dict[tuple[object, ...], pd.DataFrame]
) -> float | None:
    """Return the sum of the rows that a printed total is of, None where one of them is missing."""
    one, form = tables.get(total.form), find_form(total.form)
    if one is None or not form.rows_add_up or total.column not in one.columns:
        return None
    names = ("form", "period", "basis", "level", "agency", "row", "table")
    key = tuple(getattr(total, name, "") for name in names)
    if key not in below:
        below[key] = _rows_below(total, one.table, form)
    part = below[key]
    cells = part.loc[~np.asarray(dashed(part, total.column), dtype=bool), total.column]
    is_complete = len(cells) and not cells.isna().any() and pd.notna(total.value)
    return float(cells.sum()) if is_complete else None


def _rows_below(total: Any, table: pd.DataFrame, form: Form) -> pd.DataFrame:
    """Return the rows of a form that a printed total sums."""
    part = table[
        (table["period"] == pd.Period(total.period, freq="Q-DEC")) & (table["basis"] == total.basis)
    ]
    for name, column in (("level", "level"), ("agency", "agency"), ("row", form.row)):
        if wanted := getattr(total, name, ""):
            part = part[part[column] == wanted]
    # A table by sector and one by unit speak of the same dossiers: each total is of its own table.
    part = part[part["source"].str.contains(getattr(total, "table", ""), regex=False)]
    # Rows by unit or by level are of all sectors each; elsewhere a row of the total is no part.
    parts: pd.DataFrame = part[part[form.row] != "all"]
    return parts if len(parts) or len(part) < 2 else part


def keys_are_typed(table: pd.DataFrame, form: Form) -> bool:
    """Return whether the key columns are there and without fault of type.

    A column with a fault stays as it came; `check` has reported it.
    """
    if not set(form.key) <= set(table.columns):
        return False
    wanted = {name: QUARTERS if name == "period" else "str" for name in form.key}
    return all(str(table[name].dtype) == kind for name, kind in wanted.items())
