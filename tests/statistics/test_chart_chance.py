"""Points of few events: a signal only where chance would make one as seldom as the rules say."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from cchc_stats import control_chart
from cchc_stats.statistics.charts.limits import Limits, Stretch, chance_of

LATE = "fewer than 5 events expected"


def chart(on_time, whole=60, **options):
    quarters = pd.period_range("2015Q1", periods=len(on_time), freq="Q-DEC")
    own = pd.DataFrame({"agency": "A", "period": quarters, "indicator": "on_time_rate_settled"})
    return control_chart(
        own.assign(numerator=on_time, denominator=whole), kind="p", lang="en", **options
    )


def stretch_of(part, whole):
    part, whole = np.array(part, dtype=float), np.array(whole, dtype=float)
    number, there = np.zeros(len(part), dtype=int), np.ones(len(part), dtype=bool)
    return Stretch(number, there, part / whole, part, whole, np.ones(len(part)), there)


@pytest.mark.parametrize("quarters", [[60] * 11 + [59], [60] * 7 + [58]])
def test_a_few_late_after_quarters_without_any_are_no_signal(quarters):
    """Three sigma would blame the last quarter; chance puts its late ones there often enough."""
    told = chart(quarters).iloc[-1]
    assert told["value"] < told["low"]
    assert not told["signal"]
    assert "outside the limits, but chance gives as much often enough" in told["chart_note"]


def test_more_of_them_are():
    told = chart([60] * 7 + [56])
    assert told["beyond_limits"].tolist() == [False] * 7 + [True]
    assert told["shift"].tolist() == [False] * 7 + [True]
    # Three late, all of them in the last of eight quarters: 2 in 1000 by chance.
    assert chart([60] * 7 + [57])["shift"].tolist() == [False] * 7 + [True]
    assert told["verdict"].iloc[-1] == "worse"


@pytest.mark.parametrize("share", [0.98, 0.995, 0.998])
@pytest.mark.parametrize("whole", [20, 60])
def test_chance_alone_makes_few_signals(share, whole):
    """By three sigma and runs of eight, up to 8 of 10 such series had a signal."""
    drawn = np.random.default_rng(5).binomial(whole, share, size=(300, 20))
    quarters = pd.period_range("2015Q1", periods=20, freq="Q-DEC")
    own = pd.DataFrame(
        {
            "agency": np.repeat([f"A{number}" for number in range(300)], 20),
            "period": np.tile(quarters, 300),
            "indicator": "on_time_rate_settled",
            "numerator": drawn.ravel(),
            "denominator": whole,
        }
    )
    assert control_chart(own).groupby("agency")["signal"].any().mean() < 0.06


def test_a_shift_is_still_a_run():
    told = chart([60] * 8 + [55, 54, 55, 54, 55, 54, 55, 54])
    assert told["run"].tolist() == [False] * 8 + [True] * 8
    assert told["verdict"].tolist() == [""] * 8 + ["worse"] * 8
    by_all = chart([60] * 8 + [55, 54, 55, 54, 55, 54, 55, 54], rules=["run"])
    assert by_all["chart_note"].str.contains(LATE).all()
    assert by_all["run"].all()
    assert by_all["verdict"].tolist() == ["better"] * 8 + ["worse"] * 8


def test_quarters_without_a_late_one_are_no_run_where_most_are_so():
    told = chart([60] * 9 + [58] + [60] * 9)
    assert not told["run"].any()


@pytest.mark.parametrize("turned", [False, True])
def test_the_chance_of_a_point_is_fishers(turned):
    """One quarter against all others, one-sided."""
    late, whole = np.array([0, 1, 0, 6, 0, 0]), np.array([50, 60, 40, 60, 45, 70])
    part = whole - late if turned else late
    stretch = stretch_of(part, whole)
    centre = np.full(6, part.sum() / whole.sum())
    sigma = np.sqrt(centre * (1 - centre) / whole)
    chance = chance_of(stretch, np.full(6, "p"), Limits(centre, sigma, np.zeros(1)))
    rest = [late.sum() - 6, whole.sum() - 60 - late.sum() + 6]
    expected = stats.fisher_exact([[6, 54], rest], alternative="greater").pvalue
    assert chance.tail[3] == pytest.approx(expected, rel=1e-9)
    assert np.isnan(np.delete(chance.tail, 3)).all()


def test_the_chance_of_a_count_is_binomial_given_all():
    """Counts per occasion: 7 of 8 events in one of ten quarters alike."""
    part = [0, 0, 1, 0, 0, 0, 0, 7, 0, 0]
    stretch = stretch_of(part, [1] * 10)
    centre = np.full(10, 0.8)
    chance = chance_of(stretch, np.full(10, "u"), Limits(centre, np.sqrt(centre), np.zeros(1)))
    assert chance.tail[7] == pytest.approx(8 * 0.1**7 * 0.9 + 0.1**8)


def test_a_side_likelier_than_a_coin_is_worth_less():
    """With 0.8 late expected 45 of 100 quarters have none: the other 55 count for less."""
    part = [60] * 60 + [58] * 40
    stretch = stretch_of(part, [60] * 100)
    centre = np.full(100, sum(part) / 6000)
    chance = chance_of(stretch, np.full(100, "p"), Limits(centre, centre, np.zeros(1)))
    some_late = 1 - (sum(part) / 6000) ** 60
    assert chance.tosses.tolist() == pytest.approx([1] * 60 + [-np.log2(some_late)] * 40)
    rare = stretch_of([60] * 9 + [58], [60] * 10)
    centre = np.full(10, 598 / 600)
    chance = chance_of(rare, np.full(10, "p"), Limits(centre, centre, np.zeros(1)))
    assert chance.tosses[0] == pytest.approx(-np.log2((598 / 600) ** 60))
    assert chance.tosses[-1] == 1


def test_many_events_are_judged_by_the_limits_alone():
    stretch = stretch_of([50, 40, 60, 45], [100] * 4)
    centre = np.full(4, 195 / 400)
    chance = chance_of(stretch, np.full(4, "p"), Limits(centre, centre / 100, np.zeros(1)))
    assert not chance.few.any()
    assert np.isnan(chance.tail).all()
    assert (chance.tosses == 1).all()


@pytest.mark.parametrize("kind", ["auto", "p", "u", "p_prime", "xmr"])
def test_figures_below_0_are_charted_singly_or_not_at_all(kind):
    """A negative part has no spread of events; nothing crashes over it."""
    quarters = pd.period_range("2020Q1", periods=4, freq="Q-DEC")
    own = pd.DataFrame(
        {
            "agency": "A",
            "period": quarters,
            "indicator": "mine",
            "numerator": [-3, -5, -4, -6],
            "denominator": 60,
        }
    )
    told = control_chart(own, kind=kind)
    assert told["low"].notna().all() == (kind in ("auto", "xmr"))


def test_an_indicator_without_any_figure_is_not_said_to_count_nothing():
    told = chart([np.nan] * 3)
    assert "chosen by the caller; auto would take XmR: there are no figures yet" in set(
        told["kind_reason"]
    )
