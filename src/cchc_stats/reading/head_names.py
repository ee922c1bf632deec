"""Who reports: the agency as the letterhead, the appendices and the last sentence name it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from cchc_stats.agencies import abbreviations, departments
from cchc_stats.folding import fold
from cchc_stats.reading.document import Paragraph
from cchc_stats.reading.plain_text import plain_text

# Patterns read text without diacritics; capitals stand, for the first letters of names.
ATTACHED = re.compile(r"kem theo bao cao", re.IGNORECASE)
CLOSING = re.compile(r"tren day la (?:toan bo )?(?:noi dung )?bao cao", re.IGNORECASE)
_KINDS = r"(?:So|Ban|Chi cuc|Cuc|Phong|Van phong|Thanh tra|UBND|Uy ban nhan dan|Trung tam|Truong)"
_LETTERHEAD = re.compile(rf"{_KINDS}\b(?! *[:.])[^.:;,0-9/]*", re.IGNORECASE)
_MOTTO = re.compile(r" *(?:CONG HOA XA HOI|DOC LAP).*", re.IGNORECASE)
_OF = re.compile(rf"\bcua (?P<agency>{_KINDS}\b(?:(?! kinh | gui | xin )[^.,;:()/0-9])*)")


def agencies(told: Sequence[Paragraph], start: int, city: str) -> Iterator[tuple[str, str]]:
    """Yield who reports as the letterhead, the appendices and the last sentence name it."""
    heads = [one for one in told[:start] if _LETTERHEAD.fullmatch(_without_motto(one.text)[0])]
    if heads:
        yield _written(_without_motto(heads[-1].text)[1], city, told), heads[-1].place
    for wanted in (ATTACHED, CLOSING):
        for one in told:
            said = plain_text(one.text)
            begins = wanted.search(said.plain)
            # The last "của": "báo cáo kết quả của năm 2020 của Sở Nội vụ".
            named = [*_OF.finditer(said.plain, begins.end())] if begins else []
            if named:
                name = said.printed(*named[-1].span("agency"))
                yield _written(name, city, told), one.place


def _without_motto(text: str) -> tuple[str, str]:
    """Return a line of the letterhead, plain and as printed, without the motto beside it."""
    said = plain_text(text)
    motto = _MOTTO.search(said.plain)
    end = motto.start() if motto else len(said.plain)
    return said.plain[:end], said.printed(0, end)


def _written(name: str, city: str, told: Sequence[Paragraph]) -> str:
    """Return an agency's name written out, a department's with its province if that is told."""
    words = abbreviations()
    name = re.sub(
        r"\b[A-ZĐ][A-ZĐ&-]*[A-ZĐ]\b",
        lambda short: words.get(re.sub("[&-]", "", short[0]), short[0]),
        " ".join(name.split()).strip(" -–"),
    )
    if name.isupper():
        # Capitals do not tell which words are names: as it is spelled elsewhere, if it is.
        spelled = (known for known in _spelled(fold(name), told) if not known.isupper())
        name = next(spelled, departments().get(fold(name), name))
    if city and fold(name).startswith("so ") and fold(city) not in fold(name):
        for level, printed in (("tinh", "tỉnh"), ("thanh pho", "thành phố")):
            # The letterhead above may be the only one to say so, in capitals.
            if next(_spelled(rf"{level} {re.escape(fold(city))}\b", told), ""):
                return f"{name} {printed} {city}"
    return name


def _spelled(pattern: str, told: Sequence[Paragraph]) -> Iterator[str]:
    for one in told:
        said = plain_text(one.text)
        if found := re.search(rf"\b{pattern}", said.plain, re.IGNORECASE):
            yield said.printed(*found.span())
