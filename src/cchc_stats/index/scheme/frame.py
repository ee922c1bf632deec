"""A nodes frame as it is given, cell by cell: its columns, their types, what is none of these."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from numbers import Rational
from typing import Any

import numpy as np
import pandas as pd

from cchc_stats.index.scheme.faults import HEAD, Fault, near_words, shown
from cchc_stats.index.scheme.nodes import COLUMNS, PARTS, ROOT, TYPES, Node

WORDS = {"str": "text", "Float64": "number", "Int64": "whole number"}


def place_of(node: Node, row: int) -> tuple[int, str]:
    """Return the row and the words by which a fault says where a node is; the root is the head."""
    if node.code == ROOT and not node.parent:
        return HEAD, "the head"
    return row, f"node {shown(node.code)}" if node.code else f"[[nodes]] {row}"


def typed_nodes(frame: object) -> tuple[list[Node], list[Fault]]:
    """Return the rows of a nodes frame with the types of its columns, and the cells without.

    A cell of another type counts as missing; without all columns there are no rows.
    """
    if not isinstance(frame, pd.DataFrame):
        what = f"they are a {type(frame).__name__}, not a DataFrame"
        return [], [_of_columns(what, "change a copy of scheme.nodes")]
    faults = []
    strange = [str(name) for name in frame.columns if name not in TYPES]
    missing = [name for name in COLUMNS if name not in frame.columns]
    for name in missing:
        mend = near_words(name, strange) or "change a copy of scheme.nodes"
        faults.append(_of_columns(f"column {name} is missing", mend))
    if not missing:
        faults += [
            _of_columns(f"column {shown(name)} is not known", "leave it out") for name in strange
        ]
    if not frame.columns.is_unique:
        faults.append(_of_columns("a column is there twice", "keep one of the two"))
    if missing or not frame.columns.is_unique:
        return [], faults
    columns, wrong = [], []
    for name in COLUMNS:
        cells: list[object] = frame[name].astype(object).tolist()
        read = [typed_cell(cell, TYPES[name]) for cell in cells]
        wrong += [
            (row, name, cell)
            for row, (cell, (_, good)) in enumerate(zip(cells, read, strict=True))
            if not good
        ]
        columns.append([cell for cell, _ in read])
    nodes = [Node(*cells) for cells in zip(*columns, strict=True)]
    return nodes, [*faults, *(type_fault(nodes[row], row, name, cell) for row, name, cell in wrong)]


def typed_cell(cell: object, kind: str) -> tuple[str | int | float | None, bool]:
    """Return a cell as text, number or whole number, and whether it is one; missing is both.

    Examples
    --------
    >>> typed_cell(None, "str"), typed_cell(2.0, "Int64"), typed_cell(True, "Float64")
    (('', True), (2, True), (None, False))
    """
    nothing = "" if kind == "str" else None
    if cell is None or cell is pd.NA or (isinstance(cell, float) and math.isnan(cell)):
        return nothing, True
    if kind == "str":
        return (str(cell), True) if isinstance(cell, str) else ("", False)
    if isinstance(cell, bool | np.bool_) or not isinstance(
        cell, Rational | Decimal | float | np.floating
    ):
        return None, False
    if isinstance(cell, Decimal) and cell.is_nan():  # a file says so in words; frames mean <NA>
        return None, False
    number: Any = cell
    if kind == "Int64":
        # Bounded first: 1e999999999 would be written out digit by digit.
        small = isinstance(number, Rational) or math.isfinite(number)
        whole = small and abs(number) < 2**63 and number == int(number)
        return (int(number), True) if whole else (None, False)
    try:
        return float(number), True
    except OverflowError:  # a whole number too large for a float is as good as infinite
        return math.inf, True


def type_fault(node: Node, row: int, column: str, cell: object) -> Fault:
    """Return the fault of a cell of another type."""
    wanted = WORDS[TYPES[column]]
    if column in ("code", "parent"):
        what = f"{column} {shown(cell)} is not in quotes"
        mend = f'write {column} = "{cell}": 3.10 is not 3.1, and only a text keeps them apart'
    else:
        what = f"{column} is {shown(cell)}, not a {wanted}"
        mend = "write it in quotes" if wanted == "text" else f"give a {wanted}, without quotes"
    return Fault(*place_of(node, row), column, what, mend)


def parts_of(nodes: Sequence[Node]) -> dict[str, str]:
    """Return each node's part: its own, or that of all leaves below it, "" where they differ.

    `nodes` stand after their parents.
    """
    inner = {node.parent for node in nodes}
    below: dict[str, set[str]] = {}
    for node in reversed(nodes):
        own = below.get(node.code, set()) if node.code in inner else {node.part}
        below[node.code] = own
        below.setdefault(node.parent, set()).update(own)
    return {
        code: next(iter(parts)) if len(parts) == 1 and parts <= set(PARTS) else ""
        for code, parts in below.items()
    }


def _of_columns(what: str, mend: str) -> Fault:
    return Fault(HEAD, "the nodes", "nodes", what, mend)
