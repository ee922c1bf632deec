"""Facts that a decree can change, as TOML files state them: those beside the code, a user's own."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from cchc_stats.words.errors import ReadError


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

    Raises
    ------
    ReadError
        It is not there, is damaged, or is no TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ReadError(f"{what}: {error}", where=str(path), mend=mend) from error
