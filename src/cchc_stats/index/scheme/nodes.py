"""The nodes of a scheme: the columns of their frame, their types, and what is wrong with a cell."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from difflib import get_close_matches
from itertools import islice
from numbers import Rational
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from cchc_stats.index.rules import Params, Rule
from cchc_stats.words import Label, SchemeError

ROOT = "total"
KINDS = ("score", "bonus", "deduction")
PARTS = ("self", "survey")
ZERO_DENOMINATOR = ("full", "zero", "exclude", "unknown")
MISSING = ("unknown", "zero", "full", "exclude")
NO_PARAMS = "{}"
SHOWN = 100  # faults spelled out in the text of the exception
LONGEST = 80  # letters of what a file says
SEARCHED = 2000  # words among which the nearest is looked for
HEAD, HEAD_PLACE = -1, "the head"


@dataclass(frozen=True)
class SchemeFault:
    """One thing that is wrong with a scheme.

    Parameters
    ----------
    row : place of the node among those of the file, from 0; `HEAD` for what is not of a node.
    place : what a person finds it by: "node '1.1'", "the head", "[[classes]] 2".
    column : the key or column it is about; one fault per place and column is enough.
    what : what is wrong.
    mend : what to do about it.
    asked, among : a word that is not one of those allowed, and these: the nearest is offered.
    """

    row: int
    place: str
    column: str
    what: str
    mend: str
    asked: str = ""
    among: Iterable[str] = ()

    def __str__(self) -> str:
        """Return the fault and its mend as one line, the nearest allowed word first."""
        near = near_words(self.asked, self.among)
        return f"{self.place}: {self.what}; {near or self.mend}"


def near_words(asked: str, among: Iterable[str]) -> str:
    """Return a hint at the word that is nearest to one that is not among them, "" without one.

    Examples
    --------
    >>> near_words("proportionl", ["bands", "proportional"])
    "did you mean 'proportional'?"
    """
    # No scheme has thousands of nodes: a file that does is not searched through for each fault.
    words = [word for word in islice(among, SEARCHED) if word]
    if not asked or asked in words:
        return ""
    # Upper and lower case are no difference between words that were mistyped.
    lower = {word.casefold(): word for word in reversed(words)}
    near = get_close_matches(asked[:LONGEST].casefold(), lower, n=1)
    return f"did you mean {lower[near[0]]!r}?" if near else ""


def shown(cell: object) -> str:
    """Return what a file says as it is shown in a message, shortened where it is very long."""
    try:
        text = repr(cell) if isinstance(cell, str) else str(cell)
    except ValueError:  # an integer of thousands of digits
        text = "a number of thousands of digits"
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def scheme_error(place: str, faults: Sequence[SchemeFault]) -> SchemeError:
    """Return the one exception with all faults of a scheme, in the order of its rows."""
    ordered = sorted(faults, key=lambda fault: fault.row)
    lines = [f"{place}, {fault}" for fault in ordered[:SHOWN]]
    if len(ordered) > SHOWN:
        lines.append(f"… and {len(ordered) - SHOWN} more")
    number = len(ordered)
    return SchemeError(
        f"scheme {place} cannot be scored with: {number} fault{'s' if number > 1 else ''}",
        where="\n         ".join(lines),
        mend="correct the scheme where it is named; each line says how",
    )


def further(faults: Iterable[SchemeFault], before: Iterable[SchemeFault]) -> list[SchemeFault]:
    """Return the faults whose place and column are not among those before."""
    places = {(fault.row, fault.place, fault.column) for fault in before}
    return [fault for fault in faults if (fault.row, fault.place, fault.column) not in places]


@dataclass(frozen=True)
class Node:
    """One row of the nodes frame; None where the frame has <NA>.

    Attributes
    ----------
    code, parent : its name, and that of the node above it, "" for the root "total".
    level : 0 the root, 1 field (lĩnh vực), 2 criterion (tiêu chí), 3 sub-criterion.
    label, label_en : what people call it.
    max_points : the most it gives; for a deduction the most it takes.
    part : "self" or "survey"; of an inner node "" where its leaves are of both.
    kind : "score", "bonus" or "deduction".
    rule, params : name of the rule and its parameters as JSON text; "" and "{}" of inner nodes.
    indicator, group, basis : the figure it takes; "" where there is none to take.
    zero_denominator, missing : what 0/0 and what no figure gives; "" of inner nodes.
    rounding : decimals of its points, None where they are not rounded.
    source, evidence, note, note_en : who says so, what must be shown, what to read with it.
    not_applicable : what "not applicable" gives; "" where it gives what 0/0 does.
    """

    code: str
    parent: str
    level: int | None
    label: str
    label_en: str
    max_points: float | None
    part: str
    kind: str
    rule: str
    params: str
    indicator: str
    group: str
    basis: str
    zero_denominator: str
    missing: str
    rounding: int | None
    source: str
    evidence: str
    note: str
    note_en: str
    not_applicable: str = ""

    def place(self, row: int) -> tuple[int, str]:
        """Return the row and the words by which a fault says where it is; the root is the head."""
        if self.code == ROOT and not self.parent:
            return HEAD, HEAD_PLACE
        return row, f"node {shown(self.code)}" if self.code else f"[[nodes]] {row}"


COLUMNS = tuple(column.name for column in fields(Node))
TYPES: Mapping[str, str] = dict.fromkeys(COLUMNS, "str") | {
    "level": "Int64",
    "max_points": "Float64",
    "rounding": "Int64",
}
OPTIONAL = "not_applicable"  # a column that frames may lack
WORDS = {"str": "text", "Float64": "number", "Int64": "whole number"}
# Keys of a scheme file and their columns, some of which bear another name there.
RENAMED = {"label_vi": "label", "evidence_vi": "evidence", "note_vi": "note"}
COLUMN_OF: Mapping[str, str] = RENAMED | {
    name: name for name in COLUMNS if name not in ("params", *RENAMED.values())
}


class FigureAsked(NamedTuple):
    """A figure that leaves ask for; basis "" takes whichever basis there is."""

    indicator: str
    group: str
    basis: str


@dataclass(frozen=True, eq=False)
class Leaf:
    """A leaf of a scheme, its rule and parameters ready to score: what the rooms hand on.

    Attributes
    ----------
    place : its place among the leaves, in the order of the nodes.
    path : the codes from the field (level 1) down to the leaf itself.
    indicators, figures : what it asks for; several where it is a complement.
    compared, unit, reads_values, answers : what its rule says with its parameters.
    part, kind : as of `Node`; `counted` is whether its maximum is part of the total, `sign` -1
        where its points are taken off.
    """

    place: int
    code: str
    path: tuple[str, ...]
    rule: Rule
    params: Params
    max_points: float
    rounding: int | None
    indicators: tuple[str, ...]
    group: str
    basis: str
    zero_denominator: str
    missing: str
    not_applicable: str
    kind: str
    part: str
    counted: bool
    sign: float
    figures: tuple[FigureAsked, ...]
    compared: bool
    unit: str
    reads_values: bool
    answers: tuple[str, ...]


@dataclass(frozen=True)
class ScoreClass:
    """A class of results (xếp loại).

    Attributes
    ----------
    code, label : "A", and what people call it.
    at_least : percent of the own applicable maximum from which on it is given.
    each_at_least, each_level : further, that no node of this level is below this percent of its
        own maximum; None where there is no such condition.
    """

    code: str
    label: Label
    at_least: float
    each_at_least: float | None = None
    each_level: int | None = None


@dataclass(frozen=True)
class Declared:
    """An indicator that the library does not have and a scheme brings with it.

    Attributes
    ----------
    code, label : its name in values, and what people call it.
    unit : code of a unit of `codes.toml`.
    better, kind : as of `cchc_stats.indicators.Indicator`.
    """

    code: str
    label: Label
    unit: str
    better: str
    kind: str


def nodes_frame(nodes: Iterable[Node]) -> pd.DataFrame:
    """Return nodes as a frame of `COLUMNS`, typed, in their order, index 0…n-1."""
    listed = list(nodes)
    return pd.DataFrame(
        {
            name: pd.Series(
                pd.array([getattr(node, name) for node in listed], dtype=TYPES[name]),  # type: ignore[call-overload]
                copy=False,
            )
            for name in COLUMNS
        }
    )


def leaves(nodes: pd.DataFrame) -> pd.DataFrame:
    """Return the nodes without children: those that are scored, not summed.

    Parameters
    ----------
    nodes : nodes frame of a scheme, or the `code` and `parent` of one.

    Returns
    -------
    Their rows, in the frame's order and with its index.

    Examples
    --------
    >>> nodes = pd.DataFrame({"code": ["total", "1", "1.1", "2"], "parent": ["", "total", "1",
    ...                       "total"]})
    >>> leaves(nodes)["code"].tolist()
    ['1.1', '2']
    """
    return nodes[~nodes["code"].isin(nodes["parent"])]


def parents_first(nodes: Sequence[Node]) -> list[Node]:
    """Return nodes in their order, but one that stands before its parent right after it.

    A node whose parents lead nowhere stays last: that it is wrong is another's to say.
    """
    placed: dict[str, None] = {"": None}
    order: list[int] = []
    waiting: dict[str, list[int]] = {}
    for row, node in enumerate(nodes):
        if node.parent not in placed:
            waiting.setdefault(node.parent, []).append(row)
            continue
        ready = [row]
        while ready:
            at = ready.pop()
            order.append(at)
            placed[nodes[at].code] = None
            ready += waiting.pop(nodes[at].code, [])[::-1]
    seen = set(order)
    return [nodes[row] for row in [*order, *(at for at in range(len(nodes)) if at not in seen)]]


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


def typed_nodes(frame: object) -> tuple[list[Node], list[SchemeFault]]:
    """Return the rows of a nodes frame with the types of its columns, and the cells without.

    A cell of another type counts as missing; without all columns there are no rows.
    """
    if isinstance(frame, pd.DataFrame) and OPTIONAL not in frame:
        frame = frame.assign(**{OPTIONAL: ""})
    faults = list(_wrong_columns(frame))
    if not isinstance(frame, pd.DataFrame) or any(name not in frame for name in COLUMNS):
        return [], faults
    if not frame.columns.is_unique:
        return [], faults
    columns, wrong = [], []
    for name in COLUMNS:
        cells: list[object] = frame[name].astype(object).tolist()
        read = [typed_cell(cell, TYPES[name]) for cell in cells]
        wrong += [(row, name, cells[row]) for row, (_, good) in enumerate(read) if not good]
        columns.append([cell for cell, _ in read])
    nodes = [Node(*cells) for cells in zip(*columns, strict=True)]
    return nodes, [*faults, *(type_fault(nodes[row], row, name, cell) for row, name, cell in wrong)]


def _wrong_columns(frame: object) -> Iterator[SchemeFault]:
    """Yield what is wrong with the columns of a nodes frame."""
    place = HEAD, "the nodes", "nodes"
    if not isinstance(frame, pd.DataFrame):
        what = f"they are a {type(frame).__name__}, not a DataFrame"
        yield SchemeFault(*place, what, "change a copy of scheme.nodes")
        return
    strange = [str(name) for name in frame.columns if name not in TYPES]
    missing = [name for name in COLUMNS if name not in frame.columns]
    for name in missing:
        mend = near_words(name, strange) or "change a copy of scheme.nodes"
        yield SchemeFault(*place, f"column {name} is missing", mend)
    for name in strange if not missing else ():
        yield SchemeFault(*place, f"column {shown(name)} is not known", "leave it out")
    if not frame.columns.is_unique:
        yield SchemeFault(*place, "a column is there twice", "keep one of the two")


def typed_cell(cell: object, kind: str) -> tuple[str | int | float | None, bool]:
    """Return a cell as text, number or integer, and whether it is one; missing is both.

    Examples
    --------
    >>> typed_cell(None, "str"), typed_cell(2.0, "Int64"), typed_cell(True, "Float64")
    (('', True), (2, True), (None, False))
    """
    if cell is None or cell is pd.NA or (isinstance(cell, float) and math.isnan(cell)):
        return "" if kind == "str" else None, True
    if kind == "str":
        return (str(cell), True) if isinstance(cell, str) else ("", False)
    is_bool = isinstance(cell, bool | np.bool_)
    if is_bool or not isinstance(cell, Rational | Decimal | float | np.floating):
        return None, False
    if isinstance(cell, Decimal) and cell.is_nan():  # a file says so in words; frames mean <NA>
        return None, False
    return _integer(cell) if kind == "Int64" else (_float(cell), True)


def _integer(number: Any) -> tuple[int | None, bool]:
    # Bounded first: 1e999999999 would be written out digit by digit.
    small = isinstance(number, Rational) or math.isfinite(number)
    fits = small and abs(number) < 2**63 and number == int(number)
    return (int(number), True) if fits else (None, False)


def _float(number: Any) -> float:
    try:
        return float(number)
    except OverflowError:  # an integer too large for a float is as good as infinite
        return math.inf


def type_fault(node: Node, row: int, column: str, cell: object) -> SchemeFault:
    """Return the fault of a cell of another type."""
    if column in ("code", "parent"):
        what = f"{column} {shown(cell)} is not in quotes"
        mend = f'write {column} = "{cell}": 3.10 is not 3.1, and only a text keeps them apart'
    else:
        what, mend = type_words(column, cell, TYPES[column])
    return SchemeFault(*node.place(row), column, what, mend)


def type_words(name: str, cell: object, kind: str) -> tuple[str, str]:
    """Return what is wrong with a cell of another type, and the mend."""
    wanted = WORDS[kind]
    mend = "write it in quotes" if wanted == "text" else f"give a {wanted}, without quotes"
    return f"{name} is {shown(cell)}, not a {wanted}", mend
