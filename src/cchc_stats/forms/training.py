"""Training turns of civil servants and public employees, by course."""

from __future__ import annotations

from cchc_stats.forms.column import Identity
from cchc_stats.forms.form import Form, FormModel, code_column, count_column
from cchc_stats.words import Label

GROUPS = {
    "civil_servants": Label("Công chức hành chính", "civil servants"),
    "public_employees": Label("Viên chức sự nghiệp", "public employees"),
}


class Training(FormModel):
    """One row per staff group; figures are turns (lượt), not persons."""

    staff_group = code_column("Nhóm", codes=GROUPS, en="staff group")
    total = count_column("Số lượt đào tạo, bồi dưỡng", en="training turns")
    postgraduate = count_column(
        "Đào tạo từ trình độ Thạc sỹ trở lên", vi="Thạc sỹ trở lên", en="master's degree and above"
    )
    university = count_column("Đào tạo trình độ đại học", vi="Đại học", en="university")
    short_course = count_column("Đào tạo ngắn hạn", en="short courses")
    refresher = count_column("Lớp bồi dưỡng, tập huấn", en="refresher classes")


TRAINING = Form(
    code="training",
    title="Số lượng cán bộ, công chức qua đào tạo, bồi dưỡng",
    title_en="Training of civil servants and public employees",
    model=Training,
    basis="in_period",
    source="Báo cáo CCHC, phần II.4b, bảng đào tạo, bồi dưỡng",
    row="staff_group",
    rows=GROUPS,
    rows_add_up=True,
    printed_as="course",
    by_quarter=True,
    identities=(
        Identity("total", "=", ("postgraduate", "university", "short_course", "refresher")),
    ),
)
