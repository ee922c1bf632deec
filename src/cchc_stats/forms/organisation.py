"""Departments and public service units of an agency."""

from __future__ import annotations

from cchc_stats.forms.form import Form, FormModel, count_column


class Organisation(FormModel):
    """One row per report."""

    departments = count_column("Số phòng, Chi cục thuộc Sở", vi="Phòng, chi cục", en="departments")
    public_service_units = count_column(
        "Số đơn vị sự nghiệp trực thuộc Sở", vi="Đơn vị sự nghiệp", en="public service units"
    )


ORGANISATION = Form(
    code="organisation",
    title="Tổ chức bộ máy",
    title_en="Organisation",
    model=Organisation,
    basis="as_of",
    source="Báo cáo CCHC, phần II.3a, bảng tổ chức bộ máy",
    printed_as="figure",
)
