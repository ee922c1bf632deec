"""33 dossiers on the borders of the windows, their tables worked out by hand on paper.

All due dates are days: midnight is the end of the day. 15/06, 15/09 and 15/12 at 00:00 begin a
window; 23:59:59 of the day before still belongs to the one before. The dossiers are made up.
"""

from __future__ import annotations

import pandas as pd
import pytest

from cchc_stats import on_time_rate, tally

DOSSIERS = [
    (1, "2020-06-15 00:00:00", "2020-06-22", "2020-06-22 16:30", "online", "settled"),
    (2, "2020-06-14 23:59:59", "2020-06-22", "2020-06-23 00:00:00", "in_person", "settled"),
    (3, "2020-09-14 23:59:59", "2020-09-21", "2020-09-15 00:00:00", "postal", "settled"),
    (4, "2020-09-15 00:00:00", "2020-09-15", None, "in_person", "open"),
    (5, "2020-09-01 08:00", "2020-09-14", None, "online", "open"),
    (6, "2020-09-01", "2020-09-15", None, "in_person", "open"),
    (7, "2020-09-01 09:00", "2020-09-14", "2020-09-14 23:59:59", "in_person", "settled"),
    (8, "2020-09-01 09:00", "2020-09-14", "2020-09-15 00:00:00", "in_person", "settled"),
    (9, "2020-01-10", None, "2020-06-20 10:00", "in_person", "settled"),
    (10, "2020-07-10", None, None, "in_person", "open"),
    (11, "2020-06-20", "2020-06-30", "2020-06-25", "in_person", "returned"),
    (12, "2020-06-20", "2020-06-30", None, "in_person", "returned"),
    (13, "2020-09-01", "2020-09-10", "2020-09-20", "in_person", "withdrawn"),
    (14, "2020-07-01", "2020-07-10", None, "in_person", "withdrawn"),
    (15, "2020-07-01", "2020-07-10", None, "in_person", "waiting"),
    (16, "2020-10-02", None, None, "in_person", "waiting"),
    (17, "2020-07-05", "2020-07-12", "2020-07-04", "in_person", "settled"),
    (18, "2020-07-05", "2020-07-04", "2020-07-06", "in_person", "settled"),
    (19, "2020-08-05 14:00", "2020-08-05", "2020-08-05 16:00", "in_person", "settled"),
    (20, "2020-08-06 14:00", "2020-08-10", "2020-08-06", "in_person", "settled"),
    (21, "2020-08-06", "2020-08-10", None, "in_person", "settled"),
    (22, None, "2020-08-10", "2020-08-09", "in_person", "settled"),
    (23, "2020-08-01", "2020-08-05", "2020-08-07", "in_person", "open"),
    (24, "2020-08-01", "2020-08-05", "2020-08-05 12:00", "in_person", "waiting"),
    (26, "2019-12-20", "2020-01-20", "2020-12-01", "in_person", "settled"),
    (27, "2019-12-14", "2020-01-02", "2020-12-15 00:00:00", "in_person", "settled"),
    (28, "2019-12-14 23:59:59", "2019-12-20", "2019-12-14", "in_person", "settled"),
    (29, "1989-06-01", "2020-07-01", "2020-07-01", "in_person", "settled"),
    (30, "2020-07-01", "2101-01-01", None, "in_person", "open"),
    (31, "2020-12-15 00:00:00", "2020-12-20", None, "in_person", "open"),
    (32, "2020-08-03", "2020-12-20", None, None, None),
    (33, "2020-11-01", "2020-11-05", "2020-11-09", "online", "returned"),
    (34, "2020-11-20", "2020-12-14", "2020-12-14 23:59:59", "postal", "settled"),
]
COLUMNS = [
    "received_total",
    "carried_over",
    "newly_received",
    "received_online",
    "received_in_person",
    "settled_total",
    "settled_on_time",
    "settled_early",
    "settled_late",
    "pending_total",
    "pending_not_due",
    "pending_overdue",
    "returned",
    "withdrawn",
    "without_due_date",
    "due_total",
    "due_on_time",
    "waiting",
    "not_counted",
]
EXPECTED = {
    "2020Q3": [19, 4, 15, 2, 13, 8, 6, 1, 2, 10, 5, 5, 1, 0, 2, 9, 5, 1, 8],
    "2020Q4": [14, 10, 4, 1, 3, 4, 2, 1, 2, 8, 4, 4, 1, 1, 2, 4, 2, 2, 8],
    "YTD3": [19, 1, 18, 2, 16, 8, 6, 1, 2, 10, 5, 5, 1, 0, 2, 12, 6, 1, 8],
    "YTD4": [23, 1, 22, 3, 19, 12, 8, 2, 4, 8, 4, 4, 2, 1, 3, 16, 8, 2, 8],
}
WINDOWS = {
    "2020Q3": "2020Q3",
    "2020Q4": "2020Q4",
    "YTD3": "9 tháng đầu năm 2020",
    "YTD4": "năm 2020",
}
TIMES = ("received_at", "due_at", "settled_at")


def ledger() -> pd.DataFrame:
    frame = pd.DataFrame(
        DOSSIERS, columns=["dossier_id", "received_at", "due_at", "settled_at", "channel", "status"]
    )
    for column in TIMES:
        times = [pd.NaT if at is None else pd.Timestamp(at) for at in frame[column]]
        frame[column] = pd.Series(times, index=frame.index).astype("datetime64[us]")
    number = "H" + frame["dossier_id"].astype(str)
    return frame.assign(dossier_id=number, agency="Sở A", sector="Đất đai", procedure="TT 1")


@pytest.mark.parametrize("name", WINDOWS)
def test_each_window_is_counted_as_on_paper(name: str):
    counted = tally(ledger(), WINDOWS[name]).iloc[0]
    assert [int(counted[column]) for column in COLUMNS] == EXPECTED[name]


def test_all_windows_at_once_are_counted_alike():
    counted = tally(ledger(), list(WINDOWS.values()))
    assert counted[COLUMNS].astype(int).to_numpy().tolist() == [EXPECTED[name] for name in WINDOWS]


@pytest.mark.parametrize(
    ("denominator", "share"),
    [("settled", 6 / 8), ("received", 6 / 19), ("handled", 11 / 19)],
)
def test_rates_of_the_third_quarter(denominator: str, share: float):
    counted = tally(ledger(), "2020Q3")
    assert on_time_rate(counted, denominator=denominator).iloc[0] == pytest.approx(100 * share)
