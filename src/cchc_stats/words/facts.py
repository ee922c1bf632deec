"""Facts that a decree can change, as the TOML files beside the code state them."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any


@cache
def facts_of(package: str, name: str) -> dict[str, Any]:
    """Return what a TOML file of a package states; the same object each time, to be read only.

    Examples
    --------
    >>> facts_of("cchc_stats.words", "labels.toml")["basis"]["as_of"]["vi"]
    'thời điểm'
    """
    return tomllib.loads(resources.files(package).joinpath(name).read_text(encoding="utf-8"))
