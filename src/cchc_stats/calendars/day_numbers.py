"""Days as given (a date, a text, an array, a Series) turned into day numbers, and back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from cchc_stats.words import CchcError

Day = dt.date | pd.Timestamp | np.datetime64 | str
Days = Day | Sequence[Any] | np.ndarray | pd.Series | pd.Index | None

_MEND = "give dates, time stamps without a zone, or texts like 2020-06-15"


@dataclass(frozen=True)
class DayNumbers:
    """Days since 1/1/1970, one or many.

    `missing` is None where no day is missing; a missing day's number means nothing. `instants` are
    the days with their time, where there is one. `index` is that of a Series.
    """

    numbers: np.ndarray
    missing: np.ndarray | None
    instants: np.ndarray
    index: pd.Index | None
    scalar: bool

    def like(self, values: np.ndarray, dtype: str) -> Any:
        """Return values in the shape of what was given: a scalar, a Series or an array."""
        if self.scalar:
            return pd.NA if self.missing is not None and self.missing[0] else values[0].item()
        missing = np.zeros(len(values), dtype=bool) if self.missing is None else self.missing
        kinds = {"Int64": pd.arrays.IntegerArray, "boolean": pd.arrays.BooleanArray}
        array = kinds[dtype](values, missing)
        return array if self.index is None else pd.Series(array, index=self.index, copy=False)


def day_numbers(days: Days, where: str) -> DayNumbers:
    """Return days as numbers.

    Parameters
    ----------
    days : a day, or many; None, NaT and <NA> are missing.
    where : what the error calls them.

    Raises
    ------
    CchcError
        Something that is no day, or an instant with a zone.
    """
    index = days.index if isinstance(days, pd.Series) else None
    scalar = _is_scalar(days)
    instants = _instants([days] if scalar else days, where)
    if instants.ndim != 1:
        raise CchcError("days lie in one row", where=where, mend="give one column of days")
    dated = instants.astype("datetime64[D]")
    unknown = np.isnat(dated)
    missing = unknown if unknown.any() else None
    return DayNumbers(dated.view("int64"), missing, instants, index, scalar)


def paired(one: DayNumbers, other: DayNumbers, where: str) -> tuple[DayNumbers, DayNumbers]:
    """Return two lots of days, row by row: one day is paired with each of the other.

    Raises
    ------
    CchcError
        They are not of one length, or are Series of different indexes.
    """
    if one.scalar != other.scalar:
        many = other if one.scalar else one
        one, other = (_repeated(days, many) if days.scalar else days for days in (one, other))
    if len(one.numbers) != len(other.numbers):
        raise CchcError(
            f"{len(one.numbers)} and {len(other.numbers)} days cannot be paired",
            where=where,
            mend="give as many of the one as of the other, or a single day",
        )
    if one.index is not None and other.index is not None and not one.index.equals(other.index):
        raise CchcError(
            "two Series with different indexes cannot be paired row by row",
            where=where,
            mend="take both from one frame, or reindex one like the other",
        )
    return one, other


def day_of(day: Any) -> dt.date | None:
    """Return a day as a date, None where it is none."""
    if isinstance(day, str):
        try:
            return dt.date.fromisoformat(day.strip())
        except ValueError:
            return None
    if isinstance(day, np.datetime64):
        day = pd.Timestamp(day)
    if not isinstance(day, dt.date) or pd.isna(day):
        return None
    return day.date() if isinstance(day, dt.datetime) else day


def _is_scalar(days: object) -> bool:
    return (
        days is None
        or isinstance(days, str | dt.date | np.datetime64)
        or pd.api.types.is_scalar(days)
    )


def _repeated(one: DayNumbers, many: DayNumbers) -> DayNumbers:
    size = len(many.numbers)
    missing = None if one.missing is None else np.full(size, True)
    numbers, instants = np.repeat(one.numbers, size), np.repeat(one.instants, size)
    return DayNumbers(numbers, missing, instants, many.index, scalar=False)


def _instants(days: Any, where: str) -> np.ndarray:
    """Return time stamps in microseconds or whatever unit they came in."""
    kind = getattr(days, "dtype", None)
    if isinstance(kind, pd.DatetimeTZDtype):
        raise CchcError(
            "an instant with a time zone has no day of its own",
            where=where,
            mend='take the local time: .dt.tz_convert("Asia/Ho_Chi_Minh").dt.tz_localize(None)',
        )
    if isinstance(kind, np.dtype) and kind.kind == "M":
        return days if isinstance(days, np.ndarray) else days.to_numpy()
    cells = list(days)
    read = [_instant(cell) for cell in cells]
    strange = [
        f"row {number}: {cell!r}"
        for number, (cell, instant) in enumerate(zip(cells, read, strict=True))
        if instant is None
    ]
    if strange:
        more = f" … ({len(strange)} in all)" if len(strange) > 3 else ""
        raise CchcError(
            "what is given is no day", where=f"{where} {'; '.join(strange[:3])}{more}", mend=_MEND
        )
    return np.array(read, dtype="datetime64[us]")


def _instant(cell: Any) -> dt.datetime | dt.date | str | None:
    """Return what numpy takes for an instant, None for what is none."""
    if cell is None or cell is pd.NA or cell is pd.NaT:
        return "NaT"
    if isinstance(cell, float) and np.isnan(cell):
        return "NaT"
    if isinstance(cell, np.datetime64):
        return "NaT" if np.isnat(cell) else pd.Timestamp(cell).to_pydatetime(warn=False)
    if isinstance(cell, str):
        try:
            cell = dt.datetime.fromisoformat(cell.strip())
        except ValueError:
            return None
    if isinstance(cell, pd.Timestamp):
        cell = cell.to_pydatetime(warn=False)
    if not isinstance(cell, dt.date) or getattr(cell, "tzinfo", None) is not None:
        return None
    return cell
