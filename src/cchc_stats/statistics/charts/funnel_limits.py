"""How far chance takes a rate of n from the rate of all: exact limits, and wider ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

METHODS = ("none", "multiplicative", "additive")
WINSORISED = 0.1  # of the z-scores at each end are pulled in to the next one


@dataclass(frozen=True)
class Dispersion:
    """How much more units differ than chance explains.

    Parameters
    ----------
    units : how many were compared.
    phi : mean square of the z-scores, the outermost pulled in; 1 where chance explains all.
    tau : standard deviation between units that chance leaves to be explained, as a fraction.
    """

    units: int
    phi: float
    tau: float

    @property
    def excessive(self) -> bool:
        """Whether phi is above 1 + 2 √(2/units), as chance makes it in 1 of 30 cases at most."""
        return self.units > 1 and self.phi > 1 + 2 * np.sqrt(2 / self.units)


def dispersion_of(part: np.ndarray, whole: np.ndarray, centre: float) -> Dispersion:
    """Return the dispersion of two rates or more about a centre between 0 and 1, excluded."""
    variance = centre * (1 - centre) / whole
    scores = np.sort((part / whole - centre) / np.sqrt(variance))
    units, cut = len(scores), int(WINSORISED * len(scores))
    if cut:
        scores = np.clip(scores, scores[cut], scores[-cut - 1])
    phi = float(np.mean(scores**2))
    weight = 1 / variance
    spread = weight.sum() - (weight**2).sum() / weight.sum()
    excess = units * phi - (units - 1)
    return Dispersion(units, phi, float(np.sqrt(max(excess, 0.0) / spread)))


def exact_limits(
    whole: np.ndarray, centre: np.ndarray, level: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return the rates, as fractions, that chance leaves on either side with (1 − level)/2.

    A rate of `whole` events is outside exactly where its binomial tail is smaller than that. The
    limits between two whole numbers of events are interpolated, so that curves are smooth; the high
    one is the low one of the opposite events, so that a chart of the late dossiers is the mirror
    of one of those on time. 0 and 1 where no rate can be outside; the centre itself
    where that is 0 or 1.
    """
    tail, inner = (1 - level) / 2, (centre > 0) & (centre < 1)
    low, high = centre.astype(float), centre.astype(float)
    low[inner] = _low(whole[inner], centre[inner], tail)
    high[inner] = 1 - _low(whole[inner], 1 - centre[inner], tail)
    return low, high


def _low(whole: np.ndarray, centre: np.ndarray, tail: float) -> np.ndarray:
    """Return Spiegelhalter's lower limit: events with a tail of exactly `tail`, per `whole`."""
    from scipy.stats import binom  # type: ignore[import-untyped]

    count = np.round(whole)
    events = binom.ppf(tail, count, centre)
    at, before = binom.cdf(events, count, centre), binom.cdf(events - 1, count, centre)
    low: np.ndarray = np.maximum(events - (at - tail) / (at - before), 0.0) / count
    return low


def wide_limits(
    whole: np.ndarray, centre: float, level: float, dispersion: Dispersion, method: str
) -> tuple[np.ndarray, np.ndarray]:
    """Return limits, as fractions, that hold the units' own dispersion, cut at 0 and 1."""
    from scipy.special import ndtri  # type: ignore[import-untyped]

    chance = centre * (1 - centre) / whole
    variance = chance * dispersion.phi if method == "multiplicative" else chance + dispersion.tau**2
    off = ndtri((1 + level) / 2) * np.sqrt(variance)
    return np.maximum(centre - off, 0.0), np.minimum(centre + off, 1.0)


def limits_by(
    method: str, whole: np.ndarray, centre: float, level: float, dispersion: Dispersion
) -> tuple[np.ndarray, np.ndarray]:
    """Return the limits of a level, a fraction, by a method: "exact" or one of `METHODS`."""
    if method == "exact":
        return exact_limits(whole, np.full(len(whole), centre), level)
    return wide_limits(whole, centre, level, dispersion, method)
