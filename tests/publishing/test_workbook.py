"""`write_workbook`: frames in words, that a spreadsheet shows rightly."""

import openpyxl
import pandas as pd
import pytest
from python_calamine import load_workbook
from seed import FOLDER

from cchc_stats.checking import check
from cchc_stats.indicators import measure
from cchc_stats.publishing import write_workbook
from cchc_stats.reading import read_report
from cchc_stats.words import CchcError


@pytest.fixture(scope="module")
def report():
    return read_report(FOLDER)


def test_values_and_findings_are_said_in_words_and_read_back(report, tmp_path):
    values = measure(report.tables)
    path = write_workbook(tmp_path / "a.xlsx", values=values, findings=check(report))
    book = load_workbook(str(path))
    assert book.sheet_names == ["Chỉ tiêu", "Kết quả kiểm tra"]
    head, *rows = book.get_sheet_by_index(0).to_python()
    assert head[:4] == ["Cơ quan", "Kỳ", "Cách tính", "Chỉ tiêu"]
    read = pd.DataFrame(rows, columns=head)
    assert len(read) == len(values)
    assert {"Quý III/2020"} <= {*read["Kỳ"]}
    assert {"Tổng số", "Biên chế hành chính"} <= {*read["Nhóm"]}
    assert "administrative" not in {*read["Nhóm"]}
    figures = pd.to_numeric(read["Giá trị"], errors="coerce").to_numpy("float64")
    assert figures == pytest.approx(
        values["value"].to_numpy("float64", na_value=float("nan")), nan_ok=True
    )
    gone = read.loc[values["value"].isna().to_numpy(), ["Giá trị", "Tình trạng"]]
    assert len(gone)
    assert (gone["Giá trị"] == gone["Tình trạng"]).all()
    assert {*book.get_sheet_by_index(1).to_python()[1][:1]} <= {"lỗi", "cảnh báo", "ghi chú"}


def test_formats_are_of_counts_shares_and_days(tmp_path):
    frame = pd.DataFrame(
        {
            "value": [1380.0, 95.29, None],
            "unit": ["documents", "percent", "percent"],
            "status": ["reported", "reported", "undefined"],
            "points": [2.0, 1.5, None],
            "window_end": pd.to_datetime(["2020-09-14"] * 3),
            "message": ["=1+1", "x", None],
        }
    )
    sheet = openpyxl.load_workbook(write_workbook(tmp_path / "a.xlsx", own=frame))["own"]
    assert [sheet.cell(row, 1).number_format for row in (2, 3)] == ["#,##0", "0.00"]
    assert [sheet.cell(2, column).value for column in (4, 6)] == [2, "=1+1"]
    assert sheet["F2"].data_type == "s"
    assert sheet["E2"].number_format == "dd/mm/yyyy"
    assert sheet["D4"].value == "không có"
    assert sheet["A4"].value not in (None, "không có")
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:F4"


def test_the_same_frames_are_the_same_bytes(report, tmp_path):
    paths = [
        write_workbook(tmp_path / name, findings=check(report)) for name in ("a.xlsx", "b.xlsx")
    ]
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_refusals_come_at_once(tmp_path):
    with pytest.raises(CchcError) as error:
        write_workbook(
            tmp_path / "a.csv", values=[1], lost=pd.DataFrame(), points_lost=pd.DataFrame()
        )
    for said in (
        "ends in .xlsx, not in .csv",
        "values is no DataFrame but list",
        "two sheets would",
    ):
        assert said in error.value.where
    with pytest.raises(CchcError, match="no frame is given"):
        write_workbook(tmp_path / "a.xlsx")
    with pytest.raises(CchcError, match="a letter that no document can hold"):
        write_workbook(tmp_path / "a.xlsx", own=pd.DataFrame({"x": ["\x01"]}))
    assert not [*tmp_path.iterdir()]
