"""Lines over quarters on one axes: the quarters, the scale, a target, names at the lines' ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cchc_stats.plots.drawing.fitting import (
    MOST_LINES,
    plain,
    reserve_columns,
    spread,
    text_size,
    wrap,
)
from cchc_stats.plots.drawing.quarter_ticks import alone_with_layout, name_quarters
from cchc_stats.plots.drawing.scale import scale_of, tick_words
from cchc_stats.plots.drawing.series import Line
from cchc_stats.plots.drawing.style import GREY, SMALL, TEXT, plain_frame, settle
from cchc_stats.plots.drawing.whiskers import draw_whiskers
from cchc_stats.plots.drawing.words import number_text, unit_words
from cchc_stats.words import PlotError, word

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D

MOST_NAMED = 6  # lines named at their ends; more are read from a legend
GAP = 8.0  # pixels between things that must not touch
SIDE = 20.0  # pixels between the frame and the first or last point
SMALLEST = 5.5  # points, of a legend


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
        return f"{word('plot', 'target', lang=self.lang)} {number}"


@dataclass(frozen=True)
class EndName:
    """A name to stand right of the lines: the quarter and figure that its line ends with."""

    text: str
    end: tuple[float, float] | None
    colour: str


def draw_lines(ax: Axes, lines: Sequence[Line], look: Look, *, figures: np.ndarray) -> None:
    """Draw lines with their quarters, scale, target and names.

    Parameters
    ----------
    figures : all figures that the scale has to hold, without NaN.
    """
    plain_frame(ax, grid="y")
    quarters = np.arange(len(look.periods))
    # A marker on every figure: between two gaps there is no line to see.
    artists = [
        ax.plot(
            *(
                _cut_at_new_year(line, look.periods)
                if line.from_new_year
                else (quarters, line.figures)
            ),
            color=line.colour,
            marker=line.marker,
            markersize=5 if look.narrow else 6,
            linewidth=1.6,
            label=plain(line.label),
        )[0]
        for line in lines
    ]
    # A single quarter stands by the names of its figures, or in the middle where there are none.
    named = look.ends and len(lines) > 1
    start, end = (0.0, len(quarters) - 1.0) if len(quarters) > 1 else (-0.5, 0.0 if named else 0.5)
    draw_whiskers(ax, lines)
    if look.target is not None:
        ax.hlines(look.target, start, end, colors=GREY, linestyles="--", linewidth=1.2, zorder=1.5)
        figures = np.append(figures, look.target)
    _scale(ax, figures, look)
    names = _names(lines, look, end)
    widest = 0.28 * ax.get_window_extent().width
    texts = [wrap(ax, name.text, width=widest, size=SMALL, lines=MOST_LINES) for name in names]
    heights = [text_size(ax, text, SMALL)[1] + 3 for text in texts]
    room = max((text_size(ax, text, SMALL)[0] + GAP for text in texts), default=0.0)
    legend = not look.narrow and (
        not look.ends or sum(heights) > 0.9 * ax.get_window_extent().height
    )
    for _ in range(1 if look.narrow else 2):
        # Twice: what stands below the axes changes their height, and so the room for a legend.
        if legend:
            room = _legend_beside(ax, artists, [line.label for line in lines], look)
        reserve_columns(ax, start, end, left=SIDE, right=SIDE + room)
        name_quarters(ax, look.periods, lean=look.narrow or alone_with_layout(ax), lang=look.lang)
        if not look.narrow:
            settle(ax)
    if not legend:
        write_end_names(ax, names, texts, heights, end)
    # In a small axes there is room beside the point of a single quarter only.
    if len(lines) == 1 and not lines[0].absence and (not look.narrow or len(quarters) == 1):
        _write_figures(ax, lines[0], look)


def _cut_at_new_year(line: Line, periods: pd.PeriodIndex) -> tuple[np.ndarray, np.ndarray]:
    """Return places and figures with a gap before each quarter I: three months end no nine."""
    first = np.flatnonzero(periods.quarter == 1)
    first = first[first > 0]
    quarters = np.insert(np.arange(len(periods), dtype=float), first, first - 0.5)
    return quarters, np.insert(line.figures, first, np.nan)


def _scale(ax: Axes, figures: np.ndarray, look: Look) -> None:
    height = ax.get_window_extent().height
    bins = int(np.clip(height / 45, 2, 8))
    most = int(height / (1.6 * text_size(ax, "0", TEXT)[1]))
    bottom, top, ticks = scale_of(figures, unit=look.unit, bins=bins, most=most)
    ax.set_ylim(bottom, top)
    ax.set_yticks(ticks, tick_words(ticks, lang=look.lang))


def _names(lines: Sequence[Line], look: Look, end: float) -> list[EndName]:
    if not look.ends:
        return []
    names = []
    for line in lines:
        known = np.flatnonzero(~np.isnan(line.figures))
        last = (float(known[-1]), float(line.figures[known[-1]])) if len(known) else None
        if line.label:
            names.append(EndName(line.label, last, line.colour if last else GREY))
    if look.target is not None:
        names.append(EndName(look.target_words, (end, look.target), GREY))
    return names


def write_end_names(
    ax: Axes,
    names: Sequence[EndName],
    texts: Sequence[str],
    heights: Sequence[float],
    end: float,
) -> None:
    """Write the names in a column right of the lines, each as near to its line as can be."""
    if not names:
        return
    from matplotlib.patheffects import withStroke

    box = ax.get_window_extent()
    bottom = ax.get_ylim()[0]
    wanted = [
        float(ax.transData.transform((0, name.end[1] if name.end else bottom))[1]) for name in names
    ]
    placed = spread(wanted, heights, low=box.y0, high=box.y1)
    per_pixel = np.diff(ax.get_xlim())[0] / box.width
    for name, text, pixel, want in zip(names, texts, placed, wanted, strict=True):
        level = float(ax.transData.inverted().transform((0, pixel))[1])
        place = (end + SIDE * per_pixel, level)
        moved = name.end is not None and (abs(pixel - want) > 6 or name.end[0] < end - 0.5)
        ax.annotate(
            text,
            xy=name.end or place,
            xytext=place,
            color=name.colour,
            fontsize=SMALL,
            va="center",
            ha="left",
            path_effects=[withStroke(linewidth=3, foreground="white")],
            arrowprops={
                "arrowstyle": "-",
                "color": name.colour,
                "linewidth": 0.7,
                "linestyle": (0, (1, 3)),
                "shrinkA": 0,
                "shrinkB": 4,
                "relpos": (0, 0.5),
            }
            if moved
            else None,
        )


def _legend_beside(ax: Axes, artists: Sequence[Line2D], names: Sequence[str], look: Look) -> float:
    """List the lines right of them, inside the axes, where no layout can cut the list off.

    Returns the width that takes in pixels.

    Raises
    ------
    PlotError
        The list is higher than the axes.
    """
    from matplotlib.lines import Line2D

    handles, words = list(artists), list(names)
    if look.target is not None:
        handles.append(Line2D([], [], color=GREY, linestyle="--"))
        words.append(look.target_words)
    box = ax.get_window_extent()
    size = SMALL
    while size >= SMALLEST:
        texts = [
            wrap(ax, text, width=0.3 * box.width, size=size, lines=MOST_LINES) for text in words
        ]
        legend = ax.legend(
            handles,
            texts,
            loc="upper right",
            fontsize=size,
            frameon=False,
            borderaxespad=0,
            labelspacing=0.3,
        )
        extent = legend.get_window_extent()
        if extent.height <= box.height:
            return float(extent.width)
        size -= 0.5
    raise PlotError(
        f"the names of {len(artists)} lines do not fit axes of {box.height:.0f} pixels",
        where="values and ax=",
        mend='choose fewer lines, give a taller figure, or draw panels="agency"',
    )


def _write_figures(ax: Axes, line: Line, look: Look) -> None:
    """Write each figure above its point, or its interval, where there is the room for it."""
    from matplotlib.patheffects import withStroke

    unit = "percent" if look.unit == "percent" else ""
    known = np.flatnonzero(~np.isnan(line.figures))
    texts = [number_text(line.figures[place], unit=unit, lang=look.lang) for place in known]
    left, right = ax.get_xlim()
    each = ax.get_window_extent().width / (right - left)
    if max(text_size(ax, text, SMALL)[0] for text in texts) + GAP > each:
        return
    if not look.narrow:
        # Room above the highest point; the ticks stay what they are.
        bottom, top = ax.get_ylim()
        ax.set_ylim(bottom, top + 0.06 * (top - bottom))
    for place, text in zip(known.tolist(), texts, strict=True):
        ax.annotate(
            text,
            xy=(float(place), _above(line, place, narrow=look.narrow)),
            xytext=(6, 0) if look.narrow else (0, 6),
            textcoords="offset points",
            ha="left" if look.narrow else "center",
            va="center" if look.narrow else "baseline",
            fontsize=SMALL,
            path_effects=[withStroke(linewidth=2.5, foreground="white")],
        )


def _above(line: Line, place: int, *, narrow: bool) -> float:
    """Return the level above which a figure is written."""
    free = narrow or np.isnan(line.high[place])
    return float(line.figures[place] if free else line.high[place])


def unit_label(ax: Axes, look: Look) -> None:
    """Write the unit beside the y axis."""
    ax.set_ylabel(plain(unit_words(look.unit, lang=look.lang)), fontsize=TEXT)
