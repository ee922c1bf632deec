"""Whose, when and of what a figure is: what the words around it say, the nearest before the others.

A document's head speaks of all; a section, a sheet or a caption of what stands in it; a group row
or a group of columns of what stands under it; a row and a column of their own figures.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from cchc_stats.words import Window, fold

ALL = "all"
LEVELS = ("provincial", "district", "commune")
_LEVEL_WORDS = {
    "provincial": r"cap (?:tinh|so|thanh pho)|(?:cac )?so, ?(?:ban, ?)?nganh(?: tinh)?|cac so",
    "district": (
        r"cap (?:huyen|quan)|cac (?:huyen|quan)\b[^;]*"
        r"|huyen, (?:thi xa|thanh pho|quan)(?:, (?:thi xa|thanh pho|quan))*|quan, huyen"
    ),
    "commune": (
        r"cap (?:xa|phuong)|cac (?:xa|phuong)\b[^;]*|xa, phuong(?:, (?:thi tran|dac khu))?"
        r"|phuong, xa|xa, thi tran"
    ),
}
_LEVELS = {code: re.compile(rf"\b(?:{words})\b") for code, words in _LEVEL_WORDS.items()}
# Words that say no more than that what follows is of a level.
_FILLER = re.compile(
    r"\b(?:tthc|thu tuc(?: hanh chinh)?|ho so|thuoc|pham vi|tham quyen|giai quyet|tiep nhan|cua|cac"
    r"|ubnd|uy ban nhan dan|don vi(?: hanh chinh)?|co quan|chuyen mon|tai|o|nhom|khoi|linh vuc|tong"
    r"|tong so|cong|so luong|trung tam|bo phan mot cua|hanh chinh|va|theo|phan|muc|cap)\b"
)
_BODY = re.compile(
    r"(?:các\b)?(?:sở|ủy ban nhân dân|uỷ ban nhân dân|ubnd|văn phòng|thanh tra|chi nhánh|chi cục"
    r"|cục|trung tâm|công an|ban quản lý|ban dân tộc|phường|thị trấn|thị xã|huyện|quận|đặc khu"
    r"|bệnh viện|kho bạc|tp\.?|thành phố|xã(?! hội)|phòng(?! cháy| chống| bệnh| ngừa)"
    r"|trường(?! hợp))\s+(?P<name>[^\W\d_].*)"
)
_PLURAL = re.compile(r"(?:sở|huyện|xã|phường|phòng|quận)\s*,", re.IGNORECASE)


@dataclass(frozen=True)
class Scope:
    """Whose, when and of what a figure is; what is "" or None is told by what stands around.

    Attributes
    ----------
    agency : of whom; "" for who sends the report.
    period, basis, window : of when.
    level : of which level or block of the table, "" for all.
    row : sector or other key of the row.
    part : False of a whole, True of a part of one, None where nothing is said.
    """

    agency: str = ""
    period: pd.Period | None = None
    basis: str = ""
    window: Window | None = None
    level: str = ""
    row: str = ""
    part: bool | None = None

    def within(self, outer: Scope) -> Scope:
        """Return the scope with what it leaves out taken from around it.

        Another period than that around it brings its own days, or none.

        Examples
        --------
        >>> head = Scope("Sở A", pd.Period("2024Q3"), "in_period")
        >>> column = Scope(period=pd.Period("2023Q3")).within(head)
        >>> column.agency, str(column.period), column.basis
        ('Sở A', '2023Q3', 'in_period')
        """
        if outer is NOTHING:
            return self
        if self is NOTHING:
            return outer
        other = self.period is not None and self.period != outer.period
        return Scope(
            self.agency or outer.agency,
            outer.period if self.period is None else self.period,
            self.basis or outer.basis,
            self.window or (None if other else outer.window),
            self.level or outer.level,
            self.row or outer.row,
            outer.part if self.part is None else self.part,
        )


NOTHING = Scope()


@lru_cache(maxsize=10_000)
def level_of(text: str) -> str:
    """Return the one administrative level that a text names, "" where none or several.

    Examples
    --------
    >>> level_of("TTHC thuộc thẩm quyền giải quyết của UBND cấp xã"), level_of("Hộ tịch")
    ('commune', '')
    """
    folded = fold(text)
    named = [code for code, pattern in _LEVELS.items() if pattern.search(folded)]
    return named[0] if len(named) == 1 else ""


@lru_cache(maxsize=10_000)
def is_level(text: str) -> bool:
    """Return whether a text names a level and says nothing else.

    Examples
    --------
    >>> is_level("A. Cấp tỉnh"), is_level("Số cơ quan cấp tỉnh áp dụng ISO")
    (True, False)
    """
    code = level_of(text)
    if not code:
        return False
    rest = _FILLER.sub(" ", _LEVELS[code].sub(" ", fold(text)))
    return not re.sub(r"^\W*(?:[a-z]|[ivx]+|\d+)[.)]|[\W_]", "", rest.strip())


@lru_cache(maxsize=10_000)
def is_body(text: str) -> bool:
    """Return whether a text is the name of one agency: a department, a committee, a commune.

    Examples
    --------
    >>> [is_body(name) for name in ("Sở Tư pháp", "UBND xã An Phong", "Xã hội", "Sở, ngành")]
    [True, True, False, False]
    """
    written = " ".join(unicodedata.normalize("NFC", text).split()).casefold()
    found = _BODY.fullmatch(written)
    return found is not None and not _PLURAL.match(written) and not is_level(text)
