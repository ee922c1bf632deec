"""Two rates against each other: difference, ratio, their limits and a test, row by row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray
from pandas.arrays import FloatingArray

from cchc_stats.statistics.rates.intervals import (
    Limits,
    normal_quantile,
    one_level,
    possible,
    proportion_limits,
)
from cchc_stats.statistics.rates.result_columns import chosen_texts, is_number
from cchc_stats.words import ValuesError, as_figures, format_number, require_language, word

Counts = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]
_HALVINGS = 60  # of an interval no wider than 2: below what a float can tell


def newcombe(
    x1: np.ndarray, n1: np.ndarray, x2: np.ndarray, n2: np.ndarray, level: float
) -> Limits:
    """Return the limits of x1/n1 - x2/n2 made from both Wilson intervals, in percentage points.

    Counts that are not possible give NaN. No continuity correction.

    Source
    ------
    Newcombe, R. G. (1998), Statistics in Medicine 17, 873-890: method 10.

    Examples
    --------
    >>> counts = (np.array([cell]) for cell in (56.0, 70.0, 48.0, 80.0))
    >>> low, high = newcombe(*counts, 95)
    >>> low.round(2).tolist(), high.round(2).tolist()
    ([5.24], [33.39])
    """
    [(low1, high1)], good1 = proportion_limits(x1, n1, levels=[level])
    [(low2, high2)], good2 = proportion_limits(x2, n2, levels=[level])
    good = good1 & good2
    rate1, rate2 = _rate(x1, n1, good), _rate(x2, n2, good)
    down = np.hypot(rate1 - low1, high2 - rate2)
    up = np.hypot(high1 - rate1, rate2 - low2)
    # Of 0/n and m/m the difference itself is one limit; rounding must not pass it.
    difference = rate1 - rate2
    return np.maximum(difference - down, -100.0), np.minimum(difference + up, 100.0)


def _rate(x: np.ndarray, n: np.ndarray, good: np.ndarray) -> np.ndarray:
    return 100 * x / np.where(good, n, np.nan)


def miettinen_nurminen(
    x1: np.ndarray, n1: np.ndarray, x2: np.ndarray, n2: np.ndarray, level: float
) -> Limits:
    """Return the differences that the score test just does not reject, in percentage points.

    The variance under each difference is that of its most likely pair of rates, times n/(n - 1).
    Counts must be possible.

    Source
    ------
    Miettinen, O. & Nurminen, M. (1985), Statistics in Medicine 4, 213-226.

    Examples
    --------
    >>> counts = (np.array([cell]) for cell in (7.0, 34.0, 1.0, 34.0))
    >>> low, high = miettinen_nurminen(*counts, 95)
    >>> low.round(2).tolist(), high.round(2).tolist()
    ([2.7], [34.53])
    """
    n = n1 + n2
    seen = x1 / n1 - x2 / n2
    weight = normal_quantile(level) ** 2 * n / (n - 1)

    def rejected(difference: np.ndarray) -> np.ndarray:
        rate1, rate2 = _rates_at_difference(x1, n1, x2, n2, difference)
        variance = rate1 * (1 - rate1) / n1 + rate2 * (1 - rate2) / n2
        outside: np.ndarray = (seen - difference) ** 2 > weight * variance
        return outside

    low = _edge(rejected, inside=seen, outside=np.full_like(seen, -1.0))
    high = _edge(rejected, inside=seen, outside=np.full_like(seen, 1.0))
    return 100 * low, 100 * high


def _rates_at_difference(
    x1: np.ndarray, n1: np.ndarray, x2: np.ndarray, n2: np.ndarray, difference: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the most likely rates among those with a difference: a root of a cubic."""
    n, x = n1 + n2, x1 + x2
    l2 = (n1 + 2 * n2) * difference - n - x
    l1 = (n2 * difference - n - 2 * x2) * difference + x
    l0 = x2 * difference * (1 - difference)
    q = (l2 / (3 * n)) ** 3 - l1 * l2 / (6 * n * n) + l0 / (2 * n)
    square = np.maximum((l2 / (3 * n)) ** 2 - l1 / (3 * n), 0.0)
    p = np.copysign(np.sqrt(square), q)
    cosine = np.divide(q, p**3, out=np.zeros_like(q), where=p**3 != 0)
    angle = (np.pi + np.arccos(np.clip(cosine, -1.0, 1.0))) / 3
    rate2 = 2 * p * np.cos(angle) - l2 / (3 * n)
    # Rounding may leave what is possible: both rates are from 0 to 1.
    rate2 = np.clip(rate2, np.maximum(0.0, -difference), np.minimum(1.0, 1 - difference))
    return np.clip(rate2 + difference, 0.0, 1.0), rate2


def ratio_limits(
    x1: np.ndarray,
    n1: np.ndarray,
    x2: np.ndarray,
    n2: np.ndarray,
    level: float,
    *,
    corrected: bool = False,
) -> Limits:
    """Return the ratios of x1/n1 to x2/n2 that the score test just does not reject.

    0 is the lower limit where x1 is 0; NaN the upper one where x2 is 0, as no ratio is too large;
    both are NaN where both are 0. Counts must be possible.

    Parameters
    ----------
    corrected : whether the variance is taken times n/(n - 1), as Miettinen and Nurminen do.

    Source
    ------
    Koopman, P. A. R. (1984), Biometrics 40, 513-517; Miettinen & Nurminen (1985).

    Examples
    --------
    >>> low, high = ratio_limits(*(np.array([cell]) for cell in (7.0, 34.0, 1.0, 34.0)), 95)
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([1.221], [42.576])
    """
    n = n1 + n2
    weight = normal_quantile(level) ** 2 * (n / (n - 1) if corrected else 1.0)
    rate1, rate2 = x1 / n1, x2 / n2

    def rejected(turn: np.ndarray) -> np.ndarray:
        # A ratio is the tangent of an angle, so that 0 and the infinite are ordinary ends.
        sine, cosine = np.sin(turn), np.cos(turn)
        other1, other2 = _rates_at_ratio(x1, n1, x2, n2, sine, cosine)
        variance = cosine**2 * other1 * (1 - other1) / n1 + sine**2 * other2 * (1 - other2) / n2
        outside: np.ndarray = (cosine * rate1 - sine * rate2) ** 2 > weight * variance
        return outside

    seen = np.arctan2(rate1, rate2)
    low = np.tan(_edge(rejected, inside=seen, outside=np.zeros_like(seen)))
    high = np.tan(_edge(rejected, inside=seen, outside=np.full_like(seen, np.pi / 2)))
    low = np.where(x1 == 0, 0.0, low)
    nothing = (x1 == 0) & (x2 == 0)
    return np.where(nothing, np.nan, low), np.where(x2 == 0, np.nan, high)


def _rates_at_ratio(
    x1: np.ndarray,
    n1: np.ndarray,
    x2: np.ndarray,
    n2: np.ndarray,
    sine: np.ndarray,
    cosine: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the most likely rates p1 and p2 with p1 · cosine = p2 · sine: a root of a square."""
    # Of p1 = scale · sine, p2 = scale · cosine the likelihood's slope is a square in the scale.
    a = (n1 + n2) * sine * cosine
    b = n1 * sine + x1 * cosine + n2 * cosine + x2 * sine
    c = x1 + x2
    root = np.sqrt(np.maximum(b * b - 4 * a * c, 0.0))
    # b is above 0: the smaller root without cancellation.
    scale = 2 * c / (b + root)
    return np.clip(scale * sine, 0.0, 1.0), np.clip(scale * cosine, 0.0, 1.0)


def _edge(
    rejected: Callable[[np.ndarray], np.ndarray], *, inside: np.ndarray, outside: np.ndarray
) -> np.ndarray:
    """Return where a test begins to reject between what it accepts and the far end, row by row."""
    near, far = inside.copy(), outside.copy()
    for _ in range(_HALVINGS):
        middle = (near + far) / 2
        out = rejected(middle)
        near, far = np.where(out, near, middle), np.where(out, middle, far)
    return near


SMALL = 5  # dossiers: an expected count below it makes the exact test take over
_TIE = 1 + 1e-7  # tables as likely as the one seen, but for rounding
_NOTHING = 1e-20  # of the table seen: what comes after weighs less still


def smallest_expected(x1: np.ndarray, n1: np.ndarray, x2: np.ndarray, n2: np.ndarray) -> np.ndarray:
    """Return the smallest of the four counts expected were both rates the same."""
    events = x1 + x2
    expected: np.ndarray = np.minimum(n1, n2) * np.minimum(events, n1 + n2 - events) / (n1 + n2)
    return expected


def score_test(x1: np.ndarray, n1: np.ndarray, x2: np.ndarray, n2: np.ndarray) -> np.ndarray:
    """Return the two-sided p-value of the "N - 1" chi-squared test; 1 where the rates are equal.

    Source
    ------
    Campbell, I. (2007), Statistics in Medicine 26, 3661-3675; it is the test that the limits of
    Miettinen & Nurminen invert.
    """
    from scipy.special import ndtr  # type: ignore[import-untyped]

    n = n1 + n2
    pooled = (x1 + x2) / n
    variance = pooled * (1 - pooled) * (1 / n1 + 1 / n2) * n / (n - 1)
    difference = np.abs(x1 / n1 - x2 / n2)
    z = np.divide(difference, np.sqrt(variance), out=np.zeros_like(difference), where=variance > 0)
    p: np.ndarray = 2 * ndtr(-z)
    return p


def fisher_test(x1: np.ndarray, n1: np.ndarray, x2: np.ndarray, n2: np.ndarray) -> np.ndarray:
    """Return the two-sided exact p-value: the share of all tables no likelier than the one seen.

    Source
    ------
    Fisher, R. A. (1935), The Design of Experiments; two-sided by Irwin's rule, as R and scipy do.
    """
    # Tables are weighed against the one seen, whose own weight is 1.
    more, more_of_all = _weights(x1, n1, x2, n2)
    less, less_of_all = _weights(x2, n2, x1, n1)
    p: np.ndarray = np.minimum((1 + more + less) / (1 + more_of_all + less_of_all), 1.0)
    return p


def _weights(
    x1: np.ndarray, n1: np.ndarray, x2: np.ndarray, n2: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return what the tables with more of the events in the first row weigh.

    The first array has those no likelier than the table seen, the second all of them.
    """
    unlikely, everything = np.zeros(len(x1)), np.zeros(len(x1))
    rows, step, weight = np.arange(len(x1)), 0.0, np.ones(len(x1))
    while len(rows):
        first, second = x1[rows] + step, x2[rows] - step
        turn = (n1[rows] - first) * second / ((first + 1) * (n2[rows] - second + 1))
        # One may become too large for a float, where the p-value is too small for one.
        with np.errstate(over="ignore"):
            weight = weight * turn
            everything[rows] += weight
        unlikely[rows] += np.where(weight <= _TIE, weight, 0.0)
        step += 1
        going = (weight > _NOTHING) | (turn > 1)
        going &= (turn > 0) & (weight < np.inf)
        rows, weight = rows[going], weight[going]
    return unlikely, everything


def holm(p: np.ndarray) -> np.ndarray:
    """Return the p-values so that the chance of any false alarm among them stays as stated.

    Source
    ------
    Holm, S. (1979), Scandinavian Journal of Statistics 6, 65-70.

    Examples
    --------
    >>> holm(np.array([0.01, 0.04, 0.03])).round(4).tolist()
    [0.03, 0.06, 0.06]
    """
    order = np.argsort(p, kind="stable")
    stepped = p[order] * np.arange(len(p), 0, -1)
    adjusted = np.empty(len(p))
    adjusted[order] = np.minimum(np.maximum.accumulate(stepped), 1.0)
    return adjusted


def benjamini_hochberg(p: np.ndarray) -> np.ndarray:
    """Return the p-values so that of the alarms no more than the stated share is false, on average.

    Source
    ------
    Benjamini, Y. & Hochberg, Y. (1995), Journal of the Royal Statistical Society B 57, 289-300.

    Examples
    --------
    >>> benjamini_hochberg(np.array([0.01, 0.04, 0.03])).round(4).tolist()
    [0.03, 0.04, 0.04]
    """
    from scipy.stats import false_discovery_control  # type: ignore[import-untyped]

    return false_discovery_control(p) if len(p) else p


ADJUSTMENTS: Mapping[str, Callable[[np.ndarray], np.ndarray]] = MappingProxyType(
    {"holm": holm, "benjamini_hochberg": benjamini_hochberg}
)


Figures: TypeAlias = "float | list[float] | np.ndarray | pd.Series | ExtensionArray"

Method = Callable[[np.ndarray, np.ndarray, np.ndarray, np.ndarray, float], Limits]
METHODS: Mapping[str, Method] = MappingProxyType(
    {"newcombe": newcombe, "miettinen_nurminen": miettinen_nurminen}
)
NAMES = ("x1", "n1", "x2", "n2")
MANY = 10  # pairs from which notes say how many differ by chance alone


def compare_rates(
    x1: Figures,
    n1: Figures,
    x2: Figures,
    n2: Figures,
    *,
    method: Literal["newcombe", "miettinen_nurminen"] = "newcombe",
    level: float = 95,
    adjust: Literal["holm", "benjamini_hochberg"] | None = None,
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
    `method`; `note`, why something is missing, where one dossier more or less moves a rate by no
    less than the difference, and from ten pairs on without `adjust`, beside those whose p-value is
    not above 100 − level, how many are so by chance alone.
    Rows with 0/0, a missing, negative or fractional count, or a numerator above its denominator
    are <NA> and say so; the other rows are computed, and adjusted among themselves.
    The counts are taken for those of different dossiers. Counts alone do not show where a dossier
    is in both, as one carried over from quarter to quarter is: limits and p-values are then rough,
    and `note` cannot say so. `quarter_over_quarter` knows the indicator, and leaves limits out.

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
    a, m, b, n = pairs = tuple(counts[name][good] for name in NAMES)
    rate1, rate2 = 100 * a / m, 100 * b / n
    low, high = METHODS[method](a, m, b, n, level)
    ratio_low, ratio_high = ratio_limits(
        a, m, b, n, level, corrected=method == "miettinen_nurminen"
    )
    exact = smallest_expected(a, m, b, n) < SMALL
    p = np.empty(len(rate1))
    p[exact] = fisher_test(*(cells[exact] for cells in pairs))
    p[~exact] = score_test(*(cells[~exact] for cells in pairs))
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
    notes = _notes(counts, good, difference, lang=lang)
    if adjust is None and len(p) >= MANY:
        told = np.flatnonzero(good)[100 * p <= 100 - level + 1e-9]
        expected = format_number(len(p) * (100 - level) / 100, decimals=1, lang=lang)
        sentence = word("rates", "by_chance", lang=lang).format(n=len(p), expected=expected)
        notes[told] = ["; ".join(filter(None, [note, sentence])) for note in notes[told]]
    columns["note"] = notes
    return pd.DataFrame(columns, index=index).astype({"method": "str"})


def _require(name: object, offered: Mapping[str, object], *, option: str, what: str) -> None:
    if not isinstance(name, str) or name not in offered:
        raise ValuesError(
            f"there are no {what} {name!r}"
            if option == "method"
            else f"there is no {what} {name!r}",
            where=f"{option}=",
            mend=f"use one of {', '.join(offered)}",
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
    return all(is_number(cell) for cell in column.dropna())


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
    sizes = ", ".join(f"{name}: {size}" for name, size in lengths.items())
    if len(set(long.values())) > 1:
        raise ValuesError(
            "the counts differ in length",
            where=sizes,
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
    return as_figures(column)


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
    sentence = word("rates", "one_dossier", lang=lang)
    figures = [format_number(100 / float(size), decimals=2, lang=lang) for size in sizes]
    texts = [sentence.format(moved=figure) for figure in figures]
    beside, before = np.array([*texts, ""], dtype=object)[which], notes[rows[one]]
    notes[rows[one]] = np.where(before == "", beside, before + "; " + beside)
    return pd.array(notes, dtype="str")
