from .checking import check
from .errors import (
    CchcError,
    FormError,
    NumberError,
    PeriodError,
    PlotError,
    ReadError,
    ValuesError,
)
from .forms import FORMS, LEDGER, Form, Identity, validate
from .indicators import INDICATORS, Indicator, measure, on_time_rate
from .numerals import format_number, parse_number
from .periods import Window, label_period, parse_basis, parse_period
from .plots import plot_change, plot_staffing, plot_trend
from .reading import Report, read_report
from .trends import quarter_over_quarter, to_quarterly, year_over_year, year_to_date
from .values import complete_values, read_values, write_values

__all__ = [
    "FORMS",
    "INDICATORS",
    "LEDGER",
    "CchcError",
    "Form",
    "FormError",
    "Identity",
    "Indicator",
    "NumberError",
    "PeriodError",
    "PlotError",
    "ReadError",
    "Report",
    "ValuesError",
    "Window",
    "check",
    "complete_values",
    "format_number",
    "label_period",
    "measure",
    "on_time_rate",
    "parse_basis",
    "parse_number",
    "parse_period",
    "plot_change",
    "plot_staffing",
    "plot_trend",
    "quarter_over_quarter",
    "read_report",
    "read_values",
    "to_quarterly",
    "validate",
    "write_values",
    "year_over_year",
    "year_to_date",
]
