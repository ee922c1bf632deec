"""Working days: the laws of counting, the decisions as published, numpy beside it, refusals."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cchc_stats import CchcError, WorkingCalendar, vietnam_calendar

CALENDAR = vietnam_calendar()
DAYS = st.dates(CALENDAR.first, CALENDAR.last)
# So that twenty working days later there still is a calendar.
EARLY_DAYS = st.dates(CALENDAR.first, dt.date(2027, 11, 1))
ONE_DAY = dt.timedelta(days=1)

# Weekdays off and Saturdays worked for them, by the decisions on exchanged days. 2010-2025 as the
# package `holidays` lists them; 2018-2019: 6519/VPCP-KGVX, 2024: 2450/VPCP-KGVX; 2/1/2026:
# 12729/VPCP-KGVX.
EXCHANGED = [
    ("2010-02-19", "2010-02-27"),
    ("2014-05-02", "2014-04-26"),
    ("2015-01-02", "2014-12-27"),
    ("2018-12-31", "2019-01-05"),
    ("2019-04-29", "2019-05-04"),
    ("2024-04-29", "2024-05-04"),
    ("2025-05-02", "2025-04-26"),
    ("2026-01-02", "2026-01-10"),
    ("2026-08-31", "2026-08-22"),
]


def worked(day: dt.date) -> bool:
    """Return whether a day is worked, by the list of the days that the week does not tell."""
    named = NAMED.get(day)
    return day.weekday() < 5 if named is None else named


NAMED = {row["day"].date(): row["working"] for row in CALENDAR.named_days().to_dict("records")}


@given(DAYS, DAYS)
def test_the_count_is_that_of_the_days_one_by_one(start: dt.date, end: dt.date):
    first, last = min(start, end), max(start, end)
    last = min(last, first + 60 * ONE_DAY)
    between = (first + number * ONE_DAY for number in range(1, (last - first).days + 1))
    assert CALENDAR.count(first, last) == sum(worked(day) for day in between)
    assert CALENDAR.count(last, first) == -CALENDAR.count(first, last)


@given(DAYS, DAYS, DAYS)
def test_counts_add_up(one: dt.date, two: dt.date, three: dt.date):
    assert CALENDAR.count(one, three) == CALENDAR.count(one, two) + CALENDAR.count(two, three)


@given(EARLY_DAYS, st.integers(1, 20))
def test_adding_and_counting_undo_each_other(day: dt.date, n: int):
    reached = CALENDAR.add(day, n)
    assert CALENDAR.count(day, reached) == n
    assert CALENDAR.is_working(reached)
    assert CALENDAR.add(CALENDAR.add(day, n), 3) == CALENDAR.add(day, n + 3)


@given(EARLY_DAYS, st.integers(0, 23), st.integers(0, 20))
def test_the_cut_off_hour_puts_the_receipt_on_the_next_working_day(day: dt.date, hour: int, n: int):
    received = dt.datetime.combine(day, dt.time(hour, 30))
    counted_as = CALENDAR.add(day, 1) if hour >= 17 else pd.Timestamp(day)
    due = CALENDAR.add(received, n, cutoff_hour=17)
    assert due == CALENDAR.add(counted_as, n)
    assert CALENDAR.count(received, due, cutoff_hour=17) == n
    assert CALENDAR.count(received, due) == n + (hour >= 17)


def test_the_cut_off_hour_itself_is_late_and_nothing_counts_less_than_no_day():
    assert CALENDAR.count("2020-06-15 16:59:59", "2020-06-16", cutoff_hour=17) == 1
    assert CALENDAR.count("2020-06-15 17:00", "2020-06-16", cutoff_hour=17) == 0
    assert CALENDAR.count("2020-06-15 17:00", "2020-06-15 18:00", cutoff_hour=17) == 0
    assert CALENDAR.count("2020-06-15 16:30", "2020-06-17", cutoff_hour=16.5) == 1


@given(st.lists(st.tuples(DAYS | st.none(), DAYS | st.none()), min_size=1))
def test_many_days_are_counted_as_one_by_one(pairs: list[tuple[dt.date | None, dt.date | None]]):
    index = pd.Index([f"hồ sơ {number}" for number in range(len(pairs))])
    start, end = (
        pd.Series(pd.to_datetime([pair[side] for pair in pairs]), index=index) for side in (0, 1)
    )
    expected = [pd.NA if None in pair else CALENDAR.count(*pair) for pair in pairs]
    counted = CALENDAR.count(start, end)
    pd.testing.assert_series_equal(counted, pd.Series(expected, index=index, dtype="Int64"))
    assert CALENDAR.count(start.to_numpy(), end.to_numpy()).tolist() == counted.tolist()
    assert CALENDAR.count([pair[0] for pair in pairs], end).tolist() == counted.tolist()
    working = CALENDAR.is_working(start)
    assert working.dtype == "boolean"
    assert working.isna().tolist() == start.isna().tolist()
    assert all(working[name] == worked(start[name].date()) for name in index[start.notna()])


def test_one_day_stands_against_many():
    due = pd.Series(pd.to_datetime(["2020-06-16", None, "2020-06-22"]))
    assert CALENDAR.count("2020-06-15", due).tolist() == [1, pd.NA, 5]
    assert CALENDAR.count(due, pd.Timestamp("2020-06-22")).tolist() == [4, pd.NA, 0]
    assert CALENDAR.count(None, due).isna().all()
    assert CALENDAR.count(pd.NaT, "2020-06-16") is pd.NA
    assert CALENDAR.is_working(None) is pd.NA


def test_days_are_added_row_by_row():
    days = pd.Series(
        pd.to_datetime(["2020-06-12 08:30", None, "2020-06-12 00:00"]), index=[5, 6, 7]
    )
    due = CALENDAR.add(days, pd.Series([1, 1, pd.NA], dtype="Int64"))
    assert due.index.tolist() == [5, 6, 7]
    assert due[5] == pd.Timestamp("2020-06-15")
    assert due.isna().tolist() == [False, True, True]
    assert CALENDAR.add(days.to_numpy(), 0)[0] == np.datetime64("2020-06-12")
    assert CALENDAR.add(None, 3) is pd.NaT


@given(st.integers(2000, 2009), st.data())
def test_without_exchanged_days_it_counts_as_numpy_does(year: int, data: st.DataObject):
    # The first Saturday worked in exchange is in 2010; a list of holidays tells all before it.
    in_year = st.dates(dt.date(year, 1, 1), dt.date(year, 12, 31))
    start, end = sorted(data.draw(st.tuples(in_year, in_year)))
    off = [day for day, working in NAMED.items() if not working]
    expected = np.busday_count(start + ONE_DAY, end + ONE_DAY, holidays=off)
    assert CALENDAR.count(start, end) == expected


@pytest.mark.parametrize(("off", "working"), EXCHANGED)
def test_days_exchanged_by_decision(off: str, working: str):
    assert dt.date.fromisoformat(off).weekday() < 5
    assert dt.date.fromisoformat(working).weekday() == 5
    assert not CALENDAR.is_working(off)
    assert CALENDAR.is_working(working)


# The first day of the lunar year, and the first working day after the holiday.
@pytest.mark.parametrize(
    ("new_year", "back"),
    [
        ("2020-01-25", "2020-01-30"),
        ("2024-02-10", "2024-02-15"),
        ("2025-01-29", "2025-02-03"),
        ("2026-02-17", "2026-02-23"),
    ],
)
def test_the_lunar_new_year(new_year: str, back: str):
    assert not CALENDAR.is_working(new_year)
    assert CALENDAR.add(new_year, 1) == pd.Timestamp(back)


def test_a_holiday_on_a_weekend_moves_to_the_next_working_day():
    # 30/4 and 1/5 of 2000 were a Sunday and a Monday.
    assert not CALENDAR.is_working("2000-05-02")
    # The Hùng Kings' day of 2026 is Sunday 26/4.
    assert not CALENDAR.is_working("2026-04-27")


def test_each_named_day_says_who_decided_it():
    named = CALENDAR.named_days().set_index("day")
    assert named.loc["2026-01-10", "source"] == "12729/VPCP-KGVX"
    assert bool(named.loc["2026-01-10", "working"])
    assert named.loc["2020-09-02", "name"] == "Quốc khánh"
    assert named["source"].str.strip().ne("").all()
    assert named.index.is_unique


def test_ones_own_days_go_first_and_the_version_names_them():
    own = vietnam_calendar(
        days_off={dt.date(2020, 6, 15): "1234/QĐ-UBND"}, working_days=["2026-02-14", "2026-02-16"]
    )
    assert not own.is_working("2020-06-15")
    assert own.is_working("2026-02-16")  # the eve of the lunar new year, off for everybody else
    assert "off 2020-06-15 (1234/QĐ-UBND)" in own.version
    assert "worked 2026-02-14 (own addition)" in own.version
    assert own.version.startswith(CALENDAR.version)
    named = own.named_days().set_index("day")
    assert named.loc["2020-06-15", "source"] == "1234/QĐ-UBND"
    assert vietnam_calendar().version == CALENDAR.version
    assert vietnam_calendar(days_off="2020-06-15").count("2020-06-12", "2020-06-16") == 1


def test_years_not_decided_come_when_asked_for_and_say_so():
    later = vietnam_calendar(provisional=True)
    assert CALENDAR.provisional_from is None
    assert later.provisional_from == dt.date(2028, 1, 1)
    assert later.version.endswith("provisional from 2028")
    assert later.count("2027-12-31", "2028-01-04") == 1
    days = len(CALENDAR.ordinal)
    assert (later.ordinal[:days] == CALENDAR.ordinal).all()


def test_the_table_is_the_count():
    at = (dt.date(2020, 6, 15) - CALENDAR.first).days
    assert CALENDAR.ordinal[at + 7] - CALENDAR.ordinal[at] == 5
    with pytest.raises(ValueError, match="read-only"):
        CALENDAR.ordinal[0] = 9


REFUSED = [
    (
        lambda: CALENDAR.count("1999-12-31", "2000-01-05"),
        "the calendar knows 01/01/2000 to 31/12/2027: 1 outside it, such as 31/12/1999\n"
        "  where: start\n"
        "  mend:  correct the day, or take vietnam_calendar(provisional=True) for years not yet"
        " decided",
    ),
    (
        lambda: CALENDAR.is_working(pd.Series(pd.to_datetime(["2027-12-31", "2202-01-01"]))),
        "the calendar knows 01/01/2000 to 31/12/2027: 1 outside it, such as 01/01/2202\n"
        "  where: day",
    ),
    (
        lambda: CALENDAR.add("2027-12-25", 10),
        "the calendar knows 01/01/2000 to 31/12/2027: 1 of the days asked for come after it\n"
        "  where: day + n",
    ),
    (
        lambda: CALENDAR.add("2020-06-15", -1),
        "working days are added, never taken away\n  where: n, such as -1\n"
        "  mend:  give 0 or more; count(start, end) tells how many lie between two days",
    ),
    (
        lambda: CALENDAR.add("2020-06-15", 1.5),
        "days are added in whole numbers\n  where: n=1.5\n  mend:  give 0, 1, 2 …",
    ),
    (
        lambda: CALENDAR.add(["2020-06-15"] * 3, [1, 2]),
        "2 numbers cannot be paired with 3 days\n  where: day, n",
    ),
    (
        lambda: CALENDAR.count(["2020-06-15", "15/6/2020", 3], "2020-06-16"),
        "what is given is no day\n  where: start row 1: '15/6/2020'; row 2: 3\n"
        "  mend:  give dates, time stamps without a zone, or texts like 2020-06-15",
    ),
    (
        lambda: CALENDAR.is_working(pd.Series(pd.to_datetime(["2020-06-15"], utc=True))),
        "an instant with a time zone has no day of its own\n  where: day\n"
        '  mend:  take the local time: .dt.tz_convert("Asia/Ho_Chi_Minh").dt.tz_localize(None)',
    ),
    (
        lambda: CALENDAR.count(["2020-06-15"] * 2, ["2020-06-16"] * 3),
        "2 and 3 days cannot be paired\n  where: start, end\n"
        "  mend:  give as many of the one as of the other, or a single day",
    ),
    (
        lambda: CALENDAR.count(
            pd.Series(pd.to_datetime(["2020-06-15"]), index=[1]),
            pd.Series(pd.to_datetime(["2020-06-15"]), index=[2]),
        ),
        "two Series with different indexes cannot be paired row by row\n  where: start, end",
    ),
    (
        lambda: CALENDAR.count("2020-06-15", "2020-06-16", cutoff_hour=25),
        "there is no hour 25\n  where: cutoff_hour=\n  mend:  give hours, 0 to 24: 17, 16.5",
    ),
    (
        lambda: vietnam_calendar(
            days_off=["2020-06-15", "x", "2030-01-01"], working_days=["2020-06-15"]
        ),
        "3 of one's own days cannot be used\n"
        "  where: days_off= 'x' is no day; days_off= 01/01/2030 is outside 01/01/2000-31/12/2027; "
        "15/06/2020 is both off and worked\n"
        "  mend:  give dates, or texts like 2026-02-13, each in one of the two; provisional=True "
        "adds the years that are not yet decided",
    ),
    (
        lambda: WorkingCalendar(
            first=dt.date(2020, 1, 1),
            last=dt.date(2020, 1, 3),
            working=np.array([True]),
            version="",
        ),
        "1 days stand for 3\n  where: working=, 01/01/2020-03/01/2020\n"
        "  mend:  give one for each day from first to last",
    ),
]


@pytest.mark.parametrize(("ask", "said"), REFUSED)
def test_what_it_refuses_and_how(ask, said: str):
    with pytest.raises(CchcError) as refusal:
        ask()
    assert str(refusal.value).startswith(said)


# --- 2026 and 2027 as decided -----------------------------------------------------------------

DECIDED = pd.read_csv(Path(__file__).parents[1] / "cases" / "working_days_2026_2027.csv")


@pytest.mark.parametrize("day", [*DECIDED.itertuples()], ids=lambda one: one.day)
def test_a_day_of_2026_and_2027_is_as_decided_and_says_by_what(day):
    assert CALENDAR.is_working(day.day) == (day.state == "worked")
    named = CALENDAR.named_days().set_index("day")
    if day.source != "not adopted":
        assert day.source in named.loc[day.day, "source"]


@pytest.mark.parametrize("year", [2026, 2027])
def test_no_other_weekday_is_off_and_no_other_weekend_worked(year):
    days = pd.date_range(f"{year}-01-01", f"{year}-12-31")
    other = np.array(CALENDAR.is_working(pd.Series(days)), dtype=bool) != (days.day_of_week < 5)
    listed = DECIDED[DECIDED["source"] != "not adopted"]["day"]
    assert [str(day.date()) for day in days[other]] == sorted(
        d for d in listed if d[:4] == str(year)
    )


def test_a_count_and_a_day_may_cross_into_2027_and_not_beyond():
    assert CALENDAR.add("2026-12-18", 10) == pd.Timestamp("2027-01-04")
    assert CALENDAR.count("2026-12-20", "2027-01-05") == 11
    with pytest.raises(CchcError, match="31/12/2027"):
        CALENDAR.is_working("2028-01-03")


def test_what_is_not_decided_says_so():
    named = vietnam_calendar(provisional=True).named_days().set_index("day")
    assert named.loc["2029-11-26", "source"].endswith("chưa có quyết định của năm (tạm tính)")
    assert "provisional from 2028" in vietnam_calendar(provisional=True).version
