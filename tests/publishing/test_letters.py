"""Letters to units: what was found, as they can be sent."""

import re
from pathlib import Path

import docx
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import load_workbook

from cchc_stats.publishing import write_findings
from cchc_stats.publishing.letters.contents import letters_of, one_spelling
from cchc_stats.words import CchcError, findings_frame

Q3 = pd.Period("2026Q3", freq="Q-DEC")


def found(*, rule="identity", severity="error", agency="Sở Tư pháp tỉnh Sông Lam", **more) -> dict:
    return {
        "severity": severity,
        "rule": rule,
        "agency": agency,
        "period": Q3,
        "file": "BC quy III.docx",
        "where": "Tình hình giải quyết hồ sơ, dòng 2 'Công chứng' (BC quy III: Mục I.1; bảng 2,"
        " hàng 5, dòng 'Công chứng')",
        "message": "Lĩnh vực Công chứng: hồ sơ đã giải quyết 260, nhưng trả đúng hạn 247 + trả quá"
        " hạn 4 = 251, lệch 9",
    } | more


POSTS = found(
    rule="present_above_assigned",
    severity="warning",
    where="",
    message="Biên chế hành chính: hiện có 71 người, vượt 65 biên chế được giao",
)
NOTE = found(rule="incomplete", severity="note", message="chưa đối chiếu được số văn bản giấy")
MISSING = pd.DataFrame(
    {
        "agency": ["Thanh tra tỉnh", "Sở Y tế", "Sở Y tế"],
        "period": pd.PeriodIndex([Q3] * 3),
        "form": ["", "documents", "staffing"],
        "reason": ["chưa gửi báo cáo", "thiếu biểu", "thiếu biểu"],
    }
)


def told(path: Path) -> str:
    """Return all that a letter says, a line a paragraph."""
    document = docx.Document(str(path))
    paragraphs = (one for one in document.element.body.iter() if one.tag.endswith("}p"))
    return "\n".join(
        "".join(node.text or "" for node in one.iter() if node.tag.endswith("}t"))
        for one in paragraphs
    )


def written(folder, *rows, **options) -> list[Path]:
    return write_findings(findings_frame(rows), folder, period=Q3, **options)


# --- what a letter says -----------------------------------------------------------------------


def test_a_letter_has_the_form_of_the_decree(tmp_path):
    (path,) = written(tmp_path, found())
    said = told(path)
    for line in (
        "ỦY BAN NHÂN DÂN TỈNH SÔNG LAM",
        "SỞ NỘI VỤ",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "V/v kiểm tra, làm rõ số liệu báo cáo cải cách hành chính quý III/2026",
        "Kính gửi: Sở Tư pháp tỉnh Sông Lam",
        "Nơi nhận:",
        "GIÁM ĐỐC",
    ):
        assert line in said.splitlines()
    document = docx.Document(str(path))
    section = document.sections[0]
    margins = [section.top_margin, section.bottom_margin, section.left_margin, section.right_margin]
    assert [round(one.mm) for one in margins] == [20, 20, 30, 20]
    assert [round(one.mm) for one in (section.page_width, section.page_height)] == [210, 297]
    assert document.styles["Normal"].font.name == "Times New Roman"


def test_an_error_is_told_in_a_sentence_with_its_place_and_room_for_the_answer(tmp_path):
    (path,) = written(tmp_path, found())
    table = docx.Document(str(path)).tables[1]
    heads, row = ([cell.text for cell in one.cells] for one in table.rows)
    assert heads == ["TT", "Nội dung", "Vị trí trong báo cáo", "Số liệu đúng, ý kiến của đơn vị"]
    assert row == [
        "1",
        "Lĩnh vực Công chứng: hồ sơ đã giải quyết 260, nhưng trả đúng hạn 247 + trả quá hạn 4 ="
        " 251, lệch 9.",
        "Mục I.1; bảng 2, hàng 5, dòng 'Công chứng'",
        "",
    ]
    assert "identity" not in told(path)


def test_a_warning_is_asked_and_a_note_left_out(tmp_path):
    (path,) = written(tmp_path, POSTS, NOTE)
    said = told(path)
    assert "Nội dung đề nghị làm rõ" in said
    assert "hay số liệu ghi chưa đúng?" in said
    assert "Cả báo cáo" in said
    assert NOTE["message"].capitalize() not in said
    (path,) = written(tmp_path, POSTS, NOTE, notes=True)
    assert NOTE["message"].capitalize() in told(path)


def test_who_has_nothing_to_mend_gets_a_letter_on_request(tmp_path):
    note = NOTE | {"agency": "Sở Nội vụ"}
    units = ["Sở Tư pháp tỉnh Sông Lam", "Sở Nội vụ", "Sở Tài chính"]
    assert len(written(tmp_path, found(), note, units=units)) == 1
    paths = written(tmp_path, found(), note, units=units, clean=True)
    assert len(paths) == 3
    assert "không thấy nội dung nào cần sửa" in told(paths[1])


def test_who_sent_nothing_is_reminded_and_forms_that_lack_are_named(tmp_path):
    paths = written(tmp_path, found(), missing=MISSING)
    assert [path.name for path in paths] == [
        "2026Q3-so-tu-phap-tinh-song-lam.docx",
        "2026Q3-thanh-tra-tinh.docx",
        "2026Q3-so-y-te.docx",
    ]
    assert "V/v gửi báo cáo cải cách hành chính quý III/2026" in told(paths[1])
    assert "chưa nhận được báo cáo cải cách hành chính quý III/2026 của Thanh tra tỉnh" in told(
        paths[1]
    )
    assert "Trao đổi văn bản giữa các cơ quan hành chính nhà nước; Quản lý biên chế" in told(
        paths[2]
    )


def test_what_is_known_of_the_files_of_who_has_no_report_is_told(tmp_path):
    missing = MISSING.head(1).assign(reason="chưa gửi báo cáo; tệp a.docx ghi Quý II/2026")
    (path,) = written(tmp_path, missing=missing)
    assert "Về các tệp đã nhận: tệp a.docx ghi Quý II/2026." in told(path)


def test_a_finding_of_another_quarter_says_so(tmp_path):
    (path,) = written(tmp_path, found(period=Q3 - 1))
    assert "dòng 'Công chứng' (quý II/2026)" in told(path)


def test_spellings_of_one_agency_make_one_letter(tmp_path):
    short = POSTS | {"agency": "Sở Tư pháp"}
    (path,) = written(tmp_path, short, found())
    assert path.name == "2026Q3-so-tu-phap-tinh-song-lam.docx"
    (path,) = written(tmp_path, short, found(), units=["Sở Tư pháp"])
    assert path.name == "2026Q3-so-tu-phap.docx"


# --- the second edition -----------------------------------------------------------------------


def test_what_is_mended_what_is_not_and_what_is_new(tmp_path):
    again = found(message=found()["message"].replace("260", "258").replace("lệch 9", "lệch 7"))
    late = found(rule="printed_sum", message="dòng tổng ghi 7, nhưng cộng các dòng được 8")
    (path,) = written(tmp_path, again, late, earlier=findings_frame([found(), POSTS, NOTE]))
    said = told(path)
    assert "đã sửa 1, chưa sửa 1, mới phát hiện 1" in said
    mended, left, new = (
        said.index(title) for title in ("Nội dung đã sửa", "Nội dung chưa sửa", "Nội dung mới")
    )
    assert mended < said.index(POSTS["message"]) < left
    assert left < said.index("260") < new < said.index("Dòng tổng ghi 7")
    assert "(Lần trước: " in said


def test_an_edition_that_mended_all_is_told_so(tmp_path):
    (path,) = written(tmp_path, NOTE, earlier=findings_frame([found()]))
    assert "đã sửa 1, chưa sửa 0, mới phát hiện 0" in told(path)


@given(st.lists(st.sampled_from("abcdef"), max_size=8), st.lists(st.sampled_from("abcdef")))
def test_each_point_is_mended_open_or_new(before, now):
    def frame(names):
        return findings_frame([found(message=f"điểm {name}: sai", where=name) for name in names])

    options = {"units": [], "period": Q3, "missing": None, "lang": "vi"}
    letters = letters_of(
        frame(now), name_of=one_spelling([found()["agency"]]), earlier=frame(before), **options
    )
    if not before and not now:
        assert not letters
        return
    (letter,) = letters
    assert len(letter.mended) + len(letter.open) == len(before)
    assert len(letter.open) <= len(letter.asked) == len(now)
    kept = [min(before.count(name), now.count(name)) for name in "abcdef"]
    assert len(letter.open) == sum(kept)


# --- files ------------------------------------------------------------------------------------


def test_the_same_findings_are_the_same_bytes(tmp_path):
    first = [path.read_bytes() for path in written(tmp_path / "a", found(), POSTS, xlsx=True)]
    again = [path.read_bytes() for path in written(tmp_path / "b", found(), POSTS, xlsx=True)]
    assert len(first) == 2
    assert first == again


def test_a_workbook_has_the_same_points(tmp_path):
    document, book = written(tmp_path, found(), POSTS | {"message": "=1+1"}, xlsx=True)
    rows = load_workbook(str(book)).get_sheet_by_index(0).to_python()
    assert [row[1] for row in rows[-2:]] == ["lỗi", "cảnh báo"]
    assert rows[-2][2].endswith("lệch 9.")
    assert rows[-1][2].startswith("=1+1.")
    assert document.suffix == ".docx"


def test_a_letter_that_no_longer_applies_is_removed_and_nothing_else(tmp_path):
    other = found(agency="Sở Nội vụ")
    old = written(tmp_path, found(), other, xlsx=True)
    (before,) = write_findings(findings_frame([other]), tmp_path, period=Q3 - 1)
    (tmp_path / "2026Q3-cua-toi.docx").write_bytes(b"mine")
    new = written(tmp_path, other)
    assert {*tmp_path.iterdir()} == {*new, before, tmp_path / "2026Q3-cua-toi.docx"}
    assert {*new} < {*old}


def test_a_letter_that_was_changed_is_kept_and_the_new_one_written_beside_it(tmp_path):
    (path,) = written(tmp_path, found())
    document = docx.Document(str(path))
    document.add_paragraph("Số: 12/SNV-CCHC")
    document.save(str(path))
    for _ in range(2):
        (beside,) = written(tmp_path, found())
        assert beside.name == "2026Q3-so-tu-phap-tinh-song-lam-2.docx"
        assert "Số: 12/SNV-CCHC" in told(path)
    assert {*tmp_path.iterdir()} == {path, beside}


@given(st.lists(st.text(min_size=1), min_size=1, max_size=5, unique=True))
def test_names_of_files_are_safe_and_unique(names):
    from cchc_stats.publishing.letters.contents import Letter
    from cchc_stats.publishing.letters.folder import _file_names

    made = _file_names([Letter(name, "") for name in names])
    assert len({*made}) == len(names)
    assert all(re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", name) for name in made)


# --- refusals ---------------------------------------------------------------------------------


def test_refusals_say_what_is_needed(tmp_path):
    with pytest.raises(CchcError, match="letters are made of what check returns, not of list"):
        write_findings([found()], tmp_path)
    with pytest.raises(CchcError, match="not of DataFrame without agency, file"):
        write_findings(pd.DataFrame({"message": ["x"]}), tmp_path)
    with pytest.raises(CchcError, match="nothing says of which quarter the letters are"):
        write_findings(findings_frame(), tmp_path)
    with pytest.raises(CchcError, match="1 of the findings name no agency"):
        written(tmp_path, found(agency=None, file=None))
    (tmp_path / "file").write_text("")
    with pytest.raises(CchcError, match="the folder of letters cannot be written"):
        written(tmp_path / "file", found())
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
