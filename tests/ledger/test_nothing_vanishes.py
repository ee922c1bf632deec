"""Exports as systems print them: every sheet, file and cell is read, or named as left out."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import xlsxwriter
import xlwt

from cchc_stats import ReadError, ledger_quality, read_ledger, scan_ledger, tally

HEADING = ["Mã hồ sơ", "Đơn vị xử lý", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày trả"]
ROWS = [
    ["K1", "Sở Cây xanh", "01/07/2020", "10/07/2020", "08/07/2020"],
    ["K2", "Sở Cây xanh", "02/07/2020", "13/07/2020", "15/07/2020"],
]


def text(*rows: list[str], heading: list[str] = HEADING) -> str:
    return "\n".join(";".join(row) for row in (heading, *rows)) + "\n"


def written(folder: Path, content: str | bytes, name: str = "export.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def workbook(
    path: Path, sheets: dict[str, list[list[object]]], merged: tuple[str, ...] = ()
) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        for area in merged:
            sheet.merge_cells(area)
    book.save(path)
    return path


def checks(ledger: object) -> dict[str, int]:
    quality = ledger_quality(ledger)
    return dict(zip(quality["check"], quality["count"].astype(int), strict=True))


def page(rows: list[list[str]], *, before: str = "<html><body>") -> str:
    lines = ["<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows]
    return f"{before}<table border=1>{''.join(lines)}</table>"


def test_a_sheet_with_fewer_columns_is_read_as_well(tmp_path: Path):
    more = [[*HEADING, "Hình thức nộp", "Trạng thái"]]
    more += [[*row, "Trực tuyến", "Đã trả kết quả"] for row in ROWS]
    fewer = [HEADING, ["L1", "Sở Sông ngòi", "01/07/2020", "10/07/2020", "15/07/2020"]]
    ledger = read_ledger(workbook(tmp_path / "a.xlsx", {"A": more, "B": fewer}))
    assert ledger.frame["dossier_id"].tolist() == ["K1", "K2", "L1"]
    counted = tally(ledger, "2020Q3", by="agency").set_index("agency")
    assert counted["settled_late"].to_dict() == {"Sở Cây xanh": 1, "Sở Sông ngòi": 1}


def test_a_sheet_without_heading_goes_on_with_the_one_before(tmp_path: Path):
    path = workbook(
        tmp_path / "a.xlsx", {"1": [HEADING, ROWS[0]], "2": [ROWS[1]], "3": [["ghi chú"]]}
    )
    ledger = read_ledger(path)
    assert ledger.frame["dossier_id"].tolist() == ["K1", "K2"]
    told = checks(ledger)
    assert (told["sheet_continued"], told["sheet_left_out"]) == (1, 1)
    example = ledger.quality.set_index("check").loc["sheet_left_out", "example"]
    assert example == f"{path.name}, '3': no heading"  # a form that is handed on tells no folder


def test_merged_cells_hold_in_each_of_their_rows(tmp_path: Path):
    rows = [HEADING, ROWS[0], ["K2", None, *ROWS[1][2:]], ["K3", "Sở B", *ROWS[0][2:]]]
    ledger = read_ledger(workbook(tmp_path / "a.xlsx", {"A": rows}, ("B2:B3",)))
    assert ledger.frame["agency"].tolist() == ["Sở Cây xanh", "Sở Cây xanh", "Sở B"]
    assert checks(ledger)["merged_filled"] == 1


def test_an_office_that_is_not_merged_is_not_filled_but_told(tmp_path: Path):
    rows = [HEADING, ROWS[0], ["K2", None, *ROWS[1][2:]]]
    ledger = read_ledger(workbook(tmp_path / "a.xlsx", {"A": rows}))
    assert checks(ledger)["agency_unstated"] == 1


def test_two_rows_of_heading_are_joined_and_numbers_below_them_passed_over(tmp_path: Path):
    rows: list[list[object]] = [
        ["DANH SÁCH HỒ SƠ", None, None, None, None],
        ["Mã hồ sơ", "Đơn vị xử lý", "Ngày", None, None],
        [None, None, "tiếp nhận", "hẹn trả", "trả"],
        ["(1)", "(2)", "(3)", "(4)", "(5)"],
        *ROWS,
    ]
    ledger = read_ledger(workbook(tmp_path / "a.xlsx", {"A": rows}, ("C2:E2",)))
    assert ledger.frame["settled_at"].dt.day.tolist() == [8, 15]
    assert ledger.rejects.empty


@pytest.mark.parametrize(
    "before", ["<html><body>", "<style>td{}</style>", "<!DOCTYPE html>\n<div>"]
)
def test_a_page_under_the_name_of_a_workbook_is_read(before: str, tmp_path: Path):
    content = page([HEADING, *ROWS], before=before)
    ledger = read_ledger(written(tmp_path, content, "export.xls"))
    assert ledger.frame["dossier_id"].tolist() == ["K1", "K2"]


def test_cells_of_a_page_that_span_rows_are_filled_down(tmp_path: Path):
    content = (
        "<table><tr><th>Đơn vị xử lý</th><th>Mã hồ sơ</th><th>Ngày tiếp nhận</th>"
        "<th>Ngày hẹn trả</th><th>Ngày trả</th></tr>"
        "<tr><td rowspan=2>Sở A</td><td>1</td><td>01/07/2020</td><td>10/07/2020</td><td></td></tr>"
        "<tr><td>2</td><td>01/07/2020</td><td>10/07/2020</td><td>05/07/2020</td></tr></table>"
    )
    ledger = read_ledger(written(tmp_path, content, "export.xls"))
    assert ledger.frame[["dossier_id", "agency"]].to_numpy().tolist() == [
        ["1", "Sở A"],
        ["2", "Sở A"],
    ]


def test_a_workbook_in_xml_is_read(tmp_path: Path):
    def cell(value: str, **more: str) -> str:
        told = "".join(f' ss:{name}="{one}"' for name, one in more.items())
        return f'<Cell{told}><Data ss:Type="String">{value}</Data></Cell>'

    day = '<Cell ss:Index="3"><Data ss:Type="DateTime">2020-07-01T08:30:00.000</Data></Cell>'
    content = (
        '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="Hồ sơ"><Table>'
        f"<Row>{''.join(map(cell, HEADING))}</Row>"
        f'<Row ss:Index="4">{cell("M1")}{day}{cell("10/07/2020")}</Row>'
        "</Table></Worksheet></Workbook>"
    )
    ledger = read_ledger(written(tmp_path, content, "export.xls"))
    assert ledger.frame["received_at"].tolist() == [pd.Timestamp("2020-07-01 08:30")]


@pytest.mark.parametrize("places", [(1, 2, 3, 4), (0, 1, 2, 3)])
def test_a_sheet_that_goes_on_has_the_columns_of_the_one_before(places: tuple, tmp_path: Path):
    more = [[*HEADING, "Hình thức nộp"], [*ROWS[0], "2"]]
    ledger = read_ledger(
        workbook(tmp_path / "a.xlsx", {"1": more, "2": [[ROWS[1][at] for at in places]]})
    )
    if places[0]:  # shifted by one: it holds other things
        assert ledger.frame["dossier_id"].tolist() == ["K1"]
        assert checks(ledger)["sheet_left_out"] == 1
    else:  # what it has no column for is not told
        assert ledger.frame["channel"].fillna("").tolist() == ["online", ""]
        assert ledger.frame["status"].tolist() == ["settled", "open"]


def test_two_lines_of_heading_and_numbers_below_them_are_read_of_text_too(tmp_path: Path):
    upper = ["Mã hồ sơ", "Đơn vị xử lý", "Ngày", "", ""]
    lower = ["", "", "tiếp nhận", "hẹn trả", "trả"]
    content = text(lower, ["(1)", "(2)", "(3)", "(4)", "(5)"], *ROWS, heading=upper)
    ledger = read_ledger(written(tmp_path, content))
    assert ledger.frame["settled_at"].dt.day.tolist() == [8, 15]
    assert ledger.rejects.empty


@pytest.mark.parametrize("encoding", ["utf-32", "utf-16", "utf-8-sig"])
def test_encodings_with_a_mark(encoding: str, tmp_path: Path):
    ledger = read_ledger(written(tmp_path, text(*ROWS).encode(encoding)))
    assert ledger.frame["agency"].tolist() == ["Sở Cây xanh"] * 2


def test_a_file_in_the_vietnamese_code_page_is_read_and_told(tmp_path: Path):
    rows = "Ma ho so,Ngay tiep nhan,Ngay hen tra,Ngay tra,Linh vuc\nP1,15/06/2020,22/06/2020,,"
    sector = "\u0110\u00e2\u0301t \u0111ai"  # as the code page has it: the tone beside its letter
    content = rows.encode() + sector.encode("cp1258") + b"\n"
    ledger = read_ledger(written(tmp_path, content))
    assert ledger.frame["sector"].tolist() == ["Đất đai"]
    assert checks(ledger)["code_page"] == 1


def test_letters_of_older_codes_are_refused_and_not_guessed(tmp_path: Path):
    content = text(*ROWS).encode("utf-8").replace("Sở Cây".encode(), b"S\xeb C\xa9y \xae\xb5")
    content = content.replace("Mã hồ sơ".encode(), b"Ma ho so").replace("Đơn".encode(), b"Don")
    for name in ("vị xử lý", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày trả"):
        plain = {"vị xử lý": "vi xu ly", "Ngày tiếp nhận": "Ngay tiep nhan"}
        plain |= {"Ngày hẹn trả": "Ngay hen tra", "Ngày trả": "Ngay tra"}
        content = content.replace(name.encode(), plain[name].encode())
    with pytest.raises(ReadError, match="no text in UTF-8, UTF-16 or Windows-1258"):
        read_ledger(written(tmp_path, content.replace(b"xanh", b"xanh")))


SPELLINGS = [
    ("14.09.2020 08:30", "2020-09-14 08:30"),
    ("14-09-2020 08:30:15", "2020-09-14 08:30:15"),
    ("14/09/2020 08:30:00.123", "2020-09-14 08:30"),
    ("14/9/2020 8:05", "2020-09-14 08:05"),
    ("14/09/2020 17h30", "2020-09-14 17:30"),
    ("14/09/2020 5:30 CH", "2020-09-14 17:30"),
    ("14/09/2020 05:30:10 ch", "2020-09-14 17:30:10"),
    ("14/09/2020 05:30 sa", "2020-09-14 05:30"),
    ("2020-9-4", "2020-09-04"),
    ("2020-09-14T08:30:00+07:00", "2020-09-14 08:30"),
    ("2020-09-13T20:30:00Z", "2020-09-14 03:30"),
    ("14/09/2020 08:30 +07:00", "2020-09-14 08:30"),
    ("2020-09-14T08:30:00-05:00", "2020-09-14 20:30"),
    ("2020-09-14 09:30:00.123 +08:00", "2020-09-14 08:30:00.123"),
    ("2020-09-14 01:30:00 UTC", "2020-09-14 08:30"),
    ("05:30:10 CH 14/09/2020", "2020-09-14 17:30:10"),
    ("14/09/2020 - 08:30", "2020-09-14 08:30"),
    ("08h30 ngày 14/09/2020", "2020-09-14 08:30"),
    ("lúc 08:30 ngày 14/09/2020", "2020-09-14 08:30"),
    ("14/09/2020 lúc 17h30", "2020-09-14 17:30"),
    ("14/09/2020 17:30 CH", "2020-09-14 17:30"),
    ("00:15:00 SA 14/09/2020", "2020-09-14 00:15"),
    ("Thứ Hai, 14/09/2020", "2020-09-14"),
    ("Sep 14, 2020 08:30:00", "2020-09-14 08:30"),
    ("2020-09-14 05:30:00 PM", "2020-09-14 17:30"),
    ("14-Sep-20", "2020-09-14"),
    ("202009140830", "2020-09-14 08:30"),
    ("1600047000000", "2020-09-14 08:30"),
    ("14-Sep-2020", "2020-09-14"),
    ("14 Sep 2020 09:15", "2020-09-14 09:15"),
    ("ngày 14 tháng 9 năm 2020", "2020-09-14"),
    ("09:15:00 14/09/2020", "2020-09-14 09:15"),
    ("20200914", "2020-09-14"),
    ("14/09/20 08:30", "2020-09-14 08:30"),
]


def test_spellings_of_an_instant(tmp_path: Path):
    rows = [[f"T{at}", "A", cell, "30/09/2020", ""] for at, (cell, _) in enumerate(SPELLINGS)]
    ledger = read_ledger(written(tmp_path, text(*rows)))
    found = dict(zip(ledger.frame["dossier_id"], ledger.frame["received_at"], strict=True))
    expected = {f"T{at}": pd.Timestamp(day) for at, (_, day) in enumerate(SPELLINGS)}
    assert found == expected
    assert checks(ledger)["short_years"] == 2


def test_years_of_two_digits_alone_are_read_on_request(tmp_path: Path):
    path = written(tmp_path, text(["T1", "A", "14/09/20", "30/09/20", ""]))
    assert read_ledger(path).rejects["reason"].tolist() == ["unreadable_date"]
    assert checks(read_ledger(path))["short_years_unread"] == 2
    asked = read_ledger(path, two_digit_years=True)
    assert asked.frame["received_at"].tolist() == [pd.Timestamp("2020-09-14")]


def test_month_before_day_is_decided_by_the_column_and_told(tmp_path: Path):
    rows = [
        ["T1", "A", "07/14/2020", "08/03/2020", ""],
        ["T2", "A", "07/02/2020", "08/04/2020", ""],
    ]
    ledger = read_ledger(written(tmp_path, text(*rows)))
    assert ledger.frame["received_at"].dt.strftime("%d/%m").tolist() == ["14/07", "02/07"]
    # The column of due dates alone tells nothing: it is written as the other one.
    assert ledger.frame["due_at"].dt.strftime("%d/%m").tolist() == ["03/08", "04/08"]
    assert checks(ledger)["month_first"] == 1


def test_a_column_of_both_orders_stays_day_first(tmp_path: Path):
    rows = [["T1", "A", "14/07/2020", "", ""], ["T2", "A", "07/15/2020", "", ""]]
    ledger = read_ledger(written(tmp_path, text(*rows)))
    assert ledger.rejects["dossier_id"].tolist() == ["T2"]
    assert checks(ledger)["mixed_order"] == 1


@pytest.mark.parametrize(
    "sign",
    [
        "06/06/2079",
        "2099-12-31 00:00:00",
        "01/01/0001 00:00:00",
        "01/01/1900",
        "31/12/9999",
        "1970-01-01",
        "Chưa có kết quả",
        "Không thời hạn",
        "0",
        "… / …",
        "0000-00-00",
    ],
)
def test_a_day_that_says_there_is_none_is_none(sign: str, tmp_path: Path):
    ledger = read_ledger(written(tmp_path, text(["S1", "A", "01/07/2020", "10/07/2020", sign])))
    assert ledger.frame[["settled_at", "status"]].to_numpy().tolist() == [[pd.NaT, "open"]]
    assert sign == "0000-00-00" or checks(ledger)["no_days"] == 1


def test_such_a_day_of_receipt_is_no_day_of_receipt(tmp_path: Path):
    ledger = read_ledger(written(tmp_path, text(["S1", "A", "01/01/1900", "10/07/2020", ""])))
    assert ledger.rejects["reason"].tolist() == ["no_receipt_date"]


def test_two_columns_of_the_end_are_joined_row_by_row(tmp_path: Path):
    heading = ["Mã hồ sơ", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày trả kết quả", "Ngày có kết quả"]
    rows = [
        ["A1", "01/07/2020", "10/07/2020", "20/07/2020", "09/07/2020"],
        ["A2", "01/07/2020", "10/07/2020", "12/07/2020", ""],
        ["A3", "01/07/2020", "10/07/2020", "13/07/2020", "01/01/1900"],
        ["A4", "01/07/2020", "10/07/2020", "", ""],
    ]
    ledger = read_ledger(written(tmp_path, text(*rows, heading=heading)))
    assert ledger.frame["settled_at"].dt.day.fillna(0).tolist() == [9, 12, 13, 0]
    told = checks(ledger)
    assert (told["end_columns_joined"], told["columns_joined"]) == (2, 1)


def test_days_from_1904(tmp_path: Path):
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path), {"date_1904": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADING)
        day = pd.Timestamp("2020-07-01").to_pydatetime()
        sheet.write_row(1, 0, ["E1", "A"])
        sheet.write_datetime(1, 2, day, book.add_format({"num_format": "dd/mm/yyyy"}))
        sheet.write_number(1, 3, 44022 - 1462)  # 10/07/2020, as a bare number
    ledger = read_ledger(path)
    assert ledger.frame[["received_at", "due_at"]].to_numpy().tolist() == [
        [pd.Timestamp("2020-07-01"), pd.Timestamp("2020-07-10")]
    ]


def test_an_old_workbook_of_days_from_1904(tmp_path: Path):
    book = xlwt.Workbook()
    book.dates_1904 = True
    sheet = book.add_sheet("A")
    for column, (name, cell) in enumerate(
        zip(HEADING, ["E1", "A", 44013 - 1462, "42560", None], strict=True)
    ):
        sheet.write(0, column, name)
        sheet.write(1, column, cell)
    book.save(str(tmp_path / "a.xls"))
    ledger = read_ledger(tmp_path / "a.xls")
    assert ledger.frame[["received_at", "due_at"]].to_numpy().tolist() == [
        [pd.Timestamp("2020-07-01"), pd.Timestamp("2020-07-10")]
    ]


def test_ids_that_are_all_words_are_refused_unless_the_caller_names_them(tmp_path: Path):
    path = written(tmp_path, text(*[[f"{PERSON} Hai", *ROWS[0][1:]]] * 3))
    with pytest.raises(ReadError, match="no number in the column 'Mã hồ sơ'"):
        read_ledger(path)
    assert len(read_ledger(path, columns={"dossier_id": "Mã hồ sơ"}).frame) == 1


def test_a_column_of_days_without_a_day_is_refused(tmp_path: Path):
    with pytest.raises(ReadError, match="no day in the column 'Ngày hẹn trả'"):
        read_ledger(
            written(tmp_path, text(*[[f"K{at}", "A", "01/07/2020", "5", ""] for at in range(10)]))
        )


def test_a_second_column_of_one_meaning_is_passed_over_and_told(tmp_path: Path):
    heading = [*HEADING, "Hạn xử lý", "Ngày tiếp nhận"]
    path = written(tmp_path, text([*ROWS[0], "30/07/2020", "05/07/2020"], heading=heading))
    quality = read_ledger(path).quality.set_index("check")
    assert quality.loc["columns_passed_over", "count"] == 2
    assert "Ngày hẹn trả ≠ Hạn xử lý" in quality.loc["columns_passed_over", "example"]


def test_numbers_before_and_after_codes_do_not_hide_them(tmp_path: Path):
    words = ["4.0", "05", "3. Không được tiếp nhận", "7 - Công dân yêu cầu rút hồ sơ", "DỪNG XỬ LÝ"]
    rows = [[f"N{at}", *ROWS[0][1:4], "", word] for at, word in enumerate(words)]
    ledger = read_ledger(written(tmp_path, text(*rows, heading=[*HEADING, "Trạng thái"])))
    becomes = ["open", "waiting", "returned", "withdrawn", "returned"]
    assert ledger.frame["status"].tolist() == becomes
    # That the numbers and two of the words mean this is the national list's or ours: told.
    assert checks(ledger)["status_by_profile"] == 4


def test_a_bad_file_or_a_note_stops_no_folder(tmp_path: Path):
    written(tmp_path, text(*ROWS))
    written(tmp_path, "Hãy gửi trước ngày 15.\n", "ghi-chu.txt")
    written(tmp_path, b"PK\x03\x04 rubbish", "hong.xlsx")
    scan = scan_ledger(tmp_path)
    assert scan.counts().dossiers == 2
    assert checks(scan)["file_left_out"] == 2
    with pytest.raises(ReadError, match="cut short or damaged"):
        read_ledger([tmp_path / "export.csv", tmp_path / "hong.xlsx"])


def test_a_folder_of_nothing_but_notes_is_refused(tmp_path: Path):
    for name in ("a.txt", "b.txt"):
        written(tmp_path, "Kính gửi các đơn vị\n", name)
    with pytest.raises(ReadError, match="none of 2 files is an export of dossiers"):
        read_ledger(tmp_path)


PERSON = "Bùi Thị Thử Nghiệm"


@pytest.mark.parametrize(
    "content",
    [
        f"K1;{PERSON};01/07/2020;0901234567\nK2;{PERSON};02/07/2020;0901234568\n",
        f"{PERSON};Thôn Một;Xã Hai\n{PERSON};Thôn Ba;Xã Tư\n",
        f"<style>td{{}}</style><p>{PERSON}</p>",
        f'[{{"MaHoSo":"{PERSON}"}}]',
        text(*[[number, *[PERSON] * 4] for number in ("12", "13", "14")]),
    ],
)
def test_no_refusal_tells_of_a_person(content: str, tmp_path: Path):
    with pytest.raises(ReadError) as refusal:
        read_ledger(written(tmp_path, content))
    assert PERSON not in str(refusal.value)
    assert "0901" not in str(refusal.value)


def test_cells_that_slipped_are_refused(tmp_path: Path):
    heading = [*HEADING, "Trạng thái"]
    rows = [["Thôn Một, xã Hai", "UBND xã", "", "", "", PERSON]] * 2
    with pytest.raises(ReadError, match="do not hold what their headings say") as refusal:
        read_ledger(written(tmp_path, text(*rows, heading=heading)))
    assert PERSON not in str(refusal.value)
    assert "Thôn" not in str(refusal.value)


def test_unknown_statuses_alone_are_told_and_not_refused(tmp_path: Path):
    heading = [*HEADING, "Trạng thái"]
    path = written(tmp_path, text(*[[*row, "Bước 7"] for row in ROWS], heading=heading))
    assert checks(read_ledger(path))["status_unknown"] == 2


def test_a_column_that_the_caller_names_is_no_other_fields(tmp_path: Path):
    heading = ["Số hồ sơ", "Tên đơn vị", "Cơ quan xử lý", "Ngày nhận", "Ngày trả", "Trả thực tế"]
    rows = [["R1", "Công ty Thử", "Sở Y", "01/07/2026", "15/07/2026", "20/07/2026"]]
    path = written(tmp_path, text(*rows, heading=heading))
    ledger = read_ledger(path, columns={"due_at": "Ngày trả"})
    assert ledger.columns["settled_at"] == "Trả thực tế"
    assert ledger.frame[["agency", "settled_at"]].to_numpy().tolist() == [
        ["Sở Y", pd.Timestamp("2026-07-20")]
    ]
    with pytest.raises(ReadError, match="named for due_at and for settled_at"):
        read_ledger(path, columns={"due_at": "Ngày trả", "settled_at": "Ngày trả"})


def test_spellings_of_one_agency_are_told(tmp_path: Path):
    names = ["Sở Y tế", "SỞ Y TẾ", "So Y te", "SYT", "Sở Nội vụ"]
    rows = [[f"N{at}", name, *ROWS[0][2:]] for at, name in enumerate(names)]
    ledger = read_ledger(written(tmp_path, text(*rows)))
    assert checks(ledger)["agency_spellings"] == 4


def test_what_is_to_be_known_of_a_frame(tmp_path: Path):
    frame = read_ledger(written(tmp_path, text(*ROWS))).frame
    frame = pd.concat([frame, frame.iloc[:1]], ignore_index=True).assign(status="Đã xong")
    told = checks(frame)
    assert (told["status_unknown"], told["repeated"], told["due_end_of_day"]) == (3, 1, 3)


def test_a_status_that_holds_names_prints_none_of_them(tmp_path: Path):
    rows = [[f"N{at}", *ROWS[0][1:], f"Nguyễn Văn {at}"] for at in range(8)]
    known = [*ROWS[0], "Đã trả kết quả"]
    ledger = read_ledger(written(tmp_path, text(known, *rows, heading=[*HEADING, "Trạng thái"])))
    example = ledger.quality.set_index("check").loc["status_unknown", "example"]
    assert example == "… (8)"


def test_a_cell_that_is_no_time_is_not_printed_by_the_engine(tmp_path: Path):
    path = tmp_path / "ledger.csv"
    names = "dossier_id,agency,sector,received_at,due_at,settled_at,channel,status"
    path.write_text(f"{names}\nH1,A,S,Nguyễn Văn Mẫu,2020-09-24,,online,open\n", encoding="utf-8")
    with pytest.raises(ReadError, match="cannot be read") as refused:
        tally(path, "2020Q3", by=())
    assert "Nguyễn" not in str(refused.value)


def test_every_spelling_of_an_agency_is_told(tmp_path: Path):
    names = ["Sở Y tế", "SỞ Y TẾ", "Sở y tế", "So Y te", "Sở Y tế.", "Sở Y-tế", "SYT"]
    rows = [[f"N{at}", name, *ROWS[0][2:]] for at, name in enumerate(names)]
    quality = read_ledger(written(tmp_path, text(*rows))).quality.set_index("check")
    assert set(quality.loc["agency_spellings", "example"].split(" = ")) == set(names)


def dossier(number: int, agency: str | None) -> list[object]:
    return [f"K{number}", agency, "01/07/2020", "10/07/2020", "08/07/2020"]


def test_a_sheet_that_goes_on_takes_the_merged_agency_it_begins_under(tmp_path: Path):
    first = [HEADING, dossier(1, "Sở A"), dossier(2, None), dossier(3, "Sở B"), dossier(4, None)]
    sheets = {"1": first, "2": [dossier(5, None), dossier(6, "Sở C")], "3": [dossier(7, None)]}
    path = workbook(tmp_path / "a.xlsx", sheets)
    book = openpyxl.load_workbook(path)
    for area in ("B2:B3", "B4:B5"):
        book["1"].merge_cells(area)
    book.save(path)
    ledger = read_ledger(path)
    # The last sheet goes on with an agency that nothing is merged over: it stays unstated.
    agencies = ["Sở A"] * 2 + ["Sở B"] * 3 + ["Sở C", "(không ghi)"]
    assert ledger.frame.sort_values("dossier_id")["agency"].tolist() == agencies
    assert checks(ledger)["merged_filled"] == 3


def test_a_sheet_that_goes_on_stands_below_the_name_alone_of_the_one_before(tmp_path: Path):
    rows = [[row[0], *row[2:]] for row in ([HEADING, *(dossier(at, "") for at in range(5))])]
    sheets = {
        "1": [rows[0], ["I. Sở Y tế"], rows[1], ["II. Sở Nội vụ"], rows[2]],
        "2": [rows[3], ["III. Sở Tư pháp"], rows[4]],
    }
    frame = read_ledger(workbook(tmp_path / "a.xlsx", sheets)).frame
    assert frame.sort_values("dossier_id")["agency"].tolist() == [
        *("Sở Y tế", "Sở Nội vụ", "Sở Nội vụ", "Sở Tư pháp")
    ]


@pytest.mark.parametrize(
    "rows",
    [
        [
            ["TT", "Thông tin hồ sơ", "", "Thời gian", "", ""],
            ["", "Mã hồ sơ", "Cơ quan", "Ngày tiếp nhận", "Ngày", ""],
            ["", "", "", "", "hẹn trả", "trả kết quả"],
        ],
        [
            ["TT", "Mã hồ sơ", "Cơ quan", "Quá trình giải quyết", "", ""],
            ["", "", "", "Ngày", "", ""],
            ["", "", "", "Tiếp nhận", "Hẹn trả", "Trả kết quả"],
            ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"],
        ],
    ],
)
def test_three_rows_of_headings_are_one(tmp_path: Path, rows: list[list[object]]):
    body = ["1", "K1", "Sở A", "01/07/2020", "10/07/2020", "09/07/2020"]
    path = workbook(tmp_path / "a.xlsx", {"1": [*rows, body]})
    (read,) = read_ledger(path).frame.to_dict("records")
    assert read["agency"] == "Sở A" and read["dossier_id"] == "K1"
    days = [f"{read[name]:%d/%m/%Y}" for name in ("received_at", "due_at", "settled_at")]
    assert days == body[3:]


def test_days_that_a_spreadsheet_read_month_first_and_hidden_sheets_are_told(tmp_path: Path):
    swapped = [["K1", "Sở A", dt.datetime(2020, 1, 7), "13/07/2020", "14/07/2020"]]
    swapped += [["K2", "Sở A", "25/06/2020", dt.datetime(2020, 10, 7), ""]]
    sure = [["K3", "Sở A", dt.datetime(2020, 7, 13), "01/08/2020", dt.datetime(2020, 7, 1)]]
    path = workbook(tmp_path / "a.xlsx", {"a": [HEADING, *swapped], "b": [HEADING, *sure]})
    book = openpyxl.load_workbook(path)
    book["b"].sheet_state = "hidden"
    book.save(path)
    told = checks(read_ledger(path))
    assert (told["days_swapped"], told["sheet_hidden"]) == (2, 1)
