"""Exports one below the other, a sheet for each agency, one agency under two spellings."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from cchc_stats import ReadError, ledger_quality, read_ledger, tally

HEADING = ["Mã hồ sơ", "Đơn vị xử lý", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày trả", "Trạng thái"]
OTHER = ["STT", "Mã hồ sơ", "Đơn vị xử lý", "Ngày trả", "Ngày hẹn trả", "Ngày tiếp nhận"]
ONE = ["K1", "Sở Cây xanh", "01/07/2020", "10/07/2020", "08/07/2020", "Đã trả kết quả"]
TWO = ["K2", "Sở Cây xanh", "02/07/2020", "13/07/2020", "15/07/2020", "Đã trả kết quả"]
TURNED = ["1", "K3", "Sở Cây xanh", "16/07/2020", "15/07/2020", "03/07/2020"]


def workbook(path: Path, **sheets: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name.replace("_", " "))
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def told(ledger: object) -> dict[str, tuple[int, str]]:
    rows = ledger_quality(ledger).to_dict("records")
    return {row["check"]: (int(row["count"]), row["example"]) for row in rows}


def test_exports_one_below_the_other_in_a_sheet_are_read_each_under_its_heading(tmp_path: Path):
    numbers = [f"({number})" for number in range(1, 7)]
    rows = [HEADING, numbers, ONE, HEADING, numbers, TWO, [], OTHER, TURNED]
    ledger = read_ledger(workbook(tmp_path / "a.xlsx", S=rows))
    frame = ledger.frame.set_index("dossier_id")
    assert frame.loc["K3", ["received_at", "settled_at"]].tolist() == [
        pd.Timestamp("2020-07-03"),
        pd.Timestamp("2020-07-16"),
    ]
    counted = tally(ledger, "2020Q3", by="agency").iloc[0]
    assert counted[["settled_on_time", "settled_late"]].tolist() == [1, 2]
    assert ledger.rejects.empty
    assert ledger.counts.status_unknown == {}
    count, place = told(ledger)["heading_again"]
    assert (count, place.endswith("row 4, 5, 8")) == (3, True)


def test_a_heading_again_in_a_text_is_no_dossier_and_told_with_its_row(tmp_path: Path):
    text = "\n".join(";".join(row) for row in (HEADING, ONE, HEADING, TWO))
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    ledger = read_ledger(path)
    assert ledger.rejects[["row", "reason"]].values.tolist() == [[2, "heading_row"]]
    assert (len(ledger.frame), ledger.counts.status_unknown) == (2, {})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_an_export_of_other_columns_below_the_first_in_a_text_is_refused(
    encoding: str, tmp_path: Path
):
    """Read on under the first heading, receipt and end would be taken for one another."""
    turned = [*HEADING[:2], *reversed(HEADING[2:5]), HEADING[5]]
    text = "\n".join(";".join(row) for row in (HEADING, ONE, turned, TWO)) + "\n"
    path = tmp_path / "a.csv"
    path.write_text(text, encoding=encoding)
    with pytest.raises(ReadError, match="another export, of other columns, stands below") as error:
        read_ledger(path)
    assert "a.csv, line 3" in error.value.where


def test_a_sheet_or_a_row_that_names_the_agency_tells_whose_its_dossiers_are(tmp_path: Path):
    def without(row: list[str]) -> list[str]:
        return [row[0], *row[2:]]

    rows = [without(HEADING), without(ONE)]
    named = [without(HEADING), ["II. Sở Đá"], ["K4", *ONE[2:]], ["UBND xã Lá"], ["K5", *ONE[2:]]]
    path = workbook(
        tmp_path / "a.xlsx",
        Sở_Cây_xanh=rows,
        Số_liệu=[without(HEADING), without(TWO)],
        Quý_3=named,
        Sở_Khác=[HEADING, ["K6", *ONE[1:]]],
    )
    ledger = read_ledger(path)
    assert ledger.frame.set_index("dossier_id")["agency"].to_dict() == {
        "K1": "Sở Cây xanh",
        "K2": "(không ghi)",
        "K4": "Sở Đá",
        "K5": "UBND xã Lá",
        "K6": "Sở Cây xanh",  # what the column says
    }
    quality = told(ledger)
    assert [quality[check][0] for check in ("agency_from_sheet", "agency_from_rows")] == [1, 2]
    assert ledger.rejects.empty


SHORT = ["Mã hồ sơ", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày trả"]


def dossiers(first: int, count: int) -> list[list[object]]:
    return [[f"K{first + at}", "01/07/2020", "10/07/2020", ""] for at in range(count)]


def agencies_of(path: Path) -> dict[str, int]:
    return read_ledger(path).frame["agency"].value_counts().to_dict()


def test_a_letterhead_above_the_heading_is_no_group(tmp_path: Path):
    head = [["UBND TỈNH SÔNG LAM"], ["BÁO CÁO HỒ SƠ"], SHORT]
    path = workbook(
        tmp_path / "a.xlsx",
        Sở_Y_tế=[*head, *dossiers(0, 5)],
        Sở_Nội_vụ=[*head, *dossiers(10, 4)],
        Quý_3=[*head, *dossiers(20, 2)],
        Tháng_8=[["SỞ TƯ PHÁP"], SHORT, *dossiers(30, 1)],
    )
    assert agencies_of(path) == {
        "Sở Y tế": 5,
        "Sở Nội vụ": 4,
        "(không ghi)": 2,  # a province heads the letter of each of its departments
        "SỞ TƯ PHÁP": 1,
    }


def test_below_a_row_that_names_no_known_agency_nobody_says_whose_the_dossiers_are(tmp_path: Path):
    numbered = [["STT", *SHORT], ["I", "Sở Y tế (3 hồ sơ)"], ["", *dossiers(0, 1)[0]]]
    numbered += [["II", "Sở Nội vụ", "2 hồ sơ"], ["Lĩnh vực Đất đai"]]
    numbered += [["", *row] for row in dossiers(1, 2)]
    numbered += [["III", "Liên đoàn Lao động", 4], *(["", *row] for row in dossiers(3, 4))]
    numbered += [["IV", "Công an tỉnh"], *(["", *row] for row in dossiers(7, 5))]
    # A dossier without a day of receipt ends no group.
    numbered += [["", "K99"], ["", *dossiers(12, 1)[0]]]
    path = workbook(tmp_path / "a.xlsx", S=numbered)
    assert agencies_of(path) == {
        "Sở Y tế": 1,
        "Sở Nội vụ": 2,
        "(không ghi)": 4,
        "Công an tỉnh": 6,
    }


def test_what_divides_the_sheet_of_an_agency_is_an_agency_only_of_its_kind(tmp_path: Path):
    rows = [SHORT, ["Thanh tra y tế"], *dossiers(0, 2), ["Trung tâm hóa đơn"], *dossiers(2, 1)]
    district = [SHORT, ["Xã Lá"], *dossiers(10, 3)]
    path = workbook(tmp_path / "a.xlsx", **{"Sở_Y_tế_(3)": rows, "UBND_huyện_Cây": district})
    assert agencies_of(path) == {"Sở Y tế": 3, "Xã Lá": 3}
    # A sheet that is named for none is no more divided by what an inspectorate is occupied with.
    sectors = [*rows[:4], ["Sở hữu trí tuệ"], *dossiers(2, 1)]
    assert agencies_of(workbook(tmp_path / "b.xlsx", S=sectors)) == {"(không ghi)": 3}


def test_a_heading_with_more_columns_below_does_not_hide_the_dossiers_above(tmp_path: Path):
    rows = [SHORT, *dossiers(0, 3), [*SHORT, "Trạng thái"], *dossiers(3, 2)]
    assert agencies_of(workbook(tmp_path / "a.xlsx", S=rows)) == {"(không ghi)": 5}


@pytest.mark.parametrize(
    "heading",
    [
        ["Mã hồ sơ", "NGÀY TIẾP NHẬN", "Ngày hẹn trả", "Ngày trả"],  # narrower
        [*[""] * 6, "Mã hồ sơ", "Ngày nhận", "Ngày hẹn trả", "Ngày trả"],  # shifted, other words
    ],
)
def test_a_heading_elsewhere_than_the_first_is_seen(heading: list[str], tmp_path: Path):
    row = ["K3", "03/07/2020", "15/07/2020", "16/07/2020"]
    below = [*[""] * (len(heading) - 4), *row]
    path = workbook(tmp_path / "a.xlsx", S=[OTHER, ["1", "K1", *TURNED[2:]], heading, below])
    ledger = read_ledger(path)
    assert ledger.frame.set_index("dossier_id").loc["K3", "received_at"] == pd.Timestamp(2020, 7, 3)
    assert (len(ledger.frame), len(ledger.rejects)) == (2, 0)


def test_with_a_key_of_agencies_two_spellings_of_one_are_one_dossier(tmp_path: Path):
    names = ("Sở Hoà Bình", "SỞ HÒA BÌNH", "Sở Hóa Bình")  # the third is another
    lines = [";".join(["7", name, *ONE[2:]]) for name in names]
    path = tmp_path / "a.csv"
    path.write_text("\n".join([";".join(HEADING), *lines]), encoding="utf-8")
    ledger = read_ledger(path, key=["dossier_id", "agency"])
    assert ledger.frame["agency"].tolist() == ["Sở Hoà Bình", "Sở Hóa Bình"]
    assert (ledger.counts.repeated, len(ledger.rejects)) == (1, 0)
    assert told(ledger)["agency_joined"] == (1, "Sở Hoà Bình = SỞ HÒA BÌNH")
    # Without its marks a name is the only one that it can be; of two it is neither.
    names = ("Sở Y tế", "Sở Y tế", "So Y te", "Sở Y-tế.", "Xã Hòa", "Xã Hóa", "Xa Hoa")
    lines = [";".join(["7", name, *ONE[2:]]) for name in names]
    path.write_text("\n".join([";".join(HEADING), *lines]), encoding="utf-8")
    frame = read_ledger(path, key=["dossier_id", "agency"]).frame
    assert sorted(frame["agency"]) == ["Sở Y tế", "Xa Hoa", "Xã Hòa", "Xã Hóa"]


def test_a_day_after_the_export_stretches_nothing(tmp_path: Path):
    days = pd.bdate_range("2020-06-15", "2020-07-10")
    rows = [[str(n), "Sở A", f"{day:%d/%m/%Y}", "20/08/2020", "", ""] for n, day in enumerate(days)]
    slip = ["x", "Sở A", "01/07/2020", "10/07/2020", "01/09/2020", ""]
    path = tmp_path / "2020-07-10.csv"
    path.write_text("\n".join(";".join(row) for row in (HEADING, *rows, slip)), encoding="utf-8")
    counted = tally(read_ledger(path), "2020Q3", by="agency").iloc[0]
    assert counted["last_event"].date() == dt.date(2020, 7, 10)
    assert counted[["coverage", "pending_overdue"]].tolist() == ["partial", 0]
