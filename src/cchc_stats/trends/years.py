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
DAY = "datetime64[us]"
NO_DAY = np.datetime64("NaT", "us")


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

    def beside(self, part: pd.DataFrame, told: pd.DataFrame, parts: Parts) -> Stated:
        """Return rows of another basis laid out beside those of `part`.

        A claim stands beside claims; other origins are one, and the first of several is taken.
        """
        columns = [*SERIES, "period"]
        both = pd.concat([part[columns], told[columns]], ignore_index=True)
        periods = pd.PeriodIndex(both["period"])
        claim = (both["origin"] == "claimed").to_numpy("int64")
        of_year = [key_codes(both, SERIES[:-1]), claim, periods.year.to_numpy(dtype="int64")]
        year = pd.factorize(combined_codes(of_year))[0]
        size, quarter = len(part), periods.quarter.to_numpy() - 1
        known = np.full((int(year.max()) + 1, QUARTERS), -1)
        known[year[size:][::-1], quarter[size:][::-1]] = np.arange(len(told))[::-1]
        place = np.empty((self.size, QUARTERS), dtype="int64")
        place[self.year] = known[year[:size]]
        plain = np.empty((self.size, 1), dtype=bool)
        plain[self.year, 0] = parts.plain
        return Stated.of(told, place, plain)


@dataclass(frozen=True, eq=False)
class Stated:
    """Reported years to date laid out as years × 4 quarters; `place` is the row, -1 for none."""

    place: np.ndarray
    known: np.ndarray
    top: np.ndarray
    bottom: np.ndarray
    start: np.ndarray
    end: np.ndarray

    @classmethod
    def of(cls, told: pd.DataFrame, place: np.ndarray, plain: np.ndarray) -> Self:
        """Return the rows of `told` at their places; counts are known by value alone."""

        def laid(cells: np.ndarray, empty: object) -> np.ndarray:
            # The place -1 is the last, which is empty.
            table: np.ndarray = np.append(cells, np.array([empty], dtype=cells.dtype))[place]
            return table

        value, numerator, bottom = (
            laid(told[name].to_numpy("float64", na_value=np.nan), np.nan)
            for name in ("value", "numerator", "denominator")
        )
        top = np.where(plain, value, numerator)
        known = ~np.isnan(top) & (plain | ~np.isnan(bottom))
        start, end = (
            np.where(known, laid(told[name].to_numpy(DAY), NO_DAY), NO_DAY)
            for name in ("window_start", "window_end")
        )
        return cls(place, known, top, bottom, start, end)


@dataclass(frozen=True, eq=False)
class Parts:
    """What adds up in each row, and by what the quotient of the two is multiplied."""

    top: np.ndarray
    bottom: np.ndarray
    plain: np.ndarray  # a count, without denominator
    scale: np.ndarray
    additive: np.ndarray
    valued: np.ndarray
    dash: np.ndarray  # printed "-", and nothing to add
    events: np.ndarray  # the numerator is counted among the denominator's

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
        events = np.array([bool(record and record.kind == "events") for record in records])[codes]
        is_share = (part["unit"] == "percent").to_numpy()
        # A series is a count if none of its rows has a denominator: one row that has not reported
        # does not tell.
        series = key_codes(part, SERIES)
        with_whole = np.bincount(series, ~np.isnan(bottom)) > 0
        plain = ~with_whole[series] & ~is_share & ~divided
        scale = np.where(is_share & ~is_mean, 100.0, 1.0)
        top = np.where(plain, value, top)
        lacks = np.isnan(top) | (np.isnan(bottom) & ~plain)
        dash = lacks & (part["status"] == "not_applicable").to_numpy()
        return cls(top, bottom, plain, scale, additive, ~np.isnan(value), dash, events)

    @property
    def missing(self) -> np.ndarray:
        """Return the rows that lack something to add."""
        lacks: np.ndarray = np.isnan(self.top) | (np.isnan(self.bottom) & ~self.plain)
        return lacks

    @property
    def lone(self) -> np.ndarray:
        """Return the rates without numerator and denominator."""
        rates: np.ndarray = self.missing & ~self.plain & self.valued
        return rates


def first_known(days: np.ndarray, otherwise: np.ndarray) -> np.ndarray:
    """Return the days, and others where they are not known."""
    known: np.ndarray = np.where(np.isnat(days), otherwise, days)
    return known
