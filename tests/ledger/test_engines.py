"""A ledger counts the same wherever it lives: the laws on every engine that is installed.

`make test-engines` has all of them; elsewhere those that are there are tried.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from ledgers import TIMES, WINDOWS, ledgers

from cchc_stats import CchcError, durations, tally, vietnam_calendar

CALENDAR = vietnam_calendar()
VIETNAM = "Asia/Ho_Chi_Minh"
CONNECTION = duckdb.connect()


def zoned(ledger: pd.DataFrame, zone: object = VIETNAM) -> pd.DataFrame:
    """Return a ledger whose times are the same instants in a zone."""
    local = {name: ledger[name].dt.tz_localize(VIETNAM).dt.tz_convert(zone) for name in TIMES}
    return ledger.assign(**local)


def csv(ledger: pd.DataFrame) -> Path:
    path = Path(tempfile.mkdtemp()) / "ledger.csv"
    texts = {name: ledger[name].dt.strftime("%Y-%m-%dT%H:%M:%S.%fZ") for name in TIMES}
    ledger.assign(**texts).to_csv(path, index=False)
    return path


def csv_of_utc(ledger: pd.DataFrame) -> Path:
    """Return a file with Z; of instants that a file cannot hold in UTC the day is left as it is."""
    return csv(zoned(ledger, "UTC"))


def polars(ledger: pd.DataFrame) -> object:
    import polars

    # As Python's own values: polars' way from pandas needs pyarrow.
    columns = {name: ledger[name].astype(object).where(ledger[name].notna()) for name in ledger}
    return polars.DataFrame(
        {
            name: polars.Series(
                [None if one is None or pd.isna(one) else _plain(one) for one in column],
                dtype=polars.Datetime("us")
                if name in TIMES
                else None
                if pd.api.types.is_numeric_dtype(ledger[name])
                else polars.String,
            )
            for name, column in columns.items()
        }
    )


def _plain(value: object) -> object:
    return value.to_pydatetime() if isinstance(value, pd.Timestamp) else value


def arrow(ledger: pd.DataFrame) -> object:
    import pyarrow

    return pyarrow.Table.from_pandas(ledger, preserve_index=False)


def dask(ledger: pd.DataFrame) -> object:
    import dask.dataframe

    return dask.dataframe.from_pandas(ledger, npartitions=2)


def ibis(ledger: pd.DataFrame) -> object:
    import ibis

    return ibis.memtable(ledger)


ALWAYS: dict[str, Callable[[pd.DataFrame], object]] = {
    "pandas": lambda ledger: ledger,
    "pandas, Asia/Ho_Chi_Minh": zoned,
    "pandas, UTC": lambda ledger: zoned(ledger, "UTC"),
    "pandas, +07:00": lambda ledger: zoned(ledger, dt.timezone(dt.timedelta(hours=7))),
    "DuckDB": CONNECTION.from_df,
    "DuckDB, Asia/Ho_Chi_Minh": lambda ledger: CONNECTION.from_df(zoned(ledger)),
    "CSV with Z": csv_of_utc,
}
OTHERS: dict[str, tuple[str, Callable[[pd.DataFrame], object]]] = {
    "polars": ("polars", polars),
    "polars, lazy": ("polars", lambda ledger: polars(ledger).lazy()),
    "pyarrow": ("pyarrow", arrow),
    "pyarrow, Asia/Ho_Chi_Minh": ("pyarrow", lambda ledger: arrow(zoned(ledger))),
    "pandas, pyarrow's types": (
        "pyarrow",
        lambda ledger: ledger.convert_dtypes(dtype_backend="pyarrow"),
    ),
    "Dask": ("dask", dask),
    "Dask, Asia/Ho_Chi_Minh": ("dask", lambda ledger: dask(zoned(ledger))),
    "Ibis": ("ibis", ibis),
}
INSTALLED = ALWAYS | {name: made for name, (of, made) in OTHERS.items() if find_spec(of)}


@pytest.fixture(params=INSTALLED)
def engine(request) -> Callable[[pd.DataFrame], object]:
    """Return what puts a frame on one of the engines that are installed."""
    return INSTALLED[request.param]


few = settings(
    max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@few
@given(ledger=ledgers(faults=False))
def test_a_ledger_is_tallied_alike_on_every_engine(engine, ledger: pd.DataFrame):
    expected = tally(ledger, WINDOWS, by="agency")
    pd.testing.assert_frame_equal(tally(engine(ledger), WINDOWS, by="agency"), expected)


def test_days_are_alike_on_every_engine(engine, simulated: pd.DataFrame):
    ledger = simulated[simulated["received_at"].notna() & (simulated["due_at"].dt.year < 2100)]
    some = ledger.head(300).reset_index(drop=True)
    expected = durations(some, WINDOWS, by="agency", calendar=CALENDAR)
    found = durations(engine(some), WINDOWS, by="agency", calendar=CALENDAR)
    assert expected["settled"].sum() > 0
    pd.testing.assert_frame_equal(found, expected)


def test_what_is_no_ledger_is_refused(simulated: pd.DataFrame):
    with pytest.raises(CchcError, match="not a list"):
        tally(simulated.head(2).to_dict("records"), "2020Q3")


@pytest.mark.parametrize("kind", [object, str])
def test_times_that_are_no_time_stamps_are_refused(kind: type, simulated: pd.DataFrame):
    with pytest.raises(CchcError, match="these are no time stamps: received_at"):
        tally(simulated.assign(received_at=simulated["received_at"].astype(kind)), "2020Q3")
