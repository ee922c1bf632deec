"""The command line: `cchc-stats report FOLDER --out DIR`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from cchc_stats.errors import CchcError
from cchc_stats.labels import LANGUAGES
from cchc_stats.periods import label_period
from cchc_stats.publishing import publish_quarter
from cchc_stats.publishing.texts import text

REPORT = """\
Measure, check, compare and plot the report in FOLDER.

FOLDER holds report.toml (the head) and one CSV file per form, cells as printed, and where there
are any claims.csv and unplaced.csv. DIR then holds

\b
  index.html        all of it on one page
  values.csv        every figure, with the year to date
  comparisons.csv   against the quarter before and the year before
  findings.csv      what the checks found
  claims.csv        figures stated in the text
  unplaced.csv      what no form could hold
  *.png             the pictures of the page

\b
Example:
  cchc-stats report data/binh-dinh-skhcn-2020q3 --out build/report
  then open build/report/index.html

Ends with 0 when the page is written, whatever the checks found; with 2 when the report cannot
be read or DIR cannot be written, and then says what is wrong, where, and how to mend it.
"""


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="cchc_stats", message="%(package)s %(version)s")
def main() -> None:
    """Statistics of Vietnam's public administration reform (cải cách hành chính)."""
    for stream in (sys.stdout, sys.stderr):
        # A console without Vietnamese letters shows "?" for them instead of ending the run.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


@main.command(help=REPORT)
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--out",
    required=True,
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Folder to write into; made where it is not there. Files of an earlier run are replaced.",
)
@click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    default="vi",
    show_default=True,
    help="Language of the page, the pictures and the messages.",
)
def report(folder: Path, out: Path, lang: str) -> None:
    """Publish one report; see `REPORT`."""
    try:
        quarter = publish_quarter(folder, out, lang=lang, progress=True)
    except CchcError as error:
        click.echo(f"cchc-stats: {error}", err=True)
        raise SystemExit(2) from None
    period = label_period(quarter.report.period, lang=lang)
    click.echo(f"{quarter.report.agency}, {period}")
    click.echo(text("sentence", "findings", lang=lang).format(**quarter.counts))
    click.echo(out / "index.html")


if __name__ == "__main__":
    main()
