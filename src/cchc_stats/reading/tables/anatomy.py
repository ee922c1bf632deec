"""The anatomy of a table: its titles, headings, numbering and body, and the words of each.

`take_apart` tells the rows and columns of one grid, `tables_of` joins what a page break parted,
`rows_of` tells the labels of the body: what stands under what, totals, details, groups.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import pairwise, takewhile
from typing import Any

from cchc_stats.forms import names_total
from cchc_stats.reading.files import Cell, Document, Grid, Paragraph, look
from cchc_stats.reading.tables.layouts import HeadingPath, kept, stated, words
from cchc_stats.reading.tables.scope import Slot, Unread, is_body, is_level
from cchc_stats.words import fold, parse_number

DEEPEST = 6  # levels of headings
_FIGURE = re.compile(
    r"-+|\.{2,}|…+"
    r"|(?:gan |hon |tren |khoang )?[+-]?\d[\d.,]*(?: ?/ ?\d[\d.,]*)*"
    r" ?(?:%|ngay|ngay lam viec|ho so|tthc|don vi|van ban|nguoi|luot|diem)?"
)
_SUMS = r" ?= ?[\d()\[\]+\-/x*:%,a-d ]+"
_FORMULA = re.compile(
    rf"[(\[](?:\d{{1,2}}[a-d]?|[a-d])[)\]](?:{_SUMS})?|\d{{1,2}}[a-d]?{_SUMS}|[(\[]\d{{1,2}}{_SUMS}[)\]]?"
)
_NUMBER = re.compile(rf"(?:cot )?[(\[]?(\d{{1,2}})[)\]]?(?:{_SUMS})?")
_YEAR = re.compile(r"(?:19|20)\d\d")
_SERIAL = re.compile(r"[-+*•]+|\(?(?:\d{1,3}(?:\.\d{1,3})*|[ivx]{1,5}|[a-zđ])\)?[.)]?")
_OWN_SERIAL = re.compile(r"(\d+(?:\.\d+)+|\(?(?:\d+|[IVX]+|[a-zđA-ZĐ])[.)]|[-+*•])\s+(?=\S)")
_MARK = re.compile(r"(?<=\w{3}) ?[⁰¹²³⁴-⁹⁽⁾*]+$")
_ROMAN = re.compile(r"[ivx]+")
_TIMES = ("thang", "quy", "nam")
_SERIAL_OF_GROUP = r"\(?(?:[a-h]|[ivx]{1,4})\)?"
# "Cộng I", "Tổng mục A": the total of one group; of several it is that of all.
_TOTAL_OF_GROUP = re.compile(
    rf"(?:tong cong|tong so|tong|cong)[ :]+(?:muc |phan |nhom |khoi )?{_SERIAL_OF_GROUP}"
)
_TOTAL = re.compile(
    r"(?:tong cong|tong so|tong|cong|(?:toan|ca) (?:tinh|thanh pho|huyen|xa|nganh))"
    r"(?: chung)? ?:?(?: ?\(.*\))?"
    rf"|{_TOTAL_OF_GROUP.pattern}(?: ?[+,;&-] ?{_SERIAL_OF_GROUP})*"
)
# What a page break leaves between two parts: the number of the page, "(tiếp theo)".
_SUM_OF_LEVEL = re.compile(r"(?:tong cong|tong so|tong|cong) ")
_BETWEEN = re.compile(r"(?:trang )?[-–(]* ?\d{1,3}(?: ?/ ?\d{1,3})? ?[-–)]*|.*\btiep(?: theo)?\)?")


@lru_cache(maxsize=50_000)
def is_figure(text: str) -> bool:
    """Return whether a cell holds a figure, a dash or a day rather than words."""
    return _FIGURE.fullmatch(fold(text)) is not None


@dataclass(frozen=True, eq=False)
class Anatomy:
    """A grid taken apart.

    Attributes
    ----------
    grid : the table.
    titles, headings, formulas : its rows of each kind; headings also where they are repeated.
    body : the other rows.
    paths : for each column the headings above it, top first; () where the table has none.
    serials, notes, texts : columns of serial numbers, of notes, and of words.
    measures : columns that say in which unit a row counts: "Đơn vị tính".
    deep : how many rows of headings the table begins with.
    """

    grid: Grid
    titles: tuple[int, ...]
    headings: tuple[int, ...]
    formulas: tuple[int, ...]
    body: tuple[int, ...]
    paths: tuple[HeadingPath, ...]
    serials: frozenset[int]
    notes: frozenset[int]
    texts: tuple[int, ...]
    measures: frozenset[int]
    deep: int

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Return for each column the headings above it in one line."""
        return tuple(" > ".join(path) for path in self.paths)

    @cached_property
    def figures(self) -> tuple[int, ...]:
        """Return the columns that are neither serials nor notes nor words."""
        apart = self.serials | self.notes | self.measures | set(self.texts)
        return tuple(column for column in range(self.grid.columns) if column not in apart)

    @cached_property
    def labels(self) -> tuple[int, ...]:
        """Return the columns of words before the first one of figures."""
        first = min(self.figures, default=self.grid.columns)
        return tuple(column for column in self.texts if column < first)

    @cached_property
    def title_texts(self) -> list[str]:
        """Return the texts of the rows above the headings."""
        grid = self.grid
        cells = (grid.covering(row, at) for row in self.titles for at in range(grid.columns))
        return [*dict.fromkeys(cell.text for cell in cells if cell and cell.text)]


@kept(1_000)
def _texts_of(kind: str) -> tuple[str, ...]:
    return tuple(fold(text) for text in stated()["anatomy"][kind])


@kept(10_000)
def _begins(text: str, kind: str) -> bool:
    folded = re.sub(r"[^\w]+", " ", fold(text)) + " "
    return any(folded.startswith(re.sub(r"[^\w]+", " ", one) + " ") for one in _texts_of(kind))


@kept(10_000)
def _names_serials(text: str) -> bool:
    return fold(text).strip(" .") in _texts_of("serial")


def is_unit_heading(text: str) -> bool:
    """Return whether a heading stands above the names of agencies: "Tên đơn vị"."""
    return _begins(text, "unit")


def is_sector(text: str) -> bool:
    """Return whether a text is the name of a usual sector: "Hộ tịch"."""
    return fold(text).strip(" .") in _texts_of("sector")


def sectors() -> tuple[str, ...]:
    """Return the names of usual sectors, folded."""
    return _texts_of("sector")


def is_level_heading(text: str) -> bool:
    """Return whether a heading stands above the names of levels: "Cấp giải quyết"."""
    return fold(text).strip(" :.") in _texts_of("level")


@kept(10_000)
def is_transparent(text: str) -> bool:
    """Return whether a heading only says that parts follow: "Trong đó", "gồm:"."""
    return fold(text).strip(" :.-") in _texts_of("transparent")


def take_apart(grid: Grid) -> Anatomy:
    """Return what each row and column of a grid is."""
    texts = grid.corner_texts
    start = _titles(texts)
    end = _heading_end(grid, texts, start)
    headings = list(range(start, end))
    printed = {tuple(texts[row]) for row in headings if any(texts[row])}
    formulas, body = [], []
    for row in range(end, grid.rows):
        if tuple(texts[row]) in printed:
            headings.append(row)
        elif _is_formula(texts[row], last=row == grid.rows - 1):
            formulas.append(row)
        else:
            body.append(row)
    paths = _paths(grid, texts, range(start, end), inferred=not grid.known_spans)
    kinds = _column_kinds(texts, paths, body)
    rows = (tuple(range(start)), tuple(headings), tuple(formulas), tuple(body))
    return Anatomy(grid, *rows, paths, *kinds, deep=end - start)


def with_merges_inferred(anatomy: Anatomy) -> Anatomy:
    """Return a table with merged headings inferred from the empty cells that they leave.

    Headings are also merged by the eye alone, in sources that say which cells are merged.
    """
    grid, start = anatomy.grid, len(anatomy.titles)
    texts = grid.corner_texts
    paths = _paths(grid, texts, range(start, start + anatomy.deep), inferred=True)
    if paths == anatomy.paths:
        return anatomy
    serials, notes, words_in, measures = _column_kinds(texts, paths, anatomy.body)
    kinds: dict[str, Any] = {
        "serials": serials,
        "notes": notes,
        "texts": words_in,
        "measures": measures,
    }
    return replace(anatomy, paths=paths, **kinds)


def tables_of(document: Document) -> list[list[Anatomy]]:
    """Return the tables, each with the grids that go on with it after a page break or blank rows.

    Two tables side by side in one grid are two.
    """
    tables: list[list[Anatomy]] = []
    first: frozenset[str] = frozenset()  # the lines right above the last table, and its next grid
    above: list[str] = []
    for block in document.blocks:
        if isinstance(block, Paragraph):
            above.append(fold(block.text))
            continue
        here = frozenset(line for line in above if not _BETWEEN.fullmatch(line))
        for anatomy in map(take_apart, side_by_side(block)):
            part = _part_of(tables[-1], anatomy, again=here <= first) if tables else None
            if part is not None:
                tables[-1].append(part)
            else:
                tables.append([anatomy])
                first = here
        above = []
    return tables


def side_by_side(grid: Grid) -> list[Grid]:
    """Return the tables that stand side by side in a grid: each with its own cells alone.

    Their headings are repeated, the first of them with those that follow it; or a column of nothing
    parts them.
    """
    texts = grid.corner_texts
    for row in texts[:DEEPEST]:
        filled = [(column, text) for column, text in enumerate(row) if text]
        if len(filled) < 4 or not _is_start(filled[0][1]):
            continue
        if not any(is_figure(text) for _, text in filled) and (starts := _starts(grid, filled)):
            spans = zip(starts, [*starts[1:], grid.columns], strict=True)
            return [_masked(grid, range(*span)) for span in spans]
    return [grid]


def _starts(grid: Grid, filled: Sequence[tuple[int, str]]) -> list[int]:
    """Return the columns in which tables side by side begin, by a row of headings; [] of one."""
    names = [fold(text) for _, text in filled]
    sizes = (size for size in (len(names) // 2, len(names) // 3) if _repeats(names, size))
    if width := next(sizes, 0):
        return [filled[at][0] for at in range(0, len(filled), width)]
    first = (at for at, (_, text) in enumerate(filled) if _is_start(text))
    begins = [at for at in first if at == 0 or _is_void(grid, filled[at][0] - 1)]
    return [filled[at][0] for at in begins] if _are_tables(begins, len(filled)) else []


def _is_start(text: str) -> bool:
    """Return whether a heading is that of serial numbers or of labels, as the first one is."""
    return _names_serials(text) or _begins(text, "label")


def _are_tables(begins: Sequence[int], end: int) -> bool:
    """Return whether two tables or more begin there, each with two headings at least."""
    wide = (last - at > 1 for at, last in pairwise([*begins, end]))
    return len(begins) > 1 and all(wide)


def _is_void(grid: Grid, column: int) -> bool:
    """Return whether nothing stands in a column, from the top of a grid to its end."""
    return not any(grid.text_at(row, column) for row in range(grid.rows))


def _repeats(names: Sequence[str], size: int) -> bool:
    return (
        size > 1 and len(names) % size == 0 and [*names] == [*names[:size]] * (len(names) // size)
    )


def _masked(grid: Grid, columns: range) -> Grid:
    """Return a grid with the cells that begin in some columns alone."""
    cells = tuple(
        cell if cell.column in columns or not cell.text else cell._replace(text="", raw="")
        for cell in grid.cells
    )
    ends = (cell.column + cell.column_span for cell in cells if cell.text)
    width = min(max(ends, default=columns.stop), columns.stop)
    inside = tuple(
        cell._replace(column_span=min(cell.column_span, width - cell.column))
        for cell in cells
        if cell.column < width
    )
    return replace(grid, cells=inside, columns=width)


def _titles(texts: Sequence[Sequence[str]]) -> int:
    """Return how many rows of one text stand above the headings."""
    wide = next((at for at, row in enumerate(texts) if sum(map(bool, row)) > 1), 0)
    return wide if not any(is_figure(text) for row in texts[:wide] for text in row if text) else 0


def _heading_end(grid: Grid, texts: list[list[str]], start: int) -> int:
    """Return the row after the last heading row; `start` where there is none."""
    if start >= grid.rows or not _is_first(texts[start]):
        return start
    beside = {column for column, text in enumerate(texts[start]) if _is_beside(text)}
    numbered = [column for column in beside if _names_serials(texts[start][column])]
    deep = max((cell.row_span for cell in grid.cells if cell.row == start and cell.text), default=1)
    end = start + 1
    while end < min(grid.rows, start + DEEPEST) and not _is_body(texts[end], numbered):
        # A row of a label alone, or a blank one, belongs to the body.
        if end - start >= deep and not _has_more(texts[end], beside):
            break
        end += 1
    return end


def _has_more(row: Sequence[str], beside: set[int]) -> bool:
    return any(text for column, text in enumerate(row) if column not in beside)


def _is_body(row: Sequence[str], numbered: Sequence[int]) -> bool:
    """Return whether a row below headings has figures or a number, or numbers the columns."""
    if any(text and is_figure(text) for text in row) or _is_formula(row, last=False):
        return True
    return any(row[column] and is_serial(row[column]) for column in numbered)


def _is_beside(text: str) -> bool:
    """Return whether a heading is that of labels, notes or serial numbers."""
    return _begins(text, "label") or _begins(text, "note") or _names_serials(text)


def _is_first(row: Sequence[str]) -> bool:
    """Return whether a row may be the first one of headings."""
    filled = [text for text in row if text]
    if not filled or (len(filled) == 1 and len(row) > 1):
        return False
    figures = [text for text in filled if is_figure(text)]
    return len(figures) < len(filled) and all(_YEAR.fullmatch(text) for text in figures)


def _is_formula(row: Sequence[str], *, last: bool) -> bool:
    """Return whether a row only numbers the columns: "(1) (2) (3)=(1)+(2)" or "A B 1 2 3"."""
    some = [text for text in row if text]
    if len(some) < 2:
        return False
    if sum(map(_is_mark, some)) * 2 > len(some):
        return all(_is_mark(text) or len(fold(text)) <= 2 for text in some)
    return not last and len(some) > 2 and _counts_on([fold(text) for text in some])


@lru_cache(maxsize=20_000)
def _is_mark(text: str) -> bool:
    return _FORMULA.fullmatch(fold(text)) is not None


def _counts_on(some: list[str]) -> bool:
    """Return whether texts count on from 1, 2 or 3, after letters, or are letters in order."""
    if len(some) > 3 and all(len(text) == 1 and text.isalpha() for text in some):
        return some == sorted(some)
    while some and len(some[0]) == 1 and some[0].isalpha():
        some = some[1:]
    numbers = [match and int(match[1]) for match in map(_NUMBER.fullmatch, some)]
    if len(numbers) < 2 or numbers[0] not in (1, 2, 3):
        return False
    return numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _paths(
    grid: Grid, texts: list[list[str]], rows: range, *, inferred: bool
) -> tuple[HeadingPath, ...]:
    """Return for each column the headings above it; spans are the source's or else inferred."""
    if not rows:
        return ()
    owners = _inferred_owners(texts, rows) if inferred else _spanned_owners(grid, rows)
    paths = []
    for column in range(grid.columns):
        cells = dict.fromkeys(level[column] for level in owners if level[column])
        levels = [texts[cell[0]][cell[1]] for cell in cells if cell]
        paths.append(tuple(text for text in levels if not is_transparent(text)))
    return tuple(paths)


_Owners = list[tuple[int, int] | None]  # for each column of a row the cell whose text is above it


def _spanned_owners(grid: Grid, rows: range) -> list[_Owners]:
    cells = [[grid.covering(row, column) for column in range(grid.columns)] for row in rows]
    return [
        [(cell.row, cell.column) if cell and cell.text else None for cell in row] for row in cells
    ]


def _inferred_owners(texts: list[list[str]], rows: range) -> list[_Owners]:
    owners: list[_Owners] = []
    for row in rows:
        above = owners[-1] if owners else None
        here: _Owners = []
        for column, text in enumerate(texts[row]):
            left = here[-1] if here else None
            higher = above[column] if above else None
            if text:
                here.append((row, column))
            # A merged cell goes on to the right within its parent, else its parent goes down.
            elif left and left[0] == row and (above is None or above[column - 1] == higher):
                here.append(left)
            else:
                here.append(higher)
        owners.append(here)
    return owners


def _column_kinds(
    texts: list[list[str]], paths: Sequence[HeadingPath], body: Sequence[int]
) -> tuple[frozenset[int], frozenset[int], tuple[int, ...], frozenset[int]]:
    """Return the columns of serial numbers, of notes, of words, and of units of measure."""
    kinds: dict[str, list[int]] = {}
    for column in range(len(texts[0])):
        some = [texts[row][column] for row in body if texts[row][column]]
        path = paths[column] if paths else ()
        kinds.setdefault(_column_kind(path, some, first=column == 0), []).append(column)
    serials, notes, words_in, measures = (
        kinds.get(kind, []) for kind in ("serial", "note", "text", "measure")
    )
    return frozenset(serials), frozenset(notes), tuple(words_in), frozenset(measures)


def _column_kind(path: HeadingPath, some: Sequence[str], *, first: bool) -> str:
    leaf = path[-1] if path else ""
    if _names_serials(leaf):
        return "serial"
    if _begins(leaf, "note"):
        return "note"
    if _begins(leaf, "measure") and not any(map(is_body, some)):
        return "measure"
    if first and not any(words(level) for level in path) and _counts(some):
        return "serial"
    # The months and years below "Tháng", "Năm" are names of rows.
    wordy = fold(leaf) in _TIMES or sum(not is_figure(text) for text in some) * 2 > len(some)
    return "text" if wordy or (not some and _begins(leaf, "label")) else "figure"


def _counts(some: Sequence[str]) -> bool:
    """Return whether a column without a heading numbers its rows."""
    numbers = [text for text in some if text.isdigit()]
    return bool(numbers) and numbers[0] == "1" and all(_SERIAL.fullmatch(fold(t)) for t in some)


# --- Tables that go on after a page break, or after blank rows ------------------------------------

_RANGE = re.compile(r"(?P<sheet>trang tính '.*'), (?P<first>[A-Z]+)\d+:(?P<last>[A-Z]+)\d+")


def aligned(document: Document) -> Document:
    """Return a document whose grids of one sheet that go on below each other have equal columns.

    A blank row ends a grid, not a table: "TỔNG CỘNG" below it may begin in another column.
    """
    blocks: list[Paragraph | Grid] = []
    head: tuple[Grid, str, int, int] | None = None
    for block in document.blocks:
        place = _RANGE.fullmatch(block.place) if isinstance(block, Grid) else None
        if not isinstance(block, Grid) or place is None:
            head = head if isinstance(block, Grid) else None
            blocks.append(block)
            continue
        first, last = _column_number(place["first"]), _column_number(place["last"])
        if head and head[1] == place["sheet"] and head[2] <= first and last <= head[3]:
            block = _shifted(block, first - head[2], head[0].columns)
        else:
            head = block, place["sheet"], first, last
        blocks.append(block)
    return replace(document, blocks=tuple(blocks))


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _shifted(grid: Grid, by: int, columns: int) -> Grid:
    if not by and grid.columns == columns:
        return grid
    cells = [cell._replace(column=cell.column + by) for cell in grid.cells]
    beside = [*range(by), *range(by + grid.columns, columns)]
    cells += [Cell(row, column, 1, 1, "", "") for row in range(grid.rows) for column in beside]
    ordered = tuple(sorted(cells, key=lambda cell: (cell.row, cell.column)))
    return replace(grid, cells=ordered, columns=columns)


def _part_of(table: list[Anatomy], part: Anatomy, *, again: bool) -> Anatomy | None:
    """Return a grid as the next part of a table; None where it is a table of its own.

    With headings anew, it goes on with one that no total has ended, below no line that is not
    above the first (`again`): two tables may have the same line of units.
    """
    head, before = table[0], table[-1]
    if not head.headings or head.grid.section != part.grid.section:
        return None
    if head.grid.columns != part.grid.columns or _sheet_of(head.grid) != _sheet_of(part.grid):
        return None
    if part.headings and _heading_rows(head) == _heading_rows(part):
        again = again and part.title_texts in ([], head.title_texts)
        return part if again and not _ends_in_total(before) else None
    if _looks_like_body(head, part):
        part = _without_headings(part)
    if part.headings or part.titles:
        return None
    return part if _goes_on_below(head, before, part) else None


def _ends_in_total(part: Anatomy) -> bool:
    return any(is_total(text) for text in part.grid.corner_texts[-1] if text)


def _sheet_of(grid: Grid) -> str:
    place = _RANGE.fullmatch(grid.place)
    return place["sheet"] if place else ""


def _looks_like_body(head: Anatomy, part: Anatomy) -> bool:
    """Return whether what was taken for headings are rows of the body: a group, a total."""
    beside = head.serials | set(head.labels)
    return not part.titles and all(
        not text or column in beside
        for row in part.headings
        for column, text in enumerate(part.grid.corner_texts[row])
    )


def _without_headings(part: Anatomy) -> Anatomy:
    texts = part.grid.corner_texts
    body = tuple(sorted((*part.headings, *part.body)))
    serials, notes, words_in, measures = _column_kinds(texts, (), body)
    kinds: dict[str, Any] = {
        "serials": serials,
        "notes": notes,
        "texts": words_in,
        "measures": measures,
    }
    return replace(part, headings=(), body=body, paths=(), deep=0, **kinds)


def _heading_rows(anatomy: Anatomy) -> list[list[str]]:
    texts = anatomy.grid.corner_texts
    return [texts[row] for row in anatomy.headings]


def _goes_on_below(head: Anatomy, before: Anatomy, part: Anatomy) -> bool:
    """Return whether rows without headings go on with a table.

    As many columns are not enough: words must stand where the table has words, and nothing may
    stand between the two but a page's number, unless the rows are numbered on.
    """
    if not _has_words(head, part):
        return False
    caption = part.grid.caption
    if caption == before.grid.caption or _BETWEEN.fullmatch(fold(caption)):
        return True
    last, first = _numbers(head, before), _numbers(head, part)
    return bool(last and first) and first[0] == last[-1] + 1


def _has_words(head: Anatomy, part: Anatomy) -> bool:
    rows = range(part.grid.rows)
    for column in head.labels[:1]:
        labels = [part.grid.text_at(row, column) for row in rows]
        # "TỔNG CỘNG" may stand in the column of numbers.
        beside = [part.grid.text_at(row, left) for row in rows for left in range(column)]
        if any(map(is_figure, filter(None, labels))):
            return False
        return not all(map(is_figure, filter(None, labels + beside)))
    return True


def _numbers(head: Anatomy, part: Anatomy) -> list[int]:
    """Return the serial numbers of a part's rows."""
    texts = [
        part.grid.text_at(row, column).strip(" .")
        for column in sorted(head.serials)[:1]
        for row in part.body
    ]
    return [int(text) for text in texts if text.isascii() and text.isdecimal() and len(text) < 6]


# --- The rows of the body -------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class BodyRow:
    """One row of a table's body.

    Attributes
    ----------
    grid, number : its table and its number there, from 0.
    serial : as printed, in its own column or before the label.
    label : as printed; path : with the labels it stands under, top first.
    figures : the columns in which it has figures.
    rank : how deep it stands: 0 and 1 below letters and Roman numbers, 2 and more below numbers,
        8 and 9 without any.
    total : whether it is named as a total; detail : whether it is part of the row above.
    groups : the labels of the group rows it stands under, top first; of a total of one group too.
    group : whether rows follow that it sums up, or heads.
    blank : whether it is numbered as the others are, and nothing is filled in.
    below : whether it is words below the last figures.
    time : the period and basis that it names, or a time that is none (see `times`).
    owner : of a row that names a time, the number of the row above that says of what; -1 if none.
    sums : the rows of several times that it sums up.
    """

    grid: Grid
    number: int
    serial: str
    label: str
    path: tuple[str, ...]
    figures: tuple[int, ...]
    rank: int
    total: bool = False
    detail: bool = False
    groups: tuple[str, ...] = ()
    group: bool = False
    blank: bool = False
    below: bool = False
    time: Slot | Unread | None = None
    owner: int = -1
    sums: tuple[BodyRow, ...] = ()


def rows_of(parts: Sequence[Anatomy], labels: Sequence[int]) -> list[BodyRow]:
    """Return the rows of a table, which may go on over several grids.

    Parameters
    ----------
    parts : the grids taken apart; the first has the headings.
    labels : the columns whose words are the labels.
    """
    head = parts[0]
    values = [column for column in head.figures if column not in labels]
    outline, numbered = _Outline(numbered=bool(head.serials)), sorted(head.serials)
    rows = []
    for grid, number, texts in _labelled(parts, labels):
        look(grid.place)
        serials = [grid.text_at(number, column) for column in numbered]
        figures = tuple(column for column in values if is_figure(grid.text_at(number, column)))
        label = " > ".join(dict.fromkeys(text for text in texts if text))
        # "Tổng cộng" may stand in the column of units, where the rows are named by sectors.
        beside = [grid.text_at(number, column) for column in head.labels if not label]
        serial = next(filter(None, (*serials, *beside)), "")
        if not label and (_OWN_SERIAL.match(serial) or names_whom(serial)):
            label = serial  # "A. Cấp tỉnh" may stand in the column of numbers
        rows.append(outline.row(grid, number, serial, label, figures))
    return _without_figures(_with_groups(rows))


def _labelled(
    parts: Sequence[Anatomy], labels: Sequence[int]
) -> Iterator[tuple[Grid, int, list[str]]]:
    """Yield each row's grid, number and labels; a merged first label that is left empty goes on."""
    before = [""] * len(labels)
    for part in parts:
        for number in part.body:
            texts = [part.grid.text_at(number, column) for column in labels]
            if len(labels) > 1:
                if not part.grid.known_spans and not texts[0] and any(texts[1:]):
                    texts[0] = before[0]
                before = texts
            yield part.grid, number, texts


class _Outline:
    """What the rows so far stand under, while a table is read from the top."""

    def __init__(self, *, numbered: bool) -> None:
        self._numbered = numbered
        self._above: list[tuple[int, str]] = []
        self._seen: list[str] = []
        self._inside = False  # below a row "Trong đó"
        self._counted = False  # below a numbered row that has figures of its own

    def row(
        self, grid: Grid, number: int, serial: str, label: str, figures: tuple[int, ...]
    ) -> BodyRow:
        """Return the next row."""
        own = _OWN_SERIAL.match(label)
        given = serial if is_serial(serial) else own[1] if own else ""
        # A row that its term alone names is part of the numbered one above it.
        numbered = self._numbered and not _TERM_ALONE.fullmatch(fold(label))
        rank = _rank(given, numbered=numbered, header=not figures)
        total = is_total(label or serial)
        path = self._path(rank, label, stays=not (total and bool(figures)))
        detail = self._detail(given, label, rank, bool(figures))
        named = total or bool(label) and _names_sum(label)
        return BodyRow(grid, number, serial, label, path, figures, rank, named, detail)

    def _path(self, rank: int, label: str, *, stays: bool) -> tuple[str, ...]:
        self._above = [one for one in self._above if one[0] < rank]
        higher = tuple(text for _, text in self._above)
        if not label:
            return higher
        if stays:
            self._above.append((rank, label))
        return higher + tuple(label.split(" > "))

    def _detail(self, given: str, label: str, rank: int, has_figures: bool) -> bool:
        """Return whether a row is part of one above it."""
        parted = _is_parted(label)
        if given and rank < 6 and not parted:
            self._inside = False
        code = fold(given).strip("().")
        below = "." in code and code.rpartition(".")[0] in self._seen  # "1.2" below a "1"
        below |= rank == _DASHED and self._counted  # "- Khai sinh" below "1 Hộ tịch"
        detail = self._inside or (parted and has_figures) or below
        plain = has_figures and bool(code) and not names_whom(label)
        if plain:
            self._seen.append(code)
        if rank < _DASHED:
            self._counted = plain and rank == _NUMBERED
        self._inside = self._inside or parted
        return detail


# "Sở Tư pháp cộng", "Hộ tịch (tổng cộng)"; not "công trình công cộng".
_SUM_BEHIND = re.compile(
    r".*\w ?[-–:(]? ?(?<!công )(?:cộng|tổng cộng|tổng số)(?: dồn)? ?\)?", re.IGNORECASE
)


def _names_sum(label: str) -> bool:
    """Return whether a row's name says, before or behind it, that it is a sum."""
    behind = _SUM_BEHIND.fullmatch(unicodedata.normalize("NFC", label).strip())
    return names_total(label, takes_all=True) or behind is not None


def names_whom(label: str) -> bool:
    """Return whether a label is that of a level or of an agency, which have rows of their own."""
    return is_level(label) or is_body(unnumbered(label))


def _with_groups(rows: list[BodyRow]) -> list[BodyRow]:
    """Return the rows with the groups they stand under, and those rows that head others.

    "I. Cấp tỉnh" above rows 1, 2, … is their group, with figures their sum; above "Tổng cộng" it
    is a row as others are. A total with another one or a group below it is that of its own group.
    """
    rows = _with_levels(rows)
    kinds: list[int] = []  # of group rows, in the order in which the table brings them
    above: list[tuple[int, str]] = []
    grouped = []
    start = 0  # of the rows of the last group
    for at, row in enumerate(rows):
        if _heads_others(rows, at):
            kind = min(row.rank, 2)
            if kind not in kinds:
                kinds.append(kind)
            above = [one for one in above if one[0] < kinds.index(kind)]
            row = replace(row, groups=tuple(label for _, label in above), group=True)
            start = at + 1
            above.append((kinds.index(kind), unnumbered(row.label)))
            grouped.append(row)
            continue
        if row.rank in kinds and not row.total:
            # "II. Đất đai" without rows of its own ends the group of "I. Tư pháp".
            above = [one for one in above if one[0] < kinds.index(row.rank)]
        if above and (not row.total or _is_of_group(rows, at, start)):
            row = replace(row, groups=tuple(label for _, label in above))
        grouped.append(row)
    return grouped


def _with_levels(rows: list[BodyRow]) -> list[BodyRow]:
    """Return rows with what those of a level are beside others that are not.

    "Cộng cấp tỉnh" below rows is their total; "Cấp tỉnh" and "Cấp xã" below the sector whose sum
    they are tell more of it.
    """
    levels = [bool(row.figures) and not row.total and is_level(row.label) for row in rows]
    if not any(levels) or all(levels):
        return rows
    marked = [*rows]
    for at, row in enumerate(rows):
        before = [one for one, level in zip(rows[:at], levels, strict=False) if not level]
        if not levels[at]:
            for one in _levels_of(rows, at, levels):
                marked[one] = replace(rows[one], detail=True)
        elif _SUM_OF_LEVEL.match(fold(row.label)) and _items(before):
            marked[at] = replace(row, total=True)
    return marked


def _levels_of(rows: Sequence[BodyRow], at: int, levels: Sequence[bool]) -> Sequence[int]:
    """Return the rows of levels right below one, if their sum is its figures."""
    row = rows[at]
    below = [*takewhile(lambda one: levels[one], range(at + 1, len(rows)))]
    named = bool(row.label) and not row.total and _is_item(row)
    return below if named and sums_up(row, [rows[one] for one in below]) else []


def _is_of_group(rows: Sequence[BodyRow], at: int, start: int) -> bool:
    """Return whether a total is that of the group above it, whose rows begin at `start`.

    Others follow it, it names the group, or it goes on with the totals of the groups before.
    """
    if any(one.total or _heads_others(rows, number) for number, one in after(rows, at)):
        return True
    name = _name_of(rows[at])
    if _TOTAL_OF_GROUP.fullmatch(name):
        return True
    before = [_name_of(one) for one in rows[:start] if one.total]
    own, parts = _items(rows[start:at]), _items(rows[:at])
    return name in before and sums_up(rows[at], own, least=1) and not sums_up(rows[at], parts)


def _name_of(row: BodyRow) -> str:
    return fold(row.label or row.serial)


def _items(rows: Sequence[BodyRow]) -> list[BodyRow]:
    return [one for one in rows if _is_item(one) and not one.total]


def after(rows: Sequence[BodyRow], at: int) -> Iterator[tuple[int, BodyRow]]:
    """Yield the rows below one, with their numbers."""
    yield from ((number, rows[number]) for number in range(at + 1, len(rows)))


@lru_cache(maxsize=2_000)
def unnumbered(label: str) -> str:
    """Return a label without the number before it and the footnote mark behind it.

    Examples
    --------
    >>> unnumbered("I. Cấp tỉnh"), unnumbered("Hộ tịch¹")
    ('Cấp tỉnh', 'Hộ tịch')
    """
    own = _OWN_SERIAL.match(label)
    return _MARK.sub("", label[own.end() :] if own else label)


def _heads_others(rows: Sequence[BodyRow], at: int) -> bool:
    """Return whether rows of figures stand under a row."""
    row = rows[at]
    if not row.label or row.total or row.detail or _is_parted(row.label):
        return False
    if row.rank in (0, 1):
        return any(_is_item(one) for one in _until(rows, at, lambda one: one.rank <= row.rank))
    named = is_level(row.label) or is_body(unnumbered(row.label))
    if row.figures:
        return named and _sums_others(rows, at)
    below = _until(rows, at, lambda one: not one.figures and not one.detail)
    return (row.rank == 8 or named) and any(one.figures and not one.detail for one in below)


def _is_item(row: BodyRow) -> bool:
    return bool(row.figures) and row.rank >= 2 and not row.detail


def _is_parted(label: str) -> bool:
    """Return whether a label only says that parts follow."""
    return is_transparent(label) or fold(label).startswith("trong do")


def _sums_others(rows: Sequence[BodyRow], at: int) -> bool:
    """Return whether a level or agency with figures is the sum of rows below it."""
    row = rows[at]
    deeper = _until(rows, at, lambda one: one.rank <= row.rank)
    if row.rank == 2 and any(one.figures and not one.detail for one in deeper):
        return True
    below = _until(rows, at, lambda one: is_level(one.label))
    return sums_up(row, [one for one in below if one.figures and not one.detail])


def _until(rows: Sequence[BodyRow], at: int, ends: Callable[[BodyRow], bool]) -> list[BodyRow]:
    """Return the rows below one, up to a total or a row that ends them."""
    below = (one for _, one in after(rows, at))
    return list(takewhile(lambda one: not one.total and not ends(one), below))


def sums_up(row: BodyRow, below: Sequence[BodyRow], *, least: int = 2) -> bool:
    """Return whether the figures of a row are the sums of others, of which there are some."""
    if len(below) < least:
        return False
    sums, added = [], []
    for column in row.figures:
        total, *parts = (
            parse_number(one.grid.text_at(one.number, column)).value or 0 for one in (row, *below)
        )
        # Nothing is the sum of nothing in every table: it tells of no agency that it heads others;
        # nor does one part alone where several are to be added up elsewhere.
        sums += [total == sum(parts)] if total or any(parts) else []
        added += [total == sum(parts)] if sum(map(bool, parts)) > 1 else []
    sums = added or sums
    return sum(sums) * 2 > len(sums) if sums else is_level(row.label)


def _without_figures(rows: Sequence[BodyRow]) -> list[BodyRow]:
    """Return the rows, with what those without figures are among the others."""
    last = max((at for at, row in enumerate(rows) if row.figures), default=len(rows))
    filled = []
    for at, row in enumerate(rows):
        if not row.figures and (row.label or row.serial) and not row.total and not row.detail:
            after = rows[at + 1] if at + 1 < len(rows) else None
            goes_on = after is None or after.total or _is_numbered(after)
            blank = bool(row.label) and _is_numbered(row) and goes_on
            row = replace(row, blank=blank, below=at > last and not is_serial(row.serial))
        filled.append(row)
    return filled


def _is_numbered(row: BodyRow) -> bool:
    return row.serial.strip(" .").isdigit()


@lru_cache(maxsize=5_000)
def is_total(text: str) -> bool:
    """Return whether a row says that it is a total; "Công chứng" (notaries) is not "Cộng chung"."""
    notaries = unicodedata.normalize("NFC", text).casefold().startswith("công")
    return _TOTAL.fullmatch(fold(text)) is not None and not notaries


@lru_cache(maxsize=5_000)
def is_serial(text: str) -> bool:
    """Return whether a text is a serial number, Roman, lettered, or a dash before an item."""
    code = fold(text).strip("(). ")
    return bool(code) and (
        code.replace(".", "").isdigit() or bool(_ROMAN.fullmatch(code)) or len(code) == 1
    )


_TERM_ALONE = re.compile(
    r"(?:so )?(?:ho so )?(?:tra |giai quyet )?(?:(?:truoc|dung|som) (?:han )?va )?"
    r"(?:truoc|dung|som|qua|tre|cham|trong|chua den|con) (?:thoi )?han"
)
_NUMBERED, _DASHED = 2, 7  # ranks of rows "1" and "-"


def _rank(serial: str, *, numbered: bool, header: bool) -> int:
    """Return how deep a row stands; 8 and 9 are those without a serial number."""
    code = fold(serial).strip("(). ")
    if not code:
        # Among numbered rows one without a number stands for itself.
        return 8 if header else 2 if numbered else 9
    if code.replace(".", "").isdigit():
        return _NUMBERED + code.count(".")
    if code in "-+*•":
        return _DASHED
    if _ROMAN.fullmatch(code) and serial.isupper():
        return 1
    return 0 if serial.isupper() else 6
