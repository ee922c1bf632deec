"""The limits of a change from one quarter to another, and what has none."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cchc_stats.indicators import INDICATORS
from cchc_stats.statistics import compare_rates
from cchc_stats.trends import quarter_over_quarter, year_over_year
from cchc_stats.values import read_values, write_values

RATE = "on_time_rate_settled"
LIMITS = ["change_low", "change_high"]
REPEATED = "không có khoảng tin cậy của thay đổi: hồ sơ chuyển kỳ được đếm ở cả hai quý"


def rates(pairs, *, periods=None, **columns):
    periods = periods or [str(pd.Period("2020Q1") + at) for at in range(len(pairs))]
    return pd.DataFrame(
        {"agency": "Sở A", "indicator": RATE}
        | columns
        | {"period": periods}
        | {
            name: pd.array([pair[at] for pair in pairs], dtype="Float64")
            for at, name in enumerate(("numerator", "denominator"))
        }
    )


def test_sixty_of_sixty_after_58_of_60():
    compared = quarter_over_quarter(rates([(58, 60), (60, 60)]))
    row = compared.iloc[1]
    assert row[["change_pp", *LIMITS]].round(2).tolist() == [3.33, -3.15, 11.36]
    assert row["comparison_note"] == ""
    assert compared.loc[0, LIMITS].isna().all()


@pytest.mark.parametrize(
    ("compare", "before"), [(quarter_over_quarter, "2020Q2"), (year_over_year, "2019Q3")]
)
@given(data=st.data())
def test_they_are_those_of_the_two_rates(compare, before, data):
    pair = st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
    was, now = data.draw(pair), data.draw(pair)
    row = compare(rates([now, was], periods=["2020Q3", before])).iloc[0]
    both = compare_rates(*now, *was).iloc[0]
    assert row["change_low"] == pytest.approx(both["low_pp"], abs=1e-9)
    assert row["change_high"] == pytest.approx(both["high_pp"], abs=1e-9)
    assert row["change_low"] <= row["change_pp"] + 1e-9
    assert row["change_pp"] - 1e-9 <= row["change_high"]


@pytest.mark.parametrize(
    ("lang", "note"),
    [
        ("vi", "hai kỳ số liệu chồng nhau; thay đổi không có khoảng tin cậy"),
        ("en", "the two windows overlap; no limits of the change"),
    ],
)
def test_overlapping_windows_get_none(lang, note):
    start, end = ["2020-03-15", "2020-06-14"], ["2020-06-14", "2020-09-14"]
    frame = rates([(58, 60), (60, 60)])
    row = quarter_over_quarter(frame.assign(window_start=start, window_end=end), lang=lang).iloc[1]
    assert row[LIMITS].isna().all()
    assert row["change_pp"] == pytest.approx(100 / 30)
    assert row["comparison_note"] == note
    apart = frame.assign(window_start=["2020-03-15", "2020-06-15"], window_end=end)
    assert quarter_over_quarter(apart).loc[1, LIMITS].notna().all()


def test_years_to_date_of_two_years_have_them():
    frame = rates([(80, 90), (85, 90)], periods=["2019Q3", "2020Q3"], basis="year_to_date")
    assert year_over_year(frame).loc[1, LIMITS].notna().all()


def test_percentages_without_counts_of_events_say_so():
    told = "thay đổi không có khoảng tin cậy: tử số, mẫu số thiếu hoặc không phải số đếm sự việc"
    bare = rates([(None, None)] * 2).assign(value=[95.0, 96.0], unit="percent")
    above = rates([(7, 6), (5, 6)], indicator="my_rate")
    fractions = rates([(2.5, 6), (5, 6)], indicator="my_rate")
    for frame in (bare, above, fractions):
        row = quarter_over_quarter(frame).iloc[1]
        assert row[LIMITS].isna().all()
        assert row["change_pp"] is not pd.NA
        assert row["comparison_note"] == told


def test_a_claim_at_odds_with_its_counts_has_none():
    frame = rates([(1315, 1380)] * 2).assign(value=[95.3, 99.0], unit="percent", origin="claimed")
    assert quarter_over_quarter(frame).loc[1, LIMITS].isna().all()


@pytest.mark.parametrize("indicator", INDICATORS, ids=lambda known: known.code)
def test_only_rates_of_events_have_them(indicator):
    if indicator.kind == "count":
        frame = pd.DataFrame({"value": [40.0, 50.0]})
    else:
        parts = (90, 95) if indicator.scale == 100 else (200, 210)
        frame = pd.DataFrame({"numerator": parts, "denominator": 100})
        frame = frame.assign(value=[part * indicator.scale / 100 for part in parts])
    basis = "as_of" if indicator.kind == "stock" else "in_period"
    frame = frame.assign(
        agency="Sở A",
        period=["2020Q1", "2020Q2"],
        indicator=indicator.code,
        unit=indicator.unit,
        basis=basis,
    )
    row = quarter_over_quarter(frame).iloc[1]
    has_limits = indicator.kind == "events" and not indicator.repeats
    assert row[LIMITS].notna().all() == has_limits
    percentage = indicator.unit == "percent"
    reason = {
        "events": "" if has_limits else REPEATED,
        "stock": "thay đổi không có khoảng tin cậy: số tại một thời điểm",
    }.get(indicator.kind, "thay đổi không có khoảng tin cậy: không phải tỷ lệ của các sự việc")
    assert row["comparison_note"] == (reason if percentage else "")


def test_they_come_back_from_a_file(tmp_path):
    compared = quarter_over_quarter(rates([(58, 60), (60, 60)]))
    back = read_values(write_values(compared, tmp_path / "values.csv"))
    pd.testing.assert_frame_equal(back, compared)


def test_many_rows_are_computed_each_with_its_own_earlier_one():
    random = np.random.default_rng(3)
    n = random.integers(1, 90, 400)
    x = random.integers(0, n + 1)
    frame = pd.DataFrame(
        {
            "agency": np.repeat([f"Sở {name}" for name in range(100)], 4),
            "period": ["2020Q1", "2020Q2", "2020Q3", "2020Q4"] * 100,
            "indicator": RATE,
            "numerator": x,
            "denominator": n,
        }
    )
    compared = quarter_over_quarter(frame.sample(frac=1, random_state=1))
    again = compared.sort_values(["agency", "period"], key=lambda column: column.astype(str))
    known = again[again["change_low"].notna()]
    assert len(known) == 300
    earlier = frame.set_index(["agency", "period"])
    places = list(zip(known["agency"], known["previous_period"].astype(str), strict=True))
    before = earlier.loc[places].reset_index()
    both = compare_rates(
        known["numerator"].to_numpy(),
        known["denominator"].to_numpy(),
        before["numerator"],
        before["denominator"],
    )
    np.testing.assert_allclose(known["change_low"].to_numpy(float), both["low_pp"].to_numpy(float))
