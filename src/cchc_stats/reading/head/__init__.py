"""The head of a report: who reports, under which number, when signed, on which period and days."""

from cchc_stats.reading.head.head import Head, read_head
from cchc_stats.reading.head.numbers import document_numbers, number_findings
from cchc_stats.reading.head.title import names_both

__all__ = ["Head", "document_numbers", "names_both", "number_findings", "read_head"]
