"""What a rule is made of: points, parameters and their checks, answers, sentences, next step."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil
from typing import Any, NamedTuple

import numpy as np

from cchc_stats.words import Label, half_up

NOT_APPLICABLE = "not_applicable"
# How the branches begin that no rule gave: there was nothing for it to take.
ABSENT = ("nothing_", "missing_", "alone_", "best_0_")
Params = Mapping[str, Any]
HUNDRED = Fraction(100)


@dataclass(frozen=True, eq=False)
class Given:
    """What one leaf is given, an entry per case.

    Attributes
    ----------
    value : the value or the number, in its own unit (shares in percent, 0-100).
    answer : codes, "" where there is no answer.
    best : the best value among those the case is compared with.
    """

    value: np.ndarray
    answer: np.ndarray
    best: np.ndarray

    def take(self, rows: np.ndarray) -> Given:
        """Return the entries of some rows."""
        return Given(self.value[rows], self.answer[rows], self.best[rows])


class Marked(NamedTuple):
    """Points, and the branch of the rule that gave them, an entry per case."""

    points: np.ndarray
    branch: np.ndarray


@dataclass(frozen=True)
class Step:
    """The nearest figure or answer that gives more points than the leaf has.

    Attributes
    ----------
    sentence : name of its sentence under `gain`: of the rule as "gain_…", else of all rules.
    value : the figure to reach, or with `below` to fall short of; None where an answer is wanted,
        or where it cannot be said.
    answer : the answer wanted, "" where a figure is.
    gain : the points gained there; None where that cannot be worked out.
    units : how many more of the numerator (fewer where negative) get there, at the same
        denominator; None where the figure is not the quotient of two counts.
    items : how many more items, cases or pieces get there, where they are counted.
    """

    sentence: str
    value: Fraction | None = None
    answer: str = ""
    gain: Fraction | None = None
    units: int | None = None
    items: Fraction | None = None


@dataclass(frozen=True, eq=False, repr=False)
class Rule:
    """A rule of scoring: all that is particular to it. A file of this room states one.

    Attributes
    ----------
    apply : (given, maximum, parameters) -> points and branches. It runs on floats, fast, and on
        `Fraction` objects, exact, where rounding needs it; so it uses comparisons and the four
        operations alone.
    takes : of "value" (of an indicator), "number" and "answer" (of the answers) those that can
        feed it.
    sentences : why a branch gives its points, by the name that `variant` gives; "gain_…" is the
        sentence of a next step. What is not here is in `sentences.toml`, for all rules.
    parameters : names of the parameters that a leaf may set.
    check : (node, parameters) -> faults in words. `node` holds the columns of the nodes frame and
        `better`, that of its indicator ("none" where it has none).
    own_answers : the answers that it takes with these parameters, besides "not applicable".
    edges : the values at which it changes.
    variant : (leaf, best) -> name of the sentence of the leaf's branch.
    slots : (leaf, best, lang) -> what its sentences show beside figure, answer and points.
    step : (leaf, best) -> the nearest figure or answer that gives more.
    scored_like : the rule it is with these parameters, where it is one of several (see `one_of`).
    unit : the unit that its indicator must have with these parameters, "" for any.
    kind : the kind of node it belongs to, "" for any.
    compared : whether it is measured, with these parameters, against the best of the others.
    combine : (figures of its indicators, their total) -> its value; None: it takes one figure.
    inverse : whether less of its indicators gives more points.
    counts : whether it takes a count or points, which are never below 0.
    drawn : what an uncertainty analysis may draw again: "rate", counts of events from which its
        points follow; "points", given with an error of their own; "" nothing.
    """

    name: str
    apply: Callable[[Given, Any, Params], Marked]
    takes: frozenset[str]
    sentences: Mapping[str, Label] = field(default_factory=dict)
    parameters: frozenset[str] = frozenset()
    check: Callable[[Mapping[str, Any], Params], list[str]] = lambda node, params: []
    own_answers: Callable[[Params], Sequence[str]] = lambda params: ()
    edges: Callable[[Params], list[Fraction]] = lambda params: []
    variant: Callable[[ScoredLeaf, Fraction | None], str] = lambda leaf, best: leaf.branch
    slots: Callable[[ScoredLeaf, Fraction | None, str], dict[str, str]] = lambda *_: {}
    step: Callable[[ScoredLeaf, Fraction | None], Step] = lambda leaf, best: Step("no_more")
    scored_like: Callable[[Params], Rule] | None = None
    unit: Callable[[Params], str] = lambda params: ""
    kind: str = ""
    compared: Callable[[Params], bool] = lambda params: False
    combine: Callable[[Sequence[Any], Any], Any] | None = None
    inverse: bool = False
    counts: bool = False
    drawn: str = "rate"

    def __repr__(self) -> str:
        """Return its name."""
        return f"<Rule {self.name}>"

    def answers(self, params: Params) -> tuple[str, ...]:
        """Return the answers that a leaf of this rule may be given."""
        return (*dict.fromkeys(self.own_answers(params)), NOT_APPLICABLE)

    def reads_values(self, params: Params) -> bool:
        """Return whether a leaf with these parameters is scored on a figure."""
        return (self if self.scored_like is None else self.scored_like(params)).takes != {"answer"}


def one_of(choose: Callable[[Params], Rule], **own: Any) -> Rule:
    """Return a rule that is one of several, by its parameters; `own` is what it states itself."""
    shared: dict[str, Any] = {
        "apply": lambda given, most, params: choose(params).apply(given, most, params),
        "check": lambda node, params: choose(params).check(node, params),
        "own_answers": lambda params: choose(params).own_answers(params),
        "edges": lambda params: choose(params).edges(params),
        "variant": lambda leaf, best: choose(leaf.params).variant(leaf, best),
        "slots": lambda leaf, best, lang: choose(leaf.params).slots(leaf, best, lang),
        "step": lambda leaf, best: choose(leaf.params).step(leaf, best),
    }
    return Rule(**(shared | own), scored_like=choose)


@dataclass(frozen=True)
class ScoredLeaf:
    """One leaf of one case: what it was given, by which rule, and what came out.

    Attributes
    ----------
    value : the figure its rule was given, exact where it is the quotient of two counts; None where
        there is none.
    scale : 100 where the value is the percentage of the counts, 1 where it is their quotient: of a
        mean of percentages, too. None where it is neither.
    numerator, denominator : the counts the value is the quotient of, None where it is not.
    points : None of an unknown leaf.
    decimals : digits its points are rounded to, None where they are not.
    """

    rule: Rule
    params: Params
    kind: str
    branch: str
    answer: str
    percent: bool
    max_points: Fraction
    applicable_max: Fraction
    points: Fraction | None
    decimals: int | None
    value: Fraction | None
    scale: int | None
    numerator: Fraction | None
    denominator: Fraction | None

    @property
    def edges(self) -> list[Fraction]:
        """The values at which its rule changes; a percentage also at 100."""
        own = self.rule.edges(self.params)
        return [*own, HUNDRED] if self.percent else own

    def points_at(
        self, value: Fraction | None = None, *, answer: str = "", best: Fraction | None = None
    ) -> Fraction:
        """Return the points that another figure or answer would get, rounded as the leaf's are."""
        given = Given(
            np.array([Fraction(0) if value is None else value], dtype=object),
            np.array([answer], dtype=object),
            np.array([Fraction(1) if best is None else best], dtype=object),
        )
        marked = self.rule.apply(given, self.max_points, self.params)
        points = min(max(Fraction(marked.points.tolist()[0]), Fraction(0)), self.max_points)
        if self.decimals is None:
            return points
        return Fraction(half_up(points, decimals=self.decimals))


def reaching(leaf: ScoredLeaf, edges: Iterable[Fraction], *, best: Fraction | None = None) -> Step:
    """Return the step to the nearest figure, at or above the leaf's own, that gives more points."""
    value, had = leaf.value or Fraction(0), leaf.points or Fraction(0)
    steps = [
        (edge - value, edge, gain)
        for edge in edges
        if edge > value and (gain := leaf.points_at(edge, best=best) - had) > 0
    ]
    if not steps:
        return Step("no_more")
    _, edge, gain = min(steps)
    wanted = units(leaf, edge)
    return Step("value" if wanted is None else "value_counts", edge, gain=gain, units=wanted)


def units(leaf: ScoredLeaf, edge: Fraction) -> int | None:
    """Return how many more of the numerator take the rate to an edge."""
    if leaf.numerator is None or leaf.scale is None or not leaf.denominator:
        return None
    if leaf.percent and leaf.scale == 1:  # a mean of percentages: its numerator counts nothing
        return None
    return ceil(edge * leaf.denominator / leaf.scale - leaf.numerator)


def better_answer(leaf: ScoredLeaf, answers: Iterable[str], sentence: str) -> Step:
    """Return the step to the answer with the smallest gain; of a deduction, that takes less."""
    had = leaf.points or Fraction(0)
    takes_off = leaf.kind == "deduction"
    steps = []
    for place, answer in enumerate(answers):
        change = leaf.points_at(answer=answer) - had
        gain = -change if takes_off else change
        if gain > 0:
            steps.append((gain, place, answer))
    if not steps:
        return Step("no_more")
    gain, _, answer = min(steps)
    return Step(sentence, answer=answer, gain=gain)


def needed(params: Params, name: str) -> list[str]:
    """Return the fault of a parameter that is not there."""
    return [] if name in params else [f"{name} is missing"]


def maximum(node: Mapping[str, Any]) -> float:
    """Return the most points of a node, infinite where it states none."""
    most: Any = node.get("max_points")
    return float(most) if is_number(most) else math.inf


def in_maximum(node: Mapping[str, Any], params: Params, *names: str) -> list[str]:
    """Return the faults of parameters that are no points from 0 to the maximum."""
    return [fault for name in names for fault in in_range(params, name, 0, maximum(node))]


def in_range(
    params: Params, name: str, least: float, most: float = math.inf, *, above: bool = False
) -> list[str]:
    """Return the fault of a parameter that is no number from `least` (or above it) to `most`."""
    if name not in params:
        return []
    number = params[name]
    if is_number(number) and (least < number if above else least <= number) and number <= most:
        return []
    bounds = f"{'above' if above else 'from'} {least:g}" + (
        "" if most == math.inf else f" to {most:g}"
    )
    return [f"{name} = {number!r} is no number {bounds}"]


def higher_is_better(node: Mapping[str, Any]) -> Iterator[str]:
    """Yield the fault of an indicator of which less is better."""
    if node.get("better") == "lower":
        yield "lower is better for this indicator: score it by bands or by its complement"


def is_number(number: object) -> bool:
    """Return whether a parameter is a finite number, and not true or false."""
    return (
        isinstance(number, int | float) and not isinstance(number, bool) and math.isfinite(number)
    )
