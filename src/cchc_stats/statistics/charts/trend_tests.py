"""Trend tests: whether a series of quarters rises or falls by more than chance would have it."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from cchc_stats.statistics.charts.quarterly_series import (
    SERIES,
    QuarterlySeries,
    directions,
    quarters,
    verdict_of,
)
from cchc_stats.statistics.rates import one_level
from cchc_stats.words import require_language, word

LARGEST_EXACT = 50  # figures up to which the distribution is counted out
SMALL = 20  # 20! still fits 64 bits


def kendall_s(figures: np.ndarray) -> int:
    """Return the pairs that rise in time less those that fall.

    Examples
    --------
    >>> kendall_s(np.array([1.0, 3.0, 2.0, 3.0]))
    3
    """
    return int(np.sign(figures[None, :] - figures[:, None])[np.triu_indices(len(figures), 1)].sum())


def tied_groups(figures: np.ndarray) -> tuple[int, ...]:
    """Return how many figures are of each value, the largest group first."""
    return tuple(sorted(np.unique(figures, return_counts=True)[1].tolist(), reverse=True))


@lru_cache(maxsize=4096)
def exact_distribution(groups: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Return every S that an order of the figures can have, rising, and its probability.

    Parameters
    ----------
    groups : how many figures are of each value; ones for figures without ties.

    Notes
    -----
    Orders of figures with so many falling pairs are counted by the coefficients of the Gaussian
    multinomial, built factor by factor: with ties too, without listing the orders.

    Examples
    --------
    >>> s, p = exact_distribution((1, 1, 1))
    >>> s.tolist(), (6 * p).round().tolist()
    ([-3, -1, 1, 3], [1.0, 2.0, 2.0, 1.0])
    """
    kind = np.int64 if sum(groups) <= SMALL else object
    ways = np.ones(1, dtype=kind)
    placed = 0
    for size in groups:
        for at in range(1, size + 1):
            ways = _times(ways, placed + at, at)
        placed += size
    pairs = len(ways) - 1
    total = ways.sum()
    share = np.array([float(number / total) for number in ways])
    # As many falling pairs as a place says: S is what is left of all pairs that are not tied.
    return np.arange(-pairs, pairs + 1, 2), share[::-1].copy()


def _times(ways: np.ndarray, above: int, below: int) -> np.ndarray:
    """Return a polynomial times (1 − q^above) / (1 − q^below), which leaves no rest."""
    longer = np.concatenate([ways, np.zeros(above, dtype=ways.dtype)])
    longer[above:] = longer[above:] - ways
    for start in range(below):
        longer[start::below] = np.add.accumulate(longer[start::below])
    return longer[: len(longer) - below]


def exact_p(s: int, groups: tuple[int, ...]) -> float:
    """Return the two-sided probability of an S as far from 0 as this one.

    Examples
    --------
    >>> exact_p(10, (1,) * 5) == 2 / 120
    True
    """
    values, share = exact_distribution(groups)
    return min(1.0, float(share[np.abs(values) >= abs(s)].sum()))


def variance(groups: tuple[int, ...]) -> float:
    """Return the variance of S under chance, ties taken off."""
    of = [size * (size - 1) * (2 * size + 5) for size in (sum(groups), *groups)]
    return (of[0] - sum(of[1:])) / 18


def normal_p(s: int, groups: tuple[int, ...]) -> float:
    """Return the two-sided probability by the normal distribution, corrected for continuity."""
    from scipy.special import ndtr  # type: ignore[import-untyped]

    spread = variance(groups)
    if s == 0 or spread == 0:
        return 1.0
    return float(min(1.0, 2 * ndtr(-(abs(s) - 1) / np.sqrt(spread))))


def two_sided_p(s: int, groups: tuple[int, ...]) -> tuple[float, str]:
    """Return the probability and its method: "exact" up to 50 figures, "normal" beyond."""
    if sum(groups) <= LARGEST_EXACT:
        return exact_p(s, groups), "exact"
    return normal_p(s, groups), "normal"


@lru_cache(maxsize=256)
def outermost(figures: int, level: float) -> int:
    """Return which slopes, counted from either end, limit Sen's slope; 0 where none does.

    Parameters
    ----------
    figures : how many figures there are.
    level : of the limits, as a fraction; what is outside has (1 − level)/2 on either side at most.
    """
    pairs, tail = figures * (figures - 1) // 2, (1 - level) / 2
    if figures <= LARGEST_EXACT:
        values, share = exact_distribution((1,) * figures)
        above = np.cumsum(share[::-1])[::-1]  # probability of an S of so much or more
        rejected = values[above <= tail * (1 + 1e-12)]
        return int(pairs - rejected[0]) // 2 + 1 if len(rejected) else 0
    from scipy.special import ndtri

    off = float(ndtri(1 - tail)) * np.sqrt(variance((1,) * figures))
    return max(int((pairs - off) // 2), 0)


FEWEST = 5  # of four figures no order is rarer than 1 in 12
COLUMNS = (
    "figures",
    "s",
    "tau",
    "p_value",
    "method",
    "slope",
    "slope_low",
    "slope_high",
    "slope_unit",
    "level",
    "trend",
    "verdict",
    "trend_note",
)
TYPES = (
    dict.fromkeys(("figures", "s"), "Int64")
    | dict.fromkeys(("tau", "p_value", "slope", "slope_low", "slope_high", "level"), "Float64")
    | dict.fromkeys(("method", "slope_unit", "trend", "verdict", "trend_note"), "str")
)


def trend_test(
    values: pd.DataFrame, *, level: float = 95, better: str | None = None, lang: str = "vi"
) -> pd.DataFrame:
    """Return for each series whether it has a trend, and how steep (kiểm định xu hướng).

    Mann-Kendall's test asks whether later figures are above earlier ones more often than chance
    would have it; Sen's slope is the median of the changes per quarter between any two figures.

    Parameters
    ----------
    values : values frame (see `complete_values`), bases `in_period` and `as_of`; in any order.
        Quarters may be missing: changes are divided by the quarters that lie between.
    level : of the limits of the slope, and 100 less the chance at which a trend is called one, in
        percent.
    better : "higher", "lower" or "none" in place of each indicator's own `better`.
    lang : language of `trend_note`, "vi" or "en".

    Returns
    -------
    Frame, a row per agency, basis, indicator, group and origin, in order of appearance, with
    `first_period`, `last_period` and `figures`, how many there are;
    `s`, rising pairs less falling ones, and `tau`, Kendall's τ-b with time, -1 to 1;
    `p_value`, two-sided, and `method`: "exact" up to 50 figures, with ties too, beyond "normal"
    with corrections for ties and continuity;
    `slope`, `slope_low`, `slope_high` at `level`, per quarter, in `slope_unit` (percentage points
    for shares);
    `trend`: "rising" or "falling" where the p-value is not above 100 − level, "none", or
    "not_tested"; `verdict`: better, worse or neutral for a trend, else "";
    `trend_note`, why something is missing.
    Below five figures nothing is tested: of four, no order is rare enough. Where all figures are
    alike the p-value is 1, and neither τ nor limits exist.

    Raises
    ------
    ValuesError
        As `complete_values` does; year-to-date values; quarters of the decree and of the calendar,
        or several units, in one series; a level that is not from 1 to below 100; an unknown
        direction.

    Notes
    -----
    The test takes quarters for independent. Figures with seasons, or that hang on the quarter
    before, as stocks do, make trends too often: read their p-values with care. The limits are those
    of figures without ties: where many are alike they are the wider ones, and may end at 0 beside
    a trend.

    Source
    ------
    Mann (1945), Econometrica 13:245-259; Kendall (1975), Rank Correlation Methods; Sen (1968),
    Journal of the American Statistical Association 63:1379-1389, with the limits of Hollander &
    Wolfe (1999), Nonparametric Statistical Methods, ch. 9.3.

    Examples
    --------
    >>> own = pd.DataFrame({"agency": "Sở A", "indicator": "on_time_rate_settled",
    ...                     "period": ["2020Q1", "2020Q2", "2020Q3", "2020Q4", "2021Q2"],
    ...                     "value": [90.0, 91.0, 93.0, 94.0, 95.0], "unit": "percent"})
    >>> tests = trend_test(own)
    >>> tests[["s", "p_value", "slope", "trend", "verdict"]].round(4).values.tolist()
    [[10, 0.0167, 1.0, 'rising', 'better']]
    """
    require_language(lang)
    percent = one_level(level)
    laid = QuarterlySeries.of(values, what="tested for a trend")
    better_way = directions(laid.cells("indicator"), better)[laid.first]
    starts = np.append(laid.first, len(laid.value))
    records = []
    for start, end, way in zip(starts[:-1], starts[1:], better_way, strict=True):
        used = start + np.flatnonzero(~np.isnan(laid.value[start:end]))
        record = _tested(laid.quarter[used], laid.value[used], percent, lang)
        trend = record["trend"]
        record["verdict"] = verdict_of((trend == "rising") - (trend == "falling"), way)
        records.append(record)
    results = pd.DataFrame(records).astype(TYPES)
    rows = laid.values.iloc[laid.order[laid.first]].reset_index(drop=True)
    shares = (rows["unit"] == "percent").to_numpy()
    ends = {"first_period": starts[:-1], "last_period": starts[1:] - 1}
    results["slope_unit"] = rows["unit"].mask(shares, "percentage_points").astype("str")
    results["level"] = pd.array(np.full(len(results), percent), dtype="Float64")
    periods = pd.DataFrame({name: quarters(laid.quarter[at]) for name, at in ends.items()})
    tests: pd.DataFrame = pd.concat(
        [rows[[*SERIES, "unit"]], periods, results[list(COLUMNS)]], axis=1
    )
    return tests


def _tested(quarter: np.ndarray, figure: np.ndarray, level: float, lang: str) -> dict[str, object]:
    """Return the row of one series, its figures in the order of their quarters."""
    record: dict[str, object] = dict.fromkeys(COLUMNS, pd.NA)
    record |= {"figures": len(figure), "method": "", "trend": "not_tested", "slope_unit": ""}
    if len(figure) < FEWEST:
        note = word("trend_test", "too_few", lang=lang).format(n=len(figure))
        return record | {"trend_note": note}
    # What differs in a float's last digits is alike.
    alike = np.round(figure / (np.abs(figure).max() or 1.0), 12)
    groups, s = tied_groups(alike), kendall_s(alike)
    p, method = two_sided_p(s, groups)
    later, earlier = np.triu_indices(len(figure), 1)[::-1]
    slopes = np.sort((figure[later] - figure[earlier]) / (quarter[later] - quarter[earlier]))
    trend = "none" if 100 * p > 100 - level + 1e-9 else ("rising" if s > 0 else "falling")
    record |= {"s": s, "p_value": p, "method": method, "trend": trend, "trend_note": ""}
    record["slope"] = float(np.median(slopes))
    pairs = len(slopes)
    untied = pairs - sum(size * (size - 1) // 2 for size in groups)
    if not untied:
        return record | {"trend_note": word("trend_test", "all_alike", lang=lang)}
    record["tau"] = s / float(np.sqrt(pairs * untied))
    place = outermost(len(figure), level / 100)
    if not place:
        return record | {"trend_note": word("trend_test", "no_limits", lang=lang)}
    low, high = float(slopes[place - 1]), float(slopes[pairs - place])
    return record | {"slope_low": low, "slope_high": high}
