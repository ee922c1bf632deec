"""One period against an earlier one: matched by key, like with like, gaps noted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray

from cchc_stats.indicators import with_units
from cchc_stats.statistics import (
    OWN,
    Remark,
    distinct,
    kinds_of,
    newcombe,
    of_kinds,
    other_figure,
    repeated_units,
    row_notes,
)
from cchc_stats.values import (
    KEY,
    QUARTERS_OF,
    CheckedValues,
    combined_codes,
    days_of,
    window_kinds,
)
from cchc_stats.words import (
    AS_OF,
    YEAR_TO_DATE,
    YEARS,
    ValuesError,
    as_figures,
    label_period,
    require_language,
    several_spellings,
    word,
)

_SAME_LENGTH = 5  # days; the decree's quarters have 90 to 92
_DAY = np.timedelta64(1, "D")


def windows_overlap(values: pd.DataFrame, at: np.ndarray) -> np.ndarray:
    """Return the rows whose window has days in common with that of the row they stand against.

    Parameters
    ----------
    at : for each row the position of the earlier one, -1 where there is none.
    """
    start, end = (
        values[name].to_numpy("datetime64[us]") for name in ("window_start", "window_end")
    )
    # Nothing is before or after a day that is missing.
    common: np.ndarray = (at >= 0) & (start <= end[at]) & (start[at] <= end)
    return common


def window_remark(values: pd.DataFrame, at: np.ndarray, paired: np.ndarray, *, lang: str) -> Remark:
    """Return what is wrong with the windows of rows and of the earlier ones they stand against.

    Parameters
    ----------
    values : completed values; stocks are of a day and have no length.
    at : for each row the position of the earlier one.
    paired : rows that are compared. Those with a window unknown on either side get no remark.
    """
    start, end = (
        values[name].to_numpy("datetime64[us]") for name in ("window_start", "window_end")
    )
    # NaN, where a day is missing, is neither above nor below.
    days = (end - start) / _DAY + 1
    days[days < 1] = np.nan
    with_days = paired & ~np.isnan(days) & ~np.isnan(days[at])
    longer = np.abs(days - days[at]) > _SAME_LENGTH
    common = windows_overlap(values, at)
    rows = np.flatnonzero(with_days & (longer | common))
    rows = rows[(values["basis"].iloc[rows] != AS_OF).to_numpy()]
    codes = np.zeros(len(values), dtype="int64")
    if not len(rows):
        return codes, [""]
    earlier, own, longer, common = days[at[rows]], days[rows], longer[rows], common[rows]
    lengths = [pd.factorize(np.where(longer, cells, 0))[0] for cells in (earlier, own)]
    first, codes_of_rows = distinct(combined_codes([common.astype("int64"), *lengths]))
    codes[rows] = 1 + codes_of_rows
    length = word("comparison", "other_length", lang=lang)
    overlapping = word("comparison", "overlapping", lang=lang)
    texts = [""]
    for row in first:
        lengths_text = length.format(previous=f"{earlier[row]:.0f}", days=f"{own[row]:.0f}")
        sentences = [lengths_text] * bool(longer[row]) + [overlapping] * bool(common[row])
        texts.append("; ".join(sentences))
    return codes, texts


def quarters_of_two_kinds(
    values: pd.DataFrame, at: np.ndarray, paired: np.ndarray, *, across: bool, lang: str
) -> Remark:
    """Return the pairs of the decree's quarter and the calendar's; refuse them unless wanted.

    A pair with one side's kind unknown is noted: whether they are alike is to be asked.

    Parameters
    ----------
    at : for each row the position of the earlier one.
    paired : rows that are compared.
    across : whether such a pair is compared all the same, and noted.
    """
    kinds = window_kinds(values)
    both = np.isin(kinds, QUARTERS_OF) & np.isin(kinds[at], QUARTERS_OF)
    rows = np.flatnonzero(paired & both & (kinds != kinds[at]))
    if len(rows) and not across:
        row, earlier = values.iloc[rows[0]], values.iloc[at[rows[0]]]
        raise ValuesError(
            "the decree's quarter and the calendar's cannot be compared unmarked",
            where=(
                f"{len(rows)} of {len(values)} rows, the first: {row['indicator']}, "
                f"{row['agency']}, {row['period']} ({days_of(row)}) with {earlier['period']} "
                f"({days_of(earlier)})"
            ),
            mend="keep the values of one kind of quarter, or pass across_windows=True: each pair "
            "is then noted",
        )
    codes, names = np.zeros(len(values), dtype="int64"), [*QUARTERS_OF]
    codes[rows] = [1 + names.index(kind) for kind in kinds[rows]]
    words = [word("window", name, lang=lang) for name in names]
    text = word("comparison", "two_quarters", lang=lang)
    pairs = zip(words, words[::-1], strict=True)
    texts = ["", *(text.format(own=own, previous=other) for own, other in pairs)]
    for side, unknown, other in (("own", kinds, kinds[at]), ("previous", kinds[at], kinds)):
        sentence = word("comparison", f"{side}_quarter_unknown", lang=lang)
        for name, text in zip(names, words, strict=True):
            codes[paired & (unknown == "") & (other == name)] = len(texts)
            texts.append(sentence.format(known=text))
    return codes, texts


LEVEL = 95.0
_REMARKS = (
    "",
    "limits_overlapping",
    "limits_parts",
    "limits_stock",
    "limits_ratio",
    "limits_repeated",
)


def change_limits(
    values: pd.DataFrame, at: np.ndarray, paired: np.ndarray, *, lag: int, lang: str
) -> tuple[np.ndarray, np.ndarray, Remark]:
    """Return lower and upper limit of each change in percentage points, and why there are none.

    Parameters
    ----------
    values : completed values with their units.
    at : for each row the position of the earlier one.
    paired : rows with a change in percentage points; no others get limits or a remark.
    lag : quarters between the two; of neighbours one holds what the other carried over.
    """
    x, n, value = (
        values[name].to_numpy("float64", na_value=np.nan)
        for name in ("numerator", "denominator", "value")
    )
    low, high = np.full(len(values), np.nan), np.full(len(values), np.nan)
    remark = np.zeros(len(values), dtype="int64")
    kinds = kinds_of(values["indicator"].to_numpy(object))
    stock = (values["basis"] == AS_OF).to_numpy() | of_kinds(kinds, ["stock"])
    events = paired & of_kinds(kinds, ["events", OWN]) & ~stock
    # What is pending at the end of one quarter may be pending still at the end of the next.
    common = events & windows_overlap(values, at)
    repeated = events & (lag == 1) & repeated_units(values["indicator"].to_numpy(object))
    rows = np.flatnonzero(events & ~common & ~repeated)
    other = other_figure(x, n, value)
    rows = rows[~(other[rows] | other[at[rows]])]
    low[rows], high[rows] = newcombe(x[rows], n[rows], x[at[rows]], n[at[rows]], LEVEL)
    lost = paired & np.isnan(low)
    remark[lost] = _REMARKS.index("limits_ratio")
    remark[lost & stock] = _REMARKS.index("limits_stock")
    remark[lost & events] = _REMARKS.index("limits_parts")
    remark[lost & repeated] = _REMARKS.index("limits_repeated")
    remark[lost & common] = _REMARKS.index("limits_overlapping")
    texts = [code and word("comparison", code, lang=lang) for code in _REMARKS]
    return low, high, (remark, texts)


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


def quarter_over_quarter(
    values: pd.DataFrame, *, across_windows: bool = False, lang: str = "vi"
) -> pd.DataFrame:
    """Return the values with the figure of the quarter before and the change (so với quý trước).

    Parameters
    ----------
    values : values frame (see `complete_values`), bases `in_period` and `as_of` only.
    across_windows : whether the decree's quarter (15th to 14th) may stand against the calendar's;
        each such pair has a note. Refused otherwise: the two share a name, not their days.
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
    `add_intervals`) whose windows do not overlap and that count no dossier in both quarters (those
    carried over are); counts and all others have none;
    `comparison_note`, why something is missing (of limits, for percentages only), and beside a
    change where the two windows, where both have days, differ in length by more than 5 days
    (the earlier one's length first) or have days in common; "" where there is nothing to say.
    A quarter that is not there gives <NA> and a note, never the quarter next to it.

    Raises
    ------
    ValuesError
        Year-to-date values among them: nine months are not compared with six; quarters of the
        decree beside those of the calendar.

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
    return compared(CheckedValues.of(values), lag=1, across=across_windows, lang=lang)


def year_over_year(
    values: pd.DataFrame, *, across_windows: bool = False, lang: str = "vi"
) -> pd.DataFrame:
    """Return the values with the figure of the same quarter a year before (so với cùng kỳ).

    Parameters
    ----------
    values : values frame (see `complete_values`); every basis is compared with its like, so nine
        months stand against nine months.
    across_windows : whether the decree's quarter (15th to 14th) may stand against the calendar's;
        each such pair has a note. Refused otherwise: the two share a name, not their days.
    lang : language of `comparison_note`, "vi" or "en".

    Returns
    -------
    The values with the columns of `quarter_over_quarter`, by its rules.

    Raises
    ------
    ValuesError
        As `complete_values` does; quarters of the decree beside those of the calendar.

    Examples
    --------
    >>> own = pd.DataFrame({"agency": "Sở A", "period": ["2019Q3", "2020Q3"], "unit": "percent",
    ...                     "indicator": "on_time_rate_settled", "value": [98.0, 99.5]})
    >>> year_over_year(own)["change_pp"].tolist()
    [<NA>, 1.5]
    """
    return compared(CheckedValues.of(values), lag=4, across=across_windows, lang=lang)


def compared(checked: CheckedValues, *, lag: int, across: bool, lang: str) -> pd.DataFrame:
    """Return values with what they were `lag` quarters earlier."""
    if lag == 1:
        _refuse_year_to_date(checked.frame)
    require_language(lang)
    checked = replace(checked, frame=with_units(checked.frame))
    values, at = checked.frame, earlier_rows(checked, lag)
    matched = at >= 0
    value = values["value"].to_numpy("float64", na_value=np.nan)
    unit, units = pd.factorize(values["unit"])
    same_unit = matched & (unit[at] == unit)
    previous = np.where(matched, value[at], np.nan)
    change = np.where(same_unit, value - previous, np.nan)
    is_share = (units == "percent")[unit]
    is_count = ~is_share & values["denominator"].isna().to_numpy()
    relative = 100 * change / np.where(previous > 0, previous, np.nan)
    # The first that holds is noted.
    absent = {
        name: (values["status"] == name).to_numpy(dtype=bool) & np.isnan(value)
        for name in ("undefined", "not_applicable")
    }
    reasons = {
        **absent,
        "no_value": np.isnan(value),
        "no_previous": ~matched,
        **{f"previous {name}": matched & rows[at] for name, rows in absent.items()},
        "previous_empty": matched & np.isnan(previous),
        "other_unit": matched & ~same_unit,
        "previous_zero": is_count & (previous <= 0),
    }
    change_pp = np.where(is_share, change, np.nan)
    paired = ~np.isnan(change)
    quarters = quarters_of_two_kinds(values, at, paired, across=across, lang=lang)
    windows = window_remark(values, at, paired, lang=lang)
    low, high, limits = change_limits(values, at, ~np.isnan(change_pp), lag=lag, lang=lang)
    return values.assign(
        previous_period=pd.PeriodIndex(values["period"]) - lag,
        previous=as_figures(previous),
        change=as_figures(change),
        change_pct=as_figures(np.where(is_count, relative, np.nan)),
        change_pp=as_figures(change_pp),
        change_low=as_figures(low),
        change_high=as_figures(high),
        comparison_note=_notes(checked, reasons, [quarters, windows, limits], lag=lag, lang=lang),
    )


def _refuse_year_to_date(values: pd.DataFrame) -> None:
    wrong = values["basis"] == YEAR_TO_DATE
    if wrong.any():
        first = values[wrong].iloc[0]
        raise ValuesError(
            "year-to-date values cannot be compared quarter over quarter",
            where=(
                f"{int(wrong.sum())} of {len(values)} rows, the first: {first['indicator']}, "
                f"{first['agency']}, {first['period']}"
            ),
            mend="call to_quarterly(values) first, or year_over_year(values)",
        )


def earlier_rows(checked: CheckedValues, lag: int) -> np.ndarray:
    """Return for each row the position of the row `lag` quarters earlier, -1 where there is none.

    The key is shifted, not the rows: a quarter that is missing is not replaced by its neighbour.
    Of several rows with one key, the first is taken.
    """
    series = checked.numbers(SERIES)
    quarter = pd.PeriodIndex(checked.frame["period"]).asi8
    quarter = quarter - quarter.min()
    # Each series has a stretch of its own, wide enough that looking back cannot leave it.
    place = series * (int(quarter.max()) + 1 + lag) + quarter
    first = np.flatnonzero(~pd.Series(place).duplicated().to_numpy())
    at = pd.Index(place[first]).get_indexer(place - lag)
    return np.where(at < 0, -1, first[at])


def _notes(
    checked: CheckedValues,
    reasons: dict[str, np.ndarray],
    remarks: Sequence[Remark],
    *,
    lag: int,
    lang: str,
) -> ExtensionArray:
    """Return the note of each row: the first reason that holds, with its period; the remarks."""
    values, codes = checked.frame, checked.codes
    number = np.select(list(reasons.values()), range(1, len(reasons) + 1), 0)
    sentences = ["", *(_sentence(reason, lang=lang) for reason in reasons)]
    # A few hundred distinct sentences at most, however many rows.
    rows = np.flatnonzero(number)
    first, which = distinct(
        combined_codes([number[rows], codes["basis"][rows], codes["period"][rows]])
    )
    reason = np.zeros(len(values), dtype="int64")
    reason[rows] = 1 + which
    texts = [""]
    for row in rows[first].tolist():
        text = sentences[number[row]]
        if "{previous}" in text:
            text = text.replace("{previous}", _earlier(values, row, lag=lag, lang=lang))
        texts.append(text)
    notes = row_notes([(reason, texts), *remarks])
    for row, twin in _twins(checked, reasons["no_previous"], lag=lag):
        hint = word("comparison", "other_spelling", lang=lang).format(names=twin)
        notes[row] = f"{notes[row]}; {hint}"
    return notes


def _sentence(reason: str, *, lang: str) -> str:
    """Return a reason in words; what a status says is said in the words of the status."""
    status = reason.removeprefix("previous ")
    if status in ("undefined", "not_applicable"):
        state = word("status", status, lang=lang)
        whole = word("comparison", "previous_status", lang=lang)
        return whole.replace("{status}", state) if status != reason else state
    return word("comparison", reason, lang=lang)


def _earlier(values: pd.DataFrame, row: int, *, lag: int, lang: str) -> str:
    period = values["period"].iloc[row] - lag
    if period.year not in YEARS:  # before the first year that a figure may have
        return str(period)
    return label_period(period, values["basis"].iloc[row], lang)


def _twins(checked: CheckedValues, missing: np.ndarray, *, lag: int) -> Iterator[tuple[int, str]]:
    """Yield the rows without an earlier figure where an agency of a similar name has one."""
    values = checked.frame
    groups = several_spellings(values["agency"].unique())
    similar = {name: number for number, names in enumerate(groups) for name in names}
    rows = np.flatnonzero(
        values["agency"].isin(similar).to_numpy() & (missing | values["value"].notna().to_numpy())
    )
    if not len(rows):
        return
    part = values.iloc[rows]
    folded = {name: array[rows] for name, array in checked.codes.items()}
    folded["agency"] = part["agency"].map(similar).to_numpy("int64")
    at = earlier_rows(CheckedValues(part, folded), lag)
    for row, earlier in zip(rows, at, strict=True):
        if missing[row] and earlier >= 0 and not pd.isna(part["value"].iloc[earlier]):
            yield int(row), str(part["agency"].iloc[earlier])
