"""`write_province_page`: twelve to two hundred agencies, the chairman's sheet first."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cchc_stats import CchcError, ValuesError, add_intervals, rank_agencies, write_province_page
from cchc_stats.publishing.page import without_figures
from cchc_stats.publishing.page.chairman import beyond_chance, target_way, way_of
from cchc_stats.publishing.page.province_page import look_at_province
from cchc_stats.trends import quarter_over_quarter
from cchc_stats.values import CheckedValues
from cchc_stats.words import findings_frame

NOW = pd.Period("2026Q3", "Q-DEC")
EVIL = "<script>alert(1)</script>"


def province(agencies: int = 12, *, late: int = 3, quarters: int = 4) -> pd.DataFrame:
    """Return made-up values: of 1,000 settled `late` are, of the first agency 100 now."""
    rows = []
    for agency in range(agencies):
        for back in range(quarters):
            missed = 100 if agency == 0 and back == 0 else late
            key = {"agency": f"Sở {agency:03d}", "period": NOW - back}
            for code, top, bottom in (
                ("on_time_rate_settled", 1000 - missed, 1000),
                ("pending_overdue_share", missed, 200),
                ("dossiers_pending_overdue", missed, pd.NA),
            ):
                value = top if bottom is pd.NA else 100 * top / bottom
                rows.append(
                    key
                    | {"indicator": code, "numerator": top, "denominator": bottom, "value": value}
                )
    return pd.DataFrame(rows)


def found(agency: str, message: str) -> pd.DataFrame:
    row = {"severity": "error", "rule": "identity", "agency": agency, "message": message}
    return findings_frame([row | {"period": NOW, "where": "bảng 1"}])


def lacking(*rows: tuple[str, str, str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["agency", "form", "reason"])
    return frame.assign(period=pd.PeriodIndex([NOW] * len(rows), dtype="period[Q-DEC]"))


def page(tmp_path, values=None, **options) -> str:
    given_ = {"findings": findings_frame(), "missing": lacking(), "period": NOW} | options
    values = province() if values is None else values
    return write_province_page(values, tmp_path / "a.html", **given_).read_text(encoding="utf-8")


def part(html: str, code: str) -> str:
    return html.partition(f'id="first-{code}"')[2].partition("</section>")[0]


def test_the_first_sheet_tells_what_changed_what_is_wrong_who_is_late(tmp_path):
    html = page(
        tmp_path,
        findings=found("Sở 003", "260 so với 251"),
        missing=lacking(("Sở 900", "", "chưa gửi báo cáo"), ("Sở 004", "staffing", "thiếu biểu")),
        targets={"on_time_rate_settled": 95, "pending_overdue_share": 2},
    )
    changed = part(html, "changed")
    assert changed.count("<li") == 1  # of 12 agencies one changed
    assert "Sở 000" in changed and "giảm từ 99,7% xuống 90%" in changed and "xấu đi" in changed
    assert "<b>Sở 003</b>: lỗi: 260 so với 251" in part(html, "wrong")
    late = part(html, "late")
    assert late.index("Sở 900") < late.index("Sở 000")
    assert "1 biểu còn thiếu" in late
    targets = part(html, "targets")
    assert "≥ 95%" in targets and "11/12 đơn vị đạt" in targets and "Sở 000 90%" in targets
    assert "≤ 2%" in targets


def test_the_whole_is_a_sum_and_its_change_like_with_like():
    values = province(3, quarters=2)
    gone = (values["agency"] == "Sở 002") & (values["period"] == NOW - 1)
    own = CheckedValues.of(values[~gone])
    whole = look_at_province(own, NOW, targets=None, whole="tỉnh", lang="vi").whole
    row = whole[(whole["indicator"] == "on_time_rate_settled") & (whole["period"] == NOW)].iloc[0]
    assert (row["numerator"], row["denominator"], row["agencies"]) == (900 + 2 * 997, 3000, 3)
    # Only the two with both quarters: 1,897 of 2,000 against 1,994 of 2,000.
    assert row["change"] == pytest.approx(100 * (1897 - 1994) / 2000)
    assert row["change_low"] < row["change"] < row["change_high"] < 0


def test_rows_of_the_whole_are_not_added(tmp_path):
    values = pd.concat([province(), province(1).assign(agency="tỉnh Sông Lam")])
    html = page(tmp_path, values, whole="tỉnh Sông Lam")
    assert "Cải cách hành chính tỉnh Sông Lam, quý III/2026" in html
    assert "12 cơ quan, đơn vị có số liệu" in html
    assert '<th scope="row">tỉnh Sông Lam</th>' not in html


def test_two_hundred_agencies_are_a_page_of_bounded_size(tmp_path):
    ranks = pd.DataFrame({"agency": [f"Sở {n:03d}" for n in range(200)]})
    ranks = rank_agencies(ranks.assign(points=range(200), max_points=200))
    html = page(tmp_path, province(200), ranks=ranks)
    assert len(html) < 2_500_000
    assert html.count('<th scope="row">Sở') == 200
    assert "nan" not in re.sub(r"<[^>]+>", " ", html).split()


@pytest.mark.parametrize(("annexes", "open_"), [(False, 0), (True, 3)])
def test_annexes_are_open_on_request(tmp_path, annexes: bool, open_: int):
    html = page(tmp_path, missing=lacking(("Sở 900", "", "chưa gửi")), annexes=annexes)
    assert html.count('<details class="annex"') == 3
    assert len(re.findall(r"<details[^>]* open>", html)) == open_


def test_texts_are_escaped_and_the_same_values_are_the_same_page(tmp_path):
    values = province(3).replace({"agency": {"Sở 001": EVIL}})
    options = {"findings": found(EVIL, EVIL), "missing": lacking((EVIL, "", EVIL))}
    html = page(tmp_path, values, **options)
    assert EVIL not in html and "&lt;script&gt;" in html
    assert html == page(tmp_path, values, **options)


def test_below_nothing_small_is_left(tmp_path):
    html = page(tmp_path, province(late=3), below=5)
    assert "<b>Sở 001</b>: 3 hồ sơ" not in html
    assert "997/1.000" not in html and "99,7%" not in part(html, "changed")


def test_refusals_name_what_is_wrong(tmp_path):
    with pytest.raises(
        CchcError, match="2 of the targets are no number of a known indicator"
    ) as told:
        page(tmp_path, targets={"nonsense": 5, "on_time_rate_settled": "95"})
    assert "'nonsense': 5, 'on_time_rate_settled': '95'" in told.value.where
    with pytest.raises(ValuesError, match="no main figure of Quý IV/2026"):
        page(tmp_path, period="2026Q4")
    assert not (tmp_path / "a.html").exists()


LIMITS = st.tuples(st.integers(0, 200), st.integers(1, 200), st.integers(0, 200))


@given(st.lists(LIMITS, min_size=1, max_size=6))
def test_beyond_chance_is_never_told_where_the_limits_hold_0(rows):
    """Taken together less is told than one by one, and never what a change's own limits deny."""
    values = pd.DataFrame(
        {
            "agency": [f"{n}" for n in range(len(rows)) for _ in range(2)],
            "period": [NOW - 1, NOW] * len(rows),
            "indicator": "on_time_rate_settled",
            "numerator": [min(x, n) for a, n, b in rows for x in (a, b)],
            "denominator": [n for _, n, _ in rows for _ in range(2)],
        }
    )
    changes = quarter_over_quarter(add_intervals(values))
    told = beyond_chance(changes)
    low, high = (changes[name].astype("float64") for name in ("change_low", "change_high"))
    alone = (low > 0) | (high < 0)
    # The normal's 1.959964 of limits at 95 % leaves the last digits to chance.
    near = np.minimum(low.abs(), high.abs()) < 1e-4
    assert not (told & ~alone & ~near).any()
    assert told[alone].any() or not alone.any() or alone.sum() < len(rows)


def test_ways_have_the_direction_of_their_indicator():
    assert [
        way_of(code, 1.0) for code in ("on_time_rate_settled", "pending_overdue_share", "x")
    ] == [
        "better",
        "worse",
        "neutral",
    ]
    assert target_way("on_time_rate_settled", 95 - 1e-12, 95) == "better"
    assert target_way("pending_overdue_share", 2.1, 2) == "worse"
    assert target_way("staffing_rate", 90.0, 95) == ""


def test_a_unit_without_a_figure_leaves_the_sum_to_the_others(tmp_path):
    values = province(3, quarters=2)
    gone = (values["agency"] == "Sở 000") & (values["indicator"] == "pending_overdue_share")
    html = page(tmp_path, values[~gone])
    table = html.partition('<table class="whole">')[2].partition("</table>")[0]
    assert "6/400" in table and ">2/3<" in table and ">3/3<" in table
    # Nobody has a target: then there is no column of them.
    assert "Mục tiêu" not in table
    html = page(tmp_path, values, targets={"pending_overdue_share": 2})
    assert "Mục tiêu" in html.partition('<table class="whole">')[2].partition("</table>")[0]


def test_nothing_of_nothing_is_in_both_sums():
    values = province(3, quarters=2)
    none = (values["agency"] == "Sở 001") & (values["indicator"] == "on_time_rate_settled")
    before = none & (values["period"] == NOW - 1)
    values.loc[before, ["numerator", "denominator"]] = 0
    values.loc[before, "value"] = pd.NA
    whole = look_at_province(CheckedValues.of(values), NOW, targets=None, whole="", lang="vi").whole
    row = whole[(whole["indicator"] == "on_time_rate_settled") & (whole["period"] == NOW)].iloc[0]
    # Of all three in both quarters: 900 + 997 + 997 of 3,000 against 997 + 0 + 997 of 2,000.
    assert row["agencies"] == 3
    assert row["change"] == pytest.approx(100 * (2894 / 3000 - 1994 / 2000))


def test_the_whole_has_its_own_value_with_the_change_of_its_units():
    own = province(1, quarters=1).assign(agency="tỉnh", numerator=10, denominator=20, value=50.0)
    values = pd.concat([province(2), own[own["indicator"] == "on_time_rate_settled"]])
    whole = look_at_province(
        CheckedValues.of(values), NOW, targets=None, whole="tỉnh", lang="vi"
    ).whole
    row = whole[(whole["indicator"] == "on_time_rate_settled") & (whole["period"] == NOW)].iloc[0]
    assert (row["value"], row["agencies"]) == (50, 2)
    assert row["change"] == pytest.approx(100 * (1897 - 1994) / 2000)


def test_with_small_numbers_left_out_a_finding_still_says_its_kind():
    shown = without_figures(found("Sở A", "đã giải quyết 260, nhưng 247 + 4 = 251"), lang="vi")
    assert shown["message"].tolist() == ["các số trong một dòng không khớp nhau"]
    shown = without_figures(found("Sở A", "số 3").assign(rule="made_up"), lang="vi")
    assert shown["message"].tolist() == ["ghi chú có số không công bố"]
