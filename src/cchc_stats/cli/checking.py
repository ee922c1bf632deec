"""`cchc-stats check`: what in reports cannot be true, or may need a word."""

from __future__ import annotations

from pathlib import Path

import click
import pandas as pd

from cchc_stats.checking import check
from cchc_stats.cli.program import (
    json_option,
    lang_option,
    main,
    records_of,
    refusals_told,
    say_json,
    write_csv,
)
from cchc_stats.publishing import text
from cchc_stats.reading import Report, ReportSet, read_reports
from cchc_stats.words import SEVERITIES, ReadError, join_findings, label_period, word

CHECK = """\
Check reports: each against itself, and against the quarter before where that is among them.

PATH is a report (.docx, .xlsx, .txt; also .xls, .ods, .html, .pdf), a folder of a report's tables
(report.toml and CSV files), or a folder of reports. A file that cannot be read is told on stderr,
and the others are checked all the same.

\b
An error cannot be true as it stands, a warning may have an explanation, a note is to be known.
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
@click.option("--period", help="The quarter, for reports that do not say it: 2020Q3.")
@lang_option
@json_option
def check_reports(
    paths: tuple[Path, ...],
    only: str,
    out: Path | None,
    period: str | None,
    lang: str,
    as_json: bool,
) -> None:
    """Check reports; see `CHECK`."""
    shown = SEVERITIES[: SEVERITIES.index(only) + 1]
    with refusals_told():
        reports = read_reports(paths, period=period)
        found = [
            check(report, previous=_before(report, reports), lang=lang)
            for report in reports.reports
        ]
        told = list(zip(reports.reports, reports.paths, found, strict=True))
        if as_json:
            say_json(_summary(told, reports.failures, shown))
        for report, path, findings in [] if as_json else told:
            _tell(report, path, findings, shown, lang)
        for failure in reports.failures.to_dict("records"):
            error = ReadError(failure["what"], where=failure["where"], mend=failure["mend"])
            click.echo(f"cchc-stats: {error}", err=True)
        together = join_findings(found)
        if out is not None:
            write_csv(together, out)
    if (together["severity"] == "error").any():
        raise SystemExit(1)
    if len(reports.failures):
        raise SystemExit(2)


def _summary(
    told: list[tuple[Report, str, pd.DataFrame]], failures: pd.DataFrame, shown: tuple[str, ...]
) -> dict[str, object]:
    """Return what `--json` prints: each report with its findings, and what could not be read."""
    reports = [
        {
            "path": path,
            "agency": report.agency,
            "period": str(report.period),
            "findings": records_of(findings[findings["severity"].isin(shown)]),
        }
        for report, path, findings in told
    ]
    return {"reports": reports, "failures": records_of(failures)}


def _before(report: Report, reports: ReportSet) -> Report | None:
    """Return the report of the quarter before, where exactly one is there."""
    found = [
        other
        for other in reports.reports
        if other.agency == report.agency and other.period == report.period - 1
    ]
    return found[0] if len(found) == 1 else None


def _tell(
    report: Report, path: str, findings: pd.DataFrame, shown: tuple[str, ...], lang: str
) -> None:
    click.echo(f"{path}: {report.agency}, {label_period(report.period, lang=lang)}")
    counts = {severity: int((findings["severity"] == severity).sum()) for severity in SEVERITIES}
    click.echo(text("sentence", "findings", lang=lang).format(**counts))
    for one in findings[findings["severity"].isin(shown)].to_dict("records"):
        where = f" ({one['where']})" if _adds(one["where"], one["message"]) else ""
        severity = word("severity", one["severity"], lang=lang)
        click.echo(f"  {severity}: {one['message']}{where}")


def _adds(where: object, message: str) -> bool:
    """Return whether a place is given, and the message tells none: of many it tells the first."""
    if not isinstance(where, str) or not where:
        return False
    return not any(place in message for place in where.split("; "))
