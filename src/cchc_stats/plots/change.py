"""Change: each figure against the one before, a row each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cchc_stats.errors import PeriodError, PlotError
from cchc_stats.indicators import find_indicator
from cchc_stats.labels import require_language, word
from cchc_stats.periods import label_period, parse_period
from cchc_stats.plots.fitting import wrap
from cchc_stats.plots.row_axes import height_for, lay_out_rows
from cchc_stats.plots.series import (
    LINE,
    drawable,
    nothing_to_show,
    one_unit,
    row_names,
    telling_columns,
    title_of,
)
from cchc_stats.plots.style import (
    BLUE,
    GREY,
    TEXT,
    TITLE,
    VERMILLION,
    as_float,
    is_synthetic,
    mark_synthetic,
    number_text,
    settle,
    take_axes,
    unit_words,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D

WORDS = {
    "better": {"vi": "tốt lên", "en": "better"},
    "worse": {"vi": "xấu đi", "en": "worse"},
    "neutral": {"vi": "không đổi hoặc không xét", "en": "unchanged or not judged"},
    "no quarter": {"vi": "không có số liệu quý trước", "en": "no figures of the quarter before"},
    "no year": {"vi": "không có số liệu cùng kỳ năm trước", "en": "no figures of the year before"},
    "before": {"vi": "Kỳ trước", "en": "Period before"},
}
# Shape and colour say the same, so that neither is needed to read the other.
LOOKS = {"better": (BLUE, "o"), "worse": (VERMILLION, "s"), "neutral": (GREY, "D")}
QUARTER, YEAR = 1, 4


@dataclass(frozen=True)
class _Row:
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
    changes : what `quarter_over_quarter` or `year_over_year` returns; earlier quarters in it only
        serve to name the period that is compared with.
    period : the quarter; the latest with any figure if None.
    ax : where to draw; a new figure's axes if None.
    lang : "vi" or "en".

    Returns
    -------
    `ax`, or the new axes: a row per agency, indicator, group, basis and origin, with the change at
    its end, shares in percentage points. A row without a figure before says so. Colour and shape
    of the filled mark tell whether the change is for the better, by the indicator's `better`.

    Raises
    ------
    PlotError
        No rows, a missing column, no such period, no figure at all, several units, or more rows
        than the axes have room for.

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
    table = drawable(
        changes,
        columns=("previous", "change"),
        mend="pass the values through quarter_over_quarter(values) first",
    )
    chosen = _period(table, period)
    lag = _lag(table)
    part = table[table["period"] == chosen].reset_index(drop=True)
    if part[["value", "previous"]].isna().all(axis=None):
        raise nothing_to_show(part)
    unit = one_unit(part, mend="choose the rows of one unit, and draw a plot for each")
    rows = _rows(part, unit, lag, lang=lang)
    names, remarks = [row.name for row in rows], [row.remark for row in rows]
    ax = take_axes(ax, width=9.0, height=height_for(names, remarks))
    before = label_period(chosen - lag, lang=lang) if lag else WORDS["before"][lang]
    now = label_period(chosen, lang=lang)
    common = title_of(part, lang=lang, without=_row_columns(part))
    title = f"{common}\n{before} → {now}" if common else f"{before} → {now}"
    width = ax.get_window_extent().width
    ax.set_title(wrap(ax, title, width=width, size=TITLE), loc="left", fontsize=TITLE)
    ax.set_xlabel(unit_words(unit, lang=lang), fontsize=TEXT)
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
    return ax


def _period(table: pd.DataFrame, period: pd.Period | str | None) -> pd.Period:
    """Return the quarter asked for, if the frame has it."""
    known = pd.PeriodIndex(table["period"]).unique().sort_values()
    if period is None:
        # A report prints the quarters to come as well, all empty.
        return pd.PeriodIndex(table.loc[table["value"].notna(), "period"]).sort_values()[-1]
    try:
        chosen = parse_period(period)
    except PeriodError as error:
        raise PlotError(error.what, where=f"period=, {error.where}", mend=error.mend) from error
    if chosen not in known:
        there = ", ".join(map(str, known[-8:]))
        raise PlotError(
            f"there are no values of {chosen}",
            where="period=",
            mend=f"choose one of {'… ' if len(known) > 8 else ''}{there}",
        )
    return chosen


def _lag(table: pd.DataFrame) -> int:
    """Return how many quarters before lies what is compared with; 0 where nothing tells.

    The frame does not name it, but holds it: the figure called previous stands in its own row.
    """
    now = table[[*LINE, "period", "previous"]]
    same = {}
    for lag in (QUARTER, YEAR):
        earlier = table[[*LINE, "period", "value"]].assign(period=table["period"] + lag)
        pairs = now.merge(earlier, on=[*LINE, "period"], how="left", validate="one_to_one")
        same[lag] = int((pairs["value"] == pairs["previous"]).fillna(False).sum())
    if same[QUARTER] == same[YEAR]:
        return 0
    return max(same, key=lambda lag: same[lag])


def _row_columns(part: pd.DataFrame) -> list[str]:
    """Return the key columns that rows are named by; the agency where there is nothing to tell."""
    return telling_columns(part) or ["agency"]


def _rows(part: pd.DataFrame, unit: str, lag: int, *, lang: str) -> list[_Row]:
    rows = []
    for name, row in zip(
        row_names(part, _row_columns(part), lang=lang), part.to_dict("records"), strict=True
    ):
        known = find_indicator(row["indicator"])
        better = known.better if known else "none"
        change = row["change"]
        verdict = "neutral"
        if pd.notna(change) and change != 0 and better != "none":
            verdict = "better" if (change > 0) == (better == "higher") else "worse"
        rows.append(
            _Row(
                name=name,
                previous=as_float(row["previous"]),
                now=as_float(row["value"]),
                verdict=verdict,
                remark=_remark(row, unit, lag, lang=lang),
            )
        )
    return rows


def _remark(row: dict[Any, Any], unit: str, lag: int, *, lang: str) -> str:
    """Return the change in words, or why there is none."""
    if pd.isna(row["value"]):
        return word(
            "status", row["status"] if row["status"] != "reported" else "not_reported", lang=lang
        )
    if pd.isna(row["previous"]):
        return WORDS["no year" if lag == YEAR else "no quarter"][lang]
    change = row["change"]
    if pd.isna(change):
        return str(row.get("comparison_note") or "")
    arrow = "▲ " if change > 0 else "▼ " if change < 0 else "= "
    if unit == "percent":
        return arrow + number_text(change, unit="percentage_points", lang=lang, signed=True)
    percent = row.get("change_pct")
    words = arrow + number_text(change, lang=lang, signed=True)
    if percent is None or pd.isna(percent):
        return words
    return f"{words} ({number_text(percent, unit='percent', lang=lang, signed=True)})"


def _draw_row(ax: Axes, place: int, row: _Row) -> None:
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


def _handles(rows: list[_Row], before: str, now: str, *, lang: str) -> list[Line2D]:
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
        words = f"{now} ({WORDS[verdict][lang]})" if seen != {"neutral"} else now
        handles.append(
            Line2D([], [], color=colour, marker=marker, markersize=6, linestyle="none", label=words)
        )
    return handles
