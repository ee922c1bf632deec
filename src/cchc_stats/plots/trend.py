"""Trends: figures over consecutive quarters, on one axes or in small multiples."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from cchc_stats.plots.axes import (
    COLOURS,
    GAP,
    GREY,
    MARKERS,
    MOST_LINES,
    MOST_NAMED,
    SIDE,
    SMALL,
    TEXT,
    EndName,
    alone_with_layout,
    is_synthetic,
    keep_caption,
    literal,
    mark_synthetic,
    name_quarters,
    plain_frame,
    reserve_columns,
    scale_of,
    settle,
    take_axes,
    text_size,
    tick_words,
    wrap,
    write_caption,
    write_end_names,
    write_title,
)
from cchc_stats.plots.series import (
    LINE,
    drawable,
    numbers,
    one_unit,
    row_names,
    telling_columns,
    title_of,
)
from cchc_stats.plots.words import figure_words, name_of, number_text, unit_words
from cchc_stats.statistics import is_number
from cchc_stats.values import two_quarters
from cchc_stats.words import (
    YEAR_TO_DATE,
    PlotError,
    label_period,
    listed,
    require_language,
    word,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D


LIMITS = ("low", "high")
BEHIND = "#B8B8B8"  # of the lines behind those that are highlighted


@dataclass(frozen=True, eq=False)
class Line:
    """One line of a trend.

    Parameters
    ----------
    name : what tells it from the others, in words; "" where it is the only one.
    figures : one per quarter of the axis, NaN where there is none.
    absence : why there is no figure at all, "" where there is one.
    low, high : limits of the figures, NaN where there are none.
    from_new_year : whether the figures are sums that start again each year.
    colour, marker : how it is drawn.
    aside : whether it only stands behind those that are highlighted, grey and without a name.
    """

    name: str
    figures: np.ndarray
    low: np.ndarray
    high: np.ndarray
    absence: str
    from_new_year: bool
    colour: str
    marker: str
    aside: bool = False

    @property
    def label(self) -> str:
        """The name, with the reason where nothing is drawn."""
        return f"{self.name} ({self.absence})" if self.absence else self.name


def with_limits(table: pd.DataFrame) -> pd.DataFrame:
    """Return complete values with their limits typed; without one of the two both are left out."""
    if not set(LIMITS) <= set(table.columns):
        return table.drop(columns=list(LIMITS), errors="ignore")
    mend = "give numbers: add_intervals(values) makes them"
    return table.assign(**{name: numbers(table, name, mend=mend) for name in LIMITS})


def lines_of(
    table: pd.DataFrame,
    periods: pd.PeriodIndex,
    columns: Sequence[str],
    *,
    lang: str,
    names: Sequence[str] = (),
    highlight: Sequence[str] = (),
) -> list[Line]:
    """Return the lines of values over consecutive quarters.

    Parameters
    ----------
    table : complete values.
    periods : all quarters of the axis; one that a line lacks is NaN there, never bridged.
    columns : key columns that tell the lines apart (see `telling_columns`).
    names : the names of all lines of the plot, so that one looks the same in every panel.
    highlight : names, or cells of the key, of the lines that have a colour; none for all. They come
        first.
    """
    named = table.assign(_name=row_names(table, columns, lang=lang))
    all_names = list(names) or list(dict.fromkeys(named["_name"]))
    lines = []
    for key, part in named.groupby(list(LINE), sort=False):
        by_period = part.set_index("period").reindex(periods)
        figures = by_period["value"]
        low, high = (
            by_period[name].to_numpy("float64", na_value=np.nan)
            if name in by_period
            else np.full(len(periods), np.nan)
            for name in LIMITS
        )
        name = part["_name"].iloc[0]
        look = all_names.index(name)
        own = [at for at, chosen in enumerate(highlight) if chosen in (name, *key)]
        aside = bool(highlight) and not own
        look = own[0] if own else look
        lines.append(
            Line(
                name=name,
                figures=figures.to_numpy("float64", na_value=np.nan),
                low=low,
                high=high,
                absence=_absence(part, lang=lang) if figures.isna().all() else "",
                from_new_year=part["basis"].iloc[0] == YEAR_TO_DATE,
                colour=BEHIND if aside else COLOURS[look % len(COLOURS)],
                marker="" if aside else MARKERS[look % len(MARKERS)],
                aside=aside,
            )
        )
    return sorted(lines, key=lambda line: line.aside)  # stable: the others keep their order


def _absence(part: pd.DataFrame, *, lang: str) -> str:
    """Return in words why rows have no figure."""
    states = set(part["status"]) - {"reported"}
    if len(states) == 1:
        return word("status", states.pop(), lang=lang)
    return word("plot", "no_figures", lang=lang)


MOST_WHISKERS = 6  # lines with intervals: more of them would hide one another
WHISKER_GID = "interval"  # marks the ends of whiskers among what is drawn
_STEP = 5.0  # points between the whiskers of lines that share a quarter
_CAP = 6.0  # points of an end


def with_whiskers(lines: Sequence[Line]) -> list[Line]:
    """Return the lines whose intervals are drawn: all that have any, none where they are many."""
    chosen = [line for line in lines if not line.aside and not np.isnan(line.low).all()]
    return chosen if len(chosen) <= MOST_WHISKERS else []


def figures_of(lines: Sequence[Line]) -> np.ndarray:
    """Return all that the scale of some lines has to hold: figures, and the limits drawn."""
    drawn = with_whiskers(lines)
    arrays = [line.figures for line in lines]
    arrays += [limits for line in drawn for limits in (line.low, line.high)]
    figures = np.concatenate(arrays)
    reported: np.ndarray = figures[~np.isnan(figures)]
    return reported


def draw_whiskers(ax: Axes, lines: Sequence[Line]) -> None:
    """Draw the intervals of the lines in their colours, side by side in each quarter.

    Quarters without an interval have none; nothing is drawn between quarters.
    """
    from matplotlib.transforms import ScaledTranslation

    figure = ax.get_figure(root=True)
    assert figure is not None  # an Axes that a caller can hand over is on a figure
    chosen = with_whiskers(lines)
    for place, line in enumerate(chosen):
        aside = _STEP * (place - (len(chosen) - 1) / 2) / 72
        shifted = ax.transData + ScaledTranslation(aside, 0, figure.dpi_scale_trans)
        reported = np.flatnonzero(~np.isnan(line.low))
        look = {"colors": line.colour, "linewidth": 1.1, "alpha": 0.75, "zorder": 1.8}
        ax.vlines(reported, line.low[reported], line.high[reported], transform=shifted, **look)  # type: ignore[arg-type]
        ends = ax.scatter(
            np.repeat(reported, 2),
            np.column_stack([line.low[reported], line.high[reported]]).ravel(),
            marker="_",
            s=_CAP**2,
            linewidths=1.1,
            color=line.colour,
            alpha=0.75,
            zorder=1.8,
            transform=shifted,
        )
        ends.set_gid(WHISKER_GID)


SHOWN_LINES = 4  # lines whose figures the caption gives
NAMED_QUARTERS = 4  # missing quarters that are named


def trend_caption(
    title: str,
    lines: Sequence[Line],
    periods: pd.PeriodIndex,
    *,
    units: Sequence[str],
    table: pd.DataFrame,
    whiskers: bool,
    lang: str,
) -> str:
    """Return what a trend shows in a few sentences.

    Parameters
    ----------
    title : what all lines have in common.
    lines : what is drawn.
    units : of each line.
    table : the values, for their level of confidence.
    whiskers : whether intervals are drawn.
    """

    def say(code: str, **words: object) -> str:
        return word("trend_caption", code, lang=lang).format(**words)

    what = title.replace("\n", ", ").replace(" · ", ", ")
    first, last = (label_period(periods[at], lang=lang) for at in (0, -1))
    span = first if len(periods) == 1 else say("span", first=first, last=last)
    head = ", ".join(part for part in (what, span) if part)
    told = [(line, unit) for line, unit in zip(lines, units, strict=True) if not line.aside]
    line_words = [
        _line_words(line, periods, unit, whiskers=whiskers, lang=lang)
        for line, unit in told[:SHOWN_LINES]
    ]
    if len(lines) > len(line_words):
        line_words.append(say("more_lines", count=len(lines) - len(line_words)))
    sentences = [f"{head}: {'; '.join(line_words)}."]
    if whiskers:
        level = _one_level(table)
        figure = number_text(level, lang=lang) if level is not None else ""
        sentences.append(say("whiskers" if figure else "whiskers_of_some_level", level=figure))
    if two_quarters(table, LINE[1:]).any():
        said = word("chart", "two_quarters", lang=lang)
        sentences.append(f"{said[0].upper()}{said[1:]}.")
    return " ".join(sentences)


def _line_words(
    line: Line, periods: pd.PeriodIndex, unit: str, *, whiskers: bool, lang: str
) -> str:
    """Return a line's first and last figure, and which quarters between them it lacks."""
    reported = np.flatnonzero(~np.isnan(line.figures))
    name = f"{line.name} " if line.name else ""
    if not len(reported):
        return line.label
    ends = [
        _figure_words(line, int(at), unit, whiskers=whiskers, lang=lang)
        for at in dict.fromkeys([reported[0], reported[-1]])
    ]
    words = "only" if len(ends) == 1 else "first_and_last"
    text = word("trend_caption", words, lang=lang).format(first=ends[0], last=ends[-1])
    between = np.arange(reported[0], reported[-1] + 1)
    missing = [label_period(periods[at], lang=lang) for at in np.setdiff1d(between, reported)]
    if missing:
        names = ", ".join(missing[:NAMED_QUARTERS])
        rest = len(missing) - NAMED_QUARTERS
        code = "missing" if rest <= 0 else "missing_more"
        text += word("trend_caption", code, lang=lang).format(quarters=names, count=rest)
    return f"{name}{text}"


def _figure_words(line: Line, at: int, unit: str, *, whiskers: bool, lang: str) -> str:
    figure = figure_words(line.figures[at], unit, lang=lang)
    if not whiskers or np.isnan(line.low[at]):
        return figure
    low, high = (
        number_text(limit, unit="percent" if unit == "percent" else "", lang=lang)
        for limit in (line.low[at], line.high[at])
    )
    return word("trend_caption", "interval", lang=lang).format(figure=figure, low=low, high=high)


def _one_level(table: pd.DataFrame) -> float | None:
    """Return the level of all intervals, None where there is none or not one."""
    if "interval_level" not in table:
        return None
    levels = table.loc[table["low"].notna(), "interval_level"].dropna().unique()
    return float(levels[0]) if len(levels) == 1 else None


SMALLEST_LEGEND = 5.5  # points, of a legend


@dataclass(frozen=True)
class Look:
    """What all axes of one plot share.

    Parameters
    ----------
    periods : the quarters of the x axis, without a hole.
    unit : code of the unit of the figures.
    target : the level of the dashed line, None for no line.
    lang : "vi" or "en".
    ends : whether lines are named at their ends (else the plot has a legend).
    narrow : whether this is one of several small axes.
    """

    periods: pd.PeriodIndex
    unit: str
    target: float | None
    lang: str
    ends: bool = True
    narrow: bool = False

    @property
    def target_words(self) -> str:
        """The name of the dashed line."""
        number = number_text(
            self.target, unit="percent" if self.unit == "percent" else "", lang=self.lang
        )
        return f"{word('plot', 'target', lang=self.lang)} {number}"


def draw_lines(ax: Axes, lines: Sequence[Line], look: Look, *, figures: np.ndarray) -> None:
    """Draw lines with their quarters, scale, target and names.

    Parameters
    ----------
    figures : all figures that the scale has to hold, without NaN.
    """
    plain_frame(ax, grid="y")
    artists = [_draw_line(ax, line, look) for line in lines]
    # A single quarter stands by the names of its figures, or in the middle where there are none.
    start, end = 0.0, len(look.periods) - 1.0
    if len(look.periods) == 1:
        start, end = -0.5, 0.0 if look.ends and len(lines) > 1 else 0.5
    draw_whiskers(ax, lines)
    if look.target is not None:
        ax.hlines(look.target, start, end, colors=GREY, linestyles="--", linewidth=1.2, zorder=1.5)
        figures = np.append(figures, look.target)
    _scale(ax, figures, look)
    _name_lines(ax, lines, artists, look, (start, end))
    # In a small axes there is room beside the point of a single quarter only.
    alone = len(lines) == 1 and not lines[0].absence
    if alone and (not look.narrow or len(look.periods) == 1):
        _write_figures(ax, lines[0], look)


def _draw_line(ax: Axes, line: Line, look: Look) -> Line2D:
    """Draw one line, with a marker on every figure: between two gaps there is no line to see."""
    quarters, figures = np.arange(len(look.periods)), line.figures
    if line.from_new_year:
        quarters, figures = _cut_at_new_year(line, look.periods)
    return ax.plot(
        quarters,
        figures,
        color=line.colour,
        marker=line.marker,
        markersize=5 if look.narrow else 6,
        linewidth=0.8 if line.aside else 1.6,
        zorder=1.7 if line.aside else 2,
        label=literal(line.label),
    )[0]


def _name_lines(
    ax: Axes,
    lines: Sequence[Line],
    artists: Sequence[Line2D],
    look: Look,
    ends: tuple[float, float],
) -> None:
    """Name the lines, at their ends or in a legend, and the quarters below the room this leaves."""
    box = ax.get_window_extent()
    names = _names(lines, look, ends[1])
    texts = [
        wrap(ax, name.text, width=0.28 * box.width, size=SMALL, lines=MOST_LINES) for name in names
    ]
    heights = [text_size(ax, text, SMALL)[1] + 3 for text in texts]
    room = max((text_size(ax, text, SMALL)[0] + GAP for text in texts), default=0.0)
    legend = not look.narrow and (not look.ends or sum(heights) > 0.9 * box.height)
    for _ in range(1 if look.narrow else 2):
        # Twice: what stands below the axes changes their height, and so the room for a legend.
        if legend:
            named = [line.label for line in lines if not line.aside]
            room = _legend_beside(ax, artists[: len(named)], named, look)
        reserve_columns(ax, *ends, left=SIDE, right=SIDE + room)
        name_quarters(ax, look.periods, lean=look.narrow or alone_with_layout(ax), lang=look.lang)
        if not look.narrow:
            settle(ax)
    if not legend:
        write_end_names(ax, names, texts, heights, ends[1])


def _cut_at_new_year(line: Line, periods: pd.PeriodIndex) -> tuple[np.ndarray, np.ndarray]:
    """Return places and figures with a gap before each quarter I: three months end no nine."""
    first = np.flatnonzero(periods.quarter == 1)
    first = first[first > 0]
    quarters = np.insert(np.arange(len(periods), dtype=float), first, first - 0.5)
    return quarters, np.insert(line.figures, first, np.nan)


def _scale(ax: Axes, figures: np.ndarray, look: Look) -> None:
    height = ax.get_window_extent().height
    bins = int(np.clip(height / 45, 2, 8))
    most = int(height / (1.6 * text_size(ax, "0", TEXT)[1]))
    bottom, top, ticks = scale_of(figures, unit=look.unit, bins=bins, most=most)
    ax.set_ylim(bottom, top)
    ax.set_yticks(ticks, tick_words(ticks, lang=look.lang))


def _names(lines: Sequence[Line], look: Look, end: float) -> list[EndName]:
    if not look.ends:
        return []
    names = []
    for line in (one for one in lines if not one.aside):
        reported = np.flatnonzero(~np.isnan(line.figures))
        last = (float(reported[-1]), float(line.figures[reported[-1]])) if len(reported) else None
        if line.label:
            names.append(EndName(line.label, last, line.colour if last else GREY))
    if look.target is not None:
        names.append(EndName(look.target_words, (end, look.target), GREY))
    return names


def _legend_beside(ax: Axes, artists: Sequence[Line2D], names: Sequence[str], look: Look) -> float:
    """List the lines right of them, inside the axes, where no layout can cut the list off.

    Returns the width that takes in pixels.

    Raises
    ------
    PlotError
        The list is higher than the axes.
    """
    from matplotlib.lines import Line2D

    handles, words = list(artists), list(names)
    if look.target is not None:
        handles.append(Line2D([], [], color=GREY, linestyle="--"))
        words.append(look.target_words)
    box = ax.get_window_extent()
    size = SMALL
    while size >= SMALLEST_LEGEND:
        texts = [
            wrap(ax, text, width=0.3 * box.width, size=size, lines=MOST_LINES) for text in words
        ]
        legend = ax.legend(
            handles,
            texts,
            loc="upper right",
            fontsize=size,
            frameon=False,
            borderaxespad=0,
            labelspacing=0.3,
        )
        extent = legend.get_window_extent()
        if extent.height <= box.height:
            return float(extent.width)
        size -= 0.5
    raise PlotError(
        f"the names of {len(artists)} lines do not fit axes of {box.height:.0f} pixels",
        where="values and ax=",
        mend='choose fewer lines, give a taller figure, or draw panels="agency"',
    )


def _write_figures(ax: Axes, line: Line, look: Look) -> None:
    """Write each figure above its point, or its interval, where there is the room for it."""
    from matplotlib.patheffects import withStroke

    unit = "percent" if look.unit == "percent" else ""
    reported = np.flatnonzero(~np.isnan(line.figures))
    texts = [number_text(line.figures[place], unit=unit, lang=look.lang) for place in reported]
    left, right = ax.get_xlim()
    each = ax.get_window_extent().width / (right - left)
    if max(text_size(ax, text, SMALL)[0] for text in texts) + GAP > each:
        return
    if not look.narrow:
        # Room above the highest point; the ticks stay what they are.
        bottom, top = ax.get_ylim()
        ax.set_ylim(bottom, top + 0.06 * (top - bottom))
    for place, text in zip(reported.tolist(), texts, strict=True):
        ax.annotate(
            text,
            xy=(float(place), _above(line, place, narrow=look.narrow)),
            xytext=(6, 0) if look.narrow else (0, 6),
            textcoords="offset points",
            ha="left" if look.narrow else "center",
            va="center" if look.narrow else "baseline",
            fontsize=SMALL,
            path_effects=[withStroke(linewidth=2.5, foreground="white")],
        )


def _above(line: Line, place: int, *, narrow: bool) -> float:
    """Return the level above which a figure is written."""
    free = narrow or np.isnan(line.high[place])
    return float(line.figures[place] if free else line.high[place])


def unit_label(ax: Axes, look: Look) -> None:
    """Write the unit beside the y axis."""
    ax.set_ylabel(literal(unit_words(look.unit, lang=look.lang)), fontsize=TEXT)


PANELS = ("indicator", "agency", "group")
NARROWEST = 170.0  # pixels of a panel with its ticks, below which panels stand in fewer columns
SMALLEST_PANEL = 40.0  # pixels: a panel narrower or lower than that shows nothing


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
    strip = _panel_legend(ax, panels, looks[0]) if several or target is not None else 0.0
    # First with room to spare: what ticks and titles take shows once they are drawn.
    margins = _Margins(60, 12, 40, 30)
    drawn, margins = _draw_grid(ax, panels, looks, margins, strip, shared=by != "indicator")
    for child in drawn:
        child.remove()
    return _draw_grid(ax, panels, looks, margins, strip, shared=by != "indicator")[0]


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


def _draw_grid(
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
    if min(inner) < SMALLEST_PANEL:
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
            (left / box.width, bottom / box.height, inner[0] / box.width, inner[1] / box.height)
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


def _panel_legend(ax: Axes, panels: Sequence[_Panel], look: Look) -> float:
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


def plot_trend(
    values: pd.DataFrame,
    *,
    ax: Axes | None = None,
    panels: str | None = None,
    target: float | None = None,
    highlight: str | Sequence[str] | None = None,
    caption: bool = True,
    lang: str = "vi",
) -> Axes:
    """Draw values over consecutive quarters; a missing quarter or figure is a gap in its line.

    The axis goes from the first quarter with a figure to the last. Lines of the year to date start
    anew each year.

    Parameters
    ----------
    values : values frame (see `complete_values`). One line per agency, indicator, group, basis and
        origin, named by what tells it from the others. With columns `low` and `high`, as of
        `add_intervals`, each point has its interval, in axes of up to six lines.
    ax : where to draw; a new figure's axes if None.
    panels : "indicator", "agency" or "group" draws one small axes for each inside `ax`
        (`ax.child_axes`); indicators have a scale each, agencies and groups share one.
    target : level of a dashed line, in the unit of the values.
    highlight : the agency, indicator or group, or several, whose lines have a colour and a name;
        the others stand grey behind them. Of more lines than there are colours, seven, either these
        or `panels` are asked for. Not with `panels`.
    caption : whether the sentences of `plot_caption` stand below the axes as well: the first and
        last figure with its interval, and which quarters are missing. The figure's layout makes
        room for them, `layout="constrained"` for one.
    lang : "vi" or "en".

    Returns
    -------
    `ax`, or the new axes. Lines are named at their ends; more than six are listed in a legend.
    A line without any figure is named with the reason. Nothing is computed.

    Raises
    ------
    PlotError
        No rows, a missing or doubled column, no figure at all, several units on one axis, a
        target that is no number, an unknown `panels`, more panels than the axes have room for, more
        than seven lines with neither `highlight` nor `panels`, nothing of the name to highlight.

    Examples
    --------
    >>> own = pd.DataFrame({"agency": "Sở A", "period": ["2020Q1", "2020Q2", "2020Q4"],
    ...                     "indicator": "on_time_rate_settled", "value": [96.0, 97.5, 98.0],
    ...                     "unit": "percent"})
    >>> from matplotlib.figure import Figure
    >>> ax = plot_trend(own, ax=Figure().add_subplot(), target=95)
    >>> ax.get_ylabel(), ax.lines[0].get_ydata().tolist()
    ('Tỷ lệ (%)', [96.0, 97.5, nan, 98.0])
    """
    require_language(lang)
    table = with_limits(drawable(values))
    level = _target(target)
    chosen = _highlighted(table, highlight, panels)
    if panels is not None and panels not in PANELS:
        raise PlotError(
            f"there are no panels by {panels!r}",
            where="panels=",
            mend=f"use one of {', '.join(PANELS)}, or None",
        )
    # A report prints the quarters to come as well, all empty.
    reported = table.loc[table["value"].notna(), "period"]
    periods = pd.period_range(reported.min(), reported.max(), freq="Q-DEC")
    sentences = _sentences(table, periods, chosen, lang=lang)
    small: list[Axes] = []
    if panels is not None:
        columns, rows = panel_grid(table[panels].nunique())
        ax = take_axes(ax, width=max(7.0, 3.4 * columns), height=1.2 + 2.5 * rows)
        write_title(ax, title_of(table, lang=lang, without=[panels]))
        ax.set_axis_off()
        _settle_with(ax, sentences if caption else "")
        small = draw_panels(ax, table, periods, by=panels, target=level, lang=lang)
    else:
        unit = one_unit(
            table, mend='choose the rows of one unit, or draw one axis for each: panels="indicator"'
        )
        ax = take_axes(ax, width=9.0, height=4.8)
        write_title(ax, _title_words(table, periods, lang=lang))
        lines = lines_of(table, periods, telling_columns(table), lang=lang, highlight=chosen)
        _require_colours(lines)
        named = sum(not line.aside for line in lines)
        look = Look(periods, unit, level, lang, ends=named <= MOST_NAMED)
        unit_label(ax, look)
        _settle_with(ax, sentences if caption else "")
        draw_lines(ax, lines, look, figures=figures_of(lines))
        if caption:
            # Anew, below the names of the quarters that stand there now.
            write_caption(ax, sentences)
    if not caption:
        keep_caption(ax, sentences)
    if is_synthetic(values):
        for drawn in small or [ax]:
            mark_synthetic(drawn, lang=lang)
    return ax


def _highlighted(
    table: pd.DataFrame, highlight: str | Sequence[str] | None, panels: str | None
) -> tuple[str, ...]:
    """Return what is to be highlighted; refuse a name that no line has."""
    if highlight is None:
        return ()
    chosen = (highlight,) if isinstance(highlight, str) else tuple(highlight)
    if panels is not None:
        raise PlotError(
            "one line among grey ones and small axes for each are two plots",
            where="highlight= and panels=",
            mend="give one of the two",
        )
    names = row_names(table, telling_columns(table), lang="vi")
    there = {*names, *(str(cell) for column in LINE for cell in table[column].unique())}
    if unknown := [name for name in chosen if name not in there]:
        shown = listed(dict.fromkeys(names), most=5, between=", ", more=", …")
        raise PlotError(
            f"no line is called {', '.join(map(repr, unknown))}",
            where=f"highlight=; lines: {shown}",
            mend="give agencies, indicators or groups as the values name them",
        )
    return chosen


def _require_colours(lines: Sequence[Line]) -> None:
    """Refuse more lines than there are colours."""
    coloured = sum(not line.aside for line in lines)
    if coloured > len(COLOURS):
        raise PlotError(
            f"{coloured} lines cannot be told apart by {len(COLOURS)} colours",
            where=f"lines: {', '.join(line.name for line in lines[:3])}, …",
            mend='name a few with highlight=, the others are grey; or draw panels="agency"',
        )


def _target(target: float | None) -> float | None:
    """Return the target as a float."""
    if target is not None and not (is_number(target) and math.isfinite(target)):
        raise PlotError(
            f"the target {target!r} is no level", where="target=", mend="give a number or None"
        )
    return None if target is None else float(target)


def _settle_with(ax: Axes, sentences: str) -> None:
    """Let the layout make room for a caption before anything is drawn by the room there is."""
    if sentences:
        write_caption(ax, sentences)
    settle(ax)


def _sentences(
    table: pd.DataFrame, periods: pd.PeriodIndex, highlight: Sequence[str], *, lang: str
) -> str:
    lines = lines_of(table, periods, telling_columns(table), lang=lang, highlight=highlight)
    units = [str(part["unit"].iloc[0]) for _, part in table.groupby(list(LINE), sort=False)]
    return trend_caption(
        title_of(table, lang=lang),
        lines,
        periods,
        units=units,
        table=table,
        whiskers=bool(with_whiskers(lines)),
        lang=lang,
    )


def _title_words(table: pd.DataFrame, periods: pd.PeriodIndex, *, lang: str) -> str:
    title = title_of(table, lang=lang)
    if len(periods) > 1:
        return title
    return " · ".join(part for part in (title, label_period(periods[0], lang=lang)) if part)
