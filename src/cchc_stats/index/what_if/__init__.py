"""What would the score be if a figure or an answer were another one."""

from cchc_stats.index.what_if.comparing import compare_schemes
from cchc_stats.index.what_if.what_if import what_if

__all__ = ["compare_schemes", "what_if"]
