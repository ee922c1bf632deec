"""Reports and sets of reports."""

from cchc_stats.reading.reports.folder import read_text_table
from cchc_stats.reading.reports.many import read_reports
from cchc_stats.reading.reports.read import read_report
from cchc_stats.reading.reports.report_set import ReportSet

__all__ = ["ReportSet", "read_report", "read_reports", "read_text_table"]
