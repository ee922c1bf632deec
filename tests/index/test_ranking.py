"""Ranks and classes: ties, own maxima, what is unknown, and published rankings."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cchc_stats.index.ranking import COLUMNS, rank_agencies
from cchc_stats.index.scheme.scheme import load_scheme
from cchc_stats.index.scoring.scoring import score
from cchc_stats.words.errors import ValuesError

CASES = Path(__file__).parents[1] / "cases"
GROUPS = ["CKMB", "TDGQ", "CLGQ", "MDSH", "MDHL", "TTTT"]
# The pattern of scoring_rules, "Nghệ An draft 2025": 90+ and none below 85 % of its maximum, …
TWO_CONDITIONS = """
name = "{name}"
title_vi = "Xếp loại hai điều kiện"
title_en = "Two conditions"
status = "{status}"
source = "Dự thảo 2025"
version = "2025"
valid_from = 2025-01-01
max_points = 100
zero_denominator = "full"
[[classes]]
code = "1"
label_vi = "Xuất sắc"
label_en = "Excellent"
at_least = 90
each_at_least = 85
each_level = 1
[[classes]]
code = "2"
label_vi = "Tốt"
label_en = "Good"
at_least = 80
each_at_least = 80
each_level = 1
[[classes]]
code = "3"
label_vi = "Hoàn thành"
label_en = "Done"
at_least = 70
each_at_least = 70
each_level = 1
"""
NODE = """
[[nodes]]
code = "{code}"
parent = "total"
label_vi = "Mục {code}"
label_en = "Item {code}"
max_points = {most}
rule = "external"
"""


@pytest.fixture
def two_conditions(tmp_path):
    def load(name="hai-dieu-kien", status="confirmed"):
        path = tmp_path / f"{name}.toml"
        nodes = "".join(NODE.format(code=code, most=50) for code in ("1", "2"))
        path.write_text(TWO_CONDITIONS.format(name=name, status=status) + nodes, encoding="utf-8")
        return load_scheme(path)

    return load


def tree(agency, points, *, maxima=(50, 50), **columns):
    """Return the scores of one agency: a root and its leaves, None where a leaf is unknown."""
    known = [each for each in points if each is not None]
    complete = len(known) == len(points)
    unknown = sum(most for each, most in zip(points, maxima, strict=True) if each is None)
    most = sum(maxima)
    rows = [["total", "", 0, most, sum(known) if complete else None, complete, sum(known), unknown]]
    for at, (each, its) in enumerate(zip(points, maxima, strict=True), start=1):
        here = each is not None
        rows.append([str(at), "total", 1, its, each, here, each or 0, 0 if here else its])
    names = ["code", "parent", "level", "max_points", "points", "complete"]
    frame = pd.DataFrame(rows, columns=[*names, "points_known", "unknown_max"])
    frame = frame.assign(agency=agency, label="Mục " + frame["code"], **columns)
    return frame.assign(points=frame["points"].astype("Float64"))


def totals(points, *, most=100.0, **columns):
    names = [f"Sở {at:03}" for at in range(len(points))]
    return pd.DataFrame({"agency": names, "points": points, "max_points": most} | columns)


def ranks(frame):
    return dict(zip(frame["agency"], frame["rank"], strict=True))


# Published rankings


@pytest.mark.parametrize("by", ["percent", "points"])
@pytest.mark.parametrize("order", [GROUPS, GROUPS[::-1], sorted(GROUPS)])
@pytest.mark.parametrize("seed", [None, 1, 2])
def test_the_ten_provinces_have_their_published_ranks(by, order, seed):
    table = pd.read_csv(CASES / "qd766_provinces.csv")
    # One after the other, so that the last binary digits differ as they do where points are added.
    points = np.zeros(len(table))
    for name in order:
        points = points + table[name].to_numpy()
    scores = pd.DataFrame({"agency": table["name"], "points": points, "max_points": 100})
    if seed is not None:
        scores = scores.sample(frac=1, random_state=seed)
    ranked = rank_agencies(scores, by=by)
    assert ranks(ranked) == dict(zip(table["name"], table["rank"], strict=True))
    assert ranked["rank"].tolist() == [1, 2, 3, 4, 5, 5, 7, 8, 9, 10]
    assert ranked["tied"].tolist() == [False] * 4 + [True] * 2 + [False] * 4
    assert ranked["agency"].tolist() == table["name"].tolist()  # of the two fifths, by name


def test_sums_that_differ_in_their_last_binary_digits_tie():
    assert 0.1 + 0.2 != 0.3
    assert rank_agencies(totals([0.1 + 0.2, 0.3]), by="points")["rank"].tolist() == [1, 1]
    assert rank_agencies(totals([70.001, 70.002]))["rank"].tolist() == [1, 2]


def test_own_applicable_maximum_ranks_before_points():
    table = pd.read_csv(CASES / "own_maximum_ranking.csv")
    scores = table.rename(columns={"case": "agency"})[["agency", "points", "applicable_max"]]
    ranked = rank_agencies(scores)
    assert ranks(ranked) == dict(zip(table["case"], table["rank"], strict=True))
    exact = table["exact_pct"].str.replace(",", ".").astype(float)
    assert (ranked["percent"] - exact.to_numpy()).abs().max() <= 0.005
    assert rank_agencies(scores, by="points")["points"].tolist() == [93.95, 93.76]


def test_a_printed_percentage_that_the_points_do_not_give_is_told():
    table = pd.read_csv(CASES / "own_maximum_ranking.csv")
    percent = table["printed_pct"].str.replace(",", ".").astype(float)
    scores = table.rename(columns={"case": "agency"}).assign(percent=percent)
    notes = rank_agencies(scores[["agency", "points", "applicable_max", "percent"]])["note"]
    assert notes.tolist() == ["", "tỷ lệ ghi 95,27 %, tính lại 95,38 %"]


# Laws

points_of = st.lists(st.integers(0, 10_000).map(lambda n: n / 100), min_size=1, max_size=12)


@settings(max_examples=25)
@given(points_of, st.randoms())
def test_permuting_agencies_permutes_ranks(points, random):
    scores = totals(points)
    order = list(range(len(points)))
    random.shuffle(order)
    pd.testing.assert_frame_equal(rank_agencies(scores), rank_agencies(scores.iloc[order]))


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 400), st.integers(1, 4)), min_size=1, max_size=12))
def test_rank_is_one_more_than_the_number_strictly_better(pairs):
    # Quarter points of maxima that are whole: the exact order is that of whole numbers.
    exact = [n * (12 // most) for n, most in pairs]
    scores = totals([n / 4 for n, _ in pairs], most=[most * 100.0 for _, most in pairs])
    found = ranks(rank_agencies(scores))
    for at, own in enumerate(exact):
        assert found[f"Sở {at:03}"] == 1 + sum(other > own for other in exact)


@settings(max_examples=25)
@given(points_of, st.sampled_from([0.1, 0.3, 0.5, 1.5, 3, 65 / 100]))
def test_scaling_points_and_maxima_leaves_ranks_and_percents(points, scale):
    plain = rank_agencies(totals(points))
    scaled = rank_agencies(totals([scale * each for each in points], most=100 * scale))
    assert ranks(plain) == ranks(scaled)
    np.testing.assert_allclose(
        scaled["percent"].to_numpy(float), plain["percent"].to_numpy(float), atol=1e-10
    )


@settings(max_examples=25)
@given(points_of, st.lists(st.sampled_from("abc"), min_size=12, max_size=12))
def test_a_group_is_ranked_as_if_it_were_alone(points, letters):
    scores = totals(points)
    groups = dict(zip(scores["agency"], letters, strict=False))
    ranked = rank_agencies(scores, groups=groups)
    for letter, part in ranked.groupby("group"):
        own = scores[scores["agency"].map(groups) == letter]
        assert ranks(part) == ranks(rank_agencies(own))


# What is taken


def test_the_least_that_is_taken_and_the_types_that_come_back():
    ranked = rank_agencies(pd.DataFrame({"agency": ["A", "B"], "percent": [80.0, 81]}))
    assert tuple(ranked.columns) == COLUMNS
    assert ranked["agency"].tolist() == ["B", "A"]
    texts = ["agency", "assessor", "group", "code", "class", "class_label", "scheme", "note"]
    assert {str(ranked[name].dtype) for name in texts} == {"str"}
    assert ranked[["rank", "tied", "complete", "period"]].dtypes.astype(str).tolist() == [
        *("Int64", "bool", "bool", "period[Q-DEC]")
    ]
    assert ranked[["assessor", "code", "group", "scheme"]].iloc[0].tolist() == [
        *("self", "total", "", "")
    ]
    assert ranked["points"].isna().all()
    assert ranked["period"].isna().all()


@pytest.mark.parametrize("nothing", ["", None, np.nan])
def test_a_root_has_no_parent_however_that_is_written(nothing):
    scores = pd.concat([tree("A", (40, 45)), tree("B", (50, 45))])
    scores["parent"] = scores["parent"].astype(object).where(scores["parent"] != "", nothing)
    before = scores.copy()
    assert ranks(rank_agencies(scores)) == {"A": 2, "B": 1}
    pd.testing.assert_frame_equal(scores, before)


def test_periods_and_assessors_are_ranked_apart():
    first, second = totals([1.0, 2], period="2020Q3"), totals([4.0, 3], period="2020Q4")
    other = second.assign(assessor="appraised_1", points=[3.0, 3])
    ranked = rank_agencies(pd.concat([second, first, other]))
    assert ranked["rank"].tolist() == [1, 2, 1, 1, 1, 2]
    assert ranked["assessor"].tolist() == [*["self"] * 2, *["appraised_1"] * 2, *["self"] * 2]
    assert ranked["period"].astype(str).tolist() == [*["2020Q3"] * 2, *["2020Q4"] * 4]


def test_a_node_is_ranked_by_its_own():
    scores = pd.concat([tree("A", (40, 45)), tree("B", (50, 30))])
    assert ranks(rank_agencies(scores)) == {"A": 1, "B": 2}
    by_first = rank_agencies(scores, node="1")
    assert ranks(by_first) == {"A": 2, "B": 1}
    assert by_first["percent"].tolist() == [100, 80]


def test_three_of_three_before_sixty_of_sixty_is_noted():
    events = {"A": 3, "B": 60, "C": 58, "D": 4, "E": 29}
    leaves = pd.concat(
        [
            tree(agency, (50, 50 if agency != "D" else 30)).assign(
                numerator=[np.nan, whole, whole], denominator=[np.nan, whole, whole - 1]
            )
            for agency, whole in events.items()
        ]
    )
    noted = rank_agencies(leaves).set_index("agency")["note"]
    assert noted["A"] == (
        "dựa trên nhiều nhất 3 sự việc ở một mục, mà xếp không sau B (60): hạng này dễ do ngẫu "
        "nhiên, xem sensitivity"
    )
    # D stands last, behind all that have more; the others rest on enough.
    assert noted.drop("A").tolist() == [""] * 4
    alone = rank_agencies(leaves[leaves["agency"] != "A"])
    assert set(alone["note"]) == {""}
    apart = rank_agencies(leaves, groups={name: f"nhóm {name}" for name in events})
    assert set(apart["note"]) == {""}


def test_where_nothing_applies_there_is_no_rank():
    ranked = rank_agencies(totals([5.0, 0, 4], applicable_max=[10, 0, 10]))
    assert ranks(ranked) == {"Sở 000": 1, "Sở 002": 2, "Sở 001": pd.NA}
    assert ranked["note"].tolist() == ["", "", "không có mục nào áp dụng, không xếp hạng"]


def test_several_schemes_in_one_ranking_are_told():
    ranked = rank_agencies(totals([5.0, 4], scheme=["my-a", "my-b"]))
    assert ranked["note"].tolist() == ["xếp chung nhiều bộ chỉ số: my-a, my-b"] * 2


# Incomplete scores

PARTLY = pd.concat(
    [tree("A", (40, None)), tree("B", (50, 30)), tree("C", (30, 40))], ignore_index=True
)


def test_incomplete_scores_are_refused_by_name_with_the_mends():
    with pytest.raises(ValuesError) as caught:
        rank_agencies(PARTLY.assign(period="2020Q4"))
    assert str(caught.value) == (
        "1 of 3 scores are incomplete and cannot be ranked\n"
        "  where: A, 2020Q4, self (2): 1 leaf unknown, 50 points\n"
        '  mend:  complete the answers, or choose incomplete="exclude" (no rank for them) or '
        'incomplete="known" (ranked by the points known)'
    )


def test_unknown_bonus_and_deduction_may_raise_and_lower_the_total():
    apart = pd.DataFrame({"code": ["3", "4"], "kind": ["bonus", "deduction"]})
    apart = apart.assign(agency="A", parent="total", max_points=[1.0, 2.0], points=pd.NA)
    scores = tree("A", (40, 50)).assign(kind="score")
    scores = pd.concat([scores, apart.astype({"points": "Float64"})], ignore_index=True)
    scores["complete"] = ~scores["code"].isin(["total", "3", "4"])
    scores = scores.assign(points_known=90.0, unknown_max=0.0, applicable_max=scores["max_points"])
    ranked = rank_agencies(scores, incomplete="known")
    assert ranked["note"].tolist() == [
        "xếp theo điểm đã biết: còn 2 mục chưa biết điểm: tổng có thể thêm tối đa 1, bớt tối đa 2 "
        "điểm"
    ]
    with pytest.raises(ValuesError, match="2 leaves unknown, points up to 1 more, up to 2 less"):
        rank_agencies(scores)


def test_excluded_they_stay_without_a_rank():
    ranked = rank_agencies(PARTLY, incomplete="exclude")
    assert ranks(ranked) == {"B": 1, "C": 2, "A": pd.NA}
    assert ranked["note"].tolist() == [
        *("", "", "chưa xếp hạng: còn 1 mục chưa biết điểm, tối đa 50 điểm")
    ]
    assert ranked["complete"].tolist() == [True, True, False]
    assert ranked["points"].tolist() == [80, 70, pd.NA]


def test_by_what_is_known_they_are_ranked_and_it_is_told():
    ranked = rank_agencies(PARTLY, incomplete="known")
    assert ranks(ranked) == {"B": 1, "C": 2, "A": 3}
    assert ranked[["points", "percent"]].values.tolist() == [[80, 80], [70, 70], [40, 40]]
    assert (
        ranked["note"].iloc[2] == "xếp theo điểm đã biết: còn 1 mục chưa biết điểm, tối đa 50 điểm"
    )
    assert not ranked["complete"].iloc[2]


def test_unknown_leaves_are_counted_below_each_node_of_each_case():
    deep = pd.DataFrame(
        [
            ("total", "", 10, None),
            ("1", "total", 6, None),
            ("1.1", "1", 4, None),
            ("1.2", "1", 2, None),
            ("2", "total", 4, None),
        ],
        columns=["code", "parent", "max_points", "points"],
    ).astype({"points": "Float64"})
    both = [deep.assign(agency=name, period=period) for name, period in (("A", "2020Q4"),)]
    less = deep.assign(agency="B", period="2020Q4", points=[None, None, 4.0, None, 4.0])
    ranked = rank_agencies(pd.concat([*both, less.astype({"points": "Float64"})]),
                           incomplete="exclude")  # fmt: skip
    assert ranked.set_index("agency")["note"].to_dict() == {
        "A": "chưa xếp hạng: còn 3 mục chưa biết điểm, tối đa 10 điểm",
        "B": "chưa xếp hạng: còn 1 mục chưa biết điểm, tối đa 2 điểm",
    }
    field = rank_agencies(pd.concat([*both, less]), node="1", incomplete="exclude")
    assert [note[-35:] for note in field["note"]] == [
        "còn 2 mục chưa biết điểm, tối đa 6 điểm"[-35:],
        "còn 1 mục chưa biết điểm, tối đa 2 điểm"[-35:],
    ]


def test_what_is_known_must_be_given():
    with pytest.raises(ValuesError, match="the points known are not given") as caught:
        rank_agencies(PARTLY.drop(columns="points_known"), incomplete="known")
    assert "A, self: columns points_known and applicable_max" in str(caught.value)
    with pytest.raises(ValuesError, match="A, self: points unknown"):
        rank_agencies(pd.DataFrame({"agency": ["A"], "points": [None], "max_points": [5]}))


# Classes


def test_two_conditions_fall_to_the_next_class_and_name_the_node(two_conditions):
    cases = {
        "xuất sắc": (45, 45),
        "một mục thấp": (50, 42),
        "hai bậc": (50, 39.5),
        "không loại": (50, 30),
        "dưới bậc": (34.9, 35),
    }
    ranked = rank_agencies(
        pd.concat([tree(name, points) for name, points in cases.items()]), scheme=two_conditions()
    ).set_index("agency")
    assert ranked["class"].to_dict() == {
        "xuất sắc": "1",
        "một mục thấp": "2",
        "hai bậc": "3",
        "không loại": "",
        "dưới bậc": "",
    }
    assert ranked.loc["một mục thấp", "class_label"] == "Tốt"
    assert ranked["note"].to_dict() == {
        "xuất sắc": "",
        "một mục thấp": "không đạt loại Xuất sắc: 2 Mục 2 84 % < 85 %",
        "hai bậc": "không đạt loại Tốt: 2 Mục 2 79 % < 80 %",
        "không loại": "không đạt loại Tốt: 2 Mục 2 60 % < 80 %; "
        "không đạt loại Hoàn thành: 2 Mục 2 60 % < 70 %",
        "dưới bậc": "",
    }
    assert set(ranked["scheme"]) == {"hai-dieu-kien"}
    assert set(ranked["scheme_status"]) == {"confirmed"}


def test_scores_carry_the_classes_of_their_own_scheme(two_conditions, tmp_path):
    points = {"A": (45, 45), "B": (50, 42), "C": (50, 30)}
    said = pd.DataFrame(
        [
            (agency, "2025Q4", code, number)
            for agency, both in points.items()
            for code, number in zip(("1", "2"), both, strict=True)
        ],
        columns=["agency", "period", "code", "number"],
    )
    # A file of one's own, and an edited copy that kept the name of a shipped scheme.
    for name in ("hai-dieu-kien", "par-index-2019-province-self"):
        scheme = two_conditions(name)
        scores = score(None, scheme, answers=said)
        ranked = rank_agencies(scores)
        pd.testing.assert_frame_equal(ranked, rank_agencies(scores, scheme=scheme))
        assert ranked["class"].tolist() == ["2", "1", ""]
        assert ranked.loc[0, "note"].endswith("không đạt loại Xuất sắc: 2 Mục 2 84 % < 85 %")
        scores.to_csv(tmp_path / "scores.csv", index=False)
        kept = pd.read_csv(tmp_path / "scores.csv", dtype={"code": "str", "parent": "str"})
        assert rank_agencies(kept)["class"].tolist() == ["2", "1", ""]
    # Who names a scheme gets its classes, whatever the scores carry.
    other = rank_agencies(scores, scheme="qd-766-2022")
    assert set(other["class"]) == {""}


def test_a_bound_is_reached_exactly_and_not_from_below(two_conditions):
    # 8.5 + 0.1 + 0.2 + 0.2 is below 9 in binary, and 9 in decimals.
    noisy = sum([8.5, 0.1, 0.2, 0.2])
    scores = pd.concat(
        [
            tree("noisy", (noisy, 9), maxima=(10, 10)),
            tree("below", (8.999, 9), maxima=(10, 10)),
            tree("edge", (8.5, 9.5), maxima=(10, 10)),
        ]
    )
    ranked = rank_agencies(scores, scheme=two_conditions()).set_index("agency")
    assert ranked["class"].to_dict() == {"noisy": "1", "below": "2", "edge": "1"}


def test_a_second_condition_that_cannot_be_checked_gives_no_class(two_conditions):
    ranked = rank_agencies(totals([95.0]), scheme=two_conditions())
    assert ranked["class"].tolist() == [""]
    assert ranked["note"].tolist() == [
        "chưa xếp loại: loại Xuất sắc xét từng mục cấp 1, mà bảng điểm không có mục cấp này"
    ]


def test_nodes_that_do_not_apply_and_deductions_keep_nobody_from_a_class(two_conditions):
    scores = tree("A", (50, 0)).assign(applicable_max=[50.0, 50, 0])
    scores.loc[0, "points"] = 50
    taken = pd.DataFrame(
        {"agency": ["A"], "code": "3", "parent": "total", "level": 1, "kind": "deduction"}
    ).assign(points=0.0, max_points=5.0, complete=True)
    ranked = rank_agencies(pd.concat([scores, taken]), scheme=two_conditions())
    assert ranked[["class", "note"]].values.tolist() == [["1", ""]]


def test_the_incomplete_and_other_nodes_have_no_class(two_conditions):
    scheme = two_conditions()
    assert set(rank_agencies(PARTLY, scheme=scheme, node="1")["class"]) == {""}
    known = rank_agencies(
        tree("A", (50, None), maxima=(95, 5)).assign(points_known=95.0),
        scheme=scheme,
        incomplete="known",
    )
    assert known[["percent", "class"]].values.tolist() == [[95, ""]]


def test_classes_of_an_example_make_an_example_and_of_another_scheme_are_told(two_conditions):
    example = two_conditions("vi-du", "example")
    scores = tree("A", (45, 45), scheme="bo-khac", scheme_status="confirmed")
    ranked = rank_agencies(scores, scheme=example)
    assert ranked["scheme_status"].tolist() == ["example"]
    assert ranked["note"].tolist() == ["xếp loại theo bộ chỉ số vi-du"]
    without = rank_agencies(scores)
    assert without[["class", "scheme", "scheme_status"]].values.tolist() == [
        ["", "bo-khac", "confirmed"]
    ]


# Refusals

REFUSED = {
    "two roots": (totals([1.0]).iloc[[0, 0]], {}, "Sở 000, self has 2 roots (total)"),
    "unknown node": (PARTLY, {"node": "11"}, "there is no node '11' (did you mean '1'?)"),
    "node of some": (
        pd.concat([tree("A", (1, 2)), tree("B", (3,), maxima=(5,))]),
        {"node": "2"},
        "the node 2 is missing for 1 of 2\n  where: B, self",
    ),
    "no root": (
        tree("A", (1, 2)).iloc[1:],
        {},
        "the node total is missing for 1 of 1\n  where: A, self",
    ),
    "by": (totals([1.0]), {"by": "rank"}, "there is no by='rank'"),
    "incomplete": (totals([1.0]), {"incomplete": "drop"}, "there is no incomplete='drop'"),
    "no maximum": (
        pd.DataFrame({"agency": ["A"], "points": [3.0]}),
        {},
        "1 of 1 scores have no percent to rank by\n  where: A, self\n"
        '  mend:  add a column max_points or percent, or choose by="points"',
    ),
    "no points": (
        pd.DataFrame({"agency": ["A"], "percent": [3.0]}),
        {"by": "points"},
        'add a column points, or choose by="percent"',
    ),
    "no frame": ([1], {}, "scores are a DataFrame, not a list"),
    "no rows": (totals([]), {}, "there are no scores"),
    "no agency": (
        pd.DataFrame({"unit": ["A"]}),
        {},
        "column agency is missing; neither column points nor column percent is there",
    ),
    "text": (totals(["9,5"]), {}, "column points: '9,5' in row 1 is no number"),
    "all at once": (
        totals([float("inf"), 2], most=[5, -1]),
        {},
        "scores: column points is infinite in row 1; column max_points is negative in row 2",
    ),
    "month": (totals([1.0], period=pd.Period("2020-03")), {}, "needed, not a month"),
    "complete": (totals([1.0], complete="yes"), {}, "'yes' in row 1 is neither True nor False"),
    "node twice": (tree("A", (1, 2)).iloc[[0, 1, 1]], {}, "A, self: 1 twice"),
    "groups kind": (totals([1.0]), {"groups": "x"}, "groups are a mapping, a Series or a frame"),
    "groups columns": (totals([1.0]), {"groups": totals([1.0])}, "column group missing"),
    "scheme kind": (totals([1.0]), {"scheme": 5}, "a scheme is a Scheme or its name, not a int"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_refusal_says_what_where_and_how_to_mend(case):
    scores, options, told = REFUSED[case]
    with pytest.raises(ValuesError) as caught:
        rank_agencies(scores, **options)
    assert told in str(caught.value)
    assert caught.value.mend


def test_groups_must_name_every_agency_and_nothing_else():
    scores = pd.DataFrame({"agency": ["Sở Nội vụ", "Sở Y tế"], "percent": [80.0, 70]})
    with pytest.raises(ValuesError) as caught:
        rank_agencies(scores, groups={"Sở Nội Vụ": "I", "Sở Y tế": "I", "Huyện X": None})
    assert caught.value.where == (
        "groups=: no group for 'Sở Nội vụ'; no agency of the scores is "
        "'Sở Nội Vụ' (did you mean 'Sở Nội vụ'?), 'Huyện X'"
    )
    twice = pd.DataFrame({"agency": ["Sở Y tế", "Sở Y tế"], "group": ["I", "II"]})
    with pytest.raises(ValuesError, match="1 agency is in two groups") as caught:
        rank_agencies(scores, groups=twice)
    assert "Sở Y tế" in str(caught.value)


@pytest.mark.parametrize("kind", ["mapping", "series", "frame"])
def test_groups_are_taken_as_mapping_series_or_frame(kind):
    scores = totals([1.0, 2, 3])
    stated = {"Sở 000": "sở", "Sở 001": "huyện", "Sở 002": "sở"}
    groups = {
        "mapping": stated,
        "series": pd.Series(stated),
        "frame": pd.DataFrame({"agency": list(stated), "group": list(stated.values())}),
    }[kind]
    ranked = rank_agencies(scores, groups=groups)
    assert ranks(ranked) == {"Sở 001": 1, "Sở 002": 1, "Sở 000": 2}
    assert ranked["group"].tolist() == ["huyện", "sở", "sở"]


def test_equals_stand_in_the_order_of_vietnamese_names():
    own = pd.DataFrame({"agency": ["Đà Nẵng", "Ân Thi", "An Giang", "Dung"], "points": 9.0})
    ranked = rank_agencies(own.assign(max_points=10))
    assert ranked["agency"].tolist() == ["An Giang", "Ân Thi", "Dung", "Đà Nẵng"]
