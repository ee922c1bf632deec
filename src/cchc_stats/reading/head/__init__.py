"""The head of a report: who reports, under which number, when signed, on which period and days."""

from cchc_stats.reading.head.head import (
    Head,
    names_both,
    other_agency,
    other_quarter,
    read_head,
)
from cchc_stats.reading.head.numbers import document_numbers, number_findings

__all__ = [
    "Head",
    "document_numbers",
    "names_both",
    "number_findings",
    "other_agency",
    "other_quarter",
    "read_head",
]
