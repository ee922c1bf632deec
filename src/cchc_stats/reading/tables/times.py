"""Rows that name a time: quarters, months or years below one indicator, one sector or one agency.

Each quarter is a period of its own. A month is none: it keeps its name, and no table holds it. What
sums up the quarters from the first one on is their year to date; what sums up the three months of
the report's quarter is that quarter, but for what stands at a day, which no sum tells.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

import pandas as pd

from cchc_stats.reading.tables.anatomy import BodyRow, is_total, names_whom, unnumbered
from cchc_stats.reading.tables.scope import Slot, Time, Unread, names_sum
from cchc_stats.words import IN_PERIOD, YEAR_TO_DATE, fold

_MONTH = re.compile(r"(?:trong )?thang ?(\d{1,2})(?:[ ./-]*(?:nam )?((?:19|20)\d\d))?")


def timed(
    rows: Sequence[BodyRow],
    times: Sequence[str],
    time_in: Callable[[str], Time | None],
    period: pd.Period,
    *,
    apart: bool,
    labelled: bool,
) -> list[BodyRow]:
    """Return rows with the time that they, or what they stand under, name; see `BodyRow.time`.

    Parameters
    ----------
    rows : the body.
    times : for each row the text that may name a time.
    time_in : reads it.
    period : the report's quarter.
    apart : whether the times stand in a column of their own, beside the labels.
    labelled : whether labels name what is counted, so that "Tổng số hồ sơ" sums up no rows.
    """
    placed: list[BodyRow] = []
    anchor = -1  # the last row whose times stand below it
    for at, (row, text) in enumerate(zip(rows, times, strict=True)):
        total, own = _own_time(row, text, time_in, labelled=labelled)
        if own is None or row.group or total or apart and row.label:
            anchor = -1 if total or own is not None and not apart else at
            placed.append(_without_times(replace(row, time=own, total=total), time_in, ""))
        else:
            of = unnumbered(placed[anchor].label) if anchor >= 0 else ""
            its = replace(row, time=own, owner=anchor, detail=False)
            placed.append(_without_times(its, time_in, of))
    placed = placed if labelled else _of_one(placed)
    return [_with_sums(row, at, placed, period) for at, row in enumerate(placed)]


def _without_times(row: BodyRow, time_in: Callable[[str], Time | None], of: str) -> BodyRow:
    """Return a row with the time of the rows above it, which are no groups of it then.

    Nor is the one that its own time is of, unless it names a level or an agency.
    """
    above = map(time_in, map(unnumbered, (*reversed(row.groups), *reversed(row.path[:-1]))))
    groups = (label for label in row.groups if time_in(label) is None)
    kept = tuple(label for label in groups if label != of or names_whom(of))
    time = next((one for one in (row.time, *above) if one is not None), None)
    return replace(row, time=time, groups=kept)


def _own_time(
    row: BodyRow, text: str, time_in: Callable[[str], Time | None], *, labelled: bool
) -> tuple[bool, Time | None]:
    """Return whether a row sums up others, and the time that it names itself."""
    total = is_total(row.label or row.serial) if labelled else row.total
    own = time_in(unnumbered(text)) if not total or names_sum(text) else None
    return total or own is not None and names_sum(text), own


def _of_one(rows: list[BodyRow]) -> list[BodyRow]:
    """Return rows with the times that may be of the row above or of all those above left untold.

    "Lũy kế" below the last of several sectors may be that of all; below each of them it is not.
    """
    owners = {row.owner for row in rows if row.owner >= 0 and row.figures}
    others = [
        at
        for at, row in enumerate(rows)
        if row.figures and not (row.total or row.group or row.detail or row.time)
    ]
    if not owners & {*others} or {*others} <= owners:
        return rows
    return [
        replace(row, time=Unread(row.label, "row_whose"), owner=-1) if row.owner in others else row
        for row in rows
    ]


def _with_sums(row: BodyRow, at: int, rows: Sequence[BodyRow], period: pd.Period) -> BodyRow:
    """Return a row that sums up rows of times with these, and with the time that they make."""
    below = _parts_of(row, at, rows) if row.figures else ()
    slots = {one.time for one in below}
    if slots <= {None} or _sums_no_times(row, below, period):
        return row
    made = None if None in slots else made_of({one for one in slots if one}, period)
    if len(slots) == 1 and row.total:
        return replace(row, time=row.time or slots.pop())
    if made is not None and row.time in (None, made):
        return replace(row, time=made, sums=below)
    return replace(row, time=row.time or Unread(row.label or row.serial, "times_sum"))


def _is_beside(row: BodyRow, below: Sequence[BodyRow], period: pd.Period) -> bool:
    """Return whether the one row below another is what it is compared with, and no part of it."""
    others = (period - 4, IN_PERIOD), (period - 4, YEAR_TO_DATE), (period, YEAR_TO_DATE)
    return not row.total and len(below) == 1 and below[0].time in others


def _sums_no_times(row: BodyRow, below: Sequence[BodyRow], period: pd.Period) -> bool:
    """Return whether a row sums up no times.

    Below the row is the one that it is compared with, or below a total are rows of no time, and
    only after them those of others.
    """
    return _is_beside(row, below, period) or row.total and _is_above_others(row, below)


def _is_above_others(row: BodyRow, below: Sequence[BodyRow]) -> bool:
    times = [one.time is None for one in below]
    first = all(one.number > row.number for one in below if one.grid is row.grid)
    return first and sum(times) > 1 and times == sorted(times, reverse=True)


def _parts_of(row: BodyRow, at: int, rows: Sequence[BodyRow]) -> tuple[BodyRow, ...]:
    """Return the rows that one sums up: those of its times, or of a total those before it."""
    if not row.total:
        return tuple(one for one in rows if one.owner == at and one.figures)
    # What follows a total is no part of it, unless it stands above all.
    parts = [one for one in rows[:at] if _is_part(one, rows)] or rows[at + 1 :]
    below = (one for one in parts if _is_part(one, rows))
    return tuple(one for one in below if one.groups[: len(row.groups)] == row.groups)


def _is_part(row: BodyRow, rows: Sequence[BodyRow]) -> bool:
    """Return whether a row is one of those that a total sums up."""
    if row.total or row.group or row.detail or not row.figures:
        return False
    return row.owner < 0 or not rows[row.owner].figures


def made_of(slots: Collection[Slot | Unread], period: pd.Period) -> Slot | None:
    """Return the time that several make together, None where they make none."""
    quarters = {one for one in slots if not isinstance(one, Unread)}
    months = {_month(one.words, period.year) for one in slots if isinstance(one, Unread)}
    if not quarters:
        first = period.asfreq("M", how="start")
        return (period, IN_PERIOD) if months == {first, first + 1, first + 2} else None
    last = max(quarters)[0]
    first = pd.Period(f"{last.year}Q1", "Q-DEC")
    wanted = {(first + step, IN_PERIOD) for step in range(last.quarter)}
    return (last, YEAR_TO_DATE) if quarters == wanted and not months else None


def _month(text: str, year: int) -> pd.Period | None:
    month = _MONTH.fullmatch(fold(text).strip(" :."))
    named = month is not None and 1 <= int(month[1]) <= 12
    return pd.Period(f"{month[2] or year}-{int(month[1]):02d}", "M") if month and named else None
