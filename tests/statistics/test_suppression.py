"""Small numbers: left out where they stand, and where they would follow from what stays."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cchc_stats.statistics.suppression import suppress_small
from cchc_stats.values.frame import complete_values
from cchc_stats.words.errors import CchcError

FIGURES = ["numerator", "denominator", "value"]


def values(groups, *, whole=True, indicator="late_rate_settled", **columns):
    """Return values of group -> (numerator, denominator), with their whole."""
    rows = [(group, *pair) for group, pair in groups.items()]
    if whole:
        rows.append(("all", sum(row[1] for row in rows), sum(row[2] for row in rows)))
    frame = pd.DataFrame(rows, columns=["group", "numerator", "denominator"])
    return frame.assign(agency="Sở A", period="2020Q3", indicator=indicator, **columns)


def made(frame, **options):
    told = suppress_small(frame, **options)
    return dict(zip(told["group"], told["suppressed"], strict=True))


def test_a_small_numerator_and_the_next_smallest_group_are_left_out():
    told = made(values({"A": (2, 60), "B": (9, 90), "C": (8, 40), "D": (0, 200)}))
    assert told == {"A": "primary", "B": "", "C": "secondary", "D": "", "all": ""}


def test_what_is_not_in_the_numerator_is_small_as_well():
    # 59 of 60 on time tells of one that was late.
    assert made(values({"A": (59, 60)}, indicator="on_time_rate_settled"))["A"] == "primary"


def test_a_small_denominator_is_left_out_and_nought_stays():
    told = made(values({"A": (0, 3), "B": (0, 0), "C": (0, 50), "D": (0, 60)}, whole=False))
    assert told == {"A": "primary", "B": "secondary", "C": "secondary", "D": ""}


def test_two_small_ones_that_add_up_to_a_small_number_take_a_third():
    told = made(values({"A": (1, 100), "B": (1, 100), "C": (20, 300), "D": (30, 400)}))
    assert told == {"A": "primary", "B": "primary", "C": "secondary", "D": "", "all": ""}


def test_two_small_ones_that_add_up_to_enough_protect_each_other():
    told = made(values({"A": (3, 100), "B": (4, 100), "C": (20, 300)}))
    assert told == {"A": "primary", "B": "primary", "C": "", "all": ""}


def test_a_count_is_its_own_number():
    frame = pd.DataFrame({"agency": "Sở A", "period": "2020Q3", "indicator": "dossiers_pending",
                          "group": ["A", "B", "C", "all"], "value": [1, 30, 40, 71]})  # fmt: skip
    assert made(frame) == {"A": "primary", "B": "secondary", "C": "", "all": ""}
    # Three days are no three dossiers.
    assert set(made(frame.assign(indicator="mine", unit="working_days")).values()) == {""}


def test_what_is_left_out_has_no_figure_and_says_why():
    frame = values(
        {"A": (2, 60), "B": (9, 90)}, source="bảng 1b, ô '2'", note="2/60", rank=[1, 2, 3]
    )
    told = suppress_small(frame, below=10, lang="en").set_index("group")
    assert told.loc[["A", "B"], [*FIGURES, "rank"]].isna().all(axis=None)
    assert told.loc["A", ["status", "source"]].tolist() == ["not_reported", ""]
    assert told.loc["A", "note"] == "not published: a number below 10"
    assert told.loc["all", FIGURES].notna().all()
    assert told.loc["all", "source"] == "bảng 1b, ô '2'"
    told = suppress_small(values({"A": (2, 60), "B": (9, 90)}), lang="vi").set_index("group")
    assert told.loc["B", "note"] == "không công bố: nếu không sẽ suy ra được số dưới 5"


def test_sets_are_kept_apart():
    frame = pd.concat(
        [
            values({"A": (2, 60), "B": (9, 90)}),
            values({"A": (20, 60), "B": (9, 90)}).assign(agency="B"),
        ]
    )
    told = suppress_small(frame)
    assert told.loc[told["agency"] == "B", "suppressed"].eq("").all()


def test_nothing_small_changes_nothing():
    frame = complete_values(values({"A": (20, 60), "B": (9, 90)}))
    told = suppress_small(frame)
    pd.testing.assert_frame_equal(told.drop(columns="suppressed"), frame)
    assert (told["suppressed"] == "").all()


@st.composite
def tables(draw):
    groups = {}
    for name in "ABCDE"[: draw(st.integers(2, 5))]:
        size = draw(st.one_of(st.integers(0, 12), st.integers(0, 300)))
        groups[name] = (draw(st.one_of(st.integers(0, min(size, 8)), st.integers(0, size))), size)
    return values(groups)


@settings(max_examples=60)
@given(tables(), st.integers(2, 12), st.randoms(use_true_random=False))
def test_no_small_number_stands_or_follows_from_the_whole(frame, below, random):
    before = frame.copy()
    told = suppress_small(frame, below=below)
    shown = told[told["value"].notna()]
    for numbers in (
        shown["numerator"],
        shown["denominator"],
        shown["denominator"] - shown["numerator"],
    ):
        assert not ((numbers > 0) & (numbers < below)).any()
    hidden = told[(told["suppressed"] != "") & (told["group"] != "all")]
    if "all" in set(shown["group"]) and len(hidden):
        # What stays subtracted from the whole is the sum of two groups or more, and not small.
        assert len(hidden) >= 2
        sums = complete_values(frame).set_index("group").loc[hidden["group"], FIGURES[:2]].sum()
        for number in (*sums, sums["denominator"] - sums["numerator"]):
            assert not 0 < number < below
    order = list(range(len(frame)))
    random.shuffle(order)
    assert made(frame.iloc[order], below=below) == made(frame, below=below)
    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize("below", [1, 0, 2.5, True, None])
def test_a_bound_that_leaves_nothing_out_is_refused(below):
    with pytest.raises(CchcError, match="give a whole number of 2 or more"):
        suppress_small(values({"A": (2, 60)}), below=below)
