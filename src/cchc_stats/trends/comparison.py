"""One period against an earlier one: matched by key, like with like, gaps said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray
from pandas.arrays import FloatingArray

from cchc_stats.indicators import with_units
from cchc_stats.trends.change_limits import change_limits
from cchc_stats.trends.paired_windows import window_remark
from cchc_stats.trends.wording import Remark, distinct
from cchc_stats.values import KEY, Codes, coded_values, combined_codes
from cchc_stats.words import (
    YEAR_TO_DATE,
    YEARS,
    ValuesError,
    label_period,
    require_language,
    several_spellings,
    word,
)

SERIES = tuple(name for name in KEY if name != "period")
ADDED = (
    "previous_period",
    "previous",
    "change",
    "change_pct",
    "change_pp",
    "change_low",
    "change_high",
    "comparison_note",
)


def quarter_over_quarter(values: pd.DataFrame, *, lang: str = "vi") -> pd.DataFrame:
    """Return the values with the figure of the quarter before and the change (so với quý trước).

    Parameters
    ----------
    values : values frame (see `complete_values`), bases `in_period` and `as_of` only.
    lang : language of `comparison_note`, "vi" or "en".

    Returns
    -------
    The values in their order, index 0…n-1, with the columns
    `previous_period`, the quarter compared with, set in every row;
    `previous`, the figure one quarter earlier under the same agency, basis, indicator, group and
    origin;
    `change`, value less previous, in the value's unit;
    `change_pct`, for counts (no denominator, no percentage): change in percent of previous, <NA>
    where previous is not above 0;
    `change_pp`, for percentages: the change in percentage points;
    `change_low`, `change_high`, its limits at 95 % (Newcombe), for rates of events in counts (see
    `add_intervals`) whose windows do not overlap; counts and all others have none;
    `comparison_note`, why something is missing (of limits, for percentages only), and beside a
    change where the two windows, as far as both are known, differ in length by more than 5 days
    (the earlier one's length first) or have days in common; "" where there is nothing to say.
    A quarter that is not there gives <NA> and a note, never the quarter next to it.

    Raises
    ------
    ValuesError
        Year-to-date values among them: nine months are not compared with six.

    Source
    ------
    Limits: Newcombe (1998), Statistics in Medicine 17, 873-890, method 10.

    Examples
    --------
    >>> own = pd.DataFrame({"agency": "Sở A", "period": ["2020Q1", "2020Q2", "2020Q4"],
    ...                     "indicator": "dossiers_settled", "value": [50, 60, 70]})
    >>> quarter_over_quarter(own)[["previous", "change", "change_pct"]].values.tolist()
    [[<NA>, <NA>, <NA>], [50.0, 10.0, 20.0], [<NA>, <NA>, <NA>]]
    """
    completed, codes = coded_values(values)
    wrong = completed["basis"] == YEAR_TO_DATE
    if wrong.any():
        first = completed[wrong].iloc[0]
        raise ValuesError(
            "year-to-date values cannot be compared quarter over quarter",
            where=(
                f"{int(wrong.sum())} of {len(completed)} rows, the first: {first['indicator']}, "
                f"{first['agency']}, {first['period']}"
            ),
            mend="call to_quarterly(values) first, or year_over_year(values)",
        )
    return _compared(completed, codes, lag=1, lang=lang)


def year_over_year(values: pd.DataFrame, *, lang: str = "vi") -> pd.DataFrame:
    """Return the values with the figure of the same quarter a year before (so với cùng kỳ).

    Parameters
    ----------
    values : values frame (see `complete_values`); every basis is compared with its like, so nine
        months stand against nine months.
    lang : language of `comparison_note`, "vi" or "en".

    Returns
    -------
    The values with the columns of `quarter_over_quarter`, by its rules.

    Raises
    ------
    ValuesError
        As `complete_values` does.

    Examples
    --------
    >>> own = pd.DataFrame({"agency": "Sở A", "period": ["2019Q3", "2020Q3"], "unit": "percent",
    ...                     "indicator": "on_time_rate_settled", "value": [98.0, 99.5]})
    >>> year_over_year(own)["change_pp"].tolist()
    [<NA>, 1.5]
    """
    return _compared(*coded_values(values), lag=4, lang=lang)


def _compared(values: pd.DataFrame, codes: Codes, *, lag: int, lang: str) -> pd.DataFrame:
    """Return completed values with what they were `lag` quarters earlier."""
    require_language(lang)
    values = with_units(values)
    at = earlier_rows(values, codes, lag)
    found = at >= 0
    value = values["value"].to_numpy("float64", na_value=np.nan)
    unit, units = pd.factorize(values["unit"])
    same_unit = found & (unit[at] == unit)
    previous = np.where(found, value[at], np.nan)
    change = np.where(same_unit, value - previous, np.nan)
    is_share = (units == "percent")[unit]
    is_count = ~is_share & values["denominator"].isna().to_numpy()
    relative = 100 * change / np.where(previous > 0, previous, np.nan)
    # The first that holds is told.
    reasons = {
        "no_value": np.isnan(value),
        "no_previous": ~found,
        "previous_empty": found & np.isnan(previous),
        "other_unit": found & ~same_unit,
        "previous_zero": is_count & (previous <= 0),
    }
    change_pp = np.where(is_share, change, np.nan)
    windows = window_remark(values, at, ~np.isnan(change), lang=lang)
    low, high, limits = change_limits(values, at, ~np.isnan(change_pp), lang=lang)
    return values.assign(
        previous_period=pd.PeriodIndex(values["period"]) - lag,
        previous=_nullable(previous),
        change=_nullable(change),
        change_pct=_nullable(np.where(is_count, relative, np.nan)),
        change_pp=_nullable(change_pp),
        change_low=_nullable(low),
        change_high=_nullable(high),
        comparison_note=_notes(values, codes, reasons, [windows, limits], lag=lag, lang=lang),
    )


def earlier_rows(values: pd.DataFrame, codes: Codes, lag: int) -> np.ndarray:
    """Return for each row the position of the row `lag` quarters earlier, -1 where there is none.

    The key is shifted, not the rows: a quarter that is missing is not replaced by its neighbour.
    Of several rows with one key, the first is found.
    """
    series = pd.factorize(combined_codes(codes[name] for name in SERIES))[0]
    quarter = pd.PeriodIndex(values["period"]).asi8
    quarter = quarter - quarter.min()
    # Each series has a stretch of its own, wide enough that looking back cannot leave it.
    place = series * (int(quarter.max()) + 1 + lag) + quarter
    first = np.flatnonzero(~pd.Series(place).duplicated().to_numpy())
    at = pd.Index(place[first]).get_indexer(place - lag)
    return np.where(at < 0, -1, first[at])


def _nullable(numbers: np.ndarray) -> FloatingArray:
    return FloatingArray(numbers, np.isnan(numbers))


def _notes(
    values: pd.DataFrame,
    codes: Codes,
    reasons: dict[str, np.ndarray],
    remarks: Sequence[Remark],
    *,
    lag: int,
    lang: str,
) -> ExtensionArray:
    """Return the note of each row: the first reason that holds, with its period; the remarks."""
    number = np.select(list(reasons.values()), range(1, len(reasons) + 1), 0)
    sentences = ["", *(word("comparison", reason, lang=lang) for reason in reasons)]
    # A few hundred distinct notes at most, however many rows.
    beside = [remark.codes for remark in remarks]
    first, note = distinct(combined_codes([number, codes["basis"], codes["period"], *beside]))
    texts = []
    for row in first.tolist():
        told = sentences[number[row]]
        more = [remark.texts[remark.codes[row]] for remark in remarks]
        if "{previous}" in told:
            told = told.replace("{previous}", _earlier(values, row, lag=lag, lang=lang))
        texts.append("; ".join(text for text in (told, *more) if text))
    notes = pd.array(texts, dtype="str").take(note)
    for row, twin in _twins(values, codes, reasons["no_previous"], lag=lag):
        hint = word("comparison", "other_spelling", lang=lang).format(names=twin)
        notes[row] = f"{notes[row]}; {hint}"
    return notes


def _earlier(values: pd.DataFrame, row: int, *, lag: int, lang: str) -> str:
    period = values["period"].iloc[row] - lag
    if period.year not in YEARS:  # before the first year that a figure may have
        return str(period)
    return label_period(period, values["basis"].iloc[row], lang)


def _twins(
    values: pd.DataFrame, codes: Codes, missing: np.ndarray, *, lag: int
) -> Iterator[tuple[int, str]]:
    """Yield the rows without an earlier figure where an agency of a similar name has one."""
    groups = several_spellings(values["agency"].unique())
    similar = {name: number for number, names in enumerate(groups) for name in names}
    rows = np.flatnonzero(
        values["agency"].isin(similar).to_numpy() & (missing | values["value"].notna().to_numpy())
    )
    if not len(rows):
        return
    part = values.iloc[rows]
    folded = {name: array[rows] for name, array in codes.items()}
    folded["agency"] = part["agency"].map(similar).to_numpy("int64")
    at = earlier_rows(part, folded, lag)
    for row, earlier in zip(rows, at, strict=True):
        if missing[row] and earlier >= 0 and not pd.isna(part["value"].iloc[earlier]):
            yield int(row), str(part["agency"].iloc[earlier])
