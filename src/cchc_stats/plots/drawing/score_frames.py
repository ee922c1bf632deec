"""What the plots of index points share: checks of their frames, names, and the word "example"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from cchc_stats.plots.drawing.axes import GREY, TEXT, TITLE
from cchc_stats.plots.drawing.captions import is_synthetic, mark_synthetic
from cchc_stats.plots.drawing.series import numbers, require_columns
from cchc_stats.words import PlotError, assessor_name, label_period, require_quarters, word

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# What cells of a column are called, one and several of them.
NOUNS = {
    "agency": ("agency", "agencies"),
    "period": ("period", "periods"),
    "assessor": ("assessor", "assessors"),
    "scheme": ("scheme", "schemes"),
    "group": ("group", "groups"),
    "code": ("node", "nodes"),
}
SHOWN = 5  # names listed in a refusal

# States of a scheme that a plot must show: the gravest first.
UNSETTLED = ("example", "provisional")


def score_table(
    frame: pd.DataFrame,
    *,
    of: str,
    columns: Sequence[str],
    figures: Sequence[str],
    one: Sequence[str],
    mend: str,
) -> pd.DataFrame:
    """Return a frame of index points with its figures as Float64 and its periods as quarters.

    Parameters
    ----------
    of : what the frame is called in a refusal.
    columns : those it must have.
    figures : those, of the ones it has, that are numbers.
    one : those, of the ones it has, that must not tell several things apart.
    mend : how to get such a frame.

    Raises
    ------
    PlotError
        No frame, no rows, a missing or doubled column, a cell that is no number, several of what
        must be one.
    PeriodError
        A period that is no quarter.
    """
    if not isinstance(frame, pd.DataFrame):
        raise PlotError(f"{of} are a DataFrame, not a {type(frame).__name__}", where=of, mend=mend)
    if frame.empty:
        raise PlotError(
            f"there are no {of} to draw",
            where=of,
            mend=f"{mend}; or loosen the filter that left no row",
        )
    require_columns(frame, columns, mend=mend)
    typed = {name: numbers(frame, name, mend=mend) for name in figures if name in frame}
    if "period" in frame:
        typed["period"] = require_quarters(frame["period"], where=f"{of}, column period")
    table = frame.assign(**typed).reset_index(drop=True)
    for name in one:
        if name in table:
            _require_one(table, name)
    return table


def _require_one(table: pd.DataFrame, name: str) -> None:
    found = list(dict.fromkeys(map(str, table[name])))
    if len(found) > 1:
        one, many = NOUNS[name]
        more = ", …" if len(found) > SHOWN else ""
        raise PlotError(
            f"{len(found)} {many} cannot share one such plot",
            where=f"column {name}: {', '.join(found[:SHOWN])}{more}",
            mend=f"choose the rows of one {one}, and draw a plot for each",
        )


def require_count(top: int | None) -> None:
    """Refuse a number of rows that is not a whole number above 0; None is all."""
    if top is None or (isinstance(top, int) and not isinstance(top, bool) and top > 0):
        return
    raise PlotError(
        f"{top!r} is not a number of rows", where="top=", mend="give a whole number from 1 up"
    )


def label_of(row: dict[Any, Any], *, lang: str) -> str:
    """Return a node's name: the English one where asked for and stated, its code without any."""
    for name in ("label_en", "label") if lang == "en" else ("label",):
        text = row.get(name)
        if isinstance(text, str) and text.strip():
            return text
    return str(row["code"])


def heading_of(table: pd.DataFrame, columns: Sequence[str], *, lang: str) -> str:
    """Return what all rows have in common of the columns given, in words, set apart by " · "."""
    first = table.iloc[0]
    said = []
    for name in columns:
        cell = first[name] if name in table else None
        if name == "period" and cell is not None and pd.notna(cell):
            said.append(label_period(cell, lang=lang))
        elif isinstance(cell, str) and cell:
            said.append(assessor_name(cell, lang=lang) if name == "assessor" else cell)
    return " · ".join(said)


def unsettled_status(frame: pd.DataFrame) -> str:
    """Return "example" or "provisional" where any row is of such a scheme, else ""."""
    stated = {str(frame.attrs.get("scheme_status"))}
    if "scheme_status" in frame:
        stated = set(frame["scheme_status"].astype("str"))
    return next((status for status in UNSETTLED if status in stated), "")


def mark_status(ax: Axes, frame: pd.DataFrame, *, lang: str) -> None:
    """Write what the scheme is, where it is no confirmed one, or that figures are made up."""
    if is_synthetic(frame):
        mark_synthetic(ax, lang=lang)
    if status := unsettled_status(frame):
        # Not behind the bars, which would hide it: between the title, raised by a line, and them.
        ax.annotate(
            word("index_plot", status, lang=lang),
            (0, 1),
            xycoords="axes fraction",
            xytext=(0, 4),
            textcoords="offset points",
            fontsize=TEXT,
            fontweight="bold",
            color=GREY,
        )
        ax.set_title(ax.get_title(loc="left"), loc="left", fontsize=TITLE, pad=10 + TEXT)
