"""`check` of a whole report: prose, tables, totals and dates against one another."""

import dataclasses
import datetime as dt

import pandas as pd
import pytest
from claimed_reports import Q3, dossiers, report_of, told
from hypothesis import given, settings
from hypothesis import strategies as st
from seed import FOLDER
from strategies import balanced

from cchc_stats.checking import check
from cchc_stats.forms import DOSSIERS
from cchc_stats.indicators import measure
from cchc_stats.reading import read_report
from cchc_stats.words.periods import Window
from cchc_stats.words.ratios import half_up


def documents(electronic: int = 1315, total: int = 1380) -> dict:
    paper = total - electronic
    row = {"agency": ["Sở A"], "period": [Q3], "sent_total": [total], "sent_paper": [paper]}
    return {"documents": pd.DataFrame(row | {"sent_electronic": [electronic]})}


def test_the_contradictions_of_the_real_report():
    found = check(read_report(FOLDER))
    kept = found[found["severity"] != "note"]
    assert kept[["severity", "rule", "found", "expected"]].fillna("").to_numpy().tolist() == [
        *[["error", "claim_differs", "99%", "95,29 % (1.315/1.380)"]] * 2,
        ["warning", "words_contradict", "trực tuyến còn thấp", "100 % (53/53)"],
        ["warning", "trained_and_turns", "15", "17"],
        ["warning", "units_and_positions", "8", "9"],
        ["warning", "planned_and_agencies", "161", "148"],
        ["warning", "percent_of_time", "13,3% ngày", ""],
        ["warning", "percent_of_time", "20% ngày", ""],
        ["warning", "signed_early", "09/09/2020", "14/09/2020"],
    ]


def test_the_documents_that_a_report_names():
    report = read_report(FOLDER)
    named = [("42", "KH-SKHCN", "2020-01-30"), ("42", "KH-SKHCN", "2020-01-31")]
    named += [("", "BC-SKHCCN", None)]
    numbers = pd.DataFrame(named, columns=["number", "symbol", "date"])
    numbers = numbers.assign(kind="", subject="", place="Mục I").astype("str")
    found = check(dataclasses.replace(report, numbers=numbers))
    assert {"number_twice", "symbol_spellings"} <= set(found["rule"])


@pytest.mark.parametrize(
    ("quote", "value", "expected"),
    [
        ("95,3%", 95.3, []),
        ("95%", 95, []),
        ("95.29%", 95.29, []),
        ("95,28%", 95.28, [("note", "share_cut")]),
        ("99%", 99, [("error", "claim_differs")]),
        ("gần 96%", 96, []),
        ("hơn 99%", 99, [("warning", "approximation")]),
    ],
)
def test_a_percentage_is_held_as_it_is_printed(quote, value, expected):
    claim = {"quote": quote, "value": value, "indicator": "electronic_documents_share"}
    assert told(report_of(documents(), claim)) == expected


def test_a_sentence_that_can_be_sent():
    claim = {"quote": "99%", "value": 99, "indicator": "electronic_documents_share"}
    report = report_of(documents(), claim)
    assert check(report)["message"].tolist() == [
        "Tỷ lệ văn bản điện tử trên tổng số văn bản đi: 95,29 % (1.315/1.380) theo bảng,"
        " lời văn ghi “99%”"
    ]
    assert "by the table, but the text says “99%”" in check(report, lang="en")["message"][0]


# Published: 148761 of 151295 settled on time (98,33 %), 159845 received (93,07 %).
LAM_DONG = dossiers(
    received_total=159845,
    settled_total=151295,
    settled_on_time=148761,
    settled_late=2534,
    pending_total=8550,
    pending_not_due=7815,
    pending_overdue=735,
)


def test_another_denominator_is_named():
    assert told(report_of(LAM_DONG, {"quote": "98,33%", "value": 98.33})) == []
    found = check(report_of(LAM_DONG, {"quote": "93,07%", "value": 93.07}))
    found = found[found["rule"] != "incomplete"]
    assert found[["severity", "rule"]].values.tolist() == [["warning", "share_of_other_whole"]]
    assert "148.761/159.845" in found["message"].iloc[0]


@pytest.mark.parametrize(
    ("signed", "expected"),
    [
        (dt.date(2020, 9, 14), []),
        (dt.date(2020, 9, 13), [("warning", "signed_early")]),
        (dt.date(2020, 12, 1), [("note", "signed_late")]),
    ],
)
def test_the_day_of_signature(signed, expected):
    assert told(report_of(documents(), signed_on=signed)) == expected


def test_another_window_is_noted():
    other = Window("2020-07-01", "2020-09-30")
    assert told(report_of(documents(), window=other)) == [("note", "other_window")]


def test_one_figure_given_twice():
    one = {"quote": "97%", "value": 97, "indicator": "x"}
    report = report_of(documents(), one, one | {"quote": "96%", "value": 96, "place": "đoạn 9"})
    assert told(report) == [("warning", "told_twice")]
    assert check(report)["where"].tolist() == ["đoạn 1; đoạn 9"]
    alike = one | {"quote": "97,2%", "value": 97.2}
    assert told(report_of(documents(), one, alike)) == []


def test_year_to_date_against_its_quarters():
    quarters = [documents()["documents"].assign(period=f"2020Q{n}") for n in (1, 2, 3)]
    year = documents(3945, 4140)["documents"].assign(period="2020Q3", basis="year_to_date")
    rows = [one.assign(basis="in_period") for one in quarters]

    def found(whole, parts):
        return check({"documents": pd.concat([*parts, whole], ignore_index=True)})

    assert found(year, rows).empty
    wrong = documents(3946, 4141)["documents"].assign(period="2020Q3", basis="year_to_date")
    assert set(found(wrong, rows)["rule"]) == {"year_to_date"}
    assert found(wrong, rows[1:]).empty  # a quarter is not known
    less = documents(1000, 1065)["documents"].assign(period="2020Q3", basis="year_to_date")
    assert set(found(less, rows[1:])["rule"]) == {"below_a_quarter"}


def test_a_printed_total_apart_from_its_rows():
    rows = pd.DataFrame({"agency": "Sở A", "period": Q3, "basis": "as_of", "assigned": [40, 47]})
    rows = rows.assign(category=["administrative", "public_service"], present=[37, 23])
    total = {"form": "staffing", "period": "2020Q3", "basis": "as_of", "column": "assigned"}

    def totals(value):
        return pd.DataFrame([total | {"value": value, "source": "bảng 1"}])

    assert told(report_of({"staffing": rows}, totals=totals(87.0))) == []
    wrong = report_of({"staffing": rows}, totals=totals(92.0))
    assert told(wrong) == [("error", "printed_sum")]


@settings(max_examples=30)
@given(data=st.data())
def test_true_claims_are_clean_and_a_changed_one_is_named(data):
    table = data.draw(balanced(DOSSIERS, reports=(1, 1), rows=(1, 2), optional=False))
    values = measure({"dossiers": table})
    values = values[values["unit"].eq("percent") & values["value"].notna()]
    values = values[values["indicator"].isin(["settlement_rate", "late_rate_settled"])]
    rows = []
    for value in values.itertuples():
        printed = half_up(value.numerator, value.denominator, 2, scale=100)
        row = {"quote": f"{printed}%".replace(".", ","), "value": float(printed)}
        row |= {"indicator": value.indicator, "group": value.group, "period": value.period}
        rows.append(row)
    agency, period = table["agency"].iloc[0], table["period"].iloc[0]
    head = {"agency": agency, "period": period, "window": Window.of(period)}
    report = report_of({"dossiers": table}, *rows, **head)
    assert set(check(report)["severity"]) <= {"note"}
    if rows:
        rows[0] = rows[0] | {"quote": "250%", "value": 250, "place": "chỗ sai"}
        found = check(report_of({"dossiers": table}, *rows, **head))
        errors = found[found["rule"] == "claim_differs"]
        assert errors["where"].tolist() == ["chỗ sai"]
