"""A report over time: every count of every form is held against its year to date."""

from dataclasses import replace

import pandas as pd
import pytest

from cchc_stats.checking import check
from cchc_stats.forms import DOSSIERS, FORMS, STOCK, SUM, Form, FormModel, Identity, catalogue
from cchc_stats.forms.form import count_column
from cchc_stats.reading import read_report


class Feedback(FormModel):
    """One row a report."""

    feedback_total = count_column("Phản ánh, kiến nghị", "Tổng số", en="received")
    feedback_handled = count_column("Phản ánh, kiến nghị", "Đã xử lý", en="handled")
    feedback_open = count_column(
        "Phản ánh, kiến nghị", "Đang xử lý", en="open", over_quarters="stock"
    )


FEEDBACK = Form(
    code="feedback",
    title="Tiếp nhận, xử lý phản ánh, kiến nghị",
    title_en="Complaints and proposals",
    model=Feedback,
    basis="in_period",
    source="made up for this test",
    identities=(Identity("feedback_total", "=", ("feedback_handled", "feedback_open")),),
)
COUNTS = [
    (form, name, code)
    for form in (*FORMS, FEEDBACK)
    for name in form.figures
    if form.kinds[name] == "count"
    for code in form.rows or {"Một dòng" if form.row else "": ""}
]


@pytest.fixture(autouse=True)
def _with_a_form_of_its_own(monkeypatch):
    monkeypatch.setitem(catalogue._BY_CODE, FEEDBACK.code, FEEDBACK)


def rules(form: Form, name: str, code: str, *figures: tuple[str, str, int]) -> set[str]:
    """Return what is found over time of some figures, each of a period and a basis."""
    texts = {other: "x" for other in form.own_columns if form.kinds[other] == "text"}
    empty = dict.fromkeys(form.figures)
    row = {form.row: code} if form.row else {}
    table = pd.DataFrame(
        {"agency": "Sở A", "period": period, "basis": basis, **empty, **texts, **row, name: figure}
        for period, basis, figure in figures
    )
    found = check({form.code: table})
    return {*found["rule"]} & {
        "year_to_date",
        "below_a_quarter",
        "opening_to_date",
        "closing_to_date",
    }


@pytest.mark.parametrize(("form", "name", "code"), COUNTS)
def test_every_count_is_held_against_its_year_to_date(form, name, code):
    over = form.over_quarters(name, code)
    first, second = ("2020Q1", "in_period", 18), ("2020Q2", "in_period", 18)
    less = rules(form, name, code, first, second, ("2020Q2", "year_to_date", 10))
    more = rules(form, name, code, first, second, ("2020Q2", "year_to_date", 20))
    right = rules(form, name, code, first, second, ("2020Q2", "year_to_date", 36))
    if over == STOCK:
        rule = "opening_to_date" if form.stated[name].carries else "closing_to_date"
        same = rules(form, name, code, first, second, ("2020Q2", "year_to_date", 18))
        assert (less, more, right, same) == ({rule}, {rule}, {rule}, set())
        return
    assert less == {"year_to_date" if over == SUM else "below_a_quarter"}
    assert more == ({"year_to_date"} if over == SUM else set())
    assert right == set()


def test_a_year_opens_as_its_first_quarter_and_closes_as_its_last():
    quarters = ("2020Q1", "in_period", 7), ("2020Q2", "in_period", 9)
    for name, figure, rule in (
        ("carried_over", 7, set()),
        ("carried_over", 9, {"opening_to_date"}),
        ("pending_total", 9, set()),
        ("pending_total", 7, {"closing_to_date"}),
    ):
        year = ("2020Q2", "year_to_date", figure)
        assert rules(DOSSIERS, name, "all", *quarters, year) == rule


def test_stocks_and_events_of_a_form_made_up_here():
    over = {name: FEEDBACK.over_quarters(name) for name in FEEDBACK.figures}
    assert over == {
        "feedback_total": "sum",
        "feedback_handled": "sum",
        "feedback_open": "stock",
    }


HEAD = (
    "{}\nSố: 12/BC-SCT\nSông Lam, ngày {} năm 2026\nBÁO CÁO\nCải cách hành chính quý {} năm 2026"
    "\n\n"
)


def sent(tmp_path, agency: str, day: str, quarter: str, text: str):
    path = tmp_path / f"{quarter}.txt"
    path.write_text(HEAD.format(agency, day, quarter) + text, encoding="utf-8")
    return read_report(path)


def test_a_letter_and_a_workbook_of_one_body_are_held_against_each_other(tmp_path):
    def report(agency, carried, pending):
        table = pd.DataFrame(
            {"agency": agency, "period": "2026Q3", "basis": "in_period", "sector": ["Thương mại"]}
            | {"received_total": 70, "carried_over": carried, "newly_received": 70 - carried}
            | {"settled_total": 70 - pending, "settled_on_time": 70 - pending, "settled_late": 0}
            | {"pending_total": pending, "pending_not_due": pending, "pending_overdue": 0}
        )
        return replace(sent(tmp_path, agency, "15 tháng 9", "III", ""), tables={"dossiers": table})

    before = report("Sở Công Thương", 0, 10)
    before = replace(
        before,
        period=before.period - 1,
        tables={"dossiers": before.tables["dossiers"].assign(period="2026Q2")},
    )
    for agency in ("Sở Công Thương", "Sở Công Thương tỉnh Sông Lam"):
        found = check(report(agency, 60, 0), previous=before)
        (one,) = found[found["rule"] == "carried_over"].itertuples()
        assert (one.severity, one.found, one.expected) == ("error", "60", "10")
        assert "carried_over" not in set(check(report(agency, 10, 0), previous=before)["rule"])
    # Another body is another.
    found = check(report("Sở Tài chính", 60, 0), previous=before)
    assert "carried_over" not in set(found["rule"])


@pytest.mark.parametrize(
    ("day", "quarter", "rules"),
    [
        ("15 tháng 6", "II", []),
        ("30 tháng 6", "II", []),
        ("15 tháng 9", "II", ["signed_next"]),
        ("15 tháng 9", "III", []),
        ("10 tháng 6", "II", ["signed_early"]),
    ],
)
def test_a_title_of_the_quarter_before_the_day_of_signature(tmp_path, day, quarter, rules):
    found = check(sent(tmp_path, "SỞ CÔNG THƯƠNG", day, quarter, "Sở có 05 phòng."))
    assert [rule for rule in found["rule"] if rule.startswith("signed")] == rules


@pytest.mark.parametrize(
    ("cell", "severity"),
    [("O", "warning"), ("l315", "warning"), ("1,380", "warning"), ("chưa có số liệu", "note")],
)
def test_a_figure_in_a_column_of_counts_that_cannot_be_read(tmp_path, cell, severity):
    headings = "Tổng số văn bản đi\tSố văn bản giấy\tSố văn bản điện tử"
    text = f"Trao đổi văn bản\n{headings}\n{cell}\t10\t90\n"
    found = check(sent(tmp_path, "SỞ CÔNG THƯƠNG", "15 tháng 9", "III", text))
    (one,) = found[found["found"] == cell].itertuples()
    assert one.severity == severity and cell in one.message and "Tổng số văn bản đi" in one.where
