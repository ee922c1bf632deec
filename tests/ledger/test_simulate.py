"""The made-up ledger: repeatable, shaped as asked, and called what it is."""

from pathlib import Path

import duckdb
import pandas as pd
import pytest

from cchc_stats import LEDGER, Window, simulate_ledger, tally, validate, vietnam_calendar
from cchc_stats.ledger import simulation as simulate
from cchc_stats.words.errors import CchcError


def test_the_same_seed_gives_the_same_ledger_as_frame_and_as_files(tmp_path, monkeypatch):
    monkeypatch.setattr(simulate, "CHUNK", 400)
    frame = simulate_ledger(1_000, seed=3)
    pd.testing.assert_frame_equal(frame, simulate_ledger(1_000, seed=3))
    assert not frame.equals(simulate_ledger(1_000, seed=4))
    files = simulate_ledger(1_000, seed=3, path=tmp_path)
    assert [file.name for file in files] == [f"synthetic_ledger-0000{n}.parquet" for n in range(3)]
    read = duckdb.connect().read_parquet([str(file) for file in files]).df()
    pd.testing.assert_frame_equal(read.astype(frame.dtypes), frame, check_dtype=False)


def test_without_faults_it_is_a_ledger_as_its_form_has_it():
    ledger = simulate_ledger(2_000, seed=5)
    assert set(LEDGER.columns) <= set(ledger.columns)
    validate(ledger, LEDGER)
    assert tally(ledger, "2020Q3", by=())["not_counted"].tolist() == [0]
    assert vietnam_calendar().is_working(ledger["received_at"]).all()
    # Of a group whose few dossiers have no due date none is stated.
    assert set(tally(ledger, "2020Q3")["due_rule"]) - {"not_stated"} == {"end_of_day"}
    timed = simulate_ledger(100, seed=5, due_times=True)
    assert set(tally(timed, "2020Q3")["due_rule"]) - {"not_stated"} == {"time_of_day"}


def test_shares_are_about_those_asked_for():
    ledger = simulate_ledger(40_000, seed=6, late_share=0.2, online_share=0.5, fault_share=0.1)
    whole = tally(ledger, Window("2018-12-15", "2020-12-14"), by=()).iloc[0]
    counted = whole["received_total"]
    assert whole["settled_late"] / whole["settled_total"] == pytest.approx(0.2, abs=0.06)
    assert whole["received_online"] / counted == pytest.approx(0.5, abs=0.03)
    # Of eight kinds of faults five keep a dossier from being counted.
    assert whole["not_counted"] / len(ledger) == pytest.approx(5 / 8 * 0.1, abs=0.01)


def test_agencies_are_skewed_and_months_have_their_season():
    ledger = simulate_ledger(20_000, seed=6)
    sizes = ledger["agency"].value_counts()
    assert sizes.iloc[0] > 5 * sizes.iloc[-1]
    months = ledger["received_at"].dt.month.value_counts()
    assert months[3] > 1.4 * months[2]
    assert ledger["received_at"].max() < pd.Timestamp("2020-12-15")


def test_it_is_called_made_up_wherever_it_is_shown(simulated):
    for by in ("agency", "sector", "procedure", ()):
        assert tally(simulated, "2020Q3", by=by)["source"].str.contains("giả lập").all()
    named = simulated[["agency", "sector", "procedure"]].fillna("(giả lập)")
    assert all(named[name].str.contains(r"\(giả lập\)").all() for name in named)


def test_the_sample_is_what_the_readme_says_it_is():
    sample = Path(__file__).parents[2] / "data" / "synthetic_ledger"
    made = simulate_ledger(15_000, seed=2020, agencies=6, fault_share=0.02)
    pd.testing.assert_frame_equal(tally(sample, "2020Q3"), tally(made, "2020Q3"))


@pytest.mark.parametrize(
    ("options", "words"),
    [({"n": 0}, "n=0"), ({"agencies": 0}, "agencies=0"), ({"late_share": 1.5}, "late_share=1.5")],
)
def test_what_cannot_be_made_up_is_refused(options, words):
    with pytest.raises(CchcError, match=words):
        simulate_ledger(**({"n": 10, "seed": 1} | options))
