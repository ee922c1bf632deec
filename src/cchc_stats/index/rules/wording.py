"""The words for a leaf's points: sentences filled in with figures that are rounded right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cache

from cchc_stats.index.rules.rule import ABSENT, NOT_APPLICABLE, ScoredLeaf, Step
from cchc_stats.words import Label, format_number, half_up, vocabulary

ANY = "any"
# What hangs on the other agencies gives what an absence of this kind gives.
OF_OTHERS = {"alone_": "missing_", "best_0_": "nothing_"}
RATE_DECIMALS, POINT_DECIMALS = 2, 4
# More digits than this tell nothing to a reader; a float has no more either.
_MOST_DECIMALS = 15


@cache
def sentences() -> Mapping[str, Mapping[str, Label]]:
    """Return the sentences of all rules by subject and code, as `sentences.toml` states them.

    Examples
    --------
    >>> sentences()["interval"]["between"].vi
    'từ {from} đến dưới {below}'
    """
    return vocabulary("cchc_stats.index.rules", "sentences.toml")


def sentence(subject: str, code: str, *, lang: str, **slots: str) -> str:
    """Return a sentence of all rules with its slots filled."""
    return sentences()[subject][code].in_language(lang).format(**slots)


def percent(x: Fraction, *, lang: str, decimals: int | None = None) -> str:
    """Return a share as it is written in a sentence.

    Examples
    --------
    >>> percent(Fraction(1901, 20), lang="vi"), percent(Fraction(95), lang="en")
    ('95,05 %', '95%')
    """
    written = format_number(x, decimals=decimals, unit="percent", lang=lang)
    return written.replace("%", " %") if lang == "vi" else written


def points_words(x: Fraction, *, lang: str, decimals: int | None = None) -> str:
    """Return points with their word, to the decimals that a leaf is rounded to or four."""
    shown = POINT_DECIMALS if decimals is None else decimals
    return format_number(x, decimals=shown, unit="points", lang=lang).replace("-", "−")


def out_of(x: Fraction, most: Fraction, *, lang: str, decimals: int | None = None) -> str:
    """Return points out of a maximum: "17,72/20 điểm"."""
    shown = format_number(x, decimals=POINT_DECIMALS if decimals is None else decimals, lang=lang)
    return f"{shown.replace('-', '−')}/{points_words(most, lang=lang)}"


def rate_decimals(x: Fraction, edges: Iterable[Fraction]) -> int:
    """Return how many decimals of a figure show on which side of all edges it is: two or more.

    Examples
    --------
    >>> rate_decimals(Fraction("94.996"), [Fraction(95)])
    3
    """
    edges = [*edges]
    for decimals in range(RATE_DECIMALS, _MOST_DECIMALS):
        shown = Fraction(half_up(x, decimals=decimals))
        if all((shown >= edge) == (x >= edge) for edge in edges):
            return decimals
    return _MOST_DECIMALS


def figure(x: Fraction, leaf: ScoredLeaf, *, lang: str) -> str:
    """Return a value of a leaf, rounded so that it stays on its side of the leaf's edges."""
    decimals = rate_decimals(x, leaf.edges)
    if leaf.percent:
        return percent(x, lang=lang, decimals=decimals)
    return format_number(x, decimals=decimals, lang=lang)


def count_words(leaf: ScoredLeaf, *, lang: str) -> dict[str, str]:
    """Return the two counts that a leaf's value is the quotient of, nothing where it is of none."""
    if leaf.numerator is None or leaf.denominator is None:
        return {}
    return {
        "numerator": format_number(leaf.numerator, lang=lang),
        "denominator": format_number(leaf.denominator, lang=lang),
    }


def answer_words(answer: str, *, lang: str) -> str:
    """Return an answer in words; a level, which has a code alone, as it is."""
    label = vocabulary()["answer"].get(answer)
    return label.in_language(lang) if label else answer


def absence(leaf: ScoredLeaf, *, lang: str) -> str:
    """Return why there is nothing to score."""
    if leaf.branch.startswith(tuple(OF_OTHERS)):
        code = leaf.branch.rpartition("_")[0]
    elif leaf.branch.startswith("missing_"):
        code = "no_value" if leaf.rule.reads_values(leaf.params) else "no_answer"
    elif leaf.answer == NOT_APPLICABLE:
        code = "not_applicable"
    else:
        code = "zero" if leaf.denominator == 0 else "nothing"
    return sentence("absence", code, lang=lang)


def reason(leaf: ScoredLeaf, *, lang: str, best: Fraction | None = None) -> str:
    """Return why a leaf has its points, in one sentence without the leaf's name.

    Parameters
    ----------
    best : the value that the leaf was measured against, where its rule takes the best one.
    """
    slots = {"max": points_words(leaf.max_points, lang=lang)}
    if leaf.points is not None:
        shown = points_words(leaf.points, lang=lang, decimals=leaf.decimals)
        near = leaf.decimals is None and half_up(leaf.points, decimals=4) != leaf.points
        slots |= {"points": shown, "result": f"{'≈' if near else '='} {shown}"}
        slots["scored"] = out_of(leaf.points, leaf.max_points, lang=lang, decimals=leaf.decimals)
    if leaf.answer:
        slots["answer"] = answer_words(leaf.answer, lang=lang)
    if leaf.branch.startswith(ABSENT):
        slots["absence"] = absence(leaf, lang=lang)
        before, _, policy = leaf.branch.rpartition("_")
        like = OF_OTHERS.get(f"{before}_", f"{before}_")
        return _own(leaf, like + policy, ANY, lang=lang, **slots)
    if leaf.value is not None:
        rate = words = figure(leaf.value, leaf, lang=lang)
        if counts := count_words(leaf, lang=lang):
            words = sentence("figure", "counts", lang=lang, value=rate, **counts)
        slots |= {"figure": words, "rate": rate}
    slots |= leaf.rule.slots(leaf, best, lang)
    return _own(leaf, leaf.rule.variant(leaf, best), ANY, lang=lang, **slots)


def step_words(step: Step, leaf: ScoredLeaf, *, lang: str) -> str:
    """Return a next step as a sentence."""
    slots = {"answer": answer_words(step.answer, lang=lang)}
    if step.value is not None:
        slots["next"] = (
            figure(step.value, leaf, lang=lang)
            if step.items is None
            else format_number(step.value, decimals=POINT_DECIMALS, lang=lang)
        )
    if step.gain is not None:
        slots["gain"] = points_words(step.gain, lang=lang, decimals=leaf.decimals)
    if step.items is not None:
        slots["units"] = format_number(step.items, decimals=POINT_DECIMALS, lang=lang)
        slots |= leaf.rule.slots(leaf, None, lang)
    if step.units is not None and leaf.denominator is not None:
        slots["units"] = format_number(abs(step.units), lang=lang)
        slots["denominator"] = format_number(leaf.denominator, lang=lang)
    if step.sentence in ("nothing", "alone", "unsettled"):
        points = leaf.points or Fraction(0)
        slots["absence"] = absence(leaf, lang=lang)
        slots["points"] = points_words(points, lang=lang, decimals=leaf.decimals)
    return _own(leaf, step.sentence, "gain", lang=lang, **slots)


def _own(leaf: ScoredLeaf, code: str, subject: str, *, lang: str, **slots: str) -> str:
    """Return a sentence of the leaf's rule, or of all rules where it states none."""
    own = leaf.rule.sentences.get(code if subject == ANY else f"{subject}_{code}")
    return (own or sentences()[subject][code]).in_language(lang).format(**slots)


def next_step(leaf: ScoredLeaf, *, best: Fraction | None = None) -> Step:
    """Return the nearest step that gives a leaf more points, or takes fewer off.

    Parameters
    ----------
    best : the value that the leaf was measured against, where its rule takes the best one.
    """
    if leaf.branch in ("nothing_unknown", "best_0_unknown"):
        return Step("unsettled")
    if leaf.points is None:
        return Step("alone" if leaf.branch.startswith("alone_") else "unknown")
    if leaf.branch.startswith(ABSENT):
        return Step("nothing")
    return leaf.rule.step(leaf, best)
