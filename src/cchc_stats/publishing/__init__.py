"""What is handed on to others: a report's quarter as a page, as tables and in the official form."""

from cchc_stats.publishing.form_writing import write_form
from cchc_stats.publishing.labelled import with_labels
from cchc_stats.publishing.quarter import Quarter, look_at
from cchc_stats.publishing.report_page import write_report
from cchc_stats.publishing.styled import styled_comparison, styled_form, styled_scores
from cchc_stats.publishing.writing import Published, publish_quarter, write_quarter

__all__ = [
    "Published",
    "Quarter",
    "look_at",
    "publish_quarter",
    "styled_comparison",
    "styled_form",
    "styled_scores",
    "with_labels",
    "write_form",
    "write_quarter",
    "write_report",
]
