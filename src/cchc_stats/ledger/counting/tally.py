"""`tally`: the official table of settled dossiers, for any windows, in one pass over a ledger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from cchc_stats.ledger.counting.coverage import (
    Coverage,
    Events,
    agency_names,
    agency_places,
    as_exported,
    coverage_columns,
    day_given,
    day_made,
    events_of,
    given_cut,
)
from cchc_stats.ledger.counting.cube import (
    along_days,
    day_of,
    dossiers_of,
    facts_by_edge,
    first_row,
    numbers_of,
    repeated_by,
)
from cchc_stats.ledger.counting.doors import KEYS, keys_asked, open_ledger
from cchc_stats.ledger.counting.durations import durations
from cchc_stats.ledger.counting.legal_due import LEGAL, by_law, due_by_law, require_due
from cchc_stats.ledger.counting.series import Counts
from cchc_stats.ledger.counting.windows import (
    AskedWindow,
    asked_windows,
    edges_of,
    name_columns,
    repeated,
    source,
    text_column,
    window_columns,
)

if TYPE_CHECKING:
    from cchc_stats.calendars import WorkingCalendar


def tally(
    ledger: object,
    windows: object,
    *,
    by: Sequence[str] | str = ("agency", "sector"),
    calendar: WorkingCalendar | None = None,
    as_of: dt.date | str | None = None,
    key: str | Sequence[str] | None = None,
    due: Literal["printed", "legal"] = "printed",
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
    as_of : the last day that counts: what was received or ended later is not there yet, and a
        window that ends later is counted as it stood on that day. Of a history of exports, what
        `read_ledger` or `scan_ledger` gives, only those made up to that day are counted, so that a
        past quarter is restated as its exports stated it then; the last of them is
        the end of it. (Its `.frame` has the newest state alone.) Without it a window is counted
        to its end, but nothing is called overdue from the ledger's last event on.
    key : the column or columns that name a dossier, "dossier_id": where given, `repeated` tells how
        many rows are of a dossier that its group has already. They are counted all the same;
        `read_ledger` leaves them out.
    due : "printed", by the day that each dossier was promised for; or "legal", by the last of the
        `legal_wd` working days after receipt, where the ledger tells them (a dossier without keeps
        its printed day, and `due_by_law` tells how many go by the law). Full days count; a clock
        that stood still in between is not in the export. `calendar` tells the working days,
        `vietnam_calendar()` unless given.

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
    `not_counted`: rows of the group, in all of the ledger, that no window can hold: no day of
    receipt; due or ended before it, or one of the three outside 1990-2100; closed without a day; a
    status that is no code of LEDGER. What `read_ledger` rejects for its days is so here. The same
    in every window.
    `unknown_codes`: rows of the group, in all of the ledger, whose status or channel is no code of
    LEDGER, as where a frame has an export's own words: `read_ledger` reads those. Such a status is
    `not_counted`; such a channel is not online.
    `repeated`: only with `key`: rows of the group, in all of the ledger, whose dossier the group
    has already; rows without a number are none.
    `due_by_day, due_by_hour`: of `received_total`, those whose due date is a day, 00:00, and so
    lasts until that day is over, and those whose due date is an hour of it. Each dossier goes by
    its own due date; those without one are `without_due_date`.
    `due_by_law`: only with `due="legal"`: rows of the group, in all of the ledger, that tell their
    `legal_wd`.
    `due_rule`: which of the two the group's dossiers have in all of the ledger: `end_of_day`,
    `time_of_day`, `mixed`, `not_stated`. A window ends when its last day is over.
    `coverage`: `full`, `partial` or `none` of the window lies between the first and last event of
    the agency (of the ledger, where agencies are not counted by), `first_event` and `last_event`
    (days). A silence at either end no longer than one within
    the ledger, in working days, is no gap. Old dossiers that lasted do not begin a ledger: days of
    receipt before its first end count only where they are not several times as rare as later, and
    a window that begins well before the first end, and after receipts, is `partial`. After a
    longer one the window is not over, and what was not overdue on the day before the last event is
    not due; where fewer than four days have events silence means nothing, and due dates are
    compared with the window's end. A few events after the day of the export, or more than a year
    after all others, are slips of the pen and stretch nothing (`ledger_quality` counts them).
    `origin`: "tallied"; `measure` gives it to the values.

    Raises
    ------
    PeriodError
        No window, or one that is none.
    ReadError
        Files that are not there or cannot be read.
    CchcError
        No ledger, or one that lacks a column; `by` of another column; another word for `due`; due
        days by law where the ledger tells no `legal_wd`, or beyond the calendar.

    Source
    ------
    Circular 01/2020/TT-VPCP, form II.06a (columns and balances); what is counted where a dossier
    has no due date, waits or leaves is the library's reading, stated above.

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
    ledger, as_of = as_exported(ledger, as_of)
    named = [key] if isinstance(key, str) else list(key or [])
    until = day_given(as_of), day_made(ledger)
    require_due(due)
    more = [*(() if keys else KEYS), *(("legal_wd",) if due == LEGAL else ())]
    opened = open_ledger(ledger, keys, needed=named, optional=more)
    with due_by_law(opened, calendar) if due == LEGAL else nullcontext(opened) as dated:
        counted = _counted(dated, keys, asked, until, named)
    if due == LEGAL:
        dated_by_law = by_law(opened, counted.groups, keys)
        counted.figures["due_by_law"] = np.tile(dated_by_law, (len(asked), 1))
    frame = _frame(counted, asked)
    text = {"level": "all", "origin": "tallied", "not_applicable": ""}
    # Without names counted by, the first dossier tells whose they are.
    text |= {"source": source(counted.groups if keys else first_row(opened))}
    frame = frame.assign(**{name: text_column(value, frame.index) for name, value in text.items()})
    if calendar is None:
        return frame
    days = durations(ledger, windows, by=by, calendar=calendar)
    return frame.assign(**{name: days[name] for name in ("mean_wd", "median_wd", "p90_wd")})


@dataclass(frozen=True, eq=False)
class _Counted:
    """A ledger counted.

    Attributes
    ----------
    groups : frame of the columns counted by, a row per group.
    figures : name -> int64 (windows, groups).
    rules : which due dates each group has.
    coverage : of the agencies, and `agency`, of each group its row there.
    """

    groups: pd.DataFrame
    figures: dict[str, np.ndarray]
    rules: np.ndarray
    coverage: Coverage
    agency: np.ndarray


def _counted(
    opened: Any,
    keys: Sequence[str],
    asked: Sequence[AskedWindow],
    until: Until,
    named: Sequence[str],
) -> _Counted:
    """Return a ledger counted."""
    given = [given_cut(until[0], one) for one in asked]
    way = _along_days if along_days(opened) else _along_edges
    parts = way(opened, keys, asked, given, until, named)
    groups, seen, counts, edges, coverage, agency, again = parts
    figures = _figures(counts, len(groups), edges, asked, given)
    rules = figures.pop("due_rule")[0]
    for at, one in enumerate(asked):
        cut = coverage.cut(one)[agency]
        here = np.flatnonzero(cut)
        overdue = counts.open_before(here, cut[here])
        figures["pending_overdue"][at, here] = overdue
        figures["pending_not_due"][at, here] = figures["pending_total"][at, here] - overdue
    if not seen.all():
        figures = {name: figure[:, seen] for name, figure in figures.items()}
    groups = groups[seen].reset_index(drop=True)
    if named:
        repeated = np.zeros(len(groups), "int64")
        if again:
            repeated = repeated_by(opened, groups, keys, named)
        figures["repeated"] = np.tile(repeated, (len(asked), 1))
    return _Counted(groups, figures, rules[seen], coverage, agency[seen])


# The day up to which the caller counts, and that on which the last export was made, where stated.
Until = tuple[dt.date | None, dt.date | None]
# The groups that there may be, which of them there are, the counts and their edges, the coverage of
# agencies, the agency of each group, and whether dossiers may be repeated.
_Parts = tuple[pd.DataFrame, np.ndarray, Counts, list[dt.datetime], Coverage, np.ndarray, bool]


def _along_days(
    opened: Any,
    keys: Sequence[str],
    asked: Sequence[AskedWindow],
    given: Sequence[dt.date | None],
    until: Until,
    named: Sequence[str],
) -> _Parts:
    """Return a ledger whose dossiers are counted here, in one pass."""
    dossiers = dossiers_of(opened, keys, named)
    agency, agencies = pd.factorize(agency_names(dossiers.groups))
    edges = edges_of(asked, given)
    counts = Counts(len(dossiers.groups), numbers_of(edges), by_day=True)
    events = Events(len(agencies), agency)
    hashes = []
    for facts in dossiers.facts:
        counts.add(facts)
        if facts.named is not None:
            hashes.append(facts.named)
        events.add(facts.group, facts.received, facts.ended)
    coverage = Coverage.of_events(events, len(agencies), *until)
    # Where no two have one hash none is repeated; else they are compared as they are.
    every = np.sort(np.concatenate(hashes)) if hashes else np.empty(0, "uint64")
    again = bool((every[1:] == every[:-1]).any())
    return dossiers.groups, dossiers.seen, counts, edges, coverage, agency, again


def _along_edges(
    opened: Any,
    keys: Sequence[str],
    asked: Sequence[AskedWindow],
    given: Sequence[dt.date | None],
    until: Until,
    named: Sequence[str],
) -> _Parts:
    """Return a ledger counted by its engine, after its events: what is overdue ends with them."""
    agencies, events = events_of(opened, keys)
    coverage = Coverage.of_events(events, len(agencies), *until)
    own = {day for one in asked for day in coverage.cut(one).tolist() if day}
    edges = edges_of(asked, [*given, *(day.date() for day in day_of(sorted(own)).tolist())])
    groups, facts = facts_by_edge(opened, keys, edges)
    agency = agency_places(groups, agencies)
    counts = Counts(len(groups), numbers_of(edges), by_day=False)
    counts.add(facts)
    return groups, np.ones(len(groups), dtype=bool), counts, edges, coverage, agency, bool(named)


def _figures(
    counts: Counts,
    groups: int,
    edges: Sequence[dt.datetime],
    asked: Sequence[AskedWindow],
    given: Sequence[dt.date | None],
) -> dict[str, np.ndarray]:
    """Return each figure as int64 (windows, groups).

    Parameters
    ----------
    given : of each window the day from which on nothing is there, None where all is.
    """
    places = {edge.date(): place for place, edge in enumerate(edges)}
    limits = [len(edges) if day is None else places[day] for day in given]
    start = np.minimum([places[one.window.start] for one in asked], limits)
    after = np.minimum([places[one.window.after] for one in asked], limits)
    figures: dict[str, np.ndarray] = {}
    for first in range(0, max(1, groups), counts.step):
        last = min(first + counts.step, groups)
        some = _of_groups(counts.up_to(first, last), start, after)
        for name, figure in some.items():
            table = figures.setdefault(name, np.empty((len(asked), groups), figure.dtype))
            table[:, first:last] = figure.T
    return figures


def due_rules(by_day: np.ndarray, by_hour: np.ndarray) -> np.ndarray:
    """Return which due dates there are: days, hours, both or none.

    Examples
    --------
    >>> due_rules(np.array([2, 1, 0, 0]), np.array([0, 1, 3, 0])).tolist()
    ['end_of_day', 'mixed', 'time_of_day', 'not_stated']
    """
    names = np.array(["not_stated", "end_of_day", "time_of_day", "mixed"], dtype=object)
    return names[(by_day > 0) + 2 * (by_hour > 0)]


def _of_groups(
    up_to: dict[str, np.ndarray], start: np.ndarray, after: np.ndarray
) -> dict[str, np.ndarray]:
    """Return each figure as int64 (groups, windows), of counts up to the edges of windows.

    `due_rule` stands among them, the same in every window.
    """
    began = {name: count[:, start] for name, count in up_to.items()}
    over = {name: count[:, after] for name, count in up_to.items()}
    total = {
        name: np.broadcast_to(count[:, -1:], (len(count), len(start)))
        for name, count in up_to.items()
    }

    def within(name: str) -> np.ndarray:
        difference: np.ndarray = over[name] - began[name]
        return difference

    ended_before, ended = (
        count["settled"] + count["returned"] + count["withdrawn"] for count in (began, over)
    )
    present, new, pending = (
        over["received"] - ended_before,
        within("received"),
        over["received"] - ended,
    )
    undated = over["received_undated"] - began["ended_undated"]
    by_hour = over["received_by_hour"] - began["ended_by_hour"]
    overdue = over["due_not_kept"] - over["ended_late"]
    return {
        "received_total": present,
        "carried_over": present - new,
        "newly_received": new,
        "received_online": within("online"),
        "received_in_person": new - within("online"),
        "settled_total": within("settled"),
        "settled_on_time": within("settled") - within("late"),
        "settled_early": within("early"),
        "settled_late": within("late"),
        "pending_total": pending,
        "pending_not_due": pending - overdue,
        "pending_overdue": overdue,
        "returned": within("returned"),
        "withdrawn": within("withdrawn"),
        "without_due_date": undated,
        "due_by_day": present - undated - by_hour,
        "due_by_hour": by_hour,
        "due_total": within("due"),
        "due_on_time": within("due_on_time"),
        "waiting": over["waiting"],
        "not_counted": total["not_counted"],
        "unknown_codes": total["unknown_codes"],
        "due_rule": due_rules(
            total["received"] - total["received_undated"] - total["received_by_hour"],
            total["received_by_hour"],
        ),
    }


def _frame(counted: _Counted, asked: Sequence[AskedWindow]) -> pd.DataFrame:
    """Return the table of a ledger counted, a row per window and group."""
    groups, windows = len(counted.groups), len(asked)
    columns: dict[str, Any] = name_columns(counted.groups, windows)
    columns |= window_columns(asked, groups)
    columns |= {
        name: pd.array(figure.ravel(), dtype="Int64") for name, figure in counted.figures.items()
    }
    columns["due_rule"] = repeated(counted.rules, windows)
    columns |= coverage_columns(counted.coverage, counted.agency, asked)
    return pd.DataFrame(columns)
