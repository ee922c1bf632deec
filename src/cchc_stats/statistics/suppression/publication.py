"""The places of a publication: which rows and cells state which counts."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pandas as pd

from cchc_stats.forms import KEY as FORM_KEY
from cchc_stats.forms import Form, find_form
from cchc_stats.statistics.rates import OWN, kinds_of, of_kinds
from cchc_stats.statistics.suppression.counts import (
    OWN_SPACE,
    Formula,
    RowKey,
    form_count,
    formula_of,
)
from cchc_stats.statistics.suppression.relations import Relations
from cchc_stats.values import NUMBERS
from cchc_stats.words import ALL, IN_PERIOD

# A duration or a score of 3 identifies nobody.
MEASURES = ("working_days", "days", "months", "hours", "points", "percentage_points")

EARLIER = "previous"
EXACT = 1e-9
PRINTED = 6  # decimals from which a percentage counts as not rounded


class Place(NamedTuple):
    """Where counts are stated: a row of values, what it says of an earlier period, or a cell.

    Attributes
    ----------
    table : "" of values, else the form's code.
    row : number of the row.
    column : of a form; "" of the values' own figures, `EARLIER` of those of an earlier period.
    """

    table: str
    row: int
    column: str = ""


@dataclass(eq=False)
class Publication:
    """Everything that is published together.

    Attributes
    ----------
    places : all of them; what relations call a place is the number in this list.
    weights : the loss of leaving each out.
    relations : what the places state.
    names : number of a count -> the first indicator that states it, and which of its figures it is.
    open_groups : whether groups have been left out, so that a total is more than those that are in.
    unshown : the places that tell of a row what it does not show itself, such as a change.
    """

    places: list[Place] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)
    relations: Relations = field(default_factory=Relations)
    names: dict[int, tuple[str, str]] = field(default_factory=dict)
    open_groups: bool = False
    unshown: set[int] = field(default_factory=set)

    def settle(self, below: int) -> np.ndarray:
        """Return what each count is as far as the places state it, all relations settled."""
        relations = self.relations
        relations.relate(open_groups=self.open_groups)
        figures = relations.settle(below)
        relations.state_totals(figures, below)
        return relations.state_quotients(figures, below)

    def unrelated(self) -> list[str]:
        """Return the user's own indicators, where others stand beside them, in order."""
        spaces: dict[str, set[str]] = {}
        for count in self.relations.counts:
            spaces.setdefault(count.agency, set()).add(count.space)
        beside = set().union(*(names for names in spaces.values() if len(names) > 1))
        return sorted(name[len(OWN_SPACE) :] for name in beside if name.startswith(OWN_SPACE))

    def _place(self, place: Place, size: float, key: RowKey) -> int:
        self.places.append(place)
        # Totals and years to date are read most, and large figures more than small ones.
        kept = (3.0 if key.group == ALL else 1.0) * (1.0 if key.basis == IN_PERIOD else 1.5)
        self.weights.append(kept * (1.0 + math.log1p(max(0.0, size)) if size == size else kept))
        return len(self.places) - 1

    # --- values -------------

    def add_values(self, values: pd.DataFrame, *, without: Collection[str] = ()) -> None:
        """Add completed values, with what they say of earlier periods; some groups not."""
        worked_out = _with_changed(values)
        rows = [row for row in _rows_of(worked_out) if line_of(row.key.group) not in without]
        empty = values[[*NUMBERS]].isna().all(axis=1).to_numpy()
        left_out = {(*row.key, row.indicator) for row in rows if empty[row.row]}
        earlier = list(_earlier_rows(worked_out, rows))
        for column, some in (("", rows), (EARLIER, earlier)):
            for row in some:
                first = len(self.places)
                self._add_row(row, Place("", row.row, column))
                if (*row.key, row.indicator) in left_out:
                    self.unshown |= {*range(first, len(self.places))}

    def _add_row(self, row: _Row, place: Place) -> None:
        formula = row.formula
        if row.measured and math.isnan(row.bottom):
            return
        for adds, signed in ((formula.adds_top and not row.measured, formula.top),
                             (formula.adds_bottom, formula.bottom)):  # fmt: skip
            if adds:
                self.relations.adding.update(
                    (count.space, count.column)
                    for _, count in formula.counts(signed, row.key)
                    if count.group == row.key.group
                )
        size = row.bottom if not math.isnan(row.bottom) else row.top
        number = self._place(place, size, row.key)
        if row.measured:
            signed = formula.bottom or ((1, "denominator"),)
            one = self.relations.count(formula, signed, row.key, number, row.bottom)
            self.names.setdefault(one, (row.indicator, "denominator"))
        elif row.plain:
            one = self.relations.count(formula, formula.top, row.key, number, row.top)
            self.names.setdefault(one, (row.indicator, "value"))
        elif formula.bottom:
            numbers = self.relations.state(
                formula, row.key, number, top=row.top, bottom=row.bottom, quotient=row.quotient
            )
            for one, name in zip(numbers, ("numerator", "denominator", "rest"), strict=False):
                self.names.setdefault(one, (row.indicator, name))

    # --- tables -------------

    def add_table(self, table: pd.DataFrame, code: str, *, without: Collection[str] = ()) -> None:
        """Add the rows of a form, each cell a place of its own; some groups not."""
        form = find_form(code)
        columns = counted_columns(table, form)
        if form.rows_add_up:
            self.relations.adding.update((form.code, name) for name in columns)
        groups = groups_of(table, form)
        periods = _ordinals(table)
        for at in range(len(table)):
            if line_of(groups[at]) in without:
                continue
            key = RowKey(
                str(table["agency"].iloc[at]), periods[at], str(table["basis"].iloc[at]), groups[at]
            )
            for name in columns:
                number = self.relations.number(form_count(form, name, key))
                self.names.setdefault(number, ("", name))
                cell = table[name].iloc[at]
                if pd.isna(cell):
                    continue
                place = self._place(Place(form.code, at, name), float(cell), key)
                self.relations.printed.append((number, float(cell), place))


def line_of(group: str) -> str:
    """Return the group that is a part of the total: of a nested one its level.

    Examples
    --------
    >>> line_of("commune|Đất đai"), line_of("all")
    ('commune', 'all')
    """
    return str(group).partition("|")[0]


def counted_columns(table: pd.DataFrame, form: Form) -> list[str]:
    """Return the columns of a form that are counts."""
    return [name for name in form.figures if name in table and form.kinds[name] == "count"]


def groups_of(table: pd.DataFrame, form: Form) -> list[str]:
    """Return the group of each row of a form: its code, of a row in a level `<level>|<code>`."""
    inner = [ALL] * len(table)
    if form.row and form.row in table:
        inner = [str(one) for one in table[form.row]]
    levels = [name for name in form.one_row(*FORM_KEY, form.row) if name in table]
    for name in levels:
        inner = [
            one if level == ALL else level if one == ALL else f"{level}|{one}"
            for one, level in zip(inner, map(str, table[name]), strict=True)
        ]
    return inner


def _ordinals(table: pd.DataFrame) -> list[int]:
    """Return a number for each row's quarter; of a window without one a number of its own."""
    if "period" in table and isinstance(table["period"].dtype, pd.PeriodDtype):
        ordinals = pd.PeriodIndex(table["period"]).asi8
        if not table["period"].isna().any():
            return [int(one) for one in ordinals]
    windows = pd.factorize(table.get("window_start", pd.Series(0, index=table.index)))[0]
    # Far from all quarters and from one another: no relation holds between windows.
    return [100_000 + 100 * int(one) for one in windows]


class _Row(NamedTuple):
    """One row of values as numbers."""

    row: int
    indicator: str
    key: RowKey
    formula: Formula
    top: float
    bottom: float
    quotient: tuple[float, float] | None
    plain: bool
    measured: bool


def _rows_of(values: pd.DataFrame) -> Iterator[_Row]:
    """Yield the rows of completed values."""
    tops, bottoms, figures = (values[name].to_numpy("float64", na_value=np.nan) for name in NUMBERS)
    kinds = kinds_of(values["indicator"].to_numpy(object))
    own = of_kinds(kinds, [OWN])
    share = (values["unit"] == "percent").to_numpy()
    measured = values["unit"].isin(MEASURES).to_numpy() | of_kinds(kinds, ["mean"])
    columns = [values[name].to_numpy(object) for name in ("agency", "basis", "group", "indicator")]
    periods = pd.PeriodIndex(values["period"]).asi8
    for at, (agency, basis, group, indicator) in enumerate(zip(*columns, strict=True)):
        top, bottom, figure = float(tops[at]), float(bottoms[at]), float(figures[at])
        is_count = math.isnan(bottom) and not measured[at]
        formula = formula_of(indicator, bool(own[at] and share[at]), is_count)
        divided = bool(formula.record.denominator) if formula.record else bool(share[at])
        plain = math.isnan(bottom) and not divided
        yield _Row(
            at,
            indicator,
            RowKey(agency, int(periods[at]), basis, group),
            formula,
            figure if plain and math.isnan(top) else top,
            bottom,
            _quotient(figure, formula.scale, top, bottom) if not plain else None,
            plain,
            bool(measured[at]),
        )


def _quotient(figure: float, scale: int, top: float, bottom: float) -> tuple[float, float] | None:
    """Return between what a printed quotient lies, None where its parts are printed or it is not.

    Examples
    --------
    >>> _quotient(3.3, 100, float("nan"), 60.0)
    (0.0325, 0.0335)
    """
    if math.isnan(figure) or not (math.isnan(top) or math.isnan(bottom)):
        return None
    text = f"{figure:.{PRINTED}f}".rstrip("0")
    decimals = len(text.partition(".")[2])
    half = EXACT * max(1.0, abs(figure)) if decimals >= PRINTED else 0.5 * 10.0**-decimals
    return (max(0.0, round((figure - half) / scale, 15)), round((figure + half) / scale, 15))


def _earlier_rows(values: pd.DataFrame, rows: Sequence[_Row]) -> Iterator[_Row]:
    """Yield what rows say of an earlier period, as its own row states it if that is there."""
    earlier = earlier_figures(values)
    if earlier is None:
        return
    periods, figures = earlier
    rows_by_key = {(*row.key, row.indicator): row for row in rows}
    for row in rows:
        figure = float(figures[row.row])
        if math.isnan(figure):
            continue
        key = row.key._replace(period=int(periods[row.row]))
        there = rows_by_key.get((*key, row.indicator))
        if there is not None and not (math.isnan(there.top) and there.quotient is None):
            yield there._replace(row=row.row)
        elif row.plain:
            yield row._replace(key=key, top=figure)
        else:
            quotient = _quotient(figure, row.formula.scale, math.nan, math.nan)
            yield row._replace(key=key, top=math.nan, bottom=math.nan, quotient=quotient)


def _changes(values: pd.DataFrame) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield what each change is of, as a factor of the figure before and what is added to it."""
    for name in ("change", "change_pp", "change_pct"):
        if name in values:
            change = values[name].to_numpy("float64", na_value=np.nan)
            share = name == "change_pct"
            yield (1 + change / 100, 0.0 * change) if share else (1 + 0.0 * change, change)


def _with_changed(values: pd.DataFrame) -> pd.DataFrame:
    """Return values with the figures that are not shown and follow from a change beside them."""
    changes = list(_changes(values))
    hidden = values["value"].isna().to_numpy()
    if not changes or not any((hidden & ~np.isnan(added)).any() for _, added in changes):
        return values
    names = ["agency", "basis", "indicator", "group", "origin"]
    series = values.groupby(names, sort=False).ngroup().to_numpy()
    own, there = pd.PeriodIndex(values["period"]).asi8, _compared_with(values)
    figures = values["value"].to_numpy("float64", na_value=np.nan).copy()
    stated = _numbers(values, "previous")
    for row in np.argsort(own, kind="stable"):
        if not np.isnan(figures[row]):
            continue
        same = figures[(series == series[row]) & (own == there[row])]
        before = next((one for one in (stated[row], *same) if not np.isnan(one)), np.nan)
        found = [times[row] * before + added[row] for times, added in changes]
        figures[row] = next((one for one in found if not np.isnan(one)), np.nan)
    return values.assign(value=pd.array(np.round(figures, 9), dtype="Float64"))


def _numbers(values: pd.DataFrame, name: str) -> np.ndarray:
    """Return a column as floats, NaN where there is none."""
    if name not in values:
        return np.full(len(values), np.nan)
    return values[name].to_numpy("float64", na_value=np.nan)


def _compared_with(values: pd.DataFrame) -> np.ndarray:
    """Return the number of the quarter that each row is compared with."""
    own = pd.PeriodIndex(values["period"]).asi8
    if "previous_period" not in values:
        return own - 1
    stated = pd.PeriodIndex(values["previous_period"])
    return np.where(stated.isna(), own - 1, stated.asi8)


def earlier_figures(values: pd.DataFrame) -> tuple[np.ndarray, np.ndarray] | None:
    """Return quarter and figure that each row is compared with, None where no row is."""
    changes = list(_changes(values))
    if not changes and "previous" not in values:
        return None
    figures, now = _numbers(values, "previous"), _numbers(values, "value")
    for times, added in changes:
        worked_out = np.divide(now - added, times, out=np.full_like(now, np.nan), where=times > 0)
        figures = np.where(np.isnan(figures), np.round(worked_out, 9), figures)
    return _compared_with(values), figures
