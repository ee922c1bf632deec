"""The periods that headings and notes of a table name, and the days that its title states."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from cchc_stats.forms import Form
from cchc_stats.reading.files import Document, Paragraph
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
LONGEST = 300  # characters of a title that states days
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}


def default_slot(form: Form, period: pd.Period, basis: str, code: str = "") -> Slot:
    """Return the period and basis of a figure whose heading tells none."""
    stated_basis = code or form.basis
    return period, basis if stated_basis == IN_PERIOD else stated_basis


def slot_of(
    path: tuple[str, ...], form: Form, period: pd.Period, basis: str, *, alone: bool
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
    if _SUM.fullmatch(leaf) and not (alone and not leaf.startswith("luy ke")):
        whole = pd.Period(f"{year}Q4", "Q-DEC") if last else period
        return whole, AS_OF if form.basis == AS_OF else YEAR_TO_DATE
    if leaf in _plain_values() or not words(path[-1]) or alone and _SUM.fullmatch(leaf):
        return default_slot(form, period, basis)
    flow = AS_OF if form.basis == AS_OF else YEAR_TO_DATE
    if _LAST_YEAR.fullmatch(leaf):
        return pd.Period(f"{period.year - 1}Q4", "Q-DEC"), flow
    if _THIS_YEAR.fullmatch(leaf):
        return period, flow
    if _THIS.fullmatch(leaf):
        return default_slot(form, period, basis)
    if _SAME.fullmatch(leaf):
        return period - 4, default_slot(form, period, basis)[1]
    if _BEFORE.fullmatch(leaf):
        return period - 1, default_slot(form, period, basis)[1]
    if quarter := _QUARTER.fullmatch(leaf):
        number = _ROMAN.get(quarter[1]) or int(quarter[1])
        name = f"{quarter[2] or year}Q{number}"
        return pd.Period(name, "Q-DEC"), AS_OF if form.basis == AS_OF else IN_PERIOD
    if named := _YEAR.fullmatch(leaf):
        if int(named[1]) > period.year:
            return None
        here = int(named[1]) == period.year
        return (period if here else pd.Period(f"{named[1]}Q4", "Q-DEC")), flow
    return _named(leaf, form, year)


def _plain_values() -> frozenset[str]:
    return frozenset(fold(text) for text in stated()["anatomy"]["value"])


def _named(leaf: str, form: Form, year: int) -> Slot | None:
    text = leaf if re.search(r"\b(?:19|20)\d\d\b", leaf) else f"{leaf} nam {year}"
    try:
        period, basis = parse_period(text), parse_basis(text)
    except PeriodError:
        return None
    if period.freqstr != "Q-DEC" or text.startswith(leaf) and not re.search(r"\d|quy", leaf):
        return None
    return period, AS_OF if form.basis == AS_OF else basis


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
    Grid number -> Window; without those of which nothing is said.
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
    if len(text) > LONGEST or "/" not in text:
        return None
    folded = fold(text)
    if "so lieu" not in folded and not folded.startswith("(tu"):
        return None
    days = _DAYS.search(folded)
    read = read_date(days[0]) if days else None
    if read is None or read.date is None or read.date_to is None:
        return None
    return Window(read.date, read.date_to)


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
