"""`WorkingCalendar.count` beside `numpy.busday_count`: a million pairs of time stamps."""

from __future__ import annotations

import numpy as np
import pandas as pd
from timing import Comparison, side_by_side

from cchc_stats import WorkingCalendar, vietnam_calendar

PAIRS = 1_000_000
DAY_US = 86_400_000_000


def comparisons(pairs: int = PAIRS) -> list[Comparison]:
    """Return the time of counting, after seeing that both count the same."""
    calendar = vietnam_calendar()
    start, end = received_and_settled(pairs)
    counted = calendar.count(start, end).to_numpy()
    if not (counted == by_numpy(calendar, start, end)).all():
        raise AssertionError("the two do not count the same")
    return [
        side_by_side(
            f"calendar.count, {pairs:,} pairs ÷ numpy.busday_count",
            lambda: calendar.count(start, end),
            lambda: by_numpy(calendar, start, end),
            rounds=5,
            target=0.6,
        )
    ]


def received_and_settled(pairs: int) -> tuple[pd.Series, pd.Series]:
    """Return time stamps of 2002-2008, when no Saturday was worked, up to 60 days apart."""
    random = np.random.default_rng(2020)
    first = np.datetime64("2002-01-01", "us").view("int64")
    start = first + random.integers(0, 7 * 365 * DAY_US, pairs)
    end = start + random.integers(0, 60 * DAY_US, pairs)
    return tuple(pd.Series(days.view("datetime64[us]")) for days in (start, end))


def by_numpy(calendar: WorkingCalendar, start: pd.Series, end: pd.Series) -> np.ndarray:
    """Return the same counts as an analyst would take them; a list cannot tell worked Saturdays."""
    named = calendar.named_days()
    off = named.loc[~named["working"].astype(bool), "day"].to_numpy("datetime64[D]")
    days = [instants.to_numpy("datetime64[D]") + np.timedelta64(1) for instants in (start, end)]
    return np.busday_count(*days, holidays=off)
