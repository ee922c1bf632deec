"""Frames as SQL tables and back, each column with its type, each missing cell missing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cchc_stats.words import CchcError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

OWNER, ROW = "report_id", "row_id"  # whose row it is, and its number there from 0
QUARTER = "period[Q-DEC]"
NO_QUARTER = np.iinfo("int64").min  # the number of a quarter that is missing
SQL_TYPES = {
    "str": "VARCHAR",
    "Int64": "BIGINT",
    "int64": "BIGINT",
    "Float64": "DOUBLE",
    "float64": "DOUBLE",
    "datetime64[us]": "TIMESTAMP",
    "bool": "BOOLEAN",
    "boolean": "BOOLEAN",
    QUARTER: "VARCHAR",
}
# What a column is while it is put below others that lack it.
_NULLABLE = {"int64": "Int64", "float64": "Float64", "bool": "boolean"}
# Days of quarters are told from a frame's own days by their precision.
_SQL_OF_PLAIN = SQL_TYPES | {"datetime64[s]": "DATE"}
Parts = Sequence[tuple[int, pd.DataFrame]]


def quoted(name: str) -> str:
    """Return a name as SQL has it.

    Examples
    --------
    >>> quoted("of")
    '"of"'
    """
    return '"' + name.replace('"', '""') + '"'


def columns_text(frame: pd.DataFrame) -> str:
    """Return the columns of a frame and their types, in order, as JSON."""
    return json.dumps({str(name): str(kind) for name, kind in frame.dtypes.items()})


def sql_columns(types: Mapping[str, str]) -> dict[str, str]:
    """Return the columns of a frame's table: a quarter has its first and last day beside it.

    Examples
    --------
    >>> sql_columns({"period": "period[Q-DEC]", "count": "Int64"})
    {'period': 'VARCHAR', 'period_start': 'DATE', 'period_end': 'DATE', 'count': 'BIGINT'}
    """
    columns = {}
    for name, kind in types.items():
        columns[name] = SQL_TYPES[kind]
        if kind == QUARTER:
            columns |= {f"{name}_start": "DATE", f"{name}_end": "DATE"}
    return columns


def ensure_tables(connection: DuckDBPyConnection, tables: Mapping[str, Mapping[str, str]]) -> bool:
    """Make tables, or the columns that they lack, and return whether there was anything to make."""
    found: dict[str, dict[str, str]] = {}
    for table, name, kind in connection.execute(
        "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE NOT internal"
    ).fetchall():
        found.setdefault(table, {})[name.casefold()] = kind
    statements = []
    for table, columns in tables.items():
        wanted = {OWNER: "BIGINT", ROW: "BIGINT"} | dict(columns)
        stated = [f"{quoted(name)} {kind}" for name, kind in wanted.items()]
        if table not in found:
            statements.append(f"CREATE TABLE {quoted(table)} ({', '.join(stated)})")
            continue
        for (name, kind), one in zip(wanted.items(), stated, strict=True):
            held = found[table].get(name.casefold())
            if held is None:
                statements.append(f"ALTER TABLE {quoted(table)} ADD COLUMN {one}")
            elif held != kind and (kind, held) != ("BIGINT", "DOUBLE"):
                raise CchcError(
                    f"the column is {kind}, and in the store {held}",
                    where=f"table {table}, column {name}",
                    mend="give the column another name, or leave it out",
                )
    for statement in statements:
        connection.execute(statement)
    return bool(statements)


def insert(connection: DuckDBPyConnection, tables: Mapping[str, Parts]) -> bool:
    """Put the rows of frames, each with its owner, into tables; return whether one was changed."""
    filled = {table: _below(parts, table) for table, parts in tables.items()}
    filled = {table: columns for table, columns in filled.items() if columns}
    kinds = {
        table: {name: _SQL_OF_PLAIN[str(cells.dtype)] for name, cells in columns.items()}
        for table, columns in filled.items()
    }
    changed = ensure_tables(connection, kinds)
    for table, columns in filled.items():
        connection.register("given", pd.DataFrame(columns, copy=False))
        connection.execute(f"INSERT INTO {quoted(table)} BY NAME FROM given")
        connection.unregister("given")
    return changed


def _below(parts: Parts, table: str) -> dict[str, Any]:
    """Return the columns of frames one below the other, without those that have no cell.

    Of a column without any cell nothing is put in: its type may be another than the table's.
    """
    filled = [(owner, frame) for owner, frame in parts if len(frame)]
    kinds: dict[str, str] = {}
    cells: dict[str, list[Any]] = {}
    rows = 0
    for _, frame in filled:
        for name, kind in _kinds_of(frame, table).items():
            kinds.setdefault(name, kind)
            column = cells.setdefault(name, [])
            column += [None] * (rows - len(column)) + _plain(frame[name])
        rows += len(frame)
    columns: dict[str, Any] = {}
    for name, column in cells.items():
        if any(cell is not None for cell in column):
            column += [None] * (rows - len(column))
            where = f"table {table}, column {name}"
            columns |= _typed(name, column, kinds[name], where)
    if not columns:
        return {}
    owners = np.repeat([owner for owner, _ in filled], [len(frame) for _, frame in filled])
    numbers = np.concatenate([np.arange(len(frame)) for _, frame in filled])
    return {OWNER: owners.astype("int64"), ROW: numbers.astype("int64")} | columns


def _kinds_of(frame: pd.DataFrame, table: str) -> dict[str, str]:
    """Return the types of a frame's columns; refuse what no table can hold."""
    kinds = {str(name): str(kind) for name, kind in frame.dtypes.items()}
    for name in [name for name, kind in kinds.items() if kind in ("object", "string")]:
        if all(isinstance(cell, str) for cell in frame[name].dropna()):
            kinds[name] = "str"
    strange = [name for name, kind in kinds.items() if kind not in SQL_TYPES]
    strange += [name for name in kinds if name.casefold() in (OWNER, ROW)]
    if strange or len(kinds) < len(frame.columns):
        raise CchcError(
            "a column cannot be kept in a store",
            where=f"table {table}, column {', '.join(strange or kinds)}",
            mend="let columns be texts, numbers, days or quarters, each name once",
        )
    return kinds


def _plain(column: pd.Series) -> list[Any]:
    """Return the cells of a column, None where one is missing."""
    cells = column.tolist()
    if not column.isna().any():
        return cells
    return [
        None if is_missing else cell for cell, is_missing in zip(cells, column.isna(), strict=True)
    ]


def _typed(name: str, column: list[Any], kind: str, where: str) -> dict[str, Any]:
    """Return a column as the engine takes it; a quarter as text, with its first and last day."""
    if kind == QUARTER:
        quarters = pd.PeriodIndex(column, freq="Q-DEC")
        texts = [None if cell is None else str(cell) for cell in column]
        return {
            name: pd.array(texts, dtype="str"),
            f"{name}_start": quarters.start_time.astype("datetime64[s]"),
            f"{name}_end": quarters.end_time.normalize().astype("datetime64[s]"),
        }
    if kind == "str":
        for text in {*column} - {None}:
            require_unicode(text, where)
    return {name: pd.array(column, dtype=_NULLABLE.get(kind, kind))}  # type: ignore[call-overload]


def require_unicode(text: str, where: str) -> None:
    """Refuse a text with half a letter, which no file can hold."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise CchcError(
            f"a letter that no file can hold: {text[error.start]!r}",
            where=f"{where}: {text[max(0, error.start - 40) : error.start + 40]!r}",
            mend="delete it in the text",
        ) from error


Rows = tuple[Mapping[str, int], Sequence[Sequence[Any]]]  # a column's place, and rows


def selected(connection: DuckDBPyConnection, table: str, owners: Iterable[int]) -> dict[int, Rows]:
    """Return the rows of each owner, as the table has them."""
    found = connection.execute(
        f"FROM {quoted(table)} WHERE {OWNER} IN (SELECT unnest(?)) ORDER BY {OWNER}, {ROW}",
        [[*owners]],
    )
    places = {one[0]: at for at, one in enumerate(found.description)}
    groups = groupby(found.fetchall(), key=itemgetter(places[OWNER]))
    return {owner: (places, [*rows]) for owner, rows in groups}


def restored(rows: Rows | None, columns: str) -> pd.DataFrame:
    """Return rows as the frame that they were, of the columns and types that were noted.

    Parameters
    ----------
    rows : of one owner, as `selected` gives them; None where there are none.
    columns : as `columns_text` gives them.
    """
    return framed(rows or ({}, []), json.loads(columns))


def framed(rows: Rows, types: Mapping[str, str]) -> pd.DataFrame:
    """Return rows as a frame of some columns; one that the rows lack is missing in all."""
    places, cells = rows
    frame = {}
    for name, kind in types.items():
        at = places.get(name)
        column = [None if at is None else row[at] for row in cells]
        frame[name] = array(column, kind)
    return pd.DataFrame(frame, copy=False)


def array(cells: Sequence[Any], kind: str) -> Any:
    """Return cells of a table as a column of a type.

    Examples
    --------
    >>> array(["2026Q3", None], "period[Q-DEC]")
    <PeriodArray>
    ['2026Q3', 'NaT']
    Length: 2, dtype: period[Q-DEC]
    """
    if kind == QUARTER:
        # 1970Q1 is 0; to parse each text takes a hundred times as long.
        quarters = [
            NO_QUARTER if one is None else int(one[:4]) * 4 + int(one[5]) - 7881 for one in cells
        ]
        return pd.PeriodIndex.from_ordinals(  # type: ignore[attr-defined]
            quarters, freq="Q-DEC"
        ).array
    if kind.startswith("datetime") or kind in ("int64", "float64", "bool"):
        return np.array(cells, dtype=kind)
    return pd.array(cells, dtype=_dtype(kind))


@cache
def _dtype(kind: str) -> Any:
    return pd.api.types.pandas_dtype(kind)
