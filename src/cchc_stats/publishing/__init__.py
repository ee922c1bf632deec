"""What is handed on to others: a report's quarter as a page, as tables and in the official form."""

from cchc_stats.publishing.form import write_form
from cchc_stats.publishing.frames import (
    styled_comparison,
    styled_form,
    styled_scores,
    text,
    with_labels,
)
from cchc_stats.publishing.letters import write_findings, write_workbook
from cchc_stats.publishing.page import (
    Published,
    Quarter,
    look_at,
    publish_quarter,
    result_words,
    write_province_page,
    write_quarter,
    write_report,
)
from cchc_stats.publishing.provinces import (
    PublishedProvince,
    province,
    province_words,
    publish_province,
)
from cchc_stats.publishing.store import Store
from cchc_stats.publishing.summaries import summary
from cchc_stats.publishing.tracing import trace

__all__ = [
    "summary",
    "trace",
    "Published",
    "PublishedProvince",
    "Quarter",
    "Store",
    "look_at",
    "province",
    "province_words",
    "publish_province",
    "publish_quarter",
    "result_words",
    "styled_comparison",
    "styled_form",
    "styled_scores",
    "text",
    "with_labels",
    "write_findings",
    "write_form",
    "write_province_page",
    "write_quarter",
    "write_report",
    "write_workbook",
]
