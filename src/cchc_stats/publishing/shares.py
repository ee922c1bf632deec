"""The picture of one quarter's shares: a bar each, with its figures beside it."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import pandas as pd

from cchc_stats.labels import word
from cchc_stats.periods import YEAR_TO_DATE, label_period
from cchc_stats.plots.series import name_of
from cchc_stats.plots.style import BLUE, TEXT, TITLE, unit_words
from cchc_stats.publishing.rows import parts_words, value_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH = 48  # letters of a name in one line


def draw_shares(values: pd.DataFrame, *, ax: Axes, lang: str = "vi") -> Axes:
    """Draw the shares of one agency's quarter, a bar each; a missing one says why.

    Parameters
    ----------
    values : rows of a values frame, unit `percent`, one per indicator, of one agency and quarter.
    ax : where to draw.
    lang : "vi" or "en".

    Returns
    -------
    `ax`, with "95,3% (1.315/1.380)" beside each bar. Nothing is computed.
    """
    records = values.to_dict("records")
    names, remarks = [], []
    for record in records:
        name = name_of("indicator", record["indicator"], lang=lang)
        to_date = word("basis", YEAR_TO_DATE, lang=lang)
        if record["basis"] == YEAR_TO_DATE and to_date not in name:
            name = f"{name} ({to_date})"
        parts = parts_words(record, lang=lang)
        names.append(textwrap.fill(name, WIDTH))
        remarks.append(value_words(record, lang=lang) + (f" ({parts})" if parts else ""))
    period = label_period(records[0]["period"], lang=lang)
    places = range(len(records))
    lengths = values["value"].astype("float64").fillna(0.0)
    ax.barh(places, lengths, height=0.55, color=BLUE, zorder=2)
    ax.set_xlim(0, max(100.0, float(lengths.max())))
    ax.set_ylim(len(records) - 0.4, -0.6)
    ax.set_yticks(places, names, fontsize=TEXT)
    beside = ax.secondary_yaxis("right")
    beside.set_yticks(places, remarks, fontsize=TEXT)
    for side in (ax, beside):
        side.tick_params(axis="y", length=0)
        side.spines[:].set_visible(False)
    ax.grid(axis="x", color="0.85", linewidth=0.6)
    ax.tick_params(axis="x", length=0, labelsize=TEXT)
    ax.set_xlabel(unit_words("percent", lang=lang), fontsize=TEXT)
    ax.set_title(f"{records[0]['agency']} · {period}", loc="left", fontsize=TITLE)
    return ax
