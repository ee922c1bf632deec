"""Earlier quarters of the real report, made up: its own figures with some dossiers late."""

from __future__ import annotations

import pandas as pd

from cchc_stats import Report, complete_values, measure


def made_up_history(report: Report, *, quarters: int) -> pd.DataFrame:
    """Return values of the quarters before the report's; the counts of events vary a little."""
    own = measure(report.tables)
    own = own[(own["period"] == report.period) & (own["basis"] != "year_to_date")]
    frames = []
    for number in range(1, quarters + 1):
        less = (number * 7) % 4
        events = own["numerator"].notna() & own["denominator"].notna() & (own["numerator"] > 10)
        numerator = own["numerator"].mask(events, own["numerator"] - less)
        percent = own["unit"] == "percent"
        value = own["value"].mask(events & percent, 100 * numerator / own["denominator"])
        source = f"synthetic_{report.period - number}"
        frames.append(
            own.assign(
                period=own["period"] - number,
                numerator=numerator,
                value=value,
                source=source,
                window_start=pd.NaT,
                window_end=pd.NaT,
            )
        )
    return complete_values(pd.concat(frames, ignore_index=True))
