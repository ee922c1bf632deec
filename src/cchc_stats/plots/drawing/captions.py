"""The sentence below a plot, which a page takes as alt text, and the mark of made-up figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from cchc_stats.plots.drawing.axes import GREY, SMALL, settle, text_size, wrap
from cchc_stats.words import word

if TYPE_CHECKING:
    from matplotlib.axes import Axes


GID = "caption"  # marks the caption among the texts of an Axes
CAPTION_LINES = 5  # shown; the rest of a longer sentence is read from `plot_caption` alone
CAPTION_GAP = 6.0  # points between what stands under the axes and the caption


def write_caption(ax: Axes, sentence: str) -> None:
    """Write a sentence under the axes, below tick labels and axis label; replace the one there.

    To be called last: what is drawn under the axes afterwards would stand on it.
    """
    _forget(ax)
    settle(ax)
    figure = ax.get_figure(root=True)
    assert figure is not None  # an Axes that a caller can hand over is on a figure
    # Of an axes that is switched off nothing stands below it.
    box, ticks = ax.get_window_extent(), ax.xaxis.get_tightbbox() if ax.axison else None
    below = box.y0 - ticks.y0 if ticks is not None else 0.0
    artist = ax.annotate(
        # With a margin: saved with fewer dots, letters are wider than they were measured.
        wrap(ax, sentence, width=0.9 * box.width, size=SMALL, lines=CAPTION_LINES),
        xy=(0, 0),
        xycoords="axes fraction",
        xytext=(0, -(max(below, 0.0) * 72 / figure.dpi + CAPTION_GAP)),
        textcoords="offset points",
        va="top",
        ha="left",
        fontsize=SMALL,
        color=GREY,
        annotation_clip=False,
    )
    artist.set_gid(GID)
    # Legends leave out what begins with "_": a caption is no line to be listed.
    artist.set_label(f"_{sentence}")


def keep_caption(ax: Axes, sentence: str) -> None:
    """Keep a sentence for `plot_caption` without writing it: a page prints it beside the plot."""
    _forget(ax)
    ax.text(0, 0, "", gid=GID, label=f"_{sentence}", visible=False)


def _forget(ax: Axes) -> None:
    for text in list(ax.texts):
        if text.get_gid() == GID:
            text.remove()


def plot_caption(ax: Axes) -> str:
    """Return the sentence that tells what a plot shows, "" where it has none.

    It says what the plot shows, its figures included, and serves as alt text wherever the picture
    is published. A figure of one's own makes room for it with a layout, `layout="constrained"`.

    Parameters
    ----------
    ax : what a `plot_…` function returned.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> plot_caption(Figure().add_subplot())
    ''
    """
    for text in ax.texts:
        if text.get_gid() == GID:
            return str(text.get_label()).removeprefix("_")
    return ""


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
