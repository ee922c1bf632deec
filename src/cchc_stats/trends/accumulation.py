"""Quarters into the year to date and back: numerators and denominators are added, never rates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray

from cchc_stats.indicators import find_indicator, with_units
from cchc_stats.statistics import Remark, distinct, interval_columns, row_notes
from cchc_stats.trends.comparison import ADDED
from cchc_stats.values import (
    QUARTERS_OF,
    CheckedValues,
    combined_codes,
    key_codes,
    refuse_two_quarters,
    two_quarters,
    window_columns,
    window_kinds,
)
from cchc_stats.words import (
    IN_PERIOD,
    YEAR_TO_DATE,
    format_number,
    label_period,
    require_language,
    word,
)

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

    def beside(self, part: pd.DataFrame, reported: pd.DataFrame, summands: Summands) -> Stated:
        """Return rows of another basis laid out beside those of `part`.

        A claim stands beside claims; other origins are one, and the first of several is taken.
        """
        columns = [*SERIES, "period"]
        both = pd.concat([part[columns], reported[columns]], ignore_index=True)
        periods = pd.PeriodIndex(both["period"])
        claim = (both["origin"] == "claimed").to_numpy("int64")
        of_year = [key_codes(both, SERIES[:-1]), claim, periods.year.to_numpy(dtype="int64")]
        year = pd.factorize(combined_codes(of_year))[0]
        size, quarter = len(part), periods.quarter.to_numpy() - 1
        row_of = np.full((int(year.max()) + 1, QUARTERS), -1)
        row_of[year[size:][::-1], quarter[size:][::-1]] = np.arange(len(reported))[::-1]
        place = np.empty((self.size, QUARTERS), dtype="int64")
        place[self.year] = row_of[year[:size]]
        plain = np.empty((self.size, 1), dtype=bool)
        plain[self.year, 0] = summands.plain
        return Stated.of(reported, place, plain)


@dataclass(frozen=True, eq=False)
class Stated:
    """Reported years to date laid out as years × 4 quarters; `place` is the row, -1 for none."""

    place: np.ndarray
    complete: np.ndarray
    top: np.ndarray
    bottom: np.ndarray
    start: np.ndarray
    end: np.ndarray

    @classmethod
    def of(cls, reported: pd.DataFrame, place: np.ndarray, plain: np.ndarray) -> Self:
        """Return the `reported` rows at their places; counts are complete by value alone."""

        def laid(cells: np.ndarray, empty: object) -> np.ndarray:
            # The place -1 is the last, which is empty.
            table: np.ndarray = np.append(cells, np.array([empty], dtype=cells.dtype))[place]
            return table

        value, numerator, bottom = (
            laid(reported[name].to_numpy("float64", na_value=np.nan), np.nan)
            for name in ("value", "numerator", "denominator")
        )
        top = np.where(plain, value, numerator)
        complete = ~np.isnan(top) & (plain | ~np.isnan(bottom))
        start, end = (
            np.where(complete, laid(reported[name].to_numpy(DAY), NO_DAY), NO_DAY)
            for name in ("window_start", "window_end")
        )
        return cls(place, complete, top, bottom, start, end)


@dataclass(frozen=True, eq=False)
class Summands:
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
        with_denominator = np.bincount(series, ~np.isnan(bottom)) > 0
        plain = ~with_denominator[series] & ~is_share & ~divided
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


def first_given(days: np.ndarray, otherwise: np.ndarray) -> np.ndarray:
    """Return the days, and others where they are missing."""
    return np.where(np.isnat(days), otherwise, days)


_NAMES = ("I", "II", "III", "IV")
# Sentences whose quarter is named as a year to date.
_TO_DATE = ("to_date_missing", "continued", "nothing_before")


def dash_remark(dashes: np.ndarray, lang: str) -> Remark:
    """Return which quarters were printed "-", from rows × 4 flags."""
    sentence = word("accumulation", "dash", lang=lang)
    texts = [""]
    for pattern in range(1, 2**QUARTERS):
        names = ", ".join(name for at, name in enumerate(_NAMES) if pattern >> at & 1)
        texts.append(sentence.format(quarters=names))
    return dashes @ (1 << np.arange(QUARTERS)), texts


def gap_remark(gaps: np.ndarray, lang: str) -> Remark:
    """Return where windows leave days out, or overlap, from rows × 3 whole numbers of days."""
    together = combined_codes((gaps - gaps.min(initial=0)).T)
    row, remark = distinct(together)
    texts = [_joined(_gaps(gaps[at], lang)) for at in row]
    return remark + 1, ["", *texts]


def _gaps(days: np.ndarray, lang: str) -> Iterable[str]:
    for at in np.flatnonzero(days):
        sentence = word("accumulation", "gap" if days[at] > 0 else "overlap", lang=lang)
        yield sentence.format(earlier=_NAMES[at], later=_NAMES[at + 1], days=abs(int(days[at])))


def notes(
    part: pd.DataFrame,
    reasons: dict[str, np.ndarray],
    about: np.ndarray,
    remarks: Sequence[Remark],
    *,
    lang: str,
) -> ExtensionArray:
    """Return the note of each row: what was noted before, the first reason that holds, remarks.

    Parameters
    ----------
    reasons : code of a sentence -> rows; "" is no sentence.
    about : the quarter that a sentence names, as the number of the period.
    """
    number = np.select(list(reasons.values()), range(len(reasons)))
    codes = list(reasons)
    row, which = distinct(combined_codes([number, about - about.min()]))
    texts = [_reason(codes[number[at]], int(about[at]), lang) for at in row]
    noted, before = pd.factorize(part["note"])
    return row_notes([(noted, list(before)), (which, texts), *remarks])


def _reason(code: str, about: int, lang: str) -> str:
    if not code:
        return ""
    quarter = pd.Period(ordinal=about, freq="Q-DEC")
    basis = YEAR_TO_DATE if code in _TO_DATE else IN_PERIOD
    return word("accumulation", code, lang=lang).format(missing=label_period(quarter, basis, lang))


def sources(places: pd.Series, used: np.ndarray) -> ExtensionArray:
    """Return for each row the places that it is made from, each once.

    Parameters
    ----------
    places : the sources.
    used : rows × how many are joined, positions in `places`; -1 for none.
    """
    codes, distinct_places = pd.factorize(places)
    laid = np.where(used >= 0, codes[used], -1)
    row, source = distinct(combined_codes(laid.T))
    texts = [_joined(distinct_places[code] for code in laid[at] if code >= 0) for at in row]
    return pd.array(texts, dtype="str").take(source)


def _joined(places: Iterable[str]) -> str:
    """Return places as one text, each once.

    Examples
    --------
    >>> _joined(["bảng 1, cột Quý I", "", "bảng 1, cột Quý II", "bảng 1, cột Quý I"])
    'bảng 1, cột Quý I; bảng 1, cột Quý II'
    """
    return "; ".join(dict.fromkeys(place for place in places if place))


@dataclass(frozen=True, eq=False)
class Sums:
    """Sums from the start of the year up to each quarter: years × 4 quarters.

    Parameters
    ----------
    top, bottom : numerators and denominators; NaN where a quarter is missing.
    missing : the first quarter that is missing, -1 where none is.
    since : the quarter of the reported year to date that the sum goes on from, -1 where there is
        none before.
    """

    top: np.ndarray
    bottom: np.ndarray
    missing: np.ndarray
    since: np.ndarray

    @classmethod
    def of(cls, top: np.ndarray, bottom: np.ndarray, *, lacks: np.ndarray, stated: Stated) -> Self:
        """Return the sums of quarters.

        Parameters
        ----------
        top, bottom : figures of the quarters alone.
        lacks : where the quarter is missing.
        stated : reported years to date; the quarters after one are added to it.
        """
        size = len(top)
        above, below = np.zeros(size), np.zeros(size)
        missing, since = np.full(size, -1), np.full(size, -1)
        columns = []
        for at in range(QUARTERS):
            above, below = above + top[:, at], below + bottom[:, at]
            missing = np.where((missing < 0) & lacks[:, at], at, missing)
            columns.append((above, below, missing, since))
            complete = stated.complete[:, at]
            above = np.where(complete, stated.top[:, at], above)
            below = np.where(complete, stated.bottom[:, at], below)
            missing, since = np.where(complete, -1, missing), np.where(complete, at, since)
        return cls(*(np.column_stack(quarters) for quarters in zip(*columns, strict=True)))


ONE_FIGURE = ("agency", "period", "basis", "indicator", "group")
_PRINTED = 0.05  # percent are printed with one decimal: half of its last digit is rounding


def each_figure_once(
    joined: pd.DataFrame, turned: np.ndarray, *, sentence: str, lang: str
) -> pd.DataFrame:
    """Return the rows without those that give way, where a turned row and another are one figure.

    The one that was there stays if it has a value, and notes a turned one that differs; without a
    value it makes room for a turned row that has. A claim and a report are two figures.

    Parameters
    ----------
    turned : mask of the rows that were made from those of the other basis.
    sentence : code of the note on a figure that differs.
    """
    claim = (joined["origin"] == "claimed").to_numpy()
    figure = 2 * key_codes(joined, ONE_FIGURE) + claim
    value = joined["value"].to_numpy("float64", na_value=np.nan)
    valued = ~np.isnan(value)
    size = int(figure.max()) + 1

    def any_of(mask: np.ndarray) -> np.ndarray:
        among: np.ndarray = np.bincount(figure[mask], minlength=size)[figure] > 0
        return among

    from_turned = any_of(turned & valued)
    turned_gives_way = any_of(~turned & valued) | (any_of(~turned) & ~from_turned)
    gives_way = np.where(turned, turned_gives_way, ~valued & from_turned)
    other = np.full(size, np.nan)
    rows = np.flatnonzero(turned & valued)[::-1]
    other[figure[rows]] = value[rows]
    other = np.where(turned, np.nan, other[figure])
    tolerance = np.where(joined["unit"] == "percent", _PRINTED, 0.0) + 1e-9 * np.abs(value)
    differs = np.flatnonzero(np.abs(value - other) > tolerance)
    if len(differs):
        text = word("accumulation", sentence, lang=lang)
        note = joined["note"].to_numpy(object).copy()
        for at in differs:
            more = text.format(figure=format_number(other[at], decimals=2, lang=lang))
            note[at] = f"{note[at]}; {more}" if note[at] else more
        joined = joined.assign(note=pd.array(note, dtype="str"))
    left: pd.DataFrame = joined[~gives_way].reset_index(drop=True)
    return left


Masks = dict[str, np.ndarray]


def year_to_date(
    values: pd.DataFrame, *, across_windows: bool = False, lang: str = "vi"
) -> pd.DataFrame:
    """Return the values with quarters added up from the start of their year (lũy kế).

    Parameters
    ----------
    values : values frame (see `complete_values`).
    across_windows : whether quarters of the decree (15th to 14th) and of the calendar may be put
        together in one year; the rows then say so. Refused otherwise.
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
        As `complete_values` does; quarters of the decree and of the calendar in one year.

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
    return converted(CheckedValues.of(values), to=YEAR_TO_DATE, across=across_windows, lang=lang)


def to_quarterly(
    values: pd.DataFrame, *, across_windows: bool = False, lang: str = "vi"
) -> pd.DataFrame:
    """Return the values with the year to date taken apart into quarters.

    Parameters
    ----------
    values : values frame (see `complete_values`).
    across_windows : whether quarters of the decree (15th to 14th) and of the calendar may be put
        together in one year; the rows then say so. Refused otherwise.
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
        As `complete_values` does; quarters of the decree and of the calendar in one year.

    Examples
    --------
    >>> own = pd.DataFrame({"agency": "Sở A", "period": ["2020Q1", "2020Q2", "2020Q4"],
    ...                     "basis": "year_to_date", "indicator": "training_turns",
    ...                     "value": [18, 36, 60]})
    >>> to_quarterly(own)["value"].tolist()
    [18.0, 18.0, <NA>]
    """
    return converted(CheckedValues.of(values), to=IN_PERIOD, across=across_windows, lang=lang)


def converted(checked: CheckedValues, *, to: str, across: bool, lang: str) -> pd.DataFrame:
    """Return values with the years to date as quarters, or the quarters as years to date."""
    require_language(lang)
    old, new = (YEAR_TO_DATE, IN_PERIOD) if to == IN_PERIOD else (IN_PERIOD, YEAR_TO_DATE)
    completed = with_units(checked.frame).drop(columns=list(ADDED), errors="ignore")
    completed = completed.drop(columns=interval_columns(completed))
    chosen = (completed["basis"] == old).to_numpy()
    if not chosen.any():
        return completed
    part = _one_kind_a_year(completed[chosen].reset_index(drop=True), across=across, lang=lang)
    if new == YEAR_TO_DATE:
        reported = completed[(completed["basis"] == new) & completed["value"].notna()]
        turned, sentence = _added(part, reported.reset_index(drop=True), lang), "other_sum"
    else:
        summed = _summed(completed[completed["basis"] == new].reset_index(drop=True), part, lang)
        extended = pd.concat([part, summed], ignore_index=True)
        turned, sentence = _taken_apart(extended, lang).iloc[: len(part)], "other_difference"
    turned = turned.assign(basis=pd.array([new] * len(part), dtype="str"))
    turned.index = completed.index[chosen]
    joined = pd.concat([completed[~chosen], turned]).sort_index(kind="stable")
    return each_figure_once(joined, chosen, sentence=sentence, lang=lang)


def _one_kind_a_year(part: pd.DataFrame, *, across: bool, lang: str) -> pd.DataFrame:
    """Return rows of quarters, noted where a year has those of the decree and of the calendar."""
    dated, joined = part.assign(year=part["period"].dt.year), [*SERIES, "year"]
    kinds, codes = window_kinds(part), key_codes(dated, joined)
    named, unknown = (
        np.bincount(codes[some], minlength=codes.max(initial=0) + 1) > 0
        for some in (np.isin(kinds, QUARTERS_OF), kinds == "")
    )
    part = _noted(part, (unknown & named)[codes], "quarter_unknown", lang)
    if across:
        return _noted(part, two_quarters(dated, joined), "two_quarters", lang)
    refuse_two_quarters(dated, joined, what="put together")
    return part


def _noted(part: pd.DataFrame, rows: np.ndarray, sentence: str, lang: str) -> pd.DataFrame:
    """Return rows, some of them with one more sentence in their note."""
    if not rows.any():
        return part
    more = word("accumulation", sentence, lang=lang)
    note = part["note"].to_numpy(object).copy()
    note[rows] = [f"{one}; {more}" if one else more for one in part["note"][rows]]
    return part.assign(note=pd.array(note, dtype="str"))


def _summed(quarters: pd.DataFrame, part: pd.DataFrame, lang: str) -> pd.DataFrame:
    """Return the years to date that reported quarters give and nobody reported.

    Of 18, 18, 16 and 60 to date at the year's end, 8 are of the last quarter.
    """
    if quarters.empty:
        return part.iloc[:0]
    reported = part[part["value"].notna()]
    sums = _added(quarters, reported.reset_index(drop=True), lang)
    sums = sums[sums["value"].notna()].assign(basis=YEAR_TO_DATE, note="")
    sums = sums.astype(part.dtypes.to_dict())
    code = key_codes(
        pd.concat([reported, sums], ignore_index=True),
        ("agency", "period", "indicator", "group", "origin"),
    )
    return sums[~np.isin(code[len(reported) :], code[: len(reported)])]


def _added(part: pd.DataFrame, reported: pd.DataFrame, lang: str) -> pd.DataFrame:
    """Return quarters as years to date; those after a reported one are added to it."""
    years, summands = Years.of(part), Summands.of(part)
    stated = years.beside(part, reported, summands)
    dashes = years.table(summands.dash, False)
    sums = Sums.of(
        *(np.where(dashes, 0.0, years.table(cells)) for cells in (summands.top, summands.bottom)),
        lacks=years.table(summands.missing, True) & ~dashes,
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
        "not_additive": ~summands.additive & ~first,
        "no_parts": summands.lone & ~first,
        "quarter_missing": lost & ~(first & summands.valued),
    }
    made = {"first_quarter": first, "continued": since >= 0, "added": np.ones_like(first)}
    starts = years.table(part["window_start"].to_numpy(DAY), NO_DAY)
    ends = first_given(stated.end, years.table(part["window_end"].to_numpy(DAY), NO_DAY))
    gaps = _days_between(ends[:, :-1], starts[:, 1:])[years.year]
    gaps = np.where(used[:, 1:] & ~lost[:, None], gaps, 0)
    opening = first_given(
        np.where(since < 0, NO_DAY, stated.start[years.year, since]), starts[years.year, 0]
    )
    # A window that has an end has a start: where none is stated, the decree's.
    decreed, _ = window_columns(
        part["period"], pd.Series(YEAR_TO_DATE, index=part.index, dtype="str")
    )
    opening = np.where(part["window_end"].isna(), opening, first_given(opening, decreed))
    own = used & ((at == years.quarter[:, None]) | ~lost[:, None])
    rows = np.where(own, years.table(np.arange(len(part)), -1)[years.year], -1)
    before = np.where(lost | (since < 0), -1, len(part) + stated.place[years.year, since])
    ordinal = pd.PeriodIndex(part["period"]).asi8
    return _rebuilt(
        part,
        replace(summands, top=years.rows(sums.top), bottom=years.rows(sums.bottom)),
        losing,
        made,
        kept=first & summands.valued,
        dash=nothing,
        source=sources(
            pd.concat([part["source"], reported["source"]]), np.column_stack([before, rows])
        ),
        about=ordinal - years.quarter + np.maximum(np.where(lost, missing, since), 0),
        remarks=[dash_remark(dashed, lang), gap_remark(gaps, lang)],
        lang=lang,
    ).assign(window_start=opening)


def _taken_apart(part: pd.DataFrame, lang: str) -> pd.DataFrame:
    """Return years to date as quarters."""
    years, summands = Years.of(part), Summands.of(part)
    # "-" from the start of the year on is nothing to subtract, unless a figure came before.
    figured = np.logical_or.accumulate(~years.table(summands.missing, True), axis=1)
    empty = years.table(summands.dash, False) & ~figured
    pair = (summands.top, summands.bottom)
    top, bottom = (years.rows(_differences(years.table(cells), empty)) for cells in pair)
    lost = np.isnan(top) | (np.isnan(bottom) & ~summands.plain)
    ordinal = pd.PeriodIndex(part["period"]).asi8
    first = years.quarter == 0
    earlier = np.maximum(years.quarter - 1, 0)
    losing = {
        "not_separable": ~summands.additive & ~first,
        "no_parts_to_separate": summands.lone & ~first,
        "to_date_missing": lost & ~(first & summands.valued),
        "shrinks": ((top < 0) | (bottom < 0)) & ~first,
        # Of 9 in 20 and 15 in 22 to date, 6 cannot be among 2: an earlier figure was revised.
        "exceeds": (top > bottom) & summands.events & ~first,
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
        replace(summands, top=top, bottom=bottom),
        losing,
        made,
        kept=first & summands.valued,
        dash=(part["status"] == "not_applicable").to_numpy(),
        source=sources(part["source"], rows),
        about=np.where(summands.missing, ordinal, ordinal - 1),
        remarks=[],
        lang=lang,
    ).assign(window_start=np.where(first, part["window_start"].to_numpy(DAY), day_after))


def _differences(table: np.ndarray, empty: np.ndarray) -> np.ndarray:
    """Return each quarter's figure less the one before, nothing where that is empty."""
    before = np.where(empty, 0.0, table)[:, :-1]
    return np.column_stack([table[:, 0], table[:, 1:] - before])


def _days_between(ends: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Return the days that two windows leave out between them, below 0 where they overlap."""
    days: np.ndarray = np.nan_to_num((starts - ends) / np.timedelta64(1, "D") - 1)
    return days.astype("int64")


def _rebuilt(
    part: pd.DataFrame,
    summands: Summands,
    losing: Masks,
    made: Masks,
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
    losing, made : sentence of the note -> rows; the first that holds is noted, and those of
        `losing` leave the row without a figure.
    kept : rows whose figures stay as they are.
    dash : rows that stay not applicable.
    about : the quarter that a sentence names, as the number of the period.
    remarks : what else is noted of rows with a figure.
    """
    lost, plain = np.logical_or.reduce([*losing.values()]), summands.plain
    bottom = np.where(lost | plain, np.nan, summands.bottom)
    top = np.where(lost, np.nan, summands.top)
    value = np.where(plain, top, summands.scale * top / np.where(bottom == 0, np.nan, bottom))
    top = np.where(part["numerator"].notna().to_numpy() | ~plain, top, np.nan)
    otherwise = np.where((bottom == 0) & ~kept, "undefined", "reported")
    status = np.where(lost, np.where(dash, "not_applicable", "not_reported"), otherwise)
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
            [(np.where(lost, 0, codes), texts) for codes, texts in remarks],
            lang=lang,
        ),
    )
