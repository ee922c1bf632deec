"""A report as a folder of text cells: the head in TOML, one CSV per form, each cell as printed."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Collection, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from cchc_stats.forms import FORMS, Fault, Form, examine, form_error
from cchc_stats.reading.head import other_agency, other_quarter
from cchc_stats.reading.report import CLAIMS, UNPLACED, Report
from cchc_stats.reading.tables import ABSENT, WINDOW, read_cells
from cchc_stats.words import (
    BASES,
    IN_PERIOD,
    FormError,
    PeriodError,
    ReadError,
    Window,
    join_findings,
    parse_number,
    parse_period,
    read_toml,
    require_quarters,
    without_row_numbers,
    word,
)

PLACE = ("section", "table", "row")


def places(cells: pd.DataFrame, document: str) -> pd.Series:
    """Return each row's place: document: section; table; row.

    Examples
    --------
    >>> places(pd.DataFrame({"section": ["Mục II", ""], "table": ["Biên chế", ""]}), "BC").tolist()
    ['BC: Mục II; Biên chế', 'BC']
    """
    columns = [cells[name] for name in PLACE if name in cells]
    rows = zip(*columns, strict=True) if columns else [()] * len(cells)
    joined = ["; ".join(part for part in parts if part) for parts in rows]
    texts = [f"{document}: {place}" if place else document for place in joined]
    return pd.Series(texts, index=cells.index, dtype="str")


LARGEST_FILE = 50_000_000  # bytes: a form of a thousand agencies and twenty quarters is below


def read_text_table(file: Path | None, required: Collection[str]) -> pd.DataFrame:
    """Return a CSV file as texts, "" where a cell is empty; without a file, no rows.

    Rows without any text are left out. A column `row_of_12` numbers twelve rows, and all must be
    there: so a file that was cut between two rows is known too.

    Parameters
    ----------
    file : comma separated, UTF-8, one line of column names; None where there is none.
    required : the columns that must be there.

    Raises
    ------
    ReadError
        The file cannot be read, has rows of several lengths, or lacks a column or numbered rows.
    """
    if file is None:
        return pd.DataFrame(columns=list(required), dtype="str")
    try:
        header, rows = _read_csv(file)
    except FileNotFoundError as error:
        raise ReadError(
            "there is no such file", where=str(file), mend="check the path, and where a link leads"
        ) from error
    except (OSError, ValueError, csv.Error) as error:
        raise ReadError(
            f"the table cannot be read: {getattr(error, 'strerror', '') or error}",
            where=str(file),
            mend="save it as CSV, comma separated, in UTF-8",
        ) from error
    if twice := sorted({name for name in header if header.count(name) > 1}):
        raise ReadError(
            f"column {', '.join(twice)} stands more than once",
            where=str(file),
            mend="keep one of the columns",
        )
    if missing := [name for name in required if name not in header]:
        raise ReadError(
            f"column {', '.join(missing)} is missing",
            where=str(file),
            mend=f"add the column; the file has {', '.join(header)}",
        )
    return without_row_numbers(pd.DataFrame(rows, columns=header, dtype="str"), file)


def _read_csv(file: Path) -> tuple[list[str], list[list[str]]]:
    """Return the column names and the rows of a file, all of one length."""
    if file.stat().st_size > LARGEST_FILE:
        raise ValueError(f"it is larger than {LARGEST_FILE // 1_000_000} MB")
    with file.open(encoding="utf-8-sig", newline="") as lines:
        text = lines.read()
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        header = [name.strip() for name in next(reader, [])]
        if not any(header):
            raise ValueError("it has no line of column names")
        if len(header) == 1 and ";" in header[0]:
            raise ValueError("its cells are separated by semicolons")
        rows = []
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            if len(row) != len(header):
                raise ValueError(
                    f"line {reader.line_num} has {len(row)} cells, the heading {len(header)}"
                )
            rows.append(row)
    if not text.endswith(("\n", "\r")):
        # Cut within a figure, 1380 would be read as 13.
        raise ValueError("its last line has no end, as of a file that was cut")
    return header, rows


def read_claims(file: Path | None, document: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what the prose states, and the cells of its figures that are none.

    Parameters
    ----------
    file : `claims.csv`; None where the report has none.
    document : the name that places begin with.

    Returns
    -------
    Frame of `CLAIMS`: a printed "3/4" is value 3, and denominator 4 where that cell is empty; the
    words around a figure stay in `quote`. Frame `text, place, reason`.

    Raises
    ------
    ReadError
        A column is missing, or a basis is none of `BASES`; an empty one is unknown.
    PeriodError
        A period is no quarter.
    """
    cells = read_text_table(file, ("quote", "value", "unit"))
    for name in ("section", *CLAIMS):
        if name not in cells:
            cells[name] = ""
    strange = np.flatnonzero(~cells["basis"].isin(["", *BASES]))
    if len(strange):
        raise ReadError(
            f"there is no basis {cells['basis'].iloc[strange[0]]!r}",
            where=f"{file}, row {strange[0] + 1}, column basis",
            mend=f"leave the cell empty, or use one of {', '.join(BASES)}",
        )
    value, stated = (parse_number(cells[name]) for name in ("value", "denominator"))
    denominator = stated["value"].where(stated["denominator"].isna())
    place = places(cells[["section", "place"]].set_axis(PLACE[:2], axis=1), document)
    contradicts = (value["denominator"] != denominator).fillna(False)
    periods = cells["period"].mask(cells["period"] == "")
    table = cells.assign(
        value=value["value"],
        denominator=denominator.fillna(value["denominator"]),
        period=require_quarters(periods, where=f"{file}, column period"),
        place=place,
    )
    lost = [
        _lost(cells["value"], place, _no_number(value), "no_number"),
        _lost(
            cells["denominator"],
            place,
            _no_number(stated) | (stated["denominator"].notna()),
            "no_number",
        ),
        _lost(cells["value"], place, contradicts, "other_whole"),
    ]
    return table[list(CLAIMS)], pd.concat(lost, ignore_index=True)


def _no_number(read: pd.DataFrame) -> pd.Series:
    return ~read["status"].isin(["reported", *ABSENT])


def _lost(cells: pd.Series, place: pd.Series, rows: pd.Series, reason: str) -> pd.DataFrame:
    """Return cells that could not be used, with their place."""
    rows = rows.astype(bool)
    columns = {"text": cells[rows], "place": place[rows], "reason": word("lost", reason)}
    return pd.DataFrame(columns, columns=list(UNPLACED), dtype="str")


# Answers are for scoring, which reads them itself.
BESIDE = ("claims", "unplaced", "answers")
OWN = ("agency", "source", "not_applicable")  # columns that the reader fills in itself


def read_folder(
    path: Path, *, agency: str | None = None, period: pd.Period | str | None = None
) -> Report:
    """Return the report of a folder; see `read_report`."""
    given = {"agency": agency, "period": period}
    stated = _head(path / "report.toml")
    head = stated | {name: value for name, value in given.items() if value is not None}
    _require_named(head, path)
    quarter = _quarter(head["period"], path / "report.toml")
    own = (_quarter(stated["period"], path / "report.toml"),) if "period" in stated else ()
    name = path.resolve().name
    document = str(head.get("document") or name)
    window = _window(head, path)
    files = _files(path)
    unplaced = [read_text_table(files.get("unplaced"), UNPLACED)]
    tables: dict[str, pd.DataFrame] = {}
    refusals: list[FormError] = []
    for form in (form for form in FORMS if form.code in files):
        table, lost, faults = _form_table(files[form.code], form, head["agency"], document)
        unplaced.append(lost)
        # What a report says, it says: an identity that does not hold is for `check` to tell.
        if structural := [fault for fault in faults if fault.rule != "identity"]:
            refusals.append(_refusal(table, form, structural, files[form.code]))
        elif window is not None:
            table = _with_window(table, window, quarter)
        tables[form.code] = table
    if refusals:
        raise _together(refusals, path)
    claims, lost = read_claims(files.get("claims"), document)
    unplaced.append(lost)
    return Report(
        agency=head["agency"],
        number=str(head.get("number", "")),
        signed_on=_signed_on(head, path),
        period=quarter,
        window=window or Window.of(quarter),
        tables=tables,
        claims=claims,
        unplaced=pd.concat(unplaced, ignore_index=True)[list(UNPLACED)],
        source=name,
        warnings=(
            *other_agency(head["agency"], str(stated.get("agency", ""))),
            *other_quarter(quarter, own),
        ),
    )


def _require_named(head: Mapping[str, Any], path: Path) -> None:
    """Refuse a head that does not say who reports, or when."""
    if missing := [name for name in ("agency", "period") if not str(head.get(name, "")).strip()]:
        raise ReadError(
            f"the head does not say {' and '.join(missing)}",
            where=str(path / "report.toml"),
            mend=f"add it there, or give it: read_report(…, {missing[0]}=…)",
        )
    if not isinstance(head["agency"], str):
        raise ReadError(
            f"agency is no name: {head['agency']!r}",
            where=str(path / "report.toml"),
            mend='write it in quotes: agency = "Sở …"',
        )


def _form_table(
    file: Path, form: Form, agency: str, document: str
) -> tuple[pd.DataFrame, pd.DataFrame, list[Fault]]:
    """Return a form's table, its cells that no column could hold, and its faults."""
    cells = _form_cells(file)
    cells = cells.assign(agency=agency, source=places(cells, document))
    printed, lost = read_cells(cells.drop(columns=[*PLACE], errors="ignore"), form)
    table, faults = examine(printed, form)
    return table, lost, faults


def _head(file: Path) -> dict[str, Any]:
    if not file.exists():
        mend = "add report.toml with agency and period"
        raise ReadError("the folder has no head", where=str(file), mend=mend)
    return read_toml(file, what="the head cannot be read", mend="correct the file")


def _quarter(period: object, where: Path) -> pd.Period:
    try:
        quarter = parse_period(period)  # type: ignore[arg-type]
    except PeriodError as error:
        raise ReadError(error.what, where=f"{where}, period = {period}", mend=error.mend) from error
    if quarter.freqstr != "Q-DEC":
        raise ReadError(
            f"the report's period is a month ({quarter}), not a quarter",
            where=f"{where}, period",
            mend="give the quarter the month belongs to",
        )
    return quarter


def _signed_on(head: Mapping[str, Any], path: Path) -> dt.date | None:
    day = head.get("signed_on")
    if isinstance(day, dt.datetime):
        return day.date()
    if day is None or isinstance(day, dt.date):
        return day
    if (read := parse_number(str(day))).date is None:
        raise ReadError(
            f"signed_on is no day: {day!r}",
            where=str(path / "report.toml"),
            mend="write it as 2020-09-09",
        )
    return read.date


def _window(head: Mapping[str, Any], path: Path) -> Window | None:
    """Return the days that the head states, None where it states none."""
    stated = head.get("window")
    if stated is None:
        return None
    try:
        return Window(stated["start"], stated["end"])
    except (KeyError, TypeError, PeriodError) as error:
        raise ReadError(
            f"the window cannot be read: {error}",
            where=str(path / "report.toml"),
            mend="write [window] with start = 2020-06-15 and end = 2020-09-14",
        ) from error


def _with_window(table: pd.DataFrame, window: Window, quarter: pd.Period) -> pd.DataFrame:
    """Return the table with the head's days in the rows of its quarter that state none."""
    here = (table["period"] == quarter) & (table["basis"] == IN_PERIOD)
    stated = [table[name].notna() for name in WINDOW if name in table]
    for has in stated:
        here &= ~has
    days = {}
    for name, day in zip(WINDOW, (window.start, window.end), strict=True):
        own = table.get(name, pd.Series(pd.NaT, index=table.index, dtype="datetime64[us]"))
        days[name] = own.mask(here, pd.Timestamp(day))
    return table.assign(**days) if here.any() else table


def _files(path: Path) -> dict[str, Path]:
    """Return the CSV files by form code or name; a stray one is refused, and two of one name."""
    try:
        listed = sorted(file for file in path.iterdir() if file.suffix.lower() == ".csv")
    except OSError as error:
        raise ReadError(
            f"the folder cannot be read: {error}",
            where=str(path),
            mend="check the path, and that you may read it",
        ) from error
    names = [*(form.code for form in FORMS), *BESIDE]
    files: dict[str, Path] = {}
    for file in listed:
        if (name := file.stem.lower()) in files:
            raise ReadError(
                f"two files are of one name: {files[name].name}, {file.name}",
                where=str(path),
                mend="keep one of them",
            )
        files[name] = file
    for name, file in files.items():
        if file.stem not in names:
            near = get_close_matches(name, names, n=1)
            raise ReadError(
                "the file is of no form",
                where=str(file),
                mend=f"did you mean {near[0]}.csv?" if near else f"name it {', '.join(names)}",
            )
    return files


def _form_cells(file: Path) -> pd.DataFrame:
    """Return the cells of a form's file, which has no column that the reader fills in."""
    cells = read_text_table(file, ("period", "basis"))
    if own := [name for name in OWN if name in cells]:
        raise ReadError(
            f"column {', '.join(own)} does not belong into a form's file",
            where=str(file),
            mend="leave it out: the agency stands in report.toml, a row's place in section, table"
            ' and row, and a cell printed "-" says so itself',
        )
    return cells


def _refusal(table: pd.DataFrame, form: Form, faults: list[Fault], file: Path) -> FormError:
    error = form_error(table, form, faults)
    return FormError(
        f"{file.name}: {error.what}",
        where=error.where,
        mend=error.mend,
        count=error.count,
        build=lambda: error.faults.assign(file=file.name),
    )


def _together(refusals: Sequence[FormError], path: Path) -> FormError:
    """Return the faults of all files as one exception."""
    if len(refusals) == 1:
        return refusals[0]
    return FormError(
        f"{path.name}: {sum(error.count for error in refusals)} faults in {len(refusals)} files",
        where="\n         ".join(f"{error.what}: {error.where}" for error in refusals),
        mend="; ".join(dict.fromkeys(error.mend for error in refusals)),
        count=sum(error.count for error in refusals),
        build=lambda: join_findings(error.faults for error in refusals),
    )
