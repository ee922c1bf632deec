"""`trace` of a cell of a report's tables and of a figure of its prose: what set its scope."""

from pathlib import Path

import pytest
from document_writer import Table, head, write

from cchc_stats.forms import DOSSIERS
from cchc_stats.publishing import trace
from cchc_stats.reading import read_report

NAMES = [name for name in DOSSIERS.figures if name not in DOSSIERS.optional]
HEADINGS = [("TT",), ("Lĩnh vực",), *(DOSSIERS.headings[name] for name in NAMES)]
CELLS = ["3", "1", "2", "2", "2", "0", "1", "1", "0"]
LINES = [
    "Cùng kỳ năm 2019, lĩnh vực Hộ tịch tiếp nhận 5 hồ sơ.",
    "Trong 10 tháng, Sở đã tiếp nhận 80 hồ sơ, giải quyết 70 hồ sơ.",
    "Cấp xã:",
    "- Tiếp nhận 7 hồ sơ.",
]


def report(path, caption=DOSSIERS.title, rows=()):
    rows = rows or [["1", "Hộ tịch", *CELLS]]
    return read_report(write(path, [*head("2020Q3"), *LINES], [Table(caption, HEADINGS, rows)]))


def claim(one, value: float) -> dict:
    return one.claims[one.claims["value"] == value].iloc[0].to_dict()


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_a_cell_says_what_set_its_scope(tmp_path, kind):
    one = report(tmp_path / f"bc.{kind}", f"{DOSSIERS.title} quý II năm 2020")
    said = trace(one.places.iloc[0], report=one)
    assert said.startswith("“3” ở bc: ") and "cột “Hồ sơ tiếp nhận”" in said
    assert ("ô " in said) == (kind == "xlsx")
    assert f"cơ quan: {one.agency} (theo đầu báo cáo)" in said
    piece = f"dòng phía trên bảng “{DOSSIERS.title} quý II năm 2020”"
    assert f"kỳ: Quý II/2020 (trong kỳ) (theo {piece})" in said
    assert "số liệu 15/03/2020-14/06/2020, theo Nghị định 09/2019/NĐ-CP" in said
    assert "dòng: Hộ tịch (theo tên dòng “Hộ tịch”); là một phần của số chung" in said
    # Without the report nobody knows who sends it.
    assert "cơ quan: cơ quan gửi báo cáo" in trace(one.places.iloc[0])


def test_a_group_row_and_a_sheet_say_it_too(tmp_path):
    rows = [["A", "Cấp tỉnh", *[""] * 9], ["1", "Hộ tịch", *CELLS], ["B", "Cấp xã", *[""] * 9],
            ["1", "Hộ tịch", *CELLS]]  # fmt: skip
    one = report(tmp_path / "bc.docx", rows=rows)
    said = [trace(one.places.iloc[at], report=one) for at in (0, len(one.places) - 1)]
    assert "cấp: Cấp tỉnh (theo dòng nhóm “Cấp tỉnh”)" in said[0]
    assert "cấp: Cấp xã (theo dòng nhóm “Cấp xã”)" in said[1]
    assert "kỳ: Quý III/2020 (trong kỳ) (theo đầu báo cáo)" in said[0]


def test_a_claim_says_what_set_its_scope(tmp_path):
    one = report(tmp_path / "bc.docx")
    said = trace(claim(one, 5), report=one)
    assert said.startswith("lời văn ghi “5 hồ sơ” ở bc: ")
    assert "kỳ: Quý III/2019 (trong kỳ) (theo câu chứa số này: “Cùng kỳ năm 2019”)" in said
    assert "dòng: lĩnh vực Hộ tịch (theo câu chứa số này: “lĩnh vực Hộ tịch”)" in said
    assert "không thuộc quý nào, vì câu ghi “10 tháng”" in trace(claim(one, 80), report=one)
    assert "dòng: Cấp xã (theo lời dẫn “Cấp xã”)" in trace(claim(one, 7), report=one)


def test_a_scope_in_english(tmp_path):
    one = report(tmp_path / "bc.docx")
    said = trace(claim(one, 7), report=one, lang="en")
    assert "period: Q3 2020 (in the period) (by the head of the report)" in said
    assert "row: Cấp xã (by the lead-in “Cấp xã”); it is a part of the whole" in said


DAYS = "từ ngày 01/7/2020 đến ngày 30/9/2020"


@pytest.mark.parametrize(
    "caption", [f"Số liệu {DAYS}", f"Bảng {DOSSIERS.title} {DAYS}", f"{DOSSIERS.title} ({DAYS})"]
)
def test_days_that_a_caption_states_are_those_of_its_table(tmp_path, caption):
    one = report(tmp_path / "bc.docx", caption)
    row = one.tables["dossiers"].iloc[0]
    assert f"{row['window_start']:%d/%m}-{row['window_end']:%d/%m}" == "01/07-30/09"
    said = trace(one.places.iloc[0], report=one)
    assert "số liệu 01/07/2020-30/09/2020, như báo cáo ghi" in said


def test_a_column_that_says_whose_a_figure_is_is_quoted(tmp_path):
    headings = [("TT",), ("Đơn vị",), *HEADINGS[1:]]
    rows = [["1", "Sở A", "Đất đai", *CELLS], ["2", "Sở B", "Hộ tịch", *CELLS]]
    path = write(tmp_path / "a.docx", head("2020Q3"), [Table(DOSSIERS.title, headings, rows)])
    one = read_report(path)
    assert "cơ quan: Sở B (theo ô “Sở B” của dòng)" in trace(one.places.iloc[-1], report=one)
    headings = [*HEADINGS[:2], ("Cấp",), *HEADINGS[2:]]
    rows = [["1", "Đất đai", "Cấp tỉnh", *CELLS], ["2", "Hộ tịch", "Cấp xã", *CELLS]]
    path = write(tmp_path / "b.docx", head("2020Q3"), [Table(DOSSIERS.title, headings, rows)])
    one = read_report(path)
    said = trace(one.places.iloc[-1], report=one)
    assert "cấp: Cấp xã (theo ô “Cấp xã” của dòng)" in said and "commune" not in said


def test_what_was_given_or_stands_in_a_folder_is_not_said_to_be_of_the_head(tmp_path):
    path = write(tmp_path / "a.docx", [*head("2020Q3"), "Nội dung.", *LINES[1:2]])
    for given in ({"agency": "Sở X"}, {"period": "2020Q3"}, {"agency": "Sở X", "period": "2020Q3"}):
        one = read_report(path, **given)
        said = trace(claim(one, 80) | {"scope": "", "period": one.period, "set_by": ""}, report=one)
        assert f"cơ quan: {one.agency}" in said and "kỳ: Quý III/2020" in said
        assert said.count("theo đầu báo cáo") == 2 - len(given)
    folder = read_report(Path(__file__).parents[2] / "data" / "binh-dinh-skhcn-2020q3")
    said = trace(folder.claims.assign(set_by="").iloc[0], report=folder)
    assert folder.agency in said and "theo đầu báo cáo" not in said
