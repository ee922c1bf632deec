"""Forms that only the prose of a report fills: dossiers, infrastructure, inspections, cut times."""

import pandas as pd
import pytest
from document_writer import Table, head, write
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import balanced

from cchc_stats.checking import check
from cchc_stats.forms import DOSSIERS, find_form
from cchc_stats.reading import Report, read_report
from cchc_stats.reading.files.document import Paragraph
from cchc_stats.reading.prose.claims import claims_of
from cchc_stats.reading.prose.rows import prose_rows
from cchc_stats.words.numbers.printing import format_number

Q3 = pd.Period("2020Q3", freq="Q-DEC")


def rows(code: str, *texts: str, beside=(), period=Q3, basis="in_period") -> list[dict]:
    """Return the rows of a form that some paragraphs tell, without what they leave open."""
    told = [Paragraph(at, text, "", f"đoạn {at}") for at, text in enumerate(texts, 1)]
    claims = claims_of(told, period=period, basis=basis)
    found = prose_rows(claims, told, beside=beside)
    return [
        {name: cell for name, cell in row.items() if pd.notna(cell)}
        for row in found.get(code, pd.DataFrame()).to_dict("records")
    ]


def dossiers(*texts: str, **options) -> dict[str, dict[str, int]]:
    """Return the figures of dossiers by row."""
    return {
        named(row): {name: int(row[name]) for name in DOSSIERS.figures if name in row}
        for row in rows("dossiers", *texts, **options)
    }


def named(row: dict) -> str:
    """Return the part that a row is of: its level, or its sector."""
    levels = {"provincial": "Cấp tỉnh", "district": "Cấp huyện", "commune": "Cấp xã"}
    return row["sector"] if row["level"] == "all" else levels.get(row["level"], row["level"])


def short(**figures: int) -> dict[str, dict[str, int]]:
    names = {"received": "received_total", "carried": "carried_over", "new": "newly_received"}
    names |= {"settled": "settled_total", "on_time": "settled_on_time", "late": "settled_late"}
    names |= {"early": "settled_early", "pending": "pending_total", "open": "pending_not_due"}
    names |= {"overdue": "pending_overdue", "online": "received_online"}
    names |= {"in_person": "received_in_person", "returned": "returned"}
    return {"all": {names[name]: value for name, value in figures.items()}}


# Published figures in wordings of our own.
LAM_DONG = {"received": 159845, "settled": 151295, "on_time": 148761, "late": 2534}
REST = {"pending": 8550, "open": 7815, "overdue": 735}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Toàn tỉnh đã tiếp nhận 159.845 hồ sơ, giải quyết 151.295 hồ sơ, trong đó đúng hạn "
            "148.761 (98,33%), quá hạn 2.534 (1,67%).",
            short(**LAM_DONG),
        ),
        (
            "Tổng số hồ sơ tiếp nhận: 159.845. Đã giải quyết: 151.295; trong đó: giải quyết đúng "
            "hạn: 148.761, đạt tỷ lệ 98,33%; trễ hạn: 2.534, chiếm 1,67%. Đang giải quyết: 8.550 "
            "(trong hạn: 7.815, quá hạn: 735).",
            short(**LAM_DONG, **REST),
        ),
        (
            "Có 159.845 hồ sơ được tiếp nhận; 151.295 hồ sơ đã giải quyết, gồm 148.761 hồ sơ trước "
            "và đúng hạn và 2.534 hồ sơ quá hạn; 8.550 hồ sơ đang giải quyết, gồm 7.815 hồ sơ chưa "
            "đến hạn giải quyết và 735 hồ sơ quá hạn.",
            short(**LAM_DONG, **REST),
        ),
        # Early ones beside those on time, and among them.
        (
            "Đã giải quyết 125 hồ sơ, trong đó trước hạn 100 hồ sơ, đúng hạn 21 hồ sơ, quá hạn 4.",
            short(settled=125, on_time=121, early=100, late=4),
        ),
        (
            "Giải quyết 125 hồ sơ: đúng hạn 121 hồ sơ (trong đó trước hạn 100), quá hạn 4 hồ sơ.",
            short(settled=125, on_time=121, early=100, late=4),
        ),
        (
            "Bộ phận tiếp nhận và trả kết quả đã tiếp nhận 15.868 hồ sơ; trả kết quả đúng hẹn "
            "15.539 hồ sơ; đang thụ lý 379 hồ sơ, trong đó còn trong hạn 370 hồ sơ, trễ hẹn 9.",
            short(received=15868, on_time=15539, pending=379, open=370, overdue=9),
        ),
        (
            "Tổng số hồ sơ phải giải quyết là 1.250 hồ sơ (gồm 50 hồ sơ kỳ trước chuyển sang và "
            "1.200 hồ sơ nhận mới trong kỳ), đã giải quyết 1.190 hồ sơ (1.188 hồ sơ đúng hạn và 2 "
            "hồ sơ trễ hạn), 55 hồ sơ đang trong thời hạn giải quyết.",
            short(received=1250, carried=50, new=1200, settled=1190, on_time=1188, late=2, open=55),
        ),
        (
            "Các sở, ngành và địa phương tiếp nhận 159,845 hồ sơ; giải quyết 151,295 hồ sơ. "
            "Đúng hạn 148,761 hồ sơ (98.33%), trễ hạn 2,534 hồ sơ (1.67%).",
            short(**LAM_DONG),
        ),
        # A level named in the midst of a sentence is done with it.
        (
            "Tỷ lệ đúng hạn đạt 98,33%; cấp tỉnh đạt 97%, cấp xã đạt 99%. Đã giải quyết 151.295 hồ "
            "sơ, đúng hạn 148.761 hồ sơ.",
            short(settled=151295, on_time=148761),
        ),
        # What came before and what is new.
        (
            "Tiếp nhận 61 hồ sơ (tồn 2, mới 59); đã giải quyết 60 hồ sơ; đang giải quyết 1 hồ sơ.",
            short(received=61, carried=2, new=59, settled=60, pending=1),
        ),
        (
            "Kỳ trước chuyển sang 45 hồ sơ, tiếp nhận 2.300 hồ sơ; giải quyết 2.290 hồ sơ, còn lại "
            "55 hồ sơ đang giải quyết.",
            short(carried=45, settled=2290, pending=55, new=2300),
        ),
        (
            "Tiếp nhận 58 hồ sơ, kỳ trước chuyển qua 4 hồ sơ. Giải quyết 60 hồ sơ đúng hạn; 2 hồ "
            "sơ đang giải quyết trong hạn.",
            short(carried=4, on_time=60, open=2, new=58),
        ),
        # What was returned is among the settled where these and the pending are all.
        (
            "Tiếp nhận 62 hồ sơ; giải quyết 60 hồ sơ; đang giải quyết 2 hồ sơ; trả lại 3 hồ sơ.",
            short(received=62, settled=60, pending=2),
        ),
        (
            "Tiếp nhận 65 hồ sơ; giải quyết 60 hồ sơ; đang giải quyết 2 hồ sơ; trả lại 3 hồ sơ.",
            short(received=65, settled=60, pending=2, returned=3),
        ),
        (
            "Tổng số hồ sơ tiếp nhận và giải quyết trong kỳ là 56.039 hồ sơ (kỳ trước chuyển qua "
            "4.910; mới tiếp nhận 51.129, trong đó trực tuyến 12.516 hồ sơ (22,33%), trực tiếp và "
            "bưu chính 38.613 hồ sơ); đã giải quyết 48.249 hồ sơ; 6.539 hồ sơ đang giải quyết "
            "trong hạn.",
            short(received=56039, carried=4910, new=51129, online=12516, in_person=38613,
                  settled=48249, open=6539),
        ),
    ],
)  # fmt: skip
def test_dossiers_in_sentences(text, expected):
    assert dossiers(text) == expected


def test_dossiers_in_a_list_of_items():
    texts = (
        "Kết quả giải quyết hồ sơ:",
        "- Tiếp nhận: 1.000 hồ sơ, trong đó:",
        "+ Kỳ trước chuyển sang: 100 hồ sơ;",
        "+ Tiếp nhận mới: 900 hồ sơ.",
        "- Đã giải quyết: 950 hồ sơ, trong đó:",
        "+ Đúng hạn: 940",
        "+ Quá hạn: 10",
        "- Đang giải quyết: 50 hồ sơ, trong đó:",
        "+ Chưa đến hạn: 48",
        "+ Quá hạn: 2",
    )
    told = {"received": 1000, "carried": 100, "new": 900, "settled": 950, "on_time": 940}
    told |= {"late": 10, "pending": 50, "open": 48, "overdue": 2}
    assert dossiers(*texts) == short(**told)


@pytest.mark.parametrize(
    "text",
    [
        "Không có hồ sơ nào.",
        "Đã giải quyết 5 hồ sơ.",  # one count is no row
        "Đã tiếp nhận 20 đơn khiếu nại, giải quyết 18 đơn.",
        "Tiếp nhận 20 văn bản, xử lý 18 văn bản.",
        "Hồ sơ tiếp nhận tăng 300 hồ sơ, giải quyết tăng 200 hồ sơ so với cùng kỳ năm trước.",
        "Bình quân mỗi ngày tiếp nhận 30 hồ sơ, giải quyết trung bình 28 hồ sơ.",
        "Tiếp nhận hơn 300 hồ sơ, giải quyết gần 290 hồ sơ.",
        "Lĩnh vực đất đai tiếp nhận 100 hồ sơ, giải quyết 90 hồ sơ.",
        # Two figures for each: none is taken.
        "Tiếp nhận 10 hồ sơ, giải quyết 9 hồ sơ. Sở tiếp nhận 12 hồ sơ, giải quyết 8 hồ sơ.",
    ],
)
def test_what_is_no_row_of_dossiers(text):
    assert dossiers(text) == {}


def test_a_table_of_dossiers_stands_alone():
    text = "Tiếp nhận 10 hồ sơ, giải quyết 9 hồ sơ."
    assert dossiers(text) and not dossiers(text, beside=["dossiers"])


LEVELS = (
    "Toàn tỉnh tiếp nhận 60 hồ sơ, giải quyết 50 hồ sơ.",
    "Cấp tỉnh: tiếp nhận 10 hồ sơ, giải quyết 9 hồ sơ.",
    "12 huyện, thành phố tiếp nhận 20 hồ sơ, giải quyết 18 hồ sơ.",
    "Cấp xã tiếp nhận 30 hồ sơ, giải quyết 23 hồ sơ.",
)


def test_what_is_aimed_at_or_to_come_is_no_row(tmp_path):
    goal = "Năm nay phấn đấu tiếp nhận 500 hồ sơ, giải quyết 490 hồ sơ."
    assert "dossiers" not in report(tmp_path, goal).tables
    outlook = ("III. PHƯƠNG HƯỚNG QUÝ IV", "Tiếp nhận 500 hồ sơ, giải quyết 490 hồ sơ.")
    told = report(tmp_path, "Tiếp nhận 61 hồ sơ, đã giải quyết 60 hồ sơ.", *outlook)
    assert told.tables["dossiers"]["received_total"].tolist() == [61]


def test_levels_are_rows_where_all_are_told_or_the_whole_is_not():
    assert list(dossiers(*LEVELS)) == ["all", "Cấp tỉnh", "Cấp huyện", "Cấp xã"]
    # A part of the levels is no sum to hold against the whole.
    assert list(dossiers(*LEVELS[:3])) == ["all"]
    assert list(dossiers(*LEVELS[1:3])) == ["Cấp tỉnh", "Cấp huyện"]
    # Since July 2025 there are no districts.
    two = (*LEVELS[:2], LEVELS[3])
    assert list(dossiers(*two, period=pd.Period("2025Q3", "Q-DEC"))) == [
        *("all", "Cấp tỉnh", "Cấp xã")
    ]


def test_period_and_basis_are_those_of_the_words():
    (quarter, year) = rows(
        "dossiers",
        "Trong quý III, tiếp nhận 10 hồ sơ, giải quyết 9 hồ sơ. Còn 1 hồ sơ đang giải quyết.",
        "Lũy kế từ đầu năm tiếp nhận 30 hồ sơ, giải quyết 29 hồ sơ.",
    )
    assert (quarter["basis"], quarter["pending_total"]) == ("in_period", 1)
    assert (year["basis"], year["received_total"]) == ("year_to_date", 30)


def spelled(row: dict) -> str:
    """Return a row of dossiers as sentences."""
    given = [name for name in DOSSIERS.figures if pd.notna(row.get(name))]
    f = {name: format_number(int(row[name]), decimals=0) for name in given}
    return (
        f"Trong kỳ, Sở đã tiếp nhận {f['received_total']} hồ sơ (kỳ trước chuyển qua "
        f"{f['carried_over']} hồ sơ, tiếp nhận mới {f['newly_received']} hồ sơ); đã giải quyết "
        f"{f['settled_total']} hồ sơ, trong đó đúng hạn {f['settled_on_time']} hồ sơ, quá hạn "
        f"{f['settled_late']} hồ sơ; đang giải quyết {f['pending_total']} hồ sơ, trong đó chưa đến "
        f"hạn {f['pending_not_due']} hồ sơ, quá hạn {f['pending_overdue']} hồ sơ."
    )


@settings(max_examples=40)
@given(balanced(DOSSIERS, reports=(1, 1), rows=(1, 1), optional=False))
def test_any_row_of_dossiers_in_sentences_comes_back(frame):
    (row,) = frame.to_dict("records")
    wanted = {name: row[name] for name in DOSSIERS.figures if pd.notna(row.get(name))}
    assert dossiers(spelled(row)) == {"all": wanted}


@settings(max_examples=40)
@given(
    balanced(DOSSIERS, reports=(1, 1), rows=(1, 1), optional=False),
    st.sampled_from(("received_total", "settled_total", "pending_total", "settled_late")),
    st.integers(1, 50),
)
def test_a_changed_figure_in_sentences_is_an_error(frame, name, more):
    (row,) = frame.to_dict("records")
    told = prose_table(spelled(row | {name: row[name] + more}))
    assert "error" in set(check(told)["severity"])
    assert "error" not in set(check(prose_table(spelled(row)))["severity"])


def prose_table(text: str) -> dict[str, pd.DataFrame]:
    told = [Paragraph(1, text, "", "đoạn 1")]
    found = prose_rows(claims_of(told, period=Q3), told, beside=())
    return {code: frame.assign(agency="Sở A") for code, frame in found.items()}


# --- percentages beside the counts, their denominator not said --------------------------------


def report(tmp_path, *lines: str, tables=()) -> Report:
    path = write(tmp_path / "bc.docx", [*head("2020Q3"), *lines], tables)
    return read_report(path)


def told(report: Report) -> list[tuple[str, str]]:
    found = check(report)
    kept = found[~found["rule"].isin(["incomplete", "mixed_decimals"])]
    return list(zip(kept["severity"], kept["rule"], strict=True))


COUNTS = "Tiếp nhận 159.845 hồ sơ, giải quyết 151.295 hồ sơ, trong đó đúng hạn 148.761"


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("(98,33%).", []),  # of those settled
        ("(93,07%).", [("note", "share_of_received")]),
        (", đạt gần 99%.", []),
        (", đạt hơn 99%.", [("warning", "approximation")]),
        ("(98,32%).", [("note", "share_cut")]),
        ("(99,33%).", [("error", "claim_differs")]),
        # Perhaps over the dossiers that fell due, between those settled and those received.
        ("(97%).", [("warning", "claim_differs")]),
        (", quá hạn 2.534 (1,67%).", []),
        (", quá hạn 2.534 (2,67%).", [("error", "claim_differs")]),
        ("(98,33%), quá hạn 1,67%; đang giải quyết 8.550, quá hạn 735 (8,6%).", []),
        ("(98,33%); đang giải quyết 8.550, trong đó quá hạn 735 hồ sơ (8,6%).", []),
    ],
)
def test_a_rate_is_that_of_some_whole(tmp_path, sentence, expected):
    joint = "" if sentence[0] == "," else " "
    assert told(report(tmp_path, COUNTS + joint + sentence)) == expected


def test_a_rate_is_held_against_the_table_too(tmp_path):
    names = ("received_total", "settled_total", "settled_on_time", "settled_late")
    headings = [("TT",), ("Lĩnh vực",), *(DOSSIERS.headings[name] for name in names)]
    table = Table(DOSSIERS.title, headings, [["1", "Đất đai", "200", "125", "121", "4"]])
    sentence = "Tỷ lệ hồ sơ giải quyết đúng hạn đạt {}."
    assert told(report(tmp_path, sentence.format("96,8%"), tables=[table])) == []
    wrong = report(tmp_path, sentence.format("98,8%"), tables=[table])
    assert told(wrong) == [("error", "claim_differs")]
    (message,) = check(wrong).query("rule == 'claim_differs'")["message"]
    assert message == (
        "Tỷ lệ trả đúng hạn trên hồ sơ đã giải quyết: 96,8 % (121/125) theo bảng, lời văn ghi "
        "“đúng hạn đạt 98,8%”"
    )


def test_a_rate_of_a_part_is_not_that_of_the_whole(tmp_path):
    part = "Lĩnh vực đất đai có tỷ lệ đúng hạn đạt 50%."
    assert told(report(tmp_path, f"{COUNTS}.", part)) == []


def test_a_rise_of_a_rate_in_percent_is_noted(tmp_path):
    rise = "Tỷ lệ hồ sơ giải quyết đúng hạn đạt 98,33%, tăng {} so với cùng kỳ."
    assert told(report(tmp_path, f"{COUNTS}.", rise.format("0,10 điểm %"))) == []
    assert told(report(tmp_path, f"{COUNTS}.", rise.format("0,10%"))) == [
        ("note", "points_as_percent")
    ]


# --- the other forms --------------------------------------------------------------------------


def test_infrastructure_in_prose():
    (row,) = rows(
        "infrastructure",
        "Số đơn vị có mạng WAN: 01 đơn vị; số đơn vị có mạng LAN: 04 đơn vị.",
        "Số lượng chữ ký số được cấp: 20.",
    )
    assert {name: row[name] for name in find_form("infrastructure").figures if name in row} == {
        "units_wan": 1,
        "units_lan": 4,
        "digital_signatures": 20,
    }
    assert row["basis"] == "as_of" and "đoạn 2" in row["source"]


def test_a_figure_told_twice_differently_is_left_out():
    (row,) = rows(
        "infrastructure",
        "Số đơn vị có mạng WAN: 01 đơn vị; có mạng LAN: 04.",
        "02 đơn vị có mạng WAN.",
    )
    assert "units_wan" not in row


def test_inspections_in_prose():
    (row,) = rows(
        "inspections",
        "Đã kiểm tra trực tiếp 3/4 đơn vị và 01 đơn vị kiểm tra gián tiếp, đạt tỷ lệ 75%.",
    )
    assert [row[name] for name in find_form("inspections").figures] == [4, 3, 1]
    assert row["basis"] == "year_to_date"
    assert rows("inspections", "Kiểm tra 3/4 đơn vị.") == []


def test_cut_times_in_prose():
    text = "Thủ tục: {}. Rút ngắn từ {} ngày làm việc xuống còn {} ngày làm việc (giảm 02 ngày)."
    both = [text.format("Cấp giấy phép A", 15, 13), text.format("Cấp giấy phép B", 10, 8)]
    found = rows("simplifications", *both)
    names = ["procedure", "days_before", "days_after"]
    assert [[row[name] for name in names] for row in found] == [
        ["Cấp giấy phép A", 15, 13],
        ["Cấp giấy phép B", 10, 8],
    ]
    assert rows("simplifications", "Thủ tục: A. Giảm 02 ngày làm việc.") == []
