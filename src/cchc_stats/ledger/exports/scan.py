"""A ledger that is not in memory: the statement of its rows, run when something is asked of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cchc_stats.ledger.exports.cleaning import quoted
from cchc_stats.ledger.exports.judging import (
    REASONS,
    REJECTED,
    UNSTATED,
    counted,
    refused,
    unknown_texts,
    usable,
)
from cchc_stats.ledger.exports.sources import Source
from cchc_stats.words import ReadError

if TYPE_CHECKING:
    import duckdb

# What the engine calls the ways in which a line of text is broken.
BROKEN = {
    "MISSING COLUMNS": "fewer cells than the heading",
    "TOO MANY COLUMNS": "more cells than the heading",
    "INVALID ENCODING": "no text in UTF-8",
    "UNQUOTED VALUE": "a quote inside or after a quoted cell",
    "LINE SIZE OVER MAXIMUM": "a line longer than any row",
}
OPEN_QUOTE = "a quote that is never closed"


@dataclass(frozen=True)
class LedgerCounts:
    """What there is to say of a ledger as a whole.

    Attributes
    ----------
    rows_read : rows of the export; each is in the ledger, rejected, or one of `repeated`.
    dossiers : rows of the ledger.
    rejected : reason -> rows that cannot be used.
    repeated : rows that tell a dossier once more, word for word: left out.
    without_due_date, waiting, returned, withdrawn : dossiers of the ledger, kept apart in a tally.
    due_rule : `end_of_day` where every due date is a day without an hour, and so means the end of
        that day; `time_of_day` where some have an hour; `not_stated` where there is none.
    agency_unstated, sector_unstated : dossiers whose agency or sector is "(không ghi)".
    channel_unknown, status_unknown : text -> rows, of texts that are no known channel or status,
        the fifty most frequent. Such a channel is missing; such a status is told by the dates.
    """

    rows_read: int
    dossiers: int
    rejected: Mapping[str, int]
    repeated: int
    without_due_date: int
    waiting: int
    returned: int
    withdrawn: int
    due_rule: str
    agency_unstated: int
    sector_unstated: int
    channel_unknown: Mapping[str, int]
    status_unknown: Mapping[str, int]


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
    rejected : the rows that cannot be used, as a relation; lines that are no row at all are told
        by `rejects()` alone.
    """

    connection: duckdb.DuckDBPyConnection
    sources: tuple[Source, ...] = field(repr=False)
    rows: str = field(repr=False)
    more: tuple[str, ...] = ()

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
        names = tuple('"' + name.replace('"', '""') + '"' for name in self.more)
        return self.connection.sql(usable(self.rows, more=names))

    @property
    def frame(self) -> duckdb.DuckDBPyRelation:
        """Return the relation: what counts a `Ledger` counts a scan too."""
        return self.relation

    @property
    def rejected(self) -> duckdb.DuckDBPyRelation:
        """Return the rows that cannot be used, lazily: file, row, reason, detail, cells."""
        return self.connection.sql(refused(self.rows))

    def rejects(self) -> pd.DataFrame:
        """Return all that cannot be used, rows and broken lines: a frame, a row each."""
        frame = fetched(self.rejected, self.sources)
        broken = self.broken()
        return with_broken(_renumbered(frame, broken), broken)

    def broken(self) -> pd.DataFrame:
        """Return the lines of text that are no row of the export: `file, row, detail`."""
        told = [(file, row, OPEN_QUOTE) for source in self.sources for file, row in source.broken]
        if any(source.skipped for source in self.sources):
            told += self._broken_in_engine()
        frame = pd.DataFrame(told, columns=["file", "row", "detail"])
        frame = frame.drop_duplicates(["file", "row"]).sort_values(["file", "row"])
        return frame.astype({"file": "str", "row": "Int64", "detail": "str"})

    def _broken_in_engine(self) -> list[tuple[str, int, str]]:
        import duckdb

        own = {
            copy: file for source in self.sources for copy, file in (source.copies or {}).items()
        }
        above = {file: source.skipped for source in self.sources for file in source.files}
        try:
            found = self.connection.execute(
                "SELECT DISTINCT file_path, line, first(CAST(error_type AS VARCHAR)) "
                "FROM reject_errors JOIN reject_scans USING (scan_id, file_id) "
                "GROUP BY file_path, line"
            ).fetchall()
        except duckdb.CatalogException:
            return []  # the engine met no broken line yet
        return [
            (own.get(path, path), line - above[own.get(path, path)], BROKEN.get(kind, kind.lower()))
            for path, line, kind in found
            if own.get(path, path) in above
        ]

    def counts(self) -> LedgerCounts:
        """Return what there is to say of the ledger as a whole; reads the files once more."""
        part = _one_row(self.connection, counted(self.rows), self.sources)
        whole = _one_row(self.connection, _of_ledger(self.rows), self.sources)
        refusals = f"SELECT reason, count(*) FROM ({refused(self.rows)}) GROUP BY ALL"
        rejected = dict(run(self.connection, refusals, self.sources).fetchall())
        broken = len(self.broken())
        if broken:
            rejected["broken_row"] = broken
        unknown = {
            name: dict(
                run(self.connection, unknown_texts(self.rows, name), self.sources).fetchall()
            )
            for name in ("channel", "status")
        }
        hours = whole.pop("hours")
        dated = whole["dossiers"] - whole["without_due_date"]
        return LedgerCounts(
            rows_read=part.pop("rows_read") + broken,
            rejected={reason: rejected[reason] for reason in REASONS if reason in rejected},
            due_rule="not_stated" if not dated else "time_of_day" if hours else "end_of_day",
            **part,
            **whole,
            channel_unknown=unknown["channel"],
            status_unknown=unknown["status"],
        )


def _of_ledger(rows: str) -> str:
    """Return the statement of what is counted in the ledger."""
    flags = {
        "without_due_date": "due_at IS NULL",
        "waiting": "status = 'waiting'",
        "returned": "status = 'returned'",
        "withdrawn": "status = 'withdrawn'",
        "hours": "due_at <> date_trunc('day', due_at)",
        "agency_unstated": f"agency = {quoted(UNSTATED)}",
        "sector_unstated": f"sector = {quoted(UNSTATED)}",
    }
    sums = ", ".join(f"count(*) FILTER ({flag}) AS {name}" for name, flag in flags.items())
    return f"SELECT count(*) AS dossiers, {sums} FROM ({usable(rows)})"


def _one_row(
    connection: duckdb.DuckDBPyConnection, statement: str, sources: tuple[Source, ...]
) -> dict[str, Any]:
    result = run(connection, statement, sources)
    row = result.fetchone()
    names = [column[0] for column in result.description]
    return {name: int(value) for name, value in zip(names, row or (), strict=True)}


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
        f"the export is damaged or changed while it was read: {str(error).splitlines()[0]}",
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
