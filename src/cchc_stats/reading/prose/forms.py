"""Forms that reports tell in prose and not in a table: dossiers, inspections, cut times."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pandas as pd

from cchc_stats.forms import FORMS, Form, find_form
from cchc_stats.reading.files import Paragraph
from cchc_stats.reading.prose.dossier_rows import dossier_rows
from cchc_stats.words import fold

IN_PROSE = ", lời văn "  # what parts the place of a sentence from its figures, in a row's source
_NEAR = 40  # characters after a figure in which "gián tiếp" is said of it
Row = dict[str, object]


def prose_rows(
    claims: pd.DataFrame,
    paragraphs: Iterable[Paragraph],
    *,
    beside: Iterable[str],
    until: pd.Period | None = None,
) -> dict[str, pd.DataFrame]:
    """Return the forms that only the prose of a report fills, as untyped frames.

    Taken is what the words make clear and no second figure contradicts; the claims stay claims.

    Parameters
    ----------
    claims : as `claims_of` returns them.
    paragraphs : those that the claims were read from.
    beside : codes of the forms that the document has tables of; these stand.
    until : the report's quarter: what is of a later one is no figure yet.

    Returns
    -------
    Form code -> frame `period`, `basis`, the form's columns and `source`, the sentence's place with
    the figures as printed. Of `simplifications` the rows of which both times are told.
    """
    # Words alone fill no form.
    claims = claims[claims["value"].notna()]
    if claims.empty:
        return {}
    told = {"dossiers": _dossiers, "infrastructure": _infrastructure, "inspections": _inspections}
    found: dict[str, list[Row]] = {
        code: [*rows(_records(claims), list(paragraphs))]
        for code, rows in told.items()
        if code not in set(beside)
    }
    if "simplifications" not in set(beside):
        found["simplifications"] = [*_cuts(_records(claims))]
    known = {
        code: [row for row in rows if until is None or row["period"] <= until]  # type: ignore[operator]
        for code, rows in found.items()
    }
    return {form.code: _frame(known[form.code], form) for form in FORMS if known.get(form.code)}


def _records(claims: pd.DataFrame) -> list[dict[str, Any]]:
    return claims.to_dict("records")  # type: ignore[return-value]


def _dossiers(claims: list[dict[str, Any]], paragraphs: list[Paragraph]) -> Iterator[Row]:
    for row, cells in dossier_rows(claims, paragraphs):
        yield row | {"source": _source([(cell.column, cell.value, cell.claim) for cell in cells])}


def _infrastructure(claims: list[dict[str, Any]], _: list[Paragraph]) -> Iterator[Row]:
    columns = find_form("infrastructure").figures
    cells = [(claim["indicator"], claim["value"], claim) for claim in claims]
    yield from _one_row([cell for cell in cells if cell[0] in columns], basis="as_of")


def _inspections(claims: list[dict[str, Any]], paragraphs: list[Paragraph]) -> Iterator[Row]:
    texts = {paragraph.place: paragraph.text for paragraph in paragraphs}
    cells = []
    for claim in claims:
        if claim["indicator"] == "inspected_share_direct" and pd.notna(claim["denominator"]):
            cells.append(("inspected_directly", claim["value"], claim))
            cells.append(("subordinate_units", claim["denominator"], claim))
        elif claim["unit"] == "count" and not claim["indicator"]:
            _, _, after = texts.get(claim["place"], "").partition(claim["quote"])
            near = fold(claim["quote"] + after[:_NEAR]).split(",")[0]
            if "kiem tra" in near and "gian tiep" in near:
                cells.append(("inspected_indirectly", claim["value"], claim))
    if any(name == "inspected_directly" for name, *_ in cells):
        yield from _one_row(cells, basis="year_to_date")


def _one_row(cells: list[tuple[str, Any, dict[str, Any]]], *, basis: str) -> Iterator[Row]:
    """Yield the row of the report's period; a column told with two figures stays empty."""
    values: dict[str, set[object]] = {}
    for name, value, _ in cells:
        values.setdefault(name, set()).add(value)
    sure = [cell for cell in cells if len(values[cell[0]]) == 1]
    if sure:
        row: Row = {name: value for name, value, _ in sure}
        first = sure[0][2]
        yield row | {"period": first["period"], "basis": basis, "source": _source(sure)}


def _cuts(claims: list[dict[str, Any]]) -> Iterator[Row]:
    """Yield the procedures whose time went "từ 15 ngày … xuống còn 13 ngày"."""
    times: dict[str, list[tuple[str, Any, dict[str, Any]]]] = {}
    for claim in claims:
        if claim["unit"] not in ("days", "working_days") or claim["indicator"]:
            continue
        words = fold(claim["quote"])
        name = "days_after" if "con" in words.split() else "days_before"
        if claim["group"] not in ("", "all") and (name == "days_after" or words.startswith("tu ")):
            times.setdefault(claim["group"], []).append((name, claim["value"], claim))
    for procedure, cells in times.items():
        named: Mapping[str, Any] = {name: value for name, value, _ in cells}
        if len(cells) == len(named) == 2:
            first = cells[0][2]
            yield {
                "procedure": procedure,
                **named,
                "period": first["period"],
                "basis": "in_period",
                "source": _source(cells),
            }


def _source(cells: list[tuple[str, Any, dict[str, Any]]]) -> str:
    places: dict[str, list[str]] = {}
    for _, _, claim in cells:
        quotes = places.setdefault(claim["place"], [])
        if claim["quote"] not in quotes:
            quotes.append(claim["quote"])
    return "; ".join(
        f"{place}{IN_PROSE}{', '.join(f'“{quote}”' for quote in quotes)}"
        for place, quotes in places.items()
    )


def _frame(rows: list[Row], form: Form) -> pd.DataFrame:
    frame = pd.DataFrame(rows)
    for name in form.figures:
        if name not in frame and name not in form.optional:
            frame[name] = pd.array([pd.NA] * len(frame), dtype="Float64")
    return frame
