"""The faults of real exports, put into a made-up ledger on request."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

_DAY = np.timedelta64(1, "D")


def spoil(frame: pd.DataFrame, random: np.random.Generator, share: float) -> pd.DataFrame:
    """Return a ledger in which a share of the rows has one fault each, all kinds equally often."""
    if not share:
        return frame
    columns: dict[str, Any] = {str(name): frame[name].copy() for name in frame}
    spoilt = random.random(len(frame)) < share
    kind = np.where(spoilt, random.integers(0, 8, len(frame)), -1)
    received = columns["received_at"].copy()
    for number, (name, values) in enumerate(
        (
            ("received_at", pd.NaT),
            ("due_at", received.dt.normalize() - 30 * _DAY),
            ("settled_at", received - 3 * _DAY),
            ("due_at", columns["due_at"] + pd.DateOffset(years=180)),  # 2200 for 2020
            ("agency", None),
            ("sector", None),
            ("channel", None),
        )
    ):
        chosen = kind == number
        columns[name] = columns[name].mask(chosen, values)
    columns["settled_at"] = columns["settled_at"].mask(kind == 7, pd.NaT)
    columns["status"] = columns["status"].mask(kind == 7, "settled")
    return pd.DataFrame(columns)
