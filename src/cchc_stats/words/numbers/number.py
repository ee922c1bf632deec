"""What a cell says, as a `Number`; and the cells that are no texts: numbers, days, nothing."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from numbers import Rational
from typing import Any

import numpy as np
import pandas as pd

STATUSES = ("reported", "not_applicable", "not_reported", "date", "unreadable")
LONGEST = 64  # characters: no printed figure is longer, and reading stays bounded

_HALF_CHARACTER = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Number:
    """A printed cell and what it says.

    Attributes
    ----------
    text : the cell as printed (Unicode NFC; half a character, as broken files hold, is U+FFFD).
    value, denominator : the number, and what it is "out of" where a fraction is printed; None where
        there is none. Never divided: "0/0" is value 0, denominator 0.
    unit : code of `number_units.UNITS`, such as "percent", "percentage_points"; "" where none is.
    status : `reported`, `not_applicable` (a dash), `not_reported` (empty), `date`, `unreadable`.
    decimals : digits printed after the decimal sign; None for cells that are no text.
    approximate : "", "about", "more_than", "less_than", "at_least" or "at_most".
    date, date_to : the day, and the last day of a range.
    read_as : how it was read, or why it could not be.
    """

    text: str
    value: int | float | None = None
    denominator: int | float | None = None
    unit: str = ""
    status: str = "unreadable"
    decimals: int | None = None
    approximate: str = ""
    date: dt.date | None = None
    date_to: dt.date | None = None
    read_as: str = ""


def read_object(cell: Any) -> Number:
    """Return what a cell says that is no text: a number, a day, nothing, or nothing readable.

    Whatever an object raises when it is compared or printed is passed on.

    Examples
    --------
    >>> read_object(Fraction(1, 8)).value, read_object(np.datetime64("2020-09-09")).date
    (0.125, datetime.date(2020, 9, 9))
    """
    if _is_missing(cell):
        return Number("", status="not_reported", read_as="empty")
    # NumPy counts spans of time among the whole numbers.
    is_rational = isinstance(cell, Rational) and not isinstance(cell, np.timedelta64)
    if (is_rational or isinstance(cell, Decimal)) and _is_long(cell):
        return Number("", read_as=f"longer than {LONGEST} digits")
    text = printable(str(cell))
    if isinstance(cell, bool | np.bool_):
        return Number(text, read_as="true or false, not a number")
    if isinstance(cell, dt.date | np.datetime64):
        return Number(text, status="date", date=_day_of(cell), read_as="a date, not a text")
    if not is_rational and not isinstance(cell, float | np.floating | Decimal):
        return Number(text, read_as=f"a {type(cell).__name__}, not a text or a number")
    if np.isinf(float(cell)):
        return Number(text, read_as="not finite")
    value: int | float
    if is_rational:
        value = plain(Fraction(int(cell.numerator), int(cell.denominator)))
    else:
        whole = isinstance(cell, Decimal) and cell == cell.to_integral_value()
        value = int(cell) if whole else float(cell)
    return Number(text, value, status="reported", read_as="a number, not a text")


def _is_missing(cell: Any) -> bool:
    if isinstance(cell, Decimal):
        return cell.is_nan()  # a signalling NaN must not be compared
    if isinstance(cell, np.datetime64 | np.timedelta64):
        return bool(np.isnat(cell))
    if isinstance(cell, float | np.floating):
        return bool(cell != cell)
    return any(cell is nothing for nothing in (None, pd.NaT, pd.NA, np.ma.masked))


def _is_long(number: Rational | Decimal) -> bool:
    # Told by the exponent where there is one: 1e999999 has a million digits only if written out.
    if isinstance(number, Decimal):
        return number.is_finite() and number.adjusted() >= LONGEST
    numerator, denominator = int(number.numerator), int(number.denominator)
    return bool(abs(numerator) >= 10**LONGEST * denominator)


def _day_of(cell: dt.date | np.datetime64) -> dt.date:
    if isinstance(cell, np.datetime64):
        # By the year first, because NumPy wraps around silently where a day is too far away.
        if not 1 <= int(cell.astype("datetime64[Y]").astype("int64")) + 1970 <= 9999:
            raise ValueError("no day of the calendar")
        whole = np.datetime_data(cell.dtype)[0] in ("Y", "M", "W", "D")
        day: dt.date = cell.astype("datetime64[D]" if whole else "datetime64[us]").item()
    else:
        day = cell.to_pydatetime(warn=False) if isinstance(cell, pd.Timestamp) else cell
    # Printed times have no zone.
    return day.replace(tzinfo=None) if isinstance(day, dt.datetime) else day


def printable(text: str) -> str:
    """Return a text with U+FFFD for each half of a character, as broken files hold them."""
    if _HALF_CHARACTER.search(text):  # no file and not every column of texts can hold it
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def plain(number: Fraction) -> int | float:
    """Return a fraction as a whole number where it is one, else as the nearest float."""
    return number.numerator if number.denominator == 1 else number.numerator / number.denominator
