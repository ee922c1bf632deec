"""Workbooks, pages, text and printed pages: their tables are those that other programs wrote."""

import openpyxl
import pytest
from documents import Piece, pdf, write_html, write_ods, write_text, write_xls, write_xlsx
from grids import covered_once, grids, pieces_of, split
from hypothesis import given, settings

from cchc_stats.reading import read_report
from cchc_stats.reading.files import bounded_process
from cchc_stats.reading.files.document import Budget, tidy, within
from cchc_stats.reading.files.opening import read_document
from cchc_stats.words import ReadError

HEADINGS = ("Tổng số văn bản đi", "Văn bản giấy", "Văn bản điện tử")
GIVEN = {"agency": "Sở A", "period": "2020Q3"}

# --- laws


def parted(pieces):
    """Return the cells with empty merged ones parted: an .ods does not hand those over."""
    found = []
    for piece in pieces:
        if piece.text:
            found.append(piece)
            continue
        for row in range(piece.row, piece.row + piece.row_span):
            columns = range(piece.column, piece.column + piece.column_span)
            found += [Piece(row, column, 1, 1, "") for column in columns]
    return sorted(found)


@pytest.mark.parametrize(
    ("suffix", "writer"),
    [("xlsx", write_xlsx), ("ods", write_ods), ("xls", write_xls), ("html", write_html)],
)
@settings(max_examples=40, deadline=None)
@given(drawn=grids(framed=True))
def test_any_grid_is_read_back_with_its_merged_cells(tmp_path_factory, suffix, writer, drawn):
    path = tmp_path_factory.mktemp("lưới") / f"a.{suffix}"
    writer(path, drawn.rows, drawn.columns, drawn.pieces)
    (grid,) = read_document(path).grids
    assert (grid.rows, grid.columns) == (drawn.rows, drawn.columns)
    written = [Piece(*piece[:4], tidy(piece.text)) for piece in drawn.pieces]
    assert parted(pieces_of(grid)) == parted(written)
    assert covered_once(grid)


@settings(max_examples=60, deadline=None)
@given(drawn=grids(framed=True))
def test_any_grid_of_text_is_read_back_with_empty_cells(tmp_path_factory, drawn):
    path = tmp_path_factory.mktemp("chữ") / "a.txt"
    write_text(path, drawn.rows, drawn.columns, drawn.pieces)
    (grid,) = read_document(path).grids
    assert pieces_of(grid) == split(drawn)


# --- one table in every kind of file


@pytest.mark.parametrize(
    ("suffix", "writer"),
    [
        ("xlsx", write_xlsx),
        ("ods", write_ods),
        ("xls", write_xls),
        ("html", write_html),
        ("txt", write_text),
    ],
)
def test_a_form_is_known_in_every_kind_of_file(tmp_path, suffix, writer):
    path = tmp_path / f"a.{suffix}"
    pieces = [Piece(0, at, 1, 1, text) for at, text in enumerate(HEADINGS)]
    pieces += [Piece(1, at, 1, 1, text) for at, text in enumerate(("1.380", "65", "-"))]
    writer(path, 2, 3, pieces)
    (row,) = read_report(path, **GIVEN).tables["documents"].to_dict("records")
    assert (row["sent_total"], row["sent_paper"]) == (1380, 65)
    assert row["not_applicable"] == "sent_electronic"


def test_a_form_is_known_in_a_printed_page(tmp_path):
    pytest.importorskip("pdfplumber")
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf(["Bao cao"], [list(HEADINGS), ["1380", "65", "1315"]]))
    (row,) = read_report(path, **GIVEN).tables["documents"].to_dict("records")
    assert (row["sent_total"], row["sent_paper"], row["sent_electronic"]) == (1380, 65, 1315)


def test_a_pdf_is_bound_by_its_own_work_and_by_the_clock_last(tmp_path, monkeypatch):
    pytest.importorskip("pdfplumber")
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf(["Bao cao"] * 9, [list(HEADINGS)] * 9))
    with within(str(path), 0.0001), pytest.raises(ReadError) as refusal:
        read_document(path)  # half a thousandth of a second for a page
    assert refusal.value.what == (
        "reading the PDF takes longer than 0.0006 seconds, or a page of it than 0.0005"
    )
    assert "read_report(…, budget=…)" in refusal.value.mend
    spent: list[float] = []
    with within(str(path), 1) as budget:
        monkeypatch.setattr(budget, "spend", spent.append)
        read_document(path)
    assert 0 < spent[0] < budget.seconds  # and is counted with what is read of the text
    # A system that neither bounds memory nor counts work: nothing but the clock is left.
    site = "import signal, sys\ndel signal.setitimer\nsys.modules['resource'] = None\n"
    (tmp_path / "sitecustomize.py").write_text(site, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    budget = Budget("a.pdf", times=0.0001)
    (page,) = bounded_process.read_by_program(
        "pdf", path.read_bytes(), budget, what="the PDF", most=500
    )
    assert "Bao cao" in page
    monkeypatch.setattr(bounded_process, "PATIENCE", 0.0001)
    with pytest.raises(ReadError, match="reading the PDF had not ended after 0.0006 seconds"):
        read_document(path)


# --- several tables in one sheet, letterheads


def test_tables_of_one_sheet_are_told_apart_by_empty_rows(tmp_path):
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    for line in (["Biểu 1"], ["a", "b"], [1, 2], [], ["Biểu 2"], ["c", "d"], [3, 4]):
        book.active.append(line)
    book.save(path)
    grids = read_document(path).grids
    assert [grid.caption for grid in grids] == ["Biểu 1", "Biểu 2"]
    assert [grid.place for grid in grids] == [
        "trang tính 'Sheet', A2:B3",
        "trang tính 'Sheet', A6:B7",
    ]


def test_hidden_sheets_rows_and_columns_are_read_and_told(tmp_path):
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    for line in (["a", "b", "c"], [1, 2, 3], [4, 5, 6]):
        sheet.append(line)
    sheet.row_dimensions[2].hidden = True
    sheet.column_dimensions["B"].hidden = True
    hidden = book.create_sheet("Ẩn")
    hidden.append(["d", "e"])
    hidden.sheet_state = "hidden"
    book.save(path)
    document = read_document(path)
    assert [cell.text for cell in document.grids[0].cells if cell.row == 1] == ["1", "2", "3"]
    assert [cell.text for cell in document.grids[1].cells] == ["d", "e"]
    assert document.notes == (
        "trang tính 'Sheet' có 1 hàng và 1 cột bị ẩn; vẫn được đọc",
        "trang tính 'Ẩn' bị ẩn; vẫn được đọc",
    )


LETTER = (
    ("UBND TỈNH BÌNH ĐỊNH", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
    ("SỞ TÀI NGUYÊN VÀ MÔI TRƯỜNG", "Độc lập - Tự do - Hạnh phúc"),
    ("Số: 77/BC-STNMT", "Bình Định, ngày 12 tháng 6 năm 2023"),
    ("TỔNG HỢP TÌNH HÌNH GIẢI QUYẾT TTHC QUÝ II NĂM 2023", ""),
    ("", "Đơn vị tính: Văn bản"),
)


@pytest.mark.parametrize("blank", [False, True])
def test_a_letterhead_side_by_side_is_no_heading_of_the_table(tmp_path, blank):
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    for row, (left, right) in enumerate(LETTER, 1):
        book.active.cell(row, 1, left or None)
        book.active.cell(row, 3, right or None)
        if right:
            book.active.merge_cells(start_row=row, start_column=3, end_row=row, end_column=5)
    top = len(LETTER) + 1 + blank
    for column, (heading, figure) in enumerate(zip(HEADINGS, (9, 4, 5), strict=True), 1):
        book.active.cell(top, column, heading)
        book.active.cell(top + 1, column, figure)
    book.save(path)
    report = read_report(path)
    assert report.agency == "Sở Tài nguyên và Môi trường tỉnh Bình Định"
    assert (report.number, str(report.signed_on)) == ("77/BC-STNMT", "2023-06-12")
    assert str(report.period) == "2023Q2"
    assert report.tables["documents"]["sent_total"].tolist() == [9]
    assert report.unplaced.empty


def test_a_table_of_two_columns_is_no_letterhead(tmp_path):
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    for line in (
        ["Nội dung", "Số lượng"],
        ["Phụ lục kèm theo", 2],
        ["Đơn vị tính", "tờ"],
    ):
        book.active.append(line)
    book.save(path)
    (grid,) = read_document(path).grids
    assert (grid.rows, grid.columns) == (3, 2)
