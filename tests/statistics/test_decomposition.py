"""Why a rate changed: published decompositions, the laws of the effects, what is told of gaps."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from das_gupta import Q1, Q2, Q3, Q4, published, values
from hypothesis import given, settings
from hypothesis import strategies as st

from cchc_stats.statistics.decomposition.decomposition import COLUMNS, decompose_change
from cchc_stats.words.errors import ValuesError

EFFECTS = pd.read_csv(
    Path(__file__).parents[1] / "cases" / "das_gupta_effects.csv", dtype={"example": "str"}
)
QUARTERS = (Q1, Q2, Q3, Q4)
FEW, FEWER = settings(max_examples=30), settings(max_examples=10)


def totals(effects, by="component"):
    return effects.groupby(by)["effect_pp"].sum()


def rates(frame, period):
    rows = frame[frame["period"] == period]
    return Fraction(int(rows["numerator"].sum()), int(rows["denominator"].sum()))


@st.composite
def counted(draw, *, quarters=(Q1, Q2), groups=(1, 4), coming=True):
    """Draw counts by group and quarter; each quarter has something."""
    names = [f"Lĩnh vực {n}" for n in range(draw(st.integers(*groups)))]
    rows = []
    for quarter in quarters:
        least = 0 if coming else 1
        sizes = [draw(st.integers(least, 60)) for _ in names]
        sizes[draw(st.integers(0, len(names) - 1))] += 1
        rows += [
            (quarter, name, draw(st.integers(0, size)), size)
            for name, size in zip(names, sizes, strict=True)
        ]
    return values(rows)


# --- limits of effects ---------------------------------------------------------------------------

COUNTED = [
    (Q1, "Đất đai", 40, 50), (Q1, "Hộ tịch", 30, 30), (Q1, "Đầu tư", 8, 10),
    (Q2, "Đất đai", 70, 90), (Q2, "Hộ tịch", 30, 30), (Q2, "Môi trường", 5, 9),
]  # fmt: skip


def test_limits_hold_the_effect_and_come_again_with_the_seed():
    effects = decompose_change(values(COUNTED), Q1, Q2, draws=199, seed=3)
    bare = decompose_change(values(COUNTED), Q1, Q2)
    limits = ["low_pp", "high_pp", "component_low_pp", "component_high_pp"]
    pd.testing.assert_frame_equal(effects.drop(columns=limits), bare)
    # 30 of 30 twice: the rate effect is 0 and nothing is sure of it.
    assert (effects["low_pp"] < effects["effect_pp"]).all()
    assert (effects["effect_pp"] < effects["high_pp"]).all()
    sums = effects.groupby("component")["effect_pp"].transform("sum")
    assert (effects["component_low_pp"] < sums).all() and (
        sums < effects["component_high_pp"]
    ).all()
    alone = effects["component"].isin(["entry", "exit"])
    assert effects.loc[alone, "component_low_pp"].equals(effects.loc[alone, "low_pp"].rename(
        "component_low_pp"))  # fmt: skip
    again = decompose_change(values(COUNTED), Q1, Q2, draws=199, seed=3)
    pd.testing.assert_frame_equal(effects, again)
    narrow = decompose_change(values(COUNTED), Q1, Q2, draws=199, seed=3, level=50)
    assert (narrow["low_pp"] > effects["low_pp"]).all()


def test_limits_of_one_group_are_those_of_the_difference_of_two_rates():
    # Nothing but a rate: Newcombe's limits of 90 of 100 less 80 of 100 are 0.1 to 19.9 points.
    effects = decompose_change(
        values([(Q1, "A", 80, 100), (Q2, "A", 90, 100)]), Q1, Q2, draws=1999, seed=1
    )
    rate = effects.set_index("component").loc["rate"]
    assert [rate["low_pp"], rate["high_pp"]] == pytest.approx([0.1, 19.9], abs=1.0)
    mix = effects.set_index("component").loc["mix"]
    assert mix[["low_pp", "high_pp"]].tolist() == [0.0, 0.0]


def test_limits_hold_the_true_effects():
    # 60 draws of counts of three groups, one of few dossiers at 98 %: 95 % limits of each effect.
    rng, shares, rate = np.random.default_rng(5), [0.6, 0.3, 0.1], np.array([0.8, 0.9, 0.98])
    names, held = ["A", "B", "C"], []
    for number in range(60):
        rows = []
        for quarter in (Q1, Q2):
            sizes = np.maximum(rng.multinomial(150, shares), 1)
            counts = zip(names, rng.binomial(sizes, rate).tolist(), sizes.tolist(), strict=True)
            rows += [(quarter, *count) for count in counts]
        effects = decompose_change(values(rows), Q1, Q2, draws=99, seed=number)
        held.append(((effects["low_pp"] <= 0) & (effects["high_pp"] >= 0)).mean())
    assert 0.92 <= np.mean(held) <= 0.99  # nothing changed: all effects are 0


@FEWER
@given(counted(groups=(1, 6)), st.sampled_from([1, 50, 95]))
def test_limits_hold_the_estimate(frame, level):
    effects = decompose_change(frame, Q1, Q2, draws=99, level=level)
    sums = effects.groupby("component")["effect_pp"].transform("sum")
    for point, name in ((effects["effect_pp"], ""), (sums, "component_")):
        assert (effects[f"{name}low_pp"] <= point + 1e-9).all()
        assert (point <= effects[f"{name}high_pp"] + 1e-9).all()


@pytest.mark.parametrize(("rate", "before", "after"), [(0.98, 300, 20), (0.9, 60, 5)])
def test_limits_of_a_sum_hold_the_true_effect_where_volumes_differ(rate, before, after):
    # 80 agencies of 15 groups in which nothing changed but the number of dossiers.
    rng, names = np.random.default_rng(7), [f"Lĩnh vực {number:02}" for number in range(15)]
    frames = [
        values(
            [
                (quarter, *count)
                for quarter, size in ((Q1, before), (Q2, after))
                for count in zip(
                    names, rng.binomial(size, rate, 15).tolist(), [size] * 15, strict=True
                )
            ],
            agency=f"Sở {number:02}",
        )
        for number in range(80)
    ]
    effects = decompose_change(pd.concat(frames), Q1, Q2, draws=99)
    sums = effects[effects["component"] == "rate"].drop_duplicates("agency")
    low, high = sums["component_low_pp"], sums["component_high_pp"]
    assert ((low <= 0) & (high >= 0)).mean() >= 0.9
    # No wider than twice the limits of the difference of two pooled rates.
    width = 2 * 1.96 * 100 * np.sqrt(rate * (1 - rate) / 15 * (1 / before + 1 / after))
    assert (high - low).mean() < 2 * width


def test_many_groups_without_a_late_dossier_have_limits_around_nothing():
    # Drawn at their own middle, 30 groups of 2 of 2 seemed some 16 points below 60 of 60.
    rows = [(q, f"G{g:02}", n, n) for q, n in ((Q1, 60), (Q2, 2)) for g in range(30)]
    rate = decompose_change(values(rows), Q1, Q2, draws=199).set_index("component").loc["rate"]
    low, high = rate[["component_low_pp", "component_high_pp"]].iloc[0]
    assert low < 0 < high
    assert high == pytest.approx(-low, rel=0.3)


def test_a_group_beside_its_own_parts_would_be_counted_twice():
    rows = [
        (q, g, x, n) for q in (Q1, Q2) for g, x, n in (("x", 5, 10), ("x|on", 3, 5), ("y", 1, 2))
    ]
    with pytest.raises(ValuesError, match=r"group x stands beside its own parts 'x\|…' in row"):
        decompose_change(values(rows), Q1, Q2)
    without = [row for row in rows if row[1] != "x"]
    assert len(decompose_change(values(without), Q1, Q2)) == 4


@pytest.mark.parametrize("draws", [0, 98, 2.5, True, "many"])
def test_draws_that_are_no_number_of_draws_are_refused(draws):
    with pytest.raises(ValuesError, match="draws is .*\n.*draws=\n.*99 or more"):
        decompose_change(values(COUNTED), Q1, Q2, draws=draws)


def test_means_have_no_limits_and_what_comes_again_is_noted():
    shares = values(COUNTED).assign(indicator="staffing_rate")
    effects = decompose_change(shares, Q1, Q2, draws=99, lang="en")
    assert effects["low_pp"].isna().all()
    assert effects["note"].str.contains("no limits: the numerator is not counted").all()
    again = values(COUNTED).assign(indicator="on_time_rate_received")
    effects = decompose_change(again, Q1, Q2, draws=99, lang="en")
    assert effects["low_pp"].notna().all()
    assert effects["note"].str.contains("limits of the effects are rough").all()


# Das Gupta prints effects to four decimals.
def test_das_gupta_5_1_headship_by_age():
    effects = totals(decompose_change(published("5.1"), "2019Q4", "2020Q4"))
    assert effects.round(4).to_dict() == {"mix": 1.2269, "rate": 1.7403}


def test_das_gupta_5_3_a_mix_effect_hides_a_rate_effect_of_the_other_sign():
    effects = decompose_change(published("5.3", per=1000), "2019Q4", "2020Q4")
    per_thousand = totals(effects) * 10
    assert per_thousand.round(4).to_dict() == {"mix": 1.5415, "rate": -2.2277}


def test_das_gupta_5_3_crossed_factors_told_apart():
    effects = decompose_change(
        published("5.3", per=1000), "2019Q4", "2020Q4", factors=["race", "age"]
    )
    per_thousand = totals(effects, ["component", "factor"]) * 10
    assert per_thousand.round(4).to_dict() == {
        ("mix", "race"): 0.0198,
        ("mix", "age"): 1.5217,
        ("rate", ""): -2.2277,
    }


def test_das_gupta_2_1_a_product_of_two_factors():
    # Earners and others as two groups: the mean earnings of all are the product of the factors.
    pairs = {"2019Q4": (10930, 0.717892), "2020Q4": (16591, 0.825974)}
    rows = [
        row
        for period, (earnings, earning) in pairs.items()
        for row in (
            (period, "earners", earnings * earning / 100_000, earning),
            (period, "others", 0, 1 - earning),
        )
    ]
    effects = decompose_change(values(rows, indicator="earnings"), "2019Q4", "2020Q4")
    assert (totals(effects) * 1000).round(2).to_dict() == {"mix": 1487.26, "rate": 4369.91}


@pytest.mark.parametrize(("example", "per"), [("5.1", 100), ("5.3", 1000)])
def test_effects_to_seven_decimals(example, per):
    expected = EFFECTS[EFFECTS["example"] == example].set_index("component")["effect"]
    effects = totals(decompose_change(published(example, per=per), "2019Q4", "2020Q4"))
    for component in ("mix", "rate"):
        assert effects[component] * per / 100 == pytest.approx(expected[component], abs=5e-8)


@FEW
@given(counted())
def test_effects_add_up_to_the_change_exactly(frame):
    effects = decompose_change(frame, Q1, Q2)
    change = 100 * (rates(frame, Q2) - rates(frame, Q1))
    assert effects["effect_pp"].sum() == pytest.approx(float(change), abs=1e-9)
    volume = frame.loc[frame["period"] == Q2, "denominator"].sum()
    assert effects["effect_count"].sum() == pytest.approx(float(change) * volume / 100, abs=1e-9)


@FEW
@given(counted())
def test_each_effect_is_the_formula_in_exact_fractions(frame):
    told = decompose_change(frame, Q1, Q2).set_index(["group", "component"])["effect_pp"]
    table = frame.set_index(["period", "group"])
    groups = frame["group"].unique()
    x, n = (
        {(q, g): int(table.loc[(q, g), name]) for q in (Q1, Q2) for g in groups}
        for name in ("numerator", "denominator")
    )
    stay = [g for g in groups if n[Q1, g] and n[Q2, g]]
    both = {q: rates(frame, q) for q in (Q1, Q2)}
    level = {
        q: Fraction(sum(x[q, g] for g in stay), sum(n[q, g] for g in stay))
        if stay
        else (both[Q1] + both[Q2]) / 2
        for q in (Q1, Q2)
    }
    for g in groups:
        rate = {q: Fraction(x[q, g], n[q, g]) if n[q, g] else 0 for q in (Q1, Q2)}
        if g in stay:
            share = {q: Fraction(n[q, g], sum(n[q, s] for s in stay)) for q in (Q1, Q2)}
            centre = (level[Q1] + level[Q2]) / 2
            mix = (share[Q2] - share[Q1]) * ((rate[Q1] + rate[Q2]) / 2 - centre)
            own = (share[Q1] + share[Q2]) / 2 * (rate[Q2] - rate[Q1])
            assert told[g, "mix"] == pytest.approx(float(100 * mix), abs=1e-9)
            assert told[g, "rate"] == pytest.approx(float(100 * own), abs=1e-9)
            continue
        for q, component, sign in ((Q1, "exit", -1), (Q2, "entry", 1)):
            whole = sum(n[q, other] for other in groups)
            pull = Fraction(n[q, g], whole) * (rate[q] - level[q])
            if n[q, g]:
                assert told[g, component] == pytest.approx(float(100 * sign * pull), abs=1e-9)
            else:
                assert (g, component) not in told


@FEW
@given(counted())
def test_exchanged_quarters_change_the_sign_of_every_effect(frame):
    there = decompose_change(frame, Q1, Q2)
    back = decompose_change(frame, Q2, Q1)
    back = back.assign(
        component=back["component"].replace({"entry": "exit", "exit": "entry"}),
        effect_pp=-back["effect_pp"],
    )
    key = ["group", "component"]
    pd.testing.assert_series_equal(
        there.set_index(key)["effect_pp"].sort_index(),
        back.set_index(key)["effect_pp"].sort_index(),
    )


@FEW
@given(counted(), st.randoms(use_true_random=False))
def test_permuted_rows_permute_the_results(frame, random):
    order = list(range(len(frame)))
    random.shuffle(order)
    key = ["group", "component"]
    pd.testing.assert_frame_equal(
        decompose_change(frame, Q1, Q2).set_index(key).sort_index(),
        decompose_change(frame.iloc[order], Q1, Q2).set_index(key).sort_index(),
    )


@FEW
@given(counted(groups=(1, 1), coming=False))
def test_one_group_has_a_rate_effect_alone(frame):
    effects = totals(decompose_change(frame, Q1, Q2))
    assert effects["mix"] == 0
    change = 100 * (rates(frame, Q2) - rates(frame, Q1))
    assert effects["rate"] == pytest.approx(float(change), abs=1e-9)


@FEW
@given(counted(coming=False), st.integers(0, 3))
def test_rates_that_stayed_have_a_mix_effect_alone(frame, quarter):
    groups = pd.factorize(frame["group"])[0]
    # A quarter, a half, … of a multiple of four: the same rate in both periods.
    size = 4 * frame["denominator"]
    frame = frame.assign(denominator=size, numerator=size // 4 * ((groups + quarter) % 5))
    effects = decompose_change(frame, Q1, Q2)
    assert effects.loc[effects["component"] == "rate", "effect_pp"].abs().max() < 1e-12
    change = 100 * (rates(frame, Q2) - rates(frame, Q1))
    assert totals(effects)["mix"] == pytest.approx(float(change), abs=1e-9)


@FEW
@given(counted(quarters=QUARTERS), st.permutations(QUARTERS))
def test_in_a_chain_every_way_adds_up_to_the_direct_one(frame, way):
    start, through, end, _ = way

    def effects(before, after):
        told = decompose_change(frame, before, after, chain="all")
        # What comes in one step may be gone in the next.
        kind = told["component"].replace({"entry": "turnover", "exit": "turnover"})
        return told.assign(kind=kind).groupby(["group", "kind"])["effect_pp"].sum()

    direct = effects(start, end)
    steps = effects(start, through).add(effects(through, end), fill_value=0.0)
    apart = direct.sub(steps, fill_value=0.0)
    assert apart.abs().max() < 1e-9
    change = 100 * (rates(frame, end) - rates(frame, start))
    assert direct.sum() == pytest.approx(float(change), abs=1e-9)


def test_a_chain_is_das_guptas_mean_over_the_other_periods():
    # Δ_12.3 = Δ_12 − (Δ_12 + Δ_23 + Δ_31) / 3, Das Gupta (1993), ch. 6.
    frame = values(
        [(Q1, "A", 9, 10), (Q1, "B", 10, 20), (Q2, "A", 10, 20), (Q2, "B", 30, 40),
         (Q3, "A", 25, 50), (Q3, "B", 5, 10)]
    )  # fmt: skip

    def effect(before, after):
        return decompose_change(frame, before, after).set_index(["group", "component"])["effect_pp"]

    way = effect(Q1, Q2) + effect(Q2, Q3) + effect(Q3, Q1)
    assert way.abs().max() > 1  # the pairs by themselves do not agree
    told = decompose_change(frame, Q1, Q2, chain=[Q3]).set_index(["group", "component"])
    pd.testing.assert_series_equal(told["effect_pp"], effect(Q1, Q2) - way / 3)


def test_a_new_group_is_told_by_what_it_draws_the_whole_to_and_not_as_plus_and_minus_98():
    frame = values([(Q1, "A", 98, 100), (Q2, "A", 98, 100), (Q2, "B", 100, 100)])
    effects = decompose_change(frame, Q1, Q2, lang="en").set_index(["group", "component"])
    assert effects["effect_pp"].to_dict() == pytest.approx(
        {("A", "mix"): 0, ("A", "rate"): 0, ("B", "entry"): 1}
    )
    assert effects.loc[("B", "entry"), "effect_count"] == pytest.approx(2)
    assert effects.loc[("B", "entry"), "note"] == "no row in Q1 2020: new, or not reported"
    assert effects["share_after_pct"].tolist() == [50, 50, 50]
    assert effects.loc[("B", "entry"), ["rate_before_pct", "share_before_pct"]].tolist() == [
        pd.NA,
        0,
    ]


def test_agencies_that_merge_are_exits_and_the_new_one_an_entry():
    rows = [("A", Q1, 90, 100), ("B", Q1, 40, 50), ("D", Q1, 8, 10), ("C", Q2, 130, 150),
            ("D", Q2, 9, 10)]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["agency", "period", "numerator", "denominator"])
    effects = decompose_change(
        frame.assign(indicator="on_time_rate_settled"), Q1, Q2, factors=["agency"]
    )
    assert effects["agency"].unique().tolist() == ["all"]
    assert effects[["group", "component"]].values.tolist() == [
        ["A", "exit"],
        ["B", "exit"],
        ["D", "mix"],
        ["D", "rate"],
        ["C", "entry"],
    ]
    assert effects["effect_pp"].sum() == pytest.approx(100 * (139 / 160 - 138 / 160))


def test_where_nothing_stays_the_whole_is_compared_with_its_mean():
    frame = values([(Q1, "A", 9, 10), (Q2, "B", 10, 10)])
    effects = decompose_change(frame, Q1, Q2, lang="en")
    assert effects["component"].tolist() == ["exit", "entry"]
    assert effects["effect_pp"].tolist() == pytest.approx([5, 5])
    assert effects["note"].str.contains("no group is there in all periods").all()


def test_nought_of_nought_is_nothing_and_stays_in_the_result():
    frame = values([(Q1, "A", 9, 10), (Q1, "B", 0, 0), (Q2, "A", 8, 10), (Q2, "B", 0, 0)])
    effects = decompose_change(frame, Q1, Q2, lang="en").set_index(["group", "component"])
    assert effects.loc["B", "effect_pp"].tolist() == [0, 0]
    assert effects.loc["B", "note"].unique().tolist() == ["the denominators of both periods are 0"]
    assert effects["effect_pp"].sum() == pytest.approx(-10)


def test_a_group_at_nought_before_is_an_entry_and_a_dash_is_nothing():
    frame = values(
        [(Q1, "A", 9, 10), (Q1, "B", 0, 0), (Q1, "C", None, None), (Q2, "A", 8, 10),
         (Q2, "B", 3, 5), (Q2, "C", 3, 5)],
        status=["", "", "not_applicable", "", "", ""],
    )  # fmt: skip
    effects = decompose_change(frame, Q1, Q2, lang="en").set_index("group")
    assert effects.loc[["B", "C"], "component"].tolist() == ["entry", "entry"]
    assert effects.loc["B", "note"] == "the denominator of Q1 2020 is 0"


@pytest.mark.parametrize("column", ["numerator", "denominator"])
def test_a_missing_figure_leaves_its_agency_unknown_and_the_others_known(column):
    rows = [(Q1, "A", 9, 10), (Q1, "B", 5, 10), (Q2, "A", 8, 10), (Q2, "B", 7, 10)]
    broken = values(rows, agency="Sở B").astype({column: "Float64"})
    broken.loc[3, column] = pd.NA
    effects = decompose_change(pd.concat([values(rows), broken]), Q1, Q2, lang="en")
    unknown = effects[effects["agency"] == "Sở B"]
    assert len(unknown) == 4
    assert unknown[["effect_pp", "effect_count"]].isna().all(axis=None)
    assert unknown["note"].unique().tolist() == ["figures of Q2 2020 are missing for B"]
    known = effects[effects["agency"] == "Sở A"]
    assert known["effect_pp"].sum() == pytest.approx(5)
    assert (known["note"] == "").all()


def test_an_agency_with_nothing_to_count_has_no_effects():
    frame = values([(Q1, "A", 0, 0), (Q1, "B", 0, 0), (Q2, "A", 8, 10), (Q2, "B", 7, 10)])
    effects = decompose_change(frame, Q1, Q2, lang="en")
    assert effects["effect_pp"].isna().all()
    assert effects["note"].unique().tolist() == ["the denominator of Q1 2020 is 0"]
    assert effects["whole_before_pct"].isna().all()
    assert effects["whole_after_pct"].tolist() == [75.0] * 4


def test_an_agency_without_a_quarter_keeps_its_rows():
    rows = [(Q1, "A", 9, 10), (Q2, "A", 8, 10)]
    frame = pd.concat([values(rows), values(rows[:1], agency="Sở B")])
    effects = decompose_change(frame, Q1, Q2, lang="vi").set_index("agency")
    assert effects.loc["Sở B", ["component", "effect_pp"]].tolist() == ["exit", pd.NA]
    assert effects.loc["Sở B", "note"] == "không có số liệu Quý II/2020"


def test_the_printed_whole_is_no_group_and_one_that_differs_is_told():
    rows = [(Q1, "A", 9, 10), (Q1, "all", 9, 10), (Q2, "A", 8, 10), (Q2, "all", 18, 20)]
    effects = decompose_change(values(rows), Q1, Q2, lang="en")
    assert effects["group"].unique().tolist() == ["A"]
    assert effects["note"].unique().tolist() == [
        "the groups of Q2 2020 add up to 8/10, the printed whole is 18/20"
    ]


def test_a_whole_alone_has_a_rate_effect_and_a_word_on_the_mix():
    effects = decompose_change(values([(Q1, "all", 9, 10), (Q2, "all", 8, 10)]), Q1, Q2, lang="en")
    assert effects["effect_pp"].tolist() == pytest.approx([0, -10])
    assert effects["note"].unique().tolist() == ["only the whole is known, its mix is not"]


def test_a_group_that_is_away_in_between_is_told_as_gone_and_come():
    rows = [(q, "A", 9, 10) for q in (Q1, Q2, Q3)] + [(Q1, "B", 1, 10), (Q3, "B", 5, 10)]
    effects = decompose_change(values(rows), Q1, Q3, chain="all", lang="en")
    own = effects[effects["group"] == "B"]
    assert own["component"].tolist() == ["entry", "exit"]
    assert own["effect_pp"].tolist() == pytest.approx([-20, 40])
    assert own["note"].iloc[0].startswith("not there in all periods of the chain")


def test_a_quarter_without_figures_is_left_out_of_the_chain():
    rows = [(q, "A", 9, 10) for q in (Q1, Q3)] + [(Q2, "A", None, 10)]
    effects = decompose_change(values(rows), Q1, Q3, chain=[Q2], lang="en")
    assert effects["effect_pp"].tolist() == [0, 0]
    assert effects["note"].iloc[0] == "the chain leaves out Q2 2020, whose figures are missing"


def test_columns_and_types():
    frame = values([(Q1, "A", 9, 10), (Q2, "A", 8, 10)])
    before = frame.copy()
    effects = decompose_change(frame, Q1, pd.Period(Q2))
    assert list(effects.columns) == list(COLUMNS)
    kinds = {name: str(effects[name].dtype) for name in COLUMNS}
    assert {kinds[name] for name in ("before", "after")} == {"period[Q-DEC]"}
    assert {kind for name, kind in kinds.items() if name.endswith(("_pp", "_pct", "_count"))} == {
        "Float64"
    }
    assert kinds["agency"] == kinds["note"] == "str"
    pd.testing.assert_frame_equal(frame, before)


def refusal(frame, before=Q1, after=Q2, **options):
    with pytest.raises(ValuesError) as caught:
        decompose_change(frame, before, after, **options)
    return str(caught.value)


GOOD = values([(Q1, "A", 9, 10), (Q2, "A", 8, 10)])


def test_a_quarter_that_is_not_there_is_refused_with_those_that_are():
    assert refusal(GOOD, after=Q4) == (
        "there are no values of 2020Q4\n  where: after=\n  mend:  choose one of 2020Q1, 2020Q2"
    )


def test_the_same_quarter_twice_is_refused():
    assert refusal(GOOD, after=Q1).startswith("before and after are the same quarter, 2020Q1")


def test_more_counted_than_there_was_is_refused_in_the_callers_rows():
    frame = pd.concat([values([("2019Q1", "A", 1, 1)]), GOOD.assign(numerator=[9, 11])])
    assert refusal(frame) == (
        "the change cannot be decomposed: 1 fault\n"
        "  where: numerator 11 is above denominator 10 in row 3\n"
        "  mend:  correct the figures; of several bases choose the rows of one, or call "
        "to_quarterly(values) first"
    )


def test_several_bases_of_one_indicator_are_refused():
    frame = pd.concat([GOOD, GOOD.assign(basis="year_to_date")])
    told = "Sở A, on_time_rate_settled, reported: in_period and year_to_date stand side by side"
    assert told in refusal(frame)


@pytest.mark.parametrize(
    ("frame", "options", "told"),
    [
        (GOOD.assign(numerator=[-1, 1]), {}, "numerator or denominator is below 0 in row 1"),
        (GOOD.assign(indicator="training_turns_per_person_present"), {}, "only percentages"),
        (GOOD.assign(unit="dossiers"), {}, "indicator on_time_rate_settled: unit dossiers"),
        (GOOD.drop(columns="numerator"), {}, "column numerator missing"),
        (pd.concat([GOOD, GOOD]), {}, "have the same agency, period"),
        (GOOD, {"factors": []}, "factors are one to 4 different columns, not []"),
        (GOOD, {"factors": ["sector", "channel"]}, "factors sector, channel cannot be found"),
        (GOOD, {"chain": "some"}, "a chain is a list of quarters, not 'some'"),
        (GOOD.iloc[:0], {}, "there are no values"),
        (GOOD.assign(numerator=["9", "8"]), {}, "is no number"),
    ],
)
def test_what_cannot_be_decomposed_is_refused(frame, options, told):
    assert told in refusal(frame, **options)


def test_agencies_and_sectors_as_two_crossed_factors():
    rows = [(Q1, "A", 9, 10), (Q1, "B", 10, 20), (Q2, "A", 10, 20), (Q2, "B", 30, 40)]
    frame = pd.concat([values(rows), values(rows[::-1], agency="Sở B").assign(numerator=5)])
    effects = decompose_change(frame, Q1, Q2, factors=["agency", "group"])
    assert effects["factor"].unique().tolist() == ["agency", "group", ""]
    assert effects["group"].tolist()[2:] == ["Sở A|A", "Sở A|B", "Sở B|B", "Sở B|A"]
    change = 100 * (rates(frame, Q2) - rates(frame, Q1))
    assert effects["effect_pp"].sum() == pytest.approx(float(change))


@FEW
@given(counted(groups=(2, 4)), st.data())
def test_crossed_factors_add_up_and_leave_rates_as_they_are(frame, data):
    sides = {group: data.draw(st.sampled_from("xy")) for group in frame["group"].unique()}
    frame = frame.assign(side=frame["group"].map(sides))
    crossed = decompose_change(frame, Q1, Q2, factors=["side", "group"])
    plain = decompose_change(frame, Q1, Q2)
    # Where no group stays, the factors are told all the same, with no effect.
    both = totals(plain).reindex(totals(crossed).index, fill_value=0.0)
    pd.testing.assert_series_equal(totals(crossed), both)
    for component in ("rate", "entry", "exit"):
        one, other = (t.loc[t["component"] == component, "effect_pp"] for t in (crossed, plain))
        assert one.tolist() == pytest.approx(other.tolist())


def test_a_mean_has_no_count():
    frame = values([(Q1, "A", 30, 2), (Q2, "A", 40, 2)], indicator="time_reduction_mean")
    effects = decompose_change(frame, Q1, Q2)
    assert effects["effect_pp"].sum() == pytest.approx(5)
    assert effects["effect_count"].isna().all()


def test_figures_that_are_made_up_stay_known_as_such():
    frame = values([(Q1, "A", 9, 10), (Q2, "A", 8, 10)])
    assert decompose_change(frame, Q1, Q2).attrs == {}
    told = decompose_change(frame.assign(source="synthetic_ledger.csv"), Q1, Q2)
    assert told.attrs == {"synthetic": True}
