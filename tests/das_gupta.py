"""Rates by group: the examples of Das Gupta (1993), and rows made up."""

from pathlib import Path

import pandas as pd

CASES = pd.read_csv(Path(__file__).parent / "cases" / "das_gupta_1993.csv")


Q1, Q2, Q3, Q4 = "2020Q1", "2020Q2", "2020Q3", "2020Q4"


def values(rows, *, agency="Sở A", indicator="on_time_rate_settled", **columns):
    """Return values of (period, group, numerator, denominator)."""
    frame = pd.DataFrame(rows, columns=["period", "group", "numerator", "denominator"])
    return frame.assign(agency=agency, indicator=indicator, **columns)


def published(example, *, per=100):
    """Return a published table as values, 1970 as 2019Q4 and 1985 as 2020Q4."""
    table = CASES[CASES["example"] == float(example)]
    rows = [
        (period, row["group"], row[f"size_{year}"] * row[f"rate_{year}"] / per, row[f"size_{year}"])
        for year, period in ((1970, "2019Q4"), (1985, "2020Q4"))
        for row in table.to_dict("records")
    ]
    return values(rows, indicator="published")
