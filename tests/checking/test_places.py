"""Where a finding stands: the cells that it is about, as they are found in the file."""

import openpyxl
import pytest

from cchc_stats import check, read_report
from cchc_stats.publishing.letters.contents import place_in_report

POSTS = [["Loại", "Được giao", "Hiện có"], ["Biên chế hành chính", 65, 71]]
DOSSIERS = [
    ["STT", "Lĩnh vực", "Số hồ sơ đã giải quyết", None, None],
    [None, None, "Tổng số", "Trước hạn, đúng hạn", "Quá hạn"],
    [1, "Công chứng (phí)", 260, 247, 4],
]


@pytest.fixture
def report(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Hồ sơ"
    sheet["A1"], sheet["A2"] = "ĐƠN VỊ: SỞ TƯ PHÁP", "BÁO CÁO CẢI CÁCH HÀNH CHÍNH QUÝ III NĂM 2026"
    sheet["A3"] = "Tình hình giải quyết hồ sơ"
    for row in DOSSIERS:
        sheet.append(row)
    for cells in ("A4:A5", "B4:B5", "C4:E4"):
        sheet.merge_cells(cells)
    posts = book.create_sheet("Biên chế")
    posts["A1"] = "Quản lý biên chế"
    for row in POSTS:
        posts.append(row)
    book.save(tmp_path / "bc.xlsx")
    return read_report(tmp_path / "bc.xlsx")


@pytest.mark.parametrize(
    ("rule", "place"),
    [
        ("identity", "trang tính 'Hồ sơ', ô C6, D6, E6, dòng 'Công chứng (phí)'"),
        ("present_above_assigned", "trang tính 'Biên chế', ô C3, B3, dòng 'Biên chế hành chính'"),
    ],
)
def test_a_finding_of_a_row_names_its_sheet_and_cells(report, rule, place):
    findings = check(report)
    (one,) = findings[findings["rule"] == rule].to_dict("records")
    assert place_in_report(one["where"], one["file"], lang="vi") == place


def test_a_figure_changed_since_it_was_read_is_no_longer_in_its_cell(report):
    tables = report.tables
    tables["staffing"] = tables["staffing"].assign(present=80)
    findings = check(report)
    (where,) = findings[findings["rule"] == "present_above_assigned"]["where"]
    assert "B3" in where and "C3" not in where.replace("A2:C3", "")
