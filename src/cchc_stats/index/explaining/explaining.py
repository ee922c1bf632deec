"""Why a node has its points: one sentence for a leaf, its parts for what lies above."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Mapping
from fractions import Fraction
from typing import Any

import pandas as pd

from cchc_stats.index.explaining.sentences import out_of, points, reason, sentence
from cchc_stats.index.scoring import (
    CASE_COLUMNS,
    ScoredLeaf,
    did_you_mean,
    listed,
    number,
    require_scores,
)
from cchc_stats.words import ValuesError, parse_period, require_language

EXAMPLE = "example"
# A code that is a number stands before the name, as in decisions; a word would only repeat it.
_NUMBERED = re.compile(r"\d|[IVX]+(?:\W|$)")
Row = Mapping[Hashable, Any]


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
    node below it: points of maximum, then bonus and deduction; what is not known yet is named.
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
    table = require_scores(scores)
    case = _case(table, agency=agency, period=period, assessor=assessor)
    found = case[case["code"] == code]
    if found.empty:
        raise ValuesError(
            f"the scores have no node {did_you_mean(str(code), case['code'])}",
            where="code=",
            mend=f"use one of {listed(case['code'], between=', ')}",
        )
    row = found.to_dict("records")[0]
    if row["rule"]:
        best = best_values(table).get((row["period"], row["assessor"], row["code"]))
        told = f"{name_of(row, lang=lang)}: {leaf_reason(row, best=best, lang=lang)}"
    else:
        told = "\n".join(_lines(row, case, lang=lang))
    if row["scheme_status"] == EXAMPLE:
        told = f"{told} {sentence('scheme', 'example', lang=lang)}"
    return told


def leaf_reason(row: Row, *, best: Fraction | None = None, lang: str) -> str:
    """Return why a leaf has its points, without its name.

    Parameters
    ----------
    row : a record of a leaf's row of scores.
    best : the best value among the agencies, None where it is not known or is the row's own.
    """
    leaf = ScoredLeaf.of(row)
    if best is None and row["branch"] == "best":
        best = leaf.value
    return reason(leaf, lang=lang, best=best)


def name_of(row: Row, *, lang: str) -> str:
    """Return what a node is called, with its number before it where its code is one."""
    label = str(row["label"] if lang == "vi" else row["label_en"] or row["label"])
    code = str(row["code"])
    if _NUMBERED.match(code) and not label.startswith(code):
        return f"{code} {label}"
    return label or code


def best_values(scores: pd.DataFrame) -> dict[tuple[pd.Period, str, str], Fraction]:
    """Return the best value of each period, assessor and leaf, as far as its row is there."""
    best = scores[scores["branch"] == "best"]
    return {
        (row["period"], row["assessor"], row["code"]): leaf.value
        for row in best.to_dict("records")
        if (leaf := ScoredLeaf.of(row)).value is not None
    }


def _case(scores: pd.DataFrame, **chosen: Any) -> pd.DataFrame:
    """Return the rows of the one case that is asked for."""
    case = scores
    for name, wanted in chosen.items():
        if wanted is None:
            continue
        wanted = parse_period(wanted) if name == "period" else wanted
        part = case[case[name] == wanted]
        if part.empty:
            known = [str(cell) for cell in case[name].unique()]
            raise ValuesError(
                f"the scores have no {name} {did_you_mean(str(wanted), known)}",
                where=f"{name}=",
                mend=f"use one of {listed(known, between=', ')}",
            )
        case = part
    cells = {name: case[name].astype("str").unique() for name in CASE_COLUMNS}
    several = {name: distinct for name, distinct in cells.items() if len(distinct) > 1}
    if several:
        choices = [f"{name}: {listed(told, between=', ')}" for name, told in several.items()]
        raise ValuesError(
            "the scores hold several cases, and one is explained at a time",
            where="\n         ".join(choices),
            mend=f"say which: {', '.join(f'{name}=' for name in several)}",
        )
    return case


def _lines(row: Row, case: pd.DataFrame, *, lang: str) -> Iterator[str]:
    """Yield an inner node's sum, the nodes it is the sum of, and the leaves not known."""
    yield f"{_head(row, lang=lang)}:"
    children = case[case["parent"] == row["code"]].to_dict("records")
    order = ("score", "bonus", "deduction")
    for child in sorted(children, key=lambda child: order.index(child["kind"])):
        yield f"- {_line(child, lang=lang)}"
    unknown = [
        name_of(leaf, lang=lang)
        for leaf in case.to_dict("records")
        if leaf["rule"] and not leaf["complete"] and _is_below(leaf, str(row["code"]), case)
    ]
    if unknown:
        yield sentence("node", "unknown_leaves", lang=lang, leaves="; ".join(unknown))


def _head(row: Row, *, lang: str) -> str:
    applicable, most = number(row["applicable_max"]), number(row["max_points"])
    slots = _slots(row, lang=lang)
    counted = "head" if applicable else "head_none"
    code = counted if row["complete"] else f"head_{_partly(row)}"
    told = sentence("node", code, lang=lang, **slots)
    if applicable and applicable != most:
        narrowed = sentence("node", "narrowed", lang=lang, **slots)
        return f"{told} ({narrowed})"
    return told


def _line(row: Row, *, lang: str) -> str:
    if not row["complete"]:
        code = "unknown" if row["rule"] else _partly(row)
    elif row["kind"] != "score":
        code = row["kind"]
    else:
        code = "score" if number(row["applicable_max"]) else "excluded"
    return sentence("node", code, lang=lang, **_slots(row, lang=lang))


def _partly(row: Row) -> str:
    # An unknown bonus or deduction is no part of the maximum: there is no "at most" to tell.
    return "partly" if number(row["unknown_max"]) else "partly_apart"


def _slots(row: Row, *, lang: str) -> dict[str, str]:
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
    slots = {name: points(cell, lang=lang) for name, cell in cells.items()}
    slots["scored"] = out_of(cells["points"], cells["applicable"], lang=lang)
    return slots | {"label": name_of(row, lang=lang)}


def _is_below(row: Row, code: str, case: pd.DataFrame) -> bool:
    parent_of = dict(zip(case["code"], case["parent"], strict=True))
    above = str(row["parent"])
    while above and above != code:
        above = str(parent_of.get(above, ""))
    return above == code
