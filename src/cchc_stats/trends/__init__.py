"""Figures over time: one period against another, and quarters against the year to date."""

from cchc_stats.trends.accumulation import converted, to_quarterly, year_to_date
from cchc_stats.trends.comparison import ADDED, compared, quarter_over_quarter, year_over_year

__all__ = [
    "ADDED",
    "compared",
    "converted",
    "quarter_over_quarter",
    "to_quarterly",
    "year_over_year",
    "year_to_date",
]
