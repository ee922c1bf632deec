"""Half-open bands of the value, each with its points, its share of the maximum, or the rate."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np

from cchc_stats.index.rules.proportional import rated
from cchc_stats.index.rules.rule import (
    HUNDRED,
    Given,
    Marked,
    Params,
    Rule,
    ScoredLeaf,
    Step,
    in_maximum,
    in_range,
    is_number,
    maximum,
    needed,
    reaching,
    units,
)
from cchc_stats.index.rules.wording import figure, percent, sentence
from cchc_stats.words import Label

OUTCOMES = ("points", "share", "rate")
SIDES = ("from", "below")


def points(given: Given, max_points: Any, params: Params) -> Marked:
    """Score by half-open bands of the value, "từ 80 % đến dưới 90 %".

    A band gives points, a share of the maximum, or the rate times it.

    Examples
    --------
    >>> tiers = {"bands": [{"from": 90, "points": 1.5}, {"from": 80, "below": 90, "points": 1.0},
    ...                    {"below": 80, "points": 0.5}]}
    >>> value = np.array([90.0, 89.99, 12.0])
    >>> points(Given(value, np.full(3, ""), value), 1.5, tiers).points.tolist()
    [1.5, 1.0, 0.5]
    """
    value, marks = given.value, given.value * 0
    branch = np.full(len(value), "", dtype=object)
    for place, band in enumerate(params["bands"], start=1):
        inside = np.ones(len(value), dtype=bool)
        if "from" in band:
            inside &= (value >= band["from"]).astype(bool)
        if "below" in band:
            inside &= (value < band["below"]).astype(bool)
        marks = np.where(inside, _outcome(band, value, max_points), marks)
        branch[inside] = f"band {place}"
        if override := band.get("override"):
            instead = inside & (given.answer == override["answer"])
            marks = np.where(instead, _outcome(override, value, max_points), marks)
            branch[instead] = f"override {place}"
    return Marked(marks, branch)


def _outcome(band: Params, value: np.ndarray, max_points: Any) -> Any:
    if "points" in band:
        return band["points"]
    return max_points * band["share"] / 100 if "share" in band else rated(value, max_points)


def faults(node: Params, params: Params) -> list[str]:
    """Return what is wrong with bands: their order, gaps, overlaps, points, and direction."""
    if "bands" not in params:
        return needed(params, "bands")
    table = params["bands"]
    is_table = isinstance(table, Sequence) and table
    if not is_table or not all(isinstance(band, Mapping) for band in table):
        return ["bands is a list of tables, such as {from = 80, below = 90, points = 1}"]
    wrong = [
        f"band {place}: {fault}"
        for place, band in enumerate(table, start=1)
        for fault in _band_faults(node, band)
    ]
    return wrong or list(_edge_faults(table)) or _direction_faults(node, table)


def _band_faults(node: Params, band: Params) -> Iterator[str]:
    for name in SIDES:
        if name in band and not is_number(band[name]):
            yield f"{name} = {band[name]!r} is no number"
    if strange := set(band) - {*SIDES, "override", *OUTCOMES}:
        yield f"{', '.join(sorted(strange))} is not known here"
    yield from _outcome_faults(node, band, OUTCOMES)
    if "override" not in band:
        return
    override = band["override"]
    if not isinstance(override, Mapping) or not isinstance(override.get("answer"), str):
        yield 'override is a table with an answer, such as {answer = "reminded", points = 1}'
    elif strange := set(override) - {"answer", "points", "share"}:
        yield f"override: {', '.join(sorted(strange))} is not known here"
    else:
        yield from (f"override: {fault}" for fault in _outcome_faults(node, override, OUTCOMES[:2]))


def _outcome_faults(node: Params, band: Params, outcomes: Sequence[str]) -> Iterator[str]:
    if sum(name in band for name in outcomes) != 1:
        yield f"give exactly one of {', '.join(outcomes)}"
    yield from in_maximum(node, band, "points")
    yield from in_range(band, "share", 0, 100)
    if band.get("rate", True) is not True:
        yield "rate is true or left out"


def _edge_faults(table: Sequence[Params]) -> Iterator[str]:
    """Yield gaps, overlaps and disorder; bands may rise or fall, and are named by their places."""
    rows = [
        (band.get("from", -math.inf), band.get("below", math.inf), place)
        for place, band in enumerate(table, start=1)
    ]
    if len(rows) > 1 and rows[0][0] > rows[-1][0]:
        rows.reverse()
    yield from (
        f"band {place} goes from {start:g} to below {end:g}: it holds nothing"
        for start, end, place in rows
        if start >= end
    )
    for (_, end, place), (start, _, following) in pairwise(rows):
        if end < start:
            yield (
                f"no band holds values from {end:g} to below {start:g}: "
                f"a gap between band {place} and band {following}"
            )
        elif end > start:
            yield (
                f"band {place} (below {end:g}) and band {following} "
                f"(from {start:g}) overlap, or the bands are out of order"
            )
    (lowest, _, first), (_, highest, last) = rows[0], rows[-1]
    if lowest > -math.inf:
        yield f"no band holds values below {lowest:g}: leave out from in band {first}"
    if highest < math.inf:
        yield f"no band holds values from {highest:g} on: leave out below in band {last}"


def _direction_faults(node: Params, table: Sequence[Params]) -> list[str]:
    """Return where a better value would score less."""
    if node.get("better", "none") == "none":
        return []
    lower, most = node["better"] == "lower", maximum(node)
    if lower and any("rate" in band for band in table):
        return ["lower is better for this indicator, and a band gives the rate itself"]
    spans = []
    for place, band in enumerate(table, start=1):
        if "rate" in band:
            ends = (max(band.get("from", 0), 0), min(band.get("below", 100), 100))
            low, high = (end * most / 100 for end in ends)
        else:
            low = high = band.get("points", most * band.get("share", 0) / 100)
        spans.append((band.get("from", -math.inf), low, high, place))
    spans.sort(reverse=lower)
    return [
        f"band {better[3]} holds better values than band {worse[3]} and may give fewer points"
        for worse, better in pairwise(spans)
        if worse[2] > better[1] + 1e-12
    ]


def unit(params: Params) -> str:
    """Return the unit of the figure: a band that gives the rate itself takes percents."""
    table = params.get("bands")
    bands = table if isinstance(table, list) else []
    return "percent" if any(isinstance(band, dict) and "rate" in band for band in bands) else ""


def step(leaf: ScoredLeaf, best: object) -> Step:
    """Return the nearest edge of a band, above or below, that gives more."""
    above = reaching(leaf, [*RULE.edges(leaf.params), HUNDRED])
    value, had = leaf.value or Fraction(0), leaf.points or Fraction(0)
    below = []
    for band in leaf.params["bands"]:
        if "below" in band and value >= band["below"]:
            # A half-open band has no last value: one within it stands for all of them.
            gain = leaf.points_at(band.get("from", band["below"] - 1)) - had
            if gain > 0:
                below.append((value - band["below"], band["below"], gain))
    if not below or (above.value is not None and above.value - value < min(below)[0]):
        return above
    _, edge, gain = min(below)
    wanted = units(leaf, edge)
    # The largest whole number of steps down from here that is below, not at, the edge.
    fewer = None if wanted is None else wanted - 1
    return Step("below" if fewer is None else "below_counts", edge, gain=gain, units=fewer)


def band_of(leaf: ScoredLeaf) -> Params:
    """Return the band that the branch names."""
    band: Params = leaf.params["bands"][int(leaf.branch.split()[-1]) - 1]
    return band


def variant(leaf: ScoredLeaf, best: object) -> str:
    """Return the name of the sentence: whether the band or its override gives, and what."""
    kind, _, place = leaf.branch.partition(" ")
    if not place:
        return kind
    band = band_of(leaf).get("override", {}) if kind == "override" else band_of(leaf)
    paid = next(name for name in OUTCOMES if name in band)
    over = paid == "rate" and leaf.value is not None and leaf.value > HUNDRED
    return f"{kind}_{'cap' if over else paid}"


def slots(leaf: ScoredLeaf, best: object, lang: str) -> dict[str, str]:
    """Return the band in words, and the share that it gives."""
    if " " not in leaf.branch:
        return {}
    band = band_of(leaf)
    ends = {side: figure(band[side], leaf, lang=lang) for side in SIDES if side in band}
    code = "between" if len(ends) == 2 else next(iter(ends), "any")
    shown = {"interval": sentence("interval", code, lang=lang, **ends)}
    paid = band["override"] if leaf.branch.startswith("override") else band
    if "share" in paid:
        shown["share"] = percent(paid["share"], lang=lang)
    return shown


RULE = Rule(
    name="bands",
    apply=points,
    takes=frozenset({"value", "number", "answer"}),
    parameters=frozenset({"bands"}),
    check=faults,
    own_answers=lambda params: [
        band["override"]["answer"] for band in params["bands"] if "override" in band
    ],
    edges=lambda params: [band[side] for band in params["bands"] for side in SIDES if side in band],
    variant=variant,
    slots=slots,
    step=step,
    unit=unit,
    sentences={
        "band_points": Label(
            "{figure}, thuộc mức {interval}, nên được {scored}",
            "{figure}, in the band {interval}, which gives {scored}",
        ),
        "band_share": Label(
            "{figure}, thuộc mức {interval}, nên được {share} × {max} {result}",
            "{figure}, in the band {interval}, which gives {share} × {max} {result}",
        ),
        "band_rate": Label(
            "{figure}, thuộc mức {interval}, nên được {rate} × {max} {result}",
            "{figure}, in the band {interval}, which gives {rate} × {max} {result}",
        ),
        "band_cap": Label(
            "{figure}, thuộc mức {interval} và trên 100 %, nên được tối đa {max}",
            "{figure}, in the band {interval} and above 100%, which gives the maximum of {max}",
        ),
        "override_points": Label(
            "{figure}, thuộc mức {interval}, nhưng trả lời “{answer}” nên được {scored}",
            "{figure}, in the band {interval}, but answered “{answer}”, which gives {scored}",
        ),
        "override_share": Label(
            "{figure}, thuộc mức {interval}, nhưng trả lời “{answer}” nên được {share} × {max} "
            "{result}",
            "{figure}, in the band {interval}, but answered “{answer}”, which gives {share} × "
            "{max} {result}",
        ),
    },
)
