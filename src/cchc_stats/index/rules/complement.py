"""What is left of 100 % after the shares of what went wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np

from cchc_stats.index.rules import proportional, proportional_to_target
from cchc_stats.index.rules.rule import (
    HUNDRED,
    Given,
    Marked,
    Params,
    Rule,
    ScoredLeaf,
    higher_is_better,
    in_range,
    one_of,
)
from cchc_stats.index.rules.wording import (
    count_words,
    figure,
    percent,
    rate_decimals,
    sentence,
)
from cchc_stats.words import half_up


def scored_like(params: Params) -> Rule:
    """Return the rule that what is left is scored by."""
    return proportional_to_target.RULE if "target" in params else proportional.RULE


def points(given: Given, max_points: Any, params: Params) -> Marked:
    """Score what is left of 100 % after the shares of what went wrong; given as the value.

    Shares that overlap may add up to more than 100 %: that leaves nothing, not less.

    Examples
    --------
    >>> left = np.array([88.0, -3.0])
    >>> points(Given(left, left, left), 6, {}).points.tolist()
    [5.28, 0.0]
    """
    value = np.where(given.value < 0, given.value - given.value, given.value)
    return scored_like(params).apply(replace(given, value=value), max_points, params)


def left(figures: Sequence[Any], total: Any) -> Any:
    """Return what is left of the total."""
    return total - sum(figures[1:], start=figures[0])


def faults(node: Params, params: Params) -> list[str]:
    """Return what is wrong with `target`, a percent, `floor` and `below`."""
    wrong = [*higher_is_better(node), *in_range(params, "floor", 0, 100)]
    wrong += in_range(params, "target", 0, 100, above=True)
    return proportional.below_faults(node, params, wrong, params.get("target", 100))


def slots(leaf: ScoredLeaf, best: object, lang: str) -> dict[str, str]:
    """Return the rest as the difference that it is: "100 % − 12 % = 88 %"."""
    limits = proportional.slots(leaf, best, lang)
    if leaf.value is None:
        return limits
    rate = figure(max(leaf.value, Fraction(0)), leaf, lang=lang)
    counts = count_words(leaf, lang=lang)
    code = "complement_counts" if counts else "complement"
    code = "complement_negative" if leaf.value < 0 else code
    # With the decimals of the rest, the difference is right as it is printed.
    decimals = rate_decimals(leaf.value, leaf.edges)
    taken = percent(HUNDRED - Fraction(half_up(leaf.value, decimals=decimals)), lang=lang)
    words = sentence("figure", code, lang=lang, value=rate, sum=taken, **counts)
    return limits | {"figure": words, "rate": rate}


RULE = one_of(
    scored_like,
    name="complement",
    apply=points,
    takes=frozenset({"value"}),
    parameters=frozenset({"target"}) | proportional.PARAMETERS,
    check=faults,
    slots=slots,
    unit=lambda params: "percent",
    combine=left,
    inverse=True,
    sentences=proportional_to_target.SENTENCES | proportional.SENTENCES,
)
