"""Frames that indicators are evaluated on where a form's own rows do not hold their figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd

from cchc_stats.forms import PrintedTables
from cchc_stats.indicators.applying import add_note, name_dash
from cchc_stats.indicators.indicator import Tables
from cchc_stats.indicators.rows import Rows, printed
from cchc_stats.words import as_figures, share, word

_NOT_PLACED = {
    "units_placed": "units_not_placed",
    "service_units_placed": "service_units_not_placed",
}
_QUARTERS = ("I", "II", "III", "IV")


def placements(tables: Tables, _: str) -> pd.DataFrame:
    """Return the items of units that place, beside those of units that do not."""
    items = tables["positions"]
    dash = Rows(items, "item").printed_dash.get("count", False)
    key = ["agency", "period", "basis", "item"]
    here = items["item"].isin(list(_NOT_PLACED))
    placed = items[here].rename(columns={"count": "placed"})
    other = items[[*key, "count", "source"]].assign(dash=dash)
    other = other.rename(columns={"count": "not_placed"})
    wanted = placed[key].assign(item=placed["item"].map(_NOT_PLACED))
    beside = wanted.merge(other, on=key, how="left", validate="one_to_one")
    nothing = pd.Series("", index=placed.index, dtype="str")
    not_applicable = name_dash(nothing, "placed", other.loc[here, "dash"].to_numpy(bool))
    unmatched = beside["dash"].fillna(False).to_numpy(bool)
    if isinstance(tables, PrintedTables):
        # Their sources name a cell each: a share is made of both.
        pairs = zip(placed["source"], beside["source"].fillna(""), strict=True)
        both = [f"{one}; {other}" if other else one for one, other in pairs]
        placed = placed.assign(source=pd.array(both, dtype="str"))
    return placed.assign(
        not_placed=beside["not_placed"].array,
        not_applicable=name_dash(not_applicable, "not_placed", unmatched),
    )


def reductions(tables: Tables, _: str) -> pd.DataFrame:
    """Return the reduction of each procedure, and 1 where it has one."""
    frame = tables["simplifications"]
    reduction = share(frame["days_before"] - frame["days_after"], frame["days_before"])
    none = (frame["days_before"] == 0).fillna(False) & frame["days_after"].notna()
    return frame.assign(
        reduction_pct=reduction.mask(none, 0.0), procedures=1.0 - none.astype("Float64")
    )


def waiting(tables: Tables, _: str) -> pd.DataFrame:
    """Return the days waited for all dossiers of each procedure, where dossiers are given."""
    frame = tables["simplifications"]
    if "dossiers" not in frame:
        frame = frame.assign(dossiers=pd.array([pd.NA] * len(frame), dtype="Int64"))
    rows = Rows(frame, "procedure")
    counted: pd.DataFrame = frame[~rows.lacking(["dossiers"])[rows.reports[0]]]
    dossiers = counted["dossiers"].astype("Float64")
    return counted.assign(
        dossier_days_before=dossiers * counted["days_before"],
        dossier_days_after=dossiers * counted["days_after"],
    )


@dataclass(frozen=True, eq=False)
class _TurnsByYear:
    """Figures by year (rows: agency, staff group, year) and quarter (four columns)."""

    value: np.ndarray
    dash: np.ndarray
    source: np.ndarray
    note: np.ndarray


def _turns_to_date(
    training: pd.DataFrame, *, previous_year: bool = False, lang: str = "vi"
) -> pd.DataFrame:
    """Return the form's rows with the turns since the start of the year at their quarter's end.

    Parameters
    ----------
    training : validated frame of the form `training`.
    previous_year : whether the year before is wanted too.
    lang : the language of notes.

    Returns
    -------
    New frame, index as before: `agency, period, basis, staff_group, not_applicable, source, note`,
    `turns_to_date` and, if wanted, `turns_previous_year`, Float64. <NA> where missing, named in
    `not_applicable` where every quarter was printed "-"; `note` names the quarters that are missing
    or add nothing, being "-" beside others, and a reported figure that its quarters do not add up
    to. Where windows are stated they reach from the start of the year's first to the row's end.
    """
    ordinal = pd.PeriodIndex(training["period"]).asi8
    year, quarter = np.divmod(ordinal, 4)
    who = [training["agency"], training["staff_group"]]
    years, distinct = pd.factorize(pd.MultiIndex.from_arrays([*who, year]))
    figures = _accumulated(training, years, quarter, len(distinct), lang)
    at = (years, quarter)
    frame = training[["agency", "period", "basis", "staff_group"]].assign(
        turns_to_date=as_figures(figures.value[at]),
        note=figures.note[at],
        source=figures.source[at],
        not_applicable=name_dash(_nothing(training), "turns_to_date", figures.dash[at]),
        **_windows(training, years, quarter),
    )
    if not previous_year:
        return frame
    before = distinct.get_indexer(pd.MultiIndex.from_arrays([*who, year - 1]))
    matched = before >= 0
    value = np.where(matched, figures.value[before, 3], np.nan)
    dash = matched & figures.dash[before, 3]
    places = np.where(np.isnan(value), "", figures.source[before, 3])
    unknown = np.isnan(value) & ~dash
    return frame.assign(
        note=add_note(frame, unknown, word("measuring", "previous_year_missing", lang=lang)),
        turns_previous_year=as_figures(value),
        source=np.where(places == "", frame["source"], frame["source"] + "; " + places),
        not_applicable=name_dash(frame["not_applicable"], "turns_previous_year", dash),
    )


def _nothing(frame: pd.DataFrame) -> pd.Series:
    return pd.Series("", index=frame.index, dtype="str")


def _windows(
    training: pd.DataFrame, years: np.ndarray, quarter: np.ndarray
) -> dict[str, np.ndarray]:
    """Return the days that the rows state, from the start of their year."""
    if not {"window_start", "window_end"} <= set(training.columns):
        return {}
    starts = training["window_start"].to_numpy("datetime64[us]")
    first = np.full(years.max(initial=0) + 1, np.datetime64("NaT", "us"))
    # The first quarter's own start comes last, and stays.
    for opens in ((training["basis"] == "year_to_date").to_numpy(bool), quarter == 0):
        opens = opens & ~np.isnat(starts)
        first[years[opens]] = starts[opens]
    ends = training["window_end"].to_numpy("datetime64[us]")
    return {"window_start": first[years], "window_end": ends}


def _accumulated(
    training: pd.DataFrame, years: np.ndarray, quarter: np.ndarray, size: int, lang: str
) -> _TurnsByYear:
    """Return the turns to date: as reported, else the quarter before's plus the quarter's."""
    alone = _spread(training, "in_period", years, quarter, size)
    reported = _spread(training, "year_to_date", years, quarter, size)
    # "-" is no turn, where some other quarter of the year has a figure.
    turns = np.where(alone.dash, 0.0, alone.value)
    to_date = _spread(training.iloc[:0], "", years[:0], quarter[:0], size)
    sum_before, place_before = np.zeros(size), np.full(size, "", dtype=object)
    all_dash, missing = np.ones(size, dtype=bool), np.zeros(size, dtype=int)
    skipped = np.zeros(size, dtype=int)
    missing_words, skipped_words = (
        _words_of_quarters(code, lang) for code in ("quarters_missing", "quarters_dash")
    )
    other_sum = word("measuring", "other_sum_of_quarters", lang=lang)
    for at in range(4):
        total, stated = sum_before + turns[:, at], reported.value[:, at]
        given = ~np.isnan(stated)
        all_dash = all_dash & alone.dash[:, at] & ~given
        dash = all_dash | (reported.dash[:, at] & np.isnan(total))
        value = np.where(given, stated, np.where(dash, np.nan, total))
        missing = np.where(given | ~np.isnan(total), 0, missing | (np.isnan(turns[:, at]) << at))
        skipped = np.where(given, 0, skipped | (alone.dash[:, at].astype(int) << at))
        places = _chained(place_before, alone.source[:, at])
        to_date.value[:, at], to_date.dash[:, at] = value, dash
        to_date.source[:, at] = np.where(given, reported.source[:, at], places)
        to_date.note[:, at] = missing_words[np.where(dash, 0, missing)]
        summed = ~given & ~np.isnan(value) & (skipped > 0)
        to_date.note[summed, at] = skipped_words[skipped[summed]]
        for row in np.flatnonzero(given & ~np.isnan(total) & ~all_dash & (stated != total)):
            to_date.note[row, at] = other_sum.format(value=printed(total[row], lang=lang))
        sum_before = np.where(given, stated, total)
        place_before = to_date.source[:, at]
    return to_date


def _spread(
    training: pd.DataFrame, basis: str, years: np.ndarray, quarter: np.ndarray, size: int
) -> _TurnsByYear:
    """Return the totals of one basis by year and quarter."""
    value, dash = np.full((size, 4), np.nan), np.zeros((size, 4), dtype=bool)
    source, note = np.full((size, 4), "", dtype=object), np.full((size, 4), "", dtype=object)
    of_basis = (training["basis"] == basis).to_numpy(bool)
    at = (years[of_basis], quarter[of_basis])
    value[at] = training["total"].to_numpy("float64", na_value=np.nan)[of_basis]
    printed = Rows(training, "staff_group").printed_dash.get("total", of_basis & False)
    dash[at] = printed[of_basis]
    source[at] = training["source"].to_numpy(object)[of_basis]
    return _TurnsByYear(value, dash, source, note)


def _chained(before: np.ndarray, place: np.ndarray) -> np.ndarray:
    """Return the places of the quarters that are added up, what they share once."""
    chained = before.copy()
    for row in np.flatnonzero(place != ""):
        first, more = before[row], place[row]
        head = first[: max(first.rfind("; "), first.rfind(", ")) + 2]
        if head and more.startswith(head):
            more = more[len(head) :]
        chained[row] = f"{first} + {more}" if first else more
    return chained


def _words_of_quarters(code: str, lang: str) -> np.ndarray:
    """Return a note for every set of quarters, at the number whose bits they are; "" at 0."""
    text, words = word("measuring", code, lang=lang), [""]
    for pattern in range(1, 16):
        names = [name for at, name in enumerate(_QUARTERS) if pattern >> at & 1]
        words.append(text.format(quarters=", ".join(names)))
    return np.array(words, dtype=object)


def _to_date(tables: Tables, lang: str) -> pd.DataFrame:
    return _turns_to_date(tables["training"], lang=lang)


def _against_previous_year(tables: Tables, lang: str) -> pd.DataFrame:
    return _turns_to_date(tables["training"], previous_year=True, lang=lang)


PREPARING: Mapping[str, Callable[[Tables, str], pd.DataFrame]] = MappingProxyType(
    {
        "placements": placements,
        "reductions": reductions,
        "turns_and_previous_year": _against_previous_year,
        "turns_to_date": _to_date,
        "waiting": waiting,
    }
)
