"""Trend tests: whether a series of quarters rises or falls by more than chance would have it."""

from __future__ import annotations

from functools import lru_cache
from math import factorial, prod
from typing import Literal

import numpy as np
import pandas as pd

from cchc_stats.statistics.charts.quarterly_series import (
    SERIES,
    QuarterlySeries,
    adjusted,
    directions,
    quarters,
    verdict_of,
)
from cchc_stats.statistics.rates import one_level, repeated_units
from cchc_stats.words import ValuesError, require_language, word

LARGEST_EXACT = 50  # figures up to which the distribution is counted out
SMALL = 20  # 20! still fits 64 bits
SIGNIFICANT = 1.959964  # standard deviations that a correlation is off 0 by, to count
PLAIN, SEASONAL, CORRELATED = KINDS = ("mann_kendall", "seasonal", "hamed_rao")
Groups = tuple[int, ...]  # how many figures are of each value


def kendall_s(figures: np.ndarray) -> int:
    """Return the pairs that rise in time less those that fall.

    Examples
    --------
    >>> kendall_s(np.array([1.0, 3.0, 2.0, 3.0]))
    3
    """
    return int(np.sign(figures[None, :] - figures[:, None])[np.triu_indices(len(figures), 1)].sum())


def tied_groups(figures: np.ndarray) -> Groups:
    """Return how many figures are of each value, the largest group first."""
    return tuple(sorted(np.unique(figures, return_counts=True)[1].tolist(), reverse=True))


@lru_cache(maxsize=4096)
def exact_distribution(groups: Groups) -> tuple[np.ndarray, np.ndarray]:
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


@lru_cache(maxsize=4096)
def joint_distribution(strata: tuple[Groups, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Return every sum that the S of several strata can have, rising, and its probability."""
    share = np.ones(1)
    for groups in strata:
        share = np.convolve(share, exact_distribution(groups)[1])
    return np.arange(1 - len(share), len(share), 2), share


def exact_p(s: int, *strata: Groups) -> float:
    """Return the two-sided probability of an S as far from 0 as this one.

    Examples
    --------
    >>> exact_p(10, (1,) * 5) == 2 / 120
    True
    """
    values, share = joint_distribution(strata)
    return min(1.0, float(share[np.abs(values) >= abs(s)].sum()))


def variance(*strata: Groups) -> float:
    """Return the variance of S under chance, ties taken off; of several strata the sum."""
    total = 0
    for groups in strata:
        of = [size * (size - 1) * (2 * size + 5) for size in (sum(groups), *groups)]
        total += of[0] - sum(of[1:])
    return total / 18


def normal_p(s: int, *strata: Groups, times: float = 1.0) -> float:
    """Return the two-sided probability by the normal distribution, corrected for continuity.

    Parameters
    ----------
    times : what the variance under chance is multiplied by.
    """
    from scipy.special import ndtr  # type: ignore[import-untyped]

    spread = times * variance(*strata)
    if s == 0 or spread == 0:
        return 1.0
    return float(min(1.0, 2 * ndtr(-(abs(s) - 1) / np.sqrt(spread))))


@lru_cache(maxsize=256)
def outermost(sizes: tuple[int, ...], level: float, times: float | None = None) -> int:
    """Return which slopes, counted from either end, limit Sen's slope; 0 where none does.

    Parameters
    ----------
    sizes : how many figures there are in each stratum.
    level : of the limits, as a fraction; what is outside has (1 − level)/2 on either side at most.
    times : what the variance under chance is multiplied by; None for the exact distribution.
    """
    strata = tuple((1,) * size for size in sizes)
    pairs, tail = sum(size * (size - 1) // 2 for size in sizes), (1 - level) / 2
    if times is None and max(sizes) <= LARGEST_EXACT:
        values, share = joint_distribution(strata)
        above = np.cumsum(share[::-1])[::-1]  # probability of an S of so much or more
        rejected = values[above <= tail * (1 + 1e-12)]
        return int(pairs - rejected[0]) // 2 + 1 if len(rejected) else 0
    from scipy.special import ndtri

    off = float(ndtri(1 - tail)) * np.sqrt((times or 1.0) * variance(*strata))
    return max(int((pairs - off) // 2), 0)


def correlated_times(figures: np.ndarray, slope: float) -> float:
    """Return what autocorrelation multiplies the variance of S by; it may come out below 0.

    Parameters
    ----------
    figures : of quarters that follow one another.
    slope : what is taken off per quarter before ranks are correlated with later ones.

    Source
    ------
    Hamed & Rao (1998), Journal of Hydrology 204:182-196: the correlations beyond 1.96/√n count.
    """
    from scipy.stats import rankdata  # type: ignore[import-untyped]

    size = len(figures)
    ranks = rankdata(_alike(figures - slope * np.arange(size), figures))
    off = ranks - ranks.mean()
    lagged = np.correlate(off, off, "full")[size - 1 :]
    if not lagged[0]:
        return 1.0
    lag = np.arange(1, size)
    far = lagged[1:] / lagged[0]
    far = np.where(np.abs(far) > SIGNIFICANT / np.sqrt(size), far, 0.0)
    left = (size - lag) * (size - lag - 1) * (size - lag - 2)
    return float(1 + 2 * (left @ far) / (size * (size - 1) * (size - 2)))


def _alike(figures: np.ndarray, own: np.ndarray) -> np.ndarray:
    """Return figures in parts of the largest of a series; those that floats part are alike."""
    parts: np.ndarray = np.round(figures / (np.abs(own).max() or 1.0), 12)
    return parts


RAREST = 0.05  # chance of the rarest order above which nothing is tested: of four figures 1 in 12
COLUMNS = (
    "figures",
    "kind",
    "s",
    "tau",
    "p_value",
    "p_adjusted",
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
    | dict.fromkeys(
        ("tau", "p_value", "p_adjusted", "slope", "slope_low", "slope_high", "level"), "Float64"
    )
    | dict.fromkeys(("kind", "method", "slope_unit", "trend", "verdict", "trend_note"), "str")
)


def trend_test(
    values: pd.DataFrame,
    *,
    kind: Literal["mann_kendall", "seasonal", "hamed_rao"] = "mann_kendall",
    level: float = 95,
    better: str | None = None,
    across_windows: bool = False,
    lang: str = "vi",
) -> pd.DataFrame:
    """Return for each series whether it has a trend, and how steep (kiểm định xu hướng).

    Mann-Kendall's test asks whether later figures are above earlier ones more often than chance
    would have it; Sen's slope is the median of the changes per quarter between any two figures.

    Parameters
    ----------
    values : values frame (see `complete_values`), bases `in_period` and `as_of`; in any order.
        Quarters may be missing: changes are divided by the quarters that lie between.
    kind : "mann_kendall" takes quarters for independent; "seasonal" compares each quarter with the
        same one of other years alone (every year has its slow first quarter); "hamed_rao" widens
        the variance where quarters hang on the ones before, as stocks do.
    level : of the limits of the slope, and 100 less the chance at which a trend is called one, in
        percent.
    better : "higher", "lower" or "none" in place of each indicator's own `better`.
    across_windows : whether the decree's quarters (15th to 14th) may stand in one series with the
        calendar's; `trend_note` then says so.
    lang : language of `trend_note`, "vi" or "en".

    Returns
    -------
    Frame, a row per agency, basis, indicator, group and origin, in order of appearance, with
    `first_period`, `last_period` and `figures`, how many there are; `kind`, of the test made;
    `s`, rising pairs less falling ones, and `tau`, Kendall's τ-b with time, -1 to 1, both of the
    pairs that the test compares;
    `p_value`, two-sided, and `method`: "exact" up to 50 figures (of each season), with ties too,
    beyond, and for "hamed_rao", "normal" with corrections for ties and continuity;
    `p_adjusted`, the same by Benjamini & Hochberg among all series of the call;
    `slope`, `slope_low`, `slope_high` at `level`, per quarter, in `slope_unit` (percentage points
    for shares);
    `trend`: "rising" or "falling" where the p-value is not above 100 − level, "none", or
    "not_tested"; `verdict`: better, worse or neutral for a trend, else "";
    `trend_note`, why something is missing.
    Nothing is tested where no order of the figures is rarer than 1 in 20: below five figures, or
    nine quarters with seasons. Where all figures are alike the p-value is 1, and neither τ nor
    limits exist. Where quarters are missing, or the variance that Hamed & Rao's formula gives is
    not above 0, "hamed_rao" makes the plain test, and `kind` and the note say so.

    Raises
    ------
    ValuesError
        As `complete_values` does; year-to-date values; quarters of the decree and of the calendar,
        or several units, in one series; a level that is not from 1 to below 100; an unknown kind or
        direction.

    Notes
    -----
    Figures with seasons, or that hang on the quarter before, make trends too often by the plain
    test; "hamed_rao" makes up for part of that, and calls somewhat too many in short series
    (METHODS has figures). Seasons are taken for independent of one another. The limits are those of
    figures without ties: where many are alike they are the wider ones, and may end at 0 beside a
    trend.

    Source
    ------
    Mann (1945), Econometrica 13:245-259; Kendall (1975), Rank Correlation Methods; Sen (1968),
    Journal of the American Statistical Association 63:1379-1389, with the limits of Hollander &
    Wolfe (1999), Nonparametric Statistical Methods, ch. 9.3. Seasons: Hirsch, Slack & Smith (1982),
    Water Resources Research 18:107-121. Autocorrelation: Hamed & Rao (1998), Journal of Hydrology
    204:182-196.

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
    if kind not in KINDS:
        raise ValuesError(
            f"there is no trend test of kind {kind!r}",
            where="kind=",
            mend=f"use one of {', '.join(KINDS)}",
        )
    laid = QuarterlySeries.of(values, what="tested for a trend", across=across_windows)
    remarks = {"two_quarters": laid.mixed, "repeated": repeated_units(laid.cells("indicator"))}
    better_way = directions(laid.cells("indicator"), better)[laid.first]
    starts = np.append(laid.first, len(laid.value))
    records = []
    for start, end, way in zip(starts[:-1], starts[1:], better_way, strict=True):
        used = start + np.flatnonzero(~np.isnan(laid.value[start:end]))
        record = _tested(laid.quarter[used], laid.value[used], kind, percent, lang)
        codes = (code for code, at in remarks.items() if at[start])
        notes = [
            str(record["trend_note"]),
            *(word("trend_test", code, lang=lang) for code in codes),
        ]
        record["trend_note"] = "; ".join(filter(None, notes))
        trend = record["trend"]
        record["verdict"] = verdict_of((trend == "rising") - (trend == "falling"), way)
        records.append(record)
    results = pd.DataFrame(records).rename(columns={"trend_note": "note"})
    called = results["trend"].isin(["rising", "falling"]).to_numpy()
    results = adjusted(results.astype({"p_value": "Float64"}), called, percent, lang)
    results = results.rename(columns={"note": "trend_note"}).astype(TYPES)
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


def _tested(
    quarter: np.ndarray, figure: np.ndarray, kind: str, level: float, lang: str
) -> dict[str, object]:
    """Return the row of one series, its figures in the order of their quarters."""
    record: dict[str, object] = dict.fromkeys(COLUMNS, pd.NA)
    record |= {"figures": len(figure), "kind": kind, "method": "", "trend": "not_tested"}
    season = quarter % (4 if kind == SEASONAL else 1)
    strata = [np.flatnonzero(season == one) for one in np.unique(season)]
    if 2 / prod(factorial(len(rows)) for rows in strata) > RAREST:
        code = "too_few_of_season" if kind == SEASONAL else "too_few"
        return record | {"trend_note": _sentence(code, lang, n=len(figure))}
    tested, codes = _compared(quarter, figure, strata, kind, level)
    notes = [_sentence(code, lang) for code in codes if code]
    return record | tested | {"trend_note": "; ".join(notes)}


def _compared(
    quarter: np.ndarray, figure: np.ndarray, strata: list[np.ndarray], kind: str, level: float
) -> tuple[dict[str, object], tuple[str, str]]:
    """Return test and slope of figures compared within strata, and codes of notes."""
    alike = _alike(figure, figure)
    groups = [tied_groups(alike[rows]) for rows in strata]
    s = sum(kendall_s(alike[rows]) for rows in strata)
    slopes = _slopes(quarter, figure, strata)
    sizes = tuple(map(len, strata))
    times, note = _times_of(quarter, figure, slopes) if kind == CORRELATED else (None, "")
    exact = times is None and max(sizes) <= LARGEST_EXACT
    p = exact_p(s, *groups) if exact else normal_p(s, *groups, times=times or 1.0)
    trend = "none" if 100 * p > 100 - level + 1e-9 else ("rising" if s > 0 else "falling")
    tested: dict[str, object] = {"s": s, "p_value": p, "trend": trend}
    tested |= {"method": "exact" if exact else "normal", "slope": float(np.median(slopes))}
    tested |= {"kind": PLAIN if times is None and kind == CORRELATED else kind}
    ends, lacking = _ends(slopes, s, groups, outermost(sizes, level / 100, times))
    return tested | ends, (note, lacking)


def _slopes(quarter: np.ndarray, figure: np.ndarray, strata: list[np.ndarray]) -> np.ndarray:
    """Return the changes per quarter between any two figures of a stratum, rising."""
    slopes = []
    for rows in strata:
        later, earlier = (rows[at] for at in np.triu_indices(len(rows), 1)[::-1])
        slopes.append((figure[later] - figure[earlier]) / (quarter[later] - quarter[earlier]))
    return np.sort(np.concatenate(slopes))


def _ends(
    slopes: np.ndarray, s: int, groups: list[Groups], place: int
) -> tuple[dict[str, float], str]:
    """Return τ and the limits of the slope as far as there are any, and why some are missing."""
    pairs = len(slopes)
    untied = pairs - sum(size * (size - 1) // 2 for tied in groups for size in tied)
    if not untied:
        return {}, "all_alike"
    tau = {"tau": s / float(np.sqrt(pairs * untied))}
    if not place:
        return tau, "no_limits"
    return tau | {"slope_low": float(slopes[place - 1]), "slope_high": float(slopes[-place])}, ""


def _times_of(
    quarter: np.ndarray, figure: np.ndarray, slopes: np.ndarray
) -> tuple[float | None, str]:
    """Return what autocorrelation multiplies the variance by, None for the plain test; a note."""
    if quarter[-1] - quarter[0] >= len(quarter):
        return None, "gaps"
    times = correlated_times(figure, float(np.median(slopes)))
    return (times, "part") if times > 0 else (None, "not_positive")


def _sentence(code: str, lang: str, **words: int) -> str:
    return word("trend_test", code, lang=lang).format(**words)
