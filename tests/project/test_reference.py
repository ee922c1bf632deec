"""The reference: every public name on a page of its room, with its use shown."""

from __future__ import annotations

import doctest
import inspect
import re
import sys
from pathlib import Path

import pytest

import cchc_stats

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "docs"))
import pages  # noqa: E402

NAMES = cchc_stats.__all__


def is_refusal(name: str) -> bool:
    thing = getattr(cchc_stats, name)
    return isinstance(thing, type) and issubclass(thing, Exception)


CALLED = [name for name in NAMES if callable(getattr(cchc_stats, name)) and not is_refusal(name)]


def test_every_public_name_has_a_room_in_the_reference():
    rooms = pages.by_room(cchc_stats)
    assert sorted(name for names in rooms.values() for name in names) == sorted(NAMES)


def test_every_page_of_a_room_is_listed():
    listed = (ROOT / "docs" / "reference" / "index.md").read_text(encoding="utf-8")
    assert set(re.findall(r"rooms/(\w+)", listed)) == set(pages.by_room(cchc_stats))


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


@pytest.mark.parametrize("name", CALLED)
def test_what_is_missing_is_not_missing_on_the_page(name: str):
    lines = (inspect.getdoc(getattr(cchc_stats, name)) or "").splitlines()
    shown = pages.with_code(pages.with_sources_as_notes(lines))
    assert sum(line.count("<NA>") for line in shown) == sum(line.count("<NA>") for line in lines)


def test_the_examples_of_what_makes_the_pages():
    failed, attempted = doctest.testmod(pages)
    assert (failed, attempted > 0) == (0, True)


def test_every_plot_is_in_the_gallery():
    gallery = (ROOT / "docs" / "gallery" / "index.rst").read_text(encoding="utf-8")
    plots = {name for name in NAMES if name.startswith("plot_")} - {"plot_caption"}
    assert plots == set(re.findall(r"cchc\.(plot_\w+)\(", gallery))


def test_the_command_builds_the_site_and_a_warning_is_an_error():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(r"^docs: .*\n\t.*sphinx-build .*-W", makefile, re.MULTILINE)
