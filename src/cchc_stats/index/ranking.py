"""Ranks and classes of agencies by their scores: ties share a rank, the unknown is not ranked."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd

from cchc_stats.index.scheme import ROOT, Scheme, ScoreClass, list_schemes, load_scheme
from cchc_stats.index.scoring import (
    CASE,
    DECIMALS,
    CheckedScores,
    case_name,
    cleaned,
    did_you_mean,
    joined,
    keys_of,
    points_text,
    texts,
)
from cchc_stats.words import ValuesError, dictionary_order, listed

COLUMNS = (
    *("agency", "period", "assessor", "group", "code", "points", "applicable_max", "percent"),
    *("rank", "tied", "class", "class_label", "complete", "scheme", "scheme_status", "note"),
)
BY = ("percent", "points")
INCOMPLETE = ("refuse", "exclude", "known")
Groups = pd.Series | pd.DataFrame | Mapping[str, str]


def rank_agencies(
    scores: pd.DataFrame,
    *,
    scheme: Scheme | str | None = None,
    by: Literal["percent", "points"] = "percent",
    node: str = ROOT,
    groups: Groups | None = None,
    incomplete: Literal["refuse", "exclude", "known"] = "refuse",
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
    `points, applicable_max, percent`, unrounded; with "known", of the complete leaves;
    `rank`, within period × assessor × group, the best 1, equals alike and the places after them
    left out (1, 2, 2, 4); <NA> where nothing applies (applicable_max 0) or what is excluded;
    `tied`, whether another agency has the same rank;
    `note` says where fewer than 10 events stand before ten times as many (3 of 3, 60 of 60);
    `class, class_label`, the first class of the scheme whose conditions hold, "" where there is
    none; `complete`; `scheme, scheme_status` ("example": not for decisions).
    Ranks and bounds of classes are taken before any rounding, on figures cleaned at ten decimals:
    sums of decimals differ in their last binary digits by the order of adding, and would break a
    tie that is one.

    Raises
    ------
    ValuesError
        No scores or columns; two roots or none; an unknown node; incomplete scores that are
        refused; nothing to rank by; an agency without a group, or a group of no agency.
    SchemeError
        No scheme of that name.

    Examples
    --------
    >>> own = pd.DataFrame({"agency": ["A", "B", "C"], "points": [93.95, 93.76, 95],
    ...                     "max_points": [98.5, 95, 100]})
    >>> rank_agencies(own)[["agency", "rank"]].values.tolist()
    [['B', 1], ['A', 2], ['C', 3]]
    """
    return ranks_of(
        CheckedScores(scores), scheme=scheme, by=by, node=node, groups=groups, incomplete=incomplete
    )


def ranks_of(
    checked: CheckedScores,
    *,
    scheme: Scheme | str | None = None,
    by: Literal["percent", "points"] = "percent",
    node: str = ROOT,
    groups: Groups | None = None,
    incomplete: Literal["refuse", "exclude", "known"] = "refuse",
) -> pd.DataFrame:
    """Return rank and class of each agency, from scores that are handed on; see `rank_agencies`."""
    _require_choice("by", by, BY)
    _require_choice("incomplete", incomplete, INCOMPLETE)
    table = checked.nodes
    schemes = _schemes(table, scheme)
    chosen = _chosen(table, node)
    chosen = chosen.assign(group=_groups_of(chosen["agency"], groups))
    chosen = _with_incomplete(chosen, table, incomplete)
    _require_figures(chosen, by)
    ranked = _ranked(chosen, by)
    ranked = ranked.assign(note=joined(ranked["note"], _on_few_events(ranked, checked)))
    verdicts = [Classified()] * len(ranked)
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
    ranked = ranked.sort_values(order, key=dictionary_order, na_position="last", kind="stable")
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
    cases = table.drop_duplicates(CASE)
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
    rank_group = chosen.groupby(keys).ngroup()
    mixed = {
        at: f"xếp chung nhiều bộ chỉ số: {listed(names, between=', ')}"
        for at, names in chosen["scheme"][rank.notna()].groupby(rank_group).unique().items()
        if len(names) > 1
    }
    empty = np.where(nothing, "không có mục nào áp dụng, không xếp hạng", "")
    several = [mixed.get(at, "") for at in rank_group.where(rank.notna(), -1)]
    return chosen.assign(
        rank=rank.astype("Float64").astype("Int64"),
        tied=(alike > 1).fillna(False).astype(bool),
        note=joined(chosen["note"], joined(empty, several)),
    )


def _classes(
    ranked: pd.DataFrame, schemes: Mapping[str, Scheme], *, asked: bool
) -> list[tuple[ScoreClass, ...]]:
    """Return the classes that hold for each row: those asked for, carried, or of its scheme."""
    pairs = zip(ranked["scheme"], ranked["classes"], strict=True)
    own = [(schemes[name].classes if name in schemes else (), carried) for name, carried in pairs]
    return [stated if asked else carried or stated for stated, carried in own]


def _verdicts(
    ranked: pd.DataFrame,
    table: pd.DataFrame,
    schemes: Mapping[str, Scheme],
    classes: Sequence[tuple[ScoreClass, ...]],
) -> list[Classified]:
    """Return the class of each row; what is incomplete has none, however much is complete."""
    wanted = {rule.each_level for rules in classes for rule in rules} - {None}
    levels: dict[tuple[str, ...], Levels] = {}
    if wanted:
        nodes = _with_kinds(table, schemes)
        levels = _levels_of(nodes[nodes["level"].isin(wanted)])
    verdicts = []
    for row, own in zip(ranked.to_dict("records"), classes, strict=True):
        if not own or not row["complete"] or pd.isna(row["percent"]):
            verdicts.append(Classified())
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

    Classes of an example make an example of the row.
    """
    names, states, notes = [], [], []
    for name, state in zip(ranked["scheme"], ranked["scheme_status"], strict=True):
        own = schemes.get(name)
        other = own is not None and asked is not None and name not in ("", own.name)
        names.append(name or (own.name if own else ""))
        status = own.status if own else ""
        states.append("example" if status == "example" else state or status)
        notes.append(f"xếp loại theo bộ chỉ số {own.name}" if own and other else "")
    note = joined(ranked["note"], notes)
    return ranked.assign(scheme=texts(names), scheme_status=texts(states), note=note)


# Groups of agencies that are ranked apart.


def _groups_of(agencies: pd.Series, groups: Groups | None) -> list[str]:
    """Return the group of each row."""
    if groups is None:
        return [""] * len(agencies)
    group_of, scored, faults = _stated_groups(groups), list(agencies.unique()), []
    without = [agency for agency in scored if not group_of.get(agency, "")]
    strange = [agency for agency in group_of if agency not in set(scored)]
    if without:
        faults.append(f"no group for {listed(map(repr, without), between=', ')}")
    if strange:
        # One that has no group yet is likelier meant than one that has.
        near = [did_you_mean(agency, without or scored) for agency in strange]
        faults.append(f"no agency of the scores is {listed(near, between=', ')}")
    if faults:
        raise ValuesError(
            "each agency needs a group, and each group is of agencies that have scores",
            where="groups=: " + "; ".join(faults),
            mend="name every agency once, spelled as in the scores",
        )
    return [group_of[agency] for agency in agencies]


def _stated_groups(groups: Groups) -> dict[str, str]:
    """Return agency -> group, "" where it is missing, of a mapping, a Series or a frame."""
    pairs: list[tuple[Hashable, Any]]
    if isinstance(groups, pd.DataFrame):
        if missing := [name for name in ("agency", "group") if name not in groups]:
            raise ValuesError(
                f"column {', '.join(missing)} missing",
                where="groups=",
                mend="give a frame with columns agency and group, or a mapping agency -> group",
            )
        pairs = list(zip(groups["agency"], groups["group"], strict=True))
    elif isinstance(groups, pd.Series | Mapping):
        pairs = list(groups.items())
    else:
        raise ValuesError(
            f"groups are a mapping, a Series or a frame, not a {type(groups).__name__}",
            where="groups=",
            mend="give agency -> group",
        )
    stated: dict[str, str] = {}
    twice = []
    for name, cell in pairs:
        agency, group = str(name).strip(), "" if pd.isna(cell) else str(cell).strip()
        if stated.setdefault(agency, group) != group:
            twice.append(agency)
    if twice:
        raise ValuesError(
            f"{len(twice)} {'agencies are' if len(twice) > 1 else 'agency is'} in two groups",
            where=f"groups=: {listed(twice)}",
            mend="name every agency once",
        )
    return stated


# Ranks that hang on a few events.

FEW, MANY_TIMES = 10, 10


def _on_few_events(ranked: pd.DataFrame, checked: CheckedScores) -> list[str]:
    """Return what is to be said of agencies whose few events stand before others' many.

    3 of 3 is no better than 60 of 60, and by chance as good as nearly any. What an agency rests on
    is the largest denominator among its leaves.
    """
    notes = [""] * len(ranked)
    counts = ["numerator", "denominator"]
    if not {*counts} <= {*checked.frame}:
        return notes
    table = checked.nodes
    # Nodes are the rows of the frame in its order, under an index of their own.
    own = checked.frame[counts].apply(pd.to_numeric, errors="coerce").astype("Float64")
    table = table.assign(**{name: own[name].to_numpy("float64", na_value=np.nan) for name in own})
    rates = table[table[counts].notna().all(axis=1)]
    most = rates.groupby(keys_of(rates))["denominator"].max()
    events = most.reindex(pd.MultiIndex.from_arrays(keys_of(ranked))).to_numpy("float64")
    rank = ranked["rank"].to_numpy("float64", na_value=np.nan)
    together = ranked.groupby(["period", "assessor", "group"], dropna=False).ngroup().to_numpy()
    for number in np.unique(together):
        rows = np.flatnonzero(together == number)
        for row in rows[events[rows] < FEW].tolist():
            after = rows[(rank[rows] >= rank[row]) & (events[rows] >= MANY_TIMES * events[row])]
            if len(after):
                other = after[np.argmax(events[after])]
                notes[row] = (
                    f"dựa trên nhiều nhất {events[row]:.0f} sự việc ở một mục, mà xếp không sau "
                    f"{ranked['agency'].iloc[other]} ({events[other]:.0f}): hạng này dễ do ngẫu "
                    "nhiên, xem sensitivity"
                )
    return notes


# Scores that are not complete: refused, left without a rank, or ranked by their points known.


def _with_incomplete(chosen: pd.DataFrame, table: pd.DataFrame, incomplete: str) -> pd.DataFrame:
    """Return the rows with what ranking does about incomplete ones: refuse, exclude or rank."""
    open_ = ~chosen["complete"]
    if not open_.any():
        return chosen.assign(ranked=True)
    unknown = _unknown(chosen[open_], table)
    if incomplete == "refuse":
        names = [case_name(row) for row in chosen[open_].to_dict("records")]
        lacking = [_in_english(gap) for gap in unknown]
        names = [
            f"{name} ({listed(gap.codes, between=', ', more=', …')})" if gap.codes else name
            for name, gap in zip(names, unknown, strict=True)
        ]
        raise ValuesError(
            f"{len(names)} of {len(chosen)} scores are incomplete and cannot be ranked",
            where=listed(f"{name}: {gap}" for name, gap in zip(names, lacking, strict=True)),
            mend='complete the answers, or choose incomplete="exclude" (no rank for them) or '
            'incomplete="known" (ranked by the points known)',
        )
    by_known_points = incomplete == "known"
    if by_known_points:
        chosen = _with_known_points(chosen, open_)
    done = "xếp theo điểm đã biết" if by_known_points else "chưa xếp hạng"
    gaps = iter(unknown)
    notes = [f"{done}: {_in_vietnamese(next(gaps))}" if lacks else "" for lacks in open_]
    ranked = open_ if by_known_points else ~open_
    return chosen.assign(ranked=ranked | ~open_, note=joined(chosen["note"], notes))


def _with_known_points(chosen: pd.DataFrame, open_: pd.Series) -> pd.DataFrame:
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


class Gap(NamedTuple):
    """Which leaves are unknown, how many, and how many points more or less they may be."""

    leaves: int
    more: float
    less: float
    codes: tuple[str, ...]


def _unknown(rows: pd.DataFrame, table: pd.DataFrame) -> list[Gap]:
    """Return what is unknown below each row."""
    own, every = (pd.MultiIndex.from_arrays(keys_of(frame)) for frame in (rows, table))
    asked = every.isin(own)
    cases: dict[Hashable, list[tuple[str, str, bool, float, str]]] = {}
    nodes = table.loc[asked, ["code", "parent", "complete", "max_points", "kind"]]
    for key, node in zip(every[asked], nodes.itertuples(index=False, name=None), strict=True):
        cases.setdefault(key, []).append(node)
    gaps = []
    for key, code, points in zip(own, rows["code"], rows["unknown_max"], strict=True):
        leaves = _open_leaves(code, cases[key])
        by_kind = {kind: [most for _, most, own in leaves if own == kind] for *_, kind in leaves}
        less, more = (sum(by_kind.pop(kind, [])) for kind in ("deduction", "bonus"))
        if pd.isna(points) and leaves:
            points = sum(most for kind in by_kind.values() for most in kind)
        most = np.nan if pd.isna(points) else float(points + more)
        gaps.append(Gap(len(leaves), most, less, tuple(code for code, *_ in leaves)))
    return gaps


def _open_leaves(
    code: str, case: list[tuple[str, str, bool, float, str]]
) -> list[tuple[str, float, str]]:
    """Return code, maximum and kind of the unknown leaves below a node of a case."""
    below: dict[str, list[tuple[str, bool, float, str]]] = {}
    for node, parent, complete, most, kind in case:
        below.setdefault(parent, []).append((node, complete, most, kind))
    waiting, seen = [code], {code}
    found: list[tuple[str, float, str]] = []
    while waiting:
        for node, complete, most, kind in below.get(waiting.pop(), ()):
            if node in below and node not in seen:
                waiting.append(node)
            elif node not in seen and not complete:
                found.append((node, np.nan if pd.isna(most) else float(most), kind))
            seen.add(node)
    order = {node: at for at, (node, *_) in enumerate(case)}
    return sorted(found, key=lambda one: order[one[0]])


def _in_english(gap: Gap) -> str:
    count = f"{gap.leaves} {'leaf' if gap.leaves == 1 else 'leaves'} unknown" if gap.leaves else ""
    if gap.less:
        more = f"up to {gap.more:.10g} more, " if gap.more > 0 else ""
        return f"{count}, points {more}up to {gap.less:.10g} less"
    if np.isnan(gap.more):
        return count or "points unknown"
    return f"{count}, {gap.more:.10g} points" if count else f"{gap.more:.10g} points unknown"


def _in_vietnamese(gap: Gap) -> str:
    count = f"còn {gap.leaves} mục chưa biết điểm" if gap.leaves else "còn mục chưa biết điểm"
    if gap.less:
        more = f"thêm tối đa {points_text(gap.more)}, " if gap.more > 0 else ""
        return f"{count}: tổng có thể {more}bớt tối đa {points_text(gap.less)} điểm"
    return count if np.isnan(gap.more) else f"{count}, tối đa {points_text(gap.more)} điểm"


# Classes: by the percentage of all, and by that of each node of a level.


class Share(NamedTuple):
    """A node and what it has in percent of its own applicable maximum, NaN where unknown."""

    name: str
    percent: float


class Classified(NamedTuple):
    """The class of one agency, "" where it has none, and why it has not a better one."""

    code: str = ""
    label: str = ""
    note: str = ""


# Level -> the nodes of it that apply; a level whose nodes do not apply is there, without nodes.
Levels = Mapping[int, list[Share]]


def _levels_of(nodes: pd.DataFrame) -> dict[tuple[str, ...], Levels]:
    """Return by case the shares of its nodes by level; bonuses and deductions are no shares.

    Parameters
    ----------
    nodes : given scores (see `given_scores`) of the levels that are asked for.
    """
    counted = nodes[(nodes["kind"] == "score") & nodes["level"].notna()]
    keys = zip(*keys_of(counted), strict=True)
    names = ["code", "label", "level", "percent", "applicable_max", "complete"]
    rows = counted[names].itertuples(index=False, name=None)
    levels: dict[tuple[str, ...], dict[int, list[Share]]] = {}
    for key, (code, label, level, percent, most, complete) in zip(keys, rows, strict=True):
        shares = levels.setdefault(key, {}).setdefault(int(level), [])
        if pd.isna(most) or most > 0:
            scored = complete and not pd.isna(percent)
            shares.append(Share(f"{code} {label}".strip(), float(percent) if scored else math.nan))
    return dict(levels)


def class_of(percent: float, levels: Levels, classes: Iterable[ScoreClass]) -> Classified:
    """Return the first class whose conditions hold, best first.

    Parameters
    ----------
    percent : of the own applicable maximum; NaN gives no class.
    levels : the nodes by level, for classes with a second condition.
    classes : the classes of a scheme.

    Returns
    -------
    Classified. Bounds hold at ten decimals, so 90 % exactly reaches a class from 90 %. Below all
    classes: no class. The note names each better class that a node kept from, and the nodes. A
    second condition that cannot be checked, for want of nodes or figures, leaves no class.

    Examples
    --------
    >>> from cchc_stats.words.labels import Label
    >>> good = ScoreClass("A", Label("Tốt", "Good"), 90, each_at_least=85, each_level=1)
    >>> fair = ScoreClass("B", Label("Khá", "Fair"), 80)
    >>> class_of(92.0, {1: [Share("1 Công khai", 84.5)]}, [good, fair])
    Classified(code='B', label='Khá', note='không đạt loại Tốt: 1 Công khai 84,5 % < 85 %')
    """
    remarks: list[str] = []
    if math.isnan(percent):
        return Classified()
    for rule in sorted(classes, key=lambda each: -each.at_least):
        if np.round(percent, DECIMALS) < rule.at_least:
            continue
        if rule.each_at_least is None:
            return Classified(rule.code, rule.label.vi, "; ".join(remarks))
        if remark := _unchecked(rule, levels):
            return Classified(note="; ".join([*remarks, remark]))
        least = rule.each_at_least
        shares = levels[rule.each_level or 0]
        low = sorted(
            (share for share in shares if np.round(share.percent, DECIMALS) < least),
            key=lambda share: share.percent,
        )
        if not low:
            return Classified(rule.code, rule.label.vi, "; ".join(remarks))
        nodes = listed((_below(share, least) for share in low), most=len(low), between=", ")
        remarks.append(f"không đạt loại {rule.label.vi}: {nodes}")
    return Classified(note="; ".join(remarks))


def _unchecked(rule: ScoreClass, levels: Levels) -> str:
    """Return why the second condition cannot be checked, "" where it can."""
    why = f"chưa xếp loại: loại {rule.label.vi} xét từng mục cấp {rule.each_level}"
    if rule.each_level is None or rule.each_level not in levels:
        return f"{why}, mà bảng điểm không có mục cấp này"
    unknown = [share.name for share in levels[rule.each_level] if math.isnan(share.percent)]
    return f"{why}, mà chưa biết tỷ lệ của {', '.join(unknown)}" if unknown else ""


def _below(share: Share, least: float) -> str:
    # Two decimals, unless they would print what is below the bound as the bound itself.
    short = round(share.percent, 2)
    shown = short if short < least else round(share.percent, DECIMALS)
    return f"{share.name} {points_text(shown)} % < {points_text(least)} %"
