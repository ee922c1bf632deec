"""A sector's, a level's or a unit's figure in prose is held against its own row of the table."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cchc_stats.checking import check
from cchc_stats.indicators import measure
from cchc_stats.reading import read_report
from cchc_stats.reading.files.document import Paragraph
from cchc_stats.reading.prose.claims import claims_of
from cchc_stats.reading.prose.rows import prose_rows
from cchc_stats.words import ValuesError

Q4 = pd.Period("2024Q4", freq="Q-DEC")
HEADINGS = """<tr><th rowspan=2>STT</th><th rowspan=2>{}</th><th colspan=3>Số hồ sơ tiếp nhận</th>
<th colspan=3>Số hồ sơ đã giải quyết</th><th colspan=3>Số hồ sơ đang giải quyết</th></tr><tr>
<th>Tổng số</th><th>Kỳ trước chuyển qua</th><th>Mới tiếp nhận</th><th>Tổng số</th><th>Đúng hạn</th>
<th>Quá hạn</th><th>Tổng số</th><th>Chưa đến hạn</th><th>Quá hạn</th></tr>"""
SECTORS = [
    ("Hộ tịch", 120, 10, 110, 115, 114, 1, 5, 5, 0),
    ("Đất đai", 60, 20, 40, 50, 40, 10, 10, 7, 3),
    ("Chứng thực", 300, 0, 300, 300, 300, 0, 0, 0, 0),
    ("Tổng cộng", 480, 30, 450, 465, 454, 11, 15, 12, 3),
]
LEVELS = [
    ("Cấp tỉnh", *[""] * 9),
    ("Hộ tịch", 20, 0, 20, 20, 20, 0, 0, 0, 0),
    ("Đất đai", 30, 0, 30, 28, 27, 1, 2, 2, 0),
    ("Cấp xã", *[""] * 9),
    ("Hộ tịch", 100, 0, 100, 98, 98, 0, 2, 2, 0),
    ("Đất đai", 50, 0, 50, 50, 50, 0, 0, 0, 0),
]
UNITS = [
    ("UBND xã An Mẫu", 20, 0, 20, 20, 20, 0, 0, 0, 0),
    ("UBND xã Bình Mẫu", 30, 0, 30, 28, 27, 1, 2, 2, 0),
]


def report(tmp_path, rows, *lines, heading="Lĩnh vực"):
    numbers = {"Cấp tỉnh": "A", "Cấp xã": "B", "Tổng cộng": ""}
    cells = "".join(
        "<tr>" + "".join(f"<td>{cell}</td>" for cell in (numbers.get(row[0], at), *row)) + "</tr>"
        for at, row in enumerate(rows, 1)
    )
    table = f"<p>Biểu 1</p><table>{HEADINGS.format(heading)}{cells}</table>" if rows else ""
    head = ("UBND TỈNH MẪU", "Số: 1/BC-UBND", "Mẫu, ngày 15 tháng 12 năm 2024", "BÁO CÁO")
    texts = (*head, "Kết quả cải cách hành chính quý IV năm 2024")
    above, below = ("".join(f"<p>{one}</p>" for one in each) for each in (texts, lines))
    path = tmp_path / "bc.html"
    path.write_text(f"<html><meta charset=utf-8>{above}{table}{below}", encoding="utf-8")
    return read_report(path)


def found(one) -> list[str]:
    findings = check(one)
    return findings.loc[findings["severity"] != "note", "rule"].tolist()


OF_SECTORS = [
    # The row says the same, or the words are of its parts.
    "Lĩnh vực Hộ tịch tiếp nhận 120 hồ sơ, trong đó kỳ trước chuyển sang 10 hồ sơ, mới tiếp nhận "
    "110 hồ sơ; đã giải quyết 115 hồ sơ (đúng hạn 114 hồ sơ, quá hạn 01 hồ sơ).",
    "Lĩnh vực hộ tịch đã tiếp nhận 110 hồ sơ.",
    "Riêng lĩnh vực Đất đai có 10 hồ sơ giải quyết quá hạn, tỷ lệ giải quyết đúng hạn đạt 80%.",
    "Chứng thực 300 hồ sơ, hộ tịch 120 hồ sơ, đất đai 60 hồ sơ.",
    "Số hồ sơ quá hạn là 11 hồ sơ (chủ yếu thuộc lĩnh vực đất đai 10 hồ sơ).",
    # Another time, a part of the part, one way, another body, several sectors.
    "6 tháng đầu năm, lĩnh vực hộ tịch đã tiếp nhận 711 hồ sơ.",
    "Lĩnh vực hộ tịch năm 2023 tiếp nhận 711 hồ sơ.",
    "Lũy kế từ đầu năm, lĩnh vực Đất đai tiếp nhận 711 hồ sơ.",
    "Dự kiến quý I/2025 lĩnh vực Hộ tịch tiếp nhận 150 hồ sơ.",
    "Lĩnh vực Hộ tịch tiếp nhận trực tuyến 50 hồ sơ.",
    "Hồ sơ trực tuyến: lĩnh vực Hộ tịch tiếp nhận 50 hồ sơ.",
    "Lĩnh vực Hộ tịch: tiếp nhận 120 hồ sơ, trong đó khai sinh tiếp nhận 50 hồ sơ.",
    "Lĩnh vực Hộ tịch giao thôn Mẫu tiếp nhận 50 hồ sơ.",
    "Lĩnh vực Hộ tịch và Đất đai tiếp nhận 180 hồ sơ.",
    "Bưu điện xã tiếp nhận lĩnh vực Hộ tịch 6 hồ sơ.",
    "Kiểm tra ngẫu nhiên lĩnh vực Hộ tịch đã tiếp nhận 20 hồ sơ.",
    "Lĩnh vực Hộ tịch (bao gồm cả hồ sơ liên thông) tiếp nhận 125 hồ sơ.",
    "Lĩnh vực Môi trường tiếp nhận 12 hồ sơ.",
    "Cấp xã, lĩnh vực Hộ tịch tiếp nhận 12 hồ sơ.",
]


def test_what_agrees_or_is_of_another_scope_is_silent(tmp_path):
    assert found(report(tmp_path, SECTORS, *OF_SECTORS)) == []


@pytest.mark.parametrize(
    ("lines", "part", "expected"),
    [
        (["Lĩnh vực Hộ tịch tiếp nhận 125 hồ sơ."], "Lĩnh vực Hộ tịch", "120"),
        (["Riêng lĩnh vực Đất đai: 04 hồ sơ quá hạn chưa giải quyết."], "lĩnh vực Đất đai", "3"),
        (["Riêng lĩnh vực Đất đai tỷ lệ đúng hạn đạt 85%."], "lĩnh vực Đất đai", "80 % (40/50)"),
        (["Đã tiếp nhận 480 hồ sơ, trong đó:", "- Hộ tịch: 122 hồ sơ;", "- Đất đai: 60 hồ sơ."],
         "lĩnh vực Hộ tịch", "120"),
        (["- Lĩnh vực Đất đai", "+ Tiếp nhận: 66 hồ sơ"], "lĩnh vực Đất đai", "60"),
        (["Tiếp nhận 480 hồ sơ (Hộ tịch 121, Đất đai 60)."], "lĩnh vực Hộ tịch", "120"),
    ],
)  # fmt: skip
def test_a_sector_that_its_row_contradicts(tmp_path, lines, part, expected):
    (one,) = check(report(tmp_path, SECTORS, *lines)).itertuples()
    assert (one.rule, one.expected) == ("claim_differs", expected)
    assert f"({part}): {expected} theo bảng" in one.message


@pytest.mark.parametrize(
    ("sentence", "rules"),
    [
        ("Cấp xã, lĩnh vực Hộ tịch tiếp nhận 100 hồ sơ.", []),
        ("Cấp xã, lĩnh vực Hộ tịch tiếp nhận 101 hồ sơ.", ["claim_differs"]),
        # Without a level it is their sum, or may be of the one before.
        ("Lĩnh vực Hộ tịch tiếp nhận 120 hồ sơ.", []),
        ("Lĩnh vực Hộ tịch tiếp nhận 100 hồ sơ.", []),
        ("Lĩnh vực Hộ tịch tiếp nhận 119 hồ sơ.", ["claim_differs"]),
        ("Cấp tỉnh tiếp nhận 50 hồ sơ, giải quyết 48 hồ sơ.", []),
        ("Toàn tỉnh tiếp nhận 200 hồ sơ, trong đó cấp tỉnh 52, cấp xã 150.", ["claim_differs"]),
        ("Cấp tỉnh tỷ lệ đúng hạn đạt 99,92%; cấp xã đúng hạn đạt 100%.", ["claim_differs"]),
    ],
)
def test_a_level_is_held_against_its_block(tmp_path, sentence, rules):
    assert found(report(tmp_path, LEVELS, sentence)) == rules


@pytest.mark.parametrize(
    ("sentence", "rules"),
    [
        ("UBND xã An Mẫu tiếp nhận 20 hồ sơ, giải quyết 20 hồ sơ.", []),
        ("Xã An Mẫu tiếp nhận 20 hồ sơ, xã Bình Mẫu tiếp nhận 35 hồ sơ.", ["claim_differs"]),
        ("UBND xã Cát Mẫu tiếp nhận 20 hồ sơ, giải quyết 19 hồ sơ.", []),
    ],
)
def test_a_unit_is_held_against_its_own_row(tmp_path, sentence, rules):
    assert found(report(tmp_path, UNITS, sentence, heading="Tên đơn vị")) == rules


# ---- Where no table speaks, a whole and its parts are rows.


def rows(*texts: str, section: str = "") -> dict[tuple, dict]:
    paragraphs = [Paragraph(at, text, section, f"đoạn {at}") for at, text in enumerate(texts, 1)]
    names = ("hộ tịch", "đất đai", "chứng thực")
    claims = claims_of(paragraphs, period=Q4, sectors=names)
    made = prose_rows(claims, paragraphs, beside=(), until=Q4, sectors=names)
    figures = ("received_total", "settled_total")
    return {
        (row["level"], row["sector"]): tuple(
            int(row[one]) for one in figures if row[one] == row[one]
        )
        for row in made.get("dossiers", pd.DataFrame()).to_dict("records")
    }


WHOLE = {("all", "all"): (480, 465)}
PARTS = {("all", "Hộ tịch"): (180, 165), ("all", "Chứng thực"): (300, 300)}


@pytest.mark.parametrize(
    "texts",
    [
        ["Tiếp nhận 480 hồ sơ, giải quyết 465 hồ sơ, trong đó: Hộ tịch tiếp nhận 180 hồ sơ, giải "
         "quyết 165 hồ sơ; Chứng thực tiếp nhận 300 hồ sơ, giải quyết 300 hồ sơ."],
        ["Tiếp nhận 480 hồ sơ, giải quyết 465 hồ sơ. Cụ thể theo lĩnh vực:",
         "- Hộ tịch: tiếp nhận 180 hồ sơ, giải quyết 165 hồ sơ;",
         "- Chứng thực: tiếp nhận 300 hồ sơ, giải quyết 300 hồ sơ."],
        ["Tiếp nhận 480 hồ sơ (Hộ tịch 180, Chứng thực 300); giải quyết 465 hồ sơ (lĩnh vực "
         "Hộ tịch 165 hồ sơ, lĩnh vực Chứng thực 300 hồ sơ)."],
    ],
)  # fmt: skip
def test_sectors_that_add_up_go_with_their_whole(texts):
    assert rows(*texts) == WHOLE | PARTS


def test_what_follows_a_list_is_of_the_whole_again():
    text = (
        "Tiếp nhận 480 hồ sơ, gồm: Hộ tịch 180 hồ sơ, Chứng thực 300 hồ sơ; giải quyết 465 hồ sơ."
    )
    one = {("all", "Hộ tịch"): (180,), ("all", "Chứng thực"): (300,)}
    assert rows(text) == WHOLE | one


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        # Some of them, or a name that is not understood: no sum.
        (["Tiếp nhận 480 hồ sơ, giải quyết 465 hồ sơ, trong đó lĩnh vực Hộ tịch tiếp nhận 180 hồ "
          "sơ, giải quyết 165 hồ sơ."], WHOLE),
        (["Tiếp nhận 480 hồ sơ, giải quyết 465 hồ sơ, gồm: hồ sơ một nơi tiếp nhận 180 hồ sơ, nơi "
          "khác tiếp nhận 300 hồ sơ."], WHOLE),
        # Of one sector, one way, one level: no whole.
        (["- Lĩnh vực Hộ tịch", "+ Tiếp nhận: 120 hồ sơ", "+ Đã giải quyết: 115 hồ sơ"], {}),
        (["Hồ sơ trực tuyến:", "- Tiếp nhận: 120 hồ sơ", "- Đã giải quyết: 115 hồ sơ"], {}),
    ],
)  # fmt: skip
def test_some_of_the_parts_are_no_sum_and_no_whole(texts, expected):
    assert rows(*texts) == expected


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ("II. Kết quả giải quyết hồ sơ", {("all", "all"): (12, 11)}),
        ("II. Kết quả > 2. Lĩnh vực Đất đai", {}),
        ("II. Kết quả > 2. Giải quyết hồ sơ trực tuyến", {}),
        ("II. Kết quả > 2. Tại cấp xã", {("commune", "all"): (12, 11)}),
        ("II. Lĩnh vực cải cách thủ tục hành chính", {("all", "all"): (12, 11)}),
    ],
)
def test_the_heading_says_whose(section, expected):
    assert rows("Đã tiếp nhận 12 hồ sơ, giải quyết 11 hồ sơ.", section=section) == expected


SETTLED = "giải quyết 11 hồ sơ."
COUNTED = f"đã tiếp nhận 12 hồ sơ, {SETTLED}"


@pytest.mark.parametrize(
    ("text", "section", "is_whole"),
    [
        (f"Trong quý tiếp nhận 12 hồ sơ, {SETTLED}", "", True),
        (f"Trong năm 2024 xã {COUNTED}", "", True),  # no 2,024 communes
        (f"- Bộ phận Một cửa: {COUNTED}", "", True),
        (f"Số hồ sơ thuộc thẩm quyền giải quyết của xã: 12 hồ sơ; {SETTLED}", "", True),
        # Some of the dossiers, however they are called; some body beside the one that reports.
        (f"- Khai sinh: {COUNTED}", "", False),
        (f"- Đăng ký kết hôn: {COUNTED}", "", False),
        (f"Hồ sơ liên thông: {COUNTED}", "", False),
        (f"Hồ sơ phi địa giới: {COUNTED}", "", False),
        (f"Hồ sơ chứng thực điện tử: {COUNTED}", "", False),
        (f"Trạm Y tế xã {COUNTED}", "", False),
        (f"Tại thôn Mẫu, tổ công nghệ số {COUNTED}", "", False),
        # What is aimed at.
        (COUNTED, "II. Chỉ tiêu năm 2025", False),
    ],
)
def test_some_of_the_dossiers_are_not_the_whole(text, section, is_whole):
    found = rows(text, section=section)
    assert (("all", "all") in found) == is_whole and set(found) <= {("all", "all")}


def test_a_list_of_all_parts_that_adds_up_to_something_else_is_an_error(tmp_path):
    text = "Đã tiếp nhận 480 hồ sơ, gồm: Hộ tịch 120 hồ sơ, Đất đai 61 hồ sơ, Chứng thực 300 hồ sơ."
    one = report(tmp_path, [], text)
    (error,) = check(one).query("severity == 'error'").itertuples()
    assert (error.rule, error.found, error.expected) == ("printed_total", "480", "481")
    assert set(measure(one.tables)["note"].str.contains("theo lời văn")) == {True}
    with pytest.raises(ValuesError):
        measure(one.tables, prose=False)


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 900), st.integers(0, 900)), min_size=2, max_size=3))
def test_consistent_parts_come_back(counts):
    names = ("Hộ tịch", "Đất đai", "Chứng thực")[: len(counts)]
    parts = "; ".join(
        f"lĩnh vực {name} tiếp nhận {one + more} hồ sơ, giải quyết {one} hồ sơ"
        for name, (one, more) in zip(names, counts, strict=True)
    )
    settled = sum(one for one, _ in counts)
    received = settled + sum(more for _, more in counts)
    text = f"Trong quý tiếp nhận {received} hồ sơ, giải quyết {settled} hồ sơ, gồm: {parts}."
    expected = {("all", name): (a + b, a) for name, (a, b) in zip(names, counts, strict=True)}
    assert rows(text) == {("all", "all"): (received, settled)} | expected


BY_UNIT = """<meta charset="utf-8"><p>UBND TỈNH MẪU</p><p>BÁO CÁO</p>
<p>Kết quả cải cách hành chính quý IV năm 2024</p><p>{}</p><p>Chi tiết:</p>
<table><tr><td>STT</td><td>Tên đơn vị</td><td>Tổng số hồ sơ tiếp nhận</td>
<td>Số hồ sơ đã giải quyết</td><td>Đúng hạn</td><td>Quá hạn</td></tr>
<tr><td>1</td><td>Sở Nội vụ</td><td>10</td><td>9</td><td>9</td><td>0</td></tr>
<tr><td>2</td><td>Sở Tài chính</td><td>20</td><td>18</td><td>17</td><td>1</td></tr>
<tr><td></td><td>Tổng cộng</td><td>30</td><td>27</td><td>26</td><td>1</td></tr></table>"""


@pytest.mark.parametrize(
    ("text", "differ"),
    [
        ("Toàn tỉnh đã tiếp nhận 30 hồ sơ, giải quyết 27 hồ sơ, đúng hạn 26 hồ sơ (96,3%).", []),
        ("Toàn tỉnh đã tiếp nhận 35 hồ sơ, đã giải quyết 27 hồ sơ.", ["30"]),
        # The rate of all units is that of no single one.
        ("Toàn tỉnh đã giải quyết 27 hồ sơ, đúng hạn 26 hồ sơ (100%).", ["96,3 % (26/27)"]),
        ("Sở Nội vụ đã tiếp nhận 10 hồ sơ, đã giải quyết 8 hồ sơ.", ["9"]),
        # Dossiers of a sector are of no department.
        ("Hồ sơ tài chính đã giải quyết 5 hồ sơ.", []),
        ("Tỷ lệ đúng hạn của hồ sơ nội vụ đạt 98%.", []),
        # After brackets a share is of what stood before them.
        ("Đã giải quyết 27 hồ sơ (đúng hạn 26 hồ sơ, quá hạn 1 hồ sơ), đạt 96,3%.", []),
        ("Đúng hạn 26 hồ sơ (quá hạn 1 hồ sơ), đạt 95%.", ["96,3 % (26/27)"]),
    ],
)
def test_prose_of_all_units_is_held_against_the_total_of_the_table_by_unit(tmp_path, text, differ):
    path = tmp_path / "bc.html"
    path.write_text(BY_UNIT.format(text), encoding="utf-8")
    found = check(read_report(path))
    messages = found.loc[found["rule"] == "claim_differs", "message"]
    assert [one.partition(": ")[2].partition(" theo bảng")[0] for one in messages] == differ


def test_prose_of_all_units_is_held_against_neither_of_two_tables_by_unit(tmp_path):
    first = BY_UNIT.format("Toàn tỉnh đã tiếp nhận 45 hồ sơ, đã giải quyết 40 hồ sơ.")
    body = first.partition("<table>")[2]
    for old, new in (("Sở Nội vụ", "Xã An Mẫu"), ("Sở Tài chính", "Xã Ba Mẫu"), ("17<", "16<")):
        assert old in body
        body = body.replace(old, new)
    (tmp_path / "bc.html").write_text(f"{first}<p>Các xã</p><table>{body}", encoding="utf-8")
    assert "claim_differs" not in set(check(read_report(tmp_path / "bc.html"))["rule"])
