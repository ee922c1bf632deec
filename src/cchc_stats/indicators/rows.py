"""The rows of one form's frame as arrays, and an indicator's figures over them and their whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

import numpy as np
import pandas as pd

from cchc_stats.indicators.indicator import Indicator, evaluate
from cchc_stats.values import key_codes

# A stock told twice is taken from the row that speaks of the end of the period itself.
BASIS_FIRST = {"as_of": 0, "in_period": 1, "year_to_date": 2}


@dataclass(frozen=True, eq=False)
class Figures:
    """Numerator, denominator and status of an indicator in each row."""

    numerator: np.ndarray
    denominator: np.ndarray
    status: np.ndarray


@dataclass(frozen=True, eq=False)
class Block:
    """The values of one indicator: arrays of one length, named as in the values frame."""

    indicator: Indicator
    agency: np.ndarray
    period: np.ndarray
    basis: np.ndarray
    group: np.ndarray
    numerator: np.ndarray
    denominator: np.ndarray
    value: np.ndarray
    status: np.ndarray
    window_start: np.ndarray
    window_end: np.ndarray
    source: np.ndarray
    note: np.ndarray

    def __len__(self) -> int:
        """Return the number of values."""
        return len(self.value)

    def at_one_basis(self) -> Block:
        """Return a stock's values with basis `as_of`, each once; what disagrees is noted."""
        keys = pd.DataFrame({"a": self.agency, "p": self.period, "g": self.group})
        key = key_codes(keys, ["a", "p", "g"])
        basis = np.full(len(self), "as_of", dtype=object)
        if len(np.unique(key)) == len(self):
            return replace(self, basis=basis)
        rank = np.array([BASIS_FIRST[name] for name in self.basis])
        order = np.lexsort((rank, np.isnan(self.value), key))
        first = np.r_[True, key[order][1:] != key[order][:-1]]
        taken = order[first][np.cumsum(first) - 1]
        found, kept = self.value[order], self.value[taken]
        note = self.note.copy()
        for at in np.flatnonzero((found != kept) & ~np.isnan(found)):
            row, other = order[at], taken[at]
            more = f"khác số ở {self.source[row]}: {self.value[row]:g}"
            note[other] = f"{note[other]}; {more}" if note[other] else more
        return replace(self, basis=basis, note=note).take(np.sort(order[first]))

    def take(self, rows: np.ndarray) -> Block:
        """Return the values at some positions, or where a mask is True."""
        arrays = {name: array[rows] for name, array in vars(self).items() if name != "indicator"}
        return Block(indicator=self.indicator, **arrays)


@dataclass(frozen=True, eq=False)
class Rows:
    """What all indicators of one frame share: keys, groups, places, and what was printed "-"."""

    frame: pd.DataFrame
    row: str
    prepared: bool = False

    @classmethod
    def of(cls, frame: pd.DataFrame, row: str, *, prepared: bool = False) -> Self:
        """Return the rows of a form's frame; `row` is its column of codes, "" where it has none.

        A prepared frame may have a column `note` for the values; a report's own is its remarks.
        """
        return cls(frame, row, prepared)

    @cached_property
    def group(self) -> np.ndarray:
        """The group of each row."""
        if not self.row:
            return np.full(len(self.frame), "all", dtype=object)
        return self.frame[self.row].to_numpy(dtype=object)

    @cached_property
    def whole(self) -> np.ndarray:
        """Whether the row is the whole itself, printed as such."""
        whole: np.ndarray = self.group == "all"
        return whole

    @cached_property
    def note(self) -> np.ndarray:
        """What is to be said of each row's values."""
        if self.prepared and "note" in self.frame:
            return self.frame["note"].to_numpy(dtype=object)
        return np.full(len(self.frame), "", dtype=object)

    @cached_property
    def keys(self) -> dict[str, np.ndarray]:
        """The columns that every value of a row takes over."""
        empty = np.full(len(self.frame), np.datetime64("NaT"), dtype="datetime64[us]")
        windows = {
            name: self.frame[name].to_numpy("datetime64[us]") if name in self.frame else empty
            for name in ("window_start", "window_end")
        }
        return {
            "agency": self.frame["agency"].to_numpy(dtype=object),
            "period": pd.PeriodIndex(self.frame["period"]).asi8,
            "basis": self.frame["basis"].to_numpy(dtype=object),
            "source": self.frame["source"].to_numpy(dtype=object),
            **windows,
        }

    @cached_property
    def reports(self) -> tuple[np.ndarray, np.ndarray]:
        """A number for the report (agency, period, basis) of each row, and each one's first row."""
        codes = key_codes(self.frame, ["agency", "period", "basis"])
        return codes, np.unique(codes, return_index=True)[1]

    @cached_property
    def total_source(self) -> np.ndarray:
        """The place of each report's rows taken together."""
        codes, first = self.reports
        number = np.bincount(codes[~self.whole], minlength=len(first))
        part = first.copy()
        # Backwards, so that the first part of each report is the one that stays.
        part[codes[~self.whole][::-1]] = np.flatnonzero(~self.whole)[::-1]
        places = self.keys["source"][part]
        words = [
            place if n < 2 else f"{place}: tổng của {n} dòng"
            for place, n in zip(places, number, strict=True)
        ]
        return np.array(words, dtype=object)

    @cached_property
    def printed_dash(self) -> dict[str, np.ndarray]:
        """Column -> mask of the rows in which "-" was printed there."""
        codes, distinct = pd.factorize(self.frame["not_applicable"])
        masks: dict[str, np.ndarray] = {}
        for number, text in enumerate(distinct):
            for name in str(text).replace(",", " ").split():
                masks[name] = masks.get(name, False) | (codes == number)
        return masks

    def lacking(self, names: Iterable[str]) -> np.ndarray:
        """Return which reports have in some column neither a figure nor a "-", in any row."""
        codes, first = self.reports
        lacks = np.zeros(len(first), dtype=bool)
        for name in names:
            told = self.frame[name].notna().to_numpy() | self.printed_dash.get(name, False)
            lacks |= np.bincount(codes[told], minlength=len(first)) == 0
        return lacks

    def evaluate(self, indicator: Indicator) -> Figures:
        """Return the indicator's parts in each row, missing as NaN, and the status."""
        size = len(self.frame)
        top = evaluate(self.frame, indicator.numerator).to_numpy("float64", na_value=np.nan)
        bottom, unknown = np.full(size, np.nan), np.isnan(top)
        status = np.full(size, "reported", dtype=object)
        if indicator.denominator:
            below = evaluate(self.frame, indicator.denominator)
            bottom = below.to_numpy("float64", na_value=np.nan)
            unknown = unknown | np.isnan(bottom)
            status[bottom == 0] = "undefined"
        status[unknown] = "not_reported"
        for name in indicator.columns:
            if name in self.printed_dash:
                status[unknown & self.printed_dash[name]] = "not_applicable"
        return Figures(top, bottom, status)

    def block(
        self, figures: Figures, indicator: Indicator, *, chosen: np.ndarray | None = None
    ) -> Block:
        """Return the values of the chosen rows, all of them unless told."""
        rows = np.arange(len(self.frame)) if chosen is None else np.flatnonzero(chosen)
        taken = Figures(figures.numerator[rows], figures.denominator[rows], figures.status[rows])
        note = self.note[rows]
        keys = {name: array[rows] for name, array in self.keys.items()}
        return _block(indicator, taken, keys | {"group": self.group[rows], "note": note})

    def total(self, figures: Figures, indicator: Indicator) -> Block:
        """Return the value of each report's whole: as printed where reported, else Σ over Σ."""
        codes, first = self.reports
        size = len(first)
        is_part = ~self.whole
        status = figures.status
        unknown = np.bincount(codes[is_part & (status == "not_reported")], minlength=size)
        parts = np.bincount(codes[is_part], minlength=size)
        alone = parts == 0
        for code in indicator.parts:
            absent = np.bincount(codes[self.group == code], minlength=size) == 0
            unknown, parts = unknown + absent, parts + absent
        counted = is_part & ((status == "reported") | (status == "undefined"))
        usable = np.bincount(codes[counted], minlength=size)
        # As float: bincount of no rows at all is whole numbers, whatever the weights.
        top = np.bincount(codes[counted], figures.numerator[counted], size).astype("float64")
        bottom = np.full(size, np.nan)
        if indicator.denominator:
            below = np.bincount(codes[counted], figures.denominator[counted], size)
            bottom = below.astype("float64")
        outcome = np.full(size, "reported", dtype=object)
        outcome[bottom == 0] = "undefined"
        outcome[usable == 0] = "not_applicable"
        # A part that did not report is not 0: the whole is as unknown as it is.
        outcome[unknown > 0] = "not_reported"
        source, note = self.total_source.copy(), np.full(size, "", dtype=object)
        for report in np.flatnonzero((unknown > 0) & (usable > 0)):
            note[report] = f"chưa có số liệu của {unknown[report]}/{parts[report]} dòng"
        printed = np.flatnonzero(self.whole)
        # The printed whole counts where it has the figures, or where nothing else is there.
        printed = printed[
            np.isin(status[printed], ["reported", "undefined"]) | alone[codes[printed]]
        ]
        at = codes[printed]
        top[at], bottom[at] = figures.numerator[printed], figures.denominator[printed]
        outcome[at], source[at], note[at] = status[printed], self.keys["source"][printed], ""
        missing = (outcome == "not_reported") | (outcome == "not_applicable")
        top[missing], bottom[missing] = np.nan, np.nan
        keys = {name: array[first] for name, array in self.keys.items()}
        for name in ("window_start", "window_end"):
            keys[name][at] = self.keys[name][printed]
        group = np.full(size, "all", dtype=object)
        taken = Figures(top, bottom, outcome)
        return _block(indicator, taken, keys | {"source": source, "group": group, "note": note})


def _block(indicator: Indicator, figures: Figures, columns: dict[str, np.ndarray]) -> Block:
    """Return figures as values: the numerator over the denominator where that is a number."""
    value, note = figures.numerator, columns["note"]
    if indicator.denominator:
        divisor = np.where(figures.denominator == 0, np.nan, figures.denominator)
        value = indicator.scale * figures.numerator / divisor
    if indicator.note:
        note = np.where(note == "", indicator.note, note + f"; {indicator.note}")
    return Block(
        indicator=indicator,
        numerator=figures.numerator,
        denominator=figures.denominator,
        value=value,
        status=figures.status,
        **columns | {"note": note},
    )


def indicate_whole(frame: pd.DataFrame, indicator: Indicator, *, row: str) -> pd.Series:
    """Return an indicator of each report's whole, named by its code, by agency, period, basis."""
    rows = Rows.of(frame, row, prepared=True)
    block = rows.total(rows.evaluate(indicator), indicator)
    periods = rows.frame["period"].iloc[rows.reports[1]]
    keys = {"agency": block.agency, "period": periods.array, "basis": block.basis}
    index = pd.MultiIndex.from_frame(pd.DataFrame(keys))
    values = pd.arrays.FloatingArray(block.value, np.isnan(block.value))
    return pd.Series(values, index=index, name=indicator.code)
