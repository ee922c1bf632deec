"""Reading: a report as it was handed in becomes typed tables, and nothing of it is lost."""

from cchc_stats.reading.read import read_report
from cchc_stats.reading.report import CLAIMS, UNPLACED, Report

__all__ = ["CLAIMS", "UNPLACED", "Report", "read_report"]
