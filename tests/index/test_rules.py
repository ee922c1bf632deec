"""Rules: what each gives, never more than the maximum, never less for a better value."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cchc_stats.index import rules
from cchc_stats.index.rules import Given
from cchc_stats.index.scoring.scoring import round_half_up
from cchc_stats.words.ratios import half_up

RULES = {rule.name: rule for rule in rules.RULES}

NODE = {"code": "1", "max_points": 2.0, "kind": "score", "better": "higher"}
TIERS = [
    {"from": 90, "points": 2},
    {"from": 80, "below": 90, "share": 50},
    {"below": 80, "points": 0.5, "override": {"answer": "reminded", "points": 1}},
]


def figures(*numbers: float, answers: tuple[str, ...] = ()) -> Given:
    value = np.array(numbers, dtype="float64")
    words = np.array(answers or [""] * len(numbers), dtype=object)
    return Given(value, words, np.full(len(numbers), value.max(initial=0.0)))


# Rule, parameters, maximum, value or answer, points, branch: worked out from the rule's words.
CASES = [
    ("yes_no", {}, 0.5, "yes", 0.5, "yes"),
    ("yes_no", {}, 0.5, "no", 0, "no"),
    ("yes_no", {"yes": 0.4, "no": 0.1}, 0.5, "no", 0.1, "no"),
    ("bands", {"bands": TIERS}, 2, 90, 2, "band 1"),
    ("bands", {"bands": TIERS}, 2, 89.999, 1, "band 2"),
    ("bands", {"bands": TIERS}, 2, 79.9, 0.5, "band 3"),
    ("bands", {"bands": [{"from": 80, "rate": True}, {"below": 80, "points": 0}]}, 2, 95, 1.9, "b"),
    ("proportional", {}, 4, 25, 1, "rate"),
    ("proportional", {}, 4, 120, 4, "cap"),
    ("proportional", {"floor": 95}, 2, 95, 1.9, "rate"),
    ("proportional", {"floor": 95}, 2, 94.99, 0, "below_floor"),
    ("proportional", {"floor": 95, "below": 0.5}, 2, 12, 0.5, "below_floor"),
    ("proportional_to_target", {"target": 80}, 2, 80, 2, "target_met"),
    ("proportional_to_target", {"target": 80}, 2, 20, 0.5, "below_target"),
    ("proportional_to_target", {"target": 80, "floor": 40}, 2, 20, 0, "below_floor"),
    ("relative_to_best", {"best": 50}, 40, 25, 20, "below_best"),
    ("relative_to_best", {"best": 50}, 40, 70, 40, "best"),
    ("per_item", {"each": 1}, 5, 4, 4, "items"),
    ("per_item", {"each": 1}, 5, 9, 5, "cap"),
    ("per_item", {"each": 1}, 5, 0, 0, "none"),
    ("levels", {"levels": {"excellent": 100, "good": 75, "done": 50}}, 2, "good", 1.5, "level"),
    ("deduction", {"each": 0.5}, 2, 3, 1.5, "deducted"),
    ("deduction", {"each": 0.5}, 2, 9, 2, "cap"),
    ("deduction", {"levels": {"light": 50, "serious": 100}}, 2, "light", 1, "level"),
    ("bonus", {}, 2, "yes", 2, "yes"),
    ("bonus", {"each": 0.5}, 2, 1, 0.5, "items"),
    ("bonus", {"levels": {"good": 75}}, 2, "good", 1.5, "level"),
    ("complement", {}, 6, 88.57, 5.3142, "rate"),
    ("complement", {"target": 90}, 6, 95, 6, "target_met"),
    ("complement", {"target": 90}, 6, 45, 3, "below_target"),
    ("external", {}, 12, 8.97, 8.97, "external"),
]


@pytest.mark.parametrize(("name", "params", "most", "told", "points", "branch"), CASES)
def test_points_and_branch(name, params, most, told, points, branch):
    given_one = figures(0, answers=(told,)) if isinstance(told, str) else figures(told)
    marked = RULES[name].apply(given_one, most, params)
    assert float(marked.points[0]) == pytest.approx(points, abs=1e-12)
    assert marked.branch[0].startswith(branch)


def test_the_reminder_lifts_the_lowest_band():
    marked = RULES["bands"].apply(figures(50, 50, answers=("reminded", "")), 2, {"bands": TIERS})
    assert marked.points.tolist() == [1, 0.5]
    assert marked.branch.tolist() == ["override 3", "band 3"]


VALUED = {
    "bands": {"bands": TIERS},
    "proportional": {"floor": 30, "below": 0.25},
    "proportional_to_target": {"target": 70, "floor": 20},
    "relative_to_best": {"best": 100},
    "per_item": {"each": 0.03},
    "bonus": {"each": 0.05},
    "deduction": {"each": 0.05},
    "complement": {"target": 90},
    "external": {},
}
# What is given from outside is held below the maximum by `score`, as a fault, not by the rule.
WITHIN = {"external": (0, 2)}


@pytest.mark.parametrize("name", VALUED)
@given(data=st.data())
def test_between_nothing_and_the_maximum_and_never_less_for_more(name, data):
    low, high = WITHIN.get(name, (0, 100))
    one, other = sorted(data.draw(st.floats(low, high)) for _ in range(2))
    assert RULES[name].check(NODE, VALUED[name]) == []
    points = RULES[name].apply(figures(one, other), 2.0, VALUED[name]).points.astype("float64")
    assert -1e-12 <= points[0] <= points[1] + 1e-12
    assert points[1] <= 2 + 1e-12


@pytest.mark.parametrize("name", VALUED)
@given(top=st.integers(0, 200), bottom=st.integers(1, 200))
def test_floats_and_fractions_agree(name, top, bottom):
    if top > bottom and name == "external":
        top = bottom
    exact = np.array([Fraction(100 * top, bottom)], dtype=object)
    params = _exactly(VALUED[name])
    value = Given(exact, np.array([""], object), exact)
    told = RULES[name].apply(value, Fraction(2), params).points[0]
    fast = RULES[name].apply(figures(100 * top / bottom), 2.0, VALUED[name]).points[0]
    assert float(told) == pytest.approx(float(fast), abs=1e-9)


def _exactly(params):
    if isinstance(params, dict):
        return {name: _exactly(one) for name, one in params.items()}
    if isinstance(params, list):
        return [_exactly(one) for one in params]
    return Fraction(str(params)) if isinstance(params, int | float) else params


@given(top=st.integers(0, 10**6), bottom=st.integers(1, 10**6), decimals=st.integers(0, 4))
def test_rounding_is_half_up_on_the_fraction(top, bottom, decimals):
    fraction = Fraction(top, bottom)
    rounded = round_half_up(
        np.array([top / bottom]), decimals, exactly=lambda at: np.array([fraction], object)[at]
    )
    assert rounded[0] == float(half_up(fraction, decimals=decimals))


# Fault, rule, parameters.
FAULTS = [
    ("target is missing", "proportional_to_target", {}),
    ("target = 0 is no number above 0", "proportional_to_target", {"target": 0}),
    ("target = True is no number", "proportional_to_target", {"target": True}),
    ("floor = 120 is no number from 0 to 100", "proportional", {"floor": 120}),
    ("there is no floor", "proportional", {"below": 1}),
    ("below gives 1.9 points, the floor itself 1", "proportional", {"floor": 50, "below": 1.9}),
    ("the floor 90 is above 80", "proportional_to_target", {"target": 80, "floor": 90}),
    ("no gives more points than yes", "yes_no", {"yes": 1, "no": 2}),
    ("yes = 3 is no number from 0 to 2", "yes_no", {"yes": 3}),
    ("each is missing", "per_item", {}),
    ("levels is missing", "levels", {}),
    ("level 'good': 175 is no percent from 0 to 100", "levels", {"levels": {"good": 175}}),
    ("give either each (points a case) or levels", "deduction", {}),
    ("give either each (points a case) or levels", "bonus", {"each": 1, "levels": {"a": 1}}),
    ("bands is missing", "bands", {}),
    ("bands is a list of tables", "bands", {"bands": [1]}),
    (
        "no band holds values from 80 to below 90: a gap between band 2 and band 1",
        "bands",
        {"bands": [{"from": 90, "points": 2}, {"below": 80, "points": 0}]},
    ),
    (
        "band 2 (below 91) and band 1 (from 90) overlap",
        "bands",
        {"bands": [{"from": 90, "points": 2}, {"below": 91, "points": 0}]},
    ),
    (
        "no band holds values below 0: leave out from in band 1",
        "bands",
        {"bands": [{"from": 0, "points": 2}]},
    ),
    (
        "no band holds values from 100 on: leave out below in band 1",
        "bands",
        {"bands": [{"below": 100, "points": 2}]},
    ),
    (
        "band 1 goes from 90 to below 80: it holds nothing",
        "bands",
        {"bands": [{"from": 90, "below": 80, "points": 2}]},
    ),
    (
        "band 1: give exactly one of points, share, rate",
        "bands",
        {"bands": [{"points": 1, "share": 50}]},
    ),
    ("band 1: give exactly one of points, share, rate", "bands", {"bands": [{}]}),
    ("band 1: colour is not known here", "bands", {"bands": [{"points": 1, "colour": 2}]}),
    (
        "band 1: override is a table with an answer",
        "bands",
        {"bands": [{"points": 1, "override": {"points": 1}}]},
    ),
    (
        "band 1 holds better values than band 2 and may give fewer points",
        "bands",
        {"bands": [{"from": 90, "points": 1}, {"below": 90, "points": 2}]},
    ),
]


@pytest.mark.parametrize(("fault", "name", "params"), FAULTS)
def test_faults_of_parameters_are_told(fault, name, params):
    assert any(fault in told for told in RULES[name].check(NODE, params))


@pytest.mark.parametrize("name", ["proportional", "proportional_to_target", "relative_to_best"])
def test_a_rate_that_should_be_low_is_not_scored_by_its_height(name):
    told = RULES[name].check(NODE | {"better": "lower"}, {"target": 80} if "target" in name else {})
    assert told == ["lower is better for this indicator: score it by bands or by its complement"]


def test_bands_may_fall_where_lower_is_better():
    falling = [{"below": 5, "points": 2}, {"from": 5, "points": 0}]
    assert RULES["bands"].check(NODE | {"better": "lower"}, {"bands": falling}) == []
    assert RULES["bands"].check(NODE, {"bands": falling}) != []


def test_a_deduction_may_be_larger_the_more_cases():
    assert RULES["deduction"].check(NODE | {"kind": "deduction"}, {"each": 0.25}) == []


@pytest.mark.parametrize(
    ("name", "params", "answers"),
    [
        ("yes_no", {}, ("yes", "no", "not_applicable")),
        ("levels", {"levels": {"good": 75}}, ("good", "not_applicable")),
        ("bands", {"bands": TIERS}, ("reminded", "not_applicable")),
        ("proportional", {}, ("not_applicable",)),
        ("bonus", {}, ("yes", "no", "not_applicable")),
        ("bonus", {"each": 1}, ("not_applicable",)),
        ("deduction", {"levels": {"light": 50}}, ("light", "not_applicable")),
        ("external", {}, ("not_applicable",)),
    ],
)
def test_the_answers_that_a_rule_allows(name, params, answers):
    assert RULES[name].answers(params) == answers


@given(
    shares=st.lists(st.floats(0.01, 100), min_size=2, max_size=8),
    rise=st.floats(0, 100),
    data=st.data(),
)
def test_who_rises_gains_nothing_less_and_the_others_nothing_more(shares, rise, data):
    at = data.draw(st.integers(0, len(shares) - 1))
    risen = [one + rise * (place == at) for place, one in enumerate(shares)]

    def marked(values):
        array = np.array(values)
        best = np.full(len(array), array.max())
        given_ = Given(array, np.full(len(array), "", object), best)
        return RULES["relative_to_best"].apply(given_, 2.0, {}).points

    change = marked(risen) - marked(shares)
    assert change[at] >= -1e-12
    assert (np.delete(change, at) <= 1e-12).all()
    assert marked(risen).max() == 2.0
