"""Tables of the quarter and of the year to date in one document: what stands above tells which."""

import pandas as pd
import pytest
from document_writer import Table, head, write

from cchc_stats.checking import check
from cchc_stats.reading import read_report
from cchc_stats.reading.tables.scope import Unread, first_time

Q3 = pd.Period("2024Q3", freq="Q-DEC")
KINDS = ("docx", "xlsx", "txt")
HEADINGS = [
    *(("TT",), ("Lĩnh vực",), ("Hồ sơ tiếp nhận", "Tổng số")),
    *(("Hồ sơ tiếp nhận", "Kỳ trước chuyển qua"), ("Hồ sơ tiếp nhận", "Mới tiếp nhận")),
    *((("Hồ sơ đã giải quyết", "Tổng số")), ("Hồ sơ đã giải quyết", "Đúng hạn")),
    *(("Hồ sơ đã giải quyết", "Quá hạn"), ("Hồ sơ đang giải quyết", "Tổng số")),
    *(("Hồ sơ đang giải quyết", "Trong hạn"), ("Hồ sơ đang giải quyết", "Quá hạn")),
]
QUARTER = ["1", "Đất đai", "100", "10", "90", "95", "93", "2", "5", "5", "0"]
TO_DATE = ["1", "Đất đai", "310", "20", "290", "305", "300", "5", "5", "5", "0"]
BOTH = "Công tác cải cách hành chính quý III và 9 tháng đầu năm 2024"


def table(caption, row):
    return Table(caption, HEADINGS, [row])


def rows(report):
    found = report.tables["dossiers"]
    return [
        (str(one.period), one.basis, one.received_total)
        for one in found[["period", "basis", "received_total"]].itertuples()
    ]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "caption",
    ["Biểu 2. Kết quả lũy kế 9 tháng đầu năm 2024", "Bảng 2. Số liệu lũy kế từ đầu năm"],
)
def test_a_table_of_the_quarter_and_one_of_the_year_to_date(caption, kind, tmp_path):
    tables = [table("Biểu 1. Kết quả giải quyết TTHC quý III/2024", QUARTER)]
    tables.append(table(caption, TO_DATE))
    report = read_report(write(tmp_path / f"mot.{kind}", head("2024Q3"), tables))
    assert rows(report) == [("2024Q3", "in_period", 100), ("2024Q3", "year_to_date", 310)]
    assert report.unplaced.empty
    assert set(check(report)["severity"]) <= {"note"}


@pytest.mark.parametrize("kind", KINDS)
def test_a_title_of_both_leaves_the_quarter_to_tables_that_name_none(kind, tmp_path):
    lines = [*head("2024Q3")[:-1], BOTH, "Sở báo cáo như sau."]
    tables = [table("Tình hình giải quyết hồ sơ", QUARTER)]
    tables.append(table("Tình hình giải quyết hồ sơ 9 tháng đầu năm", TO_DATE))
    report = read_report(write(tmp_path / f"mot.{kind}", lines, tables))
    assert rows(report) == [("2024Q3", "in_period", 100), ("2024Q3", "year_to_date", 310)]
    assert sum("cả quý và số từ đầu năm" in note for note in report.notes) == 1


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("Sở tiếp nhận 310 hồ sơ TTHC, đã giải quyết 305 hồ sơ.", []),
        ("Sở tiếp nhận 100 hồ sơ TTHC, tỷ lệ hồ sơ giải quyết đúng hạn đạt 98,4%.", []),
        ("Sở tiếp nhận 320 hồ sơ TTHC, đã giải quyết 305 hồ sơ.", ["320 hồ sơ TTHC"]),
        ("Quý III/2024, tiếp nhận 310 hồ sơ, đã giải quyết 95 hồ sơ.", ["310 hồ sơ"]),
    ],
)
def test_prose_of_a_report_on_both_may_tell_of_either(sentence, told, tmp_path):
    tables = [table("Hồ sơ quý III", QUARTER), table("Hồ sơ 9 tháng đầu năm", TO_DATE)]
    path = write(tmp_path / "mot.docx", [*head("2024Q3")[:-1], BOTH, sentence], tables)
    found = check(read_report(path))
    assert found.loc[found["severity"] != "note", "found"].tolist() == told


def test_the_table_s_own_title_comes_before_the_line_above_it(tmp_path):
    lines = [*head("2024Q3"), "Sở báo cáo như sau.", "BIỂU LŨY KẾ TỪ ĐẦU NĂM", "Đơn vị: hồ sơ"]
    report = read_report(write(tmp_path / "mot.docx", lines, [table("Quý III/2024", QUARTER)]))
    assert rows(report) == [("2024Q3", "in_period", 100)]
    above = read_report(write(tmp_path / "hai.docx", lines, [table("Tổng hợp", TO_DATE)]))
    assert rows(above) == [("2024Q3", "year_to_date", 310)]


def test_a_sentence_above_a_table_is_no_caption(tmp_path):
    lines = [*head("2024Q3"), "Quý II/2024 giải quyết chậm.", "Lũy kế từ đầu năm, Sở làm tốt."]
    report = read_report(write(tmp_path / "mot.docx", lines, [table("Hồ sơ", QUARTER)]))
    assert rows(report) == [("2024Q3", "in_period", 100)]


@pytest.mark.parametrize(
    ("caption", "slot"),
    [
        ("Kết quả quý II/2024", ("2024Q2", "in_period")),
        ("Kết quả 6 tháng đầu năm", ("2024Q2", "year_to_date")),
        ("Kết quả năm 2023", ("2023Q4", "year_to_date")),
        ("Kết quả lũy kế đến hết quý III/2024", ("2024Q3", "year_to_date")),
        ("Số hồ sơ trong quý", ("2024Q3", "in_period")),
        ("Kết quả quý III so với quý II", ("2024Q3", "in_period")),
        ("Kết quả quý III và 9 tháng đầu năm 2024", None),
        ("Kế hoạch quý IV năm 2024", None),  # of the time to come
        ("Kết quả năm 2024", None),  # of the year that the report is of
        ("Năm 2024", ("2024Q3", "year_to_date")),
        ("Kết quả cả năm 2024", ("2024Q3", "year_to_date")),
        ("Kết quả cùng kỳ năm 2023", ("2023Q3", "")),  # of the basis of the report
        ("Kết quả đến ngày 15/11/2024", None),  # in the middle of a quarter
        ("Văn bản, tính đến cuối quý III/2024", None),  # a stock is one by its form
        ("Phụ lục I (Ban hành kèm theo Quyết định năm 2019)", None),
        ("(Kèm theo Báo cáo số 12/BC-STD ngày 20 tháng 9 năm 2024)", None),
        ("Tình hình giải quyết hồ sơ", None),
    ],
)
def test_what_a_caption_tells(caption, slot):
    found = first_time([caption], Q3)
    read = found is not None and not isinstance(found.time, Unread)
    assert ((str(found.time[0]), found.time[1]) if read else None) == slot
