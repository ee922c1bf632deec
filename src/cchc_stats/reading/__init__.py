"""Reading: a report as it was handed in becomes typed tables, and nothing of it is lost."""

from cchc_stats.reading.many import read_reports
from cchc_stats.reading.read import read_report
from cchc_stats.reading.report import CLAIMS, UNPLACED, Report
from cchc_stats.reading.report_set import ReportSet

__all__ = ["CLAIMS", "UNPLACED", "Report", "ReportSet", "read_report", "read_reports"]
