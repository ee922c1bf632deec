"""Why a node has its points: one sentence for a leaf, its parts for what lies above."""

from cchc_stats.index.explaining.explaining import best_values, explain, leaf_reason, name_of
from cchc_stats.index.explaining.points_lost import points_lost
from cchc_stats.index.explaining.sentences import out_of, percent, sentence

__all__ = [
    "best_values",
    "explain",
    "leaf_reason",
    "name_of",
    "out_of",
    "percent",
    "points_lost",
    "sentence",
]
