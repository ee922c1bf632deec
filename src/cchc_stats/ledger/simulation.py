"""`simulate_ledger`: dossiers that never were, as real exports are shaped, at any size."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, overload

import numpy as np
import pandas as pd

from cchc_stats.ledger.counting import MADE_UP
from cchc_stats.words import CchcError, Window

SECTORS = (
    *("Đất đai", "Hộ tịch", "Chứng thực", "Đăng ký kinh doanh", "Xây dựng", "Bảo trợ xã hội"),
    *("Giáo dục", "Y tế", "Giao thông", "Lao động", "Nông nghiệp", "Văn hóa", "Tư pháp", "Thuế"),
    *("Đầu tư", "Môi trường", "Người có công", "Công thương", "Nội vụ", "Khoa học và công nghệ"),
)
PROCEDURES = 3  # of each sector
LEGAL_WD = np.array([1, 3, 5, 10, 15, 3, 7, 20, 30])  # of procedures, in turn
# Receipts of the months, January first: few around Tết, many in March and after the school year.
SEASON = np.array([0.8, 0.6, 1.2, 1.1, 1.0, 1.1, 1.2, 1.3, 1.1, 1.0, 1.0, 1.1])
WEEKDAYS = np.array([1.3, 1.1, 1.0, 1.0, 0.9, 0.4, 0.4])
CHUNK = 1_000_000
_DAY = np.timedelta64(1, "D")
TIMES = ("received_at", "due_at", "settled_at")
_SLOWEST = 400  # days beyond the last one within which all that is drawn lies


@dataclass(frozen=True)
class _Share:
    """The shares that a ledger is drawn with."""

    late: float
    online: float
    faults: float


@overload
def simulate_ledger(
    n: int,
    *,
    seed: int,
    window: Window | None = ...,
    agencies: int = ...,
    late_share: float = ...,
    online_share: float = ...,
    fault_share: float = ...,
    due_times: bool = ...,
    path: None = ...,
) -> pd.DataFrame: ...
@overload
def simulate_ledger(
    n: int,
    *,
    seed: int,
    window: Window | None = ...,
    agencies: int = ...,
    late_share: float = ...,
    online_share: float = ...,
    fault_share: float = ...,
    due_times: bool = ...,
    path: str | Path,
) -> list[Path]: ...
def simulate_ledger(
    n: int,
    *,
    seed: int,
    window: Window | None = None,
    agencies: int = 30,
    late_share: float = 0.06,
    online_share: float = 0.35,
    fault_share: float = 0.0,
    due_times: bool = False,
    path: str | Path | None = None,
) -> pd.DataFrame | list[Path]:
    """Return a made-up ledger, or write it as Parquet files, a million dossiers at a time.

    Parameters
    ----------
    n : dossiers.
    seed : the same seed gives the same ledger.
    window : the days of receipt; the last of them is the day of the export, what is settled later
        is still open. 15/12/2018-14/12/2020 unless stated.
    agencies : how many; a few have most of the dossiers. Each has its own most common sectors.
    late_share : of the settled, 0-1, on average; agencies differ.
    online_share : of receipts, 0-1, on average; it grows over the window.
    fault_share : of rows, 0-1, that have a fault of real exports: no day of receipt, due or settled
        before it, closed without a day, a year mistyped, no name of the agency or the sector, no
        channel.
    due_times : whether due days have a time of day, the end of office hours.
    path : folder to write `synthetic_ledger-00000.parquet` and so on into; it is made.

    Returns
    -------
    Frame of the ledger's columns (`LEDGER.columns`) and `legal_wd`, the working days of each
    dossier's procedure; or the paths written. Every agency, sector and procedure is called
    "(giả lập)", and what is tallied of it says so in `source`. Receipts fall on working days of
    `vietnam_calendar`, more of them on Mondays and in busy months.

    Raises
    ------
    CchcError
        Less than one dossier, a share outside 0-1, no agency.

    Examples
    --------
    >>> ledger = simulate_ledger(1_000, seed=1)
    >>> len(ledger), ledger["dossier_id"].is_unique, ledger["agency"].str.contains("giả lập").all()
    (1000, True, np.True_)
    """
    share = _Share(late_share, online_share, fault_share)
    _require(n, agencies, share)
    days = window or Window(dt.date(2018, 12, 15), dt.date(2020, 12, 14))
    chunks = _chunks(n, seed, days, agencies, share, due_times=due_times)
    if path is None:
        frame = pd.concat([_typed(relation.df()) for relation in chunks], ignore_index=True)
        frame.attrs["synthetic"] = True
        return frame
    folder, written = Path(path), []
    folder.mkdir(parents=True, exist_ok=True)
    for number, relation in enumerate(chunks):
        written.append(folder / f"synthetic_ledger-{number:05d}.parquet")
        relation.write_parquet(str(written[-1]), compression="zstd")
    return written


def _require(n: int, agencies: int, share: _Share) -> None:
    wrong = [
        f"{name}={value}" for name, value in (("n", n), ("agencies", agencies)) if not value >= 1
    ]
    wrong += [
        f"{name}={value}"
        for name, value in (
            ("late_share", share.late),
            ("online_share", share.online),
            ("fault_share", share.faults),
        )
        if not 0 <= value <= 1
    ]
    if wrong:
        raise CchcError(
            "such a ledger cannot be made up",
            where=", ".join(wrong),
            mend="give one dossier and one agency or more, and shares from 0 to 1",
        )


def _chunks(
    n: int, seed: int, window: Window, agencies: int, share: _Share, *, due_times: bool
) -> Iterator[Any]:
    """Yield DuckDB relations of a million dossiers each, drawn by a generator of their own."""
    import duckdb

    connection = duckdb.connect()
    for first in range(0, n, CHUNK):
        random = np.random.default_rng([seed, first])
        size = min(CHUNK, n - first)
        frame = _drawn(random, size, window, agencies, share, due_times=due_times)
        frame["number"] = np.arange(first, first + size)
        yield connection.from_df(frame).project(
            "printf('GL%02d-%s-%09d', agency_number, strftime(coalesce(received_at, "
            "TIMESTAMP '2000-01-01'), '%y%m%d'), number) AS dossier_id, agency::VARCHAR AS agency, "
            'sector::VARCHAR AS sector, "procedure"::VARCHAR AS "procedure", received_at, due_at, '
            "settled_at, channel::VARCHAR AS channel, status::VARCHAR AS status, legal_wd"
        )


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    kinds = {name: "datetime64[us]" if name in TIMES else "str" for name in frame}
    return frame.astype(kinds | {"legal_wd": "Int64"})


def _drawn(
    random: np.random.Generator,
    size: int,
    window: Window,
    agencies: int,
    share: _Share,
    *,
    due_times: bool,
) -> pd.DataFrame:
    worked = _working_days(window)
    inside = worked[worked <= np.datetime64(window.end)]
    agency = _weighted(random, 1 / np.arange(1, agencies + 1) ** 0.8, size)
    # Each agency has its own order of sectors, the first of them the most common.
    rank = _weighted(random, 1 / np.arange(1, len(SECTORS) + 1) ** 1.1, size)
    sector = (rank + 7 * agency) % len(SECTORS)
    procedure = PROCEDURES * sector + random.integers(0, PROCEDURES, size)
    legal = LEGAL_WD[procedure % len(LEGAL_WD)]
    day = _weighted(random, _weights(inside), size)
    # From half to one and a half times the average, so that agencies differ.
    late = random.random(size) < share.late * (0.5 + agency / max(1, agencies - 1))
    quick = np.ceil(legal * random.beta(2.5, 1.2, size)).astype("int64")
    took = np.where(late, legal + random.geometric(0.15, size), quick)
    received = worked[day] + _office_time(random, size)
    due = worked[day + legal].astype("datetime64[us]") + np.timedelta64(17 if due_times else 0, "h")
    settled = worked[np.minimum(day + took, len(worked) - 1)] + _office_time(random, size)
    undecided = settled >= np.datetime64(window.after)
    due[random.random(size) < 0.01] = np.datetime64("NaT")
    settled[undecided] = np.datetime64("NaT")
    drawn = random.random(size)
    status = np.select(
        [undecided & (drawn < 0.1), undecided, drawn < 0.015, drawn < 0.02], [2, 0, 3, 4], default=1
    )
    progress = (day / max(1, len(inside) - 1)) + 0.5  # from half to one and a half times
    online = random.random(size) < share.online * progress
    channel = np.where(online, 0, np.where(random.random(size) < 0.05, 2, 1))
    sectors = [f"{name} {MADE_UP}" for name in SECTORS]
    procedures = [
        f"Thủ tục {name} {n + 1} {MADE_UP}" for name in SECTORS for n in range(PROCEDURES)
    ]
    frame = pd.DataFrame(
        {
            "agency_number": agency,
            "agency": _category(agency, [f"Sở số {n:02d} {MADE_UP}" for n in range(agencies)]),
            "sector": _category(sector, sectors),
            "procedure": _category(procedure, procedures),
            "received_at": received,
            "due_at": due,
            "settled_at": settled,
            "channel": _category(channel, ["online", "in_person", "postal"]),
            "status": _category(status, ["open", "settled", "waiting", "returned", "withdrawn"]),
            "legal_wd": legal,
        }
    )
    return _spoil(frame, random, share.faults)


def _working_days(window: Window) -> np.ndarray:
    from cchc_stats.calendars import vietnam_calendar

    calendar = vietnam_calendar(provisional=True)
    last = np.datetime64(window.end) + _SLOWEST
    days = np.arange(np.datetime64(window.start), last, dtype="datetime64[D]")
    worked: np.ndarray = days[np.asarray(calendar.is_working(days), dtype=bool)]
    return worked


def _weights(days: np.ndarray) -> np.ndarray:
    """Return how busy each day is, by its month and its weekday."""
    index = pd.DatetimeIndex(days)
    weights: np.ndarray = SEASON[index.month - 1] * WEEKDAYS[index.day_of_week]
    return weights


def _weighted(random: np.random.Generator, weights: np.ndarray, size: int) -> np.ndarray:
    """Return numbers from 0 on, each as often as its weight says."""
    up_to = np.cumsum(weights / weights.sum())
    up_to[-1] = 1.0
    return np.searchsorted(up_to, random.random(size), side="right")


def _office_time(random: np.random.Generator, size: int) -> np.ndarray:
    """Return times of day: half past seven to half past eleven, half past one to five."""
    second = random.integers(0, 7 * 3600 + 1800, size)
    second += np.where(second < 4 * 3600, 27_000, 27_000 + 7_200)
    return second.astype("timedelta64[s]").astype("timedelta64[us]")


def _category(codes: np.ndarray, names: list[str]) -> Any:
    return pd.Categorical.from_codes(codes, categories=pd.Index(names))


def _spoil(frame: pd.DataFrame, random: np.random.Generator, share: float) -> pd.DataFrame:
    """Return a ledger in which a share of the rows has one fault each, all kinds equally often."""
    if not share:
        return frame
    columns: dict[str, Any] = {str(name): frame[name].copy() for name in frame}
    spoilt = random.random(len(frame)) < share
    kind = np.where(spoilt, random.integers(0, 8, len(frame)), -1)
    received = columns["received_at"].copy()
    for number, (name, values) in enumerate(
        (
            ("received_at", pd.NaT),
            ("due_at", received.dt.normalize() - 30 * _DAY),
            ("settled_at", received - 3 * _DAY),
            ("due_at", columns["due_at"] + pd.DateOffset(years=180)),  # 2200 for 2020
            ("agency", None),
            ("sector", None),
            ("channel", None),
        )
    ):
        chosen = kind == number
        columns[name] = columns[name].mask(chosen, values)
    columns["settled_at"] = columns["settled_at"].mask(kind == 7, pd.NaT)
    columns["status"] = columns["status"].mask(kind == 7, "settled")
    return pd.DataFrame(columns)
