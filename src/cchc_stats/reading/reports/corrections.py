"""`corrections=`: what a user sees to be misread or misprinted, set right while reading."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

import pandas as pd

from cchc_stats.reading.files import Document, Grid, Paragraph, column_letters, tidy
from cchc_stats.reading.report import CORRECTIONS
from cchc_stats.reading.reports.folder import read_text_table
from cchc_stats.words import ReadError

_TABLE = re.compile(r"bảng \d+|trang tính '[^']*'")
_ROW = re.compile(rf"(?P<table>{_TABLE.pattern}).*?, (?P<row>hàng \d+)")
_LABELLED = re.compile(r"; (?P<label>[^;]+); cột '(?P<heading>.*)'\s*$")
_COLUMN = re.compile(r", cột (?:'(?P<heading>.*)'|(?P<number>\d+))\s*$")
_CELL = re.compile(
    r"(?:trang tính '(?P<sheet>[^']*)'.*?)?\b(?:ô )?(?P<column>[A-Z]{1,3})(?P<row>\d+)\s*$"
)


@dataclass(frozen=True)
class Corrections:
    """The lines of a file of corrections."""

    path: str
    lines: pd.DataFrame

    def of(self, document: Document) -> list[tuple[int, dict[str, str]]]:
        """Return the lines of a document with their number in the file."""
        return [
            (at + 2, {str(name): str(value) for name, value in row.items()})
            for at, row in enumerate(self.lines.to_dict("records"))
            if PurePath(str(row["file"])).name == document.name
        ]


def read_corrections(path: str | Path) -> Corrections:
    """Return a file of corrections.

    Parameters
    ----------
    path : a CSV file with the columns `file` (a document's name), `place` (as `unplaced`, `places`
        or the sources of values name it, or a sheet's cell "C8"), `read` (the text as it stands
        there), `right` (what to read instead), `who`, `why`.

    Raises
    ------
    ReadError
        The file cannot be read, lacks a column, or a line leaves out what a correction needs.
    """
    lines = read_text_table(Path(path), CORRECTIONS)
    for at, row in enumerate(lines[list(CORRECTIONS)].to_dict("records"), 2):
        if missing := [name for name in ("file", "place", "who", "why") if not row[name].strip()]:
            raise ReadError(
                f"a correction does not say {' and '.join(missing)}",
                where=f"{path}, line {at}",
                mend="fill in file, place, read, right, who and why",
            )
    return Corrections(str(path), lines[list(CORRECTIONS)])


def corrected(document: Document, corrections: Corrections) -> tuple[Document, pd.DataFrame]:
    """Return a document with its corrections applied, and those that were.

    Raises
    ------
    ReadError
        A line fits nothing, or more than one cell or paragraph.
    """
    blocks = list(document.blocks)
    applied = []
    for number, line in corrections.of(document):
        places: list[tuple[int, Paragraph | Grid]] = [*_cells(blocks, line)]
        places += _paragraphs(blocks, line)
        if len(places) != 1:
            what = "nothing in the document" if not places else f"{len(places)} places"
            raise ReadError(
                f"a correction fits {what}: {line['read']!r} at {line['place']!r}",
                where=f"{corrections.path}, line {number} ({document.name})",
                mend="copy `place` and `text` from report.places or report.unplaced; leave out "
                "lines of an older edition of the file",
            )
        at, changed = places[0]
        blocks[at] = changed
        applied.append(line)
    frame = pd.DataFrame(applied, columns=list(CORRECTIONS), dtype="str")
    return replace(document, blocks=tuple(blocks)), frame


def _paragraphs(
    blocks: Sequence[Paragraph | Grid], line: dict[str, str]
) -> list[tuple[int, Paragraph]]:
    """Return the paragraphs at a place with the text put right."""
    place, read, right = line["place"], tidy(line["read"]), tidy(line["right"])
    mended = []
    for at, block in enumerate(blocks):
        if not isinstance(block, Paragraph) or not read:
            continue
        if f": {place}".endswith(f": {block.place}"):
            for where in re.finditer(rf"(?<!\w){re.escape(read)}(?!\w)", block.text):
                text = block.text[: where.start()] + right + block.text[where.end() :]
                mended.append((at, replace(block, text=text)))
    return mended


def _cells(blocks: Sequence[Paragraph | Grid], line: dict[str, str]) -> list[tuple[int, Grid]]:
    """Return the tables with the cell at a place put right."""
    mended, read = [], tidy(line["read"])
    for at, block in enumerate(blocks):
        if not isinstance(block, Grid):
            continue
        named = [
            number
            for number, cell in enumerate(block.cells)
            if cell.text == read and _is_at(block, cell.row, cell.column, line["place"])
        ]
        for number in named:
            cell = block.cells[number]
            note = f"sửa {cell.text!r} theo {line['who']}: {line['why']}"
            right = cell._replace(text=tidy(line["right"]), raw=line["right"], note=note)
            cells = (*block.cells[:number], right, *block.cells[number + 1 :])
            mended.append((at, replace(block, cells=cells)))
    return mended


def _is_at(grid: Grid, row: int, column: int, place: str) -> bool:
    """Return whether a cell stands at a place as users name it."""
    if grid.origin is not None and (cell := _CELL.search(place)):
        sheet = cell["sheet"] is None or f"'{cell['sheet']}'" in grid.place
        name = f"{column_letters(grid.origin[1] + column)}{grid.origin[0] + row + 1}"
        return sheet and f"{cell['column']}{cell['row']}" == name
    named = _ROW.search(place)
    if named is None:
        return _is_labelled(grid, row, column, place)
    if named["row"] != grid.row_name(row) or named["table"] != _table(grid.place):
        return False
    if (rest := _COLUMN.search(place)) is None:
        return True
    if rest["number"]:
        return int(rest["number"]) == column + 1
    return _is_under(grid, row, column, rest["heading"])


def _is_labelled(grid: Grid, row: int, column: int, place: str) -> bool:
    """Return whether a cell is that of a row's name and a heading, as `unplaced` names it."""
    named = _LABELLED.search(place)
    if named is None or not _is_under(grid, row, column, re.split(" > |: ", named["heading"])[-1]):
        return False
    return any(grid.text_at(row, one) == named["label"] for one in range(grid.columns))


def _is_under(grid: Grid, row: int, column: int, heading: str) -> bool:
    last = heading.split(" > ")[-1]
    return any(grid.text_at(above, column) == last for above in range(row))


def _table(place: str) -> str:
    table = _TABLE.search(place)
    return table[0] if table else place


def marked(places: pd.DataFrame, corrections: pd.DataFrame) -> pd.DataFrame:
    """Return the cells of figures, those that were put right saying so where they are quoted."""
    headings = places["heading"].copy()
    for line in corrections.to_dict("records"):
        named = _ROW.search(line["place"]) or _CELL.search(line["place"])
        labelled = _LABELLED.search(line["place"])
        if named is not None:
            row = named["row"].removeprefix("hàng ")
            within = places["place"].str.contains(f", hàng {row},", regex=False)
        elif labelled is not None:
            within = places["place"].str.contains(f"dòng '{labelled['label']}'", regex=False)
        else:
            continue
        right = tidy(line["right"])
        at = within & (places["text"] == right)
        headings[at] += f" (sửa, tệp ghi {line['read']!r}; {line['who']})"
    return places.assign(heading=headings)
