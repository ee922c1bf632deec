"""Percentages against the counts beside them and against one another: published figures."""

import pandas as pd
import pytest
from claimed_reports import dossiers, report_of, told
from settlement import published

from cchc_stats.checking import check
from cchc_stats.words.periods import Window


def stated(case: str, *rows: dict, period: str):
    """Return a published row as a report with its percentages."""
    quarter = pd.Period(period, freq="Q-DEC")
    table = published(case).assign(agency="Sở A", period=quarter)
    given = [row | {"period": quarter, "basis": table["basis"][0]} for row in rows]
    return report_of({"dossiers": table}, *given, period=quarter, window=Window.of(quarter))


def share(quote: str, indicator: str) -> dict:
    figure = float(quote.removeprefix("gần ").rstrip("%").replace(",", "."))
    return {"quote": quote, "value": figure, "indicator": indicator}


ON_TIME, LATE = "on_time_rate_settled", "late_rate_settled"


@pytest.mark.parametrize(
    ("case", "period", "rows"),
    [
        ("LD-2024Q1-ALL", "2024Q1", [share("98,33%", ON_TIME), share("1,67%", LATE)]),
        (
            "KT-2023Q1-ALL",
            "2023Q1",
            [share("gần 98%", ON_TIME), share("22,33%", "dossiers_online_share_received")],
        ),
    ],
)
def test_published_percentages_that_agree(case, period, rows):
    assert told(stated(case, *rows, period=period)) == []


def test_shares_of_the_dossiers_due_agree():
    # Vĩnh Phúc, September 2021: a month, put into its quarter here; 4157 of 4169 due.
    table = dossiers(received_total=6302, carried_over=2171, newly_received=4131)
    rows = [share("99,71%", "on_time_rate_due"), share("0,29%", "late_rate_due")]
    assert told(report_of(table, *rows)) == []


def test_mixed_decimals_are_noted():
    report = stated(
        "LD-2020Q1-HUYEN", share("98,28%", ON_TIME), share("1,7%", LATE), period="2020Q1"
    )
    assert told(report) == [("error", "identity"), ("note", "mixed_decimals")]


def test_two_shares_over_two_denominators():
    # Vĩnh Phúc, science and technology, 2018: 121/125 on time, (4 + 3)/(125 + 3) late.
    late_too = {"quote": "3 hồ sơ trả lại quá hạn", "value": 3, "unit": "count", "indicator": ""}
    rows = [share("96.8%", ON_TIME), share("5.47%", LATE), late_too]
    found = check(stated("VP-2018Y-SKHCN", *rows, period="2018Q4"))
    whole = found[found["rule"] == "shares_not_whole"]
    assert whole[["severity", "found"]].values.tolist() == [["warning", "102,27"]]
    assert "96,8 % = 121/125; 5,47 % = (4 + 3)/(125 + 3)" in whole["message"].iloc[0]


@pytest.mark.parametrize(
    ("quote", "value", "expected"),
    [
        ("75%", 75, []),
        ("80%", 80, [("error", "share_of_counts")]),
    ],
)
def test_a_share_against_the_fraction_beside_it(quote, value, expected):
    fraction = {"quote": "3/4 đơn vị", "value": 3, "denominator": 4, "unit": "count"}
    rows = [fraction, {"quote": quote, "value": value}]
    found = [one for one in told(report_of({}, *rows)) if one[1] != "no_row_of_period"]
    assert found == expected


def test_a_late_rate_with_dossiers_told_beside_the_table_is_no_error():
    late_too = {"quote": "3 hồ sơ quá hạn", "value": 3, "unit": "count", "indicator": ""}
    for named in (LATE, ""):
        wrong = {"quote": "quá hạn 5.47%", "value": 5.47, "indicator": named}
        found = check(stated("VP-2018Y-SKHCN", wrong, late_too, period="2018Q4"))
        found = found[found["severity"] != "note"]
        assert found[["severity", "rule"]].to_numpy().tolist() == [
            ["warning", "share_of_other_whole"]
        ]
        assert "tính cả số hồ sơ nêu ngoài bảng, (4 + 3)/(125 + 3)" in found["message"].iloc[0]
        alone = check(stated("VP-2018Y-SKHCN", wrong, period="2018Q4"))
        assert "claim_differs" in set(alone["rule"])


@pytest.mark.parametrize("quote", ["đúng hạn đạt từ 95%", "đúng hạn tăng từ 95%"])
@pytest.mark.parametrize("indicator", [ON_TIME, ""])
def test_where_a_rate_begins_is_not_what_it_is(quote, indicator):
    row = {"quote": quote, "value": 95, "indicator": indicator}
    assert told(stated("LD-2024Q1-ALL", row, period="2024Q1")) == []


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("đúng hạn 306/310 hồ sơ, đạt 98,71%", 98.71, None)], []),
        ([("đúng hạn 306/310 hồ sơ, đạt 97,71%", 97.71, None)], [("error", "share_of_counts")]),
        ([("đúng hạn 1.306/1.310 hồ sơ (99,69%)", 99.69, None)], []),
        ([("3/4 đơn vị", 3, 4), ("đạt tỷ lệ 75%", 75, None)], []),
        ([("3/4 đơn vị", 3, 4), ("đạt tỷ lệ 80%", 80, None)], [("warning", "share_of_fraction")]),
        # Nothing says that the share is the fraction's, or of which of two.
        ([("12/15 nhiệm vụ", 12, 15), ("đạt 85%", 85, None)], []),
        ([("3/4 a", 3, 4), ("1/2 b", 1, 2), ("đạt tỷ lệ 80%", 80, None)], []),
        ([("đạt tỷ lệ 80%", 80, None), ("3/4 đơn vị", 3, 4)], []),
        ([("12/15 nhiệm vụ", 12, 15), ("tuyên truyền đạt tỷ lệ 100%", 100, None)], []),
    ],
)
def test_a_share_and_the_fraction_its_words_name(rows, expected):
    given = [
        {"quote": quote, "value": value, "denominator": whole, "indicator": ""}
        | {"unit": "percent" if whole is None else "count"}
        for quote, value, whole in rows
    ]
    found = [one for one in told(report_of({}, *given)) if one[1] != "no_row_of_period"]
    assert found == expected


def test_two_shares_in_a_sentence_that_can_be_sent():
    rows = [share("96.8%", ON_TIME), share("5.47%", LATE)]
    found = check(stated("VP-2018Y-SKHCN", *rows, period="2018Q4"))
    message = found.set_index("rule")["message"]["shares_not_whole"]
    assert message == (
        "tỷ lệ đúng hạn (“96.8%”) và tỷ lệ trễ hạn (“5.47%”) cộng lại là 102,27 %, không phải 100 %"
    )
