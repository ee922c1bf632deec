"""A level's share of the maximum."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from cchc_stats.index.rules.rule import (
    Given,
    Marked,
    Params,
    Rule,
    ScoredLeaf,
    Step,
    better_answer,
    is_number,
    needed,
)
from cchc_stats.index.rules.wording import percent
from cchc_stats.words import Label


def points(given: Given, max_points: Any, params: Params) -> Marked:
    """Give a level's share of the maximum: "hoàn thành tốt" 75 %.

    Examples
    --------
    >>> answers = np.array(["excellent", "done"], object)
    >>> shares = {"levels": {"excellent": 100, "good": 75, "done": 50}}
    >>> points(Given(np.zeros(2), answers, np.zeros(2)), 2, shares).points.tolist()
    [2.0, 1.0]
    """
    marks = given.value * 0
    for level, share in params["levels"].items():
        marks = np.where(given.answer == level, max_points * share / 100, marks)
    return Marked(marks, np.full(len(marks), "level", dtype=object))


def faults(node: Params, params: Params) -> list[str]:
    """Return what is wrong with `levels`: a table of shares, percent of the maximum."""
    if "levels" not in params:
        return needed(params, "levels")
    table = params["levels"]
    if not isinstance(table, Mapping) or not table:
        return ["levels is a table of answers and percents, such as {excellent = 100, good = 75}"]
    return [
        f"level {level!r}: {share!r} is no percent from 0 to 100"
        for level, share in table.items()
        if not is_number(share) or not 0 <= share <= 100
    ]


def step(leaf: ScoredLeaf, best: object) -> Step:
    """Return the nearest level that gives more."""
    sentence = "deduction_level" if leaf.kind == "deduction" else "level"
    return better_answer(leaf, leaf.params["levels"], sentence)


def slots(leaf: ScoredLeaf, best: object, lang: str) -> dict[str, str]:
    """Return the share that the answered level gives."""
    share = leaf.params["levels"].get(leaf.answer)
    return {} if share is None else {"share": percent(share, lang=lang)}


RULE = Rule(
    name="levels",
    apply=points,
    takes=frozenset({"answer"}),
    parameters=frozenset({"levels"}),
    check=faults,
    own_answers=lambda params: tuple(params["levels"]),
    step=step,
    slots=slots,
    sentences={
        "level": Label(
            "mức “{answer}” nên được {share} × {max} {result}",
            "the level “{answer}” gives {share} × {max} {result}",
        ),
    },
)
