"""Exports as workbooks: the cells that calamine hands over, as texts for the engine."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pandas as pd

from cchc_stats.ledger.exports.aliases import (
    NEEDED,
    TIMES,
    Aliases,
    ExportLayout,
    also_name,
    has_data,
    is_numbering,
    match_headings,
    name_key,
    two_rows,
)
from cchc_stats.ledger.exports.pages import ExportSheet, Merged, markup_sheets
from cchc_stats.words import ReadError, name_parts, names_agency, require_unpacked, sheet_blocks

_TOLD = "(agency)"  # heading of the agency that rows of a name alone tell
TITLE_ROWS = 30  # rows of title above the heading, at most
OLE = b"\xd0\xcf\x11\xe0"  # how a workbook of before 2007 begins
NOT_CALCULATED = "công thức chưa tính"  # what stands in a cell of a time without its value
# A formula whose value was not saved, or ended in an error: calamine hands over an empty cell.
_UNSAVED = re.compile(
    rb'<c r="([A-Z]{1,3})(\d{1,7})"[^>]*?(?:'
    rb't="e"[^>]*>|>\s*<f(?:\s[^>]*)?(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>)'
)


DAYS_TO_1904 = 1462  # from the first day of Excel's usual count to that of its other one
_SERIAL = re.compile(r"[1-9]\d{4}([.,]\d+)?$")
_DIGIT = re.compile(r"\d")
_NUMBERED = re.compile(r"^(?:\d{1,3}|[IVXLC]+|[A-Z])[.)/ ]+")  # "II. Sở Y tế"
_ORDINAL = re.compile(r"(?:\d{1,3}|[IVXLC]+|[A-Za-z])[.)/]?$")
_COUNT = r"\d[\d.]* *(?:bộ )?(?:hồ sơ|hs)"
_COUNTED = re.compile(  # "Sở Y tế (3 hồ sơ)", "Sở Y tế: 3"
    rf"(?: *[:(–-]+)? *(?:tổng(?: số| cộng)?|có|gồm)?:? *{_COUNT} *\)?$|"
    r" *(?:: *\d[\d.]*|\( *\d[\d.]* *\))$",
    re.IGNORECASE,
)
_COUNT_ALONE = re.compile(rf"\(?(?:\d[\d.]*|{_COUNT})\)?$", re.IGNORECASE)
_SECTOR = re.compile(r"lĩnh vực\b", re.IGNORECASE)
# What a sheet of one agency may be divided by: its own divisions are none of them.
_DIVIDES = {"so", "uy ban nhan dan", "xa", "phuong", "thi tran", "dac khu", "huyen", "quan"}
WORDY_STEP = 5000  # rows whose different cells are looked at together
TOLD_ROWS = 5  # of headings that come again
_FIRST = re.compile(r"\s*(\d{1,2})[/.-]\d{1,2}[/.-]\d{4}")  # of a day in a text
_DAY = re.compile(r"\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}|^\d{5}(\.\d+)?$")
# What zipfile and zlib raise on damaged archives; a password is a RuntimeError.
_DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError),
    *(NotImplementedError, KeyError),
)


@dataclass(frozen=True)
class SheetRows:
    """The rows below a sheet's heading, its ledger columns as texts, a row per row of the sheet."""

    name: str
    layout: ExportLayout
    frame: pd.DataFrame  # row, and the fields of the layout; `personal_<place>` where asked for
    title: str = ""  # the lines above the heading
    part: str = ""  # where a further heading stands below the first, ", row 12"


@dataclass(frozen=True)
class Remark:
    """What there is to know of a file or sheet before its figures are believed.

    `check` is a code of `ledger_quality`, `count` how many rows, sheets or files it is of, `where`
    the file or sheet, `detail` a name or text beside it; nothing of it is about a person.
    """

    check: str
    count: int
    where: str
    detail: str = ""


def read_sheets(
    path: Path, aliases: Aliases, *, keep_personal: bool, markup: str = ""
) -> tuple[list[SheetRows], list[Remark]]:
    """Return the sheets of a workbook or page that hold dossiers, and the remarks on them.

    A sheet without a heading whose cells stand as those of the sheet before goes on with it. Every
    other sheet is named as left out. Merged cells hold in each of their rows what the first says.

    Parameters
    ----------
    markup : the kind of a page, see `markup_kind`; "" for a workbook.

    Returns
    -------
    One per sheet, in order. Where no sheet has a heading with a name of a field, the first one with
    its first row, so that the refusal can name what is there.

    Raises
    ------
    ReadError
        The workbook is damaged, locked, or larger than a workbook can be.
    """
    sheets: list[SheetRows] = []
    remarks: list[Remark] = []
    refused: tuple[int, SheetRows] | None = None
    before: ExportLayout | None = None
    agency = ""  # that goes on in a sheet that goes on with the one before
    for sheet in markup_sheets(path, markup) if markup else _workbook_sheets(path):
        where = f"{path}, sheet {sheet.name!r}"
        remarks += [Remark("sheet_hidden", 1, where)] * sheet.hidden
        at, layout = _heading(sheet.rows, aliases)
        goes_on = not _has_dossiers(layout, aliases) and _continues(sheet.rows, before)
        if before is not None and goes_on:
            at, layout = -1, _within(before, max(map(len, sheet.rows)))
            remarks.append(Remark("sheet_continued", len(sheet.rows), where))
        if not _has_dossiers(layout, aliases):
            if refused is None or len(layout.fields) > refused[0]:
                refused = len(layout.fields), SheetRows(sheet.name, layout, pd.DataFrame())
            remarks.append(Remark("sheet_left_out", 1, where, _why_left_out(sheet, layout)))
            continue
        before = layout
        read = [*_read(sheet, at, layout, aliases, remarks, where, keep_personal=keep_personal)]
        if agency and goes_on:
            read[0], number = _with_agency_before(read[0], agency)
            remarks += [Remark("merged_filled", number, where)] * bool(number)
        agency = _going_on(sheet, read[-1])
        sheets += read
    if not sheets and refused:
        return [refused[1]], remarks
    return sheets, remarks


def _read(
    sheet: ExportSheet,
    at: int,
    layout: ExportLayout,
    aliases: Aliases,
    remarks: list[Remark],
    where: str,
    *,
    keep_personal: bool,
) -> Iterator[SheetRows]:
    """Yield the rows below each heading of a sheet."""
    above = [_text(cell) for row in sheet.rows[: max(at, 0)] for cell in row]
    title = " ".join(filter(None, above))
    for part in _parts(sheet, at, layout, aliases, remarks, where):
        rows, own = _with_agency(part, at, sheet.name, remarks, where)
        frame, filled = _frame(replace(sheet, rows=rows), part.at, own, keep_personal=keep_personal)
        if filled:
            remarks.append(Remark("merged_filled", filled, where))
        for name in [one for one in TIMES if one in own.fields]:
            place = own.fields[name]
            column = [row[place] for row in rows[part.at + 1 :] if place < len(row)]
            if number := _may_be_swapped(column):
                remarks.append(Remark("days_swapped", number, where, own.headings[place]))
        yield SheetRows(sheet.name, own, frame, title, part.name)


def _may_be_swapped(cells: Sequence[Any]) -> int:
    """Return how many days of a column a spreadsheet may have read month first, 0 for none.

    It then makes days of what can be read so, none after the 12th, and leaves the others texts.
    """
    days = [cell.day for cell in cells if isinstance(cell, dt.date)]
    texts = [cell for cell in cells if type(cell) is str and cell] if days else []
    late = [text for text in texts if (first := _FIRST.match(text)) and int(first[1]) > 12]
    return len(days) if late and len(late) == len(texts) and max(days) <= 12 else 0


def _going_on(sheet: ExportSheet, last: SheetRows) -> str:
    """Return the agency that a sheet ends with and is not named again: merged, or a row alone."""
    place = last.layout.fields.get("agency")
    if place is None or last.frame.empty:
        return ""
    end = max((at for at, row in enumerate(sheet.rows) if any(row)), default=0)
    of_rows = place < len(last.layout.headings) and last.layout.headings[place] == _TOLD
    merged = any(
        left == right == place and top < bottom and bottom >= end
        for (top, left), (bottom, right) in sheet.merged
    )
    named = [name for name in last.frame["agency"] if name]
    return named[-1] if named and (of_rows or merged) else ""


def _with_agency_before(first: SheetRows, agency: str) -> tuple[SheetRows, int]:
    """Return rows of which those before the first name are the agency's of the sheet before."""
    frame, layout = first.frame.copy(), first.layout
    if "agency" not in layout.fields:
        width = len(layout.headings)
        layout = replace(
            layout,
            headings=(*layout.headings, _TOLD),
            fields={**layout.fields, "agency": width},
        )
        frame["agency"] = pd.Series([""] * len(frame), dtype=object, index=frame.index)
    told = (frame["agency"] != "").cumsum() > 0
    filled = ~told & (frame["received_at"] != "")
    frame["agency"] = frame["agency"].mask(filled, agency)
    return replace(first, frame=frame, layout=layout), int(filled.sum())


@dataclass(frozen=True)
class _Part:
    """The rows of a sheet down to where another heading stands, and where its own one does."""

    rows: list[list[Any]]
    at: int
    layout: ExportLayout
    name: str = ""


def _parts(
    sheet: ExportSheet,
    at: int,
    layout: ExportLayout,
    aliases: Aliases,
    remarks: list[Remark],
    where: str,
) -> Iterator[_Part]:
    """Yield the parts of a sheet in which several exports stand one below the other.

    A heading that comes again is left out; one of other columns begins a part of its own.
    """
    first = _Part(sheet.rows, at, layout)
    again = []
    for row in _wordy(sheet.rows, at, layout, aliases):
        own = match_headings([_text(cell).strip() for cell in sheet.rows[row]], aliases)
        if not _has_dossiers(own, aliases):
            continue
        again.append(row)
        if (own.fields, own.also) != (first.layout.fields, first.layout.also):
            yield replace(first, rows=_without(sheet.rows[:row], again))
            first = _Part(sheet.rows, row, own, f", row {row + 1}")
        below = [_text(cell) for cell in sheet.rows[row + 1]] if row + 1 < len(sheet.rows) else []
        again += [row + 1] if is_numbering(below) else []
    if again:
        places = ", ".join(str(row + 1) for row in again[:TOLD_ROWS])
        remarks.append(Remark("heading_again", len(again), where, f"row {places}"))
    yield replace(first, rows=_without(sheet.rows, again))


def _wordy(
    rows: Sequence[Sequence[Any]], at: int, layout: ExportLayout, aliases: Aliases
) -> Iterator[int]:
    """Yield the rows below a heading in whose cells of days words stand, or a heading of days."""
    names = ("received_at", "due_at")
    places = [layout.fields[name] for name in names if name in layout.fields]
    keys = {name_key(text) for name in names for text in aliases.columns[name]}
    keys |= {name_key(layout.headings[place]) for place in places if place < len(layout.headings)}
    for first in range(at + 1, len(rows), WORDY_STEP):
        some = rows[first : first + WORDY_STEP]
        headings = _headings_among(some, keys)
        for number, row in enumerate(some, first):
            if not headings.isdisjoint(row) or any(_is_words(row, place) for place in places):
                yield number


def _headings_among(rows: Sequence[Sequence[Any]], keys: set[str]) -> set[str]:
    """Return the cells of rows that are spelled as one of some headings is."""
    # Names of people are many, and what they begin with is not.
    starts = {key[:length] for key in keys for length in range(7)}
    longest = 2 * max(map(len, keys), default=0)
    return {
        cell
        for cell in set().union(*rows)
        if type(cell) is str
        and 0 < len(cell) <= longest
        and not _DIGIT.search(cell)
        and name_key(cell.strip()[:6]) in starts
        and name_key(cell) in keys
    }


def _is_words(row: Sequence[Any], place: int) -> bool:
    cell = row[place] if place < len(row) else None
    return type(cell) is str and cell != "" and not _DIGIT.search(cell)


def _without(rows: list[list[Any]], some: Iterable[int]) -> list[list[Any]]:
    """Return rows of which some are empty; the others keep their numbers."""
    gone = {*some}
    return [[] if number in gone else row for number, row in enumerate(rows)] if gone else rows


def _with_agency(
    part: _Part, first: int, sheet: str, remarks: list[Remark], where: str
) -> tuple[list[list[Any]], ExportLayout]:
    """Return rows and a layout with the agency that a sheet's name, or rows of names alone, tell.

    Only where no column does. A title's agency counts where nothing else names one.

    Parameters
    ----------
    first : the sheet's first heading; what stands above it is a title.
    """
    rows, layout = part.rows, part.layout
    if "agency" in layout.fields:
        return rows, layout
    of_sheet = _bare(sheet) if names_agency(_bare(sheet)) else ""
    names = _group_rows(rows, layout, first, of_sheet)
    title = "" if names or of_sheet else _of_title(rows[: max(first, 0)], layout)
    if not (names or title or of_sheet):
        return rows, layout
    number = sum(name != "" for at, name in names.items() if at > part.at) + (title != "")
    if number:
        remarks.append(Remark("agency_from_rows", number, where))
    elif not names:
        remarks.append(Remark("agency_from_sheet", 1, where))
    width = max(map(len, rows))
    headings = (*layout.headings, *[""] * (width - len(layout.headings)), _TOLD)
    own = replace(layout, headings=headings, fields={**layout.fields, "agency": width})
    return _with_column(rows, width, of_sheet or title, names), own


def _with_column(
    rows: Sequence[list[Any]], width: int, agency: str, names: dict[int, str]
) -> list[list[Any]]:
    """Return rows with the agency of each behind them; those of a name alone are empty."""
    filled = []
    for number, row in enumerate(rows):
        agency = names.get(number, agency)
        is_empty = names.get(number) or not any(cell not in ("", None) for cell in row)
        filled.append([] if is_empty else [*row, *[""] * (width - len(row)), agency])
    return filled


def _group_rows(
    rows: Sequence[Sequence[Any]], layout: ExportLayout, first: int, of_sheet: str
) -> dict[int, str]:
    """Return the rows below the first heading that name an agency, and its name.

    Among them are those of another text: whose the dossiers below are nobody says, and so "".
    """
    alone = _rows_of_one_text(rows, layout).items()
    below = {number: text for number, text in alone if number > first}
    names = {number: _group(text, of_sheet) for number, text in below.items()}
    if not any(names.values()):
        return {}
    return {at: name for at, name in names.items() if name or not _SECTOR.match(_bare(below[at]))}


def _bare(text: str) -> str:
    """Return a name without the number before it and the count behind."""
    return _COUNTED.sub("", _NUMBERED.sub("", text.strip())).strip()


def _group(text: str, of_sheet: str) -> str:
    """Return the agency that a row's only text names, "" for none."""
    name = _bare(text)
    if not names_agency(name) or (of_sheet and not {*name_parts(name).kinds[:1]} & _DIVIDES):
        return ""
    return name


def _of_title(rows: Sequence[Sequence[Any]], layout: ExportLayout) -> str:
    """Return the one agency that the lines above a heading name, "" for none or several.

    A province that heads a letter is not the agency of its dossiers.
    """
    named = {_group(text, "") for text in _rows_of_one_text(rows, layout).values()} - {""}
    below = [name for name in named if not {*name_parts(name).kinds[:2]} & {"tinh", "thanh pho"}]
    return below[0] if len(below) == 1 else ""


def _rows_of_one_text(rows: Sequence[Sequence[Any]], layout: ExportLayout) -> dict[int, str]:
    """Return the rows in which one text stands alone, and no day of receipt; and the text.

    A number before it and a count behind are no texts, and the number of a dossier is none.
    """
    received = layout.fields["received_at"]
    texts = {}
    for number, row in enumerate(rows):
        if received < len(row) and _DAY.search(_text(row[received])):
            continue
        cells = [_text(cell).strip() for cell in row if cell not in ("", None)]
        if len(cells) > 1 and _ORDINAL.match(cells[0]):
            del cells[0]
        while len(cells) > 1 and _COUNT_ALONE.match(cells[-1]):
            del cells[-1]
        if len(cells) == 1 and not (_DIGIT.search(cells[0]) and " " not in cells[0]):
            texts[number] = cells[0]
    return texts


def _workbook_sheets(path: Path) -> Iterator[ExportSheet]:
    import python_calamine

    unsaved = _unsaved_cells(path)
    since_1904 = _days_from_1904(path)
    try:
        book = python_calamine.CalamineWorkbook.from_path(path)
        for number, name in enumerate(book.sheet_names):
            sheet = book.get_sheet_by_index(number)
            rows = sheet.to_python(skip_empty_area=False)
            merged = getattr(sheet, "merged_cell_ranges", None) or []
            hidden = not str(book.sheets_metadata[number].visible).endswith(".Visible")
            cells = tuple(unsaved.get(number, ()))
            yield ExportSheet(name, rows, merged, cells, since_1904, hidden)
    except python_calamine.PasswordError as error:
        raise ReadError(
            "the workbook is locked with a password",
            where=str(path),
            mend="open it, remove the password and save it again",
        ) from error
    except (python_calamine.CalamineError, OSError) as error:
        raise ReadError(
            f"the workbook is cut short or damaged: {error}",
            where=str(path),
            mend="open it in its program and save it again, or get it anew",
        ) from error


def _has_dossiers(layout: ExportLayout, aliases: Aliases) -> bool:
    """Return whether a heading is of dossiers: all that a ledger needs, or nearly so."""
    lacking = {*NEEDED} - {*layout.fields} - aliases.left_out
    return not lacking or (len(lacking) == 1 and {"dossier_id", "received_at"}.isdisjoint(lacking))


def _why_left_out(sheet: ExportSheet, layout: ExportLayout) -> str:
    if not any(cell not in ("", None) for row in sheet.rows for cell in row):
        return "empty"
    lacking = [name for name in NEEDED if name not in layout.fields]
    return "no heading" if len(lacking) == len(NEEDED) else f"without {', '.join(lacking)}"


def _heading(rows: Sequence[Sequence[Any]], aliases: Aliases) -> tuple[int, ExportLayout]:
    """Return the last row of the heading and what is in it: the row with the most names of fields.

    Of a heading of two or three rows the lower names go before, or go on with those above them.
    """
    best = (-1, 0, match_headings([], aliases))
    texts = [[_text(cell).strip() for cell in row] for row in rows[: TITLE_ROWS + 1]]
    for number, row in enumerate(texts[:TITLE_ROWS]):
        layout = match_headings(row, aliases)
        matches = len(layout.fields)
        if matches > best[0] and (matches or any(row)):
            best = (matches, number, layout)
    for last, layout in _joined_rows(texts, best[1], aliases):
        if len(layout.fields) > best[0]:
            best = (len(layout.fields), last, layout)
    at = best[1]
    if not best[0] and not has_data(texts[at + 1 :]):
        return at, replace(best[2], may_be_told=False)
    at, layout = _first_of_several(texts[:at], aliases) or (at, best[2])
    while at + 1 < len(texts) and is_numbering(texts[at + 1]):
        at += 1
    return at, layout


def _joined_rows(
    texts: Sequence[Sequence[str]], number: int, aliases: Aliases
) -> Iterator[tuple[int, ExportLayout]]:
    """Yield the headings of two and of three rows that a row is of, each with its last row."""
    for upper, deep in ((number - 1, 2), (number, 2), *((number - one, 3) for one in (2, 1, 0))):
        if 0 <= upper <= len(texts) - deep:
            joined = texts[upper + deep - 1]
            for above in reversed(texts[upper : upper + deep - 1]):
                joined = two_rows(above, joined, aliases)
            yield upper + deep - 1, match_headings(joined, aliases)


def _first_of_several(
    texts: Sequence[Sequence[str]], aliases: Aliases
) -> tuple[int, ExportLayout] | None:
    """Return the first heading above another one under which dossiers stand, None for none."""
    for number, row in enumerate(texts):
        layout = match_headings(row, aliases)
        if not _has_dossiers(layout, aliases):
            continue
        width = max(layout.fields.values()) + 1
        below = ([*one, *[""] * (width - len(one))] for one in texts[number + 1 :])
        if any(_is_like(one, layout) for one in below):
            return number, layout
    return None


def _continues(rows: Sequence[Sequence[Any]], layout: ExportLayout | None) -> bool:
    """Return whether rows without a heading stand under that of the sheet before.

    They do where the columns of days hold days and nothing else, that of receipt one in each row,
    and those of the ids numbers.
    """
    if layout is None:
        return False
    texts = [[_text(cell).strip() for cell in row] for row in rows]
    some = [row for row in texts if any(row)][:TITLE_ROWS]
    places = [layout.fields[name] for name in ("dossier_id", "received_at")]
    if not some or min(map(len, some)) <= max(places):
        return False
    alike = [row for row in some if _is_like(row, layout)]
    return len(alike) * 2 > len(some)


def _is_like(row: Sequence[str], layout: ExportLayout) -> bool:
    """Return whether a row's cells look like those of a layout."""
    times = [layout.fields[name] for name in TIMES if name in layout.fields]
    days = [row[place] for place in times if place < len(row) and row[place]]
    number, received = (row[layout.fields[name]] for name in ("dossier_id", "received_at"))
    return (
        any(map(str.isdigit, number)) and received != "" and all(_DAY.search(day) for day in days)
    )


def _within(layout: ExportLayout, width: int) -> ExportLayout:
    """Return the fields of a layout that a narrower sheet has columns for.

    Of days that no dossier of it has yet, there may be no cell.
    """
    return replace(
        layout,
        fields={
            name: place for name, place in layout.fields.items() if place < width or name in NEEDED
        },
        personal=tuple(place for place in layout.personal if place < width),
        also={
            name: tuple(place for place in places if place < width)
            for name, places in layout.also.items()
        },
    )


def _frame(
    sheet: ExportSheet, at: int, layout: ExportLayout, *, keep_personal: bool
) -> tuple[pd.DataFrame, int]:
    """Return the ledger's columns as texts, and how many cells took what is merged over them."""
    rows = sheet.rows[at + 1 :]
    wanted = dict(layout.fields)
    for name, places in layout.also.items():
        wanted |= {also_name(name, number): place for number, place in enumerate(places)}
    if keep_personal:
        wanted |= {f"personal_{place}": place for place in layout.personal}
    columns = list(zip_longest(*rows, fillvalue="")) if rows else []
    # The rows below may end before the heading does.
    columns += [("",) * len(rows)] * (len(layout.headings) - len(columns))
    texts: dict[str, list[str]] = {}
    filled = 0
    for name, place in wanted.items():
        if name.split("__")[0] in TIMES:
            texts[name] = _times(columns[place], place, at, sheet)
        else:
            texts[name] = _texts(columns[place])
        filled += _fill_down(texts[name], place, at, sheet.merged)
    number = pd.Series(range(at + 2, at + 2 + len(rows)), dtype="int64")
    # As objects: pandas would look at every text once more to call it one.
    frame = pd.DataFrame(
        {"row": number} | {name: pd.Series(cells, dtype=object) for name, cells in texts.items()}
    )
    return frame, filled


def _times(cells: Sequence[Any], place: int, at: int, sheet: ExportSheet) -> list[str]:
    """Return a column of times as texts; a formula without its value says so."""
    texts = _texts(cells)
    if sheet.days_from_1904:
        texts = [
            _text(float(text.replace(",", ".")) + DAYS_TO_1904) if _SERIAL.match(text) else text
            for text in texts
        ]
    for row, column in sheet.unsaved:
        below = row - at - 1
        if column == place and 0 <= below < len(texts) and not texts[below]:
            texts[below] = NOT_CALCULATED
    return texts


def _fill_down(texts: list[str], place: int, at: int, merged: Sequence[Merged]) -> int:
    """Write what merged cells of a column say into each of their rows; return into how many."""
    filled = 0
    for (top, left), (bottom, right) in merged:
        if left == right == place and bottom > top > at:
            for row in range(top - at, min(bottom - at, len(texts))):
                if not texts[row]:
                    texts[row] = texts[top - at - 1]
                    filled += 1
    return filled


def _texts(cells: Sequence[Any]) -> list[Any]:
    # Most columns hold one kind, and texts stand as they are.
    if set(map(type, cells)) == {str}:
        return list(cells)
    return [cell if type(cell) is str else _text(cell) for cell in cells]


def _text(cell: Any) -> str:
    """Return what a cell holds as a text that cleaning reads back exactly."""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, dt.datetime):
        # Excel's fractions of a day are not exact: 08:30 may come as 08:29:59.999997.
        late = dt.timedelta(seconds=1 if cell.microsecond >= 500_000 else 0)
        return f"{cell.replace(microsecond=0) + late:%Y-%m-%d %H:%M:%S}"
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return "" if cell is None else str(cell)


def _unsaved_cells(path: Path) -> dict[int, list[tuple[int, int]]]:
    """Return the cells without a value by sheet (in the order of the workbook): row, column."""
    if not zipfile.is_zipfile(path):
        return {}
    unsaved: dict[int, list[tuple[int, int]]] = {}
    try:
        with zipfile.ZipFile(path) as package:
            require_unpacked(package, path)
            for number, part in _sheet_parts(package).items():
                marked = False
                for block in sheet_blocks(package, part, path):
                    marked = marked or b"<f" in block or b't="e"' in block
                if marked:
                    unsaved[number] = [
                        (int(cell[2]) - 1, _column(cell[1].decode()))
                        for cell in _UNSAVED.finditer(package.read(part))
                    ]
    except ReadError:
        raise
    except _DAMAGE:
        # What is damaged or locked, calamine tells better.
        return {}
    return unsaved


def _sheet_parts(package: zipfile.ZipFile) -> dict[int, str]:
    """Return the part of each sheet, by its place in the workbook."""
    book = package.read("xl/workbook.xml").decode("utf-8", "replace")
    related = package.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
    parts = {}
    for one in re.findall(r"<(?:\w+:)?Relationship\s[^>]*>", related):
        attributes = dict(re.findall(r'(\w+)="([^"]*)"', one))
        target = attributes.get("Target", "")
        parts[attributes.get("Id", "")] = (
            target.lstrip("/") if target[:1] == "/" else f"xl/{target}"
        )
    order = re.findall(r'<(?:\w+:)?sheet\s[^>]*?\br:id="([^"]*)"', book)
    return {n: parts[one] for n, one in enumerate(order) if "worksheets/" in parts.get(one, "")}


def _days_from_1904(path: Path) -> bool:
    """Return whether a workbook counts its days from 1904."""
    with path.open("rb") as file:
        if file.read(4) == OLE:
            return _is_old_from_1904(path)
    try:
        with zipfile.ZipFile(path) as package:
            book = package.read("xl/workbook.xml")
    except _DAMAGE:
        return False
    return re.search(rb'date1904="(1|true)"', book) is not None


def _is_old_from_1904(path: Path) -> bool:
    import xlrd

    try:
        with xlrd.open_workbook(str(path), on_demand=True, logfile=io.StringIO()) as book:
            return bool(book.datemode)
    except Exception:  # whatever it stumbles over, calamine tells better
        return False


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
