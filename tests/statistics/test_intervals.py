"""Intervals of rates and counts: as published, as laws, and what has none."""

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from cchc_stats.indicators import INDICATORS
from cchc_stats.statistics import add_intervals
from cchc_stats.statistics.rates.intervals import (
    BLOCK,
    METHODS,
    garwood,
    normal_quantile,
    proportion_limits,
)
from cchc_stats.trends import quarter_over_quarter, year_to_date
from cchc_stats.values import complete_values, read_values, write_values
from cchc_stats.words.errors import CchcError, ValuesError

CASES = Path(__file__).parents[1] / "cases"
RATE = "on_time_rate_settled"
PERCENT = 1e-9  # of rounding in limits given in percent


def cases(name):
    with (CASES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def limits(x, n, *, level=95, method="wilson"):
    arrays = (np.atleast_1d(np.asarray(cells, dtype=float)) for cells in (x, n))
    [(low, high)], _ = proportion_limits(*arrays, levels=[level], method=method)
    return low, high


def rates(pairs, **columns):
    periods = [str(pd.Period("2000Q1") + at) for at in range(len(pairs))]
    base = {"agency": "Sở A", "indicator": RATE} | columns
    return pd.DataFrame(
        base
        | {"period": periods}
        | {
            name: pd.array([pair[at] for pair in pairs], dtype="Float64")
            for at, name in enumerate(("numerator", "denominator"))
        }
    )


def counts(figures, **columns):
    periods = [str(pd.Period("2000Q1") + at) for at in range(len(figures))]
    base = {"agency": "Sở A", "indicator": "dossiers_settled", "unit": "dossiers"} | columns
    return pd.DataFrame(base | {"period": periods, "value": pd.array(figures, dtype="Float64")})


pairs = st.integers(1, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
levels = st.sampled_from([1, 50, 80, 90, 95, 99, 99.8, 99.9999])
methods = st.sampled_from(sorted(METHODS))


# As published


@pytest.mark.parametrize("case", cases("proportion_intervals.csv"))
def test_limits_of_the_literature(case):
    # Compared as printed, with the decimals that are printed.
    found = limits(
        int(case["x"]), int(case["n"]), level=float(case["level"]), method=case["method"]
    )
    for limit, printed in zip(found, (case["low_pct"], case["high_pct"]), strict=True):
        decimals = len(printed.partition(".")[2])
        assert limit[0] == pytest.approx(float(printed), abs=0.5000001 * 10**-decimals)


@pytest.mark.parametrize("case", cases("poisson_intervals.csv"))
def test_poisson_limits_of_the_literature(case):
    frame = add_intervals(counts([int(case["count"])]), level=float(case["level"]))
    found = frame.loc[0, ["low", "high"]].tolist()
    assert [f"{limit:.2f}" for limit in found] == [case["low"], case["high"]]


def test_wilson_limits_of_the_peers_and_their_missing_parts():
    table = pd.read_csv(CASES / "wilson_phe.csv")
    frame = table[["numerator", "denominator"]].assign(
        agency=[f"Sở {row}" for row in range(len(table))], period="2020Q3", indicator=RATE
    )
    found = add_intervals(frame, level=[95, 99.8])
    scale = np.where(table["multiplier"] == 1, 100, 1)
    for name in ("low_95", "high_95", "low_99_8", "high_99_8"):
        expected = (table[name] * scale).to_numpy()
        np.testing.assert_allclose(
            found[name].to_numpy(float, na_value=np.nan), expected, rtol=1e-10, atol=1e-12
        )
    assert found["low_95"].isna().tolist() == table["low_95"].isna().tolist()
    assert found["low_95"].isna().sum() == 3


@pytest.mark.parametrize("method", ["wilson", "exact"])
def test_limits_of_r_binom_within_what_a_proportion_can_be(method):
    table = pd.read_csv(CASES / "binom_r.csv")
    table = table[table["method"] == method]
    assert len(table) == 8
    ours = {"wilson": "wilson", "exact": "clopper_pearson"}[method]
    low, high = limits(table["count"], table["nobs"], method=ours)
    np.testing.assert_allclose(low, 100 * table["low_95"].clip(0, 1), atol=2e-5)
    np.testing.assert_allclose(high, 100 * table["high_95"].clip(0, 1), atol=2e-5)


def test_sixty_of_sixty_is_compatible_with_94_percent():
    frame = add_intervals(rates([(60, 60)]))
    assert frame.loc[0, "low"] == pytest.approx(93.98, abs=0.005)
    assert frame.loc[0, "high"] == 100


# As laws


@given(st.lists(pairs, min_size=1, max_size=30), levels, methods)
def test_limits_hold_the_rate_and_stay_within_0_and_100(drawn, level, method):
    x, n = np.array(drawn, dtype=float).T
    low, high = limits(x, n, level=level, method=method)
    rate = 100 * x / n
    assert ((low >= 0) & (low <= rate + PERCENT) & (rate <= high + PERCENT) & (high <= 100)).all()
    assert (low[x == 0] == 0).all()
    assert (high[x == n] == 100).all()


@given(pairs, levels, methods)
def test_no_and_yes_change_places(pair, level, method):
    x, n = pair
    low, high = limits(x, n, level=level, method=method)
    other_low, other_high = limits(n - x, n, level=level, method=method)
    assert low[0] == pytest.approx(100 - other_high[0], abs=1e-8)
    assert high[0] == pytest.approx(100 - other_low[0], abs=1e-8)


@given(pairs, st.sampled_from([50, 80, 95, 99.8]), methods)
def test_twice_the_dossiers_narrow_the_interval(pair, level, method):
    x, n = pair
    low, high = limits([x, 2 * x], [n, 2 * n], level=level, method=method)
    assert high[1] - low[1] < high[0] - low[0]


@given(pairs, methods)
def test_a_higher_level_is_wider(pair, method):
    frame = add_intervals(rates([pair]), level=[90, 95, 99.8], method=method)
    row = frame.iloc[0]
    order = ["low_99_8", "low_95", "low_90", "high_90", "high_95", "high_99_8"]
    assert row[order].tolist() == sorted(row[order])


@given(pairs, levels)
def test_wilson_inverts_its_test(pair, level):
    x, n = pair
    z = normal_quantile(level)
    for limit in np.ravel(limits(x, n, level=level)) / 100:
        if 0 < limit < 1:
            score = (x - n * limit) / np.sqrt(n * limit * (1 - limit))
            assert abs(score) == pytest.approx(z, rel=1e-6, abs=1e-7)


@given(pairs, st.sampled_from([50, 80, 95, 99.8]))
def test_clopper_pearson_inverts_the_binomial_tails(pair, level):
    x, n = pair
    low, high = np.ravel(limits(x, n, level=level, method="clopper_pearson")) / 100
    tail = (1 - level / 100) / 2
    if x > 0:
        assert stats.binom.sf(x - 1, n, low) == pytest.approx(tail, rel=1e-6)
    if x < n:
        assert stats.binom.cdf(x, n, high) == pytest.approx(tail, rel=1e-6)


@given(st.integers(0, 100_000), st.sampled_from([50, 80, 95, 99.8]))
def test_poisson_limits_invert_the_tails(count, level):
    low, high = np.ravel(garwood(np.array([float(count)]), level=level))
    tail = (1 - level / 100) / 2
    assert 0 <= low <= count <= high
    assert stats.poisson.cdf(count, high) == pytest.approx(tail, rel=1e-6)
    if count:
        assert stats.poisson.sf(count - 1, low) == pytest.approx(tail, rel=1e-6)


def coverage(n, method, shares):
    """Return the chance that the interval of so many dossiers holds each true share."""
    x = np.arange(n + 1)
    low, high = limits(x, np.full(n + 1, n), method=method)
    # Limits rise with x, so the counts whose interval holds a share stand side by side.
    first = np.searchsorted(high, 100 * shares, side="left")
    after = np.searchsorted(low, 100 * shares, side="right")
    return stats.binom.cdf(after - 1, n, shares) - stats.binom.cdf(first - 1, n, shares)


def test_coverage_by_exact_sums_from_5_to_500_dossiers():
    shares = np.linspace(0.001, 0.999, 500)
    sizes = range(5, 501)
    wilson = np.array([coverage(n, "wilson", shares).mean() for n in sizes])
    assert wilson.min() > 0.94
    assert wilson.max() < 0.96
    exact = np.array([coverage(n, "clopper_pearson", shares).min() for n in sizes])
    assert exact.min() >= 0.95


def test_the_coverage_is_the_sum_over_all_counts():
    n, share = 23, 0.31
    low, high = limits(np.arange(n + 1), np.full(n + 1, n))
    holds = (low <= 100 * share) & (100 * share <= high)
    direct = stats.binom.pmf(np.arange(n + 1), n, share)[holds].sum()
    assert coverage(n, "wilson", np.array([share]))[0] == pytest.approx(direct)


@settings(max_examples=30)
@given(st.data())
def test_permuting_rows_permutes_the_intervals(data):
    figure = st.none() | st.integers(-1, 40) | st.sampled_from([2.5])
    drawn = data.draw(st.lists(st.tuples(figure, figure), min_size=1, max_size=12))
    both = pd.concat([rates(drawn), counts([top for top, _ in drawn])], ignore_index=True)
    frame = complete_values(both)
    order = data.draw(st.permutations(range(len(frame))))
    moved = add_intervals(frame.iloc[order])
    pd.testing.assert_frame_equal(
        moved, add_intervals(frame).iloc[order].reset_index(drop=True), check_exact=True
    )


def test_a_row_is_computed_as_if_alone_however_many_there_are():
    random = np.random.default_rng(5)
    n = random.integers(0, 300, 2 * BLOCK + 7)
    x = random.integers(0, n + 1)
    low, high = limits(x, n)
    for row in [0, BLOCK - 1, BLOCK, len(n) - 1]:
        alone = limits(x[row], n[row])
        assert np.array_equal([low[row], high[row]], np.ravel(alone), equal_nan=True)
    assert np.isnan(low).tolist() == (n == 0).tolist()


# The frame


def test_the_added_columns_their_types_and_names():
    frame = add_intervals(rates([(58, 60), (0, 0)]))
    assert list(frame.columns[-5:]) == [
        "low",
        "high",
        "interval_level",
        "interval_method",
        "interval_note",
    ]
    assert [str(kind) for kind in frame.dtypes[-5:]] == [*["Float64"] * 3, "str", "str"]
    assert frame["interval_level"].tolist() == [95, 95]
    assert frame["interval_method"].tolist() == ["wilson", ""]


def test_several_levels_have_two_columns_each():
    frame = add_intervals(rates([(58, 60)]), level=[95, 99.8])
    names = ["low_95", "high_95", "low_99_8", "high_99_8", "interval_method", "interval_note"]
    assert list(frame.columns[-6:]) == names
    single = add_intervals(rates([(58, 60)]), level=99.8)
    assert single.loc[0, "low"] == frame.loc[0, "low_99_8"]
    assert add_intervals(rates([(58, 60)]), level=[95]).columns.tolist() == single.columns.tolist()


def test_intervals_put_anew_replace_those_before():
    once = add_intervals(rates([(58, 60)]), level=[95, 99.8])
    again = add_intervals(once, method="jeffreys")
    pd.testing.assert_frame_equal(again, add_intervals(rates([(58, 60)]), method="jeffreys"))
    own = rates([(58, 60)]).assign(low=1.0)
    assert "low" in add_intervals(own, level=[95, 99.8])  # a column of the caller's own


def test_a_bad_row_is_told_and_the_others_are_computed():
    frame = rates([(60, 60), (0, 0), (7, 6), (2.5, 6), (-1, 6), (1, -6), (None, 6), (5, None)])
    frame = frame.assign(indicator="my_rate")
    told = add_intervals(frame)
    assert told["low"].isna().tolist() == [False, *[True] * 7]
    assert told["high"].isna().tolist() == told["low"].isna().tolist()
    assert told["interval_note"].tolist() == [
        "số đếm đủ, không phải mẫu: khoảng nói về quy trình tạo ra tỷ lệ này",
        "không có khoảng tin cậy: 0/0, kỳ này không có gì để tính",
        "không có khoảng tin cậy: tử số lớn hơn mẫu số",
        "không có khoảng tin cậy: không phải số nguyên",
        "không có khoảng tin cậy: số âm",
        "không có khoảng tin cậy: số âm",
        "không có khoảng tin cậy: chưa có số liệu",
        "không có khoảng tin cậy: chưa có số liệu",
    ]
    assert add_intervals(frame, lang="en")["interval_note"].tolist()[:3] == [
        "a full count, not a sample: the interval speaks of the process behind the rate",
        "no interval: 0/0, nothing was counted",
        "no interval: the numerator is above the denominator",
    ]


def test_a_percentage_without_its_counts_has_no_interval():
    frame = counts([98.0], indicator=RATE, unit="percent")
    assert (
        add_intervals(frame)["interval_note"][0]
        == "không có khoảng tin cậy: thiếu tử số hoặc mẫu số"
    )


def test_a_claim_at_odds_with_its_counts_has_no_interval():
    frame = rates([(1315, 1380)]).assign(value=99.0, unit="percent", origin="claimed")
    row = add_intervals(frame).iloc[0]
    assert row["low"] is pd.NA
    assert row["interval_note"] == "không có khoảng tin cậy: giá trị không khớp với tử số/mẫu số"


def test_counts_have_exact_poisson_limits():
    frame = add_intervals(counts([10, 0, None, -1, 2.5]))
    assert frame["low"].round(2).tolist() == [4.8, 0, pd.NA, pd.NA, pd.NA]
    assert frame["high"].round(2).tolist() == [18.39, 3.69, pd.NA, pd.NA, pd.NA]
    assert frame["interval_method"].tolist() == ["garwood", "garwood", "", "", ""]
    assert frame["interval_note"].tolist() == [
        *["số đếm đủ, không phải mẫu: khoảng nói về mức thường có, nếu các sự việc xảy ra độc lập"]
        * 2,
        "không có khoảng tin cậy: chưa có số liệu",
        "không có khoảng tin cậy: số âm",
        "không có khoảng tin cậy: không phải số nguyên",
    ]


@pytest.mark.parametrize("indicator", INDICATORS, ids=lambda known: known.code)
def test_each_indicator_has_an_interval_or_the_reason_why_not(indicator):
    frame = counts([12.0], indicator=indicator.code, unit=indicator.unit)
    if indicator.kind == "mean":
        frame = frame.assign(numerator=24.0, denominator=2.0)  # two percentages
    elif indicator.kind != "count":
        frame = frame.assign(value=0.9 * indicator.scale, numerator=9.0, denominator=10.0)
    row = add_intervals(frame, lang="en").iloc[0]
    method = {"events": "wilson", "count": "garwood"}.get(indicator.kind, "")
    assert row["interval_method"] == method
    assert (row["low"] is pd.NA) == (method == "")
    reason = {
        "stock": "no interval: a stock",
        "ratio": "no interval: not events counted among events",
        "mean": "no interval: a mean of rates",
    }.get(indicator.kind, "a full count, not a sample")
    assert row["interval_note"].startswith(reason)


def test_an_indicator_of_ones_own_counts_events_as_a_percentage_only():
    own = [
        rates([(9, 10)], indicator="my_rate").assign(value=90.0, unit="percent"),
        counts([0.9], indicator="my_ratio", unit="", numerator=9.0, denominator=10.0),
        counts([9], indicator="my_count", unit=""),
    ]
    frame = add_intervals(pd.concat(own, ignore_index=True))
    assert frame["low"].isna().tolist() == [False, True, True]
    assert frame["interval_note"].tolist()[1:] == [
        "không có khoảng tin cậy: chỉ tiêu tự đặt, chỉ tính khi là tỷ lệ phần trăm có "
        "tử số, mẫu số",
        "không có khoảng tin cậy: chỉ tiêu tự đặt, không rõ có phải số đếm sự việc hay không",
    ]


def test_the_argument_is_left_as_it_was():
    for frame in (rates([(58, 60), (1, 0)]), complete_values(rates([(58, 60), (0, 0)]))):
        before = frame.copy(deep=True)
        add_intervals(frame)
        pd.testing.assert_frame_equal(frame, before)


def test_intervals_survive_a_file_and_a_comparison_and_leave_a_sum(tmp_path):
    frame = add_intervals(rates([(58, 60), (60, 60)]))
    back = read_values(write_values(frame, tmp_path / "values.csv"))
    pd.testing.assert_frame_equal(back, frame)
    assert quarter_over_quarter(frame)["low"].equals(frame["low"])
    assert not {"low", "high", "interval_method"} & set(year_to_date(frame))


REFUSED = {
    0: ("the level 0 is no confidence level", "give a percentage from 1 to below 100, such as 95"),
    100: ("the level 100 is no confidence level", "give a percentage from 1"),
    0.95: ("the level 0.95 is no confidence level", "levels are percent: give 95"),
    "95": ("the level '95' is no confidence level", "give a percentage"),
    True: ("the level True is no confidence level", "give a percentage"),
    float("nan"): ("the level nan is no confidence level", "give a percentage"),
    (95, 0): ("the level 0 is no confidence level", "give a percentage"),
    (): ("there is no level", "give each level once"),
    (95, 95.0): ("one of the levels stands twice", "give each level once"),
}


@pytest.mark.parametrize("level", REFUSED, ids=str)
def test_a_level_that_is_none_is_refused(level):
    what, mend = REFUSED[level]
    with pytest.raises(ValuesError) as caught:
        add_intervals(rates([(58, 60)]), level=level)
    assert caught.value.what == what
    assert caught.value.where == "level="
    assert caught.value.mend.startswith(mend)


def test_an_unknown_method_or_language_is_refused():
    with pytest.raises(ValuesError) as caught:
        add_intervals(rates([(58, 60)]), method="wald")
    assert str(caught.value) == (
        "there are no intervals by the method 'wald'\n"
        "  where: method=\n"
        "  mend:  use one of wilson, clopper_pearson, jeffreys, auto"
    )
    with pytest.raises(CchcError, match="no labels in language 'fr'"):
        add_intervals(rates([(58, 60)]), lang="fr")


@pytest.mark.parametrize("values", [None, pd.DataFrame(), rates([(1, 2)]).drop(columns="agency")])
def test_what_is_no_values_frame_is_refused(values):
    with pytest.raises(ValuesError):
        add_intervals(values)


def least_coverage(method, n):
    """Return the least exact coverage over all rates: it falls just beside a limit."""
    from scipy.stats import binom

    x = np.arange(n + 1.0)
    [(low, high)], _ = proportion_limits(x, np.full(n + 1, float(n)), levels=[95], method=method)
    ends = np.concatenate([low, high]) / 100
    rates = np.concatenate([ends - 1e-9, ends + 1e-9])
    rates = rates[(rates > 0) & (rates < 1)]
    inside = (low[:, None] / 100 <= rates) & (rates <= high[:, None] / 100)
    return (inside * binom.pmf(x[:, None], n, rates)).sum(axis=0).min()


@pytest.mark.parametrize("n", [2, 5, 10, 20, 40, 61])
def test_auto_covers_94_percent_at_every_rate_where_wilson_does_not(n):
    assert least_coverage("auto", n) >= 0.94
    assert least_coverage("clopper_pearson", n) >= 0.95
    assert 0.81 < least_coverage("wilson", n) < 0.85


def test_auto_is_no_wider_than_wilson_where_nearly_all_are_on_time():
    x, n = np.array([60.0, 59.0]), np.array([60.0, 60.0])
    widths = {}
    for method in ("auto", "wilson"):
        [(low, high)], _ = proportion_limits(x, n, levels=[95], method=method)
        widths[method] = (high - low).round(1).tolist()
    assert widths["auto"][0] < widths["wilson"][0]
    assert widths["auto"][1] == pytest.approx(widths["wilson"][1], abs=0.3)
