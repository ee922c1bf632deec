"""What the prose of a report states: `claims.csv`, its figures read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from cchc_stats.reading.places import PLACE, places
from cchc_stats.reading.report import CLAIMS, UNPLACED
from cchc_stats.reading.reports.text_table import read_text_table
from cchc_stats.reading.tables import ABSENT
from cchc_stats.words import BASES, ReadError, parse_number, require_quarters, word


def read_claims(file: Path | None, document: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what the prose states, and the cells of its figures that are none.

    Parameters
    ----------
    file : `claims.csv`; None where the report has none.
    document : the name that places begin with.

    Returns
    -------
    Frame of `CLAIMS`: a printed "3/4" is value 3, and denominator 4 where that cell is empty; the
    words around a figure stay in `quote`. Frame `text, place, reason`.

    Raises
    ------
    ReadError
        A column is missing, or a basis is none of `BASES`; an empty one is unknown.
    PeriodError
        A period is no quarter.
    """
    cells = read_text_table(file, ("quote", "value", "unit"))
    for name in ("section", *CLAIMS):
        if name not in cells:
            cells[name] = ""
    strange = np.flatnonzero(~cells["basis"].isin(["", *BASES]))
    if len(strange):
        raise ReadError(
            f"there is no basis {cells['basis'].iloc[strange[0]]!r}",
            where=f"{file}, row {strange[0] + 1}, column basis",
            mend=f"leave the cell empty, or use one of {', '.join(BASES)}",
        )
    value, stated = (parse_number(cells[name]) for name in ("value", "denominator"))
    whole = stated["value"].where(stated["denominator"].isna())
    place = places(cells[["section", "place"]].set_axis(PLACE[:2], axis=1), document)
    contradicts = (value["denominator"] != whole).fillna(False)
    periods = cells["period"].mask(cells["period"] == "")
    table = cells.assign(
        value=value["value"],
        denominator=whole.fillna(value["denominator"]),
        period=require_quarters(periods, where=f"{file}, column period"),
        place=place,
    )
    lost = [
        _lost(cells["value"], place, _no_number(value), "no_number"),
        _lost(
            cells["denominator"],
            place,
            _no_number(stated) | (stated["denominator"].notna()),
            "no_number",
        ),
        _lost(cells["value"], place, contradicts, "other_whole"),
    ]
    return table[list(CLAIMS)], pd.concat(lost, ignore_index=True)


def _no_number(read: pd.DataFrame) -> pd.Series:
    return ~read["status"].isin(["reported", *ABSENT])


def _lost(cells: pd.Series, place: pd.Series, rows: pd.Series, reason: str) -> pd.DataFrame:
    """Return cells that could not be used, with their place."""
    rows = rows.astype(bool)
    columns = {"text": cells[rows], "place": place[rows], "reason": word("lost", reason)}
    return pd.DataFrame(columns, columns=list(UNPLACED), dtype="str")
