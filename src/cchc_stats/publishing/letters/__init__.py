"""What goes to the units and comes back: letters, workbooks, sheets of answers."""

from cchc_stats.publishing.letters.folder import write_findings
from cchc_stats.publishing.letters.workbook import write_workbook

__all__ = ["write_findings", "write_workbook"]
