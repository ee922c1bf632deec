"""The column `not_applicable`: which figures of a row were printed "-"."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd


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
