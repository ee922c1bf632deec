"""Quarters, months and years that name rows or stand in headings, and words of another time.

Layouts as departments print them; names and figures are made up.
"""

from __future__ import annotations

import openpyxl
import pytest

import cchc_stats as cchc

FLOWS = ("Tổng số văn bản đi", "Văn bản giấy", "Văn bản điện tử")
TITLE = "BÁO CÁO KẾT QUẢ CẢI CÁCH HÀNH CHÍNH QUÝ III NĂM 2025"
DOSSIERS = ("Tổng số hồ sơ tiếp nhận", "Số hồ sơ đã giải quyết", "Số hồ sơ đang giải quyết")


@pytest.fixture
def read(tmp_path):
    def read_rows(*rows):
        lines = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
        path = tmp_path / "bc.html"
        path.write_text(
            f"<p>UBND TỈNH SÔNG MẪU</p><p>{TITLE}</p><table>{lines}</table>", encoding="utf-8"
        )
        return cchc.read_report(path)

    return read_rows


def rows_of(report, form="documents", column="sent_total"):
    """Return period, basis and, where the form has it, sector -> a figure that is known."""
    table = report.tables.get(form)
    if table is None:
        return {}
    keys = [name for name in ("period", "basis", "sector") if name in table]
    known = table[table[column].notna()]
    named = known[keys].astype(str).itertuples(index=False, name=None)
    return dict(zip(named, known[column].tolist(), strict=True))


def test_the_sum_of_quarters_from_the_first_on_is_their_year_to_date(read):
    rows = [["1", "Quý I", 100, 10, 90], ["2", "Quý II", 120, 10, 110], ["3", "Quý III", 9, 4, 5]]
    report = read(["TT", "Kỳ", *FLOWS], *rows, ["", "Tổng", 230, 24, 205])
    assert rows_of(report) == {
        ("2025Q1", "in_period"): 100,
        ("2025Q2", "in_period"): 120,
        ("2025Q3", "in_period"): 9,
        ("2025Q3", "year_to_date"): 230,
    }
    # The total of the table is held against its quarters: 100 + 120 + 9 = 229.
    told = cchc.check(report).query("rule == 'year_to_date'")
    assert told[["found", "expected"]].values.tolist() == [["230", "229"]]


def test_quarters_that_make_no_year_to_date_have_a_total_without_a_place(read):
    report = read(
        ["TT", "Kỳ", *FLOWS], ["1", "Quý III/2024", 9, 4, 5], ["2", "Quý III/2025", 8, 3, 5],
        ["", "Tổng", 17, 7, 10],
    )  # fmt: skip
    assert rows_of(report) == {("2024Q3", "in_period"): 9, ("2025Q3", "in_period"): 8}
    assert report.unplaced["reason"].str.contains("không hợp thành một quý").all()


@pytest.mark.parametrize("heading", ["Tháng", "Thời gian"])
@pytest.mark.parametrize("total", ["Tổng", "Cộng quý III"])
def test_months_keep_their_names_and_their_printed_sum_is_the_quarter(read, heading, total):
    said = "{}" if heading == "Tháng" else "Tháng {}/2025"
    months = [[said.format(month), 10 * month, month, 9 * month] for month in (7, 8, 9)]
    report = read([heading, *FLOWS], *months, [total, 240, 24, 216])
    assert rows_of(report) == {("2025Q3", "in_period"): 240}
    assert report.unplaced["reason"].str.contains("không phải một quý").all()
    assert len(report.unplaced) == 3


def test_months_of_another_quarter_make_no_quarter_of_the_report(read):
    months = [[f"Tháng {month}", 10 * month, month, 9 * month] for month in (6, 7, 8)]
    report = read(["Thời gian", *FLOWS], *months, ["Tổng", 210, 21, 189])
    assert rows_of(report) == {}
    assert "no_row_of_period" in set(cchc.check(report)["rule"])


def test_a_sum_of_what_is_pending_at_several_days_is_not_what_is_pending(read):
    rows = [["Tháng 7", 100, 90, 10], ["Tháng 8", 110, 90, 20], ["Tháng 9", 80, 50, 30]]
    report = read(["Thời gian", *DOSSIERS], *rows, ["Tổng cộng", 290, 230, 60])
    assert rows_of(report, "dossiers", "settled_total") == {("2025Q3", "in_period", "all"): 230}
    assert rows_of(report, "dossiers", "pending_total") == {}
    assert report.unplaced["reason"].str.contains("số của nhiều thời điểm").sum() == 2
    # At the end of September 30 were pending: that total is one of the quarter.
    report = read(["Thời gian", *DOSSIERS], *rows, ["Tổng cộng", 260, 230, 30])
    assert rows_of(report, "dossiers", "pending_total") == {("2025Q3", "in_period", "all"): 30}


def test_what_sums_up_the_year_below_a_total_is_of_all_and_below_one_sector_of_nobody_knows(read):
    sectors = [["1", "Hộ tịch", 12, 11, 1], ["2", "Đất đai", 22, 21, 1]]
    year = ["", "Lũy kế từ đầu năm", 100, 98, 2]
    head = ["STT", "Lĩnh vực", *DOSSIERS]
    report = read(head, *sectors, ["", "Tổng cộng", 34, 32, 2], year)
    quarter = {("2025Q3", "in_period", "Hộ tịch"): 11, ("2025Q3", "in_period", "Đất đai"): 21}
    found = rows_of(report, "dossiers", "settled_total")
    assert found == quarter | {("2025Q3", "year_to_date", "all"): 98}
    report = read(head, *sectors, year)
    assert rows_of(report, "dossiers", "settled_total") == quarter
    assert report.unplaced["reason"].str.contains("của dòng trên hoặc của cả bảng").all()


def test_times_below_each_indicator_of_a_list(read):
    report = read(
        ["STT", "Chỉ tiêu", "Đơn vị tính", "Số liệu"],
        ["1", "Tổng số hồ sơ tiếp nhận", "hồ sơ", ""],
        ["", "Quý II", "hồ sơ", 120], ["", "Quý III", "hồ sơ", 130],
        ["2", "Số hồ sơ đã giải quyết", "hồ sơ", 320],
        ["", "Tháng 7", "hồ sơ", 90], ["", "Tháng 8", "hồ sơ", 110], ["", "Tháng 9", "hồ sơ", 120],
    )  # fmt: skip
    assert rows_of(report, "dossiers", "received_total") == {
        ("2025Q2", "in_period", "all"): 120,
        ("2025Q3", "in_period", "all"): 130,
    }
    assert rows_of(report, "dossiers", "settled_total") == {("2025Q3", "in_period", "all"): 320}


def test_quarters_of_rows_below_years_of_columns(read):
    rows = [["I", 10, 9, 20, 18], ["II", 11, 10, 21, 19], ["III", 12, 11, 22, 20]]
    words = [f"{text} năm {year}" for year in (2024, 2025) for text in (FLOWS[0], FLOWS[2])]
    assert rows_of(read(["Quý", *words], *rows)) == {
        (f"{year}Q{number}", "in_period"): figure + number
        for year, figure in ((2024, 9), (2025, 19))
        for number in (1, 2, 3)
    }


def test_of_several_rows_of_a_form_of_one_the_total_alone_is_the_whole(read):
    rows = [["1", "Văn bản hành chính", 100, 10, 90], ["2", "Văn bản quy phạm", 120, 10, 110]]
    head = ["TT", "Nội dung", *FLOWS]
    assert rows_of(read(head, *rows, ["", "Tổng", 220, 20, 200])) == {("2025Q3", "in_period"): 220}
    report = read(head, *rows)
    assert rows_of(report) == {}
    assert report.unplaced["reason"].str.contains("một phần của cả bảng").all()


@pytest.mark.parametrize(
    ("heading", "period", "basis"),
    [
        ("Lũy kế 6 tháng", "2025Q2", "year_to_date"),
        ("Lũy kế đến hết quý II", "2025Q2", "year_to_date"),
        ("Lũy kế 9 tháng", "2025Q3", "year_to_date"),
        ("Lũy kế từ đầu năm", "2025Q3", "year_to_date"),
    ],
)
def test_what_a_heading_sums_up_ends_where_it_says(read, heading, period, basis):
    report = read(["STT", "Nội dung", heading], ["1", "Bổ nhiệm mới", 3], ["2", "Luân chuyển", 9])
    table = report.tables["appointments"]
    assert {*table["period"].astype(str)} == {period}
    assert {*table["basis"]} == {basis}


def test_quarters_of_each_agency_are_the_agency_s(read):
    report = read(
        ["TT", "Tên đơn vị", *DOSSIERS], ["1", "Sở Tư pháp", "", "", ""],
        ["", "Quý II", 100, 90, 10], ["", "Quý III", 120, 110, 10],
        ["2", "Sở Xây dựng", "", "", ""], ["", "Quý II", 200, 190, 10],
    )  # fmt: skip
    table = report.tables["dossiers"]
    assert table[["agency", "level", "sector"]].drop_duplicates().values.tolist() == [
        ["Sở Tư pháp", "all", "all"],
        ["Sở Xây dựng", "all", "all"],
    ]
    assert table["period"].astype(str).tolist() == ["2025Q2", "2025Q3", "2025Q2"]


LEVELS = ["", "Mức độ 3", 10, 100, 20, 80], ["", "Mức độ 4", 20, 200, 30, 170]
SERVICES = ["TT", "Mức độ", "Số TTHC", "Tổng số hồ sơ", "Trực tiếp", "Trực tuyến"]
IN_COLUMNS = [
    [
        f"DVCTT {level} > {heading}"
        for level in ("mức độ 3", "mức độ 4")
        for heading in SERVICES[2:]
    ],
    [*LEVELS[0][2:], *LEVELS[1][2:]],
]


@pytest.mark.parametrize("rows", [[SERVICES, *LEVELS], IN_COLUMNS], ids=["rows", "columns"])
@pytest.mark.parametrize(("year", "placed"), [(2021, True), (2023, True), (2026, False)])
def test_levels_3_and_4_years_after_their_decree_are_told_and_have_no_place(
    tmp_path, rows, year, placed
):
    """Decree 42/2022 ended them; since 1/7/2026 levels are of proactive services (224/2026)."""
    cells = [[str(cell).split(" > ")[-1] for cell in row] for row in rows]
    if rows is IN_COLUMNS:
        top = [text.partition(" > ")[0] for text in rows[0][::4]]
        cells.insert(0, [f'<td colspan="4">{text}</td>' for text in top])
    lines = "".join(
        f"<tr>{''.join(cell if '<' in cell else f'<td>{cell}</td>' for cell in row)}</tr>"
        for row in cells
    )
    title = TITLE.replace("2025", str(year))
    path = tmp_path / "bc.html"
    path.write_text(f"<p>SỞ CÔNG MẪU</p><p>{title}</p><table>{lines}</table>", encoding="utf-8")
    report = cchc.read_report(path)
    table = report.tables.get("online_services")
    assert ([] if table is None else table["level"].tolist()) == (["3", "4"] if placed else [])
    found = cchc.check(report)
    assert found[found["severity"] == "error"].empty
    if year > 2022:
        told = found[found["severity"] == "warning"]["message"]
        assert told.str.contains("31/12/2022").sum() == 2
    if not placed:
        figures = " ".join(report.unplaced["text"]).split()
        assert sorted(map(int, figures)) == [10, 20, 20, 30, 80, 100, 170, 200]


@pytest.mark.parametrize(
    ("on_time", "electronic", "wrong"),
    [("95,65", "94,09", 0), ("95.65%", "94,1 %", 0), ("99,9", "94,09", 1), ("95,65", "98", 1)],
)
def test_printed_shares_of_a_list_are_held_against_its_counts(read, on_time, electronic, wrong):
    """22 of 23 settled on time are 95,65 %, 1146 of 1218 documents sent 94,09 %."""
    report = read(
        ["STT", "Chỉ tiêu", "Đơn vị tính", "Số liệu"],
        ["1", "Số hồ sơ đã giải quyết: Tổng số", "hồ sơ", 23],
        ["2", "Trả đúng hạn", "hồ sơ", 22], ["3", "Trả quá hạn", "hồ sơ", 1],
        ["4", "Tỷ lệ hồ sơ giải quyết đúng hạn", "%", on_time],
        ["5", "Tổng số văn bản đi", "văn bản", 1218],
        ["6", "Số văn bản điện tử", "văn bản", 1146],
        ["7", "Tỷ lệ văn bản điện tử", "%", electronic],
    )  # fmt: skip
    assert report.claims["value"].notna().sum() == 2
    found = cchc.check(report)
    assert (found["rule"] == "claim_differs").sum() == wrong
    assert not wrong or found[found["rule"] == "claim_differs"]["where"].str.contains("hàng").all()


def test_bare_numbers_below_a_heading_of_quarters_name_no_sector(read):
    report = read(["Quý", *DOSSIERS], ["I", 12, 10, 2], ["II", 9, 7, 2], ["III", 8, 6, 2])
    assert rows_of(report, "dossiers", "settled_total") == {
        ("2025Q1", "in_period", "all"): 10,
        ("2025Q2", "in_period", "all"): 7,
        ("2025Q3", "in_period", "all"): 6,
    }


def test_what_agencies_add_up_to_over_the_year_is_no_agency(read):
    rows = [["1", "Sở Tư pháp", 12, 10, 2], ["2", "Sở Y tế", 22, 20, 2]]
    sums = [["", "Tổng cộng quý III", 34, 30, 4], ["", "Lũy kế từ đầu năm", 90, 86, 4]]
    report = read(["TT", "Đơn vị", *DOSSIERS], *rows, *sums)
    assert report.tables["dossiers"]["agency"].tolist() == ["Sở Tư pháp", "Sở Y tế"]
    assert report.unplaced.empty
    assert "error" not in set(cchc.check(report)["severity"])


def test_months_beside_the_quarter_take_no_table_away(read):
    head = ["Chỉ tiêu", "Tháng 7", "Tháng 8", "Tháng 9", "Quý III"]
    report = read(head, [DOSSIERS[0], 12, 22, 32, 62], [DOSSIERS[1], 10, 20, 30, 60])
    assert rows_of(report, "dossiers", "settled_total") == {("2025Q3", "in_period", "all"): 60}
    assert report.unplaced["reason"].str.contains("của kỳ khác").all()
    assert len(report.unplaced) == 6
    alone = read(head[:-1], [DOSSIERS[0], 12, 22, 32], [DOSSIERS[1], 10, 20, 30])
    assert alone.unplaced["reason"].str.contains("Tháng 7.*của kỳ khác").all()


def test_rows_called_as_a_form_s_columns_below_sectors_are_these(read):
    rows = [["Số hồ sơ đã giải quyết", 9, 19], ["Trả đúng hạn", 9, 18], ["Trả quá hạn", 0, 1]]
    report = read(["Chỉ tiêu", "Hộ tịch", "Đất đai"], [DOSSIERS[0], 10, 20], *rows)
    assert report.tables["dossiers"]["settled_on_time"].tolist() == [9, 18]


def test_a_year_s_sheet_beside_those_of_its_quarters_is_the_year_to_date(tmp_path):
    """Its figures are held against the quarters: 8 + 9 + 9 + 9 = 35, not 36."""
    book = openpyxl.Workbook()
    for name, figures in (
        *((f"Quý {number}", (9, 9, 0)) for number in ("II", "III", "IV")),
        ("Quý I", (9, 8, 1)),
        ("Cả năm", (36, 36, 0)),
    ):
        sheet = book.create_sheet(name)
        sheet.append(["SỞ CÔNG MẪU"])
        sheet.append(["BÁO CÁO CÔNG TÁC CẢI CÁCH HÀNH CHÍNH QUÝ IV VÀ NĂM 2025"])
        sheet.append(["TT", "Lĩnh vực", *DOSSIERS])
        sheet.append([1, "Điện", *figures])
        sheet.append(["", "Tổng cộng", *figures])
    del book["Sheet"]
    book.save(tmp_path / "bc.xlsx")
    report = cchc.read_report(tmp_path / "bc.xlsx")
    found = rows_of(report, "dossiers", "settled_total")
    assert found == {(f"2025Q{at}", "in_period", "Điện"): 9 for at in (2, 3, 4)} | {
        ("2025Q1", "in_period", "Điện"): 8,
        ("2025Q4", "year_to_date", "Điện"): 36,
    }
    errors = cchc.check(report).query("severity == 'error'")
    assert errors[["rule", "found", "expected"]].values.tolist() == [["year_to_date", "36", "35"]]


@pytest.mark.parametrize(
    ("first", "second"),
    [("QII", "QIII"), ("Q.II", "Q.III"), ("Q2/2025", "Q3/2025"), ("Quí 2/2025", "Quí 3/2025")],
)
def test_short_forms_of_quarters_in_headings(read, first, second):
    quarters = {("2025Q2", "in_period", "Hộ tịch"): 9, ("2025Q3", "in_period", "Hộ tịch"): 18}
    beside = [f"{count} {quarter}" for count in DOSSIERS[:2] for quarter in (first, second)]
    report = read(["STT", "Lĩnh vực", *beside], ["1", "Hộ tịch", 10, 20, 9, 18])
    assert rows_of(report, "dossiers", "settled_total") == quarters
    above = ["STT", "Lĩnh vực", first, first, second, second]
    report = read(above, ["", "", *DOSSIERS[:2] * 2], ["1", "Hộ tịch", 10, 9, 20, 18])
    assert rows_of(report, "dossiers", "settled_total") == quarters


def test_a_quarter_in_short_that_may_be_a_district_is_none_by_itself(read):
    above = ["STT", "Lĩnh vực", "Q2", "Q2", "Q3", "Q3"]
    report = read(above, ["", "", *DOSSIERS[:2] * 2], ["1", "Hộ tịch", 10, 9, 20, 18])
    assert rows_of(report, "dossiers", "settled_total") == {} and len(report.unplaced)
    beside = [f"{count} {name}" for name in ("Q1", "Q3") for count in DOSSIERS[:2]]
    report = read(["STT", "Lĩnh vực", *beside], ["1", "Hộ tịch", 10, 9, 20, 18])
    assert "dossiers" not in report.tables and len(report.unplaced)


@pytest.mark.parametrize(
    ("lines", "quarter", "period", "basis"),
    [
        (["Bảng 1. Kết quả giải quyết hồ sơ năm 2024"], "IV", "2024Q4", "year_to_date"),
        (["Kết quả giải quyết hồ sơ năm 2024"], "III", "2024Q3", "in_period"),
        (["Số liệu 12 tháng năm 2024"], "IV", "2024Q4", "year_to_date"),
        (["Kết quả giải quyết hồ sơ nửa đầu năm 2024"], "IV", "2024Q2", "year_to_date"),
        (["Kết quả quý IV, năm 2024"], "IV", "2024Q4", "in_period"),
        (["Kết quả Q2/2024"], "IV", "2024Q2", "in_period"),
        (["Kết quả quý trước"], "IV", "2024Q3", "in_period"),
        (["Kết quả năm trước"], "IV", "2023Q4", "year_to_date"),
        (["Kết quả tính đến 15/12/2024"], "IV", "2024Q4", "in_period"),
        (["Kết quả Chương trình giai đoạn 2021-2030"], "IV", "2024Q4", "in_period"),
        (["Kết quả theo Quyết định số 12/QĐ-UBND năm 2021"], "IV", "2024Q4", "in_period"),
        (["I. KẾT QUẢ 6 THÁNG ĐẦU NĂM", "Công việc đã xong."], "IV", "2024Q2", "year_to_date"),
        (["II. Nhiệm vụ năm 2025", "Công việc còn nhiều."], "IV", "2024Q4", "in_period"),
        (["Kết quả giải quyết hồ sơ năm 2023 chuyển sang"], "IV", "", ""),
        (["Kết quả giải quyết hồ sơ tồn năm 2023"], "IV", "", ""),
    ],
)
def test_words_over_a_table_name_its_time(tmp_path, lines, quarter, period, basis):
    title = ["BÁO CÁO", f"Kết quả cải cách hành chính quý {quarter}", "năm 2024"]
    said = "".join(f"<p>{line}</p>" for line in ("SỞ CÔNG MẪU", *title, "Mở đầu.", *lines))
    cells = "".join(f"<th>{text}</th>" for text in ("Lĩnh vực", *DOSSIERS))
    row = "<tr><td>Hộ tịch</td><td>12</td><td>11</td><td>1</td></tr>"
    path = tmp_path / "bc.html"
    path.write_text(f"{said}<table><tr>{cells}</tr>{row}</table>", encoding="utf-8")
    report = cchc.read_report(path)
    if not period:
        assert not report.tables and "năm 2023" in report.unplaced["reason"].iloc[0]
        return
    found = rows_of(report, "dossiers", "settled_total")
    assert found == {(period, basis, "Hộ tịch"): 11}


@pytest.mark.parametrize(
    ("name", "period", "basis"),
    [("9T2024", "2024Q3", "year_to_date"), ("LK_2024", "2024Q4", "year_to_date")],
)
def test_sheets_below_one_title_are_told_apart_by_their_names(tmp_path, name, period, basis):
    book = openpyxl.Workbook()
    for sheet, figure in ((book.create_sheet(name), 90), (book.create_sheet("Quý IV"), 9)):
        for row in (
            ["SỞ CÔNG MẪU"], ["BÁO CÁO KẾT QUẢ GIẢI QUYẾT HỒ SƠ QUÝ IV NĂM 2024"],
            ["Lĩnh vực", *DOSSIERS], ["Hộ tịch", figure + 1, figure, 1],
        ):  # fmt: skip
            sheet.append(row)
    del book["Sheet"]
    book.save(tmp_path / "bc.xlsx")
    assert rows_of(cchc.read_report(tmp_path / "bc.xlsx"), "dossiers", "settled_total") == {
        (period, basis, "Hộ tịch"): 90,
        ("2024Q4", "in_period", "Hộ tịch"): 9,
    }


@pytest.mark.parametrize(
    ("times", "found"),
    [
        (["Tháng 7", "Tháng 8", "Tháng 9"], {("2025Q3", "in_period"): 60}),
        (["Quý II", "Quý III", "Quý I"], {("2025Q3", "year_to_date"): 60}),
        (["Quý II", "Quý III"], {}),  # no time that a table can be of
    ],
)
def test_a_sum_beside_times_is_of_the_time_that_they_make(read, times, found):
    figures = [30, 20, 10][-len(times) :]
    report = read(
        ["Chỉ tiêu", *times, "Tổng cộng"], [DOSSIERS[1], *figures, 60], [DOSSIERS[0], *figures, 60]
    )
    rows = rows_of(report, "dossiers", "settled_total")
    assert {key[:2]: figure for key, figure in rows.items() if figure == 60} == found


@pytest.mark.parametrize(
    "title",
    ["6 tháng\nđầu năm và nhiệm vụ 6 tháng cuối năm 2025", "6 tháng đầu năm;\nnhiệm vụ năm 2025"],
)
def test_what_a_broken_title_says_of_half_a_year_holds_for_table_and_prose(tmp_path, title):
    path = tmp_path / "bc.txt"
    head = f"SỞ CÔNG MẪU\n\nBÁO CÁO\nKết quả cải cách hành chính {title}\n\n"
    rows = "\t".join(("Lĩnh vực", *DOSSIERS)) + "\nHộ tịch\t12\t11\t1\n"
    for body in ("Trong kỳ, Sở đã tiếp nhận 12 hồ sơ, đã giải quyết 11 hồ sơ.\n", rows):
        path.write_text(head + body, encoding="utf-8")
        found = rows_of(cchc.read_report(path), "dossiers", "settled_total")
        assert {key[:2]: figure for key, figure in found.items()} == {
            ("2025Q2", "year_to_date"): 11
        }
