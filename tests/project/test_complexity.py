"""How much a reader must hold in mind: ways through a function, files that one call crosses."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from radon.complexity import cc_visit
from seed import AGENCY, FOLDER

import cchc_stats as cchc
from cchc_stats.publishing import look_at
from cchc_stats.values import frame

SRC = Path(cchc.__file__).parent
FILES = sorted(SRC.rglob("*.py"))
DOCUMENT = FOLDER.with_suffix(".docx")
MOST_WAYS = 15
# Files of the package in which a function runs, the second time that a process makes the call.
MOST_FILES = {"read_report": 28, "score": 10, "write_report": 50}
# A rule is one file, and a scheme of many rules asks them all.
RULES = "index/rules/"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SRC)))
def test_no_function_has_more_ways_through_than_one_can_follow(path: Path):
    blocks = cc_visit(path.read_text(encoding="utf-8"))
    inner = [part for block in blocks for part in getattr(block, "methods", [])]
    knots = {
        block.name: block.complexity
        for block in [*blocks, *inner]
        if not hasattr(block, "methods") and block.complexity > MOST_WAYS
    }
    assert knots == {}


def crossed(call: Callable[[], object]) -> set[str]:
    """Return the files of the package in which a function runs, the second time it is called."""
    call()
    files: set[str] = set()

    def note(frame, event, _arg):
        name = frame.f_code.co_filename
        if event == "call" and frame.f_code.co_name != "<module>" and name.startswith(str(SRC)):
            files.add(Path(name).relative_to(SRC).as_posix())

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        call()
    finally:
        sys.setprofile(before)
    return {name for name in files if name.endswith(".py") and not name.startswith(RULES)}


@pytest.mark.parametrize("name", MOST_FILES)
def test_a_call_stays_within_few_files(name: str, tmp_path: Path):
    report = cchc.read_report(DOCUMENT)
    assert report.agency == AGENCY
    values = cchc.measure(report.tables)
    answers = cchc.read_answers(FOLDER / "answers.csv")
    calls = {
        "read_report": lambda: cchc.read_report(DOCUMENT),
        "score": lambda: cchc.score(values, scheme, answers=answers),
        "write_report": lambda: cchc.write_report(report, tmp_path / "page.html"),
    }
    scheme = cchc.load_scheme("example-department")
    files = crossed(calls[name])
    assert len(files) <= MOST_FILES[name], sorted(files)


def test_values_are_checked_once_at_the_door(monkeypatch: pytest.MonkeyPatch):
    report = cchc.read_report(FOLDER)
    values = cchc.measure(report.tables)
    answers = cchc.read_answers(FOLDER / "answers.csv")
    scheme = cchc.load_scheme("example-department")
    calls = {
        # What it measured itself needs no check.
        "look_at": (lambda: look_at(report), 0),
        "what_if": (lambda: cchc.what_if(values, scheme, {"1.1.1": "no"}, answers=answers), 1),
        "suppress_small": (lambda: cchc.suppress_small(values), 1),
    }
    check, times = frame._checked, []
    monkeypatch.setattr(frame, "_checked", lambda one: times.append(1) or check(one))
    found = {}
    for name, (call, _) in calls.items():
        times.clear()
        call()
        found[name] = len(times)
    assert found == {name: wanted for name, (_, wanted) in calls.items()}
