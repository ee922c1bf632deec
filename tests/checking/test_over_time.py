"""A report over time: every count of every form is held against its year to date."""

import pandas as pd
import pytest

from cchc_stats.checking import check
from cchc_stats.forms import FORMS, STOCK, SUM, Form, FormModel, Identity, catalogue
from cchc_stats.forms.form import count_column


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
    return {*found["rule"]} & {"year_to_date", "below_a_quarter"}


@pytest.mark.parametrize(("form", "name", "code"), COUNTS)
def test_every_count_is_held_against_its_year_to_date(form, name, code):
    over = form.over_quarters(name, code)
    first, second = ("2020Q1", "in_period", 18), ("2020Q2", "in_period", 18)
    less = rules(form, name, code, first, second, ("2020Q2", "year_to_date", 10))
    more = rules(form, name, code, first, second, ("2020Q2", "year_to_date", 20))
    right = rules(form, name, code, first, second, ("2020Q2", "year_to_date", 36))
    assert less == (
        set() if over == STOCK else {"year_to_date" if over == SUM else "below_a_quarter"}
    )
    assert more == ({"year_to_date"} if over == SUM else set())
    assert right == set()


def test_stocks_and_events_of_a_form_made_up_here():
    over = {name: FEEDBACK.over_quarters(name) for name in FEEDBACK.figures}
    assert over == {
        "feedback_total": "sum",
        "feedback_handled": "sum",
        "feedback_open": "stock",
    }
