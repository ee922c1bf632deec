"""The note of each row: the sentences that hold of it, put together once for all alike."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray

from cchc_stats.values import combined_codes
from cchc_stats.words import word

SHOWN = 3  # names that a sentence tells

# Which of a list of sentences holds of each row, the first ("") for none, and the sentences.
Remark = tuple[np.ndarray, Sequence[str]]


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
    codes = combined_codes([codes for codes, _ in remarks])
    first = np.flatnonzero(~pd.Series(codes).duplicated().to_numpy())
    texts = [
        "; ".join(text for codes, all_texts in remarks if (text := all_texts[codes[row]]))
        for row in first
    ]
    return pd.array(texts, dtype="str").take(pd.factorize(codes)[0])


def some_of(names: list[str], lang: str) -> str:
    """Return the first few names, and how many more there are."""
    shown = ", ".join(names[:SHOWN])
    more = len(names) - SHOWN
    if more <= 0:
        return shown
    return f"{shown} {word('decomposition', 'more', lang=lang).format(n=more)}"
