"""From values and scores to what is drawn: checked, one unit, lines and their names in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cchc_stats.plots.axes import GREY, TEXT, TITLE, is_synthetic, mark_synthetic, settle
from cchc_stats.plots.words import in_order_of_names, name_of, unit_words
from cchc_stats.values import complete_values
from cchc_stats.words import (
    YEAR_TO_DATE,
    PlotError,
    ValuesError,
    assessor_name,
    label_period,
    listed,
    require_quarters,
    word,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Record = dict[Any, Any]  # a row of a frame: column -> cell
# What tells one line from another, in the order in which names are put together.
LINE = ("agency", "indicator", "group", "basis", "origin")


def drawable(values: pd.DataFrame, *, columns: Sequence[str] = (), mend: str = "") -> pd.DataFrame:
    """Return the values complete and typed, as `checked` does, if any of them is a number."""
    table = checked(values, columns=columns, mend=mend)
    if table["value"].isna().all():
        raise nothing_to_show(table)
    return table


def checked(values: pd.DataFrame, *, columns: Sequence[str] = (), mend: str = "") -> pd.DataFrame:
    """Return the values complete and typed.

    Raises
    ------
    PlotError
        No rows, or wrong, missing or doubled columns; `columns` are asked for beside those of
        values, and `mend` says how to get them.
    """
    if not isinstance(values, pd.DataFrame):
        raise PlotError(
            f"values are a DataFrame, not a {type(values).__name__}",
            where="values",
            mend="measure(report.tables) gives one",
        )
    if values.empty:
        raise PlotError(
            "there are no values to draw",
            where="values",
            mend="measure a report first, or loosen the filter that left no row",
        )
    require_columns(values, columns, mend=mend)
    try:
        return in_order_of_names(complete_values(values))
    except ValuesError as error:
        what = error.what.replace("values cannot be used", "values cannot be drawn")
        raise PlotError(what, where=error.where, mend=error.mend) from error


def require_columns(frame: pd.DataFrame, columns: Sequence[str], *, mend: str) -> None:
    """Refuse a frame that lacks one of the columns, or has any of its own twice."""
    there = f"columns: {', '.join(map(str, frame.columns))}"
    if missing := [name for name in columns if name not in frame]:
        many = "s" if len(missing) > 1 else ""
        raise PlotError(f"column{many} {', '.join(missing)} missing", where=there, mend=mend)
    twice = frame.columns[frame.columns.duplicated()]
    if len(twice):
        raise PlotError(
            f"column {twice[0]} stands more than once", where=there, mend="keep one of the columns"
        )


def numbers(frame: pd.DataFrame, name: str, *, heading: str = "", mend: str) -> pd.Series:
    """Return a column as Float64.

    Raises
    ------
    PlotError
        A cell is text or infinite; `heading` is what forms print above the column, `mend` says
        how to get numbers.
    """
    column = frame[name]
    try:
        figures = column.astype("Float64")
    except (TypeError, ValueError):
        figures = pd.to_numeric(column.astype("object"), errors="coerce").astype("Float64")
    lost = column.notna() & figures.isna()
    wrong = (lost | figures.abs().eq(np.inf).fillna(False)).to_numpy("bool")
    if wrong.any():
        raise PlotError(
            f"column {name}{heading and f' ({heading})'} has a cell that is no number: "
            f"{str(column[wrong].iloc[0])!r}",
            where=f"column {name}, row {int(np.argmax(wrong)) + 1}",
            mend=mend,
        )
    return figures


def as_float(x: Any) -> float:
    """Return a cell as a float, NaN where it is missing."""
    return float("nan") if pd.isna(x) else float(x)


def nothing_to_show(table: pd.DataFrame) -> PlotError:
    """Return the refusal of values of which none is a number."""
    counts = table["status"].value_counts()
    states = ", ".join(f"{count} {state}" for state, count in counts.items())
    return PlotError(
        "nothing to show: every value is missing",
        where=f"indicator {', '.join(table['indicator'].unique()[:5])}: {states}",
        mend="choose an agency, a period or an indicator that has figures",
    )


def require_centre(shown: pd.DataFrame) -> None:
    """Refuse a chart or funnel whose centre `suppress_small` has left out."""
    if shown["centre"].isna().any():
        raise PlotError(
            "the centre is left out: a figure behind it is not published",
            where="column centre",
            mend="leave figures out first: suppress_small(values), then the chart or funnel",
        )


def one_unit(table: pd.DataFrame, *, mend: str) -> str:
    """Return the unit of all the values.

    Raises
    ------
    PlotError
        They have several, which one axis cannot show.
    """
    units = list(table["unit"].unique())
    if len(units) == 1:
        return str(units[0])
    names, places = [], []
    for unit in units:
        codes = table.loc[table["unit"] == unit, "indicator"].unique()
        names.append(f"{unit or 'none'} ({unit_words(unit, lang='vi')})")
        places.append(f"{unit or 'none'}: {sample(codes, most=3)}")
    raise PlotError(
        f"{len(units)} units cannot share one axis: {', '.join(names)}",
        where=f"column unit, {'; '.join(places)}",
        mend=mend,
    )


def telling_columns(table: pd.DataFrame, *, without: Sequence[str] = ()) -> list[str]:
    """Return the key columns that tell the lines apart, no more than it takes.

    Basis stays wherever figures from the year's start are among others: that they are sums has to
    be said.
    """
    lines = table[list(LINE)].drop_duplicates()
    names = [name for name in LINE if len(lines[name].unique()) > 1 and name not in without]
    for name in ("origin", "basis"):
        rest = [*(other for other in names if other != name), *without]
        needless = not lines.duplicated(rest).any() if rest else len(lines) == 1
        summed = name == "basis" and YEAR_TO_DATE in set(lines["basis"])
        if name in names and needless and not summed:
            names.remove(name)
    return names


def row_names(table: pd.DataFrame, columns: Sequence[str], *, lang: str) -> list[str]:
    """Return each row's name, made of the words of the columns given."""
    return [
        " · ".join(
            name_of(name, row[name], indicator=row["indicator"], lang=lang) for name in columns
        )
        for row in table[list(LINE)].to_dict("records")
    ]


def title_of(table: pd.DataFrame, *, lang: str, without: Sequence[str] = ()) -> str:
    """Return what all the values have in common: the indicator, then agency, group and basis."""
    first = table.iloc[0]
    said = {
        name: name_of(name, first[name], indicator=first["indicator"], lang=lang)
        for name in ("indicator", "agency", "group", "basis")
        if len(table[name].unique()) == 1 and name not in without
    }
    if first["group"] == "all":
        said.pop("group", None)
    if first["basis"] != YEAR_TO_DATE:
        said.pop("basis", None)
    indicator = said.pop("indicator", "")
    return "\n".join(part for part in (indicator, " · ".join(said.values())) if part)


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
    require_one(table, [name for name in one if name in table])
    return table


def require_one(
    table: pd.DataFrame,
    names: Iterable[str],
    *,
    what: str = "{n} {many} cannot share one such plot",
    mend: str = "choose the rows of one {one}, and draw a plot for each",
    most: int = SHOWN,
) -> None:
    """Refuse several agencies, periods and so on where a plot shows one."""
    for name in names:
        several = list(dict.fromkeys(map(str, table[name])))
        if len(several) > 1:
            one, many = NOUNS.get(name, (name, name))
            raise PlotError(
                what.format(n=len(several), many=many),
                where=f"column {name}: {sample(several, most=most)}",
                mend=mend.format(one=one),
            )


def sample(texts: Iterable[str], *, most: int = SHOWN) -> str:
    """Return the first of several texts, with "…" where there are more."""
    return listed(texts, most=most, between=", ", more=", …")


def require_count(top: int | None) -> None:
    """Refuse a number of rows that is not an integer above 0; None is all."""
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
        settle(ax)
