"""`cchc-stats form`: the official form written, or handed out empty."""

from __future__ import annotations

from pathlib import Path

import click

from cchc_stats.cli.program import main, refusals_told
from cchc_stats.publishing import write_form
from cchc_stats.reading import read_report
from cchc_stats.words import CchcError

FORM = """\
Write the statistical appendix of a report in the official form (biểu mẫu).

PATH is a report: a document (.docx, .xlsx, .txt …) or a folder of its tables. FILE ends with .docx
or .xlsx; it is written whole or not at all, and `cchc-stats check FILE` reads it back.

\b
Examples:
  cchc-stats form data/binh-dinh-skhcn-2020q3 --out bieu.docx
  cchc-stats form bieu.docx --out bieu.xlsx --sources
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
@click.option("--agency", default="", help="Name in the head of the empty form.")
@click.option("--as-reports", is_flag=True, help="Print 06 and 02/3, as reports do.")
@click.option("--sources", is_flag=True, help="Say in a comment where each figure comes from.")
def write_official_form(
    path: Path | None,
    out: Path,
    blank: bool,
    period: str | None,
    agency: str,
    as_reports: bool,
    sources: bool,
) -> None:
    """Write the form; see `FORM`."""
    with refusals_told():
        if blank == (path is not None):
            raise CchcError(
                "a form is of a report, or it is blank",
                where="PATH and --blank",
                mend="give one of the two",
            )
        if path is None:
            if period is None:
                raise CchcError(
                    "the empty form has no quarter", where="--period", mend="give one: 2020Q3"
                )
            write_form(None, out, period=period, blank=True, agency=agency)
        else:
            report = read_report(path)
            write_form(
                report,
                out,
                period=report.period if period is None else period,
                as_reports=as_reports,
                sources=sources,
            )
    click.echo(out)
