"""One order of names everywhere: Â after A, Đ after D, tones last."""

from __future__ import annotations

import duckdb
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cchc_stats import consolidate, durations, ledger_quality, tally, tally_digital
from cchc_stats.forms import DOSSIERS
from cchc_stats.words import vietnamese_order

NAMES = st.lists(
    st.text("AĂÂĐDEÊaăâđdeềếẹ", min_size=1, max_size=4).map(lambda text: f"Sở {text}"),
    min_size=2,
    max_size=6,
    unique=True,
)


def ledger_of(names: list[str]) -> pd.DataFrame:
    day = pd.Timestamp("2026-07-01")
    rows = {"agency": names, "sector": names, "procedure": "x", "channel": "online"}
    rows |= {"status": "settled", "received_at": day, "due_at": day, "settled_at": day}
    return pd.DataFrame(rows)


COUNTS = {
    "tally": lambda ledger: tally(ledger, "2026Q3", by="agency"),
    "tally of an engine": lambda ledger: tally(
        duckdb.connect().from_df(ledger), "2026Q3", by="agency"
    ),
    "tally_digital": lambda ledger: tally_digital(ledger, "2026Q3"),
    "durations": lambda ledger: durations(ledger, "2026Q3", by="agency"),
}


@pytest.mark.parametrize("count", COUNTS.values(), ids=list(COUNTS))
@settings(max_examples=10, deadline=None)
@given(names=NAMES)
def test_groups_of_a_ledger_stand_in_the_order_of_dictionaries(count, names):
    assert count(ledger_of(names))["agency"].tolist() == sorted(names, key=vietnamese_order)


@settings(max_examples=10, deadline=None)
@given(names=NAMES)
def test_units_and_sectors_of_a_whole_stand_in_the_order_of_dictionaries(names):
    units = pd.concat([ledger_of(names).assign(agency=unit) for unit in ("Sở 10", "Sở 9")])
    form = tally(units, "2026Q3")
    table = form[[name for name in form if name in DOSSIERS.columns]]
    whole = consolidate({"dossiers": table}, agency="UBND tỉnh", allow_missing=True)
    ordered = sorted(names, key=vietnamese_order)
    # Names that differ in capitals alone are one sector.
    assert whole["dossiers"]["source"].iloc[0] == "tổng của 2 đơn vị: Sở 9; Sở 10"
    sectors = whole["dossiers"]["sector"].tolist()
    assert sectors == sorted(sectors, key=vietnamese_order)
    assert {name.casefold() for name in sectors} == {name.casefold() for name in ordered}


def test_spellings_of_one_agency_are_told_in_that_order():
    quality = ledger_quality(ledger_of(["Sở Đo", "Sở Du", "SỞ DU", "SỞ ĐO"])).set_index("check")
    told = quality.loc[["agency_spellings"], "example"].tolist()
    assert told == ["Sở Du = SỞ DU", "Sở Đo = SỞ ĐO"] or told == ["SỞ DU = Sở Du", "SỞ ĐO = Sở Đo"]
