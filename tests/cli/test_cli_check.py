"""`cchc-stats check`: what it prints, what it writes, and how it ends."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from cchc_stats.cli import main

DATA = Path(__file__).parents[2] / "data"
FOLDER = DATA / "binh-dinh-skhcn-2020q3"
DOCUMENT = DATA / "binh-dinh-skhcn-2020q3.docx"
CLEAN = """\
SỞ NỘI VỤ
Số: 12/BC-SNV
Huế, ngày 20 tháng 9 năm 2024
BÁO CÁO
Công tác cải cách hành chính quý III năm 2024

Biểu trao đổi văn bản
Tổng số văn bản đi\tVăn bản giấy\tVăn bản điện tử
1380\t65\t1315
"""


def run(*words: object) -> Result:
    return command("check", *words)


def command(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def in_english(*words: object) -> Result:
    return run(*words, "--lang", "en")


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    path = tmp_path / "sach.txt"
    path.write_text(CLEAN, encoding="utf-8")
    return path


def test_a_document_with_errors_ends_with_1():
    result = run(DOCUMENT)
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert lines[0] == f"{DOCUMENT}: Sở Khoa học và Công nghệ tỉnh Bình Định, Quý III/2020"
    assert lines[1] == "Kiểm tra: 2 lỗi, 9 cảnh báo, 10 ghi chú"
    assert len(lines) == 2 + 2 + 9 + 10
    assert lines[2].startswith(
        "  lỗi: Tỷ lệ văn bản điện tử trên tổng số văn bản đi: 95,29 % (1.315/1.380) theo bảng"
    )
    assert result.stderr == ""


def test_a_place_is_told_once():
    (line,) = [one for one in run(DOCUMENT).stdout.splitlines() if "viết 4 cách" in one]
    assert line.count("Mục I.4, đoạn 1") == 1


def test_a_document_without_errors_ends_with_0(clean: Path):
    result = run(clean)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "Kiểm tra: 0 lỗi" in result.stdout


def test_one_beyond_its_budget_is_refused_and_the_others_are_checked(clean: Path):
    clean.with_name("lon.txt").write_text(CLEAN + "x" * 20_001, encoding="utf-8")
    result = in_english(clean.parent)
    assert result.exit_code == 2
    assert "sach.txt: Sở Nội vụ" in result.stdout
    assert "a paragraph or cell has more than 20,000 characters" in result.stderr
    assert "or let it take more: --budget …" in result.stderr
    assert run(clean.parent, "--budget", 2).exit_code == 0


def test_only_the_severe_are_printed_and_all_are_written(tmp_path: Path):
    out = tmp_path / "findings.csv"
    result = run(DOCUMENT, "--only", "error", "--out", out, "--lang", "en")
    assert result.exit_code == 1
    assert result.stdout.splitlines()[1] == "Checks: errors 2, warnings 9, notes 10"
    assert len(result.stdout.splitlines()) == 2 + 2
    assert result.stdout.splitlines()[2].startswith("  error: ")
    written = pd.read_csv(out, encoding="utf-8-sig")
    assert written["severity"].value_counts().to_dict() == {"error": 2, "warning": 9, "note": 10}


def test_a_bad_file_is_told_and_the_others_are_checked(clean: Path):
    (clean.parent / "hong.docx").write_bytes(b"PK\x03\x04")
    result = run(clean.parent)
    assert result.exit_code == 2
    assert "sach.txt: Sở Nội vụ" in result.stdout or "sach.txt: SỞ NỘI VỤ" in result.stdout
    assert "hong.docx" in result.stderr
    assert "cách sửa: hãy" in result.stderr
    assert "Traceback" not in result.stderr


def test_errors_weigh_more_than_a_file_that_cannot_be_read(tmp_path: Path):
    bad = tmp_path / "hong.docx"
    bad.write_bytes(b"PK\x03\x04")
    result = run(DOCUMENT, bad)
    assert result.exit_code == 1
    assert "hong.docx" in result.stderr


def test_nothing_there_is_refused(tmp_path: Path):
    result = in_english(tmp_path / "nope.docx")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "there is nothing to read" in result.stderr


def test_the_quarter_before_is_held_against_a_report(tmp_path: Path):
    """What was pending at the end of quarter II is not what quarter III carried over."""
    now, before = (tmp_path / name for name in ("q3", "q2"))
    for path in (now, before):
        shutil.copytree(FOLDER, path)
    head = (before / "report.toml").read_text(encoding="utf-8")
    (before / "report.toml").write_text(head.replace("2020Q3", "2020Q2"), encoding="utf-8")
    dossiers = before / "dossiers.csv"
    table = dossiers.read_text(encoding="utf-8").replace("2020Q3", "2020Q2")
    dossiers.write_text(table, encoding="utf-8")
    alone, both = run(now), run(now, before)
    assert "carried_over" not in alone.stdout
    assert "2 lỗi" in alone.stdout.splitlines()[1]
    assert "3 lỗi" in both.stdout.splitlines()[1]


def test_the_quarter_of_a_report_that_does_not_say_it(clean: Path):
    text = CLEAN.replace(" quý III năm 2024", "")
    clean.write_text(text, encoding="utf-8")
    refused = in_english(clean)
    assert refused.exit_code == 2
    assert "the document does not say period" in refused.stderr
    told = run(clean, "--period", "2024Q3")
    assert told.exit_code == 0
    assert "Quý III/2024" in told.stdout


def test_a_list_of_units_is_drafted_and_names_are_made_to_agree(clean: Path, tmp_path: Path):
    folder = tmp_path / "bao-cao" / "2020Q3"
    folder.mkdir(parents=True)
    (folder / clean.name).write_bytes(clean.read_bytes())
    units = tmp_path / "units.toml"
    drafted = command("units", folder.parent, "--out", units)
    assert (drafted.exit_code, drafted.stdout) == (0, f"{units}\n")
    assert command("units", folder.parent).stdout == units.read_text(encoding="utf-8")
    again = command("units", folder.parent, "--out", units)
    assert again.exit_code == 2
    assert "danh sách đã có" in again.stderr
    checked = run(folder, "--units", units)
    assert checked.exit_code == 0
    assert ": Sở Nội vụ, Quý III/2024" in checked.stdout


def test_a_unit_in_no_list_is_told_with_the_mend(clean: Path, tmp_path: Path):
    units = tmp_path / "units.toml"
    units.write_text('[[unit]]\nname = "Sở Y tế"\n', encoding="utf-8")
    result = run(clean, "--units", units)
    assert result.exit_code == 2
    assert "không có trong danh sách đơn vị nào" in result.stderr
    assert "hãy thêm [[unit]] có tên này" in result.stderr
    assert (
        f"--units {tmp_path / 'none.toml'}\n"
        in run(clean, "--units", tmp_path / "none.toml").stderr
    )
