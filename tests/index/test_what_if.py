"""Scores before and after a change: what changes, what does not, and every refusal in words."""

from pathlib import Path

import pandas as pd
import pytest
from every_rule import AGENCY, FIGURES, answers, every_rule, values
from hypothesis import given, settings
from hypothesis import strategies as st

from cchc_stats.index import load_scheme, score
from cchc_stats.index.scoring import complete_answers
from cchc_stats.index.what_if import COLUMNS, changed_inputs, read_changes, what_if
from cchc_stats.values import CheckedValues
from cchc_stats.words.errors import ValuesError

PORTAL = pd.read_csv(Path(__file__).parents[1] / "cases" / "qd766_portal_2026.csv")
PROVINCE = "UBND tỉnh Đắk Lắk"


def supposed(changes, **others):
    return what_if(values(), every_rule(), changes, **({"answers": answers()} | others))


def by_code(frame):
    return frame.set_index("code")


def portal_values():
    leaves = PORTAL[(PORTAL["row"] == "leaf") & PORTAL["denominator"].notna()]
    named = leaves.rename(columns={"unit": "agency", "code": "indicator"})
    return named[["agency", "indicator", "numerator", "denominator"]].assign(period="2026Q3")


def online(points=(8.97, 6.96)):
    agencies = PORTAL["unit"].unique()[:2]
    frame = pd.DataFrame({"agency": agencies, "code": "ONLINE_SERVICES", "number": points})
    return frame.assign(period="2026Q3")


def two(**others):
    """Return the inputs of two agencies, the second faster."""
    return (
        pd.concat([values(), values("Sở B", speed=60)]),
        pd.concat([answers(**others), answers("Sở B")]),
    )


# What changes


def test_a_changed_value_and_all_that_lies_above_it():
    changed = supposed({"RATE": 94})
    assert list(changed.columns) == list(COLUMNS)
    assert changed["code"].tolist() == ["total", "1", "1.1"]
    leaf = by_code(changed).loc["1.1"]
    assert leaf[["before", "after", "change"]].tolist() == [1.9, 0, -1.9]
    assert leaf[["branch_before", "branch_after"]].tolist() == ["rate", "below_floor"]
    assert changed["change"].tolist() == [-1.9, -1.9, -1.9]


def test_published_scores_with_one_figure_changed():
    figures = portal_values()
    change = pd.DataFrame(
        {"agency": [PROVINCE], "indicator": "ON_TIME", "numerator": 443565, "denominator": 443565}
    )
    changed = what_if(figures, load_scheme("qd-766-2022"), change, answers=online())
    of_province = by_code(changed[changed["agency"] == PROVINCE])
    # Published: 17.72 of 20, in all 65.49; all on time is 20, 2.28 more.
    assert of_province.loc["ON_TIME", ["before", "after"]].tolist() == [17.72, 20]
    assert of_province.loc["total", ["before", "after", "change"]].tolist() == [65.49, 67.77, 2.28]
    assert changed[changed["agency"] != PROVINCE]["code"].tolist() == ["total"]


def test_by_code_and_by_indicator_are_one_where_the_figure_is_the_leafs_alone():
    pd.testing.assert_frame_equal(supposed({"1.1": 94}), supposed({"RATE": 94}))


def test_counts_are_stated_by_their_names():
    rows = pd.DataFrame({"code": ["1.1"], "numerator": [94], "denominator": [100]})
    pd.testing.assert_frame_equal(
        supposed({"1.1": {"numerator": 94, "denominator": 100}}), supposed(rows)
    )
    with pytest.raises(ValuesError, match="there is no 'numerater'.*did you mean 'numerator'"):
        supposed({"1.1": {"numerater": 94, "denominator": 100}})


def test_an_answer_is_changed_as_it_is_written():
    changed = by_code(supposed({"2.1": "không", "2.2": "excellent"}))
    assert changed.loc["2.1", ["before", "after"]].tolist() == [1, 0]
    assert changed.loc["2.2", ["before", "after"]].tolist() == [1.5, 2]
    assert changed.loc["total", "change"] == -0.5


def test_an_answered_number_is_changed():
    changed = by_code(supposed({"2.3": 20, "4": 0}))
    assert changed.loc["2.3", ["branch_before", "branch_after"]].tolist() == ["items", "cap"]
    assert changed.loc["4", ["before", "after"]].tolist() == [0.5, 0]
    assert changed.loc["total", "change"] == 3.5


def test_an_indicator_changes_every_leaf_that_it_feeds():
    changed = by_code(supposed({"SHARED": 40}))
    assert changed.loc["2.5", ["before", "after"]].tolist() == [1, 0.8]
    assert changed.loc["2.6", ["before", "after"]].tolist() == [1, 0]


def test_one_part_of_a_complement():
    changed = by_code(supposed({"LATE": 0}))
    # 100 - (0 + 5) = 95, above the target of 90.
    assert changed.loc["1.4", ["before", "after"]].tolist() == [5.67, 6]


def test_a_leaf_is_shown_whose_figure_changed_and_whose_points_did_not():
    figures = values(TARGETED=(45, 50))
    changed = what_if(figures, every_rule(), {"TARGETED": 95}, answers=answers())
    assert changed[["code", "change"]].values.tolist() == [["total", 0], ["1.3", 0]]


def test_a_figure_that_was_not_there_is_added():
    without = values()[lambda frame: frame["indicator"] != "RATE"]
    changed = by_code(what_if(without, every_rule(), {"1.1": 100}, answers=answers()))
    leaf = changed.loc["1.1"]
    assert pd.isna(leaf["before"]) and pd.isna(leaf["change"])
    assert leaf["after"] == 2
    assert changed.loc["total", ["complete_before", "complete_after"]].tolist() == [False, True]


def test_an_added_row_says_what_it_is():
    without = values()[lambda frame: frame["indicator"] != "RATE"]
    scheme, told = every_rule(), answers()
    cases = score(without, scheme, answers=told)[["agency", "period", "assessor"]]
    cases = cases.drop_duplicates(ignore_index=True)
    stated = read_changes({"RATE": 97}, scheme, cases)
    given = CheckedValues.of(without), complete_answers(told, scheme)
    changed, _ = changed_inputs(*given, scheme, stated, cases)
    row = changed.frame[changed.frame["indicator"] == "RATE"].iloc[0]
    named = ["agency", "basis", "group", "value", "unit", "status", "note"]
    assert row[named].tolist() == [
        AGENCY,
        "in_period",
        "all",
        97,
        "percent",
        "reported",
        "giả định",
    ]
    assert row[["numerator", "denominator"]].isna().all()


def test_nothing_to_count_is_scored_as_the_scheme_says():
    change = pd.DataFrame({"code": ["1.1"], "numerator": [0], "denominator": [0]})
    leaf = by_code(supposed(change)).loc["1.1"]
    assert leaf[["branch_after", "after"]].tolist() == ["nothing_full", 2]


def test_a_leaf_becomes_not_applicable():
    leaf = by_code(supposed({"1.1": "không áp dụng"})).loc["1.1"]
    assert leaf[["branch_after", "after"]].tolist() == ["nothing_full", 2]


def test_and_applicable_again():
    without = values()[lambda frame: frame["indicator"] != "RATE"]
    told = answers(**{"1.1": "not_applicable"})
    leaf = by_code(what_if(without, every_rule(), {"1.1": 95}, answers=told)).loc["1.1"]
    assert leaf[["branch_before", "after"]].tolist() == ["nothing_full", 1.9]


def test_only_the_agency_and_assessor_that_are_named():
    figures, told = two()
    told = pd.concat([told.assign(assessor="self"), answers().assign(assessor="appraised_1")])
    change = pd.DataFrame(
        {"agency": [AGENCY], "period": "quý III/2020", "assessor": "appraised_1", "code": "2.1"}
    ).assign(answer="no")
    changed = what_if(figures, every_rule(), change, answers=told)
    touched = changed[changed["code"] != "total"]
    assert touched["agency"].unique().tolist() == [AGENCY]
    assert touched["assessor"].unique().tolist() == ["appraised_1"]
    assert len(changed[changed["code"] == "total"]) == 3


def test_the_best_of_all_moves_the_others():
    figures, told = two()
    change = pd.DataFrame({"agency": ["Sở B"], "indicator": "SPEED", "value": 120})
    changed = what_if(figures, every_rule(), change, answers=told).set_index(["agency", "code"])
    assert changed.loc[(AGENCY, "1.5"), ["before", "after"]].tolist() == [4, 2]


def test_ranks_before_and_after():
    figures, told = two()
    change = pd.DataFrame({"agency": ["Sở B"], "code": ["2.4"], "value": [0.5]})
    changed = what_if(figures, every_rule(), change, answers=told)
    roots = changed[changed["code"] == "total"].set_index("agency")
    assert roots["rank_before"].tolist() == [2, 1]
    assert roots["rank_after"].tolist() == [1, 2]
    assert (
        changed.loc[changed["code"] != "total", ["rank_before", "rank_after"]].isna().all(axis=None)
    )


def test_no_ranks_while_an_agency_is_incomplete():
    figures, told = two(**{"2.1": None})
    change = pd.DataFrame({"agency": [AGENCY], "code": ["2.1"], "answer": ["yes"]})
    changed = what_if(figures, every_rule(), change, answers=told)
    roots = changed[changed["code"] == "total"].set_index("agency")
    assert roots["rank_before"].isna().all()
    assert roots["rank_after"].tolist() == [2, 1]


def test_types_and_the_status_of_the_scheme():
    changed = what_if(values(), every_rule("example"), {"RATE": 96}, answers=answers())
    assert changed["scheme_status"].unique().tolist() == ["example"]
    types = {name: str(dtype) for name, dtype in changed.dtypes.items()}
    assert types == dict.fromkeys(COLUMNS, "str") | dict.fromkeys(
        ("max_points", "before", "after", "change"), "Float64"
    ) | dict.fromkeys(("level", "rank_before", "rank_after"), "Int64") | {
        "period": "period[Q-DEC]",
        "complete_before": "bool",
        "complete_after": "bool",
    }


# Laws


@settings(max_examples=8)
@given(st.sampled_from(sorted(FIGURES)), st.integers(0, 50), st.sampled_from(["yes", "no"]))
def test_the_change_is_that_of_scoring_the_changed_inputs(indicator, top, answer):
    change = pd.DataFrame(
        {
            "indicator": [indicator, ""],
            "code": ["", "2.1"],
            "numerator": [top, None],
            "denominator": [50, None],
            "answer": ["", answer],
        }
    )
    changed = by_code(supposed(change))
    before = by_code(score(values(), every_rule(), answers=answers()))
    new = values(**{indicator: (top, 50)})
    after = by_code(score(new, every_rule(), answers=answers(**{"2.1": answer})))
    assert changed["before"].tolist() == before.loc[changed.index, "points"].tolist()
    assert changed["after"].tolist() == after.loc[changed.index, "points"].tolist()
    same = before.index.difference(changed.index)
    assert before.loc[same, "points"].tolist() == after.loc[same, "points"].tolist()


def test_a_change_to_what_is_there_changes_nothing():
    changed = supposed({"RATE": 95, "2.1": "yes"})
    # The counts are gone, the value is the same.
    assert changed["change"].eq(0).all()


def test_inputs_stay_as_they_are():
    figures, told = values(), answers()
    kept = figures.copy(deep=True), told.copy(deep=True)
    change = pd.DataFrame({"code": ["1.1", "2.1"], "value": [50.0, None], "answer": ["", "no"]})
    kept_change = change.copy(deep=True)
    what_if(figures, every_rule(), change, answers=told)
    pd.testing.assert_frame_equal(figures, kept[0])
    pd.testing.assert_frame_equal(told, kept[1])
    pd.testing.assert_frame_equal(change, kept_change)


# Refusals

FRAME = pd.DataFrame
REFUSED = [
    ({}, "the changes are empty"),
    (FRAME({"code": []}), "the changes have no rows"),
    ([1], "changes are a mapping or a DataFrame, not a list"),
    ({"RATES": 1}, "'RATES': every-rule has no leaf or indicator 'RATES' (did you mean 'RATE'?)"),
    (
        FRAME({"code": ["1.9"], "value": [1]}),
        "row 1: every-rule has no leaf '1.9' (did you mean '1.5'?)",
    ),
    (
        FRAME({"indicator": ["TARGET"], "value": [1]}),
        "row 1: every-rule has no indicator 'TARGET' (did you mean 'TARGETED'?)",
    ),
    ({"1": 1}, "'1': 1 is no leaf; change those below it: 1.1, 1.2, 1.3, 1.4, 1.5"),
    ({"2.1": 1}, "'2.1': 2.1 takes an answer (yes, no, not_applicable), not a number"),
    ({"2.1": True}, "'2.1': True is no number to change to; answers are texts such as 'yes'"),
    ({"RATE": float("nan")}, "'RATE': nan is no number to change to"),
    ({"RATE": None}, "'RATE': None is no number to change to"),
    (
        {"2.2": "grand"},
        "2.2: 'grand' of Sở A, 2020Q3 is no answer here; use done, excellent, good, not_applicable",
    ),
    ({"RATE": "yes"}, "1.1: 'yes' of Sở A, 2020Q3 is no answer here; use not_applicable"),
    (
        {"2.5": 1},
        "'2.5': 2.5 cannot be changed apart: SHARED feeds 2.6 too; change it by its indicator",
    ),
    ({"1.4": 1}, "'1.4': 1.4 has several figures: change LATE or DISLIKED by indicator"),
    (
        FRAME({"code": ["2.3"], "numerator": [1], "denominator": [2]}),
        "row 1: 2.3 takes one number, not a numerator and a denominator",
    ),
    (
        FRAME({"code": ["1.1"], "numerator": [1]}),
        "row 1: give one of: a value, a number, numerator and denominator, or an answer",
    ),
    (
        FRAME({"code": ["1.1"], "value": [1], "answer": ["yes"]}),
        "row 1: give one of: a value, a number, numerator and denominator, or an answer",
    ),
    (
        FRAME({"code": ["1.1"], "indicator": ["RATE"], "value": [1]}),
        "row 1: give the code or the indicator, not both",
    ),
    (FRAME({"code": [""], "value": [1]}), "row 1: neither a code nor an indicator is given"),
    (FRAME({"value": [1]}), "neither column code nor column indicator is there"),
    (
        FRAME({"code": ["1.1"], "vlaue": [1]}),
        "there is no column 'vlaue' (did you mean 'value'?)",
    ),
    (
        FRAME({"agency": ["Sơ A"], "code": ["1.1"], "value": [1]}),
        "row 1: no scores of agency 'Sơ A' (did you mean 'Sở A'?)",
    ),
    (
        FRAME({"period": ["2020Q4"], "code": ["1.1"], "value": [1]}),
        "row 1: no scores of period '2020Q4' (did you mean '2020Q3'?)",
    ),
    (
        FRAME({"assessor": ["self"], "code": ["1.1"], "value": [1]}),
        "1.1 takes a figure of the values, the same for every assessor: leave assessor out",
    ),
    ({"1.1": 90, "RATE": 91}, "RATE is changed twice: Sở A, 2020Q3, self"),
]


@pytest.mark.parametrize(("changes", "fault"), REFUSED)
def test_refusals_say_where_and_how_to_mend(changes, fault):
    with pytest.raises(ValuesError) as error:
        supposed(changes)
    assert str(error.value) == (
        "the changes cannot be made: 1 fault\n"
        f"  where: {fault}\n"
        "  mend:  correct the changes; what_if() describes them"
    )


def test_all_faults_come_at_once():
    with pytest.raises(ValuesError) as error:
        supposed({"RATES": 1, "2.1": 3, "1.1": 95})
    assert error.value.what == "the changes cannot be made: 2 faults"
    assert [line.split(":")[0].strip() for line in error.value.where.splitlines()] == [
        "'RATES'",
        "'2.1'",
    ]


def test_a_period_that_is_none():
    with pytest.raises(ValuesError, match="row 1: period 'soon': no quarter, month or year"):
        supposed(FRAME({"period": ["soon"], "code": ["1.1"], "value": [1]}))


def test_what_cannot_be_scored_is_refused_as_scoring_does():
    with pytest.raises(ValuesError, match="every-rule cannot be scored: 1 fault"):
        supposed({"RATE": -1})
