"""The command line: `cchc-stats report | check | score | schemes | form`."""

# Each module adds its commands to the program.
from cchc_stats.cli import checking, forming, reporting, scoring
from cchc_stats.cli.program import main

__all__ = ["checking", "forming", "main", "reporting", "scoring"]
