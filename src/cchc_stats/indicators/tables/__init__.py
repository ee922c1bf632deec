"""Records applied to the tables of a report."""

from cchc_stats.indicators.tables.applying import Kept, apply, require_tables
from cchc_stats.indicators.tables.blocks import Block, printed
from cchc_stats.indicators.tables.matching import (
    add_note,
    as_flow,
    name_dash,
    set_beside,
    tables_of,
)
from cchc_stats.indicators.tables.rows import Rows
from cchc_stats.indicators.tables.wholes import indicate_whole

__all__ = [
    "Block",
    "Kept",
    "Rows",
    "add_note",
    "apply",
    "as_flow",
    "indicate_whole",
    "name_dash",
    "printed",
    "require_tables",
    "set_beside",
    "tables_of",
]
