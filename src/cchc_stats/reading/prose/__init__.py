"""What the prose of a report states: every digit has a role, every figure is a claim."""

from cchc_stats.reading.prose.forms import IN_PROSE, prose_rows
from cchc_stats.reading.prose.patterns import message, patterns
from cchc_stats.reading.prose.prose import claims_of

__all__ = ["IN_PROSE", "claims_of", "message", "patterns", "prose_rows"]
