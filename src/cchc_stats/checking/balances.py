"""Whether the figures of a row, and a printed total and its rows, balance."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd

from cchc_stats.forms import (
    Examined,
    Form,
    Identity,
    cell_text,
    dashed,
    named_by,
    row_places,
)
from cchc_stats.words import QUARTERS, findings_frame, no_findings, word

Tables = Mapping[str, pd.DataFrame]


def incomplete(examined: Examined, form: Form, lang: str) -> pd.DataFrame:
    """Return a note for each identity that cannot be judged in a row because a figure is missing.

    A row that reports none of an identity's figures says nothing about it; nor does a figure that
    was printed "-", nor a breakdown that the layout does not have.
    """
    if not examined.is_typed and not set(form.key) <= set(examined.columns):
        return no_findings()
    sentence = word("check", "incomplete", lang=lang)
    parts = []
    known = _known_of(examined)
    for identity in form.identities:
        rows = np.flatnonzero(_undecided(identity, examined, form, known))
        if not len(rows):
            continue
        part = examined.table.iloc[rows]
        terms = [identity.total, *identity.parts]
        names = [f"'{form.heading(name)}'" if lang == "vi" else name for name in terms]
        absent = part.reindex(columns=terms).isna().to_numpy()
        missing = [", ".join(np.array(names, dtype=object)[gone]) for gone in absent]
        # What a layout may count apart is nothing that is missing.
        needed = replace(identity, where_given=())
        statement = needed.in_words(form.heading) if lang == "vi" else str(needed)
        found = {
            "severity": "note",
            "rule": "incomplete",
            "where": row_places(part, form, rows, lang=lang),
            "expected": str(identity),
            "message": [sentence.format(identity=statement, missing=text) for text in missing],
        }
        parts.append(findings_frame(found | named_by(part)))
    return pd.concat(parts, ignore_index=True) if parts else no_findings()


def _known_of(examined: Examined) -> Callable[[str], np.ndarray]:
    """Return a reader of the masks of the rows that report a column, each looked at once."""
    figures, columns = examined.figures, examined.columns
    nowhere = np.zeros(examined.length, dtype=bool)

    @cache
    def known(name: str) -> np.ndarray:
        if examined.is_typed:
            return figures[name][1] if name in figures else nowhere
        return ~np.asarray(pd.isna(columns[name])) if name in columns else nowhere

    return known


def _undecided(
    identity: Identity, examined: Examined, form: Form, known: Callable[[str], np.ndarray]
) -> np.ndarray:
    """Return the rows that report some terms of an identity and lack others they should have."""
    terms = (identity.total, *identity.parts)
    optional = [name for name in terms if name in form.optional]
    # Of a breakdown that not every layout has, only one that was begun is incomplete.
    begun = np.logical_or.reduce([known(name) for name in optional or terms])
    gaps = [name for name in terms if not known(name).all()]
    if not gaps or not begun.any():
        return np.zeros(examined.length, dtype=bool)
    lacking = np.logical_or.reduce([~known(name) & ~dashed(examined.table, name) for name in gaps])
    return np.asarray(begun & lacking)


def exceeding(examined: Examined, form: Form, lang: str) -> pd.DataFrame:
    """Return the rows whose reported parts are more than the total, whatever is missing.

    An incomplete row neither passes nor fails an identity, but no part is negative: 15539 settled
    on time and 379 pending cannot be of 15868 received, even where the settled are not printed.
    """
    if not examined.is_typed and not keys_are_typed(examined.table, form):
        return no_findings()
    sentence = word("check", "exceeding", lang=lang)
    parts = []
    counts = _counts_of(examined, form)
    least_of = _least_of(examined.length, form, counts)
    figures = examined.figures
    for identity in form.identities:
        total = counts(identity.total)
        if identity.op != "=" or total is None:
            continue
        if examined.is_typed and all(
            name in figures and figures[name][1].all() for name in identity.columns
        ):
            continue  # where nothing is missing, more than the total is a broken identity
        if any(counts(name) is None for name in identity.columns):
            continue
        terms = (*identity.parts, *identity.where_given)
        least = np.sum([least_of(name) for name in terms], axis=0)
        less = total < least  # never where it is missing
        if not less.any():
            continue
        table = examined.table
        whole = identity.broken(table).to_numpy()  # told as what it is
        rows = np.flatnonzero(less & ~whole)
        if not len(rows):
            continue
        part = table.iloc[rows]
        names = [identity.total, *identity.parts]
        total_name, *part_names = [
            f"'{form.heading(name)}'" if lang == "vi" else name for name in names
        ]
        sides = [total[rows], least[rows]]
        found, expected = ([cell_text(cell) for cell in cells] for cells in sides)
        told = [[cell_text(cell, lang=lang) for cell in cells] for cells in sides]
        described = {
            "severity": "error",
            "rule": "exceeding",
            "where": row_places(part, form, rows, lang=lang),
            "found": found,
            "expected": [f"≥ {cell}" for cell in expected],
            "difference": (total - least)[rows],
            "message": [
                sentence.format(
                    total=total_name, parts=" + ".join(part_names), found=one, expected=other
                )
                for one, other in zip(*told, strict=True)
            ],
        }
        parts.append(findings_frame(described | named_by(part)))
    return pd.concat(parts, ignore_index=True) if parts else no_findings()


def _counts_of(examined: Examined, form: Form) -> Callable[[str], np.ndarray | None]:
    """Return a reader of columns of counts, NaN where missing; None where one has a fault."""
    figures, columns = examined.figures, examined.columns

    @cache
    def counts(name: str) -> np.ndarray | None:
        if not examined.is_typed:
            if name not in columns:
                return np.full(examined.length, np.nan)
            cells = columns[name]
            is_typed = cells.dtype == "Int64"
            return cells.to_numpy("float64", na_value=np.nan) if is_typed else None
        if form.kinds[name] != "count":
            return None
        if name not in figures:
            return np.full(examined.length, np.nan)
        values, known = figures[name]
        return np.where(known, values, np.nan)

    return counts


def _least_of(
    length: int, form: Form, counts: Callable[[str], np.ndarray | None]
) -> Callable[[str], np.ndarray]:
    """Return a reader of the least a column can be: its figure, else the sum of its parts."""

    @cache
    def least(name: str) -> np.ndarray:
        known = counts(name)
        if known is None:
            return np.zeros(length)
        if not (missing := np.isnan(known)).any():
            return known
        from_parts = [
            np.sum([least(part) for part in identity.parts], axis=0)
            for identity in form.identities
            if identity.op == "=" and identity.total == name
        ]
        return np.where(missing, np.max([np.zeros(length), *from_parts], axis=0), known)

    return least


def printed_total(examined: Examined, form: Form, lang: str) -> pd.DataFrame:
    """Return the printed totals (row `all`) that are not the sum of the report's rows.

    Only of forms with rows of free names that part the whole, and only counts. A column that some
    row does not report, or that has a fault, is not judged.
    """
    if not form.wholes.get(form.row) or "all" not in examined.cells(form.row):
        return no_findings()
    table = examined.table
    if not keys_are_typed(table, form):
        return no_findings()
    key, whole = ["agency", "period", "basis"], (table[form.row] == "all").to_numpy()
    figures = [name for name in form.figures if name in table and table[name].dtype == "Int64"]
    rows = table[~whole]
    by = [rows[name] for name in key]
    # A "-" adds nothing; an empty cell leaves the sum unknown.
    known = rows[figures].notna() | pd.DataFrame(
        {name: dashed(rows, name) for name in figures}, index=rows.index
    )
    sums = rows[figures].groupby(by).sum().where(known.groupby(by).all())
    sums["rows"] = rows.groupby(by).size()
    at = np.flatnonzero(whole)
    printed = table.iloc[at].set_index(key)
    expected = sums.reindex(printed.index)
    sentence = word("check", "printed_total", lang=lang)
    parts = []
    for name in figures:
        gap = (printed[name] - expected[name]).to_numpy("float64", na_value=np.nan)
        wrong = np.flatnonzero(np.nan_to_num(gap) != 0)
        if not len(wrong):
            continue
        part = table.iloc[at[wrong]]
        sides = [part[name].tolist(), expected[name].iloc[wrong].tolist()]
        found, summed = ([cell_text(cell) for cell in cells] for cells in sides)
        told = [[cell_text(cell, lang=lang) for cell in cells] for cells in sides]
        numbers = expected["rows"].iloc[wrong]
        column = form.heading(name) if lang == "vi" else name
        described = {
            "severity": "error",
            "rule": "printed_total",
            "where": row_places(part, form, at[wrong], lang=lang),
            "found": found,
            "expected": summed,
            "difference": gap[wrong],
            "message": [
                sentence.format(column=column, found=one, expected=other, rows=number)
                for one, other, number in zip(*told, numbers, strict=True)
            ],
        }
        parts.append(findings_frame(described | named_by(part)))
    return pd.concat(parts, ignore_index=True) if parts else no_findings()


def keys_are_typed(table: pd.DataFrame, form: Form) -> bool:
    """Return whether the key columns are there and without fault of type.

    A column with a fault stays as it came; `check` has told it.
    """
    if not set(form.key) <= set(table.columns):
        return False
    wanted = {name: QUARTERS if name == "period" else "str" for name in form.key}
    return all(str(table[name].dtype) == kind for name, kind in wanted.items())
