"""One order of names everywhere: Â after A, Đ after D, tones last."""

from __future__ import annotations

import duckdb
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure

from cchc_stats import (
    add_intervals,
    consolidate,
    durations,
    ledger_quality,
    plot_caption,
    plot_change,
    plot_ranks,
    plot_trend,
    quarter_over_quarter,
    tally,
    tally_digital,
)
from cchc_stats.forms import DOSSIERS
from cchc_stats.publishing.form.tables import Style, form_tables
from cchc_stats.publishing.page.sections import blocks
from cchc_stats.words import fold, vietnamese_order

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


def values_of(names: list[str], **more) -> pd.DataFrame:
    rows = [
        {"agency": name, "period": period, "indicator": "on_time_rate_settled", "unit": "percent"}
        | {"numerator": 90 + at % 7, "denominator": 100}
        for at, name in enumerate(names)
        for period in ("2026Q2", "2026Q3")
    ]
    return pd.DataFrame(rows).assign(**more)


@settings(max_examples=3, deadline=None)
@given(names=NAMES.filter(lambda names: len({fold(name) for name in names}) == len(names)))
def test_lines_rows_and_groups_of_plots_stand_in_the_order_of_dictionaries(names):
    ordered = sorted(names, key=vietnamese_order)
    caption = plot_caption(plot_trend(values_of(names), ax=Figure().add_subplot()))
    told = [name for name in ordered if f"{name} " in caption]
    assert sorted(told, key=caption.index) == told
    changes = quarter_over_quarter(values_of(names))
    ax = plot_change(changes, ax=Figure().add_subplot())
    assert [text.get_text() for text in ax.get_yticklabels()] == ordered
    ranks = pd.DataFrame({"agency": names, "rank": 1, "percent": 90.0, "period": "2026Q3"})
    ax = plot_ranks(ranks.assign(code="total"), ax=Figure().add_subplot())
    assert [text.get_text() for text in ax.get_yticklabels()] == ordered
    sectors = values_of(["Sở A"] * len(names)).assign(group=[name for name in names for _ in "23"])
    now = add_intervals(quarter_over_quarter(sectors))
    (block,) = blocks(now[now["period"] == pd.Period("2026Q3")], lang="vi")
    assert [row.group for row in block.rows] == ordered


@settings(max_examples=5, deadline=None)
@given(names=NAMES)
def test_agencies_and_sectors_of_a_form_stand_in_the_order_of_dictionaries(names):
    units = pd.concat([ledger_of(names).assign(agency=unit) for unit in ("Sở 10", "Sở 9")])
    form = tally(units.iloc[::-1], "2026Q3")
    table = form[[name for name in form if name in DOSSIERS.columns]]
    drawn = form_tables(
        {"dossiers": table.iloc[::-1].reset_index(drop=True)},
        Style(pd.Period("2026Q3"), "in_period"),
        agencies=["Sở 9", "Sở 10"],
    )
    rows = [(row[1].text, row[2].text) for row in drawn[0].rows if row[0].text]
    keys = sorted(vietnamese_order(name) for name in names)
    assert [unit for unit, _ in rows] == ["Sở 9"] * len(names) + ["Sở 10"] * len(names)
    assert [vietnamese_order(sector) for _, sector in rows] == keys * 2


def test_spellings_of_one_agency_are_told_in_that_order():
    quality = ledger_quality(ledger_of(["Sở Đo", "Sở Du", "SỞ DU", "SỞ ĐO"])).set_index("check")
    told = quality.loc[["agency_spellings"], "example"].tolist()
    assert told == ["Sở Du = SỞ DU", "Sở Đo = SỞ ĐO"] or told == ["SỞ DU = Sở Du", "SỞ ĐO = Sở Đo"]
