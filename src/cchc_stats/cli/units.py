"""`cchc-stats units`: a list of units, drafted from the reports that they have sent."""

from __future__ import annotations

from pathlib import Path

import click

from cchc_stats.cli.program import lang_option, main, refusals_printed, tell_failures
from cchc_stats.reading import draft_units, folders_below, read_reports
from cchc_stats.words import CchcError, write_whole

UNITS = """\
Draft the list of units (units.toml) from a folder of their reports, to look through and complete.

FOLDER holds reports, or folders of them, such as one for each quarter. The list has each unit once,
with its other spellings, the symbol of its numbers (BC-SNV), level, group and forms. A unit that
has sent nothing is not in it: add it. `--units units.toml` then makes names agree in every command.

\b
Examples:
  cchc-stats units bao-cao/ --out units.toml
  cchc-stats check bao-cao/ --units units.toml

Ends with 0 when the list is written; with 2 when something cannot be read or written.
"""


@main.command("units", help=UNITS)
@click.argument(
    "folders", metavar="FOLDER...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option(
    "--out",
    metavar="FILE.toml",
    type=click.Path(path_type=Path),
    help="File to write; one that is there is left as it is. Printed if not given.",
)
@lang_option
def draft(folders: tuple[Path, ...], out: Path | None, lang: str) -> None:
    """Draft a list of units; see `UNITS`."""
    with refusals_printed():
        if out is not None and out.exists():
            raise CchcError(
                "the list is there already, and may have been completed by hand",
                where=f"--out {out}",
                mend="give another name, or move the file away",
            )
        reports = read_reports([one for folder in folders for one in folders_below(folder)])
        text = draft_units(reports, lang=lang)
        if out is not None:
            write_whole(out, text.encode("utf-8"))
        tell_failures(reports.failures)
    click.echo(text if out is None else out, nl=out is not None)
    if len(reports.failures):
        raise SystemExit(2)
