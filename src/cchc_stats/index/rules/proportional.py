"""The rate times the maximum, where there is a floor only from it on."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from cchc_stats.index.rules.rule import (
    HUNDRED,
    Given,
    Marked,
    Params,
    Rule,
    ScoredLeaf,
    higher_is_better,
    in_maximum,
    in_range,
    maximum,
    reaching,
)
from cchc_stats.index.rules.wording import figure
from cchc_stats.words import Label

PARAMETERS = frozenset({"floor", "below"})
SENTENCES = {
    "rate": Label(
        "{figure} nên được {rate} × {max} {result}",
        "{figure}, which gives {rate} × {max} {result}",
    ),
    "rate_floor": Label(
        "{figure} ≥ {floor} nên được {rate} × {max} {result}",
        "{figure} ≥ {floor}, which gives {rate} × {max} {result}",
    ),
    "cap": Label(
        "{figure} > 100 % nên được tối đa {max}",
        "{figure} > 100%, which gives the maximum of {max}",
    ),
    "below_floor": Label(
        "{figure} < {floor} nên được {points}", "{figure} < {floor}, which gives {points}"
    ),
}


def points(given: Given, max_points: Any, params: Params) -> Marked:
    """Give the rate times the maximum; below `floor`, where there is one, `below` points or none.

    Examples
    --------
    >>> value = np.array([98.0, 94.0])
    >>> points(Given(value, value, value), 2, {"floor": 95})
    Marked(points=array([1.96, 0.  ]), branch=array(['rate', 'below_floor'], dtype=object))
    """
    branch = np.where(given.value > 100, "cap", "rate")
    return floored(Marked(rated(given.value, max_points), branch), given, max_points, params)


def rated(value: np.ndarray, max_points: Any) -> np.ndarray:
    """Return value % of the maximum, never more than it."""
    return np.asarray(np.where(value > 100, max_points, value * max_points / 100))


def floored(marked: Marked, given: Given, max_points: Any, params: Params) -> Marked:
    """Return the marks with what is given below the floor, where there is one."""
    branch = marked.branch.astype(object)
    if "floor" not in params:
        return Marked(marked.points, branch)
    below = (given.value < params["floor"]).astype(bool)
    marks = np.where(below, params.get("below", max_points * 0), marked.points)
    return Marked(marks, np.where(below, "below_floor", branch).astype(object))


def faults(node: Params, params: Params) -> list[str]:
    """Return what is wrong with `floor` and `below`."""
    wrong = [*higher_is_better(node), *in_range(params, "floor", 0, 100)]
    return below_faults(node, params, wrong, 100)


def below_faults(node: Params, params: Params, wrong: list[str], full: Any) -> list[str]:
    """Return faults with those of `below`; where there are none, of the floor against it.

    `full` is the value from which all points are given.
    """
    wrong = [*wrong, *in_maximum(node, params, "below")]
    if "below" in params and "floor" not in params:
        wrong.append("below says the points under the floor, and there is no floor")
    if wrong or "floor" not in params:
        return wrong
    if params["floor"] > full:
        return [f"the floor {params['floor']:g} is above {full:g}, from which all points are given"]
    at_floor = params["floor"] / full * maximum(node)
    if params.get("below", 0) > at_floor:
        return [f"below gives {params['below']:g} points, the floor itself {at_floor:g}"]
    return []


def edges(params: Params) -> list[Fraction]:
    """Return the floor and the target, as far as there are any."""
    return [params[name] for name in ("floor", "target") if name in params]


def slots(leaf: ScoredLeaf, best: object, lang: str) -> dict[str, str]:
    """Return the limits that the sentences show."""
    names = [name for name in ("floor", "target") if name in leaf.params]
    return {name: figure(leaf.params[name], leaf, lang=lang) for name in names}


def variant(leaf: ScoredLeaf, best: object) -> str:
    """Return the name of the sentence: a rate above its floor says so."""
    return "rate_floor" if leaf.branch == "rate" and "floor" in leaf.params else leaf.branch


RULE = Rule(
    name="proportional",
    apply=points,
    takes=frozenset({"value"}),
    parameters=PARAMETERS,
    check=faults,
    edges=edges,
    variant=variant,
    slots=slots,
    step=lambda leaf, best: reaching(leaf, [*edges(leaf.params), HUNDRED]),
    unit=lambda params: "percent",
    sentences=SENTENCES,
)
