"""Rates of agencies as they would be if all had the same mix of sectors (chuẩn hóa trực tiếp)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, get_args

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray

from cchc_stats.indicators import Better, find_indicator
from cchc_stats.statistics.charts import poisson_limits
from cchc_stats.statistics.decomposition.cells import (
    Cells,
    cells_of,
    quarters_of,
    starts_of,
    sums_by,
)
from cchc_stats.statistics.rates import (
    benjamini_hochberg,
    count_column,
    divided,
    divided_or_0,
    garwood,
    level_suffix,
    one_level,
    row_notes,
    said,
    some_of,
    text_column,
)
from cchc_stats.words import (
    ALL,
    CchcError,
    ValuesError,
    as_figures,
    format_number,
    require_language,
    word,
)

COLUMNS = (
    "agency",
    "period",
    "basis",
    "indicator",
    "origin",
    "standardised_pct",
    "low_pct",
    "high_pct",
    "crude_pct",
    "numerator",
    "denominator",
    "groups",
    "covered_pct",
    "standard",
    "method",
    "note",
)
POOLED = "pooled"
RARE = 0.1  # a rate up to which events are counted as rare ones
METHOD = "direct; gamma"
MISSING = ("unknown", "reweight")


def standardised_rate(
    values: pd.DataFrame,
    standard: pd.DataFrame | str,
    *,
    level: float = 95,
    missing: Literal["unknown", "reweight"] = "unknown",
    across_windows: bool = False,
    lang: str = "vi",
) -> pd.DataFrame:
    """Return rates weighted by one standard mix of groups, the crude ones beside them.

    Parameters
    ----------
    values : values frame with numerator and denominator by group (see `complete_values`), in
        percent. The printed total, group `all`, is no group.
    standard : frame with `group` and `weight` (any unit; 0 or more, each group once), matched by
        the group's code; or "pooled": the denominators of all agencies together, by period, basis
        and indicator.
    level : of the limits, in percent, 1 to below 100.
    missing : what becomes of an agency that has nothing in a group of the standard. "unknown": its
        rate is <NA>; "reweight": the weights of the groups it has are used alone. The note says
        so either way, and `covered_pct` how much of the standard it has.
    across_windows : whether groups and agencies of the decree's quarter (15th to 14th) may stand
        with those of the calendar's; `note` then says so.
    lang : language of the notes, "vi" or "en".

    Returns
    -------
    A row per agency, period, basis, indicator and origin:
    `standardised_pct`, Σ weight × rate / Σ weight, with `low_pct` and `high_pct`;
    `crude_pct`, Σ numerator / Σ denominator of all its groups, and these two;
    `groups`, in which it has something; `covered_pct`, their share of the standard's weight;
    `standard`, "pooled" or "given"; `method`; `note`.
    The limits are those of a sum of weighted counts of the rarer outcome (late dossiers, where
    most are on time), by gamma distributions: within 0 and 100, and honest where every group is at
    100 %; only for counted events, <NA> and a note elsewhere. The note names the agencies whose
    place before or behind this one standardising turns round.
    <NA> where a figure of a group with weight is missing. Groups without a weight count in the
    crude rate alone, and the note names them.

    Raises
    ------
    ValuesError
        As `decompose_change` does; a level such as 0, 100 or 0.95; a standard without its columns,
        with a group twice, a weight that is missing, negative or no number, or no weight above 0;
        a standard that shares no group with the values.
    CchcError
        Another word for `missing`.

    Source
    ------
    Direct standardisation: Kitagawa (1964), Demography 1, 296-315. Limits: Fay & Feuer (1997),
    Statistics in Medicine 16, 791-801, with the mean in place of the largest step, see METHODS.

    Examples
    --------
    >>> own = pd.DataFrame({"agency": ["A", "A", "B", "B"], "period": "2020Q3",
    ...                     "indicator": "on_time_rate_settled",
    ...                     "group": ["Đất đai", "Hộ tịch"] * 2,
    ...                     "numerator": [80, 10, 8, 99], "denominator": [90, 10, 10, 100]})
    >>> rates = standardised_rate(own, "pooled")
    >>> rates[["agency", "crude_pct", "standardised_pct"]].round(1).values.tolist()
    [['A', 90.0, 94.7], ['B', 97.3, 90.0]]
    """
    require_language(lang)
    percent = one_level(level)
    if missing not in MISSING:
        raise CchcError(
            f"no rule {missing!r} for missing groups",
            where="missing=",
            mend=f"use one of {', '.join(MISSING)}",
        )
    quarters = quarters_of(values)
    weights = None if isinstance(standard, str) and standard == POOLED else _weights(standard)
    parts, seen = [], set()
    for one, cells in _by_period(values, quarters, across=across_windows):
        rates = _of_period(cells, weights, percent, missing, lang)
        parts.append(rates.assign(period=one.take([0] * len(rates))))
        seen |= set(cells.group)
    if weights is not None and not seen & set(weights.index):
        raise ValuesError(
            "the standard has no group of the values",
            where=f"standard: {', '.join(map(str, weights.index[:5]))}",
            mend="write the groups as the values do",
        )
    return pd.concat(parts, ignore_index=True)[list(COLUMNS)]


def _by_period(
    values: pd.DataFrame, quarters: pd.PeriodIndex, *, across: bool
) -> Iterator[tuple[pd.PeriodIndex, Cells]]:
    """Yield each period, alone in an index, with the cells of its values."""
    for period in quarters.dropna().unique().sort_values():
        one = pd.PeriodIndex([period])
        yield (
            one,
            cells_of(
                values, quarters, one, ("group",), what="standardised", across=across, compared=True
            ),
        )


def _weights(standard: object) -> pd.Series:
    """Return the weights of a standard by group."""
    mend = 'give a frame with the columns group and weight, or "pooled"'
    if not isinstance(standard, pd.DataFrame) or not {"group", "weight"} <= set(standard.columns):
        given = standard if isinstance(standard, str) else type(standard).__name__
        raise ValuesError(f"no standard is {given!r}", where="standard=", mend=mend)
    faults = []
    group = standard["group"].astype("str")
    if (twice := group[group.duplicated()].unique()).size:
        faults.append(f"group {', '.join(twice[:3])} stands more than once")
    if ALL in set(group):
        faults.append("group all is the whole, not one of its groups")
    weight = pd.to_numeric(standard["weight"], errors="coerce").astype("Float64")
    figures = weight.to_numpy("float64", na_value=np.nan)
    if (wrong := ~(figures >= 0) | np.isinf(figures)).any():
        cell = standard["weight"][wrong].iloc[0]
        faults.append(f"weight {cell} of group {group[wrong].iloc[0]} is not 0 or more")
    elif not (figures > 0).any():
        faults.append("no weight is above 0")
    if faults:
        raise ValuesError(
            f"the standard cannot be used: {len(faults)} fault{'s' if len(faults) > 1 else ''}",
            where="\n         ".join(faults),
            mend=mend,
        )
    return pd.Series(figures, index=group.to_numpy())


def _of_period(
    cells: Cells, weights: pd.Series | None, level: float, missing: str, lang: str
) -> pd.DataFrame:
    """Return the rates of one period's series."""
    by_series = sums_by(cells.series)
    top, bottom, unknown = cells.top[:, 0], cells.bottom[:, 0], cells.unknown[:, 0]
    indicators = [find_indicator(code) for code in cells.keys["indicator"]]
    scale = np.array([100.0 if one is None else float(one.scale) for one in indicators])
    events = np.array([one is None or one.kind == "events" for one in indicators])
    events &= by_series(cells.above[:, 0]) == 0
    standards = _standards(cells, weights)
    weight = np.array(
        [
            standards[series].get(group, 0.0)
            for series, group in zip(cells.series, cells.group, strict=True)
        ]
    )
    total_weight = np.array([sum(one.values()) for one in standards])
    has = (bottom > 0) & ~unknown
    covered = by_series(np.where(has, weight, 0.0))
    lacking = ~np.isclose(covered, total_weight, rtol=1e-12, atol=0)
    # A figure that is missing is not a group that is not there: it leaves the rate unknown.
    lost = by_series(unknown & (weight > 0)) > 0
    blank = lost | (covered == 0) | (lacking & (missing == "unknown"))
    share = np.where(has, divided_or_0(weight, covered[cells.series]), 0.0)
    rate = divided_or_0(top, bottom)
    mean = by_series(share * rate)
    # Rates above 1 are no counted events and get no limits.
    low, high = _gamma_limits(
        np.where(has, np.minimum(top, bottom), 0.0), np.where(has, bottom, 0.0), share, cells, level
    )
    numerator, denominator = by_series(top), by_series(bottom)
    incomplete = by_series(unknown) > 0
    crude = np.where(incomplete, np.nan, divided(numerator, denominator))
    figures = {
        "standardised_pct": np.where(blank, np.nan, scale * mean),
        # Rounding must not carry a limit over the edge.
        "low_pct": np.where(blank | ~events, np.nan, 100 * np.minimum(low, mean)),
        "high_pct": np.where(blank | ~events, np.nan, 100 * np.maximum(high, mean)),
        "crude_pct": scale * crude,
        "numerator": np.where(incomplete, np.nan, numerator),
        "denominator": np.where(incomplete, np.nan, denominator),
        "covered_pct": 100 * divided_or_0(covered, total_weight),
    }
    columns = {name: as_figures(np.asarray(cells)) for name, cells in figures.items()}
    groups = by_series(has.astype("int64"))
    turned = _turned(cells.keys, figures["crude_pct"], figures["standardised_pct"], lang)
    notes = _notes(cells, standards, weight, has, blank, lost, events, turned, lang)
    table = cells.keys.assign(
        **columns,
        groups=count_column(groups),
        standard=POOLED if weights is None else "given",
        method=np.where(events, METHOD, "direct"),
        note=pd.array(list(notes), dtype="str"),
    )
    return table.astype({"standard": "str", "method": "str"})


def _gamma_limits(
    top: np.ndarray, bottom: np.ndarray, share: np.ndarray, cells: Cells, level: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return the limits of each series' weighted rate, as fractions.

    A weighted count y of rare events with variance v is near a gamma distribution of that mean and
    variance; above, one step more is added to both. The step is the root of the weighted mean
    square of the groups' steps (weight over denominator): the largest one, which Fay and Feuer
    take, makes limits too wide where one small group has much weight.

    Source
    ------
    Fay & Feuer (1997), Statistics in Medicine 16, 791-801.
    """
    from scipy.special import gammainccinv, gammaincinv  # type: ignore[import-untyped]

    by_series = sums_by(cells.series)
    turned = by_series(share * divided_or_0(top, bottom)) > 0.5
    events = np.where(turned[cells.series], bottom - top, top)
    step = divided_or_0(share, bottom)
    mean, one = by_series(step * events), np.sqrt(by_series(share * step**2))
    # A rate that is not rare varies less than rare events do.
    spread = by_series(step**2 * events) * (1 - 1.25 * np.clip(mean - RARE, 0.0, 0.5 - RARE))
    side = (100 - level) / 200
    some = mean > 0
    shape = divided(mean**2, spread)
    below = divided(spread, mean) * gammaincinv(np.where(some, shape, 1.0), side)
    with np.errstate(invalid="ignore", divide="ignore"):
        above, wide = mean + one, spread + one**2
        over = wide / above * gammainccinv(above**2 / wide, side)
    low, high = np.where(some, below, 0.0), np.minimum(over, 1.0)
    return np.where(turned, 1 - high, low), np.where(turned, 1 - low, high)


def _turned(
    keys: pd.DataFrame, crude: np.ndarray, standardised: np.ndarray, lang: str
) -> list[str]:
    """Return for each series which agencies it passes, or falls behind, by being standardised."""
    notes = [""] * len(keys)
    for rows in keys.groupby(["basis", "indicator", "origin"], sort=False).indices.values():
        names = keys["agency"].to_numpy(object)[rows]
        before, after = (cells[rows] for cells in (crude, standardised))
        apart = np.sign(np.subtract.outer(before, before).round(9))
        turned = apart * np.sign(np.subtract.outer(after, after).round(9)) < 0
        for place, row in enumerate(rows):
            if turned[place].any():
                others = some_of([str(name) for name in names[turned[place]]], lang)
                notes[row] = _sentence("turned", lang, agencies=others)
    return notes


def _standards(cells: Cells, weights: pd.Series | None) -> list[dict[str, float]]:
    """Return the weights above 0 by group, for each series."""
    if weights is not None:
        given = {str(group): float(one) for group, one in weights.items() if one > 0}
        return [given] * len(cells.keys)
    keys = cells.keys.assign(claim=cells.keys["origin"] == "claimed")
    kind = keys.groupby(["basis", "indicator", "claim"], sort=False).ngroup().to_numpy()
    # A total that stands alone is no group that others would lack.
    size = np.where(cells.only_total[cells.series], 0.0, cells.bottom[:, 0])
    pooled: list[dict[str, float]] = [{} for _ in range(int(kind.max()) + 1)]
    for of_kind, group, own in zip(kind[cells.series], cells.group, size, strict=True):
        if own > 0:
            pooled[of_kind][group] = pooled[of_kind].get(group, 0.0) + float(own)
    return [pooled[number] for number in kind]


def _notes(
    cells: Cells,
    standards: list[dict[str, float]],
    weight: np.ndarray,
    has: np.ndarray,
    blank: np.ndarray,
    lost: np.ndarray,
    events: np.ndarray,
    turned: list[str],
    lang: str,
) -> Iterator[str]:
    """Yield what is to be said of each series."""
    starts = [*starts_of(cells.series), len(cells.series)]
    covered = sums_by(cells.series)(np.where(has, weight, 0.0))
    for series, standard in enumerate(standards):
        own = np.arange(starts[series], starts[series + 1])
        names = cells.group[own].astype(str)
        unknown = names[cells.unknown[own, 0]].tolist()
        outside = names[has[own] & (weight[own] == 0)].tolist()
        total = sum(standard.values())
        lacking = not np.isclose(covered[series], total, rtol=1e-12, atol=0) and not lost[series]
        there = {*names[has[own]]}
        absent = [group for group in standard if group not in there] if lacking else []
        notes = [
            _sentence("figures_missing", lang, groups=some_of(unknown, lang)) if unknown else "",
            _absent_groups(standard, absent, lang, unknown=blank[series]) if lacking else "",
            _sentence("no_weight", lang, groups=some_of(outside, lang)) if outside else "",
            _sentence("no_limits", lang) if not events[series] else "",
            _sentence("two_quarters", lang) if cells.mixed[series] else "",
            turned[series],
        ]
        yield "; ".join(filter(None, notes))


def _absent_groups(
    standard: dict[str, float], absent: list[str], lang: str, *, unknown: bool
) -> str:
    """Return which groups of the standard an agency lacks, with their share of its weight."""
    share = 100 * sum(standard[group] for group in absent) / sum(standard.values())
    return _sentence(
        "groups_missing" if unknown else "reweighted",
        lang,
        groups=some_of(absent, lang),
        part=format_number(share, decimals=1, unit="percent", lang=lang),
    )


RATIO_COLUMNS = (
    "agency",
    "period",
    "basis",
    "indicator",
    "origin",
    "counted",
    "observed",
    "expected",
    "ratio",
    "ratio_low",
    "ratio_high",
    "standardised_pct",
    "crude_pct",
    "low_95",
    "high_95",
    "low_99_8",
    "high_99_8",
    "p_value",
    "p_adjusted",
    "funnel_status",
    "verdict",
    "note",
)


def standardised_ratio(
    values: pd.DataFrame,
    *,
    level: float = 95,
    better: str | None = None,
    across_windows: bool = False,
    lang: str = "vi",
) -> pd.DataFrame:
    """Return how many events agencies had against what all agencies' rates make of their mix.

    Indirect standardisation (chuẩn hóa gián tiếp), for agencies too small for the direct one: only
    the sums of an agency need to be sizeable, and groups that it lacks cost nothing.

    Parameters
    ----------
    values : values frame with numerator and denominator by group (see `complete_values`), shares
        of counted events. The printed total, group `all`, is no group.
    level : of the limits of the ratio, in percent, 1 to below 100.
    better : "higher", "lower" or "none" in place of each indicator's own `better`.
    across_windows : whether groups and agencies of the decree's quarter (15th to 14th) may stand
        with those of the calendar's; `note` then says so.
    lang : language of the notes, "vi" or "en".

    Returns
    -------
    A row per agency, period, basis, indicator and origin:
    `counted`, "numerator", or "rest", what is not in the numerator, where that is the rarer;
    `observed`, how many of these the agency had, and `expected`, Σ denominator × rate of all
    agencies in the group; `ratio`, observed / expected, with exact limits `ratio_low` and
    `ratio_high`; `standardised_pct`, the rate of all agencies times the ratio, as a rate of the
    numerator, and `crude_pct`;
    `low_95`, `high_95`, `low_99_8`, `high_99_8`, the funnel: the ratios that chance leaves on
    either side for so many expected; `p_value`, the chance of a ratio as far out, two-sided, and
    `p_adjusted` by Benjamini & Hochberg among the agencies; `funnel_status`, "inside", "warning"
    beyond 95 %, "alarm" beyond 99.8 %, "not_judged" where nothing is expected, a figure is
    missing or the agency is alone; `verdict`, better, worse or neutral for a warning or alarm;
    `note`.
    Ratios of two agencies have each its own mix for a standard: each is held against 1, and not
    against the other.

    Raises
    ------
    ValuesError
        As `decompose_change` does; a level such as 0, 100 or 0.95; an unknown direction.

    Source
    ------
    Exact limits of observed events: Garwood (1936), Biometrika 28, 437-442; the ratio and its
    funnel: Spiegelhalter (2005), Statistics in Medicine 24, 1185-1202, appendix A.3.

    Examples
    --------
    >>> own = pd.DataFrame({"agency": ["A", "A", "B", "B"], "period": "2020Q3",
    ...                     "indicator": "on_time_rate_settled",
    ...                     "group": ["Đất đai", "Hộ tịch"] * 2,
    ...                     "numerator": [80, 10, 8, 99], "denominator": [90, 10, 10, 100]})
    >>> ratios = standardised_ratio(own)
    >>> ratios[["agency", "counted", "observed", "expected", "ratio"]].round(2).values.tolist()
    [['A', 'rest', 10, 10.89, 0.92], ['B', 'rest', 3, 2.11, 1.42]]
    """
    require_language(lang)
    percent = one_level(level)
    if better not in (None, *get_args(Better)):
        raise ValuesError(
            f"better is {better!r}",
            where="better=",
            mend=f"use one of {', '.join(get_args(Better))}, or None",
        )
    parts = []
    for one, cells in _by_period(values, quarters_of(values), across=across_windows):
        ratios = _ratios_of_period(cells, percent, better, lang)
        parts.append(ratios.assign(period=one.take([0] * len(ratios))))
    return pd.concat(parts, ignore_index=True)[list(RATIO_COLUMNS)]


def _ratios_of_period(cells: Cells, level: float, better: str | None, lang: str) -> pd.DataFrame:
    """Return the ratios of one period's series."""
    by_series = sums_by(cells.series)
    top, bottom, unknown = cells.top[:, 0], cells.bottom[:, 0], cells.unknown[:, 0]
    indicators = [find_indicator(code) for code in cells.keys["indicator"]]
    events = np.array([one is None or one.kind == "events" for one in indicators])
    usable = events & (by_series(unknown) == 0) & (by_series(cells.above[:, 0]) == 0)
    own = usable[cells.series] & (bottom > 0)
    kind = cells.keys.groupby(["basis", "indicator", "origin"], sort=False).ngroup().to_numpy()
    of_kind = kind[cells.series]
    cell = pd.factorize(pd.MultiIndex.from_arrays([of_kind, cells.group]))[0]
    sums = [np.bincount(cell, np.where(own, column, 0.0))[cell] for column in (top, bottom)]
    totals = [np.bincount(of_kind, np.where(own, column, 0.0)) for column in (top, bottom)]
    rate = divided(*totals)
    turned = (rate > 0.5)[kind]
    expected = by_series(np.where(own, bottom * divided_or_0(*sums), 0.0))
    observed, denominator = (by_series(np.where(own, column, 0.0)) for column in (top, bottom))
    crude = 100 * np.where(usable, divided(observed, denominator), np.nan)
    observed = np.where(usable, np.where(turned, denominator - observed, observed), np.nan)
    expected = np.where(usable, np.where(turned, denominator - expected, expected), np.nan)
    expected = np.where(expected > NOTHING, expected, 0.0)
    # An agency alone is what all of them are: its ratio would be 1 whatever it does.
    alone = usable & (np.bincount(kind, usable & (denominator > 0))[kind] == 1) & (denominator > 0)
    expected[alone] = np.nan
    ratio = divided(observed, expected)
    low, high = garwood(observed, level=level)
    rare = np.where(turned, 1 - rate[kind], rate[kind]) * ratio
    funnel = _ratio_funnel(expected)
    chances = _ratio_chances(observed, expected, kind)
    status, verdict = _ratio_status(ratio, funnel, turned, cells.keys["indicator"], better)
    figures = {
        "observed": observed,
        "expected": expected,
        "ratio": ratio,
        "ratio_low": divided(low, expected),
        "ratio_high": divided(high, expected),
        "standardised_pct": 100 * np.clip(np.where(turned, 1 - rare, rare), 0.0, 1.0),
        "crude_pct": crude,
        **funnel,
        **chances,
    }
    columns: dict[str, ExtensionArray] = {
        name: as_figures(np.asarray(cells, float)) for name, cells in figures.items()
    }
    columns["observed"] = count_column(observed)
    remarks = [
        said(~events, _sentence("no_limits", lang)),
        said(events & ~usable, _sentence("no_ratio", lang)),
        said(usable & ~alone & ~(expected > 0), _sentence("nothing_expected", lang)),
        said(alone, word("funnel", "alone", lang=lang)),
        said(cells.mixed, _sentence("two_quarters", lang)),
    ]
    return cells.keys.assign(
        **columns,
        counted=text_column(np.where(turned, "rest", "numerator")),
        funnel_status=text_column(status),
        verdict=text_column(verdict),
        note=row_notes(remarks),
    )


NOTHING = 1e-9  # events expected: what floats leave of a 0
LEVELS = (95.0, 99.8)


def _ratio_funnel(expected: np.ndarray) -> dict[str, np.ndarray]:
    """Return the ratios that chance leaves on either side for so many events expected."""
    columns: dict[str, np.ndarray] = {}
    for level in LEVELS:
        ends = poisson_limits(expected, level / 100)
        for name, limit in zip(("low", "high"), ends, strict=True):
            columns[f"{name}_{level_suffix(level)}"] = limit
    return columns


def _ratio_chances(
    observed: np.ndarray, expected: np.ndarray, kind: np.ndarray
) -> dict[str, np.ndarray]:
    """Return the chance of a ratio as far out, and the same adjusted among those of one funnel."""
    from scipy.stats import poisson  # type: ignore[import-untyped]

    law = poisson(np.where(expected > 0, expected, np.nan))
    p = np.minimum(2 * np.minimum(law.cdf(observed), law.sf(observed - 1)), 1.0)
    adjusted = np.full(len(p), np.nan)
    for one in np.unique(kind):
        rows = np.flatnonzero((kind == one) & ~np.isnan(p))
        adjusted[rows] = benjamini_hochberg(p[rows])
    return {"p_value": p, "p_adjusted": adjusted}


def _ratio_status(
    ratio: np.ndarray,
    funnel: dict[str, np.ndarray],
    turned: np.ndarray,
    indicators: pd.Series,
    better: str | None,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the status of each ratio and the verdict on it."""
    beyond = [
        (ratio < funnel[f"low_{suffix}"] - 1e-9) | (ratio > funnel[f"high_{suffix}"] + 1e-9)
        for suffix in map(level_suffix, LEVELS)
    ]
    status = np.select(
        [np.isnan(ratio), beyond[1], beyond[0]], ["not_judged", "alarm", "warning"], "inside"
    )
    ways = np.array(
        [
            better or (record.better if record else "none")
            for record in map(find_indicator, indicators)
        ]
    )
    up = np.where(turned, ratio < 1, ratio > 1)
    good = np.where(
        ways == "none", "neutral", np.where(up == (ways == "higher"), "better", "worse")
    )
    return status, np.where(beyond[0] & ~np.isnan(ratio), good, "")


def _sentence(code: str, lang: str, **words: str) -> str:
    return word("standardising", code, lang=lang).format(**words)
