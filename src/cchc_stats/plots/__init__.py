"""Plots: each takes an ax and returns an Axes, computes nothing, and shows what is missing."""

from cchc_stats.plots.change import plot_change
from cchc_stats.plots.staffing import plot_staffing
from cchc_stats.plots.trend import plot_trend

__all__ = ["plot_change", "plot_staffing", "plot_trend"]
