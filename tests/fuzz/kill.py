"""Writers killed at any moment over a file that is there: it is the old one or the new one.

`PYTHONPATH=tests python tests/fuzz/kill.py --kills 1000`

Each writer first writes an old file and is timed; then a process that writes the new one is killed
after a random part of that time, most often near its end, where the file is written. After all
kills the writer runs once more to its end: nothing that killed processes left may lie beside it.
"""

import argparse
import multiprocessing as mp
import random
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path

ROOT = Path(__file__).parents[2]
REPORT = ROOT / "data" / "binh-dinh-skhcn-2020q3"


def write_values(path: Path, version: int) -> None:
    import cchc_stats as cchc

    counts = pd_frame(version)
    cchc.write_values(counts, path)


def pd_frame(version: int):
    """Return values of a version: enough that writing them takes a while."""
    import pandas as pd

    return pd.DataFrame(
        {
            "agency": [f"Sở {at}" for at in range(400)],
            "period": "2026Q3",
            "indicator": "my_count",
            "value": [version + at for at in range(400)],
        }
    )


def report(version: int):
    import cchc_stats as cchc

    read = cchc.read_report(REPORT)
    read.tables["documents"]["sent_electronic"] += version
    read.tables["documents"]["sent_total"] += version
    return read


def write_form(path: Path, version: int) -> None:
    import cchc_stats as cchc

    read = report(version)
    cchc.write_form(read, path, period=read.period)


def write_report(path: Path, version: int) -> None:
    import cchc_stats as cchc

    cchc.write_report(report(version), path)


def write_table(path: Path, version: int) -> None:
    from cchc_stats.words import write_table as write

    write(path, pd_frame(version))


def keep(path: Path, version: int) -> None:
    import cchc_stats as cchc

    read = report(version)
    cchc.Store(path).add(replace(read, digest=str(version), period=read.period + version))


def state_of(path: Path) -> object:
    """Return what a file holds: of a store what comes back of it, of others their bytes."""
    if path.suffix != ".duckdb":
        return path.read_bytes()
    import cchc_stats as cchc

    store = cchc.Store(path)
    tables = [one.tables["documents"].to_dict("list") for one in store.reports().reports]
    return repr((store.editions()["digest"].tolist(), tables, store.values().to_dict("list")))


WRITERS: dict[str, Callable[[Path, int], None]] = {
    "values.csv": write_values,
    "values.csv.gz": write_values,
    "values.xlsx": write_values,
    "values.parquet": write_values,
    "values.json": write_values,
    "table.csv": write_table,
    "bieu.docx": write_form,
    "bieu.xlsx": write_form,
    "bao-cao.html": write_report,
    "tinh.duckdb": keep,
}


def main() -> int:
    """Run, print the figures, and return 1 where a file was neither the old nor the new one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    # Processes come from a server that has all modules and no thread: a kill hits the writing.
    context = mp.get_context("forkserver")
    context.set_forkserver_preload(["kill_modules"])
    each = -(-asked.kills // len(WRITERS))
    print(f"{'file':16}{'kills':>7}{'old':>7}{'new':>7}{'broken':>8}{'left over':>11}")
    wrong = 0
    for name, writer in WRITERS.items():
        old, new, broken, left = killed(name, writer, each, context, asked.seed)
        print(f"{name:16}{each:7}{old:7}{new:7}{broken:8}{left:11}", flush=True)
        wrong += broken + left
    return 1 if wrong else 0


def killed(
    name: str,
    writer: Callable[[Path, int], None],
    kills: int,
    context: mp.context.ForkServerContext,
    seed: int,
) -> tuple[int, int, int, int]:
    """Return how often the file was old, new, and neither, and how many files lay beside it."""
    chance = random.Random(f"{seed} {name}")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        seconds = finished(writer, path, 1, context)
        path.unlink()
        seconds = max(seconds, finished(writer, path, 0, context))
        data, before = path.read_bytes(), state_of(path)
        finished(writer, path, 1, context)
        after = state_of(path)
        assert before != after, f"{name}: both versions are the same"
        old = new = broken = 0
        for _ in range(kills):
            # What the engine of a store had not yet put into it is of the killed process.
            path.with_name(f"{name}.wal").unlink(missing_ok=True)
            path.write_bytes(data)
            process, begun = started(writer, path, 1, context)
            begun.recv()
            process.join(chance.triangular(0, 1.1, 1) * seconds)
            process.kill()
            process.join()
            state = state_of(path)
            old, new = old + (state == before), new + (state == after)
            broken += state not in (before, after)
        finished(writer, path, 1, context)
        return old, new, broken, len(list(Path(folder).iterdir())) - 1


def started(
    writer: Callable[[Path, int], None],
    path: Path,
    version: int,
    context: mp.context.ForkServerContext,
) -> tuple[mp.context.ForkServerProcess, Connection]:
    """Start a writer; a word comes when the process is there and begins."""
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=write, args=(writer, path, version, theirs))
    process.start()
    return process, ours


def write(writer: Callable[[Path, int], None], path: Path, version: int, begun: Connection) -> None:
    begun.send(True)
    writer(path, version)


def finished(
    writer: Callable[[Path, int], None],
    path: Path,
    version: int,
    context: mp.context.ForkServerContext,
) -> float:
    """Run a writer to its end in a process of its own and return the seconds it took."""
    process, begun = started(writer, path, version, context)
    begun.recv()
    begin = time.perf_counter()
    process.join()
    if process.exitcode:
        raise SystemExit(f"{path.name}: the writer ended with {process.exitcode}")
    return time.perf_counter() - begin


if __name__ == "__main__":
    sys.exit(main())
