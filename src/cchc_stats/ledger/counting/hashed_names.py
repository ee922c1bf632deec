"""Names as numbers while they are counted: long names take half the time of a tally to compare.

In a Parquet file a name stands once in a dictionary and its hash is computed there, so that hashing
every row and finding the distinct names beforehand cost less than they spare. Elsewhere, in text
above all, another pass costs more, and names are compared as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from cchc_stats.ledger.counting.duckdb_frames import fetched

Names = dict[str, pd.Series]  # of a column its names, by their hash


def hashed(relation: Any, by: Sequence[str]) -> tuple[Any, Names]:
    """Return a DuckDB relation with the names of columns hashed, and the names of the hashes.

    A column of numbers stays as it is, and so does one of which two names have one hash.
    """
    kinds = dict(zip(relation.columns, map(str, relation.types), strict=True))
    names = {}
    for column in by:
        if kinds[column] == "VARCHAR":
            found = fetched(relation.query("ledger", _distinct(column)))
            if found["hash"].is_unique:
                names[column] = found.set_index("hash")["name"]
    if not names:
        return relation, names
    hashes = ", ".join(f'hash("{column}") AS "{column}"' for column in names)
    return relation.query("ledger", f"SELECT * REPLACE ({hashes}) FROM ledger"), names


def named(found: pd.DataFrame, names: Names) -> pd.DataFrame:
    """Return counts with the names instead of their hashes; a missing name has a hash too."""
    columns = {column: names[column].loc[found[column]].array for column in names}
    return found.assign(**columns)


def _distinct(column: str) -> str:
    some = f'SELECT DISTINCT "{column}" AS name FROM ledger'
    return f"SELECT name, hash(name) AS hash FROM ({some})"
