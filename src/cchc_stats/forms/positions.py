"""Units that place their staff by approved job position."""

from __future__ import annotations

from cchc_stats.forms.form import Form, FormModel, code_column, count_column
from cchc_stats.words import IN_PERIOD, Label

ITEMS = {
    "units_placed": Label(
        "Phòng, ban, đơn vị bố trí công chức theo đúng vị trí việc làm",
        "units that place civil servants by job position",
    ),
    "units_not_placed": Label(
        "Phòng, ban, đơn vị chưa bố trí công chức theo đúng vị trí việc làm",
        "units that do not yet",
    ),
    "service_units_placed": Label(
        "Đơn vị sự nghiệp bố trí viên chức theo đúng vị trí việc làm",
        "service units that place public employees by job position",
    ),
    "service_units_not_placed": Label(
        "Đơn vị sự nghiệp chưa bố trí viên chức theo đúng vị trí việc làm",
        "service units that do not yet",
    ),
    "people_trained": Label(
        "Cán bộ, công chức, viên chức được đào tạo, bồi dưỡng trong kỳ",
        "people trained in the period",
    ),
}


class Positions(FormModel):
    """One row per item."""

    item = code_column("Nội dung", codes=ITEMS, en="item")
    count = count_column("Số lượng", en="number")


POSITIONS = Form(
    code="positions",
    title="Xác định vị trí việc làm và cơ cấu công chức, viên chức",
    title_en="Job positions",
    model=Positions,
    basis="as_of",
    source="Phụ lục báo cáo CCHC, bảng 3a",
    row="item",
    rows=ITEMS,
    # Units stand as of a day; among them, people are trained in a period.
    row_basis={"people_trained": IN_PERIOD},
    printed_as="item",
)
