"""Workbooks are looked at before their cells are laid out, each place of a sheet in memory."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from cchc_stats.words.errors import ReadError

LARGEST = 4_000_000_000  # bytes unpacked: a full sheet of a million rows takes less than half
RATIO = 400  # a sheet of equal cells packs to a fiftieth at most, a bomb to a thousandth
SMALL = 50_000_000  # bytes: no ratio matters below
ROOM = 2_000_000  # places of a sheet, each of some 50 bytes: below, it matters not what is empty
SPARSE = 20  # places for each cell, beyond them
BYTES = 5  # of a sheet for each place: a cell takes thirty or more
_NEAR = 26, 9_999  # columns of one letter, rows of four digits: what is not looked for
_WIDE = re.compile(rb""" r=["']([A-Z]{2,3})""")
_DEEP = re.compile(rb"""row r=["'](\d{5,})""")
_FILLED = re.compile(rb"""<(?:\w+:)?c r=["']([A-Z]{1,3})(\d+)["'][^>]*>\s*<(?:\w+:)?[vif]\b""")
_BLOCK, _LAP = 1 << 20, 200  # bytes; no cell's head is longer than the lap


def require_little_workbook(path: Path) -> None:
    """Refuse a workbook that unpacks to more than any, or has cells far outside its tables."""
    try:
        with zipfile.ZipFile(path) as package:
            require_unpacked(package, path)
            for part in package.namelist():
                if "worksheets/" in part:
                    for _ in sheet_blocks(package, part, path):
                        pass
    except ReadError:
        raise
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError):
        pass  # what is damaged, locked or no such archive its reader tells better


def require_unpacked(package: zipfile.ZipFile, path: Path) -> None:
    """Refuse a workbook that unpacks to more than any."""
    total = sum(info.file_size for info in package.infolist())
    if total > LARGEST or (total > SMALL and total > RATIO * path.stat().st_size):
        raise ReadError(
            f"unpacked the workbook would take {total // 1_000_000:,} MB",
            where=str(path),
            mend="check where the file comes from; export it as CSV",
        )


def sheet_blocks(package: zipfile.ZipFile, part: str, path: Path) -> Iterator[bytes]:
    """Yield a sheet's bytes in blocks that overlap; refuse one whose cells lie far apart."""
    width, height = _NEAR
    for block in _blocks(package, part):
        width = max([width, *(_number(one) for one in {*_WIDE.findall(block)})])
        height = max([height, *map(int, _DEEP.findall(block))])
        yield block
    size = package.getinfo(part).file_size
    if width * height <= max(ROOM, size // BYTES):
        return
    # Rows and cells of a format alone take no room: only now each cell is looked at.
    width = height = cells = 0
    for block in _blocks(package, part):
        for letters, row in _FILLED.findall(block):
            width, height, cells = max(width, _number(letters)), max(height, int(row)), cells + 1
    if width * height > max(ROOM, SPARSE * cells):
        raise ReadError(
            "a sheet has cells far outside its tables",
            where=f"{path}, {part}: {cells:,} cells in {height:,} rows and {width:,} columns",
            mend="delete stray cells far outside the tables",
        )


def _blocks(package: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    before = b""
    with package.open(part) as file:
        while block := file.read(_BLOCK):
            yield before + block
            before = block[-_LAP:]


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
