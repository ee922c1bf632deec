"""Inspection of subordinate units on their reform work."""

from __future__ import annotations

import pandas as pd
from pandera.typing import Series

from cchc_stats.forms.form import Form, FormModel, count_column
from cchc_stats.forms.identity import Identity


class Inspections(FormModel):
    """One row per report."""

    subordinate_units: Series[pd.Int64Dtype] = count_column(
        "Số đơn vị trực thuộc", en="subordinate units"
    )
    inspected_directly: Series[pd.Int64Dtype] = count_column(
        "Số đơn vị được kiểm tra trực tiếp",
        vi="Kiểm tra trực tiếp",
        en="inspected directly",
        out_of="subordinate_units",
    )
    inspected_indirectly: Series[pd.Int64Dtype] = count_column(
        "Số đơn vị được kiểm tra gián tiếp qua báo cáo",
        vi="Kiểm tra gián tiếp",
        en="inspected indirectly",
    )


INSPECTIONS = Form(
    code="inspections",
    title="Kiểm tra cải cách hành chính",
    title_en="Inspection of reform work",
    model=Inspections,
    basis="year_to_date",
    source="Báo cáo CCHC, phần I.3",
    identities=(Identity("inspected_directly", "<=", ("subordinate_units",)),),
)
