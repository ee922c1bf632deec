"""`decompose_change` beside the bare sums it needs: of groups, and of the whole."""

from __future__ import annotations

import numpy as np
import pandas as pd
from timing import Comparison, side_by_side

from cchc_stats import decompose_change

AGENCIES, SECTORS, QUARTERS = 1_000, 20, 20
FIGURES = ["numerator", "denominator"]


def comparisons() -> list[Comparison]:
    """Return the times of a decomposition through all quarters, and between two of them."""
    frame = values()
    first, last = frame["period"].min(), frame["period"].max()
    chained = decompose_change(frame, first, last, chain="all")
    require_same(chained, frame, first, last)
    size = f"{AGENCIES:,} agencies × {SECTORS} sectors × {QUARTERS} quarters"
    return [
        side_by_side(
            f"decompose_change through all quarters ÷ groupby sums, {size}",
            lambda: decompose_change(frame, first, last, chain="all"),
            lambda: (sums_of_groups(frame), sums_of_wholes(frame)),
            rounds=5,
            target=3.0,
        ),
        side_by_side(
            f"decompose_change of two of them ÷ groupby sums of the wholes, {size}",
            lambda: decompose_change(frame, first, last),
            lambda: sums_of_wholes(frame),
            rounds=5,
            target=3.0,
        ),
    ]


def values() -> pd.DataFrame:
    """Return on-time counts of every agency, sector and quarter."""
    random = np.random.default_rng(2020)
    size = AGENCIES * SECTORS * QUARTERS
    settled = random.integers(1, 200, size)
    agencies = np.array([f"Sở số {number:04d}" for number in range(AGENCIES)], dtype=object)
    sectors = np.array([f"Lĩnh vực {number:02d}" for number in range(SECTORS)], dtype=object)
    quarters = pd.period_range("2016Q1", periods=QUARTERS, freq="Q-DEC")
    return pd.DataFrame(
        {
            "agency": np.repeat(agencies, SECTORS * QUARTERS),
            "period": quarters.take(np.tile(np.arange(QUARTERS).repeat(SECTORS), AGENCIES)),
            "indicator": "on_time_rate_settled",
            "group": np.tile(sectors, AGENCIES * QUARTERS),
            "numerator": random.binomial(settled, 0.9),
            "denominator": settled,
        }
    )


def sums_of_groups(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.groupby(["agency", "group", "period"])[FIGURES].sum()


def sums_of_wholes(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.groupby(["agency", "period"])[FIGURES].sum()


def require_same(
    effects: pd.DataFrame, frame: pd.DataFrame, first: pd.Period, last: pd.Period
) -> None:
    """Refuse to time effects that do not add up to the change of the sums."""
    sums = sums_of_wholes(frame)
    rate = 100 * sums["numerator"] / sums["denominator"]
    change = rate.xs(last, level="period") - rate.xs(first, level="period")
    apart = effects.groupby("agency")["effect_pp"].sum() - change
    if not apart.abs().max() < 1e-9:
        raise ValueError("the effects do not add up to the change")
