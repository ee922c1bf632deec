"""What can be wrong with the parameters of a rule, in words."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

Node = Mapping[str, Any]
Params = Mapping[str, Any]
Check = Callable[[Node, Params], list[str]]

OUTCOMES = ("points", "share", "rate")


def no_check(node: Node, params: Params) -> list[str]:
    """Return no fault: a rule without parameters."""
    return []


def check_yes_no(node: Node, params: Params) -> list[str]:
    """Return what is wrong with `yes` and `no`: points from 0 to the maximum, no not above yes."""
    faults = [*_points(node, params, "yes"), *_points(node, params, "no")]
    if not faults and params.get("no", 0) > params.get("yes", _maximum(node)):
        faults.append("no gives more points than yes")
    return faults


def check_proportional(node: Node, params: Params) -> list[str]:
    """Return what is wrong with `floor`, `below` and, for complements, `target`."""
    faults = [*_lower_is_better(node), *_range(params, "floor", 0, 100)]
    faults += _points(node, params, "below")
    if "below" in params and "floor" not in params:
        faults.append("below says the points under the floor, and there is no floor")
    if "target" in params:
        faults += _range(params, "target", 0, 100, above=True)
    return faults or _floor_against_below(node, params, params.get("target", 100))


def check_target(node: Node, params: Params) -> list[str]:
    """Return what is wrong with `target`, which must be there, `floor` and `below`."""
    faults = [*_lower_is_better(node), *_needed(params, "target")]
    faults += _range(params, "target", 0, math.inf, above=True)
    faults += [*_range(params, "floor", 0, math.inf), *_points(node, params, "below")]
    if "below" in params and "floor" not in params:
        faults.append("below says the points under the floor, and there is no floor")
    return faults or _floor_against_below(node, params, params["target"])


def _floor_against_below(node: Node, params: Params, full: float) -> list[str]:
    if "floor" not in params:
        return []
    if params["floor"] > full:
        return [f"the floor {params['floor']:g} is above {full:g}, from which all points are given"]
    at_floor = params["floor"] / full * _maximum(node)
    if params.get("below", 0) > at_floor:
        return [f"below gives {params['below']:g} points, the floor itself {at_floor:g}"]
    return []


def check_best(node: Node, params: Params) -> list[str]:
    """Return what is wrong with `best`."""
    return [*_lower_is_better(node), *_range(params, "best", 0, math.inf, above=True)]


def check_each(node: Node, params: Params) -> list[str]:
    """Return what is wrong with `each`, which must be there."""
    return [*_needed(params, "each"), *_range(params, "each", 0, math.inf, above=True)]


def check_levels(node: Node, params: Params) -> list[str]:
    """Return what is wrong with `levels`: a table of shares, percent of the maximum."""
    if "levels" not in params:
        return _needed(params, "levels")
    table = params["levels"]
    if not isinstance(table, Mapping) or not table:
        return ["levels is a table of answers and percents, such as {excellent = 100, good = 75}"]
    return [
        f"level {level!r}: {percent!r} is no percent from 0 to 100"
        for level, percent in table.items()
        if not _is_number(percent) or not 0 <= percent <= 100
    ]


def check_deduction(node: Node, params: Params) -> list[str]:
    """Return what is wrong with `each` or `levels`, of which exactly one must be there."""
    if ("each" in params) == ("levels" in params):
        return ["give either each (points a case) or levels (shares of the most)"]
    return (check_each if "each" in params else check_levels)(node, params)


def check_bonus(node: Node, params: Params) -> list[str]:
    """Return what is wrong with `each` or `levels`; without either it is a yes or no."""
    return check_deduction(node, params) if {"each", "levels"} & set(params) else []


def check_bands(node: Node, params: Params) -> list[str]:
    """Return what is wrong with bands: their order, gaps, overlaps, points, and direction."""
    if "bands" not in params:
        return _needed(params, "bands")
    table = params["bands"]
    if (
        not isinstance(table, Sequence)
        or not table
        or not all(isinstance(band, Mapping) for band in table)
    ):
        return ["bands is a list of tables, such as {from = 80, below = 90, points = 1}"]
    faults = [
        f"band {place}: {fault}"
        for place, band in enumerate(table, start=1)
        for fault in _band(node, band)
    ]
    return faults or _edges(table) or _direction(node, table)


def _band(node: Node, band: Params) -> Iterator[str]:
    for name in ("from", "below"):
        if name in band and not _is_number(band[name]):
            yield f"{name} = {band[name]!r} is no number"
    if strange := set(band) - {"from", "below", "override", *OUTCOMES}:
        yield f"{', '.join(sorted(strange))} is not known here"
    yield from _outcome(node, band, OUTCOMES)
    if "override" in band:
        override = band["override"]
        if not isinstance(override, Mapping) or not isinstance(override.get("answer"), str):
            yield 'override is a table with an answer, such as {answer = "reminded", points = 1}'
        elif strange := set(override) - {"answer", "points", "share"}:
            yield f"override: {', '.join(sorted(strange))} is not known here"
        else:
            yield from (f"override: {fault}" for fault in _outcome(node, override, OUTCOMES[:2]))


def _outcome(node: Node, band: Params, outcomes: Sequence[str]) -> Iterator[str]:
    told = [name for name in outcomes if name in band]
    if len(told) != 1:
        yield f"give exactly one of {', '.join(outcomes)}"
    yield from _points(node, band, "points")
    yield from _range(band, "share", 0, 100)
    if band.get("rate", True) is not True:
        yield "rate is true or left out"


def _edges(table: Sequence[Params]) -> list[str]:
    """Return gaps, overlaps and disorder; bands may rise or fall, and are told by their places."""
    low = [band.get("from", -math.inf) for band in table]
    high = [band.get("below", math.inf) for band in table]
    places = list(range(1, len(table) + 1))
    if len(table) > 1 and low[0] > low[-1]:
        low, high, places = low[::-1], high[::-1], places[::-1]
    faults = [
        f"band {place} goes from {start:g} to below {end:g}: it holds nothing"
        for place, start, end in zip(places, low, high, strict=True)
        if start >= end
    ]
    for at in range(len(table) - 1):
        if high[at] < low[at + 1]:
            faults.append(
                f"no band holds values from {high[at]:g} to below {low[at + 1]:g}: "
                f"a gap between band {places[at]} and band {places[at + 1]}"
            )
        elif high[at] > low[at + 1]:
            faults.append(
                f"band {places[at]} (below {high[at]:g}) and band {places[at + 1]} "
                f"(from {low[at + 1]:g}) overlap, or the bands are out of order"
            )
    if low[0] > -math.inf:
        faults.append(f"no band holds values below {low[0]:g}: leave out from in band {places[0]}")
    if high[-1] < math.inf:
        faults.append(
            f"no band holds values from {high[-1]:g} on: leave out below in band {places[-1]}"
        )
    return faults


def _direction(node: Node, table: Sequence[Params]) -> list[str]:
    """Return where a better value would score less."""
    if node.get("better", "none") == "none":
        return []
    lower = node["better"] == "lower"
    maximum = _maximum(node)
    if lower and any("rate" in band for band in table):
        return ["lower is better for this indicator, and a band gives the rate itself"]
    spans = []
    for place, band in enumerate(table, start=1):
        if "rate" in band:
            ends = (max(band.get("from", 0), 0), min(band.get("below", 100), 100))
            least, most = (end * maximum / 100 for end in ends)
        else:
            least = most = band.get("points", maximum * band.get("share", 0) / 100)
        spans.append((band.get("from", -math.inf), least, most, place))
    spans.sort(reverse=lower)
    return [
        f"band {better[3]} holds better values than band {worse[3]} and may give fewer points"
        for worse, better in pairwise(spans)
        if worse[2] > better[1] + 1e-12
    ]


def _lower_is_better(node: Node) -> list[str]:
    if node.get("better") != "lower":
        return []
    return ["lower is better for this indicator: score it by bands or by its complement"]


def _needed(params: Params, name: str) -> list[str]:
    return [] if name in params else [f"{name} is missing"]


def _points(node: Node, params: Params, name: str) -> list[str]:
    return _range(params, name, 0, _maximum(node))


def _maximum(node: Node) -> float:
    maximum: Any = node.get("max_points")
    return float(maximum) if _is_number(maximum) else math.inf


def _range(
    params: Params, name: str, least: float, most: float, *, above: bool = False
) -> list[str]:
    """Return the fault of a parameter that is no number from `least` (or above it) to `most`."""
    if name not in params:
        return []
    number = params[name]
    if _is_number(number) and (least < number if above else least <= number) and number <= most:
        return []
    bounds = f"{'above' if above else 'from'} {least:g}" + (
        "" if most == math.inf else f" to {most:g}"
    )
    return [f"{name} = {number!r} is no number {bounds}"]


def _is_number(number: object) -> bool:
    return (
        isinstance(number, int | float) and not isinstance(number, bool) and math.isfinite(number)
    )
