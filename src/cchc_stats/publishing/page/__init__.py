"""The page of a quarter: everything said of a report, as one HTML file."""

from cchc_stats.publishing.page.quarter import Quarter, look_at
from cchc_stats.publishing.page.report_page import write_report
from cchc_stats.publishing.page.texts import text
from cchc_stats.publishing.page.writing import (
    Published,
    publish_quarter,
    spreadsheet_safe,
    write_quarter,
)

__all__ = [
    "Published",
    "Quarter",
    "look_at",
    "publish_quarter",
    "spreadsheet_safe",
    "text",
    "write_quarter",
    "write_report",
]
