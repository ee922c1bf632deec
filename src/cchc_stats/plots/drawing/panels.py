"""Small multiples inside one axes: a grid of inset axes that share look, quarters and legend."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from cchc_stats.plots.drawing.fitting import MOST_LINES, text_size, wrap
from cchc_stats.plots.drawing.line_axes import Look, draw_lines, unit_label
from cchc_stats.plots.drawing.series import Line, lines_of, one_unit, row_names, telling_columns
from cchc_stats.plots.drawing.style import GREY, SMALL, TEXT
from cchc_stats.plots.drawing.whiskers import figures_of
from cchc_stats.plots.drawing.words import name_of
from cchc_stats.words import PlotError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PANELS = ("indicator", "agency", "group")
NARROWEST = 170.0  # pixels of a panel with its ticks, below which panels stand in fewer columns
SMALLEST = 40.0  # pixels: a panel narrower or lower than that shows nothing


class _Panel(NamedTuple):
    """One panel: its title, its lines, the figures its scale has to hold, and its unit."""

    title: str
    lines: list[Line]
    figures: np.ndarray
    unit: str


class _Margins(NamedTuple):
    """Pixels around each panel for its ticks, unit and title."""

    left: float
    right: float
    top: float
    bottom: float


def panel_grid(count: int, *, width: float = math.inf) -> tuple[int, int]:
    """Return columns and rows of the grid that holds so many panels in `width` pixels.

    Examples
    --------
    >>> [panel_grid(count) for count in (1, 2, 4, 5, 12)]
    [(1, 1), (2, 1), (2, 2), (3, 2), (4, 3)]
    >>> panel_grid(5, width=400)
    (2, 3)
    """
    columns = count if count <= 3 else min(4, math.ceil(math.sqrt(count)))
    columns = int(max(1, min(columns, width // NARROWEST)))
    return columns, math.ceil(count / columns)


def draw_panels(
    ax: Axes,
    table: pd.DataFrame,
    periods: pd.PeriodIndex,
    *,
    by: str,
    target: float | None,
    lang: str,
) -> list[Axes]:
    """Draw one inset axes per agency, indicator or group; the frame of `ax` is switched off.

    Returns
    -------
    The inset axes, in the order in which the values name them.

    Raises
    ------
    PlotError
        Several units where one scale is shared or in one panel, or no room for so many panels.
    """
    columns = telling_columns(table, without=[by])
    names = list(dict.fromkeys(row_names(table, columns, lang=lang)))
    panels = _panels(table, periods, columns, names, by=by, lang=lang)
    ax.set_axis_off()
    several = len(names) > 1
    looks = [Look(periods, panel.unit, target, lang, ends=False, narrow=True) for panel in panels]
    strip = _legend(ax, panels, looks[0]) if several or target is not None else 0.0
    # First with room to spare: what ticks and titles take is known once they are drawn.
    margins = _Margins(60, 12, 40, 30)
    drawn, margins = _draw(ax, panels, looks, margins, strip, shared=by != "indicator")
    for child in drawn:
        child.remove()
    return _draw(ax, panels, looks, margins, strip, shared=by != "indicator")[0]


def _panels(
    table: pd.DataFrame,
    periods: pd.PeriodIndex,
    columns: Sequence[str],
    names: Sequence[str],
    *,
    by: str,
    lang: str,
) -> list[_Panel]:
    unit = ""
    if by != "indicator":
        unit = one_unit(table, mend=f'choose the rows of one unit; panels="{by}" share one scale')
    panels = []
    for code, part in table.groupby(by, sort=False):
        if by == "indicator":
            unit = one_unit(part, mend="give every value of an indicator the same unit")
        lines = lines_of(part, periods, columns, lang=lang, names=names)
        title = name_of(by, str(code), indicator=part["indicator"].iloc[0], lang=lang)
        panels.append(_Panel(title, lines, figures_of(lines), unit))
    if by == "indicator":
        return panels
    everything = np.concatenate([panel.figures for panel in panels])
    return [panel._replace(figures=everything) for panel in panels]


def _draw(
    ax: Axes,
    panels: Sequence[_Panel],
    looks: Sequence[Look],
    margins: _Margins,
    strip: float,
    *,
    shared: bool,
) -> tuple[list[Axes], _Margins]:
    """Draw all panels; return them and the margins that what was drawn takes."""
    box = ax.get_window_extent()
    columns, rows = panel_grid(len(panels), width=box.width)
    width, height = box.width / columns, (box.height - strip) / rows
    inner = (width - margins.left - margins.right, height - margins.top - margins.bottom)
    if min(inner) < SMALLEST:
        raise PlotError(
            f"{len(panels)} panels do not fit axes of {box.width:.0f} × {box.height:.0f} pixels",
            where="ax=",
            mend="give a larger figure or fewer panels; with ax=None the figure is made to fit",
        )
    children, over = [], []
    for number, (panel, look) in enumerate(zip(panels, looks, strict=True)):
        row, column = divmod(number, columns)
        left = column * width + margins.left
        bottom = box.height - (row + 1) * height + margins.bottom
        child = ax.inset_axes(
            (
                left / box.width,
                bottom / box.height,
                inner[0] / box.width,
                inner[1] / box.height,
            )
        )
        children.append(child)
        title = wrap(ax, panel.title, width=inner[0], size=TEXT, lines=4)
        child.set_title(title, loc="left", fontsize=TEXT, pad=4)
        if not shared or column == 0:
            unit_label(child, look)
        if len(panel.figures):
            draw_lines(child, panel.lines, look, figures=panel.figures)
        reasons = [line.label for line in panel.lines if line.absence]
        if len(reasons) == len(panel.lines):
            _write_absence(child, panel)
        drawn, frame = child.get_tightbbox(), child.get_window_extent()
        assert drawn is not None  # a visible axes has an extent
        over.append(
            (frame.x0 - drawn.x0, drawn.x1 - frame.x1, drawn.y1 - frame.y1, frame.y0 - drawn.y0)
        )
    left_, right_, top_, bottom_ = np.max(over, axis=0)
    return children, _Margins(left_ + 6, right_ + 8, top_ + 8, bottom_ + 8)


def _write_absence(child: Axes, panel: _Panel) -> None:
    """Say in an empty panel why it is empty."""
    words = ", ".join(dict.fromkeys(line.absence for line in panel.lines))
    child.text(
        0.5,
        0.5,
        wrap(child, words, width=0.9 * child.get_window_extent().width, size=TEXT),
        transform=child.transAxes,
        ha="center",
        va="center",
        fontsize=TEXT,
        color=GREY,
    )
    if not child.lines:
        child.set(xticks=[], yticks=[])
        child.spines[["top", "right"]].set_visible(False)


def _legend(ax: Axes, panels: Sequence[_Panel], look: Look) -> float:
    """List the lines of all panels at the foot of `ax`; return the height that takes in pixels."""
    from matplotlib.lines import Line2D

    handles = {
        line.name: Line2D([], [], color=line.colour, marker=line.marker)
        for panel in panels
        for line in panel.lines
        if line.name
    }
    names = list(handles)
    if look.target is not None:
        handles["\0"] = Line2D([], [], color=GREY, linestyle="--")
        names.append(look.target_words)
    width = ax.get_window_extent().width
    texts = [wrap(ax, name, width=0.8 * width, size=SMALL, lines=MOST_LINES) for name in names]
    widest = max(text_size(ax, text, SMALL)[0] for text in texts)
    legend = ax.legend(
        list(handles.values()),
        texts,
        loc="lower left",
        bbox_to_anchor=(0, 0),
        borderaxespad=0,
        ncols=max(1, int(width / (widest + 60))),
        fontsize=SMALL,
        frameon=False,
    )
    return float(legend.get_window_extent().height) + 4
