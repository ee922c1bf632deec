"""The scale of an axis of figures: where it ends, its ticks and what is written at them."""

from __future__ import annotations

import numpy as np

from cchc_stats.plots.drawing.words import printed

FEWEST = 3  # ticks: two of them leave a reader without a measure


def scale_of(
    figures: np.ndarray, *, unit: str, bins: int = 6, most: int = 0
) -> tuple[float, float, np.ndarray]:
    """Return the lower and upper end of an axis and its ticks.

    The axis starts at 0 where the lowest figure is below half of the highest. No tick stands where
    no figure of the unit can be: none below 0 and, for percent, none above 100, unless figures do.

    Parameters
    ----------
    figures : all figures that the axis has to hold, without NaN.
    unit : code of their unit.
    bins : about how many spaces between ticks.
    most : up to how many ticks there is room for; spaces are added until there are three ticks.
    """
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
    if whole and floor == 0 and high <= 1:
        top = 2.0  # three whole ticks
    lowest = 0.0 if low >= 0 else bottom
    highest = min(top, 100.0) if unit == "percent" and high <= 100 else top
    ticks = _ticks(bottom, top, lowest, highest, bins=bins, whole=whole)
    for more in range(bins + 1, max(most, bins) + 1):
        if len(ticks) >= FEWEST:
            break
        finer = _ticks(bottom, top, lowest, highest, bins=more, whole=whole)
        ticks = finer if len(finer) <= most else ticks
    return bottom, top, ticks


def _ticks(
    bottom: float, top: float, lowest: float, highest: float, *, bins: int, whole: bool
) -> np.ndarray:
    """Return round figures between `lowest` and `highest`, spaced as for the whole axis."""
    from matplotlib.ticker import MaxNLocator

    locator = MaxNLocator(nbins=bins, steps=[1, 2, 2.5, 5, 10], integer=whole)
    ticks = np.asarray(locator.tick_values(bottom, top), dtype=float)
    return np.round(ticks[(ticks >= lowest) & (ticks <= highest)], 9)


def tick_words(ticks: np.ndarray, *, lang: str) -> list[str]:
    """Return the ticks as numbers of the language, with no more decimals than they have."""
    return [printed(float(tick), lang=lang) for tick in ticks]
