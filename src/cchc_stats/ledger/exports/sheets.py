"""Exports as workbooks: the cells that calamine hands over, as texts for the engine."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from cchc_stats.ledger.exports.aliases import TIMES, Aliases, Layout, match_headings
from cchc_stats.words import ReadError

TITLE_ROWS = 30  # rows of title above the heading, at most
LARGEST = 4_000_000_000  # bytes unpacked: a full sheet of a million rows takes less than half
RATIO = 400  # a sheet of equal cells packs to a fiftieth at most, a bomb to a thousandth
SMALL = 50_000_000  # bytes: no ratio matters below
NOT_CALCULATED = "công thức chưa tính"  # what stands in a cell of a time without its value
# A formula whose value was not saved, or ended in an error: calamine hands over an empty cell.
_UNSAVED = re.compile(
    rb'<c r="([A-Z]{1,3})(\d{1,7})"[^>]*?(?:'
    rb't="e"[^>]*>|>\s*<f(?:\s[^>]*)?(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>)'
)


# What zipfile and zlib raise on damaged archives; a password is a RuntimeError.
_DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError),
    *(NotImplementedError, KeyError),
)


@dataclass(frozen=True)
class SheetRows:
    """The rows below a sheet's heading, its ledger columns as texts, a row per row of the sheet."""

    name: str
    layout: Layout
    frame: pd.DataFrame  # row, and the fields of the layout; `personal_<place>` where asked for


def read_sheets(path: Path, aliases: Aliases, *, keep_personal: bool) -> list[SheetRows]:
    """Return the sheets of a workbook that have a ledger's heading.

    Returns
    -------
    One per sheet, in order. Where no sheet has a heading with a known name, the first one with
    its first row, so that the refusal can name what is there.

    Raises
    ------
    ReadError
        The workbook is damaged, locked, or larger than a workbook can be.
    """
    import python_calamine

    unsaved = _unsaved_cells(path)
    found: list[tuple[SheetRows, int]] = []
    try:
        book = python_calamine.CalamineWorkbook.from_path(path)
        for number, name in enumerate(book.sheet_names):
            sheet = book.get_sheet_by_index(number)
            rows = sheet.to_python(skip_empty_area=False)
            at, layout = _heading(rows, aliases)
            blank = _blanked(unsaved.get(number, ()), at)
            frame = _frame(rows[at + 1 :], at, layout, blank, keep_personal=keep_personal)
            found.append((SheetRows(name, layout, frame), len(layout.fields)))
    except python_calamine.PasswordError as error:
        raise ReadError(
            "the workbook is locked with a password",
            where=str(path),
            mend="open it, remove the password and save it again",
        ) from error
    except (python_calamine.CalamineError, OSError) as error:
        raise ReadError(
            f"the workbook is cut short or damaged: {error}",
            where=str(path),
            mend="open it in its program and save it again, or get it anew",
        ) from error
    most = max((known for _, known in found), default=0)
    ledgers = [sheet for sheet, known in found if known and known >= most - 1]
    return ledgers or [sheet for sheet, _ in found[:1]]


def _heading(rows: Sequence[Sequence[Any]], aliases: Aliases) -> tuple[int, Layout]:
    """Return the row of the heading and what is in it: the row with the most known names."""
    best = (-1, 0, match_headings([], aliases))
    for number, row in enumerate(rows[:TITLE_ROWS]):
        headings = [cell if isinstance(cell, str) else _text(cell) for cell in row]
        layout = match_headings(headings, aliases)
        known = len(layout.fields)
        if known > best[0] and (known or any(headings)):
            best = (known, number, layout)
    return best[1], best[2]


def _frame(
    rows: Sequence[Sequence[Any]],
    at: int,
    layout: Layout,
    blank: set[tuple[int, int]],
    *,
    keep_personal: bool,
) -> pd.DataFrame:
    """Return the ledger's columns as texts."""
    wanted = dict(layout.fields)
    if keep_personal:
        wanted |= {f"personal_{place}": place for place in layout.personal}
    columns = list(zip(*rows, strict=False)) if rows else [()] * len(layout.headings)
    texts = {name: _texts(columns[place]) for name, place in wanted.items()}
    for name, place in layout.fields.items():
        if name in TIMES:
            for row, column in blank:
                if column == place and row < len(rows) and not texts[name][row]:
                    texts[name][row] = NOT_CALCULATED
    number = pd.Series(range(at + 2, at + 2 + len(rows)), dtype="int64")
    # As objects: pandas would look at every text once more to call it one.
    return pd.DataFrame(
        {"row": number} | {name: pd.Series(cells, dtype=object) for name, cells in texts.items()}
    )


def _texts(cells: Sequence[Any]) -> list[Any]:
    # Most columns hold one kind, and texts stand as they are.
    if set(map(type, cells)) == {str}:
        return list(cells)
    return [cell if type(cell) is str else _text(cell) for cell in cells]


def _text(cell: Any) -> str:
    """Return what a cell holds as a text that cleaning reads back exactly."""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, dt.datetime):
        # Excel's fractions of a day are not exact: 08:30 may come as 08:29:59.999997.
        late = dt.timedelta(seconds=1 if cell.microsecond >= 500_000 else 0)
        return f"{cell.replace(microsecond=0) + late:%Y-%m-%d %H:%M:%S}"
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return "" if cell is None else str(cell)


def _unsaved_cells(path: Path) -> dict[int, list[tuple[int, int]]]:
    """Return the cells without a value by sheet (in the order of the workbook): row, column."""
    if not zipfile.is_zipfile(path):
        return {}
    found: dict[int, list[tuple[int, int]]] = {}
    try:
        with zipfile.ZipFile(path) as package:
            infos = package.infolist()
            total = sum(info.file_size for info in infos)
            packed = path.stat().st_size
            if total > LARGEST or (total > SMALL and total > RATIO * packed):
                raise ReadError(
                    f"unpacked the workbook would take {total // 1_000_000:,} MB",
                    where=str(path),
                    mend="check where the file comes from; export it as CSV",
                )
            for number, part in _sheet_parts(package).items():
                info = package.getinfo(part)
                if any(
                    mark in block for block in _blocks(package, info) for mark in (b"<f", b't="e"')
                ):
                    data = package.read(info)
                    found[number] = [
                        (int(cell[2]) - 1, _column(cell[1].decode()))
                        for cell in _UNSAVED.finditer(data)
                    ]
    except ReadError:
        raise
    except _DAMAGE:
        # What is damaged or locked, calamine tells better.
        return {}
    return found


def _sheet_parts(package: zipfile.ZipFile) -> dict[int, str]:
    """Return the part of each sheet, by its place in the workbook."""
    book = package.read("xl/workbook.xml").decode("utf-8", "replace")
    related = package.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
    parts = {}
    for one in re.findall(r"<(?:\w+:)?Relationship\s[^>]*>", related):
        told = dict(re.findall(r'(\w+)="([^"]*)"', one))
        target = told.get("Target", "")
        parts[told.get("Id", "")] = target.lstrip("/") if target[:1] == "/" else f"xl/{target}"
    order = re.findall(r'<(?:\w+:)?sheet\s[^>]*?\br:id="([^"]*)"', book)
    return {n: parts[one] for n, one in enumerate(order) if "worksheets/" in parts.get(one, "")}


def _blocks(package: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    before = b""
    with package.open(info) as part:
        while block := part.read(1 << 20):
            yield before + block
            before = block[-8:]


def _blanked(cells: Sequence[tuple[int, int]], at: int) -> set[tuple[int, int]]:
    """Return cells without a value by their row below the heading."""
    return {(row - at - 1, column) for row, column in cells if row > at}


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
