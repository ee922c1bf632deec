"""`read_reports`: a folder of reports, each read for itself; a bad one stops nobody."""

from __future__ import annotations

import gc
import glob
import os
import sys
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from pathlib import Path, PurePath
from types import ModuleType
from typing import Any, Literal, NamedTuple, TypeAlias

import pandas as pd
from pebble import ProcessExpired, ProcessPool

from cchc_stats.reading.report import Named, Report
from cchc_stats.reading.reports.corrections import read_corrections
from cchc_stats.reading.reports.naming import AGENCIES, alike, names_of, of_list, renamed
from cchc_stats.reading.reports.report_set import FAILURES, SKIPPED, ReportSet
from cchc_stats.reading.units import UnitList, Units, units_of
from cchc_stats.words import CchcError, ReadError

if sys.platform == "linux":
    from multiprocessing.context import ForkServerContext as StartContext
    from multiprocessing.context import ForkServerProcess as StartedProcess
else:
    from multiprocessing.context import SpawnContext as StartContext
    from multiprocessing.context import SpawnProcess as StartedProcess

# What is tried: what can be read, and what is refused with a word on how to save it anew.
SUFFIXES = (
    *(".docx", ".docm", ".xlsx", ".xlsm", ".txt", ".html", ".htm", ".xls", ".ods", ".pdf"),
    *(".doc", ".odt", ".rtf"),
)
HEAD = "report.toml"
LOCK, HIDDEN = "tệp khóa của chương trình đang mở tệp", "tệp ẩn"
OTHER, NO_HEAD = "đuôi tệp không phải của báo cáo", f"thư mục không có {HEAD}"
TWICE = "đã có trong danh sách"

Paths = str | Path | Iterable[str | Path]


def report_paths(paths: Paths) -> tuple[list[Path], list[tuple[str, str]]]:
    """Return the paths to read in order, and (path, reason) of those that are passed over.

    A folder with `report.toml` is a report; any other folder gives its files and those of its
    folders that are reports, by name. Folders below are not searched.

    Raises
    ------
    ReadError
        What is given is no path, or nothing of it is a report.
    """
    given: list[str | Path]
    try:
        given = [paths] if isinstance(paths, str | Path) else [*paths]
    except TypeError:
        given = [None]  # type: ignore[list-item]
    if strange := [path for path in given if not isinstance(path, str | Path)]:
        raise ReadError(
            f"this is no path: {strange[0]!r}",
            where="paths=",
            mend="give a folder, a glob such as reports/*.docx, or a list of paths",
        )
    files: list[Path] = []
    skipped: list[tuple[str, str]] = []
    seen: set[Path] = set()
    for path, listed in (each for one in given for each in _expanded(one)):
        reason = _reason(path, listed=listed)
        if not reason and (real := path.absolute()) in seen:
            reason = TWICE
        elif not reason:
            seen.add(real)
        if reason:
            skipped.append((str(path), reason))
        else:
            files.append(path)
    if not files:
        raise ReadError(
            f"there is no report to read; {len(skipped)} files are passed over",
            where="; ".join(map(str, given)),
            mend="give a folder with .docx, .xlsx or .txt files or with folders that hold "
            f"{HEAD}, a glob, or a list of paths",
        )
    return files, skipped


def _expanded(given: str | Path) -> Iterator[tuple[Path, bool]]:
    """Yield each path of one that is given, and whether its folder or pattern gave it."""
    path = Path(given)
    if not _is_there(path) and glob.has_magic(str(given)):
        # Path.glob takes no pattern that begins at the root.
        matching = glob.glob(str(given), recursive=True)  # noqa: PTH207
        yield from ((Path(one), True) for one in sorted(matching))
    elif path.is_dir() and not (path / HEAD).is_file():
        try:
            inside = sorted(path.iterdir())
        except OSError as error:
            raise ReadError(
                f"the folder cannot be read: {error.strerror}",
                where=str(path),
                mend="check that you may read it",
            ) from error
        yield from ((one, True) for one in inside)
    else:
        yield path, False


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return False


def _reason(path: Path, *, listed: bool) -> str:
    """Return why a path is passed over, "" where it is read; one that is named is read."""
    if path.name.startswith(("~$", ".~lock")):
        return LOCK
    if listed and path.name.startswith("."):
        return HIDDEN
    if listed and path.is_dir():
        return "" if (path / HEAD).is_file() else NO_HEAD
    return OTHER if listed and path.suffix.lower() not in SUFFIXES else ""


Then: TypeAlias = Callable[[Report], Any]
OPEN_AGAIN = "open it in its program and save it again, then read it alone"


class Failure(NamedTuple):
    """Why a file is no report."""

    path: str
    what: str
    where: str
    mend: str


class Done(NamedTuple):
    """A report, and what came of it where it was read."""

    report: Report
    result: Any


class Asked(NamedTuple):
    """What each file is read with: the options of `read_report`."""

    period: pd.Period | str | None = None
    layouts: str | Path | None = None
    corrections: str | Path | None = None
    budget: float = 1
    units: Units | None = None


def read_here(path: Path, asked: Asked) -> Report | Failure:
    """Return the report of a path, or why it is none: whatever happens, the next one is read."""
    # Imported here, so that a process reads with what is there when it starts.
    from cchc_stats.reading.reports.read import read_report

    try:
        report = read_report(path, **asked._asdict())
    except CchcError as error:
        return Failure(str(path), error.what, error.where, error.mend)
    except Exception as error:
        what = f"the file cannot be read: {type(error).__name__}: {error}"
        return Failure(str(path), what, str(path), OPEN_AGAIN)
    if report.blank:
        mend = f"ask {report.agency} for its figures of {report.period}"
        return Failure(str(path), "the form is blank: no figure was filled in", str(path), mend)
    return report


def done_here(path: Path, read: Report | Failure, then: Then | None) -> Report | Failure | Done:
    """Return a report with what `then` makes of it, or why it cannot."""
    if then is None or isinstance(read, Failure):
        return read
    try:
        return Done(read, then(read))
    except CchcError as error:
        return Failure(str(path), error.what, error.where, error.mend)
    except Exception as error:
        name = getattr(then, "__qualname__", repr(then))
        what = f"{name} fails on the report: {type(error).__name__}: {error}"
        return Failure(str(path), what, str(path), "read without then=, and see what fails")


class _Process(StartedProcess):
    """A process that does not run the caller's script again, as spawning has it do.

    It needs nothing of it, and a script without `if __name__ == "__main__"` would go in circles.
    """

    def start(self) -> None:
        """Start, while no script is to be seen."""
        script = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            super().start()
        finally:
            sys.modules["__main__"] = script


class _Context(StartContext):
    """How processes are started.

    Never as forks of this one: a notebook has threads, and a fork of them may hang. On Linux they
    are forks of a process apart, which has none, is prepared once, and stays for the next call.
    """

    Process = _Process


def begin() -> None:
    """Prepare a process for reading many."""
    # A report is thousands of small things, and few of them in circles: looked through less often
    # than every 700 of them.
    gc.set_threshold(500_000)


def read_side_by_side(
    paths: Sequence[Path],
    asked: Asked,
    *,
    workers: int,
    seconds: float,
    then: Then | None = None,
) -> Generator[tuple[int, Report | Failure | Done]]:
    """Yield the number of each path and its report or failure, as they come.

    A process that dies or hangs costs its file and no other.

    Raises
    ------
    ReadError
        A process ends before it begins.
    """
    context = _Context()
    if sys.platform == "linux":
        context.set_forkserver_preload(["cchc_stats.reading.reports.prepared"])
    pool = ProcessPool(min(workers, len(paths)), initializer=begin, context=context)
    try:
        answers: dict[Future[Any], int] = {
            pool.schedule(_read_and, (path, asked, then), timeout=seconds): at
            for at, path in enumerate(paths)
        }
        for answer in as_completed(answers):
            at = answers[answer]
            yield at, _outcome(answer, str(paths[at]), seconds)
    finally:  # interrupted: nobody waits for what they are at
        pool.stop()  # type: ignore[no-untyped-call]
        pool.join()


def _read_and(path: Path, asked: Asked, then: Then | None) -> object:
    return done_here(path, read_here(path, asked), then)


def _outcome(answer: Future[Any], path: str, seconds: float) -> Report | Failure | Done:
    """Return what came of a file, or the failure of that at which a process died or was ended."""
    try:
        return answer.result()  # type: ignore[no-any-return]
    except TimeoutError:
        what = f"reading it takes longer than {seconds:g} seconds"
        return Failure(path, what, path, "read it alone, or give more seconds")
    except ProcessExpired as error:
        what = (
            f"the process that read it ended (exit code {error.exitcode}): often too little memory"
        )
        return Failure(path, what, path, OPEN_AGAIN)
    except BrokenProcessPool as error:
        raise ReadError(
            "a process for reading ends before it begins",
            where="read_reports(workers=)",
            mend="see on stderr why, or read in this process: workers=1",
        ) from error


SIDE_BY_SIDE_FROM = 100  # reports: for fewer, starting processes takes longer than reading
_SLOW = {".pdf": 20, ".xls": 10}  # how many others one of these takes as long as
_USUAL_SIZE = 60_000  # bytes of a report: a larger one counts as several
SECONDS = 60.0  # for one file


def read_reports(
    paths: Paths,
    *,
    progress: bool = True,
    agencies: Iterable[str] | None = None,
    period: pd.Period | str | None = None,
    prefer: Literal["", "latest_signed", "last_given"] = "",
    workers: int | None = None,
    seconds: float = SECONDS,
    then: Then | None = None,
    layouts: str | Path | None = None,
    corrections: str | Path | None = None,
    budget: float = 1,
    units: UnitList | None = None,
) -> ReportSet:
    """Return the reports of a folder, a glob or a list of paths, each read by `read_report`.

    Parameters
    ----------
    paths : a folder: its files and those of its folders that hold `report.toml`, by name (folders
        below are not searched); a glob; or a list of files and folders. Lock files, hidden files
        and, unless they are named one by one, files of other kinds are passed over: `skipped`.
    progress : show a bar on stderr, where that is a terminal.
    agencies : the names to use; a printed name is replaced where it surely means one of them (see
        `match_agency`). None takes the fullest spelling of each body, as far as that is sure;
        `agencies` of the set says which.
    period : the quarter to take instead of what each report says.
    prefer : which of several editions the tables take: "latest_signed", or "last_given", the last
        of the paths.
    workers : processes to read with at most; None for one per core. Only where there is enough to
        read (about a hundred documents, or five PDFs, or a few large ones): otherwise, and with 1,
        all is read in this process, which is faster, and the time is bounded by `budget` alone.
    seconds : the time for one file, after which its process is ended; see also `budget`.
    then : a function that each report is given to by the process that read it, such as `check`:
        what it returns is in `results`. One of a module, so that other processes find it.
    layouts, corrections, budget : see `read_report`; lines of corrections are of the
        files they name.
    units : the units, or their file (see `read_units`): reports go under the unit's name, and
        that of a unit in no list is among the failures.

    Returns
    -------
    ReportSet: `reports` in the order of the paths, and `failures` with a row per file that is no
    report, takes too long, or ends its process: the others are read all the same. A form in which
    nothing was filled in is no report either.

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
    files, skipped = report_paths(paths)
    team = _team(workers, files)
    if not seconds > 0:
        raise ReadError("a file needs some time", where="seconds=", mend="give more than 0")
    _require_named(then, max(team, workers or 1))
    # Closed whatever happens: a notebook keeps the frames of an interrupted call, and with them the
    # processes that read.
    known = None if units is None else _only_units(units, agencies)
    asked = Asked(period, layouts, corrections, budget, known)
    if corrections is not None:
        _require_files(corrections, files)
    with closing(_read_all(files, asked, team, seconds, then)) as reading:
        results = dict(_watched(reading, len(files), show=progress))
    done = {
        str(files[at]): Done(one, None) if isinstance(one, Report) else one
        for at, one in sorted(results.items())
    }
    read = {path: one for path, one in done.items() if isinstance(one, Done)}
    failures = [one for one in done.values() if isinstance(one, Failure)]
    reports, matched = _under_one_name([one.report for one in read.values()], known, agencies)
    return ReportSet(
        reports=tuple(reports),
        paths=tuple(read),
        failures=pd.DataFrame(failures, columns=list(FAILURES), dtype="str"),
        skipped=pd.DataFrame(skipped, columns=list(SKIPPED), dtype="str"),
        agencies=pd.DataFrame(matched, columns=list(AGENCIES)).astype(
            dict.fromkeys(AGENCIES, "str") | {"score": "Float64"}
        ),
        results=tuple(one.result for one in read.values() if then is not None),
    ).preferring(prefer)


def _team(workers: int | None, files: Sequence[Path]) -> int:
    if workers is not None:
        _require_number(workers)
    enough = sum(map(_work, files)) >= SIDE_BY_SIDE_FROM
    return (workers or os.cpu_count() or 1) if enough else 1


def _work(path: Path) -> float:
    """Return how many reports of usual size a file takes as long as."""
    try:
        size = path.stat().st_size
    except OSError:  # reading it will tell
        size = 0
    return max(_SLOW.get(path.suffix.lower(), 1), size / _USUAL_SIZE)


def _require_number(workers: object) -> None:
    if isinstance(workers, bool) or not isinstance(workers, int) or workers < 1:
        raise ReadError(
            f"the number of processes is {workers!r}",
            where="workers=",
            mend="give a whole number from 1, or None",
        )


def _require_files(corrections: str | Path, files: Sequence[Path]) -> None:
    """Refuse corrections of files that are not read."""
    names = {path.name for path in files}
    stated = dict.fromkeys(read_corrections(corrections).lines["file"])
    if others := [name for name in stated if PurePath(name).name not in names]:
        raise ReadError(
            f"corrections name files that are not read: {', '.join(others)}",
            where=str(corrections),
            mend="give these files as well, correct their names, or take the lines out",
        )


def _require_named(then: Then | None, processes: int) -> None:
    """Refuse a function that another process cannot find, where others may read."""
    if then is None or processes == 1:
        return
    if getattr(then, "__module__", "__main__") == "__main__" or "<" in getattr(
        then, "__qualname__", "<"
    ):
        raise ReadError(
            f"other processes cannot find {then!r}",
            where="then=",
            mend="give a function of a module, or read in this process: workers=1",
        )


def _read_all(
    files: Sequence[Path],
    asked: Asked,
    team: int,
    seconds: float,
    then: Then | None,
) -> Generator[tuple[int, Report | Failure | Done]]:
    if team == 1:
        return _read_in_turn(files, asked, then)
    return read_side_by_side(files, asked, workers=team, seconds=seconds, then=then)


def _read_in_turn(
    files: Sequence[Path], asked: Asked, then: Then | None
) -> Generator[tuple[int, Report | Failure | Done]]:
    before = gc.get_threshold()
    if before[0]:
        begin()
    try:
        for at, one in enumerate(files):
            yield at, done_here(one, read_here(one, asked), then)
    finally:
        gc.set_threshold(*before)


def _watched(
    results: Iterator[tuple[int, Report | Failure | Done]], files: int, *, show: bool
) -> Iterator[tuple[int, Report | Failure | Done]]:
    from tqdm import tqdm

    with tqdm(total=files, disable=None if show else True, leave=False, unit="báo cáo") as bar:
        for each in results:
            yield each
            bar.update()


def _only_units(units: UnitList, agencies: Iterable[str] | None) -> Units:
    if agencies is not None:
        raise ReadError(
            "names are those of a list, or of the units",
            where="agencies=, units=",
            mend="give one of the two",
        )
    return units_of(units)


def _under_one_name(
    reports: Sequence[Report], units: Units | None, agencies: Iterable[str] | None
) -> tuple[Sequence[Report], list[Named]]:
    """Return the reports, each body under one name, and what each printed name was taken for."""
    if units is not None:  # read_report has named them: of two of one name their numbers tell
        return reports, [*dict.fromkeys(one for report in reports for one in report.matched)]
    printed = names_of(reports)
    matched = alike(printed) if agencies is None else of_list(printed, [*agencies])
    names = {one.agency: one.matched for one in matched}
    return [renamed(one, names) for one in reports], matched
