"""Checking: what in a report disagrees, as findings; nothing is repaired."""

from cchc_stats.checking.check import check

__all__ = ["check"]
