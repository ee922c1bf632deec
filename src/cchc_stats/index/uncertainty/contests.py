"""Who is ranked against whom: the agencies of a period and assessor, marked by each scheme."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from cchc_stats.index.scheme import Scheme
from cchc_stats.index.scoring import case_name, listed, mark
from cchc_stats.index.uncertainty.boards import (
    DECIMALS,
    Board,
    board_of,
    competition_ranks,
    leaf_paths,
    percents,
)
from cchc_stats.words import CchcError, ValuesError

CASE = ("agency", "period", "assessor")
INCOMPLETE = ("refuse", "exclude")


@dataclass(frozen=True, eq=False)
class Contest:
    """The agencies of one period and assessor, by name, so that their order does not matter.

    Attributes
    ----------
    rows : their rows among all cases.
    ranked : which of them can be ranked, by every scheme.
    boards : their marks by each scheme, the scheme itself first.
    points, percent, rank : as scored by the scheme itself; NaN where not ranked.
    number : names the period and assessor in the streams of random numbers.
    """

    period: str
    assessor: str
    agencies: tuple[str, ...]
    rows: np.ndarray
    ranked: np.ndarray
    boards: tuple[Board, ...]
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
    """All that is ranked: the cases in the order of `score`, and the contests among them.

    `unknown` holds per case the leaves whose points are unknown by one of the schemes.
    """

    cases: pd.DataFrame
    contests: tuple[Contest, ...]
    unknown: tuple[tuple[str, ...], ...]


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
    sheets = [mark(values, scheme, answers) for scheme in schemes]
    boards = [board_of(sheet) for sheet in sheets]
    cases = sheets[0].cases
    _require_same_cases([sheet.cases for sheet in sheets], schemes)
    places = [_places(sheet.cases, cases) for sheet in sheets]
    codes = boards[0].codes
    boards = [
        board.take(rows).in_order([board.codes.index(code) for code in codes])
        for board, rows in zip(boards, places, strict=True)
    ]
    unknown = _unknown(boards, cases)
    if incomplete == "refuse":
        _require_complete(cases, unknown)
    contests = tuple(
        _contest(names, rows, cases, boards, unknown) for names, rows in _grouped(cases).items()
    )
    _require_two(contests)
    return Entries(cases, contests, unknown)


def _require_alike(schemes: Sequence[Scheme]) -> None:
    own = leaf_paths(schemes[0].nodes)
    faults = []
    for scheme in schemes[1:]:
        other = leaf_paths(scheme.nodes)
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


def _unknown(boards: Sequence[Board], cases: pd.DataFrame) -> tuple[tuple[str, ...], ...]:
    missing = np.any([np.isnan(board.points) for board in boards], axis=0)
    codes = np.array(boards[0].codes, dtype=object)
    return tuple(tuple(codes[missing[row]]) for row in range(len(cases)))


def _require_complete(cases: pd.DataFrame, unknown: Sequence[tuple[str, ...]]) -> None:
    told = [
        f"{case_name(row)}: {listed(codes, between=', ')}"
        for row, codes in zip(_records(cases), unknown, strict=True)
        if codes
    ]
    if told:
        raise ValuesError(
            f"{len(told)} of {len(cases)} scores are incomplete and cannot be ranked",
            where=listed(told),
            mend='give what is unknown, or choose incomplete="exclude" (no rank for them)',
        )


def _records(cases: pd.DataFrame) -> list[dict[str, Any]]:
    return [dict(zip(CASE, row, strict=True)) for row in cases[list(CASE)].itertuples(index=False)]


def _contest(
    names: tuple[str, ...],
    rows: np.ndarray,
    cases: pd.DataFrame,
    boards: Sequence[Board],
    unknown: Sequence[tuple[str, ...]],
) -> Contest:
    own = tuple(board.take(rows) for board in boards)
    ranked = np.all([board.complete for board in own], axis=0)
    percent = percents(own[0], own[0].maxima[:, None])[0]
    rank = np.full(len(rows), np.nan)
    rank[ranked] = competition_ranks(percent[None, ranked])[0]
    return Contest(
        period=names[0],
        assessor=names[1],
        agencies=tuple(cases["agency"].iloc[rows]),
        rows=rows,
        ranked=ranked,
        boards=own,
        points=np.round((own[0].sign * own[0].points).sum(axis=1), DECIMALS),
        percent=percent,
        rank=rank,
    )


def _require_two(contests: Sequence[Contest]) -> None:
    few = [contest for contest in contests if contest.ranked.sum() < 2]
    if few:
        raise ValuesError(
            "ranks need at least two agencies that can be ranked against one another",
            where=listed(
                f"{contest.name}: {', '.join(np.array(contest.agencies)[contest.ranked]) or 'none'}"
                for contest in few
            ),
            mend="score several agencies of the same period and assessor, or leave that period out",
        )
