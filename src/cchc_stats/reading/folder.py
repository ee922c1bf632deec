"""A report as a folder of text cells: the head in TOML, one CSV per form, each cell as printed."""

from __future__ import annotations

import csv
import datetime as dt
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from cchc_stats.errors import FormError, PeriodError, ReadError
from cchc_stats.findings import join_findings
from cchc_stats.forms import FORMS, Form, examine, find_form
from cchc_stats.forms.faults import Fault, form_error
from cchc_stats.numerals import parse_number
from cchc_stats.periods import parse_period, require_quarters
from cchc_stats.reading.report import CLAIMS, UNPLACED, Report
from cchc_stats.windows import Window

PLACE = ("section", "table", "row")
WINDOW = ("window_start", "window_end")
LARGEST_FILE = 50_000_000  # bytes: a form of a thousand agencies and twenty quarters is below


def read_folder(
    path: Path, *, agency: str | None = None, period: pd.Period | str | None = None
) -> Report:
    """Return the report of a folder; see `read_report`."""
    head = _head(path / "report.toml")
    if agency is not None:
        head["agency"] = agency
    if period is not None:
        head["period"] = period
    if missing := [name for name in ("agency", "period") if not head.get(name)]:
        raise ReadError(
            f"the head does not say {' and '.join(missing)}",
            where=str(path / "report.toml"),
            mend=f"add it there, or give it: read_report(…, {missing[0]}=…)",
        )
    quarter = _quarter(head["period"], path / "report.toml")
    document = str(head.get("document") or path.name)
    unplaced = [_texts(path / "unplaced.csv", UNPLACED)]
    tables: dict[str, pd.DataFrame] = {}
    refusals: list[FormError] = []
    for form, file in _form_files(path):
        cells = _texts(file, ("period", "basis")).assign(agency=head["agency"])
        cells["source"] = [f"{document}: {place}" for place in _places(cells)]
        printed, lost = _figures(cells, form)
        unplaced.append(lost)
        table, faults = examine(printed, form)
        # What a report says, it says: an identity that does not hold is for `check` to tell.
        if structural := [fault for fault in faults if fault.rule != "identity"]:
            refusals.append(_refusal(table, form, structural, file))
        tables[form.code] = table
    if refusals:
        raise _together(refusals, path)
    return Report(
        agency=head["agency"],
        number=str(head.get("number", "")),
        signed_on=_signed_on(head, path),
        period=quarter,
        window=_window(head, quarter, path),
        tables=tables,
        claims=_claims(path / "claims.csv", document),
        unplaced=pd.concat(unplaced, ignore_index=True)[list(UNPLACED)],
        source=path.name,
    )


def _head(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise ReadError(
            "the folder has no head", where=str(file), mend="add report.toml with agency and period"
        ) from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ReadError(
            f"the head cannot be read: {error}", where=str(file), mend="correct the file"
        ) from error


def _quarter(period: object, where: Path) -> pd.Period:
    try:
        quarter = parse_period(period)  # type: ignore[arg-type]
    except PeriodError as error:
        raise ReadError(error.what, where=f"{where}, period", mend=error.mend) from error
    if quarter.freqstr != "Q-DEC":
        raise ReadError(
            f"the report's period is a month ({quarter}), not a quarter",
            where=f"{where}, period",
            mend="give the quarter the month belongs to",
        )
    return quarter


def _signed_on(head: Mapping[str, Any], path: Path) -> dt.date | None:
    day = head.get("signed_on")
    if day is None or isinstance(day, dt.date):
        return day
    if (read := parse_number(str(day))).date is None:
        raise ReadError(
            f"signed_on is no day: {day!r}",
            where=str(path / "report.toml"),
            mend="write it as 2020-09-09",
        )
    return read.date


def _window(head: Mapping[str, Any], quarter: pd.Period, path: Path) -> Window:
    stated = head.get("window")
    if stated is None:
        return Window.of(quarter)
    try:
        return Window(stated["start"], stated["end"])
    except (KeyError, TypeError, PeriodError) as error:
        raise ReadError(
            f"the window cannot be read: {error}",
            where=str(path / "report.toml"),
            mend="write [window] with start = 2020-06-15 and end = 2020-09-14",
        ) from error


def _form_files(path: Path) -> list[tuple[Form, Path]]:
    """Return the forms whose file is there, in official order; a stray CSV file is refused."""
    files = {file.stem: file for file in sorted(path.glob("*.csv"))}
    found = [(form, files.pop(form.code)) for form in FORMS if form.code in files]
    stray = [name for name in files if name not in ("claims", "unplaced")]
    for name in stray:
        find_form(name)  # says which form may be meant
    return found


def _texts(file: Path, required: Sequence[str]) -> pd.DataFrame:
    """Return a CSV file as texts, "" where empty; without the file, no rows."""
    if not file.exists():
        return pd.DataFrame(columns=list(required), dtype="str")
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise ValueError(f"larger than {LARGEST_FILE // 1_000_000} MB")
        with file.open(encoding="utf-8-sig", newline="") as lines:
            header, *rows = csv.reader(lines, strict=True)
        for number, row in enumerate(rows, start=1):
            if len(row) != len(header):
                raise ValueError(f"row {number} has {len(row)} cells, the heading {len(header)}")
    except (OSError, ValueError, csv.Error) as error:
        raise ReadError(
            f"the table cannot be read: {error}",
            where=str(file),
            mend="save it as CSV, comma separated, in UTF-8",
        ) from error
    cells = pd.DataFrame(rows, columns=header, dtype="str")
    if missing := [name for name in required if name not in cells]:
        raise ReadError(
            f"column {', '.join(missing)} is missing", where=str(file), mend="add the column"
        )
    return cells


def _places(cells: pd.DataFrame) -> list[str]:
    """Return each row's place in the report: section; table; row."""
    columns = [cells[name] for name in PLACE if name in cells]
    return ["; ".join(part for part in parts if part) for parts in zip(*columns, strict=True)]


def _figures(cells: pd.DataFrame, form: Form) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the cells with figures read, and the cells that are none, with place and reason."""
    columns: dict[str, Any] = {
        name: cells[name] for name in cells if name not in (*PLACE, *WINDOW)
    }
    lost: list[dict[str, str]] = []
    dashes = [[] for _ in range(len(cells))]  # type: list[list[str]]

    def lose(rows: pd.Series, name: str, reason: str) -> None:
        places = cells["source"][rows] + f"; cột '{form.heading(name)}'"
        texts = cells[name][rows]
        lost.extend(
            {"text": text, "place": place, "reason": reason}
            for text, place in zip(texts, places, strict=True)
        )

    for name in (*form.figures, *(n for n in form.columns if form.kinds[n] == "time")):
        if name not in cells:
            continue
        read = parse_number(cells[name])
        if form.kinds[name] == "time":
            columns[name] = read["date"]
            lose((read["status"] != "date") & (cells[name] != ""), name, "không đọc được thành ngày")
            continue
        for row in read.index[read["status"] == "not_applicable"]:
            dashes[row].append(name)
        # "gần 97%" or "10 %" in a column of counts is no count; nothing is guessed.
        figure = (read["status"] == "reported") & (read["unit"] != "percent") & (
            read["approximate"] == ""
        )
        strange = ~figure & ~read["status"].isin(["not_applicable", "not_reported"])
        lose(strange, name, "không đọc được thành số của cột này")
        columns[name] = read["value"].where(figure)
        columns[name + " of"] = read["denominator"].where(figure)
    for name in form.figures:
        whole = columns.pop(name + " of", None)
        if whole is None or not whole.notna().any():
            continue
        target = form.fractions.get(name)
        if target is None:
            lose(whole.notna(), name, "phân số trong một cột không có mẫu số")
            columns[name] = columns[name].mask(whole.notna())
            continue
        own = columns.get(target, pd.Series(pd.NA, index=cells.index, dtype="Float64"))
        lose(whole.notna() & own.notna() & (own != whole), name, "mẫu số khác với cột tổng")
        columns[target] = own.fillna(whole)
    columns["not_applicable"] = [", ".join(names) for names in dashes]
    for name in WINDOW:
        if name in cells and (cells[name] != "").any():
            columns[name] = pd.to_datetime(cells[name].replace("", None), format="%Y-%m-%d")
    for name, kind in form.kinds.items():
        if kind == "text" and name in columns and form.schema.columns[name].nullable:
            columns[name] = pd.Series(columns[name]).replace("", None)
    table = pd.DataFrame(columns, index=cells.index)
    return table, pd.DataFrame(lost, columns=list(UNPLACED), dtype="str")


def _claims(file: Path, document: str) -> pd.DataFrame:
    """Return what the prose states, its figures read; the printed words are in `quote`."""
    cells = _texts(file, ("quote", "value", "unit"))
    read = {name: parse_number(cells[name]) for name in ("value", "denominator") if name in cells}
    table = cells.reindex(columns=list(CLAIMS), fill_value="")
    for name, numbers in read.items():
        table[name] = numbers["value"]
    if "section" in cells:
        table["place"] = document + ": " + cells["section"] + "; " + table["place"]
    table["period"] = require_quarters(table["period"].replace("", None), where=str(file))
    return table.astype({"value": "Float64", "denominator": "Float64"}, errors="ignore")


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
