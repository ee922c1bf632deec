"""Readers that may not end, or take all memory, run in a process with bounds of its own.

A program gets a file on standard input and writes {"told": …} or {"error": …} as JSON to standard
output. What is lost with it is one file.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from cchc_stats.words import ReadError

MEMORY = 400_000_000  # bytes


def told_by(
    program: str, data: bytes, file: str, *, what: str, seconds: int, numbers: tuple[int, ...]
) -> Any:
    """Return what a program beside this module tells of a file.

    Parameters
    ----------
    program : its file name; it is given MEMORY and `numbers` as arguments.
    what : how a refusal calls the file: "the old workbook".
    seconds : how long it may take.

    Raises
    ------
    ReadError
        It does not end, takes more memory, or cannot read the file.
    """
    path = Path(__file__).with_name(program)
    # -P: the modules beside the program are none of its own.
    command = [sys.executable, "-P", str(path), str(MEMORY), *map(str, numbers)]
    mend = "open it in its program and save it as .xlsx or .docx"
    try:
        done = subprocess.run(
            command, input=data, capture_output=True, timeout=seconds, check=False
        )
        answer = json.loads(done.stdout)
    except subprocess.TimeoutExpired as error:
        raise ReadError(
            f"{what} is damaged: reading it does not come to an end", where=file, mend=mend
        ) from error
    except ValueError as error:
        raise ReadError(
            f"{what} is damaged, or takes more time or memory than any report",
            where=file,
            mend=f"{mend}; delete stray cells far outside the tables",
        ) from error
    if "error" in answer:
        raise ReadError(f"{what} cannot be read: {answer['error']}", where=file, mend=mend)
    return answer["told"]
