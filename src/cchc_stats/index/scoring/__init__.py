"""`score`: points by the rules of a scheme, with the branch that gave each, summed up the tree."""

from cchc_stats.index.scoring.answer_sheets import write_answer_sheet
from cchc_stats.index.scoring.inputs import (
    CLAIMED,
    KEY,
    complete_answers,
    is_number,
    read_answers,
    refusal,
)
from cchc_stats.index.scoring.scores import (
    CASE,
    DECIMALS,
    SELF,
    CheckedScores,
    case_name,
    cleaned,
    did_you_mean,
    given_scores,
    joined,
    keys_of,
    number,
    part_scores,
    points_text,
    scored_leaf,
    texts,
)
from cchc_stats.index.scoring.scoring import MarkedLeaves, mark, score, scored

__all__ = [
    "CASE",
    "CLAIMED",
    "DECIMALS",
    "KEY",
    "SELF",
    "CheckedScores",
    "MarkedLeaves",
    "case_name",
    "cleaned",
    "complete_answers",
    "did_you_mean",
    "given_scores",
    "is_number",
    "joined",
    "keys_of",
    "mark",
    "number",
    "part_scores",
    "points_text",
    "read_answers",
    "refusal",
    "score",
    "scored",
    "scored_leaf",
    "texts",
    "write_answer_sheet",
]
