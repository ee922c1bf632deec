"""Proactive services: what an agency offers before it is asked, by level of proactivity."""

from __future__ import annotations

import datetime as dt

from cchc_stats.forms.form import Form, FormModel, Span, code_column, count_column
from cchc_stats.words import Label

LEVELS = {
    str(level): Label(f"Chủ động mức độ {level}", f"proactive, level {level}")
    for level in range(1, 5)
}


class ProactiveServices(FormModel):
    """One row per level of proactivity, 1 to 4: not the levels of online services before 2022."""

    level = code_column("Mức độ chủ động", codes=LEVELS, en="level of proactivity")
    procedures = count_column(
        "Số TTHC cung cấp dịch vụ công chủ động",
        vi="TTHC chủ động",
        en="procedures offered",
        over_quarters="stock",
        counted_once=True,
    )
    dossiers = count_column(
        "Số hồ sơ giải quyết theo dịch vụ công chủ động", vi="Hồ sơ chủ động", en="dossiers"
    )


PROACTIVE_SERVICES = Form(
    code="proactive_services",
    title="Dịch vụ công chủ động",
    title_en="Proactive services",
    model=ProactiveServices,
    basis="in_period",
    source="Nghị định 224/2026/NĐ-CP, điều 16 và điểm g khoản 1 điều 19",
    row="level",
    rows=LEVELS,
    span=Span(since=dt.date(2026, 7, 1)),
    rows_add_up=True,
)
