"""Reports in which all agrees have no error and no warning, however they say it.

Synthetic: a department that is not, three sectors, figures that balance; the sentences are of the
kinds that reports have. A finding here is worse than a missed one elsewhere.
"""

from pathlib import Path

import pytest
from document_writer import Table, head, write

from cchc_stats.checking import check
from cchc_stats.reading import read_report
from cchc_stats.words.numbers.printing import format_number
from cchc_stats.words.ratios import half_up

# received online, in person, carried over; settled early, on time, late; pending in time, overdue
ROWS = {
    "Đất đai": (1820, 604, 118, 1201, 1184, 42, 107, 8),
    "Hộ tịch": (913, 87, 0, 402, 580, 0, 18, 0),
    "Đăng ký kinh doanh": (1377, 21, 35, 777, 590, 23, 41, 2),
}
RECEIVED, SETTLED, PENDING = (
    "Số lượng hồ sơ tiếp nhận",
    "Số lượng hồ sơ đã giải quyết",
    "Số lượng hồ sơ đang giải quyết",
)
II_06A = [
    *(("STT",), ("Lĩnh vực",), (RECEIVED, "Tổng số"), (RECEIVED, "Trong kỳ", "Trực tuyến")),
    *((RECEIVED, "Trong kỳ", "Trực tiếp, dịch vụ bưu chính"), (RECEIVED, "Từ kỳ trước")),
    *((SETTLED, "Tổng số"), (SETTLED, "Trước hạn"), (SETTLED, "Đúng hạn"), (SETTLED, "Quá hạn")),
    *((PENDING, "Tổng số"), (PENDING, "Trong hạn"), (PENDING, "Quá hạn")),
]
TABLE_1B = [
    *(("TT",), ("Lĩnh vực",), (RECEIVED, "Tổng số"), (RECEIVED, "Trong đó", "Kỳ trước chuyển qua")),
    *((RECEIVED, "Trong đó", "Mới tiếp nhận"), ("Kết quả", SETTLED, "Tổng số")),
    *(("Kết quả", SETTLED, "Trả đúng hạn"), ("Kết quả", SETTLED, "Trả quá hạn")),
    *(("Kết quả", PENDING, "Tổng số"), ("Kết quả", PENDING, "Chưa đến hạn")),
    ("Kết quả", PENDING, "Quá hạn"),
]
ALL = tuple(map(sum, zip(*ROWS.values(), strict=True)))
ONLINE, IN_PERSON, CARRIED, EARLY, ON_TIME, LATE, NOT_DUE, OVERDUE = ALL
NEW, SETTLED_ALL, PENDING_ALL = ONLINE + IN_PERSON, EARLY + ON_TIME + LATE, NOT_DUE + OVERDUE
RECEIVED_ALL, IN_TIME = NEW + CARRIED, EARLY + ON_TIME


def n(count: int) -> str:
    return format_number(count)


def share(part: int, whole: int, decimals: int = 2) -> str:
    return format_number(half_up(100 * part / whole, decimals=decimals), unit="percent")


SENTENCES = {
    "counts": f"Sở đã tiếp nhận {n(RECEIVED_ALL)} hồ sơ (kỳ trước chuyển sang {n(CARRIED)} hồ sơ,"
    f" tiếp nhận mới {n(NEW)} hồ sơ). Đã giải quyết {n(SETTLED_ALL)} hồ sơ, trong đó trước hạn và"
    f" đúng hạn {n(IN_TIME)} hồ sơ, đạt {share(IN_TIME, SETTLED_ALL)}; quá hạn {n(LATE)} hồ sơ,"
    f" chiếm {share(LATE, SETTLED_ALL)}.",
    "one decimal": f"Tỷ lệ hồ sơ đúng hạn đạt {share(IN_TIME, SETTLED_ALL, 1)}.",
    "no decimal": f"Tỷ lệ hồ sơ đúng hạn đạt {share(IN_TIME, SETTLED_ALL, 0)}.",
    "of received": f"Tỷ lệ hồ sơ đúng hạn trên hồ sơ tiếp nhận đạt {share(IN_TIME, RECEIVED_ALL)}.",
    "fraction": f"Giải quyết đúng hạn {n(IN_TIME)}/{n(SETTLED_ALL)} hồ sơ (đạt"
    f" {share(IN_TIME, SETTLED_ALL)}).",
    "three parts": f"Tỷ lệ hồ sơ giải quyết trước hạn đạt {share(EARLY, SETTLED_ALL)}, đúng hạn đạt"
    f" {share(ON_TIME, SETTLED_ALL)}, quá hạn {share(LATE, SETTLED_ALL)}.",
    "total": f"Tổng số hồ sơ tiếp nhận là {n(RECEIVED_ALL)}. Có {n(LATE)} hồ sơ quá hạn.",
    "new alone": f"Sở tiếp nhận {n(NEW)} hồ sơ TTHC, giải quyết {n(SETTLED_ALL)} hồ sơ.",
    "all late": f"Bộ phận một cửa còn {n(PENDING_ALL)} hồ sơ. Trong đó {n(OVERDUE)} hồ sơ quá hạn;"
    f" tính chung có {n(LATE + OVERDUE)} hồ sơ quá hạn.",
    "rate first": f"Tỷ lệ giải quyết đúng hạn đạt {share(IN_TIME, SETTLED_ALL)}"
    f" ({n(IN_TIME)}/{n(SETTLED_ALL)}).",
    "rate of received first": f"Tỷ lệ hồ sơ đúng hạn đạt {share(IN_TIME, RECEIVED_ALL)}"
    f" ({n(IN_TIME)}/{n(RECEIVED_ALL)}).",
    "apart": f"Tiếp nhận {n(RECEIVED_ALL)} hồ sơ; đã giải quyết {n(SETTLED_ALL)} hồ sơ (trước hạn"
    f" {n(EARLY)}, đúng hạn {n(ON_TIME)}, quá hạn {n(LATE)}).",
    "one office": "Chi cục Thí Dụ tiếp nhận 25 hồ sơ TTHC, giải quyết 24 hồ sơ. Trung tâm Hành"
    " chính công tiếp nhận 120 hồ sơ, đã trả kết quả 118 hồ sơ.",
    "one procedure": "Đối với thủ tục cấp phép: tiếp nhận 12 hồ sơ, giải quyết đúng hạn 12 hồ sơ.",
    "one month": "Riêng tháng 9, tiếp nhận 312 hồ sơ TTHC, đã xử lý 290 hồ sơ; tuần cuối 51 hồ sơ.",
    "quarter before": "Tình hình quý II: tiếp nhận 4.102 hồ sơ, giải quyết 3.960 hồ sơ.",
    "year before": "Năm 2023 tiếp nhận 18.204 hồ sơ TTHC, giải quyết 17.990 hồ sơ, quá hạn 41.",
    "online alone": "Hồ sơ trực tuyến toàn trình: tiếp nhận 310 hồ sơ, giải quyết 300 hồ sơ.",
    "online after": f"Tiếp nhận trực tuyến {n(ONLINE)}/{n(NEW)} hồ sơ, đạt {share(ONLINE, NEW)}.",
    "online rate": f"Tỷ lệ hồ sơ tiếp nhận trực tuyến đạt {share(ONLINE, NEW)}.",
    "low": "Tỷ lệ người dân nộp hồ sơ trực tuyến còn thấp.",
    "returned": "Trả lại 9 hồ sơ, trong đó 3 hồ sơ quá hạn.",
    "two shares": f"Trước và đúng hạn {n(IN_TIME)}/{n(SETTLED_ALL)} hồ sơ, đạt"
    f" {share(IN_TIME, SETTLED_ALL)}. Đúng hạn trên số tiếp nhận {n(IN_TIME)}/{n(RECEIVED_ALL)} hồ"
    f" sơ, đạt {share(IN_TIME, RECEIVED_ALL)}.",
    "other kinds": "Sở tiếp nhận 15 hồ sơ thi đua, thẩm định 14 hồ sơ khen thưởng; xử lý 12 hồ sơ"
    " vi phạm, giải quyết 5 hồ sơ khiếu nại.",
    "same time before": "Cùng kỳ năm 2023 tiếp nhận 4.100 hồ sơ, giải quyết 4.000 hồ sơ TTHC.",
    "looked at": "Kiểm tra 200 hồ sơ tại Bộ phận một cửa: đúng hạn 195 hồ sơ, quá hạn 5 hồ sơ."
    " Kiểm tra ngẫu nhiên 50 hồ sơ, có 2 hồ sơ quá hạn.",
    "pending": f"Còn {n(PENDING_ALL)} hồ sơ đang giải quyết, trong đó trong hạn {n(NOT_DUE)} hồ sơ,"
    f" quá hạn {n(OVERDUE)} hồ sơ (chiếm {share(OVERDUE, PENDING_ALL)} số hồ sơ đang giải quyết).",
    "online": f"Tiếp nhận trực tuyến {n(ONLINE)} hồ sơ ({share(ONLINE, NEW)}), trực tiếp và"
    f" bưu chính {n(IN_PERSON)} hồ sơ ({share(IN_PERSON, NEW)}).",
    "online of all": f"Tỷ lệ hồ sơ trực tuyến đạt {share(ONLINE, RECEIVED_ALL)}, tính cả kỳ trước.",
    "about": f"Tỷ lệ hồ sơ giải quyết đúng hạn đạt trên {int(100 * IN_TIME / SETTLED_ALL)}%.",
    "other quarter": "Quý II/2024 tỷ lệ giải quyết đúng hạn là 97,3%; quý III/2024 đạt"
    f" {share(IN_TIME, SETTLED_ALL)}, tăng 1,3 điểm phần trăm; cùng kỳ năm 2023 là 96,1%.",
    "nine months": "Trong 9 tháng đầu năm 2024, Sở đã giải quyết 14.310 hồ sơ, tỷ lệ đúng hạn đạt"
    f" 99,1%. Riêng quý III/2024 tỷ lệ đúng hạn đạt {share(IN_TIME, SETTLED_ALL)}.",
    "one sector": "Lĩnh vực Đất đai có tỷ lệ đúng hạn thấp nhất, đạt"
    f" {share(1201 + 1184, 1201 + 1184 + 42)}.",
    "floor": "Chỉ tiêu của năm: tỷ lệ hồ sơ giải quyết đúng hạn đạt từ 95% trở lên.",
    "goals": "Phấn đấu đến hết năm 2024, 100% hồ sơ được giải quyết đúng hạn; tỷ lệ văn bản"
    " trao đổi dưới dạng điện tử đạt 100%. Mục tiêu năm: tỷ lệ hồ sơ đúng hạn trên 99,5%."
    " Tỷ lệ hồ sơ giải quyết đúng hạn yêu cầu đạt 99,9%.",
    "outlook": "III. PHƯƠNG HƯỚNG, NHIỆM VỤ QUÝ IV NĂM 2024\nTỷ lệ hồ sơ giải quyết đúng hạn đạt"
    " 100%, không có hồ sơ quá hạn.",
    "after a goal": "Mục tiêu 95%, kết quả thực hiện: tỷ lệ hồ sơ giải quyết đúng hạn đạt"
    f" {share(IN_TIME, SETTLED_ALL)}.",
    "excuses": f"Đối với các hồ sơ trễ hạn ({n(LATE)} hồ sơ), Sở đã có văn bản xin lỗi 100%.",
    "satisfied": "Khảo sát: 98% người dân hài lòng về việc giải quyết hồ sơ đúng hạn.",
    "hundreds": "100% TTHC được công khai; 100% công chức sử dụng hộp thư công vụ.",
    "tasks": "Đã hoàn thành 12/15 nhiệm vụ, đạt 80%; kiểm tra 3/9 đơn vị trực thuộc.",
    "tasks and money": "Hoàn thành 12/15 nhiệm vụ, tỷ lệ giải ngân đạt 85%.",
    "documents": "Sở đã gửi 1.200/1.250 văn bản điện tử, đạt 96%.",
    "time cut": "- Thủ tục: Cấp phép hoạt động. Cắt giảm thời gian giải quyết từ 20 ngày làm việc"
    " xuống còn 15 ngày làm việc (giảm 05 ngày làm việc). Tỷ lệ cắt giảm thời gian"
    " giải quyết: 25%.",
    "index": "Chỉ số CCHC năm 2023 đạt 87,65%, xếp thứ 5/63; chỉ số SIPAS đạt 83,2%.",
    "numbers": "Quyết định số 12/QĐ-STD ngày 02/01/2024, Quyết định số 12/QĐ-UBND ngày 05/02/2024,"
    " Kế hoạch số 12/KH-STD ngày 15/12/2023 và Kế hoạch số 12/KH-STD ngày 10/01/2024.",
    "nothing": "",
}


def cells(layout: str, figures: tuple[int, ...]) -> list[int]:
    online, in_person, carried, early, on_time, late, not_due, overdue = figures
    received, settled = online + in_person + carried, early + on_time + late
    pending = [not_due + overdue, not_due, overdue]
    if layout == "06a":
        taken_in = [received, online, in_person, carried]
        return [*taken_in, settled, early, on_time, late, *pending]
    new = online + in_person
    return [received, carried, new, settled, early + on_time, late, *pending]


def written(path: Path, layout: str, sentence: str) -> Path:
    rows = [
        [str(at), name, *map(str, cells(layout, figures))]
        for at, (name, figures) in enumerate(ROWS.items(), 1)
    ]
    rows.append(["", "TỔNG CỘNG", *map(str, cells(layout, ALL))])
    headings = II_06A if layout == "06a" else TABLE_1B
    table = Table("Tình hình, kết quả giải quyết TTHC", headings, rows)
    return write(path, [*head("2024Q3"), *sentence.split("\n")], [table])


@pytest.mark.parametrize(
    ("kind", "layout", "lang"), [("docx", "06a", "vi"), ("txt", "1b", "vi"), ("xlsx", "1b", "en")]
)
@pytest.mark.parametrize("said", SENTENCES)
def test_all_agrees(said, kind, layout, lang, tmp_path):
    report = read_report(written(tmp_path / f"mot.{kind}", layout, SENTENCES[said]))
    assert len(report.tables["dossiers"]) == 3
    found = check(report, lang=lang)
    assert found.loc[found["severity"] != "note", "message"].tolist() == []


def test_one_figure_that_is_changed_is_told(tmp_path):
    for said, right, wrong in (
        ("counts", share(IN_TIME, SETTLED_ALL), "97,11%"),
        ("one decimal", share(IN_TIME, SETTLED_ALL, 1), "97,1%"),
        ("three parts", share(ON_TIME, SETTLED_ALL), "41,11%"),
        ("nine months", share(IN_TIME, SETTLED_ALL), "97,11%"),
        ("fraction", share(IN_TIME, SETTLED_ALL), "97,11%"),
        ("after a goal", share(IN_TIME, SETTLED_ALL), "97,11%"),
        ("time cut", "25%", "35%"),
        ("total", n(RECEIVED_ALL), "4.957"),
        ("total", f"{LATE} hồ sơ", "14 hồ sơ"),
        ("new alone", n(NEW), "4.821"),
        ("counts", n(NEW), "4.821"),
        ("rate first", n(IN_TIME), "4.743"),
        ("pending", n(PENDING_ALL), "167"),
        ("apart", n(ON_TIME), "2.345"),
        ("online", n(ONLINE), "4.101"),
        ("online rate", share(ONLINE, NEW), "86,2%"),
    ):
        assert right in SENTENCES[said]
        sentence = SENTENCES[said].replace(right, wrong)
        layout = "06a" if "online" in said else "1b"
        found = check(read_report(written(tmp_path / "mot.docx", layout, sentence)))
        assert set(found.loc[found["severity"] != "note", "rule"]) & {
            *("claim_differs", "share_of_counts")
        }, said


DOCUMENTS = Table(
    "Văn bản điện tử",
    [("Tổng số văn bản đi",), ("Văn bản giấy",), ("Văn bản điện tử",)],
    [["1380", "65", "1315"]],
)


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("Văn bản điện tử 1.315, đạt 95,3%.", []),
        ("Tổng số văn bản đi là 1.380, trong đó văn bản điện tử 1.315, đạt tỷ lệ 95,3%.", []),
        ("Đã gửi 1.315/1.380 văn bản điện tử.", []),
        ("Tiếp nhận văn bản điện tử 2.107 văn bản.", []),
        ("Văn bản điện tử 1.305, đạt 94,6%.", ["1.315", "95,29 % (1.315/1.380)"]),
        ("Tổng số văn bản đi: 1.390 văn bản.", ["1.380"]),
        ("Đã gửi 1.305/1.380 văn bản điện tử.", ["1.315/1.380"]),
    ],
)
def test_documents_in_prose_are_those_of_the_table(sentence, told, tmp_path):
    path = write(tmp_path / "mot.docx", [*head("2024Q3"), sentence], [DOCUMENTS])
    found = check(read_report(path))
    assert found.loc[found["severity"] == "error", "expected"].tolist() == told


def test_overdue_that_may_be_settled_or_pending_is_a_warning(tmp_path):
    path = written(
        tmp_path / "mot.docx", "1b", "Có 14 hồ sơ quá hạn. Có 14 hồ sơ giải quyết quá hạn."
    )
    found = check(read_report(path))
    assert found.loc[found["severity"] != "note", ["severity", "found"]].to_numpy().tolist() == [
        ["error", "14 hồ sơ giải quyết"],
        ["warning", "14 hồ sơ quá hạn"],
    ]


def test_a_rate_over_the_received_is_noted_as_such(tmp_path):
    sentence = f"Tỷ lệ hồ sơ giải quyết đúng hạn đạt {share(IN_TIME, RECEIVED_ALL)}."
    found = check(read_report(written(tmp_path / "mot.docx", "1b", sentence)))
    assert found[["severity", "rule"]].to_numpy().tolist() == [["note", "share_of_received"]]
    assert f"{n(IN_TIME)}/{n(RECEIVED_ALL)}" in found["message"][0]


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("Tỷ lệ đúng hạn đạt 100%, tỷ lệ quá hạn 0%.", set()),
        ("Tỷ lệ hồ sơ quá hạn là 0%.", set()),
        # What stands in brackets is done with, and what is reached is no rate of the late ones.
        ("Hồ sơ của quý (trễ hạn 0 hồ sơ), tỷ lệ 100%.", set()),
        ("Hồ sơ của quý: trễ hạn 0 hồ sơ, đạt tỷ lệ 100%.", set()),
        ("Tỷ lệ hồ sơ quá hạn là 1,2%.", {"claim_differs"}),
    ],
)
def test_nothing_late_is_a_rate_of_zero(sentence, told, tmp_path):
    figures = cells("1b", ROWS["Hộ tịch"])  # none late, and here two pending are overdue
    row = ["1", "Hộ tịch", *map(str, [*figures[:-2], figures[-2] - 2, 2])]
    table = Table("Tình hình, kết quả giải quyết TTHC", TABLE_1B, [row])
    path = write(tmp_path / "mot.docx", [*head("2024Q3"), sentence], [table])
    found = check(read_report(path))
    assert set(found.loc[found["severity"] != "note", "rule"]) == told
