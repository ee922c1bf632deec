"""The command line: `cchc-stats report | check | tally | score | schemes`."""

# Each module adds its commands to the program.
from cchc_stats.cli import checking, reporting, scoring, tallying
from cchc_stats.cli.program import main

__all__ = ["checking", "main", "reporting", "scoring", "tallying"]
