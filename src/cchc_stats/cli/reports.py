"""`cchc-stats report`, `check` and `form`: reports published, checked, written in official form."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import click
import pandas as pd

from cchc_stats.checking import check, findings_of_each, two_editions
from cchc_stats.cli.keeping import (
    Before,
    before_of,
    editions_before,
    held_cells,
    held_words,
    store_at,
    store_option,
)
from cchc_stats.cli.program import (
    FILES,
    annexes_option,
    answers_option,
    below_option,
    json_option,
    lang_option,
    main,
    period_option,
    reading_options,
    record_of,
    records_of,
    refusals_printed,
    require_csv,
    require_there,
    said_option,
    say_json,
    tell_failures,
    told,
    warn_of_example,
)
from cchc_stats.index import load_scheme
from cchc_stats.publishing import Published, Store, publish_quarter, text, write_form
from cchc_stats.reading import Report, read_report, read_reports
from cchc_stats.values import read_values
from cchc_stats.words import (
    SEVERITIES,
    CchcError,
    join_findings,
    label_period,
    word,
    write_table,
)

PARTS = ("what", "where", "mend")  # of a refusal
ROOT_CELLS = ("points", "applicable_max", "percent", "points_known", "unknown_max", "complete")
REPORT = """\
Measure, check, compare, score and plot the report at PATH, and write it out.

PATH is a document (.docx, .xlsx, .txt; also .xls, .ods, .html, .pdf), or a folder that holds
report.toml (the head) and one CSV file per form, cells as printed, and where there are any
claims.csv and unplaced.csv. DIR then holds

\b
  index.html        all of it on one page that needs no other file: figures with
                    intervals and changes, plots, findings, the index
  bieu.docx         the statistical appendix in the official form
  bieu.xlsx         the same as a workbook, totals as formulas
  values.csv        every figure, with the year to date; values.xlsx the same as a workbook
  comparisons.csv   against the quarter before and the year before
  findings.csv      the findings of the checks
  claims.csv        figures stated in the text
  unplaced.csv      what no form could hold

With --scheme the page has a section on the index: points, the reason for each, what was lost;
and there are scores.csv, points_lost.csv. With --history it has trends, with --units the targets of
that list. With --below 5 none of the files has a figure from which a number from 1 to 4 would
follow.

\b
Example:
  cchc-stats report data/binh-dinh-skhcn-2020q3.docx --out build/report
  then open build/report/index.html

Ends with 0 when the page is written, whatever the findings; with 2 when the report cannot
be read or DIR cannot be written, and then says what is wrong, where, and how to mend it.
"""


@main.command(help=REPORT)
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--out",
    required=True,
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Folder to write into; made where it is not there. Files of an earlier run are replaced.",
)
@click.option("--scheme", help="Also score the index by this scheme: its name, or a TOML file.")
@answers_option
@click.option(
    "--history",
    metavar="VALUES.csv",
    type=click.Path(path_type=Path),
    help="Figures of earlier quarters, as values.csv has them: for changes and trends.",
)
@below_option
@annexes_option
@store_option
@period_option
@reading_options
@lang_option
@json_option
def report(
    path: Path,
    out: Path,
    scheme: str | None,
    answers: Path | None,
    history: Path | None,
    below: int | None,
    annexes: bool,
    store_path: Path | None,
    lang: str,
    as_json: bool,
    **reading: Any,
) -> None:
    """Publish one report; see `REPORT`."""
    with refusals_printed():
        beside = {name: reading[name] for name in FILES}
        require_there(PATH=path, answers=answers, history=history, **beside)
        if answers is not None and scheme is None:
            raise CchcError(
                "answers are for scoring", where="--answers", mend="say by which --scheme"
            )
        chosen = None if scheme is None else load_scheme(scheme)
        store = store_at(store_path)
        published = publish_quarter(
            path,
            out,
            lang=lang,
            progress=True,
            scheme=chosen,
            answers=answers,
            history=None if history is None else read_values(history),
            below=below,
            annexes=annexes,
            store=store,
            **reading,
        )
        quarter = published.quarter
        before = before_of(quarter.report, [], store)
    for file, refusal in published.refused.items():
        click.echo(f"cchc-stats: {file}: {told(refusal)}", err=True)
    if chosen is not None:
        warn_of_example(chosen, lang=lang)
    if as_json:
        say_json(_publication(published) | {"held_against": held_cells(before)})
        return
    click.echo(f"{quarter.report.agency}, {label_period(quarter.report.period, lang=lang)}")
    click.echo(text("sentence", "findings", lang=lang).format(**quarter.counts))
    if store is not None:
        click.echo(held_words(quarter.report, before, lang))
    if quarter.left_out:
        click.echo(quarter.left_out)
    click.echo(published.page)


def _publication(published: Published) -> dict[str, object]:
    """Return what `--json` prints: agency, period, counts of findings, index, files."""
    report, scored = published.quarter.report, published.scored
    index = None
    if scored is not None:
        root = scored.root.to_dict()
        index = {"scheme": scored.scheme.name, "scheme_status": scored.scheme.status}
        index |= record_of({name: root[name] for name in ROOT_CELLS})
    return {
        "agency": report.agency,
        "period": str(report.period),
        "findings": published.quarter.counts,
        "index": index,
        "files": [str(file) for file in published.files],
        "refused": {file: told(error.what) for file, error in published.refused.items()},
    }


# --- check ---

CHECK = """\
Check reports: each against itself, and against the quarter before where that is among them.

PATH is a report (.docx, .xlsx, .txt; also .xls, .ods, .html, .pdf), a folder of a report's tables
(report.toml and CSV files), or a folder of reports. A file that cannot be read is named on stderr,
and the others are checked all the same.

\b
An error cannot be true as it stands, a warning may have an explanation, a note is for the reader.
Nothing is repaired.

\b
Examples:
  cchc-stats check data/binh-dinh-skhcn-2020q3.docx
  cchc-stats check reports/ --only error --out findings.csv

Ends with 1 where there are errors; else with 2 where something cannot be read; else with 0.
"""


@main.command("check", help=CHECK)
@click.argument(
    "paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option(
    "--only",
    type=click.Choice(SEVERITIES),
    default="note",
    help="Print findings of this severity and worse.",
)
@click.option(
    "--out",
    metavar="FILE.csv",
    type=click.Path(path_type=Path),
    help="Write all findings as CSV.",
)
@store_option
@period_option
@reading_options
@lang_option
@json_option
def check_reports(
    paths: tuple[Path, ...],
    only: str,
    out: Path | None,
    agency: str | None,
    store_path: Path | None,
    lang: str,
    as_json: bool,
    **reading: Any,
) -> None:
    """Check reports; see `CHECK`."""
    shown = SEVERITIES[: SEVERITIES.index(only) + 1]
    with refusals_printed():
        require_csv(out, "--out")
        require_there(**{name: reading[name] for name in FILES})
        reports, names, failures = _read(paths, agency, reading, lang)
        store = store_at(store_path)
        checked = _checked(reports, names, store, lang)
        together = join_findings(one.findings for one in checked)
        if store is not None:
            store.add_findings(together, of=reports)
        if as_json:
            say_json(_checks(checked, failures, shown))
        for one in [] if as_json else checked:
            _tell_findings(one, shown, store, lang)
        tell_failures(failures)
        if out is not None:
            write_table(out, together)
    if (together["severity"] == "error").any():
        raise SystemExit(1)
    if len(failures):
        raise SystemExit(2)


def _tell_names(agencies: pd.DataFrame, lang: str) -> None:
    """Say on stderr which printed names are taken for which others, where that was judged."""
    for one in agencies[~agencies["how"].isin(["same", "case"])].to_dict("records"):
        if one["matched"] and one["matched"] != one["agency"]:
            click.echo(word("agency", "taken_for", lang=lang).format_map(one), err=True)


class _Checked(NamedTuple):
    """A report, its path and findings, and what it was held against."""

    report: Report
    path: str
    findings: pd.DataFrame
    before: Before | None


def _read(
    paths: Sequence[Path], agency: str | None, reading: dict[str, Any], lang: str
) -> tuple[Sequence[Report], Sequence[str], pd.DataFrame]:
    """Return the reports of paths, the path of each, and what could not be read."""
    if agency is None:
        collection = read_reports(paths, **reading)
        _tell_names(collection.agencies, lang)
        return collection.reports, collection.paths, collection.failures
    reports = [read_report(path, agency=agency, **reading) for path in paths]
    return reports, [*map(str, paths)], pd.DataFrame({"what": []})


def _checked(
    reports: Sequence[Report], names: Sequence[str], store: Store | None, lang: str
) -> list[_Checked]:
    """Return each report with its findings; a store keeps the reports and knows earlier ones."""
    if store is not None:
        store.add(reports)
    before = [before_of(one, reports, store) for one in reports]
    if store is None:
        findings = findings_of_each(reports, lang=lang)
    else:
        findings = [
            join_findings(
                [
                    check(one, previous=held and held.report, lang=lang),
                    two_editions([*editions_before(one, store), one], lang=lang),
                ]
            )
            for one, held in zip(reports, before, strict=True)
        ]
    return [_Checked(*each) for each in zip(reports, names, findings, before, strict=True)]


def _checks(
    checked: list[_Checked], failures: pd.DataFrame, shown: tuple[str, ...]
) -> dict[str, object]:
    """Return what `--json` prints: each report with its findings, and what could not be read."""
    reports = [
        {
            "path": one.path,
            "agency": one.report.agency,
            "period": str(one.report.period),
            "held_against": held_cells(one.before),
            "findings": records_of(one.findings[one.findings["severity"].isin(shown)]),
        }
        for one in checked
    ]
    said = failures.assign(**{part: failures[part].map(told) for part in PARTS if part in failures})
    return {"reports": reports, "failures": records_of(said)}


def _tell_findings(
    checked: _Checked, shown: tuple[str, ...], store: Store | None, lang: str
) -> None:
    report, path, findings, before = checked
    click.echo(f"{path}: {report.agency}, {label_period(report.period, lang=lang)}")
    counts = {severity: int((findings["severity"] == severity).sum()) for severity in SEVERITIES}
    click.echo(text("sentence", "findings", lang=lang).format(**counts))
    if before is not None or store is not None:
        click.echo(held_words(report, before, lang))
    for one in findings[findings["severity"].isin(shown)].to_dict("records"):
        where = f" ({one['where']})" if _adds(one["where"], one["message"]) else ""
        severity = word("severity", one["severity"], lang=lang)
        click.echo(f"  {severity}: {one['message']}{where}")


def _adds(where: object, message: str) -> bool:
    """Return whether a place is given, and the message tells none: of many it tells the first."""
    if not isinstance(where, str) or not where:
        return False
    return not any(place in message for place in where.split("; "))


# --- form ---

FORM = """\
Write the statistical appendix of a report in the official form (biểu mẫu).

PATH is a report: a document (.docx, .xlsx, .txt …) or a folder of its tables. FILE ends with .docx
or .xlsx; it is written in full or not at all, and `cchc-stats check FILE` reads it back.

\b
Examples:
  cchc-stats form data/binh-dinh-skhcn-2020q3 --out bieu.docx
  cchc-stats form bieu.docx --out bieu.xlsx --sources
  cchc-stats form bieu.docx --out public.xlsx --below 5
  cchc-stats form --blank --period 2020Q4 --agency "Sở Y tế" --out mau.docx

Ends with 0 when the file is written; with 2 when the report cannot be read or the file cannot be
written, and then says what is wrong, where, and how to mend it.
"""


@main.command("form", help=FORM)
@click.argument("path", required=False, type=click.Path(path_type=Path))
@click.option(
    "--out",
    required=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="File to write: .docx or .xlsx.",
)
@click.option("--blank", is_flag=True, help="Write the empty form, to hand out; needs --period.")
@click.option("--period", help="The quarter, such as 2020Q3; that of the report if not given.")
@reading_options
@click.option("--as-reports", is_flag=True, help="Print 06 and 02/3, as reports do.")
@click.option("--sources", is_flag=True, help="Say in a comment where each figure comes from.")
@below_option
@store_option
@said_option
def write_official_form(
    path: Path | None,
    out: Path,
    blank: bool,
    period: str | None,
    agency: str | None,
    as_reports: bool,
    sources: bool,
    below: int | None,
    store_path: Path | None,
    **reading: Any,
) -> None:
    """Write the form; see `FORM`."""
    with refusals_printed():
        if blank == (path is not None):
            raise CchcError(
                "a form is of a report, or it is blank",
                where="PATH and --blank are both given" if blank else "no PATH, and no --blank",
                mend="leave out one of the two" if blank else "give the report's PATH, or --blank",
            )
        if path is None:
            if period is None:
                raise CchcError(
                    "the empty form has no quarter", where="--period", mend="give one: 2020Q3"
                )
            write_form(None, out, period=period, blank=True, agency=agency or "")
        else:
            require_there(**{name: reading[name] for name in FILES})
            report = read_report(path, agency=agency, **reading)
            if (store := store_at(store_path)) is not None:
                store.add(report)
            write_form(
                report,
                out,
                period=report.period if period is None else period,
                as_reports=as_reports,
                sources=sources,
                below=below,
            )
    click.echo(out)
