import datetime as dt
import unicodedata
from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cchc_stats.indicators import INDICATORS
from cchc_stats.words.errors import CchcError, NumberError
from cchc_stats.words.labels import Label, vocabulary, word
from cchc_stats.words.numbers.numerals import STATUSES, UNITS, parse_number, spellings, unit_codes
from cchc_stats.words.numbers.printing import format_counts, format_number

# text, value, denominator, unit
REPORTED = [
    ("0", 0, None, ""),
    ("06", 6, None, ""),
    ("1380", 1380, None, ""),
    ("13,3%", 13.3, None, "percent"),
    ("20%", 20, None, "percent"),
    ("20 %", 20, None, "percent"),
    ("98,81%", 98.81, None, "percent"),
    ("1,7%", 1.7, None, "percent"),
    ("95.27%", 95.27, None, "percent"),
    ("06,5%", 6.5, None, "percent"),
    ("gần 97%", 97, None, "percent"),
    ("99 phần trăm", 99, None, "percent"),
    ("13,3% ngày", 13.3, None, "percent"),
    ("20% ngày làm việc", 20, None, "percent"),
    ("02/3", 2, 3, ""),
    ("2/2", 2, 2, ""),
    ("62/62", 62, 62, ""),
    ("5/21", 5, 21, ""),
    ("0/0", 0, 0, ""),
    ("2 / 3", 2, 3, ""),
    ("3/4 đơn vị", 3, 4, "agencies"),
    ("59,69/65 điểm", 59.69, 65, "points"),
    ("93.76/95 điểm", 93.76, 95, "points"),
    ("1.456/1.625", 1456, 1625, ""),
    ("659.245", 659245, None, ""),
    ("1.234.567", 1234567, None, ""),
    ("1,234,567", 1234567, None, ""),
    ("1.234,5", 1234.5, None, ""),
    ("1,234.5", 1234.5, None, ""),
    ("1.234,567", 1234.567, None, ""),
    ("1 234 567", 1234567, None, ""),
    ("1\u00a0234\u00a0567", 1234567, None, ""),
    ("1\u2009234,5", 1234.5, None, ""),
    ("1\u202f234.567", 1234.567, None, ""),
    ("１２,５％", 12.5, None, "percent"),
    ("0,123", 0.123, None, ""),
    ("0.123", 0.123, None, ""),
    ("1234.567", 1234.567, None, ""),
    ("0,5", 0.5, None, ""),
    ("10,18 ngàn", 10180, None, ""),
    ("10,18 nghìn hồ sơ", 10180, None, "dossiers"),
    ("1,5 triệu", 1500000, None, ""),
    ("2 tỷ", 2 * 10**9, None, ""),
    ("hơn 2.500", 2500, None, ""),
    ("+0,10%", 0.1, None, "percentage_points"),
    ("-1,5%", -1.5, None, "percentage_points"),
    ("0,10 điểm phần trăm", 0.1, None, "percentage_points"),
    ("+0,1 điểm %", 0.1, None, "percentage_points"),
    ("02 ngày làm việc", 2, None, "working_days"),
    ("13 ngày", 13, None, "days"),
    ("62 TTHC", 62, None, "procedures"),
    ("62 thủ tục hành chính", 62, None, "procedures"),
    ("1 procedure", 1, None, "procedures"),
    ("03 cơ quan, đơn vị", 3, None, "agencies"),
    ("1 agency", 1, None, "agencies"),
    ("18 lượt", 18, None, "turns"),
    ("18 lượt người", 18, None, "turns"),
    ("1,5 lượt/người", 1.5, None, "turns_per_person"),
    ("40 biên chế", 40, None, "posts"),
    ("2 trường hợp", 2, None, "cases"),
    ("37 chữ ký số", 37, None, "signatures"),
    ("1" * 40, int("1" * 40), None, ""),
    ("0," + "1" * 40, 1 / 9, None, ""),
    ("1.234.567/2.345.678", 1234567, 2345678, ""),
    ("1,23456789 triệu", 1234567.89, None, ""),
    ("-5", -5, None, ""),
    ("−5", -5, None, ""),
    ("–5,5", -5.5, None, ""),
    ("\ufeff 62\u200b ", 62, None, ""),
]

UNREADABLE = [
    ("abc", "not a number"),
    ("TỔNG SỐ", "not a number"),
    ("(5)", "brackets"),
    ("- 5", "a dash apart from the number"),
    ("5 quả táo", 'not a unit: "qua tao"'),
    ("9/2020", "looks like month/year"),
    ("09/2020", "looks like month/year"),
    ("31/02/2020", "no such day"),
    ("13/13/2020", "no such day"),
    ("20/5 đến 21/4/2019", "the range of dates runs backwards"),
    ("1.23.456", "groups of digits that are no number"),
    ("1.234,56,7", "groups of digits that are no number"),
    ("12.34,5", "groups of digits that are no number"),
    ("1,5/2.5", "two conventions in one cell"),
    ("1.456/1,625", "two conventions in one cell"),
    ("2/3%", "a fraction with a sign, a percent or a multiple"),
    ("-2/3", "a fraction with a sign, a percent or a multiple"),
    ("1/2/3", "not a number"),
    ("2-3", "not a number"),
    ("62 63", "not a number"),
    ("06 123", "not a number"),
    ("5.", 'not a unit: "."'),
    (".5", "not a number"),
    (".", "not a number"),
    ("10²", 'not a unit: "²"'),
    ("1½", 'not a unit: "½"'),
    ("٣", "not a number"),
    ("1e5", "not a number"),
    ("NaN", "not a number"),
    ("8" * 65, "longer than 64 characters"),
]


@pytest.mark.parametrize(("text", "value", "denominator", "unit"), REPORTED)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_numbers_as_printed(text, value, denominator, unit, form):
    number = parse_number(unicodedata.normalize(form, text))
    assert number.status == "reported", number.read_as
    assert (number.value, number.denominator, number.unit) == (value, denominator, unit)
    assert number.text == unicodedata.normalize("NFC", text)
    assert number.read_as


@pytest.mark.parametrize(("text", "why"), UNREADABLE)
def test_what_is_no_number_says_why(text, why):
    number = parse_number(text)
    assert number.status == "unreadable"
    assert why in number.read_as
    assert (number.text, number.value, number.denominator, number.date) == (text, None, None, None)


class Sullen:
    """What can neither be printed nor compared nor kept in a set."""

    def _refuse(self, *_):
        raise RuntimeError("no")

    __str__ = __repr__ = __hash__ = __eq__ = __ne__ = __bool__ = __int__ = __float__ = _refuse


FAR_AWAY = pd.Timestamp(np.datetime64("300000-01-01", "s"))


@pytest.mark.parametrize(
    ("cell", "status"),
    [
        *((dash, "not_applicable") for dash in ("-", "–", "—", " - ", "--", "Không áp dụng")),
        *((none, "not_reported") for none in ("", "  ", "\u00a0", "...", "…", "……", "____")),
        *((none, "not_reported") for none in (None, float("nan"), pd.NA, pd.NaT, np.nan)),
        *((none, "not_reported") for none in (Decimal("NaN"), Decimal("sNaN"), np.float16("nan"))),
        (np.datetime64("NaT", "us"), "not_reported"),
        (np.timedelta64("NaT", "ns"), "not_reported"),
        *((none, "not_reported") for none in (np.datetime64("NaT", "D"), np.ma.masked)),
        *((odd, "unreadable") for odd in (True, np.True_, float("inf"), (1,), {}, object, b"5")),
        *((odd, "unreadable") for odd in (Decimal("-Infinity"), 10**400, pd.Period("2020Q3"))),
        *(
            (odd, "unreadable")
            for odd in ("\ud800", "5 \udcff", b"\xff", 1j, np.timedelta64(5, "D"))
        ),
        *((odd, "unreadable") for odd in (Decimal("1e999999"), Fraction(1, 10**5000), -(10**5000))),
        *((odd, "unreadable") for odd in (FAR_AWAY, np.datetime64(2**62, "Y"), Sullen(), {1, 2})),
    ],
    ids=lambda cell: type(cell).__name__,
)
def test_absences_stay_apart_and_odd_cells_are_no_errors(cell, status):
    number = parse_number(cell)
    assert number.status == status
    assert number.value is None
    column = parse_number([cell, "1"])
    assert column["status"].tolist() == [status, "reported"]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        *((62, 62), (95.27, 95.27), (np.int64(5), 5), (np.float32(0.5), 0.5)),
        *((Decimal("1.5"), 1.5), (Decimal(10**30 + 1), 10**30 + 1), (Decimal("1e-999999"), 0)),
        *((Fraction(1, 8), 0.125), (Fraction(6, 2), 3), (Fraction(-1, 3), -1 / 3)),
        *((np.array(7), 7), (Fraction(10**400 + 1, 10**400), 1.0)),
    ],
    ids=lambda cell: type(cell).__name__,
)
def test_numbers_pass_through(cell, value):
    number = parse_number(cell)
    assert (number.value, number.status) == (value, "reported")
    assert isinstance(number.value, type(value) if value else float)
    assert number.decimals is None
    assert parse_number([cell])["value"].tolist() == [float(value)]


@pytest.mark.parametrize("precision", [1, 6, 50])
def test_the_decimal_context_of_the_caller_changes_nothing(precision):
    texts = [text for text, *_ in REPORTED]
    cells = [Decimal("1234567.25"), Decimal("sNaN"), Decimal(10) ** 30 + 1]
    read, column = [parse_number(cell) for cell in texts + cells], parse_number(texts)
    printed = [format_number(cell) for cell in (1234567.25, Decimal("-1234567.25"), 10**12 + 1)]
    with localcontext() as context:
        context.prec = precision
        assert [parse_number(cell) for cell in texts + cells] == read
        pd.testing.assert_frame_equal(parse_number(texts), column)
        assert format_number(1234567.25) == printed[0]
        assert format_number(Decimal("-1234567.25")) == printed[1]
        assert format_number(10**12 + 1) == printed[2]
        assert format_number(Decimal("1.04"), unit="days", lang="en") == "1.04 days"


@given(st.integers(0, 10**45), st.integers(0, 12))
def test_reading_is_exact(digits, places):
    wanted = Fraction(digits, 10**places)
    whole, rest = divmod(digits, 10**places)
    text = f"{whole},{rest:0{places}d}" if places else str(whole)
    number = parse_number(text, decimal=",")
    assert number.value == (int(wanted) if wanted.denominator == 1 else float(wanted))
    assert type(number.value) is (int if wanted.denominator == 1 else float)


@pytest.mark.parametrize(
    ("text", "date", "date_to"),
    [
        ("09/9/2020", dt.date(2020, 9, 9), None),
        ("2.1.2018", dt.date(2018, 1, 2), None),
        ("1-9-2020", dt.date(2020, 9, 1), None),
        ("ngày 08/11/2011", dt.date(2011, 11, 8), None),
        ("ngày 09 tháng 9 năm 2020", dt.date(2020, 9, 9), None),
        ("2020-09-14", dt.date(2020, 9, 14), None),
        ("14/09/2020 16:30:05", dt.datetime(2020, 9, 14, 16, 30, 5), None),
        ("14/09/2020 07:05", dt.datetime(2020, 9, 14, 7, 5), None),
        ("16:30 14/09/2020", dt.datetime(2020, 9, 14, 16, 30), None),
        ("2020-09-14T16:30:05", dt.datetime(2020, 9, 14, 16, 30, 5), None),
        ("21/4 đến 20/5/2019", dt.date(2019, 4, 21), dt.date(2019, 5, 20)),
        ("21/4 - 20/5/2019", dt.date(2019, 4, 21), dt.date(2019, 5, 20)),
        ("từ ngày 01/01/2020 đến ngày 01/9/2020", dt.date(2020, 1, 1), dt.date(2020, 9, 1)),
        ("từ 15 đến 20/5/2019", dt.date(2019, 5, 15), dt.date(2019, 5, 20)),
    ],
)
def test_dates_as_printed(text, date, date_to):
    number = parse_number(text)
    assert (number.status, number.date, number.date_to) == ("date", date, date_to)
    assert type(number.date) is type(date)
    row = parse_number([text]).iloc[0]
    assert row["date"] == pd.Timestamp(date)
    assert pd.isna(row["date_to"]) if date_to is None else row["date_to"] == pd.Timestamp(date_to)


def test_dates_that_are_no_text():
    assert parse_number(pd.Timestamp("2020-09-09 08:00", tz="UTC")).date == dt.datetime(
        2020, 9, 9, 8
    )
    column = parse_number(pd.Series(pd.to_datetime(["2020-09-09", None])))
    assert column["status"].tolist() == ["date", "not_reported"]
    assert parse_number(np.datetime64("2020-09-09")).date == dt.date(2020, 9, 9)
    assert parse_number(np.datetime64("2020-09")).date == dt.date(2020, 9, 1)
    assert parse_number(np.datetime64("2020-09-09T08:30", "ns")).date == dt.datetime(
        2020, 9, 9, 8, 30
    )


@pytest.mark.parametrize("unit", ["Y", "D", "h", "s", "ms", "us", "ns"])
def test_a_column_of_days(unit):
    days = np.array(["2020-01-01", "NaT", "2020-01-01"], dtype=f"datetime64[{unit}]")
    for cells in (days, list(days), pd.Series(days), pd.array(days)):
        column = parse_number(cells)
        assert column["status"].tolist() == ["date", "not_reported", "date"]
        assert column["date"].tolist()[::2] == [pd.Timestamp("2020-01-01")] * 2


@pytest.mark.parametrize(
    ("text", "approximate"),
    [
        ("gần 97%", "about"),
        ("khoảng 50", "about"),
        ("xấp xỉ 50", "about"),
        ("hơn 2.500", "more_than"),
        ("Trên 50", "more_than"),
        ("dưới 50", "less_than"),
        ("chưa đến 50", "less_than"),
        ("ít nhất 50%", "at_least"),
        ("≥ 95%", "at_least"),
        ("không quá 5", "at_most"),
        ("50", ""),
    ],
)
def test_words_that_make_a_number_approximate(text, approximate):
    assert parse_number(text).approximate == approximate


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("62", "whole number"),
        ("659.245", "ambiguous: thousands dot by default"),
        ("1,234", "ambiguous: decimal comma by default"),
        ("1.234.567,5", "thousands dot; decimal comma"),
        ("95.27%", "decimal point"),
        ("2/3", "fraction"),
        ("1.456/1.625", "ambiguous: fraction; thousands dot by default"),
        ("+0,10%", "decimal comma; explicit sign before %: percentage points"),
        ("13,3% ngày", 'decimal comma; the words after % are not its unit: "ngay"'),
        ("10,18 ngàn", "decimal comma; times 1000"),
        ("98.333%", "decimal point; three decimals: as thousands the percent would be above 100"),
    ],
)
def test_it_says_how_it_was_read(text, read_as):
    assert parse_number(text).read_as == read_as


@pytest.mark.parametrize(
    ("text", "decimals"),
    [("06", 0), ("13,3%", 1), ("95.27%", 2), ("20,0%", 1), ("1.234.567", 0), ("10,18 ngàn", 2)],
)
def test_printed_decimals_are_counted(text, decimals):
    assert parse_number(text).decimals == decimals


# What a lone 1.234 and 1,234 mean.
@pytest.mark.parametrize(
    ("decimal", "dotted", "with_comma"),
    [(None, 1234, 1.234), (",", 1234, 1.234), (".", 1.234, 1234)],
)
def test_a_doubtful_cell_alone(decimal, dotted, with_comma):
    assert parse_number("1.234", decimal=decimal).value == dotted
    assert parse_number("1,234", decimal=decimal).value == with_comma
    assert ("ambiguous" in parse_number("1.234", decimal=decimal).read_as) is (decimal is None)


def test_the_option_is_not_overruled():
    for text, decimal, why in [
        ("95.27%", ",", "implies a decimal point, against the decimal comma by option"),
        ("98,81%", ".", "implies a decimal comma, against the decimal point by option"),
        ("1.234.567", ".", "implies a decimal comma, against the decimal point by option"),
    ]:
        number = parse_number(text, decimal=decimal)
        assert (number.status, number.value, number.read_as) == ("unreadable", None, why)


@pytest.mark.parametrize(
    ("proof", "decimal", "dotted", "with_comma"),
    [
        ("1.234.567", ",", 1234, 1.234),
        ("98,81%", ",", 1234, 1.234),
        ("0,5", ",", 1234, 1.234),
        ("59,69/65 điểm", ",", 1234, 1.234),
        ("95.27%", ".", 1.234, 1234),
        ("12.5", ".", 1.234, 1234),
        ("1,234,567", ".", 1.234, 1234),
    ],
)
def test_a_column_is_decided_by_the_cells_that_leave_no_doubt(proof, decimal, dotted, with_comma):
    column = parse_number(pd.Series(["1.234", "1,234", "5", "", proof], index=list("abcde")))
    assert column.attrs == {"decimal": decimal, "decimal_from": "column"}
    assert column["value"].tolist()[:3] == [dotted, with_comma, 5]
    assert column["status"].tolist() == ["reported"] * 3 + ["not_reported", "reported"]
    assert "by the other cells of the column" in column.loc["a", "read_as"]
    assert column.index.tolist() == list("abcde")


def test_a_column_without_proof_is_vietnamese_and_says_so():
    column = parse_number(["659.245", "1,234", "62"])
    assert column.attrs == {"decimal": ",", "decimal_from": "default"}
    assert column["value"].tolist() == [659245, 1.234, 62]
    assert column["read_as"].str.startswith("ambiguous").tolist() == [True, True, False]


def test_a_column_that_contradicts_itself_is_not_guessed():
    column = parse_number(["1.234,5", "1,234.5", "98,81", "1.234", "7"])
    assert column.attrs == {"decimal": ",", "decimal_from": "both"}
    assert column["value"].tolist() == [1234.5, pd.NA, 98.81, pd.NA, 7]
    assert column["status"].tolist() == [
        "reported", "unreadable", "reported", "unreadable", "reported"
    ]  # fmt: skip
    assert column["read_as"][1] == (
        "implies a decimal point, against the decimal comma of most cells of the column"
    )
    assert column["read_as"][3] == "ambiguous, and the column prints both decimal signs"


def test_repeated_cells_count_each():
    # One text, three rows, outvotes two texts of one row each.
    column = parse_number(["0.5", "0.5", "0.5", "1,5", "2,5"])
    assert column.attrs["decimal"] == "."


def test_the_option_decides_for_a_column():
    column = parse_number(["1.234", "98,81"], decimal=".")
    assert column.attrs == {"decimal": ".", "decimal_from": "option"}
    assert column["value"].tolist() == [1.234, pd.NA]


TYPES = {
    "text": "str",
    "value": "Float64",
    "denominator": "Float64",
    "unit": "str",
    "status": "str",
    "decimals": "Int64",
    "approximate": "str",
    "date": "datetime64[us]",
    "date_to": "datetime64[us]",
    "read_as": "str",
}


@pytest.mark.parametrize(
    "cells",
    [
        pd.Series(["1", None, "-"]),
        pd.Series([], dtype="str"),
        pd.Series([1, 2], dtype="Int64"),
        pd.Series([1.5, np.nan]),
        pd.Series(["1", "1"], dtype="category"),
        pd.Series([None, None], dtype="object"),
        pd.Index(["1", "2"]),
        np.array(["1", "2"], dtype=object),
        np.array(["1", "2"]),
        ["1", [2], {"a": 1}, ([1],), None],
        [],
        pd.array(["1", None]),
        pd.array([1, None], dtype="Int64"),
        pd.array([1.5, None], dtype="Float64"),
        pd.array([True, None], dtype="boolean"),
        pd.Categorical(["1", "2", None]),
        pd.date_range("2020-01-01", periods=2, tz="UTC").array,
        pd.period_range("2020Q1", periods=2).array,
        pd.interval_range(0, 2).array,
        pd.arrays.SparseArray([0, 1]),
        pd.MultiIndex.from_tuples([("1", "2"), ("3", "4")]),
        np.array(["2020-09-09", "NaT"], dtype="datetime64[D]"),
        np.array(["NaT"], dtype="datetime64[us]"),
        np.array([300000], dtype="datetime64[Y]"),
        np.array([5], dtype="timedelta64[D]"),
        np.array(["\ud800", "1"]),
        np.array([b"1"]),
        np.array([1j]),
        np.array([(1, 2)], dtype="i4,i4"),
        np.ma.array([1, 2], mask=[True, False]),
        ["\ud800"],
        pd.Series(["\ud800", "1"]),
        pd.Categorical(["\ud800", "1"]),
    ],
    ids=lambda cells: f"{type(cells).__name__}-{getattr(cells, 'dtype', '')}",
)
def test_a_column_always_has_the_same_columns_and_types(cells):
    column = parse_number(cells)
    assert {name: str(kind) for name, kind in column.dtypes.items()} == TYPES
    assert len(column) == len(cells)
    assert column["status"].isin(STATUSES).all()


def test_arrays_of_every_kind_are_columns():
    texts = ["1.234,5", None, "-"]
    wanted = parse_number(texts)
    assert wanted["value"].tolist() == [1234.5, pd.NA, pd.NA]
    for cells in (pd.array(texts), pd.Categorical(texts), np.array(texts, dtype=object)):
        pd.testing.assert_frame_equal(parse_number(cells), wanted)
    masked = parse_number(np.ma.array([1, 2], mask=[True, False]))
    assert masked["status"].tolist() == ["not_reported", "reported"]


def test_half_a_character_is_replaced_by_the_sign_for_it():
    assert parse_number("5 \ud800").text == "5 \ufffd"
    assert parse_number(["5 \ud800"])["text"].tolist() == ["5 \ufffd"]


def test_cells_that_are_equal_but_not_the_same():
    column = parse_number(pd.Series([True, 1, 1.0, "1"], dtype=object))
    assert column["status"].tolist() == ["unreadable", "reported", "reported", "reported"]


def test_the_index_may_repeat_and_the_input_stays():
    cells = pd.Series(["1", "2"], index=["a", "a"])
    before = cells.copy()
    assert parse_number(cells).index.tolist() == ["a", "a"]
    pd.testing.assert_series_equal(cells, before)


@pytest.mark.parametrize("wrong", ["", ";", ",.", 1, True])
def test_a_decimal_sign_is_a_comma_or_a_point(wrong):
    for cell in ("1", ["1"]):
        with pytest.raises(NumberError, match="is not a decimal sign\n.*decimal=\n.*or None"):
            parse_number(cell, decimal=wrong)


@pytest.mark.parametrize("table", [pd.DataFrame({"a": ["1"]}), np.array([["1"]])])
def test_a_table_is_not_a_column(table):
    with pytest.raises(NumberError, match="a table is not a column of cells\n.*\n.*one column"):
        parse_number(table)


@pytest.mark.parametrize("piece", ["1", "1.", "1 234 ", "- ", ". ", "% ", "9/", "đ", "gần "])
def test_a_million_characters_are_refused_at_once(piece):
    number = parse_number("x" + piece * (1_000_000 // len(piece)))
    assert number.read_as == "longer than 64 characters"


@given(st.text(max_size=70) | st.text("0123456789.,/%+- ngàyđếntừ()", max_size=64))
def test_no_text_raises_and_a_column_of_one_reads_it_alike(text):
    number, column = parse_number(text), parse_number([text])
    assert number.status in STATUSES
    assert (number.value is not None) == (number.status == "reported")
    assert (number.date is not None) == (number.status == "date")
    row = column.iloc[0]
    assert (row["status"], row["unit"], row["text"]) == (number.status, number.unit, number.text)
    assert row["value"] == number.value if number.value is not None else row["value"] is pd.NA


@given(st.lists(st.sampled_from([text for text, *_ in REPORTED] + ["", "-", "x"]), max_size=12))
def test_a_column_does_not_depend_on_the_order_of_its_rows(texts):
    forth, back = parse_number(texts), parse_number(texts[::-1])
    assert forth.attrs == back.attrs
    pd.testing.assert_frame_equal(forth, back[::-1].reset_index(drop=True))


# -- printing ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("number", "options", "vietnamese", "english"),
    [
        (1380, {}, "1.380", "1,380"),
        (95.27, {}, "95,27", "95.27"),
        (1234567.5, {}, "1.234.567,5", "1,234,567.5"),
        (0, {}, "0", "0"),
        (-1380, {}, "-1.380", "-1,380"),
        (6, {"min_digits": 2}, "06", "06"),
        (20.0, {"decimals": 1, "unit": "percent"}, "20%", "20%"),
        (20.0, {"decimals": 1, "unit": "percent", "keep_zeros": True}, "20,0%", "20.0%"),
        (2.5, {"decimals": 0}, "3", "3"),
        (0.5, {"decimals": 0}, "1", "1"),
        (-2.5, {"decimals": 0}, "-3", "-3"),
        (-0.4, {"decimals": 0}, "0", "0"),
        (1.005, {"decimals": 2}, "1,01", "1.01"),
        (Decimal("0.10"), {"unit": "percentage_points"}, "+0,1 điểm %", "+0.1 pp"),
        (-1.5, {"unit": "percentage_points"}, "-1,5 điểm %", "-1.5 pp"),
        (0, {"unit": "percentage_points"}, "0 điểm %", "0 pp"),
        (1234.5, {"unit": "percent"}, "1234,5%", "1234.5%"),
        (2, {"unit": "working_days"}, "2 ngày làm việc", "2 working days"),
        (1, {"unit": "working_days"}, "1 ngày làm việc", "1 working day"),
        (59.69, {"unit": "points"}, "59,69 điểm", "59.69 points"),
        (np.int64(1380), {}, "1.380", "1,380"),
        (np.float64(0.1), {}, "0,1", "0.1"),
        (Fraction(1, 8), {}, "0,125", "0.125"),
        (10**30, {}, "1" + ".000" * 10, "1" + ",000" * 10),
        (1e-7, {}, "0,0000001", "0.0000001"),
    ],
)
def test_numbers_are_printed_as_reports_print_them(number, options, vietnamese, english):
    assert format_number(number, **options) == vietnamese
    assert format_number(number, lang="en", **options) == english


# Bình Định, quarter III/2020: II.2 (15 to 13 and 10 to 8 working days), I.3; Lâm Đồng Q1/2024.
@pytest.mark.parametrize(
    ("share", "decimals", "printed"),
    [
        (Fraction(2, 15), 1, "13,3%"),
        (Fraction(2, 10), 1, "20%"),
        (Fraction(3, 4), 1, "75%"),
        (Fraction(1315, 1380), 1, "95,3%"),
        (Fraction(148761, 151295), 2, "98,33%"),
    ],
)
def test_published_percents(share, decimals, printed):
    assert format_number(share * 100, decimals=decimals, unit="percent") == printed


@pytest.mark.parametrize(
    "nothing", [None, pd.NA, pd.NaT, float("nan"), np.nan, Decimal("NaN"), Decimal("sNaN")]
)
def test_missing_prints_nothing_or_what_is_asked(nothing):
    assert format_number(nothing, unit="percent") == ""
    assert format_number(nothing, missing="-") == "-"


NO_NUMBER = (
    "{} is not a finite number\n"
    "  mend:  give an int, float, Decimal or Fraction; leave missing numbers out"
)
NO_DIGITS = (
    "{0}={1} is not a number of digits\n  where: {0}=\n  mend:  give a whole number, {2} or more"
)
NO_UNIT = (
    "there is no unit {}\n  where: unit=\n"
    f"  mend:  one of {', '.join(repr(code) for code in UNITS)}, or '' for none"
)


@pytest.mark.parametrize(
    ("number", "options", "wording"),
    [
        (1, {"unit": "%"}, NO_UNIT.format("'%'")),
        (1, {"unit": []}, NO_UNIT.format("[]")),
        (1, {"decimals": -1}, NO_DIGITS.format("decimals", -1, 0)),
        *((1, {"min_digits": n}, NO_DIGITS.format("min_digits", n, 1)) for n in (0, True, 1.5)),
        (
            Fraction(1, 3),
            {},
            "the decimals of 1/3 never end\n  where: decimals=\n  mend:  say how many to print",
        ),
        (float("inf"), {}, NO_NUMBER.format("inf")),
        (True, {}, NO_NUMBER.format("True")),
        ("5", {}, NO_NUMBER.format("'5'")),
    ],
)
def test_printing_refuses(number, options, wording):
    with pytest.raises(NumberError) as error:
        format_number(number, **options)
    assert str(error.value) == wording


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_counts_are_printed_as_single_ones_are(lang):
    counts = [0, 6, -1380, 1_234_567]
    assert format_counts(counts, lang=lang) == [format_number(one, lang=lang) for one in counts]
    assert format_counts([1380]) == ["1.380"]
    with pytest.raises(CchcError, match="no labels in language 'fr'"):
        format_counts([1], lang="fr")


@pytest.mark.parametrize("lang", ["fr", "", None, ["vi"]])
def test_printing_refuses_other_languages_as_everything_does(lang):
    with pytest.raises(CchcError, match='no labels in language .*\n.*lang=\n.*use "vi" or "en"'):
        format_number(1, lang=lang)


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("unit", sorted({record.unit for record in INDICATORS}))
def test_every_unit_of_an_indicator_is_printed_and_read_back(unit, lang):
    for number in (1, 16, 1234.5):
        printed = format_number(number, unit=unit, lang=lang)
        read = parse_number(printed, decimal="," if lang == "vi" else ".")
        assert (read.value, read.unit, read.status) == (number, unit, "reported")
    assert format_number(16, unit=unit, lang=lang).endswith(word("unit", unit, lang=lang))


@pytest.mark.parametrize(
    ("number", "unit", "vietnamese", "english"),
    [
        (16, "turns", "16 lượt", "16 turns"),
        (1, "agencies", "1 cơ quan, đơn vị", "1 agency"),
        (-1, "people", "-1 người", "-1 person"),
        (1.5, "signatures_per_person", "1,5 chữ ký số/người", "1.5 digital signatures per person"),
    ],
)
def test_units_as_words(number, unit, vietnamese, english):
    assert format_number(number, unit=unit) == vietnamese
    assert format_number(number, unit=unit, lang="en") == english


def test_units_stand_in_one_table():
    assert UNITS is vocabulary()["unit"]


printable = st.integers(-(10**15), 10**15) | st.decimals(
    -(10**9), 10**9, allow_nan=False, allow_infinity=False, places=4
)


@given(printable | st.floats(-1e9, 1e9), st.sampled_from(["vi", "en"]))
def test_what_is_printed_reads_back(number, lang):
    read = parse_number(format_number(number, lang=lang), decimal="," if lang == "vi" else ".")
    assert read.status == "reported" or len(read.text) > 64
    if read.status == "reported":
        assert read.value == float(number)


@given(printable, st.sampled_from(["", *UNITS]), st.sampled_from(["vi", "en"]))
def test_units_read_back(number, unit, lang):
    printed = format_number(number, unit=unit, lang=lang)
    read = parse_number(printed, decimal="," if lang == "vi" else ".")
    assert (read.value, read.status) == (float(number), "reported")
    # A negative share is a change of a share: the sign tells points.
    negative_share = unit == "percent" and number < 0
    assert read.unit == ("percentage_points" if negative_share else unit)


@given(st.fractions(-(10**6), 10**6), st.integers(0, 4))
def test_printed_digits_are_the_nearest(number, decimals):
    printed = format_number(number, decimals=decimals, keep_zeros=True)
    read = parse_number(printed, decimal=",")
    assert read.decimals == decimals
    assert abs(Fraction(str(read.value)) - number) <= Fraction(1, 2 * 10**decimals)


def test_no_unit_is_spelled_as_another():
    for code, unit in UNITS.items():
        for spelling in (unit.vi, unit.en, unit.en_one, *unit.also):
            assert parse_number(f"2 {spelling}").unit == (code if spelling else "")
    with pytest.raises(ValueError, match="'luot' is a spelling of turns and of days"):
        spellings({**UNITS, "days": Label("lượt", "days")})


def test_words_cannot_be_changed_for_the_whole_process():
    words = vocabulary()
    for mapping in (words, words["unit"], UNITS, unit_codes()):
        with pytest.raises(TypeError, match="does not support item assignment"):
            mapping["percent"] = None
    assert word("unit", "percent") == "%"
