"""The door of the decomposition: values become cells × periods, and other values are refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cchc_stats.indicators import find_indicator
from cchc_stats.statistics.rates import first_rows
from cchc_stats.values import (
    CheckedValues,
    Codes,
    combined_codes,
    complete_values,
    in_rows,
    refuse_two_quarters,
    two_quarters,
)
from cchc_stats.words import ALL, PeriodError, ValuesError, parse_period, require_quarters

Sums = Callable[[np.ndarray], np.ndarray]

BETWEEN = "|"  # between the parts of a crossed group's code
MOST_FACTORS = 4


def require_factors(factors: object) -> tuple[str, ...]:
    """Return the names of the factors, or refuse what is no list of distinct names."""
    names = (factors,) if isinstance(factors, str) else factors
    if (
        not isinstance(names, list | tuple)
        or not all(isinstance(name, str) for name in names)
        or not 0 < len(set(names)) == len(names) <= MOST_FACTORS
    ):
        raise ValuesError(
            f"factors are one to {MOST_FACTORS} different columns, not {factors!r}",
            where="factors=",
            mend='give a list such as ["sector", "channel"]; ["group"] is the default',
        )
    return tuple(names)


def parts_of_groups(table: pd.DataFrame, inner: Sequence[str]) -> dict[str, pd.Series]:
    """Return the name of each row's part of each factor, agencies apart."""
    if all(name in table for name in inner):
        return {name: table[name].astype("str").fillna("") for name in inner}
    lost = [name for name in inner if name not in table]
    groups = pd.Series(table["group"].unique())
    split = groups[groups != ALL].str.split(BETWEEN, regex=False)
    if len(lost) < len(inner) or not split.map(len).eq(len(inner)).all():
        raise ValuesError(
            f"factor{'s' if len(lost) > 1 else ''} {', '.join(lost)} cannot be found",
            where="factors=",
            mend=f"name columns of the values, or write each group as {len(inner)} parts: "
            + BETWEEN.join(inner),
        )
    parts = pd.DataFrame(
        {ALL: [ALL] * len(inner)} | dict(zip(groups[split.index], split, strict=True))
    )
    return {name: table["group"].map(parts.iloc[number]) for number, name in enumerate(inner)}


def joined(rows: pd.DataFrame, names: Sequence[str]) -> np.ndarray:
    """Return the codes of crossed groups made of columns; `all` in each of them is the total."""
    there = [rows[name].astype("str").fillna("").to_numpy(object) for name in names if name in rows]
    codes = texts_of(there)
    codes[np.logical_and.reduce([part == ALL for part in there])] = ALL
    return codes


def texts_of(parts: Sequence[np.ndarray]) -> np.ndarray:
    """Return the codes of crossed groups from those of their parts."""
    codes: np.ndarray = np.array(
        [BETWEEN.join(texts) for texts in zip(*parts, strict=True)], dtype=object
    )
    return codes


READ = ("period", "basis", "indicator", "group", "origin", "numerator", "denominator", "unit")
DAYS = ("window_start", "window_end")
NEEDED = ("agency", "period", "indicator", "numerator", "denominator")
SERIES = ("agency", "basis", "indicator", "origin")


@dataclass(frozen=True, eq=False)
class Cells:
    """Cells (a group of a series) × periods, sorted by series.

    Attributes
    ----------
    keys : a row per series: agency, basis, indicator, origin.
    series, group : of which series each cell is, and what it is called.
    factors : codes of the parts of the cells' names, one array per factor.
    periods : the columns.
    top, bottom : numerators and denominators, 0 where there is no row.
    rowed, unknown : whether there is a row, and whether it lacks a figure.
    above : whether a numerator is above its denominator.
    printed : series × periods × 2, the printed total, NaN where there is none.
    only_total : series that have nothing but the printed total.
    mixed : series in which the decree's quarters stand beside the calendar's.
    """

    keys: pd.DataFrame
    series: np.ndarray
    group: np.ndarray
    factors: tuple[np.ndarray, ...]
    periods: pd.PeriodIndex
    top: np.ndarray
    bottom: np.ndarray
    rowed: np.ndarray
    unknown: np.ndarray
    above: np.ndarray
    printed: np.ndarray
    only_total: np.ndarray
    mixed: np.ndarray


def require_period(given: object, option: str, there: pd.PeriodIndex) -> pd.Period:
    """Return a quarter that the values have, or refuse it with those that are there."""
    try:
        period = parse_period(given)  # type: ignore[arg-type]
    except PeriodError as error:
        raise ValuesError(error.what, where=f"{option}=, {error.where}", mend=error.mend) from error
    if period not in there:
        names = ", ".join(map(str, there[-8:]))
        raise ValuesError(
            f"there are no values of {period}",
            where=f"{option}=",
            mend=f"choose one of {'… ' if len(there) > 8 else ''}{names}",
        )
    return period


def quarters_of(values: pd.DataFrame) -> pd.PeriodIndex:
    """Return the quarter of each row, after seeing that the frame has what is decomposed."""
    if not isinstance(values, pd.DataFrame) or values.empty:
        complete_values(values)  # refuses it
    if missing := [name for name in NEEDED if name not in values]:
        raise ValuesError(
            f"column{'s' if len(missing) > 1 else ''} {', '.join(missing)} missing",
            where=f"columns: {', '.join(map(str, values.columns))}",
            mend="a change is decomposed from numerators and denominators by group: "
            "measure(tables) gives them",
        )
    try:
        return pd.PeriodIndex(require_quarters(values["period"], where="column period"))
    except PeriodError:
        complete_values(values)  # refuses it, with all other faults
        raise


def cells_of(
    values: pd.DataFrame,
    quarters: pd.PeriodIndex,
    periods: pd.PeriodIndex,
    factors: Sequence[str],
    *,
    what: str,
    across: bool,
    compared: bool = False,
) -> Cells:
    """Return the cells of the rows of some periods.

    Parameters
    ----------
    what : what is done with them, for the refusal of two kinds of quarter.
    across : whether two kinds of quarter may stand in one series; `mixed` then names it.
    compared : whether agencies are held against one another, so that theirs too are of one kind.

    Raises
    ------
    ValuesError
        As `complete_values` does; no percentage; a negative figure; of counted events more than
        there were to count; several bases of one indicator; factors that are neither columns nor
        parts of the groups' codes.
    """
    chosen = quarters.isin(periods)
    inner = [name for name in factors if name != "agency"]
    checked = _chosen_rows(values, chosen, factors, inner)
    table, codes = checked.frame, checked.codes
    top, bottom = (table[name].to_numpy("float64", na_value=np.nan) for name in NEEDED[3:])
    above = top > bottom
    events = _are_events(codes["indicator"], table["indicator"])
    _refuse(table, codes, top, bottom, above & events, np.flatnonzero(chosen), len(values))
    texts, factor_codes, is_total = _factors(table, codes, factors, inner)
    own = checked.numbers(SERIES)
    only_total = (np.bincount(own, ~is_total) == 0)[own]
    merged = "agency" in factors
    same = [name for name in SERIES if name != "agency" or not merged]
    series = checked.numbers(same)
    joined = [name for name in same if name != "agency" or not compared]
    if not across:
        refuse_two_quarters(table, joined, what=what)
    parts = ~is_total | only_total
    cell, row = _cells_in_order(series, factor_codes, parts)
    when = np.searchsorted(periods.asi8, pd.PeriodIndex(table["period"]).asi8)
    size, shape = int(series.max()) + 1, (len(row), len(periods))
    here = cell * len(periods) + when[parts]

    def laid(figures: np.ndarray) -> np.ndarray:
        summed = np.bincount(here, weights=figures[parts], minlength=shape[0] * shape[1])
        return summed.reshape(shape)

    missing, absent = _gaps(table, top, bottom)
    printed = np.full((size, len(periods), 2), np.nan)
    stated = is_total & ~only_total & (not merged)
    printed[series[stated], when[stated]] = np.column_stack([top, bottom])[stated]
    keys = table[list(SERIES)].iloc[first_rows(series)].reset_index(drop=True)
    shown = [text.iloc[row].to_numpy(object) for text in texts]
    return Cells(
        keys=keys.assign(agency=ALL) if merged else keys,
        series=series[row],
        group=shown[0] if len(shown) == 1 else texts_of(shown),
        factors=tuple(code[row] for code in factor_codes),
        periods=periods,
        top=laid(np.where(missing | absent, 0.0, top)),
        bottom=laid(np.where(missing | absent, 0.0, bottom)),
        rowed=laid(np.ones(len(table))) > 0,
        unknown=laid(missing) > 0,
        above=laid(above) > 0,
        printed=printed,
        only_total=(np.bincount(series, only_total, minlength=size) > 0) & (not merged),
        mixed=np.bincount(series, two_quarters(table, joined), minlength=size) > 0,
    )


def _chosen_rows(
    values: pd.DataFrame, chosen: np.ndarray, factors: Sequence[str], inner: Sequence[str]
) -> CheckedValues:
    """Return the chosen rows checked; groups are made of other factors."""
    rows = values.loc[chosen]
    rows = rows[[name for name in rows if name in ("agency", *READ, "status", *DAYS, *factors)]]
    if "group" not in rows and any(name in rows for name in inner):
        rows = rows.assign(group=joined(rows, inner))
    try:
        checked = CheckedValues.of(rows)
    except ValuesError:
        complete_values(values)  # refuses the same faults, rows counted in the caller's frame
        raise
    if "unit" in rows and (other := checked.frame["unit"] != "percent").any():
        row = checked.frame[other].iloc[0]
        raise _no_percentage(row["indicator"], row["unit"])
    return checked


def _factors(
    table: pd.DataFrame, codes: Codes, factors: Sequence[str], inner: Sequence[str]
) -> tuple[list[pd.Series], list[np.ndarray], np.ndarray]:
    """Return each row's part of each factor, as text and as code, and which rows are totals."""
    names = {} if factors == ("group",) else parts_of_groups(table, inner)
    is_total = _are_totals(codes["group"], table["group"])
    for column in names.values():
        is_total |= _are_totals(pd.factorize(column)[0], column)
    texts = [
        table["agency"] if name == "agency" else names.get(name, table["group"]) for name in factors
    ]
    numbers = [
        codes[name] if name in codes else pd.factorize(text)[0]
        for name, text in zip(factors, texts, strict=True)
    ]
    return texts, numbers, is_total


def _cells_in_order(
    series: np.ndarray, factors: Sequence[np.ndarray], parts: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the cell of each row that is a part, and the first row of each cell.

    Cells of a series stand together, in the order in which they first came.
    """
    cell = pd.factorize(combined_codes([series, *factors])[parts])[0]
    first = first_rows(cell)
    order = np.argsort(series[parts][first], kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    return place[cell], np.flatnonzero(parts)[first[order]]


def _are_totals(codes: np.ndarray, texts: pd.Series) -> np.ndarray:
    """Return the mask of the rows that are totals; only the distinct texts are looked at."""
    mask: np.ndarray = (texts.iloc[first_rows(codes)] == ALL).to_numpy()[codes]
    return mask


def _gaps(
    table: pd.DataFrame, top: np.ndarray, bottom: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return which rows lack a figure, and which have nothing: printed "-", or 0 in 0."""
    lacks = np.isnan(bottom) | (np.isnan(top) & (bottom != 0)) | ((bottom == 0) & (top > 0))
    if not lacks.any():
        return lacks, bottom == 0
    dash = lacks & (table["status"] == "not_applicable").to_numpy()
    return lacks & ~dash, dash | (bottom == 0)


def _are_events(codes: np.ndarray, indicators: pd.Series) -> np.ndarray:
    """Return the rows of counted events; indicators that are no percentages are refused."""
    records = [find_indicator(code) for code in indicators.iloc[first_rows(codes)]]
    if wrong := [one for one in records if one and one.unit != "percent"]:
        raise _no_percentage(wrong[0].code, wrong[0].unit)
    events: np.ndarray = np.array([bool(one and one.kind == "events") for one in records])[codes]
    return events


def _no_percentage(indicator: str, unit: str) -> ValuesError:
    return ValuesError(
        "only percentages are decomposed, in percentage points",
        where=f"indicator {indicator}: unit {unit}",
        mend="choose the rows of an indicator in percent",
    )


def _refuse(
    table: pd.DataFrame,
    codes: Codes,
    top: np.ndarray,
    bottom: np.ndarray,
    above: np.ndarray,
    at: np.ndarray,
    size: int,
) -> None:
    """Refuse figures and bases that cannot be decomposed, all at once.

    Parameters
    ----------
    above : rows that count more than there was to count.
    at, size : which rows of the caller's frame they are, and how long that is.
    """
    faults = []

    def rows(mask: np.ndarray) -> str:
        wrong = np.zeros(size, dtype=bool)
        wrong[at[mask]] = True
        return in_rows(wrong)

    if (negative := (top < 0) | (bottom < 0)).any():
        faults.append(f"numerator or denominator is below 0 in {rows(negative)}")
    if above.any():
        first = int(np.argmax(above))
        faults.append(
            f"numerator {top[first]:g} is above denominator {bottom[first]:g} in {rows(above)}"
        )
    if (twice := _beside_their_parts(table, codes)).any():
        group = table["group"].iloc[int(np.argmax(twice))]
        faults.append(
            f"group {group} stands beside its own parts '{group}|…' in {rows(twice)}: keep one"
        )
    if int(codes["basis"].max()) > 0:  # more than one
        bases = table.groupby(["agency", "indicator", "origin"], sort=False)["basis"].unique()
        for key, both in bases[bases.map(len) > 1].head(1).items():
            agency = ", ".join(map(str, key)) if isinstance(key, tuple) else key
            faults.append(f"{agency}: {' and '.join(sorted(both))} stand side by side")
    if faults:
        raise ValuesError(
            f"the change cannot be decomposed: {len(faults)} fault{'s' if len(faults) > 1 else ''}",
            where="\n         ".join(faults),
            mend="correct the figures; of several bases choose the rows of one, or call "
            "to_quarterly(values) first",
        )


def _beside_their_parts(table: pd.DataFrame, codes: Codes) -> np.ndarray:
    """Return the rows of groups whose parts `<group>|<row>` are there too: counted twice."""
    beside = np.zeros(len(table), dtype=bool)
    names = {str(one) for one in table["group"].iloc[first_rows(codes["group"])]}
    levels = {one[:at] for one in names for at, mark in enumerate(one) if mark == "|"} & names
    keys = table[[*SERIES, "period"]]
    for level in levels:
        own = (table["group"] == level).to_numpy()
        parts = keys[table["group"].str.startswith(f"{level}|").to_numpy()]
        beside[own] |= pd.MultiIndex.from_frame(keys[own]).isin(pd.MultiIndex.from_frame(parts))
    return beside


def starts_of(series: np.ndarray) -> np.ndarray:
    """Return where each series begins; they are sorted, and none is empty."""
    starts: np.ndarray = np.flatnonzero(np.diff(series, prepend=-1))
    return starts


def sums_by(series: np.ndarray) -> Sums:
    """Return the function that adds rows up by series."""
    starts = starts_of(series)
    return lambda cells: np.add.reduceat(cells, starts, axis=0)
