"""Rates: limits, comparisons, backlog."""

from cchc_stats.statistics.rates.backlog import backlog
from cchc_stats.statistics.rates.comparisons import compare_rates
from cchc_stats.statistics.rates.difference_limits import newcombe
from cchc_stats.statistics.rates.event_rates import OWN, kinds_of, of_kinds, other_figure
from cchc_stats.statistics.rates.intervals import add_intervals, interval_columns
from cchc_stats.statistics.rates.levels import level_suffix, levels_of, one_level
from cchc_stats.statistics.rates.proportion_limits import wilson
from cchc_stats.statistics.rates.quotients import divided, divided_or_0
from cchc_stats.statistics.rates.result_columns import count_column, figure_column, text_column
from cchc_stats.statistics.rates.row_notes import Remark, counted, row_notes, said, some_of

__all__ = [
    "OWN",
    "Remark",
    "add_intervals",
    "backlog",
    "compare_rates",
    "count_column",
    "counted",
    "divided",
    "divided_or_0",
    "figure_column",
    "interval_columns",
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
