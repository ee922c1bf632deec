"""Of whom and of when a figure of prose is: its scope.

The nearest words that speak set it: section, lead-in of the paragraph, sentence, clause. Words of
time or of a part that are not understood leave a figure a claim, of no quarter and no row.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

import pandas as pd

from cchc_stats.reading.files import PlainText, plain_text
from cchc_stats.reading.prose.figures import SENTENCE_END, Figure
from cchc_stats.words import (
    AS_OF,
    IN_PERIOD,
    YEAR_TO_DATE,
    Window,
    departments,
    fold,
    same_spelling,
)

# ---- Whom.

TOTAL = "all"
LEVELS = {"tinh": "Cấp tỉnh", "huyen": "Cấp huyện", "xa": "Cấp xã"}
# How the form of dossiers calls them.
LEVEL_CODES = {"Cấp tỉnh": "provincial", "Cấp huyện": "district", "Cấp xã": "commune"}
_LEVEL = re.compile(
    r"\bcap (?P<level>tinh|huyen|xa)\b|\b(?P<at>tai (?:UBND )?(?:huyen|quan|thi xa))(?= ?:)"
    r"|(?P<units>(?<!\bnam )(?<!\bquy )(?<!\bthang )(?<![/.-])"
    r"\b(?:[0-9⓪①②③④⑤⑥⑦⑧⑨]{1,3}|cac)(?: UBND)? "
    r"(?:so|huyen|quan|thi xa|xa|phuong)\b(?=,| |:))",
    re.IGNORECASE,
)
_UNIT = {"so": "tinh", "huyen": "huyen", "quan": "huyen", "thi xa": "huyen"}
_ALL = re.compile(
    r"\b(?:toan (?:tinh|thanh pho|huyen|nganh|so|xa|phuong|dia ban)|ca tinh"
    r"|tren dia ban (?:tinh|thanh pho|huyen|xa|phuong)|(?:ca )?(?:[23②③]|hai|ba) cap"
    r"|(?:moi|cac|tat ca(?: cac)?|toan bo(?: cac)?|[0-9⓪①②③④⑤⑥⑦⑧⑨]+) linh vuc)\b",
    re.IGNORECASE,
)
# "Các sở, ngành và địa phương", "UBND huyện và 20 xã" are all of them.
_AND_UNITS = (
    r"\bUBND (?:tinh|thanh pho|huyen|quan|thi xa)\b(?: (?!va\b)\w+){0,3}?,? va"
    r"(?: [0-9⓪①②③④⑤⑥⑦⑧⑨/]{1,5}| cac)"
)
_PLACES = re.compile(
    r"\b(?:cac|va|,) ?(?:cac )?dia phuong\b"
    rf"|{_AND_UNITS}(?: UBND)? (?:so|huyen|quan|thi xa|xa|phuong)\b(?:,? thi tran)?",
    re.IGNORECASE,
)
_AND_UNITS_BEFORE = re.compile(rf"{_AND_UNITS}$", re.IGNORECASE)
_SENTENCE = re.compile(r"[.!?] ")
_BEGINS = 30  # characters in which a sentence names whom it is about
# A part of the dossiers: a field, one procedure, one mechanism, one way, one body by its name.
_PART = re.compile(
    r"(?:\bphi dia gioi(?: hanh chinh)?\b"
    r"|\b(?:nhom thu tuc|nhom TTHC|linh vuc|mang)\b(?! (?:la|gom|co)\b)[^,;:.()0-9]{2,40}"
    r"|\bthu tuc (?!hanh chinh)[^,;:.()0-9]{2,60}(?=[:,(])"
    r"|\bco che mot cua lien thong\b"
    # What is no dossier of a procedure, and has been received and settled as they are.
    r"|\b(?:(?:phan anh|kien nghi|don thu|khieu nai|to cao)(?:,? (?:va )?)?)+\b"
    r"|\b(?:rieng|doi voi) (?!viec|cong tac|(?:trong )?(?:quy|thang|nam|ky)\b"
    r"|(?:cac )?(?:ho so|TTHC"
    r"|thu tuc hanh chinh)(?: TTHC)? ?[,:])"
    r"[^,;:.()0-9]{3,60}"
    r"|\b(?:cac|[0-9⓪①②③④⑤⑥⑦⑧⑨]+) (?:don vi (?:truc thuoc|su nghiep)|phong chuyen mon|chi cuc"
    r"|trung tam"
    r"|chi nhanh|thon|to dan pho)\b)",
    re.IGNORECASE,
)
# Bodies beside the one that reports, of whatever level: "Công an xã".
_BESIDE = re.compile(
    r"\b(?:cong an|ban chi huy(?: quan su)?|quan su|toa an|vien kiem sat|thi hanh an"
    r"|bao hiem xa hoi|kho bac|hai quan|buu dien|tram y te|to cong nghe so(?: cong dong)?)"
    r"(?: (?:tinh|thanh pho|huyen|khu vuc|xa|phuong|dac khu))?\b",
    re.IGNORECASE,
)
_ONE_STOP = re.compile(r"\b(?:theo )?co che mot cua\b(?! lien thong)", re.IGNORECASE)
_NAMED = re.compile(
    r"\b(?:UBND )?(?:(?i:chi cuc|trung tam|chi nhanh|benh vien|huyen|thanh pho|thi xa|thi tran|xa"
    r"|phuong|dac khu|cong ty|buu dien)|So|Ban|Phong|Truong|Van phong|Thanh tra|Kho bac)"
    r"(?: [A-Z][\w&]*)+"
)
# Where an agency receives: its one-stop office, under whatever name.
_ONE_STOP_OFFICE = re.compile(
    r"trung tam (?:phuc vu )?hanh chinh cong|van phong (?:hdnd|ubnd)|trung tam phuc vu"
    r"|(?:phong|to|quay) (?:tiep nhan|mot cua)",
    re.IGNORECASE,
)
_LONGEST_OFFICE = 80  # characters of its name and place
_OF_PLACE = re.compile(r"[^,;:.0-9]*\b(?:tinh|thanh pho|huyen)\b", re.IGNORECASE)
_OF_COMMUNE = re.compile(r"(?: cua)?(?: UBND)? ((?i:xa|phuong|dac khu|thi tran)(?: [A-Z]\w*)+)")


def is_own_office(name: str, agency: str) -> bool:
    """Return whether words begin with the one-stop office of an agency, and not of another.

    Examples
    --------
    >>> office = "Trung tâm Phục vụ hành chính công xã An Mẫu"
    >>> is_own_office(office, "UBND xã An Mẫu"), is_own_office(office, "UBND xã Ba Mẫu")
    (True, False)
    """
    plain = plain_text(name).plain
    office = _ONE_STOP_OFFICE.match(plain)
    if not office or _OF_PLACE.match(plain, office.end()):
        return False
    place = _OF_COMMUNE.match(plain, office.end())
    return not (place and agency) or fold(place[1]) in fold(agency)


# Nouns of units, as they are spelled: "hồ sơ xây dựng" and "các số liệu" are of no department.
_UNIT_NOUNS = {
    **{"so": "sở", "tinh": "tỉnh", "huyen": "huyện", "quan": "quận", "xa": "xã", "tran": "trấn"},
    **{"phuong": "phường", "phong": "phòng", "truong": "trường", "cuc": "cục", "ban": "ban"},
}


def names_unit(printed: str) -> bool:
    """Return whether the noun of a unit with which some words begin is spelled as one.

    Words without marks are taken for what they may be.

    Examples
    --------
    >>> [names_unit(words) for words in ("sở Xây dựng", "sơ xây dựng", "các số", "So Xay dung")]
    [True, False, False, True]
    """
    if printed.isascii():
        return True
    words = re.findall(r"[^\W\d]+", printed)
    noun = next((word for word in words if fold(word) not in ("cac", "cap", "ubnd")), "")
    spelled = _UNIT_NOUNS.get(fold(noun), noun)
    return same_spelling(noun) == same_spelling(spelled)


def names_all(text: str) -> bool:
    """Return whether a text is of all agencies of a place: "toàn tỉnh", "trên địa bàn xã".

    Examples
    --------
    >>> names_all("Bảng 2. Kết quả toàn tỉnh"), names_all("Bảng 2. Kết quả")
    (True, False)
    """
    return _ALL.search(plain_text(text).plain) is not None


# "Kính gửi:", "Theo đề nghị của", but not "Đơn vị:" and "Kết quả như sau:".
_LEADS_ON = re.compile(
    r".*(?:(?<!sau)(?<!cu the)(?<!don vi)(?<!co quan)(?<!vi bao cao)(?<!quan bao cao):"
    r"|\b(?:gui|nhan|cua|voi|theo|boi|cho|cung|do|va))"
)


def leads_on(line: str) -> bool:
    """Return whether a line wants the next one: a name there heads nothing.

    Examples
    --------
    >>> [leads_on(line) for line in ("Kính gửi:", "Căn cứ đề nghị của", "Kết quả như sau:")]
    [True, True, False]
    """
    return _LEADS_ON.fullmatch(fold(line)) is not None


_ONE_UNIT = re.compile(
    r"\b(?:chi cuc|trung tam (?!hanh chinh cong|phuc vu|tiep nhan)[a-z]+)\b(?! (?:da|dang|tiep"
    r"|giai|phai|con"
    r"|co|thuc)\b)",
    re.IGNORECASE,
)
_AUTHORITY = re.compile(
    r"\bthuoc (?:pham vi )?tham quyen(?: giai quyet)?(?: cua)? (?P<who>[^:;,.()0-9]{2,60}?)"
    r"(?: va)? ?(?=[:;,(0-9]|$)",
    re.IGNORECASE,
)
# Who reports, by what it is and without its name: "xã đã tiếp nhận".
_SELF = re.compile(
    r"(?<!\bho )\b(?:UBND )?(?:so|xa|phuong|thi tran|huyen|dac khu|tinh|thanh pho|don vi|co quan"
    r"|chi nhanh|chi cuc|trung tam|van phong|ban"
    r"|(?:bo phan (?:mot cua|tiep nhan)(?: (?:va|&) tra ket qua)?"
    r"|trung tam phuc vu hanh chinh cong)"
    r"(?: (?:cua )?(?:UBND )?(?:so|xa|phuong|thi tran|huyen|quan|thi xa|thanh pho|tinh))?)"
    r" (?=(?:da|dang|duoc|tiep|giai|nhan|phai|con|co|thuc)\b)",
    re.IGNORECASE,
)
# A unit by its kind or its name, or all of a kind: "Chi nhánh", "Chi cục Thủy lợi".
_A_UNIT = re.compile(
    r"(?:(?:ubnd|uy ban nhan dan|so|ban|phong|van phong|thanh tra|kho bac|benh vien|truong|tram"
    r"|cuc|hat|huyen|quan|thanh pho|thi xa|thi tran|xa|phuong|dac khu|tinh|cong ty|buu dien|co quan"
    r"|don vi)|(?:cac )?(?:chi nhanh|chi cuc|trung tam|phong chuyen mon|don vi (?:truc thuoc"
    r"|su nghiep)))(?: (?!va (?:cac|cap)\b)[^,;0-9]+)?"
)
# Where the words after a figure stop to speak of it.
_UP_TO = re.compile(r"[,;:()\[\]=+.!?]| - | va | trong do\b| (?:bao )?gom\b", re.IGNORECASE)


@dataclass(frozen=True)
class Whom:
    """Whom a report is of, and what stands above one of its paragraphs.

    Attributes
    ----------
    agency : who reports.
    in_parts : "some" where the paragraph stands in a list of parts ("Trong đó:"), "all" where the
        list is of all of them ("gồm:"), "each" where it divides all ("theo lĩnh vực:"), else "".
    level, part : whom the heading or the paragraph that leads in names.
    sectors : names of sectors, folded, that stand for themselves without the word "lĩnh vực".
    """

    agency: str = ""
    in_parts: str = ""
    level: str = ""
    part: str = ""
    sectors: frozenset[str] = frozenset()

    def is_self(self, name: str) -> bool:
        """Return whether a body that is named is the one that reports."""
        own = fold(self.agency).replace("uy ban nhan dan", "ubnd")
        other = fold(name).replace("uy ban nhan dan", "ubnd")
        return bool(own) and (other in own or other.removeprefix("ubnd ") in own)


class NamedRow(NamedTuple):
    """Whose dossiers a figure counts.

    `name` is `all` for the total, a level's name, the words of another part, or "<level>|<part>";
    `clear` whether all words between these and the figure are understood; `parts` is that of the
    list which the figure stands in (see `Whom.in_parts`).
    """

    name: str
    clear: bool = True
    parts: str = ""


def is_unit(part: str) -> bool:
    """Return whether a part of the dossiers is named by a unit: by its kind or its own name."""
    return _A_UNIT.fullmatch(fold(part)) is not None


_SECTOR = re.compile(r"(?:các )?lĩnh vực\s+(?P<name>.+)", re.IGNORECASE)


def sector_of(part: str) -> str:
    """Return the sector that a part of the dossiers is named by, "" where by anything else.

    Examples
    --------
    >>> sector_of("lĩnh vực hộ tịch"), sector_of("Cấp xã")
    ('Hộ tịch', '')
    """
    match = _SECTOR.fullmatch(part)
    name = match["name"].strip() if match else ""
    return name[:1].upper() + name[1:]


def rows_named(
    masked: str, wording: PlainText, figures: Sequence[Figure], whom: Whom | None = None
) -> list[NamedRow]:
    """Return for each figure the row of the form that its words are about.

    What a sentence begins with holds for those that go on from it and name nobody; what it names
    in its midst is done with it.
    """
    speaking = _Speaking(masked, wording, whom or Whom())
    ends = [*(one.start for one in figures[1:]), len(masked)]
    return [speaking.row_of(one, last) for one, last in zip(figures, ends, strict=False)]


class _Speaking:
    """What a paragraph has come to speak of, figure by figure."""

    def __init__(self, masked: str, wording: PlainText, whom: Whom) -> None:
        masked = _without_addressee(_with_units(masked, wording))
        self.masked, self.wording, self.whom = masked, wording, whom
        self.above = self.base = self.row = _Of(whom.level or TOTAL, whom.part)
        self.parts = whom.in_parts
        self.outside: tuple[_Of, str] | None = None  # what holds again after the brackets
        self.begin = self.end = 0  # of the sentence, and of the figure before
        self.by_comma = False  # what parts the items of the list
        self.is_named_after = False  # whether the figure's part stands behind it

    def row_of(self, figure: Figure, last: int) -> NamedRow:
        """Return the row of the next figure, whose words go on to `last` at most."""
        gap, start = self._brackets(*self._gap(figure))
        before, level = self.row.part, self.row.level
        if ";" in gap:
            gap, start = self._after_semicolon(gap, start)
        self._sum_up(gap)
        row = _row_in(gap, self.row, self.wording, start, self.whom)
        if listed := [*_LISTED.finditer(gap)]:
            self.parts = "all" if _LISTED_ALL.fullmatch(listed[-1][0]) else "some"
        row = own = _in_list(gap, row, self.wording, start, self.whom, self.parts)
        new = before != "" and row.part != before or level not in ("", TOTAL, row.level)
        parted = self.by_comma or bool(self.parts) and new and "," in gap
        self.by_comma = ";" not in gap and parted
        if row.part == before and (cut := _UP_TO.search(self.masked + ".", figure.end)):
            words = self.masked[figure.end : min(cut.start(), last)]
            own = _row_in(words, row, self.wording, figure.end, self.whom)
            own = _in_list(words, own, self.wording, figure.end, self.whom, self.parts)
        is_same = row.part == before and row.level == level
        self.is_named_after = own[:2] != row[:2] or self.is_named_after and is_same
        self.row, self.end = own, figure.end
        return NamedRow(own.name, own.clear, self.parts)

    def _sum_up(self, gap: str) -> None:
        """Go back to the whole: "30 hồ sơ phi địa giới; tổng số hồ sơ tiếp nhận 950 hồ sơ"."""
        if self.row.part != self.base.part and _WHOLE.search(gap):
            self.row, self.parts = self.base, self.whom.in_parts

    def _gap(self, figure: Figure) -> tuple[str, int]:
        """Return the words before a figure, and where they begin; a sentence may begin in them."""
        # With the digit before, for "12 huyện".
        units = _AND_UNITS_BEFORE.search(self.masked, max(0, self.end - 80), self.end)
        digit = self.end - self.masked[self.end - 1 : self.end].isdigit()
        start = units.start() if units else digit
        stops = [*_SENTENCE.finditer(self.masked, start, figure.start)]
        self.begin = stops[-1].end() if stops else self.begin
        words = self.masked[self.begin : figure.start]
        # A label before a colon is what its sentence is about, however long it is.
        if len(words) < 2 * _BEGINS or stops or words.rstrip().endswith(":"):
            self.base = _opened(words, self.base, self.wording, self.begin, self.whom, self.above)
        if stops or not self.end:
            start = self.begin
            self.row, self.parts, self.outside = self.base, self.whom.in_parts, None
        return self.masked[start : figure.start], start

    def _brackets(self, gap: str, start: int) -> tuple[str, int]:
        """Return the words after closed brackets: what stood in these is done with them."""
        if self.outside and (closed := gap.find(")")) >= 0:
            self.row, self.parts = self.outside
            self.outside, gap, start = None, gap[closed + 1 :], start + closed + 1
        if gap.rfind("(") > gap.rfind(")"):
            self.outside = self.row, self.parts
            self.parts = self.parts or "some"
        return gap, start

    def _after_semicolon(self, gap: str, start: int) -> tuple[str, int]:
        """Set what holds after a semicolon where no name follows.

        It ends a list whose items are parted by commas; else it may begin one more figure of the
        last item, or go on from what stood before the list: that is not clear.

        Returns
        -------
        The words after the semicolon, and where they begin.
        """
        stop = gap.rfind(";")
        named = _row_in(gap[:stop], self.row, self.wording, start, self.whom)
        self.is_named_after |= named[:2] != self.row[:2]
        if self.is_named_after and not self.parts:
            # "100 hồ sơ cấp tỉnh; đã giải quyết 99 hồ sơ": of these, or of all.
            self.row = named._replace(clear=False)
            return gap[stop:], start + stop
        in_list = self.parts and (self.row.part or self.row.level != self.base.level)
        if not in_list or self.base.part or self.by_comma:
            level = self.base.level if self.parts else self.row.level
            self.row, self.parts = _Of(level, self.base.part), self.whom.in_parts
        else:
            self.row = self.row._replace(clear=False)
        return gap[stop:], start + stop


def _with_units(masked: str, wording: PlainText) -> str:
    """Return a text in which what is spelled otherwise is no unit: "các số liệu"."""
    for match in _LEVEL.finditer(masked):
        if not names_unit(wording.printed(*match.span())):
            masked = masked[: match.end() - 1] + "_" + masked[match.end() :]
    return masked


@cache
def _addressed() -> re.Pattern[str]:
    """Return the pattern of what a sentence says of its addressee, or of who had it written.

    "Kính gửi Sở Nội vụ, ", "Thực hiện chỉ đạo của UBND tỉnh, ".
    """
    above = "|".join(map(re.escape, departments()))
    place = r"(?: (?:tinh|thanh pho|TP\.?)(?: (?-i:[A-Z])\w*){1,3}| tinh)?"
    body = rf"(?:{above}|UBND(?= tinh| thanh pho)|Uy ban nhan dan(?= tinh| thanh pho)){place}"
    asked = r"(?:(?:kinh )?(?:gui|bao cao)|(?:thuc hien|theo|can cu|duoc su|duoi su)\b"
    asked += r"(?:(?!\b(?:bao cao|so lieu|thong ke|ket qua)\b)[^,;:.()0-9])*? cua)"
    shown = r"(?: (?:(?:ve )?(?:ket qua|so lieu|tinh hinh)(?: thuc hien)?)?(?: cu the)? ?nhu sau)?"
    return re.compile(rf"\b{asked}:? (?:{body}(?:, | va )?)+{shown}(?=[,;:]|$)", re.IGNORECASE)


def _without_addressee(masked: str) -> str:
    """Return a text without whom it is sent to, each letter in its place."""
    return _blank(_addressed(), masked)


class _Of(NamedTuple):
    """The level and the part that words are about, and whether all words since are understood."""

    level: str
    part: str = ""
    clear: bool = True

    @property
    def name(self) -> str:
        if self.part and self.level in LEVELS.values():
            return f"{self.level}|{self.part}"
        return self.part or self.level


# "Tổng cộng: tiếp nhận 650 hồ sơ", after the fields one by one.
_SUMMED = re.compile(
    r" ?(?:[-+*•] ?)?(?:tong(?: cong| chung)?|cong|tinh chung|chung)"
    r"(?=[:,]| (?:tiep|giai|toan|ca)\b)",
    re.IGNORECASE,
)


_WHOLE = re.compile(r"[,;] ?(?:trong khi )?tong (?:so|cong)\b", re.IGNORECASE)


def _opened(words: str, base: _Of, wording: PlainText, start: int, whom: Whom, above: _Of) -> _Of:
    """Return the level and the part that a sentence begins with, those before where it has none."""
    if above == _Of(TOTAL) and _SUMMED.match(words):
        return above
    label, colon, _ = words.partition(":")
    first = label if colon else words[:_BEGINS]
    named = _row_in(first, _Of(""), wording, start, whom)
    if not (named.level or named.part):
        opening = re.match(rf"[^0-9]{{0,{_BEGINS}}}[^\W0-9]*", words)
        listed = label if colon else opening[0] if opening else ""
        named = _in_list(listed, named, wording, start, whom, whom.in_parts)
        if not named.part and colon and (printed := _labelled(label, wording, start)):
            named = _Of("", printed, clear=False)
    if named.level or named.part:
        return named._replace(level=named.level or above.level)
    return above if _SELF.search(words[: 2 * _BEGINS]) else base


# A label that is of what follows, and not of some dossiers.
_TOPIC = re.compile(
    r"\b(?:cong tac|tinh hinh|viec|bo phan|mot cua|trung tam|van phong|ubnd|toan|noi dung|so lieu"
    r"|chi so|muc|phan|tai|theo|sau|nhu|thuoc|tham quyen|luy ke|tu dau|tinh den|trong|cung"
    r"|giai doan|nam|quy|thang|ngay|tuan|dot|den nay)\b"
)
_OF_COUNTS = re.compile(
    r"\b(?:ho so|tiep nhan|giai quyet|xu ly|ket qua|tong|thu tuc|TTHC|tra|ton|han)\b", re.IGNORECASE
)
_OF_DOSSIERS = re.compile(r" ?(?:[-+*•] ?)?(?:tong )?(?:so )?(?:luong )?ho so\b", re.IGNORECASE)
_MANY = 6  # words of a label that may be a name


def _labelled(label: str, wording: PlainText, start: int) -> str:
    """Return the part that a label names without its kind, "" where it names none.

    "Hồ sơ phi địa giới:" names some of the dossiers, and so does "- Khai sinh:" in a list.
    """
    rest = _left(label)
    runs = [*_RUN.finditer(rest)]
    if not runs or _TOPIC.search(rest.casefold()) or _FIELD.search(rest.casefold()):
        return ""
    name = wording.printed(start + runs[0].start(), start + runs[-1].end()).strip()
    is_item = re.match(r" ?[-+*•]", label) is not None and not _OF_COUNTS.search(label)
    alone = is_item and len(label.split()) <= _MANY + 1 and name[:1].isalpha()
    return name if alone or _OF_DOSSIERS.match(label) else ""


def _row_in(words: str, row: _Of, wording: PlainText, start: int, whom: Whom) -> _Of:
    """Return the level and the part that some words name, those before where they name none."""
    if authority := _AUTHORITY.search(words):
        return _of_authority(authority, row, wording, start, whom)
    part, after = _part_in(words, wording, start, whom)
    everywhere = _PLACES.search(words) is not None
    if not everywhere and (levels := [*_LEVEL.finditer(words)]):
        return _of_levels(levels, row, part, words[max(after, levels[-1].end()) :])
    if everywhere or _ALL.search(words):
        return _Of(TOTAL)
    if part:
        body, _ = _body_in(words, wording, start, whom)
        return _Of(row.level, part, body in ("", part) and _is_clear(words[after:]))
    if (own_body := _SELF.search(words)) and _is_body(row.part):
        # "Công an xã tiếp nhận 120 hồ sơ; UBND xã tiếp nhận 330 hồ sơ".
        first, last = own_body.span()
        return row._replace(part=wording.printed(start + first, start + last).strip())
    if not row.clear or _is_clear(words):
        return row
    own = fold(sector_of(row.part) or row.part)
    return row._replace(clear=own != "" and _is_clear(words, own))


def _of_levels(levels: Sequence[re.Match[str]], row: _Of, part: str, rest: str) -> _Of:
    """Return the level that is named, and its sector; two levels in one breath are neither."""
    kinds = {_level_of(one) for one in levels}
    if len(kinds) > 1:
        return _Of(row.level, levels[0][0], clear=False)
    return _Of(LEVELS[kinds.pop()], part if sector_of(part) else "", _is_clear(rest))


def _is_body(part: str) -> bool:
    return is_unit(part) or _BESIDE.fullmatch(plain_text(part).plain) is not None


def _of_authority(
    match: re.Match[str], row: _Of, wording: PlainText, start: int, whom: Whom
) -> _Of:
    """Return whom "thuộc thẩm quyền giải quyết của …" names."""
    who = wording.printed(start + match.start("who"), start + match.end("who")).strip()
    named = {_level_of(one) for one in _LEVEL.finditer(f"{match['who']}:")}
    if len(named) == 1:
        return _Of(LEVELS[named.pop()])
    is_part = whom.in_parts or not _SELF.match(f"{match['who']} da")
    return _Of(TOTAL, who[:1].upper() + who[1:]) if is_part else row


# Words of dossiers, whoever's and whenever they are.
_OF_ANY = re.compile(
    r"\b(?:(?:bo )?(?:ho so|HS)|TTHC|thu tuc hanh chinh|(?:moi )?tiep nhan(?: moi)?|moi"
    r"|(?:da|duoc|co) nhan|nhan(?= (?:moi|truc|qua)\b)|nop|giai quyet|xu ly|thu ly|tra(?: lai)?"
    r"|ket qua|hoan thanh|xong|thoi han"
    r"|(?:truoc|dung|som|qua|tre|cham|trong|con|den|(?:chua|da) (?:den|toi))(?: thoi)? h[ae]n"
    r"|truoc(?=[, ]+(?:va )?dung)|trong do|(?:bao )?gom(?: co)?|cu the|tong(?: so| cong)?"
    r"|so luong|so(?= (?:ho so|HS|da|con|moi|dang|tiep|giai|dung|qua|truoc|tra|ton)\b)"
    r"|(?:trong |cua |tu )?(?:quy|ky)(?: (?:nay|bao cao|truoc|sau))+|trong (?:quy|ky)"
    r"|chuyen(?: (?:qua|sang))?|tinh den|den nay|ton(?: dong)?|phat sinh|hien(?: nay| tai)?"
    r"|da|duoc|dang|chua|phai|can|bi|deu|la|lai|chiem|ty le|tuong (?:ung|duong)|voi"
    r"|khong(?: co)?|co(?= ?[0-9,;.)]| ?$| (?:ho so|tong|so)\b)"
    r"|va(?= (?:tiep|giai|dang|chua|con|tra|xu|dung|truoc|qua|buu|moi)\b| ?$)"
    r"|con(?= (?:lai|ton|[0-9]|ho so|dang|chua|trong)\b| ?$)"
    r"|dat(?= (?:ty le|gan|hon|khoang|tren|duoi|xap)\b|:| ?$| [0-9])"
    r"|(?:qua )?truc (?:tuyen|tiep)|(?:qua )?(?:dich vu )?buu chinh(?: cong ich)?"
    r"|rieng|doi voi|(?:truoc|dung|som|gan|hon|khoang|xap xi|tren|duoi)(?= ?$))\b",
    re.IGNORECASE,
)
_LISTED = re.compile(r"\btrong do\b|\b(?:bao )?gom\b|\bchia ra\b|\bcu the\b", re.IGNORECASE)
_LISTED_ALL = re.compile(r"(?:bao )?gom|chia ra", re.IGNORECASE)


def _blank(pattern: re.Pattern[str], words: str) -> str:
    return pattern.sub(lambda match: " " * len(match[0]), words)


@lru_cache(maxsize=2_000)
def _left(words: str) -> str:
    """Return some words without those that are of any dossiers, each in its place."""
    words = _blank(_SELF, f"{words}\N{NO-BREAK SPACE}")[:-1]
    return re.sub("[0-9⓪①②③④⑤⑥⑦⑧⑨%]", " ", _blank(_OF_ANY, words))


_LETTER = re.compile(r"[^\W_]")


def _is_clear(words: str, own: str = "") -> bool:
    """Return whether some words are all understood; `own` is a name among them."""
    rest = re.sub(rf"(?<!ho )\b{re.escape(own)}\b", " ", words.casefold()) if own else words
    return _LETTER.search(_left(rest)) is None


_TIME_FIRST = re.compile(r"(?:thang|quy|nam|ngay|tuan|ky|cung ky)\b")
_RUN = re.compile(r"[^\W0-9_](?:(?! {2}| ?[,;:.()=+])[^\n])*")


def _in_list(gap: str, row: _Of, wording: PlainText, start: int, whom: Whom, parts: str) -> _Of:
    """Return what the words before a figure name without its kind: "Hộ tịch 120 hồ sơ".

    That is a sector of the list, or, in a list of parts, whatever begins with a capital.
    """
    if row.clear or row.part and not parts:
        return row
    runs = [*_RUN.finditer(_left(gap))]
    if not runs:
        return row
    first, last = runs[-1].span()
    name = wording.printed(start + first, start + last).strip()
    if _TIME_FIRST.match(fold(name)):
        return row
    is_name = fold(name) in whom.sectors or (parts and name[:1].isupper() and not is_unit(name))
    if is_name:
        return _Of(row.level, f"lĩnh vực {name}", _is_clear(gap[last:]))
    return _Of(row.level, name, clear=False) if parts else row


def _part_in(words: str, wording: PlainText, start: int, whom: Whom) -> tuple[str, int]:
    """Return the part of the dossiers that some words name, as printed, and where its name ends.

    "" where they name none.
    """
    for pattern in (_PART, _ONE_UNIT):
        for match in pattern.finditer(words):
            if not _ALL.search(words[max(0, match.start() - 12) : match.end()]):
                first, last = _name_in(words, *match.span())
                if last:
                    return wording.printed(start + first, start + last).strip(" ,"), last
    one_stop = _ONE_STOP.search(words)
    if one_stop and "lien thong" in fold(wording.plain):
        first, last = one_stop.span()
        return wording.printed(start + first, start + last).strip(), last
    return _body_in(words, wording, start, whom)


_CALLED = re.compile(
    r"(?:(?:rieng|doi voi|nhom|mang|ve|o) )*(?:(?:cac )?linh vuc |mang (?=\S))?", re.IGNORECASE
)


def _name_in(words: str, first: int, last: int) -> tuple[int, int]:
    """Return where the name of a part stands in the match, an end of 0 where nowhere.

    "Riêng lĩnh vực Đất đai tiếp nhận" names "lĩnh vực Đất đai".
    """
    printed = words[first:last]
    called = _CALLED.match(printed)
    begin = called.end() if called else 0
    stop = next((one.start() for one in _OF_ANY.finditer(printed, begin + 1)), len(printed))
    level = _LEVEL.search(printed + ":", begin)
    stop = min(stop, level.start()) if level else stop
    if not printed[begin:stop].strip():
        return 0, 0
    sector = re.search("(?:cac )?linh vuc $", printed[:begin], re.IGNORECASE)
    return first + (sector.start() if sector else begin), first + stop


@cache
def _departments() -> re.Pattern[str]:
    """Return the pattern of the departments' names, small letters and commas in them included."""
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, departments()))})\b", re.IGNORECASE)


def _body_in(words: str, wording: PlainText, start: int, whom: Whom) -> tuple[str, int]:
    """Return the body beside the one that reports which some words name, and where it ends."""
    patterns = (_departments(), _BESIDE, _NAMED)
    for match in (one for pattern in patterns for one in pattern.finditer(words)):
        name = wording.printed(start + match.start(), start + match.end()).strip()
        words_on = words[match.start() : match.start() + _LONGEST_OFFICE]
        is_own = is_own_office(words_on, whom.agency) or whom.is_self(name)
        if names_unit(name) and not is_own:
            return name, match.end()
    return "", 0


# Fields of the reform, and no sectors of procedures.
_FIELD = re.compile(
    r"\b(?:cai cach|chuyen doi so|the che|bo may|tai chinh cong|hien dai hoa|kiem soat|cong vu"
    r"|chinh quyen|chinh phu)\b"
)


def is_of_reform(part: str) -> bool:
    """Return whether a part is a field of the reform, which all dossiers are of."""
    return _FIELD.search(fold(part)) is not None


@lru_cache(maxsize=500)
def part_of_heading(heading: str) -> tuple[str, str]:
    """Return the level of government and the sector that a heading is of, "" where of none.

    Examples
    --------
    >>> part_of_heading("2. Tại cấp xã"), part_of_heading("2. Tổ chức bộ máy cấp xã")
    (('Cấp xã', ''), ('', ''))
    >>> part_of_heading("a) Lĩnh vực Đất đai")
    ('', 'lĩnh vực Đất đai')
    """
    folded = fold(heading)
    if match := re.search(r"lĩnh vực\s+(?P<name>[^,;:.()]+)$", heading.strip(" :."), re.IGNORECASE):
        is_one = not is_of_reform(heading) and not _ALL.search(folded)
        return "", f"lĩnh vực {match['name'].strip()}" if is_one else ""
    wording = plain_text(heading.strip(" :."))
    levels = [
        one
        for one in _LEVEL.finditer(f"{wording.plain}:")
        if names_unit(wording.printed(*one.span()))
    ]
    rest = re.sub(r"\b(?:[ivx0-9]+|[a-z])[.)]|\b(?:tai|cua|thuoc|ubnd|cac)\b", " ", folded)
    if len(levels) == 1 and _is_clear(_LEVEL.sub(" ", f"{rest}:")):
        return LEVELS[_level_of(levels[0])], ""
    match = _BODY_ALONE.fullmatch(wording.plain)
    body = wording.printed(*match.span("body")) if match else ""
    return "", body if names_unit(body) else ""


# A heading that is the name of a body, and not of its one-stop office.
_BODY_ALONE = re.compile(
    r"(?:(?:[ivx]+|[0-9]+(?:\.[0-9]+)*|[a-z])[.)] ?)?(?P<body>(?:ban chi huy|tram y te|hat kiem lam"
    r"|(?:chi cuc|chi nhanh|cong an|benh vien|thon|to dan pho|cong ty"
    r"|trung tam(?! phuc vu| hanh chinh cong| tiep nhan)) \w)[^,;:.()0-9]{0,60}"
    r"|(?-i:(?:UBND )?(?:[Xx]a|[Pp]huong|[Hh]uyen|[Tt]hi (?:xa|tran)|[Tt]hanh pho|[Dd]ac khu|Phong"
    r"|So|Ban(?= Quan ly| Dan toc)) [A-Z])[^,;:.()0-9]{0,60})",
    re.IGNORECASE,
)


def is_scope(line: str, period: pd.Period) -> bool:
    """Return whether a line that heads others names whose or of when they are.

    Of what is to come only one that begins so: "Nhiệm vụ quý I", and no title that goes on with it.
    """
    if part_of_heading(line) != ("", ""):
        return True
    time = section_time(line, period)
    return time.by != "" and (time.words != line or _AIMS.match(fold(line)) is not None)


_AIMS = re.compile(
    r"(?:cac |mot so )?(?:nhiem vu|phuong huong|ke hoach|du kien|muc tieu|chi tieu)\b"
)


def _level_of(match: re.Match[str]) -> str:
    if match["level"]:
        return match["level"].casefold()
    if match["at"]:
        return "huyen"
    unit = match["units"].casefold().rpartition(" ")[2]
    return _UNIT.get("thi xa" if match["units"].casefold().endswith("thi xa") else unit, "xa")


# ---- When.


@dataclass(frozen=True)
class Time:
    """When a figure holds.

    Attributes
    ----------
    period : its quarter, None where it is of none: of ten months, of a day, of what is planned.
    basis : "" where none is stated.
    words : the words that take it out of every quarter, as printed; "" where none do.
    by : the piece of the document that sets it and its words, "" where it is the head.
    until_now : whether a sentence begins with "Đến nay".
    """

    period: pd.Period | None
    basis: str = ""
    words: str = ""
    by: str = ""
    until_now: bool = False

    @property
    def is_quarter(self) -> bool:
        """Return whether it is a quarter, on some basis."""
        return self.period is not None and not self.words


@dataclass(frozen=True)
class _Spoken:
    """Words of time in a paragraph: where they stand, until where they hold, and their time."""

    start: int
    end: int
    time: Time
    until: int
    opens: bool = False


_NUMBER = {
    name: number
    for number, name in enumerate(
        (
            *("mot", "hai", "ba", "bon", "nam", "sau", "bay", "tam", "chin"),
            "muoi",
            "muoi_mot",
            "muoi_hai",
        ),
        1,
    )
}
_N = r"(?:[0-9]{1,2}|muoi(?: mot| hai)?|mot|hai|ba|bon|nam|sau|bay|tam|chin)"
_Y = r"(?:19|20)[0-9]{2}(?![0-9])"
_D = (
    r"(?:ngay )?[0-9]{1,2}(?: ?[/.-] ?[0-9]{1,2}(?: ?[/.-] ?[0-9]{4}(?![0-9]))?"
    r"| thang [0-9]{1,2}(?: nam [0-9]{4})?)"
)
# A day that nobody takes for a fraction.
_DAY = rf"(?:ngay {_D}|[0-9]{{1,2}} ?[/.-] ?[0-9]{{1,2}} ?[/.-] ?[0-9]{{4}}(?![0-9]))"
_OF_YEAR = (
    rf"(?:[ ,/.-]*(?:cua )?(?:nam )?(?P<y>{_Y}|truoc\b|ngoai\b|nay\b)|[ ,]*nam(?= truoc| ngoai))?"
)
_Q = r"(?:iv|i{1,3}|[1-4]|thu (?:nhat|hai|ba|tu)|(?:mot|hai|ba|bon)(?= nam (?:19|20)[0-9]{2}))"
# "Quý I", "Quý.I", "Q.I", "QI/2024", "Q1/2024".
_QUARTER = rf"(?:quy ?\.? ?|q ?\.? ?(?=i|[1-4][ /.-]+(?:nam )?{_Y}))"
# What carries over dossiers is no time of its own: "kỳ trước chuyển sang", "tồn từ quý trước".
_CARRIED = r"(?![^0-9.;]{0,20}\b(?:chuyen|mang|con|ton|de lai)\b)"
# Kind -> words; of two that begin alike the one that is listed first is taken.
_TIMES: dict[str, str] = {
    "span": rf"\b(?:giai doan|nhiem ky)(?: nam| tu)* {_Y}(?: ?(?:-|den|toi) ?(?:nam )?(?:{_Y}"
    rf"|nay))?"
    rf"|\b(?:tu )?(?:nam )?{_Y} ?(?:-|den|toi) ?(?:het )?(?:nam )?{_Y}"
    rf"|\b(?:{_N}|nhung|cac|nhieu) (?:nam|quy) (?:qua|gan day|vua qua|lien tiep|truoc day)\b"
    rf"|\b{_N} quy(?: (?:dau|cuoi)(?: nam)?)?\b(?! ?[ivx0-9])"
    # "2 kỳ thi", "2 kỳ họp" are no time.
    rf"|\b{_N} ky(?: (?:dau|cuoi)(?: nam)?)?(?= ?[,;.:)]| (?:nam|nay|vua|lien|gan|bao cao)\b| ?$)"
    rf"|\b(?:nua (?:dau|cuoi|sau)|dau|giua) {_QUARTER}{_Q}\b(?:[ ,/.-]*(?:nam )?{_Y})?"
    rf"|\bnua (?:dau|cuoi|sau)(?: cua)? (?:nam|quy|ky|thang)\b(?: {_Y})?"
    rf"|\b(?:nam hoc|nien (?:khoa|do)|hoc k[yi])\b(?: (?:{_Y}|[iv]+)\b)?(?: ?- ?{_Y})?"
    rf"|\b{_N} (?:thang|tuan) (?:dau|giua|cuoi|con lai)(?: cua)? quy\b(?: {_Q}\b)?"
    rf"(?:[ ,/.-]*(?:nam )?{_Y})?",
    "to_date": rf"\b(?:(?:(?:tinh )?tu )?dau nam(?=(?: {_Y})?(?: tinh)? den)|(?:tinh )?tu dau nam"
    rf"|(?:luy ke|cong don)(?: tu dau nam|(?! {_N} (?:quy|thang|nam|ky)\b)))\b(?:(?: tu dau nam)?"
    rf"(?: {_Y})?(?: tinh)? den (?:nay|thoi diem(?: nay| bao cao)?"
    rf"|het (?:quy|ky)(?: nay| bao cao| {_Q}\b)?|(?:het )?(?P<to>{_DAY})))?",
    "range": rf"\btu (?P<from>{_D}) ?(?:-|den|toi)(?: het)? ?(?P<to>{_DAY})",
    "until": rf"\b(?:(?:tinh |luy ke )?(?:den|toi)(?: het| cuoi)?|(?:het|cuoi)(?= q)) (?P<to>{_DAY}"
    rf"|{_QUARTER}(?P<q>{_Q})\b{_OF_YEAR}"
    rf"|thang [0-9]{{1,2}}(?:[/ .-](?:nam )?{_Y})?)",
    "since": rf"\b(?:ke )?tu (?:khi|sau khi|{_DAY}|thang [0-9]{{1,2}}|(?:nam )?{_Y})\b[^,;.:0-9]*?"
    r"(?= co\b| da\b|,|;|\.|:|$)",
    "same": rf"\bcung (?:ky|thoi (?:ky|diem|gian))"
    rf"(?: (?:cua )?(?P<part>{_QUARTER}{_Q}|{_N} thang))?{_OF_YEAR}",
    "previous": r"\b(?:quy|ky)(?: bao cao)? (?:truoc(?: do| day)?|vua qua|lien (?:ke|truoc))\b"
    rf"{_CARRIED}",
    "months": rf"\b(?P<n>{_N}) ?(?:thang\b|(?<=[0-9])T(?=[ /]*{_Y}| (?:dau|cuoi) nam\b))"
    r"(?! ?[0-9]{1,2}\b)"
    r"(?: (?P<side>dau|cuoi|con lai|qua|vua qua|gan day)\b)?(?:(?: cua)? nam(?! [0-9]{1,3}\b)"
    rf"(?: (?P<y>{_Y}|nay\b|truoc\b|ngoai\b))?|[ /](?P<y2>{_Y}))?",
    "quarters": rf"\b(?:cac )?{_QUARTER}{_Q} ?(?:va|-|,|den) ?{_QUARTER}?{_Q}\b{_OF_YEAR}",
    "quarter": rf"\b{_QUARTER}(?P<q>{_Q})\b{_OF_YEAR}",
    # "Q1" without a year may be a district.
    "short": r"\bq ?\.? ?[1-4]\b",
    "month": rf"\b(?:cac )?thang (?:[0-9]{{1,2}}(?:[/ .-]+(?:nam )?{_Y})?(?![0-9/])|nay|truoc"
    rf"|vua qua"
    r"|qua)\b|\b(?:trong|hang|moi) (?:tuan|ngay|thang)\b(?! lam viec)"
    rf"|\btuan (?:nay|qua|truoc|vua qua)\b|\b(?:trong |vao )?ngay {_D}|\bhom (?:nay|qua)\b",
    "coming": r"\b(?:quy|ky|nam|thang|thoi gian|giai doan) (?:sau|toi|tiep theo|ke tiep)\b",
    "own": r"\b(?:trong |cua )?(?:quy|ky)(?: bao cao)? nay\b|\btrong (?:quy|ky)(?: bao cao)?\b"
    r"(?! (?:iv|i{1,3}|[0-9]|truoc|sau|toi|vua|tiep(?! nhan)))|\b(?:quy|ky) bao cao\b(?! truoc)",
    "year": rf"\bnam (?P<y>{_Y}|truoc\b|ngoai\b){_CARRIED}",
    "this_year": r"\b(?:trong|ca) nam\b(?: nay)?(?! (?:[0-9]|truoc|ngoai|qua|toi|sau|hoc))"
    r"|\bnam nay\b",
    "now": r"\b(?:tinh den|den thoi diem|den nay|hien nay|hien tai)\b(?: nay| thoi diem| hien tai"
    r"| bao cao)*|(?:^ ?(?:[-+*] ?)?|[.;:,(] ?)\bhien\b",
}
# A text without one of these has no such words: to look is faster than to search.
_HAS: dict[str, tuple[str, ...]] = {
    "span": (
        "giai doan",
        "nhiem ky",
        "nien",
        "hoc",
        "nua",
        "dau",
        "giua",
        "den",
        "-",
        "toi",
        "qua",
        "gan",
        "quy",
        "ky",
        "truoc",
        "lien",
    ),
    "to_date": ("luy ke", "dau nam", "cong don"),
    "range": ("tu ",),
    "until": ("den ", "toi ", "het q", "cuoi q"),
    "since": ("tu ",),
    "same": ("cung ",),
    "previous": ("truoc", "vua qua", "lien "),
    "months": ("thang", "t/", "t "),
    "quarters": ("q",),
    "quarter": ("quy", "q1", "q2", "q3", "q4", "q.", "q ", "qi"),
    "short": ("q1", "q2", "q3", "q4", "q.", "q "),
    "month": ("thang", "tuan", "ngay", "hom "),
    "coming": ("sau", "toi", "tiep"),
    "own": ("quy", "ky"),
    "year": ("nam ",),
    "this_year": ("trong nam", "ca nam", "nam nay"),
    "now": ("den", "hien"),
}
_IS_TIME = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in _TIMES.items()}
# The words that a time belongs to, and not to the figures: "Kế hoạch năm 2024", "tồn từ quý trước".
_OF_ELSE = re.compile(
    r"\b(?:ke hoach|chuong trinh|de an|nghi quyet|chi thi|quyet dinh|nghi dinh|thong tu|luat"
    r"|bao cao"
    r"|cong van|van ban|ban hanh|chi tieu|muc tieu|du an|hoi nghi|cuoc hop|nhiem vu|ky ket|truoc"
    r"|cong bo|ton(?: dong)?|con lai|chuyen|thoi han|han|cham nhat|ap dung|hieu luc|thang nam"
    r"|(?:so cu|tu|cua|trong|thuoc|den) (?:ky|quy|thang|nam))"
    r"(?: (?!ho so|tiep|giai|da\b)[a-z⓪①②③④⑤⑥⑦⑧⑨0-9/-]+){0,2}?(?: cua| trong| tu| den| nam"
    r"| ngay)? ?$",
    re.IGNORECASE,
)
_COMPARED = re.compile(
    r"\bso(?: sanh)? voi(?: [a-z]+){0,2} ?$|\b(?:hon|bang|kem|vuot) ?$", re.IGNORECASE
)
# What may stand before the words of time with which a sentence opens.
_OPENS = re.compile(
    r"^ ?(?:[-+*•–] ?|\(?[0-9⓪①②③④⑤⑥⑦⑧⑨a-z]{1,3}(?:\.[0-9⓪①②③④⑤⑥⑦⑧⑨]+)*[.)] ?)*"
    r"(?:(?:trong|vao|tu|ke tu|luy ke|du kien|du uoc|uoc|phan dau|cuoi|dau|het|rieng|tinh|den|toi"
    r"|qua|sau|ca|o|tai|ket qua|so lieu|cung|neu"
    r"|theo do|va"
    r"|cu the|ngoai ra|ben canh do|tong|chi|suot|khi|con|do|voi|la|chung"
    r"|thang)(?: rieng)?,? ?){0,3}$",
    re.IGNORECASE,
)
# Where only its place makes a year that of the figures: "Năm 2023, …", "tiếp nhận năm 2023".
_AT_START = re.compile(
    r"(?:^ ?(?:[-+*•] ?)?|[.;:,(] ?)(?:(?:trong|cuoi|het|rieng|ca) )?$"
    r"|\b(?:tiep nhan|giai quyet|ho so|chi so|xep hang|xep loai)(?: [a-z]+){0,4} ?$"
    r"|\b(?:so lieu|ket qua|tinh hinh) $",
    re.IGNORECASE,
)
_BESIDE_IT = re.compile(r"[,;.)]")
_CLAUSE = re.compile(r"[,;.()]")
# What is not reached yet: planned, expected, to come.
_EXPECTED = re.compile(
    r"\b(?:du kien|du bao|du uoc|uoc|phan dau|dat ra muc tieu|se(?= (?:tiep|giai|dat|hoan|trien"
    r"|thuc|co|nang"
    r"|dua|giam|tang|to"
    r"|phan|kiem|xu|duoc|cat|ra))|theo (?:ke hoach|chi tieu|du kien)(?: duoc giao| de ra)?(?=,)"
    r"|(?:ke hoach|chi tieu|muc tieu)(?= (?:nam|quy|den)[^,;]*[:,] )"
    r"|(?:^|(?<=\. )|(?<=- ))ke hoach(?= (?:nam|quy|thang)\b)"
    r"|chi tieu(?: (?:duoc )?giao)?(?= (?:phai )?(?:tiep nhan|giai quyet|xu ly)\b|:? [0-9.]+ ho so)"
    # "Xã được giao tiếp nhận 5 hồ sơ" goes on with what it did.
    r"|duoc giao(?= phai (?:tiep nhan|giai quyet|xu ly)\b)"
    r"|(?:^|(?<=\. )|(?<=- ))duoc giao(?= (?:tiep nhan|giai quyet|xu ly)\b)"
    r")\b",
    re.IGNORECASE,
)
_SPELLED = {"se": ("sẽ",), "uoc": ("ước",), "du uoc": ("dự ước",)}
_REACHED = re.compile(
    r"\b(?:ket qua|thuc hien|thuc te|da dat|den nay|hien nay|da hoan thanh|da)\b", re.I
)
_RESULTS = re.compile(r" *(?:[-+*] ?)?(?:ket qua|thuc te|thuc hien)\b", re.IGNORECASE)
# A sentence that opens with words of time nobody understands: "Sau 3 tháng vận hành, …".
_TIME_NOUN = (
    r"(?:năm|tháng|quý|kỳ|kì|tuần|ngày|giai đoạn|đợt|thời gian|thời điểm|thời kỳ|nửa đầu|nửa cuối"
    r"|nhiệm kỳ|dịp|từ khi|kể từ|vừa qua|trước đây|trước đó|trước khi"
    r"|(?:trước|sau)(?: khi)?(?: thực hiện| tiến hành)?(?: việc)? (?:sáp nhập|hợp nhất|sắp xếp"
    r"|chia tách|tổ chức lại|bàn giao|vận hành|chuyển đổi|kết thúc))"
)
_OTHER_TIME = re.compile(
    rf"^\s*(?:[-+*•–]\s*)?(?P<words>(?![^,]*\b(?:chuyển|tồn|mang|còn lại)\b)(?!thực hiện"
    rf"|căn cứ|theo|để|nhằm|hằng|hàng|trong (?:công tác|lĩnh vực"
    rf"|số|đó|tổng|bối cảnh|quá trình))(?:[^\s,;:.]+\s+){{0,3}}{_TIME_NOUN}(?![^\s,:])"
    r"[^,;:.]{0,60})(?=[,:])",
    re.IGNORECASE,
)
_OUTLOOK = re.compile(
    r"\bphuong huong\b|\b(?:thoi gian|ky|quy|nam) (?:toi|sau|tiep theo)\b"
    r"|^(?:[ivx0-9a-z.()]+ )?(?:cac |mot so )?(?:nhiem vu|viec|cong viec|ke hoach|du kien"
    r"|muc tieu|chi tieu)\b"
    r"(?=.*\b(?:trong tam|quy|nam|thang|thoi gian)\b)",
)
_HAPPENED = re.compile(r"\bket qua\b|\btinh hinh\b|\bdanh gia\b|\bda thuc hien\b")
_LONGEST_HEADING = 120  # characters
_NUMBERED = re.compile(r"(?:[-+*] ?)?(?:(?:[ivx]+|[0-9]+(?:\.[0-9]+)*|[a-z])[.)] ?)?(?:trong )?")
_HEADED = re.compile(r"\b(?:ket qua|tinh hinh|so lieu)\b[^>]*$")


@lru_cache(maxsize=500)
def section_time(section: str, period: pd.Period) -> Time:
    """Return when what stands under a heading holds; the report's quarter where it names none.

    Under "Phương hướng, nhiệm vụ …" it is the quarter after, and no figure of it; under "Kết quả 10
    tháng năm 2024" it is ten months.

    Parameters
    ----------
    section : the headings above a paragraph, parted by " > ".
    period : the report's quarter.
    """
    headings = [fold(one) for one in section.split(" > ")] if section else []
    for printed, heading in zip(section.split(" > "), headings, strict=False):
        is_plan = _OUTLOOK.search(heading) and not _HAPPENED.search(heading)
        if is_plan and not _names_only(heading, period):
            return Time(period + 1, words=printed, by=f"heading|{printed}")
    for printed in reversed(section.split(" > ")):
        if time := _heading_time(printed, period):
            return time
    return Time(period)


def _heading_time(printed: str, period: pd.Period) -> Time | None:
    """Return the time of "2. Kết quả quý III" and of "a) Quý III/2024", None of other headings."""
    heading = fold(printed)
    begins = _NUMBERED.match(heading)
    if not begins or len(heading) >= _LONGEST_HEADING:
        return None
    plain = plain_text(printed)
    spoken = [one for one in _spoken(plain, plain.plain, period) if one.until > one.end]
    if not spoken or not (_HEADED.search(heading) or spoken[0].start <= begins.end()):
        return None
    time = _one_time(spoken, plain)
    return time and replace(time, by=f"heading|{plain.text}")


# What a heading goes on with and is not of: a comparison, what is to come.
_BESIDE_HEADED = re.compile(
    r",? so (?:voi|sanh)\b|,?(?: va)? (?:phuong huong|nhiem vu|ke hoach)\b", re.IGNORECASE
)
_MORE_TIME = re.compile(r"\b(?:quy|nam|thang|luy ke|cung ky)\b", re.IGNORECASE)


def _one_time(spoken: Sequence[_Spoken], heading: PlainText) -> Time | None:
    """Return the time that a heading ends with, None where with other words.

    What stands below one of several times is of none for sure.
    """
    last = spoken[-1].end
    rest = _BESIDE_HEADED.split(heading.plain[last:], maxsplit=1)[0].strip(" :.")
    several = len({(one.time.period, one.time.basis) for one in spoken}) > 1
    if several or _MORE_TIME.search(rest):
        return Time(None, words=heading.printed(spoken[0].start, last + len(rest) + 1))
    return None if len(rest) > 1 else spoken[-1].time


def _names_only(heading: str, period: pd.Period) -> bool:
    """Return whether a heading names this quarter or year, or an earlier one, and none to come."""
    quarters = [
        _named_quarter(int(match["y"] or period.year), match["q"])
        for match in re.finditer(
            rf"\b{_QUARTER}(?P<q>{_Q})\b(?:[ ,/.-]*(?:nam )?(?P<y>{_Y}))?", heading
        )
    ]
    years = [int(one) for one in re.findall(rf"\bnam ({_Y})", heading)]
    named = bool(quarters or years)
    return named and all(one <= period for one in quarters) and all(y <= period.year for y in years)


_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "mot": 1, "nhat": 1, "hai": 2, "ba": 3, "bon": 4}
_QUARTERS |= {"tu": 4, "1": 1, "2": 2, "3": 3, "4": 4}


def times_of(
    wording: PlainText,
    masked: str,
    figures: Sequence[Figure],
    default: Time,
    lead: Time | None = None,
) -> tuple[list[Time], Time | None]:
    """Return when each figure of a paragraph holds, and what the paragraph leads in for a list.

    Parameters
    ----------
    wording, masked, figures : the paragraph, as `figures_of` takes it apart.
    default : what holds where nothing speaks: the section's time.
    lead : what the paragraph before leads in ("Cùng kỳ năm 2023:"), None where nothing.
    """
    period = default.period if default.period is not None else None
    if period is None:
        return [default] * len(figures), None
    if default.words:
        return [default] * len(figures), default
    spoken = (_short_spoken if len(masked) <= _SHORT else _spoken)(wording, masked, period)
    stops = [0, *(match.end() for match in SENTENCE_END.finditer(masked)), len(masked) + 1]
    times: list[Time] = []
    kept = lead
    for first, last in zip(stops, stops[1:], strict=False):
        own = [one for one in spoken if first <= one.start < last]
        inside = [one for one in figures if first <= one.start < last]
        kept = _kept(kept, own, ends_plan=_RESULTS.match(masked, first) is not None)
        times += [_time_at(at, inside, own, kept, default, masked) for at in range(len(inside))]
    return times, kept


def _kept(kept: Time | None, spoken: Sequence[_Spoken], *, ends_plan: bool) -> Time | None:
    """Return what a sentence and those after it go on from: the words of time that it opens with.

    `ends_plan` is whether it begins with "Kết quả": then what was expected holds no longer.
    """
    is_plan = kept is not None and not kept.by
    kept = None if is_plan and ends_plan else kept
    opening = [one for one in spoken if one.opens]
    return _like(opening[-1].time, kept) if opening else kept


def _time_at(
    at: int,
    figures: Sequence[Figure],
    spoken: Sequence[_Spoken],
    kept: Time | None,
    default: Time,
    masked: str,
) -> Time:
    """Return when a figure holds: by the nearest words before it, or those of its own clause."""
    figure = figures[at]
    before = [one for one in spoken if one.end <= figure.start < one.until]
    limit = figures[at + 1].start if at + 1 < len(figures) else len(masked)
    stop = _before(_CLAUSE, masked, figure.end, limit)
    after = [one for one in spoken if figure.end <= one.start < stop]
    if after and (not before or not after[0].time.is_quarter) and after[0].until > after[0].end:
        return after[0].time
    if before:
        stated = [one.time for one in before[:-1] if one.time.basis]
        return _like(before[-1].time, stated[-1] if stated else kept)
    return kept or default


def _before(pattern: re.Pattern[str], text: str, start: int, end: int) -> int:
    """Return where a pattern is match first in a part of a text, its end where it is not."""
    match = pattern.search(text, start, end)
    return match.start() if match else end


def _like(time: Time, before: Time | None) -> Time:
    """Return a time with the basis of the one before it where it names none: "cùng kỳ"."""
    if time.basis or time.words or before is None or not before.basis:
        return time
    return replace(time, basis=before.basis if before.basis != AS_OF else "")


def _spoken(wording: PlainText, masked: str, period: pd.Period) -> list[_Spoken]:
    """Return the words of time in a paragraph, in their order."""
    plain = wording.plain
    matches: list[tuple[int, int, str, re.Match[str]]] = []
    low = plain.casefold()
    for kind, pattern in _IS_TIME.items():
        if not any(word in low for word in _HAS[kind]):
            continue
        for one in pattern.finditer(plain):
            if not any(start < one.end() and one.start() < end for start, end, *_ in matches):
                matches.append((*one.span(), kind, one))
    spoken: list[_Spoken] = []
    for start, end, kind, one in sorted(matches, key=lambda each: each[0]):
        first = max((stop.end() for stop in SENTENCE_END.finditer(plain, 0, start)), default=0)
        before = plain[first:start]
        if _is_printed(wording.printed(start, end)) and _speaks(kind, before):
            printed = wording.printed(start, end)
            time = _time(_kind_at(start, kind, printed + plain[end:]), one, period, printed)
            until_now = kind == "now" and "den" in one[0].casefold() and bool(_OPENS.match(before))
            time = replace(time, by=f"sentence|{printed.strip()}", until_now=until_now)
            is_first = not re.search("[0-9]", masked[first:start])
            spoken += _holding(start, end, time, wording, before, period, is_first=is_first)
    spoken[1:] = [_narrowed(one, before, plain) for before, one in pairwise(spoken)]
    spoken += _not_understood(wording, spoken)
    spoken += _expected(wording, masked, spoken)
    return sorted(spoken, key=lambda one: one.start)


_SHORT = 500  # letters of a paragraph that is remembered: reports of one template repeat them
_short_spoken = lru_cache(maxsize=2_000)(_spoken)


def _narrowed(one: _Spoken, before: _Spoken, plain: str) -> _Spoken:
    """Return words of time in brackets that narrow those before them down.

    "Quý IV (từ 01/10 đến 30/11), xã tiếp nhận 450 hồ sơ" is of two months.
    """
    if one.time.basis == AS_OF:
        return one
    opened = re.fullmatch(r" ?\((?:[a-z]+ ){0,3}", plain[before.end : one.start])
    if not opened or not plain.startswith(")", one.end):
        return one
    return replace(one, until=before.until, opens=before.opens)


def _kind_at(start: int, kind: str, text: str) -> str:
    """Return a kind of words of time, "" of a year that goes on with what stands before it.

    A paragraph that begins with "năm 2024 đã" is of the quarter, or not, that the one before names.
    """
    goes_on = kind == "year" and not start and text.startswith("năm")
    return "" if goes_on and re.match(r"năm \d{4}(?!:)", text) else kind


def _holding(
    start: int,
    end: int,
    time: Time,
    wording: PlainText,
    before: str,
    period: pd.Period,
    *,
    is_first: bool,
) -> Iterator[_Spoken]:
    """Yield until where words of time hold.

    With those that a sentence opens with, to its end. In brackets, to where they close. In its
    midst, in their own clause; what follows is then of neither time for sure. `is_first` is whether
    no figure stands before them in their sentence.
    """
    plain, words = wording.plain, wording.printed(start, end)
    last = len(plain) + 1
    if compared := _COMPARED.search(before):
        # "So với cùng kỳ năm 2023 (900 hồ sơ)": of what stands right beside it, and no more.
        until = _before(_BESIDE_IT, plain, end, last)
        if _OPENS.match(before[: compared.start()]) and not _beside_compared(plain, end):
            # "So với cùng kỳ năm 2023, xã đã tiếp nhận 900 hồ sơ": then, or now.
            yield _Spoken(start, end, Time(None, words=words), last, opens=True)
        else:
            yield _Spoken(start, end, time, until if plain[end:until].strip() else end)
    elif before.rfind("(") > before.rfind(")"):
        closed = plain.find(")", end)
        yield _Spoken(start, end, time, closed if closed > 0 else last)
    elif _OPENS.match(before):
        yield _Spoken(start, end, time, last, opens=True)
    elif _is_of_report(time, period, is_first) or "ho so" not in plain.casefold():
        yield _Spoken(start, end, time, last)
    else:
        clause = re.compile(r"[,;]").search(plain, end)
        yield _Spoken(start, end, time, clause.start() if clause else last)
        if clause and clause[0] == ",":
            semicolon = plain.find(";", clause.end())
            unsure = Time(None, words=time.words or words)
            yield _Spoken(
                clause.start(), clause.end(), unsure, semicolon if semicolon > 0 else last
            )


# "… (900 hồ sơ), xã tiếp nhận 950 hồ sơ", "… tăng 50 hồ sơ", "… đạt 950 hồ sơ (tăng 50 hồ sơ)".
_CHANGED = re.compile(
    r"\b(?:tang|giam|nhieu hon|it hon|cao hon|thap hon|vuot|bang|chenh lech)\b", re.IGNORECASE
)
_BRACKETED = re.compile(r" ?\([^()]*[0-9][^()]*\)")


def _beside_compared(plain: str, end: int) -> bool:
    """Return whether what is compared with stands beside it, or what changed in its sentence.

    Then what follows is of the period that is compared.
    """
    stop = SENTENCE_END.search(plain, end)
    rest = plain[end : stop.start() if stop else len(plain)]
    return bool(_BRACKETED.match(rest) or _CHANGED.search(rest)) or not re.search("[0-9:]", rest)


def _is_of_report(time: Time, period: pd.Period, is_first: bool) -> bool:
    # "Hồ sơ tiếp nhận 6 tháng đầu năm là 900 hồ sơ, đã giải quyết 890 hồ sơ".
    is_own = time.is_quarter and time.period == period
    return is_own and (time.basis != YEAR_TO_DATE or is_first)


def _is_printed(printed: str) -> bool:
    """Return whether a match is of time in the print: "quý", not "quỹ", "năm", not "nam"."""
    text = unicodedata.normalize("NFC", printed).casefold()
    if text.isascii():
        return True
    wrong = (
        "quỹ",
        "quy ",
        "ký",
        "kỹ",
        "nam ",
        "thắng",
        "thăng",
        "ngay ",
        "tuân",
        "tử",
        "tú ",
        "từng",
    )
    return not any(word in f"{text} " for word in wrong)


def _speaks(kind: str, before: str) -> bool:
    """Return whether words of time are those of the figures, by the words before them."""
    if kind == "year":
        return _AT_START.search(before) is not None and not _OF_ELSE.search(before)
    if kind in ("to_date", "now", "own", "same"):
        return True
    return not _OF_ELSE.search(before)


def _not_understood(wording: PlainText, spoken: Sequence[_Spoken]) -> Iterator[_Spoken]:
    """Yield the words of time that open a sentence and are none of those above."""
    text = wording.text
    starts = [0, *(match.end() for match in re.finditer(r"[.!?](?= +[^a-z0-9 ])", text))]
    for first in starts:
        if not (match := _OTHER_TIME.match(text[first:])):
            continue
        begin, stop = first + match.start("words"), first + match.end("words")
        places = [at for at, place in enumerate(wording.positions) if begin <= place < stop]
        if not places or any(one.start <= places[-1] and places[0] <= one.end for one in spoken):
            continue
        words = text[begin:stop]
        yield _Spoken(
            places[0], places[-1] + 1, Time(None, words=words), len(wording.plain) + 1, True
        )


def _expected(wording: PlainText, masked: str, spoken: Sequence[_Spoken]) -> Iterator[_Spoken]:
    """Yield the words after which figures are expected, and not reached."""
    for match in _EXPECTED.finditer(wording.plain):
        printed = unicodedata.normalize("NFC", wording.printed(*match.span())).casefold()
        spelled = _SPELLED.get(match[0].casefold(), ())
        if spelled and not printed.isascii() and printed not in spelled:
            continue
        stop = SENTENCE_END.search(wording.plain, match.end())
        until = stop.end() if stop else len(wording.plain) + 1
        if reached := _REACHED.search(wording.plain, match.end(), until):
            # "Dự kiến 500 hồ sơ, đã tiếp nhận 300 hồ sơ".
            is_apart = re.search(r"[0-9][^0-9]*[,;:(]", masked[match.end() : reached.start()])
            reached = reached if is_apart else None
        until = reached.start() if reached else until
        # What is expected stays so, whatever quarter the sentence names.
        later = [one.end for one in spoken if match.end() <= one.start < until]
        begin = max(
            (one.end() for one in SENTENCE_END.finditer(wording.plain, 0, match.start())), default=0
        )
        opens = not reached and _OPENS.match(wording.plain[begin : match.start()]) is not None
        for end in (match.end(), *later):
            start = max(match.start(), end - 1)
            yield _Spoken(start, end, Time(None, words=printed), until, opens)


def _time(kind: str, match: re.Match[str], period: pd.Period, words: str) -> Time:
    """Return the time that words name in a report on a quarter."""
    build = _BUILD.get(kind)
    return build(match, period, words) if build else Time(None, words=words)


def _year(text: str | None, period: pd.Period) -> int:
    if text in ("truoc", "ngoai"):
        return int(period.year) - 1
    return int(text) if text and text.isdecimal() else int(period.year)


def _quarter(year: int, quarter: int) -> pd.Period:
    return pd.Period(year=year, quarter=quarter, freq="Q-DEC")


def _named_quarter(year: int, name: str) -> pd.Period:
    return _quarter(year, _QUARTERS[name.casefold().split()[-1]])


def _of_quarter(match: re.Match[str], period: pd.Period, words: str) -> Time:
    after = match.string[match.end() : match.end() + 11].casefold()
    is_before = after.startswith((" truoc", " ngoai", " nam truoc"))
    year = match["y"] or ("truoc" if is_before else None)
    named = _named_quarter(_year(year and year.casefold(), period), match["q"])
    return Time(named, IN_PERIOD) if named <= period else Time(None, words=words)


def _of_months(match: re.Match[str], period: pd.Period, words: str) -> Time:
    text = match["n"].casefold().replace(" ", "_")
    months = int(text) if text.isdecimal() else _NUMBER[text]
    stated = match["y"] or match["y2"]
    side = (match["side"] or "").casefold()
    year = _year(stated and stated.casefold(), period)
    ends_quarter = months in (3, 6, 9, 12) and side in ("", "dau")
    # "Trong 6 tháng" of a report on another time is any half of a year.
    if not ends_quarter or not (stated or side or months == 3 * period.quarter != 3):
        return Time(None, words=words)
    named = _quarter(year, months // 3)
    return Time(named, YEAR_TO_DATE) if named <= period else Time(None, words=words)


def _of_year(match: re.Match[str], period: pd.Period, words: str) -> Time:
    year = _year(match["y"].casefold(), period)
    if year > period.year:
        return Time(None, words=words)
    return Time(period if year == period.year else _quarter(year, 4), YEAR_TO_DATE)


def _of_same(match: re.Match[str], period: pd.Period, words: str) -> Time:
    year = _year((match["y"] or "truoc").casefold(), period)
    part = (match["part"] or "").casefold()
    if part.startswith("q"):
        number = re.search(rf"{_Q}$", part)
        return Time(_named_quarter(year, number[0] if number else part), IN_PERIOD)
    if part or year >= period.year:
        return Time(None, words=words)
    return Time(_quarter(year, period.quarter))


def _of_previous(match: re.Match[str], period: pd.Period, words: str) -> Time:
    return Time(period - 1, IN_PERIOD)


def _of_range(match: re.Match[str], period: pd.Period, words: str) -> Time:
    last = _day(match["to"], period.year)
    first = _day(match["from"], last.year if last else period.year)
    if first is None or last is None or last < first:
        return Time(None, words=words)
    return next(
        (
            Time(one, basis)
            for one in (period, period - 1, period - 4)
            for basis in (IN_PERIOD, YEAR_TO_DATE)
            if Window(first, last) in _windows(one, basis)
        ),
        Time(None, words=words),
    )


@cache
def _windows(period: pd.Period, basis: str) -> tuple[Window, ...]:
    """Return the decree's window of a quarter, the calendar's, and that of units made in it."""
    first = period if basis == IN_PERIOD else _quarter(period.year, 1)
    decree = Window.of(period, basis)
    calendar = Window(first.start_time.date(), period.end_time.date())
    is_first = basis == IN_PERIOD and decree.start < _TWO_LEVELS <= decree.end
    return decree, calendar, *([Window(_TWO_LEVELS, decree.end)] if is_first else [])


_TWO_LEVELS = dt.date(2025, 7, 1)  # on which all communes began, or began anew
_SOON = dt.timedelta(days=10)  # before its end a quarter's stock is taken


def _of_until(match: re.Match[str], period: pd.Period, words: str) -> Time:
    """Return a stock of the quarter's end; at an earlier day it is of no quarter.

    What comes and goes until a day may be of the quarter or of the year: in the first it is both.
    """
    if match["q"]:
        named = _named_quarter(_year(match["y"], period), match["q"])
        return Time(named if named <= period else None, AS_OF, "" if named.quarter == 1 else words)
    last = _day(match["to"], period.year)
    ends = [one.end for one in _windows(period, IN_PERIOD)]
    is_end = last is not None and last >= min(ends) - _SOON
    is_both = last in ends and period.quarter == 1
    return Time(period if is_end else None, AS_OF, words="" if is_both else words)


def _of_year_to_date(match: re.Match[str], period: pd.Period, words: str) -> Time:
    """Return the year to date, up to a day that is the quarter's last if one is named."""
    ends = {one.end for one in _windows(period, YEAR_TO_DATE)}
    is_end = match["to"] is None or _day(match["to"], period.year) in ends
    return Time(period, YEAR_TO_DATE) if is_end else Time(None, words=words)


def _day(text: str, year: int) -> dt.date | None:
    """Return the day of "15/9", "15/9/2024" or "15 tháng 9 năm 2024", None where it is none.

    Of a month ("tháng 9/2024") it is the last.
    """
    numbers = [int(one) for one in re.findall("[0-9]+", text)]
    if text.casefold().startswith("thang") and 1 <= numbers[0] <= 12:
        of_month = pd.Period(year=(*numbers[1:], year)[0], month=numbers[0], freq="M")
        return of_month.end_time.date()
    day, month, *rest = [*numbers, 0] if len(numbers) > 1 else (0, 0)
    try:
        return dt.date(rest[0] if rest and rest[0] else year, month, day)
    except ValueError:
        return None


_BUILD: dict[str, Callable[[re.Match[str], pd.Period, str], Time]] = {
    "quarter": _of_quarter,
    "months": _of_months,
    "year": _of_year,
    "same": _of_same,
    "previous": _of_previous,
    "range": _of_range,
    "until": _of_until,
    # "Trong kỳ" of a report of half a year is that half.
    "own": lambda found, period, words: Time(
        period, "" if re.search(r"\bky\b", found[0], re.IGNORECASE) else IN_PERIOD
    ),
    "to_date": _of_year_to_date,
    "this_year": lambda _, period, words: Time(
        period, YEAR_TO_DATE, "" if period.quarter == 4 else words
    ),
    "now": lambda _, period, words: Time(period, AS_OF),
}
