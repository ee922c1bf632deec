"""The ledger of dossiers (sổ hồ sơ): one row per dossier, as one-stop systems export it."""

from __future__ import annotations

from cchc_stats.forms.column import Identity
from cchc_stats.forms.form import (
    ColumnModel,
    Form,
    code_column,
    name_column,
    remark_column,
    time_column,
)
from cchc_stats.words import Label

CHANNELS = {
    "online": Label("Trực tuyến", "online"),
    "in_person": Label("Trực tiếp", "in person"),
    "postal": Label("Bưu chính", "by post"),
}
STATUSES = {
    "open": Label("Đang giải quyết", "open"),
    "settled": Label("Đã giải quyết", "settled"),
    "waiting": Label("Chờ bổ sung", "waiting for supplements"),
    "returned": Label("Trả lại", "returned"),
    "withdrawn": Label("Rút hồ sơ", "withdrawn"),
}


class DossierModel(ColumnModel):
    """One row per dossier; a time is missing where it has not come or was not set."""

    dossier_id = name_column("Mã hồ sơ", en="dossier id")
    agency = name_column("Cơ quan, đơn vị", en="agency")
    sector = name_column("Lĩnh vực", en="sector")
    procedure = remark_column("Thủ tục", en="procedure")
    received_at = time_column("Ngày tiếp nhận", en="received at", required=True)
    due_at = time_column("Ngày hẹn trả", en="due at")
    settled_at = time_column("Ngày kết thúc xử lý", en="settled at")
    channel = code_column("Kênh thực hiện", codes=CHANNELS, en="channel")
    status = code_column("Trạng thái", codes=STATUSES, en="status")


LEDGER = Form(
    code="ledger",
    title="Sổ hồ sơ",
    title_en="Ledger of dossiers",
    model=DossierModel,
    basis="",
    source="Dữ liệu xuất từ hệ thống một cửa điện tử",
    key=("dossier_id",),
    row="dossier_id",
    rows=CHANNELS | STATUSES,
    identities=(
        Identity("received_at", "<=", ("due_at",)),
        Identity("received_at", "<=", ("settled_at",)),
    ),
)
