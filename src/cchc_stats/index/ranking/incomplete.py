"""Scores that are not complete: refused, left without a rank, or ranked by what is known."""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np
import pandas as pd

from cchc_stats.index.scoring import case_name, joined, keys_of, listed, points_text
from cchc_stats.words import ValuesError


def settled(chosen: pd.DataFrame, table: pd.DataFrame, incomplete: str) -> pd.DataFrame:
    """Return the rows with what ranking does about incomplete ones: refused, excluded, or known."""
    open_ = ~chosen["complete"]
    if not open_.any():
        return chosen.assign(ranked=True)
    unknown = _unknown(chosen[open_], table)
    if incomplete == "refuse":
        names = [case_name(row) for row in chosen[open_].to_dict("records")]
        lacking = [_in_english(*gap) for gap in unknown]
        raise ValuesError(
            f"{len(names)} of {len(chosen)} scores are incomplete and cannot be ranked",
            where=listed(f"{name}: {gap}" for name, gap in zip(names, lacking, strict=True)),
            mend='complete the answers, or choose incomplete="exclude" (no rank for them) or '
            'incomplete="known" (ranked by the points known)',
        )
    known = incomplete == "known"
    if known:
        chosen = _with_known(chosen, open_)
    told = "xếp theo điểm đã biết" if known else "chưa xếp hạng"
    gaps = iter(unknown)
    notes = [f"{told}: {_in_vietnamese(*next(gaps))}" if lacks else "" for lacks in open_]
    ranked = open_ if known else ~open_
    note = joined(chosen["note"], notes)
    return chosen.assign(ranked=ranked | ~open_, note=note)


def _with_known(chosen: pd.DataFrame, open_: pd.Series) -> pd.DataFrame:
    """Return the rows with the points known in place of those that are not."""
    lacking = chosen[open_ & (chosen["points_known"].isna() | chosen["applicable_max"].isna())]
    if len(lacking):
        raise ValuesError(
            "the points known are not given",
            where=listed(case_name(row) for row in lacking.to_dict("records"))
            + ": columns points_known and applicable_max",
            mend='give the frame that score() returns, or choose incomplete="exclude"',
        )
    most = chosen["applicable_max"]
    percent = 100 * chosen["points_known"] / most.mask(most == 0)
    return chosen.assign(
        points=chosen["points"].mask(open_, chosen["points_known"]),
        percent=chosen["percent"].mask(open_, percent),
    )


def _unknown(rows: pd.DataFrame, table: pd.DataFrame) -> list[tuple[int, float]]:
    """Return how many leaves below each row are unknown, 0 if not told, and their points or NaN."""
    own, every = (pd.MultiIndex.from_arrays(keys_of(frame)) for frame in (rows, table))
    asked = every.isin(own)
    cases: dict[Hashable, list[tuple[str, str, bool, float]]] = {}
    nodes = table.loc[asked, ["code", "parent", "complete", "max_points"]]
    for key, node in zip(every[asked], nodes.itertuples(index=False, name=None), strict=True):
        cases.setdefault(key, []).append(node)
    found = []
    for key, code, points in zip(own, rows["code"], rows["unknown_max"], strict=True):
        most = _open_leaves(code, cases[key])
        if pd.isna(points) and most:
            points = np.nan if any(map(pd.isna, most)) else sum(most)
        found.append((len(most), np.nan if pd.isna(points) else float(points)))
    return found


def _open_leaves(code: str, case: list[tuple[str, str, bool, float]]) -> list[float]:
    """Return the maxima of the unknown leaves below a node of a case."""
    below: dict[str, list[tuple[str, bool, float]]] = {}
    for node, parent, complete, most in case:
        below.setdefault(parent, []).append((node, complete, most))
    waiting, seen, found = [code], {code}, []
    while waiting:
        for node, complete, most in below.get(waiting.pop(), ()):
            if node in below and node not in seen:
                waiting.append(node)
            elif node not in seen and not complete:
                found.append(most)
            seen.add(node)
    return found


def _in_english(leaves: int, points: float) -> str:
    count = f"{leaves} {'leaf' if leaves == 1 else 'leaves'} unknown" if leaves else ""
    worth = "" if np.isnan(points) else f"{points:.10g} points unknown"
    if count and worth:
        return f"{count}, {worth.removesuffix(' unknown')}"
    return count or worth or "points unknown"


def _in_vietnamese(leaves: int, points: float) -> str:
    count = f"còn {leaves} mục chưa biết điểm" if leaves else "còn mục chưa biết điểm"
    return count if np.isnan(points) else f"{count}, tối đa {points_text(points)} điểm"
