"""Points to take off: by cases, or by a level."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from cchc_stats.index.rules import levels, per_item
from cchc_stats.index.rules.rule import Given, Marked, Params, Rule, ScoredLeaf, Step, one_of
from cchc_stats.words import Label

TAKEN_OFF = Label("{absence} nên bị trừ {points}", "{absence}, which takes off {points}")
COUNTED = Label(
    "{absence} nên tính bị trừ {points}", "{absence}, which counts as taking off {points}"
)


def scored_like(params: Params) -> Rule:
    """Return `each` a case, or a level's share of the most that is taken off."""
    return per_item.RULE if "each" in params else levels.RULE


def points(given: Given, max_points: Any, params: Params) -> Marked:
    """Give the points to take off, as a positive number: `each` a case, or a level's share.

    Examples
    --------
    >>> number = np.array([0.0, 3.0])
    >>> points(Given(number, number, number), 1, {"each": 0.5}).points.tolist()
    [0.0, 1.0]
    """
    marks, branch = scored_like(params).apply(given, max_points, params)
    return Marked(marks, np.where(branch == "items", "deducted", branch))


def either(node: Params, params: Params) -> list[str]:
    """Return what is wrong with `each` or `levels`, of which exactly one must be there."""
    if ("each" in params) == ("levels" in params):
        return ["give either each (points a case) or levels (shares of the most)"]
    return scored_like(params).check(node, params)


def step(leaf: ScoredLeaf, best: Fraction | None) -> Step:
    """Return the step to no case at all, or to the nearest level that takes less."""
    if "each" not in leaf.params:
        return levels.RULE.step(leaf, best)
    return Step(
        "deduction", value=Fraction(0), gain=leaf.points, items=-(leaf.value or Fraction(0))
    )


RULE = one_of(
    scored_like,
    name="deduction",
    apply=points,
    takes=frozenset({"value", "number", "answer"}),
    parameters=frozenset({"each", "levels"}),
    check=either,
    step=step,
    kind="deduction",
    counts=True,
    sentences={
        "cap": Label(
            "{number} × {each} = {product}, vượt mức trừ tối đa nên bị trừ {max}",
            "{number} × {each} = {product}, above the most that is taken off, which takes off "
            "{max}",
        ),
        "deducted": Label(
            "bị trừ {number} × {each} {result}", "takes off {number} × {each} {result}"
        ),
        "none": Label(
            "không có trường hợp nào nên không bị trừ điểm",
            "there is no case, which takes nothing off",
        ),
        "level": Label(
            "mức “{answer}” nên bị trừ {share} × {max} {result}",
            "the level “{answer}” takes off {share} × {max} {result}",
        ),
        "nothing_full": TAKEN_OFF,
        "nothing_zero": TAKEN_OFF,
        "missing_unknown": Label(
            "{absence} nên chưa biết bị trừ bao nhiêu (tối đa {max})",
            "{absence}, so what it takes off is not known (at most {max})",
        ),
        "missing_zero": COUNTED,
        "missing_full": COUNTED,
    },
)
