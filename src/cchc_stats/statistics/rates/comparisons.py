"""Two rates against each other: difference, ratio, their limits and a test, row by row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from numbers import Real
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray
from pandas.arrays import FloatingArray

from cchc_stats.statistics.rates.difference_limits import miettinen_nurminen, newcombe, ratio_limits
from cchc_stats.statistics.rates.equality_tests import (
    ADJUSTMENTS,
    SMALL,
    fisher_test,
    score_test,
    smallest_expected,
)
from cchc_stats.statistics.rates.levels import one_level
from cchc_stats.statistics.rates.proportion_limits import Limits, possible
from cchc_stats.statistics.rates.result_columns import chosen_texts, figure_column
from cchc_stats.words import ValuesError, format_number, require_language, word

Figures: TypeAlias = "float | list[float] | np.ndarray | pd.Series | ExtensionArray"

Method = Callable[[np.ndarray, np.ndarray, np.ndarray, np.ndarray, float], Limits]
METHODS: Mapping[str, Method] = MappingProxyType(
    {"newcombe": newcombe, "miettinen_nurminen": miettinen_nurminen}
)
NAMES = ("x1", "n1", "x2", "n2")


def compare_rates(
    x1: Figures,
    n1: Figures,
    x2: Figures,
    n2: Figures,
    *,
    method: str = "newcombe",
    level: float = 95,
    adjust: str | None = None,
    lang: str = "vi",
) -> pd.DataFrame:
    """Return how far two rates are apart: x1 of n1 less x2 of n2.

    Parameters
    ----------
    x1, n1, x2, n2 : numerator and denominator of the first and of the second rate (two quarters,
        two agencies): numbers, or arrays or Series of one length. One number stands for all rows.
    method : of the difference's limits: "newcombe" (from both Wilson intervals) or
        "miettinen_nurminen" (score).
    level : confidence in percent, 1 to below 100.
    adjust : "holm" or "benjamini_hochberg" where several tests are looked at together.
    lang : language of `note`, "vi" or "en".

    Returns
    -------
    Frame, a row per pair, with the index of the Series given, else 0…n-1:
    `rate1`, `rate2`, percent;
    `difference_pp`, rate1 less rate2, in percentage points: above 0 where the first is higher;
    `low_pp`, `high_pp`, its limits;
    `ratio`, rate1 by rate2, `ratio_low`, `ratio_high`, score limits (Koopman; with
    "miettinen_nurminen" theirs); what would be infinite (x2 is 0) is <NA>;
    `p_value`, two-sided, that the rates are equal; `p_adjusted` with `adjust`;
    `test`, "fisher_exact" where a count expected under equal rates is below 5, else "score" (the
    "N - 1" chi-squared test). The exact test is the stricter: it may not tell two rates apart
    whose limits leave out 0;
    `method`; `note`, why something is missing, and where one dossier more or less moves a rate by
    no less than the difference.
    Rows with 0/0, a missing, negative or fractional count, or a numerator above its denominator
    are <NA> and say so; the other rows are computed, and adjusted among themselves.

    Raises
    ------
    ValuesError
        Texts instead of numbers, lengths or indexes that differ, an unknown method or adjustment, a
        level such as 0, 100 or 0.95.

    Source
    ------
    Newcombe (1998), Statistics in Medicine 17, 873-890, method 10; Miettinen & Nurminen (1985),
    Statistics in Medicine 4, 213-226; Koopman (1984), Biometrics 40, 513-517; Campbell (2007),
    Statistics in Medicine 26, 3661-3675.

    Examples
    --------
    >>> compare_rates(60, 60, 58, 60)[["difference_pp", "low_pp", "high_pp", "p_value"]].round(
    ...     2).values.tolist()
    [[3.33, -3.15, 11.36, 0.5]]
    """
    require_language(lang)
    level = one_level(level)
    _require(method, METHODS, option="method", what="limits of a difference by")
    if adjust is not None:
        _require(adjust, ADJUSTMENTS, option="adjust", what="adjustment of p-values by")
    counts, index = _aligned(dict(zip(NAMES, (x1, n1, x2, n2), strict=True)))
    good = possible(counts["x1"], counts["n1"]) & possible(counts["x2"], counts["n2"])
    a, m, b, n = known = tuple(counts[name][good] for name in NAMES)
    rate1, rate2 = 100 * a / m, 100 * b / n
    low, high = METHODS[method](a, m, b, n, level)
    ratio_low, ratio_high = ratio_limits(
        a, m, b, n, level, corrected=method == "miettinen_nurminen"
    )
    exact = smallest_expected(a, m, b, n) < SMALL
    p = np.empty(len(rate1))
    p[exact] = fisher_test(*(cells[exact] for cells in known))
    p[~exact] = score_test(*(cells[~exact] for cells in known))
    # Of the counts and not of the rates: 1/3 less 1/3 is 0 and no noise.
    difference = 100 * (a * n - b * m) / (m * n)
    figures = {
        "rate1": rate1,
        "rate2": rate2,
        "difference_pp": difference,
        "low_pp": low,
        "high_pp": high,
        "ratio": np.divide(rate1, rate2, out=np.full_like(p, np.nan), where=rate2 > 0),
        "ratio_low": ratio_low,
        "ratio_high": ratio_high,
        "p_value": p,
    }
    if adjust is not None:
        figures["p_adjusted"] = ADJUSTMENTS[adjust](p)
    columns: dict[str, object] = {name: _among(good, cells) for name, cells in figures.items()}
    tests = np.zeros(len(good), dtype="int8")
    tests[good] = np.where(exact, 1, 2)
    columns["test"] = chosen_texts(["", "fisher_exact", "score"], tests)
    columns["method"] = method
    columns["note"] = _notes(counts, good, difference, lang=lang)
    return pd.DataFrame(columns, index=index).astype({"method": "str"})


def _require(name: object, known: Mapping[str, object], *, option: str, what: str) -> None:
    if not isinstance(name, str) or name not in known:
        raise ValuesError(
            f"there are no {what} {name!r}"
            if option == "method"
            else f"there is no {what} {name!r}",
            where=f"{option}=",
            mend=f"use one of {', '.join(known)}",
        )


def _aligned(given: dict[str, Figures]) -> tuple[dict[str, np.ndarray], pd.Index]:
    """Return the counts as floats of one length, NaN where missing, and the index of the result."""
    arrays: dict[str, np.ndarray] = {}
    for name, figures in given.items():
        try:
            array = figures if isinstance(figures, pd.Series) else _listed(figures)
            if not _numeric(array):
                raise TypeError
            arrays[name] = array.astype("Float64").to_numpy("float64", na_value=np.nan)
        except (TypeError, ValueError):
            raise ValuesError(
                f"{name} is no number, and no row of numbers",
                where=f"{name}=",
                mend="give counts, one or an array or Series; read texts with parse_number first",
            ) from None
    index = _index(given, {name: len(array) for name, array in arrays.items()})
    return {
        name: np.broadcast_to(array, len(index)).astype(float) for name, array in arrays.items()
    }, index


def _numeric(column: pd.Series) -> bool:
    """Return whether all cells are numbers or missing: neither texts nor yes and no."""
    if column.dtype != object:
        return column.dtype.kind in "iuf"
    return all(
        isinstance(cell, Real | Decimal) and not isinstance(cell, bool | np.bool_)
        for cell in column.dropna()
    )


def _listed(figures: Any) -> pd.Series:
    """Return one number or an array as a Series."""
    one = pd.api.types.is_scalar(figures) or np.ndim(figures) == 0
    return pd.Series([figures] if one else figures)


def _index(given: dict[str, Figures], lengths: dict[str, int]) -> pd.Index:
    """Return the one index of the Series, else that of so many rows."""
    long = {
        name: size
        for name, size in lengths.items()
        if size != 1 or isinstance(given[name], pd.Series)
    }
    told = ", ".join(f"{name}: {size}" for name, size in lengths.items())
    if len(set(long.values())) > 1:
        raise ValuesError(
            "the counts differ in length",
            where=told,
            mend="give one number, or arrays and Series of one length",
        )
    indexes = {
        name: figures.index for name, figures in given.items() if isinstance(figures, pd.Series)
    }
    first = next(iter(indexes.values()), pd.RangeIndex(max(long.values(), default=1)))
    other = [name for name, index in indexes.items() if not index.equals(first)]
    if other:
        # By position would set the figures of one agency against those of another.
        raise ValuesError(
            "the Series differ in their index",
            where=f"{', '.join(indexes)}: {', '.join(other)} is not indexed as the first",
            mend="take them from one frame, or reindex() them to the same rows",
        )
    return first


def _among(good: np.ndarray, cells: np.ndarray) -> FloatingArray:
    """Return figures of the good rows as a column of all rows."""
    column = np.full(len(good), np.nan)
    column[good] = cells
    return figure_column(column)


def _notes(
    counts: dict[str, np.ndarray], good: np.ndarray, difference: np.ndarray, *, lang: str
) -> ExtensionArray:
    """Return the note of each row."""
    notes = np.full(len(good), "", dtype=object)
    rows = np.flatnonzero(~good)
    x1, n1, x2, n2 = (counts[name][rows] for name in NAMES)
    pairs = ((x1, n1), (x2, n2))
    missing = np.isnan(x1) | np.isnan(n1) | np.isnan(x2) | np.isnan(n2)
    reasons = {
        "missing": missing,
        "negative": np.any([(x < 0) | (n < 0) for x, n in pairs], axis=0),
        "not_whole": np.any(
            [(np.floor(cell) != cell) | np.isinf(cell) for pair in pairs for cell in pair], axis=0
        ),
        "above": np.any([x > n for x, n in pairs], axis=0),
        "nothing_counted": np.any([n == 0 for _, n in pairs], axis=0),
    }
    texts = [word("rates", code, lang=lang) for code in reasons]
    notes[rows] = np.array([*texts, ""], dtype=object)[
        np.select(list(reasons.values()), range(len(reasons)), len(reasons))
    ]
    rows = np.flatnonzero(good)
    x1, n1, x2, n2 = (counts[name][rows] for name in NAMES)
    zero = word("rates", "no_ratio", lang=lang)
    notes[rows[x2 == 0]] = zero
    # What one dossier moves, against the difference: 0 is no difference to speak of.
    moved = 100 / np.minimum(n1, n2)
    one = (np.abs(difference) <= moved * (1 + 1e-9)) & (difference != 0)
    sizes, which = np.unique(np.minimum(n1, n2)[one], return_inverse=True)
    told = word("rates", "one_dossier", lang=lang)
    figures = [format_number(100 / float(size), decimals=2, lang=lang) for size in sizes]
    texts = [told.format(moved=figure) for figure in figures]
    beside, before = np.array([*texts, ""], dtype=object)[which], notes[rows[one]]
    notes[rows[one]] = np.where(before == "", beside, before + "; " + beside)
    return pd.array(notes, dtype="str")
