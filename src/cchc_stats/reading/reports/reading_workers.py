"""Processes that read files side by side; one that dies or hangs costs its file and no other."""

from __future__ import annotations

import gc
import multiprocessing
import sys
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerContext, SpawnContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple, TypeAlias

import pandas as pd

from cchc_stats.reading.report import Report
from cchc_stats.words import CchcError, ReadError

Then: TypeAlias = Callable[[Report], Any]
START_SECONDS = 120  # to begin a process: it imports pandas first
LOST = object()
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


def read_here(path: Path, period: pd.Period | str | None) -> Report | Failure:
    """Return the report of a path, or why it is none: whatever happens, the next one is read."""
    # Imported here, so that a process reads with what is there when it starts.
    from cchc_stats.reading.reports.read import read_report

    try:
        return read_report(path, period=period)
    except CchcError as error:
        return Failure(str(path), error.what, error.where, error.mend)
    except Exception as error:
        what = f"the file cannot be read: {type(error).__name__}: {error}"
        return Failure(str(path), what, str(path), OPEN_AGAIN)


def done_here(path: Path, said: Report | Failure, then: Then | None) -> Report | Failure | Done:
    """Return a report with what `then` makes of it, or why it cannot."""
    if then is None or isinstance(said, Failure):
        return said
    try:
        return Done(said, then(said))
    except CchcError as error:
        return Failure(str(path), error.what, error.where, error.mend)
    except Exception as error:
        name = getattr(then, "__qualname__", repr(then))
        what = f"{name} fails on the report: {type(error).__name__}: {error}"
        return Failure(str(path), what, str(path), "read without then=, and see what fails")


def serve(channel: Connection) -> None:
    """Read what is asked for until nothing more comes; runs in a process of its own."""
    # A report is thousands of small things, and few of them in circles: looked through less often
    # than every 700 of them.
    gc.set_threshold(50_000)
    channel.send("ready")
    with suppress(EOFError, KeyboardInterrupt):
        while True:
            path, period, then = channel.recv()
            channel.send(done_here(path, read_here(path, period), then))


class _Worker:
    """A process, its channel, and the file it is at."""

    def __init__(self) -> None:
        context = _context()
        self.channel, far = context.Pipe()
        self.process: BaseProcess = context.Process(target=serve, args=(far,), daemon=True)
        with _script_left_out():
            self.process.start()
        far.close()
        self.at: int | None = None
        self.late = True
        self.until = time.monotonic() + START_SECONDS

    def ask(
        self,
        at: int,
        path: Path,
        period: pd.Period | str | None,
        seconds: float,
        then: Then | None,
    ) -> None:
        """Have a file read; a process that is dead by now says so when it is heard."""
        self.at, self.until = at, time.monotonic() + seconds
        with suppress(OSError):
            self.channel.send((path, period, then))

    def hear(self) -> object:
        """Return what the process says; LOST where it is dead or beyond its time."""
        self.late = not self.channel.poll()
        if self.late:
            return LOST
        try:
            return self.channel.recv()
        except (EOFError, OSError):
            return LOST

    def end(self) -> int | None:
        """End the process and return the exit code of one that died by itself."""
        if not self.late:
            self.process.join(1)  # what died may not have gone yet
        code = None if self.late else self.process.exitcode
        self.kill()
        return code

    def kill(self) -> None:
        """End the process, whatever it is at."""
        self.process.kill()
        self.process.join()
        self.channel.close()


def _context() -> ForkServerContext | SpawnContext:
    """Return how processes are started.

    Never as forks of this one: a notebook has threads, and a fork of them may hang. On Linux they
    are forks of a process apart, which has none, is prepared once, and stays for the next call.
    """
    if sys.platform != "linux":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["cchc_stats.reading.reports.prepared"])
    return context


@contextmanager
def _script_left_out() -> Iterator[None]:
    """Start processes that do not run the caller's script again, as spawning has them do.

    They need nothing of it, and a script without `if __name__ == "__main__"` would go in circles.
    """
    script = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = script


def read_side_by_side(
    paths: Sequence[Path],
    period: pd.Period | str | None,
    *,
    workers: int,
    seconds: float,
    then: Then | None = None,
) -> Generator[tuple[int, Report | Failure | Done]]:
    """Yield the number of each path and its report or failure, as they come.

    Raises
    ------
    ReadError
        A process ends before it begins.
    """
    todo = deque(range(len(paths)))
    team = [_Worker() for _ in range(min(workers, len(paths)))]
    try:
        while team:
            for worker in _next_heard(team):
                said = worker.hear()
                if said is LOST:
                    team.remove(worker)
                    code = worker.end()
                    if worker.at is None:
                        raise _not_begun()
                    yield worker.at, _lost(str(paths[worker.at]), code, seconds)
                    if todo:
                        team.append(_Worker())
                    continue
                if worker.at is not None:
                    yield worker.at, said  # type: ignore[misc]
                if todo:
                    at = todo.popleft()
                    worker.ask(at, paths[at], period, seconds, then)
                else:
                    team.remove(worker)
                    worker.kill()  # it waits for another file: nobody waits for it
    finally:
        for worker in team:  # interrupted: nobody waits for what they are at
            worker.kill()


def _next_heard(team: Sequence[_Worker]) -> list[_Worker]:
    """Return who has something to say, or else whose time is over; waits for one of them."""
    while True:
        left = min(worker.until for worker in team) - time.monotonic()
        spoken = wait([worker.channel for worker in team], timeout=max(0.0, left))
        now = time.monotonic()
        found = [worker for worker in team if worker.channel in spoken]
        if found := found or [worker for worker in team if worker.until <= now]:
            return found


def _lost(path: str, code: int | None, seconds: float) -> Failure:
    """Return the failure of the file at which a process died or was ended."""
    if code is None:
        what = f"reading it takes longer than {seconds:g} seconds"
        return Failure(path, what, path, "read it alone, or give more seconds")
    what = f"the process that read it ended (exit code {code}): often too little memory"
    return Failure(path, what, path, OPEN_AGAIN)


def _not_begun() -> ReadError:
    return ReadError(
        "a process for reading ends before it begins",
        where="read_reports(workers=)",
        mend="see on stderr why, or read in this process: workers=1",
    )
