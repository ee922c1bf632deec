"""The values frame: one figure per row, with what it is, of whom, of when, and where it is from."""

from cchc_stats.values.columns import COLUMNS, KEY, NUMBERS, TYPES, in_rows, run_starts
from cchc_stats.values.files import read_values, write_values
from cchc_stats.values.frame import (
    QUARTERS_OF,
    CheckedValues,
    Codes,
    combined_codes,
    complete_values,
    days_of,
    key_codes,
    refuse_two_quarters,
    two_quarters,
    window_columns,
    window_kinds,
)

__all__ = [
    "COLUMNS",
    "CheckedValues",
    "Codes",
    "KEY",
    "NUMBERS",
    "QUARTERS_OF",
    "TYPES",
    "combined_codes",
    "complete_values",
    "days_of",
    "in_rows",
    "run_starts",
    "key_codes",
    "read_values",
    "refuse_two_quarters",
    "two_quarters",
    "window_columns",
    "window_kinds",
    "write_values",
]
