"""The main figures over the quarters: a trend each, and a control chart where there are enough."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from cchc_stats.indicators import find_indicator
from cchc_stats.plots import name_of, plot_control_chart, plot_trend
from cchc_stats.publishing.page.inline_svg import Picture, new_figure, picture_of
from cchc_stats.publishing.page.key_figures import KEY_FIGURES
from cchc_stats.publishing.page.quarter import Quarter
from cchc_stats.publishing.page.rows import LEVEL, Block, blocks
from cchc_stats.publishing.page.texts import text
from cchc_stats.statistics import add_intervals, control_chart
from cchc_stats.trends import quarter_over_quarter
from cchc_stats.values import KEY
from cchc_stats.words import YEAR_TO_DATE

FEWEST = 3  # quarters with a figure that make a trend
CHARTED = 12  # quarters from which the limits of a control chart are no trial any more
# In the order of the page. Of the other main figures, which hardly move or move with one of these,
# the table tells.
DRAWN = (
    "on_time_rate_settled",
    "settlement_rate",
    "pending_overdue_share",
    "time_reduction",
    "staffing_rate",
    "training_turns",
    "electronic_documents_share",
    "online_share",
)
WIDTH, HEIGHT = 4.6, 3.4  # inches: two stand beside each other, one fills a narrow screen
SERIES = [name for name in KEY if name != "period"]


@dataclass(frozen=True, eq=False)
class Trends:
    """The main figures over the quarters.

    Attributes
    ----------
    values : what `quarter_over_quarter` returns, with intervals; figures of the whole only.
    charts : what `control_chart` returns of rates of events that have quarters enough.
    blocks : the values in words.
    """

    values: pd.DataFrame
    charts: pd.DataFrame
    blocks: tuple[Block, ...]

    @property
    def count(self) -> int:
        """How many figures there are."""
        return sum(len(block.rows) for block in self.blocks)


def trends_of(quarter: Quarter) -> Trends | None:
    """Return the trends of a quarter that has a history, None where it has none.

    Of an indicator told on several bases or by several origins the series with most figures counts.
    """
    if quarter.history.empty:
        return None
    known = pd.concat([quarter.values, quarter.history], ignore_index=True)
    main = known["indicator"].isin(KEY_FIGURES) & (known["group"] == "all")
    up_to_now = known["period"] <= quarter.report.period
    known = known[main & up_to_now & (known["basis"] != YEAR_TO_DATE)]
    figures = known.groupby(SERIES, sort=False)["value"].count()
    figures = figures[figures >= FEWEST].sort_values(ascending=False, kind="stable")
    chosen = figures.reset_index()[SERIES].drop_duplicates("indicator")
    if chosen.empty:
        return None
    values = known.merge(chosen, on=SERIES)
    order = values["indicator"].map(KEY_FIGURES.index)
    values = values.assign(order=order).sort_values(["order", "period"]).drop(columns="order")
    values = quarter_over_quarter(values.reset_index(drop=True), lang=quarter.lang)
    values = add_intervals(values, level=LEVEL, lang=quarter.lang)
    return Trends(values, _charts(values, lang=quarter.lang), blocks(values, lang=quarter.lang))


def _charts(values: pd.DataFrame, *, lang: str) -> pd.DataFrame:
    events = [
        code
        for code in values["indicator"].unique()
        if code in DRAWN and (known := find_indicator(code)) and known.kind == "events"
    ]
    figures = values[values["indicator"].isin(events)]
    enough = figures.groupby("indicator")["value"].transform("count") >= CHARTED
    # One that never moves is told by its trend.
    moves = figures.groupby("indicator")["value"].transform("nunique") > 1
    chosen = figures[enough & moves]
    return control_chart(chosen, lang=lang) if len(chosen) else chosen


def trend_pictures(
    trends: Trends, *, lang: str, tell: Callable[[str], None] = lambda step: None
) -> list[Picture]:
    """Return a picture for each of `DRAWN`: its control chart, else its trend with intervals."""
    found = []
    for code in DRAWN:
        part = trends.values[trends.values["indicator"] == code]
        if part.empty:
            continue
        tell("picture")
        title = name_of("indicator", code, lang=lang)
        chart = trends.charts[trends.charts["indicator"] == code]
        figure = new_figure(WIDTH, HEIGHT)
        if len(chart):
            plot_control_chart(chart, ax=figure.add_subplot(), caption=False, lang=lang)
            title = text("picture", "control_chart", lang=lang).format(label=title)
        else:
            plot_trend(part, ax=figure.add_subplot(), caption=False, lang=lang)
        found.append(picture_of(figure, name=f"trend-{code}", title=title))
    return found
