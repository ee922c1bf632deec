"""The figures that the leaves of a scheme ask for, found among values: one per case and slot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from cchc_stats.index.scheme import Scheme
from cchc_stats.indicators import find_indicator
from cchc_stats.values import coded_values, combined_codes

CLAIMED = "claimed"
NOTHING = ("undefined", "not_applicable")


class Slot(NamedTuple):
    """A figure that leaves ask for; basis "" takes whichever basis there is."""

    indicator: str
    group: str
    basis: str


@dataclass(frozen=True, eq=False)
class Measured:
    """The figures of some slots: pairs of agency and period down, slots across.

    Attributes
    ----------
    pairs : frame agency, period in the order in which the values have them.
    value, numerator, denominator : NaN where there is none. A value in percent is taken from the
        counts beside it, unrounded.
    nothing : whether there was nothing to measure: 0/0, or not applicable.
    source : texts.
    faults : what is wrong with them, in words.
    """

    pairs: pd.DataFrame
    value: np.ndarray
    numerator: np.ndarray
    denominator: np.ndarray
    nothing: np.ndarray
    source: np.ndarray
    faults: list[str]


def measured(values: pd.DataFrame, slots: list[Slot], scheme: Scheme) -> Measured:
    """Return the figures of the slots; two candidates for one are a fault, claims never count."""
    table, codes = coded_values(values)
    pair, firsts = _numbered(combined_codes([codes["agency"], codes["period"]]))
    pairs = table.loc[firsts, ["agency", "period"]].reset_index(drop=True)
    rows, at = _rows_of_slots(table, codes, slots)
    cell = pair[rows] * len(slots) + at
    faults = _told_twice(table, rows, cell, at, slots)
    shape = (len(pairs), len(slots))
    # The first of two candidates is placed; with the fault told, the result is never used.
    figures = {
        name: _placed(table[name].to_numpy("float64", na_value=np.nan)[rows], cell, shape, np.nan)
        for name in ("value", "numerator", "denominator")
    }
    status = table["status"].to_numpy(object)[rows]
    nothing = _placed(np.isin(status.astype("U"), NOTHING), cell, shape, False)
    nothing |= figures["denominator"] == 0
    for number, slot in enumerate(slots):
        scale = scale_of(slot.indicator, scheme)
        top, bottom = figures["numerator"][:, number], figures["denominator"][:, number]
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            quotient = scale * top / bottom
        column = figures["value"][:, number]
        column[:] = np.where(np.isfinite(quotient), quotient, column)
    faults += _wrong_units(table, rows, at, slots, scheme)
    source = _placed(table["source"].to_numpy(object)[rows], cell, shape, "")
    return Measured(pairs, **figures, nothing=nothing, source=source, faults=faults)


def unit_of(indicator: str, scheme: Scheme) -> str:
    """Return the unit of an indicator, of the library or of the scheme; "" where none is known."""
    known = find_indicator(indicator) or scheme.indicators.get(indicator)
    return known.unit if known else ""


def kind_of(indicator: str, scheme: Scheme) -> str:
    """Return the kind of an indicator, of the library or of the scheme; "" where none is known."""
    known = find_indicator(indicator) or scheme.indicators.get(indicator)
    return known.kind if known else ""


def scale_of(indicator: str, scheme: Scheme) -> float:
    """Return what numerator / denominator is multiplied by; a mean of percentages by 1."""
    percent = unit_of(indicator, scheme) == "percent"
    return 100.0 if percent and kind_of(indicator, scheme) != "mean" else 1.0


def _numbered(codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return codes from 0 in order of appearance, and the first row of each."""
    numbers, _ = pd.factorize(codes)
    return numbers, np.flatnonzero(~pd.Series(numbers).duplicated())


def _rows_of_slots(
    table: pd.DataFrame, codes: dict[str, np.ndarray], slots: list[Slot]
) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows that feed a slot, and which; a row may feed one of its basis and one of any.

    Looked up by a small table of the indicators and groups that are asked for, in one pass.
    """
    wanted = (
        {
            name: {word: place for place, word in enumerate(dict.fromkeys(words), start=1)}
            for name, words in zip(
                ("indicator", "group"), list(zip(*slots, strict=True))[:2], strict=True
            )
        }
        if slots
        else {"indicator": {}, "group": {}}
    )
    places = []
    for name in ("indicator", "group"):
        numbers, firsts = _numbered(codes[name])
        words = table[name].iloc[firsts]
        places.append(np.array([wanted[name].get(word, 0) for word in words], "int64")[numbers])
    rows = np.flatnonzero((places[0] > 0) & (places[1] > 0))
    rows = rows[(table["origin"].iloc[rows] != CLAIMED).to_numpy(dtype=bool)]
    basis, bases = pd.factorize(table["basis"].iloc[rows])
    found_rows, found_slots = [rows[:0]], [rows[:0]]
    # Slots that differ in the basis alone are few: one table for each basis, one for any.
    for wording in dict.fromkeys(slot.basis for slot in slots):
        lookup = np.full((len(wanted["indicator"]) + 1, len(wanted["group"]) + 1), -1)
        for number, slot in enumerate(slots):
            if slot.basis == wording:
                lookup[wanted["indicator"][slot.indicator], wanted["group"][slot.group]] = number
        at = lookup[places[0][rows], places[1][rows]]
        fits = at >= 0
        if wording:
            fits &= np.array([name == wording for name in bases], dtype=bool)[basis]
        found_rows.append(rows[fits])
        found_slots.append(at[fits])
    return np.concatenate(found_rows), np.concatenate(found_slots)


def _placed(
    figures: np.ndarray, cell: np.ndarray, shape: tuple[int, int], empty: object
) -> np.ndarray:
    flat = np.full(shape[0] * shape[1], empty, dtype=figures.dtype)
    flat[cell[::-1]] = figures[::-1]
    return flat.reshape(shape)


def _told_twice(
    table: pd.DataFrame, rows: np.ndarray, cell: np.ndarray, at: np.ndarray, slots: list[Slot]
) -> list[str]:
    doubled = pd.Series(cell).duplicated().to_numpy()
    if not doubled.any():
        return []
    faults = []
    for number in dict.fromkeys(at[doubled]):
        first = np.flatnonzero(doubled & (at == number))[0]
        both = table.iloc[rows[cell == cell[first]]]
        row, slot = both.iloc[0], slots[number]
        many = len(set(cell[doubled & (at == number)]))
        told = "; ".join(f"{r['value']:g} {r['basis']}, {r['origin']}" for _, r in both.iterrows())
        faults.append(
            f"two values for one leaf: {slot.indicator}, group {slot.group}, of {row['agency']}, "
            f"{row['period']}{f' and {many - 1} more' if many > 1 else ''} ({told}); keep the "
            "rows of one origin and basis"
        )
    return faults


def _wrong_units(
    table: pd.DataFrame, rows: np.ndarray, at: np.ndarray, slots: list[Slot], scheme: Scheme
) -> list[str]:
    """Return values that stand in another unit than their indicator's; counts tell no unit."""
    unit = table["unit"].to_numpy(object)[rows]
    counted = (table["numerator"].notna() & table["denominator"].notna()).to_numpy()[rows]
    expected = np.array([unit_of(slot.indicator, scheme) for slot in slots], object)[at]
    wrong = (unit != "") & (expected != "") & (unit != expected) & ~counted
    wrong &= table["value"].notna().to_numpy()[rows]
    faults = []
    for number in dict.fromkeys(at[wrong]):
        row = table.iloc[rows[np.flatnonzero(wrong & (at == number))[0]]]
        faults.append(
            f"{row['indicator']} of {row['agency']}, {row['period']} is in {row['unit']}, "
            f"its unit is {unit_of(slots[number].indicator, scheme)}"
        )
    return faults
