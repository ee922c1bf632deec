"""The one pass over a ledger: dossiers counted by what alone matters to every window.

All edges of all windows cut time into elementary intervals. A dossier counts by the interval of its
receipt, of its end and of its due day, and by a few small codes; these are one whole number, and
the pass groups by it. Any window, overlapping or not, is then a sum over the groups.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cchc_stats.ledger.counting.doors import fetched, named
from cchc_stats.words import YEARS

if TYPE_CHECKING:
    import narwhals as nw

    from cchc_stats.ledger.counting.doors import Names, Opened

    # A small whole number: itself, an expression of it, or (condition, code where it holds, code
    # elsewhere). Conditions follow one another and none is negated: of a missing value an engine
    # says neither that it holds nor that it does not.
    Code = int | nw.Expr | tuple[nw.Expr, "Code", "Code"]
    Coded = list[tuple[Code, int]]

# How a dossier's end lies to when it was due.
EARLY, ON_TIME, LATE, NOT_COMPARED = range(4)
# What became of it; an end without a day, and a status that is no code, no window can hold.
SETTLED, RETURNED, WITHDRAWN, WAITING, ENDED_UNDATED, NO_CODE = range(6)
OTHER_CHANNEL, ONLINE, NO_CHANNEL = range(3)
NAMES = ("received", "ended", "due", "lateness", "outcome", "channel", "timed", "unusable")
# Days outside these years are slips of the pen, as in reading an export.
KNOWN = (dt.datetime(YEARS[0], 1, 1), dt.datetime(YEARS[-1] + 1, 1, 1))
CELLS = 10**7  # of a table of groups by kinds held at once


@dataclass(frozen=True, eq=False)
class Cube:
    """A ledger counted.

    Parameters
    ----------
    groups : frame of the columns counted by, a row per group.
    group, kind, count : of each count its group, its row in `codes`, and how many dossiers.
    codes : name -> code of each kind of dossier; intervals are numbered as edges before them.
    edges : the instants that cut time.
    """

    groups: pd.DataFrame
    group: np.ndarray
    kind: np.ndarray
    count: np.ndarray
    codes: dict[str, np.ndarray]
    edges: list[dt.datetime]

    @property
    def usable(self) -> np.ndarray:
        """Which kinds of dossiers a window can hold."""
        code = self.codes
        usable: np.ndarray = (code["outcome"] < ENDED_UNDATED) & (code["unusable"] == 0)
        return usable

    @property
    def has_due(self) -> np.ndarray:
        """Which kinds have a due date."""
        due: np.ndarray = self.codes["due"] <= len(self.edges)
        return due

    @property
    def on_time(self) -> np.ndarray:
        """Which kinds ended on time; without a due date nothing can be late."""
        return np.isin(self.codes["lateness"], [EARLY, ON_TIME, NOT_COMPARED])

    def totals(self, flags: np.ndarray) -> np.ndarray:
        """Return int64 (groups, columns) of the dossiers whose kinds are flagged (kinds, columns).

        The counts as a table of groups by kinds, times the flags; some groups at a time.
        """
        groups, kinds = len(self.groups), len(flags)
        ones = flags.astype("float64")  # exact: counts are far below 2**53
        found = np.zeros((groups, flags.shape[1]), dtype="int64")
        step = max(1, CELLS // max(1, kinds))
        order = np.argsort(self.group, kind="stable")
        group, kind, count = self.group[order], self.kind[order], self.count[order]
        for first in range(0, groups, step):
            last = min(first + step, groups)
            some = slice(*np.searchsorted(group, [first, last]))
            cells = (group[some] - first) * kinds + kind[some]
            table = np.bincount(cells, count[some], (last - first) * kinds)
            found[first:last] = table.reshape(last - first, kinds) @ ones
        return found


def count_cube(ledger: Opened, by: Sequence[str], edges: list[dt.datetime]) -> Cube:
    """Return the cube of a ledger in one pass of the engine that it lives on."""
    parts = window_parts(instants(edges, ledger.frame), instants(KNOWN, ledger.frame))
    found = grouped(ledger.frame.select(*by, code=packed(parts)), by, ledger.names)
    groups, group = groups_of(found, by)
    distinct, kind = np.unique(found["code"].to_numpy("int64"), return_inverse=True)
    codes = unpacked(distinct, parts, NAMES)
    return Cube(groups, group, kind, found["n"].to_numpy("int64"), codes, edges)


def instants(edges: Sequence[dt.datetime], frame: Any) -> list[Any]:
    """Return instants as a frame's engine compares times with them.

    To Spark a bare time stamp is one of this machine's zone; as a text it is read like the ledger's
    own times, in the zone of the session.
    """
    import narwhals as nw

    if not frame.implementation.is_spark_like():
        return list(edges)
    return [nw.lit(f"{edge:%Y-%m-%d %H:%M:%S}").cast(nw.Datetime("us")) for edge in edges]


def window_parts(edges: Sequence[Any], known: Sequence[Any]) -> Coded:
    """Return the code of each of NAMES with how many values it has."""
    import narwhals as nw

    received, due, ended = nw.col("received_at"), nw.col("due_at"), nw.col("settled_at")
    intervals = len(edges) + 2  # the last is that of what has no day
    return [
        (interval(received, edges), intervals),
        (interval(ended, edges), intervals),
        (interval(due, edges), intervals),
        (lateness(ended, due), 4),
        (outcome(nw.col("status"), ended), 6),
        (channel(nw.col("channel")), 3),
        ((due.dt.truncate("1d") < due, 1, 0), 2),
        (unusable(received, ended, due, known), 2),
    ]


def interval(instant: nw.Expr, edges: Sequence[Any]) -> Code:
    """Return how many edges an instant has reached, one more than there are where it is missing.

    Found by halving: few comparisons a row.
    """

    def among(first: int, last: int) -> Code:
        if first < last:
            half = (first + last) // 2
            return instant < edges[half], among(first, half), among(half + 1, last)
        # A missing instant is before no edge, and so comes out at the end.
        return (instant.is_null(), last + 1, last) if last == len(edges) else last

    return among(0, len(edges))


def by_due_date(
    ended: nw.Expr, due: nw.Expr, *, before: Code, on_time: Code, late: Code, unknown: Code
) -> Code:
    """Return a code by how the end of a dossier lies to when it was due.

    A due date without an hour, 00:00, lasts until that day is over; one with an hour is that
    instant. `before` is of what ended up to that time as it stands, `on_time` of what ended after
    it, on a due day without an hour.
    """
    day = due.dt.truncate("1d")
    that_day = (ended.dt.truncate("1d") <= due, on_time, late)
    return ended <= due, before, (ended > due, (day < due, late, that_day), unknown)


def lateness(ended: nw.Expr, due: nw.Expr) -> Code:
    """Return how the end of a dossier lies to when it was due."""
    before = (ended < due.dt.truncate("1d"), EARLY, ON_TIME)
    return by_due_date(ended, due, before=before, on_time=ON_TIME, late=LATE, unknown=NOT_COMPARED)


def outcome(status: nw.Expr, ended: nw.Expr) -> Code:
    """Return what became of a dossier: with an end its kind, without one whether it waits."""
    returned, withdrawn, waiting = (status == code for code in ("returned", "withdrawn", "waiting"))
    closed = (status == "settled") | returned | withdrawn
    unsaid = ((status == "open") | (status == "") | status.is_null(), SETTLED, NO_CODE)
    still_open = (closed, ENDED_UNDATED, (waiting, WAITING, unsaid))
    apart = (returned, RETURNED, (withdrawn, WITHDRAWN, (waiting, SETTLED, unsaid)))
    return ended.is_null(), still_open, (status == "settled", SETTLED, apart)


def channel(name: nw.Expr) -> Code:
    """Return by which channel a dossier came, and whether that is no code of a channel."""
    other = (name == "in_person") | (name == "postal") | (name == "") | name.is_null()
    return name == "online", ONLINE, (other, OTHER_CHANNEL, NO_CHANNEL)


def unusable(received: nw.Expr, ended: nw.Expr, due: nw.Expr, known: Sequence[Any]) -> Code:
    """Return 1 where a dossier was not received, ended or fell due before, or in no known year."""
    first, after = known
    day = received.dt.truncate("1d")

    def before(time: nw.Expr) -> nw.Expr:
        # Receipt may be stamped and the other be a day alone: that day is then not before.
        return (time < day) | ((time < received) & (time.dt.truncate("1d") < time))

    strange = (received < first) | (received >= after) | (ended >= after) | (due >= after)
    impossible = received.is_null() | before(ended) | before(due) | strange
    # Most dossiers are told by these few comparisons.
    in_order = (received <= ended) & (received <= due)
    fine = in_order & (received >= first) & (ended < after) & (due < after)
    return fine, 0, (impossible, 1, 0)


def packed(parts: Coded) -> nw.Expr:
    """Return several small codes as one whole number, the last of them in the smallest place."""
    import narwhals as nw

    # 64 bits from the start: an engine may take a bare 1 for a small integer.
    code, unit = nw.lit(0, nw.Int64), 1
    for part, size in reversed(parts):
        code, unit = code + _expression(part, unit), unit * size
    return code


def _expression(code: Code, unit: int) -> nw.Expr:
    """Return a code, times a unit, as the engines compute it."""
    import narwhals as nw

    if isinstance(code, int):
        return nw.lit(code * unit)
    if not isinstance(code, tuple):
        return code * unit
    condition, then, otherwise = code
    return nw.when(condition).then(_expression(then, unit)).otherwise(_expression(otherwise, unit))


def unpacked(code: np.ndarray, parts: Coded, names: Sequence[str]) -> dict[str, np.ndarray]:
    """Return the codes that were packed, by name."""
    found = {}
    for name, (_, size) in zip(reversed(names), reversed(parts), strict=True):
        code, found[name] = np.divmod(code, size)
    return found


def grouped(frame: nw.LazyFrame[Any], by: Sequence[str], names: Names) -> pd.DataFrame:
    """Return how many rows there are (`n`) by group and code; a missing name is a group too."""
    import narwhals as nw

    # The number first: two rows that differ mostly differ there, and names take longer to compare.
    found = in_pandas(frame.group_by("code", *by).agg(n=nw.len()).to_native())
    return named(found, names)


def first_row(frame: nw.LazyFrame[Any]) -> pd.DataFrame:
    """Return the first dossier of a ledger, in pandas."""
    return in_pandas(frame.head(1).to_native())


def groups_of(found: pd.DataFrame, by: Sequence[str]) -> tuple[pd.DataFrame, np.ndarray]:
    """Return the groups, sorted by name with missing ones last, and the group of each count."""
    # Without a name to group by there is one group, even where nothing was counted.
    number = np.zeros(len(found), dtype="int64")
    if not by:
        return pd.DataFrame(index=[0]), number
    names: list[pd.Index] = []
    for name in by:
        codes, distinct = pd.factorize(found[name].astype("str"), sort=True)
        names.append(pd.Index(distinct, dtype="str").append(pd.Index([pd.NA], dtype="str")))
        number = number * len(names[-1]) + codes % len(names[-1])  # -1, missing, is the last
    present, group = np.unique(number, return_inverse=True)
    columns = {}
    for name, distinct in zip(reversed(by), reversed(names), strict=True):
        present, place = np.divmod(present, len(distinct))
        columns[name] = distinct.take(place).to_series(range(len(place)))
    return pd.DataFrame({name: columns[name] for name in by}), group


def in_pandas(native: Any) -> pd.DataFrame:
    """Return a small result as a pandas frame, without pyarrow."""
    if isinstance(native, pd.DataFrame):
        return native
    if hasattr(native, "df"):  # DuckDB
        return fetched(native)
    if type(native).__module__.startswith("pyspark"):
        return pd.DataFrame([tuple(row) for row in native.collect()], columns=native.columns)
    import narwhals as nw

    # Whatever the engine collects into: polars into its own frame, Dask into pandas.
    return pd.DataFrame(nw.from_native(native).lazy().collect().to_dict(as_series=False))
