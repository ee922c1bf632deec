"""The rules by which points of a control chart are a signal: each a mask of the points it flags."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

RULES = ("beyond_limits", "run", "trend", "two_of_three")
LIKE = 1e-9  # figures nearer than this are one figure: the noise of floats
# What a normal figure beyond three, and beyond two standard deviations on one side is given.
BEYOND, FAR = 0.001350, 0.022750


@dataclass(frozen=True, eq=False)
class Points:
    """Points in order.

    Parameters
    ----------
    figure, centre, low, high, sigma : NaN where missing.
    linked : whether the point follows the quarter right before it in the same stretch.
    tail : the chance of a figure so far out where it is known exactly (few events); else NaN.
    tosses : how many tosses of a coin a point on one side is worth: 1, less for few events.
    """

    figure: np.ndarray
    centre: np.ndarray
    low: np.ndarray
    high: np.ndarray
    sigma: np.ndarray
    linked: np.ndarray
    tail: np.ndarray
    tosses: np.ndarray

    @property
    def side(self) -> np.ndarray:
        """1 above the centre line, -1 below it, 0 on it or nowhere."""
        return _sign(self.figure - self.centre, self.centre)

    @property
    def step(self) -> np.ndarray:
        """1 where the point is above the one before, -1 below, 0 level with it or after a gap."""
        moved = np.diff(self.figure, prepend=np.nan)
        return np.where(self.linked, _sign(moved, self.figure), 0)

    def outside(self) -> np.ndarray:
        """Return the points above the high limit or below the low one."""
        room = LIKE * np.maximum(1.0, np.abs(self.centre))
        outside: np.ndarray = (self.figure > self.high + room) | (self.figure < self.low - room)
        return outside

    def beyond_limits(self) -> np.ndarray:
        """Return the points outside, but for those that chance puts there more often than told."""
        beyond: np.ndarray = self.outside() & ~(self.tail > BEYOND)
        return beyond

    def run(self, length: int) -> np.ndarray:
        """Return the points of runs on one side of the centre; a point on it ends a run."""
        return _long_runs(self.side, self.linked, length, self.tosses)

    def trend(self, length: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the points that rise or fall one after another, and which way they go."""
        step = self.step
        moves = _long_runs(step, self.linked, length - 1, np.ones(len(step)))
        way = np.where(moves, step, 0)
        # The point that a trend starts from belongs to it.
        start = np.append(way[1:], 0)
        way = np.where(way != 0, way, np.where(np.append(moves[1:], False), start, 0))
        return way != 0, way

    def two_of_three(self) -> np.ndarray:
        """Return the points beyond two standard deviations of which a neighbour or next is too."""
        far = np.abs(self.figure - self.centre) > 2 * self.sigma + LIKE
        far &= ~(self.tail > FAR)
        side = np.where(far, self.side, 0)
        flagged = np.zeros(len(side), dtype=bool)
        linked = self.linked.copy()
        for apart in (1, 2):
            joined = (side[apart:] == side[:-apart]) & (side[apart:] != 0)
            joined &= linked[apart:] if apart == 1 else linked[2:] & linked[1:-1]
            flagged[apart:] |= joined
            flagged[:-apart] |= joined
        return flagged


def _long_runs(sign: np.ndarray, linked: np.ndarray, length: int, worth: np.ndarray) -> np.ndarray:
    """Return the members of runs of one sign, not 0, in consecutive places, worth `length`."""
    if not len(sign):
        return np.zeros(0, dtype=bool)
    same = linked & (sign == np.roll(sign, 1))
    same[0] = False
    number = np.cumsum(~same) - 1
    long: np.ndarray = (np.bincount(number, worth)[number] > length - LIKE) & (sign != 0)
    return long


def _sign(difference: np.ndarray, beside: np.ndarray) -> np.ndarray:
    room = LIKE * np.maximum(1.0, np.abs(beside))
    return np.where(difference > room, 1, np.where(difference < -room, -1, 0))
