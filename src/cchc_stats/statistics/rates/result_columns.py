"""Columns and notes of a result: quotients, figures, texts, <NA> where there is nothing."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from numbers import Real
from typing import TypeGuard

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray
from pandas.arrays import IntegerArray

from cchc_stats.values import combined_codes
from cchc_stats.words import listed, word


def divided(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """Return a quotient, NaN where the lower number is not above 0.

    Examples
    --------
    >>> divided(np.array([1.0, 0.0]), np.array([2.0, 0.0])).tolist()
    [0.5, nan]
    """
    quotient: np.ndarray = np.full(np.broadcast(above, below).shape, np.nan)
    np.divide(above, below, out=quotient, where=below > 0)
    return quotient


def divided_or_0(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """Return a quotient, 0 where there is nothing to divide by: what is not there adds nothing.

    Examples
    --------
    >>> divided_or_0(np.array([1.0, 0.0]), np.array([2.0, 0.0])).tolist()
    [0.5, 0.0]
    """
    quotient: np.ndarray = np.zeros(np.broadcast(above, below).shape)
    np.divide(above, below, out=quotient, where=below != 0)
    return quotient


def count_column(numbers: np.ndarray) -> IntegerArray:
    """Return whole numbers as a column of Int64, <NA> for NaN."""
    missing = np.isnan(numbers)
    return IntegerArray(np.where(missing, 0, numbers).astype("int64"), missing)


def is_number(cell: object) -> TypeGuard[float]:
    """Return whether a cell is a number; yes and no are none."""
    return isinstance(cell, Real | Decimal) and not isinstance(cell, bool | np.bool_)


def text_column(cells: np.ndarray) -> ExtensionArray:
    """Return texts as a column."""
    return pd.array(cells.astype(object), dtype="str")


def chosen_texts(distinct: Sequence[str], at: np.ndarray) -> ExtensionArray:
    """Return a column of texts, each by its number among the distinct ones."""
    if len(at) and at.min() == at.max():
        return pd.array([distinct[int(at[0])]], dtype="str").repeat(len(at))
    return pd.array(list(distinct), dtype="str").take(at)


SHOWN = 3  # names that a sentence lists

# Which of a list of sentences holds of each row, the first ("") for none, and the sentences.
Remark = tuple[np.ndarray, Sequence[str]]


def distinct(codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the first row of each distinct code, and for each row which of them it is.

    Examples
    --------
    >>> distinct(np.array([7, 3, 7]))
    (array([0, 1]), array([0, 1, 0]))
    """
    return first_rows(codes), pd.factorize(codes)[0]


def first_rows(codes: np.ndarray) -> np.ndarray:
    """Return the first row of each distinct code, in their order."""
    first: np.ndarray = np.flatnonzero(~pd.Series(codes).duplicated().to_numpy())
    return first


def said(rows: np.ndarray, sentence: str) -> Remark:
    """Return the remark that a sentence holds of the rows of a mask."""
    return rows.astype("int64"), ("", sentence)


def counted(rows: np.ndarray, sentence: str, numbers: np.ndarray) -> Remark:
    """Return the remark of a sentence with each row's whole number in place of {n}.

    Examples
    --------
    >>> counted(np.array([True, False]), "only {n} quarters", np.array([3, 20]))
    (array([1, 0]), ['', 'only 3 quarters'])
    """
    codes, distinct = pd.factorize(np.where(rows, numbers, -1))
    texts = ["", *(sentence.format(n=int(number)) for number in distinct if number >= 0)]
    # The rows that have none come first or not at all: their code becomes 0.
    places = np.cumsum(distinct >= 0) * (distinct >= 0)
    return places[codes], texts


def row_notes(remarks: Sequence[Remark]) -> ExtensionArray:
    """Return for each row its sentences, one after another, "" where there are none.

    Examples
    --------
    >>> two = [said(np.array([True, False]), "a"), said(np.array([True, True]), "b")]
    >>> row_notes(two).tolist()
    ['a; b', 'b']
    """
    first, which = distinct(combined_codes([codes for codes, _ in remarks]))
    texts = [
        "; ".join(text for codes, all_texts in remarks if (text := all_texts[codes[row]]))
        for row in first
    ]
    return pd.array(texts, dtype="str").take(which)


def some_of(names: list[str], lang: str) -> str:
    """Return the first few names, and how many more there are."""
    more = f" {word('decomposition', 'more', lang=lang)}"
    return listed(names, most=SHOWN, between=", ", more=more)
