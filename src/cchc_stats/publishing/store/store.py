"""`Store`: every report that was read, once, with its editions, values and findings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import pandas as pd

from cchc_stats.forms import find_form
from cchc_stats.indicators import measure
from cchc_stats.publishing.store.frames import framed, insert, quoted
from cchc_stats.publishing.store.opening import WAIT, reading, require_store, writing
from cchc_stats.publishing.store.reports import (
    BY_HAND,
    agency_key,
    content_of,
    insert_reports,
    load,
    parts_of,
)
from cchc_stats.publishing.store.schema import (
    FINDING_TYPES,
    FINDINGS,
    VALUE_TYPES,
    form_table,
    library_version,
    make_views,
)
from cchc_stats.reading import Report, ReportSet, digest_of, options_text, renamed, units_of
from cchc_stats.words import (
    CchcError,
    ValuesError,
    findings_frame,
    match_agency,
    parse_period,
)

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

NEW, SAME, EDITION, REREAD = "new", "same", "edition", "reread"
_EDITIONS = {
    "agency": "str",
    "period": "period[Q-DEC]",
    "file": "str",
    "edition": "int64",
    "newest": "bool",
    "number": "str",
    "signed_on": "datetime64[us]",
    "digest": "str",
    "read_with": "str",
    "added_at": "datetime64[us]",
}
Quarter = pd.Period | str


class Store:
    """One DuckDB file that keeps every report, edition, form table, value and finding.

    Parameters
    ----------
    path : the file; it is made when something is first added. Any SQL client can read it: see the
        guide for its tables and views.
    wait : seconds that a call waits while another process writes the file, or while others read it
        that is to be written.

    Raises
    ------
    CchcError
        A folder, a file that is no DuckDB file or has none of a store's tables, or a store of a
        newer version; from a call, a file that is write-protected, a disk without room, or another
        process that does not end in time.

    Notes
    -----
    Each call opens the file for itself, so that others wait for no longer than one call. What it
    writes is there in full or not at all, also where the process is killed.

    A file is known by its bytes: under another name it is the same. Another file of one agency and
    quarter is another edition of the report: that signed last is the newest or, where one of them
    does not say when, that added last. A report that was put together by hand is known by what it
    says.

    Examples
    --------
    >>> import tempfile
    >>> from cchc_stats import read_report
    >>> report = read_report("data/binh-dinh-skhcn-2020q3")
    >>> with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "tinh.duckdb") as store:
    ...     store.add(report)["state"].tolist(), store.add(report)["state"].tolist()
    ...     store.report(report.agency, "2020Q3").tables["documents"]["sent_total"].tolist()
    (['new'], ['same'])
    [1380]
    """

    def __init__(self, path: str | Path, *, wait: float = WAIT) -> None:
        """Look whether a store is, or can be, at a path."""
        self.path, self.wait = Path(path), wait
        require_store(self.path, wait)

    def __enter__(self) -> Self:
        """Return the store: there is nothing to open before a call."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close nothing: each call has closed the file."""

    def __repr__(self) -> str:
        """Return where the store is."""
        return f"Store({str(self.path)!r})"

    def add(self, reports: Report | ReportSet | Iterable[Report]) -> pd.DataFrame:
        """Keep reports, each with the values measured of it, all of them or none.

        Parameters
        ----------
        reports : a report, several, or a set.

        Returns
        -------
        Frame `agency, period, file, edition, state`, a row per report in their order. `state`:
        `new`; `edition` where another file of its agency and quarter is there; `same` where its
        file is there, and nothing is changed; `reread` where its file was read otherwise before
        (with other options, by another version of the library, or it was changed since) and what is
        kept of it is replaced. Read without options it replaces no reading with options.

        Raises
        ------
        CchcError
            No report; a column or a text that no table can hold; see `Store` for the file.
        """
        given = _reports_of(reports)
        parts = [parts_of(one) for one in given]
        contents = [content_of(one, its) for one, its in zip(given, parts, strict=True)]
        with writing(self.path, self.wait) as connection:
            there = _Known.of(connection)
            placed = [there.place(one, its) for one, its in zip(given, contents, strict=True)]
            # Of one file that is given twice the later reading is put in.
            put = {
                number: (number, report, its, content)
                for (number, state), report, its, content in zip(
                    placed, given, parts, contents, strict=True
                )
                if state in (NEW, REREAD)
            }
            instead = [number for number, state in placed if state == REREAD]
            _put(connection, [*put.values()], instead)
            numbers = [number for number, _ in placed]
            editions = _editions(connection, "report_id IN (SELECT unnest(?))", [numbers])
        frame = editions.set_index("report_id").loc[
            numbers, ["agency", "period", "file", "edition"]
        ]
        states = [
            EDITION if state == NEW and edition > 1 else state
            for (_, state), edition in zip(placed, frame["edition"], strict=True)
        ]
        return frame.assign(state=pd.array(states, dtype="str")).reset_index(drop=True)

    def read(self, path: str | Path, **options: Any) -> Report | None:
        """Return the report of a file that need not be read again, None where it must be.

        Parameters
        ----------
        path : a document or folder (see `read_report`).
        options : as it would be read with.

        Returns
        -------
        What `read_report(path, **options)` gave when it was added: of these bytes and this name,
        with these options, by this version of the library.
        """
        return self.read_each([path], **options).get(str(path))

    def read_each(self, paths: Iterable[str | Path], **options: Any) -> dict[str, Report]:
        """Return by path the reports of files that need not be read again (see `read`)."""
        options.pop("budget", None)
        if options.get("units") is not None:
            options["units"] = units_of(options["units"])
        known = [options_text(**options), library_version()]
        with reading(self.path, self.wait) as connection:
            rows = connection.execute(
                "SELECT digest, file, report_id FROM reports WHERE read_with = ? AND read_by = ?",
                known,
            ).fetchall()
            numbers = {(digest, file): number for digest, file, number in rows}
            names = {str(path): (digest_of(path), _name_of(path)) for path in paths}
            found = {path: numbers[name] for path, name in names.items() if name in numbers}
            kept = load(connection, [*dict.fromkeys(found.values())])
            by_number = dict(zip(dict.fromkeys(found.values()), kept, strict=True))
        return {path: by_number[number] for path, number in found.items()}

    def reports(self, period: Quarter | None = None, *, agency: str | None = None) -> ReportSet:
        """Return the newest edition of each report, of all agencies and quarters or of one.

        Returns
        -------
        ReportSet, ordered by quarter and agency; empty where there is none.
        """
        with reading(self.path, self.wait) as connection:
            return ReportSet.of(load(connection, _newest(connection, agency, period)))

    def report(self, agency: str, period: Quarter, edition: int | None = None) -> Report:
        """Return a report as it was added.

        Parameters
        ----------
        agency : who reports, in any spelling that surely means it (see `match_agency`).
        period : the quarter.
        edition : its number, as `editions` gives it; None for the newest.

        Raises
        ------
        CchcError
            There is no such report, or it is not clear whose.
        """
        with reading(self.path, self.wait) as connection:
            found = _of_report(connection, self.path, agency, period, edition)
            return load(connection, [found])[0]

    def previous(self, report: Report) -> Report | None:
        """Return the newest report of the same agency on the quarter before, None without one.

        It is under the name that `report` has for the agency.
        """
        with reading(self.path, self.wait) as connection:
            rows = _editions(connection, "newest AND period = ?", [str(report.period - 1)])
            names = spellings(report.agency, rows["agency"])
            found = rows.loc[rows["agency"].isin(names), "report_id"].tolist()
            if len(found) != 1:
                return None
            before = load(connection, found)[0]
        return renamed(before, {before.agency: report.agency})

    def editions(self, agency: str | None = None, period: Quarter | None = None) -> pd.DataFrame:
        """Return what reports there are, in all their editions.

        Returns
        -------
        Frame `agency, period, file, edition, newest, number, signed_on, digest, read_with,
        added_at`, a row per edition, ordered by quarter, agency and edition. `digest` is the
        SHA-256 of the file, `read_with` the options of reading.
        """
        with reading(self.path, self.wait) as connection:
            rows = _editions(connection, *_asked(connection, agency, period))
        return rows.drop(columns="report_id")

    def values(
        self,
        agency: str | None = None,
        period: Quarter | None = None,
        indicator: str | None = None,
    ) -> pd.DataFrame:
        """Return the values measured of the newest editions, each key once.

        Parameters
        ----------
        agency, period, indicator : of one agency, quarter or indicator alone; None for all.

        Returns
        -------
        Values frame (see `measure`). Reports also state quarters before their own: of one key, a
        figure stands before none, then that of the quarter's own report, then that of the latest.
        """
        with reading(self.path, self.wait) as connection:
            names = _column(connection, "SELECT DISTINCT agency FROM newest_values")
            chosen = {
                "agency": None if agency is None else spellings(agency, names),
                "period": None if period is None else [str(_quarter(period))],
                "indicator": None if indicator is None else [indicator],
            }
            asked = {name: one for name, one in chosen.items() if one is not None}
            where = " AND ".join(f"{name} IN (SELECT unnest(?))" for name in asked) or "true"
            rows = _fetched(
                connection,
                f"FROM newest_values WHERE {where} "
                "ORDER BY reported_for, reported_by, report_id, row_id",
                [*asked.values()],
                VALUE_TYPES,
            )
        return rows

    def history(self, agency: str) -> pd.DataFrame:
        """Return the values of one agency over all quarters, under the name that is given.

        `write_report(history=)` takes it as it is.

        Raises
        ------
        CchcError
            The store has nothing of the agency.
        """
        values = self.values(agency)
        if values.empty:
            known = self.editions()["agency"].unique()
            raise CchcError(
                f"the store has nothing of {agency}",
                where=str(self.path),
                mend=f"give one of its agencies: {'; '.join(known[:5]) or 'none is there yet'}",
            )
        return values.assign(agency=pd.array([agency] * len(values), dtype="str"))

    def tables(self, form: str) -> pd.DataFrame:
        """Return the rows of a form of all newest editions, as `ReportSet.tables` has them.

        Raises
        ------
        CchcError
            There is no such form.
        """
        code = find_form(form).code
        with reading(self.path, self.wait) as connection:
            every = load(connection, _newest(connection, None, None), only=form_table(code))
        tables = ReportSet.of(every).tables
        if code in tables:
            return tables[code]
        return pd.DataFrame(columns=list(find_form(code).columns))

    def add_findings(
        self, findings: pd.DataFrame, *, of: Report | ReportSet | Iterable[Report] = ()
    ) -> None:
        """Keep findings of reports that are in the store, instead of those kept before.

        Parameters
        ----------
        findings : as `check` gives them; each is of the report whose file it names.
        of : reports that were checked: one without a finding has none any more.

        Raises
        ------
        CchcError
            A finding of a file that is not in the store, or that names none; see `Store`.
        """
        rows = findings_frame(findings)
        with writing(self.path, self.wait) as connection:
            owners = {
                file: _owner(connection, self.path, file, rows[rows["file"] == file])
                for file in rows["file"].fillna("").unique()
            }
            digests = [one.digest for one in _reports_of(of)]
            clean = _editions(connection, "digest IN (SELECT unnest(?))", [digests])["report_id"]
            _delete(connection, FINDINGS, {*owners.values(), *clean.tolist()})
            its = [
                (number, rows[rows["file"] == file].reset_index(drop=True))
                for file, number in owners.items()
            ]
            insert(connection, {FINDINGS: its})

    def findings(
        self,
        agency: str | None = None,
        period: Quarter | None = None,
        edition: int | None = None,
    ) -> pd.DataFrame:
        """Return the findings kept of reports: of newest editions, or of one edition.

        Returns
        -------
        Findings frame (see `check`), by quarter and agency of the report.
        """
        with reading(self.path, self.wait) as connection:
            if edition is not None:
                if agency is None or period is None:
                    raise CchcError(
                        "an edition is of one report",
                        where="edition=",
                        mend="give agency= and period= too, or none for the newest editions",
                    )
                numbers = [_of_report(connection, self.path, agency, period, edition)]
            else:
                numbers = _newest(connection, agency, period)
            return _fetched(
                connection,
                f"FROM {FINDINGS} WHERE report_id IN (SELECT unnest(?)) "
                "ORDER BY list_position(?, report_id), row_id",
                [numbers, numbers],
                FINDING_TYPES,
            )


@dataclass
class _Known:
    """Which readings a store has, by the digest of the file."""

    readings: dict[str, tuple[int, str, str, str, str]]

    @classmethod
    def of(cls, connection: DuckDBPyConnection) -> Self:
        """Return those of a store."""
        rows = connection.execute(
            "SELECT digest, report_id, content, read_with, read_by, file FROM reports"
        ).fetchall()
        return cls({digest: tuple(rest) for digest, *rest in rows})

    def place(self, report: Report, content: str) -> tuple[int, str]:
        """Return a report's number, and whether it is new, the same or read otherwise."""
        digest = report.digest or BY_HAND + content
        own = (content, report.read_with, library_version(), report.source)
        if digest not in self.readings:
            number = 1 + max((one[0] for one in self.readings.values()), default=0)
            self.readings[digest] = (number, *own)
            return number, NEW
        number, kept, read_with, read_by, file = self.readings[digest]
        if read_with != report.read_with:
            reread = bool(report.read_with)
        else:
            reread = read_by != own[2] or (file == report.source and kept != content)
        if reread:
            self.readings[digest] = (number, *own)
        return number, REREAD if reread else SAME


def _put(
    connection: DuckDBPyConnection,
    given: Sequence[tuple[int, Report, Mapping[str, pd.DataFrame], str]],
    instead: Sequence[int],
) -> None:
    """Put reports and their values in, those `instead` in the place of an earlier reading."""
    if instead:
        found = connection.execute(
            "SELECT DISTINCT table_name FROM duckdb_columns() WHERE column_name = 'report_id' "
            "AND table_name IN (SELECT table_name FROM duckdb_tables())"
        ).fetchall()
        for (table,) in found:
            _delete(connection, table, instead)
    rows = [
        (number, report, its, _measured(report), content) for number, report, its, content in given
    ]
    if insert_reports(connection, rows):
        make_views(connection)


def _delete(connection: DuckDBPyConnection, table: str, numbers: Iterable[int]) -> None:
    connection.execute(
        f"DELETE FROM {quoted(table)} WHERE report_id IN (SELECT unnest(?))", [[*numbers]]
    )


def _measured(report: Report) -> pd.DataFrame:
    """Return a report's values; none where there is no table that can be measured."""
    try:
        return measure(report.tables)[list(VALUE_TYPES)]
    except ValuesError:
        return pd.DataFrame(columns=list(VALUE_TYPES)).astype(VALUE_TYPES)


def _reports_of(given: Report | ReportSet | Iterable[Report]) -> list[Report]:
    if isinstance(given, Report):
        return [given]
    reports = [*given.reports] if isinstance(given, ReportSet) else [*given]
    if strange := [one for one in reports if not isinstance(one, Report)]:
        raise CchcError(
            f"this is no report: {type(strange[0]).__name__}",
            where="reports=",
            mend="give what read_report() or read_reports() returns",
        )
    return reports


def _name_of(path: str | Path) -> str:
    return Path(path).resolve().name if Path(path).is_dir() else Path(path).name


def _quarter(period: Quarter) -> pd.Period:
    quarter = parse_period(period)
    if quarter.freqstr != "Q-DEC":
        raise CchcError(
            f"reports are of quarters, not of the month {quarter}",
            where="period=",
            mend="give the quarter that the month belongs to",
        )
    return quarter


def spellings(agency: str, names: Iterable[str]) -> list[str]:
    """Return which of some names surely mean an agency, none where several bodies are meant.

    Examples
    --------
    >>> spellings("Sở Nội vụ", ["SỞ NỘI VỤ", "Sở Nội vụ tỉnh Gia Lai", "Sở Tài chính"])
    ['SỞ NỘI VỤ', 'Sở Nội vụ tỉnh Gia Lai']
    >>> spellings("Sở Nội vụ", ["Sở Nội vụ Gia Lai", "Sở Nội vụ Phú Thọ"])
    []
    """
    meant = [name for name in dict.fromkeys(names) if match_agency(agency, [name]).name]
    one_body = all(match_agency(one, [meant[0]]).name for one in meant[1:])
    if one_body:
        return meant
    return [name for name in meant if agency_key(name) == agency_key(agency)]


def _column(connection: DuckDBPyConnection, query: str) -> list[str]:
    return [one for (one,) in connection.execute(query).fetchall()]


def _asked(
    connection: DuckDBPyConnection, agency: str | None, period: Quarter | None
) -> tuple[str, list[Any]]:
    """Return the condition of SQL for what is asked, and its parameters."""
    conditions: list[str] = ["true"]
    given: list[Any] = []
    if agency is not None:
        names = _column(connection, "SELECT DISTINCT agency FROM reports")
        conditions.append("agency IN (SELECT unnest(?))")
        given.append(spellings(agency, names))
    if period is not None:
        conditions.append("period = ?")
        given.append(str(_quarter(period)))
    return " AND ".join(conditions), given


def _editions(connection: DuckDBPyConnection, where: str, given: Sequence[Any]) -> pd.DataFrame:
    """Return the editions that a condition of SQL chooses, in order, with their numbers."""
    query = f"FROM editions WHERE {where} ORDER BY period, agency, edition"
    return _fetched(connection, query, given, {"report_id": "int64"} | _EDITIONS)


def _newest(
    connection: DuckDBPyConnection, agency: str | None, period: Quarter | None
) -> list[int]:
    where, given = _asked(connection, agency, period)
    numbers: list[int] = _editions(connection, f"newest AND {where}", given)["report_id"].tolist()
    return numbers


def _of_report(
    connection: DuckDBPyConnection,
    path: Path,
    agency: str,
    period: Quarter,
    edition: int | None,
) -> int:
    """Return the number of one report; refuse where there is none."""
    rows = _editions(connection, *_asked(connection, agency, period))
    chosen = rows[rows["newest"]] if edition is None else rows[rows["edition"] == edition]
    if len(chosen) == 1:
        return int(chosen["report_id"].iloc[0])
    quarter = _quarter(period)
    if len(chosen) > 1:
        what = f"several agencies of {quarter} may be {agency}: {'; '.join(chosen['agency'])}"
        raise CchcError(what, where=str(path), mend="give the whole name of one")
    if len(rows):
        what = f"{agency} has no edition {edition} of {quarter}"
        mend = f"give one from 1 to {rows['edition'].max()}, or none for the newest"
        raise CchcError(what, where=str(path), mend=mend)
    others = _editions(connection, *_asked(connection, agency, None))
    there = ", ".join(map(str, others["period"].unique()))
    known = "; ".join(_editions(connection, "true", [])["agency"].unique()[:5])
    raise CchcError(
        f"the store has no report of {agency} on {quarter}",
        where=str(path),
        mend=f"add it first; of this agency there is {there}"
        if there
        else f"add it first; there are reports of {known or 'no agency yet'}",
    )


def _owner(connection: DuckDBPyConnection, path: Path, file: str, findings: pd.DataFrame) -> int:
    """Return the number of the report that findings of a file are of."""
    rows = _editions(connection, "file = ?", [file])
    for name in ("agency", "period"):
        # Files of one name come each quarter, and from each unit.
        own = rows[rows[name].isin(findings[name].dropna().unique())]
        rows = own if len(own) else rows
    if rows.empty:
        raise CchcError(
            f"findings are of the file {file or '(none is named)'}, which is not in the store",
            where=str(path),
            mend="add its report first, and give findings as check(report) returns them",
        )
    return int(rows["report_id"].max())


def _fetched(
    connection: DuckDBPyConnection, query: str, given: Sequence[Any], types: Mapping[str, str]
) -> pd.DataFrame:
    """Return what a query finds as a frame of some columns."""
    found = connection.execute(query, [*given])
    places = {one[0]: at for at, one in enumerate(found.description)}
    return framed((places, found.fetchall()), types)
