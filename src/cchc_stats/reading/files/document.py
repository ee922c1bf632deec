"""A document as read: paragraphs and tables in their order, each cell with its spans and place."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

_BREAKS = re.compile("[ \t]*[\n\r\x0b\x0c\x85\u2028\u2029]+[ \t]*")
# They are not seen in print, and a word that holds one is not found.
_UNSEEN = str.maketrans("", "", "\u00ad\u200b\u200c\u200d\u2060\ufeff")


def tidy(raw: str) -> str:
    r"""Return a text composed (NFC), without ends of space, unseen characters or line breaks.

    Examples
    --------
    >>> tidy(" Quy\u0301\nIII ")
    'Quý III'
    """
    if raw.isascii() and raw.isprintable():
        return raw.strip()
    composed = unicodedata.normalize("NFC", raw.translate(_UNSEEN))
    text = _BREAKS.sub(" ", composed.strip())
    return raw if text == raw else text  # kept once where it is the same


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as printed; a merged one is one cell with spans.

    Attributes
    ----------
    row, column : its upper left corner, counted from 0.
    row_span, column_span : how many rows and columns it covers, 1 or more.
    text : `raw` composed (NFC), ends stripped, line breaks as spaces; "" where it is empty.
    raw : as in the file; a stored number as its format shows it, in Vietnamese printing.
    note : what the reader noticed about it, else "".
    """

    row: int
    column: int
    row_span: int
    column_span: int
    text: str
    raw: str
    note: str = ""


@dataclass(frozen=True, eq=False)
class Grid:
    """One table of a document: its cells cover every place exactly once.

    Attributes
    ----------
    number : 1, 2, … among the document's tables.
    place : "bảng 4", or "trang tính 'Biểu 1', A5:K9".
    section : the headings above it, "II. … > 4. … > a) …"; "" where there are none.
    caption : the last paragraph before it.
    cells : row by row.
    rows, columns : its size.
    known_spans : False where the source does not say which cells are merged: there a merged
        heading leaves empty cells behind.
    """

    number: int
    place: str
    section: str
    caption: str
    cells: tuple[Cell, ...]
    rows: int
    columns: int
    known_spans: bool

    @cached_property
    def _places(self) -> dict[tuple[int, int], Cell]:
        merged = {
            (row, column): cell
            for cell in self.cells
            if cell.row_span > 1 or cell.column_span > 1
            for row in range(cell.row, cell.row + cell.row_span)
            for column in range(cell.column, cell.column + cell.column_span)
        }
        return merged | {(cell.row, cell.column): cell for cell in self.cells}

    def covering(self, row: int, column: int) -> Cell | None:
        """Return the cell that covers a place (counted from 0), None outside the table."""
        return self._places.get((row, column))

    def text_at(self, row: int, column: int) -> str:
        """Return the text of the cell that covers a place, "" outside the table.

        Examples
        --------
        >>> wide = Cell(0, 0, 1, 2, "Tổng", "Tổng")
        >>> grid = Grid(1, "bảng 1", "", "", (wide,), 1, 2, known_spans=True)
        >>> grid.text_at(0, 1), grid.text_at(9, 9)
        ('Tổng', '')
        """
        cell = self._places.get((row, column))
        return cell.text if cell else ""

    def __repr__(self) -> str:
        """Return what the table is in one line."""
        return f"Grid({self.place!r}, {self.rows} × {self.columns}, {self.caption[:40]!r})"


@dataclass(frozen=True)
class Paragraph:
    """One paragraph outside the tables.

    Attributes
    ----------
    number : 1, 2, … among the document's paragraphs.
    text : composed (NFC), ends stripped; never empty.
    section : the headings it stands under, and itself where it is one.
    place : "Mục II.6.a, đoạn 3" where it stands under numbered headings, else "đoạn 17",
        "chú thích 1", "đầu trang", "trang tính 'Biểu 1', ô A1".
    """

    number: int
    text: str
    section: str
    place: str


@dataclass(frozen=True, eq=False)
class Document:
    """A document as read (see `read_document`).

    Attributes
    ----------
    name : the file's name, without its folder.
    kind : docx, xlsx, text, html, xls, ods or pdf, told by content.
    blocks : paragraphs and tables in their order; then what stands beside the text (footnotes,
        headers, footers).
    notes : what the reader noticed: tracked changes, hidden sheets, text boxes, a wrong suffix.
    """

    name: str
    kind: str
    blocks: tuple[Paragraph | Grid, ...]
    notes: tuple[str, ...]

    @property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """Return the paragraphs alone."""
        return tuple(block for block in self.blocks if isinstance(block, Paragraph))

    @property
    def grids(self) -> tuple[Grid, ...]:
        """Return the tables alone."""
        return tuple(block for block in self.blocks if isinstance(block, Grid))

    def __repr__(self) -> str:
        """Return what the document is in one line; its blocks are too long for that."""
        return (
            f"Document({self.name!r}, {self.kind}, {len(self.paragraphs)} paragraphs, "
            f"{len(self.grids)} tables, {len(self.notes)} notes)"
        )
