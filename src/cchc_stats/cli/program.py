"""The program itself, and what its commands share: options, refusals, files."""

from __future__ import annotations

import json
import sys
from collections.abc import Hashable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import pandas as pd

from cchc_stats.index import Scheme
from cchc_stats.publishing import text
from cchc_stats.words import LANGUAGES, CchcError


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
json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object instead of sentences."
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


def say_json(found: object) -> None:
    """Print what was found for programs: on stdout, and nothing else there."""
    click.echo(json.dumps(found, ensure_ascii=False))


def records_of(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a frame as JSON has them: null for what is missing, texts for periods."""
    return [record_of(row) for row in frame.to_dict("records")]


def record_of(row: Mapping[Hashable, Any]) -> dict[str, Any]:
    """Return one row as JSON has it.

    Examples
    --------
    >>> record_of({"period": pd.Period("2020Q3"), "value": pd.NA, "complete": True})
    {'period': '2020Q3', 'value': None, 'complete': True}
    """
    return {str(name): _plain(cell) for name, cell in row.items()}


def _plain(cell: Any) -> Any:
    if isinstance(cell, str | bool | int | float) and not pd.isna(cell):
        return cell
    if pd.isna(cell):
        return None
    # Scalars of numpy have their own; periods and days are named.
    return cell.item() if hasattr(cell, "item") else str(cell)


def warn_of_example(scheme: Scheme, *, lang: str) -> None:
    """Say on stderr that a scheme is an example, no decision's."""
    if scheme.status == "example":
        click.echo(text("word", "example_scheme", lang=lang), err=True)
