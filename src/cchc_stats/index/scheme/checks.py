"""All that can be wrong with a scheme, at once: its head, classes, own indicators, and nodes."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, get_args

from cchc_stats.index.scheme.faults import HEAD, Fault
from cchc_stats.index.scheme.leaf_checks import leaf_faults
from cchc_stats.index.scheme.nodes import Node
from cchc_stats.index.scheme.records import Declared, ScoreClass
from cchc_stats.index.scheme.tree import depths_below, tree_faults
from cchc_stats.indicators import Better, Kind, find_indicator
from cchc_stats.words import Label, vocabulary

STATUSES = ("confirmed", "confirmed_by_data", "example")
HEAD_PLACE = "the head"


def scheme_faults(fields: Mapping[str, Any], nodes: Sequence[Node]) -> list[Fault]:
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
        *tree_faults(nodes, fields["parts"]),
        *leaf_faults(nodes, fields["indicators"]),
    ]


def _of_head(column: str, what: str, mend: str, *word: Any) -> Fault:
    return Fault(HEAD, HEAD_PLACE, column, what, mend, *word)


def _head(fields: Mapping[str, Any]) -> Iterator[Fault]:
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
        told = f"status is {status!r}" if status else "status is missing"
        mend = f"use one of {', '.join(STATUSES)}"
        yield _of_head("status", told, mend, str(status or ""), STATUSES)


def _dates(valid_from: object, valid_to: object) -> Iterator[Fault]:
    days = {"valid_from": valid_from, "valid_to": valid_to}
    for name, day in days.items():
        if isinstance(day, dt.date) and not isinstance(day, dt.datetime):
            continue
        if day is None and name == "valid_to":
            continue
        told = f"{name} is missing" if day is None else f"{name} is {day!r}, not a day"
        yield _of_head(name, told, "write it as a date without quotes, such as 2022-06-23")
        return
    if valid_to is not None and valid_to < valid_from:  # type: ignore[operator]
        what = f"valid_to {valid_to} is before valid_from {valid_from}"
        yield _of_head("valid_to", what, "correct one of the two, or leave valid_to out")


def _classes(classes: Sequence[ScoreClass], nodes: Sequence[Node]) -> Iterator[Fault]:
    levels = {level for level in depths_below(nodes).values() if level}
    seen: set[str] = set()
    before = math.inf
    for number, one in enumerate(classes, start=1):
        place = f"[[classes]] {number}"
        if not one.code.strip() or one.code in seen:
            what = f"the code {one.code!r} is there twice" if one.code else "code is missing"
            yield Fault(HEAD, place, "code", what, "give each class a code of its own, in quotes")
        seen.add(one.code)
        for column in ("at_least", "each_at_least"):
            percent = getattr(one, column)
            if not _is_percent(percent) and (percent is not None or column == "at_least"):
                what = f"{column} is {percent!r}, not a percent from 0 to 100"
                if percent is None:
                    what = f"{column} is missing"
                yield Fault(HEAD, place, column, what, "give percent of the applicable maximum")
        if _is_percent(one.at_least):
            if one.at_least >= before:
                what = f"at_least {one.at_least:g} is not below the {before:g} before it"
                yield Fault(HEAD, place, "at_least", what, "list the classes best first")
            before = one.at_least
        if (one.each_at_least is None) != (one.each_level is None):
            what = "each_at_least and each_level belong together, and one is missing"
            yield Fault(HEAD, place, "each_level", what, "give both or neither")
        elif one.each_level is not None and one.each_level not in levels:
            what = f"each_level is {one.each_level!r}, at which there are no nodes"
            mend = f"use one of {', '.join(map(str, sorted(levels))) or 'the levels of the nodes'}"
            yield Fault(HEAD, place, "each_level", what, mend)


def _is_percent(number: object) -> bool:
    plain = isinstance(number, int | float) and not isinstance(number, bool)
    return plain and 0 <= number <= 100  # type: ignore[operator]


def _declared(indicators: Mapping[str, Declared]) -> Iterator[Fault]:
    vocabularies = {
        "unit": tuple(vocabulary()["unit"]),
        "better": get_args(Better),
        "kind": get_args(Kind),
    }
    for code, one in indicators.items():
        place = f"[[indicators]] {code!r}"
        if not code.strip():
            what, mend = "code is missing", "give the code that the values have, in quotes"
            yield Fault(HEAD, place, "code", what, mend)
        if code != one.code:
            what = f"it is kept under {code!r} and has the code {one.code!r}"
            yield Fault(HEAD, place, "code", what, "keep each under its own code")
        if find_indicator(code) is not None:
            what = "the library knows an indicator of this code, which would be hidden"
            yield Fault(HEAD, place, "code", what, "leave it out, or give another code")
        if "+" in code:
            what = "a code with + would be read as a sum"
            yield Fault(HEAD, place, "code", what, "give a code without it")
        if not one.label.vi.strip():
            mend = "say in Vietnamese what it is"
            yield Fault(HEAD, place, "label", "label_vi is missing", mend)
        for column, words in vocabularies.items():
            cell = getattr(one, column)
            if cell not in words:
                told = f"{column} is {cell!r}" if cell else f"{column} is missing"
                mend = f"use one of {', '.join(words)}"
                yield Fault(HEAD, place, column, told, mend, cell, words)
