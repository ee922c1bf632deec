"""One period against an earlier one: matched by key, like with like, gaps said."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cchc_stats.agencies import fold_agency, several_spellings
from cchc_stats.errors import ValuesError
from cchc_stats.labels import require_language, word
from cchc_stats.periods import AS_OF, IN_PERIOD, label_period
from cchc_stats.values import KEY, complete_values, key_codes

SERIES = tuple(name for name in KEY if name != "period")


def quarter_over_quarter(values: pd.DataFrame, *, lang: str = "vi") -> pd.DataFrame:
    """Return the values with the figure of the quarter before and the change (so với quý trước).

    Parameters
    ----------
    values : values frame (see `complete_values`), bases `in_period` and `as_of` only.
    lang : language of `comparison_note`, "vi" or "en".

    Returns
    -------
    The values in their order, index 0…n-1, with the columns
    `previous`, the figure one quarter earlier under the same agency, basis, indicator, group and
    origin;
    `change`, value less previous, in the value's unit;
    `change_pct`, for counts: change in percent of previous, <NA> where previous is not above 0;
    `change_pp`, for percentages: the change in percentage points;
    `comparison_note`, why something is missing, "" where nothing is.
    A quarter that is not there gives <NA> and a note, never the quarter next to it.

    Raises
    ------
    ValuesError
        Year-to-date values among them: nine months are not compared with six.

    Examples
    --------
    >>> own = pd.DataFrame({"agency": "Sở A", "period": ["2020Q1", "2020Q2", "2020Q4"],
    ...                     "indicator": "dossiers_settled", "value": [50, 60, 70]})
    >>> quarter_over_quarter(own)[["previous", "change", "change_pct"]].values.tolist()
    [[<NA>, <NA>, <NA>], [50.0, 10.0, 20.0], [<NA>, <NA>, <NA>]]
    """
    completed = complete_values(values)
    wrong = ~completed["basis"].isin([IN_PERIOD, AS_OF])
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
    return _compared(completed, lag=1, lang=lang)


def year_over_year(values: pd.DataFrame, *, lang: str = "vi") -> pd.DataFrame:
    """Return the values with the figure of the same quarter a year before (so với cùng kỳ).

    Columns and rules are those of `quarter_over_quarter`; every basis is compared with its like,
    so nine months stand against nine months.

    Examples
    --------
    >>> own = pd.DataFrame({"agency": "Sở A", "period": ["2019Q3", "2020Q3"], "unit": "percent",
    ...                     "indicator": "on_time_rate_settled", "value": [98.0, 99.5]})
    >>> year_over_year(own)["change_pp"].tolist()
    [<NA>, 1.5]
    """
    return _compared(complete_values(values), lag=4, lang=lang)


def _compared(values: pd.DataFrame, *, lag: int, lang: str) -> pd.DataFrame:
    """Return completed values with what they were `lag` quarters earlier."""
    require_language(lang)
    at = earlier_rows(values, lag)
    found = at >= 0
    value = values["value"].to_numpy("float64", na_value=np.nan)
    unit = pd.factorize(values["unit"])[0]
    same_unit = found & (unit[at] == unit)
    previous = np.where(found, value[at], np.nan)
    change = np.where(same_unit, value - previous, np.nan)
    is_share = (values["unit"] == "percent").to_numpy()
    is_count = ~is_share & values["denominator"].isna().to_numpy()
    relative = 100 * change / np.where(previous > 0, previous, np.nan)
    notes = {
        "no_value": np.isnan(value),
        "no_previous": ~found,
        "previous_empty": found & np.isnan(previous),
        "other_unit": found & ~same_unit,
        "previous_zero": is_count & (previous <= 0),
    }
    return values.assign(
        previous=_nullable(previous),
        change=_nullable(change),
        change_pct=_nullable(np.where(is_count, relative, np.nan)),
        change_pp=_nullable(np.where(is_share, change, np.nan)),
        comparison_note=_notes(values, notes, lag=lag, lang=lang),
    )


def earlier_rows(values: pd.DataFrame, lag: int) -> np.ndarray:
    """Return for each row the position of the row `lag` quarters earlier, -1 where there is none.

    The key is shifted, not the rows: a quarter that is missing is not replaced by its neighbour.
    """
    series = key_codes(values, SERIES)
    quarter = pd.PeriodIndex(values["period"]).asi8
    quarter = quarter - quarter.min()
    # Each series has a stretch of its own, wide enough that looking back cannot leave it.
    place = series * (int(quarter.max()) + 1 + lag) + quarter + lag
    order = np.argsort(place, kind="stable")
    ordered = place[order]
    at = np.searchsorted(ordered, place - lag)
    at[at == len(place)] = 0
    return np.where(ordered[at] == place - lag, order[at], -1)


def _nullable(numbers: np.ndarray) -> pd.api.extensions.ExtensionArray:
    return pd.arrays.FloatingArray(numbers, np.isnan(numbers))  # type: ignore[attr-defined]


def _notes(
    values: pd.DataFrame, masks: dict[str, np.ndarray], *, lag: int, lang: str
) -> pd.array:
    """Return the note of each row: the first reason that holds, with the period it names."""
    texts = np.full(len(values), "", dtype=object)
    periods = pd.PeriodIndex(values["period"]).asi8
    pairs = periods * 3 + pd.Categorical(values["basis"], ["in_period", "as_of", "year_to_date"]).codes
    for rule, mask in reversed(masks.items()):
        sentence = word("comparison", rule, lang=lang)
        if "{previous}" not in sentence:
            texts[mask] = sentence
            continue
        for pair in np.unique(pairs[mask]):
            rows = mask & (pairs == pair)
            row = int(np.argmax(rows))
            earlier = values["period"].iloc[row] - lag
            label = label_period(earlier, values["basis"].iloc[row], lang)
            texts[rows] = sentence.format(previous=label)
    _name_twins(texts, values, masks["no_previous"], lag=lag, lang=lang)
    return pd.array(texts, dtype="str")


def _name_twins(
    texts: np.ndarray, values: pd.DataFrame, missing: np.ndarray, *, lag: int, lang: str
) -> None:
    """Add to a missing previous figure the agency of a similar name that has one."""
    for names in several_spellings(values["agency"].unique()):
        rows = values["agency"].isin(names).to_numpy()
        folded = values[rows].assign(agency=fold_agency(names[0]))
        folded = folded.reset_index(drop=True)
        # Both spellings may have reported; then the first of them is found, which is enough here.
        at = earlier_rows(folded, lag)
        for row, earlier in zip(np.flatnonzero(rows), at, strict=True):
            if missing[row] and earlier >= 0:
                twin = values["agency"].iloc[np.flatnonzero(rows)[earlier]]
                hint = word("comparison", "other_spelling", lang=lang).format(names=twin)
                texts[row] = f"{texts[row]}; {hint}"
