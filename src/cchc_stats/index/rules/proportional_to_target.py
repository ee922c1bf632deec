"""All points from a target on, below it the value's part of the target."""

from __future__ import annotations

from typing import Any

import numpy as np

from cchc_stats.index.rules import proportional
from cchc_stats.index.rules.rule import (
    Given,
    Marked,
    Params,
    Rule,
    higher_is_better,
    in_range,
    needed,
    reaching,
)
from cchc_stats.words import Label

SENTENCES = {
    "target_met": Label(
        "{figure} ≥ mục tiêu {target} nên được đủ {max}",
        "{figure} ≥ the target {target}, which gives all {max}",
    ),
    "below_target": Label(
        "{figure} < mục tiêu {target} nên được {rate} / {target} × {max} {result}",
        "{figure} < the target {target}, which gives {rate} / {target} × {max} {result}",
    ),
    "below_floor": proportional.SENTENCES["below_floor"],
}


def points(given: Given, max_points: Any, params: Params) -> Marked:
    """Give all points from `target` on; below it value / target × maximum.

    Examples
    --------
    >>> value = np.array([80.0, 40.0])
    >>> points(Given(value, value, value), 2, {"target": 80}).points.tolist()
    [2.0, 1.0]
    """
    met = given.value >= params["target"]
    marks = np.where(met, max_points, given.value * max_points / params["target"])
    marked = Marked(marks, np.where(met, "target_met", "below_target"))
    return proportional.floored(marked, given, max_points, params)


def faults(node: Params, params: Params) -> list[str]:
    """Return what is wrong with `target`, which must be there, `floor` and `below`."""
    wrong = [*higher_is_better(node), *needed(params, "target")]
    wrong += in_range(params, "target", 0, above=True)
    wrong += in_range(params, "floor", 0)
    return proportional.below_faults(node, params, wrong, params.get("target"))


RULE = Rule(
    name="proportional_to_target",
    apply=points,
    takes=frozenset({"value", "number"}),
    parameters=frozenset({"target"}) | proportional.PARAMETERS,
    check=faults,
    edges=proportional.edges,
    slots=proportional.slots,
    step=lambda leaf, best: reaching(leaf, proportional.edges(leaf.params)),
    sentences=SENTENCES,
)
