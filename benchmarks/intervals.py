"""`add_intervals` beside the vectorised Wilson interval of statsmodels."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
from statsmodels.stats.proportion import proportion_confint
from timing import Comparison, side_by_side

from cchc_stats import add_intervals, complete_values
from cchc_stats.statistics.rates.intervals import proportion_limits

ROWS, QUARTERS = 1_000_000, 20


def comparisons() -> list[Comparison]:
    """Return the time of the limits alone and of whole frames, after seeing that both agree."""
    given = rates()
    values = complete_values(given)
    x, n = (values[name].to_numpy("float64") for name in ("numerator", "denominator"))
    require_same(add_intervals(values), *proportion_confint(x, n, method="wilson"))

    def other() -> object:
        return proportion_confint(x, n, method="wilson")

    return [
        side_by_side(
            f"limits of {ROWS:,} rates ÷ statsmodels' vectorised Wilson",
            lambda: proportion_limits(x, n, levels=[95]),
            other,
            rounds=7,
            clock=time.process_time,
            target=1.0,
        ),
        side_by_side(
            "  add_intervals on complete values, notes and all ÷ the same",
            lambda: add_intervals(values),
            other,
            rounds=5,
            clock=time.process_time,
            target=2.0,
        ),
        side_by_side(
            "  add_intervals on values still to be completed ÷ the same",
            lambda: add_intervals(given),
            other,
            rounds=2,
            clock=time.process_time,
            target=12.0,
        ),
    ]


def rates() -> pd.DataFrame:
    """Return rates of many agencies over some quarters."""
    random = np.random.default_rng(2020)
    n = random.integers(1, 500, ROWS)
    agencies = np.array([f"Sở số {row:05d}" for row in range(ROWS // QUARTERS)], dtype=object)
    quarters = pd.period_range("2016Q1", periods=QUARTERS, freq="Q-DEC")
    return pd.DataFrame(
        {
            "agency": np.repeat(agencies, QUARTERS),
            "period": quarters.take(np.tile(np.arange(QUARTERS), len(agencies))),
            "indicator": "on_time_rate_settled",
            "numerator": random.binomial(n, 0.97),
            "denominator": n,
        }
    )


def require_same(ours: pd.DataFrame, low: np.ndarray, high: np.ndarray) -> None:
    """Refuse to time two ways that do not give the same limits."""
    np.testing.assert_allclose(ours["low"].to_numpy(float), 100 * low, atol=1e-9)
    np.testing.assert_allclose(ours["high"].to_numpy(float), 100 * high, atol=1e-9)
