"""The words for a leaf's points: `sentences.toml` filled in with figures that are rounded right."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cache
from importlib import resources

from cchc_stats.index.rules import ABSENT, NOT_APPLICABLE, RULES
from cchc_stats.index.scoring import ScoredLeaf
from cchc_stats.words import Label, format_number, half_up, vocabulary

ANY = "any"
_RATE_DECIMALS, _POINT_DECIMALS = 2, 4
# More digits than this tell nothing to a reader; a float has no more either.
_MOST_DECIMALS = 15
_HUNDRED = Fraction(100)


@cache
def sentences() -> Mapping[str, Mapping[str, Label]]:
    """Return the sentences by subject and code, as `sentences.toml` states them.

    Examples
    --------
    >>> sentences()["interval"]["between"].vi
    'từ {from} đến dưới {below}'
    """
    stated = resources.files("cchc_stats.index.explaining").joinpath("sentences.toml")
    return {
        subject: {code: Label(**words) for code, words in codes.items()}
        for subject, codes in tomllib.loads(stated.read_text(encoding="utf-8")).items()
    }


def sentence(subject: str, code: str, *, lang: str, **slots: str) -> str:
    """Return a sentence with its slots filled; a rule without its own has that of `any`."""
    own = sentences().get(subject, {})
    return (own.get(code) or sentences()[ANY][code]).in_language(lang).format(**slots)


def percent(x: Fraction, *, lang: str, decimals: int | None = None) -> str:
    """Return a share as it is written in a sentence.

    Examples
    --------
    >>> percent(Fraction(1901, 20), lang="vi"), percent(Fraction(95), lang="en")
    ('95,05 %', '95%')
    """
    written = format_number(x, decimals=decimals, unit="percent", lang=lang)
    return written.replace("%", " %") if lang == "vi" else written


def points(x: Fraction, *, lang: str, decimals: int | None = None) -> str:
    """Return points with their word, to the decimals that a leaf is rounded to or four."""
    return format_number(
        x, decimals=_POINT_DECIMALS if decimals is None else decimals, unit="points", lang=lang
    )


def rate_decimals(x: Fraction, edges: Iterable[Fraction]) -> int:
    """Return how many decimals of a figure show on which side of all edges it is: two or more.

    Examples
    --------
    >>> rate_decimals(Fraction("94.996"), [Fraction(95)])
    3
    """
    edges = [*edges]
    for decimals in range(_RATE_DECIMALS, _MOST_DECIMALS):
        shown = Fraction(half_up(x, decimals=decimals))
        if all((shown >= edge) == (x >= edge) for edge in edges):
            return decimals
    return _MOST_DECIMALS


def figure(x: Fraction, leaf: ScoredLeaf, *, lang: str) -> str:
    """Return a value of a leaf, rounded so that it stays on its side of the leaf's edges."""
    decimals = rate_decimals(x, edges_of(leaf))
    if leaf.percent:
        return percent(x, lang=lang, decimals=decimals)
    return format_number(x, decimals=decimals, lang=lang)


def edges_of(leaf: ScoredLeaf) -> list[Fraction]:
    """Return the values at which a leaf's rule changes."""
    bands = leaf.params.get("bands", ())
    found = [band[side] for band in bands for side in ("from", "below") if side in band]
    found += [leaf.params[name] for name in ("floor", "target", "best") if name in leaf.params]
    return [*found, _HUNDRED] if leaf.percent else found


def interval(band: Mapping[str, Fraction], leaf: ScoredLeaf, *, lang: str) -> str:
    """Return a half-open band in words: "từ 80 % đến dưới 90 %"."""
    ends = {side: figure(band[side], leaf, lang=lang) for side in ("from", "below") if side in band}
    code = "between" if len(ends) == 2 else next(iter(ends), "any")
    return sentence("interval", code, lang=lang, **ends)


def answer_words(answer: str, *, lang: str) -> str:
    """Return an answer in words; a level, whose code is all that is known of it, as it is."""
    known = vocabulary()["answer"].get(answer)
    return known.in_language(lang) if known else answer


def absence(leaf: ScoredLeaf, *, lang: str) -> str:
    """Return why there is nothing to score."""
    if leaf.branch.startswith("alone_"):
        code = "alone"
    elif leaf.branch.startswith("missing_"):
        figures = RULES[leaf.rule].reads_values(leaf.params)
        code = "no_value" if figures else "no_answer"
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
    best = leaf.params.get("best", best)
    variant = _variant(leaf, best)
    slots = {"max": points(leaf.max_points, lang=lang, decimals=None)}
    if leaf.points is not None:
        told = points(leaf.points, lang=lang, decimals=leaf.decimals)
        near = leaf.decimals is None and half_up(leaf.points, decimals=4) != leaf.points
        slots |= {"points": told, "result": f"{'≈' if near else '='} {told}"}
        slots["scored"] = out_of(leaf.points, leaf.max_points, lang=lang, decimals=leaf.decimals)
    if leaf.branch.startswith(ABSENT):
        slots["absence"] = absence(leaf, lang=lang)
    if leaf.value is not None:
        slots |= _value_slots(leaf, leaf.value, lang=lang)
    if best is not None:
        slots["best"] = figure(best, leaf, lang=lang)
    for name in ("floor", "target"):
        if name in leaf.params:
            slots[name] = figure(leaf.params[name], leaf, lang=lang)
    if leaf.answer:
        slots["answer"] = answer_words(leaf.answer, lang=lang)
    if leaf.branch.startswith(("band ", "override ")):
        slots["interval"] = interval(leaf.band, leaf, lang=lang)
    share = _share(leaf)
    if share is not None:
        slots["share"] = percent(share, lang=lang)
    return sentence(leaf.rule, variant, lang=lang, **slots)


def out_of(x: Fraction, most: Fraction, *, lang: str, decimals: int | None = None) -> str:
    """Return points out of a maximum: "17,72/20 điểm"."""
    told = format_number(x, decimals=_POINT_DECIMALS if decimals is None else decimals, lang=lang)
    return f"{told}/{points(most, lang=lang)}"


def _variant(leaf: ScoredLeaf, best: Fraction | None) -> str:
    """Return the name of the sentence: the branch, and what tells its variants apart."""
    kind, _, place = leaf.branch.partition(" ")
    if place:
        band = leaf.band.get("override", {}) if kind == "override" else leaf.band
        paid = next(name for name in ("points", "share", "rate") if name in band)
        over = paid == "rate" and leaf.value is not None and leaf.value > _HUNDRED
        return f"{kind}_{'cap' if over else paid}"
    if kind.startswith("alone_"):
        return kind.replace("alone_", "missing_")
    if kind == "rate" and "floor" in leaf.params:
        return "rate_floor"
    if kind == "best" and "best" in leaf.params:
        return "best_fixed"
    if kind == "below_best" and best is None:
        return "below_best_unnamed"
    return kind


def _value_slots(leaf: ScoredLeaf, value: Fraction, *, lang: str) -> dict[str, str]:
    """Return a value as the sentence shows it: alone, as a quotient, or as what is left."""
    scored = max(value, Fraction(0)) if leaf.rule == "complement" else value
    rate = told = figure(scored, leaf, lang=lang)
    counts = {}
    if leaf.numerator is not None and leaf.denominator is not None:
        counts["numerator"] = format_number(leaf.numerator, lang=lang)
        counts["denominator"] = format_number(leaf.denominator, lang=lang)
        told = sentence("figure", "counts", lang=lang, value=rate, **counts)
    if leaf.rule == "complement":
        code = "complement_counts" if counts else "complement"
        code = "complement_negative" if value < 0 else code
        # With the decimals of the rest, the difference is right as it is printed.
        decimals = rate_decimals(value, edges_of(leaf))
        taken = _HUNDRED - Fraction(half_up(value, decimals=decimals))
        told = sentence(
            "figure", code, lang=lang, value=rate, sum=percent(taken, lang=lang), **counts
        )
    slots = {"figure": told, "rate": rate}
    if "each" in leaf.params:
        each = leaf.params["each"]
        slots["number"] = format_number(value, decimals=_POINT_DECIMALS, lang=lang)
        slots["each"] = points(each, lang=lang)
        slots["product"] = points(value * each, lang=lang)
    return slots


def _share(leaf: ScoredLeaf) -> Fraction | None:
    """Return the percent of the maximum that the leaf's level or band gives, None without one."""
    share: Fraction | None = None
    if leaf.branch == "level":
        share = leaf.params["levels"][leaf.answer]
    elif leaf.branch.startswith("band "):
        share = leaf.band.get("share")
    elif leaf.branch.startswith("override "):
        share = leaf.band["override"].get("share")
    return share
