"""Where points were lost: they add up, and the next step gains what it says."""

from pathlib import Path

import pandas as pd
import pytest
from every_rule import AGENCY, FIGURES, answers, every_rule, values
from hypothesis import given, settings
from hypothesis import strategies as st
from scored_rows import BANDS, EACH, LEVELS, one

from cchc_stats.index import load_scheme, score
from cchc_stats.index.explaining import COLUMNS, TYPES, points_lost
from cchc_stats.index.what_if import what_if
from cchc_stats.words.errors import CchcError, ValuesError

PORTAL = pd.read_csv(Path(__file__).parents[1] / "cases" / "qd766_portal_2026.csv")
NO_EXTRAS = {"3": 0, "4": 0}


@st.composite
def figures(draw):
    """Draw counts of the indicators; the shares that went wrong have one denominator."""
    drawn = {}
    for code in FIGURES:
        whole = 200 if code in ("LATE", "DISLIKED") else draw(st.integers(0, 300))
        drawn[code] = (draw(st.integers(0, whole)), whole)
    return drawn


def lost_of(**cells):
    """Return the one row of a leaf that lost points."""
    return points_lost(one(**cells)).iloc[0]


@settings(max_examples=30)
@given(figures(), st.integers(0, 12), st.sampled_from(["yes", "no", "not_applicable"]))
def test_what_the_leaves_lost_is_what_the_root_is_short_of(drawn, items, answer):
    told = answers(**NO_EXTRAS | {"2.3": items, "2.1": answer})
    scores = score(values(**drawn), every_rule(), answers=told)
    root = scores[scores["code"] == "total"].iloc[0]
    lost = points_lost(scores)
    assert lost["lost"].sum() == pytest.approx(root["applicable_max"] - root["points"], abs=1e-9)
    assert lost["lost_share"].sum() == pytest.approx(100)
    assert lost["lost"].is_monotonic_decreasing
    assert (lost["lost"] > 0).all()


@settings(max_examples=12)
@given(figures(), st.data())
def test_as_many_more_as_needed_gain_what_is_told(drawn, data):
    scores = score(values(**drawn), every_rule(), answers=answers())
    lost = points_lost(scores).set_index("code")
    of_leaf = {"1.1": "RATE", "1.2": "BANDED", "1.3": "TARGETED"}
    counted = [
        code for code in of_leaf if code in lost.index and lost["units_needed"].notna()[code]
    ]
    if not counted:
        return
    code = data.draw(st.sampled_from(counted))
    row, (top, whole) = lost.loc[code], drawn[of_leaf[code]]
    more = int(row["units_needed"])
    assert 100 * (top + more) / whole >= row["next_value"] > 100 * (top + more - 1) / whole
    change = pd.DataFrame(
        {"indicator": [of_leaf[code]], "numerator": [top + more], "denominator": [whole]}
    )
    changed = what_if(values(**drawn), every_rule(), change, answers=answers()).set_index("code")
    # Not less: whole counts may reach a little past the edge.
    assert changed.loc[code, "change"] >= row["gain"] - 1e-9


def test_columns_and_types():
    scores = score(values(), every_rule(), answers=answers())
    lost = points_lost(scores)
    assert list(lost.columns) == list(COLUMNS)
    assert {name: str(dtype) for name, dtype in lost.dtypes.items()} == TYPES


def test_nothing_lost_keeps_columns_and_types():
    lost = points_lost(one(branch="external", rule="external", points=2.0))
    assert lost.empty
    assert {name: str(dtype) for name, dtype in lost.dtypes.items()} == TYPES


def test_largest_first_within_a_case_and_unknown_last():
    told = pd.concat([answers("Sở B", **{"2.1": None}), answers(**{"2.1": "no"})])
    scores = score(pd.concat([values("Sở B"), values()]), every_rule(), answers=told)
    lost = points_lost(scores)
    assert lost["agency"].drop_duplicates().tolist() == ["Sở B", AGENCY]
    first = lost[lost["agency"] == "Sở B"]
    assert first["code"].iloc[-1] == "2.1"
    assert first["unknown"].tolist() == [False] * (len(first) - 1) + [True]
    last = first.iloc[-1]
    assert last[["points", "lost", "lost_share", "next_value", "gain"]].isna().all()
    assert last["how"] == "chưa có số liệu"
    assert first["lost"].iloc[:-1].is_monotonic_decreasing
    second = lost[lost["agency"] == AGENCY]
    assert second["lost_share"].sum() == pytest.approx(100)


STEPS = [
    pytest.param(
        {"branch": "below_floor", "params": '{"floor": 95}', "value": 55 / 0.6}
        | {"numerator": 55.0, "denominator": 60.0},
        (2.0, 95.0, "", 1.9, 2),
        "cần đạt 95 % (thêm 2 trên 60): được thêm 1,9 điểm",
        "95% is needed (2 more of 60): 1.9 points more",
        id="floor",
    ),
    pytest.param(
        {"branch": "rate", "value": 96.0, "points": 1.92},
        (0.08, 100.0, "", 0.08, pd.NA),
        "cần đạt 100 %: được thêm 0,08 điểm",
        "100% is needed: 0.08 points more",
        id="rate",
    ),
    pytest.param(
        {"branch": "below_target", "rule": "proportional_to_target", "params": '{"target": 80}'}
        | {"value": 100 / 3, "numerator": 1.0, "denominator": 3.0, "points": 0.83},
        (1.17, 80.0, "", 1.17, 2),
        "cần đạt 80 % (thêm 2 trên 3): được thêm 1,17 điểm",
        "80% is needed (2 more of 3): 1.17 points more",
        id="target",
    ),
    pytest.param(
        {"branch": "band 2", "rule": "bands", "params": BANDS, "value": 85.0, "points": 1.6},
        (0.4, 90.0, "", 0.4, pd.NA),
        "cần đạt 90: được thêm 0,4 điểm",
        "90 is needed: 0.4 points more",
        id="next band",
    ),
    pytest.param(
        {"branch": "override 3", "rule": "bands", "params": BANDS, "value": 30.0, "points": 0.9}
        | {"answer": "reminded"},
        (1.1, 80.0, "", 0.7, pd.NA),
        "cần đạt 80: được thêm 0,7 điểm",
        "80 is needed: 0.7 points more",
        id="override",
    ),
    pytest.param(
        {"branch": "band 2", "rule": "bands", "value": 10.0, "numerator": 5.0, "denominator": 50.0}
        | {"params": '{"bands": [{"below": 4, "points": 2}, {"from": 4, "points": 0}]}'},
        (2.0, 4.0, "", 2.0, -4),
        "cần xuống dưới 4 % (bớt 4 trên 50): được thêm 2 điểm",
        "below 4% is needed (4 fewer of 50): 2 points more",
        id="lower is better",
    ),
    pytest.param(
        {"branch": "no", "rule": "yes_no", "answer": "no"},
        (2.0, pd.NA, "yes", 2.0, pd.NA),
        "cần trả lời “có”: được thêm 2 điểm",
        "the answer “yes” is needed: 2 points more",
        id="yes",
    ),
    pytest.param(
        {"branch": "level", "rule": "levels", "answer": "good", "points": 1.5, "params": LEVELS},
        (0.5, pd.NA, "excellent", 0.5, pd.NA),
        "cần đạt mức “xuất sắc”: được thêm 0,5 điểm",
        "the level “excellent” is needed: 0.5 points more",
        id="level",
    ),
    pytest.param(
        {"branch": "items", "rule": "per_item", "params": EACH, "value": 1.0, "points": 0.5},
        (1.5, 4.0, "", 1.5, pd.NA),
        "cần có 4 (thêm 3), mỗi mục 0,5 điểm: được thêm 1,5 điểm",
        "4 are needed (3 more), 0.5 points each: 1.5 points more",
        id="items",
    ),
    pytest.param(
        {"branch": "deducted", "rule": "deduction", "kind": "deduction", "params": EACH}
        | {"value": 3.0, "points": 1.5},
        (1.5, 0.0, "", 1.5, pd.NA),
        "nếu không có trường hợp nào: không bị trừ 1,5 điểm",
        "with no case: 1.5 points would not be taken off",
        id="deduction",
    ),
    pytest.param(
        {"branch": "level", "rule": "deduction", "kind": "deduction", "answer": "grave"}
        | {"points": 2.0, "params": '{"levels": {"light": 50, "grave": 100}}'},
        (2.0, pd.NA, "light", 1.0, pd.NA),
        "nếu ở mức “light”: bớt bị trừ 1 điểm",
        "at the level “light”: 1 point less would be taken off",
        id="deduction level",
    ),
    pytest.param(
        {"branch": "below_best", "rule": "relative_to_best", "value": 30.0, "points": 1.0},
        (1.0, pd.NA, "", 1.0, pd.NA),
        "cần bằng mức tốt nhất, chưa biết là bao nhiêu: được thêm 1 điểm",
        "the best there is, which is not known, is needed: 1 point more",
        id="best unknown",
    ),
    pytest.param(
        {"branch": "external", "rule": "external", "value": 1.0, "points": 1.0},
        (1.0, pd.NA, "", pd.NA, pd.NA),
        "điểm chấm từ bên ngoài, không suy ra được mức cần đạt",
        "points given from outside: what is needed cannot be told",
        id="external",
    ),
    pytest.param(
        {"branch": "nothing_zero", "denominator": 0.0},
        (2.0, pd.NA, "", pd.NA, pd.NA),
        "không có gì để tính (mẫu số bằng 0) nên được 0 điểm",
        "nothing to measure (denominator 0), which gives 0 points",
        id="nothing",
    ),
    pytest.param(
        {"branch": "missing_zero"},
        (2.0, pd.NA, "", pd.NA, pd.NA),
        "chưa có số liệu nên được 0 điểm",
        "no figure, which gives 0 points",
        id="missing counted as 0",
    ),
    pytest.param(
        {"branch": "band 1", "rule": "bands", "value": 95.0, "points": 1.0}
        | {"params": '{"bands": [{"from": 90, "points": 1}, {"below": 90, "points": 0}]}'},
        (1.0, pd.NA, "", pd.NA, pd.NA),
        "quy tắc chấm không có mức nào cho thêm điểm",
        "the rule has nothing that would give more",
        id="no more to have",
    ),
]


@pytest.mark.parametrize(("cells", "expected", "vi", "en"), STEPS)
def test_the_next_step_and_its_sentence(cells, expected, vi, en):
    row = lost_of(**cells)
    told = row[["lost", "next_value", "next_answer", "gain", "units_needed"]]
    assert [cell is pd.NA for cell in told] == [cell is pd.NA for cell in expected]
    for cell, wanted in zip(told, expected, strict=True):
        assert cell is wanted or cell == wanted
    assert row["how"] == vi
    assert points_lost(one(**cells), lang="en")["how"].tolist() == [en]


def test_the_units_needed_are_counted_exactly():
    # 95 % of 200 is 190 on the nose: in floats 0.95 * 200 can come out above it.
    row = lost_of(
        branch="below_floor", params='{"floor": 95}', value=94.5, numerator=189.0, denominator=200.0
    )
    assert row["units_needed"] == 1
    row = lost_of(
        branch="below_floor",
        params='{"floor": 70.7}',
        value=70.6,
        numerator=706.0,
        denominator=1000.0,
    )
    assert row["units_needed"] == 1


def test_a_mean_of_percentages_counts_nothing_to_add():
    row = lost_of(branch="rate", value=50.0, numerator=100.0, denominator=2.0, points=1.0)
    assert row["how"] == "cần đạt 100 %: được thêm 1 điểm"
    assert row["units_needed"] is pd.NA


def test_who_has_nobody_to_compare_with_is_unknown():
    row = lost_of(branch="alone_unknown", rule="relative_to_best", value=5.0, points=pd.NA)
    assert row["unknown"]
    assert row["how"] == "chỉ một đơn vị có số liệu, không có đơn vị nào để so sánh"


def test_the_best_of_those_scored_together_is_the_next_value():
    both = pd.concat([answers(), answers("Sở B")])
    scores = score(pd.concat([values(), values("Sở B", speed=60)]), every_rule(), answers=both)
    lost = points_lost(scores).set_index(["agency", "code"])
    assert lost.loc[(AGENCY, "1.5"), ["next_value", "gain", "how"]].tolist() == [
        60.0,
        4.0,
        "cần đạt 60: được thêm 4 điểm",
    ]
    assert ("Sở B", "1.5") not in lost.index


def test_a_bonus_that_was_not_earned_is_no_loss():
    scores = score(values(), every_rule(), answers=answers(**{"3": 0}))
    assert "3" not in points_lost(scores)["code"].tolist()


def test_what_is_left_out_is_no_loss():
    assert points_lost(one(branch="nothing_exclude", applicable_max=0.0)).empty


def test_an_example_scheme_says_so():
    lost = points_lost(one(branch="no", rule="yes_no", answer="no", scheme_status="example"))
    assert lost["scheme_status"].tolist() == ["example"]
    assert lost["how"].tolist() == [
        "cần trả lời “có”: được thêm 2 điểm (thang điểm ví dụ, không phải của một quyết định)"
    ]


def test_published_scores_lose_what_is_short_of_their_maxima():
    leaves = PORTAL[(PORTAL["row"] == "leaf") & PORTAL["denominator"].notna()]
    named = leaves.rename(columns={"unit": "agency", "code": "indicator"})
    counts = named[["agency", "indicator", "numerator", "denominator"]].assign(period="2026Q3")
    lost = points_lost(score(counts, load_scheme("qd-766-2022"))).set_index(["agency", "code"])
    # As published: 20 - 17.72, and 393087 of 443565 on time leave 50478 to do.
    on_time = lost.loc[("UBND tỉnh Đắk Lắk", "ON_TIME")]
    assert on_time[["max_points", "points", "lost", "next_value"]].tolist() == [
        20,
        17.72,
        2.28,
        100,
    ]
    assert on_time["units_needed"] == 443565 - 393087
    scored = named[named["score"].notna() & (named["score"] < named["max"])]
    short = scored.set_index(["agency", "indicator"])
    assert len(short) > 15
    for place, row in short.iterrows():
        assert lost.loc[place, "lost"] == pytest.approx(row["max"] - row["score"], abs=1e-9)


def test_the_scores_are_not_changed():
    scores = score(values(), every_rule(), answers=answers())
    kept = scores.copy(deep=True)
    points_lost(scores)
    pd.testing.assert_frame_equal(scores, kept)


def test_what_is_no_scores_is_refused():
    with pytest.raises(ValuesError) as error:
        points_lost(one().drop(columns="branch"))
    assert str(error.value) == (
        "these are no scores: column branch missing\n"
        "  where: scores\n"
        "  mend:  give what score(values, scheme) returns"
    )
    with pytest.raises(CchcError, match="no labels in language 'fr'"):
        points_lost(one(), lang="fr")
