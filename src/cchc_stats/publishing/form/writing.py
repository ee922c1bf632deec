"""`write_form`: the statistical appendix, as reports hand it in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from cchc_stats.forms import BY_COLUMN, FORMS, Form, PrintedTables, examine, find_form, form_error
from cchc_stats.publishing.form.docx import draw_docx
from cchc_stats.publishing.form.tables import (
    FormHead,
    FormTable,
    Style,
    form_tables,
    quality_tables,
)
from cchc_stats.publishing.form.xlsx import draw_xlsx
from cchc_stats.publishing.frames import refuse_small_numbers_beside
from cchc_stats.publishing.letterhead import official, superior_of
from cchc_stats.reading import Report
from cchc_stats.statistics import suppress_together
from cchc_stats.words import (
    AS_OF,
    IN_PERIOD,
    YEAR_TO_DATE,
    CchcError,
    PeriodError,
    label_period,
    parse_period,
    require_file_target,
    require_letters,
    write_whole,
)

DRAW = {".docx": draw_docx, ".xlsx": draw_xlsx}
TITLE = "Số liệu thống kê công tác cải cách hành chính"
OPEN_TOTALS = "Ô tổng cộng để trống vì có số liệu thành phần chưa được báo cáo: bảng"
SHOWN = 5


def write_form(
    tables: Mapping[str, pd.DataFrame] | Report | None,
    path: str | Path,
    *,
    period: pd.Period | str,
    basis: Literal["in_period", "year_to_date"] = "in_period",
    agency: str = "",
    blank: bool = False,
    as_reports: bool = False,
    sources: bool = False,
    below: int | None = None,
    quality: pd.DataFrame | None = None,
    remark: str = "",
) -> Path:
    """Write the statistical appendix of a report (biểu mẫu) as a Word document or a workbook.

    Parameters
    ----------
    tables : form code -> frame (see `validate`), or a report. Forms are written in official order.
        Rows of several agencies stand below each other, each with its name. None for a blank form.
    path : .docx or .xlsx. Written in full or not at all: what fails leaves the old file.
    period : the quarter the appendix is of. Rows of other quarters are printed where the official
        table has columns for them (the year before, the quarters of the year), and stocks known as
        of an earlier quarter of the year only, with a note; others are of another appendix.
    basis : "in_period", or "year_to_date" for six or nine months or the year.
    agency : the name in the head of a blank form, or of who puts several agencies together: of a
        report its own agency unless named.
    blank : True for the empty form of all that the quarter asks; `tables` is then not looked at.
    as_reports : True for figures as reports print them, "06" and "02/3"; else 6, and 2 beside 3.
    sources : True for a comment on each figure that tells where it comes from.
    below : leave out figures from which a number below this one, and above 0, would follow (see
        `suppress_small`); their cells are empty, and a line under the title says so. What else is
        published of these figures has to be left out together with them: see `write_report`.
    quality : what to know of the ledger that the figures were counted from (see `ledger_quality`):
        a last table, which `read_report` gives back as `unplaced`, for no form has it.
    remark : a line under the title, such as what has been left out before.

    Returns
    -------
    Path of the file. `0` is printed 0, not applicable "-", not reported nothing. `read_report`
    reads the same frames from it (of several agencies it asks who puts them together, unless
    `agency` says it): without rows in which nothing is said, and what is stated of all sectors
    beside single ones as a printed total. A total that its parts make up is a formula in a
    workbook, with its value; one that they do not is printed as it is, for nothing is repaired.
    Sectors of which no total is stated get a row "Tổng cộng" of their sums.

    Raises
    ------
    FormError
        A frame that is not the form it is said to be; identities may be broken.
    CchcError
        No rows of the quarter, an unknown form, a row that the official tables have no place for,
        a letter that no document can hold, another suffix, or a target that cannot be written;
        `below` is no integer of 2 or more, or stands beside `quality`.
    PeriodError : no quarter.

    Source
    ------
    Appendices of quarterly CCHC reports; form II.06a of Circular 01/2020/TT-VPCP for dossiers.

    Examples
    --------
    >>> import tempfile
    >>> from cchc_stats.reading import read_report
    >>> report = read_report("data/binh-dinh-skhcn-2020q3")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = write_form(report, f"{folder}/bieu.docx", period="2020Q3")
    ...     again = read_report(path)
    >>> again.tables["staffing"][["assigned", "present"]].values.tolist()
    [[40, 37], [5, 5], [47, 23]]
    """
    path = Path(path)
    if path.suffix.lower() not in DRAW:
        raise CchcError(
            f"a form is not written as {path.suffix or 'a file without a suffix'}",
            where=str(path),
            mend=f"end the name with {' or '.join(DRAW)}",
        )
    require_file_target(path)
    refuse_small_numbers_beside(quality, below)
    style = Style(_quarter(period), basis, as_reports=as_reports, sources=sources, blank=blank)
    if basis not in (IN_PERIOD, YEAR_TO_DATE):
        raise CchcError(
            f"an appendix is not of the basis {basis!r}",
            where="basis=",
            mend=f"give {IN_PERIOD!r} or {YEAR_TO_DATE!r}",
        )
    chosen = {} if blank else _chosen(tables, style)
    agencies = list(dict.fromkeys(name for frame in chosen.values() for name in frame["agency"]))
    if below is not None:
        suppressed = suppress_together(None, chosen, below=below)
        # Without the cells that figures were read from: those print what is left out.
        chosen = suppressed.tables
        remark = suppressed.note or remark
    drawn = form_tables(chosen, style, agencies=agencies)
    head = _head(agencies, agency, tables, style, [remark, *_gaps(drawn)])
    drawn += quality_tables(quality)
    texts = [head.agency, head.superior, *head.lines]
    require_letters([*texts, *(cell.text for one in drawn for row in one.rows for cell in row)])
    return write_whole(path, DRAW[path.suffix.lower()](head, drawn))


def _quarter(period: pd.Period | str) -> pd.Period:
    quarter = parse_period(period)
    if quarter.freqstr != "Q-DEC":
        raise PeriodError(
            f"an appendix is of a quarter, not of a month ({quarter})",
            where="period=",
            mend="give the quarter the month belongs to",
        )
    return quarter


def _head(
    agencies: Sequence[str], agency: str, tables: object, style: Style, remarks: Sequence[str]
) -> FormHead:
    name = label_period(style.period, style.basis)
    report = tables if isinstance(tables, Report) and not style.blank else None
    together = f"Tổng hợp của {len(agencies)} cơ quan, đơn vị" if len(agencies) > 1 else ""
    if together:
        agency = agency or (report.agency if report else "")
    elif agencies:
        (agency,) = agencies
    whose = agency or official("head", "unknown")
    return FormHead(
        agency=whose,
        superior=superior_of(agency),
        title=f"{TITLE} {name[0].lower()}{name[1:]}",
        attached=_attached(None if together else report, whose),
        remarks=tuple(line for line in (together, *remarks) if line),
    )


def _attached(report: Report | None, agency: str) -> str:
    """Return the line that names the report of an annex, open where it is not known."""
    number, day = official("annex", "number"), official("annex", "day")
    if report and report.number:
        number = f"……{report.number}" if report.number.startswith("/") else report.number
        day = f"{report.signed_on:%d/%m/%Y}" if report.signed_on else day
    return official("annex", "attached", number=number, day=day, agency=agency)


def _gaps(tables: Sequence[FormTable]) -> list[str]:
    """Return what to say of totals that are open."""
    having = [str(number) for number, table in enumerate(tables, 1) if table.has_gap]
    return [f"{OPEN_TOTALS} {', '.join(having)}"] if having else []


def _chosen(
    tables: Mapping[str, pd.DataFrame] | Report | None, style: Style
) -> Mapping[str, pd.DataFrame]:
    """Return the rows to print of each form; those that no official table can hold are refused."""
    given = tables.tables if isinstance(tables, Report) else tables
    if not isinstance(given, Mapping):
        raise CchcError(
            f"forms are given by their codes, not as {type(given).__name__}",
            where="tables=",
            mend="give report.tables, or a dict of frames by form code; for an empty form "
            "blank=True",
        )
    frames: dict[str, pd.DataFrame] = {}
    strange: list[str] = []
    for code, frame in given.items():
        form = _form_of_the_appendix(code)
        rows = _of_the_quarter(_examined(frame, form), form, style)
        if not (placed := _has_place(rows, form, style)).all():
            strange += [_row_in_words(form, row) for row in rows[~placed].to_dict("records")]
        if len(rows):
            frames[code] = rows.reset_index(drop=True)
    _require_place(strange, style)
    if not frames:
        there = sorted({str(one) for frame in given.values() for one in frame["period"].unique()})
        raise CchcError(
            f"there is nothing of {label_period(style.period, style.basis)} to write",
            where=f"tables: periods {', '.join(there) or '-'}",
            mend="give a period that is there, or blank=True for an empty form",
        )
    return given.of(frames) if isinstance(given, PrintedTables) else frames


def _form_of_the_appendix(code: str) -> Form:
    form = find_form(code)
    if form not in FORMS:
        raise CchcError(
            f"{code} is no form of the appendix",
            where=f"tables[{code!r}]",
            mend=f"give {', '.join(one.code for one in FORMS)}",
        )
    return form


def _examined(frame: pd.DataFrame, form: Form) -> pd.DataFrame:
    """Return the frame as the form types it; identities may be broken."""
    table, faults = examine(frame, form)
    if structural := [fault for fault in faults if fault.rule != "identity"]:
        raise form_error(table, form, structural)
    return table


def _row_in_words(form: Form, row: Mapping[Any, Any]) -> str:
    label = form.row_label(row.get(form.row, "")) or "dòng duy nhất"
    return f"{form.title}: {label}, {row['agency']}, {label_period(row['period'], row['basis'])}"


def _require_place(strange: Sequence[str], style: Style) -> None:
    if strange:
        more = f"; and {len(strange) - SHOWN} more" if len(strange) > SHOWN else ""
        raise CchcError(
            f"{len(strange)} rows have no place in the appendix of "
            f"{label_period(style.period, style.basis)}",
            where="; ".join(strange[:SHOWN]) + more,
            mend="leave these rows out, or write them with their own period= and basis=",
        )


def _of_the_quarter(table: pd.DataFrame, form: Form, style: Style) -> pd.DataFrame:
    """Return the rows that are of an appendix of the quarter."""
    periods, basis = table["period"], table["basis"]
    if (periods == style.period).all():
        return table
    this_year = periods.dt.year == style.period.year
    if form.printed_as != BY_COLUMN and not form.row_basis:
        yearly = AS_OF if form.basis == AS_OF else YEAR_TO_DATE
        chosen: pd.DataFrame = table[this_year | (periods == style.year_before) & (basis == yearly)]
        return chosen
    now = periods == style.period
    if form.basis != AS_OF or not form.row:
        return table[now]
    names = ["agency", form.row]
    earlier = table[this_year & (periods < style.period)]
    earlier = earlier.sort_values("period").drop_duplicates(names, keep="last")
    stated = pd.MultiIndex.from_frame(table.loc[now, names])
    unstated = ~pd.MultiIndex.from_frame(earlier[names]).isin(stated)
    return table[now | table.index.isin(earlier.index[unstated])]


def _has_place(rows: pd.DataFrame, form: Form, style: Style) -> pd.Series:
    """Return which rows the official table has a column or a line for."""
    if form.row_basis:
        own = rows[form.row].map(lambda code: form.row_basis.get(code, form.basis))
        return rows["basis"] == own.mask(own == IN_PERIOD, style.basis)
    if form.printed_as != BY_COLUMN:
        return (rows["basis"] == AS_OF) == (form.basis == AS_OF)
    return rows["basis"] == style.usual_slot(form)[1]
