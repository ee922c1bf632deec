"""The sound documents that are damaged: a little of everything that documents hold."""

import io
import tempfile
from pathlib import Path

from documents import (
    Piece,
    docx,
    ods,
    p,
    pdf,
    r,
    tbl,
    tc,
    tr,
    write_docx,
    write_html,
    write_ods,
    write_text,
    write_xls,
    write_xlsx,
    xlsx,
)

HEAD = (
    *("ỦY BAN NHÂN DÂN TỈNH BÌNH ĐỊNH", "SỞ NỘI VỤ", "Số: 12/BC-SNV"),
    *("Bình Định, ngày 09 tháng 9 năm 2020", "BÁO CÁO"),
    *("Công tác cải cách hành chính quý III năm 2020", "I. CÔNG TÁC CHỈ ĐẠO, ĐIỀU HÀNH"),
    *(
        "1. Ban hành Kế hoạch số 42/KH-SNV ngày 31/01/2020; đạt 95,3% (37/40 biên chế).",
        "II. KẾT QUẢ",
    ),
)
FIRST = ("1", "Đất đai", "28", "5", "23", "26", "02", "")
SECOND = ("2", "Hộ tịch", "7", "0", "7", "7", "-", "")
TOTAL = ("35", "5", "30", "33", "2", "94,3%")
TABLE = (
    *(Piece(0, 0, 2, 1, "TT"), Piece(0, 1, 2, 1, "Lĩnh vực"), Piece(0, 2, 1, 3, "Tiếp nhận")),
    *(
        Piece(0, 5, 1, 2, "Đã giải quyết"),
        Piece(0, 7, 2, 1, "Ghi chú"),
        Piece(1, 2, 1, 1, "Tổng số"),
    ),
    *(Piece(1, 3, 1, 1, "Kỳ trước"), Piece(1, 4, 1, 1, "Mới"), Piece(1, 5, 1, 1, "Đúng hạn")),
    *(Piece(1, 6, 1, 1, "Trễ hạn"), Piece(2, 0, 1, 1, "(1)"), Piece(2, 1, 1, 1, "(2)")),
    *(Piece(2, 2, 1, 1, "(3)=(4)+(5)"), *(Piece(2, at, 1, 1, f"({at + 1})") for at in range(3, 8))),
    *(Piece(3, at, 1, 1, text) for at, text in enumerate(FIRST)),
    *(Piece(4, at, 1, 1, text) for at, text in enumerate(SECOND)),
    Piece(5, 0, 1, 2, "TỔNG CỘNG"),
    *(Piece(5, at, 1, 1, text) for at, text in enumerate(TOTAL, 2)),
)
WRITERS = {
    ".docx": write_docx,
    ".xlsx": write_xlsx,
    ".xls": write_xls,
    ".html": write_html,
    ".ods": write_ods,
    ".txt": write_text,
}


def seed_documents() -> list[tuple[str, bytes]]:
    """Return (suffix, bytes) of the sound documents; the kinds that matter most, more often."""
    with tempfile.TemporaryDirectory() as name:
        written = []
        for suffix, write in WRITERS.items():
            path = Path(name) / f"a{suffix}"
            write(path, 6, 8, TABLE)
            written.append((suffix, path.read_bytes()))
    text = (
        "\n".join(HEAD)
        + "\n\n"
        + dict(written)[".txt"].decode()
        + "\n| a | b |\n|---|---|\n| 1 | 2 |"
    )
    page = "".join(f"<p>{line}<br>tiếp<sup>2</sup></p>" for line in HEAD)
    table = dict(written)[".html"].decode()
    nested = table.replace("Đất đai", "<table><tr><td>x<td>y</table><ul><li>một<li>hai</ul>")
    paper = pdf(HEAD, [["TT", "Lĩnh vực", "Số"], ["1", "Đất đai", "06"], ["2", "Hộ tịch", ""]])
    own = [
        (".docx", rich_word()),
        (".docx", dressed(dict(written)[".docx"])),
        (".xlsx", rich_book()),
        (".txt", text.encode()),
        (".txt", text.encode("utf-16")),
        (".html", (page + nested).encode()),
        (".ods", rich_sheet()),
    ]
    # A PDF takes a hundred times as long as the others, and is read by a library alone.
    return [*own * 4, *written * 2, (".pdf", paper)]


def rich_word() -> bytes:
    numbered = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    raised = r("2", '<w:vertAlign w:val="superscript"/>')
    box = f"<w:r><w:pict><w:txbxContent>{p('Trong khung')}</w:txbxContent></w:pict></w:r>"
    note = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    wide, first = '<w:gridSpan w:val="2"/>', '<w:vMerge w:val="restart"/>'
    table = tbl(
        tr(tc("TT", properties=first), tc("Tiếp nhận", properties=wide)),
        tr(tc(properties="<w:vMerge/>"), "Tổng số", "Kỳ trước"),
        tr("1", tc("28", tbl(tr("x", "y"))), "5", properties='<w:gridBefore w:val="0"/>'),
        tr("2", "7", "0", properties="<w:ins/>"),
        tr("3", "x", properties="<w:del/>"),
    )
    level = '<w:lvl w:ilvl="0"><w:start w:val="3"/><w:numFmt w:val="upperRoman"/>'
    level += '<w:lvlText w:val="%1."/></w:lvl>'
    return docx(
        *(p(line) for line in HEAD),
        p("Tự đánh số", properties=numbered),
        p("Có chú thích", note, box, properties='<w:pStyle w:val="A"/>'),
        p("<w:ins>" + r("thêm") + "</w:ins><w:del>" + r("bớt") + "</w:del>", raised),
        f"<w:sdt><w:sdtContent>{table}</w:sdtContent></w:sdt>",
        numbering=f'<w:abstractNum w:abstractNumId="0">{level}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>',
        styles=f'<w:style w:styleId="A"><w:basedOn w:val="B"/></w:style>'
        f'<w:style w:styleId="B"><w:pPr>{numbered}</w:pPr></w:style>',
        footnotes=f'<w:footnote w:id="2">{p("Theo Quyết định 225/QĐ-TTg")}</w:footnote>',
        header=p("Đầu trang"),
        footer=p("Chân trang"),
    )  # fmt: skip


def dressed(written: bytes) -> bytes:
    """Return a document of python-docx with paragraphs before and after its table."""
    import docx as python_docx

    document = python_docx.Document(io.BytesIO(written))
    for line in HEAD:
        document.add_paragraph(line, style="List Number" if line[0] == "1" else None)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def rich_book() -> bytes:
    first = (
        '<cols><col min="2" max="2" hidden="1"/></cols><sheetData>'
        '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'
        '<row r="3"><c r="A3" t="s"><v>1</v></c><c r="B3" t="inlineStr"><is><t>Số</t></is></c>'
        '<c r="C3"/></row>'
        '<row r="4" hidden="1"><c r="A4" s="1"><v>0.133</v></c><c r="B4" s="2"><v>44083</v></c>'
        '<c r="C4"><f>A4*2</f></c></row>'
        '<row r="5"><c r="A5"><f>SUM(A4)</f><v>0.133</v></c><c t="b"><v>1</v></c>'
        '<c t="e"><v>#REF!</v></c><c t="str"><f>"a"</f><v>a</v></c><c t="d"><v>2020-09-09</v></c>'
        '</row></sheetData><mergeCells><mergeCell ref="B3:C3"/></mergeCells>'
    )
    second = "<sheetData><row><c><v>1</v></c><c><v>2.50</v></c></row></sheetData>"
    return xlsx(
        first, second, strings=("Biểu 1", "TT"), formats=("0.0%", "d/m/yyyy"), state="hidden"
    )


def rich_sheet() -> bytes:
    return ods(
        '<table:table table:name="Biểu 1">'
        '<table:table-row><table:table-cell><text:p>Tên<text:s text:c="2"/>biểu</text:p>'
        '</table:table-cell></table:table-row><table:table-row table:number-rows-repeated="2">'
        '<table:table-cell table:number-columns-repeated="3"/></table:table-row>'
        '<table:table-row table:number-rows-repeated="2"><table:table-cell '
        'table:number-columns-spanned="2" table:number-rows-spanned="1"><text:p>TT</text:p>'
        "<office:annotation><text:p>lời</text:p></office:annotation></table:table-cell>"
        "<table:covered-table-cell/><table:table-cell><text:p>06</text:p><text:p>b</text:p>"
        "</table:table-cell></table:table-row>"
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell '
        'table:number-columns-repeated="16384"/></table:table-row></table:table>'
    )
