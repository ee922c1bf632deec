"""What a report is once it is read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from cchc_stats.windows import Window

UNPLACED = ("text", "place", "reason")
CLAIMS = (
    "quote",
    "value",
    "denominator",
    "unit",
    "indicator",
    "group",
    "period",
    "basis",
    "place",
)


@dataclass(frozen=True, eq=False)
class Report:
    """One report of one agency (báo cáo): its tables, what its prose claims, what has no place.

    Attributes
    ----------
    agency : who reports.
    number : the document's number as printed; may be blank before the stroke.
    signed_on : day of signature, None where none is printed.
    period : the quarter it reports on.
    window : the days its figures cover: as the report states them, else those of Decree
        09/2019/NĐ-CP, article 12.
    tables : form code -> frame with the form's columns (see `validate`). Figures stand as printed:
        a row that breaks an identity is here, and `check` says so.
    claims : frame `quote, value, denominator, unit, indicator, group, period, basis, place`, a row
        per figure stated in prose or notes; `value` <NA> where no figure is named.
    unplaced : frame `text, place, reason`: what no table could hold.
    source : file or folder it was read from, by name.
    """

    agency: str
    number: str
    signed_on: dt.date | None
    period: pd.Period
    window: Window
    tables: Mapping[str, pd.DataFrame]
    claims: pd.DataFrame
    unplaced: pd.DataFrame
    source: str

    def __repr__(self) -> str:
        """Return what the report is in one line; its frames are too long for that."""
        return (
            f"Report({self.agency!r}, {self.period}, {len(self.tables)} tables, "
            f"{len(self.claims)} claims, {len(self.unplaced)} unplaced)"
        )
