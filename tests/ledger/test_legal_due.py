"""Due days by law: criterion 2.1 of Decision 766 from single dossiers."""

import duckdb
import numpy as np
import pandas as pd
import pytest

from cchc_stats import on_time_rate, tally, vietnam_calendar
from cchc_stats.words import CchcError

CALENDAR = vietnam_calendar()
engines = pytest.mark.parametrize(
    "engine", [lambda frame: frame, lambda frame: duckdb.connect().from_df(frame)]
)


def ledger(rows: int = 300, seed: int = 766) -> pd.DataFrame:
    """Return dossiers drawn from a stated seed, with and without the law's working days."""
    draw = np.random.default_rng(seed)
    received = pd.Timestamp("2026-04-20") + pd.to_timedelta(draw.integers(0, 150 * 24, rows), "h")
    ended = received + pd.to_timedelta(draw.integers(0, 30, rows), "D")
    open_ = draw.random(rows) < 0.2
    days = {
        "received_at": received,
        "due_at": received.normalize() + pd.to_timedelta(draw.integers(0, 20, rows), "D"),
        "settled_at": ended.where(~open_),
    }
    return pd.DataFrame(
        {name: pd.Series(day).astype("datetime64[us]") for name, day in days.items()}
    ).assign(
        agency=draw.choice(["Sở A", "Sở B"], rows),
        sector="Đất đai",
        channel="online",
        status=np.where(open_, "open", "settled"),
        legal_wd=draw.choice([0, 1, 3, 10.5, 15, np.nan], rows),
    )


def by_hand(own: pd.DataFrame) -> pd.DataFrame:
    """Return the ledger with each due day worked out by the calendar, dossier by dossier."""
    due = [
        row.due_at if np.isnan(row.legal_wd) else CALENDAR.add(row.received_at, int(row.legal_wd))
        for row in own.itertuples()
    ]
    days = pd.Series(due, index=own.index).dt.normalize().astype("datetime64[us]")
    return own.assign(due_at=days).drop(columns="legal_wd")


@engines
@pytest.mark.parametrize("by", [(), ("agency",)])
def test_dossiers_go_by_the_last_working_day_that_the_law_gives(engine, by):
    own = ledger()
    told = tally(engine(own), "2026Q3", by=by, due="legal")
    expected = tally(by_hand(own), "2026Q3", by=by)
    pd.testing.assert_frame_equal(told.drop(columns="due_by_law"), expected)
    assert told["due_by_law"].sum() == own["legal_wd"].notna().sum()
    assert told["settled_late"].sum() != tally(own, "2026Q3", by=by)["settled_late"].sum()


def test_criterion_2_1_counts_what_the_law_makes_late():
    # Promised for 30/11/2026 with five working days from 16/11/2026, which end on 23/11/2026.
    own = pd.DataFrame(
        {
            "received_at": pd.Timestamp("2026-11-16 08:00"),
            "due_at": pd.Timestamp("2026-11-30"),
            "settled_at": pd.to_datetime(["2026-11-23 16:00", "2026-11-25 09:00"]),
            "agency": "Sở A", "sector": "Đất đai", "channel": "online", "status": "settled",
            "legal_wd": 5.0,
        }
    )  # fmt: skip
    rates = [
        float(on_time_rate(tally(own, "2026Q4", by=(), due=due), denominator="handled").iloc[0])
        for due in ("printed", "legal")
    ]
    assert rates == [100.0, 50.0]


@pytest.mark.parametrize(
    ("change", "due", "said"),
    [
        ({}, "law", "'printed' or 'legal'"),
        ({"legal_wd": 9000.0}, "legal", "does not know the due day by law of 300 dossiers"),
    ],
)
def test_what_cannot_be_judged_is_refused(change, due, said):
    with pytest.raises(CchcError, match=said):
        tally(ledger().assign(**change), "2026Q3", due=due)


def test_a_ledger_without_time_limits_says_what_is_missing():
    with pytest.raises(CchcError, match=r"(?s)column legal_wd.*due='printed'"):
        tally(ledger().drop(columns="legal_wd"), "2026Q3", due="legal")
