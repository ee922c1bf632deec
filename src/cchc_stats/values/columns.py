"""The columns of a values frame, and each one typed: what it becomes, and which rows it refuses."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from numbers import Real
from typing import Self

import numpy as np
import pandas as pd

from cchc_stats.words import (
    BASES,
    IN_PERIOD,
    QUARTERS,
    YEARS,
    PeriodError,
    as_figures,
    basis_of_texts,
    require_quarters,
)

KEY = ("agency", "period", "basis", "indicator", "group", "origin")
TEXTS = ("agency", "basis", "indicator", "group", "unit", "status", "origin", "source", "note")
NUMBERS = ("numerator", "denominator", "value")
WINDOWS = ("window_start", "window_end")
COLUMNS = (
    "agency",
    "period",
    "basis",
    "indicator",
    "group",
    "numerator",
    "denominator",
    "value",
    "unit",
    "status",
    "origin",
    "window_start",
    "window_end",
    "source",
    "note",
)
STATUSES = ("reported", "not_applicable", "not_reported", "undefined", "implausible")
ORIGINS = ("reported", "computed", "tallied", "claimed")
TYPES: dict[str, str] = (
    dict.fromkeys(TEXTS, "str")
    | dict.fromkeys(NUMBERS, "Float64")
    | dict.fromkeys(WINDOWS, "datetime64[us]")
    | {"period": QUARTERS}
)
DEFAULTS = {"basis": IN_PERIOD, "group": "all", "origin": "reported"}
VOCABULARIES = {"basis": BASES, "status": STATUSES, "origin": ORIGINS}

CODED = ("agency", "basis", "indicator", "group", "status", "origin")

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?)?")

Faults = list[str]


@dataclass(frozen=True, eq=False)
class Coded:
    """A column of texts with a code for each distinct one: few are looked at for many."""

    cells: pd.Series
    codes: np.ndarray
    distinct: pd.Index

    @classmethod
    def of(cls, column: pd.Series) -> Self:
        """Return a column as str, "" where it is missing, with its codes from 0."""
        typed = column if column.dtype == "str" else column.astype("str")
        codes, distinct = _factorized(typed)
        if codes.min(initial=0) < 0:
            typed = typed.fillna("")
            codes, distinct = _factorized(typed)
        return cls(typed, codes, distinct)

    @classmethod
    def alike(cls, text: str, index: pd.Index) -> Self:
        """Return a column of one text, which need not be looked at row by row."""
        codes = np.zeros(len(index), dtype="int64")
        return cls(_repeated(text, index), codes, pd.Index([text], dtype="str"))

    def rows(self, chosen: Iterable[bool]) -> np.ndarray:
        """Return the mask of the rows whose text is chosen among the distinct ones."""
        those = np.array([*chosen], dtype=bool)
        mask: np.ndarray = those[self.codes] if those.any() else np.zeros(len(self.codes), bool)
        return mask

    @property
    def blank(self) -> np.ndarray:
        """The mask of the rows without a text."""
        return self.rows(not text.strip() for text in self.distinct.tolist())

    def filled(self, default: Coded) -> Coded:
        """Return the column with another's texts where it is blank."""
        blank = [not text.strip() for text in self.distinct.tolist()]
        if not any(blank):
            return self
        return default if all(blank) else Coded.of(self.cells.mask(self.rows(blank), default.cells))


def _factorized(texts: pd.Series) -> tuple[np.ndarray, pd.Index]:
    """Return a code for each text, -1 where it is missing, and the distinct ones."""
    starts = run_starts(texts.to_numpy(object))
    codes, distinct = pd.factorize(texts.iloc[starts])
    return np.repeat(codes, np.diff(np.append(starts, len(texts)))), distinct


def run_starts(texts: np.ndarray) -> np.ndarray:
    """Return the rows where a text begins that is not the one of the row above.

    Texts that are alike mostly stand together: what is done for each of them is done once.

    Examples
    --------
    >>> run_starts(np.array(["a", "a", "b", "a"], dtype=object)).tolist()
    [0, 2, 3]
    """
    # By their places in memory first: alike they are mostly one object.
    places = np.frombuffer(np.ascontiguousarray(texts, dtype=object), dtype=np.intp)
    others = np.flatnonzero(places[1:] != places[:-1]) + 1
    return np.append(0, others[texts[others] != texts[others - 1]])[: len(texts)]


def _repeated(text: str, index: pd.Index) -> pd.Series:
    return pd.Series(pd.array([text], dtype="str").repeat(len(index)), index=index, copy=False)


def missing_columns(values: pd.DataFrame) -> Faults:
    """Return what a frame lacks to be completed, and the columns it has twice."""
    faults = [
        f"column {name} is missing"
        for name in ("agency", "period", "indicator")
        if name not in values
    ]
    if "value" not in values and not {"numerator", "denominator"} <= set(values.columns):
        faults.append("neither column value nor columns numerator and denominator are there")
    doubled = values.columns[values.columns.duplicated()].unique()
    return faults + [f"column {name} stands more than once" for name in doubled]


def typed_columns(
    table: pd.DataFrame, faults: Faults
) -> tuple[dict[str, pd.Series], dict[str, np.ndarray]]:
    """Return the columns of a values frame, typed and filled in, as far as they can be.

    A column that is not there and has no default, or that cannot be typed, is left out; the faults
    get a line for each thing that is wrong.

    Returns
    -------
    The columns, and for those of the key a code per distinct cell.
    """
    columns = _plain_columns(table, faults)
    if columns["value"].isna().any():
        columns |= _quotients(columns, table)
    else:
        columns["unit"] = _texts(table.get("unit"), table.index)
    coded = _coded_columns(table, columns, faults)
    columns |= {name: column.cells for name, column in coded.items()}
    faults += _wrong_cells(columns, coded)
    codes = {name: coded[name].codes for name in KEY if name in coded}
    if "period" in columns:
        codes["period"] = pd.factorize(columns["period"])[0]
    return columns, codes


def _plain_columns(table: pd.DataFrame, faults: Faults) -> dict[str, pd.Series]:
    """Return quarters, figures, days and free texts, typed."""
    columns: dict[str, pd.Series] = {}
    if "period" in table:
        try:
            columns["period"] = require_quarters(table["period"], where="column period")
        except PeriodError as error:
            faults.append(f"{error.where}: {error.what}; {error.mend}")
    for kind, names in ((_numbers, NUMBERS), (_days, WINDOWS)):
        for name in names:
            columns[name], strange, reason = kind(table.get(name), table.index)
            if strange.any():
                cell = _first(table[name], strange)
                faults.append(f"column {name}: {cell!r} in {in_rows(strange)} {reason}")
    return columns | {name: _texts(table.get(name), table.index) for name in ("source", "note")}


def _coded_columns(
    table: pd.DataFrame, columns: dict[str, pd.Series], faults: Faults
) -> dict[str, Coded]:
    """Return the columns of codes and names, filled in where they are blank."""
    there = [name for name in CODED if name in table]
    coded = {name: Coded.of(table[name]) for name in there}
    faults += [
        f"column {name}: {_first(table[name], strange)!r} in {in_rows(strange)} is no text"
        for name in there
        if (strange := _no_texts(table[name])).any()
    ]
    of_periods = _basis(table, coded.get("basis"), "period" in columns, faults)
    states = _states(columns)
    coded["status"] = coded["status"].filled(states) if "status" in coded else states
    for name, text in DEFAULTS.items():
        stated = of_periods if name == "basis" else coded.get(name)
        usual = Coded.alike(text, table.index)
        coded[name] = stated.filled(usual) if stated else usual
    return coded


def _numbers(column: pd.Series | None, index: pd.Index) -> tuple[pd.Series, np.ndarray, str]:
    """Return a column as Float64, the mask of the cells that are no numbers, and what to say."""
    reason = "is no number: read texts with parse_number first"
    strange = np.zeros(len(index), dtype=bool)
    if column is None:
        return pd.Series(pd.NA, index=index, dtype="Float64"), strange, reason
    if column.dtype.kind not in "iuf":
        missing = column.isna().to_numpy()
        # A text such as "1.234" has two readings, and True is no figure.
        accepted = [
            isinstance(cell, Real | Decimal) and not isinstance(cell, bool | np.bool_)
            for cell in column
        ]
        strange = ~missing & ~np.array(accepted)
        column = column.astype(object).mask(missing | strange, np.nan)
    figures = column.to_numpy("float64", na_value=np.nan)
    empty = np.isnan(figures)
    if column.dtype != "Float64" or (empty != column.isna().to_numpy()).any():
        column = pd.Series(pd.arrays.FloatingArray(figures, empty), index=index)
    return column, strange, reason


def _days(column: pd.Series | None, index: pd.Index) -> tuple[pd.Series, np.ndarray, str]:
    """Return a column as datetime64[us], the mask of the cells that are no dates, what to say."""
    reason = "is no date: give dates, or texts such as 2020-06-15"
    nothing = np.zeros(len(index), dtype=bool)
    if column is None:
        never = np.full(len(index), "NaT", dtype="datetime64[us]")
        return pd.Series(never, index=index, copy=False), nothing, reason
    if pd.api.types.is_datetime64_dtype(column.dtype):
        return column.astype("datetime64[us]"), nothing, reason
    given = column.astype(object)
    given = given.where(given.notna() & (given != ""), None)
    # A number would be taken for microseconds; a time zone could move the day.
    accepted = given.isna() | given.map(_is_day)
    read = pd.to_datetime(given.where(accepted, None), errors="coerce", format="ISO8601")
    strange = (~accepted | (read.isna() & given.notna())).to_numpy(dtype=bool)
    return read.astype("datetime64[us]"), strange, reason


def _is_day(cell: object) -> bool:
    if isinstance(cell, str):
        return _ISO.fullmatch(cell.strip()) is not None
    return isinstance(cell, dt.date) and getattr(cell, "tzinfo", None) is None


def _no_texts(column: pd.Series) -> np.ndarray:
    """Return the mask of the cells that are neither texts nor missing."""
    if column.dtype == "str":
        return np.zeros(len(column), dtype=bool)
    cells = column.astype(object)
    return (cells.notna() & ~cells.map(lambda cell: isinstance(cell, str))).to_numpy(dtype=bool)


def _texts(column: pd.Series | None, index: pd.Index) -> pd.Series:
    """Return a column as str, "" where it is missing."""
    if column is None:
        return _repeated("", index)
    typed = column if column.dtype == "str" else column.astype("str")
    return typed.fillna("") if typed.isna().any() else typed


def _quotients(columns: dict[str, pd.Series], table: pd.DataFrame) -> dict[str, pd.Series]:
    """Return value and unit, those of figures given as numerator and denominator alone filled in.

    Among values a row whose status is stated is left as it is: its value is missing for a reason.
    """
    top, bottom, value = (columns[name].to_numpy("float64", na_value=np.nan) for name in NUMBERS)
    alone, index = np.isnan(value), table.index
    if "value" in table:
        stated = _texts(table.get("status"), index) != ""
        alone &= ~np.isnan(top) & (bottom > 0) & ~stated.to_numpy()
    scale: float | np.ndarray = 100.0
    if "unit" in table or not alone.all():
        unit = _texts(table.get("unit"), index)
        unit = unit.mask(alone & (unit == "").to_numpy(), "percent").astype("str")
        scale = np.where(unit == "percent", 100.0, 1.0)
    else:
        unit = _repeated("percent", index)
    with np.errstate(over="ignore", invalid="ignore"):
        quotient = scale * top
        quotient /= np.where(bottom == 0, np.nan, bottom)
    np.copyto(quotient, value, where=~alone)
    return {"unit": unit, "value": pd.Series(as_figures(quotient), index=index, copy=False)}


def _states(columns: dict[str, pd.Series]) -> Coded:
    """Return the status of figures for which none is stated."""
    missing = columns["value"].isna()
    if not missing.any():
        return Coded.alike("reported", missing.index)
    zero = (columns["denominator"] == 0).fillna(False).astype(bool)
    state = pd.Series("reported", index=missing.index, dtype="str")
    return Coded.of(state.mask(missing, "not_reported").mask(missing & zero, "undefined"))


def _basis(
    table: pd.DataFrame, stated: Coded | None, readable: bool, faults: Faults
) -> Coded | None:
    """Return the basis as stated, else as the period's text tells it."""
    if not readable or isinstance(table["period"].dtype, pd.PeriodDtype):
        return stated
    of_text = basis_of_texts(table["period"], otherwise=IN_PERIOD)
    if stated is None:
        return Coded.of(of_text)
    # A stock at the end of "9 tháng đầu năm" is one; nine months are no quarter.
    against = ((stated.cells == IN_PERIOD) & (of_text != IN_PERIOD)).to_numpy()
    if against.any():
        period = _first(table["period"], against)
        faults.append(
            f"column basis: {IN_PERIOD} in {in_rows(against)}, but the period {period!r} tells "
            f"{_first(of_text, against)}"
        )
    return stated.filled(Coded.of(of_text))


def _wrong_cells(columns: dict[str, pd.Series], coded: dict[str, Coded]) -> Faults:
    """Return what the cells of typed columns break: empty keys, vocabularies, infinite numbers."""
    keys = [name for name in ("agency", "indicator") if name in coded]
    empty: dict[str, np.ndarray] = {name: coded[name].blank for name in keys}
    if "period" in columns:
        empty["period"] = columns["period"].isna().to_numpy()
    faults = [
        f"column {name} is empty in {in_rows(rows)}" for name, rows in empty.items() if rows.any()
    ]
    for name, allowed in VOCABULARIES.items():
        strange = coded[name].rows(text not in allowed for text in coded[name].distinct)
        if strange.any():
            cell = _first(coded[name].cells, strange)
            words = ", ".join(allowed)
            faults.append(f"column {name}: {cell!r} in {in_rows(strange)} is none of {words}")
    if "period" in columns:
        quarters = pd.PeriodIndex(columns["period"]).asi8  # counted from 1970Q1
        outside = (quarters < 4 * (YEARS[0] - 1970)) | (quarters >= 4 * (YEARS[-1] - 1969))
        slips = outside & ~empty["period"]
        if slips.any():
            quarter, span = _first(columns["period"], slips), f"{YEARS[0]}-{YEARS[-1]}"
            faults.append(f"column period: {quarter} in {in_rows(slips)} is outside {span}")
    for name in NUMBERS:
        infinite = np.isinf(columns[name].to_numpy("float64", na_value=0.0))
        if infinite.any():
            faults.append(f"column {name} is infinite in {in_rows(infinite)}")
    return faults


def in_rows(mask: np.ndarray) -> str:
    """Return where a mask is True, in words, rows counted from 1.

    Examples
    --------
    >>> in_rows(np.array([True, False, True]))
    'rows 1, 3'
    """
    numbers = np.flatnonzero(mask) + 1
    shown = ", ".join(str(number) for number in numbers[:5])
    more = f" and {len(numbers) - 5} more" if len(numbers) > 5 else ""
    return f"row{'s' if len(numbers) > 1 else ''} {shown}{more}"


def _first(column: pd.Series, mask: np.ndarray) -> object:
    cell = column.iloc[int(np.argmax(mask))]
    return cell.item() if isinstance(cell, np.generic) else cell
