"""The one pass over a ledger: dossiers counted by what alone matters to every window.

All edges of all windows cut time into elementary intervals. A dossier counts by the interval of its
receipt, of its end and of its due day, and by a few small codes; these are one whole number, and
the pass groups by it. Any window, overlapping or not, is then a sum over the groups.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import narwhals as nw

    Coded = list[tuple[nw.Expr, int]]

# How a dossier's end lies to its due day. Only the two in the middle depend on the time of day.
EARLY, BEFORE_TIME, AFTER_TIME, LATE, NOT_COMPARED = range(5)
# What became of it; an end without a day is one that no window can hold.
SETTLED, RETURNED, WITHDRAWN, WAITING, ENDED_UNDATED = range(5)
NAMES = ("received", "ended", "due", "lateness", "outcome", "online", "unusable")


@dataclass(frozen=True, eq=False)
class Cube:
    """A ledger counted.

    Parameters
    ----------
    groups : frame of the columns counted by, a row per group.
    group : the group of each count.
    codes : name -> code of each count; intervals are numbered as edges before them.
    count : the dossiers of each count.
    timed : how many due days of the ledger have a time of day.
    """

    groups: pd.DataFrame
    group: np.ndarray
    codes: dict[str, np.ndarray]
    count: np.ndarray
    timed: int
    edges: list[dt.datetime] = field(default_factory=list)

    @property
    def due_rule(self) -> str:
        """Whether a due day without any time of day is over at its end, or times are compared."""
        return "time_of_day" if self.timed else "end_of_day"

    @property
    def on_time(self) -> np.ndarray:
        """Which counts ended on time; without a due day nothing can be late."""
        codes = [EARLY, BEFORE_TIME, NOT_COMPARED, *([] if self.timed else [AFTER_TIME])]
        return np.isin(self.codes["lateness"], codes)

    def total(self, chosen: np.ndarray) -> np.ndarray:
        """Return the dossiers of each group over the counts chosen."""
        found = np.bincount(self.group[chosen], self.count[chosen], len(self.groups))
        return found.astype("int64")  # exact: counts are far below 2**53


def count_cube(frame: nw.LazyFrame[Any], by: Sequence[str], edges: list[dt.datetime]) -> Cube:
    """Return the cube of a ledger in one pass of the engine that it lives on."""
    import narwhals as nw

    parts = window_parts(edges)
    due = nw.col("due_at")
    timed = nw.when(due.dt.truncate("1d") < due).then(1).otherwise(0)
    found = grouped(frame.select(*by, code=packed(parts), timed=timed), by, "timed")
    codes = unpacked(found["code"].to_numpy("int64"), parts, NAMES)
    groups, group = groups_of(found, by)
    return Cube(
        groups, group, codes, found["n"].to_numpy("int64"), int(found["timed"].sum()), edges
    )


def window_parts(edges: list[dt.datetime]) -> Coded:
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
        (unusable(received, ended, due), 2),
    ]


def interval(instant: nw.Expr, edges: Sequence[dt.datetime], beyond: int) -> nw.Expr:
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


def grouped(frame: nw.LazyFrame[Any], by: Sequence[str], *flags: str) -> pd.DataFrame:
    """Return the counts and the sums of flags by group and code; a missing name is a group too."""
    import narwhals as nw

    sums = {flag: nw.col(flag).sum() for flag in flags}
    found = frame.group_by(*by, "code").agg(n=nw.len(), **sums)
    return _in_pandas(found.to_native()).fillna({flag: 0 for flag in flags})


def groups_of(found: pd.DataFrame, by: Sequence[str]) -> tuple[pd.DataFrame, np.ndarray]:
    """Return the groups, sorted by name with missing ones last, and the group of each count."""
    if not by:
        # Without a name to group by there is one group, even where nothing was counted.
        return pd.DataFrame(index=[0]), np.zeros(len(found), dtype="int64")
    names = found[list(by)].astype("str")
    groups = names.drop_duplicates().sort_values(list(by), ignore_index=True)
    numbers = groups.reset_index(names="group")
    # Merging matches missing names with one another.
    group = names.merge(numbers, on=list(by), how="left", validate="many_to_one")["group"]
    return groups, group.to_numpy("int64")


def _in_pandas(native: Any) -> pd.DataFrame:
    """Return a small result as a pandas frame, without pyarrow."""
    if isinstance(native, pd.DataFrame):
        return native
    if hasattr(native, "df"):  # DuckDB
        frame: pd.DataFrame = native.df()
        return frame
    if hasattr(native, "collect") and hasattr(native, "columns"):  # Spark
        return pd.DataFrame([tuple(row) for row in native.collect()], columns=native.columns)
    import narwhals as nw

    return pd.DataFrame(nw.from_native(native).lazy().collect("pandas").to_native())
