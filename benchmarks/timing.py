"""Two ways of the same work timed side by side, and the table that says how they compare."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

FEW_SECONDS, MANY_ROUNDS = 0.5, 15


@dataclass(frozen=True)
class Comparison:
    """The median seconds of our way and of the other, and how many times as long ours takes.

    `ratio` is the median of the ratios of the pairs. `target` is None where the line is there for
    information only.
    """

    what: str
    ours: float
    other: float
    ratio: float
    target: float | None = None

    @classmethod
    def of(cls, what: str, ours: float, other: float, target: float | None = None) -> Comparison:
        """Return the comparison of two figures that were taken once."""
        return cls(what, ours, other, ours / other, target)

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
    clock: Callable[[], float] = time.perf_counter,
) -> Comparison:
    """Time both in turns, so that noise meets both alike; the median of the pairs' ratios counts.

    The first pair is not counted. Work of less than half a second is repeated at least fifteen
    times, whatever `rounds` says. `clock`: `time.process_time` for the processor's time.
    """
    first = min(seconds(other), seconds(ours))
    rounds = max(rounds, MANY_ROUNDS) if first < FEW_SECONDS else rounds
    pairs = [(seconds(other, clock), seconds(ours, clock)) for _ in range(rounds)]
    return Comparison(
        what,
        ours=median(mine for _, mine in pairs),
        other=median(theirs for theirs, _ in pairs),
        ratio=median(mine / theirs for theirs, mine in pairs),
        target=target,
    )


def seconds(work: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    """Return how long some work takes, while nothing that was there before is collected."""
    gc.collect()
    gc.freeze()
    start = clock()
    work()
    taken = clock() - start
    gc.unfreeze()
    return taken


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
