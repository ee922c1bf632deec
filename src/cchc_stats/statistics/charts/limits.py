"""The points of a control chart: centre, limits, what chance gives few events, rules of signals."""

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
    events, occasions : numerator and denominator.
    scale : 100 where the figure is a percentage, else 1.
    linked : whether the point follows the quarter right before it in the same stretch.
    base : the rows that centre and limits are computed from; None for all that count.
    """

    number: np.ndarray
    counted: np.ndarray
    figure: np.ndarray
    events: np.ndarray
    occasions: np.ndarray
    scale: np.ndarray
    linked: np.ndarray
    base: np.ndarray | None = None

    @property
    def used(self) -> np.ndarray:
        """The points that centre and limits are computed from."""
        return self.counted if self.base is None else self.counted & self.base

    def total(self, what: np.ndarray) -> np.ndarray:
        """Return the sum over the base of each stretch, a number per stretch."""
        size = int(self.number.max(initial=-1)) + 1
        total: np.ndarray = np.bincount(self.number, np.where(self.used, what, 0.0), minlength=size)
        return total

    @property
    def points(self) -> np.ndarray:
        """The number of points in the base of each stretch."""
        number: np.ndarray = self.total(np.ones(len(self.number))).astype(int)
        return number

    @property
    def pooled(self) -> np.ndarray:
        """All events over all occasions of a point's stretch: never a mean of rates."""
        rate: np.ndarray = divided(self.total(self.events), self.total(self.occasions))[self.number]
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
        # What is below 0 counts no events, and has no spread of events.
        sigma: np.ndarray = self.scale * np.sqrt(divided(np.maximum(spread, 0.0), self.occasions))
        return sigma

    def scores(self, *, bounded: np.ndarray) -> np.ndarray:
        """Return how many standard deviations of chance a point is off its centre."""
        return divided(self.figure - self.scale * self.pooled, self.binomial(bounded=bounded))

    def moving_ranges(self, figures: np.ndarray) -> np.ndarray:
        """Return the distance of each figure of the base from the one before, else NaN."""
        used = self.used
        inner = self.linked & used & np.append(False, used[:-1])
        return np.where(inner, np.abs(np.diff(figures, prepend=np.nan)), np.nan)

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


FEW = 5.0  # events expected, below which limits of standard deviations are rough
COIN = 0.55  # chance of one side of the centre up to which it is as good as a coin's
INDIVIDUAL = "xmr"  # a chart that counts no events


@dataclass(frozen=True, eq=False)
class Chance:
    """What chance alone gives the points of few events.

    Parameters
    ----------
    few : the points that fewer than `FEW` events, or fewer than `FEW` of what is no event, are
        expected of.
    tail : probability of a figure as far out on its side, given all events of the base and the
        point, for those beyond two standard deviations that are few or outside the base, and for
        all outside a base without variation; NaN for all others.
    tosses : how many tosses of a coin a point on its side of the centre is worth, 1 at most: of
        60 dossiers, nearly none of them late, most quarters have none and lie above the centre.
    """

    few: np.ndarray
    tail: np.ndarray
    tosses: np.ndarray


def chance_of(
    stretch: Stretch, kind: np.ndarray, limits: Limits, *, every: np.ndarray | None = None
) -> Chance:
    """Return what chance gives the points of charts of events.

    Parameters
    ----------
    every : the points whose chance is computed however many events they have, see `Points.bar`.

    Source
    ------
    Given all events of a stretch, those of one point are hypergeometric (shares) or binomial
    (events per occasion): Fisher (1935), The Design of Experiments; Przyborowski & Wilenski (1940),
    Biometrika 31, 313-323.
    """
    expected, other = stretch.occasions * stretch.pooled, stretch.occasions * (1 - stretch.pooled)
    bounded = kind != "u"
    few = stretch.counted & (kind != INDIVIDUAL)
    few &= (expected < FEW) | (bounded & (other < FEW))
    tail, tosses = np.full(len(few), np.nan), np.ones(len(few))
    # The rarer of the two outcomes is counted: late ones where most are on time.
    turned = bounded & (stretch.pooled > 0.5)
    rare = np.where(turned, stretch.occasions - stretch.events, stretch.events)
    rate = np.where(turned, 1 - stretch.pooled, stretch.pooled)
    # A point outside the base is one of those that are drawn from, as one inside it is.
    own = np.where(stretch.used, 0.0, 1.0)
    all_occasions = stretch.total(stretch.occasions)[stretch.number]
    judged = few | (stretch.counted & (kind == "p") & (own > 0))
    if every is not None:
        judged |= every & stretch.counted & ((kind == "p") | (kind == "u"))
    above = rare > rate * stretch.occasions
    for shares in (True, False):
        rows = np.flatnonzero(few & (bounded == shares))
        if len(rows):
            tosses[rows] = _tosses(rate[rows], stretch.occasions[rows], above[rows], shares=shares)
        rows = np.flatnonzero(judged & (bounded == shares))
        off = np.abs(stretch.figure[rows] - limits.centre[rows])
        alike = np.isnan(limits.sigma[rows]) & (own[rows] > 0) & (off > 0)
        rows = rows[(off > 2 * limits.sigma[rows]) | alike]
        if len(rows):
            tail[rows] = _tail(
                rare[rows],
                stretch.occasions[rows],
                np.round(rate[rows] * all_occasions[rows]) + own[rows] * rare[rows],
                all_occasions[rows] + own[rows] * stretch.occasions[rows],
                above[rows],
                shares=shares,
            )
    return Chance(few, tail, tosses)


def _tosses(rate: np.ndarray, occasions: np.ndarray, above: np.ndarray, shares: bool) -> np.ndarray:
    """Return -log2 of the probability of a point's side of the centre, 1 for a half or less."""
    from scipy.special import bdtr, bdtrc, pdtr, pdtrc  # type: ignore[import-untyped]

    middle = rate * occasions
    # What lies on the centre is on neither side.
    more, less = np.floor(middle + 1e-9), np.ceil(middle - 1e-9) - 1
    count = np.round(occasions).astype("int64")
    up = bdtrc(more, count, rate) if shares else pdtrc(more, middle)
    down = bdtr(less, count, rate) if shares else pdtr(less, middle)
    side = np.where(above, up, np.where(less < 0, 0.0, down))
    return np.where(side > COIN, -np.log2(np.maximum(side, COIN)), 1.0)


def _tail(
    rare: np.ndarray,
    occasions: np.ndarray,
    all_events: np.ndarray,
    all_occasions: np.ndarray,
    above: np.ndarray,
    *,
    shares: bool,
) -> np.ndarray:
    """Return the probability of so many events or more (`above`), or of so many or fewer."""
    from scipy.stats import binom, hypergeom  # type: ignore[import-untyped]

    chance = (
        hypergeom(np.round(all_occasions), all_events, np.round(occasions))
        if shares
        else binom(all_events, occasions / all_occasions)
    )
    tail: np.ndarray = np.where(above, chance.sf(rare - 1), chance.cdf(rare))
    return tail


RULES = ("beyond_limits", "run", "trend", "two_of_three")
LONGEST, CROSSINGS = RANDOM_RUNS = ("longest_run", "crossings")  # rules of series, not of points
RARE_CROSSINGS = 0.05  # chance of fewer crossings than are a signal
SHIFT = "shift"
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
    tail : the exact chance of a figure so far out (few events); else NaN.
    tosses : how many tosses of a coin a point on one side is worth: 1, less for few events.
    bar : the chance up to which a point outside the limits is a signal.
    """

    figure: np.ndarray
    centre: np.ndarray
    low: np.ndarray
    high: np.ndarray
    sigma: np.ndarray
    linked: np.ndarray
    tail: np.ndarray
    tosses: np.ndarray
    bar: np.ndarray | float = BEYOND

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
        """Return the points outside, but for those that chance puts there more often than `bar`."""
        # Beside a base without variation there is no limit, but there is a chance.
        far = self.outside() | (np.isnan(self.low) & ~np.isnan(self.tail))
        beyond: np.ndarray = far & ~(self.tail > self.bar)
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


def random_runs(points: Points, number: np.ndarray) -> dict[str, np.ndarray]:
    """Return the points of runs too long for chance, and those of stretches that cross too seldom.

    Points on the centre are left out, and a quarter that is missing parts runs: neither side of it
    could have crossed there.

    Parameters
    ----------
    number : the stretch of each point.

    Source
    ------
    Anhøj & Olesen (2014), PLoS ONE 9:e113825: of n points off the centre a run is longer than
    log2(n) + 3, rounded; crossings are fewer than the 5 % quantile of a coin's in n - 1 tosses.
    """
    from scipy.stats import binom

    useful = np.flatnonzero(points.side != 0)
    side, stretch, part = points.side[useful], number[useful], np.cumsum(~points.linked)[useful]
    size = int(number.max(initial=-1)) + 1
    joined = part[1:] == part[:-1]
    crossed = joined & (side[1:] != side[:-1])
    run = np.cumsum(np.append(True, ~joined | crossed)[: len(useful)]) - 1
    count = np.bincount(stretch, minlength=size)
    longest = np.round(np.log2(np.maximum(count, 1)) + 3)
    places = np.bincount(stretch[1:], joined, minlength=size)
    fewest = np.where(places > 0, binom.ppf(RARE_CROSSINGS, np.maximum(places, 1), 0.5), 0)
    seldom = np.bincount(stretch[1:], crossed, minlength=size) < fewest
    masks = {LONGEST: np.bincount(run)[run] > longest[stretch], CROSSINGS: seldom[stretch]}
    flags = {}
    for name, mask in masks.items():
        flags[name] = np.zeros(len(number), dtype=bool)
        flags[name][useful] = mask
    return flags


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
