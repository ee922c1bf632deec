"""The settlement of dossiers as prose tells it, where a report has no table of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import pandas as pd

from cchc_stats.forms import DOSSIERS
from cchc_stats.reading.files import Paragraph, plain_text
from cchc_stats.reading.prose.dossiers import Said, dossiers_said
from cchc_stats.reading.prose.figures import figures_of, roles_of
from cchc_stats.reading.prose.levels import LEVELS, WHOLE
from cchc_stats.words import AS_OF, IN_PERIOD, fold

# From here on there are no districts.
_TWO_LEVELS = pd.Period("2025Q3", freq="Q-DEC")
_LEAST = 2  # columns: one count alone is no row
_GOAL = re.compile("phan dau|muc tieu|chi tieu")  # how the quote of what is aimed at begins
_ITEM = re.compile(r" ?[-+*•]")
_STAGES = {name: name.partition("_")[0] for name in ("received_total", "settled_total")} | {
    "pending_total": "pending",
    "newly_received": "received",
}
Key = tuple[str, pd.Period, str]


class Cell(NamedTuple):
    """A figure that prose gives for a column of a row."""

    column: str
    value: float
    said: Said
    claim: dict[str, Any]


def dossier_rows(
    claims: list[dict[str, Any]], paragraphs: Iterable[Paragraph]
) -> Iterator[tuple[dict[str, object], list[Cell]]]:
    """Yield each row of the form `dossiers` that prose tells, and the figures it is made of.

    Parameters
    ----------
    claims : rows of `claims_of`, in its order.
    paragraphs : those that the claims were read from.

    Yields
    ------
    Row of the whole, or of a level of government where each of them is told or the whole is not: a
    part of the levels beside the whole would look like a sum that does not fit. A column that is
    told with two figures stays empty. Early ones told apart are added to those on time, as the form
    has them.
    """
    found: dict[Key, list[Cell]] = {}
    for said, claim in _figures_said(claims, paragraphs):
        if _GOAL.match(fold(claim["quote"])):
            continue
        if said.column in DOSSIERS.figures and said.row in (WHOLE, *LEVELS.values()):
            # "Tính đến …" of what comes and goes is the period until then.
            basis = IN_PERIOD if claim["basis"] == AS_OF else claim["basis"]
            cell = Cell(said.column, claim["value"], said, claim)
            found.setdefault((said.row, claim["period"], basis), []).append(cell)
    found = _joined(found)
    rows = {key: _values(cells) for key, cells in found.items()}
    rows = {key: row for key, row in rows.items() if len(row) >= _LEAST}
    for key, row in rows.items():
        level, period, basis = key
        named = {name for name, *when in rows if when == [period, basis]} - {WHOLE}
        if level == WHOLE or (WHOLE, period, basis) not in found or _are_all(named, period):
            head = {"sector": level, "period": period, "basis": basis}
            yield head | row, [cell for cell in found[key] if cell.column in row]


def _figures_said(
    claims: list[dict[str, Any]], paragraphs: Iterable[Paragraph]
) -> Iterator[tuple[Said, dict[str, Any]]]:
    left = iter(claims)
    stage = ""
    for paragraph in paragraphs:
        said = plain_text(paragraph.text)
        masked = roles_of(said)[1]
        figures, _ = figures_of(masked)
        if not (stage and _ITEM.match(masked)):
            stage = ""
        told = [*dossiers_said(masked, said, figures, before=stage)]
        own = [next(left) for _ in figures]
        yield from zip(told, own, strict=True)
        if masked.rstrip().endswith((":", "trong do")):
            stage = _STAGES.get(told[-1].column, "") if told else ""


def _joined(found: dict[Key, list[Cell]]) -> dict[Key, list[Cell]]:
    """Return the cells by row, period and basis; a basis told once holds for what goes on from it.

    "Năm 2023 tiếp nhận 5 hồ sơ. Đang giải quyết 1 hồ sơ.": the second sentence tells no time.
    """
    joined: dict[Key, list[Cell]] = {}
    for key, cells in found.items():
        level, period, _ = key
        before = next((one for one in joined if one[:2] == (level, period)), key)
        columns = {cell.column for cell in joined.get(before, [])}
        apart = columns & {cell.column for cell in cells}
        joined.setdefault(key if apart else before, []).extend(cells)
    return joined


def _are_all(levels: set[str], period: pd.Period) -> bool:
    """Return whether these are all levels of government."""
    districts = LEVELS["huyen"]
    return levels == {*LEVELS.values()} - ({districts} if period >= _TWO_LEVELS else set())


def _values(cells: list[Cell]) -> dict[str, object]:
    """Return a row's columns, without those told differently twice."""
    told: dict[str, set[float]] = {}
    for cell in cells:
        told.setdefault(cell.column, set()).add(float(cell.value))
    row = {name: next(iter(values)) for name, values in told.items() if len(values) == 1}
    if _received_is_new(row, cells):
        row["newly_received"] = row.pop("received_total")
    if {"settled_early", "settled_on_time"} <= set(row) and _apart(row, cells):
        row["settled_on_time"] += row["settled_early"]
    return dict(row)


def _received_is_new(row: dict[str, float], cells: list[Cell]) -> bool:
    """Return whether "tiếp nhận" beside "kỳ trước chuyển sang" is what came new.

    It is where it is not called a total and the row balances that way alone.
    """
    balance = ("received_total", "carried_over", "settled_total", "pending_total")
    if "newly_received" in row or not set(balance) <= set(row):
        return False
    if any(cell.said.total for cell in cells if cell.column == "received_total"):
        return False
    received, carried, settled, pending = (row[name] for name in balance)
    return received + carried == settled + pending != received


def _apart(row: dict[str, float], cells: list[Cell]) -> bool:
    """Return whether the early ones are told beside those on time, not as some of them."""
    early, on_time = row["settled_early"], row["settled_on_time"]
    if any(cell.said.both for cell in cells if cell.column == "settled_on_time"):
        return False
    if "settled_total" in row:
        settled, late = row["settled_total"], row.get("settled_late", 0)
        if on_time + late == settled:
            return False
        if early + on_time + late == settled:
            return True
    order = [cell for cell in cells if cell.column in ("settled_early", "settled_on_time")]
    return order[0].column == "settled_early" or not order[-1].said.inside
