"""The pictures of a quarter: which figures go into each; the plots themselves draw them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

from cchc_stats.plots import draw_shares, plot_change, plot_staffing, plot_trend
from cchc_stats.publishing.page.inline_svg import Picture, new_figure, picture_of
from cchc_stats.publishing.page.quarter import Quarter
from cchc_stats.publishing.page.texts import text
from cchc_stats.values import KEY
from cchc_stats.words import IN_PERIOD

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PANELS_BESIDE = 3
WIDTH = 9  # inches


@dataclass(frozen=True)
class Drawing:
    """How a picture is made.

    Attributes
    ----------
    rows : the values it shows.
    height : inches that the rows need.
    plot : draws the rows of a quarter on axes.
    """

    rows: Callable[[Quarter], pd.DataFrame]
    height: Callable[[pd.DataFrame], float]
    plot: Callable[[pd.DataFrame, Quarter, Axes], Axes]


def draw(name: str, quarter: Quarter) -> Figure | None:
    """Return one of `PICTURES`, None where the report has no figures for it."""
    drawing = PICTURES[name]
    rows = drawing.rows(quarter)
    if rows["value"].isna().all():
        return None
    figure = new_figure(WIDTH, drawing.height(rows))
    drawing.plot(rows, quarter, figure.add_subplot())
    return figure


def quarter_pictures(
    quarter: Quarter, *, tell: Callable[[str], None] = lambda step: None
) -> list[Picture]:
    """Return the pictures that the report has figures for, in the order of the page."""
    found = []
    for name in PICTURES:
        tell("picture")
        if (figure := draw(name, quarter)) is not None:
            title = text("picture", name, lang=quarter.lang)
            found.append(picture_of(figure, name=name, title=title))
    return found


def _now(values: pd.DataFrame, quarter: Quarter) -> pd.DataFrame:
    now: pd.DataFrame = values[values["period"] == quarter.report.period]
    return now


def _shares(quarter: Quarter) -> pd.DataFrame:
    values = _now(quarter.values, quarter)
    return values[(values["unit"] == "percent") & (values["group"] == "all")]


def _staffing(quarter: Quarter) -> pd.DataFrame:
    values = _now(quarter.values, quarter)
    return values[values["indicator"] == "staffing_rate"]


def _training(quarter: Quarter) -> pd.DataFrame:
    """Return the turns of each group of staff in the quarters of the report's year so far."""
    values, period = quarter.values, quarter.report.period
    turns = (values["unit"] == "turns") & (values["basis"] == IN_PERIOD)
    so_far = (values["period"].dt.year == period.year) & (values["period"] <= period)
    chosen: pd.DataFrame = values[turns & so_far & (values["group"] != "all")]
    return chosen


def _changes(quarter: Quarter, *, unit: str, whole_only: bool) -> pd.DataFrame:
    """Return the figures of one unit that have one of the quarter before."""
    values = quarter.compared("quarter_over_quarter")
    # What only to_quarterly() has made is not shown: the report has no such figure.
    own = values.merge(quarter.values[list(KEY)], on=list(KEY))
    own = own[own["unit"] == unit]
    if whole_only:
        own = own[own["group"] == "all"]
    now = _now(own, quarter)
    told = now["change"].notna() & ~((now["value"] == 0) & (now["previous"] == 0))
    return now[told].reset_index(drop=True)


def _drawn_changes(unit: str, *, whole_only: bool) -> Drawing:
    return Drawing(
        rows=partial(_changes, unit=unit, whole_only=whole_only),
        height=lambda rows: 1.8 + 0.5 * len(rows),
        plot=lambda rows, quarter, ax: plot_change(
            rows, period=quarter.report.period, ax=ax, lang=quarter.lang
        ),
    )


# In the order in which the page shows them.
PICTURES: Mapping[str, Drawing] = {
    "shares": Drawing(
        rows=_shares,
        height=lambda rows: 1.0 + 0.38 * len(rows),
        plot=lambda rows, quarter, ax: draw_shares(rows, ax=ax, lang=quarter.lang),
    ),
    "staffing": Drawing(
        rows=_staffing,
        height=lambda rows: 1.8 + 0.6 * len(rows),
        plot=lambda rows, quarter, ax: plot_staffing(rows, ax=ax, lang=quarter.lang),
    ),
    "training": Drawing(
        rows=_training,
        height=lambda rows: 1.4 + 2.5 * math.ceil(rows["indicator"].nunique() / PANELS_BESIDE),
        plot=lambda rows, quarter, ax: plot_trend(
            rows, ax=ax, panels="indicator", caption=False, lang=quarter.lang
        ),
    ),
    "changes_shares": _drawn_changes("percent", whole_only=True),
    "changes_dossiers": _drawn_changes("dossiers", whole_only=True),
    "changes_training": _drawn_changes("turns", whole_only=False),
    "changes_staff": _drawn_changes("cases", whole_only=False),
}
