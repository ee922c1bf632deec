"""The files of an export as sources of the engine: each a statement, and the types it gives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cchc_stats.ledger.exports.aliases import Aliases, Layout, match_headings, require_fields
from cchc_stats.ledger.exports.delimited import Delimited, look_at, made_readable
from cchc_stats.ledger.exports.rows import identifier, listed, quoted
from cchc_stats.ledger.exports.sheets import read_sheets
from cchc_stats.words import ReadError

if TYPE_CHECKING:
    import duckdb

SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".ods", ".parquet")
_TEXT, _WORKBOOK, _PARQUET = "text", "workbook", "parquet"


@dataclass(frozen=True)
class Source:
    """One or more files of one layout.

    `statement` gives `file`, `row` and the columns of `fields` (field -> stored type) and `more`
    (personal columns by their headings). `broken` are (file, data row) left out before the engine
    saw them, `skipped` the lines above the data of each text file.
    """

    statement: str
    fields: Mapping[str, str]
    more: tuple[str, ...]
    layout: Layout
    files: tuple[str, ...]
    broken: tuple[tuple[str, int], ...] = ()
    skipped: int = 0
    copies: Mapping[str, str] | None = None  # copy -> the file it is of


def export_files(paths: str | Path | Iterable[str | Path]) -> list[Path]:
    """Return the export files of paths: a file is itself, a folder all exports in it, by name.

    Raises
    ------
    ReadError
        Something is not there, or a folder holds no export; all at once.
    """
    given = [paths] if isinstance(paths, str | Path) else list(paths)
    found: list[Path] = []
    faults: list[str] = []
    for path in map(Path, given):
        if path.is_dir():
            inside = [
                one
                for one in sorted(path.rglob("*"))
                if one.suffix.lower() in SUFFIXES and not one.name.startswith((".", "~$"))
            ]
            faults += [] if inside else [f"{path}: no export in this folder"]
            found += inside
        elif path.is_file():
            found.append(path)
        else:
            faults.append(f"{path}: there is no such file")
    if faults or not found:
        raise ReadError(
            "no export of dossiers to read",
            where="; ".join(faults) or "paths=",
            mend=f"give files or folders of {', '.join(SUFFIXES)}",
        )
    return list(dict.fromkeys(found))


def open_sources(
    paths: Sequence[Path],
    aliases: Aliases,
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    *,
    keep_personal: bool,
) -> list[Source]:
    """Return the sources of files; those of one layout are one source.

    Raises
    ------
    ReadError
        A file is of no known kind, damaged, or lacks a column that a ledger needs.
    """
    sources: list[Source] = []
    alike: dict[tuple[object, ...], list[tuple[Delimited, Path]]] = {}
    stored: dict[tuple[tuple[str, str], ...], list[Path]] = {}
    for path in paths:
        kind = _kind(path)
        if kind == _TEXT:
            export = look_at(path, aliases)
            require_fields(export.layout, aliases, str(path))
            ready = made_readable(export, folder)
            key = (ready.layout.headings, ready.separator, ready.quote, ready.skip)
            alike.setdefault(key, []).append((ready, path))
        elif kind == _PARQUET:
            stored.setdefault(_parquet_columns(path, connection), []).append(path)
        else:
            sources += _workbook(path, aliases, connection, keep_personal=keep_personal)
    sources += [
        _parquet(files, columns, aliases, keep_personal=keep_personal)
        for columns, files in stored.items()
    ]
    sources += [_delimited(files, keep_personal=keep_personal) for files in alike.values()]
    return sources


def _kind(path: Path) -> str:
    """Return the kind of a file by its first bytes."""
    with path.open("rb") as file:
        start = file.read(512)
    if start.startswith(b"PAR1") or path.suffix.lower() == ".parquet":
        return _PARQUET
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return _WORKBOOK
    if (
        start.lstrip(b"\xef\xbb\xbf \r\n\t")
        .lower()
        .startswith((b"<html", b"<!doctype", b"<?xml", b"<table"))
    ):
        raise ReadError(
            "the export is a web page under another name",
            where=str(path),
            mend="open it in Excel and save it as .xlsx, or as CSV UTF-8",
        )
    return _TEXT


def _personal(layout: Layout, *, keep: bool) -> dict[int, str]:
    """Return the personal columns by place, each with a name of its own."""
    taken: set[str] = set()
    names: dict[int, str] = {}
    for place in layout.personal if keep else ():
        name = layout.headings[place].strip()
        while name.lower() in taken:
            name += "_"
        taken.add(name.lower())
        names[place] = name
    return names


def _delimited(files: Sequence[tuple[Delimited, Path]], *, keep_personal: bool) -> Source:
    first = files[0][0]
    layout = first.layout
    personal = _personal(layout, keep=keep_personal)
    columns = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(len(layout.headings)))
    chosen = [f"c{place} AS {field}" for field, place in layout.fields.items()]
    chosen += [f"c{place} AS {identifier(name)}" for place, name in personal.items()]
    copies = {str(ready.path): str(path) for ready, path in files if ready.path != path}
    file = "filename"
    if copies:
        told = " ".join(f"WHEN {quoted(copy)} THEN {quoted(own)}" for copy, own in copies.items())
        file = f"CASE filename {told} ELSE filename END"
    paths = listed([_escaped(str(ready.path)) for ready, _ in files])
    statement = (
        f"SELECT {file} AS file, CAST(NULL AS BIGINT) AS row, {', '.join(chosen)} "
        f"FROM read_csv([{paths}], auto_detect=false, header=true, skip={first.skip}, "
        f"delim={quoted(first.separator)}, quote={quoted(first.quote)}, "
        f"escape={quoted(first.quote)}, columns={{{columns}}}, filename=true, "
        "ignore_errors=true, store_rejects=true, rejects_limit=0)"
    )
    broken = tuple(
        (str(path), line - first.skip - 1) for ready, path in files for line in ready.broken
    )
    return Source(
        statement,
        dict.fromkeys(layout.fields, "VARCHAR"),
        tuple(personal.values()),
        layout,
        tuple(str(path) for _, path in files),
        broken,
        first.skip + 1,
        copies,
    )


def _parquet_columns(
    path: Path, connection: duckdb.DuckDBPyConnection
) -> tuple[tuple[str, str], ...]:
    """Return the columns of a Parquet file and their types."""
    import duckdb

    try:
        described = connection.execute(
            f"DESCRIBE SELECT * FROM read_parquet({quoted(_escaped(str(path)))})"
        ).fetchall()
    except duckdb.Error as error:
        raise ReadError(
            f"the Parquet file is cut short or damaged: {str(error).splitlines()[0]}",
            where=str(path),
            mend="get it anew",
        ) from error
    return tuple((name, kind) for name, kind, *_ in described)


def _parquet(
    paths: Sequence[Path],
    columns: Sequence[tuple[str, str]],
    aliases: Aliases,
    *,
    keep_personal: bool,
) -> Source:
    layout = match_headings([name for name, _ in columns], aliases)
    require_fields(layout, aliases, str(paths[0]))
    personal = _personal(layout, keep=keep_personal)
    fields: dict[str, str] = {}
    chosen: list[str] = []
    for field, place in layout.fields.items():
        name, kind = columns[place]
        # Words kept in a dictionary are texts all the same.
        words = kind.startswith("ENUM")
        fields[field] = "VARCHAR" if words else kind
        chosen.append(f"{_text(name) if words else identifier(name)} AS {field}")
    chosen += [
        f"{_text(columns[place][0])} AS {identifier(name)}" for place, name in personal.items()
    ]
    files = [str(path) for path in paths]
    statement = (
        f"SELECT cchc_file AS file, file_row_number + 1 AS row, {', '.join(chosen)} "
        f"FROM read_parquet([{listed([_escaped(file) for file in files])}], "
        "filename='cchc_file', file_row_number=true)"
    )
    return Source(statement, fields, tuple(personal.values()), layout, tuple(files))


def _text(name: str) -> str:
    return f"CAST({identifier(name)} AS VARCHAR)"


def _workbook(
    path: Path,
    aliases: Aliases,
    connection: duckdb.DuckDBPyConnection,
    *,
    keep_personal: bool,
) -> list[Source]:
    sources = []
    for number, sheet in enumerate(read_sheets(path, aliases, keep_personal=keep_personal)):
        where = f"{path}, sheet {sheet.name!r}"
        require_fields(sheet.layout, aliases, where)
        personal = _personal(sheet.layout, keep=keep_personal)
        table = f"sheet_{abs(hash(str(path)))}_{number}"
        connection.register(table, sheet.frame)
        chosen = [*sheet.layout.fields]
        chosen += [f"personal_{place} AS {identifier(name)}" for place, name in personal.items()]
        statement = (
            f"SELECT {quoted(where)} AS file, CAST(row AS BIGINT) AS row, {', '.join(chosen)} "
            f"FROM {table} WHERE {_holds_something(sheet.layout.fields)}"
        )
        fields = dict.fromkeys(sheet.layout.fields, "VARCHAR")
        sources.append(Source(statement, fields, tuple(personal.values()), sheet.layout, (where,)))
    return sources


def _holds_something(fields: Iterable[str]) -> str:
    """Return the condition that a row of a sheet is not an empty one below the data."""
    return " OR ".join(f"{field} <> ''" for field in fields)


def _escaped(path: str) -> str:
    """Return a path in which the engine sees no pattern."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in path)
