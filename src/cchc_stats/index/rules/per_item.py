"""So many points an item, up to the maximum."""

from __future__ import annotations

from fractions import Fraction
from math import ceil
from typing import Any

import numpy as np

from cchc_stats.index.rules.rule import (
    Given,
    Marked,
    Params,
    Rule,
    ScoredLeaf,
    Step,
    in_range,
    needed,
)
from cchc_stats.index.rules.wording import POINT_DECIMALS, points_words
from cchc_stats.words import Label, format_number


def points(given: Given, max_points: Any, params: Params) -> Marked:
    """Give `each` points an item, up to the maximum.

    Examples
    --------
    >>> number = np.array([3.0, 7.0])
    >>> points(Given(number, number, number), 5, {"each": 1}).points.tolist()
    [3.0, 5.0]
    """
    marks = given.value * params["each"]
    over = (marks > max_points).astype(bool)
    branch = np.where(over, "cap", np.where(given.value == 0, "none", "items"))
    return Marked(np.where(over, max_points, marks), branch)


def faults(node: Params, params: Params) -> list[str]:
    """Return what is wrong with `each`, which must be there."""
    return [*needed(params, "each"), *in_range(params, "each", 0, above=True)]


def step(leaf: ScoredLeaf, best: object) -> Step:
    """Return the step to as many items as give all points."""
    wanted = Fraction(ceil(leaf.max_points / leaf.params["each"]))
    gain = leaf.points_at(wanted) - (leaf.points or 0)
    return Step("items", value=wanted, gain=gain, items=wanted - (leaf.value or 0))


def slots(leaf: ScoredLeaf, best: object, lang: str) -> dict[str, str]:
    """Return the number of items, what each gives, and their product."""
    each, number = leaf.params["each"], leaf.value or Fraction(0)
    return {
        "number": format_number(number, decimals=POINT_DECIMALS, lang=lang),
        "each": points_words(each, lang=lang),
        "product": points_words(number * each, lang=lang),
    }


RULE = Rule(
    name="per_item",
    apply=points,
    takes=frozenset({"value", "number"}),
    parameters=frozenset({"each"}),
    check=faults,
    step=step,
    slots=slots,
    counts=True,
    sentences={
        "items": Label("{number} × {each} {result}", "{number} × {each} {result}"),
        "none": Label(
            "không có mục nào được tính nên được {points}",
            "there is nothing that counts, which gives {points}",
        ),
        "cap": Label(
            "{number} × {each} = {product}, vượt mức tối đa nên được {max}",
            "{number} × {each} = {product}, above the maximum, which gives {max}",
        ),
    },
)
