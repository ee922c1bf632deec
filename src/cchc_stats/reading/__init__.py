"""Reading: a report as it was handed in becomes typed tables, and nothing of it is lost."""

from cchc_stats.reading.head import number_findings
from cchc_stats.reading.prose import LEVEL_CODES
from cchc_stats.reading.report import CLAIMS, UNPLACED, Report, digest_of, options_text
from cchc_stats.reading.reports import (
    LAST,
    LATEST,
    ReportSet,
    as_unit,
    draft_units,
    edition_by,
    folders_below,
    read_report,
    read_reports,
    read_text_table,
    renamed,
    report_paths,
    tables_as_units,
)
from cchc_stats.reading.units import UnitList, Units, read_units, units_of

__all__ = [
    "CLAIMS",
    "LAST",
    "LATEST",
    "LEVEL_CODES",
    "Report",
    "ReportSet",
    "UNPLACED",
    "as_unit",
    "folders_below",
    "report_paths",
    "digest_of",
    "edition_by",
    "UnitList",
    "Units",
    "draft_units",
    "number_findings",
    "options_text",
    "read_report",
    "read_reports",
    "read_text_table",
    "renamed",
    "tables_as_units",
    "read_units",
    "units_of",
]
