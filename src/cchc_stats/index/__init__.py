"""The index (Chỉ số CCHC): points by the rules of a scheme, explained, ranked and tested."""

from cchc_stats.index.answers_file import read_answers
from cchc_stats.index.assessors import compare_assessors
from cchc_stats.index.comparing import compare_schemes
from cchc_stats.index.explaining import explain
from cchc_stats.index.leaving_out import leave_one_out
from cchc_stats.index.lost import points_lost
from cchc_stats.index.parts import part_scores
from cchc_stats.index.ranking import rank_agencies
from cchc_stats.index.scheme import Scheme, list_schemes, load_scheme
from cchc_stats.index.scoring import score
from cchc_stats.index.sensitivity import sensitivity
from cchc_stats.index.sobol import sobol_indices
from cchc_stats.index.what_if import what_if

__all__ = [
    "Scheme",
    "compare_assessors",
    "compare_schemes",
    "explain",
    "leave_one_out",
    "list_schemes",
    "load_scheme",
    "part_scores",
    "points_lost",
    "rank_agencies",
    "read_answers",
    "score",
    "sensitivity",
    "sobol_indices",
    "what_if",
]
