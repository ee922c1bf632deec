"""Quarters into the year to date and back: numerators and denominators are added, never rates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cchc_stats.indicators import find_indicator
from cchc_stats.labels import require_language, word
from cchc_stats.periods import IN_PERIOD, YEAR_TO_DATE, label_period
from cchc_stats.values import COLUMNS, complete_values, key_codes

QUARTERS = 4
SERIES = ("agency", "indicator", "group", "origin")
ONE_FIGURE = ("agency", "period", "basis", "indicator", "group")


def year_to_date(values: pd.DataFrame, *, lang: str = "vi") -> pd.DataFrame:
    """Return the values with quarters added up from the start of their year (lũy kế).

    Parameters
    ----------
    values : values frame (see `complete_values`).
    lang : language of the notes it writes, "vi" or "en".

    Returns
    -------
    Values frame in which each `in_period` row is its `year_to_date` row: numerators and
    denominators are the sums of the year's quarters up to it, a rate is their quotient, a count
    the sum of the counts; its window starts with the first quarter's. Where one of the quarters is
    missing, the value is <NA> and the note names it. A formula with dossiers carried over or a
    stock in it does not add up: <NA> and a note. `as_of` and `year_to_date` rows pass through; a
    year to date that was reported with a figure stands instead of the sum. The origin stays that
    of the figures: what was claimed is still a claim.

    Source
    ------
    Windows of nine months and other years to date: derived from the yearly window of Decree
    09/2019/NĐ-CP, art. 12.

    Examples
    --------
    >>> own = pd.DataFrame({"agency": "Sở A", "period": ["2020Q1", "2020Q2", "2020Q3"],
    ...                     "indicator": "training_turns", "value": [18, 18, 16]})
    >>> year_to_date(own)["value"].tolist()
    [18.0, 36.0, 52.0]
    """
    return _converted(values, IN_PERIOD, YEAR_TO_DATE, lang)


def to_quarterly(values: pd.DataFrame, *, lang: str = "vi") -> pd.DataFrame:
    """Return the values with the year to date taken apart into quarters.

    Each `year_to_date` row becomes its `in_period` row: numerator and denominator less those of the
    year to date one quarter earlier, the first quarter as it is. Where that one is missing, or is
    the larger, the value is <NA> and the note says so. All other rows pass through; a quarter that
    was reported with a figure stands instead of the difference. See `year_to_date` for the rest.

    Examples
    --------
    >>> own = pd.DataFrame({"agency": "Sở A", "period": ["2020Q1", "2020Q2", "2020Q4"],
    ...                     "basis": "year_to_date", "indicator": "training_turns",
    ...                     "value": [18, 36, 60]})
    >>> to_quarterly(own)["value"].tolist()
    [18.0, 18.0, <NA>]
    """
    return _converted(values, YEAR_TO_DATE, IN_PERIOD, lang)


@dataclass(frozen=True, eq=False)
class _Years:
    """Rows laid out as years × 4 quarters: NaN where a quarter is not there."""

    year: np.ndarray
    quarter: np.ndarray
    shape: tuple[int, int]

    def table(self, numbers: np.ndarray) -> np.ndarray:
        """Return one number per row as a table of years × quarters."""
        laid = np.full(self.shape, np.nan)
        laid[self.year, self.quarter] = numbers
        return laid

    def rows(self, table: np.ndarray) -> np.ndarray:
        """Return a table's cells in the order of the rows."""
        return table[self.year, self.quarter]


def _converted(values: pd.DataFrame, old: str, new: str, lang: str) -> pd.DataFrame:
    """Return completed values with the rows of one basis turned into the other."""
    require_language(lang)
    completed = complete_values(values)
    chosen = (completed["basis"] == old).to_numpy()
    if not chosen.any():
        return completed
    part = completed[chosen].reset_index(drop=True)
    convert = _added if new == YEAR_TO_DATE else _taken_apart
    turned = convert(part, lang).assign(basis=new).astype({"basis": "str"})
    turned.index = completed.index[chosen]
    joined = pd.concat([completed[~chosen], turned]).sort_index(kind="stable")
    kept = joined[~_told_twice(joined, chosen[joined.index.to_numpy()])].reset_index(drop=True)
    others = [name for name in kept.columns if name not in COLUMNS]
    return kept[[*COLUMNS, *others]]


def _told_twice(joined: pd.DataFrame, turned: np.ndarray) -> np.ndarray:
    """Return which rows give way, where a turned row and one that was there are one figure.

    The one that was there stays if it has a value; without one it makes room for a turned row that
    has. A claim and a report are two figures.
    """
    claim = (joined["origin"] == "claimed").to_numpy()
    figure = 2 * key_codes(joined, ONE_FIGURE) + claim
    valued = joined["value"].notna().to_numpy()
    size = int(figure.max()) + 1

    def any_of(mask: np.ndarray) -> np.ndarray:
        return np.bincount(figure[mask], minlength=size)[figure] > 0

    from_turned = any_of(turned & valued)
    turned_gives_way = any_of(~turned & valued) | (any_of(~turned) & ~from_turned)
    return np.where(turned, turned_gives_way, ~valued & from_turned)


def _years(part: pd.DataFrame) -> _Years:
    series = key_codes(part, SERIES)
    periods = pd.PeriodIndex(part["period"])
    year = pd.factorize(series * 10_000 + periods.year)[0]
    return _Years(year, periods.quarter.to_numpy() - 1, (int(year.max()) + 1, QUARTERS))


def _numbers(part: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return numerator, denominator and whether the row is a plain count without denominator."""
    value = part["value"].to_numpy("float64", na_value=np.nan)
    top = part["numerator"].to_numpy("float64", na_value=np.nan)
    bottom = part["denominator"].to_numpy("float64", na_value=np.nan)
    series = key_codes(part, ("agency", "indicator", "group", "origin"))
    # A series is a count if none of its rows has a denominator: one row that has not reported
    # does not tell.
    with_whole = np.bincount(series, ~np.isnan(bottom)) > 0
    plain = ~with_whole[series] & (part["unit"] != "percent").to_numpy()
    return np.where(plain, value, top), bottom, plain


def _additive(part: pd.DataFrame) -> np.ndarray:
    """Return which rows' formula adds up over quarters; a user's own is taken to."""
    codes, distinct = pd.factorize(part["indicator"])
    records = [find_indicator(code) for code in distinct]
    return np.array([record is None or record.additive for record in records])[codes]


def _scale(part: pd.DataFrame) -> np.ndarray:
    """Return what a quotient is multiplied by to be a value."""
    codes, distinct = pd.factorize(part["indicator"])
    records = [find_indicator(code) for code in distinct]
    means = np.array([record is not None and record.kind == "mean" for record in records])[codes]
    return np.where((part["unit"] == "percent").to_numpy() & ~means, 100.0, 1.0)


def _added(part: pd.DataFrame, lang: str) -> pd.DataFrame:
    years = _years(part)
    top, bottom, plain = _numbers(part)
    tops = years.table(top)
    missing = np.isnan(tops) | (np.isnan(years.table(bottom)) & (years.table(~plain) == 1))
    sums = years.rows(np.cumsum(tops, axis=1)), years.rows(np.cumsum(years.table(bottom), axis=1))
    gap = np.logical_or.accumulate(missing, axis=1)
    starts = part["window_start"].to_numpy("datetime64[us]")
    opening = np.full(years.shape, np.datetime64("NaT"), dtype="datetime64[us]")
    opening[years.year, years.quarter] = starts
    first_gap = np.argmax(missing, axis=1)
    lost = years.rows(gap)
    notes = np.full(len(part), word("accumulation", "added", lang=lang), dtype=object)
    for row in np.flatnonzero(lost):
        quarter = int(first_gap[years.year[row]])
        label = label_period(part["period"].iloc[row] - int(years.quarter[row]) + quarter, lang=lang)
        notes[row] = word("accumulation", "quarter_missing", lang=lang).format(missing=label)
    table = _rebuilt(part, sums, plain, lost, notes, lang)
    return table.assign(window_start=opening[years.year, 0])


def _taken_apart(part: pd.DataFrame, lang: str) -> pd.DataFrame:
    years = _years(part)
    top, bottom, plain = _numbers(part)

    def less_earlier(numbers: np.ndarray) -> np.ndarray:
        table = years.table(numbers)
        return years.rows(np.diff(table, axis=1, prepend=0.0))

    parts = less_earlier(top), less_earlier(bottom)
    lost = np.isnan(parts[0]) | (np.isnan(parts[1]) & ~plain)
    shrinks = (parts[0] < 0) | (parts[1] < 0)
    notes = np.full(len(part), word("accumulation", "taken_apart", lang=lang), dtype=object)
    for row in np.flatnonzero(lost):
        own_missing = np.isnan(top[row]) or (np.isnan(bottom[row]) and not plain[row])
        period = part["period"].iloc[row] - (0 if own_missing else 1)
        label = label_period(period, YEAR_TO_DATE, lang)
        notes[row] = word("accumulation", "to_date_missing", lang=lang).format(missing=label)
    notes[shrinks] = word("accumulation", "shrinks", lang=lang)
    table = _rebuilt(part, parts, plain, lost | shrinks, notes, lang)
    ends = part["window_end"].to_numpy("datetime64[us]")
    closing = np.full((years.shape[0], QUARTERS + 1), np.datetime64("NaT"), dtype="datetime64[us]")
    closing[years.year, years.quarter + 1] = ends
    day_after = closing[years.year, years.quarter] + np.timedelta64(1, "D")
    own = part["window_start"].to_numpy("datetime64[us]")
    return table.assign(window_start=np.where(years.quarter == 0, own, day_after))


def _rebuilt(
    part: pd.DataFrame,
    parts: tuple[np.ndarray, np.ndarray],
    plain: np.ndarray,
    lost: np.ndarray,
    notes: np.ndarray,
    lang: str,
) -> pd.DataFrame:
    """Return the rows with new numerator, denominator and value, and what stands in the way."""
    top, bottom = parts
    no_parts = ~plain & part["numerator"].isna().to_numpy() & part["value"].notna().to_numpy()
    fixed = ~_additive(part)
    notes[no_parts] = word("accumulation", "no_parts", lang=lang)
    notes[fixed] = word("accumulation", "not_additive", lang=lang)
    lost = lost | no_parts | fixed
    top, bottom = np.where(lost, np.nan, top), np.where(lost | plain, np.nan, bottom)
    divisor = np.where(bottom == 0, np.nan, bottom)
    value = np.where(plain, top, _scale(part) * top / divisor)
    status = np.where(lost, "not_reported", np.where(bottom == 0, "undefined", "reported"))
    kept = part["numerator"].notna().to_numpy() | ~plain
    return part.assign(
        numerator=pd.array(np.where(kept, top, np.nan), dtype="Float64"),
        denominator=pd.array(bottom, dtype="Float64"),
        value=pd.array(value, dtype="Float64"),
        status=pd.array(status.astype(object), dtype="str"),
        note=pd.array(notes, dtype="str"),
    )
