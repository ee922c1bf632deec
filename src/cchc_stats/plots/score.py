"""The points of one agency: what it got of each field's maximum, and what is unknown."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from cchc_stats.index import is_below
from cchc_stats.plots.axes import (
    BLUE,
    COLOURS,
    GREY,
    TEXT,
    VERMILLION,
    height_for,
    lay_out_rows,
    literal,
    settle,
    take_axes,
    write_title,
)
from cchc_stats.plots.series import (
    Record,
    as_float,
    heading_of,
    label_of,
    mark_status,
    sample,
    score_table,
)
from cchc_stats.plots.words import number_text
from cchc_stats.words import PlotError, assessor_name, require_language, word

if TYPE_CHECKING:
    from matplotlib.axes import Axes
from typing import TYPE_CHECKING

FIGURES = ("level", "applicable_max", "points", "points_known", "unknown_max", "percent")
COLUMNS = ("agency", "period", "assessor", "code", "parent", "label", *FIGURES)
MEND = "score(values, scheme) gives them"
# The same order as the signs that stand before the assessors' remarks.
MARKERS, SIGNS = ("o", "s", "D", "^"), ("●", "■", "◆", "▲")
HATCH = "////"
SIGN_OF = {"bonus": "+", "deduction": "−"}


def plot_score(
    scores: pd.DataFrame,
    *,
    ax: Axes | None = None,
    lang: str = "vi",
    node: str = "total",
    level: int | None = None,
) -> Axes:
    """Draw the points (filled) of one agency and period within their maxima (outlined).

    Parameters
    ----------
    scores : what `score` returns, of one agency and one period; several assessors, four at most,
        get a bar each in every row.
    ax : where to draw; a new figure's axes if None.
    lang : "vi" or "en".
    node : code of the node whose parts are drawn.
    level : draw the nodes of this level below `node`, and the leaves above it; None draws the
        children of `node`.

    Returns
    -------
    `ax`, or the new axes, in points. Beside each bar "13,65/14 (97,5%)": points, the maximum that
    applies, and their percentage. What is unknown yet is hatched, from the points known to what
    they may come to, and called "chưa có số liệu"; a node that does not apply has no bar. Points
    deducted are drawn in another colour, with a minus sign beside them.

    Raises
    ------
    PlotError
        No rows, a missing or doubled column, text where a figure belongs, several agencies,
        periods or schemes, more than four assessors, a node twice, no such node or level, a node
        without parts.

    Examples
    --------
    >>> row = {"agency": "Sở A", "period": "2022Q4", "assessor": "self", "level": 1,
    ...        "unknown_max": 0.0, "percent": 97.5, "points": 13.65, "points_known": 13.65,
    ...        "applicable_max": 14.0}
    >>> own = pd.DataFrame([row | {"code": "total", "parent": "", "label": "Tổng", "level": 0},
    ...                     row | {"code": "3", "parent": "total", "label": "Cải cách TTHC"}])
    >>> from matplotlib.figure import Figure
    >>> ax = plot_score(own, ax=Figure().add_subplot())
    >>> [text.get_text() for text in ax.texts]
    ['13,65/14 (97,5%)']
    """
    require_language(lang)
    table = score_table(
        scores,
        of="scores",
        columns=COLUMNS,
        figures=FIGURES,
        one=("agency", "period", "scheme"),
        mend=MEND,
    )
    assessors = _assessors(table)
    rows = {
        (str(row["code"]), str(row["assessor"])): row
        for row in table.to_dict("records")
    }  # fmt: skip
    codes = parts_of(table, node, level)
    first = {str(row["code"]): row for row in reversed(table.to_dict("records"))}
    names = [label_of(first[code], lang=lang) for code in codes]
    by_code = [[rows.get((code, assessor)) for assessor in assessors] for code in codes]
    remarks = [_remarks(cells, assessors, lang=lang) for cells in by_code]
    ax = take_axes(ax, width=9.0, height=height_for(names, remarks) + 0.16 * len(names))
    write_title(ax, _title(table, first[node], rows, assessors, lang=lang))
    ax.set_xlabel(word("index_plot", "points", lang=lang), fontsize=TEXT)
    ax.set_xticks([0], ["0"], fontsize=TEXT)
    settle(ax)
    drawn = pd.DataFrame([row for cells in by_code for row in cells if row])
    reach = drawn["points_known"] + drawn["unknown_max"]
    figures = pd.concat([drawn["applicable_max"], drawn["points"], reach]).dropna()
    lay_out_rows(
        ax,
        names,
        remarks,
        figures.to_numpy("float64"),
        unit="points",
        lang=lang,
        colours=["black"] * len(names),
        handles=_handles(drawn, assessors, lang=lang),
        from_zero=bool((figures >= 0).all()),
    )
    for place, cells in enumerate(by_code):
        _draw_row(ax, place, cells)
    mark_status(ax, table, lang=lang)
    return ax


def _assessors(table: pd.DataFrame) -> list[str]:
    """Return who scored, the agency itself first."""
    names = list(dict.fromkeys(map(str, table["assessor"])))
    if len(names) > len(MARKERS):
        raise PlotError(
            f"{len(names)} assessors cannot share one such plot",
            where=f"column assessor: {sample(names)}",
            mend=f"choose the rows of {len(MARKERS)} assessors at most",
        )
    twice = table.duplicated(["assessor", "code"])
    if twice.any():
        row = table[twice].iloc[0]
        raise PlotError(
            f"node {row['code']} stands in more than one row",
            where=f"column code, assessor {row['assessor']}",
            mend="choose the rows of one scoring",
        )
    return sorted(names, key=lambda assessor: assessor != "self")


def _title(
    table: pd.DataFrame, root: Record, rows: dict[Any, Record], assessors: list[str], *, lang: str
) -> str:
    """Return the node with its points, then agency, period and scheme."""
    own = [
        (assessor, row)
        for assessor in assessors
        if (row := rows.get((str(root["code"]), assessor))) is not None
    ]
    several = len(assessors) > 1
    points = " · ".join(
        (f"{assessor_name(assessor, lang=lang)} " if several else "")
        + points_words(row, lang=lang, unit="points")
        for assessor, row in own
    )
    heading = heading_of(table, ("agency", "period", "scheme"), lang=lang)
    # A part of its own: an endless label is cut before its points are.
    return f"{label_of(root, lang=lang)} · {points}\n{heading}"


def _remarks(cells: list[Record | None], assessors: list[str], *, lang: str) -> str:
    """Return a row's remark, a line for each assessor, in the order of their bars."""
    if len(assessors) == 1:
        return points_words(cells[0], lang=lang)
    return "\n".join(
        f"{sign} {points_words(row, lang=lang)}"
        for sign, row in zip(SIGNS[: len(cells)], cells, strict=True)
    )


def points_words(row: Record | None, *, lang: str, unit: str = "") -> str:
    """Return a node's points as "13,65/14 (97,5%)", or in words why there are none.

    Parameters
    ----------
    row : of a scores frame; None where the assessor has none.
    unit : "points" writes the unit out.
    """
    if row is None:
        return word("index_plot", "unknown", lang=lang)

    def number(x: Any, sign: str = "", unit: str = unit) -> str:
        return f"{sign if x else ''}{number_text(x, unit=unit, lang=lang)}"

    most, sign = row["applicable_max"], SIGN_OF.get(str(row.get("kind")), "")
    if pd.isna(row["points"]):
        if row["unknown_max"] >= most > 0:
            return _text("unknown_whole", lang, most=number(most, sign))
        scored = f"{number(row['points_known'], unit='')}/{number(most)}"
        if not row["unknown_max"]:  # only a bonus or a deduction is open
            return f"{scored}, {_text('unknown', lang)}"
        return _text("unknown_part", lang, known=scored, unknown=number(row["unknown_max"]))
    if not most and not row["points"]:
        return word("status", "not_applicable", lang=lang)
    if sign:
        return _text("at_most", lang, points=number(row["points"], sign), most=number(most, sign))
    percent = row["percent"]
    share = "" if pd.isna(percent) else f" ({number(percent, unit='percent')})"
    return f"{number(row['points'], unit='')}/{number(most)}{share}"


def _text(code: str, lang: str, **cells: str) -> str:
    return word("index_plot", code, lang=lang).format(**cells)


def _draw_row(ax: Axes, place: int, cells: list[Record | None]) -> None:
    """Draw a row's bars, one under the other: the maximum as an outline, the points filled."""
    several = len(cells) > 1
    slot = 0.8 / len(cells)
    outline = 0.85 * slot if several else 0.62
    for n, row in enumerate(cells):
        if row is None:
            continue
        y = place + (n - (len(cells) - 1) / 2) * slot
        colour = VERMILLION if row.get("kind") == "deduction" else COLOURS[n] if several else BLUE
        scored, unknown = as_float(row["points_known"]), as_float(row["unknown_max"])
        points: float = scored if pd.isna(row["points"]) else as_float(row["points"])
        if points:
            ax.barh(y, points, height=0.55 * outline, color=colour, zorder=2)
            if several:
                ax.plot([points], [y], marker=MARKERS[n], markersize=6, color=colour,
                        markeredgecolor="white", zorder=4)  # fmt: skip
        if unknown > 0 and pd.isna(row["points"]):
            ax.barh(y, unknown, left=points, height=0.55 * outline, facecolor="white",
                    edgecolor=GREY, hatch=HATCH, linewidth=0.6, zorder=2)  # fmt: skip
        if row["applicable_max"] > 0:
            # Above the filled bar, so that the outline is seen where a bonus passes it.
            ax.barh(y, row["applicable_max"], height=outline, facecolor="none", edgecolor="black",
                    linewidth=0.8 if several else 1.2, zorder=3)  # fmt: skip


def _handles(drawn: pd.DataFrame, assessors: list[str], *, lang: str) -> list[Any]:
    """Return what the legend explains: each look that is drawn."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    said = partial(_text, lang=lang)
    handles: list[Any] = [
        Patch(facecolor="none", edgecolor="black", label=said("applicable_max"))
    ]  # fmt: skip
    if len(assessors) == 1:
        handles.append(Patch(facecolor=BLUE, edgecolor=BLUE, label=said("got")))
    else:
        handles += [
            Line2D([], [], color=COLOURS[n], marker=MARKERS[n], linewidth=4, markersize=7,
                   markeredgecolor="white", label=literal(assessor_name(assessor, lang=lang)))
            for n, assessor in enumerate(assessors)
        ]  # fmt: skip
    kinds = set(drawn["kind"]) if "kind" in drawn else set()
    if "deduction" in kinds:
        handles.append(Patch(facecolor=VERMILLION, edgecolor=VERMILLION, label=said("deducted")))
    if drawn["points"].isna().any():
        handles.append(Patch(facecolor="white", edgecolor=GREY, hatch=HATCH, label=said("unknown")))
    return handles


def parts_of(table: pd.DataFrame, node: str, level: int | None) -> list[str]:
    """Return the codes of a node's children, in the order of the scheme.

    With a level: of the nodes of that level below it, and of the leaves above that level.

    Raises
    ------
    PlotError
        No such node, none below it, none of that level.
    """
    nodes = table.drop_duplicates("code")
    codes = list(map(str, nodes["code"]))
    if node not in codes:
        raise PlotError(
            f"there is no node {node!r}",
            where="node=",
            mend=f"choose one of {sample(codes, most=8)}",
        )
    parents = dict(zip(codes, map(str, nodes["parent"]), strict=True))
    if node not in parents.values():
        raise PlotError(
            f"node {node} has no parts to draw",
            where="node=",
            mend=f"choose the node above it: node={parents[node]!r}",
        )
    if level is None:
        return [code for code in codes if parents[code] == node]
    levels = dict(zip(codes, map(int, nodes["level"]), strict=True))
    below = [code for code in codes if code != node and is_below(code, node, parents)]
    return _of_level(below, levels, level, node, inner={*parents.values()})


def _of_level(
    below: list[str], levels: dict[str, int], level: int, node: str, *, inner: set[str]
) -> list[str]:
    """Return the nodes of a level, and the leaves above it, among those below a node."""
    there = sorted({levels[code] for code in below})
    if level not in there:
        raise PlotError(
            f"no node below {node} is of level {level!r}",
            where="level=",
            mend=f"choose one of {', '.join(map(str, there))}, or None for the next one",
        )
    return [
        code
        for code in below
        if levels[code] == level or (levels[code] < level and code not in inner)
    ]
