"""The rules that turn what a leaf is given into points: each a small pure function over arrays.

The same functions run on floats, fast, and on `Fraction` objects, exact, where rounding needs it;
so they use comparisons and the four operations alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

Params = Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Given:
    """What one leaf is given, an entry per case.

    Attributes
    ----------
    value : the value or the number, in its own unit (shares in percent, 0-100).
    answer : codes, "" where there is no answer.
    best : the best value among those the case is compared with.
    """

    value: np.ndarray
    answer: np.ndarray
    best: np.ndarray

    def take(self, rows: np.ndarray) -> Given:
        """Return the entries of some rows."""
        return Given(self.value[rows], self.answer[rows], self.best[rows])


class Marked(NamedTuple):
    """Points, and the branch of the rule that gave them, an entry per case."""

    points: np.ndarray
    branch: np.ndarray


def yes_no(given: Given, max_points: Any, params: Params) -> Marked:
    """Give all points for yes and none for no, unless `yes` or `no` say otherwise.

    Examples
    --------
    >>> answers = np.array(["yes", "no"], object)
    >>> yes_no(Given(np.zeros(2), answers, np.zeros(2)), 0.5, {}).points.tolist()
    [0.5, 0.0]
    """
    yes = given.answer == "yes"
    points = np.where(yes, params.get("yes", max_points), params.get("no", max_points * 0))
    return Marked(np.asarray(points), np.where(yes, "yes", "no"))


def bands(given: Given, max_points: Any, params: Params) -> Marked:
    """Score by half-open bands of the value, "từ 80 % đến dưới 90 %".

    A band gives points, a share of the maximum, or the rate times it.

    Examples
    --------
    >>> tiers = {"bands": [{"from": 90, "points": 1.5}, {"from": 80, "below": 90, "points": 1.0},
    ...                    {"below": 80, "points": 0.5}]}
    >>> value = np.array([90.0, 89.99, 12.0])
    >>> bands(Given(value, np.full(3, ""), value), 1.5, tiers).points.tolist()
    [1.5, 1.0, 0.5]
    """
    value, points = given.value, given.value * 0
    branch = np.full(len(value), "", dtype=object)
    for place, band in enumerate(params["bands"], start=1):
        inside = np.ones(len(value), dtype=bool)
        if "from" in band:
            inside &= (value >= band["from"]).astype(bool)
        if "below" in band:
            inside &= (value < band["below"]).astype(bool)
        points = np.where(inside, _band_points(band, value, max_points), points)
        branch[inside] = f"band {place}"
        if override := band.get("override"):
            instead = inside & (given.answer == override["answer"])
            points = np.where(instead, _band_points(override, value, max_points), points)
            branch[instead] = f"override {place}"
    return Marked(points, branch)


def _band_points(band: Params, value: np.ndarray, max_points: Any) -> Any:
    if "points" in band:
        return band["points"]
    if "share" in band:
        return max_points * band["share"] / 100
    return _rate(value, max_points)


def _rate(value: np.ndarray, max_points: Any) -> np.ndarray:
    """Return value % of the maximum, never more than it."""
    return np.asarray(np.where(value > 100, max_points, value * max_points / 100))


def proportional(given: Given, max_points: Any, params: Params) -> Marked:
    """Give the rate times the maximum; below `floor`, where there is one, `below` points or none.

    Examples
    --------
    >>> value = np.array([98.0, 94.0])
    >>> proportional(Given(value, value, value), 2, {"floor": 95})
    Marked(points=array([1.96, 0.  ]), branch=array(['rate', 'below_floor'], dtype=object))
    """
    points = _rate(given.value, max_points)
    branch = np.where(given.value > 100, "cap", "rate")
    return _floored(Marked(points, branch), given.value, max_points, params)


def proportional_to_target(given: Given, max_points: Any, params: Params) -> Marked:
    """Give all points from `target` on; below it value / target × maximum.

    Examples
    --------
    >>> value = np.array([80.0, 40.0])
    >>> proportional_to_target(Given(value, value, value), 2, {"target": 80}).points.tolist()
    [2.0, 1.0]
    """
    met = given.value >= params["target"]
    points = np.where(met, max_points, given.value * max_points / params["target"])
    marked = Marked(points, np.where(met, "target_met", "below_target"))
    return _floored(marked, given.value, max_points, params)


def _floored(marked: Marked, value: np.ndarray, max_points: Any, params: Params) -> Marked:
    branch = marked.branch.astype(object)
    if "floor" not in params:
        return Marked(marked.points, branch)
    below = (value < params["floor"]).astype(bool)
    points = np.where(below, params.get("below", max_points * 0), marked.points)
    return Marked(points, np.where(below, "below_floor", branch).astype(object))


def relative_to_best(given: Given, max_points: Any, params: Params) -> Marked:
    """Give the value as a part of the best one's, times the maximum.

    Examples
    --------
    >>> value = np.array([30.0, 60.0])
    >>> relative_to_best(Given(value, value, np.full(2, 60.0)), 40, {}).points.tolist()
    [20.0, 40.0]
    """
    best = params.get("best", given.best)
    is_best = (given.value >= best).astype(bool)
    points = np.where(is_best, max_points, given.value * max_points / best)
    return Marked(points, np.where(is_best, "best", "below_best"))


def per_item(given: Given, max_points: Any, params: Params) -> Marked:
    """Give `each` points an item, up to the maximum.

    Examples
    --------
    >>> number = np.array([3.0, 7.0])
    >>> per_item(Given(number, number, number), 5, {"each": 1}).points.tolist()
    [3.0, 5.0]
    """
    return _counted(given, max_points, params, "items")


def _counted(given: Given, max_points: Any, params: Params, name: str) -> Marked:
    points = given.value * params["each"]
    over = (points > max_points).astype(bool)
    branch = np.where(over, "cap", np.where(given.value == 0, "none", name))
    return Marked(np.where(over, max_points, points), branch)


def levels(given: Given, max_points: Any, params: Params) -> Marked:
    """Give a level's share of the maximum: "hoàn thành tốt" 75 %.

    Examples
    --------
    >>> answers = np.array(["excellent", "done"], object)
    >>> shares = {"levels": {"excellent": 100, "good": 75, "done": 50}}
    >>> levels(Given(np.zeros(2), answers, np.zeros(2)), 2, shares).points.tolist()
    [2.0, 1.0]
    """
    points = given.value * 0
    for level, percent in params["levels"].items():
        points = np.where(given.answer == level, max_points * percent / 100, points)
    return Marked(points, np.full(len(points), "level", dtype=object))


def deduction(given: Given, max_points: Any, params: Params) -> Marked:
    """Give the points to take off, as a positive number: `each` a case, or a level's share.

    Examples
    --------
    >>> number = np.array([0.0, 3.0])
    >>> deduction(Given(number, number, number), 1, {"each": 0.5}).points.tolist()
    [0.0, 1.0]
    """
    if "each" in params:
        return _counted(given, max_points, params, "deducted")
    return levels(given, max_points, params)


def bonus(given: Given, max_points: Any, params: Params) -> Marked:
    """Give points on top: `each` an item, a level's share of the most, or all of them for a yes.

    Examples
    --------
    >>> answers = np.array(["yes"], object)
    >>> bonus(Given(np.zeros(1), answers, np.zeros(1)), 2, {}).points.tolist()
    [2]
    """
    if "each" in params:
        return _counted(given, max_points, params, "items")
    return (
        levels(given, max_points, params)
        if "levels" in params
        else yes_no(given, max_points, params)
    )


def complement(given: Given, max_points: Any, params: Params) -> Marked:
    """Score what is left of 100 % after the shares of what went wrong; given as the value.

    Shares that overlap may add up to more than 100 %: that leaves nothing, not less.

    Examples
    --------
    >>> left = np.array([88.0, -3.0])
    >>> complement(Given(left, left, left), 6, {}).points.tolist()
    [5.28, 0.0]
    """
    left = replace(given, value=np.where(given.value < 0, given.value - given.value, given.value))
    scored = proportional_to_target if "target" in params else proportional
    return scored(left, max_points, params)


def external(given: Given, max_points: Any, params: Params) -> Marked:
    """Give points that were given elsewhere, by a survey for instance, as they are.

    Examples
    --------
    >>> points = np.array([8.97])
    >>> external(Given(points, points, points), 12, {}).points.tolist()
    [8.97]
    """
    return Marked(given.value, np.full(len(given.value), "external", dtype=object))
