"""Reports and sets of reports."""

from cchc_stats.reading.reports.drafting import draft_units
from cchc_stats.reading.reports.folder import read_text_table
from cchc_stats.reading.reports.folders import folders_below
from cchc_stats.reading.reports.many import read_reports, report_paths
from cchc_stats.reading.reports.naming import as_unit, renamed, tables_as_units
from cchc_stats.reading.reports.read import read_report
from cchc_stats.reading.reports.report_set import LAST, LATEST, ReportSet, edition_by

__all__ = [
    "LAST",
    "LATEST",
    "ReportSet",
    "edition_by",
    "as_unit",
    "draft_units",
    "folders_below",
    "read_report",
    "read_reports",
    "read_text_table",
    "renamed",
    "report_paths",
    "tables_as_units",
]
