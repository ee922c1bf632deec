"""`province`: all that is handed on of a province's quarter, put into one folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
from tqdm import tqdm

from cchc_stats.checking import check, compare_editions, two_editions
from cchc_stats.index import Scheme, load_scheme
from cchc_stats.publishing.form import write_form
from cchc_stats.publishing.letters import write_findings, write_workbook
from cchc_stats.publishing.page import without_figures, write_province_page
from cchc_stats.publishing.provinces.figures import Figures, figures_of
from cchc_stats.publishing.provinces.gathering import Gathered, gather
from cchc_stats.publishing.provinces.notices import Notice, say
from cchc_stats.publishing.provinces.ranking import Ranks, ranks_of_units
from cchc_stats.publishing.store import Store
from cchc_stats.reading import ReportSet, Units, read_units
from cchc_stats.values import write_values
from cchc_stats.words import (
    CchcError,
    join_findings,
    require_language,
    write_table,
    written_beside,
)

PAGE, WORKBOOK, FORMS, LETTERS = "index.html", "tong-hop.xlsx", ("bieu.docx", "bieu.xlsx"), "thu"
TABLES = ("comparisons", "findings", "missing", "sums", "ranks", "lacking", "editions")
STEPS = ("read", "check", "measure", "rank", "letter", "form", "table", "page")


@dataclass(frozen=True, eq=False)
class Published:
    """What a province's folder holds.

    Attributes
    ----------
    folder : the folder.
    gathered : the reports, and what is missing.
    findings : of the reports of the quarter, one below the other.
    held : frame `agency, file, period, against`: against which earlier report each was held, "" for
        none.
    figures : sums, values and changes.
    ranks : None without a scheme.
    notices : what is to be said, each once.
    files : what was written.
    """

    folder: Path
    gathered: Gathered
    findings: pd.DataFrame
    held: pd.DataFrame
    figures: Figures
    ranks: Ranks | None
    notices: tuple[Notice, ...]
    files: tuple[Path, ...]

    @property
    def left_out(self) -> bool:
        """Whether there are reports that no figure is taken from."""
        return self.gathered.left_out


def province(
    reports: str | Path | Iterable[str | Path] | ReportSet,
    units: Units | str | Path,
    *,
    store: Store | str | Path | None = None,
    scheme: Scheme | str | Path | None = None,
    answers: pd.DataFrame | str | Path | None = None,
    period: pd.Period | str | None = None,
    prefer: str | Sequence[str] = (),
    below: int | None = None,
    annexes: bool = False,
    out: str | Path,
    lang: str = "vi",
    progress: bool = True,
) -> Path:
    r"""Write all that is handed on of a province's quarter into one folder (tổng hợp cả tỉnh).

    Parameters
    ----------
    reports : folders of reports with the folders below them, or paths, of one quarter or several;
        or what `read_reports` returns. A file that cannot be read stops nothing.
    units : who reports, see `read_units`; or its file.
    store : where earlier quarters are, and this one is kept (see `Store`); or its file. A file that
        it has is not read again.
    scheme, answers : what units are ranked by, see `score` and `read_answers`; no ranks without.
    period : the quarter; the last one of which there are reports enough if not given.
    prefer : which of several editions counts: names of files, "latest_signed", or "last_given" of
        the paths. Of a unit whose edition is not chosen nothing is summed, and that is said.
    below : publish no figure from which a number below this one, and above 0, would follow: page,
        workbook, official form and CSV files are suppressed together and audited. Letters go to who
        sent the figures, and have them all.
    annexes : whether the page is printed with all that it folds away.
    out : the folder; made where it is not there. Files of an earlier run are replaced, files of
        other names are left alone.
    lang : language of what is written, "vi" or "en".
    progress : whether to show a bar on stderr, where that is a terminal.

    Returns
    -------
    The folder: `index.html` (the page), `tong-hop.xlsx` (all tables in words), `bieu.docx` and
    `bieu.xlsx` (the sums in the official form), `thu` with a letter to each unit of which something
    was found, and `values`, `comparisons`, `findings`, `missing`, `sums`, `ranks`, `lacking` and
    `editions` as CSV. `sums`: each figure with how many units of how many it rests on, who is
    `without`, and whose is `in_doubt`. In `comparisons` the province is the units that have the
    figure in both quarters. Where `below` is given, points and percents are not published beside
    ranks.

    Raises
    ------
    CchcError
        No report is of the quarter or of a listed unit; the folder cannot be written.
    ReadError, SchemeError, ValuesError
        Units, reports, scheme or answers cannot be read; there is nothing to read.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     units = Path(folder, "units.toml")
    ...     _ = units.write_text('[[unit]]\nname = "Sở Khoa học và Công nghệ tỉnh Bình Định"')
    ...     made = province("data/binh-dinh-skhcn-2020q3.docx", units, out=f"{folder}/quy-3")
    ...     sorted(path.name for path in made.glob("bieu.*"))
    ['bieu.docx', 'bieu.xlsx']
    """
    published = publish_province(
        reports,
        units if isinstance(units, Units) else read_units(units),
        store=Store(store) if isinstance(store, str | Path) else store,
        scheme=scheme if scheme is None or isinstance(scheme, Scheme) else load_scheme(scheme),
        answers=Path(answers) if isinstance(answers, str) else answers,
        period=period,
        prefer=[prefer] if isinstance(prefer, str) else [*prefer],
        below=below,
        annexes=annexes,
        out=Path(out),
        lang=lang,
        progress=progress,
    )
    return published.folder


def publish_province(
    reports: Any,
    units: Units,
    *,
    store: Store | None,
    scheme: Scheme | None,
    answers: pd.DataFrame | Path | None,
    period: pd.Period | str | None,
    prefer: Sequence[str],
    below: int | None,
    annexes: bool,
    out: Path,
    lang: str,
    progress: bool,
    **reading: Any,
) -> Published:
    """Write a province's folder, and return what it holds; see `province`."""
    require_language(lang)
    if out.exists() and not out.is_dir():
        raise CchcError(
            "the target is a file, not a folder",
            where=str(out),
            mend="give the name of a folder, new or of an earlier run",
        )
    with tqdm(total=len(STEPS), disable=None if progress else True, leave=False) as bar:

        def tell(step: str) -> None:
            bar.set_description(say(f"step_{step}", lang=lang))
            bar.update()

        tell("read")
        gathered = gather(
            reports, units, store=store, period=period, prefer=prefer, without=out,
            progress=progress, lang=lang, **reading,
        )  # fmt: skip
        tell("check")
        findings, held = checked(gathered, lang=lang)
        earlier = None if store is None else kept_and_earlier(store, gathered, findings)
        tell("measure")
        figures = figures_of(
            gathered, whole=name_of_whole(units, lang=lang), below=below, lang=lang
        )
        tell("rank")
        ranks = None
        if scheme is not None:
            ranks = ranks_of_units(figures.own, gathered, scheme, answers, lang=lang)
        notices = (*gathered.notices, *(ranks.notices if ranks else ()))
        published = Published(out, gathered, findings, held, figures, ranks, notices, files=())
        return _written(
            published, below=below, annexes=annexes, earlier=earlier, lang=lang, tell=tell
        )


def name_of_whole(units: Units, *, lang: str) -> str:
    """Return whose the sums are: the province's people's committee, which reports them."""
    if units.province is None:
        return say("whole", lang=lang)
    return f"Ủy ban nhân dân {units.province[:1].lower()}{units.province[1:]}"


# --- checking --------------


def checked(gathered: Gathered, *, lang: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the findings of every report that is told of, and what each was held against."""
    parts, held = [], []
    for report in gathered.told:
        previous = gathered.previous(report)
        parts.append(check(report, previous=previous, lang=lang))
        against = "" if previous is None else previous.source
        held.append((report.agency, report.source, report.period, against))
    beside = [
        earlier
        for report in gathered.told
        if report.period != gathered.period
        and (earlier := gathered.before.get(report.agency, {}).get(report.period)) is not None
        and len(compare_editions(earlier, report))
    ]
    parts.append(two_editions([*beside, *gathered.told], lang=lang))
    frame = pd.DataFrame(held, columns=["agency", "file", "period", "against"])
    return join_findings(parts), frame


# --- the store -------------


def kept_and_earlier(
    store: Store, gathered: Gathered, findings: pd.DataFrame
) -> pd.DataFrame | None:
    """Keep the reports and their findings; return what was found in the editions before.

    Of a unit that sent one edition, or whose several lie side by side, nothing was told before.
    """
    keep(store, gathered, findings)
    editions = store.editions(period=gathered.period)
    parts = []
    for report in gathered.now.reports:
        own = editions[editions["digest"] == report.digest]["edition"]
        if own.gt(1).any() and report.agency not in {*gathered.editions["agency"]}:
            parts.append(store.findings(report.agency, gathered.period, edition=own.max() - 1))
    return join_findings(parts) if parts else None


def keep(store: Store, gathered: Gathered, findings: pd.DataFrame) -> None:
    """Add the reports of a folder to the store, but those that state another quarter."""
    astray = {id(report) for report in gathered.told if report.period != gathered.period}
    own = [
        (path, report)
        for path, report in zip(gathered.read.paths, gathered.read.reports, strict=True)
        if id(report) not in astray and path not in {*gathered.kept, *gathered.astray}
    ]
    store.add(
        replace(
            gathered.read,
            paths=tuple(path for path, _ in own),
            reports=tuple(report for _, report in own),
        )
    )
    now = [report for report in gathered.told if report.period == gathered.period]
    files = {report.source for report in now}
    store.add_findings(findings[findings["file"].isin(files)], of=now)


# --- writing ---------------


def _written(
    published: Published,
    *,
    below: int | None,
    annexes: bool,
    earlier: pd.DataFrame | None,
    lang: str,
    tell: Callable[[str], None],
) -> Published:
    out, gathered = published.folder, published.gathered
    try:
        out.mkdir(parents=True, exist_ok=True)
        tell("letter")
        (out / LETTERS).mkdir(exist_ok=True)
        letters = write_findings(
            published.findings, out / LETTERS, units=gathered.units, period=gathered.period,
            earlier=earlier, missing=gathered.missing, lang=lang,
        )  # fmt: skip
        with written_beside(out) as beside:
            refused: list[Notice] = []
            files = _write_tables(
                published, beside, refused, below=below, annexes=annexes, lang=lang, tell=tell
            )
            for file in files:
                (beside / file).replace(out / file)
            for file in {*FORMS, *(f"{name}.csv" for name in TABLES)} - {*files}:
                (out / file).unlink(missing_ok=True)  # of an earlier run
    except OSError as error:
        raise CchcError(
            f"the target cannot be written: {error.strerror or error}",
            where=str(out),
            mend="give a folder you may write to, and close programs that have its files open",
        ) from error
    written = (*(out / file for file in files), *letters)
    return replace(published, files=written, notices=(*published.notices, *refused))


def _write_tables(
    published: Published,
    folder: Path,
    refused: list[Notice],
    *,
    below: int | None,
    annexes: bool,
    lang: str,
    tell: Callable[[str], None],
) -> list[str]:
    """Write the forms, the tables, the workbook and the page; return their names, the page last."""
    gathered, figures, ranks = published.gathered, published.figures, published.ranks
    files = []
    tell("form")
    rests_on = say(
        "form_rests_on", lang="vi", count=len(gathered.now.reports), of=len(gathered.units.frame)
    )
    for file in FORMS:
        try:
            write_form(
                figures.tables, folder / file, period=gathered.period, agency=figures.whole,
                remark=figures.left_out or rests_on,
            )  # fmt: skip
        except CchcError as error:  # figures without a place in it are no reason for no page
            refused.append(Notice(error.what, f"{file}: {error.where}", error.mend))
        else:
            files.append(file)
    findings = (
        published.findings if below is None else without_figures(published.findings, lang=lang)
    )
    tables = {
        "comparisons": figures.changes,
        "findings": findings,
        "missing": gathered.missing,
        "sums": figures.sums,
        "editions": gathered.editions,
    }
    if ranks is not None:
        tables |= {"ranks": ranks.published(below), "lacking": ranks.lacking}
    tell("table")
    write_values(figures.values, folder / "values.csv")
    for name, table in tables.items():
        write_table(folder / f"{name}.csv", table)
    sheets = {
        "values": figures.values[figures.values["period"] == gathered.period],
        **tables,
        "comparisons": figures.changes.assign(
            comparison=[say(one, lang=lang) for one in figures.changes["comparison"]]
        ),
        "sums": figures.sums.drop(columns=["form", "column"]),
    }
    write_workbook(
        folder / WORKBOOK,
        lang=lang,
        **{name: sheet for name, sheet in sheets.items() if len(sheet)},
    )
    files += ["values.csv", *(f"{name}.csv" for name in tables), WORKBOOK]
    tell("page")
    write_province_page(
        figures.values, folder / PAGE, period=gathered.period, findings=findings,
        missing=gathered.missing, ranks=tables.get("ranks"), targets=gathered.units.targets,
        whole=figures.whole, remark=figures.left_out, annexes=annexes, lang=lang,
    )  # fmt: skip
    return [*files, PAGE]
