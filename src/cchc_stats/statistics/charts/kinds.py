"""Which kind of control chart a series takes, and why, in words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from cchc_stats.statistics.charts.limits import D4, Stretch
from cchc_stats.statistics.charts.quarterly_series import QuarterlySeries
from cchc_stats.statistics.rates import OWN, kinds_of, of_kinds
from cchc_stats.words import ValuesError, format_number, word

KINDS = ("p", "u", "p_prime", "xmr")
AUTO = "auto"
# By chance alone the median moving range of z-scores, in those of chance, stays below 1 + 3/√m
# in 39 of 40 series of m ranges (simulated for 2 to 120; in 9 of 10 where few events make steps).
CHANCE = 3.0
# What an indicator must be for a chart of its events.
FITTING = {"p": ("events", OWN), "p_prime": ("events", OWN), "u": ("events", "ratio", "count", OWN)}


def require_kind(kind: object) -> None:
    """Refuse a kind of chart that there is none of."""
    if kind not in (AUTO, *KINDS):
        raise ValuesError(
            f"there is no control chart of kind {kind!r}",
            where="kind=",
            mend=f"use one of {', '.join((AUTO, *KINDS))}",
        )


def with_areas(laid: QuarterlySeries) -> QuarterlySeries:
    """Return the series with the events and occasions of counts: a quarter is one occasion."""
    alone = of_kinds(laid.kinds, ["count", OWN]) & (laid.cells("unit") != "percent")
    alone &= np.isnan(laid.denominator) & ~np.isnan(laid.value)
    return replace(
        laid,
        numerator=np.where(alone, laid.value, laid.numerator),
        denominator=np.where(alone, 1.0, laid.denominator),
    )


def whole_parts(laid: QuarterlySeries, *, bounded: np.ndarray) -> np.ndarray:
    """Return the rows whose numerator counts events, in whole numbers, on a denominator above 0.

    Parameters
    ----------
    bounded : where the events may not be more than the denominator.
    """
    part, whole = laid.numerator, laid.denominator
    known = ~np.isnan(part) & (whole > 0) & (part >= 0)
    even = (np.mod(part, 1) == 0) & (np.mod(whole, 1) == 0)
    found: np.ndarray = known & even & (~bounded | (part <= whole))
    return found


def chosen_kinds(
    laid: QuarterlySeries, stretch: Stretch, *, lang: str
) -> tuple[np.ndarray, np.ndarray]:
    """Return the kind of chart of each row's series, and why it was chosen.

    Shares of events take a p chart, events per occasion and counts a u chart; where the quarters
    vary more than chance gives their denominators, p′ and XmR; where there are no events to
    count, XmR.

    Parameters
    ----------
    laid : the series, with their areas (see `with_areas`).
    stretch : the same rows as points; its figures are those of numerator and denominator.
    """
    size, series = laid.count, laid.series
    known = laid.kinds
    percent = laid.cells("unit") == "percent"
    charted = ~np.isnan(laid.value)
    shares = of_kinds(known, ["events"]) | (of_kinds(known, [OWN]) & percent)
    alone = laid.values["denominator"].isna().to_numpy()[laid.order]
    counts = of_kinds(known, ["count"]) | (of_kinds(known, ["ratio", OWN]) & ~percent & ~alone)
    countable = shares | counts
    usable = whole_parts(laid, bounded=shares)
    lacking = charted & np.isnan(laid.numerator + laid.denominator)

    def any_of(rows: np.ndarray) -> np.ndarray:
        return np.bincount(series, rows, minlength=size) > 0

    events = replace(stretch, counted=usable, linked=stretch.linked & usable & _before(usable))
    scores = np.where(usable, events.scores(bounded=shares), np.nan)
    # The median: one quarter that stands out is a signal, and no reason for wider limits.
    ranges = pd.Series(events.moving_ranges(scores)).groupby(series)
    dispersion = ranges.median().to_numpy() / D4
    most = 1 + CHANCE / np.sqrt(np.maximum(ranges.count().to_numpy(), 1))
    typical = pd.Series(np.where(usable, laid.denominator, np.nan)).groupby(series).median()
    reasons = {
        "no_figures": ~any_of(charted),
        "no_events": ~any_of(countable & charted),
        "parts_missing": any_of(lacking),
        "parts_odd": any_of(charted & ~usable),
        "dispersed_shares": any_of(shares) & (dispersion > most),
        "dispersed_counts": dispersion > most,
        "shares": any_of(shares),
    }
    kinds = ("xmr", "xmr", "xmr", "xmr", "p_prime", "xmr", "p", "u")
    which = np.select(list(reasons.values()), range(len(reasons)), len(reasons))
    codes = [*reasons, "counts"]
    told = []
    for number, denominator, times, limit in zip(which, typical, dispersion, most, strict=True):
        code = codes[number]
        if code in ("shares", "counts") and np.isnan(times):
            code = f"{code}_unknown"
        told.append(
            word("chart_kind", code, lang=lang).format(
                denominator=_number(denominator, 1, lang),
                times=_number(times, 2, lang),
                limit=_number(limit, 2, lang),
            )
        )
    return np.array(kinds, dtype=object)[which][series], np.array(told, dtype=object)[series]


def fits(kind: str, indicators: np.ndarray) -> np.ndarray:
    """Return the rows whose indicator can have a chart of the kind at all."""
    if kind not in FITTING:
        return np.ones(len(indicators), dtype=bool)
    return of_kinds(kinds_of(indicators), FITTING[kind])


def _before(rows: np.ndarray) -> np.ndarray:
    """Return the mask of the rows after those of a mask."""
    return np.append(False, rows[:-1])


def _number(x: float, decimals: int, lang: str) -> str:
    return format_number(None if np.isnan(x) else float(x), decimals=decimals, lang=lang)
