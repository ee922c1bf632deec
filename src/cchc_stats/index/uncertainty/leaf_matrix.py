"""Marked leaves in the numbers that many draws need, and who is ranked against whom on them."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from cchc_stats.index.rules import ABSENT, Given
from cchc_stats.index.scheme import Leaf, Scheme
from cchc_stats.index.scoring import (
    CASE,
    DECIMALS,
    MarkedLeaves,
    case_name,
    complete_answers,
    mark,
)
from cchc_stats.values import CheckedValues
from cchc_stats.words import CchcError, ValuesError, facts_of, listed

INCOMPLETE = ("refuse", "exclude")
BY_AGENCY = (
    *("points", "share", "applicable", "value", "numerator", "denominator", "branch", "answer"),
)
BY_LEAF = ("maxima", "limits", "sign")
LEVELS = {"field": 1, "criterion": 2}


@dataclass(frozen=True, eq=False)
class LeafMatrix:
    """One scheme's marks of agencies that are ranked together, shape (agencies, leaves).

    A leaf is counted where it is part of the maximum; bonus and deduction are not, they change the
    points alone.

    Attributes
    ----------
    leaves : the leaves of the scheme, in the order of the columns.
    maxima : per leaf the maximum in points, 0 where it is not counted.
    limits : per leaf the maximum in points, counted or not.
    sign : per leaf -1 where it is subtracted, else 1.
    points : as marked; NaN where unknown.
    share : points as a part of the leaf's own maximum, 0 where not counted or not applicable.
    applicable : 1 where a counted leaf applies, else 0.
    """

    leaves: tuple[Leaf, ...]
    maxima: np.ndarray
    limits: np.ndarray
    sign: np.ndarray
    points: np.ndarray
    share: np.ndarray
    applicable: np.ndarray
    value: np.ndarray
    numerator: np.ndarray
    denominator: np.ndarray
    branch: np.ndarray
    answer: np.ndarray

    @property
    def codes(self) -> list[str]:
        """The codes of the leaves."""
        return [leaf.code for leaf in self.leaves]

    @property
    def complete(self) -> np.ndarray:
        """Whether each agency can be ranked: every leaf scored, and something applicable."""
        scored = ~np.isnan(self.points).any(axis=1)
        return np.asarray(scored & ((self.applicable * self.maxima).sum(axis=1) > 0))

    def take(self, rows: np.ndarray) -> LeafMatrix:
        """Return the matrix of some agencies."""
        return replace(self, **{name: getattr(self, name)[rows] for name in BY_AGENCY})

    def in_order(self, places: Sequence[int]) -> LeafMatrix:
        """Return the matrix with its leaves in another order."""
        arrays = {name: getattr(self, name)[..., list(places)] for name in (*BY_AGENCY, *BY_LEAF)}
        return LeafMatrix(leaves=tuple(self.leaves[place] for place in places), **arrays)

    def scored_again(self, leaf: int, value: np.ndarray, cells: np.ndarray) -> np.ndarray:
        """Return the points of a leaf for drawn values, shape (draws, agencies).

        Parameters
        ----------
        value : drawn values; points where the rule's own are drawn.
        cells : which agencies' values were drawn; the others keep theirs.
        """
        values = np.where(cells, value, self.value[:, leaf])
        # As `score` does it: the best of those that have a figure of their own.
        scored = cells | ~np.isnan(values[0]) & ~self.unscored(leaf)
        best = np.where(scored, values, -np.inf).max(axis=1, keepdims=True)
        drawn = np.broadcast_to(values, value.shape)[:, cells]
        given = Given(
            drawn.ravel(),
            np.broadcast_to(self.answer[cells, leaf], drawn.shape).ravel(),
            np.broadcast_to(best, drawn.shape).ravel(),
        )
        limit, rule = float(self.limits[leaf]), self.leaves[leaf].rule
        with np.errstate(divide="ignore", invalid="ignore"):  # where the best has 0, all have it
            marked = rule.apply(given, limit, self.leaves[leaf].params)
        points = np.clip(np.asarray(marked.points, dtype="float64"), 0.0, limit)
        if (decimals := self.leaves[leaf].rounding) is not None:
            # Half up, cleaned first: 0.145 is held as a little less than it is.
            points = np.floor(np.round(points * 10**decimals, 8) + 0.5) / 10**decimals
        out = np.broadcast_to(self.points[:, leaf], value.shape).copy()
        out[:, cells] = points.reshape(drawn.shape)
        return out

    def unscored(self, leaf: int) -> np.ndarray:
        """Return at which agencies a leaf was not scored on a figure that could be drawn again."""
        return np.array([str(one).startswith(ABSENT) for one in self.branch[:, leaf]], dtype=bool)

    def groups(self, level: int) -> tuple[np.ndarray, list[str]]:
        """Return per leaf the number of its node of a level, -1 if it stands above; the codes."""
        above = [leaf.path[level - 1] if len(leaf.path) >= level else "" for leaf in self.leaves]
        codes = list(dict.fromkeys(code for code in above if code))
        number = {code: place for place, code in enumerate(codes)}
        return np.array([number.get(code, -1) for code in above], dtype="int64"), codes


def leaf_matrix(marked: MarkedLeaves) -> LeafMatrix:
    """Return the matrix of marked leaves, the cases in their order."""
    leaves = marked.scheme.leaves
    counted = np.array([leaf.counted for leaf in leaves], dtype=bool)
    limits = np.array([leaf.max_points for leaf in leaves])
    applies = (marked.applicable > 0) & counted
    below = np.where(limits > 0, limits, 1.0)
    return LeafMatrix(
        leaves=leaves,
        maxima=np.where(counted, limits, 0.0),
        limits=limits,
        sign=np.array([leaf.sign for leaf in leaves]),
        share=np.where(applies, marked.points / below, 0.0),
        applicable=applies.astype("float64"),
        **{name: getattr(marked, name) for name in ("points", "value", "numerator")},
        **{name: getattr(marked, name) for name in ("denominator", "branch", "answer")},
    )


def percents(
    matrix: LeafMatrix,
    maxima: np.ndarray,
    *,
    kept: np.ndarray | None = None,
    redrawn: Mapping[int, np.ndarray] | None = None,
) -> np.ndarray:
    """Return the agencies' percent of own applicable maximum in each draw, cleaned.

    A leaf keeps its share of its own maximum; the maximum is the draw's. Points outside the
    maximum, bonus and deduction, keep their number.

    Parameters
    ----------
    maxima : the draws' maxima, shape (leaves, draws).
    kept : 1 where a leaf is in, 0 where it is left out, in the same shape; None: all are in. The
        maxima of those left out must be 0.
    redrawn : points by leaf, shape (draws, agencies), where they are not those of the matrix.

    Returns
    -------
    Shape (draws, agencies); NaN where nothing applicable is left.
    """
    redrawn = redrawn or {}
    got = _points(matrix, maxima, kept, {leaf: points.T for leaf, points in redrawn.items()})
    most = _applicable_maxima(matrix, maxima)
    with np.errstate(divide="ignore", invalid="ignore"):
        got *= 100 / np.where(most > 0, most, np.nan)
    return np.asarray(np.round(got, DECIMALS, out=got).T)


def _points(
    matrix: LeafMatrix,
    maxima: np.ndarray,
    kept: np.ndarray | None,
    redrawn: Mapping[int, np.ndarray],
) -> np.ndarray:
    """Return the agencies' points, shape (agencies, draws)."""
    # Leaf after leaf and not as one product of matrices: so a draw's figure does not depend on
    # the draws computed with it, and agencies with equal marks tie to the last digit.
    got, step = (np.zeros((len(matrix.share), maxima.shape[1])) for _ in range(2))
    for leaf, counted in enumerate(matrix.maxima > 0):
        again = redrawn.get(leaf)
        if counted:
            share = matrix.share[:, leaf, None] if again is None else again / matrix.limits[leaf]
            got += np.multiply(share, maxima[leaf], out=step)
        elif again is not None or (matrix.points[:, leaf] != 0).any():
            fixed = matrix.points[:, leaf, None] if again is None else again
            weight = 1.0 if kept is None else kept[leaf]
            got += np.multiply(fixed, matrix.sign[leaf] * weight, out=step)
    return got


def _applicable_maxima(matrix: LeafMatrix, maxima: np.ndarray) -> np.ndarray:
    """Return the agencies' own applicable maxima, shape (agencies, draws)."""
    # Most agencies share one pattern of what applies to them: each pattern is summed once.
    patterns, of_agency = np.unique(matrix.applicable, axis=0, return_inverse=True)
    most, step = (np.zeros((len(patterns), maxima.shape[1])) for _ in range(2))
    for leaf in np.flatnonzero(matrix.maxima > 0):
        most += np.multiply(patterns[:, leaf, None], maxima[leaf], out=step)
    return np.asarray(most[of_agency.ravel()])


def competition_ranks(percent: np.ndarray) -> np.ndarray:
    """Return ranks along the rows, the highest first, equal figures sharing the better rank.

    Examples
    --------
    >>> competition_ranks(np.array([[90.0, 95.0, 90.0, 80.0]])).tolist()
    [[2, 1, 2, 4]]
    """
    order = np.argsort(-percent, axis=1)
    falling = np.take_along_axis(percent, order, axis=1)
    place = np.broadcast_to(np.arange(percent.shape[1]), percent.shape).copy()
    place[:, 1:][falling[:, 1:] == falling[:, :-1]] = 0
    ranks = np.empty_like(place)
    np.put_along_axis(ranks, order, np.maximum.accumulate(place, axis=1) + 1, axis=1)
    return ranks


@dataclass(frozen=True, eq=False)
class RankingGroup:
    """The agencies of one period and assessor, by name, so that their order does not matter.

    Attributes
    ----------
    rows : their rows among all cases.
    ranked : which of them can be ranked, by every scheme.
    matrices : their marks by each scheme, the scheme itself first.
    points, percent, rank : as scored by the scheme itself; NaN where not ranked.
    number : names the period and assessor in the streams of random numbers.
    """

    period: str
    assessor: str
    agencies: tuple[str, ...]
    rows: np.ndarray
    ranked: np.ndarray
    matrices: tuple[LeafMatrix, ...]
    points: np.ndarray
    percent: np.ndarray
    rank: np.ndarray

    @property
    def name(self) -> str:
        """What messages call it."""
        return f"{self.period}, {self.assessor}"

    @property
    def number(self) -> int:
        """Return a number for the period and assessor, the same whatever else is scored."""
        return zlib.crc32(self.name.encode())


@dataclass(frozen=True, eq=False)
class Entries:
    """All that is ranked: the cases in the order of `score`, and the groups among them.

    `unknown` holds per case the leaves whose points are unknown by one of the schemes.
    """

    cases: pd.DataFrame
    groups: tuple[RankingGroup, ...]
    unknown: tuple[tuple[str, ...], ...]


@cache
def words_in(lang: str) -> Mapping[str, str]:
    """Return what an analysis says of itself, in one language."""
    words = facts_of("cchc_stats.index.uncertainty", "words.toml")
    return {name: languages[lang] for name, languages in words.items()}


def together(scheme: Scheme, alternatives: Iterable[Scheme]) -> tuple[Scheme, ...]:
    """Return a scheme and its alternatives, each of them a Scheme."""
    if isinstance(alternatives, Scheme | str):
        raise CchcError(
            "alternatives are several schemes, even where it is one",
            where="alternatives=",
            mend="give a list: alternatives=[…]",
        )
    schemes = (scheme, *alternatives)
    for one in schemes:
        if not isinstance(one, Scheme):
            raise CchcError(
                f"a scheme is a Scheme, not a {type(one).__name__}",
                where="scheme= or alternatives=",
                mend="give load_scheme(name)",
            )
    return schemes


def entered(
    values: pd.DataFrame | None,
    schemes: Sequence[Scheme],
    answers: pd.DataFrame | None,
    *,
    incomplete: str,
) -> Entries:
    """Return who is ranked against whom, marked by each of the schemes.

    Raises
    ------
    CchcError : schemes with other leaves or other fields.
    ValuesError : incomplete agencies unless excluded; fewer than two to rank.
    """
    if incomplete not in INCOMPLETE:
        raise CchcError(
            f"there is no incomplete={incomplete!r}",
            where="incomplete=",
            mend=f"choose one of {', '.join(INCOMPLETE)}",
        )
    _require_alike(schemes)
    given = [complete_answers(answers, scheme) for scheme in schemes]
    checked = None if values is None else CheckedValues.of(values)
    marked = [mark(checked, *one) for one in zip(given, schemes, strict=True)]
    matrices = [leaf_matrix(one) for one in marked]
    cases = marked[0].cases
    _require_same_cases([one.cases for one in marked], schemes)
    places = [_places(one.cases, cases) for one in marked]
    codes = matrices[0].codes
    matrices = [
        matrix.take(rows).in_order([matrix.codes.index(code) for code in codes])
        for matrix, rows in zip(matrices, places, strict=True)
    ]
    unknown = _unknown(matrices, cases)
    if incomplete == "refuse":
        _require_complete(cases, unknown)
    groups = tuple(_group(names, rows, cases, matrices) for names, rows in _grouped(cases).items())
    _require_two(groups)
    return Entries(cases, groups, unknown)


def _require_alike(schemes: Sequence[Scheme]) -> None:
    own = {leaf.code: leaf.path for leaf in schemes[0].leaves}
    faults = []
    for scheme in schemes[1:]:
        other = {leaf.code: leaf.path for leaf in scheme.leaves}
        if lacking := [code for code in own if code not in other]:
            faults.append(f"{scheme.name} has no leaf {', '.join(lacking)}")
        if further := [code for code in other if code not in own]:
            faults.append(f"{scheme.name} has leaves of its own: {', '.join(further)}")
        if moved := [code for code in own if code in other and own[code] != other[code]]:
            faults.append(f"{scheme.name} has under another node: {', '.join(moved)}")
    if faults:
        raise CchcError(
            f"an alternative must have the leaves of {schemes[0].name} under the same nodes",
            where="alternatives= " + "\n         ".join(faults),
            mend="give schemes that differ in rules and maxima; else compare_schemes()",
        )


def _require_same_cases(cases: Sequence[pd.DataFrame], schemes: Sequence[Scheme]) -> None:
    own = set(_names(cases[0], CASE))
    faults = [
        f"{scheme.name}: {listed(', '.join(name) for name in sorted(lacking))}"
        for other, scheme in zip(cases[1:], schemes[1:], strict=True)
        if (lacking := own ^ set(_names(other, CASE)))
    ]
    if faults:
        raise ValuesError(
            f"by {schemes[0].name} and by an alternative not the same agencies and periods score",
            where="\n         ".join(faults),
            mend="give the figures that the alternative takes for all of them, and no others",
        )


def _places(cases: pd.DataFrame, wanted: pd.DataFrame) -> np.ndarray:
    """Return where the wanted cases stand."""
    place = {name: row for row, name in enumerate(_names(cases, CASE))}
    return np.array([place[name] for name in _names(wanted, CASE)], dtype="int64")


def _names(cases: pd.DataFrame, columns: Sequence[str]) -> list[tuple[str, ...]]:
    return list(zip(*(cases[name].astype("str") for name in columns), strict=True))


def _grouped(cases: pd.DataFrame) -> Mapping[tuple[str, ...], np.ndarray]:
    """Return the rows of each period and assessor, by the name of the agency."""
    rows: dict[tuple[str, ...], list[int]] = {}
    for row, names in enumerate(_names(cases, CASE[1:])):
        rows.setdefault(names, []).append(row)
    agencies = cases["agency"].tolist()
    return {
        name: np.array(sorted(members, key=lambda row: agencies[row]), dtype="int64")
        for name, members in rows.items()
    }


def _unknown(matrices: Sequence[LeafMatrix], cases: pd.DataFrame) -> tuple[tuple[str, ...], ...]:
    missing = np.any([np.isnan(matrix.points) for matrix in matrices], axis=0)
    codes = np.array(matrices[0].codes, dtype=object)
    return tuple(tuple(codes[missing[row]]) for row in range(len(cases)))


def _require_complete(cases: pd.DataFrame, unknown: Sequence[tuple[str, ...]]) -> None:
    names = (case_name(case) for case in cases.to_dict("records"))
    open_cases = [
        f"{name}: {listed(codes, between=', ')}"
        for name, codes in zip(names, unknown, strict=True)
        if codes
    ]
    if open_cases:
        raise ValuesError(
            f"{len(open_cases)} of {len(cases)} scores are incomplete and cannot be ranked",
            where=listed(open_cases),
            mend='give what is unknown, or choose incomplete="exclude" (no rank for them)',
        )


def _group(
    names: tuple[str, ...],
    rows: np.ndarray,
    cases: pd.DataFrame,
    matrices: Sequence[LeafMatrix],
) -> RankingGroup:
    own = tuple(matrix.take(rows) for matrix in matrices)
    ranked = np.all([matrix.complete for matrix in own], axis=0)
    percent = percents(own[0], own[0].maxima[:, None])[0]
    rank = np.full(len(rows), np.nan)
    rank[ranked] = competition_ranks(percent[None, ranked])[0]
    return RankingGroup(
        period=names[0],
        assessor=names[1],
        agencies=tuple(cases["agency"].iloc[rows]),
        rows=rows,
        ranked=ranked,
        matrices=own,
        points=np.round((own[0].sign * own[0].points).sum(axis=1), DECIMALS),
        percent=percent,
        rank=rank,
    )


def _require_two(groups: Sequence[RankingGroup]) -> None:
    few = [group for group in groups if group.ranked.sum() < 2]
    if few:
        raise ValuesError(
            "ranks need at least two agencies that can be ranked against one another",
            where=listed(
                f"{group.name}: {', '.join(np.array(group.agencies)[group.ranked]) or 'none'}"
                for group in few
            ),
            mend="score several agencies of the same period and assessor, or leave that period out",
        )


# The columns that all results share: who, as scored, the scheme's status, the notes.


def scored_columns(entries: Entries) -> dict[str, Any]:
    """Return who it is about, and their points, percent and rank as scored."""
    columns: dict[str, Any] = {name: entries.cases[name].reset_index(drop=True) for name in CASE}
    for name in ("points", "percent", "rank"):
        figures = np.full(len(entries.cases), np.nan)
        for group in entries.groups:
            figures[group.rows] = getattr(group, name)
        columns[name] = integers(figures) if name == "rank" else floats(figures)
    return columns


def integers(figures: np.ndarray) -> Any:
    """Return integral floats as Int64, NaN as <NA>."""
    return floats(figures).astype("Int64")


def floats(figures: np.ndarray) -> Any:
    """Return floats as Float64, NaN as <NA>."""
    return pd.array(figures, dtype="Float64")


def closing_columns(
    entries: Entries, schemes: tuple[Scheme, ...], process: np.ndarray, *, lang: str
) -> dict[str, Any]:
    """Return the schemes' status and the notes; `process` marks where rates are drawn again."""
    words = words_in(lang)
    examples = [one.name for one in schemes if one.status == "example"]
    ranked = np.zeros(len(process), dtype=bool)
    for group in entries.groups:
        ranked[group.rows] = group.ranked
    notes = []
    for has_rank, codes, drawn in zip(ranked, entries.unknown, process, strict=True):
        remarks = [words["example"].format(scheme=name) for name in examples]
        if not has_rank:
            excluded = words["excluded"].format(codes=", ".join(codes))
            remarks.append(excluded if codes else words["no_points"])
        elif drawn:
            remarks.append(words["process"])
        notes.append("; ".join(remarks))
    status = "example" if examples else schemes[0].status
    return {
        "scheme_status": pd.array([status] * len(notes), dtype="str"),
        "note": pd.array(notes, dtype="str"),
    }
