"""The files of an export as sources of the engine: each a statement, and the types it gives."""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cchc_stats.ledger.exports.aliases import (
    EXPORTED,
    TIMES,
    Aliases,
    ExportLayout,
    also_name,
    match_headings,
    others_named,
    require_fields,
)
from cchc_stats.ledger.exports.delimited import (
    VIETNAMESE,
    Delimited,
    look_at,
    made_readable,
    require_one_heading,
)
from cchc_stats.ledger.exports.facts import facts_stated, levels_in_channel
from cchc_stats.ledger.exports.pages import markup_kind
from cchc_stats.ledger.exports.rows import (
    Dates,
    code_of,
    filled,
    identifier,
    in_list,
    instant_of,
    quoted,
    says_no_day,
    usual_instant,
)
from cchc_stats.ledger.exports.sheets import Remark, read_sheets
from cchc_stats.words import ReadError

if TYPE_CHECKING:
    import duckdb

SUFFIXES = (
    *(".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".ods", ".parquet"),
    *(".htm", ".html", ".xml", ".mht"),
)
_TEXT, _WORKBOOK, _PARQUET = "text", "workbook", "parquet"
NEEDED_DAYS = ("received_at", "due_at")  # columns without a day in which no row is left
A_COLUMN, MANY = 3, 10  # cells from which a column is judged by what it holds
LOOKED_AT = 20_000  # rows of a file by which its columns are judged
# A day written first, second; with all of its year, with two letters of it.
LATE_FIRST = r"^\s*(1[3-9]|2\d|3[01])[/.-]\d{1,2}[/.-]\d\d"
LATE_SECOND = r"^\s*\d{1,2}[/.-](1[3-9]|2\d|3[01])[/.-]\d\d"
WHOLE_YEAR = r"^\s*\d{1,2}[/.-]\d{1,2}[/.-]\d{4}"
SHORT = r"^\s*\d{1,2}[/. -](?:\d{1,2}|[A-Za-z]{3,})[/. -]\d\d(\D|$)"
NO_ID = r"\s|^\d{1,2}[/.-]\d{1,2}[/.-]\d{4}$"  # what no dossier's number is: words, a day
WORDS = r"^\D*$|\s\S+\s"  # what it never is: without any digit, or of three words


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
    layout: ExportLayout
    files: tuple[str, ...]
    broken: tuple[tuple[str, int], ...] = ()
    skipped: int = 0
    copies: Mapping[str, str] | None = None  # copy -> the file it is of
    dates: Mapping[str, Dates] = field(default_factory=dict)
    remarks: tuple[Remark, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)  # file -> the lines above its heading
    facts: tuple[str, ...] = ()  # what it tells beside the form's columns, see `facts`
    days: Mapping[str, dt.date] = field(default_factory=dict)  # file -> the day its rows tell

    def path_of(self, file: str) -> str:
        """Return the file that a sheet is of."""
        return file.rpartition(", sheet ")[0] or file


@dataclass(frozen=True)
class ExportFiles:
    """The files of an export; `inside` are those of a folder, not named one by one."""

    files: tuple[Path, ...]
    inside: frozenset[Path]


def export_files(paths: str | Path | Iterable[str | Path]) -> ExportFiles:
    """Return the export files of paths: a file is itself, a folder all exports in it, by name.

    Raises
    ------
    ReadError
        Something is not there, or a folder holds no export; all at once.
    """
    given = [paths] if isinstance(paths, str | Path) else list(paths)
    files: list[Path] = []
    within: set[Path] = set()
    faults: list[str] = []
    for path in map(Path, given):
        if path.is_dir():
            inside = [
                one
                for one in sorted(path.rglob("*"))
                if one.suffix.lower() in SUFFIXES and not one.name.startswith((".", "~$"))
            ]
            faults += [] if inside else [f"{path}: no export in this folder"]
            files += inside
            within |= {*inside}
        elif path.is_file():
            files.append(path)
        else:
            faults.append(f"{path}: there is no such file")
    if faults or not files:
        raise ReadError(
            "no export of dossiers to read",
            where="; ".join(faults) or "paths=",
            mend=f"give files or folders of {', '.join(SUFFIXES)}",
        )
    return ExportFiles(tuple(dict.fromkeys(files)), frozenset(within - {*map(Path, given)}))


def open_sources(
    exports: ExportFiles,
    aliases: Aliases,
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    *,
    keep_personal: bool,
    short_years: bool = False,
) -> tuple[list[Source], list[Remark]]:
    """Return the sources of files, those of one layout as one, and the remarks on files.

    A file of a folder that cannot be read is named, and the others are read.

    Parameters
    ----------
    short_years : whether 14/09/20 is of 2020 even where no day of the file has a full year.

    Raises
    ------
    ReadError
        A file is of another kind, damaged, lacks a column that a ledger needs, or has columns
        that do not look like their names.
    """
    alike_files: dict[object, list[_Opened]] = {}
    refused: list[tuple[Path, ReadError]] = []
    remarks: list[Remark] = []
    for path in exports.files:
        try:
            for one in _opened(
                path, aliases, connection, folder, remarks, keep_personal=keep_personal
            ):
                checked = _looked_at(one, aliases, connection, short_years=short_years)
                alike = (*checked.alike, *sorted(checked.source.dates.items(), key=str))
                alike_files.setdefault(alike, []).append(checked)
        except ReadError as error:
            if path not in exports.inside:
                raise
            refused.append((path, error))
            remarks.append(Remark("file_left_out", 1, str(path), error.what))
    if not alike_files:
        raise _nothing_read(refused)
    sources = [
        _joined(alike, aliases, keep_personal=keep_personal) for alike in alike_files.values()
    ]
    return sources, remarks


@dataclass(frozen=True)
class _Opened:
    """A source of one file or sheet; those with the same `alike` can be read as one."""

    source: Source
    alike: tuple[object, ...]
    text: Delimited | None = None


def _nothing_read(refused: Sequence[tuple[Path, ReadError]]) -> ReadError:
    """Return the refusal of a folder of which no file can be read."""
    if len(refused) == 1:
        return refused[0][1]
    lines = [f"{path}: {error.what}" for path, error in refused[:10]]
    return ReadError(
        f"none of {len(refused)} files is an export of dossiers",
        where="; ".join(lines),
        mend="correct the files, or name the columns: columns={…}",
    )


def _opened(
    path: Path,
    aliases: Aliases,
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    remarks: list[Remark],
    *,
    keep_personal: bool,
) -> Iterator[_Opened]:
    """Yield the sources of one file."""
    kind = _kind(path)
    if kind == _TEXT:
        export = look_at(path, aliases)
        require_fields(export.layout, aliases, str(path))
        require_one_heading(export, aliases)
        if export.encoding == VIETNAMESE:
            remarks.append(Remark("code_page", 1, str(path), "Windows-1258"))
        ready = made_readable(export, folder)
        alike = (ready.layout.headings, ready.separator, ready.quote, ready.skip)
        source = _delimited([(ready, path)], keep_personal=keep_personal)
        yield _Opened(replace(source, titles={str(path): export.title}), alike, ready)
    elif kind == _PARQUET:
        columns = _parquet_columns(path, connection)
        yield _Opened(_parquet([path], columns, aliases, keep_personal=keep_personal), columns)
    else:
        for source in _workbook(
            path, aliases, connection, remarks, keep_personal=keep_personal, markup=kind
        ):
            yield _Opened(source, source.files)


def _joined(alike: Sequence[_Opened], aliases: Aliases, *, keep_personal: bool) -> Source:
    """Return the sources of files of one layout as one."""
    first = alike[0].source
    if len(alike) == 1:
        return first
    remarks = tuple(remark for one in alike for remark in one.source.remarks)
    files = [Path(file) for one in alike for file in one.source.files]
    texts = [one.text for one in alike]
    if all(texts):
        joined = _delimited(
            [(text, path) for text, path in zip(texts, files, strict=True) if text],
            keep_personal=keep_personal,
        )
    else:
        columns: Any = alike[0].alike
        joined = _parquet(files, columns, aliases, keep_personal=keep_personal)
    titles = dict(chain(*(one.source.titles.items() for one in alike)))
    days = dict(chain(*(one.source.days.items() for one in alike)))
    facts = tuple(dict.fromkeys(chain(*(one.source.facts for one in alike))))
    dated = replace(joined, dates=first.dates, remarks=remarks, titles=titles)
    return replace(dated, facts=facts, days=days)


def _looked_at(
    one: _Opened, aliases: Aliases, connection: duckdb.DuckDBPyConnection, *, short_years: bool
) -> _Opened:
    """Return a source with how its days are written, its columns looking like their names.

    Raises
    ------
    ReadError
        Days in no column of days, or ids that are none beside statuses that nobody knows.
    """
    source = one.source
    layout, where = source.layout, source.files[0]
    counts = _cells(source, aliases, connection)
    _require_likeness(counts, layout, where, named=aliases.named)
    dates, remarks = _dates_of(counts, source, short_years=short_years)
    for name, places in layout.also.items():
        headings = [layout.headings[place] for place in (layout.fields[name], *places)]
        remarks.append(Remark("columns_joined", 1, where, " + ".join(headings)))
    remarks += [] if counts["rows"] else [Remark("export_empty", 1, where)]
    facts = facts_stated(source.fields, channel_levels=counts.get("channel_levels", 0) > 0)
    for name, places in others_named(layout, aliases).items():
        headings = [layout.headings[place] for place in (layout.fields[name], *places)]
        remarks.append(Remark("columns_passed_over", len(places), where, " ≠ ".join(headings)))
    days = _exported(source, connection)
    made = replace(source, dates=dates, remarks=tuple(remarks), days=days, facts=facts)
    return replace(one, source=made)


def _exported(source: Source, connection: duckdb.DuckDBPyConnection) -> dict[str, dt.date]:
    """Return the day that all rows of a file say it was exported on, if there is such a column."""
    if EXPORTED not in source.fields:
        return {}
    day = f"CAST({instant_of(EXPORTED, source.fields[EXPORTED])} AS DATE)"
    first, last = connection.execute(
        f"SELECT min({day}), max({day}) FROM (SELECT * FROM ({source.statement}) LIMIT {LOOKED_AT})"
    ).fetchall()[0]
    # Days that differ are of the rows, and not of the export.
    return {source.files[0]: first} if first is not None and first == last else {}


def _dates_of(
    counts: Mapping[str, int], source: Source, *, short_years: bool
) -> tuple[dict[str, Dates], list[Remark]]:
    """Return how the days of each column are written, and what was decided of it."""
    texts = _text_times(source)
    orders = {name: _is_month_first(counts, name) for name in texts}
    # A column whose days say nothing is written as the others of its file, if these agree.
    others = {order for order in orders.values() if order is not None} == {True}
    read_short = short_years or any(counts[f"{name}_whole"] for name in texts)
    dates: dict[str, Dates] = {}
    remarks: list[Remark] = []
    for name in texts:
        order = orders[name]
        short = counts[f"{name}_short"] if read_short else 0
        unread = counts[f"{name}_short"] - short
        month_first = others if order is None else order
        if month_first or short:
            dates[name] = Dates(month_first, short > 0)
        decided = {
            "month_first": counts[f"{name}_second"] if month_first else 0,
            "short_years": short,
            "short_years_unread": unread,
            "mixed_order": min(counts[f"{name}_first"], counts[f"{name}_second"]),
        }
        heading = source.layout.headings[_places(source.layout)[name]]
        decisions = [
            Remark(check, n, source.files[0], heading) for check, n in decided.items() if n
        ]
        remarks += decisions
    return dates, remarks


def _text_times(source: Source) -> list[str]:
    """Return the columns of times that are texts."""
    return [
        name
        for name, kind in source.fields.items()
        if name.split("__")[0] in TIMES and kind == "VARCHAR"
    ]


def _is_month_first(counts: Mapping[str, int], name: str) -> bool | None:
    """Return whether the days of a column can only be read month first, None where none tells."""
    first, second = counts[f"{name}_first"], counts[f"{name}_second"]
    return second > 0 and not first if first or second else None


def _places(layout: ExportLayout) -> dict[str, int]:
    """Return the place of each field's column, further ones among them."""
    places = dict(layout.fields)
    for name, more in layout.also.items():
        places |= {also_name(name, number): place for number, place in enumerate(more)}
    return places


def _cells(
    source: Source, aliases: Aliases, connection: duckdb.DuckDBPyConnection
) -> dict[str, int]:
    """Return what the first rows of a source look like, as counts of cells."""
    counts = _counted(_flags(source, aliases), source, connection)
    # The engine takes long to plan how all the ways of writing days are read: where none is usual.
    seldom = {
        f"{name}_day": f"({_in_any_way(name, kind)}) IS NOT NULL"
        for name, kind in source.fields.items()
        if counts.get(f"{name}_day") == 0 and counts[f"{name}_filled"]
    }
    return counts | (_counted(seldom, source, connection) if seldom else {})


def _counted(
    flags: Mapping[str, str], source: Source, connection: duckdb.DuckDBPyConnection
) -> dict[str, int]:
    """Return in how many of the first rows each condition holds."""
    sums = ", ".join(f"count(*) FILTER ({flag}) AS {name}" for name, flag in flags.items())
    import duckdb

    try:
        row = connection.execute(
            f"SELECT {sums} FROM (SELECT * FROM ({source.statement}) LIMIT {LOOKED_AT})"
        ).fetchall()[0]
    except duckdb.Error as error:
        raise ReadError(
            "the export is damaged or changed while it was read",
            where=source.files[0],
            mend="get it anew",
        ) from error
    return dict(zip(flags, row, strict=True))


def _flags(source: Source, aliases: Aliases) -> dict[str, str]:
    """Return conditions of the cells by which columns are judged."""
    levels = levels_in_channel(source.fields.get("channel", ""))
    flags: dict[str, str] = {"rows": "true", "channel_levels": levels}
    for name, kind in source.fields.items():
        if name.split("__")[0] in TIMES:
            flags |= _day_flags(name, kind, aliases)
    for name in ("dossier_id", "status"):
        if name in source.fields:
            kind = source.fields[name]
            flags[f"{name}_filled"] = filled(name, kind, aliases.missing)
    if source.fields.get("dossier_id") == "VARCHAR":
        flags["dossier_id_strange"] = f"regexp_matches(trim(dossier_id), {quoted(NO_ID)})"
        flags["dossier_id_words"] = f"regexp_matches(trim(dossier_id), {quoted(WORDS)})"
    if "status" in source.fields:
        spelled = code_of("status", source.fields["status"], aliases.status)
        flags["status_known"] = f"({spelled}) IS NOT NULL"
    return flags


def _day_flags(name: str, kind: str, aliases: Aliases) -> dict[str, str]:
    """Return conditions of the cells of a time: filled, readable, and how days are written."""
    usual = usual_instant(name) if kind == "VARCHAR" else instant_of(name, kind)
    flags = {
        f"{name}_filled": f"{filled(name, kind, aliases.missing)} AND "
        f"NOT {says_no_day(name, kind)}",
        f"{name}_day": f"({usual}) IS NOT NULL",
    }
    if kind == "VARCHAR":
        parts = {"first": LATE_FIRST, "second": LATE_SECOND, "whole": WHOLE_YEAR, "short": SHORT}
        flags |= {
            f"{name}_{part}": f"regexp_matches({name}, {quoted(pattern)})"
            for part, pattern in parts.items()
        }
    return flags


def _in_any_way(name: str, kind: str) -> str:
    """Return the instant that a cell tells in whatever way days are written."""
    ways = (Dates(), Dates(short_years=True), Dates(month_first=True, short_years=True))
    return f"coalesce({', '.join(instant_of(name, kind, way) for way in ways)})"


def _require_likeness(
    counts: Mapping[str, int], layout: ExportLayout, where: str, *, named: Container[str]
) -> None:
    """Refuse columns that do not hold what they are named for; nothing they hold is printed.

    One bad cell is a row to be rejected; two columns without a day are not what they are named for,
    nor is one where there are many rows, none of which could be used.
    """
    without = _without(counts, layout) if counts["rows"] else {}
    if "dossier_id" not in named and _are_words(counts):
        without["dossier_id"] = "number"
    elif not _have_slipped(counts, without):
        return
    lines = [
        f"no {what} in the column {layout.headings[layout.fields[name]]!r}"
        for name, what in without.items()
    ]
    raise ReadError(
        "the columns do not hold what their headings say, as if the cells had slipped",
        where=f"{where}: {'; '.join(lines)}",
        mend="export it anew, or name the right columns: columns={…}",
    )


def _have_slipped(counts: Mapping[str, int], without: Mapping[str, str]) -> bool:
    """Return whether columns that hold nothing of what they are named for are refused."""
    days = [name for name, what in without.items() if what == "day"]
    unreadable = [name for name in days if counts[f"{name}_filled"]]
    no_days = "received_at" in unreadable and counts["received_at_filled"] >= A_COLUMN
    many = any(counts[f"{name}_filled"] >= MANY for name in unreadable if name in NEEDED_DAYS)
    no_ids = "dossier_id" in without and ("status" in without or len(days) > 1)
    return no_ids or many or (no_days and len(unreadable) > 1)


def _are_words(counts: Mapping[str, int]) -> bool:
    """Return whether a column of ids holds nothing but words, as names and addresses are."""
    filled_in = counts.get("dossier_id_filled", 0)
    return filled_in >= A_COLUMN and counts.get("dossier_id_words", 0) == filled_in


def _without(counts: Mapping[str, int], layout: ExportLayout) -> dict[str, str]:
    """Return the fields whose columns hold nothing of what they are named for, and what that is."""
    without = {name: "day" for name in TIMES if name in layout.fields and not counts[f"{name}_day"]}
    if counts.get("status_filled") and not counts["status_known"]:
        without["status"] = "known word"
    ids = counts.get("dossier_id_filled", 0)
    if ids and counts.get("dossier_id_strange", 0) == ids:
        without["dossier_id"] = "number"
    return without


def _kind(path: Path) -> str:
    """Return the kind of a file by its first bytes."""
    with path.open("rb") as file:
        start = file.read(4096)
    if start.startswith(b"PAR1") or path.suffix.lower() == ".parquet":
        return _PARQUET
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return _WORKBOOK
    if markup := markup_kind(start):
        return markup
    return _TEXT


def _personal(layout: ExportLayout, *, keep: bool) -> dict[int, str]:
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
    places = _places(layout)
    chosen = [f"c{place} AS {field}" for field, place in places.items()]
    chosen += [f"c{place} AS {identifier(name)}" for place, name in personal.items()]
    copies = {str(ready.path): str(path) for ready, path in files if ready.path != path}
    file = "filename"
    if copies:
        cases = " ".join(f"WHEN {quoted(copy)} THEN {quoted(own)}" for copy, own in copies.items())
        file = f"CASE filename {cases} ELSE filename END"
    paths = in_list([_escaped(str(ready.path)) for ready, _ in files])
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
        dict.fromkeys(places, "VARCHAR"),
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
    for name, place in _places(layout).items():
        heading, kind = columns[place]
        # Words kept in a dictionary are texts all the same.
        words = kind.startswith("ENUM")
        fields[name] = "VARCHAR" if words else kind
        chosen.append(f"{_text(heading) if words else identifier(heading)} AS {name}")
    chosen += [
        f"{_text(columns[place][0])} AS {identifier(name)}" for place, name in personal.items()
    ]
    files = [str(path) for path in paths]
    statement = (
        f"SELECT cchc_file AS file, file_row_number + 1 AS row, {', '.join(chosen)} "
        f"FROM read_parquet([{in_list([_escaped(file) for file in files])}], "
        "filename='cchc_file', file_row_number=true)"
    )
    return Source(statement, fields, tuple(personal.values()), layout, tuple(files))


def _text(name: str) -> str:
    return f"CAST({identifier(name)} AS VARCHAR)"


def _workbook(
    path: Path,
    aliases: Aliases,
    connection: duckdb.DuckDBPyConnection,
    remarks: list[Remark],
    *,
    keep_personal: bool,
    markup: str,
) -> list[Source]:
    sources = []
    kind = "" if markup == _WORKBOOK else markup
    sheets, sheet_remarks = read_sheets(path, aliases, keep_personal=keep_personal, markup=kind)
    remarks += sheet_remarks
    for number, sheet in enumerate(sheets):
        where = f"{path}, sheet {sheet.name!r}{sheet.part}"
        require_fields(sheet.layout, aliases, where)
        personal = _personal(sheet.layout, keep=keep_personal)
        table = f"sheet_{abs(hash(str(path)))}_{number}"
        connection.register(table, sheet.frame)
        places = _places(sheet.layout)
        chosen = [*places]
        chosen += [f"personal_{place} AS {identifier(name)}" for place, name in personal.items()]
        statement = (
            f"SELECT {quoted(where)} AS file, CAST(row AS BIGINT) AS row, {', '.join(chosen)} "
            f"FROM {table} WHERE {_holds_something(sheet.layout.fields)}"
        )
        fields = dict.fromkeys(places, "VARCHAR")
        source = Source(statement, fields, tuple(personal.values()), sheet.layout, (where,))
        sources.append(replace(source, titles={where: sheet.title}))
    return sources


def _holds_something(fields: Iterable[str]) -> str:
    """Return the condition that a row of a sheet is not an empty one below the data."""
    return " OR ".join(f"{field} <> ''" for field in fields)


def _escaped(path: str) -> str:
    """Return a path in which the engine sees no pattern."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in path)
