"""What does not balance, or cannot be a share, says so in every value that it is part of."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from cchc_stats.forms import examine, find_form
from cchc_stats.indicators import find_indicator, measure

BALANCED = {
    "received_total": 60, "carried_over": 2, "newly_received": 58,
    "settled_total": 59, "settled_on_time": 58, "settled_late": 1,
    "pending_total": 1, "pending_not_due": 1, "pending_overdue": 0,
}  # fmt: skip
UNBALANCED = "số liệu không khớp: "


def measured(*rows: dict) -> pd.DataFrame:
    frame = pd.DataFrame([{"agency": "Sở A", "period": "2020Q3"} | row for row in rows])
    table, _ = examine(frame, find_form("dossiers"))
    return measure({"dossiers": table})


@given(
    wrong=st.sampled_from(sorted(BALANCED)),
    by=st.integers(1, 9),
    sector=st.sampled_from(["Đất đai", "Hộ tịch"]),
)
def test_a_figure_in_a_broken_statement_carries_it_and_no_other_does(wrong, by, sector):
    rows = [
        {"sector": name} | BALANCED | ({wrong: BALANCED[wrong] + by} if name == sector else {})
        for name in ("Đất đai", "Hộ tịch")
    ]
    values = measured(*rows)
    broken = [one for one in find_form("dossiers").identities if wrong in one.columns]
    broken = [one for one in broken if one.op == "=" or wrong != one.total]
    for row in values.itertuples():
        columns = set(find_indicator(row.indicator).columns)
        touched = any(columns & set(one.columns) for one in broken if _breaks(one, rows))
        assert (UNBALANCED in row.note) == (touched and row.group in (sector, "all")), row
        if row.group == "all" and touched:
            assert f"{sector}: {UNBALANCED}" in row.note


def _breaks(identity, rows) -> bool:
    return bool(identity.broken(examine(pd.DataFrame(rows), find_form("dossiers"))[0]).any())


def test_more_on_time_than_settled_is_no_rate():
    row = {"sector": "Đất đai"} | BALANCED | {"settled_on_time": 70}
    values = measured(row, {"sector": "Hộ tịch"} | BALANCED).set_index(["indicator", "group"])
    rate = values.loc[("on_time_rate_settled", "Đất đai")]
    assert (rate["status"], rate["numerator"], rate["denominator"]) == ("implausible", 70, 59)
    assert pd.isna(rate["value"])
    assert "70" in rate["note"]
    whole = values.loc[("on_time_rate_settled", "all")]  # 128 of 118
    assert whole["status"] == "implausible"


def test_staff_above_the_quota_is_a_figure():
    rows = [{"category": "administrative", "assigned": 40, "present": 43}]
    frame = pd.DataFrame([{"agency": "Sở A", "period": "2020Q3"} | row for row in rows])
    values = measure({"staffing": examine(frame, find_form("staffing"))[0]})
    rate = values.query("indicator == 'staffing_rate' and group == 'administrative'").iloc[0]
    assert (rate["status"], rate["value"] >= 100) == ("reported", True)
