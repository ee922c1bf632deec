"""Mutants of the modules whose figures are published: each is killed by a test, or listed as alike.

`python tests/fuzz/mutate.py ratios rounding` (all of `mutants.toml` without names)

A mutant is a module with one operator, number, argument or text changed. mutmut makes them in a
copy of the tree under build/, finds which of the module's tests reach which function, and runs
those. Printed are the mutants killed, those that no test can tell from the module with the reason,
and the rest; the run ends with 1 where less than 95 % of a module's mutants are killed or alike.
"""

import re
import shutil
import subprocess
import sys
import time
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
TARGETS = Path(__file__).with_name("mutants.toml")
WANTED = 95.0  # percent
NOT_COPIED = ("build", ".*", "__pycache__", "*.egg-info")
CONFIG = """
[tool.mutmut]
source_paths = ["src"]
only_mutate = {modules}
pytest_add_cli_args_test_selection = {tests}
pytest_add_cli_args = ["-p", "no:cacheprovider"]
also_copy = ["data", "README.md", "METHODS.md", "docs"]
"""
# What a module remembers is worked out anew for each mutant: slower, and needed where it caches.
FRESH = """process_isolation = "forkserver"
forkserver_warmup = "none"
"""


def main(names: list[str]) -> int:
    """Print the table of the targets and what is left of each; 1 where one falls short."""
    targets = tomllib.loads(TARGETS.read_text("utf-8"))
    if unknown := {*names} - {*targets}:
        print(f"no target {', '.join(sorted(unknown))}; there are {', '.join(targets)}")
        return 2
    rows = [report(name, targets[name]) for name in names or targets]
    print(f"\n{'target':16}{'mutants':>8}{'killed':>8}{'alike':>7}{'left':>6}{'%':>7}{'s':>6}")
    for name, killed, alike, left, share, seconds in rows:
        total = killed + alike + left
        print(f"{name:16}{total:8}{killed:8}{alike:7}{left:6}{share:7.1f}{seconds:6.0f}")
    return int(any(row[-2] < WANTED for row in rows))


def report(name: str, target: dict[str, Any]) -> tuple[str, int, int, int, float, float]:
    """Run the mutants of a target and print those that live; return its row of the table."""
    began = time.monotonic()
    tree = ROOT / "build" / "mutants" / name
    copy_tree(tree, target)
    run(tree, "run", "--max-children", "1")
    verdicts = re.findall(r"^\s*(\S+): (.+)$", run(tree, "results", "--all", "true"), re.MULTILINE)
    if not verdicts:
        raise SystemExit(f"{name}: mutmut made no mutants; see {tree}")
    reasons = {one["line"]: one["why"] for one in target.get("alike", ())}
    counts = {"killed": 0, "alike": 0, "left": 0}
    for mutant, verdict in verdicts:
        # What no longer ends is found out too.
        killed = verdict in ("killed", "timeout", "caught by type check")
        lines = [] if killed else changed_lines(run(tree, "show", mutant))
        why = next((reasons[line] for line in lines if line in reasons), "")
        counts["killed" if killed else "alike" if why else "left"] += 1
        if not killed:
            print(f"{name}: {why or verdict}", *lines, sep="\n    ", flush=True)
    alive = counts["left"]
    share = 100 * (1 - alive / len(verdicts))
    return name, *counts.values(), share, time.monotonic() - began  # type: ignore[return-value]


def copy_tree(tree: Path, target: dict[str, Any]) -> None:
    """Lay out a fresh copy of the project, told what to mutate and which tests to run."""
    shutil.rmtree(tree, ignore_errors=True)
    shutil.copytree(ROOT, tree, ignore=shutil.ignore_patterns(*NOT_COPIED))
    modules = [f"src/cchc_stats/{one}" for one in target["modules"]]
    tests = [f"tests/{one}" for one in target["tests"]]
    with (tree / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write(CONFIG.format(modules=modules, tests=tests) + FRESH * target.get("fresh", False))


def run(tree: Path, *words: str) -> str:
    """Return what a command of mutmut prints."""
    command = [sys.executable, "-m", "mutmut", *words]
    ran = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise SystemExit(f"{tree.name}: mutmut {words[0]} failed\n{ran.stdout[-2000:]}{ran.stderr}")
    return ran.stdout


def changed_lines(diff: str) -> list[str]:
    """Return what a mutant has in place of the module's lines."""
    lines = diff.splitlines()
    return [line[1:].strip() for line in lines if line[:1] == "+" and line[:3] != "+++"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
