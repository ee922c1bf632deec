"""`--store`: the file that keeps what is read, and what in it a report is held against."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import click

from cchc_stats.checking import report_before
from cchc_stats.publishing import Store, text
from cchc_stats.reading import Report
from cchc_stats.words import label_period

store_option = click.option(
    "--store",
    "store_path",
    metavar="FILE.duckdb",
    type=click.Path(path_type=Path),
    help="Keep the reports in this file, and take the quarter before from it.",
)


class Before(NamedTuple):
    """The report of the quarter before that a report is held against."""

    report: Report
    edition: int | None  # in the store; None without one


def store_at(path: Path | None) -> Store | None:
    """Return the store at a path, None where none is asked for."""
    return None if path is None else Store(path)


def before_of(report: Report, reports: Sequence[Report], store: Store | None) -> Before | None:
    """Return the report of the quarter before: of the store, or where exactly one is given."""
    if store is not None:
        kept = store.previous(report)
        if kept is None:
            return None
        rows = store.editions(period=kept.period)
        return Before(kept, int(rows.loc[rows["digest"] == kept.digest, "edition"].iloc[0]))
    one = report_before(report, reports)
    return None if one is None else Before(one, None)


def held_words(report: Report, before: Before | None, lang: str) -> str:
    """Return against which earlier report one was held, or that the store has none."""
    period = label_period(report.period - 1, lang=lang)
    if before is None:
        return text("sentence", "held_against_none", lang=lang).format(period=period)
    code = "held_against" if before.edition is None else "held_against_kept"
    sentence = text("sentence", code, lang=lang)
    return sentence.format(period=period, file=before.report.source, edition=before.edition)


def held_cells(before: Before | None) -> dict[str, Any] | None:
    """Return the same for programs."""
    if before is None:
        return None
    return {
        "period": str(before.report.period),
        "file": before.report.source,
        "edition": before.edition,
    }


def editions_before(report: Report, store: Store | None) -> list[Report]:
    """Return the edition of a report that came before it, where the store has one."""
    if store is None:
        return []
    rows = store.editions(report.agency, report.period)
    own = rows.loc[rows["digest"] == report.digest, "edition"]
    if own.empty or own.iloc[0] == 1:
        return []
    return [store.report(report.agency, report.period, int(own.iloc[0]) - 1)]
