"""Quarters, windows and days as they are printed."""

from cchc_stats.words.periods.names import parse_basis, parse_period
from cchc_stats.words.periods.periods import QUARTERS, label_period, require_quarters, told_basis
from cchc_stats.words.periods.printed_dates import PrintedDate, read_date
from cchc_stats.words.periods.windows import AS_OF, BASES, IN_PERIOD, YEAR_TO_DATE, YEARS, Window

__all__ = [
    "AS_OF",
    "BASES",
    "IN_PERIOD",
    "PrintedDate",
    "QUARTERS",
    "Window",
    "YEARS",
    "YEAR_TO_DATE",
    "label_period",
    "parse_basis",
    "parse_period",
    "read_date",
    "require_quarters",
    "told_basis",
]
