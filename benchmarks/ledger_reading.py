"""`read_ledger` and `scan_ledger` beside DuckDB's and calamine's own reading of the same file.

`python benchmarks/ledger_reading.py 20000` runs it with 20,000 rows of text instead of 1,000,000.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import duckdb
import numpy as np
import openpyxl
import pandas as pd
import python_calamine
from timing import Comparison, side_by_side, table_of

from cchc_stats import read_ledger, scan_ledger

ROWS = 1_000_000
SHEET_ROWS = 100_000
HEADING = {
    "dossier_id": "MaHoSo",
    "agency": "TenDonVi",
    "procedure": "TenTTHC",
    "sector": "TenLinhVuc",
    "channel": "KenhThucHien",
    "received_at": "NgayTiepNhan",
    "due_at": "NgayHenTra",
    "settled_at": "NgayKetThucXuLy",
    "status": "TrangThai",
    "owner": "ChuHoSo",
}


def comparisons(rows: int = ROWS, sheet_rows: int = SHEET_ROWS) -> list[Comparison]:
    """Return the time of reading, after seeing that every row was read."""
    with tempfile.TemporaryDirectory() as name:
        text, workbook = Path(name) / "export.csv", Path(name) / "export.xlsx"
        made = export_rows(rows)
        made.to_csv(text, index=False)
        write_workbook(made.head(sheet_rows), workbook)
        for path, size in ((text, rows), (workbook, min(rows, sheet_rows))):
            ledger = read_ledger(path)
            if len(ledger.frame) != size or len(ledger.rejects):
                raise AssertionError(f"{path.name}: {ledger.counts}")
        return [
            side_by_side(
                f"read_ledger, CSV of {rows:,} rows with mixed dates ÷ DuckDB read_csv to a frame",
                lambda: read_ledger(text),
                lambda: by_duckdb(text).df(),
                rounds=3,
                target=3.0,
            ),
            side_by_side(
                "  scan_ledger, typed and judged within DuckDB ÷ read_csv within DuckDB",
                lambda: scan_ledger(text).relation.create("ours"),
                lambda: by_duckdb(text).create("theirs"),
                rounds=3,
                target=3.0,
            ),
            side_by_side(
                f"read_ledger, workbook of {min(rows, sheet_rows):,} rows ÷ calamine's own reading",
                lambda: read_ledger(workbook),
                lambda: by_calamine(workbook),
                rounds=3,
                target=2.0,
            ),
            history(made, Path(name)),
        ]


def history(rows: pd.DataFrame, folder: Path) -> Comparison:
    """Return the time of two exports as one history, each seven tenths of the rows."""
    size = len(rows) * 7 // 10
    parts = {"2020-06-30.csv": rows.head(size), "2020-12-31.csv": rows.tail(size)}
    paths = [folder / name for name in parts]
    for path, part in zip(paths, parts.values(), strict=True):
        part.to_csv(path, index=False)
    ledger = read_ledger(paths)
    if (len(ledger.frame), ledger.counts.superseded) != (len(rows), 2 * size - len(rows)):
        raise AssertionError(f"{ledger.counts}")
    return side_by_side(
        f"read_ledger, a history of two exports of {size:,} rows ÷ reading both",
        lambda: read_ledger(paths),
        lambda: [read_ledger(path) for path in paths],
        rounds=5,
        target=1.5,
    )


def export_rows(rows: int) -> pd.DataFrame:
    """Return dossiers as a system exports them: texts, each date in one of four formats."""
    random = np.random.default_rng(2020)
    first = np.datetime64("2020-01-01T08:00:00", "s")
    received = pd.Series(first + random.integers(0, 365 * 86_400, rows).astype("timedelta64[s]"))
    due = (received + pd.to_timedelta(random.integers(1, 30, rows), unit="D")).dt.normalize()
    settled = received + pd.to_timedelta(random.integers(0, 40 * 86_400, rows), unit="s")
    open_ = random.random(rows) < 0.1
    pick = random.choice(4, rows, p=[0.7, 0.2, 0.05, 0.05])
    serials = ((received - pd.Timestamp("1899-12-30")) / pd.Timedelta(days=1)).round(6)
    formats = [
        received.dt.strftime("%d/%m/%Y %H:%M:%S"),
        received.dt.strftime("%Y-%m-%d %H:%M:%S"),
        received.dt.strftime("%d/%m/%Y"),
        serials.astype("str"),
    ]
    day_only = pick == 2
    settled = settled.mask(day_only, received + pd.Timedelta(days=3))
    cells = {
        "dossier_id": [f"H15.50.05-{n % 28 + 1:02d}-{n:08d}" for n in range(rows)],
        "agency": _some("Sở Khoa học và Công nghệ số", 30, random, rows),
        "procedure": _some("Thủ tục cấp giấy chứng nhận quyền sử dụng đất số", 200, random, rows),
        "sector": _some("Lĩnh vực đất đai số", 20, random, rows),
        "channel": np.array(["1", "2", "3", ""], dtype=object)[random.integers(0, 4, rows)],
        "received_at": np.choose(pick, [one.to_numpy(dtype=object) for one in formats]),
        "due_at": due.dt.strftime("%d/%m/%Y"),
        "settled_at": settled.dt.strftime("%d/%m/%Y %H:%M:%S").where(~open_, ""),
        "status": np.where(open_, "Đang xử lý", "Đã trả kết quả"),
        "owner": _some("Nguyễn Văn", 500, random, rows),
    }
    return pd.DataFrame({HEADING[name]: column for name, column in cells.items()})


def _some(name: str, how_many: int, random: np.random.Generator, rows: int) -> np.ndarray:
    names = np.array([f"{name} {number}" for number in range(how_many)], dtype=object)
    return names[random.integers(0, how_many, rows)]


def write_workbook(rows: pd.DataFrame, path: Path) -> None:
    """Write the rows as a workbook."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(list(rows.columns))
    for row in rows.itertuples(index=False):
        sheet.append(row)
    book.save(path)


def by_duckdb(path: Path) -> duckdb.DuckDBPyRelation:
    """Return the columns that the ledger is made of, as DuckDB reads them."""
    columns = ", ".join(name for field, name in HEADING.items() if field != "owner")
    connection = duckdb.connect()
    return connection.sql(f"SELECT {columns} FROM read_csv('{path}', header=true)")


def by_calamine(path: Path) -> list[list[object]]:
    """Return the cells of the first sheet, as calamine hands them over."""
    return python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()


if __name__ == "__main__":
    print(table_of(comparisons(*map(int, sys.argv[1:]))))
