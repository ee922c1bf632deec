"""Values as series of quarters, with the direction and the target of each."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray

from cchc_stats.indicators import find_indicator, with_units
from cchc_stats.statistics.rates import benjamini_hochberg, first_rows, is_number, kinds_of
from cchc_stats.values import KEY, CheckedValues, refuse_two_quarters, two_quarters
from cchc_stats.words import YEAR_TO_DATE, ValuesError, as_figures, format_number, word

SERIES = tuple(name for name in KEY if name != "period")
BETTER = ("higher", "lower", "none")


@dataclass(frozen=True, eq=False)
class QuarterlySeries:
    """Completed values laid out series by series, each from its first quarter to its last.

    Parameters
    ----------
    values : the completed values, in the caller's order.
    order : the rows of `values` in the order of the arrays below.
    series : number of the series of each row, from 0.
    quarter : ordinal of the period.
    value, numerator, denominator : figures, NaN where missing.
    """

    values: pd.DataFrame
    order: np.ndarray
    series: np.ndarray
    quarter: np.ndarray
    value: np.ndarray
    numerator: np.ndarray
    denominator: np.ndarray

    @classmethod
    def of(cls, values: pd.DataFrame, *, what: str, across: bool) -> QuarterlySeries:
        """Lay out values; `what` ("charted", …) is what year-to-date values are refused for.

        So are those of the decree's quarter beside the calendar's, unless `across` is True.
        """
        checked = CheckedValues.of(values)
        _refuse_year_to_date(checked.frame, what)
        if not across:
            refuse_two_quarters(checked.frame, SERIES, what=what)
        table, series = with_units(checked.frame), checked.numbers(SERIES)
        _refuse_several_units(table, series)
        quarter = pd.PeriodIndex(table["period"]).asi8
        order = np.lexsort((quarter, series))
        return cls(
            table,
            order,
            series[order],
            quarter[order],
            *(
                table[name].to_numpy("float64", na_value=np.nan)[order]
                for name in ("value", "numerator", "denominator")
            ),
        )

    @property
    def count(self) -> int:
        """The number of series."""
        return int(self.series[-1]) + 1

    @property
    def first(self) -> np.ndarray:
        """The place of each series' first row."""
        return np.flatnonzero(np.diff(self.series, prepend=-1))

    @property
    def mixed(self) -> np.ndarray:
        """The rows of series in which the decree's quarters stand beside the calendar's."""
        rows = two_quarters(self.values, SERIES)[self.order]
        mixed: np.ndarray = np.bincount(self.series, rows)[self.series] > 0
        return mixed

    @property
    def kinds(self) -> np.ndarray:
        """The number of the kind of each row's indicator (`kinds_of`)."""
        return kinds_of(self.cells("indicator"))

    def cells(self, name: str) -> np.ndarray:
        """Return a column of the values in the order of the arrays."""
        cells: np.ndarray = self.values[name].to_numpy(object)[self.order]
        return cells

    def with_columns(self, columns: Mapping[str, ExtensionArray | pd.PeriodIndex]) -> pd.DataFrame:
        """Return the values in the caller's order with columns laid out by series beside them."""
        place = np.empty_like(self.order)
        place[self.order] = np.arange(len(self.order))
        more = {name: pd.Series(column.take(place)) for name, column in columns.items()}
        return self.values.assign(**more)


def quarters(ordinals: np.ndarray, *, where: np.ndarray | None = None) -> pd.PeriodIndex:
    """Return a column of the quarters of these ordinals, NaT outside `where`."""
    codes, distinct = pd.factorize(ordinals)
    named = [pd.Period(ordinal=int(ordinal), freq="Q-DEC") for ordinal in distinct]
    column = pd.PeriodIndex(named, freq="Q-DEC").take(codes)
    return column if where is None else pd.PeriodIndex(column.where(where), freq="Q-DEC")


def verdict_of(side: int, better: str) -> str:
    """Return what going up (1) or down (-1) is: better, worse, neutral, or "" for neither."""
    if side == 0 or better == "none":
        return "neutral" if side else ""
    return "better" if (side > 0) == (better == "higher") else "worse"


MANY = 10  # series from which what chance alone calls is worth a word


def adjusted(tests: pd.DataFrame, called: np.ndarray, level: float, lang: str) -> pd.DataFrame:
    """Return tests with `p_adjusted` among all of them; of many, the called ones' notes say so.

    Parameters
    ----------
    tests : with `p_value`, <NA> where nothing is tested, and `note`.
    called : the rows whose p-value is small enough at the level.
    level : 100 less the chance, in percent, at which one is called.
    """
    p = tests["p_value"].to_numpy("float64", na_value=np.nan)
    there = ~np.isnan(p)
    together = np.full(len(p), np.nan)
    together[there] = benjamini_hochberg(p[there])
    sentence = by_chance(int(there.sum()), 100 - level, lang)
    notes = [
        "; ".join(filter(None, [note, sentence * bool(one)]))
        for note, one in zip(tests["note"], called, strict=True)
    ]
    return tests.assign(p_adjusted=as_figures(together), note=notes)


def by_chance(series: int, percent: float, lang: str) -> str:
    """Return how many of many series chance alone calls at most, "" of few."""
    if series < MANY:
        return ""
    expected = format_number(series * percent / 100, decimals=1, lang=lang)
    return word("chart", "together", lang=lang).format(n=series, expected=expected)


def directions(indicators: np.ndarray, better: str | None) -> np.ndarray:
    """Return which way each indicator gets better; `better` for all where it is given.

    Raises
    ------
    ValuesError
        Another word than those of `BETTER`.
    """
    if better is None:
        codes, distinct = pd.factorize(indicators)
        records = [find_indicator(code) for code in distinct]
        ways = [record.better if record else "none" for record in records]
        column: np.ndarray = np.array(ways, dtype=object)[codes]
        return column
    if better not in BETTER:
        raise ValuesError(
            f"better is {better!r}",
            where="better=",
            mend=f"use one of {', '.join(BETTER)}, or None",
        )
    return np.full(len(indicators), better, dtype=object)


def _refuse_year_to_date(values: pd.DataFrame, what: str) -> None:
    wrong = values["basis"] == YEAR_TO_DATE
    if wrong.any():
        first = values[wrong].iloc[0]
        raise ValuesError(
            f"year-to-date values cannot be {what}: each contains the one before",
            where=(
                f"{int(wrong.sum())} of {len(values)} rows, the first: {first['indicator']}, "
                f"{first['agency']}, {first['period']}"
            ),
            mend="call to_quarterly(values) first",
        )


def _refuse_several_units(values: pd.DataFrame, series: np.ndarray) -> None:
    unit, units = pd.factorize(values["unit"])
    first = unit[first_rows(series)]
    other = unit != first[series]
    if other.any():
        row = int(np.argmax(other))
        cells = [f"{values[name].iloc[row]}" for name in ("indicator", "agency", "period")]
        raise ValuesError(
            "a series has several units",
            where=f"column unit: {units[first[series[row]]] or 'none'} and "
            f"{units[unit[row]] or 'none'} in {', '.join(cells)}",
            mend="give all figures of a series in one unit",
        )


def read_targets(
    target: object, indicators: np.ndarray, agencies: np.ndarray, own: np.ndarray | None = None
) -> np.ndarray:
    """Return the target of each row, NaN where there is none.

    Parameters
    ----------
    target : None, one number, or a mapping of indicator or agency -> number; that of the agency
        counts before that of the indicator.
    own : the cells of a column `target` that the values bring, taken where `target` is None.

    Raises
    ------
    ValuesError
        A target that is no finite number, or of an indicator or agency that no row has.
    """
    if target is None:
        return np.full(len(indicators), np.nan) if own is None else _own_targets(own)
    if not isinstance(target, Mapping):
        return np.full(len(indicators), _level(target))
    targets = np.full(len(indicators), np.nan)
    unknown = set(target)
    for names in (indicators, agencies):
        codes, distinct = pd.factorize(names)
        levels = np.array([_level(target[name]) if name in target else np.nan for name in distinct])
        targets = np.where(np.isnan(levels[codes]), targets, levels[codes])
        unknown -= set(distinct)
    if unknown:
        name = next(name for name in target if name in unknown)
        present = [*pd.unique(indicators)[:5], *pd.unique(agencies)[:5]]
        raise ValuesError(
            f"there are no values of {name!r}, which has a target",
            where="target=",
            mend=f"the values are of {', '.join(map(str, present))}",
        )
    return targets


def own_targets(values: pd.DataFrame) -> np.ndarray | None:
    """Return the cells of a column `target` that values bring, None where they bring none."""
    return values["target"].to_numpy(object) if "target" in values else None


def _own_targets(cells: np.ndarray) -> np.ndarray:
    """Return the targets of a column, each a number or missing."""
    targets = np.full(len(cells), np.nan)
    for row in np.flatnonzero(~pd.isna(cells)):
        try:
            targets[row] = _level(cells[row])
        except ValuesError as error:
            raise ValuesError(
                error.what, where=f"column target, row {row + 1}", mend=error.mend
            ) from None
    return targets


def require_percent(targets: np.ndarray, better: np.ndarray) -> None:
    """Refuse targets of shares that are no percentages: beyond 0 to 100, or meant as 95 %."""
    wrong = targets[(targets < 0) | (targets > 100)]
    if len(wrong):
        raise ValuesError(
            f"the target {wrong[0]:g} is no percentage",
            where="target=",
            mend="give a number from 0 to 100",
        )
    shares = targets[(targets > 0) & (targets < 1) & (better == "higher")]
    if len(shares):
        raise ValuesError(
            f"the target {shares[0]:g} is below 1 %",
            where="target=",
            mend=f"targets are percent: give {100 * shares[0]:g}",
        )


def judged(low: np.ndarray, high: np.ndarray, target: np.ndarray, better: np.ndarray) -> np.ndarray:
    """Return "met", "missed", "by_chance", or "" where limits, target or direction are missing."""
    rising, falling = better == "higher", better == "lower"
    complete = ~np.isnan(low) & ~np.isnan(high) & ~np.isnan(target) & (rising | falling)
    met = np.where(rising, low >= target, high <= target)
    missed = np.where(rising, high < target, low > target)
    return np.select([~complete, met, missed], ["", "met", "missed"], "by_chance")


def _level(level: object) -> float:
    if not is_number(level) or not math.isfinite(level):
        raise ValuesError(
            f"the target {level!r} is no level",
            where="target=",
            mend="give a number in the unit of the values, 95 for 95 %",
        )
    return float(level)
