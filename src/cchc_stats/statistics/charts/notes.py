"""What has to be said beside the points of a control chart, and where its limits are cut."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from pandas.api.extensions import ExtensionArray

from cchc_stats.statistics.charts.limits import Limits, Stretch
from cchc_stats.statistics.charts.quarterly_series import QuarterlySeries
from cchc_stats.statistics.rates import counted, of_kinds, row_notes, said
from cchc_stats.words import word


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
