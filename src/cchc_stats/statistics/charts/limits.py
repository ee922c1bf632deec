"""Centre and standard deviation of each point of a control chart, stretch by stretch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cchc_stats.statistics.rates import divided

D2 = 1.128  # mean range of two normal figures, in standard deviations
D4 = 0.954  # their median range
XMR = 2.66  # three standard deviations in mean moving ranges: 3 / 1.128
SCREEN = 3.267  # upper limit of moving ranges, in their mean
SIGMAS = 3.0


@dataclass(frozen=True, eq=False)
class Stretch:
    """The points of charts, laid out in order, and what of them is computed together.

    Parameters
    ----------
    number : which stretch each point belongs to, from 0: a series between two re-basings.
    counted : whether the point has what its kind of chart counts.
    figure : the figure charted, NaN where there is none.
    part, whole : numerator and denominator, in events and occasions.
    scale : 100 where the figure is a percentage, else 1.
    linked : whether the point follows the quarter right before it in the same stretch.
    """

    number: np.ndarray
    counted: np.ndarray
    figure: np.ndarray
    part: np.ndarray
    whole: np.ndarray
    scale: np.ndarray
    linked: np.ndarray

    def total(self, what: np.ndarray) -> np.ndarray:
        """Return the sum over each stretch of what is counted, a number per stretch."""
        size = int(self.number.max(initial=-1)) + 1
        total: np.ndarray = np.bincount(
            self.number, np.where(self.counted, what, 0.0), minlength=size
        )
        return total

    @property
    def points(self) -> np.ndarray:
        """The number of points counted in each stretch."""
        number: np.ndarray = self.total(np.ones(len(self.number))).astype(int)
        return number

    @property
    def pooled(self) -> np.ndarray:
        """All events over all occasions of a point's stretch: never a mean of rates."""
        rate: np.ndarray = divided(self.total(self.part), self.total(self.whole))[self.number]
        return rate

    @property
    def mean(self) -> np.ndarray:
        """The mean of the figures of a point's stretch."""
        mean: np.ndarray = divided(self.total(self.figure), self.points)[self.number]
        return mean

    def binomial(self, *, bounded: np.ndarray) -> np.ndarray:
        """Return the standard deviation that chance alone gives a point.

        Parameters
        ----------
        bounded : True for a share of the occasions (binomial), False for events that may be more
            than those (Poisson).
        """
        rate = self.pooled
        spread = rate * np.where(bounded, 1 - np.minimum(rate, 1.0), 1.0)
        # Parts below 0 are no events, and have no spread of events.
        sigma: np.ndarray = self.scale * np.sqrt(divided(np.maximum(spread, 0.0), self.whole))
        return sigma

    def scores(self, *, bounded: np.ndarray) -> np.ndarray:
        """Return how many standard deviations of chance a point is off its centre."""
        return divided(self.figure - self.scale * self.pooled, self.binomial(bounded=bounded))

    def moving_ranges(self, figures: np.ndarray) -> np.ndarray:
        """Return the distance of each figure from the one before, NaN where none is linked."""
        return np.where(self.linked, np.abs(np.diff(figures, prepend=np.nan)), np.nan)

    def mean_moving_range(
        self, figures: np.ndarray, *, screen: bool = False
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return the mean moving range of each stretch, and how many were left out of it.

        Parameters
        ----------
        figures : what the ranges are taken of.
        screen : leave out, once, the ranges above `SCREEN` times their mean.

        Returns
        -------
        Two numbers per stretch; the mean is NaN where no point follows another.
        """
        ranges, size = self.moving_ranges(figures), int(self.number.max(initial=-1)) + 1
        used = ~np.isnan(ranges)

        def mean(rows: np.ndarray) -> np.ndarray:
            stretch = self.number[rows]
            count = np.bincount(stretch, minlength=size)
            return divided(np.bincount(stretch, ranges[rows], minlength=size), count)

        first = mean(used)
        if not screen:
            return first, np.zeros(size, dtype=int)
        # A hair of room: ranges that are all alike must not be left out by a float's last digit.
        kept = used & ~(ranges > SCREEN * first[self.number] * (1 + 1e-12))
        return mean(kept), np.bincount(self.number[used & ~kept], minlength=size)


@dataclass(frozen=True, eq=False)
class Limits:
    """Centre and one standard deviation of each point; `left_out` moving ranges per stretch."""

    centre: np.ndarray
    sigma: np.ndarray
    left_out: np.ndarray


def limits_of(stretch: Stretch, kind: np.ndarray, *, screen: bool) -> Limits:
    """Return centre and standard deviation by the kind of each point's chart.

    Where a stretch has a centre every point of it has one; the standard deviation is NaN where the
    kind needs what the point lacks.
    """
    individual, laney = kind == "xmr", kind == "p_prime"
    chance = stretch.binomial(bounded=kind != "u")
    ranges, left_out = stretch.mean_moving_range(stretch.figure, screen=screen)
    scores = np.where(stretch.counted, stretch.scores(bounded=kind != "u"), np.nan)
    between, _ = stretch.mean_moving_range(scores)
    sigma = np.where(laney, chance * between[stretch.number] / D2, chance)
    sigma = np.where(individual, XMR / SIGMAS * ranges[stretch.number], sigma)
    # Without a variation there is no limit; a float's last digit is no variation.
    centre = np.where(individual, stretch.mean, stretch.scale * stretch.pooled)
    sigma = np.where(sigma > 1e-9 * np.maximum(1.0, np.abs(centre)), sigma, np.nan)
    return Limits(centre, sigma, left_out)
