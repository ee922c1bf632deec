"""Networks, digital signatures and document systems of an agency's units."""

from __future__ import annotations

from cchc_stats.forms.form import Form, FormModel, count_column


class Infrastructure(FormModel):
    """One row per report."""

    units_wan = count_column("Số đơn vị có mạng WAN", en="units with a WAN")
    units_lan = count_column("Số đơn vị có mạng LAN", en="units with a LAN")
    units_dedicated_network = count_column(
        "Số đơn vị kết nối mạng truyền số liệu chuyên dùng", en="units on the dedicated network"
    )
    digital_signatures = count_column(
        "Số lượng chữ ký số được cấp cho cán bộ, công chức",
        vi="Chữ ký số",
        en="digital signatures",
    )
    units_document_system = count_column(
        "Số đơn vị sử dụng phần mềm quản lý văn bản và điều hành",
        en="units using the document system",
    )


INFRASTRUCTURE = Form(
    code="infrastructure",
    title="Hạ tầng công nghệ thông tin",
    title_en="IT infrastructure",
    model=Infrastructure,
    basis="as_of",
    source="Báo cáo CCHC, phần II.6a",
    printed_as="figure",
    in_prose="figures",
)
