"""Figures laid out as units really print them are read back as the same figures, and nothing else.

The layouts are those of departments, communes and dossier systems; names and figures are made up.
"""

from __future__ import annotations

import csv
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import cchc_stats as cchc

ROMAN = {1: "I", 2: "II", 3: "III", 4: "IV"}
SECTORS = ("Hộ tịch", "Chứng thực", "Đất đai", "Xây dựng", "Bảo trợ xã hội")
UNITS = ("Sở Tư pháp", "Sở Xây dựng", "UBND xã An Mẫu", "Phường Thử Mẫu", "Chi nhánh Khe Mẫu")
LEVELS = {"provincial": "Cấp tỉnh", "district": "Cấp huyện", "commune": "Cấp xã"}


def levels_in(period):
    """Return the levels of a quarter: districts ended on 30/6/2025."""
    return [one for one in LEVELS if one != "district" or period < pd.Period("2025Q3", "Q-DEC")]


COLUMNS = (
    "received_total",
    "carried_over",
    "newly_received",
    "settled_total",
    "settled_on_time",
    "settled_late",
    "pending_total",
    "pending_not_due",
    "pending_overdue",
)
# The words in which the same columns are met, as paths from the top down.
VOCABULARY = (
    ("Số hồ sơ tiếp nhận > Tổng số", "Số hồ sơ tiếp nhận > Kỳ trước chuyển qua",
     "Số hồ sơ tiếp nhận > Mới tiếp nhận", "Số hồ sơ đã giải quyết > Tổng số",
     "Số hồ sơ đã giải quyết > Đúng hạn", "Số hồ sơ đã giải quyết > Quá hạn",
     "Số hồ sơ đang giải quyết > Tổng số", "Số hồ sơ đang giải quyết > Chưa đến hạn",
     "Số hồ sơ đang giải quyết > Quá hạn"),
    ("Hồ sơ phải giải quyết > Cộng", "Hồ sơ phải giải quyết > Kỳ trước chuyển sang",
     "Hồ sơ phải giải quyết > Tiếp nhận trong kỳ", "Đã giải quyết > Tổng số",
     "Đã giải quyết > Trước và trong hạn", "Đã giải quyết > Trễ hạn",
     "Đang giải quyết > Tổng số", "Đang giải quyết > Chưa tới hạn", "Đang giải quyết > Quá hạn"),
    ("Tiếp nhận > Tổng số", "Tiếp nhận > Từ kỳ trước", "Tiếp nhận > Trong kỳ",
     "Đã xử lý > Tổng số", "Đã xử lý > Trước hạn và đúng hạn", "Đã xử lý > Trễ hẹn",
     "Đang xử lý > Tổng số", "Đang xử lý > Trong hạn", "Đang xử lý > Trễ hẹn"),
)  # fmt: skip
FLAT = (
    "Tổng số hồ sơ tiếp nhận", "Hồ sơ kỳ trước chuyển sang", "Hồ sơ mới tiếp nhận",
    "Số hồ sơ đã giải quyết", "Số hồ sơ giải quyết đúng hạn", "Số hồ sơ giải quyết quá hạn",
    "Số hồ sơ đang giải quyết", "Hồ sơ đang giải quyết trong hạn",
    "Hồ sơ đang giải quyết quá hạn",
)  # fmt: skip
COUNT = st.integers(0, 3000)


@st.composite
def balanced(draw):
    """Draw the figures of one row, in the order of COLUMNS, that balance."""
    on_time, late, not_due, overdue = (draw(COUNT) for _ in range(4))
    received = on_time + late + not_due + overdue
    carried = draw(st.integers(0, received))
    settled, pending = on_time + late, not_due + overdue
    both = (settled, on_time, late, pending, not_due, overdue)
    return (received, carried, received - carried, *both)


def added(rows):
    return tuple(sum(column) for column in zip(*rows, strict=True))


def table(headings, rows):
    """Return HTML of heading paths and rows of cells: text, or text and span."""
    paths = [tuple(heading.split(" > ")) for heading in headings]
    deep = max(map(len, paths))
    lines = []
    for depth in range(deep):
        cells, at = [], 0
        while at < len(paths):
            path = paths[at]
            if depth >= len(path):
                at += 1
                continue
            across = 1
            last = depth == len(path) - 1
            while (
                not last
                and at + across < len(paths)
                and paths[at + across][: depth + 1] == path[: depth + 1]
            ):
                across += 1
            down = deep - depth if last else 1
            cells.append(f'<td rowspan="{down}" colspan="{across}">{path[depth]}</td>')
            at += across
        lines.append("".join(cells))
    for row in rows:
        cells = [cell if isinstance(cell, tuple) else (cell, 1) for cell in row]
        lines.append("".join(f'<td colspan="{span}">{text}</td>' for text, span in cells))
    return "<table>" + "".join(f"<tr>{line}</tr>" for line in lines) + "</table>"


def read(body, period, agency="UBND TỈNH SÔNG MẪU"):
    title = f"BÁO CÁO KẾT QUẢ CẢI CÁCH HÀNH CHÍNH QUÝ {ROMAN[period.quarter]} NĂM {period.year}"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bc.html"
        path.write_text(f"<html><body><p>{agency}</p><p>{title}</p>{body}</body></html>", "utf-8")
        return cchc.read_report(path)


def placed(report):
    """Return (agency, period, level, sector) -> figures of the dossiers, "" for the sender."""
    frame = report.tables["dossiers"]
    keys = zip(
        frame["agency"].where(frame["agency"] != report.agency, ""),
        frame["period"].astype(str),
        frame["level"],
        frame["sector"],
        strict=True,
    )
    figures = frame[list(COLUMNS)].astype("int64").to_numpy().tolist()
    return {key: tuple(row) for key, row in zip(keys, figures, strict=True)}


def by_sector(data, period, words):
    rows = data.draw(st.dictionaries(st.sampled_from(SECTORS), balanced(), min_size=1))
    body = [[at, name, *row] for at, (name, row) in enumerate(rows.items(), 1)]
    body.append([("Tổng cộng", 2), *added(rows.values())])
    keys = {("", str(period), "all", name): row for name, row in rows.items()}
    return table(["STT", "Lĩnh vực", *words], body), keys


def by_unit(data, period, words):
    rows = data.draw(st.dictionaries(st.sampled_from(UNITS), balanced(), min_size=1))
    body = [[at, name, *row] for at, (name, row) in enumerate(rows.items(), 1)]
    body.append([("Tổng số", 2), *added(rows.values())])
    heading = data.draw(st.sampled_from(["Tên đơn vị", "Cơ quan", "Đơn vị"]))
    keys = {(name, str(period), "all", "all"): row for name, row in rows.items()}
    return table(["TT", heading, *words], body), keys


def in_groups(data, period, words):
    """Levels as group rows: with sub-totals, without figures in empty cells, or merged."""
    levels = data.draw(st.lists(st.sampled_from(levels_in(period)), min_size=2, unique=True))
    how = data.draw(st.sampled_from(["figures", "empty", "merged"]))
    numbers = data.draw(st.sampled_from(["ABC", ["I", "II", "III"]]))
    body, keys = [], {}
    for number, level in zip(numbers, levels, strict=False):
        rows = data.draw(st.dictionaries(st.sampled_from(SECTORS), balanced(), min_size=1))
        beside = {"figures": added(rows.values()), "empty": [""] * 9, "merged": []}[how]
        label = LEVELS[level] if how != "merged" else (LEVELS[level], 10)
        body.append([number, label, *beside])
        body += [[at, name, *row] for at, (name, row) in enumerate(rows.items(), 1)]
        keys |= {("", str(period), level, name): row for name, row in rows.items()}
    body.append([("Tổng cộng", 2), *added(keys.values())])
    return table(["TT", "Lĩnh vực giải quyết", *words], body), keys


def levels_as_columns(data, period, words):
    levels = data.draw(st.lists(st.sampled_from(levels_in(period)), min_size=2, unique=True))
    sectors = data.draw(st.lists(st.sampled_from(SECTORS), min_size=1, unique=True))
    keys = {
        ("", str(period), level, name): data.draw(balanced())
        for name in sectors
        for level in levels
    }
    body = [
        [name, *(figure for level in levels for figure in keys["", str(period), level, name])]
        for name in sectors
    ]
    headings = [f"{LEVELS[level]} > {path}" for level in levels for path in words]
    return table(["Lĩnh vực", *headings], body), keys


def years_as_columns(data, period, words):
    sectors = data.draw(st.lists(st.sampled_from(SECTORS), min_size=1, unique=True))
    periods = (period, period - 4)
    keys = {
        ("", str(one), "all", name): data.draw(balanced()) for name in sectors for one in periods
    }
    body = [
        [at, name, *(figure for one in periods for figure in keys["", str(one), "all", name])]
        for at, name in enumerate(sectors, 1)
    ]
    last = data.draw(st.sampled_from(["Cùng kỳ năm trước", quarter(period - 4)]))
    headings = [f"{top} > {path}" for top in (quarter(period), last) for path in words]
    return table(["TT", "Lĩnh vực", *headings], body), keys


def transposed(data, period, words):
    rows = data.draw(st.dictionaries(st.sampled_from(SECTORS), balanced(), min_size=2))
    del words
    body = [
        [label, *column, sum(column)]
        for label, column in zip(FLAT, zip(*rows.values(), strict=True), strict=True)
    ]
    keys = {("", str(period), "all", name): row for name, row in rows.items()}
    return table(["Chỉ tiêu", *rows, "Tổng cộng"], body), keys


def as_list(data, period, words):
    del words
    row = data.draw(balanced())
    labels = (
        "Số hồ sơ đã tiếp nhận: Tổng số", "Số kỳ trước chuyển qua", "Số mới tiếp nhận",
        "Số hồ sơ đã giải quyết: Tổng số", "Trả đúng hạn", "Trả quá hạn",
        "Số hồ sơ đang giải quyết: Tổng số", "Chưa đến hạn", "Quá hạn",
    )  # fmt: skip
    body = [[at, label, "hồ sơ", row[at - 1]] for at, label in enumerate(labels, 1)]
    headings = ["STT", "Chỉ tiêu", "Đơn vị tính", "Số liệu"]
    return table(headings, body), {("", str(period), "all", "all"): row}


def quarter(period):
    return f"Quý {ROMAN[period.quarter]} năm {period.year}"


def quarters_of(period):
    """Return the quarters of a year up to one of them, as its reports print them."""
    said = pd.period_range(f"{period.year}Q1", period, freq="Q-DEC")
    return {one: (f"Quý {ROMAN[one.quarter]}", quarter(one)) for one in said}


def quarters_as_rows(data, period, words):
    heading = data.draw(st.sampled_from(["Thời gian", "Kỳ", "Quý", "Nội dung"]))
    long = data.draw(st.booleans())
    rows = {one: data.draw(balanced()) for one in quarters_of(period)}
    body = [
        [at, quarters_of(period)[one][long], *row] for at, (one, row) in enumerate(rows.items())
    ]
    keys = {("", str(one), "all", "all"): row for one, row in rows.items()}
    return table(["TT", heading, *words], body), keys


def quarters_of_each_sector(data, period, words):
    """Below a heading of the sector, or in a column beside it."""
    beside, long = data.draw(st.booleans()), data.draw(st.booleans())
    sectors = data.draw(st.lists(st.sampled_from(SECTORS), min_size=1, unique=True))
    body, keys = [], {}
    for at, name in enumerate(sectors, 1):
        body += [] if beside else [[at, name, *[""] * 9]]
        for one, said in quarters_of(period).items():
            keys["", str(one), "all", name] = row = data.draw(balanced())
            body.append([at, name, said[long], *row] if beside else ["", said[long], *row])
    return table(["TT", "Lĩnh vực", *["Kỳ"] * beside, *words], body), keys


def sectors_of_each_quarter(data, period, words):
    long, summed = data.draw(st.booleans()), data.draw(st.booleans())
    body, keys = [], {}
    for number, (one, said) in zip(ROMAN.values(), quarters_of(period).items(), strict=False):
        rows = data.draw(st.dictionaries(st.sampled_from(SECTORS), balanced(), min_size=1))
        body.append([number, said[long], *(added(rows.values()) if summed else [""] * 9)])
        body += [[at, name, *row] for at, (name, row) in enumerate(rows.items(), 1)]
        keys |= {("", str(one), "all", name): row for name, row in rows.items()}
    return table(["TT", "Lĩnh vực", *words], body), keys


def times_in_flat_headings(data, period, words):
    del words
    rows = data.draw(st.dictionaries(st.sampled_from(SECTORS), balanced(), min_size=1))
    before = data.draw(st.dictionaries(st.sampled_from([*rows]), balanced(), min_size=len(rows)))
    shape = data.draw(st.sampled_from(["{} ({})", "{} {}", "{} - {}"]))
    headings = [shape.format(text, quarter(one)) for one in (period, period - 4) for text in FLAT]
    body = [[at, name, *rows[name], *before[name]] for at, name in enumerate(rows, 1)]
    body.append([("Tổng cộng", 2), *added(rows.values()), *added(before.values())])
    keys = {
        ("", str(one), "all", name): figures[name]
        for name in rows
        for one, figures in ((period, rows), (period - 4, before))
    }
    return table(["TT", "Lĩnh vực", *headings], body), keys


LAYOUTS = (
    by_sector,
    by_unit,
    in_groups,
    levels_as_columns,
    years_as_columns,
    transposed,
    as_list,
    quarters_as_rows,
    quarters_of_each_sector,
    sectors_of_each_quarter,
    times_in_flat_headings,
)


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.__name__)
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_figures_in_a_layout_are_read_as_the_same_figures(layout, data):
    number = data.draw(st.integers(1, 4))
    period = pd.Period(f"{data.draw(st.integers(2019, 2026))}Q{number}", "Q-DEC")
    html, keys = layout(data, period, data.draw(st.sampled_from(VOCABULARY)))
    report = read(html, period)
    assert placed(report) == keys
    assert report.unplaced.empty
    found = cchc.check(report)
    assert found[found["severity"] != "note"]["message"].tolist() == []


def test_each_sheet_is_of_its_own_quarter(tmp_path):
    book = openpyxl.Workbook()
    row = [10, 1, 9, 8, 7, 1, 2, 2, 0]
    for number in (1, 2):
        sheet = book.create_sheet(f"Quý {number}.2023")
        sheet.append(["SỞ CÔNG MẪU"])
        sheet.append(["TÌNH HÌNH GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH"])
        sheet.append([f"Kỳ báo cáo: Quý {ROMAN[number]} năm 2023"])
        sheet.append(["Đơn vị tính: hồ sơ"])
        sheet.append(["TT", "Lĩnh vực", *FLAT])
        sheet.append([1, "Điện", *(number * figure for figure in row)])
        sheet.append(["", "Tổng cộng", *(number * figure for figure in row)])
    del book["Sheet"]
    book.save(tmp_path / "bc.xlsx")
    report = cchc.read_report(tmp_path / "bc.xlsx", period="2023Q1", agency="Sở Công Mẫu")
    assert placed(report) == {
        ("", "2023Q1", "all", "Điện"): tuple(row),
        ("", "2023Q2", "all", "Điện"): tuple(2 * figure for figure in row),
    }
    assert set(cchc.check(report)["severity"]) <= {"note"}


def test_a_blank_row_ends_no_table_and_a_total_below_it_is_of_its_columns(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Lĩnh vực", *FLAT])
    sheet.append(["I. Trên hệ thống của bộ"])
    sheet.append(["Hộ tịch", 10, 1, 9, 8, 7, 1, 2, 2, 0])
    sheet.append([])
    sheet.append(["II. Trên hệ thống của tỉnh"])
    sheet.append(["Hộ tịch", 5, 0, 5, 5, 5, 0, 0, 0, 0])
    sheet.append([])
    sheet.append(["Tổng cộng", 15, 1, 14, 13, 12, 1, 2, 2, 0])
    book.save(tmp_path / "bc.xlsx")
    report = cchc.read_report(tmp_path / "bc.xlsx", period="2023Q1", agency="Sở Mẫu")
    blocks = [(level, sector) for _, _, level, sector in placed(report)]
    assert blocks == [("Trên hệ thống của bộ", "Hộ tịch"), ("Trên hệ thống của tỉnh", "Hộ tịch")]
    assert set(cchc.check(report)["severity"]) <= {"note"}


NINE = (10, 1, 9, 8, 7, 1, 2, 2, 0)
P = pd.Period("2024Q2", "Q-DEC")


def test_a_sub_total_is_held_against_the_rows_of_its_own_group():
    words = VOCABULARY[0]
    wrong = (11, *NINE[1:])
    body = [
        ["A", "Cấp tỉnh", *wrong], [1, "Hộ tịch", *NINE],
        ["B", "Cấp xã", *NINE], [1, "Hộ tịch", *NINE],
        [("Tổng cộng", 2), *added([NINE, NINE])],
    ]  # fmt: skip
    found = cchc.check(read(table(["TT", "Lĩnh vực", *words], body), P))
    wrong_sums = found[found["rule"] == "printed_sum"]
    assert wrong_sums[["found", "expected"]].values.tolist() == [["11", "10"]]


def test_a_unit_that_is_named_twice_is_told():
    body = [[1, "Sở Tư pháp", *NINE], [2, "Sở Tư pháp", *NINE]]
    report = read(table(["STT", "Đơn vị", *VOCABULARY[0]], body), P)
    assert len(report.tables["dossiers"]) == 1
    assert report.unplaced["reason"].str.contains("đã có số này").any()


@pytest.mark.parametrize("other", ["Kế hoạch năm", "Dự kiến quý III", "So với cùng kỳ", "Tháng 6"])
def test_columns_of_a_time_that_is_no_quarter_have_no_place(other):
    words = [f"Quý II > {path}" for path in VOCABULARY[0]]
    words += [f"{other} > {path}" for path in VOCABULARY[0]]
    report = read(
        table(["STT", "Lĩnh vực", *words], [[1, "Hộ tịch", *NINE, *added([NINE, NINE])]]), P
    )
    assert placed(report) == {("", "2024Q2", "all", "Hộ tịch"): NINE}
    assert len(report.unplaced) == len(NINE)


def test_a_heading_that_the_sums_contradict_is_no_column_of_the_form():
    """Certificates newly given are no dossiers newly received, though the words are near."""
    words = [path for path in VOCABULARY[1] if "Tiếp nhận trong kỳ" not in path]
    row = [figure for at, figure in enumerate(NINE) if at != 2]
    html = table(["STT", "Tên", *words, "Số GCN đã cấp > Cấp mới"], [[1, "Tách thửa", *row, 300]])
    report = read(html, P)
    assert report.tables["dossiers"]["newly_received"].isna().all()
    assert report.unplaced["text"].tolist() == ["300"]


def test_levels_stand_under_a_heading_that_says_so():
    rows = [[1, "Cấp tỉnh", *NINE], [2, "Cấp xã", *NINE]]
    report = read(table(["STT", "Cấp", *VOCABULARY[1]], rows), P)
    assert report.tables["dossiers"]["level"].tolist() == ["provincial", "commune"]


def test_a_row_that_its_term_alone_names_is_part_of_the_numbered_one_above():
    rows = [[1, "Hồ sơ đã giải quyết", 90], ["", "Đúng hạn", 87], ["", "Quá hạn", 3]]
    rows += [[2, "Hồ sơ đang giải quyết", 9], ["", "Chưa đến hạn", 7], ["", "Quá hạn", 2]]
    dossiers = read(table(["STT", "Nội dung", "Số lượng"], rows), P).tables["dossiers"]
    assert dossiers[["settled_late", "pending_overdue"]].to_numpy().tolist() == [[3, 2]]


def test_what_came_by_post_is_added_to_what_came_in_person():
    words = ("Tiếp nhận > Tổng số", "Tiếp nhận > Trực tuyến", "Tiếp nhận > Trực tiếp",
             "Tiếp nhận > Bưu chính công ích", "Tiếp nhận > Kỳ trước chuyển qua",
             *VOCABULARY[0][3:])  # fmt: skip
    body = [
        ["Hộ tịch", 100, 60, 25, 5, 10, *NINE[3:]],
        ["Tổng cộng", 100, 60, 25, 5, 10, *NINE[3:]],
    ]
    report = read(table(["Lĩnh vực", *words], body), P)
    row = report.tables["dossiers"].iloc[0]
    assert (row["received_in_person"], row["received_online"], row["newly_received"]) == (
        30,
        60,
        90,
    )
    assert not (cchc.check(report)["rule"] == "printed_sum").any()


def test_a_balance_with_a_column_that_has_no_place_is_not_judged():
    row = (15, 1, 14, 8, 7, 1, 2, 2, 0)
    html = table(["Lĩnh vực", *VOCABULARY[0], "Chờ bổ sung"], [["Hộ tịch", *row, 5]])
    assert "error" not in set(cchc.check(read(html, P))["severity"])
    html = table(["Lĩnh vực", *VOCABULARY[0], "Chờ bổ sung"], [["Hộ tịch", *row, 4]])
    assert "error" in set(cchc.check(read(html, P))["severity"])


def levels_of(report):
    return [(agency, level, sector) for agency, _, level, sector in placed(report)]


TWO = tuple(2 * figure for figure in NINE)
SUM = added([NINE, TWO])


def test_units_under_levels_have_their_level_and_sub_totals_are_held_against_them():
    body = [
        ["I", "Khối sở, ngành", *SUM], [1, "Sở Tư pháp", *NINE], [2, "Sở Y tế", *TWO],
        ["II", "UBND cấp xã", *TWO], [1, "Xã An Mẫu", *TWO],
        [("Tổng cộng", 2), *added([SUM, TWO])],
    ]  # fmt: skip
    report = read(table(["TT", "Đơn vị", *VOCABULARY[0]], body), P)
    assert levels_of(report) == [
        ("Sở Tư pháp", "provincial", "all"),
        ("Sở Y tế", "provincial", "all"),
        ("Xã An Mẫu", "commune", "all"),
    ]
    assert set(cchc.check(report)["severity"]) <= {"note"}


def test_sectors_under_a_unit_are_those_of_the_unit():
    body = [["I", "Sở Tư pháp", *NINE], [1, "Hộ tịch", *NINE],
            ["II", "Sở Y tế", *TWO], [1, "Dược", *TWO], [("Tổng cộng", 2), *SUM]]  # fmt: skip
    report = read(table(["TT", "Lĩnh vực", *VOCABULARY[0]], body), P)
    assert levels_of(report) == [("Sở Tư pháp", "all", "Hộ tịch"), ("Sở Y tế", "all", "Dược")]
    assert set(cchc.check(report)["severity"]) <= {"note"}


def test_units_and_sectors_in_two_columns():
    body = [["Sở Tư pháp", "Hộ tịch", *NINE], ["Sở Y tế", "Dược", *TWO], ["Tổng cộng", "", *SUM]]
    report = read(table(["Đơn vị", "Lĩnh vực", *VOCABULARY[0]], body), P)
    assert levels_of(report) == [("Sở Tư pháp", "all", "Hộ tịch"), ("Sở Y tế", "all", "Dược")]
    assert report.unplaced.empty


def test_the_sum_of_an_agency_s_sectors_is_held_against_these_alone():
    body = [["Sở Tư pháp", "Hộ tịch", *NINE], ["Sở Tư pháp", "Công chứng", *TWO],
            ["Sở Tư pháp", "Cộng", *SUM], ["Sở Y tế", "Dược", *TWO],
            ["", "Tổng cộng", *added([SUM, TWO])]]  # fmt: skip
    report = read(table(["Đơn vị", "Lĩnh vực", *VOCABULARY[0]], body), P)
    assert len(placed(report)) == 3
    assert set(cchc.check(report)["severity"]) <= {"note"}
    body[2] = ["Sở Tư pháp", "Cộng", 31, *SUM[1:]]
    found = cchc.check(read(table(["Đơn vị", "Lĩnh vực", *VOCABULARY[0]], body), P))
    wrong = found[found["severity"] == "error"]
    assert wrong[["found", "expected"]].values.tolist() == [["31", "30"]]


@pytest.mark.parametrize(
    ("heading", "names"), [("Tên xã, phường", ["An Mẫu", "Thử Mẫu"]), ("Đơn vị", ["STP", "SYT"])]
)
def test_bare_names_below_a_heading_of_agencies_are_agencies(heading, names):
    body = [[1, names[0], *NINE], [2, names[1], *TWO], [("Tổng cộng", 2), *SUM]]
    report = read(table(["STT", heading, *VOCABULARY[0]], body), P)
    assert levels_of(report) == [(name, "all", "all") for name in names]
    body[0][1], body[1][1] = "Hộ tịch", "Đất đai"  # sectors are no agencies, whatever stands above
    report = read(table(["STT", heading, *VOCABULARY[0]], body), P)
    found = report.tables.get("dossiers")
    assert found is None or {*found["agency"]} == {report.agency}


@pytest.mark.parametrize("label", ["Tỷ lệ (%)", "Tăng/giảm", "So với cùng kỳ"])
def test_rows_of_shares_and_comparisons_are_no_sectors(label):
    body = [["Hộ tịch", *NINE], ["Giảm nghèo", *TWO], ["Tổng cộng", *SUM],
            [label, "", "", "", 100, "87,5", "12,5", "", "", ""]]  # fmt: skip
    report = read(table(["Lĩnh vực", *VOCABULARY[0]], body), P)
    assert [sector for *_, sector in placed(report)] == ["Hộ tịch", "Giảm nghèo"]
    assert set(cchc.check(report)["severity"]) <= {"note"}
    assert len(report.unplaced) == 1


def test_a_footnote_mark_is_no_part_of_a_sector_s_name():
    body = [["Hộ tịch<sup>1</sup>", *NINE], ["Đất đai*", *TWO]]
    report = read(table(["Lĩnh vực", *VOCABULARY[0]], body), P)
    assert [sector for *_, sector in placed(report)] == ["Hộ tịch", "Đất đai"]


def test_two_blocks_of_one_level_keep_their_own_names():
    body = [["I", "Cấp tỉnh - trực tuyến", *[""] * 9], [1, "Hộ tịch", *NINE],
            ["II", "Cấp tỉnh - trực tiếp", *[""] * 9], [1, "Hộ tịch", *TWO]]  # fmt: skip
    report = read(table(["TT", "Lĩnh vực", *VOCABULARY[0]], body), P)
    assert [level for _, level, _ in levels_of(report)] == [
        "Cấp tỉnh - trực tuyến",
        "Cấp tỉnh - trực tiếp",
    ]


def test_a_level_in_a_form_that_has_none_is_not_filed_under_the_whole():
    body = [["A", "Cấp tỉnh", "", ""], [1, "Biên chế hành chính", 10, 9],
            ["B", "Cấp xã", "", ""], [1, "Biên chế hành chính", 20, 19]]  # fmt: skip
    report = read(table(["TT", "Loại biên chế", "Được giao", "Hiện có"], body), P)
    assert "staffing" not in report.tables
    assert report.unplaced["reason"].str.contains("không tách theo cấp").all()


def test_posts_by_unit_and_their_totals_by_category():
    words = ["Biên chế được giao > Công chức", "Biên chế được giao > Viên chức",
             "Biên chế hiện có > Công chức", "Biên chế hiện có > Viên chức"]  # fmt: skip
    body = [
        [1, "Sở Tư pháp", 20, 5, 19, 5],
        [2, "Sở Y tế", 30, 50, 30, 49],
        ["", "Tổng", 50, 55, 49, 54],
    ]
    report = read(table(["TT", "Đơn vị", *words], body), P)
    frame = report.tables["staffing"]
    assert frame[["agency", "category", "assigned"]].values.tolist() == [
        ["Sở Tư pháp", "administrative", 20],
        ["Sở Tư pháp", "public_service", 5],
        ["Sở Y tế", "administrative", 30],
        ["Sở Y tế", "public_service", 50],
    ]
    assert set(cchc.check(report)["severity"]) <= {"note"}


def test_a_list_places_what_it_knows_and_names_the_rest():
    body = [[1, "Tổng số TTHC đang có hiệu lực", "TTHC", 62],
            [2, "Tỷ lệ hồ sơ đúng hạn", "%", "98,5"],
            [3, "Tổng số văn bản đi", "văn bản", 100], [4, "Số văn bản điện tử", "văn bản", 90],
            [5, "Số người hài lòng", "người", 33]]  # fmt: skip
    report = read(table(["STT", "Chỉ tiêu", "ĐVT", "Kết quả"], body), P)
    assert report.tables["procedures"]["in_force"].tolist() == [62]
    assert report.tables["documents"]["sent_electronic"].tolist() == [90]
    assert report.unplaced["text"].str.split(" | ", regex=False).str[-1].tolist() == ["98,5", "33"]


def test_the_same_quarter_of_last_year_in_a_list_is_that_quarter():
    body = [[at, label, one, two, "12,5"] for at, (label, one, two) in
            enumerate(zip(FLAT, NINE, TWO, strict=True), 1)]  # fmt: skip
    words = ["STT", "Chỉ tiêu", "Quý II/2024", "Cùng kỳ năm 2023", "Tăng, giảm (%)"]
    report = read(table(words, body), P)
    assert placed(report) == {
        ("", "2024Q2", "all", "all"): NINE,
        ("", "2023Q2", "all", "all"): TWO,
    }
    assert set(report.unplaced["text"]) == {"12,5"}


@pytest.mark.parametrize(
    "numbers",
    [
        ["A", "B", "1=2+3", "2", "3", "4=5+6", "5", "6", "7=8+9", "8", "9"],
        ["[1]", "[2]", "[3]=[4]+[5]", *(f"[{number}]" for number in range(4, 12))],
        [f"Cột {number}" for number in range(1, 12)],
        [*"abcdđeghikl"],
        ["(1)", "(2)", "(3 = 4 + 5)", *(f"({number})" for number in range(4, 12))],
        [*map(str, range(1, 12))],
    ],
    ids=" ".join,
)
def test_rows_that_number_the_columns_are_no_rows(numbers):
    html = table(["TT", "Lĩnh vực", *VOCABULARY[0]], [numbers, [1, "Hộ tịch", *NINE]])
    report = read(html, P)
    assert levels_of(report) == [("", "all", "Hộ tịch")]
    assert report.unplaced.empty


def test_numbers_before_labels_and_codes_of_units_are_no_part_of_names():
    body = [["I. Cấp tỉnh", *NINE], ["1. Hộ tịch", *NINE], ["Tổng cộng (I)", *NINE]]
    report = read(table(["Lĩnh vực", *VOCABULARY[0]], body), P)
    assert levels_of(report) == [("", "provincial", "Hộ tịch")]
    words = ["STT", "Mã đơn vị", "Tên đơn vị", *VOCABULARY[0]]
    report = read(table(words, [[1, "H42.01", "Sở Tư pháp", *NINE]]), P)
    assert levels_of(report) == [("Sở Tư pháp", "all", "all")]
    assert report.unplaced.empty


def test_three_unknown_headings_lose_no_table():
    words = [VOCABULARY[0][0], "Hồ sơ ABC", "Hồ sơ XYZ", "Số phiếu", *VOCABULARY[0][3:6]]
    report = read(table(["Lĩnh vực", *words], [["Hộ tịch", 10, 4, 5, 6, 8, 7, 1]]), P)
    assert report.tables["dossiers"]["settled_late"].tolist() == [1]
    assert report.unplaced["text"].tolist() == ["4", "5", "6"]


def test_levels_of_proactivity_are_not_the_old_levels_of_online_services():
    body = [[f"Mức độ {level}", level, 10 * level, 0, 10 * level] for level in (1, 2, 3, 4)]
    words = ["Mức độ", "Số TTHC", "Tổng số hồ sơ", "Trực tiếp", "Trực tuyến"]
    caption = "<p>Dịch vụ công trực tuyến chủ động (Điều 16 Nghị định số 224/2026/NĐ-CP)</p>"
    report = read(caption + table(words, body), pd.Period("2026Q3", "Q-DEC"))
    assert [*report.tables] == ["proactive_services"]
    assert report.tables["proactive_services"]["dossiers"].tolist() == [10, 20, 30, 40]


@pytest.mark.parametrize("names", [["Phương án A", "Phương án B"], ["Kế hoạch", "Thực hiện"]])
def test_names_over_columns_that_nothing_bears_out_are_no_sectors(names):
    body = [[label, one, two] for label, one, two in zip(FLAT, NINE, TWO, strict=True)]
    report = read(table(["Chỉ tiêu", *names], body), P)
    assert all(sector == "all" for _, _, sector in levels_of(report)) if report.tables else True


@pytest.mark.parametrize("title", ["Kết quả tháng 6 năm 2024", "Kết quả 10 tháng năm 2023"])
def test_a_table_of_a_month_is_of_no_quarter(title):
    html = f"<p>Biểu 2. {title}</p>" + table(["Lĩnh vực", *VOCABULARY[0]], [["Hộ tịch", *NINE]])
    report = read(html, P)
    assert not report.tables
    assert report.unplaced["reason"].str.contains("không phải một quý").all()


OWN = """
[agencies]
"Tổ số 5" = "Tổ công nghệ số 5"

[[layout]]
form = "dossiers"
[layout.columns]
received_total = ["Hồ sơ thụ lý > Thảy"]
"""


def test_own_names_of_headings_and_units_are_taken_from_a_file(tmp_path):
    (tmp_path / "rieng.toml").write_text(OWN, encoding="utf-8")
    words = ["Hồ sơ thụ lý > Thảy", *VOCABULARY[0][1:]]
    html = table(["Đơn vị", *words], [["Tổ số 5", *NINE], ["Sở Tư pháp", *TWO]])
    path = tmp_path / "bc.html"
    path.write_text(f"<html><body>{html}</body></html>", encoding="utf-8")
    given = {"agency": "UBND tỉnh Mẫu", "period": "2024Q2"}
    taught = cchc.read_report(path, layouts=tmp_path / "rieng.toml", **given)
    assert taught.tables["dossiers"][["agency", "received_total"]].values.tolist() == [
        ["Tổ công nghệ số 5", 10],
        ["Sở Tư pháp", 20],
    ]
    plain = cchc.read_report(path, **given)
    assert plain.tables["dossiers"]["received_total"].isna().all()


def test_own_names_hold_for_one_call_while_others_read_beside_it(tmp_path):
    (tmp_path / "rieng.toml").write_text(OWN, encoding="utf-8")
    html = table(["Đơn vị", "Hồ sơ thụ lý > Thảy", *VOCABULARY[0][1:]], [["Sở Tư pháp", *NINE]])
    path = tmp_path / "bc.html"
    path.write_text(f"<html><body>{html}</body></html>", encoding="utf-8")

    def received(layouts):
        report = cchc.read_report(path, agency="UBND tỉnh Mẫu", period="2024Q2", layouts=layouts)
        return report.tables["dossiers"]["received_total"].fillna(-1).item()

    asked = [tmp_path / "rieng.toml", None] * 8
    with ThreadPoolExecutor(4) as beside:
        assert [*beside.map(received, asked)] == [10, -1] * 8


def test_a_whole_of_whose_table_a_row_is_not_read_says_so(tmp_path):
    book = openpyxl.Workbook()
    for line in ("UBND XÃ AN MẪU", "BÁO CÁO KẾT QUẢ GIẢI QUYẾT HỒ SƠ QUÝ II NĂM 2024"):
        book.active.append([line])
    book.active.append(["STT", "Lĩnh vực", *FLAT])
    for number, name in enumerate(("Đất đai", None, "Hộ tịch"), 1):
        book.active.append([number, name, *NINE])
    book.save(tmp_path / "bc.xlsx")
    report = cchc.read_report(tmp_path / "bc.xlsx")
    values = cchc.measure(report.tables)
    received = values[values["indicator"] == "dossiers_received"].set_index("group")
    assert received["note"].to_dict() == {
        "Đất đai": "",
        "Hộ tịch": "",
        "all": "chưa tính 1 dòng của bảng không đọc được: 'hàng 5'",
    }
    # The place of a figure names its cell, as who has the sheet open sees it.
    assert "ô C4, dòng 'Đất đai'" in received.loc["Đất đai", "source"]
    assert "chưa tính 1 dòng" in cchc.trace(values[values["group"] == "all"].iloc[0])


def test_a_cell_of_a_total_that_is_no_figure_is_told_as_such():
    rows = [[1, "Đất đai", *NINE], [2, "Hộ tịch", *NINE], ["", "Tổng cộng", *added([NINE, NINE])]]
    rows[-1][-1] = "O"
    report = read(table(["STT", "Lĩnh vực", *FLAT], rows), P)
    assert report.unplaced[["text", "reason"]].values.tolist() == [
        ["O", f"ô của dòng tổng không đọc được thành số (cột '{FLAT[-1]}')"]
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a = [", "is no TOML"),
        ('[[layout]]\nform = "no_such"', "there is no form 'no_such'"),
        ('[[layout]]\nform = "dossiers"\ncolumns.x = ["y"]', "dossiers has no column 'x'"),
        ('[[layout]]\nform = "dossiers"\ncolumns.returned = ["y", "Y"]', "'y' stands twice"),
        ('[[layout]]\nform = "staffing"\ncodes.x = ["y"]', "staffing has no row 'x'"),
        ("[no_such]", r"there is no \[no_such\]"),
        ('[[layout]]\nform = "dossiers"\nname = "mới"', "say its axis"),
    ],
)
def test_a_file_of_own_names_that_cannot_be_used_is_refused(text, told, tmp_path):
    path = tmp_path / "rieng.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(cchc.CchcError, match=told) as refused:
        read_with(path, tmp_path)
    assert str(path) in str(refused.value)
    with pytest.raises(cchc.CchcError, match="no such file"):
        read_with(tmp_path / "no.toml", tmp_path)


def read_with(layouts, folder):
    path = folder / "bc.html"
    path.write_text("<p>Bảng</p><table><tr><td>a</td><td>b</td></tr></table>", encoding="utf-8")
    return cchc.read_report(path, agency="Sở A", period="2024Q2", layouts=layouts)


CASES = Path(__file__).parents[1] / "cases" / "layouts_of_tables.csv"


def cases():
    with CASES.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["layout"])
def test_headings_as_systems_print_them(case):
    """One row below headings of reports and systems: the figures and where they belong."""
    figures = case["figures"].split()
    label = [case["label"]] if case["label"] else []
    html = table(case["headings"].split(" | "), [[*label, *figures]])
    report = read(html, pd.Period(case["period"], "Q-DEC"))
    (row,) = report.tables[case["form"]].to_dict("records")
    right = dict(part.split("=") for part in case["right"].split())
    assert {name: str(row[name]) for name in right} == right
    assert report.unplaced["text"].tolist() == case["unplaced"].split()
    assert not (cchc.check(report)["severity"] == "error").any()


FEW = ("Tiếp nhận", "Đã giải quyết", "Đúng hạn", "Quá hạn")


def test_some_columns_of_a_form_are_enough_where_the_rows_say_what_it_is_about():
    """Received alone, with no column of a part of it, is all that was received."""
    words = [f"{name} > {one}" for name in ("Cùng kỳ năm 2023", "Quý II/2024") for one in FEW]
    report = read(table(["STT", "Lĩnh vực", *words], [[1, "Nhà ở", 7, 6, 5, 1, 10, 9, 9, 0]]), P)
    frame = report.tables["dossiers"]
    names = ["received_total", "settled_total", "settled_on_time", "settled_late"]
    read_as = {
        str(row["period"]): [int(row[name]) for name in names] for _, row in frame.iterrows()
    }
    assert read_as == {"2023Q2": [7, 6, 5, 1], "2024Q2": [10, 9, 9, 0]}
    assert frame["newly_received"].isna().all()
    assert report.unplaced.empty


def test_received_that_is_less_than_settled_is_not_all_that_was_received():
    report = read(table(["STT", "Lĩnh vực", *FEW], [[1, "Nhà ở", 7, 9, 9, 0]]), P)
    frame = report.tables["dossiers"]
    assert frame[["received_total", "newly_received"]].isna().all(axis=None)
    assert report.unplaced["text"].tolist() == ["7"]
    assert "có thể là nhiều cột" in report.unplaced["reason"].item()


@pytest.mark.parametrize("matter", ["phản ánh, kiến nghị", "đơn thư khiếu nại, tố cáo"])
def test_what_is_received_and_settled_beside_dossiers_is_no_dossier(matter):
    body = table(["STT", "Đơn vị", *VOCABULARY[2]], [[1, "Sở Tư pháp", *NINE]])
    report = read(f"<p>Biểu 4. Tình hình tiếp nhận, xử lý {matter}</p>{body}", P)
    assert "dossiers" not in report.tables
    assert len(report.unplaced) == 1


@pytest.mark.parametrize(
    "name", ["Q{q}.2024", "Q{r}", "QUY {q}", "Quý {r}", "Q.{r}-2024", "Biểu quý {q}"]
)
def test_sheets_named_by_their_quarter_are_of_that_quarter(tmp_path, name):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for quarter in (1, 2):
        sheet = book.create_sheet(name.format(q=quarter, r=ROMAN[quarter]))
        if quarter == 1:
            for line in ("UBND XÃ AN MẪU", "BÁO CÁO KẾT QUẢ GIẢI QUYẾT HỒ SƠ NĂM 2024"):
                sheet.append([line])
        sheet.append(["STT", "Lĩnh vực", *FLAT])
        sheet.append([1, "Hộ tịch", *(quarter * figure for figure in NINE)])
    book.save(tmp_path / "bc.xlsx")
    frame = cchc.read_report(tmp_path / "bc.xlsx").tables["dossiers"]
    assert frame["period"].astype(str).tolist() == ["2024Q1", "2024Q2"]
    assert set(frame["basis"]) == {"in_period"}
    assert frame["received_total"].tolist() == [10, 20]


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        ("BÁO CÁO KẾT QUẢ GIẢI QUYẾT HỒ SƠ QUÝ III NĂM 2024", ""),
        ("Nhiệm vụ quý III năm 2024", "kỳ sau kỳ của báo cáo"),
        ("Kế hoạch quý III năm 2024", "kỳ sau kỳ của báo cáo"),
        ("Kết quả tháng 5 năm 2024", "không phải một quý"),
    ],
)
def test_a_later_quarter_is_read_where_its_title_is_of_results(title, reason):
    body = table(["STT", "Lĩnh vực", *FLAT], [[1, "Hộ tịch", *NINE]])
    report = read(f"<p>{title}</p>{body}", P)
    if reason:
        assert "dossiers" not in report.tables
        assert reason in report.unplaced["reason"].item()
    else:
        assert placed(report) == {("", "2024Q3", "all", "Hộ tịch"): NINE}


ANNEX = (
    ("I", "Giải quyết thủ tục hành chính", "", ""),
    ("1", "Tổng số hồ sơ đã tiếp nhận", "Hồ sơ", "25"),
    ("-", "Số hồ sơ kỳ trước chuyển qua", "Hồ sơ", "3"),
    ("-", "Số hồ sơ tiếp nhận mới trong kỳ", "Hồ sơ", "22"),
    ("2", "Tổng số hồ sơ đã giải quyết", "Hồ sơ", "23"),
    ("-", "Số hồ sơ giải quyết đúng hạn, trước hạn", "Hồ sơ", "22"),
    ("-", "Số hồ sơ giải quyết quá hạn", "Hồ sơ", "1"),
    ("3", "Tổng số hồ sơ đang giải quyết", "Hồ sơ", "2"),
    ("II", "Biên chế", "", ""),
    ("1", "Tổng số biên chế công chức được giao", "Người", "21"),
    ("2", "Tổng số biên chế công chức hiện có", "Người", "19"),
    ("III", "Văn bản điện tử", "", ""),
    ("1", "Tổng số văn bản đi", "Văn bản", "1.218"),
    ("2", "Số văn bản điện tử", "Văn bản", "1.146"),
    ("3", "Tỷ lệ văn bản điện tử", "%", "94,09"),
)


@pytest.mark.parametrize("kind", ["html", "xlsx"])
def test_a_list_of_figures_is_told_by_its_own_words_before_its_headings(tmp_path, kind):
    heading = ["STT", "Chỉ tiêu", "Đơn vị tính", "Số liệu"]
    if kind == "html":
        report = read(table(heading, ANNEX), P)
    else:
        book = openpyxl.Workbook()
        for line in ("SỞ NỘI VỤ", "BÁO CÁO CẢI CÁCH HÀNH CHÍNH QUÝ II NĂM 2024"):
            book.active.append([line])
        for row in (heading, *ANNEX):
            book.active.append(row)
        book.save(tmp_path / "bc.xlsx")
        report = cchc.read_report(tmp_path / "bc.xlsx")
    row = report.tables["dossiers"].iloc[0]
    names = ["received_total", "carried_over", "newly_received", "settled_total",
             "settled_on_time", "settled_late", "pending_total"]  # fmt: skip
    assert [int(row[name]) for name in names] == [25, 3, 22, 23, 22, 1, 2]
    posts = report.tables["staffing"]
    assert posts[["category", "assigned", "present"]].values.tolist() == [
        ["administrative", 21, 19]
    ]
    sent = report.tables["documents"].iloc[0]
    assert [int(sent["sent_total"]), int(sent["sent_electronic"])] == [1218, 1146]
    assert len(report.unplaced) == 1


def test_columns_of_levels_stand_beside_those_of_all_levels():
    words = [f"{name} > {level}" for name in ("Tổng số hồ sơ tiếp nhận", "Số hồ sơ đã giải quyết")
             for level in ("Tổng số", "Cấp tỉnh", "Cấp xã")]  # fmt: skip
    rows = [[1, "Hộ tịch", 50, 10, 40, 45, 5, 40], [2, "Đất đai", 150, 100, 50, 140, 95, 45]]
    total = [("Tổng cộng", 2), *added([row[2:] for row in rows])]
    report = read(table(["STT", "Lĩnh vực", *words], [*rows, total]), P)
    frame = report.tables["dossiers"]
    keys = zip(frame["level"], frame["sector"], strict=True)
    figures = frame[["received_total", "settled_total"]].astype("int64").to_numpy().tolist()
    assert dict(zip(keys, figures, strict=True)) == {
        (level, row[1]): [row[at], row[at + 3]]
        for row in rows
        for at, level in ((2, "all"), (3, "provincial"), (4, "commune"))
    }
    found = cchc.check(report)
    assert found[found["severity"] != "note"].empty


def test_rows_with_a_dash_below_a_numbered_row_are_its_details():
    parts = (tuple(figure // 2 for figure in NINE), tuple((figure + 1) // 2 for figure in NINE))
    body = [[1, "Hộ tịch", *NINE], ["", "- Khai sinh", *parts[0]], ["", "- Khai tử", *parts[1]],
            [2, "Đất đai", *TWO], [("Tổng cộng", 2), *added([NINE, TWO])]]  # fmt: skip
    report = read(table(["STT", "Lĩnh vực", *VOCABULARY[0]], body), P)
    assert levels_of(report) == [("", "all", "Hộ tịch"), ("", "all", "Đất đai")]
    assert report.unplaced["reason"].str.contains("dòng chi tiết").all()
    assert cchc.check(report)["severity"].isin(["note"]).all()


def test_this_quarter_and_the_year_to_date_stand_side_by_side():
    words = [f"{name} > {one}" for name in ("Trong quý", "Lũy kế từ đầu năm") for one in FEW]
    body = [[1, "Hộ tịch", 10, 9, 9, 0, 20, 19, 18, 1]]
    frame = read(table(["STT", "Lĩnh vực", *words], body), P).tables["dossiers"]
    received = dict(zip(frame["basis"], frame["received_total"], strict=True))
    assert received == {"in_period": 10, "year_to_date": 20}


IN_LEVELS = [
    ("", "provincial", "Hộ tịch"),
    ("", "provincial", "Đất đai"),
    ("", "commune", "Hộ tịch"),
]


def of_two_levels(first, second, ends):
    """Return the body of two groups, each with its own total, and the totals below them."""
    own = [
        ["", end, *figures]
        for end, figures in zip(ends, (SUM, TWO, added([SUM, TWO])), strict=False)
    ]
    return [
        first, [1, "Hộ tịch", *NINE], [2, "Đất đai", *TWO], own[0],
        second, [1, "Hộ tịch", *TWO], *own[1:],
    ]  # fmt: skip


@pytest.mark.parametrize(
    "ends",
    [
        ("Cộng I", "Cộng II", "Tổng cộng (I+II)"),
        ("Cộng mục I", "Cộng mục II"),
        ("Cộng", "Cộng", "Tổng cộng"),
        ("Cộng", "Cộng"),
    ],
)
@pytest.mark.parametrize("beside", [True, False])
def test_totals_of_groups_are_of_their_groups(ends, beside):
    blank = [""] * len(NINE)
    groups = [
        [number, name, *blank] if beside else [f"{number}. {name}", "", *blank]
        for number, name in (("I", "Cấp tỉnh"), ("II", "Cấp xã"))
    ]
    body = of_two_levels(*groups, ends)
    report = read(table(["TT", "Lĩnh vực", *VOCABULARY[0]], body), P)
    assert levels_of(report) == IN_LEVELS
    assert report.unplaced.empty
    assert set(cchc.check(report)["severity"]) <= {"note"}
    body[3][2] += 1
    found = cchc.check(read(table(["TT", "Lĩnh vực", *VOCABULARY[0]], body), P))
    assert found.loc[found["severity"] == "error", "rule"].tolist() == ["printed_sum"]


def test_a_row_of_the_group_s_rank_without_rows_of_its_own_ends_the_group():
    body = [["I", "Lĩnh vực Tư pháp", *SUM], ["a)", "Hộ tịch", *NINE], ["b)", "Chứng thực", *TWO],
            ["II", "Đất đai", *TWO], [("Tổng cộng", 2), *added([SUM, TWO])]]  # fmt: skip
    report = read(table(["TT", "Lĩnh vực", *VOCABULARY[0]], body), P)
    assert levels_of(report)[-1] == ("", "all", "Đất đai")
    assert set(cchc.check(report)["severity"]) <= {"note"}


@pytest.mark.parametrize("sectors", [("Hộ tịch", "Dược"), ("Luật sư", "Hành nghề khám bệnh")])
def test_sectors_below_their_agencies_are_no_agencies(sectors):
    body = [["I", "Sở Tư pháp", *NINE], [1, sectors[0], *NINE],
            ["II", "Sở Y tế", *TWO], [1, sectors[1], *TWO], [("Tổng cộng", 2), *SUM]]  # fmt: skip
    report = read(table(["TT", "Đơn vị/Lĩnh vực", *VOCABULARY[0]], body), P)
    names = [("Sở Tư pháp", "all", sectors[0]), ("Sở Y tế", "all", sectors[1])]
    assert levels_of(report) == names
    assert set(cchc.check(report)["severity"]) <= {"note"}


@pytest.mark.parametrize(
    ("first", "second", "of_first", "of_second"),
    [
        ("SỞ TƯ PHÁP", "Đơn vị: UBND xã An Mẫu", ("Sở Tư pháp", "all"), ("UBND xã An Mẫu", "all")),
        ("Của Sở Y tế quý II/2024", "2. Xã An Mẫu", ("Sở Y tế", "all"), ("Xã An Mẫu", "all")),
        ("1. Hồ sơ cấp tỉnh", "2. Thẩm quyền cấp xã", ("", "provincial"), ("", "commune")),
        ("Bảng 1. Kết quả của UBND tỉnh Sông Mẫu", "Cấp xã", ("", "all"), ("", "commune")),
    ],
)  # fmt: skip
def test_the_line_above_a_table_says_whose_it_is(first, second, of_first, of_second):
    one = table(["STT", "Lĩnh vực", *VOCABULARY[0]], [[1, "Hộ tịch", *NINE], [("Tổng", 2), *NINE]])
    report = read(f"<p>{first}</p>{one}<p>{second}</p>{one}", P)
    assert [scope[:2] for scope in levels_of(report)] == [of_first, of_second]
    assert set(cchc.check(report)["severity"]) <= {"note"}
    frame = report.tables["dossiers"]
    assert frame["period"].astype(str).unique().tolist() == ["2024Q2"]
    setting = report.places["set_by"]
    assert second in setting.iloc[-1]
    assert (first in setting.iloc[0]) == (of_first != ("", "all"))


@pytest.mark.parametrize(
    "line",
    [
        "(Kèm theo Công văn số 12/UBND của UBND huyện Khe Mẫu)",
        "Biểu mẫu theo Quyết định của Sở Nội vụ",
        "Văn phòng Sở tham mưu kế hoạch",
        "Kết quả lĩnh vực Sở hữu trí tuệ",
        "Kết quả tại Trung tâm Phục vụ hành chính công",
        "Đơn vị: hồ sơ",
        "Sở Y tế đã giải quyết xong.",
        "Bảng 2. Số liệu của Sở Nội vụ cung cấp",
        "Bảng 2. Số liệu của Văn phòng UBND tỉnh tổng hợp",
        "Bảng 2. Kết quả của Phòng Một cửa",
        # Whom a letter is to, on two lines.
        "Kính gửi:</p><p>Sở Nội vụ",
        "Nơi nhận:</p><p>Sở Nội vụ</p><p>Sở Tư pháp",
        "Căn cứ đề nghị của</p><p>Sở Nội vụ",
        # Numbers and land registers are no departments, a comparison is of no level.
        "Bảng 2. Các số liệu về hồ sơ",
        "Bảng 2. Kết quả cấp sổ đỏ",
        "Kết quả so với các huyện",
    ],
)
def test_a_line_that_only_speaks_of_an_agency_leaves_a_table_to_its_sender(line):
    one = table(["STT", "Lĩnh vực", *VOCABULARY[0]], [[1, "Hộ tịch", *NINE]])
    report = read(f"<p>Bảng 1. Hồ sơ</p><p>{line}</p>{one}", P)
    assert levels_of(report) == [("", "all", "Hộ tịch")]


def test_a_one_stop_office_is_that_of_the_commune_that_it_is_named_by():
    one = table(["STT", "Lĩnh vực", *VOCABULARY[0]], [[1, "Hộ tịch", *NINE]])
    office = "Trung tâm Phục vụ hành chính công xã An Mẫu"
    for agency, whose in (("UBND XÃ AN MẪU", ""), ("UBND XÃ BA MẪU", office)):
        assert levels_of(read(f"<p>Bảng 1</p><p>{office}</p>{one}", P, agency))[0][0] == whose


def test_each_sheet_is_of_the_agency_or_level_that_it_is_named_by(tmp_path):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name in ("Sở Y tế", "Cấp xã", "Tổng hợp"):
        sheet = book.create_sheet(name)
        sheet.append(["UBND TỈNH SÔNG MẪU"])
        sheet.append(["BÁO CÁO KẾT QUẢ GIẢI QUYẾT HỒ SƠ QUÝ II NĂM 2024"])
        sheet.append(["STT", "Lĩnh vực", *FLAT])
        sheet.append([1, "Hộ tịch", *NINE])
    book.save(tmp_path / "bc.xlsx")
    scopes = [("Sở Y tế", "all"), ("", "commune"), ("", "all")]
    assert [scope[:2] for scope in levels_of(cchc.read_report(tmp_path / "bc.xlsx"))] == scopes


def test_received_before_two_columns_of_one_name_is_what_the_sums_bear_out():
    words = ["Tiếp nhận", "Đã giải quyết", "Đúng hạn", "Quá hạn"]
    words += ["Đang giải quyết", "Chưa đến hạn", "Quá hạn"]
    report = read(table(["STT", "Lĩnh vực", *words], [[1, "Hộ tịch", 10, *NINE[3:]]]), P)
    frame = report.tables["dossiers"]
    assert frame["received_total"].tolist() == [10]
    assert frame["newly_received"].isna().all()


def test_all_the_year_sums_its_quarters_and_other_rows_name_no_sector():
    year = [19, 1, 18, *added([NINE[3:6]] * 2), *NINE[6:]]
    body = [["Quý I", *NINE], ["Quý II", *NINE], ["Cả năm", *year], ["Bình quân", *NINE]]
    report = read(table(["Thời gian", *VOCABULARY[0]], body), P)
    frame = report.tables["dossiers"]
    assert frame["basis"].tolist() == ["in_period", "in_period", "year_to_date"]
    assert set(frame["sector"]) == {"all"}
    assert "Bình quân" in report.unplaced["reason"].item()


def test_flat_headings_of_the_quarter_and_of_the_year_to_date():
    title = "<p>Bảng 2. Kết quả giải quyết hồ sơ quý II và 6 tháng đầu năm 2024</p>"
    words = ["Tiếp nhận trong quý", "Lũy kế tiếp nhận", "Giải quyết trong quý", "Giải quyết lũy kế"]
    report = read(title + table(["STT", "Lĩnh vực", *words], [[1, "Hộ tịch", 10, 30, 9, 27]]), P)
    frame = report.tables["dossiers"][["basis", "received_total", "settled_total"]]
    assert frame.values.tolist() == [["in_period", 10, 9], ["year_to_date", 30, 27]]
    whole = read(title + table(["STT", "Lĩnh vực", *VOCABULARY[0]], [[1, "Hộ tịch", *NINE]]), P)
    assert "nhiều kỳ" in whole.unplaced["reason"].item()


@pytest.mark.parametrize(("share", "wrong"), [("66,7", 0), ("66.67%", 0), ("70", 1)])
@pytest.mark.parametrize("names", [("Tỷ lệ đúng hạn (%)",), ("Đúng hạn", "Tỷ lệ (%)")])
def test_printed_shares_beside_counts_are_held_against_them(names, share, wrong):
    words = ["Tổng số hồ sơ tiếp nhận", "Đã giải quyết > Tổng số"]
    words += ["Đã giải quyết > Trong hạn", "Đã giải quyết > " + " > ".join(names)]
    body = [["A", "Cấp xã", "", "", "", ""], [1, "Hộ tịch", 10, 9, 6, share]]
    found = cchc.check(read(table(["STT", "Lĩnh vực", *words], body), P))
    assert (found["rule"] == "claim_differs").sum() == wrong
    assert not (found["severity"] == "error").sum() - wrong


@pytest.mark.parametrize(
    ("sentence", "basis", "start"),
    [
        ("Từ ngày 15/12/2023 đến ngày 14/6/2024, kết quả như sau:", "year_to_date", "2023-12-15"),
        ("Đợt thi đua từ ngày 01/01/2024 đến ngày 14/6/2024 đã kết thúc.", "in_period", None),
    ],
)
def test_days_of_a_sentence_are_those_of_a_table_that_it_introduces(sentence, basis, start):
    body = table(["STT", "Lĩnh vực", *VOCABULARY[0]], [[1, "Hộ tịch", *NINE]])
    frame = read(f"<p>{sentence}</p>{body}", P).tables["dossiers"]
    assert frame["basis"].tolist() == [basis]
    stated = frame["window_start"].astype(str).tolist() if "window_start" in frame else [None]
    assert stated == [start]


def test_posts_by_unit_name_their_category_in_either_order_or_have_no_place():
    words = ["Công chức > Được giao", "Công chức > Hiện có"]
    words += ["Viên chức > Được giao", "Viên chức > Hiện có"]
    report = read(table(["STT", "Đơn vị", *words], [[1, "Sở Tư pháp", 35, 33, 7, 5]]), P)
    frame = report.tables["staffing"][["agency", "category", "assigned", "present"]]
    assert frame.values.tolist() == [
        ["Sở Tư pháp", "administrative", 35, 33],
        ["Sở Tư pháp", "public_service", 7, 5],
    ]
    words = ["Biên chế được giao", "Biên chế hiện có"]
    bare = read(table(["STT", "Đơn vị", *words], [[1, "Sở Tư pháp", 35, 33]]), P)
    assert "staffing" not in bare.tables
    assert "không ghi Loại biên chế" in bare.unplaced["reason"].item()


@pytest.mark.parametrize("line", ["Bảng 2. Tổng hợp hồ sơ toàn tỉnh", "Các sở đã làm tốt."])
def test_a_name_above_a_table_holds_until_a_sentence_or_a_table_of_all(line):
    words = ["STT", "Lĩnh vực", *VOCABULARY[0]]
    one, two = (table(words, [[1, "Hộ tịch", *row]]) for row in (NINE, SUM))
    report = read(f"<p>Bảng 1</p><p>Sở Tư pháp</p>{one}<p>{line}</p>{two}", P)
    assert [agency for agency, *_ in levels_of(report)] == ["Sở Tư pháp", ""]


@pytest.mark.parametrize("parted", [False, True])
@pytest.mark.parametrize(("agency", "open_"), [("SÔNG MẪU", True), ("AN MẪU", False)])
def test_a_name_that_a_sentence_parts_from_its_table_leaves_open_whose_it_is(agency, open_, parted):
    one = table(["STT", "Lĩnh vực", *VOCABULARY[0]], [[1, "Hộ tịch", *NINE]])
    line = "<p>Xã đã làm tốt.</p>" if parted else ""
    report = read(f"<p>Bảng 1</p><p>UBND xã An Mẫu</p>{line}{one}", P, f"UBND XÃ {agency}")
    assert ("dossiers" in report.tables) == (not open_ or not parted)
    assert report.unplaced["reason"].str.contains("'UBND xã An Mẫu'").sum() == (open_ and parted)


def test_a_name_above_a_table_holds_for_those_below_it_until_another_heading():
    one = table(["STT", "Lĩnh vực", *VOCABULARY[0]], [[1, "Hộ tịch", *NINE]])
    sent = table(["Tổng số văn bản đi", "Văn bản giấy"], [[100, 10]])
    parts = ["<p>Sở Tư pháp</p>", one, "<p>Bảng 2. Văn bản</p>", sent, "<p>2. Nội dung khác</p>"]
    report = read("".join([*parts, one]), P)
    assert report.tables["documents"]["agency"].tolist() == ["Sở Tư pháp"]
    assert [agency for agency, *_ in levels_of(report)] == ["Sở Tư pháp", ""]


@pytest.mark.parametrize(
    ("agency", "placed"), [("UBND TỈNH SÔNG MẪU", False), ("UBND XÃ AN MẪU", True)]
)
def test_a_table_of_another_level_is_not_the_sender_s_in_a_form_without_levels(agency, placed):
    body = table(["Tổng số văn bản đi", "Văn bản giấy"], [[100, 10]])
    report = read(f"<p>Bảng 1. Văn bản đi của UBND cấp xã</p>{body}", P, agency)
    assert ("documents" in report.tables) == placed
    assert placed or "số của riêng một cấp" in report.unplaced["reason"].item()


def test_the_total_of_a_level_below_its_agencies_is_no_row():
    body = [["I", "Cấp tỉnh", *[""] * 9], [1, "Sở Tư pháp", *NINE], [2, "Sở Y tế", *TWO],
            ["", "Cộng cấp tỉnh", *SUM], ["II", "Cấp xã", *[""] * 9], [1, "Xã An Mẫu", *TWO],
            ["", "Cộng cấp xã", *TWO], ["", "Tổng cộng", *added([SUM, TWO])]]  # fmt: skip
    report = read(table(["TT", "Đơn vị", *VOCABULARY[0]], body), P)
    assert [agency for agency, *_ in levels_of(report)] == ["Sở Tư pháp", "Sở Y tế", "Xã An Mẫu"]
    assert set(cchc.check(report)["severity"]) <= {"note"}
    body[3][2] += 1
    found = cchc.check(read(table(["TT", "Đơn vị", *VOCABULARY[0]], body), P))
    assert found.loc[found["severity"] == "error", "rule"].tolist() == ["printed_sum"]


def test_levels_below_a_sector_are_more_of_it_and_of_no_other():
    body = [[1, "Hộ tịch", *SUM], ["", "Cấp tỉnh", *NINE], ["", "Cấp xã", *TWO],
            [2, "Đất đai", *SUM], ["", "Cấp tỉnh", *TWO], ["", "Cấp xã", *NINE],
            [("Tổng", 2), *added([SUM, SUM])]]  # fmt: skip
    report = read(table(["TT", "Lĩnh vực", *VOCABULARY[0]], body), P)
    assert levels_of(report) == [("", "all", "Hộ tịch"), ("", "all", "Đất đai")]
    assert report.unplaced["reason"].str.startswith("dòng chi tiết").sum() == 4


def test_parts_of_an_agency_are_told_and_its_own_row_stays():
    body = [[1, "Sở Tư pháp", *SUM], ["", "Trong đó:", *[""] * 9],
            ["", "- Phòng Bổ trợ", *NINE], ["", "- Phòng Hộ tịch", *TWO],
            [2, "Sở Y tế", *TWO], [("Tổng", 2), *added([SUM, TWO])]]  # fmt: skip
    report = read(table(["TT", "Đơn vị", *VOCABULARY[0]], body), P)
    assert [agency for agency, *_ in levels_of(report)] == ["Sở Tư pháp", "Sở Y tế"]
    assert set(cchc.check(report)["severity"]) <= {"note"}


@pytest.mark.parametrize("heading", ["Tuần {}", "Đợt {}", "Lần {}"])
def test_numbered_columns_that_are_no_quarters_are_no_year(heading):
    words = ["STT", "Chỉ tiêu", heading.format(1), heading.format(2)]
    rows = [[1, "Tổng số văn bản đi", 100, 110], [2, "Văn bản giấy", 10, 11]]
    report = read(f"<p>Bảng. Văn bản</p>{table(words, rows)}", P)
    assert not {*report.tables}


def test_what_is_planned_is_not_what_was():
    body = table(
        ["STT", "Chỉ tiêu", "Số liệu"], [[1, "Tổng số văn bản đi", 9], [2, "Văn bản giấy", 1]]
    )
    planned = read(f"<p>Bảng. Chỉ tiêu kế hoạch năm 2024</p>{body}", P)
    assert not {*planned.tables} and "kế hoạch, mục tiêu" in planned.unplaced["reason"].iloc[0]
    done = read(f"<p>Bảng. Kết quả thực hiện kế hoạch quý II/2024</p>{body}", P)
    assert done.tables["documents"]["sent_total"].tolist() == [9]
