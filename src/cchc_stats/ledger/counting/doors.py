"""The door of the ledger: frames, engine tables, files and read exports, all as one kind of frame.

What comes out is narwhals' frame over the engine on which the ledger lives. Files and large pandas
frames go to DuckDB, which is embedded and needs no memory for what it reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cchc_stats.words import CchcError, ReadError

if TYPE_CHECKING:
    import narwhals as nw

    from cchc_stats.calendars import WorkingCalendar

TIMES = ("received_at", "due_at", "settled_at")
CODES = ("channel", "status")
KEYS = ("agency", "sector", "procedure")
LARGE = 100_000  # rows: from here on a DuckDB connection, 26 ms, is earned back
VIETNAM = "Asia/Ho_Chi_Minh"
READERS = {".parquet": "read_parquet", ".csv": "read_csv", ".tsv": "read_csv"}
HOW_TO_READ = "read the export with read_ledger or scan_ledger, which give the ledger's columns"


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
        fault = f"{strange[0]!r} is no such column" if strange else "one of them is there twice"
        raise CchcError(
            f"a ledger is counted by some of {', '.join(KEYS)}: {fault}",
            where="by=",
            mend='give by=("agency", "sector"), or () for the whole',
        )
    return tuple(name for name in KEYS if name in asked)


def open_ledger(
    ledger: object,
    by: Sequence[str],
    *,
    needed: Sequence[str] = (),
    optional: Sequence[str] = (),
) -> nw.LazyFrame[Any]:
    """Return the columns that are counted of a ledger, times as local time stamps.

    Parameters
    ----------
    ledger : pandas frame, DuckDB relation, Spark frame; what `read_ledger` gives (its `.frame` is
        taken); path or paths of Parquet or CSV files with the ledger's columns, or a folder.
    by : columns that are counted by.
    needed, optional : further columns, and those taken where they are there.

    Raises
    ------
    ReadError
        A file that is not there, cannot be read, or is of another kind.
    CchcError
        Another kind of object; columns that are missing, or times that are texts.
    """
    import narwhals as nw

    table = _table_of(ledger)
    further = [name for name in needed if name not in (*by, *TIMES, *CODES)]
    columns = (*by, *TIMES, *CODES, *further)
    frame = _frame_of(table)
    there = frame.collect_schema().names()
    _require_columns(there, columns)
    more = [name for name in optional if name in there and name not in columns]
    if isinstance(table, pd.DataFrame) and len(table) >= LARGE:
        frame = nw.from_native(_in_duckdb(table[[*columns, *more]]))
    frame = _without_zones(frame)
    schema = frame.collect_schema()
    local = [_local(name, schema[name], frame) for name in TIMES]
    keys = [_as_text(name, schema[name]) for name in by]
    selected: nw.LazyFrame[Any] = frame.select(*keys, *local, *CODES, *further, *more)
    return selected


def _table_of(ledger: object) -> Any:
    """Return the frame or engine's table of a ledger."""
    # What read_ledger and scan_ledger give; a Dask frame has a `frame` of its own. The class is
    # asked: polars warns of a lazy frame that is asked for its `dtypes`.
    of_frames = hasattr(type(ledger), "dtypes")
    table: Any = ledger if of_frames else getattr(ledger, "frame", ledger)
    if isinstance(table, str | Path):
        return _scanned([table])
    if isinstance(table, list | tuple) and table and all(map(_is_path, table)):
        return _scanned(table)
    of_pandas = hasattr(table, "assign") and hasattr(type(table), "dtypes")
    return _of_pandas(table) if of_pandas else table


def _is_path(one: object) -> bool:
    return isinstance(one, str | Path)


def _of_pandas(table: Any) -> Any:
    """Return a pandas or Dask frame with times of pandas' own types, as the clock in Vietnam shows.

    Narwhals knows no zone with an underscore in its name.
    """
    of_arrow = [name for name in TIMES if isinstance(_kind(table, name), pd.ArrowDtype)]
    if of_arrow:
        table = table.astype({name: _of_arrow(_kind(table, name)) for name in of_arrow})
    zoned = [name for name in TIMES if isinstance(_kind(table, name), pd.DatetimeTZDtype)]
    local = {name: table[name].dt.tz_convert(VIETNAM).dt.tz_localize(None) for name in zoned}
    return table.assign(**local) if zoned else table


def _kind(table: Any, name: str) -> Any:
    """Return the type of a column that is there once, None of any other."""
    return table[name].dtype if list(table.columns).count(name) == 1 else None


def _of_arrow(kind: Any) -> Any:
    """Return pandas' own type of time stamps for one of pyarrow's, any other as it is."""
    unit, zone = (getattr(kind.pyarrow_dtype, name, None) for name in ("unit", "tz"))
    if unit is None:
        return kind
    return pd.DatetimeTZDtype(unit, zone) if zone else f"datetime64[{unit}]"


def _frame_of(table: Any) -> Any:
    import narwhals as nw

    try:
        return nw.from_native(table)
    except TypeError as error:
        raise CchcError(
            f"a ledger is a frame, an engine's table or files, not a {type(table).__name__}",
            where="ledger=",
            mend=HOW_TO_READ,
        ) from error


def _scanned(paths: Sequence[object]) -> Any:
    """Return files as one DuckDB relation; only heads are read yet."""
    import duckdb

    files = [file for path in paths for file in _files(Path(str(path)))]
    kinds = {READERS.get(file.suffix.lower(), "") for file in files}
    if len(kinds) > 1 or "" in kinds:
        suffixes = ", ".join(sorted({file.suffix for file in files}))
        raise ReadError(
            f"files are counted where they all are Parquet, or all are CSV: {suffixes}",
            where=", ".join(str(file) for file in files[:3]),
            mend=HOW_TO_READ,
        )
    reader = kinds.pop()
    names = [str(file) for file in files]
    connection = duckdb.connect()
    try:
        relation = getattr(connection, reader)(names)
        if reader == "read_csv":
            times = [name for name in TIMES if name in relation.columns]
            relation = _with_times(
                connection.read_csv(names, dtype=dict.fromkeys(times, str)), times
            )
    except duckdb.Error as error:
        raise unreadable(error, where=", ".join(names[:3])) from error
    return relation


def _with_times(relation: Any, names: Sequence[str]) -> Any:
    """Return a relation whose texts are times: with a zone those on the clock in Vietnam."""
    zoned = r"[T ]\d\d:\d\d[0-9:.]*(Z|[+-]\d\d(:?\d\d)?)$"
    times = ", ".join(
        f"CASE WHEN regexp_matches({name}, '{zoned}') "
        f"THEN timezone('{VIETNAM}', CAST({name} AS TIMESTAMPTZ)) "
        f"ELSE CAST({name} AS TIMESTAMP) END AS {name}"
        for name in names
    )
    return (
        relation.query("ledger", f"SELECT * REPLACE ({times}) FROM ledger") if names else relation
    )


def _files(path: Path) -> list[Path]:
    """Return a file, a folder's files, or those of a pattern such as `2020/*.parquet`."""
    if path.is_dir():
        files = sorted(one for one in path.rglob("*") if one.suffix.lower() in READERS)
    elif "*" in path.name:
        files = sorted(path.parent.glob(path.name))
    else:
        files = [path] if path.is_file() else []
    if not files:
        raise ReadError(
            "there is no ledger here", where=str(path), mend="give the path of a file or a folder"
        )
    return files


def _in_duckdb(frame: pd.DataFrame) -> Any:
    import duckdb

    return duckdb.connect().from_df(frame)


def _without_zones(frame: Any) -> Any:
    """Return a frame whose times are times; those of a DuckDB relation as local ones.

    Narwhals knows only the zone of a connection.
    """
    import narwhals as nw

    schema = frame.collect_schema()
    _require_times({name: schema[name] for name in TIMES})
    zoned = [name for name in TIMES if getattr(schema[name], "time_zone", None)]
    if not zoned or not frame.implementation.is_duckdb():
        return frame
    local = ", ".join(f"timezone('{VIETNAM}', {name}) AS {name}" for name in zoned)
    relation = frame.to_native()
    return nw.from_native(relation.query("ledger", f"SELECT * REPLACE ({local}) FROM ledger"))


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
    engine = frame.implementation
    if (engine.is_polars() or engine.is_pyarrow()) and kind.time_unit != "us":
        time = time.cast(nw.Datetime("us", kind.time_zone))
    # A Spark session shows all its times in the zone that it is set to.
    if kind.time_zone is None or engine.is_spark_like():
        return time
    if engine.is_ibis():
        raise CchcError(
            f"times with a zone are not counted on Ibis: {name} ({kind})",
            where="ledger=",
            mend="give them as the clock in Vietnam shows them, without a zone",
        )
    return time.dt.convert_time_zone(VIETNAM).dt.replace_time_zone(None)


@contextmanager
def calendar_table(frame: Any, calendar: WorkingCalendar) -> Iterator[nw.LazyFrame[Any]]:
    """Give `day, ordinal, working` (0 or 1) for each day of a calendar, on a frame's engine.

    Raises
    ------
    CchcError
        An engine on which no table can be made.
    """
    import narwhals as nw

    engine, native = frame.implementation, frame.to_native()
    if engine.is_pandas():
        yield nw.from_native(_calendar_frame(calendar))
    elif engine.is_pyspark():
        from pyspark.sql.functions import broadcast

        days = _calendar_frame(calendar)
        rows = list(zip(*(days[name].tolist() for name in days), strict=True))
        schema = "day timestamp_ntz, ordinal long, working long"
        table = native.sparkSession.createDataFrame(
            [(day.to_pydatetime(), ordinal, worked) for day, ordinal, worked in rows], schema
        )
        yield nw.from_native(broadcast(table))
    elif engine.is_polars() or engine.is_pyarrow() or engine.is_dask() or engine.is_ibis():
        yield _days_on(engine, calendar, lazy=isinstance(frame, nw.LazyFrame))
    else:
        raise CchcError(
            f"working days are not counted on {engine}",
            where="ledger=",
            mend="give a pandas frame, a DuckDB relation, files or a Spark frame",
        )


def _days_on(engine: Any, calendar: WorkingCalendar, *, lazy: bool) -> Any:
    """Return a calendar's days as a table of an engine that is installed beside the library."""
    import narwhals as nw

    days = _calendar_frame(calendar)
    if engine.is_dask():
        import dask.dataframe

        return nw.from_native(dask.dataframe.from_pandas(days, npartitions=1))
    if engine.is_ibis():
        import ibis

        return nw.from_native(ibis.memtable(days))
    table = nw.from_dict({str(name): days[name].to_numpy() for name in days}, backend=engine)
    return table.lazy() if lazy else table


def _calendar_frame(calendar: WorkingCalendar) -> pd.DataFrame:
    first = np.datetime64(calendar.first, "D")
    days = (first + np.arange(len(calendar.ordinal))).astype("datetime64[us]")
    working = calendar.working.astype("int64")
    return pd.DataFrame({"day": days, "ordinal": calendar.ordinal, "working": working})


def fetched(relation: Any) -> pd.DataFrame:
    """Return a DuckDB relation as a pandas frame.

    Raises
    ------
    ReadError
        A file that turns out to be damaged only now.
    """
    import duckdb

    try:
        frame: pd.DataFrame = relation.df()
    except duckdb.Error as error:
        raise unreadable(error, where="ledger=") from error
    return frame


def without_cells(error: Exception) -> str:
    """Return the first line of what an engine says, without the cells of persons it may quote.

    Examples
    --------
    >>> without_cells(ValueError('invalid timestamp "Nguyễn Văn A"'))
    'invalid timestamp …'
    """
    return re.sub(r"(['\"]).*?(\1|$)", "…", (str(error).splitlines() or [""])[0])


def unreadable(error: Exception, *, where: str) -> ReadError:
    """Return the refusal of files that the engine cannot read, with the engine's own word."""
    return ReadError(
        f"the ledger cannot be read: {without_cells(error)}",
        where=where,
        mend=f"get the file anew where it is cut short; otherwise {HOW_TO_READ}",
    )
