"""Two years or schemes side by side, and the agency's own scores against the appraised ones."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cchc_stats.index.comparing import compare_assessors, compare_schemes
from cchc_stats.words.errors import ValuesError


def scores(leaves, *, agency="Sở A", period="2019Q4", **columns):
    """Return a root and its leaves: code -> points and maximum; None for points unknown."""
    known = [points for points, _ in leaves.values() if points is not None]
    whole = len(known) == len(leaves)
    most = sum(most for _, most in leaves.values())
    rows = [["total", "", sum(known) if whole else None, most, whole]]
    rows += [[code, "total", p, m, p is not None] for code, (p, m) in leaves.items()]
    frame = pd.DataFrame(rows, columns=["code", "parent", "points", "max_points", "complete"])
    frame = frame.assign(agency=agency, period=period, points=frame["points"].astype("Float64"))
    return frame.assign(label="Mục " + frame["code"]).assign(**columns)


BEFORE = scores({"1": (3.0, 5), "2": (4.0, 5), "3": (2.0, 10)})
AFTER = scores({"1": (4.0, 5), "2": (4.5, 6), "4": (1.0, 9)}, period="2020Q4")


def by_code(frame):
    return frame.set_index("code_a")


# Two schemes


def test_equal_codes_stand_side_by_side_and_the_rest_alone():
    compared = compare_schemes(BEFORE, AFTER)
    assert compared["code_a"].tolist() == ["total", "1", "2", "3", ""]
    assert compared["code_b"].tolist() == ["total", "1", "2", "", "4"]
    assert compared["change_pp"].tolist() == [2.5, 20.0, -5.0, pd.NA, pd.NA]
    assert compared["change_points"].tolist() == [0.5, 1.0, pd.NA, pd.NA, pd.NA]
    assert compared["note"].tolist() == [
        "",
        "",
        "điểm tối đa khác nhau (5 và 6) nên không so điểm",
        "chỉ có ở kỳ 2019Q4",
        "chỉ có ở kỳ 2020Q4",
    ]
    assert set(compared["period_a"].astype(str)) == {"2019Q4"}
    assert compared["label_b"].tolist() == ["Mục total", "Mục 1", "Mục 2", "", "Mục 4"]


def test_linked_codes_are_compared_as_sums():
    # 1 and 2 became 1; 3 was divided into 2 and 4.
    pairs = pd.DataFrame({"code_a": ["1", "2", "3", "3"], "code_b": ["1", "1", "2", "4"]})
    compared = compare_schemes(BEFORE, AFTER, pairs)
    assert compared["code_a"].tolist() == ["total", "1 + 2", "3"]
    assert compared["code_b"].tolist() == ["total", "1", "2 + 4"]
    assert compared["max_a"].tolist() == [20, 10, 10]
    assert compared["max_b"].tolist() == [20, 5, 15]
    assert compared["points_a"].tolist() == [9, 7, 2]
    assert compared["points_b"].tolist() == [9.5, 4, 5.5]
    # 4/5 less 7/10; 5.5/15 less 2/10.
    assert compared["change_pp"].tolist() == [2.5, 10, pytest.approx(50 / 3)]
    as_dict = {"1": "1", "2": "1", "3": ["2", "4"]}
    for mapping in (as_dict, pd.Series(as_dict)):
        pd.testing.assert_frame_equal(compare_schemes(BEFORE, AFTER, mapping), compared)


def test_what_the_mapping_leaves_out_comes_back_alone():
    compared = compare_schemes(
        BEFORE.assign(scheme="my-2019"), AFTER.assign(scheme="my-2020"), {"3": "4"}
    )
    alone = compared[compared["note"].str.startswith("chỉ có ở")]
    assert alone[["code_a", "code_b", "note"]].values.tolist() == [
        ["1", "", "chỉ có ở bộ chỉ số my-2019"],
        ["2", "", "chỉ có ở bộ chỉ số my-2019"],
        ["", "1", "chỉ có ở bộ chỉ số my-2020"],
        ["", "2", "chỉ có ở bộ chỉ số my-2020"],
    ]
    assert set(compared["scheme_b"]) == {"my-2020"}


def test_an_incomplete_node_is_not_compared_and_is_told():
    partly = scores({"1": (None, 5), "2": (4.0, 5), "3": (2.0, 10)}, unknown_max=[5, 5, 0, 0])
    compared = by_code(compare_schemes(partly, BEFORE.assign(period="2020Q4")))
    assert compared.loc["1", "note"] == "kỳ 2019Q4: 1 chưa đủ (còn 5 điểm chưa biết)"
    assert compared["change_pp"].isna().tolist() == [True, True, False, False]
    linked = compare_schemes(partly, BEFORE, {"1": "1", "2": "1"})
    assert linked.loc[1, ["points_a", "percent_a"]].isna().all()


def test_deductions_count_below_zero_in_a_sum_and_have_no_maximum():
    before = BEFORE.assign(kind=["score", "score", "score", "deduction"])
    compared = compare_schemes(before, AFTER, {"1": "1", "3": "1"}).iloc[1]
    assert compared[["code_a", "points_a", "max_a", "percent_a"]].tolist() == ["1 + 3", 1, 5, 20]
    assert compared["note"] == "khác loại mục: deduction, score / score"


def test_equal_codes_with_other_labels_are_told():
    renamed = AFTER.assign(label=["Mục total", "MỤC 1", "Chuyện khác", "Mục 4"])
    notes = by_code(compare_schemes(BEFORE, renamed))["note"]
    assert notes["1"] == ""
    assert notes["2"].endswith("; cùng mã nhưng khác tên: xem lại hoặc nêu mapping")
    assert "khác tên" not in by_code(compare_schemes(BEFORE, renamed, {"2": "2"}))["note"]["2"]


def test_an_agency_of_one_side_stays_with_a_hint_at_its_other_spelling():
    both = [BEFORE, BEFORE.assign(agency="Sở Nội vụ")]
    other = [AFTER, AFTER.assign(agency="SỞ NỘI VỤ")]
    compared = compare_schemes(pd.concat(both), pd.concat(other))
    alone = compared[compared["agency"] == "Sở Nội vụ"]
    assert alone["code_a"].tolist() == ["total", "1", "2", "3"]
    assert set(alone["note"]) == {"chỉ có ở kỳ 2019Q4; tên gần giống: SỞ NỘI VỤ"}
    assert alone["period_b"].isna().all()


def test_what_does_not_apply_has_no_percentage():
    exempt = BEFORE.assign(applicable_max=[15.0, 0, 5, 10]).assign(points=[6.0, 0, 4, 2])
    row = by_code(compare_schemes(exempt, AFTER)).loc["1"]
    assert pd.isna(row["percent_a"])
    assert pd.isna(row["change_pp"])
    assert row["note"] == (
        "điểm tối đa khác nhau (0 và 5) nên không so điểm; kỳ 2019Q4: không áp dụng"
    )


def test_an_example_says_so_and_the_types_are_kept():
    compared = compare_schemes(BEFORE.assign(scheme_status="example"), AFTER)
    assert set(compared["scheme_status_a"]) == {"example"}
    assert set(compared["scheme_status_b"]) == {""}
    kinds = compared.dtypes.astype(str)
    figures = kinds[kinds.index.str.match("max|points|percent|change")]
    assert set(figures) == {"Float64"}
    assert set(kinds[["period_a", "period_b"]]) == {"period[Q-DEC]"}
    assert set(kinds.drop([*figures.index, "period_a", "period_b"])) == {"str"}


quarters = st.integers(0, 40).map(lambda n: n / 4)
leaves = st.dictionaries(
    st.sampled_from(["1", "2", "3", "4"]), st.tuples(quarters, st.just(10)), min_size=1
)


@settings(max_examples=25)
@given(leaves, leaves)
def test_the_sides_exchanged_change_the_sign_alone(first, second):
    first, second = scores(first), scores(second, period="2020Q4")
    there, back = compare_schemes(first, second), compare_schemes(second, first)
    keys = ["code_a", "code_b"]
    back = back.rename(columns={"code_a": "code_b", "code_b": "code_a"})
    joined = there.merge(back, on=keys, suffixes=("", "_back"), validate="one_to_one")
    assert len(joined) == len(there) == len(back)
    for name in ("change_pp", "change_points"):
        assert (joined[name].fillna(999) == (-joined[f"{name}_back"]).fillna(999)).all()


@settings(max_examples=25)
@given(leaves)
def test_all_leaves_joined_are_the_root(first):
    frame = scores(first)
    compared = compare_schemes(
        frame, scores({"x": (5.0, 10)}, period="2020Q4"), dict.fromkeys(first, "x")
    )
    figures = compared[["max_a", "points_a", "percent_a"]]
    assert len(figures) == 2
    np.testing.assert_allclose(
        figures.iloc[0].to_numpy(float), figures.iloc[1].to_numpy(float), atol=1e-9
    )


DEEP = pd.concat([BEFORE, BEFORE.iloc[[1]].assign(code="1.1", parent="1")], ignore_index=True)
REFUSED = {
    "codes": (
        (BEFORE, AFTER, {"11": "1", "2": "44"}),
        "the mapping names codes that are not in the scores\n"
        "  where: mapping: scores_a has no '11' (did you mean '1'?); "
        "scores_b has no '44' (did you mean '4'?)",
    ),
    "ancestor": (
        (DEEP, AFTER, {"1": "1", "1.1": "1"}),
        "whose points hold it already\n  where: mapping: scores_a: 1 is above 1.1",
    ),
    "root": (
        (AFTER, DEEP, {"1": ["total", "1.1"]}),
        "mapping: scores_b: total is above 1.1",
    ),
    "periods": (
        (pd.concat([BEFORE, BEFORE.assign(period="2018Q4")]), AFTER),
        "each of one period\n  where: scores_a: Sở A, 2019Q4, self; Sở A, 2018Q4, self",
    ),
    "agencies": (
        (BEFORE, AFTER.assign(agency="Sở B")),
        "no agency and assessor is in both scores\n"
        "  where: scores_a: Sở A (self); scores_b: Sở B (self)",
    ),
    "kind": ((BEFORE, AFTER, [("1", "1")]), "a mapping is a dict or a frame, not a list"),
    "columns": ((BEFORE, AFTER, pd.DataFrame({"code_a": ["1"]})), "column code_b missing"),
    "numbers": ((BEFORE, AFTER, {1.1: "1"}), "a code is a text: (1.1, '1')"),
    "side": ((BEFORE, 5), "scores are a DataFrame, not a int\n  where: scores_b"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_refusal_says_what_where_and_how_to_mend(case):
    given_, told = REFUSED[case]
    with pytest.raises(ValuesError) as caught:
        compare_schemes(*given_)
    assert told in str(caught.value)
    assert caught.value.mend


# Assessors


def assessed(own, other, *, assessor="appraised_1", **columns):
    return pd.concat([scores(own), scores(other, assessor=assessor, **columns)])


def test_appraised_less_self():
    frame = assessed({"1": (5.0, 5), "2": (0.1 + 0.2, 5)}, {"1": (4.5, 5), "2": (0.3, 5)})
    frame["branch"] = ["sum", "yes", "rate", "sum", "band 2", "rate"]
    frame["assessor"] = frame["assessor"].fillna("self")
    compared = compare_assessors(frame)
    assert compared["code"].tolist() == ["total", "1", "2"]
    assert compared["difference"].tolist() == [-0.5, -0.5, 0]
    assert compared["agreed"].tolist() == [False, False, True]
    assert compared[["branch_self", "branch_appraised"]].values.tolist()[1] == ["yes", "band 2"]
    assert set(compared["appraiser"]) == {"appraised_1"}
    assert set(compared["note"]) == {""}
    assert str(compared["agreed"].dtype) == "bool"
    assert set(compared[["difference", "self_points", "max_points"]].dtypes.astype(str)) == {
        "Float64"
    }


def test_each_appraiser_is_compared_and_what_one_lacks_is_told():
    frame = pd.concat(
        [
            assessed({"1": (5.0, 5), "2": (2.0, 5)}, {"1": (4.0, 5), "3": (1.0, 5)}),
            scores({"1": (None, 5), "2": (2.0, 5)}, assessor="appraised_2"),
            scores({"1": (1.0, 5)}, agency="Sở B"),
        ]
    )
    compared = compare_assessors(frame).set_index(["agency", "code", "appraiser"])
    assert compared["note"].to_dict() == {
        ("Sở A", "total", "appraised_1"): "",
        ("Sở A", "total", "appraised_2"): "điểm thẩm định chưa đủ",
        ("Sở A", "1", "appraised_1"): "",
        ("Sở A", "1", "appraised_2"): "điểm thẩm định chưa đủ",
        ("Sở A", "2", "appraised_1"): "không có điểm thẩm định",
        ("Sở A", "2", "appraised_2"): "",
        ("Sở A", "3", "appraised_1"): "không có điểm tự chấm",
        ("Sở B", "total", ""): "chưa được thẩm định",
        ("Sở B", "1", ""): "chưa được thẩm định",
    }
    unknown = compared["note"] != ""
    assert compared.loc[unknown, "difference"].isna().all()
    assert not compared.loc[unknown, "agreed"].any()
    assert compared.loc[("Sở A", "2", "appraised_1"), "self_points"] == 2
    assert compared.loc[("Sở A", "3", "appraised_1"), "max_points"] == 5


def test_equal_points_of_unequal_maxima_are_not_agreed():
    frame = assessed({"1": (0.0, 5)}, {"1": (0.0, 5)})
    frame["applicable_max"] = [5.0, 5, 0, 0]
    compared = compare_assessors(frame)
    assert compared["difference"].tolist() == [0, 0]
    assert compared["agreed"].tolist() == [False, False]
    told = "điểm tối đa áp dụng khác nhau: tự chấm 5, thẩm định 0"
    assert compared["note"].tolist() == [told, told]


@settings(max_examples=25)
@given(leaves, leaves)
def test_self_and_difference_make_the_appraised(own, other):
    compared = compare_assessors(assessed(own, other))
    assert set(compared["code"]) == {"total", *own, *other}
    made = (compared["self_points"] + compared["difference"]).dropna()
    assert made.tolist() == compared["appraised_points"].loc[made.index].tolist()
    both = compared["code"].isin({"total"} | (set(own) & set(other)))
    assert compared["difference"].notna().tolist() == both.tolist()


def test_without_self_or_without_another_nothing_is_compared():
    with pytest.raises(ValuesError) as caught:
        compare_assessors(BEFORE)
    assert str(caught.value) == (
        'there are no scores but those of the assessor "self"\n'
        "  where: column assessor\n"
        '  mend:  score the appraised answers too, with an assessor such as "appraised_1"'
    )
    with pytest.raises(ValuesError) as caught:
        compare_assessors(BEFORE.assign(assessor="appraised_1"))
    assert str(caught.value) == (
        'there are no scores of the assessor "self" to compare with\n'
        "  where: column assessor: appraised_1\n"
        '  mend:  score the agency\'s own answers too, with assessor "self"'
    )
