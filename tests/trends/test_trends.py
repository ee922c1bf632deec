"""Comparing quarters by key, and quarters against the year to date, as laws and as printed."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import cchc_stats
from cchc_stats.indicators import find_indicator
from cchc_stats.trends import (
    accumulation,
    quarter_over_quarter,
    to_quarterly,
    year_over_year,
    year_to_date,
)
from cchc_stats.values.columns import KEY
from cchc_stats.values.frame import complete_values
from cchc_stats.words.errors import CchcError, ValuesError
from cchc_stats.words.periods import Window

FIGURES = ["previous", "change", "change_pct", "change_pp", "change_low", "change_high"]
ADDED = ["previous_period", *FIGURES, "comparison_note"]
SEED = Path(__file__).parents[2] / "data" / "binh-dinh-skhcn-2020q3"


def counts(values, *, periods=None, **columns):
    """Return a series of counts, from 2020Q1 unless told."""
    periods = periods or [str(pd.Period("2020Q1") + at) for at in range(len(values))]
    base = {"agency": "Sở A", "indicator": "my_count"}
    return pd.DataFrame(base | columns | {"period": periods, "value": values})


def rates(pairs, **columns):
    """Return a series of rates from numerators and denominators, from 2020Q1."""
    periods = [str(pd.Period("2020Q1") + at) for at in range(len(pairs))]
    frame = pd.DataFrame({"agency": "Sở A", "indicator": "my_rate"} | columns, index=periods)
    for at, name in enumerate(("numerator", "denominator")):
        frame[name] = pd.array([pair[at] for pair in pairs], dtype="Float64")
    return frame.rename_axis("period").reset_index()


@st.composite
def series(draw, *, complete=False, largest=1000):
    """Values of a few agencies, indicators and groups over some quarters; counts and rates."""
    years = draw(st.integers(1, 2))
    keys = st.tuples(
        st.sampled_from(["Sở A", "Sở B"]),
        st.sampled_from(["my_count", "my_rate"]),
        st.sampled_from(["all", "x"]),
        st.sampled_from(["reported", "claimed"]),
    )
    rows = []
    for agency, indicator, group, origin in draw(st.sets(keys, min_size=1, max_size=4)):
        for at in range(4 * years):
            if not complete and not draw(st.booleans()):
                continue
            number = st.integers(0, largest) if complete else st.none() | st.integers(0, largest)
            top, bottom = draw(number), draw(number) if indicator == "my_rate" else None
            value = top if indicator == "my_count" else None
            if top is not None and bottom:
                value = 100 * top / bottom
            unit = "percent" if indicator == "my_rate" else "dossiers"
            period = pd.Period("2019Q1") + at
            window = Window.of(period)
            rows.append(
                [
                    agency,
                    period,
                    indicator,
                    group,
                    origin,
                    top,
                    bottom,
                    value,
                    unit,
                    window.start,
                    window.end,
                ]
            )
    assume(rows)
    names = [
        "agency",
        "period",
        "indicator",
        "group",
        "origin",
        "numerator",
        "denominator",
        "value",
        "unit",
        "window_start",
        "window_end",
    ]
    return complete_values(pd.DataFrame(rows, columns=names))


def by_key(frame):
    return frame.set_index([*KEY]).sort_index()


# Comparing: unit cases


def test_counts_change_in_numbers_and_percent():
    compared = quarter_over_quarter(counts([50, 60, 45]))
    assert compared["previous"].tolist() == [pd.NA, 50.0, 60.0]
    assert compared["change"].tolist() == [pd.NA, 10.0, -15.0]
    assert compared["change_pct"].tolist() == [pd.NA, 20.0, -25.0]
    assert compared["change_pp"].isna().all()


def test_percentages_change_in_points_alone():
    compared = quarter_over_quarter(rates([(1, 2), (3, 4)]))
    assert compared["change"].tolist() == [pd.NA, 25.0]
    assert compared["change_pp"].tolist() == [pd.NA, 25.0]
    assert compared["change_pct"].isna().all()


def test_a_percentage_without_parts_changes_in_points_too():
    compared = quarter_over_quarter(counts([90.0, 95.5], unit="percent"))
    assert compared["change_pp"].tolist() == [pd.NA, 5.5]
    assert compared["change_pct"].isna().all()


def test_another_ratio_changes_in_its_own_unit():
    compared = quarter_over_quarter(rates([(1, 2), (3, 4)], unit="turns_per_person"))
    assert compared["change"].tolist() == [pd.NA, 0.25]
    assert compared[["change_pct", "change_pp"]].isna().all(axis=None)


def test_types_of_the_added_columns():
    compared = quarter_over_quarter(counts([1, 2]))
    assert list(compared.columns[-8:]) == ADDED
    types = [str(dtype) for dtype in compared.dtypes[-8:]]
    assert types == ["period[Q-DEC]", *["Float64"] * 6, "str"]


@pytest.mark.parametrize(
    ("compare", "before"), [(quarter_over_quarter, "2020Q1"), (year_over_year, "2019Q2")]
)
def test_the_period_compared_with_is_named(compare, before):
    compared = compare(counts([1, 2]))
    assert compared["previous_period"][1] == pd.Period(before)


def test_a_missing_quarter_gives_nothing_and_says_so():
    compared = quarter_over_quarter(counts([18, 16], periods=["2020Q1", "2020Q3"]))
    assert compared["previous"].isna().all()
    assert compared["comparison_note"].tolist() == [
        "không có số liệu kỳ trước (Quý IV/2019)",
        "không có số liệu kỳ trước (Quý II/2020)",
    ]


@pytest.mark.parametrize(
    ("lang", "notes"),
    [
        (
            "vi",
            [
                "không có số liệu kỳ trước (Quý IV/2019)",
                "kỳ này chưa có số liệu",
                "kỳ trước (Quý II/2020) chưa có số liệu",
                "",
                "kỳ trước không lớn hơn 0, không tính được phần trăm",
            ],
        ),
        (
            "en",
            [
                "no figure of the period before (Q4 2019)",
                "no figure in this period",
                "the period before (Q2 2020) has no figure",
                "",
                "the period before is not above 0, so there is no percentage",
            ],
        ),
    ],
)
def test_each_reason_has_its_note(lang, notes):
    compared = quarter_over_quarter(counts([5, None, 7, 0, 3]), lang=lang)
    assert compared["comparison_note"].tolist() == notes
    assert compared["change"].tolist() == [pd.NA, pd.NA, pd.NA, -7.0, 3.0]
    assert compared["change_pct"].tolist() == [pd.NA, pd.NA, pd.NA, -100.0, pd.NA]


@pytest.mark.parametrize(
    ("status", "lang", "words"),
    [
        ("undefined", "vi", "không tính được (mẫu số bằng 0)"),
        ("undefined", "en", "undefined (denominator 0)"),
        ("not_applicable", "vi", "không áp dụng"),
    ],
)
def test_what_cannot_be_measured_is_not_a_figure_to_come(status, lang, words):
    share = counts([90.0, None, 80.0], unit="percent", status=["reported", status, "reported"])
    notes = quarter_over_quarter(share, lang=lang)["comparison_note"]
    assert notes[1] == words
    before = {"vi": "kỳ trước (Quý II/2020) ", "en": "the period before (Q2 2020) is "}[lang]
    assert notes[2] == before + words


def test_the_first_quarter_that_may_be_has_no_name_before_it():
    compared = quarter_over_quarter(counts([1], periods=["1990Q1"]))
    assert compared["comparison_note"].tolist() == ["không có số liệu kỳ trước (1989Q4)"]


def test_a_change_from_below_zero_has_no_percentage():
    compared = quarter_over_quarter(counts([-5, 5]))
    assert compared.loc[1, ["change", "change_pct"]].tolist() == [10.0, pd.NA]


def test_another_unit_is_not_compared():
    compared = quarter_over_quarter(counts([5, 50], unit=["people", "percent"]))
    assert compared.loc[1, ["previous", "change"]].tolist() == [5.0, pd.NA]
    assert compared["comparison_note"][1] == "kỳ trước dùng đơn vị khác, không so sánh được"
    english = year_over_year(
        counts([5, 50], periods=["2019Q1", "2020Q1"], unit=["people", "percent"]), lang="en"
    )
    assert english["comparison_note"][1] == (
        "the period before has another unit and cannot be compared"
    )


@pytest.mark.parametrize("name", ["agency", "indicator", "group", "origin"])
def test_only_the_same_key_is_compared(name):
    other = {"origin": ["reported", "claimed"]}.get(name, ["one", "another"])
    compared = quarter_over_quarter(counts([1, 2], **{name: other}))
    assert compared["previous"].isna().all()


def test_a_stock_is_compared_with_a_stock():
    frame = counts(
        [40, 37, 5], periods=["2020Q1", "2020Q2", "2020Q2"], basis=["as_of", "as_of", "in_period"]
    )
    compared = quarter_over_quarter(frame)
    assert compared["change"].tolist() == [pd.NA, -3.0, pd.NA]
    assert compared["comparison_note"][0] == "không có số liệu kỳ trước (Cuối quý IV/2019)"


def test_a_year_to_date_is_refused_with_the_mend():
    frame = counts([1, 52], basis=["in_period", "year_to_date"])
    with pytest.raises(ValuesError) as caught:
        quarter_over_quarter(frame)
    assert str(caught.value) == (
        "year-to-date values cannot be compared quarter over quarter\n"
        "  where: 1 of 2 rows, the first: my_count, Sở A, 2020Q2\n"
        "  mend:  call to_quarterly(values) first, or year_over_year(values)"
    )


def test_nine_months_stand_against_nine_months():
    frame = counts(
        [84, 59, 20],
        periods=["2019Q3", "2020Q3", "2020Q3"],
        basis=["year_to_date", "year_to_date", "in_period"],
    )
    compared = year_over_year(frame)
    assert compared["change"].tolist() == [pd.NA, -25.0, pd.NA]
    assert compared["comparison_note"].tolist() == [
        "không có số liệu kỳ trước (9 tháng đầu năm 2018)",
        "",
        "không có số liệu kỳ trước (Quý III/2019)",
    ]


def windows(*pairs):
    starts, ends = zip(*pairs, strict=True)
    return {"window_start": list(starts), "window_end": list(ends)}


@pytest.mark.parametrize(
    ("lang", "length", "overlap"),
    [
        (
            "vi",
            "hai kỳ số liệu dài khác nhau: 92 và 245 ngày",
            "hai kỳ số liệu chồng nhau",
        ),
        ("en", "the two windows differ in length: 92 and 245 days", "the two windows overlap"),
    ],
)
def test_windows_that_differ_are_noted_beside_the_change(lang, length, overlap):
    before, after = ("2020-03-15", "2020-06-14"), ("2020-06-15", "2020-09-14")
    nine_months = ("2020-01-01", "2020-09-01")

    def note(*pairs):
        compared = quarter_over_quarter(counts([50, 60], **windows(*pairs)), lang=lang)
        assert compared.loc[1, ["change", "change_pct"]].tolist() == [10.0, 20.0]
        return compared["comparison_note"][1]

    assert note(before, after) == ""
    assert note(before, nine_months) == f"{length}; {overlap}"
    assert note(before, ("2020-06-14", "2020-09-14")) == overlap
    assert note(before, ("2021-01-01", "2021-09-02")) == length
    assert note(before, ("2020-06-15", "2020-09-19")) == ""
    assert note(before, ("2020-06-15", "2020-09-20")) != ""
    assert note(before, ("2020-06-15", "2020-09-09")) == ""
    assert note(before, ("2020-06-15", "2020-09-08")) != ""
    assert note((None, "2020-06-14"), nine_months) == ""
    assert note(before, ("2020-09-14", "2020-01-01")) == ""


def test_years_to_date_of_other_lengths_are_noted_and_stocks_are_not():
    frame = counts(
        [50, 60],
        periods=["2019Q3", "2020Q3"],
        **windows(("2018-12-15", "2019-09-14"), ("2020-01-01", "2020-09-01")),
    )
    to_date = year_over_year(frame.assign(basis="year_to_date"))
    assert to_date["comparison_note"][1] == "hai kỳ số liệu dài khác nhau: 274 và 245 ngày"
    assert year_over_year(frame.assign(basis="as_of"))["comparison_note"][1] == ""


def test_windows_are_noted_after_the_reason_and_not_without_a_change():
    pairs = windows(("2020-01-01", "2020-03-31"), ("2020-03-01", "2020-05-31"))
    compared = quarter_over_quarter(counts([0, 5], **pairs))
    assert compared["comparison_note"][1] == (
        "kỳ trước không lớn hơn 0, không tính được phần trăm; hai kỳ số liệu chồng nhau"
    )
    compared = quarter_over_quarter(counts([5, None], **pairs))
    assert compared["comparison_note"][1] == "kỳ này chưa có số liệu"


@pytest.mark.parametrize("compare", [quarter_over_quarter, year_over_year])
def test_another_language_is_refused(compare):
    with pytest.raises(CchcError, match="no labels in language 'fr'"):
        compare(counts([1]), lang="fr")


@pytest.mark.parametrize("turn", [quarter_over_quarter, year_over_year, year_to_date, to_quarterly])
def test_wrong_values_are_refused_at_the_door(turn):
    with pytest.raises(ValuesError, match="rows 1, 2 have the same agency"):
        turn(counts([1, 2], periods=["2020Q1", "2020Q1"]))
    with pytest.raises(ValuesError, match="there are no values"):
        turn(counts([1]).head(0))


# Comparing: two spellings of one agency


def test_a_similar_name_that_reported_before_is_hinted_at():
    frame = counts([1, 2], agency=["Sở KH&CN Bình Định", "Sở Khoa học và Công nghệ Bình Định"])
    compared = quarter_over_quarter(frame)
    assert compared["previous"].isna().all()
    assert compared["comparison_note"][1] == (
        "không có số liệu kỳ trước (Quý I/2020); kỳ trước có tên gần giống: Sở KH&CN Bình Định"
    )
    assert "tên gần giống" not in compared["comparison_note"][0]
    english = quarter_over_quarter(frame, lang="en")["comparison_note"][1]
    assert english.endswith("; a similar name reported the period before: Sở KH&CN Bình Định")


def test_no_hint_where_the_similar_name_reported_nothing_before():
    frame = counts([None, 2], agency=["SỞ NỘI VỤ", "Sở Nội vụ"])
    assert "gần giống" not in quarter_over_quarter(frame)["comparison_note"][1]


def test_no_hint_across_indicators_groups_or_agencies_that_differ():
    frame = counts(
        [1, 2, 3],
        agency=["SỞ NỘI VỤ", "Sở Nội vụ", "Sở Tài chính"],
        periods=["2020Q1", "2020Q2", "2020Q2"],
        group=["a", "b", "a"],
    )
    assert not quarter_over_quarter(frame)["comparison_note"].str.contains("gần giống").any()


# Comparing: laws


@given(series(), st.randoms(use_true_random=False), st.sampled_from([1, 4]))
def test_permuting_rows_permutes_the_comparison(values, random, lag):
    compare = quarter_over_quarter if lag == 1 else year_over_year
    order = random.sample(range(len(values)), len(values))
    compared = compare(values.iloc[order])
    expected = compare(values).iloc[order].reset_index(drop=True)
    pd.testing.assert_frame_equal(compared, expected)


@given(series(), st.sampled_from([1, 4]))
def test_previous_is_the_value_of_the_period_before(values, lag):
    compared = (quarter_over_quarter if lag == 1 else year_over_year)(values)
    figures = by_key(values)["value"].to_dict()
    for row in compared.itertuples():
        key = (row.agency, row.period - lag, row.basis, row.indicator, row.group, row.origin)
        earlier = figures.get(key)  # None also where it has no figure
        assert row.previous is pd.NA if earlier is None else row.previous == earlier
        known = earlier is not None and row.value is not pd.NA
        assert (row.change is not pd.NA) == known
        nothing_lost = (
            row.change_low is not pd.NA if row.unit == "percent" else known and earlier > 0
        )
        assert (row.comparison_note == "") == nothing_lost
    pd.testing.assert_frame_equal(compared.drop(columns=ADDED), values)


@given(series())
def test_the_change_back_has_the_opposite_sign(values):
    turned = values.assign(
        period=pd.PeriodIndex.from_ordinals(
            400 - pd.PeriodIndex(values["period"]).asi8, freq="Q-DEC"
        )
    )
    there, back = (
        quarter_over_quarter(frame)["change"].dropna().sort_values().tolist()
        for frame in (values, turned)
    )
    assert there == [-change for change in reversed(back)]


@given(series(complete=True), st.data())
def test_a_quarter_taken_out_is_missed_not_replaced(values, data):
    row = data.draw(st.sampled_from(range(len(values))))
    gone = values.iloc[row]
    compared = by_key(quarter_over_quarter(values.drop(index=row)))
    after = tuple(gone[name] + 1 if name == "period" else gone[name] for name in KEY)
    if after in compared.index:
        found = compared.loc[after]
        assert found[["previous", "change", "change_pct", "change_pp"]].isna().all()
        said = "không có số liệu kỳ trước"
        if pd.isna(found["value"]):
            undefined = found["status"] == "undefined"
            said = "không tính được (mẫu số bằng 0)" if undefined else "kỳ này chưa có số liệu"
        assert found["comparison_note"].startswith(said)
    expected = by_key(quarter_over_quarter(values))
    others = compared.index.difference(pd.MultiIndex.from_tuples([after], names=KEY))
    pd.testing.assert_frame_equal(compared.loc[others], expected.loc[others])


@given(series())
def test_nothing_turns_its_argument(values):
    before = values.copy(deep=True)
    for turn in (quarter_over_quarter, year_over_year, year_to_date, to_quarterly):
        turn(values)
    pd.testing.assert_frame_equal(values, before)


# Year to date and back: unit cases


def test_a_rate_to_date_is_the_quotient_of_the_sums():
    to_date = year_to_date(rates([(1, 2), (3, 4), (0, 14)]))
    assert to_date["numerator"].tolist() == [1.0, 4.0, 4.0]
    assert to_date["denominator"].tolist() == [2.0, 6.0, 20.0]
    assert to_date["value"].tolist() == [50.0, 100 * 4 / 6, 20.0]
    assert set(to_date["basis"]) == {"year_to_date"}


def test_a_mean_of_percentages_is_one_already(monkeypatch):
    # 13.3 % and 20 % in one quarter, 50 % of a third procedure in the next; as if it added up.
    known = find_indicator("time_reduction_mean")
    monkeypatch.setattr(accumulation, "find_indicator", lambda code: replace(known, additive=True))
    frame = counts(
        [16.65, 50.0],
        indicator="time_reduction_mean",
        unit="percent",
        numerator=[33.3, 50.0],
        denominator=[2, 1],
    )
    to_date = year_to_date(frame)
    assert to_date["numerator"].tolist() == [33.3, 83.3]
    assert to_date["value"].tolist() == pytest.approx([16.65, 83.3 / 3])
    back = to_quarterly(to_date)
    assert back["value"].tolist() == pytest.approx([16.65, 50.0])


def test_nothing_in_nothing_is_undefined_until_there_is_something():
    to_date = year_to_date(rates([(0, 0), (1, 2)]))
    assert to_date["value"].tolist() == [pd.NA, 50.0]
    assert to_date["status"].tolist() == ["undefined", "reported"]
    back = to_quarterly(to_date)
    assert back["value"].tolist() == [pd.NA, 50.0]
    assert back["status"].tolist() == ["undefined", "reported"]


def test_a_new_year_starts_anew():
    to_date = year_to_date(counts([5, 7], periods=["2019Q4", "2020Q1"]))
    assert to_date["value"].tolist() == [pd.NA, 7.0]


@pytest.mark.parametrize(
    ("lang", "note"),
    [
        ("vi", "không cộng dồn được: thiếu Quý II/2020"),
        ("en", "cannot be added up: Q2 2020 is missing"),
    ],
)
def test_a_missing_quarter_leaves_no_year_to_date(lang, note):
    for frame in (
        counts([18, 16, 9], periods=["2020Q1", "2020Q3", "2020Q4"]),
        counts([18, None, 16, 9]).drop(index=1),
        rates([(1, 2), (3, None), (1, 1), (1, 1)]).drop(index=1),
    ):
        to_date = year_to_date(frame, lang=lang)
        assert to_date["value"].notna().tolist() == [True, False, False]
        assert to_date["note"].tolist()[1:] == [note, note]
        assert to_date["status"].tolist()[1:] == ["not_reported"] * 2


def test_an_empty_quarter_is_missing_too():
    to_date = year_to_date(rates([(1, 2), (3, None), (1, 1)]))
    assert to_date["value"].tolist() == [50.0, pd.NA, pd.NA]
    assert set(to_date["note"][1:]) == {"không cộng dồn được: thiếu Quý II/2020"}
    assert to_date["numerator"].tolist() == [1.0, pd.NA, pd.NA]


@pytest.mark.parametrize(
    ("lang", "notes"),
    [
        (
            "vi",
            [
                "số quý I cũng là lũy kế từ đầu năm",
                "không tách được: thiếu lũy kế 6 tháng đầu năm 2020",
                "lũy kế nhỏ hơn lũy kế quý trước",
            ],
        ),
        (
            "en",
            [
                "the first quarter is the year to date as well",
                "cannot be taken apart: the year to date of first 6 months of 2020 is missing",
                "the year to date is below that of the quarter before",
            ],
        ),
    ],
)
def test_what_cannot_be_taken_apart_says_why(lang, notes):
    frame = counts([18, 50, 49], periods=["2020Q1", "2020Q3", "2020Q4"], basis="year_to_date")
    quarters = to_quarterly(frame, lang=lang)
    assert quarters["value"].tolist() == [18.0, pd.NA, pd.NA]
    assert quarters["note"].tolist() == notes
    assert set(quarters["basis"]) == {"in_period"}


def test_an_empty_year_to_date_is_named_itself():
    quarters = to_quarterly(counts([18, None, 50], basis="year_to_date"))
    assert quarters["value"].tolist() == [18.0, pd.NA, pd.NA]
    missing = "không tách được: thiếu lũy kế 6 tháng đầu năm 2020"
    assert quarters["note"].tolist()[1:] == [missing, missing]


@pytest.mark.parametrize(
    ("turn", "begin_vi", "begin_en", "end_vi", "end_en"),
    [
        (
            year_to_date,
            "không cộng dồn được",
            "cannot be added up",
            "tính từ biểu lũy kế",
            "measure it on the year-to-date form",
        ),
        (
            to_quarterly,
            "không tách được",
            "cannot be taken apart",
            "tính từ biểu của quý",
            "measure it on the quarter's own form",
        ),
    ],
)
# Dossiers carried over; a whole year's denominator; what quarters may count twice.
@pytest.mark.parametrize(
    "indicator", ["on_time_rate_received", "training_share_of_previous_year", "time_reduction"]
)
def test_what_does_not_add_up_says_why(turn, indicator, begin_vi, begin_en, end_vi, end_en):
    basis = "in_period" if turn is year_to_date else "year_to_date"
    frame = counts(
        [50, 50],
        basis=basis,
        indicator=indicator,
        unit="percent",
        numerator=1,
        denominator=2,
        periods=["2020Q2", "2020Q3"],
    )
    vi = (
        f"{begin_vi}: tử số hoặc mẫu số không phải của riêng từng quý (như hồ sơ chuyển kỳ, "
        f"số thời điểm, số cả năm, hoặc có thể tính hai lần); {end_vi}"
    )
    en = (
        f"{begin_en}: its numerator or denominator is not the quarter's alone (such as dossiers "
        f"carried over, a stock, a whole year's figure, or what may be counted twice); {end_en}"
    )
    for lang, note in (("vi", vi), ("en", en)):
        turned = turn(frame, lang=lang)
        assert turned[["numerator", "denominator", "value"]].isna().all(axis=None)
        assert turned["note"].tolist() == [note, note]
        assert set(turned["status"]) == {"not_reported"}


@pytest.mark.parametrize(
    ("turn", "vi", "en"),
    [
        (
            year_to_date,
            "không cộng dồn được một tỷ lệ không có tử số, mẫu số",
            "a rate without numerator and denominator does not add up",
        ),
        (
            to_quarterly,
            "không tách được một tỷ lệ không có tử số, mẫu số",
            "a rate without numerator and denominator cannot be taken apart",
        ),
    ],
)
@pytest.mark.parametrize(
    "columns",
    [{"indicator": "my_rate", "unit": "percent"}, {"indicator": "on_time_rate_settled"}],
)
def test_a_rate_without_parts_says_why(turn, columns, vi, en):
    basis = "in_period" if turn is year_to_date else "year_to_date"
    frame = counts([50, 50], basis=basis, **columns)
    for lang, note in (("vi", vi), ("en", en)):
        turned = turn(frame, lang=lang)
        assert turned["value"].tolist() == [50.0, pd.NA]
        assert turned["status"].tolist() == ["reported", "not_reported"]
        assert turned["note"][1] == note


# Quarter I is the year to date


@pytest.mark.parametrize("turn", [year_to_date, to_quarterly])
@pytest.mark.parametrize(
    "columns",
    [
        {"indicator": "on_time_rate_received", "numerator": 59, "denominator": 60},
        {"indicator": "training_share_of_previous_year", "numerator": 59, "denominator": 60},
        {"indicator": "my_rate"},
        {"indicator": "on_time_rate_settled"},
    ],
)
def test_the_first_quarter_is_kept_as_it_is(turn, columns):
    bases = ["in_period", "year_to_date"]
    old, new = bases if turn is year_to_date else reversed(bases)
    # 59/60 = 98.33: what was printed stays.
    frame = complete_values(counts([98.3, 98.3], basis=old, unit="percent", **columns))
    turned = turn(frame)
    figures = ["numerator", "denominator", "value", "unit", "status", "source"]
    pd.testing.assert_series_equal(turned.loc[0, figures], frame.loc[0, figures])
    assert turned.loc[0, ["basis", "note"]].tolist() == [new, "số quý I cũng là lũy kế từ đầu năm"]
    assert turned["value"][1] is pd.NA


def test_the_first_quarter_undefined_or_empty_stays_so():
    frame = rates([(0, 0), (1, 2)], indicator="on_time_rate_received")
    assert year_to_date(frame)["status"].tolist() == ["undefined", "not_reported"]
    empty = year_to_date(counts([None], indicator="on_time_rate_received", unit="percent"))
    assert empty["note"].tolist() == ["không cộng dồn được: thiếu Quý I/2020"]


# Quarters printed "-"


def test_a_dash_stays_a_dash():
    dashes = counts([None, None, None], status="not_applicable")
    assert year_to_date(dashes)["status"].tolist() == ["not_applicable"] * 3
    assert year_to_date(dashes)["note"].tolist() == [""] * 3
    to_date = to_quarterly(dashes.assign(basis="year_to_date"))
    assert to_date["status"].tolist() == ["not_applicable"] * 3


def test_a_dash_adds_nothing_once_a_quarter_has_a_figure():
    frame = counts(
        [None, None, 5, 7],
        status=["not_applicable", "not_applicable", "reported", "reported"],
    )
    to_date = year_to_date(frame)
    assert to_date["value"].tolist() == [pd.NA, pd.NA, 5.0, 12.0]
    assert to_date["status"].tolist() == ["not_applicable"] * 2 + ["reported"] * 2
    note = "cộng dồn từ đầu năm; quý I, II ghi '-': không cộng"
    assert to_date["note"].tolist() == ["", "", note, note]
    english = year_to_date(frame, lang="en")["note"][2]
    assert english == (
        "added up from the start of the year; quarter I, II was printed '-': nothing added"
    )
    back = to_quarterly(to_date)
    assert back["value"].tolist() == [pd.NA, pd.NA, 5.0, 7.0]
    assert back["note"][2].endswith("lũy kế 6 tháng đầu năm 2020 ghi '-': không có gì để trừ")


def test_a_dash_in_a_rate_adds_nothing_to_numerator_and_denominator():
    frame = rates([(3, 4), (None, 10), (1, 4)]).assign(
        status=["reported", "not_applicable", "reported"]
    )
    to_date = year_to_date(frame)
    assert to_date["numerator"].tolist() == [3.0, 3.0, 4.0]
    assert to_date["denominator"].tolist() == [4.0, 4.0, 8.0]
    assert to_date["note"].tolist() == [
        "số quý I cũng là lũy kế từ đầu năm",
        *["cộng dồn từ đầu năm; quý II ghi '-': không cộng"] * 2,
    ]


def test_a_dash_does_not_stand_for_a_missing_quarter():
    frame = counts([None, None, 5], status=["not_applicable", "not_reported", "reported"])
    to_date = year_to_date(frame)
    assert to_date["status"].tolist() == ["not_applicable", "not_reported", "not_reported"]
    assert set(to_date["note"][1:]) == {"không cộng dồn được: thiếu Quý II/2020"}


def test_a_dash_after_a_figure_is_not_taken_for_nothing():
    frame = counts(
        [3, None, 5],
        basis="year_to_date",
        status=["reported", "not_applicable", "reported"],
    )
    quarters = to_quarterly(frame)
    assert quarters["value"].tolist() == [3.0, pd.NA, pd.NA]
    assert quarters["status"].tolist() == ["reported", "not_applicable", "not_reported"]


def test_stocks_and_the_other_basis_pass_through():
    frame = complete_values(
        counts(
            [40, 18, 99],
            periods=["2020Q1", "2020Q1", "2020Q4"],
            basis=["as_of", "in_period", "year_to_date"],
        )
    )
    to_date = year_to_date(frame)
    pd.testing.assert_frame_equal(to_date.iloc[[0, 2]], frame.iloc[[0, 2]])
    quarters = to_quarterly(frame)
    pd.testing.assert_frame_equal(quarters.iloc[[0, 1]], frame.iloc[[0, 1]])


def test_nothing_to_turn_is_returned_completed():
    stock = counts([40], basis="as_of")
    pd.testing.assert_frame_equal(year_to_date(stock), complete_values(stock))


def test_what_was_reported_beats_what_was_derived():
    frame = counts(
        [18, 18, 37],
        periods=["2020Q1", "2020Q2", "2020Q2"],
        basis=["in_period", "in_period", "year_to_date"],
        source=["a", "b", "c"],
    )
    to_date = year_to_date(frame)
    assert to_date["value"].tolist() == [18.0, 37.0]
    assert to_date["source"].tolist() == ["a", "c"]
    quarters = to_quarterly(frame)
    assert quarters["value"].tolist() == [18.0, 18.0]
    assert quarters["source"].tolist() == ["a", "b"]


@pytest.mark.parametrize(
    ("lang", "sum_", "difference"),
    [
        ("vi", "khác tổng các quý: 36", "khác lũy kế trừ lũy kế: 19"),
        ("en", "the quarters add up to 36", "year to date less year to date is 19"),
    ],
)
def test_what_was_reported_says_what_it_differs_from(lang, sum_, difference):
    frame = counts(
        [18, 18, 18, 37],
        periods=["2020Q1", "2020Q2", "2020Q1", "2020Q2"],
        basis=["in_period", "in_period", "year_to_date", "year_to_date"],
        note=["", "a", "", "b"],
    )
    to_date = year_to_date(frame, lang=lang)
    assert to_date[["value", "note"]].values.tolist() == [[18.0, ""], [37.0, f"b; {sum_}"]]
    quarters = to_quarterly(frame, lang=lang)
    assert quarters[["value", "note"]].values.tolist() == [
        [18.0, ""],
        [18.0, f"a; {difference}"],
    ]


def test_what_agrees_or_is_rounded_says_nothing():
    frame = rates([(1, 3), (1, 3)]).assign(value=[33.3, 33.3], unit="percent", basis="in_period")
    told = frame.assign(basis="year_to_date", value=[33.3, 33.5])
    to_date = year_to_date(pd.concat([frame, told]))
    assert to_date["value"].tolist() == [33.3, 33.5]
    assert to_date["note"].tolist() == ["", "khác tổng các quý: 33,33"]


# Going on from a reported year to date


@pytest.mark.parametrize(
    ("lang", "note"),
    [
        ("vi", "cộng tiếp vào lũy kế 6 tháng đầu năm 2020 đã báo cáo"),
        ("en", "added on to the year to date reported for first 6 months of 2020"),
    ],
)
def test_a_reported_year_to_date_is_added_to(lang, note):
    frame = counts(
        [36, 16, 4],
        periods=["2020Q2", "2020Q3", "2020Q4"],
        basis=["year_to_date", "in_period", "in_period"],
        origin=["reported", "computed", "computed"],
        source=["a", "b", "c"],
        window_start=["2020-01-01", "2020-06-15", "2020-09-15"],
        window_end=["2020-06-14", "2020-09-14", "2020-12-14"],
    )
    to_date = year_to_date(frame, lang=lang)
    assert to_date["value"].tolist() == [36.0, 52.0, 56.0]
    assert to_date["note"].tolist() == ["", note, note]
    assert to_date["source"].tolist() == ["a", "a; b", "a; b; c"]
    assert to_date["window_start"].tolist() == [pd.Timestamp("2020-01-01")] * 3
    quarters = to_quarterly(to_date.assign(origin="reported"))
    assert quarters["value"].tolist() == [pd.NA, 16.0, 4.0]


def test_a_rate_goes_on_from_its_parts_and_not_without_them():
    frame = rates([(1, 2), (3, 4), (0, 4)]).assign(basis=["in_period", "year_to_date", "in_period"])
    to_date = year_to_date(frame)
    assert to_date["numerator"].tolist() == [1.0, 3.0, 3.0]
    assert to_date["value"].tolist() == [50.0, 75.0, 37.5]
    bare = frame.assign(
        value=[50.0, 75.0, 0.0],
        unit="percent",
        numerator=pd.array([1, None, 0], dtype="Float64"),
    )
    assert year_to_date(bare)["value"].tolist() == [50.0, 75.0, pd.NA]


@pytest.mark.parametrize(
    ("claimed", "last"),
    [("reported", pd.NA), ("claimed", 52.0)],
)
def test_a_claim_goes_on_from_a_claim_alone(claimed, last):
    frame = counts(
        [36, 16],
        periods=["2020Q2", "2020Q3"],
        basis=["year_to_date", "in_period"],
        origin=["claimed", claimed],
    )
    assert year_to_date(frame)["value"].tolist() == [36.0, last]


def test_a_quarter_missing_after_the_reported_year_to_date_is_named():
    frame = counts(
        [18, 36, 4],
        periods=["2020Q1", "2020Q2", "2020Q4"],
        basis=["in_period", "year_to_date", "in_period"],
    )
    to_date = year_to_date(frame)
    assert to_date["value"].tolist() == [18.0, 36.0, pd.NA]
    assert to_date["note"][2] == "không cộng dồn được: thiếu Quý III/2020"


def test_a_year_to_date_of_another_series_or_year_is_not_added_to():
    frame = counts(
        [36, 36, 36, 16],
        periods=["2020Q2", "2019Q2", "2020Q2", "2020Q3"],
        basis=["year_to_date"] * 3 + ["in_period"],
        group=["other", "all", "all", "all"],
        agency=["Sở A", "Sở A", "Sở B", "Sở A"],
    )
    assert year_to_date(frame)["value"].tolist() == [36.0, 36.0, 36.0, pd.NA]


def test_what_was_derived_fills_what_was_not_reported():
    frame = counts(
        [18, 18, None],
        periods=["2020Q1", "2020Q2", "2020Q2"],
        basis=["in_period", "in_period", "year_to_date"],
    )
    assert year_to_date(frame)["value"].tolist() == [18.0, 36.0]


def test_a_gap_told_twice_is_kept_once_as_it_was_told():
    frame = counts(
        [18, None],
        periods=["2020Q2", "2020Q2"],
        basis=["in_period", "year_to_date"],
        note=["", "chưa có"],
    )
    to_date = year_to_date(frame)
    assert to_date[["value", "note"]].values.tolist() == [[pd.NA, "chưa có"]]


def test_a_claim_stays_apart():
    frame = counts(
        [18, 20, 30],
        periods=["2020Q1", "2020Q2", "2020Q2"],
        basis=["in_period", "in_period", "year_to_date"],
        origin=["reported", "reported", "claimed"],
    )
    to_date = year_to_date(frame)
    assert to_date[["value", "origin"]].values.tolist() == [
        [18.0, "reported"],
        [38.0, "reported"],
        [30.0, "claimed"],
    ]


def test_windows_are_joined_and_parted():
    windows = [Window.of(pd.Period("2020Q1") + at) for at in range(3)]
    frame = counts(
        [1, 2, 3],
        window_start=[window.start for window in windows],
        window_end=[window.end for window in windows],
    )
    to_date = year_to_date(frame)
    ends = pd.to_datetime(["2020-03-14", "2020-06-14", "2020-09-14"]).to_list()
    assert to_date["window_start"].tolist() == [pd.Timestamp("2019-12-15")] * 3
    assert to_date["window_end"].tolist() == ends
    back = to_quarterly(to_date)
    assert back["window_start"].tolist() == [pd.Timestamp(window.start) for window in windows]
    assert back["window_end"].tolist() == ends


@pytest.mark.parametrize(
    ("second", "vi", "en"),
    [
        (
            "2020-03-29",
            "kỳ số liệu giữa quý I và quý II hở 14 ngày",
            "the windows of quarters I and II leave a gap of 14 days",
        ),
        (
            "2020-03-01",
            "kỳ số liệu giữa quý I và quý II chồng 14 ngày",
            "the windows of quarters I and II overlap by 14 days",
        ),
    ],
)
def test_windows_that_do_not_join_are_noted_and_the_sum_stands(second, vi, en):
    frame = counts(
        [1, 2, 3],
        window_start=["2019-12-15", second, "2020-06-15"],
        window_end=["2020-03-14", "2020-06-14", "2020-09-14"],
    )
    to_date = year_to_date(frame)
    assert to_date["value"].tolist() == [1.0, 3.0, 6.0]
    assert to_date["note"].tolist()[1:] == [f"cộng dồn từ đầu năm; {vi}"] * 2
    assert "quý II" not in to_date["note"][0]
    assert year_to_date(frame, lang="en")["note"][1].endswith(f"; {en}")


def test_every_gap_up_to_the_quarter_is_noted():
    frame = counts(
        [1, 2, 3],
        window_start=["2019-12-15", "2020-03-16", "2020-06-10"],
        window_end=["2020-03-14", "2020-06-14", "2020-09-14"],
    )
    notes = year_to_date(frame)["note"].tolist()
    assert notes[1] == "cộng dồn từ đầu năm; kỳ số liệu giữa quý I và quý II hở 1 ngày"
    assert notes[2] == notes[1] + "; kỳ số liệu giữa quý II và quý III chồng 5 ngày"


def test_a_gap_is_counted_from_the_reported_year_to_date():
    frame = counts(
        [18, 36, 16],
        periods=["2020Q1", "2020Q2", "2020Q3"],
        basis=["in_period", "year_to_date", "in_period"],
        window_start=["2020-02-01", "2020-01-01", "2020-06-15"],
        window_end=["2020-03-14", "2020-06-12", "2020-09-14"],
    )
    assert year_to_date(frame)["note"][2] == (
        "cộng tiếp vào lũy kế 6 tháng đầu năm 2020 đã báo cáo; "
        "kỳ số liệu giữa quý II và quý III hở 2 ngày"
    )


def test_a_window_without_a_start_starts_where_the_decree_has_the_year_start():
    ends = ["2020-03-14", "2020-06-14"]
    frame = counts([1, 2], window_start=[None, "2020-03-15"], window_end=ends)
    assert year_to_date(frame)["window_start"].tolist() == [pd.Timestamp("2019-12-15")] * 2
    assert year_to_date(frame)["note"][1] == "cộng dồn từ đầu năm"
    unknown = year_to_date(counts([1, 2]))
    assert unknown[["window_start", "window_end"]].isna().all(axis=None)
    assert unknown["note"][1] == "cộng dồn từ đầu năm"


def test_the_source_names_every_quarter_used():
    frame = counts([1, 2, 3], source=["báo cáo quý I", "báo cáo quý II", "báo cáo quý III"])
    to_date = year_to_date(frame)
    assert to_date["source"].tolist() == [
        "báo cáo quý I",
        "báo cáo quý I; báo cáo quý II",
        "báo cáo quý I; báo cáo quý II; báo cáo quý III",
    ]
    quarters = to_quarterly(frame.assign(basis="year_to_date"))
    assert quarters["source"].tolist() == [
        "báo cáo quý I",
        "báo cáo quý I; báo cáo quý II",
        "báo cáo quý II; báo cáo quý III",
    ]


def test_one_source_is_named_once_and_an_unused_one_not_at_all():
    same = year_to_date(counts([1, 2], source="một báo cáo"))
    assert same["source"].tolist() == ["một báo cáo"] * 2
    lost = year_to_date(counts([None, 2], source=["báo cáo quý I", "báo cáo quý II"]))
    assert lost["source"].tolist() == ["báo cáo quý I", "báo cáo quý II"]


def test_what_was_noted_is_kept():
    to_date = year_to_date(counts([1, 2], note=["", "gần đúng"]))
    assert to_date["note"].tolist() == [
        "số quý I cũng là lũy kế từ đầu năm",
        "gần đúng; cộng dồn từ đầu năm",
    ]


def test_further_columns_are_kept_but_no_stale_comparison():
    compared = quarter_over_quarter(counts([1, 2], remark=["x", "y"]))
    to_date = year_to_date(compared)
    assert to_date["remark"].tolist() == ["x", "y"]
    assert not set(ADDED) & set(to_date.columns)


@pytest.mark.parametrize("turn", [year_to_date, to_quarterly])
def test_a_language_that_is_not_spoken_is_refused(turn):
    with pytest.raises(CchcError, match="no labels in language 'fr'"):
        turn(counts([1]), lang="fr")


# Year to date and back: laws

PARTS = ["numerator", "denominator", "value", "status", "window_start", "window_end"]


@given(series(complete=True))
def test_taking_apart_undoes_adding_up(values):
    back = to_quarterly(year_to_date(values))
    pd.testing.assert_frame_equal(back[[*KEY, *PARTS]], values[[*KEY, *PARTS]], check_exact=True)


@given(series(complete=True))
def test_the_last_quarter_to_date_is_the_sum_of_the_year(values):
    to_date = year_to_date(values)
    last = by_key(to_date[to_date["period"].dt.quarter == 4]).droplevel("period")
    for (agency, indicator, group, origin, year), part in values.groupby(
        ["agency", "indicator", "group", "origin", values["period"].dt.year]
    ):
        rows = to_date[
            (
                to_date[["agency", "indicator", "group", "origin"]]
                == [agency, indicator, group, origin]
            ).all(axis=1)
            & (to_date["period"] == pd.Period(year=year, quarter=4, freq="Q-DEC"))
        ]
        found, total = rows.iloc[0], part[["numerator", "denominator"]].sum(min_count=1)
        assert found["numerator"] == total["numerator"]
        if indicator == "my_count":
            assert found["value"] == part["value"].sum()
        elif total["denominator"] == 0:
            assert found["value"] is pd.NA
        else:
            assert found["value"] == pytest.approx(
                100 * total["numerator"] / total["denominator"], rel=1e-12
            )
    assert len(last) == len(values) / 4


@given(
    st.lists(st.none() | st.sampled_from(["-", "", 0, 1, 20]), min_size=4, max_size=4),
    st.lists(st.none() | st.sampled_from(["", 5, 30]), min_size=4, max_size=4),
)
def test_each_quarter_is_added_to_what_is_known_before_it(alone, reported):
    frames, expected, sum_before = [], {}, 0
    seen = False
    for at, (quarter, stated) in enumerate(zip(alone, reported, strict=True)):
        for cell, basis in ((quarter, "in_period"), (stated, "year_to_date")):
            if cell is not None:
                status = {"-": "not_applicable", "": "not_reported"}.get(cell, "reported")
                value = [cell if status == "reported" else None]
                period = [str(pd.Period("2020Q1") + at)]
                frames.append(counts(value, periods=period, basis=basis, status=status))
        adds = {"-": 0, "": None}.get(quarter, quarter)
        sum_before = None if None in (adds, sum_before) else sum_before + adds
        seen = seen or quarter not in ("-", None, "")
        if stated not in (None, ""):
            sum_before, seen = stated, True
        if quarter is not None or stated is not None:
            expected[at + 1] = sum_before if seen else None
    assume(frames)
    to_date = year_to_date(pd.concat(frames)).query("basis == 'year_to_date'")
    found = dict(zip(to_date["period"].dt.quarter, to_date["value"], strict=True))
    assert {at: None if pd.isna(value) else value for at, value in found.items()} == {
        at: value for at, value in expected.items() if value is not None or at in found
    }


@given(series(), st.sampled_from([year_to_date, to_quarterly]))
def test_a_turned_row_has_a_value_exactly_where_it_is_reported(values, turn):
    basis = "in_period" if turn is year_to_date else "year_to_date"
    turned = turn(values.assign(basis=pd.Series(basis, index=values.index, dtype="str")))
    assert ((turned["status"] == "reported") == turned["value"].notna()).all()
    assert len(turned) == len(values)
    assert (turned["note"] != "").all()


@given(series(), st.randoms(use_true_random=False))
def test_permuting_rows_permutes_the_years_to_date(values, random):
    order = random.sample(range(len(values)), len(values))
    for turn in (year_to_date, to_quarterly):
        expected = turn(values).iloc[order].reset_index(drop=True)
        pd.testing.assert_frame_equal(turn(values.iloc[order]), expected)


# The real quarter: Bình Định, Department of Science and Technology, section II.4.b


@pytest.fixture(scope="module")
def seed():
    return cchc_stats.measure(cchc_stats.read_report(SEED).tables)


def training(values, group, **chosen):
    rows = values[(values["indicator"] == "training_turns") & (values["group"] == group)]
    for name, cell in chosen.items():
        rows = rows[rows[name] == cell]
    return rows.sort_values("period")


@pytest.mark.parametrize(
    ("group", "printed", "to_date"),
    [("civil_servants", [18, 18, 16], [18, 36, 52]), ("public_employees", [1, 5, 1], [1, 6, 7])],
)
def test_training_turns_add_up_as_the_report_has_them(seed, group, printed, to_date):
    quarters = training(seed, group, basis="in_period").head(3)
    assert quarters["value"].tolist() == printed
    added = training(year_to_date(seed), group, basis="year_to_date")
    added = added[added["period"].dt.year == 2020].head(3)
    assert added["value"].tolist() == to_date
    assert "cột Quý I;" in added["source"].iloc[2]
    assert added["source"].iloc[2].endswith("cột Quý III")


@pytest.mark.parametrize(("group", "year"), [("civil_servants", 51), ("public_employees", 33)])
def test_the_year_before_stands_alone(seed, group, year):
    to_date = training(year_over_year(year_to_date(seed)), group, basis="year_to_date")
    last = to_date[to_date["period"] == pd.Period("2019Q4")].iloc[0]
    assert last["value"] == year
    nine_months = to_date[to_date["period"] == pd.Period("2020Q3")].iloc[0]
    assert nine_months[FIGURES].isna().all()
    assert nine_months["comparison_note"] == ("không có số liệu kỳ trước (9 tháng đầu năm 2019)")
    # The year 2019 was reported, its fourth quarter was not.
    quarter = training(to_quarterly(seed), group, period=pd.Period("2019Q4")).iloc[0]
    assert quarter["value"] is pd.NA
    assert quarter["note"] == "không tách được: thiếu lũy kế 9 tháng đầu năm 2019"


def test_training_turns_of_civil_servants_fell_by_two(seed):
    compared = quarter_over_quarter(to_quarterly(seed))
    row = training(compared, "civil_servants", period=pd.Period("2020Q3")).iloc[0]
    assert row[["value", "previous", "change"]].tolist() == [16.0, 18.0, -2.0]
    assert cchc_stats.format_number(round(row["change_pct"], 1)) == "-11,1"
    assert row["change_pp"] is pd.NA
    assert row["comparison_note"] == ""


def test_the_seed_itself_is_refused_quarter_over_quarter(seed):
    with pytest.raises(ValuesError, match=r"call to_quarterly\(values\) first"):
        quarter_over_quarter(seed)


# Size


def test_many_rows_with_one_agency_in_many_spellings_are_compared_in_one_pass():
    size = 400
    names = np.repeat([f"Sở số {number}" for number in range(size)], 2)
    names[1::2] = [name.upper() for name in names[1::2]]
    frame = counts([1] * len(names), agency=names, periods=["2020Q1", "2020Q2"] * size)
    notes = quarter_over_quarter(frame)["comparison_note"]
    assert notes[1::2].str.contains("kỳ trước có tên gần giống: Sở số").all()
    assert not notes[::2].str.contains("gần giống").any()


def test_a_year_to_date_is_taken_apart_by_the_quarters_that_were_reported():
    quarters = pd.DataFrame(
        {
            "agency": "Sở A",
            "period": ["2020Q1", "2020Q2", "2020Q3", "2020Q4"],
            "basis": ["in_period"] * 3 + ["year_to_date"],
            "indicator": "training_turns",
            "value": [18, 18, 16, 60],
            "source": ["một", "hai", "ba", "năm"],
        }
    )
    last = to_quarterly(quarters).iloc[3]
    assert (last["basis"], last["value"]) == ("in_period", 8)
    # A quarter that did not report leaves the last one unknown.
    assert pd.isna(to_quarterly(quarters.drop(index=1)).iloc[-1]["value"])
    # What was reported to date is taken before the sum.
    told = pd.concat(
        [quarters, quarters.iloc[[2]].assign(basis="year_to_date", value=50)], ignore_index=True
    )
    assert 10 in to_quarterly(told)["value"].tolist()


def test_values_without_a_unit_have_that_of_their_indicator():
    rate = pd.DataFrame(
        {
            "agency": "Sở A",
            "period": ["2020Q1", "2020Q2"],
            "indicator": "on_time_rate_settled",
            "numerator": [9, 19],
            "denominator": [10, 20],
            "value": [90.0, 95.0],
        }
    )
    for code in ("on_time_rate_settled", "my_rate"):
        own = rate.assign(indicator=code)
        to_date = year_to_date(own)
        assert to_date["value"].round(2).tolist() == [90.0, 93.33]
        assert to_date["unit"].tolist() == ["percent", "percent"]
        change = quarter_over_quarter(own).iloc[1]
        assert change["change_pp"] == 5
        assert pd.isna(change["change_pct"])
    plain = rate.assign(indicator="my_ratio", value=[0.9, 0.95])
    assert year_to_date(plain)["unit"].tolist() == ["", ""]


def test_a_quarter_cannot_have_more_on_time_than_settled():
    rate = pd.DataFrame(
        {
            "agency": "Sở A",
            "period": ["2020Q1", "2020Q2"],
            "basis": "year_to_date",
            "indicator": "on_time_rate_settled",
            "numerator": [9, 15],
            "denominator": [20, 22],
        }
    )
    second = to_quarterly(rate).iloc[1]
    assert pd.isna(second["value"])
    assert second["note"] == (
        "không tách được: tử số của quý lớn hơn mẫu số, một số lũy kế trước đó đã được sửa"
    )


def test_rates_of_dossiers_carried_over_have_no_limits_of_change_between_neighbours():
    own = pd.DataFrame(
        {
            "agency": "Sở A",
            "period": ["2020Q1", "2020Q2", "2021Q1"],
            "indicator": "on_time_rate_received",
            "numerator": [50, 55, 56],
            "denominator": 60,
        }
    )
    told = quarter_over_quarter(own, lang="en").iloc[1]
    assert pd.isna(told["change_low"])
    assert told["comparison_note"] == (
        "no limits of the change: dossiers carried over are counted in both quarters"
    )
    # A year apart no dossier is in both; and settled ones never are.
    assert year_over_year(own)["change_low"].notna().tolist() == [False, False, True]
    settled = own.assign(indicator="on_time_rate_settled")
    assert quarter_over_quarter(settled)["change_low"].notna().tolist() == [False, True, False]
