"""The pictures of the index; the plots themselves draw them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from cchc_stats.index import ROOT
from cchc_stats.plots import plot_points_lost, plot_score, settle
from cchc_stats.publishing.page.inline_svg import Picture, new_figure, picture_of
from cchc_stats.publishing.page.scored import Scored
from cchc_stats.publishing.page.texts import text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH, TOP = 10.0, 10
Draw = Callable[[Scored, "Axes", str], "Axes"]


def draw_index(name: str, scored: Scored, *, lang: str) -> Figure | None:
    """Return one of `INDEX_PICTURES`, None where there is nothing to show."""
    inches, plot = INDEX_PICTURES[name]
    if not (high := inches(scored)):
        return None
    figure = new_figure(WIDTH, 1.8 + high)
    settle(plot(scored, figure.add_subplot(), lang))  # anew, below the words over the plot
    return figure


def index_pictures(
    scored: Scored, *, lang: str, tell: Callable[[str], None] = lambda step: None
) -> list[Picture]:
    """Return the pictures of the index, in the order of the page."""
    found = []
    for name in INDEX_PICTURES:
        tell("picture")
        if (figure := draw_index(name, scored, lang=lang)) is not None:
            title = text("picture", name, lang=lang)
            found.append(picture_of(figure, name=name, title=title))
    return found


def _own_lost(scored: Scored) -> float:
    return 0.5 * min(TOP, int((scored.lost["assessor"] == scored.root["assessor"]).sum()))


# In the order in which the page shows them: the inches that its rows need, and what draws it.
INDEX_PICTURES: Mapping[str, tuple[Callable[[Scored], float], Draw]] = {
    "score": (
        lambda scored: 0.5 * int((scored.scores["parent"] == ROOT).sum()),
        lambda scored, ax, lang: plot_score(scored.scores, ax=ax, lang=lang),
    ),
    "points_lost": (
        _own_lost,
        lambda scored, ax, lang: plot_points_lost(
            scored.lost[scored.lost["assessor"] == scored.root["assessor"]],
            ax=ax,
            lang=lang,
            top=TOP,
        ),
    ),
}
