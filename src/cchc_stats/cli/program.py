"""The program itself, and what its commands share: options, refusals, files."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import pandas as pd

from cchc_stats.errors import CchcError
from cchc_stats.index import Scheme
from cchc_stats.labels import LANGUAGES
from cchc_stats.publishing.texts import text
from cchc_stats.publishing.writing import spreadsheet_safe


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


def write_csv(frame: pd.DataFrame, out: Path) -> None:
    """Write a frame so that no spreadsheet calculates its texts, or refuse with the reason."""
    try:
        spreadsheet_safe(frame).to_csv(out, index=False, encoding="utf-8-sig")
    except OSError as error:
        raise CchcError(
            f"the file cannot be written: {error.strerror or error}",
            where=str(out),
            mend="give a file in a folder that is there and that you may write to",
        ) from error


def warn_of_example(scheme: Scheme, *, lang: str) -> None:
    """Say on stderr that a scheme is an example, no decision's."""
    if scheme.status == "example":
        click.echo(text("word", "example_scheme", lang=lang), err=True)
