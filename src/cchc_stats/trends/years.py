"""Values of one basis laid out as years of four quarters, and what adds up in each row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd

from cchc_stats.indicators import find_indicator
from cchc_stats.values import combined_codes, key_codes

QUARTERS = 4
SERIES = ("agency", "indicator", "group", "origin")


@dataclass(frozen=True, eq=False)
class Years:
    """Rows laid out as years × 4 quarters."""

    year: np.ndarray
    quarter: np.ndarray
    size: int

    @classmethod
    def of(cls, part: pd.DataFrame) -> Self:
        """Return the layout of rows of one basis."""
        periods = pd.PeriodIndex(part["period"])
        years = periods.year.to_numpy(dtype="int64")
        year = pd.factorize(combined_codes([key_codes(part, SERIES), years]))[0]
        return cls(year, periods.quarter.to_numpy() - 1, int(year.max()) + 1)

    def table(self, cells: np.ndarray, empty: object = np.nan) -> np.ndarray:
        """Return one cell per row as a table; `empty` where a quarter is not there."""
        laid = np.full((self.size, QUARTERS), empty, dtype=cells.dtype)
        laid[self.year, self.quarter] = cells
        return laid

    def rows(self, table: np.ndarray) -> np.ndarray:
        """Return a table's cells in the order of the rows."""
        cells: np.ndarray = table[self.year, self.quarter]
        return cells


@dataclass(frozen=True, eq=False)
class Parts:
    """What adds up in each row, and by what the quotient of the two is multiplied."""

    top: np.ndarray
    bottom: np.ndarray
    plain: np.ndarray  # a count, without denominator
    scale: np.ndarray
    additive: np.ndarray

    @classmethod
    def of(cls, part: pd.DataFrame) -> Self:
        """Return the parts of rows of one basis."""
        value, top, bottom = (
            part[name].to_numpy("float64", na_value=np.nan)
            for name in ("value", "numerator", "denominator")
        )
        codes, distinct = pd.factorize(part["indicator"])
        records = [find_indicator(code) for code in distinct]
        divided = np.array([bool(record and record.denominator) for record in records])[codes]
        is_mean = np.array([bool(record and record.kind == "mean") for record in records])[codes]
        # A user's own indicator is taken to add up.
        additive = np.array([record is None or record.additive for record in records])[codes]
        is_share = (part["unit"] == "percent").to_numpy()
        # A series is a count if none of its rows has a denominator: one row that has not reported
        # does not tell.
        series = key_codes(part, SERIES)
        with_whole = np.bincount(series, ~np.isnan(bottom)) > 0
        plain = ~with_whole[series] & ~is_share & ~divided
        scale = np.where(is_share & ~is_mean, 100.0, 1.0)
        return cls(np.where(plain, value, top), bottom, plain, scale, additive)

    @property
    def missing(self) -> np.ndarray:
        """Return the rows that lack something to add."""
        lacks: np.ndarray = np.isnan(self.top) | (np.isnan(self.bottom) & ~self.plain)
        return lacks
