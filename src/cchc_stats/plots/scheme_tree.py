"""A scheme as a tree: fields, criteria and their parts as blocks as high as their points."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from cchc_stats.index import Scheme
from cchc_stats.plots.axes import (
    GREY,
    SMALL,
    TEXT,
    literal,
    settle,
    take_axes,
    text_size,
    wrap,
    write_title,
)
from cchc_stats.plots.series import UNSETTLED, label_of
from cchc_stats.plots.words import number_text
from cchc_stats.words import PlotError, require_language, word

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Pale enough for black text; the survey's blocks are hatched at their edge as well, and a sign
# stands in those of bonus and deduction, so that no tone differs from another by colour alone.
TONES = {
    "self_part": "#CFE4F2",
    "survey_part": "#FBE3C8",
    "mixed_part": "#EDEDED",
    "bonus": "#CDEBDD",
    "deduction": "#F6D5E4",
}
HATCH = "/////"
STRIP = 7.0  # pixels: the hatched edge
PAD = 5.0  # pixels between a block's edge and its text
SMALLEST = 6.0  # points: the smallest text that can be read
ONE_LINE = 0.14  # inches that a small block should be high
LOWEST, HIGHEST = 4.0, 28.0  # inches of a figure
LAST_COLUMN = 1.8  # times as wide as the others: the longest labels stand there


class _Block(NamedTuple):
    """One node: what it is called, its tone, and where it stands, in columns and points."""

    label: str
    points: str
    tone: str
    level: int
    left: float
    right: float
    top: float
    bottom: float


def plot_scheme(scheme: Scheme, *, ax: Axes | None = None, lang: str = "vi") -> Axes:
    """Draw the tree of a scheme: a column per level, a block per node, as high as its points.

    Parameters
    ----------
    scheme : what `load_scheme` returns.
    ax : where to draw; a new figure's axes if None.
    lang : "vi" or "en".

    Returns
    -------
    `ax`, or the new axes. Parts stand right of what they belong to; each block has its label and
    its maximum, in points, or as much of them as fits, which ends with "…". Blocks of the survey
    are hatched at their left edge; bonus and deduction have "+" and "−" and make the blocks that
    they belong to higher, whose printed maximum does not count them.

    Raises
    ------
    PlotError
        No scheme.

    Examples
    --------
    >>> from cchc_stats.index.scheme.scheme import load_scheme
    >>> from matplotlib.figure import Figure
    >>> ax = plot_scheme(load_scheme("qd-766-2022"), ax=Figure(figsize=(12, 8)).add_subplot())
    >>> print(ax.texts[1].get_text())
    18 điểm
    """
    require_language(lang)
    if not isinstance(scheme, Scheme):
        raise PlotError(
            f"scheme is a Scheme, not a {type(scheme).__name__}",
            where="scheme",
            mend='give load_scheme("qd-766-2022"), or that of your own file',
        )
    blocks = _blocks(scheme.nodes, lang=lang)
    total = max(block.bottom for block in blocks)
    ax = take_axes(ax, width=12.0, height=_height(blocks))
    write_title(ax, _title(scheme, lang=lang))
    ax.set_ylabel(word("index_plot", "block_height", lang=lang), fontsize=TEXT)
    ax.set_yticks([])
    ax.xaxis.tick_top()
    ax.tick_params(axis="x", length=0)
    ax.spines[:].set_visible(False)
    edges = _edges(max(block.level for block in blocks))
    ax.set_xlim(0, edges[-1])
    ax.set_xticks([edges[0] / 2], ["Ậg"], fontsize=TEXT)
    settle(ax)
    ax.set_xticks((edges[1:] + edges[:-1]) / 2, _headings(ax, edges, lang=lang), fontsize=TEXT)
    footer = _footer(ax, blocks, status=scheme.status, lang=lang)
    height = ax.get_window_extent().height
    drawn = max(height - footer, 0.2 * height)
    ax.set_ylim(total * height / drawn, 0)
    for block in blocks:
        _draw(ax, block, edges)
    return ax


def _blocks(nodes: pd.DataFrame, *, lang: str) -> list[_Block]:
    """Return the blocks of all nodes but the root, parents before their parts."""
    rows = {row["code"]: row for row in nodes.to_dict("records")}
    parts: dict[str, list[str]] = {}
    for code, row in rows.items():
        parts.setdefault(row["parent"], []).append(code)
    # Children stand after their parents: from the end, each size is there before it is asked for.
    size: dict[str, float] = {}
    for code in reversed(rows):
        own = float(rows[code]["max_points"])
        size[code] = max(own, sum(size[part] for part in parts.get(code, [])))
    depth = max(int(row["level"]) for row in rows.values())
    (root,) = parts[""]
    free = {root: 0.0}  # where the next part of a node stands
    blocks = []
    for code, row in rows.items():
        if code == root:
            continue
        top = free[row["parent"]]
        free[row["parent"]] = top + size[code]
        free[code] = top
        level = int(row["level"])
        blocks.append(
            _Block(
                label=label_of(row, lang=lang),
                points=_points(row["max_points"], row["kind"], level, lang=lang),
                tone=row["kind"] if row["kind"] in TONES else f"{row['part'] or 'mixed'}_part",
                level=level,
                left=level - 1,
                right=level if code in parts else depth,
                top=top,
                bottom=top + size[code],
            )
        )
    return blocks


def _points(most: float, kind: str, level: int, *, lang: str) -> str:
    """Return a maximum with its sign, and with its unit where there is room: in the first level."""
    sign = {"bonus": "+", "deduction": "−"}.get(kind, "")
    return f"{sign}{number_text(most, unit='points' if level == 1 else '', lang=lang)}"


def _edges(depth: int) -> np.ndarray:
    """Return where the columns of the levels start, and the last one ends."""
    return np.array([*range(depth), depth - 1 + (LAST_COLUMN if depth > 1 else 1)], dtype=float)


def _height(blocks: list[_Block]) -> float:
    """Return the inches at which all but the smallest blocks hold a line of text."""
    sizes = [block.bottom - block.top for block in blocks]
    small = max(float(np.quantile(sizes, 0.05)), 1e-9)
    total = max(block.bottom for block in blocks)
    return float(np.clip(1.6 + ONE_LINE * total / small, LOWEST, HIGHEST))


def _title(scheme: Scheme, *, lang: str) -> str:
    most = number_text(scheme.max_points, unit="points", lang=lang)
    points = word("index_plot", "at_most_points", lang=lang).format(points=most)
    return f"{scheme.title.in_language(lang)}\n{scheme.name} · {points}"


def _headings(ax: Axes, edges: np.ndarray, *, lang: str) -> list[str]:
    """Return what the levels are called."""
    per_unit = ax.get_window_extent().width / edges[-1]
    said = [
        word("index_plot", f"level_{level}", lang=lang)
        if level <= 3
        else word("index_plot", "deeper", lang=lang).format(level=level)
        for level in range(1, len(edges))
    ]
    return [
        wrap(ax, text, width=per_unit * (right - left) - PAD, size=TEXT, lines=1)
        for text, left, right in zip(said, edges[:-1], edges[1:], strict=True)
    ]


def _footer(ax: Axes, blocks: list[_Block], *, status: str, lang: str) -> float:
    """Write below the blocks what the tones mean, and that the scheme is an example or provisional.

    Returns
    -------
    The pixels it takes.
    """
    from matplotlib.patches import Patch

    box, taken = ax.get_window_extent(), 0.0
    tones = [tone for tone in TONES if any(block.tone == tone for block in blocks)]
    if tones != ["self_part"]:
        handles = [
            Patch(
                facecolor=TONES[tone],
                edgecolor=GREY,
                hatch=HATCH if tone == "survey_part" else "",
                label=word("index_plot", tone, lang=lang),
            )
            for tone in tones
        ]
        for columns in range(len(handles), 0, -1):
            legend = ax.legend(handles=handles, loc="lower left", ncols=columns, fontsize=SMALL,
                               frameon=False, borderpad=0.2, borderaxespad=0)  # fmt: skip
            extent = legend.get_window_extent()
            if extent.width <= box.width:
                break
        taken = float(extent.height) + PAD
    if status in UNSETTLED:
        words = word("index_plot", status, lang=lang)
        size = min(14.0, 14.0 * 0.8 * box.width / text_size(ax, words, 14.0)[0])
        ax.text(0.5, taken / box.height, words, transform=ax.transAxes, ha="center", va="bottom",
                fontsize=size, color=GREY)  # fmt: skip
        taken += text_size(ax, words, size)[1] + 2 * PAD
    return taken


def _draw(ax: Axes, block: _Block, edges: np.ndarray) -> None:
    """Draw a block, and in it as much of its label and points as fits."""
    from matplotlib.patches import Rectangle

    left, right = edges[int(block.left)], edges[int(block.right)]
    low, high = ax.transData.transform([(left, block.bottom), (right, block.top)])
    width, height = (float(length) for length in high - low)
    per_pixel = (right - left) / width
    corner, tall = (left, block.top), block.bottom - block.top
    edge = min(0.8, height / 10)  # the many low blocks of small axes are no white stripes
    ax.add_patch(Rectangle(corner, right - left, tall, facecolor=TONES[block.tone],
                           edgecolor="white", linewidth=edge, zorder=1))  # fmt: skip
    start = left + PAD * per_pixel
    if block.tone == "survey_part":
        ax.add_patch(Rectangle(corner, STRIP * per_pixel, tall, facecolor="none", edgecolor=GREY,
                               hatch=HATCH, linewidth=0, zorder=2))  # fmt: skip
        start += STRIP * per_pixel
    room = width - (start - left) / per_pixel - PAD
    label, points, size = _fitted(ax, block, room, height - 1)
    for text, x, side in ((label, start, "left"), (points, right - PAD * per_pixel, "right")):
        if text:
            ax.text(x, (block.top + block.bottom) / 2, text, ha=side, va="center", fontsize=size,
                    linespacing=1.05, zorder=3)  # fmt: skip


def _fitted(ax: Axes, block: _Block, width: float, height: float) -> tuple[str, str, float]:
    """Return label, points and their size as they fit, cut at the smallest size, or empty."""
    points = literal(block.points)
    fitted = ("", "", SMALLEST)
    # As wide as in one line: what is wider than all lines together need not be broken to see it.
    width_of_line = text_size(ax, literal(block.label), TEXT)[0] / TEXT
    for size in np.arange(TEXT, SMALLEST - 0.1, -0.5):
        wide, one_line = text_size(ax, points, size)
        one_line = max(one_line, text_size(ax, "Ậg", size)[1])
        lines, left = int(height / one_line), width - wide - PAD
        if not lines or left < 0:
            continue
        fitted = ("", points, size)
        # A label of a letter or two tells nothing.
        if left < 4 * one_line:
            continue
        if size > SMALLEST and width_of_line * size > lines * left:
            continue
        label = wrap(ax, block.label, width=left, size=size, lines=lines)
        fitted = (label, points, size)
        if not label.endswith("…") and text_size(ax, label, size)[1] <= height:
            break
    return fitted
