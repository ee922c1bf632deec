"""`tally`: the official table of settled dossiers, for any windows, in one pass over a ledger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cchc_stats.ledger.counting.coverage import Coverage, coverages_of, no_coverage
from cchc_stats.ledger.counting.cube import (
    EARLY,
    NO_CHANNEL,
    NO_CODE,
    NOT_COMPARED,
    ONLINE,
    RETURNED,
    SETTLED,
    WAITING,
    WITHDRAWN,
    Cube,
    count_cube,
    first_row,
)
from cchc_stats.ledger.counting.doors import KEYS, Opened, keys_asked, open_ledger
from cchc_stats.ledger.counting.durations import durations
from cchc_stats.ledger.counting.windows import (
    AskedWindow,
    asked_windows,
    edges_of,
    name_columns,
    source,
    text_column,
    window_columns,
    within,
)

if TYPE_CHECKING:
    from cchc_stats.calendars import WorkingCalendar

Flags = dict[str, np.ndarray]


def tally(
    ledger: object,
    windows: object,
    *,
    by: Sequence[str] | str = ("agency", "sector"),
    calendar: WorkingCalendar | None = None,
    as_of: dt.date | str | None = None,
) -> pd.DataFrame:
    """Return what was received, settled and is pending in each window, counted from dossiers.

    Parameters
    ----------
    ledger : a row per dossier, columns `received_at, due_at, settled_at, channel, status` and those
        counted by: a pandas frame, a DuckDB relation, a Spark frame, what `read_ledger` gives, or
        Parquet or CSV files (a path, several, a folder), which may be larger than memory.
    windows : `Window`, quarter, (quarter, basis), a text such as "9 tháng đầu năm 2020", or a list
        of them; any number of them, overlapping or not, at no further pass.
    by : some of `agency`, `sector`, `procedure`. Agency and sector are "all" where not among them.
    calendar : where given, `mean_wd, median_wd, p90_wd` of the settled stand beside the counts (see
        `durations`); the ledger is then read once more.
    as_of : the last day that counts: what was received or ended later is not known yet, and a
        window that ends later is counted as it stood on that day. Without it a window is counted
        to its end, but nothing is called overdue from the ledger's last event on.

    Returns
    -------
    Frame of the form `dossiers`, a row per window and group, windows in the order asked, groups by
    name; a group without dossiers in a window has zeros. `period` is NaT for windows given by their
    days. Counts are Int64:
    `received_total` = `carried_over` + `newly_received`, and also the settled, pending, returned
    and withdrawn together; `received_in_person` holds those by post and of unknown channel.
    `settled_on_time` includes `settled_early` (ended on a day before the due day) and those
    without a due date, which cannot be late; `pending_overdue`: due before the window was over.
    `without_due_date`: of `received_total`; pending ones are not overdue.
    `waiting`: of `pending_not_due`, those waiting for supplements in the ledger. Their clock stands
    still, so they are never overdue; since when, an export does not tell.
    `due_total, due_on_time`: dossiers due in the window, and those of them settled on time,
    whenever that was: the exact terms of the on-time rate of the due. The waiting, returned and
    withdrawn are left out.
    `not_counted`: rows of the group, in the whole ledger, that no window can hold: no day of
    receipt; due or ended before it, or one of the three outside 1990-2100; closed without a day; a
    status that is no code of LEDGER. What `read_ledger` rejects for its days is so here. The same
    in every window.
    `unknown_codes`: rows of the group, in the whole ledger, whose status or channel is no code of
    LEDGER, as where a frame has an export's own words: `read_ledger` reads those. Such a status is
    `not_counted`; such a channel is neither online nor told.
    `due_by_day, due_by_hour`: of `received_total`, those whose due date is a day, 00:00, and so
    lasts until that day is over, and those whose due date is an hour of it. Each dossier goes by
    its own due date; those without one are `without_due_date`.
    `due_rule`: which of the two the group's dossiers have in the whole ledger: `end_of_day`,
    `time_of_day`, `mixed`, `not_stated`. A window ends when its last day is over.
    `coverage`: `full`, `partial` or `none` of the window lies between the first and last event of
    the agency (of the ledger, where agencies are not counted by), `first_event` and `last_event`
    (days). A silence at either end no longer than one within
    the ledger, in working days, is no gap. After a longer one the window is not over, and what was
    not overdue on the day before the last event is not due; where fewer than four days have events
    this cannot be told, and due dates are compared with the window's end.
    `origin`: "tallied"; `measure` gives it to the values.

    Raises
    ------
    PeriodError
        No window, or one that is none.
    ReadError
        Files that are not there or cannot be read.
    CchcError
        No ledger, or one that lacks a column; `by` of another column.

    Source
    ------
    Circular 01/2020/TT-VPCP, form II.06a (columns and balances); what is counted where a dossier
    has no due date, waits or leaves is the library's reading, said above.

    Examples
    --------
    >>> ledger = pd.DataFrame({
    ...     "agency": "Sở A", "sector": "Đất đai", "channel": "online", "status": "open",
    ...     "received_at": pd.to_datetime(["2020-06-10", "2020-07-01", "2020-09-01"]),
    ...     "due_at": pd.to_datetime(["2020-06-20", "2020-07-10", "2020-09-14"]),
    ...     "settled_at": pd.to_datetime(["2020-06-20 16:30", "2020-07-13 09:00", None])})
    >>> form = tally(ledger, pd.Period("2020Q3"))
    >>> form[["carried_over", "newly_received", "settled_on_time", "settled_late"]].values.tolist()
    [[1, 2, 1, 1]]
    >>> form[["pending_not_due", "pending_overdue", "due_total", "due_on_time"]].values.tolist()
    [[0, 1, 3, 1]]
    """
    asked, keys = asked_windows(windows), keys_asked(by)
    opened = open_ledger(ledger, keys, optional=() if keys else KEYS)
    known = coverages_of(opened, keys, asked, as_of)
    cube, names, table, rules, ours = _counted(opened, keys, asked, known, no_coverage(as_of))
    # (groups, windows × figures) becomes (windows × groups, figures).
    figures = table.reshape(-1, len(asked), len(names)).swapaxes(0, 1).reshape(-1, len(names))
    frame = pd.DataFrame(
        name_columns(cube.groups, len(asked))
        | window_columns(asked, len(cube.groups))
        | {name: pd.array(figures[:, n], dtype="Int64") for n, name in enumerate(names)}
    )
    text = {"level": "all", "origin": "tallied", "not_applicable": ""}
    # Without names counted by, the first dossier tells whose they are.
    text |= {"source": source(cube.groups if keys else first_row(opened.frame))}
    frame = frame.assign(
        due_rule=pd.Series(np.tile(rules, len(asked)), index=frame.index, dtype="str"),
        coverage=pd.Series([one.of(window) for window in asked for one in ours], dtype="str"),
        first_event=pd.Series([one.first for one in ours] * len(asked), dtype="datetime64[us]"),
        last_event=pd.Series([one.last for one in ours] * len(asked), dtype="datetime64[us]"),
        **{name: text_column(value, frame.index) for name, value in text.items()},
    )
    if calendar is None:
        return frame
    days = durations(ledger, windows, by=by, calendar=calendar)
    return frame.assign(**{name: days[name] for name in ("mean_wd", "median_wd", "p90_wd")})


def _counted(
    opened: Opened,
    keys: Sequence[str],
    asked: Sequence[AskedWindow],
    known: Mapping[str, Coverage],
    none: Coverage,
) -> tuple[Cube, list[str], np.ndarray, np.ndarray, list[Coverage]]:
    """Return the cube, the figures' names, their table by groups, due rules and coverages."""
    # Up to a day that is given all agencies count alike; else each to its own last event.
    given = [none.cut(one) for one in asked]
    own: list[list[dt.date]] = [[] for _ in asked]
    if none.as_of is None:
        cuts = [{one.cut(window) for one in known.values()} for window in asked]
        own = [sorted(day for day in each if day is not None) for each in cuts]
    cube = count_cube(opened, keys, edges_of(asked, [*given, *chain.from_iterable(own)]))
    flags = [
        _flags(cube, one, cut, truncated=none.as_of is not None)
        for one, cut in zip(asked, given, strict=True)
    ]
    names = list(flags[0])
    kinds = [each[name] for each in flags for name in names]
    kinds += [
        _flags(cube, one, cut, truncated=False)["pending_overdue"]
        for one, cuts in zip(asked, own, strict=True)
        for cut in cuts
    ]
    dated = cube.usable & cube.has_due
    timed = cube.codes["timed"] == 1
    table = cube.totals(np.column_stack([*kinds, dated & ~timed, dated & timed]))
    rules = due_rules(*table[:, -2:].T)
    ours = [known.get(agency, none) for agency in _agencies(cube)]
    width = len(asked) * len(names)
    _overdue_until(table[:, :width], table[:, width:-2], names, asked, ours, own)
    return cube, names, table[:, :width], rules, ours


def _agencies(cube: Cube) -> list[str]:
    """Return the agency of each group, "" where it is missing or not counted by."""
    if "agency" not in cube.groups:
        return [""] * len(cube.groups)
    return list(cube.groups["agency"].astype("str").fillna(""))


def _overdue_until(
    table: np.ndarray,
    more: np.ndarray,
    names: Sequence[str],
    asked: Sequence[AskedWindow],
    ours: Sequence[Coverage],
    own: Sequence[Sequence[dt.date]],
) -> None:
    """Put into a table what is overdue on each agency's last day, where it ends before a window.

    Parameters
    ----------
    table : groups by windows × figures; `more`, groups by what is overdue on each day of `own`.
    """
    column = 0
    for at, (window, cuts) in enumerate(zip(asked, own, strict=True)):
        overdue, not_due, pending = (
            at * len(names) + names.index(name)
            for name in ("pending_overdue", "pending_not_due", "pending_total")
        )
        for cut in cuts:
            here = np.array([one.cut(window) == cut for one in ours])
            table[here, overdue] = more[here, column]
            table[here, not_due] = table[here, pending] - more[here, column]
            column += 1


def due_rules(by_day: np.ndarray, by_hour: np.ndarray) -> np.ndarray:
    """Return which due dates there are: days, hours, both or none.

    Examples
    --------
    >>> due_rules(np.array([2, 1, 0, 0]), np.array([0, 1, 3, 0])).tolist()
    ['end_of_day', 'mixed', 'time_of_day', 'not_stated']
    """
    names = np.array(["not_stated", "end_of_day", "time_of_day", "mixed"], dtype=object)
    return names[(by_day > 0) + 2 * (by_hour > 0)]


def _flags(cube: Cube, asked: AskedWindow, cut: dt.date | None, *, truncated: bool) -> Flags:
    """Return for each figure of a window the kinds of dossiers that it is the sum of.

    Parameters
    ----------
    cut : the day from which on nothing is overdue, None for the window's end; `truncated` where
        nothing that came later is known either.
    """
    code, outcome = cube.codes, cube.codes["outcome"]
    start, after = asked.between(cube.edges)
    over = after if cut is None else [edge.date() for edge in cube.edges].index(cut)
    if truncated:
        start, after = min(start, over), min(after, over)
    over = min(after, over)
    usable = cube.usable
    # An interval's number is that of the edges before it: up to `after` it lies before the end.
    before_start, inside = code["received"] <= start, within(code["received"], start, after)
    left_inside = within(code["ended"], start, after) & usable
    present = (before_start | inside) & (code["ended"] > start) & usable
    new = inside & present
    settled = present & left_inside & (outcome != RETURNED) & (outcome != WITHDRAWN)
    pending = present & (code["ended"] > after)
    on_time = cube.on_time
    waiting = outcome == WAITING
    overdue = pending & (code["due"] <= over) & ~waiting
    due = within(code["due"], start, after) & usable & (outcome == SETTLED)
    timed = code["timed"] == 1
    online = code["channel"] == ONLINE
    return {
        "received_total": present,
        "carried_over": present & before_start,
        "newly_received": new,
        "received_online": new & online,
        "received_in_person": new & ~online,
        "settled_total": settled,
        "settled_on_time": settled & on_time,
        "settled_early": settled & (code["lateness"] == EARLY),
        "settled_late": settled & ~on_time,
        "pending_total": pending,
        "pending_not_due": pending & ~overdue,
        "pending_overdue": overdue,
        "returned": present & left_inside & (outcome == RETURNED),
        "withdrawn": present & left_inside & (outcome == WITHDRAWN),
        "without_due_date": present & ~cube.has_due,
        "due_by_day": present & cube.has_due & ~timed,
        "due_by_hour": present & cube.has_due & timed,
        "due_total": due,
        "due_on_time": due & on_time & (code["lateness"] != NOT_COMPARED),
        "waiting": pending & waiting,
        "not_counted": ~usable,
        "unknown_codes": (outcome == NO_CODE) | (code["channel"] == NO_CHANNEL),
    }
