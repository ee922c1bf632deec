"""Facts that a decree can change, as TOML files state them: those beside the code, a user's own."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from cchc_stats.words.errors import CchcError, ReadError

MOST_LETTERS = 1_000_000  # of a file that somebody writes


@cache
def facts_of(package: str, name: str) -> dict[str, Any]:
    """Return what a TOML file of a package states; the same object each time, to be read only.

    Examples
    --------
    >>> facts_of("cchc_stats.words", "codes.toml")["basis"]["as_of"]["vi"]
    'thời điểm'
    """
    return tomllib.loads(resources.files(package).joinpath(name).read_text(encoding="utf-8"))


def read_toml(path: Path, *, what: str, mend: str) -> dict[str, Any]:
    """Return what a user's TOML file states; `what` and `mend` are those of its refusal.

    A file that ends between two of its lines is one that may state no more: that cannot be known.

    Raises
    ------
    ReadError
        It is not there, is damaged or cut, is no TOML, or is larger than anybody writes by hand.
    """
    try:
        with path.open(encoding="utf-8-sig") as file:
            text = file.read(MOST_LETTERS + 1)
        if len(text) > MOST_LETTERS:
            size = MOST_LETTERS // 1_000_000
            raise ReadError(f"the file is larger than {size} MB", where=str(path), mend=mend)
        stated = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, RecursionError, tomllib.TOMLDecodeError) as error:
        raise ReadError(f"{what}: {error}", where=str(path), mend=mend) from error
    require_whole_number(text, str(path))
    return stated


def require_whole_number(text: str, place: str, *, kind: type[CchcError] = ReadError) -> None:
    """Refuse TOML that ends within or behind a number without a line end: 95 may be left as 9.

    Examples
    --------
    >>> require_whole_number("target = 95", "a.toml")
    Traceback (most recent call last):
    cchc_stats.ReadError: the last line has no end, as of a file that was cut
      where: a.toml
      mend:  get the file anew, or end its last line
    """
    if text[-1:].isdigit() and "#" not in text[text.rfind("\n") + 1 :]:
        raise kind(
            "the last line has no end, as of a file that was cut",
            where=place,
            mend="get the file anew, or end its last line",
        )
