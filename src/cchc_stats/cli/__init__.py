"""The command line: `cchc-stats`, a command for each of a quarter's tasks."""

# Each module adds its commands to the program.
try:
    from cchc_stats.cli import letters, provinces, reports, scoring, tallying, units
    from cchc_stats.cli.program import main
except KeyboardInterrupt:  # stopped while it starts
    raise SystemExit(130) from None

__all__ = ["letters", "main", "provinces", "reports", "scoring", "tallying", "units"]
