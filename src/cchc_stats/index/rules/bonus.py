"""Points on top of the maximum: by items, by a level, or for a yes."""

from __future__ import annotations

from cchc_stats.index.rules import levels, per_item, yes_no
from cchc_stats.index.rules.deduction import either
from cchc_stats.index.rules.rule import Params, Rule, one_of
from cchc_stats.words import Label


def scored_like(params: Params) -> Rule:
    """Return `each` an item, a level's share of the most, or all of them for a yes."""
    if "each" in params:
        return per_item.RULE
    return levels.RULE if "levels" in params else yes_no.RULE


def faults(node: Params, params: Params) -> list[str]:
    """Return what is wrong with `each` or `levels`; without either it is a yes or no."""
    return either(node, params) if {"each", "levels"} & set(params) else []


RULE = one_of(
    scored_like,
    name="bonus",
    takes=frozenset({"value", "number", "answer"}),
    parameters=frozenset({"each", "levels"}),
    check=faults,
    kind="bonus",
    counts=True,
    sentences={
        "cap": Label(
            "{number} × {each} = {product}, vượt mức tối đa nên được cộng {max}",
            "{number} × {each} = {product}, above the maximum, which adds {max}",
        ),
        "items": Label("được cộng {number} × {each} {result}", "adds {number} × {each} {result}"),
        "none": Label(
            "không có mục nào được tính nên không được cộng điểm",
            "there is nothing that counts, which adds nothing",
        ),
        "level": Label(
            "mức “{answer}” nên được cộng {share} × {max} {result}",
            "the level “{answer}” adds {share} × {max} {result}",
        ),
        "yes": Label("trả lời “có” nên được cộng {points}", "answered “yes”, which adds {points}"),
        "no": Label("trả lời “không” nên được cộng {points}", "answered “no”, which adds {points}"),
    },
)
