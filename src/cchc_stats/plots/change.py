"""Change: each figure against the one before, a row each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cchc_stats.indicators import find_indicator
from cchc_stats.plots.axes import (
    BLUE,
    GREY,
    TEXT,
    VERMILLION,
    height_for,
    is_synthetic,
    lay_out_rows,
    literal,
    mark_synthetic,
    settle,
    take_axes,
    write_caption,
    write_title,
)
from cchc_stats.plots.series import (
    as_float,
    drawable,
    nothing_to_show,
    numbers,
    one_unit,
    row_names,
    telling_columns,
    title_of,
)
from cchc_stats.plots.words import change_words, number_text, unit_words
from cchc_stats.words import (
    PeriodError,
    PlotError,
    label_period,
    parse_period,
    require_language,
    require_quarters,
    word,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D

FIGURES = ("previous", "change", "change_pct")
COMPARED = (*FIGURES, "previous_period", "comparison_note")
MEND = "pass the values through quarter_over_quarter(values) or year_over_year(values) first"
# Shape and colour say the same, so that neither is needed to read the other.
LIMITS = ("change_low", "change_high")  # at 95 %
MANY = 10  # changes with limits from which the caption speaks of chance
LOOKS = {"better": (BLUE, "o"), "worse": (VERMILLION, "s"), "neutral": (GREY, "D")}


@dataclass(frozen=True)
class _ChangeRow:
    """One row: figures, NaN where missing, whether the change is for the better, and the remark."""

    name: str
    previous: float
    now: float
    verdict: str
    remark: str


def plot_change(
    changes: pd.DataFrame,
    *,
    period: pd.Period | str | None = None,
    ax: Axes | None = None,
    lang: str = "vi",
) -> Axes:
    """Draw the figures of one quarter against those before: from the hollow mark to the filled one.

    Parameters
    ----------
    changes : what `quarter_over_quarter` or `year_over_year` returns; only the rows of one quarter
        are drawn, and `previous_period` names the one before.
    period : the quarter; the latest with any figure if None.
    ax : where to draw; a new figure's axes if None.
    lang : "vi" or "en".

    Returns
    -------
    `ax`, or the new axes: a row per agency, indicator, group, basis and origin, with the change at
    its end, shares in percentage points. A row without a figure before says so, in the words of
    `comparison_note`. Colour and shape of the filled mark tell whether the change is for the
    better, by the indicator's `better`. From ten changes with limits on the caption says how many
    of these leave out 0, and how many do by chance alone.

    Raises
    ------
    PlotError
        No rows, a missing or doubled column, text in a figure, no such period, no figure at all,
        several units, rows compared with several quarters, or more rows than the axes have room
        for.

    Examples
    --------
    >>> from cchc_stats.trends import quarter_over_quarter
    >>> own = pd.DataFrame({"agency": "Sở A", "period": ["2020Q2", "2020Q3"], "unit": "percent",
    ...                     "indicator": "on_time_rate_settled", "value": [97.5, 98.0]})
    >>> from matplotlib.figure import Figure
    >>> ax = plot_change(quarter_over_quarter(own), ax=Figure().add_subplot())
    >>> [text.get_text() for text in ax.texts]
    ['▲ +0,5 điểm %']
    """
    require_language(lang)
    table = drawable(changes, columns=COMPARED, mend=MEND)
    table = table.assign(**{name: numbers(table, name, mend=MEND) for name in FIGURES})
    chosen = _period(table, period)
    part = table[table["period"] == chosen].reset_index(drop=True)
    if part[["value", "previous"]].isna().all(axis=None):
        raise nothing_to_show(part)
    unit = one_unit(part, mend="choose the rows of one unit, and draw a plot for each")
    before = label_period(_previous_period(part), lang=lang)
    rows = _rows(part, lang=lang)
    names, remarks = [row.name for row in rows], [row.remark for row in rows]
    ax = take_axes(ax, width=9.0, height=height_for(names, remarks))
    now = label_period(chosen, lang=lang)
    common = title_of(part, lang=lang, without=_row_columns(part))
    write_title(ax, f"{common}\n{before} → {now}" if common else f"{before} → {now}")
    ax.set_xlabel(literal(unit_words(unit, lang=lang)), fontsize=TEXT)
    ax.set_xticks([0], ["0"], fontsize=TEXT)
    settle(ax)
    figures = np.array([(row.previous, row.now) for row in rows]).ravel()
    lay_out_rows(
        ax,
        names,
        remarks,
        figures[~np.isnan(figures)],
        unit=unit,
        lang=lang,
        colours=[LOOKS[row.verdict][0] for row in rows],
        handles=_handles(rows, before, now, lang=lang),
    )
    for place, row in enumerate(rows):
        _draw_row(ax, place, row)
    if is_synthetic(changes):
        mark_synthetic(ax, lang=lang)
    if sentence := _by_chance(part, lang=lang):
        write_caption(ax, sentence)
    return ax


def _by_chance(part: pd.DataFrame, *, lang: str) -> str:
    """Return how many of many changes have limits beyond 0, and how many chance alone gives."""
    if not set(LIMITS) <= {*part}:
        return ""
    low, high = (numbers(part, name, mend=MEND).dropna() for name in LIMITS)
    if min(len(low), len(high)) < MANY:
        return ""
    apart = int((low > 0).sum() + (high < 0).sum())
    expected = number_text(0.05 * len(low), lang=lang)
    return word("chart_plot", "changes", lang=lang).format(n=len(low), k=apart, expected=expected)


def _period(table: pd.DataFrame, period: pd.Period | str | None) -> pd.Period:
    """Return the quarter asked for, if the frame has it."""
    quarters = pd.PeriodIndex(table["period"]).unique().sort_values()
    if period is None:
        # A report prints the quarters to come as well, all empty.
        return pd.PeriodIndex(table.loc[table["value"].notna(), "period"]).sort_values()[-1]
    try:
        chosen = parse_period(period)
    except PeriodError as error:
        raise PlotError(error.what, where=f"period=, {error.where}", mend=error.mend) from error
    if chosen not in quarters:
        there = ", ".join(map(str, quarters[-8:]))
        raise PlotError(
            f"there are no values of {chosen}",
            where="period=",
            mend=f"choose one of {'… ' if len(quarters) > 8 else ''}{there}",
        )
    return chosen


def _previous_period(part: pd.DataFrame) -> pd.Period:
    """Return the one quarter that all rows are compared with."""
    where = "column previous_period"
    try:
        previous = require_quarters(part["previous_period"], where=where)
    except PeriodError as error:
        raise PlotError(error.what, where=error.where, mend=MEND) from error
    if previous.isna().any():
        raise PlotError(
            "the quarter that a row is compared with is missing",
            where=f"{where}, row {int(np.argmax(previous.isna())) + 1} of {part['period'].iloc[0]}",
            mend=MEND,
        )
    quarters = pd.PeriodIndex(previous).unique().sort_values()
    if len(quarters) > 1:
        raise PlotError(
            f"rows compared with {len(quarters)} quarters cannot share a plot",
            where=f"{where}: {', '.join(map(str, quarters[:5]))}",
            mend="choose the rows of one comparison, and draw a plot for each",
        )
    return quarters[0]


def _row_columns(part: pd.DataFrame) -> list[str]:
    """Return the key columns that rows are named by; the agency where there is nothing to tell."""
    return telling_columns(part) or ["agency"]


def _rows(part: pd.DataFrame, *, lang: str) -> list[_ChangeRow]:
    rows = []
    for name, row in zip(
        row_names(part, _row_columns(part), lang=lang), part.to_dict("records"), strict=True
    ):
        indicator = find_indicator(row["indicator"])
        better = indicator.better if indicator else "none"
        change = row["change"]
        verdict = "neutral"
        if pd.notna(change) and change != 0 and better != "none":
            verdict = "better" if (change > 0) == (better == "higher") else "worse"
        rows.append(
            _ChangeRow(
                name=name,
                previous=as_float(row["previous"]),
                now=as_float(row["value"]),
                verdict=verdict,
                remark=_remark(row, lang=lang),
            )
        )
    return rows


def _remark(row: dict[Any, Any], *, lang: str) -> str:
    """Return the change in words, or why there is none."""
    if pd.isna(row["value"]):
        return word(
            "status", row["status"] if row["status"] != "reported" else "not_reported", lang=lang
        )
    change = row["change"]
    if pd.isna(change):
        note = row["comparison_note"]
        return "" if pd.isna(note) else str(note)
    arrow = "▲ " if change > 0 else "▼ " if change < 0 else "= "
    return arrow + change_words(row, lang=lang)


def _draw_row(ax: Axes, place: int, row: _ChangeRow) -> None:
    colour, marker = LOOKS[row.verdict]
    if not np.isnan(row.previous) and not np.isnan(row.now):
        ax.plot([row.previous, row.now], [place, place], color=colour, linewidth=2, zorder=2)
    if not np.isnan(row.previous):
        ax.plot(
            [row.previous],
            [place],
            marker="o",
            markersize=9,
            markerfacecolor="white",
            markeredgecolor=colour,
            markeredgewidth=1.5,
            linestyle="none",
            zorder=3,
        )
    if not np.isnan(row.now):
        # Smaller than the hollow mark, which so stays seen where nothing has changed.
        ax.plot([row.now], [place], marker=marker, markersize=6, color=colour, zorder=4)


def _handles(rows: list[_ChangeRow], before: str, now: str, *, lang: str) -> list[Line2D]:
    """Return what the legend explains: the hollow mark, and each filled one that is drawn."""
    from matplotlib.lines import Line2D

    handles = [
        Line2D(
            [],
            [],
            color=GREY,
            linestyle="none",
            marker="o",
            markersize=9,
            markerfacecolor="white",
            markeredgewidth=1.5,
            label=before,
        )
    ]
    seen = {row.verdict for row in rows if not np.isnan(row.now)}
    for verdict in (name for name in LOOKS if name in seen):
        colour, marker = LOOKS[verdict]
        words = f"{now} ({word('plot', verdict, lang=lang)})" if seen != {"neutral"} else now
        handles.append(
            Line2D([], [], color=colour, marker=marker, markersize=6, linestyle="none", label=words)
        )
    return handles
