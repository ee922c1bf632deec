"""Control charts: published limits, laws of the rules, and what is refused or noted."""

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cchc_stats.statistics import control_chart
from cchc_stats.statistics.charts.limits import RULES
from cchc_stats.statistics.charts.quarterly_series import judged
from cchc_stats.words.errors import CchcError, ValuesError

ROOT = Path(__file__).parents[2]
CASES = Path(__file__).parents[1] / "cases"
XMR = pd.read_csv(CASES / "xmr_limits.csv")
RATE = "on_time_rate_settled"
BESIDE = ["centre", "low", "high", "limits", *RULES, "signal", "verdict", "assurance"]


def quarters(number, start="2010Q1"):
    return pd.period_range(start, periods=number, freq="Q-DEC")


def shares(part, whole, *, agency="Sở A", indicator=RATE, start="2010Q1", **more):
    """Return a series of shares; `whole` is one denominator or one per quarter."""
    columns = {"agency": agency, "period": quarters(len(part), start), "indicator": indicator}
    part, whole = pd.array(part, dtype="Float64"), whole if np.isscalar(whole) else list(whole)
    return pd.DataFrame(columns | {"numerator": part, "denominator": whole} | more)


def single(figures, *, indicator="mine", start="2010Q1", **more):
    """Return a series of figures that nothing is known of."""
    columns = {"agency": "Sở A", "period": quarters(len(figures), start), "indicator": indicator}
    return pd.DataFrame(columns | {"value": pd.array(figures, dtype="Float64")} | more)


def flagged(chart, name="signal"):
    """Return which rows a rule flags, counted from 1."""
    return (np.flatnonzero(chart[name].fillna(False).to_numpy(dtype=bool)) + 1).tolist()


def counted_series():
    pairs = st.integers(0, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
    return st.lists(pairs, min_size=2, max_size=20)


# --- what is published --------------------------------------------------------------------------

with (ROOT / "tests" / "cases" / "control_charts.csv").open(encoding="utf-8") as lines:
    BOOKS = list(csv.DictReader(lines))


@pytest.mark.parametrize("case", BOOKS, ids=lambda case: case["case"])
def test_limits_are_those_of_the_book(case):
    figures = [None if cell == "-" else float(cell) for cell in case["figures"].split()]
    size = float(case["size"]) if case["size"] else None
    if case["kind"] == "p":
        values, scale = shares(figures, size), 100
    elif size:
        values, scale = shares(figures, size, indicator="mine", unit="per computer"), 1
    else:
        values, scale = single(figures), 1
    chart = control_chart(values, kind=case["kind"], rules="beyond_limits", screen=False)
    last = 1.01 * 10.0 ** -int(case["decimals"])  # the book goes on with rounded figures
    for name in ("centre", "low", "high"):
        assert chart[name].iloc[0] / scale == pytest.approx(float(case[name]), abs=last)
    assert flagged(chart) == [int(number) for number in case["beyond"].split()]


@pytest.mark.parametrize("case", XMR.to_dict("records"), ids=lambda case: case["case"])
def test_xmr_limits_are_those_of_the_peer(case):
    figures = [float(figure) for figure in case["figures"].split()]
    chart = control_chart(single(figures), screen=case["screen"])
    assert set(chart["kind"]) == {"xmr"}
    room = 0.5001 * 10.0 ** -case["decimals"]
    for name in ("low", "centre", "high"):
        assert chart[name].iloc[0] == pytest.approx(case[name], abs=room)


@pytest.mark.parametrize(("kind", "beyond"), [("p", 36), ("xmr", 8)])
def test_millions_of_attendances_by_each_kind(kind, beyond):
    chart = control_chart(attendances(), kind=kind)
    assert len(flagged(chart, "beyond_limits")) == beyond


def test_with_millions_of_attendances_chance_explains_little_and_auto_says_so():
    chart = control_chart(attendances(), lang="en")
    assert set(chart["kind"]) == {"p_prime"}
    assert len(flagged(chart, "beyond_limits")) < 12
    assert "with denominators of about 2,000,951 the quarters vary" in chart["kind_reason"].iloc[0]


def attendances():
    months = pd.read_csv(CASES / "ae_attendances.csv")
    return shares(months["attendances"] - months["breaches"], months["attendances"])


@pytest.mark.parametrize(
    # Anhøj & Olesen (2014): points; log2(points) + 3, rounded; the least k with
    # P(Bin(points - 1, ½) <= k) >= 0.05, from tables of the binomial distribution.
    ("points", "longest", "fewest"),
    [(10, 6, 2), (12, 7, 3), (16, 7, 4), (20, 7, 6), (24, 8, 8), (30, 8, 10), (60, 9, 23)],
)
def test_runs_and_crossings_have_the_limits_that_are_published(points, longest, fewest):
    def judged_by(signs):
        chart = control_chart(single(50.0 + signs), rules=["longest_run", "crossings"])
        centre = chart["centre"].iloc[0]
        assert (np.sign(chart["value"].to_numpy(float) - centre) == np.sign(signs)).all()
        return flagged(chart, "longest_run"), flagged(chart, "crossings")

    other = 1 - 2.0 * (np.arange(points - longest) % 2)
    run = np.concatenate([np.full(longest, 1.0), -other])
    assert judged_by(run)[0] == []
    run[longest:] = np.roll(-other, 1)
    run[longest:][0] = 1.0
    assert judged_by(run)[0] == list(range(1, longest + 2))
    # As many crossings as are expected at least, and one fewer.
    for crossings, all_points in ((fewest, []), (fewest - 1, list(range(1, points + 1)))):
        turns = np.linspace(0, points, crossings + 2)[1:-1].round()
        side = 1 - 2.0 * (np.searchsorted(turns, np.arange(points), side="right") % 2)
        assert judged_by(side)[1] == all_points


def test_a_missing_quarter_and_points_on_the_centre_make_no_run_longer():
    side = [*[1.0] * 5, *[-1.0] * 5, *[1.0, -1.0] * 2]
    rules = ["longest_run", "crossings"]
    whole = control_chart(single([50.0 + one for one in [1.0] * 3 + side[:-2] + [-1.0, -4.0]]))
    assert rules[0] not in whole  # by name alone
    long = single(50.0 + np.array([*[1.0] * 8, -1.0, -1.0, *[-1.0, 1.0] * 2, -4.0, -1.0]))
    assert flagged(control_chart(long, rules=rules), "longest_run") == list(range(1, 9))
    parted = pd.concat([long.iloc[:4], long.iloc[4:].assign(period=long["period"][4:] + 1)])
    assert flagged(control_chart(parted, rules=rules), "longest_run") == []
    neutral = control_chart(single([50.0] * 5 + [60.0] * 5), rules="crossings", better="higher")
    assert set(neutral["verdict"]) == {"neutral"}


# --- limits -------------------------------------------------------------------------------------


def test_p_prime_is_p_times_the_spread_of_the_z_scores():
    # Laney (2002): sigma of p times sigma z, the mean moving range of the z-scores over 1.128.
    part, whole = np.array([900, 700, 950, 640, 800.0]), np.array([1000, 1000, 1200, 800, 900.0])
    p, centre = part / whole, part.sum() / whole.sum()
    sigma = np.sqrt(centre * (1 - centre) / whole)
    z = (p - centre) / sigma
    spread = np.mean(np.abs(z[1:] - z[:-1])) / 1.128
    chart = control_chart(shares(part, whole), kind="p_prime")
    assert chart["sigma"].tolist() == pytest.approx((100 * sigma * spread).tolist())
    assert chart["centre"].tolist() == pytest.approx([100 * centre] * 5)


@given(counted_series(), st.sampled_from(["auto", "p", "u", "p_prime", "xmr"]))
@settings(max_examples=40)
def test_limits_are_finite_and_within_what_a_share_can_be(pairs, kind):
    part, whole = zip(*pairs, strict=True)
    chart = control_chart(shares(part, whole), kind=kind)
    low, centre, high = (
        chart[name].to_numpy("float64", na_value=np.nan) for name in ("low", "centre", "high")
    )
    known = ~np.isnan(low)
    assert (known == ~np.isnan(high)).all()
    assert (low[known] >= 0).all()
    assert ((low <= centre) & (centre <= high))[known].all()
    assert np.isfinite(high[known]).all()
    if kind != "u":
        assert (high[known] <= 100).all()
    assert ((chart["limits"] == "none") == ~known).all()


@given(counted_series(), st.sampled_from(["p", "p_prime", "xmr"]))
@settings(max_examples=40)
def test_late_is_the_mirror_of_on_time(pairs, kind):
    part, whole = (np.array(column) for column in zip(*pairs, strict=True))
    on_time = control_chart(shares(part, whole), kind=kind)
    late = control_chart(shares(whole - part, whole, indicator="late_rate_settled"), kind=kind)
    mirrored = {"low": "high", "high": "low", "centre": "centre"}
    for name, other in mirrored.items():
        ours = on_time[name].to_numpy("float64", na_value=np.nan)
        theirs = 100 - late[other].to_numpy("float64", na_value=np.nan)
        np.testing.assert_allclose(ours, theirs, atol=1e-6)
    for name in (*RULES, "signal", "verdict"):
        assert on_time[name].equals(late[name])


@given(counted_series(), st.randoms(use_true_random=False))
@settings(max_examples=25)
def test_the_order_of_rows_does_not_matter(pairs, random):
    part, whole = zip(*pairs, strict=True)
    values = pd.concat([shares(part, whole), shares(part[::-1], whole[::-1], agency="Sở B")])
    values = values.reset_index(drop=True)
    order = list(values.index)
    random.shuffle(order)
    chart, other = control_chart(values), control_chart(values.iloc[order])
    pd.testing.assert_frame_equal(chart.iloc[order].reset_index(drop=True), other)


@given(counted_series(), st.integers(2, 9))
@settings(max_examples=40)
def test_more_dossiers_at_the_same_rates_have_narrower_limits(pairs, times):
    part, whole = (np.array(column) for column in zip(*pairs, strict=True))
    # By all quarters: more dossiers tell shifts that few do not.
    few = control_chart(shares(part, whole), kind="p", rules=RULES)
    many = control_chart(shares(times * part, times * whole), kind="p", rules=RULES)
    ratio = (few["sigma"] / many["sigma"]).dropna().astype(float)
    assert ratio.tolist() == pytest.approx([np.sqrt(times)] * len(ratio))


def test_each_series_has_a_chart_of_its_own():
    one, other = shares([50, 52, 54, 53], 60), shares([10, 12, 13, 11], 60, agency="Sở B")
    both = control_chart(pd.concat([one, other], ignore_index=True))
    alone = pd.concat([control_chart(one), control_chart(other)], ignore_index=True)
    pd.testing.assert_frame_equal(both, alone)


def test_limits_of_single_percentages_are_cut_and_said_to_be():
    chart = control_chart(single([99, 92, 100, 91, 99.5], unit="percent"), lang="en")
    assert chart["high"].tolist() == [100] * 5
    assert "high limit cut at 100 %" in chart["chart_note"].iloc[0]
    free = control_chart(single([99, 92, 100, 91, 99.5], unit="days"), lang="en")
    assert free["high"].iloc[0] > 100


def test_a_moving_range_that_stands_out_is_left_out_and_told():
    figures = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1]
    screened, whole = (
        control_chart(single(figures), screen=screen, lang="en") for screen in (True, False)
    )
    assert screened["sigma"].iloc[0] < whole["sigma"].iloc[0]
    assert "2 moving ranges too large left out" in screened["chart_note"].iloc[0]
    assert whole["chart_note"].iloc[0] == ""


@pytest.mark.parametrize(("jump", "left_out"), [(3.92, 0), (4.48, 1)])
def test_a_moving_range_is_too_large_from_3_267_times_the_mean(jump, left_out):
    # Ten ranges of 1 and one of `jump`: 3.1 and 3.4 times their mean.
    figures = np.cumsum([0, 1, 1, 1, 1, 1, jump, 1, 1, 1, 1, 1])
    chart = control_chart(single(figures), kind="xmr")
    mean = (10 + jump) / 11 if not left_out else 1.0
    assert chart["sigma"].iloc[0] == pytest.approx(2.66 / 3 * mean)


# --- the kind -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "kind", "reason"),
    [
        (shares([57, 59, 58, 60, 57], 60), "p", "p: with denominators of about 60 the quarters"),
        (shares([900, 400, 950, 300] * 3, 1000), "p_prime", "p′: with denominators of about 1,000"),
        # Of four quarters p′ cannot be told from a shift.
        (shares([900, 400, 950, 300], 1000), "p", "p: with denominators of about 1,000 the"),
        (shares([60, 60, 60], 60), "p", "p: denominators of about 60; no variation"),
        (shares([57, None, 58], 60, value=[95.0, 96, 96.7], unit="percent"), "xmr",
         "XmR: a quarter lacks its numerator or denominator"),
        (shares([57.5, 58, 58], 60), "xmr", "XmR: a quarter has a numerator that is no whole"),
        (shares([70, 58, 58], 60), "xmr", "XmR: a quarter has a numerator that is no whole"),
        (shares([37, 38, 36], 40, indicator="staffing_rate", basis="as_of"), "xmr",
         "XmR: no events are counted on a denominator"),
        (single([300, 290, 310, 305], indicator="dossiers_settled"), "u", "u: the quarters vary"),
        (single([300, 900, 310, 5], indicator="dossiers_settled"), "xmr", "XmR: the quarters vary"),
        (shares([12, 15, 11], 100, indicator="training_turns_per_person_present",
                unit="turns_per_person"), "u", "u: the quarters vary"),
        (single([3, 5, 4]), "xmr", "XmR: no events are counted on a denominator"),
    ],
)  # fmt: skip
def test_auto_chooses_by_what_is_counted_and_how_it_varies(values, kind, reason):
    chart = control_chart(values, lang="en")
    assert set(chart["kind"]) == {kind}
    assert chart["kind_reason"].iloc[0].startswith(reason)


@pytest.mark.parametrize(("off", "kind"), [(44, "p"), (47, "p_prime")])
def test_shares_take_p_prime_where_chance_explains_too_little(off, kind):
    # Of 10,000 at 50 % chance has a deviation of 50: the ranges are 1.84 and 1.97 times its median,
    # on either side of 1 + 3 / sqrt(11).
    chart = control_chart(shares([5000 + off, 5000 - off] * 6, 10000), lang="en")
    assert set(chart["kind"]) == {kind}
    assert f"above {1 + 3 / np.sqrt(11):.1f}" in chart["kind_reason"].iloc[0]
    # Of three quarters so little cannot be told.
    assert set(control_chart(shares([5047, 4953, 5047], 10000))["kind"]) == {"p"}


def test_chance_alone_seldom_makes_a_p_prime():
    part = np.random.default_rng(7).binomial(200, 0.9, size=(200, 16))
    values = pd.concat([shares(row, 200, agency=f"Sở {n}") for n, row in enumerate(part)])
    chosen = control_chart(values)["kind"]
    assert (chosen == "p_prime").mean() < 0.06


def test_one_quarter_that_stands_out_is_a_signal_and_no_reason_for_wider_limits():
    part = [57, 58, 57, 59, 58, 57, 58, 30, 57, 58, 59, 57, 58]
    chart = control_chart(shares(part, 60))
    assert set(chart["kind"]) == {"p"}
    assert flagged(chart, "beyond_limits") == [8]


def test_a_kind_chosen_against_the_figures_is_told():
    chart = control_chart(shares([900, 400, 950, 300] * 3, 1000), kind="p", lang="en")
    assert chart["kind_reason"].iloc[0].startswith("chosen by the caller; auto would take p′")
    fine = control_chart(shares([57, 59, 58, 60], 60), kind="p")
    assert set(fine["kind_reason"]) == {"do người dùng chọn"}


def test_a_stock_has_no_limits_of_chance():
    chart = control_chart(shares([37, 38, 36], 40, indicator="staffing_rate"), kind="p", lang="en")
    assert set(chart["limits"]) == {"none"}
    assert 'take kind="xmr"' in chart["chart_note"].iloc[0]


# --- the rules ----------------------------------------------------------------------------------


def rule(figures, name, **how):
    return flagged(control_chart(single(figures), kind="xmr", rules=(name,), **how), name)


def test_a_run_takes_eight_on_one_side_and_a_point_on_the_centre_ends_it():
    below, above = [0, 1] * 4, [9, 10] * 4
    assert rule(below + above, "run") == list(range(1, 17))
    assert rule(below[:7] + above[:7], "run") == []
    assert rule(below[:7] + above[:7], "run", run_length=7) == list(range(1, 15))
    split = [0, 1, 0, 1, 5, 1, 0, 1, 0, 9, 10, 9, 10, 9, 10, 9, 10]
    assert np.mean(split) == 5
    assert rule(split, "run") == list(range(10, 18))


def test_a_trend_takes_six_and_two_equal_ones_end_it():
    assert rule([5, 1, 2, 3, 4, 5, 6, 3], "trend") == [2, 3, 4, 5, 6, 7]
    assert rule([5, 1, 2, 3, 4, 5, 3], "trend") == []
    assert rule([5, 1, 2, 3, 3, 4, 5, 6, 3], "trend") == []
    assert rule([1, 6, 5, 4, 3, 2, 1, 4], "trend") == [2, 3, 4, 5, 6, 7]
    assert rule([1, 2, 3, 2], "trend", trend_length=3) == [1, 2, 3]


def test_two_of_three_beyond_two_deviations_on_one_side():
    quiet = [10, 11] * 8
    # Mean moving range 1 but for the jumps: the deviation is about 1.3.
    chart = control_chart(single([*quiet, 14, 10, 14, *quiet]), kind="xmr", rules="two_of_three")
    assert flagged(chart) == [17, 19]
    apart = control_chart(single([*quiet, 14, 10, 11, 14, *quiet]), rules="two_of_three")
    assert flagged(apart) == []
    holed = single([*quiet, 14, 0, 10, 14, *quiet]).drop(17)
    assert flagged(control_chart(holed.reset_index(drop=True), rules="two_of_three")) == []
    opposite = control_chart(single([*quiet, 14, 7, *quiet]), rules="two_of_three")
    assert flagged(opposite) == []


@pytest.mark.parametrize("name", ["run", "trend"])
def test_a_missing_quarter_ends_a_run_and_a_trend(name):
    figures = np.arange(16.0)
    values = single(figures)
    assert len(flagged(control_chart(values, kind="xmr"), name)) == 16
    holed = values.drop(range(5, 16, 5)).reset_index(drop=True)  # at most five in a row are left
    assert flagged(control_chart(holed, kind="xmr"), name) == []
    emptied = values.assign(value=values["value"].mask(values.index.isin([5, 10, 15])))
    assert flagged(control_chart(emptied, kind="xmr"), name) == []


def test_a_gap_has_no_moving_range_and_is_told():
    values = single([1, 2, 1, 50, 51, 50]).drop(3).reset_index(drop=True)
    chart = control_chart(values, kind="xmr", lang="en")
    assert chart["sigma"].iloc[0] == pytest.approx(2.66 / 3)
    assert "the quarter before is missing" in chart["chart_note"].iloc[3]
    assert "the quarter before" not in "".join(chart["chart_note"].drop(3))
    late = control_chart(single([None, 1, 2, 1]), lang="en")["chart_note"]
    assert "the quarter before" not in "".join(late)


def test_rules_are_chosen_and_only_theirs_are_columns():
    chart = control_chart(single(np.arange(16.0)), rules=["trend", "beyond_limits"])
    assert [name for name in RULES if name in chart] == ["beyond_limits", "trend"]
    assert len(flagged(chart)) == 16


def test_better_is_by_the_indicator_or_as_told():
    part = [58, 57, 58, 57, 58, 57, 58, 30]
    assert control_chart(shares(part, 60), kind="p")["verdict"].tolist() == [*[""] * 7, "worse"]
    late = control_chart(shares(part, 60, indicator="late_rate_settled"), kind="p")
    assert late["verdict"].iloc[-1] == "better"
    own = shares(part, 60, indicator="mine")
    assert control_chart(own, kind="p")["verdict"].iloc[-1] == "neutral"
    assert control_chart(own, kind="p", better="lower")["verdict"].iloc[-1] == "better"


# --- trial, re-basing, target -------------------------------------------------------------------


def test_fewer_than_twelve_points_are_a_trial():
    chart = control_chart(shares([57, 59] * 6, 60), lang="en")
    assert set(chart["limits"]) == {"full"}
    chart = control_chart(shares([57, 59] * 5 + [58], 60), lang="en")
    assert set(chart["limits"]) == {"trial"}
    assert chart["chart_note"].str.startswith("trial limits: 11 points, 12 are needed").all()
    assert (
        control_chart(shares([57, 59], 60))["chart_note"]
        .iloc[0]
        .startswith("giới hạn tạm thời: mới có 2 điểm, cần 12")
    )


def test_limits_start_anew_at_stated_quarters_only():
    part = [40, 42, 41, 40, 57, 58, 59, 58]
    values = shares(part, 60, start="2020Q1")
    chart = control_chart(values, kind="p", rebase={"2021Q1": "mở một cửa"})
    assert chart["baseline"].astype(str).tolist() == ["2020Q1"] * 4 + ["2021Q1"] * 4
    assert chart["baseline_reason"].tolist() == [""] * 4 + ["mở một cửa"] * 4
    alone = control_chart(values.iloc[4:], kind="p")
    assert chart["centre"].iloc[4:].tolist() == alone["centre"].tolist()
    assert chart["low"].iloc[4:].tolist() == alone["low"].tolist()
    xmr = control_chart(values, kind="xmr", rebase={"quý I/2021": "mở một cửa"})
    assert xmr["sigma"].iloc[0] < 5  # the step between the two is no moving range


@pytest.mark.parametrize(
    ("rebase", "words"),
    [
        (["2020Q3"], "limits start anew only at stated quarters, each for a stated reason\n"
                     "  where: rebase=, a list\n"),
        ({"2020Q3": " "}, "where: rebase=, '2020Q3': no reason is stated\n"),
        ({"2020Q3": None}, "where: rebase=, '2020Q3': no reason is stated\n"),
        ({"2020Q1": "x"}, "'2020Q1': the values go from 2020Q1 to 2020Q4, nothing is parted"),
        ({"2021Q1": "x"}, "'2021Q1': the values go from 2020Q1 to 2020Q4, nothing is parted"),
        ({"tháng 9/2020": "x"}, "'tháng 9/2020': 2020-09 is no quarter"),
        ({"abc": "x", "2020Q3": ""}, "limits cannot start anew as asked: 2 faults"),
        ({"2020Q3": "x", "quý III/2020": "y"}, "'quý III/2020': 2020Q3 is named twice"),
    ],
)  # fmt: skip
def test_rebasing_without_a_reason_or_a_place_is_refused(rebase, words):
    with pytest.raises(ValuesError) as refusal:
        control_chart(shares([57, 58, 57, 59], 60, start="2020Q1"), rebase=rebase)
    assert words in str(refusal.value)
    assert 'mend:  give a mapping of quarter to reason, like {"2021Q1":' in str(refusal.value)


@pytest.mark.parametrize(
    ("indicator", "target", "told"),
    [
        (RATE, 80, "met"),
        (RATE, 95, "by_chance"),
        (RATE, 99.9, "by_chance"),  # the high limit is 100
        ("late_rate_settled", 80, "missed"),
        ("late_rate_settled", 100, "met"),
        ("mine", 80, ""),
    ],
)
def test_a_target_is_met_missed_or_left_to_chance(indicator, target, told):
    chart = control_chart(shares([57, 58, 57, 59] * 3, 60, indicator=indicator), target=target)
    assert chart["high"].iloc[0] == 100
    assert chart["low"].iloc[0] > 80
    assert set(chart["assurance"]) == {told}
    assert chart["target"].tolist() == [target] * 12


def test_limits_that_end_at_the_target_are_on_its_side():
    level, ends = np.array([95.0]), np.array([95.0])
    assert judged(ends, ends + 2, level, np.array(["higher"])).tolist() == ["met"]
    assert judged(ends - 2, ends, level, np.array(["higher"])).tolist() == ["by_chance"]
    assert judged(ends - 2, ends, level, np.array(["lower"])).tolist() == ["met"]
    assert judged(ends, ends + 2, level, np.array(["lower"])).tolist() == ["by_chance"]


def test_a_target_out_of_reach_is_missed():
    chart = control_chart(shares([300, 310, 290, 305], 600), target=95)
    assert set(chart["assurance"]) == {"missed"}


def test_a_target_needs_a_direction_and_says_so():
    own = shares([57, 58, 57, 59], 60, indicator="mine")
    assert "state better=" in control_chart(own, target=80, lang="en")["chart_note"].iloc[0]
    assert set(control_chart(own, target=80, better="higher")["assurance"]) == {"met"}


def test_targets_by_indicator():
    both = pd.concat(
        [shares([57, 58, 59], 60), shares([3, 2, 1], 60, indicator="late_rate_settled")]
    )
    chart = control_chart(both, target={RATE: 90})
    assert chart["target"].notna().tolist() == [True] * 3 + [False] * 3
    assert set(chart["assurance"].iloc[3:]) == {""}
    with pytest.raises(ValuesError, match="no values of 'other', which has a target"):
        control_chart(both, target={"other": 90})


# --- what is hard -------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["auto", "p", "u", "p_prime", "xmr"])
@pytest.mark.parametrize("part", [60, 0])
def test_all_alike_gives_no_limits_and_no_signal(kind, part):
    chart = control_chart(shares([part] * 14, 60), kind=kind, lang="en")
    if kind == "u" and part:  # 60 events in 60 may have been more
        assert set(chart["limits"]) == {"full"}
        return
    assert set(chart["limits"]) == {"none"}
    assert chart[["low", "high", "sigma"]].isna().all(axis=None)
    assert chart["centre"].tolist() == [100 * part / 60] * 14
    assert flagged(chart) == []
    assert "all points are alike, with a deviation of 0" in chart["chart_note"].iloc[0]


@st.composite
def anything(draw):
    """Draw series with holes, missing and odd parts, of indicators of every kind."""
    codes = [RATE, "dossiers_settled", "staffing_rate", "time_reduction_mean", "mine"]
    number = st.none() | st.integers(0, 5) | st.sampled_from([0.5, 1e9])
    frames = []
    for indicator in draw(st.lists(st.sampled_from(codes), min_size=1, max_size=3, unique=True)):
        rows = draw(st.lists(st.tuples(number, number), min_size=1, max_size=15))
        part, whole = zip(*rows, strict=True)
        frame = shares(part, pd.array(whole, dtype="Float64"), indicator=indicator)
        frames.append(frame[draw(st.lists(st.booleans(), min_size=len(rows), max_size=len(rows)))])
    values = pd.concat(frames, ignore_index=True)
    return values if len(values) else shares([1], 2)


@given(anything(), st.sampled_from(["auto", "p", "u", "p_prime", "xmr"]))
@settings(max_examples=60)
def test_whatever_the_figures_limits_are_numbers_or_missing_with_a_reason(values, kind):
    chart = control_chart(values, kind=kind, target=90)
    figures = chart[["centre", "low", "high", "sigma"]]
    assert np.isfinite(figures.to_numpy("float64", na_value=0.0)).all()
    assert (chart["low"].isna() == (chart["limits"] == "none")).all()
    assert (chart.loc[chart["limits"] == "none", "chart_note"] != "").all()
    assert (chart.loc[chart["limits"] == "none", "assurance"] == "").all()
    assert (chart["signal"].isna() | chart["value"].notna()).all()
    assert ((chart["verdict"] != "") == chart["signal"].fillna(False)).all()


def test_one_point_and_no_figure():
    chart = control_chart(shares([57], 60), lang="en")
    assert chart["limits"].tolist() == ["none"]
    assert chart["chart_note"].tolist() == ["one point alone makes no limits"]
    empty = control_chart(shares([0, 57, 58, None], [0, 60, 60, 60]), lang="en")
    assert empty["chart_note"].iloc[0] == "the denominator is 0: there is no point"
    assert empty["chart_note"].iloc[3].startswith("no figure in this quarter")
    assert empty["signal"].isna().tolist() == [True, False, False, True]
    nothing = control_chart(shares([0, 0], 0), lang="en")
    assert nothing[["centre", "low", "high"]].isna().all(axis=None)


def test_quarters_apart_have_no_moving_range():
    values = single([1, 2, 3, 4, 5]).iloc[::2].reset_index(drop=True)
    chart = control_chart(values, lang="en")
    assert set(chart["limits"]) == {"none"}
    assert "no two quarters are next to each other" in chart["chart_note"].iloc[0]


def test_few_events_make_rough_limits_and_it_is_said():
    chart = control_chart(shares([59, 60, 60, 59], 60), lang="en")
    assert chart["chart_note"].str.contains("fewer than 5 events expected").all()
    chart = control_chart(shares([40, 41, 40, 39], 60), lang="en")
    assert not chart["chart_note"].str.contains("fewer than 5").any()


def test_year_to_date_is_refused_with_the_mend():
    values = shares([57, 58], 60).assign(basis=["in_period", "year_to_date"])
    with pytest.raises(ValuesError) as refusal:
        control_chart(values)
    assert str(refusal.value) == (
        "year-to-date values cannot be charted: each contains the one before\n"
        f"  where: 1 of 2 rows, the first: {RATE}, Sở A, 2010Q2\n"
        "  mend:  call to_quarterly(values) first"
    )


def test_a_quarter_told_twice_and_a_second_unit_are_refused():
    values = shares([57, 58], 60)
    with pytest.raises(ValuesError, match="have the same agency, period, basis"):
        control_chart(pd.concat([values, values.iloc[1:]]))
    mixed = single([3, 4]).assign(unit=["days", "hours"])
    with pytest.raises(ValuesError, match="a series has several units") as refusal:
        control_chart(mixed)
    assert "where: column unit: days and hours in mine, Sở A, 2010Q2" in str(refusal.value)


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"kind": "c"}, "there is no control chart of kind 'c'\n  where: kind=\n"
                        "  mend:  use one of auto, p, u, p_prime, xmr"),
        ({"rules": ("runs",)}, "there is no rule 'runs'\n  where: rules=\n"),
        ({"rules": ()}, "there are no rules to judge by"),
        ({"rules": 8}, "there is no rule 8"),
        ({"run_length": 1}, "run_length=1 is no number of points\n  where: run_length=\n"
                            "  mend:  give a whole number, 2 or more"),
        ({"trend_length": 5.5}, "trend_length=5.5 is no number of points"),
        ({"target": "95"}, "the target '95' is no level\n  where: target=\n"
                           "  mend:  give a number in the unit of the values, 95 for 95 %"),
        ({"target": float("nan")}, "the target nan is no level"),
        ({"target": 950}, "the target 950 is no percentage\n  where: target=\n"),
        ({"target": 0.95}, "the target 0.95 is below 1 %\n  where: target=\n"
                           "  mend:  targets are percent: give 95"),
        ({"better": "up"}, "better is 'up'\n  where: better=\n"),
        ({"lang": "fr"}, "no labels in language 'fr'"),
    ],
)  # fmt: skip
def test_options_that_make_no_sense_are_refused(how, words):
    with pytest.raises(CchcError) as refusal:
        control_chart(shares([57, 58], 60), **how)
    assert str(refusal.value).startswith(words)


def test_nothing_is_changed_and_columns_have_their_types():
    values = shares([57, 58, 30, 59], 60)
    before = values.copy(deep=True)
    chart = control_chart(values)
    pd.testing.assert_frame_equal(values, before)
    assert dict(chart[BESIDE].dtypes.astype(str)) == (
        dict.fromkeys(["centre", "low", "high"], "Float64")
        | dict.fromkeys(["limits", "verdict", "assurance"], "str")
        | dict.fromkeys([*RULES, "signal"], "boolean")
    )
    assert str(chart["baseline"].dtype) == "period[Q-DEC]"
    pd.testing.assert_frame_equal(control_chart(chart), chart)
