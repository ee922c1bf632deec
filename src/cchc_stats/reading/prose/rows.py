"""Forms that reports state in prose and not in a table: dossiers, inspections, cut times."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import pandas as pd

from cchc_stats.forms import FORMS, IN_PROSE, Form
from cchc_stats.reading.files import Paragraph
from cchc_stats.reading.prose.scope import LEVEL_CODES, LEVELS, TOTAL, is_unit, sector_of
from cchc_stats.reading.prose.statements import (
    Meaning,
    is_by_one_way,
    is_of_other_kind,
    passages_of,
)
from cchc_stats.words import AS_OF, IN_PERIOD, YEAR_TO_DATE, fold

_NEAR = 40  # characters after a figure in which "gián tiếp" is of it
FormRow = dict[str, object]


def prose_rows(
    claims: pd.DataFrame,
    paragraphs: Iterable[Paragraph],
    *,
    beside: Iterable[str],
    until: pd.Period | None = None,
    agency: str = "",
    sectors: Iterable[str] = (),
) -> dict[str, pd.DataFrame]:
    """Return the forms that only the prose of a report fills, as untyped frames.

    Taken is what the words make clear and no second figure contradicts, of a quarter that they
    make clear too; the claims stay claims.

    Parameters
    ----------
    claims : as `claims_of` returns them.
    paragraphs : those that the claims were read from.
    beside : codes of the forms that the document has tables of; these stand.
    until : the report's quarter: what is of a later one is no figure yet.
    agency : who reports.
    sectors : names of sectors that stand for themselves: "Hộ tịch 120 hồ sơ".

    Returns
    -------
    Form code -> frame `period`, `basis`, the form's columns and `source`, the sentence's place with
    the figures as printed. Of `simplifications` the rows of which both times are stated.
    """
    # Words alone fill no form.
    claims = claims[claims["value"].notna()]
    if claims.empty:
        return {}
    records, there, names = _records(claims), set(beside), frozenset(map(fold, sectors))
    texts = list(paragraphs)
    frames = {}
    for form in FORMS:
        if not form.in_prose or form.code in there:
            continue
        report = _Prose(records, texts, form, until or claims["period"].max(), agency, names)
        rows = [
            row
            for row in _ROWS[form.in_prose](report)
            if until is None or row["period"] <= until  # type: ignore[operator]
        ]
        if rows:
            frames[form.code] = _frame(rows, form)
    return frames


class _Prose(NamedTuple):
    """The claims of a report and their paragraphs, and the form that they may fill."""

    claims: list[dict[str, Any]]
    paragraphs: list[Paragraph]
    form: Form
    period: pd.Period
    agency: str
    sectors: frozenset[str]

    @property
    def of_a_quarter(self) -> list[dict[str, Any]]:
        """The claims that are of a quarter."""
        return [claim for claim in self.claims if not claim["scope"] and pd.notna(claim["period"])]


def _records(claims: pd.DataFrame) -> list[dict[str, Any]]:
    return claims.to_dict("records")  # type: ignore[return-value]


def _dossiers(prose: _Prose) -> Iterator[FormRow]:
    for row, cells in dossier_rows(prose):
        yield row | {"source": _source([(cell.column, cell.value, cell.claim) for cell in cells])}


def _figures(prose: _Prose) -> Iterator[FormRow]:
    """Yield the row of the figures that stand under the names of the form's columns."""
    cells = [(claim["indicator"], claim["value"], claim) for claim in prose.of_a_quarter]
    yield from _one_row([cell for cell in cells if cell[0] in prose.form.figures], prose.form)


def _inspections(prose: _Prose) -> Iterator[FormRow]:
    texts = {paragraph.place: paragraph.text for paragraph in prose.paragraphs}
    cells = []
    for claim in prose.of_a_quarter:
        if claim["indicator"] == "inspected_share_direct" and pd.notna(claim["denominator"]):
            cells.append(("inspected_directly", claim["value"], claim))
            cells.append(("subordinate_units", claim["denominator"], claim))
        elif claim["unit"] == "count" and not claim["indicator"]:
            _, _, after = texts.get(claim["place"], "").partition(claim["quote"])
            near = fold(claim["quote"] + after[:_NEAR]).split(",")[0]
            if "kiem tra" in near and "gian tiep" in near:
                cells.append(("inspected_indirectly", claim["value"], claim))
    if any(name == "inspected_directly" for name, *_ in cells):
        yield from _one_row(cells, prose.form)


def _one_row(cells: list[tuple[str, Any, dict[str, Any]]], form: Form) -> Iterator[FormRow]:
    """Yield the row of the report's period; a column with two figures stays empty."""
    values: dict[str, set[object]] = {}
    for name, value, _ in cells:
        values.setdefault(name, set()).add(value)
    sure = [cell for cell in cells if len(values[cell[0]]) == 1]
    if sure:
        row: FormRow = {name: value for name, value, _ in sure}
        first = sure[0][2]
        yield row | {"period": first["period"], "basis": form.basis, "source": _source(sure)}


def _cuts(prose: _Prose) -> Iterator[FormRow]:
    """Yield the procedures whose time went "từ 15 ngày … xuống còn 13 ngày"."""
    times: dict[str, list[tuple[str, Any, dict[str, Any]]]] = {}
    for claim in prose.of_a_quarter:
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
                "basis": prose.form.basis,
                "source": _source(cells),
            }


# How prose states a form (`Form.in_prose`).
_ROWS: Mapping[str, Callable[[_Prose], Iterator[FormRow]]] = {
    "balance": _dossiers,
    "figures": _figures,
    "fractions": _inspections,
    "cuts": _cuts,
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


def _frame(rows: list[FormRow], form: Form) -> pd.DataFrame:
    frame = pd.DataFrame(rows)
    for name in form.figures:
        if name not in frame and name not in form.optional:
            frame[name] = pd.array([pd.NA] * len(frame), dtype="Float64")
    return frame


# From here on there are no districts.
_TWO_LEVELS = pd.Period("2025Q3", freq="Q-DEC")
_UNCLEAR = ""
_LEAST = 2  # columns: one count alone is no row
OfRow = tuple[str, pd.Period, str]


class ColumnFigure(NamedTuple):
    """A figure that prose gives for a column of a row."""

    column: str
    value: float
    meaning: Meaning
    claim: dict[str, Any]


def dossier_rows(prose: _Prose) -> Iterator[tuple[dict[str, object], list[ColumnFigure]]]:
    """Yield each row of the form `dossiers` that prose states, and the figures it is made of.

    Yields
    ------
    Row of the total; of its parts, fields or levels of government and the units beside them ("Chi
    nhánh"), where they add up to it in every column that all of them have; of a level where each
    of them is stated or the total is not: some of the levels beside the total would look like a sum
    that does not fit. A column with two figures stays empty. Early ones stated apart are
    added to those on time, as the form has them.
    """
    figures = _joined(_cells(prose))
    rows = {key: row for key, cells in figures.items() if (row := _values(cells))}
    for key, row in rows.items():
        part, period, basis = key
        same = {name: one for (name, *when), one in rows.items() if when == [period, basis]}
        has_row = _has_row(part, {*same} - {TOTAL}, prose.form)
        if has_row and _is_a_row(part, same, figures, key):
            head = _key_of(part) | {"period": period, "basis": basis}
            yield head | row, [cell for cell in figures[key] if cell.column in row]


def _has_row(part: str, parts: set[str], form: Form) -> bool:
    """Return whether the form has a row for one of the parts that are stated of the same time.

    A unit ("Chi nhánh") stands there beside a level of government, where all the other parts are
    levels or units too: of units alone each is an agency, and no level.
    """
    level = form.stated["level"]
    if level.codes is None or _key_of(part)["level"] in level.codes:
        return True
    levels = parts & {*LEVELS.values()}
    return level.names and bool(levels) and all(is_unit(one) for one in parts - levels)


def _key_of(part: str) -> dict[str, object]:
    """Return the level and the sector of a row, which its part names."""
    level, _, rest = part.rpartition("|")
    if sector := sector_of(rest):
        return {"level": LEVEL_CODES.get(level, TOTAL), "sector": sector}
    name = part if part == TOTAL else part[:1].upper() + part[1:]
    return {"level": LEVEL_CODES.get(name, name), "sector": TOTAL}


def _is_a_row(
    part: str,
    rows: Mapping[str, Mapping[str, Any]],
    figures: Mapping[OfRow, list[ColumnFigure]],
    key: OfRow,
) -> bool:
    """Return whether a row stands beside those of the same time.

    Parameters
    ----------
    part, rows : the row's part, and the rows of the same time by theirs.
    figures, key : all figures by row, and the row.
    """
    _, period, basis = key
    if part == TOTAL:
        others = {*rows} - {part}
        enough = len(rows[part]) >= _LEAST
        return enough or any(_is_a_row(one, rows, figures, (one, period, basis)) for one in others)
    parts = _alike(part, rows)
    above = part.partition("|")[0] if "|" in part else TOTAL
    if above in rows and _go_with(rows[above], parts, figures, (period, basis)):
        return True
    has_total = (TOTAL, period, basis) in figures
    if _kind(part) == "sector":
        return not has_total and _are_listed(parts, figures, (period, basis), ("each",))
    levels = {*parts} & {*LEVELS.values()}
    is_level = part in levels and len(rows[part]) >= _LEAST
    return is_level and (not has_total or _are_all(levels, period))


def _go_with(
    total: Mapping[str, Any],
    parts: Mapping[str, Mapping[str, Any]],
    figures: Mapping[OfRow, list[ColumnFigure]],
    when: tuple[pd.Period, str],
) -> bool:
    """Return whether parts go with their total: they add up to it, or are all of it by its words.

    "Gồm …": their sum is held against the total, and what differs is a finding.
    """
    if len(parts) < 2:
        return False
    is_sum = all(_kind(name) == "sector" for name in parts)
    return _add_up(total, [*parts.values()]) or is_sum and _are_listed(parts, figures, when)


def _are_listed(
    parts: Iterable[str],
    figures: Mapping[OfRow, list[ColumnFigure]],
    when: tuple[pd.Period, str],
    words: tuple[str, ...] = ("all", "each"),
) -> bool:
    """Return whether two parts or more are all there are by the words: "gồm", "theo lĩnh vực"."""
    names = [*parts]
    cells = [cell for name in names for cell in figures[name, *when]]
    is_whole = len(names) > 1 and (_UNCLEAR, *when) not in figures
    return is_whole and all(cell.meaning.parts in words for cell in cells)


def _alike(part: str, rows: Mapping[str, Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Return the rows that divide a total as this part does, its own among them."""
    kind = _kind(part)
    return {name: row for name, row in rows.items() if name != TOTAL and _kind(name) == kind}


def _kind(part: str) -> str:
    """Return what divides a total as this part does: sectors, the sectors of a level, or levels."""
    if part != TOTAL and sector_of(part.rpartition("|")[2]):
        return part.rpartition("|")[0] or "sector"
    return "level"


def _add_up(total: Mapping[str, Any], parts: list[Mapping[str, Any]]) -> bool:
    """Return whether parts are all of a total, by the columns that all of them have."""
    shared = [name for name in total if all(name in part for part in parts)]
    return bool(shared) and all(sum(part[name] for part in parts) == total[name] for name in shared)


def _cells(prose: _Prose) -> dict[OfRow, list[ColumnFigure]]:
    """Return the figures of the form by row, period and basis; what is of no quarter is none."""
    figures: dict[OfRow, list[ColumnFigure]] = {}
    left = iter(prose.claims)
    for passage in passages_of(
        prose.paragraphs, period=prose.period, agency=prose.agency, sectors=prose.sectors
    ):
        for one in passage.statements:
            claim, meaning = next(left), one.meaning
            if claim["scope"] or meaning.column not in prose.form.figures:
                continue
            if is_of_other_kind(one.figure) or is_by_one_way(one.figure, meaning):
                continue
            if passage.one_way or not meaning.clear and meaning.row != TOTAL:
                # A list that is not understood in part has no sum.
                figures.setdefault((_UNCLEAR, claim["period"], claim["basis"]), [])
                continue
            # "Tính đến …" of what comes and goes is the period until then; a stock stands beside
            # what came and went in its sentence.
            basis = claim["basis"]
            if basis == AS_OF:
                basis = YEAR_TO_DATE if one.time.basis == YEAR_TO_DATE else IN_PERIOD
            cell = ColumnFigure(meaning.column, claim["value"], meaning, claim)
            figures.setdefault((meaning.row, claim["period"], basis), []).append(cell)
    return figures


def _joined(figures: dict[OfRow, list[ColumnFigure]]) -> dict[OfRow, list[ColumnFigure]]:
    """Return the cells by row, period and basis; a basis named once holds for what goes on from it.

    "Năm 2023 tiếp nhận 5 hồ sơ. Đang giải quyết 1 hồ sơ.": the second sentence names no time.
    """
    joined: dict[OfRow, list[ColumnFigure]] = {}
    for key, cells in figures.items():
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


def _values(cells: list[ColumnFigure]) -> dict[str, object]:
    """Return a row's columns, without those of two figures."""
    values: dict[str, set[float]] = {}
    for cell in cells:
        values.setdefault(cell.column, set()).add(float(cell.value))
    row = {name: next(iter(several)) for name, several in values.items() if len(several) == 1}
    if _received_is_new(row, cells):
        row["newly_received"] = row.pop("received_total")
    if row.get("received_total") == row.get("settled_total", 0) + row.get("pending_total", 0):
        # What was returned is then among the settled.
        row = {name: value for name, value in row.items() if name not in ("returned", "withdrawn")}
    if {"settled_early", "settled_on_time"} <= set(row) and _apart(row, cells):
        row["settled_on_time"] += row["settled_early"]
    return dict(row)


def _received_is_new(row: dict[str, float], cells: list[ColumnFigure]) -> bool:
    """Return whether "tiếp nhận" beside "kỳ trước chuyển sang" is what came new.

    It is where it is not called a total and the row balances that way alone.
    """
    if "newly_received" in row or not {"received_total", "carried_over"} <= set(row):
        return False
    if any(cell.meaning.total for cell in cells if cell.column == "received_total"):
        return False
    received, carried = row["received_total"], row["carried_over"]
    ways = ("received_online", "received_in_person")
    if carried and set(ways) <= set(row) and sum(row[name] for name in ways) == received:
        return True
    still = row.get("pending_total")
    if still is None and "pending_not_due" in row:
        still = row["pending_not_due"] + row.get("pending_overdue", 0)
    settled = row.get("settled_total", row.get("settled_on_time", 0) + row.get("settled_late", 0))
    return still is not None and received + carried == settled + still != received


def _apart(row: dict[str, float], cells: list[ColumnFigure]) -> bool:
    """Return whether the early ones stand beside those on time, not as some of them."""
    early, on_time = row["settled_early"], row["settled_on_time"]
    if any(cell.meaning.both for cell in cells if cell.column == "settled_on_time"):
        return False
    if "settled_total" in row:
        settled, late = row["settled_total"], row.get("settled_late", 0)
        if on_time + late == settled:
            return False
        if early + on_time + late == settled:
            return True
    order = [cell for cell in cells if cell.column in ("settled_early", "settled_on_time")]
    return order[0].column == "settled_early" or not order[-1].meaning.inside
