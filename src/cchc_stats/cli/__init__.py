"""The command line: `cchc-stats report | check | letters | tally | score | schemes | form`."""

# Each module adds its commands to the program.
try:
    from cchc_stats.cli import letters, reports, scoring, tallying
    from cchc_stats.cli.program import main
except KeyboardInterrupt:  # stopped while it starts
    raise SystemExit(130) from None

__all__ = ["letters", "main", "reports", "scoring", "tallying"]
