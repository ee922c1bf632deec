"""The value of a report's whole: Σ numerator / Σ denominator over its rows, or as printed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cchc_stats.indicators.indicator import Indicator
from cchc_stats.indicators.tables.blocks import (
    DASH,
    DASH_IN_PART,
    EMPTY,
    KNOWN,
    STATUS,
    ZERO_DENOMINATOR,
    Block,
    Figures,
    joined_notes,
    printed,
)
from cchc_stats.indicators.tables.rows import Rows
from cchc_stats.words import word


def whole_block(rows: Rows, figures: Figures, indicator: Indicator) -> Block:
    """Return the value of each report's whole, group `all`.

    The sum over the rows is the whole wherever every row that counts is known; rows with nothing
    but "-" do not count. Else the row printed as the whole stands for it, where there is one.
    """
    codes, first = rows.reports
    sums, counts = _sums(rows, figures, indicator)
    note = _notes_of_sums(rows, figures, indicator, sums, counts)
    summed = sums.state <= ZERO_DENOMINATOR
    source = rows.sum_source.copy()
    start, end = (days.copy() for days in rows.sum_window[:2])
    at = np.flatnonzero(rows.whole)
    report, known = codes[at], figures.state[at] <= ZERO_DENOMINATOR
    alone = (counts.sum(axis=1) == 0)[report]
    note = _note_other_totals(note, figures, at[known & summed[report]], sums, rows)
    stands = alone | (known & ~summed[report])
    note[report[stands]] = rows.note[at[stands]]
    for_rows = np.zeros(len(first), dtype=bool)
    for_rows[report[stands & ~alone]] = True
    note = joined_notes(note, for_rows, word("measuring", "printed_total", lang=rows.lang))
    at, report = at[stands], report[stands]
    for array, own in (
        (sums.numerator, figures.numerator),
        (sums.denominator, figures.denominator),
        (sums.state, figures.state),
        (source, rows.keys["source"]),
        (start, rows.keys["window_start"]),
        (end, rows.keys["window_end"]),
    ):
        array[report] = own[at]
    unknown = sums.state > ZERO_DENOMINATOR
    sums.numerator[unknown], sums.denominator[unknown] = np.nan, np.nan
    columns = {name: rows.keys[name][first] for name in ("agency", "period", "basis", "origin")} | {
        "group": np.full(len(first), "all", dtype=object),
        "window_start": start,
        "window_end": end,
        "source": source,
        "note": note,
    }
    return Block.of(indicator, sums, columns, lang=rows.lang)


def _sums(rows: Rows, figures: Figures, indicator: Indicator) -> tuple[Figures, np.ndarray]:
    """Return the sums over each report's known parts, and its number of parts by state.

    A part that a report should have and has not is counted as empty.
    """
    part, codes = rows.parts
    size = len(rows.reports[1])
    states = figures.state[part]
    counts = np.bincount(codes * len(STATUS) + states, minlength=size * len(STATUS))
    counts = counts.reshape(size, len(STATUS))
    has_parts = counts.sum(axis=1) > 0
    counts[:, EMPTY] += np.where(has_parts, _absent(rows, indicator), 0)
    usable = counts[:, KNOWN] + counts[:, ZERO_DENOMINATOR]
    known = states <= ZERO_DENOMINATOR
    at, into = part[known], codes[known]
    # As float: bincount of no rows at all is whole numbers, whatever the weights.
    top = np.bincount(into, figures.numerator[at], size).astype("float64")
    bottom = np.full(size, np.nan)
    if indicator.denominator:
        bottom = np.bincount(into, figures.denominator[at], size).astype("float64")
        if indicator.shared_denominator:
            bottom = bottom / np.maximum(usable, 1)
    state = np.full(size, KNOWN, dtype="int8")
    state[bottom == 0] = ZERO_DENOMINATOR
    # Where no row has all its figures, nothing is left out silently: "-" is what the rows tell.
    state[usable == 0] = DASH
    state[(usable > 0) & (counts[:, DASH_IN_PART] > 0)] = EMPTY
    # A part that did not report is not 0: the whole is as unknown as it is.
    state[(counts[:, EMPTY] > 0) | _mixed(rows, indicator)] = EMPTY
    return Figures(top, bottom, state), counts


def _absent(rows: Rows, indicator: Indicator) -> np.ndarray:
    """Return how many of the parts that the whole is made of each report lacks."""
    codes, first = rows.reports
    absent = np.zeros(len(first), dtype="int64")
    for code, last in indicator.parts.items():
        lacks = np.bincount(codes[rows.group == code], minlength=len(first)) == 0
        if last is not None:
            lacks &= rows.keys["period"][first] <= pd.Period(last).ordinal
        absent += lacks
    return absent


def _mixed(rows: Rows, indicator: Indicator) -> np.ndarray:
    """Return which reports have rows of more than one vocabulary."""
    codes, first = rows.reports
    found = np.zeros(len(first), dtype="int64")
    for vocabulary in indicator.vocabularies:
        found += np.bincount(codes[np.isin(rows.group, vocabulary)], minlength=len(first)) > 0
    return found > 1


def _notes_of_sums(
    rows: Rows, figures: Figures, indicator: Indicator, sums: Figures, counts: np.ndarray
) -> np.ndarray:
    """Return what is to be said of the sum over each report's rows."""
    number, summed = counts.sum(axis=1), sums.state <= ZERO_DENOMINATOR
    empty, in_part, dash = counts[:, EMPTY], counts[:, DASH_IN_PART], counts[:, DASH]
    window_differs = rows.sum_window[3]
    if indicator.kind != "stock":
        window_differs = window_differs | rows.sum_window[2]
    part, codes = rows.parts
    taken_off = np.fmax(-figures.numerator[part], 0.0) * bool(indicator.netted)
    over = np.bincount(codes, taken_off, len(number))
    note = np.full(len(number), "", dtype=object)
    for code, told, n in (
        ("mixed_vocabularies", _mixed(rows, indicator), number),
        # Where no row has a figure the status says so already.
        ("rows_empty", (empty > 0) & (empty < number), empty),
        ("dash_in_part", in_part > 0, in_part),
        ("dash_left_out", summed & (dash > 0), dash),
        ("windows_differ", summed & window_differs, number),
        (indicator.netted, summed & (over > 0), over),
    ):
        if told.any():
            text = word("measuring", code, lang=rows.lang)
            note = joined_notes(note, told, _worded(text, n[told], number[told], lang=rows.lang))
    said = rows.notes_of_parts != ""
    return joined_notes(note, said, rows.notes_of_parts[said])


def _worded(text: str, n: np.ndarray, of: np.ndarray, *, lang: str) -> np.ndarray:
    """Return a note for each pair of numbers; the same few pairs come again and again."""
    pairs = [*zip(n.tolist(), of.tolist(), strict=True)]
    words = {
        pair: text.format(n=printed(pair[0], lang=lang), of=printed(pair[1], lang=lang))
        for pair in set(pairs)
    }
    return np.array([words[pair] for pair in pairs], dtype=object)


def _note_other_totals(
    note: np.ndarray, figures: Figures, totals: np.ndarray, sums: Figures, rows: Rows
) -> np.ndarray:
    """Return the notes with a word where a printed total is not the sum of its rows."""
    reports = rows.reports[0][totals]
    same = np.ones(len(totals), dtype=bool)
    for ours, own in (
        (sums.numerator, figures.numerator),
        (sums.denominator, figures.denominator),
    ):
        same &= (ours[reports] == own[totals]) | np.isnan(own[totals])
    for at, report in zip(totals[~same], reports[~same], strict=True):
        terms = (figures.numerator[at], figures.denominator[at])
        told = "/".join(printed(term, lang=rows.lang) for term in terms if not np.isnan(term))
        more = word("measuring", "other_printed_total", lang=rows.lang).format(figures=told)
        note[report] = f"{note[report]}; {more}" if note[report] else more
    return note


def indicate_whole(frame: pd.DataFrame, indicator: Indicator, *, row: str) -> pd.Series:
    """Return an indicator of each report's whole, named by its code, by agency, period, basis."""
    rows = Rows(frame, row, prepared=True)
    block = whole_block(rows, rows.evaluate(indicator), indicator)
    periods = rows.frame["period"].iloc[rows.reports[1]]
    keys = {"agency": block.agency, "period": periods.array, "basis": block.basis}
    index = pd.MultiIndex.from_frame(pd.DataFrame(keys))
    values = pd.arrays.FloatingArray(block.value, np.isnan(block.value))
    return pd.Series(values, index=index, name=indicator.code)
