"""Where points were lost: the largest losses on top, and what would win them back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cchc_stats.index import sentence
from cchc_stats.plots.axes import (
    GREY,
    ROW_LINES,
    TEXT,
    VERMILLION,
    lay_out_rows,
    settle,
    take_axes,
    write_title,
)
from cchc_stats.plots.series import (
    UNSETTLED,
    Record,
    heading_of,
    label_of,
    mark_status,
    require_count,
    score_table,
)
from cchc_stats.plots.words import number_text
from cchc_stats.words import LANGUAGES, PlotError, require_language, word

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLUMNS = ("agency", "period", "assessor", "code", "label", "max_points", "lost", "how")
MEND = "points_lost(scores) gives them"

WIDTH = 11.0  # inches: the remarks are sentences, for which the nine of others are narrow


def plot_points_lost(
    lost: pd.DataFrame, *, ax: Axes | None = None, lang: str = "vi", top: int | None = 10
) -> Axes:
    """Draw the points that one agency lost, a bar per criterion, the largest on top.

    Parameters
    ----------
    lost : what `points_lost` returns in the same language, of one agency, period and assessor.
    ax : where to draw; a new figure's axes if None.
    lang : "vi" or "en".
    top : how many criteria get a row of their own, the others being added up in one; None for all.

    Returns
    -------
    `ax`, or the new axes, in points. Beside each bar the points and what they depend on; criteria
    that lost nothing have no row, and unknown ones stand together in the last one, without
    a bar.

    Raises
    ------
    PlotError
        No rows, a missing or doubled column, text where a figure belongs, several agencies,
        periods, assessors or schemes, a criterion twice, a `top` below 1, nothing lost nor unknown.

    Examples
    --------
    >>> own = pd.DataFrame({"agency": "Sở A", "period": "2022Q4", "assessor": "self",
    ...                     "code": ["1.1", "1.2"], "label": ["Công khai", "Đúng hạn"],
    ...                     "max_points": [2, 8], "lost": [0, 6.0], "how": ["", "cần đạt 95%"]})
    >>> from matplotlib.figure import Figure
    >>> ax = plot_points_lost(own, ax=Figure().add_subplot())
    >>> [text.get_text() for text in ax.texts]
    ['−6 điểm · cần đạt 95%']
    """
    require_language(lang)
    require_count(top)
    if isinstance(lost, pd.DataFrame) and lost.empty:
        raise _nothing("points lost")
    table = score_table(
        lost,
        of="points lost",
        columns=COLUMNS,
        figures=("max_points", "lost"),
        one=("agency", "period", "assessor", "scheme"),
        mend=MEND,
    )
    twice = table.loc[table["code"].duplicated(), "code"]
    if len(twice):
        raise PlotError(
            f"criterion {twice.iloc[0]} stands in more than one row",
            where="column code",
            mend="choose the rows of one scoring",
        )
    scored = table[table["lost"].fillna(0.0) > 0]
    scored = scored.sort_values("lost", ascending=False, kind="stable")
    unknown = table[table["lost"].isna()]
    if scored.empty and unknown.empty:
        raise _nothing(f"{table['agency'].iloc[0]}, {table['period'].iloc[0]}")
    names, remarks, lengths, colours = _rows(scored, unknown, top, lang=lang)
    ax = take_axes(ax, width=WIDTH, height=_height(names, remarks))
    heading = heading_of(table, ("agency", "period", "assessor", "scheme"), lang=lang)
    write_title(ax, f"{word('index_plot', 'lost', lang=lang)}\n{heading}")
    ax.set_xlabel(word("index_plot", "lost", lang=lang), fontsize=TEXT)
    ax.set_xticks([0], ["0"], fontsize=TEXT)
    settle(ax)
    lay_out_rows(
        ax,
        names,
        remarks,
        np.array(lengths),
        unit="points",
        lang=lang,
        colours=["black"] * len(names),
        handles=(),
        from_zero=True,
    )
    for place, (length, colour) in enumerate(zip(lengths, colours, strict=True)):
        if length:
            ax.barh(place, length, height=0.5, color=colour, zorder=2)
    mark_status(ax, table, lang=lang)
    return ax


def _nothing(where: str) -> PlotError:
    return PlotError(
        "nothing to show: no criterion lost points, and none is unknown",
        where=where,
        mend="choose an agency and a period that lost points, or loosen the filter",
    )


def _rows(
    scored: pd.DataFrame, unknown: pd.DataFrame, top: int | None, *, lang: str
) -> tuple[list[str], list[str], list[float], list[str]]:
    """Return names, remarks, lengths and colours of the rows."""

    def points(x: float) -> str:
        return number_text(x, unit="points", lang=lang)

    # One criterion that is left over needs no row for the rest: it takes that row itself.
    shown = len(scored) if top is None or len(scored) <= top + 1 else top
    own: list[Record] = scored.iloc[:shown].to_dict("records")
    names = [label_of(row, lang=lang) for row in own]
    lengths = [float(row["lost"]) for row in own]
    remarks = [
        " · ".join(part for part in (f"−{points(row['lost'])}", _how(row)) if part) for row in own
    ]
    colours = [VERMILLION] * len(own)
    rest = scored.iloc[shown:]
    if len(rest):
        total = float(rest["lost"].sum())
        names.append(word("index_plot", "rest", lang=lang).format(n=len(rest)))
        remarks.append(f"−{points(total)}")
        lengths.append(total)
        colours.append(GREY)
    if len(unknown):
        labels = "; ".join(label_of(row, lang=lang) for row in unknown.to_dict("records"))
        row_name = word("index_plot", "unknown_rows", lang=lang)
        most = word("index_plot", "at_most_points", lang=lang)
        names.append(row_name.format(n=len(unknown), names=labels))
        remarks.append(most.format(points=points(float(unknown["max_points"].sum()))))
        lengths.append(0.0)
        colours.append(GREY)
    return names, remarks, lengths, colours


def _height(names: list[str], remarks: list[str]) -> float:
    """Return the inches that the rows need, of `WIDTH`."""
    # About so many letters stand in a line of either column.
    lines = max(
        max(-(-len(text) // letters) for text in texts)
        for texts, letters in ((names, 50), (remarks, 42))
    )
    return 1.6 + len(names) * max(0.4, 0.15 * min(lines, ROW_LINES) + 0.15)


def _how(row: Record) -> str:
    """Return what would win the points back, as the frame says it."""
    how = row["how"]
    if not isinstance(how, str):
        return ""
    # The plot says once for all that the scheme is an example, or provisional.
    for own in LANGUAGES:
        for status in UNSETTLED:
            how = how.removesuffix(sentence("scheme", status, lang=own))
    return how.strip()
