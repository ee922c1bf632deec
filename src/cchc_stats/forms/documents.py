"""Documents exchanged between agencies, on paper and electronically."""

from __future__ import annotations

from cchc_stats.forms.column import Identity
from cchc_stats.forms.form import Form, FormModel, count_column


class Documents(FormModel):
    """One row per report."""

    sent_total = count_column("Tổng số văn bản đi", en="documents sent")
    sent_paper = count_column("Trong đó", "Số văn bản giấy", en="on paper")
    sent_electronic = count_column("Trong đó", "Số văn bản điện tử", en="electronic")


DOCUMENTS = Form(
    code="documents",
    title="Trao đổi văn bản giữa các cơ quan hành chính nhà nước",
    title_en="Documents exchanged between agencies",
    model=Documents,
    basis="in_period",
    source="Phụ lục báo cáo CCHC, bảng 5, phần trao đổi văn bản",
    identities=(Identity("sent_total", "=", ("sent_paper", "sent_electronic")),),
)
