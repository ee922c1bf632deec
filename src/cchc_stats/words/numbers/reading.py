"""One printed cell read as a number: value, denominator, unit, and how it was read."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from cchc_stats.words.folding import fold
from cchc_stats.words.numbers.number import LONGEST, Number, plain, printable, read_object
from cchc_stats.words.numbers.units import APPROXIMATE, MULTIPLES, UNIT_OF
from cchc_stats.words.periods import read_date

_ABOUT = "|".join(re.escape(word) for word in sorted(APPROXIMATE, key=len, reverse=True))
_NUMBER = r"[1-9][0-9]{0,2}(?: [0-9]{3})+(?:[.,][0-9]+)?(?![0-9])|[0-9]+(?:[.,][0-9]+)*"
_CELL = re.compile(
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
    told = "; ".join(filter(None, (*words, number.read_as))) or "whole number"
    return replace(number, value=value, status="reported", decimals=decimals, read_as=told)


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
        found = replace(
            number, status="date", date=printed.date, date_to=printed.date_to, read_as=kind
        )
        return Scanned(found)
    match = _CELL.fullmatch(folded)
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
    if rest in UNIT_OF:
        return UNIT_OF[rest], ""
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
        head = numeral.rpartition(last)[0]
        return last if _groups_of_three(head, signs[0]) else None
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
    whole, _, decimals = numeral.partition(decimal)
    thousands = "." if decimal == "," else ","
    words = ["thousands space"] if " " in whole else []
    words += [_SEPARATOR_NAMES[thousands][0]] if thousands in whole else []
    words += [_SEPARATOR_NAMES[decimal][1]] if decimals else []
    digits = whole.replace(thousands, "").replace(" ", "")
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
