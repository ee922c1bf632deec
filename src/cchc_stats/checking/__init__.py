"""Checking: what in a report disagrees, as findings; nothing is repaired."""

from cchc_stats.checking.check import check
from cchc_stats.checking.editions import compare_editions
from cchc_stats.checking.roll_up import check_roll_up

__all__ = ["check", "check_roll_up", "compare_editions"]
