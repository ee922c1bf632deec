"""What each row of a table is: heading, formula row "(1)(2)", repeated heading or body."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache

from cchc_stats.reading.files import Grid
from cchc_stats.reading.tables.matching import stated, words
from cchc_stats.words import fold

Path = tuple[str, ...]
_FIGURE = re.compile(
    r"-+|\.{2,}|…+"
    r"|(?:gan |hon |tren |khoang )?[+-]?\d[\d.,]*(?: ?/ ?\d[\d.,]*)*"
    r" ?(?:%|ngay|ngay lam viec|ho so|tthc|don vi|van ban|nguoi|luot|diem)?"
)
_FORMULA = re.compile(r"\((\d{1,2}|[a-d])\)(?: ?= ?[\d()+\-a-d ]+)?|(\d{1,2}) ?= ?[\d()+\- ]+")
_NUMBER = re.compile(r"\(?(\d{1,2})\)?(?: ?= ?[\d()+\- ]+)?")
_YEAR = re.compile(r"(?:19|20)\d\d")
_SERIAL = re.compile(r"[-+*•]+|\(?(?:\d{1,3}(?:\.\d{1,3})*|[ivx]{1,5}|[a-zđ])\)?[.)]?")
DEEPEST = 6  # levels of headings


@lru_cache(maxsize=50_000)
def is_figure(text: str) -> bool:
    """Return whether a cell holds a figure, a dash or a day rather than words."""
    return _FIGURE.fullmatch(fold(text)) is not None


@dataclass(frozen=True, eq=False)
class Anatomy:
    """A table taken apart.

    Attributes
    ----------
    grid : the table.
    titles, headings, formulas : its rows of each kind; headings also where they are repeated.
    body : the other rows.
    paths : for each column the headings above it, top first; () where the table has none.
    serials, notes, texts : columns of serial numbers, of notes, and of words.
    deep : how many rows of headings the table begins with.
    """

    grid: Grid
    titles: tuple[int, ...]
    headings: tuple[int, ...]
    formulas: tuple[int, ...]
    body: tuple[int, ...]
    paths: tuple[Path, ...]
    serials: frozenset[int]
    notes: frozenset[int]
    texts: tuple[int, ...]
    deep: int

    @property
    def has_headings(self) -> bool:
        """Return whether there is a row of headings."""
        return bool(self.headings)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Return for each column the headings above it in one line."""
        return tuple(" > ".join(path) for path in self.paths)

    @cached_property
    def figures(self) -> tuple[int, ...]:
        """Return the columns that are neither serials nor notes nor words."""
        apart = self.serials | self.notes | set(self.texts)
        return tuple(column for column in range(self.grid.columns) if column not in apart)


@cache
def _known(kind: str) -> tuple[str, ...]:
    return tuple(fold(text) for text in stated()["anatomy"][kind])


@lru_cache(maxsize=10_000)
def _begins(text: str, kind: str) -> bool:
    folded = fold(text)
    return any(folded == one or folded.startswith(one + " ") for one in _known(kind))


@lru_cache(maxsize=10_000)
def _is_serial(text: str) -> bool:
    return fold(text).strip(" .") in _known("serial")


@lru_cache(maxsize=10_000)
def is_transparent(text: str) -> bool:
    """Return whether a heading only says that parts follow: "Trong đó", "gồm:"."""
    return fold(text).strip(" :.-") in _known("transparent")


def take_apart(grid: Grid) -> Anatomy:
    """Return what each row and column of a table is."""
    texts = corner_texts(grid)
    filled = [[column for column, text in enumerate(row) if text] for row in texts]
    start = _titles(texts, filled)
    end = _heading_end(grid, texts, filled, start)
    headings = list(range(start, end))
    formulas, body = [], []
    printed = {tuple(texts[row]) for row in headings if filled[row]}
    for row in range(end, grid.rows):
        if filled[row] and tuple(texts[row]) in printed:
            headings.append(row)
        elif _is_formula(texts[row], last=row == grid.rows - 1):
            formulas.append(row)
        else:
            body.append(row)
    paths = (
        _paths(grid, texts, range(start, end), inferred=not grid.known_spans) if end > start else ()
    )
    serials, notes, words_in = _columns(grid, texts, paths, body)
    return Anatomy(
        grid,
        tuple(range(start)),
        tuple(headings),
        tuple(formulas),
        tuple(body),
        paths,
        serials,
        notes,
        words_in,
        end - start,
    )


def with_merges_inferred(anatomy: Anatomy) -> Anatomy:
    """Return a table with merged headings told from the empty cells that they leave.

    Headings are also merged by the eye alone, in sources that say which cells are merged.
    """
    grid, start = anatomy.grid, len(anatomy.titles)
    texts = corner_texts(grid)
    paths = _paths(grid, texts, range(start, start + anatomy.deep), inferred=True)
    if paths == anatomy.paths:
        return anatomy
    serials, notes, words_in = _columns(grid, texts, paths, anatomy.body)
    return replace(anatomy, paths=paths, serials=serials, notes=notes, texts=words_in)


def corner_texts(grid: Grid) -> list[list[str]]:
    """Return the texts where their cells begin, "" elsewhere."""
    texts = [[""] * grid.columns for _ in range(grid.rows)]
    for cell in grid.cells:
        texts[cell.row][cell.column] = cell.text
    return texts


def _titles(texts: Sequence[Sequence[str]], filled: Sequence[Sequence[int]]) -> int:
    """Return how many rows of one text stand above the headings."""
    wide = next((row for row, columns in enumerate(filled) if len(columns) > 1), 0)
    above = range(wide)
    return wide if not any(is_figure(texts[row][c]) for row in above for c in filled[row]) else 0


def _heading_end(grid: Grid, texts: list[list[str]], filled: list[list[int]], start: int) -> int:
    """Return the row after the last heading row; `start` where there is none."""
    if start >= grid.rows or not _is_first(texts[start], filled[start]):
        return start
    first = {
        column
        for column in filled[start]
        if _begins(texts[start][column], "label")
        or _begins(texts[start][column], "note")
        or _is_serial(texts[start][column])
    }
    deep = max((cell.row_span for cell in grid.cells if cell.row == start and cell.text), default=1)
    row = start + 1
    while row < grid.rows and row - start < DEEPEST:
        figures = any(is_figure(texts[row][column]) for column in filled[row])
        if figures or _is_formula(texts[row], last=False):
            break
        if row - start >= deep and all(column in first for column in filled[row]):
            break  # a row of a label alone, or a blank one, belongs to the body
        row += 1
    return row


def _is_first(row: Sequence[str], filled: Sequence[int]) -> bool:
    if not filled or (len(filled) == 1 and len(row) > 1):
        return False
    figures = [row[column] for column in filled if is_figure(row[column])]
    if not figures:
        return True
    return len(figures) < len(filled) and all(_YEAR.fullmatch(text) for text in figures)


def _is_formula(row: Sequence[str], *, last: bool) -> bool:
    """Return whether a row only numbers the columns: "(1) (2) (3)=(1)+(2)" or "A B 1 2 3"."""
    some = [fold(text) for text in row if text]
    if len(some) < 2:
        return False
    marked = [text for text in some if _FORMULA.fullmatch(text)]
    if len(marked) * 2 > len(some):
        return all(_FORMULA.fullmatch(text) or len(text) <= 2 for text in some)
    if last or len(some) < 3:
        return False
    rest = some
    while rest and len(rest[0]) == 1 and rest[0].isalpha():
        rest = rest[1:]
    numbers = [match and int(match[1]) for match in map(_NUMBER.fullmatch, rest)]
    if len(numbers) < 2 or numbers[0] not in (1, 2, 3):
        return False
    return numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _paths(grid: Grid, texts: list[list[str]], rows: range, *, inferred: bool) -> tuple[Path, ...]:
    owners: list[list[tuple[int, int] | None]] = []
    for row in rows:
        owners.append([])
        for column in range(grid.columns):
            above = owners[-2][column] if len(owners) > 1 else None
            here: tuple[int, int] | None = (row, column) if texts[row][column] else None
            if not inferred:
                cell = grid.covering(row, column)
                here = (cell.row, cell.column) if cell and cell.text else None
            elif here is None:
                left = owners[-1][column - 1] if column else None
                beside = len(owners) == 1 or (column and owners[-2][column - 1] == above)
                # A merged cell goes on to the right within its parent, else its parent goes down.
                here = left if left and left[0] == row and beside else above
            owners[-1].append(here)
    paths = []
    for column in range(grid.columns):
        cells = dict.fromkeys(level[column] for level in owners if level[column])
        levels = [texts[cell[0]][cell[1]] for cell in cells if cell]
        paths.append(tuple(text for text in levels if not is_transparent(text)))
    return tuple(paths)


def _columns(
    grid: Grid, texts: list[list[str]], paths: Sequence[Path], body: Sequence[int]
) -> tuple[frozenset[int], frozenset[int], tuple[int, ...]]:
    serials, notes, words_in = set(), set(), []
    for column in range(grid.columns):
        path = paths[column] if paths else ()
        some = [texts[row][column] for row in body if texts[row][column]]
        if path and _is_serial(path[-1]):
            serials.add(column)
        elif path and _begins(path[-1], "note"):
            notes.add(column)
        elif column == 0 and not any(words(level) for level in path) and _counts(some):
            serials.add(column)
        else:
            wordy = sum(not is_figure(text) for text in some) * 2 > len(some)
            if wordy or (not some and path and _begins(path[-1], "label")):
                words_in.append(column)
    return frozenset(serials), frozenset(notes), tuple(words_in)


def _counts(some: Sequence[str]) -> bool:
    """Return whether a column without a heading numbers its rows."""
    numbers = [text for text in some if text.isdigit()]
    return bool(numbers) and numbers[0] == "1" and all(_SERIAL.fullmatch(fold(t)) for t in some)
