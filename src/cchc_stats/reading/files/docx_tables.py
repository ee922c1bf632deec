"""One Word table as cells with spans, taken from its XML row by row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from lxml import etree

from cchc_stats.reading.files.blocks import Draft
from cchc_stats.reading.files.docx_names import (
    CELL,
    CELL_PROPERTIES,
    ROW,
    ROW_PROPERTIES,
    VALUE,
    WRAPPERS,
    W,
)

_SPAN, _VMERGE, _HMERGE = W + "gridSpan", W + "vMerge", W + "hMerge"
_BEFORE = W + "gridBefore"
_WIDEST = 100_000  # what a damaged span may claim; the bound on cells refuses it


@dataclass
class TableCells:
    """What a table holds."""

    drafts: list[Draft] = field(default_factory=list)
    rows: int = 0
    columns: int = 0
    nested: list[tuple[int, int, etree._Element]] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)  # texts under a merged cell, not printed
    deleted_rows: int = 0


@dataclass
class _Open:
    """A cell that may go on in the rows below."""

    index: int
    last_row: int
    width: int


def table_cells(
    table: etree._Element,
    text_of: Callable[[etree._Element], tuple[str, list[etree._Element]]],
    require_room: Callable[[int, int], None],
) -> TableCells:
    """Return a table's cells; `text_of` gives a cell's text and the tables inside it.

    `require_room` refuses rows × columns beyond any report before they are all in memory.

    A merged cell is one cell; rows shorter than others are left as they are.
    """
    found = TableCells()
    going_on: dict[int, _Open] = {}
    for row in _inside(table, ROW):
        properties = row.find(ROW_PROPERTIES)
        if properties is not None and properties.find(W + "del") is not None:
            found.deleted_rows += 1
            continue
        column = 0 if properties is None else _whole(properties.find(_BEFORE), 0)
        left: int | None = None  # the cell to the left, for merges of the old kind
        for cell in _inside(row, CELL):
            text, nested = text_of(cell)
            width, down, along = _merges(cell)
            above = going_on.get(column)
            if along == "continue" and left is not None:
                old = found.drafts[left]
                found.drafts[left] = old._replace(column_span=old.column_span + width)
                if old.column in going_on:
                    going_on[old.column].width += width
                _under(found, text)
            elif (
                down == "continue"
                and above is not None
                and above.last_row == found.rows - 1
                and above.width == width
            ):
                old = found.drafts[above.index]
                found.drafts[above.index] = old._replace(row_span=old.row_span + 1)
                above.last_row = found.rows
                left = None
                _under(found, text)
            else:
                left = len(found.drafts)
                found.drafts.append(Draft(found.rows, column, 1, width, text))
                if down:
                    going_on[column] = _Open(left, found.rows, width)
                else:
                    going_on.pop(column, None)
            found.nested += [(found.rows, column, one) for one in nested]
            column += width
            if not column % 512:
                require_room(found.rows + 1, column)
        found.rows += 1
        if column > found.columns:
            found.columns = column
        require_room(found.rows, found.columns)
    return found


def _under(found: TableCells, text: str) -> None:
    if text.strip():
        found.hidden.append(text.strip())


def _merges(cell: etree._Element) -> tuple[int, str, str]:
    """Return a cell's width, and how it takes part in a merge downwards and along the row."""
    properties = cell.find(CELL_PROPERTIES)
    if properties is None:
        return 1, "", ""
    width, down, along = 1, "", ""
    for one in properties:
        tag = one.tag
        if tag == _SPAN:
            width = max(_whole(one, 1), 1)
        elif tag == _VMERGE:
            down = one.get(VALUE, "continue")
        elif tag == _HMERGE:
            along = one.get(VALUE, "continue")
    return width, down, along


def _inside(parent: etree._Element, tag: str) -> Iterator[etree._Element]:
    """Return the rows of a table or the cells of a row, also those in content controls."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in WRAPPERS:
            yield from _inside(child, tag)


def _whole(element: etree._Element | None, otherwise: int) -> int:
    text = "" if element is None else element.get(VALUE, "")
    return min(int(text), _WIDEST) if text.isascii() and text.isdecimal() else otherwise
