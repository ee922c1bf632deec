"""Fitting words into room: how large a text is drawn, where it is broken, how labels step aside."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_LINES = 3  # of a name in a legend or at the end of its line
LONGEST = 200  # letters measured at once: more stand in no line


def plain(text: str) -> str:
    r"""Return a text as artists take it: its dollar signs stand for themselves, not for a formula.

    Examples
    --------
    >>> print(plain("5$ và 6$"))
    5\$ và 6\$
    """
    return text.replace("$", r"\$")


def text_size(ax: Axes, text: str, size: float) -> tuple[float, float]:
    """Return width and height in pixels of a `plain` text of `size` points on the figure."""
    from matplotlib import rcParams

    figure = ax.get_figure(root=True)
    assert figure is not None  # an Axes that a caller can hand over is on a figure
    # What else a text's size hangs on.
    look = (rcParams["text.usetex"], rcParams["text.hinting"])
    font = (*rcParams["font.family"], *rcParams["font.sans-serif"], *look)
    return _measured(text, size, figure.dpi, font)


@lru_cache(maxsize=4096)
def _measured(text: str, size: float, dpi: float, font: tuple[object, ...]) -> tuple[float, float]:
    """Return a text's size; the same words are asked for again and again while a plot is fitted."""
    from matplotlib.text import Text

    artist = Text(0, 0, text, fontsize=size)
    artist.set_figure(_sheet(dpi))
    box = artist.get_window_extent()
    return float(box.width), float(box.height)


@lru_cache(maxsize=8)
def _sheet(dpi: float) -> Figure:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(1, 1), dpi=dpi)
    FigureCanvasAgg(figure)  # keeps what measures; without it that is made anew for each text
    return figure


def wrap(ax: Axes, text: str, *, width: float, size: float, lines: int = 99) -> str:
    """Return the text, `plain`, broken between words so that no line is wider than `width` pixels.

    A text of more than `lines` lines ends with "…"; a word wider than `width` is broken as well.
    """

    def fits(words: str) -> bool:
        return text_size(ax, plain(words), size)[0] <= width

    broken: list[str] = []
    for paragraph in text.split("\n"):
        whole = " ".join(paragraph.split())
        if len(whole) <= LONGEST and fits(whole):  # as most do: measured once, not word by word
            broken.append(whole)
            continue
        broken.append("")
        for piece in _pieces(paragraph, fits):
            longer = (broken[-1] + piece).strip()
            if broken[-1] and not fits(longer):
                broken.append(piece.strip())
            else:
                broken[-1] = longer
            if len(broken) > lines:  # what follows would not be seen
                break
    if len(broken) > lines:
        broken = broken[:lines]
        while broken[-1] and not fits(f"{broken[-1]} …"):
            broken[-1] = broken[-1].rpartition(" ")[0] or broken[-1][:-1]
        broken[-1] = f"{broken[-1]} …".strip()
    return plain("\n".join(broken))


def _pieces(paragraph: str, fits: Callable[[str], bool]) -> Iterator[str]:
    """Yield the words with the space before each; what is wider than a line in several pieces."""
    for word in paragraph.split(" "):
        rest = f" {word}"
        while len(rest) > LONGEST or len(rest) > 2 and not fits(rest.strip()):
            head = rest[:LONGEST]
            end = bisect_left(range(len(head)), True, key=lambda at: not fits(head[: at + 1]))
            yield rest[: max(end, 2)]
            rest = rest[max(end, 2) :]
        yield rest


def spread(
    centres: Sequence[float], heights: Sequence[float], *, low: float, high: float
) -> np.ndarray:
    """Return where labels stand that want to be at `centres`, moved as little as keeps them apart.

    They keep their order and, where all together fit, stay between `low` and `high`.

    Examples
    --------
    >>> spread([50, 52, 90], [10, 10, 10], low=0, high=100).tolist()
    [46.0, 56.0, 90.0]
    """
    wanted, height = np.asarray(centres, dtype=float), np.asarray(heights, dtype=float)
    order = np.argsort(wanted, kind="stable")
    below = np.cumsum(height[order]) - height[order]
    # Without the labels below it, each one's lower edge has only to be no lower than the last's:
    # the nearest such sequence is found by pooling neighbours that are out of order.
    pools: list[list[float]] = []
    for edge in wanted[order] - height[order] / 2 - below:
        pools.append([float(edge)])
        while len(pools) > 1 and np.mean(pools[-2]) > np.mean(pools[-1]):
            pools[-2:] = [pools[-2] + pools[-1]]
    edges = np.array([np.mean(pool) for pool in pools for _ in pool])
    edges = np.clip(edges, low, max(low, high - float(height.sum())))
    placed = np.empty_like(wanted)
    placed[order] = edges + below + height[order] / 2
    return placed


def reserve_columns(
    ax: Axes, start: float, end: float, *, left: float = 0.0, right: float = 0.0
) -> None:
    """Set the x limits so that `left` and `right` pixels stay free beside the data's range."""
    width = ax.get_window_extent().width
    drawn = max(width - left - right, 0.2 * width)
    per_pixel = (end - start) / drawn
    ax.set_xlim(start - left * per_pixel, end + right * per_pixel)
