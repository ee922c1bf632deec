"""The factors that groups are crossed of: columns of values, or the parts of the groups' codes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from cchc_stats.words import ValuesError

WHOLE = "all"
BETWEEN = "|"  # between the parts of a crossed group's code
MOST_FACTORS = 4


def require_factors(factors: object) -> tuple[str, ...]:
    """Return the names of the factors, or refuse what is no list of distinct names."""
    names = (factors,) if isinstance(factors, str) else factors
    if (
        not isinstance(names, list | tuple)
        or not all(isinstance(name, str) for name in names)
        or not 0 < len(set(names)) == len(names) <= MOST_FACTORS
    ):
        raise ValuesError(
            f"factors are one to {MOST_FACTORS} different columns, not {factors!r}",
            where="factors=",
            mend='give a list such as ["sector", "channel"]; ["group"] is the default',
        )
    return tuple(names)


def parts_of_groups(table: pd.DataFrame, inner: Sequence[str]) -> dict[str, pd.Series]:
    """Return the name of each row's part of each factor, agencies apart."""
    if all(name in table for name in inner):
        return {name: table[name].astype("str").fillna("") for name in inner}
    lost = [name for name in inner if name not in table]
    groups = pd.Series(table["group"].unique())
    split = groups[groups != WHOLE].str.split(BETWEEN, regex=False)
    if len(lost) < len(inner) or not split.map(len).eq(len(inner)).all():
        raise ValuesError(
            f"factor{'s' if len(lost) > 1 else ''} {', '.join(lost)} cannot be found",
            where="factors=",
            mend=f"name columns of the values, or write each group as {len(inner)} parts: "
            + BETWEEN.join(inner),
        )
    parts = pd.DataFrame(
        {WHOLE: [WHOLE] * len(inner)} | dict(zip(groups[split.index], split, strict=True))
    )
    return {name: table["group"].map(parts.iloc[number]) for number, name in enumerate(inner)}


def joined(rows: pd.DataFrame, names: Sequence[str]) -> np.ndarray:
    """Return the codes of crossed groups made of columns; a whole in all of them is the whole."""
    there = [rows[name].astype("str").fillna("").to_numpy(object) for name in names if name in rows]
    codes = texts_of(there)
    codes[np.logical_and.reduce([part == WHOLE for part in there])] = WHOLE
    return codes


def texts_of(parts: Sequence[np.ndarray]) -> np.ndarray:
    """Return the codes of crossed groups from those of their parts."""
    codes: np.ndarray = np.array(
        [BETWEEN.join(texts) for texts in zip(*parts, strict=True)], dtype=object
    )
    return codes
