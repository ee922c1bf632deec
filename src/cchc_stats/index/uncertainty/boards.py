"""A marked sheet in the numbers that many draws need: shares of maxima, and their sums."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import pandas as pd

from cchc_stats.index.rules import ABSENT, RULES, Given
from cchc_stats.index.scheme import leaves as leaves_of
from cchc_stats.index.scoring import Sheet

# What `score` cleans sums and percents to, so that decimals that are equal on paper tie.
DECIMALS = 10
FIGURE = ("indicator", "group", "basis")


@dataclass(frozen=True, eq=False)
class Board:
    """One scheme's marks of agencies that are ranked together.

    A leaf is counted where it is part of the maximum; bonus and deduction are not, they change the
    points alone. Arrays of agencies and leaves have the shape (agencies, leaves).

    Attributes
    ----------
    paths : per leaf the codes from the field (level 1) down to the leaf itself.
    maxima : per leaf the maximum in points, 0 where it is not counted.
    limits : per leaf the maximum in points, counted or not.
    sign : per leaf -1 where it is subtracted, else 1.
    points : as marked; NaN where unknown.
    share : points as a part of the leaf's own maximum, 0 where not counted or not applicable.
    applicable : 1 where a counted leaf applies, else 0.
    figures : per leaf the indicator, group and basis of what it takes.
    """

    codes: tuple[str, ...]
    paths: tuple[tuple[str, ...], ...]
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
    rules: tuple[str, ...]
    params: tuple[Mapping[str, Any], ...]
    rounding: tuple[int | None, ...]
    figures: tuple[tuple[str, str, str], ...]
    parts: tuple[str, ...]

    @property
    def complete(self) -> np.ndarray:
        """Whether each agency can be ranked: every leaf known, and something applicable."""
        known = ~np.isnan(self.points).any(axis=1)
        return np.asarray(known & ((self.applicable * self.maxima).sum(axis=1) > 0))

    def take(self, rows: np.ndarray) -> Board:
        """Return the board of some agencies."""
        names = ("points", "share", "applicable", "value", "numerator", "denominator")
        taken = {name: getattr(self, name)[rows] for name in (*names, "branch", "answer")}
        return replace(self, **taken)

    def in_order(self, places: Sequence[int]) -> Board:
        """Return the board with its leaves in another order."""
        moved: dict[str, Any] = {}
        for column in fields(self):
            held = getattr(self, column.name)
            if isinstance(held, tuple):
                moved[column.name] = tuple(held[place] for place in places)
            else:
                moved[column.name] = held[..., list(places)]
        return Board(**moved)

    def scored_again(self, leaf: int, value: np.ndarray, cells: np.ndarray) -> np.ndarray:
        """Return the points of a leaf for drawn values, shape (draws, agencies).

        Parameters
        ----------
        value : drawn values, or points where the rule is `external`.
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
        limit = float(self.limits[leaf])
        with np.errstate(divide="ignore", invalid="ignore"):  # where the best has 0, all have it
            marked = RULES[self.rules[leaf]].apply(given, limit, self.params[leaf])
        points = np.clip(np.asarray(marked.points, dtype="float64"), 0.0, limit)
        if (decimals := self.rounding[leaf]) is not None:
            # Half up, cleaned first: 0.145 is held as a little less than it is.
            points = np.floor(np.round(points * 10**decimals, 8) + 0.5) / 10**decimals
        out = np.broadcast_to(self.points[:, leaf], value.shape).copy()
        out[:, cells] = points.reshape(drawn.shape)
        return out

    def unscored(self, leaf: int) -> np.ndarray:
        """Return at which agencies a leaf was not scored on a figure that could be drawn again."""
        return np.array([str(one).startswith(ABSENT) for one in self.branch[:, leaf]], dtype=bool)


def board_of(sheet: Sheet) -> Board:
    """Return the board of a marked sheet, its cases in their order."""
    nodes, leaves = sheet.scheme.nodes, sheet.leaves
    paths = tuple(leaf_paths(nodes).values())
    kinds = dict(zip(nodes["code"], nodes["kind"], strict=True))
    outside = [[kinds[code] for code in path if kinds[code] != "score"] for path in paths]
    counted = np.array([not kinds_above for kinds_above in outside], dtype=bool)
    limits = leaves["max_points"].to_numpy("float64")
    applies = (np.asarray(sheet.applicable) > 0) & counted
    below = np.where(limits > 0, limits, 1.0)
    return Board(
        codes=tuple(leaves["code"]),
        paths=paths,
        maxima=np.where(counted, limits, 0.0),
        limits=limits,
        sign=np.array([(-1.0) ** above.count("deduction") for above in outside]),
        points=np.asarray(sheet.points, dtype="float64"),
        share=np.where(applies, sheet.points / below, 0.0),
        applicable=applies.astype("float64"),
        value=np.asarray(sheet.value, dtype="float64"),
        numerator=np.asarray(sheet.numerator, dtype="float64"),
        denominator=np.asarray(sheet.denominator, dtype="float64"),
        branch=np.asarray(sheet.branch, dtype=object),
        answer=np.asarray(sheet.answer, dtype=object),
        rules=tuple(leaves["rule"]),
        params=tuple(json.loads(text) for text in leaves["params"]),
        rounding=tuple(None if number != number else int(number) for number in _decimals(leaves)),
        figures=tuple(zip(*(leaves[name] for name in FIGURE), strict=True)),
        parts=tuple(leaves["part"]),
    )


def _decimals(leaves: Any) -> Sequence[float]:
    found: list[float] = leaves["rounding"].to_numpy("float64", na_value=np.nan).tolist()
    return found


def leaf_paths(nodes: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """Return per leaf of a scheme the codes from level 1 down to it; the root is no part of them.

    Examples
    --------
    >>> leaf_paths(pd.DataFrame({"code": ["total", "1", "1.1", "2"],
    ...                          "parent": ["", "total", "1", "total"]}))
    {'1.1': ('1', '1.1'), '2': ('2',)}
    """
    parents = dict(zip(nodes["code"], nodes["parent"], strict=True))
    paths = {}
    for code in leaves_of(nodes)["code"]:
        path = [code]
        while parents.get(parents[path[0]]):
            path.insert(0, parents[path[0]])
        paths[code] = tuple(path)
    return paths


def percents(
    board: Board,
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
    redrawn : points by leaf, shape (draws, agencies), where they are not those of the board.

    Returns
    -------
    Shape (draws, agencies); NaN where nothing applicable is left.
    """
    redrawn = redrawn or {}
    got = _points(board, maxima, kept, {leaf: points.T for leaf, points in redrawn.items()})
    whole = _wholes(board, maxima)
    with np.errstate(divide="ignore", invalid="ignore"):
        got *= 100 / np.where(whole > 0, whole, np.nan)
    return np.asarray(np.round(got, DECIMALS, out=got).T)


def _points(
    board: Board, maxima: np.ndarray, kept: np.ndarray | None, redrawn: Mapping[int, np.ndarray]
) -> np.ndarray:
    """Return the agencies' points, shape (agencies, draws)."""
    # Leaf after leaf and not as one product of matrices: so a draw's figure does not depend on
    # the draws computed with it, and agencies with equal marks tie to the last digit.
    got, step = (np.zeros((len(board.share), maxima.shape[1])) for _ in range(2))
    for leaf, counted in enumerate(board.maxima > 0):
        again = redrawn.get(leaf)
        if counted:
            share = board.share[:, leaf, None] if again is None else again / board.limits[leaf]
            got += np.multiply(share, maxima[leaf], out=step)
        elif again is not None or (board.points[:, leaf] != 0).any():
            fixed = board.points[:, leaf, None] if again is None else again
            weight = 1.0 if kept is None else kept[leaf]
            got += np.multiply(fixed, board.sign[leaf] * weight, out=step)
    return got


def _wholes(board: Board, maxima: np.ndarray) -> np.ndarray:
    """Return the agencies' own applicable maxima, shape (agencies, draws)."""
    # Most agencies share one pattern of what applies to them: each pattern is summed once.
    patterns, of_agency = np.unique(board.applicable, axis=0, return_inverse=True)
    whole, step = (np.zeros((len(patterns), maxima.shape[1])) for _ in range(2))
    for leaf in np.flatnonzero(board.maxima > 0):
        whole += np.multiply(patterns[:, leaf, None], maxima[leaf], out=step)
    return np.asarray(whole[of_agency.ravel()])


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
