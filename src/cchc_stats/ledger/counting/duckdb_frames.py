"""What DuckDB found, as a pandas frame, or as the refusal of a file that it cannot read."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cchc_stats.words import ReadError

HOW_TO_READ = "read the export with read_ledger or scan_ledger, which give the ledger's columns"


def fetched(relation: Any) -> pd.DataFrame:
    """Return a DuckDB relation as a pandas frame.

    Raises
    ------
    ReadError
        A file that turns out to be damaged only now.
    """
    import duckdb

    try:
        frame: pd.DataFrame = relation.df()
    except duckdb.Error as error:
        raise unreadable(error, where="ledger=") from error
    return frame


def unreadable(error: Exception, *, where: str) -> ReadError:
    """Return the refusal of files that the engine cannot read, with the engine's own word."""
    return ReadError(
        f"the ledger cannot be read: {str(error).splitlines()[0]}",
        where=where,
        mend=f"get the file anew where it is cut short; otherwise {HOW_TO_READ}",
    )
