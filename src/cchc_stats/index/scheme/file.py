"""A scheme file (TOML) as the fields and nodes of a scheme, and what in it is neither."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from cchc_stats.index.scheme.checks import ROUNDING
from cchc_stats.index.scheme.nodes import (
    COLUMN_OF,
    HEAD,
    HEAD_PLACE,
    MISSING,
    RENAMED,
    ROOT,
    TYPES,
    ZERO_DENOMINATOR,
    Declared,
    Node,
    SchemeFault,
    ScoreClass,
    near_words,
    shown,
    type_fault,
    type_words,
    typed_cell,
)
from cchc_stats.words import Label, SchemeError, require_whole_number

HEAD_TEXTS = ("name", "title_vi", "title_en", "status", "source", "version")
HEAD_KEYS = (
    *HEAD_TEXTS,
    *("valid_from", "valid_to", "max_points", "rounding", "zero_denominator", "missing"),
    *("not_applicable", "extends", "without"),
    *("parts", "notes", "classes", "indicators", "nodes"),
)
HEAD_KINDS = dict.fromkeys(
    [*HEAD_TEXTS, "zero_denominator", "missing", "not_applicable"], "str"
) | {
    "max_points": "Float64",
    "rounding": "Int64",
}
LEAF_KEYS = (
    *("part", "group", "basis", "zero_denominator", "missing", "not_applicable", "rounding"),
)
CLASS_KINDS = {
    "code": "str",
    "label_vi": "str",
    "label_en": "str",
    "at_least": "Float64",
    "each_at_least": "Float64",
    "each_level": "Int64",
}
DECLARED_KINDS = dict.fromkeys(("code", "label_vi", "label_en", "unit", "better", "kind"), "str")

Table = Mapping[str, Any]


def parsed(text: str, place: str) -> dict[str, Any]:
    """Return the tables of a scheme file; fractions as `Decimal`, with the digits as written.

    Raises
    ------
    SchemeError : the text is not TOML.
    """
    try:
        tables = tomllib.loads(text, parse_float=_decimal)
    except (ValueError, RecursionError) as error:
        raise SchemeError(
            f"the scheme is not TOML: {error}",
            where=place,
            mend="correct the line; texts stand in quotes, and each node begins with [[nodes]]",
        ) from error
    require_whole_number(text, place, kind=SchemeError)
    return tables


def extended(tables: Table, shipped: Mapping[str, str], place: str) -> dict[str, Any]:
    """Return the tables of a scheme that states only what differs from one that is shipped.

    Parameters
    ----------
    tables : `extends` names the other scheme, `without` the codes of its nodes that are left out;
        a node or indicator of its own takes the place of the other's of the same code, or comes
        last; any other key takes the place of the other's.

    Raises
    ------
    SchemeError : no such scheme, one that itself extends another, or a code that it does not have.
    """
    name = tables["extends"]
    if not isinstance(name, str) or name not in shipped:
        raise SchemeError(
            f"there is no scheme {shown(name)} to extend",
            where=f"{place}, the head, extends",
            mend=near_words(str(name), shipped) or f"use one of {', '.join(shipped)}",
        )
    base = parsed(shipped[name], name)
    without = _without(tables, base, name, place)
    merged = base | {key: cell for key, cell in tables.items() if key not in ("extends", "without")}
    for key in ("nodes", "indicators"):
        own = {_code(row): row for row in _rows(tables, key)}
        if len(own) < len(_rows(tables, key)):
            continue  # a code twice or none: the file's own rows alone, whose faults are named
        rows = [row for row in _rows(base, key) if _code(row) not in without]
        merged[key] = [*[own.pop(_code(row), row) for row in rows], *own.values()]
    return merged


def _without(tables: Table, base: Table, name: str, place: str) -> list[str]:
    """Return the codes that are left out; each must be one of the other scheme's nodes."""
    without = tables.get("without", [])
    codes = [_code(row) for row in _rows(base, "nodes")]
    listed = without if isinstance(without, list) else [without]
    strange = [shown(code) for code in listed if code not in codes]
    if "extends" in base:
        what, column, mend = f"{name} itself extends another scheme", "extends", "extend that one"
    elif strange:
        what = f"{name} has no node {', '.join(strange)}"
        column, mend = "without", f"list codes of its nodes: {', '.join(codes)}"
    else:
        return listed
    raise SchemeError(what, where=f"{place}, the head, {column}", mend=mend)


def _code(row: Table) -> str:
    return str(row.get("code"))


def _rows(tables: Table, key: str) -> list[dict[str, Any]]:
    rows = tables.get(key, [])
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def read_scheme(tables: Table) -> tuple[dict[str, Any], list[Node], list[SchemeFault]]:
    """Return the fields of a scheme but for its nodes, its nodes, and the faults of the file.

    What is at fault is left empty, so that all the rest can be judged with it.
    """
    faults = _strange(tables, HEAD_KEYS, HEAD_PLACE)
    head = _typed(tables, HEAD_KINDS, HEAD_PLACE, faults)
    title = _label(head, "title")
    nodes = _nodes(tables, head, _defaults(head, faults), faults)
    parts = tables.get("parts", {})
    if not isinstance(parts, dict):
        faults.append(_not_tables("parts", "[parts]"))
        parts = {}
    fields = {
        "name": head["name"],
        "title": title,
        "status": head["status"],
        "source": head["source"],
        "version": head["version"],
        "valid_from": tables.get("valid_from"),
        "valid_to": tables.get("valid_to"),
        "classes": _classes(tables, faults),
        "indicators": _indicators(tables, faults),
        "parts": {part: _plain(most) for part, most in parts.items()},
        "notes": _notes(tables, faults),
    }
    return fields, nodes, faults


def _defaults(head: Table, faults: list[SchemeFault]) -> dict[str, Any]:
    """Return what leaves have that do not say their own; a fault in it is named once, here."""
    defaults = {"missing": head["missing"] or "unknown", "rounding": head["rounding"]}
    defaults["zero_denominator"] = head["zero_denominator"]
    defaults["not_applicable"] = head["not_applicable"]
    for name, words in (
        ("missing", MISSING),
        ("zero_denominator", ZERO_DENOMINATOR),
        ("not_applicable", ZERO_DENOMINATOR),
    ):
        if defaults[name] and defaults[name] not in words:
            what, mend = f"{name} is {shown(defaults[name])}", f"use one of {', '.join(words)}"
            faults.append(SchemeFault(HEAD, HEAD_PLACE, name, what, mend, defaults[name], words))
            defaults[name] = words[0]
    if defaults["rounding"] is not None and defaults["rounding"] not in ROUNDING:
        what = f"rounding is {defaults['rounding']}, not from 0 to {ROUNDING[-1]} decimals"
        mend = "leave it out where nothing is rounded"
        faults.append(SchemeFault(HEAD, HEAD_PLACE, "rounding", what, mend))
        defaults["rounding"] = None
    return defaults


def _nodes(tables: Table, head: Table, defaults: Table, faults: list[SchemeFault]) -> list[Node]:
    rows = _tables(tables, "nodes", faults)
    inner = {_as_text(row.get("parent")) for row in rows}
    title = _label(head, "title")
    empty: dict[str, Any] = dict.fromkeys(TYPES, "")
    empty |= {"level": None, "max_points": None, "rounding": None, "source": head["source"]}
    empty |= {"kind": "score", "params": "{}"}
    root = {"code": ROOT, "level": 0, "label": title.vi, "label_en": title.en}
    nodes = [Node(**(empty | root | {"max_points": head["max_points"]}))]
    for number, row in enumerate(rows, start=1):
        is_leaf = _as_text(row.get("code")) not in inner
        own = {"part": "self", "group": "all", **defaults} if is_leaf else {}
        nodes.append(_node(row, number, empty | own, faults))
        for key in LEAF_KEYS if not is_leaf else ():
            if key in row:
                what = f"it has children, which are summed, and {key} {shown(row[key])}"
                place = nodes[-1].place(number)
                faults.append(SchemeFault(*place, key, what, "state it at its leaves"))
    return nodes


def _node(row: Table, number: int, empty: Table, faults: list[SchemeFault]) -> Node:
    """Return one node of the file; `empty` is what it has where the file says nothing."""
    cells = dict(empty) | {name: _as_text(row.get(name)) for name in ("code", "parent")}
    wrong = []
    for key, cell in row.items():
        if (column := COLUMN_OF.get(key)) is None:
            continue
        value, good = typed_cell(cell, TYPES[column])
        if good:
            cells[column] = value
        else:
            wrong.append((column, cell))
    cells["label_en"] = cells["label_en"] or cells["label"]
    cells["note_en"] = cells["note_en"] or cells["note"]
    cells["params"], unsaid = _params(row)
    node = Node(**cells)
    faults += [type_fault(node, number, column, cell) for column, cell in wrong]
    for name, what in unsaid:
        place = node.place(number)
        faults.append(SchemeFault(*place, f"params.{name}", what, "give a number or a text"))
    return node


def _params(row: Table) -> tuple[str, list[tuple[str, str]]]:
    """Return the keys of a node that are no columns as JSON, and those that JSON cannot hold."""
    params, wrong = {}, []
    for name, cell in row.items():
        if name in COLUMN_OF:
            continue
        try:
            params[name] = _plain(cell)
            json.dumps(params[name], allow_nan=False)
        except (TypeError, ValueError, RecursionError):
            wrong.append((name, f"{name} is {shown(cell)}, no finite number, text or list of them"))
            params.pop(name, None)
    return json.dumps(params, sort_keys=True, ensure_ascii=False), wrong


def _classes(tables: Table, faults: list[SchemeFault]) -> tuple[ScoreClass, ...]:
    classes = []
    for number, row in enumerate(_tables(tables, "classes", faults), start=1):
        place = f"[[classes]] {number}"
        faults += _strange(row, CLASS_KINDS, place)
        read = _typed(row, CLASS_KINDS, place, faults)
        conditions = read["at_least"], read["each_at_least"], read["each_level"]
        classes.append(ScoreClass(read["code"], _label(read, "label"), *conditions))
    return tuple(classes)


def _indicators(tables: Table, faults: list[SchemeFault]) -> dict[str, Declared]:
    declared: dict[str, Declared] = {}
    for row in _tables(tables, "indicators", faults):
        place = f"[[indicators]] {shown(_as_text(row.get('code')))}"
        faults += _strange(row, DECLARED_KINDS, place)
        read = _typed(row, DECLARED_KINDS, place, faults)
        code, unit = read["code"] or _as_text(row.get("code")), read["unit"]
        if code in declared:
            what = "it is declared twice"
            faults.append(SchemeFault(HEAD, place, "code", what, "leave one of the two out"))
        kind = read["kind"] or ("events" if unit == "percent" else "count")
        declared.setdefault(code, Declared(code, _label(read, "label"), unit, read["better"], kind))
    return declared


def _notes(tables: Table, faults: list[SchemeFault]) -> tuple[Label, ...]:
    notes = []
    for number, row in enumerate(_tables(tables, "notes", faults), start=1):
        place = f"[[notes]] {number}"
        faults += _strange(row, ("vi", "en"), place)
        read = _typed(row, {"vi": "str", "en": "str"}, place, faults)
        if not read["vi"]:
            faults.append(
                SchemeFault(HEAD, place, "vi", "vi is missing", "write the note in Vietnamese")
            )
        notes.append(Label(read["vi"], read["en"] or read["vi"]))
    return tuple(notes)


def _typed(
    table: Table, kinds: Mapping[str, str], place: str, faults: list[SchemeFault]
) -> dict[str, Any]:
    """Return the keys of a table outside the nodes, each with its type; empty where it has none."""
    read: dict[str, Any] = {}
    for name, kind in kinds.items():
        read[name], good = typed_cell(table.get(name), kind)
        if not good:
            column = "title" if name == "title_vi" else RENAMED.get(name, name)
            faults.append(SchemeFault(HEAD, place, column, *type_words(name, table[name], kind)))
    return read


def _tables(tables: Table, key: str, faults: list[SchemeFault]) -> list[dict[str, Any]]:
    rows = tables.get(key, [])
    if isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
        return rows
    faults.append(_not_tables(key, f"[[{key}]]"))
    return []


def _not_tables(key: str, written: str) -> SchemeFault:
    place = "the nodes" if key == "nodes" else HEAD_PLACE
    return SchemeFault(HEAD, place, key, f"{key} is no table", f"begin it with {written}")


def _strange(table: Table, allowed: Iterable[str], place: str) -> list[SchemeFault]:
    names = tuple(allowed)
    return [
        SchemeFault(
            HEAD,
            place,
            f"key {key}",
            f"there is no key {shown(key)}",
            f"leave it out, or use one of {', '.join(names)}",
            key,
            names,
        )
        for key in table
        if key not in names
    ]


def _label(read: Table, name: str) -> Label:
    return Label(read[f"{name}_vi"], read[f"{name}_en"] or read[f"{name}_vi"])


def _as_text(cell: object) -> str:
    """Return a code as text, with its digits as written where the quotes were forgotten."""
    if isinstance(cell, str):
        return cell
    return "" if cell is None or isinstance(cell, list | dict) else shown(cell)


def _plain(cell: Any) -> Any:
    """Return a value with floats for decimals, in tables and lists too."""
    if isinstance(cell, Decimal):
        return float(cell)
    if isinstance(cell, dict):
        return {key: _plain(one) for key, one in cell.items()}
    return [_plain(one) for one in cell] if isinstance(cell, list) else cell


def _decimal(digits: str) -> Decimal:
    try:
        return Decimal(digits)
    except InvalidOperation:  # an exponent beyond all bounds
        return Decimal(float(digits))
