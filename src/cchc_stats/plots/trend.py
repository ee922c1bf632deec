"""Trends: figures over consecutive quarters, on one axes or in small multiples."""

from __future__ import annotations

import math
from decimal import Decimal
from numbers import Real
from typing import TYPE_CHECKING

import pandas as pd

from cchc_stats.plots.drawing import (
    LINE,
    MOST_NAMED,
    PANELS,
    Look,
    draw_lines,
    draw_panels,
    drawable,
    figures_of,
    is_synthetic,
    keep_caption,
    lines_of,
    mark_synthetic,
    one_unit,
    panel_grid,
    settle,
    take_axes,
    telling_columns,
    title_of,
    trend_caption,
    unit_label,
    with_limits,
    with_whiskers,
    write_caption,
    write_title,
)
from cchc_stats.words import PlotError, label_period, require_language

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_trend(
    values: pd.DataFrame,
    *,
    ax: Axes | None = None,
    panels: str | None = None,
    target: float | None = None,
    caption: bool = True,
    lang: str = "vi",
) -> Axes:
    """Draw values over consecutive quarters; a missing quarter or figure is a gap in its line.

    The axis goes from the first quarter with a figure to the last. Lines of the year to date start
    anew each year.

    Parameters
    ----------
    values : values frame (see `complete_values`). One line per agency, indicator, group, basis and
        origin, named by what tells it from the others. With columns `low` and `high`, as of
        `add_intervals`, each point has its interval, in axes of up to six lines.
    ax : where to draw; a new figure's axes if None.
    panels : "indicator", "agency" or "group" draws one small axes for each inside `ax`
        (`ax.child_axes`); indicators have a scale each, agencies and groups share one.
    target : level of a dashed line, in the unit of the values.
    caption : whether the sentences of `plot_caption` stand below the axes as well: the first and
        last figure with its interval, and which quarters are missing. The figure's layout makes
        room for them, `layout="constrained"` for one.
    lang : "vi" or "en".

    Returns
    -------
    `ax`, or the new axes. Lines are named at their ends; more than six are listed in a legend.
    A line without any figure is named with the reason. Nothing is computed.

    Raises
    ------
    PlotError
        No rows, a missing or doubled column, no figure at all, several units on one axis, a
        target that is no number, an unknown `panels`, or more panels than the axes have room for.

    Examples
    --------
    >>> own = pd.DataFrame({"agency": "Sở A", "period": ["2020Q1", "2020Q2", "2020Q4"],
    ...                     "indicator": "on_time_rate_settled", "value": [96.0, 97.5, 98.0],
    ...                     "unit": "percent"})
    >>> from matplotlib.figure import Figure
    >>> ax = plot_trend(own, ax=Figure().add_subplot(), target=95)
    >>> ax.get_ylabel(), ax.lines[0].get_ydata().tolist()
    ('Tỷ lệ (%)', [96.0, 97.5, nan, 98.0])
    """
    require_language(lang)
    table = with_limits(drawable(values))
    level = _level(target)
    if panels is not None and panels not in PANELS:
        raise PlotError(
            f"there are no panels by {panels!r}",
            where="panels=",
            mend=f"use one of {', '.join(PANELS)}, or None",
        )
    # A report prints the quarters to come as well, all empty.
    known = table.loc[table["value"].notna(), "period"]
    periods = pd.period_range(known.min(), known.max(), freq="Q-DEC")
    sentences = _sentences(table, periods, lang=lang)
    small: list[Axes] = []
    if panels is not None:
        count = table[panels].nunique()
        columns, rows = panel_grid(count)
        ax = take_axes(ax, width=max(7.0, 3.4 * columns), height=1.2 + 2.5 * rows)
        write_title(ax, title_of(table, lang=lang, without=[panels]))
        ax.set_axis_off()
        _settle_with(ax, sentences if caption else "")
        small = draw_panels(ax, table, periods, by=panels, target=level, lang=lang)
    else:
        unit = one_unit(
            table, mend='choose the rows of one unit, or draw one axis for each: panels="indicator"'
        )
        ax = take_axes(ax, width=9.0, height=4.8)
        write_title(ax, _title_words(table, periods, lang=lang))
        lines = lines_of(table, periods, telling_columns(table), lang=lang)
        look = Look(periods, unit, level, lang, ends=len(lines) <= MOST_NAMED)
        unit_label(ax, look)
        _settle_with(ax, sentences if caption else "")
        draw_lines(ax, lines, look, figures=figures_of(lines))
        if caption:
            # Anew, below the names of the quarters that stand there now.
            write_caption(ax, sentences)
    if not caption:
        keep_caption(ax, sentences)
    if is_synthetic(values):
        for drawn in small or [ax]:
            mark_synthetic(drawn, lang=lang)
    return ax


def _level(target: float | None) -> float | None:
    """Return the target as a float."""
    number = isinstance(target, Real | Decimal) and not isinstance(target, bool)
    if target is not None and not (number and math.isfinite(target)):
        raise PlotError(
            f"the target {target!r} is no level", where="target=", mend="give a number or None"
        )
    return None if target is None else float(target)


def _settle_with(ax: Axes, sentences: str) -> None:
    """Let the layout make room for a caption before anything is drawn by the room there is."""
    if sentences:
        write_caption(ax, sentences)
    settle(ax)


def _sentences(table: pd.DataFrame, periods: pd.PeriodIndex, *, lang: str) -> str:
    columns = telling_columns(table)
    lines = lines_of(table, periods, columns, lang=lang)
    units = [str(part["unit"].iloc[0]) for _, part in table.groupby(list(LINE), sort=False)]
    return trend_caption(
        title_of(table, lang=lang),
        lines,
        periods,
        units=units,
        table=table,
        whiskers=bool(with_whiskers(lines)),
        lang=lang,
    )


def _title_words(table: pd.DataFrame, periods: pd.PeriodIndex, *, lang: str) -> str:
    title = title_of(table, lang=lang)
    if len(periods) > 1:
        return title
    return " · ".join(part for part in (title, label_period(periods[0], lang=lang)) if part)
