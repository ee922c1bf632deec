"""Which figures are left out beside small ones, so that those cannot be worked out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from cchc_stats.statistics.suppression.attack import Attack, at_least_cost
from cchc_stats.statistics.suppression.relations import ELSEWHERE, NEAR, Relations

if TYPE_CHECKING:
    from scipy.sparse import csr_array  # type: ignore[import-untyped]

ELSEWHERE_LOSS = 1e4  # the loss of a total that is not ours to leave out
UNMOVED = 1e-4
MOST_TRIALS = 8_000  # counts times those looked at once more
# Of small counts moved together: what a step is worth, less than any loss; the share of them that
# is moved, drawn; how many must get there to try again; and after how many moved alone.
FREE, SHARE, ENOUGH, ALONE = 0.01, 0.3, 5, 100
NEAREST, WIDER = 500, 4  # counts around one that are moved first, and how many times more then


@dataclass(frozen=True, eq=False)
class Witness:
    """Counts that fit all that is shown, though some differ from the true ones.

    Attributes
    ----------
    moved : numbers of the counts that differ and must not be shown.
    numbers, counts : of all in their system.
    """

    moved: frozenset[int]
    numbers: np.ndarray
    counts: np.ndarray


@dataclass(eq=False)
class SecondarySuppression:
    """The counts that are left out.

    Attributes
    ----------
    relations, figures : settled, with the true figures; NaN where a count has none.
    weights : by place, the loss of leaving it out.
    below : the smallest number that may be published.
    small : numbers of the counts that are small.
    nearby : whether each is moved among the counts nearest to it where that is enough, all others
        left as they are: quick where there are many, and no less safe.
    hidden : of those that are left out.
    """

    relations: Relations
    figures: np.ndarray
    weights: Sequence[float]
    below: int
    small: np.ndarray
    nearby: bool = False
    hidden: set[int] = field(default_factory=set)
    witnesses: list[Witness] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Leave out the small ones."""
        self.places: dict[int, set[int]] = {}
        for number, _, place in self.relations.printed:
            self.places.setdefault(number, set()).add(place)
        self.hidden |= {int(one) for one in self.small if one in self.places}
        self._low, self._high = self.figures.copy(), self.figures.copy()
        self._systems = systems_of(self.relations, self.figures)
        self._system_of = np.zeros(len(self.figures), dtype="int64")
        for at, system in enumerate(self._systems):
            self._system_of[system.numbers] = at
        self._gone = self.hidden_places

    # --- what is shown ----------

    @property
    def hidden_places(self) -> set[int]:
        """The places that state a hidden count."""
        return {place for number in self.hidden for place in self.places.get(number, ())} - {
            ELSEWHERE
        }

    def shown(self) -> dict[int, float]:
        """Return the counts that some place shows, with their figures."""
        gone = self.hidden_places
        return {
            number: self.figures[number]
            for number, places in self.places.items()
            if number not in self.hidden and not places <= gone
        }

    def attack(self) -> Attack:
        """Return the attack on what is shown."""
        gone = self.hidden_places
        quotients = [
            quotient for quotient in self.relations.quotients if quotient.place not in gone
        ]
        return Attack.on(self.relations, self.shown(), quotients)

    def unsafe(self) -> np.ndarray:
        """Return which counts can be worked out.

        Small ones that cannot be 0 or `below`; of those beside them whose range is narrower.
        """
        attack = self.attack()
        others = np.array(sorted(self.hidden - {*self.small.tolist()}), dtype="int64")
        narrow = []
        for numbers, safe in ((self.small, self._unknown), (others, self._wide)):
            low, high = attack.ranges(numbers, safe, self.below)
            narrow.append(numbers[~safe(low, high)])
        return np.concatenate(narrow)

    def _unknown(self, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        return np.asarray((low <= 0) & (high >= self.below))

    def _wide(self, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        return np.asarray(high - low >= self.below)

    # --- choosing -----------

    def protect(self) -> None:
        """Leave out more until every small count may be anything from 0 to `below`."""
        order = sorted(self.small, key=lambda one: (-self.figures[one], one))
        draws = np.random.default_rng(0)
        for at, one in enumerate(order):
            if self.nearby and at % ALONE == 0:
                for system in self._systems:
                    while self._move_together(system, draws) >= ENOUGH:
                        pass
            self._protect_one(int(one))

    def _move_together(self, system: System, draws: np.random.Generator) -> int:
        """Move some small counts at once, among what is left out anyway; return how many got there.

        What one gains its neighbours lose, so they hide each other, and one programme does for many
        at no loss. Those that it leaves where they are are moved alone.
        """
        small = np.intersect1d(system.numbers, self.small)
        ends = self._ends(small)
        lacking = np.flatnonzero(~ends.all(axis=0))
        chosen = lacking[draws.random(len(lacking)) < SHARE]
        if not len(chosen):
            return 0
        low, high = ends[:, chosen]
        up = np.where(low | high, low, draws.random(len(chosen)) < 0.5)
        goals = np.where(up, float(self.below), 0.0)
        costs = self._costs(system.numbers)
        self._keep(system, system.solve(small[chosen], goals, costs, reward=FREE))
        return int(self._ends(small).sum() - ends.sum())

    def _ends(self, small: np.ndarray) -> np.ndarray:
        """Return which small counts have been seen to be able to be 0, and to be `below`."""
        return np.array([self._low[small] <= NEAR, self._high[small] >= self.below - NEAR])

    def _protect_one(self, one: int) -> None:
        if self._low[one] > NEAR:
            self._move(one, 0.0)
        if self._high[one] < self.below - NEAR:
            self._move(one, float(self.below))

    def widen(self, numbers: Iterable[int]) -> None:
        """Leave out more so that counts beside the small ones may be others as well."""
        small = {*self.small.tolist()}
        for one in numbers:
            if one in small:
                self._protect_one(int(one))
            elif not self._move(one, self.figures[one] + self.below):
                self._move(one, max(0.0, self.figures[one] - self.below))

    def _move(self, one: int, goal: float) -> bool:
        """Leave out what it costs least to leave out so that a count may be what it is not."""
        system = self._systems[self._system_of[one]]
        for part in system.around(one) if self.nearby else (system,):
            counts = part.solve(np.array([one]), np.array([goal]), self._costs(part.numbers))
            if counts is not None:
                break
        return self._keep(part, counts)

    def _keep(self, part: System, counts: np.ndarray | None) -> bool:
        """Leave out the counts that a solution moves, and keep it as a witness."""
        if counts is None:
            return False
        numbers = part.numbers[np.abs(counts - self.figures[part.numbers]) > NEAR].tolist()
        moved = frozenset(number for number in numbers if number in self.places)
        self.hidden |= {number for number in moved if self.places[number] != {ELSEWHERE}}
        for number in moved:
            # A total that would have to be another one cannot be public elsewhere.
            self.places[number].discard(ELSEWHERE)
            self._gone |= self.places[number]
        self._add(Witness(moved, part.numbers, counts))
        return True

    def _add(self, witness: Witness) -> None:
        self.witnesses.append(witness)
        at = witness.numbers
        self._low[at] = np.minimum(self._low[at], witness.counts)
        self._high[at] = np.maximum(self._high[at], witness.counts)

    def _costs(self, numbers: np.ndarray) -> np.ndarray:
        costs = np.zeros(len(numbers))
        for at, number in enumerate(numbers.tolist()):
            if number in self.places and number not in self.hidden:
                costs[at] = sum(
                    ELSEWHERE_LOSS if place == ELSEWHERE else self.weights[place]
                    for place in self.places[number] - self._gone
                )
        return costs

    # --- showing again ----------

    def spare(self) -> None:
        """Show again what is left out and need not be."""
        losses = sorted(
            self.hidden - {*self.small.tolist()},
            key=lambda one: (-sum(self.weights[place] for place in self.places[one]), one),
        )
        self._spare_what_no_witness_needs(losses)
        again = [one for one in losses if one in self.hidden]
        if len(self.figures) * len(again) <= MOST_TRIALS:
            for one in again:
                self.hidden.discard(one)
                if len(self.unsafe()):
                    self.hidden.add(one)
        self._gone = self.hidden_places

    def _spare_what_no_witness_needs(self, losses: Sequence[int]) -> None:
        """Show again the counts without which each small one still may be 0 and `below`."""
        at = {int(one): column for column, one in enumerate(self.small)}
        lows, highs = (np.zeros((len(self.witnesses), len(at)), dtype=bool) for _ in range(2))
        of: dict[int, list[int]] = {}
        for row, witness in enumerate(self.witnesses):
            for number in witness.moved:
                of.setdefault(number, []).append(row)
            for number, count in zip(witness.numbers.tolist(), witness.counts, strict=True):
                if number in at:
                    lows[row, at[number]] = count <= NEAR
                    highs[row, at[number]] = count >= self.below - NEAR
        kept = np.ones(len(self.witnesses), dtype=bool)
        low, high = lows.sum(axis=0), highs.sum(axis=0)
        for one in losses:
            rows = [row for row in of.get(one, ()) if kept[row]]
            without = low - lows[rows].sum(axis=0), high - highs[rows].sum(axis=0)
            if all((left > 0).all() for left in without):
                self.hidden.discard(one)
                kept[rows] = False
                low, high = without
        self.witnesses = [self.witnesses[row] for row in np.flatnonzero(kept)]


@dataclass(frozen=True, eq=False)
class System:
    """The equations around true counts that they join, each of which may rise and fall.

    Attributes
    ----------
    numbers : of the counts.
    base : what they are, 0 where they have no figure.
    equal, to : equations of changes, and what each adds up to.
    less, than : likewise of no more than.
    room : how far each may fall.
    """

    numbers: np.ndarray
    base: np.ndarray
    equal: csr_array
    to: np.ndarray
    less: csr_array
    than: np.ndarray
    room: np.ndarray

    def solve(
        self, numbers: np.ndarray, goals: np.ndarray, costs: np.ndarray, *, reward: float = 0.0
    ) -> np.ndarray | None:
        """Return the counts with some at their goals, at the least cost of what else differs.

        With a reward for each step towards them, as near to their goals as is worth it.
        """
        from scipy.sparse import csr_array, hstack

        size = len(self.base)
        rise, fall = np.full(size, np.inf), self.room.copy()
        least_rise, least_fall = np.zeros(size), np.zeros(size)
        at = np.searchsorted(self.numbers, numbers)
        gap = goals - self.base[at]
        rise[at], fall[at] = np.maximum(gap, 0.0), np.maximum(-gap, 0.0)
        if not reward:
            least_rise[at], least_fall[at] = rise[at], fall[at]
        bounds = np.column_stack([np.append(least_rise, least_fall), np.append(rise, fall)])
        # What costs nothing does not move for nothing either.
        costs = costs + UNMOVED
        costs[at] -= reward
        costs = np.tile(costs, 2)
        equal, less = (csr_array(hstack([one, -one])) for one in (self.equal, self.less))
        fit = at_least_cost(costs, equal, self.to, less, self.than, bounds)
        if fit.x is None:
            return None
        return np.asarray(self.base + fit.x[:size] - fit.x[size:])

    def around(self, number: int) -> Iterator[System]:
        """Yield the counts that equations join most closely to one, then more, then all.

        What fits among them, all others as they are, fits among all.
        """
        size = NEAREST
        if np.abs(self.to).max(initial=0.0) < NEAR:
            ranks = self._distances(number)
            while size < len(self.numbers):
                yield self._part(np.sort(ranks[:size]))
                size *= WIDER
        yield self

    def _distances(self, number: int) -> np.ndarray:
        """Return the places of the counts, those joined to one by fewest equations first."""
        from scipy.sparse.csgraph import breadth_first_order  # type: ignore[import-untyped]

        at = int(np.searchsorted(self.numbers, number))
        order = breadth_first_order(self._joined, at, directed=False, return_predecessors=False)
        return np.asarray(order)

    @cached_property
    def _joined(self) -> csr_array:
        """Which counts stand in one equation."""
        return abs(self.equal).T @ abs(self.equal)

    def _part(self, columns: np.ndarray) -> System:
        """Return the system of some counts, the others as they are."""
        equal, less = self.equal[:, columns], self.less[:, columns]
        equations, limits = (np.flatnonzero(np.diff(one.tocsr().indptr)) for one in (equal, less))
        return System(
            self.numbers[columns],
            self.base[columns],
            equal[equations],
            self.to[equations],
            less[limits],
            self.than[limits],
            self.room[columns],
        )


def systems_of(relations: Relations, figures: np.ndarray) -> list[System]:
    """Return the systems into which the counts fall."""
    from scipy.sparse import csr_array

    # No count has a figure: so each block is all that equations join.
    attack = Attack(relations, np.full(len(figures), np.nan), [])
    systems = []
    for block in attack.blocks():
        order = np.argsort(block.numbers)
        numbers = block.numbers[order]
        base = np.nan_to_num(figures[numbers])
        equal, less = csr_array(block.equal[:, order]), csr_array(block.less[:, order])
        systems.append(
            System(
                numbers,
                base,
                equal,
                -(equal @ base),
                less,
                -(less @ base),
                np.where(np.isinf(block.lowest[order]), np.inf, base),
            )
        )
    joined = {int(number) for system in systems for number in system.numbers}
    alone = [number for number in range(len(figures)) if number not in joined]
    nothing = csr_array((0, 1))
    for number in alone:
        base = np.nan_to_num(figures[[number]])
        systems.append(
            System(np.array([number]), base, nothing, np.zeros(0), nothing, np.zeros(0), base)
        )
    return systems
