"""Plots: each takes an ax and returns an Axes, computes nothing, and shows what is missing."""

from cchc_stats.plots.axes import plot_caption, settle
from cchc_stats.plots.change import plot_change
from cchc_stats.plots.control_chart import plot_control_chart
from cchc_stats.plots.decomposition import plot_decomposition
from cchc_stats.plots.funnel import plot_funnel
from cchc_stats.plots.points_lost import plot_points_lost
from cchc_stats.plots.ranks import plot_ranks
from cchc_stats.plots.scheme_tree import plot_scheme
from cchc_stats.plots.score import plot_score
from cchc_stats.plots.shares import draw_shares
from cchc_stats.plots.staffing import plot_staffing
from cchc_stats.plots.trend import plot_trend
from cchc_stats.plots.words import (
    change_words,
    figure_words,
    in_order_of_names,
    name_of,
    parts_words,
    printed,
    unit_name,
    value_words,
)

__all__ = [
    "change_words",
    "draw_shares",
    "figure_words",
    "in_order_of_names",
    "name_of",
    "parts_words",
    "plot_caption",
    "plot_change",
    "plot_control_chart",
    "plot_decomposition",
    "plot_funnel",
    "plot_points_lost",
    "plot_ranks",
    "plot_scheme",
    "plot_score",
    "plot_staffing",
    "plot_trend",
    "printed",
    "settle",
    "unit_name",
    "value_words",
]
