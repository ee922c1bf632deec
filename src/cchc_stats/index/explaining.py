"""Why a node has its points, where points were lost, and what the next step up would give."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Mapping
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from cchc_stats.index.rules import (
    ScoredLeaf,
    Step,
    next_step,
    out_of,
    points_words,
    reason,
    sentence,
    step_words,
)
from cchc_stats.index.scoring import (
    CASE,
    CheckedScores,
    did_you_mean,
    number,
)
from cchc_stats.words import QUARTERS, ValuesError, listed, parse_period, require_language

UNSETTLED = ("example", "provisional")
LOST_FIGURES = ("max_points", "points", "lost", "lost_share", "value", "next_value", "gain")
COLUMNS = (
    *(*CASE, "code", "label", "kind", "max_points", "points", "lost", "lost_share", "unknown"),
    *("value", "next_value", "next_answer", "gain", "units_needed", "how", "scheme_status"),
)
TYPES: dict[str, str] = dict.fromkeys(COLUMNS, "str") | dict.fromkeys(LOST_FIGURES, "Float64")
TYPES |= {"period": QUARTERS, "unknown": "bool", "units_needed": "Int64"}
# A code that is a number stands before the name, as in decisions; a word would only repeat it.
_NUMBERED = re.compile(r"\d|[IVX]+(?:\W|$)")
Record = Mapping[Hashable, Any]


def explain(
    scores: pd.DataFrame,
    code: str,
    *,
    agency: str | None = None,
    period: str | pd.Period | None = None,
    assessor: str | None = None,
    lang: str = "vi",
) -> str:
    """Return why a node has its points (vì sao được bấy nhiêu điểm).

    Parameters
    ----------
    scores : scores frame, as `score` returns it.
    code : the node's code.
    agency, period, assessor : whose points; each may be left out where the scores hold only one.
    lang : "vi" or "en".

    Returns
    -------
    For a leaf one sentence: figure, rule, points. For a node above, its sum and a line for each
    node below it: points of maximum, then bonus and deduction; unknown leaves are named.
    Rates are printed half up to two decimals of the exact quotient, to more where two would show
    them on the wrong side of a limit of the rule; points to the decimals the leaf is rounded to,
    else to four. What was scored by an example scheme says so.

    Raises
    ------
    ValuesError
        No scores; a code, agency, period or assessor that is not among them; several cases, and
        nothing that chooses one.

    Examples
    --------
    >>> leaf = {"agency": "Sở A", "period": pd.Period("2020Q3"), "assessor": "self", "code": "2.1",
    ...         "parent": "2", "label": "Hồ sơ đúng hạn", "label_en": "Dossiers on time",
    ...         "max_points": 2.0, "applicable_max": 2.0, "points": 1.97, "points_known": 1.97,
    ...         "unknown_max": 0.0, "complete": True, "value": 98.3251, "numerator": pd.NA,
    ...         "denominator": pd.NA, "branch": "rate", "kind": "score", "rule": "proportional",
    ...         "params": '{"floor": 95}', "indicator": "my_rate", "answer": "", "rounding": 2,
    ...         "scheme_status": "confirmed"}
    >>> explain(pd.DataFrame([leaf]), "2.1")
    '2.1 Hồ sơ đúng hạn: 98,33 % ≥ 95 % nên được 98,33 % × 2 điểm = 1,97 điểm'
    """
    require_language(lang)
    checked = CheckedScores.of(scores)
    case = _case(checked.frame, agency=agency, period=period, assessor=assessor)
    nodes = case[case["code"] == code]
    if nodes.empty:
        raise ValuesError(
            f"the scores have no node {did_you_mean(str(code), case['code'])}",
            where="code=",
            mend=f"use one of {listed(case['code'], between=', ')}",
        )
    row = nodes.to_dict("records")[0]
    if row["rule"]:
        leaf, best = checked.leaf(row)
        why = f"{node_name(row, lang=lang)}: {leaf_reason(leaf, best=best, lang=lang)}"
    else:
        why = "\n".join(_lines(row, case, lang=lang))
    return _with_status(why, row, lang=lang)


def _with_status(words: str, row: Record, *, lang: str) -> str:
    """Return the words, followed by a warning where the scheme is no confirmed one."""
    if row["scheme_status"] not in UNSETTLED:
        return words
    return f"{words} {sentence('scheme', str(row['scheme_status']), lang=lang)}"


def leaf_reason(leaf: ScoredLeaf, *, best: Fraction | None = None, lang: str) -> str:
    """Return why a leaf has its points, without its name.

    Parameters
    ----------
    leaf : the leaf of a row of scores.
    best : the best value among the agencies, None where there is none or it is the row's own.
    """
    if best is None and leaf.branch == "best":
        best = leaf.value
    return reason(leaf, lang=lang, best=best)


def node_name(row: Record, *, lang: str) -> str:
    """Return what a node is called, with its number before it where its code is one."""
    label = str(row["label"] if lang == "vi" else row["label_en"] or row["label"])
    code = str(row["code"])
    if _NUMBERED.match(code) and not label.startswith(code):
        return f"{code} {label}"
    return label or code


def _case(scores: pd.DataFrame, **chosen: Any) -> pd.DataFrame:
    """Return the rows of the one case that is asked for."""
    case = scores
    for name, wanted in chosen.items():
        if wanted is not None:
            case = _of_case(case, name, parse_period(wanted) if name == "period" else wanted)
    cells = {name: case[name].astype("str").unique() for name in CASE}
    several = {name: distinct for name, distinct in cells.items() if len(distinct) > 1}
    if several:
        choices = [f"{name}: {listed(among, between=', ')}" for name, among in several.items()]
        raise ValuesError(
            "the scores hold several cases, and one is explained at a time",
            where="\n         ".join(choices),
            mend=f"say which: {', '.join(f'{name}=' for name in several)}",
        )
    return case


def _of_case(case: pd.DataFrame, name: str, wanted: object) -> pd.DataFrame:
    part = case[case[name] == wanted]
    if part.empty:
        there = [str(cell) for cell in case[name].unique()]
        raise ValuesError(
            f"the scores have no {name} {did_you_mean(str(wanted), there)}",
            where=f"{name}=",
            mend=f"use one of {listed(there, between=', ')}",
        )
    return part


def _lines(row: Record, case: pd.DataFrame, *, lang: str) -> Iterator[str]:
    """Yield an inner node's sum, the nodes it is the sum of, and the unknown leaves."""
    yield f"{_head(row, lang=lang)}:"
    children = case[case["parent"] == row["code"]].to_dict("records")
    order = ("score", "bonus", "deduction")
    for child in sorted(children, key=lambda child: order.index(child["kind"])):
        yield f"- {_line(child, lang=lang)}"
    parents = dict(zip(case["code"], case["parent"], strict=True))
    unknown = [
        node_name(leaf, lang=lang)
        for leaf in case.to_dict("records")
        if leaf["rule"] and not leaf["complete"] and is_below(leaf["code"], row["code"], parents)
    ]
    if unknown:
        yield sentence("node", "unknown_leaves", lang=lang, leaves="; ".join(unknown))


def _head(row: Record, *, lang: str) -> str:
    applicable, most = number(row["applicable_max"]), number(row["max_points"])
    slots = _slots(row, lang=lang)
    counted = "head" if applicable else "head_none"
    code = counted if row["complete"] else f"head_{_partly(row)}"
    head = sentence("node", code, lang=lang, **slots)
    if applicable and applicable != most:
        return f"{head} ({sentence('node', 'narrowed', lang=lang, **slots)})"
    return head


def _line(row: Record, *, lang: str) -> str:
    if not row["complete"]:
        code = "unknown" if row["rule"] else _partly(row)
    elif row["kind"] != "score":
        code = row["kind"]
    else:
        code = "score" if number(row["applicable_max"]) else "excluded"
    return sentence("node", code, lang=lang, **_slots(row, lang=lang))


def _partly(row: Record) -> str:
    # An unknown bonus or deduction is no part of the maximum: there is no "at most" to it.
    return "partly" if number(row["unknown_max"]) else "partly_apart"


def _slots(row: Record, *, lang: str) -> dict[str, str]:
    cells = {
        slot: number(row[name]) or Fraction(0)
        for slot, name in (
            ("points", "points"),
            ("applicable", "applicable_max"),
            ("max", "max_points"),
            ("known", "points_known"),
            ("unknown", "unknown_max"),
        )
    }
    slots = {name: points_words(cell, lang=lang) for name, cell in cells.items()}
    slots["scored"] = out_of(cells["points"], cells["applicable"], lang=lang)
    # No deduction is no "−0".
    sign = {"bonus": "+", "deduction": "−"}.get(row["kind"], "") if cells["points"] else ""
    slots["signed"] = f"{sign}{slots['points']}"
    return slots | {"label": node_name(row, lang=lang)}


def is_below(code: str, node: str, parents: Mapping[str, str]) -> bool:
    """Return whether a node leads up to another, by the parent of each code."""
    seen = set()
    while code in parents and code not in seen:
        seen.add(code)
        code = parents[code]
        if code == node:
            return True
    return False


# Points lost, and the next step.


def points_lost(scores: pd.DataFrame, *, lang: str = "vi") -> pd.DataFrame:
    """Return where points were lost and what the next step up would give (điểm bị mất).

    Parameters
    ----------
    scores : scores frame, as `score` returns it.
    lang : language of `label` and `how`, "vi" or "en".

    Returns
    -------
    A row per agency × period × assessor × leaf that has less than its applicable maximum, per
    deduction that cost points, and per unknown leaf; cases in the order of the scores, within a
    case the largest loss first, unknown leaves last. Index 0…n-1.
    `agency, period, assessor, code, label, kind`;
    `max_points`, the applicable maximum (of a deduction the most that it takes);
    `points`, of a deduction those taken off;
    `lost`, points, <NA> of an unknown leaf;
    `lost_share`, percent of all that the case has lost, unknown leaves aside;
    `unknown`, whether the points are still open;
    `value`, the leaf's figure in its own unit;
    `next_value`, the nearest figure that gives more: floor, edge of a band, target, 100 %, the best
    value, the number of items for all points, 0 cases of a deduction. <NA> where an answer is
    wanted, or where it cannot be said. `how` says so where a figure must fall below it;
    `next_answer`, the answer or level that gives more, "" where a figure is wanted;
    `gain`, points gained by just reaching it;
    `units_needed`, how many more of the numerator reach it at the same denominator, the smallest
    whole number, negative where fewer are wanted; <NA> where the figure is no rate of two counts;
    `how`, all that in a sentence; `scheme_status`.
    The losses of complete leaves of kind score add up to what the root is short of its applicable
    maximum, where there is neither bonus nor deduction.

    Raises
    ------
    ValuesError
        No scores.

    Examples
    --------
    >>> leaf = {"agency": "Sở A", "period": pd.Period("2020Q3"), "assessor": "self", "code": "2.1",
    ...         "parent": "2", "label": "Hồ sơ đúng hạn", "label_en": "Dossiers on time",
    ...         "max_points": 2.0, "applicable_max": 2.0, "points": 0.0, "points_known": 0.0,
    ...         "unknown_max": 0.0, "complete": True, "value": 91.66666666666667,
    ...         "numerator": 55.0, "denominator": 60.0, "branch": "below_floor", "kind": "score",
    ...         "rule": "proportional", "params": '{"floor": 95}', "indicator": "my_rate",
    ...         "answer": "", "rounding": 2, "scheme_status": "confirmed"}
    >>> points_lost(pd.DataFrame([leaf]))[["lost", "next_value", "units_needed", "how"]].values
    array([[2.0, 95.0, 2, 'cần đạt 95 % (thêm 2 trên 60): được thêm 1,9 điểm']], dtype=object)
    """
    require_language(lang)
    return lost_points(CheckedScores.of(scores), lang=lang)


def lost_points(checked: CheckedScores, *, lang: str) -> pd.DataFrame:
    """Return where points were lost, from scores that are checked; see `points_lost`."""
    table = checked.frame
    chosen = np.flatnonzero(_costs(table))
    rows = []
    for row in table.iloc[chosen].to_dict("records"):
        leaf, best = checked.leaf(row)
        rows.append(_lost_row(row, leaf, next_step(leaf, best=best), lang=lang))
    frame = pd.DataFrame(rows, columns=list(COLUMNS)).astype(TYPES)
    total = frame.groupby(CASE, sort=False)["lost"].transform("sum")
    frame["lost_share"] = (100 * frame["lost"] / total.mask(total == 0)).round(10)
    case = table.groupby(CASE, sort=False).ngroup().to_numpy()[chosen]
    order = ["case", "unknown", "lost"]
    ascending = [True, True, False]
    # Stable: of equal losses the one that stands first in the scores comes first.
    ordered = frame.assign(case=case).sort_values(order, ascending=ascending, kind="stable")
    return ordered[list(COLUMNS)].reset_index(drop=True)


def _costs(scores: pd.DataFrame) -> np.ndarray:
    """Return the mask of the leaves that cost points, or that are unknown."""
    points, most = (
        scores[name].to_numpy("float64", na_value=np.nan) for name in ("points", "applicable_max")
    )
    kind = scores["kind"].to_numpy(object)
    # A bonus that was not earned is no loss.
    costs = np.where(kind == "deduction", points > 0, (kind == "score") & (points < most))
    mask: np.ndarray = (scores["rule"] != "").to_numpy(dtype=bool) & (costs | np.isnan(points))
    return mask


def _lost_row(row: Record, leaf: ScoredLeaf, step: Step, *, lang: str) -> dict[str, Any]:
    """Return the points that a leaf costs, None of an unknown leaf, and the next step."""
    takes_off = leaf.kind == "deduction"
    lost = leaf.points
    if lost is not None and not takes_off:
        lost = leaf.applicable_max - lost
    most = leaf.applicable_max if leaf.kind == "score" else leaf.max_points
    return {name: row[name] for name in (*CASE, "code", "kind", "points", "scheme_status")} | {
        "label": node_name(row, lang=lang),
        "max_points": float(most),
        "lost": _float(lost),
        "lost_share": pd.NA,
        "unknown": leaf.points is None,
        "value": _float(leaf.value),
        "next_value": _float(step.value),
        "next_answer": step.answer,
        "gain": _float(step.gain),
        "units_needed": pd.NA if step.units is None else step.units,
        "how": _with_status(step_words(step, leaf, lang=lang), row, lang=lang),
    }


def _float(x: Fraction | None) -> Any:
    return pd.NA if x is None else float(x)
