"""`cchc-stats score` and `cchc-stats schemes`: the index."""

from __future__ import annotations

from pathlib import Path

import click
import pandas as pd

from cchc_stats.cli.program import (
    answers_option,
    json_option,
    lang_option,
    main,
    record_of,
    records_of,
    refusals_printed,
    require_csv,
    require_there,
    say_json,
    warn_of_example,
)
from cchc_stats.index import (
    CASE,
    ROOT,
    explain,
    list_schemes,
    load_scheme,
    points_lost,
    read_answers,
    score,
)
from cchc_stats.publishing import Store, result_words, text
from cchc_stats.values import read_values
from cchc_stats.words import CchcError, assessor_name, format_number, label_period, write_table

SCORE = """\
Score VALUES by a scheme of the index, with the reason for each point.

VALUES is a CSV file as `write_values` (or `cchc-stats report`) writes it: agency, period,
indicator, value, or numerator and denominator. "-" for none: everything is in the answers.

Prints each agency's result. A leaf without a figure leaves the result open: then the points of
the others and the points that are missing are printed instead.

\b
Examples:
  cchc-stats score build/report/values.csv --scheme example-department --reasons
  cchc-stats score values.csv --scheme qd-766-2022 --answers answers.csv --out scores.csv
  cchc-stats score --store tinh.duckdb --period 2026Q3 --scheme example-department

Ends with 0 when every agency's score is complete, with 1 when some are open, with 2 when something
cannot be read or scored.
"""


RESULT = (
    *CASE,
    "scheme",
    "scheme_status",
    "points",
    "applicable_max",
    "percent",
    "points_known",
    "unknown_max",
    "complete",
)


@main.command("score", help=SCORE)
@click.argument("values", required=False, type=click.Path(path_type=Path, allow_dash=True))
@click.option("--scheme", required=True, help="Name of a shipped scheme, or a TOML file.")
@answers_option
@click.option(
    "--out",
    metavar="FILE.csv",
    type=click.Path(path_type=Path),
    help="Write the points of every node as CSV.",
)
@click.option("--reasons", is_flag=True, help="Print why each criterion has its points.")
@click.option(
    "--across-windows",
    is_flag=True,
    help="Score figures of the decree's quarter (15th to 14th) and of the calendar's together.",
)
@click.option("--lost", is_flag=True, help="Print where points were lost, the largest first.")
@click.option(
    "--store",
    "store_path",
    metavar="FILE.duckdb",
    type=click.Path(path_type=Path),
    help="Score the figures of the newest reports in a store, in the place of VALUES.",
)
@click.option("--period", help="Of the store the figures of one quarter: 2026Q3.")
@lang_option
@json_option
def score_values(
    values: Path | None,
    scheme: str,
    answers: Path | None,
    out: Path | None,
    reasons: bool,
    across_windows: bool,
    lost: bool,
    store_path: Path | None,
    period: str | None,
    lang: str,
    as_json: bool,
) -> None:
    """Score a values file; see `SCORE`."""
    with refusals_printed():
        require_csv(out, "--out")
        if (values is None) == (store_path is None) or (period and store_path is None):
            raise CchcError(
                "figures are of a file, or of the newest reports in a store",
                where="VALUES, --store, --period",
                mend='give VALUES ("-" for none), or --store and where wanted --period',
            )
        given_values = None if str(values) == "-" else values
        require_there(VALUES=given_values, answers=answers)
        chosen = load_scheme(scheme)
        figures = None if given_values is None else read_values(given_values)
        if store_path is not None:
            figures = Store(store_path).values(period=period)
        given = None if answers is None else read_answers(answers)
        scores = score(figures, chosen, answers=given, across_windows=across_windows)
        if out is not None:
            write_table(out, scores)
        warn_of_example(chosen, lang=lang)
        cases = [case for _, case in scores.groupby(CASE, sort=False)]
        if as_json:
            say_json([_summary(one, reasons=reasons, lost=lost, lang=lang) for one in cases])
        for case in [] if as_json else cases:
            _tell(case, reasons=reasons, lost=lost, lang=lang)
    if not scores["complete"].all():
        raise SystemExit(1)


def _summary(case: pd.DataFrame, *, reasons: bool, lost: bool, lang: str) -> dict[str, object]:
    """Return what `--json` prints of one agency: its result, and where asked reasons and losses."""
    root = case[case["code"] == ROOT].iloc[0].to_dict()
    summary: dict[str, object] = {**record_of({name: root[name] for name in RESULT})}
    if reasons:
        leaves = case.loc[~case["code"].isin(case["parent"]), "code"]
        summary["reasons"] = {code: explain(case, code, lang=lang) for code in leaves}
    if lost:
        summary["lost"] = records_of(points_lost(case, lang=lang))
    return summary


def _tell(case: pd.DataFrame, *, reasons: bool, lost: bool, lang: str) -> None:
    """Print one agency's result, and where asked the reasons and the losses."""
    root = case[case["code"] == ROOT].iloc[0]
    period = label_period(root["period"], lang=lang)
    own = root["assessor"] == "self"
    assessor = "" if own else f", {assessor_name(root['assessor'], lang=lang)}"
    click.echo(f"{root['agency']}, {period}{assessor}: {result_words(root, lang=lang)}")
    if reasons:
        for code in case.loc[~case["code"].isin(case["parent"]), "code"]:
            click.echo(f"  {explain(case, code, lang=lang)}")
    if lost:
        for row in points_lost(case, lang=lang).to_dict("records"):
            points = format_number(row["lost"], decimals=2, lang=lang, missing="?")
            click.echo(f"  -{points}  {row['label']}: {row['how']}")


@main.command("schemes")
@click.argument("name", required=False)
@lang_option
@json_option
def schemes(name: str | None, lang: str, as_json: bool) -> None:
    """List the schemes of the index, or show the tree of one: its NAME, or a TOML file.

    A scheme is a TOML file: fields, criteria, sub-criteria, points and rules. Copy one, edit it,
    and give its path to --scheme; what is wrong with it is said with the node and the mend.
    """
    with refusals_printed():
        if name is None:
            table = list_schemes(lang=lang)
            if as_json:
                say_json(records_of(table))
                return
            for row in table.to_dict("records"):
                standing = text("status", row["status"], lang=lang)
                click.echo(f"{row['name']}: {row['title']}")
                points = format_number(row["max_points"], unit="points", lang=lang)
                leaves = text("word", "leaves", lang=lang).format(count=row["leaves"])
                click.echo(f"  {points}, {leaves}; {standing}; {row['source']}")
            return
        chosen = load_scheme(name)
        warn_of_example(chosen, lang=lang)
        if as_json:
            say_json(records_of(chosen.nodes))
            return
        for row in chosen.nodes.to_dict("records"):
            label = row["label"] if lang == "vi" else row["label_en"] or row["label"]
            points = format_number(row["max_points"], unit="points", lang=lang)
            rule = f" [{row['rule']}{': ' + row['indicator'] if row['indicator'] else ''}]"
            line = f"{row['code']} {label}: {points}{rule if row['rule'] else ''}"
            click.echo("  " * int(row["level"]) + line)
