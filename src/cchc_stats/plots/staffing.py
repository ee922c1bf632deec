"""Staffing: posts assigned against people present, by category."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from cchc_stats.forms import dashed_columns, find_form
from cchc_stats.plots.axes import (
    BLUE,
    TEXT,
    height_for,
    is_synthetic,
    lay_out_rows,
    mark_synthetic,
    settle,
    take_axes,
    write_title,
)
from cchc_stats.plots.series import as_float, checked, numbers, require_columns, require_one
from cchc_stats.plots.words import name_of, number_text
from cchc_stats.words import (
    AS_OF,
    PlotError,
    label_period,
    require_language,
    require_quarters,
    word,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.patches import Patch

RATE = "staffing_rate"
FORM_COLUMNS = ("agency", "period", "category", "assigned", "present")
MEND = "give the form staffing, or values with the indicator staffing_rate"


class _Posts(NamedTuple):
    """The figures of one category, NaN where missing, and what is printed beside them."""

    name: str
    assigned: float
    present: float
    remark: str


def plot_staffing(staffing: pd.DataFrame, *, ax: Axes | None = None, lang: str = "vi") -> Axes:
    """Draw posts assigned (outlined) against people present (filled), a row per category.

    Parameters
    ----------
    staffing : frame of the form `staffing`, or values with rows of the indicator `staffing_rate`
        (numerator present, denominator assigned); of one agency and one period.
    ax : where to draw; a new figure's axes if None.
    lang : "vi" or "en".

    Returns
    -------
    `ax`, or the new axes. Beside each row "37/40 (92,5%)", the percentage where values give it;
    a missing figure is written as "chưa báo cáo". What is left of the outline is vacant; a filled
    bar that passes it is more people than posts.

    Raises
    ------
    PlotError
        No rows, a missing or doubled column, text where a figure belongs, no `staffing_rate`,
        several agencies or periods, one category twice, or no figure at all.

    Examples
    --------
    >>> own = pd.DataFrame({"agency": "Sở A", "period": "2020Q3", "category": ["public_service"],
    ...                     "assigned": [47], "present": [23]})
    >>> from matplotlib.figure import Figure
    >>> ax = plot_staffing(own, ax=Figure().add_subplot())
    >>> [text.get_text() for text in ax.texts]
    ['23/47']
    """
    require_language(lang)
    table = _table(staffing)
    require_one(
        table,
        ("agency", "period"),
        what="{n} {many} cannot share one staffing plot",
        mend="choose the rows of one agency and one period",
    )
    _refuse_doubled(table)
    if table[["assigned", "present"]].isna().all(axis=None):
        raise PlotError(
            "nothing to show: no category has a figure, neither assigned nor present",
            where=f"{table['agency'].iloc[0]}, {table['period'].iloc[0]}",
            mend="choose an agency and a period that reported the form staffing",
        )
    rows = [
        _Posts(
            name=name_of("group", row["category"], indicator=RATE, lang=lang),
            assigned=as_float(row["assigned"]),
            present=as_float(row["present"]),
            remark=_remark(row, lang=lang),
        )
        for _, row in table.iterrows()
    ]
    names, remarks = [row.name for row in rows], [row.remark for row in rows]
    ax = take_axes(ax, width=9.0, height=height_for(names, remarks) + 0.3 * len(rows))
    moment = label_period(table["period"].iloc[0], AS_OF, lang)
    title = word("plot", "staffing", lang=lang)
    write_title(ax, f"{title}\n{table['agency'].iloc[0]} · {moment}")
    ax.set_xlabel(word("plot", "people", lang=lang), fontsize=TEXT)
    ax.set_xticks([0], ["0"], fontsize=TEXT)
    settle(ax)
    figures = np.array([(row.assigned, row.present) for row in rows]).ravel()
    lay_out_rows(
        ax,
        names,
        remarks,
        figures[~np.isnan(figures)],
        unit="",
        lang=lang,
        colours=["black"] * len(rows),
        handles=_handles(lang=lang),
        from_zero=True,
    )
    _bars(ax, rows)
    if is_synthetic(staffing):
        mark_synthetic(ax, lang=lang)
    return ax


def _table(staffing: pd.DataFrame) -> pd.DataFrame:
    """Return agency, period, category, assigned, present, rate and absences of either input."""
    if isinstance(staffing, pd.DataFrame) and "indicator" in staffing and len(staffing):
        return _from_values(staffing)
    if not isinstance(staffing, pd.DataFrame):
        raise PlotError(
            f"staffing is a DataFrame, not a {type(staffing).__name__}",
            where="staffing",
            mend='give report.tables["staffing"]',
        )
    if staffing.empty:
        raise PlotError(
            "there is no staffing to draw",
            where="staffing",
            mend="give the table staffing of a report, or loosen the filter that left no row",
        )
    require_columns(staffing, FORM_COLUMNS, mend=MEND)
    form = find_form("staffing")
    figures = {
        name: numbers(
            staffing,
            name,
            heading=form.heading(name),
            mend='pass the table through validate(frame, "staffing") first',
        )
        for name in ("assigned", "present")
    }
    period = require_quarters(staffing["period"], where="staffing, column period")
    table = staffing.assign(period=period, rate=np.nan, **figures)
    return table.assign(dashes=staffing.get("not_applicable", "")).reset_index(drop=True)


def _from_values(values: pd.DataFrame) -> pd.DataFrame:
    require_columns(values, ["indicator"], mend=MEND)
    rates = values[values["indicator"] == RATE]
    if rates.empty:
        raise PlotError(
            f"there is no {RATE} among the values",
            where=f"column indicator: {', '.join(map(str, values['indicator'].unique()[:5]))}",
            mend='measure({"staffing": frame}), or give the form staffing itself',
        )
    if missing := [name for name in ("numerator", "denominator") if name not in rates]:
        raise PlotError(
            f"column{'s' if len(missing) > 1 else ''} {', '.join(missing)} missing",
            where=f"values, rows of {RATE}",
            mend="give values with the people present as numerator, the posts as denominator",
        )
    table = checked(rates)
    dashed = table["status"] == "not_applicable"
    return pd.DataFrame(
        {
            "agency": table["agency"],
            "period": table["period"],
            "category": table["group"],
            "assigned": table["denominator"],
            "present": table["numerator"],
            "rate": table["value"],
            "dashes": np.where(dashed, "assigned present", ""),
        }
    )


def _refuse_doubled(table: pd.DataFrame) -> None:
    """Refuse a category in two rows."""
    twice = table.loc[table["category"].duplicated(), "category"]
    if len(twice):
        raise PlotError(
            f"category {twice.iloc[0]} stands in more than one row",
            where="column category",
            mend="choose the rows of one basis and one origin",
        )


def _remark(row: pd.Series, *, lang: str) -> str:
    """Return "37/40 (92,5%)" with words where a figure is missing."""
    absent = {
        name: word(
            "status",
            "not_applicable" if name in dashed_columns(row["dashes"]) else "not_reported",
            lang=lang,
        )
        for name in ("assigned", "present")
        if pd.isna(row[name])
    }
    if len(absent) == 2:
        return absent["present"]
    parts = [
        absent.get(name) or number_text(row[name], lang=lang) for name in ("present", "assigned")
    ]
    rate = (
        "" if pd.isna(row["rate"]) else f" ({number_text(row['rate'], unit='percent', lang=lang)})"
    )
    return (" / " if absent else "/").join(parts) + rate


def _bars(ax: Axes, rows: list[_Posts]) -> None:
    """Draw present filled and assigned as an outline, each where there is a figure."""
    for place, row in enumerate(rows):
        if not np.isnan(row.present):
            ax.barh(place, row.present, height=0.34, color=BLUE, zorder=2)
        if not np.isnan(row.assigned):
            # Above the filled bar, so that the outline is seen where people pass the posts.
            ax.barh(
                place,
                row.assigned,
                height=0.62,
                facecolor="none",
                edgecolor="black",
                linewidth=1.2,
                zorder=3,
            )


def _handles(*, lang: str) -> list[Patch]:
    from matplotlib.patches import Patch

    return [
        Patch(facecolor="none", edgecolor="black", label=word("plot", "assigned", lang=lang)),
        Patch(facecolor=BLUE, edgecolor=BLUE, label=word("plot", "present", lang=lang)),
    ]
