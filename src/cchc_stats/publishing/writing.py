"""The files of a quarter: tables, pictures and the page, put into a folder all at once."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
from tqdm import tqdm

from cchc_stats.errors import CchcError
from cchc_stats.index import Scheme
from cchc_stats.labels import require_language
from cchc_stats.publishing.index_page import render_index_page, total_sentence
from cchc_stats.publishing.index_pictures import INDEX_PICTURES, draw_index
from cchc_stats.publishing.page import Picture, render_page
from cchc_stats.publishing.pictures import PICTURES, draw
from cchc_stats.publishing.quarter import Quarter, look_at
from cchc_stats.publishing.scored import Scored, look_at_index, read_answers_beside
from cchc_stats.publishing.texts import text
from cchc_stats.reading import read_report
from cchc_stats.values import write_values

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PAGE, VALUES, INDEX_PAGE = "index.html", "values.csv", "score.html"
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
FILES = (
    VALUES,
    *TABLES,
    *INDEX_TABLES,
    *(f"{name}.png" for name in (*PICTURES, *INDEX_PICTURES)),
    INDEX_PAGE,
    PAGE,
)


def publish_quarter(
    path: str | Path,
    out: str | Path,
    *,
    lang: str = "vi",
    progress: bool = False,
    scheme: Scheme | None = None,
    answers: Path | None = None,
) -> Quarter:
    """Read a report's folder and write its page, tables and pictures into `out`.

    Parameters
    ----------
    path : folder of the report (see `read_report`).
    out : folder to write into; made where it is not there. Files of an earlier run are replaced,
        files of other names are left alone. See `write_quarter`.
    lang : language of the page, "vi" or "en".
    progress : whether to show a bar on stderr, where that is a terminal.
    scheme : what the index page scores the report by; no such page without one.
    answers : CSV file of answers (see `read_answers`); `answers.csv` of the report's folder where
        there is one.

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
    with tqdm(total=2 + len(FILES), disable=None if progress else True, leave=False) as bar:

        def tell(step: str) -> None:
            bar.set_description(text("step", step, lang=lang))
            bar.update()

        tell("read")
        report = read_report(path)
        tell("measure")
        quarter = look_at(report, lang=lang)
        scored = None
        if scheme is not None:
            scored = look_at_index(
                quarter.values,
                scheme,
                agency=report.agency,
                period=report.period,
                answers=read_answers_beside(Path(path), answers),
                lang=lang,
            )
        write_quarter(quarter, out, scored=scored, tell=tell)
    return quarter


def write_quarter(
    quarter: Quarter,
    out: str | Path,
    *,
    scored: Scored | None = None,
    tell: Callable[[str], None] = lambda step: None,
) -> Path:
    """Write a quarter's page, tables and pictures, and return the page's path.

    Parameters
    ----------
    quarter : what `look_at` returns.
    out : folder to write into. Everything is written beside it first and moved in at the end, the
        page last: a run that fails leaves what was there.
    scored : the report scored, for the index page `score.html`, `scores.csv` and
        `points_lost.csv`; None for none of them.
    tell : called with "table", "picture" or "page" before each file.

    Returns
    -------
    Path of `index.html`. Beside it `values.csv` (see `write_values`; reads back with
    `read_values`), `comparisons.csv`, `findings.csv`, `claims.csv`, `unplaced.csv` (for people, see
    `spreadsheet_safe`; UTF-8 with a mark, by which spreadsheets know it) and PNG pictures.

    Raises
    ------
    CchcError
        `out` is a file or the folder of a report, or cannot be written.
    """
    out = Path(out)
    _require_target(out)
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=out, prefix=".new-") as name:
            _write_all(quarter, scored, Path(name), tell)
            for file in FILES:
                if (Path(name) / file).exists():
                    (Path(name) / file).replace(out / file)
                else:
                    # A picture of an earlier run that this report has no figures for.
                    (out / file).unlink(missing_ok=True)
    except OSError as error:
        raise CchcError(
            f"the target cannot be written: {error.strerror or error}",
            where=str(out),
            mend="give a folder you may write to, and close programs that have its files open",
        ) from error
    return out / PAGE


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
    quarter: Quarter, scored: Scored | None, folder: Path, tell: Callable[[str], None]
) -> None:
    tell("table")
    write_values(quarter.values, folder / VALUES)
    for file, table_of in TABLES.items():
        tell("table")
        _write_table(table_of(quarter), folder / file)
    pictures = []
    for name in PICTURES:
        tell("picture")
        pictures += _write_picture(name, draw(name, quarter), folder, lang=quarter.lang)
    index = ""
    if scored is not None:
        _write_index(scored, folder, tell, lang=quarter.lang)
        index = total_sentence(scored, lang=quarter.lang)
        if scored.is_example:
            index = f"{index} {text('word', 'example_scheme', lang=quarter.lang)}"
    tell("page")
    page = render_page(quarter, pictures=pictures, files=[VALUES, *TABLES], index=index)
    (folder / PAGE).write_text(page, encoding="utf-8")


def _write_index(scored: Scored, folder: Path, tell: Callable[[str], None], *, lang: str) -> None:
    for file, table_of in INDEX_TABLES.items():
        tell("table")
        _write_table(table_of(scored), folder / file)
    pictures = []
    for name in INDEX_PICTURES:
        tell("picture")
        figure = draw_index(name, scored, lang=lang)
        pictures += _write_picture(name, figure, folder, lang=lang)
    tell("page")
    page = render_index_page(scored, pictures=pictures, files=[*INDEX_TABLES], lang=lang)
    (folder / INDEX_PAGE).write_text(page, encoding="utf-8")


def _write_table(table: pd.DataFrame, file: Path) -> None:
    spreadsheet_safe(table).to_csv(file, index=False, encoding="utf-8-sig")


def _write_picture(name: str, figure: Figure | None, folder: Path, *, lang: str) -> list[Picture]:
    if figure is None:
        return []
    figure.savefig(folder / f"{name}.png", dpi=120)
    return [Picture(f"{name}.png", text("picture", name, lang=lang))]


def spreadsheet_safe(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with an apostrophe before each text that a spreadsheet would calculate.

    Texts of documents may begin with "=", "+", "-" or "@", which spreadsheets take for the start of
    a formula; those that are plain numbers, and a lone "-", stay as they are.

    Examples
    --------
    >>> table = pd.DataFrame({"text": ["=1+1", "- Số đơn vị", "-", "-5", "+0,10%", "TTHC"]})
    >>> spreadsheet_safe(table)["text"].tolist()
    ["'=1+1", "'- Số đơn vị", '-', '-5', '+0,10%', 'TTHC']
    """
    safe = table.copy()
    for name in safe.columns:
        if pd.api.types.is_string_dtype(safe[name].dtype):
            risky = safe[name].str.match(r"[=+\-@\t\r\n]", na=False)
            plain = safe[name].str.fullmatch(r"-|[+-][\d.,]+%?", na=False)
            safe[name] = safe[name].mask(risky & ~plain, "'" + safe[name])
    return safe
