"""The program itself, and what its commands share: options, refusals, files."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click
import pandas as pd

from cchc_stats.index import Scheme
from cchc_stats.publishing import text
from cchc_stats.words import LANGUAGES, CchcError, ReadError, say, say_refusal

LANG = "cchc_stats.lang"  # where a run keeps the language asked


class Program(click.Group):
    """A group of commands that ends as the README says, and never with a traceback.

    0 where all is well, 1 for findings, 2 where something cannot be read or written, 130 where the
    user stopped it, 141 where nobody reads what it prints.
    """

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        """Read the line; the language asked is known before any of it can be refused."""
        lang = _language(args)
        with _usage_said(lang):
            context = super().make_context(info_name, args, parent, **extra)
        context.meta[LANG] = lang
        return context

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that the line names."""
        try:
            try:
                with _usage_said(ctx.meta[LANG]):
                    return super().invoke(ctx)
            finally:
                sys.stdout.flush()
        except (click.exceptions.Exit, click.ClickException, click.Abort):
            raise
        except KeyboardInterrupt:
            _end(130, CchcError("stopped"))
        except BrokenPipeError:
            # What is left to print goes nowhere, so that the end of the program stays silent.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise SystemExit(141) from None
        except MemoryError:
            _end(
                2,
                CchcError("there is not memory enough", mend="give fewer or smaller files at once"),
            )
        except OSError as error:
            _end(
                2,
                CchcError(
                    error.strerror or str(error), mend="see that there is room and may be written"
                ),
            )
        except Exception as error:
            if TRACEBACK in os.environ:
                raise
            _end(
                2,
                CchcError(
                    f"a fault of the program: {type(error).__name__}: {error}",
                    mend=f"please report it with the file; {TRACEBACK}=1 prints where it happened",
                ),
            )


def _end(code: int, why: CchcError) -> NoReturn:
    click.echo(f"cchc-stats: {told(why)}", err=True)
    raise SystemExit(code) from None


def _language(args: Sequence[str]) -> str:
    """Return the language that a line asks for, of which something else may make no sense."""
    asked = LANGUAGES[0]
    for one, after in zip(args, (*args[1:], ""), strict=False):
        name, _, given = one.partition("=")
        if name == "--lang" and (given or after) in LANGUAGES:
            asked = given or after
    return asked


@contextmanager
def _usage_said(lang: str) -> Iterator[None]:
    """Say in the language asked what a line lacks; what click says itself is English."""
    try:
        yield
    except click.exceptions.NoArgsIsHelpError:
        raise
    except click.UsageError as error:
        if lang == "en":
            raise
        lines = []
        if error.ctx is not None:
            lines = [
                error.ctx.get_usage(),
                f"Try '{error.ctx.command_path} --help' for help.",
                "",
            ]
        lines.append(f"Error: {error.format_message()}")
        click.echo("\n".join(say(line, lang=lang) for line in lines), err=True)
        raise SystemExit(error.exit_code) from None


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="cchc_stats", message="%(package)s %(version)s")
def main() -> None:
    """Statistics of Vietnam's public administration reform (cải cách hành chính)."""
    for stream in (sys.stdout, sys.stderr):
        # A console without Vietnamese letters shows "?" for them instead of ending the run.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


period_option = click.option(
    "--period", help="The quarter, where a report does not say it, or says another: 2020Q3."
)
agency_option = click.option(
    "--agency", help="Who reports, for a report that does not say it, or in the empty form's head."
)
_LAYOUTS = click.option(
    "--layouts",
    metavar="FILE.toml",
    type=click.Path(path_type=Path),
    help="Names of headings, rows, units and agencies that the library does not know.",
)
_CORRECTIONS = click.option(
    "--corrections",
    metavar="FILE.csv",
    type=click.Path(path_type=Path),
    help="Figures to read otherwise than they are printed: file, place, read, right, who, why.",
)
units_option = click.option(
    "--units",
    metavar="FILE.toml",
    type=click.Path(path_type=Path),
    help="Who reports, under which names; `cchc-stats units FOLDER` drafts it.",
)
FILES = ("layouts", "corrections", "units")  # options of reading that name files
_BUDGET = click.option(
    "--budget",
    metavar="N",
    type=click.FloatRange(0, 1_000, min_open=True),
    default=1,
    help="Read documents up to N times as large and slow as any report is.",
)
lang_option = click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    default="vi",
    show_default=True,
    help="Language of what is written and said.",
)
said_option = click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    default="vi",
    show_default=True,
    expose_value=False,
    help="Language of what is said.",
)
below_option = click.option(
    "--below",
    metavar="N",
    type=click.IntRange(min=2),
    help="Publish no figure from which a number below N, and above 0, would follow; 5 is usual.",
)
annexes_option = click.option(
    "--annexes", is_flag=True, help="Print the page with all that it folds away."
)
json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object instead of sentences."
)
answers_option = click.option(
    "--answers",
    type=click.Path(path_type=Path),
    help="CSV file: agency, period, code, answer (yes, no, not_applicable, a level) or number.",
)


Command = TypeVar("Command", bound=Callable[..., Any])
TRACEBACK = "CCHC_STATS_TRACEBACK"  # an environment variable that lets faults through


def reading_options(command: Command) -> Command:
    """Give a command the options of `read_report` but the period."""
    return agency_option(units_option(set_options(command)))


def set_options(command: Command) -> Command:
    """Give a command the options of `read_reports` that have to do with how files are read."""
    return _LAYOUTS(_CORRECTIONS(_BUDGET(command)))


@contextmanager
def refusals_printed() -> Iterator[None]:
    """Say what is wrong, where, and how to mend it, and end with 2."""
    try:
        yield
    except CchcError as error:
        _end(2, error)


def tell_failures(failures: pd.DataFrame) -> None:
    """Say on stderr of each file that is no report what is wrong, where, and how to mend it."""
    for one in failures.to_dict("records"):
        error = ReadError(one["what"], where=one["where"], mend=one["mend"])
        click.echo(f"cchc-stats: {told(error)}", err=True)


def told(refusal: CchcError | str) -> str:
    """Return a refusal, or a sentence of one, in the language asked and by this command's options.

    Examples
    --------
    >>> print(told(CchcError("there is nothing to read", where="--answers a.csv")))
    không có gì để đọc
      ở:        --answers a.csv
    """
    context = click.get_current_context(silent=True)
    lang = LANGUAGES[0] if context is None else context.meta[LANG]
    if isinstance(refusal, CchcError):
        refusal = say_refusal(refusal, lang=lang)
    else:
        refusal = say(refusal, lang=lang)
    return refusal if context is None else _by_options(refusal, context.command.params)


def _by_options(said: str, params: Sequence[click.Parameter]) -> str:
    """Return a sentence with a call's arguments as options: agency=…, period= as --agency …."""
    options = {one.name: one.opts[0] for one in params if one.opts[0].startswith("--")}
    return re.sub(
        r"(?<![\w.-])([a-z_]+)=(?=(\S?))",
        lambda found: (
            f"{options[found[1]]}{' ' if found[2] not in (*',;:).', '') else ''}"
            if found[1] in options
            else found[0]
        ),
        said,
    )


def require_csv(path: Path | None, option: str) -> None:
    """Refuse a file to write whose name ends as none of CSV does."""
    if path is not None and not path.name.lower().endswith((".csv", ".csv.gz")):
        raise CchcError(
            f"tables are written as CSV, not as {path.suffix or 'a file without an ending'}",
            where=f"{option} {path}",
            mend="let the name end in .csv, which Excel opens",
        )


def require_there(**given: Path | None) -> None:
    """Refuse options and arguments that name files which are not there, all at once."""
    missing = [
        f"{name if name.isupper() else '--' + name.replace('_', '-')} {path}"
        for name, path in given.items()
        if path is not None and not os.path.lexists(path)
    ]
    if missing:
        raise CchcError("there is nothing to read", where="; ".join(missing), mend="check the path")


def say_json(content: object) -> None:
    """Print a result for programs: on stdout, and nothing else there."""
    click.echo(json.dumps(content, ensure_ascii=False))


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
    """Say on stderr that a scheme is an example or provisional, not settled by a decision."""
    if scheme.status in ("example", "provisional"):
        click.echo(text("word", f"{scheme.status}_scheme", lang=lang), err=True)
