"""When a series changed: the exact chance of the likeliest place, and charts frozen before it."""

from __future__ import annotations

from itertools import product
from math import comb, prod

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.special import xlogy
from scipy.stats import fisher_exact

from cchc_stats.statistics import control_chart, find_shift, trend_test
from cchc_stats.statistics.charts.shifts import scan_events
from cchc_stats.words import ValuesError

RATE = "on_time_rate_settled"


def series(part, whole=60, *, agency="Sở A", start="2020Q1", **more):
    quarters = pd.period_range(start, periods=len(part), freq="Q-DEC")
    columns = {"agency": agency, "period": quarters, "indicator": RATE}
    return pd.DataFrame(columns | {"numerator": part, "denominator": whole} | more)


def many(part, whole):
    """Return a series per row of counts."""
    rows, size = part.shape
    quarters = pd.period_range("2015Q1", periods=size, freq="Q-DEC")
    names = np.repeat([f"A{number}" for number in range(rows)], size)
    columns = {"agency": names, "period": np.tile(quarters, rows), "indicator": RATE}
    return pd.DataFrame(columns | {"numerator": part.ravel(), "denominator": whole})


def by_listing(part, whole):
    """Return the scan's chance by listing every way to deal the events out."""
    total, size = sum(part), sum(whole)

    def greatest(counts):
        ratios = []
        for at in range(1, len(counts)):
            sides = [(sum(counts[:at]), sum(whole[:at])), (sum(counts[at:]), sum(whole[at:]))]
            pairs = [*sides, (total, size)]
            told = [xlogy(x, x / n) + xlogy(n - x, 1 - x / n) for x, n in pairs]
            ratios.append(told[0] + told[1] - told[2])
        return max(ratios)

    seen, chance = greatest(part), 0
    for counts in product(*(range(min(n, total) + 1) for n in whole)):
        if sum(counts) == total and greatest(counts) >= seen - 1e-9:
            chance += prod(comb(n, x) for n, x in zip(whole, counts, strict=True))
    return chance / comb(size, total)


@pytest.mark.parametrize(
    ("part", "whole"),
    [([0, 0, 1, 3], [5, 6, 4, 7]), ([2, 0, 0, 0, 3], [4, 4, 4, 4, 4]), ([1, 0, 4], [9, 8, 7])],
)
def test_the_chance_is_that_of_all_ways_to_deal_the_events_out(part, whole):
    change = scan_events(np.array(part, float), np.array(whole, float), bounded=True)
    assert change.p_value == pytest.approx(by_listing(part, whole), rel=1e-9)


@given(st.lists(st.integers(0, 20), min_size=4, max_size=10))
@example([3, 7, 13, 18, 2, 17])  # 18 and 2 of 20 stand apart alike, half of all being on time
@settings(max_examples=25, deadline=None)
def test_late_shifts_where_on_time_does_and_time_may_run_backwards(part):
    counts, whole = np.array(part, float), np.full(len(part), 20.0)
    told = scan_events(counts, whole, bounded=True)
    late = scan_events(whole - counts, whole, bounded=True)
    back = scan_events(counts[::-1].copy(), whole, bounded=True)
    assert late.p_value == pytest.approx(told.p_value)
    # Of two quarters that stand apart alike the earlier one is left out.
    if not (told.left_out or back.left_out):
        assert back.p_value == pytest.approx(told.p_value)
    assert 0 <= told.p_value <= 1


def test_four_bad_quarters_after_eight_good_ones_are_told():
    part = [60, 59, 60, 60, 60, 59, 60, 60, 55, 56, 55, 54]
    told = find_shift(series(part)).iloc[0]
    assert (str(told["shift_at"]), told["verdict"], told["method"]) == ("2022Q1", "worse", "exact")
    assert told["before"] == pytest.approx(100 * 478 / 480)
    assert told["after"] == pytest.approx(100 * 220 / 240)
    # Looked for at eleven places: above Fisher's p-value of the place known beforehand, and below
    # eleven times as much.
    known = fisher_exact([[478, 2], [220, 20]])[1]
    assert known < told["p_value"] < 11 * known
    chart = control_chart(series(part))
    assert chart["verdict"].tolist() == [""] * 8 + ["worse"] * 4
    assert set(chart["centre"]) == {100 * 478 / 480}
    assert set(chart["baseline_end"].astype(str)) == {"2021Q4"}


def test_good_quarters_without_a_late_one_are_no_news_either():
    chart = control_chart(series([60] * 8 + [54, 55, 54]), lang="en")
    assert chart["verdict"].tolist() == [""] * 8 + ["worse"] * 3
    assert "signals are told by exact chance" in chart["chart_note"].iloc[-1]


def test_a_shift_is_no_reason_for_p_prime_and_few_quarters_none_either():
    chart = control_chart(series([496, 493, 402, 420], 500), lang="en")
    assert set(chart["kind"]) == {"p"}
    assert "both are possible" in chart["kind_reason"].iloc[0]
    assert chart["verdict"].tolist() == ["", "", "worse", "worse"]
    longer = [496, 493, 495, 494, 497, 495, 402, 420, 405, 418, 399, 412]
    assert set(control_chart(series(longer, 500))["kind"]) == {"p"}


def test_one_quarter_apart_is_no_shift():
    told = find_shift(series([57, 58, 57, 59, 58, 57, 58, 30, 57, 58, 59, 57, 58]), lang="en")
    assert pd.isna(told["shift_at"].iloc[0])
    assert "left out: 2021Q4" in told["note"].iloc[0]


def test_figures_that_are_no_events_are_judged_by_their_order():
    figures = [1.0, 1.2, 0.9, 1.1, 1.0, 1.1, 5.0, 5.2, 4.9, 5.1, 5.0, 5.1]
    own = series(figures).drop(columns=["numerator", "denominator"])
    own = own.assign(indicator="mine", value=figures)
    told = find_shift(own, better="lower").iloc[0]
    assert (str(told["shift_at"]), told["method"]) == ("2021Q3", "permutation")
    assert told["verdict"] == "worse"
    # Two of the 924 ways to choose six of twelve are as far apart.
    assert told["p_value"] == pytest.approx(2 / 924, abs=0.002)
    assert pd.isna(told["difference_pp"])


def test_too_few_figures_are_said_to_be():
    told = find_shift(series([60, 50, 40]), lang="en").iloc[0]
    assert pd.isna(told["p_value"])
    assert told["note"] == "3 figures: below 4 no shift is looked for"


@pytest.mark.parametrize(("size", "whole", "rate"), [(4, 60, 0.9), (8, 20, 0.95), (12, 60, 0.98)])
def test_where_nothing_happened_few_series_have_a_signal(size, whole, rate):
    """At most 5 in 100 of the charts and 1 in 100 of the scans, with room for 300 draws."""
    drawn = many(np.random.default_rng(11).binomial(whole, rate, (300, size)), whole)
    signals = control_chart(drawn).groupby("agency")["signal"].any()
    assert signals.mean() <= 0.05 + 0.02
    assert find_shift(drawn)["shift_at"].notna().mean() <= 0.01 + 0.012


@pytest.mark.parametrize("late", [1, 2, 4])
def test_a_shift_is_seen_nearly_as_often_as_by_the_test_that_knows_its_place(late):
    rng = np.random.default_rng(3)
    part = [rng.binomial(60, rate, (300, size)) for rate, size in ((0.99, 8 - late), (0.9, late))]
    drawn = np.concatenate(part, axis=1)
    before, after = drawn[:, : 8 - late].sum(axis=1), drawn[:, 8 - late :].sum(axis=1)
    whole = 60 * (8 - late), 60 * late
    known = [
        fisher_exact([[x, whole[0] - x], [y, whole[1] - y]])[1] <= 0.05
        for x, y in zip(before, after, strict=True)
    ]
    chart = control_chart(many(drawn, 60))
    seen = chart.groupby("agency")["verdict"].agg(lambda told: "worse" in set(told))
    assert seen.mean() >= 0.8 * np.mean(known)


# --- baselines, quarters left out, targets by agency ------------------------------------------


@given(st.lists(st.integers(40, 60), min_size=9, max_size=12))
@settings(max_examples=20, deadline=None)
def test_a_frozen_baseline_ignores_later_quarters(part):
    frozen = ("2020Q1", "2021Q2")
    whole, early = (control_chart(series(part[:n]), baseline=frozen) for n in (len(part), 6))
    names = ["kind", "baseline", "baseline_end", "centre", "low", "high", "sigma", "limits"]
    pd.testing.assert_frame_equal(whole[names].iloc[:6], early[names])
    alone = control_chart(series(part[:6]), rules="beyond_limits")
    assert whole["centre"].iloc[-1] == alone["centre"].iloc[0]


def test_baselines_and_quarters_left_out_are_by_agency_too():
    both = pd.concat([series([57, 58, 30, 57, 56]), series([50] * 4 + [20], agency="Sở B")])
    chart = control_chart(
        both,
        baseline={"Sở B": ["2020Q1", "2020Q2", "2020Q3"]},
        exclude={"Sở A": {"2020Q3": "máy chủ hỏng"}},
    )
    assert chart["centre"].iloc[0] == pytest.approx(100 * 228 / 240)
    assert chart["left_out"].tolist()[2] == "máy chủ hỏng"
    assert chart["centre"].iloc[-1] == pytest.approx(100 * 150 / 180)
    assert chart["verdict"].iloc[[2, -1]].tolist() == ["worse", "worse"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"baseline": ["2020Q1"]}, "one quarter is no baseline"),
        ({"baseline": "2020Q1"}, "one quarter is no baseline"),
        ({"baseline": ("2020Q3", "2020Q1")}, "'2020Q3' is after '2020Q1'"),
        ({"baseline": ["2020Q1", "2023Q1"]}, "2023Q1: there are no values of it"),
        ({"baseline": {"Sở X": ["2020Q1", "2020Q2"]}}, "no values of the agency 'Sở X'"),
        ({"exclude": {"2020Q1": ""}}, "'2020Q1': no reason is stated"),
        ({"exclude": dict.fromkeys(["2020Q1", "2020Q2", "2020Q3", "2020Q4"], "x")},
         "of 4 quarters 0 are left"),
        ({"baseline": ["2020Q1", "2020Q2"], "exclude": {"2020Q1": "x"}},
         "fewer than two are left"),
        ({"target": {"Sở X": 90}}, "there are no values of 'Sở X', which has a target"),
        ({"rebase": {"Sở X": {"2020Q2": "x"}}}, "no values of the agency 'Sở X'"),
    ],
)  # fmt: skip
def test_what_limits_cannot_be_computed_from_is_refused(options, words):
    with pytest.raises(ValuesError) as refusal:
        control_chart(series([57, 58, 57, 59]), **options)
    assert words in str(refusal.value)
    assert "mend:" in str(refusal.value)


def test_targets_and_beginnings_by_agency():
    both = pd.concat([series([50, 55, 57, 54]), series([58, 59, 60, 59], agency="Sở B")])
    chart = control_chart(both, target={"Sở A": 80, RATE: 95}, rebase={"Sở A": {"2020Q3": "x"}})
    assert chart["target"].tolist() == [80.0] * 4 + [95.0] * 4
    assert (
        chart["baseline"].astype(str).tolist() == ["2020Q1"] * 2 + ["2020Q3"] * 2 + ["2020Q1"] * 4
    )
    own = control_chart(both.assign(target=[80] * 4 + [95] * 4))
    assert own["target"].tolist() == [80.0] * 4 + [95.0] * 4
    with pytest.raises(ValuesError, match="column target, row 1"):
        control_chart(both.assign(target="cao"))


def test_dossiers_counted_in_two_quarters_are_noted():
    own = series([57, 58, 57, 59, 57, 58]).assign(indicator="on_time_rate_received")
    assert "counted in both of two quarters" in control_chart(own, lang="en")["chart_note"].iloc[0]
    assert "counted in both of two quarters" in find_shift(own, lang="en")["note"].iloc[0]
    settled = control_chart(own.assign(indicator=RATE), lang="en")["chart_note"]
    assert not settled.str.contains("counted in both").any()


def test_many_series_at_once_say_how_many_chance_makes():
    fallen, level = [60, 60, 59, 60, 54, 53, 52, 54], [59, 58, 60, 59, 58, 59, 60, 59]
    agencies = [f"Sở {number}" for number in range(12)]
    own = pd.concat([series(fallen, agency=agencies[0])]
                    + [series(level, agency=name) for name in agencies[1:]])  # fmt: skip
    shifts = find_shift(own, lang="en")
    p = shifts["p_value"].to_numpy(float)
    # The smallest of twelve counts twelve times; p-values alike share the last rank's.
    assert shifts["p_adjusted"].iloc[0] == pytest.approx(12 * p[0])
    assert shifts["p_adjusted"].iloc[1:].tolist() == pytest.approx(p[1:].tolist())
    first = shifts["note"].iloc[0]
    assert first.startswith(
        "of 12 series looked at together chance alone makes up to about 0.1 such ones: p_adjusted"
    )
    assert not shifts["note"].iloc[1:].str.contains("chance alone").any()
    chart = control_chart(own, lang="en")
    told = chart["chart_note"].str.contains("of 12 series looked at together .* about 0.6 such")
    assert told.tolist() == chart["signal"].tolist() and told.any()
    # Single figures have no limits and can be no signal: they do not count among those looked at.
    alone = [series(level[:1], agency=f"Sở {number}") for number in range(20, 60)]
    pd.testing.assert_series_equal(
        control_chart(pd.concat([own, *alone]), lang="en")["chart_note"].iloc[: len(chart)],
        chart["chart_note"],
    )
    trends = trend_test(own, lang="en")
    called = trends["trend"].isin(["rising", "falling"])
    assert trends["trend_note"].str.contains("about 0.6 such ones").tolist() == called.tolist()
    assert called.any() and (trends["p_adjusted"] >= trends["p_value"]).all()
    nine = find_shift(own[own["agency"].isin(agencies[:9])], lang="en")
    assert nine["note"].tolist() == [""] * 9


def test_a_shift_after_missing_quarters_may_be_earlier():
    frame = many(np.array([[60] * 4 + [59] * 4 + [40] * 4]), 60)
    told = find_shift(frame, lang="en").iloc[0]["note"]
    holed = find_shift(frame.drop(index=range(4, 8)), lang="en").iloc[0]
    assert (told, holed["note"]) == (
        "",
        "the quarters just before are missing: it may have changed earlier",
    )
    assert holed["shift_at"] == frame["period"].iloc[8]
