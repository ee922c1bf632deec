"""Numbers as they are printed: read, rounded, written."""

from cchc_stats.words.numbers.numerals import UNITS, Number, parse_number, read_column
from cchc_stats.words.numbers.printing import format_counts, format_number

__all__ = ["Number", "UNITS", "format_counts", "format_number", "parse_number", "read_column"]
