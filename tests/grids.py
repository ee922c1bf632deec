"""Hypothesis strategy for grids with merged cells, and what they are after reading."""

from dataclasses import dataclass

from documents import Piece
from hypothesis import strategies as st

from cchc_stats.reading.files.document import Grid, tidy

# Letters that are Vietnamese in every combination: others look like encodings before Unicode.
LETTERS = "abcghklmnopqrstuvxyABCDGĐđăạảấầẩẫậắẵặẹẻẽếểễệỉịọỏốổộớờợụủứừựỳỵ"
SIGNS = "0123456789 .,;:%/()+-=<>&\"'"
TEXTS = st.one_of(
    st.just(""),
    st.sampled_from(
        ("TT", "Tổng số", "Trong đó", "(3)=(4)+(5)", "-", "06", "1.380", "94,3%", "=1")
    ),
    st.text(LETTERS + SIGNS, max_size=12).map(lambda text: " ".join(text.split())),
)


@dataclass(frozen=True)
class Drawn:
    """A grid to write: its pieces cover every place exactly once."""

    rows: int
    columns: int
    pieces: tuple[Piece, ...]


@st.composite
def grids(draw: st.DrawFn, *, most: int = 5, framed: bool = False) -> Drawn:
    """Draw a grid of two columns or more, tiled with cells of random spans.

    Parameters
    ----------
    most : the most rows and columns.
    framed : whether the first row, the first column and the last hold words everywhere and no
        merged cell. A sheet without grid lines has no other sign of where its table ends.
    """
    rows = draw(st.integers(2 if framed else 1, most))
    columns = draw(st.integers(2, most))
    free = [[True] * columns for _ in range(rows)]
    pieces = []
    for row in range(rows):
        for column in range(columns):
            if not free[row][column]:
                continue
            edge = framed and (row == 0 or column in (0, columns - 1))
            last = columns - 1 if framed else columns
            width = height = 1
            if not edge:
                room = column + 1
                while room < last and free[row][room]:
                    room += 1
                width = draw(st.integers(1, room - column))
                height = draw(st.integers(1, rows - row))
            for one in range(row, row + height):
                free[one][column : column + width] = [False] * width
            text = draw(TEXTS) or ("x" if edge else "")
            pieces.append(Piece(row, column, height, width, text))
    return Drawn(rows, columns, tuple(pieces))


def pieces_of(grid: Grid) -> tuple[Piece, ...]:
    """Return what was read in the words of what was written."""
    return tuple(
        Piece(one.row, one.column, one.row_span, one.column_span, one.text) for one in grid.cells
    )


def split(drawn: Drawn) -> tuple[Piece, ...]:
    """Return the cells of a grid whose source knows no merged cells: empty ones stay behind."""
    texts = {(one.row, one.column): tidy(one.text) for one in drawn.pieces}
    return tuple(
        Piece(row, column, 1, 1, texts.get((row, column), ""))
        for row in range(drawn.rows)
        for column in range(drawn.columns)
    )


def covered_once(grid: Grid) -> bool:
    """Return whether every place of a grid is covered by exactly one cell."""
    places = [
        (row, column)
        for one in grid.cells
        for row in range(one.row, one.row + one.row_span)
        for column in range(one.column, one.column + one.column_span)
    ]
    return sorted(places) == [(r, c) for r in range(grid.rows) for c in range(grid.columns)]
