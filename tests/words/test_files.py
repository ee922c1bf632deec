"""Files that leave the library: whole or not at all, by one writer, the same for the same input."""

import ast
import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

import cchc_stats
from cchc_stats.words.errors import CchcError, ReadError
from cchc_stats.words.files import (
    csv_bytes,
    own_prefix,
    spreadsheet_safe,
    undated,
    unguarded,
    write_table,
    write_whole,
)

SRC = Path(cchc_stats.__file__).parent
WRITERS = {"to_csv", "to_excel", "to_json", "to_parquet", "savefig", "write_text", "write_bytes"}
# The one writer, and what streams rows larger than memory into a folder of its own.
MAY_WRITE = {"words/files.py"}
STREAMS = {"ledger/exports/delimited.py", "ledger/simulation.py"}


def written_by_hand(tree: ast.AST) -> list[str]:
    """Return the calls in a tree that write a file themselves."""
    calls = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        modes = [*node.args, *(one.value for one in node.keywords if one.arg == "mode")]
        opens = name == "open" and any(
            isinstance(one, ast.Constant) and str(one.value)[:1] in "wax" and one.value != ""
            for one in modes
        )
        if name in WRITERS or opens:
            calls.append(f"{name}, line {node.lineno}")
    return calls


@pytest.mark.parametrize("path", sorted(SRC.rglob("*.py")), ids=lambda one: str(one.name))
def test_files_are_written_by_one_writer(path: Path):
    if str(path.relative_to(SRC)) in MAY_WRITE | STREAMS:
        return
    assert written_by_hand(ast.parse(path.read_text(encoding="utf-8"))) == []


def test_the_test_sees_another_writer():
    tree = ast.parse("frame.to_csv(x)\nopen(x, 'w')\nPath(x).open(mode='ab')\nopen(x)\n")
    assert len(written_by_hand(tree)) == 3


def test_a_link_is_followed(tmp_path: Path):
    real, link = tmp_path / "real.csv", tmp_path / "link.csv"
    real.write_bytes(b"old")
    link.symlink_to(real)
    assert write_whole(link, b"new") == link
    assert link.is_symlink()
    assert real.read_bytes() == b"new"


def test_what_a_killed_process_left_is_cleared_and_another_ones_file_is_not(tmp_path: Path):
    gone = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"],
                          capture_output=True, text=True, check=True).stdout.strip()  # fmt: skip
    node = own_prefix().split("-")[1]
    left = tmp_path / f".new-{node}-{gone}-a"
    left.write_bytes(b"half")
    folder = tmp_path / f".new-{node}-{gone}-folder"
    folder.mkdir()
    (folder / "values.csv").write_bytes(b"half")
    mine = [
        tmp_path / f".new-{node}-{os.getpid()}-b",
        tmp_path / f".new-00000000-{gone}-c",  # of another machine
        tmp_path / ".new-d",
    ]
    for file in mine:
        file.write_bytes(b"being written")
    write_whole(tmp_path / "a.csv", b"new")
    assert sorted(tmp_path.iterdir()) == sorted([*mine, tmp_path / "a.csv"])


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=6), min_size=1))
def test_guarded_texts_come_back(texts: list[str]):
    table = pd.DataFrame({"text": pd.Series(texts, dtype="str")})
    assert unguarded(spreadsheet_safe(table)["text"]).tolist() == texts


def test_a_letter_that_no_file_can_hold_is_refused(tmp_path: Path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"old")
    with pytest.raises(CchcError, match="a letter that no document can hold"):
        write_table(path, pd.DataFrame({"text": pd.Series(["a\ud800b"], dtype=object)}))
    assert path.read_bytes() == b"old"


def test_the_same_table_is_the_same_file_compressed_or_not():
    table = pd.DataFrame({"text": ["Sở Y tế"], "n": [1]})
    for compressed in (False, True):
        assert csv_bytes(table, compressed=compressed) == csv_bytes(table, compressed=compressed)


def test_an_archive_loses_the_time_at_which_it_was_made():
    made = []
    for year in (2020, 2021):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr(zipfile.ZipInfo("a.xml", (year, 1, 1, 0, 0, 0)), "<a/>")
        made.append(undated(file.getvalue()))
    assert made[0] == made[1]
    assert zipfile.ZipFile(io.BytesIO(made[0])).read("a.xml") == b"<a/>"


def test_two_processes_on_one_target_leave_one_whole_file(tmp_path: Path):
    script = (
        "import sys\nfrom pathlib import Path\nfrom cchc_stats.words import write_whole\n"
        "for _ in range(40): write_whole(Path(sys.argv[1]), sys.argv[2].encode() * 50_000)\n"
    )
    target = tmp_path / "a"
    runs = [
        subprocess.Popen([sys.executable, "-c", script, str(target), letter]) for letter in "xy"
    ]
    assert [run.wait() for run in runs] == [0, 0]
    assert target.read_bytes() in (b"x" * 50_000, b"y" * 50_000)
    assert [one.name for one in tmp_path.iterdir()] == ["a"]


@pytest.mark.parametrize("reader", ["read_answers", "read_values", "read_ledger"])
def test_a_stray_cell_far_outside_is_refused_before_its_sheet_is_laid_out(reader, tmp_path: Path):
    """A sheet of 4 million places (200 MB) stands for one of 17 thousand million."""
    path = tmp_path / "thừa.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["agency", "period", "code", "indicator", "value"])
        sheet.write_blank(1_048_575, 16_383, None, book.add_format({"bold": True}))
        sheet.write(40_000, 99, "x")
    with pytest.raises(ReadError) as error:
        getattr(cchc_stats, reader)(path)
    assert "cells far outside its tables" in str(error.value)
    assert "6 cells in 40,001 rows and 100 columns" in str(error.value)


def test_cells_of_a_format_alone_may_stand_far_outside(tmp_path: Path):
    path = tmp_path / "định dạng.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet, bold = book.add_worksheet(), book.add_format({"bold": True})
        sheet.write_row(0, 0, ["agency", "period", "code", "answer"])
        sheet.write_row(1, 0, ["Sở A", "2026Q3", "1.1.1", "có"])
        sheet.write_blank(1_048_575, 16_383, None, bold)
    assert cchc_stats.read_answers(path)["answer"].tolist() == ["có"]
