"""The files of a quarter: page, tables and the official form, put into a folder all at once."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
from tqdm import tqdm

from cchc_stats.index import Scheme, read_answers
from cchc_stats.publishing.form import write_form
from cchc_stats.publishing.frames import text
from cchc_stats.publishing.page.chairman import require_targets
from cchc_stats.publishing.page.page import FileBeside, page_of
from cchc_stats.publishing.page.pictures import INDEX_PICTURES, PICTURES, Tell, silent
from cchc_stats.publishing.page.quarter import Quarter, Scored, look_at, look_at_index
from cchc_stats.publishing.store import Store
from cchc_stats.reading import read_report, units_of
from cchc_stats.values import write_values
from cchc_stats.words import CchcError, require_language, write_table, write_whole, written_beside

ANSWERS = "answers.csv"  # of a report's folder
PAGE = "index.html"
# The same figures twice: a spreadsheet set to decimal commas takes 98.125 in a CSV for 98125.
VALUES = ("values.csv", "values.xlsx")
FORMS = ("bieu.docx", "bieu.xlsx")
TABLES: dict[str, Callable[[Quarter], pd.DataFrame]] = {
    "comparisons.csv": lambda quarter: quarter.comparisons,
    "findings.csv": lambda quarter: quarter.findings,
    "claims.csv": lambda quarter: quarter.report.claims,
    "unplaced.csv": lambda quarter: quarter.report.unplaced,
}
INDEX_TABLES: dict[str, Callable[[Scored], pd.DataFrame]] = {
    "scores.csv": lambda scored: scored.scores,
    "points_lost.csv": lambda scored: scored.lost,
}
FILES = (*VALUES, *TABLES, *INDEX_TABLES, *FORMS, PAGE)


@dataclass(frozen=True, eq=False)
class Published:
    """What a folder holds.

    Attributes
    ----------
    quarter : the report, measured, compared and checked.
    scored : the report scored, None where it was not.
    files : the files, the page first.
    refused : the forms that cannot be written of this report, and why.
    """

    quarter: Quarter
    scored: Scored | None
    files: tuple[Path, ...]
    refused: Mapping[str, CchcError]

    @property
    def page(self) -> Path:
        """The page's path."""
        return self.files[0]


def publish_quarter(
    path: str | Path,
    out: str | Path,
    *,
    lang: str = "vi",
    progress: bool = False,
    scheme: Scheme | None = None,
    answers: Path | None = None,
    history: pd.DataFrame | None = None,
    below: int | None = None,
    annexes: bool = False,
    store: Store | None = None,
    **reading: Any,
) -> Published:
    """Read a report and write its page, tables and official form into `out`.

    Parameters
    ----------
    path : the report's document or folder (see `read_report`).
    out : folder to write into; made where it is not there. Files of an earlier run are replaced,
        files of other names are left alone. See `write_quarter`.
    lang : language of the page, "vi" or "en".
    progress : whether to show a bar on stderr, where that is a terminal.
    scheme : what the index is scored by; no such section and tables without one.
    answers : CSV file of answers (see `read_answers`); `answers.csv` of the report's folder where
        there is one.
    history : values of earlier quarters (see `write_report`).
    below : leave out of all files figures from which a smaller number would follow (see
        `suppress_small`).
    annexes : whether what the page folds away is open, and printed.
    store : a store that the report and its findings are kept in; the quarter before and the
        history come from it, those of `history` first. With `below` no findings are kept, since
        they are without their figures.
    reading : options of `read_report`; of its `units` the page takes the targets too.

    Raises
    ------
    CchcError
        `out` is a file or the folder of a report, or cannot be written.
    ReadError, FormError
        The report, or the answers, cannot be read.
    ValuesError
        The report cannot be scored.
    """
    require_language(lang)
    _require_target(Path(out))
    targets = None
    if reading.get("units") is not None:
        units = units_of(reading["units"])
        targets = units.targets
        require_targets(targets, place=f"{units.source or 'units='} [targets]")
    steps = 2 + len(FILES) + len(PICTURES) + (len(INDEX_PICTURES) if scheme else 0)
    with tqdm(total=steps, disable=None if progress else True, leave=False) as bar:

        def tell(step: str) -> None:
            bar.set_description(text("step", step, lang=lang))
            bar.update()

        tell("read")
        report = read_report(path, **reading)
        tell("measure")
        previous = None
        if store is not None:
            store.add(report)
            previous, kept = store.previous(report), store.history(report.agency)
            history = kept if history is None else pd.concat([history, kept], ignore_index=True)
        quarter = look_at(
            report, history=history, previous=previous, below=below, forms=True, lang=lang
        )
        if store is not None and below is None:
            store.add_findings(quarter.findings, of=report)
        beside = Path(path) / ANSWERS
        if answers is None and beside.is_file():
            answers = beside
        scored = None
        if scheme is not None:
            said = None if answers is None else read_answers(answers)
            scored = look_at_index(
                quarter.values,
                scheme,
                agency=report.agency,
                period=report.period,
                answers=said,
                lang=lang,
            )
        return write_quarter(
            quarter, out, scored=scored, targets=targets, annexes=annexes, tell=tell
        )


def write_quarter(
    quarter: Quarter,
    out: str | Path,
    *,
    scored: Scored | None = None,
    targets: Mapping[str, float] | None = None,
    annexes: bool = False,
    tell: Tell = silent,
) -> Published:
    """Write a quarter's page, tables and official form, and return what was written.

    Parameters
    ----------
    quarter : what `look_at` returns.
    out : folder to write into. Everything is written beside it first and moved in at the end, the
        page last: a run that fails leaves what was there.
    scored : the report scored, for the page's section on the index, `scores.csv` and
        `points_lost.csv`; None for none of them.
    targets, annexes : of the page (see `write_report`).
    tell : called with "table", "form", "picture" or "page" before each file or drawing.

    Returns
    -------
    `index.html`, which needs no other file (see `write_report`). Beside it `values.csv` and
    `values.xlsx` (see `write_values`; read back with `read_values`), `comparisons.csv`,
    `findings.csv`, `claims.csv`, `unplaced.csv` (for people, see `spreadsheet_safe`; UTF-8 with a
    mark, by which spreadsheets know it), `bieu.docx` and `bieu.xlsx` (see `write_form`). A report
    that the official form has no place for gets no form: the page and `refused` say why.

    Raises
    ------
    CchcError
        `out` is a file or the folder of a report, or cannot be written.
    """
    out = Path(out)
    _require_target(out)
    try:
        out.mkdir(parents=True, exist_ok=True)
        with written_beside(out) as beside:
            drawn = partial(page_of, quarter, scored=scored, targets=targets, annexes=annexes)
            refused = _write_all(quarter, scored, beside, drawn, tell)
            for file in FILES:
                if (beside / file).exists():
                    (beside / file).replace(Path(os.path.realpath(out / file)))
                else:
                    # A table of an earlier run that this one has nothing for.
                    (out / file).unlink(missing_ok=True)
    except OSError as error:
        raise CchcError(
            f"the target cannot be written: {error.strerror or error}",
            where=str(out),
            mend="give a folder you may write to, and close programs that have its files open",
        ) from error
    there = tuple(out / file for file in reversed(FILES) if (out / file).is_file())
    return Published(quarter, scored, there, refused)


def _require_target(out: Path) -> None:
    """Refuse a target that cannot take the files, before anything of it is touched."""
    try:
        is_file = out.exists() and not out.is_dir()
        is_report = (out / "report.toml").exists()
        blocked = [file for file in FILES if (out / file).is_dir()]
    except OSError as error:
        raise CchcError(
            f"the target cannot be looked at: {error.strerror or error}",
            where=str(out)[:200],
            mend="give a folder you may read and write, with a shorter name",
        ) from error
    if is_file:
        raise CchcError(
            "the target is a file, not a folder",
            where=str(out),
            mend="give the name of a folder, new or of an earlier run",
        )
    if is_report:
        raise CchcError(
            "the target is the folder of a report, whose own tables would be overwritten",
            where=str(out),
            mend="give another folder, such as build/report",
        )
    if blocked:
        raise CchcError(
            f"a folder stands where {blocked[0]} is to be written",
            where=str(out / blocked[0]),
            mend="move that folder away, or give another target",
        )


def _write_all(
    quarter: Quarter, scored: Scored | None, folder: Path, drawn: Callable[..., str], tell: Tell
) -> dict[str, CchcError]:
    tell("table")
    for file in VALUES:
        write_values(quarter.values, folder / file)
    tables = {file: table_of(quarter) for file, table_of in TABLES.items()}
    if scored is not None:
        tables |= {file: table_of(scored) for file, table_of in INDEX_TABLES.items()}
    for file, table in tables.items():
        tell("table")
        write_table(folder / file, table)
    refused = _write_forms(quarter, folder, tell)
    beside = [
        FileBeside(file, _outcome(file, refused.get(file), lang=quarter.lang), file not in refused)
        for file in (*FORMS, *VALUES, *tables)
    ]
    page = drawn(files=beside, tell=tell)
    write_whole(folder / PAGE, page.encode("utf-8"))
    return refused


def _write_forms(quarter: Quarter, folder: Path, tell: Tell) -> dict[str, CchcError]:
    """Write the official form; return what stands in its way, which is no reason for no page."""
    refused = {}
    for file in FORMS:
        tell("form")
        try:
            period = quarter.report.period
            write_form(quarter.report, folder / file, period=period, remark=quarter.left_out)
        except CchcError as error:
            refused[file] = error
    return refused


def _outcome(file: str, error: CchcError | None, *, lang: str) -> str:
    if error is not None:
        return text("word", "not_written", lang=lang).format(why=error.what)
    return text("file", file.replace(".", "_"), lang=lang)
