"""What would give a leaf more points: the nearest figure or answer, and what it gains."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from cchc_stats.index.explaining.sentences import absence, answer_words, figure, points, sentence
from cchc_stats.index.rules import ABSENT
from cchc_stats.index.scoring import ScoredLeaf
from cchc_stats.words import format_number

_HUNDRED = Fraction(100)


@dataclass(frozen=True)
class Step:
    """The nearest figure or answer that gives more points than the leaf has.

    Attributes
    ----------
    told : name of its sentence in `sentences.toml`, under `gain`.
    value : the figure to reach, or with `below` to fall short of; None where an answer is wanted,
        or where it is not known.
    answer : the answer wanted, "" where a figure is.
    gain : the points gained there; None where that cannot be told.
    units : how many more of the numerator (fewer where negative) get there, at the same
        denominator; None where the figure is not the quotient of two counts.
    items : how many more items, cases or pieces get there, where they are counted.
    """

    told: str
    value: Fraction | None = None
    answer: str = ""
    gain: Fraction | None = None
    units: int | None = None
    items: Fraction | None = None

    def words(self, leaf: ScoredLeaf, *, lang: str) -> str:
        """Return the step as a sentence."""
        slots = {"answer": answer_words(self.answer, lang=lang)}
        if self.value is not None:
            counted = self.items is not None
            slots["next"] = (
                format_number(self.value, decimals=4, lang=lang)
                if counted
                else figure(self.value, leaf, lang=lang)
            )
        if self.gain is not None:
            slots["gain"] = points(self.gain, lang=lang, decimals=leaf.decimals)
        if self.items is not None:
            slots["units"] = format_number(self.items, decimals=4, lang=lang)
            slots["each"] = points(leaf.params["each"], lang=lang)
        if self.units is not None and leaf.denominator is not None:
            slots["units"] = format_number(abs(self.units), lang=lang)
            slots["denominator"] = format_number(leaf.denominator, lang=lang)
        if self.told in ("nothing", "alone"):
            slots |= {
                "absence": absence(leaf, lang=lang),
                "points": points(leaf.points or Fraction(0), lang=lang, decimals=leaf.decimals),
            }
        return sentence("gain", self.told, lang=lang, **slots)


def next_step(leaf: ScoredLeaf, *, best: Fraction | None = None) -> Step:
    """Return the nearest step that gives a leaf more points, or takes fewer off.

    Parameters
    ----------
    best : the value that the leaf was measured against, where its rule takes the best one and it
        is known.
    """
    if leaf.points is None:
        return Step("alone" if leaf.branch.startswith("alone_") else "unknown")
    if leaf.branch.startswith(ABSENT):
        return Step("nothing")
    if leaf.rule == "external":
        return Step("external")
    if leaf.rule == "relative_to_best":
        best = leaf.params.get("best", best)
        if best is None:
            return Step("best", gain=leaf.max_points - leaf.points)
        return _reaching(leaf, [(best, False)], best=best)
    if "each" in leaf.params:
        return _counting(leaf, leaf.points)
    if leaf.value is None or "levels" in leaf.params:
        return _answering(leaf, leaf.points)
    return _reaching(leaf, _edges(leaf, leaf.value))


def _edges(leaf: ScoredLeaf, value: Fraction) -> Iterator[tuple[Fraction, bool]]:
    """Yield the figures at which the rule may give more, and whether to fall below them."""
    for band in leaf.params.get("bands", ()):
        if "from" in band and value < band["from"]:
            yield band["from"], False
        if "below" in band and value >= band["below"]:
            yield band["below"], True
    if "floor" in leaf.params:
        yield leaf.params["floor"], False
    yield leaf.params.get("target", _HUNDRED), False


def _reaching(
    leaf: ScoredLeaf, edges: Iterable[tuple[Fraction, bool]], *, best: Fraction | None = None
) -> Step:
    """Return the step to the nearest of some figures that gives more points."""
    steps = []
    value, had = leaf.value or Fraction(0), leaf.points or Fraction(0)
    for edge, below in edges:
        at = _just_below(leaf, edge) if below else edge
        gain = leaf.points_at(at, best=best) - had
        if gain > 0 and (below or edge > value):
            steps.append((abs(edge - value), edge, below, gain))
    if not steps:
        return Step("no_more")
    _, edge, below, gain = min(steps)
    units = _units(leaf, edge, below=below)
    told = ("below" if below else "value") + ("" if units is None else "_counts")
    return Step(told, value=edge, gain=gain, units=units)


def _just_below(leaf: ScoredLeaf, edge: Fraction) -> Fraction:
    """Return a figure in the band that ends before an edge: a half-open band has no last one."""
    starts = [
        band["from"]
        for band in leaf.params["bands"]
        if band.get("below") == edge and "from" in band
    ]
    return starts[0] if starts else edge - 1


def _units(leaf: ScoredLeaf, edge: Fraction, *, below: bool) -> int | None:
    """Return how many more of the numerator take the rate to an edge, or below it."""
    if leaf.numerator is None or leaf.scale is None or not leaf.denominator:
        return None
    if leaf.percent and leaf.scale == 1:  # a mean of percentages: its numerator counts nothing
        return None
    wanted = edge * leaf.denominator / leaf.scale
    if not below:
        return ceil(wanted - leaf.numerator)
    # The largest whole number of steps down from here that is below, not at, the edge.
    return ceil(wanted - leaf.numerator) - 1


def _answering(leaf: ScoredLeaf, had: Fraction) -> Step:
    """Return the step to the nearest level, or to the better of yes and no."""
    takes_off = leaf.kind == "deduction"
    level = "levels" in leaf.params
    steps = []
    for place, answer in enumerate(leaf.params["levels"] if level else ("yes", "no")):
        change = leaf.points_at(answer=answer) - had
        gain = -change if takes_off else change
        if gain > 0:
            steps.append((gain, place, answer))
    if not steps:
        return Step("no_more")
    gain, _, answer = min(steps)
    told = "deduction_level" if takes_off else "level" if level else "answer"
    return Step(told, answer=answer, gain=gain)


def _counting(leaf: ScoredLeaf, had: Fraction) -> Step:
    """Return the step to as many items as give all points, or to no case where points go off."""
    value = leaf.value or Fraction(0)
    if leaf.kind == "deduction":
        return Step("deduction", value=Fraction(0), gain=had, items=-value)
    wanted = Fraction(ceil(leaf.max_points / leaf.params["each"]))
    gain = leaf.points_at(wanted) - had
    return Step("items", value=wanted, gain=gain, items=wanted - value)
