"""Records applied to the tables of reports: values by row, their totals, and beside other forms."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from itertools import chain

import numpy as np
import pandas as pd

from cchc_stats.forms import (
    FORMS,
    KEY,
    Form,
    Identity,
    LeftOut,
    PrintedTables,
    Quotes,
    find_form,
)
from cchc_stats.indicators.indicator import Beside, Indicator, Tables
from cchc_stats.indicators.rows import (
    DASH,
    DASH_IN_PART,
    EMPTY,
    REPORTED,
    STATUS,
    ZERO_DENOMINATOR,
    Measured,
    RowFigures,
    Rows,
    joined_notes,
    printed,
    repeated,
)
from cchc_stats.values import combined_codes, in_rows
from cchc_stats.words import QUARTERS, ValuesError, as_figures, word

Kept = dict[Hashable, Rows | Quotes | None]


def require_tables(tables: Tables) -> None:
    """Refuse a table under a code that is no form, and one that is not as its form is validated.

    Raises
    ------
    CchcError
        No form has this code.
    ValuesError
        No mapping; a ledger; no frame; columns missing (those that not every layout has may be),
        there twice or not typed; an infinite figure; a key that is empty in part, or that two rows
        have.

    Examples
    --------
    >>> require_tables({"documents": pd.DataFrame({"sent_total": [1380]})})
    Traceback (most recent call last):
    cchc_stats.ValuesError: table documents cannot be measured: columns agency, period, ...
      where: tables['documents']
      mend:  pass the table through validate(frame, 'documents') first
    """
    if not isinstance(tables, Mapping):
        raise ValuesError(
            f"tables are frames by the code of their form, not a {type(tables).__name__}",
            where="tables=",
            mend="give a report, a set of reports, a store, or {'dossiers': frame}",
        )
    for code, frame in tables.items():
        form = find_form(code)
        if form not in FORMS:
            raise ValuesError(
                f"table {form.code} cannot be measured: it is no form of a report",
                where=f"tables[{code!r}]",
                mend="count it first, into the form 'dossiers'",
            )
        if fault := _fault(frame, form):
            raise ValuesError(
                f"table {form.code} cannot be measured: {fault}",
                where=f"tables[{code!r}]",
                mend=f"pass the table through validate(frame, {form.code!r}) first",
            )


def _fault(frame: object, form: Form) -> str:
    """Return what keeps a table from being measured, "" where nothing does."""
    if not isinstance(frame, pd.DataFrame):
        return f"it is a {type(frame).__name__}, not a DataFrame"
    return _fault_of_columns(frame, form) or _fault_of_key(frame, form)


def _fault_of_columns(frame: pd.DataFrame, form: Form) -> str:
    """Return which columns are there twice, missing, or not typed."""
    if doubled := frame.columns[frame.columns.duplicated()].unique().tolist():
        return f"columns {', '.join(map(str, doubled))} stand more than once"
    figures = [name for name in form.figures if name not in form.optional]
    needed = [*form.one_row(*form.filled), *figures, "not_applicable", "source"]
    if missing := [name for name in needed if name not in frame]:
        return f"columns {', '.join(missing)} are missing"
    if "period" in form.key and str(frame["period"].dtype) != QUARTERS:
        return f"its periods are {frame['period'].dtype}, not quarters"
    given = [name for name in form.figures if name in frame]
    if texts := [name for name in given if not pd.api.types.is_numeric_dtype(frame[name].dtype)]:
        return f"columns {', '.join(texts)} are not numbers"
    return _endless(frame, given)


def _endless(frame: pd.DataFrame, names: Sequence[str]) -> str:
    """Return which column has infinite figures, and where."""
    for name in names:
        if pd.api.types.is_float_dtype(frame[name].dtype):
            endless = np.isinf(frame[name].to_numpy("float64", na_value=np.nan))
            if endless.any():
                return f"column {name} is infinite in {in_rows(endless)}"
    return ""


def _fault_of_key(frame: pd.DataFrame, form: Form) -> str:
    """Return which rows have an empty key, or one that another row has too."""
    numbers = []
    for name in (name for name in form.key if name in frame):
        codes, distinct = pd.factorize(frame[name])
        numbers.append(codes)
        empty = codes < 0
        if name != "period":
            blank = [not str(text).strip() for text in distinct]
            empty = np.array([*blank, True], dtype=bool)[codes]
        if empty.any():
            return f"column {name} is empty in {in_rows(empty)}"
    same = pd.Series(combined_codes(numbers)).duplicated(keep=False).to_numpy()
    if same.any():
        return f"{in_rows(same)} have the same {', '.join(form.key)}"
    return ""


MOST_ROWS = 5  # that a note names


def apply(indicator: Indicator, tables: Tables, kept: Kept, *, lang: str) -> list[Measured]:
    """Return an indicator's values by row and in total; [] where what it needs is not there.

    An optional column of the form in which a report has neither a figure nor a "-" counts as not
    in that report's layout: it gives no value, where an empty cell of a column that is there gives
    `not_reported`.

    Parameters
    ----------
    indicator : its record.
    tables : form code -> validated frame.
    kept : what indicators of one form or one preparation share, put in here once.
    lang : the language of notes.

    Raises
    ------
    ValuesError
        The formula speaks of a column that neither the form nor the prepared frame has.
    """
    rows = _rows(indicator, tables, kept, lang=lang)
    if rows is None:
        return []
    form = find_form(indicator.form)
    chosen = _in_layout(rows, indicator, form)
    if not chosen.any():
        return []
    figures = rows.evaluate(indicator)
    for columns, broken, identity in rows.unbalanced:
        if columns & set(indicator.columns):
            rows = rows.noted(broken, _unbalanced(identity, form, lang=lang))
    if not indicator.prepared and (quotes := _quotes(form, tables, kept)):
        rows = rows.quoting(quotes, indicator.columns)
    # Before the total is added up: its rows may stand at different bases, or twice.
    if indicator.kind == "stock" and rows.bases_differ:
        rows, figures = rows.at_one_basis(figures, indicator, chosen)
        chosen = np.ones(len(rows.frame), dtype=bool)
    blocks = _blocks(rows, figures, indicator, chosen)
    left = tables.unplaced if isinstance(tables, PrintedTables) else ()
    lacking = [one for one in left if one.form == form.code and any(form.wholes.values())]
    return [
        _finished(_read_in_part(block, lacking, lang=lang), form, lang=lang)
        for block in blocks
        if len(block)
    ]


def _read_in_part(block: Measured, lacking: Sequence[LeftOut], *, lang: str) -> Measured:
    """Return values with a note in the totals of a table of which some rows are not read."""
    for agency, period, basis in dict.fromkeys(one[1:4] for one in lacking):
        rows = [one.row for one in lacking if one[1:4] == (agency, period, basis)]
        names = "; ".join(f"'{row}'" for row in rows[:MOST_ROWS]) + "; …" * (len(rows) > MOST_ROWS)
        note = word("measuring", "read_in_part", lang=lang).format(n=len(rows), rows=names)
        of_total = (block.group == "all") & (block.agency == agency) & (block.basis == basis)
        of_quarter = block.period == period
        block = block.noted(of_total & of_quarter, note)
    return block


def _unbalanced(identity: Identity, form: Form, *, lang: str) -> str:
    """Return the note of a figure that stands in a statement which does not hold."""
    identity_text = identity.in_words(lambda name: form.labels[name].in_language(lang))
    return word("measuring", "unbalanced", lang=lang).format(identity=identity_text)


def _in_layout(rows: Rows, indicator: Indicator, form: Form) -> np.ndarray:
    """Return the rows of the reports that have an indicator's columns in their layout."""
    missing = [name for name in indicator.columns if name not in rows.frame]
    if strange := [name for name in missing if name not in form.optional]:
        raise ValuesError(
            f"indicator {indicator.code} cannot be measured: form {form.code} has no column "
            f"{', '.join(strange)}",
            where=f"formula {indicator.formula!r}",
            mend=f"use columns of the form: {', '.join(form.figures)}",
        )
    if missing:
        return np.zeros(len(rows.frame), dtype=bool)
    optional = form.optional.intersection(indicator.columns)
    if not optional:
        return np.ones(len(rows.frame), dtype=bool)
    in_layout: np.ndarray = ~rows.lacking(optional)[rows.reports[0]]
    return in_layout


def _blocks(
    rows: Rows, figures: RowFigures, indicator: Indicator, chosen: np.ndarray
) -> list[Measured]:
    """Return the values of the chosen rows, and of their reports' wholes."""
    if not rows.row:
        return [rows.block(figures, indicator, chosen=chosen)]
    if rows.nests is not None:
        return _nested_blocks(rows, figures, indicator, chosen)
    blocks = []
    if indicator.groups:
        blocks.append(rows.block(figures, indicator, chosen=~rows.is_total & chosen))
    if indicator.total:
        sums, columns = _totals(rows, figures, indicator)
        block = Measured.of(indicator, sums, columns, lang=rows.lang)
        blocks.append(block.take(chosen[rows.reports[1]]))
    return blocks


def _finished(block: Measured, form: Form, *, lang: str) -> Measured:
    """Return values as they stand in the frame: stocks as of the end, prepared ones explained."""
    indicator = block.indicator
    if indicator.kind == "stock":
        block = block.at_the_end()
    if indicator.prepared and indicator.formula not in form.columns:
        block = _explained(block, form, lang=lang)
    return block


def _explained(block: Measured, form: Form, *, lang: str) -> Measured:
    """Return prepared values with a word where nothing is said of what is not reported.

    What a formula is made of then stands in no single cell that a reader could look up.
    """
    silent = (block.status == "not_reported") & (block.note == "")
    return block.noted(silent, form_missing(form, lang=lang))


def form_missing(form: Form, *, lang: str) -> str:
    """Return the note of a figure that a form does not give."""
    title = {"vi": form.title, "en": form.title_en}[lang]
    return word("measuring", "form_missing", lang=lang).format(form=title)


def _rows(indicator: Indicator, tables: Tables, kept: Kept, *, lang: str) -> Rows | None:
    """Return the rows that an indicator is evaluated on, None where its forms are not there."""
    key = (indicator.prepare or indicator.form, indicator.beside, indicator.only, indicator.basis)
    if key not in kept:
        kept[key] = None
        if all(code in tables and len(tables[code]) for code in (indicator.form, *indicator.needs)):
            form, frame = find_form(indicator.form), tables[indicator.form]
            if indicator.prepared:
                quotes = _quotes(form, tables, kept)
                frame = _prepared(indicator, form, _to_prepare(indicator, tables, quotes), lang)
            kept[key] = Rows(
                frame,
                form.row,
                nest=next((name for name in form.key if name not in (*KEY, form.row)), ""),
                prepared=indicator.prepared,
                lang=lang,
                form=form.code,
                names=form.rows,
            )
    rows = kept[key]
    assert not isinstance(rows, Quotes)
    return rows


def _prepared(indicator: Indicator, form: Form, tables: Tables, lang: str) -> pd.DataFrame:
    """Return the frame that an indicator is evaluated on, where it is not the form's own."""
    frame = indicator.prepare(tables, lang) if indicator.prepare else tables[form.code]
    if indicator.beside:
        frame = set_beside(frame, indicator.beside, tables, row=form.row, lang=lang)
    if indicator.only:
        frame = frame[frame[form.row] == indicator.only]
    if indicator.basis:
        frame = _as_flow(frame, indicator.basis, row=form.row)
    if indicator.to_date:
        frame = frame.drop_duplicates(["agency", "period", form.row])
        frame = frame.assign(basis=pd.Series("year_to_date", index=frame.index, dtype="str"))
    return frame


def _quotes(form: Form, tables: Tables, kept: Kept) -> Quotes | None:
    """Return what can be quoted of a form's rows, None of tables that know no cells."""
    if not isinstance(tables, PrintedTables):
        return None
    key = ("quotes", form.code)
    if key not in kept:
        kept[key] = Quotes(tables[form.code], form, tables)
    quotes = kept[key]
    assert isinstance(quotes, Quotes)
    return quotes


def _to_prepare(indicator: Indicator, tables: Tables, quotes: Quotes | None) -> Tables:
    """Return the tables without a report's own remarks, which are no notes of values.

    Where there are cells, the sources of the indicator's own form name those it takes: of a
    formula that speaks of none of the form's columns, that of its first figure.
    """
    plain = {
        code: frame.drop(columns="note") if "note" in frame else frame
        for code, frame in tables.items()
    }
    if not isinstance(tables, PrintedTables) or quotes is None:
        return plain
    figures = find_form(indicator.form).figures
    taken = [name for name in indicator.made_from or indicator.columns if name in figures]
    places = pd.array(quotes.sources(taken or figures[:1]), dtype="str")
    plain[indicator.form] = plain[indicator.form].assign(source=places)
    return tables.of(plain)


def _totals(
    rows: Rows, figures: RowFigures, indicator: Indicator
) -> tuple[RowFigures, dict[str, np.ndarray]]:
    """Return the figures of each report's total, and the columns that every value has.

    The total is the sum over the rows wherever every row that counts has its figures; rows with
    nothing but "-" do not count. Else the row printed as the total stands for it, if there is one.
    """
    codes, first = rows.reports
    sums, counts = _sums(rows, figures, indicator)
    note = _notes_of_sums(rows, figures, indicator, sums, counts)
    summed = sums.state <= ZERO_DENOMINATOR
    source = rows.sum_source.copy()
    start, end = (days.copy() for days in rows.sum_window[:2])
    at = np.flatnonzero(rows.is_total)
    report, with_value = codes[at], figures.state[at] <= ZERO_DENOMINATOR
    alone = (counts.sum(axis=1) == 0)[report]
    note = _note_other_totals(note, figures, at[with_value & summed[report]], sums, rows)
    stands = alone | (with_value & ~summed[report])
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
        "group": repeated("all", len(first)),
        "window_start": start,
        "window_end": end,
        "source": source,
        "note": note,
    }
    return sums, columns


def _nested_blocks(
    rows: Rows, figures: RowFigures, indicator: Indicator, chosen: np.ndarray
) -> list[Measured]:
    """Return the values of rows that stand in levels, of each level, and of the total.

    The total is the sum of the rows of no level, where a report has such, else of its levels.
    """
    nests = rows.nests
    assert nests is not None
    inside: np.ndarray = nests != "all"
    total = rows.inner == "all"
    blocks = [rows.block(figures, indicator, chosen=chosen & ~total)] if indicator.groups else []
    if not indicator.total:
        return blocks
    within = rows.of_levels(inside)
    sums, columns = _totals(within, figures.take(np.flatnonzero(inside)), indicator)
    columns["group"] = nests[inside][within.reports[1]]
    by_level = chosen[inside][within.reports[1]]
    blocks.append(Measured.of(indicator, sums, columns, lang=rows.lang).take(by_level))
    # A report that has rows of no level beside its levels is not counted twice.
    flat = np.zeros(len(rows.reports[1]), dtype=bool)
    flat[rows.reports[0][~inside & ~total]] = True
    parts = ~flat[rows.reports[0][inside][within.reports[1]]]
    outside = np.flatnonzero(~inside)
    columns["source"] = within.keys["source"][within.reports[1]]
    both = rows.with_levels(outside, {name: array[parts] for name, array in columns.items()})
    together = figures.take(outside).followed_by(sums.take(np.flatnonzero(parts)))
    sums, columns = _totals(both, together, indicator)
    of_report = np.concatenate([chosen[outside], by_level[parts]])[both.reports[1]]
    return [*blocks, Measured.of(indicator, sums, columns, lang=rows.lang).take(of_report)]


def _sums(rows: Rows, figures: RowFigures, indicator: Indicator) -> tuple[RowFigures, np.ndarray]:
    """Return the sums over each report's parts with figures, and its number of parts by state.

    A part that a report should have and has not is counted as empty.
    """
    part, codes = rows.parts
    size = len(rows.reports[1])
    states = figures.state[part]
    counts = np.bincount(codes * len(STATUS) + states, minlength=size * len(STATUS))
    counts = counts.reshape(size, len(STATUS))
    has_parts = counts.sum(axis=1) > 0
    counts[:, EMPTY] += np.where(has_parts, _absent(rows, indicator), 0)
    usable = counts[:, REPORTED] + counts[:, ZERO_DENOMINATOR]
    with_value = states <= ZERO_DENOMINATOR
    at, into = part[with_value], codes[with_value]
    # As float: bincount of no rows at all is whole numbers, whatever the weights.
    top = np.bincount(into, figures.numerator[at], size).astype("float64")
    bottom = np.full(size, np.nan)
    if indicator.denominator:
        bottom = np.bincount(into, figures.denominator[at], size).astype("float64")
        if indicator.shared_denominator:
            bottom = bottom / np.maximum(usable, 1)
    state = np.full(size, REPORTED, dtype="int8")
    state[bottom == 0] = ZERO_DENOMINATOR
    # Where no row has all its figures, nothing is left out silently: "-" is what the rows say.
    state[usable == 0] = DASH
    state[(usable > 0) & (counts[:, DASH_IN_PART] > 0)] = EMPTY
    # A part that did not report is not 0: the total is as unknown as it is.
    state[(counts[:, EMPTY] > 0) | _mixed(rows, indicator)] = EMPTY
    return RowFigures(top, bottom, state), counts


def _absent(rows: Rows, indicator: Indicator) -> np.ndarray:
    """Return how many of the parts that the total is made of each report lacks."""
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
    number = np.zeros(len(first), dtype="int64")
    for vocabulary in indicator.vocabularies:
        number += np.bincount(codes[np.isin(rows.group, vocabulary)], minlength=len(first)) > 0
    return number > 1


def _notes_of_sums(
    rows: Rows, figures: RowFigures, indicator: Indicator, sums: RowFigures, counts: np.ndarray
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
    note = repeated("", len(number))
    for code, mask, n in (
        ("mixed_vocabularies", _mixed(rows, indicator), number),
        # Where no row has a figure the status says so already.
        ("rows_empty", (empty > 0) & (empty < number), empty),
        ("dash_in_part", in_part > 0, in_part),
        ("dash_left_out", summed & (dash > 0), dash),
        ("windows_differ", summed & window_differs, number),
        (indicator.netted, summed & (over > 0), over),
    ):
        if mask.any():
            text = word("measuring", code, lang=rows.lang)
            note = joined_notes(note, mask, _worded(text, n[mask], number[mask], lang=rows.lang))
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
    note: np.ndarray, figures: RowFigures, totals: np.ndarray, sums: RowFigures, rows: Rows
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
        terms_text = "/".join(printed(term, lang=rows.lang) for term in terms if not np.isnan(term))
        more = word("measuring", "other_printed_total", lang=rows.lang).format(figures=terms_text)
        note[report] = f"{note[report]}; {more}" if note[report] else more
    return note


def indicate_total(frame: pd.DataFrame, indicator: Indicator, *, row: str) -> pd.Series:
    """Return an indicator of each report's total, named by its code, by agency, period, basis."""
    rows = Rows(frame, row, prepared=True)
    sums, columns = _totals(rows, rows.evaluate(indicator), indicator)
    block = Measured.of(indicator, sums, columns, lang="vi")
    periods = rows.frame["period"].iloc[rows.reports[1]]
    keys = {"agency": block.agency, "period": periods.array, "basis": block.basis}
    index = pd.MultiIndex.from_frame(pd.DataFrame(keys))
    values = as_figures(block.value)
    return pd.Series(values, index=index, name=indicator.code)


STOCK_TYPES = dict.fromkeys(("agency", "group", "status", "source", "note"), "str")
STOCK_TYPES |= {"period": "int64", "value": "float64"}


def tables_of(**tables: pd.DataFrame) -> Tables:
    """Return the frames a caller gave by the code of their form, or refuse them.

    `basis`, `not_applicable` and `source` are filled in as `validate` does, where they are absent.

    Raises
    ------
    ValuesError
        A frame that is not typed as its form.
    """
    filled = {}
    for code, frame in tables.items():
        if isinstance(frame, pd.DataFrame):
            given = {"basis": find_form(code).basis, "not_applicable": "", "source": ""}
            absent = {name: text for name, text in given.items() if name not in frame}
            frame = frame.assign(**absent).astype(dict.fromkeys(absent, "str"))
        filled[code] = frame
    require_tables(filled)
    return filled


def set_beside(
    frame: pd.DataFrame, beside: Beside, tables: Tables, *, row: str, lang: str
) -> pd.DataFrame:
    """Return the frame with a stock of another form as one more column.

    The column is Float64 and <NA> where the stock has no figure, named in `not_applicable` where
    that is because "-" was printed, and with a note where nothing was reported; what is to be said
    of the stock is in `note` too. `source` names both places.
    """
    stock, name = beside.stock, beside.column
    group = frame[row].map(beside.groups) if beside.groups else beside.group
    wanted = pd.DataFrame(
        {"agency": frame["agency"], "period": pd.PeriodIndex(frame["period"]).asi8, "group": group}
    )
    blocks = apply(stock, tables, {}, lang=lang)
    cells = {part: [*chain(*(getattr(block, part) for block in blocks))] for part in STOCK_TYPES}
    # Typed, since there may be no stock.
    stocks = pd.DataFrame(cells).astype(STOCK_TYPES)
    joined = wanted.merge(stocks, on=["agency", "period", "group"], how="left", validate="m:1")
    value = joined["value"].to_numpy("float64", na_value=np.nan)
    dash = (joined["status"] == "not_applicable").to_numpy(bool)
    here, there = frame["source"].to_numpy(object), joined["source"].to_numpy(object)
    unknown = np.isnan(value) & ~dash
    both = [
        f"{one}; {other}" if isinstance(other, str) and other and other != one else one
        for one, other in zip(here, there, strict=True)
    ]
    note = add_note(frame, unknown, form_missing(find_form(stock.form), lang=lang))
    notes = joined["note"].fillna("").to_numpy(object)
    columns = {
        name: pd.Series(as_figures(value), index=frame.index),
        "note": add_note(frame.assign(note=note), notes != "", notes[notes != ""]),
        "source": pd.Series(both, index=frame.index, dtype="str"),
        "not_applicable": name_dash(frame["not_applicable"], name, dash),
    }
    return frame.assign(**columns)


def _as_flow(frame: pd.DataFrame, basis: str, *, row: str) -> pd.DataFrame:
    """Return a form's rows with those at the end of a period as rows of `basis`.

    For items that are counted over time in a form of states. Where a report has the same item at
    that basis too, that row is the one that stays.
    """
    bases = frame["basis"].to_numpy(object)
    turned = frame.assign(basis=pd.Series(bases, index=frame.index).replace("as_of", basis))
    same = turned.duplicated(["agency", "period", "basis", row], keep=False).to_numpy()
    stays: pd.DataFrame = turned.astype({"basis": "str"})[~(same & (bases == "as_of"))]
    return stays


def add_note(frame: pd.DataFrame, rows: np.ndarray, note: str | np.ndarray) -> pd.Series:
    """Return the column `note` of a prepared frame, empty where it has none, with one more note.

    The note is one for all rows of the mask, or one for each of them.

    Examples
    --------
    >>> add_note(pd.DataFrame({"note": ["", "a"]}), np.array([True, True]), "b").tolist()
    ['b', 'a; b']
    """
    before = repeated("", len(frame))
    if "note" in frame:
        before = frame["note"].to_numpy(dtype=object)
    return pd.Series(joined_notes(before, rows, note), index=frame.index, dtype="str")


def name_dash(not_applicable: pd.Series, name: str, rows: np.ndarray) -> pd.Series:
    """Return `not_applicable` with one more column named in the rows of a mask.

    Examples
    --------
    >>> name_dash(pd.Series(["", "a", "a"]), "b", np.array([True, True, False])).tolist()
    ['b', 'a b', 'a']
    """
    return not_applicable.mask(rows, (not_applicable + f" {name}").str.strip())
