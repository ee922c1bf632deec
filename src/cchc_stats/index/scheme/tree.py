"""What can be wrong with the tree of a scheme: codes, parents, levels, and maxima that add up."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from cchc_stats.index.scheme.faults import HEAD, Fault
from cchc_stats.index.scheme.frame import place_of
from cchc_stats.index.scheme.nodes import KINDS, PARTS, ROOT, Node
from cchc_stats.words import exact

SHOWN_CHILDREN = 12  # codes named in one line


def tree_faults(nodes: Sequence[Node], parts: Mapping[str, object]) -> Iterator[Fault]:
    """Yield what is wrong with the nodes as a tree; `parts` are the stated maxima of the parts."""
    if len(nodes) < 2:
        mend = 'write at least one [[nodes]] with parent = "total"'
        yield Fault(HEAD, "the nodes", "nodes", "there are none", mend)
    elif not any(node.code == ROOT and not node.parent for node in nodes):
        mend = f"add a row {ROOT!r} without parent, at level 0"
        yield Fault(HEAD, "the nodes", "nodes", f"the root {ROOT!r} is missing", mend)
    yield from _codes(nodes)
    yield from _parents(nodes)
    yield from _levels(nodes)
    yield from _kinds(nodes)
    yield from _maxima(nodes)
    yield from _sums(nodes)
    yield from _parts(nodes, parts)


def inner_codes(nodes: Sequence[Node]) -> set[str]:
    """Return the codes of the nodes that others name as their parent; the root is one of them."""
    return {ROOT, *(node.parent for node in nodes if node.parent)}


def _codes(nodes: Sequence[Node]) -> Iterator[Fault]:
    times = Counter(node.code for node in nodes)
    told: set[str] = set()
    for row, node in enumerate(nodes):
        at, place = place_of(node, row)
        if not node.code.strip():
            mend = 'give it one of its own, in quotes, such as code = "1.1"'
            yield Fault(at, f"[[nodes]] {row}", "code", "code is missing or empty", mend)
        elif node.code != node.code.strip():
            yield Fault(at, place, "code", "code has spaces around it", "leave them out")
        elif node.code == ROOT and at != HEAD:
            what = f"the code {ROOT!r} is the root's own, which is made from the head"
            yield Fault(at, place, "code", what, "give another code")
        elif times[node.code] > 1 and node.code not in told and node.code != ROOT:
            told.add(node.code)
            what = f"the code is there {times[node.code]} times"
            yield Fault(at, place, "code", what, "give each node a code of its own")
        if not node.label.strip() and at != HEAD:
            yield Fault(at, place, "label", "label_vi is missing", "say in Vietnamese what it is")


def _parents(nodes: Sequence[Node]) -> Iterator[Fault]:
    codes = list(dict.fromkeys(node.code for node in nodes))
    known = set(codes)
    parents: dict[str, str] = {}
    for node in nodes:
        if node.code:  # that one is missing is told by itself
            parents.setdefault(node.code, node.parent)
    for row, node in enumerate(nodes):
        at, place = place_of(node, row)
        if at == HEAD:
            continue
        if not node.parent:
            mend = f'write parent = "{ROOT}", or the code of the node above it'
            yield Fault(at, place, "parent", "parent is missing", mend)
        elif node.parent == node.code:
            what, mend = "it is its own parent", "name the node above it"
            yield Fault(at, place, "parent", what, mend)
        elif node.parent not in known:
            mend = "add that node, or name one that is there"
            what = f"there is no parent {node.parent!r}"
            yield Fault(at, place, "parent", what, mend, asked=node.parent, among=codes)
    rows = {node.code: row for row, node in reversed(list(enumerate(nodes)))}
    for circle in _circles(parents):
        node = nodes[rows[circle[0]]]
        way = circle if len(circle) <= SHOWN_CHILDREN else [*circle[:SHOWN_CHILDREN], "…"]
        what = f"its parents go in a circle: {' → '.join([*way, circle[0]])}"
        mend = f'give one of them a parent that leads to "{ROOT}"'
        yield Fault(*place_of(node, rows[circle[0]]), "parent", what, mend)


def _circles(parents: Mapping[str, str]) -> Iterator[list[str]]:
    """Yield each circle once, from the first of its codes on; a node above itself is none."""
    done: set[str] = set()
    for code in parents:
        path: dict[str, None] = {}
        while code in parents and code not in done and code not in path:
            path[code] = None
            code = parents[code]
        if code in path and parents[code] != code:
            way = list(path)
            yield way[way.index(code) :]
        done |= set(path)


def depths_below(nodes: Sequence[Node]) -> dict[str, int]:
    """Return how far below the root each node is that leads to it."""
    below: dict[str, list[str]] = {}
    for node in nodes:
        if node.code != node.parent and node.code != ROOT:
            below.setdefault(node.parent, []).append(node.code)
    depths, waiting = {ROOT: 0}, [ROOT]
    while waiting:
        code = waiting.pop()
        for child in below.get(code, []):
            if child not in depths:
                depths[child] = depths[code] + 1
                waiting.append(child)
    return depths


def _levels(nodes: Sequence[Node]) -> Iterator[Fault]:
    depths = depths_below(nodes)
    for row, node in enumerate(nodes):
        depth = depths.get(node.code)
        if node.level is None or depth is None or node.level == depth:
            continue
        at, place = place_of(node, row)
        why = f"its parent {node.parent!r} is at level {depth - 1}" if depth else "it is the root"
        if node.level > depth:
            why += "; a level is skipped" if depth else ""
        mend = f"write level = {depth}, leave it out, or name the parent that is meant"
        yield Fault(at, place, "level", f"level is {node.level}, but {why}", mend)


def _kinds(nodes: Sequence[Node]) -> Iterator[Fault]:
    kinds = {node.code: node.kind for node in reversed(nodes)}
    for row, node in enumerate(nodes):
        at, place = place_of(node, row)
        above = kinds.get(node.parent, "score")
        if node.kind not in KINDS:
            what = f"kind is {node.kind!r}, not one of {', '.join(KINDS)}"
            mend = "use one of these"
            yield Fault(at, place, "kind", what, mend, asked=node.kind, among=KINDS)
        elif at == HEAD and node.kind != "score":
            what = f"kind of the root is {node.kind!r}"
            yield Fault(at, place, "kind", what, 'write "score"')
        elif above in ("bonus", "deduction") and node.kind != above:
            what = f"kind is {node.kind!r}, but its parent {node.parent!r} is a {above}"
            mend = f'write kind = "{above}", or put it elsewhere'
            yield Fault(at, place, "kind", what, mend)


def _maxima(nodes: Sequence[Node]) -> Iterator[Fault]:
    inner = inner_codes(nodes)
    for row, node in enumerate(nodes):
        most = node.max_points
        if most is None:
            what, mend = "max_points is missing", "give the most it can give, such as 2.5"
        elif not math.isfinite(most):
            what, mend = f"max_points is {most}, which is not finite", "give a plain number"
        elif most < 0:
            what, mend = (
                f"max_points is {most:g}, below 0",
                'give it without sign; what is taken off has kind = "deduction"',
            )
        elif most == 0 and node.kind == "score" and node.code not in inner:
            what, mend = (
                "max_points is 0, so that nothing can be scored",
                "give points or leave out",
            )
        else:
            continue
        yield Fault(*place_of(node, row), "max_points", what, mend)


def _sums(nodes: Sequence[Node]) -> Iterator[Fault]:
    """Yield the nodes whose maximum is not that of their children of the same kind together."""
    below: dict[str, list[Node]] = {}
    for node in nodes:
        if node.parent and node.parent != node.code:
            below.setdefault(node.parent, []).append(node)
    seen: set[str] = set()
    for row, node in enumerate(nodes):
        children = below.get(node.code, [])
        own = [child for child in children if child.kind == node.kind]
        maxima = [child.max_points for child in own]
        if not children or node.code in seen or node.kind not in KINDS:
            continue
        seen.add(node.code)
        if not _known(node.max_points) or not all(_known(most) for most in maxima):
            continue  # what is missing is told by itself
        total, wanted = _total(own), exact(node.max_points or 0)
        if total != wanted:
            named = [f"{child.code} {child.max_points:.12g}" for child in own[:SHOWN_CHILDREN]]
            if len(own) > SHOWN_CHILDREN:
                named.append(f"and {len(own) - SHOWN_CHILDREN} more")
            what = (
                f"its children's points ({node.kind}) add up to {_digits(total)}, "
                f"not to its max_points {_digits(wanted)}: {', '.join(named) or 'none'}"
            )
            mend = "correct one of these maxima"
            yield Fault(*place_of(node, row), "max_points", what, mend)


def _parts(nodes: Sequence[Node], parts: Mapping[str, object]) -> Iterator[Fault]:
    inner = inner_codes(nodes)
    scored = [node for node in nodes if node.code not in inner and node.kind == "score"]
    for part, stated in parts.items():
        column = f"parts.{part}"
        if part not in PARTS:
            what = f"[parts] names {part!r}, not {' or '.join(PARTS)}"
            yield Fault(HEAD, "the head", column, what, "use one of these", asked=part, among=PARTS)
        elif isinstance(stated, bool) or not isinstance(stated, int | float):
            what = f"{part} of [parts] is {stated!r}, not a number"
            yield Fault(HEAD, "the head", column, what, "give its maximum")
        elif not _known(stated) or all(_known(node.max_points) for node in scored):
            leaves = [node for node in scored if node.part == part]
            if not _known(stated) or _total(leaves) != exact(stated):
                what = (
                    f"{part} of [parts] is {stated:g}, but the leaves of this part "
                    f"add up to {_digits(_total(leaves))}"
                )
                mend = "correct it, or the part or max_points of a leaf"
                yield Fault(HEAD, "the head", column, what, mend)


def _known(most: float | None) -> bool:
    return most is not None and math.isfinite(most) and most >= 0


def _total(nodes: Sequence[Node]) -> Fraction:
    # Fractions of the decimals as written: 0.1 + 0.2 is 0.3 here.
    known = (node.max_points for node in nodes if node.max_points is not None)
    return sum((exact(most) for most in known if math.isfinite(most)), Fraction(0))


def _digits(number: Fraction) -> str:
    return f"{float(number):.12g}"
