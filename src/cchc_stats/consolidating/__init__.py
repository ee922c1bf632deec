"""Consolidating: the units' reports become the whole's, and who has not reported is told."""

from cchc_stats.consolidating.consolidate import consolidate
from cchc_stats.consolidating.missing_reports import missing_reports

__all__ = ["consolidate", "missing_reports"]
