"""Tables, times, shares and totals that stand near each other and are not the same.

Layouts as departments print them; names and figures are made up.
"""

from __future__ import annotations

import pytest

import cchc_stats as cchc
from cchc_stats.reading.tables.scope import names_several
from cchc_stats.words import fold

HEAD = ("TT", "Lĩnh vực", "Tổng số tiếp nhận", "Kỳ trước chuyển sang", "Mới tiếp nhận")
HEAD += ("Tổng số đã giải quyết", "Đúng hạn", "Quá hạn")
UNITS = ("TT", "Đơn vị", *HEAD[1:])
TITLE = "BÁO CÁO KẾT QUẢ CẢI CÁCH HÀNH CHÍNH QUÝ III NĂM 2024"
FLOWS = ("Tổng số văn bản đi", "Văn bản giấy", "Văn bản điện tử")


def figures(count, late=1):
    return count + late, late, count, count, count - late, late


def total(label, *counts):
    return ("", label, *figures(sum(counts), len(counts)))


LAND = ("1", "Đất đai", *figures(10))
VITAL = ("2", "Hộ tịch", *figures(20))


@pytest.fixture
def read(tmp_path):
    def read_blocks(*blocks):
        """Read a report of paragraphs (texts) and tables (rows)."""
        text = f"<p>UBND TỈNH SÔNG MẪU</p><p>{TITLE}</p><p>Tình hình chung như sau.</p>"
        for block in blocks:
            if isinstance(block, str):
                text += f"<p>{block}</p>"
                continue
            rows = ("".join(f"<td>{cell}</td>" for cell in row) for row in block)
            text += f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"
        (tmp_path / "bc.html").write_text(text, encoding="utf-8")
        return cchc.read_report(tmp_path / "bc.html")

    return read_blocks


def times_of(report):
    table = report.tables["dossiers"]
    said = zip(table["sector"], table["period"].astype(str), table["basis"], strict=True)
    return {sector: (period, basis) for sector, period, basis in said}


def errors_of(report):
    found = cchc.check(report)
    return found.loc[found["severity"] == "error", "rule"].tolist()


def test_two_tables_below_the_same_line_of_units_are_two(read):
    other = ("1", "Xây dựng", *figures(70))
    report = read(
        "Bảng 1. Kết quả trong quý III", "Đơn vị tính: hồ sơ", [HEAD, LAND, VITAL],
        "Bảng 2. Kết quả lũy kế từ đầu năm 2024", "Đơn vị tính: hồ sơ", [HEAD, other],
    )  # fmt: skip
    assert times_of(report) == {
        "Đất đai": ("2024Q3", "in_period"),
        "Hộ tịch": ("2024Q3", "in_period"),
        "Xây dựng": ("2024Q3", "year_to_date"),
    }


@pytest.mark.parametrize("ended", [False, True])
def test_a_table_without_a_line_between_is_of_the_time_of_the_one_before(read, ended):
    last = [total("Tổng số", 10, 20)] if ended else []
    others = [HEAD, ("3", "Xây dựng", *figures(70))]
    report = read("Bảng 1. Kết quả quý II/2024", [HEAD, LAND, VITAL, *last], others)
    assert set(times_of(report).values()) == {("2024Q2", "in_period")}
    assert len(times_of(report)) == 3
    # The total is of what stands above it.
    assert len(report.totals) == 6 * ended


def test_rows_of_shares_are_no_counts(read):
    report = read(
        "Văn bản",
        [("Nội dung", "Số lượng"), (FLOWS[0], 1380), ("Tỷ lệ văn bản điện tử (%)", 95)],
    )  # fmt: skip
    assert report.tables["documents"]["sent_total"].tolist() == [1380]
    assert report.tables["documents"].get("sent_electronic", report.claims["value"]).isna().all()
    assert report.unplaced["reason"].str.contains("là tỷ lệ").tolist() == [True]


def test_a_share_takes_no_name_from_a_count(read):
    rows = [("Tổng số hồ sơ tiếp nhận", 100), ("Số hồ sơ đã giải quyết", 90)]
    late = [("Tỷ lệ hồ sơ quá hạn (%)", 2), ("Số hồ sơ quá hạn", 5)]
    under = [("Tỷ lệ giải quyết", ""), ("- Đúng hạn", 98)]
    for shares, known in ((late, [5]), (under, [])):
        table = read("Hồ sơ", [("Nội dung", "Số lượng"), *rows, *shares]).tables["dossiers"]
        assert table["settled_total"].tolist() == [90]
        told = [name for name in ("settled_late", "settled_on_time") if name in table]
        assert [one for name in told for one in table[name].dropna()] == known


@pytest.mark.parametrize(
    ("caption", "several"),
    [
        ("quý III năm 2024 và quý II năm 2024", True),
        ("quý II và quý III năm 2024", True),
        ("từ quý I đến quý III", True),
        ("quý I, quý II, quý III", True),
        ("các quý II, III năm 2024", True),
        ("năm 2023 và năm 2024", True),
        ("quý III và 9 tháng đầu năm", True),
        ("quý IV và năm", True),
        ("6 tháng và 9 tháng đầu năm 2024", True),
        ("trong quý và lũy kế từ đầu năm", True),
        ("quý III năm 2024 và cùng kỳ năm 2023", True),
        ("quý III năm 2024 (Quý III/2024)", False),
        ("lũy kế đến quý III/2024", False),
        ("quý III/2024 và nhiệm vụ quý IV/2024", False),
        ("quý I năm 2024 (từ ngày 15 tháng 12 năm 2023 đến ngày 14 tháng 3 năm 2024)", False),
        ("theo Luật Đất đai năm 2013, quý III năm 2024", False),
        ("quý 3 - 2024", False),
    ],
)
def test_a_caption_of_several_times(caption, several):
    assert names_several(fold(caption)) is several


def test_a_table_of_several_times_is_of_none_unless_it_parts_them(read):
    caption = "Kết quả quý II và quý III năm 2024"
    report = read(caption, [HEAD, LAND, VITAL])
    assert "dossiers" not in report.tables
    assert report.unplaced["reason"].str.contains("nhiều kỳ").all()
    by_rows = [("Kỳ", *FLOWS), ("Quý II", 100, 10, 90), ("Quý III", 9, 4, 5)]
    by_columns = [("Nội dung", "Quý II", "Quý III"), (FLOWS[0], 100, 9), (FLOWS[2], 90, 5)]
    for rows in (by_rows, by_columns):
        table = read(caption, rows).tables["documents"]
        assert dict(zip(table["period"].astype(str), table["sent_total"], strict=True)) == {
            "2024Q2": 100,
            "2024Q3": 9,
        }


@pytest.mark.parametrize("beside", [(), ("UBND xã An Mẫu",)])
def test_a_row_that_is_refused_is_lacked_by_the_whole_and_its_sum(read, beside):
    again = ("3", "Đất đai", *figures(7))
    rows = [(row[0], *beside, *row[1:]) for row in (LAND, VITAL, again)]
    last = total("Tổng số", 10, 20, 7)
    report = read("Hồ sơ", [UNITS if beside else HEAD, *rows, (*("",) * len(beside), *last)])
    assert errors_of(report) == []
    assert report.unplaced["reason"].str.contains("đã có số này").tolist() == [True]
    assert "row_twice" in {*cchc.check(report)["rule"]}
    values = cchc.measure(report.tables)
    whole = values[(values["group"] == "all") & values["value"].notna()]
    assert len(whole)
    assert whole["note"].str.contains("'Đất đai'").all()


@pytest.mark.parametrize(("column", "of_all"), [(1, False), (2, False), (2, True)])
def test_the_last_total_of_agencies_with_one_each_is_of_the_last(read, column, of_all):
    rows = []
    for unit, counts in (("UBND xã An Mẫu", (10, 20)), ("UBND xã Bình Mẫu", (4, 5))):
        for sector, count in zip(("Đất đai", "Hộ tịch"), counts, strict=True):
            rows.append(("1", unit, sector, *figures(count)))
        label = ("Cộng", "") if column == 1 else ("", "Cộng")
        rows.append(("", *label, *figures(sum(counts), 2)))
    whole = [("", "Tổng cộng", "", *figures(39, 4))] if of_all else []
    assert errors_of(read("Hồ sơ", [UNITS, *rows, *whole])) == []
    # A sum that is wrong is told of its own agency.
    rows[-1] = (*rows[-1][:3], *figures(8, 2))
    assert set(errors_of(read("Hồ sơ", [UNITS, *rows, *whole]))) == {"printed_sum"}


@pytest.mark.parametrize("time", ["Cùng kỳ năm 2023", "Lũy kế từ đầu năm"])
def test_a_total_above_all_is_not_of_a_row_of_another_time_below(read, time):
    other = ("", time, *figures(90, 2))
    report = read("Hồ sơ", [HEAD, total("Tổng số", 10, 20), LAND, VITAL, other])
    assert len(report.totals) == 6
    assert errors_of(report) == []
    report = read("Hồ sơ", [HEAD, total("Tổng số", 10, 21), LAND, VITAL, other])
    assert set(errors_of(report)) == {"printed_sum"}


def test_one_row_of_another_time_below_each_row_is_no_part_of_it(read):
    other = ("", "Cùng kỳ năm 2023", *figures(5))
    table = read("Hồ sơ", [HEAD, LAND, other, VITAL, other]).tables["dossiers"]
    found = zip(table["sector"], table["period"].astype(str), table["settled_total"], strict=True)
    assert {*found} == {
        ("Đất đai", "2024Q3", 10),
        ("Đất đai", "2023Q3", 5),
        ("Hộ tịch", "2024Q3", 20),
        ("Hộ tịch", "2023Q3", 5),
    }


@pytest.mark.parametrize(
    ("days", "time"),
    [
        ("01/7/2024 đến ngày 30/9/2024", ("2024Q3", "in_period")),
        ("16/6/2024 đến ngày 15/9/2024", ("2024Q3", "in_period")),  # a day late, as many are
        ("01/01/2024 đến ngày 30/9/2024", ("2024Q3", "year_to_date")),
        ("15/12/2023 đến ngày 14/9/2024", ("2024Q3", "year_to_date")),
        ("01/4/2024 đến ngày 30/6/2024", ("2024Q2", "in_period")),
    ],
)
def test_the_days_of_a_caption_say_which_time_it_is_of(read, days, time):
    report = read(f"Tình hình giải quyết hồ sơ từ ngày {days}", (HEAD, LAND))
    assert times_of(report) == {"Đất đai": time}


@pytest.mark.parametrize("days", ["01/01/2024 đến ngày 31/10/2024", "01/8/2024 đến ngày 31/8/2024"])
def test_days_that_no_quarter_has_are_no_period(read, days):
    report = read(f"Tình hình giải quyết hồ sơ từ ngày {days}", (HEAD, LAND))
    assert not report.tables
    assert "không xếp vào kỳ nào" in report.unplaced["reason"].iloc[0]
