"""Working days of settled dossiers against numpy, row by row, on every engine."""

import datetime as dt

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ledgers import WINDOWS, flags_of, ledger_of, ledgers

from cchc_stats import Window, durations, tally, vietnam_calendar
from cchc_stats.words.errors import CchcError

CALENDAR = vietnam_calendar()
CONNECTION = duckdb.connect()
engines = pytest.mark.parametrize(
    "engine", [lambda frame: frame, CONNECTION.from_df], ids=["pandas", "duckdb"]
)
few = settings(max_examples=15)
FIGURES = ["settled", "mean_wd", "median_wd", "p90_wd"]


def took(ledger: pd.DataFrame, window: Window) -> np.ndarray:
    """Return the working days of the dossiers settled in a window, one by one."""
    days = []
    for row in ledger.to_dict("records"):
        received, settled = row["received_at"], row["settled_at"]
        if pd.isna(settled) or row["status"] in ("returned", "withdrawn"):
            continue
        if flags_of(row, window) == ["not_counted"]:
            continue
        if window.start <= settled.date() <= window.end:
            day, worked = received.date(), 0
            while day < settled.date():
                day += dt.timedelta(days=1)
                worked += CALENDAR.is_working(day)
            days.append(worked)
    return np.array(days)


@engines
@few
@given(ledger=ledgers())
def test_days_are_those_counted_one_by_one_and_quantiles_those_of_numpy(engine, ledger):
    frame = durations(engine(ledger), WINDOWS, by=(), calendar=CALENDAR)
    for row in frame.to_dict("records"):
        days = took(ledger, Window(row["window_start"], row["window_end"]))
        assert row["settled"] == len(days)
        if not len(days):
            assert all(pd.isna(row[name]) for name in FIGURES[1:])
            continue
        expected = [days.mean(), np.quantile(days, 0.5), np.quantile(days, 0.9)]
        assert [row[name] for name in FIGURES[1:]] == pytest.approx(expected)


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 30), st.integers(1, 9)), max_size=30))
def test_quantiles_of_counts_are_those_of_the_values_written_out(counts):
    from cchc_stats.ledger.counting.durations import _Quantiles

    group, value, count = np.array(sorted(counts), dtype="int64").reshape(-1, 3).T
    quantiles = _Quantiles(group, value, count, 3)
    for part, whole in ((1, 2), (9, 10), (0, 1), (1, 1)):
        found = quantiles.at(part, whole)
        for number in range(3):
            values = np.repeat(value, count)[np.repeat(group, count) == number]
            if len(values):
                assert found[number] == pytest.approx(np.quantile(values, part / whole))
            else:
                assert found[number] is pd.NA


@few
@given(ledger=ledgers())
def test_the_engines_agree_and_the_settled_are_those_of_the_tally(ledger):
    one = durations(ledger, WINDOWS, calendar=CALENDAR)
    other = durations(CONNECTION.from_df(ledger), WINDOWS, calendar=CALENDAR)
    pd.testing.assert_frame_equal(one, other)
    assert one["settled"].tolist() == tally(ledger, WINDOWS)["settled_total"].tolist()


def dossier(received: str, due: str | None, settled: str) -> tuple:
    times = [pd.Timestamp(one) if one else None for one in (received, due, settled)]
    return ("1", "A", "S", "x", *times, "online", "settled")


@engines
def test_printed_due_days_are_compared_and_none_is_replaced(engine):
    ledger = ledger_of(
        [
            dossier(
                "2020-07-01", "2020-07-08", "2020-07-08 15:00"
            ),  # five working days, as printed
            dossier("2020-07-01", "2020-07-11", "2020-07-10"),  # due on a Saturday
            dossier(
                "2020-07-01", "2020-07-07", "2020-07-08"
            ),  # late as printed, not by the law's 5
            dossier("2020-07-01", None, "2020-07-02"),
        ]
    )
    allotted = durations(engine(ledger), "2020Q3", by=(), calendar=CALENDAR).iloc[0]
    assert (allotted["settled"], allotted["with_legal"], allotted["due_differs"]) == (4, 3, 1)
    assert allotted["verdict_differs"] == 0
    legal = ledger.assign(legal_wd=pd.array([5, 5, 5, None], dtype="Int64"))
    told = durations(engine(legal), "2020Q3", by=(), calendar=CALENDAR).iloc[0]
    assert told["with_legal"] == 3
    # 10/7 is seven working days after 1/7: within what was printed, not within the law.
    assert told["within_legal_pct"] == pytest.approx(200 / 3)
    assert told["on_printed_day_pct"] == pytest.approx(200 / 3)
    assert (told["due_differs"], told["verdict_differs"]) == (2, 2)


@engines
def test_an_exchanged_saturday_counts_as_the_calendar_says(engine):
    """2/1/2026, a Friday, was exchanged for Saturday 10/1/2026 (12729/VPCP-KGVX)."""
    ledger = ledger_of(
        [dossier("2026-01-01", None, "2026-01-02"), dossier("2026-01-09", None, "2026-01-10")]
    )
    frame = durations(engine(ledger), Window("2026-01-01", "2026-01-31"), by=(), calendar=CALENDAR)
    assert frame["mean_wd"].tolist() == [0.5]
    assert frame["calendar"].tolist() == [CALENDAR.version]


@engines
def test_a_day_outside_the_calendar_is_refused_with_how_many(engine):
    ledger = ledger_of([dossier("1999-12-30", None, "2020-07-01")])
    with pytest.raises(CchcError, match="1 dossiers were received or settled outside it"):
        durations(engine(ledger), "2020Q3", calendar=CALENDAR)
    assert durations(engine(ledger), "2020Q2", calendar=CALENDAR)["settled"].tolist() == [0]


def test_the_tally_takes_durations_beside_its_counts(simulated):
    frame = tally(simulated, WINDOWS, by="agency", calendar=CALENDAR)
    days = durations(simulated, WINDOWS, by="agency", calendar=CALENDAR)
    pd.testing.assert_series_equal(frame["median_wd"], days["median_wd"])


def test_the_users_connection_is_left_as_it_was():
    connection = duckdb.connect()
    relation = connection.from_df(ledger_of([dossier("2020-07-01", None, "2020-07-02")]))
    durations(relation, "2020Q3", calendar=CALENDAR)
    assert connection.sql("SELECT table_name FROM duckdb_tables()").fetchall() == []


@engines
@few
@given(ledger=ledgers(), hour=st.sampled_from([0, 9, 16.5, 17, 24]))
def test_what_comes_after_an_hour_counts_from_the_next_working_day(engine, ledger, hour):
    frame = durations(engine(ledger), WINDOWS, by=(), calendar=CALENDAR, cutoff_hour=hour)
    for row in frame.to_dict("records"):
        window = Window(row["window_start"], row["window_end"])
        settled = [
            one for one in ledger.to_dict("records") if "settled_total" in flags_of(one, window)
        ]
        days = [
            CALENDAR.count(one["received_at"], one["settled_at"], cutoff_hour=hour)
            for one in settled
        ]
        assert row["settled"] == len(days)
        if days:
            assert row["mean_wd"] == pytest.approx(np.mean(days))


def test_an_hour_that_is_none_is_refused():
    with pytest.raises(CchcError, match="there is no hour 25") as caught:
        durations(ledger_of([]), "2020Q3", cutoff_hour=25)
    assert caught.value.where == "cutoff_hour="
