"""The words around a printed number: units, multiples, and words that make it approximate."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from cchc_stats.words.folding import fold
from cchc_stats.words.labels import Label, vocabulary

# The codes and their words stand in labels.toml, for plots and pages as well as for numbers.
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
    found = {"": ""}
    for code, unit in units.items():
        for spelling in map(fold, filter(None, (unit.vi, unit.en, unit.en_one, *unit.also))):
            if found.setdefault(spelling, code) != code:
                raise ValueError(f"{spelling!r} is a spelling of {found[spelling]} and of {code}")
    return MappingProxyType(found)


UNIT_OF = spellings(UNITS)

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
