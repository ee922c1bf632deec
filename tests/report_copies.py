"""Copies of the real report, as of other agencies, and spoiled."""

from __future__ import annotations

import shutil
from pathlib import Path

ROOT = Path(__file__).parents[1]


DATA = ROOT / "data" / "binh-dinh-skhcn-2020q3"


SEED = "Sở Khoa học và Công nghệ tỉnh Bình Định"


# Enough of the report for what is tested here; all of it takes much longer to read.
PARTS = ("documents", "dossiers", "staffing", "appointments", "claims", "unplaced")


def copied(folder: Path, name: str, agency: str = SEED, **head: str) -> Path:
    """Return a part of the real report under another name and agency."""
    path = folder / name
    path.mkdir()
    for part in ("report.toml", *(f"{code}.csv" for code in PARTS)):
        shutil.copy(DATA / part, path)
    file = path / "report.toml"
    text = file.read_text(encoding="utf-8").replace(SEED, agency)
    for key, value in head.items():
        lines = [line for line in text.splitlines() if not line.startswith(f"{key} =")]
        text = "\n".join([*([f"{key} = {value}"] if value else []), *lines])
    file.write_text(text, encoding="utf-8")
    return path


def spoiled(path: Path, form: str, old: str, new: str) -> Path:
    file = path / f"{form}.csv"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    return path
