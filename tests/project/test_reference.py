"""The reference: every public name is on its page, and each function shows how it is called."""

from __future__ import annotations

import doctest
import inspect
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

import cchc_stats

ROOT = Path(__file__).parents[2]
NAMES = cchc_stats.__all__


def is_refusal(name: str) -> bool:
    """Return whether a name is one of the errors: they are met, not called."""
    thing = getattr(cchc_stats, name)
    return isinstance(thing, type) and issubclass(thing, Exception)


CALLED = [name for name in NAMES if callable(getattr(cchc_stats, name)) and not is_refusal(name)]


class Sections(HTMLParser):
    """The words of each section with an id, and the headings in it."""

    def __init__(self) -> None:
        super().__init__()
        self.words: dict[str, str] = {}
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "section":
            self.open.append(dict(attrs).get("id") or "")
            self.words[self.open[-1]] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "section":
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if self.open:
            self.words[self.open[-1]] += data


def run(script: str) -> subprocess.CompletedProcess[str]:
    # A process of its own: pdoc loads modules anew, and two copies of a library do not mix.
    return subprocess.run(
        [
            sys.executable,
            "-c",
            f"import sys; sys.path.insert(0, 'docs'); import reference; {script}",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def html(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("docs")
    done = run(f"from pathlib import Path; reference.write_reference(Path({str(folder)!r}))")
    assert done.returncode == 0, done.stderr
    return (folder / "index.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def words(html: str) -> dict[str, str]:
    parser = Sections()
    parser.feed(html)
    return parser.words


@pytest.mark.parametrize("name", NAMES)
def test_every_public_name_is_in_the_reference(name: str, words: dict[str, str]):
    thing = getattr(cchc_stats, name)
    if callable(thing):
        # The docstring's own first sentence, not that of a base class or of another name.
        told = thing.__doc__.splitlines()[0].replace("`", "")
        assert told in " ".join(words[name].split())
    else:
        assert len(words[name].split()) > 3


@pytest.mark.parametrize("name", CALLED)
def test_every_function_and_noun_shows_its_use(name: str):
    docstring = inspect.getdoc(getattr(cchc_stats, name)) or ""
    assert re.search(r"^Examples\n-+\n", docstring, re.MULTILINE)
    assert any(example.want for example in doctest.DocTestParser().get_examples(docstring))


def test_the_ground_of_all_refusals_shows_one():
    assert ">>> " in cchc_stats.CchcError.__doc__
    assert all(
        issubclass(getattr(cchc_stats, n), cchc_stats.CchcError) for n in NAMES if is_refusal(n)
    )


def test_no_heading_is_left_as_it_was_typed(words: dict[str, str]):
    assert not [name for name, text in words.items() if re.search(r"\n ?-{4,}\n", text)]
    assert "Source" in words["check"]
    assert "Raises" in words["measure"]


@pytest.mark.parametrize("name", CALLED)
def test_what_is_missing_is_not_missing_on_the_page(name: str, words: dict[str, str]):
    told = (inspect.getdoc(getattr(cchc_stats, name)) or "").count("<NA>")
    assert words[name].count("<NA>") >= told


def test_the_page_needs_nothing_else(html: str):
    assert not re.search(r"<(?:script|link|img)[^>]+(?:src|href)=\"(?!data:)", html)
    linked = set(re.findall(r'href="#([\w.]+)"', html))
    assert linked <= set(re.findall(r'id="([\w.]+)"', html))
    # The table that opens the page leads to the entries.
    assert set(NAMES) <= linked


def test_its_own_examples():
    done = run("import doctest; print(*doctest.testmod(reference))")
    failed, attempted = map(int, done.stdout.split()[-2:])
    assert (failed, attempted > 0) == (0, True)


def test_the_command_builds_it():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(r"^docs: .*\n\t\$\(BIN\)/python docs/reference\.py$", makefile, re.MULTILINE)
