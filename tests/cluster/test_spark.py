"""A million dossiers on Spark give the numbers of DuckDB; `make test-cluster` runs it."""

import datetime as dt

import duckdb
import pandas as pd
import pytest
from ledgers import COLUMNS, EXPLICIT, TIMES, WINDOWS, ledger_of

pyspark = pytest.importorskip("pyspark", reason="the extra `cluster` is not installed")

from pyspark.sql import SparkSession  # noqa: E402
from pyspark.sql import functions as F  # noqa: E402

from cchc_stats import durations, simulate_ledger, tally, vietnam_calendar  # noqa: E402

ROWS = 1_000_000
ASKED = [*WINDOWS, "2020Q1", "2019Q4", (pd.Period("2019Q4"), "year_to_date"), *EXPLICIT]
CALENDAR = vietnam_calendar()


# One of them is another than this machine's.
zones = pytest.mark.parametrize("zone", ["Asia/Ho_Chi_Minh", "UTC"])


@pytest.fixture(scope="module")
def spark():
    session = (
        # Two executors in processes of their own: what they count has to be put together.
        SparkSession.builder.master("local-cluster[2,1,1024]")
        .config("spark.sql.session.timeZone", "Asia/Ho_Chi_Minh")
        .config("spark.sql.shuffle.partitions", 4)
        .config("spark.ui.enabled", False)
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ledger")
    faulty = simulate_ledger(ROWS, seed=11, fault_share=0.03, path=folder)
    return [str(file) for file in faulty]


@pytest.fixture(scope="module")
def expected(files):
    """Return what DuckDB counts of the files."""
    relation = duckdb.connect().read_parquet(files)
    return tally(relation, ASKED), durations(relation, ASKED, by="agency", calendar=CALENDAR)


def test_a_million_dossiers_are_tallied_as_on_duckdb(spark, files, expected):
    frame = spark.read.parquet(*files)
    assert frame.count() == ROWS
    pd.testing.assert_frame_equal(tally(frame, ASKED), expected[0])


@zones
def test_instants_of_the_session_are_tallied_as_on_duckdb(spark, files, expected, zone):
    spark.conf.set("spark.sql.session.timeZone", zone)
    frame = spark.read.parquet(*files)
    zoned = frame.withColumns({name: F.col(name).cast("timestamp") for name in TIMES})
    assert dict(zoned.dtypes)["due_at"] == "timestamp"
    pd.testing.assert_frame_equal(tally(zoned, ASKED), expected[0])


def test_a_million_dossiers_take_the_days_that_they_take_on_duckdb(spark, files, expected):
    frame = spark.read.parquet(*files)
    pd.testing.assert_frame_equal(
        durations(frame, ASKED, by="agency", calendar=CALENDAR), expected[1]
    )


@zones
def test_the_hard_rows_count_the_same(spark, zone):
    """Missing values and the last instant of the last day, with the laws at the same time."""
    spark.conf.set("spark.sql.session.timeZone", zone)
    last, after = dt.datetime(2020, 9, 14, 23, 59, 59, 999999), dt.datetime(2020, 9, 15)
    days = [None, dt.datetime(2020, 6, 14), dt.datetime(2020, 6, 15), last, after]
    kinds = [("online", "settled"), (None, "waiting"), ("postal", "returned"), ("in_person", None)]
    rows = [
        (str(n), "A" if n % 3 else None, "S", "x", received, due, settled, *kinds[n % 4])
        for n, (received, due, settled) in enumerate(
            (r, d, s) for r in days for d in days for s in days
        )
    ]
    schema = ", ".join(
        f"{name} {'timestamp_ntz' if name in TIMES else 'string'}" for name in COLUMNS
    )
    frame = spark.createDataFrame(rows, schema)
    found = tally(frame, ["2020Q2", "2020Q3", "2020Q4"])
    pd.testing.assert_frame_equal(found, tally(ledger_of(rows), ["2020Q2", "2020Q3", "2020Q4"]))
    received = found["settled_total"] + found["pending_total"]
    assert (found["received_total"] == received + found["returned"] + found["withdrawn"]).all()
