"""`tally` and `durations` beside reading alone, SQL by hand, and pandas as one would write it.

`python benchmarks/tallying.py large` counts a hundred million dossiers, `… 1000000` that many.
"""

from __future__ import annotations

import datetime as dt
import resource
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
from timing import Comparison, seconds, side_by_side, table_of

from cchc_stats import Window, durations, simulate_ledger, tally, vietnam_calendar
from cchc_stats.ledger.counting.windows import asked_windows, edges_of

SMALL, MIDDLE, LARGE = 1_000_000, 10_000_000, 100_000_000
COLUMNS = ("agency", "sector", "received_at", "due_at", "settled_at", "channel", "status")
QUARTERS = [pd.Period(f"2020Q{number}") for number in range(1, 5)]
WINDOWS = [*QUARTERS, *((quarter, "year_to_date") for quarter in QUARTERS)]
FIRST_DAY = dt.date(2019, 1, 1)
MONTHS = [FIRST_DAY + dt.timedelta(days=2 * step) for step in range(250)]
ROLLING = [Window(day, day + dt.timedelta(days=29)) for day in MONTHS]
KEYS = ["agency", "sector"]
COUNTED = ("received_total", "newly_received", "received_online", "settled_total", "settled_late")
COUNTED += ("settled_early", "pending_total", "pending_overdue", "returned", "withdrawn")
CALENDAR = vietnam_calendar()
MEGABYTE = 1024  # KB


def comparisons(sizes: tuple[int, ...] = (SMALL, MIDDLE)) -> list[Comparison]:
    """Return the times of counting, after seeing that all ways come to the same numbers."""
    found = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as name:
            simulate_ledger(size, seed=2020, path=name)
            if size == sizes[0]:
                require_same(Path(name))
            found += of_files(Path(name), size)
            if size >= MIDDLE:
                megabytes = measured(Path(name))[1]
                what = f"tally, {size:,} dossiers: peak memory, MB, ÷ 220 MB"
                found.append(Comparison.of(what, megabytes, 220.0, 1.0))
    return [*found, *many_windows(SMALL), *many_groups(SMALL), working_days(sizes[-1])]


def of_files(folder: Path, size: int) -> list[Comparison]:
    """Return how `tally` and `durations` compare over the files of a folder."""
    decides = size >= MIDDLE  # below it what does not grow with the rows outweighs the rest
    rounds = 3 if decides else 5
    tallied = f"tally, {size:,} dossiers, {len(WINDOWS)} windows"
    return [
        side_by_side(
            f"{tallied} ÷ reading its columns",
            lambda: tally(folder, WINDOWS),
            lambda: read(folder),
            rounds=rounds,
            target=3.0 if decides else None,
        ),
        side_by_side(
            "  processor time ÷ that of the cheapest scan of them",
            lambda: tally(folder, WINDOWS),
            lambda: scan(folder),
            rounds=rounds,
            target=2.8 if decides else None,
            clock=time.process_time,
        ),
        side_by_side(
            f"{tallied} ÷ the same cube in SQL by hand",
            lambda: tally(folder, WINDOWS),
            lambda: cube_by_hand(folder),
            rounds=rounds,
            target=1.25 if decides else None,
        ),
        side_by_side(
            f"{tallied} ÷ pandas, mask by mask",
            lambda: tally(folder, WINDOWS),
            lambda: tally_by_hand(folder),
            rounds=1 if decides else 2,
            target=1 / 20 if decides else None,
        ),
        side_by_side(
            f"durations, {size:,} dossiers ÷ pandas with numpy.busday_count",
            lambda: durations(folder, WINDOWS, calendar=CALENDAR),
            lambda: durations_by_hand(folder),
            rounds=1 if decides else 2,
        ),
    ]


def read(folder: Path) -> object:
    """Read the needed columns whole; the largest value of each makes sure that they are."""
    largest = ", ".join(f"max({name})" for name in COLUMNS)
    return duckdb.connect().sql(f"SELECT {largest} FROM '{folder}/*.parquet'").fetchall()


def scan(folder: Path) -> object:
    """Read them as cheaply as can be: of a word that stands in a dictionary the hash is at hand."""
    hashes = ", ".join(f"bit_xor(hash({name}))" for name in COLUMNS)
    return duckdb.connect().sql(f"SELECT {hashes} FROM '{folder}/*.parquet'").fetchall()


def many_windows(size: int) -> list[Comparison]:
    """Return what 250 rolling windows cost beside eight, and the memory that they take."""
    found = []
    for agencies, by, target in ((30, "agency", 1.5), (50, "agency,sector", 4.0)):
        with tempfile.TemporaryDirectory() as name:
            folder, keys = Path(name), by.split(",")
            simulate_ledger(size, seed=2020, path=folder, agencies=agencies)
            groups = agencies * (20 if len(keys) > 1 else 1)
            what = f"tally, {size:,} dossiers, {groups:,} groups, {len(ROLLING)} rolling windows"
            found.append(
                side_by_side(
                    f"{what} ÷ {len(WINDOWS)} windows, processor time",
                    lambda folder=folder, keys=keys: tally(folder, ROLLING, by=keys),
                    lambda folder=folder, keys=keys: tally(folder, WINDOWS, by=keys),
                    rounds=5,
                    target=target,
                    clock=time.process_time,
                )
            )
            megabytes = measured(folder, "rolling", by)[1]
            found.append(Comparison.of("  its peak memory, MB, ÷ 500 MB", megabytes, 500.0, 1.0))
    return found


def many_groups(size: int) -> list[Comparison]:
    """Return how twenty thousand groups compare with polars, mask by mask, where it is there."""
    if find_spec("polars") is None:
        return []
    asked = ROLLING[::6][:40]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        simulate_ledger(size, seed=2020, path=folder, agencies=1000)
        ours, theirs = tally(folder, asked), tally_in_polars(folder, asked)
        for figure in COUNTED:
            if ours[figure].sum() != theirs[figure].sum():
                raise AssertionError(f"{figure} differs from polars")
        return [
            side_by_side(
                f"tally, {size:,} dossiers, 20,000 groups × {len(asked)} windows ÷ polars, masks",
                lambda: tally(folder, asked),
                lambda: tally_in_polars(folder, asked),
                rounds=3,
                target=1.0,
                clock=time.process_time,
            )
        ]


def tally_in_polars(folder: Path, asked: list[Window]) -> pd.DataFrame:
    """Return the table window by window, a mask for each figure, as one writes it in polars."""
    import polars as pl

    ledger = pl.read_parquet(f"{folder}/*.parquet", columns=[*COLUMNS])
    received, due, settled, status = map(pl.col, ("received_at", "due_at", "settled_at", "status"))
    left = status.is_in(["returned", "withdrawn"]) & settled.is_not_null()
    late = settled.dt.truncate("1d") > due.dt.truncate("1d")
    parts = []
    for window in asked:
        start, over = (dt.datetime.combine(day, dt.time()) for day in (window.start, window.after))
        present = (received < over) & ~(settled < start).fill_null(value=False)
        gone = (settled < over).fill_null(value=False)
        ended, pending, new = present & gone, present & ~gone, present & (received >= start)
        masks = {
            "received_total": present,
            "newly_received": new,
            "received_online": new & (pl.col("channel") == "online"),
            "settled_total": ended & ~left,
            "settled_late": ended & ~left & late,
            "settled_early": ended & ~left & (settled.dt.truncate("1d") < due.dt.truncate("1d")),
            "pending_total": pending,
            "pending_overdue": pending & (due < over) & (status != "waiting"),
            "returned": ended & (status == "returned"),
            "withdrawn": ended & (status == "withdrawn"),
        }
        sums = [mask.sum().alias(name) for name, mask in masks.items()]
        parts.append(ledger.group_by(KEYS).agg(sums))
    return pd.DataFrame(pl.concat(parts).to_dict(as_series=False))


def cube_by_hand(folder: Path) -> pd.DataFrame:
    """Return the counts behind the windows as one would group them in SQL."""

    def interval(name: str) -> str:
        steps = (f"WHEN {name} < TIMESTAMP '{edge}' THEN {n}" for n, edge in enumerate(edges))
        missing, last = len(edges) + 1, len(edges)
        return f"CASE WHEN {name} IS NULL THEN {missing} {' '.join(steps)} ELSE {last} END"

    edges = edges_of(asked_windows(WINDOWS))
    query = f"""
        SELECT agency, sector,
            {interval("received_at")} AS received, {interval("settled_at")} AS ended,
            {interval("due_at")} AS due,
            CASE WHEN settled_at IS NULL OR due_at IS NULL THEN 4
                WHEN settled_at < date_trunc('day', due_at) THEN 0
                WHEN settled_at <= due_at THEN 1
                WHEN date_trunc('day', settled_at) <= due_at THEN 2 ELSE 3 END AS lateness,
            status, channel = 'online' AS online, due_at > date_trunc('day', due_at) AS timed,
            received_at IS NULL OR settled_at < date_trunc('day', received_at)
                OR due_at < date_trunc('day', received_at)
                OR received_at NOT BETWEEN TIMESTAMP '1990-01-01' AND TIMESTAMP '2101-01-01'
                OR greatest(settled_at, due_at) >= TIMESTAMP '2101-01-01' AS unusable,
            count(*) AS n
        FROM '{folder}/*.parquet' GROUP BY ALL"""
    return duckdb.connect().sql(query).df()


def in_pandas(folder: Path, *columns: str) -> pd.DataFrame:
    """Return columns of the files as a frame, names as categories, which is kind to pandas."""
    chosen = ", ".join(f"{name}::VARCHAR AS {name}" if name in KEYS else name for name in columns)
    frame = duckdb.connect().sql(f"SELECT {chosen} FROM '{folder}/*.parquet'").df()
    return frame.astype({name: "category" for name in KEYS})


def tally_by_hand(folder: Path) -> pd.DataFrame:
    """Return the table window by window, a mask for each figure, as an analyst writes it."""
    ledger = in_pandas(folder, *COLUMNS)
    received, due, settled = (ledger[name] for name in ("received_at", "due_at", "settled_at"))
    left = ledger["status"].isin(["returned", "withdrawn"]) & settled.notna()
    late = settled.dt.normalize() > due.dt.normalize()
    parts = []
    for one in asked_windows(WINDOWS):
        start, over = pd.Timestamp(one.window.start), pd.Timestamp(one.window.after)
        present = (received < over) & ~(settled < start)
        ended = present & (settled < over)
        done, pending = ended & ~left, present & ~(settled < over)
        new = present & (received >= start)
        masks = {
            "received_total": present,
            "newly_received": new,
            "received_online": new & (ledger["channel"] == "online"),
            "settled_total": done,
            "settled_late": done & late,
            "settled_early": done & (settled.dt.normalize() < due.dt.normalize()),
            "pending_total": pending,
            "pending_overdue": pending & (due < over) & (ledger["status"] != "waiting"),
            "returned": ended & (ledger["status"] == "returned"),
            "withdrawn": ended & (ledger["status"] == "withdrawn"),
        }
        flags = pd.DataFrame(masks).groupby([ledger["agency"], ledger["sector"]], observed=True)
        parts.append(flags.sum().reset_index())
    return pd.concat(parts, ignore_index=True)


def durations_by_hand(folder: Path) -> pd.DataFrame:
    """Return mean, median and p90 of working days window by window, with numpy's own counting."""
    ledger = in_pandas(folder, *KEYS, "received_at", "settled_at", "status")
    ledger = ledger[ledger["status"] == "settled"]
    ledger["days"] = busdays(ledger["received_at"].to_numpy(), ledger["settled_at"].to_numpy())
    parts = []
    for one in asked_windows(WINDOWS):
        start, over = pd.Timestamp(one.window.start), pd.Timestamp(one.window.after)
        inside = ledger[(ledger["settled_at"] >= start) & (ledger["settled_at"] < over)]
        days = inside.groupby(KEYS, observed=True)["days"]
        parts.append(
            pd.DataFrame({"mean": days.mean(), "p50": days.median(), "p90": days.quantile(0.9)})
        )
    return pd.concat(parts)


def busdays(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Return working days by numpy; made-up ones on Saturdays it cannot know."""
    first = np.datetime64(CALENDAR.first)
    days = first + np.arange(len(CALENDAR.working))
    off = days[~CALENDAR.working & np.is_busday(days)]
    day = np.timedelta64(1, "D")
    begun, ended = start.astype("datetime64[D]") + day, end.astype("datetime64[D]") + day
    return np.busday_count(begun, ended, holidays=off)


def working_days(size: int) -> Comparison:
    """Return how the calendar's own counting compares with numpy's, on arrays."""
    random = np.random.default_rng(1)
    start = np.datetime64("2020-01-01") + random.integers(0, 300, size)
    end = start + random.integers(0, 40, size)
    return side_by_side(
        f"working days between {size:,} pairs ÷ numpy.busday_count",
        lambda: CALENDAR.count(start, end),
        lambda: busdays(start, end),
        rounds=3,
        target=0.6,
    )


def require_same(folder: Path) -> None:
    """Refuse to time ways that do not come to the same numbers."""
    ours = tally(folder, WINDOWS)
    windows = len(asked_windows(WINDOWS))
    by_hand = tally_by_hand(folder).sort_values(KEYS, kind="stable", ignore_index=True)
    ours = ours.sort_values(KEYS, kind="stable", ignore_index=True)
    if len(ours) != len(by_hand) or len(ours) % windows:
        raise AssertionError(f"{len(ours)} rows against {len(by_hand)} by hand")
    for name in COUNTED:
        if ours[name].tolist() != by_hand[name].tolist():
            raise AssertionError(f"{name} differs")
    if cube_by_hand(folder)["n"].sum() != duckdb.sql(f"FROM '{folder}/*.parquet'").shape[0]:
        raise AssertionError("the cube by hand loses dossiers")


# --- a hundred million


def large(size: int) -> list[Comparison]:
    """Return how time and memory grow to ten times as many dossiers, each in a process alone."""
    build = Path(__file__).parents[1] / "build"  # not in memory, where temporary files may be
    build.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=build) as name:
        folder = Path(name)
        simulate_ledger(size, seed=2020, path=folder)
        tenth = folder / "tenth"
        tenth.mkdir()
        for file in sorted(folder.glob("*.parquet"))[: size // 10_000_000]:
            (tenth / file.name).hardlink_to(file)
        small, whole = (measured(where) for where in (tenth, folder))
    print(f"peak memory: {small[1]:.0f} MB, {whole[1]:.0f} MB of {size:,} dossiers")
    return [
        Comparison.of(f"tally, {size:,} ÷ {size // 10:,} dossiers", whole[0], small[0], 10.0),
        Comparison("  its peak memory, MB, ÷ the same", whole[1], small[1], 1.3),
        Comparison("  its peak memory, MB, ÷ 600 MB", whole[1], 600.0, 1.0),
    ]


def measured(
    folder: Path, windows: str = "quarters", by: str = "agency,sector"
) -> tuple[float, float]:
    """Return the best seconds and the peak memory in MB of a process that only counts."""
    run = [sys.executable, __file__, "measure", f"{folder}/*.parquet", windows, by]
    text = subprocess.run(run, capture_output=True, text=True, check=True).stdout
    taken, megabytes = text.split()
    return float(taken), float(megabytes)


def measure(pattern: str, windows: str, by: str) -> None:
    asked = ROLLING if windows == "rolling" else WINDOWS
    best = min(seconds(lambda: tally(pattern, asked, by=by.split(","))) for _ in range(3))
    print(best, peak() / MEGABYTE)


def peak() -> int:
    """Return the most memory in KB that this process ever held."""
    status = Path("/proc/self/status")
    if status.exists():  # what getrusage says starts with the process that this one was made by
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    what = sys.argv[1] if len(sys.argv) > 1 else str(MIDDLE)
    if what == "measure":
        measure(*sys.argv[2:])
        sys.exit(0)
    results = large(LARGE) if what == "large" else comparisons((int(what),))
    print(dt.date.today(), table_of(results), sep="\n")
    sys.exit(0 if all(one.within for one in results) else 1)
