"""Percentages as they are printed: how many decimals, how exactly, and of which counts."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from cchc_stats.words import exact, fold, half_up

Verdict = Literal["agrees", "cut", "differs"]

_PERCENT = re.compile(r"(?<![0-9.,])([0-9]+(?:[.,]([0-9]+))?) ?(?:%|phan tram\b)")
# The words that make a figure an approximate one, by what they allow.
_ABOUT = re.compile(r"\b(gan|khoang|xap xi|hon|tren|duoi|it nhat|toi thieu)\b ?(?=[0-9])")
_SIDES = {"hon": "above", "tren": "above", "it nhat": "above", "toi thieu": "above"} | {
    "gan": "below",
    "duoi": "below",
}
_NEAR = Fraction(1, 10)
_NEAR_PERCENT = Fraction(3, 2)


def printed_decimals(quote: str, value: float) -> tuple[int, str]:
    """Return the digits after the decimal sign of a printed percentage, and that sign.

    Where the words do not print the value, it has the decimals of its shortest number.

    Examples
    --------
    >>> printed_decimals("đạt 98,30%", 98.3), printed_decimals("", 5.47)
    ((2, ','), (2, ''))
    """
    for found in _PERCENT.finditer(fold(quote)):
        if float(found[1].replace(",", ".")) == value:
            digits = found[2] or ""
            return len(digits), found[1][len(found[1]) - len(digits) - 1] if digits else ""
    exponent = Decimal(str(float(value))).normalize().as_tuple().exponent
    return max(0, -int(exponent)), ""


def judge_share(above: Any, below: Any, value: float, decimals: int) -> Verdict:
    """Return whether a printed percentage is that of two counts: rounded half up, cut, or neither.

    Examples
    --------
    >>> judge_share(1315, 1380, 95.3, 1), judge_share(1315, 1380, 95.2, 1)
    ('agrees', 'cut')
    >>> judge_share(1315, 1380, 99, 0)
    'differs'
    """
    printed, share = exact(float(value)), 100 * exact(float(above)) / exact(float(below))
    if exact(half_up(share, decimals=decimals)) == printed:
        return "agrees"
    cut = Fraction(share * 10**decimals // 1, 10**decimals)
    return "cut" if cut == printed else "differs"


def approximately(quote: str) -> str:
    """Return the word that makes a figure approximate ("gan", "hon" …), "" where none does.

    Examples
    --------
    >>> approximately("gần 98%"), approximately("98%")
    ('gan', '')
    """
    found = _ABOUT.search(fold(quote))
    return found[1] if found else ""


def is_about(actual: Any, stated: float, word: str, *, percent: bool) -> bool:
    """Return whether a figure is what an approximate one says: "gần 98%" is 96,5 to 98."""
    real, said = exact(float(actual)), exact(float(stated))
    reach = _NEAR_PERCENT if percent else abs(said) * _NEAR
    side = _SIDES.get(word, "")
    low = said if side == "above" else said - reach
    high = said if side == "below" else said + reach
    return low <= real <= high
