"""Rates under one standard mix: published ones, the laws, and what is said of groups without."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cchc_stats.statistics.decomposition.standardisation import (
    COLUMNS,
    standardised_rate,
    standardised_ratio,
)
from cchc_stats.words.errors import CchcError, ValuesError

CASES = pd.read_csv(Path(__file__).parents[1] / "cases" / "das_gupta_1993.csv")
Q3 = "2020Q3"
FIGURES = ["standardised_pct", "low_pct", "high_pct", "crude_pct"]


def values(rows, *, indicator="on_time_rate_settled", period=Q3, **columns):
    """Return values of (agency, group, numerator, denominator)."""
    frame = pd.DataFrame(rows, columns=["agency", "group", "numerator", "denominator"])
    return frame.assign(indicator=indicator, period=period, **columns)


def standard(**weights):
    return pd.DataFrame({"group": list(weights), "weight": list(weights.values())})


@st.composite
def counted(draw):
    """Draw counts of two or three agencies in the same groups."""
    groups = ["A", "B", "C"][: draw(st.integers(1, 3))]
    rows = []
    for agency in ("Sở 1", "Sở 2", "Sở 3")[: draw(st.integers(1, 3))]:
        for group in groups:
            size = draw(st.integers(1, 80))
            rows.append((agency, group, draw(st.integers(0, size)), size))
    return values(rows)


def test_das_gupta_5_1_standardised_headship_rates():
    # The standard is the mean of the two structures; he prints 45.3309 and 47.0712.
    table = CASES[CASES["example"] == 5.1]
    rows = [
        (
            str(year),
            row["group"],
            row[f"size_{year}"] * row[f"rate_{year}"] / 100,
            row[f"size_{year}"],
        )
        for year in (1970, 1985)
        for row in table.to_dict("records")
    ]
    shares = [table[f"size_{year}"] / table[f"size_{year}"].sum() for year in (1970, 1985)]
    mean = pd.DataFrame({"group": table["group"], "weight": (shares[0] + shares[1]) / 2})
    told = standardised_rate(values(rows, indicator="headship"), mean)
    assert told["standardised_pct"].round(4).tolist() == [45.3309, 47.0712]
    # Crude, from shares that are themselves printed with one decimal.
    assert told["crude_pct"].round(4).tolist() == [44.7268, 47.6940]


@pytest.mark.parametrize(
    ("numerator", "denominator", "low", "high"),
    # Garwood's limits of 0, 1, 3 and 10 events: 0-3.689, 0.0253-5.572, 0.619-8.767, 4.795-18.390.
    [(0, 20, 0, 18.44), (1, 29, 0.09, 19.21), (3, 100, 0.62, 8.77), (990, 1000, 98.16, 99.52)],
)
def test_one_group_of_rare_events_has_the_exact_limits_of_their_count(
    numerator, denominator, low, high
):
    told = standardised_rate(values([("A", "X", numerator, denominator)]), "pooled").iloc[0]
    assert told[["low_pct", "high_pct"]].astype(float).round(2).tolist() == [low, high]


def test_groups_of_one_size_have_the_limits_of_all_their_events():
    late = dict(zip("uvwxyz", [0, 1, 0, 3, 0, 1], strict=True))
    rows = [("A", group, 15 - number, 15) for group, number in late.items()]
    told = standardised_rate(values(rows), "pooled").iloc[0]
    # Fay & Feuer (1997): with equal steps these are the exact limits of 5 events, 1.623 to 11.668.
    ends = 100 - told[["high_pct", "low_pct"]].astype(float)
    assert ends.round(2).tolist() == [1.80, 12.96]


@pytest.mark.parametrize(
    ("groups", "size", "rate", "unequal"),
    [(20, 15, 0.98, False), (5, 60, 0.95, True), (10, 60, 0.99, True), (20, 300, 0.9, True)],
)
def test_limits_hold_the_true_rate_as_often_as_told(groups, size, rate, unequal):
    rng, draws = np.random.default_rng(5), 800
    names = [f"g{number:02}" for number in range(groups)]
    late = np.full(groups, 1 - rate) * (np.linspace(0.2, 1.8, groups) if unequal else 1)
    weight = np.linspace(1, 3, groups)[::-1] if unequal else np.ones(groups)
    on_time = size - rng.binomial(size, late, (draws, groups))
    rows = pd.DataFrame({"agency": np.repeat([f"A{n}" for n in range(draws)], groups)})
    rows = rows.assign(group=names * draws, numerator=on_time.ravel(), denominator=size)
    rows = rows.assign(indicator="on_time_rate_settled", period=Q3)
    told = standardised_rate(rows, pd.DataFrame({"group": names, "weight": weight}))
    truth = 100 - 100 * np.average(late, weights=weight)
    low, high = (told[name].to_numpy(float) for name in ("low_pct", "high_pct"))
    # .94 to .99, at most .03 a side, with room for 800 draws.
    assert 0.93 <= np.mean((low <= truth) & (truth <= high)) <= 0.995
    assert max(np.mean(high < truth), np.mean(low > truth)) <= 0.042


def test_an_order_turned_round_is_noted():
    rows = [("A", "x", 80, 90), ("A", "y", 10, 10), ("B", "x", 8, 10), ("B", "y", 99, 100)]
    told = standardised_rate(values(rows), "pooled", lang="en")
    assert told["note"].tolist() == [
        "standardising turns the order round with B",
        "standardising turns the order round with A",
    ]
    assert standardised_rate(values(rows[:2]), "pooled")["note"].tolist() == [""]


def test_the_ratio_is_observed_against_what_the_rates_of_all_expect():
    rows = [("A", "x", 80, 90), ("A", "y", 10, 10), ("B", "x", 8, 10), ("B", "y", 99, 100)]
    told = standardised_ratio(values(rows)).set_index("agency")
    # Late: 12 of 100 in x, 1 of 110 in y.
    assert told["expected"].tolist() == pytest.approx([90 * 0.12 + 10 / 110, 1.2 + 100 / 110])
    assert told["observed"].tolist() == [10, 3]
    assert told["expected"].sum() == pytest.approx(13)
    # Garwood's limits of 10 events are 4.795 and 18.390.
    assert told.loc["A", "ratio_low"] == pytest.approx(4.795 / told.loc["A", "expected"], abs=1e-3)
    assert told.loc["A", "ratio_high"] == pytest.approx(18.39 / told.loc["A", "expected"], abs=1e-3)
    assert told["funnel_status"].tolist() == ["inside", "inside"]


def test_a_ratio_beyond_its_funnel_is_told_with_the_direction_of_the_indicator():
    rows = [(f"S{n}", "x", 98, 100) for n in range(9)] + [("T", "x", 80, 100), ("U", "x", 0, 0)]
    told = standardised_ratio(values(rows)).set_index("agency")
    assert told.loc["T", ["funnel_status", "verdict"]].tolist() == ["alarm", "worse"]
    assert told.loc["U", "funnel_status"] == "not_judged"
    late = [(agency, group, n - x, n) for agency, group, x, n in rows]
    mirrored = standardised_ratio(values(late, indicator="late_rate_settled"), lang="en")
    mirrored = mirrored.set_index("agency")
    pd.testing.assert_series_equal(mirrored["ratio"], told["ratio"])
    assert mirrored.loc["T", ["counted", "verdict"]].tolist() == ["numerator", "worse"]


def test_an_agency_alone_has_no_ratio():
    rows = [("A", "x", 50, 60), ("A", "y", 20, 40), ("B", "x", 0, 0)]
    told = standardised_ratio(values(rows), lang="en").iloc[0]
    assert told[["ratio", "p_value"]].isna().all()
    assert (told["funnel_status"], told["observed"]) == ("not_judged", 30)
    assert told["note"] == "one agency alone: nothing to compare it with"


def test_a_ratio_is_outside_its_funnel_where_its_poisson_tail_is_small():
    from scipy.stats import poisson

    random = np.random.default_rng(4)
    rows = [
        (f"A{at}", group, 200 - int(random.binomial(size, 0.05 if at % 3 else 0.12)), 200)
        for at, size in enumerate(random.integers(20, 200, 60))
        for group in ("x", "y")
    ]
    told = standardised_ratio(values(rows))
    observed, expected = (told[name].to_numpy(float) for name in ("observed", "expected"))
    tail = np.minimum(poisson.cdf(observed, expected), poisson.sf(observed - 1, expected))
    assert told["p_value"].to_numpy(float) == pytest.approx(np.minimum(2 * tail, 1))
    assert (told["p_adjusted"] >= told["p_value"]).all()
    status = np.select([tail < 0.001, tail < 0.025], ["alarm", "warning"], "inside")
    assert told["funnel_status"].tolist() == status.tolist()
    assert {*status} == {"alarm", "warning", "inside"}


def test_ratios_without_figures_or_events_say_so():
    told = standardised_ratio(values([*MISSING[:2], ("B", "x", None, 4)]), lang="en")
    assert told["note"].tolist()[1] == "a figure of a group is missing: no ratio"
    full = standardised_ratio(values([("A", "x", 5, 5), ("B", "x", 9, 9)]), lang="en")
    assert full["note"].str.contains("no event is expected").all()
    with pytest.raises(ValuesError, match="better is 'up'"):
        standardised_ratio(values(MISSING), better="up")


def test_a_fair_comparison_turns_an_unfair_one():
    rows = [("A", "x", 80, 90), ("A", "y", 10, 10), ("B", "x", 8, 10), ("B", "y", 99, 100)]
    told = standardised_rate(values(rows), "pooled")
    # Pooled weights 100 and 110.
    by_hand = [(80 / 90 * 100 + 110) / 210, (0.8 * 100 + 0.99 * 110) / 210]
    assert told["standardised_pct"].tolist() == pytest.approx([100 * rate for rate in by_hand])
    assert told["crude_pct"].tolist() == pytest.approx([90, 100 * 107 / 110])
    assert told["covered_pct"].tolist() == [100, 100]
    assert told["standard"].unique().tolist() == ["pooled"]


@settings(max_examples=50)
@given(counted(), st.floats(50, 99.9))
def test_limits_hold_the_rate_and_stay_within_0_and_100(frame, level):
    told = standardised_rate(frame, "pooled", level=level)
    low, rate, high = (
        told[name].astype(float) for name in ("low_pct", "standardised_pct", "high_pct")
    )
    assert ((low >= 0) & (low <= rate + 1e-9) & (rate <= high + 1e-9) & (high <= 100)).all()
    assert (low < high).all()


@settings(max_examples=30)
@given(counted())
def test_under_its_own_mix_an_agency_keeps_its_crude_rate(frame):
    for agency, own in frame.groupby("agency"):
        mix = own[["group"]].assign(weight=own["denominator"])
        told = standardised_rate(frame, mix, missing="reweight").set_index("agency").loc[agency]
        assert told["standardised_pct"] == pytest.approx(told["crude_pct"], abs=1e-9)


@settings(max_examples=30)
@given(counted(), st.randoms(use_true_random=False))
def test_matched_by_key_and_never_by_position(frame, random):
    order = list(range(len(frame)))
    random.shuffle(order)
    weights = standard(A=1, B=2.5, C=4)
    there = standardised_rate(frame, weights, missing="reweight").set_index("agency").sort_index()
    shuffled = standardised_rate(frame.iloc[order], weights.iloc[::-1], missing="reweight")
    shuffled = shuffled.set_index("agency").sort_index()
    pd.testing.assert_frame_equal(there[FIGURES], shuffled[FIGURES])


@settings(max_examples=20)
@given(counted(), st.floats(0.001, 1000))
def test_only_the_proportions_of_weights_count(frame, scale):
    one = standardised_rate(frame, standard(A=1, B=2, C=3), missing="reweight")
    other = standardised_rate(
        frame, standard(A=scale, B=2 * scale, C=3 * scale), missing="reweight"
    )
    pd.testing.assert_frame_equal(one[FIGURES], other[FIGURES])


def test_all_at_100_percent_is_no_certainty():
    told = standardised_rate(values([("A", "x", 60, 60), ("A", "y", 5, 5)]), "pooled").iloc[0]
    assert told["standardised_pct"] == told["high_pct"] == 100
    # The lower limit of 60/60 alone is 94.0 by Wilson.
    assert 85 < told["low_pct"] < 95


MISSING = [("A", "x", 9, 10), ("A", "y", 5, 10), ("B", "x", 8, 10)]


def test_a_group_that_an_agency_lacks_leaves_its_rate_unknown():
    told = standardised_rate(values(MISSING), standard(x=1, y=3), lang="en").set_index("agency")
    assert told.loc["B", ["standardised_pct", "low_pct", "high_pct"]].isna().all()
    assert told.loc["B", ["crude_pct", "covered_pct"]].tolist() == [80, 25]
    assert told.loc["B", "note"] == "nothing in y (75% of the standard): not standardised"
    assert told.loc["A", "standardised_pct"] == pytest.approx(60)
    assert told.loc["A", "note"] == ""


def test_reweighting_is_asked_for_and_said():
    told = standardised_rate(values(MISSING), standard(x=1, y=3), missing="reweight", lang="en")
    told = told.set_index("agency").loc["B"]
    assert told["standardised_pct"] == pytest.approx(80)
    assert told["note"] == ("nothing in y (75% of the standard): the other weights are used alone")


def test_nought_of_nought_is_a_group_without_anything():
    told = standardised_rate(values([*MISSING, ("B", "y", 0, 0)]), "pooled").set_index("agency")
    assert told.loc["B", "standardised_pct"] is pd.NA
    assert told["groups"].tolist() == [2, 1]


@pytest.mark.parametrize("missing", ["unknown", "reweight"])
def test_a_missing_figure_leaves_the_rate_unknown_whatever_the_rule(missing):
    rows = [*MISSING, ("B", "y", None, 10)]
    told = standardised_rate(values(rows), standard(x=1, y=3), missing=missing, lang="en")
    told = told.set_index("agency")
    assert told.loc["B", FIGURES].isna().all()
    assert told.loc["B", "note"] == "figures are missing for y"
    assert told.loc["A", "standardised_pct"] == pytest.approx(60)


def test_all_figures_missing_is_no_other_standard():
    told = standardised_rate(values([("A", "x", None, 10)]), standard(x=1), lang="en").iloc[0]
    assert told["note"] == "figures are missing for x"


def test_a_share_above_its_whole_has_no_limits():
    rows = [("A", "x", 12, 10), ("A", "y", 5, 10)]
    told = standardised_rate(values(rows, indicator="mine"), "pooled", lang="en").iloc[0]
    assert told["standardised_pct"] == pytest.approx(85)
    assert told[["low_pct", "high_pct"]].isna().all()


def test_a_group_without_a_weight_counts_in_the_crude_rate_alone():
    told = standardised_rate(values(MISSING[:2]), standard(x=1), lang="en").iloc[0]
    assert told[["standardised_pct", "crude_pct"]].tolist() == [90, 70]
    assert told["note"] == "the standard has no y: in the crude rate alone"


def test_the_whole_is_no_group():
    told = standardised_rate(values([*MISSING[:2], ("A", "all", 14, 20)]), "pooled").iloc[0]
    assert told[["groups", "denominator"]].tolist() == [2, 20]


def test_limits_belong_to_counted_events_alone():
    rows = [("A", "administrative", 9, 10)]
    told = standardised_rate(values(rows, indicator="staffing_rate"), "pooled", lang="en").iloc[0]
    assert told["standardised_pct"] == pytest.approx(90)
    assert told[["low_pct", "high_pct"]].isna().all()
    assert told["note"].startswith("no limits")


def test_periods_are_standardised_each_by_itself():
    frame = pd.concat([values(MISSING), values(MISSING[:2], period="2020Q4")])
    told = standardised_rate(frame, "pooled")
    assert told["period"].astype(str).tolist() == ["2020Q3", "2020Q3", "2020Q4"]
    assert list(told.columns) == list(COLUMNS)
    assert str(told["period"].dtype) == "period[Q-DEC]"
    assert {str(told[name].dtype) for name in FIGURES} == {"Float64"}


@pytest.mark.parametrize(
    ("weights", "told"),
    [
        (standard(x=1, y=-1), "weight -1 of group y is not 0 or more"),
        (standard(x=1, y=None), "of group y is not 0 or more"),
        (standard(x=0), "no weight is above 0"),
        (pd.concat([standard(x=1), standard(x=2)]), "group x stands more than once"),
        (pd.DataFrame({"group": ["all"], "weight": [1]}), "group all is the whole"),
        (standard(x=1).drop(columns="weight"), "no standard is 'DataFrame'"),
        ("mean", "no standard is 'mean'"),
        (standard(z=1), "the standard has no group of the values"),
    ],
)
def test_a_standard_that_is_none_is_refused(weights, told):
    with pytest.raises(ValuesError) as caught:
        standardised_rate(values(MISSING), weights)
    assert told in str(caught.value)


@pytest.mark.parametrize("level", [0, 100, -5, True, "much", None])
def test_a_level_that_is_none_is_refused(level):
    with pytest.raises(CchcError, match="level"):
        standardised_rate(values(MISSING), "pooled", level=level)


def test_another_rule_for_missing_groups_is_refused():
    with pytest.raises(CchcError, match="use one of unknown, reweight"):
        standardised_rate(values(MISSING), "pooled", missing="drop")
