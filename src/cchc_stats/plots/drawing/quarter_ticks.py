"""The quarters below an axes: named as often as their names do not touch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cchc_stats.plots.drawing.fitting import text_size
from cchc_stats.plots.drawing.style import TEXT
from cchc_stats.words import label_period

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_QUARTERS = 12
GAP = 8.0  # pixels between names side by side
ANGLE = 35  # degrees
LEANING = 1.8  # heights between leaning names: 1 / sin(35°), and a little air


def alone_with_layout(ax: Axes) -> bool:
    """Return whether the layout makes room for whatever stands below the axes."""
    figure = ax.get_figure(root=True)
    return figure is not None and figure.get_layout_engine() is not None and len(figure.axes) == 1


def name_quarters(ax: Axes, periods: pd.PeriodIndex, *, lean: bool, lang: str) -> None:
    """Name the quarters below the axes: as many as stand side by side, always the last one.

    Where they may `lean`, all of them, up to twelve.
    """
    words = [label_period(period, lang=lang) for period in periods]
    left, right = ax.get_xlim()
    each = ax.get_window_extent().width / (right - left)
    width, height = text_size(ax, max(words, key=len), TEXT)
    step = _step(len(words), 1)
    leaning = lean and width + GAP > step * each and LEANING * height <= step * each
    if not leaning:
        step = _step(len(words), int(np.ceil((width + GAP) / each)))
    shown = np.arange(len(words) - 1, -1, -step)[::-1]
    if len(shown) == 1 and (len(words) - 1) * each > width + GAP:
        shown = np.array([0, len(words) - 1])
    ax.set_xticks(shown, [words[place] for place in shown], fontsize=TEXT)
    if leaning:
        for label in ax.get_xticklabels():
            label.set(rotation=ANGLE, ha="right", rotation_mode="anchor")


def _step(quarters: int, least: int) -> int:
    """Return every how many quarters one is named: from two on, the same quarters of each year."""
    steps = [1, 2, *range(4, max(quarters, 4) + 4, 4)]
    return int(
        next(
            (step for step in steps if step >= least and quarters <= MOST_QUARTERS * step),
            steps[-1],
        )
    )
