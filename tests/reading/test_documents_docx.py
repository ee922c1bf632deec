"""Word documents: every paragraph and cell of them, in their order, with spans and places."""

import unicodedata

import docx as python_docx
import pytest
from documents import Piece, docx, p, r, tbl, tc, tr, write_docx
from grids import covered_once, grids, pieces_of
from hypothesis import given

from cchc_stats.reading.files.opening import read_document

WIDE = '<w:gridSpan w:val="2"/>'
FIRST, ON = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"


@pytest.fixture
def read(tmp_path):
    """Return what reads a document made from the XML of a body."""

    def made(*body, name="bao-cao.docx", **parts):
        path = tmp_path / name
        path.write_bytes(docx(*body, **parts))
        return read_document(path)

    return made


def cells(grid):
    return [(one.row, one.column, one.row_span, one.column_span, one.text) for one in grid.cells]


def told(document):
    return [(one.text, one.place) for one in document.paragraphs]


# --- tables


def test_merged_headings_are_one_cell_each(read):
    table = tbl(
        tr(tc("TT", properties=FIRST), tc("Tiếp nhận", properties=WIDE)),
        tr(tc(properties=ON), "Tổng số", "Kỳ trước"),
        tr("1", "28", ""),
    )
    (grid,) = read(p("Biểu 1"), table).grids
    assert (grid.rows, grid.columns, grid.known_spans) == (3, 3, True)
    assert (grid.place, grid.caption) == ("bảng 1", "Biểu 1")
    assert cells(grid) == [
        (0, 0, 2, 1, "TT"),
        (0, 1, 1, 2, "Tiếp nhận"),
        (1, 1, 1, 1, "Tổng số"),
        (1, 2, 1, 1, "Kỳ trước"),
        (2, 0, 1, 1, "1"),
        (2, 1, 1, 1, "28"),
        (2, 2, 1, 1, ""),
    ]
    assert grid.text_at(1, 0) == "TT" and grid.text_at(0, 2) == "Tiếp nhận"


def test_merges_along_the_row_of_the_old_kind(read):
    old = '<w:hMerge w:val="{}"/>'
    row = tr(tc("A", properties=old.format("restart")), tc(properties=old.format("continue")), "B")
    (grid,) = read(tbl(row)).grids
    assert cells(grid) == [(0, 0, 1, 2, "A"), (0, 2, 1, 1, "B")]


def test_a_cell_merged_both_ways_is_one_cell(tmp_path):
    path = tmp_path / "a.docx"
    write_docx(path, 3, 3, [Piece(0, 0, 2, 2, "A"), Piece(2, 2, 1, 1, "06")])
    (grid,) = read_document(path).grids
    assert cells(grid)[0] == (0, 0, 2, 2, "A")
    assert grid.text_at(1, 1) == "A" and grid.text_at(2, 2) == "06"


def test_words_under_a_merged_cell_are_told(read):
    document = read(tbl(tr(tc("TT", properties=FIRST)), tr(tc("12", properties=ON))))
    assert document.notes == ("bảng 1: chữ nằm dưới ô gộp, không in ra: '12'",)


def test_a_row_that_is_shorter_ends_in_empty_cells(read):
    table = tbl(tr("a", "b", "c"), tr("d"), tr("e", properties='<w:gridBefore w:val="1"/>'))
    (grid,) = read(table).grids
    assert [grid.text_at(1, column) for column in range(3)] == ["d", "", ""]
    assert [grid.text_at(2, column) for column in range(3)] == ["", "e", ""]
    assert covered_once(grid)


def test_a_table_in_a_cell_follows_the_one_that_holds_it(read):
    inner = tbl(tr("x", "y"))
    document = read(tbl(tr("a", tc("ngoài", inner, "sau")), tr("c", "d")))
    outer, nested = document.grids
    assert outer.text_at(0, 1) == "ngoài sau"
    assert nested.place == "bảng 1, ô hàng 1 cột 2: bảng lồng"
    assert cells(nested) == [(0, 0, 1, 1, "x"), (0, 1, 1, 1, "y")]


def test_a_cell_keeps_its_printed_text_and_its_tidied_one(read):
    decomposed = unicodedata.normalize("NFD", "Đất đai quý")
    cell = tc(p(f"  {decomposed}"), p("06 "))
    (grid,) = read(tbl(tr(cell, p_break())), p("sau")).grids
    first, second = grid.cells
    assert first.text == "Đất đai quý 06" and first.raw == f"  {decomposed}\n06 "
    assert second.text == "Trễ hạn" and second.raw == "Trễ\nhạn"


def p_break():
    return tc("<w:p><w:r><w:t>Trễ</w:t><w:br/><w:t>hạn</w:t></w:r></w:p>")


def test_two_tables_with_an_empty_paragraph_between_stay_two(read):
    # As where a page break cuts a table: joining them is a decision of those who know the forms.
    document = read(p("Biểu"), tbl(tr("TT", "Số"), tr("1", "2")), "<w:p/>", tbl(tr("2", "5")))
    first, second = document.grids
    assert (first.place, second.place) == ("bảng 1", "bảng 2")
    assert first.caption == second.caption == "Biểu"


# --- text


def test_sections_captions_and_places(read):
    document = read(
        p("II. KẾT QUẢ"),
        p("4. Đội ngũ"),
        p("a) Biên chế: 40."),
        p("Hiện có 37."),
        tbl(tr("a", "b")),
    )
    assert told(document)[-1] == ("Hiện có 37.", "Mục II.4.a, đoạn 2")
    assert document.grids[0].section == "II. KẾT QUẢ > 4. Đội ngũ > a) Biên chế"


def test_automatic_numbers_are_part_of_the_text(read):
    def level(number, figures, text):
        return (
            f'<w:lvl w:ilvl="{number}"><w:start w:val="1"/><w:numFmt w:val="{figures}"/>'
            f'<w:lvlText w:val="{text}"/></w:lvl>'
        )

    levels = level(0, "upperRoman", "%1.") + level(1, "decimal", "%2.") + level(2, "bullet", "")

    def item(text, deep):
        own = f'<w:numPr><w:ilvl w:val="{deep}"/><w:numId w:val="7"/></w:numPr>'
        return p(text, properties=own)

    document = read(
        *(item("CHỈ ĐẠO", 0), item("Kế hoạch", 1), item("Tuyên truyền", 1), item("Báo", 2)),
        *(item("KẾT QUẢ", 0), item("Thể chế", 1), p("Kiểu", properties='<w:pStyle w:val="B"/>')),
        numbering=f'<w:abstractNum w:abstractNumId="1">{levels}</w:abstractNum>'
        '<w:num w:numId="7"><w:abstractNumId w:val="1"/></w:num>',
        styles='<w:style w:styleId="A"><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="7"/>'
        '</w:numPr></w:pPr></w:style><w:style w:styleId="B"><w:basedOn w:val="A"/></w:style>',
    )
    assert [text for text, _ in told(document)] == [
        *("I. CHỈ ĐẠO", "1. Kế hoạch", "2. Tuyên truyền", "- Báo"),
        *("II. KẾT QUẢ", "1. Thể chế", "2. Kiểu"),
    ]
    assert document.paragraphs[-1].section == "II. KẾT QUẢ > 2. Kiểu"


def test_a_style_that_stands_on_itself_has_an_end(read):
    style = '<w:style w:styleId="A"><w:basedOn w:val="A"/></w:style><w:numPr/>'
    assert told(read(p("x", properties='<w:pStyle w:val="A"/>'), styles=style)) == [("x", "đoạn 1")]


def test_a_list_in_strange_figures_is_told(read):
    own = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="7"/></w:numPr>'
    level = '<w:lvl w:ilvl="0"><w:numFmt w:val="ganada"/><w:lvlText w:val="%1)"/></w:lvl>'
    document = read(
        p("x", properties=own),
        numbering=f'<w:abstractNum w:abstractNumId="1">{level}</w:abstractNum>'
        '<w:num w:numId="7"><w:abstractNumId w:val="1"/></w:num>',
    )
    assert document.notes == ("kiểu đánh số tự động không dựng lại được: ganada",)


def test_footnotes_headers_and_text_boxes_are_paragraphs_with_their_place(read):
    box = f"<w:r><w:pict><w:txbxContent>{p('Trong khung')}</w:txbxContent></w:pict></w:r>"
    mark = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    document = read(
        p("Đạt 105", mark, box),
        tbl(tr("a", "b")),
        footnotes=f'<w:footnote w:id="0" w:type="separator">{p("gạch")}</w:footnote>'
        f'<w:footnote w:id="2">{p("Theo báo cáo")}</w:footnote>'
        f'<w:footnote w:id="3">{p("Bị bỏ rơi")}</w:footnote>',
        header=p("Đầu"),
        footer=p("Cuối"),
    )
    assert told(document) == [
        ("Đạt 105¹", "đoạn 1"),
        ("Trong khung", "khung chữ 1"),
        ("Theo báo cáo", "chú thích 1"),
        ("Bị bỏ rơi", "chú thích không có chỗ dẫn"),
        ("Đầu", "đầu trang"),
        ("Cuối", "chân trang"),
    ]
    assert document.grids[0].caption == "Đạt 105¹"


def test_a_box_drawn_for_new_and_old_programs_is_read_once(read):
    inner = f"<w:txbxContent>{p('Khung')}</w:txbxContent>"
    both = (
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility'
        f'/2006"><mc:Choice><w:drawing>{inner}</w:drawing></mc:Choice>'
        f"<mc:Fallback><w:pict>{inner}</w:pict></mc:Fallback></mc:AlternateContent>"
    )
    assert told(read(f"<w:p><w:r>{both}</w:r></w:p>")) == [("Khung", "khung chữ 1")]


def test_tracked_insertions_are_read_and_deletions_are_not(read):
    document = read(
        f"<w:p>{r('Đạt ')}<w:ins>{r('95')}</w:ins><w:del>{r('99')}</w:del>{r('%')}</w:p>",
        tbl(tr("a", "b"), tr("cũ", "cũ", properties="<w:del/>")),
    )
    assert told(document) == [("Đạt 95%", "đoạn 1")]
    assert document.grids[0].rows == 1
    assert document.notes == (
        "bảng 1: bỏ 1 hàng đã xóa (theo dõi thay đổi)",
        "có 1 chỗ thêm đang theo dõi thay đổi: đọc như đã chấp nhận",
        "có 1 chỗ xóa đang theo dõi thay đổi: không đọc",
    )


def test_raised_figures_stay_apart_from_others(read):
    raised = r("2", '<w:vertAlign w:val="superscript"/>')
    assert told(read(p("105 m", raised))) == [("105 m²", "đoạn 1")]


def test_content_controls_and_links_are_looked_into(read):
    link = f"<w:hyperlink>{r('cổng')}</w:hyperlink>"
    table = f"<w:sdt><w:sdtContent>{tbl(tr('a', 'b'))}</w:sdtContent></w:sdt>"
    document = read(p("Trên ", link), table)
    assert told(document) == [("Trên cổng", "đoạn 1")]
    assert document.grids[0].text_at(0, 1) == "b"


def test_a_scan_is_told(read):
    document = read("<w:p><w:r><w:drawing/></w:r></w:p>")
    assert document.blocks == ()
    assert "văn bản không có chữ, chỉ có ảnh: bản quét không đọc được" in document.notes


def test_a_document_in_the_strict_dialect(tmp_path):
    path = tmp_path / "a.docx"
    strict = docx(p("Báo cáo"), tbl(tr("a", "b")))
    usual = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    path.write_bytes(repacked(strict, usual, b"http://purl.oclc.org/ooxml/wordprocessingml/main"))
    assert [one.text for one in read_document(path).paragraphs] == ["Báo cáo"]


def repacked(data, old, new):
    import io
    import zipfile

    from documents import zipped

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return zipped({name: archive.read(name).replace(old, new) for name in archive.namelist()})


# --- laws


@given(grids())
def test_any_grid_written_by_python_docx_is_read_back(tmp_path_factory, drawn):
    path = tmp_path_factory.mktemp("docx") / "a.docx"
    write_docx(path, drawn.rows, drawn.columns, drawn.pieces)
    (grid,) = read_document(path).grids
    assert (grid.rows, grid.columns) == (drawn.rows, drawn.columns)
    assert pieces_of(grid) == drawn.pieces
    assert covered_once(grid)


def test_cells_are_those_that_python_docx_hands_over(tmp_path):
    path = tmp_path / "a.docx"
    document = python_docx.Document()
    table = document.add_table(4, 5)
    for number, cell in enumerate(one for row in table.rows for one in row.cells):
        cell.text = str(number)
    for first, last in (((0, 0), (1, 1)), ((2, 3), (3, 3)), ((3, 0), (3, 2))):
        table.cell(*first).merge(table.cell(*last))
    document.save(str(path))
    (grid,) = read_document(path).grids
    for row, line in enumerate(table.rows):
        for column, cell in enumerate(line.cells):
            assert grid.covering(row, column).raw == cell.text
