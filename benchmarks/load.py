"""Much at once: seconds of the processor and the most memory of each, `python benchmarks/load.py`.

Each job has a process of its own. What grows from call to call, or gives another result beside
other threads, ends with 1.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pandas as pd
import publishing
import reading

import cchc_stats as cchc

REPORT = Path(__file__).parents[1] / "data" / "binh-dinh-skhcn-2020q3"
GROWTH = 5.0  # MB that two hundred calls may leave behind


def documents() -> str:
    """Read and check a thousand reports in this process."""
    with tempfile.TemporaryDirectory() as folder:
        for number in range(1_000):
            reading.write_report(Path(folder), number)
        begin = time.process_time()
        read = cchc.read_reports(Path(folder), workers=1, then=cchc.check)
        return f"{len(read.reports)} reports, {time.process_time() - begin:.1f} s of reading"


def agencies() -> str:
    """Write the page of a report with a row of 200 agencies in its tables."""
    report = cchc.read_report(REPORT)
    tables = {
        code: pd.concat(
            [table] + [table.assign(agency=f"Đơn vị {at}") for at in range(199)], ignore_index=True
        )
        for code, table in report.tables.items()
    }
    return page(replace(report, tables=tables))


def quarters() -> str:
    """Write the page of a report with 60 earlier quarters."""
    report = cchc.read_report(REPORT)
    parts = []
    for at in range(60):
        part = publishing.history(report)
        newest = part["period"].max()
        part = part[part["period"] == newest]
        parts.append(part.assign(period=report.period - 1 - at))
    return page(report, history=pd.concat(parts, ignore_index=True))


def page(report: cchc.Report, history: pd.DataFrame | None = None) -> str:
    with tempfile.TemporaryDirectory() as folder:
        path = cchc.write_report(report, Path(folder) / "index.html", history=history)
        return f"{path.stat().st_size / 1e6:.1f} MB"


def ranks() -> str:
    """Score, rank and explain 10,000 agencies."""
    said = pd.DataFrame(
        {
            "agency": np.repeat([f"Xã {at}" for at in range(10_000)], 2),
            "period": "2026Q3",
            "indicator": ["ON_TIME", "DIGITAL_RESULT"] * 10_000,
            "numerator": np.random.default_rng(1).integers(0, 1_000, 20_000),
            "denominator": 1_000,
        }
    )
    scores = cchc.score(said, cchc.load_scheme("qd-766-2022"))
    ranked = cchc.rank_agencies(scores, incomplete="known")
    return f"{len(scores):,} rows, {ranked['rank'].max()} ranks"


def calls() -> str:
    """Read, measure and check a report 200 times; what the process holds may not grow."""
    before = 0.0
    for at in range(220):
        report = cchc.read_report(REPORT)
        cchc.measure(report.tables)
        cchc.check(report)
        if at == 19:
            before = held()
    growth = held() - before
    if growth > GROWTH:
        raise SystemExit(f"200 calls left {growth:.1f} MB behind")
    return f"{growth:.1f} MB more"


def threads() -> str:
    """Read, measure and check in eight threads at once; each gets what one alone gets."""

    def once(_: int) -> tuple[pd.DataFrame, pd.DataFrame]:
        report = cchc.read_report(REPORT)
        return cchc.measure(report.tables), cchc.check(report)

    alone = once(0)
    with ThreadPoolExecutor(8) as pool:
        for values, findings in pool.map(once, range(64)):
            pd.testing.assert_frame_equal(values, alone[0])
            pd.testing.assert_frame_equal(findings, alone[1])
    return "64 results equal"


JOBS: dict[str, Callable[[], str]] = {
    "1,000 documents read and checked": documents,
    "page of 200 agencies": agencies,
    "page of 60 quarters": quarters,
    "10,000 agencies scored and ranked": ranks,
    "200 repeated calls": calls,
    "8 threads": threads,
}


def held() -> float:
    """Return the megabytes that the process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def run(name: str) -> tuple[str, float, float]:
    """Return what a job says, its processor seconds and the most megabytes it held."""
    begin = time.process_time()
    told = JOBS[name]()
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return told, time.process_time() - begin, most


def main(names: list[str]) -> int:
    chosen = [job for job in JOBS if not names or any(name in job for name in names)]
    with ProcessPoolExecutor(1, get_context("spawn"), max_tasks_per_child=1) as alone:
        for name in chosen:
            told, seconds, most = alone.submit(run, name).result()
            print(f"{name:36}{seconds:8.1f} s{most:8.0f} MB  {told}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
