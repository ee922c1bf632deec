"""`validate`: what it lets through, and every refusal in its words."""

import datetime as dt
import time
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import balanced

from cchc_stats.forms import DOSSIERS, FORMS, find_form, validate
from cchc_stats.words.errors import CchcError, FormError
from cchc_stats.words.findings import COLUMNS

TITLE = "Tình hình giải quyết hồ sơ"
Q3 = pd.Period("2020Q3")


def dossiers(rows: int = 1, **changes) -> pd.DataFrame:
    """Return the figures of the real quarter's sector, once per sector named by a letter."""
    one = {
        "agency": "Sở KH&CN",
        "period": "2020Q3",
        "sector": [f"Lĩnh vực {chr(65 + row)}" for row in range(rows)],
        "received_total": 61,
        "carried_over": 2,
        "newly_received": 59,
        "settled_total": 60,
        "settled_on_time": 60,
        "settled_late": 0,
        "pending_total": 1,
        "pending_not_due": 1,
        "pending_overdue": 0,
    }
    return pd.DataFrame(one | changes, index=range(rows))


def documents(**changes) -> pd.DataFrame:
    one = {"agency": ["Sở A"], "period": ["2020Q3"], "sent_total": [1380], "sent_paper": [65]}
    return pd.DataFrame(one | {"sent_electronic": [1315]} | changes)


def refusal(frame, form="dossiers") -> FormError:
    with pytest.raises(FormError) as error:
        validate(frame, form)
    found = error.value
    assert found.count == len(found.faults)
    assert list(found.faults.columns) == list(COLUMNS)
    assert set(found.faults["severity"]) == {"error"}
    assert "\\u" not in str(found)
    return found


# --- what passes ------------------------------------------------------------------------------


def test_a_frame_comes_back_typed_in_order_and_filled():
    frame = dossiers(remark="giữ", settled_early=40.0)[
        ["remark", *dossiers().columns[::-1], "settled_early"]
    ]
    typed = validate(frame.set_axis([9]), "dossiers")
    assert list(typed.columns) == [*DOSSIERS.columns, "remark"]
    assert list(typed.index) == [0]
    assert {str(typed[name].dtype) for name in DOSSIERS.figures} == {"Int64"}
    assert str(typed["period"].dtype) == "period[Q-DEC]"
    assert typed["basis"].tolist() == ["in_period"]
    assert typed.loc[0, ["not_applicable", "source"]].tolist() == ["", ""]
    assert typed["settled_early"].tolist() == [40]
    absent = sorted(DOSSIERS.optional - {"settled_early"})
    assert typed[absent].isna().all(axis=None)
    assert typed.loc[0, "remark"] == "giữ"


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.code)
@settings(max_examples=25)
@given(data=st.data())
def test_validating_twice_changes_nothing(form, data):
    frame = data.draw(balanced(form)).assign(extra=1)
    pd.testing.assert_frame_equal(validate(frame, form), frame)


@given(frame=balanced(DOSSIERS, rows=(2, 4)), data=st.data())
def test_the_verdict_does_not_hang_on_the_order_of_rows_or_columns(frame, data):
    order = data.draw(st.permutations(range(len(frame))))
    columns = data.draw(st.permutations(list(frame.columns)))
    put = validate(frame.iloc[list(order)][list(columns)], DOSSIERS)
    pd.testing.assert_frame_equal(put, frame.iloc[list(order)].reset_index(drop=True))


@pytest.mark.parametrize("typed", [False, True])
def test_neither_the_frame_nor_the_result_changes_with_the_other(typed):
    frame = validate(dossiers(2), "dossiers") if typed else dossiers(2)
    kept = frame.copy(deep=True)
    result = validate(frame, "dossiers")
    again = result.copy(deep=True)
    result.loc[0, "received_total"] = 999
    result.iloc[1, 0] = "khác"
    result["source"] = "x"
    pd.testing.assert_frame_equal(frame, kept)
    result = validate(frame, "dossiers")
    frame.loc[:, "received_total"] = 5
    frame.loc[0, "agency"] = "khác"
    pd.testing.assert_frame_equal(result, again)


def test_the_faults_are_those_of_the_moment():
    frame = dossiers(received_total=60)
    error = pytest.raises(FormError, validate, frame, "dossiers").value
    frame.loc[0, ["received_total", "carried_over"]] = [7, 7]
    assert error.faults[["found", "expected"]].to_numpy().tolist() == [
        *(["60", "2 + 59 = 61"], ["60", "60 + 1 = 61"])
    ]


@pytest.mark.parametrize(
    "column",
    [
        pd.Series([61], dtype="int8"),
        pd.Series([61], dtype="uint64"),
        pd.Series([61.0]),
        pd.Series([61], dtype="Float64"),
        pd.Series([61], dtype=object),
        pd.Series([Decimal("61")]),
        pd.Series([np.int32(61)], dtype=object),
        pd.Series([61], dtype="category"),
    ],
    ids=lambda column: f"{column.dtype}-{type(column.iloc[0]).__name__}",
)
def test_a_whole_number_of_any_type_is_a_count(column):
    typed = validate(dossiers(received_total=column), "dossiers")
    assert typed["received_total"].dtype == "Int64"
    assert typed["received_total"].tolist() == [61]


@pytest.mark.parametrize(
    "missing",
    [[None], [np.nan], [pd.NA], pd.Series([pd.NA], dtype="Int64"), pd.Series([None], dtype="str")],
)
def test_a_missing_figure_is_na_and_its_identities_are_not_judged(missing):
    typed = validate(dossiers(received_total=missing, carried_over=10**6), "dossiers")
    assert typed["received_total"].dtype == "Int64"
    assert typed["received_total"].isna().all()


def test_amounts_keep_their_decimals():
    frame = pd.DataFrame({"agency": ["A"], "period": ["2020Q3"], "procedure": ["Cấp lại"]})
    frame = frame.assign(days_before=15, days_after=12.5, decided_on=[dt.date(2020, 7, 21)])
    typed = validate(frame, "simplifications")
    assert typed[["days_before", "days_after"]].to_numpy().tolist() == [[15.0, 12.5]]
    assert typed["decided_on"].tolist() == [pd.Timestamp("2020-07-21")]
    assert typed["decision"].isna().all()


@pytest.mark.parametrize(
    ("periods", "quarter", "basis"),
    [
        (["9 tháng đầu năm 2020"], "2020Q3", "year_to_date"),
        (["năm 2019"], "2019Q4", "year_to_date"),
        (["quý III năm 2020"], "2020Q3", "in_period"),
        (["Quý 3/2020"], "2020Q3", "in_period"),
        ([Q3], "2020Q3", "in_period"),
        (pd.Series([Q3], dtype=object), "2020Q3", "in_period"),
        (pd.Series(["2020Q3"], dtype="category"), "2020Q3", "in_period"),
        (pd.PeriodIndex(["2020Q3"], freq="Q-DEC"), "2020Q3", "in_period"),
    ],
)
def test_a_period_is_read_and_tells_the_basis(periods, quarter, basis):
    typed = validate(dossiers(period=periods), "dossiers")
    assert typed["period"].tolist() == [pd.Period(quarter)]
    assert typed["basis"].tolist() == [basis]


def test_a_stated_basis_stands():
    frame = dossiers(period="9 tháng đầu năm 2020", basis="in_period")
    assert validate(frame, "dossiers")["basis"].tolist() == ["in_period"]
    assert validate(documents(basis=["as_of"]), "documents")["basis"].tolist() == ["as_of"]


def test_text_columns_may_be_categories_or_hold_none():
    frame = documents(source=[None], not_applicable=[np.nan]).astype({"source": "category"})
    frame = frame.assign(agency=pd.Series(["Sở A"], dtype="category"))
    typed = validate(frame, "documents")
    assert typed.loc[0, ["source", "not_applicable"]].tolist() == ["", ""]
    assert {str(typed[name].dtype) for name in ("agency", "source", "not_applicable")} == {"str"}


def test_zero_is_zero_and_the_largest_count_is_one():
    typed = validate(
        documents(sent_total=[10**15], sent_paper=[0], sent_electronic=[10**15]), "documents"
    )
    assert typed["sent_total"].tolist() == [10**15]


# --- what is refused, word for word -----------------------------------------------------------

HEADING = "Số hồ sơ đã tiếp nhận: Tổng số"
CORRECT = "correct the figure in the source"
FILL = "fill the cell in"
# what is wrong -> (change, found, message, mend)
CELLS = {
    "text": ({"received_total": ["abc"]}, "abc", f"cột '{HEADING}': 'abc' là chữ, cần một số"),
    "text number": ({"received_total": ["06"]}, "06", f"cột '{HEADING}': '06' là chữ, cần một số"),
    "empty text": ({"received_total": [""]}, "", f"cột '{HEADING}': '' là chữ, cần một số"),
    "True": ({"received_total": [True]}, "True", f"cột '{HEADING}': 'True' là chữ, cần một số"),
    "boolean": (
        {"received_total": pd.Series([True], dtype="boolean")},
        "True",
        f"cột '{HEADING}': 'True' là chữ, cần một số",
    ),
    "list": (
        {"received_total": pd.Series([[61]])},
        "[61]",
        f"cột '{HEADING}': '[61]' là chữ, cần một số",
    ),
    "complex": (
        {"received_total": [61 + 1j]},
        "(61+1j)",
        f"cột '{HEADING}': '(61+1j)' là chữ, cần một số",
    ),
    "2.5": ({"received_total": [2.5]}, "2.5", f"cột '{HEADING}': 2.5 không phải số nguyên"),
    "inf": (
        {"received_total": [np.inf]},
        "inf",
        f"cột '{HEADING}': inf lớn hơn mức có thể có (1 000 000 000 000 000)",
    ),
    "-inf": ({"received_total": [-np.inf]}, "-inf", f"cột '{HEADING}': -inf là số âm"),
    "negative": ({"received_total": [-61]}, "-61", f"cột '{HEADING}': -61 là số âm"),
    "huge": (
        {"received_total": [10**15 + 1]},
        "1000000000000001",
        f"cột '{HEADING}': 1000000000000001 lớn hơn mức có thể có (1 000 000 000 000 000)",
    ),
    "huge unsigned": (
        {"received_total": np.array([2**64 - 1], dtype="uint64")},
        "18446744073709551615",
        f"cột '{HEADING}': 18446744073709551615 lớn hơn mức có thể có (1 000 000 000 000 000)",
    ),
    "agency None": (
        {"agency": [None]},
        "",
        "cột 'Cơ quan, đơn vị' để trống, không biết dòng này của ai, kỳ nào, nội dung nào",
    ),
    "agency blank": (
        {"agency": ["  "]},
        "  ",
        "cột 'Cơ quan, đơn vị' để trống, không biết dòng này của ai, kỳ nào, nội dung nào",
    ),
    "agency number": ({"agency": [5]}, "5", "cột 'Cơ quan, đơn vị': '5' không phải chữ"),
    "agency list": (
        {"agency": pd.Series([["Sở A"]])},
        "['Sở A']",
        "cột 'Cơ quan, đơn vị': '['Sở A']' không phải chữ",
    ),
    "sector None": (
        {"sector": [None]},
        "",
        "cột 'Lĩnh vực' để trống, không biết dòng này của ai, kỳ nào, nội dung nào",
    ),
    "no period": (
        {"period": [None]},
        "",
        "cột 'Kỳ báo cáo' để trống, không biết dòng này của ai, kỳ nào, nội dung nào",
    ),
    "NaT": (
        {"period": pd.PeriodIndex(["NaT"], freq="Q-DEC")},
        "",
        "cột 'Kỳ báo cáo' để trống, không biết dòng này của ai, kỳ nào, nội dung nào",
    ),
    "basis": (
        {"basis": ["quarterly"]},
        "quarterly",
        "cột 'Cách tính kỳ': 'quarterly' không có trong danh mục (in_period, year_to_date, as_of)",
    ),
    "month text": (
        {"period": ["tháng 7/2020"]},
        "tháng 7/2020",
        "cột 'Kỳ báo cáo': 'tháng 7/2020' là một tháng, biểu này theo quý",
    ),
    "months": (
        {"period": pd.PeriodIndex(["2020-07"], freq="M")},
        "2020-07",
        "cột 'Kỳ báo cáo': '2020-07' là một tháng, biểu này theo quý",
    ),
    "Q-NOV": (
        {"period": pd.PeriodIndex(["2020Q3"], freq="Q-NOV")},
        "2020Q3 (Q-NOV)",
        "cột 'Kỳ báo cáo': '2020Q3 (Q-NOV)' không phải một quý",
    ),
    "datetime": (
        {"period": pd.to_datetime(["2020-07-01"])},
        "01/07/2020",
        "cột 'Kỳ báo cáo': '01/07/2020' không phải một quý",
    ),
    "year number": ({"period": [2020]}, "2020", "cột 'Kỳ báo cáo': '2020' không phải một quý"),
    "nonsense": (
        {"period": ["hôm qua"]},
        "hôm qua",
        "cột 'Kỳ báo cáo': 'hôm qua' không phải một quý",
    ),
    "dash on nothing": (
        {"not_applicable": ["no_such"]},
        "no_such",
        "cột 'Cột ghi \"-\"': 'no_such' nêu một cột không có trong biểu hoặc đã có số liệu",
    ),
    "dash on a figure": (
        {"not_applicable": ["carried_over"]},
        "carried_over",
        "cột 'Cột ghi \"-\"': 'carried_over' nêu một cột không có trong biểu hoặc đã có số liệu",
    ),
}


@pytest.mark.parametrize("wrong", CELLS)
def test_a_wrong_cell_is_told(wrong):
    change, found, message = CELLS[wrong]
    told = refusal(dossiers(**change)).faults
    assert told["message"].tolist() == [message]
    assert told["found"].tolist() == [found]
    assert told["where"].tolist()[0].startswith(f"{TITLE}, dòng 1")
    assert told["difference"].isna().all()


def test_a_dash_on_an_empty_cell_is_right():
    typed = validate(dossiers(settled_late=None, not_applicable="settled_late"), "dossiers")
    assert typed["not_applicable"].tolist() == ["settled_late"]


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (
            {"received_total": ["abc"]},
            "form dossiers (Tình hình giải quyết hồ sơ): 1 fault\n"
            "  where: Settlement of dossiers, row 1 'Lĩnh vực A': column received_total"
            " 'Số hồ sơ đã tiếp nhận: Tổng số': 'abc' is text, a number belongs here\n"
            "  mend:  read the cells with parse_number first",
        ),
        (
            {"period": pd.PeriodIndex(["2020-07"], freq="M"), "source": ["phụ lục 1"]},
            "form dossiers (Tình hình giải quyết hồ sơ): 1 fault\n"
            "  where: Settlement of dossiers, row 1 'Lĩnh vực A' (phụ lục 1): column period"
            " 'Kỳ báo cáo': '2020-07' is a month, this form is quarterly\n"
            "  mend:  sum the counts of the three months into their quarter, then set"
            ' period.asfreq("Q-DEC")',
        ),
        (
            {"newly_received": [58]},
            "form dossiers (Tình hình giải quyết hồ sơ): 1 fault\n"
            "  where: Settlement of dossiers, row 1 'Lĩnh vực A': received_total = carried_over +"
            " newly_received does not hold: 61 against 2 + 58 = 60\n"
            "  mend:  correct the figure in the source, then call validate() again",
        ),
    ],
)
def test_the_exception_is_in_english_and_names_the_heading(change, text):
    assert str(refusal(dossiers(**change))) == text


@pytest.mark.parametrize(
    ("wrong", "phrase", "mend"),
    [
        ({"received_total": [2.5]}, "2.5 is not a whole number", CORRECT),
        ({"received_total": [-1]}, "-1 is negative", CORRECT),
        (
            {"received_total": [1e16]},
            "10000000000000000 is larger than anything counted (1 000 000 000 000 000)",
            CORRECT,
        ),
        ({"agency": [7]}, "'7' is not text", "turn the cells into text"),
        ({"agency": [None]}, "is empty, so the row cannot be told from others", FILL),
        (
            {"basis": ["x"]},
            "'x' is none of in_period, year_to_date, as_of",
            "use one of the codes",
        ),
        (
            {"period": ["x"]},
            "'x' is not a quarter",
            'write it as "2020Q3" or "quý III năm 2020"',
        ),
        (
            {"not_applicable": ["x"]},
            "'x' names a column that the form lacks or that has a figure",
            'name only columns that are empty because "-" was printed',
        ),
    ],
)
def test_every_rule_has_its_english_and_its_mend(wrong, phrase, mend):
    text = str(refusal(dossiers(**wrong)))
    assert phrase in text
    assert text.endswith(f"  mend:  {mend}")


def test_an_identity_that_does_not_hold():
    told = refusal(dossiers(newly_received=58, source="bảng 1b")).faults
    assert told.drop(columns=["file"]).to_dict("records") == [
        {
            "severity": "error",
            "rule": "identity",
            "agency": "Sở KH&CN",
            "period": Q3,
            "where": f"{TITLE}, dòng 1 'Lĩnh vực A' (bảng 1b)",
            "found": "61",
            "expected": "2 + 58 = 60",
            "difference": 1,
            "message": (
                "Lĩnh vực Lĩnh vực A: hồ sơ tiếp nhận 61, nhưng số kỳ trước chuyển qua 2"
                " + số mới tiếp nhận 58 = 60, lệch 1"
            ),
        }
    ]


def test_an_inequality_that_does_not_hold():
    told = refusal(dossiers(settled_early=61)).faults
    assert told[["found", "expected", "difference"]].to_numpy().tolist() == [["61", "≤ 60", 1.0]]
    assert told["message"][0].endswith("trong đó trước hạn 61, nhiều hơn trả đúng hạn 60")


def test_dossiers_that_left_the_balance_are_added_where_given():
    frame = dossiers(2, received_total=65, newly_received=63, returned=[3, 4], withdrawn=[1, None])
    assert len(validate(frame, "dossiers")) == 2
    told = refusal(frame.assign(returned=[3, 3])).faults
    assert told["expected"].tolist() == ["60 + 1 + 3 = 64"]
    assert told["where"].tolist() == [f"{TITLE}, dòng 2 'Lĩnh vực B'"]
    assert "+ số hồ sơ trả lại 3 = 64, lệch 1" in told["message"][0]  # nothing withdrawn is given


def test_an_incomplete_row_neither_passes_nor_fails():
    frame = dossiers(3, newly_received=[59, None, 58], pending_total=[1, None, 1])
    told = refusal(frame).faults
    assert told["where"].tolist() == [f"{TITLE}, dòng 3 'Lĩnh vực C'"]


# --- columns ----------------------------------------------------------------------------------


def test_a_missing_column_is_told_with_what_may_be_meant():
    frame = dossiers().rename(columns={"carried_over": "carriedover", "settled_late": "trễ"})
    told = refusal(frame).faults
    assert told["rule"].tolist() == ["missing_column"] * 2
    assert told["message"].tolist() == [
        "thiếu cột 'Số hồ sơ đã tiếp nhận: Trong đó: Số kỳ trước chuyển qua' ('carriedover'?)",
        "thiếu cột 'Kết quả giải quyết: Số hồ sơ đã giải quyết: Trả quá hạn'",
    ]
    assert told["where"].tolist() == [TITLE] * 2
    assert str(refusal(frame)) == (
        "form dossiers (Tình hình giải quyết hồ sơ): 2 faults\n"
        "  where: Settlement of dossiers: column carried_over 'Số hồ sơ đã tiếp nhận: Trong đó:"
        " Số kỳ trước chuyển qua' is missing ('carriedover'?)\n"
        "         Settlement of dossiers: column settled_late 'Kết quả giải quyết: Số hồ sơ đã"
        " giải quyết: Trả quá hạn' is missing\n"
        "  mend:  add the column, <NA> where nothing was reported"
    )


@pytest.mark.parametrize("name", ["agency", "period", "sector"])
def test_a_key_column_must_be_there(name):
    told = refusal(dossiers().drop(columns=name)).faults
    assert told["message"].tolist() == [f"thiếu cột '{DOSSIERS.heading(name)}'"]


def test_a_column_that_stands_twice_is_told():
    frame = dossiers()
    twice = pd.concat([frame, frame[["agency"]], pd.DataFrame([[1, 2]], columns=[5, 5])], axis=1)
    told = refusal(twice).faults
    assert told["message"].tolist() == [
        "cột 'Cơ quan, đơn vị' có nhiều hơn một lần",
        "cột '5' có nhiều hơn một lần",
    ]
    assert "stands more than once" in str(refusal(twice))
    assert "keep one of the columns" in str(refusal(twice))


def test_a_frame_without_rows():
    told = refusal(dossiers().iloc[:0])
    assert told.faults["message"].tolist() == ["bảng không có dòng nào"]
    assert str(told) == (
        "form dossiers (Tình hình giải quyết hồ sơ): 1 fault\n"
        "  where: Settlement of dossiers: the frame has no rows\n"
        "  mend:  leave the form out where nothing was reported"
    )


@pytest.mark.parametrize("thing", [None, [1], {"agency": ["A"]}, pd.Series([1])])
def test_what_is_no_frame(thing):
    with pytest.raises(CchcError) as error:
        validate(thing, "dossiers")
    assert str(error.value) == (
        f"a form is checked as a DataFrame, not as {type(thing).__name__}\n"
        "  where: frame=\n  mend:  give a pandas DataFrame"
    )


def test_headings_in_several_levels_are_no_columns():
    frame = dossiers()
    frame.columns = pd.MultiIndex.from_product([["1b"], frame.columns])
    assert set(refusal(frame).faults["rule"]) == {"missing_column"}


# --- keys -------------------------------------------------------------------------------------


def test_a_duplicated_key_names_every_row_that_has_it():
    frame = dossiers(3, sector=["Đất đai", "Hộ tịch", "Đất đai"])
    told = refusal(frame).faults
    assert told["where"].tolist() == [f"{TITLE}, dòng {n} 'Đất đai'" for n in (1, 3)]
    assert (
        told["message"].tolist()
        == ["cột 'Lĩnh vực': 'Đất đai' trùng với một dòng khác cùng cơ quan, kỳ và cách tính"] * 2
    )
    assert str(refusal(frame)).endswith("mend:  keep one of the rows")


@pytest.mark.parametrize(
    "different",
    [
        {"period": ["2020Q3", "2020Q2"]},
        {"basis": ["in_period", "year_to_date"]},
        {"agency": ["Sở A", "Sở B"]},
        {"period": pd.PeriodIndex(["1969Q4", "1969Q3"], freq="Q-DEC")},
    ],
)
def test_a_key_is_all_of_its_columns(different):
    same = dossiers(2, sector="all")
    assert set(refusal(same).faults["rule"]) == {"duplicated_key"}
    assert len(validate(same.assign(**different), "dossiers")) == 2


def test_two_spellings_of_one_quarter_are_one_key():
    frame = dossiers(2, sector="all", period=["2020Q3", "quý III năm 2020"])
    assert set(refusal(frame).faults["rule"]) == {"duplicated_key"}


def test_rows_before_1970_are_told_apart_too():
    early = pd.PeriodIndex(["1965Q1", "1965Q1"], freq="Q-DEC")
    assert refusal(dossiers(2, sector="all", period=early)).count == 2


def test_many_distinct_keys_do_not_collide():
    size = 200_000
    frame = (
        documents()
        .iloc[[0] * size]
        .assign(
            agency=[f"Xã {n}" for n in range(size)],
            period=pd.PeriodIndex.from_ordinals(np.arange(size) % 7919, freq="Q-DEC"),
        )
    )
    assert len(validate(frame, "documents")) == size
    twice = pd.concat([frame, frame.iloc[[5]]])
    assert refusal(twice, "documents").count == 2


# --- all at once ------------------------------------------------------------------------------


def test_every_fault_is_told_at_once_in_the_order_of_the_rows():
    frame = dossiers(
        6,
        agency=["Sở A", None, "Sở A", "Sở A", "Sở A", "Sở A"],
        period=["2020Q3", "2020Q3", "tháng 7/2020", "2020Q3", "2020Q3", "2020Q3"],
        settled_total=["sáu mươi", 60, 60, -60, 60, 61],
        received_total=[61, 61, 61, 61, 60.5, 61],
    ).drop(columns="settled_late")
    told = refusal(frame).faults
    assert told[["rule", "where"]].to_numpy().tolist() == [
        ["missing_column", TITLE],
        ["text_in_figure", f"{TITLE}, dòng 1 'Lĩnh vực A'"],
        ["missing_key", f"{TITLE}, dòng 2 'Lĩnh vực B'"],
        ["month", f"{TITLE}, dòng 3 'Lĩnh vực C'"],
        ["negative", f"{TITLE}, dòng 4 'Lĩnh vực D'"],
        ["not_whole", f"{TITLE}, dòng 5 'Lĩnh vực E'"],
        ["identity", f"{TITLE}, dòng 6 'Lĩnh vực F'"],
    ]
    assert told["agency"].fillna("?").tolist() == ["?", "Sở A", "?", "Sở A", "Sở A", "Sở A", "Sở A"]
    assert told["expected"].tolist()[-1] == "61 + 1 = 62"


def test_a_cell_at_fault_is_unknown_to_identities_and_the_other_rows_are_judged():
    frame = dossiers(2, received_total=["61", 60], returned=["ba", 0])
    told = refusal(frame).faults
    assert told["rule"].tolist() == ["text_in_figure"] * 2 + ["identity"] * 2
    assert told["expected"].tolist()[2:] == ["2 + 59 = 61", "60 + 1 + 0 = 61"]
    assert told["difference"].tolist()[2:] == [-1, -1]


def test_many_faults_stay_readable_and_quick():
    size = 100_000
    frame = validate(documents(), "documents").iloc[[0] * size]
    frame = frame.assign(agency=[f"Xã {n:06d}" for n in range(size)])
    wrong = frame.assign(sent_total=frame["sent_total"] + (np.arange(size) % 2))
    begun = time.perf_counter()
    error = pytest.raises(FormError, validate, wrong, "documents").value
    text = str(error)
    # A few tens of milliseconds; the naive way takes seconds.
    assert time.perf_counter() - begun < 2
    assert error.count == size // 2
    assert len(text) < 5_000
    assert text.count("does not hold") == 20
    assert f"… and {size // 2 - 20} more, all in .faults" in text
    assert len(error.faults) == size // 2
    assert error.faults["difference"].eq(1).all()
    assert error.faults["agency"].tolist() == wrong["agency"].iloc[1::2].tolist()
    assert error.faults is error.faults


def test_a_very_long_cell_is_shortened():
    error = refusal(documents(sent_total=["x" * 10**6]), "documents")
    assert len(str(error)) < 1_000
    assert error.faults["found"].str.len().tolist() == [150]
    assert error.faults["found"][0].endswith("x…")


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.code)
def test_a_negative_figure_is_refused_in_every_form_by_its_heading(form):
    frame = balanced_example(form)
    for name in form.figures:
        told = refusal(frame.assign(**{name: -1}), form).faults
        rows = told[told["rule"] == "negative"]
        assert len(rows) == len(frame)
        assert rows["message"].str.contains(form.heading(name), regex=False).all()


def balanced_example(form):
    """Return one row of a form in which every figure is 0."""
    row = {"agency": "Sở A", "period": Q3} | dict.fromkeys(form.figures, 0)
    if form.row:
        row[form.row] = next(iter(form.rows), "Đất đai")
    return validate(pd.DataFrame([row]), form)


@pytest.mark.parametrize("form", [form for form in FORMS if form.rows], ids=lambda form: form.code)
def test_a_row_that_the_form_does_not_have(form):
    told = refusal(balanced_example(form).assign(**{form.row: "tổng cộng"}), form).faults
    codes = ", ".join(form.rows)
    assert told["message"].tolist() == [
        f"cột '{form.heading(form.row)}': 'tổng cộng' không có trong danh mục ({codes})"
    ]


def test_the_form_may_be_given_itself():
    assert len(validate(documents(), find_form("documents"))) == 1
    with pytest.raises(CchcError, match="there is no form 'văn bản'"):
        validate(documents(), "văn bản")


TOTALS = [
    "Tổng cộng",
    "TỔNG SỐ:",
    "Tong",
    " cộng ",
    "Tổng  số",
    "To\u0302\u0309ng co\u0323\u0302ng",
]
TOTALS += ["TỔNG CỘNG (I+II)", "Tổng số hồ sơ", "Tổng cộng toàn tỉnh", "Tổng :", "ALL", "all "]


@pytest.mark.parametrize("name", TOTALS)
def test_a_printed_total_is_not_one_more_row(name):
    error = refusal(dossiers(rows=2, sector=["x", name]))
    assert error.count == 1
    assert f"'{name}' is a printed total, not one more row" in str(error)
    assert "name the row `all` in the form of dossiers" in str(error)


def test_a_name_that_only_begins_like_a_total_is_a_row():
    names = ["Tổng hợp", "Cộng đồng", "Cộng nghệ", "Tổng công ty nhà nước", "Tổng sốc", "all"]
    frame = dossiers(rows=6, sector=names)
    assert validate(frame, "dossiers")["sector"].tolist() == names


def test_no_procedure_is_the_whole():
    frame = pd.DataFrame(
        {"agency": "Sở A", "period": "2020Q3", "procedure": ["all"], "days_before": [15]}
    ).assign(days_after=13)
    assert "'all' is a printed total" in str(refusal(frame, "simplifications"))


@pytest.mark.parametrize(
    ("typed", "meant"), [("setled_early", "settled_early"), ("withdrawns", "withdrawn")]
)
def test_a_misspelt_optional_column_is_not_an_absent_one(typed, meant):
    told = refusal(dossiers(**{typed: [9]})).faults
    assert told["rule"].tolist() == ["missing_column"]
    heading = DOSSIERS.heading(meant)
    assert told["message"].tolist() == [f"thiếu cột '{heading}' ('{typed}'?)"]


def test_a_column_of_ones_own_is_kept_beside_an_absent_optional_one():
    table = validate(dossiers(settled_online=[9], sources=["x"]), "dossiers")
    assert table["settled_early"].isna().all()
    assert table[["settled_online", "sources"]].to_numpy().tolist() == [[9, "x"]]


def test_a_list_among_the_dashes_is_no_text():
    told = refusal(dossiers(rows=2, sector=["x", "y"], not_applicable=[["x"], ""])).faults
    assert told["rule"].tolist() == ["not_text"]
    assert told["message"].tolist() == ["cột 'Cột ghi \"-\"': '['x']' không phải chữ"]
