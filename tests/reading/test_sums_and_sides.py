"""Tables side by side, rows that are sums, and reports that are of no whole quarter."""

from __future__ import annotations

import pytest

import cchc_stats as cchc


def read_lines(tmp_path, *lines: str, **options):
    path = tmp_path / "a.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    return cchc.read_report(path, **options)


HEAD = "UBND TỈNH MẪU", "Báo cáo cải cách hành chính quý IV năm 2024"
HEADING = "Lĩnh vực\tTiếp nhận\tĐã giải quyết\tĐúng hạn\tQuá hạn"


def test_tables_side_by_side_as_text_are_two_each_with_all_its_columns(tmp_path):
    lines = "Quý IV/2024\t\t\t\t\t", HEADING, "Hộ tịch\t100\t95\t90\t5"
    other = "Quý IV/2023\t\t\t\t", HEADING, "Hộ tịch\t80\t75\t70\t5"
    sides = ["\t\t".join(both) for both in zip(lines, other, strict=True)]
    table = read_lines(tmp_path, *HEAD, *sides).tables["dossiers"]
    read = zip(table["period"].astype(str), table["received_total"], strict=True)
    assert [*read] == [("2024Q4", 100), ("2023Q4", 80)]
    assert table["settled_late"].tolist() == [5, 5]


def test_tables_of_two_forms_parted_by_an_empty_column_are_two(tmp_path):
    lines = HEADING, "Hộ tịch\t100\t95\t90\t5", "Chứng thực\t10\t9\t9\t0"
    other = "Loại\tĐược giao\tHiện có", "Công chức\t20\t19", "Viên chức\t5\t4"
    sides = ["\t\t".join(both) for both in zip(lines, other, strict=True)]
    tables = read_lines(tmp_path, *HEAD, *sides).tables
    assert tables["dossiers"]["received_total"].tolist() == [100, 10]
    assert tables["staffing"]["present"].tolist() == [19, 4]


HEADS = "Đơn vị\tTổng số\tKỳ trước chuyển sang\tMới tiếp nhận\tĐã giải quyết\tĐúng hạn\tQuá hạn"
UNITS = HEADS, "Sở Nội vụ\t100\t10\t90\t95\t90\t5", "Sở Tư pháp\t200\t0\t200\t200\t200\t0"


@pytest.mark.parametrize(
    ("name", "agencies"),
    [
        ("Sở Tư pháp cộng", ["Sở Nội vụ", "Sở Tư pháp"]),
        ("Các sở (tổng cộng)", ["Sở Nội vụ", "Sở Tư pháp"]),
        ("Cộng các sở", ["Sở Nội vụ", "Sở Tư pháp"]),
        # Whose figures happen to be a sum is an agency, and heads nobody.
        ("Xã Cộng Hòa", ["Sở Nội vụ", "Sở Tư pháp", "Xã Cộng Hòa"]),
    ],
)
def test_a_row_that_its_name_calls_a_sum_is_no_agency(tmp_path, name, agencies):
    report = read_lines(tmp_path, *HEAD, *UNITS, f"{name}\t300\t10\t290\t295\t290\t5")
    assert report.tables["dossiers"]["agency"].tolist() == agencies
    assert cchc.check(report).query("severity == 'error'").empty


@pytest.mark.parametrize("title", ["tháng 3/2024", "10 tháng năm 2024"])
def test_a_report_of_months_read_as_of_a_quarter_says_so(tmp_path, title):
    text = "Xã đã tiếp nhận 9 hồ sơ, đã giải quyết 8 hồ sơ."
    report = read_lines(
        tmp_path, HEAD[0], f"Báo cáo cải cách hành chính {title}", text, period="2024Q1"
    )
    (warning,) = report.warnings
    assert title in warning and "Quý I/2024" in warning and "đủ ba tháng" in warning
