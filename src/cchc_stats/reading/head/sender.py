"""Who reports: the agency as the letterhead, the appendices and the last sentence name it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from cchc_stats.reading.files import Paragraph, plain_text
from cchc_stats.words import abbreviations, departments, fold, name_in_small_letters

# Patterns read text without diacritics; capitals stand, for the first letters of names.
ATTACHED = re.compile(r"kem theo bao cao", re.IGNORECASE)
CLOSING = re.compile(r"tren day la (?:toan bo )?(?:noi dung )?bao cao", re.IGNORECASE)
_KINDS = (
    r"(?:So|Ban|Chi cuc|Cuc|Phong|Van phong|Thanh tra|UBND|Uy ban nhan dan|Trung tam|Truong"
    r"|Chi nhanh|Dac khu|Hoi dong nhan dan|HDND|Doan|Doi|To)"
)
_LETTERHEAD = re.compile(
    rf"(?:{_KINDS}|Bo|Tong cuc|Cong an|Bao hiem xa hoi|Kho bac|Benh vien|Vien|Chi nhanh|Hoi|Kho)"
    r"\b(?! *[:.])[^.:;0-9/]*(?:(?:phuong|quan|khu vuc|khu|so) [0-9]{1,2})?",
    re.IGNORECASE,
)
_LEVEL = r"(?:tinh|thanh pho|tp\.?|huyen|quan|thi xa|xa|phuong|thi tran|dac khu)"
# Names that go on in the line below, and the lines that go on with a name.
_OPEN = re.compile(
    r"(?:UBND|uy ban nhan dan|so|ban|ban quan ly|chi cuc|cuc|trung tam(?: phuc vu)?|truong"
    rf"|(?:UBND|uy ban nhan dan) {_LEVEL}"
    r"|van phong dang ky|chi nhanh(?: van phong(?: dang ky(?: dat dai)?)?)?)|.* (?:va|cua)|.*[,-]",
    re.IGNORECASE,
)
_ON = re.compile(rf"va .*|{_LEVEL} .*", re.IGNORECASE)
_COMMITTEE = re.compile(rf"(?:ubnd|uy ban nhan dan) (?P<place>{_LEVEL} .+)", re.IGNORECASE)
_PLACED = re.compile(rf"\b{_LEVEL} (?!hoi\b)\S", re.IGNORECASE)
_BARE_LEVEL = re.compile(r".* (?P<level>tinh|huyen|quan|thi xa|xa|phuong)", re.IGNORECASE)
_PART_OF = re.compile(r"(?:van phong|phong|trung tam|ban)\b")
# Two lines of a letterhead that came as one.
_TWO_BODIES = re.compile(
    r"((?:UBND|[ỦU][YỶ] BAN NHÂN DÂN) (?:TỈNH|THÀNH PHỐ|TP|HUYỆN|QUẬN|XÃ|PHƯỜNG) .+?)\s+"
    r"((?:SỞ|BAN QUẢN LÝ|VĂN PHÒNG|TRUNG TÂM|CHI CỤC|PHÒNG)\s.+)"
)
_OFFICE = re.compile(r"van phong", re.IGNORECASE)
_LINES = 15  # of a letterhead above which no title stands
_REPORTER = re.compile(
    r"[-+* ]*(?:ten )?don vi(?: bao cao| thuc hien| lap bao cao)? ?: ?"
    rf"(?P<agency>{_KINDS}\b[^.:;()0-9]*)",
    re.IGNORECASE,
)
_MOTTO = re.compile(r" *(?:CONG HOA XA HOI|DOC LAP).*", re.IGNORECASE)
_OF = re.compile(rf"\bcua (?P<agency>{_KINDS}\b(?:(?! kinh | gui | xin )[^.,;:()/0-9])*)")
_NO_NAME = re.compile(
    r"(?:tong hop|bieu|bang|danh sach|thong ke|ket qua|tinh hinh|phu luc|bao cao|so lieu|mau|dang"
    r"|quy|cong tac|ve viec|v/v|ban sao|ban hanh|hoa toc|khan|mat)\b|.*\bnam\b",
    re.IGNORECASE,
)


def agencies(
    told: Sequence[Paragraph], start: int, city: str, symbol: str = ""
) -> Iterator[tuple[str, str]]:
    """Yield who reports as the letterhead, the appendices and the last sentence name it.

    `symbol` is that of the report's own number: where the letterhead names a people's committee
    alone and the symbol is of one of its bodies, that body reports.
    """
    # Without a title only capitals tell the letterhead from the text.
    above = told[:start] or [one for one in told[:_LINES] if one.text.isupper()]
    if heads := _letterhead(above):
        name, place = _sender(heads, symbol)
        if name:
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
                first, last = named[-1].span("agency")
                last = first + _with_commas(said.plain[first:], last - first)
                yield _written(said.printed(first, last), city, told), one.place


def _with_commas(plain: str, end: int) -> int:
    """Return where a name ends of which decrees spell one with commas: that of a department."""
    low = fold(plain)
    longest = max((len(one) for one in departments() if low.startswith(one)), default=0)
    if longest <= end:
        return end
    rest = re.match(r"[^.,;:()/0-9]*", plain[longest:])
    return longest + (rest.end() if rest else 0)


def _sender(heads: Sequence[tuple[str, str]], symbol: str) -> tuple[str, str]:
    """Return who of a letterhead reports: its last line, with the place of the body above it."""
    name, place = heads[-1]
    plain = fold(name).strip()
    above = next(filter(None, (_committee(one) for one, _ in reversed(heads[:-1]))), "")
    if _OFFICE.fullmatch(plain) and len(heads) > 1:
        return f"Văn phòng {heads[-2][0]}", place
    if _committee(name) and (own := _of_symbol(symbol)) is not None:
        return own, place
    level = _BARE_LEVEL.fullmatch(plain)
    if level and above and fold(above).startswith(level["level"]):
        return f"{name.strip()} {above[len(level['level']) :].strip()}", place
    within = above and not fold(above).startswith(("tinh", "thanh pho", "tp"))
    if within and _PART_OF.match(plain) and not _PLACED.search(plain):
        # The centre of a commune is one of thousands of that name.
        return f"{name.strip()} {above.strip()}", place
    return name, place


def _committee(name: str) -> str:
    """Return level and place of a people's committee as printed, "" of another body."""
    said = plain_text(name.strip())
    found = _COMMITTEE.fullmatch(said.plain)
    return said.printed(*found.span("place")) if found else ""


def _of_symbol(symbol: str) -> str | None:
    """Return the department that a symbol such as "BC-STP" is of.

    None where it says nothing of it; "" where it is of another body than a committee that no list
    has: then the letterhead's line is the superior's.
    """
    parts = [part for part in re.split("[-/.]", symbol) if part]
    if len(parts) < 2 or parts[0] != "BC":
        return None
    body = fold(parts[1]).replace("&", "")
    named = [spelled for spelled in departments().values() if _initials(spelled) == body]
    if len(named) == 1:
        return named[0]
    return "" if re.fullmatch(r"s[a-z]{2,}|bql[a-z]*|ttr?a?|cc[a-z]{2,}", body) else None


def _initials(name: str) -> str:
    return "".join(word[0] for word in re.findall(r"\w+", fold(name)) if word != "va")


def _letterhead(above: Sequence[Paragraph]) -> list[tuple[str, str]]:
    """Return the agencies that a letterhead names, the highest first, with their places.

    A name may go on in the line below: "ỦY BAN NHÂN DÂN" above "HUYỆN TUY PHƯỚC". A line in
    capitals below a whole name is the next body, of whatever kind.
    """
    lines = [(*_without_motto(part), one.place) for one in above for part in _bodies(one.text)]
    lines = [line for line in lines if any(map(str.isalpha, line[0]))]
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(lines):
        plain, name, place = lines[at]
        at += 1
        if not _is_name(plain, name, under=bool(found)):
            continue
        while at < len(lines) and _goes_on(name, lines[at]):
            name += f" {lines[at][1].strip()}"
            at += 1
        found.append((name, place))
    return found


def _bodies(line: str) -> Sequence[str]:
    """Return the bodies of a line: of one, or of two that came as one."""
    found = _TWO_BODIES.fullmatch(line.strip())
    return found.groups() if found else (line,)


def _is_name(plain: str, printed: str, *, under: bool) -> bool:
    """Return whether a line names a body; under another one capitals are enough."""
    if "," in plain and not printed.isupper() and fold(plain).strip() not in departments():
        return False
    if _LETTERHEAD.fullmatch(plain):
        return not _NO_NAME.match(plain)
    words = plain.replace(" ", "").replace("-", "").replace(",", "")
    return under and printed.isupper() and words.isalpha() and not _NO_NAME.match(plain)


def _goes_on(name: str, below: tuple[str, str, str]) -> bool:
    plain, printed, _ = below
    words = plain.replace(" ", "").replace("-", "").replace(",", "")
    if not printed.isupper() or not words.isalpha() or _NO_NAME.match(plain):
        return False
    so_far = fold(name).strip()
    if _ON.fullmatch(plain):
        # "UBND TỈNH A" and below it "XÃ B" are two bodies, "SỞ Y TẾ" and "TỈNH A" one.
        return plain.lower().startswith("va ") or not _PLACED.search(so_far)
    if _OPEN.fullmatch(so_far):
        return not _LETTERHEAD.fullmatch(plain)
    # A department's name that is not whole yet.
    whole = {_words_alone(one) for one in departments()}
    return _words_alone(so_far) not in whole and _words_alone(f"{so_far} {fold(plain)}") in whole


def _words_alone(name: str) -> str:
    return " ".join(re.findall(r"\w+", name))


def _without_motto(text: str) -> tuple[str, str]:
    """Return a line of the letterhead, plain and as printed, without the motto beside it."""
    said = plain_text(text)
    motto = _MOTTO.search(said.plain)
    end = motto.start() if motto else len(said.plain)
    return said.plain[:end].rstrip(), said.printed(0, end)


def _written(name: str, city: str, told: Sequence[Paragraph]) -> str:
    """Return an agency's name written out, a department's with its province if that is told."""
    words = abbreviations()
    capitals = name.isupper()
    name = re.sub(
        r"\b[A-ZĐ][A-ZĐ&-]*[A-ZĐ]\b",
        lambda short: words.get(re.sub("[&-]", "", short[0]), short[0]),
        " ".join(name.split()).strip(" -–,"),
    )
    if capitals or any(len(word) > 2 and word.isupper() for word in name.split()):
        # Capitals do not tell which words are names: as it is spelled elsewhere, if it is.
        spelled = (known for known in _spelled(re.escape(fold(name)), told) if not _shouts(known))
        name = next(spelled, departments().get(fold(name), name_in_small_letters(name)))
    if city and fold(name).startswith("so ") and fold(city) not in fold(name):
        for level, printed in (("tinh", "tỉnh"), ("thanh pho", "thành phố")):
            # The letterhead above may be the only one to say so, in capitals.
            if next(_spelled(rf"{level} {re.escape(fold(city))}\b", told), ""):
                return f"{name} {printed} {city}"
    return name


def _shouts(name: str) -> bool:
    return any(len(word) > 1 and word.isupper() for word in name.split())


def _spelled(pattern: str, told: Sequence[Paragraph]) -> Iterator[str]:
    for one in told:
        said = plain_text(one.text)
        if found := re.search(rf"\b{pattern}", said.plain, re.IGNORECASE):
            yield said.printed(*found.span())
