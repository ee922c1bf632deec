"""Ranks and classes of agencies by their scores: ties share a rank, the unknown is not ranked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from cchc_stats.index.ranking.agency_groups import Groups, groups_of
from cchc_stats.index.ranking.class_rules import Levels, Verdict, class_of, levels_of
from cchc_stats.index.ranking.incomplete import settled
from cchc_stats.index.scheme import Scheme, ScoreClass, classes_of, list_schemes, load_scheme
from cchc_stats.index.scoring import (
    CASE,
    ROOT,
    case_name,
    cleaned,
    did_you_mean,
    given_scores,
    joined,
    keys_of,
    listed,
    texts,
)
from cchc_stats.words import ValuesError

COLUMNS = (
    *("agency", "period", "assessor", "group", "code", "points", "applicable_max", "percent"),
    *("rank", "tied", "class", "class_label", "complete", "scheme", "scheme_status", "note"),
)
BY = ("percent", "points")
INCOMPLETE = ("refuse", "exclude", "known")


def rank_agencies(
    scores: pd.DataFrame,
    *,
    scheme: Scheme | str | None = None,
    by: str = "percent",
    node: str = ROOT,
    groups: Groups | None = None,
    incomplete: str = "refuse",
) -> pd.DataFrame:
    """Return the rank and the class of each agency (xếp hạng, xếp loại).

    Parameters
    ----------
    scores : scores (see `score`), or any frame with `agency` and `points` with `max_points`, or
        `percent`: without codes every row is an agency's total. A missing assessor is `self`, a
        missing period stays missing, a row is complete where it has points.
    scheme : where the classes are from, a Scheme or its name; None takes those that the scores
        carry, else those of the scheme that their column `scheme` names, where it is one of
        `list_schemes()`.
    by : "percent" of the agency's own applicable maximum, or "points".
    node : code of the node to rank by, a field for example; classes are of the total alone.
    groups : agencies ranked apart: agency -> group, or a frame with columns agency and group.
    incomplete : agencies with unknown leaves: "refuse" them; "exclude": their rows stay, without a
        rank; "known": rank them by the points known over the applicable maximum.

    Returns
    -------
    Frame, a row per agency × period × assessor, sorted by period, assessor, group, rank and agency:
    `agency, period, assessor, group` ("" without groups), `code`;
    `points, applicable_max, percent`, unrounded; with "known", of what is known;
    `rank`, within period × assessor × group, the best 1, equals alike and the places after them
    left out (1, 2, 2, 4); <NA> where nothing applies (applicable_max 0) or what is excluded;
    `tied`, whether another agency has the same rank;
    `class, class_label`, the first class of the scheme whose conditions hold, "" where there is
    none; `complete`; `scheme, scheme_status` ("example": not for decisions); `note`.
    Ranks and bounds of classes are taken before any rounding, on figures cleaned at ten decimals:
    sums of decimals differ in their last binary digits by the order of adding, and would break a
    tie that is one.

    Raises
    ------
    ValuesError
        No scores or columns; two roots or none; an unknown node; incomplete scores, unless told;
        nothing to rank by; an agency without a group, or a group of no agency.
    SchemeError
        No scheme of that name.

    Examples
    --------
    >>> own = pd.DataFrame({"agency": ["A", "B", "C"], "points": [93.95, 93.76, 95],
    ...                     "max_points": [98.5, 95, 100]})
    >>> rank_agencies(own)[["agency", "rank"]].values.tolist()
    [['B', 1], ['A', 2], ['C', 3]]
    """
    _require_choice("by", by, BY)
    _require_choice("incomplete", incomplete, INCOMPLETE)
    table = given_scores(scores)
    schemes = _schemes(table, scheme)
    chosen = _chosen(table, node)
    chosen = chosen.assign(group=groups_of(chosen["agency"], groups))
    chosen = settled(chosen, table, incomplete)
    _require_figures(chosen, by)
    ranked = _ranked(chosen, by)
    verdicts = [Verdict()] * len(ranked)
    if node == ROOT:
        classes = _classes(ranked, schemes, asked=scheme is not None)
        verdicts = _verdicts(ranked, table, schemes, classes)
    ranked = ranked.assign(
        **{
            "class": texts([verdict.code for verdict in verdicts]),
            "class_label": texts([verdict.label for verdict in verdicts]),
            "note": joined(ranked["note"], [verdict.note for verdict in verdicts]),
        }
    )
    ranked = _with_scheme(ranked, schemes, scheme)
    order = ["period", "assessor", "group", "rank", "agency"]
    ranked = ranked.sort_values(order, na_position="last", kind="stable")
    return ranked[list(COLUMNS)].reset_index(drop=True)


def _require_choice(name: str, given: str, choices: tuple[str, ...]) -> None:
    if given not in choices:
        raise ValuesError(
            f"there is no {name}={given!r}",
            where=f"{name}=",
            mend=f"choose one of {', '.join(choices)}",
        )


def _schemes(table: pd.DataFrame, scheme: Scheme | str | None) -> dict[str, Scheme]:
    """Return by the name that the scores carry the schemes whose classes hold for them."""
    names = list(table["scheme"].unique())
    if scheme is not None:
        if not isinstance(scheme, Scheme | str):
            raise ValuesError(
                f"a scheme is a Scheme or its name, not a {type(scheme).__name__}",
                where="scheme=",
                mend="give load_scheme(name), or one of the names in list_schemes()",
            )
        one = load_scheme(scheme) if isinstance(scheme, str) else scheme
        return dict.fromkeys(names, one)
    named = [name for name in names if name]
    shipped = set(list_schemes()["name"]) if named else set()
    return {name: load_scheme(name) for name in named if name in shipped}


def _chosen(table: pd.DataFrame, node: str) -> pd.DataFrame:
    """Return the row of the node for each agency, period and assessor; each must have one."""
    rows = table["is_root"] if node == ROOT else table["code"] == node
    if not rows.any() and node != ROOT:
        raise ValuesError(
            f"there is no node {did_you_mean(str(node), table['code'])}",
            where="node=",
            mend=f"choose one of {listed(table['code'], between=', ')}",
        )
    cases = table.drop_duplicates(list(CASE))
    has = pd.MultiIndex.from_arrays(keys_of(table[rows]))
    lacking = cases[~pd.MultiIndex.from_arrays(keys_of(cases)).isin(has)]
    if len(lacking):
        raise ValuesError(
            f"the node {node} is missing for {len(lacking)} of {len(cases)}",
            where=listed(case_name(row) for row in lacking.to_dict("records")),
            mend="give every row that score() returns, or rank those agencies apart",
        )
    return table[rows].reset_index(drop=True)


def _require_figures(chosen: pd.DataFrame, by: str) -> None:
    """Refuse rows that should be ranked and have nothing to be ranked by."""
    nothing = chosen["applicable_max"].eq(0).fillna(False).astype(bool)
    lacking = chosen[chosen["ranked"] & ~nothing & chosen[by].isna()]
    if len(lacking):
        mends = {
            "percent": 'add a column max_points or percent, or choose by="points"',
            "points": 'add a column points, or choose by="percent"',
        }
        raise ValuesError(
            f"{len(lacking)} of {len(chosen)} scores have no {by} to rank by",
            where=listed(case_name(row) for row in lacking.to_dict("records")),
            mend=mends[by],
        )


def _ranked(chosen: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return the rows with their rank within period, assessor and group, and whether it is tied."""
    nothing = chosen["applicable_max"].eq(0).fillna(False).astype(bool)
    keys = keys_of(chosen, ("period", "assessor", "group"))
    figure = pd.Series(cleaned(chosen[by]), index=chosen.index)
    figure = figure.where(chosen["ranked"] & ~nothing)
    rank = figure.groupby(keys).rank(method="min", ascending=False)
    alike = rank.groupby([*keys, rank]).transform("size")
    board = chosen.groupby(keys).ngroup()
    mixed = {
        at: f"xếp chung nhiều bộ chỉ số: {listed(names, between=', ')}"
        for at, names in chosen["scheme"][rank.notna()].groupby(board).unique().items()
        if len(names) > 1
    }
    empty = np.where(nothing, "không có mục nào áp dụng, không xếp hạng", "")
    told = [mixed.get(at, "") for at in board.where(rank.notna(), -1)]
    return chosen.assign(
        rank=rank.astype("Float64").astype("Int64"),
        tied=(alike > 1).fillna(False).astype(bool),
        note=joined(chosen["note"], joined(empty, told)),
    )


def _classes(
    ranked: pd.DataFrame, schemes: Mapping[str, Scheme], *, asked: bool
) -> list[tuple[ScoreClass, ...]]:
    """Return the classes that hold for each row: those asked for, carried, or of its scheme."""
    found = []
    carried = {text: classes_of(text) for text in ranked["params"].unique()}
    for name, text in zip(ranked["scheme"], ranked["params"], strict=True):
        own = schemes[name].classes if name in schemes else ()
        found.append(own if asked else carried[text] or own)
    return found


def _verdicts(
    ranked: pd.DataFrame,
    table: pd.DataFrame,
    schemes: Mapping[str, Scheme],
    classes: Sequence[tuple[ScoreClass, ...]],
) -> list[Verdict]:
    """Return the class of each row; what is incomplete has none, however much is known."""
    wanted = {rule.each_level for rules in classes for rule in rules} - {None}
    levels: dict[tuple[str, ...], Levels] = {}
    if wanted:
        nodes = _with_kinds(table, schemes)
        levels = levels_of(nodes[nodes["level"].isin(wanted)])
    verdicts = []
    for row, own in zip(ranked.to_dict("records"), classes, strict=True):
        if not own or not row["complete"] or pd.isna(row["percent"]):
            verdicts.append(Verdict())
            continue
        key = tuple(str(row[name]) for name in CASE)
        verdicts.append(class_of(float(row["percent"]), levels.get(key, {}), own))
    return verdicts


def _with_kinds(table: pd.DataFrame, schemes: Mapping[str, Scheme]) -> pd.DataFrame:
    """Return the scores with the kinds and levels that the scheme states of their codes."""
    kind, level = table["kind"], table["level"]
    for name, scheme in schemes.items():
        stated = scheme.nodes.set_index("code")
        rows = table["scheme"] == name
        codes = table["code"]
        kind = kind.mask(rows & codes.isin(stated.index), codes.map(stated["kind"]))
        level = level.mask(rows & level.isna(), codes.map(stated["level"]).astype("Int64"))
    return table.assign(kind=kind, level=level)


def _with_scheme(
    ranked: pd.DataFrame, schemes: Mapping[str, Scheme], asked: object
) -> pd.DataFrame:
    """Return the rows with the scheme and its status, and a note where the classes are another's.

    Classes of an example make an example of the whole row.
    """
    names, states, notes = [], [], []
    for name, state in zip(ranked["scheme"], ranked["scheme_status"], strict=True):
        own = schemes.get(name)
        other = own is not None and asked is not None and name not in ("", own.name)
        names.append(name or (own.name if own else ""))
        states.append("example" if own and own.status == "example" else state or _status(own))
        notes.append(f"xếp loại theo bộ chỉ số {own.name}" if own and other else "")
    note = joined(ranked["note"], notes)
    return ranked.assign(scheme=texts(names), scheme_status=texts(states), note=note)


def _status(scheme: Scheme | None) -> str:
    return scheme.status if scheme else ""
