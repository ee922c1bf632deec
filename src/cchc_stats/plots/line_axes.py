"""Lines over consecutive quarters on one axes: quarters, scale, target, names at the lines' ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cchc_stats.periods import label_period
from cchc_stats.plots.fitting import reserve_columns, spread, text_size, wrap
from cchc_stats.plots.series import Line
from cchc_stats.plots.style import (
    GREY,
    SMALL,
    TEXT,
    WORDS,
    number_text,
    plain_frame,
    scale_of,
    settle,
    tick_words,
    unit_words,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D

MOST_NAMED = 6  # lines named at their ends; more are read from a legend
MOST_QUARTERS = 12  # ticks
GAP = 8.0  # pixels between things that must not touch


@dataclass(frozen=True)
class Look:
    """What all axes of one plot share.

    Parameters
    ----------
    periods : the quarters of the x axis, without a hole.
    unit : code of the unit of the figures.
    target : the level of the dashed line, None for no line.
    lang : "vi" or "en".
    ends : whether lines are named at their ends (else the plot has a legend).
    narrow : whether this is one of several small axes.
    """

    periods: pd.PeriodIndex
    unit: str
    target: float | None
    lang: str
    ends: bool = True
    narrow: bool = False

    @property
    def target_words(self) -> str:
        """The name of the dashed line."""
        number = number_text(
            self.target, unit="percent" if self.unit == "percent" else "", lang=self.lang
        )
        return f"{WORDS['target'][self.lang]} {number}"


@dataclass(frozen=True)
class _Name:
    """A name to stand right of the lines: of what, at which quarter and figure that ends."""

    text: str
    at: tuple[float, float] | None
    colour: str


def draw_lines(ax: Axes, lines: Sequence[Line], look: Look, *, figures: np.ndarray) -> list[Line2D]:
    """Draw lines with their quarters, scale, target and names; return them as artists.

    Parameters
    ----------
    figures : all figures that the scale has to hold, without NaN.
    """
    plain_frame(ax, grid="y")
    quarters = np.arange(len(look.periods))
    # A marker on every figure: between two gaps there is no line to see.
    artists = [
        ax.plot(
            quarters,
            line.figures,
            color=line.colour,
            marker=line.marker,
            markersize=5 if look.narrow else 6,
            linewidth=1.6,
            label=line.label,
        )[0]
        for line in lines
    ]
    start, end = -0.3, len(quarters) - 1 + 0.3
    if look.target is not None:
        ax.hlines(look.target, start, end, colors=GREY, linestyles="--", linewidth=1.2, zorder=1.5)
        figures = np.append(figures, look.target)
    _scale(ax, figures, look)
    names = _names(lines, look)
    widest = 0.28 * ax.get_window_extent().width
    texts = [wrap(ax, name.text, width=widest, size=SMALL) for name in names]
    room = max((text_size(ax, text, SMALL)[0] for text in texts), default=0.0)
    legend = not look.narrow and not _write_names(ax, names, texts, end, room, probe=True)
    if legend:
        _legend_beside(ax, artists, look, start, end)
    else:
        reserve_columns(ax, start, end, right=room + 2 * GAP if texts else 0.0)
    name_quarters(ax, look.periods, lang=look.lang)
    if not look.narrow:
        settle(ax)
    if not legend:
        _write_names(ax, names, texts, end, room, probe=False)
    if len(lines) == 1 and not look.narrow:
        _write_figures(ax, lines[0], look)
    return artists


def _scale(ax: Axes, figures: np.ndarray, look: Look) -> None:
    height = ax.get_window_extent().height
    bins = int(np.clip(height / 45, 2, 8))
    bottom, top, ticks = scale_of(figures, unit=look.unit, bins=bins)
    ax.set_ylim(bottom, top)
    ax.set_yticks(ticks, tick_words(ticks, lang=look.lang))


def _names(lines: Sequence[Line], look: Look) -> list[_Name]:
    names = []
    if look.ends:
        for line in lines:
            known = np.flatnonzero(~np.isnan(line.figures))
            last = (float(known[-1]), float(line.figures[known[-1]])) if len(known) else None
            if line.label:
                names.append(_Name(line.label, last, line.colour if last else GREY))
    if look.target is not None and not (look.narrow and not look.ends):
        names.append(_Name(look.target_words, (len(look.periods) - 0.7, look.target), GREY))
    return names


def _write_names(
    ax: Axes, names: Sequence[_Name], texts: Sequence[str], end: float, room: float, *, probe: bool
) -> bool:
    """Write the names in a column right of the lines; return whether they fit without touching.

    With `probe` nothing is written.
    """
    if not names:
        return True
    box = ax.get_window_extent()
    heights = [text_size(ax, text, SMALL)[1] + 3 for text in texts]
    if probe:
        lines = [name for name in names if name.at is None or name.at[0] <= end - 0.3]
        return len(lines) <= MOST_NAMED and sum(heights) <= box.height
    bottom = ax.get_ylim()[0]
    wanted = [
        float(ax.transData.transform((0, name.at[1] if name.at else bottom))[1]) for name in names
    ]
    placed = spread(wanted, heights, low=box.y0, high=box.y1)
    per_pixel = np.diff(ax.get_xlim())[0] / box.width
    for name, text, pixel, want in zip(names, texts, placed, wanted, strict=True):
        level = float(ax.transData.inverted().transform((0, pixel))[1])
        place = (end + GAP * per_pixel, level)
        moved = name.at is not None and (abs(pixel - want) > 6 or name.at[0] < end - 1)
        ax.annotate(
            text,
            xy=name.at or place,
            xytext=place,
            color=name.colour,
            fontsize=SMALL,
            va="center",
            ha="left",
            arrowprops={
                "arrowstyle": "-",
                "color": name.colour,
                "linewidth": 0.6,
                "linestyle": ":",
                "shrinkA": 0,
                "shrinkB": 4,
                "relpos": (0, 0.5),
            }
            if moved
            else None,
        )
    return True


def _legend_beside(
    ax: Axes, artists: Sequence[Line2D], look: Look, start: float, end: float
) -> None:
    """List the lines right of them, inside the axes, where no layout can cut the list off."""
    from matplotlib.lines import Line2D

    handles = list(artists)
    if look.target is not None:
        handles.append(Line2D([], [], color=GREY, linestyle="--", label=look.target_words))
    box = ax.get_window_extent()
    for handle in handles:
        handle.set_label(wrap(ax, str(handle.get_label()), width=0.3 * box.width, size=SMALL))
    size = SMALL
    while True:
        legend = ax.legend(
            handles=handles, loc="upper right", fontsize=size, frameon=False, borderaxespad=0
        )
        extent = legend.get_window_extent()
        if extent.height <= box.height or size <= 5:
            break
        size -= 0.5
    reserve_columns(ax, start, end, right=extent.width + GAP)


def name_quarters(ax: Axes, periods: pd.PeriodIndex, *, lang: str) -> None:
    """Name the quarters below the axes: as many as stand side by side, always the last one."""
    words = [label_period(period, lang=lang) for period in periods]
    left, right = ax.get_xlim()
    each = ax.get_window_extent().width / (right - left)
    width, height = text_size(ax, max(words, key=len), TEXT)
    step = _step(len(words), 1)
    # Where the layout makes room below the axes, leaning names lose no quarter.
    figure = ax.get_figure(root=True)
    leaning = (
        width + GAP > step * each
        and 1.5 * height <= step * each
        and figure is not None
        and figure.get_layout_engine() is not None
        and len(figure.axes) == 1
    )
    if not leaning:
        step = _step(len(words), int(np.ceil((width + GAP) / each)))
    shown = np.arange(len(words) - 1, -1, -step)[::-1]
    ax.set_xticks(shown, [words[place] for place in shown], fontsize=TEXT)
    if leaning:
        for label in ax.get_xticklabels():
            label.set(rotation=35, ha="right", rotation_mode="anchor")


def _step(quarters: int, least: int) -> int:
    """Return every how many quarters one is named: from two on, the same quarters of each year."""
    steps = [1, 2, *range(4, max(quarters, 4) + 4, 4)]
    return next(
        (step for step in steps if step >= least and quarters <= MOST_QUARTERS * step), steps[-1]
    )


def _write_figures(ax: Axes, line: Line, look: Look) -> None:
    """Write each figure above its point where a single line leaves the room for it."""
    from matplotlib.patheffects import withStroke

    unit = "percent" if look.unit == "percent" else ""
    known = np.flatnonzero(~np.isnan(line.figures))
    texts = [number_text(line.figures[place], unit=unit, lang=look.lang) for place in known]
    left, right = ax.get_xlim()
    each = ax.get_window_extent().width / (right - left)
    if max(text_size(ax, text, SMALL)[0] for text in texts) + GAP > each:
        return
    # Room above the highest point; the ticks stay what they are.
    bottom, top = ax.get_ylim()
    ax.set_ylim(bottom, top + 0.06 * (top - bottom))
    for place, text in zip(known, texts, strict=True):
        ax.annotate(
            text,
            xy=(float(place), float(line.figures[place])),
            xytext=(0, 6),
            textcoords="offset points",
            ha="center",
            fontsize=SMALL,
            path_effects=[withStroke(linewidth=2.5, foreground="white")],
        )


def unit_label(ax: Axes, look: Look) -> None:
    """Write the unit beside the y axis."""
    ax.set_ylabel(unit_words(look.unit, lang=look.lang), fontsize=TEXT)
