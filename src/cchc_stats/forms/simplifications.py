"""Procedures whose legal time was cut, one row each."""

from __future__ import annotations

from cchc_stats.forms.column import Expectation
from cchc_stats.forms.form import (
    Form,
    FormModel,
    amount_column,
    count_column,
    remark_column,
    row_column,
    time_column,
)


class Simplifications(FormModel):
    """One row per procedure; days are working days before and after the cut."""

    procedure = row_column("Tên thủ tục", en="procedure")
    days_before = amount_column(
        "Thời gian giải quyết", "Trước khi cắt giảm (ngày làm việc)", en="working days before"
    )
    days_after = amount_column(
        "Thời gian giải quyết", "Sau khi cắt giảm (ngày làm việc)", en="working days after"
    )
    dossiers = count_column("Số hồ sơ", en="dossiers", optional=True)
    decision = remark_column("Quyết định", en="decision")
    decided_on = time_column("Ngày ban hành", en="decided on")


SIMPLIFICATIONS = Form(
    code="simplifications",
    title="Cắt giảm thời gian giải quyết thủ tục hành chính",
    title_en="Time cut from procedures",
    model=Simplifications,
    basis="in_period",
    source="Báo cáo CCHC, phần II.2",
    row="procedure",
    listed=True,
    in_prose="cuts",
    expected=(Expectation("days_after_above_days_before", ("days_after",), "days_before"),),
)
