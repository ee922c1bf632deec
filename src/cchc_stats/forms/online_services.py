"""Online public services and the dossiers received through them, by level."""

from __future__ import annotations

import datetime as dt

from cchc_stats.forms.column import Identity
from cchc_stats.forms.form import Form, FormModel, Span, code_column, count_column
from cchc_stats.words import Label

LEVELS = {
    "3": Label("Mức độ 3", "level 3"),
    "4": Label("Mức độ 4", "level 4"),
    "partial": Label("Một phần", "partial"),
    "full": Label("Toàn trình", "full"),
}

# Decree 42/2022/NĐ-CP, in force on 15/8/2022, has the two that Decree 224/2026/NĐ-CP keeps.
SPANS = {
    "3": Span(until=dt.date(2022, 12, 31)),
    "4": Span(until=dt.date(2022, 12, 31)),
    "partial": Span(since=dt.date(2022, 8, 15)),
    "full": Span(since=dt.date(2022, 8, 15)),
}


class OnlineServices(FormModel):
    """One row per level: 3 and 4 until 2022, partial and full since (no one-to-one map)."""

    level = code_column("Mức độ dịch vụ công trực tuyến", codes=LEVELS, en="level")
    procedures = count_column(
        "Tổng số TTHC đã cung cấp",
        vi="TTHC đã cung cấp",
        en="procedures offered",
        over_quarters="stock",
        counted_once=True,
    )
    received_total = count_column(
        "Hồ sơ tiếp nhận", "Tổng số", vi="Hồ sơ tiếp nhận", en="dossiers received"
    )
    received_in_person = count_column(
        "Hồ sơ tiếp nhận",
        "Tiếp nhận tại nơi giải quyết TTHC",
        vi="Tiếp nhận trực tiếp",
        en="received in person",
    )
    received_online = count_column("Hồ sơ tiếp nhận", "Tiếp nhận qua mạng", en="received online")


ONLINE_SERVICES = Form(
    code="online_services",
    title="Dịch vụ công trực tuyến",
    title_en="Online public services",
    model=OnlineServices,
    basis="in_period",
    source=(
        "Phụ lục báo cáo CCHC, bảng 5, phần dịch vụ công trực tuyến; "
        "một phần, toàn trình: Nghị định 42/2022/NĐ-CP, từ 1/7/2026 Nghị định 224/2026/NĐ-CP"
    ),
    row="level",
    rows=LEVELS,
    row_spans=SPANS,
    rows_add_up=True,
    identities=(Identity("received_total", "=", ("received_in_person", "received_online")),),
)
