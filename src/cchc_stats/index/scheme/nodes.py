"""The nodes of a scheme: the columns of their frame, their order, and who stands above whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields

import pandas as pd

from cchc_stats.index.scheme.faults import near_words
from cchc_stats.words import SchemeError

ROOT = "total"
KINDS = ("score", "bonus", "deduction")
PARTS = ("self", "survey")
ZERO_DENOMINATOR = ("full", "zero", "exclude")
MISSING = ("unknown", "zero", "full", "exclude")
NO_PARAMS = "{}"


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


COLUMNS = tuple(column.name for column in fields(Node))
TYPES: Mapping[str, str] = dict.fromkeys(COLUMNS, "str") | {
    "level": "Int64",
    "max_points": "Float64",
    "rounding": "Int64",
}
# Keys of a scheme file and their columns, some of which bear another name there.
RENAMED = {"label_vi": "label", "evidence_vi": "evidence", "note_vi": "note"}
COLUMN_OF: Mapping[str, str] = RENAMED | {
    name: name for name in COLUMNS if name not in ("params", *RENAMED.values())
}


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


def ancestors(nodes: pd.DataFrame, code: str) -> list[str]:
    """Return the codes above a node, its parent first and the root last.

    Raises
    ------
    SchemeError : there is no such node.

    Examples
    --------
    >>> nodes = pd.DataFrame({"code": ["total", "1", "1.1"], "parent": ["", "total", "1"]})
    >>> ancestors(nodes, "1.1")
    ['1', 'total']
    """
    parents = dict(zip(nodes["code"], nodes["parent"], strict=True))
    if code not in parents:
        mend = near_words(str(code), parents) or f"use one of {', '.join(parents)}"
        raise SchemeError(f"there is no node {code!r}", where="code=", mend=mend)
    above: list[str] = []
    while parents[code]:
        code = parents[code]
        above.append(code)
    return above


def tree_order(nodes: pd.DataFrame) -> pd.DataFrame:
    """Return the nodes from the top down, each followed by all that is below it.

    Returns
    -------
    All rows of a scheme's nodes; children of one parent in the frame's order; index 0…n-1.

    Examples
    --------
    >>> nodes = pd.DataFrame({"code": ["total", "1", "2", "1.1"],
    ...                       "parent": ["", "total", "total", "1"]})
    >>> tree_order(nodes)["code"].tolist()
    ['total', '1', '1.1', '2']
    """
    below: dict[str, list[int]] = {}
    for row, parent in enumerate(nodes["parent"]):
        below.setdefault(parent, []).append(row)
    codes = nodes["code"].tolist()
    order: list[int] = []
    waiting = below.get("", [])[::-1]
    while waiting:
        row = waiting.pop()
        order.append(row)
        waiting += below.get(codes[row], [])[::-1]
    return nodes.iloc[order].reset_index(drop=True)


def parents_first(nodes: Sequence[Node]) -> list[Node]:
    """Return nodes in their order, but one that stands before its parent right after it.

    A node whose parents lead nowhere stays last: that it is wrong is told elsewhere.
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
