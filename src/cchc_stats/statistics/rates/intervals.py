"""Intervals beside the figures of a values frame: for rates of events and for counts of events."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from statistics import NormalDist
from types import MappingProxyType
from typing import Literal

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray

from cchc_stats.indicators import find_indicator, with_units
from cchc_stats.statistics.rates.result_columns import chosen_texts, is_number
from cchc_stats.values import COLUMNS, TYPES, complete_values, run_starts
from cchc_stats.words import ValuesError, as_figures, require_language, word


def one_level(level: object) -> float:
    """Return a confidence level as a float, in percent.

    Raises
    ------
    ValuesError
        No number, or not from 1 to below 100: a share such as 0.95 is meant as 95.

    Examples
    --------
    >>> one_level(99.8)
    99.8
    """
    figure = float(level) if is_number(level) else math.nan
    if 1 <= figure < 100:
        return figure
    share = 0 < figure < 1
    raise ValuesError(
        f"the level {level!r} is no confidence level",
        where="level=",
        mend=f"levels are percent: give {100 * figure:g}"
        if share
        else "give a percentage from 1 to below 100, such as 95",
    )


def levels_of(level: object) -> tuple[float, ...]:
    """Return one level, or several, as floats in the order given.

    Raises
    ------
    ValuesError
        As `one_level` does; no level at all, or one of them twice.

    Examples
    --------
    >>> levels_of(95), levels_of([95, 99.8])
    ((95.0,), (95.0, 99.8))
    """
    if isinstance(level, str) or not isinstance(level, Iterable) or np.ndim(level) == 0:  # type: ignore[arg-type]
        return (one_level(level),)
    levels = tuple(one_level(one) for one in level)
    if not levels or len({level_suffix(one) for one in levels}) < len(levels):
        raise ValuesError(
            "one of the levels stands twice" if levels else "there is no level",
            where="level=",
            mend="give each level once, such as [95, 99.8]",
        )
    return levels


def level_suffix(level: float) -> str:
    """Return a level as column names have it.

    Examples
    --------
    >>> level_suffix(95.0), level_suffix(99.8)
    ('95', '99_8')
    """
    return f"{level:.12g}".replace(".", "_")


def tail(level: float) -> float:
    """Return the probability that a two-sided interval of the level leaves out on each side."""
    return (100 - level) / 200


def normal_quantile(level: float) -> float:
    """Return the z of a two-sided level.

    Examples
    --------
    >>> round(normal_quantile(95), 6)
    1.959964
    """
    # Of the standard library: a comparison of quarters needs no more of scipy than that.
    return -NormalDist().inv_cdf(tail(level))


# So many rows at a time that all their arrays stay in the processor's cache.
BLOCK = 16_384

Limits = tuple[np.ndarray, np.ndarray]
Method = Callable[[np.ndarray, np.ndarray, float], Limits]


def wilson(x: np.ndarray, n: np.ndarray, level: float) -> Limits:
    """Return the limits of the score interval without continuity correction.

    They are the proportions that the score test just does not reject.

    Source
    ------
    Wilson, E. B. (1927), Journal of the American Statistical Association 22, 209-212.
    """
    z = normal_quantile(level)
    rest = n - x
    half = x * rest
    half /= n
    half += z * z / 4
    np.sqrt(half, out=half)
    half *= z
    scale = n + z * z
    np.divide(100.0, scale, out=scale)
    # The upper limit is 100 less the lower one of the rest. So 0/n ends at 0 and n/n at 100 to the
    # last digit: the root of z²/4 is z/2 without rounding.
    low = x + z * z / 2
    low -= half
    low *= scale
    rest += z * z / 2
    rest -= half
    rest *= scale
    return low, np.subtract(100.0, rest, out=rest)


def clopper_pearson(x: np.ndarray, n: np.ndarray, level: float) -> Limits:
    """Return the exact limits, from the binomial tails; they never cover less than the level.

    Source
    ------
    Clopper, C. J. & Pearson, E. S. (1934), Biometrika 26, 404-413.
    """
    from scipy.special import betaincinv  # type: ignore[import-untyped]

    side = tail(level)
    # A parameter of 0 has no distribution; those rows get their limit by definition.
    low = 100 * betaincinv(np.maximum(x, 0.5), n - x + 1, side)
    above = betaincinv(np.maximum(n - x, 0.5), x + 1, side)
    return np.where(x == 0, 0.0, low), np.where(x == n, 100.0, 100 * (1 - above))


def jeffreys(x: np.ndarray, n: np.ndarray, level: float) -> Limits:
    """Return the equal-tailed limits of the posterior under Jeffreys' prior, Beta(1/2, 1/2).

    The lower limit is 0 at 0/n and the upper one 100 at n/n. This is the interval that Brown, Cai
    and DasGupta recommend, not their "modified Jeffreys", which moves limits at 1/n as well. At
    very low levels it is stretched as far as to hold the proportion itself.

    Source
    ------
    Brown, L. D., Cai, T. T. & DasGupta, A. (2001), Statistical Science 16, 101-133.
    """
    from scipy.special import betaincinv

    side, share = tail(level), 100 * x / n
    low = 100 * betaincinv(x + 0.5, n - x + 0.5, side)
    high = 100 * (1 - betaincinv(n - x + 0.5, x + 0.5, side))
    low = np.where(x == 0, 0.0, np.minimum(low, share))
    return low, np.where(x == n, 100.0, np.maximum(high, share))


SHORT = 1.2  # what `auto` leaves out of its level: 6 % of 95, so that at least 94 % are covered


def near_exact(x: np.ndarray, n: np.ndarray, level: float) -> Limits:
    """Return exact limits with 1.2 times the tails: at 95 % they cover 94 % at least, everywhere.

    Near 0 and 100 % they are no wider than Wilson's, which cover 84 % there.

    Source
    ------
    Clopper & Pearson (1934); the shorter level is ours, its coverage exact and in METHODS.
    """
    return clopper_pearson(x, n, max(1.0, 100 - SHORT * (100 - level)))


METHODS: Mapping[str, Method] = MappingProxyType(
    {
        "wilson": wilson,
        "clopper_pearson": clopper_pearson,
        "jeffreys": jeffreys,
        "auto": near_exact,
    }
)


def possible(x: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Return where x of n are events among events: whole numbers, 0 ≤ x ≤ n, n above 0."""
    good: np.ndarray = (x >= 0) & (x <= n) & (n > 0) & np.isfinite(n)
    good &= (np.floor(x) == x) & (np.floor(n) == n)
    return good


def _all_possible(x: np.ndarray, n: np.ndarray) -> bool:
    """Return whether all x of n are possible, as they mostly are, without a look at each."""
    rest = n - x
    # With a NaN among them no least figure is above anything.
    ends = bool(x.min() >= 0 and rest.min() >= 0 and n.min() > 0 and n.max() < np.inf)
    return ends and bool((np.floor(x) == x).all() and (np.floor(rest) == rest).all())


def proportion_limits(
    x: np.ndarray, n: np.ndarray, *, levels: Sequence[float], method: str = "wilson"
) -> tuple[list[Limits], np.ndarray]:
    """Return lower and upper limits in percent for each level, and the rows that have them.

    Parameters
    ----------
    x, n : floats, numerator and denominator of each row.
    levels : in percent.
    method : a name of `METHODS`.

    Returns
    -------
    A pair of arrays for each level, NaN in rows that are not `possible`; exactly 0 is the lower
    limit at 0/n, exactly 100 the upper one at n/n. And the mask of rows that are possible.

    Examples
    --------
    >>> [(low, high)], good = proportion_limits(np.array([60.0, 0.0]), np.array([60.0, 0.0]),
    ...                                         levels=[95])
    >>> low.round(2).tolist(), high.tolist(), good.tolist()
    ([93.98, nan], [100.0, nan], [True, False])
    """
    computed, size = METHODS[method], len(x)
    limits = [(np.empty(size), np.empty(size)) for _ in levels]
    good = np.empty(size, dtype=bool)
    for rows in blocks(size):
        top, bottom = x[rows], n[rows]
        every = _all_possible(top, bottom)
        good[rows] = every or possible(top, bottom)
        if not every:
            usable = good[rows]
            top, bottom = np.where(usable, top, 0.0), np.where(usable, bottom, 1.0)
        for level, (low, high) in zip(levels, limits, strict=True):
            low[rows], high[rows] = computed(top, bottom, level)
            if not every:
                low[rows][~usable] = high[rows][~usable] = np.nan
    return limits, good


def blocks(size: int) -> Iterator[slice]:
    """Yield the rows block by block.

    Examples
    --------
    >>> list(blocks(20_000))
    [slice(0, 16384, None), slice(16384, 32768, None)]
    """
    for start in range(0, size, BLOCK):
        yield slice(start, start + BLOCK)


def garwood(count: np.ndarray, *, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the exact Poisson limits of counts: the expected numbers that either tail allows.

    Parameters
    ----------
    count : floats; NaN comes back where one is no whole number from 0 up.
    level : in percent.

    Source
    ------
    Garwood, F. (1936), Biometrika 28, 437-442.

    Examples
    --------
    >>> low, high = garwood(np.array([0.0, 10.0, 2.5]), level=95)
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.0, 4.795, nan], [3.689, 18.39, nan])
    """
    from scipy.special import gammainccinv, gammaincinv

    good = (count >= 0) & np.isfinite(count) & (np.floor(count) == count)
    events = np.where(good, count, 0.0)
    side = tail(level)
    low = np.where(events == 0, 0.0, gammaincinv(np.maximum(events, 0.5), side))
    high = gammainccinv(events + 1, side)
    return np.where(good, low, np.nan), np.where(good, high, np.nan)


OWN = "own"  # the kind of an indicator that a user brought
KINDS: Mapping[str, int] = MappingProxyType(
    {kind: number for number, kind in enumerate(("events", OWN, "count", "stock", "ratio", "mean"))}
)
_ROUNDING = 0.5  # percent, as in `complete_values`


def kinds_of(indicators: np.ndarray) -> np.ndarray:
    """Return the number of the kind of each row's indicator, see `KINDS`."""
    starts = run_starts(indicators)
    codes, distinct = pd.factorize(indicators[starts])
    records = [find_indicator(code) for code in distinct]
    numbers = [KINDS[record.kind if record else OWN] for record in records]
    kinds = np.array(numbers, dtype="int8")[codes]
    return np.repeat(kinds, np.diff(np.append(starts, len(indicators))))


def repeated_units(indicators: np.ndarray) -> np.ndarray:
    """Return the rows of events of which a quarter holds some of the quarter before."""
    codes, distinct = pd.factorize(indicators)
    records = [find_indicator(code) for code in distinct]
    again = [bool(record and record.repeats and record.kind == "events") for record in records]
    repeated: np.ndarray = np.array(again, dtype=bool)[codes]
    return repeated


def of_kinds(kinds: np.ndarray, names: Sequence[str]) -> np.ndarray:
    """Return the mask of the rows of some kinds."""
    mask: np.ndarray = np.logical_or.reduce([kinds == KINDS[name] for name in names])
    return mask


def not_percent(table: pd.DataFrame, kinds: np.ndarray) -> np.ndarray:
    """Return the rows of a user's own indicators that are no percentages: nobody knows what."""
    own = kinds == KINDS[OWN]
    refused = np.zeros(len(table), dtype=bool)
    if own.any():
        refused[own] = (with_units(table[own])["unit"] != "percent").to_numpy()
    return refused


def other_figure(x: np.ndarray, n: np.ndarray, value: np.ndarray) -> np.ndarray:
    """Return where a value is not the percentage of x in n; only claims may be so."""
    differs = np.empty(len(x), dtype=bool)
    for rows in blocks(len(x)):
        gap = value[rows] * n[rows]
        gap -= 100 * x[rows]
        np.greater(np.abs(gap, out=gap), _ROUNDING * n[rows], out=differs[rows])
    return differs


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
    method: Literal["wilson", "clopper_pearson", "jeffreys", "auto"] = "wilson",
    lang: str = "vi",
) -> pd.DataFrame:
    """Return the values with a confidence interval beside each figure that has one.

    Parameters
    ----------
    values : values frame (see `complete_values`).
    level : confidence in percent, 1 to below 100; or several.
    method : of rates: "wilson" (score), "clopper_pearson" (exact), "jeffreys" (equal-tailed, its
        lower limit 0 at 0/n and its upper one 100 at n/n) or "auto" (exact with tails of 3 % at
        95 %: it covers at least 94 % whatever the rate, where Wilson's falls to 84 % near 0 and
        100 %).
    lang : language of `interval_note`, "vi" or "en".

    Returns
    -------
    The values in their order, index 0…n-1, with the columns
    `low`, `high`, the limits: percent 0-100 of numerator in denominator, exactly 0 at 0/n and 100
    at n/n; for counts the exact Poisson limits, in the count's unit. Of several levels each has
    its own two, in the order given: `low_95, high_95, low_99_8, high_99_8`;
    `interval_level`, the level in percent, where there is one only;
    `interval_method`, a name of `method` or "garwood", "" without interval;
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
    if added := interval_columns(table):
        table = table.drop(columns=added)
    kinds = kinds_of(table["indicator"].to_numpy(object))
    limits, notes = _of_rates(table, kinds, levels=levels, method=method)
    counts = of_kinds(kinds, ["count"])
    if counts.any():
        _add_counts(table, counts, limits, notes, levels=levels)
    if kinds.max() > KINDS["count"]:
        for kind in ("stock", "ratio", "mean"):
            notes[of_kinds(kinds, [kind])] = _NUMBER[kind]
    suffixes = [f"_{level_suffix(one)}" if len(levels) > 1 else "" for one in levels]
    columns: dict[str, ExtensionArray] = {}
    for suffix, (low, high) in zip(suffixes, limits, strict=True):
        columns |= {f"low{suffix}": as_figures(low), f"high{suffix}": as_figures(high)}
    if len(levels) == 1:
        # A scalar would be float64, and the library's figures are Float64.
        columns["interval_level"] = as_figures(np.full(len(table), levels[0]))
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
        and not values["status"].iloc[run_starts(values["status"].to_numpy(object))].hasnans
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
    reasons = {"no_figure": np.isnan(value), "negative": value < 0, "not_whole": ~_whole(value)}
    notes[counts] = np.select(
        list(reasons.values()), [_NUMBER[code] for code in reasons], _NUMBER["full_count_of_events"]
    )


def _whole(figures: np.ndarray) -> np.ndarray:
    integers: np.ndarray = (np.floor(figures) == figures) & np.isfinite(figures)
    return integers
