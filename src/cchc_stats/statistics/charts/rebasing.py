"""Where the limits of a chart start anew, and the reason that somebody stated for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cchc_stats.words import PeriodError, ValuesError, parse_period

MEND = 'give a mapping of quarter to reason, like {"2021Q1": "one-stop shop opened"}'


@dataclass(frozen=True, eq=False)
class Rebasing:
    """The quarters from which limits are computed anew, in order, and the reason of each."""

    quarters: np.ndarray
    reasons: tuple[str, ...]

    def stretch(self, quarter: np.ndarray) -> np.ndarray:
        """Return how many of the quarters are no later than each of the given ones."""
        stretch: np.ndarray = np.searchsorted(self.quarters, quarter, side="right")
        return stretch

    def told(self, stretch: np.ndarray) -> np.ndarray:
        """Return the reason of each stretch, "" for the first."""
        reasons: np.ndarray = np.array(["", *self.reasons], dtype=object)[stretch]
        return reasons


def read_rebasing(rebase: object, quarter: np.ndarray) -> Rebasing:
    """Return the re-basing as a caller states it.

    Parameters
    ----------
    rebase : None, or quarter -> reason.
    quarter : ordinals of all quarters of the values.

    Raises
    ------
    ValuesError
        No mapping, no quarter, a quarter named twice, no reason, or a quarter that has no values
        before it or none from it on. All faults come at once.
    """
    if rebase is None:
        return Rebasing(np.zeros(0, dtype="int64"), ())
    if not isinstance(rebase, Mapping):
        raise ValuesError(
            "limits start anew only at stated quarters, each for a stated reason",
            where=f"rebase=, a {type(rebase).__name__}",
            mend=MEND,
        )
    faults, stated = [], {}
    for key, reason in rebase.items():
        try:
            period = parse_period(key)
        except PeriodError as error:
            faults.append(f"{key!r}: {error.what}")
            continue
        if period.freqstr != "Q-DEC":
            faults.append(f"{key!r}: {period} is no quarter")
        elif period.ordinal in stated:
            faults.append(f"{key!r}: {period} is named twice")
        elif not isinstance(reason, str) or not reason.strip():
            faults.append(f"{key!r}: no reason is stated")
        elif not quarter.min() < period.ordinal <= quarter.max():
            first, last = (pd.Period(ordinal=int(at), freq="Q-DEC") for at in _ends(quarter))
            faults.append(f"{key!r}: the values go from {first} to {last}, nothing is parted there")
        else:
            stated[period.ordinal] = reason.strip()
    if faults:
        raise ValuesError(
            f"limits cannot start anew as asked: {len(faults)} fault{'s' * (len(faults) > 1)}",
            where="rebase=, " + "\n         ".join(faults),
            mend=MEND,
        )
    quarters = sorted(stated)
    return Rebasing(np.array(quarters, dtype="int64"), tuple(stated[at] for at in quarters))


def _ends(quarter: np.ndarray) -> tuple[int, int]:
    return int(quarter.min()), int(quarter.max())
