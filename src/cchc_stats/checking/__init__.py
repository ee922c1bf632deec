"""Checking: what in a report disagrees, as findings; nothing is repaired."""

from cchc_stats.checking.across import check_roll_up
from cchc_stats.checking.check import check, findings_of_each, report_before
from cchc_stats.checking.editions import compare_editions, two_editions

__all__ = [
    "check",
    "check_roll_up",
    "compare_editions",
    "findings_of_each",
    "report_before",
    "two_editions",
]
