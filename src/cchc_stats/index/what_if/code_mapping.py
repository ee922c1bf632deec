"""Which nodes of one scheme stand against which of another: pairs of codes, joined where linked."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import Any, NamedTuple

import pandas as pd

from cchc_stats.index.scoring import did_you_mean, listed
from cchc_stats.words import ValuesError

Mapped = Mapping[str, Any] | pd.Series | pd.DataFrame


class Matched(NamedTuple):
    """Codes of the one side and of the other that are compared as sums; one side may be empty."""

    a: tuple[str, ...]
    b: tuple[str, ...]


def matched_codes(
    table_a: pd.DataFrame, table_b: pd.DataFrame, mapping: Mapped | None
) -> list[Matched]:
    """Return the codes that are compared, in the order of the first side, then what is left over.

    Parameters
    ----------
    table_a, table_b : given scores (see `given_scores`).
    mapping : code_a -> code_b or several of them (a mapping or a Series), or a frame with columns
        code_a and code_b; None for equal codes. The root of the one stands against the root of the
        other unless named.

    Raises
    ------
    ValuesError
        A code that its side does not have; a node joined with one that is above it.
    """
    codes_a, codes_b = list(table_a["code"].unique()), list(table_b["code"].unique())
    if mapping is None:
        pairs = [(code, code) for code in codes_a if code in set(codes_b)]
    else:
        pairs = _pairs(mapping)
        _require_known(pairs, codes_a, codes_b)
    roots = [table.loc[table["is_root"], "code"].unique() for table in (table_a, table_b)]
    named_a, named_b = {a for a, _ in pairs}, {b for _, b in pairs}
    pairs += [(a, b) for a in roots[0] for b in roots[1] if a not in named_a and b not in named_b]
    found = [_ordered(part, codes_a, codes_b) for part in _linked(pairs)]
    _require_apart(found, table_a, table_b)
    named_a, named_b = {a for a, _ in pairs}, {b for _, b in pairs}
    found += [Matched((code,), ()) for code in codes_a if code not in named_a]
    found.sort(key=lambda each: codes_a.index(each.a[0]))
    return found + [Matched((), (code,)) for code in codes_b if code not in named_b]


def _pairs(mapping: Mapped) -> list[tuple[str, str]]:
    """Return the pairs of codes of a mapping or a frame."""
    given: list[tuple[Hashable, Any]]
    mend = "give code_a -> code_b, or a frame with columns code_a and code_b"
    if isinstance(mapping, pd.DataFrame):
        if missing := [name for name in ("code_a", "code_b") if name not in mapping]:
            names = " and ".join(missing)
            raise ValuesError(f"column {names} missing", where="mapping", mend=mend)
        given = list(zip(mapping["code_a"], mapping["code_b"], strict=True))
    elif isinstance(mapping, Mapping | pd.Series):
        given = [
            (a, b)
            for a, codes in mapping.items()
            for b in (codes if isinstance(codes, list | tuple | set) else [codes])
        ]
    else:
        kind = type(mapping).__name__
        raise ValuesError(
            f"a mapping is a dict or a frame, not a {kind}", where="mapping", mend=mend
        )
    strange = [pair for pair in given if not all(isinstance(code, str) for code in pair)]
    if strange:
        raise ValuesError(
            f"a code is a text: {listed(map(repr, strange), between=', ')}",
            where="mapping",
            mend="write codes in quotes and read them as text: 1.10 as a number is 1.1; a node "
            "without a counterpart is left out",
        )
    return list(dict.fromkeys((str(a).strip(), str(b).strip()) for a, b in given))


def _require_known(
    pairs: Iterable[tuple[str, str]], codes_a: list[str], codes_b: list[str]
) -> None:
    faults = []
    for side, codes, used in (
        ("scores_a", codes_a, [a for a, _ in pairs]),
        ("scores_b", codes_b, [b for _, b in pairs]),
    ):
        strange = [code for code in dict.fromkeys(used) if code not in set(codes)]
        if strange:
            names = ", ".join(did_you_mean(code, codes) for code in strange)
            faults.append(f"{side} has no {names}")
    if faults:
        raise ValuesError(
            "the mapping names codes that are not in the scores",
            where="mapping: " + "; ".join(faults),
            mend="map codes of scores_a to codes of scores_b, spelled as in their column code",
        )


def _linked(pairs: Iterable[tuple[str, str]]) -> list[set[tuple[str, str]]]:
    """Return the pairs in parts: pairs with a code of the same side in common are in one."""
    parts: list[set[tuple[str, str]]] = []
    for pair in pairs:
        touching = [p for p in parts if any(a == pair[0] or b == pair[1] for a, b in p)]
        parts = [part for part in parts if part not in touching]
        parts.append({pair}.union(*touching))
    return parts


def _ordered(part: set[tuple[str, str]], codes_a: list[str], codes_b: list[str]) -> Matched:
    return Matched(
        tuple(sorted({a for a, _ in part}, key=codes_a.index)),
        tuple(sorted({b for _, b in part}, key=codes_b.index)),
    )


def _require_apart(found: list[Matched], table_a: pd.DataFrame, table_b: pd.DataFrame) -> None:
    """Refuse sums in which a node would be counted twice: alone and in one above it."""
    faults = []
    for side, table in (("scores_a", table_a), ("scores_b", table_b)):
        parents: dict[str, set[str]] = {}
        edges = table[["code", "parent"]].drop_duplicates().itertuples(index=False, name=None)
        for code, parent in edges:
            parents.setdefault(code, set()).add(parent)
        for each in found:
            codes = each.a if side == "scores_a" else each.b
            faults += [
                f"{side}: {above} is above {code}"
                for code in codes
                for above in codes
                if above in _ancestors(code, parents)
            ]
    if faults:
        raise ValuesError(
            "the mapping joins a node with one that is above it, whose points hold it already",
            where="mapping: " + "; ".join(faults),
            mend="map the leaves, or the node above them, not both to the same code",
        )


def _ancestors(code: str, parents: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    step = parents.get(code, set())
    while step := step - found:
        found |= step
        step = {above for each in step for above in parents.get(each, set())}
    return found - {code}
