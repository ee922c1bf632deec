"""Why a rate changed: weights of its groups, rates within them, groups that came or went."""

from cchc_stats.statistics.decomposition.decomposition import decompose_change
from cchc_stats.statistics.decomposition.standardisation import (
    standardised_rate,
    standardised_ratio,
)

__all__ = ["decompose_change", "standardised_rate", "standardised_ratio"]
