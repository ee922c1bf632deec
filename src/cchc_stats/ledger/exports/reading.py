"""Exports of one-stop systems as a ledger: a row per dossier, and what could not be used."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from cchc_stats.ledger.exports.aliases import TIMES, Columns, aliases_with
from cchc_stats.ledger.exports.cleaning import quoted
from cchc_stats.ledger.exports.judging import COLUMNS, judged, usable
from cchc_stats.ledger.exports.scan import LedgerCounts, LedgerScan, fetched, run
from cchc_stats.ledger.exports.sources import export_files, open_sources
from cchc_stats.words import ReadError

if TYPE_CHECKING:
    import duckdb

# Beyond these a frame would not fit an ordinary machine's memory.
MOST_BYTES = 4_000_000_000
_KEPT, _FIRSTS = "ledger_rows", "ledger_first_rows"
# Columns with few values: handed over as numbers and a list, which is many times faster.
WORDS = ("agency", "sector", "procedure", "channel", "status")


@dataclass(frozen=True, eq=False)
class Ledger:
    """The dossiers of an export, what could not be used, and what there is to say of both.

    Attributes
    ----------
    frame : the form LEDGER, a row per dossier; the personal columns too where they were asked for.
    rejects : `file, row, reason, detail` and the ledger's columns as printed, a row per row that
        cannot be used. `row` is the row of the sheet, or which row of data it is in a text file.
    counts : see `LedgerCounts`.
    files : the files, or sheets of workbooks.
    columns : field -> heading.
    unused : headings that are neither a field's nor personal.

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


def read_ledger(
    path: str | Path, *, columns: Columns = None, keep_personal: bool = False
) -> Ledger:
    r"""Return the dossiers of one export, and apart from them the rows that cannot be used.

    The kind of the file is told by its content: CSV, TSV (UTF-8 or UTF-16; comma, semicolon, tab
    or bar), workbook (.xlsx, .xlsm, .xls, .ods; each sheet with a ledger's heading) or Parquet.
    Titles above the heading are passed over. Dates may differ from cell to cell: `15/06/2020
    08:30:00`, `15/06/2020`, ISO 8601, Excel's serial numbers and others; day before month.

    Parameters
    ----------
    path : the file.
    columns : names of columns beside those the library knows: field -> name, names, or None where
        the export has no such column; or a TOML file with [columns], [channel], [status] as in the
        library's `aliases.toml`.
    keep_personal : whether names, addresses and numbers of people are kept, in columns under their
        own headings. Otherwise they are dropped while reading, from the rejects too.

    Returns
    -------
    A `Ledger`. A row cannot be used if it has no dossier id or receipt date, a date that cannot be
    read or is outside 1990-2100, is due or settled before it was received, is settled without a
    date, or tells a dossier otherwise than another row does; or if it is no row at all. A row that
    repeats another word for word is counted once. A due date without an hour may be the day of
    receipt. A text that is not told is missing; an agency or sector so is "(không ghi)".

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
    files = export_files(path)
    if (size := sum(file.stat().st_size for file in files)) > MOST_BYTES:
        raise ReadError(
            f"the export has {size / 1e9:.1f} GB: more than a frame may hold",
            where=str(path),
            mend="use scan_ledger, which reads it piece by piece",
        )
    return collect(scan_ledger(files, columns=columns, keep_personal=keep_personal))


def scan_ledger(
    paths: str | Path | Iterable[str | Path],
    *,
    columns: Columns = None,
    keep_personal: bool = False,
    connection: duckdb.DuckDBPyConnection | None = None,
) -> LedgerScan:
    """Return the ledger of files or folders without reading it yet, larger than memory or not.

    The rules are those of `read_ledger`. A dossier that is in several files counts once if they
    tell the same of it; otherwise all its rows are rejected.

    Parameters
    ----------
    paths : files and folders; of a folder every export in it and below.
    columns, keep_personal : as in `read_ledger`.
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
    aliases = aliases_with(columns)
    files = export_files(paths)
    folder = Path(tempfile.mkdtemp(prefix="cchc_ledger_"))
    own = _connection(folder) if connection is None else connection
    try:
        sources = tuple(open_sources(files, aliases, own, folder, keep_personal=keep_personal))
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    more = tuple(dict.fromkeys(name for source in sources for name in source.more))
    parts = [
        judged(
            source.statement, source.fields, aliases, more=[_named(name) for name in source.more]
        )
        for source in sources
    ]
    scan = LedgerScan(own, sources, " UNION ALL BY NAME ".join(parts), more)
    weakref.finalize(scan, shutil.rmtree, folder, ignore_errors=True)
    return scan


def _connection(folder: Path) -> duckdb.DuckDBPyConnection:
    """Return a connection that keeps what does not fit in a folder, and prints nothing."""
    import duckdb

    connection = duckdb.connect()
    connection.execute(f"SET temp_directory = {quoted(str(folder / 'spilled'))}")
    # It still knows how far it is; who wants a bar draws it.
    connection.execute("SET enable_progress_bar = true; SET enable_progress_bar_print = false")
    return connection


def keep(scan: LedgerScan) -> LedgerScan:
    """Return a scan whose files are read now, once, and whose rows the engine keeps.

    What does not fit its memory goes to a folder of the scan.
    """
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
    kept = keep(scan)
    counts = kept.counts()
    frame = _frame(kept, once=not counts.repeated and "different_facts" not in counts.rejected)
    rejects = kept.rejects()
    run(scan.connection, f"DROP TABLE {_KEPT}; DROP TABLE {_FIRSTS}", scan.sources)
    return Ledger(frame, rejects, counts, scan.files, scan.columns, scan.unused)


def _frame(scan: LedgerScan, *, once: bool) -> pd.DataFrame:
    """Return the ledger's columns, typed as the form has them, in the order of the rows.

    `once` says that no dossier comes twice: then there is nothing to join, nor to sort.
    """
    more = [_named(name) for name in scan.more]
    columns = ", ".join((*COLUMNS, *more))
    rows = (
        f"SELECT {columns} FROM ({scan.rows}) WHERE fault IS NULL"
        if once
        else f"SELECT {columns} FROM ({usable(scan.rows, more=(*more, 'place'))}) ORDER BY place"
    )
    words = []
    for name in WORDS:
        # An enumeration is handed over as numbers: a text each would take most of the time.
        run(
            scan.connection,
            f"CREATE OR REPLACE TEMP TYPE {name}_words AS ENUM (SELECT DISTINCT {name} "
            f"FROM ({scan.rows}) WHERE {name} IS NOT NULL ORDER BY ALL)",
            scan.sources,
        )
        words.append(f"CAST({name} AS {name}_words) AS {name}")
    typed = f"SELECT * REPLACE ({', '.join(words)}) FROM ({rows})"
    frame = fetched(scan.connection.sql(typed), scan.sources)
    kinds = {name: "datetime64[us]" for name in COLUMNS if name in TIMES}
    kinds |= {name: "str" for name in frame.columns if name not in kinds}
    return frame.astype(kinds)


def _named(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
