"""What follows for counts from all that is shown: the least and the most that each may be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from cchc_stats.statistics.suppression.relations import NEAR, Quotient, Relations

if TYPE_CHECKING:
    from scipy.sparse import csr_array  # type: ignore[import-untyped]

Safe = Callable[[np.ndarray, np.ndarray], np.ndarray]
ROUNDS = 4


def integers(low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the least and most whole number of ranges: between 1.995 and 2.001 is only 2.

    Examples
    --------
    >>> integers(np.array([1.995, 0.2]), np.array([2.001, 3.9]))
    (array([2., 1.]), array([2., 3.]))
    """
    return np.ceil(low - NEAR), np.floor(high + NEAR)


def at_least_cost(
    costs: np.ndarray,
    equal: csr_array,
    to: np.ndarray,
    less: csr_array,
    than: np.ndarray,
    bounds: np.ndarray,
) -> Any:
    """Return scipy's solution of a linear programme; its `x` is None where nothing fits."""
    from scipy.optimize import linprog  # type: ignore[import-untyped]

    above = {"A_ub": less, "b_ub": than} if less.shape[0] else {}
    level = {"A_eq": equal, "b_eq": to} if equal.shape[0] else {}
    return linprog(costs, **above, **level, bounds=bounds, method="highs")


@dataclass(eq=False)
class JoinedCounts:
    """Counts that equations join, none of which is settled: the attack takes each block alone.

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
        bounds = np.column_stack([self.lowest, np.full(len(self.lowest), np.inf)])
        fit = at_least_cost(costs, self.equal, self.to, self.less, self.than, bounds)
        if fit.status == 3:  # no end: as high, or as low, as one likes
            self.high[costs < 0], self.low[costs > 0] = np.inf, -np.inf
            return None
        if fit.x is None:
            return None
        self.see(fit.x)
        return np.asarray(fit.x)

    def apart(self) -> Iterator[JoinedCounts]:
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
                block = JoinedCounts(
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
        wide = JoinedCounts(
            self.numbers,
            csr_array(hstack([self.equal, slack, -slack])),
            self.to,
            csr_array(hstack([self.less, csr_array((self.less.shape[0], 2 * equations))])),
            self.than,
            np.append(self.lowest, np.zeros(2 * equations)),
        )
        wide.low = wide.high = np.zeros(size + 2 * equations)
        fit = wide.solve(np.append(np.zeros(size), np.ones(2 * equations)))
        if fit is None:
            return
        off = fit[size : size + equations] + fit[size + equations :]
        kept = np.flatnonzero(off < NEAR)
        self.equal, self.to = csr_array(self.equal[kept]), self.to[kept]
        self.low, self.high = np.full(size, np.inf), np.full(size, -np.inf)
        self.see(fit[:size])

    def look(self, chosen: np.ndarray, safe: Safe, most: float) -> None:
        """See as much of the ranges of chosen counts as tells which are safe; all of the others."""
        self.look_together(chosen, safe, most)
        for at in chosen:
            if not self._seen_safe(chosen[chosen == at], safe)[0]:
                self._full_range(int(at))

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
        low, high = integers(self.low[chosen], self.high[chosen])
        return safe(low, high)

    def _full_range(self, at: int) -> None:
        costs = np.zeros(len(self.numbers))
        for sign in (1.0, -1.0):
            costs[at] = sign
            self.solve(costs)

    def _spread(self, chosen: np.ndarray, way: np.ndarray, most: float) -> None:
        """See counts of which as many as possible are low, or as high as `most` more."""
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
        fit = at_least_cost(
            costs,
            hstack([self.equal, csr_array((self.equal.shape[0], helpers))]),
            self.to,
            vstack([hstack([self.less, nothing]), ties]) if helpers else self.less,
            np.append(self.than, np.zeros(helpers)),
            np.column_stack([low, high]),
        )
        if fit.x is not None and number:
            self.see(fit.x[:size])


@dataclass(eq=False)
class Attack:
    """What somebody can work out from the shown figures and all relations.

    Attributes
    ----------
    relations : settled.
    figures : each count's where it follows outright, NaN else.
    """

    relations: Relations
    figures: np.ndarray
    quotients: list[Quotient]

    @classmethod
    def on(
        cls, relations: Relations, shown: Mapping[int, float], quotients: list[Quotient]
    ) -> Attack:
        """Return the attack on shown counts and quotients."""
        figures = np.full(len(relations.counts), np.nan)
        figures[list(shown)] = list(shown.values())
        return cls(relations, relations.follow(figures), quotients)

    def unknown(self) -> JoinedCounts:
        """Return all counts that do not follow outright, as one block."""
        from scipy.sparse import csr_array

        free = np.flatnonzero(np.isnan(self.figures))
        matrix = self.relations.matrix
        less, than = self.bounds()
        figures = np.nan_to_num(self.figures)
        signed = self.relations.signed
        return JoinedCounts(
            free,
            csr_array(matrix[:, free]),
            -(matrix @ figures),
            csr_array(less[:, free]),
            than - less @ figures,
            np.array([-np.inf if one in signed else 0.0 for one in free.tolist()]),
        )

    def blocks(self) -> Iterator[JoinedCounts]:
        """Yield the blocks of counts that do not follow outright."""
        yield from self.unknown().apart()

    def bounds(self) -> tuple[csr_array, np.ndarray]:
        """Return what is no more than something else, as a matrix of rows and their limits."""
        from scipy.sparse import csr_array

        rows, columns, cells = [], [], []
        pairs = [((less, 1.0), (more, -1.0)) for less, more in self.relations.bounds]
        for quotient in self.quotients:
            pairs.append(((quotient.top, 1.0), (quotient.bottom, -quotient.high)))
            pairs.append(((quotient.bottom, quotient.low), (quotient.top, -1.0)))
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
        safe : which ranges, given as low and high, are too wide to give a count away.
        most : how far a count need rise for that.
        """
        low, high = np.zeros(len(self.figures)), np.full(len(self.figures), np.inf)
        settled = ~np.isnan(self.figures)
        low[settled] = high[settled] = self.figures[settled]
        wanted = np.zeros(len(self.figures), dtype=bool)
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
            low[block.numbers], high[block.numbers] = integers(block.low, block.high)
        return low[numbers], high[numbers]
