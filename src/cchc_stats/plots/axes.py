"""Axes as all plots draw on them: look, words that fit, scales, rows, names of lines, captions."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cchc_stats.plots.words import printed
from cchc_stats.words import PlotError, label_period, word

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_LINES = 3  # of a name in a legend or at the end of its line
LONGEST = 200  # letters measured at once: more stand in no line


def literal(text: str) -> str:
    r"""Return a text as artists take it: its dollar signs stand for themselves, not for a formula.

    Examples
    --------
    >>> print(literal("5$ và 6$"))
    5\$ và 6\$
    """
    return text.replace("$", r"\$")


def text_size(ax: Axes, text: str, size: float) -> tuple[float, float]:
    """Return width and height in pixels of a `literal` text of `size` points on the figure."""
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
    """Return the text, `literal`, broken between words so that none is wider than `width` pixels.

    A text of more than `lines` lines ends with "…"; a word wider than `width` is broken as well.
    """

    def fits(words: str) -> bool:
        return text_size(ax, literal(words), size)[0] <= width

    broken: list[str] = []
    for paragraph in text.split("\n"):
        broken += _broken(paragraph, fits, most=lines + 1 - len(broken))
    if len(broken) > lines:
        broken = broken[:lines]
        while broken[-1] and not fits(f"{broken[-1]} …"):
            broken[-1] = broken[-1].rpartition(" ")[0] or broken[-1][:-1]
        broken[-1] = f"{broken[-1]} …".strip()
    return literal("\n".join(broken))


def _broken(paragraph: str, fits: Callable[[str], bool], *, most: int) -> list[str]:
    """Return a paragraph's lines; what follows the first `most` would not be seen."""
    unbroken = " ".join(paragraph.split())
    if len(unbroken) <= LONGEST and fits(unbroken):  # as most: measured once, not word by word
        return [unbroken]
    broken = [""]
    for piece in _pieces(paragraph, fits):
        longer = (broken[-1] + piece).strip()
        if broken[-1] and not fits(longer):
            broken.append(piece.strip())
        else:
            broken[-1] = longer
        if len(broken) > most:
            break
    return broken


def _pieces(paragraph: str, fits: Callable[[str], bool]) -> Iterator[str]:
    """Yield the words with the space before each; what is wider than a line in several pieces."""
    for piece in paragraph.split(" "):
        rest = f" {piece}"
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
    # the nearest such sequence comes of pooling neighbours that are out of order.
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


# Okabe & Ito (2008), distinct with any colour vision; yellow is left out: too pale on white.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
# Ten against seven colours: no pair comes back before the seventieth line.
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<", ">", "p")
BLUE, VERMILLION, GREY, FAINT = "#0072B2", "#D55E00", "#595959", "#D9D9D9"
TITLE, TEXT, SMALL = 11.0, 9.0, 8.0
MARGIN = 8.0  # pixels between the figure's edge and a title or caption without a layout
LEAST_LEFT = 0.6  # of an axes' height, which is not given up for them
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
    elif figure and ax in figure.axes:
        _stay_within(ax, figure)


def _stay_within(ax: Axes, figure: Figure) -> None:
    """Lower the top and raise the foot of an axes whose title or caption the figure would cut."""
    drawn, place = ax.get_tightbbox(), ax.get_position()
    if drawn is None:
        return
    height = figure.bbox.height
    over = max(0.0, drawn.y1 + MARGIN - height) / height
    under = max(0.0, MARGIN - drawn.y0) / height
    left = place.height - over - under
    if over + under > 0 and left > LEAST_LEFT * place.height:
        ax.set_position((place.x0, place.y0 + under, place.width, left))


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


FEWEST = 3  # ticks: two of them leave a reader without a measure


def scale_of(
    figures: np.ndarray, *, unit: str, bins: int = 6, most: int = 0
) -> tuple[float, float, np.ndarray]:
    """Return the lower and upper end of an axis and its ticks.

    The axis starts at 0 where the lowest figure is below half of the highest. No tick stands where
    no figure of the unit can be: none below 0 and, for percent, none above 100, unless figures do.

    Parameters
    ----------
    figures : all figures that the axis has to hold, without NaN.
    unit : code of their unit.
    bins : about how many spaces between ticks.
    most : up to how many ticks there is room for; spaces are added until there are three ticks.
    """
    low, high = float(np.min(figures)), float(np.max(figures))
    percent = unit == "percent"
    integer = not percent and bool(np.all(np.mod(figures, 1) == 0))
    bottom, top = _ends(low, high, percent=percent, integer=integer)
    lowest = 0.0 if low >= 0 else bottom
    highest = min(top, 100.0) if percent and high <= 100 else top
    ticks = _ticks(bottom, top, lowest, highest, bins=bins, integer=integer)
    for more in range(bins + 1, max(most, bins) + 1):
        if len(ticks) >= FEWEST:
            break
        finer = _ticks(bottom, top, lowest, highest, bins=more, integer=integer)
        ticks = finer if len(finer) <= most else ticks
    return bottom, top, ticks


def _ends(low: float, high: float, *, percent: bool, integer: bool) -> tuple[float, float]:
    """Return where an axis ends that holds figures from `low` to `high`, with room around them."""
    floor = 0.0 if 0 <= low < high / 2 else low
    # A single level needs room as well; for percent 5 points show that it is one.
    room = 0.1 * (high - floor) or max(0.05 * abs(high), 1.0)
    top, bottom = high + room, floor - room
    if low >= 0:
        bottom = max(bottom, -0.03 * top)
    if percent and high <= 100:
        # Only as much above 100 as a marker there needs.
        top = min(top, max(high, 100 + 0.05 * (100 - bottom)))
    if integer and floor == 0 and high <= 1:
        top = 2.0  # three integer ticks
    return bottom, top


def _ticks(
    bottom: float, top: float, lowest: float, highest: float, *, bins: int, integer: bool
) -> np.ndarray:
    """Return round figures between `lowest` and `highest`, spaced as for the full axis."""
    from matplotlib.ticker import MaxNLocator

    locator = MaxNLocator(nbins=bins, steps=[1, 2, 2.5, 5, 10], integer=integer)
    ticks = np.asarray(locator.tick_values(bottom, top), dtype=float)
    return np.round(ticks[(ticks >= lowest) & (ticks <= highest)], 9)


def tick_words(ticks: np.ndarray, *, lang: str) -> list[str]:
    """Return the ticks as numbers of the language, with no more decimals than they have."""
    return [printed(float(tick), lang=lang) for tick in ticks]


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


COLUMN_GAP = 10.0  # pixels between the columns
SMALLEST_TEXT = 6.0  # points: the smallest text that can be read
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
    taken = _row_legend(ax, handles)
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
    left = max(text_size(ax, text, size)[0] for text in left_words) + 2 * COLUMN_GAP
    right = max(text_size(ax, text, size)[0] for text in right_words) + 2 * COLUMN_GAP
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
        if size <= SMALLEST_TEXT:
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


def _row_legend(ax: Axes, handles: Sequence[Artist]) -> float:
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
        max(-(-len(name) // 38) for name in names), max(-(-len(remark) // 30) for remark in remarks)
    )
    return 1.7 + len(names) * max(0.36, 0.2 * min(lines, ROW_LINES) + 0.06)


MOST_NAMED = 6  # lines named at their ends; more are read from a legend
SIDE = 20.0  # pixels between the frame and the first or last point


@dataclass(frozen=True)
class EndName:
    """A name to stand right of the lines: the quarter and figure that its line ends with."""

    text: str
    end: tuple[float, float] | None
    colour: str


def write_end_names(
    ax: Axes, names: Sequence[EndName], texts: Sequence[str], heights: Sequence[float], end: float
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
    if figure.get_layout_engine() is None:
        settle(ax)


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
