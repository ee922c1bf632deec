"""Windows that a ledger does not cover, and what it calls overdue before they are over."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cchc_stats import CchcError, agency_changes, ledger_quality, read_ledger, tally

COUNTS = ["received_total", "settled_total", "pending_total", "pending_not_due", "pending_overdue"]


def ledger(*dossiers: tuple[str, str | None, str | None]) -> pd.DataFrame:
    """Return dossiers of receipt, due day and end."""
    frame = pd.DataFrame(dossiers, columns=["received_at", "due_at", "settled_at"])
    frame = frame.apply(lambda column: pd.to_datetime(column).astype("datetime64[us]"))
    status = frame["settled_at"].notna().map({True: "settled", False: "open"})
    return frame.assign(agency="Sở A", sector="Đất đai", channel="online", status=status)


def daily(first: str, last: str, *, allowed: int = 5) -> pd.DataFrame:
    """Return one dossier for each working day, none of them settled."""
    days = pd.bdate_range(first, last)
    return ledger(*((str(day), str(day + dt.timedelta(days=allowed)), None) for day in days))


def test_a_window_that_is_not_over_is_told_and_nothing_is_overdue_yet():
    counted = tally(daily("2020-06-15", "2020-08-31"), "2020Q3", by=()).iloc[0]
    assert counted["coverage"] == "partial"
    assert counted["last_event"] == pd.Timestamp("2020-08-31")
    # Received up to 25/08 and due up to 30/08: the others are due on or after the last event.
    assert counted["pending_overdue"] == len(pd.bdate_range("2020-06-15", "2020-08-25"))
    assert counted["pending_total"] == counted["pending_overdue"] + counted["pending_not_due"]


def test_a_ledger_that_goes_on_beyond_the_window_covers_it():
    counted = tally(daily("2020-06-01", "2020-10-01"), "2020Q3", by=()).iloc[0]
    assert (counted["coverage"], counted["pending_not_due"]) == ("full", 3)


def ended_since(first: str, *before: tuple[str, str | None]) -> pd.DataFrame:
    """Return dossiers that end on the third day, one for each working day, and older ones."""
    days = pd.bdate_range(first, "2020-10-01")
    ended = [(f"{day:%F}", None, f"{day + dt.timedelta(days=2):%F}") for day in days]
    return ledger(*ended, *((received, None, end) for received, end in before))


def test_old_dossiers_that_are_still_open_do_not_begin_a_ledger():
    old = [("2019-08-20", None), ("2019-12-03", None), ("2020-02-14", "2020-07-01")]
    counted = tally(ended_since("2020-06-01", *old), ["2020Q1", "2020Q2", "2020Q3"], by=())
    assert counted["coverage"].tolist() == ["none", "partial", "full"]
    assert set(counted["first_event"]) == {pd.Timestamp("2020-06-01")}
    assert counted["received_total"].tolist()[0] == 3


def test_before_the_first_end_no_window_is_full_however_many_were_left_open():
    # From each day of the months before some dossier is left: only what ended is missing.
    left = [(f"{day:%F}", "2020-08-03") for day in pd.bdate_range("2020-03-02", "2020-06-30")]
    counted = tally(ended_since("2020-07-01", *left), ["2020Q2", "2020Q3"], by=())
    assert counted["coverage"].tolist() == ["partial", "partial"]


def test_the_time_that_all_dossiers_take_is_no_gap_at_the_beginning():
    days = pd.bdate_range("2020-06-15", "2020-10-01")
    slow = ledger(*((str(day), None, str(day + dt.timedelta(days=42))) for day in days))
    counted = tally(slow, "2020Q3", by=()).iloc[0]
    first = pd.Timestamp("2020-06-15")
    assert (counted["coverage"], counted["first_event"]) == ("full", first)


def test_a_weekend_at_the_end_is_no_gap():
    # 14/09/2020 is a Monday: the ledger of a window that ends on Sunday may end on Friday.
    window = ["2020Q2"]
    counted = tally(daily("2020-03-16", "2020-06-12"), window, by=()).iloc[0]
    assert counted["coverage"] == "full"


@pytest.mark.parametrize(
    ("window", "coverage"), [("2020Q1", "none"), ("2020Q2", "partial"), ("2021Q2", "none")]
)
def test_a_window_before_or_after_the_ledger(window: str, coverage: str):
    assert tally(daily("2020-05-04", "2020-10-01"), window, by=())["coverage"].tolist() == [
        coverage
    ]


def test_a_few_dossiers_tell_nothing_by_their_silence():
    counted = tally(ledger(("2020-07-01", "2020-07-10", None)), "2020Q3", by=()).iloc[0]
    assert (counted["coverage"], counted["pending_overdue"]) == ("partial", 1)


def test_as_it_stood_on_a_day():
    table = ledger(
        ("2020-07-01", "2020-07-10", "2020-08-20"),
        ("2020-08-01", "2020-09-05", None),
        ("2020-09-01", "2020-09-20", None),
    )
    counted = tally(table, "2020Q3", by=(), as_of="2020-07-31")
    assert counted[COUNTS].to_numpy().tolist() == [[1, 0, 1, 0, 1]]
    assert tally(table, "2020Q3", by=())[COUNTS].to_numpy().tolist() == [[3, 1, 2, 1, 1]]


@pytest.mark.parametrize("strange", ["hôm qua", [], "31/31/2020"])
def test_a_day_that_is_none_is_refused(strange: object):
    with pytest.raises(CchcError, match="is no day"):
        tally(ledger(("2020-07-01", None, None)), "2020Q3", as_of=strange)


DAY = st.dates(dt.date(2020, 6, 1), dt.date(2020, 10, 15))
ROW = st.tuples(DAY, st.integers(0, 30), st.none() | st.integers(0, 40))


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(DAY, st.integers(0, 30), st.none() | st.integers(0, 40)), min_size=1), DAY
)
def test_as_of_a_day_is_the_ledger_without_what_came_later(rows: list[tuple], day: dt.date):
    def at(start: dt.date, days: int | None) -> str | None:
        return None if days is None else str(start + dt.timedelta(days=days))

    table = ledger(*((str(start), at(start, due), at(start, end)) for start, due, end in rows))
    known = table[table["received_at"] < pd.Timestamp(day) + pd.Timedelta(days=1)].copy()
    later = known["settled_at"] >= pd.Timestamp(day) + pd.Timedelta(days=1)
    known.loc[later, "settled_at"] = pd.NaT
    known.loc[later, "status"] = "open"
    if known.empty:
        return
    whole = tally(table, "2020Q3", by=(), as_of=day)
    then = tally(known, "2020Q3", by=(), as_of=day)
    assert whole[COUNTS].to_numpy().tolist() == then[COUNTS].to_numpy().tolist()


def test_the_engine_covers_as_pandas_does():
    table = daily("2020-06-15", "2020-08-31")
    with duckdb.connect() as engine:
        counted = tally(engine.from_df(table), "2020Q3")
    pd.testing.assert_frame_equal(counted, tally(table, "2020Q3"))


@pytest.mark.parametrize(
    "engine", [lambda frame: frame, lambda frame: duckdb.connect().from_df(frame)]
)
def test_a_day_that_cannot_be_does_not_stretch_the_coverage(engine):
    """One dossier settled years ahead, as a year is mistyped, changes no other's verdict."""
    true = daily("2020-06-15", "2020-08-31")
    mistyped = ledger(("2020-08-03", "2020-08-10", "2028-08-07"))
    both = pd.concat([true, mistyped], ignore_index=True)
    one, other = (tally(engine(part), "2020Q3", by=()).iloc[0] for part in (true, both))
    told = ["coverage", "first_event", "last_event", "pending_overdue"]
    assert one[told].tolist() == other[told].tolist()
    # When it ended nobody knows, so it is not called overdue.
    assert other["pending_not_due"] == one["pending_not_due"] + 1
    quality = ledger_quality(both).set_index("check")
    assert quality.loc["far_ahead", "count"] == 1
    assert quality.loc["last_event", "example"] == "31/08/2020"


def test_a_year_of_silence_before_more_than_a_few_events_is_no_slip():
    two_years = pd.concat([daily("2018-06-15", "2018-07-31"), daily("2020-06-15", "2020-07-31")])
    assert tally(two_years, "2020Q3", by=())["last_event"].tolist() == [pd.Timestamp("2020-07-31")]
    assert "far_ahead" not in set(ledger_quality(two_years)["check"])


def test_events_after_years_of_silence_that_the_day_of_the_export_allows_are_true(tmp_path: Path):
    """The export of 16/03/2020 can tell of January 2020, whatever was two years before."""
    path = tmp_path / "a.csv"
    days = pd.bdate_range("2018-01-01", "2018-03-30")
    lines = ["MaHoSo;NgayTiepNhan;NgayHenTra;NgayTra"]
    lines += [f"{at};{day:%d/%m/%Y};31/12/2018;{day:%d/%m/%Y}" for at, day in enumerate(days)]
    lines += ["a;06/01/2020;10/01/2020;", "b;07/01/2020;08/01/2020;07/01/2020"]
    path.write_text("\n".join(lines), encoding="utf-8")
    told = read_ledger(path, exported_on="2020-03-16")
    counted = tally(told, "2020Q1", by=()).iloc[0]
    assert counted[["pending_overdue", "pending_not_due"]].tolist() == [1, 0]
    assert counted["coverage"] == "partial"
    assert "far_ahead" not in set(ledger_quality(told)["check"])


@pytest.mark.parametrize(
    "engine", [lambda frame: frame, lambda frame: duckdb.connect().from_df(frame)]
)
def test_a_day_years_before_all_others_makes_no_silence_usual(engine):
    """One receipt of 2010, as a year is mistyped, changes no other dossier's verdict."""
    true = pd.concat(
        [daily("2020-06-15", "2020-08-28"), ledger(("2020-08-03", "2020-09-03", None))]
    )
    both = pd.concat([true, ledger(("2010-08-20", "2020-08-31", "2020-08-25"))], ignore_index=True)
    one, other = (tally(engine(part), "2020Q3", by=()).iloc[0] for part in (true, both))
    told = ["coverage", "first_event", "last_event", "pending_overdue", "pending_not_due"]
    assert one[told].tolist() == other[told].tolist()
    assert other["coverage"] == "partial"
    quality = ledger_quality(engine(both)).set_index("check")
    assert quality.loc["far_behind", "count"] == 1
    assert quality.loc["first_event", "example"] == "15/06/2020"


def test_the_rhythm_of_a_ledger_is_that_since_its_last_silence_of_a_year():
    two_years = pd.concat([daily("2018-06-15", "2018-07-31"), daily("2020-06-15", "2020-07-31")])
    lately = tally(daily("2020-06-15", "2020-07-31"), "2020Q3", by=()).iloc[0]
    counted = tally(two_years, "2020Q3", by=()).iloc[0]
    assert counted["coverage"] == lately["coverage"] == "partial"
    assert counted["pending_not_due"] == lately["pending_not_due"] > 0


def test_a_mistyped_day_does_not_decide_what_agencies_are_called(tmp_path: Path):
    """Bình Định went to Gia Lai on 01/07/2025: a ledger of 2020 knows nothing of it."""
    days = pd.bdate_range("2020-08-03", "2020-08-21")
    name = "Sở Y tế tỉnh Bình Định"
    lines = ["MaHoSo;TenDonVi;NgayTiepNhan;NgayHenTra;NgayTra"]
    lines += [f"{at};{name};{day:%d/%m/%Y};25/08/2020;" for at, day in enumerate(days)]
    lines += [f"x;{name};03/08/2020;25/08/2020;25/08/2026"]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    read = read_ledger(path, agency_changes=agency_changes())
    assert set(read.frame["agency"]) == {name}
    later = read_ledger(path, agency_changes=agency_changes(), exported_on="2026-09-01")
    assert set(later.frame["agency"]) == {"Sở Y tế tỉnh Gia Lai"}


def test_due_years_after_receipt_is_told():
    frame = pd.concat(
        [daily("2020-06-15", "2020-08-31"), ledger(("2020-07-01", "2089-07-09", None))]
    )
    assert ledger_quality(frame).set_index("check")["count"]["far_ahead"] == 1


@given(st.data())
def test_a_ledger_begins_and_ends_with_the_days_that_its_tally_tells(data: st.DataObject):
    days = st.integers(0, 400).map(lambda day: pd.Timestamp("2020-01-01") + pd.Timedelta(days=day))
    far = st.sampled_from([pd.Timestamp("2013-01-05"), pd.Timestamp("2019-05-04")])
    received = data.draw(st.lists(days | far, min_size=1, max_size=60))
    lasted = data.draw(st.lists(st.none() | st.integers(0, 60), min_size=len(received)))
    ended = [
        None if last is None else start + pd.Timedelta(days=last)
        for start, last in zip(received, lasted, strict=False)
    ]
    frame = pd.DataFrame(
        {
            "dossier_id": [str(at) for at in range(len(received))],
            "agency": [f"Sở {'AB'[at % 2]}" for at in range(len(received))],
            "received_at": pd.to_datetime(received),
            "due_at": pd.to_datetime(received),
            "settled_at": pd.to_datetime(pd.Series(ended, dtype="object")),
        }
    ).assign(sector="s", procedure="p", channel="online")
    frame["status"] = frame["settled_at"].notna().map({True: "settled", False: "open"})
    quality = ledger_quality(frame).set_index("check")["example"]
    (row,) = tally(frame, "2020Q3", by=()).to_dict("records")
    for name in ("first_event", "last_event"):
        assert quality[name] == f"{row[name]:%d/%m/%Y}"
