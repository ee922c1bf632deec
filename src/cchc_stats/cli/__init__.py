"""The command line: `cchc-stats report | check | tally | score | schemes | form`."""

# Each module adds its commands to the program.
from cchc_stats.cli import reports, scoring, tallying
from cchc_stats.cli.program import main

__all__ = ["main", "reports", "scoring", "tallying"]
