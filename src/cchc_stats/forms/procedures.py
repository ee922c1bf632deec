"""Administrative procedures in force, published, and settled at the one-stop shop."""

from __future__ import annotations

from cchc_stats.forms.column import Identity
from cchc_stats.forms.form import Form, FormModel, count_column


class Procedures(FormModel):
    """One row per report."""

    in_force = count_column(
        "Số TTHC đang có hiệu lực",
        en="procedures in force",
        over_quarters="stock",
        counted_once=True,
    )
    published_total = count_column(
        "Số TTHC đã được công bố (trong kỳ báo cáo)",
        "Tổng số",
        vi="TTHC công bố trong kỳ",
        en="procedures published in the period",
        counted_once=True,
    )
    published_on_time = count_column(
        "Số TTHC đã được công bố (trong kỳ báo cáo)",
        "Trong đó",
        "Số TTHC được công bố đúng thời gian quy định",
        vi="TTHC công bố đúng thời gian",
        en="published on time",
        counted_once=True,
    )
    published_late = count_column(
        "Số TTHC đã được công bố (trong kỳ báo cáo)",
        "Trong đó",
        "Số TTHC được công bố chậm so với thời gian quy định",
        vi="TTHC công bố chậm",
        en="published late",
        counted_once=True,
    )
    one_stop = count_column(
        "Số TTHC được giải quyết theo cơ chế một cửa",
        vi="TTHC một cửa",
        en="one-stop procedures",
        over_quarters="stock",
        counted_once=True,
    )
    interlinked_total = count_column(
        "Số TTHC được giải quyết theo cơ chế một cửa liên thông",
        "Tổng số",
        vi="TTHC một cửa liên thông",
        en="interlinked one-stop procedures",
        over_quarters="stock",
        counted_once=True,
    )
    interlinked_horizontal = count_column(
        "Số TTHC được giải quyết theo cơ chế một cửa liên thông",
        "Trong đó",
        "Số TTHC liên thông ngang",
        vi="TTHC liên thông ngang",
        en="interlinked horizontally",
        over_quarters="stock",
        counted_once=True,
    )
    interlinked_vertical = count_column(
        "Số TTHC được giải quyết theo cơ chế một cửa liên thông",
        "Trong đó",
        "Số TTHC liên thông dọc",
        vi="TTHC liên thông dọc",
        en="interlinked vertically",
        over_quarters="stock",
        counted_once=True,
    )


PROCEDURES = Form(
    code="procedures",
    title="Số thủ tục hành chính thuộc thẩm quyền giải quyết của cơ quan, đơn vị",
    title_en="Administrative procedures within the agency's authority",
    model=Procedures,
    basis="in_period",
    source="Phụ lục báo cáo CCHC, bảng 1a",
    identities=(
        Identity("published_total", "=", ("published_on_time", "published_late")),
        Identity("interlinked_total", "=", ("interlinked_horizontal", "interlinked_vertical")),
        Identity("in_force", "=", ("one_stop", "interlinked_total")),
    ),
)
