"""A rule that no scheme has, in one file: the square of a rate times the maximum."""

import numpy as np

from cchc_stats.index.rules.rule import HUNDRED, Marked, Rule, in_range, reaching
from cchc_stats.index.rules.wording import percent
from cchc_stats.words import Label


def points(given, max_points, params):
    """Give the square of the rate times the maximum, nothing below `least`."""
    marks = given.value * given.value * max_points / 10000
    low = given.value < params.get("least", 0)
    return Marked(np.where(low, max_points * 0, marks), np.where(low, "too_low", "square"))


RULE = Rule(
    name="squared",
    apply=points,
    takes=frozenset({"value"}),
    parameters=frozenset({"least"}),
    check=lambda node, params: in_range(params, "least", 0, 100),
    edges=lambda params: [params["least"]] if "least" in params else [],
    slots=lambda leaf, best, lang: (
        {"least": percent(leaf.params["least"], lang=lang)} if "least" in leaf.params else {}
    ),
    step=lambda leaf, best: reaching(leaf, [*RULE.edges(leaf.params), HUNDRED]),
    unit=lambda params: "percent",
    sentences={
        "square": Label(
            "{figure}, bình phương × {max} {result}", "{figure}, squared × {max} {result}"
        ),
        "too_low": Label("{figure} dưới {least} nên được {points}", "{figure}, below {least}"),
        "gain_value_counts": Label("thêm {units} hồ sơ: {gain}", "{units} more dossiers: {gain}"),
    },
)
