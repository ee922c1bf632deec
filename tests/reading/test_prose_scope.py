"""Whom and when a figure of prose is of: lead-ins, brackets, headings, parts; what is none.

The sentences are made up, after those that communes, departments and branches write.
"""

import pandas as pd
import pytest
from document_writer import Table, head, write
from hypothesis import given, settings
from hypothesis import strategies as st

from cchc_stats.checking import check
from cchc_stats.forms import DOSSIERS
from cchc_stats.indicators import measure
from cchc_stats.reading import read_report
from cchc_stats.reading.files.document import Paragraph
from cchc_stats.reading.prose.claims import claims_of
from cchc_stats.reading.prose.rows import prose_rows

Q4 = pd.Period("2024Q4", freq="Q-DEC")
FIGURES = (
    "xã đã tiếp nhận 4.572 hồ sơ, đã giải quyết 4.500 hồ sơ (đúng hạn 4.480 hồ sơ, quá hạn 20)"
)


def told(*texts: str, section: str = "", period=Q4, agency="") -> list[tuple]:
    """Return period, basis, level and sector of the rows of dossiers that some paragraphs tell."""
    paragraphs = [Paragraph(at, text, section, f"đoạn {at}") for at, text in enumerate(texts, 1)]
    claims = claims_of(paragraphs, period=period, agency=agency)
    rows = prose_rows(claims, paragraphs, beside=(), until=period, agency=agency)
    frame = rows.get("dossiers", pd.DataFrame())
    return [
        (str(row["period"]), row["basis"], row["level"], row["sector"])
        for row in frame.to_dict("records")
    ]


def quarter(period: str, basis: str = "in_period") -> list[tuple]:
    return [(period, basis, "all", "all")]


LEAD_INS = [
    ("Trong quý", quarter("2024Q4")),
    ("Quý này", quarter("2024Q4")),
    ("Trong kỳ báo cáo", quarter("2024Q4")),
    ("Trong 9 tháng đầu năm 2024", quarter("2024Q3", "year_to_date")),
    ("Chín tháng đầu năm 2024", quarter("2024Q3", "year_to_date")),
    ("9T/2024", quarter("2024Q3", "year_to_date")),
    ("Từ đầu năm đến nay", quarter("2024Q4", "year_to_date")),
    ("Lũy kế từ đầu năm đến hết quý IV", quarter("2024Q4", "year_to_date")),
    ("Năm 2023", quarter("2023Q4", "year_to_date")),
    ("Năm ngoái", quarter("2023Q4", "year_to_date")),
    ("Quý III năm 2024", quarter("2024Q3")),
    ("Quý III năm ngoái", quarter("2023Q3")),
    ("Cùng kỳ năm 2023", quarter("2023Q4")),
    ("Cùng kỳ năm trước", quarter("2023Q4")),
    ("Cùng thời kỳ năm 2022", quarter("2022Q4")),
    ("Quý trước", quarter("2024Q3")),
    ("Từ 15/9/2024 đến 14/12/2024", quarter("2024Q4")),
    ("Từ ngày 01/10/2024 đến ngày 31/12/2024", quarter("2024Q4")),
    ("Từ ngày 15/12/2023 đến ngày 14/12/2024", quarter("2024Q4", "year_to_date")),
    ("Tính từ đầu năm 2024 đến ngày 14/12/2024", quarter("2024Q4", "year_to_date")),
    ("Đầu năm đến nay", quarter("2024Q4", "year_to_date")),
    ("Cộng dồn từ đầu năm", quarter("2024Q4", "year_to_date")),
    ("6T đầu năm 2024", quarter("2024Q2", "year_to_date")),
    # Every short form of a quarter that is no district.
    ("QIII/2024", quarter("2024Q3")),
    ("Quý IV (từ 15/9/2024 đến 14/12/2024)", quarter("2024Q4")),
    ("Q.III/2024", quarter("2024Q3")),
    ("Q.3/2024", quarter("2024Q3")),
    ("QIV", quarter("2024Q4")),
    ("Quí III/2024", quarter("2024Q3")),
    ("Quý thứ ba năm 2024", quarter("2024Q3")),
    # What belongs to a plan, a document or a comparison is no time of the figures.
    ("Thực hiện Kế hoạch số 12/KH-UBND ngày 05/01/2024", quarter("2024Q4")),
    ("Trên địa bàn xã", quarter("2024Q4")),
    # No quarter, not yet, or not understood.
    *[
        (words, [])
        for words in (
            # Of then or of now: nothing beside it says which.
            "So với cùng kỳ năm 2023",
            "Nếu so với cùng kỳ năm trước",
            "So với quý III/2024",
            "Bằng cùng kỳ năm 2023",
            "Trong 10 tháng năm 2024",
            "Mười tháng đầu năm",
            "11T/2024",
            "6 tháng cuối năm 2024",
            "Ba tháng cuối năm",
            "Trong hai quý đầu năm",
            "Quý I và quý II năm 2024",
            "Trong tháng 11",
            "Từ tháng 01 đến tháng 10 năm 2024",
            "Trong tuần qua",
            "Ngày 15/11/2024",
            "Từ ngày 01/01/2024 đến ngày 31/10/2024",
            "Tính đến ngày 15/11/2024",
            "Tính đến hết quý IV/2024",
            "Từ đầu năm đến ngày 31/10/2024",
            "Đến nay",
            "Đến thời điểm báo cáo",
            "Q.4",
            "Nửa đầu quý IV",
            "Quý IV năm 2024 (từ 01/10/2024 đến 30/11/2024)",
            "Hết quý III",
            "Đầu quý IV/2024",
            "Trong năm học 2023-2024",
            "Niên độ 2024",
            "Đến hết tháng 10",
            "Kể từ ngày 01/7/2024 đến nay",
            "Từ khi sáp nhập đến nay",
            "Sau 3 tháng vận hành mô hình mới",
            "Trong 45 ngày cao điểm",
            "Nửa đầu năm 2024",
            "Hai tháng đầu quý IV",
            "Trước khi sắp xếp đơn vị hành chính",
            "Sau sáp nhập",
            "Trong dịp Tết Nguyên đán 2024",
            "Trong thời gian qua",
            "Giai đoạn 2021-2024",
            "Nhiệm kỳ 2020-2025",
            "Trong giai đoạn từ 2021 đến nay",
            "Dự kiến trong quý I năm 2025",
            "Dự ước quý IV",
            "Ước cả năm 2024",
            "Kế hoạch năm 2025 đặt ra",
            "Phấn đấu trong quý IV",
        )
    ],
]


@pytest.mark.parametrize(("words", "expected"), LEAD_INS)
def test_the_lead_in_says_when(words, expected):
    assert told(f"{words}, {FIGURES}.") == expected
    # What goes on from it holds at the same time, and so do the items of a list.
    first, _, rest = FIGURES.partition(", ")
    assert told(f"{words}, {first}. Xã {rest}.") in (expected, [])
    items = (f"- {first[0].upper()}{first[1:]};", f"- {rest[0].upper()}{rest[1:]}.")
    if words[0] != "T" or expected:
        assert told(f"{words}:", *items) in (expected, [])


@pytest.mark.parametrize(
    "words",
    [words for words, expected in LEAD_INS if not expected],
)
def test_what_is_of_no_quarter_is_a_claim_that_says_so(words):
    claims = claims_of([Paragraph(1, f"{words}, {FIGURES}.", "", "đoạn 1")], period=Q4)
    counted = claims[claims["unit"] == "count"]
    assert (counted["scope"] != "").all() and set(counted["value"]) >= {4572, 4500, 4480, 20}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # In brackets the words hold to where these close, in their midst in their own clause.
        (
            "Tiếp nhận 900 hồ sơ (cùng kỳ năm 2023: 850 hồ sơ), đã giải quyết 880 hồ sơ.",
            {"received_total": 900, "settled_total": 880},
        ),
        (
            "Tiếp nhận 900 hồ sơ, tăng 50 hồ sơ so với cùng kỳ năm 2023; giải quyết 880 hồ sơ.",
            {"received_total": 900, "settled_total": 880},
        ),
        # Whether what follows is of last year is not told: no figure is guessed.
        ("Tiếp nhận 900 hồ sơ, cùng kỳ năm 2023 tiếp nhận 850 hồ sơ, giải quyết 840 hồ sơ.", {}),
        # After the figure, in its clause.
        ("Xã tiếp nhận 900 hồ sơ trong 10 tháng, giải quyết 880 hồ sơ.", {}),
        # No verbs.
        (
            "Hệ thống thông tin giải quyết TTHC của tỉnh đã tiếp nhận 900 hồ sơ, trả 880 hồ sơ "
            "đúng hạn.",
            {"received_total": 900, "settled_on_time": 880},
        ),
        # What rose from one count to another, and what a look into some dossiers brought up.
        ("Tiếp nhận tăng từ 400 hồ sơ lên 450 hồ sơ; giải quyết tăng từ 390 lên 445 hồ sơ.", {}),
        (
            "Qua kiểm tra 50 hồ sơ, phát hiện 3 hồ sơ trả quá hạn. Trong quý, xã đã tiếp nhận 450 "
            "hồ sơ, giải quyết 445 hồ sơ.",
            {"received_total": 450, "settled_total": 445},
        ),
        # What is set, and what came of it.
        ("Được giao tiếp nhận 500 hồ sơ, giải quyết 490 hồ sơ.", {}),
        (
            "Chỉ tiêu tiếp nhận 500 hồ sơ; kết quả tiếp nhận 450 hồ sơ, giải quyết 445 hồ sơ.",
            {"received_total": 450, "settled_total": 445},
        ),
        (
            "Theo kế hoạch, xã tiếp nhận 500 hồ sơ. Kết quả tiếp nhận 450, giải quyết 445 hồ sơ.",
            {"received_total": 450, "settled_total": 445},
        ),
        # A stock at a day before the quarter's end is not that of its end.
        ("Đến hết tháng 10/2024 còn 7 hồ sơ đang giải quyết, quá hạn 2 hồ sơ.", {}),
        (
            "Đến nay còn 7 hồ sơ đang giải quyết, quá hạn 2 hồ sơ.",
            {"pending_total": 7, "pending_overdue": 2},
        ),
        # Its year to date, named before any figure of the sentence, holds to its end.
        (
            "Số hồ sơ tiếp nhận cả năm 2024 là 900 hồ sơ, trong đó nhận trực tuyến 850 hồ sơ; đã "
            "giải quyết 880 hồ sơ.",
            {"received_total": 900, "received_online": 850, "settled_total": 880},
        ),
        # What the year before left is no figure of that year, and a committee with its communes
        # is the whole.
        (
            "UBND huyện và 20 xã, thị trấn tiếp nhận 900 hồ sơ (năm trước chuyển sang 60 hồ sơ; "
            "trực tiếp và bưu chính công ích 40 hồ sơ), giải quyết 880 hồ sơ.",
            {
                "received_total": 900,
                "carried_over": 60,
                "received_in_person": 40,
                "settled_total": 880,
            },
        ),
        # Another kind of dossier, one way to apply, one body, one field: no whole.
        ("Hội đồng tuyển dụng đã tiếp nhận 200 hồ sơ, xử lý 190 hồ sơ.", {}),
        ("Hồ sơ trực tuyến: tiếp nhận 53 hồ sơ, đã giải quyết 50 hồ sơ.", {}),
        ("Trung tâm Y tế An Mẫu tiếp nhận 100 hồ sơ, giải quyết 90 hồ sơ.", {}),
        ("Lĩnh vực đất đai tiếp nhận 100 hồ sơ. Đã giải quyết 90 hồ sơ, đúng hạn 85 hồ sơ.", {}),
        ("Riêng hồ sơ đất đai: tiếp nhận 100 hồ sơ; giải quyết 90 hồ sơ.", {}),
        # Whoever reports is no part of itself.
        (
            "UBND xã An Mẫu đã tiếp nhận 100 hồ sơ, giải quyết 90 hồ sơ.",
            {"received_total": 100, "settled_total": 90},
        ),
        # All fields are the whole, and none overdue is a figure.
        (
            "Tiếp nhận 100 hồ sơ trên mọi lĩnh vực; giải quyết 90 hồ sơ đúng hạn, quá hạn: không "
            "có.",
            {"received_total": 100, "settled_on_time": 90, "settled_late": 0},
        ),
    ],
)
def test_the_scope_of_a_figure_in_its_sentence(text, expected):
    paragraphs = [Paragraph(1, text, "", "đoạn 1")]
    agency = "Ủy ban nhân dân xã An Mẫu"
    claims = claims_of(paragraphs, period=Q4, agency=agency)
    rows = prose_rows(claims, paragraphs, beside=(), until=Q4, agency=agency)
    frame = rows.get("dossiers", pd.DataFrame())
    frame = frame[frame["period"] == Q4] if len(frame) else frame
    found = [
        {name: row[name] for name in DOSSIERS.figures if pd.notna(row.get(name))}
        for row in frame.to_dict("records")
        if row["level"] == row["sector"] == "all"
    ]
    assert found == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ("II. KẾT QUẢ THỰC HIỆN", quarter("2024Q4")),
        ("II. KẾT QUẢ QUÝ IV NĂM 2024", quarter("2024Q4")),
        ("I. KẾT QUẢ > 2. Kết quả 10 tháng năm 2024", []),
        ("I. KẾT QUẢ > 2. Kết quả quý III năm 2024", quarter("2024Q3")),
        ("I. KẾT QUẢ > a) Quý III/2024", quarter("2024Q3")),
        ("I. KẾT QUẢ > b) Quý IV năm 2024", quarter("2024Q4")),
        ("I. KẾT QUẢ > 2. Tháng 11", []),
        ("I. KẾT QUẢ > 2. Số liệu năm trước", quarter("2023Q4", "year_to_date")),
        ("I. KẾT QUẢ > 2. Quý III so với cùng kỳ năm trước", quarter("2024Q3")),
        ("I. KẾT QUẢ > 2. Kết quả quý III, nhiệm vụ quý IV", quarter("2024Q3")),
        # Of several times none is for sure.
        ("I. KẾT QUẢ > 2. Kết quả quý IV và cả năm 2024", []),
        ("I. KẾT QUẢ > 2. Quý IV và cả năm 2024", []),
        ("III. PHƯƠNG HƯỚNG, NHIỆM VỤ", []),
        ("III. VIỆC CỦA QUÝ I NĂM 2025", []),
        ("III. NHIỆM VỤ TRỌNG TÂM THỜI GIAN TỚI", []),
        # Tasks that are done.
        ("II. Nhiệm vụ cải cách thủ tục hành chính", quarter("2024Q4")),
    ],
)
def test_the_heading_above_says_when(section, expected):
    assert told(f"Tại bộ phận một cửa, {FIGURES}.", section=section) == expected


HEADED = "Tiếp nhận 45 hồ sơ TTHC, giải quyết 40 hồ sơ."


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Kết quả quý III", quarter("2024Q3")),
        ("Quý III năm 2024", quarter("2024Q3")),
        ("Phụ lục: số liệu quý III", quarter("2024Q3")),
        ("Cùng kỳ năm trước", quarter("2023Q4")),
        ("Kết quả 9 tháng đầu năm 2024", quarter("2024Q3", "year_to_date")),
        ("Kết quả tháng 11", []),
        ("Nhiệm vụ quý I năm 2025", []),
        ("Cấp xã", [("2024Q4", "in_period", "commune", "all")]),
        ("Chi cục Thủy lợi", []),
        ("Công an xã", []),
        ("Giải quyết thủ tục hành chính", quarter("2024Q4")),
    ],
)
def test_a_bare_line_heads_what_stands_below_it(line, expected):
    assert told("Kết quả như sau.", line, HEADED) == expected
    # Up to the next one.
    assert told("Kết quả như sau.", line, "Công tác khác", HEADED) == quarter("2024Q4")
    # Before the first sentence stand letterhead and title, which begin with no time before.
    assert told(line, HEADED) == (expected if line.startswith("Cùng kỳ") else quarter("2024Q4"))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Cùng kỳ năm 2023:", quarter("2023Q4")),
        ("So với cùng kỳ năm 2023:", []),
        ("Lũy kế từ đầu năm:", quarter("2024Q4", "year_to_date")),
        ("10 tháng năm 2024:", []),
        ("Dự kiến quý I/2025:", []),
        ("Lĩnh vực Hộ tịch:", []),
        ("Hồ sơ trực tuyến:", []),
        ("Cấp xã:", [("2024Q4", "in_period", "commune", "all")]),
        ("Trong quý:", quarter("2024Q4")),
        ("Về lĩnh vực cải cách thủ tục hành chính:", quarter("2024Q4")),
    ],
)
@pytest.mark.parametrize("mark", ["", "- "])
def test_a_line_with_a_colon_leads_in_what_follows_it_item_or_not(line, expected, mark):
    assert told(mark + line, mark + HEADED) == expected
    # What follows that may be of it too, unless it says of when it is.
    later = "Trong đó quá hạn 2 hồ sơ."
    assert told(mark + line, mark + "Như sau.", mark + HEADED, later) in (expected, [])
    assert told(line, HEADED, section="A") == expected


@pytest.mark.parametrize(
    "words",
    [
        "So với cùng kỳ năm 2023, trong quý {}",
        "So với cùng kỳ năm 2023 (900 hồ sơ), {}",
        "So với cùng kỳ năm 2023, {}, tăng 5 hồ sơ",
        "Trong quý, so với cùng kỳ năm 2023, {}",
        "Kính gửi Sở Nội vụ, {}",
        "Thực hiện chỉ đạo của UBND tỉnh Mẫu, {}",
    ],
)
def test_what_is_compared_or_addressed_is_of_the_report(words):
    assert told(words.format("xã đã tiếp nhận 45 hồ sơ, đã giải quyết 40 hồ sơ") + ".") == (
        quarter("2024Q4")
    )


def test_a_total_after_a_part_is_that_of_all():
    part = "Xã có 3 hồ sơ phi địa giới hành chính; tổng số hồ sơ tiếp nhận là 45 hồ sơ"
    assert told(f"{part}, đã giải quyết 40 hồ sơ.") == quarter("2024Q4")


def test_sectors_that_divide_all_are_rows_and_chosen_ones_are_none():
    items = "- Hộ tịch: tiếp nhận 45 hồ sơ, giải quyết 40 hồ sơ;", "- Đất đai: tiếp nhận 5 hồ sơ."
    rows = [("2024Q4", "in_period", "all", one) for one in ("Hộ tịch", "Đất đai")]
    assert told("Kết quả theo lĩnh vực:", *items) == rows
    for words in ("Một số lĩnh vực:", "Lĩnh vực có hồ sơ quá hạn gồm:", "Các lĩnh vực chủ yếu:"):
        assert told(words, *items) == []


def test_the_name_of_a_body_heads_its_figures_unless_it_is_who_reports():
    claims = claims_of([Paragraph(1, HEADED, "2. Chi cục Thủy lợi", "")], period=Q4)
    assert set(claims["group"]) == {"Chi cục Thủy lợi"}
    own = {"section": "2. Chi cục Thủy lợi", "agency": "Chi cục Thủy lợi"}
    assert told(HEADED, **own) == quarter("2024Q4")
    for heading in ("Trung tâm Phục vụ hành chính công", "Số TTHC đã giải quyết", "Ban CĐ CCHC"):
        assert told(HEADED, section=f"2. {heading}") == quarter("2024Q4")
    # Whom a letter is to heads nothing.
    assert told("Quý này như sau.", "Kính gửi:", "Sở Nội vụ", HEADED) == quarter("2024Q4")
    assert told("Quý này như sau.", "Các đơn vị như sau:", "Sở Nội vụ", HEADED) == []


BRANCH = (
    "Quý này chi nhánh phải giải quyết 2.950 hồ sơ, gồm cả tiếp nhận mới. Đã giải quyết 2.760 hồ "
    "sơ, trước và đúng hạn 2.700 hồ sơ, trễ hạn 60 hồ sơ. Đã cấp 1.800 giấy. Trong đó:",
    "- Thuộc thẩm quyền giải quyết của cấp huyện: 950 hồ sơ. Đã giải quyết 860 hồ sơ, trước và "
    "đúng hạn 810 hồ sơ, trễ hạn 50 hồ sơ.",
    "- Thuộc thẩm quyền giải quyết của chi nhánh: {} hồ sơ. Đã giải quyết 1.900 hồ sơ, trước và "
    "đúng hạn 1.890 hồ sơ, trễ hạn 10 hồ sơ.",
)


Q2_2023 = pd.Period("2023Q2", freq="Q-DEC")


def branch(unit="chi nhánh", count="2.000", first="cấp huyện") -> list[tuple]:
    """Return level and sector of the rows that the branch's report tells, its parts by name."""
    texts = [text.format(count).replace("của chi nhánh", f"của {unit}") for text in BRANCH]
    texts[1] = texts[1].replace("cấp huyện", first)
    return [one[2:] for one in told(*texts, period=Q2_2023)]


def test_parts_go_with_their_whole_where_they_add_up_to_it():
    assert branch() == [("all", "all"), ("district", "all"), ("Chi nhánh", "all")]
    # Else they stay claims: a part beside the whole would look like a sum that does not fit.
    assert branch(count="2.001") == [("all", "all")]
    assert branch(count="1.999") == [("all", "all")]


@pytest.mark.parametrize(
    ("unit", "level"),
    [
        ("Chi nhánh Khe Mẫu", "Chi nhánh Khe Mẫu"),
        ("các chi nhánh", "Các chi nhánh"),
        ("Sở", "Sở"),
        ("phòng Tài nguyên và Môi trường", "Phòng Tài nguyên và Môi trường"),
        ("cấp xã", "commune"),
    ],
)
def test_a_unit_beside_a_level_is_a_row_under_its_name(unit, level):
    assert branch(unit) == [("all", "all"), ("district", "all"), (level, "all")]


def test_a_part_that_is_no_unit_or_stands_beside_no_level_is_no_row():
    # A group of levels, a post and a procedure are no unit.
    for unit in ("các sở và các huyện", "người đứng đầu", "thủ tục đăng ký biến động"):
        assert not {level for level, _ in branch(unit)} - {"all", "district"}
    # Units alone are agencies and no levels.
    assert branch("Chi cục Thủy lợi", first="Chi cục Kiểm lâm") == [("all", "all")]
    # Without a whole nothing tells that they are all of it.
    parts = [text.format("2.000") for text in BRANCH[1:]]
    assert [one[2:] for one in told("Trong đó:", *parts)] == [("district", "all")]


def test_the_rows_of_parts_are_read_and_nothing_is_found(tmp_path):
    lines = [text.format("2.000") for text in BRANCH]
    report = read_report(write(tmp_path / "bc.docx", [*head("2023Q2"), *lines], []))
    rows = report.tables["dossiers"].set_index("level")[["received_total", "settled_on_time"]]
    assert rows.to_dict("index") == {
        "all": {"received_total": 2950, "settled_on_time": 2700},
        "district": {"received_total": 950, "settled_on_time": 810},
        "Chi nhánh": {"received_total": 2000, "settled_on_time": 1890},
    }
    assert set(check(report)["severity"]) <= {"note"}
    values = measure(report.tables)
    received = values[values["indicator"] == "dossiers_received"]
    assert dict(zip(received["group"], received["value"], strict=True)) == {
        "all": 2950,
        "district": 950,
        "Chi nhánh": 2000,
    }


AIMS = [
    ("Kế hoạch năm 2025 kiểm tra 40 đơn vị.", 40),
    ("Đề án đặt ra tỷ lệ văn bản điện tử 95%, đến nay đạt 97%.", 95),
    ("Trả kết quả đúng hạn: 96,5%, cao hơn mức 90% được giao.", 90),
    ("Dự kiến cả năm tiếp nhận 5.000 hồ sơ, đến nay đã tiếp nhận 4.000 hồ sơ.", 5000),
    ("Xã phấn đấu đến hết năm 100% hồ sơ được giải quyết đúng hạn.", 100),
]


@pytest.mark.parametrize(("text", "aimed"), AIMS)
def test_what_is_aimed_at_is_of_no_quarter(text, aimed):
    claims = claims_of([Paragraph(1, text, "", "đoạn 1")], period=Q4)
    of_aim = claims["value"] == aimed
    assert claims.loc[of_aim, "period"].isna().all() and (claims.loc[of_aim, "scope"] != "").all()
    assert (claims.loc[~of_aim, "scope"] == "").all()


def table(tmp_path, *lines: str):
    """Return a report with a table of dossiers, 1.300 received, below sentences."""
    names = [name for name in DOSSIERS.figures if name not in DOSSIERS.optional]
    cells = ["1300", "100", "1200", "1250", "1240", "10", "50", "50", "0"]
    headings = [("TT",), ("Lĩnh vực",), *(DOSSIERS.headings[name] for name in names)]
    printed = Table(DOSSIERS.title, headings, [["1", "Hộ tịch", *cells]])
    return read_report(write(tmp_path / "bc.docx", [*head("2020Q3"), *lines], [printed]))


@pytest.mark.parametrize(
    ("sentence", "rules"),
    [
        ("Trong quý, Sở đã tiếp nhận 1.300 hồ sơ.", []),
        ("Trong quý, Sở đã tiếp nhận 1.200 hồ sơ.", []),  # the new ones
        ("Trong quý, Sở đã tiếp nhận 1.247 hồ sơ.", ["claim_differs"]),
        ("Số hồ sơ tiếp nhận tổng cộng: 1.247 hồ sơ trên mọi lĩnh vực.", ["claim_differs"]),
        # Of another time, another body, another kind: held against nothing.
        ("Cùng kỳ năm 2019, Sở đã tiếp nhận 1.247 hồ sơ.", []),
        ("Trong 10 tháng, Sở đã tiếp nhận 1.247 hồ sơ.", []),
        ("Chi cục Thủy lợi đã tiếp nhận 1.247 hồ sơ.", []),
        ("Hội đồng thi tuyển đã tiếp nhận 1.247 hồ sơ.", []),
        ("Công an xã tiếp nhận 90 hồ sơ cư trú, giải quyết 90 hồ sơ.", []),
        ("Tiếp nhận 12 phản ánh, kiến nghị; đã giải quyết 12, đúng hạn 100%.", []),
        ("Cùng kỳ năm 2019 đã giải quyết 880 hồ sơ, đúng hạn 700 hồ sơ, đạt 79,5%.", []),
    ],
)
def test_prose_is_held_against_the_table_of_its_own_scope(tmp_path, sentence, rules):
    found = check(table(tmp_path, sentence))
    assert found.loc[found["severity"] != "note", "rule"].tolist() == rules


def test_a_share_is_named_by_the_denominator_that_its_counts_prove(tmp_path):
    text = (
        "Sở đã tiếp nhận 450 hồ sơ trong quý. Số giải quyết đúng hạn là 445 hồ sơ, tỷ lệ 98,8%; số "
        "đang giải quyết, chưa đến hạn là 5 hồ sơ."
    )
    report = read_report(write(tmp_path / "bc.docx", [*head("2020Q3"), text], []))
    (row,) = check(report).itertuples()
    assert (row.severity, row.rule) == ("note", "share_cut")
    assert "trên hồ sơ tiếp nhận" in row.message and "98,89 % (445/450)" in row.message


def test_a_rate_of_its_own_fraction_is_that_of_no_other(tmp_path):
    text = "Sở tiếp nhận 450 hồ sơ, giải quyết đúng hạn 440/445 hồ sơ, đạt {}%."
    for rate, is_right in (("98,88", True), ("90,5", False)):
        report = read_report(write(tmp_path / "bc.docx", [*head("2020Q3"), text.format(rate)], []))
        rules = set(check(report)["rule"])
        assert not rules if is_right else "share_of_counts" in rules


def test_values_of_prose_say_so_and_can_be_left_out(tmp_path):
    text = f"Trong quý, {FIGURES}.".replace("xã", "Sở")
    report = read_report(write(tmp_path / "bc.docx", [*head("2020Q3"), text], []))
    values = measure(report.tables)
    assert values["note"].str.contains("lời văn").all()
    assert "2020Q3" in set(values["period"].astype(str))


MONTHS = [31.43, 50, 60.5, 62, 64, 70, 71, 72, 73, 80, 81, 84.57]


@pytest.mark.parametrize(("rate", "rules"), [("88,62", ["outside_parts"]), ("72,5", [])])
def test_a_rate_outside_the_range_of_all_its_months(tmp_path, rate, rules):
    each = "; ".join(
        f"tháng {month}: tỷ lệ đúng hạn {share}%".replace(".", ",")
        for month, share in enumerate(MONTHS, 1)
    )
    text = f"Năm 2020, tỷ lệ hồ sơ giải quyết đúng hạn đạt {rate}%. Cụ thể: {each}."
    found = check(read_report(write(tmp_path / "bc.docx", [*head("2020Q4"), text], [])))
    assert [rule for rule in found["rule"] if rule == "outside_parts"] == rules
    # A month that is not told may be the one.
    some = text.replace("tháng 12: tỷ lệ đúng hạn 84,57%", "tháng 12 chưa có số liệu")
    found = check(read_report(write(tmp_path / "bc.docx", [*head("2020Q4"), some], [])))
    assert "outside_parts" not in set(found["rule"])


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("Kết quả: đúng hạn 57/60 hồ sơ; quá hạn 0/60 hồ sơ.", ["late_and_on_time"]),
        ("Kết quả: đúng hạn 60/60 hồ sơ; quá hạn 0/60 hồ sơ.", []),
        ("Đúng hạn 57/60 hồ sơ; quá hạn 0/60 hồ sơ; đang giải quyết: 3 hồ sơ TTHC.", []),
    ],
)
def test_none_late_beside_fewer_on_time(tmp_path, text, rules):
    found = check(read_report(write(tmp_path / "bc.docx", [*head("2020Q3"), text], [])))
    assert [rule for rule in found["rule"] if rule == "late_and_on_time"] == rules


# ---- Laws: consistent prose is read back, and nothing is found.

TIMES = st.sampled_from([one for one in LEAD_INS if one[1]])


@st.composite
def accounts(draw) -> tuple[str, dict[str, int]]:
    """Draw the sentences of one account of dossiers, and its figures."""
    on_time, late, open_, overdue = (draw(st.integers(0, 9999)) for _ in range(4))
    settled, pending = on_time + late, open_ + overdue
    carried = draw(st.integers(0, settled + pending))
    figures = {
        "received_total": settled + pending,
        "carried_over": carried,
        "newly_received": settled + pending - carried,
        "settled_total": settled,
        "settled_on_time": on_time,
        "settled_late": late,
        "pending_total": pending,
        "pending_not_due": open_,
        "pending_overdue": overdue,
    }
    shown = {name: f"{value:,}".replace(",", ".") for name, value in figures.items()}
    late_words = "quá hạn: không có" if not late else f"quá hạn {shown['settled_late']} hồ sơ"
    verb = draw(st.sampled_from(["đã tiếp nhận", "tiếp nhận tổng số"]))
    text = (
        f"xã {verb} {shown['received_total']} hồ sơ (kỳ trước chuyển qua {shown['carried_over']} "
        f"hồ sơ, mới tiếp nhận {shown['newly_received']} hồ sơ); đã giải quyết "
        f"{shown['settled_total']} hồ sơ, trong đó đúng hạn {shown['settled_on_time']} "
        f"hồ sơ, {late_words}; đang giải quyết "
        f"{shown['pending_total']} hồ sơ, trong đó chưa đến hạn {shown['pending_not_due']} hồ sơ, "
        f"quá hạn {shown['pending_overdue']} hồ sơ."
    )
    return text, figures


@settings(max_examples=40)
@given(accounts(), TIMES)
def test_an_account_under_any_lead_in_comes_back(account, lead_in):
    text, figures = account
    words, (when,) = lead_in
    paragraphs = [Paragraph(1, f"{words}, {text}", "", "đoạn 1")]
    claims = claims_of(paragraphs, period=Q4)
    (row,) = prose_rows(claims, paragraphs, beside=(), until=Q4)["dossiers"].to_dict("records")
    assert (str(row["period"]), row["basis"]) == when[:2]
    assert {name: row[name] for name in figures} == figures


# ---- A break in the midst of a sentence, a list of levels, quarters in short.

COUNTED = "đã tiếp nhận 120 hồ sơ TTHC, đã giải quyết 110 hồ sơ."


@pytest.mark.parametrize("kind", ["docx", "html", "txt"])
@pytest.mark.parametrize("broken", ["Trong quý II\nnăm 2024", "Trong quý\nII năm 2024,\nSở"])
def test_a_line_break_in_a_sentence_does_not_end_it(tmp_path, kind, broken):
    lines = [*head("2024Q3"), "Nội dung.", f"{broken} {COUNTED}"]
    path = tmp_path / f"bc.{kind}"
    if kind == "html":
        text = "".join(f"<p>{line}</p>" for line in lines).replace("\n", "<br>")
        path.write_text(f"<meta charset=utf-8>{text}", encoding="utf-8")
    else:
        write(path, lines)
    claims = read_report(path).claims
    assert {*zip(claims["period"].astype(str), claims["basis"], strict=True)} == {
        ("2024Q2", "in_period")
    }
    assert set(claims["value"]) == {120, 110}


def test_a_paragraph_that_goes_on_with_a_year_is_of_no_time_for_sure():
    texts = ["Trong quý II", f"năm 2024 {COUNTED}"]
    claims = claims_of([Paragraph(at, one, "", "") for at, one in enumerate(texts, 1)], period=Q4)
    assert claims["period"].isna().all() and set(claims["scope"]) == {"năm 2024"}
    assert told(texts[1].replace("năm", "Năm")) == quarter("2024Q4", "year_to_date")


def test_the_year_to_date_in_brackets_is_of_the_year():
    text = "Tiếp nhận 450 hồ sơ (lũy kế 1.800 hồ sơ), giải quyết 445 hồ sơ (lũy kế 1.790 hồ sơ)."
    claims = claims_of([Paragraph(1, text, "", "")], period=Q4)
    assert claims["basis"].tolist() == ["in_period", "year_to_date"] * 2


def test_what_is_pending_stands_beside_what_came_in_its_sentence():
    texts = (
        "Năm 2024, xã tiếp nhận 900 hồ sơ, giải quyết 880 hồ sơ, đang giải quyết 20 hồ sơ.",
        "Trong quý IV, xã tiếp nhận 300 hồ sơ, giải quyết 290 hồ sơ.",
    )
    paragraphs = [Paragraph(at, text, "", f"đoạn {at}") for at, text in enumerate(texts, 1)]
    rows = prose_rows(claims_of(paragraphs, period=Q4), paragraphs, beside=(), until=Q4)
    pending = rows["dossiers"].set_index("basis")["pending_total"]
    assert pending.dropna().to_dict() == {"year_to_date": 20}


def test_the_days_from_which_communes_began_are_their_quarter():
    text = "Từ 01/7/2025 đến 14/9/2025, xã tiếp nhận 90 hồ sơ, giải quyết 85 hồ sơ."
    third = pd.Period("2025Q3", freq="Q-DEC")
    assert told(text, period=third) == quarter("2025Q3")
    text = text.replace("01/7", "02/7")
    assert told(text, period=third) == []


def test_at_the_district_is_its_level_beside_its_communes():
    counts = groups("Tại huyện: tiếp nhận 90 hồ sơ TTHC. Tại 12 xã: tiếp nhận 400 hồ sơ TTHC.")
    assert counts == {90: "Cấp huyện", 400: "Cấp xã"}


def groups(text: str, agency="") -> dict[float, str]:
    """Return of each count with an indicator the part that it is of."""
    claims = claims_of([Paragraph(1, text, "", "")], period=Q4, agency=agency)
    return {one.value: one.group for one in claims.itertuples() if one.indicator}


def test_a_body_beside_another_is_not_that_one():
    text = "Công an xã tiếp nhận 90 hồ sơ, giải quyết 88 hồ sơ; UBND xã tiếp nhận 30 hồ sơ."
    assert groups(text) == {90: "Công an xã", 88: "Công an xã", 30: "UBND xã"}


def test_after_its_parts_a_total_is_of_all():
    parts = "Lĩnh vực Hộ tịch: tiếp nhận 45 hồ sơ. Lĩnh vực Đất đai: tiếp nhận 20 hồ sơ."
    counts = groups(f"{parts} Đã giải quyết 19 hồ sơ. Tổng cộng: tiếp nhận 65 hồ sơ TTHC.")
    assert counts.pop(65, "all") == "all"
    assert counts == {45: "Lĩnh vực Hộ tịch", 20: "Lĩnh vực Đất đai", 19: "Lĩnh vực Đất đai"}


def test_after_a_part_that_is_named_behind_its_figure_nothing_is_of_it_for_sure():
    text = "Tiếp nhận 450 hồ sơ của xã và 30 hồ sơ thuộc thẩm quyền cấp tỉnh; giải quyết 470 hồ sơ."
    assert 470 not in groups(text)
    # Nor is what comes after applications of another kind.
    text = "Tiếp nhận 12 đơn thư, giải quyết 10 đơn; tiếp nhận 450 hồ sơ TTHC."
    assert not groups(text)
    assert groups("Tiếp nhận 100 hồ sơ TTHC cấp tỉnh, giải quyết 90 hồ sơ.")[90] == "Cấp tỉnh"


LEVELS_LISTED = [
    ("gồm: Cấp tỉnh 100 hồ sơ, cấp xã 380 hồ sơ; đã giải quyết 465 hồ sơ", "all"),
    ("(cấp tỉnh 100 hồ sơ; cấp xã 380 hồ sơ); đã giải quyết 465 hồ sơ", "all"),
    # Of the last level, or of all: the list is parted as the sentence is.
    ("trong đó cấp tỉnh 100 hồ sơ; cấp xã 380 hồ sơ; đã giải quyết 465 hồ sơ", ""),
]


@pytest.mark.parametrize(("rest", "level"), LEVELS_LISTED)
def test_what_follows_a_list_of_levels_is_not_of_its_last(rest, level):
    text = f"Đã tiếp nhận 480 hồ sơ TTHC, {rest} (cấp tỉnh 95 hồ sơ, cấp xã 370 hồ sơ)."
    paragraphs = [Paragraph(1, text, "", "đoạn 1")]
    claims = claims_of(paragraphs, period=Q4)
    rows = prose_rows(claims, paragraphs, beside=(), until=Q4, agency="")["dossiers"]
    found = rows.set_index("level")[["received_total", "settled_total"]]
    assert found["received_total"].to_dict() == {"all": 480, "provincial": 100, "commune": 380}
    settled = found["settled_total"].dropna().to_dict()
    assert settled.get("provincial") == 95 and settled.get("commune") == 370
    assert [name for name, count in settled.items() if count == 465] == [level][: bool(level)]


def test_quarters_in_short_are_told_apart_or_not_at_all():
    short = "Đã tiếp nhận hồ sơ TTHC {}: 100 hồ sơ; {}: 80 hồ sơ; {}: 70 hồ sơ."
    texts = short.format("Q1/2024", "Q2/2024", "Q4/2024"), short.format("Q1", "Q2", "Q4")
    claims = claims_of([Paragraph(1, one, "", "") for one in texts], period=Q4)
    named = claims["period"].astype(str).where(claims["period"].notna(), "").tolist()
    assert named == ["2024Q1", "2024Q2", "2024Q4", "", "", ""]
    assert claims["scope"].tolist()[3:] == ["Q1", "Q2", "Q4"]
