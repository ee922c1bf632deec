"""Two ways of the same work timed side by side, and the table that says how they compare."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Comparison:
    """The best seconds of our way and of the other, and how many times as long ours may take.

    `target` is None where the line is there for information only.
    """

    what: str
    ours: float
    other: float
    target: float | None = None

    @property
    def ratio(self) -> float:
        """How many times as long ours takes."""
        return self.ours / self.other

    @property
    def within(self) -> bool:
        """Whether ours is as fast as it has to be."""
        return self.target is None or self.ratio <= self.target

    @property
    def verdict(self) -> str:
        """What the table says of it."""
        if self.target is None:
            return "for information"
        return "ok" if self.within else "OVER"


def side_by_side(
    what: str,
    ours: Callable[[], object],
    other: Callable[[], object],
    *,
    rounds: int,
    target: float | None = None,
) -> Comparison:
    """Return the best of several rounds of each, taken in turns so that noise meets both alike."""
    best_ours = best_other = float("inf")
    for _ in range(rounds):
        best_other = min(best_other, seconds(other))
        best_ours = min(best_ours, seconds(ours))
    return Comparison(what, best_ours, best_other, target)


def seconds(work: Callable[[], object]) -> float:
    """Return how long some work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def table_of(comparisons: Sequence[Comparison]) -> str:
    """Return the comparisons as a table of text."""
    rows = [("what", "ours, s", "other, s", "ratio", "target", "")]
    rows += [
        (
            one.what,
            f"{one.ours:.4f}",
            f"{one.other:.4f}",
            f"{one.ratio:.2f}",
            "" if one.target is None else f"{one.target:.2f}",
            one.verdict,
        )
        for one in comparisons
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column in (0, 5) else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )
