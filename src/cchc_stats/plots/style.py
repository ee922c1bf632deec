"""What all plots share: colours, the axes they draw on, numbers and units in words."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cchc_stats.labels import vocabulary, word
from cchc_stats.numerals import format_number
from cchc_stats.plots.fitting import text_size
from cchc_stats.ratios import half_up

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Okabe & Ito (2008), told apart with any colour vision; yellow is left out: too pale on white.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
# Ten against seven colours: no pair comes back before the seventieth line.
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<", ">", "p")
BLUE, VERMILLION, GREY, FAINT = "#0072B2", "#D55E00", "#595959", "#D9D9D9"
TITLE, TEXT, SMALL = 11.0, 9.0, 8.0

WORDS = {
    "percent": {"vi": "Tỷ lệ (%)", "en": "Rate (%)"},
    "value": {"vi": "Giá trị", "en": "Value"},
    "synthetic": {"vi": "số liệu giả lập", "en": "synthetic data"},
    "target": {"vi": "Mục tiêu", "en": "Target"},
    "whole": {"vi": "Chung", "en": "whole"},
    "no figures": {"vi": "không có số liệu", "en": "no figures"},
}


def take_axes(ax: Axes | None, *, width: float, height: float) -> Axes:
    """Return the caller's ax, or that of a new figure of `width` × `height` inches."""
    if ax is not None:
        return ax
    # Imported here: pyplot costs more than pandas, and a caller with an ax does not need it.
    import matplotlib.pyplot as plt

    _, new = plt.subplots(figsize=(width, height), layout="constrained")
    return new


def settle(ax: Axes) -> None:
    """Let the figure's layout move the axes now, so that what is measured next stays true."""
    figure = ax.get_figure(root=True)
    engine = figure.get_layout_engine() if figure else None
    if figure and engine:
        engine.execute(figure)


def plain_frame(ax: Axes, *, grid: str) -> None:
    """Leave the axes only their lower and left line, and a faint grid along one axis."""
    ax.spines[["top", "right"]].set_visible(False)
    ax.grid(axis=grid, color=FAINT, linewidth=0.6)  # type: ignore[arg-type]
    ax.set_axisbelow(True)
    ax.tick_params(labelsize=TEXT)


def is_synthetic(frame: pd.DataFrame) -> bool:
    """Return whether the frame, or the source of any of its rows, says that it is made up."""
    if frame.attrs.get("synthetic"):
        return True
    sources = (
        frame["source"].astype("str").fillna("") if "source" in frame else pd.Series(dtype="str")
    )
    return bool(sources.str.contains("synthetic|giả lập", case=False).any())


def mark_synthetic(ax: Axes, *, lang: str) -> None:
    """Write behind everything drawn that the figures are made up."""
    words, width = WORDS["synthetic"][lang], ax.get_window_extent().width
    ax.text(
        0.5,
        0.5,
        words,
        transform=ax.transAxes,
        ha="center",
        va="center",
        fontsize=min(18.0, 18.0 * 0.8 * width / text_size(ax, words, 18.0)[0]),
        color="0.78",
        zorder=0.1,
    )


def unit_words(unit: str, *, lang: str) -> str:
    """Return what an axis of the unit is called.

    Examples
    --------
    >>> unit_words("percent", lang="vi"), unit_words("dossiers", lang="vi")
    ('Tỷ lệ (%)', 'hồ sơ')
    """
    if unit == "percent" or not unit:
        return WORDS[unit or "value"][lang]
    return word("unit", unit, lang=lang) if unit in vocabulary()["unit"] else unit


def number_text(x: Any, *, unit: str = "", lang: str, signed: bool = False) -> str:
    """Return a figure as plots print it: percent with one decimal, others with up to two.

    Where that would print a 0 that is none, decimals are added.

    Examples
    --------
    >>> number_text(95.2898, unit="percent", lang="vi"), number_text(1380, lang="vi")
    ('95,3%', '1.380')
    >>> number_text(-0.04, unit="percentage_points", lang="vi", signed=True)
    '−0,04 điểm %'
    """
    decimals = 1 if unit in ("percent", "percentage_points") else 2
    # A difference of floats carries noise in its last digits, which must not decide a half.
    exact = round(float(x), 9)
    while exact and decimals < 9 and half_up(exact, decimals=decimals) == Decimal(0):
        decimals += 1
    printed = format_number(exact, decimals=decimals, unit=unit, lang=lang)
    if signed and exact > 0 and not printed.startswith("+"):
        printed = f"+{printed}"
    return printed.replace("-", "−")


def as_float(x: Any) -> float:
    """Return a cell as a float, NaN where it is missing."""
    return float("nan") if pd.isna(x) else float(x)


def scale_of(figures: np.ndarray, *, unit: str, bins: int = 6) -> tuple[float, float, np.ndarray]:
    """Return the lower and upper end of an axis and its ticks.

    The axis starts at 0 where the lowest figure is below half of the highest. No tick stands where
    no figure of the unit can be: none below 0 and, for percent, none above 100, unless figures do.
    """
    from matplotlib.ticker import MaxNLocator

    low, high = float(np.min(figures)), float(np.max(figures))
    floor = 0.0 if 0 <= low < high / 2 else low
    # A single level needs room as well; for percent 5 points show that it is one.
    room = 0.1 * (high - floor) or max(0.05 * abs(high), 1.0)
    top, bottom = high + room, floor - room
    if low >= 0:
        bottom = max(bottom, -0.03 * top)
    if unit == "percent" and high <= 100:
        # Only as much above 100 as a marker there needs.
        top = min(top, max(high, 100 + 0.05 * (100 - bottom)))
    whole = unit != "percent" and bool(np.all(np.mod(figures, 1) == 0))
    locator = MaxNLocator(nbins=bins, steps=[1, 2, 2.5, 5, 10], integer=whole)
    ticks = np.asarray(locator.tick_values(bottom, top), dtype=float)
    seen = (ticks >= bottom) & (ticks <= top)
    if low >= 0:
        seen &= ticks >= 0
    if unit == "percent" and high <= 100:
        seen &= ticks <= 100
    return bottom, top, np.round(ticks[seen], 9)


def tick_words(ticks: np.ndarray, *, lang: str) -> list[str]:
    """Return the ticks as numbers of the language, with no more decimals than they have."""
    return [format_number(float(tick), lang=lang).replace("-", "−") for tick in ticks]
