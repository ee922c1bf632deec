"""What becomes of the cells that are no figures: headings, labels, notes, and what has no place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from cchc_stats.reading.files import Grid
from cchc_stats.reading.tables.account import Account
from cchc_stats.reading.tables.grid_headings import Anatomy, is_figure
from cchc_stats.reading.tables.matching import stated
from cchc_stats.reading.tables.placing_choice import Choice
from cchc_stats.reading.tables.placing_periods import note_quarter
from cchc_stats.reading.tables.row_labels import Row, is_serial
from cchc_stats.words import Window


@dataclass(frozen=True, eq=False)
class Setting:
    """What is known of a table beside its cells."""

    account: Account
    period: pd.Period
    basis: str
    source: str
    window: Window | None


def reason(code: str, **words: object) -> str:
    """Return why a cell has no place, in words."""
    return str(stated()["reasons"][code]).format(**words)


def say_structure(account: Account, anatomy: Anatomy) -> None:
    """Account for the headings and formula rows of a grid."""
    for kind, rows in (
        ("heading", (*anatomy.titles, *anatomy.headings)),
        ("formula_row", anatomy.formulas),
    ):
        for row in rows:
            for column in range(anatomy.grid.columns):
                account.say((anatomy.grid.number, row, column), kind)


def leave_unplaced(
    account: Account, grid: Grid, row: int, columns: Sequence[int], place: str, why: str
) -> None:
    """Account for cells of a row that no form has a place for."""
    cells = [(column, grid.text_at(row, column)) for column in columns]
    # A merged cell is one text, and what has been said of a cell stands.
    cells = [
        (column, text)
        for column, text in cells
        if text and (cell := grid.covering(row, column)) and cell.column == column
    ]
    fresh = [
        (column, text) for column, text in cells if grid_cell_is_free(account, grid, row, column)
    ]
    if not fresh:
        return
    words = any(not is_figure(text) for _, text in fresh)
    account.unplaced((" | " if words else " ").join(text for _, text in fresh), place, why)
    for column, _ in fresh:
        account.say((grid.number, row, column), "unplaced")


def grid_cell_is_free(account: Account, grid: Grid, row: int, column: int) -> bool:
    """Return whether nothing was said of a cell that begins here."""
    cell = grid.covering(row, column)
    return bool(cell and cell.row == row and not account.role(grid, row, column))


def say_labels(setting: Setting, head: Anatomy, choice: Choice, row: Row, *, placed: bool) -> None:
    """Account for a row's serial, label and note, and for what is left over."""
    account, grid, number = setting.account, row.grid, row.number
    form = choice.layout.forms[0]
    place = place_of(setting, row)
    for column in range(grid.columns):
        at = (grid.number, number, column)
        text = grid.text_at(number, column)
        if not text or not grid_cell_is_free(account, grid, number, column):
            continue
        heading = head.names[column]
        if column in head.serials:
            account.say(at, "serial" if is_serial(text) else "row_label")
        elif column in head.notes:
            account.say(at, "note")
            until = note_quarter(text)
            why = reason("note_period", period=until) if until else reason("note", form=form)
            account.unplaced(text, f"{place}, cột '{heading}'", why)
        elif (
            placed
            and column not in choice.columns
            and not is_figure(text)
            and (column == choice.key or column in head.texts and column not in head.figures)
            and text in row.label
        ):
            account.say(at, "row_label")
        else:
            code = "two_columns" if column in choice.twice else "no_column"
            why = reason(code, heading=heading, form=form)
            leave_unplaced(account, grid, number, (column,), place, why)


def place_of(setting: Setting, row: Row) -> str:
    """Return where a row stands."""
    label = f", dòng '{row.label}'" if row.label else ""
    return f"{setting.source}; {row.grid.place}, hàng {row.number + 1}{label}"
