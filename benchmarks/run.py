"""All speed targets in one run, as ratios: `python benchmarks/run.py [decomposing|import_time|…]`.

Each subject has a process of its own, so that none is timed among the frames of another. Ends with
1 where a ratio is over its target.
"""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import decomposing
import form_writing
import import_time
import intervals
import ledger_reading
import measuring
import publishing
import reading
import scoring
import suppressing
import tallying
import validating
import working_days
from timing import Comparison, table_of

SUBJECTS = {
    "decomposing": decomposing.comparisons,
    "form_writing": form_writing.comparisons,
    "import_time": import_time.comparisons,
    "intervals": intervals.comparisons,
    "ledger_reading": ledger_reading.comparisons,
    "measuring": measuring.comparisons,
    "publishing": publishing.comparisons,
    "reading": reading.comparisons,
    "scoring": scoring.comparisons,
    "suppressing": suppressing.comparisons,
    "tallying": tallying.comparisons,
    "validating": validating.comparisons,
    "working_days": working_days.comparisons,
}


def compare(name: str) -> list[Comparison]:
    """Return the comparisons of a subject."""
    return SUBJECTS[name]()


def main(names: list[str]) -> int:
    if unknown := [name for name in names if name not in SUBJECTS]:
        print(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(SUBJECTS)}")
        return 2
    with ProcessPoolExecutor(1, get_context("spawn"), max_tasks_per_child=1) as alone:
        results = [one for part in alone.map(compare, names or SUBJECTS) for one in part]
    print(table_of(results))
    return 0 if all(one.within for one in results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
