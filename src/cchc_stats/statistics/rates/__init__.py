"""Rates: limits, comparisons, backlog."""

from cchc_stats.statistics.rates.backlog import backlog
from cchc_stats.statistics.rates.comparisons import compare_rates, newcombe
from cchc_stats.statistics.rates.intervals import (
    OWN,
    add_intervals,
    interval_columns,
    kinds_of,
    level_suffix,
    levels_of,
    of_kinds,
    one_level,
    other_figure,
    wilson,
)
from cchc_stats.statistics.rates.result_columns import (
    Remark,
    count_column,
    counted,
    distinct,
    divided,
    divided_or_0,
    first_rows,
    is_number,
    row_notes,
    said,
    some_of,
    text_column,
)

__all__ = [
    "OWN",
    "Remark",
    "add_intervals",
    "backlog",
    "compare_rates",
    "count_column",
    "counted",
    "distinct",
    "divided",
    "divided_or_0",
    "first_rows",
    "interval_columns",
    "is_number",
    "kinds_of",
    "level_suffix",
    "levels_of",
    "newcombe",
    "of_kinds",
    "one_level",
    "other_figure",
    "row_notes",
    "said",
    "some_of",
    "text_column",
    "wilson",
]
