"""Plots as part of a page: SVG whose texts stay texts, told in words to who cannot see it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree
from markupsafe import Markup

from cchc_stats.plots import plot_caption

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# The page's style names the fonts once: see `.plot svg` in style.css.
_FONT = re.compile(r"font-family: [^;]+;? ?")
_LINK = re.compile(r"url\(#([^)]+)\)")
_HREF = "{http://www.w3.org/1999/xlink}href"
_DROPPED = ("metadata", "style", "title")


def new_figure(width: float, height: float) -> Figure:
    """Return an empty figure of inches that draws for a file, with room for what stands around.

    Not pyplot's: that would keep every figure, and open a window where there is a screen.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    # This canvas keeps what measures texts; without one it is made anew for each text.
    FigureCanvasAgg(figure)
    return figure


@dataclass(frozen=True)
class Picture:
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


def picture_of(figure: Figure, *, name: str, title: str) -> Picture:
    """Return a figure as a picture of the page; what stands under its plots becomes its caption."""
    caption = caption_of(figure)
    told = caption or rows_of(figure)
    label = f"{title}. {told}" if told else title
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
    found = set()
    for element in drawn.iter(etree.Element):
        for key, words in _attributes(element).items():
            found.update(_LINK.findall(words))
            if key == _HREF:
                found.add(words[1:])
    return found


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
    return " ".join(told for ax in figure.axes if (told := plot_caption(ax)))


def rows_of(figure: Figure) -> str:
    """Return the names and remarks of a figure's rows as one text, "" where it has none."""
    return "; ".join(told for ax in figure.axes for told in _rows(ax))


def _rows(ax: Axes) -> Iterator[str]:
    """Yield "name: remark" of the rows that `lay_out_rows` has written."""
    remarks = {text.xy[1]: _plain(text.get_text()) for text in ax.texts if hasattr(text, "xy")}
    for place, label in zip(ax.get_yticks(), ax.get_yticklabels(), strict=True):
        if place in remarks:
            yield f"{_plain(label.get_text())}: {remarks[place]}"


def _plain(words: str) -> str:
    return " ".join(words.replace(r"\$", "$").split())
