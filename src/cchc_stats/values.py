"""The values frame: one figure per row, with what it is, of whom, of when, and where it is from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from cchc_stats.errors import PeriodError, ReadError, ValuesError
from cchc_stats.periods import BASES, require_quarters, told_basis
from cchc_stats.windows import Window

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
STATUSES = ("reported", "not_applicable", "not_reported", "undefined")
ORIGINS = ("reported", "computed", "tallied", "claimed")
TYPES: dict[str, str] = (
    dict.fromkeys(TEXTS, "str")
    | dict.fromkeys(NUMBERS, "Float64")
    | dict.fromkeys(WINDOWS, "datetime64[us]")
    | {"period": "period[Q-DEC]"}
)
DEFAULTS = {"basis": "in_period", "group": "all", "unit": "", "origin": "reported"}


def complete_values(values: pd.DataFrame) -> pd.DataFrame:
    """Return a values frame with all its columns, typed, each figure named once.

    Parameters
    ----------
    values : frame with at least `agency, period, indicator` and `value`, or `numerator` and
        `denominator` (then the value is their percentage, unit `percent`). Periods are quarters or
        texts such as "2020Q3".

    Returns
    -------
    New frame with `COLUMNS` first, further columns after them, index 0…n-1. What is not there is
    filled in: basis `in_period`, or what the period's text tells ("9 tháng đầu năm"), group `all`, origin `reported`, no unit, source or note, windows
    missing; `status` is `reported` where there is a value, `undefined` where the denominator is 0,
    else `not_reported`. Missing numbers are <NA>, missing texts "".

    Raises
    ------
    ValuesError
        A missing column, a duplicated or missing key, a text, a month or an infinite number, an
        unknown basis, status or origin; all of them at once.

    Examples
    --------
    >>> own = pd.DataFrame({"agency": ["Sở A"], "period": ["2020Q3"], "indicator": ["my_rate"],
    ...                     "numerator": [3], "denominator": [4]})
    >>> complete_values(own)[["basis", "group", "value", "unit", "status"]].values.tolist()
    [['in_period', 'all', 75.0, 'percent', 'reported']]
    """
    if not isinstance(values, pd.DataFrame) or values.empty:
        raise ValuesError("there are no values", where="values", mend="measure a report first")
    faults = _missing_columns(values)
    if faults:
        raise _refusal(faults)
    table = values.reset_index(drop=True)
    if all(table.dtypes.get(name) == kind for name, kind in TYPES.items()):
        completed = table
    else:
        completed = _filled(table, faults)
    if not faults:
        faults += _wrong_cells(completed)
    if faults:
        raise _refusal(faults)
    others = [name for name in completed.columns if name not in COLUMNS]
    return completed[[*COLUMNS, *others]]


def _missing_columns(values: pd.DataFrame) -> list[str]:
    missing = [name for name in ("agency", "period", "indicator") if name not in values]
    faults = [f"column {name} is missing" for name in missing]
    if "value" not in values and not {"numerator", "denominator"} <= set(values.columns):
        faults.append("neither column value nor columns numerator and denominator are there")
    doubled = values.columns[values.columns.duplicated()].unique()
    return faults + [f"column {name} stands more than once" for name in doubled]


def _refusal(faults: Sequence[str]) -> ValuesError:
    return ValuesError(
        f"values cannot be used: {len(faults)} fault{'s' if len(faults) > 1 else ''}",
        where="\n         ".join(faults),
        mend="correct the frame; its columns are described in complete_values()",
    )


def _filled(table: pd.DataFrame, faults: list[str]) -> pd.DataFrame:
    """Return the table with every column there and typed; what cannot be typed is a fault."""
    columns: dict[str, pd.Series] = {}
    try:
        columns["period"] = require_quarters(table["period"], where="column period")
    except PeriodError as error:
        faults.append(str(error).replace("\n", ";"))
    for name in NUMBERS:
        given = table[name] if name in table else pd.Series(pd.NA, index=table.index)
        if given.dtype == object or given.dtype == "str":
            given = given.where(given.notna(), pd.NA).astype(object)
        try:
            columns[name] = given.astype("Float64")
        except (TypeError, ValueError):
            faults.append(f"column {name} has a cell that is no number: use parse_number first")
    for name in WINDOWS:
        given = table[name] if name in table else pd.Series(pd.NaT, index=table.index)
        columns[name] = pd.to_datetime(given).astype("datetime64[us]")
    if faults:
        return table
    missing = columns["value"].isna()
    derived = "unit" not in table and "value" not in table
    if derived:
        whole = columns["denominator"].mask(columns["denominator"] == 0)
        columns["value"] = 100 * columns["numerator"] / whole
        missing = columns["value"].isna()
    state = pd.Series("reported", index=table.index, dtype="str").mask(missing, "not_reported")
    zero = (columns["denominator"] == 0).fillna(False).astype(bool)
    defaults: dict[str, object] = DEFAULTS | {"status": state.mask(missing & zero, "undefined")}
    if derived:
        defaults["unit"] = "percent"
    if "basis" not in table and not isinstance(table["period"].dtype, pd.PeriodDtype):
        columns["basis"] = told_basis(table["period"], otherwise=DEFAULTS["basis"])
    for name in [name for name in TEXTS if name not in columns]:
        texts = table[name] if name in table else pd.Series("", index=table.index)
        texts = texts.astype("str").fillna("")
        if name in defaults:
            texts = texts.mask(texts == "", defaults[name])
        columns[name] = texts.astype("str")
    others = {name: table[name] for name in table.columns if name not in columns}
    return pd.DataFrame({name: columns[name] for name in COLUMNS} | others)


def _wrong_cells(table: pd.DataFrame) -> list[str]:
    """Return what the cells of a typed frame break: keys, vocabularies, infinite numbers."""
    faults = []
    for name in ("agency", "period", "indicator"):
        empty = table[name].isna() | (table[name].astype("str") == "") if name != "period" else (
            table[name].isna()
        )
        if empty.any():
            faults.append(f"column {name} is empty in {_rows(empty)}")
    for name, allowed in (("basis", BASES), ("status", STATUSES), ("origin", ORIGINS)):
        codes, distinct = pd.factorize(table[name])
        strange = [text for text in distinct if text not in allowed]
        if strange:
            rows = pd.Series(np.isin(codes, [list(distinct).index(text) for text in strange]))
            faults.append(
                f"column {name}: {strange[0]!r} in {_rows(rows)} is none of {', '.join(allowed)}"
            )
    for name in NUMBERS:
        if not np.isfinite(table[name].to_numpy("float64", na_value=0.0)).all():
            faults.append(f"column {name} is infinite in some row")
    same = pd.Series(key_codes(table, KEY)).duplicated(keep=False)
    if same.any():
        faults.append(f"{_rows(same)} have the same {', '.join(KEY)}")
    return faults


def _rows(mask: pd.Series) -> str:
    """Return "row 1" or "rows 1, 4, 5 and 7 more", counted from 1."""
    numbers = np.flatnonzero(mask.to_numpy()) + 1
    shown = ", ".join(str(number) for number in numbers[:5])
    more = f" and {len(numbers) - 5} more" if len(numbers) > 5 else ""
    return f"row{'s' if len(numbers) > 1 else ''} {shown}{more}"


def key_codes(values: pd.DataFrame, key: Sequence[str]) -> np.ndarray:
    """Return one whole number per row, the same for rows with the same key.

    Examples
    --------
    >>> key_codes(pd.DataFrame({"agency": ["A", "B", "A"]}), ["agency"]).tolist()
    [0, 1, 0]
    """
    together = np.zeros(len(values), dtype="int64")
    for name in key:
        codes = pd.factorize(values[name])[0] + 1
        # Dense at each step, so that the product cannot leave int64.
        together = pd.factorize(together * (int(codes.max(initial=0)) + 1) + codes)[0]
    return together


def window_columns(periods: pd.Series, basis: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Return first and last day of each row's window as Decree 09/2019/NĐ-CP art. 12 sets it.

    The decree's windows are taken where a report states none; a stock's is its last day alone.
    """
    pairs, distinct = pd.factorize(pd.MultiIndex.from_arrays([periods, basis]))
    windows = [Window.of(period, kind) for period, kind in distinct]
    starts = np.array([window.start for window in windows], dtype="datetime64[us]")
    ends = np.array([window.end for window in windows], dtype="datetime64[us]")
    return starts[pairs], ends[pairs]


def write_values(values: pd.DataFrame, path: str | Path) -> Path:
    """Write a values frame as CSV (UTF-8; compressed where the name ends in .gz) and return the path.

    Examples
    --------
    >>> import tempfile
    >>> own = pd.DataFrame({"agency": ["Sở A"], "period": ["2020Q3"], "indicator": ["n"], "value": [2]})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = write_values(own, Path(folder) / "values.csv")
    ...     read_values(path).equals(complete_values(own))
    True
    """
    path = Path(path)
    complete_values(values).to_csv(path, index=False, encoding="utf-8")
    return path


def read_values(path: str | Path) -> pd.DataFrame:
    """Return the values frame that `write_values` wrote: types, periods and absences survive.

    Raises
    ------
    ReadError
        No such file, or no CSV.
    ValuesError
        The file is not a values frame.
    """
    path = Path(path)
    texts = dict.fromkeys([*TEXTS, "period"], "str") | dict.fromkeys(NUMBERS, "Float64")
    try:
        table = pd.read_csv(
            path,
            dtype=texts,
            keep_default_na=False,
            na_values=dict.fromkeys([*NUMBERS, *WINDOWS], [""]),
            encoding="utf-8",
        )
    except (OSError, ValueError) as error:
        raise ReadError(
            f"the values cannot be read: {error}",
            where=str(path),
            mend="give a CSV file that write_values() wrote",
        ) from error
    return complete_values(table)
