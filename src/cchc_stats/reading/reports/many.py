"""`read_reports`: a folder of reports, each read for itself; a bad one stops nobody."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pandas as pd

from cchc_stats.reading.report import Report
from cchc_stats.reading.reports.reading_workers import (
    Done,
    Failure,
    Then,
    done_here,
    read_here,
    read_side_by_side,
)
from cchc_stats.reading.reports.report_paths import Paths, report_paths
from cchc_stats.reading.reports.report_set import AGENCIES, FAILURES, SKIPPED, ReportSet
from cchc_stats.words import ReadError, match_agency

SIDE_BY_SIDE_FROM = 8  # files: for fewer, starting processes takes longer than reading
SECONDS = 60.0  # for one file


def read_reports(
    paths: Paths,
    *,
    progress: bool = True,
    agencies: Iterable[str] | None = None,
    period: pd.Period | str | None = None,
    prefer: str = "",
    workers: int | None = None,
    seconds: float = SECONDS,
    then: Then | None = None,
) -> ReportSet:
    """Return the reports of a folder, a glob or a list of paths, each read by `read_report`.

    Parameters
    ----------
    paths : a folder: its files and those of its folders that hold `report.toml`, by name (folders
        below are not searched); a glob; or a list of files and folders. Lock files, hidden files
        and, unless they are named one by one, files of other kinds are passed over: `skipped`.
    progress : show a bar on stderr, where that is a terminal.
    agencies : the names to use; a printed name is replaced where it surely means one of them (see
        `match_agency`). None keeps names as printed.
    period : the quarter to take instead of what each report says.
    prefer : "latest_signed" where the tables shall take the latest of several editions.
    workers : processes to read with; None for one per core from 8 files on. With 1 all is read in
        this process, and the time is not limited.
    seconds : the time for one file.
    then : a function that each report is given to by the process that read it, such as `check`:
        what it returns is in `results`. One of a module, so that other processes find it.

    Returns
    -------
    ReportSet: `reports` in the order of the paths, and `failures` with a row per file that is no
    report, takes too long, or ends its process: the others are read all the same.

    Raises
    ------
    ReadError
        There is nothing to read, or an option makes no sense.

    Examples
    --------
    >>> reports = read_reports(["data/binh-dinh-skhcn-2020q3", "data/no-such-report"])
    >>> reports, reports.failures["what"].tolist()
    (ReportSet(1 reports, 1 failures, 0 skipped), ['there is nothing to read'])
    >>> len(read_reports("data/binh-dinh-skhcn-2020q3", then=repr).results)
    1
    >>> reports.tables["documents"][["agency", "sent_total"]].values.tolist()
    [['Sở Khoa học và Công nghệ tỉnh Bình Định', 1380]]
    """
    found, skipped = report_paths(paths)
    team = _team(workers, len(found))
    if not seconds > 0:
        raise ReadError("a file needs some time", where="seconds=", mend="give more than 0")
    if then is not None and team > 1:
        _require_named(then)
    results: list[Report | Failure | Done | None] = [None] * len(found)
    # Closed whatever happens: a notebook keeps the frames of an interrupted call, and with them the
    # processes that read.
    with closing(_read(found, period, team, seconds, then)) as reading:
        for at, result in _watched(reading, len(found), show=progress):
            results[at] = result
    done = [Done(one, None) if isinstance(one, Report) else one for one in results]
    read = [(one, str(path)) for one, path in zip(done, found, strict=True) if one]
    reports = [(one.report, path) for one, path in read if isinstance(one, Done)]
    failures = [one for one in results if isinstance(one, Failure)]
    printed = [*dict.fromkeys(report.agency for report, _ in reports)]
    return ReportSet(
        reports=tuple(report for report, _ in reports),
        paths=tuple(path for _, path in reports),
        failures=pd.DataFrame(failures, columns=list(FAILURES), dtype="str"),
        skipped=pd.DataFrame(skipped, columns=list(SKIPPED), dtype="str"),
        agencies=_matches(printed, agencies),
        results=() if then is None else tuple(one.result for one in done if isinstance(one, Done)),
    ).preferring(prefer)


def _team(workers: int | None, files: int) -> int:
    if workers is None:
        return (os.cpu_count() or 1) if files >= SIDE_BY_SIDE_FROM else 1
    if isinstance(workers, bool) or not isinstance(workers, int) or workers < 1:
        raise ReadError(
            f"the number of processes is {workers!r}",
            where="workers=",
            mend="give a whole number from 1, or None",
        )
    return workers


def _require_named(then: Then) -> None:
    """Refuse a function that another process cannot find."""
    if getattr(then, "__module__", "__main__") == "__main__" or "<" in getattr(
        then, "__qualname__", "<"
    ):
        raise ReadError(
            f"other processes cannot find {then!r}",
            where="then=",
            mend="give a function of a module, or read in this process: workers=1",
        )


def _read(
    found: Sequence[Path],
    period: pd.Period | str | None,
    team: int,
    seconds: float,
    then: Then | None,
) -> Generator[tuple[int, Report | Failure | Done]]:
    if team == 1:
        return ((at, done_here(one, read_here(one, period), then)) for at, one in enumerate(found))
    return read_side_by_side(found, period, workers=team, seconds=seconds, then=then)


def _watched(
    results: Iterator[tuple[int, Report | Failure | Done]], files: int, *, show: bool
) -> Iterator[tuple[int, Report | Failure | Done]]:
    from tqdm import tqdm

    with tqdm(total=files, disable=None if show else True, leave=False, unit="báo cáo") as bar:
        for each in results:
            yield each
            bar.update()


def _matches(printed: Sequence[str], agencies: Iterable[str] | None) -> pd.DataFrame:
    """Return each printed name and the known one it is taken for."""
    names = None if agencies is None else [*agencies]
    rows = []
    for name in printed:
        if names is None:
            rows.append((name, name, "same", 1.0, ""))
        else:
            match = match_agency(name, names)
            rows.append((name, match.name, match.how, match.score, "; ".join(match.candidates)))
    types = dict.fromkeys(AGENCIES, "str") | {"score": "Float64"}
    return pd.DataFrame(rows, columns=list(AGENCIES)).astype(types)
