"""`read_report`: of a document its head, its tables, its prose, and what has no place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PurePath

import numpy as np
import pandas as pd

from cchc_stats.forms import (
    Examined,
    Fault,
    Form,
    LeftOut,
    PrintedTables,
    examine,
    examine_columns,
    fault_findings,
    find_form,
)
from cchc_stats.reading.files import FLOAT, Document, Paragraph, look, read_document, within
from cchc_stats.reading.head import (
    Head,
    document_numbers,
    names_both,
    other_agency,
    other_quarter,
    read_head,
)
from cchc_stats.reading.prose import claims_of, prose_rows
from cchc_stats.reading.report import (
    CORRECTIONS,
    QUARTER,
    TEXT,
    TOTALS,
    Report,
    digest_of,
    options_text,
    text_array,
    typed_rows,
)
from cchc_stats.reading.reports.corrections import corrected, marked, read_corrections
from cchc_stats.reading.reports.folder import read_folder
from cchc_stats.reading.reports.naming import as_unit
from cchc_stats.reading.tables import (
    Entry,
    Placed,
    place,
    read_columns,
    sectors,
    unplaced_cells,
    with_names,
)
from cchc_stats.reading.units import UnitList, units_of
from cchc_stats.words import (
    ALL,
    IN_PERIOD,
    PeriodError,
    ReadError,
    Window,
    fold,
    parse_period,
    read_column,
)

_OF_CORRECTIONS = dict.fromkeys(CORRECTIONS, TEXT)
_OF_TOTALS = dict.fromkeys(TOTALS, TEXT) | {"period": QUARTER, "value": FLOAT}


def read_report(
    path: str | Path,
    *,
    agency: str | None = None,
    period: pd.Period | str | None = None,
    layouts: str | Path | None = None,
    corrections: str | Path | None = None,
    budget: float = 1,
    units: UnitList | None = None,
) -> Report:
    """Return the report of a document, or of a folder of its tables as text.

    Parameters
    ----------
    path : a .docx, .xlsx or .txt file, also .xls, .ods, .html and, with the extra `pdf`, a .pdf
        that holds text; its content decides which. Tables are recognised by their headings, not by
        their order; what no form has a place for comes back in `unplaced`, with its place and
        why. Forms that reports tell in words (inspections, infrastructure, times that were cut) are
        filled from the prose where it is clear. A form handed in without a letter is read too where
        its own head says who ("Đơn vị báo cáo: …") and when ("Kỳ báo cáo: …", or its title). Or a
        folder with `report.toml` (agency, number, signed_on, period, document, and [window] with
        start and end where the report states one) and `<form code>.csv`: cells as printed,
        `period`, `basis`, the form's columns, and each row's place as `section, table, row`;
        `claims.csv` and `unplaced.csv` where there are any. A stated window holds for the rows of
        the head's quarter and basis `in_period` that state no `window_start`, `window_end`.
    agency, period : what to take instead of what the head says; `check` warns where that is
        another agency or quarter.
    layouts : a TOML file with own names of headings, rows, units and agencies, as the library's
        own `layouts.toml` has them.
    corrections : a CSV file of what was misread or misprinted: `file` (a document's name), `place`
        (as `places` and `unplaced` of the report name it, or a sheet's cell "C8"), `read` (what
        stands there), `right` (what to read instead), `who`, `why`. Lines of other documents are
        left alone. What was corrected is in `Report.corrections`, in the sources of its figures,
        and `check` lists it.
    budget : how many times the bounds of a document are taken: 500,000 letters of text, 20,000
        paragraphs, 150,000 cells in 30,000 rows, 20,000 letters in one of either, and 6 seconds of
        processor time, those of the process that reads a PDF or an .xls with them. They are five
        times and more what the report of a province holds, and are asked before the work: a
        document beyond them is refused.
    units : the units, or their file (see `read_units`): who reports is one of them by name, by the
        symbol of the report's number or, where the document names nobody, by that in the file's
        name. `matched` of the report says which names were taken for which.

    Returns
    -------
    Report. `0` is 0; "-" and an empty cell are <NA>, and `not_applicable` names the row's columns
    that were printed "-". A printed "2/3" gives numerator and denominator. A cell that
    is no figure, or no whole number in a count, comes back in `unplaced`.

    Raises
    ------
    ReadError
        Nothing there, a file that is damaged, locked, beyond its budget or of a kind that is not
        read; a document without text, or one that does not say who reports or on which quarter; of
        a folder no readable head, a file that is no table or of no form; a correction that fits
        nothing; who reports is none of the units.
    FormError
        In a folder: columns, codes, periods or keys that are not those of the forms; all files at
        once. A document's cell that a form refuses comes back in `unplaced` with the reason.

    Examples
    --------
    >>> report = read_report("data/binh-dinh-skhcn-2020q3")
    >>> report.agency, str(report.period), str(report.window)
    ('Sở Khoa học và Công nghệ tỉnh Bình Định', '2020Q3', '15/06/2020-14/09/2020')
    >>> report.tables["staffing"][["category", "assigned", "present"]].values.tolist()
    [['administrative', 40, 37], ['administrative_contract', 5, 5], ['public_service', 47, 23]]
    """
    path = Path(path)
    try:
        exists, is_folder = path.exists(), path.is_dir()
    except OSError as error:
        raise ReadError(
            f"the path cannot be looked at: {error.strerror}",
            where=str(path),
            mend="check the path, and that you may read it",
        ) from error
    if not exists:
        raise ReadError("there is nothing to read", where=str(path), mend="check the path")
    known = None if units is None else units_of(units)
    if is_folder:
        if corrections is not None:
            read_corrections(corrections)
        with with_names(layouts):  # refused as for a document, though names are read already
            report = read_folder(path, agency=agency, period=period)
    else:
        report = read_file(
            path,
            agency=agency,
            period=period,
            layouts=layouts,
            corrections=corrections,
            budget=budget,
            of_file=None if known is None else known.of_file(path),
        )
    given = options_text(
        agency=agency, period=period, layouts=layouts, corrections=corrections, units=known
    )
    named = report if known is None else as_unit(report, known)
    return replace(named, digest=digest_of(path), read_with=given)


def read_file(
    path: Path,
    *,
    agency: str | None = None,
    period: pd.Period | str | None = None,
    layouts: str | Path | None = None,
    corrections: str | Path | None = None,
    budget: float = 1,
    of_file: str | None = None,
) -> Report:
    """Return the report of a document; see `read_report`.

    `of_file` is who reports by the file's name, where the document does not say.
    """
    with within(str(path), budget):
        document = read_document(path)
        lines = None
        if corrections is not None:
            document, lines = corrected(document, read_corrections(corrections))
        return report_of(
            document,
            where=str(path),
            agency=agency,
            period=period,
            layouts=layouts,
            applied=lines,
            of_file=of_file,
        )


def report_of(
    document: Document,
    *,
    where: str,
    agency: str | None = None,
    period: pd.Period | str | None = None,
    layouts: str | Path | None = None,
    applied: pd.DataFrame | None = None,
    of_file: str | None = None,
) -> Report:
    """Return the report that a document is.

    Parameters
    ----------
    document : as `read_document` returns it.
    where : the file, for refusals.
    agency, period, layouts : see `read_report`.
    applied : the corrections that were applied to it.
    of_file : who reports, where neither the head says nor `agency`.

    Raises
    ------
    ReadError
        There is no text; the head does not say who reports or on which quarter, and it is not
        given.
    """
    if not document.blocks:
        raise ReadError(
            "; ".join(("there is no text in it", *document.notes)),
            where=where,
            mend="a picture or a scan holds no text: give the document it was printed from",
        )
    head = read_head(document)
    agency = agency or (None if head.agency else of_file)
    from_head = _from_head(agency, period)
    agency, quarter = _who_and_when(document, head, where, agency, period)
    look("phần đầu")
    basis = head.basis or IN_PERIOD  # a head without a period tells none
    taught = {} if layouts is None else {"layouts": layouts}
    placed = place(
        _under_given_period(document, head, quarter),
        agency=agency,
        period=quarter,
        basis=basis,
        windows=head.windows,
        **taught,
    )
    look("các bảng")
    places = placed.places if applied is None else marked(placed.places, applied)
    name = PurePath(document.name).stem
    # Of a report on both, what tells no time may be of either.
    untold = "" if names_both(head.title) else basis
    names = {*sectors(), *placed.columns.get("dossiers", {}).get("sector", ())} - {ALL}
    claims = claims_of(
        document.paragraphs, period=quarter, basis=untold, agency=agency, sectors=names
    )
    _name_document(claims, name)
    claims = _with_shares(claims, placed, agency)
    timed = claims
    if not untold:
        timeless = claims["scope"].fillna("") == ""
        timed = claims.assign(basis=claims["basis"].mask(timeless & (claims["basis"] == ""), basis))
    unplaced = [placed.unplaced]
    look("lời văn")
    tables: dict[str, pd.DataFrame | Examined] = {}
    for code, texts in placed.columns.items():
        rows = [*placed.cells.entries[code].values()]
        tables[code], lost = _typed(texts, find_form(code), rows)
        unplaced += lost
    look("các bảng")
    numbers = document_numbers(document.paragraphs)
    _name_document(numbers, name)
    return Report(
        agency=agency,
        number=head.number,
        signed_on=head.signed_on,
        period=quarter,
        window=head.window or Window.of(quarter, basis),
        tables=PrintedTables(
            tables | _from_prose(timed, document, placed, agency, quarter),
            [(agency, places)],
            _left_out(placed, agency),
        ),
        claims=claims,
        unplaced=pd.concat(unplaced, ignore_index=True) if len(unplaced) > 1 else unplaced[0],
        source=document.name,
        totals=_totals(placed.totals),
        numbers=numbers,
        matches=placed.matches,
        places=places,
        notes=(*document.notes, *head.faults),
        warnings=(
            *document.warnings,
            *placed.cells.warnings,
            *other_agency(agency, head.agency),
            *other_quarter(quarter, _stated_quarters(head), head.other_span),
        ),
        blank=bool(placed.columns) and placed.places.empty and bool(claims["value"].isna().all()),
        corrections=typed_rows((), _OF_CORRECTIONS) if applied is None else applied,
        from_head=from_head,
    )


def _name_document(frame: pd.DataFrame, name: str) -> None:
    """Put the name of the document before the places of what it states."""
    if len(frame):
        frame["place"] = text_array([f"{name}: {place}" for place in frame["place"]])


def _from_head(agency: str | None, period: pd.Period | str | None) -> tuple[str, ...]:
    """Return what the head says, as nothing was given instead."""
    return ("agency",) * (not agency) + ("period",) * (period is None)


def _with_shares(claims: pd.DataFrame, placed: Placed, agency: str) -> pd.DataFrame:
    """Return the claims, and those of printed shares: they are held against the counts too."""
    frames = [claims]
    for period, basis in dict.fromkeys((one.period, one.basis) for one in placed.cells.shares):
        its = [one for one in placed.cells.shares if (one.period, one.basis) == (period, basis)]
        printed = [Paragraph(0, one.text, "", one.place) for one in its]
        shares = claims_of(printed, period=period, basis=basis, agency=agency)
        groups = {one.place: one.group for one in its if one.group}
        shares["group"] = [
            groups.get(place, group)
            for place, group in zip(shares["place"], shares["group"], strict=True)
        ]
        frames.append(shares)
    return pd.concat(frames, ignore_index=True) if len(frames) > 1 else claims


def _left_out(placed: Placed, agency: str) -> list[LeftOut]:
    """Return the rows of the forms' tables that have no place in them."""
    return [LeftOut(one[0], one[1] or agency, *one[2:]) for one in placed.cells.left_out]


def _under_given_period(document: Document, head: Head, quarter: pd.Period) -> Document:
    """Return the document for its tables: a given period is above that of the title."""
    if head.period is None or head.period == quarter:
        return document
    title = fold(head.title)
    rest = [
        block
        for block in document.blocks
        if not (isinstance(block, Paragraph) and block.text and fold(block.text) in title)
    ]
    return replace(document, blocks=tuple(rest))


def _who_and_when(
    document: Document,
    head: Head,
    where: str,
    agency: str | None,
    period: pd.Period | str | None,
) -> tuple[str, pd.Period]:
    agency = agency or head.agency
    try:
        quarter = head.period if period is None else parse_period(period)
    except PeriodError as error:
        raise ReadError(error.what, where=f"{where}, period = {period}", mend=error.mend) from error
    stated = {"agency": bool(agency.strip()), "period": quarter is not None}
    if missing := [name for name, is_stated in stated.items() if not is_stated]:
        faults = "; ".join(read_head(document, lang="en").faults)  # as the refusal is
        given = ", ".join(f"{name}=…" for name in missing)
        raise ReadError(
            f"the document does not say {' and '.join(missing)}"
            + (f": {faults}" if faults else ""),
            where=f"{where}, its head",
            mend=f"give it: read_report(…, {given})",
        )
    assert quarter is not None
    if quarter.freqstr != "Q-DEC":
        raise ReadError(
            f"the report's period is a month ({quarter}), not a quarter",
            where=f"{where}, period",
            mend="give the quarter the month belongs to",
        )
    return agency, quarter


def _stated_quarters(head: Head) -> tuple[pd.Period, ...]:
    if head.quarters and head.window is not None:
        return (*head.quarters, pd.Period(head.window.end, freq="Q-DEC"))
    return head.quarters


def _typed(
    texts: dict[str, list[str]], form: Form, rows: Sequence[Entry]
) -> tuple[pd.DataFrame | Examined, list[pd.DataFrame]]:
    """Return a form's typed columns, or frame, and the cells that are no figure of it, and why.

    A fault of a cell costs that cell: it comes back with what is wrong, and the rest is kept. What
    a report says, it says: an identity that does not hold is for `check` to tell.
    """
    columns, typed, lost = read_columns(texts, form, lambda row, name: rows[row].cell_name(name))
    refused = [unplaced_cells(lost)] if lost else []
    read = examine_columns(columns, form, len(texts["source"]), typed=typed)
    structural = [fault for fault in read.faults if fault.rule != "identity"]
    if not structural:
        return read, refused
    printed = pd.DataFrame(columns)
    mended = printed.copy()
    for fault in structural:
        refused.append(_refused(printed, form, fault))
        if fault.rows is not None and fault.column in form.figures:
            mended.loc[mended.index[fault.rows], fault.column] = pd.NA
    return examine(mended, form)[0], refused


def _refused(printed: pd.DataFrame, form: Form, fault: Fault) -> pd.DataFrame:
    """Return the cells of a fault as rows of `unplaced`."""
    findings = fault_findings(printed, form, [fault])
    rows = np.arange(len(findings)) if fault.rows is None else fault.rows
    sources = printed["source"].to_numpy()[rows] if fault.rows is not None else findings["where"]
    return pd.DataFrame(
        {
            "text": findings["found"].to_numpy(),
            "place": [f"{source}; cột '{form.heading(fault.column)}'" for source in sources],
            "reason": findings["message"].to_numpy(),
        },
        dtype="str",
    )


def _from_prose(
    claims: pd.DataFrame, document: Document, placed: Placed, agency: str, quarter: pd.Period
) -> dict[str, pd.DataFrame]:
    if not len(claims):
        return {}
    name = PurePath(document.name).stem
    paragraphs = [
        type(one)(one.number, one.text, one.section, f"{name}: {one.place}")
        for one in document.paragraphs
    ]
    stated = prose_rows(
        claims,
        paragraphs,
        beside=placed.columns,
        until=quarter,
        agency=agency,
        sectors=sectors(),
    )
    tables = {}
    for code, rows in stated.items():
        table, faults = examine(rows.assign(agency=agency), find_form(code))
        if all(fault.rule == "identity" for fault in faults):
            tables[code] = table
    return tables


def _totals(printed: pd.DataFrame) -> pd.DataFrame:
    """Return printed totals with their value; <NA> where the cell is no figure."""
    if printed.empty:
        return typed_rows((), _OF_TOTALS)
    values = [number.value for number in read_column(printed["printed"])]
    value = pd.array(values, dtype=FLOAT)
    return pd.DataFrame(
        {name: value if name == "value" else printed[name].array for name in TOTALS}, copy=False
    )
