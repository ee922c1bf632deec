"""CONTRIBUTING.md: the house it shows is the one that the test of floors holds up."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from floors import FLOORS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
HOUSE = re.findall(r"^\| (?:ground|\d) \| (.+?) \|", PAGE, re.MULTILINE)
ROOMS = [re.findall(r"`(\w+)`", floor) for floor in HOUSE]


@pytest.mark.parametrize("room", [room for floor in FLOORS[:-1] for room in floor])
def test_every_room_is_on_one_floor(room: str):
    assert sum(rooms.count(room) for rooms in ROOMS) == 1


def test_the_floors_lie_as_they_are_held():
    shown = {room: number for number, rooms in enumerate(ROOMS) for room in rooms}
    # The rooms of one floor of the test may be one floor of the page with those above.
    order = [shown[room] for floor in FLOORS[:-1] for room in floor]
    assert order == sorted(order)


def test_links_and_commands_are_there():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert all((ROOT / path).is_file() for path in re.findall(r"\]\(([^)#:]+)\)", PAGE))
    commands = set(re.findall(r"`make ([\w-]+)`", PAGE))
    assert {"test", "lint", "bench", "docs"} <= commands
    assert all(re.search(rf"^{name}:", makefile, re.MULTILINE) for name in commands)


def test_every_file_it_names_is_there():
    named = re.findall(r"`([\w/]+\.(?:py|toml|pyi))`", PAGE)
    folders = (ROOT, ROOT / "src" / "cchc_stats")
    assert len(named) > 10
    assert [path for path in named if not any((at / path).is_file() for at in folders)] == []
