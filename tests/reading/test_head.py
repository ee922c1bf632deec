"""The head of a report: from its letterhead, its title, its last sentence and its appendices."""

import datetime as dt
import tomllib

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from seed import FOLDER, seed_paragraphs

from cchc_stats import read_report
from cchc_stats.reading.files.document import Cell, Document, Grid, Paragraph
from cchc_stats.reading.head.head import read_head
from cchc_stats.words.errors import CchcError
from cchc_stats.words.periods import Window

NUMBER = "Số: 12/BC-SNV"
DAY = "Huế, ngày 12 tháng 9 năm 2024"
TITLE = ("BÁO CÁO", "Công tác cải cách hành chính quý III năm 2024")
CLOSING = "Trên đây là báo cáo công tác cải cách hành chính của Sở Nội vụ thành phố Huế./."
WHOLE = (NUMBER, DAY, *TITLE, CLOSING)


def head(*texts, **options):
    told = [Paragraph(at, text, "", f"đoạn {at}") for at, text in enumerate(texts, 1)]
    return read_head(told, **options)


def test_a_whole_head_has_no_fault():
    found = head(*WHOLE)
    assert found.faults == ()
    assert found.agency == "Sở Nội vụ thành phố Huế"
    assert (found.number, found.signed_on) == ("12/BC-SNV", dt.date(2024, 9, 12))
    assert (found.place_of_issue, found.symbols) == ("Huế", (("BC-SNV", "đoạn 1"),))
    assert (str(found.period), found.basis) == ("2024Q3", "in_period")
    assert found.title == "Báo cáo công tác cải cách hành chính quý III năm 2024"
    assert (found.window, found.windows) == (None, ())
    assert dict(found.places) == {
        "agency": "đoạn 5",
        "number": "đoạn 1",
        "signed_on": "đoạn 2",
        "period": "đoạn 4",
    }


def test_the_head_of_the_report_is_the_one_a_person_read():
    found = head(*(one.text.strip() for one in seed_paragraphs()), lang="en")
    stated = tomllib.loads((FOLDER / "report.toml").read_text(encoding="utf-8"))
    for name in ("agency", "number", "signed_on", "title"):
        assert getattr(found, name) == stated[name]
    assert str(found.period) == stated["period"]
    # The second appendix's days are its own, not the report's.
    assert found.window is None
    assert [window for window, _ in found.windows] == [Window("2020-01-01", "2020-09-01")]
    assert found.faults == (
        "the report's number is left blank: /BC-SKHCCN",
        "the date line leaves the day blank (ngày tháng 9 năm 2020); "
        "the day is taken from the appendix: 09/09/2020",
    )


# ---- Period and basis.


@pytest.mark.parametrize(
    ("title", "period", "basis"),
    [
        ("Công tác cải cách hành chính quý III năm 2020", "2020Q3", "in_period"),
        ("Kết quả cải cách hành chính 6 tháng đầu năm 2021", "2021Q2", "year_to_date"),
        ("Công tác cải cách hành chính năm 2023", "2023Q4", "year_to_date"),
        ("KẾT QUẢ CẢI CÁCH HÀNH CHÍNH QUÝ I NĂM 2022", "2022Q1", "in_period"),
        ("Kết quả quý III, phương hướng nhiệm vụ quý IV năm 2020", "2020Q3", "in_period"),
        ("Kết quả quý I và nhiệm vụ trọng tâm quý II năm 2020", "2020Q1", "in_period"),
        ("Kết quả quý III và 9 tháng đầu năm 2020", "2020Q3", "in_period"),
        ("Kết quả quý III, lũy kế 9 tháng đầu năm 2020", "2020Q3", "in_period"),
        ("Kết quả lũy kế đến quý III năm 2020", "2020Q3", "year_to_date"),
        ("Kết quả năm 2020 và kế hoạch cải cách hành chính năm 2021", "2020Q4", "year_to_date"),
    ],
)
def test_the_title_tells_period_and_basis(title, period, basis):
    found = head(NUMBER, DAY, "BÁO CÁO", title, "I. KẾT QUẢ", CLOSING)
    assert (str(found.period), found.basis) == (period, basis)
    assert found.title.endswith(title[1:])


def test_a_title_of_the_quarter_and_the_year_to_date_says_so():
    title = "Công tác cải cách hành chính quý III và 9 tháng đầu năm 2024"
    found = head(NUMBER, DAY, "BÁO CÁO", title, CLOSING, lang="en")
    assert found.faults == (
        "the title names the quarter and the year to date: a table that names none is of Q3 2024",
    )


def test_a_title_of_one_line_and_one_of_several():
    assert head("BÁO CÁO Kết quả quý I năm 2022").title == "Báo cáo kết quả quý I năm 2022"
    several = head("BÁO CÁO", "Kết quả cải cách hành chính", "quý I năm 2022", "I. MỞ ĐẦU")
    assert several.title == "Báo cáo kết quả cải cách hành chính quý I năm 2022"


@pytest.mark.parametrize(
    "line",
    [
        "Trong quý II/2024, Sở đã tiếp nhận 450 hồ sơ",
        "Trong quý II/2024, thực hiện chỉ đạo của UBND tỉnh",
        "Sở đã tiếp nhận 450 hồ sơ của quý II/2024",
    ],
)
def test_the_text_right_below_a_title_is_no_part_of_it(line):
    found = head(NUMBER, DAY, "BÁO CÁO", "Kết quả cải cách hành chính quý III năm 2024", line)
    assert (str(found.period), found.title[-12:]) == ("2024Q3", "III năm 2024")
    # A title goes on with the time to come.
    found = head(NUMBER, DAY, "BÁO CÁO", "Kết quả quý III năm 2024,", "nhiệm vụ quý IV năm 2024")
    assert found.title.endswith("nhiệm vụ quý IV năm 2024")


def test_capitals_of_a_title_are_small_where_the_rest_is():
    found = head(NUMBER, DAY, "BÁO CÁO SƠ KẾT", "Công tác quý III năm 2024")
    assert found.title == "Báo cáo sơ kết công tác quý III năm 2024"


def test_the_last_sentence_tells_the_period_that_the_title_leaves_out():
    found = head(
        NUMBER, DAY, "BÁO CÁO", "Công tác cải cách hành chính",
        "Trên đây là báo cáo công tác quý II và nhiệm vụ quý III năm 2024 của Sở Nội vụ.",
    )  # fmt: skip
    assert (str(found.period), found.basis) == ("2024Q2", "in_period")
    assert ("period", "đoạn 5") in found.places


@pytest.mark.parametrize(
    ("title", "fault"),
    [
        ("Công tác tháng 9 năm 2024", "Tháng 9/2024"),
        ("Công tác cải cách hành chính\n(Kỳ báo cáo: Tháng 9/2024)", "kỳ báo cáo: Tháng 9/2024"),
        ("Công tác cải cách hành chính", "không nêu quý, 6 tháng, 9 tháng hay năm"),
        ("Công tác quý I và quý II năm 2024", "nêu nhiều kỳ khác nhau: Quý I/2024, Quý II/2024"),
    ],
)
def test_a_title_that_names_no_quarter_is_a_fault(title, fault):
    found = head(NUMBER, DAY, "BÁO CÁO", *title.split("\n"), CLOSING)
    assert (found.period, found.basis) == (None, "")
    assert len(found.faults) == 1 and fault in found.faults[0]


def test_title_and_last_sentence_of_two_periods_are_a_fault():
    found = head(
        NUMBER, DAY, *TITLE, "Trên đây là báo cáo quý II năm 2024 của Sở Nội vụ thành phố Huế.",
        lang="en",
    )  # fmt: skip
    assert found.faults == ("two different periods: Q3 2024 and Q2 2024",)
    assert str(found.period) == "2024Q3"


# ---- Who reports.


@pytest.mark.parametrize(
    ("texts", "agency"),
    [
        (("SỞ NỘI VỤ", *WHOLE), "Sở Nội vụ thành phố Huế"),
        # Capitals do not tell which words are names: as decrees spell it, if they do.
        (("SỞ NỘI VỤ", *WHOLE[:-1]), "Sở Nội vụ"),
        (("TRUNG TÂM NƯỚC SẠCH", *WHOLE[:-1]), "Trung tâm Nước sạch"),
        (("UBND TỈNH A", "Sở Xây dựng", *WHOLE[:-1]), "Sở Xây dựng"),
        (("Sở Xây dựng   CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", *WHOLE[:-1]), "Sở Xây dựng"),
        (("Sở Nông nghiệp và PTNT", *WHOLE[:-1]), "Sở Nông nghiệp và Phát triển nông thôn"),
        ((*WHOLE[:-1], "(Kèm theo Báo cáo số 12/BC-SNV của Sở TT&TT)"),
         "Sở Thông tin và Truyền thông"),
        # The province is appended where the text names it, never from the place alone.
        ((*WHOLE[:-1], "Người dân thành phố Huế", "Trên đây là báo cáo của Sở KH&CN."),
         "Sở Khoa học và Công nghệ thành phố Huế"),
        ((*WHOLE[:-1], "Trên đây là báo cáo của Sở KH&CN."), "Sở Khoa học và Công nghệ"),
        ((*WHOLE[:-1], "Trên đây là báo cáo của UBND huyện A kính gửi Sở Nội vụ."),
         "Ủy ban nhân dân huyện A"),
    ],
)  # fmt: skip
def test_the_agency_is_found_and_written_out(texts, agency):
    found = head(*texts)
    assert (found.agency, found.faults) == (agency, ())


def test_two_agencies_are_a_fault_and_the_letterhead_stands():
    found = head("Sở Xây dựng", *WHOLE, lang="en")
    assert found.agency == "Sở Xây dựng thành phố Huế"
    assert found.faults == (
        "two agencies are named: Sở Xây dựng thành phố Huế and Sở Nội vụ thành phố Huế",
    )


def test_a_letterhead_laid_out_as_a_table_is_read():
    cells = (
        Cell(0, 0, 1, 1, "", "UBND TỈNH A\nSở Xây dựng\nSố: 7/BC-SXD"),
        Cell(0, 1, 1, 1, "", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nHuế, ngày 3 tháng 4 năm 2024"),
    )
    table = Grid(1, "bảng 1", "", "", cells, 1, 2, known_spans=True)
    title = Paragraph(1, "BÁO CÁO Công tác quý I năm 2024", "", "đoạn 1")
    found = read_head(Document("bc.docx", "docx", (table, title), ()))
    assert (found.agency, found.number) == ("Sở Xây dựng", "7/BC-SXD")
    assert (found.signed_on, found.faults) == (dt.date(2024, 4, 3), ())


def test_a_table_below_the_title_is_no_letterhead():
    cells = (Cell(0, 0, 1, 1, "", "Số: 7/BC-SXD"),)
    table = Grid(1, "bảng 1", "", "", cells, 1, 1, known_spans=True)
    title = Paragraph(1, "BÁO CÁO Công tác quý I năm 2024", "", "đoạn 1")
    assert read_head(Document("bc.docx", "docx", (title, table), ())).number == ""


def test_another_language_is_refused():
    with pytest.raises(CchcError, match="no labels in language 'fr'"):
        head(*WHOLE, lang="fr")


# ---- Number and day.


def test_what_is_missing_is_a_fault_each():
    found = head("Kính gửi: Sở Nội vụ", lang="en")
    assert (found.agency, found.number, found.signed_on, found.period) == ("", "", None, None)
    assert found.faults == (
        "the reporting agency is not named",
        "the report's number is not found",
        "no date of signature is found",
        "the period is not told",
    )
    assert head("Kính gửi: Sở Nội vụ").faults[0] == "không thấy tên cơ quan báo cáo"


@pytest.mark.parametrize(
    ("texts", "number"),
    [
        (("SỞ Y TẾ", "Số: 1234/SYT-VP", *WHOLE[1:]), "1234/SYT-VP"),
        (("SỞ Y TẾ", "Số: 1234 /SYT-KHTC  Huế, ngày 12 tháng 9 năm 2024"), "1234/SYT-KHTC"),
        (("SỞ Y TẾ", "Số:      /SYT-VP", *WHOLE[1:]), "/SYT-VP"),
        # The report's own stands before that of a letter.
        (("Số: 7/SYT-VP", NUMBER, *WHOLE[1:]), "12/BC-SNV"),
        # What a text names is not its own number.
        ((*TITLE, "Số: 1234/SYT-VP"), ""),
        (("Số 1234/QĐ-UBND ngày 01/02/2024 của tỉnh", *WHOLE[1:]), ""),
    ],
)
def test_a_report_may_bear_the_number_of_a_letter(texts, number):
    assert head(*texts).number == number


def test_a_letter_says_in_its_subject_which_quarter_it_reports_on():
    found = head("SỞ Y TẾ", "Số: 1234/SYT-VP", "V/v báo cáo công tác CCHC quý III năm 2024", DAY)
    assert (found.agency, str(found.period), found.basis) == ("Sở Y tế", "2024Q3", "in_period")


def attached(number="12/BC-SNV", day="12/9/2024"):
    return f"(Kèm theo Báo cáo số {number} ngày {day} của Sở Nội vụ)"


@pytest.mark.parametrize(
    ("texts", "faults"),
    [
        ((*WHOLE, attached()), ()),
        ((*WHOLE, attached(number="/BC-SNV")), ()),
        ((*WHOLE, attached(day="12 tháng 9 năm 2024")), ()),
        ((*WHOLE, attached(day="13/9/2024")), ("two different dates: 12/09/2024 and 13/09/2024",)),
        ((*WHOLE, attached(day="31/9/2024")), ("there is no such day: ngày 31/9/2024",)),
        ((*WHOLE, attached(number="13/BC-SNV")),
         ("two different numbers: 12/BC-SNV and 13/BC-SNV",)),
        (("Số:     /BC-SNV", *WHOLE[1:]), ("the report's number is left blank: /BC-SNV",)),
        ((NUMBER, "Huế, ngày    tháng 9 năm 2024", *WHOLE[2:]),
         ("no date of signature is found",)),
        ((NUMBER, "Huế, ngày … tháng 8 năm 2024", *WHOLE[2:], attached()),
         ("the date line leaves the day blank (ngày … tháng 8 năm 2024); the day is taken from the "
          "appendix: 12/09/2024",
          "the date 12/09/2024 is not in the month of the date line (ngày … tháng 8 năm 2024)")),
    ],
)  # fmt: skip
def test_numbers_and_days_that_contradict_each_other_are_told(texts, faults):
    assert head(*texts, lang="en").faults == faults


@given(st.dates(dt.date(1991, 1, 1), dt.date(2099, 12, 31)))
def test_the_day_of_the_date_line_comes_back(day):
    place = "Huế" if day.day % 2 else "Quận 3"
    found = head(NUMBER, f"{place}, ngày {day:%d} tháng {day.month} năm {day.year}", *WHOLE[2:])
    assert (found.signed_on, found.faults) == (day, ())


# ---- The days of the figures.


@pytest.mark.parametrize(
    "text",
    [
        "(Số liệu tính từ ngày 15/6/2024 đến ngày 14/9/2024)",
        "Từ ngày 15/6/2024 đến hết ngày 14/9/2024",
        "Số liệu từ ngày 15 tháng 6 đến ngày 14 tháng 9 năm 2024",
        "Kỳ báo cáo: từ 15/6 đến 14/9/2024",
        "Số liệu từ ngày 15 tháng 6 năm 2024 đến ngày 14 tháng 9 năm 2024",
    ],
)
def test_stated_days_are_the_window(text):
    found = head(*WHOLE[:-1], text, CLOSING)
    assert found.window == Window("2024-06-15", "2024-09-14")
    assert found.windows == ((found.window, "đoạn 5"),)


def test_days_under_an_appendix_are_its_own():
    found = head(*WHOLE, "Phụ lục", "(Số liệu tính từ ngày 01/01/2024 đến ngày 01/9/2024)")
    assert (found.window, found.faults) == (None, ())
    assert found.windows == ((Window("2024-01-01", "2024-09-01"), "đoạn 7"),)


def test_days_of_an_event_are_no_window():
    assert head(*WHOLE, "Tổ chức hội thi từ ngày 5/3/2024 đến ngày 7/3/2024.").windows == ()


def test_days_that_run_backwards_are_a_fault():
    found = head(*WHOLE, "Số liệu từ ngày 15/9/2024 đến ngày 14/6/2024", lang="en")
    assert found.windows == ()
    assert found.faults == (
        "the days of the figures cannot be read: từ ngày 15/9/2024 đến ngày 14/6/2024",
    )


@given(st.lists(st.text(max_size=40), max_size=8))
def test_any_paragraphs_at_all_are_read(texts):
    found = head(*texts)
    assert found.period is None or isinstance(found.period, pd.Period)


# --- letterheads of other agencies, and forms without a letter


@pytest.mark.parametrize(
    ("lines", "agency"),
    [
        (["ỦY BAN NHÂN DÂN", "HUYỆN TUY PHƯỚC"], "Ủy ban nhân dân huyện Tuy Phước"),
        (["UBND HUYỆN TUY PHƯỚC", "UBND XÃ PHƯỚC SƠN"], "Ủy ban nhân dân xã Phước Sơn"),
        (["UBND TỈNH CÀ MAU", "UBND HUYỆN NĂM CĂN"], "Ủy ban nhân dân huyện Năm Căn"),
        (["THÀNH PHỐ HUẾ", "UỶ BAN NHÂN DÂN", "PHƯỜNG PHÚ HỘI"], "Ủy ban nhân dân phường Phú Hội"),
        (["UBND TỈNH LÂM ĐỒNG", "VĂN PHÒNG"], "Văn phòng Ủy ban nhân dân tỉnh Lâm Đồng"),
        (["UBND TỈNH LÂM ĐỒNG", "SỞ KHOA HỌC", "VÀ CÔNG NGHỆ"], "Sở Khoa học và Công nghệ"),
        (["UBND TỈNH X", "BAN QUẢN LÝ", "KHU KINH TẾ"], "Ban Quản lý Khu kinh tế"),
        (["BỘ TÀI CHÍNH"], "Bộ Tài chính"),
    ],
)
def test_names_over_two_lines_and_of_committees(lines, agency):
    found = head(*lines, "Số: 12/BC-X", *TITLE)
    assert found.agency == agency


@pytest.mark.parametrize(
    ("lines", "agency", "period"),
    [
        (
            ["Biểu số II.06a/VPCP/KSTT", "TÌNH HÌNH, KẾT QUẢ GIẢI QUYẾT TTHC",
             "Kỳ báo cáo: Quý I/2024", "(Từ ngày 15/12/2023 đến ngày 14/3/2024)",
             "- Đơn vị báo cáo: UBND xã Phước Sơn", "- Đơn vị nhận báo cáo: UBND huyện Tuy Phước"],
            "Ủy ban nhân dân xã Phước Sơn", "2024Q1",
        ),
        (
            ["THỐNG KÊ TÌNH HÌNH GIẢI QUYẾT HỒ SƠ QUÝ II/2023", "Đơn vị: Sở Công Thương"],
            "Sở Công Thương", "2023Q2",
        ),
        (
            ["UBND TỈNH BÌNH ĐỊNH", "SỞ NỘI VỤ", "Phụ lục số liệu quý IV năm 2022"],
            "Sở Nội vụ", "2022Q4",
        ),
    ],
)  # fmt: skip
def test_a_form_without_a_letter_says_who_and_when(lines, agency, period):
    found = head(*lines)
    assert (found.agency, str(found.period)) == (agency, period)


@pytest.mark.parametrize(
    "line",
    [
        "Kết quả thực hiện quý II năm 2023 còn thấp.",
        "Thống kê tháng 6 năm 2023",
        "Trong quý II năm 2023, Sở Nội vụ đã tiếp nhận hồ sơ",
    ],
)
def test_a_sentence_or_a_month_is_no_title_of_a_form(line):
    assert head(line).period is None


def test_a_period_that_is_stated_beside_the_title_must_agree_with_it():
    found = head(*WHOLE, "Kỳ báo cáo: Quý II năm 2024")
    assert str(found.period) == "2024Q3"
    assert any("Quý II/2024" in fault for fault in found.faults)


# --- letterheads as they are printed, and periods where they stand

Q4 = "Trên đây là báo cáo quý IV năm 2024."
LETTER = ("UBND TỈNH SÔNG LAM", "{}", "Số: 12/BC-{}", "Sông Lam, ngày 15 tháng 9 năm 2026")
PRINTED = [
    (["SỞ VĂN HÓA, THỂ THAO VÀ DU LỊCH"], "SVHTTDL",
     "Sở Văn hóa, Thể thao và Du lịch tỉnh Sông Lam"),
    (["SỞ VĂN HÓA,", "THỂ THAO VÀ DU LỊCH"], "X", "Sở Văn hóa, Thể thao và Du lịch tỉnh Sông Lam"),
    (["SỞ NÔNG NGHIỆP, MÔI TRƯỜNG"], "SNNMT", "Sở Nông nghiệp, Môi trường tỉnh Sông Lam"),
    (["VĂN PHÒNG UBND TỈNH"], "VP", "Văn phòng Ủy ban nhân dân tỉnh Sông Lam"),
    (["THANH TRA TỈNH"], "TTr", "Thanh tra tỉnh Sông Lam"),
    (["UBND ĐẶC KHU HÒN MẪU"], "UBND", "Ủy ban nhân dân đặc khu Hòn Mẫu"),
    (["ĐẶC KHU HÒN MẪU"], "ĐK", "Đặc khu Hòn Mẫu"),
    (["UBND XÃ AN MẪU", "TRUNG TÂM PHỤC VỤ", "HÀNH CHÍNH CÔNG"], "TT",
     "Trung tâm Phục vụ hành chính công xã An Mẫu"),
    (["UBND PHƯỜNG 5", "PHÒNG VĂN HÓA - XÃ HỘI"], "VHXH", "Phòng Văn hóa - Xã hội phường 5"),
    (["VĂN PHÒNG ĐĂNG KÝ ĐẤT ĐAI", "TỈNH SÔNG LAM", "CHI NHÁNH KHE MẪU"], "CN",
     "Chi nhánh Khe Mẫu"),
    (["HỘI ĐỒNG NHÂN DÂN XÃ AN MẪU", "VĂN PHÒNG HĐND VÀ UBND"], "VP",
     "Văn phòng Hội đồng nhân dân và Ủy ban nhân dân xã An Mẫu"),
    (["CHI CỤC THUẾ KHU VỰC 2"], "CCT", "Chi cục Thuế Khu vực 2"),
    (["LIÊN MINH HỢP TÁC XÃ"], "LMHTX", "Liên minh Hợp tác xã"),  # no kind that is known
    # A commune's own name is no division.
    (["UBND PHƯỜNG PHÚ DIỄN"], "PHUDIEN", "Ủy ban nhân dân phường Phú Diễn"),
    (["UBND XÃ TÂN THỚI"], "TTHOI", "Ủy ban nhân dân xã Tân Thới"),
    # The superior's line alone: the symbol says who reports.
    ([], "STP", "Sở Tư pháp tỉnh Sông Lam"),
    ([], "UBND", "Ủy ban nhân dân tỉnh Sông Lam"),
    ([], "PNV", ""),
    ([], "SNV", ""),  # Sở Nội vụ or Sở Ngoại vụ
    ([], "SXYZ", ""),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "symbol", "agency"), PRINTED)
def test_who_reports_is_never_the_superior_of_who_does(lines, symbol, agency):
    first, _, number, day = LETTER
    assert head(first, *lines, number.format(symbol), day, *TITLE).agency == agency


def test_two_bodies_on_one_line_are_two():
    found = head("UBND TỈNH SÔNG LAM SỞ NỘI VỤ", "Số: 1/BC-SNV", *TITLE)
    assert found.agency == "Sở Nội vụ"


@pytest.mark.parametrize(
    ("lines", "period", "basis"),
    [
        (["TỔNG HỢP TÌNH HÌNH", "Quý II năm 2020"], "2020Q2", "in_period"),
        (["BIỂU TỔNG HỢP CÔNG TÁC", "Quý 2 Năm 2023"], "2023Q2", "in_period"),
        (["BÁO CÁO", "Kết quả công tác", "(6 tháng đầu năm 2024)"], "2024Q2", "year_to_date"),
        (["BÁO CÁO", "Kết quả công tác", "(Từ 15/9/2024 đến 14/12/2024)"], "2024Q4", "in_period"),
        (["BÁO CÁO", "Từ ngày 15/12/2023 đến ngày 14/9/2024"], "2024Q3", "year_to_date"),
        (["THỐNG KÊ", "Từ ngày 01/04/2024 đến ngày 30/06/2024"], "2024Q2", "in_period"),
        (["BÁO CÁO", "Từ ngày 01/01/2024 đến ngày 31/10/2024"], None, ""),
        (["BÁO CÁO", "Công tác 10 tháng năm 2024", Q4], None, ""),
        (["BÁO CÁO", "Công tác tuần 3 năm 2024"], None, ""),
        (["BÁO CÁO", "Công tác tháng 11 năm 2024", Q4], None, ""),
    ],
)  # fmt: skip
def test_the_period_is_found_where_it_stands_and_ten_months_are_none(lines, period, basis):
    found = head("SỞ NỘI VỤ", *lines)
    assert (found.period and str(found.period), found.basis) == (period, basis)
    assert (period is None) == any("không rõ kỳ báo cáo" in fault for fault in found.faults)


@given(st.integers(2015, 2030), st.integers(1, 4), st.sampled_from(["in_period", "year_to_date"]))
def test_days_that_are_a_quarter_are_that_quarter(year, quarter, basis):
    period = pd.Period(f"{year}Q{quarter}")
    window = Window.of(period, basis)
    found = head("BÁO CÁO", f"Từ ngày {window.start:%d/%m/%Y} đến ngày {window.end:%d/%m/%Y}")
    assert (found.period, found.window) == (period, window)
    assert found.basis == ("in_period" if quarter == 1 else basis)


def test_a_given_period_is_above_the_title_for_the_tables_too(tmp_path):
    """What is read with a period of its own is filed under it, not under the printed title's."""
    page = """<p>SỞ A</p><p>BÁO CÁO</p><p>Công tác cải cách hành chính quý III năm 2020</p>
    <table><tr><td>Tổng số văn bản đi</td><td>Văn bản giấy</td><td>VBĐT</td></tr>
    <tr><td>10</td><td>4</td><td>6</td></tr></table>"""
    file = tmp_path / "bao-cao.html"
    file.write_text(page, encoding="utf-8")
    for period, filed in ((None, "2020Q3"), ("2026Q3", "2026Q3")):
        report = read_report(file, agency="Sở A", period=period)
        assert report.tables["documents"]["period"].astype(str).tolist() == [filed]
