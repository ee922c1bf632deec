"""Damaged documents by the thousand: reading one ends in a result or a ReadError, and soon.

`PYTHONPATH=tests python tests/fuzz/fuzz.py --documents 20000 --target cchc_stats.read_report`

Every document is made from the seed and its number alone, so that one that breaks can be made
again: `--only 1234` keeps its file.
"""

import argparse
import importlib
import multiprocessing as mp
import random
import resource
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import NamedTuple

from mutations import mutated
from seed_documents import seed_documents

from cchc_stats.reading.files.document import Document
from cchc_stats.words.errors import ReadError

WORKERS = 2
SECONDS = 10.0  # for one document
MEGABYTES = 500


class Outcome(NamedTuple):
    """How reading one document ended."""

    kind: str  # result, ReadError, or what was raised
    seconds: float
    megabytes: float  # the most that the process, and one it started, have held so far
    words: str


def main() -> int:
    """Run, print the figures, and return 1 where anything but results and refusals came out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--target", default="cchc_stats.reading.files.opening.read_document")
    parser.add_argument("--only", type=int, help="make one document, keep it, read it here")
    asked = parser.parse_args()
    target = named(asked.target)
    seeds = seed_documents()
    if asked.only is not None:
        path = write(Path.cwd(), asked.seed, asked.only, seeds)
        print(path, check(target(path)))
        return 0
    begin = time.perf_counter()
    outcomes = run(target, asked.documents, asked.seed, seeds)
    return tell(outcomes, asked.target, time.perf_counter() - begin)


def named(name: str) -> Callable[[Path], object]:
    """Return a function by its dotted name."""
    module, _, function = name.rpartition(".")
    return getattr(importlib.import_module(module), function)


def write(folder: Path, seed: int, number: int, seeds: list[tuple[str, bytes]]) -> Path:
    """Write the document of a number and return its path."""
    suffix, data = mutated(seeds, random.Random(f"{seed} {number}"))
    path = folder / f"fuzz-{seed}-{number}{suffix}"
    path.write_bytes(data)
    return path


def check(result: object) -> str:
    """Return what was read; every place of every table must be covered exactly once."""
    if isinstance(result, Document):
        for grid in result.grids:
            area = sum(cell.row_span * cell.column_span for cell in grid.cells)
            if area != grid.rows * grid.columns or any(
                cell.row + cell.row_span > grid.rows
                or cell.column + cell.column_span > grid.columns
                for cell in grid.cells
            ):
                raise AssertionError(f"{grid!r}: its cells cover {area} places")
    return repr(result)[:200]


def work(
    pipe: Connection, target: Callable[[Path], object], seed: int, seeds: list[tuple[str, bytes]]
) -> None:
    """Read the documents whose numbers come through a pipe, until None comes."""
    with tempfile.TemporaryDirectory() as name:
        while (number := pipe.recv()) is not None:
            path = write(Path(name), seed, number, seeds)
            begin = time.perf_counter()
            try:
                kind, words = "result", check(target(path))
            except ReadError as error:
                kind, words = "ReadError", str(error)
                if path.name not in words:
                    kind, words = "ReadError without the file", words
            except BaseException as error:
                kind = type(error).__name__
                words = "".join(traceback.format_exception(error)[-6:])
            seconds = time.perf_counter() - begin
            path.unlink()
            most = sum(
                resource.getrusage(who).ru_maxrss / 1024
                for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
            )
            pipe.send(Outcome(kind, seconds, most, words))


def run(
    target: Callable[[Path], object], documents: int, seed: int, seeds: list[tuple[str, bytes]]
) -> dict[int, Outcome]:
    """Return how each document ended; a reader that hangs or dies is replaced."""
    fork = mp.get_context("fork")
    outcomes: dict[int, Outcome] = {}
    numbers = iter(range(documents))
    busy: dict[Connection, tuple[mp.process.BaseProcess, int | None, float]] = {}

    def start() -> None:
        ours, theirs = fork.Pipe()
        process = fork.Process(target=work, args=(theirs, target, seed, seeds), daemon=True)
        process.start()
        theirs.close()
        hand(ours, process)

    def hand(pipe: Connection, process: mp.process.BaseProcess) -> None:
        number = next(numbers, None)
        pipe.send(number)
        busy[pipe] = process, number, time.perf_counter()
        if number is None:
            process.join()
            del busy[pipe]

    for _ in range(WORKERS):
        start()
    while busy:
        for pipe in wait(list(busy), timeout=1):
            process, number, began = busy[pipe]
            try:
                outcomes[number] = pipe.recv()
                hand(pipe, process)
            except EOFError:
                outcomes[number] = Outcome("the process died", time.perf_counter() - began, 0, "")
                del busy[pipe]
                start()
        for pipe, (process, number, began) in list(busy.items()):
            if time.perf_counter() - began > 2 * SECONDS:
                process.kill()
                outcomes[number] = Outcome("no end", time.perf_counter() - began, 0, "")
                del busy[pipe]
                start()
    return outcomes


def tell(outcomes: dict[int, Outcome], target: str, seconds: float) -> int:
    """Print the figures and return the exit code."""
    kinds = Counter(one.kind for one in outcomes.values())
    results, refused = kinds.pop("result", 0), kinds.pop("ReadError", 0)
    slowest = max(outcomes, key=lambda number: outcomes[number].seconds)
    largest = max(outcomes, key=lambda number: outcomes[number].megabytes)
    slow, large = outcomes[slowest].seconds, outcomes[largest].megabytes
    print(f"{target}: {len(outcomes):,} documents in {seconds:,.0f} s")
    print(f"  results           {results:,}")
    print(f"  ReadErrors        {refused:,}")
    print(f"  anything else     {sum(kinds.values()):,}  {dict(kinds) or ''}")
    print(f"  slowest document  {slow:.2f} s (number {slowest}, bound {SECONDS:.0f} s)")
    print(f"  peak memory       {large:.0f} MB (number {largest}, bound {MEGABYTES} MB)")
    shown: Counter[str] = Counter()
    for number, one in sorted(outcomes.items()):
        if one.kind in kinds:
            shown[one.words[-200:]] += 1
            if shown[one.words[-200:]] == 1 and len(shown) <= 20:
                print(f"\n--- number {number}: {one.kind}\n{one.words}")
    return 0 if not kinds and slow <= SECONDS and large <= MEGABYTES else 1


if __name__ == "__main__":
    sys.exit(main())
