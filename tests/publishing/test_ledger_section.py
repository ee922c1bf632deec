"""What is to be known of a ledger, on the page and on the written form."""

import pandas as pd
import pytest

from cchc_stats import ledger_quality, read_ledger, read_report, write_form, write_report
from cchc_stats.publishing.frames import ledger_section
from cchc_stats.words import CchcError

REPORT = "data/binh-dinh-skhcn-2020q3"
ROWS = """\
Mã hồ sơ,Ngày tiếp nhận,Ngày hẹn trả,Ngày trả,Trạng thái,Thời hạn giải quyết
1,01/07/2020,10/07/2020,09/07/2020,Đã trả kết quả,1 tháng
2,02/07/2020,10/07/2020,,Đang xử lý,5 ngày làm việc
3,,10/07/2020,,Đang xử lý,
"""


@pytest.fixture
def quality(tmp_path) -> pd.DataFrame:
    path = tmp_path / "export.csv"
    path.write_text(ROWS, encoding="utf-8")
    return ledger_quality(read_ledger(path))


def test_the_page_says_it_in_a_sentence_and_a_table(quality, tmp_path):
    page = write_report(read_report(REPORT), tmp_path / "trang.html", quality=quality)
    html = page.read_text(encoding="utf-8")
    section = html.split('<section id="ledger">')[1].split("</section>")[0]
    assert "từ sổ hồ sơ, 01/07/2020 đến 09/07/2020" in section
    assert "thời hạn không đổi được ra ngày làm việc 1" in section
    assert "không có ngày tiếp nhận 1" in section
    assert "&#39;1 tháng&#39; (1)" in section
    assert section.count("<tr>") == 1 + len(quality)


def test_without_a_ledger_there_is_no_section(tmp_path):
    html = write_report(read_report(REPORT), tmp_path / "trang.html").read_text(encoding="utf-8")
    assert 'id="ledger"' not in html


def test_small_numbers_are_not_told_beside_it(quality, tmp_path):
    with pytest.raises(CchcError, match="tells small numbers"):
        write_report(read_report(REPORT), tmp_path / "trang.html", quality=quality, below=5)


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_the_form_has_it_as_its_last_table_and_reads_back(quality, tmp_path, kind):
    report = read_report(REPORT)
    name = tmp_path / f"bieu.{kind}"
    plain = read_report(write_form(report, name, period="2020Q3"))
    told = read_report(write_form(report, name, period="2020Q3", quality=quality))
    assert set(told.tables) == set(plain.tables) and len(told.claims) == len(plain.claims)
    for code, frame in plain.tables.items():
        assert frame.equals(told.tables[code]), code
    assert len(told.unplaced) == len(plain.unplaced) + len(quality)
    own = told.unplaced[~told.unplaced["text"].isin(plain.unplaced["text"])]
    assert own["text"].str.contains("không có ngày tiếp nhận | 1 |", regex=False).any()
    assert {*own["reason"]} == {
        "bảng ghi điều cần biết về sổ hồ sơ mà các biểu được đếm từ đó, không phải biểu số liệu: "
        "không phải ghi thêm gì"
    }


def test_the_form_tells_no_small_numbers_beside_it(quality, tmp_path):
    with pytest.raises(CchcError, match="tells small numbers"):
        write_form(
            read_report(REPORT), tmp_path / "x.docx", period="2020Q3", quality=quality, below=5
        )


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_check_has_words(quality, lang):
    checks = [
        *("first_event", "last_event", "due_end_of_day", "due_time_of_day", "due_not_stated"),
        *("rejected_no_receipt_date", "repeated", "superseded", "changed", "lost"),
        *("status_unknown", "channel_unknown", "status_by_profile", "facts_unknown"),
        *("limit_refused", "agency_unstated", "sector_unstated", "agency_spellings", "no_days"),
        *("end_columns_joined", "merged_filled", "sheet_left_out", "sheet_continued"),
        *("file_left_out", "code_page", "columns_joined", "month_first", "short_years"),
        "mixed_order",
    ]
    table = pd.DataFrame({"check": checks, "count": 1, "share": float("nan"), "example": ""})
    rows = ledger_section(table, lang=lang).rows
    assert all(row["what"] for row in rows) and len({row["what"] for row in rows}) == len(checks)
