"""A ledger as facts: of dossiers only integers, on whatever engine they live.

Files, DuckDB relations and pandas frames are counted here, some dossiers at a time, along days.
Other engines, a cluster first of all, group by one packed number, in which the days are intervals
between the edges of windows, and hand over how many there are of each kind.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cchc_stats.ledger.counting.arrow import Column, arrays
from cchc_stats.ledger.counting.codes import (
    CHANNELS,
    CODES,
    POSSIBLE,
    STATUSES,
    code_parts,
    codes_of,
    instants,
    interval,
    packed,
    unpacked,
    words_of,
)
from cchc_stats.ledger.counting.doors import TIMES, fetched
from cchc_stats.ledger.counting.series import Facts, note
from cchc_stats.words import dictionary_order, vietnamese_order

if TYPE_CHECKING:
    import narwhals as nw

GROUP = "cchc_group"
FEW, FEW_GROUPS = 200, 1 << 12  # names of a column, and groups, that are numbered by their places
_ODD = np.uint64(0x9E3779B97F4A7C15)
STEP = 1 << 15  # dossiers at a time, so that what is computed of them stays near the processor


def day_number(day: dt.date) -> int:
    """Return the number of a day: how many days it is after 1 January 1970."""
    return (day - dt.date(1970, 1, 1)).days


def numbers_of(days: Sequence[dt.date]) -> np.ndarray:
    """Return the numbers of some days, or of those that some instants are on."""
    return np.array([day_number(dt.date(day.year, day.month, day.day)) for day in days], "int64")


def day_of(number: Any) -> np.ndarray:
    """Return the days of numbers, NaT of 0, which is none."""
    days = np.asarray(number, dtype="int64").astype("datetime64[D]")
    stated: np.ndarray = np.where(np.asarray(number) == 0, np.datetime64("NaT"), days)
    return stated.astype("datetime64[us]")


def along_days(frame: Any) -> bool:
    """Return whether the dossiers of a frame are counted here, along days."""
    engine = frame.implementation
    return bool(engine.is_duckdb() or engine.is_pandas())


@dataclass(frozen=True, eq=False)
class Dossiers:
    """The dossiers of a ledger, to be counted along days.

    Attributes
    ----------
    groups : frame of the columns counted by, a row per group that there may be.
    facts : the dossiers, some at a time.
    seen : which groups have dossiers, complete when all have been given out.
    """

    groups: pd.DataFrame
    facts: Iterator[Facts]
    seen: np.ndarray


def dossiers_of(frame: nw.LazyFrame[Any], by: Sequence[str], key: Sequence[str] = ()) -> Dossiers:
    """Return the dossiers of a ledger that is counted along days.

    Parameters
    ----------
    key : the columns that name a dossier, where they are asked for.
    """
    legal = "legal_wd" in frame.collect_schema().names()
    if frame.implementation.is_duckdb():
        return _of_relation(frame.to_native(), by, key, legal=legal)
    return _of_frame(frame.to_native(), by, key, legal=legal)


def _of_frame(
    table: pd.DataFrame, by: Sequence[str], key: Sequence[str], *, legal: bool
) -> Dossiers:
    groups, group = groups_of(table, by)
    times = [_times(table[name]) for name in TIMES]
    words = words_of(_places(table["status"], STATUSES), _places(table["channel"], CHANNELS))
    given = table["legal_wd"].to_numpy("float64", na_value=np.nan) if legal else None
    named = None
    if key:
        hashes = pd.util.hash_pandas_object(table[[*key]], index=False).to_numpy("uint64")
        named = hashes, table[[*key]].notna().all(axis=1).to_numpy()
    facts = (
        _facts(
            group[some],
            [_some(time, some) for time in times],
            words[some],
            None if given is None else given[some],
            None if named is None else _some(named, some),
        )
        for some in _steps(len(group))
    )
    return Dossiers(groups, facts, np.ones(len(groups), dtype=bool))


def _times(times: pd.Series) -> Column:
    return times.astype("datetime64[us]").to_numpy().view("int64"), times.notna().to_numpy()


def _places(words: pd.Series, among: Sequence[str]) -> np.ndarray:
    """Return the places of words among the others, from 1 on; 0 for another."""
    return pd.Index(among).get_indexer(pd.Index(words.astype("str").fillna(""))) + 1


def _facts(
    group: np.ndarray,
    times: Sequence[Column],
    words: np.ndarray,
    legal: np.ndarray | None,
    named: Column | None,
) -> Facts:
    """Return some dossiers: their group, when they were received, due and ended, and the rest."""
    (received, due, ended), there = zip(*times, strict=True)
    no_receipt, undated, open_ = (None if one is None else ~one for one in there)
    none = (no_receipt, open_, undated)
    code, on_receipt, on_end, on_due = codes_of((received, ended, due), none, words)
    days = (on_receipt, on_end, on_due)
    numbers = None if named is None else _mixed(named, group)
    return Facts(group, code, *days, received_at=received, legal_wd=legal, named=numbers)


def _steps(size: int) -> Iterator[slice]:
    return (slice(first, first + STEP) for first in range(0, size, STEP))


def _some(column: Column, some: slice) -> Column:
    values, there = column
    return values[some], None if there is None else there[some]


def _mixed(named: Column, group: np.ndarray) -> np.ndarray:
    """Return the hashes of some dossiers that have a number, mixed with their groups."""
    hashes, there = named
    mixed: np.ndarray = hashes ^ (group.astype("uint64") * _ODD)
    return mixed if there is None else mixed[there]


def _of_relation(relation: Any, by: Sequence[str], key: Sequence[str], *, legal: bool) -> Dossiers:
    relation, groups, names, group_of = numbered(relation, by)
    columns = {f"{name}::TIMESTAMP": "int64" for name in TIMES}
    for name, words in (("status", STATUSES), ("channel", CHANNELS)):
        columns[_position(f"concat({name})", words)] = "uint8"  # of nothing the empty word
    columns |= {"legal_wd::DOUBLE": "float64"} if legal else {}
    columns |= {_key_hash(key): "uint64"} if key else {}
    rows = relation.query("ledger", f"SELECT {', '.join([*columns, *names])} FROM ledger")
    batches = arrays(rows, [*columns.values(), *names.values()])
    seen = np.full(len(groups), not by)  # the total is there, even of nothing
    layout = _BatchLayout(group_of, seen, legal=legal, key=bool(key))
    return Dossiers(groups, _of_batches(batches, len(columns), layout), seen)


def _key_hash(key: Sequence[str]) -> str:
    """Return the hash of what names a dossier, nothing where a part is missing, in SQL."""
    columns = [f'"{name}"' for name in key]
    there = " AND ".join(f"{column} IS NOT NULL" for column in columns)
    return f"CASE WHEN {there} THEN hash({', '.join(columns)}) END"


@dataclass(frozen=True, eq=False)
class _BatchLayout:
    """How batches of a relation are read: what names become, and which columns there are."""

    group_of: Callable[[list[Column]], np.ndarray]
    seen: np.ndarray
    legal: bool
    key: bool


def _position(word: str, among: Sequence[str]) -> str:
    """Return the place of a column's word among some, nothing of another word, in SQL.

    Of a Parquet file a function of one column is computed once for each distinct word; COALESCE is
    none, and would be computed for each row.
    """
    texts = ", ".join("'" + one.replace("'", "''") + "'" for one in among)
    return f"list_position([{texts}]::VARCHAR[], {word}::VARCHAR)::UTINYINT"


def _of_batches(
    batches: Iterator[list[Column]], first: int, layout: _BatchLayout
) -> Iterator[Facts]:
    """Yield the facts of batches of rows, whose names begin with the column `first`."""
    for batch in batches:
        for some in _steps(len(batch[0][0])):
            columns = [_some(column, some) for column in batch]
            words = words_of(*(_or(column, 0) for column in columns[3:5]))
            given = _or(columns[5], np.nan) if layout.legal else None
            named = columns[first - 1] if layout.key else None
            names = columns[first:]
            group = layout.group_of(names) if names else np.zeros(len(words), "int64")
            note(layout.seen, group)
            yield _facts(group, columns[:3], words, given, named)


def _or(column: Column, other: float) -> np.ndarray:
    """Return the values of a column, another where there is none."""
    values, there = column
    return values if there is None else np.where(there, values, values.dtype.type(other))


def numbered(
    relation: Any, by: Sequence[str]
) -> tuple[Any, pd.DataFrame, dict[str, str], Callable[[list[Column]], np.ndarray]]:
    """Return how the groups of a DuckDB relation are numbered.

    Returns
    -------
    The relation, the groups that there may be, the columns (SQL and numpy dtype) that tell them
    apart, and how those become the number of a group. Of few names the columns are their places; of
    many one column is the hash of all. Where two groups have one hash, the names are compared as
    they are.
    """
    texts = _texts(relation, by)
    if all(len(text) <= FEW for text in texts) and math.prod(map(len, texts)) <= FEW_GROUPS:
        return relation, *_by_places(by, texts)
    names = fetched(relation.query("ledger", _names(by)))
    columns = {GROUP: "uint64"}
    if names[GROUP].is_unique:
        relation = relation.query("ledger", f"SELECT *, {_hash(by)} AS {GROUP} FROM ledger")
    else:
        relation = relation.query("ledger", _ranked(by))
        names = fetched(relation.query("ledger", _distinct([*by, GROUP])))
    groups, group = groups_of(names, by)
    index = pd.Index(names[GROUP].to_numpy("uint64"))

    def group_of(columns_read: list[Column]) -> np.ndarray:
        code, distinct = pd.factorize(columns_read[0][0])
        numbers: np.ndarray = group.take(index.get_indexer(distinct)).take(code)
        return numbers

    return relation, groups, columns, group_of


def _texts(relation: Any, by: Sequence[str]) -> list[list[str]]:
    """Return the names in each column, in one pass."""
    if not by:
        return []
    columns = ", ".join(f'"{name}", GROUPING("{name}") = 0 AS {name}_alone' for name in by)
    sets = ", ".join(f'("{name}")' for name in by)
    query = f"SELECT {columns} FROM ledger GROUP BY GROUPING SETS ({sets})"
    distinct = fetched(relation.query("ledger", query))
    alone = (distinct.loc[distinct[f"{name}_alone"], name].dropna() for name in by)
    return [sorted(names.astype("str"), key=vietnamese_order) for names in alone]


def _by_places(
    by: Sequence[str], texts: Sequence[Sequence[str]]
) -> tuple[pd.DataFrame, dict[str, str], Callable[[list[Column]], np.ndarray]]:
    """Return the groups of all combinations of names, their columns, and how these are read."""
    every = [[pd.NA, *text] for text in texts]  # a missing name has no place
    groups, group = groups_of(pd.DataFrame(product(*every), columns=list(by)), by)

    def group_of(columns_read: list[Column]) -> np.ndarray:
        number = _or(columns_read[0], 0).astype("int64")
        for column, names in zip(columns_read[1:], every[1:], strict=True):
            number *= len(names)
            number += _or(column, 0)
        return group.take(number, mode="clip")

    columns = {_position(f'"{name}"', text): "uint8" for name, text in zip(by, texts, strict=True)}
    return groups, columns, group_of


def _hash(by: Sequence[str]) -> str:
    """Return one number of several names; of each the hash is moved, or equal names were 0."""
    number, *others = (f'hash("{name}") >> {n}' for n, name in enumerate(by))
    for other in others:
        number = f"xor({number}, {other})"
    return number


def _names(by: Sequence[str]) -> str:
    return f"SELECT *, {_hash(by)} AS {GROUP} FROM ({_distinct(by)})"


def _distinct(names: Sequence[str]) -> str:
    columns = ", ".join(f'"{name}"' for name in names)
    return f"SELECT DISTINCT {columns} FROM ledger"


def _ranked(by: Sequence[str]) -> str:
    """Return the query of a ledger with a number of each of its groups."""
    columns = ", ".join(f'"{name}"' for name in by)
    same = " AND ".join(f'ledger."{name}" IS NOT DISTINCT FROM named."{name}"' for name in by)
    numbers = f"SELECT *, (row_number() OVER (ORDER BY {columns}))::UBIGINT AS {GROUP}"
    named = f"{numbers} FROM ({_distinct(by)})"
    return f"SELECT ledger.*, {GROUP} FROM ledger JOIN ({named}) AS named ON {same}"


def facts_by_edge(
    frame: nw.LazyFrame[Any], by: Sequence[str], edges: Sequence[dt.datetime]
) -> tuple[pd.DataFrame, Facts]:
    """Return the groups of a ledger, and its kinds of dossiers, in one pass of its engine."""
    import narwhals as nw

    at = instants(edges, frame)
    size = len(edges) + 2  # the last is that of what has no day
    along = [(interval(nw.col(name), at), size) for name in TIMES]
    parts = [*along, *code_parts(instants(POSSIBLE, frame))]
    kinds_counted = grouped(frame.select(*by, code=packed(parts)), by)
    groups, group = groups_of(kinds_counted, by)
    kinds = int(np.prod(list(CODES.values())))
    names = [*TIMES, "code"]
    each = unpacked(kinds_counted["code"].to_numpy("int64"), [size] * len(TIMES) + [kinds], names)
    received, due, ended = (each[name] for name in TIMES)
    return groups, Facts(
        group, each["code"], received, ended, due, kinds_counted["n"].to_numpy("int64")
    )


def grouped(frame: nw.LazyFrame[Any], by: Sequence[str]) -> pd.DataFrame:
    """Return how many rows there are (`n`) by group and code; a missing name is a group too."""
    import narwhals as nw

    # The number first: two rows that differ mostly differ there, and names take longer to compare.
    return in_pandas(frame.group_by("code", *by).agg(n=nw.len()).to_native())


def repeated_by(
    frame: nw.LazyFrame[Any], groups: pd.DataFrame, by: Sequence[str], key: Sequence[str]
) -> np.ndarray:
    """Return of each group how many of its rows are of a dossier that it has already."""
    import narwhals as nw

    named = frame
    for name in key:
        named = named.filter(~nw.col(name).is_null())
    columns = dict.fromkeys([*by, *key])
    each = named.group_by(*columns).agg(n=nw.len()).filter(nw.col("n") > 1)
    repeated = in_pandas(each.to_native())
    return in_groups(groups, repeated.assign(n=repeated["n"] - 1), by)


def in_groups(groups: pd.DataFrame, counted: pd.DataFrame, by: Sequence[str]) -> np.ndarray:
    """Return the sums of `n` by group; the groups are all that there are."""
    # Sorted together with the groups, each of which is there, its place is that of its group.
    names = pd.concat([groups[[*by]], counted[[*by]]], ignore_index=True)
    place = groups_of(names, by)[1][len(groups) :] if by else np.zeros(len(counted), "int64")
    return np.bincount(place, counted["n"].to_numpy("int64"), len(groups)).astype("int64")


def first_row(frame: nw.LazyFrame[Any]) -> pd.DataFrame:
    """Return the first dossier of a ledger, in pandas."""
    return in_pandas(frame.head(1).to_native())


def groups_of(counted: pd.DataFrame, by: Sequence[str]) -> tuple[pd.DataFrame, np.ndarray]:
    """Return the groups, sorted by name with missing ones last, and the group of each count."""
    # Without a name to group by there is one group, even where nothing was counted.
    number = np.zeros(len(counted), dtype="int64")
    if not by:
        return pd.DataFrame(index=[0]), number
    names: list[pd.Index] = []
    for name in by:
        given, seen = pd.factorize(counted[name].astype("str"))
        order = np.argsort(dictionary_order(pd.Series(seen)).to_numpy("float64"))
        place = np.empty(len(seen) + 1, dtype="int64")
        place[order], place[-1] = range(len(seen)), -1
        codes, distinct = place[given], seen[order]
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
