"""What an indicator gives: figures with a state each, and blocks of values ready to be joined."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from cchc_stats.indicators.indicator import Indicator
from cchc_stats.words import format_number

# States of figures, the known ones first, with the status that each has in values. A "-" beside a
# figure is kept apart: such a row is no part of a sum, yet its sum without it would mislead.
KNOWN, ZERO_DENOMINATOR, DASH, DASH_IN_PART, EMPTY = range(5)
STATUS = np.array(
    ["reported", "undefined", "not_applicable", "not_applicable", "not_reported"], dtype=object
)


@dataclass(frozen=True, eq=False)
class Figures:
    """Numerator, denominator and state of an indicator, one of each per row."""

    numerator: np.ndarray
    denominator: np.ndarray
    state: np.ndarray

    def value(self, indicator: Indicator) -> np.ndarray:
        """Return the numerator over the denominator, NaN where that is no number."""
        if not indicator.denominator:
            return self.numerator
        divisor = np.where(self.denominator == 0, np.nan, self.denominator)
        value: np.ndarray = indicator.scale * self.numerator / divisor
        return value

    def take(self, rows: np.ndarray) -> Self:
        """Return the figures at some positions."""
        return type(self)(self.numerator[rows], self.denominator[rows], self.state[rows])


@dataclass(frozen=True, eq=False)
class Block:
    """The values of one indicator: arrays of one length, named as in the values frame."""

    indicator: Indicator
    agency: np.ndarray
    period: np.ndarray
    basis: np.ndarray
    group: np.ndarray
    numerator: np.ndarray
    denominator: np.ndarray
    value: np.ndarray
    status: np.ndarray
    window_start: np.ndarray
    window_end: np.ndarray
    source: np.ndarray
    note: np.ndarray
    origin: np.ndarray  # "" where the indicator tells it

    @classmethod
    def of(
        cls, indicator: Indicator, figures: Figures, columns: dict[str, np.ndarray], *, lang: str
    ) -> Block:
        """Return figures as values: the numerator over the denominator where that is a number."""
        note = columns["note"]
        if always := indicator.note.in_language(lang):
            note = joined_notes(note, np.ones(len(note), dtype=bool), always)
        return cls(
            indicator=indicator,
            numerator=figures.numerator,
            denominator=figures.denominator,
            value=figures.value(indicator),
            status=STATUS[figures.state],
            **columns | {"note": note},
        )

    def __len__(self) -> int:
        """Return the number of values."""
        return len(self.value)

    def at_the_end(self) -> Block:
        """Return a stock's values as of the last day of their windows, whatever flows beside it."""
        basis = np.full(len(self), "as_of", dtype=object)
        return replace(self, basis=basis, window_start=self.window_end)

    def noted(self, rows: np.ndarray, more: str) -> Block:
        """Return the values with one more note in the rows of a mask."""
        return replace(self, note=joined_notes(self.note, rows, more))

    def take(self, rows: np.ndarray) -> Block:
        """Return the values at some positions, or where a mask is True."""
        arrays = {name: array[rows] for name, array in vars(self).items() if name != "indicator"}
        return Block(indicator=self.indicator, **arrays)


def joined_notes(notes: np.ndarray, rows: np.ndarray, more: str | np.ndarray) -> np.ndarray:
    """Return notes with one more in the rows of a mask, one for all or one for each of them.

    Examples
    --------
    >>> notes = np.array(["", "a", "a"], dtype=object)
    >>> joined_notes(notes, np.array([True, True, False]), "b").tolist()
    ['b', 'a; b', 'a']
    """
    at = np.flatnonzero(rows)
    joined = notes.copy()
    joined[at] = np.where(notes[at] == "", more, notes[at] + ("; " + more))
    return joined


def printed(figure: float, *, lang: str) -> str:
    """Return a figure as a note prints it.

    Examples
    --------
    >>> printed(1315.0, lang="vi"), printed(200 / 3, lang="en")
    ('1.315', '66.67')
    """
    return format_number(figure, decimals=2, lang=lang)
