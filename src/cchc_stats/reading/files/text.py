"""Text files: running text with tables between, their cells set apart by tabs or bars."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from cchc_stats.reading.files.document import (
    ENOUGH,
    Blocks,
    Budget,
    Draft,
    goes_on,
    legacy_error,
    legacy_words,
    tidy,
)
from cchc_stats.words import ReadError

_RULE = re.compile(r"\s*:?(?:-{3,}|={3,}|—{2,})\s*:?\s*")
_FIGURE = re.compile(r"-|[\d.,]*\d%?(?:/[\d.,]*\d)?")
_BARE = re.compile(r"\s*(?:-|\(?[\d][\d.,]*%?\)?)\s*")
_GARBAGE = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffd]")
LARGEST = 30_000_000  # bytes
_NEWLINE = re.compile(r"\r\n|\r|\n")


def decode(data: bytes, file: str) -> str:
    """Return the text of a file in UTF-8 or UTF-16.

    Raises
    ------
    ReadError
        TCVN3 or VNI, another encoding, bytes that are no text, or a text beyond any report.
    """
    if len(data) > LARGEST:
        raise ReadError("the text is larger than any report", where=file, mend="split it")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif (zeros := data[:4096].count(0)) * 10 > len(data[:4096]):
        # Without a mark, UTF-16 shows by the zeros of its many Latin letters.
        encoding = "utf-16-le" if data[1:4096:2].count(0) > zeros / 2 else "utf-16-be"
    else:
        encoding = "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _undecodable(data, file, error) from error
    if garbage := _GARBAGE.findall(text[:1_000_000]):
        line = text.count("\n", 0, text.index(garbage[0])) + 1
        raise ReadError(
            f"this is no text: it holds {len(garbage)} control characters",
            where=f"{file}, line {line}",
            mend="give the document itself, or save it as text in UTF-8",
        )
    return text


def _undecodable(data: bytes, file: str, error: UnicodeDecodeError) -> ReadError:
    line = data.count(b"\n", 0, error.start) + 1
    where = f"{file}, line {line}"
    for name, hits in legacy_words(data[:200_000].decode("latin-1")).most_common(1):
        if hits >= ENOUGH and _GARBAGE.search(data[:4096].decode("latin-1")) is None:
            return legacy_error(name, where)
    return ReadError(
        f"the text is in no encoding that is read: byte {error.start} is not {error.encoding}",
        where=where,
        mend="save it as text in UTF-8",
    )


def read_text(data: bytes, blocks: Blocks) -> None:
    """Add a text file's paragraphs and tables.

    Neighbouring lines with tabs are a table; so are lines with bars around a line of dashes. Lines
    with one text only, as after an indent, are paragraphs. A table that an empty line cuts in two,
    as page breaks do, is one where its second part has as many columns and starts with figures.
    """
    lines = _NEWLINE.split(decode(data, blocks.file))
    _require_little(lines, blocks.budget)
    lost = _cells_by_line(lines)
    if lost:
        blocks.warn(
            f"dòng {min(lost) + 1}-{max(lost) + 1}: bảng được lưu thành văn bản, mỗi ô một dòng "
            f"({len(lost)} dòng chỉ có một số): không rõ số nào của cột nào, không đọc; hãy lấy "
            "tệp .docx hoặc .xlsx gốc"
        )
    start = unruled = 0  # up to `unruled`, bars are no table
    while start < len(lines):
        if start in lost:
            start = _add_lost(lines, start, lost, blocks)
            continue
        stop = _run(lines, start) if start >= unruled else start
        if stop == start and start >= unruled:
            unruled = _barred(lines, start)
        if stop > start:
            start = _add_table(lines, start, stop, blocks)
        else:
            stop = start + 1
            while stop < len(lines) and _is_wrapped(lines, stop) and stop not in lost:
                stop += 1
            blocks.paragraph("\n".join(lines[start:stop]))
            start = stop


def _require_little(lines: Sequence[str], budget: Budget) -> None:
    """Refuse a text beyond any report by what can be counted before it is taken apart."""
    for at, line in enumerate(lines, 1):
        if len(line) > budget.longest and "\t" not in line:
            budget.require("longest", len(line), f"dòng {at}")
    budget.require("lines", sum(bool(line and not line.isspace()) for line in lines))
    budget.require("cells", sum(line.count("\t") for line in lines))
    budget.require("in_tables", sum(map(len, lines)))


def _is_wrapped(lines: Sequence[str], at: int) -> bool:
    """Return whether a line is no row of a table, and goes on with the one before."""
    return not {"\t", "|"} & {*lines[at]} and goes_on(lines[at - 1], lines[at])


def _add_table(lines: Sequence[str], start: int, stop: int, blocks: Blocks) -> int:
    """Add lines that may be a table, and what goes on with it below; return where it ends."""
    _require_room(lines[start:stop], blocks)
    rows = [_cells(line) for line in lines[start:stop]]
    if not _is_table(rows):
        for line in lines[start:stop]:
            blocks.paragraph(line.strip())
        return stop
    while (again := _continued(lines, stop, rows)) > stop:
        blocks.note(f"{blocks.next_grid}: dòng {stop + 1} trống giữa hai hàng, đọc là một bảng")
        while not lines[stop].strip():
            stop += 1
        rows += [_cells(line) for line in lines[stop:again]]
        stop = again
    _add(rows, blocks)
    return stop


def _cells_by_line(lines: Sequence[str]) -> frozenset[int]:
    """Return which lines are cells of tables that were saved one cell a line; most texts have none.

    Bare numbers in a row, or in pairs again and again; a page's number stands alone.
    """
    bare = [at for at, line in enumerate(lines) if _BARE.fullmatch(line)]
    if len(bare) < 6:
        return frozenset()
    beside = {at for at, after in pairwise(bare) if not any(map(str.strip, lines[at + 1 : after]))}
    in_a_row = any(at in beside and after in beside for at, after in pairwise(bare))
    return frozenset(bare if in_a_row or len(beside) > 2 else ())


def _add_lost(lines: Sequence[str], start: int, lost: frozenset[int], blocks: Blocks) -> int:
    """Add cells that lost their table as a column of their own; return where it ends."""
    stop = start
    while stop < len(lines) and (stop in lost or not lines[stop].strip()):
        stop += 1
    texts = [line.strip() for line in lines[start:stop] if line.strip()]
    drafts = [Draft(row, 0, 1, 1, text) for row, text in enumerate(texts)]
    place = f"dòng {start + 1}" if stop == start + 1 else f"dòng {start + 1}-{stop}"
    blocks.grid(drafts, len(texts), 1, known_spans=False, place=place)
    return stop


def _run(lines: Sequence[str], start: int) -> int:
    """Return where the run of table lines that begins here ends; `start` where none does."""
    stop = start
    while stop < len(lines) and "\t" in lines[stop]:
        stop += 1
    if stop > start:
        return stop
    stop = _barred(lines, start)
    ruled = any(_is_rule(_cells(line)) for line in lines[start:stop])
    return stop if ruled else start


def _require_room(lines: Sequence[str], blocks: Blocks) -> None:
    """Refuse what is no report before it is taken apart, which would take long."""
    wide = max(max(line.count("\t"), line.count("|")) for line in lines)
    blocks.require_room(len(lines), wide + 1, blocks.next_grid)


def _barred(lines: Sequence[str], start: int) -> int:
    """Return where the lines with bars that begin here end."""
    stop = start
    while stop < len(lines) and "|" in lines[stop] and "\t" not in lines[stop]:
        stop += 1
    return stop


def _cells(line: str) -> list[str]:
    if "\t" in line:
        return line.split("\t")
    return [cell.strip() for cell in line.strip().removeprefix("|").removesuffix("|").split("|")]


def _is_rule(row: Sequence[str]) -> bool:
    return len(row) > 1 and all(_RULE.fullmatch(cell) for cell in row)


def _is_table(rows: Sequence[Sequence[str]]) -> bool:
    if any(_is_rule(row) for row in rows):
        return True
    filled = [sum(1 for cell in row if cell.strip()) for row in rows]
    return max(filled) >= (2 if len(rows) > 1 else 3)


def _continued(lines: Sequence[str], stop: int, rows: Sequence[Sequence[str]]) -> int:
    """Return where the table ends that goes on behind empty lines; `stop` where it does not."""
    begin = stop
    while begin < len(lines) and not lines[begin].strip():
        begin += 1
    if not 0 < begin - stop <= 2 or begin == len(lines) or "\t" not in lines[begin]:
        return stop
    first = _cells(lines[begin])
    figures = any(_FIGURE.fullmatch(cell.strip()) for cell in first[1:])
    if (
        len(first) != max(map(len, rows))
        or not figures
        or [*map(tidy, first)] == [*map(tidy, rows[0])]
    ):
        return stop
    end = _run(lines, begin)
    return stop if any(_is_rule(_cells(line)) for line in lines[begin:end]) else end


def _add(rows: Sequence[Sequence[str]], blocks: Blocks) -> None:
    kept = [row for row in rows if not _is_rule(row)]
    if len(kept) < len(rows):
        blocks.note(f"{blocks.next_grid}: dòng kẻ ---- không phải là hàng")
    wide = max((len(row) for row in kept), default=0)
    drafts = [
        Draft(number, column, 1, 1, raw)
        for number, row in enumerate(kept)
        for column, raw in enumerate(row)
    ]
    blocks.grid(drafts, len(kept), wide, known_spans=False)
