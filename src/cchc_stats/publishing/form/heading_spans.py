"""Heading paths as merged cells: what stands side by side under one word is one cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple


class Span(NamedTuple):
    """A heading and the cells that it covers, all numbers from 0."""

    top: int
    left: int
    bottom: int
    right: int
    text: str

    @property
    def is_merged(self) -> bool:
        """Return whether it covers more than one cell."""
        return (self.top, self.left) != (self.bottom, self.right)


def heading_spans(headings: Sequence[tuple[str, ...]]) -> Iterator[Span]:
    """Yield the headings from the top down and from the left to the right.

    Parameters
    ----------
    headings : for each column its headings, top first; a shorter path reaches down to the figures.

    Examples
    --------
    >>> paths = [("TT",), ("Tiếp nhận", "Tổng"), ("Tiếp nhận", "Mới")]
    >>> [tuple(span) for span in heading_spans(paths)]
    [(0, 0, 1, 0, 'TT'), (0, 1, 0, 2, 'Tiếp nhận'), (1, 1, 1, 1, 'Tổng'), (1, 2, 1, 2, 'Mới')]
    """
    depth = max(map(len, headings))
    for level in range(depth):
        left = 0
        while left < len(headings):
            path = headings[left]
            right = left
            if len(path) > level:
                top = path[: level + 1]
                while right + 1 < len(headings) and headings[right + 1][: level + 1] == top:
                    right += 1
                is_last = len(path) == level + 1
                yield Span(level, left, depth - 1 if is_last else level, right, path[level])
            left = right + 1
