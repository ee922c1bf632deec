"""The README keeps up: every public name, every command, every file it speaks of."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

import cchc_stats

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
ROWS = [line.split("|")[1:-1] for line in README.splitlines() if line.startswith("| ")]
NAMED = [name for row in ROWS for name in re.findall(r"`(\w+)`", row[0])]


@pytest.mark.parametrize("name", cchc_stats.__all__)
def test_every_public_name_is_in_the_table(name: str):
    assert NAMED.count(name) == 1


def test_the_table_names_nothing_else():
    assert set(NAMED) == set(cchc_stats.__all__)


def test_every_row_says_what_it_is():
    assert all(len(row) == 3 for row in ROWS)
    assert all(row[1].strip() for row in ROWS if "`" in row[0])


def test_links_lead_to_files():
    targets = re.findall(r"\]\(([^)#:]+)\)", README)
    assert {"docs/quarter.png", "data/README.md", "LICENSE"} <= set(targets)
    assert all((ROOT / target).is_file() for target in targets)


def test_the_commands_are_those_of_the_makefile():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    job = "cchc-stats report data/binh-dinh-skhcn-2020q3.docx --out build/report"
    assert job in makefile
    assert job.replace("/", "\\") in README
    for target in re.findall(r"`?make (\w+)", README):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)


def test_one_version_everywhere():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert f"\nversion: {project['version']}\n" in (ROOT / "CITATION.cff").read_text("utf-8")
    assert f"\n## {project['version']} " in (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert f"\nlicense: {project['license']}\n" in (ROOT / "CITATION.cff").read_text("utf-8")
