"""The decree's quarter and the calendar's share a name: they are never put together unmarked."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cchc_stats as cchc
from cchc_stats.values import complete_values, window_kinds
from cchc_stats.words import BASES, ValuesError, Window

KINDS = {"decree": Window.of, "calendar": Window.of_calendar}
PERIODS = st.sampled_from([*pd.period_range("2019Q1", "2027Q4", freq="Q-DEC")])


def values(*rows: tuple[str, str, int], basis: str = "in_period") -> pd.DataFrame:
    """Return a count of each quarter, with the window of a kind; "" for none stated."""
    records = []
    for period, kind, value in rows:
        days = KINDS[kind](pd.Period(period), basis) if kind else None
        records.append(
            {"agency": "Sở A", "period": period, "basis": basis, "indicator": "dossiers_settled"}
            | {"value": value, "unit": "dossiers"}
            | {"window_start": days and days.start, "window_end": days and days.end}
        )
    return pd.DataFrame(records)


@given(PERIODS, st.sampled_from(BASES), st.sampled_from([*KINDS]))
def test_a_window_is_known_as_the_decrees_or_the_calendars(period, basis, kind):
    own = complete_values(values((str(period), kind, 1), basis=basis))
    assert window_kinds(own).tolist() == [kind]


def test_other_days_are_stated_and_no_days_unknown():
    own = values(("2020Q3", "", 1), ("2020Q2", "decree", 1))
    own.loc[1, "window_end"] = pd.Timestamp("2020-06-30")
    assert window_kinds(complete_values(own)).tolist() == ["", "stated"]


SCORED = pd.DataFrame(
    {
        "agency": ["Sở A", "Sở B", "Sở A", "Sở B"],
        "period": ["2026Q2", "2026Q2", "2026Q3", "2026Q3"],
        "indicator": "ON_TIME",
        "numerator": [9, 8, 7, 6],
        "denominator": 10,
        "window_start": pd.to_datetime(["2026-03-15", "2026-03-15", "2026-06-15", "2026-07-01"]),
        "window_end": pd.to_datetime(["2026-06-14", "2026-06-14", "2026-09-14", "2026-09-30"]),
    }
)


def test_they_are_not_scored_together_unmarked():
    scheme = cchc.load_scheme("qd-766-2022")
    refusal = r"(?s)scored together unmarked.*Sở A, 2026Q3 .*Sở B, 2026Q3"
    with pytest.raises(ValuesError, match=f"{refusal}.*across_windows=True: the score's note"):
        cchc.score(SCORED, scheme)
    with pytest.raises(ValuesError, match=f"{refusal}.*one kind of quarter$"):
        cchc.what_if(SCORED, scheme, {"ON_TIME": 95})
    scores = cchc.score(SCORED, scheme, across_windows=True)
    roots = scores[scores["code"] == "total"].set_index("period")["note"]
    assert roots["2026Q2"].tolist() == ["", ""]
    assert roots["2026Q3"].str.fullmatch("điểm của quý này có cả số liệu .* quý dương lịch").all()
    assert scores["note"].str.contains("quý dương lịch").sum() == 2
    # What feeds no leaf may be of any days.
    other = SCORED.assign(indicator=["ON_TIME", "ON_TIME", "ON_TIME", "visits"])
    assert not cchc.score(other, scheme)["note"].str.contains("quý dương lịch").any()


MIXED = values(("2020Q2", "decree", 5), ("2020Q3", "calendar", 7))


def test_they_are_not_compared_unmarked():
    with pytest.raises(ValuesError) as error:
        cchc.quarter_over_quarter(MIXED)
    assert str(error.value) == (
        "the decree's quarter and the calendar's cannot be compared unmarked\n"
        "  where: 1 of 2 rows, the first: dossiers_settled, Sở A, 2020Q3 (01/07/2020-30/09/2020) "
        "with 2020Q2 (15/03/2020-14/06/2020)\n"
        "  mend:  keep the values of one kind of quarter, or pass across_windows=True: each pair "
        "is then noted"
    )
    marked = cchc.quarter_over_quarter(MIXED, across_windows=True)
    assert marked["change"].tolist()[1] == 2.0
    assert marked["comparison_note"][1].startswith(
        "hai loại quý: quý dương lịch, kỳ trước là quý theo Nghị định 09/2019/NĐ-CP"
    )


def test_a_year_earlier_neither():
    own = values(("2019Q3", "calendar", 5), ("2020Q3", "decree", 7))
    with pytest.raises(ValuesError, match="unmarked"):
        cchc.year_over_year(own)


@pytest.mark.parametrize(
    ("turn", "basis"), [(cchc.year_to_date, "in_period"), (cchc.to_quarterly, "year_to_date")]
)
def test_they_are_not_put_together_in_one_year(turn, basis):
    own = values(("2020Q1", "decree", 5), ("2020Q2", "calendar", 7), basis=basis)
    with pytest.raises(ValuesError, match="across_windows=True"):
        turn(own)
    notes = turn(own, across_windows=True)["note"]
    assert notes.str.contains("quý dương lịch").any()
    # Of two years nothing is put together.
    turn(values(("2019Q4", "decree", 5), ("2020Q1", "calendar", 7), basis=basis))


SERIES = values(
    *((f"{year}Q{quarter}", "decree" if year < 2022 else "calendar", 50 + quarter)
      for year in (2020, 2021, 2022) for quarter in (1, 2, 3, 4))
)  # fmt: skip
SHARES = SERIES.assign(
    indicator="on_time_rate_settled", numerator=SERIES["value"], denominator=60, unit="percent"
).drop(columns="value")


CALENDARS = SHARES[SHARES["period"] == "2022Q1"]
DECREED = CALENDARS.assign(
    window_start=Window.of(pd.Period("2022Q1")).start,
    window_end=Window.of(pd.Period("2022Q1")).end,
)


@pytest.mark.parametrize(
    "call",
    [
        cchc.trend_test,
        cchc.find_shift,
        cchc.control_chart,
        lambda own: cchc.decompose_change(own, "2020Q1", "2022Q1"),
    ],
)
def test_a_series_of_both_is_refused_and_one_kind_is_not(call):
    with pytest.raises(ValuesError, match=r"(?s)unmarked.*Sở A, 2020Q1 \(15/12/2019-14/03/2020\)"):
        call(SHARES)
    kept = pd.concat([SHARES.iloc[:4], SHARES.iloc[:4].assign(period=SHARES["period"][8:].array)])
    call(kept.drop(columns=["window_start", "window_end"]))


def test_what_puts_both_together_says_so_where_it_is_wanted():
    grouped = pd.concat([SHARES, SHARES.assign(group="Đất đai")])
    agencies = pd.concat([DECREED, CALENDARS]).assign(agency=["Sở A", "Sở B"])
    results = {
        "chart_note": cchc.control_chart(SHARES, across_windows=True),
        "note": cchc.find_shift(SHARES, across_windows=True),
        "trend_note": cchc.trend_test(SHARES, across_windows=True),
        "funnel_note": cchc.funnel(agencies, across_windows=True),
    }
    change = cchc.decompose_change(grouped, "2020Q1", "2022Q1", across_windows=True)
    groups = agencies.assign(group=["Đất đai", "Hộ tịch"])
    ratio = cchc.standardised_ratio(groups, across_windows=True)
    rate = cchc.standardised_rate(groups, "pooled", across_windows=True)
    noted = [table[name] for name, table in results.items()]
    for notes in (*noted, *(table["note"] for table in (change, ratio, rate))):
        assert notes.str.contains("có cả quý theo Nghị định 09/2019/NĐ-CP").all()
    one_kind = cchc.find_shift(SHARES.iloc[:8], across_windows=True)
    assert one_kind["note"].tolist() == [""]
    ax = cchc.plot_trend(SHARES)
    assert "Có cả quý theo Nghị định 09/2019/NĐ-CP và quý dương lịch." in cchc.plot_caption(ax)


def test_agencies_of_both_are_not_in_one_funnel_or_one_standard():
    two = pd.concat([DECREED, CALENDARS]).assign(agency=["Sở A", "Sở B"])
    with pytest.raises(ValuesError, match="in one funnel unmarked"):
        cchc.funnel(two)
    groups = two.assign(group="Đất đai")
    for call in (cchc.standardised_ratio, lambda own: cchc.standardised_rate(own, "pooled")):
        with pytest.raises(ValuesError, match="(?s)standardised unmarked.*across_windows=True"):
            call(groups)


@pytest.mark.parametrize("kind", ["decree", "calendar", ""])
def test_quarters_of_one_kind_are_compared_as_ever(kind):
    own = values(("2020Q2", kind, 5), ("2020Q3", kind, 7))
    assert cchc.quarter_over_quarter(own)["change"].tolist()[1] == 2.0


@pytest.mark.parametrize("kind", [*KINDS])
def test_unknown_days_beside_known_ones_are_asked_about(kind):
    after = cchc.quarter_over_quarter(values(("2020Q2", "", 5), ("2020Q3", kind, 7)))
    note = after["comparison_note"].tolist()[1]
    assert "kỳ trước chưa rõ ngày: hãy ghi ngày đầu, ngày cuối của số liệu" in note
    assert after["change"].tolist()[1] == 2.0
    before = cchc.quarter_over_quarter(values(("2020Q2", kind, 5), ("2020Q3", "", 7)), lang="en")
    assert "the days of this one are not known" in before["comparison_note"].tolist()[1]
    summed = cchc.year_to_date(values(("2020Q1", kind, 5), ("2020Q2", "", 7)))
    assert summed["note"].str.contains("có quý chưa rõ ngày").all()


def test_where_no_days_are_known_nothing_is_asked():
    plain = cchc.quarter_over_quarter(values(("2020Q2", "", 5), ("2020Q3", "", 7)))
    assert not plain["comparison_note"].str.contains("window_start").any()
    summed = cchc.year_to_date(values(("2020Q1", "", 5), ("2020Q2", "", 7)))
    assert not summed["note"].str.contains("window_start").any()
