"""What a store's tables and views are, and how those of an older version become them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from cchc_stats.forms import FORMS, Form, LeftOut
from cchc_stats.publishing.store.frames import ensure_tables, quoted, sql_columns
from cchc_stats.reading import CLAIMS, UNPLACED, Report
from cchc_stats.values import COLUMNS, TYPES
from cchc_stats.words import CchcError, findings_frame

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

VERSION = 1
# What makes of a store of the version before one of this version, in one transaction.
MIGRATIONS: dict[int, tuple[str, ...]] = {}

VALUE_TYPES: dict[str, str] = {name: TYPES[name] for name in COLUMNS}
VALUES, FINDINGS, LEFT_OUT = "cchc_values", "findings", "left_out"
_QUARTER = "period[Q-DEC]"
FINDING_TYPES = {str(name): str(kind) for name, kind in findings_frame().dtypes.items()}
_TYPED = {"period": _QUARTER, "value": "Float64", "denominator": "Float64", "score": "Float64"}
_TYPED |= {"date": "datetime64[us]", "grid": "Int64"}
PARTS = ("claims", "unplaced", "totals", "numbers", "matches", "places", "corrections")
_KINDS = {
    "count": "Int64",
    "amount": "Float64",
    "text": "str",
    "quarter": _QUARTER,
    "time": "datetime64[us]",
}

_TABLES = """
CREATE TABLE meta (schema_version INTEGER, written_by VARCHAR);
CREATE TABLE reports (
    report_id BIGINT, digest VARCHAR, content VARCHAR, read_with VARCHAR, read_by VARCHAR,
    added_at TIMESTAMP, agency VARCHAR, agency_key VARCHAR, period VARCHAR, period_start DATE,
    period_end DATE, number VARCHAR, signed_on DATE, window_start DATE, window_end DATE,
    file VARCHAR, blank BOOLEAN, printed_by VARCHAR);
CREATE TABLE notes (report_id BIGINT, row_id BIGINT, kind VARCHAR, text VARCHAR);
CREATE TABLE frames (
    report_id BIGINT, part VARCHAR, row_count BIGINT, columns VARCHAR, position BIGINT);
"""

# Of the editions of a report the one signed last is the newest, or, where one does not say when,
# the one added last.
_VIEWS = """
CREATE OR REPLACE VIEW editions AS
SELECT report_id, agency, period, period_start, period_end, file,
    row_number() OVER (editions ORDER BY day, report_id) AS edition,
    row_number() OVER (editions ORDER BY day DESC, report_id DESC) = 1 AS newest,
    number, signed_on, window_start, window_end, digest, read_with, read_by, added_at, agency_key
FROM (
    SELECT *, CASE WHEN bool_and(signed_on IS NOT NULL)
        OVER (PARTITION BY agency_key, period) THEN signed_on END AS day
    FROM reports)
WINDOW editions AS (PARTITION BY agency_key, period);

CREATE OR REPLACE VIEW newest_values AS
SELECT v.*, r.agency AS reported_by, r.period AS reported_for, r.file AS report_file, r.edition
FROM cchc_values v JOIN editions r USING (report_id)
WHERE r.newest
QUALIFY row_number() OVER (
    PARTITION BY v.agency, v.period, v.basis, v.indicator, v."group", v.origin
    ORDER BY v.value IS NULL, v.period <> r.period, r.period DESC, v.report_id DESC) = 1;
"""


def form_table(code: str) -> str:
    """Return the name of the table that a form's rows are in."""
    return f"form_{code}"


def make(connection: DuckDBPyConnection) -> None:
    """Make the tables and views of an empty store."""
    connection.execute(_TABLES)
    connection.execute("INSERT INTO meta VALUES (?, ?)", [VERSION, library_version()])
    _ensure(connection)
    make_views(connection)


@cache
def library_version() -> str:
    """Return the version of the library, which reads a file as another version may not."""
    from importlib.metadata import version

    return version("cchc_stats")


def _ensure(connection: DuckDBPyConnection) -> None:
    """Make what the forms and parts of this version have and the store has not yet."""
    types: dict[str, Mapping[str, str]] = {form_table(form.code): _types_of(form) for form in FORMS}
    types |= {VALUES: VALUE_TYPES, FINDINGS: FINDING_TYPES, **_part_types()}
    ensure_tables(connection, {name: sql_columns(one) for name, one in types.items()})


def _part_types() -> dict[str, dict[str, str]]:
    """Return the columns of what is beside the forms in a report."""
    columns: dict[str, Iterable[str]] = {"claims": CLAIMS, "unplaced": UNPLACED}
    columns |= {
        one.name: one.default_factory().columns.tolist()
        for one in fields(Report)
        if one.name in PARTS and one.default_factory is not MISSING
    }
    types = {part: {name: _TYPED.get(name, "str") for name in its} for part, its in columns.items()}
    types["places"]["row"] = "Int64"
    types[LEFT_OUT] = {name: _TYPED.get(name, "str") for name in LeftOut._fields}
    return types


def _types_of(form: Form) -> dict[str, str]:
    return {name: _KINDS[kind] for name, kind in form.kinds.items()}


def make_views(connection: DuckDBPyConnection) -> None:
    """Make the views anew: one of every form and part has the rows of newest editions."""
    connection.execute(_VIEWS)
    tables = {f"newest_{code}": form_table(code) for code in _codes(connection)}
    tables |= {f"newest_{name}": name for name in (FINDINGS, "claims", "unplaced")}
    for view, table in tables.items():
        connection.execute(
            f"CREATE OR REPLACE VIEW {quoted(view)} AS SELECT r.agency AS reported_by, "
            f"r.period AS reported_for, r.file AS report_file, t.* EXCLUDE (row_id) "
            f"FROM {quoted(table)} t JOIN editions r USING (report_id) WHERE r.newest "
            f"ORDER BY r.period, r.agency, t.row_id"
        )


def _codes(connection: DuckDBPyConnection) -> list[str]:
    found = connection.execute(
        "SELECT table_name FROM duckdb_tables() WHERE table_name LIKE 'form_%' ORDER BY 1"
    ).fetchall()
    return [name.removeprefix("form_") for (name,) in found]


def version_of(connection: DuckDBPyConnection, path: Path) -> tuple[int, str]:
    """Return the version of a store, and of the library that wrote it last.

    Raises
    ------
    CchcError
        A database without the tables of a store, or a store of a newer version.
    """
    import duckdb

    try:
        found = connection.execute(
            "SELECT coalesce(try_cast(schema_version AS INTEGER), 0), written_by FROM meta "
            "WHERE EXISTS (FROM duckdb_tables() WHERE table_name = 'reports')"
        ).fetchone()
    except (duckdb.CatalogException, duckdb.BinderException):
        found = None
    if found is None or found[0] < 1:
        raise CchcError(
            "the database is no store: it has no table meta with a version",
            where=str(path),
            mend="give the name of a store, or of a new file",
        )
    version, written_by = found
    if version > VERSION:
        raise CchcError(
            f"the store is of version {version} (cchc_stats {written_by}); this library, "
            f"{library_version()}, reads up to {VERSION}",
            where=str(path),
            mend="install the version of cchc_stats that wrote it, or a later one",
        )
    return version, written_by


def upgrade(connection: DuckDBPyConnection, path: Path) -> None:
    """Bring an older store to this version, and its tables to the forms of this library."""
    version, written_by = version_of(connection, path)
    if (version, written_by) == (VERSION, library_version()):
        return
    for step in range(version, VERSION):
        for statement in MIGRATIONS[step]:
            connection.execute(statement)
    _ensure(connection)
    make_views(connection)
    connection.execute(
        "UPDATE meta SET schema_version = ?, written_by = ?", [VERSION, library_version()]
    )
