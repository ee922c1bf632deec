"""What moved a rate between periods: mix, rate, entry and exit, on arrays of cells × periods."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import factorial
from typing import Self

import numpy as np

from cchc_stats.statistics.rates import divided_or_0

Sums = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True, eq=False)
class Structure:
    """Shares and rates of the cells of many series, each cell a row and each period a column.

    Attributes
    ----------
    series : of which series each cell is, from 0, sorted.
    top, bottom : numerators and denominators, 0 where a cell has nothing.
    used : series × periods, the periods whose figures are complete.
    staying : cells that have something in every used period of their series.
    share, rate : of the staying cells among themselves, 0 where there is nothing.
    level : series × periods, the rate of the staying cells together; of a series where no cell
        stays, the mean of its rates, the same in every period.
    pull : how far a cell that comes or goes draws the whole away from the staying cells.
    """

    series: np.ndarray
    top: np.ndarray
    bottom: np.ndarray
    used: np.ndarray
    staying: np.ndarray
    share: np.ndarray
    rate: np.ndarray
    level: np.ndarray
    pull: np.ndarray

    @classmethod
    def of(cls, series: np.ndarray, top: np.ndarray, bottom: np.ndarray, used: np.ndarray) -> Self:
        """Return the structure of cells sorted by series."""
        by_series = sums_by(series)
        staying: np.ndarray = ((bottom > 0) | ~used[series]).all(axis=1)
        staying &= (used.sum(axis=1) > 0)[series]
        rate = divided_or_0(top, bottom)
        kept = np.where(staying[:, None], bottom, 0.0)
        among = by_series(kept)
        level = divided_or_0(by_series(np.where(staying[:, None], top, 0.0)), among)
        whole = by_series(bottom)
        # Where nothing stays there is nobody to compare with but the whole, in the mean of periods.
        rates = np.where(used, divided_or_0(by_series(top), whole), 0.0)
        mean = divided_or_0(rates.sum(axis=1), used.sum(axis=1))
        nothing = ~np.logical_or.reduceat(staying, starts_of(series))
        level = np.where(nothing[:, None], mean[:, None], level)
        pull = np.where(
            staying[:, None], 0.0, divided_or_0(bottom, whole[series]) * (rate - level[series])
        )
        share = divided_or_0(kept, among[series])
        return cls(series, top, bottom, used, staying, share, rate, level, pull)


@dataclass(frozen=True, eq=False)
class Effects:
    """Effects in parts of 1: of each cell, and of each factor of the mix by series."""

    mix: np.ndarray
    rate: np.ndarray
    entry: np.ndarray
    exit: np.ndarray
    factors: tuple[np.ndarray, ...] = ()


def effects_between(
    cells: Structure, before: int, after: int, factors: Sequence[np.ndarray] = ()
) -> Effects:
    """Return the effects from the column `before` to the column `after`.

    With two columns these are Kitagawa's; with more, what Das Gupta (1993, ch. 6) makes of all
    pairs of columns so that a way through others adds up to the direct one.

    Parameters
    ----------
    factors : several crossed factors as codes, one per cell; the mix is then told by factor.
    """
    by_series = sums_by(cells.series)
    parts = _crossed(cells, factors) if len(factors) > 1 else []
    mix, rate = np.zeros(len(cells.series)), np.zeros(len(cells.series))
    of_factor = [np.zeros(len(cells.used)) for _ in parts]
    for through in range(cells.used.shape[1]):
        takes_part = cells.used[:, through]
        for start, end in ((before, through), (through, after)):
            if start == end:
                continue
            moved, changed = _pair(cells, start, end)
            mix += np.where(takes_part[cells.series], moved, 0.0)
            rate += np.where(takes_part[cells.series], changed, 0.0)
            if parts:
                mean = (cells.rate[:, start] + cells.rate[:, end]) / 2
                for number, total in enumerate(of_factor):
                    product = mean * _product_effect(parts, number, start, end)
                    total += np.where(takes_part, by_series(product), 0.0)
    count = cells.used.sum(axis=1)
    return Effects(
        mix=divided_or_0(mix, count[cells.series]),
        rate=divided_or_0(rate, count[cells.series]),
        entry=cells.pull[:, after],
        exit=-cells.pull[:, before],
        factors=tuple(divided_or_0(total, count) for total in of_factor),
    )


def _pair(cells: Structure, start: int, end: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the mix and the rate effect of each staying cell between two columns."""
    share, rate = cells.share, cells.rate
    # Shares add up to 1, so any centre gives the same total; with this one a cell that grows
    # raises the whole only where its rate is above it.
    centre = ((cells.level[:, start] + cells.level[:, end]) / 2)[cells.series]
    mean_rate = (rate[:, start] + rate[:, end]) / 2
    mean_share = (share[:, start] + share[:, end]) / 2
    moved = (share[:, end] - share[:, start]) * (mean_rate - centre)
    changed = mean_share * (rate[:, end] - rate[:, start])
    return np.where(cells.staying, moved, 0.0), np.where(cells.staying, changed, 0.0)


def _crossed(cells: Structure, factors: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Return a part of each factor, so that their product is the share of the cell.

    Each part is the geometric mean of the factor's shares under all orders of conditioning (Das
    Gupta 1993, ch. 5): with two factors i and j, sqrt(N_ij/N_.j × N_i./N_..).
    """
    size = len(factors)
    kept = np.where(cells.staying[:, None], cells.bottom, 0.0)
    margins = {
        chosen: _margin(cells.series, [factors[number] for number in chosen], kept)
        for length in range(size + 1)
        for chosen in combinations(range(size), length)
    }
    parts = []
    for number in range(size):
        others = [other for other in range(size) if other != number]
        part = np.ones_like(kept)
        for length in range(size):
            weight = _weight(length, size)
            for given in combinations(others, length):
                joint = margins[tuple(sorted((*given, number)))]
                part = part * divided_or_0(joint, margins[given]) ** weight
        parts.append(np.where(cells.staying[:, None], part, 0.0))
    return parts


def _margin(series: np.ndarray, codes: Sequence[np.ndarray], kept: np.ndarray) -> np.ndarray:
    """Return for each cell the sum over all cells of its series that agree in some factors."""
    together = series
    for code in codes:
        together = np.unique(together * (int(code.max()) + 1) + code, return_inverse=True)[1]
    total: np.ndarray = np.column_stack(
        [np.bincount(together, weights=column)[together] for column in kept.T]
    )
    return total


def _product_effect(parts: Sequence[np.ndarray], number: int, start: int, end: int) -> np.ndarray:
    """Return what one part does to the change of the product of all, mean over all orders."""
    others = [part for other, part in enumerate(parts) if other != number]
    beside = np.zeros(len(parts[number]))
    for length in range(len(others) + 1):
        weight = _weight(length, len(parts))
        for moved in combinations(range(len(others)), length):
            product = np.ones_like(beside)
            for place, other in enumerate(others):
                product = product * other[:, end if place in moved else start]
            beside += weight * product
    effect: np.ndarray = (parts[number][:, end] - parts[number][:, start]) * beside
    return effect


def _weight(length: int, size: int) -> float:
    """Return the share of the orders of `size` things in which these `length` come first."""
    return factorial(length) * factorial(size - 1 - length) / factorial(size)


def starts_of(series: np.ndarray) -> np.ndarray:
    """Return where each series begins; they are sorted, and none is empty."""
    starts: np.ndarray = np.flatnonzero(np.diff(series, prepend=-1))
    return starts


def sums_by(series: np.ndarray) -> Sums:
    """Return the function that adds rows up by series."""
    starts = starts_of(series)
    return lambda cells: np.add.reduceat(cells, starts, axis=0)
