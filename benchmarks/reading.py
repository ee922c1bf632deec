"""`read_reports` and `check` beside python-docx and openpyxl that only hand over the cells.

`python benchmarks/reading.py 12` runs it with 12 reports instead of 500.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import docx
import openpyxl
from timing import Comparison, side_by_side, table_of

from cchc_stats import check
from cchc_stats.forms import FORMS, Form, Identity
from cchc_stats.reading.reports.many import read_reports
from cchc_stats.reading.reports.report_set import ReportSet

REPORTS = 500
KINDS = ("docx", "xlsx", "txt")
# What reports tell in prose has no table.
TABLES = tuple(form for form in FORMS if form.code not in ("inspections", "infrastructure"))
SECTORS = ("Đất đai", "Hộ tịch", "Đầu tư", "An toàn bức xạ", "Giáo dục", "Năng lượng")
FIRST = (
    *("An", "Bình", "Cường", "Đông", "Giang", "Hà", "Khánh", "Lâm"),
    *("Minh", "Nam", "Phú", "Quang", "Sơn", "Thái", "Vinh", "Xuân"),
)
SECOND = (
    *("Ân", "Bảo", "Châu", "Dương", "Đức", "Hải", "Hòa", "Hưng"),
    *("Khê", "Long", "Mỹ", "Ninh", "Phong", "Tân", "Thịnh", "Yên"),
)
PROSE = (
    "I. CÔNG TÁC CHỈ ĐẠO, ĐIỀU HÀNH CẢI CÁCH HÀNH CHÍNH",
    "Cơ quan đã ban hành Kế hoạch số 42/KH-SM ngày 31/01/2020 về kiểm tra cải cách hành chính.",
    "Công tác tuyên truyền được thực hiện bằng nhiều hình thức, qua trang thông tin điện tử.",
    "II. KẾT QUẢ THỰC HIỆN",
    "Các thủ tục hành chính được niêm yết công khai; người dân nộp hồ sơ tại bộ phận một cửa.",
)

Row = dict[str, int | str]
Grid = list[list[str]]


def comparisons(reports: int = REPORTS) -> list[Comparison]:
    """Return the time of reading and checking, after seeing that all figures were read."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        written = {write_report(folder, number) for number in range(reports)}
        require_read(read_reports(folder, progress=False), reports)
        return [
            side_by_side(
                f"read_reports and check, {len(written)} reports of {len(TABLES)} tables (docx, "
                "xlsx, txt) ÷ python-docx and openpyxl alone, one core",
                lambda: read_and_check(folder),
                lambda: sum(cells_by_hand(path) for path in sorted(folder.iterdir())),
                rounds=2,
                target=1.2,
            )
        ]


def read_and_check(folder: Path) -> int:
    reports = read_reports(folder, progress=False, then=check)
    return sum(map(len, reports.results))


def cells_by_hand(path: Path) -> int:
    """Return how many cells the libraries hand over, as an analyst's script asks them to."""
    if path.suffix == ".docx":
        document = docx.Document(str(path))
        texts = [paragraph.text for paragraph in document.paragraphs]
        for table in document.tables:
            texts += [cell.text for row in table.rows for cell in row.cells]
    elif path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path, data_only=True)
        texts = [
            cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row
        ]
    else:
        lines = path.read_text(encoding="utf-8").splitlines()
        texts = [cell for line in lines for cell in line.split("\t")]
    return len(texts)


def require_read(reports: ReportSet, number: int) -> None:
    """Refuse to compare where not every figure that was written is read."""
    if len(reports.failures) or len(reports.reports) != number:
        raise ValueError(f"not all reports are read: {reports.failures.head(3).to_dict('records')}")
    for path, report in zip(reports.paths, reports.reports, strict=True):
        for form, rows in tables_of(int(Path(path).stem)).items():
            table = report.tables.get(form.code)
            if table is None:
                raise ValueError(f"{path}: no table of {form.code}")
            names = [*rows[0]]
            table = table[table["period"] == "2020Q3"]
            read = {tuple(row) for row in table[names].values}
            wanted = {tuple(row[name] for name in names) for row in rows}
            if read != wanted:
                raise ValueError(f"{path}: {form.code} is read as {read}, not as {wanted}")


# --- what is written


def write_report(folder: Path, number: int) -> Path:
    """Write a report, the same one each time for a number, and return its path."""
    kind = KINDS[number % len(KINDS)]
    path = folder / f"{number:04}.{kind}"
    agency = f"Sở {FIRST[number % len(FIRST)]} {SECOND[number // len(FIRST) % len(SECOND)]}"
    agency += f" {FIRST[number // len(FIRST) // len(SECOND) % len(FIRST)]}"
    head = (
        "ỦY BAN NHÂN DÂN TỈNH BÌNH ĐỊNH",
        agency,
        f"Số: {number}/BC-SM",
        "Bình Định, ngày 14 tháng 9 năm 2020",
        "BÁO CÁO",
        "Công tác cải cách hành chính quý III năm 2020",
        *PROSE,
        f"Trên đây là báo cáo công tác cải cách hành chính quý III năm 2020 của {agency}.",
    )
    grids = {
        form.title: (headings(form), body(form, rows)) for form, rows in tables_of(number).items()
    }
    WRITERS[kind](path, head, grids)
    return path


def tables_of(number: int) -> dict[Form, list[Row]]:
    """Return the figures of a report, every one reported and in balance."""
    chance = random.Random(number)
    return {form: rows_of(form, chance) for form in TABLES}


def rows_of(form: Form, chance: random.Random) -> list[Row]:
    if form.code == "online_services":
        names: Sequence[str] = ("3", "4")
    elif form.row:
        names = tuple(form.rows) or SECTORS
    else:
        return [figures_of(form, chance)]
    return [{form.row: name} | figures_of(form, chance) for name in names]


def figures_of(form: Form, chance: random.Random) -> Row:
    row: Row = {name: chance.randrange(100) for name in form.figures if name not in form.optional}
    if form.code == "dossiers":
        row["settled_total"] = row["settled_on_time"] + row["settled_late"]
        row["pending_total"] = row["pending_not_due"] + row["pending_overdue"]
        row["received_total"] = row["settled_total"] + row["pending_total"]
        row["carried_over"] = min(row["carried_over"], row["received_total"])
        row["newly_received"] = row["received_total"] - row["carried_over"]
        return row
    for identity in _of_columns(form, row):
        total = sum(row[name] for name in identity.parts)
        row[identity.total] = total if identity.op == "=" else min(row[identity.total], total)
    for identity in _of_columns(form, row):  # again, for totals whose parts are totals themselves
        if identity.op == "=":
            row[identity.total] = sum(row[name] for name in identity.parts)
    return row


def _of_columns(form: Form, row: Row) -> list[Identity]:
    """Return the identities whose columns are all there."""
    return [one for one in form.identities if {one.total, *one.parts} <= {*row}]


def columns_of(form: Form) -> list[str]:
    """Return the columns that the table has; a denominator is printed with its numerator: 2/3."""
    wholes = set(form.fractions.values())
    figures = [name for name in form.figures if name not in form.optional and name not in wholes]
    return [*([form.row] if form.row else []), *figures]


def headings(form: Form) -> Grid:
    """Return the rows of headings, one per level; a heading that goes on is empty."""
    columns = columns_of(form)
    itemised = form.row and form.rows and len(columns) == 2
    paths = [("TT",), *(form.headings[name] for name in columns)]
    if itemised:
        paths = [("TT",), ("Nội dung",), ("Số lượng",)]
    depth = max(map(len, paths))
    rows = []
    for level in range(depth):
        row = []
        for at, path in enumerate(paths):
            begins = len(path) > level and paths[at - 1][: level + 1] != path[: level + 1]
            row.append(path[level] if begins else "")
        rows.append(row)
    return rows


def body(form: Form, rows: Sequence[Row]) -> Grid:
    printed = []
    for number, row in enumerate(rows, 1):
        cells = [str(number)]
        for name in columns_of(form):
            cell = str(row[name])
            if name == form.row:
                cell = form.row_label(cell)
            elif name in form.fractions:
                cell = f"{cell}/{row[form.fractions[name]]}"
            cells.append(cell)
        printed.append(cells)
    return printed


def spans(grid: Grid) -> Iterator[tuple[int, int, int, int]]:
    """Yield (top, left, bottom, right) of the headings that cover empty cells."""
    depth, width = len(grid), len(grid[0])
    for top in range(depth):
        for left in range(width):
            if not grid[top][left]:
                continue
            right, bottom = left, top
            below = top + 1 < depth
            while (
                right + 1 < width
                and not grid[top][right + 1]
                and below
                and (any(grid[level][right + 1] for level in range(top + 1, depth)))
                and not any(grid[level][right + 1] for level in range(top))
            ):
                right += 1
            if right == left:
                while bottom + 1 < depth and not any(
                    grid[level][left] for level in range(bottom + 1, depth)
                ):
                    bottom += 1
            if (right, bottom) != (left, top):
                yield top, left, bottom, right


Grids = dict[str, tuple[Grid, Grid]]


def write_docx(path: Path, head: Sequence[str], grids: Grids) -> None:
    document = docx.Document()
    for line in head:
        document.add_paragraph(line)
    for title, (top, below) in grids.items():
        document.add_paragraph(title)
        table = document.add_table(len(top) + len(below), len(top[0]))
        cells = [row.cells for row in table.rows]
        for printed, row in zip([*top, *below], cells, strict=True):
            for text, cell in zip(printed, row, strict=True):
                if text:
                    cell.text = text
        for first, left, last, right in spans(top):
            merged = cells[first][left].merge(cells[last][right])
            merged.text = top[first][left]
    document.save(str(path))


def write_xlsx(path: Path, head: Sequence[str], grids: Grids) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Báo cáo"
    for line in head:
        sheet.append([line])
    for number, (title, (top, below)) in enumerate(grids.items(), 1):
        sheet = book.create_sheet(f"Biểu {number}")
        sheet.append([title])
        for row in top:
            sheet.append([text or None for text in row])
        for row in below:
            sheet.append([int(text) if text.isdigit() else text for text in row])
        for first, left, last, right in spans(top):
            sheet.merge_cells(
                start_row=first + 2, start_column=left + 1, end_row=last + 2, end_column=right + 1
            )
    book.save(path)


def write_txt(path: Path, head: Sequence[str], grids: Grids) -> None:
    parts = ["\n\n".join(head)]
    for title, (top, below) in grids.items():
        parts += [title, "\n".join("\t".join(row) for row in [*top, *below])]
    path.write_text("\n\n".join(parts) + "\n", encoding="utf-8")


WRITERS: dict[str, Callable[[Path, Sequence[str], Grids], None]] = {
    "docx": write_docx,
    "xlsx": write_xlsx,
    "txt": write_txt,
}


if __name__ == "__main__":
    results = comparisons(int(sys.argv[1]) if len(sys.argv) > 1 else REPORTS)
    print(table_of(results))
    sys.exit(0 if all(one.within for one in results) else 1)
