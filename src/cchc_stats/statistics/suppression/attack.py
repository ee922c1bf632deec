"""What follows of counts from all that is shown: the least and the most that each may be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from cchc_stats.statistics.suppression.relations import NEAR, Rate, Relations

if TYPE_CHECKING:
    from scipy.sparse import csr_array  # type: ignore[import-untyped]

Safe = Callable[[np.ndarray, np.ndarray], np.ndarray]
ROUNDS = 4


def whole_numbers(low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the least and most whole number of ranges: between 1.995 and 2.001 is only 2.

    Examples
    --------
    >>> whole_numbers(np.array([1.995, 0.2]), np.array([2.001, 3.9]))
    (array([2., 1.]), array([2., 3.]))
    """
    return np.ceil(low - NEAR), np.floor(high + NEAR)


@dataclass(eq=False)
class Block:
    """Counts that equations join, none of which is known: the attack takes each block alone.

    Attributes
    ----------
    numbers : of the counts.
    equal, to : equations and what each adds up to; `less`, `than` likewise of no more than.
    lowest : of each count.
    low, high : what it has been seen to be able to be.
    """

    numbers: np.ndarray
    equal: csr_array
    to: np.ndarray
    less: csr_array
    than: np.ndarray
    lowest: np.ndarray
    low: np.ndarray = field(init=False)
    high: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        """Nothing has been seen yet."""
        self.low = np.full(len(self.numbers), np.inf)
        self.high = np.full(len(self.numbers), -np.inf)

    def solve(self, costs: np.ndarray) -> np.ndarray | None:
        """Return counts at least cost that fit what is shown, None where there are none."""
        from scipy.optimize import linprog  # type: ignore[import-untyped]

        bounds = np.column_stack([self.lowest, np.full(len(self.lowest), np.inf)])
        found = linprog(
            costs,
            A_ub=self.less if self.less.shape[0] else None,
            b_ub=self.than if self.less.shape[0] else None,
            A_eq=self.equal if self.equal.shape[0] else None,
            b_eq=self.to if self.equal.shape[0] else None,
            bounds=bounds,
            method="highs",
        )
        if found.status == 3:  # no end: as high, or as low, as one likes
            self.high[costs < 0], self.low[costs > 0] = np.inf, -np.inf
            return None
        if found.x is None:
            return None
        self.see(found.x)
        return np.asarray(found.x)

    def apart(self) -> Iterator[Block]:
        """Yield the parts of the block that no equation joins, with what has been seen of each."""
        from scipy.sparse import csr_array, vstack
        from scipy.sparse.csgraph import (  # type: ignore[import-untyped]
            connected_components,
        )

        if not len(self.numbers):
            return
        both = csr_array(vstack([self.equal, self.less]))
        joined = abs(both)
        number, label = connected_components(joined.T @ joined, directed=False)
        of_row = np.full(both.shape[0], -1)
        filled = np.flatnonzero(np.diff(both.indptr))
        of_row[filled] = label[both.indices[both.indptr[filled]]]
        order, rows = np.argsort(label, kind="stable"), np.argsort(of_row, kind="stable")
        ends = np.searchsorted(label[order], np.arange(number + 1))
        row_ends = np.searchsorted(of_row[rows], np.arange(number + 1))
        for one in range(number):
            columns = order[ends[one] : ends[one + 1]]
            own = np.sort(rows[row_ends[one] : row_ends[one + 1]])
            equations = own[own < len(self.to)]
            limits = own[own >= len(self.to)] - len(self.to)
            if len(own):
                block = Block(
                    self.numbers[columns],
                    csr_array(self.equal[equations][:, columns]),
                    self.to[equations],
                    csr_array(self.less[limits][:, columns]),
                    self.than[limits],
                    self.lowest[columns],
                )
                block.low, block.high = self.low[columns], self.high[columns]
                yield block

    def see(self, counts: np.ndarray) -> None:
        """Keep what counts are seen to be able to be."""
        self.low = np.minimum(self.low, counts)
        self.high = np.maximum(self.high, counts)

    def reconcile(self) -> None:
        """Leave out the equations that shown figures contradict, as far as none else can hold."""
        from scipy.sparse import csr_array, eye_array, hstack

        size, equations = len(self.numbers), self.equal.shape[0]
        if np.isfinite(self.low).all():
            return  # something that fits has been seen
        if self.solve(np.zeros(size)) is not None or not equations:
            return
        slack = eye_array(equations, format="csr")
        wide = Block(
            self.numbers,
            csr_array(hstack([self.equal, slack, -slack])),
            self.to,
            csr_array(hstack([self.less, csr_array((self.less.shape[0], 2 * equations))])),
            self.than,
            np.append(self.lowest, np.zeros(2 * equations)),
        )
        wide.low = wide.high = np.zeros(size + 2 * equations)
        found = wide.solve(np.append(np.zeros(size), np.ones(2 * equations)))
        if found is None:
            return
        off = found[size : size + equations] + found[size + equations :]
        kept = np.flatnonzero(off < NEAR)
        self.equal, self.to = csr_array(self.equal[kept]), self.to[kept]
        self.low, self.high = np.full(size, np.inf), np.full(size, -np.inf)
        self.see(found[:size])

    def look(self, chosen: np.ndarray, safe: Safe, most: float) -> None:
        """See as much of the ranges of chosen counts as tells which are safe; all of the others."""
        self.look_together(chosen, safe, most)
        for at in chosen:
            if not self._seen_safe(chosen[chosen == at], safe)[0]:
                self._whole_range(int(at))

    def look_together(self, chosen: np.ndarray, safe: Safe, most: float) -> None:
        """See ranges of many counts at once, as far as they are seen so."""
        for together in range(ROUNDS):
            rest = chosen[~self._seen_safe(chosen, safe)]
            if len(rest) < 3:
                return
            # Odd and even ones by turns, so that one can rise while its neighbour falls.
            way = np.where(np.arange(len(rest)) // (1 + together // 2) % 2, 1.0, -1.0)
            self._spread(rest, way if together % 2 else -way, most)

    def _seen_safe(self, chosen: np.ndarray, safe: Safe) -> np.ndarray:
        low, high = whole_numbers(self.low[chosen], self.high[chosen])
        return safe(low, high)

    def _whole_range(self, at: int) -> None:
        costs = np.zeros(len(self.numbers))
        for sign in (1.0, -1.0):
            costs[at] = sign
            self.solve(costs)

    def _spread(self, chosen: np.ndarray, way: np.ndarray, most: float) -> None:
        """See counts of which as many as possible are low, or as high as `most` more."""
        from scipy.optimize import linprog
        from scipy.sparse import csr_array, hstack, vstack

        size, number = len(self.numbers), len(chosen)
        # Each risen count has a helper between 0 and most, which is no more than it is.
        up = chosen[way > 0]
        helpers = len(up)
        ties = csr_array(
            (
                np.append(-np.ones(helpers), np.ones(helpers)),
                (np.tile(np.arange(helpers), 2), np.append(up, size + np.arange(helpers))),
            ),
            shape=(helpers, size + helpers),
        )
        costs = np.zeros(size + helpers)
        down = chosen[way < 0]
        costs[down[np.isfinite(self.lowest[down])]] = 1.0
        costs[size:] = -1.0
        nothing = csr_array((self.less.shape[0], helpers))
        low = np.append(self.lowest, np.zeros(helpers))
        high = np.append(np.full(size, np.inf), np.full(helpers, 2.0 * most))
        found = linprog(
            costs,
            A_ub=vstack([hstack([self.less, nothing]), ties]) if helpers else self.less,
            b_ub=np.append(self.than, np.zeros(helpers)),
            A_eq=hstack([self.equal, csr_array((self.equal.shape[0], helpers))]),
            b_eq=self.to,
            bounds=np.column_stack([low, high]),
            method="highs",
        )
        if found.x is not None and number:
            self.see(found.x[:size])


@dataclass(eq=False)
class Attack:
    """What somebody can work out who sees the shown figures and knows all relations.

    Attributes
    ----------
    relations : settled.
    known : each count's figure where it follows outright, NaN else.
    """

    relations: Relations
    known: np.ndarray
    rates: list[Rate]

    @classmethod
    def on(cls, relations: Relations, shown: Mapping[int, float], rates: list[Rate]) -> Attack:
        """Return the attack on shown counts and rates."""
        known = np.full(len(relations.counts), np.nan)
        known[list(shown)] = list(shown.values())
        return cls(relations, relations.follow(known), rates)

    def unknown(self) -> Block:
        """Return all counts that are not known outright, as one block."""
        from scipy.sparse import csr_array

        free = np.flatnonzero(np.isnan(self.known))
        matrix = self.relations.matrix
        less, than = self.bounds()
        told = np.nan_to_num(self.known)
        signed = self.relations.signed
        return Block(
            free,
            csr_array(matrix[:, free]),
            -(matrix @ told),
            csr_array(less[:, free]),
            than - less @ told,
            np.array([-np.inf if one in signed else 0.0 for one in free.tolist()]),
        )

    def blocks(self) -> Iterator[Block]:
        """Yield the blocks of counts that are not known outright."""
        yield from self.unknown().apart()

    def bounds(self) -> tuple[csr_array, np.ndarray]:
        """Return what is no more than something else, as a matrix of rows and their limits."""
        from scipy.sparse import csr_array

        rows, columns, cells = [], [], []
        pairs = [((less, 1.0), (more, -1.0)) for less, more in self.relations.bounds]
        for rate in self.rates:
            pairs.append(((rate.top, 1.0), (rate.bottom, -rate.high)))
            pairs.append(((rate.bottom, rate.low), (rate.top, -1.0)))
        for at, pair in enumerate(pairs):
            for number, cell in pair:
                rows.append(at)
                columns.append(number)
                cells.append(cell)
        shape = (len(pairs), len(self.relations.counts))
        matrix = csr_array((cells, (rows, columns)), shape=shape) if pairs else csr_array(shape)
        return matrix, np.zeros(len(pairs))

    def ranges(self, numbers: np.ndarray, safe: Safe, most: float) -> tuple[np.ndarray, np.ndarray]:
        """Return low and high of counts: of safe ones as much as shows it, of others all of it.

        Parameters
        ----------
        numbers : of the counts.
        safe : which ranges, given as low and high, tell too little to be told of.
        most : how far a count need rise for that.
        """
        low, high = np.zeros(len(self.known)), np.full(len(self.known), np.inf)
        told = ~np.isnan(self.known)
        low[told] = high[told] = self.known[told]
        wanted = np.zeros(len(self.known), dtype=bool)
        wanted[numbers] = True
        together = self.unknown()
        together.look_together(np.flatnonzero(wanted[together.numbers]), safe, most)
        low[together.numbers], high[together.numbers] = 0.0, np.inf
        for block in together.apart():
            chosen = np.flatnonzero(wanted[block.numbers])
            if not len(chosen):
                continue
            block.reconcile()
            block.look(chosen, safe, most)
            low[block.numbers], high[block.numbers] = whole_numbers(block.low, block.high)
        return low[numbers], high[numbers]
