"""What can be wrong with single nodes of a scheme: their rule, its parameters, their figure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cchc_stats.index.rules import RULES, Rule
from cchc_stats.index.scheme.faults import Fault, shown
from cchc_stats.index.scheme.frame import place_of
from cchc_stats.index.scheme.nodes import (
    COLUMN_OF,
    MISSING,
    NO_PARAMS,
    PARTS,
    ZERO_DENOMINATOR,
    Node,
)
from cchc_stats.index.scheme.records import Declared
from cchc_stats.index.scheme.tree import inner_codes
from cchc_stats.indicators import INDICATORS, Indicator, find_indicator
from cchc_stats.words import BASES

ROUNDING = range(11)  # decimals
VOCABULARIES = {
    "part": PARTS,
    "basis": ("", *BASES),
    "zero_denominator": ZERO_DENOMINATOR,
    "missing": MISSING,
}
# Rules that bear their name: a bonus that counts as score would be forgotten in no maximum.
OWN_KIND = {"bonus": "bonus", "deduction": "deduction"}


def leaf_faults(nodes: Sequence[Node], declared: Mapping[str, Declared]) -> Iterator[Fault]:
    """Yield what is wrong with each node by itself; `declared` are the scheme's own indicators."""
    inner = inner_codes(nodes)
    for row, node in enumerate(nodes):
        at, place = place_of(node, row)
        faults = _inner(node) if node.code in inner else _leaf(node, declared)
        for column, what, mend, *word in faults:
            yield Fault(at, place, column, what, mend, *word)


_Told = tuple[Any, ...]  # column, what, mend and, where there are near words, asked and among


def _inner(node: Node) -> Iterator[_Told]:
    mend = "leave it out, or take its children away"
    for column in ("rule", "indicator"):
        if cell := getattr(node, column):
            yield column, f"it has children, which are summed, and {column} {cell!r}", mend
    if node.params not in ("", NO_PARAMS):
        yield "params", f"it has children, which are summed, and parameters {node.params}", mend


def _leaf(node: Node, declared: Mapping[str, Declared]) -> Iterator[_Told]:
    for column, words in VOCABULARIES.items():
        cell = getattr(node, column)
        if cell not in words:
            told = f"is {shown(cell)}" if cell else "is missing"
            names = [repr(word) for word in words]
            mend = f"use one of {', '.join(names)}"
            if column in ("zero_denominator", "missing"):
                mend += ", here or once in the head"
            yield column, f"{column} {told}", mend, cell, words
    if not node.group:
        yield "group", "group is empty", 'write "all" for the whole'
    if node.rounding is not None and node.rounding not in ROUNDING:
        what = f"rounding is {node.rounding}, not a number of decimals from 0 to {ROUNDING[-1]}"
        yield "rounding", what, "leave it out where nothing is rounded"
    if not node.rule:
        mend = f"name one of {', '.join(RULES)}"
        yield "rule", "it has no children and no rule", mend
    elif node.rule not in RULES:
        mend = f"use one of {', '.join(RULES)}"
        yield "rule", f"there is no rule {node.rule!r}", mend, node.rule, RULES
        yield from _indicators(node, None, {}, declared)
    else:
        yield from _ruled(node, RULES[node.rule], declared)


def _ruled(node: Node, rule: Rule, declared: Mapping[str, Declared]) -> Iterator[_Told]:
    kind = OWN_KIND.get(rule.name, node.kind)
    if node.kind != kind:
        yield "kind", f"rule {rule.name!r} on kind {node.kind!r}", f'write kind = "{kind}"'
    params = read_params(node.params)
    if params is None:
        what = f"the parameters are no JSON table: {shown(node.params)}"
        yield "params", what, 'write them as a table, such as {"target": 80}'
        return
    strange = [name for name in params if name not in rule.parameters]
    for name in strange:
        known = sorted(rule.parameters)
        mend = f"it knows {', '.join(known)}" if known else "it takes no parameters"
        among = [*known, *COLUMN_OF]
        what = f"rule {rule.name!r} knows no {shown(name)}"
        yield f"params.{name}", what, mend, name, among
    better = "none" if rule.name == "complement" else _better(node, declared)
    # Without a sound maximum, which is told by itself, points are not judged against it.
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
) -> Iterator[_Told]:
    if not node.indicator:
        if rule is not None and rule.takes == {"value"}:
            what = f"rule {rule.name!r} takes the value of an indicator, and none is named"
            yield "indicator", what, "name an indicator"
        return
    if rule is not None and not rule.reads_values(params):
        what = f"rule {rule.name!r} is scored on an answer, not on indicator {node.indicator!r}"
        yield "indicator", what, "leave the indicator out, or use another rule"
        return
    codes = summed_codes(node.indicator) if rule and rule.name == "complement" else [node.indicator]
    known = [*declared, *(indicator.code for indicator in INDICATORS)]
    for code in codes:
        found = find_indicator(code) or declared.get(code)
        if found is None:
            what = f"there is no indicator {shown(code)}"
            mend = "declare it under [[indicators]]"
            if " + " in code:
                mend = "only the rule 'complement' takes a sum of indicators"
            yield f"indicator.{code}", what, mend, code, known
        elif rule is not None:
            yield from _fitting(found, rule, params)
    if len(set(codes)) < len(codes):
        yield "indicator", f"{node.indicator!r} names one indicator twice", "name it once"


def _fitting(found: Indicator | Declared, rule: Rule, params: Mapping[str, Any]) -> Iterator[_Told]:
    """Yield where the unit or direction of an indicator is not that of the rule."""
    bands = params.get("bands", ())
    rated = isinstance(bands, list) and any(
        isinstance(band, dict) and "rate" in band for band in bands
    )
    if (rule.percent or rated) and found.unit != "percent":
        what = f"rule {rule.name!r} takes percents, and {found.code!r} is in {found.unit}"
        yield "indicator", what, "use another indicator or rule, such as proportional_to_target"
    if rule.name == "external" and found.unit != "points":
        what = f"rule 'external' takes points, and {found.code!r} is in {found.unit}"
        yield "indicator", what, "use another rule, or an indicator in points"
    if rule.name == "complement" and found.better == "higher":
        what = f"higher is better for {found.code!r}, and its complement would give less"
        yield "indicator", what, "use rule 'proportional'"


def summed_codes(indicator: str) -> list[str]:
    """Return the codes that a complement adds up.

    Examples
    --------
    >>> summed_codes("overdue_share + complaints_share")
    ['overdue_share', 'complaints_share']
    """
    return [code.strip() for code in indicator.split("+")]


def _better(node: Node, declared: Mapping[str, Declared]) -> str:
    found = find_indicator(node.indicator) or declared.get(node.indicator)
    return found.better if found is not None else "none"
