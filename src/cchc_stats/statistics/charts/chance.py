"""What chance makes of a point where few events are expected, and three sigma are but a rule."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cchc_stats.statistics.charts.limits import Limits, Stretch

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
    tail : probability of a figure as far out on its side, given all events of the stretch, for
        the few that are beyond two standard deviations; NaN for all others.
    tosses : how many tosses of a coin a point on its side of the centre is worth, 1 at most: of
        60 dossiers, nearly none of them late, most quarters have none and lie above the centre.
    """

    few: np.ndarray
    tail: np.ndarray
    tosses: np.ndarray


def chance_of(stretch: Stretch, kind: np.ndarray, limits: Limits) -> Chance:
    """Return what chance gives the points of charts of events.

    Source
    ------
    Given all events of a stretch, those of one point are hypergeometric (shares) or binomial
    (events per occasion): Fisher (1935), The Design of Experiments; Przyborowski & Wilenski (1940),
    Biometrika 31, 313-323.
    """
    expected, other = stretch.whole * stretch.pooled, stretch.whole * (1 - stretch.pooled)
    bounded = kind != "u"
    few = stretch.counted & (kind != INDIVIDUAL)
    few &= (expected < FEW) | (bounded & (other < FEW))
    tail, tosses = np.full(len(few), np.nan), np.ones(len(few))
    # The rarer of the two outcomes is counted: late ones where most are on time.
    turned = bounded & (stretch.pooled > 0.5)
    events = np.where(turned, stretch.whole - stretch.part, stretch.part)
    rate = np.where(turned, 1 - stretch.pooled, stretch.pooled)
    wholes = stretch.total(stretch.whole)[stretch.number]
    above = events > rate * stretch.whole
    for shares in (True, False):
        rows = np.flatnonzero(few & (bounded == shares))
        if len(rows):
            tosses[rows] = _tosses(rate[rows], stretch.whole[rows], above[rows], shares=shares)
        off = np.abs(stretch.figure[rows] - limits.centre[rows])
        rows = rows[off > 2 * limits.sigma[rows]]
        if len(rows):
            tail[rows] = _tail(
                events[rows],
                stretch.whole[rows],
                np.round(rate[rows] * wholes[rows]),
                wholes[rows],
                above[rows],
                shares=shares,
            )
    return Chance(few, tail, tosses)


def _tosses(rate: np.ndarray, whole: np.ndarray, above: np.ndarray, *, shares: bool) -> np.ndarray:
    """Return -log2 of the probability of a point's side of the centre, 1 for a half or less."""
    from scipy.special import bdtr, bdtrc, pdtr, pdtrc  # type: ignore[import-untyped]

    middle = rate * whole
    # What lies on the centre is on neither side.
    more, less = np.floor(middle + 1e-9), np.ceil(middle - 1e-9) - 1
    count = np.round(whole).astype("int64")
    up = bdtrc(more, count, rate) if shares else pdtrc(more, middle)
    down = bdtr(less, count, rate) if shares else pdtr(less, middle)
    side = np.where(above, up, np.where(less < 0, 0.0, down))
    return np.where(side > COIN, -np.log2(np.maximum(side, COIN)), 1.0)


def _tail(
    events: np.ndarray,
    whole: np.ndarray,
    all_events: np.ndarray,
    all_wholes: np.ndarray,
    above: np.ndarray,
    *,
    shares: bool,
) -> np.ndarray:
    """Return the probability of so many events or more (`above`), or of so many or fewer."""
    from scipy.stats import binom, hypergeom  # type: ignore[import-untyped]

    chance = (
        hypergeom(np.round(all_wholes), all_events, np.round(whole))
        if shares
        else binom(all_events, whole / all_wholes)
    )
    tail: np.ndarray = np.where(above, chance.sf(events - 1), chance.cdf(events))
    return tail
