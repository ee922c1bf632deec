"""Reading: a report as it was handed in becomes typed tables, and nothing of it is lost."""

from cchc_stats.reading.head import number_findings
from cchc_stats.reading.prose import LEVEL_CODES
from cchc_stats.reading.report import CLAIMS, UNPLACED, Report
from cchc_stats.reading.reports import ReportSet, read_report, read_reports, read_text_table
from cchc_stats.reading.units import UnitList, Units, read_units, units_of

__all__ = [
    "CLAIMS",
    "LEVEL_CODES",
    "Report",
    "ReportSet",
    "UNPLACED",
    "UnitList",
    "Units",
    "number_findings",
    "read_report",
    "read_reports",
    "read_text_table",
    "read_units",
    "units_of",
]
