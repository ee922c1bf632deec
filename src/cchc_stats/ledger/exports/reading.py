"""Exports of one-stop systems as a ledger: a row per dossier, and what could not be used."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import tempfile
import weakref
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from cchc_stats.ledger.counting import POSSIBLE, day_made, last_day, without_cells
from cchc_stats.ledger.exports.aliases import TIMES, Aliases, Columns, aliases_with
from cchc_stats.ledger.exports.facts import FACT_COLUMNS, with_facts
from cchc_stats.ledger.exports.facts import WORDS as FACT_TEXTS
from cchc_stats.ledger.exports.history import Days, overlaps_of
from cchc_stats.ledger.exports.quality import ledger_quality
from cchc_stats.ledger.exports.rows import (
    COLUMNS,
    ONE_EXPORT,
    REASONS,
    REJECTED,
    UNSTATED,
    Overlaps,
    changes,
    counted,
    export_days,
    identifier,
    judged,
    kept_tables,
    quoted,
    refused,
    texts_of,
    usable,
)
from cchc_stats.ledger.exports.sheets import Remark
from cchc_stats.ledger.exports.sources import ExportFiles, Source, export_files, open_sources
from cchc_stats.words import (
    Match,
    ReadError,
    alike_names,
    departments,
    fold,
    match_agency,
    same_spelling,
    successor,
)

if TYPE_CHECKING:
    import duckdb

# Beyond these a frame would not fit an ordinary machine's memory.
MOST_BYTES = 4_000_000_000
_KEPT, _FIRSTS = "ledger_rows", "ledger_first_rows"
# Columns with few values: handed over as numbers and a list, which is many times faster.
WORDS = ("agency", "sector", "procedure", "channel", "status")
# What the engine calls the ways in which a line of text is broken.
BROKEN = {
    "MISSING COLUMNS": "fewer cells than the heading",
    "TOO MANY COLUMNS": "more cells than the heading",
    "INVALID ENCODING": "no text in UTF-8",
    "UNQUOTED VALUE": "a quote inside or after a quoted cell",
    "LINE SIZE OVER MAXIMUM": "a line longer than any row",
}
_DUE_RULES = {
    (False, False): "not_stated",
    (True, False): "end_of_day",
    (False, True): "time_of_day",
    (True, True): "mixed",
}
CHANGES = dict.fromkeys(
    ("dossier_id", "agency", "field", "before", "after"), "str"
) | dict.fromkeys(("exported_before", "exported_on"), "datetime64[us]")
MOST_SHOWN = 12  # spellings of agencies that are shown
OPEN_QUOTE = "a quote that is never closed"


@dataclass(frozen=True)
class LedgerCounts:
    """The counts of a ledger.

    Attributes
    ----------
    rows_read : rows of the export; each is in the ledger, rejected, or one of `repeated` or
        `superseded`.
    dossiers : rows of the ledger.
    rejected : reason -> rows that cannot be used.
    repeated : rows that tell a dossier once more, word for word: left out.
    without_due_date, waiting, returned, withdrawn : dossiers of the ledger, kept apart in a tally.
    due_by_day, due_by_hour : dossiers whose due date is a day without an hour, and so means until
        that day is over, and those whose due date has an hour, and so means that instant.
    due_rule : `end_of_day` where all are days, `time_of_day` where all have an hour, `mixed`, or
        `not_stated` where there is none.
    agency_unstated, sector_unstated : dossiers whose agency or sector is "(không ghi)".
    channel_unknown, status_unknown : text -> rows, of texts that are no channel or status of ours,
        the fifty most frequent. Such a channel is missing; such a status follows from the dates.
    by_profile : text -> rows, of statuses that only the national list explains, by its numbers or
        by what we take its words to mean (see `national_profile`).
    superseded : rows of a dossier that a newer export, or a later step, tells anew.
    facts_unknown : text -> rows, of facts such as a payment that are neither yes nor no.
    limit_refused : text -> rows, of time limits that are not in working days.
    no_days : cells with a day that says there is none: of the years 1, 1900, 9999.
    joined : rows that a further column of the export tells the end of.
    """

    rows_read: int
    dossiers: int
    rejected: Mapping[str, int]
    repeated: int
    without_due_date: int
    waiting: int
    returned: int
    withdrawn: int
    due_by_day: int
    due_by_hour: int
    due_rule: str
    agency_unstated: int
    sector_unstated: int
    channel_unknown: Mapping[str, int]
    status_unknown: Mapping[str, int]
    by_profile: Mapping[str, int]
    facts_unknown: Mapping[str, int] = field(default_factory=dict)
    limit_refused: Mapping[str, int] = field(default_factory=dict)
    superseded: int = 0
    no_days: int = 0
    joined: int = 0


@dataclass(frozen=True, eq=False)
class LedgerScan:
    """Exports that are read when something is asked of them; see `scan_ledger`.

    Attributes
    ----------
    connection : the engine's; other tables to be joined must be on it too.
    files : the files, or sheets of workbooks, in order.
    columns : field -> heading, of the first file.
    unused : headings of the first file that are neither a field's nor personal.
    relation : the ledger as a relation of the engine, each dossier once; also called `frame`, as
        that of a `Ledger` is.
    rejected : the rows that cannot be used, as a relation; lines that are no row at all are given
        by `rejects()` alone.
    """

    connection: duckdb.DuckDBPyConnection
    sources: tuple[Source, ...] = field(repr=False)
    rows: str = field(repr=False)
    more: tuple[str, ...] = ()
    overlaps: Overlaps = ONE_EXPORT
    remarks: tuple[Remark, ...] = ()
    asked: _Asked | None = field(default=None, repr=False)

    def known_on(self, day: dt.date) -> LedgerScan:
        """Return the history as it was known on a day: of the exports made up to then.

        Of one export alone, and where no later one is there, it is this very scan; before the first
        export, what that one says.

        Raises
        ------
        ReadError
            A file changed, or went, since it was read.
        """
        if not self.overlaps.several or self.asked is None:
            return self
        some = _until(day, self.exported_on(), self.overlaps)
        return self if some is None else self.asked.scan(some)

    @property
    def files(self) -> tuple[str, ...]:
        """Return the files, or sheets of workbooks."""
        return tuple(file for source in self.sources for file in source.files)

    @property
    def columns(self) -> dict[str, str]:
        """Return which heading of the first file is which field."""
        layout = self.sources[0].layout
        return {name: layout.headings[place] for name, place in layout.fields.items()}

    @property
    def unused(self) -> tuple[str, ...]:
        """Return the headings of the first file that are not used."""
        return self.sources[0].layout.unused

    @property
    def relation(self) -> duckdb.DuckDBPyRelation:
        """Return the ledger, lazily: LEDGER's columns, and the personal ones asked for."""
        names = tuple(map(identifier, self.more))
        return self.connection.sql(usable(self.rows, more=names, overlaps=self.overlaps))

    @property
    def frame(self) -> duckdb.DuckDBPyRelation:
        """Return the relation: what counts a `Ledger` counts a scan too."""
        return self.relation

    @property
    def rejected(self) -> duckdb.DuckDBPyRelation:
        """Return the rows that cannot be used, lazily: file, row, reason, detail, cells."""
        return self.connection.sql(refused(self.rows, overlaps=self.overlaps))

    def changes(self) -> pd.DataFrame:
        """Return what the exports tell differently one after another; see `Ledger.changes`."""
        if not self.overlaps.several:
            return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in CHANGES.items()})
        frame = fetched(self.connection.sql(changes(self.rows, self.overlaps)), self.sources)
        return frame.astype(CHANGES)

    def exported_on(self) -> dict[str, dt.date]:
        """Return the day of each export, by file or sheet; of one alone where it is stated."""
        if not self.overlaps.several:
            return {file: dt.date.fromisoformat(day) for file, _, day in self.overlaps.days if day}
        statement = export_days(self.rows, self.overlaps)
        return dict(run(self.connection, statement, self.sources).fetchall())

    def rejects(self) -> pd.DataFrame:
        """Return all that cannot be used, rows and broken lines: a frame, a row each."""
        frame = fetched(self.rejected, self.sources)
        broken = self.broken()
        return with_broken(_renumbered(frame, broken), broken)

    def broken(self) -> pd.DataFrame:
        """Return the lines of text that are no row of the export: `file, row, detail`."""
        lines = [(file, row, OPEN_QUOTE) for source in self.sources for file, row in source.broken]
        if any(source.skipped for source in self.sources):
            lines += self._broken_in_engine()
        frame = pd.DataFrame(lines, columns=["file", "row", "detail"])
        frame = frame.drop_duplicates(["file", "row"]).sort_values(["file", "row"])
        return frame.astype({"file": "str", "row": "Int64", "detail": "str"})

    def _broken_in_engine(self) -> list[tuple[str, int, str]]:
        import duckdb

        own = {
            copy: file for source in self.sources for copy, file in (source.copies or {}).items()
        }
        above = {file: source.skipped for source in self.sources for file in source.files}
        try:
            errors = self.connection.execute(
                "SELECT DISTINCT file_path, line, first(CAST(error_type AS VARCHAR)) "
                "FROM reject_errors JOIN reject_scans USING (scan_id, file_id) "
                "GROUP BY file_path, line"
            ).fetchall()
        except duckdb.CatalogException:
            return []  # the engine met no broken line yet
        return [
            (own.get(path, path), line - above[own.get(path, path)], BROKEN.get(kind, kind.lower()))
            for path, line, kind in errors
            if own.get(path, path) in above
        ]

    def counts(self) -> LedgerCounts:
        """Return the counts of the ledger; reads the files once more."""
        part = _one_row(self.connection, counted(self.rows, overlaps=self.overlaps), self.sources)
        total = _one_row(self.connection, _of_ledger(self.rows, self.overlaps), self.sources)
        all_refused = refused(self.rows, overlaps=self.overlaps)
        refusals = f"SELECT reason, count(*) FROM ({all_refused}) GROUP BY ALL"
        rejected = dict(run(self.connection, refusals, self.sources).fetchall())
        broken = len(self.broken())
        if broken:
            rejected["broken_row"] = broken
        columns: tuple[str, ...] = ("channel_unknown", "status_unknown", "status_by_profile")
        columns += FACT_TEXTS if {*self.more} & {*FACT_COLUMNS} else ()
        texts = self._texts(columns)
        by_hour = total["due_by_hour"]
        by_day = total["dossiers"] - total["without_due_date"] - by_hour
        return LedgerCounts(
            rows_read=part.pop("rows_read") + broken,
            rejected={reason: rejected[reason] for reason in REASONS if reason in rejected},
            due_by_day=by_day,
            due_rule=_DUE_RULES[by_day > 0, by_hour > 0],
            **part,
            **total,
            by_profile=texts.pop("status_by_profile"),
            **texts,
        )

    def _texts(self, columns: Sequence[str]) -> dict[str, Any]:
        """Return for each column its texts with their rows: one question, as each takes a while."""
        texts: dict[str, Any] = {name: {} for name in columns}
        for name, text, times in run(
            self.connection, texts_of(self.rows, columns), self.sources
        ).fetchall():
            texts[name][text] = times
        return texts


def _of_ledger(rows: str, overlaps: Overlaps) -> str:
    """Return the statement of what is counted in the ledger."""
    flags = {
        "without_due_date": "due_at IS NULL",
        "waiting": "status = 'waiting'",
        "returned": "status = 'returned'",
        "withdrawn": "status = 'withdrawn'",
        "due_by_hour": "due_at <> date_trunc('day', due_at)",
        "agency_unstated": f"agency = {quoted(UNSTATED)}",
        "sector_unstated": f"sector = {quoted(UNSTATED)}",
    }
    sums = ", ".join(f"count(*) FILTER ({flag}) AS {name}" for name, flag in flags.items())
    return f"SELECT count(*) AS dossiers, {sums} FROM ({usable(rows, overlaps=overlaps)})"


def _one_row(
    connection: duckdb.DuckDBPyConnection, statement: str, sources: tuple[Source, ...]
) -> dict[str, Any]:
    result = run(connection, statement, sources)
    names = [column[0] for column in result.description]
    (row,) = result.fetchall()
    return {name: int(value) for name, value in zip(names, row, strict=True)}


def run(
    connection: duckdb.DuckDBPyConnection, statement: str, sources: tuple[Source, ...]
) -> duckdb.DuckDBPyConnection:
    """Run a statement; what the engine cannot read is refused in the library's words."""
    import duckdb

    try:
        return connection.execute(statement)
    except duckdb.Error as error:
        raise _unreadable(error, sources) from error


def fetched(relation: duckdb.DuckDBPyRelation, sources: tuple[Source, ...]) -> pd.DataFrame:
    """Return a relation as a frame."""
    import duckdb

    try:
        frame: pd.DataFrame = relation.df()
    except duckdb.Error as error:
        raise _unreadable(error, sources) from error
    return frame


def _unreadable(error: Exception, sources: tuple[Source, ...]) -> ReadError:
    files = [file for source in sources for file in source.files]
    named = [file for file in files if file in str(error)] or files[:3]
    return ReadError(
        f"the export is damaged or changed while it was read: {without_cells(error)}",
        where=", ".join(named),
        mend="get it anew",
    )


def with_broken(rejects: pd.DataFrame, broken: pd.DataFrame) -> pd.DataFrame:
    """Return the rejected rows with the broken lines, in the order of the files' rows."""
    lines = broken.assign(reason="broken_row")
    # What is missing stays missing whatever the engine gave the column for an empty result.
    both = [part.astype(object) for part in (rejects, lines.reindex(columns=rejects.columns))]
    frame = pd.concat([part for part in both if len(part)] or both[:1], ignore_index=True)
    kinds = dict.fromkeys((*REJECTED, *frame.columns), "str") | {"row": "Int64"}
    frame = frame.astype({name: kinds[name] for name in frame.columns})
    return frame.sort_values(["file", "row"], kind="stable", ignore_index=True)


def _renumbered(rejects: pd.DataFrame, broken: pd.DataFrame) -> pd.DataFrame:
    """Return rejects whose rows are counted with the broken lines before them."""
    if broken.empty or rejects["row"].isna().any():
        return rejects  # rows that were not kept have no number
    rows = rejects["row"].to_numpy("int64")
    for file, lines in broken.groupby("file"):
        # The k-th readable row is preceded by the broken lines that come before it.
        before = lines["row"].to_numpy("int64") - np.arange(len(lines))
        same = (rejects["file"] == file).to_numpy()
        rows = np.where(same, rows + np.searchsorted(before, rows, side="right"), rows)
    return rejects.assign(row=rows)


@dataclass(frozen=True, eq=False)
class Ledger:
    """The dossiers of an export, what could not be used, and what there is to say of both.

    Attributes
    ----------
    frame : the form LEDGER, a row per dossier; the personal columns too where they were asked for,
        and the facts that the export tells: `online_level`, flags such as `fee` (yes, no, unknown),
        `legal_wd` (see `tally_digital`, `durations`).
    rejects : `file, row, reason, detail` and the ledger's columns as printed, a row per row that
        cannot be used. `row` is the row of the sheet, or which row of data it is in a text file.
    counts : see `LedgerCounts`.
    files : the files, or sheets of workbooks.
    columns : field -> heading.
    unused : headings that are neither a field's nor personal.
    changes : of several exports, what one tells otherwise than the one before: `dossier_id, agency,
        field, before, after, exported_before, exported_on`, a row per dossier and field. The field
        `lost` names a dossier that was open and is not in its agency's next export: what the older
        export states of it stays in the ledger.
    exported_on : day of each export, by file or sheet.
    quality : what an analyst must know before believing the figures, see `ledger_quality`.

    Examples
    --------
    >>> ledger = read_ledger("data/synthetic_ledger/synthetic_ledger-00000.parquet")
    >>> len(ledger.frame), len(ledger.rejects), ledger.counts.due_rule
    (14802, 198, 'end_of_day')
    """

    frame: pd.DataFrame = field(repr=False)
    rejects: pd.DataFrame = field(repr=False)
    counts: LedgerCounts
    files: tuple[str, ...]
    columns: dict[str, str]
    unused: tuple[str, ...]
    changes: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    exported_on: Mapping[str, dt.date] = field(default_factory=dict)
    remarks: tuple[Remark, ...] = field(default=(), repr=False)
    asked: _Asked | None = field(default=None, repr=False)
    overlaps: Overlaps = field(default=ONE_EXPORT, repr=False)

    def known_on(self, day: dt.date) -> Ledger:
        """Return the history as it was known on a day: of the exports made up to then, read anew.

        See `LedgerScan.known_on`; `tally(ledger, …, as_of=day)` counts it.
        """
        if not self.overlaps.several or self.asked is None:
            return self
        some = _until(day, self.exported_on, self.overlaps)
        return self if some is None else collect(self.asked.scan(some, named=False))

    @property
    def quality(self) -> pd.DataFrame:
        """Return what an analyst must know before believing the figures."""
        return ledger_quality(self)


def read_ledger(
    paths: str | Path | Iterable[str | Path],
    *,
    columns: Columns = None,
    key: str | Sequence[str] = "dossier_id",
    overlaps: Literal["newest", "refuse"] = "newest",
    exported_on: Days = None,
    agency_changes: pd.DataFrame | None = None,
    two_digit_years: bool = False,
    keep_personal: bool = False,
) -> Ledger:
    r"""Return the dossiers of exports, and apart from them the rows that cannot be used.

    The kind of the file follows from its content: CSV, TSV (UTF-8 or UTF-16; comma, semicolon, tab
    or bar; a file in Windows-1258), workbook (.xlsx, .xlsm, .xls, .ods; each sheet with a ledger's
    heading, or that goes on with the one before), the tables of a web page or of Excel's XML under
    any name, or Parquet. Titles above the heading are passed over; of two heading rows the names
    are joined, and merged cells are filled down. Dates may differ from cell to cell: `15/06/2020
    08:30:00`, `15/06/2020`, ISO 8601, Excel's serial numbers and others; day before month, unless
    the days of a column can only be read the other way round. What was so decided is in `quality`.

    Parameters
    ----------
    paths : the file, several, or folders. A file of a folder that cannot be read is named in
        `quality`, and the others are read; one that is named by itself is refused.
    columns : names of columns beside those the library knows: field -> name, names, or None where
        the export has no such column; or a TOML file with [columns], [channel], [status] as in the
        library's `aliases.toml`. A column so named is no other field's.
    key : what tells dossiers apart: "dossier_id"; ["dossier_id", "agency"] where two offices give
        one number (spellings of one office are then one, as `quality` tells); "last_step" where
        each step of a dossier is a row, of which the last counts.
    overlaps : "newest": of a dossier in several exports the newest one's row counts (of those that
        can be used), and a column that this export lacks is taken from the one before; what the
        earlier exports state is counted by `tally(ledger, …, as_of=day)`. "refuse": rows that
        differ are all rejected.
    exported_on : day of each export: one for each file, or file -> day. Otherwise it is the day
        that all its rows tell ("Ngày xuất", "Thời điểm xuất"), that in the file's name (of a
        quarter or month the last), in its title, or of its last event.
    agency_changes : see `agency_changes`: names of agencies become those of the newest day.
    two_digit_years : whether 14/09/20 is of 2020 even where no day of the file has all of its year.
    keep_personal : whether names, addresses and numbers of people are kept, in columns under their
        own headings. Otherwise they are dropped while reading, from the rejects too.

    Returns
    -------
    A `Ledger`. A row cannot be used if it has no dossier id or receipt date, a date that cannot be
    read or is outside 1990-2100, is due or settled before it was received, is settled without a
    date, or tells a dossier otherwise than another row does; or if it is no row at all. A row that
    repeats another word for word is counted once. A due date without an hour may be the day of
    receipt. A text that is not stated is missing; an agency or sector so is "(không ghi)".

    Raises
    ------
    ReadError
        The file is not there, damaged, locked, empty, too large for a frame, or lacks a column
        that a ledger needs; the nearest headings are named.

    Source
    ------
    Columns and codes of two one-stop systems, see `aliases.toml`.

    Examples
    --------
    >>> import tempfile
    >>> text = "MaHoSo;TenLinhVuc;NgayTiepNhan;NgayHenTra;NgayKetThucXuLy\n"
    >>> text += "H15-01;Đất đai;15/06/2020 08:30:00;2020-06-22;\n"
    >>> text += "H15-02;Đất đai;16/06/2020;15/06/2020;\n"
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = (Path(folder) / "export.csv").write_text(text, encoding="utf-8")
    ...     ledger = read_ledger(Path(folder) / "export.csv")
    >>> ledger.frame[["dossier_id", "received_at", "status"]].values.tolist()
    [['H15-01', Timestamp('2020-06-15 08:30:00'), 'open']]
    >>> ledger.rejects[["row", "dossier_id", "reason"]].values.tolist()
    [[2, 'H15-02', 'due_before_receipt']]
    """
    files = export_files(paths)
    if (size := sum(file.stat().st_size for file in files.files)) > MOST_BYTES:
        raise ReadError(
            f"the export has {size / 1e9:.1f} GB: more than a frame may hold",
            where=str(paths),
            mend="use scan_ledger, which reads it piece by piece",
        )
    scan = _scanned(
        files,
        columns=columns,
        key=key,
        overlaps=overlaps,
        exported_on=exported_on,
        two_digit_years=two_digit_years,
        keep_personal=keep_personal,
        agency_changes=agency_changes,
        named=False,
    )
    return collect(scan)


def scan_ledger(
    paths: str | Path | Iterable[str | Path],
    *,
    columns: Columns = None,
    key: str | Sequence[str] = "dossier_id",
    overlaps: Literal["newest", "refuse"] = "newest",
    exported_on: Days = None,
    agency_changes: pd.DataFrame | None = None,
    two_digit_years: bool = False,
    keep_personal: bool = False,
    connection: duckdb.DuckDBPyConnection | None = None,
) -> LedgerScan:
    """Return the ledger of files or folders without reading it yet, larger than memory or not.

    The rules are those of `read_ledger`: a dossier that is in several exports counts once, as the
    newest of them tells it.

    Parameters
    ----------
    paths : files and folders; of a folder every export in it and below.
    columns, key, overlaps, exported_on, agency_changes, two_digit_years, keep_personal : as in
        `read_ledger`. What names of agencies become is looked up now, with `agency_changes` or a
        key of them: that reads the files once.
    connection : the engine's connection to use, for joining with one's own tables.

    Returns
    -------
    A `LedgerScan`: `.relation` is the ledger, `.rejects()` what cannot be used, `.counts()` what
    there is to say of both. Headings are looked at now, rows when asked for. Keep the scan as long
    as its relations: copies of files that the engine cannot read as they are go with it.

    Raises
    ------
    ReadError
        As `read_ledger`; what is wrong within the rows comes to light when they are asked for.

    Examples
    --------
    >>> scan = scan_ledger("data/synthetic_ledger")
    >>> late = scan.relation.filter("settled_at >= due_at + INTERVAL 1 DAY")
    >>> late.count("*").fetchall(), scan.counts().rows_read
    ([(696,)], 15000)
    """
    return _scanned(
        export_files(paths),
        columns=columns,
        key=key,
        overlaps=overlaps,
        exported_on=exported_on,
        agency_changes=agency_changes,
        two_digit_years=two_digit_years,
        keep_personal=keep_personal,
        connection=connection,
    )


@dataclass(frozen=True)
class _Asked:
    """Exports and how they are read, so that the earlier ones of them can be read alone.

    `stamps` are the size and the time of each file when it was read.
    """

    files: ExportFiles
    options: Mapping[str, Any]
    connection: duckdb.DuckDBPyConnection | None
    stamps: tuple[tuple[int, int] | None, ...]

    def scan(self, some: Mapping[str, dt.date], *, named: bool = True) -> LedgerScan:
        """Return some of the exports, each of its day, once more."""
        stamped = zip(self.files.files, self.stamps, strict=True)
        chosen = {path: stamp for path, stamp in stamped if str(path) in some}
        changed = [str(path) for path, stamp in chosen.items() if _stamp(path) != stamp]
        if changed:
            raise ReadError(
                "an export changed, or went, since it was read",
                where=", ".join(changed),
                mend="read the exports again",
            )
        files = ExportFiles(tuple(chosen), self.files.inside)
        options = {**self.options, "named": named}
        return _scanned(files, exported_on=some, connection=self.connection, **options)


def _stamp(path: Path) -> tuple[int, int] | None:
    """Return the size and the time of a file, None where it is no more there."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns


def _until(
    day: dt.date, made: Mapping[str, dt.date], overlaps: Overlaps
) -> dict[str, dt.date] | None:
    """Return the exports made up to a day, None where all were; the first ones at the least."""
    export_of = {file: export for file, export, _ in overlaps.days}
    days = {export_of[file]: one for file, one in made.items() if one is not None}
    until = max(day, min(days.values(), default=day))
    some = {export: one for export, one in days.items() if one <= until}
    return None if len(some) == len(days) else some


def _scanned(
    files: ExportFiles,
    *,
    columns: Columns,
    key: str | Sequence[str],
    overlaps: str,
    exported_on: Days,
    two_digit_years: bool,
    keep_personal: bool,
    agency_changes: pd.DataFrame | None = None,
    named: bool = True,
    connection: duckdb.DuckDBPyConnection | None = None,
) -> LedgerScan:
    """Return the scan of files; `named`: whether its agencies have one name each yet."""
    aliases = aliases_with(columns)
    folder = Path(tempfile.mkdtemp(prefix="cchc_ledger_"))
    own = _connection(folder) if connection is None else connection
    try:
        opened, remarks = open_sources(
            files,
            aliases,
            own,
            folder,
            keep_personal=keep_personal,
            short_years=two_digit_years,
        )
        together = overlaps_of(
            opened, overlaps=overlaps, key=key, exported_on=exported_on, paths=files.files
        )
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    facts = [name for name in FACT_COLUMNS if any(name in source.facts for source in opened)]
    more = tuple(dict.fromkeys([*(name for one in opened for name in one.more), *facts]))
    parts = [_judged(source, aliases, facts) for source in opened]
    remarks += [remark for source in opened for remark in source.remarks]
    if together.several and together.lacking:
        names = ", ".join(together.lacking)
        remarks.append(Remark("columns_from_before", len(together.lacking), "", names))
    rows = " UNION ALL BY NAME ".join(parts)
    options: dict[str, Any] = {"columns": columns, "key": key, "overlaps": overlaps}
    options |= {"two_digit_years": two_digit_years, "keep_personal": keep_personal}
    options["agency_changes"] = agency_changes
    asked = _Asked(files, options, connection, tuple(map(_stamp, files.files)))
    scan = LedgerScan(own, tuple(opened), rows, more, together, tuple(remarks), asked)
    scan = _named(scan) if named else scan
    weakref.finalize(scan, shutil.rmtree, folder, ignore_errors=True)
    return scan


def _judged(source: Source, aliases: Aliases, facts: Sequence[str]) -> str:
    """Return the judged rows of a source, with the facts that some source of the ledger tells."""
    statement, more = source.statement, [*map(identifier, source.more)]
    if facts:
        statement = with_facts(statement, source.fields, aliases, stated=source.facts, asked=facts)
        more += [*facts, *FACT_TEXTS]
    return judged(
        statement,
        source.fields,
        aliases,
        more=more,
        dates=source.dates,
        lacking=[name for name in facts if name not in source.facts],
    )


def _connection(folder: Path) -> duckdb.DuckDBPyConnection:
    """Return a connection that keeps what does not fit in a folder, and prints nothing."""
    import duckdb

    connection = duckdb.connect()
    connection.execute(f"SET temp_directory = {quoted(str(folder / 'spilled'))}")
    # It still knows how far it is; who wants a bar draws it. In a notebook it cannot be asked.
    with suppress(duckdb.Error):
        connection.execute("SET enable_progress_bar = true; SET enable_progress_bar_print = false")
    return connection


def keep(scan: LedgerScan) -> LedgerScan:
    """Return a scan whose files are read now, once, and whose rows the engine keeps.

    What does not fit its memory goes to a folder of the scan.
    """
    return _with_tables(_with_rows(scan))


def _with_tables(scan: LedgerScan) -> LedgerScan:
    """Return a scan whose dossiers that come more than once are looked at now, once."""
    for statement in kept_tables(scan.rows, scan.overlaps).values():
        run(scan.connection, statement, scan.sources)
    return replace(scan, overlaps=replace(scan.overlaps, kept=True))


def _with_rows(scan: LedgerScan) -> LedgerScan:
    run(scan.connection, f"CREATE OR REPLACE TEMP TABLE {_KEPT} AS {scan.rows}", scan.sources)
    # The rows of a file follow one another: which of its rows one is, the first of them tells.
    firsts = f"SELECT file, min(rowid) AS first_row FROM {_KEPT} GROUP BY file"
    run(scan.connection, f"CREATE OR REPLACE TEMP TABLE {_FIRSTS} AS {firsts}", scan.sources)
    if len(scan.files) == 1:
        numbered = (
            f"SELECT * REPLACE (coalesce(row, rowid + 1) AS row), rowid AS place FROM {_KEPT}"
        )
    else:
        numbered = (
            "SELECT k.* REPLACE (coalesce(k.row, k.rowid - first_row + 1) AS row), "
            f"k.rowid AS place FROM {_KEPT} AS k JOIN {_FIRSTS} USING (file)"
        )
    return replace(scan, rows=numbered)


def collect(scan: LedgerScan) -> Ledger:
    """Return a scan's ledger in memory: its rows are read once and kept while it is made."""
    kept = _with_tables(_named(_with_rows(scan)))
    counts = kept.counts()
    once = not (counts.repeated or counts.superseded or "different_facts" in counts.rejected)
    frame = _frame(kept, once=once)
    ledger = Ledger(
        frame,
        kept.rejects(),
        counts,
        scan.files,
        scan.columns,
        scan.unused,
        kept.changes(),
        kept.exported_on(),
        kept.remarks,
        scan.asked,
        scan.overlaps,
    )
    for table in (_KEPT, _FIRSTS, *kept_tables(scan.rows, scan.overlaps)):
        run(scan.connection, f"DROP TABLE {table}", scan.sources)
    return ledger


def _named(scan: LedgerScan) -> LedgerScan:
    """Return a scan whose agencies have one name each, as far as something asks for it.

    Those that tell dossiers apart have one spelling. With changes they are called as on the newest
    day; what then are spellings of one name are one as well.
    """
    in_key = "agency" in scan.overlaps.key
    agency_changes = scan.asked.options["agency_changes"] if scan.asked else None
    if not in_key and agency_changes is None:
        return scan
    counted_names = (
        f"SELECT agency FROM ({scan.rows}) WHERE agency IS NOT NULL GROUP BY ALL "
        "ORDER BY count(*) DESC, 1 DESC"
    )
    printed = [name for (name,) in run(scan.connection, counted_names, scan.sources).fetchall()]
    rounds: list[_Renaming] = [_one_spelling] if in_key else []
    if agency_changes is not None and (day := _newest_day(scan)):
        rounds += [partial(_successors, day=day, agency_changes=agency_changes), *rounds]
    called, told = _called(printed, rounds)
    remarks = [
        Remark(check, len(names), "", ", ".join(names[:MOST_SHOWN]))
        for check, names in told.items()
        if names
    ]
    scan = replace(scan, remarks=(*scan.remarks, *remarks))
    others = {name: now for name, now in called.items() if name != now}
    return replace(scan, rows=_with_names(scan.rows, others)) if others else scan


# Of names, those that have another one, with it, and what there is to say of doubtful ones.
_Renaming = Callable[[list[str]], tuple[dict[str, str], list[str]]]


def _called(
    printed: Sequence[str], rounds: Sequence[_Renaming]
) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Return what each name is called after some rounds, and what there is to tell of spellings."""
    called = {name: name for name in printed}
    joined: set[str] = set()
    doubtful: list[str] = []
    for others_of in rounds:
        others, doubtful = others_of([*dict.fromkeys(called.values())])
        if others_of is _one_spelling:
            joined |= {name for name, now in called.items() if now in others}
        called = {name: others.get(now, now) for name, now in called.items()}
    pairs = [f"{called[name]} = {name}" for name in printed if name in joined]
    return called, {"agency_doubtful": doubtful, "agency_joined": pairs}


def _one_spelling(names: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """Return the names that are others in another spelling, with these, and doubtful ones.

    Names that differ by case, spaces, points or the place of a tone's mark alone are one, the first
    of them; so is a name without any mark that only one other name is with them, and a short form
    of one other name alone, as `match_agency` finds it: "SYT", "Sở Y tế", "Sở Y tế tỉnh A".
    """
    plain = {name: re.sub(r"[\W_]+", " ", name).strip() for name in names}
    marked: dict[str, set[str]] = {}
    for name, words in plain.items():
        if not name.isascii():
            marked.setdefault(fold(words), set()).add(same_spelling(words))
    usual: dict[str, str] = {}
    others: dict[str, str] = {}
    for name, words in plain.items():
        alike = marked.get(fold(words), set())
        one_only = name.isascii() and len(alike) == 1
        one = usual.setdefault(min(alike) if one_only else same_spelling(words), name)
        if one != name:
            others[name] = one
    longer, doubtful = _longer_names([*dict.fromkeys(usual.values())])
    return others | {
        name: longer[one] for name, one in others.items() if one in longer
    } | longer, doubtful


def _longer_names(names: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """Return the names that are short for one other name, with that, and those short for several.

    Of two that differ by what may be left out the longer one stands; initials, of which several
    names have the same, are nobody's.
    """
    longer: dict[str, str] = {}
    doubtful: list[str] = []
    alike = alike_names(sorted(names, key=_length))
    # Names before initials, so that two names of one agency do not make its initials doubtful.
    for initials in (False, True):
        for name in [one for one in alike if one not in longer]:
            match = _match_of(name, alike, longer)
            if match.name and (match.how == "initials") == initials:
                both = (name, match.name) if initials else sorted((name, match.name), key=_length)
                # What fits several names is none of them, also where each of those fits it alone.
                if _match_of(both[0], alike, longer).name == both[1]:
                    longer[both[0]] = both[1]
            elif initials and match.how == "ambiguous":
                doubtful.append(" = ".join((name, " / ".join(match.candidates))))
    return {name: _longest(name, longer) for name in longer}, doubtful


def _match_of(name: str, alike: Mapping[str, Sequence[str]], longer: Mapping[str, str]) -> Match:
    return match_agency(name, [one for one in alike[name] if one not in longer])


def _length(name: str) -> tuple[int, str]:
    return len(fold(name)), name


def _longest(name: str, longer: Mapping[str, str]) -> str:
    while name in longer:
        name = longer[name]
    return name


def _with_names(rows: str, names: Mapping[str, str]) -> str:
    """Return the statement of rows whose agencies are called otherwise; their order stays."""
    cases = " ".join(f"WHEN {quoted(old)} THEN {quoted(new)}" for old, new in names.items())
    return f"SELECT * REPLACE (CASE agency {cases} ELSE agency END AS agency) FROM ({rows})"


def _newest_day(scan: LedgerScan) -> dt.date | None:
    """Return the day of the newest export or event, None for none.

    An event of a day that cannot be is none, as in a tally.
    """
    events = (
        "SELECT DISTINCT agency, CAST(event AS DATE) AS day FROM (SELECT agency, "
        f"unnest([received_at, settled_at]) AS event FROM ({scan.rows}) WHERE fault IS NULL) "
        f"WHERE event >= TIMESTAMP '{POSSIBLE[0]}' AND event < TIMESTAMP '{POSSIBLE[1]}'"
    )
    days_of_events = run(scan.connection, events, scan.sources).fetchnumpy()["day"]
    last = last_day(np.asarray(days_of_events, "datetime64[D]").astype("int64"), day_made(scan))
    days = [*scan.exported_on().values(), *([np.datetime64(last, "D").item()] if last else [])]
    return max(filter(None, days), default=None)


def _successors(
    names: Sequence[str], day: dt.date, agency_changes: pd.DataFrame
) -> tuple[dict[str, str], list[str]]:
    """Return what names became by a day, of those that changed; none of them is doubtful.

    A short form that means one agency alone among those of the exports, the changes and the
    departments is changed as that one: "SGTVT", "Sở GTVT tỉnh A", "xã A" of "UBND xã A".
    """
    stated = agency_changes[agency_changes["level"].isin(("agency", "department"))]
    known = (*names, *stated["old"], *filter(None, stated["new"]), *departments().values())
    longer, _ = _longer_names([*dict.fromkeys(known)])
    became = {}
    for name in names:
        one = longer.get(name, name)
        same = [old for old in stated["old"] if old != name and longer.get(old, old) == one]
        for meant in dict.fromkeys((name, one, *same)):
            now = successor(meant, day, _of_any_province(agency_changes, same))
            if now not in ("", meant):
                became[name] = now
                break
    return became, []


def _of_any_province(changes: pd.DataFrame, some: Sequence[str]) -> pd.DataFrame:
    """Return changes of which those of some agencies hold with the province in the name, too."""
    one = changes["old"].isin([*some]) & (changes["level"] == "agency")
    return changes.assign(level=changes["level"].mask(one, "department")) if one.any() else changes


def _frame(scan: LedgerScan, *, once: bool) -> pd.DataFrame:
    """Return the ledger's columns, typed as the form has them, in the order of the rows.

    `once` says that no dossier comes twice: then there is nothing to join, nor to sort.
    """
    more = [identifier(name) for name in scan.more]
    columns = ", ".join((*COLUMNS, *more))
    rows, order = f"SELECT {columns} FROM ({scan.rows}) WHERE fault IS NULL", ""
    if not once:
        rows = usable(scan.rows, more=(*more, "place"), overlaps=scan.overlaps)
        order = "ORDER BY place"
    words = {}
    for name in WORDS:
        # An enumeration is handed over as numbers: a text each would take most of the time.
        run(
            scan.connection,
            f"CREATE OR REPLACE TEMP TYPE {name}_words AS ENUM (SELECT DISTINCT {name} "
            f"FROM ({scan.rows}) WHERE {name} IS NOT NULL ORDER BY ALL)",
            scan.sources,
        )
        words[name] = f"CAST({name} AS {name}_words) AS {name}"
    # Sorted as numbers: texts would be carried along.
    typed = ", ".join(words.get(name, name) for name in (*COLUMNS, *more))
    typed = f"SELECT {typed} FROM ({rows}) {order}"
    frame = fetched(scan.connection.sql(typed), scan.sources)
    kinds = {name: "datetime64[us]" for name in COLUMNS if name in TIMES}
    kinds |= {"legal_wd": "Float64"} if "legal_wd" in frame else {}
    kinds |= {name: "str" for name in frame.columns if name not in kinds}
    return frame.astype(kinds)
