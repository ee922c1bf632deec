"""Columns of dossiers that a layout prints in parts: settled early, received in the period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from cchc_stats.forms import Form
from cchc_stats.reading.tables.account import Account, Given, Key
from cchc_stats.reading.tables.grid_headings import Anatomy
from cchc_stats.reading.tables.placing_choice import Choice
from cchc_stats.reading.tables.placing_leftovers import reason
from cchc_stats.words import fold, parse_number

_PARTS = ("settled_total", "settled_on_time", "settled_early", "settled_late")


def settle_early(account: Account, keys: Sequence[Key], head: Anatomy, choice: Choice) -> None:
    """Add the early dossiers to those on time where the table counts the two apart.

    Form II.06a prints "trước hạn" beside "đúng hạn", other layouts print it as part of it; the
    headings are the same, so the table's own sums decide. Where these tell nothing, the words do:
    "Trả đúng hạn" of the older form includes the early ones.

    Where "trước hạn" is empty in the whole table, what is printed on time is what was settled on
    time, and how many were early is not reported; an empty cell is not 0. It has no place where the
    row's own total tells that dossiers are missing: they may be those early.
    """
    form = choice.layout.forms[0]
    entries = [account.entries[form][key] for key in keys]
    rows = [{name: entry.cells.get(name) for name in _PARTS} for entry in entries]
    early, on_time = (_names(name, head, choice) for name in ("settled_early", "settled_on_time"))
    if not _apart(rows, early, on_time):
        return
    unused = all(row["settled_early"] is None or not row["settled_early"].text for row in rows)
    for key, entry, row in zip(keys, entries, rows, strict=True):
        beside, before = row["settled_on_time"], row["settled_early"]
        if beside is None or before is None or _is_whole(row):
            continue
        text = _sum(beside.text, before.text)
        if text is not None:
            place = f"{before.place} + {beside.place}"
            entry.cells["settled_on_time"] = Given(text, place, beside.cell)
        elif (printed := _figure(beside)) is not None:
            late, total = (_figure(row[name]) or 0 for name in ("settled_late", "settled_total"))
            # Alone it would be read as all that was settled on time.
            if (missing := total - printed - late) > 0 and not before.text:
                why = reason("no_early", missing=f"{missing}")
            elif unused:
                continue
            else:
                why = reason("no_sum")
            account.withdraw(form, key, "settled_on_time", why)
    for totals in account.totals_of({row.grid.number for row in choice.rows}):
        if {"settled_on_time", "settled_early"} <= set(totals):
            first, second = (
                account.total_at(totals[name]) for name in ("settled_early", "settled_on_time")
            )
            if (text := _sum(first.printed, second.printed)) is not None:
                source = f"{first.source} + {second.source}"
                account.change_total(totals["settled_on_time"], text, source)


def add_received(account: Account, keys: Sequence[Key], form: Form) -> None:
    """Add dossiers received online and in person, where a table prints no column of both.

    Form II.06a of Circular 01/2020/TT-VPCP has "Trong kỳ" in these two parts only.
    """
    for key in keys:
        entry = account.entries[form.code][key]
        parts = [entry.cells.get(name) for name in ("received_online", "received_in_person")]
        if parts[0] is None or parts[1] is None or "newly_received" in entry.cells:
            continue
        if (text := _sum(parts[0].text, parts[1].text)) is not None:
            place = f"{parts[0].place} + {parts[1].place}"
            entry.cells["newly_received"] = Given(text, place, parts[0].cell)


def _is_whole(row: Mapping[str, Given | None]) -> bool:
    """Return whether those on time and late make up all, and nothing is said of those early."""
    total, on_time, early, late = (_figure(row[name]) for name in _PARTS)
    known = total is not None and on_time is not None and late is not None
    return known and early is None and total == on_time + late  # type: ignore[operator]


def _names(name: str, head: Anatomy, choice: Choice) -> list[str]:
    """Return what the columns, or the rows, of a figure are called."""
    columns = [
        head.paths[column][-1] for column, target in choice.columns.items() if target.column == name
    ]
    rows = [
        row.label
        for row, match in zip(choice.rows, choice.targets, strict=True)
        if choice.layout.axis == "rows" and match.name and match.name.column == name
    ]
    return [fold(text) for text in (*columns, *rows)]


def _apart(
    rows: Sequence[Mapping[str, Given | None]], called_early: list[str], called: list[str]
) -> bool:
    votes = {True: 0, False: 0}
    for row in rows:
        total, on_time, early, late = (_figure(row[name]) for name in _PARTS)
        if None in (total, on_time, early, late) or not early:
            continue
        assert total is not None and on_time is not None and late is not None
        votes[True] += total == on_time + early + late
        votes[False] += total == on_time + late
    if votes[True] != votes[False]:
        return votes[True] > votes[False]
    within = any(text.startswith("trong do") for text in called_early)
    within |= any("truoc" in text for text in called)
    return not within and not any(text.startswith("tra ") for text in called)


def _figure(given: Given | None) -> Fraction | None:
    if given is None:
        return None
    read = parse_number(given.text)
    if read.status == "not_applicable":
        return Fraction(0)
    return None if read.value is None else Fraction(read.value)


def _sum(first: str, second: str) -> str | None:
    """Return two printed figures added; a dash adds nothing; None where one is missing."""
    if not first and not second:
        return ""
    reads = [parse_number(first), parse_number(second)]
    if all(read.status == "not_applicable" for read in reads):
        return first
    values = [0 if read.status == "not_applicable" else read.value for read in reads]
    if any(value is None or value != int(value) for value in values):
        return None
    return str(sum(int(value) for value in values if value is not None))
