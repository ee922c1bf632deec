"""The words of the published page, in Vietnamese and English."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

from cchc_stats.words import Label


@cache
def texts() -> Mapping[str, Mapping[str, Label]]:
    """Return the page's words by subject and code, as `page.toml` states them."""
    stated = resources.files("cchc_stats.publishing.page").joinpath("page.toml")
    return {
        subject: {code: Label(**words) for code, words in codes.items()}
        for subject, codes in tomllib.loads(stated.read_text(encoding="utf-8")).items()
    }


def text(subject: str, code: str, *, lang: str) -> str:
    """Return one text of the page.

    Examples
    --------
    >>> text("head", "agency", lang="vi"), text("head", "agency", lang="en")
    ('Cơ quan', 'Agency')
    """
    return texts()[subject][code].in_language(lang)
