"""Quality management under ISO 9001, by administrative level."""

from __future__ import annotations

from cchc_stats.forms.column import LEVEL_SPANS, Identity
from cchc_stats.forms.form import Form, FormModel, code_column, count_column
from cchc_stats.words import Label

LEVELS = {
    "all": Label("Chung", "whole"),
    "provincial": Label("Cơ quan chuyên môn cấp tỉnh", "provincial agencies"),
    "district": Label("Đơn vị hành chính cấp huyện", "district agencies"),
    "commune": Label("Đơn vị hành chính cấp xã", "communes"),
}


class Iso9001(FormModel):
    """One row per administrative level, `all` for what is stated of all together."""

    level = code_column("Cấp hành chính", codes=LEVELS, en="level")
    agencies = count_column(
        "Số cơ quan, đơn vị áp dụng ISO", vi="Cơ quan áp dụng ISO", en="agencies applying ISO"
    )
    planned = count_column(
        "Triển khai Kế hoạch kiểm tra áp dụng HTQLCL ISO 9001",
        vi="Theo kế hoạch kiểm tra",
        en="in the inspection plan",
    )
    inspected = count_column("Số cơ quan, đơn vị được kiểm tra", vi="Được kiểm tra", en="inspected")
    announced = count_column(
        "Số cơ quan, đơn vị đã công bố ISO", vi="Đã công bố ISO", en="announced"
    )
    compliant = count_column(
        "Số cơ quan, đơn vị thực hiện đúng quy định về áp dụng, duy trì ISO",
        vi="Thực hiện đúng quy định",
        en="compliant",
    )
    procedures = count_column(
        "Số TTHC áp dụng theo tiêu chuẩn ISO 9001",
        vi="TTHC áp dụng ISO",
        en="procedures under ISO",
        out_of="procedures_of",
    )
    procedures_of = count_column("Trên tổng số TTHC", vi="Tổng số TTHC", en="of procedures")


ISO9001 = Form(
    code="iso9001",
    title="Xây dựng, áp dụng Hệ thống quản lý chất lượng theo tiêu chuẩn quốc gia ISO 9001",
    title_en="Quality management under ISO 9001",
    model=Iso9001,
    basis="as_of",
    source="Phụ lục báo cáo CCHC, bảng 6 và Phụ lục về ISO 9001",
    row="level",
    rows=LEVELS,
    row_spans=LEVEL_SPANS,
    rows_add_up=True,
    # A department may state the ISO 9001 of all its province.
    of_others=True,
    identities=(
        Identity("announced", "<=", ("agencies",)),
        Identity("compliant", "<=", ("announced",)),
        Identity("procedures", "<=", ("procedures_of",)),
    ),
)
