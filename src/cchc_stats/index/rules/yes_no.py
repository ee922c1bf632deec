"""All points for yes, none for no."""

from __future__ import annotations

from typing import Any

import numpy as np

from cchc_stats.index.rules.rule import (
    Given,
    Marked,
    Params,
    Rule,
    better_answer,
    in_maximum,
    maximum,
)
from cchc_stats.words import Label

ANSWERS = ("yes", "no")


def points(given: Given, max_points: Any, params: Params) -> Marked:
    """Give all points for yes and none for no, unless `yes` or `no` say otherwise.

    Examples
    --------
    >>> answers = np.array(["yes", "no"], object)
    >>> points(Given(np.zeros(2), answers, np.zeros(2)), 0.5, {}).points.tolist()
    [0.5, 0.0]
    """
    yes = given.answer == "yes"
    marks = np.where(yes, params.get("yes", max_points), params.get("no", max_points * 0))
    return Marked(np.asarray(marks), np.where(yes, "yes", "no"))


def faults(node: Params, params: Params) -> list[str]:
    """Return what is wrong with `yes` and `no`: points from 0 to the maximum, no not above yes."""
    wrong = in_maximum(node, params, "yes", "no")
    if not wrong and params.get("no", 0) > params.get("yes", maximum(node)):
        return ["no gives more points than yes"]
    return wrong


RULE = Rule(
    name="yes_no",
    apply=points,
    takes=frozenset({"answer"}),
    parameters=frozenset({"yes", "no"}),
    check=faults,
    own_answers=lambda params: ANSWERS,
    step=lambda leaf, best: better_answer(leaf, ANSWERS, "answer"),
    sentences={
        "yes": Label("trả lời “có” nên được {scored}", "answered “yes”, which gives {scored}"),
        "no": Label("trả lời “không” nên được {scored}", "answered “no”, which gives {scored}"),
    },
)
