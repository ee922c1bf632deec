"""The page of a quarter: everything said of a report, as one HTML file."""

from cchc_stats.publishing.page.folder import Published, publish_quarter, write_quarter
from cchc_stats.publishing.page.page import write_report
from cchc_stats.publishing.page.province_page import has_figure, write_province_page
from cchc_stats.publishing.page.quarter import Quarter, look_at, without_figures
from cchc_stats.publishing.page.sections import result_words

__all__ = [
    "Published",
    "Quarter",
    "has_figure",
    "look_at",
    "publish_quarter",
    "result_words",
    "without_figures",
    "write_province_page",
    "write_quarter",
    "write_report",
]
