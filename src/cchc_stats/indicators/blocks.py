"""What an indicator gives: figures with a state each, and blocks of values ready to be joined."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from cchc_stats.indicators.indicator import Indicator
from cchc_stats.labels import word
from cchc_stats.number_printing import format_number
from cchc_stats.values import key_codes

# States of figures, the known ones first, with the status that each has in values. A "-" beside a
# figure is kept apart: such a row is no part of a sum, yet its sum without it would mislead.
KNOWN, ZERO_DENOMINATOR, DASH, DASH_IN_PART, EMPTY = range(5)
STATUS = np.array(
    ["reported", "undefined", "not_applicable", "not_applicable", "not_reported"], dtype=object
)

# A stock told twice is taken from the row that speaks of the end of the period itself.
BASIS_FIRST = {"as_of": 0, "in_period": 1, "year_to_date": 2}


@dataclass(frozen=True, eq=False)
class Figures:
    """Numerator, denominator and state of an indicator, one of each per row."""

    numerator: np.ndarray
    denominator: np.ndarray
    state: np.ndarray


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

    @classmethod
    def of(
        cls, indicator: Indicator, figures: Figures, columns: dict[str, np.ndarray], *, lang: str
    ) -> Block:
        """Return figures as values: the numerator over the denominator where that is a number."""
        value, note = figures.numerator, columns["note"]
        if indicator.denominator:
            divisor = np.where(figures.denominator == 0, np.nan, figures.denominator)
            value = indicator.scale * figures.numerator / divisor
        if always := indicator.note.in_language(lang):
            note = joined_notes(note, np.ones(len(note), dtype=bool), always)
        return cls(
            indicator=indicator,
            numerator=figures.numerator,
            denominator=figures.denominator,
            value=value,
            status=STATUS[figures.state],
            **columns | {"note": note},
        )

    def __len__(self) -> int:
        """Return the number of values."""
        return len(self.value)

    def at_one_basis(self, *, lang: str) -> Block:
        """Return a stock's values with basis `as_of`, each once; what disagrees is noted.

        A stock is of the last day of its window, whatever days its row's flows are of.
        """
        stock = replace(
            self,
            basis=np.full(len(self), "as_of", dtype=object),
            window_start=self.window_end,
        )
        if (self.basis == self.basis[0]).all():
            return stock
        keys = pd.DataFrame({"a": self.agency, "p": self.period, "g": self.group})
        key = key_codes(keys, ["a", "p", "g"])
        rank = np.array([BASIS_FIRST[name] for name in self.basis])
        order = np.lexsort((rank, np.isnan(self.value), key))
        first = np.r_[True, key[order][1:] != key[order][:-1]]
        taken = order[first][np.cumsum(first) - 1]
        found, kept = self.value[order], self.value[taken]
        note = self.note.copy()
        other_figure = word("measuring", "other_figure", lang=lang)
        for at in np.flatnonzero((found != kept) & ~np.isnan(found)):
            row, other = order[at], taken[at]
            more = other_figure.format(place=self.source[row], value=printed(found[at], lang=lang))
            note[other] = f"{note[other]}; {more}" if note[other] else more
        return replace(stock, note=note).take(np.sort(order[first]))

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
