"""`read_report`: one door for every kind of report."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from cchc_stats.reading.report import Report
from cchc_stats.reading.reports.folder import read_folder
from cchc_stats.words import ReadError


def read_report(
    path: str | Path,
    *,
    agency: str | None = None,
    period: pd.Period | str | None = None,
    layouts: str | Path | None = None,
    corrections: str | Path | None = None,
) -> Report:
    """Return the report of a document, or of a folder of its tables as text.

    Parameters
    ----------
    path : a .docx, .xlsx or .txt file, also .xls, .ods, .html and, with the extra `pdf`, a .pdf
        that holds text; what it is is told by its content. Tables are known by their headings, not
        by their order; what no form has a place for comes back in `unplaced`, with its place and
        why. Forms that reports tell in words (inspections, infrastructure, times that were cut) are
        filled from the prose where it is clear. A form handed in without a letter is read too where
        its own head says who ("Đơn vị báo cáo: …") and when ("Kỳ báo cáo: …", or its title). Or a
        folder with `report.toml` (agency, number, signed_on, period, document, and [window] with
        start and end where the report states one) and `<form code>.csv`: cells as printed,
        `period`, `basis`, the form's columns, and each row's place as `section, table, row`;
        `claims.csv` and `unplaced.csv` where there are any. A stated window holds for the rows of
        the head's quarter and basis `in_period` that state no `window_start`, `window_end`.
    agency, period : what to take instead of what the head says.
    layouts : a TOML file with own names of headings, rows, units and agencies, as the library's
        own `layouts.toml` has them.
    corrections : a CSV file of what was misread or misprinted: `file` (a document's name), `place`
        (as `places` and `unplaced` of the report name it, or a sheet's cell "C8"), `read` (what
        stands there), `right` (what to read instead), `who`, `why`. Lines of other documents are
        left alone. What was corrected is in `Report.corrections`, in the sources of its figures,
        and `check` lists it.

    Returns
    -------
    Report. `0` is 0; "-" and an empty cell are <NA>, and `not_applicable` names the row's columns
    that were printed "-". A printed "2/3" gives count and whole. A cell that is no figure, or
    no whole number in a count, comes back in `unplaced`.

    Raises
    ------
    ReadError
        Nothing there, a file that is damaged, locked, too large or of a kind that is not read; a
        document without text, or one that does not say who reports or on which quarter; of a folder
        no readable head, a file that is no table or of no form; a correction that fits nothing.
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
    if is_folder:
        return read_folder(path, agency=agency, period=period)
    # A folder needs none of what reads documents.
    from cchc_stats.reading.reports.from_document import read_file

    return read_file(path, agency=agency, period=period, layouts=layouts, corrections=corrections)
