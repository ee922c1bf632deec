"""Reports and sets of reports."""

from cchc_stats.reading.reports.drafting import draft_units
from cchc_stats.reading.reports.folder import read_text_table
from cchc_stats.reading.reports.many import read_reports
from cchc_stats.reading.reports.naming import renamed
from cchc_stats.reading.reports.origin import digest_of, options_text
from cchc_stats.reading.reports.read import read_report
from cchc_stats.reading.reports.report_set import ReportSet

__all__ = [
    "ReportSet",
    "digest_of",
    "draft_units",
    "options_text",
    "read_report",
    "read_reports",
    "read_text_table",
    "renamed",
]
