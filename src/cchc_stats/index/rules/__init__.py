"""The rules of scoring: a file each, with all that is particular to one."""

from cchc_stats.index.rules import (
    bands,
    bonus,
    complement,
    deduction,
    external,
    levels,
    per_item,
    proportional,
    proportional_to_target,
    relative_to_best,
    yes_no,
)
from cchc_stats.index.rules.rule import (
    ABSENT,
    NOT_APPLICABLE,
    Given,
    Params,
    Rule,
    ScoredLeaf,
    Step,
)
from cchc_stats.index.rules.wording import (
    next_step,
    out_of,
    percent,
    points_words,
    reason,
    sentence,
    step_words,
)

RULES: tuple[Rule, ...] = (
    yes_no.RULE,
    bands.RULE,
    proportional.RULE,
    proportional_to_target.RULE,
    relative_to_best.RULE,
    per_item.RULE,
    levels.RULE,
    deduction.RULE,
    bonus.RULE,
    complement.RULE,
    external.RULE,
)


def find_rule(name: str) -> Rule | None:
    """Return the rule of a name, None where there is none."""
    return next((rule for rule in RULES if rule.name == name), None)


__all__ = [
    "ABSENT",
    "NOT_APPLICABLE",
    "RULES",
    "Given",
    "Params",
    "Rule",
    "ScoredLeaf",
    "Step",
    "find_rule",
    "next_step",
    "out_of",
    "percent",
    "points_words",
    "reason",
    "sentence",
    "step_words",
]
