"""The values frame: one figure per row, with what it is, of whom, of when, and where it is from."""

from cchc_stats.values.columns import COLUMNS, KEY, NUMBERS, TYPES, in_rows
from cchc_stats.values.files import read_values, write_values
from cchc_stats.values.frame import (
    CheckedValues,
    Codes,
    combined_codes,
    complete_values,
    key_codes,
    window_columns,
    window_kinds,
)

__all__ = [
    "COLUMNS",
    "CheckedValues",
    "Codes",
    "KEY",
    "NUMBERS",
    "TYPES",
    "combined_codes",
    "complete_values",
    "in_rows",
    "key_codes",
    "read_values",
    "window_columns",
    "window_kinds",
    "write_values",
]
