"""Staffing quotas: posts assigned and people present, by category."""

from __future__ import annotations

from cchc_stats.forms.column import Expectation
from cchc_stats.forms.form import Form, FormModel, code_column, count_column
from cchc_stats.words import Label

CATEGORIES = {
    "administrative": Label("Biên chế hành chính", "administrative posts"),
    "administrative_contract": Label(
        "Hợp đồng lao động (hành chính)", "labour contracts (administrative)"
    ),
    "public_service": Label("Biên chế sự nghiệp", "public service posts"),
}


class Staffing(FormModel):
    """One row per category of posts."""

    category = code_column("Loại biên chế", codes=CATEGORIES, en="category")
    assigned = count_column("Tổng số biên chế, lao động được giao", vi="Được giao", en="assigned")
    present = count_column("Tổng số biên chế, lao động hiện có", vi="Hiện có", en="present")


STAFFING = Form(
    code="staffing",
    title="Quản lý biên chế",
    title_en="Staffing quotas",
    model=Staffing,
    basis="as_of",
    source="Báo cáo CCHC, phần II.4a, bảng biên chế",
    row="category",
    rows=CATEGORIES,
    rows_add_up=True,
    expected=(Expectation("present_above_assigned", ("present",), "assigned"),),
)
