"""What the prose of a report states: every digit has a role, every figure is a claim."""

from cchc_stats.reading.prose.claims import claims_of
from cchc_stats.reading.prose.figures import message, patterns
from cchc_stats.reading.prose.rows import prose_rows
from cchc_stats.reading.prose.scope import (
    LEVEL_CODES,
    is_own_office,
    leads_on,
    names_all,
    names_unit,
)

__all__ = [
    "LEVEL_CODES",
    "claims_of",
    "is_own_office",
    "leads_on",
    "message",
    "names_all",
    "names_unit",
    "patterns",
    "prose_rows",
]
