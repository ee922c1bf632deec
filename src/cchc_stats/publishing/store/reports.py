"""Reports as rows of a store's tables, and back as they were."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import pandas as pd

from cchc_stats.forms import LeftOut, PrintedTables
from cchc_stats.publishing.store.frames import (
    columns_text,
    insert,
    require_unicode,
    restored,
    selected,
)
from cchc_stats.publishing.store.schema import LEFT_OUT, PARTS, VALUES, form_table, library_version
from cchc_stats.reading import Report
from cchc_stats.words import CchcError, Window, same_spelling, written_out

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_WORD = re.compile(r"[^\W_]+")
BY_HAND = "by hand "  # before the digest of what a report says that no file does
_NOTES = ("notes", "warnings", "from_head")


def agency_key(name: str) -> str:
    """Return what the spellings of one name have in common: case, punctuation, abbreviations.

    Examples
    --------
    >>> agency_key("SỞ KH&CN (tỉnh A)") == agency_key("Sở Khoa học và Công nghệ tỉnh A")
    True
    """
    return " ".join(_WORD.findall(same_spelling(written_out(name)))) or name


def parts_of(report: Report) -> dict[str, pd.DataFrame]:
    """Return the frames of a report by the table that holds each: forms, then what is beside."""
    tables = {form_table(code): report.tables[code] for code in report.tables}
    beside = {name: getattr(report, name) for name in PARTS}
    parts = tables | beside
    if left := left_out_of(report):
        rows = [
            one._asdict() | {"period": pd.Period(ordinal=one.period, freq="Q-DEC")} for one in left
        ]
        types = dict.fromkeys(LeftOut._fields, "str") | {"period": "period[Q-DEC]"}
        parts[LEFT_OUT] = pd.DataFrame(rows).astype(types)
    return parts


def left_out_of(report: Report) -> Sequence[LeftOut]:
    """Return the rows that the forms of a report lack."""
    return report.tables.unplaced if isinstance(report.tables, PrintedTables) else ()


def printed_by(report: Report) -> str | None:
    """Return whose cells are behind a report's figures, None where there are none."""
    if not isinstance(report.tables, PrintedTables):
        return None
    places = report.tables.places
    if len(places) != 1 or not places[0][1].equals(report.places):
        raise CchcError(
            "the tables of the report are those of several",
            where=report.source,
            mend="add each report for itself",
        )
    return places[0][0]


def content_of(report: Report, parts: Mapping[str, pd.DataFrame]) -> str:
    """Return the SHA-256 of what a report says, by which one that was changed is known."""
    each = hashlib.sha256()
    said = [getattr(report, one.name) for one in fields(report) if one.name not in _FRAMED]
    texts = [repr(said), printed_by(report) or ""]
    for name, frame in parts.items():
        texts += [name, columns_text(frame), repr(frame.to_dict("list"))]
    for text in texts:
        each.update(text.encode(errors="surrogatepass"))
    return each.hexdigest()


_FRAMED = {"tables", *PARTS, "digest", "read_with", "matched"}


def head_of(number: int, report: Report, content: str) -> tuple[object, ...]:
    """Return the row that a report is in the table `reports`."""
    quarter = report.period
    return (
        number,
        report.digest or BY_HAND + content,
        content,
        report.read_with,
        library_version(),
        dt.datetime.now(dt.UTC).replace(tzinfo=None, microsecond=0),
        report.agency,
        agency_key(report.agency),
        str(quarter),
        quarter.start_time.date(),
        quarter.end_time.date(),
        report.number,
        report.signed_on,
        report.window.start,
        report.window.end,
        report.source,
        report.blank,
        printed_by(report),
    )


def insert_reports(
    connection: DuckDBPyConnection,
    given: Sequence[tuple[int, Report, Mapping[str, pd.DataFrame], pd.DataFrame, str]],
) -> bool:
    """Put reports, their frames and values into a store; return whether a table was changed."""
    by_table: dict[str, list[tuple[int, pd.DataFrame]]] = {}
    noted, framed, heads = [], [], []
    for number, report, parts, values, content in given:
        heads.append(head_of(number, report, content))
        for text in (report.agency, report.number, report.source):
            require_unicode(text, "the head of the report")
        for at, (name, frame) in enumerate(parts.items()):
            framed.append((number, name, len(frame), columns_text(frame), at))
            by_table.setdefault(name, []).append((number, frame))
        by_table.setdefault(VALUES, []).append((number, values))
        for kind in _NOTES:
            noted += [(number, at, kind, text) for at, text in enumerate(getattr(report, kind))]
    for table, rows in (("reports", heads), ("frames", framed), ("notes", noted)):
        if rows:
            slots = ", ".join("?" * len(rows[0]))
            connection.executemany(f"INSERT INTO {table} VALUES ({slots})", rows)
    return insert(connection, by_table)


def load(
    connection: DuckDBPyConnection, numbers: Iterable[int], *, only: str | None = None
) -> list[Report]:
    """Return reports in the order of their numbers, with the table of one form alone if asked."""
    ids = [*numbers]
    heads = {
        int(row["report_id"]): row
        for row in _dicts(connection, "FROM reports WHERE report_id IN (SELECT unnest(?))", ids)
    }
    framed = _dicts(
        connection,
        "FROM frames WHERE report_id IN (SELECT unnest(?)) ORDER BY report_id, position",
        ids,
    )
    if only is not None:
        framed = [one for one in framed if one["part"] in (only, *PARTS)]
    filled = {one["part"] for one in framed if one["row_count"] and only in (None, one["part"])}
    rows = {name: selected(connection, name, ids) for name in filled}
    parts: dict[int, dict[str, pd.DataFrame]] = {number: {} for number in ids}
    for one in framed:
        number, name = int(one["report_id"]), one["part"]
        parts[number][name] = restored(rows.get(name, {}).get(number), one["columns"])
    notes: dict[tuple[int, str], list[str]] = {}
    for one in _dicts(
        connection, "FROM notes WHERE report_id IN (SELECT unnest(?)) ORDER BY row_id", ids
    ):
        notes.setdefault((int(one["report_id"]), one["kind"]), []).append(one["text"])
    return [_report(heads[number], parts[number], notes) for number in ids]


def _dicts(connection: DuckDBPyConnection, query: str, ids: Sequence[int]) -> list[dict[str, Any]]:
    found = connection.execute(query, [[*ids]])
    names = [one[0] for one in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _report(
    head: Mapping[str, Any],
    parts: Mapping[str, pd.DataFrame],
    notes: Mapping[tuple[int, str], Sequence[str]],
) -> Report:
    prefix = form_table("")
    tables = {
        name.removeprefix(prefix): frame for name, frame in parts.items() if name.startswith(prefix)
    }
    left = [
        LeftOut(**(one | {"period": one["period"].ordinal}))  # type: ignore[arg-type]
        for one in parts.get(LEFT_OUT, pd.DataFrame()).to_dict("records")
    ]
    by = head["printed_by"]
    beside: dict[str, Any] = {name: parts[name] for name in PARTS}
    beside |= {name: tuple(notes.get((head["report_id"], name), ())) for name in _NOTES}
    return Report(
        agency=head["agency"],
        number=head["number"],
        signed_on=head["signed_on"],
        period=pd.Period(head["period"], freq="Q-DEC"),
        window=Window(head["window_start"], head["window_end"]),
        tables=tables if by is None else PrintedTables(tables, [(by, parts["places"])], left),
        source=head["file"],
        blank=head["blank"],
        digest="" if head["digest"].startswith(BY_HAND) else head["digest"],
        read_with=head["read_with"],
        **beside,
    )
