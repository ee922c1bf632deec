"""Indicators: one record each; `measure` applies them all, their functions one at a time."""

from typing import Any

from cchc_stats.indicators.consolidation import consolidate, either_rows_or_whole
from cchc_stats.indicators.functions import FUNCTIONS, function_of
from cchc_stats.indicators.indicator import Better, Indicator, Kind, Tables
from cchc_stats.indicators.measure import measure, with_units
from cchc_stats.indicators.missing_reports import missing_reports
from cchc_stats.indicators.records import INDICATORS, find_indicator, find_indicators

__all__ = [
    "Better",
    "FUNCTIONS",
    "INDICATORS",
    "Indicator",
    "Kind",
    "Tables",
    "consolidate",
    "either_rows_or_whole",
    "find_indicator",
    "find_indicators",
    "measure",
    "missing_reports",
    "with_units",
]
__all__ += FUNCTIONS


def __getattr__(name: str) -> Any:
    """Make the function of an indicator when it is first asked for."""
    if name not in FUNCTIONS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    function = globals()[name] = function_of(name, FUNCTIONS[name])
    return function


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
