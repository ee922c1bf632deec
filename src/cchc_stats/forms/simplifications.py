"""Procedures whose legal time was cut, one row each."""

from __future__ import annotations

import pandas as pd
from pandera.typing import Series

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

    procedure: Series[str] = row_column("Tên thủ tục", en="procedure")
    days_before: Series[pd.Float64Dtype] = amount_column(
        "Thời gian giải quyết", "Trước khi cắt giảm (ngày làm việc)", en="working days before"
    )
    days_after: Series[pd.Float64Dtype] = amount_column(
        "Thời gian giải quyết", "Sau khi cắt giảm (ngày làm việc)", en="working days after"
    )
    dossiers: Series[pd.Int64Dtype] = count_column("Số hồ sơ", en="dossiers", optional=True)
    decision: Series[str] = remark_column("Quyết định", en="decision")
    decided_on: Series[pd.Timestamp] = time_column("Ngày ban hành", en="decided on")


SIMPLIFICATIONS = Form(
    code="simplifications",
    title="Cắt giảm thời gian giải quyết thủ tục hành chính",
    title_en="Time cut from procedures",
    model=Simplifications,
    basis="in_period",
    source="Báo cáo CCHC, phần II.2",
    row="procedure",
)
