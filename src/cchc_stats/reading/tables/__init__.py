"""Grids become rows of the forms."""

from cchc_stats.reading.tables.account import (
    ABSENT,
    WINDOW,
    Entry,
    read_cells,
    read_columns,
    unplaced_cells,
)
from cchc_stats.reading.tables.anatomy import sectors
from cchc_stats.reading.tables.layouts import layouts, with_names
from cchc_stats.reading.tables.placing import Placed, place

__all__ = [
    "ABSENT",
    "Entry",
    "Placed",
    "WINDOW",
    "layouts",
    "place",
    "read_cells",
    "read_columns",
    "sectors",
    "unplaced_cells",
    "with_names",
]
