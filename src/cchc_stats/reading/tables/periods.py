"""The period and basis that the words of a document name: captions, sheets, headings and notes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, lru_cache

import pandas as pd

from cchc_stats.forms import Form
from cchc_stats.reading.files import Document, Grid, Paragraph
from cchc_stats.reading.head import names_both
from cchc_stats.reading.tables.matching import stated, words
from cchc_stats.words import (
    AS_OF,
    IN_PERIOD,
    YEAR_TO_DATE,
    PeriodError,
    Window,
    fold,
    parse_basis,
    parse_period,
    read_date,
)

Slot = tuple[pd.Period, str]
LONGEST = 250  # characters of a caption
LONGEST_OF_DAYS = 300  # characters of a title that states days
_LINES = 3  # of a caption: "Biểu 2", its title, "(Kèm theo Báo cáo …)"
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_QUARTER = re.compile(r"quy (iv|i{1,3}|[1-4])(?: ?(?:/|nam) ?(\d{4}))?")
_YEAR = re.compile(r"(?:nam )?((?:19|20)\d\d)")
_SUM = re.compile(r"(?:tong|tong so|tong cong|cong|ca nam|luy ke.*|cong don.*)")
_LAST_YEAR = re.compile(r"nam (?:truoc|ngoai)(?: lien ke)?|nam truoc .*")
_THIS_YEAR = re.compile(r"nam (?:nay|bao cao|hien tai)")
_THIS = re.compile(r"(?:quy|ky)(?: bao cao)?(?: nay)?")
_SAME = re.compile(r"(?:so |voi )*cung ky(?: nam (?:truoc|ngoai))?")
_BEFORE = re.compile(r"(?:quy|ky)(?: bao cao)? truoc(?: lien ke)?")
_PARENTHESES = re.compile(r"\([^()]*\)")
_DAYS = re.compile(r"(?:tu )(?:ngay )?\d[\d/. ]*?\d? (?:den|toi) (?:het )?(?:ngay )?[\d/. ]+\d")
_UNTIL = re.compile(r"so lieu.*?\bden (?:het )?((?:thang|quy|ngay|nam|cuoi) .*)")
_PART = re.compile(r"\bquy (?:[1-4]|i{1,3}|iv)\b|\b(?:[369]|0[369]|ba|sau|chin) thang\b")
_CUMULATED = re.compile(r"\bluy ke\b|\btu dau nam\b|\bcong don\b")
_ANY_YEAR = re.compile(r"\b(?:19|20)[0-9]{2}\b")
# What a table is compared with, and what it is attached to, is not what it is of.
_OF_ELSE = re.compile(
    r"\b(?:so (?:voi|sanh)|kem theo|ban hanh|theo (?:quyet dinh|thong tu|nghi|ke hoach|cong van))"
    r"\b[^)]*"
)
_SHEET = re.compile(r"trang tính '(?P<name>.*)',")


# --- Captions, sheets, appendices -----------------------------------------------------------------


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
    years = _ANY_YEAR.findall(folded)
    if _PART.search(folded) or any(year != str(period.year) for year in years):
        return _dated(folded if years else f"{folded} nam {period.year}", period)
    if _CUMULATED.search(folded):
        return period, YEAR_TO_DATE
    return (period, IN_PERIOD) if re.search(r"\btrong quy\b", folded) else None


def _dated(text: str, period: pd.Period) -> Slot | None:
    try:
        named, basis = parse_period(text), parse_basis(text)
    except PeriodError:
        return None
    plain = named.freqstr == "Q-DEC" and named <= period and basis != AS_OF
    return (named, basis) if plain else None


def first_told(texts: Iterable[str], period: pd.Period) -> Slot | None:
    """Return what the first of some texts that names a period and basis tells."""
    return next(filter(None, (told_slot(text, period) for text in texts)), None)


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
            continue
        slot = first_told([*above[: -_LINES - 1 : -1], *_around(block)], period)
        if slot is not None:
            found[block.number] = slot
        above = []
    return found


def _around(grid: Grid) -> list[str]:
    sheet = _SHEET.match(grid.place)
    top = grid.section.partition(" > ")[0]
    appendix = top if fold(top).startswith(("phu luc", "bieu", "bang")) else ""
    return [sheet["name"] if sheet else "", appendix]


def own_windows(
    document: Document, windows: Iterable[tuple[Window, str]] = ()
) -> dict[int, Window]:
    """Return the days that the title of each table's appendix, or its caption, states.

    Parameters
    ----------
    document : it.
    windows : days that are known already, with the place of the paragraph that states them.

    Returns
    -------
    Grid number -> window; without those of which nothing is said.
    """
    known = {place: window for window, place in windows}
    found: dict[int, Window] = {}
    part, current, caption = "", None, None
    for block in document.blocks:
        top = block.section.partition(" > ")[0]
        if top != part:
            part, current = top, None
        if isinstance(block, Paragraph):
            caption = known.get(block.place) or _days_of(block.text)
            if caption is not None and fold(top).startswith("phu luc"):
                current = caption
        elif (window := caption or current) is not None:
            found[block.number] = window
    return found


def _days_of(text: str) -> Window | None:
    if len(text) > LONGEST_OF_DAYS or "/" not in text:
        return None
    folded = fold(text)
    if "so lieu" not in folded and not folded.startswith("(tu"):
        return None
    days = _DAYS.search(folded)
    read = read_date(days[0]) if days else None
    if read is None or read.date is None or read.date_to is None:
        return None
    return Window(read.date, read.date_to)


# --- Headings and notes ---------------------------------------------------------------------------


def default_slot(form: Form, period: pd.Period, basis: str, own: str = "") -> Slot:
    """Return the period and basis of a figure whose heading tells none.

    Parameters
    ----------
    form : tells its usual basis.
    period, basis : those of the report.
    own : the basis of the row, where it is not that of the form.
    """
    usual = own or form.basis
    return period, basis if usual == IN_PERIOD else usual


@lru_cache(maxsize=10_000)
def slot_of(
    path: tuple[str, ...], form: Form, period: pd.Period, basis: str, alone: bool
) -> Slot | None:
    """Return the period and basis that a column's headings name, None where they name none.

    Parameters
    ----------
    path : the headings, top first.
    form : tells the basis where a heading does not.
    period, basis : those of the report.
    alone : whether the column is the only one of figures, so that "Tổng số" sums no quarters.
    """
    if not path:
        return None
    leaf = " ".join(_PARENTHESES.sub(" ", fold(path[-1])).split()).strip(" :.")
    last = any(_LAST_YEAR.fullmatch(fold(level)) for level in path[:-1])
    year = period.year - 1 if last else period.year
    flow = AS_OF if form.basis == AS_OF else YEAR_TO_DATE
    usual = default_slot(form, period, basis)
    if _SUM.fullmatch(leaf) and not (alone and not leaf.startswith("luy ke")):
        return pd.Period(f"{year}Q4", "Q-DEC") if last else period, flow
    if leaf in _plain_values() or not words(path[-1]) or alone and _SUM.fullmatch(leaf):
        return usual
    relative: tuple[tuple[re.Pattern[str], Callable[[], Slot]], ...] = (
        (_LAST_YEAR, lambda: (pd.Period(f"{period.year - 1}Q4", "Q-DEC"), flow)),
        (_THIS_YEAR, lambda: (period, flow)),
        (_THIS, lambda: usual),
        (_SAME, lambda: (period - 4, usual[1])),
        (_BEFORE, lambda: (period - 1, usual[1])),
    )
    for pattern, slot in relative:
        if pattern.fullmatch(leaf):
            return slot()
    return _named(leaf, form, period, year, flow)


@cache
def _plain_values() -> frozenset[str]:
    return frozenset(fold(text) for text in stated()["anatomy"]["value"])


def _named(leaf: str, form: Form, period: pd.Period, year: int, flow: str) -> Slot | None:
    """Return what a heading names: "Quý II/2020", "Năm 2020", "6 tháng đầu năm"."""
    if quarter := _QUARTER.fullmatch(leaf):
        number = _ROMAN.get(quarter[1]) or int(quarter[1])
        name = f"{quarter[2] or year}Q{number}"
        return pd.Period(name, "Q-DEC"), AS_OF if form.basis == AS_OF else IN_PERIOD
    if named := _YEAR.fullmatch(leaf):
        if int(named[1]) > period.year:
            return None
        here = int(named[1]) == period.year
        return (period if here else pd.Period(f"{named[1]}Q4", "Q-DEC")), flow
    text = leaf if _ANY_YEAR.search(leaf) else f"{leaf} nam {year}"
    try:
        told, basis = parse_period(text), parse_basis(text)
    except PeriodError:
        return None
    if told.freqstr != "Q-DEC" or text.startswith(leaf) and not re.search(r"\d|quy", leaf):
        return None
    return told, AS_OF if form.basis == AS_OF else basis


def same_of(slots: Mapping[int, Slot], paths: Sequence[tuple[str, ...]]) -> dict[int, Slot]:
    """Return the slots with "cùng kỳ năm trước" a year before the column to its left."""
    known = dict(slots)
    for column in sorted(slots):
        leaf = fold(paths[column][-1]) if paths[column] else ""
        left = max((other for other in slots if other < column), default=None)
        if left is not None and _SAME.fullmatch(leaf):
            period, basis = known[left]
            known[column] = period - 4, basis
    return known


def note_quarter(note: str) -> pd.Period | None:
    """Return the quarter up to which a note says that its figure counts.

    Examples
    --------
    >>> note_quarter("Số liệu tính đến tháng 6/2020")
    Period('2020Q2', 'Q-DEC')
    """
    found = _UNTIL.search(fold(note))
    if not found:
        return None
    day = read_date(found[1].strip(" .)"))
    if day is not None and day.date is not None:
        return pd.Period(day.date, "Q-DEC")
    try:
        return parse_period(found[1]).asfreq("Q-DEC")
    except PeriodError:
        return None
