"""Indicators: one function each and, below it, one record; `measure` applies them all."""

from cchc_stats.indicators.catalogue import INDICATORS, find_indicator
from cchc_stats.indicators.dossiers import on_time_rate
from cchc_stats.indicators.indicator import Indicator
from cchc_stats.indicators.measure import measure

__all__ = ["INDICATORS", "Indicator", "find_indicator", "measure", "on_time_rate"]
