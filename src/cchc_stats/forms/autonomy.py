"""Financial autonomy of agencies and public service units, by item."""

from __future__ import annotations

from cchc_stats.forms.column import Identity
from cchc_stats.forms.form import Form, FormModel, code_column, count_column
from cchc_stats.words import Label

ITEMS = {
    "agencies_autonomous": Label(
        "Cơ quan hành chính thực hiện tự chủ kinh phí", "administrative agencies with autonomy"
    ),
    "service_units_autonomous": Label(
        "Đơn vị sự nghiệp công lập thực hiện tự chủ", "public service units with autonomy"
    ),
    "invests_and_runs": Label(
        "Tự bảo đảm chi thường xuyên và chi đầu tư", "pays its running and investment costs"
    ),
    "runs_itself": Label("Tự bảo đảm chi thường xuyên", "pays its running costs"),
    "runs_in_part": Label("Tự bảo đảm một phần chi thường xuyên", "pays part of its running costs"),
    "state_funded": Label("Nhà nước bảo đảm chi thường xuyên", "running costs paid by the state"),
    "communes_autonomous": Label(
        "Đơn vị hành chính cấp xã được giao tự chủ", "communes with administrative autonomy"
    ),
}


class Autonomy(FormModel):
    """One row per item; a printed "2/3" is count 2 of 3."""

    item = code_column("Nội dung", codes=ITEMS, en="item")
    count = count_column("Số lượng", en="number", out_of="of")
    of = count_column("Trên tổng số", en="of")


AUTONOMY = Form(
    code="autonomy",
    title="Cải cách tài chính công",
    title_en="Financial autonomy",
    model=Autonomy,
    basis="as_of",
    source="Phụ lục báo cáo CCHC, bảng 4",
    row="item",
    rows=ITEMS,
    printed_as="item",
    identities=(Identity("count", "<=", ("of",)),),
)
