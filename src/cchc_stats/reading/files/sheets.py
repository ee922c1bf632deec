"""Sheets of any workbook: numbers as their formats print them, tables between empty rows."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import NamedTuple

from cchc_stats.reading.files.document import (
    HIDDEN,
    MOST_TOLD,
    ROUNDED,
    Blocks,
    Draft,
    Unseen,
    column_letters,
    kept_text,
)
from cchc_stats.words import fold

BUILT_IN = {
    **{0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%"},
    **{14: "dd/mm/yyyy", 15: "dd-mmm-yy", 16: "dd-mmm", 17: "mmm-yy", 18: "h:mm AM/PM"},
    **{19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "dd/mm/yyyy h:mm", 37: "#,##0"},
    **{38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 41: "#,##0", 42: "#,##0", 43: "#,##0.00"},
    **{44: "#,##0.00", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 49: "@"},
}
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[[^\]]*\]')
_DATE = re.compile(r"[dmyhs]", re.I)
_NUMBER = re.compile(r"([#0?][#0?,]*[#0?]|[#0?])(,*)(?:\.([#0?]*))?(,*)")
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)(-?\d+(?:\.\d+)?)\]")
_FIGURE = re.compile(r"\d(?:[\d.,]*\d)?")
_SCALES = frozenset(("tram", "nghin", "ngan", "trieu", "ty", "chuc", "van", "k", "m", "tr"))


class Printed(NamedTuple):
    """What a stored number prints, and what is lost by it ("" where nothing is)."""

    text: str
    note: str


class _Format(NamedTuple):
    kind: str  # general, date, number, words
    before: str = ""
    after: str = ""
    digits: int = 1
    decimals: int = 0
    optional: int = 0  # of the decimals, those printed only where they are not zero
    grouped: bool = False
    percent: bool = False
    scale: int = 0  # by how many thousands it is divided
    day: bool = False
    month: bool = False
    time: bool = False


def plain(stored: str) -> str:
    """Return a stored number as a plain decimal text with a comma, to the 15 digits Excel keeps.

    Examples
    --------
    >>> plain("1380.0"), plain("0.30000000000000004"), plain("1E+3")
    ('1380', '0,3', '1000')
    """
    number = _decimal(stored)
    if number is None or abs(number.adjusted()) > 30:
        return stored
    return _rounded_to_15(number).replace(".", ",")


@lru_cache(maxsize=8192)
def printed(stored: str, code: str, *, date1904: bool = False) -> Printed:
    """Return a stored number as its format shows it, in Vietnamese printing.

    A format that this does not follow prints the plain number. A figure that the format rounds is
    noted: the figure stored is the one that was counted. One that it scales is the figure stored;
    one that it hides stands in brackets, and one that it shows as other words is those words: both
    are no figures, and noted. Words of a unit ("hồ sơ") are left out.

    Examples
    --------
    >>> printed("0.133", "0.0%"), printed("6", "00"), printed("44083", "d/m/yyyy").text
    (Printed(text='13,3%', note=''), Printed(text='06', note=''), '09/09/2020')
    >>> printed("12.7", "#,##0")
    Printed(text='13', note='giá trị lưu 12,7')
    >>> printed("1380000", "#,##0,").text, printed("5", '[<10]"<10";0').text
    ('1380000', '<10')
    """
    number = _decimal(stored)
    if number is None or abs(number.adjusted()) > 30:
        return Printed(stored, "")
    form = _parsed(_section(code, number))
    if form.kind == "general":
        return Printed(plain(stored), "")
    if form.kind == "date":
        day = _date(number, form, date1904=date1904)
        return Printed(day or plain(stored), "" if day else "ngày không có trong lịch")
    if form.kind == "words":
        return _worded(plain(stored), form.before)
    value = number * 100 if form.percent else number
    if form.scale:
        shown = _shown(value.scaleb(-3 * form.scale), form)
        return Printed(plain(stored), f"định dạng rút gọn số, hiển thị {shown!r}; đọc giá trị lưu")
    exact = Decimal(_rounded_to_15(value))
    lost = _rounded(exact, form.decimals) != exact
    return Printed(_shown(value, form), f"{ROUNDED} {plain(stored)}" if lost else "")


def printed_beside(shown: str, stored: str, *, percent: bool = False) -> Printed:
    """Return a number of which a file holds what is shown and what is stored, by the same rule.

    Examples
    --------
    >>> printed_beside("1,380", "1380"), printed_beside("1.380", "1380000").text
    (Printed(text='1.380', note=''), '1380000')
    >>> printed_beside("<10", "5"), printed_beside("45 hồ sơ", "45").text
    (Printed(text='<10', note="định dạng hiển thị '<10', giá trị lưu 5"), '45')
    """
    number, text = _decimal(stored), shown.strip()
    if number is None:
        return Printed(shown, "")
    if not text:
        return Printed(plain(stored), "")
    value = number * 100 if percent else number
    figure = _FIGURE.search(text)
    if figure is None:
        return _worded(plain(stored), text)
    before, after = _dress(text[: figure.start()]), _dress(text[figure.end() :].strip())
    if {before.strip(), after.strip(" %")} <= {"", "-"}:
        readings = (
            (scale, signs)
            for scale in range(4)
            for signs in (".,", ",.")
            if _reads_as(figure[0], signs, abs(value).scaleb(-3 * scale))
        )
        scale, signs = next(readings, (None, ""))
        if scale:
            note = f"định dạng rút gọn số, hiển thị {text!r}; đọc giá trị lưu"
            return Printed(plain(stored), note)
        if scale == 0:
            places = len(figure[0].partition(signs[1])[2])
            form = _Format("number", decimals=places, grouped=signs[0] in figure[0])
            lost = _rounded(value, places) != Decimal(_rounded_to_15(value))
            text = _shown(value, form) + ("%" if percent else "")
            return Printed(text, f"{ROUNDED} {plain(stored)}" if lost else "")
    return Printed(shown, f"định dạng hiển thị {text!r}, giá trị lưu {plain(stored)}")


def _reads_as(figure: str, signs: str, value: Decimal) -> bool:
    """Return whether a figure with these signs for groups and decimals is a value, as rounded."""
    read = _decimal(figure.replace(signs[0], "").replace(signs[1], "."))
    return read is not None and _rounded(value, len(figure.partition(signs[1])[2])) == read


def _worded(stored: str, words: str) -> Printed:
    """Return a number that its format shows without a figure."""
    if stored == "0" and not words.strip(" -–—"):
        return Printed("0", "")  # dress: a stored zero, not a figure that does not apply
    if not words.strip():
        return Printed(f"[{HIDDEN}: {stored}]", "định dạng không hiển thị số")
    return Printed(words.strip(), f"định dạng hiển thị {words.strip()!r}, giá trị lưu {stored}")


def _dress(words: str) -> str:
    """Return the words around a figure without those that only name its unit."""
    plain_words = fold(words).split()
    unit = all(word.isalpha() for word in plain_words) and not _SCALES & set(plain_words)
    return "" if unit else words


def _decimal(stored: str) -> Decimal | None:
    try:
        number = Decimal(stored)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _rounded_to_15(number: Decimal) -> str:
    """Return a number in at most 15 digits: the binary tail of 0.1 + 0.2 is no figure."""
    places = 14 - number.adjusted()
    text = f"{_rounded(number, places) if places < 60 else number:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def _rounded(number: Decimal, places: int) -> Decimal:
    if number.is_zero():
        return Decimal(0)
    try:
        return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    except InvalidOperation:  # more digits than decimals carry: nothing to round there
        return number


def _shown(value: Decimal, form: _Format) -> str:
    rounded = _rounded(Decimal(_rounded_to_15(value)), form.decimals)
    units, _, places = f"{abs(rounded):f}".partition(".")
    places = places.ljust(form.decimals, "0")[: form.decimals]
    for _ in range(form.optional):
        places = places.removesuffix("0")
    units = units.zfill(form.digits)
    if form.grouped:
        units = f"{int(units):,}".replace(",", ".").zfill(form.digits)
    sign = "-" if rounded < 0 else ""
    percent = "%" if form.percent else ""
    return f"{sign}{form.before}{units}{',' if places else ''}{places}{percent}{form.after}".strip()


@lru_cache(maxsize=512)
def _sections(code: str) -> tuple[tuple[str, str], ...]:
    """Return the sections of a format, each after its condition ("<10"; "" where it has none)."""
    sections, quoted = [""], False
    for sign in code:
        quoted ^= sign == '"'
        if sign == ";" and not quoted:
            sections.append("")
        else:
            sections[-1] += sign
    conditions = [(_CONDITION.search(section), section) for section in sections]
    return tuple((f"{one[1]}{one[2]}" if one else "", section) for one, section in conditions)


def _section(code: str, number: Decimal) -> str:
    """Return the section of a format that a number is shown by.

    Without conditions the one for negative numbers differs in dress alone: a minus stays a minus.
    One without any figure hides them.
    """
    sections = _sections(code.strip() or "General")
    if any(condition for condition, _ in sections):
        holds = (one for condition, one in sections if _holds(condition, number))
        return next(holds, "General")
    own = 1 if number < 0 else 2 if number == 0 else 0
    if (
        own
        and own < len(sections)
        and not re.search("[#0?]|General|[dmyhs]", _bare(sections[own][1]))
    ):
        return sections[own][1]
    return sections[0][1]


def _holds(condition: str, number: Decimal) -> bool:
    if not condition:
        return True
    sign, limit = condition.rstrip("0123456789.-"), Decimal(condition.lstrip("<>="))
    return {
        "<": number < limit,
        "<=": number <= limit,
        ">": number > limit,
        ">=": number >= limit,
        "=": number == limit,
        "<>": number != limit,
    }[sign]


def _bare(section: str) -> str:
    """Return a section without words, colours and conditions."""
    return _LITERAL.sub(lambda literal: "[h]" if literal[0].lower() == "[h]" else "", section)


@lru_cache(maxsize=512)
def _parsed(section: str) -> _Format:
    """Return what a section of a format asks for."""
    bare = _bare(section)
    if bare.strip().lower() in ("general", "@", "standard"):
        return _Format("general")
    if _DATE.search(bare.replace("General", "")) and not re.search("[#0?]", bare.partition(".")[0]):
        return _date_format(bare.lower())
    figure = _NUMBER.search(_LITERAL.sub("\0", section))
    before, after = _around(section)
    if not figure:
        return _Format("words", before + after)
    if re.search(r"[eE][+-]|/", bare):
        return _Format("general")  # fractions, powers of ten
    units, places = figure[1], figure[3] or ""
    return _Format(
        "number",
        _dress(before),
        _dress(after),
        digits=max(units.count("0"), 1),
        decimals=len(places),
        optional=len(places) - places.count("0"),
        grouped="," in units,
        percent="%" in bare,
        scale=len(figure[2]) + len(figure[4]),
    )


def _date_format(low: str) -> _Format:
    clock = bool(re.search("[hs]", low))
    # "mm" beside hours or seconds is minutes.
    months = bool(re.search("m", re.sub(r"h+[\W]*m+|m+[\W]*s+", "", low)))
    return _Format("date", day="d" in low, month=months or "y" in low, time=clock)


def _around(section: str) -> tuple[str, str]:
    """Return the words in quotes before and after the figures."""
    words = ["", ""]
    seen = 0
    for sign in re.finditer(_LITERAL.pattern + r"|([#0?])|(%)|(\s)", section):
        if sign[3]:
            seen = 1
        elif not sign[4]:
            words[seen] += sign[1] or sign[2] or sign[5] or ""
    return words[0].replace("-", ""), words[1]


def _date(number: Decimal, form: _Format, *, date1904: bool) -> str:
    start = dt.datetime(1904, 1, 1) if date1904 else dt.datetime(1899, 12, 30)
    if not date1904 and number < 60:
        start = dt.datetime(1899, 12, 31)  # Excel counts a 29/2/1900 that never was
    try:
        # To the second: a minute is no exact part of Excel's days.
        moment = start + dt.timedelta(seconds=int(_rounded(number * 86_400, 0)))
    except OverflowError:
        return ""
    if form.time and not form.day and not form.month:
        hours = int(number * 24) if number >= 1 else moment.hour
        return f"{hours:02}:{moment:%M:%S}".removesuffix(":00")
    if number < 0 or moment.year < 1900:
        return ""
    day = (
        f"{moment:%d/%m/}{moment.year:04}"
        if form.day or not form.month
        else (f"{moment:%m/}{moment.year:04}")
    )
    return f"{day} {moment:%H:%M}" if form.time else day


# What stands in a letterhead or a form's head, side by side with other cells of it.
_IN_HEAD = re.compile(
    r"cong hoa xa hoi\b|doc lap - tu do|(?:bieu|mau) so\b|phu luc\b"
    r"|[-+* ]*don vi (?:nhan )?bao cao ?:"
    r"|[-+*( ]*(?:don vi tinh|dvt) ?[:(]|[-+*( ]*ky bao cao ?:"
    r"|\((?:kem theo|ban hanh kem|tu ngay)\b"
    r"|so ?:? ?\d*[ .…_]*/|.*, ngay .{0,8}thang .{0,8}nam \d{4}$"
)
_COUNT = re.compile(r"\d[\d.,]*")
_SERIALS = frozenset(("stt", "tt", "so tt", "so thu tu"))  # with them the headings of a table begin
_YEAR = re.compile(r"(?:19|20)\d\d")
NO_VALUE, FAILED = "công thức không có giá trị lưu", "công thức báo lỗi"
MOST_EMPTY = 3  # rows between two blocks of one table
HEAD_ROWS, HEAD_CELLS = 15, 4  # how many rows such a head has at most, and how many cells in a row
BEYOND = 50  # rows or columns: how far a merged cell may reach over the used range


class SheetCell(NamedTuple):
    """A cell that holds something: its text as printed, and what was noticed."""

    raw: str
    note: str = ""


def cell_of(text: str, note: str, *, unseen: str = "") -> SheetCell | None:
    """Return a cell, None where it holds nothing.

    What its font strikes out or does not show (`unseen` says which) is no figure.
    """
    if unseen and text.strip():
        text, note = kept_text("", [Unseen(unseen, text)])
    return SheetCell(text, note) if text.strip() or note else None


class Range(NamedTuple):
    """A range of cells, its last row and column included, counted from 0."""

    top: int
    left: int
    bottom: int
    right: int


def tell_hidden(name: str, rows: int, columns: int, blocks: Blocks) -> None:
    """Warn of rows and columns of a sheet that are hidden or filtered away, and hold something."""
    if rows or columns:
        hidden = f"{rows} hàng và {columns} cột bị ẩn"
        blocks.warn(f"trang tính '{name}' có {hidden}; vẫn được đọc")


def add_sheet(
    name: str,
    cells: Mapping[tuple[int, int], SheetCell],
    merged: Iterable[Range],
    blocks: Blocks,
) -> None:
    """Add a sheet's tables: rows between fully empty ones, from the first used column to the last.

    Lines of one cell above a table are paragraphs, as titles and the words before a table are; so
    are the cells of a letterhead, which stand side by side.
    """
    blocks.new_outline()
    if not cells:
        return
    sheet = f"trang tính '{name}'"
    _tell(sheet, cells, blocks)
    merges = _within(cells, merged)
    by_row = _columns_by_row(cells, merges)
    for group in _tables(by_row, cells):
        start = _lines_above(group, by_row, cells, merges)
        for row in group[:start]:
            for column in by_row[row]:
                here = f"{sheet}, ô {column_letters(column)}{row + 1}"
                blocks.paragraph(cells[row, column].raw, place=here)
        if body := group[start:]:
            _table(sheet, body, by_row, cells, merges, blocks)


def _columns_by_row(
    cells: Mapping[tuple[int, int], SheetCell], merges: Mapping[tuple[int, int], Range]
) -> dict[int, list[int]]:
    """Return the used columns of each used row; a merged cell with a text uses all its rows."""
    rows = {row for row, _ in cells}
    for corner, one in merges.items():
        if corner in cells:
            rows.update(range(one.top, one.bottom + 1))
    by_row: dict[int, list[int]] = {row: [] for row in rows}
    for row, column in sorted(cells):
        by_row[row].append(column)
    return by_row


def _lines_above(
    group: Sequence[int],
    by_row: Mapping[int, Sequence[int]],
    cells: Mapping[tuple[int, int], SheetCell],
    merges: Mapping[tuple[int, int], Range],
) -> int:
    """Return how many rows from the top are a letterhead or lines of one cell, and no table."""
    start = _head_rows(group, by_row, cells)
    for row in group[start:]:
        corners = [(row, column) for column in by_row[row]]
        if len(corners) != 1 or (corners[0] in merges and merges[corners[0]].bottom > row):
            break
        start += 1
    return start


def _tell(sheet: str, cells: Mapping[tuple[int, int], SheetCell], blocks: Blocks) -> None:
    """Warn of formulas that give nothing, of scaled, hidden and struck-out figures, and where.

    That a cell shows fewer digits than it stores stays with the cell.
    """
    noticed: dict[str, list[str]] = {}
    for (row, column), cell in sorted(cells.items()):
        if cell.note and not cell.note.startswith(ROUNDED):
            noticed.setdefault(cell.note, []).append(f"{column_letters(column)}{row + 1}")
    for note, places in noticed.items():
        more = f" và {len(places) - MOST_TOLD} ô khác" if len(places) > MOST_TOLD else ""
        blocks.warn(f"{sheet}, ô {', '.join(places[:MOST_TOLD])}{more}: {note}")


def _head_rows(
    group: Sequence[int],
    by_row: Mapping[int, Sequence[int]],
    cells: Mapping[tuple[int, int], SheetCell],
) -> int:
    """Return how many rows from the top are a letterhead: agency left, motto right."""
    rows = 0
    for number, row in enumerate(group[:HEAD_ROWS], 1):
        texts = [fold(cells[row, column].raw).strip() for column in by_row[row]]
        if len(texts) > HEAD_CELLS or any(map(_COUNT.fullmatch, texts)) or _SERIALS & {*texts}:
            break
        if any(map(_IN_HEAD.match, texts)):
            rows = number
    return rows


def _within(
    cells: Mapping[tuple[int, int], SheetCell], merged: Iterable[Range]
) -> dict[tuple[int, int], Range]:
    """Return the merged ranges by their corner, cut to the neighbourhood of what is used."""
    last_row = max(row for row, _ in cells) + BEYOND
    last_column = max(column for _, column in cells) + BEYOND
    return {
        (one.top, one.left): Range(
            one.top, one.left, min(one.bottom, last_row), min(one.right, last_column)
        )
        for one in merged
        if one.top <= last_row and one.left <= last_column
    }


def _tables(
    by_row: Mapping[int, Sequence[int]], cells: Mapping[tuple[int, int], SheetCell]
) -> list[list[int]]:
    """Return the rows of each table with the lines above it.

    Empty rows end a table, unless what follows has figures before any heading of its own: then
    they stand between its blocks.
    """
    groups: list[list[int]] = []
    for row in sorted(by_row):
        if groups and groups[-1][-1] == row - 1:
            groups[-1].append(row)
        else:
            groups.append([row])
    tables = groups[:1]
    for group in groups[1:]:
        apart = group[0] - tables[-1][-1] > MOST_EMPTY
        if apart or not _goes_on(tables[-1], group, by_row, cells):
            tables.append(group)
        else:
            tables[-1] += group
    return tables


def _goes_on(
    above: Sequence[int],
    below: Sequence[int],
    by_row: Mapping[int, Sequence[int]],
    cells: Mapping[tuple[int, int], SheetCell],
) -> bool:
    """Return whether rows below empty ones belong to the table above them."""
    columns = {column for row in above if len(by_row[row]) > 1 for column in by_row[row]}
    if not columns or not any(_has_figures(row, by_row, cells) for row in above):
        return False
    # A row of a block's name alone is no heading.
    first = next((row for row in below if 2 * len(by_row[row]) > len(columns)), None)
    inside = {column for row in below for column in by_row[row]} <= columns
    return first is not None and inside and _has_figures(first, by_row, cells)


def _has_figures(
    row: int,
    by_row: Mapping[int, Sequence[int]],
    cells: Mapping[tuple[int, int], SheetCell],
) -> bool:
    """Return whether a row has a figure behind its first cell that is no year."""
    texts = [cells[row, column].raw.strip() for column in by_row[row][1:]]
    return any(_COUNT.fullmatch(text) and not _YEAR.fullmatch(text) for text in texts)


def _table(
    sheet: str,
    rows: Sequence[int],
    by_row: Mapping[int, Sequence[int]],
    cells: Mapping[tuple[int, int], SheetCell],
    merges: Mapping[tuple[int, int], Range],
    blocks: Blocks,
) -> None:
    top, bottom = rows[0], rows[-1]
    held = {at: one for at, one in sorted(merges.items()) if top <= one.top <= bottom}
    corners = [(row, column) for row in rows for column in by_row[row]]
    left = min(column for _, column in corners)
    right = max(held[at].right if at in held else at[1] for at in corners)
    place = f"{sheet}, {column_letters(left)}{top + 1}:{column_letters(right)}{bottom + 1}"
    # Asked before anything of that size is built.
    blocks.require_room(bottom - top + 1, right - left + 1, place)
    spans, under = _spans([*held.values()], left, bottom, right)
    if None in spans.values():
        blocks.note(f"{place}: các ô gộp chồng lên nhau; ô gộp sau bị bỏ qua")
    drafts = []
    for row, column in corners:
        raw, note = cells[row, column]
        if (row, column) in under:
            name = f"{column_letters(column)}{row + 1}"
            blocks.note(f"{sheet}, ô {name}: nằm dưới ô gộp, không in ra: {raw!r}")
            continue
        size = spans.pop((row, column), None) or (1, 1)
        drafts.append(Draft(row - top, column - left, *size, raw, note))
    # What is left is merged and empty.
    drafts += [
        Draft(row - top, column - left, *size, "")
        for (row, column), size in spans.items()
        if size is not None
    ]
    height, width = bottom - top + 1, right - left + 1
    blocks.grid(drafts, height, width, known_spans=True, place=place, origin=(top, left))


def _spans(
    merges: Sequence[Range], first: int, last_row: int, last: int
) -> tuple[dict[tuple[int, int], tuple[int, int] | None], set[tuple[int, int]]]:
    """Return the size of each merged cell by its corner, cut to the table, and what is under them.

    One that lies over another is None.
    """
    spans: dict[tuple[int, int], tuple[int, int] | None] = {}
    under: set[tuple[int, int]] = set()
    for top, left, bottom, right in merges:
        height, width = min(bottom, last_row) - top + 1, min(right, last) - left + 1
        covered = [
            (row, column)
            for row in range(top, top + height)
            for column in range(left, left + width)
        ]
        if left < first or len(covered) < 2:
            continue
        if any(at in under or at in spans for at in covered):
            spans.setdefault((top, left), None)
            continue
        spans[top, left] = (height, width)
        under.update(covered[1:])
    return spans, under
