"""The pictures of the page: which figures go into each, and their drawings as SVG.

The plots themselves draw them. Texts stay texts, for who cannot see the drawing.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd
from lxml import etree
from markupsafe import Markup

from cchc_stats.index import ROOT
from cchc_stats.plots import (
    draw_shares,
    name_of,
    plot_caption,
    plot_change,
    plot_control_chart,
    plot_points_lost,
    plot_score,
    plot_staffing,
    plot_trend,
    settle,
)
from cchc_stats.publishing.frames import text
from cchc_stats.publishing.page.quarter import DRAWN, KEY_FIGURES, Quarter, Scored, Trends
from cchc_stats.values import KEY
from cchc_stats.words import ALL, IN_PERIOD

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import LayoutEngine

PANELS_BESIDE = 3
TREND = (5.0, 3.4)  # inches
PAD = 3.0  # pixels between the edge and what stands around the axes
MOST_TRENDS = 4  # pictures; the table below them has all
TOP = 10  # rows of what was lost
Tell = Callable[[str], None]
# The page's style names the fonts once: see `.plot svg` in style.css.
_FONT = re.compile(r"font-family: [^;]+;? ?")
_LINK = re.compile(r"url\(#([^)]+)\)")
_HREF = "{http://www.w3.org/1999/xlink}href"
_DROPPED = ("metadata", "style", "title")


def silent(step: str) -> None:
    """Tell nobody."""


class Picture(NamedTuple):
    """A drawing on the page.

    Attributes
    ----------
    name : of letters, another one for each picture of a page.
    title : what it is called.
    caption : the sentences below it, "" where its rows say all.
    svg : the drawing, with all that it shows as its alt text.
    """

    name: str
    title: str
    caption: str
    svg: Markup


class Drawing(NamedTuple):
    """How a picture of a quarter, or of its index, is made.

    Attributes
    ----------
    rows : the rows of the subject that it shows.
    height : inches that the rows need.
    plot : draws rows on axes in a language; the subject says whose and when.
    width : in inches.
    figures : column without which there is nothing to show.
    """

    rows: Callable[[Any], pd.DataFrame]
    height: Callable[[pd.DataFrame], float]
    plot: Callable[[pd.DataFrame, Any, Axes, str], object]
    width: float = 5.8  # two stand beside each other, one fills a narrow screen
    figures: str = "value"


def draw(drawing: Drawing, subject: Quarter | Scored, *, lang: str) -> Figure | None:
    """Return a drawing, None where the subject has no figures for it."""
    rows = drawing.rows(subject)
    if rows[drawing.figures].isna().all():
        return None
    figure = new_figure(drawing.width, drawing.height(rows))
    drawing.plot(rows, subject, figure.add_subplot(), lang)
    return figure


def pictures_of(
    drawings: Mapping[str, Drawing], subject: Quarter | Scored, *, lang: str, tell: Tell = silent
) -> list[Picture]:
    """Return the pictures that the subject has figures for, in the order of the page."""
    pictures = []
    for name, drawing in drawings.items():
        tell("picture")
        if (figure := draw(drawing, subject, lang=lang)) is not None:
            pictures.append(picture_of(figure, name=name, title=text("picture", name, lang=lang)))
    return pictures


def _now(values: pd.DataFrame, quarter: Quarter) -> pd.DataFrame:
    """Return the rows of the quarter and of the sender: its units stand in the tables alone."""
    own = values["agency"] == quarter.report.agency
    now: pd.DataFrame = values[own & (values["period"] == quarter.report.period)]
    return now


def _shares(quarter: Quarter) -> pd.DataFrame:
    """Return the main shares of the quarter."""
    now = _now(quarter.values, quarter)
    main = now["indicator"].isin(KEY_FIGURES) & (now["group"] == ALL)
    chosen: pd.DataFrame = now[main & (now["unit"] == "percent")]
    return chosen


def _changes(quarter: Quarter) -> pd.DataFrame:
    """Return the main shares that have one of the quarter before."""
    values = quarter.compared("quarter_over_quarter")
    # What only to_quarterly() has made is not shown: the report has no such figure.
    now = values.merge(_shares(quarter)[list(KEY)], on=list(KEY))
    is_shown = now["change"].notna() & ~((now["value"] == 0) & (now["previous"] == 0))
    return now[is_shown].reset_index(drop=True)


def _training(quarter: Quarter) -> pd.DataFrame:
    """Return the turns of each group of staff in the quarters of the report's year so far."""
    values, period = quarter.values, quarter.report.period
    turns = (values["unit"] == "turns") & (values["basis"] == IN_PERIOD)
    so_far = (values["period"].dt.year == period.year) & (values["period"] <= period)
    so_far &= values["agency"] == quarter.report.agency
    chosen: pd.DataFrame = values[turns & so_far & (values["group"] != ALL)]
    return chosen


# In the order in which the page shows them. Shares that moved are shown with what they were, and
# where there is a history its trends stand for the quarters of the year.
PICTURES = {
    "shares": Drawing(
        rows=lambda quarter: _shares(quarter).iloc[: None if _changes(quarter).empty else 0],
        height=lambda rows: 1.0 + 0.42 * len(rows),
        plot=lambda rows, quarter, ax, lang: draw_shares(rows, ax=ax, lang=lang),
    ),
    "changes_shares": Drawing(
        rows=_changes,
        height=lambda rows: 1.8 + 0.42 * len(rows),
        plot=lambda rows, quarter, ax, lang: plot_change(
            rows, period=quarter.report.period, ax=ax, lang=lang
        ),
    ),
    "staffing": Drawing(
        rows=lambda quarter: _now(quarter.values, quarter).query("indicator == 'staffing_rate'"),
        height=lambda rows: 1.8 + 0.4 * len(rows),
        plot=lambda rows, quarter, ax, lang: plot_staffing(rows, ax=ax, lang=lang),
    ),
    "training": Drawing(
        rows=lambda quarter: _training(quarter).iloc[: None if quarter.history.empty else 0],
        height=lambda rows: 1.4 + 2.5 * math.ceil(rows["indicator"].nunique() / PANELS_BESIDE),
        plot=lambda rows, quarter, ax, lang: plot_trend(
            rows, ax=ax, panels="indicator", caption=False, lang=lang
        ),
    ),
}
# Laid out anew in the end, below the words over the plot.
INDEX_PICTURES = {
    "score": Drawing(
        rows=lambda scored: scored.scores,
        height=lambda rows: 1.8 + 0.5 * int((rows["parent"] == ROOT).sum()),
        plot=lambda rows, scored, ax, lang: settle(plot_score(rows, ax=ax, lang=lang)),
        figures="label",
    ),
    "points_lost": Drawing(
        rows=lambda scored: scored.own_lost,
        height=lambda rows: 1.8 + 0.6 * min(TOP, len(rows)),
        plot=lambda rows, scored, ax, lang: settle(
            plot_points_lost(rows, ax=ax, lang=lang, top=TOP)
        ),
        figures="label",
    ),
}


def trend_pictures(trends: Trends, *, lang: str, tell: Tell = silent) -> list[Picture]:
    """Return pictures of the first of `DRAWN` that move: a control chart, else a trend."""
    pictures: list[Picture] = []
    for code in DRAWN:
        part = trends.values[trends.values["indicator"] == code]
        if part["value"].nunique() < 2 or len(pictures) == MOST_TRENDS:
            continue
        tell("picture")
        title = name_of("indicator", code, lang=lang)
        chart = trends.charts[trends.charts["indicator"] == code]
        figure = new_figure(*TREND)
        if len(chart):
            plot_control_chart(chart, ax=figure.add_subplot(), caption=False, lang=lang)
            title = text("picture", "control_chart", lang=lang).format(label=title)
        else:
            plot_trend(part, ax=figure.add_subplot(), caption=False, lang=lang)
        pictures.append(picture_of(figure, name=f"trend-{code}", title=title))
    return pictures


def new_figure(width: float, height: float) -> Figure:
    """Return an empty figure of inches that draws for a file, with room for what stands around.

    Not pyplot's: that would keep every figure, and open a window where there is a screen.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout=_around_one_axes()())
    # This canvas keeps what measures texts; without one it is made anew for each text.
    FigureCanvasAgg(figure)
    return figure


@cache
def _around_one_axes() -> type[LayoutEngine]:
    """Return the class of a layout that gives a figure's one axes the room around what it writes.

    It measures texts once, where the constrained layout measures them four times.
    """
    from matplotlib.layout_engine import LayoutEngine
    from matplotlib.transforms import Bbox

    class AroundOneAxes(LayoutEngine):
        _adjust_compatible, _colorbar_gridspec = True, False

        def execute(self, fig: Figure) -> None:
            (ax,) = fig.axes
            inner, outer, page = ax.get_window_extent(), ax.get_tightbbox(), fig.bbox
            assert outer is not None  # a visible axes has an extent
            left, low = inner.x0 - outer.x0 + PAD, inner.y0 - outer.y0 + PAD
            width = page.width - left - (outer.x1 - inner.x1 + PAD)
            height = page.height - low - (outer.y1 - inner.y1 + PAD)
            room = (left, low, max(width, page.width / 5), max(height, page.height / 5))
            ax.set_position(Bbox.from_bounds(*room).transformed(fig.transFigure.inverted()))

    return AroundOneAxes


def picture_of(figure: Figure, *, name: str, title: str) -> Picture:
    """Return a figure as a picture of the page; what stands under its plots becomes its caption."""
    caption = caption_of(figure)
    content = caption or rows_of(figure)
    label = f"{title}. {content}" if content else title
    return Picture(name, title, caption, inline_svg(figure, name=name, label=label))


@contextmanager
def drawing() -> Iterator[None]:
    """Draw for a page: texts as texts, measured as browsers set them, without hints for pixels."""
    from matplotlib import rc_context

    # The salt makes the same page of the same figures.
    look = {"svg.fonttype": "none", "svg.hashsalt": "cchc_stats", "text.hinting": "none"}
    with rc_context(look):  # type: ignore[arg-type]
        yield


def inline_svg(figure: Figure, *, name: str, label: str) -> Markup:
    """Return a figure as an SVG element for a page that may hold several.

    Parameters
    ----------
    name : what its inner links begin with; another one for each figure of a page.
    label : what it shows, for who hears the page.

    Examples
    --------
    >>> figure = new_figure(3, 2)
    >>> _ = figure.add_subplot().set_title("Quý III")
    >>> svg = inline_svg(figure, name="a", label="<Quý III>")
    >>> print(svg.partition(">")[0], "Quý III</text>" in svg)
    <svg viewBox="0 0 216 144" role="img" aria-label="&lt;Quý III&gt;" True
    """
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    # Plots have settled where things stand; to lay them out anew would take a third of the time.
    figure.set_layout_engine("none")
    file = io.BytesIO()
    with drawing():
        # Not savefig, which draws every figure twice.
        FigureCanvasSVG(figure).print_svg(file, metadata={"Date": None})  # type: ignore[no-untyped-call]
    drawn = etree.fromstring(file.getvalue())
    linked = _linked(drawn)
    for element in list(drawn.iter()):
        if not isinstance(element.tag, str) or _local(element) in _DROPPED:
            _remove(element)
            continue
        kept = _attributes(element)
        element.attrib.clear()
        for key, words in kept.items():
            if key == "id" and words not in linked:
                continue
            element.set("href" if key == _HREF else key, _rewritten(key, words, name))
        element.tag = _local(element)
    box = str(drawn.get("viewBox"))
    drawn.attrib.clear()
    for key, words in (("viewBox", box), ("role", "img"), ("aria-label", label)):
        drawn.set(key, words)
    etree.cleanup_namespaces(drawn)
    text = etree.tostring(drawn, encoding="unicode")
    # matplotlib's indents and line ends are a tenth of the file.
    return Markup(re.sub(r">\s+<", "><", text.replace("\n", " ")))  # lxml has escaped


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname


def _linked(drawn: etree._Element) -> set[str]:
    """Return the ids that something in the drawing refers to."""
    ids = set()
    for element in drawn.iter(etree.Element):
        for key, words in _attributes(element).items():
            ids.update(_LINK.findall(words))
            if key == _HREF:
                ids.add(words[1:])
    return ids


def _attributes(element: etree._Element) -> dict[str, str]:
    return {str(key): str(words) for key, words in element.attrib.items()}


def _rewritten(key: str, words: str, name: str) -> str:
    """Return an attribute with its ids made the picture's own, and without names of fonts."""
    if key == "id":
        return f"{name}-{words}"
    if key == _HREF:
        return f"#{name}-{words[1:]}"
    if key == "style":
        words = _FONT.sub("", words)
    return _LINK.sub(rf"url(#{name}-\1)", words)


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def caption_of(figure: Figure) -> str:
    """Return the sentences that stand under a figure's plots, "" where there are none."""
    return " ".join(caption for ax in figure.axes if (caption := plot_caption(ax)))


def rows_of(figure: Figure) -> str:
    """Return the names and remarks of a figure's rows as one text, "" where it has none."""
    return "; ".join(row for ax in figure.axes for row in _rows(ax))


def _rows(ax: Axes) -> Iterator[str]:
    """Yield "name: remark" of the rows that `lay_out_rows` has written."""
    remarks = {text.xy[1]: _plain(text.get_text()) for text in ax.texts if hasattr(text, "xy")}
    for place, label in zip(ax.get_yticks(), ax.get_yticklabels(), strict=True):
        if place in remarks:
            yield f"{_plain(label.get_text())}: {remarks[place]}"


def _plain(words: str) -> str:
    return " ".join(words.replace(r"\$", "$").split())
