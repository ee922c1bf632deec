"""Digital services: channels, electronic results, digitisation, payment, data, petitions."""

from __future__ import annotations

import datetime as dt
from typing import Any

from cchc_stats.forms.column import LEVEL_SPANS, LEVELS, Identity
from cchc_stats.forms.form import Form, FormModel, Span, code_column, count_column

SINCE = dt.date(2025, 1, 1)
RECEIVED, HANDLED, FEES = "Hồ sơ tiếp nhận", "Hồ sơ tiếp nhận, giải quyết", "Nghĩa vụ tài chính"
PROCEDURES, DATA = "Thủ tục hành chính", "Khai thác Cơ sở dữ liệu quốc gia về dân cư"
PETITIONS = "Phản ánh, kiến nghị"
_CHANNELS = (
    "received_online_full",
    "received_online_part",
    "received_in_person",
    "received_postal",
)


def _of_some(*heading: str, **about: Any) -> Any:
    """Return a column that some layouts have, and the form that is handed out."""
    return count_column(*heading, optional=True, asked_since=SINCE, **about)


class DigitalServices(FormModel):
    """One row per level; dossiers and procedures of all the level."""

    level = code_column("Cấp giải quyết", codes=LEVELS, en="level")
    received_online_full = count_column(
        RECEIVED, "Trực tuyến toàn trình", en="received online, full process"
    )
    received_online_part = count_column(
        RECEIVED, "Trực tuyến một phần", en="received online, in part"
    )
    received_in_person = count_column(RECEIVED, "Trực tiếp", en="received in person")
    received_postal = count_column(RECEIVED, "Bưu chính", en="received by post")
    dossiers_handled = _of_some(
        HANDLED,
        "Tổng số hồ sơ tiếp nhận, giải quyết",
        en="dossiers received and handled",
        # What is pending at the end of a quarter is handled in the next one too.
        over_quarters="overlap",
    )
    results_electronic = _of_some(HANDLED, "Hồ sơ có kết quả điện tử", en="electronic results")
    dossiers_digitised = _of_some(HANDLED, "Hồ sơ được số hóa", en="dossiers digitised")
    dossiers_reused = _of_some(
        HANDLED, "Hồ sơ tái sử dụng dữ liệu số hóa", en="digitised data reused"
    )
    dossiers_shared = _of_some(
        HANDLED, "Hồ sơ số hóa được kết nối, chia sẻ", en="digitised data shared"
    )
    dossiers_with_fee = _of_some(
        FEES, "Hồ sơ phát sinh nghĩa vụ tài chính", en="dossiers with a fee"
    )
    dossiers_paid_online = _of_some(FEES, "Hồ sơ thanh toán trực tuyến", en="dossiers paid online")
    procedures = _of_some(
        PROCEDURES,
        "Tổng số thủ tục hành chính",
        en="procedures",
        over_quarters="stock",
        counted_once=True,
    )
    procedures_online_full = _of_some(
        PROCEDURES,
        "Cung cấp dịch vụ công toàn trình",
        en="procedures online, full process",
        over_quarters="stock",
        counted_once=True,
    )
    procedures_online_part = _of_some(
        PROCEDURES,
        "Cung cấp dịch vụ công một phần",
        en="procedures online, in part",
        over_quarters="stock",
        counted_once=True,
    )
    procedures_online_used = _of_some(
        PROCEDURES,
        "Dịch vụ công trực tuyến có phát sinh hồ sơ",
        en="online services with a dossier",
        over_quarters="overlap",
        counted_once=True,
    )
    procedures_with_fee = _of_some(
        PROCEDURES,
        "Thủ tục có phí, lệ phí",
        en="procedures with a fee",
        over_quarters="stock",
        counted_once=True,
    )
    procedures_payable_online = _of_some(
        PROCEDURES,
        "Thủ tục cho phép thanh toán trực tuyến",
        en="procedures payable online",
        over_quarters="stock",
        counted_once=True,
    )
    procedures_paid_online = _of_some(
        PROCEDURES,
        "Thủ tục phát sinh thanh toán trực tuyến",
        en="procedures paid online",
        over_quarters="overlap",
        counted_once=True,
    )
    population_data_dossiers = _of_some(
        DATA, "Hồ sơ khai thác dữ liệu dân cư", en="dossiers with population data"
    )
    population_data_procedures = _of_some(
        DATA,
        "Thủ tục kết nối dữ liệu dân cư",
        en="procedures with population data",
        over_quarters="stock",
        counted_once=True,
    )
    non_territorial = _of_some(
        "Hồ sơ tiếp nhận phi địa giới", en="received outside one's territory"
    )
    petitions_received = _of_some(
        PETITIONS, "Tiếp nhận", vi="Phản ánh, kiến nghị", en="petitions received"
    )
    petitions_on_time = _of_some(PETITIONS, "Xử lý đúng hạn", en="petitions handled on time")


DIGITAL_SERVICES = Form(
    code="digital_services",
    title="Dịch vụ công số, số hóa hồ sơ và thanh toán trực tuyến",
    title_en="Digital services",
    model=DigitalServices,
    basis="in_period",
    source="Nghị định 224/2026/NĐ-CP, điều 16, 19; Nghị định 118/2025/NĐ-CP; Quyết định 766/QĐ-TTg",
    row="level",
    rows=LEVELS,
    row_spans=LEVEL_SPANS,
    span=Span(since=SINCE),
    rows_add_up=True,
    identities=(
        Identity("results_electronic", "<=", ("dossiers_handled",)),
        Identity("dossiers_digitised", "<=", ("dossiers_handled",)),
        Identity("dossiers_reused", "<=", ("dossiers_handled",)),
        Identity("dossiers_shared", "<=", ("dossiers_handled",)),
        Identity("population_data_dossiers", "<=", ("dossiers_handled",)),
        Identity("dossiers_paid_online", "<=", ("dossiers_with_fee",)),
        Identity("procedures", ">=", ("procedures_online_full", "procedures_online_part")),
        Identity(
            "procedures_online_used", "<=", ("procedures_online_full", "procedures_online_part")
        ),
        Identity("procedures_with_fee", "<=", ("procedures",)),
        Identity("procedures_payable_online", "<=", ("procedures_with_fee",)),
        Identity("procedures_paid_online", "<=", ("procedures_with_fee",)),
        Identity("population_data_procedures", "<=", ("procedures",)),
        Identity("non_territorial", "<=", _CHANNELS),
        Identity("petitions_on_time", "<=", ("petitions_received",)),
    ),
)
