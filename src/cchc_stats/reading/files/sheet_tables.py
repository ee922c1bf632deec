"""The tables of one sheet: blocks of rows between empty ones, and the title lines above them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from cchc_stats.reading.files.blocks import Blocks, Draft
from cchc_stats.words import fold

# What stands in a letterhead or a form's head, side by side with other cells of it.
_IN_HEAD = re.compile(
    r"cong hoa xa hoi\b|doc lap - tu do|(?:bieu|mau) so\b|phu luc\b"
    r"|[-+* ]*don vi (?:nhan )?bao cao ?:"
    r"|[-+*( ]*don vi tinh\b|[-+*( ]*ky bao cao ?:|\((?:kem theo|ban hanh kem|tu ngay)\b"
    r"|so ?:? ?\d*[ .…_]*/|.*, ngay .{0,8}thang .{0,8}nam \d{4}$"
)
_COUNT = re.compile(r"\d[\d.,]*")
HEAD_ROWS, HEAD_CELLS = 15, 4  # how many rows such a head has at most, and how many cells in a row
MOST_TOLD = 10  # cells that a note names
BEYOND = 50  # rows or columns: how far a merged cell may reach over the used range


class SheetCell(NamedTuple):
    """A cell that holds something: its text as printed, and what was noticed."""

    raw: str
    note: str = ""


class Range(NamedTuple):
    """A range of cells, its last row and column included, counted from 0."""

    top: int
    left: int
    bottom: int
    right: int


def column_letters(column: int) -> str:
    """Return a column's name, counted from 0.

    Examples
    --------
    >>> column_letters(0), column_letters(26)
    ('A', 'AA')
    """
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def add_sheet(
    name: str,
    cells: Mapping[tuple[int, int], SheetCell],
    merged: Iterable[Range],
    blocks: Blocks,
) -> None:
    """Add a sheet's tables: rows between fully empty ones, from the first used column to the last.

    Lines of one cell above a table are paragraphs, as titles and the words before a table are; so
    are the cells of a letterhead, which stand side by side.
    """
    blocks.new_outline()
    if not cells:
        return
    sheet = f"trang tính '{name}'"
    _tell(sheet, cells, blocks)
    merges = _within(cells, merged)
    rows = {row for row, _ in cells}
    for (row, _), one in merges.items():
        if row in rows and (one.top, one.left) in cells:
            rows.update(range(one.top, one.bottom + 1))
    by_row: dict[int, list[int]] = {row: [] for row in rows}
    for row, column in sorted(cells):
        by_row[row].append(column)
    anchors: dict[int, list[Range]] = {}
    for one in merges.values():
        anchors.setdefault(one.top, []).append(one)
    for group in _neighbours(sorted(rows)):
        start = _head_rows(group, by_row, cells)
        for number, row in enumerate(group):
            if number >= start:
                if len(by_row[row]) != 1:
                    break
                column = by_row[row][0]
                if (row, column) in merges and merges[row, column].bottom > row:
                    break
                start += 1
            for column in by_row[row]:
                here = f"{sheet}, ô {column_letters(column)}{row + 1}"
                blocks.paragraph(cells[row, column].raw, place=here)
        if body := group[start:]:
            held = [one for row in body for one in anchors.get(row, ())]
            _table(sheet, body, by_row, cells, held, blocks)


def _tell(sheet: str, cells: Mapping[tuple[int, int], SheetCell], blocks: Blocks) -> None:
    """Note which formulas give nothing or an error, and where.

    That a cell shows fewer digits than it stores stays with the cell.
    """
    noticed: dict[str, list[str]] = {}
    for (row, column), cell in sorted(cells.items()):
        if cell.note.startswith("công thức"):
            noticed.setdefault(cell.note, []).append(f"{column_letters(column)}{row + 1}")
    for note, places in noticed.items():
        more = f" và {len(places) - MOST_TOLD} ô khác" if len(places) > MOST_TOLD else ""
        blocks.note(f"{sheet}, ô {', '.join(places[:MOST_TOLD])}{more}: {note}")


def _head_rows(
    group: Sequence[int],
    by_row: Mapping[int, Sequence[int]],
    cells: Mapping[tuple[int, int], SheetCell],
) -> int:
    """Return how many rows from the top are a letterhead: agency left, motto right."""
    rows = 0
    for number, row in enumerate(group[:HEAD_ROWS], 1):
        texts = [fold(cells[row, column].raw).strip() for column in by_row[row]]
        if len(texts) > HEAD_CELLS or any(map(_COUNT.fullmatch, texts)):
            break
        if any(map(_IN_HEAD.match, texts)):
            rows = number
    return rows


def _within(
    cells: Mapping[tuple[int, int], SheetCell], merged: Iterable[Range]
) -> dict[tuple[int, int], Range]:
    """Return the merged ranges by their corner, cut to the neighbourhood of what is used."""
    last_row = max(row for row, _ in cells) + BEYOND
    last_column = max(column for _, column in cells) + BEYOND
    return {
        (one.top, one.left): Range(
            one.top, one.left, min(one.bottom, last_row), min(one.right, last_column)
        )
        for one in merged
        if one.top <= last_row and one.left <= last_column
    }


def _neighbours(rows: Sequence[int]) -> list[list[int]]:
    groups: list[list[int]] = []
    for row in rows:
        if groups and groups[-1][-1] == row - 1:
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups


def _table(
    sheet: str,
    rows: Sequence[int],
    by_row: Mapping[int, Sequence[int]],
    cells: Mapping[tuple[int, int], SheetCell],
    merges: Sequence[Range],
    blocks: Blocks,
) -> None:
    top, bottom = rows[0], rows[-1]
    filled = [one for one in merges if (one.top, one.left) in cells]
    columns = [by_row[row][end] for row in rows if by_row[row] for end in (0, -1)]
    left = min(columns)
    right = max(*columns, *(one.right for one in filled))
    place = f"{sheet}, {column_letters(left)}{top + 1}:{column_letters(right)}{bottom + 1}"
    # Asked before anything of that size is built.
    blocks.require_room(bottom - top + 1, right - left + 1, place)
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    under: set[tuple[int, int]] = set()
    for one in merges:
        height, width = min(one.bottom, bottom) - one.top + 1, min(one.right, right) - one.left + 1
        covered = [
            (row, column)
            for row in range(one.top, one.top + height)
            for column in range(one.left, one.left + width)
        ]
        if one.left < left or width < 1 or (height == 1 and width == 1):
            continue
        if any(at in under or at in spans for at in covered):
            blocks.note(f"{place}: các ô gộp chồng lên nhau; ô gộp sau bị bỏ qua")
            continue
        spans[one.top, one.left] = (height, width)
        under.update(covered[1:])
    drafts = []
    for row in rows:
        for column in by_row[row]:
            raw, note = cells[row, column]
            if (row, column) in under:
                name = f"{column_letters(column)}{row + 1}"
                blocks.note(f"{sheet}, ô {name}: nằm dưới ô gộp, không in ra: {raw!r}")
                continue
            height, width = spans.pop((row, column), (1, 1))
            drafts.append(Draft(row - top, column - left, height, width, raw, note))
    # What is left is merged and empty.
    drafts += [Draft(row - top, column - left, *size, "") for (row, column), size in spans.items()]
    blocks.grid(drafts, bottom - top + 1, right - left + 1, known_spans=True, place=place)
