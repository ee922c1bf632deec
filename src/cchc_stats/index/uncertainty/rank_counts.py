"""Counting ranks over many draws, and the percentiles of ranks and percents."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil

import numpy as np

from cchc_stats.index.uncertainty.boards import competition_ranks
from cchc_stats.words import exact

# The columns of a tally that are whole ranks, and all of them in their order.
RANKS = ("rank_low", "rank_high", "rank_median")
STATISTICS = (*RANKS, "rank_mean", "p_first", "p_top", "percent_low", "percent_high")


@dataclass(eq=False)
class Tally:
    """How often each agency had each rank, and its percent in each draw.

    Ranks are counted and not kept: however many the draws, they need agencies × agencies numbers.
    """

    agencies: int
    draws: int
    seen: int = field(default=0, init=False)
    counts: np.ndarray = field(init=False)
    percent: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        """Make room for the draws."""
        self.counts = np.zeros((self.agencies, self.agencies), dtype="int64")
        self.percent = np.empty((self.agencies, self.draws))

    def add(self, percent: np.ndarray) -> None:
        """Count some draws, shape (draws, agencies)."""
        places = competition_ranks(percent) - 1 + self.agencies * np.arange(self.agencies)
        size = self.agencies * self.agencies
        self.counts += np.bincount(places.ravel(), minlength=size).reshape(self.counts.shape)
        self.percent[:, self.seen : self.seen + len(percent)] = percent.T
        self.seen += len(percent)

    def statistics(self, level: float, top: int) -> dict[str, np.ndarray]:
        """Return `STATISTICS`, a figure per agency; percentiles are figures that occurred."""
        low, middle, high = (
            _place(share, self.draws) for share in (100 - exact(level), 100, 100 + exact(level))
        )
        reached = np.cumsum(self.counts, axis=1)
        rank = {
            name: 1 + (reached > place).argmax(axis=1)
            for name, place in zip(RANKS, (low, high, middle), strict=True)
        }
        ordered = np.partition(self.percent, sorted({low, high}), axis=1)
        numbers = np.arange(1, self.agencies + 1)
        return rank | {
            "rank_mean": (self.counts * numbers).sum(axis=1) / self.draws,
            "p_first": self.counts[:, 0] / self.draws,
            "p_top": self.counts[:, :top].sum(axis=1) / self.draws,
            "percent_low": ordered[:, low],
            "percent_high": ordered[:, high],
        }


def _place(doubled: object, draws: int) -> int:
    """Return the place, from 0, of the smallest draw that half of `doubled` percent reach.

    In fractions: 2.5 % of 10,000 draws are 250 of them, whatever a float makes of it.
    """
    return max(1, ceil(exact(doubled) * draws / 200)) - 1  # type: ignore[arg-type]
