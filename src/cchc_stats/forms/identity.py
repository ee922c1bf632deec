"""What holds of one row: accounting statements, and the columns it names as printed "-"."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
import pandas as pd

Figures = Callable[[str], tuple[np.ndarray, np.ndarray]]


SIGNS = {"=": "=", "<=": "≤", ">=": "≥"}


@dataclass(frozen=True)
class Identity:
    """An accounting statement about the columns of one row: `total op parts[0] + parts[1] + …`.

    Parameters
    ----------
    total : the column on the left.
    op : "=", "<=" or ">=".
    parts : the columns that are added up on the right.
    where_given : columns that are added too in the rows that report them.

    Examples
    --------
    >>> identity = Identity("settled_total", "=", ("settled_on_time", "settled_late"))
    >>> str(identity)
    'settled_total = settled_on_time + settled_late'
    >>> rows = pd.DataFrame(
    ...     {"settled_total": [60, 60, None], "settled_on_time": [60, 58, 1],
    ...      "settled_late": [0, 1, None]}, dtype="Int64")
    >>> identity.broken(rows).tolist()
    [False, True, False]
    """

    total: str
    op: Literal["=", "<=", ">="]
    parts: tuple[str, ...]
    where_given: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column the statement speaks of, the left one first."""
        return (self.total, *self.parts, *self.where_given)

    def __str__(self) -> str:
        """Return the statement in column names."""
        given = "".join(f" (+ {name})" for name in self.where_given)
        return f"{self.total} {self.op} {' + '.join(self.parts)}{given}"

    def in_words(self, name_of: Callable[[str], str]) -> str:
        """Return the statement with each column by its heading."""
        parts = " + ".join(f"'{name_of(name)}'" for name in self.parts)
        given = "".join(f" (+ '{name_of(name)}')" for name in self.where_given)
        return f"'{name_of(self.total)}' {SIGNS[self.op]} {parts}{given}"

    def judge(self, figures: Figures) -> tuple[np.ndarray, np.ndarray]:
        """Return left minus right side by row, and the mask of the rows where it does not hold.

        Unknown is not broken: a row that lacks a term neither passes nor fails.
        """
        gap, known = figures(self.total)
        for name in self.parts:
            part, reported = figures(name)
            gap = gap - part
            known = known & reported
        for name in self.where_given:
            part, reported = figures(name)
            gap = gap - np.where(reported, part, 0)
        broken = {"=": gap != 0, "<=": gap > 0, ">=": gap < 0}[self.op]
        return gap, broken & known

    def broken(self, frame: pd.DataFrame) -> pd.Series:
        """Return the mask of the rows of a typed frame in which the statement does not hold."""
        return pd.Series(self.judge(figures_of(frame))[1], index=frame.index)


@dataclass(frozen=True)
class Expectation:
    """What is odd where it does not hold, though it may be: `more` together are at most `most`.

    Parameters
    ----------
    rule : code of the warning; its sentence is in `labels.toml` under `check`, else a general one.
    more : the columns that are added up.
    most : the column that they should not exceed.
    """

    rule: str
    more: tuple[str, ...]
    most: str


def figures_of(frame: pd.DataFrame) -> Figures:
    """Return a reader of a frame's columns as arrays: the figures, 0 where missing, and a mask."""

    @cache
    def read(name: str) -> tuple[np.ndarray, np.ndarray]:
        if name not in frame:
            return np.zeros(len(frame), dtype="int64"), np.zeros(len(frame), dtype=bool)
        column = frame[name]
        reported = column.notna().to_numpy()
        if pd.api.types.is_datetime64_dtype(column.dtype):
            return np.asarray(column, dtype="datetime64[us]").view("int64"), reported
        kind = "int64" if pd.api.types.is_integer_dtype(column.dtype) else "float64"
        return column.to_numpy(dtype=kind, na_value=0), reported

    return read


def dashed_columns(text: object) -> tuple[str, ...]:
    """Return the columns that a cell of `not_applicable` names.

    Examples
    --------
    >>> dashed_columns("compliant, procedures_of"), dashed_columns("")
    (('compliant', 'procedures_of'), ())
    """
    return tuple(text.replace(",", " ").split()) if isinstance(text, str) else ()


def dashed(table: pd.DataFrame, column: str) -> np.ndarray:
    """Return the mask of the rows that name `column` in `not_applicable`."""
    codes, texts = _distinct(table)
    named = np.array([*(column in dashed_columns(text) for text in texts), False], dtype=bool)
    return named.take(codes)


def contradicted(table: pd.DataFrame, figures: Collection[str]) -> np.ndarray:
    """Return the mask of the rows that name what is no figure of the form, or has a figure."""
    codes, texts = _distinct(table)
    wrong = np.zeros(len(table), dtype=bool)
    for number, text in enumerate(texts):
        for name in dashed_columns(text):
            known = name in figures and name in table
            wrong |= (codes == number) & (table[name].notna().to_numpy() if known else True)
    return wrong


def _distinct(table: pd.DataFrame) -> tuple[np.ndarray, list[object]]:
    if "not_applicable" not in table:
        return np.full(len(table), -1), []
    cells = table["not_applicable"]
    try:
        codes, texts = pd.factorize(cells)
    except TypeError:
        # A list names no column; that it is no text is told of the column itself.
        cells = cells.where(cells.map(lambda cell: isinstance(cell, str)))
        codes, texts = pd.factorize(cells)
    return codes, list(texts)
