"""Control charts: what in a series of quarters is a signal, and what the noise of its process."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray
from pandas.arrays import BooleanArray

from cchc_stats.statistics.charts.baselines import FEWEST, Baselines, read_baselines
from cchc_stats.statistics.charts.limits import (
    BEYOND,
    CROSSINGS,
    D4,
    FEW,
    RANDOM_RUNS,
    RULES,
    SHIFT,
    SIGMAS,
    Limits,
    Points,
    Stretch,
    chance_of,
    limits_of,
    random_runs,
)
from cchc_stats.statistics.charts.quarterly_series import (
    QuarterlySeries,
    by_chance,
    directions,
    judged,
    own_targets,
    quarters,
    read_targets,
    require_percent,
)
from cchc_stats.statistics.charts.shifts import (
    CALLED,
    ENOUGH,
    FAINT,
    ChangePoint,
    countable_pairs,
    counts_events,
    scan_events,
    scan_figures,
    shares_of_events,
    spread_within,
    stretches_of,
    tail_at,
    varies_more,
    with_occasions,
)
from cchc_stats.statistics.rates import (
    OWN,
    Remark,
    counted,
    divided,
    kinds_of,
    of_kinds,
    repeated_units,
    row_notes,
    said,
    text_column,
)
from cchc_stats.words import (
    ValuesError,
    as_figures,
    format_number,
    require_language,
    word,
)

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


def chosen_kinds(
    laid: QuarterlySeries, stretch: Stretch, *, lang: str
) -> tuple[np.ndarray, np.ndarray]:
    """Return the kind of chart of each row's series, and why it was chosen.

    Shares of events take a p chart, events per occasion and counts a u chart; where the quarters
    vary more than chance gives their denominators, p′ and XmR; where there are no events to
    count, XmR. Shares keep p where shifts explain their spread, and where fewer than 12 quarters
    cannot tell a spread from a shift.

    Parameters
    ----------
    laid : the series, with their occasions (see `with_occasions`).
    stretch : the same rows as points; its figures are those of numerator and denominator, its
        base the rows that the kind is chosen by.
    """
    size, series = laid.count, laid.series
    charted = ~np.isnan(laid.value) & (True if stretch.base is None else stretch.base)
    shares = shares_of_events(laid)
    usable = countable_pairs(laid, bounded=shares) & charted
    lacking = charted & np.isnan(laid.numerator + laid.denominator)

    def any_of(rows: np.ndarray) -> np.ndarray:
        return np.bincount(series, rows, minlength=size) > 0

    events = replace(stretch, counted=usable, linked=stretch.linked & usable & _before(usable))
    scores = np.where(usable, events.scores(bounded=shares), np.nan)
    # The median: one quarter that stands out is a signal, and no reason for wider limits.
    ranges = pd.Series(events.moving_ranges(scores)).groupby(series)
    dispersion = ranges.median().to_numpy() / D4
    most = 1 + CHANCE / np.sqrt(np.maximum(ranges.count().to_numpy(), 1))
    dispersed = dispersion > most
    few = dispersed & any_of(shares) & (np.bincount(series, usable, minlength=size) < ENOUGH)
    shifted, rare = _explained(laid, usable, dispersed & any_of(shares) & ~few)
    typical = pd.Series(np.where(usable, laid.denominator, np.nan)).groupby(series).median()
    reasons = {
        "no_figures": ~any_of(charted),
        "no_events": ~any_of(counts_events(laid) & charted),
        "parts_missing": any_of(lacking),
        "parts_odd": any_of(charted & ~usable),
        "few_dispersed": few,
        "shifted": shifted,
        "rare": rare,
        "dispersed_shares": any_of(shares) & dispersed,
        "dispersed_counts": dispersed,
        "shares": any_of(shares),
    }
    kinds = ("xmr", "xmr", "xmr", "xmr", "p", "p", "p", "p_prime", "xmr", "p", "u")
    which = np.select(list(reasons.values()), range(len(reasons)), len(reasons))
    codes = [*reasons, "counts"]
    texts = []
    for number, denominator, times, limit in zip(which, typical, dispersion, most, strict=True):
        code = codes[number]
        if code in ("shares", "counts") and np.isnan(times):
            code = f"{code}_unknown"
        texts.append(
            word("chart_kind", code, lang=lang).format(
                denominator=_number(denominator, 1, lang),
                times=_number(times, 2, lang),
                limit=_number(limit, 2, lang),
            )
        )
    return np.array(kinds, dtype=object)[which][series], np.array(texts, dtype=object)[series]


def _explained(
    laid: QuarterlySeries, usable: np.ndarray, dispersed: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return which series of shares, of those whose ranges are beyond chance, need no p′ for it.

    Those that shifts explain, and those of few events, whose ranges are steps and whose squares
    are not beyond chance.
    """
    shifted, rare = np.zeros((2, len(dispersed)), dtype=bool)
    for number in np.flatnonzero(dispersed):
        rows = np.flatnonzero(usable & (laid.series == number))
        events, occasions = laid.numerator[rows], laid.denominator[rows]
        stretch = stretches_of(events, occasions, bounded=True)
        explained = spread_within(events, occasions, stretch, bounded=True) >= CALLED
        fewest = min(events.sum(), (occasions - events).sum()) / len(rows)
        shifted[number] = explained and stretch.any()
        rare[number] = explained and fewest < FEW
    return shifted, rare


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


@dataclass(frozen=True, eq=False)
class Bounds:
    """Low and high limit of each point, and where they were cut because nothing lies beyond."""

    low: np.ndarray
    high: np.ndarray
    cut_below: np.ndarray
    cut_above: np.ndarray


def bounds_of(laid: QuarterlySeries, kind: np.ndarray, limits: Limits, *, sigmas: float) -> Bounds:
    """Return the limits, `sigmas` standard deviations from the centre, cut where no figure can be.

    Shares and events are cut at 0, shares at 100 %. Single figures are cut at both where all of
    their series are percentages from 0 to 100, and at 0 where they count or state something.
    """
    low, high = limits.centre - sigmas * limits.sigma, limits.centre + sigmas * limits.sigma
    size, series = laid.count, laid.series
    with_figure = ~np.isnan(laid.value)
    below = np.bincount(series, with_figure & (laid.value < 0), minlength=size)[series] > 0
    above = np.bincount(series, with_figure & (laid.value > 100), minlength=size)[series] > 0
    percent, individual = laid.cells("unit") == "percent", kind == "xmr"
    stated = of_kinds(laid.kinds, ["count", "stock", "events"])
    floored = ~individual | (~below & (stated | (percent & ~above)))
    topped = np.where(individual, percent & ~below & ~above, kind != "u")
    topped = topped.astype(bool)
    cut_below = floored & (low < 0)
    cut_above = topped & (high > np.where(percent, 100.0, 1.0))
    return Bounds(
        np.where(cut_below, 0.0, low),
        np.where(cut_above, np.where(percent, 100.0, 1.0), high),
        cut_below,
        cut_above,
    )


def chart_notes(
    laid: QuarterlySeries,
    stretch: Stretch,
    limits: Limits,
    bounds: Bounds,
    kind: np.ndarray,
    *,
    few: np.ndarray,
    likely: np.ndarray,
    fitting: np.ndarray,
    enough: int,
    unjudged: np.ndarray,
    shifts: Shifts,
    baselines: Baselines,
    signals: np.ndarray,
    lang: str,
) -> ExtensionArray:
    """Return the note of each row, in the order of the series.

    Parameters
    ----------
    few : the points of few events.
    likely : those of them outside the limits that chance puts there too often for a signal.
    fitting : whether the indicator can have a chart of the kind at all.
    enough : points from which limits are no trial.
    unjudged : whether there is a target but no direction.
    shifts, baselines : what the limits are computed from, by the figures and as stated.
    signals : the points that are a signal by default, none where rules are named.
    """

    def text(code: str) -> str:
        return word("chart", code, lang=lang)

    number, points = stretch.number, stretch.points[stretch.number]
    empty = np.isnan(laid.value)
    undefined = empty & (laid.cells("status") == "undefined")
    individual, drawn = kind == "xmr", ~np.isnan(bounds.low)
    lacking = ~empty & fitting & ~stretch.counted
    links = np.bincount(number, stretch.linked, minlength=int(number.max()) + 1)[number]
    by_ranges = individual | (kind == "p_prime")
    # A point after a gap, not the first of its stretch.
    so_far = np.cumsum(stretch.counted)
    before = so_far - stretch.counted
    later = before > before[np.searchsorted(number, number)]
    gap = later & stretch.counted & ~stretch.linked
    several = fitting & ~drawn & (points > 1) & ~np.isnan(limits.centre) & ~lacking
    unlinked = several & by_ranges & (links == 0)
    alike = several & ~unlinked & (individual | (stretch.occasions > 0))
    before = shifts.frozen & (shifts.at >= 0)
    left_out = limits.left_out[number]
    return row_notes(
        [
            said(undefined, text("undefined")),
            said(empty & ~undefined, text("no_figure")),
            said(~fitting, text("other_kind")),
            said(lacking, text("no_parts")),
            said(gap, text("gap")),
            said(fitting & (points == 1), text("one_point")),
            said(unlinked, text("no_neighbours")),
            said(alike & ~before, text("nothing_varies")),
            said(alike & before, text("nothing_varied")),
            counted(drawn & (points < enough), text("trial"), points),
            counted(drawn & individual & (left_out > 0), text("screened"), left_out),
            said(drawn & few, text("few_events")),
            said(likely, text("likely")),
            said(bounds.cut_below, text("cut_below")),
            said(bounds.cut_above, text("cut_above")),
            said(unjudged, text("no_direction")),
            _at_shift(shifts.at, laid.quarter, shifts.frozen, text("frozen")),
            _at_shift(shifts.at, laid.quarter, ~shifts.frozen, text("shifted")),
            said(drawn & ~individual & repeated_units(laid.cells("indicator")), text("repeated")),
            said(shifts.too_short, text("baseline_short")),
            said(laid.mixed, text("two_quarters")),
            _with_reason(baselines.left_out, text("left_out")),
            said(signals, by_chance(len(np.unique(laid.series[drawn])), FALSE_ALARMS, lang)),
        ]
    )


def _at_shift(at: np.ndarray, quarter: np.ndarray, chosen: np.ndarray, sentence: str) -> Remark:
    """Return the remark that names the quarter in which a row's level changed."""
    rows = np.where(chosen & (at >= 0), quarter[np.maximum(at, 0)], -1)
    codes, distinct = pd.factorize(np.append(-1, rows))
    texts = [
        sentence.format(quarter=pd.Period(ordinal=int(one), freq="Q-DEC")) for one in distinct[1:]
    ]
    return codes[1:], ["", *texts]


def _with_reason(reasons: np.ndarray, sentence: str) -> Remark:
    codes, distinct = pd.factorize(np.append("", reasons))
    return codes[1:], ["", *(sentence.format(reason=one) for one in distinct[1:])]


@dataclass(frozen=True, eq=False)
class Shifts:
    """Where the series of a chart changed, by row.

    Attributes
    ----------
    at : the row of the first figure after the change, -1 where there is none.
    frozen : the rows whose limits are those of the quarters before (or, of a first quarter alone,
        after) the change.
    flagged : the rows after it that lie on its side of the centre.
    too_short : the rows whose stated baseline has too few points: all quarters make their limits.
    """

    at: np.ndarray
    frozen: np.ndarray
    flagged: np.ndarray
    too_short: np.ndarray


FALSE_ALARMS = 5.0  # percent of charts in which nothing happened that have a signal, at most
SUSPECTED = 0.03  # chance up to which a chart freezes its limits before the likeliest change
NEWEST = 0.005  # chance on one side up to which the newest quarter is one
SINGLE = 0.005  # chance on one side that any point of a chart is a signal by itself
FAR = 2.5  # standard deviations of a mean that no shift of single figures falls short of
SHORTEST = {"run_length": 2, "trend_length": 3}


def control_chart(
    values: pd.DataFrame,
    *,
    kind: Literal["auto", "p", "u", "p_prime", "xmr"] = "auto",
    rules: Iterable[str] | None = None,
    baseline: object = None,
    exclude: Mapping[str, Any] | None = None,
    rebase: Mapping[str, Any] | None = None,
    target: float | Mapping[str, float] | None = None,
    better: str | None = None,
    run_length: int = 8,
    trend_length: int = 6,
    screen: bool = True,
    across_windows: bool = False,
    lang: str = "vi",
) -> pd.DataFrame:
    """Return the values with the limits of a control chart and the signals (biểu đồ kiểm soát).

    One chart per agency, indicator, group, basis and origin. Nothing is bridged: a quarter that is
    missing, or has no figure, parts the moving ranges, runs and trends on either side of it.

    Parameters
    ----------
    values : values frame (see `complete_values`), bases `in_period` and `as_of`; in any order.
    kind : "p" for shares of events, limits by the denominator; "u" for events per occasion, and
        for counts, of which a quarter is one occasion; "p_prime" for shares that vary more than
        their denominators explain (Laney's p′); "xmr" for single figures, by their moving ranges;
        "auto" chooses for each series and says why in `kind_reason`: neither p nor u where the
        quarters vary more than chance would have it in about 39 of 40 series.
    rules : which points are signals. "beyond_limits": outside the limits; "run": `run_length` on
        one side of the centre (a point on it ends the run); "trend": `trend_length` that rise or
        fall one after another (two equal ones end it); "two_of_three": of three in a row two
        beyond two standard deviations on one side. All points of a run or trend are flagged.
        By name only, "longest_run" and "crossings": a run longer than chance gives so many points
        off the centre, and series that cross it too seldom (all their points, `verdict` neutral).
        Where fewer than 5 events are expected (late dossiers, where nearly all are on time) a
        point has to be as unlikely as these rules mean: by its exact chance given all events of
        the chart, and a run of points as unlikely as `run_length` tosses of a coin on one side.
        By default all are columns, and `signal` keeps the alarms of a chart in which nothing
        happened to 5 in 100 (4 to 20 quarters): of charts of events it is "shift" and what lies
        beyond limits by a chance that is small for so many quarters; with a stated baseline, and in
        charts of single figures, any rule. Rules that are named are each a signal, as published.
        "shift" is one of them: the quarters from which the rate is another (see `find_shift`, here
        from a chance of 3 in 100 down, or the newest quarter by itself from 1 in 100 down).
    baseline : the quarters that kind, centre and limits are computed from, and by which all others
        are judged: ("2020Q1", "2021Q4") for all from one to the other, a list of quarters, or
        agency -> either. By default all quarters; but where the rate of a chart of events shifts,
        those before the shift, so that the newest quarters are judged by the ones before them, and
        not by themselves (not where `rules` are named without "shift").
    exclude : quarter -> reason, or agency -> quarter -> reason: left out of centre and limits, and
        judged by them.
    rebase : quarter -> reason, {"2021Q1": "one-stop shop opened"}, or agency -> quarter -> reason:
        limits are computed anew from these quarters on.
    target : what is to be reached, in the unit of the values; one number, or one per indicator or
        agency. A column `target` of the values is taken where none is given.
    better : "higher", "lower" or "none" in place of each indicator's own `better`; an indicator
        that the library does not know has "none".
    run_length : 8 by Western Electric; 9 by Nelson, 7 by the charts of the NHS.
    trend_length : 6 by Nelson, both ends included.
    screen : leave moving ranges above 3.267 times their mean out of an XmR chart's mean, once.
    across_windows : whether the decree's quarters (15th to 14th) may stand in one chart with the
        calendar's; `chart_note` then says so.
    lang : language of `kind_reason` and `chart_note`, "vi" or "en".

    Returns
    -------
    The values in their order, index 0…n-1, with the columns
    `kind`, `kind_reason`;
    `baseline` and `baseline_end`, first and last quarter that the row's limits are computed from,
    `baseline_reason`, of a new beginning, and `left_out`, the reason of a row left out of them;
    `centre`, `low`, `high`, in the unit of the values, and `sigma`, one standard deviation: limits
    are three of them, cut at 0 and at 100 % where no figure can be beyond (`chart_note` says so);
    `limits`: "full", "trial" for fewer than 12 points, "none" where nothing varies, where there is
    one point, or no denominator;
    a column for each rule, <NA> where there is nothing to judge by;
    `signal`, see `rules`, and `verdict`: better, worse or neutral for a signal;
    `shift_at`, the quarter from which the series is at another level, NaT where it is at one;
    `target` and `assurance`: "met" or "missed" where the limits are wholly on one side of it,
    "by_chance" where it lies between them, "" where limits, target or direction are missing;
    `chart_note`, why something is missing or is to be taken with care.

    Raises
    ------
    ValuesError
        As `complete_values` does; year-to-date values; quarters of the decree and of the calendar
        in one series, or several units; an unknown kind, rule or direction; a length that is too
        short; a re-basing or a quarter left out without reason or outside the quarters; a baseline
        of one quarter, or with none left; a target that is no number, or of an agency or indicator
        without values.

    Notes
    -----
    Centre of p, p′ and u: all events over all occasions. Standard deviations: p √(p̄(1−p̄)/n); u
    √(ū/n); p′ that of p times σz, the mean moving range of the z-scores / 1.128; XmR 2.66/3 times
    the mean moving range. A chart of its own data takes 12 points and more to be trusted.

    Source
    ------
    Montgomery (2009), Introduction to Statistical Quality Control, 6th ed., ch. 6-7; Laney (2002),
    Quality Engineering 14:531-537; Western Electric (1956), Statistical Quality Control Handbook;
    Nelson (1984), Journal of Quality Technology 16:237-239; NHS England, Making Data Count, for the
    screening of moving ranges and for assurance; Anhøj & Olesen (2014), PLoS ONE 9:e113825.

    Examples
    --------
    >>> own = pd.DataFrame({"agency": "Sở A", "period": ["2020Q1", "2020Q2", "2020Q3", "2020Q4"],
    ...                     "indicator": "on_time_rate_settled",
    ...                     "numerator": [57, 59, 58, 40], "denominator": [60, 60, 60, 60]})
    >>> chart = control_chart(own, kind="p", target=95)
    >>> chart[["centre", "low", "signal", "verdict", "limits"]].round(1).values.tolist()[-1]
    [96.7, 89.7, True, 'worse', 'trial']
    """
    require_language(lang)
    require_kind(kind)
    chosen = _rules(rules, run_length=run_length, trend_length=trend_length)
    default = rules is None
    laid = QuarterlySeries.of(values, what="charted", across=across_windows)
    better_way = directions(laid.cells("indicator"), better)
    own = own_targets(laid.values)
    targets = read_targets(
        target,
        laid.cells("indicator"),
        laid.cells("agency"),
        None if own is None else own[laid.order],
    )
    rates = of_kinds(laid.kinds, ["events"])
    require_percent(targets[rates], better_way[rates])
    baselines = read_baselines(baseline, exclude, rebase, laid.quarter, laid.cells("agency"))
    charts = _charts(laid, baselines, kind, shifting=SHIFT in chosen, screen=screen, lang=lang)
    bounds = bounds_of(laid, charts.kind, charts.limits, sigmas=SIGMAS)
    stretch, shifts = charts.stretch, charts.shifts
    strict = np.isin(charts.kind, ("p", "u")) & default & ~baselines.frozen
    chance = chance_of(stretch, charts.kind, charts.limits, every=strict)
    counted = np.bincount(stretch.number, stretch.counted)[stretch.number]
    points = Points(
        np.where(stretch.counted, stretch.figure, np.nan),
        charts.limits.centre,
        bounds.low,
        bounds.high,
        charts.limits.sigma,
        stretch.linked,
        chance.tail,
        chance.tosses,
        np.where(strict, np.minimum(BEYOND, SINGLE / np.maximum(counted, 1)), BEYOND),
    )
    flags, verdict = _signals(
        points, stretch.number, chosen, run_length, trend_length, better_way, shifts, strict
    )
    none = np.isnan(bounds.low)
    assurance = judged(bounds.low, bounds.high, targets, better_way)
    signal = flags["signal"].to_numpy("bool", na_value=False)
    notes = chart_notes(
        laid, stretch, charts.limits, bounds, charts.kind, few=chance.few,
        likely=points.outside() & ~points.beyond_limits() & ~signal,
        fitting=fits(kind, laid.cells("indicator")), enough=ENOUGH,
        unjudged=~np.isnan(targets) & (better_way == "none"), shifts=shifts,
        baselines=baselines, signals=signal & default, lang=lang,
    )  # fmt: skip
    starts, ends = _ends_of_base(laid, stretch, baselines)
    size = stretch.points[stretch.number]
    columns: dict[str, ExtensionArray | pd.PeriodIndex] = {
        "kind": text_column(charts.kind),
        "kind_reason": text_column(charts.reason),
        "baseline": quarters(starts),
        "baseline_end": quarters(ends),
        "baseline_reason": text_column(baselines.reason),
        "left_out": text_column(baselines.left_out),
        "centre": as_figures(charts.limits.centre),
        "low": as_figures(bounds.low),
        "high": as_figures(bounds.high),
        "sigma": as_figures(np.where(none, np.nan, charts.limits.sigma)),
        "limits": text_column(np.where(none, "none", np.where(size < ENOUGH, "trial", "full"))),
        **flags,
        "verdict": text_column(verdict),
        "shift_at": quarters(laid.quarter[np.maximum(shifts.at, 0)], where=shifts.at >= 0),
        "target": as_figures(targets),
        "assurance": text_column(assurance),
        "chart_note": notes,
    }
    return laid.with_columns(columns)


def _ends_of_base(
    laid: QuarterlySeries, stretch: Stretch, stated: Baselines
) -> tuple[np.ndarray, np.ndarray]:
    """Return the first and the last quarter that each row's limits are computed from.

    A stretch begins where it is stated to, also where its first figures are missing.
    """
    number, quarter = stretch.number, laid.quarter
    begins = np.flatnonzero(np.diff(number, prepend=-1))
    base = np.ones(len(number), dtype=bool) if stretch.base is None else stretch.base
    any_left = np.bincount(number, base)[number] > 0
    base = base | ~any_left
    first = np.minimum.reduceat(np.where(base, quarter, np.iinfo("int64").max), begins)[number]
    last = np.maximum.reduceat(np.where(base, quarter, -1), begins)[number]
    uncut = np.bincount(number, ~base)[number] == 0
    return np.where(uncut & (stated.start >= 0), stated.start, first), last


@dataclass(frozen=True, eq=False)
class _Charts:
    """The points of all charts, the kind of each and why, their limits and shifts."""

    stretch: Stretch
    kind: np.ndarray
    reason: np.ndarray
    limits: Limits
    shifts: Shifts


def _charts(
    laid: QuarterlySeries, stated: Baselines, kind: str, *, shifting: bool, screen: bool, lang: str
) -> _Charts:
    """Return the charts of series whose rows are parted by re-basing."""
    scale = np.where(laid.cells("unit") == "percent", 100.0, 1.0)
    parted = (np.diff(laid.series, prepend=-1) != 0) | (np.diff(stated.stretch, prepend=0) != 0)
    number = np.cumsum(parted) - 1
    follows = (np.diff(number, prepend=-1) == 0) & (np.diff(laid.quarter, prepend=0) == 1)
    reported = ~np.isnan(laid.value)
    base, too_short = _stated_base(stated, number, reported)

    def stretch(
        rows: QuarterlySeries, counted: np.ndarray, figure: np.ndarray | None = None
    ) -> Stretch:
        linked = follows & counted & np.append(False, counted[:-1])
        rate = scale * divided(rows.numerator, rows.denominator)
        charted = rate if figure is None else np.where(np.isnan(figure), rate, figure)
        return Stretch(
            number, counted, charted, rows.numerator, rows.denominator, scale, linked, base
        )

    filled = with_occasions(laid)
    kinds, reasons = chosen_kinds(filled, stretch(filled, reported), lang=lang)
    if kind != AUTO:
        given = word("chart_kind", "given", lang=lang)
        other = word("chart_kind", "given_against", lang=lang)
        reasons = np.where(kinds == kind, given, other.replace("{auto}", "") + reasons)
        kinds = np.full(len(number), kind, dtype=object)
    laid = filled if kind in (AUTO, "u") else laid
    individual = kinds == "xmr"
    countable = countable_pairs(laid, bounded=kinds != "u") & fits(kind, laid.cells("indicator"))
    counted = np.where(individual, reported, reported & countable)
    final = stretch(laid, counted, np.where(individual, laid.value, np.nan))
    # What has a stated baseline is judged by that alone.
    fixed = (stated.frozen & ~too_short) | (not shifting)
    shifts = _shifts(final, kinds, fixed, too_short)
    final = replace(final, base=base & ~_after(final, shifts))
    limits = limits_of(final, kinds, screen=screen)
    # One point cannot be held against itself.
    alone = (final.points < FEWEST)[number]
    limits = Limits(limits.centre, np.where(alone, np.nan, limits.sigma), limits.left_out)
    return _Charts(final, kinds, reasons, limits, _flagged(final, limits, shifts))


def _stated_base(
    stated: Baselines, number: np.ndarray, reported: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows that make limits as stated, and those whose baseline has too few figures.

    A stretch without two quarters of the baseline is judged by its own.
    """
    kept = stated.left_out == ""
    inside = stated.inside & kept
    there = np.bincount(number, inside & reported)[number]
    by_itself = stated.frozen & (there < FEWEST)
    base: np.ndarray = np.where(stated.frozen & ~by_itself, inside, kept)
    return base, by_itself & (there > 0)


def _shifts(stretch: Stretch, kind: np.ndarray, fixed: np.ndarray, too_short: np.ndarray) -> Shifts:
    """Return where the stretches changed, but for those of the rows that are `fixed`."""
    size = len(stretch.number)
    at, frozen = np.full(size, -1, dtype="int64"), np.zeros(size, dtype=bool)
    begins = np.flatnonzero(np.diff(stretch.number, prepend=-1))
    for start, end in zip(begins, np.append(begins[1:], size), strict=True):
        rows = start + np.flatnonzero(stretch.used[start:end])
        if len(rows) <= FEWEST or fixed[start]:
            continue
        change, exact = _change(stretch, rows, str(kind[start]))
        if change.at:
            at[start:end], frozen[start:end] = rows[change.at], exact
    return Shifts(at, frozen, np.zeros(size, dtype=bool), too_short)


def _change(stretch: Stretch, rows: np.ndarray, kind: str) -> tuple[ChangePoint, bool]:
    """Return the change of a stretch that a chart freezes its limits before, or none: at 0.

    And whether its chance is exact, that of events.
    """
    nothing = ChangePoint(0, np.nan)
    if kind not in ("p", "u"):
        change = scan_figures(stretch.figure[rows], faint=FAR)
        return (change if change.p_value <= CALLED else nothing), False
    pair, bounded = (stretch.events[rows], stretch.occasions[rows]), kind == "p"
    change = scan_events(*pair, bounded=bounded, faint=FAINT)
    if not change.p_value <= SUSPECTED:
        change = _newest(*pair, bounded=bounded)
    if change.at and len(rows) >= ENOUGH and varies_more(*pair, change, bounded=bounded):
        return nothing, True
    return change, True


def _newest(events: np.ndarray, occasions: np.ndarray, *, bounded: bool) -> ChangePoint:
    """Return the newest quarter as a change, where chance seldom puts it so far from all before."""
    tail = tail_at(events, occasions, -1, bounded=bounded)
    return ChangePoint(len(events) - 1 if tail <= NEWEST else 0, 2 * tail)


def _after(stretch: Stretch, shifts: Shifts) -> np.ndarray:
    """Return the rows that a shift keeps out of the limits: those after it.

    A first quarter alone is no baseline: those after it are, and it is judged by them.
    """
    later = np.arange(len(shifts.at)) >= shifts.at
    frozen = shifts.frozen & (shifts.at >= 0)
    before = np.bincount(stretch.number, frozen & ~later & stretch.used)[stretch.number]
    return frozen & np.where(before < FEWEST, ~later, later)


def _flagged(stretch: Stretch, limits: Limits, shifts: Shifts) -> Shifts:
    """Return the shifts with the rows that lie on the shift's side of the centre."""
    shifted = (shifts.at >= 0) & stretch.counted
    later = np.arange(len(shifts.at)) >= shifts.at
    outside = np.where(shifts.frozen, ~(stretch.base if stretch.base is not None else later), later)
    rows = shifted & outside.astype(bool)
    off = stretch.figure - limits.centre
    size = int(stretch.number.max()) + 1
    way = np.bincount(stretch.number, np.where(rows, off, 0.0), minlength=size)[stretch.number]
    return replace(shifts, flagged=rows & (np.sign(off) == np.sign(way)) & (off != 0))


def _signals(
    points: Points,
    number: np.ndarray,
    rules: tuple[str, ...],
    run_length: int,
    trend_length: int,
    better: np.ndarray,
    shifts: Shifts,
    strict: np.ndarray,
) -> tuple[dict[str, BooleanArray], np.ndarray]:
    """Return a column for each rule and for the signals, and the verdict on each signal.

    Parameters
    ----------
    number : the stretch of each point.
    shifts : where the level changed.
    strict : the rows whose signals are shifts and points beyond limits alone.
    """
    trending, way = points.trend(trend_length)
    masks = {
        SHIFT: shifts.flagged,
        "beyond_limits": points.beyond_limits(),
        "run": points.run(run_length),
        "trend": trending,
        "two_of_three": points.two_of_three(),
        **(random_runs(points, number) if {*rules} & {*RANDOM_RUNS} else {}),
    }
    empty = np.isnan(points.figure)
    needs = {
        SHIFT: np.zeros(len(empty), dtype=bool),
        "beyond_limits": np.isnan(points.low) & np.isnan(points.tail) & (shifts.at < 0),
        **dict.fromkeys(("run", *RANDOM_RUNS), np.isnan(points.centre)),
        "trend": np.zeros(len(empty), dtype=bool),
        "two_of_three": np.isnan(points.sigma),
    }
    flags = {name: BooleanArray(masks[name], empty | needs[name]) for name in rules}
    signal = np.zeros(len(empty), dtype=bool)
    sided = signal.copy()
    for name in rules:
        mask = masks[name] & ~(strict & (name not in (SHIFT, "beyond_limits")))
        signal |= mask
        sided |= mask & (name not in ("trend", CROSSINGS))
    flags["signal"] = BooleanArray(signal, empty)
    side = np.where(sided, points.side, way if "trend" in rules else 0)
    good = np.where(better == "lower", -side, np.where(better == "higher", side, 0))
    verdict = np.where(good > 0, "better", np.where(good < 0, "worse", "neutral"))
    return flags, np.where(signal, verdict, "")


def _rules(rules: object, **lengths: object) -> tuple[str, ...]:
    """Return the rules asked for, all by default, in the order of `RULES`."""
    every = (SHIFT, *RULES, *RANDOM_RUNS)
    rules = (SHIFT, *RULES) if rules is None else rules
    asked = list(rules) if isinstance(rules, Iterable) and not isinstance(rules, str) else [rules]
    unknown = [rule for rule in asked if rule not in every]
    if unknown or not asked:
        raise ValuesError(
            f"there is no rule {unknown[0]!r}" if unknown else "there are no rules to judge by",
            where="rules=",
            mend=f"choose of {', '.join(every)}",
        )
    for name, length in lengths.items():
        is_integer = isinstance(length, int | np.integer) and not isinstance(length, bool)
        if not is_integer or length < SHORTEST[name]:  # type: ignore[operator]
            raise ValuesError(
                f"{name}={length!r} is no number of points",
                where=f"{name}=",
                mend=f"give a whole number, {SHORTEST[name]} or more",
            )
    return tuple(rule for rule in every if rule in asked)
