"""What a scheme has beside its nodes: classes of results, and indicators that it declares."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from cchc_stats.words import Label


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


def classes_text(classes: Iterable[ScoreClass]) -> str:
    """Return classes as JSON text, as the root of scores carries them; "{}" where there are none.

    Examples
    --------
    >>> classes_of(classes_text([ScoreClass("A", Label("Tốt", "Good"), 90)]))[0].label.vi
    'Tốt'
    """
    listed = [vars(one) | {"label": {"vi": one.label.vi, "en": one.label.en}} for one in classes]
    return json.dumps({"classes": listed} if listed else {}, ensure_ascii=False)


def classes_of(text: str) -> tuple[ScoreClass, ...]:
    """Return the classes that a text of `classes_text` holds; none where it is another text."""
    told = json.loads(text) if text.startswith('{"classes"') else {}
    return tuple(
        ScoreClass(**one | {"label": Label(**one["label"])}) for one in told.get("classes", ())
    )


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
