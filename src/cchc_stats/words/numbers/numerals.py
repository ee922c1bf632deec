"""Numbers as reports print them: reading a cell or a whole column; the door to number printing."""

from __future__ import annotations

from collections.abc import Hashable
from contextlib import suppress
from functools import lru_cache
from typing import Any, TypeAlias, overload

import numpy as np
import pandas as pd

from cchc_stats.words.errors import NumberError
from cchc_stats.words.numbers.number import LONGEST, STATUSES, Number
from cchc_stats.words.numbers.printing import format_number
from cchc_stats.words.numbers.reading import Scanned, decide, scan

__all__ = ["STATUSES", "Number", "format_number", "parse_number"]

Column: TypeAlias = pd.Series | pd.Index | pd.api.extensions.ExtensionArray | list[Any] | np.ndarray

_WHY = {
    "option": "by option",
    "column": "by the other cells of the column",
    "both": "of most cells of the column",
    "default": "by default",
}
COLUMN_TYPES = {
    "text": "str",
    "value": "Float64",
    "denominator": "Float64",
    "unit": "str",
    "status": "str",
    "decimals": "Int64",
    "approximate": "str",
    "date": "datetime64[us]",
    "date_to": "datetime64[us]",
    "read_as": "str",
}


@overload
def parse_number(  # type: ignore[overload-overlap]  # a column is an object too
    cell: Column, *, decimal: str | None = None
) -> pd.DataFrame: ...
@overload
def parse_number(cell: object, *, decimal: str | None = None) -> Number: ...
def parse_number(cell: Any, *, decimal: str | None = None) -> Number | pd.DataFrame:
    """Return what a printed cell, or each cell of a column, says.

    Parameters
    ----------
    cell : one text (or number, date, or missing), or a Series, Index, list or array of them, of
        NumPy or of pandas.
    decimal : "," or "." where the decimal sign is known. None decides it: for a column from the
        cells that leave no doubt (1.234.567, 98,81%, 12.5), the majority of them; for a single cell
        from itself. Where nothing tells, 1.234 is 1234 and 1,234 is a decimal, as in Vietnamese.

    Returns
    -------
    Number, or for a column a frame of its fields, one row per cell with the column's index: `text,
    value, denominator, unit, status, decimals, approximate, date, date_to, read_as`. Numbers are
    Float64, dates time stamps. Its `attrs` hold `decimal`, the sign decided, and `decimal_from`:
    `option`, `column`, `both` (the column prints both signs: its doubtful cells are unreadable) or
    `default`. Cells against the decision are unreadable; no cell ever raises.

    Absences: a dash is `not_applicable`; empty, missing and dotted cells are `not_reported`.

    Raises
    ------
    NumberError : `decimal` is neither "," nor ".", or the cells are a table and not a column.

    Examples
    --------
    >>> parse_number("02/3").value, parse_number("02/3").denominator
    (2, 3)
    >>> parse_number("13,3%").unit, parse_number("-").status
    ('percent', 'not_applicable')
    >>> cells = parse_number(pd.Series(["1.234", "95.27"]))
    >>> cells["value"].tolist(), cells.attrs["decimal"]
    ([1.234, 95.27], '.')
    """
    if decimal not in (None, ",", "."):
        raise NumberError(
            f"{decimal!r} is not a decimal sign",
            where="decimal=",
            mend='give "," or ".", or None to decide by the cells',
        )
    arrays = pd.Series | pd.Index | pd.DataFrame | pd.api.extensions.ExtensionArray | np.ndarray
    if isinstance(cell, list) or (isinstance(cell, arrays) and cell.ndim > 0):
        return _parse_column(cell, decimal)
    return _parse_cell(scan(cell), decimal)


def _parse_cell(scanned: Scanned, decimal: str | None) -> Number:
    if decimal is not None:
        return decide(scanned, decimal, "by option")
    return decide(scanned, next(iter(scanned.proves), ","), "by default")


def _parse_column(cells: Any, decimal: str | None) -> pd.DataFrame:
    if not isinstance(cells, list) and np.ndim(cells) != 1:
        raise NumberError(
            "a table is not a column of cells", where="cell=", mend="parse one column at a time"
        )
    index = cells.index if isinstance(cells, pd.Series) else pd.RangeIndex(len(cells))
    codes, read, sign, source = _read_distinct(cells, decimal)
    columns = {
        name: pd.Series([getattr(number, name) for number in read], dtype=kind)
        for name, kind in COLUMN_TYPES.items()
    }
    frame = pd.DataFrame(columns).take(codes)
    frame.index = index
    frame.attrs = {"decimal": sign, "decimal_from": source}
    return frame


def read_column(cells: pd.Series | list[str | None]) -> list[Number]:
    """Return what each cell of a column says, as `parse_number` reads it, without a frame.

    The tables of a report have ten rows: their frame would cost far more than their reading.

    Examples
    --------
    >>> [number.value for number in read_column(pd.Series(["1.234", "95.27"]))]
    [1.234, 95.27]
    """
    texts = cells if isinstance(cells, list) else cells.tolist()
    if all(isinstance(text, str) and text.isdecimal() and len(text) <= LONGEST for text in texts):
        # Digits alone leave no doubt about a decimal sign.
        return [_decide_short(text, ",", "default") for text in texts]
    if not all(isinstance(text, str) and len(text) <= LONGEST for text in texts):
        codes, read, _, _ = _read_distinct(cells, None)
        return [read[code] for code in codes.tolist()]
    scanned = [_scan_short(text) for text in texts]
    sign, source = _decision(scanned, [1] * len(scanned), None)
    return [_decide_short(text, sign, source) for text in texts]


def _read_distinct(cells: Any, decimal: str | None) -> tuple[np.ndarray, list[Number], str, str]:
    """Return each cell's place among the distinct ones, what these say, the sign and why it."""
    codes, distinct = _distinct(cells)
    scanned = [scan(cell) for cell in distinct]
    counts = np.bincount(codes, minlength=len(scanned)).tolist()
    sign, source = _decision(scanned, counts, decimal)
    read = [decide(one, sign, _WHY[source], mixed=source == "both") for one in scanned]
    return codes, read, sign, source


@lru_cache(maxsize=20_000)
def _scan_short(text: str) -> Scanned:
    # Reports print the same few figures over and over.
    return scan(text)


@lru_cache(maxsize=20_000)
def _decide_short(text: str, sign: str, source: str) -> Number:
    return decide(_scan_short(text), sign, _WHY[source], mixed=source == "both")


def _decision(scanned: list[Scanned], counts: list[int], decimal: str | None) -> tuple[str, str]:
    """Return the decimal sign of a column and where the decision is from."""
    if decimal is not None:
        return decimal, "option"
    votes = {",": 0, ".": 0}
    for one, count in zip(scanned, counts, strict=True):
        for sign in one.proves:
            votes[sign] += count
    if not any(votes.values()):
        return ",", "default"
    # A tie goes to the comma, the decimal sign of the language.
    return "." if votes["."] > votes[","] else ",", "both" if all(votes.values()) else "column"


def _distinct(cells: Any) -> tuple[np.ndarray, list[object]]:
    """Return each cell's place among the distinct cells, and these."""
    if _has_one_type(cells):
        with suppress(UnicodeEncodeError):  # half a character, in texts that pandas cannot hash
            codes, distinct = pd.factorize(cells, use_na_sentinel=False)
            return codes, list(distinct)
    places: dict[Hashable, int] = {}
    found: list[object] = []
    codes = np.empty(len(cells), dtype=np.intp)
    for row, cell in enumerate(cells):
        # With its type, because True, 1 and 1.0 are one key; lists are told apart by identity.
        key = (type(cell), cell if isinstance(cell, Hashable) else id(cell))
        try:
            place = places.setdefault(key, len(found))
        except Exception:  # it only says it is hashable, as a tuple with a list in it does
            place = places.setdefault((type(cell), id(cell)), len(found))
        if place == len(found):
            found.append(cell)
        codes[row] = place
    return codes, found


def _has_one_type(cells: Any) -> bool:
    """Return whether equal cells are the same cell, as far as pandas can tell them apart."""
    if isinstance(cells, np.ndarray):
        return cells.dtype.kind in "biufM" and not isinstance(cells, np.ma.MaskedArray)
    return not isinstance(cells, list) and not pd.api.types.is_object_dtype(cells)
