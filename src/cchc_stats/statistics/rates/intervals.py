"""Intervals beside the figures of a values frame: for rates of events and for counts of events."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray

from cchc_stats.statistics.rates.event_rates import (
    OWN,
    kinds_of,
    not_percent,
    of_kinds,
    other_figure,
)
from cchc_stats.statistics.rates.levels import level_suffix, levels_of
from cchc_stats.statistics.rates.poisson_limits import garwood
from cchc_stats.statistics.rates.proportion_limits import METHODS, Limits, proportion_limits
from cchc_stats.statistics.rates.result_columns import chosen_texts, figure_column
from cchc_stats.values import COLUMNS, TYPES, complete_values
from cchc_stats.words import ValuesError, require_language, word

GARWOOD = "garwood"
_COLUMN = re.compile(r"(low|high)(_\d+)*|interval_(level|method|note)")

# The notes by number; 0 is what every row with an interval says.
_NOTES = (
    "full_count",
    "full_count_of_events",
    "stock",
    "ratio",
    "mean",
    "own_unit",
    "own_count",
    "no_figure",
    "no_parts",
    "nothing_counted",
    "negative",
    "not_whole",
    "above",
    "other_figure",
)
_NUMBER = {code: number for number, code in enumerate(_NOTES)}


def add_intervals(
    values: pd.DataFrame,
    *,
    level: float | Sequence[float] = 95,
    method: str = "wilson",
    lang: str = "vi",
) -> pd.DataFrame:
    """Return the values with a confidence interval beside each figure that has one.

    Parameters
    ----------
    values : values frame (see `complete_values`).
    level : confidence in percent, 1 to below 100; or several.
    method : of rates: "wilson" (score), "clopper_pearson" (exact) or "jeffreys" (equal-tailed, its
        lower limit 0 at 0/n and its upper one 100 at n/n).
    lang : language of `interval_note`, "vi" or "en".

    Returns
    -------
    The values in their order, index 0…n-1, with the columns
    `low`, `high`, the limits: percent 0-100 of numerator in denominator, exactly 0 at 0/n and 100
    at n/n; for counts the exact Poisson limits, in the count's unit. Of several levels each has
    its own two, in the order given: `low_95, high_95, low_99_8, high_99_8`;
    `interval_level`, the level in percent, where there is one only;
    `interval_method`, "wilson", "clopper_pearson", "jeffreys" or "garwood", "" without interval;
    `interval_note`, how an interval is to be read, or why there is none.
    Limits are for indicators of kind `events` (by numerator and denominator, 0 <= numerator <=
    denominator, whole numbers) and `count` (by value). An indicator that the library does not know
    counts as events where it is a percentage with numerator and denominator. Stocks, ratios, means
    and other figures of one's own have <NA>, and so has each row with nothing counted (0/0), a
    missing, fractional or negative part, or a numerator above its denominator; the other rows are
    computed. Figures are full counts and not samples: an interval says within which rates the
    process that made them may lie, not how wrong the figure may be.

    Raises
    ------
    ValuesError
        As `complete_values` does; a level such as 0, 100 or 0.95, an unknown method. A frame that
        has all columns with their types is taken as it is.

    Source
    ------
    Wilson (1927); Clopper & Pearson (1934); Brown, Cai & DasGupta (2001), Statistical Science 16,
    101-133; Garwood (1936), Biometrika 28, 437-442.

    Examples
    --------
    >>> own = pd.DataFrame({"agency": "Sở A", "period": ["2020Q3", "2020Q4"], "numerator": [60, 58],
    ...                     "indicator": "on_time_rate_settled", "denominator": 60})
    >>> add_intervals(own)[["low", "high"]].round(1).values.tolist()
    [[94.0, 100.0], [88.6, 99.1]]
    """
    require_language(lang)
    levels = levels_of(level)
    if not isinstance(method, str) or method not in METHODS:
        raise ValuesError(
            f"there are no intervals by the method {method!r}",
            where="method=",
            mend=f"use one of {', '.join(METHODS)}",
        )
    table = _completed(values)
    table = table.drop(columns=interval_columns(table))
    kinds = kinds_of(table["indicator"].to_numpy(object))
    limits, notes = _of_rates(table, kinds, levels=levels, method=method)
    counts = of_kinds(kinds, ["count"])
    if counts.any():
        _add_counts(table, counts, limits, notes, levels=levels)
    for kind in ("stock", "ratio", "mean"):
        notes[of_kinds(kinds, [kind])] = _NUMBER[kind]
    suffixes = [f"_{level_suffix(one)}" if len(levels) > 1 else "" for one in levels]
    columns: dict[str, ExtensionArray] = {}
    for suffix, (low, high) in zip(suffixes, limits, strict=True):
        columns |= {f"low{suffix}": figure_column(low), f"high{suffix}": figure_column(high)}
    if len(levels) == 1:
        # A scalar would be float64, and the library's figures are Float64.
        columns["interval_level"] = figure_column(np.full(len(table), levels[0]))
    methods = np.zeros(len(_NOTES), dtype="int8")
    methods[[_NUMBER["full_count"], _NUMBER["full_count_of_events"]]] = 1, 2
    columns["interval_method"] = chosen_texts(["", method, GARWOOD], methods[notes])
    columns["interval_note"] = chosen_texts(
        [word("interval", code, lang=lang) for code in _NOTES], notes
    )
    # As Series they are taken as they are; arrays would be copied.
    beside = {name: pd.Series(column, copy=False) for name, column in columns.items()}
    return table.assign(**beside)


def interval_columns(frame: pd.DataFrame) -> list[str]:
    """Return the columns of a frame that `add_intervals` added."""
    if "interval_method" not in frame:
        return []
    return [name for name in frame.columns if _COLUMN.fullmatch(str(name))]


def _completed(values: pd.DataFrame) -> pd.DataFrame:
    """Return the values complete; those that are complete already are not gone through again."""
    names = list(COLUMNS)
    if (
        isinstance(values, pd.DataFrame)
        and len(values)
        and list(values.columns[: len(names)]) == names
        and values.columns.is_unique
        and [str(dtype) for dtype in values.dtypes[: len(names)]] == [TYPES[name] for name in names]
        and not values["status"].hasnans
    ):
        return values.reset_index(drop=True)
    return complete_values(values)


def _of_rates(
    table: pd.DataFrame, kinds: np.ndarray, *, levels: Sequence[float], method: str
) -> tuple[list[Limits], np.ndarray]:
    """Return the limits of the rows that are rates, NaN in others, and the number of each note."""
    x, n, value = (
        table[name].to_numpy("float64", na_value=np.nan)
        for name in ("numerator", "denominator", "value")
    )
    rates = of_kinds(kinds, ["events", OWN])
    if not rates.all():
        x = np.where(rates, x, np.nan)
    limits, good = proportion_limits(x, n, levels=levels, method=method)
    refused = not_percent(table, kinds)
    differs = good & other_figure(x, n, value)
    lost = differs | refused
    notes = np.zeros(len(table), dtype="int8")
    rows = np.flatnonzero(~good | lost)
    if len(rows):
        top, bottom, figure = x[rows], n[rows], value[rows]
        reasons = {
            "own_count": refused[rows] & np.isnan(bottom),
            "own_unit": refused[rows],
            "no_figure": (np.isnan(top) | np.isnan(bottom)) & np.isnan(figure),
            "no_parts": np.isnan(top) | np.isnan(bottom),
            "nothing_counted": (top == 0) & (bottom == 0),
            "negative": (top < 0) | (bottom < 0),
            "not_whole": ~_whole(top) | ~_whole(bottom),
            "above": top > bottom,
            "other_figure": differs[rows],
        }
        notes[rows] = np.select(list(reasons.values()), [_NUMBER[code] for code in reasons])
        for low, high in limits:
            low[lost] = high[lost] = np.nan
    return limits, notes


def _add_counts(
    table: pd.DataFrame,
    counts: np.ndarray,
    limits: list[Limits],
    notes: np.ndarray,
    *,
    levels: Sequence[float],
) -> None:
    """Write the limits and notes of the rows that are counts into their arrays."""
    value = table["value"].to_numpy("float64", na_value=np.nan)[counts]
    for level, (low, high) in zip(levels, limits, strict=True):
        low[counts], high[counts] = garwood(value, level=level)
    reasons = {
        "no_figure": np.isnan(value),
        "negative": value < 0,
        "not_whole": ~_whole(value),
    }
    notes[counts] = np.select(
        list(reasons.values()),
        [_NUMBER[code] for code in reasons],
        _NUMBER["full_count_of_events"],
    )


def _whole(figures: np.ndarray) -> np.ndarray:
    whole: np.ndarray = (np.floor(figures) == figures) & np.isfinite(figures)
    return whole
