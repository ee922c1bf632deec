"""Settlement of dossiers: what was received, settled and is pending, by sector."""

from __future__ import annotations

import datetime as dt

from cchc_stats.forms.column import LEVELS, Identity
from cchc_stats.forms.form import KEY, Form, FormModel, code_column, count_column, row_column

# Form II.06a of Circular 01/2020/TT-VPCP (21/10/2020) has these columns; the older table 1b not.
_II06A = dt.date(2021, 1, 1)


class Dossiers(FormModel):
    """One row per level and sector (lĩnh vực); `all` for the total where it is printed as such."""

    # A level, or what a table calls a block of rows: "Trên hệ thống của thành phố".
    level = code_column("Cấp giải quyết", codes=LEVELS, en="level", default="all", names=True)
    sector = row_column("Lĩnh vực", en="sector", takes_all=True)
    received_total = count_column(
        "Số hồ sơ đã tiếp nhận",
        "Tổng số",
        vi="Hồ sơ tiếp nhận",
        en="dossiers received",
        over_quarters="overlap",
    )
    carried_over = count_column(
        "Số hồ sơ đã tiếp nhận",
        "Trong đó",
        "Số kỳ trước chuyển qua",
        vi="Kỳ trước chuyển qua",
        en="carried over",
        over_quarters="stock",
        carries="pending_total",
    )
    newly_received = count_column(
        "Số hồ sơ đã tiếp nhận",
        "Trong đó",
        "Số mới tiếp nhận",
        vi="Mới tiếp nhận",
        en="newly received",
    )
    received_online = count_column(
        "Số hồ sơ đã tiếp nhận",
        "Trong đó",
        "Số mới tiếp nhận trực tuyến",
        vi="Tiếp nhận trực tuyến",
        en="received online",
        optional=True,
        asked_since=_II06A,
    )
    received_in_person = count_column(
        "Số hồ sơ đã tiếp nhận",
        "Trong đó",
        "Số mới tiếp nhận trực tiếp, dịch vụ bưu chính",
        vi="Tiếp nhận trực tiếp, bưu chính",
        en="received in person or by post",
        optional=True,
        asked_since=_II06A,
    )
    settled_total = count_column(
        "Kết quả giải quyết",
        "Số hồ sơ đã giải quyết",
        "Tổng số",
        vi="Hồ sơ đã giải quyết",
        en="dossiers settled",
    )
    settled_on_time = count_column(
        "Kết quả giải quyết",
        "Số hồ sơ đã giải quyết",
        "Trả đúng hạn",
        vi="Trả đúng hạn",
        en="settled on time",
    )
    settled_early = count_column(
        "Kết quả giải quyết",
        "Số hồ sơ đã giải quyết",
        "Trước hạn",
        vi="Trong đó trước hạn",
        en="of which early",
        optional=True,
        asked_since=_II06A,
    )
    settled_late = count_column(
        "Kết quả giải quyết",
        "Số hồ sơ đã giải quyết",
        "Trả quá hạn",
        vi="Trả quá hạn",
        en="settled late",
    )
    pending_total = count_column(
        "Kết quả giải quyết",
        "Số hồ sơ đang giải quyết",
        "Tổng số",
        vi="Hồ sơ đang giải quyết",
        en="dossiers pending",
        over_quarters="stock",
    )
    pending_not_due = count_column(
        "Kết quả giải quyết",
        "Số hồ sơ đang giải quyết",
        "Chưa đến hạn",
        vi="Đang giải quyết, chưa đến hạn",
        en="pending, not yet due",
        over_quarters="stock",
    )
    pending_overdue = count_column(
        "Kết quả giải quyết",
        "Số hồ sơ đang giải quyết",
        "Quá hạn",
        vi="Đang giải quyết, quá hạn",
        en="pending, overdue",
        over_quarters="stock",
    )
    returned = count_column("Số hồ sơ trả lại", en="returned", optional=True)
    withdrawn = count_column("Số hồ sơ rút", en="withdrawn", optional=True)
    without_due_date = count_column(
        "Trong đó không có hạn trả",
        en="of which without a due date",
        optional=True,
        over_quarters="stock",
    )


DOSSIERS = Form(
    code="dossiers",
    title="Tình hình giải quyết hồ sơ",
    title_en="Settlement of dossiers",
    model=Dossiers,
    basis="in_period",
    source="Phụ lục báo cáo CCHC, bảng 1b; Thông tư 01/2020/TT-VPCP, biểu II.06a",
    row="sector",
    key=(*KEY, "level", "sector"),
    rows_add_up=True,
    in_prose="balance",
    identities=(
        Identity("received_total", "=", ("carried_over", "newly_received")),
        # Returned and withdrawn dossiers leave the balance where a layout counts them apart.
        Identity(
            "received_total",
            "=",
            ("settled_total", "pending_total"),
            where_given=("returned", "withdrawn"),
        ),
        Identity("settled_total", "=", ("settled_on_time", "settled_late")),
        Identity("settled_early", "<=", ("settled_on_time",)),
        Identity("pending_total", "=", ("pending_not_due", "pending_overdue")),
        Identity("newly_received", "=", ("received_online", "received_in_person")),
    ),
)
