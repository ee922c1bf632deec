"""What a backlog means: flows and waits by hand, Little's law, and where there is no answer."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import balanced

from cchc_stats.forms import DOSSIERS, validate
from cchc_stats.statistics.rates.backlog import COLUMNS, backlog
from cchc_stats.words.errors import ValuesError

CASES = pd.read_csv(Path(__file__).parents[1] / "cases" / "waiting_list.csv")
FORMULAS = pd.read_csv(Path(__file__).parents[1] / "cases" / "waiting_list_formulas.csv")


def form(new=10, settled=10, pending=5, **columns):
    frame = pd.DataFrame(
        {"agency": "Sở A", "period": "2020Q3", "newly_received": [new], "settled_total": [settled],
         "pending_total": [pending]}
    )  # fmt: skip
    return frame.assign(**{name: [cell] for name, cell in columns.items()})


def one(*figures, lang="en", target_wait=None, factor=4, **columns):
    told = backlog(form(*figures, **columns), lang=lang, target_wait=target_wait, factor=factor)
    return told.iloc[0]


# A window of one day makes a day the unit of time, whatever the published unit is.
DAY = {"window_start": "2020-09-01", "window_end": "2020-09-01"}


def of_measure(measure, known):
    """Return what the backlog says of a published case."""
    known = {name: float(x) for name, x in known.items() if not pd.isna(x)}
    if measure == "pressure":
        return one(1, 1, int(known["mean_wait"]), target_wait=known["target_wait"], **DAY)[measure]
    if measure == "load":
        return one(int(known["arrivals"]), 1, 1, capacity=int(known["capacity"]), **DAY)[measure]
    told = one(
        int(known["arrivals"]),
        40,
        1,
        target_wait=known["target_wait"],
        factor=known["factor"],
        **DAY,
    )
    return told[measure]


@pytest.mark.parametrize("case", CASES.to_dict("records"), ids=lambda case: case["measure"])
def test_the_published_waiting_list(case):
    inputs = {
        name: case[name] for name in ("arrivals", "capacity", "target_wait", "factor", "mean_wait")
    }
    assert of_measure(case["measure"], inputs) == pytest.approx(case["expected"], abs=1e-9)


@pytest.mark.parametrize("case", FORMULAS.to_dict("records"), ids=lambda case: case["measure"])
def test_the_formulas_of_the_peers(case):
    inputs = {
        name: case[name] for name in ("arrivals", "capacity", "target_wait", "factor", "mean_wait")
    }
    assert of_measure(case["measure"], inputs) == pytest.approx(case["expected"], rel=1e-7)


def test_a_quarter_by_hand():
    told = one(90, 100, 20, carried_over=30)
    assert told[["arrivals", "throughput", "pending", "growth"]].tolist() == [90, 100, 20, -10]
    assert not told["grows"]
    assert told["clearance_pct"] == pytest.approx(1000 / 9)
    assert told["load"] == pytest.approx(0.9)
    assert told["wait_quarters"] == pytest.approx(0.2)
    # The decree's quarter III, 15/6-14/9, has 92 days.
    assert told["window_days"] == 92
    assert told["wait_days"] == pytest.approx(18.4)
    assert told["quarters_to_clear"] == pytest.approx(2)
    assert told["note"] == ""


def test_returned_and_withdrawn_dossiers_leave_the_queue_too():
    told = one(90, 80, 20, returned=15, withdrawn=None)
    assert told["throughput"] == 95
    assert told["growth"] == -5
    assert told["note"] == "15 of them returned or withdrawn"


def test_a_queue_that_grows_is_never_cleared():
    told = one(110, 100, 20)
    assert told["grows"]
    assert told["quarters_to_clear"] is pd.NA
    assert told["note"] == "the queue does not shrink: it is never cleared at this pace"


def test_a_queue_that_neither_grows_nor_shrinks_is_never_cleared_and_does_not_grow():
    told = one(100, 100, 20)
    assert not told["grows"]
    assert told["quarters_to_clear"] is pd.NA


def test_nothing_pending_is_cleared_and_the_capacity_may_be_larger():
    told = one(100, 120, 0)
    assert told["quarters_to_clear"] == 0
    assert told["note"] == "nothing is pending: the capacity may be larger than what was settled"


def test_nought_of_nought_is_unknown_and_says_why():
    told = one(0, 0, 0)
    assert told[["clearance_pct", "load", "wait_quarters", "wait_days"]].isna().all()
    assert told["note"] == (
        "nothing was newly received: no clearance; no dossier left the queue: no waiting time"
    )


def test_a_missing_figure_leaves_unknown_what_needs_it_alone():
    frame = pd.concat([form(90, None, 20), form(90, 100, 20).assign(agency="Sở B")])
    told = backlog(frame, lang="vi").set_index("agency")
    assert told.loc["Sở A", ["throughput", "grows", "wait_days", "quarters_to_clear"]].isna().all()
    assert told.loc["Sở A", "note"] == (
        "thiếu số liệu: 'Kết quả giải quyết: Số hồ sơ đã giải quyết: Tổng số'"
    )
    assert told.loc["Sở B", "quarters_to_clear"] == pytest.approx(2)


def test_a_year_to_date_counts_its_quarters_and_days():
    told = one(270, 300, 20, basis="year_to_date")
    # 15/12/2019-14/9/2020 has 275 days.
    assert told["window_days"] == 275
    assert told["wait_quarters"] == pytest.approx(0.2)
    assert told["quarters_to_clear"] == pytest.approx(2)


def test_a_stated_window_stands_instead_of_the_decrees():
    told = one(90, 100, 20, window_start="2020-07-01", window_end="2020-09-30")
    assert told["window_days"] == 92
    told = one(90, 100, 20, window_start="2020-09-01", window_end="2020-09-10")
    assert told["wait_days"] == pytest.approx(2)


def test_figures_that_do_not_balance_are_noted():
    assert "carried over + newly received" in one(90, 100, 20, carried_over=31)["note"]


@settings(max_examples=25)
@given(balanced(DOSSIERS, largest=1000))
def test_growth_is_what_the_queue_grew_by_and_littles_law_holds(frame):
    before = frame.copy()
    told = backlog(frame)
    grown = frame["pending_total"] - frame["carried_over"]
    assert (told["growth"] == grown).all()
    assert (told["grows"] == (grown > 0)).all()
    assert ((told["clearance_pct"] < 100) == (grown > 0))[told["clearance_pct"].notna()].all()
    known = told["wait_quarters"].notna()
    quarters = frame["period"].dt.quarter.where(frame["basis"] == "year_to_date", 1)
    product = told["wait_quarters"] * told["throughput"] / quarters
    assert (product - told["pending"])[known].abs().max() < 1e-6 if known.any() else True
    assert (told["throughput"] == 0)[~known].all()
    pd.testing.assert_frame_equal(frame, before)


@settings(max_examples=20)
@given(st.integers(1, 500), st.integers(1, 500), st.integers(1, 500))
def test_at_that_pace_it_is_cleared_after_so_many_quarters(new, surplus, pending):
    told = one(new, new + surplus, pending)
    assert pending - told["quarters_to_clear"] * surplus == pytest.approx(0, abs=1e-9)


def test_columns_types_and_order():
    told = backlog(pd.concat([form(), form().assign(sector="Đất đai")]))
    assert list(told.columns) == list(COLUMNS)
    assert told["sector"].tolist()[1] == "Đất đai"
    kinds = {name: str(told[name].dtype) for name in COLUMNS}
    assert {kinds[name] for name in ("arrivals", "throughput", "pending", "growth")} == {"Int64"}
    assert {kinds[n] for n in ("load", "wait_days", "pressure", "quarters_to_clear")} == {"Float64"}
    assert kinds["grows"] == "boolean"
    assert told["pressure"].isna().all()


@pytest.mark.parametrize(
    ("frame", "options", "told"),
    [
        (form().drop(columns="pending_total"), {}, "column pending_total missing"),
        (form().iloc[:0], {}, "a frame of dossiers is needed"),
        (form(new=-1), {}, "column newly_received: -1 in row 1 is no count"),
        (form(new=1.5), {}, "column newly_received: 1.5 in row 1 is no count"),
        (form(new="9"), {}, "column newly_received: '9' in row 1 is no count"),
        (pd.concat([form(), form()]), {}, "rows of one agency, sector, period and basis"),
        (form(basis="as_of"), {}, "what came and left is counted in a period, not as_of"),
        (form().assign(period="2020-07"), {}, "a quarter is needed, not a month"),
        (form(), {"target_wait": 0}, "0 is not above 0"),
        (form(), {"factor": -1}, "-1 is not above 0"),
    ],
)
def test_what_cannot_be_told_is_refused(frame, options, told):
    with pytest.raises(ValuesError) as caught:
        backlog(frame, **options)
    assert told in str(caught.value)


def test_a_validated_form_goes_through():
    figures = dict.fromkeys(DOSSIERS.figures, 0) | {"received_total": 61, "newly_received": 59}
    figures |= {"carried_over": 2, "settled_total": 60, "settled_on_time": 60}
    figures |= {"pending_total": 1, "pending_not_due": 1, "received_online": 59}
    row = {"agency": "Sở A", "period": "2020Q3", "sector": "all"} | figures
    told = backlog(validate(pd.DataFrame([row]), "dossiers")).iloc[0]
    assert told["quarters_to_clear"] == pytest.approx(1)


def test_windows_that_no_quarter_names_count_by_their_days():
    """As `tally` gives them for days of one's own."""
    rows = {"agency": "Sở A", "period": pd.NaT, "newly_received": 60, "settled_total": 60}
    days = {
        "window_start": ["2020-01-01", "2020-04-01"],
        "window_end": ["2020-03-31", "2020-04-30"],
    }
    told = backlog(pd.DataFrame(rows | {"pending_total": 30} | days))
    assert told["window_days"].tolist() == [91, 30]
    assert told["wait_days"].tolist() == [45.5, 15.0]
    assert told["wait_quarters"].tolist() == pytest.approx([45.5 / 91.3125, 15 / 91.3125])
    assert told["period"].isna().all()
    with pytest.raises(ValuesError, match="rows of one agency, sector, period and basis"):
        backlog(pd.DataFrame(rows | {"pending_total": 30} | days).iloc[[0, 0]])
    with pytest.raises(ValuesError, match="period is empty"):
        backlog(pd.DataFrame([rows | {"pending_total": 30}]))
