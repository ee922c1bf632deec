"""Scores: published points to the cent, the laws of the tree, and every refusal in words."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cchc_stats.index import load_scheme, rank_agencies, read_answers, score
from cchc_stats.index.scoring import part_scores
from cchc_stats.words.errors import ValuesError
from cchc_stats.words.ratios import half_up

CASES = Path(__file__).parents[1] / "cases"
PORTAL = pd.read_csv(CASES / "qd766_portal_2026.csv")
UNITS = PORTAL["unit"].unique()

HEAD = """
name = "small"
title_vi = "Thử"
title_en = "Trial"
status = "confirmed"
source = "Quyết định thử"
valid_from = 2020-01-01
max_points = 10
zero_denominator = "exclude"
[parts]
self = 7
survey = 3
[[indicators]]
code = "rate"
label_vi = "Tỷ lệ"
label_en = "Rate"
unit = "percent"
better = "higher"
kind = "events"
[[indicators]]
code = "items"
label_vi = "Số sáng kiến"
label_en = "Initiatives"
unit = "cases"
better = "higher"
kind = "count"
[[nodes]]
code = "1"
parent = "total"
label_vi = "Lĩnh vực một"
label_en = "Field one"
max_points = 7
[[nodes]]
code = "1.1"
parent = "1"
label_vi = "Tỷ lệ"
label_en = "Rate"
max_points = 4
rule = "proportional"
indicator = "rate"
zero_denominator = "exclude"
rounding = 2
[[nodes]]
code = "1.2"
parent = "1"
label_vi = "Có hay không"
label_en = "Yes or no"
max_points = 3
rule = "yes_no"
zero_denominator = "exclude"
[[nodes]]
code = "2"
parent = "total"
label_vi = "Điều tra"
label_en = "Survey"
max_points = 3
part = "survey"
rule = "external"
[[nodes]]
code = "plus"
parent = "total"
label_vi = "Điểm thưởng"
label_en = "Bonus"
max_points = 1
kind = "bonus"
rule = "bonus"
each = 0.5
indicator = "items"
missing = "zero"
[[nodes]]
code = "minus"
parent = "total"
label_vi = "Điểm trừ"
label_en = "Deduction"
max_points = 2
kind = "deduction"
rule = "deduction"
each = 0.25
missing = "zero"
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    path = tmp_path_factory.mktemp("schemes") / "small.toml"
    path.write_text(HEAD, encoding="utf-8")
    return load_scheme(path)


def values(*rows, **columns) -> pd.DataFrame:
    """Return values: agency, indicator, numerator, denominator, value."""
    names = ["agency", "indicator", "numerator", "denominator", "value"]
    frame = pd.DataFrame(rows, columns=names).assign(period="2020Q3")
    figures = dict.fromkeys(names[2:], "Float64")
    return frame.astype(figures).assign(**columns)


def answers(*rows, **columns) -> pd.DataFrame:
    """Return answers: agency, code, answer, number."""
    frame = pd.DataFrame(rows, columns=["agency", "code", "answer", "number"])
    return frame.assign(period="2020Q3", **columns)


FIGURES = values(("A", "rate", 59, 60, pd.NA), ("A", "items", pd.NA, pd.NA, 3))
SAID = answers(("A", "1.2", "yes", None), ("A", "2", "", 2.5), ("A", "minus", "", 2))


def at(scores: pd.DataFrame, code: str, column: str, agency: str = "A"):
    rows = scores[(scores["code"] == code) & (scores["agency"] == agency)]
    assert len(rows) == 1
    return rows[column].iloc[0]


@pytest.mark.parametrize("unit", UNITS)
def test_the_portals_scores_are_reproduced(unit):
    published = PORTAL[PORTAL["unit"] == unit]
    leaves = published[published["row"] == "leaf"]
    own = leaves.rename(columns={"unit": "agency", "code": "indicator"}).assign(period="2026Q4")
    online = published.loc[published["code"] == "online", "score"].iloc[0]
    outside = answers((unit, "ONLINE_SERVICES", "", online)).assign(period="2026Q4")
    columns = ["agency", "period", "indicator", "numerator", "denominator"]
    scores = score(own[columns], load_scheme("qd-766-2022"), answers=outside).set_index("code")
    for row in published.dropna(subset="score").itertuples():
        assert scores.loc[row.code, "points"] == row.score, row.code
        assert scores.loc[row.code, "max_points"] == row.max
    assert scores.loc["total", "complete"]


def test_eighty_eight_of_a_hundred_points_stand_on_figures():
    nodes = load_scheme("qd-766-2022").nodes
    leaves = nodes[~nodes["code"].isin(nodes["parent"])]
    assert leaves.loc[leaves["rule"] != "external", "max_points"].sum() == 88


def test_the_online_group_may_come_as_a_value():
    own = values(("A", "ONLINE_SERVICES", pd.NA, pd.NA, 8.97))
    assert at(score(own, load_scheme("qd-766-2022")), "online", "points") == 8.97


def test_binh_dinh_scored_itself():
    published = pd.read_csv(CASES / "par_index_binh_dinh_2019.csv")
    said = answers(
        *((row.unit, f"F{row.field_no}", "", row.score) for row in published.itertuples())
    )
    scores = score(None, load_scheme("par-index-2019-province-self"), answers=said)
    root = scores[scores["parent"] == ""].iloc[0]
    assert (root["points"], root["max_points"], root["complete"]) == (59.69, 65, True)


def test_the_tree_adds_up(small):
    scores = score(FIGURES, small, answers=SAID)
    assert at(scores, "1.1", "points") == 3.93  # 59/60 of 4 is 3.9333…, two decimals
    assert at(scores, "1", "points") == 6.93
    assert at(scores, "plus", "points") == 1  # three at 0.5, capped
    assert at(scores, "minus", "points") == 0.5
    assert at(scores, "total", "points") == 6.93 + 2.5 + 1 - 0.5
    assert at(scores, "total", "applicable_max") == 10
    assert scores["complete"].all()


def test_columns_types_and_order(small):
    scores = score(FIGURES, small, answers=SAID)
    assert scores["code"].tolist() == small.nodes["code"].tolist()
    first = "agency period assessor code parent level label max_points applicable_max points"
    assert scores.columns[:10].tolist() == first.split()
    assert str(scores["period"].dtype) == "period[Q-DEC]"
    assert scores["complete"].dtype == bool
    assert str(scores["points"].dtype) == "Float64"
    assert scores["scheme"].unique().tolist() == ["small"]


def test_an_unknown_leaf_leaves_what_is_above_it_open(small):
    scores = score(FIGURES, small, answers=SAID[SAID["code"] != "1.2"])
    assert at(scores, "1.2", "branch") == "missing_unknown"
    for code in ("1.2", "1", "total"):
        assert at(scores, code, "points") is pd.NA
        assert at(scores, code, "percent") is pd.NA
        assert not at(scores, code, "complete")
        assert at(scores, code, "unknown_max") == 3
    assert at(scores, "1", "points_known") == 3.93
    assert at(scores, "1.1", "complete")


@pytest.mark.parametrize(
    ("policy", "points", "applicable"), [("full", 4, 4), ("zero", 0, 4), ("exclude", 0, 0)]
)
@pytest.mark.parametrize("which", ["zero_denominator", "missing"])
def test_the_policies(small, which, policy, points, applicable):
    nodes = small.nodes.copy()
    nodes.loc[nodes["code"] == "1.1", which] = policy
    own = values(("A", "rate", 0, 0, pd.NA)) if which == "zero_denominator" else None
    scores = score(own, replace(small, nodes=nodes), answers=SAID)
    assert at(scores, "1.1", "points") == points
    assert at(scores, "1.1", "applicable_max") == applicable
    assert at(scores, "total", "applicable_max") == 6 + applicable
    assert at(scores, "1.1", "branch").endswith(f"_{policy}")


def test_percent_is_of_the_own_applicable_maximum(small):
    said = answers(
        ("A", "1.2", "không áp dụng", None), ("A", "2", "", 2.5), ("A", "minus", "", None)
    )
    scores = score(FIGURES, small, answers=said)
    assert at(scores, "1.2", "applicable_max") == 0
    assert at(scores, "1.2", "percent") is pd.NA
    assert at(scores, "1", "percent") == pytest.approx(100 * 3.93 / 4)
    assert at(scores, "total", "percent") == pytest.approx(100 * (3.93 + 2.5 + 1) / 7)


def test_a_value_of_zero_over_zero_has_nothing_to_measure_whatever_is_printed(small):
    own = values(("A", "rate", 0, 0, 0))
    assert at(score(own, small, answers=SAID), "1.1", "branch") == "nothing_exclude"


def test_not_applicable_values_have_nothing_to_measure(small):
    own = values(("A", "rate", pd.NA, pd.NA, pd.NA), status="not_applicable")
    assert at(score(own, small), "1.1", "branch") == "nothing_exclude"


def test_claims_never_score(small):
    own = values(("A", "rate", 60, 60, pd.NA), origin="claimed")
    assert at(score(own, small, answers=SAID), "1.1", "branch") == "missing_unknown"


def test_each_assessor_is_scored_apart(small):
    other = answers(("A", "1.2", "no", None), assessor="appraised_1")
    scores = score(FIGURES, small, answers=pd.concat([SAID, other], ignore_index=True))
    points = scores[scores["code"].isin(["1.1", "1.2", "2"])].set_index(["assessor", "code"])
    assert points.loc[("self", "1.2"), "points"] == 3
    assert points.loc[("appraised_1", "1.2"), "points"] == 0
    assert points.loc[("appraised_1", "1.1"), "points"] == 3.93
    assert points.loc[("appraised_1", "2"), "points"] is pd.NA


def test_an_agency_without_figures_is_seen(small):
    own = pd.concat([FIGURES, values(("B", "other", pd.NA, pd.NA, 1))], ignore_index=True)
    scores = score(own, small)
    assert at(scores, "1.1", "branch", agency="B") == "missing_unknown"
    assert not at(scores, "total", "complete", agency="B")


def test_a_period_that_feeds_no_leaf_is_not_scored(small):
    own = pd.concat([FIGURES, values(("A", "other", pd.NA, pd.NA, 1)).assign(period="2019Q4")])
    assert score(own, small)["period"].astype(str).unique().tolist() == ["2020Q3"]


def test_the_best_is_found_among_those_of_one_period(small):
    nodes = small.nodes.copy()
    nodes.loc[nodes["code"] == "1.1", "rule"] = "relative_to_best"
    own = values(
        *((name, "rate", top, 100, pd.NA) for name, top in zip("ABC", (20, 50, 0), strict=True))
    )
    other = own.iloc[[0]].assign(period="2020Q4")
    scheme = replace(small, nodes=nodes)
    scores = score(pd.concat([own, other]), scheme).query("code == '1.1'")
    # Alone in its quarter, A is the best of nobody.
    assert scores["points"].tolist() == [1.6, 4.0, 0.0, pd.NA]
    assert scores["branch"].tolist()[-2:] == ["below_best", "alone_unknown"]
    nobody = score(own.assign(numerator=0.0), scheme).query("code == '1.1'")
    assert nobody["branch"].unique().tolist() == ["best_0_exclude"]


def test_a_complement_is_what_the_shares_leave(small):
    nodes = small.nodes.copy()
    nodes.loc[nodes["code"] == "1.1", ["rule", "indicator"]] = [
        "complement",
        "late_rate_settled + pending_overdue_share",
    ]
    scheme = replace(small, nodes=nodes)
    own = values(
        ("A", "late_rate_settled", 3, 60, pd.NA), ("A", "pending_overdue_share", 6, 60, pd.NA)
    )
    scores = score(own, scheme)
    assert at(scores, "1.1", "value") == 85
    assert at(scores, "1.1", "numerator") == 51
    assert at(scores, "1.1", "points") == 3.4
    assert at(score(own.iloc[:1], scheme), "1.1", "branch") == "missing_unknown"


def test_a_period_outside_the_schemes_validity_is_noted(small):
    late = FIGURES.assign(period="2019Q1")
    assert "ngoài thời hạn hiệu lực" in at(score(late, small), "total", "note")
    assert at(score(FIGURES, small), "total", "note") == ""


# Fault, values, answers.
REFUSALS = [
    ("there is nothing to score", None, None),
    ("there is nothing to score", None, SAID.iloc[:0]),
    (
        "two values for one leaf: rate, group all, of A, 2020Q3",
        pd.concat([FIGURES, FIGURES.iloc[:1].assign(origin="tallied")]),
        None,
    ),
    (
        "two values for one leaf: plus of A, 2020Q3 has a value of items and an answer",
        FIGURES,
        answers(("A", "plus", "", 1)),
    ),
    (
        "1.1: rate of A, 2020Q3 is 101.6666667 %, above 100 %, though the numerator is part of",
        values(("A", "rate", 61, 60, pd.NA)),
        None,
    ),
    ("plus: items of A, 2020Q3 is -1, below 0", values(("A", "items", pd.NA, pd.NA, -1)), None),
    (
        "rate of A, 2020Q3 is in points, its unit is percent",
        values(("A", "rate", pd.NA, pd.NA, 4), unit="points"),
        None,
    ),
    (
        "2: 3.1 points of A, 2020Q3 are above the maximum 3",
        None,
        answers(("A", "2", "", 3.1)),
    ),
    (
        "1.2: 'maybe' of A, 2020Q3 is no answer here; use yes, no, not_applicable",
        None,
        answers(("A", "1.2", "maybe", None)),
    ),
    (
        "1.2 takes an answer (yes, no, not_applicable), not a number",
        None,
        answers(("A", "1.2", "", 1)),
    ),
    ("1.1 takes its value of rate from the values", None, answers(("A", "1.1", "", 1))),
    ("small has no node '1.3'; did you mean", None, answers(("A", "1.3", "yes", None))),
    ("1 is no leaf: its points are the sum", None, answers(("A", "1", "", 5))),
    (
        "rows 1, 2 answer one leaf twice, the first: A, 2020Q3, self, 1.2",
        None,
        answers(*[("A", "1.2", "yes", None)] * 2),
    ),
    ("column number is below 0 in row 1", None, answers(("A", "2", "", -1))),
    ("column number: '2,5' in row 1 is no number", None, answers(("A", "2", "", "2,5"))),
    ("column agency is empty in row 1", None, answers(("", "2", "", 1))),
    ("column period is empty in row 1", None, answers(("A", "2", "", 1)).assign(period=None)),
    (
        'answers, column period: "2020-13": there is no month 13',
        None,
        answers(("A", "2", "", 1)).assign(period="2020-13"),
    ),
    ("column code is missing", None, answers(("A", "2", "", 1)).drop(columns="code")),
    ("neither column answer nor column number", None, SAID[["agency", "period", "code"]]),
    ("answers are a DataFrame, not a dict", None, {}),
    ("a number, and yet not applicable", None, answers(("A", "2", "not_applicable", 1))),
]


@pytest.mark.parametrize(("fault", "own", "said"), REFUSALS)
def test_refusals_say_what_and_where(small, fault, own, said):
    with pytest.raises(ValuesError) as caught:
        score(own, small, answers=said)
    assert fault in str(caught.value)
    assert caught.value.mend


def test_all_faults_come_at_once(small):
    said = answers(("A", "1.2", "maybe", None), ("B", "9", "yes", None), ("C", "2", "", -1))
    with pytest.raises(ValuesError, match="answers cannot be used: 3 faults"):
        score(None, small, answers=said)


def test_all_faults_of_a_file_of_answers_come_at_once_with_their_rows(small, tmp_path):
    file = tmp_path / "answers.csv"
    rows = ["A,2020Q3,1.2,maybe,", "A,2020Q3,ZZ,yes,", ",2020Q3,2,,2", "B,2020Q3,2,,abc"]
    rows += ["C,2020Q3,2,,-3"]
    file.write_text("\n".join(["agency,period,code,answer,number", *rows, ""]), encoding="utf-8")
    with pytest.raises(ValuesError, match="answers cannot be used: 5 faults") as caught:
        score(None, small, answers=read_answers(file))
    for fault in (
        "'maybe' of A, 2020Q3 is no answer here; use yes, no, not_applicable (row 1)",
        "small has no node 'ZZ' (row 2)",
        "column agency is empty in row 3",
        "column number: 'abc' in row 4 is no number",
        "column number is below 0 in row 5",
    ):
        assert fault in caught.value.where


def test_blank_answers_are_not_answered_yet(small):
    scores = score(FIGURES, small, answers=answers(("A", "1.2", "", None), ("A", "2", " ", np.nan)))
    assert at(scores, "1.2", "branch") == "missing_unknown"


def test_nothing_given_is_changed(small):
    own, said = FIGURES.copy(), SAID.copy()
    score(own, small, answers=said)
    pd.testing.assert_frame_equal(own, FIGURES)
    pd.testing.assert_frame_equal(said, SAID)


counts = st.integers(0, 60)


@st.composite
def filled(draw):
    """Return values and answers of a few agencies that know everything."""
    agencies = draw(st.lists(st.sampled_from("ABCDEF"), min_size=2, max_size=5, unique=True))
    own, said = [], []
    for name in agencies:
        own.append((name, "rate", draw(counts), 60, pd.NA))
        own.append((name, "items", pd.NA, pd.NA, draw(st.integers(0, 4))))
        said.append((name, "1.2", draw(st.sampled_from(["yes", "no", "not_applicable"])), None))
        said.append((name, "2", "", draw(st.integers(0, 30)) / 10))
        said.append((name, "minus", "", draw(st.integers(0, 9))))
    return values(*own), answers(*said)


@given(figures=filled())
def test_the_root_is_leaves_and_bonus_less_deductions(small, figures):
    scores = score(figures[0], small, answers=figures[1])
    leaves = scores[~scores["code"].isin(scores["parent"])]
    sign = leaves["kind"].map({"score": 1, "bonus": 1, "deduction": -1})
    sums = (leaves["points"] * sign).groupby(leaves["agency"], sort=False).sum()
    root = scores[scores["parent"] == ""].set_index("agency")["points"]
    assert np.allclose(sums.astype(float), root.astype(float), atol=1e-9)
    assert leaves["points"].between(0, leaves["applicable_max"]).all()


@settings(max_examples=15)  # two whole scores each
@given(figures=filled(), random=st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(small, figures, random):
    own, said = figures
    order, other = list(range(len(own))), list(range(len(said)))
    random.shuffle(order)
    random.shuffle(other)
    key = ["agency", "code"]
    one = score(own, small, answers=said).set_index(key).sort_index()
    two = score(own.iloc[order], small, answers=said.iloc[other]).set_index(key).sort_index()
    pd.testing.assert_frame_equal(one, two)


@settings(max_examples=15)  # two whole scores each
@given(figures=filled(), factor=st.sampled_from([0.5, 2, 3]))
def test_scaling_all_maxima_leaves_percentages(small, figures, factor):
    nodes = small.nodes.copy()
    nodes["rounding"] = pd.array([pd.NA] * len(nodes), dtype="Int64")
    plain = replace(small, nodes=nodes)
    scaled = nodes.assign(max_points=nodes["max_points"] * factor)
    scaled["params"] = [
        json.dumps({name: number * factor for name, number in json.loads(text).items()})
        for text in nodes["params"]
    ]
    parts = {name: float(most) * factor for name, most in small.parts.items()}
    larger = replace(small, nodes=scaled, parts=parts)
    own, said = figures
    outside = said["code"] == "2"
    more = said.assign(number=said["number"].where(~outside, said["number"] * factor))
    one, two = score(own, plain, answers=said), score(own, larger, answers=more)
    percents = (scores["percent"].astype(float) for scores in (one, two))
    assert np.allclose(*percents, atol=1e-7, equal_nan=True)
    ranks = [rank_agencies(scores).set_index("agency")["rank"].to_dict() for scores in (one, two)]
    assert ranks[0] == ranks[1]


def test_equal_shares_of_unequal_maxima_tie(small):
    nodes = small.nodes.assign(rounding=pd.array([pd.NA] * len(small.nodes), dtype="Int64"))
    own = values(("A", "rate", 20, 60, pd.NA), ("B", "rate", 0, 0, pd.NA))
    said = answers(
        *((name, "1.2", "not_applicable", None) for name in "AB"),
        *((name, "2", "", 1) for name in "AB"),
    )
    # A third of 7 points against a third of 3.
    ranked = rank_agencies(score(own, replace(small, nodes=nodes), answers=said))
    assert ranked["applicable_max"].tolist() == [7, 3]
    assert ranked["rank"].tolist() == [1, 1]


@given(tops=st.lists(counts, min_size=2, max_size=20))
def test_a_better_value_never_scores_less(small, tops):
    own = values(*((f"Sở {n}", "rate", top, 60, pd.NA) for n, top in enumerate(sorted(tops))))
    assert score(own, small).query("code == '1.1'")["points"].is_monotonic_increasing


@given(pairs=st.lists(st.tuples(st.integers(0, 400), st.integers(1, 400)), min_size=1, max_size=40))
def test_leaves_are_rounded_half_up_on_the_exact_fraction(small, pairs):
    pairs = [(min(pair), max(pair)) for pair in pairs]
    own = values(*((f"Sở {n}", "rate", *pair, pd.NA) for n, pair in enumerate(pairs)))
    points = score(own, small).query("code == '1.1'")["points"].tolist()
    assert points == [float(half_up(top, bottom, 2, scale=4)) for top, bottom in pairs]


def test_the_parts_have_their_own_maxima(small):
    parts = part_scores(score(FIGURES, small, answers=SAID)).set_index("part")
    assert parts["max_points"].to_dict() == small.parts == {"self": 7, "survey": 3}
    assert parts["points"].to_dict() == {"self": 6.93, "survey": 2.5}
    half = part_scores(score(FIGURES, small, answers=SAID[SAID["code"] != "1.2"])).set_index("part")
    assert half.loc["self", ["points", "points_known", "unknown_max"]].tolist() == [pd.NA, 3.93, 3]
    assert half["complete"].to_dict() == {"self": False, "survey": True}


def test_parts_need_scores():
    with pytest.raises(ValuesError, match="column assessor, code"):
        part_scores(FIGURES)


def test_levels_are_answered_by_code_or_in_words(small):
    nodes = small.nodes.copy()
    words = {"rule": "levels", "params": '{"levels": {"good": 100, "tạm được": 50}}'}
    nodes.loc[nodes["code"] == "1.2", list(words)] = list(words.values())
    scheme = replace(small, nodes=nodes)
    for told, points in {"good": 3, "Tốt": 3, "tạm được": 1.5}.items():
        scores = score(None, scheme, answers=answers(("A", "1.2", told, None)))
        assert at(scores, "1.2", "points") == points


def test_what_may_fall_below_nothing_is_scored_as_it_is(small):
    nodes = small.nodes.copy()
    bands = '{"bands": [{"from": 0, "points": 4}, {"below": 0, "points": 0}]}'
    changed = ["bands", bands, "vacancies", "administrative"]
    nodes.loc[nodes["code"] == "1.1", ["rule", "params", "indicator", "group"]] = changed
    over = values(("A", "vacancies", pd.NA, pd.NA, -1), group="administrative", basis="as_of")
    try:
        scores = score(over, replace(small, nodes=nodes))
    except ValuesError as error:
        raise AssertionError(str(error)) from error
    assert at(scores, "1.1", "points") == 0
