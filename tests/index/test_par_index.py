"""PAR INDEX over the years: classes by year, published results, and where the scheme changed."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cchc_stats.index import par_index_trend, par_index_years
from cchc_stats.words.errors import ValuesError

PUBLISHED = pd.read_csv(
    Path(__file__).parents[2] / "data" / "published" / "par_index.csv", keep_default_na=True
)
# Unit, year, class, rank, change to the year before: as published or worked out from it.
CASES = [
    ("Quảng Ninh", 2019, "A", 1, None),
    ("Hà Nội", 2019, "B", 2, None),
    ("Kiên Giang", 2021, "C", 63, None),
    ("Tuyên Quang", 2021, "B", 34, 2.76),
    ("Quảng Ninh", 2022, "A", 1, -1.04),
    ("Quảng Ninh", 2023, "A", 1, 2.08),
    ("Hải Phòng", 2024, "A", 1, 4.3),
    ("Bà Rịa - Vũng Tàu", 2024, "A", 2, 2.32),
]
TREND = par_index_trend(PUBLISHED).set_index(["unit", "year"])


@pytest.mark.parametrize(("unit", "year", "code", "rank", "change"), CASES)
def test_published_results_and_their_classes(unit, year, code, rank, change):
    row = TREND.loc[(unit, year)]
    assert (row["class"], row["rank"]) == (code, rank)
    assert (None if pd.isna(row["change"]) else row["change"]) == change


def test_it_says_where_the_scheme_changed_and_where_nobody_knows():
    assert TREND.loc[("Hải Phòng", 2024), "scheme_changed"]
    note = TREND.loc[("Hải Phòng", 2024), "note"]
    assert note == "so hai bộ tiêu chí khác nhau: 876/QĐ-BNV (2023) và 892/QĐ-BNV (2024)"
    assert pd.isna(TREND.loc[("Quảng Ninh", 2022), "scheme_changed"])
    assert "chưa rõ bộ tiêu chí năm 2021" in TREND.loc[("Quảng Ninh", 2022), "note"]


def test_a_year_that_is_missing_is_not_bridged():
    row = TREND.loc[("Quảng Ninh", 2021)]
    assert pd.isna(row["previous"]) and pd.isna(row["change"])


def test_the_group_a_began_at_80_in_2018():
    own = pd.DataFrame({"year": [2018, 2018, 2019], "unit": ["X", "Y", "X"], "value": [85, 75, 85]})
    trend = par_index_trend(own).set_index(["unit", "year"])
    assert trend["class"].to_dict() == {("X", 2018): "A", ("X", 2019): "B", ("Y", 2018): ""}
    assert "chưa biết ngưỡng" in trend.loc[("Y", 2018), "note"]


def test_two_spellings_are_one_province_and_two_tones_are_two():
    own = pd.DataFrame(
        {"year": [2022, 2023, 2023], "unit": ["Hoà Thủy", "Hòa Thuỷ", "Hòa Thúy"], "value": 80.0}
    )
    assert par_index_trend(own)["change"].notna().tolist() == [False, True, False]


def test_a_mean_or_a_region_has_no_class():
    assert (TREND.loc[TREND.index.get_level_values(0) == "Đông Nam Bộ", "class"] == "").all()


def test_each_years_scheme_and_classes():
    """Decisions 1150 (2019), 876 (2022, 2023) and 892 (2024); A from 80 in 2018, from 90 since."""
    years = par_index_years()
    assert years.dtypes.astype("str").tolist() == [
        *("Int64", "str", *4 * ["Int64"], *3 * ["Float64"], *3 * ["str"])
    ]
    counts = ["fields", "criteria", "sub_criteria", "survey_points"]
    table = years.astype(object).where(years.notna(), None).set_index("year")
    before, since = (8, 43, 95, None), (8, 37, 88, 32)
    nobody, usual = 4 * (None,), (90.0, 80.0, 70.0)
    assert table[["decision", *counts, "class_a", "class_b", "class_c"]].T.to_dict("list") == {
        2018: ["", *nobody, 80.0, None, None],
        2019: ["1150/QĐ-BNV", *before, *usual],
        2020: ["", *nobody, *usual],
        2021: ["", *nobody, *usual],
        2022: ["876/QĐ-BNV", *since, *usual],
        2023: ["876/QĐ-BNV", *since, *usual],
        2024: ["892/QĐ-BNV", *since, *usual],
    }
    assert table["note"].eq("").tolist() == [False, True, False, False, False, True, True]
    assert table.loc[2020, "note"] == "chưa thấy nguồn cho biết quyết định"
    assert par_index_years(lang="en").set_index("year").loc[2020, "note"].startswith("no source")


def test_every_year_is_sourced():
    years = par_index_years(lang="en")
    assert years["year"].tolist() == list(range(2018, 2025))
    assert (years["source"] != "").all()
    assert (years.loc[years["decision"] == "", "note"] != "").all()


@pytest.mark.parametrize(
    ("frame", "fault"),
    [
        ({"year": [2023, 2023], "unit": ["A", "a"], "value": [1, 2]}, "a is there twice in 2023"),
        ({"year": [2023.5], "unit": ["A"], "value": [1]}, "year 2023.5 is none"),
        ({"year": [2023], "unit": [""], "value": [1]}, "unit is empty"),
        ({"year": [2023], "unit": ["A"], "value": [101]}, "value 101 is no percentage"),
        ({"year": [2023], "unit": ["A"], "value": [1], "rank": [0]}, "rank 0 is no rank"),
        ({"year": [2023], "unit": ["A"]}, "column value is missing"),
        ({"year": [], "unit": [], "value": []}, "no rows"),
    ],
)
def test_faulty_results_are_refused_in_words(frame, fault):
    with pytest.raises(ValuesError, match=fault):
        par_index_trend(pd.DataFrame(frame))


@given(st.permutations(range(len(PUBLISHED))))
def test_the_order_of_rows_changes_no_figure(order):
    again = par_index_trend(PUBLISHED.iloc[order]).set_index(["unit", "year"])
    columns = ["value", "class", "change", "note"]
    pd.testing.assert_frame_equal(again.loc[TREND.index, columns], TREND[columns])
