"""What `import cchc_stats` costs beside `import pandas`, each in a fresh interpreter."""

from __future__ import annotations

import subprocess
import sys

from timing import Comparison, side_by_side

FIRST_USE = "import cchc_stats; cchc_stats.measure"


def comparisons() -> list[Comparison]:
    """Return the time of the import, and of the import with the first name taken from it."""
    return [
        side_by_side(
            "import cchc_stats ÷ import pandas",
            lambda: _run("import cchc_stats"),
            lambda: _run("import pandas"),
            rounds=9,
            target=1.15,
        ),
        side_by_side(
            "import and first use of measure ÷ import pandas",
            lambda: _run(FIRST_USE),
            lambda: _run("import pandas"),
            rounds=9,
            target=1.4,
        ),
    ]


def _run(code: str) -> None:
    subprocess.run([sys.executable, "-c", code], check=True)
