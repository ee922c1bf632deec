"""`cchc-stats letters` and `answers`: what goes to the units, and comes back from them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import pandas as pd

from cchc_stats.checking import check, two_editions
from cchc_stats.cli.keeping import before_of, editions_before, store_at, store_option
from cchc_stats.cli.program import (
    lang_option,
    main,
    refusals_printed,
    require_there,
    set_options,
    tell_failures,
    units_option,
)
from cchc_stats.index import write_answer_sheet
from cchc_stats.indicators import missing_reports
from cchc_stats.publishing import Store, write_findings
from cchc_stats.reading import Report, read_reports, read_units
from cchc_stats.words import Window, join_findings, parse_period

LETTERS = """\
Write each unit a letter of what was found in its report, to be signed and sent.

PATH is as for `check`. DIR then holds a Word document for each unit in whose report something is to
be mended or explained, in the form of Decree 30/2020/NĐ-CP: what it is, where, and room for the
answer. With --units, who has sent nothing gets a reminder. Letters of an earlier run for the same
quarter that no longer apply are removed, unless somebody has changed them.

\b
Examples:
  cchc-stats letters reports/ --units units.toml --period 2026Q3 --out letters
  cchc-stats letters second-edition/ --earlier reports/ --out letters

Ends with 0 when the letters are written, with 2 when something cannot be read or written.
"""


@main.command("letters", help=LETTERS)
@click.argument(
    "paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option(
    "--out",
    required=True,
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Folder to write into; made where it is not there.",
)
@units_option
@click.option(
    "--earlier",
    metavar="PATH",
    type=click.Path(path_type=Path),
    help="Reports of the edition before: the letters say what was mended and what was not.",
)
@click.option("--xlsx", is_flag=True, help="Write each letter's points as a workbook as well.")
@click.option("--notes", is_flag=True, help="Tell notes too, at the end of a letter.")
@click.option("--clean", is_flag=True, help="Write units a letter whose reports are in order, too.")
@click.option("--period", help="The quarter of the letters, such as 2026Q3; else the latest there.")
@store_option
@set_options
@lang_option
def write_letters(
    paths: tuple[Path, ...],
    out: Path,
    units: Path | None,
    earlier: Path | None,
    xlsx: bool,
    notes: bool,
    clean: bool,
    period: str | None,
    store_path: Path | None,
    lang: str,
    **reading: Any,
) -> None:
    """Write letters; see `LETTERS`."""
    with refusals_printed():
        beside = {name: reading[name] for name in ("layouts", "corrections")}
        require_there(units=units, earlier=earlier, **beside)
        listed = None if units is None else read_units(units)
        collection = read_reports(paths, units=listed, **reading)
        periods = [one.period for one in collection.reports]
        quarter = parse_period(period) if period else max(periods, default=None)
        missing = None
        if listed is not None and quarter is not None:
            missing = missing_reports(collection, listed, [quarter])
        store = store_at(store_path)
        former = _former(collection.reports, store)
        if earlier is not None:
            former = read_reports([earlier], units=listed, **reading).reports
        before = _findings_of(former, quarter, store, lang) if former else None
        names = [*dict.fromkeys(one.agency for one in collection.reports)]
        written = write_findings(
            _findings_of(collection.reports, quarter, store, lang),
            out,
            units=names if listed is None and clean else listed,
            period=quarter,
            earlier=before,
            missing=missing,
            xlsx=xlsx,
            notes=notes,
            clean=clean,
            lang=lang,
        )
    for path in written:
        click.echo(path)
    tell_failures(collection.failures)
    if len(collection.failures):
        raise SystemExit(2)


def _former(reports: Sequence[Report], store: Store | None) -> Sequence[Report]:
    """Keep reports in a store, and return the editions that came before them in it."""
    if store is not None:
        store.add(reports)
    return [each for one in reports for each in editions_before(one, store)]


def _findings_of(
    reports: Sequence[Report], quarter: pd.Period | None, store: Store | None, lang: str
) -> pd.DataFrame:
    """Return the findings of a quarter's reports, each held against the one before it."""
    again = two_editions(reports, lang=lang)
    # What bears the quarter before, but was signed when this one's was due, is of it as well.
    return join_findings(
        join_findings(
            [
                check(one, previous=held and held.report, lang=lang),
                again[again["file"] == one.source],
            ]
        )
        for one, held in ((each, before_of(each, reports, store)) for each in reports)
        if quarter is None or one.period == quarter or _signed_after(one, quarter)
    )


def _signed_after(report: Report, quarter: pd.Period) -> bool:
    """Return whether a report of the quarter before was signed after the days of this one."""
    signed, is_before = report.signed_on, report.period == quarter - 1
    return is_before and signed is not None and signed > Window.of(quarter).end


ANSWERS = """\
Write the workbook in which agencies answer for the criteria of SCHEME that no figure tells.

SCHEME is the name of a shipped scheme, or a TOML file. Each agency has a row per criterion, with a
list of the answers that it takes. Filled in, it is what `score --answers` takes.

\b
Examples:
  cchc-stats answers example-department --units units.toml --period 2026Q3 --out phieu.xlsx
  cchc-stats answers example-department --agencies "Sở A" --agencies "Sở B" --out phieu.xlsx

Ends with 0 when the file is written, with 2 when it cannot be.
"""


@main.command("answers", help=ANSWERS)
@click.argument("scheme")
@click.option("--agencies", metavar="NAME", multiple=True, help="Who answers; once for each.")
@units_option
@click.option("--period", help="The quarter that is answered for, such as 2026Q3.")
@click.option(
    "--out",
    required=True,
    metavar="FILE.xlsx",
    type=click.Path(path_type=Path),
    help="Workbook to write.",
)
@lang_option
def write_answers(
    scheme: str,
    agencies: tuple[str, ...],
    units: Path | None,
    period: str | None,
    out: Path,
    lang: str,
) -> None:
    """Write a sheet of answers; see `ANSWERS`."""
    with refusals_printed():
        require_there(units=units)
        names = agencies if units is None else (*agencies, *read_units(units).names)
        write_answer_sheet(scheme, out, agencies=dict.fromkeys(names), period=period, lang=lang)
    click.echo(out)
