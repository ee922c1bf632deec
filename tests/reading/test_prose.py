"""Prose as reports write it: each digit has a role, each figure is a claim, none is invented."""

import re
import unicodedata
from collections import Counter

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from seed import FOLDER, seed_paragraphs

from cchc_stats.indicators import INDICATORS
from cchc_stats.reading import CLAIMS
from cchc_stats.reading.files.document import Paragraph
from cchc_stats.reading.head.numbers import document_numbers, number_findings
from cchc_stats.reading.prose.claims import ACCOUNT, account_of, claims_of
from cchc_stats.reading.prose.figures import messages, patterns
from cchc_stats.words.numbers.printing import format_number
from cchc_stats.words.periods import BASES

Q3 = pd.Period("2020Q3", freq="Q-DEC")
SHARE = "electronic_documents_share"
# Stated in columns of notes, which are cells of tables and no paragraphs.
IN_TABLES = {"62/62", "11 UBND cấp huyện", "11 Phòng GDĐT"}


def paragraphs(*texts):
    return [Paragraph(at, text, "", f"đoạn {at}") for at, text in enumerate(texts, 1)]


def claims(*texts, period=Q3, **options):
    return claims_of(paragraphs(*texts), period=period, **options)


def figures(*texts):
    """Return value, denominator (0 for none), unit and indicator of each claim."""
    frame = claims(*texts)
    columns = ["value", "denominator", "unit", "indicator"]
    return [tuple(row) for row in frame[columns].fillna({"denominator": 0}).to_numpy()]


def roles(text):
    account = account_of(paragraphs(text)[0])
    return [tuple(row) for row in account[["text", "role"]].to_numpy()]


# ---- The real report, against what a person read in it.


def truth():
    cells = pd.read_csv(FOLDER / "claims.csv", dtype="str", keep_default_na=False)
    stated = cells[(cells["value"] != "") & ~cells["quote"].isin(IN_TABLES)]
    value = stated["value"].str.rstrip("%").str.replace(",", ".").astype("float")
    whole = stated["denominator"].replace("", "0").astype("float")
    return stated.assign(value=value, denominator=whole)


@pytest.mark.parametrize("columns", [["unit", "indicator", "group"], ["period"]])
def test_the_claims_of_the_print_are_those_a_person_found(columns):
    found = claims_of(seed_paragraphs(), period=Q3).fillna({"denominator": 0})
    found = found[found["unit"] != "qualitative"]
    found = found.assign(period=found["period"].astype("str"))
    keys = ["value", "denominator", *columns]
    one, other = (
        Counter(map(tuple, frame[keys].to_numpy().tolist())) for frame in (found, truth())
    )
    assert (one - other, other - one) == (Counter(), Counter())


def test_the_basis_of_the_print_is_the_one_a_person_read_but_for_two_that_only_context_tells():
    found = claims_of(seed_paragraphs(), period=Q3).query("unit != 'qualitative'")["basis"].tolist()
    read = truth()["basis"].tolist()
    differ = [at for at in range(len(read)) if found[at] != read[at]]
    # The inspection of a year's plan, and a mailbox for all, said without a word of time.
    assert truth()["quote"].iloc[differ].tolist() == ["01 đơn vị kiểm tra gián tiếp", "100% CCVC"]


def test_quotes_and_places_of_the_print_are_of_their_paragraph():
    printed = {one.place: one.text for one in seed_paragraphs()}
    found = claims_of(seed_paragraphs(), period=Q3)
    assert all(row.quote in printed[row.place] for row in found.itertuples())
    assert (found["quote"].str.len() < 60).all()


def test_every_digit_of_the_print_has_one_role_and_none_is_unread():
    for one in seed_paragraphs():
        account = account_of(one)
        counted = Counter(at for row in account.itertuples() for at in range(row.start, row.end))
        assert all(counted[at] == 1 for at, char in enumerate(one.text) if char in "0123456789")
        assert "unread" not in set(account["role"])


def test_numbers_of_the_print():
    named = document_numbers(seed_paragraphs())
    found = number_findings(named, own_symbol="BC-SKHCCN", lang="en")
    assert found["rule"].tolist() == ["number_twice", "symbol_spellings"]
    assert found["found"].iloc[0] == "30/01/2020; 31/01/2020"
    assert set(found["found"].iloc[1].split("; ")) == {"SKHCN", "SKHCCN", "SKHHCN", "SKHCHN"}
    assert "spelled 4 ways" in found["message"].iloc[1]


# ---- Published figures in sentences.


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "Đã giải quyết 151.295 hồ sơ, trong đó đúng hạn 148.761 hồ sơ, đạt tỷ lệ 98,33%.",
            [
                (151295, 0, "count", "dossiers_settled"),
                (148761, 0, "count", "on_time_rate_settled"),
                (98.33, 0, "percent", "on_time_rate_settled"),
            ],
        ),
        (
            "Đã giải quyết 956 hồ sơ, trong đó đúng hạn và trước hạn 948 hồ sơ, đạt 99,16%.",
            [
                (956, 0, "count", "dossiers_settled"),
                (948, 0, "count", "on_time_rate_settled"),
                (99.16, 0, "percent", "on_time_rate_settled"),
            ],
        ),
        (
            "Đúng hạn 4.157/4.169 hồ sơ đến hạn, đạt 99,71%.",
            [
                (4157, 4169, "count", "on_time_rate_due"),
                (99.71, 0, "percent", "on_time_rate_due"),
            ],
        ),
        (
            "Tỷ lệ hồ sơ giải quyết đúng hạn trên tổng số hồ sơ tiếp nhận đạt 97,93%, "
            "tăng 0,10% so với năm 2022.",
            [
                (97.93, 0, "percent", "on_time_rate_received"),
                (0.10, 0, "percentage_points", ""),
            ],
        ),
        # Nothing says of what: no indicator.
        ("Tỷ lệ giải quyết đúng hạn đạt 98,81%.", [(98.81, 0, "percent", "")]),
        ("Gần 98% hồ sơ được giải quyết đúng hạn.", [(98, 0, "percent", "")]),
        # A part of the agency is not the agency.
        ("Cấp huyện đã giải quyết 329.596 hồ sơ.", [(329596, 0, "count", "dossiers_settled")]),
        ("Lĩnh vực đất đai đã giải quyết 125 hồ sơ.", [(125, 0, "count", "dossiers_settled")]),
        ("Mới tiếp nhận 4.131 hồ sơ.", [(4131, 0, "count", "dossiers_newly_received")]),
        # A decimal point, and what cannot be a count with decimals.
        ("Trả đúng hạn 96.8%, có 1,598 hồ sơ.", [(96.8, 0, "percent", ""), (1598, 0, "count", "")]),
        ("Trực tuyến 12.516 hồ sơ (22,33%).", [(12516, 0, "count", ""), (22.33, 0, "percent", "")]),
        ("Đạt 59,69/65 điểm, xếp thứ 7/63.", [(59.69, 65, "points", ""), (7, 63, "rank", "")]),
        ("Số hồ sơ tăng 12% so với cùng kỳ.", [(12, 0, "percent", "")]),
        ("Có 10,18 ngàn lượt truy cập.", [(10180, 0, "count", "")]),
        ("Đạt từ 90-95%.", [(90, 0, "percent", ""), (95, 0, "percent", "")]),
        ("Từ 3/4 lên 4/4 đơn vị.", [(3, 4, "count", ""), (4, 4, "count", "")]),
        ("Kinh phí 1,5 tỷ đồng.", [(1.5e9, 0, "dong", "")]),
    ],
)
def test_published_figures_in_sentences(sentence, expected):
    assert figures(sentence) == expected


@pytest.mark.parametrize(
    ("sentence", "indicator", "group"),
    [
        ("Hiện có 45 TTHC được giải quyết.", "procedures_in_force", "all"),
        ("Hiện có 45 TTHC cung cấp ở mức độ 4.", "online_procedures", "4"),
        ("Có 45 TTHC cung cấp dịch vụ công trực tuyến toàn trình.", "online_procedures", "full"),
        ("Có 45 dịch vụ công trực tuyến một phần.", "online_procedures", "partial"),
        ("Có 45 TTHC mức độ 3, 4.", "", ""),
        ("Có 45 hồ sơ mức độ 4.", "", ""),
        ("02 đơn vị có mạng WAN.", "units_wan", "all"),
        ("Số đơn vị có mạng LAN: 04.", "units_lan", "all"),
        ("Mở 02 lớp tập huấn.", "", ""),
        ("Bồi dưỡng nghiệp vụ cho 35 công chức.", "people_trained", "all"),
        ("45 lượt công chức tham gia bồi dưỡng.", "training_turns", "all"),
        ("Biên chế hành chính được giao: 40.", "staff_assigned", "administrative"),
        ("100% TTHC áp dụng ISO 9001:2015.", "iso_procedures_share", "all"),
        ("Tỷ lệ văn bản đi dưới dạng điện tử đạt 95,3%.", "electronic_documents_share", "all"),
        ("Tỷ lệ văn bản đến dưới dạng điện tử đạt 95,3%.", "", ""),
        ("Tỷ lệ TTHC được cắt giảm thời gian giải quyết đạt 20%.", "", ""),
        ("Cắt giảm 20% thời gian giải quyết.", "time_reduction", ""),
        ("Trong quý cấp mới, số chữ ký số được cấp: 20.", "", ""),
    ],
)
def test_an_indicator_is_named_only_where_the_words_make_it_clear(sentence, indicator, group):
    found = claims(sentence)[["indicator", "group"]].to_numpy().tolist()
    assert found == [[indicator, group]]


def test_a_share_takes_the_indicator_of_its_fraction_only_where_the_arithmetic_agrees():
    sentence = "Đã kiểm tra trực tiếp {} đơn vị và 01 đơn vị gián tiếp, đạt tỷ lệ {}."
    assert figures(sentence.format("2/3", "66,7%"))[2][3] == "inspected_share_direct"
    assert figures(sentence.format("2/3", "100%"))[2][3] == ""


@pytest.mark.parametrize(
    ("sentence", "indicators"),
    [
        ("Phấn đấu tỷ lệ văn bản điện tử đạt 100%.", [""]),
        ("Phấn đấu hoàn thành 90% nhiệm vụ, tỷ lệ văn bản điện tử đạt 100%.", ["", ""]),
        ("Phấn đấu bồi dưỡng nghiệp vụ cho 35 công chức.", [""]),
        ("Phấn đấu 95%, đến nay tỷ lệ văn bản điện tử đạt 97%.", ["", SHARE]),
        ("Mục tiêu: nhiệm vụ đúng hạn 95%; tỷ lệ văn bản điện tử đạt 100%.", ["", ""]),
        ("Chỉ tiêu giao 95%, tỷ lệ văn bản điện tử đạt 97%.", ["", SHARE]),
        ("Tỷ lệ văn bản điện tử theo chỉ tiêu giao là 95%.", [""]),
        ("Tỷ lệ văn bản điện tử theo yêu cầu đạt 95%.", [""]),
        ("Tỷ lệ văn bản điện tử (yêu cầu: 95%) đạt 97%.", ["", ""]),
        ("Theo yêu cầu của tỉnh, tỷ lệ văn bản điện tử đạt 97%.", [SHARE]),
        ("Vượt mục tiêu đề ra, tỷ lệ văn bản điện tử đạt 97%.", [SHARE]),
        ("Tỷ lệ văn bản điện tử vượt mục tiêu 95%.", [""]),
        ("Chỉ tiêu biên chế hành chính được giao: 40.", ["staff_assigned"]),
    ],
)
def test_what_is_aimed_at_is_the_value_of_no_indicator(sentence, indicators):
    assert claims(sentence)["indicator"].tolist() == indicators


@pytest.mark.parametrize(
    ("sentence", "indicators"),
    [
        ("Tổng số hồ sơ tiếp nhận là 370.", ["dossiers_received"]),
        ("Có 14 hồ sơ quá hạn.", ["dossiers_settled_late"]),
        ("Tiếp nhận 20 hồ sơ.", [""]),  # of what kind is not told
        ("Tiếp nhận 20 hồ sơ TTHC.", ["dossiers_received"]),
        ("Tiếp nhận 20 hồ sơ, giải quyết 19 hồ sơ.", ["dossiers_received", "dossiers_settled"]),
        ("Chi cục tiếp nhận 20 hồ sơ, giải quyết 19 hồ sơ.", ["", ""]),
        ("Tháng 9, tiếp nhận 20 hồ sơ, giải quyết 19 hồ sơ.", ["", ""]),
        ("Tại quý II, tiếp nhận 20 hồ sơ, giải quyết 19 hồ sơ.", ["", ""]),
        ("Tại quý III, tiếp nhận 20 hồ sơ, giải quyết 19 hồ sơ.",
         ["dossiers_received", "dossiers_settled"]),
        ("Văn bản điện tử 1.315, đạt 95,3%.", [SHARE, SHARE]),
        ("Văn bản điện tử đến: 1.315, đạt 95,3%.", ["", ""]),
        ("Đúng hạn đạt 97,5% (1.456/1.493).", ["", "on_time_rate_settled"]),
    ],
)  # fmt: skip
def test_a_count_is_of_an_indicator_where_its_words_and_paragraph_make_it_clear(
    sentence, indicators
):
    assert claims(sentence)["indicator"].tolist() == indicators


def test_a_quote_begins_with_the_word_and_not_with_part_of_it():
    assert claims("Văn bản điện tử 1.315.")["quote"].tolist() == ["Văn bản điện tử 1.315"]
    assert claims("Văn bản từ 1.315.")["quote"].tolist() == ["từ 1.315"]


def test_the_quote_of_a_goal_says_that_it_is_one():
    said = "Sở phấn đấu đến hết năm 100% hồ sơ được giải quyết đúng hạn."
    assert claims(said)["quote"].tolist() == ["phấn đấu đến hết năm 100%"]


def test_words_of_the_print_about_a_share_are_a_claim_without_a_figure():
    found = claims_of(seed_paragraphs(), period=Q3).query("unit == 'qualitative'")
    columns = ["quote", "indicator", "group", "basis"]
    wanted = ["trực tuyến còn thấp", "online_share", "all", "in_period"]
    assert found[columns].to_numpy().tolist() == [wanted]
    assert found["value"].isna().all()


@pytest.mark.parametrize(
    ("sentence", "quotes"),
    [
        ("Hồ sơ nộp trực tuyến còn thấp.", ["trực tuyến còn thấp"]),
        ("Số hồ sơ qua mạng của người dân rất thấp.", ["qua mạng của người dân rất thấp"]),
        ("Tỷ lệ nộp trực tuyến chưa cao, 02 xã chưa có.", ["trực tuyến chưa cao"]),
        ("Tỷ lệ thanh toán trực tuyến còn thấp.", []),
        ("Hội nghị trực tuyến. Tỷ lệ còn thấp.", []),
        ("Tỷ lệ hồ sơ trực tuyến đạt cao, thu nhập còn thấp.", []),
    ],
)
def test_words_about_the_share_online(sentence, quotes):
    found = claims(sentence).query("unit == 'qualitative'")
    assert found["quote"].tolist() == quotes


def test_a_cut_of_time_is_two_times_and_their_difference():
    found = claims("Rút ngắn từ 15 xuống còn 13 ngày làm việc (giảm 02 ngày làm việc).")
    assert found[["value", "unit"]].to_numpy().tolist() == [
        [15, "working_days"],
        [13, "working_days"],
        [2, "working_days"],
    ]
    assert found["indicator"].tolist() == ["", "", "days_saved"]


@pytest.mark.parametrize(
    ("sentence", "period", "basis"),
    [
        ("Trong quý II, có 5 hồ sơ.", "2020Q2", "in_period"),
        ("Cuối năm 2019, có 5 hồ sơ.", "2019Q4", "year_to_date"),
        ("6 tháng đầu năm 2020, có 5 hồ sơ.", "2020Q2", "year_to_date"),
        ("9 tháng đầu năm, có 5 hồ sơ.", "2020Q3", "year_to_date"),
        ("Từ đầu năm đến nay có 5 hồ sơ.", "2020Q3", "year_to_date"),
        ("Lũy kế tính đến thời điểm báo cáo có 5 hồ sơ.", "2020Q3", "year_to_date"),
        ("Tính đến thời điểm báo cáo có 5 hồ sơ.", "2020Q3", "as_of"),
        ("Lũy kế có 5 hồ sơ.", "2020Q3", "year_to_date"),
        # No quarter ends there: a claim of no quarter.
        ("8 tháng đầu năm, có 5 hồ sơ.", "NaT", "in_period"),
        ("Chỉ số CCHC năm 2019 đạt 87 điểm.", "2019Q4", "year_to_date"),
        ("Có 5 hồ sơ. Năm 2019, không.", "2020Q3", "in_period"),
    ],
)
def test_period_and_basis_are_those_the_sentence_tells(sentence, period, basis):
    (row,) = claims(sentence).itertuples()
    assert (str(row.period), row.basis) == (period, basis)


def test_what_tells_no_time_has_that_of_the_report():
    (row,) = claims("Có 5 hồ sơ.", period=pd.Period("2021Q2"), basis="year_to_date").itertuples()
    assert (str(row.period), row.basis) == ("2021Q2", "year_to_date")


def test_what_stands_under_the_outlook_is_of_the_time_to_come():
    sections = ("II. KẾT QUẢ THỰC HIỆN NHIỆM VỤ", "III. PHƯƠNG HƯỚNG, NHIỆM VỤ QUÝ IV > 1. Hồ sơ")
    told = [Paragraph(1, "Tỷ lệ văn bản điện tử đạt 100%.", one, "đoạn 1") for one in sections]
    assert claims_of(told, period=Q3)["period"].astype("str").tolist() == ["2020Q3", "2020Q4"]


def test_words_that_make_a_figure_approximate_stay_in_the_quote():
    assert claims("Đạt gần 97% và hơn 2.500 hồ sơ.")["quote"].tolist() == [
        "Đạt gần 97%",
        "hơn 2.500 hồ sơ",
    ]


# ---- What is no figure.


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("ngày 05/05/2020", "date"),
        ("ngày 28 tháng 02 năm 2020", "date"),
        ("từ ngày 21/4 đến 20/5/2019", "date"),
        ("Quyết định số 38/QĐ-SKHCCN", "document"),
        ("Nghị định 09/2019/NĐ-CP", "document"),
        ("Kế hoạch số 26-KH/TU", "document"),
        ("Tờ trình số 12/ TTr-SNV", "document"),
        ("Nghị định 61", "law"),
        ("quý 3 năm 2020", "period"),
        ("9 tháng đầu năm", "period"),
        ("tháng 6/2020", "period"),
        ("giai đoạn 2016-2020", "year"),
        ("định hướng đến năm 2030", "year"),
        ("TCVN ISO 9001: 2008", "standard"),
        ("LAS-XD 706", "standard"),
        ("TC ISO 17025: 2005", "standard"),
        ("mức độ 3, 4", "level"),
        ("mức độ 3 và mức độ 4", "level"),
        ("1. Về kế hoạch", "section"),
        ("2.1. Về kế hoạch", "section"),
        ("Điều 12 và khoản 3", "section"),
        ("điện thoại 0256.3822 123", "phone"),
        ("http://a.vn/12/3?id=4", "url"),
        ("Trung tâm 1", "name"),
        ("dịch Covid-19", "name"),
        ("mạng 5G", "name"),
        ("lúc 14h30", "time"),
        ("lúc 9h", "time"),
        ("báo cáo trước 15/9", "date"),
        ("II.1. Về kế hoạch", "section"),
        ("1/ Về kế hoạch", "section"),
        ("1 - Về kế hoạch", "section"),
        ("mã 1.003456.000.00.00.H08", "name"),
        ("QCVN 01:2019/BKHCN", "standard"),
        ("12/13/14", "unread"),
        ("1,23,45", "unread"),
    ],
)
def test_what_is_no_figure_is_no_claim(text, role):
    assert {found for _, found in roles(text)} == {role}
    assert claims(text).empty


@pytest.mark.parametrize("text", ["tăng 3 bậc", "Quyết định 04 việc", "tại 05 phường", "mức 97%"])
def test_words_that_look_like_the_name_of_a_number_leave_the_figure(text):
    assert len(claims(text)) == 1


def test_no_text_no_claim():
    empty = claims("Không có số nào.")
    assert empty.empty and tuple(empty.columns) == CLAIMS
    assert str(empty["period"].dtype) == "period[Q-DEC]"
    assert tuple(account_of(paragraphs("Không.")[0]).columns) == ACCOUNT


def test_decomposed_letters_and_odd_spaces_are_read_alike():
    text = "Tỷ lệ  văn bản dưới dạng điện tử:\u00a099%"
    one, other = (
        claims(form).drop(columns="quote") for form in (text, unicodedata.normalize("NFD", text))
    )
    pd.testing.assert_frame_equal(one, other)
    assert one["indicator"].tolist() == ["electronic_documents_share"]


# ---- Laws.

COUNTS = st.integers(0, 10**7)
WORDS = st.sampled_from(
    ["hồ sơ", "đơn vị", "ngày", "năm", "quý III", "số", "%", "/", "mức độ", "Điều", "ISO", ",", "."]
)
PIECES = st.lists(
    st.one_of(
        WORDS,
        COUNTS.map(str),
        st.from_regex(r"[0-9]{1,4}[./,:%-][0-9]{1,4}", fullmatch=True),
        st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=4),
    ),
    max_size=14,
)


@given(PIECES)
def test_every_digit_is_accounted_for_once_and_claims_are_the_figures(pieces):
    (one,) = paragraphs(" ".join(pieces))
    account = account_of(one)
    counted = Counter(at for row in account.itertuples() for at in range(row.start, row.end))
    assert all(counted[at] == 1 for at, char in enumerate(one.text) if char in "0123456789")
    assert all(row.text == one.text[row.start : row.end] for row in account.itertuples())
    found = claims_of([one], period=Q3)
    assert len(found) == (account["role"] == "claim").sum()
    assert found["basis"].isin(BASES).all() and found["value"].notna().all()
    assert all(quote in one.text for quote in found["quote"])


@given(st.text(max_size=80))
def test_any_text_at_all_is_read(text):
    (one,) = paragraphs(text)
    account_of(one), claims_of([one], period=Q3), document_numbers([one])


@given(COUNTS, st.sampled_from(["hồ sơ", "TTHC", "đơn vị", "người", "văn bản"]))
def test_a_count_in_a_sentence_comes_back(count, noun):
    printed = format_number(count, decimals=0)
    assert figures(f"Trong kỳ, Sở nhận {printed} {noun} các loại.")[0][:3] == (count, 0, "count")


@given(st.integers(0, 10000), st.integers(0, 2))
def test_a_percent_in_a_sentence_comes_back(hundredths, decimals):
    value = round(hundredths / 100, decimals)
    printed = format_number(value, decimals=decimals)
    assert figures(f"Kết quả đạt {printed}% kế hoạch.") == [(value, 0, "percent", "")]


@given(st.integers(0, 5000), st.integers(1, 5000))
def test_a_fraction_in_a_sentence_comes_back(part, whole):
    printed = f"{format_number(part, decimals=0)}/{format_number(whole, decimals=0)}"
    sentence = f"Đã hoàn thành {printed} hồ sơ."
    assert figures(sentence) == [(part, whole, "count", "")]


@given(st.dates(pd.Timestamp("2000-01-01").date(), pd.Timestamp("2030-12-31").date()))
def test_a_day_is_never_a_claim(day):
    for printed in (f"{day:%d/%m/%Y}", f"{day.day}/{day.month}/{day.year}", f"{day:%d.%m.%Y}"):
        assert roles(f"họp ngày {printed} tại Sở")[0][1] == "date"
        assert claims(f"họp ngày {printed} tại Sở").empty


# ---- The patterns themselves.


def test_patterns_name_indicators_and_units_that_exist():
    known = {one.code for one in INDICATORS}
    assert {rule.name for rule in patterns().indicators} <= known
    assert {rule.basis for rule in patterns().indicators} <= {"", *BASES}


def test_messages_are_in_both_languages_with_the_same_words():
    for words in messages().values():
        slots = [sorted(re.findall(r"\{(\w+)", text)) for text in (words.vi, words.en)]
        assert slots[0] == slots[1] and words.vi != words.en


# ---- Documents named.


def test_documents_are_named_with_number_symbol_day_and_subject():
    named = document_numbers(
        paragraphs(
            "Quyết định số 38/QĐ-SNV ngày 28/02/2020 về việc ban hành Kế hoạch.",
            "Nghị định số 130/2005/NĐ-CP của Chính phủ ngày 17/10/2005 và Kế hoạch số 26-KH/TU",
            "Kế hoạch số 9/KH-SNV, họp ngày 3/4/2020; 3/4 đơn vị, 62 TTHC",
            "Số: /BC-SNV",
            "Tờ trình số 12/ TTr-SNV",
        )
    )
    days = named["date"].dt.strftime("%Y-%m-%d").fillna("").tolist()
    assert named["number"].tolist() == ["38", "130/2005", "26", "9", "", "12"]
    assert named["symbol"].tolist() == ["QĐ-SNV", "NĐ-CP", "KH/TU", "KH-SNV", "BC-SNV", "TTr-SNV"]
    assert days == ["2020-02-28", "2005-10-17", "", "", "", ""]
    assert named["subject"].iloc[0] == "về việc ban hành Kế hoạch"
    assert named["place"].tolist() == ["đoạn 1", "đoạn 2", "đoạn 2", "đoạn 3", "đoạn 4", "đoạn 5"]


def findings(*texts, own="SKHCN", **options):
    return number_findings(document_numbers(paragraphs(*texts)), own_symbol=own, **options)


def test_one_number_with_two_days_is_told_with_the_places_of_each():
    found = findings(
        "Kế hoạch số 42/KH-SKHCN ngày 30/01/2020", "Kế hoạch số 42/KH-SKHCN ngày 31/01/2020"
    )
    assert found["severity"].tolist() == ["warning"]
    assert found["message"].tolist() == [
        "một số mang 2 ngày khác nhau: 42/KH-SKHCN: 30/01/2020 (đoạn 1); 31/01/2020 (đoạn 2)"
    ]


@pytest.mark.parametrize(
    "second",
    [
        "Kế hoạch số 42/KH-SKHCN ngày 30/01/2020",  # the same day
        "Kế hoạch số 42/KH-SKHCN ngày 31/01/2019",  # each year counts anew
        "Quyết định số 42/QĐ-SKHCN ngày 31/01/2020",  # another kind
        "Kế hoạch số 42/KH-UBND ngày 31/01/2020",  # another body
        "Kế hoạch số 42/KH-SKHCN",  # no day
    ],
)
def test_two_documents_are_not_one_number_twice(second):
    assert findings("Kế hoạch số 42/KH-SKHCN ngày 30/01/2020", second).empty


def test_spellings_of_the_own_symbol_are_told_and_other_bodies_are_not():
    found = findings(
        "Số 1/KH-SKHCN", "Số 2/KH-SKHHCN", "Số 3/KH-SKHCHN", "Số 4/QĐ-UBND", "Số 5/KH-SKHĐT",
        "Số 6/CT-TTg", lang="en", agency="Sở A", period=Q3,
    )  # fmt: skip
    assert found["message"].tolist() == [
        "the symbol of the agency is spelled 3 ways: "
        "SKHCN (đoạn 1); SKHHCN (đoạn 2); SKHCHN (đoạn 3)"
    ]
    assert found["agency"].tolist() == ["Sở A"] and found["period"].tolist() == [Q3]
    # A letter (công văn) has the body first, and what drafted it after.
    letters = findings("Số 1/SKHCN-VP", "Số 2/SKHCCN-VP", "Số 3/UBND-NC")
    assert letters["found"].tolist() == ["SKHCN; SKHCCN"]
    assert findings("Số 1/KH-STC", "Số 2/KH-STP", own="STC").empty
    assert findings("Số 1/KH-SKHCN", "Số 2/KH-SKHHCN", own="").empty


def test_many_places_are_counted_in_the_message_and_all_told_in_where():
    found = findings("Số 1/KH-SKHCN", "Số 2/KH-SKHHCN", "Số 3/KH-SKHCN", "Số 4/KH-SKHCN", "Số 5/KH")
    assert found["message"].tolist() == [
        "ký hiệu của cơ quan được viết 2 cách: SKHCN (đoạn 1 và 2 chỗ khác); SKHHCN (đoạn 2)"
    ]
    assert [*found["where"]] == ["đoạn 1; đoạn 3; đoạn 4; đoạn 2"]


def test_a_long_text_without_a_full_stop_is_read_in_its_length():
    text = "đúng hạn 12/34 hồ sơ đã giải quyết, trong đó 5% quá hạn, " * 400
    assert len(claims(text)) == 800
