"""Levels, vocabularies and forms outside their days: what, where, and how to mend it."""

import pandas as pd
import pytest

from cchc_stats import check

COUNTS = dict.fromkeys(("received_total", "newly_received", "settled_total", "settled_on_time"), 1)
COUNTS |= dict.fromkeys(("carried_over", "settled_late", "pending_total"), 0)
COUNTS |= dict.fromkeys(("pending_not_due", "pending_overdue"), 0)


def dossiers(period: str, level: str, basis: str = "in_period") -> dict[str, pd.DataFrame]:
    row = {"agency": "Sở A", "period": period, "basis": basis, "level": level, "sector": "all"}
    return {"dossiers": pd.DataFrame([row | COUNTS])}


def services(period: str, level: str) -> dict[str, pd.DataFrame]:
    row = {"agency": "Sở A", "period": period, "level": level, "procedures": 1}
    row |= {"received_total": 1, "received_in_person": 0, "received_online": 1}
    return {"online_services": pd.DataFrame([row])}


def proactive(period: str) -> dict[str, pd.DataFrame]:
    row = {"agency": "Sở A", "period": period, "level": "1", "procedures": 1, "dossiers": 1}
    return {"proactive_services": pd.DataFrame([row])}


@pytest.mark.parametrize(
    ("tables", "days"),
    [
        # Districts ended on 30/6/2025, which the decree's quarter III of 2025 still touches.
        (dossiers("2025Q2", "district"), None),
        (dossiers("2025Q3", "district"), None),
        (dossiers("2025Q4", "district"), "… 30/06/2025"),
        (dossiers("2025Q4", "district", "year_to_date"), None),
        (dossiers("2026Q4", "district", "year_to_date"), "… 30/06/2025"),
        (dossiers("2026Q4", "commune"), None),
        # Levels 3 and 4 until 2022, in part and full process from Decree 42/2022 on.
        (services("2022Q2", "3"), None),
        (services("2022Q3", "full"), None),
        (services("2022Q2", "full"), "15/08/2022 …"),
        (services("2026Q4", "4"), "… 31/12/2022"),
        (proactive("2026Q3"), None),
        (proactive("2026Q2"), "01/07/2026 …"),
    ],
)
def test_what_was_not_in_use_is_a_warning(tables, days):
    found = check(tables)
    told = found[found["rule"] == "another_time"]
    assert told["expected"].tolist() == ([days] if days else [])
    assert (told["severity"] == "warning").all()


def test_it_says_what_where_and_how_to_mend_it():
    (row,) = check(dossiers("2026Q4", "district")).to_dict("records")
    assert row["where"] == "Tình hình giải quyết hồ sơ, dòng 1 'Tổng số'"
    assert row["message"].startswith("“Cấp giải quyết Cấp huyện” không dùng trong thời gian của")
    assert "hãy xem lại kỳ báo cáo" in row["message"]
    (english,) = check(services("2026Q4", "3"), lang="en")["message"]
    assert english == (
        "“level level 3” was not in use in Q4 2026 (its days are … 31/12/2022): "
        "correct the period, or write the levels of that time"
    )
