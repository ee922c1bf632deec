"""Part of a whole: shares, ratios, differences, and rounding as printed reports round."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from numbers import Rational
from typing import TypeAlias

import numpy as np
import pandas as pd

from cchc_stats.words.errors import NumberError, ValuesError

Exact: TypeAlias = int | float | Decimal | Fraction
_MOST_PLACES = 100
# Has room for any float with so many places: none is cut.
_WIDE = Context(prec=500, rounding=ROUND_HALF_UP)


def share(part: pd.Series, whole: pd.Series) -> pd.Series:
    """Return part of whole in percent.

    Parameters
    ----------
    part, whole : numbers, one per row; `whole` is matched to `part` by index, never by position.

    Returns
    -------
    Float64 percent with the index of `part`; 0-100 where 0 <= part <= whole. <NA> where `whole`
    is 0, and where either is missing or not finite.

    Raises
    ------
    ValuesError : the two indexes differ and that of `whole` names a row twice.

    Examples
    --------
    >>> share(pd.Series([60, 0, None]), pd.Series([60, 0, 5])).tolist()
    [100.0, <NA>, <NA>]
    """
    # Multiplied first: 100 times a count is exact, so 7 of 100 is 7 and not 7.000000000000001.
    return _divide(part, whole, scale=100.0)


def ratio(part: pd.Series, whole: pd.Series) -> pd.Series:
    """Return part divided by whole, a plain number and not a percent.

    Columns, missing values, 0/0 and errors as for `share`.

    Examples
    --------
    >>> ratio(pd.Series([37, 1]), pd.Series([40, 0])).tolist()
    [0.925, <NA>]
    """
    return _divide(part, whole, scale=1.0)


def difference(later: pd.Series, earlier: pd.Series) -> pd.Series:
    """Return later minus earlier, matched by index.

    Parameters
    ----------
    later, earlier : numbers of one unit. The difference of two percents is in percentage points.

    Returns
    -------
    Float64 with the index of `later`; <NA> where either is missing or not finite.

    Raises
    ------
    ValuesError : the two indexes differ and that of `earlier` names a row twice.

    Examples
    --------
    >>> difference(pd.Series([62, 5]), pd.Series([40, None])).tolist()
    [22.0, <NA>]
    """
    after, before = _floats(later), _floats(_aligned(earlier, later.index))
    with np.errstate(over="ignore", invalid="ignore"):  # what is not finite becomes <NA> below
        return _series(after - before, later.index)


def exact(number: Exact) -> Fraction:
    """Return a number as the fraction it stands for; a float as the shortest decimal it prints.

    Raises
    ------
    NumberError : not a number, or not finite.

    Examples
    --------
    >>> exact(0.1), exact(Decimal("95.27"))
    (Fraction(1, 10), Fraction(9527, 100))
    """
    if not isinstance(number, bool | np.bool_):
        if isinstance(number, Rational):  # int, Fraction and the integers of NumPy
            return Fraction(int(number.numerator), int(number.denominator))
        # is_finite first: a signalling NaN is no float.
        if isinstance(number, Decimal) and number.is_finite() and np.isfinite(float(number)):
            return Fraction(number)
        if isinstance(number, float | np.floating) and np.isfinite(number):
            # str and not the binary value: 1.005 is meant, not 1.00499999999999989…
            return Fraction(str(number))
    raise NumberError(
        f"{number!r} is not a finite number",
        mend="give an int, float, Decimal or Fraction; leave missing numbers out",
    )


def half_up(
    numerator: Exact, denominator: Exact = 1, decimals: int = 0, *, scale: Exact = 1
) -> Decimal:
    """Return scale * numerator / denominator, rounded half up on the exact fraction.

    Parameters
    ----------
    numerator, denominator, scale : exact numbers; a float counts as the shortest decimal that
        prints it. `scale=100` gives percent.
    decimals : digits kept after the decimal sign, 0 or more.

    Returns
    -------
    Decimal with exactly `decimals` digits; a half goes away from zero, for negative numbers too.

    Raises
    ------
    NumberError : the denominator is 0, a number is not finite, or `decimals` is below 0.

    Examples
    --------
    >>> half_up(148761, 151295, 2, scale=100)
    Decimal('98.33')
    >>> half_up(5, 2), half_up(-5, 2), half_up(1.005, decimals=2)
    (Decimal('3'), Decimal('-3'), Decimal('1.01'))
    """
    if isinstance(decimals, bool) or not isinstance(decimals, int | np.integer) or decimals < 0:
        raise NumberError(
            f"decimals={decimals!r} is not a number of digits",
            where="decimals=",
            mend="give a whole number, 0 or more",
        )
    plain = type(denominator) is type(scale) is int and denominator == scale == 1
    if plain and isinstance(numerator, float) and decimals <= _MOST_PLACES:
        return _half_up(numerator, int(decimals))
    below = exact(denominator)
    if below == 0:
        raise NumberError(
            "a number cannot be divided by 0",
            where=f"{numerator} / {denominator}",
            mend="leave the row out, or use share(), which gives <NA> there",
        )
    wanted = exact(scale) * exact(numerator) / below * 10 ** int(decimals)
    units = (2 * abs(wanted.numerator) + wanted.denominator) // (2 * wanted.denominator)
    # Built from digits: arithmetic in the decimal context would cut the number to 28 of them.
    sign = 1 if wanted < 0 and units else 0
    return Decimal((sign, tuple(int(digit) for digit in str(units)), -int(decimals)))


def _half_up(x: float, decimals: int) -> Decimal:
    """Round a float half up by decimals alone, a tenth of the time that its fraction takes."""
    if not np.isfinite(x):
        exact(x)  # refuses
    number = Decimal(str(x)).quantize(Decimal((0, (1,), -decimals)), context=_WIDE)
    return number if number else number.copy_abs()


def as_figures(numbers: np.ndarray) -> pd.arrays.FloatingArray:
    """Return numbers as Float64, <NA> where they are NaN.

    Examples
    --------
    >>> as_figures(np.array([1.5, np.nan])).tolist()
    [1.5, <NA>]
    """
    return pd.arrays.FloatingArray(numbers, np.isnan(numbers))


def _divide(part: pd.Series, whole: pd.Series, *, scale: float) -> pd.Series:
    above, below = _floats(part), _floats(_aligned(whole, part.index))
    divisible = np.isfinite(above) & np.isfinite(below) & (below != 0)
    with np.errstate(over="ignore"):  # what overflows is not finite, and so becomes <NA> below
        quotient = np.divide(scale * above, below, out=np.full(len(above), np.nan), where=divisible)
    return _series(quotient, part.index)


def _aligned(series: pd.Series, index: pd.Index) -> pd.Series:
    if series.index.equals(index):
        return series
    if not series.index.is_unique:
        raise ValuesError(
            "rows can only be matched where each is named once",
            where=f"index, {series.index[series.index.duplicated()][0]!r} occurs twice",
            mend="take both columns from one frame, or call reset_index() on the two",
        )
    return series.reindex(index)


def _floats(series: pd.Series) -> np.ndarray:
    # By way of Float64, which takes pd.NA and None where float64 does not.
    return series.astype("Float64").to_numpy(dtype="float64", na_value=np.nan)


def _series(numbers: np.ndarray, index: pd.Index) -> pd.Series:
    numbers = np.where(np.isfinite(numbers), numbers, np.nan)
    return pd.Series(as_figures(numbers), index=index)
