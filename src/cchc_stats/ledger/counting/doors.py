"""The door of the ledger: frames, engine tables, files and read exports, all as one kind of frame.

What comes out is narwhals' frame over the engine on which the ledger lives. Files and large pandas
frames go to DuckDB, which is embedded and needs no memory for what it reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from cchc_stats.ledger.counting.duckdb_frames import HOW_TO_READ, unreadable
from cchc_stats.ledger.counting.hashed_names import Names, hashed
from cchc_stats.words import CchcError, ReadError

if TYPE_CHECKING:
    import narwhals as nw

TIMES = ("received_at", "due_at", "settled_at")
CODES = ("channel", "status")
KEYS = ("agency", "sector", "procedure")
LARGE = 100_000  # rows: from here on a DuckDB connection, 26 ms, is earned back
VIETNAM = "Asia/Ho_Chi_Minh"
READERS = {".parquet": "read_parquet", ".csv": "read_csv", ".tsv": "read_csv"}


@dataclass(frozen=True, eq=False)
class Opened:
    """The columns of a ledger that are counted, and names of those that stand as hashes there."""

    frame: nw.LazyFrame[Any]
    names: Names


def keys_asked(by: object) -> tuple[str, ...]:
    """Return the columns that are counted by; one name alone is taken as such.

    Raises
    ------
    CchcError
        Another column than those of KEYS, or one of them twice.

    Examples
    --------
    >>> keys_asked("sector"), keys_asked(["sector", "agency"])
    (('sector',), ('agency', 'sector'))
    """
    asked = [by] if isinstance(by, str) else list(by)  # type: ignore[call-overload]
    strange = [name for name in asked if name not in KEYS]
    if strange or len(set(asked)) < len(asked):
        told = f"{strange[0]!r} is no such column" if strange else "one of them is there twice"
        raise CchcError(
            f"a ledger is counted by some of {', '.join(KEYS)}: {told}",
            where="by=",
            mend='give by=("agency", "sector"), or () for the whole',
        )
    return tuple(name for name in KEYS if name in asked)


def open_ledger(ledger: object, by: Sequence[str], *, optional: Sequence[str] = ()) -> Opened:
    """Return the columns that are counted of a ledger, times as local time stamps.

    Parameters
    ----------
    ledger : pandas frame, DuckDB relation, Spark frame; what `read_ledger` gives (its `.frame` is
        taken); path or paths of Parquet or CSV files with the ledger's columns, or a folder.
    by : columns that are counted by.
    optional : further columns, taken where they are there.

    Raises
    ------
    ReadError
        A file that is not there, cannot be read, or is of another kind.
    CchcError
        Another kind of object; columns that are missing, or times that are texts.
    """
    import narwhals as nw

    table: Any = getattr(ledger, "frame", ledger)
    of_parquet = False
    if isinstance(table, str | Path) or (isinstance(table, list | tuple) and table):
        table, of_parquet = _scanned([table] if isinstance(table, str | Path) else table)
    columns = (*by, *TIMES, *CODES)
    try:
        frame: Any = nw.from_native(table)
    except TypeError as error:
        raise CchcError(
            f"a ledger is a frame, an engine's table or files, not a {type(table).__name__}",
            where="ledger=",
            mend=HOW_TO_READ,
        ) from error
    there = frame.collect_schema().names()
    _require_columns(there, columns)
    more = [name for name in optional if name in there]
    if isinstance(table, pd.DataFrame) and len(table) >= LARGE:
        frame = nw.from_native(_in_duckdb(table[[*columns, *more]]))
    schema = frame.collect_schema()
    _require_times({name: schema[name] for name in TIMES})
    zoned = [name for name in TIMES if getattr(schema[name], "time_zone", None)]
    if zoned and frame.implementation.is_duckdb():
        frame = nw.from_native(_zone_taken_off(frame.to_native(), zoned))
        schema = frame.collect_schema()
    local = [_local(name, schema[name], frame) for name in TIMES]
    keys = [_as_text(name, schema[name]) for name in by]
    selected: nw.LazyFrame[Any] = frame.select(*keys, *local, *CODES, *more)
    if not of_parquet:
        return Opened(selected, {})
    relation, names = hashed(selected.to_native(), by)
    return Opened(nw.from_native(relation), names)


def _scanned(paths: Sequence[object]) -> tuple[Any, bool]:
    """Return files as one DuckDB relation, and whether of Parquet; only heads are read yet."""
    import duckdb

    files = [file for path in paths for file in _files(Path(str(path)))]
    kinds = {READERS.get(file.suffix.lower(), "") for file in files}
    if len(kinds) > 1 or "" in kinds:
        told = ", ".join(sorted({file.suffix for file in files}))
        raise ReadError(
            f"files are counted where they all are Parquet, or all are CSV: {told}",
            where=", ".join(str(file) for file in files[:3]),
            mend=HOW_TO_READ,
        )
    reader = kinds.pop()
    names = [str(file) for file in files]
    connection = duckdb.connect()
    try:
        relation = getattr(connection, reader)(names)
        if reader == "read_csv":
            # A column that is all but empty would be taken for text.
            kinds_of = {name: "TIMESTAMP" for name in TIMES if name in relation.columns}
            relation = connection.read_csv(names, dtype=kinds_of)
    except duckdb.Error as error:
        raise unreadable(error, where=", ".join(names[:3])) from error
    return relation, reader == "read_parquet"


def _files(path: Path) -> list[Path]:
    """Return a file, a folder's files, or those of a pattern such as `2020/*.parquet`."""
    if path.is_dir():
        found = sorted(one for one in path.rglob("*") if one.suffix.lower() in READERS)
    elif "*" in path.name:
        found = sorted(path.parent.glob(path.name))
    else:
        found = [path] if path.is_file() else []
    if not found:
        raise ReadError(
            "there is no ledger here", where=str(path), mend="give the path of a file or a folder"
        )
    return found


def _in_duckdb(frame: pd.DataFrame) -> Any:
    import duckdb

    return duckdb.connect().from_df(frame)


def _zone_taken_off(relation: Any, names: Sequence[str]) -> Any:
    """Return a relation with instants as local times; narwhals knows only a connection's zone."""
    local = ", ".join(f"timezone('{VIETNAM}', {name}) AS {name}" for name in names)
    return relation.query("ledger", f"SELECT * REPLACE ({local}) FROM ledger")


def _require_columns(there: Sequence[str], needed: Sequence[str]) -> None:
    missing = [name for name in needed if name not in there]
    if not missing:
        return
    hints = []
    for name in missing:
        near = get_close_matches(name, [str(one) for one in there], n=1, cutoff=0.6)
        hints.append(f"{name} ('{near[0]}'?)" if near else name)
    raise CchcError(
        f"the ledger lacks {', '.join(hints)}",
        where=f"columns {', '.join(map(str, there[:12]))}",
        mend=HOW_TO_READ,
    )


def _require_times(schema: dict[str, Any]) -> None:
    import narwhals as nw

    wrong = [
        f"{name} ({kind})" for name, kind in schema.items() if kind not in (nw.Datetime, nw.Date)
    ]
    if wrong:
        raise CchcError(
            f"these are no time stamps: {', '.join(wrong)}", where="ledger=", mend=HOW_TO_READ
        )


def _as_text(name: str, kind: Any) -> nw.Expr:
    """Return names as texts, where a file's codes were read as numbers."""
    import narwhals as nw

    column = nw.col(name)
    return column.cast(nw.String) if kind.is_numeric() else column


def _local(name: str, kind: Any, frame: Any) -> nw.Expr:
    """Return a time as it was on the clock in Vietnam; a day as its midnight."""
    import narwhals as nw

    time = nw.col(name)
    if kind == nw.Date:
        return time.cast(nw.Datetime("us"))
    # A Spark session shows all its times in the zone that it is set to.
    if kind.time_zone is None or frame.implementation.is_spark_like():
        return time
    return time.dt.convert_time_zone(VIETNAM).dt.replace_time_zone(None)
