"""Axes of rows: each row's name left and a remark right of what is drawn, all inside the axes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from cchc_stats.plots.drawing.fitting import reserve_columns, text_size, wrap
from cchc_stats.plots.drawing.scale import scale_of, tick_words
from cchc_stats.plots.drawing.style import FAINT, SMALL, TEXT, plain_frame
from cchc_stats.words import PlotError

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

GAP = 10.0  # pixels between the columns
SMALLEST = 6.0  # points: the smallest text that can be read
ROW_LINES = 5  # of a row at most


def lay_out_rows(
    ax: Axes,
    names: Sequence[str],
    remarks: Sequence[str],
    figures: np.ndarray,
    *,
    unit: str,
    lang: str,
    colours: Sequence[str],
    handles: Sequence[Artist],
    from_zero: bool = False,
) -> None:
    """Set the scales of both axes and write the names and remarks of the rows, first row on top.

    Row n stands at y = n. The names are tick labels drawn inside the axes, so that nothing sticks
    out of an axes that a caller has placed.

    Parameters
    ----------
    figures : all figures that the x axis has to hold.
    colours : of each row's remark.
    handles : of the legend above the first row; none for no legend.
    from_zero : whether the x axis starts at 0 whatever the figures.

    Raises
    ------
    PlotError
        More rows than the axes are high enough for.
    """
    plain_frame(ax, grid="x")
    box = ax.get_window_extent()
    taken = _legend(ax, handles)
    height = (box.height - taken) / (len(names) + 0.2)
    if height <= 0:
        raise _too_low(ax, len(names))
    header = taken / height
    size, left_words, right_words = _fitted(ax, names, remarks, height)
    ax.set_ylim(len(names) - 0.5 + 0.2, -0.5 - header)
    ax.set_yticks(np.arange(len(names)), left_words, fontsize=size)
    ax.tick_params(axis="y", length=0, pad=-2)
    for label in ax.get_yticklabels():
        label.set(horizontalalignment="left", linespacing=1.05)
    ax.spines["left"].set_visible(False)
    left = max(text_size(ax, text, size)[0] for text in left_words) + 2 * GAP
    right = max(text_size(ax, text, size)[0] for text in right_words) + 2 * GAP
    bins = int(np.clip((box.width - left - right) / 55, 2, 8))
    with_zero = np.append(figures, 0.0) if from_zero else figures
    bottom, top, ticks = scale_of(with_zero, unit=unit, bins=bins)
    start = 0.0 if from_zero else bottom
    end = max(top, float(np.max(figures)))
    ax.set_xticks(ticks, tick_words(ticks, lang=lang), fontsize=TEXT)
    reserve_columns(ax, start, end, left=left, right=right)
    for place, (text, colour) in enumerate(zip(right_words, colours, strict=True)):
        ax.annotate(
            text,
            xy=(1, place),
            xycoords=("axes fraction", "data"),
            xytext=(-2, 0),
            textcoords="offset points",
            ha="right",
            va="center",
            fontsize=size,
            color=colour,
            linespacing=1.05,
        )
    for place in range(1, len(names)):
        ax.axhline(place - 0.5, color=FAINT, linewidth=0.5, zorder=0.5)


def _fitted(
    ax: Axes, names: Sequence[str], remarks: Sequence[str], height: float
) -> tuple[float, list[str], list[str]]:
    """Return the largest text size at which all fits its row, with the texts broken into lines."""
    width = ax.get_window_extent().width
    size = TEXT
    while True:
        one_line = text_size(ax, "Ậg", size)[1]
        lines = max(1, int(height / one_line))
        # One line too many tells that a text does not fit; an endless one is cut, lest it shrink
        # the others.
        most = min(lines + 1, ROW_LINES)
        left, right = (
            [wrap(ax, text, width=share * width, size=size, lines=most) for text in texts]
            for texts, share in ((names, 0.36), (remarks, 0.3))
        )
        if max(text.count("\n") for text in (*left, *right)) < lines and one_line <= height:
            return size, left, right
        if size <= SMALLEST:
            break
        size -= 0.5
    if one_line > height:
        raise _too_low(ax, len(names))
    shortened = [
        [wrap(ax, text, width=share * width, size=size, lines=lines) for text in texts]
        for texts, share in ((names, 0.36), (remarks, 0.3))
    ]
    return size, shortened[0], shortened[1]


def _too_low(ax: Axes, rows: int) -> PlotError:
    return PlotError(
        f"{rows} row{'s do' if rows > 1 else ' does'} not fit axes of "
        f"{ax.get_window_extent().height:.0f} pixels",
        where="ax=",
        mend="give a taller figure or fewer rows; with ax=None the figure is made to fit",
    )


def _legend(ax: Axes, handles: Sequence[Artist]) -> float:
    """Write the legend above the rows, inside the axes; return the height it takes in pixels."""
    if not handles:
        return 0.0
    for columns in range(len(handles), 0, -1):
        legend = ax.legend(
            handles=list(handles),
            loc="upper left",
            ncols=columns,
            fontsize=SMALL,
            frameon=True,
            framealpha=1,
            edgecolor="none",
            borderpad=0.2,
            borderaxespad=0,
            handletextpad=0.4,
            columnspacing=1.2,
        )
        extent = legend.get_window_extent()
        if extent.width <= ax.get_window_extent().width:
            break
    return float(extent.height) + 4


def height_for(names: Sequence[str], remarks: Sequence[str]) -> float:
    """Return the inches that a figure of nine inches' width needs for its rows."""
    # About 48 and 40 letters stand in a line of either column.
    lines = max(
        max(-(-len(name) // 38) for name in names),
        max(-(-len(remark) // 30) for remark in remarks),
    )
    return 1.7 + len(names) * max(0.36, 0.2 * min(lines, ROW_LINES) + 0.06)
