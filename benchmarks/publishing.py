"""`write_report` beside the seconds and bytes that a page may take."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path

import pandas as pd
from timing import Comparison, seconds

from cchc_stats import Report, complete_values, measure, read_report, write_report

DATA = Path(__file__).parents[1] / "data" / "binh-dinh-skhcn-2020q3"
QUARTERS = 12
MOST_SECONDS, MOST_MEGABYTES = 3.0, 3.0


def comparisons() -> list[Comparison]:
    """Return time and size of one agency's page with its history, index and answers."""
    report = read_report(DATA)
    values = history(report)
    with tempfile.TemporaryDirectory() as name:
        page = Path(name) / "page.html"
        write = partial(
            write_report,
            report,
            page,
            history=values,
            scheme="example-department",
            answers=DATA / "answers.csv",
        )
        first = seconds(write)
        best = min(seconds(write) for _ in range(3))
        size = page.stat().st_size / 1e6
    what = f"write_report, one agency and {QUARTERS} quarters"
    return [
        Comparison.of(f"{what} ÷ {MOST_SECONDS:g} s", best, MOST_SECONDS, 1.0),
        Comparison.of(f"{what}, the first of a run ÷ {MOST_SECONDS:g} s", first, MOST_SECONDS),
        Comparison.of(f"{what}, in MB ÷ {MOST_MEGABYTES:g} MB", size, MOST_MEGABYTES, 1.0),
    ]


def history(report: Report) -> pd.DataFrame:
    """Return values of the quarters before, made of the report's own; counts of events differ."""
    own = measure(report.tables)
    own = own[(own["period"] == report.period) & (own["basis"] != "year_to_date")]
    own = own.assign(window_start=pd.NaT, window_end=pd.NaT)
    counted = own["numerator"].notna() & (own["numerator"] > 10) & own["denominator"].notna()
    shares = counted & (own["unit"] == "percent")
    frames = []
    for number in range(1, QUARTERS + 1):
        numerator = own["numerator"].mask(counted, own["numerator"] - number * 7 % 4)
        value = own["value"].mask(shares, 100 * numerator / own["denominator"])
        value = value.mask(own["denominator"].isna(), own["value"] + number % 3)
        source = f"synthetic_{report.period - number}"
        frames.append(
            own.assign(
                period=own["period"] - number, numerator=numerator, value=value, source=source
            )
        )
    return complete_values(pd.concat(frames, ignore_index=True))
