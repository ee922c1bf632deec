"""Trend tests: Kendall's tables, exact counts, laws, and what is too short to be tested."""

import csv
from itertools import permutations, product
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import kendalltau, theilslopes

from cchc_stats.statistics import trend_test
from cchc_stats.statistics.charts.trend_tests import (
    correlated_times,
    exact_distribution,
    kendall_s,
    normal_p,
    outermost,
    tied_groups,
    variance,
)
from cchc_stats.words.errors import CchcError, ValuesError

RATE = "on_time_rate_settled"
FIGURES = ["s", "tau", "p_value", "slope", "slope_low", "slope_high"]


def series(figures, *, indicator="mine", start="2010Q1", **more):
    periods = pd.period_range(start, periods=len(figures), freq="Q-DEC")
    columns = {"agency": "Sở A", "period": periods, "indicator": indicator}
    return pd.DataFrame(columns | {"value": pd.array(figures, dtype="Float64")} | more)


def told(figures, **how):
    return trend_test(series(figures), **how).iloc[0]


# Quarters with seasons and a memory; facts below were computed with pymannkendall 1.4.3.
SEASONS = [
    *(90.1, 91.4, 92.0, 91.2, 90.7, 90.2, 91.9, 93.5, 93.1, 92.8),
    *(92.2, 91.6, 92.5, 93.9, 94.8, 94.1, 93.0, 92.7, 93.6, 94.4),
]
TIED = [52, 71, 60, 55, 54, 70, 66, 58, 55, 76, 64, 57, 60, 75, 64, 61]


def wholes(least=5, most=14):
    return st.lists(st.integers(-20, 20), min_size=least, max_size=most)


# --- what is published and counted --------------------------------------------------------------

with (Path(__file__).parents[1] / "cases" / "kendall_exact.csv").open(encoding="utf-8") as lines:
    TABLE = list(csv.DictReader(lines))


@pytest.mark.parametrize("case", TABLE, ids=lambda case: f"n={case['figures']} S={case['s']}")
def test_probabilities_are_those_of_the_table(case):
    values, share = exact_distribution((1,) * int(case["figures"]))
    above = share[values >= int(case["s"])].sum()
    decimals = len(case["upper_tail"].partition(".")[2])
    assert above == pytest.approx(float(case["upper_tail"]), abs=0.5001 * 10.0**-decimals)


@given(st.lists(st.integers(0, 3), min_size=5, max_size=7))
@settings(max_examples=25)
def test_with_ties_too_the_p_value_counts_the_orders(figures):
    scores = [kendall_s(np.array(order)) for order in permutations(figures)]
    wanted = np.mean(np.abs(scores) >= abs(kendall_s(np.array(figures))))
    found = told(figures)
    assert found["method"] == "exact"
    assert found["p_value"] == pytest.approx(wanted, abs=1e-12)


@pytest.mark.parametrize("number", [12, 21, 33, 50])
def test_the_exact_p_value_is_scipys(number):
    figures = np.random.default_rng(number).normal(size=number) + 0.03 * np.arange(number)
    wanted = kendalltau(range(number), figures, method="exact")
    found = told(figures)
    assert found["p_value"] == pytest.approx(wanted.pvalue, rel=1e-9)
    assert found["tau"] == pytest.approx(wanted.statistic)


def test_beyond_fifty_figures_the_normal_distribution_is_taken_and_told():
    figures = np.random.default_rng(5).normal(size=60) + 0.02 * np.arange(60)
    found = told(figures)
    assert found["method"] == "normal"
    wanted = kendalltau(range(60), figures, method="exact").pvalue
    assert found["p_value"] == pytest.approx(wanted, abs=5e-4)


def test_the_normal_distribution_is_corrected_for_ties_and_continuity():
    # Kendall: variance n(n-1)(2n+5)/18, less t(t-1)(2t+5)/18 for each group of t that are tied.
    spread = np.sqrt((10 * 9 * 25 - 3 * 2 * 11) / 18)
    wanted = 2 * NormalDist().cdf(-(21 - 1) / spread)
    assert normal_p(21, (3, *(1,) * 7)) == pytest.approx(wanted)
    assert normal_p(1, (1,) * 10) == 1.0


@given(wholes())
@settings(max_examples=40)
def test_the_slope_is_that_of_theil_and_sen(figures):
    found = told(figures)
    wanted = theilslopes([float(figure) for figure in figures])
    assert found["slope"] == pytest.approx(wanted.slope, abs=1e-12)


@pytest.mark.parametrize(
    ("number", "place"),
    # Hollander & Wolfe: k with P(S >= k) <= 0.025 is 10, 13, 15, 18, 20, 23 for 5 to 10 figures,
    # and the limits are the (pairs - (k - 2)) / 2-th slopes from either end.
    [(4, 0), (5, 1), (6, 2), (7, 4), (8, 6), (9, 9), (10, 12)],
)
def test_the_limits_are_the_slopes_that_the_test_would_just_not_refuse(number, place):
    assert outermost((number,), 0.95) == place
    if place:
        figures = np.random.default_rng(number).normal(size=number)
        slopes = sorted(
            (figures[j] - figures[i]) / (j - i) for i in range(number) for j in range(i + 1, number)
        )
        found = told(figures)
        assert found["slope_low"] == pytest.approx(slopes[place - 1])
        assert found["slope_high"] == pytest.approx(slopes[-place])


def test_limits_hold_the_slopes_that_the_test_does_not_refuse():
    # Sen's limits invert the test: taking a slope within them off leaves no trend, one beyond does.
    figures = np.random.default_rng(8).normal(size=9) + 0.5 * np.arange(9)
    found = told(figures)
    for slope, within in (
        (found["slope_low"] + 1e-6, True),
        (found["slope_high"] - 1e-6, True),
        (found["slope_low"] - 1e-6, False),
        (found["slope_high"] + 1e-6, False),
    ):
        rest = told(figures - slope * np.arange(9))
        assert (rest["trend"] == "none") == within


# --- seasons and autocorrelation ----------------------------------------------------------------


@given(st.lists(st.integers(0, 3), min_size=10, max_size=11))
@settings(max_examples=8)
def test_with_seasons_the_p_value_counts_the_orders_within_each(figures):
    seasons = [figures[start::4] for start in range(4)]
    orders = [[kendall_s(np.array(order)) for order in permutations(one)] for one in seasons]
    scores = np.array([sum(chosen) for chosen in product(*orders)])
    found = told(figures, kind="seasonal")
    assert found["s"] == sum(kendall_s(np.array(one)) for one in seasons)
    assert found["p_value"] == pytest.approx(np.mean(np.abs(scores) >= abs(found["s"])), abs=1e-12)


@pytest.mark.parametrize(
    ("figures", "s", "variance_of_s", "slope_a_year"),
    [(SEASONS, 24, 66.66667, 0.7), (TIED, 13, 33.66667, 1.75)],
)
def test_the_seasonal_test_is_the_peers(figures, s, variance_of_s, slope_a_year):
    found = told(figures, kind="seasonal")
    assert (found["kind"], found["method"], found["s"]) == ("seasonal", "exact", s)
    assert 4 * found["slope"] == pytest.approx(slope_a_year)
    strata = [tied_groups(np.array(figures[start::4])) for start in range(4)]
    assert variance(*strata) == pytest.approx(variance_of_s)
    normal = 2 * NormalDist().cdf(-(s - 1) / variance_of_s**0.5)
    assert normal_p(s, *strata) == pytest.approx(normal, abs=1e-7)
    assert found["p_value"] == pytest.approx(normal, abs=5e-3)


@given(wholes(10, 14), st.lists(st.integers(-99, 99), min_size=4, max_size=4))
@settings(max_examples=25)
def test_what_every_year_has_in_one_quarter_is_no_trend(figures, seasons):
    names = ["s", "tau", "p_value", "slope", "slope_low", "slope_high", "trend"]
    moved = [figure + seasons[at % 4] for at, figure in enumerate(figures)]
    one, other = (told(each, kind="seasonal")[names] for each in (figures, moved))
    pd.testing.assert_series_equal(one, other)


def test_eight_quarters_have_no_seasonal_order_that_is_rare_enough():
    # Two years: 2 of 2 x 2 x 2 x 2 orders are as far out as 4 rises; of nine quarters 2 of 48.
    found = told(range(8), kind="seasonal", lang="en")
    assert found["trend"] == "not_tested"
    assert found["trend_note"].startswith("8 figures, too few of the same quarter of several years")
    assert told(range(9), kind="seasonal")["p_value"] == pytest.approx(2 / 48)
    # A missing quarter is none of its season's, and bridges nothing.
    holed = series(range(13)).drop([2, 7]).reset_index(drop=True)
    assert trend_test(holed, kind="seasonal")["s"].tolist() == [6 + 3 + 1 + 1]


@pytest.mark.parametrize(
    ("figures", "variance_of_s", "p"),
    [(SEASONS, 390.258145, 1.06585e-07), (TIED, 334.034433, 0.228696)],
)
def test_the_autocorrelated_test_is_the_peers(figures, variance_of_s, p):
    found = told(figures, kind="hamed_rao", lang="en")
    assert (found["kind"], found["method"]) == ("hamed_rao", "normal")
    assert found["p_value"] == pytest.approx(p, rel=1e-5)
    times = correlated_times(np.array(figures, dtype=float), found["slope"])
    assert times * variance(tied_groups(np.array(figures))) == pytest.approx(variance_of_s)
    assert found["trend_note"].startswith("the correction makes up for part of the autocorrelation")


def test_where_its_variance_is_not_positive_the_plain_test_is_made_and_told():
    figures = [18.0, 15.0, 19.0, 12.0, 19.0, 11.0, 19.0, 13.0]
    assert correlated_times(np.array(figures), told(figures)["slope"]) <= 0
    found, plain = told(figures, kind="hamed_rao", lang="en"), told(figures)
    assert found["kind"] == "mann_kendall"
    assert found[["method", *FIGURES]].equals(plain[["method", *FIGURES]])
    assert found["trend_note"] == (
        "the variance by Hamed and Rao is not above 0: plain Mann-Kendall test"
    )
    holed = series(SEASONS).drop([3])
    assert (
        "quarters between are missing"
        in trend_test(holed, kind="hamed_rao", lang="en").iloc[0]["trend_note"]
    )


def test_false_alarms_of_seasons_and_memory():
    # 200 series of 20 quarters each: seasons alone make no trend; memory makes too many of them.
    rng = np.random.default_rng(12)
    noise = rng.normal(size=(200, 20))
    seasonal = noise + np.tile([3, 0, -1, -2], 5)
    memory = np.empty_like(noise)
    memory[:, 0] = noise[:, 0]
    for at in range(1, 20):
        memory[:, at] = 0.6 * memory[:, at - 1] + noise[:, at]

    def called(drawn, kind):
        names = [f"Sở {number}" for number in range(len(drawn))]
        frames = [series(one).assign(agency=name) for one, name in zip(drawn, names, strict=True)]
        return (trend_test(pd.concat(frames), kind=kind)["trend"] != "none").mean()

    rising = seasonal + 0.125 * np.arange(20)
    assert called(seasonal, "seasonal") <= 0.05
    assert called(rising, "seasonal") > 0.5 > 0.1 > called(rising, "mann_kendall")
    assert called(memory, "mann_kendall") > 0.2


# --- laws ---------------------------------------------------------------------------------------


@given(wholes())
@settings(max_examples=40)
def test_backwards_is_the_opposite(figures):
    there, back = told(figures), told(figures[::-1])
    assert there["s"] == -back["s"]
    assert there["p_value"] == back["p_value"]
    assert there["slope"] == pytest.approx(-back["slope"], abs=1e-12)
    if pd.notna(there["slope_low"]):
        assert there["slope_low"] == pytest.approx(-back["slope_high"], abs=1e-12)


@given(wholes())
@settings(max_examples=40)
def test_the_test_knows_only_which_is_larger(figures):
    cubed = [figure**3 for figure in figures]
    names = ["s", "tau", "p_value", "trend"]
    assert told(figures)[names].equals(told(cubed)[names])


@given(wholes(), st.integers(1, 50), st.integers(-100, 100))
@settings(max_examples=40)
def test_the_slope_scales_with_the_unit(figures, times, plus):
    one, other = told(figures), told([times * figure + plus for figure in figures])
    for name in ("slope", "slope_low", "slope_high"):
        if pd.notna(one[name]):
            assert other[name] == pytest.approx(times * one[name], abs=1e-9)
    assert one["p_value"] == other["p_value"]


@given(wholes(), st.randoms(use_true_random=False))
@settings(max_examples=30)
def test_the_order_of_rows_does_not_matter(figures, random):
    values = series(figures)
    order = list(values.index)
    random.shuffle(order)
    pd.testing.assert_frame_equal(trend_test(values), trend_test(values.iloc[order]))


def test_quarters_that_are_missing_lie_between():
    line = series(2.5 * np.arange(12))
    holed = line.drop([1, 4, 5, 9]).reset_index(drop=True)
    emptied = line.assign(value=line["value"].mask(line.index.isin([1, 4, 5, 9])))
    for values in (holed, emptied):
        found = trend_test(values).iloc[0]
        assert (found["figures"], found["s"]) == (8, 28)
        assert found[["slope", "slope_low", "slope_high"]].tolist() == pytest.approx([2.5] * 3)


# --- what is told -------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [0, 1, 4])
def test_below_five_figures_nothing_is_tested(number):
    figures = [*range(number), *[None] * (6 - number)]
    found = told(figures, lang="en")
    assert found["trend"] == "not_tested"
    assert found[FIGURES].isna().all()
    assert found["trend_note"] == (
        f"{number} figures: below 5 nothing is tested, as no order of them is rare enough"
    )


def test_of_four_figures_no_order_is_rare_enough():
    values, share = exact_distribution((1,) * 4)
    assert 2 * share[values == 6].sum() == pytest.approx(2 / 24)
    assert told([1, 2, 3, 4, 5])["p_value"] == pytest.approx(2 / 120)


def test_short_series_do_not_stop_the_others():
    short, long = series([1, 2, 3, 4]), series([1, 2, 3, 4, 5, 6]).assign(agency="Sở B")
    found = trend_test(pd.concat([short, long]))
    assert found["trend"].tolist() == ["not_tested", "rising"]
    assert found["agency"].tolist() == ["Sở A", "Sở B"]
    assert found["trend_note"].tolist() == [
        "chỉ có 4 số liệu: dưới 5 thì không kiểm định, vì không thứ tự nào của chúng đủ hiếm", "",
    ]  # fmt: skip


def test_figures_that_are_all_alike_have_no_trend():
    found = told([100.0] * 8, lang="en")
    assert (found["s"], found["p_value"], found["slope"], found["trend"]) == (0, 1.0, 0.0, "none")
    assert found[["tau", "slope_low", "slope_high"]].isna().all()
    assert found["trend_note"] == "all figures are alike: there is no trend to speak of"


def test_the_last_digits_of_floats_make_no_trend():
    found = told([0.3, 0.1 + 0.2, 0.3, 0.1 + 0.2, 0.3])
    assert (found["s"], found["p_value"]) == (0, 1.0)


def test_limits_that_five_figures_cannot_have():
    found = told([1, 2, 4, 8, 16], level=99, lang="en")
    assert found[["slope_low", "slope_high"]].isna().all()
    assert found["trend"] == "none"  # 2/120 is above 1 %
    assert found["trend_note"] == "too few figures for limits of the slope at this level"


@pytest.mark.parametrize(
    ("indicator", "better", "verdict"),
    [
        (RATE, None, "better"),
        ("late_rate_settled", None, "worse"),
        ("staffing_rate", None, "neutral"),
        ("mine", "lower", "worse"),
    ],
)
def test_better_is_by_the_indicator_or_as_told(indicator, better, verdict):
    values = series([1, 2, 3, 4, 5, 6], indicator=indicator, unit="percent")
    found = trend_test(values, better=better).iloc[0]
    assert (found["trend"], found["verdict"]) == ("rising", verdict)
    assert found["slope_unit"] == "percentage_points"


def test_the_frame_says_of_what_and_when():
    found = trend_test(series([3, 2, 5, 4, 6, 7], indicator="dossiers_settled"))
    assert found["first_period"].astype(str).tolist() == ["2010Q1"]
    assert found["last_period"].astype(str).tolist() == ["2011Q2"]
    assert found["slope_unit"].tolist() == ["dossiers"]
    assert dict(found[["figures", *FIGURES]].dtypes.astype(str)) == (
        {"figures": "Int64", "s": "Int64"} | dict.fromkeys(FIGURES[1:], "Float64")
    )


def test_year_to_date_is_refused_with_the_mend():
    values = series([1, 2, 3, 4, 5]).assign(basis="year_to_date")
    with pytest.raises(ValuesError) as refusal:
        trend_test(values)
    assert str(refusal.value) == (
        "year-to-date values cannot be tested for a trend: each contains the one before\n"
        "  where: 5 of 5 rows, the first: mine, Sở A, 2010Q1\n"
        "  mend:  call to_quarterly(values) first"
    )


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"level": 0}, "the level 0 is no confidence level\n  where: level=\n"),
        ({"level": 100}, "the level 100 is no confidence level"),
        ({"level": 0.95}, "the level 0.95 is no confidence level\n  where: level=\n"
                          "  mend:  levels are percent: give 95"),
        ({"level": "95"}, "the level '95' is no confidence level"),
        ({"better": "up"}, "better is 'up'"),
        ({"kind": "sen"}, "there is no trend test of kind 'sen'\n  where: kind=\n  mend:  use one "
                          "of mann_kendall, seasonal, hamed_rao"),
        ({"lang": "fr"}, "no labels in language 'fr'"),
    ],
)  # fmt: skip
def test_options_that_make_no_sense_are_refused(how, words):
    with pytest.raises(CchcError) as refusal:
        trend_test(series([1, 2, 3, 4, 5]), **how)
    assert str(refusal.value).startswith(words)


def test_a_quarter_told_twice_is_refused():
    values = series([1, 2, 3, 4, 5])
    with pytest.raises(ValuesError, match="have the same agency, period, basis"):
        trend_test(pd.concat([values, values]))
