"""The values frame: what is filled in, what is refused and how, and the way to a file and back."""

import gzip
import zipfile
from datetime import datetime
from decimal import Decimal

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cchc_stats.trends import quarter_over_quarter
from cchc_stats.values.columns import COLUMNS, KEY, ORIGINS, STATUSES, TYPES, run_starts
from cchc_stats.values.files import read_values, write_values
from cchc_stats.values.frame import (
    combined_codes,
    complete_values,
    key_codes,
    repeated_codes,
    window_columns,
)
from cchc_stats.words.errors import CchcError, ReadError, ValuesError
from cchc_stats.words.periods import BASES, Window


def own(**columns):
    """Return one row of a user's values, or more where a column has more."""
    base = {"agency": "Sở A", "period": "2020Q3", "indicator": "my_count", "value": 5}
    table = base | columns
    size = (
        max(len(cells) for cells in table.values() if isinstance(cells, list))
        if any(isinstance(cells, list) for cells in table.values())
        else 1
    )
    return pd.DataFrame(
        {
            name: cells if isinstance(cells, list) else [cells] * size
            for name, cells in table.items()
            if cells is not None
        }
    )


def refusal(frame):
    with pytest.raises(ValuesError) as caught:
        complete_values(frame)
    return str(caught.value)


@st.composite
def values_frames(draw, *, min_size=1):
    """Values as they may be: any texts, absences, windows, all bases, statuses and origins."""
    texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\r\n\t"))
    names = texts.filter(str.strip)
    number = st.none() | st.floats(allow_nan=False, allow_infinity=False)
    day = st.none() | st.dates(pd.Timestamp("1990-01-01").date(), pd.Timestamp("2100-12-31").date())
    row = st.fixed_dictionaries(
        {
            "agency": names,
            "period": st.integers(80, 520).map(lambda n: pd.Period(ordinal=n, freq="Q-DEC")),
            "basis": st.sampled_from(BASES),
            "indicator": names,
            "group": names,
            "numerator": number,
            "denominator": number,
            "value": number,
            # A percentage has to be the quotient of its parts; that is tested apart.
            "unit": texts.filter(lambda text: text != "percent"),
            "status": st.sampled_from(STATUSES),
            "origin": st.sampled_from(ORIGINS),
            "window_start": day,
            "window_end": day,
            "source": texts,
            "note": texts,
        }
    )
    rows = draw(
        st.lists(
            row,
            min_size=min_size,
            max_size=6,
            unique_by=lambda one: tuple(one[name] for name in KEY),
        )
    )
    return pd.DataFrame(rows)


# What is filled in


def test_a_figure_needs_no_more_than_agency_period_indicator_and_value():
    row = complete_values(own()).iloc[0]
    assert row.drop(["numerator", "denominator", "window_start", "window_end"]).to_dict() == {
        "agency": "Sở A",
        "period": pd.Period("2020Q3"),
        "basis": "in_period",
        "indicator": "my_count",
        "group": "all",
        "value": 5.0,
        "unit": "",
        "status": "reported",
        "origin": "reported",
        "source": "",
        "note": "",
    }
    assert row[["numerator", "denominator", "window_start", "window_end"]].isna().all()


def test_columns_and_types_are_the_contract():
    completed = complete_values(own(extra="x"))
    assert list(completed.columns) == [*COLUMNS, "extra"]
    assert {name: str(completed[name].dtype) for name in COLUMNS} == TYPES


@pytest.mark.parametrize(
    ("columns", "value", "unit", "status"),
    [
        ({"numerator": 3, "denominator": 4}, 75.0, "percent", "reported"),
        (
            {"numerator": 3, "denominator": 4, "unit": "turns_per_person"},
            0.75,
            "turns_per_person",
            "reported",
        ),
        ({"numerator": 3, "denominator": 4, "unit": ""}, 75.0, "percent", "reported"),
        ({"numerator": 5, "denominator": 4}, 125.0, "percent", "reported"),
        ({"numerator": 0, "denominator": 0}, pd.NA, "percent", "undefined"),
        ({"numerator": 3, "denominator": 0}, pd.NA, "percent", "undefined"),
        ({"numerator": None, "denominator": 4}, pd.NA, "percent", "not_reported"),
        ({"numerator": 3, "denominator": pd.NA}, pd.NA, "percent", "not_reported"),
    ],
)
def test_numerator_and_denominator_alone_give_the_value(columns, value, unit, status):
    frame = own(value=None)
    for name, cell in columns.items():
        frame[name] = pd.Series([cell], dtype="str" if name == "unit" else "Float64")
    row = complete_values(frame).iloc[0]
    assert (row["unit"], row["status"]) == (unit, status)
    assert row["value"] is pd.NA if value is pd.NA else row["value"] == value


def test_a_stated_value_is_not_recomputed():
    completed = complete_values(own(value=98.3, numerator=60, denominator=61, unit="percent"))
    assert completed["value"].tolist() == [98.3]
    assert complete_values(own(value=5, denominator=0))["status"].tolist() == ["reported"]


def test_blank_cells_take_the_defaults_one_by_one():
    completed = complete_values(
        own(
            group=["", "a", None],
            origin=["claimed", "", None],
            value=[1, None, 2],
            basis=["as_of", None, ""],
            status=["", "", "not_applicable"],
        )
    )
    assert completed["group"].tolist() == ["all", "a", "all"]
    assert completed["origin"].tolist() == ["claimed", "reported", "reported"]
    assert completed["basis"].tolist() == ["as_of", "in_period", "in_period"]
    assert completed["status"].tolist() == ["reported", "not_reported", "not_applicable"]


def test_the_basis_is_read_from_the_text_of_the_period():
    completed = complete_values(
        own(period=["9 tháng đầu năm 2020", "quý III năm 2020", "năm 2019"], agency=list("ABC"))
    )
    assert completed["basis"].tolist() == ["year_to_date", "in_period", "year_to_date"]
    assert completed["period"].astype(str).tolist() == ["2020Q3", "2020Q3", "2019Q4"]


def test_the_text_of_the_period_counts_where_the_basis_is_blank_but_not_against_a_stock():
    completed = complete_values(
        own(period="9 tháng đầu năm 2020", basis=["", "as_of", "year_to_date"], agency=list("ABC"))
    )
    assert completed["basis"].tolist() == ["year_to_date", "as_of", "year_to_date"]


def test_missing_numbers_are_na_however_they_were_missing():
    frame = own(value=[np.nan, None, pd.NA], agency=list("ABC"))
    assert complete_values(frame)["value"].isna().all()
    raw = pd.DataFrame({"value": pd.arrays.FloatingArray(np.array([np.nan]), np.array([False]))})
    completed = complete_values(own().assign(value=raw["value"]))
    assert completed["value"].isna().all()
    assert completed["status"].tolist() == ["not_reported"]


def test_typed_values_with_missing_texts_are_filled_too():
    completed = complete_values(own())
    hole = completed.assign(
        unit=pd.Series([None], dtype="str"), basis=pd.Series([None], dtype="str")
    )
    again = complete_values(hole)
    pd.testing.assert_frame_equal(again, completed)


def test_the_index_is_renumbered_and_the_argument_is_not_touched():
    frame = own(agency=["A", "B"])
    frame.index = [7, 7]
    before = frame.copy(deep=True)
    completed = complete_values(frame)
    completed.loc[0, "value"] = 99.0
    assert completed.index.tolist() == [0, 1]
    pd.testing.assert_frame_equal(frame, before)


def test_changing_the_result_leaves_typed_values_alone():
    completed = complete_values(own(agency=["A", "B"]))
    before = completed.copy(deep=True)
    again = complete_values(completed)
    again.loc[0, ["value", "note"]] = [99.0, "changed"]
    pd.testing.assert_frame_equal(completed, before)


@given(values_frames())
def test_completing_twice_is_completing_once(frame):
    once = complete_values(frame)
    pd.testing.assert_frame_equal(complete_values(once), once)


# What is refused


@pytest.mark.parametrize("name", ["agency", "period", "indicator"])
def test_a_missing_column_is_named(name):
    assert f"column {name} is missing" in refusal(own().drop(columns=name))


def test_without_any_figure_there_is_nothing_to_complete():
    said = refusal(own().drop(columns="value").assign(numerator=1))
    assert "neither column value nor columns numerator and denominator are there" in said


def test_a_column_twice_is_refused():
    doubled = pd.concat([own(), own()[["value"]]], axis=1)
    assert "column value stands more than once" in refusal(doubled)


def test_no_rows_and_no_frame_are_refused():
    assert refusal(own().head(0)).startswith("there are no values\n")
    assert "mend:  measure a report first" in refusal(own().head(0))
    assert refusal(own()["value"]).startswith("values are a DataFrame, not a Series\n")


def test_two_rows_with_one_key_are_refused_with_their_key():
    said = refusal(own(value=[1, 2, 3], agency=["A", "B", "A"], group="rows"))
    assert "rows 1, 3 have the same agency, period, basis, indicator, group, origin" in said
    assert "the first: A, 2020Q3, in_period, my_count, rows, reported" in said


def test_two_origins_of_one_figure_are_two_candidates_not_a_duplicate():
    assert len(complete_values(own(value=[1, 2], origin=["reported", "claimed"]))) == 2


@pytest.mark.parametrize("name", ["agency", "indicator"])
@pytest.mark.parametrize("blank", ["", "  ", None])
def test_an_empty_key_is_refused(name, blank):
    assert f"column {name} is empty in row 2" in refusal(own(**{name: ["x", blank]}))


def test_an_empty_period_is_refused():
    frame = own(agency=["A", "B"]).assign(period=pd.PeriodIndex(["2020Q3", None], freq="Q-DEC"))
    assert "column period is empty in row 2" in refusal(frame)


@pytest.mark.parametrize("month", ["tháng 8/2020", pd.Period("2020-08", freq="M")])
def test_a_month_is_refused_with_how_to_sum(month):
    said = refusal(own(period=[month]))
    assert "column period" in said
    assert "a quarter is needed, not a month: 2020-08" in said
    assert "sum the counts (never the rates) of the three months" in said


def test_a_text_that_is_no_quarter_is_refused_with_its_cell():
    said = refusal(own(period="năm ngoái"))
    assert "năm ngoái" in said
    assert "column period" in said


def test_a_year_that_cannot_be_is_refused():
    periods = pd.PeriodIndex(["2020Q3", "2200Q3"], freq="Q-DEC")
    said = refusal(own(agency=["A", "B"]).assign(period=periods))
    assert "column period: 2200Q3 in row 2 is outside 1990-2100" in said


@pytest.mark.parametrize("cell", ["5", "06", "1.234", "13,3%", "-", True])
@pytest.mark.parametrize("name", ["value", "numerator", "denominator"])
def test_a_text_in_a_figure_is_refused_not_guessed(name, cell):
    said = refusal(own(agency=["A", "B"], **{name: [1, cell]}))
    assert (
        f"column {name}: {cell!r} in row 2 is no number: read texts with parse_number first" in said
    )


@pytest.mark.parametrize("infinity", [np.inf, -np.inf])
@pytest.mark.parametrize("name", ["value", "numerator", "denominator"])
def test_an_infinite_figure_is_refused(name, infinity):
    said = refusal(own(agency=["A", "B"], **{name: [1.0, infinity]}))
    assert f"column {name} is infinite in row 2" in said


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("basis", "in_period, year_to_date, as_of"),
        ("status", "reported, not_applicable, not_reported, undefined"),
        ("origin", "reported, computed, tallied, claimed"),
    ],
)
def test_an_unknown_word_is_refused_with_those_there_are(name, words):
    said = refusal(own(agency=["A", "B"], **{name: ["", "strange"]}))
    assert f"column {name}: 'strange' in row 2 is none of {words}" in said


@pytest.mark.parametrize("cell", ["15/6/2020", 20200615, "2020-13-01", "2020-06-15T00:00+07:00"])
def test_a_window_that_is_no_date_is_refused(cell):
    said = refusal(own(window_start=[cell]))
    assert f"column window_start: {cell!r} in row 1 is no date" in said
    assert "give dates, or texts such as 2020-06-15" in said


def test_nine_months_are_no_quarter_whatever_the_basis_says():
    said = refusal(
        own(period=["2020Q3", "9 tháng đầu năm 2020"], basis="in_period", agency=["A", "B"])
    )
    assert (
        "column basis: in_period in row 2, but the period '9 tháng đầu năm 2020' tells year_to_date"
        in said
    )


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ({"value": 50}, "value 50 beside 3/4 (75)"),
        ({"value": 0.75}, "value 0.75 beside 3/4 (75)"),
        ({"value": 74.4, "origin": "computed"}, "value 74.4 beside 3/4 (75)"),
        ({"value": 75, "denominator": 4.5}, "value 75 beside 3/4.5 (66.67)"),
    ],
)
def test_a_percentage_that_its_parts_contradict_is_refused(columns, told):
    parts = {"unit": "percent", "numerator": 3, "denominator": 4}
    right = own(**parts, agency="A").assign(value=75)
    said = refusal(pd.concat([right, own(**parts | columns, agency="B")]))
    assert f"columns value, numerator, denominator: {told} in row 2\n" in said


@pytest.mark.parametrize(
    "columns",
    [
        {"value": 74.6},
        {"value": 75.4},
        {"value": 50, "origin": "claimed"},
        {"value": 50, "unit": "turns_per_person"},
        {"value": None},
        {"value": 50, "denominator": 0},
        {"value": 50, "numerator": None},
        # Means of percentages.
        {"value": 16.7, "numerator": 33.3, "denominator": 2},
        {"value": 0.8, "numerator": 1.6, "denominator": 2, "origin": "computed"},
    ],
)
def test_what_is_rounded_claimed_or_no_share_is_not_judged(columns):
    frame = own(**{"unit": "percent", "numerator": 3, "denominator": 4, "value": 1} | columns)
    if "value" not in frame:
        frame["value"] = pd.NA
    assert len(complete_values(frame)) == 1


def test_all_faults_come_at_once():
    frame = own(
        agency=["A", "", "C"],
        basis=["in_period", "quarterly", "in_period"],
        value=["x", 1, 2],
        numerator=[1.0, np.inf, 1.0],
        period="tháng 8/2020",
    ).drop(columns="indicator")
    said = refusal(frame)
    assert said.startswith("values cannot be used: 6 faults\n")
    for fault in (
        "column indicator is missing",
        "not a month: 2020-08",
        "column value: 'x' in row 1",
        "column agency is empty in row 2",
        "column basis: 'quarterly' in row 2",
        "column numerator is infinite in row 2",
    ):
        assert fault in said
    assert said.endswith("mend:  correct the frame; its columns are described in complete_values()")


def test_many_rows_are_not_all_listed():
    said = refusal(own(agency=[""] * 8, group=list("abcdefgh")))
    assert "column agency is empty in rows 1, 2, 3, 4, 5 and 3 more" in said


# Keys and windows


@given(values_frames(), st.lists(st.sampled_from(KEY), min_size=1, unique=True))
def test_key_codes_agree_exactly_where_the_keys_do(frame, key):
    codes = key_codes(frame, key)
    cells = list(frame[key].itertuples(index=False, name=None))
    assert sorted(set(codes)) == list(range(len(set(cells))))
    assert len(set(zip(codes, cells, strict=True))) == len(set(cells))


@given(st.lists(st.integers(0, 6)), st.sampled_from([1, 10**6]))
def test_codes_that_stand_twice_are_seen_however_far_apart_codes_are(codes, apart):
    there = repeated_codes(np.array(codes, dtype="int64") * apart)
    assert there.tolist() == [codes.count(code) > 1 for code in codes]


@given(st.lists(st.sampled_from(["Sở A", "Sở B"])), st.booleans())
def test_a_run_of_texts_starts_where_another_text_stands_above(texts, one_object):
    # Alike is what reads alike, wherever it is in memory.
    cells = np.array([t if one_object else "".join([*t]) for t in texts], dtype=object)
    expected = [row for row in range(len(texts)) if row == 0 or texts[row] != texts[row - 1]]
    assert run_starts(cells).tolist() == expected
    assert run_starts(cells.repeat(2)[::2]).tolist() == expected


def test_combined_codes_do_not_overflow():
    rng = np.random.default_rng(0)
    columns = [rng.integers(0, 2**40, 50) for _ in range(4)]
    doubled = [np.r_[column, column] for column in columns]
    codes = combined_codes(doubled)
    assert len(set(codes)) == 50
    assert (codes[:50] == codes[50:]).all()


def test_window_columns_are_the_decrees():
    periods = pd.Series(pd.PeriodIndex(["2020Q3", "2020Q1", "2020Q3", "2020Q3"], freq="Q-DEC"))
    basis = pd.Series(["in_period", "in_period", "year_to_date", "as_of"], dtype="str")
    starts, ends = window_columns(periods, basis)
    days = [
        Window(pd.Timestamp(start), pd.Timestamp(end))
        for start, end in zip(starts, ends, strict=True)
    ]
    assert [str(window) for window in days] == [
        "15/06/2020-14/09/2020",
        "15/12/2019-14/03/2020",
        "15/12/2019-14/09/2020",
        "14/09/2020-14/09/2020",
    ]


# To a file and back


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("values")


@given(frame=values_frames(), name=st.sampled_from(["values.csv", "values.csv.gz"]))
def test_what_was_written_is_read(folder, frame, name):
    completed = complete_values(frame)
    path = write_values(frame, folder / name)
    pd.testing.assert_frame_equal(read_values(path), completed, check_exact=True)


def test_the_absences_and_the_texts_that_look_like_them_survive(tmp_path):
    frame = own(
        agency=["NA", "nan", "null", "None"],
        value=[0, None, None, None],
        status=["reported", "not_applicable", "not_reported", "undefined"],
        note=["", "-", "NaN", 'a "b", c'],
        window_start=["2020-06-15", "", None, "2020-06-15"],
    )
    again = read_values(write_values(frame, tmp_path / "values.csv"))
    assert again["agency"].tolist() == ["NA", "nan", "null", "None"]
    assert again["value"].tolist() == [0.0, pd.NA, pd.NA, pd.NA]
    assert again["status"].tolist() == ["reported", "not_applicable", "not_reported", "undefined"]
    assert again["note"].tolist() == ["", "-", "NaN", 'a "b", c']
    assert again["window_start"].isna().tolist() == [False, True, True, False]


def test_a_name_in_gz_is_compressed(tmp_path):
    path = write_values(own(), tmp_path / "values.csv.gz")
    assert gzip.decompress(path.read_bytes()).decode("utf-8-sig").startswith("agency,period,basis,")


def test_writing_refuses_what_completing_refuses(tmp_path):
    with pytest.raises(ValuesError, match="column value is infinite in row 1"):
        write_values(own(value=np.inf), tmp_path / "values.csv")
    assert not (tmp_path / "values.csv").exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.csv", b""),
        ("utf16.csv", "agency,period".encode("utf-16")),
        ("ragged.csv", b"a,b\n1,2\n1,2,3,4\n"),
        ("no.csv.gz", b"agency,period"),
        ("cut.csv.gz", gzip.compress(b"agency,period,indicator,value\nA,2020Q3,n,1\n" * 50)[:-12]),
    ],
    # The file's name alone: what gzip writes holds the time of day.
    ids=lambda case: case if isinstance(case, str) else "",
)
def test_a_file_of_something_else_is_refused(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ReadError) as caught:
        read_values(path)
    said = str(caught.value)
    assert said.startswith("the values cannot be read: ")
    assert f"where: {path}" in said
    assert said.endswith("mend:  give a file that write_values() wrote")


def test_cells_that_are_no_numbers_are_refused_with_their_places(tmp_path):
    path = tmp_path / "values.csv"
    head = "agency,period,indicator,value,numerator\n"
    path.write_text(head + "A,2020Q3,x,1,2\nA,2020Q3,y,năm,\nA,2020Q3,z,,1.2.3\n", encoding="utf-8")
    with pytest.raises(ReadError, match="a figure of the values is no number") as caught:
        read_values(path)
    assert str(path) in caught.value.where
    assert "column value, row 2: 'năm'" in caught.value.where
    assert "column numerator, row 3: '1.2.3'" in caught.value.where
    path.write_bytes(b"")
    with pytest.raises(ReadError, match="the values cannot be read: the file is empty"):
        read_values(path)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(ReadError, match="the values cannot be read: .*No such file"):
        read_values(tmp_path / "nothing.csv")


def test_a_table_that_is_no_values_frame_is_refused_with_its_file(tmp_path):
    path = tmp_path / "other.csv"
    path.write_text("agency,value\nA,1\n", encoding="utf-8")
    with pytest.raises(ValuesError) as caught:
        read_values(path)
    assert str(path) in str(caught.value)
    assert "column period is missing" in str(caught.value)
    assert "column indicator is missing" in str(caught.value)


def test_a_key_that_is_no_text_is_refused_and_a_decimal_is_a_number():
    with pytest.raises(ValuesError, match=r"column agency: \['x'\] in row 1 is no text"):
        complete_values(own().assign(agency=[["x"]] * len(own())))
    with pytest.raises(ValuesError, match="column indicator: 5 in row"):
        complete_values(own().assign(indicator=5))
    assert complete_values(own().assign(value=Decimal("2.5")))["value"].eq(2.5).all()


def test_the_file_carries_the_mark_that_spreadsheets_look_for(tmp_path):
    path = write_values(own(agency="Sở Nội vụ"), tmp_path / "values.csv")
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert read_values(path)["agency"].unique().tolist() == ["Sở Nội vụ"]


def test_a_file_that_cannot_be_written_is_told(tmp_path):
    with pytest.raises(CchcError, match="there is no such folder to write into") as caught:
        write_values(own(), tmp_path / "no folder" / "values.csv")
    assert "mend:  make it first" in str(caught.value)


def test_a_comparison_comes_back_from_a_file_as_it_was(tmp_path):
    changes = quarter_over_quarter(own(period=["2020Q1", "2020Q2", "2020Q4"], value=[0, 1, 2]))
    again = read_values(write_values(changes, tmp_path / "changes.csv"))
    pd.testing.assert_frame_equal(again, changes)


def test_a_missing_period_is_told_once():
    said = refusal(own(period=["2020Q2", None]))
    assert "1 fault\n" in said
    assert "column period is empty in row 2" in said


@pytest.mark.parametrize("name", ["values.xls", "values"])
def test_a_file_of_another_kind_is_refused(tmp_path, name):
    with pytest.raises(CchcError, match="values are not kept as") as caught:
        write_values(own(), tmp_path / name)
    assert "ends in .csv, .csv.gz, .xlsx, .parquet, .duckdb, .json" in str(caught.value)
    assert not (tmp_path / name).exists()
    with pytest.raises(CchcError, match="decimal=',' is no decimal sign of a .json file"):
        write_values(own(), tmp_path / "a.json", decimal=",")


KINDS = ["a.csv", "a.csv.gz", "a.xlsx", "a.parquet", "a.duckdb", "a.json"]


@pytest.mark.parametrize("name", KINDS)
def test_each_kind_of_file_gives_the_same_frame_and_the_same_bytes(small, tmp_path, name):
    changes = quarter_over_quarter(own(period=["2020Q1", "2020Q2", "2020Q4"], value=[0, 1, 2.125]))
    number = float if name == "a.xlsx" else int  # a workbook has one kind of number
    own_columns = {"of_mine": pd.Series([1, 2, 3], dtype=number), "spelled": ["a", "", "b"]}
    for values in (small, changes, small.assign(**own_columns)):
        path = write_values(values, tmp_path / name)
        again = read_values(path)
        pd.testing.assert_frame_equal(again[values.columns.tolist()], values)
        assert list(again) == list(values)
    if name != "a.duckdb":  # whose pages hold whatever was in memory
        first = write_values(small, tmp_path / name).read_bytes()
        assert write_values(small, tmp_path / name).read_bytes() == first
    if name == "a.xlsx":  # nor the second in which it was made
        with zipfile.ZipFile(tmp_path / name) as book:
            assert b"1980-01-01T00:00:00Z" in book.read("docProps/core.xml")


@pytest.mark.parametrize("name", KINDS)
def test_further_columns_of_periods_and_days_are_written(small, tmp_path, name):
    quarters = pd.PeriodIndex(["2020Q1", "2020Q2", "2020Q3"], freq="Q")
    days = pd.to_datetime(["2020-01-01", None, "2020-01-03"])
    path = write_values(small.assign(since=quarters, on=days), tmp_path / name)
    assert read_values(path)["since"].tolist() == ["2020Q1", "2020Q2", "2020Q3"]


@pytest.mark.parametrize("name", ["a.json", "a.parquet"])
def test_a_column_that_a_file_cannot_hold_is_named(small, tmp_path, name):
    with pytest.raises(CchcError, match="file cannot hold a column of the frame") as caught:
        write_values(small.assign(strange=[object(), object(), object()]), tmp_path / name)
    assert "where: columns strange" in str(caught.value)
    assert not (tmp_path / name).exists()


def test_a_text_that_no_cell_can_hold_is_refused(small, tmp_path):
    with pytest.raises(CchcError, match="a sheet holds texts of 32,767 letters"):
        write_values(small.assign(note="x" * 32_768), tmp_path / "a.xlsx")


def test_other_engines_see_periods_as_text_and_as_days(small, tmp_path):
    path = write_values(small, tmp_path / "a.parquet")
    rows = duckdb.sql(
        f"SELECT period, period_start, period_end, value FROM '{path}' WHERE value = 98.5"
    ).fetchall()
    assert rows == [("2020Q3", datetime(2020, 7, 1), datetime(2020, 9, 30), 98.5)]
    with duckdb.connect(str(write_values(small, tmp_path / "a.duckdb")), read_only=True) as store:
        assert store.execute("SELECT count(*) FROM cchc_values").fetchone() == (3,)


def test_a_vietnamese_spreadsheet_reads_decimals_as_decimals(small, tmp_path):
    path = write_values(small, tmp_path / "a.csv", decimal=",")
    text = path.read_text(encoding="utf-8-sig")
    assert ";98,5;" in text
    assert "98.5" not in text
    pd.testing.assert_frame_equal(read_values(path), small)


def test_a_point_among_decimal_commas_is_refused(small, tmp_path):
    """98.125 is 98125 there, and 98.125 elsewhere: nothing in the file says which."""
    path = write_values(small, tmp_path / "a.csv", decimal=",")
    path.write_text(path.read_text("utf-8-sig").replace(";98,5;", ";98.125;"), "utf-8")
    with pytest.raises(ValuesError, match="a point in row 1, where decimals are commas"):
        read_values(path)


def test_columns_that_are_not_there_are_as_columns_that_are_empty():
    bare = own(agency=["Sở A", "Sở B", "Sở C"], value=[5, None, 7])
    empty = bare.assign(**dict.fromkeys(["basis", "group", "origin", "status"], ""))
    half = empty.assign(basis=["", "as_of", None], status=["reported", "", ""])
    completed = complete_values(bare)
    pd.testing.assert_frame_equal(complete_values(empty), completed)
    assert completed["status"].tolist() == ["reported", "not_reported", "reported"]
    told = complete_values(half)
    assert told["basis"].tolist() == ["in_period", "as_of", "in_period"]
    pd.testing.assert_frame_equal(told.drop(columns="basis"), completed.drop(columns="basis"))


def test_counts_joined_to_values_get_their_value():
    """A frame of one's own below one that is complete: nothing of it is stated but its counts."""
    complete = complete_values(rates([60], [60]))
    own = rates([50, 0, 5], [60, 0, 6]).assign(agency=["B", "C", "D"])
    joined = pd.concat([complete, own], ignore_index=True)
    told = complete_values(joined.assign(status=[*["reported", None, None], "not_reported"]))
    assert told["value"].round(1).tolist() == [100.0, 83.3, pd.NA, pd.NA]
    assert told["unit"].tolist() == ["percent", "percent", "", ""]
    assert told["status"].tolist() == ["reported", "reported", "undefined", "not_reported"]


def rates(numerator, denominator):
    return pd.DataFrame(
        {
            "agency": "A",
            "period": "2020Q3",
            "indicator": "on_time_rate_settled",
            "numerator": numerator,
            "denominator": denominator,
        }
    )


@pytest.fixture(scope="module")
def small():
    """Return values with a group like a formula, a note in two lines, and an absence."""
    return complete_values(
        pd.DataFrame(
            {
                "agency": ["Sở Y tế", "Sở Y tế", "Sở A"],
                "period": "2020Q3",
                "indicator": "on_time_rate_settled",
                "group": ["=1+1", "'-x", "all"],
                "numerator": [98.5, 2, None],
                "denominator": [100, 3, None],
                "note": ["một\r\nhai", "", "-"],
            }
        )
    )


@pytest.mark.parametrize("name", KINDS)
def test_a_file_cut_anywhere_is_refused_or_equal_to_the_whole(small, tmp_path, name):
    path = write_values(small, tmp_path / name)
    whole, equal = path.read_bytes(), 0
    pd.testing.assert_frame_equal(read_values(path), small)
    # A file of an engine takes as long to open as a hundred texts: not at every byte.
    step = max(1, len(whole) // 60) if name in ("a.parquet", "a.duckdb", "a.xlsx") else 1
    for length in range(0, len(whole), step):
        path.write_bytes(whole[:length])
        try:
            read = read_values(path)
        except CchcError:
            continue
        pd.testing.assert_frame_equal(read, small)
        equal += 1
    assert equal <= 2  # without its last line end


def test_a_table_of_ones_own_cut_within_a_row_is_refused(tmp_path):
    """It numbers no rows: 1380 was read as 13, and a row that ends early as one without figures."""
    path = tmp_path / "a.csv"
    rows = [
        "agency;period;indicator;value;note",
        "Sở A;2020Q3;my_count;1380;",
        "B;2020Q3;my_count;2;x",
    ]
    whole = "\n".join([*rows, ""]).encode()
    for length in range(len(rows[0]) + 2, len(whole)):
        path.write_bytes(whole[:length])
        if whole[:length].endswith(b"\n"):
            assert len(read_values(path)) == 1  # between two rows: it may have no more
            continue
        with pytest.raises(CchcError):
            read_values(path)
    path.write_text("\n".join([rows[0], "Sở A;2020Q3;my_count", rows[2], ""]), "utf-8")
    with pytest.raises(ReadError, match="fewer or more cells than the heading\n.*, row 1\n"):
        read_values(path)
    path.write_text("\n".join([rows[0], *[f"{row};y" for row in rows[1:]], ""]), "utf-8")
    with pytest.raises(ReadError, match="fewer or more cells than the heading"):
        read_values(path)


def test_a_cut_file_says_where(small, tmp_path):
    path = write_values(small, tmp_path / "a.csv")
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:-1]))
    with pytest.raises(CchcError) as caught:
        read_values(path)
    assert str(caught.value) == (
        "of 3 rows that the head states 2 are whole\n"
        f"  where: {path}, row 3, column row_of_3\n"
        "  mend:  write or copy the file again; if rows were taken out on purpose, delete the "
        "column row_of_3"
    )


@pytest.mark.parametrize("decimal", [".", ","])
def test_further_columns_with_blanks_come_back_as_they_were(small, tmp_path, decimal):
    own = small.assign(
        share=pd.array([1.5, None, 0.1 + 0.2], dtype="Float64"),
        whole=pd.array([None, 7, -3], dtype="Int64"),
        called=pd.array([True, None, False], dtype="boolean"),
        full=[1, 2, 3],
        tiny=[1e-9, 2.5, 3.0],
        code=pd.array(["007", "", "12"], dtype="str"),
        remark=pd.array(["", "1.234,5", ""], dtype="str"),
        nothing=pd.array(["", "", ""], dtype="str"),
    )
    again = read_values(write_values(own, tmp_path / "a.csv", decimal=decimal))
    pd.testing.assert_frame_equal(again, complete_values(own))


def test_rows_in_another_order_are_whole(small, tmp_path):
    path = write_values(small, tmp_path / "a.csv")
    table = pd.read_csv(path, dtype="str", keep_default_na=False)
    table.iloc[::-1].to_csv(path, index=False)
    assert len(read_values(path)) == 3


def test_no_text_of_a_values_file_calculates(small, tmp_path):
    text = write_values(small, tmp_path / "a.csv").read_text(encoding="utf-8-sig")
    assert ",'=1+1," in text
