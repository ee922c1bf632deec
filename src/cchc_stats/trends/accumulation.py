"""Quarters into the year to date and back: numerators and denominators are added, never rates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray

from cchc_stats.indicators import with_units
from cchc_stats.statistics import interval_columns
from cchc_stats.trends.comparison import ADDED
from cchc_stats.trends.sums import Sums
from cchc_stats.trends.told_twice import told_once
from cchc_stats.trends.wording import Remark, dash_remark, gap_remark, notes, sources
from cchc_stats.trends.years import DAY, NO_DAY, QUARTERS, Parts, Years, first_known
from cchc_stats.values import complete_values, key_codes, window_columns
from cchc_stats.words import IN_PERIOD, YEAR_TO_DATE, require_language

Rows = dict[str, np.ndarray]


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
    the sum of the counts. Quarter I stays as it is, whatever it is: it is the year to date as well.
    A quarter printed "-" adds nothing once another has a figure. Quarters after a reported year to
    date are added to it, and it stands instead of the sum of its own quarters, noting one that
    differs (percent: by more than rounding to one decimal). The window starts with the first
    quarter's, or where the decree has the year start if that is not stated; `source` names those
    of all quarters; `note` keeps what was noted, says how the row was made, which quarters were
    printed "-", and where the windows of two quarters leave days out or overlap.
    The value is <NA>, and the note says why, where one of the quarters is missing, for a rate
    without numerator and denominator, and where numerator or denominator is not the quarter's
    alone: dossiers carried over, a stock, a whole year's figure. The library knows that of its own
    indicators; one that a user brings is taken to add up.
    `as_of` and other `year_to_date` rows pass through. The origin stays that of the figures: what
    was claimed is still a claim, and stays apart. Columns of a comparison and intervals are left
    out.

    Raises
    ------
    ValuesError
        As `complete_values` does.

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

    Parameters
    ----------
    values : values frame (see `complete_values`).
    lang : language of the notes it writes, "vi" or "en".

    Returns
    -------
    Values frame in which each `year_to_date` row is its `in_period` row: numerator and denominator
    less those of the year to date one quarter earlier, or less nothing where that was printed "-";
    the first quarter's as they are. Where that one is missing, or is the larger, the value is <NA>
    and the note says so; so it is for rates without numerator and denominator and for what does
    not add up (see `year_to_date`), which leaves only quarter I of indicators that are measured
    from the start of the year alone. All other rows pass through; a quarter that was reported with
    a figure stands instead of the difference, and notes one that differs. The rest is as in
    `year_to_date`.

    Raises
    ------
    ValuesError
        As `complete_values` does.

    Examples
    --------
    >>> own = pd.DataFrame({"agency": "Sở A", "period": ["2020Q1", "2020Q2", "2020Q4"],
    ...                     "basis": "year_to_date", "indicator": "training_turns",
    ...                     "value": [18, 36, 60]})
    >>> to_quarterly(own)["value"].tolist()
    [18.0, 18.0, <NA>]
    """
    return _converted(values, YEAR_TO_DATE, IN_PERIOD, lang)


def _converted(values: pd.DataFrame, old: str, new: str, lang: str) -> pd.DataFrame:
    """Return completed values with the rows of one basis turned into the other."""
    require_language(lang)
    completed = with_units(complete_values(values)).drop(columns=list(ADDED), errors="ignore")
    completed = completed.drop(columns=interval_columns(completed))
    chosen = (completed["basis"] == old).to_numpy()
    if not chosen.any():
        return completed
    part = completed[chosen].reset_index(drop=True)
    if new == YEAR_TO_DATE:
        told = completed[(completed["basis"] == new) & completed["value"].notna()]
        turned, sentence = _added(part, told.reset_index(drop=True), lang), "other_sum"
    else:
        known = _summed(completed[completed["basis"] == new].reset_index(drop=True), part, lang)
        extended = pd.concat([part, known], ignore_index=True)
        turned, sentence = _taken_apart(extended, lang).iloc[: len(part)], "other_difference"
    turned = turned.assign(basis=pd.array([new] * len(part), dtype="str"))
    turned.index = completed.index[chosen]
    joined = pd.concat([completed[~chosen], turned]).sort_index(kind="stable")
    return told_once(joined, chosen, sentence=sentence, lang=lang)


def _summed(quarters: pd.DataFrame, part: pd.DataFrame, lang: str) -> pd.DataFrame:
    """Return the years to date that reported quarters give and nobody reported.

    Of 18, 18, 16 and 60 to date at the year's end, 8 are of the last quarter.
    """
    if quarters.empty:
        return part.iloc[:0]
    told = part[part["value"].notna()]
    sums = _added(quarters, told.reset_index(drop=True), lang)
    sums = sums[sums["value"].notna()].assign(basis=YEAR_TO_DATE, note="")
    sums = sums.astype(part.dtypes.to_dict())
    code = key_codes(
        pd.concat([told, sums], ignore_index=True),
        ("agency", "period", "indicator", "group", "origin"),
    )
    return sums[~np.isin(code[len(told) :], code[: len(told)])]


def _added(part: pd.DataFrame, told: pd.DataFrame, lang: str) -> pd.DataFrame:
    """Return quarters as years to date; those after one that was told are added to it."""
    years, parts = Years.of(part), Parts.of(part)
    stated = years.beside(part, told, parts)
    dashes = years.table(parts.dash, False)
    sums = Sums.of(
        *(np.where(dashes, 0.0, years.table(cells)) for cells in (parts.top, parts.bottom)),
        lacks=years.table(parts.missing, True) & ~dashes,
        stated=stated,
    )
    missing, since = years.rows(sums.missing), years.rows(sums.since)
    at = np.arange(QUARTERS)
    used = (at > since[:, None]) & (at <= years.quarter[:, None])
    dashed = used & dashes[years.year]
    nothing = (dashed == used).all(axis=1) & (since < 0)
    lost = (missing >= 0) | nothing
    first = years.quarter == 0
    # Quarter I needs no parts to be kept as it is.
    losing = {
        "not_additive": ~parts.additive & ~first,
        "no_parts": parts.lone & ~first,
        "quarter_missing": lost & ~(first & parts.valued),
    }
    made = {"first_quarter": first, "continued": since >= 0, "added": np.ones_like(first)}
    starts = years.table(part["window_start"].to_numpy(DAY), NO_DAY)
    ends = first_known(stated.end, years.table(part["window_end"].to_numpy(DAY), NO_DAY))
    gaps = _days_between(ends[:, :-1], starts[:, 1:])[years.year]
    gaps = np.where(used[:, 1:] & ~lost[:, None], gaps, 0)
    opening = first_known(
        np.where(since < 0, NO_DAY, stated.start[years.year, since]), starts[years.year, 0]
    )
    # A window that has an end has a start: where none is stated, the decree's.
    decreed, _ = window_columns(
        part["period"], pd.Series(YEAR_TO_DATE, index=part.index, dtype="str")
    )
    opening = np.where(part["window_end"].isna(), opening, first_known(opening, decreed))
    own = used & ((at == years.quarter[:, None]) | ~lost[:, None])
    rows = np.where(own, years.table(np.arange(len(part)), -1)[years.year], -1)
    before = np.where(lost | (since < 0), -1, len(part) + stated.place[years.year, since])
    ordinal = pd.PeriodIndex(part["period"]).asi8
    return _rebuilt(
        part,
        replace(parts, top=years.rows(sums.top), bottom=years.rows(sums.bottom)),
        losing,
        made,
        kept=first & parts.valued,
        dash=nothing,
        source=sources(
            pd.concat([part["source"], told["source"]]), np.column_stack([before, rows])
        ),
        about=ordinal - years.quarter + np.maximum(np.where(lost, missing, since), 0),
        remarks=[dash_remark(dashed, lang), gap_remark(gaps, lang)],
        lang=lang,
    ).assign(window_start=opening)


def _taken_apart(part: pd.DataFrame, lang: str) -> pd.DataFrame:
    """Return years to date as quarters."""
    years, parts = Years.of(part), Parts.of(part)
    # "-" from the start of the year on is nothing to subtract, unless a figure came before.
    figured = np.logical_or.accumulate(~years.table(parts.missing, True), axis=1)
    empty = years.table(parts.dash, False) & ~figured
    top, bottom = (
        years.rows(_differences(years.table(cells), empty)) for cells in (parts.top, parts.bottom)
    )
    lost = np.isnan(top) | (np.isnan(bottom) & ~parts.plain)
    ordinal = pd.PeriodIndex(part["period"]).asi8
    first = years.quarter == 0
    earlier = np.maximum(years.quarter - 1, 0)
    losing = {
        "not_separable": ~parts.additive & ~first,
        "no_parts_to_separate": parts.lone & ~first,
        "to_date_missing": lost & ~(first & parts.valued),
        "shrinks": ((top < 0) | (bottom < 0)) & ~first,
        # Of 9 in 20 and 15 in 22 to date, 6 cannot be among 2: an earlier figure was revised.
        "exceeds": (top > bottom) & parts.events & ~first,
    }
    made = {
        "first_quarter": first,
        "nothing_before": empty[years.year, earlier],
        "taken_apart": np.ones_like(first),
    }
    closing = years.table(part["window_end"].to_numpy(DAY), NO_DAY)
    day_after = closing[years.year, earlier] + np.timedelta64(1, "D")
    at = np.arange(QUARTERS)
    used = (at >= np.where(lost, years.quarter, earlier)[:, None]) & (at <= years.quarter[:, None])
    rows = np.where(used, years.table(np.arange(len(part)), -1)[years.year], -1)
    return _rebuilt(
        part,
        replace(parts, top=top, bottom=bottom),
        losing,
        made,
        kept=first & parts.valued,
        dash=(part["status"] == "not_applicable").to_numpy(),
        source=sources(part["source"], rows),
        about=np.where(parts.missing, ordinal, ordinal - 1),
        remarks=[],
        lang=lang,
    ).assign(window_start=np.where(first, part["window_start"].to_numpy(DAY), day_after))


def _differences(table: np.ndarray, empty: np.ndarray) -> np.ndarray:
    """Return each quarter's figure less the one before, nothing where that is empty."""
    before = np.where(empty, 0.0, table)[:, :-1]
    return np.column_stack([table[:, 0], table[:, 1:] - before])


def _days_between(ends: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Return the days that two windows leave out between them, below 0 where they overlap."""
    days = (starts - ends) / np.timedelta64(1, "D") - 1
    whole: np.ndarray = np.where(np.isnan(days), 0, days).astype("int64")
    return whole


def _rebuilt(
    part: pd.DataFrame,
    parts: Parts,
    losing: Rows,
    made: Rows,
    *,
    kept: np.ndarray,
    dash: np.ndarray,
    source: ExtensionArray,
    about: np.ndarray,
    remarks: Sequence[Remark],
    lang: str,
) -> pd.DataFrame:
    """Return the rows with new figures, status, source and note.

    Parameters
    ----------
    losing, made : sentence of the note -> rows; the first that holds is told, and those of
        `losing` leave the row without a figure.
    kept : rows whose figures stay as they are.
    dash : rows that stay not applicable.
    about : the quarter that a sentence names, as the number of the period.
    remarks : what else is noted of rows with a figure.
    """
    lost = np.logical_or.reduce([*losing.values()])
    bottom = np.where(lost | parts.plain, np.nan, parts.bottom)
    top = np.where(lost, np.nan, parts.top)
    value = np.where(parts.plain, top, parts.scale * top / np.where(bottom == 0, np.nan, bottom))
    top = np.where(part["numerator"].notna().to_numpy() | ~parts.plain, top, np.nan)
    whole = np.where((bottom == 0) & ~kept, "undefined", "reported")
    status = np.where(lost, np.where(dash, "not_applicable", "not_reported"), whole)
    figures = {
        name: pd.array(
            np.where(kept, part[name].to_numpy("float64", na_value=np.nan), cells), dtype="Float64"
        )
        for name, cells in (("numerator", top), ("denominator", bottom), ("value", value))
    }
    return part.assign(
        **figures,
        status=pd.array(status.astype(object), dtype="str"),
        source=source,
        note=notes(
            part,
            {"": lost & dash} | losing | made,
            about,
            [remark.where(~lost) for remark in remarks],
            lang=lang,
        ),
    )
