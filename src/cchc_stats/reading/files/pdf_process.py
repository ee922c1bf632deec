"""Runs alone, as a program: the lines and tables of a PDF's pages as JSON.

See `cchc_stats.reading.files.bounded_process`.
"""

from __future__ import annotations

import io
import json
import signal
import sys
from typing import Any

SECONDS_PER_PAGE = 5


def main() -> None:
    """Write {"told": pages}, each a list of lines and tables, or {"error": …}."""
    bytes_, most = int(sys.argv[1]), int(sys.argv[2])
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (bytes_, bytes_))
    except (ImportError, ValueError, OSError):
        pass  # not on this system: the time limit remains
    try:
        answer: dict[str, Any] = {"told": _pages(sys.stdin.buffer.read(), most)}
    # Whatever parsing a damaged file runs into: the caller tells it with the file's name.
    except Exception as error:
        answer = {"error": str(error) or type(error).__name__}
    json.dump(answer, sys.stdout)


def _pages(data: bytes, most: int) -> list[list[Any]]:
    _be_quick()
    import pdfplumber

    with pdfplumber.open(io.BytesIO(data)) as pdf:
        if len(pdf.pages) > most:
            raise ValueError(f"it has {len(pdf.pages):,} pages, more than {most}; split it")
        pages = []
        for page in pdf.pages:
            _be_quick()
            pages.append(_parts(page))
            page.close()
        return pages


def _be_quick() -> None:
    # The signal ends the process: nothing here can catch it.
    if hasattr(signal, "alarm"):
        signal.alarm(SECONDS_PER_PAGE)


def _parts(page: Any) -> list[Any]:
    """Return a page's tables and the lines outside them, from top to bottom."""
    found = page.find_tables()
    outside = page
    for table in found:
        outside = outside.outside_bbox(table.bbox, strict=False)
    parts = [
        (table.bbox[1], [[text or "" for text in row] for row in table.extract()])
        for table in found
    ]
    parts += [(line["top"], line["text"]) for line in outside.extract_text_lines()]
    return [part for _, part in sorted(parts, key=lambda one: one[0])]


if __name__ == "__main__":
    main()
