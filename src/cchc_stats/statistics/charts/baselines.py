"""What the limits of a chart are computed from: baselines, quarters left out, new beginnings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cchc_stats.words import PeriodError, ValuesError, parse_period

MEND = 'give a mapping of quarter to reason, like {"2021Q1": "one-stop shop opened"}'
BASELINE = 'give its quarters, as ("2020Q1", "2021Q4") for all from one to the other, or a list'
FEWEST = 2  # quarters of a baseline
Faults = list[str]


@dataclass(frozen=True, eq=False)
class Baselines:
    """What each row's limits are to be computed from, as the caller states it.

    Attributes
    ----------
    stretch : how many new beginnings the row has behind it in its series.
    reason : of the beginning of the row's stretch, "" for the first.
    start : ordinal of the beginning of the row's stretch, -1 for the first.
    frozen : rows of series that have a stated baseline.
    inside : the rows of these baselines.
    left_out : why a row is left out of the limits, "" where it is not.
    """

    stretch: np.ndarray
    reason: np.ndarray
    start: np.ndarray
    frozen: np.ndarray
    inside: np.ndarray
    left_out: np.ndarray


def read_baselines(
    baseline: object, exclude: object, rebase: object, quarter: np.ndarray, agencies: np.ndarray
) -> Baselines:
    """Return what limits are computed from, by row.

    Parameters
    ----------
    baseline : None, quarters, or agency -> quarters.
    exclude, rebase : None, quarter -> reason, or agency -> quarter -> reason.
    quarter, agencies : ordinal and agency of each row.

    Raises
    ------
    ValuesError
        No quarter, a quarter named twice, no reason, an agency without values, a quarter that has
        none; a baseline of fewer than two quarters, or of which all are left out. All faults of an
        option come at once.
    """
    size = len(quarter)
    stretch = np.zeros(size, dtype="int64")
    start = np.full(size, -1, dtype="int64")
    reason, left_out = (np.full(size, "", dtype=object) for _ in range(2))
    frozen, inside = np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
    for rows, stated in _reasons(rebase, "rebase", quarter, agencies):
        begins = np.array(sorted(stated), dtype="int64")
        number = np.searchsorted(begins, quarter[rows], side="right")
        stretch[rows] = number
        start[rows] = np.append(-1, begins)[number]
        reason[rows] = np.array(["", *(stated[at] for at in begins)], dtype=object)[number]
    for rows, stated in _reasons(exclude, "exclude", quarter, agencies):
        left_out[rows] = [stated.get(int(at), "") for at in quarter[rows]]
    for rows, chosen in _baselines(baseline, quarter, agencies, left_out == ""):
        frozen[rows] = True
        inside[rows] = np.isin(quarter[rows], chosen)
    return Baselines(stretch, reason, start, frozen, inside, left_out)


def _by_agency(
    stated: Mapping[object, object], option: str, agencies: np.ndarray
) -> Iterator[tuple[np.ndarray, object]]:
    """Yield the rows of each agency with what is stated for it."""
    for name, mine in stated.items():
        rows = np.flatnonzero(agencies == name)
        if not len(rows):
            names = ", ".join(map(str, pd.unique(agencies)[:5]))
            raise ValuesError(
                f"there are no values of the agency {name!r}",
                where=f"{option}=",
                mend=f"the values are of {names}",
            )
        yield rows, mine


def _reasons(
    stated: object, option: str, quarter: np.ndarray, agencies: np.ndarray
) -> Iterator[tuple[np.ndarray, dict[int, str]]]:
    """Yield rows with their quarters and the reason of each."""
    if stated is None:
        return
    if not isinstance(stated, Mapping):
        what = (
            "limits start anew only at stated quarters, each for a stated reason"
            if option == "rebase"
            else "quarters are left out one by one, each for a stated reason"
        )
        raise ValuesError(what, where=f"{option}=, a {type(stated).__name__}", mend=MEND)
    nested = bool(stated) and all(isinstance(mine, Mapping) for mine in stated.values())
    pairs = (
        list(_by_agency(stated, option, agencies))
        if nested
        else [(np.arange(len(quarter)), stated)]
    )
    faults: Faults = []
    stated_rows = []
    for rows, mine in pairs:
        reasons: dict[int, str] = {}
        for key, reason in mine.items():  # type: ignore[attr-defined]
            fault = _reason(reasons, key, reason, quarter[rows], parted=option == "rebase")
            faults += [f"{key!r}: {fault}"] * bool(fault)
        left = set(quarter[rows]) - reasons.keys()
        if option == "exclude" and not faults and len(left) < FEWEST:
            faults.append(f"of {len(set(quarter[rows]))} quarters {len(left)} are left")
        stated_rows.append((rows, reasons))
    if faults:
        what = (
            "limits cannot start anew as asked"
            if option == "rebase"
            else "quarters cannot be left out as asked"
        )
        raise ValuesError(
            f"{what}: {len(faults)} fault{'s' * (len(faults) > 1)}",
            where=f"{option}=, " + "\n         ".join(faults),
            mend=MEND,
        )
    yield from stated_rows


def _reason(
    stated: dict[int, str], key: object, reason: object, quarter: np.ndarray, *, parted: bool
) -> str:
    """Note a quarter with its reason among those stated; return what is wrong with it, or ""."""
    at, fault = _quarter(key)
    if fault:
        return fault
    period = pd.Period(ordinal=at, freq="Q-DEC")
    if at in stated:
        return f"{period} is named twice"
    if not isinstance(reason, str) or not reason.strip():
        return "no reason is stated"
    ends = int(quarter.min()), int(quarter.max())
    first, last = (pd.Period(ordinal=end, freq="Q-DEC") for end in ends)
    if parted and not ends[0] < at <= ends[1]:
        return f"the values go from {first} to {last}, nothing is parted there"
    if not parted and at not in quarter:
        return f"there are no values of it; they go from {first} to {last}"
    stated[at] = reason.strip()
    return ""


def _quarter(key: object) -> tuple[int, str]:
    """Return the ordinal of a quarter, or what is wrong with it."""
    try:
        period = parse_period(key)  # type: ignore[arg-type]
    except PeriodError as error:
        return 0, error.what
    if period.freqstr != "Q-DEC":
        return 0, f"{period} is no quarter"
    return int(period.ordinal), ""


def _baselines(
    baseline: object, quarter: np.ndarray, agencies: np.ndarray, kept: np.ndarray
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield rows with the ordinals of their baseline."""
    if baseline is None:
        return
    pairs = (
        _by_agency(baseline, "baseline", agencies)
        if isinstance(baseline, Mapping)
        else iter([(np.arange(len(quarter)), baseline)])
    )
    for rows, stated in pairs:
        whose = f", {agencies[rows[0]]}" if isinstance(baseline, Mapping) else ""
        chosen, faults = _chosen(stated, quarter[rows])
        if not faults:
            there = np.isin(quarter[rows], chosen)
            if len(np.unique(quarter[rows][there])) < FEWEST:
                faults = ["one quarter is no baseline: nothing tells how far quarters vary"]
            elif len(np.unique(quarter[rows][there & kept[rows]])) < FEWEST:
                faults = ["of its quarters fewer than two are left: the others are left out"]
        if faults:
            raise ValuesError(
                f"the baseline cannot be used: {len(faults)} fault{'s' * (len(faults) > 1)}",
                where=f"baseline={whose} " + "\n         ".join(faults),
                mend=BASELINE,
            )
        yield rows, chosen


def _chosen(stated: object, quarter: np.ndarray) -> tuple[np.ndarray, Faults]:
    """Return the ordinals of the quarters that a baseline names, or what is wrong with them."""
    if isinstance(stated, slice):
        stated = (stated.start, stated.stop)
    several = isinstance(stated, Iterable) and not isinstance(stated, str | Mapping)
    names = list(stated) if several else [stated]  # type: ignore[call-overload]
    read = [_quarter(name) for name in names]
    faults = [f"{name!r}: {fault}" for name, (_, fault) in zip(names, read, strict=True) if fault]
    if faults or not names:
        return np.zeros(0, dtype="int64"), faults or ["it names no quarter"]
    at = np.array([ordinal for ordinal, _ in read], dtype="int64")
    between = isinstance(stated, tuple) and len(names) == FEWEST
    if between and at[0] > at[1]:
        return at, [f"{names[0]!r} is after {names[1]!r}"]
    return np.arange(at[0], at[1] + 1) if between else at, _lacking(at, quarter)


def _lacking(at: np.ndarray, quarter: np.ndarray) -> Faults:
    absent = (pd.Period(ordinal=int(one), freq="Q-DEC") for one in at if one not in quarter)
    return [f"{period}: there are no values of it" for period in absent]
