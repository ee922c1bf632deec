"""`cchc-stats province`: a province's quarter from one folder of reports."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from cchc_stats.cli.keeping import store_at, store_option
from cchc_stats.cli.program import (
    annexes_option,
    answers_option,
    below_option,
    json_option,
    lang_option,
    main,
    period_option,
    records_of,
    refusals_printed,
    require_there,
    say_json,
    set_options,
    told,
    warn_of_example,
)
from cchc_stats.index import load_scheme
from cchc_stats.publishing import PublishedProvince, province_words, publish_province, text
from cchc_stats.reading import read_units
from cchc_stats.words import SEVERITIES, CchcError, label_period

PROVINCE = """\
Put all that is handed on of a province's quarter into one folder.

FOLDER holds the units' reports (.docx, .xlsx, .txt; also .xls, .ods, .html, .pdf), of one quarter
or of several, also in folders below it. A file that cannot be read is named, and stops nothing.
DIR then holds

\b
  index.html      one page: what changed beyond chance, what is wrong, who has not sent, targets
  tong-hop.xlsx   figures, changes, findings, sums, ranks, in words
  bieu.docx       the sums in the official form; bieu.xlsx the same as a workbook
  thu/            a letter to each unit
  *.csv           values, comparisons, findings, missing, sums (which units each rests on, which
                  not, whose figure is in doubt), ranks, lacking, editions

With --store each report is held against the one before it that is there, and is kept; run again
after corrections, files that did not change are not read again. With --below 5 page, workbook,
form and CSV files have no figure from which a number from 1 to 4 would follow; letters have them.

\b
Examples:
  cchc-stats units bao-cao/ --out units.toml
  cchc-stats province bao-cao/ --units units.toml --store tinh.duckdb --out quy-3
  cchc-stats province bao-cao/ --units units.toml --store tinh.duckdb --out quy-3 \\
    --scheme example-department --answers answers.csv --below 5

Ends with 0 when DIR is written, with 1 when it is and reports were left out of it (not readable, of
no listed unit, of several editions none chosen), with 2 when nothing is written; and says what is
wrong, where, and how to mend it.
"""


@main.command("province", help=PROVINCE)
@click.argument(
    "folders", metavar="FOLDER...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option(
    "--units",
    required=True,
    metavar="FILE.toml",
    type=click.Path(path_type=Path),
    help="Who reports; `cchc-stats units FOLDER` drafts it.",
)
@click.option(
    "--out",
    required=True,
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Folder to write into; made where it is not there. Files of an earlier run are replaced.",
)
@store_option
@click.option("--scheme", help="Also rank the units by this scheme: its name, or a TOML file.")
@answers_option
@click.option(
    "--prefer",
    multiple=True,
    metavar="FILE|latest_signed|last_given",
    help="Which of several editions counts: a file's name, or a rule; may be given again.",
)
@below_option
@annexes_option
@period_option
@set_options
@lang_option
@json_option
def write_province(
    folders: tuple[Path, ...],
    units: Path,
    out: Path,
    store_path: Path | None,
    scheme: str | None,
    answers: Path | None,
    lang: str,
    as_json: bool,
    **options: Any,
) -> None:
    """Write a province's folder; see `PROVINCE`."""
    with refusals_printed():
        beside = {name: options[name] for name in ("layouts", "corrections")}
        require_there(units=units, answers=answers, **beside)
        if missing := [path for path in folders if not path.exists()]:
            require_there(FOLDER=missing[0])
        if answers is not None and scheme is None:
            raise CchcError(
                "answers are for ranking", where="--answers", mend="say by which --scheme"
            )
        chosen = None if scheme is None else load_scheme(scheme)
        published = publish_province(
            folders,
            read_units(units),
            store=store_at(store_path),
            scheme=chosen,
            answers=answers,
            out=out,
            lang=lang,
            progress=True,
            **options,
        )
    if chosen is not None:
        warn_of_example(chosen, lang=lang)
    if as_json:
        say_json(_publication(published))
    else:
        _tell(published, lang=lang)
    if published.left_out:
        raise SystemExit(1)


def _tell(published: PublishedProvince, *, lang: str) -> None:
    """Print what the folder holds, and on stderr what is to be said of it."""
    for notice in published.notices:
        said = CchcError(notice.what, where=notice.where, mend=notice.mend)
        click.echo(f"cchc-stats: {told(said)}", err=True)
    gathered, findings = published.gathered, published.findings
    click.echo(f"{published.figures.whole}, {label_period(gathered.period, lang=lang)}")
    click.echo(
        province_words(
            "sent", lang=lang, count=len(gathered.now.reports), of=len(gathered.units.names)
        )
    )
    missing = gathered.missing
    for row in missing[missing["form"] == ""].to_dict("records"):
        click.echo(f"  {row['agency']}: {row['reason']}")
    grave = findings[findings["severity"] != "note"]
    click.echo(text("sentence", "findings", lang=lang).format(**_counts(findings)))
    for agency, rows in grave.groupby("agency", sort=False):
        counts = {name: number for name, number in _counts(rows).items() if number}
        words = ", ".join(
            province_words(f"{name}s", lang=lang, count=number) for name, number in counts.items()
        )
        click.echo(f"  {agency}: {words}")
    if published.figures.left_out:
        click.echo(published.figures.left_out)
    click.echo(published.folder / "index.html")


def _counts(findings: Any) -> dict[str, int]:
    return {name: int((findings["severity"] == name).sum()) for name in SEVERITIES}


def _publication(published: PublishedProvince) -> dict[str, object]:
    """Return what `--json` prints."""
    gathered = published.gathered
    return {
        "province": published.figures.whole,
        "period": str(gathered.period),
        "missing": records_of(gathered.missing),
        "findings": records_of(published.findings),
        "held": records_of(published.held),
        "ranks": [] if published.ranks is None else records_of(published.ranks.ranks),
        "notices": [notice._asdict() for notice in published.notices],
        "files": [str(file) for file in published.files],
    }
