"""A report as a folder of text cells: the head in TOML, one CSV per form, each cell as printed."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import pandas as pd

from cchc_stats.errors import FormError, PeriodError, ReadError
from cchc_stats.findings import join_findings
from cchc_stats.forms import FORMS, Form, examine
from cchc_stats.forms.faults import Fault, form_error
from cchc_stats.numerals import parse_number
from cchc_stats.periods import parse_period, require_quarters
from cchc_stats.reading.cells import read_cells
from cchc_stats.reading.report import CLAIMS, UNPLACED, Report
from cchc_stats.reading.text_table import read_text_table
from cchc_stats.windows import Window

PLACE = ("section", "table", "row")
BESIDE = ("claims", "unplaced")


def read_folder(
    path: Path, *, agency: str | None = None, period: pd.Period | str | None = None
) -> Report:
    """Return the report of a folder; see `read_report`."""
    head = _head(path / "report.toml")
    if agency is not None:
        head["agency"] = agency
    if period is not None:
        head["period"] = period
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
    quarter = _quarter(head["period"], path / "report.toml")
    name = path.resolve().name
    document = str(head.get("document") or name)
    unplaced = [read_text_table(path / "unplaced.csv", UNPLACED)]
    tables: dict[str, pd.DataFrame] = {}
    refusals: list[FormError] = []
    for form, file in _form_files(path):
        cells = read_text_table(file, ("period", "basis"))
        cells = cells.assign(agency=head["agency"], source=_places(cells, document))
        printed, lost = read_cells(cells.drop(columns=[*PLACE], errors="ignore"), form)
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
        source=name,
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
    files = {file.stem: file for file in sorted(path.iterdir()) if file.suffix.lower() == ".csv"}
    found = [(form, files.pop(form.code)) for form in FORMS if form.code in files]
    known = [*(form.code for form in FORMS), *BESIDE]
    for name, file in files.items():
        if name not in BESIDE:
            near = get_close_matches(name.lower(), known, n=1)
            raise ReadError(
                "the file is of no form",
                where=str(file),
                mend=f"did you mean {near[0]}.csv?" if near else f"name it {', '.join(known)}",
            )
    return found


def _places(cells: pd.DataFrame, document: str) -> pd.Series:
    """Return each row's place: document: section; table; row."""
    columns = [cells[name] for name in PLACE if name in cells]
    rows = zip(*columns, strict=True) if columns else [()] * len(cells)
    places = ["; ".join(part for part in parts if part) for parts in rows]
    texts = [f"{document}: {place}" if place else document for place in places]
    return pd.Series(texts, index=cells.index, dtype="str")


def _claims(file: Path, document: str) -> pd.DataFrame:
    """Return what the prose states, its figures read; the printed words are in `quote`."""
    cells = read_text_table(file, ("quote", "value", "unit"))
    for name in ("section", *CLAIMS):
        if name not in cells:
            cells[name] = ""
    figures = {name: parse_number(cells[name])["value"] for name in ("value", "denominator")}
    periods = cells["period"].mask(cells["period"] == "")
    table = cells.assign(
        **figures,
        period=require_quarters(periods, where=f"{file}, column period"),
        place=_places(cells[["section", "place"]].set_axis(PLACE[:2], axis=1), document),
    )
    return table[list(CLAIMS)]


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
