"""The pictures of the index page; the plots themselves draw them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from cchc_stats.index.nodes import ROOT, leaves
from cchc_stats.plots import plot_points_lost, plot_scheme, plot_score
from cchc_stats.publishing.scored import Scored

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH, TOP = 10.0, 10
Draw = Callable[[Scored, "Axes", str], "Axes"]


def draw_index(name: str, scored: Scored, *, lang: str) -> Figure | None:
    """Return one of `INDEX_PICTURES`, None where there is nothing to show."""
    # Not pyplot: it would keep every figure, and open a window where there is a screen.
    from matplotlib.figure import Figure

    inches, plot = INDEX_PICTURES[name]
    if not (high := inches(scored)):
        return None
    figure = Figure(figsize=(WIDTH, 1.8 + high), layout="constrained")
    plot(scored, figure.add_subplot(), lang)
    return figure


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
    "scheme": (
        lambda scored: 0.3 * len(leaves(scored.scheme.nodes)),
        lambda scored, ax, lang: plot_scheme(scored.scheme, ax=ax, lang=lang),
    ),
}
