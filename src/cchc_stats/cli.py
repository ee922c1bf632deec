"""The command line: `cchc-stats report | score | schemes`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import pandas as pd

from cchc_stats.errors import CchcError
from cchc_stats.index import (
    Scheme,
    explain,
    list_schemes,
    load_scheme,
    points_lost,
    read_answers,
    score,
)
from cchc_stats.index.nodes import ROOT
from cchc_stats.labels import LANGUAGES
from cchc_stats.numerals import format_number
from cchc_stats.periods import label_period
from cchc_stats.publishing import publish_quarter
from cchc_stats.publishing.texts import text
from cchc_stats.publishing.writing import spreadsheet_safe
from cchc_stats.values import read_values

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

With --scheme also score.html, the index page: points, the reason for each, what was lost; and
scores.csv, points_lost.csv.

\b
Example:
  cchc-stats report data/binh-dinh-skhcn-2020q3 --out build/report --scheme example-department
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


lang_option = click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    default="vi",
    show_default=True,
    help="Language of what is written and said.",
)
answers_option = click.option(
    "--answers",
    type=click.Path(path_type=Path),
    help="CSV file: agency, period, code, answer (yes, no, not_applicable, a level) or number.",
)


@contextmanager
def refusals_told() -> Iterator[None]:
    """Say what is wrong, where, and how to mend it, and end with 2."""
    try:
        yield
    except CchcError as error:
        click.echo(f"cchc-stats: {error}", err=True)
        raise SystemExit(2) from None


@main.command(help=REPORT)
@click.argument("folder", type=click.Path(path_type=Path))
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
def report(folder: Path, out: Path, scheme: str | None, answers: Path | None, lang: str) -> None:
    """Publish one report; see `REPORT`."""
    with refusals_told():
        if answers is not None and scheme is None:
            raise CchcError(
                "answers are for scoring", where="--answers", mend="say by which --scheme"
            )
        chosen = None if scheme is None else load_scheme(scheme)
        quarter = publish_quarter(
            folder, out, lang=lang, progress=True, scheme=chosen, answers=answers
        )
    period = label_period(quarter.report.period, lang=lang)
    click.echo(f"{quarter.report.agency}, {period}")
    click.echo(text("sentence", "findings", lang=lang).format(**quarter.counts))
    click.echo(out / "index.html")
    if chosen is not None:
        _warn_of_example(chosen, lang=lang)
        click.echo(out / "score.html")


SCORE = """\
Score VALUES by a scheme of the index, with the reason for each point.

VALUES is a CSV file as `write_values` (or `cchc-stats report`) writes it: agency, period,
indicator, value, or numerator and denominator. "-" for none: everything is in the answers.

Prints each agency's result. What is not known leaves the result open: then points that are known
and points that are missing are printed instead.

\b
Examples:
  cchc-stats score build/report/values.csv --scheme example-department --reasons
  cchc-stats score values.csv --scheme qd-766-2022 --answers answers.csv --out scores.csv

Ends with 0 when every agency's score is whole, with 1 when some are open, with 2 when something
cannot be read or scored.
"""


@main.command("score", help=SCORE)
@click.argument("values", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--scheme", required=True, help="Name of a shipped scheme, or a TOML file.")
@answers_option
@click.option(
    "--out",
    metavar="FILE.csv",
    type=click.Path(path_type=Path),
    help="Write the points of every node as CSV.",
)
@click.option("--reasons", is_flag=True, help="Print why each criterion has its points.")
@click.option("--lost", is_flag=True, help="Print where points were lost, the largest first.")
@lang_option
def score_values(
    values: Path,
    scheme: str,
    answers: Path | None,
    out: Path | None,
    reasons: bool,
    lost: bool,
    lang: str,
) -> None:
    """Score a values file; see `SCORE`."""
    with refusals_told():
        chosen = load_scheme(scheme)
        figures = None if str(values) == "-" else read_values(values)
        said = None if answers is None else read_answers(answers)
        scores = score(figures, chosen, answers=said)
        if out is not None:
            _write(scores, out)
        _warn_of_example(chosen, lang=lang)
        for _, case in scores.groupby(["agency", "period", "assessor"], sort=False):
            _tell(case, reasons=reasons, lost=lost, lang=lang)
    if not scores["complete"].all():
        raise SystemExit(1)


def _tell(case: pd.DataFrame, *, reasons: bool, lost: bool, lang: str) -> None:
    """Print one agency's result, and where asked the reasons and the losses."""
    root = case[case["code"] == ROOT].iloc[0]
    slots = {
        name: format_number(root[column], decimals=2, lang=lang)
        for name, column in (
            ("points", "points"),
            ("most", "applicable_max"),
            ("known", "points_known"),
            ("unknown", "unknown_max"),
        )
    }
    percent = format_number(root["percent"], decimals=2, unit="percent", lang=lang)
    result = "score" if root["complete"] else "score_open"
    period = label_period(root["period"], lang=lang)
    assessor = "" if root["assessor"] == "self" else f", {root['assessor']}"
    told = text("sentence", result, lang=lang).format(percent=percent, **slots)
    click.echo(f"{root['agency']}, {period}{assessor}: {told}")
    if reasons:
        for code in case.loc[~case["code"].isin(case["parent"]), "code"]:
            click.echo(f"  {explain(case, code, lang=lang)}")
    if lost:
        for row in points_lost(case, lang=lang).to_dict("records"):
            points = format_number(row["lost"], decimals=2, lang=lang, missing="?")
            click.echo(f"  -{points}  {row['label']}: {row['how']}")


def _write(scores: pd.DataFrame, out: Path) -> None:
    try:
        spreadsheet_safe(scores).to_csv(out, index=False, encoding="utf-8-sig")
    except OSError as error:
        raise CchcError(
            f"the scores cannot be written: {error.strerror or error}",
            where=str(out),
            mend="give a file in a folder that is there and that you may write to",
        ) from error


def _warn_of_example(scheme: Scheme, *, lang: str) -> None:
    if scheme.status == "example":
        click.echo(text("word", "example_scheme", lang=lang), err=True)


@main.command("schemes")
@click.argument("name", required=False)
@lang_option
def schemes(name: str | None, lang: str) -> None:
    """List the schemes of the index, or show the tree of one: its NAME, or a TOML file.

    A scheme is a TOML file: fields, criteria, sub-criteria, points and rules. Copy one, edit it,
    and give its path to --scheme; what is wrong with it is said with the node and the mend.
    """
    with refusals_told():
        if name is None:
            table = list_schemes()
            for row in table.to_dict("records"):
                standing = text("status", row["status"], lang=lang)
                click.echo(f"{row['name']}: {row['title']}")
                click.echo(f"  {row['max_points']:g}, {row['leaves']}; {standing}; {row['source']}")
            return
        chosen = load_scheme(name)
        _warn_of_example(chosen, lang=lang)
        for row in chosen.nodes.to_dict("records"):
            label = row["label"] if lang == "vi" else row["label_en"] or row["label"]
            points = format_number(row["max_points"], unit="points", lang=lang)
            rule = f" [{row['rule']}{': ' + row['indicator'] if row['indicator'] else ''}]"
            told = f"{row['code']} {label}: {points}{rule if row['rule'] else ''}"
            click.echo("  " * int(row["level"]) + told)


if __name__ == "__main__":
    main()
