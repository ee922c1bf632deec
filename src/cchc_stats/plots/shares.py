"""The shares of one quarter: a bar each, with its figures beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cchc_stats.plots.axes import (
    BLUE,
    TEXT,
    is_synthetic,
    lay_out_rows,
    mark_synthetic,
    settle,
    write_title,
)
from cchc_stats.plots.words import name_of, parts_words, unit_words, value_words
from cchc_stats.words import YEAR_TO_DATE, label_period, word

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def draw_shares(values: pd.DataFrame, *, ax: Axes, lang: str = "vi") -> Axes:
    """Draw the shares of one agency's quarter, a bar each; a missing one says why.

    Parameters
    ----------
    values : rows of a values frame, unit `percent`, of one agency and quarter.
    ax : where to draw.
    lang : "vi" or "en".

    Returns
    -------
    `ax`, with "95,3% (1.315/1.380)" beside each bar. Nothing is computed.
    """
    records = values.to_dict("records")
    names, remarks = [], []
    to_date = word("basis", YEAR_TO_DATE, lang=lang)
    for record in records:
        name = name_of("indicator", record["indicator"], lang=lang)
        is_plain = record["basis"] != YEAR_TO_DATE or to_date in name
        names.append(name if is_plain else f"{name} ({to_date})")
        parts = parts_words(record, lang=lang)
        remarks.append(value_words(record, lang=lang) + (f" ({parts})" if parts else ""))
    period = label_period(records[0]["period"], lang=lang)
    write_title(ax, f"{records[0]['agency']} · {period}")
    ax.set_xlabel(unit_words("percent", lang=lang), fontsize=TEXT)
    ax.set_xticks([0], ["0"], fontsize=TEXT)
    settle(ax)
    lengths = values["value"].to_numpy("float64", na_value=np.nan)
    lay_out_rows(
        ax,
        names,
        remarks,
        np.append(lengths[~np.isnan(lengths)], 100.0),
        unit="percent",
        lang=lang,
        colours=["black"] * len(records),
        handles=(),
        from_zero=True,
    )
    ax.barh(range(len(records)), np.nan_to_num(lengths), height=0.5, color=BLUE, zorder=2)
    if is_synthetic(values):
        mark_synthetic(ax, lang=lang)
    return ax
