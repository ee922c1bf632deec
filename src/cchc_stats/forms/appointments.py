"""Appointments, resignations, discipline and recruitment, by item."""

from __future__ import annotations

from cchc_stats.forms.form import Form, FormModel, code_column, count_column
from cchc_stats.words import Label

ITEMS = {
    "appointed": Label("Bổ nhiệm mới", "appointed"),
    "reappointed": Label("Bổ nhiệm lại", "reappointed"),
    "rotated": Label("Luân chuyển", "rotated"),
    "resigned": Label("Từ chức", "resigned"),
    "dismissed": Label("Miễn nhiệm", "dismissed"),
    "disciplined": Label("Kỷ luật", "disciplined"),
    "recruited_civil_servants": Label("Công chức được tuyển dụng", "civil servants recruited"),
    "recruited_public_employees": Label("Viên chức được tuyển dụng", "public employees recruited"),
}


class Appointments(FormModel):
    """One row per item; the first six are of heads and deputy heads of divisions."""

    item = code_column("Nội dung", codes=ITEMS, en="item")
    count = count_column("Số lượng", en="number")


APPOINTMENTS = Form(
    code="appointments",
    title="Thực hiện các quy định về quản lý cán bộ, công chức, viên chức",
    title_en="Appointments, discipline and recruitment",
    model=Appointments,
    basis="in_period",
    source="Báo cáo CCHC, phần II.4a, bảng bổ nhiệm và tuyển dụng",
    row="item",
    rows=ITEMS,
    printed_as="item",
    by_quarter=True,
)
