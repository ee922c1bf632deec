"""What goes back to the units: a letter for each, of what was found in its report."""

from cchc_stats.publishing.letters.folder import write_findings

__all__ = ["write_findings"]
