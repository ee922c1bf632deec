"""Control charts: what in a series of quarters is a signal, and what the noise of its process."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray
from pandas.arrays import BooleanArray

from cchc_stats.statistics.charts.assurance import judged, read_targets
from cchc_stats.statistics.charts.chance import chance_of
from cchc_stats.statistics.charts.kinds import (
    AUTO,
    chosen_kinds,
    fits,
    require_kind,
    whole_parts,
    with_areas,
)
from cchc_stats.statistics.charts.limits import SIGMAS, Limits, Stretch, limits_of
from cchc_stats.statistics.charts.notes import bounds_of, chart_notes
from cchc_stats.statistics.charts.quarterly_series import QuarterlySeries, directions, quarters
from cchc_stats.statistics.charts.rebasing import read_rebasing
from cchc_stats.statistics.charts.rules import RULES, Points
from cchc_stats.statistics.rates import divided, figure_column, text_column
from cchc_stats.words import ValuesError, require_language, word

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
        "baseline_reason": text_column(rebasing.told(part)),
        "centre": figure_column(charts.limits.centre),
        "low": figure_column(bounds.low),
        "high": figure_column(bounds.high),
        "sigma": figure_column(np.where(none, np.nan, charts.limits.sigma)),
        "limits": text_column(np.where(none, "none", np.where(size < ENOUGH, "trial", "full"))),
        **flags,
        "verdict": text_column(verdict),
        "target": figure_column(targets),
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
    points: Points,
    rules: tuple[str, ...],
    run_length: int,
    trend_length: int,
    better: np.ndarray,
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
