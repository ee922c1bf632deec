"""Numbers as reports print them: reading a cell or a column."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Hashable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import cache, lru_cache
from numbers import Rational
from types import MappingProxyType
from typing import Any, NamedTuple, TypeAlias, overload

import numpy as np
import pandas as pd

from cchc_stats.words.errors import NumberError
from cchc_stats.words.folding import fold
from cchc_stats.words.labels import Label, vocabulary
from cchc_stats.words.periods import read_date

STATUSES = ("reported", "not_applicable", "not_reported", "date", "unreadable")
LONGEST = 64  # characters: no printed figure is longer, and reading stays bounded


@dataclass(frozen=True)
class Number:
    """A printed cell and what it says.

    Attributes
    ----------
    text : the cell as printed (Unicode NFC; half a character, as broken files hold, is U+FFFD).
    value, denominator : the number, and what it is "out of" where a fraction is printed; None where
        there is none. Never divided: "0/0" is value 0, denominator 0.
    unit : code of `UNITS`, such as "percent", "percentage_points"; "" where none is.
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
        is_integer = isinstance(cell, Decimal) and cell == cell.to_integral_value()
        value = int(cell) if is_integer else float(cell)
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
    # By the exponent where there is one: 1e999999 has a million digits only if written out.
    if isinstance(number, Decimal):
        return number.is_finite() and number.adjusted() >= LONGEST
    numerator, denominator = int(number.numerator), int(number.denominator)
    return bool(abs(numerator) >= 10**LONGEST * denominator)


def _day_of(cell: dt.date | np.datetime64) -> dt.date:
    if isinstance(cell, np.datetime64):
        # By the year first, because NumPy wraps around silently where a day is too far away.
        if not 1 <= int(cell.astype("datetime64[Y]").astype("int64")) + 1970 <= 9999:
            raise ValueError("no day of the calendar")
        of_days = np.datetime_data(cell.dtype)[0] in ("Y", "M", "W", "D")
        day: dt.date = cell.astype("datetime64[D]" if of_days else "datetime64[us]").item()
    else:
        day = cell.to_pydatetime(warn=False) if isinstance(cell, pd.Timestamp) else cell
    # Printed times have no zone.
    return day.replace(tzinfo=None) if isinstance(day, dt.datetime) else day


def printable(text: str) -> str:
    """Return a text with U+FFFD for each half of a character, as broken files hold them."""
    if re.search("[\ud800-\udfff]", text):  # no file and not every column of texts can hold it
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def plain(number: Fraction) -> int | float:
    """Return a fraction as a whole number where it is one, else as the nearest float."""
    return number.numerator if number.denominator == 1 else number.numerator / number.denominator


# The codes and their words stand in codes.toml, for plots and pages as well as for numbers.
UNITS = vocabulary()["unit"]


def spellings(units: Mapping[str, Label]) -> Mapping[str, str]:
    """Return the code of each way to write a unit, folded; "" is no unit.

    Raises
    ------
    ValueError : two units are written alike.

    Examples
    --------
    >>> spellings(UNITS)["thu tuc hanh chinh"], spellings(UNITS)["working day"]
    ('procedures', 'working_days')
    """
    codes = {"": ""}
    for code, unit in units.items():
        for spelling in map(fold, filter(None, (unit.vi, unit.en, unit.en_one, *unit.also))):
            if codes.setdefault(spelling, code) != code:
                raise ValueError(f"{spelling!r} is a spelling of {codes[spelling]} and of {code}")
    return MappingProxyType(codes)


@cache
def unit_codes() -> Mapping[str, str]:
    """Return the spellings of `UNITS`, folded together at the first number with a unit."""
    return spellings(UNITS)


# ngàn and nghìn are one word in two regions.
MULTIPLES = {
    "ngan": 10**3,
    "nghin": 10**3,
    "thousand": 10**3,
    "trieu": 10**6,
    "million": 10**6,
    "ty": 10**9,
    "ti": 10**9,
    "billion": 10**9,
}

APPROXIMATE = {
    "gan": "about",
    "khoang": "about",
    "xap xi": "about",
    "about": "about",
    "nearly": "about",
    "~": "about",
    "≈": "about",
    "hon": "more_than",
    "tren": "more_than",
    "more than": "more_than",
    "over": "more_than",
    ">": "more_than",
    "duoi": "less_than",
    "chua den": "less_than",
    "chua toi": "less_than",
    "less than": "less_than",
    "under": "less_than",
    "<": "less_than",
    "it nhat": "at_least",
    "toi thieu": "at_least",
    "at least": "at_least",
    "≥": "at_least",
    ">=": "at_least",
    "nhieu nhat": "at_most",
    "toi da": "at_most",
    "khong qua": "at_most",
    "at most": "at_most",
    "≤": "at_most",
    "<=": "at_most",
}


_ABOUT = "|".join(re.escape(word) for word in sorted(APPROXIMATE, key=len, reverse=True))
_NUMBER = r"[1-9][0-9]{0,2}(?: [0-9]{3})+(?:[.,][0-9]+)?(?![0-9])|[0-9]+(?:[.,][0-9]+)*"
_CELL = (
    rf"(?:(?P<about>{_ABOUT}) ?)?"
    rf"(?P<sign>[+-])?(?P<above>{_NUMBER})(?: ?/ ?(?P<below>{_NUMBER}))?"
    rf"(?: ?(?P<times>{'|'.join(MULTIPLES)})\b)?(?P<rest>[^0-9]*)"
)
_SEPARATOR_NAMES = {
    ".": ("thousands dot", "decimal point"),
    ",": ("thousands comma", "decimal comma"),
}


class Scanned(NamedTuple):
    """A cell taken apart, before it is decided which sign groups thousands.

    `proves` holds the decimal signs that its numbers leave no doubt about ("," for 1.234.567 and
    98,81); `doubtful` is whether a number could be meant either way (1.234).
    """

    number: Number
    above: str = ""
    below: str | None = None
    times: int = 1
    proves: frozenset[str] = frozenset()
    doubtful: bool = False
    negative: bool = False


def scan(cell: Any) -> Scanned:
    """Return a cell taken apart; what needs no decision about signs is already read."""
    if isinstance(cell, np.ndarray) and cell.ndim == 0 and cell is not np.ma.masked:
        cell = cell[()]
    if isinstance(cell, str):
        return _scan_text(cell)
    try:
        return Scanned(read_object(cell))
    except Exception:  # an object may refuse anything, even to be printed; the column goes on
        return Scanned(Number("", read_as=f"a {type(cell).__name__} that cannot be read"))


def decide(scanned: Scanned, decimal: str, why: str, *, mixed: bool = False) -> Number:
    """Return the number of a scanned cell, read with `decimal` as the decimal sign.

    Parameters
    ----------
    scanned : see `scan`.
    decimal : "," or ".".
    why : where the decision is from, for `read_as`: "by option", "by default" and so on.
    mixed : the column proves both signs, so doubtful cells cannot be read at all.
    """
    if not scanned.above:
        return scanned.number
    if fault := _undecided(scanned, decimal, why, mixed=mixed):
        return _unreadable(scanned.number, fault)
    number = scanned.number
    above, decimals, words = _numeral(scanned.above, decimal)
    if scanned.below is not None:
        below, _, more = _numeral(scanned.below, decimal)
        if _is_month(scanned, above, below):
            return _unreadable(number, "looks like month/year")
        words = ["fraction", *dict.fromkeys([*words, *more])]
        number = replace(number, denominator=plain(below))
    if scanned.doubtful:
        ambiguous = "ambiguous: " if why == "by default" else ""
        words = [f"{ambiguous}{'; '.join(words)} {why}"]
    value = plain((-above if scanned.negative else above) * scanned.times)
    signs = "; ".join(filter(None, (*words, number.read_as))) or "whole number"
    return replace(number, value=value, status="reported", decimals=decimals, read_as=signs)


def _undecided(scanned: Scanned, decimal: str, why: str, *, mixed: bool) -> str:
    """Return why a cell cannot be read with a decimal sign, "" where it can."""
    if scanned.proves - {decimal}:
        used = _SEPARATOR_NAMES["." if decimal == "," else ","][1]
        return f"implies a {used}, against the {_SEPARATOR_NAMES[decimal][1]} {why}"
    if mixed and scanned.doubtful:
        return "ambiguous, and the column prints both decimal signs"
    return ""


def _is_month(scanned: Scanned, above: Fraction, below: Fraction) -> bool:
    """Return whether a fraction such as 9/2020 may be a month of a year."""
    month = scanned.above.isdigit() and 1 <= above <= 12 and not scanned.number.unit
    return month and len(scanned.below or "") == 4 and 1990 <= below <= 2100


def _scan_text(cell: str) -> Scanned:
    text = printable(unicodedata.normalize("NFC", cell))
    stripped = text.strip()
    number = Number(text)
    if len(stripped) > LONGEST:
        return Scanned(replace(number, read_as=f"longer than {LONGEST} characters"))
    folded = fold(stripped)
    if re.fullmatch(r"|…+|\.{2,}|_+", folded):
        return Scanned(replace(number, status="not_reported", read_as="empty"))
    if re.fullmatch(r"-+|khong ap dung|n/a", folded):
        return Scanned(
            replace(number, status="not_applicable", read_as="dash" if "-" in folded else "words")
        )
    if (printed := read_date(folded)) is not None:
        if printed.fault:
            return Scanned(replace(number, read_as=printed.fault))
        kind = "range of dates" if printed.date_to else "date"
        return Scanned(
            replace(number, status="date", date=printed.date, date_to=printed.date_to, read_as=kind)
        )
    match = re.fullmatch(_CELL, folded)
    if match is None:
        return Scanned(replace(number, read_as=_why_no_number(folded)))
    return _scan_match(number, match)


SHARES = ("percent", "percentage_points")


def _scan_match(number: Number, match: re.Match[str]) -> Scanned:
    sign, below = match["sign"], match["below"]
    unit, words = _unit(match["rest"].strip())
    if unit is None:
        return Scanned(_unreadable(number, words))
    if below is not None and (sign or unit in SHARES or match["times"]):
        return Scanned(_unreadable(number, "a fraction with a sign, a percent or a multiple"))
    if sign and unit == "percent":
        unit, words = "percentage_points", "explicit sign before %: percentage points"
    signs = _signs_of(match, unit)
    if isinstance(signs, str):
        return Scanned(_unreadable(number, signs))
    times = match["times"]
    notes = [f"times {MULTIPLES[times]}" if times else "", words, signs.note]
    number = replace(
        number,
        unit=unit,
        approximate=APPROXIMATE.get(match["about"] or "", ""),
        read_as="; ".join(filter(None, notes)),
    )
    return Scanned(
        number,
        match["above"],
        below,
        MULTIPLES[times] if times else 1,
        proves=signs.proves,
        doubtful=signs.doubtful,
        negative=sign == "-",
    )


class _Signs(NamedTuple):
    """Which decimal signs a cell proves, whether one is in doubt, and a word about it."""

    proves: frozenset[str]
    doubtful: bool
    note: str = ""


def _signs_of(match: re.Match[str], unit: str) -> _Signs | str:
    """Return what the numerals of a cell tell of its decimal sign, or why they are no numbers."""
    shown = [numeral for numeral in (match["above"], match["below"]) if numeral is not None]
    proofs = [_proof(numeral) for numeral in shown]
    if None in proofs:
        return "groups of digits that are no number"
    proves, doubtful = {one for one in proofs if one in (",", ".")}, "?" in proofs
    if doubtful and unit in SHARES:
        # Read as thousands, 98.333% would be far above 100 %.
        proves |= {",", "."} & {*match["above"]}
        note = "three decimals: as thousands the percent would be above 100"
        return (
            "two conventions in one cell"
            if len(proves) > 1
            else _Signs(frozenset(proves), False, note)
        )
    both = len({",", "."} & {*"".join(shown)}) > 1
    if len(proves) > 1 or (doubtful and both and not proves):
        return "two conventions in one cell"
    return _Signs(frozenset(proves), doubtful and not proves)


def _unit(rest: str) -> tuple[str | None, str]:
    """Return the code of the unit, or None and why there is none; else a word about stray text."""
    if rest in unit_codes():
        return unit_codes()[rest], ""
    if rest.startswith("%") and re.fullmatch(r"[a-z &,]+", rest[1:]):
        return "percent", f'the words after % are not its unit: "{rest[1:].strip()}"'
    return None, f'not a unit: "{rest}"'


def _proof(numeral: str) -> str | None:
    """Return the decimal sign a numeral proves; "" none, "?" in doubt, None if it is invalid."""
    grouped = numeral.replace(" ", "")
    signs = [char for char in grouped if char in ".,"]
    if not signs:
        return ""
    if " " in numeral:
        return signs[0]
    if len(set(signs)) == 2:
        last = signs[-1]
        return last if _groups_of_three(numeral.rpartition(last)[0], signs[0]) else None
    sign, other = signs[0], "," if signs[0] == "." else "."
    if len(signs) > 1:
        return other if _groups_of_three(numeral, sign) else None
    return "?" if _groups_of_three(numeral, sign) else sign


def _groups_of_three(numeral: str, sign: str) -> bool:
    first, *others = numeral.split(sign)
    # A group of thousands does not start with 0: 0.123 and 06,125 are decimals.
    leads = first.isdigit() and len(first) <= 3 and not first.startswith("0")
    return leads and all(group.isdigit() and len(group) == 3 for group in others)


def _numeral(numeral: str, decimal: str) -> tuple[Fraction, int, list[str]]:
    """Return the number, its printed decimals, and words on the signs in it."""
    integer, _, decimals = numeral.partition(decimal)
    thousands = "." if decimal == "," else ","
    words = ["thousands space"] if " " in integer else []
    words += [_SEPARATOR_NAMES[thousands][0]] if thousands in integer else []
    words += [_SEPARATOR_NAMES[decimal][1]] if decimals else []
    digits = integer.replace(thousands, "").replace(" ", "")
    # Fractions: decimals would be cut to the digits of the caller's decimal context.
    return Fraction(int(digits + decimals), 10 ** len(decimals)), len(decimals), words


def _unreadable(number: Number, why: str) -> Number:
    return Number(number.text, read_as=why)


def _why_no_number(folded: str) -> str:
    if re.fullmatch(r"\([0-9]+\)", folded):
        return "brackets: the number of a column, or a negative number"
    if re.fullmatch(r"- [0-9].*", folded):
        return "a dash apart from the number: an item of a list, or a negative number"
    return "not a number"


Column: TypeAlias = pd.Series | pd.Index | pd.api.extensions.ExtensionArray | list[Any] | np.ndarray

_WHY = {
    "option": "by option",
    "column": "by the other cells of the column",
    "both": "of most cells of the column",
    "default": "by default",
}
COLUMN_TYPES = {
    "text": "str",
    "value": "Float64",
    "denominator": "Float64",
    "unit": "str",
    "status": "str",
    "decimals": "Int64",
    "approximate": "str",
    "date": "datetime64[us]",
    "date_to": "datetime64[us]",
    "read_as": "str",
}


@overload
def parse_number(  # type: ignore[overload-overlap]  # a column is an object too
    cell: Column, *, decimal: str | None = None
) -> pd.DataFrame: ...
@overload
def parse_number(cell: object, *, decimal: str | None = None) -> Number: ...
def parse_number(cell: Any, *, decimal: str | None = None) -> Number | pd.DataFrame:
    """Return what a printed cell, or each cell of a column, says.

    Parameters
    ----------
    cell : one text (or number, date, or missing), or a Series, Index, list or array of them, of
        NumPy or of pandas.
    decimal : "," or "." where the decimal sign is certain. None decides it: for a column from the
        cells that leave no doubt (1.234.567, 98,81%, 12.5), the majority of them; for a single cell
        from itself. Where nothing tells, 1.234 is 1234 and 1,234 is a decimal, as in Vietnamese.

    Returns
    -------
    Number, or for a column a frame of its fields, one row per cell with the column's index: `text,
    value, denominator, unit, status, decimals, approximate, date, date_to, read_as`. Numbers are
    Float64, dates time stamps. Its `attrs` hold `decimal`, the sign decided, and `decimal_from`:
    `option`, `column`, `both` (the column prints both signs: its doubtful cells are unreadable) or
    `default`. Cells against the decision are unreadable; no cell ever raises.

    Absences: a dash is `not_applicable`; empty, missing and dotted cells are `not_reported`.

    Raises
    ------
    NumberError : `decimal` is neither "," nor ".", or the cells are a table and not a column.

    Examples
    --------
    >>> parse_number("02/3").value, parse_number("02/3").denominator
    (2, 3)
    >>> parse_number("13,3%").unit, parse_number("-").status
    ('percent', 'not_applicable')
    >>> cells = parse_number(pd.Series(["1.234", "95.27"]))
    >>> cells["value"].tolist(), cells.attrs["decimal"]
    ([1.234, 95.27], '.')
    """
    if decimal not in (None, ",", "."):
        raise NumberError(
            f"{decimal!r} is not a decimal sign",
            where="decimal=",
            mend='give "," or ".", or None to decide by the cells',
        )
    arrays = pd.Series | pd.Index | pd.DataFrame | pd.api.extensions.ExtensionArray | np.ndarray
    if isinstance(cell, list) or (isinstance(cell, arrays) and cell.ndim > 0):
        return _parse_column(cell, decimal)
    if decimal is None and type(cell) is str and len(cell) <= LONGEST:
        return _parse_short(cell)
    return _parse_cell(scan(cell), decimal)


@lru_cache(maxsize=20_000)
def _parse_short(text: str) -> Number:
    return _parse_cell(_scan_short(text), None)


def _parse_cell(scanned: Scanned, decimal: str | None) -> Number:
    if decimal is not None:
        return decide(scanned, decimal, "by option")
    return decide(scanned, next(iter(scanned.proves), ","), "by default")


def _parse_column(cells: Any, decimal: str | None) -> pd.DataFrame:
    if not isinstance(cells, list) and np.ndim(cells) != 1:
        raise NumberError(
            "a table is not a column of cells", where="cell=", mend="parse one column at a time"
        )
    index = cells.index if isinstance(cells, pd.Series) else pd.RangeIndex(len(cells))
    codes, read, sign, source = _read_distinct(cells, decimal)
    columns = {
        name: pd.Series([getattr(number, name) for number in read], dtype=kind)
        for name, kind in COLUMN_TYPES.items()
    }
    frame = pd.DataFrame(columns).take(codes)
    frame.index = index
    frame.attrs = {"decimal": sign, "decimal_from": source}
    return frame


def read_column(cells: pd.Series | list[str | None]) -> list[Number]:
    """Return what each cell of a column says, as `parse_number` reads it, without a frame.

    The tables of a report have ten rows: their frame would cost far more than their reading.

    Examples
    --------
    >>> [number.value for number in read_column(pd.Series(["1.234", "95.27"]))]
    [1.234, 95.27]
    """
    texts = cells if isinstance(cells, list) else cells.tolist()
    if all(isinstance(text, str) and text.isdecimal() and len(text) <= LONGEST for text in texts):
        # Digits alone leave no doubt about a decimal sign.
        return [_decide_short(text, ",", "default") for text in texts]
    if not all(isinstance(text, str) and len(text) <= LONGEST for text in texts):
        codes, read, _, _ = _read_distinct(cells, None)
        return [read[code] for code in codes.tolist()]
    scanned = [_scan_short(text) for text in texts]
    sign, source = _decision(scanned, [1] * len(scanned), None)
    return [_decide_short(text, sign, source) for text in texts]


def _read_distinct(cells: Any, decimal: str | None) -> tuple[np.ndarray, list[Number], str, str]:
    """Return each cell's place among the distinct ones, what these say, the sign and why it."""
    codes, distinct = _distinct(cells)
    scanned = [scan(cell) for cell in distinct]
    sign, source = _decision(scanned, np.bincount(codes, minlength=len(scanned)).tolist(), decimal)
    read = [decide(one, sign, _WHY[source], mixed=source == "both") for one in scanned]
    return codes, read, sign, source


@lru_cache(maxsize=20_000)
def _scan_short(text: str) -> Scanned:
    # Reports print the same few figures over and over.
    return scan(text)


@lru_cache(maxsize=20_000)
def _decide_short(text: str, sign: str, source: str) -> Number:
    return decide(_scan_short(text), sign, _WHY[source], mixed=source == "both")


def _decision(scanned: list[Scanned], counts: list[int], decimal: str | None) -> tuple[str, str]:
    """Return the decimal sign of a column and where the decision is from."""
    if decimal is not None:
        return decimal, "option"
    votes = {",": 0, ".": 0}
    for one, count in zip(scanned, counts, strict=True):
        for sign in one.proves:
            votes[sign] += count
    if not any(votes.values()):
        return ",", "default"
    # A tie goes to the comma, the decimal sign of the language.
    return "." if votes["."] > votes[","] else ",", "both" if all(votes.values()) else "column"


def _distinct(cells: Any) -> tuple[np.ndarray, list[object]]:
    """Return each cell's place among the distinct cells, and these."""
    if _has_one_type(cells):
        with suppress(UnicodeEncodeError):  # half a character, in texts that pandas cannot hash
            codes, distinct = pd.factorize(cells, use_na_sentinel=False)
            return codes, list(distinct)
    places: dict[Hashable, int] = {}
    once: list[object] = []
    codes = np.empty(len(cells), dtype=np.intp)
    for row, cell in enumerate(cells):
        # With its type, because True, 1 and 1.0 are one key; lists differ by identity.
        key = (type(cell), cell if isinstance(cell, Hashable) else id(cell))
        try:
            place = places.setdefault(key, len(once))
        except Exception:  # it only says it is hashable, as a tuple with a list in it does
            place = places.setdefault((type(cell), id(cell)), len(once))
        if place == len(once):
            once.append(cell)
        codes[row] = place
    return codes, once


def _has_one_type(cells: Any) -> bool:
    """Return whether equal cells are the same cell, as far as pandas can tell them apart."""
    if isinstance(cells, np.ndarray):
        return cells.dtype.kind in "biufM" and not isinstance(cells, np.ma.MaskedArray)
    return not isinstance(cells, list) and not pd.api.types.is_object_dtype(cells)
