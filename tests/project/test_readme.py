"""Both READMEs keep up: every public name and its call, every command, every file they name."""

from __future__ import annotations

import ast
import inspect
import re
import tomllib
import unicodedata
from pathlib import Path

import pytest

import cchc_stats

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
VIETNAMESE = (ROOT / "README.vi.md").read_text(encoding="utf-8")
PAGES = pytest.mark.parametrize("page", [README, VIETNAMESE], ids=["en", "vi"])
TABLE = (ROOT / "docs" / "reference" / "names.md").read_text(encoding="utf-8")
GUIDE = sorted([*ROOT.glob("docs/guide/*.md"), *ROOT.glob("docs/huong-dan/*.md")])
ROWS = [line.split("|")[1:-1] for line in TABLE.splitlines() if line.startswith("| ")]
NAMED = [name for row in ROWS for name in re.findall(r"`(\w+)`", row[0])]


@pytest.mark.parametrize("name", cchc_stats.__all__)
def test_every_public_name_is_in_the_table(name: str):
    assert NAMED.count(name) == 1


def test_the_table_names_nothing_else():
    assert set(NAMED) == set(cchc_stats.__all__)


def test_every_row_says_what_it_is():
    assert all(len(row) == 4 for row in ROWS)
    assert all(row[1].strip() for row in ROWS if "`" in row[0])


@pytest.mark.parametrize("row", [row for row in ROWS if "`" in row[0]], ids=lambda row: row[0])
def test_every_row_shows_a_call_that_can_be_made(row: list[str]):
    """It names what the row is of, and every call in it fits the function's parameters."""
    (example,) = re.findall(r"`([^`]+)`", row[2])
    tree = ast.parse(example, mode="eval")
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert names & {*re.findall(r"`(\w+)`", row[0]), "report", "error"}
    for call in calls:
        function = getattr(cchc_stats, getattr(call.func, "id", ""), None)
        if function is not None:
            options = {keyword.arg or "": None for keyword in call.keywords}
            inspect.signature(function).bind(*call.args, **options)


@PAGES
def test_links_lead_to_files(page: str):
    targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page)
    assert {"docs/quarter.png", "data/README.md", "METHODS.md", "LICENSE"} <= set(targets)
    assert all((ROOT / target).is_file() for target in targets)


@pytest.mark.parametrize(
    "path", [*GUIDE, ROOT / "docs/reference/names.md"], ids=lambda path: path.stem
)
def test_links_of_the_guide_lead_to_files(path: Path):
    text = path.read_text(encoding="utf-8")
    targets = [link for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text)]
    assert all((path.parent / target).is_file() for target in targets)


@pytest.mark.parametrize("path", GUIDE, ids=lambda path: path.stem)
def test_every_page_of_the_guide_is_listed(path: Path):
    listed = (path.parent / "index.md").read_text(encoding="utf-8").splitlines()
    assert path.stem in [*listed, "index"]


def test_a_newcomer_sees_it_all_at_once():
    assert len(README.splitlines()) <= 200


def test_each_page_leads_to_the_other():
    assert "(README.vi.md)" in README.split("\n## ")[0]
    assert "(README.md)" in VIETNAMESE.split("\n## ")[0]


@PAGES
def test_the_commands_are_those_of_the_makefile(page: str):
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    job = "cchc-stats report data/binh-dinh-skhcn-2020q3.docx --out build/report"
    assert job in makefile
    assert job.replace("/", "\\") in page
    targets = re.findall(r"(?:^|`)make ([\w-]+)", page, re.MULTILINE)
    assert {"report", "test", "docs"} <= set(targets)
    for target in targets:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)


@pytest.mark.parametrize(
    "page", [README, VIETNAMESE, *(path.read_text(encoding="utf-8") for path in GUIDE)]
)
def test_nothing_is_called_that_is_not_public(page: str):
    called = {*re.findall(r"\bcchc\.(\w+)", page), *re.findall(r"`(\w+)\(", page)}
    assert called <= set(cchc_stats.__all__)


def test_the_vietnamese_page_is_written_in_whole_letters():
    assert unicodedata.is_normalized("NFC", VIETNAMESE)
    # As many letters with diacritics as Vietnamese has, outside of what is code.
    prose = re.sub(r"```.*?```|`[^`]*`|\([^)]*\)", "", VIETNAMESE, flags=re.DOTALL)
    letters = [letter for letter in prose if letter.isalpha()]
    assert sum(not letter.isascii() for letter in letters) > 0.2 * len(letters)


def test_one_version_everywhere():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert f"\nversion: {project['version']}\n" in (ROOT / "CITATION.cff").read_text("utf-8")
    assert f"\n## {project['version']} " in (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert f"\nlicense: {project['license']}\n" in (ROOT / "CITATION.cff").read_text("utf-8")
