"""The period and basis that the words above a table name, for what its own headings do not tell."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd

from cchc_stats.reading.files import Document, Grid, Paragraph
from cchc_stats.reading.head import names_both
from cchc_stats.reading.tables.placing_periods import Slot
from cchc_stats.words import (
    AS_OF,
    IN_PERIOD,
    YEAR_TO_DATE,
    PeriodError,
    fold,
    parse_basis,
    parse_period,
)

LONGEST = 250  # characters of a caption
_LINES = 3  # of a caption: "Biểu 2", its title, "(Kèm theo Báo cáo …)"
_PART = re.compile(r"\bquy (?:[1-4]|i{1,3}|iv)\b|\b(?:[369]|0[369]|ba|sau|chin) thang\b")
_CUMULATED = re.compile(r"\bluy ke\b|\btu dau nam\b|\bcong don\b")
_YEAR = re.compile(r"\b(?:19|20)[0-9]{2}\b")
# What a table is compared with, and what it is attached to, is not what it is of.
_OF_ELSE = re.compile(
    r"\b(?:so (?:voi|sanh)|kem theo|ban hanh|theo (?:quyet dinh|thong tu|nghi|ke hoach|cong van))"
    r"\b[^)]*"
)
_SHEET = re.compile(r"trang tính '(?P<name>.*)',")


def told_slot(text: str, period: pd.Period) -> Slot | None:
    """Return the period and basis that a caption names; None where it names none, or two.

    Parameters
    ----------
    text : the caption; a year that it leaves out is that of the report.
    period : the report's quarter: a caption that names a later one tells of a plan.

    Examples
    --------
    >>> told_slot("Biểu 2. Kết quả lũy kế từ đầu năm", pd.Period("2024Q3"))
    (Period('2024Q3', 'Q-DEC'), 'year_to_date')
    """
    folded = _OF_ELSE.sub("", fold(text))
    if len(text) > LONGEST or names_both(folded):
        return None
    cumulated = bool(_CUMULATED.search(folded))
    years = _YEAR.findall(folded)
    if _PART.search(folded) or any(year != str(period.year) for year in years):
        dated = folded if years else f"{folded} nam {period.year}"
        try:
            named, basis = parse_period(dated), parse_basis(dated)
        except PeriodError:
            return None
        if named.freqstr != "Q-DEC" or named > period or basis == AS_OF:
            return None
        return named, basis
    if cumulated:
        return period, YEAR_TO_DATE
    return (period, IN_PERIOD) if re.search(r"\btrong quy\b", folded) else None


def own_slots(document: Document, period: pd.Period) -> dict[int, Slot]:
    """Return the period and basis that each table's caption, sheet or appendix names.

    The lines right above a table come first, the nearest before the others; then the name of its
    sheet, then the title of the appendix that it stands in.

    Returns
    -------
    Grid number -> period and basis; without those of which nothing is said.
    """
    found: dict[int, Slot] = {}
    above: list[str] = []
    for block in document.blocks:
        if isinstance(block, Paragraph):
            # A sentence is no caption, and parts what stands above it from the table.
            above = [] if block.text.endswith((".", ";")) else [*above, block.text]
        elif (
            slot := first_told([*above[: -_LINES - 1 : -1], *_around(block)], period)
        ) is not None:
            found[block.number] = slot
        if isinstance(block, Grid):
            above = []
    return found


def first_told(texts: Iterable[str], period: pd.Period) -> Slot | None:
    """Return what the first of some texts that names a period and basis tells."""
    return next(filter(None, (told_slot(text, period) for text in texts)), None)


def _around(grid: Grid) -> list[str]:
    sheet = _SHEET.match(grid.place)
    top = grid.section.partition(" > ")[0]
    appendix = top if fold(top).startswith(("phu luc", "bieu", "bang")) else ""
    return [sheet["name"] if sheet else "", appendix]
