"""What `import cchc_stats` costs beside `import pandas`, each in a fresh interpreter."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile

from timing import Comparison, side_by_side

FIRST_USE = "import cchc_stats; cchc_stats.measure"


def comparisons() -> list[Comparison]:
    """Return the time of the import, and of the import with the first name taken from it.

    Processor's time, so that another process is not counted; the bytecode of both is there, as
    Python writes it by itself: the first pair, which does not count, writes it.
    """
    with tempfile.TemporaryDirectory() as bytecode:
        return [
            side_by_side(
                f"{what} ÷ import pandas",
                lambda code=code: _run(code, bytecode),
                lambda: _run("import pandas", bytecode),
                rounds=15,
                target=target,
                clock=_time_of_children,
            )
            for what, code, target in (
                ("import cchc_stats", "import cchc_stats", 1.15),
                ("import and first use of measure", FIRST_USE, 1.4),
            )
        ]


def _run(code: str, bytecode: str) -> None:
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": bytecode}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment)


def _time_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
