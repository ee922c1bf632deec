"""Rates of agencies as they would be if all had the same mix of sectors (chuẩn hóa trực tiếp)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from cchc_stats.indicators import find_indicator
from cchc_stats.statistics.decomposition.cells import (
    Cells,
    cells_of,
    quarters_of,
    starts_of,
    sums_by,
)
from cchc_stats.statistics.rates import (
    count_column,
    divided,
    divided_or_0,
    one_level,
    some_of,
    wilson,
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
METHOD = "direct; MOVER-Wilson"
MISSING = ("unknown", "reweight")


def standardised_rate(
    values: pd.DataFrame,
    standard: pd.DataFrame | str,
    *,
    level: float = 95,
    missing: str = "unknown",
    lang: str = "vi",
) -> pd.DataFrame:
    """Return rates weighted by one standard mix of groups, the crude ones beside them.

    Parameters
    ----------
    values : values frame with numerator and denominator by group (see `complete_values`), in
        percent. The printed whole, group `all`, is no group.
    standard : frame with `group` and `weight` (any unit; 0 or more, each group once), matched by
        the group's code; or "pooled": the denominators of all agencies together, by period, basis
        and indicator.
    level : of the limits, in percent, 1 to below 100.
    missing : what becomes of an agency that has nothing in a group of the standard. "unknown": its
        rate is <NA>; "reweight": the weights of the groups it has are used alone. The note says
        so either way, and `covered_pct` how much of the standard it has.
    lang : language of the notes, "vi" or "en".

    Returns
    -------
    A row per agency, period, basis, indicator and origin:
    `standardised_pct`, Σ weight × rate / Σ weight, with `low_pct` and `high_pct`;
    `crude_pct`, Σ numerator / Σ denominator of all its groups, and these two;
    `groups`, in which it has something; `covered_pct`, their part of the standard's weight;
    `standard`, "pooled" or "given"; `method`; `note`.
    The limits put Wilson's limits of each group together, so that they stay within 0 and 100 and
    are honest where every group is at 100 %; only for counted events, <NA> and a note elsewhere.
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
    Direct standardisation: Kitagawa (1964), Demography 1, 296-315. Limits: Zou, Huang & Zhang
    (2009), Computational Statistics & Data Analysis 53, 1080-1085, from those of Wilson (1927).

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
    for period in quarters.dropna().unique().sort_values():
        one = pd.PeriodIndex([period])
        cells = cells_of(values, quarters, one, ("group",))
        told = _of_period(cells, weights, percent, missing, lang)
        parts.append(told.assign(period=one.take([0] * len(told))))
        seen |= set(cells.group)
    if weights is not None and not seen & set(weights.index):
        raise ValuesError(
            "the standard has no group of the values",
            where=f"standard: {', '.join(map(str, weights.index[:5]))}",
            mend="write the groups as the values do",
        )
    return pd.concat(parts, ignore_index=True)[list(COLUMNS)]


def _weights(standard: object) -> pd.Series:
    """Return the weights of a standard by group."""
    mend = 'give a frame with the columns group and weight, or "pooled"'
    if not isinstance(standard, pd.DataFrame) or not {"group", "weight"} <= set(standard.columns):
        told = standard if isinstance(standard, str) else type(standard).__name__
        raise ValuesError(f"no standard is {told!r}", where="standard=", mend=mend)
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
    whole_weight = np.array([sum(one.values()) for one in standards])
    has = (bottom > 0) & ~unknown
    covered = by_series(np.where(has, weight, 0.0))
    lacking = ~np.isclose(covered, whole_weight, rtol=1e-12, atol=0)
    # A figure that is missing is not a group that is not there: it leaves the rate unknown.
    lost = by_series(unknown & (weight > 0)) > 0
    blank = lost | (covered == 0) | (lacking & (missing == "unknown"))
    part = np.where(has, divided_or_0(weight, covered[cells.series]), 0.0)
    rate = divided_or_0(top, bottom)
    mean = by_series(part * rate)
    # Rates above 1 are no counted events and get no limits.
    counts = np.where(has, np.minimum(top, bottom), 0.0), np.where(has, bottom, 1.0)
    limits = (limit / 100 for limit in wilson(*counts, level))
    below, above = (np.sqrt(by_series((part * (rate - limit)) ** 2)) for limit in limits)
    whole_top, whole_bottom = by_series(top), by_series(bottom)
    incomplete = by_series(unknown) > 0
    crude = np.where(incomplete, np.nan, divided(whole_top, whole_bottom))
    figures = {
        "standardised_pct": np.where(blank, np.nan, scale * mean),
        # Rounding must not carry a limit over the edge.
        "low_pct": np.where(blank | ~events, np.nan, 100 * np.clip(mean - below, 0, mean)),
        "high_pct": np.where(blank | ~events, np.nan, 100 * np.clip(mean + above, mean, 1)),
        "crude_pct": scale * crude,
        "numerator": np.where(incomplete, np.nan, whole_top),
        "denominator": np.where(incomplete, np.nan, whole_bottom),
        "covered_pct": 100 * divided_or_0(covered, whole_weight),
    }
    told = {name: as_figures(np.asarray(cells)) for name, cells in figures.items()}
    groups = by_series(has.astype("int64"))
    notes = _notes(cells, standards, weight, has, blank, lost, events, lang)
    table = cells.keys.assign(
        **told,
        groups=count_column(groups),
        standard=POOLED if weights is None else "given",
        method=np.where(events, METHOD, "direct"),
        note=pd.array(list(notes), dtype="str"),
    )
    return table.astype({"standard": "str", "method": "str"})


def _standards(cells: Cells, weights: pd.Series | None) -> list[dict[str, float]]:
    """Return the weights above 0 by group, for each series."""
    if weights is not None:
        given = {str(group): float(one) for group, one in weights.items() if one > 0}
        return [given] * len(cells.keys)
    keys = cells.keys.assign(claim=cells.keys["origin"] == "claimed")
    kind = keys.groupby(["basis", "indicator", "claim"], sort=False).ngroup().to_numpy()
    # A whole that is told alone is no group that others would lack.
    size = np.where(cells.only_whole[cells.series], 0.0, cells.bottom[:, 0])
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
        told = [
            _sentence("figures_missing", lang, groups=some_of(unknown, lang)) if unknown else "",
            _absent_groups(standard, absent, lang, unknown=blank[series]) if lacking else "",
            _sentence("no_weight", lang, groups=some_of(outside, lang)) if outside else "",
            _sentence("no_limits", lang) if not events[series] else "",
        ]
        yield "; ".join(filter(None, told))


def _absent_groups(
    standard: dict[str, float], absent: list[str], lang: str, *, unknown: bool
) -> str:
    """Return which groups of the standard an agency lacks, with their part of its weight."""
    part = 100 * sum(standard[group] for group in absent) / sum(standard.values())
    return _sentence(
        "groups_missing" if unknown else "reweighted",
        lang,
        groups=some_of(absent, lang),
        part=format_number(part, decimals=1, unit="percent", lang=lang),
    )


def _sentence(code: str, lang: str, **words: str) -> str:
    return word("standardising", code, lang=lang).format(**words)
