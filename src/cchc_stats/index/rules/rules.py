"""The rules by name: what each takes, the parameters it knows, and the function that scores."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cchc_stats.index.rules.checks import (
    Check,
    check_bands,
    check_best,
    check_bonus,
    check_deduction,
    check_each,
    check_levels,
    check_proportional,
    check_target,
    check_yes_no,
    no_check,
)
from cchc_stats.index.rules.functions import (
    Given,
    Marked,
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

__all__ = ["ABSENT", "NOT_APPLICABLE", "RULES", "Apply", "Given", "Marked", "Params", "Rule"]

NOT_APPLICABLE = "not_applicable"
# How the branches begin that no rule gave: there was nothing for it to take.
ABSENT = ("nothing_", "missing_", "alone_")
Params = Mapping[str, Any]
Apply = Callable[[Given, Any, Params], Marked]


@dataclass(frozen=True)
class Rule:
    """A rule: its function, what it takes, the parameters it knows, and what is wrong with them.

    Attributes
    ----------
    takes : of "value" (of an indicator), "number" and "answer" (of the answers) those that can
        feed it.
    parameters : names of the parameters that a leaf may set.
    check : (node, params) -> faults in words. `node` holds the columns of the nodes frame and
        `better`, that of its indicator ("none" where it is not known).
    percent : whether its value must be a share in percent.
    """

    name: str
    apply: Apply
    takes: frozenset[str]
    parameters: frozenset[str] = frozenset()
    check: Check = no_check
    percent: bool = False

    def answers(self, params: Params) -> tuple[str, ...]:
        """Return the answers that a leaf of this rule may be given."""
        return (*dict.fromkeys(self._own_answers(params)), NOT_APPLICABLE)

    def _own_answers(self, params: Params) -> tuple[str, ...]:
        if "levels" in params:
            return tuple(params["levels"])
        if "bands" in params:
            return tuple(
                band["override"]["answer"] for band in params["bands"] if "override" in band
            )
        return ("yes", "no") if "answer" in self.takes and "each" not in params else ()

    def reads_values(self, params: Params) -> bool:
        """Return whether a leaf with these parameters is scored on a figure."""
        if self.takes == {"answer"} or "levels" in params:
            return False
        return self.name != "bonus" or "each" in params


def _rule(apply: Apply, takes: str, parameters: str = "", **others: Any) -> Rule:
    return Rule(
        apply.__name__, apply, frozenset(takes.split()), frozenset(parameters.split()), **others
    )


RULES: dict[str, Rule] = {
    rule.name: rule
    for rule in (
        _rule(yes_no, "answer", "yes no", check=check_yes_no),
        _rule(bands, "value number answer", "bands", check=check_bands),
        _rule(proportional, "value", "floor below", check=check_proportional, percent=True),
        _rule(proportional_to_target, "value number", "target floor below", check=check_target),
        _rule(relative_to_best, "value number", "best", check=check_best),
        _rule(per_item, "value number", "each", check=check_each),
        _rule(levels, "answer", "levels", check=check_levels),
        _rule(deduction, "value number answer", "each levels", check=check_deduction),
        _rule(bonus, "value number answer", "each levels", check=check_bonus),
        _rule(complement, "value", "target floor below", check=check_proportional, percent=True),
        _rule(external, "value number"),
    )
}
