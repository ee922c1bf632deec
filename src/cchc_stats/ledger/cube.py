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

from cchc_stats.ledger.doors import unreadable

if TYPE_CHECKING:
    import narwhals as nw

    Coded = list[tuple[nw.Expr, int]]

# How a dossier's end lies to its due day. Only the two in the middle depend on the time of day.
EARLY, BEFORE_TIME, AFTER_TIME, LATE, NOT_COMPARED = range(5)
# What became of it; an end without a day is one that no window can hold.
SETTLED, RETURNED, WITHDRAWN, WAITING, ENDED_UNDATED = range(5)
NAMES = ("received", "ended", "due", "lateness", "outcome", "online", "timed", "unusable")
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
        usable: np.ndarray = (code["outcome"] != ENDED_UNDATED) & (code["unusable"] == 0)
        return usable

    @property
    def due_rule(self) -> str:
        """Whether a due day without any time of day is over at its end, or times are compared."""
        timed = self.codes["timed"][self.usable].any()
        return "time_of_day" if timed else "end_of_day"

    @property
    def on_time(self) -> np.ndarray:
        """Which kinds ended on time; without a due day nothing can be late."""
        by_day = [AFTER_TIME] if self.due_rule == "end_of_day" else []
        return np.isin(self.codes["lateness"], [EARLY, BEFORE_TIME, NOT_COMPARED, *by_day])

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


def count_cube(frame: nw.LazyFrame[Any], by: Sequence[str], edges: list[dt.datetime]) -> Cube:
    """Return the cube of a ledger in one pass of the engine that it lives on."""
    parts = window_parts(instants(edges, frame))
    found = grouped(frame.select(*by, code=packed(parts)), by)
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


def window_parts(edges: Sequence[Any]) -> Coded:
    """Return the code of each of NAMES with how many values it has."""
    import narwhals as nw

    received, due, ended = nw.col("received_at"), nw.col("due_at"), nw.col("settled_at")
    beyond = len(edges) + 1  # the number of what has no day
    return [
        (interval(received, edges, beyond), beyond + 1),
        (interval(ended, edges, beyond), beyond + 1),
        (interval(due, edges, beyond), beyond + 1),
        (lateness(ended, due), 5),
        (outcome(nw.col("status"), ended), 5),
        (nw.when(nw.col("channel") == "online").then(1).otherwise(0), 2),
        (nw.when(due.dt.truncate("1d") < due).then(1).otherwise(0), 2),
        (unusable(received, ended, due), 2),
    ]


def interval(instant: nw.Expr, edges: Sequence[Any], beyond: int) -> nw.Expr:
    """Return how many edges an instant has reached, `beyond` where it is missing."""
    import narwhals as nw

    return nw.when(instant.is_null()).then(beyond).otherwise(steps(instant, edges, 0))


def steps(value: nw.Expr, edges: Sequence[Any], reached: int) -> nw.Expr:
    """Return how many edges a value has reached, found by halving: few comparisons a row."""
    import narwhals as nw

    if not edges:
        return nw.lit(reached)
    half = len(edges) // 2
    below = steps(value, edges[:half], reached)
    above = steps(value, edges[half + 1 :], reached + half + 1)
    return nw.when(value < edges[half]).then(below).otherwise(above)


def lateness(ended: nw.Expr, due: nw.Expr) -> nw.Expr:
    """Return how the end of a dossier lies to its due day.

    Conditions follow one another and none is negated: of a missing value an engine says neither.
    """
    import narwhals as nw

    in_time = nw.when(ended < due.dt.truncate("1d")).then(EARLY).otherwise(BEFORE_TIME)
    after = nw.when(ended.dt.truncate("1d") <= due).then(AFTER_TIME).otherwise(LATE)
    compared = nw.when(ended <= due).then(in_time).otherwise(after)
    return nw.when(ended.is_null() | due.is_null()).then(NOT_COMPARED).otherwise(compared)


def outcome(status: nw.Expr, ended: nw.Expr) -> nw.Expr:
    """Return what became of a dossier: with an end its kind, without one whether it waits."""
    import narwhals as nw

    returned, withdrawn = status == "returned", status == "withdrawn"
    closed = (status == "settled") | returned | withdrawn
    waiting = nw.when(status == "waiting").then(WAITING).otherwise(SETTLED)
    still_open = nw.when(closed).then(ENDED_UNDATED).otherwise(waiting)
    kind = (
        nw.when(returned)
        .then(RETURNED)
        .otherwise(nw.when(withdrawn).then(WITHDRAWN).otherwise(SETTLED))
    )
    return nw.when(ended.is_null()).then(still_open).otherwise(kind)


def unusable(received: nw.Expr, ended: nw.Expr, due: nw.Expr) -> nw.Expr:
    """Return 1 where a dossier was not received, or has ended or fallen due on a day before."""
    import narwhals as nw

    # The time of day is no fault: receipt may be stamped and the end be a day alone.
    day = received.dt.truncate("1d")
    impossible = received.is_null() | (ended < day) | (due < day)
    return nw.when(impossible).then(1).otherwise(0)


def packed(parts: Coded) -> nw.Expr:
    """Return several small codes as one whole number."""
    import narwhals as nw

    # 64 bits from the start: an engine may take a bare 1 for a small integer.
    code = nw.lit(0, nw.Int64)
    for part, size in parts:
        code = code * size + part
    return code


def unpacked(code: np.ndarray, parts: Coded, names: Sequence[str]) -> dict[str, np.ndarray]:
    """Return the codes that were packed, by name."""
    found = {}
    for name, (_, size) in zip(reversed(names), reversed(parts), strict=True):
        code, found[name] = np.divmod(code, size)
    return found


def grouped(frame: nw.LazyFrame[Any], by: Sequence[str]) -> pd.DataFrame:
    """Return how many rows there are (`n`) by group and code; a missing name is a group too."""
    import narwhals as nw

    return _in_pandas(frame.group_by(*by, "code").agg(n=nw.len()).to_native())


def first_row(frame: nw.LazyFrame[Any]) -> pd.DataFrame:
    """Return the first dossier of a ledger, in pandas."""
    return _in_pandas(frame.head(1).to_native())


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


def _in_pandas(native: Any) -> pd.DataFrame:
    """Return a small result as a pandas frame, without pyarrow."""
    if isinstance(native, pd.DataFrame):
        return native
    if hasattr(native, "df"):  # DuckDB
        return _of_duckdb(native)
    if hasattr(native, "collect") and hasattr(native, "columns"):  # Spark
        return pd.DataFrame([tuple(row) for row in native.collect()], columns=native.columns)
    import narwhals as nw

    return pd.DataFrame(nw.from_native(native).lazy().collect("pandas").to_native())


def _of_duckdb(relation: Any) -> pd.DataFrame:
    import duckdb

    try:
        frame: pd.DataFrame = relation.df()
    except duckdb.Error as error:
        raise unreadable(error, where="ledger=") from error
    return frame
