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


def test_with_a_key_of_agencies_two_spellings_of_one_are_one_dossier(tmp_path: Path):
    names = ("Sở Hoà Bình", "SỞ HÒA BÌNH", "Sở Hóa Bình")  # the third is another
    lines = [";".join(["7", name, *ONE[2:]]) for name in names]
    path = tmp_path / "a.csv"
    path.write_text("\n".join([";".join(HEADING), *lines]), encoding="utf-8")
    ledger = read_ledger(path, key=["dossier_id", "agency"])
    assert ledger.frame["agency"].tolist() == ["Sở Hoà Bình", "Sở Hóa Bình"]
    assert (ledger.counts.repeated, len(ledger.rejects)) == (1, 0)
    assert told(ledger)["agency_joined"] == (1, "Sở Hoà Bình = SỞ HÒA BÌNH")


def test_a_day_after_the_export_stretches_nothing(tmp_path: Path):
    days = pd.bdate_range("2020-06-15", "2020-07-10")
    rows = [[str(n), "Sở A", f"{day:%d/%m/%Y}", "20/08/2020", "", ""] for n, day in enumerate(days)]
    slip = ["x", "Sở A", "01/07/2020", "10/07/2020", "01/09/2020", ""]
    path = tmp_path / "2020-07-10.csv"
    path.write_text("\n".join(";".join(row) for row in (HEADING, *rows, slip)), encoding="utf-8")
    counted = tally(read_ledger(path), "2020Q3", by="agency").iloc[0]
    assert counted["last_event"].date() == dt.date(2020, 7, 10)
    assert counted[["coverage", "pending_overdue"]].tolist() == ["partial", 0]
