"""Points that were given elsewhere, by a survey for instance, as they are."""

from __future__ import annotations

from typing import Any

import numpy as np

from cchc_stats.index.rules.rule import Given, Marked, Params, Rule, Step
from cchc_stats.words import Label


def points(given: Given, max_points: Any, params: Params) -> Marked:
    """Give points that were given elsewhere, by a survey for instance, as they are.

    Examples
    --------
    >>> marks = np.array([8.97])
    >>> points(Given(marks, marks, marks), 12, {}).points.tolist()
    [8.97]
    """
    return Marked(given.value, np.full(len(given.value), "external", dtype=object))


RULE = Rule(
    name="external",
    apply=points,
    takes=frozenset({"value", "number"}),
    step=lambda leaf, best: Step("external"),
    unit=lambda params: "points",
    counts=True,
    drawn="points",
    sentences={
        "external": Label("điểm chấm từ bên ngoài: {scored}", "points given from outside: {scored}")
    },
)
