"""Two editions of one report: which cells were changed between them."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from cchc_stats.checking.finding import finding, tables_of
from cchc_stats.forms import Form, cell_text, examine, find_form, in_sentence
from cchc_stats.indicators import Tables
from cchc_stats.reading import Report
from cchc_stats.words import (
    QUARTERS,
    CchcError,
    findings_frame,
    match_agency,
)

CHANGES = (
    *("form", "agency", "period", "basis", "row", "column", "heading"),
    *("old", "new", "change", "source_old", "source_new", "kind"),
)
_UNCOMPARED = ("source", "not_applicable")


MOST_TOLD = 8  # cells that a finding names
_SHEET_CELL = re.compile(r", ô ([A-Z]+[0-9]+)[,']")


def compare_editions(old: Report | Tables, new: Report | Tables) -> pd.DataFrame:
    """Return the cells that differ between two editions of a report.

    Parameters
    ----------
    old, new : reports, or their tables (form code -> frame); rows are matched by agency, period,
        basis and the form's row.

    Returns
    -------
    Frame `form, agency, period, basis, row, column, heading, old, new, change, source_old,
    source_new, kind`, a row per cell that differs; empty where none does. `old` and `new` are
    texts, "" for missing, "-" where it was printed; `change` is new minus old, <NA> where one is no
    figure. `kind`: `changed`; `now reported` or `no longer reported`; `added` or `removed` of a row
    that one edition lacks (each of its reported cells).

    Raises
    ------
    CchcError
        Neither a report nor tables; a code that is no form; a row that one edition has twice.

    Examples
    --------
    >>> def sent(total):
    ...     return {"documents": pd.DataFrame({"agency": ["Sở A"], "period": ["2020Q3"],
    ...         "sent_total": [total], "sent_paper": [65], "sent_electronic": [1315]})}
    >>> compare_editions(sent(1380), sent(1390))[["column", "old", "new", "change"]].values.tolist()
    [['sent_total', '1380', '1390', 10.0]]
    """
    before, after = (
        tables_of(one, what="editions are reports or their tables", where=where)
        for one, where in ((old, "old="), (new, "new="))
    )
    rows: list[dict[str, object]] = []
    for code in dict.fromkeys([*before, *after]):
        form = find_form(code)
        one, other = (_by_key(side.get(code), form) for side in (before, after))
        for key in dict.fromkeys([*one, *other]):
            rows += _changes(form, one.get(key), other.get(key))
    frame = pd.DataFrame(rows, columns=list(CHANGES))
    kinds = dict.fromkeys(CHANGES, "str") | {"period": QUARTERS, "change": "Float64"}
    return frame.astype(kinds)


def _by_key(table: pd.DataFrame | None, form: Form) -> dict[tuple[object, ...], dict[str, object]]:
    if table is None:
        return {}
    records = examine(table, form)[0].to_dict("records")
    keyed: dict[tuple[object, ...], dict[str, object]] = {
        tuple(row[name] for name in form.key): {str(name): cell for name, cell in row.items()}
        for row in records
    }
    if len(keyed) < len(records):
        raise CchcError(
            f"rows of form {form.code} have the same {', '.join(form.key)}",
            where=form.title,
            mend="check() names them; correct the report first",
        )
    return keyed


def _changes(
    form: Form, old: dict[str, object] | None, new: dict[str, object] | None
) -> Iterator[dict[str, object]]:
    either = old or new or {}
    sources = {
        f"source_{side}": cell_text((row or {}).get("source", ""))
        for side, row in (("old", old), ("new", new))
    }
    for name in form.columns:
        if name in _UNCOMPARED or name in form.key:
            continue
        before, after = _text(old, name), _text(new, name)
        if before != after:
            yield {
                "form": form.code,
                **{column: either[column] for column in ("agency", "period", "basis")},
                "row": form.row_label(cell_text(either[form.row])) if form.row else "",
                "column": name,
                "heading": form.heading(name),
                "old": before,
                "new": after,
                "change": _change(old, new, name) if name in form.figures else pd.NA,
                **sources,
                "kind": _kind(old, new, before, after),
            }


def _kind(
    old: dict[str, object] | None, new: dict[str, object] | None, before: str, after: str
) -> str:
    if old is None or new is None:
        return "added" if old is None else "removed"
    if before and after:
        return "changed"
    return "no longer reported" if before else "now reported"


def _change(
    old: dict[str, object] | None, new: dict[str, object] | None, name: str
) -> float | object:
    """Return new minus old, <NA> where one of the two is no figure."""
    figures = [
        float(row[name])  # type: ignore[arg-type]
        for row in (old, new)
        if row is not None and _text(row, name) not in ("", "-")
    ]
    return figures[1] - figures[0] if len(figures) == 2 else pd.NA


def _text(row: dict[str, object] | None, name: str) -> str:
    if row is None:
        return ""
    cell = cell_text(row.get(name))
    return cell or ("-" if name in cell_text(row.get("not_applicable")).split() else "")


def two_editions(reports: Sequence[Report], *, lang: str = "vi") -> pd.DataFrame:
    """Return a warning for each report of an agency and a quarter of which another came before.

    It names both files, and the cells in which they differ.

    Parameters
    ----------
    reports : those of a set, in the order of their paths.
    lang : of the messages.

    Returns
    -------
    Findings, `file` that of the later edition; empty is clean.
    """
    rows = []
    for at, report in enumerate(reports):
        same = [one for one in reports[:at] if one.period == report.period]
        name = match_agency(report.agency, [one.agency for one in same]).name
        for first in (one for one in same if one.agency == name):
            cells = _cells_that_differ(first, report)
            more = f", … ({len(cells)})" if len(cells) > MOST_TOLD else ""
            listed = f" ({'; '.join(cells[:MOST_TOLD])}{more})" if cells else ""
            words = {"first": first.source, "second": report.source, "cells": listed}
            one = finding(report, "warning", "two_editions", lang=lang, **words)
            rows.append(one | {"file": report.source})
    return findings_frame(rows)


def _cells_that_differ(first: Report, second: Report) -> list[str]:
    """Return where two editions have other figures, and which."""
    tables = {
        code: table.assign(
            agency=table["agency"].mask(table["agency"] == second.agency, first.agency)
        )
        for code, table in second.tables.items()
    }
    changed = compare_editions(first.tables, tables).to_dict("records")
    placed = [(_places_of(second, one), one) for one in changed]
    moved = {
        places[0]: one["change"]
        for places, one in placed
        if len(places) == 1 and not pd.isna(one["change"])
    }
    return [
        f"{_named(places, one)}: {one['old'] or '-'} ≠ {one['new'] or '-'}"
        for places, one in placed
        # What follows from its parts is told with them.
        if len(places) < 2
        or pd.isna(one["change"])
        or one["change"] != sum(moved.get(place, 0) for place in places)
    ]


def _named(places: Sequence[str], change: Mapping[Hashable, Any]) -> str:
    """Return the cell of a sheet that a figure stands in; its row and column where none is."""
    cell = _SHEET_CELL.search(places[0]) if len(places) == 1 else None
    name = in_sentence(find_form(str(change["form"])), str(change["column"]))
    return cell[1] if cell else f"{change['row']}, {name}".strip(", ")


def _places_of(report: Report, change: Mapping[Hashable, Any]) -> list[str]:
    """Return the places that a figure was read from; several where it is their sum."""
    places = report.places
    same = places[(places["form"] == change["form"]) & (places["column"] == change["column"])]
    form = find_form(str(change["form"]))
    for one in same.to_dict("records"):
        row = form.row_label(str(one["code"])) if form.row else ""
        if row == change["row"] and one["text"] == change["new"]:
            return str(one["place"]).split(" + ")
    return []
