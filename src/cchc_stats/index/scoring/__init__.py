"""`score`: points by the rules of a scheme, with the branch that gave each, summed up the tree."""

from cchc_stats.index.scoring.answers import KEY, complete_answers, refusal
from cchc_stats.index.scoring.answers_file import read_answers
from cchc_stats.index.scoring.assessors import compare_assessors
from cchc_stats.index.scoring.given_scores import (
    CASE,
    DECIMALS,
    ROOT,
    case_name,
    cleaned,
    did_you_mean,
    given_scores,
    joined,
    keys_of,
    listed,
    points_text,
    texts,
)
from cchc_stats.index.scoring.leaves import Leaf, leaves_of
from cchc_stats.index.scoring.parts import part_scores
from cchc_stats.index.scoring.scored_leaf import CASE_COLUMNS, ScoredLeaf, number, require_scores
from cchc_stats.index.scoring.scoring import mark, score
from cchc_stats.index.scoring.sheet import Sheet
from cchc_stats.index.scoring.slots import CLAIMED, Slot, kind_of, scale_of, unit_of

__all__ = [
    "CASE",
    "CASE_COLUMNS",
    "CLAIMED",
    "DECIMALS",
    "KEY",
    "Leaf",
    "ROOT",
    "ScoredLeaf",
    "Sheet",
    "Slot",
    "case_name",
    "cleaned",
    "compare_assessors",
    "complete_answers",
    "did_you_mean",
    "given_scores",
    "joined",
    "keys_of",
    "kind_of",
    "leaves_of",
    "listed",
    "mark",
    "number",
    "part_scores",
    "points_text",
    "read_answers",
    "refusal",
    "require_scores",
    "scale_of",
    "score",
    "texts",
    "unit_of",
]
