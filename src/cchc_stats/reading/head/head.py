"""The head of a report: who reports, under which number, when signed, on which period and days."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from cchc_stats.reading.files import Document, Paragraph, plain_text, tidy
from cchc_stats.reading.head.dates import Fault, date_line, signed_on, stated_windows
from cchc_stats.reading.head.names import ATTACHED, agencies
from cchc_stats.reading.head.title import find_title, is_title, named_period
from cchc_stats.reading.prose import message
from cchc_stats.words import Window, fold_agency, require_language

_NUMBER = re.compile(
    r"\b[Ss][oO] ?:? ?(?P<number>[0-9]*)[ .…_]*(?P<symbol>/ ?BC(?:[-/.&][A-Za-z0-9&]+)+)"
)
# Of a letter (công văn), which has the body first and no kind: "Số: 1234/SYT-VP".
_LETTER = re.compile(
    r"[Ss][oO] ?: ?(?P<number>[0-9]*)[ .…_]*(?P<symbol>/ ?[A-Z][A-Z&]+(?:[-/.&][A-Za-z0-9&]+)*)"
    r"(?= *$| {2,}|\t| *[A-Z][a-z])"
)
_LETTERHEAD_LINES = 15
_LONGEST_HEADLINE = 60  # characters: a letter's head has no longer line above its title


@dataclass(frozen=True)
class Head:
    """What the head of a report says; "" and None where it does not.

    Attributes
    ----------
    agency : who reports, abbreviations of `agencies.toml` written out; a department (sở) with its
        province where the text names "tỉnh …" or "thành phố …" of the place of issue.
    number : as printed; "/BC-SNV" where the number itself is blank; that of a letter
        ("1234/SYT-VP") where no report's is found.
    signed_on : day of signature.
    place_of_issue : "Bình Định" of "Bình Định, ngày … tháng 9 năm 2020".
    period : the quarter; six and nine months and a year are named by their last.
    basis : `in_period` or `year_to_date`, as the title tells; `in_period` where it names both, and
        a fault says so.
    window : the days of the figures, where the letter itself states them.
    windows : all stated days with their place: those under an appendix's title are its own.
    title : as printed, in one line.
    symbols : the report's symbol as spelled each time, with its place.
    places : where agency, number, signed_on and period were found.
    faults : what is missing or contradicts itself, in words.
    """

    agency: str
    number: str
    signed_on: dt.date | None
    place_of_issue: str
    period: pd.Period | None
    basis: str
    window: Window | None
    windows: tuple[tuple[Window, str], ...]
    title: str
    symbols: tuple[tuple[str, str], ...]
    places: tuple[tuple[str, str], ...]
    faults: tuple[str, ...]


def read_head(document: Document | Iterable[Paragraph], *, lang: str = "vi") -> Head:
    """Return what the head of a report, its last sentence and its appendices' titles say of it.

    Parameters
    ----------
    document : it, or its paragraphs in their order. Of a document, a table above everything else is
        read as letterhead.
    lang : "vi" or "en", of the faults.

    Returns
    -------
    Head. No report is refused: what cannot be told is "" or None, and `faults` says so. Where two
    sources differ the first stands (letterhead, appendix, last sentence) and a fault names both.
    A letter dated without a day takes that of its appendix ("Kèm theo Báo cáo … ngày 09/9/2020").

    Raises
    ------
    CchcError : another language.

    Examples
    --------
    >>> texts = (
    ...     "Số: 12/BC-SNV", "Huế, ngày 12 tháng 9 năm 2024", "BÁO CÁO",
    ...     "Công tác cải cách hành chính quý III năm 2024",
    ...     "Trên đây là báo cáo của Sở Nội vụ thành phố Huế./.",
    ... )
    >>> head = read_head([Paragraph(1, text, "", "đoạn 1") for text in texts])
    >>> head.agency, head.number, str(head.signed_on), str(head.period), head.faults
    ('Sở Nội vụ thành phố Huế', '12/BC-SNV', '2024-09-12', '2024Q3', ())
    """
    require_language(lang)
    told = _texts(document)
    faults: list[str] = []

    def fault(code: str, **words: object) -> None:
        faults.append(message(code, lang=lang, **words))

    grids = document.grids if isinstance(document, Document) else ()
    start, title, titled = find_title(told, {grid.caption for grid in grids})
    line = date_line(told)
    city = plain_text(told[line[0]].text).printed(*line[1].span("city")) if line else ""
    agency = _first(agencies(told, start, city), ("agencies", "no_agency"), fault)
    numbers = [*_numbers(told)] or [*_letter_numbers(told[: start if title else _LETTERHEAD_LINES])]
    # Where the letter has the number and the appendix its symbol alone, they agree.
    number = _first(
        sorted(numbers, key=lambda one: one[0].startswith("/")), ("numbers", "no_number"), fault
    )
    if number[0].startswith("/"):
        fault("blank_number", number=number[0])
    signed = signed_on(told, line, fault)
    period, basis, named = named_period((title, titled), told, fault)
    windows = [*stated_windows(told, fault)]
    found = {
        "agency": agency[1],
        "number": number[1],
        "signed_on": signed[1],
        "period": named,
    }
    return Head(
        agency=agency[0],
        number=number[0],
        signed_on=signed[0],
        place_of_issue=city,
        period=period,
        basis=basis,
        window=next((window for window, _, own in windows if own), None),
        windows=tuple((window, place) for window, place, _ in windows),
        title=title,
        symbols=tuple((text.partition("/")[2], place) for text, place in numbers),
        places=tuple((what, place) for what, place in found.items() if place),
        faults=tuple(faults),
    )


def _texts(document: Document | Iterable[Paragraph]) -> list[Paragraph]:
    """Return the paragraphs, with the lines of a letterhead that is laid out as a table."""
    if not isinstance(document, Document):
        return list(document)
    told: list[Paragraph] = []
    in_letterhead = True
    for block in document.blocks:
        if isinstance(block, Paragraph):
            told.append(block)
            in_letterhead &= not is_title(block) and len(block.text) <= _LONGEST_HEADLINE
        elif in_letterhead:
            lines = (line for cell in block.cells for line in cell.raw.splitlines())
            told += [Paragraph(0, tidy(line), "", block.place) for line in lines if tidy(line)]
    return told


def _numbers(told: Sequence[Paragraph]) -> Iterator[tuple[str, str]]:
    """Yield the report's own number: on a line of its own, or where an appendix names it."""
    for one in told:
        said = plain_text(one.text)
        attached = ATTACHED.search(said.plain)
        found = (
            _NUMBER.search(said.plain, attached.start()) if attached else _NUMBER.match(said.plain)
        )
        if found:
            number = said.printed(*found.span("number")) if found["number"] else ""
            yield number + said.printed(*found.span("symbol")).replace(" ", ""), one.place


def _letter_numbers(above: Sequence[Paragraph]) -> Iterator[tuple[str, str]]:
    """Yield the number of a report that is sent as a letter, from the lines above its title."""
    for one in above:
        said = plain_text(one.text)
        if found := _LETTER.match(said.plain):
            number = said.printed(*found.span("number")) if found["number"] else ""
            yield number + said.printed(*found.span("symbol")).replace(" ", ""), one.place
            return


def _first(
    found: Iterable[tuple[str, str]], codes: tuple[str, str], fault: Fault
) -> tuple[str, str]:
    """Return the first of what was found with its place, and say where another differs."""
    several = list(found)
    if not several:
        fault(codes[1])
        return "", ""
    first = several[0][0]
    for other, _ in several[1:]:
        short, long = sorted((fold_agency(first), fold_agency(other)), key=len)
        # A name without its province, a number left blank: shorter, not another.
        if not (long.startswith(short) or (other.startswith("/") and first.endswith(other))):
            fault(codes[0], first=first, second=other)
            break
    return several[0]
