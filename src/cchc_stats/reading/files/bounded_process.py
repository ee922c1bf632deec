"""Readers that may not end, or take all memory, run in a process with bounds of its own.

This module is both its caller and, run alone by its path, the program: it gets a file on standard
input and writes {"read": …} or {"error": …} as JSON to standard output. Damaged old workbooks bring
their reader to no end; what is lost with the process is one file.
"""

from __future__ import annotations

import io
import json
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cchc_stats.reading.files.document import Budget

MEMORY = 400_000_000  # bytes
SECONDS_PER_PAGE = 5
# The bounds are of the program's own work: a busy machine refuses no document that an idle one
# reads. By the clock it has so many times as long: the last resort, and the only one on Windows.
PATIENCE = 10
# The same as in documents of other kinds, of which the program has nothing.
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
STRUCK_OUT = "\x1f"  # stands before a character that is struck out
INVISIBLE = "\x1e"  # stands before one that no ink shows
_NO_INK = (-1.0,)  # a colour that no document has
_WHITES = ((1,), (1, 1, 1), (0, 0, 0, 0), 1)


def read_by_program(kind: str, data: bytes, budget: Budget, *, what: str, most: int) -> Any:
    """Return what the program tells of a file.

    Parameters
    ----------
    kind : xls or pdf.
    budget : of the file; how long the program may work, and has worked, counts there.
    what : how a refusal calls the file: "the old workbook".
    most : cells or pages, as often as the budget says, as are the bounds of a page and of memory.

    Raises
    ------
    ReadError
        It takes more time or memory, or cannot be read.
    """
    from cchc_stats.words import ReadError  # the program has nothing of the package

    # -P: the modules beside the program are none of its own.
    file, seconds, times = budget.file, budget.seconds, budget.times
    command = [sys.executable, "-P", __file__, kind, str(seconds), str(most), str(times)]
    patience = PATIENCE * max(seconds, seconds / times)
    mend = "open it in its program and save it as .xlsx or .docx"
    more = f"split it, or {mend}; or let it take more: read_report(…, budget=…)"
    try:
        done = subprocess.run(
            command, input=data, capture_output=True, timeout=patience, check=False
        )
        answer = json.loads(done.stdout)
    except subprocess.TimeoutExpired as error:
        raise ReadError(
            f"reading {what} had not ended after {patience:g} seconds", where=file, mend=more
        ) from error
    except ValueError as error:
        if -done.returncode == getattr(signal, "SIGPROF", None):
            page = f", or a page of it than {SECONDS_PER_PAGE * times:g}" if kind == "pdf" else ""
            long = f"reading {what} takes longer than {seconds:g} seconds{page}"
            raise ReadError(long, where=file, mend=more) from error
        raise ReadError(
            f"{what} is damaged, or takes more memory than any report",
            where=file,
            mend=f"{mend}; delete stray cells far outside the tables",
        ) from error
    if "error" in answer:
        raise ReadError(f"{what} cannot be read: {answer['error']}", where=file, mend=mend)
    budget.spend(answer["seconds"])
    return answer["read"]


def main() -> None:
    """Write what the file holds, {"read": …}, or {"error": …}."""
    read = {"xls": _sheets, "pdf": _pages}[sys.argv[1]]
    seconds, most, times = (float(one) for one in sys.argv[2:])
    try:
        import resource

        memory = int(MEMORY * max(1.0, times))
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    except (ImportError, ValueError, OSError):
        pass  # not on this system: the time limit remains
    try:
        data = sys.stdin.buffer.read()
        answer: dict[str, Any] = {
            "read": read(data, seconds, max(1, round(most * times)), times),
            "seconds": time.process_time(),
        }
    # Whatever parsing a damaged file runs into; a panic of a compiled reader is no Exception.
    except BaseException as error:
        answer = {"error": str(error) or type(error).__name__}
    json.dump(answer, sys.stdout)


def _end_after(seconds: float) -> None:
    """Have the process ended by a signal, which nothing here can catch, after so much work."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, max(seconds, 0.001))  # 0 would be no end


def _sheets(data: bytes, seconds: float, most: int, _times: float) -> list[dict[str, Any]]:
    import xlrd

    _end_after(seconds)
    # What it warns of would stand among the answer.
    book = xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=sys.stderr)
    sheets = []
    for sheet in book.sheets():
        rows, columns = sheet.rowinfo_map, sheet.colinfo_map
        cells = [
            (row, column, *_cell(book, sheet, row, column))
            for row in range(sheet.nrows)
            for column in range(sheet.row_len(row))
            if sheet.cell_type(row, column) not in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK)
        ]
        used = {row for row, *_ in cells}, {column for _, column, *_ in cells}
        sheets.append(
            {
                "name": sheet.name,
                "visible": sheet.visibility == 0,
                "cells": cells,
                "merged": [
                    (top, left, bottom - 1, right - 1)
                    for top, bottom, left, right in sheet.merged_cells
                ],
                "hidden": [
                    sum(bool(infos[at].hidden) for at in there if at in infos)
                    for infos, there in zip((rows, columns), used, strict=True)
                ],
                "date1904": book.datemode == 1,
            }
        )
        most -= len(cells)
        if most < 0:
            raise ValueError("it has more cells than any report")
    return sheets


def _cell(book: Any, sheet: Any, row: int, column: int) -> tuple[str, str, str, int, list[Any]]:
    """Return a cell's kind, text, number format, whether it is seen, and its runs of text."""
    import xlrd

    look = book.xf_list[sheet.cell_xf_index(row, column)]
    unseen = _unseen(book, look, look.font_index)
    format_ = book.format_map[look.format_key].format_str
    value, kind = sheet.cell_value(row, column), sheet.cell_type(row, column)
    if kind in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
        return "number", repr(value), format_, unseen, []
    if kind == xlrd.XL_CELL_BOOLEAN:
        return "text", "TRUE" if value else "FALSE", "", unseen, []
    if kind == xlrd.XL_CELL_ERROR:
        return "error", xlrd.error_text_from_code.get(value, "#"), "", SEEN, []
    runs = [(0, look.font_index), *sheet.rich_text_runlist_map.get((row, column), ())]
    ends = [start for start, _ in runs[1:]] + [len(value)]
    parts = [
        (value[start:end], _unseen(book, look, at), book.font_list[at].escapement)
        for (start, at), end in zip(runs, ends, strict=True)
    ]
    return "text", value, "", SEEN, parts


SEEN, STRUCK, WHITE = range(3)  # how a cell's font shows it: white where nothing is painted behind


def _unseen(book: Any, look: Any, font: int) -> int:
    if book.font_list[font].struck_out:
        return STRUCK
    white = [
        book.colour_map.get(index) == (255, 255, 255)
        for index in (book.font_list[font].colour_index, look.background.pattern_colour_index)
    ]
    return WHITE if white[0] and (white[1] or not look.background.fill_pattern) else SEEN


def _pages(data: bytes, seconds: float, most: int, times: float) -> list[list[Any]]:
    import pdfplumber

    end = time.process_time() + seconds

    def next_page() -> None:
        _end_after(min(SECONDS_PER_PAGE * times, end - time.process_time()))

    next_page()
    _mark_invisible()
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        if len(pdf.pages) > most:
            raise ValueError(f"it has {len(pdf.pages):,} pages, more than {most}; split it")
        pages = []
        for page in pdf.pages:
            next_page()
            pages.append(_parts(page))
            page.close()
        return pages


def _parts(page: Any) -> list[Any]:
    """Return a page's tables and the lines outside them, from top to bottom.

    Each text comes after what is struck out of it.
    """
    for char in _hidden(page):
        char["text"] = INVISIBLE + char["text"]
    for char in _struck(page):
        char["text"] = STRUCK_OUT + char["text"]
    _shift(page.chars)
    tables = page.find_tables()
    outside = page
    for table in tables:
        outside = outside.outside_bbox(table.bbox, strict=False)
    parts = [(table.bbox[1], _rows(page, table)) for table in tables]
    parts += [(line["top"], line["text"]) for line in outside.extract_text_lines()]
    return [part for _, part in sorted(parts, key=lambda one: one[0])]


def _rows(page: Any, table: Any) -> list[list[str]]:
    """Return a table's texts; a cell whose letters are turned is read along its letters."""
    rows = [[text or "" for text in row] for row in table.extract()]
    if all(char["upright"] for char in page.chars):
        return rows
    for row, places in zip(rows, table.rows, strict=True):
        for column, box in enumerate(places.cells):
            chars = page.crop(box, strict=False).chars if box else []
            turned = [char for char in chars if not char["upright"]]
            if len(turned) * 2 > len(chars):
                row[column] = _along(turned)
    return rows


def _along(chars: list[Any]) -> str:
    """Return letters that are turned by 90° in their order, line by line."""
    up = chars[0]["matrix"][1] > 0  # they go upwards: their lines from left to right
    lines: list[list[Any]] = []
    for char in sorted(chars, key=lambda one: one["x0"] if up else -one["x1"]):
        middle = (char["x0"] + char["x1"]) / 2
        if lines and lines[-1][0]["x0"] <= middle <= lines[-1][0]["x1"]:
            lines[-1].append(char)
        else:
            lines.append([char])
    words = []
    for line in lines:
        line.sort(key=lambda one: -one["bottom"] if up else one["top"])
        text = ""
        for before, char in zip([None, *line], line, strict=False):
            gap = (
                0
                if before is None
                else (before["top"] - char["bottom"] if up else char["top"] - before["bottom"])
            )
            text += (" " if gap > 0.15 * char["size"] else "") + char["text"]
        words.append(text)
    return "\n".join(words)


def _mark_invisible() -> None:
    """Have the library tell which characters are drawn without ink, as it does not."""
    from pdfminer.pdfdevice import PDFTextDevice

    drawn = PDFTextDevice.render_string

    def render_string(self: Any, state: Any, seq: Any, space: Any, graphic: Any) -> None:
        if state.render in (3, 7):
            graphic = graphic.copy()
            graphic.ncolor = _NO_INK
        drawn(self, state, seq, space, graphic)

    PDFTextDevice.render_string = render_string  # type: ignore[method-assign, assignment]


def _hidden(page: Any) -> list[Any]:
    """Return the characters without ink, or white on white; not the text behind a scan."""
    inked = [char for char in page.chars if char["text"].strip()]
    unseen = [char for char in inked if char["non_stroking_color"] == _NO_INK]
    if len(unseen) == len(inked):
        unseen = []
    white = [char for char in inked if char["non_stroking_color"] in _WHITES]
    dark = [one for one in (*page.rects, *page.curves, *page.images) if _is_dark(one)]
    for char in white:
        across, down = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
        if not any(
            one["x0"] <= across <= one["x1"] and one["top"] <= down <= one["bottom"] for one in dark
        ):
            unseen.append(char)
    return unseen


def _is_dark(shape: Any) -> bool:
    """Return whether white letters are seen on a shape."""
    return shape.get("fill", True) and shape.get("non_stroking_color") not in _WHITES


def _struck(page: Any) -> list[Any]:
    """Return the characters that a thin line crosses in the middle of their height."""
    rules = [(one["x0"], one["x1"], (one["top"] + one["bottom"]) / 2) for one in _thin(page)]
    struck = []
    for char in page.chars if rules else ():
        low, high = char["x0"], char["x1"]
        upper = char["top"] + 0.35 * (char["bottom"] - char["top"])
        lower = char["top"] + 0.75 * (char["bottom"] - char["top"])
        within = 0.6 * (high - low)
        if char["text"].strip() and any(
            upper <= at <= lower and min(high, right) - max(low, left) >= within
            for left, right, at in rules
        ):
            struck.append(char)
    return struck


def _thin(page: Any) -> list[Any]:
    """Return the horizontal lines of a page that are no edge of a table."""
    flat = [one for one in (*page.lines, *page.rects) if one["bottom"] - one["top"] < 2]
    tops = [one["top"] for one in flat]
    # The edges of cells stand in many rows of the page at the same ends; a strike ends at words.
    upright = [one for one in page.edges if one["orientation"] == "v"]
    return [
        one
        for one, top in zip(flat, tops, strict=True)
        if not any(
            edge["top"] - 1 <= top <= edge["bottom"] + 1
            and min(abs(edge["x0"] - one["x0"]), abs(edge["x0"] - one["x1"])) < 1.5
            for edge in upright
        )
    ]


def _shift(chars: list[Any]) -> None:
    """Turn figures that are small and raised, or lowered, beside a larger one into such signs."""
    before: Any = None  # the last character of full size
    for char in chars:
        if before is not None and char["text"].isdecimal() and _is_small(char, before):
            raised = char["bottom"] < before["bottom"] - 0.12 * before["size"]
            lowered = char["bottom"] > before["bottom"] + 0.08 * before["size"]
            if raised or lowered:
                table = RAISED if raised else LOWERED
                char["text"] = char["text"].translate(table)
                continue
        if char["text"].strip():
            before = char


def _is_small(char: Any, before: Any) -> bool:
    """Return whether a character stands beside another on its line, and is clearly smaller."""
    beside = -before["size"] < char["x0"] - before["x1"] < 1.2 * before["size"]
    on_line = char["top"] < before["bottom"] and char["bottom"] > before["top"]
    return bool(beside and on_line and char["size"] < 0.85 * before["size"])


if __name__ == "__main__":
    main()
