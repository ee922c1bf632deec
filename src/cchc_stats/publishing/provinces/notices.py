"""What is to be said of a province's folder: each once, where, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from cchc_stats.words import vocabulary

MOST = 12  # names that one notice lists


class Notice(NamedTuple):
    """Something that stops nothing: what it is, where, and how to mend it."""

    what: str
    where: str
    mend: str

    @classmethod
    def of(cls, code: str, where: str, *, lang: str, **filled: object) -> Notice:
        """Return the notice of a code of `province.toml`."""
        return cls(say(code, lang=lang, **filled), where, say(f"{code}_mend", lang=lang, **filled))


def say(code: str, *, lang: str, **filled: object) -> str:
    """Return a sentence of `province.toml`."""
    label = vocabulary(__package__, "province.toml")["notice"][code]
    return label.in_language(lang).format(**filled)


def names_of(names: Iterable[str]) -> str:
    """Return names one after the other, the first of many.

    Examples
    --------
    >>> names_of("ab")
    'a; b'
    """
    every = [*names]
    more = [f"… (+{len(every) - MOST})"] if len(every) > MOST else []
    return "; ".join([*every[:MOST], *more])
