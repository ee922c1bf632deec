"""Small numbers left out of what is published, and the attack that shows that they stay so."""

from cchc_stats.statistics.suppression.suppression import (
    Suppressed,
    audit_suppression,
    require_below,
    suppress_small,
    suppress_together,
)

__all__ = [
    "Suppressed",
    "audit_suppression",
    "require_below",
    "suppress_small",
    "suppress_together",
]
