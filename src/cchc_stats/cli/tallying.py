"""`cchc-stats tally`: exports of dossiers counted into the official table."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import Literal

import click
import pandas as pd
from tqdm import tqdm

from cchc_stats.calendars import vietnam_calendar
from cchc_stats.cli.program import (
    below_option,
    lang_option,
    main,
    refusals_printed,
    require_csv,
    require_there,
)
from cchc_stats.forms import DOSSIERS, Form, find_form, validate
from cchc_stats.ledger import (
    LedgerCounts,
    LedgerScan,
    keep,
    ledger_quality,
    scan_ledger,
    tally,
    tally_digital,
    words_counted,
)
from cchc_stats.publishing import text, write_form
from cchc_stats.statistics import suppress_together
from cchc_stats.words import (
    ALL,
    CchcError,
    PeriodError,
    Window,
    agency_changes,
    format_number,
    label_period,
    say,
    vocabulary,
    word,
    write_table,
)

DIGITAL_SERVICES = find_form("digital_services")
BY = ("agency", "sector", "procedure")
KEYS = {"dossier_id": "dossier_id", "agency": ("dossier_id", "agency"), "last_step": "last_step"}
OVERLAPS = ("newest", "refuse")
PRINTED, _ = DUE = ("printed", "legal")
TOTALS = (
    *("received_total", "carried_over", "newly_received"),
    *("settled_total", "settled_on_time", "settled_late"),
    *("pending_total", "pending_not_due", "pending_overdue"),
)
PUBLISHED = ("procedure", "window_start", "window_end", "coverage", "origin")
BAR = "{desc} {percentage:3.0f} %|{bar:40}| {elapsed}"
TALLY = """\
Count exports of dossiers into the official table: received, settled on time or late, pending.

EXPORT is what the one-stop system exported (.csv, .tsv, .xlsx, .xls, .ods, .parquet), or a folder
of exports; larger than memory or not. The names of its columns are read in several spellings;
others are named by --columns. Dates may differ from cell to cell, day before month.

\b
A row that cannot be used (no day of receipt, due before it, one id with different facts …) is
counted, printed on stderr, and written by --rejects with its reason. Names and numbers of people
are not read.

\b
Examples:
  cchc-stats tally export.xlsx --quarter 2020Q3
  cchc-stats tally exports/ --quarter "quý III năm 2020" --by sector --out dossiers.csv
  cchc-stats tally export.xlsx --quarter 2020Q3 --by sector --agency "Sở Y tế" --out bieu.docx
  cchc-stats tally export.csv --from 2020-06-15 --to 2020-09-14 --rejects rejects.csv
  cchc-stats tally export.xlsx --quarter 2026Q3 --form digital_services --out so.csv
  cchc-stats tally exports/ --quarter 2020Q3 --by sector --below 5 --out public.csv
  cchc-stats tally a.csv b.csv --quarter 2020Q3 --key agency --exported-on b.csv=2020-09-15

A window that the ledger does not cover is named on stderr, and so is what reading decided.
A form written with --by agency names several of them: its `check` needs --agency, who reports.

Ends with 0 when the table is counted, whatever was rejected; with 2 when something cannot be read
or written, and then says what is wrong, where, and how to mend it.
"""


@main.command("tally", help=TALLY)
@click.argument(
    "exports", metavar="EXPORT...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option(
    "--quarter",
    "quarters",
    multiple=True,
    help='The quarter, by Decree 09/2019: 2020Q3, "9 tháng đầu năm 2020". May be given again.',
)
@click.option("--from", "start", metavar="DAY", help="First day of a window: 2020-06-15.")
@click.option("--to", "end", metavar="DAY", help="Last day of that window, itself included.")
@click.option(
    "--by",
    type=click.Choice((*BY, "whole")),
    multiple=True,
    default=("agency", "sector"),
    show_default=True,
    help="What a row stands for; may be given again. `whole`: one row.",
)
@click.option(
    "--columns",
    metavar="FILE.toml",
    type=click.Path(path_type=Path),
    help='Names of columns and codes that the library does not know: [columns] due_at = "…".',
)
@click.option(
    "--form",
    "code",
    type=click.Choice((DOSSIERS.code, DIGITAL_SERVICES.code)),
    default=DOSSIERS.code,
    show_default=True,
    help="The form that is filled; `digital_services` by agency, as far as dossiers tell it.",
)
@click.option(
    "--due",
    type=click.Choice(DUE),
    default=PRINTED,
    show_default=True,
    help="The due day: as printed, or after the working days that the law gives.",
)
@click.option("--days", is_flag=True, help="Also mean, median and 90 % of the working days.")
@click.option(
    "--out",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Write the table: .csv, or as the official form of one quarter, .docx or .xlsx.",
)
@click.option("--agency", help="Who reports, in the head of a form that is not by agency.")
@click.option(
    "--rejects",
    metavar="FILE.csv",
    type=click.Path(path_type=Path),
    help="Write the rows that cannot be used, with the reason of each.",
)
@click.option(
    "--key",
    type=click.Choice(tuple(KEYS)),
    default="dossier_id",
    show_default=True,
    help="What tells dossiers apart: the number, that and the agency, or, where each step of a "
    "dossier is a row, the number of which the last step counts.",
)
@click.option(
    "--overlaps",
    type=click.Choice(OVERLAPS),
    default=OVERLAPS[0],
    show_default=True,
    help="Of a dossier in several exports the newest tells; or rows that differ are refused.",
)
@click.option(
    "--exported-on",
    "made",
    metavar="[FILE=]DAY",
    multiple=True,
    help="The day of an export, 2020-09-15, where its name does not tell it: one for each file, in "
    "their order, or FILE=DAY. Given again for each.",
)
@click.option(
    "--agency-changes",
    "changes",
    metavar="own|FILE.toml",
    help="Call agencies as on the newest day, by the library's own changes, or a file's too.",
)
@click.option(
    "--two-digit-years", is_flag=True, help="14/09/20 is of 2020, where no day tells it either."
)
@click.option(
    "--as-of",
    metavar="DAY",
    help="Count as it stood on that day: 2020-08-31. What came later is left out.",
)
@click.option(
    "--strict", is_flag=True, help="End with 2 where the ledger does not cover a whole window."
)
@below_option
@lang_option
def tally_exports(
    exports: tuple[Path, ...],
    quarters: tuple[str, ...],
    start: str | None,
    end: str | None,
    by: tuple[str, ...],
    columns: Path | None,
    code: str,
    due: Literal["printed", "legal"],
    days: bool,
    out: Path | None,
    agency: str | None,
    rejects: Path | None,
    key: str,
    overlaps: Literal["newest", "refuse"],
    made: tuple[str, ...],
    changes: str | None,
    two_digit_years: bool,
    as_of: str | None,
    strict: bool,
    below: int | None,
    lang: str,
) -> None:
    """Count exports; see `TALLY`."""
    with refusals_printed():
        windows = _windows(quarters, start, end)
        # Said before an hour of reading, not after.
        as_form = _is_form(out, windows, by)
        if not as_form:
            require_csv(out, "--out")
        require_csv(rejects, "--rejects")
        changed = None if changes in (None, "own") else Path(str(changes))
        require_there(columns=columns, agency_changes=changed)
        if below is not None:
            _require_publishable(windows, rejects, days=days)
        scan = scan_ledger(
            exports,
            columns=columns,
            key=KEYS[key],
            overlaps=overlaps,
            exported_on=_days_made(made),
            agency_changes=_changes(changes),
            two_digit_years=two_digit_years,
        )
        scan = _read(scan, lang)
        counts = scan.counts()
        asked = tuple(name for name in by if name != "whole")
        if digital := code == DIGITAL_SERVICES.code:
            form = tally_digital(scan, windows, by=_of_digital(asked, due, days=days), as_of=as_of)
        else:
            days_of = vietnam_calendar() if days else None
            form = tally(scan, windows, by=asked, calendar=days_of, as_of=as_of, due=due)
        of = DIGITAL_SERVICES if digital else DOSSIERS
        if below is None:
            _tell_ledger(counts, lang)
            _tell_quality(scan, lang)
            (_tell_digital if digital else _tell_form)(form, lang)
        _tell_coverage(_covered(form, scan, windows), lang, strict=strict)
        if out is not None:
            if as_form:
                _write_form(form, out, agency, of, scan, below)
            else:
                write_table(out, form if below is None else _publishable(form, of, below, lang))
            click.echo(out)
        if rejects is not None:
            write_table(rejects, scan.rejects())
            click.echo(rejects)


def _covered(form: pd.DataFrame, scan: LedgerScan, windows: list[str | Window]) -> pd.DataFrame:
    """Return a table that tells what is covered: without dossiers no group says it is nothing."""
    return form if len(form) else tally(scan, windows, by=())


def _days_made(given: tuple[str, ...]) -> dict[str, str] | list[str] | None:
    """Return the days of exports as `scan_ledger` takes them."""
    named = dict(one.rsplit("=", 1) for one in given if "=" in one)
    if named and len(named) < len(given):
        raise CchcError(
            "days are given for files by name, or for all of them in their order",
            where="--exported-on",
            mend="say FILE=DAY each time",
        )
    return named or list(given) or None


def _changes(given: str | None) -> pd.DataFrame | None:
    """Return what becomes of agencies, None where nothing is asked."""
    if given is None:
        return None
    return agency_changes(None if given == "own" else given)


def _windows(quarters: tuple[str, ...], start: str | None, end: str | None) -> list[str | Window]:
    windows: list[str | Window] = list(quarters)
    if (start is None) != (end is None):
        raise CchcError(
            "a window has a first and a last day", where="--from, --to", mend="give both"
        )
    if start is not None and end is not None:
        try:
            windows.append(Window(start, end))  # type: ignore[arg-type]  # reads texts too
        except PeriodError as error:
            where = f"--from {start}, --to {end}"
            raise PeriodError(error.what, where=where, mend=error.mend) from error
    if not windows:
        raise CchcError(
            "no window is asked for",
            where="--quarter",
            mend="say --quarter 2020Q3, or --from 2020-06-15 --to 2020-09-14",
        )
    return windows


def _is_form(out: Path | None, windows: list[str | Window], by: tuple[str, ...]) -> bool:
    """Return whether the official form is wanted; refuse where it has no place for the table."""
    if out is None or out.suffix.lower() not in (".docx", ".xlsx"):
        return False
    if len(windows) != 1 or isinstance(windows[0], Window) or not set(by) <= {"agency", "sector"}:
        raise CchcError(
            "the official form is of one quarter, by agency and sector",
            where=f"--out {out}",
            mend="give one --quarter and --by sector, or write all of it to a .csv",
        )
    return True


def _of_digital(by: tuple[str, ...], due: str, *, days: bool) -> tuple[str, ...]:
    """Return what the form of digital services is counted by: it has no rows of sectors."""
    if due != PRINTED:
        raise CchcError(
            "days by law stand beside the form of dossiers alone",
            where=f"--due {due}, --form digital_services",
            mend="leave out --due, or count the form dossiers",
        )
    if days:
        raise CchcError(
            "working days stand beside the form of dossiers alone",
            where="--days, --form digital_services",
            mend="leave out --days, or count the form dossiers",
        )
    return tuple(name for name in by if name != "sector")


def _require_publishable(windows: list[str | Window], rejects: Path | None, *, days: bool) -> None:
    """Refuse what cannot be published without small numbers."""
    if len(windows) > 1 and any(isinstance(window, Window) for window in windows):
        raise CchcError(
            "what windows of days have in common is not known, so small numbers could follow",
            where="--below, --from, --to",
            mend="give quarters alone, or one window alone",
        )
    if days or rejects is not None:
        raise CchcError(
            "durations and rejected rows are of single dossiers",
            where=f"--below, {'--days' if days else '--rejects'}",
            mend="leave one of the two out",
        )


def _publishable(table: pd.DataFrame, form: Form, below: int, lang: str) -> pd.DataFrame:
    """Return the columns of the official form, without what tells numbers below a bound."""
    rows = table[[name for name in table if name in form.columns or name in PUBLISHED]]
    # Procedures are parts of their sector, as sectors are of the total.
    within = [name for name in ("sector", "procedure") if name in table]
    groups = table[within].astype("str").agg("|".join, axis=1) if within else ALL
    parted = rows.assign(**{form.row: groups}) if form.row == "sector" else rows
    kept = suppress_together(None, {form.code: parted}, below=below, lang=lang)
    if kept.note:
        click.echo(kept.note)
    figures = [name for name in form.figures if name in rows]
    return rows.assign(**{name: kept.tables[form.code][name] for name in figures})


def _write_form(
    table: pd.DataFrame,
    out: Path,
    agency: str | None,
    form: Form,
    scan: LedgerScan,
    below: int | None,
) -> None:
    rows = validate(table[[name for name in table if name in form.columns]], form)
    rows["agency"] = rows["agency"].replace("all", agency or "Các cơ quan, đơn vị trong sổ hồ sơ")
    first = rows.iloc[0]
    when = {"period": first["period"], "basis": first["basis"]}
    quality = ledger_quality(scan) if below is None else None
    who = agency or ""
    write_form({form.code: rows}, out, agency=who, below=below, quality=quality, **when)


def _read(scan: LedgerScan, lang: str) -> LedgerScan:
    """Return the scan with its rows kept by the engine; meanwhile a bar on a terminal."""
    what = text("word", "reading", lang=lang)
    shown = sys.stderr.isatty()
    with (
        ThreadPoolExecutor(max_workers=1) as worker,
        tqdm(total=100, desc=what, bar_format=BAR, leave=False, disable=not shown) as bar,
    ):
        reading = worker.submit(keep, scan)
        while not wait([reading], timeout=0.2).done:
            # The engine tells how far it is in percent, and -1 while it does not know.
            bar.update(max(0.0, scan.connection.query_progress() - bar.n))
        return reading.result()


def _tell_ledger(counts: LedgerCounts, lang: str) -> None:
    """Print how much was read, and on stderr what could not be used."""

    def printed(number: int) -> str:
        return format_number(number, lang=lang)

    rejected = sum(counts.rejected.values())
    numbers = {
        "rows": counts.rows_read,
        "dossiers": counts.dossiers,
        "rejected": rejected,
        "repeated": counts.repeated,
    }
    click.echo(_sentence("ledger", numbers, lang))
    apart = ("without_due_date", "waiting", "returned", "withdrawn")
    click.echo(_sentence("ledger_apart", {name: getattr(counts, name) for name in apart}, lang))
    if counts.due_by_hour:
        due = {"due_by_day": counts.due_by_day, "due_by_hour": counts.due_by_hour}
        click.echo(_sentence("ledger_due", due, lang))
    for reason, number in counts.rejected.items():
        click.echo(f"  {word('reject', reason, lang=lang)}: {printed(number)}", err=True)
    for code, named in (
        ("ledger_unknown", (counts.channel_unknown, counts.status_unknown)),
        ("ledger_by_profile", (counts.by_profile,)),
    ):
        texts = ", ".join(filter(None, map(words_counted, named)))
        if texts:
            click.echo(text("sentence", code, lang=lang).format(texts=texts), err=True)


def _tell_quality(scan: LedgerScan, lang: str) -> None:
    """Print on stderr, in one sentence, what reading decided and left out."""
    named = vocabulary()["quality"]
    details = [
        f"{word('quality', row['check'], lang=lang)} {format_number(row['count'], lang=lang)}"
        + (f" ({say(row['example'], lang=lang)})" if row["example"] else "")
        for row in ledger_quality(scan).to_dict("records")
        if row["check"] in named
    ]
    if details:
        sentence = text("sentence", "ledger_quality", lang=lang)
        click.echo(sentence.format(told="; ".join(details)), err=True)


def _tell_coverage(form: pd.DataFrame, lang: str, *, strict: bool) -> None:
    """Print on stderr which windows the ledger covers for no agency; refuse them where asked.

    The table says it of each agency: one of few dossiers may rightly end before the others.
    """
    windows = form.assign(full=form["coverage"] == "full").groupby(["window_start", "window_end"])
    covered = windows.agg(
        full=("full", "any"), first_event=("first_event", "min"), last_event=("last_event", "max")
    )
    uncovered = []
    for row in covered[~covered["full"]].reset_index().to_dict("records"):
        days = {
            name: "–" if pd.isna(row[f"{name}_event"]) else f"{row[f'{name}_event']:%d/%m/%Y}"
            for name in ("first", "last")
        }
        window = Window(row["window_start"], row["window_end"])
        uncovered.append(
            text("sentence", "ledger_uncovered", lang=lang).format(window=window, **days)
        )
    for sentence in uncovered:
        click.echo(sentence, err=True)
    if strict and uncovered:
        raise CchcError(
            "the ledger does not cover the whole window",
            where="; ".join(uncovered),
            mend="export it anew after the window's end, or leave out --strict",
        )


def _tell_form(form: pd.DataFrame, lang: str) -> None:
    """Print the totals of each window."""
    windows = ["period", "basis", "window_start", "window_end"]
    sums = form.groupby(windows, sort=False, dropna=False)[list(TOTALS)].sum().reset_index()
    for row in sums.to_dict("records"):
        window = Window(row["window_start"], row["window_end"])
        named = ""
        if isinstance(row["period"], pd.Period):
            named = f"{label_period(row['period'], row['basis'], lang=lang)}, "
        totals = {name: int(row[name]) for name in TOTALS}
        click.echo(f"{named}{window}: {_sentence('tally', totals, lang)}")


def _tell_digital(form: pd.DataFrame, lang: str) -> None:
    """Print the totals of each window, "–" for one that is not counted, and what is missing."""
    names = {column: DIGITAL_SERVICES.labels[column] for column in DIGITAL_SERVICES.figures}
    for _, part in form.groupby(["window_start", "window_end"], sort=False):
        window = Window(part["window_start"].iloc[0], part["window_end"].iloc[0])
        figures = [
            f"{label.vi if lang == 'vi' else label.en} "
            + ("–" if part[name].isna().any() else format_number(int(part[name].sum()), lang=lang))
            for name, label in names.items()
            if name in part and part[name].notna().any()
        ]
        click.echo(f"{window}: {'; '.join(figures)}")
    for row in form[form["not_told"] != ""].to_dict("records"):
        click.echo(f"  {row['agency']}: {row['not_told']}", err=True)


def _sentence(code: str, numbers: dict[str, int], lang: str) -> str:
    slots = {name: format_number(number, lang=lang) for name, number in numbers.items()}
    return text("sentence", code, lang=lang).format(**slots)
