"""A made-up province: twelve units, two quarters, documents of three kinds, errors in the last.

What is pending at a quarter's end opens the next one, rows add up to their total, prose says what
the tables say: in the last quarter all but what `PLANTED` names.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from document_writer import ROMAN, Table, write

PROVINCE = "tỉnh Giả Định"
QUARTERS = FIRST, LAST = "2026Q1", "2026Q2"
SUFFIXES = (".docx", ".xlsx", ".txt")
UNITS = {
    "SNV": ("Sở Nội vụ", ("Hội, quỹ", "Lưu trữ")),
    "STP": ("Sở Tư pháp", ("Luật sư", "Quốc tịch")),
    "STC": ("Sở Tài chính", ("Đấu thầu", "Giá")),
    "SYT": ("Sở Y tế", ("Mỹ phẩm", "Y dược cổ truyền")),
    "SXD": ("Sở Xây dựng", ("Kiến trúc", "Vận tải")),
    "SKHCN": ("Sở Khoa học và Công nghệ", ("Sở hữu trí tuệ", "Tần số")),
    "SDTTG": ("Sở Dân tộc và Tôn giáo", ("Tín ngưỡng", "Tôn giáo")),
    "BQL": ("Ban Quản lý Khu kinh tế", ("Đầu tư", "Lao động")),
    "ANLOC": ("Ủy ban nhân dân xã An Lộc", ("Chứng thực", "Hộ tịch")),
    "BINHSON": ("Ủy ban nhân dân xã Bình Sơn", ("Chứng thực", "Hộ tịch")),
    "HOAKHE": ("Ủy ban nhân dân phường Hòa Khê", ("Chứng thực", "Hộ tịch")),
    "PHUDIEN": ("Ủy ban nhân dân xã Phú Điền", ("Chứng thực", "Hộ tịch")),
}
COLUMNS = {
    "carried_over": ("Số hồ sơ đã tiếp nhận", "Số kỳ trước chuyển qua"),
    "newly_received": ("Số hồ sơ đã tiếp nhận", "Số mới tiếp nhận"),
    "received_total": ("Số hồ sơ đã tiếp nhận", "Tổng số"),
    "settled_on_time": ("Số hồ sơ đã giải quyết", "Trả đúng hạn"),
    "settled_late": ("Số hồ sơ đã giải quyết", "Trả quá hạn"),
    "settled_total": ("Số hồ sơ đã giải quyết", "Tổng số"),
    "pending_not_due": ("Số hồ sơ đang giải quyết", "Chưa đến hạn"),
    "pending_overdue": ("Số hồ sơ đang giải quyết", "Quá hạn"),
    "pending_total": ("Số hồ sơ đang giải quyết", "Tổng số"),
}
# What the letter of each unit has to say of the last quarter, rule by rule: nothing else.
PLANTED = {
    "STP": ["identity"],  # 3 fewer on time in the first row than settled less late
    "STC": ["carried_over"],  # 4 more than were pending
    "SYT": ["two_editions"],  # the second has one more, received and settled on time
    "SXD": ["printed_sum"],  # 50 more received in the row of totals
    "SKHCN": ["unreadable"],  # letter l for the digit 1
    "BQL": ["present_above_assigned"],
    "HOAKHE": ["claim_differs"],  # 50 % on time in the prose
    "PHUDIEN": [],  # not sent
    "BINHSON": [],  # the file of the quarter before
}


def figures() -> dict[tuple[str, str], dict[str, Any]]:
    """Return the figures of each quarter and unit before an error is planted."""
    drawn = random.Random(2026)
    pending: dict[tuple[str, str], int] = {}
    made = {}
    for quarter in QUARTERS:
        for symbol, (_, sectors) in UNITS.items():
            rows = []
            for sector in sectors:
                carried = pending.get((symbol, sector), drawn.randint(6, 12))
                new, late, overdue = (
                    drawn.randint(60, 140),
                    drawn.randint(1, 9),
                    drawn.randint(1, 4),
                )
                left = overdue + drawn.randint(6, 12)
                settled = carried + new - left
                figures = (carried, new, carried + new, settled - late, late, settled)
                rows.append([sector, *figures, left - overdue, overdue, left])
                pending[symbol, sector] = left
            posts, paper = drawn.randint(20, 60), drawn.randint(0, 40)
            made[quarter, symbol] = {
                "rows": rows,
                "staff": [posts, posts - drawn.randint(0, 4)],
                "sent": [500 + paper, paper, 500],
            }
    return made


def write_report(
    folder: Path, quarter: str, symbol: str, unit: Mapping[str, Any], **own: Any
) -> Path:
    """Write a unit's report; `own` may name its agency, suffix, stem, share on time and total."""
    year, number = quarter[:4], int(quarter[-1])
    rows, agency = unit["rows"], own.get("agency") or UNITS[symbol][0]
    sums = [sum(row[at] for row in rows) for at in range(1, len(COLUMNS) + 1)]
    on_time, settled = sums[3], sums[5]
    share = own.get("share", f"{100 * on_time / settled:.1f}".replace(".", ","))
    lines = [
        f"ỦY BAN NHÂN DÂN {PROVINCE.upper()}",
        agency.upper(),
        f"Số: {10 + number}/BC-{'UBND' if agency.startswith('Ủy ban') else symbol}",
        f"Giả Định, ngày {14 + number} tháng {3 * number} năm {year}",
        "BÁO CÁO",
        f"Công tác cải cách hành chính quý {ROMAN[number - 1]} năm {year}",
        "I. KẾT QUẢ",
        f"Tỷ lệ hồ sơ giải quyết đúng hạn đạt {share}%.",
    ]
    numbered = [[str(at), *map(str, row)] for at, row in enumerate(rows, 1)]
    total = [str(own.get("total", {}).get(name, sums[at])) for at, name in enumerate(COLUMNS)]
    dossiers = Table(
        "Tình hình giải quyết hồ sơ",
        [("TT",), ("Lĩnh vực",), *COLUMNS.values()],
        [*numbered, ["", "Tổng cộng", *total]],
    )
    staff = Table(
        "Quản lý biên chế",
        [("Loại",), ("Được giao",), ("Hiện có",)],
        [["Biên chế hành chính", *map(str, unit["staff"])]],
    )
    documents = Table(
        "Trao đổi văn bản giữa các cơ quan hành chính nhà nước",
        [("Tổng số văn bản đi",), ("Số văn bản giấy",), ("Số văn bản điện tử",)],
        [[str(cell) for cell in unit["sent"]]],
    )
    suffix = own.get("suffix") or SUFFIXES[([*UNITS].index(symbol) + number) % 3]
    path = folder / f"{own.get('stem', f'{symbol} {quarter}')}{suffix}"
    return write(path, lines, [dossiers, staff, documents])


def make(folder: Path) -> Path:
    """Write the province's two quarters, a folder each, and return the folder."""
    made = figures()
    for quarter in QUARTERS:
        (folder / quarter).mkdir(parents=True)
        for symbol in UNITS:
            if quarter != LAST:
                write_report(folder / quarter, quarter, symbol, made[quarter, symbol])
    _plant(folder / LAST, copy.deepcopy(made))
    return folder


def _plant(folder: Path, made: Mapping[tuple[str, str], dict[str, Any]]) -> None:
    """Write the last quarter with its errors, and what lies about beside it."""
    now = {symbol: made[LAST, symbol] for symbol in UNITS}
    own: dict[str, dict[str, Any]] = {symbol: {} for symbol in UNITS}
    now["STP"]["rows"][0][4] -= 3
    for at in (1, 3, 4, 6):
        now["STC"]["rows"][0][at] += 4
    sums = [sum(row[3] for row in now[symbol]["rows"]) for symbol in ("SXD",)]
    own["SXD"]["total"] = {"received_total": sums[0] + 50}
    now["SKHCN"]["sent"][2] = "5l0"
    now["BQL"]["staff"][1] = now["BQL"]["staff"][0] + 5
    own["HOAKHE"]["share"] = "50"
    for symbol in UNITS:
        if symbol not in ("PHUDIEN", "BINHSON"):
            write_report(folder, LAST, symbol, now[symbol], **own[symbol])
    again = now["SYT"]
    for at in (2, 3, 4, 6):
        again["rows"][0][at] += 1
    write_report(folder, LAST, "SYT", again, stem="SYT 2026Q2 gửi lại")
    write_report(folder, FIRST, "BINHSON", made[FIRST, "BINHSON"], stem="BINHSON quy 2")
    write_report(folder, LAST, "SNgV", now["SNV"], agency="Sở Ngoại vụ", suffix=".txt")
    (folder / "hỏng.docx").write_bytes(b"PK\x03\x04 no document")
    (folder / "~$STP 2026Q2.docx").write_bytes(b"x")
    (folder / "Thumbs.db").write_bytes(b"x")
