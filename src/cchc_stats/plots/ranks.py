"""Ranks: where each agency stands, and between which ranks it may stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cchc_stats.plots.axes import (
    BLUE,
    GREY,
    TEXT,
    VERMILLION,
    height_for,
    lay_out_rows,
    settle,
    take_axes,
    write_caption,
    write_title,
)
from cchc_stats.plots.series import (
    Record,
    as_float,
    heading_of,
    mark_status,
    require_count,
    score_table,
)
from cchc_stats.plots.words import number_text
from cchc_stats.words import PlotError, dictionary_order, require_language, word

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D

RANKS = ("rank", "rank_low", "rank_high", "rank_median")
FIGURES = (*RANKS, "percent", "level", "p_value", "p_adjusted")
MANY = 10  # agencies ranked together from which the caption speaks of chance
COLUMNS = ("agency", "rank", "percent")
MEND = "rank_agencies(scores) or sensitivity(values, scheme) gives them"


def plot_ranks(
    ranks: pd.DataFrame, *, ax: Axes | None = None, lang: str = "vi", top: int | None = None
) -> Axes:
    """Draw the rank of each agency as a dot, the first on top, and the range it may lie in.

    Parameters
    ----------
    ranks : what `rank_agencies` or `sensitivity` returns, of one period, assessor, group and node.
    ax : where to draw; a new figure's axes if None.
    lang : "vi" or "en".
    top : draw the ranks from 1 to this one; None for all agencies, also those not ranked.

    Returns
    -------
    `ax`, or the new axes: rank 1 is left and on top, agencies of one rank have their dots one under
    the other. Beside each its rank, percent and class, and whether its figures are incomplete; the
    line, where the frame has `rank_low` and `rank_high`, is the range of its ranks, at the `level`
    of the frame, and the small upright one their median. From ten agencies on whose figures were
    drawn again (`sensitivity` with `sampling`) the caption says how many stand apart from the
    middle, how many chance alone sets apart, and how many are left when false discoveries are
    controlled.

    Raises
    ------
    PlotError
        No rows, a missing or doubled column, text where a figure belongs, several periods,
        assessors, groups, nodes or schemes, an agency twice, a rank below 1, a `top` below 1, no
        rank at all, more rows than the axes have room for.

    Examples
    --------
    >>> own = pd.DataFrame({"agency": ["Sở A", "Sở B"], "rank": [2, 1], "percent": [88.25, 91.0]})
    >>> from matplotlib.figure import Figure
    >>> ax = plot_ranks(own, ax=Figure().add_subplot())
    >>> [text.get_text() for text in ax.texts]
    ['hạng 1 · 91%', 'hạng 2 · 88,3%']
    """
    require_language(lang)
    require_count(top)
    table = score_table(
        ranks,
        of="ranks",
        columns=COLUMNS,
        figures=FIGURES,
        one=("period", "assessor", "group", "code", "scheme"),
        mend=MEND,
    )
    _require_ranks(table)
    ordered = table.sort_values(
        ["rank", "agency"], kind="stable", na_position="last", key=dictionary_order
    )
    part = ordered if top is None else ordered[ordered["rank"].fillna(np.inf) <= top]
    tied = set(table.loc[table["rank"].duplicated(keep=False), "rank"].dropna())
    rows: list[Record] = part.to_dict("records")
    names = [str(row["agency"]) for row in rows]
    remarks = [_remark(row, tied, lang=lang) for row in rows]
    ax = take_axes(ax, width=9.0, height=height_for(names, remarks))
    write_title(ax, _title(table, len(part), lang=lang))
    ax.set_xlabel(word("index_plot", "rank_axis", lang=lang), fontsize=TEXT)
    ax.set_xticks([1], ["1"], fontsize=TEXT)
    settle(ax)
    figures = part[[name for name in RANKS if name in part]]
    last = float(np.nanmax(figures.to_numpy("float64", na_value=np.nan)))
    lay_out_rows(
        ax,
        names,
        remarks,
        np.array([1.0, last]),
        unit="",
        lang=lang,
        colours=["black"] * len(names),
        handles=_handles(part, lang=lang),
    )
    _rank_ticks(ax, last, lang=lang)
    for place, row in enumerate(rows):
        _draw_row(ax, place, row)
    mark_status(ax, table, lang=lang)
    if sentence := _by_chance(table, lang=lang):
        write_caption(ax, sentence)
    return ax


def _by_chance(table: pd.DataFrame, *, lang: str) -> str:
    """Return how many agencies stand apart, and how many chance alone sets apart; "" of few."""
    if not {"p_value", "p_adjusted", "level"} <= {*table}:
        return ""
    judged = table[table["p_value"].notna() & table["level"].notna()]
    if len(judged) < MANY or len(judged["level"].unique()) > 1:
        return ""
    chance = 1 - judged["level"].iloc[0] / 100
    counts = {
        "apart": (judged["p_value"] <= chance + 1e-12).sum(),
        "expected": len(judged) * chance,
        "kept": (judged["p_adjusted"] <= chance + 1e-12).sum(),
    }
    texts = {name: number_text(float(count), lang=lang) for name, count in counts.items()}
    return word("index_plot", "by_chance", lang=lang).format(n=len(judged), **texts)


def _require_ranks(table: pd.DataFrame) -> None:
    twice = table.loc[table["agency"].duplicated(), "agency"]
    if len(twice):
        raise PlotError(
            f"agency {twice.iloc[0]} stands in more than one row",
            where="column agency",
            mend="choose the ranks of one period, assessor and node",
        )
    if table["rank"].isna().all():
        raise PlotError(
            "nothing to show: no agency has a rank",
            where="column rank",
            mend="rank agencies whose points are complete",
        )
    for name in RANKS:
        if name in table and (low := (table[name] < 1).fillna(False)).any():
            row = table[low].iloc[0]
            raise PlotError(
                f"{number_text(row[name], lang='en')} is no rank",
                where=f"column {name}, agency {row['agency']}",
                mend=f"ranks count from 1; {MEND}",
            )


def _title(table: pd.DataFrame, shown: int, *, lang: str) -> str:
    """Return what is drawn, of how many agencies where some are left out, and of which period."""
    title = word("index_plot", "ranks", lang=lang)
    if shown < len(table):
        part = word("index_plot", "shown_of", lang=lang).format(n=shown, of=len(table))
        title = f"{title} ({part})"
    heading = heading_of(table, ("period", "group", "assessor", "scheme"), lang=lang)
    return f"{title}\n{heading}" if heading else title


def _remark(row: Record, tied: set[float], *, lang: str) -> str:
    """Return "hạng 5 (từ 4 đến 7) · 88,3% · Khá", or that the agency is not ranked."""

    def number(x: Any) -> str:
        return number_text(x, lang=lang)

    if pd.isna(row["rank"]):
        return word("index_plot", "unranked", lang=lang)
    phrase = word("index_plot", "tied" if row["rank"] in tied else "rank", lang=lang)
    rank = phrase.format(rank=number(row["rank"]))
    low, high = row.get("rank_low"), row.get("rank_high")
    if low is not None and pd.notna(low) and pd.notna(high) and low < high:
        spread = word("index_plot", "rank_range", lang=lang)
        rank = spread.format(rank=rank, low=number(low), high=number(high))
    percent = row["percent"]
    share = "" if pd.isna(percent) else number_text(percent, unit="percent", lang=lang)
    incomplete = word("index_plot", "incomplete", lang=lang) if row.get("complete") is False else ""
    return " · ".join(part for part in (rank, share, _class(row, lang=lang), incomplete) if part)


def _class(row: Record, *, lang: str) -> str:
    """Return the class; its label, which is Vietnamese, in that language only."""
    for name in ("class_label", "class") if lang == "vi" else ("class",):
        text = row.get(name)
        if isinstance(text, str) and text:
            return text
    return ""


def _rank_ticks(ax: Axes, last: float, *, lang: str) -> None:
    """Write ticks at ranks from 1: there is no rank 0, and none between two others."""
    room = max(2, len(ax.get_xticks()))
    steps = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
    step = next((step for step in steps if last / step <= room), int(last))
    ticks = [1, *(n for n in range(step, int(last) + 1, step) if n > 1 and n - 1 >= step / 2)]
    ax.set_xticks(ticks, [number_text(tick, lang=lang) for tick in ticks], fontsize=TEXT)


def _draw_row(ax: Axes, place: int, row: Record) -> None:
    low, high = as_float(row.get("rank_low")), as_float(row.get("rank_high"))
    if low <= high:
        ax.plot([low, high], [place, place], color=GREY, linewidth=2.5, zorder=2,
                solid_capstyle="butt", marker="|", markersize=8, markeredgewidth=1.5)  # fmt: skip
    median = as_float(row.get("rank_median"))
    if not np.isnan(median):
        ax.plot([median], [place], color=VERMILLION, marker="|", markersize=13,
                markeredgewidth=2, linestyle="none", zorder=3)  # fmt: skip
    rank = as_float(row["rank"])
    if not np.isnan(rank):
        ax.plot([rank], [place], color=BLUE, marker="o", markersize=6.5, linestyle="none",
                markeredgecolor="white", markeredgewidth=0.6, zorder=4)  # fmt: skip


def _handles(part: pd.DataFrame, *, lang: str) -> list[Line2D]:
    """Return the legend, needed only where there is more than the dots."""
    from matplotlib.lines import Line2D

    def drawn(name: str) -> bool:
        return name in part and bool(part[name].notna().any())

    def said(code: str) -> str:
        return word("index_plot", code, lang=lang)

    handles = []
    if drawn("rank_low") and drawn("rank_high"):
        levels = part["level"].dropna().unique().tolist() if "level" in part else []
        at = f" ({number_text(levels[0], unit='percent', lang=lang)})" if len(levels) == 1 else ""
        handles.append(Line2D([], [], color=GREY, linewidth=2.5, label=said("rank_interval") + at))
    if drawn("rank_median"):
        handles.append(Line2D([], [], color=VERMILLION, marker="|", markersize=13,
                              markeredgewidth=2, linestyle="none",
                              label=said("rank_median")))  # fmt: skip
    dot = Line2D([], [], color=BLUE, marker="o", markersize=6.5, linestyle="none",
                 label=said("rank_dot"))  # fmt: skip
    return [dot, *handles] if handles else []
