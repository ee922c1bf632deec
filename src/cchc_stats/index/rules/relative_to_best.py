"""The value as a part of the best one's, or of a stated best."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from cchc_stats.index.rules.rule import (
    Given,
    Marked,
    Params,
    Rule,
    ScoredLeaf,
    Step,
    higher_is_better,
    in_range,
    reaching,
)
from cchc_stats.index.rules.wording import figure
from cchc_stats.words import Label


def points(given: Given, max_points: Any, params: Params) -> Marked:
    """Give the value as a part of the best one's, times the maximum.

    Examples
    --------
    >>> value = np.array([30.0, 60.0])
    >>> points(Given(value, value, np.full(2, 60.0)), 40, {}).points.tolist()
    [20.0, 40.0]
    """
    best = params.get("best", given.best)
    is_best = (given.value >= best).astype(bool)
    marks = np.where(is_best, max_points, given.value * max_points / best)
    return Marked(marks, np.where(is_best, "best", "below_best"))


def faults(node: Params, params: Params) -> list[str]:
    """Return what is wrong with `best`."""
    return [*higher_is_better(node), *in_range(params, "best", 0, above=True)]


def step(leaf: ScoredLeaf, best: Fraction | None) -> Step:
    """Return the step to the best value, as far as there is one."""
    best = leaf.params.get("best", best)
    if best is None:
        return Step("best", gain=leaf.max_points - (leaf.points or 0))
    return reaching(leaf, [best], best=best)


def variant(leaf: ScoredLeaf, best: Fraction | None) -> str:
    """Return the name of the sentence: a stated best and an unknown one have their own."""
    if leaf.branch == "best" and "best" in leaf.params:
        return "best_fixed"
    unnamed = leaf.branch == "below_best" and leaf.params.get("best", best) is None
    return "below_best_unnamed" if unnamed else leaf.branch


def slots(leaf: ScoredLeaf, best: Fraction | None, lang: str) -> dict[str, str]:
    """Return the best value."""
    best = leaf.params.get("best", best)
    return {} if best is None else {"best": figure(best, leaf, lang=lang)}


RULE = Rule(
    name="relative_to_best",
    apply=points,
    takes=frozenset({"value", "number"}),
    parameters=frozenset({"best"}),
    check=faults,
    edges=lambda params: [params["best"]] if "best" in params else [],
    variant=variant,
    slots=slots,
    step=step,
    compared=lambda params: "best" not in params,
    sentences={
        "best": Label(
            "{figure} là mức tốt nhất nên được đủ {max}",
            "{figure} is the best there is, which gives all {max}",
        ),
        "best_fixed": Label(
            "{figure} ≥ mức tốt nhất {best} nên được đủ {max}",
            "{figure} ≥ the best there is, {best}, which gives all {max}",
        ),
        "below_best": Label(
            "{figure} so với mức tốt nhất {best} nên được {rate} / {best} × {max} {result}",
            "{figure} against the best there is, {best}, which gives {rate} / {best} × {max} "
            "{result}",
        ),
        "below_best_unnamed": Label(
            "{figure} chưa bằng mức tốt nhất nên được {scored}",
            "{figure} is less than the best there is, which gives {scored}",
        ),
    },
)
