"""The index (Chỉ số CCHC): points by the rules of a scheme, explained, ranked and tested."""

from cchc_stats.index.comparing import compare_assessors, compare_schemes
from cchc_stats.index.explaining import (
    explain,
    is_below,
    leaf_reason,
    lost_points,
    node_name,
    points_lost,
)
from cchc_stats.index.par_index import par_index_trend, par_index_years
from cchc_stats.index.portal_766 import portal_scores_766, read_portal_766
from cchc_stats.index.ranking import rank_agencies, ranks_of
from cchc_stats.index.rules import out_of, percent, sentence
from cchc_stats.index.scheme import ROOT, Scheme, list_schemes, load_scheme
from cchc_stats.index.scoring import (
    CASE,
    CheckedScores,
    part_scores,
    read_answers,
    score,
    scored_leaf,
    write_answer_sheet,
)
from cchc_stats.index.uncertainty import leave_one_out, sensitivity, sobol_indices
from cchc_stats.index.what_if import what_if

__all__ = [
    "CASE",
    "ROOT",
    "CheckedScores",
    "Scheme",
    "compare_assessors",
    "compare_schemes",
    "explain",
    "is_below",
    "leaf_reason",
    "leave_one_out",
    "lost_points",
    "list_schemes",
    "load_scheme",
    "node_name",
    "out_of",
    "par_index_trend",
    "par_index_years",
    "part_scores",
    "percent",
    "points_lost",
    "portal_scores_766",
    "rank_agencies",
    "ranks_of",
    "read_answers",
    "read_portal_766",
    "score",
    "scored_leaf",
    "sensitivity",
    "sentence",
    "sobol_indices",
    "what_if",
    "write_answer_sheet",
]
