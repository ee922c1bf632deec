"""Documents that cannot be read, or not wholly: refused in words, soon, and without much memory."""

import json
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from document_writer import Table, head, write
from documents import W, docx, p, tbl, tc, tr, xlsx, zipped

from cchc_stats.reading import read_report, read_reports
from cchc_stats.reading.files import document
from cchc_stats.reading.prose import figures
from cchc_stats.words.errors import ReadError

SECONDS, MEGABYTES = 10, 500
GIVEN = {"agency": "Sở A", "period": "2020Q3"}
DOCUMENTS = Table(
    "Văn bản",
    [("Tổng số văn bản đi",), ("Văn bản giấy",), ("Văn bản điện tử",)],
    [("1380", "65", "1315")],
)
CELL = '<c r="{}" t="inlineStr"><is><t>a</t></is></c>'


def whole(tmp_path: Path, kind: str) -> bytes:
    """Return a sound report of that kind."""
    return write(tmp_path / f"lành.{kind}", head("2020Q3"), [DOCUMENTS]).read_bytes()


def replaced(data: bytes, part: str, content: bytes) -> bytes:
    """Return a package with another content of one part."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return zipped(parts | {part: content})


def expanding() -> bytes:
    """Return a Word part whose entities unfold to a thousand million letters."""
    steps = "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' if n else '<!ENTITY a0 "aaaaaaaaaa">'
        for n in range(9)
    )
    body = "<w:body><w:p><w:r><w:t>&a8;</w:t></w:r></w:p></w:body>"
    text = f'<!DOCTYPE a [{steps}]><w:document xmlns:w="{W}">{body}</w:document>'
    return text.encode()


def nested(depth: int) -> str:
    """Return a table in a cell of a table, so often."""
    inner = tbl(tr("x"))
    for _ in range(depth):
        inner = tbl(tr(tc(inner)))
    return inner


def styled_sheet() -> str:
    """Return half a million cells that hold nothing but their format."""
    names = [chr(65 + column) for column in range(26)]
    rows = (
        f'<row r="{row}">' + "".join(f'<c r="{name}{row}" s="0"/>' for name in names) + "</row>"
        for row in range(1, 20_001)
    )
    return f"<sheetData>{''.join(rows)}</sheetData>"


def hostile(tmp_path: Path) -> dict[str, bytes]:
    """Return files that would take very long, or all memory, if they were believed."""
    word = whole(tmp_path, "docx")
    far = f'<row r="1">{CELL.format("A1")}</row><row r="10000">{CELL.format("NTP10000")}</row>'
    near = f'<row r="1">{CELL.format("A1")}</row>'
    return {
        "bom.docx": replaced(word, "word/document.xml", b"<a>" + b" " * 300_000_000),
        "thực-thể.docx": replaced(word, "word/document.xml", expanding()),
        "lồng-sâu.docx": docx(nested(200)),
        "rộng.xlsx": xlsx(f'<dimension ref="A1:NTP10000"/><sheetData>{far}</sheetData>'),
        "gộp.xlsx": xlsx(
            f"<sheetData>{near}</sheetData>"
            '<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
        ),
        "trống.xlsx": xlsx(styled_sheet()),
        "dài.txt": b"a\t" * 5_000_000,
        "nhiều-dòng.txt": b"x\n\n" * 3_000_000,
    }


READ = """
import json, sys, time
from pathlib import Path
from cchc_stats.words import ReadError
from cchc_stats.reading import read_report
told = {}
for path in sorted(Path(sys.argv[1]).iterdir()):
    begin = time.process_time()
    try:
        report = read_report(path, agency="Sở A", period="2020Q3")
        how = f"result: {len(report.tables)} tables"
    except ReadError as error:
        how = str(error)
    told[path.name] = how, time.process_time() - begin
# Not by resource.getrusage: it counts what the process that started this one held.
status = Path("/proc/self/status")
lines = status.read_text().splitlines() if status.exists() else []
peak = next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0)
print(json.dumps([told, peak]))
"""


@pytest.fixture(scope="module")
def readings(tmp_path_factory):
    """Return how each hostile file was read, after how long, and the most memory of all."""
    folder = tmp_path_factory.mktemp("xấu")
    for name, data in hostile(tmp_path_factory.mktemp("lành")).items():
        (folder / name).write_bytes(data)
    run = subprocess.run(
        [sys.executable, "-c", READ, str(folder)], capture_output=True, text=True, check=True
    )
    return json.loads(run.stdout)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("bom.docx", ["unpacked it would take 300 MB", "part word/document.xml"]),
        ("thực-thể.docx", ["declares a DOCTYPE", "part word/document.xml"]),
        ("lồng-sâu.docx", ["the XML is damaged", "part word/document.xml"]),
        ("rộng.xlsx", ["result: 0 tables"]),
        ("gộp.xlsx", ["result: 0 tables"]),
        ("trống.xlsx", ["there is no text in it", "trống.xlsx"]),
        ("dài.txt", ["the tables have more than 150,000 cells", "dài.txt"]),
        ("nhiều-dòng.txt", ["the text has more than 30,000 lines", "nhiều-dòng.txt"]),
    ],
)
def test_what_would_take_long_ends_soon(readings, name, words):
    how, seconds = readings[0][name]
    for word in words:
        assert word in how
    assert seconds < SECONDS


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel of others is asked otherwise")
def test_what_would_take_all_memory_takes_little(readings):
    assert readings[1] < MEGABYTES


BEYOND = {
    # What a hundredth, or a thousandth, of the bounds refuses, and what it is called.
    "dòng.txt": ("\n".join(["x"] * 301), 0.01, "the text has more than 300 lines"),
    "dài.txt": ("x" * 201, 0.01, "a paragraph or cell has more than 200 characters"),
    "ô.txt": ("a\t" * 1_501, 0.01, "the tables have more than 1,500 cells"),
    "đoạn.docx": (docx(p("Một đoạn.") * 21), 0.001, "the document has more than 20 paragraphs"),
    "chữ.docx": (docx(p("x" * 501)), 0.001, "the text has more than 500 characters"),
    "hàng.docx": (docx(tbl(tr("1", "2") * 31)), 0.001, "the tables have more than 30 rows"),
    "ô.docx": (docx(tbl(tr(*"123456") * 26)), 0.001, "the tables have more than 150 cells"),
    "ô.html": (f"<table><tr>{'<td>1' * 151}</table>", 0.001, "more than 150 cells"),
    "hàng.html": (f"<table>{'<tr><td>1' * 31}</table>", 0.001, "more than 30 rows"),
    "ô.xlsx": (
        xlsx(f"<sheetData><row>{'<c><v>1</v></c>' * 151}</row></sheetData>"),
        0.001,
        "more than 150 cells",
    ),
}


@pytest.mark.parametrize("name", BEYOND)
def test_a_document_beyond_its_budget_is_refused_before_it_is_built(tmp_path, monkeypatch, name):
    data, budget, words = BEYOND[name]
    path = tmp_path / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    built = []
    for module, work in (("document", "_cell"), ("xlsx", "_cell"), ("text", "_add_table")):
        monkeypatch.setattr(
            f"cchc_stats.reading.files.{module}.{work}", lambda *given: built.append(given)
        )
    with pytest.raises(ReadError) as refusal:
        read_report(path, budget=budget, **GIVEN)
    assert words in refusal.value.what
    assert str(path) in refusal.value.where
    assert "read_report(…, budget=…)" in refusal.value.mend
    assert built == []
    monkeypatch.undo()
    assert read_report(path, **GIVEN).source == name


def test_a_report_of_usual_size_takes_a_hundredth_of_a_budget(tmp_path):
    path = write(tmp_path / "a.docx", head("2020Q3"), [DOCUMENTS])
    assert "documents" in read_report(path, budget=0.05).tables


@pytest.mark.parametrize("budget", [0, -1, float("nan"), 1_001])
def test_a_budget_that_is_none(tmp_path, budget):
    path = write(tmp_path / "a.docx", head("2020Q3"), [DOCUMENTS])
    with pytest.raises(ReadError, match="a budget of"):
        read_report(path, budget=budget)


def test_reading_ends_when_its_time_is_over_and_names_the_part(tmp_path, monkeypatch):
    stated = [f"Đã tiếp nhận {45 + at} hồ sơ, giải quyết 40 hồ sơ." for at in range(20)]
    text = "\n".join([*head("2020Q3"), *stated])
    path = tmp_path / "a.txt"
    path.write_text(text, encoding="utf-8")
    read: list[str] = []
    original = figures.parse_number
    monkeypatch.setattr(
        figures, "parse_number", lambda text, **given: read.append(text) or original(text, **given)
    )
    monkeypatch.setattr(document.time, "thread_time", lambda: 3.0 * len(read))
    with pytest.raises(ReadError) as refusal:
        read_report(path)
    assert refusal.value.what == "reading it takes longer than 6 seconds"
    assert refusal.value.where == f"{path}, lời văn"
    assert len(read) == 3
    read.clear()
    assert read_report(path, budget=100).agency
    assert len(read) > 20


def test_the_others_are_read_beside_one_that_is_beyond_its_budget(tmp_path):
    write(tmp_path / "a.docx", head("2020Q3"), [DOCUMENTS])
    (tmp_path / "b.txt").write_text("x" * 20_001)
    reports = read_reports(tmp_path, progress=False)
    assert [report.source for report in reports.reports] == ["a.docx"]
    assert reports.failures["what"].tolist() == [
        "a paragraph or cell has more than 20,000 characters: more than a report holds"
    ]
    assert len(read_reports(tmp_path, progress=False, budget=2, period="2020Q3").failures) == 1


def damaged(tmp_path: Path) -> dict[str, tuple[bytes, str]]:
    """Return files that are no sound report, and what is said of them."""
    word, book = whole(tmp_path, "docx"), whole(tmp_path, "xlsx")
    locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500
    stream = "EncryptedPackage".encode("utf-16-le")
    tcvn = "B¸o c¸o c«ng t¸c c¶i c¸ch hµnh chÝnh quý III n¨m 2020 cña Së Khoa häc vµ C«ng nghÖ"
    vni = "Baùo caùo coâng taùc caûi caùch haønh chính quyù III naêm 2020 cuûa Sôû Khoa hoïc"
    scan = docx(p("<w:r><w:drawing/></w:r>"))
    return {
        "cụt.docx": (word[: len(word) // 2], "the file is cut short or damaged"),
        "cụt.xlsx": (book[:-200], "the file is cut short or damaged"),
        "rỗng.docx": (b"", "the file is empty"),
        "khóa.docx": (locked + stream, "the file is locked with a password"),
        "khóa.xlsx": (locked + stream, "the file is locked with a password"),
        "cũ.doc": (locked + "WordDocument".encode("utf-16-le"), "an old Word document (.doc)"),
        "ảnh.docx": (b"\x89PNG\r\n\x1a\n" + b"\0" * 99, "this is a picture (PNG)"),
        "ảnh.pdf": (b"\xff\xd8\xff\xe0" + b"\0" * 99, "this is a picture (JPEG)"),
        "quét.docx": (scan, "there is no text in it; văn bản không có chữ, chỉ có ảnh"),
        "tcvn.txt": (tcvn.encode("utf-8"), "the text is written in TCVN3 (ABC), not in Unicode"),
        "tcvn-cũ.txt": (tcvn.encode("latin-1"), "the text is written in TCVN3 (ABC)"),
        "tcvn.docx": (docx(p(tcvn)), "the text is written in TCVN3 (ABC), not in Unicode"),
        "vni.txt": (vni.encode("utf-8"), "the text is written in VNI, not in Unicode"),
        "vni.docx": (docx(p(vni)), "the text is written in VNI, not in Unicode"),
        "nhị-phân.txt": (bytes(range(256)) * 9, "the text is in no encoding that is read"),
        "nén.docx": (zipped({"a.txt": "a"}), "a zip archive that holds a.txt"),
    }


BAD = (
    *("cụt.docx", "cụt.xlsx", "rỗng.docx", "khóa.docx", "khóa.xlsx", "cũ.doc", "ảnh.docx"),
    *("ảnh.pdf", "quét.docx", "tcvn.txt", "tcvn-cũ.txt", "tcvn.docx", "vni.txt", "vni.docx"),
    *("nhị-phân.txt", "nén.docx"),
)


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_read_is_refused_with_its_name_and_a_mend(tmp_path, name):
    data, words = damaged(tmp_path)[name]
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(ReadError) as caught:
        read_report(path, **GIVEN)
    assert words in str(caught.value)
    assert str(path) in caught.value.where
    assert caught.value.mend


def test_the_other_files_are_read(tmp_path):
    folder = tmp_path / "đơn vị"
    folder.mkdir()
    bad = damaged(tmp_path)
    for name, (data, _) in bad.items():
        (folder / name).write_bytes(data)
    write(folder / "lành.xlsx", head("2020Q3"), [DOCUMENTS])
    read = read_reports(folder, progress=False)
    assert [one.source for one in read.reports] == ["lành.xlsx"]
    failed = {Path(path).name for path in read.failures["path"]}
    # An old .doc is no report by its name, so it is passed over and listed.
    assert failed | {"cũ.doc"} >= set(bad) - {"cũ.doc"}


def test_a_link_to_a_file_that_is_gone(tmp_path):
    path = tmp_path / "mất.docx"
    path.symlink_to(tmp_path / "không có.docx")
    with pytest.raises(ReadError, match=r"there is nothing to read"):
        read_report(path, **GIVEN)


def test_a_file_that_vanishes_between_looking_and_opening(tmp_path, monkeypatch):
    path = write(tmp_path / "a.docx", head("2020Q3"), [DOCUMENTS])
    found = Path.is_file

    def gone(self):
        here = found(self)
        self.unlink(missing_ok=True)
        return here

    monkeypatch.setattr(Path, "is_file", gone)
    with pytest.raises(ReadError, match=r"the file cannot be opened") as caught:
        read_report(path, **GIVEN)
    assert str(path) in caught.value.where


@pytest.mark.parametrize(("kind", "suffix"), [("docx", "xlsx"), ("xlsx", "docx"), ("txt", "pdf")])
def test_a_wrong_suffix_is_read_by_content_and_told(tmp_path, kind, suffix):
    path = tmp_path / f"a.{suffix}"
    path.write_bytes(whole(tmp_path, kind))
    report = read_report(path)
    assert report.tables["documents"]["sent_total"].tolist() == [1380]
    assert any(f"đuôi tệp .{suffix} không đúng" in note for note in report.notes)


def test_macros_are_not_run_and_told(tmp_path):
    path = tmp_path / "a.xlsm"
    path.write_bytes(replaced(whole(tmp_path, "xlsx"), "xl/vbaProject.bin", b"Sub Auto_Open()"))
    report = read_report(path)
    assert report.tables["documents"]["sent_paper"].tolist() == [65]
    assert "tệp có macro: không chạy, không đọc" in report.notes


def test_a_formula_counts_as_the_value_that_was_saved_with_it(tmp_path):
    cells = {"A1": "Tổng số văn bản đi", "B1": "Văn bản giấy", "C1": "Văn bản điện tử"}
    top = "".join(
        f'<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>' for at, text in cells.items()
    )
    body = '<c r="A2"><f>B2+C2</f><v>1380</v></c><c r="B2"><v>65</v></c><c r="C2"><f>A2-B2</f></c>'
    path = tmp_path / "a.xlsx"
    path.write_bytes(xlsx(f'<sheetData><row r="1">{top}</row><row r="2">{body}</row></sheetData>'))
    report = read_report(path, **GIVEN)
    row = report.tables["documents"].iloc[0]
    assert (row["sent_total"], row["sent_paper"]) == (1380, 65)
    assert row.isna()["sent_electronic"]
    assert "trang tính 'Biểu 1', ô C2: công thức không có giá trị lưu" in report.notes


def test_many_formulas_without_a_value_are_told_in_one_note(tmp_path):
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    for row in range(1, 13):
        book.active.cell(row, 1, "dòng")
        book.active.cell(row, 2, f"=A{row}")
    book.save(path)
    notes = read_report(path, **GIVEN).notes
    told = [note for note in notes if note.endswith("công thức không có giá trị lưu")]
    places = ", ".join(f"B{row}" for row in range(1, 11))
    assert told == [f"trang tính 'Sheet', ô {places} và 2 ô khác: công thức không có giá trị lưu"]


PICTURE = (
    '<w:r><w:drawing><a:blip xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"/>'
    "</w:drawing></w:r>"
)
LINE = "<w:r><w:drawing><w:line/></w:drawing></w:r>"


def test_a_picture_instead_of_a_table_is_told_with_its_place(tmp_path):
    path = tmp_path / "a.docx"
    caption = "b) Tình hình giải quyết hồ sơ"
    lines = [p(line) for line in head("2020Q3")]
    cell = tbl(tr("Ảnh", tc(p(PICTURE))))
    path.write_bytes(docx(p(LINE), *lines, p(caption), p(PICTURE), p("Hết"), cell))
    pictures = [note for note in read_report(path).notes if "ảnh" in note]
    assert pictures == [
        f"sau '{caption}': có ảnh; chữ và số trong ảnh không đọc được",
        "bảng 1: có ảnh; chữ và số trong ảnh không đọc được",
    ]


def test_a_table_in_a_cell_is_read_apart(tmp_path):
    path = tmp_path / "a.docx"
    inner = tbl(tr(*(path[0] for path in DOCUMENTS.headings)), tr(*DOCUMENTS.rows[0]))
    path.write_bytes(docx(tbl(tr("Mục", "Số liệu"), tr("Văn bản", tc(inner)))))
    report = read_report(path, **GIVEN)
    assert report.tables["documents"]["sent_total"].tolist() == [1380]
    assert report.unplaced["text"].tolist() == ["Văn bản"]
