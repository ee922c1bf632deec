"""The intervals of figures over quarters: an upright line through each point, with ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from cchc_stats.plots.drawing.series import Line

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST = 6  # lines with intervals: more of them would hide one another
GID = "interval"  # marks the ends of whiskers among what is drawn
_STEP = 5.0  # points between the whiskers of lines that share a quarter
_CAP = 6.0  # points of an end


def with_whiskers(lines: Sequence[Line]) -> list[Line]:
    """Return the lines whose intervals are drawn: all that have any, none where they are many."""
    chosen = [line for line in lines if not np.isnan(line.low).all()]
    return chosen if len(chosen) <= MOST else []


def figures_of(lines: Sequence[Line]) -> np.ndarray:
    """Return all that the scale of some lines has to hold: figures, and the limits drawn."""
    drawn = with_whiskers(lines)
    arrays = [line.figures for line in lines]
    arrays += [limits for line in drawn for limits in (line.low, line.high)]
    figures = np.concatenate(arrays)
    known: np.ndarray = figures[~np.isnan(figures)]
    return known


def draw_whiskers(ax: Axes, lines: Sequence[Line]) -> None:
    """Draw the intervals of the lines in their colours, side by side in each quarter.

    Quarters without an interval have none; nothing is drawn between quarters, of which nothing is
    known.
    """
    from matplotlib.transforms import ScaledTranslation

    figure = ax.get_figure(root=True)
    assert figure is not None  # an Axes that a caller can hand over is on a figure
    chosen = with_whiskers(lines)
    for place, line in enumerate(chosen):
        aside = _STEP * (place - (len(chosen) - 1) / 2) / 72
        shifted = ax.transData + ScaledTranslation(aside, 0, figure.dpi_scale_trans)
        known = np.flatnonzero(~np.isnan(line.low))
        look = {"colors": line.colour, "linewidth": 1.1, "alpha": 0.75, "zorder": 1.8}
        ax.vlines(known, line.low[known], line.high[known], transform=shifted, **look)  # type: ignore[arg-type]
        ends = ax.scatter(
            np.repeat(known, 2),
            np.column_stack([line.low[known], line.high[known]]).ravel(),
            marker="_",
            s=_CAP**2,
            linewidths=1.1,
            color=line.colour,
            alpha=0.75,
            zorder=1.8,
            transform=shifted,
        )
        ends.set_gid(GID)
