"""Dossiers counted by what alone matters to every window: cumulative counts along its edges.

All edges of all windows cut time into elementary intervals. What a window holds is a difference of
counts of one kind up to an edge: what was received before the window was over, less what ended
before it began, is what was in hand. This holds because no end and no due date that count lie
before the receipt; and what is overdue at an edge is what was due before it and is open or ended
late, less what had ended late by then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from cchc_stats.ledger.counting.codes import (
    AFTER,
    BY_HOUR,
    DAY,
    EARLY,
    ENDED_UNDATED,
    FIRST,
    LATE,
    NO_CHANNEL,
    NO_CODE,
    NO_DUE,
    NOT_COMPARED,
    ONLINE,
    RETURNED,
    SETTLED,
    WAITING,
    WITHDRAWN,
    every_code,
)

DAYS = 1 << 16  # numbers of days
DENSE = 1 << 21  # counts held as a table; of more the few that are not 0
POSSIBLE_DAYS = range(FIRST // DAY, AFTER // DAY)
PENDING = 1 << 18  # numbers that are summed up at once where there is no table
CELLS = 1 << 20  # counts cumulated at once

Series = Mapping[str, np.ndarray]


@dataclass(frozen=True, eq=False)
class Facts:
    """Some dossiers, or kinds of them, as integers.

    Attributes
    ----------
    group : the group of each.
    code : of `codes.CODES`, packed.
    received, ended, due : numbers of days, those outside the possible years for none; or of edges
        reached, one more than there are for none.
    count : how many there are of each kind, None where each is one dossier.
    received_at : int64 microseconds of single dossiers, empty of kinds of them.
    legal_wd : float64, NaN where it is not stated; None without such a column.
    named : uint64 hashes of those dossiers that have a number, each with its group; None where
        they are not asked for.
    """

    group: np.ndarray
    code: np.ndarray
    received: np.ndarray
    ended: np.ndarray
    due: np.ndarray
    count: np.ndarray | None = None
    received_at: np.ndarray = field(default_factory=lambda: np.empty(0, "int64"))
    legal_wd: np.ndarray | None = None
    named: np.ndarray | None = None


class Keyed:
    """How often each integer below a size occurs, as a table or, of a large one, as pairs."""

    def __init__(self, size: int) -> None:
        self.table = np.zeros(size, dtype="int64") if size <= DENSE else None
        self._kept = np.empty(0, "int64"), np.empty(0, "int64")
        self._new: list[np.ndarray] = []
        self._pending = 0

    def add(self, number: np.ndarray, count: np.ndarray | None = None) -> None:
        """Count some numbers, each once or as often as is stated."""
        if self.table is not None:
            np.add.at(self.table, number, 1 if count is None else count)
        elif count is not None:
            self._keep(number, count)
        else:
            self._new.append(number)
            self._pending += len(number)
            # What is kept is sorted anew when it has grown by half: few times in all.
            if self._pending > max(PENDING, len(self._kept[0]) // 2):
                self._sum_up()

    def pairs(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the numbers that occur, in order, and how often."""
        if self.table is not None:
            there = np.flatnonzero(self.table)
            return there, self.table[there]
        self._sum_up()
        return self._kept

    def between(self, first: int, last: int) -> np.ndarray:
        """Return how often each number from one up to another occurs, as float64."""
        if self.table is not None:
            return self.table[first:last].astype("float64")
        number, count = self.pairs()
        some = slice(*np.searchsorted(number, [first, last]))
        return np.bincount(number[some] - first, count[some], last - first)

    def _sum_up(self) -> None:
        if self._new:
            number = np.concatenate(self._new)
            self._new, self._pending = [], 0
            number.sort()
            first = _firsts(number)
            self._keep(number[first], np.diff(first, append=len(number)))

    def _keep(self, number: np.ndarray, count: np.ndarray) -> None:
        """Add counts to those that are kept."""
        number, count = (
            np.concatenate(parts) for parts in zip(self._kept, (number, count), strict=True)
        )
        order = np.argsort(number, kind="stable")
        number, count = number[order], count[order]
        first = _firsts(number)
        self._kept = number[first], np.add.reduceat(count, first) if len(first) else count


def _firsts(number: np.ndarray) -> np.ndarray:
    """Return the places at which another number begins, of numbers in order."""
    return np.flatnonzero(np.diff(number, prepend=-1))


def note(flags: np.ndarray, number: np.ndarray) -> None:
    """Set the flags of some numbers; most are set already, and looking is cheaper than setting."""
    noted = flags.take(number, mode="clip")
    if not noted.all():
        flags[number[~noted]] = True


def series_of() -> dict[str, dict[str, np.ndarray]]:
    """Return which codes each series counts, by the day that it is counted along."""
    code = every_code()
    outcome, lateness, due_kind = code["outcome"], code["lateness"], code["due_kind"]
    usable = (outcome < ENDED_UNDATED) & (code["unusable"] == 0)
    settled, moving = usable & (outcome == SETTLED), usable & (outcome != WAITING)
    late, compared, due = lateness == LATE, lateness != NOT_COMPARED, due_kind != NO_DUE
    undated, by_hour = usable & ~due, usable & (due_kind == BY_HOUR)
    return {
        "received": {
            "received": usable,
            "online": usable & (code["channel"] == ONLINE),
            "waiting": usable & (outcome == WAITING),
            "received_undated": undated,
            "received_by_hour": by_hour,
            "not_counted": ~usable,
            "unknown_codes": (outcome == NO_CODE) | (code["channel"] == NO_CHANNEL),
        },
        "ended": {
            "settled": settled,
            "early": settled & (lateness == EARLY),
            "late": settled & late,
            "returned": usable & (outcome == RETURNED),
            "withdrawn": usable & (outcome == WITHDRAWN),
            "ended_late": moving & late,
            "ended_undated": undated,
            "ended_by_hour": by_hour,
        },
        "due": {
            "due": settled & due,
            "due_on_time": settled & compared & ~late,
            "due_not_kept": moving & due & (late | ~compared),
        },
        "open": {"open": moving & due & ~compared},
    }


class Along:
    """Some series counted along one day, by group."""

    def __init__(self, flags: Series, groups: int, places: np.ndarray, width: int) -> None:
        self.names = list(flags)
        # Codes that no series tells apart are one class; those in none are left out.
        classes, self.of_code = np.unique(
            np.array(list(flags.values())), axis=1, return_inverse=True
        )
        self.flags, self.width, self.places = classes.astype("float64"), width, places
        self.offset = self.of_code.astype("int64") * width
        self.size = classes.shape[1] * width
        self.keyed = Keyed(groups * self.size)

    def add(self, group: np.ndarray, code: np.ndarray, day: np.ndarray, count: object) -> None:
        """Count some dossiers."""
        number = np.multiply(group, self.size)
        number += self.offset.take(code, mode="clip")
        number += self.places.take(day, mode="clip")
        self.keyed.add(number, count)  # type: ignore[arg-type]

    def up_to(self, first: int, last: int) -> dict[str, np.ndarray]:
        """Return of each series int64 (groups, edges): how many of some groups are before an edge.

        The last column is that of all there are.
        """
        table = self.keyed.between(first * self.size, last * self.size)
        each = self.flags @ table.reshape(last - first, self.flags.shape[1], self.width)
        counts = np.cumsum(each, axis=2).astype("int64")  # exact: counts are far below 2**53
        return {name: counts[:, n] for n, name in enumerate(self.names)}


def places_of(edges: np.ndarray) -> np.ndarray:
    """Return of each number of a day how many edges it has reached, one more than all of none.

    Examples
    --------
    >>> places_of(np.array([18300, 18302])).take([0, 18299, 18300, 18301, 18302]).tolist()
    [3, 0, 1, 1, 2]
    """
    days = np.arange(DAYS)
    possible = (days >= POSSIBLE_DAYS.start) & (days < POSSIBLE_DAYS.stop)
    return np.where(possible, np.searchsorted(edges, days, side="right"), len(edges) + 1)


class Counts:
    """A ledger counted, by group, along the edges of windows.

    Parameters
    ----------
    edges : numbers of days, in order.
    by_day : whether facts have days, not places between the edges.
    """

    def __init__(self, groups: int, edges: np.ndarray, *, by_day: bool) -> None:
        self._edges, self._by_day = edges, by_day
        none = len(edges) + 1
        places = places_of(edges) if by_day else np.arange(none + 1)
        flags = series_of()
        self._open_code = flags.pop("open")["open"]
        self._along = {name: Along(each, groups, places, none + 1) for name, each in flags.items()}
        self._open = Keyed(max(groups * DAYS, DENSE + 1))
        width = sum(along.size for along in self._along.values())
        self.step = max(1, CELLS // width)  # groups whose counts are cumulated at once

    def add(self, facts: Facts) -> None:
        """Count some dossiers."""
        code = facts.code.astype("intp")  # looked up four times
        for name, along in self._along.items():
            along.add(facts.group, code, getattr(facts, name), facts.count)
        open_ = np.flatnonzero(self._open_code.take(code, mode="clip"))
        count = None if facts.count is None else facts.count[open_]
        self._open.add(facts.group[open_] * DAYS + facts.due[open_], count)

    def up_to(self, first: int, last: int) -> dict[str, np.ndarray]:
        """Return of each series int64 (groups, edges and all): how many are before an edge."""
        counts: dict[str, np.ndarray] = {}
        for along in self._along.values():
            counts |= along.up_to(first, last)
        return counts

    def open_before(self, group: np.ndarray, day: np.ndarray) -> np.ndarray:
        """Return how many dossiers without an end were due before a day, each group by its own."""
        number, count = self._open.pairs()
        up_to = np.concatenate([[0], np.cumsum(count)])
        place = day if self._by_day else np.searchsorted(self._edges, day, side="right")
        first, last = (np.searchsorted(number, group * DAYS + at) for at in (0, place))
        counts: np.ndarray = up_to[last] - up_to[first]
        return counts
