"""What a scheme has beside its nodes: classes of results, and indicators that it declares."""

from __future__ import annotations

from dataclasses import dataclass

from cchc_stats.labels import Label


@dataclass(frozen=True)
class ScoreClass:
    """A class of results (xếp loại).

    Attributes
    ----------
    code, label : "A", and what people call it.
    at_least : percent of the own applicable maximum from which on it is given.
    each_at_least, each_level : further, that no node of this level is below this percent of its
        own maximum; None where there is no such condition.
    """

    code: str
    label: Label
    at_least: float
    each_at_least: float | None = None
    each_level: int | None = None


@dataclass(frozen=True)
class Declared:
    """An indicator that the library does not know and a scheme brings with it.

    Attributes
    ----------
    code, label : its name in values, and what people call it.
    unit : code of a unit of `labels.toml`.
    better, kind : as of `cchc_stats.indicators.Indicator`.
    """

    code: str
    label: Label
    unit: str
    better: str
    kind: str
