"""`cchc-stats report`: one report as a page, tables and pictures."""

from __future__ import annotations

from pathlib import Path

import click

from cchc_stats.cli.program import (
    answers_option,
    json_option,
    lang_option,
    main,
    record_of,
    refusals_told,
    say_json,
    warn_of_example,
)
from cchc_stats.index import load_scheme
from cchc_stats.publishing import Published, publish_quarter, text
from cchc_stats.values import read_values
from cchc_stats.words import CchcError, label_period

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
  values.csv        every figure, with the year to date
  comparisons.csv   against the quarter before and the year before
  findings.csv      what the checks found
  claims.csv        figures stated in the text
  unplaced.csv      what no form could hold

With --scheme the page has a section on the index: points, the reason for each, what was lost;
and there are scores.csv, points_lost.csv. With --history it has trends.

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
@click.option(
    "--history",
    metavar="VALUES.csv",
    type=click.Path(path_type=Path),
    help="Figures of earlier quarters, as values.csv has them: for changes and trends.",
)
@lang_option
@json_option
def report(
    path: Path,
    out: Path,
    scheme: str | None,
    answers: Path | None,
    history: Path | None,
    lang: str,
    as_json: bool,
) -> None:
    """Publish one report; see `REPORT`."""
    with refusals_told():
        if answers is not None and scheme is None:
            raise CchcError(
                "answers are for scoring", where="--answers", mend="say by which --scheme"
            )
        chosen = None if scheme is None else load_scheme(scheme)
        known = None if history is None else read_values(history)
        published = publish_quarter(
            path, out, lang=lang, progress=True, scheme=chosen, answers=answers, history=known
        )
    for file, refusal in published.refused.items():
        click.echo(f"cchc-stats: {file}: {refusal}", err=True)
    if chosen is not None:
        warn_of_example(chosen, lang=lang)
    if as_json:
        say_json(_summary(published))
        return
    quarter = published.quarter
    click.echo(f"{quarter.report.agency}, {label_period(quarter.report.period, lang=lang)}")
    click.echo(text("sentence", "findings", lang=lang).format(**quarter.counts))
    click.echo(published.page)


ROOT_CELLS = ("points", "applicable_max", "percent", "points_known", "unknown_max", "complete")


def _summary(published: Published) -> dict[str, object]:
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
        "refused": {file: error.what for file, error in published.refused.items()},
    }
