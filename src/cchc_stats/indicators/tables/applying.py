"""An indicator applied to the tables of reports: its values by row and of the whole."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

import numpy as np
import pandas as pd

from cchc_stats.forms import FORMS, Form, PrintedTables, Quotes, find_form
from cchc_stats.indicators.indicator import Indicator, Tables
from cchc_stats.indicators.tables.blocks import Block
from cchc_stats.indicators.tables.rows import Rows
from cchc_stats.indicators.tables.wholes import whole_block
from cchc_stats.values import in_rows, key_codes
from cchc_stats.words import QUARTERS, ValuesError, word

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
            mend="give report.tables, or {'dossiers': frame}",
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
    if doubled := frame.columns[frame.columns.duplicated()].unique().tolist():
        return f"columns {', '.join(map(str, doubled))} stand more than once"
    figures = [name for name in form.figures if name not in form.optional]
    needed = [*form.key, *figures, "not_applicable", "source"]
    if missing := [name for name in needed if name not in frame]:
        return f"columns {', '.join(missing)} are missing"
    if "period" in form.key and str(frame["period"].dtype) != QUARTERS:
        return f"its periods are {frame['period'].dtype}, not quarters"
    given = [name for name in form.figures if name in frame]
    if texts := [name for name in given if not pd.api.types.is_numeric_dtype(frame[name].dtype)]:
        return f"columns {', '.join(texts)} are not numbers"
    for name in given:
        if pd.api.types.is_float_dtype(frame[name].dtype):
            endless = np.isinf(frame[name].to_numpy("float64", na_value=np.nan))
            if endless.any():
                return f"column {name} is infinite in {in_rows(endless)}"
    return _fault_of_key(frame, form)


def _fault_of_key(frame: pd.DataFrame, form: Form) -> str:
    """Return which rows have no whole key, or one that another row has too."""
    for name in form.key:
        cells = frame[name]
        empty = cells.isna().to_numpy()
        if name != "period":
            codes, distinct = pd.factorize(cells)
            blank = [not str(text).strip() for text in distinct]
            empty = np.array([*blank, True], dtype=bool)[codes]
        if empty.any():
            return f"column {name} is empty in {in_rows(empty)}"
    same = pd.Series(key_codes(frame, form.key)).duplicated(keep=False).to_numpy()
    if same.any():
        return f"{in_rows(same)} have the same {', '.join(form.key)}"
    return ""


def apply(indicator: Indicator, tables: Tables, kept: Kept, *, lang: str) -> list[Block]:
    """Return an indicator's values by row and of the whole; [] where what it needs is not there.

    An optional column of the form in which a report has neither a figure nor a "-" counts as not
    in that report's layout: it gives no value, where an empty cell of a column that is there gives
    `not_reported`.

    Parameters
    ----------
    indicator : its record.
    tables : form code -> validated frame.
    kept : what indicators of one form or one preparation share, found once and put in here.
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
    missing = [name for name in indicator.columns if name not in rows.frame]
    if strange := [name for name in missing if name not in form.optional]:
        raise ValuesError(
            f"indicator {indicator.code} cannot be measured: form {form.code} has no column "
            f"{', '.join(strange)}",
            where=f"formula {indicator.formula!r}",
            mend=f"use columns of the form: {', '.join(form.figures)}",
        )
    if missing:
        return []
    optional = form.optional.intersection(indicator.columns)
    told = ~rows.lacking(optional)[rows.reports[0]]
    if not told.any():
        return []
    figures = rows.evaluate(indicator)
    if indicator.prepare is None and (quotes := _quotes(form, tables, kept)):
        rows = rows.quoting(quotes, indicator.columns)
    # Before the whole is added up: its rows may be told at different bases, or twice.
    if indicator.kind == "stock" and rows.bases_differ:
        rows, figures = rows.at_one_basis(figures, indicator, told)
        told = np.ones(len(rows.frame), dtype=bool)
    blocks = []
    if not form.row:
        blocks.append(rows.block(figures, indicator, chosen=told))
    else:
        if indicator.groups:
            blocks.append(rows.block(figures, indicator, chosen=~rows.whole & told))
        if indicator.total:
            blocks.append(whole_block(rows, figures, indicator).take(told[rows.reports[1]]))
    if indicator.kind == "stock":
        blocks = [block.at_the_end() for block in blocks]
    if indicator.prepare and indicator.formula not in form.columns:
        blocks = [_explained(block, form, lang=lang) for block in blocks]
    return [block for block in blocks if len(block)]


def _explained(block: Block, form: Form, *, lang: str) -> Block:
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
    key = indicator.prepare or indicator.form
    if key not in kept:
        kept[key] = None
        if all(code in tables and len(tables[code]) for code in (indicator.form, *indicator.needs)):
            form, frame = find_form(indicator.form), tables[indicator.form]
            if indicator.prepare:
                quotes = _quotes(form, tables, kept)
                frame = indicator.prepare(_to_prepare(indicator, tables, quotes), lang)
            prepared = indicator.prepare is not None
            kept[key] = Rows(frame, form.row, prepared=prepared, lang=lang, names=form.rows)
    rows = kept[key]
    assert not isinstance(rows, Quotes)
    return rows


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

    Where the cells are known, the sources of the indicator's own form name those it takes: of a
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
