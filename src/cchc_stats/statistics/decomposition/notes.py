"""What is to be minded of a decomposition: figures that are missing, groups that came or went."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray

from cchc_stats.statistics.decomposition.cells import Cells
from cchc_stats.statistics.decomposition.effects import starts_of, sums_by
from cchc_stats.statistics.rates import some_of
from cchc_stats.words import YEAR_TO_DATE, format_number, label_period, word


@dataclass(frozen=True, eq=False)
class Reasons:
    """What the notes are made from.

    Attributes
    ----------
    columns : where `before` and `after` stand among the periods.
    known : series × periods, whether all figures are there and not all of them 0.
    staying : the cells that are there in all periods.
    """

    cells: Cells
    columns: tuple[int, int]
    known: np.ndarray
    staying: np.ndarray


def notes_of(
    reasons: Reasons,
    at: np.ndarray,
    series: np.ndarray,
    usable: np.ndarray,
    number: np.ndarray,
    *,
    lang: str,
) -> ExtensionArray:
    """Return the note of each row: what holds of its series, then of its cell.

    Parameters
    ----------
    at, series : the cell of each row, -1 for none, and its series.
    usable : the series whose change is known.
    number : the component of each row, as a number.
    """
    of_series = _series_notes(reasons, usable, lang)
    of_cell = _cell_notes(reasons, usable, lang)
    texts = np.full(len(at), "", dtype=object)
    noted = np.array([bool(told) for told in of_series])[series]
    noted |= np.isin(at, [*of_cell])
    for row in np.flatnonzero(noted):
        texts[row] = "; ".join([*of_series[series[row]], *of_cell.get(int(at[row]), [])])
    return pd.array(texts, dtype="str")


def _series_notes(reasons: Reasons, usable: np.ndarray, lang: str) -> list[list[str]]:
    """Return the sentences of each series: what is missing, and what does not fit."""
    cells = reasons.cells
    notes: list[list[str]] = [[] for _ in usable]
    rowed = sums_by(cells.series)(cells.rowed) > 0
    starts = [*starts_of(cells.series), len(cells.series)]

    def say(series: int | np.integer, code: str, column: int = 0, **words: str) -> None:
        sentence, period = (
            word("decomposition", code, lang=lang),
            _name(reasons, series, column, lang),
        )
        notes[int(series)].append(sentence.format(period=period, **words))

    for column in sorted(reasons.columns):
        for series in np.flatnonzero(~reasons.known[:, column]):
            if not rowed[series, column]:
                say(series, "no_rows", column)
                continue
            own = np.arange(starts[series], starts[series + 1])
            missing = [str(cells.group[cell]) for cell in own if cells.unknown[cell, column]]
            if missing:
                say(series, "missing", column, groups=some_of(missing, lang))
            else:
                say(series, "nothing", column)
        for number, told, summed in _other_wholes(cells, column):
            say(number, "whole_differs", column, printed=_pair(told, lang), sum=_pair(summed, lang))
    stays = np.logical_or.reduceat(reasons.staying, starts_of(cells.series))
    for series in np.flatnonzero(usable & ~stays):
        say(series, "none_stays")
    for series in np.flatnonzero(usable & cells.only_whole):
        say(series, "only_whole")
    for series in np.flatnonzero(usable & ~reasons.known.all(axis=1)):
        left_out = np.flatnonzero(~reasons.known[series])
        names = [_name(reasons, series, column, lang) for column in left_out]
        say(series, "left_out", periods=some_of(names, lang))
    years = {cells.periods[column].year for column in reasons.columns}
    if len(years) == 1:
        for series in np.flatnonzero((cells.keys["basis"] == YEAR_TO_DATE).to_numpy()):
            say(series, "overlap")
    return notes


def _other_wholes(
    cells: Cells, column: int
) -> Iterator[tuple[int, tuple[float, float], tuple[float, float]]]:
    """Yield the series whose printed whole is not the sum of the groups."""
    by_series = sums_by(cells.series)
    summed = np.column_stack([by_series(cells.top)[:, column], by_series(cells.bottom)[:, column]])
    printed = cells.printed[:, column]
    complete = by_series(cells.unknown)[:, column] == 0
    differs = (np.abs(printed - summed) > 1e-9 * np.abs(summed)).any(axis=1) & complete
    for series in np.flatnonzero(differs & ~np.isnan(printed).any(axis=1)):
        yield int(series), tuple(printed[series]), tuple(summed[series])


def _cell_notes(reasons: Reasons, usable: np.ndarray, lang: str) -> dict[int, list[str]]:
    """Return the sentences of cells: why one came or went, or that nothing is there."""
    cells, columns = reasons.cells, reasons.columns
    rowed, something = (table[:, list(columns)] for table in (cells.rowed, cells.bottom > 0))
    ready = usable[cells.series]
    both = something.all(axis=1)
    gone, new = something[:, 0] & ~something[:, 1], something[:, 1] & ~something[:, 0]
    masks = {
        ("no_row_before", 0): ready & new & ~rowed[:, 0],
        ("zero", 0): ready & new & rowed[:, 0],
        ("no_row_after", 1): ready & gone & ~rowed[:, 1],
        ("zero", 1): ready & gone & rowed[:, 1],
        ("neither", 0): ready & ~something.any(axis=1) & rowed.any(axis=1),
        ("not_throughout", 0): ready & both & ~reasons.staying,
        ("above", 0): cells.above[:, list(columns)].any(axis=1),
    }
    notes: dict[int, list[str]] = {}
    for (code, place), mask in masks.items():
        sentence = word("decomposition", code, lang=lang)
        for cell in np.flatnonzero(mask):
            period = _name(reasons, int(cells.series[cell]), columns[place], lang)
            notes.setdefault(int(cell), []).append(sentence.format(period=period))
    return notes


def _name(reasons: Reasons, series: int | np.integer, column: int | np.integer, lang: str) -> str:
    basis = reasons.cells.keys["basis"].iloc[int(series)]
    return label_period(reasons.cells.periods[int(column)], basis, lang)


def _pair(figures: tuple[float, float], lang: str) -> str:
    return "/".join(format_number(figure, decimals=0, lang=lang) for figure in figures)
