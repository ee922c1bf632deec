"""Figures that are made up: known by their source, and called so on every plot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from cchc_stats.plots.drawing.fitting import text_size
from cchc_stats.words import word

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def is_synthetic(frame: pd.DataFrame) -> bool:
    """Return whether the frame, or the source of any of its rows, says that it is made up."""
    if frame.attrs.get("synthetic"):
        return True
    sources = (
        frame["source"].astype("str").fillna("") if "source" in frame else pd.Series(dtype="str")
    )
    return bool(sources.str.contains("synthetic|giả lập", case=False).any())


def mark_synthetic(ax: Axes, *, lang: str) -> None:
    """Write behind everything drawn that the figures are made up."""
    words, width = word("plot", "synthetic", lang=lang), ax.get_window_extent().width
    ax.text(
        0.5,
        0.5,
        words,
        transform=ax.transAxes,
        ha="center",
        va="center",
        fontsize=min(18.0, 18.0 * 0.8 * width / text_size(ax, words, 18.0)[0]),
        color="0.78",
        zorder=0.1,
    )
