"""Arrays as the columns of a result: figures, counts and texts, <NA> where there is nothing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray
from pandas.arrays import FloatingArray, IntegerArray


def figure_column(numbers: np.ndarray) -> FloatingArray:
    """Return numbers as a column of Float64, <NA> for NaN."""
    return FloatingArray(numbers, np.isnan(numbers))


def count_column(numbers: np.ndarray) -> IntegerArray:
    """Return whole numbers as a column of Int64, <NA> for NaN."""
    missing = np.isnan(numbers)
    return IntegerArray(np.where(missing, 0, numbers).astype("int64"), missing)


def text_column(cells: np.ndarray) -> ExtensionArray:
    """Return texts as a column."""
    return pd.array(cells.astype(object), dtype="str")


def chosen_texts(distinct: Sequence[str], at: np.ndarray) -> ExtensionArray:
    """Return a column of texts, each by its number among the distinct ones."""
    if len(at) and at.min() == at.max():
        return pd.array([distinct[int(at[0])]], dtype="str").repeat(len(at))
    return pd.array(list(distinct), dtype="str").take(at)
