"""A province's figures: the sums with what they rest on, and changes of like with like."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from cchc_stats.forms import Form, find_form
from cchc_stats.indicators import consolidate, find_indicator, measure
from cchc_stats.publishing.page import has_figure
from cchc_stats.publishing.provinces.gathering import Gathered
from cchc_stats.publishing.provinces.notices import say
from cchc_stats.reading import Report
from cchc_stats.statistics import audit_suppression, suppress_together
from cchc_stats.trends import quarter_over_quarter, year_over_year
from cchc_stats.values import complete_values
from cchc_stats.words import ALL, YEAR_TO_DATE, CchcError

SUMS = (
    "form",
    "title",
    "row",
    "column",
    "heading",
    "basis",
    "figure",
    "units",
    "of",
    "without",
    "in_doubt",
)
KEYS = ["basis", "indicator", "group", "origin"]
COUNT_KINDS = ("events", "stock", "ratio", "count")


@dataclass(frozen=True, eq=False)
class Figures:
    """What a province's quarter amounts to.

    Attributes
    ----------
    values : values of each unit, of the quarter and of those before, and of the province.
    changes : the quarter's values against the quarter and the year before (`comparison`); the
        province's are sums of the units that have the figure in both quarters, named in the note.
    tables : the province's forms of the quarter (see `consolidate`).
    sums : a row per figure of them: frame `form, title, row, column, heading, basis, figure, units,
        of, without, in_doubt`; figure is the sum of the units that state it, `units` of `of`.
    whole : the province's name.
    own : the units' values of the quarter with all figures, for ranks.
    left_out : what is to be said of figures that are not published, "" where all are.
    """

    values: pd.DataFrame
    changes: pd.DataFrame
    tables: Mapping[str, pd.DataFrame]
    sums: pd.DataFrame
    whole: str
    own: pd.DataFrame
    left_out: str = ""


def figures_of(gathered: Gathered, *, whole: str, below: int | None, lang: str) -> Figures:
    """Return the sums, values and changes of a quarter, without those that `below` leaves out.

    Values of units, of the province and its forms are left out together, and what changed is worked
    out of what is left: it says nothing that the values do not.

    Raises
    ------
    CchcError
        A number below `below` would follow from what is left, whatever is left out.
    """
    quarters: dict[pd.Period, list[Report]] = {gathered.period: [*gathered.now.reports]}
    for earlier in gathered.before.values():
        for period, report in earlier.items():
            quarters.setdefault(period, []).append(report)
    tables = {period: tables_of(quarters[period], period) for period in sorted(quarters)}
    own = tables[gathered.period]
    summed = consolidate(own, agency=whole, allow_missing=True, across_windows=True)
    values = [measure(forms, lang=lang) for forms in tables.values()]
    stated = pd.concat([one for one in values if len(one)], ignore_index=True)
    of_whole = of_province(stated, measure(summed, lang=lang), gathered, whole, lang=lang)
    every = pd.concat([stated, of_whole], ignore_index=True)
    now = every["period"] == gathered.period
    figures = Figures(
        values=every,
        changes=_changes(every, gathered, whole, lang=lang),
        tables=summed,
        sums=sums_of(own, summed, gathered),
        whole=whole,
        own=every[now & (every["agency"] != whole)],
    )
    return figures if below is None else _suppressed(figures, gathered, below=below, lang=lang)


def _suppressed(figures: Figures, gathered: Gathered, *, below: int, lang: str) -> Figures:
    compared = [gathered.period - lag for lag in (0, 1, 4)]
    shown = figures.values[figures.values["period"].isin(compared)]
    kept = suppress_together(shown, dict(figures.tables), below=below, lang=lang)
    assert kept.values is not None
    if len(audit_suppression(kept.values, below=below, lang=lang)):
        raise CchcError(
            "small numbers would still follow from what can be shown",
            where="below=",
            mend="publish fewer figures together: leave out a group, an indicator or a basis",
        )
    return replace(
        figures,
        values=kept.values,
        changes=_changes(kept.values, gathered, figures.whole, lang=lang),
        tables=kept.tables,
        sums=_sums_shown(figures.sums, kept.tables),
        left_out=kept.note,
    )


def _sums_shown(sums: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the sums that stand in the published forms: another is a figure of its own."""
    shown = {
        (code, _label(form, record), record["basis"], name): float(record[name])
        for code, table in tables.items()
        for form in [find_form(code)]
        for record in table.to_dict("records")
        for name in form.figures
        if not pd.isna(record[name])
    }
    keys = sums[["form", "row", "basis", "column"]].itertuples(index=False, name=None)
    published = [shown.get(key) == figure for key, figure in zip(keys, sums["figure"], strict=True)]
    return sums.assign(figure=sums["figure"].where(np.array(published, dtype=bool)))


def _label(form: Form, record: Mapping[Any, Any]) -> str:
    return form.row_label(record[form.row]) if form.row else ""


def tables_of(reports: Sequence[Report], period: pd.Period) -> dict[str, pd.DataFrame]:
    """Return what reports state of their own agency and quarter, form by form."""
    frames: dict[str, list[pd.DataFrame]] = {}
    for report in reports:
        for code in report.tables:
            table = report.tables[code]
            own = table[(table["agency"] == report.agency) & (table["period"] == period)]
            if len(own):
                frames.setdefault(code, []).append(own)
    return {code: pd.concat(parts, ignore_index=True) for code, parts in frames.items()}


# --- what the sums rest on ---


def sums_of(
    tables: Mapping[str, pd.DataFrame], summed: Mapping[str, pd.DataFrame], gathered: Gathered
) -> pd.DataFrame:
    """Return each figure of the province's forms with the units it rests on."""
    rows: list[tuple[object, ...]] = []
    for code, whole in summed.items():
        form = find_form(code)
        if not form.listed and not form.of_others:
            due = due_units(gathered, code)
            sent = {*tables[code]["agency"]}
            doubts = {name: _doubted(tables[code], form, gathered, name) for name in form.figures}
            for record in [*_totals(whole, form), *whole.to_dict("records")]:
                lacking = (
                    [unit for unit in due if unit not in sent] if _is_free(form, record) else due
                )
                rows += _rests_on(record, tables[code], form, lacking, doubts)
    frame = pd.DataFrame(rows, columns=list(SUMS))
    return frame.astype({"figure": "Float64", "units": "Int64", "of": "Int64"})


def _totals(whole: pd.DataFrame, form: Form) -> list[dict[Any, Any]]:
    """Return a total for sums that stand in rows alone."""
    if not form.rows_add_up or ALL in {*whole[form.row]}:
        return []
    keys = [name for name in ("basis", "level") if name in form.key]
    return whole[keys].drop_duplicates().assign(**{form.row: ALL}).to_dict("records")


def _is_free(form: Form, record: Mapping[Any, Any]) -> bool:
    """Return whether a row is one that only some units have, as a sector: no other one lacks it."""
    return bool(form.row) and not form.rows and record[form.row] != ALL


def due_units(gathered: Gathered, code: str) -> list[str]:
    """Return the units that owe a form: all that the list says nothing of, too."""
    units = gathered.units.frame
    return [
        unit
        for unit, forms in zip(units["unit"], units["forms"], strict=True)
        if not forms or code in forms
    ]


def _rests_on(
    record: Mapping[Any, Any],
    table: pd.DataFrame,
    form: Form,
    due: Sequence[str],
    doubts: Mapping[str, Mapping[str, set[str]]],
) -> Iterator[tuple[object, ...]]:
    code = str(record[form.row]) if form.row else ""
    rows = table[table["basis"] == record["basis"]]
    if "level" in form.key:
        rows = rows[rows["level"] == record["level"]]
    # A unit that states its total states it for all its rows.
    by_unit = {
        unit: _row_of(own, form, code, rows) for unit, own in rows.groupby("agency", sort=False)
    }
    for name in form.figures:
        stated = {
            unit: own[name].sum()
            for unit, own in by_unit.items()
            if name in own and len(own) and own[name].notna().all()
        }
        if not stated:
            continue
        without = [unit for unit in dict.fromkeys([*due, *by_unit]) if unit not in stated]
        doubted = [unit for unit in stated if {code, ALL} & doubts[name].get(unit, set())]
        yield (
            *(
                form.code,
                form.title,
                _label(form, record),
                name,
                form.heading(name),
                record["basis"],
            ),
            *(float(sum(stated.values())), len(stated), len(stated) + len(without)),
            *("; ".join(without), "; ".join(doubted)),
        )


def _row_of(own: pd.DataFrame, form: Form, code: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Return a unit's row; of a total the rows that make it up, if it has all codes of them."""
    if not form.row:
        return own
    exact = own[own[form.row] == code]
    codes = {*rows[form.row]} - {ALL} if form.rows else set()
    # Who leaves out a row that others have does not state its total.
    return own if exact.empty and code == ALL and codes <= {*own[form.row]} else exact


def _doubted(table: pd.DataFrame, form: Form, gathered: Gathered, name: str) -> dict[str, set[str]]:
    """Return the rows of each unit in which a column stands in a balance that does not hold."""
    broken = pd.Series(False, index=table.index)
    for identity in form.identities:
        if name in identity.columns and {*identity.columns} <= {*table.columns}:
            broken |= identity.broken(table)
    doubted: dict[str, set[str]] = {}
    for unit, rows in table[broken].groupby("agency", sort=False):
        doubted[str(unit)] = {*rows[form.row].astype(str), ALL} if form.row else {ALL}
    carries = form.stated[name].carries
    if carries:
        for unit in _opened_otherwise(table, form, gathered, name, carries):
            doubted.setdefault(unit, set()).add(ALL)
    return doubted


def _opened_otherwise(
    table: pd.DataFrame, form: Form, gathered: Gathered, name: str, carries: str
) -> Iterator[str]:
    """Yield the units whose figure carried over is not that of the quarter before."""
    for unit, rows in table.groupby("agency", sort=False):
        before = gathered.before.get(str(unit), {}).get(gathered.period - 1)
        earlier = None if before is None else before.tables.get(form.code)
        if earlier is None:
            continue
        keys = form.one_row("period", "agency")
        both = rows.merge(
            earlier[earlier["period"] == gathered.period - 1], on=keys, suffixes=("", "_before")
        )
        if (both[name] != both[f"{carries}_before"]).fillna(False).any():
            yield str(unit)


# --- the province's values --


def of_province(
    units: pd.DataFrame, measured: pd.DataFrame, gathered: Gathered, whole: str, *, lang: str
) -> pd.DataFrame:
    """Return the province's values of the quarter.

    What adds up is the sum of the units that have it, with how many they are in the note where some
    lack it; numerator and denominator are of the same units. All else is as its forms give it.
    """
    now = _summable(units[units["period"] == gathered.period])
    if now.empty:
        return measured
    summed = _summed(now, whole)
    notes = _noted(summed, now, gathered, "rests_on", lang=lang)
    summed = complete_values(summed.assign(note=notes))
    kept = measured.set_index(KEYS).reindex(pd.MultiIndex.from_frame(summed[KEYS]))
    same = pd.Series(True, index=summed.index)
    for name in ("numerator", "denominator", "value"):
        one, other = summed[name], pd.Series(kept[name].array, index=summed.index)
        gap = (one - other).abs().fillna(0) > 1e-9
        same &= ~gap & (one.isna() == other.isna())
    taken = summed[~same | (summed["note"].notna() & (summed["note"] != ""))]
    keys = pd.MultiIndex.from_frame(taken[KEYS])
    rest = measured[~pd.MultiIndex.from_frame(measured[KEYS]).isin(keys)]
    return pd.concat([rest, taken], ignore_index=True)


def _summable(values: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that add up over units: with a figure, or with nothing of nothing."""
    kinds = {code: find_indicator(code) for code in values["indicator"].unique()}
    codes = [code for code, one in kinds.items() if one is not None and one.kind in COUNT_KINDS]
    # Sectors are of single units; what a form fixes, and the whole, are of all.
    shared = values["indicator"].isin(codes) & _is_shared(values, kinds)
    return values[shared & has_figure(values)]


def _noted(
    summed: pd.DataFrame, parts: pd.DataFrame, gathered: Gathered, code: str, *, lang: str
) -> list[str]:
    """Return for each sum how many units it is of, and who is not in it; "" where all are."""
    names = parts.groupby(KEYS, sort=False)["agency"].agg(lambda cells: sorted(cells, key=str))
    listed = [*dict.fromkeys(gathered.units.names)]
    notes = []
    for key in summed[KEYS].itertuples(index=False, name=None):
        left = [unit for unit in listed if unit not in names[key]]
        said = say(code, lang=lang, count=len(names[key]), of=len(listed))
        without = say("alike_without", lang=lang, names="; ".join(left)) if left else ""
        notes.append(said + without if left or code == "alike" else "")
    return notes


# --- changes ---------------


def _changes(values: pd.DataFrame, gathered: Gathered, whole: str, *, lang: str) -> pd.DataFrame:
    """Return the quarter's values against earlier ones, of the province like with like."""
    stated = values[values["agency"] != whole]
    # What a report states of the year so far is compared with the year before alone.
    of_quarters = stated[stated["basis"] != YEAR_TO_DATE]
    frames = []
    for comparison, lag in (("quarter_over_quarter", 1), ("year_over_year", 4)):
        compare = quarter_over_quarter if lag == 1 else year_over_year
        units = of_quarters if lag == 1 else stated
        alike = like_with_like(units, gathered, lag, whole, lang=lang)
        pairs = pd.concat(
            [units[units["period"].isin([gathered.period, gathered.period - lag])], alike],
            ignore_index=True,
        )
        compared = compare(pairs, across_windows=True, lang=lang)
        compared = compared[compared["period"] == gathered.period]
        frames.append(compared.assign(comparison=comparison))
    joined = pd.concat(frames, ignore_index=True)
    return joined[["comparison", *(name for name in joined if name != "comparison")]]


def like_with_like(
    units: pd.DataFrame, gathered: Gathered, lag: int, whole: str, *, lang: str
) -> pd.DataFrame:
    """Return the province's values in two quarters, summed over who has the figure in both."""
    now = _summable(units[units["period"] == gathered.period])
    before = units[units["period"] == gathered.period - lag]
    before = before[has_figure(before)]
    keyed = ["agency", *KEYS]
    there = pd.MultiIndex.from_frame(before[keyed])
    now = now[pd.MultiIndex.from_frame(now[keyed]).isin(there)]
    before = before[
        pd.MultiIndex.from_frame(before[keyed]).isin(pd.MultiIndex.from_frame(now[keyed]))
    ]
    if now.empty:
        return units.iloc[:0]
    summed = pd.concat([_summed(now, whole), _summed(before, whole)], ignore_index=True)
    return complete_values(summed.assign(note=_noted(summed, now, gathered, "alike", lang=lang)))


def _is_shared(values: pd.DataFrame, kinds: Mapping[str, Any]) -> pd.Series:
    fixed = {code for code, one in kinds.items() if one and one.form and find_form(one.form).rows}
    return (values["group"] == ALL) | values["indicator"].isin(fixed)


def _summed(values: pd.DataFrame, whole: str) -> pd.DataFrame:
    """Return the sums of numerators and denominators; of counts, of values."""
    divided = values["denominator"].notna()
    parts = []
    for rows, columns in (
        (values[divided], ["numerator", "denominator"]),
        (values[~divided], ["value"]),
    ):
        if len(rows):
            groups = rows.groupby(["period", *KEYS], sort=False, observed=True)
            sums = groups[columns].sum(min_count=1)
            parts.append(sums.join(groups[["unit"]].first()).reset_index())
    return pd.concat(parts, ignore_index=True).assign(agency=whole)
