"""Documents with official-looking tables: a letter's head, prose, and tables with their headings.

A heading is a path, its levels from the top down; what stands side by side under one word is
merged, as Word and Excel merge it. In text a merged cell leaves empty ones behind.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import docx
import openpyxl

HEAD = (
    "ỦY BAN NHÂN DÂN TỈNH GIẢ ĐỊNH",
    "Sở Thí Dụ",
    "Số: 12/BC-STD",
    "Giả Định, ngày 20 tháng {month} năm {year}",
    "BÁO CÁO",
    "Công tác cải cách hành chính quý {quarter} năm {year}",
)
ROMAN = ("I", "II", "III", "IV")


class Table(NamedTuple):
    """A table to write: its caption, a heading path for each column, and the rows of texts."""

    caption: str
    headings: Sequence[tuple[str, ...]]
    rows: Sequence[Sequence[str]]


class Span(NamedTuple):
    """A heading and the cells it covers."""

    top: int
    left: int
    bottom: int
    right: int
    text: str


def head(period: str) -> list[str]:
    """Return the lines of a letter's head for a quarter such as 2020Q3."""
    year, quarter = int(period[:4]), int(period[-1])
    words = {"year": year, "month": 3 * quarter, "quarter": ROMAN[quarter - 1]}
    return [line.format(**words) for line in HEAD]


def spans(headings: Sequence[tuple[str, ...]]) -> list[Span]:
    """Return the headings with what they cover: alike above, and down to the last level."""
    depth = max(map(len, headings))
    found = []
    for level in range(depth):
        left = 0
        while left < len(headings):
            path = headings[left]
            if len(path) <= level:
                left += 1
                continue
            right = left
            while (
                right + 1 < len(headings) and headings[right + 1][: level + 1] == path[: level + 1]
            ):
                right += 1
            bottom = depth - 1 if len(path) == level + 1 and left == right else level
            found.append(Span(level, left, bottom, right, path[level]))
            left = right + 1
    return found


def write(path: Path, lines: Sequence[str], tables: Sequence[Table] = ()) -> Path:
    """Write a document of the kind that its suffix names: .docx, .xlsx or .txt."""
    {".docx": write_docx, ".xlsx": write_xlsx, ".txt": write_txt}[path.suffix](path, lines, tables)
    return path


def write_docx(path: Path, lines: Sequence[str], tables: Sequence[Table]) -> None:
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    for caption, headings, rows in tables:
        document.add_paragraph(caption)
        depth = max(map(len, headings))
        table = document.add_table(depth + len(rows), len(headings))
        cells = [row.cells for row in table.rows]
        for top, left, bottom, right, text in spans(headings):
            cell = cells[top][left]
            if (top, left) != (bottom, right):
                cell = cell.merge(cells[bottom][right])
            cell.text = text
        for printed, row in zip(rows, cells[depth:], strict=True):
            for text, cell in zip(printed, row, strict=True):
                cell.text = text
    document.save(str(path))


def write_xlsx(path: Path, lines: Sequence[str], tables: Sequence[Table]) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Báo cáo"
    for line in lines:
        sheet.append([line])
    for number, (caption, headings, rows) in enumerate(tables, 1):
        sheet = book.create_sheet(f"Biểu {number}")
        sheet.cell(1, 1, caption)
        depth = max(map(len, headings))
        for top, left, bottom, right, text in spans(headings):
            sheet.cell(top + 2, left + 1, text)
            if (top, left) != (bottom, right):
                sheet.merge_cells(
                    start_row=top + 2, start_column=left + 1, end_row=bottom + 2,
                    end_column=right + 1,
                )  # fmt: skip
        for at, row in enumerate(rows):
            for column, text in enumerate(row, 1):
                if text:
                    # A count is a number in a workbook, all else a text.
                    sheet.cell(depth + 2 + at, column, int(text) if text.isdigit() else text)
    book.save(path)


def write_txt(path: Path, lines: Sequence[str], tables: Sequence[Table]) -> None:
    parts = ["\n\n".join(lines)]
    for caption, headings, rows in tables:
        depth = max(map(len, headings))
        top = [[""] * len(headings) for _ in range(depth)]
        for span in spans(headings):
            top[span.top][span.left] = span.text
        parts += [caption, "\n".join("\t".join(row) for row in [*top, *rows])]
    path.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
