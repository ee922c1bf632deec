"""The columns of a form as they are given: each one typed, and what in it is wrong.

Whole columns at a time, by what the form states of them. pandera's model is made of the same
statement, and takes a minute for what is told here in a second.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from functools import cache, lru_cache
from numbers import Real
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import pandas as pd

from cchc_stats.forms.column import LARGEST, Column, names_total
from cchc_stats.words import QUARTERS, PeriodError, parse_period

# A column's array, of pandas or of NumPy. Forms have many columns of few rows, and to wrap each in
# a Series costs more than to read it.
Cells: TypeAlias = Any
_QUARTER = pd.PeriodDtype("Q-DEC")
FEW = 500  # rows: for so few a loop numbers texts faster than pandas


class Wrong(NamedTuple):
    """A rule that some rows of a column break."""

    rule: str
    rows: np.ndarray
    expected: str = ""


class ReadColumn(NamedTuple):
    """A column as the form has it, or as it came where something is wrong.

    `codes` numbers the distinct values (-1: missing) of texts and quarters, which make up keys;
    `figures` are the values of figures and times, and whether each is there and right.
    """

    cells: Cells
    wrong: list[Wrong]
    codes: np.ndarray | None = None
    figures: tuple[np.ndarray, np.ndarray] | None = None


def cells_of(column: pd.Series) -> Cells:
    """Return a column's cells as the array that holds them."""
    return column.to_numpy() if isinstance(column.dtype, np.dtype) else column.array


def series_of(cells: Cells) -> pd.Series:
    """Return cells as a Series of their type; without it pandas would take objects for texts."""
    column: pd.Series = pd.Series(cells, dtype=cells.dtype, copy=False)
    return column


def read_column(cells: Cells, stated: Column) -> ReadColumn:
    """Return a column typed by its kind in the form, and what in it is wrong."""
    if stated.kind in ("count", "amount"):
        return read_figures(cells, whole=stated.kind == "count")
    if stated.kind == "time":
        return read_times(cells, required=not stated.nullable)
    return read_quarters(cells) if stated.kind == "quarter" else read_texts(cells, stated)


def read_figures(cells: Cells, *, whole: bool) -> ReadColumn:
    """Return figures as Int64 (whole) or Float64."""
    kind = cells.dtype
    if not _is_numeric(kind):
        return _read_objects(series_of(cells), cells, whole=whole)
    wrong: list[Wrong] = []
    known = ~np.asarray(pd.isna(cells))
    # uint64 goes through float: what int64 cannot hold is too large anyway.
    exact = _is_exact(kind)
    held = series_of(cells) if isinstance(kind, np.dtype) else cells
    values = held.to_numpy("int64" if exact else "float64", na_value=0)
    if whole and not exact:
        uneven = np.isfinite(values) & (values != np.floor(values))
        wrong += [Wrong("not_whole", uneven)] if uneven.any() else []
    wrong += beyond(values)
    for _, rows, _ in wrong:
        known = known & ~rows
    typed = cells
    if not wrong and kind != ("Int64" if whole else "Float64"):
        typed = (
            pd.arrays.IntegerArray(values.astype("int64"), ~known)
            if whole
            else pd.arrays.FloatingArray(values.astype("float64"), ~known)
        )
    return ReadColumn(typed, wrong, figures=(values, known))


def beyond(values: np.ndarray) -> list[Wrong]:
    """Return which figures are less than nothing, or more than any office counts."""
    if not len(values) or (values.min() >= 0 and values.max() <= LARGEST):
        return []
    rules = (
        Wrong("negative", values < 0),
        Wrong("too_large", values > LARGEST, f"> {LARGEST:.0e}"),
    )
    return [rule for rule in rules if rule.rows.any()]


@cache
def _is_numeric(kind: Any) -> bool:
    # Kept, because a report has a hundred columns of two types.
    types = pd.api.types
    return not types.is_bool_dtype(kind) and types.is_any_real_numeric_dtype(kind)


@cache
def _is_exact(kind: Any) -> bool:
    return pd.api.types.is_signed_integer_dtype(kind)


def _read_objects(cells: pd.Series, as_given: Cells, *, whole: bool) -> ReadColumn:
    """Return figures that came as objects, one type beside the other."""
    cells = cells.astype(object)
    number = np.fromiter((_is_number(cell) for cell in cells), dtype=bool, count=len(cells))
    text = cells.notna().to_numpy() & ~number
    values = [
        _as_float(cell) if known else np.nan for cell, known in zip(cells, number, strict=True)
    ]
    # The numbers beside a text are judged too: all faults at once.
    typed = read_figures(np.array(values, dtype="float64"), whole=whole)
    wrong = [*([Wrong("text_in_figure", text)] if text.any() else []), *typed.wrong]
    return typed._replace(cells=as_given if wrong else typed.cells, wrong=wrong)


def _is_number(cell: object) -> bool:
    number = isinstance(cell, Real | Decimal) and not isinstance(cell, bool)
    return number and not pd.isna(cell)  # type: ignore[call-overload]


def _as_float(number: object) -> float:
    try:
        return float(number)  # type: ignore[arg-type]
    except OverflowError:
        return np.inf if number > 0 else -np.inf  # type: ignore[operator]


def read_texts(cells: Cells, stated: Column) -> ReadColumn:
    """Return texts as str; codes and names are there, and codes among those of the form."""
    codes, distinct = _factorize(cells)
    wrong = [*_wrong_texts(codes, distinct, stated)]
    if wrong:
        return ReadColumn(cells, wrong, codes)
    typed = cells if cells.dtype == "str" else series_of(cells).astype("str").array
    if stated.default is not None and ((codes < 0).any() or "" in distinct and stated.default):
        filled = series_of(typed).fillna(stated.default)
        typed = filled.replace("", stated.default).array
        codes, _ = _factorize(typed)
    return ReadColumn(typed, wrong, codes)


def _wrong_texts(codes: np.ndarray, distinct: list[object], stated: Column) -> Iterator[Wrong]:
    """Yield the rules that texts break; the distinct ones are looked at, once each."""
    if not all(isinstance(text, str) for text in distinct):
        yield Wrong("not_text", _among(codes, [not isinstance(text, str) for text in distinct]))
    if stated.is_required:
        blank = [isinstance(text, str) and not text.strip() for text in distinct]
        empty = _among(codes, blank) | (codes < 0)
        if empty.any():
            yield Wrong("missing_key", empty)
    for rule, is_wrong, expected in _rules_of_names(stated):
        broken = [isinstance(text, str) and is_wrong(text) for text in distinct]
        if any(broken):
            yield Wrong(rule, _among(codes, broken), expected)


def _rules_of_names(stated: Column) -> Iterator[tuple[str, Callable[[str], bool], str]]:
    """Yield the rules for a text that is there: code of the rule, what breaks it, what is right."""
    if (whole := stated.whole) is not None:
        yield "printed_total", lambda text: names_total(text, whole=whole), ""
    if (allowed := stated.codes) is not None and not stated.names:
        required = stated.is_required

        def is_strange(text: str) -> bool:
            # That a blank cell is none of them is said already, where there must be one.
            return text not in allowed and (text.strip() if required else text) != ""

        yield "unknown_code", is_strange, ", ".join(allowed)


def read_quarters(cells: Cells) -> ReadColumn:
    """Return periods, or texts that name one, as quarters."""
    if str(cells.dtype) == QUARTERS:
        numbers = cells.asi8
        if not (missing := cells.isna()).any():
            return ReadColumn(cells, [], numbers - numbers.min() if len(numbers) else numbers)
        return ReadColumn(cells, [Wrong("missing_key", missing)], pd.factorize(cells)[0])
    codes, distinct = _factorize(cells)
    read = [quarter_of(text) for text in distinct]
    wrong = [Wrong("missing_key", codes < 0)] if (codes < 0).any() else []
    breaks = {rule: [quarter == rule for quarter in read] for rule in ("month", "not_a_quarter")}
    wrong += [Wrong(rule, _among(codes, rows)) for rule, rows in breaks.items() if any(rows)]
    if wrong:
        return ReadColumn(cells, wrong, codes)
    named = [quarter.ordinal for quarter in read if not isinstance(quarter, str)]
    ordinals = np.array(named, dtype="int64").take(codes)
    quarters = pd.arrays.PeriodArray(ordinals, dtype=_QUARTER)
    # Two texts may name one quarter.
    numbers = codes if len(distinct) == 1 else pd.factorize(ordinals)[0]
    return ReadColumn(quarters, wrong, numbers)


def quarter_of(cell: object) -> pd.Period | str:
    """Return the quarter that a text or a period names, or the rule it breaks."""
    return _quarter_named(cell) if isinstance(cell, str) and len(cell) < 100 else _quarter_of(cell)


@lru_cache(maxsize=1_000)
def _quarter_named(text: str) -> pd.Period | str:
    return _quarter_of(text)


def _quarter_of(cell: object) -> pd.Period | str:
    try:
        period = parse_period(cell)  # type: ignore[arg-type]
    except PeriodError:
        return "not_a_quarter"
    return period if period.freqstr == "Q-DEC" else "month"


def read_times(cells: Cells, *, required: bool) -> ReadColumn:
    """Return days and instants as datetime64[us] without a zone."""
    typed = given = series_of(cells)
    if not pd.api.types.is_datetime64_dtype(given.dtype):
        typed = pd.to_datetime(given.where(given.map(_is_time)).astype(object), errors="coerce")
        if (strange := (typed.isna() & given.notna()).to_numpy()).any():
            known = read_times(cells_of(typed), required=required)
            return known._replace(cells=cells, wrong=[Wrong("not_a_time", strange)])
    days = cells if str(typed.dtype) == "datetime64[us]" else typed.astype("datetime64[us]").array
    empty = np.asarray(pd.isna(days))
    wrong = [Wrong("missing_key", empty)] if required and empty.any() else []
    return ReadColumn(days, wrong, figures=(np.asarray(days).view("int64"), ~empty))


def _is_time(cell: object) -> bool:
    # A text such as 03/04/2020 has two readings; only what is a date already is taken. An instant
    # with a zone is left to the caller: which day it falls on depends on the zone.
    return hasattr(cell, "isoformat") and not pd.isna(cell) and not getattr(cell, "tzinfo", None)  # type: ignore[call-overload]


def _factorize(cells: Cells) -> tuple[np.ndarray, list[object]]:
    """Return a number for each cell (-1: missing) and the distinct cells."""
    if len(cells) <= FEW and cells.dtype == "str":
        places: dict[object, int] = {}
        numbers = [
            places.setdefault(text, len(places)) if isinstance(text, str) else -1
            for text in cells.tolist()
        ]
        return np.array(numbers, dtype="intp"), list(places)
    try:
        codes, distinct = pd.factorize(cells)
    except TypeError:
        # A list in a cell is wrong whatever it holds; then each cell stands for itself.
        return np.where(pd.isna(cells), -1, np.arange(len(cells))), list(cells)
    return codes, list(distinct)


def _among(codes: np.ndarray, chosen: Iterable[bool]) -> np.ndarray:
    """Return the mask of the rows whose distinct value is chosen; missing is never chosen."""
    # One more place at the end, which the code -1 of a missing value points to.
    return np.array([*chosen, False], dtype=bool).take(codes)
