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
    number = scanned.number
    if not scanned.above:
        return number
    if scanned.proves - {decimal}:
        used, wanted = (
            _SEPARATOR_NAMES["." if decimal == "," else ","][1],
            _SEPARATOR_NAMES[decimal][1],
        )
        return _unreadable(number, f"implies a {used}, against the {wanted} {why}")
    if mixed and scanned.doubtful:
        return _unreadable(number, "ambiguous, and the column prints both decimal signs")
    above, decimals, words = _numeral(scanned.above, decimal)
    if scanned.below is not None:
        below, _, more = _numeral(scanned.below, decimal)
        words = ["fraction", *dict.fromkeys([*words, *more])]
        number = replace(number, denominator=plain(below))
        looks_like_month = scanned.above.isdigit() and 1 <= above <= 12 and not number.unit
        if looks_like_month and len(scanned.below) == 4 and 1990 <= below <= 2100:
            return _unreadable(number, "looks like month/year")
    signed = -above if scanned.negative else above
    if scanned.doubtful:
        ambiguous = why == "by default"
        words = [f"{'ambiguous: ' if ambiguous else ''}{'; '.join(words)} {why}"]
    words = [word for word in (*words, number.read_as) if word] or ["whole number"]
    value = plain(signed * scanned.times)
    return replace(
        number, value=value, status="reported", decimals=decimals, read_as="; ".join(words)
    )


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


def _scan_match(number: Number, match: re.Match[str]) -> Scanned:
    sign, below = match["sign"], match["below"]
    unit, words = _unit(match["rest"].strip())
    if unit is None:
        return Scanned(replace(number, read_as=words))
    if below is not None and (sign or unit in ("percent", "percentage_points") or match["times"]):
        return Scanned(replace(number, read_as="a fraction with a sign, a percent or a multiple"))
    if sign and unit == "percent":
        unit, words = "percentage_points", "explicit sign before %: percentage points"
    notes = [match["times"] and f"times {MULTIPLES[match['times']]}", words]
    shown = [numeral for numeral in (match["above"], below) if numeral is not None]
    proofs = [_proof(numeral) for numeral in shown]
    if None in proofs:
        return Scanned(replace(number, read_as="groups of digits that are no number"))
    proves, doubtful = {sign_ for sign_ in proofs if sign_ in (",", ".")}, "?" in proofs
    if doubtful and unit in ("percent", "percentage_points"):
        # Read as thousands, 98.333% would be far above 100 %.
        proves |= {sign_ for sign_ in ",." if sign_ in match["above"]}
        notes.append("three decimals: as thousands the percent would be above 100")
        doubtful = False
    if len(proves) > 1 or (doubtful and len(set("".join(shown)) & {".", ","}) > 1 and not proves):
        return Scanned(replace(number, read_as="two conventions in one cell"))
    number = replace(
        number,
        unit=unit,
        approximate=APPROXIMATE.get(match["about"] or "", ""),
        read_as="; ".join(note for note in notes if note),
    )
    times = MULTIPLES[match["times"]] if match["times"] else 1
    return Scanned(
        number,
        match["above"],
        below,
        times,
        proves=frozenset(proves),
        doubtful=doubtful and not proves,
        negative=sign == "-",
    )


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
