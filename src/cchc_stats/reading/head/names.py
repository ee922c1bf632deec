"""Who reports: the agency as the letterhead, the appendices and the last sentence name it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from cchc_stats.reading.files import Paragraph, plain_text
from cchc_stats.words import abbreviations, departments, fold

# Patterns read text without diacritics; capitals stand, for the first letters of names.
ATTACHED = re.compile(r"kem theo bao cao", re.IGNORECASE)
CLOSING = re.compile(r"tren day la (?:toan bo )?(?:noi dung )?bao cao", re.IGNORECASE)
_KINDS = r"(?:So|Ban|Chi cuc|Cuc|Phong|Van phong|Thanh tra|UBND|Uy ban nhan dan|Trung tam|Truong)"
_LETTERHEAD = re.compile(
    rf"(?:{_KINDS}|Bo|Tong cuc|Cong an|Bao hiem xa hoi|Kho bac|Benh vien|Vien)"
    r"\b(?! *[:.])[^.:;,0-9/]*",
    re.IGNORECASE,
)
# Names that go on in the line below, and the lines that go on with a name.
_OPEN = re.compile(
    r"(?:UBND|uy ban nhan dan|so|ban|ban quan ly|chi cuc|cuc|trung tam|truong)|.* va", re.IGNORECASE
)
_ON = re.compile(r"va .*", re.IGNORECASE)
_OFFICE = re.compile(r"van phong", re.IGNORECASE)
_LINES = 15  # of a letterhead above which no title stands
_REPORTER = re.compile(
    rf"[-+* ]*don vi(?: bao cao| thuc hien)? ?: ?(?P<agency>{_KINDS}\b[^.:;()0-9]*)", re.IGNORECASE
)
_LEVELS = {
    fold(level): level
    for level in ("thành phố", "thị trấn", "thị xã", "tỉnh", "huyện", "quận", "phường", "xã")
}
_COMMITTEE = re.compile(
    rf"(?P<office>(?:van phong )?)uy ban nhan dan (?P<level>{'|'.join(_LEVELS)}) (?P<place>.+)",
    re.IGNORECASE,
)
_MOTTO = re.compile(r" *(?:CONG HOA XA HOI|DOC LAP).*", re.IGNORECASE)
_OF = re.compile(rf"\bcua (?P<agency>{_KINDS}\b(?:(?! kinh | gui | xin )[^.,;:()/0-9])*)")


def agencies(told: Sequence[Paragraph], start: int, city: str) -> Iterator[tuple[str, str]]:
    """Yield who reports as the letterhead, the appendices and the last sentence name it."""
    # Without a title only capitals tell the letterhead from the text.
    above = told[:start] or [one for one in told[:_LINES] if one.text.isupper()]
    if heads := _letterhead(above):
        name, place = heads[-1]
        if _OFFICE.fullmatch(fold(name)) and len(heads) > 1:
            name = f"Văn phòng {_written(heads[-2][0], city, told)}"
        yield _written(name, city, told), place
    for one in told:
        said = plain_text(one.text)
        if line := _REPORTER.fullmatch(said.plain):
            yield _written(said.printed(*line.span("agency")), city, told), one.place
    for wanted in (ATTACHED, CLOSING):
        for one in told:
            said = plain_text(one.text)
            begins = wanted.search(said.plain)
            # The last "của": "báo cáo kết quả của năm 2020 của Sở Nội vụ".
            named = [*_OF.finditer(said.plain, begins.end())] if begins else []
            if named:
                name = said.printed(*named[-1].span("agency"))
                yield _written(name, city, told), one.place


def _letterhead(above: Sequence[Paragraph]) -> list[tuple[str, str]]:
    """Return the agencies that a letterhead names, the highest first, with their places.

    A name may go on in the line below: "ỦY BAN NHÂN DÂN" above "HUYỆN TUY PHƯỚC".
    """
    lines = [(*_without_motto(one.text), one.place) for one in above]
    lines = [line for line in lines if any(map(str.isalpha, line[0]))]
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(lines):
        plain, name, place = lines[at]
        at += 1
        if not _LETTERHEAD.fullmatch(plain):
            continue
        while at < len(lines) and _goes_on(name, lines[at]):
            name += f" {lines[at][1].strip()}"
            at += 1
        found.append((name, place))
    return found


def _goes_on(name: str, below: tuple[str, str, str]) -> bool:
    plain, printed, _ = below
    if not printed.isupper() or not plain.replace(" ", "").isalpha():
        return False
    ends = _OPEN.fullmatch(fold(name).strip()) and not _LETTERHEAD.fullmatch(plain)
    return bool(ends or _ON.fullmatch(plain))


def _without_motto(text: str) -> tuple[str, str]:
    """Return a line of the letterhead, plain and as printed, without the motto beside it."""
    said = plain_text(text)
    motto = _MOTTO.search(said.plain)
    end = motto.start() if motto else len(said.plain)
    return said.plain[:end], said.printed(0, end)


def _written(name: str, city: str, told: Sequence[Paragraph]) -> str:
    """Return an agency's name written out, a department's with its province if that is told."""
    words = abbreviations()
    capitals = name.isupper()
    name = re.sub(
        r"\b[A-ZĐ][A-ZĐ&-]*[A-ZĐ]\b",
        lambda short: words.get(re.sub("[&-]", "", short[0]), short[0]),
        " ".join(name.split()).strip(" -–"),
    )
    if capitals:
        # Capitals do not tell which words are names: as it is spelled elsewhere, if it is.
        spelled = (known for known in _spelled(fold(name), told) if not _shouts(known))
        name = next(spelled, departments().get(fold(name), _cased(name)))
    if city and fold(name).startswith("so ") and fold(city) not in fold(name):
        for level, printed in (("tinh", "tỉnh"), ("thanh pho", "thành phố")):
            # The letterhead above may be the only one to say so, in capitals.
            if next(_spelled(rf"{level} {re.escape(fold(city))}\b", told), ""):
                return f"{name} {printed} {city}"
    return name


def _shouts(name: str) -> bool:
    return any(len(word) > 1 and word.isupper() for word in name.split())


def _cased(name: str) -> str:
    """Return the name of a people's committee, or of its office, in small letters.

    After "xã", "huyện" every word is a name; of other agencies capitals do not tell it.

    Examples
    --------
    >>> _cased("ỦY BAN NHÂN DÂN XÃ PHƯỚC SƠN"), _cased("SỞ XÂY DỰNG")
    ('Ủy ban nhân dân xã Phước Sơn', 'SỞ XÂY DỰNG')
    """
    said = plain_text(name)
    found = _COMMITTEE.fullmatch(said.plain)
    if not found:
        return name
    place = said.printed(*found.span("place")).title()
    return (
        f"{found['office'] and 'Văn phòng '}Ủy ban nhân dân {_LEVELS[fold(found['level'])]} {place}"
    )


def _spelled(pattern: str, told: Sequence[Paragraph]) -> Iterator[str]:
    for one in told:
        said = plain_text(one.text)
        if found := re.search(rf"\b{pattern}", said.plain, re.IGNORECASE):
            yield said.printed(*found.span())
