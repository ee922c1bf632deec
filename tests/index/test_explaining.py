"""The reason for points: the wording of every branch, figures rounded right, every refusal."""

import re
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest
from every_rule import AGENCY, answers, every_rule, values
from hypothesis import given
from hypothesis import strategies as st
from scored_rows import BANDS, EACH, LEVELS, one

from cchc_stats.index import load_scheme, score
from cchc_stats.index.explaining import explain
from cchc_stats.index.rules import RULES
from cchc_stats.index.rules.wording import rate_decimals, sentences
from cchc_stats.words.errors import CchcError, ValuesError
from cchc_stats.words.ratios import half_up

PORTAL = pd.read_csv(Path(__file__).parents[1] / "cases" / "qd766_portal_2026.csv")


# branch, the leaf's cells, Vietnamese, English
WORDINGS = [
    (
        "yes",
        {"rule": "yes_no", "answer": "yes", "points": 2.0},
        "trả lời “có” nên được 2/2 điểm",
        "answered “yes”, which gives 2/2 points",
    ),
    (
        "no",
        {"rule": "yes_no", "answer": "no"},
        "trả lời “không” nên được 0/2 điểm",
        "answered “no”, which gives 0/2 points",
    ),
    (
        "rate",
        {"value": 98.33, "points": 1.97},
        "98,33 % nên được 98,33 % × 2 điểm = 1,97 điểm",
        "98.33%, which gives 98.33% × 2 points = 1.97 points",
    ),
    (
        "rate",
        {
            "value": 100 * 148761 / 151295,
            "numerator": 148761.0,
            "denominator": 151295.0,
            "points": 1.97,
            "params": '{"floor": 95}',
        },
        "148.761/151.295 = 98,33 % ≥ 95 % nên được 98,33 % × 2 điểm = 1,97 điểm",
        "148,761/151,295 = 98.33% ≥ 95%, which gives 98.33% × 2 points = 1.97 points",
    ),
    (
        "cap",
        {"value": 104.0, "points": 2.0},
        "104 % > 100 % nên được tối đa 2 điểm",
        "104% > 100%, which gives the maximum of 2 points",
    ),
    (
        "below_floor",
        {"value": 94.0, "params": '{"floor": 95, "below": 0.5}', "points": 0.5},
        "94 % < 95 % nên được 0,5 điểm",
        "94% < 95%, which gives 0.5 points",
    ),
    (
        "target_met",
        {"rule": "proportional_to_target", "params": '{"target": 80}', "value": 81.0, "points": 2.0}
        | {"unit": "percent"},
        "81 % ≥ mục tiêu 80 % nên được đủ 2 điểm",
        "81% ≥ the target 80%, which gives all 2 points",
    ),
    (
        "below_target",
        {"rule": "proportional_to_target", "params": '{"target": 8}', "value": 6.0, "points": 1.5},
        "6 < mục tiêu 8 nên được 6 / 8 × 2 điểm = 1,5 điểm",
        "6 < the target 8, which gives 6 / 8 × 2 points = 1.5 points",
    ),
    (
        "best",
        {"rule": "relative_to_best", "value": 60.0, "points": 2.0},
        "60 là mức tốt nhất nên được đủ 2 điểm",
        "60 is the best there is, which gives all 2 points",
    ),
    (
        "best",
        {"rule": "relative_to_best", "value": 61.0, "points": 2.0, "params": '{"best": 60}'},
        "61 ≥ mức tốt nhất 60 nên được đủ 2 điểm",
        "61 ≥ the best there is, 60, which gives all 2 points",
    ),
    (
        "below_best",
        {"rule": "relative_to_best", "value": 30.0, "points": 1.0, "params": '{"best": 60}'},
        "30 so với mức tốt nhất 60 nên được 30 / 60 × 2 điểm = 1 điểm",
        "30 against the best there is, 60, which gives 30 / 60 × 2 points = 1 point",
    ),
    (
        "below_best",
        {"rule": "relative_to_best", "value": 30.0, "points": 1.0},
        "30 chưa bằng mức tốt nhất nên được 1/2 điểm",
        "30 is less than the best there is, which gives 1/2 points",
    ),
    (
        "best_0_exclude",
        {"rule": "relative_to_best", "value": 0.0, "denominator": 10.0, "points": 0.0},
        "mức tốt nhất là 0, không có gì để so sánh nên không chấm, 2 điểm không tính vào mức tối "
        "đa",
        "the best is 0: there is nothing to compare with, so it is left out: 2 points do not count "
        "in the maximum",
    ),
    (
        "items",
        {"rule": "per_item", "params": EACH, "value": 3.0, "points": 1.5},
        "3 × 0,5 điểm = 1,5 điểm",
        "3 × 0.5 points = 1.5 points",
    ),
    (
        "cap",
        {"rule": "per_item", "params": EACH, "value": 7.0, "points": 2.0},
        "7 × 0,5 điểm = 3,5 điểm, vượt mức tối đa nên được 2 điểm",
        "7 × 0.5 points = 3.5 points, above the maximum, which gives 2 points",
    ),
    (
        "none",
        {"rule": "per_item", "params": EACH, "value": 0.0},
        "không có mục nào được tính nên được 0 điểm",
        "there is nothing that counts, which gives 0 points",
    ),
    (
        "level",
        {"rule": "levels", "params": LEVELS, "answer": "good", "points": 1.5},
        "mức “tốt” nên được 75 % × 2 điểm = 1,5 điểm",
        "the level “good” gives 75% × 2 points = 1.5 points",
    ),
    (
        "band 1",
        {"rule": "bands", "params": BANDS, "value": 90.0, "points": 2.0, "unit": "percent"},
        "90 %, thuộc mức từ 90 % trở lên, nên được 2/2 điểm",
        "90%, in the band 90% and above, which gives 2/2 points",
    ),
    (
        "band 2",
        {"rule": "bands", "params": BANDS, "value": 80.0, "points": 1.6, "unit": "percent"},
        "80 %, thuộc mức từ 80 % đến dưới 90 %, nên được 80 % × 2 điểm = 1,6 điểm",
        "80%, in the band from 80% to below 90%, which gives 80% × 2 points = 1.6 points",
    ),
    (
        "band 3",
        {"rule": "bands", "params": BANDS, "value": 40.0, "points": 0.8, "unit": "percent"},
        "40 %, thuộc mức dưới 80 %, nên được 40 % × 2 điểm = 0,8 điểm",
        "40%, in the band below 80%, which gives 40% × 2 points = 0.8 points",
    ),
    (
        "override 3",
        {"rule": "bands", "params": BANDS, "value": 40.0, "points": 0.9, "answer": "reminded"},
        "40, thuộc mức dưới 80, nhưng trả lời “reminded” nên được 0,9/2 điểm",
        "40, in the band below 80, but answered “reminded”, which gives 0.9/2 points",
    ),
    (
        "override 1",
        {"rule": "bands", "value": 40.0, "points": 1.0, "answer": "reminded", "unit": "percent"}
        | {
            "params": '{"bands": [{"rate": true, "override": {"answer": "reminded", "share": 50}}]}'
        },
        "40 %, thuộc mức mọi giá trị, nhưng trả lời “reminded” nên được 50 % × 2 điểm = 1 điểm",
        "40%, in the band any value, but answered “reminded”, which gives 50% × 2 points = 1 point",
    ),
    (
        "band 1",
        {"rule": "bands", "value": 120.0, "points": 2.0, "unit": "percent"}
        | {"params": '{"bands": [{"from": 80, "rate": true}, {"below": 80, "points": 0}]}'},
        "120 %, thuộc mức từ 80 % trở lên và trên 100 %, nên được tối đa 2 điểm",
        "120%, in the band 80% and above and above 100%, which gives the maximum of 2 points",
    ),
    (
        "external",
        {"rule": "external", "value": 1.25, "points": 1.25},
        "điểm chấm từ bên ngoài: 1,25/2 điểm",
        "points given from outside: 1.25/2 points",
    ),
    (
        "below_target",
        {"rule": "complement", "params": '{"target": 90}', "value": 45.0, "points": 1.0},
        "100 % − 55 % = 45 % < mục tiêu 90 % nên được 45 % / 90 % × 2 điểm = 1 điểm",
        "100% − 55% = 45% < the target 90%, which gives 45% / 90% × 2 points = 1 point",
    ),
    (
        "rate",
        {"rule": "complement", "value": -3.0},
        "100 % − 103 % < 0 %, tính là 0 % nên được 0 % × 2 điểm = 0 điểm",
        "100% − 103% < 0%, taken as 0%, which gives 0% × 2 points = 0 points",
    ),
    (
        "deducted",
        {"rule": "deduction", "kind": "deduction", "params": EACH, "value": 3.0, "points": 1.5},
        "bị trừ 3 × 0,5 điểm = 1,5 điểm",
        "takes off 3 × 0.5 points = 1.5 points",
    ),
    (
        "cap",
        {"rule": "deduction", "kind": "deduction", "params": EACH, "value": 9.0, "points": 2.0},
        "9 × 0,5 điểm = 4,5 điểm, vượt mức trừ tối đa nên bị trừ 2 điểm",
        "9 × 0.5 points = 4.5 points, above the most that is taken off, which takes off 2 points",
    ),
    (
        "none",
        {"rule": "deduction", "kind": "deduction", "params": EACH, "value": 0.0},
        "không có trường hợp nào nên không bị trừ điểm",
        "there is no case, which takes nothing off",
    ),
    (
        "level",
        {"rule": "deduction", "kind": "deduction", "params": LEVELS, "answer": "good"}
        | {"points": 1.5},
        "mức “tốt” nên bị trừ 75 % × 2 điểm = 1,5 điểm",
        "the level “good” takes off 75% × 2 points = 1.5 points",
    ),
    (
        "items",
        {"rule": "bonus", "kind": "bonus", "params": EACH, "value": 1.0, "points": 0.5},
        "được cộng 1 × 0,5 điểm = 0,5 điểm",
        "adds 1 × 0.5 points = 0.5 points",
    ),
    (
        "yes",
        {"rule": "bonus", "kind": "bonus", "answer": "yes", "points": 2.0},
        "trả lời “có” nên được cộng 2 điểm",
        "answered “yes”, which adds 2 points",
    ),
    (
        "no",
        {"rule": "bonus", "kind": "bonus", "answer": "no"},
        "trả lời “không” nên được cộng 0 điểm",
        "answered “no”, which adds 0 points",
    ),
    (
        "none",
        {"rule": "bonus", "kind": "bonus", "params": EACH, "value": 0.0},
        "không có mục nào được tính nên không được cộng điểm",
        "there is nothing that counts, which adds nothing",
    ),
    (
        "cap",
        {"rule": "bonus", "kind": "bonus", "params": EACH, "value": 5.0, "points": 2.0},
        "5 × 0,5 điểm = 2,5 điểm, vượt mức tối đa nên được cộng 2 điểm",
        "5 × 0.5 points = 2.5 points, above the maximum, which adds 2 points",
    ),
    (
        "level",
        {"rule": "bonus", "kind": "bonus", "params": LEVELS, "answer": "good", "points": 1.5},
        "mức “tốt” nên được cộng 75 % × 2 điểm = 1,5 điểm",
        "the level “good” adds 75% × 2 points = 1.5 points",
    ),
    (
        "nothing_zero",
        {"rule": "deduction", "kind": "deduction", "params": EACH, "answer": "not_applicable"},
        "không áp dụng nên bị trừ 0 điểm",
        "not applicable, which takes off 0 points",
    ),
    (
        "missing_unknown",
        {"rule": "deduction", "kind": "deduction", "params": EACH, "points": pd.NA},
        "chưa có số liệu nên chưa biết bị trừ bao nhiêu (tối đa 2 điểm)",
        "no figure, so what it takes off is not known (at most 2 points)",
    ),
    (
        "nothing_full",
        {"denominator": 0.0, "points": 2.0},
        "không có gì để tính (mẫu số bằng 0) nên được đủ 2 điểm",
        "nothing to measure (denominator 0), which gives all 2 points",
    ),
    (
        "nothing_zero",
        {"answer": "not_applicable"},
        "không áp dụng nên được 0 điểm",
        "not applicable, which gives 0 points",
    ),
    (
        "nothing_exclude",
        {"applicable_max": 0.0},
        "không có gì để tính nên không chấm, 2 điểm không tính vào mức tối đa",
        "nothing to measure, so it is left out: 2 points do not count in the maximum",
    ),
    (
        "missing_unknown",
        {"points": pd.NA, "complete": False},
        "chưa có số liệu nên chưa biết điểm (tối đa 2 điểm)",
        "no figure, so the points are not known (at most 2 points)",
    ),
    (
        "alone_unknown",
        {"rule": "relative_to_best", "value": 5.0, "points": pd.NA, "complete": False},
        "chỉ một đơn vị có số liệu, không có đơn vị nào để so sánh nên chưa biết điểm "
        "(tối đa 2 điểm)",
        "one agency alone has a figure, with no other to compare with, so the points are not "
        "known (at most 2 points)",
    ),
    (
        "missing_zero",
        {"rule": "yes_no"},
        "chưa có câu trả lời nên tính 0 điểm",
        "no answer, which counts as 0 points",
    ),
    (
        "missing_full",
        {"points": 2.0},
        "chưa có số liệu nhưng được tính đủ 2 điểm",
        "no figure, which counts as all 2 points",
    ),
    (
        "missing_exclude",
        {"applicable_max": 0.0},
        "chưa có số liệu nên không chấm, 2 điểm không tính vào mức tối đa",
        "no figure, so it is left out: 2 points do not count in the maximum",
    ),
]


@pytest.mark.parametrize(("branch", "cells", "vi", "en"), WORDINGS)
def test_every_branch_says_why_in_both_languages(branch, cells, vi, en):
    scores = one(**cells, branch=branch)
    assert explain(scores, "2.1") == f"2.1 Hồ sơ: {vi}"
    assert explain(scores, "2.1", lang="en") == f"2.1 Dossiers: {en}"


def test_both_languages_tell_the_same_of_a_leaf():
    of_rules = {rule.name: rule.sentences for rule in RULES}
    for subject, codes in {**sentences(), **of_rules}.items():
        for code, label in codes.items():
            slots = [sorted(set(re.findall(r"\{\w+\}", text))) for text in (label.vi, label.en)]
            assert slots[0] == slots[1], (subject, code)


@pytest.mark.parametrize(
    ("value", "branch", "shown"),
    [
        (94.996, "below_floor", "94,996 % < 95 %"),
        (94.9999996, "below_floor", "94,9999996 % < 95 %"),
        (95.004, "rate", "95 % ≥ 95 %"),
        (95.0, "rate", "95 % ≥ 95 %"),
        (99.999, "rate", "99,999 % ≥ 95 %"),
    ],
)
def test_a_rounded_rate_never_contradicts_its_branch(value, branch, shown):
    scores = one(value=value, branch=branch, params='{"floor": 95}')
    assert explain(scores, "2.1").startswith(f"2.1 Hồ sơ: {shown} nên")


@given(
    st.fractions(0, 120, max_denominator=10**5),
    st.lists(st.decimals(0, 100, places=2).map(Fraction), max_size=3),
)
def test_the_decimals_shown_keep_a_rate_on_its_side(rate, edges):
    shown = Fraction(half_up(rate, decimals=rate_decimals(rate, edges)))
    assert all((shown >= edge) == (rate >= edge) for edge in edges)


def test_a_tie_is_rounded_half_up_on_the_quotient():
    # 1/32 is 3,125 % exactly: as a float formatted to two digits it prints 3.12.
    scores = one(value=3.125, numerator=1.0, denominator=32.0, branch="rate", points=0.06)
    assert explain(scores, "2.1").startswith("2.1 Hồ sơ: 1/32 = 3,13 % nên được 3,13 % × 2 điểm")


def test_a_value_that_is_not_the_quotient_beside_it_stands_alone():
    scores = one(value=98.3, numerator=148761.0, denominator=151295.0, branch="rate", points=1.97)
    assert explain(scores, "2.1").startswith("2.1 Hồ sơ: 98,3 % nên")


@pytest.mark.parametrize(("unit", "shown"), [("percent", "0/40 = 0 %"), ("points", "0/40 = 0")])
def test_nothing_of_something_is_in_its_unit(unit, shown):
    cells = {"rule": "bands", "params": BANDS, "value": 0.0, "numerator": 0.0, "denominator": 40.0}
    said = explain(one(branch="band 3", unit=unit, **cells), "2.1")
    assert said.startswith(f"2.1 Hồ sơ: {shown}, thuộc mức")


def test_points_that_are_not_rounded_say_when_they_are_printed_rounded():
    scores = one(value=1.0, branch="rate", rounding=pd.NA, points=2 / 3)
    assert explain(scores, "2.1").endswith("× 2 điểm ≈ 0,6667 điểm")


def test_an_example_scheme_says_so_at_the_end():
    scores = one(value=90.0, branch="rate", points=1.8, scheme_status="example")
    assert explain(scores, "2.1").endswith(
        "1,8 điểm (thang điểm ví dụ, không phải của một quyết định)"
    )
    assert explain(scores, "2.1", lang="en").endswith("(an example scale, not that of a decision)")


def test_a_word_for_a_code_does_not_stand_before_the_name():
    scores = one(code="ON_TIME", branch="external", rule="external", value=1.0, points=1.0)
    assert explain(scores, "ON_TIME") == "Hồ sơ: điểm chấm từ bên ngoài: 1/2 điểm"


def two_agencies():
    figures = pd.concat([values(), values("Sở B", speed=60)])
    return score(figures, every_rule(), answers=pd.concat([answers(), answers("Sở B")]))


def test_a_node_is_its_sum_and_what_it_is_the_sum_of():
    assert explain(two_agencies(), "total", agency=AGENCY) == (
        "Đủ các quy tắc: 27,67/40 điểm, là tổng của:\n"
        "- 1 Tiêu chí: 14,67/20 điểm\n"
        "- 2 Tiêu chí: 13/20 điểm\n"
        "- điểm cộng, 3 Tiêu chí: +0,5 điểm\n"
        "- điểm trừ, 4 Tiêu chí: −0,5 điểm"
    )
    assert explain(two_agencies(), "total", agency=AGENCY, lang="en").splitlines() == [
        "Every rule: 27.67/40 points, the sum of:",
        "- 1 Criterion: 14.67/20 points",
        "- 2 Criterion: 13/20 points",
        "- bonus, 3 Criterion: +0.5 points",
        "- deduction, 4 Criterion: −0.5 points",
    ]


def test_the_best_of_those_scored_together_is_named():
    assert explain(two_agencies(), "1.5", agency=AGENCY) == (
        "1.5 Tiêu chí: 30 so với mức tốt nhất 60 nên được 30 / 60 × 8 điểm = 4 điểm"
    )


def test_a_complement_with_counts():
    assert explain(two_agencies(), "1.4", agency=AGENCY) == (
        "1.4 Tiêu chí: 100 % − 15 % = 85/100 = 85 % < mục tiêu 90 % "
        "nên được 85 % / 90 % × 6 điểm = 5,67 điểm"
    )


def test_the_unknown_leaves_below_a_node_are_named():
    scores = score(values(), every_rule(), answers=answers(**{"2.1": None, "4": None}))
    assert explain(scores, "total").splitlines() == [
        "Đủ các quy tắc: chưa tính được, mới biết 31,17 điểm, còn tối đa 1 điểm chưa biết; gồm:",
        "- 1 Tiêu chí: 18,67/20 điểm",
        "- 2 Tiêu chí: chưa tính được, mới biết 12 điểm, còn tối đa 1 điểm chưa biết",
        "- điểm cộng, 3 Tiêu chí: +0,5 điểm",
        "- 4 Tiêu chí: chưa biết (tối đa 1 điểm)",
        "chưa biết: 2.1 Tiêu chí; 4 Tiêu chí",
    ]


def test_a_leaf_that_is_its_own_parent_is_below_no_node():
    scores = score(values(), every_rule(), answers=answers(**{"2.1": None, "4": None}))
    scores["parent"] = scores["parent"].mask(scores["code"] == "2.1", "2.1")
    assert explain(scores, "total").splitlines()[-1] == "chưa biết: 4 Tiêu chí"


def test_an_unknown_deduction_alone_has_no_most():
    scores = score(values(), every_rule(), answers=answers(**{"4": None}))
    first = explain(scores, "total").splitlines()[0]
    assert first == "Đủ các quy tắc: chưa tính được, mới biết 32,17 điểm; gồm:"


def test_no_deduction_has_no_sign_and_less_than_nothing_has_one():
    root = one(code="total", parent="", rule="", branch="sum", points=-2.0, points_known=-2.0)
    root = root.assign(max_points=10.0, applicable_max=10.0)
    apart = [
        one(code=code, parent="total", kind=kind, branch="none", points=points, applicable_max=0.0)
        for code, kind, points in (("3", "bonus", 0.0), ("4", "deduction", 2.0),
                                   ("5", "deduction", 0.0))
    ]  # fmt: skip
    lines = explain(pd.concat([root, *apart]), "total").splitlines()
    assert "−2/10 điểm" in lines[0]
    assert [line.rpartition(": ")[2] for line in lines[1:]] == ["0 điểm", "−2 điểm", "0 điểm"]


def test_a_maximum_that_does_not_apply_in_full_is_told():
    inner = one(
        code="2", parent="total", rule="", branch="sum", points=1.5, points_known=1.5
    ).assign(max_points=4.0)
    leaves = pd.concat(
        [
            one(code="2.1", branch="rate", value=75.0, points=1.5),
            one(code="2.2", branch="nothing_exclude", applicable_max=0.0),
        ]
    )
    assert explain(pd.concat([inner, leaves]), "2").splitlines() == [
        "2 Hồ sơ: 1,5/2 điểm, là tổng của (mức tối đa áp dụng là 2 điểm, không phải 4 điểm):",
        "- 2.1 Hồ sơ: 1,5/2 điểm",
        "- 2.2 Hồ sơ: không chấm (2 điểm không tính vào mức tối đa)",
    ]


def portal_scores():
    leaves = PORTAL[PORTAL["row"] == "leaf"]
    counted = leaves[leaves["denominator"].notna()]
    figures = counted.rename(columns={"unit": "agency", "code": "indicator"})
    figures = figures[["agency", "indicator", "numerator", "denominator"]].assign(period="2026Q3")
    return score(figures, load_scheme("qd-766-2022"))


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("ON_TIME", "393.087/443.565 = 88,62 % nên được 88,62 % × 20 điểm = 17,72 điểm"),
        ("PUBLIC_UPDATE_ON_TIME", "79/82 = 96,34 % nên được 96,34 % × 4 điểm = 3,85 điểm"),
        (
            "REUSED_DIGITIZED_DATA",
            "82.645/443.565 = 18,63 % < mục tiêu 80 % nên được 18,63 % / 80 % × 2 điểm = 0,47 điểm",
        ),
    ],
)
def test_published_figures_are_explained(code, said):
    told = explain(portal_scores(), code, agency="UBND tỉnh Đắk Lắk")
    assert told.partition(": ")[2] == said


def test_published_nothing_to_count_has_all_points():
    told = explain(portal_scores(), "ELECTRONIC_CERTIFIED_COPY", agency="UBND tỉnh Đắk Lắk")
    assert told.endswith("không có gì để tính (mẫu số bằng 0) nên được đủ 2 điểm")


def test_an_unknown_code_asks_what_was_meant():
    with pytest.raises(ValuesError) as error:
        explain(one(code="ON_TIME", branch="rate", value=1.0), "ON_TIMES")
    assert str(error.value) == (
        "the scores have no node 'ON_TIMES' (did you mean 'ON_TIME'?)\n"
        "  where: code=\n"
        "  mend:  use one of ON_TIME"
    )


def test_several_cases_are_listed():
    scores = pd.concat([one(), one(agency="Sở B"), one(period=pd.Period("2020Q4"))])
    with pytest.raises(ValuesError) as error:
        explain(scores, "2.1")
    assert str(error.value) == (
        "the scores hold several cases, and one is explained at a time\n"
        "  where: agency: Sở A, Sở B\n"
        "         period: 2020Q3, 2020Q4\n"
        "  mend:  say which: agency=, period="
    )


def test_a_case_is_chosen():
    first = one(branch="external", rule="external", points=1.0)
    later = one(branch="external", rule="external", points=2.0, period=pd.Period("2020Q4"))
    scores = pd.concat([first, later, later.assign(assessor="appraised_1", points=1.5)])
    chosen = explain(scores, "2.1", period="quý IV/2020", assessor="appraised_1")
    assert chosen == "2.1 Hồ sơ: điểm chấm từ bên ngoài: 1,5/2 điểm"


def test_an_agency_that_is_not_there():
    with pytest.raises(ValuesError) as error:
        explain(one(), "2.1", agency="Sơ A")
    assert str(error.value) == (
        "the scores have no agency 'Sơ A' (did you mean 'Sở A'?)\n"
        "  where: agency=\n"
        "  mend:  use one of Sở A"
    )


@pytest.mark.parametrize(
    ("scores", "said"),
    [
        (None, "these are no scores: they are a NoneType, not a DataFrame"),
        (
            one().drop(columns=["branch", "rule"]),
            "these are no scores: columns branch, rule missing",
        ),
        (one().iloc[:0], "these are no scores: they have no rows"),
    ],
)
def test_what_is_no_scores_is_refused(scores, said):
    with pytest.raises(ValuesError) as error:
        explain(scores, "2.1")
    assert str(error.value) == (
        f"{said}\n  where: scores\n  mend:  give what score(values, scheme) returns"
    )


def test_another_language_is_refused():
    with pytest.raises(CchcError, match="no labels in language 'fr'"):
        explain(one(), "2.1", lang="fr")


def test_figures_of_a_schemes_own_indicators_are_told_in_their_unit(tmp_path):
    head = {"name": "rieng", "title_vi": "Riêng", "status": "confirmed", "source": "nguồn"}
    lines = [f'{name} = "{text}"' for name, text in head.items()]
    lines += ["valid_from = 2020-01-01", "max_points = 4", 'zero_denominator = "full"']
    lines += ["[[indicators]]", 'code = "MY_RATE"', 'label_vi = "Tỷ lệ"', 'unit = "percent"']
    lines += ['better = "higher"']
    for code, rule in (
        ("1", 'rule = "bands"\nbands = [{from = 90, points = 2}, {below = 90, points = 1}]'),
        ("2", 'rule = "proportional_to_target"\ntarget = 80'),
    ):
        lines += ["[[nodes]]", f'code = "{code}"', 'parent = "total"', f'label_vi = "Mục {code}"']
        lines += ["max_points = 2", 'indicator = "MY_RATE"', rule]
    path = tmp_path / "rieng.toml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    own = pd.DataFrame(
        {"agency": ["Sở A"], "period": ["2020Q4"], "indicator": ["MY_RATE"], "value": [40]}
    )
    scores = score(own, load_scheme(path))
    assert scores["unit"].tolist() == ["", "percent", "percent"]
    assert explain(scores, "1") == "1 Mục 1: 40 %, thuộc mức dưới 90 %, nên được 1/2 điểm"
    assert explain(scores, "2") == (
        "2 Mục 2: 40 % < mục tiêu 80 % nên được 40 % / 80 % × 2 điểm = 1 điểm"
    )
