"""A document in the making: paragraphs and tables in their order, numbered and placed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cchc_stats.reading.files.document import Cell, Document, Grid, Paragraph, tidy
from cchc_stats.reading.files.legacy_text import LegacyWatch
from cchc_stats.reading.files.outline import Outline
from cchc_stats.words import ReadError

# A report of a whole province is a hundredth of these.
MOST_CELLS = 400_000
MOST_PARAGRAPHS = 200_000
MOST_LETTERS = 30_000_000
MOST_COLUMNS = 16_384


class Draft(NamedTuple):
    """A cell before its text is tidied."""

    row: int
    column: int
    row_span: int
    column_span: int
    raw: str
    note: str = ""


class Blocks:
    """What is read so far; it refuses legacy encodings and tables beyond any report."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.notes: list[str] = []
        self._blocks: list[Paragraph | Grid] = []
        self._outline = Outline()
        self._caption = ""
        self._paragraphs = self._grids = self._cells = self._letters = 0
        self.legacy = LegacyWatch(file)

    def note(self, text: str) -> None:
        """Keep a note, once."""
        if text not in self.notes:
            self.notes.append(text)

    def any(self) -> bool:
        """Return whether there is a paragraph or a table so far."""
        return bool(self._blocks)

    def new_outline(self) -> None:
        """Start anew, as on another sheet: no heading and no caption is carried over."""
        self._outline = Outline()
        self._caption = ""

    def paragraph(self, raw: str, *, place: str = "", beside: bool = False) -> None:
        """Add the lines of a text as paragraphs; those beside the text are under no heading."""
        self._take(len(raw), place or "text")
        for line in raw.splitlines():
            if not (text := tidy(line)):
                continue
            self._paragraphs += 1
            if self._paragraphs > MOST_PARAGRAPHS:
                raise ReadError(
                    f"the document has more than {MOST_PARAGRAPHS:,} paragraphs",
                    where=f"{self.file}, {place or 'text'}",
                    mend="split it",
                )
            section, here = "", place
            if not beside:
                standing = self._outline.take(text)
                section, here = standing.section, place or standing.place
                self._caption = text
            self.legacy.look(text, here)
            self._blocks.append(Paragraph(self._paragraphs, text, section, here))

    @property
    def here(self) -> str:
        """Return what the last paragraph says, as the place of what follows it."""
        return f"sau '{self._caption[:60]}'" if self._caption else "đầu văn bản"

    @property
    def next_grid(self) -> str:
        """Return how the next table is called."""
        return f"bảng {self._grids + 1}"

    def grid(
        self,
        drafts: Sequence[Draft],
        rows: int,
        columns: int,
        *,
        known_spans: bool,
        place: str = "",
    ) -> None:
        """Add a table; places that no cell covers become empty cells."""
        place = place or self.next_grid
        self.require_room(rows, columns, place)
        self._cells += rows * columns
        if not rows or not columns:
            return
        self._take(sum(len(draft.raw) for draft in drafts), place)
        cells = [Cell(*draft[:4], tidy(draft.raw), draft.raw, draft.note) for draft in drafts]
        cells += _gaps(cells, rows, columns)
        cells.sort(key=lambda cell: (cell.row, cell.column))
        self._grids += 1
        for cell in cells:
            if cell.text and not cell.text.isascii():
                self.legacy.look(cell.text, f"{place}, hàng {cell.row + 1}")
        section = self._outline.section
        self._blocks.append(
            Grid(
                self._grids, place, section, self._caption, tuple(cells), rows, columns, known_spans
            )
        )

    def require_room(self, rows: int, columns: int, place: str) -> None:
        """Refuse a table that is beyond what any report holds, together with those before it."""
        if self._cells + rows * columns > MOST_CELLS or columns > MOST_COLUMNS:
            raise ReadError(
                f"the tables have more than {MOST_CELLS:,} cells or {MOST_COLUMNS:,} columns",
                where=f"{self.file}, {place}: {rows:,} × {columns:,}",
                mend="delete stray cells far outside the tables; "
                "an export of dossiers is no report",
            )

    def _take(self, letters: int, place: str) -> None:
        # A workbook stores a long text once and shows it in as many cells as it likes.
        self._letters += letters
        if self._letters > MOST_LETTERS:
            raise ReadError(
                f"the text has more than {MOST_LETTERS:,} characters",
                where=f"{self.file}, {place}",
                mend="split it",
            )

    def finish(self, name: str, kind: str) -> Document:
        """Return the document."""
        self.legacy.judge()
        return Document(name, kind, tuple(self._blocks), tuple(self.notes))


def _gaps(cells: Sequence[Cell], rows: int, columns: int) -> list[Cell]:
    area = sum(cell.row_span * cell.column_span for cell in cells)
    if area == rows * columns:
        return []
    covered = bytearray(rows * columns)
    for cell in cells:
        for row in range(cell.row, cell.row + cell.row_span):
            start = row * columns + cell.column
            covered[start : start + cell.column_span] = b"\1" * cell.column_span
    return [
        Cell(place // columns, place % columns, 1, 1, "", "")
        for place, filled in enumerate(covered)
        if not filled
    ]
