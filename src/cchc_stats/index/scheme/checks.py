"""All that can be wrong with a scheme, at once: its head, classes, indicators, tree and leaves."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, get_args

from cchc_stats.index.rules import RULES, Rule, find_rule
from cchc_stats.index.scheme.nodes import (
    COLUMN_OF,
    HEAD,
    HEAD_PLACE,
    KINDS,
    MISSING,
    NO_PARAMS,
    PARTS,
    ROOT,
    ZERO_DENOMINATOR,
    Declared,
    Node,
    SchemeFault,
    ScoreClass,
    shown,
)
from cchc_stats.indicators import INDICATORS, Better, Indicator, Kind, find_indicator
from cchc_stats.words import BASES, Label, exact, vocabulary

STATUSES = ("confirmed", "confirmed_by_data", "provisional", "example")
SHOWN_CHILDREN = 12  # codes named in one line
ROUNDING = range(11)  # decimals
VOCABULARIES = {
    "part": PARTS,
    "basis": ("", *BASES),
    "zero_denominator": ZERO_DENOMINATOR,
    "missing": MISSING,
    "not_applicable": ("", *ZERO_DENOMINATOR),
}
_Finding = tuple[Any, ...]  # column, what, mend and, where there are near words, asked and among


def scheme_faults(fields: Mapping[str, Any], nodes: Sequence[Node]) -> list[SchemeFault]:
    """Return what is wrong with a scheme.

    Parameters
    ----------
    fields : the fields of a `Scheme`, but for its nodes; None where one is missing.
    nodes : its nodes, in the order in which they are given.
    """
    return [
        *_head(fields),
        *_dates(fields["valid_from"], fields["valid_to"]),
        *_classes(fields["classes"], nodes),
        *_declared(fields["indicators"]),
        *_tree(nodes, fields["parts"]),
        *_leaves(nodes, fields["indicators"]),
    ]


def _of_head(column: str, what: str, mend: str, *word: Any) -> SchemeFault:
    return SchemeFault(HEAD, HEAD_PLACE, column, what, mend, *word)


def _head(fields: Mapping[str, Any]) -> Iterator[SchemeFault]:
    for name, meant in (
        ("name", "the file's name without .toml"),
        ("source", "the document that it is from"),
    ):
        text = fields[name]
        if not isinstance(text, str) or not text.strip():
            yield _of_head(name, f"{name} is missing", f"give {meant}, as a text in quotes")
    title = fields["title"]
    if not isinstance(title, Label) or not title.vi.strip():
        yield _of_head("title", "title_vi is missing", "say in Vietnamese what the scheme is")
    status = fields["status"]
    if status not in STATUSES:
        what = f"status is {status!r}" if status else "status is missing"
        mend = f"use one of {', '.join(STATUSES)}"
        yield _of_head("status", what, mend, str(status or ""), STATUSES)


def _dates(valid_from: object, valid_to: object) -> Iterator[SchemeFault]:
    for name, day in (("valid_from", valid_from), ("valid_to", valid_to)):
        if isinstance(day, dt.date) and not isinstance(day, dt.datetime):
            continue
        if day is None and name == "valid_to":
            continue
        what = f"{name} is missing" if day is None else f"{name} is {day!r}, not a day"
        yield _of_head(name, what, "write it as a date without quotes, such as 2022-06-23")
        return
    if valid_to is not None and valid_to < valid_from:  # type: ignore[operator]
        what = f"valid_to {valid_to} is before valid_from {valid_from}"
        yield _of_head("valid_to", what, "correct one of the two, or leave valid_to out")


def _classes(classes: Sequence[ScoreClass], nodes: Sequence[Node]) -> Iterator[SchemeFault]:
    levels = {level for level in depths_below(nodes).values() if level}
    seen: set[str] = set()
    before = math.inf
    for number, one in enumerate(classes, start=1):
        place = HEAD, f"[[classes]] {number}"
        if not one.code.strip() or one.code in seen:
            what = f"the code {one.code!r} is there twice" if one.code else "code is missing"
            yield SchemeFault(*place, "code", what, "give each class a code of its own, in quotes")
        seen.add(one.code)
        for column, what, mend in (*_bounds(one, before), *_each(one, levels)):
            yield SchemeFault(*place, column, what, mend)
        before = one.at_least if _is_percent(one.at_least) else before


def _bounds(one: ScoreClass, before: float) -> Iterator[tuple[str, str, str]]:
    """Yield what is wrong with the percents of a class, `before` being that of the better one."""
    for column in ("at_least", "each_at_least"):
        percent = getattr(one, column)
        if not _is_percent(percent) and (percent is not None or column == "at_least"):
            what = f"{column} is {percent!r}, not a percent from 0 to 100"
            if percent is None:
                what = f"{column} is missing"
            yield column, what, "give percent of the applicable maximum"
    if _is_percent(one.at_least) and one.at_least >= before:
        what = f"at_least {one.at_least:g} is not below the {before:g} before it"
        yield "at_least", what, "list the classes best first"


def _each(one: ScoreClass, levels: set[int]) -> Iterator[tuple[str, str, str]]:
    """Yield what is wrong with the second condition of a class."""
    if (one.each_at_least is None) != (one.each_level is None):
        what = "each_at_least and each_level belong together, and one is missing"
        yield "each_level", what, "give both or neither"
    elif one.each_level is not None and one.each_level not in levels:
        what = f"each_level is {one.each_level!r}, at which there are no nodes"
        mend = f"use one of {', '.join(map(str, sorted(levels))) or 'the levels of the nodes'}"
        yield "each_level", what, mend


def _is_percent(number: object) -> bool:
    plain = isinstance(number, int | float) and not isinstance(number, bool)
    return plain and 0 <= number <= 100  # type: ignore[operator]


def _declared(indicators: Mapping[str, Declared]) -> Iterator[SchemeFault]:
    vocabularies = {
        "unit": tuple(vocabulary()["unit"]),
        "better": get_args(Better),
        "kind": get_args(Kind),
    }
    for code, one in indicators.items():
        place = HEAD, f"[[indicators]] {code!r}"
        wrong_code = {
            "code is missing": ("give the code that the values have, in quotes", not code.strip()),
            f"it is kept under {code!r} and has the code {one.code!r}": (
                "keep each under its own code",
                code != one.code,
            ),
            "the library knows an indicator of this code, which would be hidden": (
                "leave it out, or give another code",
                find_indicator(code) is not None,
            ),
            "a code with + would be read as a sum": ("give a code without it", "+" in code),
        }
        for what, (mend, wrong) in wrong_code.items():
            if wrong:
                yield SchemeFault(*place, "code", what, mend)
        if not one.label.vi.strip():
            yield SchemeFault(
                *place, "label", "label_vi is missing", "say in Vietnamese what it is"
            )
        for column, words in vocabularies.items():
            cell = getattr(one, column)
            if cell not in words:
                what = f"{column} is {cell!r}" if cell else f"{column} is missing"
                mend = f"use one of {', '.join(words)}"
                yield SchemeFault(*place, column, what, mend, cell, words)


# The tree: codes, parents, levels, and maxima that add up.


def _tree(nodes: Sequence[Node], parts: Mapping[str, object]) -> Iterator[SchemeFault]:
    if len(nodes) < 2:
        mend = 'write at least one [[nodes]] with parent = "total"'
        yield SchemeFault(HEAD, "the nodes", "nodes", "there are none", mend)
    elif not any(node.code == ROOT and not node.parent for node in nodes):
        mend = f"add a row {ROOT!r} without parent, at level 0"
        yield SchemeFault(HEAD, "the nodes", "nodes", f"the root {ROOT!r} is missing", mend)
    yield from _codes(nodes)
    yield from _parents(nodes)
    yield from _in_circles(nodes)
    yield from _levels(nodes)
    yield from _kinds(nodes)
    yield from _maxima(nodes)
    yield from _sums(nodes)
    yield from _parts(nodes, parts)


def inner_codes(nodes: Sequence[Node]) -> set[str]:
    """Return the codes of the nodes that others name as their parent; the root is one of them."""
    return {ROOT, *(node.parent for node in nodes if node.parent)}


def _codes(nodes: Sequence[Node]) -> Iterator[SchemeFault]:
    times = Counter(node.code for node in nodes)
    seen: set[str] = set()
    for row, node in enumerate(nodes):
        at, place = node.place(row)
        if not node.code.strip():
            mend = 'give it one of its own, in quotes, such as code = "1.1"'
            yield SchemeFault(at, f"[[nodes]] {row}", "code", "code is missing or empty", mend)
        elif node.code != node.code.strip():
            yield SchemeFault(at, place, "code", "code has spaces around it", "leave them out")
        elif node.code == ROOT and at != HEAD:
            what = f"the code {ROOT!r} is the root's own, which is made from the head"
            yield SchemeFault(at, place, "code", what, "give another code")
        elif times[node.code] > 1 and node.code not in seen and node.code != ROOT:
            seen.add(node.code)
            what = f"the code is there {times[node.code]} times"
            yield SchemeFault(at, place, "code", what, "give each node a code of its own")
        if not node.label.strip() and at != HEAD:
            yield SchemeFault(
                at, place, "label", "label_vi is missing", "say in Vietnamese what it is"
            )


def _parents(nodes: Sequence[Node]) -> Iterator[SchemeFault]:
    codes = list(dict.fromkeys(node.code for node in nodes))
    there = set(codes)
    for row, node in enumerate(nodes):
        at, place = node.place(row)
        if at == HEAD:
            continue
        if not node.parent:
            mend = f'write parent = "{ROOT}", or the code of the node above it'
            yield SchemeFault(at, place, "parent", "parent is missing", mend)
        elif node.parent == node.code:
            what, mend = "it is its own parent", "name the node above it"
            yield SchemeFault(at, place, "parent", what, mend)
        elif node.parent not in there:
            mend = "add that node, or name one that is there"
            what = f"there is no parent {node.parent!r}"
            yield SchemeFault(at, place, "parent", what, mend, asked=node.parent, among=codes)


def _in_circles(nodes: Sequence[Node]) -> Iterator[SchemeFault]:
    parents: dict[str, str] = {}
    rows: dict[str, int] = {}
    for row, node in enumerate(nodes):
        rows.setdefault(node.code, row)
        if node.code:  # that one is missing is a fault by itself
            parents.setdefault(node.code, node.parent)
    for circle in _circles(parents):
        row = rows[circle[0]]
        way = circle if len(circle) <= SHOWN_CHILDREN else [*circle[:SHOWN_CHILDREN], "…"]
        what = f"its parents go in a circle: {' → '.join([*way, circle[0]])}"
        mend = f'give one of them a parent that leads to "{ROOT}"'
        yield SchemeFault(*nodes[row].place(row), "parent", what, mend)


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


def _levels(nodes: Sequence[Node]) -> Iterator[SchemeFault]:
    depths = depths_below(nodes)
    for row, node in enumerate(nodes):
        depth = depths.get(node.code)
        if node.level is None or depth is None or node.level == depth:
            continue
        why = f"its parent {node.parent!r} is at level {depth - 1}" if depth else "it is the root"
        if node.level > depth:
            why += "; a level is skipped" if depth else ""
        mend = f"write level = {depth}, leave it out, or name the parent that is meant"
        yield SchemeFault(*node.place(row), "level", f"level is {node.level}, but {why}", mend)


def _kinds(nodes: Sequence[Node]) -> Iterator[SchemeFault]:
    kinds = {node.code: node.kind for node in reversed(nodes)}
    for row, node in enumerate(nodes):
        at, place = node.place(row)
        above = kinds.get(node.parent, "score")
        if node.kind not in KINDS:
            what = f"kind is {node.kind!r}, not one of {', '.join(KINDS)}"
            mend = "use one of these"
            yield SchemeFault(at, place, "kind", what, mend, asked=node.kind, among=KINDS)
        elif at == HEAD and node.kind != "score":
            what = f"kind of the root is {node.kind!r}"
            yield SchemeFault(at, place, "kind", what, 'write "score"')
        elif above in ("bonus", "deduction") and node.kind != above:
            what = f"kind is {node.kind!r}, but its parent {node.parent!r} is a {above}"
            mend = f'write kind = "{above}", or put it elsewhere'
            yield SchemeFault(at, place, "kind", what, mend)


def _maxima(nodes: Sequence[Node]) -> Iterator[SchemeFault]:
    inner = inner_codes(nodes)
    for row, node in enumerate(nodes):
        most = node.max_points
        if most is None:
            what, mend = "max_points is missing", "give the most it can give, such as 2.5"
        elif not math.isfinite(most):
            what, mend = f"max_points is {most}, which is not finite", "give a plain number"
        elif most < 0:
            what = f"max_points is {most:g}, below 0"
            mend = 'give it without sign; what is taken off has kind = "deduction"'
        elif most == 0 and node.kind == "score" and node.code not in inner:
            what = "max_points is 0, so that nothing can be scored"
            mend = "give points or leave out"
        else:
            continue
        yield SchemeFault(*node.place(row), "max_points", what, mend)


def _sums(nodes: Sequence[Node]) -> Iterator[SchemeFault]:
    """Yield the nodes whose maximum is not that of their children of the same kind together."""
    below: dict[str, list[Node]] = {}
    for node in nodes:
        if node.parent and node.parent != node.code:
            below.setdefault(node.parent, []).append(node)
    seen: set[str] = set()
    for row, node in enumerate(nodes):
        if node.code in seen or node.kind not in KINDS:
            continue
        seen.add(node.code)
        own = [child for child in below.get(node.code, ()) if child.kind == node.kind]
        # What is missing is a fault by itself.
        if node.code in below and all(_is_maximum(one.max_points) for one in (node, *own)):
            total, wanted = _total(own), exact(node.max_points or 0)
            if total != wanted:
                what = (
                    f"its children's points ({node.kind}) add up to {_digits(total)}, "
                    f"not to its max_points {_digits(wanted)}: {_named(own)}"
                )
                yield SchemeFault(
                    *node.place(row), "max_points", what, "correct one of these maxima"
                )


def _named(nodes: Sequence[Node]) -> str:
    named = [f"{node.code} {node.max_points:.12g}" for node in nodes[:SHOWN_CHILDREN]]
    if len(nodes) > SHOWN_CHILDREN:
        named.append(f"and {len(nodes) - SHOWN_CHILDREN} more")
    return ", ".join(named) or "none"


def _parts(nodes: Sequence[Node], parts: Mapping[str, object]) -> Iterator[SchemeFault]:
    inner = inner_codes(nodes)
    scored = [node for node in nodes if node.code not in inner and node.kind == "score"]
    for part, stated in parts.items():
        column = f"parts.{part}"
        if part not in PARTS:
            what = f"[parts] names {part!r}, not {' or '.join(PARTS)}"
            yield _of_head(column, what, "use one of these", part, PARTS)
        elif isinstance(stated, bool) or not isinstance(stated, int | float):
            what = f"{part} of [parts] is {stated!r}, not a number"
            yield _of_head(column, what, "give its maximum")
        elif not _is_maximum(stated) or all(_is_maximum(node.max_points) for node in scored):
            total = _total([node for node in scored if node.part == part])
            if not _is_maximum(stated) or total != exact(stated):
                what = (
                    f"{part} of [parts] is {stated:g}, but the leaves of this part "
                    f"add up to {_digits(total)}"
                )
                yield _of_head(column, what, "correct it, or the part or max_points of a leaf")


def _is_maximum(most: float | None) -> bool:
    return most is not None and math.isfinite(most) and most >= 0


def _total(nodes: Sequence[Node]) -> Fraction:
    # Fractions of the decimals as written: 0.1 + 0.2 is 0.3 here.
    stated = (node.max_points for node in nodes if node.max_points is not None)
    return sum((exact(most) for most in stated if math.isfinite(most)), Fraction(0))


def _digits(number: Fraction) -> str:
    return f"{float(number):.12g}"


# Single nodes: their rule, its parameters, their figure.


def _leaves(nodes: Sequence[Node], declared: Mapping[str, Declared]) -> Iterator[SchemeFault]:
    """Yield what is wrong with each node by itself; `declared` are the scheme's own indicators."""
    inner = inner_codes(nodes)
    for row, node in enumerate(nodes):
        at, place = node.place(row)
        faults = _inner(node) if node.code in inner else _leaf(node, declared)
        for column, what, mend, *word in faults:
            yield SchemeFault(at, place, column, what, mend, *word)


def _inner(node: Node) -> Iterator[_Finding]:
    mend = "leave it out, or take its children away"
    for column in ("rule", "indicator"):
        if cell := getattr(node, column):
            yield column, f"it has children, which are summed, and {column} {cell!r}", mend
    if node.params not in ("", NO_PARAMS):
        yield "params", f"it has children, which are summed, and parameters {node.params}", mend


def _leaf(node: Node, declared: Mapping[str, Declared]) -> Iterator[_Finding]:
    for column, words in VOCABULARIES.items():
        cell = getattr(node, column)
        if cell not in words:
            mend = f"use one of {', '.join(map(repr, words))}"
            if column in ("zero_denominator", "missing"):
                mend += ", here or once in the head"
            what = f"{column} is {shown(cell) if cell else 'missing'}"
            yield column, what, mend, cell, words
    if not node.group:
        yield "group", "group is empty", 'write "all" for the whole'
    if node.rounding is not None and node.rounding not in ROUNDING:
        what = f"rounding is {node.rounding}, not a number of decimals from 0 to {ROUNDING[-1]}"
        yield "rounding", what, "leave it out where nothing is rounded"
    rule, names = find_rule(node.rule), [rule.name for rule in RULES]
    if rule is not None:
        yield from _ruled(node, rule, declared)
    elif node.rule:
        what = f"there is no rule {node.rule!r}"
        yield "rule", what, f"use one of {', '.join(names)}", node.rule, names
        yield from _indicators(node, None, {}, declared)
    else:
        yield "rule", "it has no children and no rule", f"name one of {', '.join(names)}"


def _ruled(node: Node, rule: Rule, declared: Mapping[str, Declared]) -> Iterator[_Finding]:
    # A bonus that counts as score would be forgotten in no maximum.
    if rule.kind and node.kind != rule.kind:
        mend = f'write kind = "{rule.kind}"'
        yield "kind", f"rule {rule.name!r} on kind {node.kind!r}", mend
    params = read_params(node.params)
    if params is None:
        what = f"the parameters are no JSON table: {shown(node.params)}"
        yield "params", what, 'write them as a table, such as {"target": 80}'
        return
    for name in [name for name in params if name not in rule.parameters]:
        parameters = sorted(rule.parameters)
        mend = f"it knows {', '.join(parameters)}" if parameters else "it takes no parameters"
        among = [*parameters, *COLUMN_OF]
        yield f"params.{name}", f"rule {rule.name!r} knows no {shown(name)}", mend, name, among
    indicator = find_indicator(node.indicator) or declared.get(node.indicator)
    better = indicator.better if indicator is not None and not rule.inverse else "none"
    # Without a sound maximum, which is a fault by itself, points are not judged against it.
    most = node.max_points if node.max_points is not None and node.max_points > 0 else None
    for fault in rule.check(vars(node) | {"max_points": most, "better": better}, params):
        yield f"check.{fault}", f"rule {rule.name!r}: {fault}", "correct the parameters"
    yield from _indicators(node, rule, params, declared)


def read_params(text: str) -> dict[str, Any] | None:
    """Return the parameters of a node, None where the text is none of finite numbers and words.

    Examples
    --------
    >>> read_params('{"target": 80}'), read_params("[80]"), read_params('{"target": NaN}')
    ({'target': 80}, None, None)
    """
    try:
        params = json.loads(text, parse_constant=_refused)
    except (ValueError, RecursionError):
        return None
    return params if isinstance(params, dict) else None


def _refused(constant: str) -> float:
    raise ValueError(constant)


def _indicators(
    node: Node, rule: Rule | None, params: Mapping[str, Any], declared: Mapping[str, Declared]
) -> Iterator[_Finding]:
    if not node.indicator:
        if rule is not None and rule.takes == {"value"}:
            what = f"rule {rule.name!r} takes the value of an indicator, and none is named"
            yield "indicator", what, "name an indicator"
        return
    if rule is not None and not rule.reads_values(params):
        what = f"rule {rule.name!r} is scored on an answer, not on indicator {node.indicator!r}"
        yield "indicator", what, "leave the indicator out, or use another rule"
        return
    sums = rule is not None and rule.combine is not None
    codes = summed_codes(node.indicator) if sums else [node.indicator]
    for code in codes:
        indicator = find_indicator(code) or declared.get(code)
        if indicator is None:
            yield _no_indicator(code, declared)
        elif rule is not None:
            yield from _fitting(indicator, rule, params)
    if len(set(codes)) < len(codes):
        yield "indicator", f"{node.indicator!r} names one indicator twice", "name it once"


def _no_indicator(code: str, declared: Mapping[str, Declared]) -> _Finding:
    mend = "declare it under [[indicators]]"
    if " + " in code:
        several = ", ".join(repr(one.name) for one in RULES if one.combine is not None)
        mend = f"only the rule {several} takes a sum of indicators"
    codes = [*declared, *(indicator.code for indicator in INDICATORS)]
    return f"indicator.{code}", f"there is no indicator {shown(code)}", mend, code, codes


def _fitting(
    indicator: Indicator | Declared, rule: Rule, params: Mapping[str, Any]
) -> Iterator[_Finding]:
    """Yield where the unit or direction of an indicator is not that of the rule."""
    unit = rule.unit(params)
    if unit and indicator.unit != unit:
        takes = "percents" if unit == "percent" else unit
        what = f"rule {rule.name!r} takes {takes}, and {indicator.code!r} is in {indicator.unit}"
        mend = (
            "use another indicator or rule, such as proportional_to_target"
            if unit == "percent"
            else f"use another rule, or an indicator in {unit}"
        )
        yield "indicator", what, mend
    if rule.inverse and indicator.better == "higher":
        what = f"higher is better for {indicator.code!r}, and its complement would give less"
        yield "indicator", what, "use rule 'proportional'"


def summed_codes(indicator: str) -> list[str]:
    """Return the codes that a complement adds up.

    Examples
    --------
    >>> summed_codes("overdue_share + complaints_share")
    ['overdue_share', 'complaints_share']
    """
    return [code.strip() for code in indicator.split("+")]
