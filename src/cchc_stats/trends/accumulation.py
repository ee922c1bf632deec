"""Quarters into the year to date and back: numerators and denominators are added, never rates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray

from cchc_stats.labels import require_language, word
from cchc_stats.periods import IN_PERIOD, YEAR_TO_DATE, label_period
from cchc_stats.trends.comparison import ADDED
from cchc_stats.trends.years import QUARTERS, Parts, Years
from cchc_stats.values import combined_codes, complete_values, key_codes

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
    the sum of the counts. Its window starts with the first quarter's, its `source` names those of
    all quarters, its `note` keeps what was noted and says how it was made. The value is <NA>, and
    the note says why, where one of the quarters is missing, where a formula with dossiers carried
    over or a stock does not add up, and for a rate without numerator and denominator.
    `as_of` and `year_to_date` rows pass through; a year to date that was reported with a figure
    stands instead of the sum. The origin stays that of the figures: what was claimed is still a
    claim, and stays apart. Columns of a comparison are left out.

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
    less those of the year to date one quarter earlier, the first quarter's as they are. Where that
    one is missing, or is the larger, the value is <NA> and the note says so. All other rows pass
    through; a quarter that was reported with a figure stands instead of the difference. The rest
    is as in `year_to_date`.

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
    completed = complete_values(values).drop(columns=list(ADDED), errors="ignore")
    chosen = (completed["basis"] == old).to_numpy()
    if not chosen.any():
        return completed
    part = completed[chosen].reset_index(drop=True)
    convert = _added if new == YEAR_TO_DATE else _taken_apart
    turned = convert(part, lang).assign(basis=pd.array([new] * len(part), dtype="str"))
    turned.index = completed.index[chosen]
    joined = pd.concat([completed[~chosen], turned]).sort_index(kind="stable")
    return joined[~_told_twice(joined, chosen)].reset_index(drop=True)


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
        among: np.ndarray = np.bincount(figure[mask], minlength=size)[figure] > 0
        return among

    from_turned = any_of(turned & valued)
    turned_gives_way = any_of(~turned & valued) | (any_of(~turned) & ~from_turned)
    gives_way: np.ndarray = np.where(turned, turned_gives_way, ~valued & from_turned)
    return gives_way


def _added(part: pd.DataFrame, lang: str) -> pd.DataFrame:
    """Return quarters as years to date."""
    years, parts = Years.of(part), Parts.of(part)
    lacks = years.table(parts.missing, True)
    top, bottom = (
        years.rows(np.cumsum(years.table(cells), axis=1)) for cells in (parts.top, parts.bottom)
    )
    lost = years.rows(np.logical_or.accumulate(lacks, axis=1))
    dash = years.table((part["status"] == "not_applicable").to_numpy(), False)
    ordinal = pd.PeriodIndex(part["period"]).asi8
    reasons = _reasons(part, parts) | {
        "quarter_missing": lost,
        "added": np.ones(len(part), dtype=bool),
    }
    opening = years.table(part["window_start"].to_numpy("datetime64[us]"), np.datetime64("NaT"))
    return _rebuilt(
        part,
        replace(parts, top=top, bottom=bottom),
        reasons,
        dash=years.rows(np.logical_and.accumulate(dash, axis=1)),
        sources=_sources(part, years, first=np.where(lost, years.quarter, 0)),
        about=ordinal - years.quarter + np.argmax(lacks, axis=1)[years.year],
        basis=IN_PERIOD,
        lang=lang,
    ).assign(window_start=opening[years.year, 0])


def _taken_apart(part: pd.DataFrame, lang: str) -> pd.DataFrame:
    """Return years to date as quarters."""
    years, parts = Years.of(part), Parts.of(part)
    top, bottom = (
        years.rows(np.diff(years.table(cells), axis=1, prepend=0.0))
        for cells in (parts.top, parts.bottom)
    )
    lost = np.isnan(top) | (np.isnan(bottom) & ~parts.plain)
    ordinal = pd.PeriodIndex(part["period"]).asi8
    shrinks = (top < 0) | (bottom < 0)
    reasons = _reasons(part, parts) | {
        "to_date_missing": lost,
        "shrinks": shrinks,
        "taken_apart": np.ones(len(part), dtype=bool),
    }
    closing = years.table(part["window_end"].to_numpy("datetime64[us]"), np.datetime64("NaT"))
    day_after = closing[years.year, years.quarter - 1] + np.timedelta64(1, "D")
    own = part["window_start"].to_numpy("datetime64[us]")
    earlier = np.maximum(years.quarter - 1, 0)
    return _rebuilt(
        part,
        replace(parts, top=top, bottom=bottom),
        reasons,
        dash=(part["status"] == "not_applicable").to_numpy(),
        sources=_sources(part, years, first=np.where(lost, years.quarter, earlier)),
        about=np.where(parts.missing, ordinal, ordinal - 1),
        basis=YEAR_TO_DATE,
        lang=lang,
    ).assign(window_start=np.where(years.quarter == 0, own, day_after))


def _reasons(part: pd.DataFrame, parts: Parts) -> dict[str, np.ndarray]:
    """Return what keeps a row from being turned whatever the other quarters are."""
    valued = part["value"].notna().to_numpy()
    return {"not_additive": ~parts.additive, "no_parts": parts.missing & ~parts.plain & valued}


def _rebuilt(
    part: pd.DataFrame,
    parts: Parts,
    reasons: dict[str, np.ndarray],
    *,
    dash: np.ndarray,
    sources: ExtensionArray,
    about: np.ndarray,
    basis: str,
    lang: str,
) -> pd.DataFrame:
    """Return the rows with new figures, status, source and note.

    Parameters
    ----------
    reasons : sentence of the note -> rows; the first that holds is told, and all but the last one
        leave the row without a figure.
    dash : rows that stay not applicable.
    about : the quarter that a sentence names, as the number of the period.
    basis : how that quarter is named.
    """
    lost = np.logical_or.reduce([*reasons.values()][:-1])
    bottom = np.where(lost | parts.plain, np.nan, parts.bottom)
    top = np.where(lost, np.nan, parts.top)
    value = np.where(parts.plain, top, parts.scale * top / np.where(bottom == 0, np.nan, bottom))
    whole = np.where(bottom == 0, "undefined", "reported")
    status = np.where(lost, np.where(dash, "not_applicable", "not_reported"), whole)
    kept = part["numerator"].notna().to_numpy() | ~parts.plain
    return part.assign(
        numerator=pd.array(np.where(kept, top, np.nan), dtype="Float64"),
        denominator=pd.array(bottom, dtype="Float64"),
        value=pd.array(value, dtype="Float64"),
        status=pd.array(status.astype(object), dtype="str"),
        source=sources,
        note=_notes(part, {"": lost & dash} | reasons, about, basis=basis, lang=lang),
    )


def _notes(
    part: pd.DataFrame, reasons: dict[str, np.ndarray], about: np.ndarray, *, basis: str, lang: str
) -> ExtensionArray:
    """Return the note of each row: what was noted before, and the first reason that holds."""
    number = np.select(list(reasons.values()), range(len(reasons)))
    sentences = [word("accumulation", code, lang=lang) if code else "" for code in reasons]
    together = combined_codes([number, about - about.min(), pd.factorize(part["note"])[0]])
    row, note = _distinct(together)
    texts = []
    for at in row:
        quarter = pd.Period(ordinal=int(about[at]), freq="Q-DEC")
        told = sentences[number[at]].format(missing=label_period(quarter, basis, lang))
        texts.append("; ".join(text for text in (part["note"].iloc[at], told) if text))
    return pd.array(texts, dtype="str").take(note)


def _sources(part: pd.DataFrame, years: Years, *, first: np.ndarray) -> ExtensionArray:
    """Return for each row the sources of its year's quarters from `first` to its own."""
    codes, distinct = pd.factorize(part["source"])
    quarters = np.arange(QUARTERS)
    used = (quarters >= first[:, None]) & (quarters <= years.quarter[:, None])
    laid = np.where(used, years.table(codes, -1)[years.year], -1)
    row, source = _distinct(combined_codes(laid.T))
    texts = [_joined(distinct[code] for code in laid[at] if code >= 0) for at in row]
    return pd.array(texts, dtype="str").take(source)


def _distinct(codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the first row of each distinct code, and for each row which of them it is."""
    return np.flatnonzero(~pd.Series(codes).duplicated()), pd.factorize(codes)[0]


def _joined(places: Iterable[str]) -> str:
    """Return places as one text, each once.

    Examples
    --------
    >>> _joined(["bảng 1, cột Quý I", "", "bảng 1, cột Quý II", "bảng 1, cột Quý I"])
    'bảng 1, cột Quý I; bảng 1, cột Quý II'
    """
    return "; ".join(dict.fromkeys(place for place in places if place))
