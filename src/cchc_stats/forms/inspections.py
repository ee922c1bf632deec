"""Inspection of subordinate units on their reform work."""

from __future__ import annotations

from cchc_stats.forms.column import Expectation, Identity
from cchc_stats.forms.form import Form, FormModel, count_column


class Inspections(FormModel):
    """One row per report."""

    subordinate_units = count_column(
        "Số đơn vị trực thuộc", en="subordinate units", over_quarters="stock"
    )
    inspected_directly = count_column(
        "Số đơn vị được kiểm tra trực tiếp",
        vi="Kiểm tra trực tiếp",
        en="inspected directly",
        out_of="subordinate_units",
        over_quarters="overlap",
    )
    inspected_indirectly = count_column(
        "Số đơn vị được kiểm tra gián tiếp qua báo cáo",
        vi="Kiểm tra gián tiếp",
        en="inspected indirectly",
        over_quarters="overlap",
    )


INSPECTIONS = Form(
    code="inspections",
    title="Kiểm tra cải cách hành chính",
    title_en="Inspection of reform work",
    model=Inspections,
    basis="year_to_date",
    source="Báo cáo CCHC, phần I.3",
    printed_as="figure",
    in_prose="fractions",
    expected=(
        Expectation(
            "inspected_above_subordinate_units",
            ("inspected_directly", "inspected_indirectly"),
            "subordinate_units",
        ),
    ),
    identities=(Identity("inspected_directly", "<=", ("subordinate_units",)),),
)
