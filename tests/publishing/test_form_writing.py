"""The appendix written and read back: the same frames, and nothing beside them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import docx
import openpyxl
import pandas as pd
import pytest
from drawn_tables import AGENCY, FORMS_IN_TABLES, KINDS, PERIOD, keyed, tables_of
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from strategies import balanced

from cchc_stats.checking import check
from cchc_stats.forms import FORMS, find_form, validate
from cchc_stats.publishing import write_form
from cchc_stats.reading import read_report
from cchc_stats.words import Window
from cchc_stats.words.errors import CchcError, FormError, PeriodError

DATA = Path(__file__).parents[2] / "data"
SEED = DATA / "binh-dinh-skhcn-2020q3"
KINDS = tuple(kind for kind in KINDS if kind != "txt")
HYPOTHESIS = {
    "suppress_health_check": list(HealthCheck),
    "deadline": None,
    # Each example writes a file: what fails is told as it was drawn.
    "phases": [Phase.explicit, Phase.reuse, Phase.generate],
}


def one(form: str, *rows: dict, **more) -> pd.DataFrame:
    keys = {"agency": AGENCY, "period": "2020Q3"}
    return validate(pd.DataFrame([keys | row | more for row in rows]), form)


def dossiers(*figures: tuple[str, int, int], **more) -> pd.DataFrame:
    """Return sectors with dossiers carried over and newly received, all settled on time."""
    rows = [
        {"sector": sector, "received_total": old + new, "carried_over": old, "newly_received": new}
        | {"settled_total": old + new, "settled_on_time": old + new, "settled_late": 0}
        | {"pending_total": 0, "pending_not_due": 0, "pending_overdue": 0}
        for sector, old, new in figures
    ]
    return one("dossiers", *rows, **more)


def tables_in(document) -> list:
    """Return the tables of a document between the letterhead and who signs."""
    return document.tables[1:-1]


# --- written and read back ----------------------------------------------------------------------


@pytest.mark.parametrize("as_reports", [False, True])
@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=30, **HYPOTHESIS)
@given(data=st.data())
def test_any_tables_come_back(tmp_path, kind, as_reports, data):
    forms = data.draw(FORMS_IN_TABLES)
    frames = {form.code: data.draw(tables_of(form)) for form in forms}
    frames = {code: frame for code, frame in frames.items() if len(frame)}
    if not frames:
        return
    path = write_form(frames, tmp_path / f"x.{kind}", period=PERIOD, as_reports=as_reports)
    report = read_report(path)
    assert (report.agency, report.period) == (AGENCY, PERIOD)
    assert set(report.tables) == set(frames)
    for code, frame in frames.items():
        form = find_form(code)
        assert keyed(form, report.tables[code]) == keyed(form, frame), code
    assert report.unplaced.empty
    assert report.claims.empty


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.code)
@settings(max_examples=5, **HYPOTHESIS)
@given(data=st.data())
def test_every_form_comes_back_whole(tmp_path, kind, form, data):
    frame = data.draw(balanced(form, reports=(1, 1), optional=True))
    if form.code == "positions":
        trained = frame["item"] == "people_trained"
        frame["basis"] = frame["basis"].mask(trained, "in_period")
    if form.code == "online_services":
        old = frame["level"].isin(["3", "4"])
        frame = frame[old if old.any() else ~old].reset_index(drop=True)
    period = frame["period"].iloc[0]
    path = write_form({form.code: frame}, tmp_path / f"x.{kind}", period=period)
    # Given, because a head's "UBND" is read as what it stands for.
    report = read_report(path, agency=frame["agency"].iloc[0])
    assert keyed(form, report.tables[form.code]) == keyed(form, frame)
    assert report.unplaced.empty


@pytest.mark.parametrize("kind", KINDS)
def test_the_real_quarter_comes_back(tmp_path, kind):
    report = read_report(SEED)
    again = read_report(write_form(report, tmp_path / f"bieu.{kind}", period="2020Q3"))
    assert set(again.tables) == set(report.tables)
    for code, frame in report.tables.items():
        form = find_form(code)
        wanted = keyed(form, frame)
        if code == "iso9001":  # the communes of quarter II are of that quarter's appendix
            (early,) = [key for key in wanted if key[1] == "2020Q2"]
            del wanted[early]
        assert keyed(form, again.tables[code]) == wanted, code
    assert again.unplaced.empty


@pytest.mark.parametrize("kind", KINDS)
def test_texts_and_days_come_back(tmp_path, kind):
    frame = one(
        "simplifications",
        {"procedure": "Cấp giấy phép", "days_before": 15.5, "days_after": 13.0}
        | {"decision": "120/QĐ-UBND", "decided_on": pd.Timestamp("2020-01-31")},
    )
    report = read_report(
        write_form({"simplifications": frame}, tmp_path / f"x.{kind}", period=PERIOD)
    )
    names = ["procedure", "days_before", "days_after", "decision", "decided_on"]
    assert report.tables["simplifications"][names].equals(frame[names])


@pytest.mark.parametrize("kind", KINDS)
def test_a_stock_known_of_an_earlier_quarter_says_so(tmp_path, kind):
    rows = [{"category": "administrative", "assigned": 40, "present": 37}]
    early = {"category": "public_service", "assigned": 47, "present": 23, "period": "2020Q2"}
    frame = one("staffing", *rows, early)
    report = read_report(write_form({"staffing": frame}, tmp_path / f"x.{kind}", period=PERIOD))
    assert keyed(find_form("staffing"), report.tables["staffing"]) == keyed(
        find_form("staffing"), frame
    )
    assert report.unplaced["text"].tolist() == ["Số liệu tính đến tháng 6/2020"]


@pytest.mark.parametrize("kind", KINDS)
def test_six_months_come_back_as_the_year_to_date(tmp_path, kind):
    frame = dossiers(("Đất đai", 2, 59), period="2021Q2", basis="year_to_date")
    path = write_form(
        {"dossiers": frame}, tmp_path / f"x.{kind}", period="2021Q2", basis="year_to_date"
    )
    again = read_report(path).tables["dossiers"]
    assert again["basis"].tolist() == ["year_to_date"]
    assert keyed(find_form("dossiers"), again) == keyed(find_form("dossiers"), frame)


def test_dossiers_tallied_are_written_with_all_columns(tmp_path):
    more = {"received_online": 40, "received_in_person": 19, "settled_early": 10}
    frame = dossiers(("Đất đai", 2, 59), **more, returned=0, withdrawn=0, without_due_date=1)
    again = read_report(write_form({"dossiers": frame}, tmp_path / "x.xlsx", period=PERIOD))
    assert keyed(find_form("dossiers"), again.tables["dossiers"]) == keyed(
        find_form("dossiers"), frame
    )


# --- totals -------------------------------------------------------------------------------------


def test_totals_are_formulas_that_know_their_value(tmp_path):
    frame = dossiers(("Đất đai", 2, 59), ("Hộ tịch", 3, 36))
    path = write_form({"dossiers": frame}, tmp_path / "x.xlsx", period=PERIOD)
    formulas, values = (
        [
            [cell.value for cell in row]
            for row in openpyxl.load_workbook(path, data_only=known)
            .worksheets[1]
            .iter_rows(min_row=6)
        ]
        for known in (False, True)
    )
    assert formulas[0][:5] == ["1", "Đất đai", "=D6+E6", 2, 59]
    assert formulas[2][1:4] == ["Tổng cộng", "=SUM(C6:C7)", "=SUM(D6:D7)"]
    assert values[0][2] == 61
    assert values[2][1:5] == ["Tổng cộng", 100, 5, 95]


@pytest.mark.parametrize("kind", KINDS)
def test_a_total_is_a_claim_and_no_row_when_it_is_read(tmp_path, kind):
    frame = dossiers(("Đất đai", 2, 59), ("Hộ tịch", 3, 36))
    report = read_report(write_form({"dossiers": frame}, tmp_path / f"x.{kind}", period=PERIOD))
    assert report.tables["dossiers"]["sector"].tolist() == ["Đất đai", "Hộ tịch"]
    totals = report.totals.set_index("column")["value"]
    assert (totals["received_total"], totals["carried_over"]) == (100, 5)


def test_a_total_that_its_parts_do_not_make_up_is_printed_as_it_is(tmp_path):
    frame = dossiers(("Đất đai", 2, 59)).assign(received_total=pd.array([62], "Int64"))
    path = write_form({"dossiers": frame}, tmp_path / "x.xlsx", period=PERIOD)
    sheet = openpyxl.load_workbook(path).worksheets[1]
    assert sheet.cell(6, 3).value == 62


def test_nothing_is_summed_where_a_sector_has_not_reported(tmp_path):
    frame = dossiers(("Đất đai", 2, 59), ("Hộ tịch", 3, 36))
    frame.loc[1, ["carried_over", "newly_received"]] = pd.NA
    path = write_form({"dossiers": frame}, tmp_path / "x.xlsx", period=PERIOD)
    total = [cell.value for cell in openpyxl.load_workbook(path).worksheets[1][8]]
    assert total[1:5] == ["Tổng cộng", "=SUM(C6:C7)", None, None]


def test_the_stated_whole_is_the_total_and_nothing_is_summed_beside_it(tmp_path):
    frame = dossiers(("Đất đai", 2, 59), ("all", 5, 95))
    path = write_form({"dossiers": frame}, tmp_path / "x.docx", period=PERIOD)
    (table,) = tables_in(docx.Document(str(path)))
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert [row[1] for row in rows[4:]] == ["Đất đai", "Tổng cộng"]
    assert rows[-1][2] == "100"
    report = read_report(path)
    assert report.totals.set_index("column")["value"]["received_total"] == 100


@pytest.mark.parametrize("kind", KINDS)
def test_a_whole_alone_comes_back_as_the_whole(tmp_path, kind):
    frame = dossiers(("all", 5, 95))
    report = read_report(write_form({"dossiers": frame}, tmp_path / f"x.{kind}", period=PERIOD))
    assert report.tables["dossiers"]["sector"].tolist() == ["all"]


# --- how it looks -------------------------------------------------------------------------------


def test_a_document_is_set_as_offices_set_it(tmp_path):
    path = write_form(read_report(SEED), tmp_path / "x.docx", period="2020Q3")
    document = docx.Document(str(path))
    style = document.styles["Normal"]
    assert (style.font.name, style.font.size.pt) == ("Times New Roman", 13)
    sides = [
        (round(one.page_width.cm, 1), round(one.page_height.cm, 1)) for one in document.sections
    ]
    assert sides == [(29.7, 21.0)]  # all on their sides, for one table has to be
    texts = [paragraph.text for paragraph in document.paragraphs if paragraph.text]
    assert texts[:4] == [
        "PHỤ LỤC",
        "Số liệu thống kê công tác cải cách hành chính quý III/2020",
        "(Kèm theo Báo cáo số ……/BC-SKHCCN ngày 09/09/2020 của "
        "Sở Khoa học và Công nghệ tỉnh Bình Định)",
        "1. Số thủ tục hành chính thuộc thẩm quyền giải quyết của cơ quan, đơn vị",
    ]
    who, nation = document.tables[0].rows[0].cells
    assert who.text.splitlines()[:2] == [
        "Ủy ban nhân dân tỉnh Bình Định",
        "Sở Khoa học và Công nghệ tỉnh Bình Định",
    ]
    assert all(one.runs[0].font.all_caps for one in who.paragraphs[:2])
    assert nation.text.splitlines()[:2] == [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
    ]
    signing = [cell.text.splitlines()[0] for cell in document.tables[-1].rows[0].cells]
    assert signing == ["NGƯỜI LẬP BIỂU", "THỦ TRƯỞNG ĐƠN VỊ"]
    for table in tables_in(document):
        repeated = [row._tr.trPr.find(f"{W}tblHeader") is not None for row in table.rows]
        numbers = repeated.index(False) - 1
        assert [cell.text for cell in table.rows[numbers].cells][:2] == ["(1)", "(2)"]
        assert not any(repeated[numbers + 1 :])


W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def test_headings_are_merged_as_in_the_official_form(tmp_path):
    tables = {"dossiers": dossiers(("Đất đai", 2, 59))}
    path = write_form(tables, tmp_path / "x.docx", period=PERIOD)
    rows = tables_in(docx.Document(str(path)))[0].rows
    top = [cell.text for cell in rows[0].cells]
    assert top == ["TT", "Lĩnh vực", *["Số hồ sơ đã tiếp nhận"] * 3, *["Kết quả giải quyết"] * 6]
    sheet = openpyxl.load_workbook(
        write_form(tables, tmp_path / "x.xlsx", period=PERIOD)
    ).worksheets[1]
    assert {"A2:A4", "C2:E2", "F2:K2", "C3:C4"} <= {str(one) for one in sheet.merged_cells.ranges}
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.print_title_rows == "$2:$5"
    assert sheet.print_area == "'1. Tình hình giải quyết hồ sơ'!$A$1:$K$6"
    assert (sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage) == (0, True)
    assert "1/1" in sheet.oddHeader.right.text


def test_figures_as_reports_print_them(tmp_path):
    items = {"count": 2, "of": 3}
    tables = {
        "autonomy": one("autonomy", {"item": "service_units_autonomous"} | items),
        "documents": one("documents", {"sent_total": 6, "sent_paper": 1, "sent_electronic": 5}),
    }
    cells = {}
    for as_reports in (False, True):
        path = write_form(tables, tmp_path / "x.docx", period=PERIOD, as_reports=as_reports)
        cells[as_reports] = [
            [cell.text for cell in table.rows[-1].cells]
            for table in tables_in(docx.Document(str(path)))
        ]
    assert cells[True] == [
        ["1", "Đơn vị sự nghiệp công lập thực hiện tự chủ", "02/3"],
        ["1", "06", "01", "05"],
    ]
    assert cells[False][0][2:] == ["2", "3"]
    assert cells[False][1] == ["1", "6", "1", "5"]


def test_figures_tell_where_they_come_from(tmp_path):
    report = read_report(DATA / "binh-dinh-skhcn-2020q3.docx")
    path = write_form(report, tmp_path / "x.xlsx", period="2020Q3", sources=True)
    sheets = openpyxl.load_workbook(path)
    sheet = next(one for one in sheets if "Tình hình" in one.title)
    told = sheet.cell(6, 3).comment.text
    assert "binh-dinh-skhcn-2020q3" in told
    assert "“61”" in told
    written = docx.Document(
        str(write_form(report, tmp_path / "x.docx", period="2020Q3", sources=True))
    )
    assert any("“61”" in comment.text for comment in written.comments)


def test_rows_of_several_agencies_name_theirs(tmp_path):
    frame = pd.concat(
        [dossiers(("Đất đai", 2, 59)), dossiers(("Đất đai", 1, 9), agency="Sở Y tế")],
        ignore_index=True,
    )
    path = write_form({"dossiers": frame}, tmp_path / "x.xlsx", period=PERIOD)
    book = openpyxl.load_workbook(path)
    lines = [row[0].value for row in book.worksheets[0].iter_rows()]
    assert "Tổng hợp của 2 cơ quan, đơn vị" in lines
    rows = [[cell.value for cell in row] for row in book.worksheets[1].iter_rows(min_row=6)]
    assert [row[:3] for row in rows] == [
        ["1", AGENCY, "Đất đai"],
        ["2", "Sở Y tế", "Đất đai"],
        [None, None, "Tổng cộng"],
    ]


STAFF = (("administrative", 40, 37), ("public_service", 47, 23))


def staff_of(agency: str, *rows: tuple[str, int, int | None]) -> pd.DataFrame:
    names = ("category", "assigned", "present")
    return one("staffing", *(dict(zip(names, row, strict=True)) for row in rows), agency=agency)


@pytest.mark.parametrize("kind", KINDS)
def test_totals_of_several_agencies_are_read_as_those_of_each_row(tmp_path, kind):
    own = [staff_of(name, *STAFF) for name in ("Sở Y tế", "Sở Tư pháp")]
    documents = [
        one(
            "documents",
            {"sent_total": total, "sent_paper": 1, "sent_electronic": total - 1},
            agency=name,
        )
        for name, total in (("Sở Y tế", 6), ("Sở Tư pháp", 1380))
    ]
    tables = {"staffing": pd.concat(own), "documents": pd.concat(documents)}
    path = write_form(tables, tmp_path / f"x.{kind}", period=PERIOD, agency=AGENCY)
    report = read_report(path)
    assert (len(report.tables["staffing"]), len(report.unplaced)) == (4, 0)
    told = report.totals.groupby("form")["value"].agg(list).to_dict()
    assert told == {"staffing": [80, 74, 94, 46], "documents": [1386, 2, 1384]}
    rows = report.totals.query("form == 'staffing' and column == 'assigned'")["row"]
    assert rows.tolist() == ["administrative", "public_service"]
    assert not (check(report)["severity"] == "error").any()
    _change(path, "94", "95")
    wrong = check(read_report(path))
    (found,) = wrong[wrong["severity"] == "error"]["message"]
    assert "95" in found and "94" in found


def _change(path: Path, old: str, new: str) -> None:
    """Put another figure into a written form."""
    if path.suffix == ".docx":
        document = docx.Document(str(path))
        cells = [one for table in document.tables for row in table.rows for one in row.cells]
        (cell,) = [one for one in cells if one.text == old]
        cell.text = new
        document.save(str(path))
        return
    book = openpyxl.load_workbook(path, data_only=True)
    cells = [one for sheet in book for row in sheet.iter_rows() for one in row]
    (cell,) = [one for one in cells if str(one.value) == old]
    cell.value = int(new)
    book.save(path)


def test_a_total_that_lacks_an_agency_s_figure_is_open_and_says_so(tmp_path):
    own = [staff_of("Sở Y tế", *STAFF), staff_of("Sở Tư pháp", ("administrative", 9, None))]
    path = write_form({"staffing": pd.concat(own)}, tmp_path / "x.docx", period=PERIOD)
    document = docx.Document(str(path))
    totals = [[cell.text for cell in row.cells[1:]] for row in tables_in(document)[0].rows[-2:]]
    assert totals == [
        ["Tổng cộng", "Biên chế hành chính", "49", ""],
        ["Tổng cộng", "Biên chế sự nghiệp", "47", "23"],
    ]
    told = [one.text for one in document.paragraphs if one.text.startswith("Ô tổng cộng")]
    assert told == ["Ô tổng cộng để trống vì có số liệu thành phần chưa được báo cáo: bảng 1"]


def test_no_word_is_broken_in_a_column(tmp_path):
    frame = dossiers(("Thí nghiệm chuyên ngành", 2, 59), ("Đất đai", 1234567, 7654321))
    document = docx.Document(
        str(write_form({"dossiers": frame}, tmp_path / "x.docx", period=PERIOD))
    )
    (table,) = tables_in(document)
    for row in table.rows[1:]:
        for cell, column in zip(row.cells, table.columns, strict=True):
            if cell._tc.grid_span == 1 and cell.text:
                size = cell.paragraphs[0].runs[0].font.size.pt
                longest = max(cell.text.split(), key=len)
                # Letters of Times New Roman are half as wide as high, and somewhat more.
                assert column.width.pt > 0.5 * size * len(longest), longest
    assert sum(column.width.cm for column in table.columns) <= 24.8


# --- the empty form -----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_blank_form_reads_back_when_it_is_filled(tmp_path, kind):
    path = write_form(None, tmp_path / f"x.{kind}", period="2020Q3", blank=True, agency=AGENCY)
    fill(path)
    report = read_report(path)
    assert (report.agency, str(report.period)) == (AGENCY, "2020Q3")
    staff = report.tables["staffing"].set_index("category")
    assert staff.loc["administrative", ["assigned", "present"]].tolist() == [40, 37]
    rows = report.tables["dossiers"]
    assert rows[["sector", "received_total"]].dropna().values.tolist() == [["Đất đai", 61]]
    turns = report.tables["training"]
    now = turns[(turns["staff_group"] == "civil_servants") & (turns["basis"] == "in_period")]
    assert now.set_index(now["period"].astype(str))["total"].to_dict()["2020Q3"] == 16


def fill(path: Path) -> None:
    """Type three rows into a blank form."""
    wanted = {
        "Quản lý biên chế": ("Biên chế hành chính", {2: "40", 3: "37"}),
        "Tình hình giải quyết hồ sơ": ("", {1: "Đất đai", 2: "61", 3: "2", 4: "59"}),
        "Số lượng cán bộ, công chức qua đào tạo, bồi dưỡng": (
            "Công chức hành chính",
            {2: "51", 3: "18", 4: "18", 5: "16"},
        ),
    }
    if path.suffix == ".docx":
        document = docx.Document(str(path))
        titles = [one.text.partition(". ")[2] for one in document.paragraphs if ". " in one.text]
        for title, table in zip(titles, tables_in(document), strict=True):
            label, cells = wanted.get(title, (None, {}))
            rows = [row for row in table.rows if row.cells[1].text == label and row.cells[0].text]
            for column, text in cells.items():
                rows[0].cells[column].text = text
        document.save(str(path))
        return
    book = openpyxl.load_workbook(path)
    for sheet in book.worksheets[1:]:
        label, cells = wanted.get(sheet["A1"].value, (None, {}))
        rows = [
            row
            for row in sheet.iter_rows(min_row=3)
            if (row[1].value or "") == label and row[0].value == "1"
        ]
        for column, text in cells.items():
            rows[0][column].value = int(text) if text.isdigit() else text
    book.save(path)


def test_a_blank_form_has_every_form_and_room_for_a_name(tmp_path):
    path = write_form(None, tmp_path / "x.docx", period="2020Q3", blank=True)
    document = docx.Document(str(path))
    days = Window.of(pd.Period("2020Q3"))
    asked = [form for form in FORMS if form.span.meets(days.start, days.end)]
    assert len(tables_in(document)) == len(asked) < len(FORMS)
    who = document.tables[0].rows[0].cells[0].text.splitlines()
    assert who[:2] == ["………………………………", "………………………………"]
    headings = [cell.text for cell in tables_in(document)[4].rows[1].cells]
    assert headings[2:] == ["Năm trước", "Quý I", "Quý II", "Quý III", "Quý IV", "Tổng"]


# --- what is refused ----------------------------------------------------------------------------


def refused(tables, path, **more) -> str:
    with pytest.raises(CchcError) as error:
        write_form(tables, path, **({"period": PERIOD} | more))
    return str(error.value)


DOCUMENTS = {
    "documents": one("documents", {"sent_total": 6, "sent_paper": 1, "sent_electronic": 5})
}


def test_targets_that_cannot_be_written_are_refused_and_nothing_is_touched(tmp_path):
    assert refused(DOCUMENTS, tmp_path / "x.pdf") == (
        f"a form is not written as .pdf\n  where: {tmp_path / 'x.pdf'}\n"
        "  mend:  end the name with .docx or .xlsx"
    )
    folder = tmp_path / "thư mục.docx"
    folder.mkdir()
    assert "the target is a folder, not a file" in refused(DOCUMENTS, folder)
    assert "there is no such folder" in refused(DOCUMENTS, tmp_path / "không có" / "x.docx")
    old = tmp_path / "cũ.docx"
    old.write_bytes(b"old")
    old.chmod(0o444)
    assert "the target is write-protected" in refused(DOCUMENTS, old)
    assert old.read_bytes() == b"old"
    assert "the target cannot be looked at" in refused(DOCUMENTS, tmp_path / ("a" * 300 + ".docx"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cũ.docx", "thư mục.docx"]


def test_a_full_disk_leaves_the_old_file(tmp_path, monkeypatch):
    old = tmp_path / "x.docx"
    old.write_bytes(b"old")

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    told = refused(DOCUMENTS, old)
    assert told.startswith("the file cannot be written: No space left on device\n  where: ")
    assert "what was there is unchanged" in told
    assert old.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [old]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL here")
def test_a_killed_process_leaves_the_old_file_whole(tmp_path):
    old = tmp_path / "x.xlsx"
    write_form(DOCUMENTS, old, period=PERIOD)
    before = old.read_bytes()
    script = (
        "import os, signal\n"
        "from pathlib import Path\n"
        "from cchc_stats.words import write_whole\n"
        "os.fsync = lambda _: os.kill(os.getpid(), signal.SIGKILL)\n"
        f"write_whole(Path({str(old)!r}), b'new' * 100_000)\n"
    )
    run = subprocess.run([sys.executable, "-c", script], check=False)
    assert run.returncode == -signal.SIGKILL
    assert old.read_bytes() == before


def test_what_is_not_of_the_quarter_is_told(tmp_path):
    assert refused(DOCUMENTS, tmp_path / "x.docx", period="2021Q1") == (
        "there is nothing of Quý I/2021 to write\n  where: tables: periods 2020Q3\n"
        "  mend:  give a period that is there, or blank=True for an empty form"
    )
    assert "there is nothing of" in refused({}, tmp_path / "x.docx")
    both = pd.concat([DOCUMENTS["documents"], DOCUMENTS["documents"].assign(basis="year_to_date")])
    told = refused({"documents": both}, tmp_path / "x.docx")
    assert told == (
        "1 rows have no place in the appendix of Quý III/2020\n"
        "  where: Trao đổi văn bản giữa các cơ quan hành chính nhà nước: dòng duy nhất, "
        f"{AGENCY}, 9 tháng đầu năm 2020\n"
        "  mend:  leave these rows out, or write them with their own period= and basis="
    )
    assert not (tmp_path / "x.docx").exists()


def test_what_is_no_form_is_told(tmp_path):
    target = tmp_path / "x.docx"
    assert "'thuyen_chuyen'" in refused({"thuyen_chuyen": DOCUMENTS["documents"]}, target)
    assert "ledger is no form of the appendix" in refused(
        {"ledger": DOCUMENTS["documents"]}, target
    )
    assert "not as list" in refused([1], target)
    assert "not of the basis 'as_of'" in refused(DOCUMENTS, target, basis="as_of")
    with pytest.raises(PeriodError, match="of a quarter, not of a month"):
        write_form(DOCUMENTS, target, period="tháng 6 năm 2020")
    wrong = DOCUMENTS["documents"].assign(sent_total=-1)
    with pytest.raises(FormError, match="form documents"):
        write_form({"documents": wrong}, target, period=PERIOD)


@pytest.mark.parametrize("kind", KINDS)
def test_a_letter_that_no_document_can_hold_is_told(tmp_path, kind):
    frame = dossiers(("Đất\x00 đai", 1, 2))
    told = refused({"dossiers": frame}, tmp_path / f"x.{kind}")
    assert told == (
        "a letter that no document can hold: '\\x00'\n  where: 'Đất\\x00 đai'\n"
        "  mend:  delete it in the name"
    )


@pytest.mark.parametrize("kind", KINDS)
def test_a_formula_in_a_name_is_text_and_comes_back(tmp_path, kind):
    name = '=cmd|"/c calc"!A1'
    frame = dossiers((name, 1, 2), agency="Sở " + "A" * 255)
    path = write_form({"dossiers": frame}, tmp_path / f"x.{kind}", period=PERIOD)
    again = read_report(path, agency="Sở A").tables["dossiers"]
    assert again["sector"].tolist() == [name]
    with zipfile.ZipFile(path) as parts:
        texts = [parts.read(part).decode("utf-8") for part in parts.namelist() if "sheet2" in part]
    assert not any("cmd" in text for text in texts)  # a shared string, never a formula


@pytest.mark.parametrize("suffix", [".docx", ".xlsx"])
def test_the_same_figures_are_the_same_file(tmp_path, monkeypatch, suffix):
    report = read_report(SEED)
    first = write_form(report, tmp_path / f"a{suffix}", period=PERIOD, sources=True).read_bytes()
    monkeypatch.setattr(time, "time", lambda: 2_000_000_000.0)
    again = write_form(report, tmp_path / f"b{suffix}", period=PERIOD, sources=True).read_bytes()
    assert first == again


@pytest.mark.parametrize("kind", KINDS)
def test_a_form_without_small_numbers_says_so_and_reads_back(tmp_path, kind):
    frame = dossiers(("Đất đai", 2, 58), ("Hộ tịch", 9, 81), ("Đầu tư", 8, 32), ("Y tế", 31, 169))
    path = write_form(
        {"dossiers": frame}, tmp_path / f"x.{kind}", period=PERIOD, below=5, sources=True
    )
    table = read_report(path).tables["dossiers"].set_index("sector")
    carried = table["carried_over"]
    assert carried.loc["Đất đai":"Đất đai"].isna().all()
    # 60 less 58 would be 2 again, and so would the sum of all less the others.
    assert table.loc["Đất đai", ["received_total", "newly_received"]].isna().any()
    assert carried.isna().sum() > 1
    assert carried["Y tế"] == 31
    with zipfile.ZipFile(path) as package:
        words = "".join(
            package.read(name).decode("utf-8", "ignore")
            for name in package.namelist()
            if name.endswith(".xml")
        )
    assert "không công bố: số dưới 5, hoặc số mà từ đó suy ra được số dưới 5" in words


def test_a_bound_that_leaves_nothing_out_writes_no_form(tmp_path):
    with pytest.raises(CchcError, match="below=1 leaves nothing out"):
        write_form({"dossiers": dossiers(("A", 1, 2))}, tmp_path / "x.docx", period=PERIOD, below=1)
    assert not (tmp_path / "x.docx").exists()
