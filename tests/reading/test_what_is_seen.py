"""What print shows is what is read: nothing struck out or hidden becomes a figure."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import openpyxl
import pytest
import xlwt
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font, PatternFill

from cchc_stats import check, measure, read_report, read_reports
from cchc_stats.reading.files.document import Document, Grid
from cchc_stats.reading.files.opening import read_document
from cchc_stats.reading.files.sheets import plain, printed, printed_beside
from cchc_stats.words.errors import ReadError

RUN = "<w:r {0}><w:rPr>{1}</w:rPr><w:t>{2}</w:t></w:r>"


def cell_of(path: Path) -> tuple[str, Document]:
    """Return the text of the last cell of a document's table, and the document."""
    document = read_document(path)
    (grid,) = document.grids
    return grid.cells[-1].text, document


def word(path: Path, *parts: str, styles: str = "") -> Path:
    """Write a Word table with a heading, and a cell of raw XML runs."""
    document = docx.Document()
    if styles:
        document.styles.element.append(parse_xml(styles))
    table = document.add_table(2, 2)
    for at, text in enumerate(("Loại", "Hiện có", "Biên chế")):
        table.cell(at // 2, at % 2).text = text
    for part in parts:
        table.cell(1, 1).paragraphs[0]._p.append(parse_xml(part))
    document.save(str(path))
    return path


def run(text: str, look: str = "") -> str:
    return RUN.format(nsdecls("w"), look, text)


SDT = "<w:sdt {0}><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{1}</w:sdtContent></w:sdt>"
SYMBOL = '<w:r {0}><w:sym w:font="{1}" w:char="{2}"/></w:r>'


@pytest.mark.parametrize(
    ("parts", "text", "told"),
    [
        ((run("45", "<w:strike/>"), run("47")), "47", "gạch bỏ '45'"),
        ((run("45", "<w:dstrike/>"), run("47")), "47", "gạch bỏ '45'"),
        ((run("45", "<w:vanish/>"), run("47")), "47", "ẩn '45'"),
        ((run("45", '<w:strike w:val="0"/>'), run("47")), "4547", ""),
        ((run("45", "<w:strike/>"),), "[gạch bỏ: 45]", "gạch bỏ '45'"),
        ((run("4", '<w:rStyle w:val="Gone"/>'), run("7")), "7", "gạch bỏ '4'"),
        ((run("4", '<w:rStyle w:val="Gone"/><w:strike w:val="0"/>'), run("7")), "47", ""),
        ((SDT.format(nsdecls("w"), run("0")),), "", "gợi ý chưa điền '0'"),
        ((SYMBOL.format(nsdecls("w"), "Symbol", "F034"), run("7")), "47", ""),
        ((SYMBOL.format(nsdecls("w"), "Wingdings", "F034"), run("7")), "□7", ""),
        ((run("8"), run("1", '<w:vertAlign w:val="superscript"/>')), "8", ""),
    ],
)
def test_a_cell_of_word_is_what_is_printed(tmp_path, parts, text, told):
    style = (
        f'<w:style {nsdecls("w")} w:type="character" w:styleId="Gone"><w:name w:val="Gone"/>'
        "<w:rPr><w:strike/></w:rPr></w:style>"
    )
    seen, document = cell_of(word(tmp_path / "a.docx", *parts, styles=style))
    assert seen == text
    warned = " ".join(document.warnings)
    assert told in warned and bool(told) == bool(warned)
    assert not told or "bảng 1, hàng 2, cột 2" in warned


def test_a_count_in_a_text_box_alone_is_told_and_no_figure(tmp_path):
    box = (
        f'<w:r {nsdecls("w")} xmlns:v="urn:schemas-microsoft-com:vml"><w:pict><v:shape>'
        "<v:textbox><w:txbxContent><w:p><w:r><w:t>8</w:t></w:r></w:p></w:txbxContent></v:textbox>"
        "</v:shape></w:pict></w:r>"
    )
    text, document = cell_of(word(tmp_path / "a.docx", box))
    assert text == "[khung chữ: 8]"
    assert "khung chữ '8'" in document.warnings[0]


def test_a_hidden_row_of_word_is_not_printed_and_told(tmp_path):
    path = word(tmp_path / "a.docx", run("45"))
    document = docx.Document(str(path))
    row = document.tables[0].add_row()
    row.cells[1].text = "9"
    row._tr.get_or_add_trPr().append(parse_xml(f"<w:hidden {nsdecls('w')}/>"))
    document.save(str(path))
    text, read = cell_of(path)
    assert (text, read.warnings) == ("45", ("bảng 1: 1 hàng bị ẩn; không đọc",))


PAGE = "<html><head><style>{1}</style></head><body><table><tr><td>x</td><td>{0}</td></tr></table>"


@pytest.mark.parametrize(
    ("cell", "style", "text"),
    [
        ("<s>45</s>47", "", "47"),
        ("<strike>45</strike> 47", "", "47"),
        ("<del>45</del>47", "", "47"),
        ('<span style="TEXT-DECORATION: underline line-through">45</span>47', "", "47"),
        ('<b style="display : none">45</b>47', "", "47"),
        ('<div style="visibility:hidden">45</div>47', "", "47"),
        ("<span hidden>45</span>47", "", "47"),
        ('<span class="a old">45</span>47', ".old, p {text-decoration: line-through}", "47"),
        ('<span id="x">45</span>47', "span#x { display:none }", "47"),
        ("<s>45</s>", "", "[gạch bỏ: 45]"),
        ('<span style="text-decoration:none">45</span>', "", "45"),
        ("<i>45</i>", "i {color: red}", "45"),
        ('<i style="font-size:0">45</i>47', "", "47"),
        ('<i style="color:transparent">45</i>47', "", "47"),
        ('<i style="background-color:transparent; font-size:0.9em">45</i>', "", "45"),
    ],
)
def test_a_cell_of_a_page_is_what_a_browser_shows(tmp_path, cell, style, text):
    path = tmp_path / "a.html"
    path.write_text(PAGE.format(cell, style), encoding="utf-8")
    seen, document = cell_of(path)
    assert seen == text
    assert bool(document.warnings) == (text != "45")


def test_hidden_rows_and_cells_of_a_page_are_told_and_take_no_place(tmp_path):
    path = tmp_path / "a.html"
    path.write_text(
        "<table><tr><td>a</td><td style='display:none'>9</td><td>1</td></tr>"
        "<tr style='display:none'><td>b</td><td>2</td></tr><tr><td>c</td><td>3</td></tr></table>",
        encoding="utf-8",
    )
    document = read_document(path)
    (grid,) = document.grids
    assert [cell.text for cell in grid.cells] == ["a", "1", "c", "3"]
    assert len(document.warnings) == 2 and "1 hàng bị ẩn" in " ".join(document.warnings)


def test_a_span_ends_with_its_row_group(tmp_path):
    path = tmp_path / "a.html"
    path.write_text(
        "<table><thead><tr><td rowspan=9>A</td><td>B</td></tr></thead>"
        "<tbody><tr><td rowspan=0>1</td><td>2</td></tr><tr><td>3</td></tr></tbody>"
        "<tbody><tr><td>4</td><td>5</td></tr></tbody></table>",
        encoding="utf-8",
    )
    (grid,) = read_document(path).grids
    at = [[grid.text_at(row, column) for column in range(2)] for row in range(4)]
    assert at == [["A", "B"], ["1", "2"], ["1", "3"], ["4", "5"]]


def test_a_workbook_leaves_out_what_is_struck_out(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Loại", "Hiện có"])
    sheet.append(["a", CellRichText(TextBlock(InlineFont(strike=True), "45"), "47")])
    sheet.append(["b", 12])
    sheet["B3"].font = Font(strike=True)
    sheet.append(["c", 1380000])
    sheet["B4"].number_format = "#,##0,"
    sheet.append(["d", 5])
    sheet["B5"].number_format = '[<10]"<10";0'
    sheet.append(["e", 7])
    sheet.row_dimensions[6].hidden = True
    book.save(tmp_path / "a.xlsx")
    document = read_document(tmp_path / "a.xlsx")
    (grid,) = document.grids
    assert [grid.text_at(row, 1) for row in range(1, 6)] == [
        *("47", "[gạch bỏ: 12]", "1380000", "<10", "7")
    ]
    told = " ".join(document.warnings)
    assert all(f"ô B{row}" in told for row in (2, 3, 4, 5))
    assert any("1 hàng" in note for note in document.warnings)
    assert (grid.row_name(1), grid.cell_name(1, 1)) == ("hàng 2", "ô B2")


def test_an_old_workbook_is_read_by_its_formats(tmp_path):
    book = xlwt.Workbook()
    sheet = book.add_sheet("S")
    struck = xlwt.easyxf("font: struck_out true")
    for row, (label, value, style) in enumerate(
        [
            ("Loại", "Hiện có", xlwt.Style.default_style),
            ("a", 45, struck),
            ("b", 0.133, xlwt.easyxf(num_format_str="0.0%")),
            ("c", 1380000, xlwt.easyxf(num_format_str="#,##0,")),
            ("d", xlwt.Formula("1+1"), xlwt.Style.default_style),
            ("e", 3, xlwt.easyxf(num_format_str='0" hồ sơ"')),
        ]
    ):
        sheet.write(row, 0, label)
        sheet.write(row, 1, value, style)
    sheet.write_rich_text(6, 1, (("45", struck.font), ("47", xlwt.Font())))
    sheet.write(6, 0, "f")
    sheet.row(6).hidden = True
    book.save(str(tmp_path / "a.xls"))
    document = read_document(tmp_path / "a.xls")
    (grid,) = document.grids
    assert [grid.text_at(row, 1) for row in range(1, 7)] == [
        *("[gạch bỏ: 45]", "13,3%", "1380000", "", "3", "47")
    ]
    told = " ".join(document.warnings)
    assert "ô B5: công thức không có giá trị lưu" in told and "ô B2, B7" in told
    assert any("1 hàng" in note for note in document.warnings)


def sheet_file(path: Path, *rows: str, styles: str = "") -> Path:
    """Write an OpenDocument sheet of raw cells."""
    names = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for short, name in {one: one for one in ("office", "table", "text", "style")}.items()
    )
    body = "".join(rows)
    content = (
        f"<office:document-content {names}><office:automatic-styles>{styles}"
        "</office:automatic-styles><office:body><office:spreadsheet>"
        f'<table:table table:name="S">{body}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("content.xml", content)
    return path


def row(label: str, cell: str, more: str = "") -> str:
    first = f"<table:table-cell><text:p>{label}</text:p></table:table-cell>"
    return f"<table:table-row{more}>{first}{cell}</table:table-row>"


def number(value: str, text: str = "", more: str = "") -> str:
    shown = f"<text:p>{text}</text:p>" if text else ""
    given = f'office:value-type="float" office:value="{value}"'
    return f"<table:table-cell {given}{more}>{shown}</table:table-cell>"


def test_an_open_document_sheet_keeps_values_and_leaves_out_what_is_not_seen(tmp_path):
    styles = (
        '<style:style style:name="gone" style:family="text"><style:text-properties '
        'style:text-line-through-style="solid"/></style:style>'
        '<style:style style:name="late" style:parent-style-name="gone" style:family="cell"/>'
        '<style:style style:name="up" style:family="text"><style:text-properties '
        'style:text-position="super 58%"/></style:style>'
    )
    rich = (
        '<table:table-cell office:value-type="string"><text:p><text:span text:style-name="gone">45'
        "</text:span>47</text:p></table:table-cell>"
    )
    mark = (
        '<table:table-cell office:value-type="string"><text:p>8<text:span text:style-name="up">1'
        "</text:span></text:p></table:table-cell>"
    )
    path = sheet_file(
        tmp_path / "a.ods",
        row("Loại", "<table:table-cell><text:p>Hiện có</text:p></table:table-cell>"),
        row("a", number("8")),
        row("b", rich),
        row("c", number("12", "12", ' table:style-name="late"')),
        row("d", number("1380000", "1,380")),
        row("e", '<table:table-cell table:formula="of:=1+1"/>'),
        row("f", mark, ' table:visibility="filter"'),
        row("g", number("1380", "1,380")),
        styles=styles,
    )
    document = read_document(path)
    (grid,) = document.grids
    assert [grid.text_at(at, 1) for at in range(1, 8)] == [
        *("8", "47", "[gạch bỏ: 12]", "1380000", "", "8", "1.380")
    ]
    told = " ".join(document.warnings)
    assert all(f"ô B{at}" in told for at in (3, 4, 5, 6))
    assert any("1 hàng" in note for note in document.warnings)


@pytest.mark.parametrize(
    ("stored", "code", "text", "told"),
    [
        ("1380", '#,##0 "đ"', "1.380", False),
        ("1380", '#,##0 "nghìn đồng"', "1.380 nghìn đồng", False),
        ("1380000", "0,,", "1380000", True),
        ("45", ";;;", "[ẩn: 45]", True),
        ("-3", "0;;", "[ẩn: -3]", True),
        ("0", '#,##0;-#,##0;"-"', "0", False),
        ("0", '_-* #,##0_-;-* #,##0_-;_-* "-"??_-;_-@_-', "0", False),
        ("50", '[<10]"<10";0', "50", False),
        ("5", '"có"', "có", True),
        ("-5", "#,##0;[Red](#,##0)", "-5", False),
    ],
)
def test_a_number_is_what_its_format_shows(stored, code, text, told):
    shown, note = printed(stored, code)
    assert (shown, bool(note)) == (text, told)


@given(st.integers(-(10**9), 10**9), st.sampled_from(["0", "#,##0", "#,##0;-#,##0", "0;-0;0"]))
def test_a_whole_number_stays_itself_under_plain_formats(value, code):
    shown, note = printed(str(value), code)
    assert (shown.replace(".", ""), note) == (str(value), "")
    assert printed_beside(f"{value:,}", str(value)) == printed(str(value), "#,##0") or value == 0
    assert plain(str(value)) == str(value)


# --- PDF


def pdf(content: str) -> bytes:
    """Return a PDF of one page with a drawing, in Helvetica."""
    font = "<< /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 400] /Contents 4 0 R "
        f"/Resources {font} >>",
        f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
    ]
    out, offsets = io.BytesIO(), []
    out.write(b"%PDF-1.4\n")
    for at, one in enumerate(objects, 1):
        offsets.append(out.tell())
        out.write(f"{at} 0 obj\n{one}\nendobj\n".encode())
    start = out.tell()
    table = "".join(f"{at:010} 00000 n \n" for at in offsets)
    out.write(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode())
    out.write(f"trailer << /Size 5 /Root 1 0 R >>\nstartxref\n{start}\n%%EOF".encode())
    return out.getvalue()


def words(x: float, y: float, text: str, size: int = 12, *, up: bool = False) -> str:
    turned = "0 1 -1 0" if up else "1 0 0 1"
    return f"BT /F {size} Tf {turned} {x} {y} Tm ({text}) Tj ET\n"


def line(x0: float, y0: float, x1: float, y1: float) -> str:
    return f"0.5 w {x0} {y0} m {x1} {y1} l S\n"


def ruled(columns: list[int], rows: list[int]) -> str:
    across = (line(columns[0], y, columns[-1], y) for y in rows)
    down = (line(x, rows[0], x, rows[-1]) for x in columns)
    return "".join((*across, *down))


def test_a_page_of_a_pdf_is_what_is_printed(tmp_path):
    drawn = [
        ruled([50, 150, 250, 350], [200, 230, 260, 340]),
        words(55, 300, "Noi dung"),
        words(175, 270, "So luong", up=True),
        words(190, 270, "moi", up=True),
        words(255, 300, "Ghi chu"),
        words(55, 240, "phong"),
        words(155, 240, "4547") + line(155, 244, 168.3, 244),
        words(255, 240, "8") + words(262, 245, "1", 7),
        words(55, 215, "can-") + words(55, 203, "tin"),
        words(155, 210, "12"),
    ]
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf("".join(drawn)))
    document = read_document(path)
    (grid,) = document.grids
    texts = [[grid.text_at(at, column) for column in range(3)] for at in range(3)]
    assert texts == [
        ["Noi dung", "So luong moi", "Ghi chu"],
        ["phong", "47", "8"],
        ["can-tin", "12", ""],
    ]
    assert document.warnings == ("trang 1, bảng 1, hàng 2, cột 2: không đọc chữ gạch bỏ '45'",)


def test_a_pdf_hides_without_ink_and_white_on_white(tmp_path):
    drawn = [
        ruled([50, 150, 250], [200, 230, 260]),
        "0 0 0.5 rg 50 230 200 30 re f\n1 1 1 rg\n" + words(55, 240, "Loai"),
        words(155, 240, "Hien co") + words(155, 210, "45") + "0 0 0 rg\n" + words(175, 210, "47"),
        words(55, 210, "a") + "3 Tr\n" + words(190, 210, "9") + "0 Tr\n",
    ]
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf("".join(drawn)))
    document = read_document(path)
    (grid,) = document.grids
    assert [cell.text for cell in grid.cells] == ["Loai", "Hien co", "a", "47"]
    assert "ẩn '45', ẩn '9'" in document.warnings[0]


def test_signs_over_letters_strike_them_out(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("Loại\tHiện có\nhành chính\t4\u03365\u033647\n", encoding="utf-8")
    text, document = cell_of(path)
    assert (text, len(document.warnings)) == ("47", 1)


# --- text saved one cell a line


def test_a_text_of_one_cell_a_line_is_told_as_lost_tables(tmp_path):
    head = ["SỞ NỘI VỤ", "BÁO CÁO", "Kết quả cải cách hành chính quý III năm 2020"]
    cells = ["Tổng số văn bản đi", "(1)", "(2)", "(3)", "100", "10", "90"]
    path = tmp_path / "a.txt"
    path.write_text("\n".join([*head, *cells]), encoding="utf-8")
    report = read_report(path)
    assert len(report.claims) == 0
    (told,) = [one for one in check(report).itertuples() if one.rule == "as_printed"]
    assert told.severity == "warning" and "mỗi ô một dòng" in told.message
    path.write_text("\n".join([*head, "Trang", "1", "Nội dung", "2"]), encoding="utf-8")
    assert read_report(path).warnings == ()


# --- a blank form, and corrections

STAFF = (
    "SỞ NỘI VỤ\nBÁO CÁO\nKết quả cải cách hành chính quý III năm 2020\nQuản lý biên chế\n"
    "Loại biên chế\tTổng số biên chế, lao động được giao\tTổng số biên chế, lao động hiện có\n"
    "Biên chế hành chính\t{}\t{}\n"
)


def test_a_blank_form_is_no_report_and_told(tmp_path):
    blank, filled = tmp_path / "blank.txt", tmp_path / "filled.txt"
    blank.write_text(STAFF.format("", ""), encoding="utf-8")
    filled.write_text(STAFF.format(40, 37), encoding="utf-8")
    report = read_report(blank)
    assert report.blank and "blank_form" in set(check(report)["rule"])
    assert not read_report(filled).blank
    reports = read_reports(tmp_path, progress=False)
    assert [Path(path).name for path in reports.paths] == ["filled.txt"]
    assert reports.failures["what"].tolist() == ["the form is blank: no figure was filled in"]
    filled.write_text(STAFF.format("-", "-"), encoding="utf-8")
    assert not read_report(filled).blank


def corrections(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(["file,place,read,right,who,why", *lines, ""]), encoding="utf-8")
    return path


def test_a_correction_is_applied_shown_and_listed(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(STAFF.format("4O", 37), encoding="utf-8")
    found = read_report(path).unplaced
    place = found.loc[found["text"] == "4O", "place"].iloc[0]
    quoted = place.replace('"', '""')
    own = corrections(
        tmp_path / "sua.csv", f'a.txt,"{quoted}",4O,40,An,chữ O', "b.txt,bảng 1,1,2,An,khác"
    )
    report = read_report(path, corrections=own)
    assert report.tables["staffing"][["assigned", "present"]].values.tolist() == [[40, 37]]
    assert report.corrections[["read", "right", "who"]].values.tolist() == [["4O", "40", "An"]]
    (said,) = [one.message for one in check(report).itertuples() if one.rule == "corrected"]
    assert said == "số liệu đã sửa khi đọc: '4O' thành '40' (An: chữ O)"
    values = measure(report.tables)
    assert values["source"].str.contains("sửa, tệp ghi '4O'; An", regex=False).any()
    with pytest.raises(ReadError, match="corrections name files that are not read: b.txt"):
        read_reports(path, corrections=own, progress=False)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ('a.txt,"bảng 1, hàng 2, cột 2",41,42,An,nhầm', "fits nothing in the document"),
        ('a.txt,"bảng 9, hàng 2, cột 2",40,42,An,nhầm', "fits nothing in the document"),
        ('a.txt,"bảng 1, hàng 2",40,42,An,nhầm', "fits 2 places"),
        ('a.txt,"bảng 1, hàng 2, cột 2",40,42,,nhầm', "does not say who"),
    ],
)
def test_a_correction_that_fits_nothing_is_refused(tmp_path, line, fault):
    path = tmp_path / "a.txt"
    path.write_text(STAFF.format(40, 40), encoding="utf-8")
    with pytest.raises(ReadError, match=fault) as refused:
        read_report(path, corrections=corrections(tmp_path / "sua.csv", line))
    assert "line 2" in refused.value.where


def test_a_correction_of_a_sheet_names_its_cell(tmp_path):
    book = openpyxl.Workbook()
    rows = [line.split("\t") for line in STAFF.format(40, 37).splitlines()]
    for cells in rows:
        book.active.append([int(cell) if cell.isdecimal() else cell for cell in cells])
    book.save(tmp_path / "a.xlsx")
    own = corrections(tmp_path / "sua.csv", "a.xlsx,C6,37,38,An,đếm lại")
    report = read_report(tmp_path / "a.xlsx", corrections=own)
    assert report.tables["staffing"]["present"].tolist() == [38]
    assert report.places["place"].str.contains("hàng 6").all()
    assert isinstance(read_document(tmp_path / "a.xlsx").grids[0], Grid)


def test_an_empty_row_between_blocks_ends_no_table_and_before_a_heading_it_does(tmp_path):
    book = openpyxl.Workbook()
    heading = ["TT", "Lĩnh vực", "Tiếp nhận", "Giải quyết"]
    for cells in (heading, ["I", "Hệ thống A"], [1, "Hộ tịch", 5, 4], []):
        book.active.append(cells)
    for cells in (["II", "Hệ thống B"], [1, "Hộ tịch", 7, 6], [], heading, [1, "Đất đai", 3, 3]):
        book.active.append(cells)
    book.save(tmp_path / "a.xlsx")
    one, other = read_document(tmp_path / "a.xlsx").grids
    assert [one.text_at(row, 2) for row in range(one.rows)] == ["Tiếp nhận", "", "5", "", "", "7"]
    assert (other.text_at(1, 2), other.row_name(1)) == ("3", "hàng 9")


def _white(path: Path, *, fill: bool, text: str = "45") -> Path:
    """Write a workbook whose last cell is in white, on a dark ground or on none."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (("Loại", "Hiện có"), ("Biên chế", text)):
        sheet.append(row)
    sheet["B2"].font = Font(color="FFFFFFFF")
    if fill:
        sheet["B2"].fill = PatternFill("solid", fgColor="FF1F4E78")
    book.save(path)
    return path


@pytest.mark.parametrize(("fill", "text"), [(False, "[ẩn: 45]"), (True, "45")])
def test_white_figures_are_seen_only_on_another_ground(tmp_path, fill, text):
    seen, document = cell_of(_white(tmp_path / "a.xlsx", fill=fill))
    assert seen == text
    assert bool(document.warnings) != fill


@pytest.mark.parametrize(
    ("look", "text"),
    [
        ('<w:color w:val="FFFFFF"/>', "47"),
        ('<w:shd w:val="clear" w:fill="1F4E78"/><w:color w:val="FFFFFF"/>', "4547"),
        ('<w:color w:val="FF0000"/>', "4547"),
    ],
)
def test_white_words_of_a_document_are_told_like_hidden_ones(tmp_path, look, text):
    seen, document = cell_of(word(tmp_path / "a.docx", run("45", look), run("47")))
    assert seen == text
    assert ("ẩn '45'" in " ".join(document.warnings)) == (text == "47")


SHAPE = (
    '<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><xdr:twoCellAnchor><xdr:sp>'
    "<xdr:txBody><a:p><a:r><a:t>{}</a:t></a:r></a:p></xdr:txBody></xdr:sp></xdr:twoCellAnchor>"
    "</xdr:wsDr>"
)


def _boxed(path: Path, words: str) -> Path:
    """Write a workbook with a text box over its sheet."""
    plain_book = _white(path.with_name("plain.xlsx"), fill=True)
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/drawing" Target="../drawings/drawing1.xml"/></Relationships>'
    )
    with zipfile.ZipFile(plain_book) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        new.writestr("xl/worksheets/_rels/sheet1.xml.rels", relations)
        new.writestr("xl/drawings/drawing1.xml", SHAPE.format(words))
    return path


def test_the_text_box_of_a_sheet_is_read_and_a_figure_alone_in_it_is_told(tmp_path):
    document = read_document(_boxed(tmp_path / "a.xlsx", "Số liệu tính đến ngày 14/9/2026"))
    (box,) = document.paragraphs
    assert (box.text, box.place) == (
        "Số liệu tính đến ngày 14/9/2026",
        "trang tính 'Sheet', khung chữ 1",
    )
    document = read_document(_boxed(tmp_path / "b.xlsx", "8"))
    assert not document.paragraphs
    assert document.warnings == ("trang tính 'Sheet': không đọc chữ khung chữ '8'",)


@pytest.mark.parametrize("painted", [False, True])
@pytest.mark.parametrize("kind", ["xlsx", "xls"])
def test_what_a_cell_shows_in_white_is_seen_only_on_another_ground(tmp_path, kind, painted):
    """A run of a text, and in an old workbook a number too; one rule for both."""
    path = tmp_path / f"a.{kind}"
    if kind == "xlsx":
        book = openpyxl.Workbook()
        white = TextBlock(InlineFont(color="FFFFFFFF"), "45")
        for line in (["Loại", "Hiện có"], ["a", CellRichText([white, "47"])], ["b", 8]):
            book.active.append(line)
        book.active["B3"].font = Font(color="FFFFFFFF")
        if painted:
            for cell in ("B2", "B3"):
                book.active[cell].fill = PatternFill("solid", fgColor="FF0000FF")
        book.save(path)
    else:
        ground = "; pattern: pattern solid, fore_colour blue" if painted else ""
        look, plain = (xlwt.easyxf(f"{font}{ground}") for font in ("font: colour white", "font:"))
        old = xlwt.Workbook()
        sheet = old.add_sheet("1")
        for row, label in enumerate(("Loại", "a", "b")):
            sheet.write(row, 0, label)
        sheet.write(0, 1, "Hiện có")
        sheet.write_rich_text(1, 1, [("45", look.font), ("47", plain.font)], plain)
        sheet.write(2, 1, 8, look)
        old.save(str(path))
    document = read_document(path)
    seen = [document.grids[0].text_at(row, 1) for row in (1, 2)]
    assert seen == (["4547", "8"] if painted else ["47", "[ẩn: 8]"])
    assert sum("ẩn" in note for note in document.warnings) == (0 if painted else 2)
