"""The words around a printed number: units, multiples, and words that make it approximate."""

from __future__ import annotations

from typing import NamedTuple


class Unit(NamedTuple):
    """How a unit is printed after a number, and how else it is written (folded)."""

    vietnamese: str
    english_one: str
    english_many: str
    also: tuple[str, ...] = ()


UNITS = {
    "": Unit("", "", ""),
    "percent": Unit("%", "%", "%", ("phan tram", "percent", "per cent")),
    "percentage_points": Unit(
        " điểm %", " pp", " pp", ("diem phan tram", "percentage points", "percentage point")
    ),
    "points": Unit(" điểm", " point", " points"),
    "days": Unit(" ngày", " day", " days"),
    "working_days": Unit(" ngày làm việc", " working day", " working days"),
    "months": Unit(" tháng", " month", " months"),
    "hours": Unit(" giờ", " hour", " hours"),
    "dossiers": Unit(" hồ sơ", " dossier", " dossiers"),
    "procedures": Unit(
        " TTHC", " procedure", " procedures", ("thu tuc", "thu tuc hanh chinh")
    ),
    "documents": Unit(" văn bản", " document", " documents"),
    "agencies": Unit(" đơn vị", " agency", " agencies", ("co quan", "co quan, don vi")),
    "people": Unit(" người", " person", " people"),
    "attendances": Unit(" lượt", " attendance", " attendances", ("luot nguoi",)),
}  # fmt: skip

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
