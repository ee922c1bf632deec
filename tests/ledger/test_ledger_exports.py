"""Exports: every kind of file, the rows that cannot be used, a plain model beside the engine."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from pathlib import Path

import duckdb
import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cchc_stats import (
    LEDGER,
    Ledger,
    ReadError,
    read_ledger,
    scan_ledger,
    simulate_ledger,
    tally,
    validate,
)
from cchc_stats.ledger.exports.aliases import aliases_with
from cchc_stats.ledger.exports.reading import keep
from cchc_stats.ledger.exports.rows import COLUMNS, REASONS

HEADING = (
    "MaHoSo,TenDonVi,TenLinhVuc,TenTTHC,NgayTiepNhan,NgayHenTra,NgayKetThucXuLy,NgayTuChoi,"
    "KenhThucHien,TrangThai,ChuHoSo,SoDienThoai,PhiThu"
)
GOOD = [
    "H-1,Sở A,Đất đai,Cấp giấy,15/06/2020 08:30:00,2020-06-22,20/06/2020 09:00,,2,Đã trả kết quả,"
    "Nguyễn Văn Một,0901,5000",
    "H-2,Sở A,Đất đai,Cấp giấy,43997.5,22/06/2020,,,1,Đang xử lý,Nguyễn Văn Hai,0902,0",
    "H-3,Sở A,Hộ tịch,Đăng ký,15/06/2020,15/06/2020,,,3,Chờ bổ sung,Trần Thị Ba,0903,0",
    "H-4,Sở B,Hộ tịch,Đăng ký,16/06/2020,,,17/06/2020,,,Trần Thị Tư,0904,0",
    "H-5,,,,16/06/2020,19/06/2020,18/06/2020,,9,Rút hồ sơ,Lê Năm,0905,0",
]
BAD = [
    (",Sở A,Đất đai,,15/06/2020,,,,,,,,", "no_dossier_id", ""),
    ("X-1,Sở A,Đất đai,,,22/06/2020,,,,,,,", "no_receipt_date", ""),
    ("X-2,Sở A,Đất đai,,hôm qua,22/06/2020,,,,,,,", "unreadable_date", "received_at"),
    ("X-3,Sở A,Đất đai,,15/06/2020,31/06/2020,,,,,,,", "unreadable_date", "due_at"),
    ("X-4,Sở A,Đất đai,,15/06/2202,,,,,,,,", "year_out_of_range", "received_at"),
    ("X-5,Sở A,Đất đai,,15/06/2020,22/06/0020,,,,,,,", "year_out_of_range", "due_at"),
    ("X-6,Sở A,Đất đai,,15/06/2020,14/06/2020,,,,,,,", "due_before_receipt", ""),
    ("X-7,Sở A,Đất đai,,15/06/2020 10:00,15/06/2020 09:59,,,,,,,", "due_before_receipt", ""),
    ("X-8,Sở A,Đất đai,,15/06/2020,,14/06/2020,,,,,,", "settled_before_receipt", ""),
    ("X-9,Sở A,Đất đai,,15/06/2020,,,,,Đã trả kết quả,,,", "settled_without_date", ""),
    ("Y-1,Sở A,Đất đai,,15/06/2020,22/06/2020,,,2,,,,", "different_facts", ""),
    ("Y-1,Sở A,Hộ tịch,,15/06/2020,22/06/2020,,,2,,,,", "different_facts", ""),
    ("Z-1,Sở A", "broken_row", "fewer cells than the heading"),
    (GOOD[1] + ",x,y", "broken_row", "more cells than the heading"),
]


def text(*rows: str) -> str:
    return "\n".join((HEADING, *rows)) + "\n"


def written(folder: Path, content: str | bytes, name: str = "export.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def as_workbook(content: str, path: Path, *, title: bool = False) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    if title:
        sheet.append(["DANH SÁCH HỒ SƠ"])
        sheet.append([])
    for line in content.splitlines():
        sheet.append([cell or None for cell in line.split(",")])
    book.save(path)
    return path


@pytest.fixture
def good(tmp_path: Path) -> Ledger:
    return read_ledger(written(tmp_path, text(*GOOD)))


def told(ledger: Ledger) -> list[list[str]]:
    return ledger.rejects[["reason", "detail"]].values.tolist()


def test_dossiers_are_typed_as_the_form_has_them(good: Ledger):
    frame = good.frame.set_index("dossier_id")
    assert frame.loc["H-1", "received_at"] == pd.Timestamp("2020-06-15 08:30")
    assert frame.loc["H-1", "due_at"] == pd.Timestamp("2020-06-22")
    assert frame.loc["H-1", "settled_at"] == pd.Timestamp("2020-06-20 09:00")
    assert frame.loc["H-2", "received_at"] == pd.Timestamp("2020-06-15 12:00")
    assert frame["status"].tolist() == ["settled", "open", "waiting", "returned", "withdrawn"]
    assert frame["channel"].tolist()[:4] == ["online", "in_person", "postal", "in_person"]
    assert frame.loc["H-4", "settled_at"] == pd.Timestamp("2020-06-17")  # the day of refusal
    assert frame.loc["H-5", ["agency", "sector"]].tolist() == ["(không ghi)", "(không ghi)"]
    assert tuple(good.frame.columns) == (*COLUMNS, "fee")  # the export has a column of fees
    typed = validate(good.frame.head(4), LEDGER)
    pd.testing.assert_frame_equal(typed[list(COLUMNS)], good.frame.head(4)[list(COLUMNS)])


def test_what_there_is_to_say_of_the_whole(good: Ledger):
    counts = good.counts
    assert (counts.rows_read, counts.dossiers, counts.repeated) == (5, 5, 0)
    assert (counts.without_due_date, counts.waiting, counts.returned, counts.withdrawn) == (
        1,
        1,
        1,
        1,
    )
    assert counts.due_rule == "end_of_day"
    assert (counts.agency_unstated, counts.sector_unstated) == (1, 1)
    assert counts.channel_unknown == {"9": 1}
    assert counts.rejected == {}
    assert good.columns["due_at"] == "NgayHenTra"
    assert (good.unused, good.columns["fee"]) == ((), "PhiThu")
    assert len(good.rejects) == 0


def test_personal_data_are_dropped_unless_asked_for(tmp_path: Path):
    path = written(tmp_path, text(*GOOD, *(row for row, _, _ in BAD)))
    without = read_ledger(path)
    for frame in (without.frame, without.rejects):
        assert not {"ChuHoSo", "SoDienThoai"} & set(frame.columns)
        assert "Nguyễn Văn Một" not in frame.to_csv()
    kept = read_ledger(path, keep_personal=True)
    assert kept.frame["ChuHoSo"].tolist()[0] == "Nguyễn Văn Một"
    assert kept.frame["SoDienThoai"].tolist()[0] == "0901"
    pd.testing.assert_frame_equal(kept.frame[[*COLUMNS, "fee"]], without.frame)


@pytest.mark.parametrize(("row", "reason", "detail"), BAD)
def test_each_fault_is_named_and_the_rest_stays(row: str, reason: str, detail: str, tmp_path: Path):
    if reason == "different_facts":
        row = "\n".join(one for one, why, _ in BAD if why == reason)
    ledger = read_ledger(written(tmp_path, text(*GOOD[:2], row, *GOOD[2:])))
    assert told(ledger) == [[reason, detail]] * (row.count("\n") + 1)
    assert ledger.rejects["row"].tolist()[0] == 3
    assert ledger.frame["dossier_id"].tolist() == ["H-1", "H-2", "H-3", "H-4", "H-5"]
    assert ledger.counts.rejected == {reason: row.count("\n") + 1}


def test_all_faults_at_once_are_counted_and_none_is_lost(tmp_path: Path):
    rows = [*GOOD, *(row for row, _, _ in BAD), GOOD[0], GOOD[0]]
    ledger = read_ledger(written(tmp_path, text(*rows)))
    assert told(ledger) == [[reason, detail] for _, reason, detail in BAD]
    assert ledger.rejects["row"].tolist() == list(range(6, 6 + len(BAD)))
    assert ledger.counts.repeated == 2
    assert ledger.counts.rows_read == len(rows)
    # A heading that comes again has its own test: a workbook leaves it out.
    assert set(ledger.rejects["reason"]) == {*REASONS} - {"heading_row"}
    assert len(ledger.frame) == len(GOOD)
    # As it was printed where it is no instant.
    assert ledger.rejects.loc[2, "received_at"] == "hôm qua"


def test_a_day_without_an_hour_is_not_before_an_hour_of_that_day(tmp_path: Path):
    row = "H-9,Sở A,Đất đai,,15/06/2020 16:00,15/06/2020,15/06/2020,,,,,,"
    ledger = read_ledger(written(tmp_path, text(row)))
    assert len(ledger.frame) == 1
    hour = read_ledger(
        written(tmp_path, text(row, GOOD[1].replace("22/06/2020", "22/06/2020 11:30")))
    )
    assert (ledger.counts.due_rule, hour.counts.due_rule) == ("end_of_day", "mixed")
    none = read_ledger(written(tmp_path, text(GOOD[3])))
    assert none.counts.due_rule == "not_stated"


LAYOUTS = {
    "semicolons": lambda content: content.replace(",", ";").encode(),
    "tabs": lambda content: content.replace(",", "\t").encode(),
    "bars": lambda content: content.replace(",", "|").encode(),
    "a byte order mark": lambda content: content.encode("utf-8-sig"),
    "UTF-16": lambda content: content.encode("utf-16"),
    "UTF-16, big end first": lambda content: b"\xfe\xff" + content.encode("utf-16-be"),
    "UTF-16 without a mark": lambda content: content.encode("utf-16-le"),
    "Windows line ends": lambda content: content.replace("\n", "\r\n").encode(),
    "mixed line ends": lambda content: content.replace("\n", "\r\n", 4).encode(),
    "old line ends": lambda content: content.replace("\n", "\r").encode(),
    "a title above": lambda content: f"DANH SÁCH HỒ SƠ\n\n{content}".encode(),
    "quotes": lambda content: content.replace("Đất đai", '"Đất đai"').encode(),
    "names in words": lambda content: (
        content.replace("NgayTiepNhan", "Ngày tiếp nhận").replace("MaHoSo", " mã hồ sơ ").encode()
    ),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_each_layout_of_a_text_gives_the_same(layout: str, tmp_path: Path):
    # The row that has more cells than the heading would be another one with other separators.
    content = text(*GOOD, *(row for row, _, _ in BAD))
    plain = read_ledger(written(tmp_path, content))
    other = read_ledger(written(tmp_path, LAYOUTS[layout](content), "other.csv"))
    pd.testing.assert_frame_equal(other.frame, plain.frame)
    assert told(other) == told(plain)
    assert other.rejects["row"].tolist() == plain.rejects["row"].tolist()


@pytest.mark.parametrize("title", [False, True])
def test_a_workbook_gives_the_same_as_a_text(title: bool, tmp_path: Path):
    content = text(*GOOD, *(row for row, why, _ in BAD if why != "broken_row"))
    plain = read_ledger(written(tmp_path, content))
    book = read_ledger(as_workbook(content, tmp_path / "export.xlsx", title=title))
    pd.testing.assert_frame_equal(book.frame, plain.frame)
    assert told(book) == told(plain)
    above = 3 if title else 1
    assert book.rejects["row"].tolist() == [row + above for row in plain.rejects["row"]]


def test_a_workbook_with_real_dates_and_numbers(tmp_path: Path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Mã hồ sơ", "Ngày nhận", "Ngày hẹn trả", "Ngày trả kết quả", "KenhThucHien"])
    sheet.append([1001, dt.datetime(2020, 6, 15, 8, 30), dt.date(2020, 6, 22), 44002.375, 2])
    sheet.append([None] * 5)
    sheet.append([1002, "15/06/2020", None, None, None])
    book.save(tmp_path / "export.xlsx")
    ledger = read_ledger(tmp_path / "export.xlsx")
    assert ledger.frame["dossier_id"].tolist() == ["1001", "1002"]
    assert ledger.frame["received_at"].tolist()[0] == pd.Timestamp("2020-06-15 08:30")
    assert ledger.frame["settled_at"].tolist()[0] == pd.Timestamp("2020-06-20 09:00")
    assert ledger.frame["channel"].tolist() == ["online", "in_person"]
    assert len(ledger.rejects) == 0


def test_a_formula_without_its_value_is_told(tmp_path: Path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Mã hồ sơ", "Ngày nhận", "Ngày hẹn trả", "Ngày trả kết quả"])
    sheet.append(["1", "15/06/2020", "=B2+7", None])
    sheet.append(["2", "15/06/2020", "22/06/2020", None])
    book.save(tmp_path / "export.xlsx")
    ledger = read_ledger(tmp_path / "export.xlsx")
    assert ledger.frame["dossier_id"].tolist() == ["2"]
    assert told(ledger) == [["unreadable_date", "due_at"]]
    assert ledger.rejects["due_at"].tolist() == ["công thức chưa tính"]
    assert ledger.rejects["row"].tolist() == [2]


def test_formulas_are_looked_for_in_the_right_sheet(tmp_path: Path):
    heading = ["Mã hồ sơ", "Ngày nhận", "Ngày hẹn trả", "Ngày trả kết quả"]
    book = openpyxl.Workbook()
    for sheet, due in ((book.active, "=B2+7"), (book.create_sheet("Hai"), None)):
        sheet.append(heading)
        sheet.append([sheet.title, "15/06/2020", due, None])
    book.move_sheet("Hai", -1)
    book.save(tmp_path / "export.xlsx")
    ledger = read_ledger(tmp_path / "export.xlsx")
    assert ledger.frame["dossier_id"].tolist() == ["Hai"]
    assert ledger.rejects["dossier_id"].tolist() == ["Sheet"]


def test_the_sheets_with_a_ledger_are_read_and_no_others(tmp_path: Path):
    path = as_workbook(text(*GOOD[:2]), tmp_path / "export.xlsx")
    book = openpyxl.load_workbook(path)
    book.create_sheet("Ghi chú").append(["Ngày lập", "17/06/2020"])
    second = book.create_sheet("Tiếp theo")
    for line in text(*GOOD[2:]).splitlines():
        second.append([cell or None for cell in line.split(",")])
    book.save(path)
    ledger = read_ledger(path)
    assert len(ledger.frame) == 5
    assert len(ledger.files) == 2


def test_parquet_gives_the_same_whether_typed_or_text(tmp_path: Path):
    # Of the fifth the channel is unknown, and a missing one means another thing.
    plain = read_ledger(written(tmp_path, text(*GOOD[:4])))
    typed, texts = tmp_path / "typed.parquet", tmp_path / "texts.parquet"
    with duckdb.connect() as engine:
        engine.from_df(plain.frame).write_parquet(str(typed))
        engine.read_csv(str(tmp_path / "export.csv"), all_varchar=True).write_parquet(str(texts))
    pd.testing.assert_frame_equal(read_ledger(texts).frame, plain.frame)
    pd.testing.assert_frame_equal(read_ledger(typed).frame, plain.frame)


def test_a_quote_never_closed_loses_no_row_after_it(tmp_path: Path):
    rows = [GOOD[1].replace("H-2", f"H-{number}") for number in range(300)]
    rows[20] = rows[20].replace("Đất đai", '"Đất đai')
    rows[40] = 'H-x,"Sở A'
    ledger = read_ledger(written(tmp_path, text(*rows)))
    assert len(ledger.frame) == 299
    assert ledger.rejects[["row", "reason", "detail"]].values.tolist() == [
        [41, "broken_row", "a quote that is never closed"]
    ]


def test_a_quote_never_closed_in_the_last_lines_loses_none_of_them(tmp_path: Path):
    rows = [GOOD[0].replace("Sở A", '"Sở A'), "", GOOD[1], "", GOOD[2]]
    ledger = read_ledger(written(tmp_path, text(*rows)))
    assert ledger.frame["dossier_id"].tolist() == ["H-1", "H-2", "H-3"]


def test_a_stray_carriage_return_is_a_space(tmp_path: Path):
    for newline in ("\n", "\r\n"):
        content = text(GOOD[0].replace("Cấp giấy", "Cấp\rgiấy"), GOOD[1]).replace("\n", newline)
        ledger = read_ledger(written(tmp_path, content))
        assert ledger.frame["procedure"].tolist() == ["Cấp giấy", "Cấp giấy"]


def test_a_cell_may_span_lines(tmp_path: Path):
    content = text(GOOD[0].replace("Cấp giấy", '"Cấp\ngiấy"'), GOOD[1])
    for newline in ("\n", "\r\n"):
        path = written(tmp_path, content.replace("\n", newline))
        assert read_ledger(path).frame["procedure"].tolist() == ["Cấp giấy", "Cấp giấy"]


def test_bytes_that_are_no_utf_8_break_their_line_alone(tmp_path: Path):
    content = text(*GOOD).encode().replace("Hộ tịch".encode(), b"H\xf4 t\xecch", 1)
    for bytes_ in (content, content.replace(b"\n", b"\r\n", 2)):  # as it is, and as a copy
        ledger = read_ledger(written(tmp_path, bytes_))
        assert len(ledger.frame) == 4
        assert told(ledger) == [["broken_row", "no text in UTF-8"]]


def test_a_text_cut_short_loses_its_last_line_and_says_so(tmp_path: Path):
    ledger = read_ledger(written(tmp_path, text(*GOOD)[:-40]))
    assert len(ledger.frame) == 4
    assert told(ledger) == [["broken_row", "fewer cells than the heading"]]


def test_three_percent_of_rubbish(tmp_path: Path):
    rows = [GOOD[1].replace("H-2", f"H-{number}") for number in range(970)]
    rubbish = ["???", "a,b,c", "x" * 5_000, 'y,"z']
    rows += [rubbish[number % 4] for number in range(30)]
    ledger = read_ledger(written(tmp_path, text(*rows)))
    assert len(ledger.frame) == 970
    assert ledger.counts.rejected == {"broken_row": 30}


def test_overlapping_files_count_each_dossier_once(tmp_path: Path):
    later = GOOD[1].replace(",,,1,Đang xử lý", ",20/06/2020,,1,Đã trả kết quả")
    one = written(tmp_path, text(*GOOD[:3]), "one.csv")
    other = written(tmp_path, text(later, *GOOD[2:]), "[2] other.csv")
    scan = scan_ledger([one, other])
    counts = scan.counts()
    assert (counts.rows_read, counts.dossiers, counts.repeated) == (7, 4, 1)
    assert counts.rejected == {"different_facts": 2}
    rejects = scan.rejects()
    assert rejects["dossier_id"].tolist() == ["H-2", "H-2"]
    assert sorted(rejects["file"]) == sorted([str(one), str(other)])
    found = scan.relation.order("dossier_id").fetchall()
    assert [row[0] for row in found] == ["H-1", "H-3", "H-4", "H-5"]


def test_a_folder_of_all_kinds_is_one_ledger(tmp_path: Path):
    (tmp_path / "deep").mkdir()
    written(tmp_path, text(GOOD[0], "broken"), "a.csv")
    written(tmp_path, text(GOOD[1]).replace(",", ";").encode("utf-16"), "deep/b.csv")
    as_workbook(text(GOOD[2]), tmp_path / "c.xlsx")
    written(tmp_path, "no export", "note.md")
    with duckdb.connect() as engine:
        frame = read_ledger(written(tmp_path, text(GOOD[3]), "d.csv")).frame
        engine.from_df(frame).write_parquet(str(tmp_path / "d.parquet"))
    scan = scan_ledger(tmp_path)
    assert len(scan.files) == 5
    assert sorted(row[0] for row in scan.frame.fetchall()) == ["H-1", "H-2", "H-3", "H-4"]
    assert scan.counts().repeated == 1
    assert scan.rejects()[["reason", "row"]].values.tolist() == [["broken_row", 2]]


def test_a_scan_on_ones_own_connection_can_be_joined(tmp_path: Path):
    with duckdb.connect() as engine:
        engine.execute("CREATE TABLE known AS SELECT 'H-2' AS dossier_id")
        scan = scan_ledger(written(tmp_path, text(*GOOD)), connection=engine)
        joined = scan.relation.join(engine.table("known"), "dossier_id")
        assert len(joined.fetchall()) == 1


def test_the_callers_names_and_codes_go_first(tmp_path: Path):
    own = text(*GOOD[:3]).replace("NgayTiepNhan", "D1").replace("KenhThucHien", "K")
    path = written(tmp_path, own)
    named = read_ledger(path, columns={"received_at": "D1", "channel": ["?", "K"]})
    assert named.frame["channel"].tolist() == ["online", "in_person", "postal"]
    file = written(
        tmp_path,
        '[columns]\nreceived_at = "D1"\nchannel = "K"\n[channel]\nonline = ["1"]\n',
        "own.toml",
    )
    told_ = read_ledger(path, columns=file)
    assert told_.frame["channel"].tolist()[1] == "online"
    # Two columns of one field: the caller's.
    both = read_ledger(written(tmp_path, text(*GOOD)), columns={"due_at": "NgayTuChoi"})
    assert both.columns["due_at"] == "NgayTuChoi"


def test_a_column_that_is_not_there_can_be_said_to_be_so(tmp_path: Path):
    path = written(
        tmp_path, "Mã hồ sơ,Ngày nhận,Ngày hẹn trả,Trạng thái\n1,15/06/2020,,Đang xử lý\n"
    )
    ledger = read_ledger(path, columns={"settled_at": None})
    assert ledger.frame["settled_at"].isna().all()
    assert ledger.counts.without_due_date == 1


def refusal(path: Path, **options: object) -> str:
    with pytest.raises(ReadError) as caught:
        read_ledger(path, **options)
    return str(caught.value).replace(str(path), "FILE")


def test_a_missing_due_date_column_is_refused_with_the_mend(tmp_path: Path):
    content = "Mã hồ sơ,Ngày nhận,Ngày hen tra kq,Ngày trả kết quả\n1,15/06/2020,,\n"
    assert refusal(written(tmp_path, content)) == (
        "the export has no column for due_at (such as 'Ngày hẹn trả', 'Ngày hẹn trả kết quả'; "
        "did you mean 'Ngày hen tra kq'?)\n"
        "  where: FILE: the columns are 'Mã hồ sơ', 'Ngày nhận', 'Ngày hen tra kq', "
        "'Ngày trả kết quả'\n"
        '  mend:  name the columns: columns={"due_at": "…"}, or a TOML file of aliases; if the '
        'export has none, say so: columns={"due_at": None}'
    )


def test_unknown_columns_are_all_named(tmp_path: Path):
    said = refusal(written(tmp_path, "a,b,c\n1,2,3\n"))
    for field in ("dossier_id", "received_at", "due_at", "settled_at"):
        assert field in said
    assert "the columns are 'a', 'b', 'c'" in said
    assert refusal(as_workbook("a,b\n1,2\n", tmp_path / "x.xlsx")).startswith("the export has no")


def test_files_that_cannot_be_read(tmp_path: Path):
    parquet = tmp_path / "whole.parquet"
    with duckdb.connect() as engine:
        engine.sql("SELECT 'H-1' AS dossier_id").write_parquet(str(parquet))
    cut = written(tmp_path, parquet.read_bytes()[:-20], "cut.parquet")
    assert refusal(cut).startswith("the Parquet file is cut short or damaged: ")
    book = as_workbook(text(*GOOD), tmp_path / "export.xlsx").read_bytes()
    damaged = written(tmp_path, book[: len(book) // 2], "cut.xlsx")
    assert refusal(damaged).startswith("the workbook is cut short or damaged: ")
    page = written(tmp_path, "<html><table></table></html>", "export.xls")
    assert refusal(page).splitlines()[0] == "the export is a web page under another name"
    assert refusal(written(tmp_path, "", "e.csv")).splitlines()[0] == "the file is empty"
    legacy = written(tmp_path, b"M\xb7 h\xe5 s\xac,b\n1,2\n", "tcvn3.csv")
    assert refusal(legacy).startswith("the file is no text in UTF-8, UTF-16 or Windows-1258")
    missing = tmp_path / "no.csv"
    assert refusal(missing).splitlines()[:2] == [
        "no export of dossiers to read",
        "  where: FILE: there is no such file",
    ]
    (tmp_path / "empty").mkdir()
    assert "FILE: no export in this folder" in refusal(tmp_path / "empty")


def test_a_name_the_caller_gives_must_be_there(tmp_path: Path):
    path = written(tmp_path, text(*GOOD))
    assert refusal(path, columns={"due_at": "NgayHenTraKQ", "agency": "XYZ"}) == (
        "the export has no column 'XYZ' for agency; 'NgayHenTraKQ' for due_at; did you mean "
        "'NgayHenTra'?\n  where: FILE, columns=\n  mend:  correct the name; names that only some "
        "exports have stand in a TOML file"
    )
    file = written(tmp_path, '[columns]\ndue_at = "NgayHenTraKQ"\n', "own.toml")
    assert read_ledger(path, columns=file).columns["due_at"] == "NgayHenTra"


def test_rejects_of_several_files_say_which_row_of_which(tmp_path: Path):
    bad = BAD[1][0]
    for name, rows in (("a.csv", [GOOD[0], "broken", bad]), ("b.csv", [bad]), ("c.csv", GOOD[:2])):
        written(tmp_path, text(*rows), name)
    rejects = keep(scan_ledger(tmp_path)).rejects()
    told_ = [[Path(row.file).name, row.row, row.reason] for row in rejects.itertuples()]
    assert told_ == [
        ["a.csv", 2, "broken_row"],
        ["a.csv", 3, "no_receipt_date"],
        ["b.csv", 1, "no_receipt_date"],
    ]


def test_many_parquet_files_of_one_layout_are_one_source(tmp_path: Path):
    frame = read_ledger(written(tmp_path, text(*GOOD[:4]))).frame
    with duckdb.connect() as engine:
        for number in range(4):
            part = frame.iloc[number : number + 1].assign(due_at=pd.Timestamp("2020-06-30"))
            engine.from_df(part).write_parquet(str(tmp_path / f"{number}.parquet"))
        engine.sql(
            "SELECT 'H-9' AS dossier_id, '2020' AS received_at, '' AS due_at, '' AS settled_at"
        ).write_parquet(str(tmp_path / "other.parquet"))
    scan = scan_ledger(sorted(tmp_path.glob("*.parquet")))
    assert len(scan.sources) == 2
    assert scan.counts().dossiers == 4
    rejects = scan.rejects()
    assert rejects[["row", "reason"]].values.tolist() == [[1, "unreadable_date"]]
    assert rejects["file"].tolist() == [str(tmp_path / "other.parquet")]


def test_an_hour_that_a_workbook_keeps_inexactly_is_the_hour(tmp_path: Path):
    book = openpyxl.Workbook()
    book.active.append(["Mã hồ sơ", "Ngày nhận", "Ngày hẹn trả", "Ngày trả kết quả"])
    book.active.append(["1", dt.datetime(2020, 6, 15, 8, 29, 59, 999_997), None, None])
    book.save(tmp_path / "export.xlsx")
    frame = read_ledger(tmp_path / "export.xlsx").frame
    assert frame["received_at"].tolist() == [pd.Timestamp("2020-06-15 08:30")]


def test_unknown_fields_and_sections_are_all_told(tmp_path: Path):
    path = written(tmp_path, text(*GOOD))
    assert refusal(path, columns={"recieved_at": "x", "due": "y"}).splitlines()[:2] == [
        "2 names of a ledger's columns and codes are not known",
        "  where: columns=: 'recieved_at' is nothing of columns; did you mean 'received_at'?; "
        "'due' is nothing of columns; did you mean 'due_at'?",
    ]
    toml = written(tmp_path, "[status]\ndone = ['x']\n[chanel]\n", "own.toml")
    assert "there is no section [chanel]" in refusal(path, columns=toml)
    assert "'done' is nothing of status" in refusal(path, columns=toml)
    assert refusal(path, columns=tmp_path / "no.toml").startswith("the aliases cannot be read")


def test_an_export_of_a_heading_alone_is_an_empty_ledger(tmp_path: Path):
    for path in (
        written(tmp_path, text()),
        as_workbook(text(), tmp_path / "export.xlsx"),
    ):
        ledger = read_ledger(path)
        assert len(ledger.frame) == 0
        assert tuple(ledger.frame.columns) == (*COLUMNS, "fee")
        assert ledger.frame["received_at"].dtype == "datetime64[us]"
        assert ledger.counts.rows_read == 0


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet"])
def test_dossiers_exported_and_read_back_are_counted_alike(kind: str, tmp_path: Path):
    ledger = simulate_ledger(600, seed=2020, agencies=3)
    printed_ = ledger.rename(columns={"dossier_id": "Mã hồ sơ", "agency": "Tên đơn vị"})
    for name, format_ in (
        ("received_at", "%d/%m/%Y %H:%M:%S"),
        ("settled_at", "%Y-%m-%d %H:%M:%S"),
    ):
        printed_[name] = printed_[name].dt.strftime(format_)
    printed_["due_at"] = printed_["due_at"].dt.strftime("%d/%m/%Y")
    path = tmp_path / f"export.{kind}"
    if kind == "csv":
        printed_.to_csv(path, index=False)
    elif kind == "xlsx":
        printed_.astype(object).where(printed_.notna(), None).to_excel(path, index=False)
    else:
        with duckdb.connect() as engine:
            engine.from_df(printed_).write_parquet(str(path))
    read = read_ledger(path)
    assert (len(read.frame), read.counts.rejected) == (600, {})
    windows = ["2020Q2", "2020Q3", "9 tháng đầu năm 2020"]
    pd.testing.assert_frame_equal(tally(read, windows), tally(ledger, windows))
    pd.testing.assert_frame_equal(tally(scan_ledger(path), windows), tally(ledger, windows))


# The model: what a clerk would do, row by row.
DAYS = [None, "x", *(dt.datetime(2020, 6, day, hour) for day in (1, 2) for hour in (0, 9))]
ROW = st.fixed_dictionaries(
    {
        "id": st.sampled_from(["", "1", "2", "3", "4", "5"]),
        "sector": st.sampled_from(["", "Đất đai", "Hộ tịch"]),
        "received": st.sampled_from([*DAYS, dt.datetime(2202, 6, 1)]),
        "due": st.sampled_from(DAYS),
        "settled": st.sampled_from(DAYS),
        "status": st.sampled_from(["", "Đã trả kết quả", "Chờ bổ sung", "Trả lại", "lạ"]),
        "printed": st.sampled_from(["%d/%m/%Y %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%d/%m/%Y %H:%M"]),
    }
)
SAID = {"Đã trả kết quả": "settled", "Chờ bổ sung": "waiting", "Trả lại": "returned"}


def clerk(row: dict) -> tuple[str, tuple]:
    """Return why a row cannot be used ("" where it can), and what it tells."""
    received, due, settled = row["received"], row["due"], row["settled"]
    said = SAID.get(row["status"], "")
    status = said if said == "returned" else "settled" if settled else said or "open"
    facts = (row["id"], row["sector"] or "(không ghi)", received, due, settled, status)
    since = {
        time: received.replace(hour=0)
        if isinstance(time, dt.datetime) and not time.hour
        else received
        for time in (due, settled)
        if isinstance(received, dt.datetime)
    }
    if not row["id"]:
        return "no_dossier_id", facts
    if received is None:
        return "no_receipt_date", facts
    if "x" in (received, due, settled):
        return "unreadable_date", facts
    if received.year > 2100:
        return "year_out_of_range", facts
    if due and due < since[due]:
        return "due_before_receipt", facts
    if settled and settled < since[settled]:
        return "settled_before_receipt", facts
    if said == "settled" and not settled:
        return "settled_without_date", facts
    return "", facts


def printed(row: dict) -> str:
    times = [
        time.strftime(row["printed"]) if isinstance(time, dt.datetime) else time or ""
        for time in (row["received"], row["due"], row["settled"])
    ]
    return ",".join((row["id"], row["sector"], *times, row["status"]))


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ROW, max_size=12))
def test_the_engine_judges_as_a_clerk_does(tmp_path: Path, rows: list[dict]):
    judged = [clerk(row) for row in rows]
    by_id = defaultdict(set)
    for reason, facts in judged:
        if not reason:
            by_id[facts[0]].add(facts)
    expected = sorted(facts for told in by_id.values() if len(told) == 1 for facts in told)
    refused = [
        reason or "different_facts"
        for reason, facts in judged
        if reason or len(by_id[facts[0]]) > 1
    ]
    heading = "dossier_id,sector,received_at,due_at,settled_at,status"
    path = written(tmp_path, "\n".join((heading, *map(printed, rows), "")))
    ledger = read_ledger(path)
    found = [
        (*texts, *(None if pd.isna(time) else time.to_pydatetime() for time in times), status)
        for *texts, (times), status in (
            (row.dossier_id, row.sector, (row.received_at, row.due_at, row.settled_at), row.status)
            for row in ledger.frame.itertuples()
        )
    ]
    assert sorted(found, key=str) == sorted(expected, key=str)
    assert ledger.rejects["reason"].tolist() == refused
    counts = ledger.counts
    assert counts.rows_read == len(rows)
    assert counts.rows_read == counts.dossiers + sum(counts.rejected.values()) + counts.repeated
    scan = scan_ledger(path)
    assert scan.counts() == counts
    assert len(scan.relation.fetchall()) == len(ledger.frame)


def test_a_file_of_aliases_says_that_an_export_has_no_such_column(tmp_path: Path):
    toml = tmp_path / "own.toml"
    toml.write_text("[columns]\ndue_at = []\n", encoding="utf-8")
    assert aliases_with(toml).left_out == {"due_at"}
