"""The values frame: one figure per row, with what it is, of whom, of when, and where it is from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd

from cchc_stats.values.columns import (
    COLUMNS,
    KEY,
    ORIGINS,
    STATUSES,
    TYPES,
    WINDOWS,
    in_rows,
    missing_columns,
    typed_columns,
)
from cchc_stats.words import (
    AS_OF,
    ValuesError,
    Window,
)

__all__ = [
    "CheckedValues",
    "COLUMNS",
    "KEY",
    "ORIGINS",
    "STATUSES",
    "TYPES",
    "combined_codes",
    "complete_values",
    "key_codes",
    "QUARTERS_OF",
    "days_of",
    "refuse_two_quarters",
    "two_quarters",
    "window_columns",
    "window_kinds",
]

Codes = dict[str, np.ndarray]
# Whose quarter a window may be; any other days are stated ones.
QUARTERS_OF = ("decree", "calendar")

_ROUNDING = 0.5  # percent
_FEW_TIMES = 8  # so many codes a row are counted faster than rows are hashed


def complete_values(values: pd.DataFrame) -> pd.DataFrame:
    """Return a values frame with all its columns, typed, each figure named once.

    Parameters
    ----------
    values : frame with at least `agency, period, indicator` and `value`, or `numerator` and
        `denominator` (then the value is their percentage, or their quotient where `unit` names
        another unit). Periods are quarters or texts such as "2020Q3"; figures are numbers.

    Returns
    -------
    New frame with `COLUMNS` first, further columns after them, index 0…n-1. What is not there, or
    is blank, is filled in: basis `in_period`, or what the period's text tells ("9 tháng đầu năm");
    group `all`; origin `reported`; no unit, source or note; windows missing; `status` is `reported`
    where there is a value, `undefined` where the denominator is 0, else `not_reported`; a
    share that cannot be is `implausible` where `measure` says so. A
    row without value and status among rows with values takes it from its counts. Missing
    numbers are <NA>, missing texts "". A numerator above its denominator is let through: turns per
    person and the like are ratios too. A value that is given beside both is kept as it is, rounded
    as it may be.

    Raises
    ------
    ValuesError
        No frame or no rows; a missing column; a missing or duplicated key; a month, a text in a
        figure, an infinite number; an unknown basis, status or origin, or a basis that the
        period's text contradicts; a percentage, unless claimed, that is more than 0.5 away from
        the numerator and denominator beside it. All faults of a frame come at once.

    Examples
    --------
    >>> own = pd.DataFrame({"agency": ["Sở A"], "period": ["2020Q3"], "indicator": ["my_rate"],
    ...                     "numerator": [3], "denominator": [4]})
    >>> complete_values(own)[["basis", "group", "value", "unit", "status"]].values.tolist()
    [['in_period', 'all', 75.0, 'percent', 'reported']]
    """
    return CheckedValues.of(values).frame


@dataclass(frozen=True, eq=False)
class CheckedValues:
    """Values that went through the door, as rooms hand them on: nothing is looked at twice.

    Attributes
    ----------
    frame : complete, see `complete_values`; index 0…n-1.
    codes : for each column of `KEY` a code per distinct cell, a by-product of looking for
        keys that stand twice: who matches rows by key takes them rather than finding them again.
    """

    frame: pd.DataFrame
    codes: Codes

    @classmethod
    def of(cls, values: pd.DataFrame) -> Self:
        """Return values completed and checked, as `complete_values` does."""
        return cls(*_checked(values))

    @classmethod
    def made(cls, frame: pd.DataFrame) -> Self:
        """Return complete values that the library has made of checked ones."""
        frame = frame.reset_index(drop=True)
        return cls(frame, {name: pd.factorize(frame[name])[0] for name in KEY})

    def numbers(self, names: Iterable[str]) -> np.ndarray:
        """Return for each row a code, from 0, the same where columns of the key agree."""
        numbers: np.ndarray = pd.factorize(combined_codes(self.codes[name] for name in names))[0]
        return numbers


def _checked(values: pd.DataFrame) -> tuple[pd.DataFrame, Codes]:
    if not isinstance(values, pd.DataFrame):
        raise ValuesError(
            f"values are a DataFrame, not a {type(values).__name__}",
            where="values",
            mend="measure a report, or read_values() a file",
        )
    if values.empty:
        raise ValuesError("there are no values", where="values", mend="measure a report first")
    faults = missing_columns(values)
    table = values.loc[:, ~values.columns.duplicated()].reset_index(drop=True)
    columns, codes = typed_columns(table, faults)
    faults += _contradictions(columns) if "value" in table else []
    if len(codes) == len(KEY):
        same = repeated_codes(combined_codes(codes.values()))
        if same.any():
            cells = ", ".join(str(columns[name].iloc[int(np.argmax(same))]) for name in KEY)
            faults.append(f"{in_rows(same)} have the same {', '.join(KEY)}, the first: {cells}")
    if faults:
        raise ValuesError(
            f"values cannot be used: {len(faults)} fault{'s' if len(faults) > 1 else ''}",
            where="\n         ".join(faults),
            mend="correct the frame; its columns are described in complete_values()",
        )
    others = {name: table[name] for name in table.columns if name not in COLUMNS}
    return pd.DataFrame({name: columns[name] for name in COLUMNS} | others, copy=False), codes


def _contradictions(columns: dict[str, pd.Series]) -> list[str]:
    """Return which percentages are not those of the numerator and denominator beside them.

    Printed ones are rounded, to whole percent at the coarsest. A mean of percentages is the
    quotient itself, recognised by its numerator above its denominator or by having been computed.
    """
    value, top, bottom = (
        columns[name].to_numpy("float64", na_value=np.nan)
        for name in ("value", "numerator", "denominator")
    )
    with np.errstate(over="ignore", invalid="ignore"):
        quotient = top / np.where(bottom == 0, np.nan, bottom)
        rows = np.flatnonzero(np.abs(value - 100 * quotient) > _ROUNDING)
    # Only the few rows that may be wrong are looked at closer.
    value, quotient = value[rows], quotient[rows]
    unit, origin = (columns[name].iloc[rows].to_numpy(object) for name in ("unit", "origin"))
    may_be_mean = (np.abs(quotient) > 1) | (origin == "computed")
    with np.errstate(over="ignore", invalid="ignore"):
        is_mean = may_be_mean & (np.abs(value - quotient) <= _ROUNDING)
    wrong = (unit == "percent") & (origin != "claimed") & ~is_mean
    if not wrong.any():
        return []
    mask = np.zeros(len(columns["value"]), dtype=bool)
    mask[rows[wrong]] = True
    first = int(np.argmax(wrong))
    cells = (value[first], top[rows[first]], bottom[rows[first]], 100 * float(quotient[first]))
    text = "value {:g} beside {:g}/{:g} ({:.4g})".format(*cells)
    return [f"columns value, numerator, denominator: {text} in {in_rows(mask)}"]


def repeated_codes(codes: np.ndarray) -> np.ndarray:
    """Return the mask of the rows whose code another row has too.

    Examples
    --------
    >>> repeated_codes(np.array([1, 0, 1])).tolist()
    [True, False, True]
    """
    if codes.max(initial=0) > _FEW_TIMES * len(codes):
        same: np.ndarray = pd.Series(codes).duplicated(keep=False).to_numpy()
        return same
    repeated: np.ndarray = (np.bincount(codes) > 1)[codes]
    return repeated


def key_codes(values: pd.DataFrame, key: Sequence[str]) -> np.ndarray:
    """Return one code per row, from 0, the same for rows with the same key.

    Examples
    --------
    >>> key_codes(pd.DataFrame({"agency": ["A", "B", "A"]}), ["agency"]).tolist()
    [0, 1, 0]
    """
    codes: np.ndarray = pd.factorize(combined_codes(pd.factorize(values[name])[0] for name in key))[
        0
    ]
    return codes


def combined_codes(codes: Iterable[np.ndarray]) -> np.ndarray:
    """Return one code per row, the same for rows that agree in all columns of codes.

    Examples
    --------
    >>> combined_codes([np.array([0, 0, 1])]).tolist()
    [1, 1, 2]
    """
    together, largest = np.zeros(1, dtype="int64"), 0
    for part in codes:
        least, most = int(part.min(initial=0)), int(part.max(initial=0))
        if least == most and len(together) == len(part):
            continue  # tells no rows apart
        size = most + 2
        if (largest + 1) * size > np.iinfo("int64").max:
            together = pd.factorize(together)[0]
            largest = len(together)
        together = together * size + part + 1  # a missing cell has the code -1
        largest = (largest + 1) * size
    return together


def window_kinds(values: pd.DataFrame) -> np.ndarray:
    """Return whose quarter each row's days are: "decree", "calendar", "stated", "" where unknown.

    Both the decree's quarter (from the 15th to the 14th) and the calendar's are called "quý III".
    A stock is recognised by its last day.

    Examples
    --------
    >>> own = pd.DataFrame({"agency": "Sở A", "period": ["2020Q3"] * 2, "indicator": ["a", "b"],
    ...                     "value": 1, "window_start": ["2020-06-15", "2020-07-01"],
    ...                     "window_end": ["2020-09-14", "2020-09-30"]})
    >>> window_kinds(complete_values(own)).tolist()
    ['decree', 'calendar']
    """
    start, end = (values[name].to_numpy("datetime64[us]") for name in WINDOWS)
    kinds = np.where(np.isnat(end), "", "stated").astype(object)
    if np.isnat(end).all():
        return kinds
    stock = (values["basis"] == AS_OF).to_numpy()
    for kind, of in (("calendar", Window.of_calendar), ("decree", Window.of)):
        first, last = window_columns(values["period"], values["basis"], of=of)
        kinds[(end == last) & ((start == first) | stock)] = kind
    return kinds


def two_quarters(values: pd.DataFrame, joined: Sequence[str]) -> np.ndarray:
    """Return the mask of the rows that stand together with those of the other kind of quarter.

    Parameters
    ----------
    joined : the columns that name what rows are put together in, as a series or a sum.
    """
    kinds, mixed = window_kinds(values), np.zeros(len(values), dtype=bool)
    named = np.isin(kinds, QUARTERS_OF)
    if len({*kinds[named]}) == len(QUARTERS_OF):
        codes = key_codes(values, joined)
        there = [np.bincount(codes[kinds == one], minlength=codes.max() + 1) for one in QUARTERS_OF]
        mixed = named & (np.minimum(*there) > 0)[codes]
    return mixed


def days_of(row: pd.Series) -> str:
    """Return the days of one value's window as people write them."""
    return f"{row['window_start']:%d/%m/%Y}-{row['window_end']:%d/%m/%Y}"


def refuse_two_quarters(
    values: pd.DataFrame, joined: Sequence[str], *, what: str, saying: str = "the rows then say so"
) -> None:
    """Refuse rows of the decree's quarter and of the calendar's in one series or sum.

    Parameters
    ----------
    joined : see `two_quarters`.
    what : what cannot be done with them, "charted together".
    saying : what says so where the caller passes across_windows=True; "" where it cannot.
    """
    mixed = np.flatnonzero(two_quarters(values, joined))
    if len(mixed):
        kinds = window_kinds(values)[mixed]
        rows = [values.iloc[mixed[kinds == kind][0]] for kind in QUARTERS_OF]
        first, other = (f"{row['agency']}, {row['period']} ({days_of(row)})" for row in rows)
        raise ValuesError(
            f"the decree's quarter and the calendar's cannot be {what} unmarked",
            where=f"{len(mixed)} of {len(values)} rows: {rows[0]['indicator']}, {first} and "
            f"{other}",
            mend="keep the values of one kind of quarter"
            + (f", or pass across_windows=True: {saying}" if saying else ""),
        )


def window_columns(
    periods: pd.Series,
    basis: pd.Series,
    *,
    of: Callable[[pd.Period, str], Window] = Window.of,
) -> tuple[np.ndarray, np.ndarray]:
    """Return first and last day of each row's window as Decree 09/2019/NĐ-CP art. 12 sets it.

    The decree's windows are taken where a report states none; a stock's is its last day alone.
    """
    pairs = combined_codes([pd.PeriodIndex(periods).asi8, pd.factorize(basis)[0]])
    first = np.flatnonzero(~pd.Series(pairs).duplicated())
    # Few distinct pairs, in the order in which factorize() numbers them.
    at = pd.factorize(pairs)[0]
    windows = [of(periods.iloc[row], basis.iloc[row]) for row in first]
    starts = np.array([window.start for window in windows], dtype="datetime64[us]")
    ends = np.array([window.end for window in windows], dtype="datetime64[us]")
    return starts[at], ends[at]
