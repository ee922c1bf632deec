"""Two rates against each other: as published, as laws, and what cannot be compared."""

import csv
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from cchc_stats.statistics import add_intervals, compare_rates
from cchc_stats.statistics.rates.comparisons import (
    benjamini_hochberg,
    fisher_test,
    holm,
    score_test,
)
from cchc_stats.statistics.rates.intervals import normal_quantile
from cchc_stats.words.errors import CchcError, ValuesError

CASES = Path(__file__).parents[1] / "cases"
FIGURES = ["rate1", "rate2", "difference_pp", "low_pp", "high_pp"]
RATIO = ["ratio", "ratio_low", "ratio_high"]
METHODS = ["newcombe", "miettinen_nurminen"]

pairs = st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
levels = st.sampled_from([50, 90, 95, 99.8])
methods = st.sampled_from(METHODS)


def one(first, second, **options):
    return compare_rates(*first, *second, **options).iloc[0]


# As published


with (CASES / "rate_differences.csv").open(encoding="utf-8", newline="") as file:
    PUBLISHED = list(csv.DictReader(file))


@pytest.mark.parametrize("case", PUBLISHED)
def test_differences_of_the_literature(case):
    counts = [int(case[name]) for name in ("x1", "n1", "x2", "n2")]
    row = one(counts[:2], counts[2:], method=case["method"], level=float(case["level"]))
    assert f"{row['low_pp']:.2f}" == case["low_pp"]
    assert f"{row['high_pp']:.2f}" == case["high_pp"]


def test_seven_of_34_against_one_of_34_as_the_peers_have_it():
    peers = pd.read_csv(CASES / "seven_of_34.csv").set_index(["effect", "method"])
    newcombe = one((7, 34), (1, 34))
    told = peers.loc[("diff", "newcombe hybrid score")]
    assert newcombe["low_pp"] / 100 == pytest.approx(told["low"], abs=0.0005)
    assert newcombe["high_pp"] / 100 == pytest.approx(told["high"], abs=0.005)
    score = one((7, 34), (1, 34), method="miettinen_nurminen")
    told = peers.loc[("diff", "miettinen-nurminen score")]
    assert score["low_pp"] / 100 == pytest.approx(told["low"], abs=1e-6)
    assert score["high_pp"] / 100 == pytest.approx(told["high"], abs=1e-6)
    told = peers.loc[("ratio", "koopman score")]
    assert newcombe["ratio_low"] == pytest.approx(told["low"], rel=1e-6)
    assert newcombe["ratio_high"] == pytest.approx(told["high"], rel=1e-6)


def test_the_lady_tasting_tea():
    # Fisher (1935): three of four cups told right against one of four; two-sided 34/70.
    assert one((3, 4), (1, 4))["p_value"] == pytest.approx(34 / 70)


def test_fifteen_tests_of_benjamini_and_hochberg():
    # Benjamini & Hochberg (1995), 4.1: at 0.05 their procedure rejects four, Bonferroni's three.
    p = np.array(
        [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344]
        + [0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000]
    )
    assert (benjamini_hochberg(p) <= 0.05).sum() == 4
    assert (holm(p) <= 0.05).sum() == 3
    assert benjamini_hochberg(p)[3] == pytest.approx(0.0095 * 15 / 4)


# As laws


@given(pairs, pairs, levels, methods)
def test_limits_hold_the_difference_and_the_ratio(first, second, level, method):
    row = one(first, second, level=level, method=method)
    assert -100 <= row["low_pp"] <= row["difference_pp"] + 1e-9
    assert row["difference_pp"] - 1e-9 <= row["high_pp"] <= 100
    assert row["difference_pp"] == pytest.approx(row["rate1"] - row["rate2"], abs=1e-9)
    if second[0] > 0:
        assert 0 <= row["ratio_low"] <= row["ratio"] * (1 + 1e-9)
        assert row["ratio"] <= row["ratio_high"] * (1 + 1e-9)
    assert 0 <= row["p_value"] <= 1


@given(pairs, pairs, levels, methods)
def test_swapping_changes_the_sign(first, second, level, method):
    there = one(first, second, level=level, method=method)
    back = one(second, first, level=level, method=method)
    for ours, theirs in {"difference_pp": "difference_pp", "low_pp": "high_pp"}.items():
        assert there[ours] == pytest.approx(-back[theirs], abs=1e-9)
    assert there["p_value"] == pytest.approx(back["p_value"], rel=1e-9)
    if first[0] > 0 and second[0] > 0:
        assert there["ratio_low"] == pytest.approx(1 / back["ratio_high"], rel=1e-6)


@given(pairs, pairs, methods)
def test_twice_the_dossiers_narrow_the_difference(first, second, method):
    row, twice = (
        one([k * cell for cell in first], [k * cell for cell in second], method=method)
        for k in (1, 2)
    )
    assert twice["high_pp"] - twice["low_pp"] < row["high_pp"] - row["low_pp"]


@given(pairs, pairs)
def test_newcombe_is_made_of_both_wilson_intervals(first, second):
    frame = add_intervals(
        pd.DataFrame(
            {
                "agency": ["A", "B"],
                "period": "2020Q3",
                "indicator": "on_time_rate_settled",
                "numerator": [first[0], second[0]],
                "denominator": [first[1], second[1]],
            }
        )
    )
    (r1, l1, u1), (r2, l2, u2) = frame[["value", "low", "high"]].to_numpy(float)
    row = one(first, second)
    assert row["low_pp"] == pytest.approx(r1 - r2 - np.hypot(r1 - l1, u2 - r2), abs=1e-9)
    assert row["high_pp"] == pytest.approx(r1 - r2 + np.hypot(u1 - r1, r2 - l2), abs=1e-9)


def likeliest_variance(x1, n1, x2, n2, difference):
    """Return the variance of the difference at the likeliest rates, found on a fine grid."""
    low, high = max(0.0, -difference), min(1.0, 1 - difference)
    for _ in range(12):
        rate2 = np.linspace(low, high, 201)
        rate1 = np.clip(rate2 + difference, 0, 1)
        likelihood = stats.binom.logpmf(x1, n1, rate1) + stats.binom.logpmf(x2, n2, rate2)
        best = int(np.nanargmax(likelihood))
        low, high = rate2[max(best - 1, 0)], rate2[min(best + 1, 200)]
    p1, p2 = rate1[best], rate2[best]
    return p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2


@pytest.mark.parametrize(
    "counts", [(7, 34, 1, 34), (60, 60, 58, 60), (3, 9, 40, 41), (0, 12, 5, 7), (29, 38, 39, 41)]
)
def test_miettinen_nurminen_inverts_its_test(counts):
    x1, n1, x2, n2 = counts
    row = one(counts[:2], counts[2:], method="miettinen_nurminen")
    n, z = n1 + n2, normal_quantile(95)
    for limit in (row["low_pp"] / 100, row["high_pp"] / 100):
        variance = likeliest_variance(*counts, limit) * n / (n - 1)
        assert abs(x1 / n1 - x2 / n2 - limit) / np.sqrt(variance) == pytest.approx(z, rel=1e-4)


@given(pairs, pairs)
def test_its_limits_leave_out_0_where_the_score_test_rejects(first, second):
    row = one(first, second, method="miettinen_nurminen")
    p = score_test(*(np.array([float(cell)]) for cell in (*first, *second)))[0]
    if abs(p - 0.05) > 1e-6:
        assert (row["low_pp"] > 0 or row["high_pp"] < 0) == (p < 0.05)


@given(pairs, pairs)
def test_the_exact_test_is_that_of_scipy(first, second):
    table = [[first[0], first[1] - first[0]], [second[0], second[1] - second[0]]]
    p = fisher_test(*(np.array([float(cell)]) for cell in (*first, *second)))[0]
    assert p == pytest.approx(stats.fisher_exact(table).pvalue, rel=1e-6)


def test_large_and_lopsided_tables_have_a_p_value_too():
    row = one((0, 4), (900_000, 900_000))
    assert row["test"] == "fisher_exact"
    assert 0 <= row["p_value"] < 1e-15
    assert one((2, 500_000), (1, 400_000))["p_value"] == 1


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20), st.randoms())
def test_adjusting_never_lowers_and_keeps_the_order(drawn, random):
    p = np.array(drawn)
    for adjust in (holm, benjamini_hochberg):
        adjusted = adjust(p)
        assert (p - 1e-12 <= adjusted).all()
        assert (adjusted <= 1).all()
        assert (np.diff(adjusted[np.argsort(p)]) >= 0).all()
        order = random.sample(range(len(p)), len(p))
        np.testing.assert_allclose(adjust(p[order]), adjusted[order], rtol=1e-12)
    assert (benjamini_hochberg(p) <= holm(p) + 1e-12).all()


@given(st.lists(st.tuples(pairs, pairs), min_size=1, max_size=6), st.randoms())
def test_permuting_rows_permutes_the_comparison(drawn, random):
    counts = pd.DataFrame([(*first, *second) for first, second in drawn], columns=list("abcd"))
    order = random.sample(range(len(counts)), len(counts))

    def compared(frame):
        return compare_rates(*(frame[name] for name in frame), adjust="holm")

    moved, still = compared(counts.iloc[order]), compared(counts)
    pd.testing.assert_frame_equal(moved, still.iloc[order])


# The frame


def test_sixty_of_sixty_against_58_of_60():
    frame = compare_rates(60, 60, 58, 60)
    assert list(frame) == [*FIGURES, *RATIO, "p_value", "test", "method", "note"]
    assert set(frame[[*FIGURES, *RATIO, "p_value"]].dtypes.astype(str)) == {"Float64"}
    row = frame.iloc[0]
    assert row[FIGURES].round(2).tolist() == [100, 96.67, 3.33, -3.15, 11.36]
    # 60·59/(120·119): the two late ones both among the second sixty, or both among the first.
    assert row["p_value"] == pytest.approx(2 * 60 * 59 / (120 * 119))
    assert row[["test", "method", "note"]].tolist() == ["fisher_exact", "newcombe", ""]


def test_equal_rates_are_0_apart_and_1_in_ratio():
    row = one((60, 60), (60, 60))
    assert row["difference_pp"] == 0
    assert row["ratio"] == 1
    assert row["p_value"] == 1
    assert row["low_pp"] == pytest.approx(-row["high_pp"])
    assert row["note"] == ""
    assert one((1, 3), (2, 6))["difference_pp"] == 0


def test_the_test_is_exact_below_five_expected():
    assert one((50, 60), (52, 60))["test"] == "score"
    assert one((55, 60), (56, 60))["test"] == "fisher_exact"  # 4.5 late ones expected
    assert one((55, 60), (55, 60))["test"] == "score"


def test_a_ratio_without_an_upper_end_is_missing_and_told():
    row = one((5, 10), (0, 10))
    assert row[["ratio", "ratio_high"]].isna().all()
    assert row["ratio_low"] > 1
    assert row["note"] == "tỷ lệ thứ hai bằng 0 nên không có tỷ số và cận trên của tỷ số"
    assert one((0, 10), (0, 10))[RATIO].isna().all()
    none = one((0, 10), (5, 10))
    assert none[["ratio", "ratio_low"]].tolist() == [0, 0]
    assert 0 < none["ratio_high"] < 1


def test_bad_rows_are_told_and_the_others_computed():
    frame = compare_rates(
        [60, 0, 7, 2.5, -1, None, np.inf],
        [60, 0, 6, 6, 6, 6, np.inf],
        [58, 1, 1, 1, 1, 1, 1],
        60,
        adjust="holm",
    )
    assert frame["p_adjusted"].tolist()[0] == frame["p_value"].tolist()[0]
    assert frame.loc[1:, [*FIGURES, *RATIO, "p_value", "p_adjusted"]].isna().all(axis=None)
    assert frame["note"].tolist() == [
        "",
        "0/0: một bên không có gì để tính",
        "tử số lớn hơn mẫu số",
        "có số không nguyên",
        "có số âm",
        "thiếu tử số hoặc mẫu số",
        "có số không nguyên",
    ]
    assert compare_rates(0, 0, 1, 2, lang="en")["note"].tolist() == [
        "0/0: on one side nothing was counted"
    ]


def test_one_dossier_that_moves_the_rate_more_than_the_difference_is_told():
    assert one((10, 11), (12, 13))["note"] == (
        "chỉ thêm hoặc bớt một hồ sơ, một tỷ lệ đã đổi 9,09 điểm %, không ít hơn mức chênh lệch"
    )
    assert one((59, 60), (58, 60), lang="en")["note"] == (
        "one dossier more or less moves a rate by 1.67 points, no less than the difference"
    )
    assert one((60, 60), (58, 60))["note"] == ""
    assert one((1, 4), (0, 4))["note"].count("; ") == 1


def test_a_series_keeps_its_index_and_one_number_stands_for_all():
    index = ["Sở A", "Sở B"]
    first = pd.Series([58, 55], index=index, dtype="Int64")
    frame = compare_rates(first, 60, pd.Series([60, pd.NA], index=index, dtype="Int64"), 60)
    assert frame.index.tolist() == index
    assert frame["rate2"].tolist() == [100, pd.NA]
    assert compare_rates([], [], [], []).empty
    assert compare_rates([Decimal(3), None], 4, 1, 4)["rate1"].tolist() == [75, pd.NA]


REFUSED = {
    "length": (
        ([1, 2], [3, 4], [1, 2, 3], 4),
        "the counts differ in length\n  where: x1: 2, n1: 2, x2: 3, n2: 1",
    ),
    "index": (
        (pd.Series([1], index=["A"]), 3, pd.Series([1], index=["B"]), 3),
        "the Series differ in their index\n  where: x1, x2: x2 is not indexed as the first",
    ),
    "text": ((1, 3, "1", 3), "x2 is no number, and no row of numbers\n  where: x2="),
    "texts": (
        ([1, 2], ["3", "4"], 1, 3),
        "n1 is no number, and no row of numbers\n  where: n1=",
    ),
    "mixed": (([1, "2"], 3, 1, 3), "x1 is no number, and no row of numbers\n  where: x1="),
    "bytes": ((b"3", 3, 1, 3), "x1 is no number, and no row of numbers\n  where: x1="),
    "true among numbers": (([1, True], 3, 1, 3), "x1 is no number, and no row of numbers"),
    "true": ((True, 3, 1, 3), "x1 is no number, and no row of numbers\n  where: x1="),
    "table": ((np.ones((2, 2)), 3, 1, 3), "x1 is no number, and no row of numbers"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_counts_that_cannot_be_set_side_by_side_are_refused(case):
    counts, told = REFUSED[case]
    with pytest.raises(ValuesError) as caught:
        compare_rates(*counts)
    assert str(caught.value).startswith(told)
    assert caught.value.mend


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (
            {"method": "wald"},
            "there are no limits of a difference by 'wald'\n"
            "  where: method=\n"
            "  mend:  use one of newcombe, miettinen_nurminen",
        ),
        (
            {"adjust": "bonferroni"},
            "there is no adjustment of p-values by 'bonferroni'\n"
            "  where: adjust=\n"
            "  mend:  use one of holm, benjamini_hochberg",
        ),
        (
            {"level": 0},
            "the level 0 is no confidence level\n"
            "  where: level=\n"
            "  mend:  give a percentage from 1 to below 100, such as 95",
        ),
        ({"level": [95]}, "the level [95] is no confidence level"),
        ({"level": 100}, "the level 100 is no confidence level"),
    ],
)
def test_options_that_make_no_sense_are_refused(options, told):
    with pytest.raises(ValuesError) as caught:
        compare_rates(60, 60, 58, 60, **options)
    assert str(caught.value).startswith(told)


def test_another_language_is_refused():
    with pytest.raises(CchcError, match="no labels in language 'fr'"):
        compare_rates(60, 60, 58, 60, lang="fr")


def test_many_pairs_tell_how_many_differ_by_chance():
    many = compare_rates([50] * 19 + [59], 60, 50, 60, lang="en")["note"]
    assert many.iloc[-1] == (
        "of 20 pairs compared together chance alone makes about 1 differ so: adjust= controls that"
    )
    assert (many.iloc[:-1] == "").all()
    assert compare_rates([59] * 9, 60, 50, 60)["note"].eq("").all()
    assert compare_rates([59] * 20, 60, 50, 60, adjust="holm")["note"].eq("").all()
