"""Values as a table of agencies, and with every code in words."""

from dataclasses import replace

import pandas as pd
import pytest

from cchc_stats import (
    CchcError,
    ValuesError,
    find_indicators,
    indicators,
    measure,
    read_reports,
    summary,
    with_labels,
    write_report,
)

ROWS = [
    ("Sở Y tế", "2026Q2", "on_time_rate_settled", 9, 10),
    ("Sở Y tế", "2026Q3", "on_time_rate_settled", 0, 0),
    ("Sở Đ", "2026Q3", "on_time_rate_settled", 1, 2),
    ("Sở A", "2026Q3", "staffing_rate", 3, 4),
]
VALUES = pd.DataFrame(ROWS, columns=["agency", "period", "indicator", "numerator", "denominator"])
ON_TIME = VALUES[VALUES["indicator"] == "on_time_rate_settled"]
THIRD = VALUES[VALUES["period"] == "2026Q3"]


def test_a_table_has_a_row_per_agency_and_words_where_there_is_no_figure():
    table = summary(THIRD)
    assert table.index.tolist() == ["Sở A", "Sở Đ", "Sở Y tế"]
    assert table.columns[0] == "Tỷ lệ trả đúng hạn trên hồ sơ đã giải quyết (%)"
    assert table.iloc[1, 0] == 50.0
    assert table.iloc[2, 0] == "không tính được (mẫu số bằng 0)"
    assert table.iloc[0, 0] is pd.NA  # no row of it at all


def test_quarters_are_columns_in_their_order():
    table = summary(ON_TIME[::-1], columns="period")
    assert table.columns.tolist() == ["Quý II/2026", "Quý III/2026"]
    assert table.loc["Sở Y tế", "Quý II/2026"] == 90.0


@pytest.mark.parametrize(
    ("values", "options", "told"),
    [
        (VALUES, {}, "a table of one period is asked, and there are 2"),
        (VALUES, {"columns": "period"}, "a table of one indicator is asked, and there are 2"),
        (THIRD, {"group": "x"}, "and there are 0"),
        (THIRD, {"columns": "agency"}, "a table has no columns of 'agency'"),
        (
            pd.concat([THIRD.assign(basis="in_period"), THIRD.assign(basis="as_of")]),
            {},
            "there are two figures for one cell",
        ),
        (
            pd.concat([THIRD.assign(origin="reported"), THIRD.assign(origin="tallied")]),
            {},
            "there are two figures for one cell",
        ),
    ],
)
def test_a_table_of_what_has_no_place_in_it_is_refused(values, options, told):
    with pytest.raises(ValuesError, match=told):
        summary(values, **options)


def test_values_come_in_words():
    shown = with_labels(THIRD, lang="en")
    assert shown["Indicator"].iloc[0] == "On-time rate, of dossiers settled"
    assert "undefined (denominator 0)" in set(shown["Status"])
    assert shown["Period"].iloc[0] == "Q3 2026"
    assert shown["Value"].dropna().tolist() == [50.0, 75.0]


def test_indicators_are_found_by_words_in_both_languages():
    assert find_indicators("đúng hạn")["code"].equals(find_indicators("DUNG HAN")["code"])
    assert "on_time_rate_settled" in set(find_indicators("đúng hạn")["code"])
    assert find_indicators("overdue")["label_en"].str.contains("overdue").iloc[0]
    assert find_indicators("đúng hạn xyz")["found"].iloc[0] == pytest.approx(2 / 3)
    assert find_indicators("electronik")["found"].eq(0).all()
    assert len(find_indicators("electronik")) > 0
    assert len(find_indicators("")) == len(indicators.INDICATORS)
    assert indicators.on_time_rate.__doc__


LETTER = """SỞ NỘI VỤ
Số: {number}/BC-SNV
Huế, ngày 20 tháng 9 năm 2024
BÁO CÁO
Công tác cải cách hành chính quý {quarter} năm 2024

Biểu trao đổi văn bản
Tổng số văn bản đi\tVăn bản giấy\tVăn bản điện tử
100\t{paper}\t{electronic}
"""


def test_a_page_of_a_set_is_its_newest_reports_with_the_others_as_history(tmp_path):
    for quarter, number, paper in (("II", 1, 20), ("III", 2, 10)):
        text = LETTER.format(quarter=quarter, number=number, paper=paper, electronic=100 - paper)
        (tmp_path / f"{number}.txt").write_text(text, encoding="utf-8")
    reports = read_reports(tmp_path, progress=False)
    page = write_report(reports, tmp_path / "set.html").read_text(encoding="utf-8")
    before, newest = reports.reports
    alone = write_report(newest, tmp_path / "one.html", history=measure(before), previous=before)
    assert page == alone.read_text(encoding="utf-8")
    assert "Quý III/2024" in page
    other = replace(reports, reports=(before, replace(newest, agency="Sở Y tế")))
    with pytest.raises(CchcError, match="a page is of one agency's reports, not of 2"):
        write_report(other, tmp_path / "set.html")
    twice = replace(reports, reports=(newest, newest))
    with pytest.raises(CchcError, match="several editions of one report"):
        write_report(twice, tmp_path / "set.html")
