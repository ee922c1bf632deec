"""`cchc-stats report`: one report as a page, tables and pictures."""

from __future__ import annotations

from pathlib import Path

import click

from cchc_stats.cli.program import answers_option, lang_option, main, refusals_told, warn_of_example
from cchc_stats.errors import CchcError
from cchc_stats.index import load_scheme
from cchc_stats.periods import label_period
from cchc_stats.publishing import publish_quarter
from cchc_stats.publishing.texts import text

REPORT = """\
Measure, check, compare and plot the report at PATH.

PATH is a document (.docx, .xlsx, .txt; also .xls, .ods, .html, .pdf), or a folder that holds
report.toml (the head) and one CSV file per form, cells as printed, and where there are any
claims.csv and unplaced.csv. DIR then holds

\b
  index.html        all of it on one page
  values.csv        every figure, with the year to date
  comparisons.csv   against the quarter before and the year before
  findings.csv      what the checks found
  claims.csv        figures stated in the text
  unplaced.csv      what no form could hold
  *.png             the pictures of the page

With --scheme also score.html, the index page: points, the reason for each, what was lost; and
scores.csv, points_lost.csv.

\b
Example:
  cchc-stats report data/binh-dinh-skhcn-2020q3.docx --out build/report
  then open build/report/index.html

Ends with 0 when the page is written, whatever the checks found; with 2 when the report cannot
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
@lang_option
def report(path: Path, out: Path, scheme: str | None, answers: Path | None, lang: str) -> None:
    """Publish one report; see `REPORT`."""
    with refusals_told():
        if answers is not None and scheme is None:
            raise CchcError(
                "answers are for scoring", where="--answers", mend="say by which --scheme"
            )
        chosen = None if scheme is None else load_scheme(scheme)
        quarter = publish_quarter(
            path, out, lang=lang, progress=True, scheme=chosen, answers=answers
        )
    period = label_period(quarter.report.period, lang=lang)
    click.echo(f"{quarter.report.agency}, {period}")
    click.echo(text("sentence", "findings", lang=lang).format(**quarter.counts))
    click.echo(out / "index.html")
    if chosen is not None:
        warn_of_example(chosen, lang=lang)
        click.echo(out / "score.html")
