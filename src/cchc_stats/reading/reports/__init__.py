"""Reports and sets of reports."""

from cchc_stats.reading.reports.many import read_reports
from cchc_stats.reading.reports.read import read_report
from cchc_stats.reading.reports.report_set import ReportSet
from cchc_stats.reading.reports.text_table import read_text_table

__all__ = ["ReportSet", "read_report", "read_reports", "read_text_table"]
