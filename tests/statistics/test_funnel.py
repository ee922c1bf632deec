"""Funnels: exact limits held against exact sums, and units at the ends of what a rate can be."""

from fractions import Fraction
from math import comb, sqrt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cchc_stats.statistics import funnel, funnel_curves
from cchc_stats.statistics.charts.funnels import dispersion_of
from cchc_stats.words.errors import CchcError, ValuesError

RATE = "on_time_rate_settled"
LIMITS = ["low_95", "high_95", "low_99_8", "high_99_8"]


def agencies(part, whole, *, indicator=RATE, **more):
    names = [f"Sở {number}" for number in range(1, len(part) + 1)]
    part = pd.array(part, dtype="Float64")
    columns = {"agency": names, "period": "2020Q3", "indicator": indicator}
    return pd.DataFrame(columns | {"numerator": part, "denominator": whole} | more)


def several():
    pairs = st.integers(0, 80).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
    return st.lists(pairs, min_size=1, max_size=10)


def floats(frame, name):
    return frame[name].to_numpy("float64", na_value=np.nan)


def tail_below(events, number, rate):
    """Return the probability of so many events or fewer, exactly."""
    terms = (comb(number, k) * rate**k * (1 - rate) ** (number - k) for k in range(events + 1))
    return sum(terms, Fraction(0))


@given(
    st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    st.fractions(Fraction(1, 50), Fraction(49, 50), max_denominator=50),
    st.sampled_from([80, 95, 99.8]),
)
@settings(max_examples=40)
def test_a_unit_is_outside_exactly_where_its_binomial_tail_is_too_small(pair, rate, level):
    events, number = pair
    told = funnel(agencies([events], number), target=float(100 * rate), levels=level).iloc[0]
    small = Fraction(str(100 - level)) / 200
    below = tail_below(events, number, rate) < small
    above = 1 - tail_below(events - 1, number, rate) < small
    assert told["side"] == ("below" if below else "above" if above else "")
    assert (told["funnel_status"] == "alarm") == (below or above)


def test_the_low_limit_is_that_of_the_paper():
    # Spiegelhalter (2005), A.1.1: r the fewest events with P(R <= r) >= p, then
    # (r - (P(R <= r) - p) / (P(R <= r) - P(R <= r - 1))) / n.
    number, rate, p = 20, Fraction(7, 10), Fraction(1, 40)
    r = next(r for r in range(number + 1) if tail_below(r, number, rate) >= p)
    at, before = tail_below(r, number, rate), tail_below(r - 1, number, rate)
    wanted = (r - (at - p) / (at - before)) / number
    told = funnel(agencies([14], number), target=70)
    assert told["low_95"].iloc[0] == pytest.approx(float(100 * wanted), rel=1e-9)


@given(several(), st.none() | st.sampled_from([0, 50, 95, 100]))
@settings(max_examples=40)
def test_limits_hold_the_centre_and_each_other(pairs, target):
    part, whole = zip(*pairs, strict=True)
    told = funnel(agencies(part, whole), target=target)
    counts = told["funnel_status"] != "not_counted"
    assert counts.tolist() == [number > 0 for number in whole]
    low, lower, high, higher, centre = (
        floats(told[counts], name)
        for name in ("low_95", "low_99_8", "high_95", "high_99_8", "centre")
    )
    assert (lower >= 0).all()
    assert (lower <= low + 1e-9).all()
    assert (low <= centre + 1e-9).all()
    assert (centre <= high + 1e-9).all()
    assert (high <= higher + 1e-9).all()
    assert (higher <= 100).all()
    assert told.loc[~counts, LIMITS].isna().all(axis=None)


@given(several(), st.sampled_from(["none", "multiplicative", "additive"]))
@settings(max_examples=40)
def test_late_is_the_mirror_of_on_time(pairs, method):
    part, whole = (np.array(column) for column in zip(*pairs, strict=True))
    on_time = funnel(agencies(part, whole), over_dispersion=method)
    late = funnel(
        agencies(whole - part, whole, indicator="late_rate_settled"), over_dispersion=method
    )
    for level in ("95", "99_8"):
        np.testing.assert_allclose(
            floats(on_time, f"low_{level}"), 100 - floats(late, f"high_{level}"), atol=1e-7
        )
    assert on_time["verdict"].equals(late["verdict"])
    swapped = late["side"].map({"above": "below", "below": "above", "": ""})
    assert on_time["side"].tolist() == swapped.tolist()
    assert on_time["limits_method"].equals(late["limits_method"])


@given(several(), st.randoms(use_true_random=False))
@settings(max_examples=30)
def test_the_order_of_rows_does_not_matter(pairs, random):
    values = agencies(*zip(*pairs, strict=True))
    order = list(values.index)
    random.shuffle(order)
    told = funnel(values).iloc[order].reset_index(drop=True)
    pd.testing.assert_frame_equal(told, funnel(values.iloc[order]), rtol=1e-9)


@given(st.integers(5, 95), st.integers(1, 400), st.integers(2, 10))
@settings(max_examples=40)
def test_larger_units_have_narrower_limits(rate, number, times):
    told = funnel(agencies([0, 0], [number, times * number]), target=rate)
    widths = floats(told, "high_95") - floats(told, "low_95")
    # Interpolation between two whole numbers may move each limit by one event.
    assert widths[1] <= widths[0] + 200 / (times * number)


def test_a_small_unit_that_is_far_off_may_be_chance_and_a_large_one_is_not():
    told = funnel(agencies([1, 3700, 9500], [4, 4000, 10000]))
    assert told["funnel_status"].tolist() == ["alarm", "alarm", "alarm"]
    told = funnel(agencies([3, 3700, 9500], [4, 4000, 10000]))
    assert told["funnel_status"].tolist() == ["inside", "alarm", "alarm"]
    assert told["verdict"].tolist() == ["", "worse", "better"]
    assert told["centre"].iloc[0] == pytest.approx(100 * 13203 / 14004)
    assert set(told["centre_kind"]) == {"pooled"}


def test_warning_is_beyond_the_narrower_level_only():
    told = funnel(agencies([52, 950], [60, 1000]), target=95)
    # P(R <= 52 of 60 at 95 %) is 0.010: below 2.5 %, not below 0.1 %.
    assert 0.001 < float(tail_below(52, 60, Fraction(19, 20))) < 0.025
    assert told["funnel_status"].tolist() == ["warning", "inside"]


# --- units at the ends --------------------------------------------------------------------------


@pytest.mark.parametrize(("part", "rate"), [(60, 100), (0, 0)])
@pytest.mark.parametrize("method", ["none", "multiplicative", "additive"])
def test_all_units_at_one_end(part, rate, method):
    values = agencies([part and 60, part and 12, 0], [60, 12, 0])
    told = funnel(values, over_dispersion=method, lang="en")
    assert told["funnel_status"].tolist() == ["inside", "inside", "not_counted"]
    assert told[LIMITS].iloc[:2].to_numpy().tolist() == [[rate] * 4] * 2
    assert told["funnel_note"].iloc[0].startswith("all agencies have one rate, 0 or 100 %")
    assert told["funnel_note"].iloc[2] == "the denominator is 0: shown and not counted"
    assert told["units"].tolist() == [2, 2, 2]
    assert funnel_curves(told)[LIMITS].eq(rate).all(axis=None)


def test_a_unit_at_100_and_one_at_0_among_others():
    told = funnel(agencies([60, 0, 50], [60, 60, 60]))
    assert told["funnel_status"].tolist() == ["alarm", "alarm", "alarm"]
    told = funnel(agencies([8, 0, 590], [8, 2, 600]))
    assert told["funnel_status"].tolist() == ["inside", "alarm", "inside"]
    assert told["high_95"].iloc[0] == 100


def test_a_unit_alone_is_not_judged_but_against_a_target():
    told = funnel(agencies([40], [60]), lang="en")
    assert told["funnel_status"].tolist() == ["not_judged"]
    assert told[["phi", "tau_pp"]].isna().all(axis=None)
    assert told["funnel_note"].tolist() == ["one agency alone: nothing to compare it with"]
    told = funnel(agencies([40], [60]), target=95)
    assert told["funnel_status"].tolist() == ["alarm"]
    assert told["centre_kind"].tolist() == ["target"]


def test_a_target_of_100_admits_no_exception_and_says_so():
    told = funnel(agencies([60, 59], [60, 60]), target=100, lang="en")
    assert told["funnel_status"].tolist() == ["inside", "alarm"]
    assert told["funnel_note"].iloc[0].startswith("a target of 0 or 100 % allows no single")


def test_nobody_counts():
    told = funnel(agencies([0, None], [0, 60]), lang="en")
    assert told["funnel_status"].tolist() == ["not_counted"] * 2
    assert told[["centre", *LIMITS, "phi"]].isna().all(axis=None)
    assert told["units"].tolist() == [0, 0]
    assert told["funnel_note"].iloc[1] == "no figure: shown and not counted"
    assert funnel_curves(told).empty


@pytest.mark.parametrize(
    ("part", "more"),
    [([61], {}), ([57.5], {}), ([-1], {}), ([None], {"value": [95.0, 96.7], "unit": "percent"})],
)
def test_what_are_no_events_of_the_denominator_is_not_counted(part, more):
    told = funnel(agencies([*part, 58], [60, 60], **more), lang="en")
    assert told["funnel_status"].iloc[0] == "not_counted"
    assert told["funnel_note"].iloc[0].startswith("numerator and denominator are missing or no")


def test_an_indicator_that_counts_no_events_has_no_funnel():
    told = funnel(agencies([37, 38], 40, indicator="staffing_rate"), lang="en")
    assert told["funnel_status"].tolist() == ["not_counted"] * 2
    assert set(told["funnel_note"]) == {"this indicator is no share of events and has no funnel"}


# --- over-dispersion ----------------------------------------------------------------------------


def spread_out():
    whole = np.array([400, 500, 600, 700, 800, 900, 1000, 1100, 1200, 1300, 300, 200])
    rates = np.array([0.90, 0.97, 0.88, 0.95, 0.99, 0.91, 0.96, 0.93, 0.89, 0.98, 0.94, 0.92])
    return np.round(rates * whole), whole.astype(float)


def test_dispersion_is_that_of_the_paper():
    part, whole = spread_out()
    centre = part.sum() / whole.sum()
    scores = sorted(
        (x / n - centre) / sqrt(centre * (1 - centre) / n) for x, n in zip(part, whole, strict=True)
    )
    # A tenth of twelve is one: the outermost score at either end takes the value of the next.
    scores[0], scores[-1] = scores[1], scores[-2]
    phi = sum(score**2 for score in scores) / 12
    weights = whole / (centre * (1 - centre))
    tau2 = (12 * phi - 11) / (weights.sum() - (weights**2).sum() / weights.sum())
    found = dispersion_of(part, whole, centre)
    assert found.phi == pytest.approx(phi)
    assert found.tau == pytest.approx(sqrt(tau2))
    assert found.excessive
    told = funnel(agencies(part, whole), over_dispersion="additive")
    off = 1.959963985 * sqrt(centre * (1 - centre) / whole[0] + tau2)
    assert told["low_95"].iloc[0] == pytest.approx(100 * (centre - off))
    assert told["tau_pp"].iloc[0] == pytest.approx(100 * sqrt(tau2))
    told = funnel(agencies(part, whole), over_dispersion="multiplicative")
    off = 1.959963985 * sqrt(phi * centre * (1 - centre) / whole[0])
    assert told["low_95"].iloc[0] == pytest.approx(100 * (centre - off))


def test_over_dispersion_is_told_where_it_is_not_handled():
    part, whole = spread_out()
    told = funnel(agencies(part, whole), lang="en")
    assert set(told["limits_method"]) == {"exact"}
    assert told["funnel_note"].str.startswith("agencies differ more than chance explains").all()
    flags = [
        (funnel(agencies(part, whole), over_dispersion=how)["side"] != "").sum()
        for how in ("none", "multiplicative", "additive")
    ]
    assert flags[0] > 6
    assert max(flags[1:]) == 0


def test_limits_are_not_widened_where_chance_explains_all():
    part, whole = [57, 58, 56, 57, 59], [60] * 5
    plain, asked = (
        funnel(agencies(part, whole), over_dispersion=how) for how in ("none", "additive")
    )
    assert set(asked["limits_method"]) == {"exact"}
    pd.testing.assert_frame_equal(plain, asked)


def test_that_all_miss_a_target_is_no_difference_between_them():
    told = funnel(agencies([300, 305, 295, 301], [600] * 4), target=95, over_dispersion="additive")
    assert set(told["limits_method"]) == {"exact"}
    assert set(told["funnel_status"]) == {"alarm"}


# --- the frame ----------------------------------------------------------------------------------


def test_each_indicator_has_a_funnel_of_its_own():
    one, other = agencies([57, 590], [60, 600]), agencies([3, 10], [60, 600], indicator="mine")
    both = funnel(pd.concat([one, other], ignore_index=True), target={"mine": 5})
    pd.testing.assert_frame_equal(both.iloc[:2], funnel(one))
    pd.testing.assert_frame_equal(both.iloc[2:].reset_index(drop=True), funnel(other, target=5))


def test_curves_go_through_the_limits_of_the_units():
    part, whole = spread_out()
    for how in ("none", "additive", "multiplicative"):
        told = funnel(agencies(part, whole), over_dispersion=how)
        curves = funnel_curves(told)
        assert curves["denominator"].is_monotonic_increasing
        met = told.merge(curves, on="denominator", suffixes=("", "_curve"))
        assert len(met) > 0
        for name in LIMITS:
            np.testing.assert_allclose(floats(met, name), floats(met, f"{name}_curve"))


def test_the_year_to_date_may_be_compared_between_agencies():
    told = funnel(agencies([57, 590], [60, 600], basis="year_to_date"))
    assert told["funnel_status"].tolist() == ["inside", "inside"]


def test_levels_name_their_columns():
    told = funnel(agencies([57, 590], [60, 600]), levels=[99, 90])
    assert [name for name in told if name.startswith(("low_", "high_"))] == [
        "low_90", "high_90", "low_99", "high_99",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "how", "words"),
    [
        ({"period": ["2020Q3", "2020Q4"]}, {},
         "agencies of 2 periods cannot share a funnel\n  where: column period: 2020Q3, 2020Q4\n"
         '  mend:  choose one: values[values["period"] == "2020Q4"]'),
        ({"agency": "Sở A", "origin": ["reported", "tallied"]}, {},
         "Sở A has several figures of on_time_rate_settled\n"
         "  where: column origin: reported, tallied\n"
         "  mend:  choose the rows of one origin"),
        ({}, {"levels": (95, 100)}, "the level 100 is no confidence level\n  where: levels=\n"),
        ({}, {"levels": 0}, "the level 0 is no confidence level\n  where: levels=\n"),
        ({}, {"levels": ()}, "there is no level\n  where: levels=\n"),
        ({}, {"over_dispersion": "phi"},
         "there is no way 'phi' to handle over-dispersion\n  where: over_dispersion=\n"
         "  mend:  use one of none, multiplicative, additive"),
        ({}, {"target": 101}, "the target 101 is no percentage\n  where: target=\n"
                              "  mend:  give a number from 0 to 100"),
        ({}, {"target": "95"}, "the target '95' is no level"),
        ({}, {"better": "up"}, "better is 'up'"),
        ({}, {"lang": "fr"}, "no labels in language 'fr'"),
    ],
)  # fmt: skip
def test_what_makes_no_funnel_is_refused(change, how, words):
    with pytest.raises(CchcError) as refusal:
        funnel(agencies([57, 58], [60, 60]).assign(**change), **how)
    assert str(refusal.value).startswith(words)


def test_no_values_are_refused():
    with pytest.raises(ValuesError, match="there are no values"):
        funnel(agencies([57], [60]).iloc[:0])


def test_nothing_is_changed():
    values = agencies([57, 58], [60, 60])
    before = values.copy(deep=True)
    funnel_curves(funnel(values))
    pd.testing.assert_frame_equal(values, before)


def test_the_chance_of_each_agency_is_twice_its_tail_and_adjusted_among_all():
    from scipy.stats import binomtest, false_discovery_control

    part, whole = [60, 980, 450, 57], [60, 1000, 500, 60]
    told = funnel(agencies(part, whole))
    centre = sum(part) / sum(whole)
    tails = [
        min(
            binomtest(x, n, centre, alternative="less").pvalue,
            binomtest(x, n, centre, alternative="greater").pvalue,
        )
        for x, n in zip(part, whole, strict=True)
    ]
    expected = np.minimum(2 * np.array(tails), 1)
    assert floats(told, "p_value") == pytest.approx(expected)
    assert floats(told, "p_adjusted") == pytest.approx(false_discovery_control(expected))
    alone = funnel(agencies([60], [60]))
    assert alone[["p_value", "p_adjusted"]].isna().all(axis=None)


@pytest.mark.parametrize("method", ["multiplicative", "additive"])
def test_wider_limits_have_larger_chances(method):
    part, whole = [950, 800, 900, 700, 990], [1000] * 5
    exact, wide = (funnel(agencies(part, whole), over_dispersion=how) for how in ("none", method))
    assert set(wide["limits_method"]) == {method}
    assert (floats(wide, "p_value") > floats(exact, "p_value")).all()
    # A rate on a limit has the chance that is left outside it.
    row = wide.iloc[3]
    assert (row["p_value"] < 0.05) == (row["funnel_status"] != "inside")
