"""Numbers printed as reports print them: decimal comma, thousands dot, half up."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from cchc_stats.words.errors import NumberError
from cchc_stats.words.labels import require_language
from cchc_stats.words.numbers.numerals import UNITS
from cchc_stats.words.ratios import Exact, exact, half_up

# Language: the sign between thousands, the decimal sign.
SIGNS = {"vi": (".", ","), "en": (",", ".")}


def format_number(
    x: Any,
    *,
    decimals: int | None = None,
    unit: str = "",
    lang: str = "vi",
    keep_zeros: bool = False,
    min_digits: int = 1,
    missing: str = "",
) -> str:
    """Return a number as Vietnamese (or English) reports print it.

    `parse_number` reads it back to the same value.

    Parameters
    ----------
    x : int, float, Decimal or Fraction; None, NaN and pd.NA are missing. A float counts as the
        shortest decimal that prints it. Percent are 0-100.
    decimals : digits after the decimal sign, rounded half up on the exact fraction; None prints
        every digit there is.
    unit : "" or a code of `UNITS`, printed after the number; `percentage_points`
        always with a sign. Percent and percentage points are not grouped by thousands, since
        three digits after a sign are there read as decimals.
    lang : "vi" (1.380 and 95,27) or "en" (1,380 and 95.27).
    keep_zeros : print "20,0%" where `decimals=1`; by default trailing zeros are dropped: "20%".
    min_digits : digits before the decimal sign, filled with zeros: 2 prints 6 as "06".
    missing : what a missing number prints, "-" for instance.

    Raises
    ------
    NumberError : no finite number, a fraction that never ends without `decimals`, or an unknown
        unit or number of digits.
    CchcError : another language.

    Examples
    --------
    >>> from fractions import Fraction
    >>> format_number(1380), format_number(95.27), format_number(95.27, lang="en")
    ('1.380', '95,27', '95.27')
    >>> format_number(Fraction(2, 15) * 100, decimals=1, unit="percent")
    '13,3%'
    >>> format_number(6, min_digits=2), format_number(0.1, unit="percentage_points")
    ('06', '+0,1 điểm %')
    """
    thousands, decimal = SIGNS[require_language(lang)]
    _require_options(unit, min_digits)
    # Most figures are counts: by way of fractions a million of them would take half a minute.
    if type(x) is int and decimals is None and not unit and min_digits == 1:
        return f"{x:,}".replace(",", thousands)
    if _is_missing(x):
        return missing
    number = _rounded(x, decimals)
    integer, _, places = f"{number.copy_abs():f}".partition(".")
    if decimals is None or not keep_zeros:
        places = places.rstrip("0")
    integer = integer.zfill(min_digits)
    shares = unit in ("percent", "percentage_points")
    if not shares and not integer.startswith("0"):
        integer = f"{int(integer):,}".replace(",", thousands)
    sign = "-" if number < 0 else "+" if unit == "percentage_points" and number > 0 else ""
    after = _unit_words(unit, lang, one=number.copy_abs() == 1)
    return f"{sign}{integer}{decimal if places else ''}{places}{after}"


def format_counts(numbers: Iterable[int], *, lang: str = "vi") -> list[str]:
    """Return whole numbers as `format_number` prints them, a million of them in a second.

    Examples
    --------
    >>> format_counts([1380, 6])
    ['1.380', '6']
    """
    thousands, _ = SIGNS[require_language(lang)]
    return [f"{one:,}".replace(",", thousands) for one in numbers]


def _is_missing(x: Any) -> bool:
    if isinstance(x, Decimal):
        return x.is_nan()  # a signalling NaN must not be compared
    return x is None or x is pd.NA or x is pd.NaT or isinstance(x, float | np.floating) and x != x


def _unit_words(unit: str, lang: str, *, one: bool) -> str:
    if not unit:
        return ""
    label = UNITS[unit]
    words = label.en_one if one and lang == "en" and label.en_one else label.in_language(lang)
    return words if words == "%" else f" {words}"


def _rounded(x: Exact, decimals: int | None) -> Decimal:
    if decimals is not None:
        return half_up(x, decimals=decimals)
    number = exact(x)
    if isinstance(x, float):
        return Decimal(str(x))
    # A fraction ends where its denominator is made of twos and fives only.
    rest, places = number.denominator, 0
    for prime in (2, 5):
        times = 0
        while rest % prime == 0:
            rest, times = rest // prime, times + 1
        places = max(places, times)
    if rest != 1:
        raise NumberError(
            f"the decimals of {number} never end", where="decimals=", mend="say how many to print"
        )
    return half_up(number, decimals=places)


def _require_options(unit: str, min_digits: int) -> None:
    if not isinstance(unit, str) or unit and unit not in UNITS:
        raise NumberError(
            f"there is no unit {unit!r}",
            where="unit=",
            mend=f"one of {', '.join(repr(code) for code in UNITS)}, or '' for none",
        )
    if isinstance(min_digits, bool) or not isinstance(min_digits, int) or min_digits < 1:
        raise NumberError(
            f"min_digits={min_digits!r} is not a number of digits",
            where="min_digits=",
            mend="give a whole number, 1 or more",
        )
