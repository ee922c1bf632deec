"""Control charts: what in a series of quarters is a signal, and what the noise of its process."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray
from pandas.arrays import BooleanArray

from cchc_stats.statistics.charts.limits import (
    D4,
    RULES,
    SIGMAS,
    Limits,
    Points,
    Stretch,
    chance_of,
    limits_of,
)
from cchc_stats.statistics.charts.quarterly_series import (
    QuarterlySeries,
    directions,
    judged,
    quarters,
    read_targets,
)
from cchc_stats.statistics.rates import (
    OWN,
    counted,
    divided,
    kinds_of,
    of_kinds,
    row_notes,
    said,
    text_column,
)
from cchc_stats.words import (
    PeriodError,
    ValuesError,
    as_figures,
    format_number,
    parse_period,
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


MEND = 'give a mapping of quarter to reason, like {"2021Q1": "one-stop shop opened"}'


@dataclass(frozen=True, eq=False)
class Rebasing:
    """The quarters from which limits are computed anew, in order, and the reason of each."""

    quarters: np.ndarray
    reasons: tuple[str, ...]

    def stretch(self, quarter: np.ndarray) -> np.ndarray:
        """Return how many of the quarters are no later than each of the given ones."""
        stretch: np.ndarray = np.searchsorted(self.quarters, quarter, side="right")
        return stretch

    def reasons_of(self, stretch: np.ndarray) -> np.ndarray:
        """Return the reason of each stretch, "" for the first."""
        reasons: np.ndarray = np.array(["", *self.reasons], dtype=object)[stretch]
        return reasons


def read_rebasing(rebase: object, quarter: np.ndarray) -> Rebasing:
    """Return the re-basing as a caller states it.

    Parameters
    ----------
    rebase : None, or quarter -> reason.
    quarter : ordinals of all quarters of the values.

    Raises
    ------
    ValuesError
        No mapping, no quarter, a quarter named twice, no reason, or a quarter that has no values
        before it or none from it on. All faults come at once.
    """
    if rebase is None:
        return Rebasing(np.zeros(0, dtype="int64"), ())
    if not isinstance(rebase, Mapping):
        raise ValuesError(
            "limits start anew only at stated quarters, each for a stated reason",
            where=f"rebase=, a {type(rebase).__name__}",
            mend=MEND,
        )
    faults: list[str] = []
    stated: dict[int, str] = {}
    for key, reason in rebase.items():
        if fault := _rebase(stated, key, reason, quarter):
            faults.append(f"{key!r}: {fault}")
    if faults:
        raise ValuesError(
            f"limits cannot start anew as asked: {len(faults)} fault{'s' * (len(faults) > 1)}",
            where="rebase=, " + "\n         ".join(faults),
            mend=MEND,
        )
    quarters = sorted(stated)
    return Rebasing(np.array(quarters, dtype="int64"), tuple(stated[at] for at in quarters))


def _rebase(stated: dict[int, str], key: object, reason: object, quarter: np.ndarray) -> str:
    """Note a quarter with its reason among those stated; return what is wrong with it, or ""."""
    try:
        period = parse_period(key)  # type: ignore[arg-type]
    except PeriodError as error:
        return error.what
    if period.freqstr != "Q-DEC":
        return f"{period} is no quarter"
    if period.ordinal in stated:
        return f"{period} is named twice"
    if not isinstance(reason, str) or not reason.strip():
        return "no reason is stated"
    ends = int(quarter.min()), int(quarter.max())
    if not ends[0] < period.ordinal <= ends[1]:
        first, last = (pd.Period(ordinal=at, freq="Q-DEC") for at in ends)
        return f"the values go from {first} to {last}, nothing is parted there"
    stated[period.ordinal] = reason.strip()
    return ""


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
    alike = several & ~unlinked & (individual | (stretch.whole > 0))
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
            said(alike, text("nothing_varies")),
            counted(drawn & (points < enough), text("trial"), points),
            counted(drawn & individual & (left_out > 0), text("screened"), left_out),
            said(drawn & few, text("few_events")),
            said(likely, text("likely")),
            said(bounds.cut_below, text("cut_below")),
            said(bounds.cut_above, text("cut_above")),
            said(unjudged, text("no_direction")),
        ]
    )


ENOUGH = 12  # points of a stretch from which its limits are no trial any more
SHORTEST = {"run_length": 2, "trend_length": 3}


def control_chart(
    values: pd.DataFrame,
    *,
    kind: str = AUTO,
    rules: Iterable[str] = RULES,
    rebase: Mapping[str, str] | None = None,
    target: float | Mapping[str, float] | None = None,
    better: str | None = None,
    run_length: int = 8,
    trend_length: int = 6,
    screen: bool = True,
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
        Where fewer than 5 events are expected (late dossiers, where nearly all are on time) a
        point has to be as unlikely as these rules mean: by its exact chance given all events of
        the chart, and a run of points as unlikely as `run_length` tosses of a coin on one side.
    rebase : quarter -> reason, {"2021Q1": "one-stop shop opened"}: limits are computed anew from
        these quarters on. There is no other way to move them.
    target : what is to be reached, in the unit of the values; one number, or one per indicator.
    better : "higher", "lower" or "none" in place of each indicator's own `better`; an indicator
        that the library does not know has "none".
    run_length : 8 by Western Electric; 9 by Nelson, 7 by the charts of the NHS.
    trend_length : 6 by Nelson, both ends included.
    screen : leave moving ranges above 3.267 times their mean out of an XmR chart's mean, once.
    lang : language of `kind_reason` and `chart_note`, "vi" or "en".

    Returns
    -------
    The values in their order, index 0…n-1, with the columns
    `kind`, `kind_reason`;
    `baseline`, the quarter from which the row's limits are computed, and `baseline_reason`;
    `centre`, `low`, `high`, in the unit of the values, and `sigma`, one standard deviation: limits
    are three of them, cut at 0 and at 100 % where no figure can be beyond (`chart_note` says so);
    `limits`: "full", "trial" for fewer than 12 points, "none" where nothing varies, where there is
    one point, or no denominator;
    a column for each rule, <NA> where there is nothing to judge by;
    `signal`, whether any rule flags the row, and `verdict`: better, worse or neutral for a signal;
    `target` and `assurance`: "met" or "missed" where the limits are wholly on one side of it,
    "by_chance" where it lies between them, "" where it cannot be told;
    `chart_note`, why something is missing or is to be taken with care.

    Raises
    ------
    ValuesError
        As `complete_values` does; year-to-date values; several units in one series; an unknown
        kind, rule or direction; a length that is too short; a re-basing without reason or outside
        the quarters; a target that is no number.

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
    screening of moving ranges and for assurance.

    Examples
    --------
    >>> own = pd.DataFrame({"agency": "Sở A", "period": ["2020Q1", "2020Q2", "2020Q3", "2020Q4"],
    ...                     "indicator": "on_time_rate_settled",
    ...                     "numerator": [57, 59, 58, 40], "denominator": [60, 60, 60, 60]})
    >>> chart = control_chart(own, kind="p", target=95)
    >>> chart[["centre", "low", "signal", "verdict", "limits"]].round(1).values.tolist()[-1]
    [89.2, 77.1, True, 'worse', 'trial']
    """
    require_language(lang)
    require_kind(kind)
    chosen = _rules(rules, run_length=run_length, trend_length=trend_length)
    laid = QuarterlySeries.of(values, what="charted")
    better_way = directions(laid.cells("indicator"), better)
    targets = read_targets(target, laid.cells("indicator"))
    rebasing = read_rebasing(rebase, laid.quarter)
    part = rebasing.stretch(laid.quarter)
    charts = _charts(laid, part, kind, screen=screen, lang=lang)
    bounds = bounds_of(laid, charts.kind, charts.limits, sigmas=SIGMAS)
    figure, linked = charts.stretch.figure, charts.stretch.linked
    chance = chance_of(charts.stretch, charts.kind, charts.limits)
    points = Points(
        np.where(charts.stretch.counted, figure, np.nan),
        charts.limits.centre,
        bounds.low,
        bounds.high,
        charts.limits.sigma,
        linked,
        chance.tail,
        chance.tosses,
    )
    flags, verdict = _signals(points, chosen, run_length, trend_length, better_way)
    size = charts.stretch.points[charts.stretch.number]
    none = np.isnan(bounds.low)
    assurance = judged(bounds.low, bounds.high, targets, better_way)
    first = charts.stretch.number != np.append(-1, charts.stretch.number[:-1])
    start = laid.quarter[first][charts.stretch.number]
    notes = chart_notes(
        laid, charts.stretch, charts.limits, bounds, charts.kind, few=chance.few,
        likely=points.outside() & ~points.beyond_limits(),
        fitting=fits(kind, laid.cells("indicator")), enough=ENOUGH,
        unjudged=~np.isnan(targets) & (better_way == "none"), lang=lang,
    )  # fmt: skip
    rebased_at = np.where(part > 0, np.append(0, rebasing.quarters)[part], start)
    columns: dict[str, ExtensionArray | pd.PeriodIndex] = {
        "kind": text_column(charts.kind),
        "kind_reason": text_column(charts.reason),
        "baseline": quarters(rebased_at),
        "baseline_reason": text_column(rebasing.reasons_of(part)),
        "centre": as_figures(charts.limits.centre),
        "low": as_figures(bounds.low),
        "high": as_figures(bounds.high),
        "sigma": as_figures(np.where(none, np.nan, charts.limits.sigma)),
        "limits": text_column(np.where(none, "none", np.where(size < ENOUGH, "trial", "full"))),
        **flags,
        "verdict": text_column(verdict),
        "target": as_figures(targets),
        "assurance": text_column(assurance),
        "chart_note": notes,
    }
    return laid.with_columns(columns)


@dataclass(frozen=True, eq=False)
class _Charts:
    """The points of all charts, the kind of each and why, and their limits."""

    stretch: Stretch
    kind: np.ndarray
    reason: np.ndarray
    limits: Limits


def _charts(
    laid: QuarterlySeries, part: np.ndarray, kind: str, *, screen: bool, lang: str
) -> _Charts:
    """Return the charts of series whose rows are parted by re-basing."""
    scale = np.where(laid.cells("unit") == "percent", 100.0, 1.0)
    number = np.cumsum((np.diff(laid.series, prepend=-1) != 0) | (np.diff(part, prepend=0) != 0))
    number = number - 1
    follows = (np.diff(number, prepend=-1) == 0) & (np.diff(laid.quarter, prepend=0) == 1)
    reported = ~np.isnan(laid.value)

    def stretch(
        rows: QuarterlySeries, counted: np.ndarray, figure: np.ndarray | None = None
    ) -> Stretch:
        linked = follows & counted & np.append(False, counted[:-1])
        rate = scale * divided(rows.numerator, rows.denominator)
        charted = rate if figure is None else np.where(np.isnan(figure), rate, figure)
        return Stretch(number, counted, charted, rows.numerator, rows.denominator, scale, linked)

    areas = with_areas(laid)
    kinds, reasons = chosen_kinds(areas, stretch(areas, reported), lang=lang)
    if kind != AUTO:
        given = word("chart_kind", "given", lang=lang)
        other = word("chart_kind", "given_against", lang=lang)
        reasons = np.where(kinds == kind, given, other.replace("{auto}", "") + reasons)
        kinds = np.full(len(number), kind, dtype=object)
    laid = areas if kind in (AUTO, "u") else laid
    individual = kinds == "xmr"
    countable = whole_parts(laid, bounded=kinds != "u") & fits(kind, laid.cells("indicator"))
    counted = np.where(individual, reported, reported & countable)
    final = stretch(laid, counted, np.where(individual, laid.value, np.nan))
    limits = limits_of(final, kinds, screen=screen)
    # One point cannot be held against itself.
    alone = (final.points < 2)[number]
    limits = Limits(limits.centre, np.where(alone, np.nan, limits.sigma), limits.left_out)
    return _Charts(final, kinds, reasons, limits)


def _signals(
    points: Points, rules: tuple[str, ...], run_length: int, trend_length: int, better: np.ndarray
) -> tuple[dict[str, BooleanArray], np.ndarray]:
    """Return a column for each rule and for any of them, and the verdict on each signal."""
    trending, way = points.trend(trend_length)
    masks = {
        "beyond_limits": points.beyond_limits(),
        "run": points.run(run_length),
        "trend": trending,
        "two_of_three": points.two_of_three(),
    }
    empty = np.isnan(points.figure)
    needs = {
        "beyond_limits": np.isnan(points.low),
        "run": np.isnan(points.centre),
        "trend": np.zeros(len(empty), dtype=bool),
        "two_of_three": np.isnan(points.sigma),
    }
    flags = {name: BooleanArray(masks[name], empty | needs[name]) for name in rules}
    signal = np.zeros(len(empty), dtype=bool)
    sided = signal.copy()
    for name in rules:
        signal |= masks[name]
        sided |= masks[name] & (name != "trend")
    flags["signal"] = BooleanArray(signal, empty)
    side = np.where(sided, points.side, way)
    good = np.where(better == "lower", -side, np.where(better == "higher", side, 0))
    verdict = np.where(good > 0, "better", np.where(good < 0, "worse", "neutral"))
    return flags, np.where(signal, verdict, "")


def _rules(rules: object, **lengths: object) -> tuple[str, ...]:
    """Return the rules asked for, in the order of `RULES`."""
    asked = list(rules) if isinstance(rules, Iterable) and not isinstance(rules, str) else [rules]
    unknown = [rule for rule in asked if rule not in RULES]
    if unknown or not asked:
        raise ValuesError(
            f"there is no rule {unknown[0]!r}" if unknown else "there are no rules to judge by",
            where="rules=",
            mend=f"choose of {', '.join(RULES)}",
        )
    for name, length in lengths.items():
        whole = isinstance(length, int | np.integer) and not isinstance(length, bool)
        if not whole or length < SHORTEST[name]:  # type: ignore[operator]
            raise ValuesError(
                f"{name}={length!r} is no number of points",
                where=f"{name}=",
                mend=f"give a whole number, {SHORTEST[name]} or more",
            )
    return tuple(rule for rule in RULES if rule in asked)
