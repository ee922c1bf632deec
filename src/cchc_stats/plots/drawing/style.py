"""How all plots look: colours, sizes of text, the axes they draw on and their title."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cchc_stats.plots.drawing.fitting import wrap
from cchc_stats.words import PlotError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Okabe & Ito (2008), told apart with any colour vision; yellow is left out: too pale on white.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
# Ten against seven colours: no pair comes back before the seventieth line.
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<", ">", "p")
BLUE, VERMILLION, GREY, FAINT = "#0072B2", "#D55E00", "#595959", "#D9D9D9"
TITLE, TEXT, SMALL = 11.0, 9.0, 8.0
TITLE_LINES = 4


def take_axes(ax: Axes | None, *, width: float, height: float) -> Axes:
    """Return the caller's ax, or that of a new figure of `width` × `height` inches."""
    if ax is not None:
        if not hasattr(ax, "get_window_extent"):
            raise PlotError(
                f"ax is a {type(ax).__name__}, not one Axes",
                where="ax=",
                mend="give one Axes; of an array of them, axes[0]",
            )
        return ax
    # Imported here: pyplot costs more than pandas, and a caller with an ax does not need it.
    import matplotlib.pyplot as plt

    _, new = plt.subplots(figsize=(width, height), layout="constrained")
    return new


def settle(ax: Axes) -> None:
    """Let the figure's layout move the axes now, so that what is measured next stays true."""
    figure = ax.get_figure(root=True)
    engine = figure.get_layout_engine() if figure else None
    if figure and engine:
        engine.execute(figure)


def plain_frame(ax: Axes, *, grid: str) -> None:
    """Leave the axes only their lower and left line, and a faint grid along one axis."""
    ax.spines[["top", "right"]].set_visible(False)
    ax.grid(axis=grid, color=FAINT, linewidth=0.6)  # type: ignore[arg-type]
    ax.set_axisbelow(True)
    ax.tick_params(labelsize=TEXT)


def write_title(ax: Axes, words: str) -> None:
    """Write the title, its parts set apart by " · " or a new line, in four lines at most.

    Of a longer one the longest parts are cut, so that a name of any length leaves the period seen.
    """
    width = ax.get_window_extent().width
    parts = re.split(r"(\n| · )", words)
    while True:
        fitted = wrap(ax, "".join(parts), width=width, size=TITLE, lines=TITLE_LINES + 1)
        longest = max(range(0, len(parts), 2), key=lambda place: len(parts[place]))
        kept = int(0.9 * len(parts[longest])) - 1
        if fitted.count("\n") < TITLE_LINES or kept < 1:
            break
        parts[longest] = parts[longest][:kept].rstrip("… ") + "…"
    title = wrap(ax, "".join(parts), width=width, size=TITLE, lines=TITLE_LINES)
    ax.set_title(title, loc="left", fontsize=TITLE)
